//! The finder over a real ledger.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::gather::{Ended, Origins, begin};
use super::{Finder, Index, Shared};
use crate::tests::{TestDesk, merge_request};
use domain::{CustomerId, RecordId, Sequence, Subject};
use door::operations::Find;
use door::views::FinderReport;
use door::{Door, DoorHandle, Outcome, Scope, Search, Session, SessionId, Streams};
use jiff::tz::TimeZone;

const PEOPLE: &str = "\
1,Thomas,Oakhollow,thomas@example.com,,1984-03-12,,,,,\n\
2,José,Peña,jose@example.com,,,,,,,\n\
3,Theo,Oakhollow,no address,,,,,,,\n";

/// Searches once, to the end.
fn find(finder: &Finder, scope: Scope, text: &str) -> FinderReport {
    let (sender, received) = channel();
    let told = move |report| {
        let _ = sender.send(report);
    };
    let search = Search { text: text.to_owned(), scope, limit: 10 };
    let _searching = finder.search(search, Box::new(told));
    finished(&received)
}

/// The last report of a search.
fn finished(received: &Receiver<FinderReport>) -> FinderReport {
    loop {
        let report = received.recv_timeout(Duration::from_secs(20)).expect("a report");
        if report.finished {
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
fn an_exact_id_is_first_whatever_begins_with_it() {
    let mut test = TestDesk::new();
    // The later ones have shorter names: the closer fit by itself.
    let row = |id: u32| match id {
        1 => "1,Wilhelmina Alexandra,Featherstonehaugh,no address,,,,,,,\n".to_owned(),
        _ => format!("{id},Al,Fay,no address,,,,,,,\n"),
    };
    test.import("crm", &(1..=24).map(row).collect::<String>());
    let finder = test.desk().finder().unwrap();
    for (scope, typed, expected) in [
        (Scope::Tasks, "T1", "T1 invalid"),
        (Scope::Tasks, "t2", "T2 invalid"),
        (Scope::Tasks, "T17", "T17 invalid"),
        (Scope::Customers, "C1", "C1  "),
        (Scope::Customers, "c2", "C2  "),
    ] {
        let found = find(&finder, scope, typed);
        assert!(lines(&found)[0].starts_with(expected), "{typed}: {:?}", lines(&found));
    }
    for (scope, typed) in [(Scope::Records, "crm:1"), (Scope::Customers, "crm:2")] {
        let found = find(&finder, scope, typed);
        assert!(lines(&found)[0].ends_with(&format!("  {typed}")), "{typed}: {:?}", lines(&found));
    }
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
    let found = find(&finder, Scope::Customers, "oakhollow");
    let mut ids: Vec<u32> = found.hits.iter().filter_map(|hit| Some(hit.customer?.0)).collect();
    ids.sort_unstable();
    assert_eq!(ids, [one.0, 4], "one hit a customer, and the newest is among them");
}

#[test]
fn a_search_that_began_before_the_ledger_was_read_goes_on_until_it_is() {
    let finder = Finder::searching(Index::default(), || 2).unwrap();
    let begins = |text: &str| {
        let (sender, received) = channel();
        let told = move |report| {
            let _ = sender.send(report);
        };
        let search = Search { text: text.to_owned(), scope: Scope::Customers, limit: 10 };
        (finder.search(search, Box::new(told)), received)
    };
    // Nobody reads the ledger yet: whoever asks next is not held up by whoever asked before.
    let (given_up, of_first) = begins("theo");
    assert!(!of_first.recv_timeout(Duration::from_secs(20)).unwrap().finished);
    drop(given_up);
    let (_searching, received) = begins("oakhollow");
    let first = received.recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(first.hits.is_empty() && !first.finished, "{first:?}");
    let reads = |record: u32, name: &str| {
        finder.shared.write(|index| {
            index.put(RecordId(record), CustomerId(record + 1), name, "crm:1");
            index.progress = (u64::from(record) + 1, 2);
        });
        finder.shared.came_through(u64::from(record) + 1);
    };
    reads(0, "Oakhollow, Thomas");
    let some = received.recv_timeout(Duration::from_secs(20)).unwrap();
    assert_eq!((lines(&some).len(), some.read, some.finished), (1, (1, 2), false));
    // What was looked at is another by now.
    finder.shared.write(|index| index.remove(RecordId(0)));
    reads(1, "Oakhollow, Theo");
    let all = finished(&received);
    assert_eq!((lines(&all), all.read), (vec!["C2  Oakhollow, Theo  crm:1"], (2, 2)));
    assert!(of_first.try_recv().is_err(), "it was given up");
}

#[test]
fn a_search_ends_although_nobody_reads_the_ledger_any_more() {
    let finder = Finder::searching(Index::default(), || 2).unwrap();
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let _ended = Ended(&finder.shared);
            std::panic::resume_unwind(Box::new("a fault"));
        });
        assert!(reading.join().is_err());
    });
    let found = find(&finder, Scope::Customers, "oakhollow");
    assert!(found.hits.is_empty() && found.finished);
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
    let session = test.desk().acting.id;
    test.desk().begin_search(session, 1, &search).unwrap();
    while !found(&mut test, 1).contains("Thomas") {
        std::thread::yield_now();
    }
    let thomas = test.customer("crm:1");
    test.erase(thomas);
    let told = found(&mut test, 1);
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
    let first = ask(door, &one, 1, "oakhollow").unwrap();
    assert_eq!((first.hits.len(), first.read.0), (2, first.read.1), "the first one sees all");
    assert_eq!(lines(&ask(door, &other, 1, "pena jose").unwrap()), ["C2  Peña, José  crm:2"]);
    assert_eq!(ask(door, &one, 1, "oakhollow").unwrap().hits.len(), 2, "it is still there");
    ask(door, &one, 2, "theo").unwrap();
    let given_up = ask(door, &one, 1, "oakhollow").unwrap_err().to_string();
    assert!(given_up.contains("another search has started since"), "{given_up}");
    drop(handle);
    thread.join().unwrap().unwrap();
}
