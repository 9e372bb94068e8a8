//! Days and times: which century a two-digit year is of, whose midnight a date means, and a clock
//! that nobody can believe.

use std::sync::Arc;

use desk::{Databases, Desk, Environment};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use ledger::ports::clock::SimulatedClock;
use ledger::ports::files::SystemFiles;
use ledger::ports::randomness::SystemRandomness;
use ledger::ports::secrets::SimulatedSecrets;

use crate::people::{FATHER, HEADER, SETTINGS, SON, crowd_and, nobody};
use crate::workspace::{Ran, Workspace};

/// A workspace made when the clock showed this.
fn made_at(time: &str) -> Workspace {
    let workspace = Workspace::bare();
    workspace.write("steward.toml", SETTINGS);
    let environment = Environment {
        clock: Arc::new(SimulatedClock::at(time.parse().unwrap())),
        randomness: Arc::new(SystemRandomness::new().unwrap()),
        files: Arc::new(SystemFiles),
        secrets: Arc::new(SimulatedSecrets::in_folder(workspace.path(".data/steward/keys"))),
        databases: Databases::default(),
        actor: "the tests".to_owned(),
        register: None,
        formats: desk::Formats::default(),
    };
    let there = desk::Workspace::at(workspace.path(""));
    drop(Desk::create(there, environment).unwrap());
    workspace.write("crm.csv", &format!("{HEADER}\n{FATHER}\n"));
    workspace
}

/// Runs the binary as it is run where nobody trusts the clock.
fn run(workspace: &Workspace, arguments: &[&str]) -> Ran {
    let mut command = workspace.command();
    command.env_remove("STEWARD_TRUST_CLOCK").args(arguments);
    command.output().unwrap().into()
}

const IMPORT: [&str; 4] = ["import", "crm.csv", "--source", "crm"];

#[test]
fn a_clock_years_ahead_writes_nothing_unless_it_is_trusted() {
    let workspace = made_at("2019-05-06T07:08:09Z");
    let ran = run(&workspace, &["tasks"]);
    assert_eq!((ran.code, ran.err.contains("clock")), (Some(0), false), "who reads is not asked");
    let ran = run(&workspace, &IMPORT);
    assert_eq!(ran.code, Some(4), "{}", ran.err);
    assert!(ran.err.contains("after the last commit (2019-05-06T07:08:09+00:00)"), "{}", ran.err);
    assert!(ran.err.contains("--trust-clock"), "{}", ran.err);
    assert_eq!(workspace.verified()["commits"], 1, "nothing was written");
    let ran = run(&workspace, &[&IMPORT[..], &["--trust-clock"]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ran = run(&workspace, &["fix", "crm:1", "--set", "city=Bonn"]);
    assert_eq!((ran.code, ran.err.contains("clock")), (Some(0), false), "{}", ran.err);
}

#[test]
fn a_time_still_to_come_is_said_and_verify_says_since_when() {
    let workspace = made_at("2960-01-01T00:00:00Z");
    let ran = run(&workspace, &IMPORT);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let said = "2960-01-01T00:00:00+00:00, which is in the future by this computer's clock";
    assert!(ran.err.contains(said), "{}", ran.err);
    assert!(ran.err.contains("every commit carries that time"), "{}", ran.err);
    let ran = run(&workspace, &["verify"]);
    assert_eq!(ran.code, Some(0), "sound all the same: {}", ran.err);
    assert!(ran.err.contains("commit 1 is dated 2960-01-01T00:00:00+00:00"), "{}", ran.err);
    assert_eq!(workspace.verified()["still_to_come_since"], 1);
}

#[test]
fn a_workspace_left_alone_for_days_says_how_long() {
    let now = Timestamp::now();
    let then = now.checked_sub((24 * 9 + 1).hours()).unwrap();
    let workspace = made_at(&then.to_string());
    let ran = run(&workspace, &IMPORT);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("9 days before this computer's clock"), "{}", ran.err);
    assert!(!run(&workspace, &IMPORT).err.contains("clock"));
}

#[test]
fn a_date_means_the_stewards_own_day() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["match"]);
    let task = workspace.done(&["tasks", "--json"]).objects();
    let Some(task) = task.first().and_then(|task| task["id"].as_str()).map(str::to_owned) else {
        panic!("father and son are asked about")
    };
    let effect = |zone: &str, until: &str| {
        let mut command = workspace.command();
        let defer = ["decide", &task, "defer", "--until", until, "--dry-run", "--json"];
        let ran = Ran::from(command.env("TZ", zone).args(defer).output().unwrap());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.object()["effect"].as_str().unwrap().to_owned()
    };
    assert!(effect("UTC", "2090-01-02").ends_with("until 2090-01-02T00:00:00Z"));
    assert!(effect("JST-9", "2090-01-02").ends_with("until 2090-01-01T15:00:00Z"));
    assert!(effect("JST-9", "2090-01-02T08:00").ends_with("until 2090-01-01T23:00:00Z"));
    assert!(effect("JST-9", "2090-01-02T08:00Z").ends_with("until 2090-01-02T08:00:00Z"));
    assert!(effect("JST-9", "tomorrow").ends_with("T15:00:00Z"), "midnight in Tokyo");
    assert!(effect("PST8", "tomorrow").ends_with("T08:00:00Z"), "midnight on the other side");

    // Lists and filters count the same days.
    workspace.decided(&["decide", &task, "defer", "--until", "2090-01-02"]);
    for (zone, day, expected) in
        [("UTC", "2090-01-02", 1), ("PST8", "2090-01-01", 1), ("PST8", "2090-01-02", 0)]
    {
        let mut command = workspace.command();
        let filter = format!("due = {day}");
        let ran = Ran::from(
            command.env("TZ", zone).args(["tasks", "--json", "--where", &filter]).output().unwrap(),
        );
        assert_eq!(ran.objects().len(), expected, "{zone} {day}: {}", ran.err);
    }
}

#[test]
fn nobody_is_born_after_the_day_of_the_import() {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let next = today.saturating_add(1.year());
    let workspace = nobody();
    let born = |date: jiff::civil::Date| date.strftime("%m/%d/%y").to_string();
    let row = |phone: &str| {
        format!(
            "{HEADER}\n1,Ann,Pace,,{phone},{},,,,\n2,Bea,Holt,,,{},,,,\n",
            born(next),
            born(today)
        )
    };
    workspace.import_bytes("crm.csv", "crm", row(""));
    let records = workspace.rows("records");
    let births: Vec<&str> = records.iter().map(|row| row["birth_date"].as_str().unwrap()).collect();
    let century = |date: jiff::civil::Date| date.saturating_sub(100.years()).to_string();
    assert_eq!(births, [century(next), today.to_string()]);
    let events = workspace.rows("events");
    let started = events.iter().find(|row| row["kind"] == "import_started").unwrap();
    assert_eq!(started["data"]["day"], today.to_string(), "{started}");
    workspace.done(&["rebuild"]);
    assert_eq!(workspace.rows("records"), records, "replayed under any clock");
}
