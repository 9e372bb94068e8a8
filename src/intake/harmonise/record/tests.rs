use super::*;
use settings::{DecisionSettings, Field, MatchingSettings, Survivorship, Workspace};

const TODAY: Date = jiff::civil::date(2026, 11, 28);

fn record(settings: &Settings, delivered: Vec<(FieldName, String)>) -> Values {
    super::record(settings, "crm", &Reading::default(), delivered, TODAY)
}

fn settings(fields: &[(&str, FieldType)]) -> Settings {
    Settings {
        text: String::new(),
        fingerprint: String::new(),
        workspace: Workspace { name: "test".to_owned(), region: Some("US".to_owned()) },
        fields: fields
            .iter()
            .map(|(name, field_type)| Field {
                name: FieldName::new(name),
                field_type: *field_type,
                sensitive: false,
                about: settings::AboutField::default(),
            })
            .collect(),
        purposes: Vec::new(),
        sources: Vec::new(),
        streams: Vec::new(),
        journeys: Vec::new(),
        measures: Vec::new(),
        segments: Vec::new(),
        codes: Vec::new(),
        rules: Vec::new(),
        matching: MatchingSettings::default(),
        survivorship: Survivorship::default(),
        decisions: DecisionSettings::default(),
        queue: Default::default(),
        by_hand: Default::default(),
        review: Default::default(),
        people: Vec::new(),
        roles: Vec::new(),
        acting: None,
        serve: Default::default(),
        retention: Vec::new(),
        approvals: Vec::new(),
        requests: Default::default(),
        policy: Default::default(),
    }
}

fn delivered(pairs: &[(&str, &str)]) -> Vec<(FieldName, String)> {
    pairs.iter().map(|(name, raw)| (FieldName::new(name), (*raw).to_owned())).collect()
}

#[test]
fn the_country_decides_wherever_it_stands() {
    let settings = settings(&[
        ("phone", FieldType::Phone),
        ("postcode", FieldType::Postcode),
        ("country", FieldType::Country),
    ]);
    let record = record(
        &settings,
        delivered(&[("phone", "020 7946 0104"), ("postcode", "sw1a1aa"), ("country", "England")]),
    );
    assert_eq!(record.standard("phone"), Some("+442079460104"));
    assert_eq!(record.standard("postcode"), Some("SW1A 1AA"));
    assert_eq!(record.standard("country"), Some("GB"));
    let fixed = typed(&settings, "phone", "020 7946 0105", &record, TODAY).unwrap();
    assert_eq!(fixed.standard(), Some("+442079460105"));
}

#[test]
fn an_unreadable_country_leaves_the_workspace_s() {
    let settings = settings(&[("phone", FieldType::Phone), ("country", FieldType::Country)]);
    let record =
        record(&settings, delivered(&[("country", "Atlantis"), ("phone", "217-555-0104")]));
    assert_eq!(record.standard("phone"), Some("+12175550104"));
    assert!(!record.get("country").unwrap().is_readable());
}

#[test]
fn a_full_name_fills_empty_parts_only() {
    let settings = settings(&[
        ("name", FieldType::FullName),
        ("given_name", FieldType::GivenName),
        ("family_name", FieldType::FamilyName),
    ]);
    let whole = record(&settings, delivered(&[("name", "VAN DER BERG, Ludwig")]));
    assert_eq!(whole.standard("given_name"), Some("Ludwig"));
    assert_eq!(whole.standard("family_name"), Some("van der Berg"));
    assert_eq!(whole.get("given_name").unwrap().raw(), "VAN DER BERG, Ludwig");
    let partly = record(&settings, delivered(&[("name", "Tom Pace"), ("given_name", "Thomas")]));
    assert_eq!(partly.standard("given_name"), Some("Thomas"));
    assert_eq!(partly.standard("family_name"), Some("Pace"));
}

#[test]
fn a_suffix_and_a_couple_are_told_from_a_full_name() {
    let settings = settings(&[
        ("name", FieldType::FullName),
        ("given_name", FieldType::GivenName),
        ("family_name", FieldType::FamilyName),
        ("suffix", FieldType::NameSuffix),
    ]);
    for (name, expected) in [
        ("Brambleton, Edgar Jr.", [Some("Edgar"), Some("Brambleton"), Some("Jr")]),
        ("Edgar Brambleton", [Some("Edgar"), Some("Brambleton"), None]),
        ("Peter & Susan Carthorse", [Some("Peter & Susan"), Some("Carthorse"), None]),
        ("Mr & Mrs John Smith", [None, Some("Smith"), None]),
        ("Björk", [None, None, None]),
    ] {
        let record = record(&settings, delivered(&[("name", name)]));
        let parts = ["given_name", "family_name", "suffix"].map(|it| record.standard(it));
        assert_eq!(parts, expected, "{name}");
        assert_eq!(record.get("name").unwrap().raw(), name);
    }
    let own = record(&settings, delivered(&[("name", "Edgar Pace Jr"), ("suffix", "III")]));
    assert_eq!(own.standard("suffix"), Some("III"));
}

#[test]
fn a_legal_form_is_one_in_the_record_s_country() {
    let settings =
        settings(&[("company", FieldType::OrganisationName), ("country", FieldType::Country)]);
    for (company, country, expected) in [
        ("Reno NV", "United States", "Reno NV"),
        ("Tulp NV", "Netherlands", "Tulp N.V."),
        ("Day Spa", "US", "Day Spa"),
        ("Molino Spa", "IT", "Molino S.p.A."),
        ("Rapid EV", "", "Rapid EV"),
    ] {
        let record = record(&settings, delivered(&[("company", company), ("country", country)]));
        assert_eq!(record.standard("company"), Some(expected), "{company}");
    }
}

#[test]
fn records_read_with_a_memory_are_those_read_without() {
    let fields = [
        ("name", FieldType::FullName),
        ("given_name", FieldType::GivenName),
        ("city", FieldType::City),
        ("postcode", FieldType::Postcode),
        ("born", FieldType::DateOfBirth),
        ("country", FieldType::Country),
    ];
    let (settings, reading) = (settings(&fields), Reading::default());
    let mut remembering = Records::of(&settings, "crm", &reading, TODAY).remembering();
    let cells = [
        ["Ann Pace", "", "ST. LOUIS", "1234", "3/4/85", "US"],
        ["Pace, Ann Jr", "ann", "ST. LOUIS", "1234 ab", "1985-03-04", "NL"],
        ["n/a", "Ann", "-", "1234", "nobody knows", "Atlantis"],
    ];
    for turn in 0..27 {
        let row = fields.iter().enumerate().map(|(at, (name, _))| {
            let text = cells[(turn / 3_usize.pow(at as u32 % 3) + at) % 3][at];
            (FieldName::new(name), text.to_owned())
        });
        let row: Vec<_> = row.filter(|(_, text)| !text.is_empty()).collect();
        let once = Records::of(&settings, "crm", &reading, TODAY).read(row.clone());
        let read = remembering.read(row);
        assert_eq!((read.values, read.absent), (once.values, once.absent));
    }
}

#[test]
fn absent_values_are_left_out() {
    let settings = settings(&[("city", FieldType::City)]);
    let record = record(&settings, delivered(&[("city", "n/a"), ("note", " x ")]));
    assert_eq!(record.len(), 1);
    assert_eq!(record.standard("note"), Some("x"));
}

#[test]
fn an_i_without_a_dot_is_read_where_the_record_has_turkish_letters() {
    let settings = settings(&[
        ("given_name", FieldType::GivenName),
        ("family_name", FieldType::FamilyName),
        ("name", FieldType::FullName),
        ("company", FieldType::OrganisationName),
        ("street", FieldType::Street),
        ("city", FieldType::City),
        ("region", FieldType::Region),
        ("address", FieldType::Address),
        ("note", FieldType::Text),
        ("country", FieldType::Country),
    ]);
    let table = [
        ("name", "ALI YILMAZ", "Ali Yilmaz", "Alı Yılmaz"),
        ("company", "KIRIK TICARET", "Kirik Ticaret", "Kırık Tıcaret"),
        ("street", "CINAR SOKAK 5", "Cinar Sokak 5", "Cınar Sokak 5"),
        ("city", "IZMIR", "Izmir", "Izmır"),
        ("region", "KIRIKKALE", "Kirikkale", "Kırıkkale"),
        ("address", "CINAR SOKAK 5, IZMIR", "Cinar Sokak 5, Izmir", "Cınar Sokak 5, Izmır"),
        ("given_name", "", "Ali", "Alı"),
    ];
    let reading = Reading::default();
    let mut records = Records::of(&settings, "crm", &reading, TODAY).remembering();
    for (country, note) in
        [("TR", "PLAIN"), ("TR", "MÜŞTERİ"), ("AZ", "I"), ("AZ", "Ə"), ("TR", "")]
    {
        let row = table.iter().filter(|(_, raw, ..)| !raw.is_empty());
        let row = row.map(|(field, raw, ..)| (*field, *raw));
        let row: Vec<_> = row.chain([("note", note), ("country", country)]).collect();
        let values = records.read(delivered(&row)).values;
        let in_turkish = !note.is_ascii();
        for (field, _, plain, dotless) in table {
            let expected = if in_turkish { dotless } else { plain };
            assert_eq!(values.standard(field), Some(expected), "{country} {note}");
        }
        let typed = typed(&settings, "given_name", "ALI", &values, TODAY).unwrap();
        assert_eq!(typed.standard(), values.standard("given_name"), "{country} {note}");
    }
    let small = record(&settings, delivered(&[("city", "izmir"), ("country", "TR")]));
    assert_eq!(small.standard("city"), Some("İzmir"), "a small i has its dot");
}

#[test]
fn an_i_with_its_dot_proves_turkish_for_names_that_have_its_letters() {
    let settings = settings(&[("given", FieldType::GivenName), ("family", FieldType::FamilyName)]);
    for (given, family, expected) in [
        ("İLKER", "IŞIK", "Işık"),
        ("İLKER", "YAĞIZ", "Yağız"),
        ("İLKER", "SCHMIDT", "Schmidt"),
        ("ILKER", "IŞIK", "Işik"),
    ] {
        let read = record(&settings, delivered(&[("given", given), ("family", family)]));
        assert_eq!(read.standard("family"), Some(expected), "{given} {family}");
    }
}
