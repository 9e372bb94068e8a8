//! How whoever did something came is in the ledger, and is shown wherever it is shown who they were.

use super::*;
use crate::export::Format;
use crate::jobs::{Dataset, export_events};
use crate::testing::{Seen, export, whole};
use domain::{AccessChange, AccessNoted, Entrance, Evidence};
use door::SessionId;
use door::operations::{History, Imports, NoteAccess, ShowDecision, ShowRecord};
use door::views::HistoryEntry;

const KEY: &str = "SHA256:uFh1cW6Ls3mvcJTl5OKDoxqUYr5rmgQDVbmjRMoJ8tA";

/// Lee over SSH, from an address that the ledger is not to keep.
fn lee() -> Session {
    Session {
        id: SessionId(24),
        entrance: Entrance::Ssh,
        name: Some("k7f3q-24".to_owned()),
        address: Some("192.0.2.77".to_owned()),
        key_fingerprint: Some(KEY.to_owned()),
        ..Session::local("lee", TimeZone::UTC)
    }
}

fn over_ssh(job: bool) -> Option<Evidence> {
    let (session, key) = (Some("k7f3q-24".to_owned()), Some(KEY.to_owned()));
    Some(Evidence { door: Entrance::Ssh, session, job, key })
}

fn comment(customer: u32) -> Decide {
    let action = Action::Comment { customers: vec![CustomerId(customer)] };
    Decide { request: Request { note: Some("called".to_owned()), ..Request::new(action) } }
}

/// A desk where sam imported and decided at the machine, and lee did over SSH.
fn shared() -> TestDesk {
    let mut test = TestDesk::new();
    test.import(
        "crm",
        "1,Ann,Tarn,ann@example.com,,1984-03-12,,,,,\n2,Bo,Wold,bo@example.com,,,,,,,\n",
    );
    test.ask(comment(1)).unwrap();
    let rows = format!("{HEADER}3,Cid,Moss,cid@example.com,,,,,,,\n");
    let (import, streams) = (import_of("shop"), Streams::of_file(std::io::Cursor::new(rows)));
    test.desk().act(&lee(), import, streams).unwrap();
    while test.desk().is_working() {
        test.desk().work();
    }
    test.desk().act(&lee(), comment(2), Streams::default()).unwrap();
    test
}

#[test]
fn a_decision_an_import_and_a_history_say_how_whoever_it_was_came() {
    let mut test = shared();
    for again in [false, true] {
        if again {
            test.reopen();
        }
        let shown = |test: &mut TestDesk, id| -> HistoryEntry {
            test.ask(ShowDecision { decision: id, unmask: false }).unwrap().entry
        };
        let (sam, lee) = (shown(&mut test, DecisionId(1)), shown(&mut test, DecisionId(2)));
        assert_eq!((sam.evidence.clone(), sam.by()), (Some(Evidence::LOCAL), "sam".to_owned()));
        assert_eq!((lee.evidence.clone(), lee.by()), (over_ssh(false), "lee over SSH".to_owned()));
        let history = test.ask(History { of: None, unmask: false }).unwrap();
        let of = |id| history.iter().find(|it| it.decision == Some(DecisionId(id))).unwrap();
        assert_eq!((&of(1).evidence, &of(2).evidence), (&sam.evidence, &lee.evidence));
        // What goes on without whoever started it is theirs all the same, and says that it did.
        let imports = test.ask(Imports {}).unwrap().imports;
        let came: Vec<_> = imports.into_iter().map(|it| (it.actor, it.evidence)).collect();
        let local = Some(Evidence { job: true, ..Evidence::LOCAL });
        assert_eq!(came, [("lee".to_owned(), over_ssh(true)), ("sam".to_owned(), local)]);
    }
}

#[test]
fn the_log_of_decisions_and_of_events_have_it_and_no_address() {
    let mut test = shared();
    let mut events = Vec::new();
    let (environment, there) = (test.environment(), test.workspace());
    let form = (Format::Csv, None);
    export_events(&there, &environment, form, Some(&mut events), &Silent).unwrap();
    let events = String::from_utf8(events).unwrap();
    assert!(events.lines().next().unwrap().ends_with(",data,door,session,job,key"), "{events}");
    let ends = |end: &str| events.lines().filter(|line| line.trim_end().ends_with(end)).count();
    assert!(ends(&format!(",ssh,k7f3q-24,false,{KEY}")) > 0, "{events}");
    assert!(ends(&format!(",ssh,k7f3q-24,true,{KEY}")) > 0, "{events}");
    assert!(ends(",local,,false,") > 0 && ends(",local,,true,") > 0, "{events}");
    assert!(!events.contains("192.0.2.77"));
    let out = Seen::default();
    export(test.desk(), &whole(Dataset::Decisions, Format::Csv), out.clone()).unwrap();
    let decisions = out.text();
    assert!(
        decisions
            .lines()
            .next()
            .unwrap()
            .ends_with(",removed,door,session,job,key,approves,proposed_by,broken_glass")
    );
    assert!(decisions.contains(&format!(",ssh,k7f3q-24,false,{KEY}")), "{decisions}");
    assert!(!decisions.contains("192.0.2.77"));
}

#[test]
fn what_becomes_of_a_second_factor_is_recorded_by_whoever_may_know_it() {
    let mut test = shared();
    let note = |test: &mut TestDesk, who: &Session, person: &str, what| {
        let noted = AccessNoted { person: person.to_owned(), what };
        test.desk().act(who, NoteAccess { noted }, Streams::default())
    };
    let (sam, lee) = (Session::local("sam", TimeZone::UTC), lee());
    let enrolled = AccessChange::Enrolled { recovery_codes: 8 };
    let used = AccessChange::RecoveryCodeUsed { left: 7 };
    let locked = AccessChange::LockedOut { seconds: 30 };
    for (who, person, what, may) in [
        (&sam, "lee", enrolled, true),
        (&sam, "lee", AccessChange::Reset, true),
        (&lee, "lee", used, true),
        (&lee, "lee", locked, true),
        (&lee, "lee", AccessChange::Reset, false),
        (&lee, "sam", enrolled, false),
        (&lee, "sam", locked, false),
        (&sam, "sam", used, false),
        (&sam, "lee", locked, false),
        (&sam, "", AccessChange::Reset, false),
    ] {
        let done = note(&mut test, who, person, what);
        assert_eq!(done.is_ok(), may, "{person} {what:?} by {}: {done:?}", who.person);
    }
    let expected = [
        "lee over SSH: lee is locked out for 30 s: too many wrong codes",
        "lee over SSH: lee logged in with a recovery code; 7 recovery codes left",
        "sam: removed the second factor of lee",
        "sam: enrolled a second factor for lee, with 8 recovery codes",
    ];
    for rebuilt in [false, true] {
        if rebuilt {
            test.rebuild();
        }
        let history = test.ask(History { of: None, unmask: false }).unwrap();
        let told = history.iter().filter(|it| it.decision.is_none());
        let told: Vec<_> = told.map(|it| format!("{}: {}", it.by(), it.what)).collect();
        assert_eq!(told, expected);
    }
}

#[test]
fn a_look_at_unmasked_values_is_of_a_session_too() {
    let mut test = shared();
    let look = ShowRecord { record: "crm:1".parse().unwrap(), at: None, unmask: true };
    test.desk().act(&lee(), look, Streams::default()).unwrap();
    let head = test.desk().facts().ledger.head().unwrap().sequence;
    let commit = test.desk().facts().commit(head).unwrap();
    assert!(matches!(commit.events[..], [domain::Event::Unmasked(_)]), "{commit:?}");
    assert_eq!((&*commit.actor.person, commit.actor.came), ("lee", over_ssh(false)));
}
