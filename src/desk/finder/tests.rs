//! The finder over a real ledger.

use std::sync::mpsc::channel;
use std::time::Duration;

use super::gather::{Origins, begin};
use super::{Finder, Index, Shared};
use crate::tests::{TestDesk, merge_request};
use domain::{Sequence, Subject};
use door::operations::Find;
use door::views::FinderReport;
use door::{Door, DoorHandle, Outcome, Scope, Search, Session, SessionId, Streams};
use jiff::tz::TimeZone;

const PEOPLE: &str = "\
1,Thomas,Oakhollow,thomas@example.com,,1984-03-12,,,,,\n\
2,José,Peña,jose@example.com,,,,,,,\n\
3,Theo,Oakhollow,no address,,,,,,,\n";

/// Searches until every commit was read and every text was looked at.
fn find(finder: &Finder, scope: Scope, text: &str) -> FinderReport {
    loop {
        let (sender, received) = channel();
        let told = move |report| {
            let _ = sender.send(report);
        };
        let search = Search { text: text.to_owned(), scope, limit: 10 };
        let _searching = finder.search(search, Box::new(told));
        let mut last = None;
        while let Ok(report) = received.recv_timeout(Duration::from_secs(20)) {
            let finished = report.finished;
            last = Some(report);
            if finished {
                break;
            }
        }
        let report = last.expect("a report");
        assert!(report.finished);
        if report.read.1 > 0 && report.read.0 == report.read.1 {
            return report;
        }
    }
}

fn lines(report: &FinderReport) -> Vec<&str> {
    report.hits.iter().map(|hit| hit.line.as_str()).collect()
}

#[test]
fn tasks_customers_and_records_are_found_each_in_its_scope() {
    let mut test = TestDesk::new();
    test.import("crm", PEOPLE);
    let finder = test.desk().finder().unwrap();
    let tasks = find(&finder, Scope::Tasks, "theo");
    assert_eq!(lines(&tasks), ["T1 invalid Oakhollow, Theo  crm:3"]);
    let customers = find(&finder, Scope::Customers, "pena jose");
    assert_eq!(lines(&customers), ["C2  Peña, José  crm:2"]);
    assert!(matches!(customers.hits[0].subject, Subject::Customer(id) if id.0 == 2));
    let records = find(&finder, Scope::Records, "crm:1");
    assert_eq!(lines(&records), ["Oakhollow, Thomas  crm:1"]);
    assert_eq!(lines(&find(&finder, Scope::Customers, "c3")), ["C3  Oakhollow, Theo  crm:3"]);
    assert_eq!(find(&finder, Scope::Customers, "").hits.len(), 3, "nothing typed: the first ones");
}

#[test]
fn what_is_decided_meanwhile_is_found_as_it_is_now() {
    let mut test = TestDesk::new();
    test.import("crm", PEOPLE);
    let finder = test.desk().finder().unwrap();
    assert_eq!(find(&finder, Scope::Customers, "oakhollow").hits.len(), 2);
    let (one, three) = (test.customer("crm:1"), test.customer("crm:3"));
    test.does(merge_request(&[&[one, three]]));
    test.import("crm", "4,Ada,Oakhollow,ada@example.com,,,,,,,\n");
    let wanted = |finder: &Finder| loop {
        let found = find(finder, Scope::Customers, "oakhollow");
        let ids: Vec<u32> = found.hits.iter().filter_map(|hit| Some(hit.customer?.0)).collect();
        // The index keeps up in the background: a search wakes it, the next one sees more.
        if found.read.0 >= 3 && ids.contains(&4) {
            return ids;
        }
    };
    let mut ids = wanted(&finder);
    ids.sort_unstable();
    assert_eq!(ids, [one.0, 4], "one hit a customer");
}

/// The first commit that a finder reads from the ledger, and what it knows by then of the first
/// record.
fn begun(origins: &Origins) -> (Sequence, String) {
    let shared = Shared::new(Index::default());
    let next = begin(&shared, origins);
    (next, shared.read(|index| index.shown(0)))
}

#[test]
fn names_are_kept_for_the_next_time_and_go_with_whoever_is_erased() {
    let mut test = TestDesk::new();
    test.import("crm", PEOPLE);
    let file = test.workspace().hidden().join("finder");
    let mut origins = test.desk().origins_of_names().unwrap();
    assert_eq!(begun(&origins), (Sequence(1), String::new()), "nothing is kept yet");
    origins.worth_keeping = Some(1);
    let finder = Finder::start(origins).unwrap();
    let keeps = std::time::Instant::now();
    while !file.exists() {
        assert!(keeps.elapsed() < Duration::from_secs(20), "nothing is kept");
        std::thread::yield_now();
    }
    assert_eq!(find(&finder, Scope::Customers, "oakhollow").hits.len(), 2);
    drop(finder);

    let mut origins = test.desk().origins_of_names().unwrap();
    let next = origins.reader.head().unwrap().sequence.next();
    assert_eq!(begun(&origins), (next, "Oakhollow, Thomas  crm:1".to_owned()));
    origins.erased = 1;
    assert_eq!(begun(&origins).0, Sequence(1), "somebody was erased since");

    test.import("crm", "4,Ada,Oakhollow,ada@example.com,,,,,,,\n");
    let finder = test.desk().finder().unwrap();
    let ids: Vec<_> = find(&finder, Scope::Customers, "oakhollow").hits;
    assert_eq!(ids.len(), 3, "what came since is read from the ledger");
    drop(finder);

    let thomas = test.customer("crm:1");
    test.erase(thomas);
    assert!(!file.exists(), "it would hold a name that is erased");
    let finder = test.desk().finder().unwrap();
    assert_eq!(find(&finder, Scope::Customers, "oakhollow").hits.len(), 2);
}

#[test]
fn what_a_search_has_found_goes_with_whoever_is_erased() {
    let mut test = TestDesk::new();
    test.import("crm", PEOPLE);
    let search = Search { text: "oakhollow".to_owned(), scope: Scope::Customers, limit: 10 };
    let found = |test: &mut TestDesk, number| {
        let Ok(report) = test.desk().found(number, &search) else { unreachable!("it searches") };
        lines(&report).join("\n")
    };
    // The names are read behind the searches: the next one sees more.
    let begun = std::time::Instant::now();
    let number = (1..).find(|number| {
        assert!(begun.elapsed() < Duration::from_secs(20), "nothing is found");
        let session = test.desk().acting.id;
        test.desk().begin_search(session, *number, &search).unwrap();
        while !test.desk().has_found(session, *number, u64::MAX) {
            std::thread::yield_now();
        }
        found(&mut test, *number).contains("Thomas")
    });
    let thomas = test.customer("crm:1");
    test.erase(thomas);
    let told = found(&mut test, number.unwrap());
    assert!(!told.contains("Thomas"), "{told}");
}

/// Searches through the door until all is found.
fn ask(door: &dyn Door, who: &Session, number: u64, text: &str) -> Outcome<FinderReport> {
    let search = Search { text: text.to_owned(), scope: Scope::Customers, limit: 10 };
    let mut seen = 0;
    loop {
        let find = Find { number, search: search.clone(), seen };
        let report = door.ask(who, find, Streams::default())?;
        if report.finished {
            return Ok(report);
        }
        assert!(report.searched > seen, "told for nothing");
        seen = report.searched;
    }
}

#[test]
fn each_session_has_a_search_of_its_own() {
    let mut test = TestDesk::new();
    test.import("crm", PEOPLE);
    let mut desk = test.desk.take().unwrap();
    desk.start_finder().unwrap();
    let (handle, thread) = DoorHandle::open(move || Ok::<_, ()>(desk)).unwrap();
    let door: &dyn Door = &handle;
    let session = |id| Session { id: SessionId(id), ..Session::local("sam", TimeZone::UTC) };
    let (one, other) = (session(1), session(2));
    // The names are read behind the searches: the next one sees more.
    let wanted = (1..).find(|number| {
        let report = ask(door, &one, *number, "oakhollow").unwrap();
        report.read.1 > 0 && report.read.0 == report.read.1
    });
    let latest = wanted.unwrap();
    assert_eq!(lines(&ask(door, &other, 1, "pena jose").unwrap()), ["C2  Peña, José  crm:2"]);
    assert_eq!(ask(door, &one, latest, "oakhollow").unwrap().hits.len(), 2, "it is still there");
    ask(door, &one, latest + 1, "theo").unwrap();
    let given_up = ask(door, &one, latest, "oakhollow").unwrap_err().to_string();
    assert!(given_up.contains("another search has begun since"), "{given_up}");
    drop(handle);
    thread.join().unwrap().unwrap();
}
