//! Laws of the whole engine, on small invented data sets.

mod beyond;
mod by_hand;
mod contested;
mod coverage;
mod either_gender;
mod generations;
mod households;
mod identity;
mod joins;
mod ladder;
mod learned;
mod likeness;
mod meeting;
mod ordered;
mod rerun;
mod second_pass;
mod splink;
mod two_in_writing;

use proptest::prelude::*;

use domain::fingerprint::Fingerprinter;
use domain::{FieldName, FieldType, RecordId, Value, Values};
use settings::{DecisionSettings, Field, MatchingSettings, Settings, Survivorship, Workspace};

use super::cluster::Sets;
use super::compare::{Cache, comparisons};
use super::portrait::Kind;
use super::splink::CarriedModel;
use super::*;

const FIELDS: [(&str, FieldType); 9] = [
    ("given", FieldType::GivenName),
    ("family", FieldType::FamilyName),
    ("company", FieldType::OrganisationName),
    ("birth", FieldType::DateOfBirth),
    ("email", FieldType::Email),
    ("mobile", FieldType::Phone),
    ("street", FieldType::Street),
    ("postcode", FieldType::Postcode),
    ("vat", FieldType::Identifier),
];

pub(super) fn settings() -> Settings {
    Settings {
        text: String::new(),
        fingerprint: String::new(),
        workspace: Workspace { name: "test".to_owned(), region: Some("US".to_owned()) },
        fields: FIELDS
            .map(|(name, field_type)| Field {
                name: FieldName::new(name),
                field_type,
                sensitive: false,
                about: settings::AboutField::default(),
            })
            .to_vec(),
        purposes: Vec::new(),
        sources: Vec::new(),
        streams: Vec::new(),
        journeys: Vec::new(),
        measures: Vec::new(),
        segments: Vec::new(),
        codes: Vec::new(),
        rules: Vec::new(),
        matching: MatchingSettings::default(),
        by_hand: Default::default(),
        review: Default::default(),
        survivorship: Survivorship::default(),
        decisions: DecisionSettings::default(),
        queue: Default::default(),
        people: Vec::new(),
        roles: Vec::new(),
        serve: Default::default(),
        retention: Vec::new(),
        approvals: Vec::new(),
        requests: Default::default(),
        policy: Default::default(),
        acting: None,
    }
}

fn values(texts: &[&str]) -> Values {
    FIELDS
        .iter()
        .zip(texts)
        .filter(|(_, text)| !text.is_empty())
        .map(|((name, _), text)| (FieldName::new(name), Value::as_delivered(text)))
        .collect()
}

fn fingerprinter() -> Fingerprinter {
    Fingerprinter::new([3; 32])
}

/// A small customer base: two couples, a company twice, strangers, three true duplicates.
fn people() -> Vec<Values> {
    [
        [
            "Robert",
            "Ashdown",
            "",
            "1971-06-24",
            "rob@example.com",
            "+12175550101",
            "12 Hill Street",
            "62701",
            "",
        ],
        ["Bob", "Ashdown", "", "1971-06-24", "", "+12175550101", "12 Hill St", "62701", ""],
        ["Helen", "Ashdown", "", "1973-01-30", "", "+12175550101", "12 Hill Street", "62701", ""],
        ["Miriam", "Velasko", "", "1988-03-05", "miriam.velasko@example.org", "", "", "", ""],
        [
            "Miriam",
            "Velasco",
            "",
            "1988-05-03",
            "miriam.velasko@example.org",
            "+13125550177",
            "",
            "60601",
            "",
        ],
        ["Jonas", "Threlkeld", "", "1960-12-01", "", "+13125550123", "5 Oak Avenue", "60602", ""],
        ["Threlkeld", "Jonas", "", "1960-12-01", "", "", "5 Oak Ave", "60602", ""],
        [
            "Clara",
            "Threlkeld",
            "",
            "1961-02-11",
            "clara@example.net",
            "",
            "5 Oak Avenue",
            "60602",
            "",
        ],
        [
            "Piotr",
            "Nowicki",
            "",
            "1990-09-09",
            "piotr@example.com",
            "",
            "77 Lake Road",
            "60699",
            "",
        ],
        ["Ana", "Quint", "", "1955-10-31", "", "+12175550199", "", "", ""],
        ["", "", "Acme Tools Inc", "", "office@acme.example", "", "1 Mill Lane", "62702", "DE811"],
        ["", "", "Acme Tools", "", "", "+12175550188", "1 Mill Lane", "62702", "DE811"],
        ["", "", "Globex Paper GmbH", "", "", "", "9 Mill Lane", "62702", ""],
    ]
    .iter()
    .map(|texts| values(texts))
    .collect()
}

fn columns(records: &[(u32, Values)]) -> Columns {
    let mut builder = ColumnsBuilder::new(&settings());
    for (record, values) in records {
        builder.push(RecordId(*record), values);
    }
    builder.finish()
}

fn numbered() -> Vec<(u32, Values)> {
    (0..).zip(people()).collect()
}

fn matched(columns: &Columns, constraints: &Constraints, clusters: &[Vec<RecordId>]) -> Outcome {
    matched_with(columns, constraints, clusters, &[], None)
}

fn matched_with(
    columns: &Columns,
    constraints: &Constraints,
    clusters: &[Vec<RecordId>],
    ladder: &[f64],
    carried: Option<&CarriedModel>,
) -> Outcome {
    let request = Request {
        columns,
        constraints,
        clusters,
        thresholds: MatchingSettings::default(),
        fingerprinter: &fingerprinter(),
        ladder,
        carried,
    };
    run(&request, &Silent).unwrap()
}

/// Every group the run would show or merge.
fn groups(outcome: &Outcome) -> Vec<Vec<RecordId>> {
    let proposed = outcome.proposals.iter().map(|proposal| proposal.records.clone());
    proposed.chain(outcome.auto.iter().map(|auto| auto.records.clone())).collect()
}

fn together(outcome: &Outcome, a: u32, b: u32) -> bool {
    groups(outcome).iter().any(|it| it.contains(&RecordId(a)) && it.contains(&RecordId(b)))
}

#[test]
fn a_handful_of_records_is_matched_sensibly() {
    let columns = columns(&numbered());
    let outcome = matched(&columns, &Constraints::default(), &[]);
    for (a, b) in [(0, 1), (3, 4), (5, 6), (10, 11)] {
        assert!(together(&outcome, a, b), "{a} and {b} are one: {outcome:#?}");
    }
    for (a, b) in [(0, 2), (5, 7), (8, 9), (10, 12), (0, 5)] {
        assert!(!together(&outcome, a, b), "{a} and {b} are two");
    }
}

#[test]
fn two_records_alone_get_a_plausible_score() {
    let all = people();
    for (a, b, least, most) in [(0, 1, 0.9, 1.0), (0, 2, 0.0, 0.5), (0, 8, 0.0, 0.01)] {
        let pair = [(0, all[a].clone()), (1, all[b].clone())];
        let outcome = matched(&columns(&pair), &Constraints::default(), &[]);
        let found = score(&outcome.model, &settings(), &fingerprinter(), &all[a], &all[b]);
        assert!((least..=most).contains(&found), "{a} {b}: {found}");
    }
}

#[test]
fn the_order_of_input_changes_nothing() {
    // Once every pair is compared, once blocking rules say which.
    for forward in [numbered(), many(2400)] {
        let backward: Vec<_> = forward.iter().rev().cloned().collect();
        let none = Constraints::default();
        let outcome = matched(&columns(&forward), &none, &[]);
        assert_eq!(outcome, matched(&columns(&backward), &none, &[]));
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    for count in [600, 2400] {
        let columns = columns(&many(count));
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| matched(&columns, &Constraints::default(), &[]))
        };
        assert_eq!(on(1), on(3));
    }
}

/// Invented people, every third delivered twice with a slip.
fn many(count: u32) -> Vec<(u32, Values)> {
    let given = ["Ada", "Boris", "Chloe", "Dmitri", "Elena", "Farid", "Greta", "Hugo", "Ines"];
    let starts =
        ["Bro", "Cal", "Del", "Fen", "Gar", "Hol", "Jan", "Kel", "Mor", "Nib", "Pra", "Tul"];
    let middles = ["bur", "dom", "gath", "kis", "lop", "mun", "ras", "vex"];
    let ends = ["berg", "cott", "dahl", "ford", "mann", "quist", "sen", "wick"];
    let pick = |list: &[&'static str], person: u32, seed: u64| {
        list[(hash::mix(seed, u64::from(person)) >> 33) as usize % list.len()]
    };
    (0..count)
        .map(|number| {
            let person = if number % 3 == 2 { number - 1 } else { number };
            let draw = |seed, below| (hash::mix(seed, u64::from(person)) >> 40) % below;
            let given = pick(&given, person, 1);
            let family = [(&starts[..], 2), (&middles[..], 3), (&ends[..], 4)]
                .map(|(list, seed)| pick(list, person, seed))
                .concat();
            let slip = if number % 3 == 2 { "x" } else { "" };
            let birth =
                format!("19{:02}-{:02}-{:02}", draw(5, 60) + 40, draw(6, 12) + 1, draw(7, 28) + 1);
            let email = format!("{given}.{family}{}@example.com", draw(8, 90)).to_lowercase();
            let street = format!("{} Mill{slip} Lane", draw(9, 900) + 1);
            (number, values(&[given, &family, "", &birth, &email, "", &street, "62701", ""]))
        })
        .collect()
}

#[test]
fn blocking_finds_what_comparing_every_pair_would() {
    // More rows than are compared pair by pair, so that rules and the drawn sample are used.
    let records = many(2400);
    let columns = columns(&records);
    let outcome = matched(&columns, &Constraints::default(), &[]);
    let truth = evaluate::Truth::new(records.iter().map(|(number, _)| {
        (RecordId(*number), if number % 3 == 2 { number - 1 } else { *number })
    }));
    let groups = groups(&outcome);
    let quality = truth.of_groups(groups.iter().map(Vec::as_slice));
    assert!(quality.precision > 0.99 && quality.recall > 0.99, "{quality:?}");
    assert!(outcome.report.kinds[0].rules.len() > 1);
}

#[test]
fn decisions_are_never_violated() {
    let columns = columns(&numbered());
    let pair = |a, b| (RecordId(a), RecordId(b));
    let constraints = Constraints {
        must_link: vec![pair(8, 9)],
        cannot_link: vec![pair(0, 1), pair(10, 11)],
        ..Constraints::default()
    };
    let outcome = matched(&columns, &constraints, &[]);
    assert!(!together(&outcome, 0, 1) && !together(&outcome, 10, 11));
    for group in groups(&outcome) {
        assert_eq!(group.contains(&RecordId(8)), group.contains(&RecordId(9)), "{group:?}");
    }
}

#[test]
fn existing_customers_are_never_split_nor_proposed_again() {
    let columns = columns(&numbered());
    let clusters = [vec![RecordId(0), RecordId(1)], vec![RecordId(3), RecordId(8)]];
    let outcome = matched(&columns, &Constraints::default(), &clusters);
    for group in groups(&outcome) {
        for cluster in &clusters {
            let inside = cluster.iter().filter(|record| group.contains(record)).count();
            assert!(inside == 0 || inside == cluster.len(), "{group:?}");
        }
        assert!(!clusters.contains(&group), "nothing is left to decide in {group:?}");
    }
}

fn each_pair(model: &Model, columns: &Columns, see: &mut dyn FnMut(ScoredPair<'_>)) {
    let mut sink = |pair: ScoredPair<'_>| -> Result<(), Cancelled> {
        see(pair);
        Ok(())
    };
    scored_pairs(model, columns, &fingerprinter(), &Silent, &mut sink).unwrap();
}

#[test]
fn scores_and_explanations_are_those_of_the_run() {
    let records = numbered();
    let columns = columns(&records);
    let outcome = matched(&columns, &Constraints::default(), &[]);
    let mut seen = 0;
    each_pair(&outcome.model, &columns, &mut |pair| {
        let (a, b) = (&records[pair.left.index()].1, &records[pair.right.index()].1);
        let alone = score(&outcome.model, &settings(), &fingerprinter(), a, b);
        assert_eq!(alone, pair.probability, "{:?}", (pair.left, pair.right));
        let why = explain(&outcome.model, &settings(), &fingerprinter(), a, b);
        let sum = why.prior_weight + why.steps.iter().map(|step| step.weight).sum::<f64>();
        assert!((sum - pair.weight).abs() < 1e-9 && why.match_weight == pair.weight);
        assert!((why.classes.iter().map(|(_, chance)| chance).sum::<f64>() - 1.0).abs() < 1e-9);
        seen += 1;
    });
    assert_eq!(seen, 10 * 9 / 2 + 3, "every pair of persons and of organisations");
}

#[test]
fn a_model_survives_its_stored_form_and_holds_no_value() {
    let records = numbered();
    let outcome = matched(&columns(&records), &Constraints::default(), &[]);
    let text = serde_json::to_string(&outcome.model).unwrap();
    for value in ["ashdown", "Ashdown", "1971-06", "example.com", "hill", "acme"] {
        assert!(!text.contains(value), "{value}");
    }
    let read: Model = serde_json::from_str(&text).unwrap();
    for (a, b) in [(0, 1), (3, 4), (0, 2)] {
        let with =
            |model| score(model, &settings(), &fingerprinter(), &records[a].1, &records[b].1);
        assert!((with(&outcome.model) - with(&read)).abs() < 1e-9);
    }
}

#[test]
fn within_one_model_other_records_do_not_change_a_score() {
    let records = many(90);
    let outcome = matched(&columns(&records), &Constraints::default(), &[]);
    let scores = |columns: &Columns| {
        let mut scores = Vec::new();
        each_pair(&outcome.model, columns, &mut |pair| {
            if pair.right.0 < 90 {
                scores.push((pair.left, pair.right, pair.probability));
            }
        });
        scores
    };
    let mut more = records.clone();
    more.push((90, people()[3].clone()));
    assert_eq!(scores(&columns(&records)), scores(&columns(&more)));
}

#[test]
fn what_many_unlike_people_share_is_no_evidence() {
    let mut records = many(60);
    for (_, values) in records.iter_mut().take(30) {
        values.set(FieldName::new("mobile"), Value::as_delivered("+18005550100"));
    }
    let outcome = matched(&columns(&records), &Constraints::default(), &[]);
    let crowded: Vec<_> = outcome.report.crowded.iter().map(|it| it.aspect.as_str()).collect();
    assert_eq!(crowded, ["phone"]);
    let why = explain(&outcome.model, &settings(), &fingerprinter(), &records[0].1, &records[3].1);
    assert!(why.steps.iter().all(|step| step.comparison != "phone"), "{why:?}");
}

#[test]
fn no_records_and_cancelled_runs() {
    let none = Constraints::default();
    let outcome = matched(&columns(&[]), &none, &[]);
    assert!(outcome.auto.is_empty() && outcome.proposals.is_empty());

    struct Impatient;
    impl Progress for Impatient {
        fn phase(&self, _: &str, _: Option<u64>) {}
        fn advance(&self, _: u64) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let columns = columns(&numbered());
    let request = Request {
        columns: &columns,
        constraints: &none,
        clusters: &[],
        thresholds: MatchingSettings::default(),
        fingerprinter: &fingerprinter(),
        ladder: &[],
        carried: None,
    };
    assert_eq!(run(&request, &Impatient), Err(Cancelled));
}

fn any_values() -> impl Strategy<Value = Values> {
    let name = || prop_oneof![Just(String::new()), "[A-C][a-d]{1,7}( [A-C][a-c]{0,4})?"];
    (
        name(),
        name(),
        prop_oneof![3 => Just(String::new()), 1 => "[A-C][a-d]{2,8} (Inc|GmbH)"],
        prop_oneof![Just(String::new()), "19[67][0-9]-0[1-9]-0[1-9]"],
        prop_oneof![Just(String::new()), "[a-c]{4,7}@example.(com|org)"],
        prop_oneof![Just(String::new()), "\\+1217555[0-9]{4}"],
        prop_oneof![Just(String::new()), "[0-9]{1,3} [A-C][a-c]{2,6} (St|Road)( Apt [0-9])?"],
        prop_oneof![Just(String::new()), "6270[0-9]"],
    )
        .prop_map(|(given, family, company, birth, email, mobile, street, postcode)| {
            values(&[&given, &family, &company, &birth, &email, &mobile, &street, &postcode, ""])
        })
}

proptest! {
    #[test]
    fn comparisons_are_symmetric(a in any_values(), b in any_values()) {
        let columns = columns(&[(0, a), (1, b)]);
        for kind in [Kind::Person, Kind::Organisation] {
            for comparison in comparisons(&columns.layout, kind) {
                let there = comparison.grade(&columns, 0, 1, &mut Cache::new());
                let back = comparison.grade(&columns, 1, 0, &mut Cache::new());
                prop_assert_eq!(there, back, "{}", comparison.name);
                prop_assert!(usize::from(there) <= comparison.subject.levels().len());
            }
        }
    }

    #[test]
    fn scores_are_symmetric_probabilities(a in any_values(), b in any_values()) {
        let outcome = matched(&columns(&numbered()), &Constraints::default(), &[]);
        let score = |a, b| score(&outcome.model, &settings(), &fingerprinter(), a, b);
        let (there, back) = (score(&a, &b), score(&b, &a));
        prop_assert!((there - back).abs() < 1e-12);
        prop_assert!((0.0..=1.0).contains(&there));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_people_decide_is_never_violated(
        must in proptest::collection::vec((0_u32..60, 0_u32..60), 0..6),
        cannot in proptest::collection::vec((0_u32..60, 0_u32..60), 0..6),
    ) {
        // What is said to be one customer cannot be said to be two as well.
        let mut sets = Sets::new(60);
        must.iter().for_each(|(a, b)| sets.join(*a, *b));
        let customer = sets.roots();
        let pair = |(a, b): (u32, u32)| (RecordId(a), RecordId(b));
        let apart = |(a, b): &(u32, u32)| customer[*a as usize] != customer[*b as usize];
        let constraints = Constraints {
            must_link: must.into_iter().map(pair).collect(),
            cannot_link: cannot.into_iter().filter(apart).map(pair).collect(),
            ..Constraints::default()
        };
        let outcome = matched(&columns(&many(60)), &constraints, &[]);
        for group in groups(&outcome) {
            for (a, b) in &constraints.must_link {
                prop_assert_eq!(group.contains(a), group.contains(b));
            }
            for (a, b) in &constraints.cannot_link {
                prop_assert!(!group.contains(a) || !group.contains(b), "{:?}", group);
            }
        }
    }
}
