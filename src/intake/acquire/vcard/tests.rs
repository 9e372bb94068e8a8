use super::super::reader::tests::source;
use super::super::{Input, Options, Reader};
use super::*;

const MAP: &[(&str, &[&str])] = &[
    ("family", &["n.family"]),
    ("given", &["n.given"]),
    ("phone", &["tel.mobile"]),
    ("any", &["tel"]),
    ("next", &["tel.2"]),
    ("email", &["email"]),
    ("street", &["adr.street"]),
    ("home", &["adr.home.city"]),
    ("company", &["org"]),
    ("note", &["note"]),
];

fn read(bytes: impl Into<Vec<u8>>) -> Vec<Delivered> {
    let options = Options { file: "people.vcf".to_owned(), ..Options::default() };
    let source = source("uid", Some("rev"), MAP);
    let reader = Reader::open(Input::of(bytes.into()), &source, &options).unwrap();
    reader.map(Result::unwrap).collect()
}

/// The only card, as `field=text`.
#[track_caller]
fn fields(bytes: impl Into<Vec<u8>>) -> Vec<String> {
    let mut delivered = read(bytes);
    let Some(Delivered::Row(row)) = delivered.pop() else { panic!("{delivered:?}") };
    row.fields.iter().map(|(field, text)| format!("{field}={text}")).collect()
}

fn card(lines: &str) -> String {
    format!(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:7\r\n{}\r\nEND:VCARD\r\n",
        lines.replace('\n', "\r\n")
    )
}

#[test]
fn lines_folded_inside_of_a_letter_are_one() {
    let name = |bytes: &[u8]| {
        let head = b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:7\r\n".to_vec();
        fields([head, bytes.to_vec(), b"\r\nEND:VCARD\r\n".to_vec()].concat())
    };
    for bytes in [
        &b"N:Fernsby;J\xc3\r\n \xb6rg"[..],
        b"N:Fernsby;J\xc3\n \xb6rg",
        b"N:Fernsby;J\xc3\r\n\t\xb6rg",
        "N:Fernsby;J\r\n örg".as_bytes(),
        b"N:Fern\r\n sby;J\xc3\r\n \xb6r\r\n g",
    ] {
        assert_eq!(name(bytes), ["family=Fernsby", "given=Jörg"], "{bytes:?}");
    }
    for (bytes, given) in [
        (&b"N:Fernsby;\xe6\r\n \x9d\r\n \x8e"[..], "given=李"),
        (b"N:Fernsby;\xe6\x9d\r\n \x8e", "given=李"),
        (b"N:Fernsby;\xe6\r\n \x9d\x8e\xe4\r\n \xbc\x9f", "given=李伟"),
    ] {
        assert_eq!(name(bytes), ["family=Fernsby", given], "{bytes:?}");
    }
}

#[test]
fn each_version_says_the_same_in_its_own_way() {
    let expected = ["family=Fernsby", "given=José", "phone=+1 555 0100", "any=+1 555 0100"];
    for (name, lines) in [
        (
            "2.1",
            "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Fernsby;Jos=E9;;;\nTEL;CELL;VOICE:+1 555 0100",
        ),
        (
            "2.1, UTF-8",
            "N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Fernsby;Jos=C3=\n=A9\nTEL;CELL:+1 555 0100",
        ),
        ("2.1, nothing said", "N;QUOTED-PRINTABLE:Fernsby;Jos=C3=A9;;;\nTEL;CELL:+1 555 0100"),
        ("3.0", "n:Fernsby;Jo\n sé;;;\nTEL;TYPE=CELL,VOICE:+1 555\n\t 0100"),
        ("4.0", "N:Fernsby;José;;;\nTEL;VALUE=uri;TYPE=\"cell,voice\";PREF=1:+1 555 0100"),
        (
            "a telephone's",
            "N:Fernsby;José;;;\nitem1.TEL:+1 555 0100\nitem1.X-ABLabel:_$!<Mobile>!$_",
        ),
    ] {
        assert_eq!(fields(card(lines)), expected, "{name}");
    }
}

#[test]
fn several_values_are_told_apart_by_what_they_are_for_and_by_their_order() {
    let lines = "N:Lund;Zoë\nTEL;TYPE=HOME:1\nTEL;TYPE=CELL:2\nTEL;TYPE=WORK,FAX:3\nTEL;TYPE=WORK,PREF:4\n\
        EMAIL:a@x.example\nEMAIL;TYPE=INTERNET,WORK:b@x.example\n\
        ADR;TYPE=WORK:;;1 Rose Lane;Omaha;NE;68102;US\nADR;TYPE=HOME:;;2 Elm, Flat 3;Reno;NV;;\n\
        ORG:Acme\\, Inc.;Sales\nNOTE:one\\ntwo\\; \\\\three";
    let mut delivered = read(card(lines));
    let Some(Delivered::Row(row)) = delivered.pop() else { panic!("{delivered:?}") };
    let fields: Vec<String> = row.fields.iter().map(|(it, text)| format!("{it}={text}")).collect();
    let expected = [
        "family=Lund",
        "given=Zoë",
        "phone=2",
        "any=4",
        "next=1",
        "email=a@x.example",
        "street=1 Rose Lane",
        "home=Reno",
        "company=Acme, Inc.",
        "note=one\ntwo; \\three",
    ];
    assert_eq!(fields, expected);
    let unmapped: Vec<String> =
        row.unmapped.iter().map(|(name, text)| format!("{name}={text}")).collect();
    for kept in [
        "tel.fax=3",
        "tel.home=1",
        "tel.work=4",
        "email.work=b@x.example",
        "org.unit=Sales",
        "adr.home.street=2 Elm Flat 3",
        "adr.work.postcode=68102",
    ] {
        assert!(unmapped.iter().any(|it| it == kept), "{kept} in {unmapped:?}");
    }
    // What a card has no property for is not there: it is no partial delivery.
    assert!(row.columns.has("tel.mobile") && row.columns.has("n.given"));
    assert!(fields.len() == 10 && row.key == "7");
}

#[test]
fn many_cards_are_many_rows_and_what_is_none_is_set_aside_whole() {
    let agent = "N:Boss;A\nAGENT:\nBEGIN:VCARD\nN:Agent;B\nEND:VCARD\nTEL;CELL:9";
    let photo = format!("N:Pike;C\nPHOTO;ENCODING=b;TYPE=JPEG:{}\n", "QUJD\n ".repeat(900));
    let file = [
        card("N:Lund;Zoë"),
        "\r\n".to_owned(),
        card(agent).replace("UID:7", "UID:8"),
        card(&photo).replace("UID:7", "UID:9"),
        "stray\r\n".to_owned(),
        "BEGIN:VCARD\r\nUID:10\r\nN:Cut;Off\r\n".to_owned(),
        card("N:Next;One").replace("UID:7", "UID:11"),
        card("no colon").replace("UID:7", "UID:12"),
        card("N:Nobody;X").replace("UID:7\r\n", ""),
        "BEGIN:VCARD\r\nUID:13\r\nN:Last".to_owned(),
    ]
    .concat();
    let told: Vec<String> = read(file)
        .into_iter()
        .map(|it| match it {
            Delivered::Row(row) => format!("{} {}", row.key, row.fields[0].1),
            Delivered::Quarantined(row) => format!("{:?}: {}", row.key, row.reason),
            Delivered::Skipped(skipped) => format!("{} blank", skipped.blank),
        })
        .collect();
    let expected = [
        "7 Lund",
        "8 Boss",
        "9 Pike",
        "None: not a vCard: text outside of any card",
        "Some(\"10\"): not a vCard: no END:VCARD before the next card begins",
        "11 Next",
        "None: not a vCard: line 4 of this card is not a property (NAME:value)",
        "None: no key in column `uid`",
        "Some(\"13\"): not a vCard: no END:VCARD before the file ends",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_card_in_another_encoding_is_read_by_the_whole_file() {
    let mut file = b"BEGIN:VCARD\nVERSION:2.1\nUID:7\nN:M\xfcller;J\xf6rg\nEND:VCARD\n".to_vec();
    file.extend_from_slice(b"BEGIN:VCARD\nUID:8\nN:Gro\xdf;Ute\nEND:VCARD\n");
    let delivered = read(file);
    let Delivered::Row(row) = &delivered[0] else { panic!("{delivered:?}") };
    assert_eq!(row.fields[0].1, "Müller");
}

#[test]
fn whatever_stands_in_a_card_it_is_a_row_or_set_aside() {
    let whole = card("N;ENCODING=QUOTED-PRINTABLE:=4C;=\nitem1.TEL;X=\"a:b\":1\n x\nADR:a\\;b;c");
    for at in (0..whole.len()).step_by(3) {
        for byte in [b':', b'=', b'\n', b'"', 0xff] {
            let mut bytes = whole.clone().into_bytes();
            bytes[at] = byte;
            let options = Options { file: "a.vcf".to_owned(), ..Options::default() };
            let source = source("uid", None, MAP);
            if let Ok(reader) = Reader::open(Input::of(bytes), &source, &options) {
                assert!(reader.count() < 10);
            }
        }
    }
}

/// All values of the only card, mapped or not, in order.
#[track_caller]
fn all_values(lines: &str) -> Vec<String> {
    let mut delivered = read(card(lines));
    let Some(Delivered::Row(row)) = delivered.pop() else { panic!("{delivered:?}") };
    let mapped = row.fields.iter().map(|(_, text)| text.to_string());
    let mut values: Vec<String> =
        mapped.chain(row.unmapped.iter().map(|(_, text)| text.to_string())).collect();
    values.sort();
    values
}

#[test]
fn a_value_without_a_purpose_stays_beside_a_preferred_one() {
    for lines in [
        "TEL;TYPE=HOME,PREF:1\nTEL:2\nTEL:3\nTEL:4",
        "TEL:2\nTEL;TYPE=HOME;PREF=1:1\nTEL:3\nTEL;TYPE=2:4",
        "TEL:1\nTEL:2\nTEL;TYPE=CELL:3\nTEL;TYPE=3:4",
        "EMAIL;TYPE=WORK,PREF:1\nEMAIL:2\nEMAIL:3\nEMAIL;TYPE=X:4",
        "ORG:1;2;3;4",
        "N:1;2;;;;;3;4",
        "X-ABLabel:1\nitem1.X-ABLabel:2\nURL:3\nitem2.URL:4",
    ] {
        let values = all_values(lines);
        for value in ["1", "2", "3", "4"] {
            assert!(values.iter().any(|it| it == value), "{value} of {lines}: {values:?}");
        }
    }
}

#[test]
fn every_value_of_every_card_is_mapped_or_unmapped() {
    let names = ["TEL", "EMAIL", "ADR", "ORG", "N", "NOTE", "URL", "TEL.X", "FN", "GENDER"];
    let kinds =
        ["", ";TYPE=HOME", ";TYPE=CELL", ";PREF=1", ";TYPE=WORK,PREF", ";TYPE=2", ";3", ";FAX"];
    let mut seed = 7_u64;
    let mut next = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for _ in 0..500 {
        let (mut lines, mut expected) = (Vec::new(), Vec::new());
        for property in 0..1 + next(9) {
            let (name, kind) = (names[next(names.len())], kinds[next(kinds.len())]);
            let many = if matches!(name, "ADR" | "ORG" | "N") { 1 + next(10) } else { 1 };
            let texts: Vec<String> = (0..many).map(|part| format!("v{property}p{part}")).collect();
            lines.push(format!("{name}{kind}:{}", texts.join(";")));
            expected.extend(texts);
        }
        let (lines, values) = (lines.join("\n"), all_values(&lines.join("\n")));
        for value in expected {
            assert!(values.contains(&value), "{value} of\n{lines}\n{values:?}");
        }
    }
}

#[test]
fn a_photo_is_no_reason_and_a_text_that_is_too_long_is_one() {
    let (long, folded) =
        ("QUJD".repeat(400_000), format!("QUJD\n {}", "QUJDREVG\n ".repeat(200_000)));
    let told = |lines: &str| match &read(card(lines))[0] {
        Delivered::Row(row) => {
            row.unmapped.iter().map(|(name, it)| format!("{name}={it};")).collect()
        }
        Delivered::Quarantined(row) => row.reason.to_string(),
        Delivered::Skipped(_) => panic!("skipped"),
    };
    for photo in [
        format!("PHOTO;ENCODING=b;TYPE=JPEG:{long}"),
        format!("PHOTO;ENCODING=BASE64;JPEG:{folded}"),
        format!("PHOTO:data:image/jpeg;base64,{long}"),
        format!("PHOTO;TYPE=JPEG;\n ENCODING=b:{folded}"),
    ] {
        let said = told(&format!("{photo}\nTEL;HOME:1"));
        assert!(said.contains("signs of binary data)") && said.contains("tel.home=1"), "{said}");
        assert!(said.contains("(16000"), "{said}");
    }
    for text in
        [format!("NOTE:{long}"), format!("NOTE:{folded}"), format!("PHOTO;VALUE=uri:{long}")]
    {
        let said = told(&text);
        assert!(said.contains("longer than"), "{}", &said[..200.min(said.len())]);
    }
}

/// The only card's text of `fn` and what it was put aside for.
fn quoted(lines: &str, options: Options) -> Result<String, Box<QuarantinedRow>> {
    let source = source("uid", None, &[("name", &["fn"])]);
    let options = Options { file: "people.vcf".to_owned(), ..options };
    let card = format!("BEGIN:VCARD\r\nVERSION:2.1\r\nUID:7\r\n{lines}\r\nEND:VCARD\r\n");
    let reader = Reader::open(Input::of(card.into_bytes()), &source, &options).unwrap();
    match reader.map(Result::unwrap).next() {
        Some(Delivered::Row(row)) => Ok(row.fields[0].1.to_string()),
        Some(Delivered::Quarantined(row)) => Err(Box::new(row)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_quoted_text_without_a_charset_is_found_out_like_any_other() {
    for (line, expected) in [
        ("FN;ENCODING=QUOTED-PRINTABLE:Jos=E9 M=FCller", "José Müller"),
        ("FN;ENCODING=QUOTED-PRINTABLE:J=FCrgen Gro=DFmann", "Jürgen Großmann"),
        ("FN;QUOTED-PRINTABLE:Fran=E7ois", "François"),
        ("FN;ENCODING=QUOTED-PRINTABLE:Jos=C3=A9", "José"),
        ("FN;ENCODING=QUOTED-PRINTABLE:Gr=FC=\r\nn", "Grün"),
        ("FN;ENCODING=QUOTED-PRINTABLE;CHARSET=FOO:Ann", "Ann"),
        ("FN;ENCODING=QUOTED-PRINTABLE;CHARSET=:Jos=E9", "José"),
    ] {
        let read = quoted(line, Options::default());
        assert_eq!(read.as_deref().map_err(|it| &it.reason), Ok(expected), "{line}");
    }
    let said = Options { encoding: Some("windows-1250".to_owned()), ..Options::default() };
    let line = "FN;ENCODING=QUOTED-PRINTABLE:Ko=F8=EDnek";
    assert_eq!(quoted(line, said).unwrap(), "Kořínek");
}

#[test]
fn a_quoted_text_that_cannot_be_read_keeps_its_card_whole() {
    for (line, reason) in [
        (
            "FN;ENCODING=QUOTED-PRINTABLE;CHARSET=FOO:J=F6rg",
            "line 4 of this card names an unknown charset",
        ),
        ("FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:J=F6rg", "line 4 of this card has bytes"),
        ("FN;ENCODING=QUOTED-PRINTABLE:K=B9=B2", "not certain: set it with --encoding"),
    ] {
        let row = quoted(line, Options::default()).unwrap_err();
        assert!(row.reason.to_string().contains(reason), "{}", row.reason);
        assert!(row.text.contains(line), "{}", row.text);
        assert_eq!(row.key.as_deref(), Some("7"));
    }
}

#[test]
fn a_birthday_without_its_year_has_none() {
    let birthday = |line: &str| {
        let source = source("uid", None, &[("born", &["bday"])]);
        let options = Options { file: "people.vcf".to_owned(), ..Options::default() };
        let mut reader =
            Reader::open(Input::of(card(line).into_bytes()), &source, &options).unwrap();
        let Some(Ok(Delivered::Row(row))) = reader.next() else { panic!("{line}") };
        row.fields[0].1.to_string()
    };
    for (line, expected) in [
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-03", "--0403"),
        ("BDAY;VALUE=date;X-APPLE-OMIT-YEAR=1604:1604-04-03", "--0403"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:16040403", "--0403"),
        ("BDAY;x-apple-omit-year=1600:1600-12-31", "--1231"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1984-04-03", "1984-04-03"),
        ("BDAY:1984-04-03", "1984-04-03"),
        ("BDAY:--0403", "--0403"),
    ] {
        assert_eq!(birthday(line), expected, "{line}");
    }
}

#[test]
fn the_card_of_an_organisation_names_no_person() {
    let names = |lines: &str| {
        let map: &[(&str, &[&str])] =
            &[("name", &["fn"]), ("family", &["n.family"]), ("company", &["org"])];
        let source = source("uid", None, map);
        let options = Options { file: "people.vcf".to_owned(), ..Options::default() };
        let mut reader =
            Reader::open(Input::of(card(lines).into_bytes()), &source, &options).unwrap();
        let Some(Ok(Delivered::Row(row))) = reader.next() else { panic!("{lines}") };
        let fields: Vec<String> =
            row.fields.iter().map(|(it, text)| format!("{it}={text}")).collect();
        fields.join(" ")
    };
    for (lines, expected) in [
        ("FN:Acme\nORG:Acme;\nX-ABShowAs:COMPANY", "company=Acme"),
        ("N:;;;;\nFN:Acme\nORG:ACME;Sales\nX-ABShowAs:COMPANY", "company=ACME"),
        ("N:;;;;\nFN:Acme\nORG:Acme", "company=Acme"),
        ("FN:Acme\\; Sons\nORG:Acme\\; Sons", "company=Acme; Sons"),
        ("FN:Acme\nKIND:org", "company=Acme"),
        ("FN:Acme; Sons\nX-ABShowAs:COMPANY", "company=Acme; Sons"),
        ("N:Lee;Ann\nFN:Acme\nORG:Acme\nX-ABShowAs:COMPANY", "family=Lee company=Acme"),
        ("N:Lee;Ann\nFN:Ann Lee\nORG:Ann Lee", "name=Ann Lee family=Lee company=Ann Lee"),
        ("FN:Ann Lee\nORG:Acme", "name=Ann Lee company=Acme"),
        (
            "N:Lee;Ann\nFN:Ann Lee\nORG:Acme\nKIND:individual",
            "name=Ann Lee family=Lee company=Acme",
        ),
    ] {
        assert_eq!(names(lines), expected, "{lines}");
    }
}

#[test]
fn texts_in_base64_are_texts() {
    for (lines, expected) in [
        ("N;ENCODING=b:TGVlO0Fubg==", &["family=Lee", "given=Ann"][..]),
        ("N;CHARSET=UTF-8;ENCODING=BASE64:TGVlO0Fubjs7Ow==", &["family=Lee", "given=Ann"]),
        ("N;BASE64:TGVl\n O0Fu\n bg==", &["family=Lee", "given=Ann"]),
        ("N;ENCODING=b:TGVlO0Fubg", &["family=Lee", "given=Ann"]),
        (
            "N:Lee\nEMAIL;ENCODING=BASE64:YW5uQGV4YW1wbGUuY29t",
            &["family=Lee", "email=ann@example.com"],
        ),
        ("N:Lee\nTEL;CELL;ENCODING=b:MjE3", &["family=Lee", "phone=217", "any=217"]),
        ("N;ENCODING=b;CHARSET=ISO-8859-1:TPxuZDtab+s=", &["family=Lünd", "given=Zoë"]),
        ("N;ENCODING=b:TMO8bmQ7Wm/Dqw==", &["family=Lünd", "given=Zoë"]),
        ("N:Lee\nNOTE;ENCODING=b:b25lCnR3bw==", &["family=Lee", "note=one\ntwo"]),
        ("N:Lee\nORG;ENCODING=b:QWNtZQ==", &["family=Lee", "company=Acme"]),
    ] {
        assert_eq!(fields(card(lines)), expected, "{lines}");
    }
    // A long one is no photo, and is kept whole.
    let long = format!("N:Lee\nNOTE;ENCODING=b:{}", "YWJj".repeat(900));
    assert_eq!(fields(card(&long))[1], format!("note={}", "abc".repeat(900)));
}

#[test]
fn what_is_no_base64_sets_its_card_aside_and_what_is_no_text_stays_a_placeholder() {
    for lines in ["N;ENCODING=b:Lee;Ann", "N:Lee\nNOTE;ENCODING=b:YW5", "N;ENCODING=b:YW 5u*"] {
        let mut delivered = read(card(lines));
        let Some(Delivered::Quarantined(row)) = delivered.pop() else { panic!("{delivered:?}") };
        assert!(row.reason.to_string().contains("is not valid base64"), "{}", row.reason);
        assert!(row.text.contains("ENCODING=b"), "{}", row.text);
    }
    let unmapped = |lines: &str| {
        let mut delivered = read(card(lines));
        let Some(Delivered::Row(row)) = delivered.pop() else { panic!("{delivered:?}") };
        row.unmapped
            .iter()
            .map(|(name, text)| format!("{name}={text}"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (lines, expected) in [
        ("N:Lee\nPHOTO;ENCODING=b:QUJD", "photo=(4 signs of binary data)"),
        ("N:Lee\nKEY;ENCODING=b:QUJD", "key=(4 signs of binary data)"),
        ("N:Lee\nLOGO;BASE64:QUJD", "logo=(4 signs of binary data)"),
        ("N:Lee\nSOUND;ENCODING=b:QUJD", "sound=(4 signs of binary data)"),
        ("N:Lee\nX-FACE;ENCODING=b:AAEC", "x-face=(4 signs of binary data)"),
        ("N:Lee\nX-BAD;ENCODING=b:A", "x-bad=(1 signs of binary data)"),
        ("N:Lee\nX-PET;ENCODING=b:UmV4", "x-pet=Rex"),
    ] {
        assert!(unmapped(lines).contains(expected), "{lines}: {}", unmapped(lines));
    }
}
