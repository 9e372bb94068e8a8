//! A person of two records, and others whose values are marked.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::Stop;
use crate::export::Format;
use crate::jobs::Dataset;
use crate::testing::{self, TWO_SOURCES, TestDesk, whole};
use domain::{FieldName, ReasonCode, RecordId};
use door::operations::Export;
use door::{Action, Pick, Request, Rest};

const CRM: &str = "id,first,last,born,mail,tel,modified,ok,segment\n\
    1001,Tomas,PACEK,03/12/1984,t.pacek.at.example.com,(555) 010-4477,2026-02-01,yes,gold\n\
    2002,Zyxada,Zyxokafo,1990-01-02,zyx.ada@example.com,555-010-9902,2026-02-01,no,zyxsilver\n\
    3003,Zyxnoa,Zyxlind,1991-03-04,zyx.noa@example.org,555-010-9903,2026-02-01,no,zyxbronze\n\
    1001,Tomas,Again,,,(555) 010-4477,,,,more\n";
const SHOP: &str = "id,first,last,born,mail,tel,ok\n\
    a77,Tom,Pacek,1984-03-12,t.pacek@example.com,555-010-4477,no\n\
    b88,Zyxberta,Zyxnord,1971-05-06,zyx.berta@example.org,,yes\n\
    a77,Tom,Pacek,,,,,more\n\
    a77,Zyxcleo,Zyxmarsh,,,,,more\n";

fn merge(groups: &[&[u32]], picks: BTreeMap<FieldName, Pick>) -> Action {
    let groups = groups.iter().map(|group| group.iter().copied().map(CustomerId).collect());
    Action::Merge { groups: groups.collect(), into: None, picks, rest: Rest::Stay }
}

fn noted(action: Action, note: &str) -> Request {
    let mut request = Request::new(action);
    request.note = Some(note.to_owned());
    request
}

fn correct(field: &str, value: &str) -> Action {
    let values = BTreeMap::from([(FieldName::new(field), value.to_owned())]);
    Action::Correct {
        record: "crm:1001".parse().unwrap(),
        values,
        chosen: BTreeMap::new(),
        cleared: Vec::new(),
    }
}

/// C1 is crm:1001 and shop:a77; all others are strangers with marked values.
fn workspace() -> TestDesk {
    let with_consent = TWO_SOURCES
        .replace("[sources.crm]", "[fields.consent]\ntype = \"consent\"\n\n[sources.crm]")
        .replace("phone = \"tel\" }", "phone = \"tel\", consent = \"ok\" }");
    let mut desk = TestDesk::new(&with_consent);
    desk.import("crm", CRM);
    desk.import("shop", SHOP);
    desk.ask(noted(merge(&[&[1, 4]], BTreeMap::new()), "one and the same"));
    let typed = BTreeMap::from([(FieldName::new("given_name"), Pick::Typed("Thomas".into()))]);
    desk.act(Action::Pin { customer: CustomerId(1), picks: typed });
    desk.ask(noted(correct("email", "tomas@example.com"), "he wrote to us"));
    let apart = Action::NotAMatch { groups: vec![vec![CustomerId(1)], vec![CustomerId(2)]] };
    let mut apart = noted(apart, "not Zyxada, who lives next door");
    apart.reason = Some(ReasonCode::new("household"));
    desk.ask(apart);
    // A mistake, in which a stranger's value was taken, and taken back.
    let taken = BTreeMap::from([(FieldName::new("phone"), Pick::From(RecordId(2)))]);
    let wrong = desk.ask(noted(merge(&[&[1, 3]], taken), "same as Zyxnoa"));
    desk.act(Action::Undo {
        decisions: vec![wrong.decision],
        with_dependents: false,
        choices: Default::default(),
    });
    desk.clock.advance(3_600);
    desk.import("crm", &CRM.replace("PACEK", "Paczek").replace(",yes,gold", ",no,gold"));
    desk
}

fn json_of(report: &SubjectReport) -> Value {
    serde_json::to_value(report).unwrap()
}

#[test]
fn everything_held_on_the_person_is_in_it() {
    let desk = workspace();
    let report = desk.desk.subject(CustomerId(4)).unwrap_or_else(|_| panic!("C4 leads to C1"));
    let json = json_of(&report);
    assert_eq!((&json["customer"], &json["merged_ids"]), (&json!("C1"), &json!(["C4"])));
    let of = |field: &str| {
        report.golden.iter().find(|held| held.field.as_str() == field).unwrap().clone()
    };
    assert_eq!((of("given_name").value.as_str(), of("given_name").strategy), ("Thomas", None));
    assert_eq!(of("given_name").decision.unwrap().to_string(), "D2");
    assert_eq!(of("family_name").value, "Paczek");
    assert_eq!(of("family_name").record.unwrap().to_string(), "crm:1001");
    assert!(of("family_name").strategy.is_some());
    assert_eq!(json["pins"][0]["value"], "Thomas");

    let crm = &json["records"][0];
    assert_eq!((&crm["record"], &crm["owner"]), (&json!("crm:1001"), &json!("crm team")));
    let email = crm["values"].as_array().unwrap().iter().find(|it| it["field"] == "email").unwrap();
    assert_eq!(email["delivered"], "t.pacek.at.example.com");
    assert_eq!(
        (&email["value"], &email["correction"]),
        (&json!("tomas@example.com"), &json!("D3"))
    );
    assert_eq!(crm["unmapped"], json!([{"column": "segment", "value": "gold"}]));
    let revisions = crm["revisions"].as_array().unwrap();
    assert_eq!(revisions.len(), 2);
    assert_eq!((&revisions[0]["file"], &revisions[0]["line"]), (&json!("crm.csv"), &json!(2)));
    assert_eq!((&revisions[0]["import"], &revisions[1]["import"]), (&json!("I1"), &json!("I3")));
    assert_ne!(revisions[0]["imported"], revisions[1]["imported"]);
    let family = json!({"field": "family_name", "delivered": "PACEK", "harmonised": "Pacek"});
    assert!(revisions[0]["values"].as_array().unwrap().contains(&family), "{revisions:?}");
    assert_eq!(json["records"][1]["record"], "shop:a77");

    let consent: Vec<(String, Option<String>)> = report
        .consent
        .iter()
        .map(|it| (it.record.clone().unwrap().to_string(), it.value.clone()))
        .collect();
    let said = |record: &str, value: &str| (record.to_owned(), Some(value.to_owned()));
    assert_eq!(consent, [said("crm:1001", "yes"), said("shop:a77", "no"), said("crm:1001", "no")]);

    let verdicts: Vec<_> = report.decisions.iter().map(|held| held.verdict).collect();
    assert_eq!(verdicts, ["merge", "pin", "correct", "not-a-match", "merge", "undo"]);
    let [own, _, corrected, apart, wrong, undone] = report.decisions.as_slice() else {
        panic!("six decisions");
    };
    assert_eq!((own.note.as_deref(), own.withheld), (Some("one and the same"), false));
    assert_eq!(own.records.len(), 2);
    assert_eq!(corrected.values[0].delivered, "tomas@example.com");
    assert_eq!(corrected.note.as_deref(), Some("he wrote to us"));
    assert_eq!((apart.reason.as_ref().unwrap().as_str(), apart.withheld), ("household", true));
    assert_eq!(apart.others, [CustomerId(2)]);
    assert_eq!((wrong.others.as_slice(), wrong.withheld), (&[CustomerId(3)][..], true));
    assert_eq!(wrong.undone_by, Some(undone.decision));
    assert!(!report.tasks.is_empty(), "the broken e-mail address made a task");
    assert!(report.memberships.iter().any(|it| it.what.starts_with("C4 merged into C1 by D1")));
}

#[test]
fn no_value_key_or_note_of_another_person_is_in_it() {
    let mut desk = workspace();
    let mut texts = vec![Vec::new(), Vec::new()];
    let formats = SubjectFormat::ALL.into_iter().zip(&mut texts);
    let outputs = formats.map(|(format, out)| SubjectOutput {
        format,
        destination: testing::destination(&format!("person.{}", format.name())),
        out,
    });
    let mut outputs: Vec<SubjectOutput<'_>> = outputs.collect();
    let report = desk.desk.hand_over_subject(CustomerId(1), None, &mut outputs);
    let report = report.unwrap_or_else(|_| panic!("it is handed over"));
    for text in texts {
        // The ledger's hash holds any few letters and digits by chance.
        let text = String::from_utf8(text).unwrap().to_lowercase().replace(&report.hash, "");
        assert!(text.contains("tomas") && text.contains("paczek"));
        for other in ["zyx", "2002", "3003", "b88", "0109902", "0109903", "next door"] {
            assert!(!text.contains(other), "{other} is in {text}");
        }
    }
    // Two decisions, and the row with the person's key and a stranger's name.
    assert_eq!(report.withheld, 3, "{report:?}");
}

#[test]
fn a_quarantined_row_is_handed_over_only_where_more_than_its_key_is_theirs() {
    let desk = workspace();
    let report = desk.desk.subject(CustomerId(1)).unwrap_or_else(|_| panic!("there is C1"));
    let rows: Vec<_> =
        report.quarantine.iter().map(|row| (row.line, row.text.as_deref())).collect();
    let ragged = "1001,Tomas,Again,,,(555) 010-4477,,,,more";
    // The changed CRM delivered the row as the first import had it: it stays where it was.
    assert_eq!(rows, [(5, Some(ragged)), (4, Some("a77,Tom,Pacek,,,,,more")), (5, None)]);
    assert!(report.quarantine[0].reason.contains("10 fields"), "{:?}", report.quarantine[0]);
    // Nobody else's report has them.
    let other = desk.desk.subject(CustomerId(2)).unwrap_or_else(|_| panic!("there is C2"));
    assert_eq!(other.quarantine, []);
}

#[test]
fn exports_are_told_as_far_as_they_are_known() {
    let mut desk = workspace();
    let export = |desk: &mut TestDesk, dataset, since: Option<&str>, name: &str| {
        let since = since.map(|since| since.parse().unwrap());
        let destination = testing::destination(name);
        desk.export(&Export { since, destination, ..whole(dataset, Format::Csv) });
    };
    export(&mut desk, Dataset::Golden, None, "all.csv");
    export(&mut desk, Dataset::Tasks, None, "tasks.csv");
    export(&mut desk, Dataset::Records, Some("2026-03-01T10:00:00Z"), "changed.csv");
    export(&mut desk, Dataset::Records, Some("2026-04-01T10:00:00Z"), "nothing.csv");
    let early = Some("2026-03-01T08:00:00Z".parse().unwrap());
    let before = Export { at: early, ..whole(Dataset::Golden, Format::Csv) };
    assert!(testing::export(&mut desk.desk, &before, std::io::sink()).is_err());
    for customer in [1, 2] {
        let mut out = Vec::new();
        let format = SubjectFormat::Json;
        let output = SubjectOutput {
            format,
            destination: testing::destination(&format!("C{customer}.json")),
            out: &mut out,
        };
        let done = desk.desk.hand_over_subject(CustomerId(customer), None, &mut [output]);
        assert!(done.is_ok());
    }
    let report = desk.desk.subject(CustomerId(1)).unwrap_or_else(|_| panic!("there is C1"));
    let told: Vec<_> =
        report.exports.iter().map(|it| (it.destination.as_str(), it.certain)).collect();
    // Nobody is in what has no rows.
    let expected =
        [("all.csv", true), ("tasks.csv", false), ("changed.csv", true), ("C1.json", true)];
    assert_eq!(told, expected);
    assert_eq!(report.exports[0].actor, "kim");
}

#[test]
fn handing_over_is_an_event_for_each_file_and_looking_is_none() {
    let mut desk = workspace();
    let head = desk.desk.facts().view.head().unwrap().unwrap().0;
    let looked = desk.desk.subject(CustomerId(1)).unwrap_or_else(|_| panic!("there is C1"));
    assert_eq!(desk.desk.facts().view.head().unwrap().unwrap().0, head);
    let (mut json, mut html) = (Vec::new(), Vec::new());
    let mut outputs = [
        SubjectOutput {
            format: SubjectFormat::Json,
            destination: testing::destination("p.json"),
            out: &mut json,
        },
        SubjectOutput {
            format: SubjectFormat::Html,
            destination: testing::destination("p.html"),
            out: &mut html,
        },
    ];
    let done = desk.desk.hand_over_subject(CustomerId(4), None, &mut outputs);
    let done = done.unwrap_or_else(|_| panic!("it is handed over"));
    assert_eq!(done, looked);
    let commit = desk.desk.facts().commit(head.next().next()).unwrap();
    let told: Vec<_> = commit
        .events
        .iter()
        .map(|event| match event {
            Event::Exported(it) => (it.dataset.as_str(), it.filter.as_str(), it.up_to),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, [("subject", "C1", head), ("subject", "C1", head)]);
    let unknown = desk.desk.subject(CustomerId(99));
    assert!(matches!(unknown, Err(Stop::Refused(door::Refusal::Unknown { .. }))));
}
