//! Merging that people grant, with the real program: from the queue over a sample of answers to the grant,
//! what later runs merge under it, its checks, and its end.

use std::fmt::Write as _;
use std::io::Cursor;
use std::sync::Arc;

use desk::{Databases, Desk, Environment, LocalDoor};
use domain::{CensusId, SourceName, TaskId};
use door::operations::{Decide, GiveGrant, Grants, Import, Match, ShowGrant, ShowTask};
use door::views::StratumState;
use door::{Action, Door, Request, Rest, Session, Streams};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use ledger::ports::clock::SimulatedClock;
use ledger::ports::files::SystemFiles;
use ledger::ports::randomness::SystemRandomness;
use ledger::ports::secrets::SimulatedSecrets;

use crate::workspace::{Workspace, text};

const SETTINGS: &str = r#"
[workspace]
name = "granted"
region = "US"

[fields.company]
type = "organisation_name"
[fields.email]
type = "email"
[fields.phone]
type = "phone"
[fields.street]
type = "street"
[fields.city]
type = "city"

[sources.crm]
key = "id"
map = { company = "company", email = "email", phone = "phone", street = "street", city = "city" }

[matching.autonomy]
precision = 0.8
confidence = 0.9
"#;

const PARTS: [&str; 16] = [
    "Alder", "Brook", "Cinder", "Dover", "Ember", "Fallow", "Gorse", "Harrow", "Ivory", "Juniper",
    "Kestrel", "Linden", "Marlow", "Nettle", "Orchard", "Pewter",
];
const TRADES: [&str; 8] =
    ["Bakery", "Tools", "Freight", "Optics", "Textiles", "Glass", "Foods", "Paper"];

/// Organisations of these numbers, no two of them alike, each delivered twice.
fn rows(first: &str, second: &str, numbers: std::ops::Range<usize>) -> String {
    let mut rows = "id,company,email,phone,street,city\n".to_owned();
    for number in numbers {
        let mut dice = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut throw = |sides: usize| {
            dice = dice
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) as usize % sides
        };
        let mut part = || PARTS[throw(16)];
        let made = format!("{}{}", part(), part().to_lowercase());
        let (street, city) = (format!("{}{} Street", part(), part().to_lowercase()), part());
        let (trade, house) = (TRADES[throw(8)], 10 + throw(900));
        let phone = 2_000_000 + throw(7_000_000);
        let domain = format!("{}{number}", made.to_lowercase());
        for id in [first, second] {
            writeln!(
                rows,
                "{id}{number},{made} {trade},info@{domain}.com,212{phone:07},{house} {street},{city}"
            )
            .unwrap();
        }
    }
    rows
}

/// The stratum with the most joins, as `grant list --json` tells it.
fn largest(workspace: &Workspace) -> serde_json::Value {
    let list = workspace.done(&["grant", "list", "--json"]).object();
    let strata = list["strata"].as_array().unwrap();
    strata.iter().max_by_key(|it| it["joins"].as_u64()).unwrap().clone()
}

#[test]
fn a_sample_of_answers_merges_the_rest_and_what_comes_later_until_it_is_undone() {
    let workspace = Workspace::bare();
    workspace.write("steward.toml", SETTINGS);
    workspace.done(&["init"]);
    workspace.write("crm.csv", &rows("a", "b", 0..60));
    workspace.done(&["import", "crm.csv", "--source", "crm"]);
    let matched = workspace.done(&["match"]);
    assert!((matched.out + &matched.err).contains("a census of"));
    let stratum = largest(&workspace);
    let census = text(&stratum, "census").to_owned();
    let told = workspace.done(&["grant", "list"]).out;
    assert!(
        told.contains(
            "promised: at least 80 % of the merges made under grants are right, with 90 % confidence"
        ),
        "{told}"
    );
    assert!(told.contains("more error-free answers needed"), "{told}");
    assert!(!told.contains("Alder") && !told.contains("@"), "names of fields only: {told}");
    let early = workspace.refused(&["grant", "give", &census, "--count", "60"]).to_string();
    assert!(
        early.contains("joins are waiting now") || early.contains("more error-free"),
        "{early}"
    );

    // The tasks that count next, as many as are missing.
    for _ in 0..4 {
        let shown = workspace.done(&["grant", "show", &census, "--json"]).object();
        if shown["stratum"]["state"] == "offered" {
            break;
        }
        let missing = shown["stratum"]["missing"].as_u64().unwrap() as usize;
        let next: Vec<&str> =
            shown["next"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        for task in next.into_iter().take(missing) {
            workspace.done(&["decide", task, "merge"]);
        }
    }
    let offered = largest(&workspace);
    assert_eq!(text(&offered, "state"), "offered", "{offered}");
    let waiting = offered["waiting"]["joins"].as_u64().unwrap();
    let before = workspace.picture();
    let (count, wrong) = (waiting.to_string(), (waiting + 1).to_string());
    let refused = workspace.refused(&["grant", "give", &census, "--count", &wrong]).to_string();
    assert!(refused.contains(&format!("{waiting} joins are waiting now")), "{refused}");
    let foreseen = workspace.done(&["grant", "give", &census, "--count", &count, "--dry-run"]);
    assert!(foreseen.out.contains("dry run: granted"), "{}", foreseen.out);
    assert!(foreseen.out.contains(&format!("{waiting} customers merged away")), "{}", foreseen.out);
    assert_eq!(workspace.picture(), before);
    let given = workspace.done(&["grant", "give", &census, "--count", &count]);
    assert!(given.out.contains(&format!("granted {census}: {waiting} joins")), "{}", given.out);
    assert_ne!(workspace.picture(), before);

    // Whatever a later file brings of the same kind is merged, and asked about blind.
    workspace.write("more.csv", &rows("c", "d", 500..506));
    workspace.done(&["import", "more.csv", "--source", "crm"]);
    let matched = workspace.done(&["match", "--json"]).object();
    assert_eq!(matched["granted"][0]["made"], 6, "{matched}");
    assert_eq!(matched["granted"][0]["checks"], 6, "{matched}");
    let checks = workspace.tasks("check");
    assert_eq!(checks.len(), 6);
    let check = text(&checks[0], "id");
    let shown = workspace.show(check);
    assert_eq!(shown["customers"].as_array().unwrap().len(), 2, "two, as they were: {shown}");
    let told = workspace.done(&["show", check]).out;
    assert!(told.contains("a check of S") && !told.contains("under the grant"), "{told}");
    workspace.done(&["decide", check, "merge"]);
    let status = workspace.done(&["match", "--status"]).out;
    assert!(
        status.contains("later runs merged 6 joins on trust, 6 of them still in place"),
        "{status}"
    );
    assert!(status.contains("checks: 1 right, 0 wrong, 5 waiting"), "{status}");
    let status = workspace.done(&["match", "--status", "--json"]).object();
    let strata = status["grants"]["strata"].as_array().unwrap();
    // The census of the run came after all others.
    let last = strata.iter().filter_map(|it| text(it, "census")[1..].parse::<u32>().ok()).max();
    let own = format!("S{}", last.unwrap() + 1);
    let told = workspace.done(&["grant", "show", &own]).out;
    assert!(told.contains(&format!("(checks of {census})")), "{told}");
    assert!(told.contains(&format!("merged 6 joins under {census} on trust")), "{told}");
    assert!(told.contains("6 are asked as checks: 1 right, 0 wrong, 5 waiting"), "{told}");
    assert!(told.contains("steward tasks --kind check"), "{told}");
    let granted = strata.iter().find(|it| it["census"] == *census).unwrap();
    assert_eq!(granted["grant"]["later"]["joins"], 6, "{granted}");
    let history = workspace.done(&["history"]).out;
    assert!(history.contains(&format!("merged 6 joins under the grant of {census}")), "{history}");
    workspace.verified();

    // What a person said of a check stays as it is, and is named.
    let undone = workspace.done(&["grant", "undo", &census]).out;
    assert!(undone.contains("1 merge stays as people left it (C"), "{undone}");
    let records = |picture: &[String; 2]| picture[0].lines().count();
    assert_eq!(
        records(&workspace.picture()),
        records(&before) + 11,
        "all as before, and 12 new records, of which two are one by a person's word"
    );
    assert_eq!(workspace.tasks("check").len(), 0);
    workspace.verified();
}

/// Somebody who answers through the door.
struct Past {
    door: LocalDoor,
    who: Session,
}

impl Past {
    fn import(&self, rows: &str) {
        let import = Import::of(SourceName::new("crm"), "crm.csv");
        let streams = Streams::of_file(Cursor::new(rows.as_bytes().to_vec()));
        let door: &dyn Door = &self.door;
        door.run(&self.who, import, streams, &mut |_| true).unwrap();
        door.run(&self.who, Match::default(), Streams::default(), &mut |_| true).unwrap();
    }

    fn ask<O: door::Operation>(&self, operation: O) -> O::Answer {
        let door: &dyn Door = &self.door;
        door.ask(&self.who, operation, Streams::default()).unwrap()
    }

    fn answer(&self, task: TaskId, merge: bool) {
        let view = self.ask(ShowTask { task, unmask: false });
        let all: Vec<_> = view.columns.iter().map(|column| column.customer).collect();
        let action = match merge {
            true => Action::Merge {
                groups: vec![all],
                into: None,
                picks: Default::default(),
                rest: Rest::Stay,
            },
            false => Action::NotAMatch { groups: all.into_iter().map(|id| vec![id]).collect() },
        };
        let request = Request::new(action).for_task(task, view.version);
        self.ask(Decide { request });
    }
}

/// Two days ago a stratum was granted, a later run merged more under it, and whoever runs the tests said of
/// each of its checks that they are two.
fn refused_two_days_ago() -> (Workspace, CensusId) {
    let workspace = Workspace::bare();
    workspace.write("steward.toml", SETTINGS);
    let then = Timestamp::now().checked_sub(48.hours()).unwrap();
    let actor = whoami::username().unwrap();
    let environment = Environment {
        clock: Arc::new(SimulatedClock::at(then)),
        randomness: Arc::new(SystemRandomness::new().unwrap()),
        files: Arc::new(SystemFiles),
        secrets: Arc::new(SimulatedSecrets::in_folder(workspace.path(".data/steward/keys"))),
        databases: Databases::default(),
        actor: actor.clone(),
        register: None,
        formats: desk::Formats::default(),
    };
    let desk = Desk::create(desk::Workspace::at(workspace.path("")), environment).unwrap();
    let past = Past { door: LocalDoor::to(desk), who: Session::local(actor, TimeZone::UTC) };
    past.import(&rows("a", "b", 0..60));
    let strata = past.ask(Grants {}).strata;
    let census = strata.iter().max_by_key(|it| it.joins).unwrap().census;
    let joins = loop {
        let shown = past.ask(ShowGrant { census });
        if shown.stratum.state == StratumState::Offered {
            break shown.stratum.waiting.joins;
        }
        let missing = usize::try_from(shown.stratum.missing.unwrap()).unwrap();
        shown.next.into_iter().take(missing).for_each(|task| past.answer(task, true));
    };
    let give = GiveGrant { census, joins, reason: None, note: None, bulk: None, rehearse: false };
    assert_eq!(past.ask(give).to_go, 0);
    past.import(&rows("c", "d", 500..510));
    let checks = workspace.tasks("check");
    assert_eq!(checks.len(), 10);
    for check in checks {
        past.answer(text(&check, "id").parse().unwrap(), false);
    }
    drop(past);
    (workspace, census)
}

#[test]
fn a_grant_whose_checks_are_refused_is_suspended_by_the_next_run() {
    let (workspace, census) = refused_two_days_ago();
    let again = workspace.tasks("second");
    assert_eq!(again.len(), 10, "each no is asked again before it counts");
    let status = workspace.done(&["match", "--status"]).out;
    assert!(
        status.contains(
            "0 right, 0 wrong, 0 waiting, 10 questions are asked again before their answers count"
        ),
        "{status}"
    );
    for task in &again {
        workspace.done(&["decide", text(task, "id"), "not-a-match"]);
    }
    let status = workspace.done(&["match", "--status"]).out;
    let why = "10 of 10 checks wrong, more than was promised";
    assert!(status.contains(&format!("broken: {why}; the next run suspends it")), "{status}");

    workspace.write("more.csv", &rows("e", "f", 600..603));
    workspace.done(&["import", "more.csv", "--source", "crm"]);
    let matched = workspace.done(&["match"]);
    let told = matched.out + &matched.err;
    assert!(told.contains(&format!("the grant of {census} is suspended (D")), "{told}");
    assert!(told.contains(why), "{told}");
    assert_eq!(workspace.tasks("check").len(), 0, "nothing more is merged under it");
    let list = workspace.done(&["grant", "list"]).out;
    assert!(
        list.contains("(suspended)") && list.contains("only a new census can be granted"),
        "{list}"
    );
    let history = workspace.done(&["history"]).out;
    assert!(history.contains(&format!("suspended the grant of {census}: {why}")), "{history}");
    assert_eq!(history.matches(why).count(), 1, "said once: {history}");
    workspace.verified();
    let later = workspace.done(&["match", "--full", "--json"]).object();
    assert_eq!(later["suspended"], serde_json::json!([]), "once");
    // Undone it is not offered again: its checks stand, and it stays suspended.
    let undone = workspace.done(&["grant", "undo", &census.to_string(), "--with-dependents"]).out;
    assert!(undone.contains("10 merges stay as people left them"), "{undone}");
    let list = workspace.done(&["grant", "list"]).out;
    assert!(list.contains("(suspended)"), "{list}");
    assert!(list.contains("its grant was suspended by D"), "{list}");
    let stratum = largest(&workspace);
    assert_eq!(
        (text(&stratum, "state"), &stratum["grant"]),
        ("suspended", &serde_json::Value::Null)
    );
    let joins = stratum["waiting"]["joins"].as_u64().unwrap().to_string();
    let census = census.to_string();
    let refused = workspace.refused(&["grant", "give", &census, "--count", &joins]).to_string();
    assert!(refused.contains("only a new census can be"), "{refused}");
    workspace.verified();
}
