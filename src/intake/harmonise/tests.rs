use super::*;

const TODAY: Date = jiff::civil::date(2026, 11, 28);
const CONTEXT: Context<'static> = Context::of("US", TODAY);

#[test]
fn nothing_delivered_is_no_value() {
    for field_type in FieldType::ALL {
        for raw in ["", "  ", "\t", "-", "N/A", "NULL", "(none)", "n\u{200b}/a", "'", "=\"\""] {
            assert_eq!(value(field_type, raw, &CONTEXT), None, "{field_type:?} {raw:?}");
        }
    }
}

#[test]
fn the_unreadable_stays_raw() {
    let read = value(FieldType::Email, " not an address ", &CONTEXT).unwrap();
    assert_eq!((read.raw(), read.standard()), (" not an address ", None));
    let read = value(FieldType::City, &"x".repeat(3000), &CONTEXT).unwrap();
    assert!(!read.is_readable());
}

fn read_in(country: &str, field_type: FieldType, raw: &str) -> String {
    let context = Context { country: Some(country), ..Context::of(country, TODAY) };
    match value(field_type, raw, &context) {
        None => "absent".to_owned(),
        Some(read) => {
            assert_eq!(read.raw(), raw, "what was delivered is kept");
            read.standard().unwrap_or("unreadable").to_owned()
        }
    }
}

#[test]
fn what_a_spreadsheet_did_is_undone_where_nothing_was_lost() {
    use FieldType::*;
    for (country, field_type, raw, expected) in [
        ("US", Phone, "'02175550104", "unreadable"),
        ("US", Phone, "=\"2175550104\"", "+12175550104"),
        ("US", Phone, "2175550104.0", "+12175550104"),
        ("DE", Phone, "+493012345.0", "+493012345"),
        ("DE", Phone, "+493012345,00", "+493012345"),
        ("GB", Phone, "'+44 20 7946 0104", "+442079460104"),
        ("US", Phone, "217\u{2011}555\u{2011}0104", "+12175550104"),
        ("US", Phone, "２１７−５５５·０１０４", "+12175550104"),
        ("US", Postcode, "'02138", "02138"),
        ("US", Postcode, "=\"02138\"", "02138"),
        ("US", Postcode, "62704.0", "62704"),
        ("US", Postcode, "62704\u{2013}1234", "62704-1234"),
        ("DE", Postcode, "１０１１５", "10115"),
        ("US", Identifier, "=\"00123\"", "00123"),
        ("US", Identifier, "'00123", "00123"),
        ("US", Identifier, "1001.0", "1001"),
        ("US", Identifier, "DE\u{2011}811 907\u{a0}980", "DE811907980"),
        ("US", NationalId, "219094417.0", "219094417"),
        ("US", NationalId, "219–09–4417", "219094417"),
        ("US", NationalId, "219\u{200b}09\u{feff}4417", "219094417"),
        ("US", Date, "=\"2020-01-31\"", "2020-01-31"),
        ("US", Date, "20200131.0", "2020-01-31"),
        ("DE", DateOfBirth, "12．03．1984", "1984-03-12"),
        ("US", DateOfBirth, "1984\u{2011}03\u{2011}12", "1984-03-12"),
        ("US", Email, "'ada@example.com", "ada@example.com"),
        ("US", Email, "=\"ada@example.com\"", "ada@example.com"),
        ("US", Consent, "1.0", "yes"),
        ("US", Consent, "'0", "no"),
        ("US", Gender, "2.0", "F"),
        ("US", Number, "'1,234.50", "1234.5"),
        ("US", Number, "=\"12\"", "12"),
        ("US", GivenName, "'Ann", "Ann"),
        ("US", FamilyName, "=\"O'Brien\"", "O'Brien"),
        ("NL", FamilyName, "'t Hooft", "'t Hooft"),
        ("NL", City, "'s-Gravenhage", "'s-Gravenhage"),
        ("US", City, "='Paris'", "='Paris'"),
        ("US", Text, "'=1+1", "=1+1"),
        ("US", Category, "='gold'", "='gold'"),
        ("US", Category, "=\"Gold\"", "gold"),
    ] {
        assert_eq!(read_in(country, field_type, raw), expected, "{field_type:?} {raw}");
    }
}

#[test]
fn what_a_spreadsheet_lost_is_neither_a_value_nor_absent() {
    for field_type in FieldType::ALL {
        for raw in ["#REF!", "#VALUE!", "#N/A", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#####"] {
            assert_eq!(read_in("US", field_type, raw), "unreadable", "{field_type:?} {raw}");
        }
        for raw in ["NaN", "inf", "-inf", "=\"#N/A\"", "'NaN", " #REF! "] {
            assert_eq!(read_in("US", field_type, raw), "unreadable", "{field_type:?} {raw}");
        }
    }
    use FieldType::*;
    for field_type in [Phone, Postcode, Identifier, NationalId, Date, DateOfBirth, Number] {
        for raw in ["4.9151E+11", "1,23E+05", "4.47912e+11", "1E+10", "4.9E11", "nan", "NAN"] {
            assert_eq!(read_in("US", field_type, raw), "unreadable", "{field_type:?} {raw}");
        }
    }
    for field_type in [Date, DateOfBirth] {
        for raw in [
            "1899-12-30",
            "30.12.1899",
            "12/30/1899",
            "1900-01-00",
            "1/0/1900",
            "12:00:00 AM",
            "00:00:00",
            "43831",
            "44197.5",
            "1899-12-30 00:00:00",
        ] {
            assert_eq!(read_in("US", field_type, raw), "unreadable", "{raw}");
        }
    }
}

#[test]
fn some_people_are_called_nothing() {
    use FieldType::*;
    for (field_type, raw, expected) in [
        (FamilyName, "Null", "Null"),
        (GivenName, "None", "None"),
        (GivenName, "Nan", "Nan"),
        (FamilyName, "Na", "Na"),
        (FamilyName, "Nil", "Nil"),
        (FullName, "Jennifer Null", "Jennifer Null"),
        (FullName, "Null, Jennifer", "Jennifer Null"),
        (FamilyName, "NULL", "absent"),
        (FamilyName, "[null]", "absent"),
        (GivenName, "<none>", "absent"),
        (GivenName, "N/A", "absent"),
        (City, "None", "absent"),
        (Phone, "null", "absent"),
    ] {
        assert_eq!(read_in("US", field_type, raw), expected, "{raw}");
    }
}

#[test]
fn letters_are_those_of_the_record_s_country_else_of_the_region() {
    use FieldType::*;
    for (field_type, raw, turkish, elsewhere) in [
        (GivenName, "IŞIL", "Işıl", "Işil"),
        (FamilyName, "YILMAZOĞLU", "Yılmazoğlu", "Yilmazoğlu"),
        (FullName, "IŞIL YILMAZ", "Işıl Yılmaz", "Işil Yilmaz"),
        (FullName, "YILMAZ, IŞIL", "Işıl Yılmaz", "Işil Yilmaz"),
        (City, "IĞDIR", "Iğdır", "Iğdir"),
        (City, "izmir", "İzmir", "Izmir"),
        (City, "İZMİR", "İzmir", "İzmir"),
        (Region, "IĞDIR", "Iğdır", "Iğdir"),
        (Street, "BAĞCILAR CADDESI 5", "Bağcılar Caddesı 5", "Bağcilar Caddesi 5"),
        (Street, "ÇINAR SOKAĞI, İZMİT", "Çınar Sokağı İzmit", "Çınar Sokağı İzmit"),
        (Address, "ÇINAR SOKAK 5, IĞDIR", "Çınar Sokak 5, Iğdır", "Çinar Sokak 5, Iğdir"),
        (OrganisationName, "ŞIK GIYIM MAĞAZASI", "Şık Gıyım Mağazası", "Şik Giyim Mağazasi"),
        (Category, "SILVER", "silver", "silver"),
        (GivenName, "Işil", "Işil", "Işil"),
    ] {
        assert_eq!(read_in("TR", field_type, raw), turkish, "{field_type:?} {raw}");
        assert_eq!(read_in("AZ", field_type, raw), turkish, "{field_type:?} {raw}");
        let region = value(field_type, raw, &Context::of("TR", TODAY)).unwrap();
        assert_eq!(region.standard(), Some(turkish), "{field_type:?} {raw}");
        assert_eq!(read_in("DE", field_type, raw), elsewhere, "{field_type:?} {raw}");
        let german = Context { country: Some("DE"), ..Context::of("TR", TODAY) };
        let german = value(field_type, raw, &german).unwrap();
        assert_eq!(german.standard(), Some(elsewhere), "the record's country: {raw}");
    }
    for (country, field_type, raw, expected) in [
        ("NL", City, "IJSSELSTEIN", "IJsselstein"),
        ("NL", Street, "IJSSELKADE 5", "IJsselkade 5"),
        ("BE", FamilyName, "IJZERMAN", "IJzerman"),
        ("NL", OrganisationName, "IJSSELMEER RECREATIE BV", "IJsselmeer Recreatie B.V."),
        ("US", City, "IJSSELSTEIN", "Ijsselstein"),
        ("DE", Street, "HAUPTSTRAẞE 5", "Hauptstraße 5"),
        ("GR", City, "ΠΕΙΡΑΙΑΣ", "Πειραιας"),
        ("US", FullName, "'Bob' Lee", "Bob Lee"),
        ("US", FullName, "‘Bob’ Lee", "Bob Lee"),
        ("US", GivenName, "'Bob'", "Bob"),
        ("US", GivenName, "'Ann", "Ann"),
        ("US", FullName, "=\"Lee, Ann\"", "Ann Lee"),
        ("CZ", OrganisationName, "Hora spol. s r. o.", "Hora spol. s r.o."),
    ] {
        assert_eq!(read_in(country, field_type, raw), expected, "{field_type:?} {raw}");
    }
}

#[test]
fn the_record_s_country_comes_before_the_workspace_s() {
    let british = Context { country: Some("GB"), ..CONTEXT };
    let read = value(FieldType::Phone, "020 7946 0104", &british).unwrap();
    assert_eq!(read.standard(), Some("+442079460104"));
    // Day and month are ordered as the column has them, whatever country a row is of.
    let read = value(FieldType::Date, "3/12/1984", &british).unwrap();
    assert_eq!(read.standard(), Some("1984-03-12"));
}

#[test]
fn the_dot_of_a_turkish_i_stands_once() {
    use FieldType::*;
    for field_type in [GivenName, FamilyName, FullName, City] {
        for (region, raw, expected) in [
            ("TR", "i\u{307}brahim", "İbrahim"),
            ("TR", "\u{130}\u{307}BRAH\u{130}M", "İbrahim"),
            ("TR", "I\u{307}BRAH\u{130}M", "İbrahim"),
            ("TR", "İBRAHİM", "İbrahim"),
            ("TR", "Ali\u{307}", "Ali"),
            ("AZ", "i\u{307}brahim", "İbrahim"),
            ("DE", "Ali\u{307}", "Ali"),
            ("DE", "İBRAHİM", "İbrahim"),
        ] {
            let read = value(field_type, raw, &Context::of(region, TODAY)).unwrap();
            assert_eq!(read.standard(), Some(expected), "{field_type:?} {region} {raw:?}");
            assert_eq!(read.raw(), raw);
        }
    }
}

#[test]
fn misread_text_stays_as_it_is() {
    use FieldType::*;
    for field_type in [GivenName, FamilyName, FullName, City, OrganisationName, Street, Region] {
        for raw in ["Ð˜Ð²Ð°Ð½", "JOSÃ‰", "jã¼rg", "Jos%C3%A9", "£ukasz", "M\\u00fcller"]
        {
            let read = value(field_type, raw, &CONTEXT).unwrap();
            assert_eq!(read.standard(), Some(raw), "{field_type:?}");
        }
    }
}

#[test]
fn a_name_with_a_lost_letter_is_not_read() {
    use FieldType::*;
    for field_type in [GivenName, FamilyName, FullName, City, OrganisationName, Street] {
        for raw in ["Garc?a", "Orl?ans", "GARC?A", "?ukasz", "Anne Orl?ans", "Wa??sa", "M?ller-Lee"]
        {
            let read = value(field_type, raw, &CONTEXT).unwrap();
            assert_eq!(read.standard(), None, "{field_type:?} {raw}");
        }
    }
    for (field_type, raw) in
        [(GivenName, "Jos?"), (City, "Orl?"), (FullName, "Andr? Lee"), (FamilyName, "Jos? Ruiz")]
    {
        assert!(!value(field_type, raw, &CONTEXT).unwrap().is_readable(), "{raw}");
    }
    for (field_type, raw) in [
        (Text, "Who?me"),
        (OrganisationName, "Why Not?"),
        (OrganisationName, "Why? Ltd"),
        (FullName, "Why Not?"),
        (City, "Oslo ?"),
    ] {
        assert!(value(field_type, raw, &CONTEXT).unwrap().is_readable(), "{raw}");
    }
}

#[test]
fn what_may_be_a_country_or_not_is_not_read() {
    for (raw, expected) in [
        ("NA", None),
        ("na", None),
        ("Congo", None),
        ("CONGO", None),
        ("Namibia", Some("NA")),
        ("NAM", Some("NA")),
        ("Namíbia", Some("NA")),
        ("CG", Some("CG")),
        ("CD", Some("CD")),
        ("Republic of the Congo", Some("CG")),
        ("DR Congo", Some("CD")),
    ] {
        let read = value(FieldType::Country, raw, &CONTEXT).unwrap();
        assert_eq!(read.standard(), expected, "{raw}");
    }
}

#[test]
fn yes_or_no_is_nobody_s_name() {
    let context = Context::of("US", jiff::civil::date(2026, 1, 1));
    for (field_type, text, is_read) in [
        (FieldType::FullName, "true", false),
        (FieldType::FullName, "TRUE", false),
        (FieldType::FullName, "False", false),
        (FieldType::GivenName, "false", false),
        (FieldType::FamilyName, "true", false),
        (FieldType::OrganisationName, "false", false),
        (FieldType::City, "true", false),
        (FieldType::Street, "false", false),
        // A name that some people have, and a firm's.
        (FieldType::GivenName, "True", true),
        (FieldType::FullName, "True Blue", true),
        (FieldType::OrganisationName, "TRUE", true),
        (FieldType::Consent, "true", true),
        (FieldType::Text, "true", true),
    ] {
        let read = value(field_type, text, &context).unwrap();
        assert_eq!(read.is_readable(), is_read, "{field_type:?} {text}");
    }
}
