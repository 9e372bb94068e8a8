//! Long work that waits for its turn, and on whose behalf it is done.

use std::io::{Cursor, Read};
use std::sync::mpsc::{Receiver, channel};

use super::rematch::row;
use super::*;
use crate::export::Format;
use crate::jobs::{DATASETS, Dataset};
use crate::testing::{Seen, export, whole};
use crate::{Carry, LocalDoor};
use door::operations::{Cancel, Imports, Watch};
use door::views::{JobEnd, JobId, JobReport, JobView};
use door::{Door, DoorHandle, FailureClass, NotDone, Outcome, Session, Streams};
use jiff::tz::TimeZone;

fn session(person: &str) -> Session {
    Session::local(person, TimeZone::UTC)
}

/// Begins to import one row as that person.
fn begin(test: &mut TestDesk, person: &str, row: u32) -> Outcome<JobView> {
    let text = format!("{HEADER}{row},Ada,Fernsby,,,,,,,,\n").into_bytes();
    let streams = Streams::of_file(Cursor::new(text));
    let request = Import { file: format!("{row}.csv"), ..import_of("crm") };
    test.desk().act(&session(person), request, streams)
}

fn view(test: &mut TestDesk, job: JobId) -> JobView {
    let watch = Watch { job: Some(job), ..Watch::default() };
    test.desk().act(&session("sam"), watch, Streams::default()).unwrap().unwrap()
}

fn cancel(test: &mut TestDesk, job: Option<JobId>) -> Option<JobView> {
    test.desk().act(&session("sam"), Cancel { job }, Streams::default()).unwrap()
}

/// Works until nothing is left to do.
fn work(test: &mut TestDesk) {
    while test.desk().is_working() {
        test.desk().work();
    }
}

fn imports(test: &mut TestDesk) -> Vec<(String, String)> {
    let view = test.desk().act(&session("sam"), Imports {}, Streams::default()).unwrap();
    view.imports.into_iter().rev().map(|import| (import.file, import.actor)).collect()
}

#[test]
fn jobs_are_done_in_order_and_each_is_who_began_its() {
    let mut test = TestDesk::new();
    let begun = [("kim", 1), ("lee", 2), ("kim", 3)].map(|(who, row)| {
        let job = begin(&mut test, who, row).unwrap();
        (job.id, job.ahead)
    });
    assert_eq!(begun.map(|(_, ahead)| ahead), [0, 1, 2]);
    test.desk().work();
    assert_eq!(test.desk().actor(), "kim", "whoever asked last is who the desk works for");
    // Somebody else asks between two steps.
    assert_eq!(imports(&mut test), []);
    work(&mut test);
    let files = [("1.csv", "kim"), ("2.csv", "lee"), ("3.csv", "kim")];
    assert_eq!(imports(&mut test), files.map(|(file, who)| (file.to_owned(), who.to_owned())));
    for (id, _) in begun {
        let ended = view(&mut test, id);
        assert!(matches!(ended.ended, Some(JobEnd::Done(JobReport::Import(_)))), "{ended:?}");
    }
    let head = test.desk().facts().ledger.head().unwrap().sequence;
    assert_eq!(test.desk().facts().commit(head).unwrap().actor.person, "kim");
    assert_eq!(test.desk().actor(), "sam", "the desk works for whoever asked last again");
}

#[test]
fn sixteen_wait_and_one_more_is_refused() {
    let mut test = TestDesk::new();
    let jobs: Vec<JobId> = (0..17).map(|row| begin(&mut test, "sam", row).unwrap().id).collect();
    let refused = begin(&mut test, "sam", 17).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "16 jobs are already waiting: try again when one has ended, or cancel one of them"
    );
    assert!(matches!(refused, NotDone::Refused(_)));
    // One that waits is taken out, and the others move up.
    cancel(&mut test, Some(jobs[4]));
    assert_eq!(view(&mut test, jobs[4]).ended, Some(JobEnd::Cancelled));
    assert_eq!([3, 5, 16].map(|at| view(&mut test, jobs[at]).ahead), [3, 4, 15]);
    assert_eq!(begin(&mut test, "sam", 17).unwrap().ahead, 16);
    // Without an id the one under way is meant.
    let cancelled = cancel(&mut test, None).unwrap();
    assert_eq!((cancelled.id, cancelled.ended), (jobs[0], Some(JobEnd::Cancelled)));
    assert_eq!(view(&mut test, jobs[1]).ahead, 0);
    work(&mut test);
    assert_eq!(imports(&mut test).len(), 16);
}

#[test]
fn whoever_watches_a_job_that_waits_hears_that_it_moves_up() {
    let mut test = TestDesk::new();
    let jobs = [1, 2, 3].map(|row| begin(&mut test, "sam", row).unwrap());
    let watch = Watch::past(&jobs[2]);
    let who = session("sam");
    assert!(!watch.has_news(test.desk(), &who));
    cancel(&mut test, Some(jobs[1].id));
    assert!(watch.has_news(test.desk(), &who), "one is before it, no longer two");
}

#[test]
fn a_match_waits_for_the_imports_before_it_and_sees_them() {
    let mut test = TestDesk::new();
    for row in [1, 2] {
        begin(&mut test, "sam", row).unwrap();
    }
    let job = test.desk().act(&session("sam"), Match::default(), Streams::default()).unwrap();
    assert_eq!(job.ahead, 2);
    work(&mut test);
    match view(&mut test, job.id).ended {
        Some(JobEnd::Done(JobReport::Match(outcome))) => assert_eq!(outcome.records, 2),
        other => panic!("{other:?}"),
    }
}

#[test]
fn settings_that_change_while_jobs_wait_are_adopted_by_nobody_but_who_asks_for_it() {
    let mut test = TestDesk::new();
    begin(&mut test, "sam", 1).unwrap();
    while view(&mut test, JobId(1)).import.is_none() {
        test.desk().work();
    }
    begin(&mut test, "sam", 2).unwrap();
    let renamed = SETTINGS.replace("test customers", "renamed");
    std::fs::write(test.workspace().settings(), renamed).unwrap();
    let adopting = door::operations::AdoptSettings::default();
    assert!(
        matches!(test.ask(adopting.clone()), Err(NotDone::Refused(_))),
        "long work is under way"
    );
    work(&mut test);
    assert_eq!(test.desk().settings().workspace.name, "test customers");
    test.ask(adopting).unwrap();
    assert_eq!(test.desk().settings().workspace.name, "renamed");
}

#[test]
fn a_format_that_nobody_knows_is_named_before_anything_begins() {
    let mut test = TestDesk::new();
    let request = Import { format: Some("xml".into()), ..import_of("crm") };
    let NotDone::Failed(failure) = testing::import(test.desk(), request, HEADER).unwrap_err()
    else {
        panic!()
    };
    assert_eq!(failure.class, FailureClass::Usage);
    assert_eq!(
        failure.message,
        "unknown format `xml`: expected one of csv, tsv, jsonl, xlsx, xlsb, xls, ods, parquet, sqlite, \
         vcard, fixed"
    );
    let request = Import { format: Some("tsv".into()), dry_run: true, ..import_of("crm") };
    let tabs = HEADER.replace(',', "\t") + "1\tAda\tFernsby\t\t\t\t\t\t\t\t\n";
    let outcome = testing::import(test.desk(), request, tabs).unwrap();
    assert_eq!((outcome.import, outcome.report.new), (None, 1));
    assert!(outcome.format.starts_with("tsv"), "{}", outcome.format);
    assert_eq!(imports(&mut test), []);
}

/// Gives nothing, without an end, for as long as the other side is there.
struct Silence(Receiver<()>);

impl Read for Silence {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        let _ = self.0.recv();
        Ok(0)
    }
}

#[test]
fn a_stream_that_says_nothing_holds_nobody_up() {
    let mut test = TestDesk::new();
    let desk = test.desk.take().unwrap();
    let (handle, thread) = DoorHandle::open(move || Ok::<_, ()>(desk)).unwrap();
    let door: &dyn Door = &handle;
    let who = session("sam");
    let (other_side, silence) = channel();
    let streams = Streams::reading(Box::new(Silence(silence)));
    let job = door.ask(&who, import_of("crm"), streams).unwrap();
    for _ in 0..3 {
        let seen = door.ask(&who, Imports {}, Streams::default()).unwrap();
        assert_eq!(seen.job.map(|job| (job.id, job.done)), Some((job.id, 0)));
    }
    let cancelled = door.ask(&who, Cancel { job: Some(job.id) }, Streams::default()).unwrap();
    assert_eq!(cancelled.unwrap().ended, Some(JobEnd::Cancelled));
    drop((handle, other_side));
    thread.join().unwrap().unwrap();
}

#[test]
fn work_alone_is_watched_to_its_end_and_commits_the_same_every_time() {
    let rows = |decay: u8| -> String { (0..120).map(|n| row(n, n as u8, decay)).collect() };
    let sizes = [0, 1].map(|_| {
        let mut test = TestDesk::new();
        test.import("crm", &rows(0));
        test.import("shop", &rows(1));
        let before = test.desk().facts().ledger.head().unwrap().sequence.0;
        let local = LocalDoor::to(test.desk.take().unwrap());
        let door: &dyn Door = &local;
        let mut phases = Vec::new();
        let told = &mut |job: &JobView| {
            phases.push(job.phase.clone());
            true
        };
        let outcome = door.run(&session("sam"), Match::default(), Streams::default(), told);
        let outcome = outcome.unwrap();
        assert!(outcome.merged > 32, "{outcome:?}");
        phases.dedup();
        assert!(phases.iter().any(|phase| phase == "merging"), "{phases:?}");
        test.desk = Some(local.into_desk());
        let facts = test.desk().facts();
        let head = facts.ledger.head().unwrap().sequence.0;
        let commits =
            (before + 1..=head).map(|at| facts.commit(domain::Sequence(at)).unwrap().events.len());
        commits.collect::<Vec<_>>()
    });
    assert_eq!(sizes[0], sizes[1]);
    assert!(sizes[0].len() <= 3, "merges, tasks, the end: {sizes:?}");
}

/// What is said of work that is stopped after its first step.
fn said_of_stopped<O: door::Job>(door: &LocalDoor, work: O) -> String {
    let door: &dyn Door = door;
    let rows = (0..600).map(|n| row(n, n as u8, 1)).collect::<String>();
    let streams = Streams::reading(Box::new(Cursor::new(format!("{HEADER}{rows}").into_bytes())));
    match door.run(&session("sam"), work, streams, &mut |_| false) {
        Err(stopped) => stopped.to_string(),
        Ok(_) => panic!("it was not stopped"),
    }
}

#[test]
fn work_that_is_stopped_says_whether_something_was_written() {
    let mut test = TestDesk::new();
    test.import("crm", &(0..40).map(|n| row(n, n as u8, 0)).collect::<String>());
    let head = test.desk().facts().ledger.head();
    let door = LocalDoor::to(test.desk.take().unwrap());
    let unwritten = "cancelled; nothing was written";
    let import = Import { dry_run: true, file: "2.csv".into(), ..import_of("crm") };
    assert_eq!(said_of_stopped(&door, import.clone()), unwritten);
    let run = Match { dry_run: true, ..Match::default() };
    assert_eq!(said_of_stopped(&door, run.clone()), unwritten);
    assert_eq!(said_of_stopped(&door, door::operations::Evaluate {}), unwritten);
    let kept = "cancelled; what was committed stays, and running it again completes it";
    assert_eq!(said_of_stopped(&door, Match { dry_run: false, ..run }), kept);
    let desk = door.into_desk();
    assert_eq!(desk.facts().ledger.head(), head);
    let door = LocalDoor::to(desk);
    assert_eq!(said_of_stopped(&door, Import { dry_run: false, ..import }), kept);
    test.desk = Some(door.into_desk());
}

#[test]
fn an_export_beside_others_is_of_one_commit_and_in_the_name_of_who_asked() {
    let mut test = TestDesk::new();
    test.import("crm", &(0..20).map(|n| row(n, n as u8, 0)).collect::<String>());
    let head = |test: &mut TestDesk| test.desk().facts().ledger.head().unwrap().sequence;
    let before = head(&mut test);
    let out = Seen::default();
    let streams = Streams::writing(Box::new(out.clone()));
    let request = testing::whole(Dataset::Golden, Format::Csv);
    let job = test.desk().act(&session("kim"), request.clone(), streams).unwrap();
    assert_eq!((job.what.as_str(), head(&mut test)), ("exporting golden", before));
    work(&mut test);
    match view(&mut test, job.id).ended {
        Some(JobEnd::Done(JobReport::Export(outcome))) => {
            assert_eq!((outcome.rows, outcome.up_to), (20, before));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(out.text().lines().count(), 21);
    let last = head(&mut test);
    assert_eq!(last, before.next().next(), "its beginning and its end");
    assert_eq!(test.desk().facts().commit(last).unwrap().actor.person, "kim");
    // What makes no sense, or has nowhere to go, begins nothing.
    for wrong in [
        door::operations::Export { dataset: "gold".into(), ..request.clone() },
        door::operations::Export { format: "xls".into(), ..request.clone() },
    ] {
        assert!(testing::is_usage(&testing::export(test.desk(), &wrong, std::io::sink())));
    }
    let nowhere = test.desk().act(&session("kim"), request, Streams::default());
    assert!(testing::is_usage(&nowhere), "{nowhere:?}");
    assert_eq!(head(&mut test), last);
}

/// An output that takes nothing before it is let.
struct Gated(Option<Receiver<()>>, Seen);

impl std::io::Write for Gated {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if let Some(gate) = self.0.take() {
            gate.recv().unwrap();
        }
        self.1.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.1.flush()
    }
}

#[test]
fn while_an_export_is_read_others_decide_and_it_is_of_the_commit_it_began_at() {
    let mut test = TestDesk::new();
    test.import("crm", &(0..20).map(|n| row(n, n as u8, 0)).collect::<String>());
    let request = testing::whole(Dataset::Golden, Format::Csv);
    let before = Seen::default();
    testing::export(test.desk(), &request, before.clone()).unwrap();

    let (go, gate) = channel();
    let out = Seen::default();
    let streams = Streams::writing(Box::new(Gated(Some(gate), out.clone())));
    let job = test.desk().act(&session("kim"), request.clone(), streams).unwrap();
    test.desk().work();
    let decide = |test: &mut TestDesk, record: &str, city: &str| {
        let request = fix_request(record, "city", city);
        let decide = door::operations::Decide { request };
        test.desk().act(&session("lee"), decide, Streams::default()).unwrap()
    };
    decide(&mut test, "crm:3", "Boulder");
    // Also where several share a sync.
    test.desk().begin_group();
    decide(&mut test, "crm:4", "Dover");
    decide(&mut test, "crm:5", "Decatur");
    test.desk().end_group().unwrap();
    test.desk().work();
    assert_eq!(view(&mut test, job.id).ended, None, "it is still being read");
    let seen = test.desk().facts().view.head().unwrap().unwrap().0;
    assert_eq!(seen, test.desk().facts().ledger.head().unwrap().sequence, "decisions are seen");
    go.send(()).unwrap();
    work(&mut test);
    assert!(matches!(view(&mut test, job.id).ended, Some(JobEnd::Done(_))));
    assert_eq!(out.text(), before.text(), "and are not in it");

    let after = Seen::default();
    testing::export(test.desk(), &request, after.clone()).unwrap();
    for city in ["Boulder", "Dover", "Decatur"] {
        assert!(after.text().contains(city) && !out.text().contains(city), "{city}");
    }
    let dump = test.dump();
    test.rebuild();
    assert_eq!(test.dump(), dump);
}

#[test]
fn an_export_that_is_cancelled_in_the_middle_is_recorded_as_begun() {
    let mut test = TestDesk::new();
    test.import("crm", &(0..3_000).map(|n| row(n, n as u8, 0)).collect::<String>());
    let request = testing::whole(Dataset::Golden, Format::Csv);
    let streams = Streams::writing(Box::new(std::io::sink()));
    let ended = testing::run_while(test.desk(), request, streams, |job| job.phase.is_empty());
    assert_eq!(ended.unwrap_err(), NotDone::Failed(door::Failure::cancelled(true)));
    let facts = test.desk().facts();
    let last = facts.commit(facts.ledger.head().unwrap().sequence).unwrap();
    assert!(matches!(last.events[..], [domain::Event::ExportBegun(_)]), "{:?}", last.events);
}

#[test]
fn what_cannot_be_recorded_does_not_leave() {
    let mut test = TestDesk::new();
    test.import("crm", "1,Ada,Fernsby,,,,,Salem,,,\n");
    let (place, world) = (test.workspace(), test.environment());
    let (mut reading, _) = Desk::open_to_read(place, world, &mut |_, _| {}).unwrap();
    for entry in &DATASETS {
        for format in [Format::Csv, Format::JsonLines] {
            let (request, out) = (whole(entry.dataset, format), Seen::default());
            let why = export(&mut reading, &request, out.clone()).unwrap_err().to_string();
            assert!(why.contains("nothing was exported: the workspace can be read"), "{why}");
            assert!(why.contains("make the workspace writable"), "{why}");
            assert_eq!(out.text(), "", "{}", entry.name);
        }
    }
    let counted =
        door::operations::Export { dry_run: true, ..whole(Dataset::Records, Format::Csv) };
    assert_eq!(export(&mut reading, &counted, Seen::default()).unwrap().rows, 1);
    let to = door::operations::Destination::standard_output();
    assert!(reading.begin_events_export(Format::Csv, &to).is_err());
}
