//! How many whole records are harmonised in a second, and which kind of value costs most.
//!
//! `cargo bench --bench harmonise`

#![allow(missing_docs)]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use domain::{FieldName, FieldType, Reading};
use intake::harmonise::{Context, record, value};
use settings::{
    DecisionSettings, Field, MatchingSettings, QueueSettings, Settings, Survivorship, Workspace,
};

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 28);

/// A customer record of ten fields: type, a tidy value, an untidy one, one from elsewhere.
const FIELDS: [(FieldType, [&str; 3]); 10] = [
    (FieldType::GivenName, ["Thomas", "THOMAS", "Anna-Lena"]),
    (FieldType::FamilyName, ["Pace", "mcdonald", "Müller"]),
    (FieldType::Email, ["thomas.pace@example.com", " T.Pace@EXAMPLE.com", "anna@example.org"]),
    (FieldType::Phone, ["+12175550104", "(217) 555-0104 ext. 12", "030 55501040"]),
    (FieldType::Street, ["12 Rose Lane", "900 HILL RD APT 4", "Hauptstr. 5"]),
    (FieldType::City, ["Springfield", "ST. LOUIS", "Köln"]),
    (FieldType::Region, ["IL", "Missouri", "NRW"]),
    (FieldType::Postcode, ["62704", "631031234", "50667"]),
    (FieldType::Country, ["US", "United States", "Deutschland"]),
    (FieldType::DateOfBirth, ["1984-03-12", "3/12/1984", "12.03.1984"]),
];

fn settings() -> Settings {
    Settings {
        text: String::new(),
        fingerprint: String::new(),
        workspace: Workspace { name: "bench".to_owned(), region: Some("US".to_owned()) },
        fields: FIELDS
            .iter()
            .map(|(field_type, _)| Field::plain(FieldName::new(field_type.name()), *field_type))
            .collect(),
        sources: Vec::new(),
        streams: Vec::new(),
        journeys: Vec::new(),
        measures: Vec::new(),
        segments: Vec::new(),
        codes: Vec::new(),
        rules: Vec::new(),
        matching: MatchingSettings::default(),
        by_hand: Default::default(),
        survivorship: Survivorship::default(),
        decisions: DecisionSettings::default(),
        queue: QueueSettings::default(),
        review: Default::default(),
        people: Vec::new(),
        roles: Vec::new(),
        purposes: Vec::new(),
        retention: Vec::new(),
        approvals: Vec::new(),
        requests: Default::default(),
        policy: Default::default(),
        acting: None,
        serve: Default::default(),
    }
}

fn delivered(variant: usize) -> Vec<(FieldName, String)> {
    FIELDS
        .iter()
        .map(|(field_type, values)| (FieldName::new(field_type.name()), values[variant].to_owned()))
        .collect()
}

fn records(criterion: &mut Criterion) {
    let settings = settings();
    let mut group = criterion.benchmark_group("record");
    group.throughput(Throughput::Elements(1));
    for (variant, name) in ["tidy", "untidy", "german"].into_iter().enumerate() {
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || delivered(variant),
                |delivered| record(&settings, "crm", &Reading::default(), delivered, TODAY),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn values(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("value");
    for (field_type, values) in FIELDS {
        for (raw, country) in values.into_iter().zip(["US", "US", "DE"]) {
            let context = Context { country: Some(country), ..Context::of("US", TODAY) };
            group.bench_function(format!("{} {raw}", field_type.name()), |bencher| {
                bencher.iter(|| value(field_type, std::hint::black_box(raw), &context));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, records, values);
criterion_main!(benches);
