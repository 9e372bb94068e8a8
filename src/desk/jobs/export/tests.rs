//! Exports of a small workspace.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::testing::{CRM, SHOP, TWO_SOURCES, TestDesk, destination, export, is_usage, whole};
use domain::event::{ExportBegun, Exported};
use domain::{CustomerId, Event, FieldName, ReasonCode, Until};
use door::{Action, Pick, Request, Rest};

fn workspace() -> TestDesk {
    let mut desk = TestDesk::new(TWO_SOURCES);
    desk.import("crm", CRM);
    desk.clock.advance(3_600);
    desk.import("shop", SHOP);
    desk
}

fn merge(groups: &[&[u32]]) -> Action {
    Action::Merge {
        groups: groups
            .iter()
            .map(|group| group.iter().copied().map(CustomerId).collect())
            .collect(),
        into: None,
        picks: BTreeMap::new(),
        rest: Rest::Stay,
    }
}

fn correct(record: &str, field: &str, value: &str) -> Action {
    let values = BTreeMap::from([(FieldName::new(field), value.to_owned())]);
    Action::Correct {
        record: record.parse().unwrap(),
        values,
        chosen: BTreeMap::new(),
        cleared: Vec::new(),
    }
}

fn undo(receipt: &door::Receipt) -> Action {
    Action::Undo {
        decisions: vec![receipt.decision],
        with_dependents: false,
        choices: Default::default(),
    }
}

#[test]
fn the_table_stands_in_the_order_of_the_enumeration() {
    for entry in &DATASETS {
        assert_eq!(entry.dataset.name(), entry.name);
        assert_eq!(Dataset::from_name(entry.name), Some(entry.dataset));
    }
    assert_eq!(Dataset::from_name("everything"), None);
}

#[test]
fn what_was_done_and_undone_leaves_golden_records_and_cross_reference_byte_for_byte() {
    let mut desk = workspace();
    let datasets = [Dataset::Golden, Dataset::Xref, Dataset::Records];
    let formats = [Format::Csv, Format::JsonLines];
    let all = |desk: &mut TestDesk| {
        datasets.map(|dataset| formats.map(|format| desk.text(dataset, format)))
    };
    let before = all(&mut desk);
    let pin = BTreeMap::from([(FieldName::new("given_name"), Pick::Typed("Thomas".into()))]);
    for action in [
        merge(&[&[1, 3]]),
        merge(&[&[1, 3], &[2, 4]]),
        correct("crm:2", "email", "ada@example.com"),
        Action::Pin { customer: CustomerId(1), picks: pin },
    ] {
        let receipt = desk.act(action);
        assert_ne!(all(&mut desk), before);
        desk.act(undo(&receipt));
        assert_eq!(all(&mut desk), before);
    }
}

#[test]
fn golden_records_say_where_each_value_came_from() {
    let mut desk = workspace();
    desk.act(merge(&[&[1, 3]]));
    let golden = desk.rows(Dataset::Golden);
    assert_eq!(golden.len(), 3);
    assert_eq!(golden[0]["customer"], "C1");
    assert_eq!(golden[0]["given_name"], "Tomas");
    assert_eq!(golden[0]["members"], json!(["crm:1", "shop:a"]));
    assert_eq!(golden[0]["lineage"]["given_name"]["record"], "crm:1");
    let csv = desk.text(Dataset::Golden, Format::Csv);
    let header = "customer,given_name,family_name,date_of_birth,email,phone,members\r\n";
    assert!(csv.starts_with(header), "{csv}");
    assert!(csv.contains("crm:1 shop:a\r\n"), "{csv}");
    assert!(!csv.contains(",=") && !csv.contains("\n="), "a formula: {csv}");
}

#[test]
fn records_carry_raw_and_harmonised_values_corrections_and_unmapped_columns() {
    let mut desk = workspace();
    desk.act(correct("crm:2", "email", "ada@example.com"));
    let records = desk.rows(Dataset::Records);
    assert_eq!(records.len(), 4);
    let (first, second) = (&records[0], &records[1]);
    assert_eq!(
        (&first["family_name"], &first["family_name_raw"]),
        (&json!("Pacek"), &json!("PACEK"))
    );
    assert_eq!(first["date_of_birth"], "1984-03-12");
    assert_eq!(first["unmapped"], json!({"segment": "gold"}));
    assert_eq!(first["revision"], 1);
    assert_eq!(second["email"], "ada@example.com");
    assert_eq!(second["email_raw"], "ada.at.example.com");
    assert_eq!(second["phone"], json!(null));
}

#[test]
fn the_cross_reference_leads_from_retired_ids_to_the_survivor() {
    let mut desk = workspace();
    desk.act(merge(&[&[3, 4]]));
    desk.act(merge(&[&[1, 3]]));
    let csv = desk.text(Dataset::Xref, Format::Csv);
    let expected = "kind,source,key,record,retired,customer,closed\r\n\
        record,crm,1,crm:1,,C1,false\r\n\
        record,crm,2,crm:2,,C2,false\r\n\
        record,shop,a,shop:a,,C1,false\r\n\
        record,shop,b,shop:b,,C1,false\r\n\
        retired,,,,C3,C1,\r\n\
        retired,,,,C4,C1,\r\n";
    assert_eq!(csv, expected);
}

#[test]
fn closed_records_are_marked_and_count_nowhere() {
    let mut desk = workspace();
    desk.act(merge(&[&[1, 3]]));
    // One of two of C1, and all that C2 has; C2's breaks a rule.
    let header = CRM.lines().next().unwrap();
    let delivery =
        door::operations::Delivery { complete: true, accept_vanished: true, ..Default::default() };
    let request = door::operations::Import { delivery, ..crate::testing::import_of("crm") };
    crate::testing::import(&mut desk.desk, request, format!("{header}\n")).unwrap();
    let tasks = desk.desk.facts().view.all_tasks().unwrap();
    let closing = tasks.into_iter().filter(|it| it.task.kind == domain::TaskKind::Vanished);
    let closing: Vec<domain::TaskId> = closing.map(|it| it.task.id).collect();
    assert_eq!(closing.len(), 2);
    for task in closing {
        let version = desk.desk.facts().view.task(task).unwrap().unwrap().version;
        desk.ask(Request::new(Action::Accept).for_task(task, version));
    }
    let closed = |rows: Vec<serde_json::Value>| -> Vec<(String, bool)> {
        let of = |row: &serde_json::Value| {
            Some((row["record"].as_str()?.to_owned(), row["closed"].as_bool()?))
        };
        rows.iter().filter_map(of).collect()
    };
    let told = |listed: &[(&str, bool)]| -> Vec<(String, bool)> {
        listed.iter().map(|(record, closed)| ((*record).to_owned(), *closed)).collect()
    };
    let all = told(&[("crm:1", true), ("crm:2", true), ("shop:a", false), ("shop:b", false)]);
    assert_eq!(closed(desk.rows(Dataset::Records)), all);
    // Whoever is named has a golden record: C2 has none.
    let led = told(&[("crm:1", true), ("shop:a", false), ("shop:b", false)]);
    assert_eq!(closed(desk.rows(Dataset::Xref)), led);
    let request = Export { with_golden: true, ..whole(Dataset::Records, Format::JsonLines) };
    let text = desk.export(&request).0;
    let rows = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(closed(rows), led);
    let golden = desk.rows(Dataset::Golden);
    assert_eq!(golden.len(), 2);
    assert_eq!(golden[0]["members"], json!(["shop:a"]));
    let broken = desk.rows(Dataset::Violations);
    assert!(
        broken.iter().all(|row| !row["record"].as_str().unwrap().starts_with("crm:")),
        "{broken:?}"
    );
}

#[test]
fn the_decision_log_is_complete_and_in_order() {
    let mut desk = workspace();
    let merged = desk.act(merge(&[&[1, 3]]));
    let mut corrected = Request::new(correct("crm:2", "email", "ada@example.com"));
    corrected.reason = Some(ReasonCode::new("household"));
    corrected.note = Some("she said so".to_owned());
    let corrected = desk.ask(corrected);
    desk.act(Action::NotAMatch { groups: vec![vec![CustomerId(2)], vec![CustomerId(4)]] });
    desk.act(undo(&merged));
    let log = desk.rows(Dataset::Decisions);
    let verdicts: Vec<&str> = log.iter().map(|row| row["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["merge", "correct", "not-a-match", "undo"]);
    let (first, second, last) = (&log[0], &log[1], &log[3]);
    assert_eq!(first["sequence"], merged.sequence.0);
    assert_eq!((&first["actor"], &first["role"]), (&json!("kim"), &json!("steward")));
    assert_eq!(first["subjects"], json!(["C1", "C3"]));
    assert_eq!(first["before"], "C1: crm:1; C3: shop:a");
    assert_eq!(first["after"], "C1: crm:1 shop:a; C3: merged into C1");
    assert_eq!(first["groups"], "C1: crm:1 shop:a");
    assert_eq!((&first["undone_by"], &first["stands"]), (&json!("D4"), &json!(false)));
    assert_eq!(first["settings"], desk.desk.settings().fingerprint.as_str());
    assert_eq!(first["hash"], hex(&desk.desk.reader.chain_at(merged.sequence).unwrap()));
    let key = first["decision_key"].as_array().unwrap();
    assert!(key.iter().any(|it| it.as_str().unwrap().starts_with("shop:a.email=")), "{key:?}");
    assert_eq!(second["decision"], corrected.decision.to_string());
    assert_eq!((&second["reason"], &second["note"]), (&json!("household"), &json!("she said so")));
    assert_eq!(second["before"], "crm:2.email: ada.at.example.com");
    assert_eq!(second["after"], "crm:2.email: ada@example.com");
    assert_eq!(second["values"], json!({"email": "ada@example.com"}));
    assert_eq!(last["reverses"], json!(["D1"]));
    assert_eq!(last["before"], first["after"]);
    assert_eq!(last["after"], first["before"]);
}

#[test]
fn what_was_delivered_before_a_correction_is_told_even_after_a_new_delivery() {
    let mut desk = workspace();
    desk.act(correct("crm:2", "email", "ada@example.com"));
    desk.import("crm", &CRM.replace("ada.at.example.com", "ada.okafo@example.com"));
    let log = desk.rows(Dataset::Decisions);
    assert_eq!(log[0]["before"], "crm:2.email: ada.at.example.com");
}

#[test]
fn corrections_go_back_to_the_owner_while_they_stand() {
    let mut desk = workspace();
    let receipt = desk.act(correct("crm:2", "email", "ada@example.com"));
    let csv = desk.text(Dataset::Corrections, Format::Csv);
    let expected = "source,owner,key,field,delivered,corrected,decision,actor,time,reason,note,removed\r\n\
        crm,crm team,2,email,ada.at.example.com,ada@example.com,D1,kim,2026-03-01T10:01:00Z,,,false\r\n";
    assert_eq!(csv, expected);
    desk.act(undo(&receipt));
    assert_eq!(desk.rows(Dataset::Corrections).len(), 0);
}

#[test]
fn a_deferral_until_the_data_changes_is_unsure_and_tasks_tell_their_state() {
    let mut desk = workspace();
    let tasks = desk.rows(Dataset::Tasks);
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert_eq!((&tasks[0]["id"], &tasks[0]["kind"]), (&json!("T1"), &json!("invalid")));
    assert_eq!(tasks[0]["subjects"], json!(["C2", "crm:2"]));
    assert_eq!(tasks[0]["reason"], "breaks email-syntax");
    let task = desk.desk.facts().view.task(domain::TaskId(1)).unwrap().unwrap();
    let defer = Request::new(Action::Defer { until: Until::DataChanges });
    desk.ask(defer.for_task(task.task.id, task.version));
    assert_eq!(desk.rows(Dataset::Tasks)[0]["state"], "deferred");
    let log = desk.rows(Dataset::Decisions);
    assert_eq!((&log[0]["verdict"], &log[0]["until"]), (&json!("unsure"), &json!("data changes")));
}

#[test]
fn violations_say_whether_they_reach_the_golden_record_and_who_waived_them() {
    let mut desk = workspace();
    let told = |desk: &mut TestDesk| -> Vec<(String, String, bool, Option<String>)> {
        let text = |row: &serde_json::Value, name: &str| row[name].as_str().map(str::to_owned);
        let rows = desk.rows(Dataset::Violations);
        let told = rows.iter().map(|row| {
            let (record, rule) = (text(row, "record").unwrap(), text(row, "rule").unwrap());
            (record, rule, row["reaches_golden"].as_bool().unwrap(), text(row, "waived_by"))
        });
        told.collect()
    };
    let broken = |reaches, waived: Option<&str>| {
        ("crm:2".to_owned(), "email-syntax".to_owned(), reaches, waived.map(str::to_owned))
    };
    assert_eq!(told(&mut desk), [broken(true, None)]);
    let waive =
        Action::Waive { record: "crm:2".parse().unwrap(), rules: vec!["email-syntax".into()] };
    let mut waive = Request::new(waive);
    waive.reason = Some(ReasonCode::new("household"));
    let waived = desk.ask(waive);
    assert_eq!(told(&mut desk), [broken(true, Some("D1"))]);
    desk.act(undo(&waived));
    // The shop's sound address survives instead.
    desk.act(merge(&[&[2, 4]]));
    assert_eq!(told(&mut desk), [broken(false, None)]);
    // A year later the CRM's phone number is no longer fresh; the shop does not say when it was.
    desk.clock.advance(400 * 86_400);
    let stale = ("crm:1".to_owned(), "phone-fresh".to_owned(), true, None);
    assert_eq!(told(&mut desk), [stale, broken(false, None)]);
}

#[test]
fn quarantined_rows_are_whole() {
    let mut desk = TestDesk::new(TWO_SOURCES);
    desk.import("shop", "id,first,last,born,mail,tel\nz,\"Be, rta\",x,,,,more\n,Kim,Nord,,,\n");
    let csv = desk.text(Dataset::Quarantine, Format::Csv);
    let expected = "import,source,stream,file,line,reason,text,bytes\r\n\
        I1,shop,,shop.csv,2,7 fields where the header has 6,\"z,\"\"Be, rta\"\",x,,,,more\",\r\n\
        I1,shop,,shop.csv,3,no key in column `id`,\",Kim,Nord,,,\",\r\n";
    assert_eq!(csv, expected);
}

#[test]
fn pairs_are_scored_under_the_last_model() {
    let mut desk = workspace();
    let request = whole(Dataset::Pairs, Format::Csv);
    let early = export(&mut desk.desk, &request, std::io::sink());
    assert!(is_usage(&early), "{early:?}");
    desk.match_all();
    let csv = desk.text(Dataset::Pairs, Format::Csv);
    let header = "id_l,id_r,match_probability,match_weight,name,date_of_birth,email,phone\r\n";
    assert!(csv.starts_with(header), "{csv}");
    let pairs = desk.rows(Dataset::Pairs);
    // Four records: every pair is a candidate.
    assert_eq!(pairs.len(), 6);
    let same = |row: &&serde_json::Value| row["id_l"] == "crm:1" && row["id_r"] == "shop:a";
    let same = pairs.iter().find(same).unwrap();
    let model = desk.desk.facts().model().unwrap().unwrap();
    let facts = desk.desk.facts();
    let record = |address: &str| {
        facts.record(facts.find(&address.parse().unwrap()).unwrap().unwrap()).unwrap().values
    };
    let score = matching::score(
        &model,
        facts.settings,
        facts.fingerprinter,
        &record("crm:1"),
        &record("shop:a"),
    );
    assert!((same["match_probability"].as_f64().unwrap() - score).abs() < 1e-12);
    assert!(same["email"].is_string(), "{same}");
    let unphoned = |row: &&serde_json::Value| row["id_l"] == "crm:2" && row["id_r"] == "shop:b";
    assert_eq!(pairs.iter().find(unphoned).unwrap()["phone"], json!(null));
}

#[test]
fn since_narrows_to_what_changed_and_is_refused_where_it_means_nothing() {
    let mut desk = workspace();
    let since = |desk: &mut TestDesk, dataset, time: &str| {
        let since = Some(time.parse().unwrap());
        let request = Export { since, ..whole(dataset, Format::Csv) };
        desk.export(&request).0.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let shop_only = since(&mut desk, Dataset::Records, "2026-03-01T10:00:00Z");
    assert_eq!(shop_only.len(), 2);
    assert!(shop_only[0].starts_with("shop:a,"), "{shop_only:?}");
    desk.act(merge(&[&[1, 3]]));
    let later = "2026-03-01T10:00:30Z";
    assert_eq!(since(&mut desk, Dataset::Records, later), [""; 0]);
    let golden = since(&mut desk, Dataset::Golden, later);
    assert!(golden.len() == 1 && golden[0].starts_with("C1,"), "{golden:?}");
    let xref = since(&mut desk, Dataset::Xref, later);
    let expected =
        ["record,crm,1,crm:1,,C1,false", "record,shop,a,shop:a,,C1,false", "retired,,,,C3,C1,"];
    assert_eq!(xref, expected);
    assert_eq!(since(&mut desk, Dataset::Decisions, "2027-01-01T00:00:00Z"), [""; 0]);
    for dataset in [Dataset::Pairs, Dataset::Violations] {
        let since = Some(later.parse().unwrap());
        let request = Export { since, ..whole(dataset, Format::Csv) };
        let refused = export(&mut desk.desk, &request, std::io::sink());
        assert!(is_usage(&refused), "{dataset:?}");
    }
}

#[test]
fn an_export_is_an_event_and_an_undo_tells_of_it() {
    let mut desk = workspace();
    let receipt = desk.act(merge(&[&[1, 3]]));
    let since = Some("2026-03-01T09:30:00Z".parse().unwrap());
    let request = Export {
        since,
        destination: destination("golden.csv"),
        ..whole(Dataset::Golden, Format::Csv)
    };
    let dry = desk.export(&Export { dry_run: true, ..request.clone() });
    assert_eq!((dry.0.as_str(), dry.1.rows, dry.1.up_to), ("", 2, receipt.sequence));
    let (_, outcome) = desk.export(&request);
    assert_eq!(outcome, dry.1);
    assert_eq!(outcome.chain, hex(&desk.desk.reader.chain_at(receipt.sequence).unwrap()));
    let head = desk.desk.reader.head().unwrap().sequence;
    let begun = receipt.sequence.next();
    assert_eq!(head, begun.next(), "a dry run writes nothing, an export its beginning and its end");
    let commit = desk.desk.facts().commit(begun).unwrap();
    let first = ExportBegun {
        dataset: "golden".to_owned(),
        format: "csv".to_owned(),
        filter: "since 2026-03-01T09:30:00Z".to_owned(),
        up_to: receipt.sequence,
        destination: "golden.csv".to_owned(),
        folder: None,
    };
    assert_eq!(commit.events, [Event::ExportBegun(first)]);
    let commit = desk.desk.facts().commit(head).unwrap();
    let expected = Exported {
        dataset: "golden".to_owned(),
        format: "csv".to_owned(),
        filter: "since 2026-03-01T09:30:00Z".to_owned(),
        rows: 2,
        up_to: receipt.sequence,
        destination: "golden.csv".to_owned(),
        begun: Some(begun),
    };
    assert_eq!(commit.events, [Event::Exported(expected)]);
    let undone = desk.act(undo(&receipt));
    assert_eq!(undone.exported_meanwhile.len(), 1, "{undone:?}");
}

/// A data set as it was at a time.
fn at(desk: &mut TestDesk, dataset: Dataset, format: Format, time: Timestamp) -> String {
    desk.export(&Export { at: Some(time), ..whole(dataset, format) }).0
}

#[test]
fn an_export_of_a_time_past_is_byte_for_byte_what_was_exported_then() {
    let mut desk = workspace();
    let all = [Dataset::Golden, Dataset::Xref, Dataset::Records];
    let mut seen = Vec::new();
    let mut see = |desk: &mut TestDesk| {
        desk.clock.advance(30);
        let texts = all.map(|it| [Format::Csv, Format::JsonLines].map(|form| desk.text(it, form)));
        seen.push((desk.desk.now(), texts));
        desk.clock.advance(30);
    };
    see(&mut desk);
    let merged = desk.act(merge(&[&[1, 3]]));
    let typed = BTreeMap::from([(FieldName::new("given_name"), Pick::Typed("Thomas".into()))]);
    desk.act(Action::Pin { customer: CustomerId(1), picks: typed });
    see(&mut desk);
    desk.import(
        "crm",
        &format!("{}3,Noa,Lind,,noa@example.org,,,\n", CRM.replace("PACEK", "Paczek")),
    );
    desk.act(correct("crm:2", "email", "ada@example.com"));
    see(&mut desk);
    desk.act(Action::Undo {
        decisions: vec![merged.decision],
        with_dependents: true,
        choices: Default::default(),
    });
    desk.act(merge(&[&[4, 2]]));
    see(&mut desk);
    desk.import("shop", &SHOP.replace("Berta", "Bertha"));
    desk.import("crm", &CRM.replace("PACEK", "Pack"));
    desk.act(correct("crm:2", "email", ""));
    let of_four =
        Action::Unmerge { customer: CustomerId(2), records: vec!["crm:2".parse().unwrap()] };
    desk.act(of_four);
    see(&mut desk);
    // Another policy: the shop is trusted more, and an e-mail address may be wrong.
    let other = TWO_SOURCES.replace("trust = 50", "trust = 95").replace("error", "warn");
    std::fs::write(desk.desk.workspace.settings(), other).unwrap();
    desk.act(merge(&[&[1, 3]]));
    see(&mut desk);
    // A year later a rule about freshness would judge otherwise.
    desk.clock.advance(500 * 86_400);
    desk.act(correct("crm:1", "phone", "+15550100001"));

    for pair in seen.windows(2) {
        assert_ne!(pair[0].1, pair[1].1, "each step changes something");
    }
    for (time, texts) in seen {
        for (dataset, texts) in all.into_iter().zip(texts) {
            for (format, text) in [Format::Csv, Format::JsonLines].into_iter().zip(texts) {
                assert_eq!(at(&mut desk, dataset, format, time), text, "{dataset:?} at {time}");
            }
        }
    }
}

#[test]
fn what_has_no_past_and_what_is_before_the_beginning_is_said() {
    let mut desk = workspace();
    let now = desk.desk.now();
    for entry in &DATASETS {
        let request = Export { at: Some(now), ..whole(entry.dataset, Format::Csv) };
        let ended = export(&mut desk.desk, &request, std::io::sink());
        assert_eq!(ended.is_ok(), entry.at, "{}: {ended:?}", entry.name);
        if let Err(error) = ended {
            assert!(error.to_string().contains("records, golden, xref"), "{error}");
        }
    }
    let early = "2026-02-01T00:00:00Z".parse().unwrap();
    let request = Export { at: Some(early), ..whole(Dataset::Golden, Format::Csv) };
    let ended = export(&mut desk.desk, &request, std::io::sink());
    assert!(is_usage(&ended), "{ended:?}");
    let both = Export { since: Some(early), at: Some(now), ..request };
    let ended = export(&mut desk.desk, &both, std::io::sink());
    assert!(is_usage(&ended), "{ended:?}");
}

/// An output that takes nothing.
struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_export_that_does_not_come_to_its_end_is_known_and_told() {
    let mut desk = workspace();
    let receipt = desk.act(merge(&[&[1, 3]]));
    let request =
        Export { destination: destination("cut.csv"), ..whole(Dataset::Golden, Format::Csv) };
    let ended = export(&mut desk.desk, &request, Full);
    assert!(ended.is_err(), "{ended:?}");
    let undone = desk.act(undo(&receipt));
    let [told] = &*undone.exported_meanwhile else { panic!("{undone:?}") };
    assert!(told.contains("cut.csv") && told.ends_with("not finished"), "{told}");
}

#[test]
fn an_export_of_a_time_past_names_the_last_commit_of_then() {
    let mut desk = workspace();
    let then = desk.desk.now();
    let head = desk.desk.reader.head().unwrap().sequence;
    desk.act(merge(&[&[1, 3]]));
    let request = Export { at: Some(then), ..whole(Dataset::Golden, Format::Csv) };
    let (_, outcome) = desk.export(&request);
    assert_eq!((outcome.rows, outcome.up_to), (4, head));
    let last = desk.desk.facts().commit(desk.desk.reader.head().unwrap().sequence).unwrap();
    let Some(Event::Exported(exported)) = last.events.first() else { panic!("{last:?}") };
    assert_eq!((exported.filter.as_str(), exported.up_to), (&*format!("at {then}"), head));
}
