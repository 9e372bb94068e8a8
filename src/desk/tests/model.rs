//! The model as it is recorded, carried and explained.

use crate::testing::{self, CRM, SHOP, Seen, TWO_SOURCES, TestDesk, match_records};
use domain::event::{Exported, MatchFinished, ModelFile};
use domain::{CustomerId, Event, Sequence, Subject};
use door::operations::{ExplainGroup, ExportModel, Match, ModelText};
use door::views::{ExportedModel, FormationView};
use door::{NotDone, Outcome, Session, Streams};
use jiff::tz::TimeZone;
use matching::splink::{Dialect, kind_name};
use matching::{Kind, LADDER};

fn workspace() -> TestDesk {
    let mut desk = TestDesk::new(TWO_SOURCES);
    desk.import("crm", CRM);
    desk.import("shop", SHOP);
    desk
}

fn model_request(kind: Option<Kind>) -> ExportModel {
    ExportModel {
        kind: kind.map(|kind| kind_name(kind).to_owned()),
        dialect: Dialect::DuckDb.name().to_owned(),
        destination: testing::destination("m.json"),
        dry_run: false,
    }
}

fn export(desk: &mut TestDesk, request: ExportModel, out: &Seen) -> Outcome<ExportedModel> {
    let streams = Streams::writing(Box::new(out.clone()));
    let who = Session::local("kim", TimeZone::UTC);
    desk.desk.act(&who, request, streams)
}

fn head(desk: &TestDesk) -> Sequence {
    desk.desk.facts().view.head().unwrap().unwrap().0
}

fn last_run(desk: &TestDesk) -> MatchFinished {
    desk.desk.facts().last_match().unwrap().unwrap()
}

fn last_event(desk: &TestDesk) -> Event {
    let commit = desk.desk.facts().commit(head(desk)).unwrap();
    commit.events.last().unwrap().clone()
}

#[test]
fn a_dry_run_climbs_the_ladder_and_writes_nothing() {
    let mut desk = workspace();
    let before = head(&desk);
    let request = Match { dry_run: true, ..Match::default() };
    let outcome = match_records(&mut desk.desk, request).unwrap();
    assert_eq!(head(&desk), before);
    let thresholds: Vec<f64> = outcome.ladder.iter().map(|rung| rung.threshold).collect();
    assert_eq!(thresholds, LADDER, "both thresholds in force are on it, once");
    let at = |threshold: f64| outcome.ladder.iter().find(|it| it.threshold == threshold).unwrap();
    assert_eq!(at(0.99).merged, outcome.merged);
    assert_eq!(at(0.5).tasks, outcome.opened);
    assert!(desk.match_all().ladder.is_empty(), "a run itself tries nothing");
}

#[test]
fn a_run_records_what_it_read_and_under_which_settings() {
    let mut desk = workspace();
    let read = head(&desk);
    desk.match_all();
    let run = last_run(&desk);
    assert_eq!(run.read_up_to, Some(read));
    assert_eq!(run.settings.as_ref(), Some(&desk.desk.settings().fingerprint));
    assert_eq!(run.model_file, None);
}

#[test]
fn a_model_goes_out_is_recorded_and_comes_back() {
    let mut desk = workspace();
    let out = Seen::default();
    let unmatched = export(&mut desk, model_request(None), &out);
    assert!(testing::is_usage(&unmatched), "{unmatched:?}");
    desk.match_all();
    let ExportedModel { kind, outcome, .. } = export(&mut desk, model_request(None), &out).unwrap();
    assert_eq!((kind.as_str(), outcome.rows), ("person", 4), "name, birth, e-mail, phone");
    let Event::Exported(Exported { dataset, format, filter, destination, .. }) = last_event(&desk)
    else {
        panic!("an export is the last event");
    };
    assert_eq!([&*dataset, &*filter, &*destination], ["model", "person", "m.json"]);
    assert_eq!(format, "splink, duckdb");
    let none = export(&mut desk, model_request(Some(Kind::Organisation)), &Seen::default());
    assert!(none.unwrap_err().to_string().contains("about organisation records"));

    let text = out.text();
    for value in ["Pacek", "pacek", "1984-", "example.com"] {
        assert!(!text.contains(value), "{value}");
    }
    let hash = blake3::hash(text.as_bytes()).to_hex().to_string();
    let file = ModelFile { name: "m.json".into(), hash };
    let model = Some(ModelText { name: "m.json".into(), text });
    match_records(&mut desk.desk, Match { model, ..Match::default() }).unwrap();
    assert_eq!(last_run(&desk).model_file, Some(file));
}

#[test]
fn a_dry_export_of_a_model_writes_nothing() {
    let mut desk = workspace();
    desk.match_all();
    let before = head(&desk);
    let out = Seen::default();
    let request = ExportModel { dry_run: true, ..model_request(None) };
    export(&mut desk, request, &out).unwrap();
    assert_eq!(out.text(), "");
    assert_eq!(head(&desk), before);
}

fn formed(desk: &mut TestDesk, subject: &str) -> Outcome<FormationView> {
    let of: Subject = subject.parse().unwrap();
    let sam = Session::local("sam", TimeZone::UTC);
    desk.desk.act(&sam, ExplainGroup { of }, Streams::default())
}

fn is_refused<A>(outcome: Outcome<A>) -> bool {
    matches!(outcome, Err(NotDone::Refused(_)))
}

#[test]
fn how_a_customer_formed_is_told_record_by_record() {
    let mut desk = workspace();
    assert!(is_refused(formed(&mut desk, "C1")), "nothing was matched yet");
    desk.match_all();
    let merged = desk.desk.facts().view.customer(CustomerId(1)).unwrap().unwrap();
    assert_eq!(merged.members.len(), 2, "the machine merged the two records of one person");
    let FormationView { parts, links, joins, weakest, .. } = formed(&mut desk, "C1").unwrap();
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["crm:1", "shop:a"]);
    assert_eq!((links.len(), joins.len()), (1, 1));
    assert!(links[0].probability > 0.9 && links[0].match_weight > 3.0, "{links:?}");
    assert_eq!(links[0].looks_like, "the same customer");
    assert_eq!(weakest.as_ref(), joins.first());
    assert!((joins[0].mean - links[0].probability).abs() < 1e-12);
    let alone = formed(&mut desk, "C2").unwrap();
    assert!(alone.links.is_empty() && alone.weakest.is_none());
    assert!(is_refused(formed(&mut desk, "crm:1")), "a record is no group");
    assert!(is_refused(formed(&mut desk, "T9")), "there is no such task");
}
