mod harness;

use super::*;

/// Text in an encoding.
fn bytes(text: &str, name: &str) -> Vec<u8> {
    if let Some(web) = Web::for_label(name.as_bytes()) {
        let (bytes, _, is_missing) = web.encode(text);
        assert!(!is_missing, "{name} cannot hold {text}");
        return bytes.into_owned();
    }
    let encoding = Encoding::named(name).unwrap();
    let byte_of = |character: char| {
        let is_it = |byte: &u8| encoding.decode(vec![*byte]).text == character.to_string();
        (0..=255).find(is_it).unwrap_or_else(|| panic!("{name} cannot hold {character}"))
    };
    text.chars().map(byte_of).collect()
}

fn found(bytes: &[u8], hints: Hints) -> Found {
    let mut detector = Detector::new();
    // However the bytes are cut.
    for piece in bytes.chunks(7) {
        detector.feed(piece);
    }
    detector.finish(hints)
}

fn sure(bytes: &[u8]) -> Option<RowEncoding> {
    match found(bytes, Hints::default()) {
        Found::Sure(encoding) => Some(encoding),
        Found::Unsure(_) | Found::Unread(_) => None,
    }
}

const POLISH: &str = "id;first;last;city\n1;Łukasz;Wójcik;Łódź\n2;Małgorzata;Śliwińska;Kraków\n\
                      3;Zdzisław;Żak;Gdańsk\n";
const RUSSIAN: &str = "id;first;last;city\n1;Иван;Петров;Москва\n2;Ольга;Смирнова;Казань\n";
const WESTERN: &str =
    "id,first,last,city\n1,José,Muñoz,Málaga\n2,Zoë,Brontë,Zürich\n3,André,Lefèvre,Orléans\n";
const GERMAN: &str = "1,Jürgen,Müller,Köln\n2,Käthe,Großmann,Nürnberg\n3,Günther,Schröder,Lübeck\n";
const NORDIC: &str = "1,Søren,Kjær,Århus\n2,Jørgen,Sørensen,Tønder\n3,Åse,Ødegård,Bodø\n";
const UKRAINIAN: &str = "1;Їжак;Шевченко;Київ\n2;Ґанна;Мельник;Чернівці\n3;Євген;Ковальчук;Львів\n";
const GREEK: &str = "1;Νίκος;Παπαδόπουλος;Αθήνα\n2;Ελένη;Γεωργίου;Θεσσαλονίκη\n";
const TURKISH: &str = "1;Ayşe;Yılmaz;İzmir\n2;Gökhan;Çağlar;Muğla\n3;Şükrü;Öztürk;Kırşehir\n";
const HUNGARIAN: &str = "1;László;Kovács;Győr\n2;Gergő;Szűcs;Pécs\n3;Jenő;Fülöp;Kőszeg\n";
const CZECH: &str = "1;Jiří;Dvořák;Plzeň\n2;Tomáš;Růžička;Ústí\n3;Zdeněk;Šťastný;Děčín\n";
const LITHUANIAN: &str = "1;Žygimantas;Kučinskas;Šiauliai\n2;Rūta;Žemaitė;Panevėžys\n";
const PORTUGUESE: &str = "1;João;Gonçalves;São Paulo\n2;Conceição;Simões;Évora\n";
const ICELANDIC: &str = "1;Þórður;Guðmundsson;Reykjavík\n2;Sigríður;Jónsdóttir;Ísafjörður\n";
const JAPANESE: &str =
    "1,山田太郎,東京都\n2,鈴木ハナコ,大阪府\n3,佐藤一郎,京都市\n4,表能ソ,横浜市\n";
const KANJI: &str = "1,高橋健,名古屋市\n2,渡辺直樹,横浜市\n3,小林明,神戸市\n";
const CHINESE: &str = "1,张伟,北京市\n2,王芳,上海市\n3,李娜,广州市\n4,刘强,深圳市\n";
const TAIWANESE: &str = "1,陳志明,台北市\n2,林淑芬,高雄市\n3,許功蓋,台中市\n";
const KOREAN: &str = "1,김철수,서울\n2,이영희,부산\n3,박민수,대구\n4,최지우,인천\n";
const HEBREW: &str = "1,דוד,כהן,תל אביב\n2,שרה,לוי,ירושלים\n";
const ARABIC: &str = "1,محمد,الأحمد,القاهرة\n2,فاطمة,حسين,بغداد\n";
const THAI: &str = "1,สมชาย,ใจดี,กรุงเทพ\n2,สมหญิง,รักไทย,เชียงใหม่\n";

#[test]
fn every_legacy_encoding_is_found_out_with_its_letters() {
    for (text, names) in [
        (POLISH, &["windows-1250", "ISO-8859-2", "cp852"][..]),
        (RUSSIAN, &["windows-1251", "KOI8-R", "IBM866", "ISO-8859-5", "x-mac-cyrillic"]),
        (UKRAINIAN, &["windows-1251", "KOI8-U", "cp1125"]),
        (WESTERN, &["windows-1252", "ISO-8859-15", "macintosh", "cp850", "cp437"]),
        (GERMAN, &["windows-1252", "ISO-8859-15", "macintosh", "cp850", "cp437"]),
        (NORDIC, &["windows-1252", "macintosh", "cp850", "cp865"]),
        (GREEK, &["windows-1253", "ISO-8859-7", "cp737", "x-mac-greek"]),
        (TURKISH, &["windows-1254", "cp857", "x-mac-turkish"]),
        (HUNGARIAN, &["windows-1250", "ISO-8859-2", "cp852"]),
        (CZECH, &["windows-1250", "ISO-8859-2", "cp852", "x-mac-ce"]),
        (LITHUANIAN, &["windows-1257", "ISO-8859-13", "cp775"]),
        (PORTUGUESE, &["windows-1252", "macintosh", "cp850"]),
        (ICELANDIC, &["windows-1252", "cp850", "x-mac-icelandic"]),
        (JAPANESE, &["Shift_JIS", "EUC-JP", "ISO-2022-JP"]),
        (KANJI, &["Shift_JIS", "EUC-JP"]),
        (CHINESE, &["GBK"]),
        (TAIWANESE, &["Big5"]),
        (KOREAN, &["EUC-KR"]),
        (HEBREW, &["windows-1255"]),
        (ARABIC, &["windows-1256"]),
        (THAI, &["windows-874"]),
    ] {
        for name in names {
            let bytes = bytes(text, name);
            let encoding = sure(&bytes).unwrap_or_else(|| panic!("{name}: {text}"));
            // Where two encodings have the same letters either name will do.
            let read = encoding.of.decode(bytes).text;
            assert_eq!(read, text, "{name}, read as {}", encoding.of.name());
        }
    }
}

#[test]
fn small_letters_and_capitals_are_told_likewise() {
    for (text, name) in [
        (WESTERN, "windows-1252"),
        (WESTERN, "macintosh"),
        (GERMAN, "cp850"),
        (POLISH, "windows-1250"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "KOI8-R"),
        (CZECH, "cp852"),
    ] {
        let text = text.replace('ß', "ss").to_uppercase();
        let bytes = bytes(&text, name);
        let encoding = sure(&bytes).unwrap_or_else(|| panic!("{name}: {text}"));
        assert_eq!(encoding.of.decode(bytes).text, text, "{name}");
    }
}

#[test]
fn one_common_name_is_enough() {
    for name in ["José", "Müller", "João", "François", "Jürgen", "Ærø", "Muñoz", "Ågård"]
    {
        let bytes = bytes(&format!("id,name\n1,{name}\n"), "windows-1252");
        let encoding = sure(&bytes).unwrap_or_else(|| panic!("{name}"));
        assert!(encoding.of.decode(bytes).text.contains(name), "{name}");
    }
}

#[test]
fn ascii_decides_nothing_however_long_it_is() {
    let mut late = b"id,name\n".to_vec();
    for id in 0..20_000 {
        late.extend_from_slice(format!("{id},Joe Smith\n").as_bytes());
    }
    let all_ascii = late.clone();
    late.extend_from_slice(b"8001,Jos\xe9 M\xfcller\n8002,Zo\xeb Bront\xeb\n");
    assert_eq!(sure(&late).unwrap().of.name(), "windows-1252");
    assert_eq!(sure(&all_ascii), Some(RowEncoding::all(Encoding::Utf8)));
}

#[test]
fn rows_in_two_encodings_are_each_read_in_theirs() {
    let western = b"1,Jos\xe9,N\xfa\xf1ez\n2,Zo\xeb,Bront\xeb\n3,Andr\xe9,Lef\xe8vre\n".to_vec();
    let utf8 = "4,José,Peña\n5,Łukasz,Żak\n";
    let mixed = [western, utf8.into()].concat();
    let encoding = sure(&mixed).unwrap();
    assert_eq!((encoding.of.name(), encoding.odd), ("windows-1252", Some(Encoding::Utf8)));
    let mixed = [utf8.repeat(3).into_bytes(), b"9,Ren\xe9,M\xfcller\n".to_vec()].concat();
    let encoding = sure(&mixed).unwrap();
    assert_eq!((encoding.of, encoding.odd.unwrap().name()), (Encoding::Utf8, "windows-1252"));
}

#[test]
fn what_may_be_two_things_is_refused_with_the_likeliest_readings() {
    for (text, name) in [("1,Bőgre\n", "windows-1250"), ("1,Luža\n", "cp852")] {
        let bytes = bytes(text, name);
        let Found::Unsure(readings) = found(&bytes, Hints::default()) else { panic!("{text}") };
        let texts: BTreeSet<&str> = readings.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!((readings.len(), texts.len()), (3, 3), "three different readings: {texts:?}");
        let right = text.trim_start_matches("1,").trim_end().replace(',', " ");
        assert!(texts.contains(right.as_str()), "{texts:?}");
    }
}

#[test]
fn where_a_source_is_and_what_it_sent_before_tips_the_scales() {
    let bytes = bytes("1,Erdős\n", "windows-1250");
    let hungary = Hints { region: Some("HU".to_owned()), ..Hints::default() };
    let Found::Sure(encoding) = found(&bytes, hungary) else { panic!("sure") };
    assert_eq!(encoding.of.decode(bytes.clone()).text, "1,Erdős\n");
    let recorded = Hints { recorded: Encoding::named("windows-1250"), ..Hints::default() };
    let Found::Sure(encoding) = found(&bytes, recorded) else { panic!("sure") };
    assert_eq!(encoding.of.name(), "windows-1250");
}

#[test]
fn noise_is_no_text() {
    let noise: Vec<u8> = (0..4000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .map(|byte| if byte < 0x20 { b'\n' } else { byte })
        .collect();
    assert!(sure(&noise).is_none());
}

#[test]
fn what_an_earlier_file_was_in_decides_what_could_be_several() {
    let recorded = Encoding::Web(encoding_rs::WINDOWS_1250);
    for name in ["Kučera", "Kovačič", "Hořava", "Dvořák", "Čapek"] {
        let (bytes, _, _) = encoding_rs::WINDOWS_1250.encode(name);
        let row = [b"1,", &bytes[..], b",Praha\n"].concat();
        let hints = Hints { recorded: Some(recorded), ..Hints::default() };
        let Found::Sure(read) = found(&row, hints) else { panic!("{name} is unsure") };
        assert_eq!(read.of, recorded, "{name}");
    }
}

/// Rows of ASCII with the name in one of them.
fn with_one(name: &str, encoding: &str) -> Vec<u8> {
    let mut file = b"id;first;last;city\n".to_vec();
    for id in 1..30 {
        file.extend_from_slice(format!("{id};Anna;Marlow;London\n").as_bytes());
    }
    file.extend_from_slice(&bytes(&format!("30;Tom;{name};London\n"), encoding));
    file
}

#[test]
fn a_handful_of_letters_of_the_west_needs_no_question() {
    let mut unsure = Vec::new();
    for names in [
        "José René Zoé Hélène André Desirée Pérez Béatrice Léger Amélie",
        "Müller Jürgen Günther Bürger Lübeck Schütz Grün Übach Küster Hürlimann",
        "Muñoz Núñez Ibáñez Peña Ordóñez Nuñez Muñiz Cañas Ñíguez Bolaños",
        "Großmann Weiß Strauß Meißner Voß Groß Preuß Heß Weißenfels Gießen",
        "Schröder Köln Björn König Höfer Möller Löwe Göring Förster Österle",
        "Jäger Schäfer Bär Käthe Krämer Häusler Lämmle Städler Schädel Mädler",
        "François Françoise Gonçalves Lourenço Conceição João Simões Sebastião Brandão Guimarães",
    ] {
        for name in names.split(' ') {
            let file = with_one(name, "windows-1252");
            let right =
                sure(&file).is_some_and(|it| it.of.decode(file.clone()).text.contains(name));
            if !right {
                unsure.push(name);
            }
        }
    }
    assert!(unsure.is_empty(), "{unsure:?}");
}

#[test]
fn one_rare_letter_is_never_read_as_another_in_silence() {
    let mut wrong = Vec::new();
    for (encoding, names) in [
        ("windows-1250", "Brăila Bacău Călin Buzău Mălăele Zalău Bârlădeanu Crăciun Tătaru Lazăr"),
        (
            "windows-1250",
            "Kučera Dvořák Novotný Němec Růžička Černý Hořejší Bartoš Šťastný Doležal",
        ),
        ("windows-1250", "Szűcs Fűzfő Jenő Kőszeg Győri Bőgre Erdős Petőfi Dezső Tőkés"),
        ("windows-1250", "Wałęsa Gdańsk Michał Śliwa Żak Zając Ćwik Łódź Kozieł Zieliński"),
        ("cp850", "Großmann Weiß Strauß Meißner Voß Groß Preuß Heß Weißenfels Gießen"),
        ("cp850", "Müller José Jürgen Köln Muñoz Schäfer François Óscar Ávila Zoë"),
        ("cp437", "Großmann Weiß Strauß Meißner Voß Groß Preuß Heß Weißenfels Gießen"),
        ("windows-1257", "Jānis Kārlis Bērziņš Līga Ņikita Kalniņš Šķēle Žagars Ilgvars Vējonis"),
        ("windows-1257", "Rūta Karklienė Žukas Šimkus Eglė Būga Kučinskas Ąžuolas Jūratė Mažeika"),
        ("windows-1254", "Ayşe Yılmaz Çağlar Muğla Işık İzmir Kırşehir Şükrü Doğan Barış"),
        ("macintosh", "Müller José Großmann Muñoz Köln Schäfer François Zoë Åse Ærø"),
        ("ISO-8859-2", "Kučera Dvořák Łukasz Wałęsa Šimek Żak Růžička Gdańsk Černý Śliwa"),
        ("x-mac-ce", "Kučera Hořava Łukasz Wałęsa Šimek Żak Růžička Gdańsk Černý Wójcik"),
        ("x-mac-turkish", "Ayşe Yılmaz Çağlar Muğla Işık Ankaralı Kırşehir Şükrü Doğan Barış"),
        ("x-mac-turkish", "İzmir İbrahim İsmail Ağca Uğur Eşref Yıldız Aydın Şimşek Şahin"),
        (
            "windows-1257",
            "Kęstutis Kęstas Eglė Jūratė Čiurlionis Žydrūnas Šeškus Ģirts Ķirsis Ēriks",
        ),
        ("windows-1250", "Bőhm Füzesi Kőrösi Śliwa Święcki Dvořák Řezáč Ďuriš Cătălin Mălin"),
        ("x-mac-ce", "Dvořák Hřib Řehoř Śliwa Świder Bőhm Tőke Ňáček Źródło"),
        ("macintosh", "Ipê Müller João Étienne Núñez Skjærgård Ørsted Århus Weiß Citroën"),
    ] {
        for name in names.split(' ') {
            let file = with_one(name, encoding);
            if let Some(read) = sure(&file)
                && !read.of.decode(file.clone()).text.contains(name)
            {
                wrong.push((encoding, name, read.of.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn kanji_alone_are_told_from_chinese_characters() {
    let mut wrong = Vec::new();
    for names in [
        "山田太郎 東京都",
        "鈴木一郎 大阪府",
        "佐藤美咲 札幌市",
        "中村健太 京都市",
        "小林直子 福岡市",
        "田中実 横浜市",
        "伊藤博文 山口県",
        "渡辺和子 新潟県",
        "加藤清 名古屋市",
        "吉田松 長野県",
    ] {
        let row = format!("1,{}\n", names.replace(' ', ","));
        for name in ["EUC-JP", "Shift_JIS"] {
            let file = bytes(&row, name);
            if sure(&file).is_some_and(|it| it.of.decode(file.clone()).text != row) {
                wrong.push((name, names));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    for names in
        ["张伟 北京市", "王芳 上海市", "李娜 广州市", "刘强 深圳市", "陈静 杭州市", "杨军 成都市"]
    {
        let row = format!("1,{}\n", names.replace(' ', ","));
        let file = bytes(&row, "GBK");
        let read = sure(&file).unwrap_or_else(|| panic!("{names}"));
        assert_eq!(read.of.decode(file).text, row);
    }
}

#[test]
fn a_declared_encoding_is_doubted_where_another_fits_far_better() {
    for (text, name, said, expected) in [
        (POLISH, "windows-1250", "windows-1252", Some("windows-1250")),
        (RUSSIAN, "windows-1251", "windows-1252", Some("windows-1251")),
        (GREEK, "windows-1253", "windows-1252", Some("windows-1253")),
        (CZECH, "cp852", "windows-1250", Some("cp852")),
        (WESTERN, "macintosh", "windows-1252", Some("macintosh")),
        (WESTERN, "windows-1252", "cp850", Some("windows-1252")),
        (WESTERN, "windows-1252", "windows-1252", None),
        (WESTERN, "windows-1252", "ISO-8859-15", None),
        (POLISH, "windows-1250", "windows-1250", None),
        (POLISH, "windows-1250", "UTF-16LE", None),
        ("1,Peter\n", "windows-1252", "cp850", None),
    ] {
        let mut detector = Detector::new();
        detector.feed(&bytes(text, name));
        let likelier = detector.likelier(Encoding::named(said).unwrap(), &Hints::default());
        assert_eq!(likelier.map(Encoding::name), expected, "{name} said to be {said}");
    }
}

#[test]
fn signs_of_money_and_punctuation_are_those_of_windows() {
    let mut wrong = Vec::new();
    for text in [
        "owes £50",
        "€50",
        "50 €",
        "paid 12 £ late",
        "O’Brien",
        "D’Angelo",
        "Joe’s",
        "Lee–Smith",
        "1 – 3",
        "Acme™",
        "21°C",
        "90 °",
        "§5",
        "“Bob”",
        "© 2024",
        "Acme…",
        "and friends…",
        "© Acme",
        "Acme® Ltd",
        "® Acme",
        "Zone™ Ltd",
        "N° 5",
        "n° 12",
        "90° Bar",
    ] {
        for region in [None, Some("GB"), Some("DE"), Some("US")] {
            let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(text);
            let row = [b"id,name,note\n1,Ann,", &bytes[..], b"\n"].concat();
            let hints = Hints { region: region.map(str::to_owned), ..Hints::default() };
            match found(&row, hints) {
                Found::Sure(read) if read.of.decode(bytes.to_vec()).text == text => {}
                Found::Sure(read) => wrong.push(format!("{text}: {}", read.of.name())),
                Found::Unread(name) => wrong.push(format!("{text}: {name}")),
                Found::Unsure(it) => {
                    let shown: Vec<_> = it.iter().map(|(e, text)| (e.name(), text)).collect();
                    wrong.push(format!("{text}: {shown:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn signs_inside_of_words_are_no_reading() {
    let (welsh, _, _) = encoding_rs::ISO_8859_14.encode("1,Tŷ\n2,Llŷn\n");
    let johab = b"1,\x8b\xb1\xc0\xe9\xae\x81,\xac\xe1\xb6\x89\n2,\xb7\xa1\xb5w\xd3\x81,\xa6\x81\xace\n3,\xa4b\xa3\xa5\xae\x81,\x94\x81\x8a\x81\n";
    for bytes in [&welsh[..], &johab[..]] {
        let read = sure(bytes).map(|read| read.of.decode(bytes.to_vec()).text);
        assert!(read.as_ref().is_none_or(|text| text.contains('ŷ')), "{read:?}");
    }
    let rare = b"id,first,last,city\n1,\x819\xef1,\xcd\xf5,\xb1\xb1\xbe\xa9\n\
                 2,\xbd\xa8\xb9\xfa,\xc0\xee,\xb9\xe3\xd6\xdd\n";
    assert!(sure(rare).is_none_or(|read| read.of.name() == "GBK"), "four bytes a character");
    let arabic = bytes("1,محمد,القاهرة\n2,فاطمة,بغداد\n3,علي,حسين\n", "cp720");
    let read = sure(&arabic).map(|read| read.of.decode(arabic).text);
    assert!(read.as_ref().is_none_or(|text| text.contains("محمد")), "{read:?}");
}

#[test]
fn what_a_letter_is_as_well_as_a_sign_is_never_a_sign_in_silence() {
    let mut wrong = Vec::new();
    for (text, name) in [
        ("città", "cp850"),
        ("voilà", "cp850"),
        ("qualità", "cp437"),
        ("María", "macintosh"),
        ("García", "macintosh"),
        ("Jesús", "cp850"),
        ("Núñez", "cp850"),
        ("Łódź", "windows-1250"),
        ("Ödön", "cp850"),
        ("Ærø", "cp850"),
        ("Ó Briain", "macintosh"),
    ] {
        let file = with_one(text, name);
        let read = sure(&file).map(|read| (read.of.decode(file).text, read.of.name()));
        if let Some((read, name)) = read.filter(|(read, _)| !read.contains(text)) {
            wrong.push((text, name, read.lines().last().unwrap_or_default().to_owned()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn signs_at_their_places_are_those_of_windows_and_ask_nothing() {
    let mut wrong = Vec::new();
    for text in [
        "called…",
        "asked…",
        "to be continued…",
        "waiting…",
        "and so…",
        "Acme…",
        "they…",
        "etc 5…",
        "…",
        "Acme …",
        "… Acme",
        "Acme ®",
        "Acme ™",
        "Acme ©",
        "©Acme",
        "®Acme",
        "© ACME Ltd",
        "Acme ® Ltd",
        "a ™ b",
        "price in €",
        "see §",
        "—",
        "Acme —",
        "«",
        "• Acme",
    ] {
        let row = bytes(&format!("id,name,note\n1,Ann,{text}\n"), "windows-1252");
        match found(&row, Hints::default()) {
            Found::Sure(read) if read.of.name() == "windows-1252" => {}
            Found::Sure(read) => wrong.push(format!("{text}: {}", read.of.name())),
            Found::Unread(name) => wrong.push(format!("{text}: {name}")),
            Found::Unsure(it) => {
                let shown: Vec<_> = it.iter().map(|(e, text)| (e.name(), text)).collect();
                wrong.push(format!("{text}: {shown:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Where words are English, none ends in `à`.
    let row = bytes("1,Ann,left it…\n", "windows-1252");
    let british = Hints { region: Some("GB".to_owned()), ..Hints::default() };
    assert!(matches!(found(&row, british), Found::Sure(read) if read.of.name() == "windows-1252"));
    let polish = Hints { recorded: Encoding::named("windows-1250"), ..Hints::default() };
    let Found::Sure(read) = found(&bytes("1,©Acme\n", "windows-1250"), polish) else { panic!() };
    assert_eq!(read.of.name(), "windows-1250", "as the source has always sent it");
}

#[test]
fn a_letter_where_a_sign_might_stand_is_never_that_sign_in_silence() {
    let mut wrong = Vec::new();
    for (text, name) in [
        ("Solà", "cp850"),
        ("Canà", "cp850"),
        ("Pas à pas", "cp850"),
        ("Hadů", "cp852"),
        ("Medů", "cp852"),
        ("Domů", "cp852"),
        ("Šimek", "ISO-8859-2"),
        ("ŠIMEK", "ISO-8859-2"),
        ("Žák", "ISO-8859-2"),
        ("Kůs", "x-mac-ce"),
        ("Gyűrű", "ISO-8859-16"),
        ("Tõnu", "cp850"),
        ("Põlva", "cp850"),
    ] {
        let file = with_one(text, name);
        let read = sure(&file).map(|read| (read.of.decode(file).text, read.of.name()));
        if let Some((read, name)) = read.filter(|(read, _)| !read.contains(text)) {
            wrong.push((text, name, read.lines().last().unwrap_or_default().to_owned()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// What a file with that name is read as, after files of the source in that encoding.
fn read_after(text: &str, name: &str, recorded: Option<&str>) -> Result<String, Vec<String>> {
    let file = with_one(text, name);
    let recorded = recorded.map(|name| Encoding::named(name).unwrap());
    match found(&file, Hints { recorded, ..Hints::default() }) {
        Found::Sure(read) => {
            let read = read.of.decode(file).text;
            let last = read.lines().last().unwrap_or_default();
            Ok(last.split(';').nth(2).unwrap_or_default().to_owned())
        }
        Found::Unsure(readings) => Err(readings.into_iter().map(|(_, text)| text).collect()),
        Found::Unread(name) => panic!("{name}"),
    }
}

#[test]
fn what_a_source_has_sent_before_it_sends_again_until_a_file_contradicts_it() {
    let mut wrong = Vec::new();
    for (text, name) in [
        ("Marlow©", "windows-1252"),
        ("Marlow®", "windows-1252"),
        ("‚Marlow‘", "windows-1252"),
        ("¥5", "windows-1252"),
        ("¶ Marlow", "windows-1252"),
        ("Šimek", "windows-1252"),
        ("Žižek", "windows-1252"),
        ("José", "windows-1252"),
        ("Małecki", "windows-1250"),
        ("Gdańsk", "ISO-8859-2"),
        ("Müller", "cp850"),
        ("Müller", "macintosh"),
    ] {
        let read = read_after(text, name, Some(name));
        if read.as_deref() != Ok(text) {
            wrong.push((text, name, read));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (text, name, recorded) in [
        ("José", "cp850", "windows-1252"),
        ("Müller", "macintosh", "windows-1252"),
        ("Łukasz", "windows-1250", "windows-1252"),
        ("José", "windows-1252", "cp850"),
    ] {
        let read = read_after(text, name, Some(recorded));
        assert!(read.as_deref().map_or(true, |read| read == text), "{text} {name}: {read:?}");
    }
}

#[test]
fn a_sign_is_never_another_in_silence() {
    let mut wrong = Vec::new();
    for text in ["Marlow©", "Marlow®", "‚Marlow‘", "¥5", "¶ Marlow", "¢5", "½ Marlow", "±5"]
    {
        let read = read_after(text, "windows-1252", None);
        // Asking is right as well.
        let is_right = read.as_ref().map_or(true, |it| it == text);
        if !is_right {
            wrong.push((text, read));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_file_that_reads_the_same_in_two_encodings_proves_neither() {
    let mut wrong = Vec::new();
    for (text, name, is_proof) in [
        ("Małecki, Gdańsk", "windows-1250", false),
        ("Małecki, Gdańsk", "ISO-8859-2", false),
        ("Dvořák", "windows-1250", false),
        ("Šimek", "windows-1250", false),
        ("Žák Śliwa", "ISO-8859-2", true),
        ("José", "windows-1252", true),
        ("O’Brien", "windows-1252", true),
        ("Иван", "windows-1251", true),
        ("Marlow", "utf-8", false),
        ("José", "utf-8", true),
    ] {
        let mut detector = Detector::new();
        detector.feed(&with_one(text, name));
        let _ = detector.finish(Hints::default());
        if detector.tells(Encoding::named(name).unwrap()) != is_proof {
            wrong.push((text, name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    for name in ["ISO-8859-2", "windows-1250"] {
        let read = read_after("Luža", name, None);
        assert!(read.as_ref().map_or(true, |read| read == "Luža"), "{name}: {read:?}");
    }
}

#[test]
fn two_bytes_that_are_utf8_by_accident_are_asked_about() {
    let mut wrong = Vec::new();
    for (text, name) in [
        ("Íñigo", "cp850"),
        ("Íñaki", "cp850"),
        ("Ķirsis", "ISO-8859-4"),
        ("Davíð", "x-mac-icelandic"),
        ("Ćwik", "x-mac-ce"),
    ] {
        let read = read_after(text, name, None);
        if read.as_ref().is_ok_and(|read| read != text) {
            wrong.push((text, name, read));
        }
    }
    for (text, name, region) in [
        ("Ķirsis", "ISO-8859-4", "LV"),
        ("Davíð", "x-mac-icelandic", "IS"),
        ("Íñigo", "cp850", "ES"),
    ] {
        let file = with_one(text, name);
        let hints = Hints { region: Some(region.to_owned()), ..Hints::default() };
        if let Found::Sure(read) = found(&file, hints)
            && !read.of.decode(file.clone()).text.contains(text)
        {
            wrong.push((text, name, Ok(format!("{region} {}", read.of.name()))));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for text in
        ["Íñigo", "José", "Ж", "Иван", "e\u{301}", "Zoe\u{308}", "שרה", "Ķirsis", "Ćwik", "µ-tec"]
    {
        assert_eq!(read_after(text, "utf-8", None).as_deref(), Ok(text));
    }
}
