use super::*;

#[test]
fn repairs() {
    let table = [
        ("MCDONALD", Style::FamilyName, "McDonald"),
        ("macleod", Style::FamilyName, "MacLeod"),
        ("MACHADO", Style::FamilyName, "Machado"),
        ("mackie", Style::FamilyName, "Mackie"),
        ("o'brien", Style::FamilyName, "O'Brien"),
        ("VAN DER BERG", Style::FamilyName, "van der Berg"),
        ("de la cruz", Style::FamilyName, "de la Cruz"),
        ("van 't hoff", Style::FamilyName, "van 't Hoff"),
        ("JEAN-LUC", Style::GivenName, "Jean-Luc"),
        ("j.r.", Style::GivenName, "J.R."),
        ("ÖZGÜR", Style::GivenName, "Özgür"),
        ("ALİ", Style::GivenName, "Ali"),
        ("ΝΙΚΟΣ", Style::GivenName, "Νικος"),
        ("newcastle upon tyne", Style::Place, "Newcastle upon Tyne"),
        ("STRATFORD-UPON-AVON", Style::Place, "Stratford-upon-Avon"),
        ("42ND STREET", Style::Place, "42nd Street"),
        ("MCALLEN", Style::Place, "McAllen"),
        ("VAL-D'OR", Style::Place, "Val-d'Or"),
        ("LE GOFF", Style::FamilyName, "Le Goff"),
        ("KING'S LYNN", Style::Place, "King's Lynn"),
        ("BMW BANK OF THE NORTH", Style::Organisation, "BMW Bank of the North"),
        ("THE BIG SKY COMPANY", Style::Organisation, "The Big Sky Company"),
        ("3M", Style::Organisation, "3M"),
    ];
    for (text, style, expected) in table {
        assert_eq!(repaired(text, Casing::of(style, "US")), expected, "{text}");
    }
}

#[test]
fn letters_are_those_of_the_country() {
    use Style::*;
    let table = [
        ("IŞIL YILMAZ", GivenName, "TR", "Işıl Yılmaz"),
        ("ışıl yılmaz", GivenName, "TR", "Işıl Yılmaz"),
        ("IŞIL YILMAZ", GivenName, "AZ", "Işıl Yılmaz"),
        ("İBRAHİM ÇELİK", GivenName, "TR", "İbrahim Çelik"),
        ("ibrahim çelik", GivenName, "TR", "İbrahim Çelik"),
        ("DİLARA", GivenName, "DE", "Dilara"),
        ("DİYARBAKIR", Place, "DE", "Diyarbakır"),
        ("İZMİR", Place, "US", "İzmir"),
        ("izmir", Place, "TR", "İzmir"),
        ("IĞDIR", Place, "TR", "Iğdır"),
        ("KADIKÖY", Place, "TR", "Kadıköy"),
        ("ILGIN-İNCİRLİ", Place, "TR", "Ilgın-İncirli"),
        ("WILLIAMS", FamilyName, "TR", "Williams"),
        ("ƏLIYEV", FamilyName, "AZ", "Əlıyev"),
        ("DE LA CRUZ", FamilyName, "TR", "de la Cruz"),
        ("IBM TİCARET", Organisation, "TR", "IBM Ticaret"),
        ("IDA", GivenName, "DE", "Ida"),
        ("IŞIL", GivenName, "DE", "Işil"),
        ("IJSSELSTEIN", Place, "NL", "IJsselstein"),
        ("ijmuiden", Place, "BE", "IJmuiden"),
        ("VAN IJZEREN", FamilyName, "NL", "van IJzeren"),
        ("NIEUWERKERK AAN DEN IJSSEL", Place, "NL", "Nieuwerkerk aan den IJssel"),
        ("IJEOMA", GivenName, "NL", "Ijeoma"),
        ("IJSSEL", Place, "US", "Ijssel"),
        ("ΠΑΠΑΔΟΠΟΥΛΟΣ", FamilyName, "GR", "Παπαδοπουλος"),
        ("ΝΙΚΟΣ-ΣΩΤΗΡΗΣ", GivenName, "CY", "Νικος-Σωτηρης"),
        ("HAUPTSTRAẞE", Place, "DE", "Hauptstraße"),
        ("GROẞ", FamilyName, "DE", "Groß"),
        ("ǆemal", GivenName, "HR", "ǅemal"),
        ("ǄEMAL", GivenName, "HR", "ǅemal"),
        ("ნინო", GivenName, "GE", "ნინო"),
        ("ᲜᲘᲜᲝ", GivenName, "GE", "ნინო"),
    ];
    for (text, style, country, expected) in table {
        let casing = Casing::of(style, country);
        let once = repaired(text, casing);
        assert_eq!(once, expected, "{text} in {country}");
        assert!(!is_one_case([once.as_str()]) || repaired(&once, casing) == once, "{text}");
    }
}

#[test]
fn a_prefix_in_its_own_case_is_no_mix() {
    for (text, expected) in [
        ("McDONALD", "McDonald"),
        ("MacLEOD", "MacLeod"),
        ("MacHALE", "MacHale"),
        ("DeANGELIS", "DeAngelis"),
        ("LaSALLE", "LaSalle"),
        ("FitzGERALD", "FitzGerald"),
        ("d'ANGELO", "d'Angelo"),
        ("SMITH-McDONALD", "Smith-McDonald"),
        ("O'BRIEN", "O'Brien"),
        ("McDONALD O'NEILL", "McDonald O'Neill"),
    ] {
        assert!(is_one_case([text]), "{text}");
        assert_eq!(repaired(text, Casing::of(Style::FamilyName, "GB")), expected);
    }
    for text in ["McDonald", "MacOS", "DeAndre", "JoANNE", "LaToya", "McD"] {
        assert!(!is_one_case([text]), "{text}");
    }
}

#[test]
fn one_case_needs_a_letter_and_no_mix() {
    assert!(is_one_case(["PACE", "12"]));
    assert!(is_one_case(["pace"]));
    assert!(!is_one_case(["Pace"]));
    assert!(!is_one_case(["12"]));
    assert!(!is_one_case(["李伟"]));
}
