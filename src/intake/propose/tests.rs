use super::*;
use crate::acquire::{Input, Options};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 29);

fn looked(file: &str, text: &str) -> (String, FileLook) {
    let options = Options { file: file.to_owned(), ..Options::default() };
    let input = Input::of(text.as_bytes().to_vec());
    (file.to_owned(), look(&input, &options, TODAY, &mut |_| true).unwrap())
}

/// The proposal for these files, and its text as settings.
pub(super) fn proposed(files: &[(&str, &str)]) -> (Proposal, settings::Settings, String) {
    let looks = files.iter().map(|(file, text)| looked(file, text)).collect();
    let proposal = propose("customers", looks, None, &[]);
    let text = write(&proposal, &[]);
    let settings = settings::parse(&text).unwrap_or_else(|findings| panic!("{findings:?}\n{text}"));
    (proposal, settings, text)
}

/// The map of the first source, as `field=column+column`.
fn map(settings: &settings::Settings) -> Vec<String> {
    let map = settings.sources[0].map.iter();
    map.map(|(field, columns)| format!("{field}={}", columns.join("+"))).collect()
}

#[test]
fn files_of_many_countries_are_described_by_their_headers() {
    for (file, text, region, key, expected) in [
        (
            "Kunden.csv",
            "Kundennr;Anrede;Vorname;Name;Straße;Hausnr.;PLZ;Ort;Land;Telefon;E-Mail;Geburtsdatum\n\
             1;Herr;Jörg;Maier;Hauptstr.;5;10115;Berlin;Deutschland;030/123456;j@example.de;12.03.1984\n\
             2;Frau;Ute;Berg;Am Ring;7a;80331;München;Deutschland;089/123456;;01.05.1990\n",
            Some("DE"),
            "Kundennr",
            "given_name=Vorname family_name=Name date_of_birth=Geburtsdatum email=E-Mail phone=Telefon \
             street=Straße+Hausnr. city=Ort postcode=PLZ country=Land",
        ),
        (
            "clients.csv",
            "Nom;Prénom;Courriel;Code postal;Ville;N° client;Date de naissance\n\
             Martin;Zoé;z@example.fr;75002;Paris;C1;25/04/1985\nPetit;Luc;;69005;Lyon;C2;03/04/1985\n",
            Some("FR"),
            "N° client",
            "given_name=Prénom family_name=Nom date_of_birth=Date de naissance email=Courriel city=Ville \
             postcode=Code postal",
        ),
        (
            "clientes.csv",
            "Código,Nombre,Apellidos,Correo electrónico,Móvil,Dirección,Población,Código postal\n\
             A1,Ana,García López,a@example.es,+34 612 345 678,Calle Mayor 3,Madrid,28013\n",
            Some("ES"),
            "Código",
            "given_name=Nombre family_name=Apellidos email=Correo electrónico mobile=Móvil \
             street=Dirección city=Población postcode=Código postal",
        ),
        (
            "clienti.csv",
            "Codice cliente,Nome,Cognome,Cellulare,Indirizzo,CAP,Città,Provincia,Codice fiscale\n\
             7,Anna,Bianchi,+39 347 1234567,Via Roma 12,00184,Roma,RM,BNCNNA84C52H501X\n",
            Some("IT"),
            "Codice cliente",
            "given_name=Nome family_name=Cognome mobile=Cellulare street=Indirizzo city=Città \
             postcode=CAP region=Provincia national_id=Codice fiscale",
        ),
        (
            "klanten.csv",
            "Klantnummer\tVoornaam\tTussenvoegsel\tAchternaam\tStraat\tHuisnummer\tPostcode\tWoonplaats\n\
             1\tJan\tvan\tDijk\tKerkstraat\t12\t1017 GA\tAmsterdam\n",
            Some("NL"),
            "Klantnummer",
            "given_name=Voornaam family_name=Tussenvoegsel+Achternaam street=Straat+Huisnummer city=Woonplaats \
             postcode=Postcode",
        ),
        (
            "clientes-pt.csv",
            "Nº cliente;Primeiro nome;Apelido;Telemóvel;Morada;Código postal;Localidade;NIF\n\
             1;Rui;Silva;+351 912 345 678;Rua Augusta 10;1100-053;Lisboa;123456789\n",
            Some("PT"),
            "Nº cliente",
            "given_name=Primeiro nome family_name=Apelido mobile=Telemóvel street=Morada city=Localidade \
             postcode=Código postal national_id=NIF",
        ),
        (
            "crm.csv",
            "CustomerID,FirstName,LastName,Company,EmailAddress,Phone,ZIP,State,DOB,LastModified\n\
             1,Ann,Marlow,,ann@example.com,(217) 555-0104,62704,IL,3/25/1985,2026-01-02 10:00\n",
            Some("US"),
            "CustomerID",
            "given_name=FirstName family_name=LastName organisation_name=Company date_of_birth=DOB \
             email=EmailAddress phone=Phone postcode=ZIP region=State",
        ),
        (
            "uk.csv",
            "Ref,Full Name,Address Line 1,Town,Postcode,Mobile\n\
             1,Ann Marlow,12 Rose Lane,Leeds,LS1 4AP,07700 900123\n",
            Some("GB"),
            "Ref",
            "full_name=Full Name mobile=Mobile street=Address Line 1 city=Town postcode=Postcode",
        ),
        (
            "firmen.csv",
            "id;Name;UStIdNr;IBAN\n1;Nordwind GmbH;DE811907980;DE89 3704 0044 0532 0130 00\n\
             2;Südlicht AG;DE811907981;DE02 1203 0000 0000 2020 51\n",
            None,
            "id",
            "organisation_name=Name vat_id=UStIdNr iban=IBAN",
        ),
        (
            "people.jsonl",
            "{\"id\":1,\"name\":{\"first\":\"Ann\",\"last\":\"Marlow\"},\"contact\":{\"email\":\"a@example.com\"}}\n",
            None,
            "id",
            "given_name=name.first family_name=name.last email=contact.email",
        ),
    ] {
        let (proposal, settings, text) = proposed(&[(file, text)]);
        assert_eq!(map(&settings).join(" "), expected, "{file}\n{text}");
        assert_eq!(settings.sources[0].key, key, "{file}");
        if region.is_some() {
            assert_eq!(proposal.region.map(|it| it.code).as_deref(), region, "{file}");
        }
    }
}

#[test]
fn a_column_that_counts_the_rows_is_no_postcode() {
    let rows = |first: u64| -> String {
        let row = |at: u64| format!("{},C-{at},Ann{at},a{at}@example.com\n", first + at);
        (0..4).map(row).collect()
    };
    for (first, expected) in [(0, false), (1, false), (101_000, true)] {
        let text = format!("Индекс,customer,first name,email\n{}", rows(first));
        let (_, settings, text) = proposed(&[("crm.csv", &text)]);
        assert_eq!(map(&settings).join(" ").contains("postcode=Индекс"), expected, "{text}");
    }
}

#[test]
fn russian_and_japanese_headers_are_known_and_no_others() {
    let russian = "Код;Фамилия;Имя;Индекс;Почта\n1;Иванов;Пётр;101000;p@example.ru\n\
        2;Орлова;Анна;190000;a@example.ru\n3;Котов;Олег;630000;o@example.ru\n";
    let japanese = "顧客番号,姓,名,郵便番号,メールアドレス\n1,山田,花子,100-0001,h@example.jp\n2,佐藤,健,150-0002,k@example.jp\n";
    for (text, key, region) in [(russian, "Код", "RU"), (japanese, "顧客番号", "JP")] {
        let (proposal, settings, written) = proposed(&[("a.csv", text)]);
        let fields: Vec<&str> = settings.sources[0].map.iter().map(|it| it.0.as_str()).collect();
        assert_eq!(fields, ["given_name", "family_name", "email", "postcode"], "{written}");
        assert_eq!(settings.sources[0].key, key);
        assert_eq!(proposal.region.map(|it| it.code).as_deref(), Some(region));
    }
}

#[test]
fn a_key_that_is_a_field_is_both() {
    let text = "E-mail,First name,Last name\na@example.com,Ann,Lee\nb@example.com,Bo,Ray\n";
    let (_, settings, written) = proposed(&[("a.csv", text)]);
    assert_eq!(settings.sources[0].key, "E-mail");
    assert_eq!(settings.sources[0].key_form, Some(settings::KeyForm::Email), "{written}");
    let (_, by_number, written) =
        proposed(&[("b.csv", "id,E-mail,Name\n1,a@example.com,Ann Lee\n")]);
    assert_eq!((by_number.sources[0].key.as_str(), by_number.sources[0].key_form), ("id", None));
    assert!(!written.lines().any(|line| line.starts_with("key_form")), "{written}");
    assert_eq!(map(&settings), ["given_name=First name", "family_name=Last name", "email=E-mail"]);
}

#[test]
fn a_file_without_names_says_so() {
    let (proposal, ..) = proposed(&[("a.csv", "id,email\n1,a@example.com\n2,b@example.com\n")]);
    let remarks = &proposal.sources[0].remarks;
    assert!(remarks.iter().any(|it| it.contains("no column of names was found")), "{remarks:?}");
    let (proposal, ..) = proposed(&[("a.csv", "id,first\n1,Ann\n2,Bo\n")]);
    assert!(proposal.sources[0].remarks.is_empty());
}

#[test]
fn where_name_and_values_disagree_the_values_win_and_it_is_said() {
    let rows: String = (1..30)
        .map(|n| format!("1{n},p{n}@example.com,+49 30 12345{n:02},19{:02}-04-03\n", 50 + n))
        .collect();
    let (proposal, settings, text) =
        proposed(&[("a.csv", &format!("id,Telefon,E-Mail,Stadt\n{rows}"))]);
    assert_eq!(map(&settings), ["date_of_birth=Stadt", "email=Telefon", "phone=E-Mail"]);
    assert_eq!(proposal.sources[0].remarks.len(), 4, "{:?}", proposal.sources[0].remarks);
    assert!(text.contains(
        "# not sure: `Telefon` is named like a phone, but 100 % of its values are e-mail"
    ));
}

#[test]
fn values_alone_are_enough() {
    let rows: String = (1..30)
        .map(|n| format!("K{n},p{n}@example.de,+49 30 12345{n:02},Nordwind{n} GmbH,{n}\n"))
        .collect();
    let (proposal, settings, _) = proposed(&[("a.csv", &format!("f1,f2,f3,f4,f5\n{rows}"))]);
    assert_eq!(map(&settings), ["organisation_name=f4", "email=f2", "phone=f3"]);
    assert_eq!(settings.sources[0].key, "f1");
    assert_eq!(proposal.region.unwrap().code, "DE");
}

#[test]
fn the_text_holds_no_value_of_any_record() {
    let text = "id,first,last,email,phone,born,notes,iban\n\
        X1,Ottilie,Quengelmann,o@quengel.example,+49 30 7654321,1961-02-03,quitte,DE89370400440532013000\n\
        X2,Balthasar,Zwirn,b@zwirn.example,+49 30 7654322,1962-02-03,zwetschge,DE02120300000000202051\n";
    let (.., written) = proposed(&[("a.csv", text)]);
    for value in text.lines().skip(1).flat_map(|line| line.split(',')) {
        assert!(!written.contains(value), "{value}\n{written}");
    }
    assert!(written.contains("[fields.iban]\ntype = \"identifier\"\nsensitive = true"));
}

#[test]
fn a_key_is_unique_and_where_nothing_is_it_is_said() {
    let (proposal, settings, _) = proposed(&[("a.csv", "first,id,code\nA,1,x1\nB,2,x2\nC,2,x3\n")]);
    assert_eq!(settings.sources[0].key, "code");
    assert!(proposal.sources[0].remarks.is_empty());
    let (proposal, settings, _) = proposed(&[("a.csv", "first,id\nA,1\nB,2\nC,2\nA,\n")]);
    assert_eq!(settings.sources[0].key, "id");
    let remark = &proposal.sources[0].remarks[0];
    assert!(
        remark.contains("1 row repeats one") && remark.contains("1 row of 4 has none"),
        "{remark}"
    );
    let (proposal, settings, text) =
        proposed(&[("a.csv", "first,last\nAnn,Lee\nBo,Lee\nAnn,Ray\n")]);
    assert!(settings.sources.is_empty());
    assert!(proposal.sources[0].lack().unwrap().contains("tells its rows apart"));
    let (empty, ..) = proposed(&[("a.csv", "id,first,last\n")]);
    assert!(empty.sources[0].lack().unwrap().starts_with("a.csv has no rows"));
    assert!(text.contains("# [sources.a.map]\n# given_name = \"first\""), "{text}");
}

#[test]
fn where_no_row_can_be_read_it_is_said_why() {
    for (text, expected) in [
        ("id,name,email\n", "has no rows"),
        (
            "id,name\n1,Hill, Ann\n2,Lee, Bo\n",
            "none of the 2 rows of a.csv can be read; the first is line 2: 3 fields where the header has 2",
        ),
        ("id,name\n1,Hill, Ann\n", "the only row of a.csv cannot be read: line 2: 3 fields"),
        (
            "id,name,email\n\"1,\"\"Hill, Ann\"\",a@x.example\"\n\"2,\"\"Ray, Bo\"\",b@x.example\"\n",
            "a.csv has 2 rows, but only one column is filled: if",
        ),
        (
            "ID        NAME        CITY\n0000001001Ann Hill    Leeds\n0000001002Bo Ray      York\n",
            "--widths",
        ),
        (
            "id，name，email\n1，Ann Hill，a@x.example\n2，Ben Frost，b@x.example\n",
            "but only one column",
        ),
    ] {
        let (proposal, ..) = proposed(&[("a.csv", text)]);
        let lack = proposal.sources[0].lack().unwrap_or_default();
        assert!(lack.contains(expected), "{text}: {lack}");
    }
}

#[test]
fn a_column_that_stands_there_twice_is_not_read_under_another_name() {
    let text = "id,email,email,email 2,phone\n1,a@example.com,b@example.com,c@example.com,1\n";
    let (mut proposal, ..) = proposed(&[("a.csv", text)]);
    proposal.sources[0].leave_out("email", "the header has it twice; rename one of the two");
    let fields: Vec<&str> =
        proposal.sources[0].map.iter().map(|mapped| mapped.field.as_str()).collect();
    assert_eq!(fields, ["phone"]);
}

#[test]
fn files_that_call_the_same_differently_share_their_fields() {
    let (_, settings, _) = proposed(&[
        ("crm.csv", "id,first_name,email\n1,Ann,a@example.com\n"),
        ("shop.csv", "Kunden-ID;Vorname;E-Mail;Ort\n1;Ann;a@example.com;Kiel\n"),
    ]);
    let fields: Vec<&str> = settings.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(fields, ["given_name", "email", "city"]);
    assert_eq!(settings.sources[1].map.len(), 3);
}

#[test]
fn rules_are_what_the_data_keeps() {
    let rows: String = (1..40).map(|n| format!("{n},L{n},p{n}@example.com\n")).collect();
    let (_, settings, _) = proposed(&[("a.csv", &format!("id,last,email\n{rows}"))]);
    let ids: Vec<&str> = settings.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "family-name-format",
            "family-name-required",
            "email-syntax",
            "email-required",
            "email-unique"
        ]
    );
    let (_, settings, _) = proposed(&[("a.csv", "id,last,email\n1,A,a@example.com\n")]);
    assert_eq!(settings.rules.len(), 2);
}

#[test]
fn files_of_two_countries_leave_the_region_open() {
    let phones = |code: &str| -> String {
        (10..20).map(|it| format!("{it},Lee,+{code}5550{it}\n")).collect()
    };
    let (french, german) = (phones("33145"), phones("4930"));
    let of = |files: &[&str]| {
        let named = ["a.csv", "b.csv", "c.csv"];
        let texts: Vec<String> = files.iter().map(|it| format!("id,last,phone\n{it}")).collect();
        let files: Vec<(&str, &str)> =
            named.into_iter().zip(texts.iter().map(String::as_str)).collect();
        let (proposal, _, _) = proposed(&files);
        proposal.region.unwrap()
    };
    let tied = of(&[&french, &german]);
    assert_eq!((tied.code.as_str(), tied.is_sure), ("FR", false));
    assert!(tied.why.starts_with("from a.csv: ") && tied.why.ends_with("other files are from DE"));
    assert_eq!(of(&[&german, &french]).code, "DE", "the file that was named first");
    let most = of(&[&french, &german, &german]);
    assert_eq!((most.code.as_str(), most.is_sure), ("DE", true));
    let alone = of(&[&german, &german]);
    assert!(alone.is_sure && !alone.why.contains("other files"));
}

#[test]
fn data_without_a_header_is_refused() {
    let options = Options { file: "a.csv".to_owned(), ..Options::default() };
    for text in ["1,Ann,Marlow\n2,Ben,Harker\n", "1,Ann,ann@example.com\n"] {
        let input = Input::of(text.as_bytes().to_vec());
        let error = look(&input, &options, TODAY, &mut |_| true).unwrap_err();
        assert!(error.to_string().contains("no header"), "{error}");
    }
}

#[test]
fn parts_of_names_and_streets_stand_in_the_order_of_their_country() {
    for (text, expected) in [
        (
            "Klantnr;Voorletters;Tussenvoegsel;Achternaam;Huisnummer;Straat;Postcode\n1;J.P.;van der;Berg;12;Kerkstraat;1017 GA\n",
            "given_name=Voorletters family_name=Tussenvoegsel+Achternaam street=Straat+Huisnummer postcode=Postcode",
        ),
        (
            "Klantnr;Achternaam;Tussenvoegsel;Voorletters;Voornaam\n1;Berg;van der;J.P.;Jan\n",
            "given_name=Voornaam family_name=Tussenvoegsel+Achternaam",
        ),
        (
            "Nr;Vorname;Namensvorsatz;Nachname;Hausnr.;Straße\n1;Ute;von;Berg;5;Ringweg\n",
            "given_name=Vorname family_name=Namensvorsatz+Nachname street=Straße+Hausnr.",
        ),
        (
            "Klantnr;Achternaam;Straat;Huisnummer;Toevoeging;Postcode\n1;Berg;Kerkstraat;12;A;1017 GA\n2;Vos;Kade;3;bis;1017 GB\n",
            "family_name=Achternaam street=Straat+Huisnummer+Toevoeging postcode=Postcode",
        ),
        (
            "Nr;Nachname;Straße;Hausnr.;Hausnummernzusatz;PLZ\n1;Berg;Ringweg;5;a;10115\n",
            "family_name=Nachname street=Straße+Hausnr.+Hausnummernzusatz postcode=PLZ",
        ),
        (
            "id,name,house number,house letter,road\n1,Ann Lee,12,B,Rose Lane\n",
            "full_name=name street=house number+house letter+road",
        ),
        (
            "id,name,house number,road\n1,Ann Lee,12,Rose Lane\n",
            "full_name=name street=house number+road",
        ),
        (
            "id,house number,road,phone\n1,5,Ringweg,+49 30 1234567\n2,6,Ringweg,+49 30 1234568\n",
            "phone=phone street=road+house number",
        ),
        (
            "id,numero de rue,rue,code postal\n1,5,rue des Lilas,75002\n",
            "street=numero de rue+rue postcode=code postal",
        ),
    ] {
        let (_, settings, written) = proposed(&[("a.csv", text)]);
        assert_eq!(map(&settings).join(" "), expected, "{written}");
    }
}

#[test]
fn chinese_headings_say_which_country_they_are_of() {
    for (header, code) in [
        ("編號,姓名,電話,地址,電子郵件", "TW"),
        ("客戶編號,姓名,手機,地址,生日", "TW"),
        ("會員編號,姓名,聯絡電話,公司名稱,備註", "TW"),
        ("编号,姓名,电话,地址,邮箱", "CN"),
        ("客户编号,姓名,手机,联系地址,公司名称", "CN"),
        ("顧客番号,氏名,電話番号,住所,メール", "JP"),
        ("会員番号,氏名,電話,都道府県,市区町村", "JP"),
    ] {
        let text = format!("{header}\nA17,王小明,0912345678,x,y\nB22,李伟,0912345679,z,w\n");
        let (proposal, ..) = proposed(&[("a.csv", &text)]);
        let region = proposal.region.as_ref().map(|region| region.code.as_str());
        assert_eq!(region, Some(code), "{header}");
    }
}
