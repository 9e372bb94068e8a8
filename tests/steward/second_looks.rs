//! What was decided comes back blind: the real program, two days after the decision.

use std::io::Cursor;
use std::sync::Arc;

use desk::{Databases, Desk, Environment, LocalDoor};
use domain::SourceName;
use door::operations::{Decide, Import, ShowTask};
use door::{Action, Door, Request, Rest, Session, Streams};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use ledger::ports::clock::SimulatedClock;
use ledger::ports::files::SystemFiles;
use ledger::ports::randomness::SystemRandomness;
use ledger::ports::secrets::SimulatedSecrets;

use crate::workspace::Workspace;

const SETTINGS: &str = r#"
[workspace]
name = "asked twice"
region = "US"

[fields.given_name]
type = "given_name"
[fields.family_name]
type = "family_name"

[sources.crm]
key = "id"
merged_into = "master"
map = { given_name = "given", family_name = "family" }

[review]
second = 1.0
"#;

/// Its source says that it has merged two records, which makes a task without any matching.
const ROWS: &str = "id,given,family,master\n1,Ann,Tarn,\n2,Anna,Tarn,1\n3,Bo,Wold,\n";

/// A workspace in which whoever runs the tests merged the pair two days ago.
fn merged_two_days_ago() -> Workspace {
    let workspace = Workspace::bare();
    workspace.write("steward.toml", SETTINGS);
    let then = Timestamp::now().checked_sub(48.hours()).unwrap();
    // As the program names whoever runs it.
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
    let (door, who) = (LocalDoor::to(desk), Session::local(actor, TimeZone::UTC));
    let import = Import::of(SourceName::new("crm"), "crm.csv");
    let streams = Streams::of_file(Cursor::new(ROWS.as_bytes().to_vec()));
    let door: &dyn Door = &door;
    door.run(&who, import, streams, &mut |_| true).unwrap();
    let task = "T1".parse().unwrap();
    let view = door.ask(&who, ShowTask { task, unmask: false }, Streams::default()).unwrap();
    let groups = vec![view.columns.iter().map(|column| column.customer).collect()];
    let merge = Action::Merge { groups, into: None, picks: Default::default(), rest: Rest::Stay };
    let request = Request::new(merge).for_task(task, view.version);
    door.ask(&who, Decide { request }, Streams::default()).unwrap();
    workspace
}

#[test]
fn a_merge_comes_back_blind_and_the_answer_is_counted() {
    let workspace = merged_two_days_ago();
    let tasks = workspace.tasks("second");
    assert_eq!((tasks.len(), tasks[0]["id"].as_str()), (1, Some("T2")));
    assert_eq!(tasks[0]["state"], "due", "{}", tasks[0]);
    let shown = workspace.show("T2");
    assert_eq!(shown["customers"].as_array().unwrap().len(), 2, "two, as they were: {shown}");
    let before = workspace.picture();
    for hidden in [&["show", "C1"][..], &["show", "D1"], &["show", "crm:2"], &["show", "T1"]] {
        let refused = workspace.refused(hidden).to_string();
        assert!(refused.contains("withheld until T2 is answered"), "{refused}");
    }
    for id in ["C1", "C2", "crm:2", "2"] {
        let report = workspace.done(&["subject", id, "--dry-run", "--json"]).object();
        assert_eq!(report["customer"], "C1", "{report}");
    }
    for hidden in [&["merge", "C1", "C2"][..], &["not-a-match", "C1", "C2"]] {
        let told = workspace.refused(&[hidden, &["--dry-run"]].concat()).to_string();
        assert!(told.contains("withheld until T2 is answered"), "{told}");
    }
    let decide = |verdict: &str| workspace.done(&["decide", "T2", verdict, "--dry-run"]);
    let told = decide("merge").out + &decide("not-a-match").out;
    assert!(!told.contains("D1"), "{told}");
    let history = workspace.done(&["history"]).out;
    assert!(history.contains("a verdict is withheld until T2 is answered"), "{history}");
    assert_eq!(workspace.rows("decisions")[0]["verdict"], "withheld until T2 is answered");
    let answered = workspace.done(&["decide", "T2", "merge", "--members", "A,B"]);
    assert!((answered.out + &answered.err).contains("as D1 says"));
    assert_eq!(workspace.picture(), before, "no customer changed");
    let status = workspace.done(&["match", "--status"]).out;
    assert!(status.contains("asked again, blind: 1 of 1 the same, too few to say"), "{status}");
    let status = workspace.done(&["match", "--status", "--json"]).object();
    assert_eq!(status["second"]["all"]["pairs"], 1, "{status}");
    let log = workspace.rows("decisions");
    let verdicts: Vec<&str> = log.iter().map(|row| row["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["merge", "second-look"]);
    workspace.done(&["show", "C1"]);
    // The other answer, once this one is taken back: a lead is asked.
    workspace.done(&["undo", "D2"]);
    workspace.done(&["decide", "T2", "not-a-match"]);
    let lead = workspace.tasks("second");
    assert_eq!((lead.len(), &lead[0]["to"]), (1, &serde_json::json!("lead")), "{lead:?}");
    let shown = workspace.done(&["show", lead[0]["id"].as_str().unwrap()]).out;
    assert!(shown.contains("asked again, blind: not-a-match"), "{shown}");
    workspace.done(&["undo", "D1"]);
    assert_eq!(workspace.tasks("second").len(), 0);
    assert_eq!(workspace.tasks("duplicate")[0]["id"], "T1", "the first question is open again");
    workspace.verified();
}
