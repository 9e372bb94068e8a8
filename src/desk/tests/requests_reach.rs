//! Whom a request reaches: duplicates, new keys, merges and unmerges; and what becomes of one beside approvals and
//! other settings.

use super::approvals::{approve, ask_as, does_as, listed};
use super::governed::{DAY, GOVERNED, ask, customer, import};
use super::*;
use crate::export::Format;
use crate::jobs::Dataset;
use crate::testing::{Seen, TestDesk as Desk, destination, export, whole};
use domain::{OrderBy, QueueOrder, RequestKind, RequestStep, Requested, TaskState};
use door::operations::{
    Decide, DiffSettings, ErasureRequest, Export, ForeseeErasure, Queue, Requests, SettingsOf,
    UsedFor,
};
use door::views::RequestView;

fn requested(kind: RequestKind) -> Requested {
    Requested {
        kind,
        received: "2026-03-01".parse().unwrap(),
        by: None,
        purposes: Vec::new(),
        channels: Vec::new(),
        fields: Vec::new(),
    }
}

fn recorded(desk: &mut Desk, customer: CustomerId, requested: Requested) -> TaskId {
    desk.ask(Request::new(Action::Record { customer, requested })).task.unwrap()
}

fn view(desk: &mut Desk, task: TaskId) -> RequestView {
    ask(desk, Requests { task: Some(task), ..Requests::default() }).unwrap().remove(0)
}

fn used_for(desk: &mut Desk, name: &str) -> Vec<String> {
    let seen = Seen::default();
    let request = Export {
        used_for: Some(UsedFor { purpose: name.to_owned(), channel: None }),
        destination: destination("out.csv"),
        ..whole(Dataset::Golden, Format::Csv)
    };
    export(&mut desk.desk, &request, seen.clone()).unwrap();
    let text = seen.text();
    text.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect()
}

#[test]
fn a_new_key_does_not_free_whoever_objected_and_what_is_unmerged_is_told() {
    let mut desk = Desk::new(GOVERNED);
    import(&mut desk, "crm", "1,Omaha,yes,2026-01-01,,\n");
    let old = customer(&mut desk, "crm:1");
    let objects =
        Requested { purposes: vec!["newsletter".to_owned()], ..requested(RequestKind::Objection) };
    let task = recorded(&mut desk, old, objects);
    // The source gives the person a new key: nobody knows yet that they are one.
    import(&mut desk, "crm", "1,Omaha,yes,2026-01-01,,\n9,Omaha,yes,2026-01-01,,\n");
    let new = customer(&mut desk, "crm:9");
    assert_eq!(used_for(&mut desk, "newsletter"), [new.to_string()]);
    desk.ask(merge_request(&[&[old, new]]));
    assert_eq!(used_for(&mut desk, "newsletter"), Vec::<String>::new());
    assert_eq!(view(&mut desk, task).in_force_on, [old]);
    // The record that was restricted leaves: the restriction goes with it, and that is told.
    let leave = Action::Unmerge { customer: old, records: vec!["crm:1".parse().unwrap()] };
    desk.ask(Request::new(leave));
    let home = customer(&mut desk, "crm:1");
    assert_ne!(home, old);
    let shown = view(&mut desk, task);
    assert_eq!(shown.in_force_on, [home]);
    assert_eq!(used_for(&mut desk, "newsletter"), [old.to_string()]);
    assert!(
        shown.lines().iter().any(|line| line.contains(&format!("in force on {home}"))),
        "{:?}",
        shown.lines()
    );
}

#[test]
fn requests_of_two_who_were_merged_are_both_shown() {
    let mut desk = Desk::new(GOVERNED);
    import(&mut desk, "crm", "1,Omaha,,,,\n2,Bonn,,,,\n");
    let (one, two) = (customer(&mut desk, "crm:1"), customer(&mut desk, "crm:2"));
    let first = recorded(&mut desk, one, requested(RequestKind::Restriction));
    let second = recorded(&mut desk, two, requested(RequestKind::Access));
    desk.ask(merge_request(&[&[one, two]]));
    for customer in [one, two] {
        let all = Requests { customer: Some(customer), ..Requests::default() };
        let tasks: Vec<TaskId> = ask(&mut desk, all).unwrap().iter().map(|it| it.task).collect();
        assert_eq!(tasks, [first, second], "{customer}");
    }
    let shown = view(&mut desk, first);
    assert_eq!((shown.in_force, shown.in_force_on.len()), (Some(true), 1));
}

#[test]
fn whoever_may_be_the_same_person_is_named_until_that_is_decided() {
    let mut test = TestDesk::new();
    super::bulk::pairs_of(&mut test);
    let task = test.pending(TaskKind::Duplicate)[0];
    let pair: Vec<CustomerId> = test.task(task).columns.iter().map(|it| it.customer).collect();
    let asks = Action::Record { customer: pair[0], requested: requested(RequestKind::Access) };
    let request = test.does(Request::new(asks)).task.unwrap();
    let of = |test: &mut TestDesk| {
        let wanted = Requests { task: Some(request), ..Requests::default() };
        let who = Session::local("kim", TimeZone::UTC);
        test.desk().act(&who, wanted, Streams::default()).unwrap().remove(0)
    };
    let shown = of(&mut test);
    assert_eq!(shown.maybe_same.len(), 1);
    assert_eq!((shown.maybe_same[0].task, &shown.maybe_same[0].customers[..]), (task, &pair[1..]));
    let told = format!("{} may be the same person: decide {task} first", pair[1]);
    assert!(shown.lines().iter().any(|line| line.starts_with(&told)), "{:?}", shown.lines());
    // So says whoever would erase one of them, and what waits for an answer.
    let reason = test.desk().settings.decisions.reasons_to_erase().first().cloned();
    let erasure = ErasureRequest { customer: pair[0], reason, note: None, request: None };
    let who = Session::local("kim", TimeZone::UTC);
    let foreseen = ForeseeErasure { request: erasure };
    let reach = test.desk().act(&who, foreseen, Streams::default()).unwrap();
    assert_eq!(reach.maybe_same, shown.maybe_same);
    assert_eq!(reach.requests.len(), 1);
    let words = reach.requests[0].words(pair[0]);
    assert!(words.contains(&format!("steward subject {} --for {request}", pair[0])), "{words}");
    let merge = Request { task: Some(task), ..merge_request(&[&pair]) };
    test.does(merge);
    assert_eq!(of(&mut test).maybe_same, []);
}

#[test]
fn a_request_whose_correction_was_approved_moves_on() {
    let mut test = super::approvals::world_under(
        "[[approvals]]\nwhen = \"verdict = correct and field = email\"\nby = \"lead\"\n",
    );
    let customer = test.customer("crm:1");
    let wrong = Requested {
        fields: vec![domain::FieldName::new("email")],
        ..requested(RequestKind::Rectification)
    };
    let task = test.does(Request::new(Action::Record { customer, requested: wrong })).task.unwrap();
    let fix = Request { task: Some(task), ..fix_request("crm:1", "email", "new.one@example.com") };
    let owner = Session::local("root", TimeZone::UTC);
    let proposed = ask_as(&mut test, &owner, Decide { request: fix }).unwrap();
    let asks = proposed.proposed.unwrap();
    assert!(matches!(super::approvals::state(&mut test, task), TaskState::Proposed { .. }));
    let approved = does_as(&mut test, "lee", approve(asks)).decision;
    assert_eq!(super::approvals::state(&mut test, task), TaskState::Open);
    let shown = Requests { task: Some(task), ..Requests::default() };
    let shown = ask_as(&mut test, &owner, shown).unwrap().remove(0);
    assert_eq!(shown.missing, []);
    let step = shown.steps.last().unwrap();
    assert_eq!((step.decision, step.what.as_str()), (approved, "corrected"));
    assert_eq!(listed(&mut test, "lee", false), []);
}

#[test]
fn settings_that_no_longer_know_what_a_request_names_are_told_before_they_are_adopted() {
    let mut desk = Desk::new(GOVERNED);
    import(&mut desk, "crm", "1,Omaha,yes,2026-01-01,,\n");
    let one = customer(&mut desk, "crm:1");
    let objects =
        Requested { purposes: vec!["newsletter".to_owned()], ..requested(RequestKind::Objection) };
    let task = recorded(&mut desk, one, objects);
    let notes = |desk: &mut Desk, text: &str| {
        let diff = DiffSettings { of: SettingsOf::Text(text.to_owned()), examples: 1 };
        let diff = testing::run_while(&mut desk.desk, diff, Streams::default(), |_| true).unwrap();
        diff.notes.into_iter().filter(|it| it.contains("names the purpose")).collect::<Vec<_>>()
    };
    let renamed = GOVERNED.replace("newsletter", "mailing");
    let told = notes(&mut desk, &renamed);
    assert_eq!(told.len(), 1);
    assert!(
        told[0]
            .starts_with(&format!("{task}, the objection of {one}, names the purpose newsletter"))
    );
    assert_eq!(notes(&mut desk, GOVERNED), Vec::<String>::new());
    let more = format!("{GOVERNED}\n[purposes.billing]\nbasis = \"contract\"\n");
    assert_eq!(notes(&mut desk, &more), Vec::<String>::new());
    // One that restricts nothing any more loses nothing.
    let lift = Request {
        task: Some(task),
        note: Some("they said so".to_owned()),
        ..Request::new(Action::Step { step: RequestStep::Lifted })
    };
    desk.ask(lift);
    assert_eq!(notes(&mut desk, &renamed), Vec::<String>::new());
}

#[test]
fn a_due_request_is_first_in_every_order() {
    let mut test = TestDesk::new();
    super::bulk::pairs_of(&mut test);
    let customer = test.customer("crm:3");
    let today = test.desk().facts().today();
    let asked = Requested { received: today, ..requested(RequestKind::Access) };
    let task = test.does(Request::new(Action::Record { customer, requested: asked })).task.unwrap();
    let first = |test: &mut TestDesk, order: QueueOrder| {
        let who = Session::local("kim", TimeZone::UTC);
        let view = test.desk().act(&who, Queue { filter: None, order }, Streams::default());
        view.unwrap().listed[0].task
    };
    assert_ne!(first(&mut test, QueueOrder { by: OrderBy::Score, reversed: false }), task);
    test.clock.advance(40 * DAY);
    for (_, by) in OrderBy::ALL {
        for reversed in [false, true] {
            assert_eq!(first(&mut test, QueueOrder { by, reversed }), task, "{by:?} {reversed}");
        }
    }
}

#[test]
fn somebody_of_whom_nothing_is_held_is_answered_that_after_a_search_and_leaves_no_word() {
    let mut desk = Desk::new(GOVERNED);
    import(&mut desk, "crm", "1,Omaha,yes,2026-01-01,,\n");
    let held = customer(&mut desk, "crm:1");
    let nobody = CustomerId::NOBODY;
    let asks = |by: Option<&str>| {
        Request::new(Action::Record {
            customer: nobody,
            requested: Requested { by: by.map(str::to_owned), ..requested(RequestKind::Access) },
        })
    };
    let refused = |desk: &mut Desk, request: Request| match ask(desk, Decide { request }) {
        Err(NotDone::Refused(refusal)) => refusal.to_string(),
        other => panic!("{other:?}"),
    };
    // No erasure goes by a name that stands in no record: so none is taken.
    for request in [
        asks(Some("email of Zyxgruber")),
        Request { note: Some("Zyxgruber wants a copy".to_owned()), ..asks(None) },
    ] {
        assert!(refused(&mut desk, request).contains("no erasure could reach it"));
    }
    let receipt = desk.ask(asks(None));
    let task = receipt.task.unwrap();
    assert!(receipt.summary.contains("of whom nothing is held: access"), "{}", receipt.summary);
    let shown = view(&mut desk, task);
    assert_eq!((shown.who().as_str(), shown.open), ("nobody held", true));
    assert_eq!(shown.missing, [domain::MissingStep::Search]);
    assert!(shown.lines()[1].contains(&format!("steward request searched {task}")));
    let of = |task: TaskId, step: RequestStep, note: Option<&str>| Request {
        task: Some(task),
        note: note.map(str::to_owned),
        ..Request::new(Action::Step { step })
    };
    let done = of(task, RequestStep::Done, None);
    assert!(refused(&mut desk, done.clone()).contains("nobody has looked for them yet"));
    let handed = RequestStep::Handed { files: Vec::new() };
    assert!(refused(&mut desk, of(task, handed, None)).contains("nothing is held"));
    let told = RequestStep::Told { exports: Vec::new(), other: Some("Zyx".to_owned()) };
    for step in [RequestStep::Noted, told.clone()] {
        let note = matches!(step, RequestStep::Noted).then_some("Zyxgruber rang");
        assert!(refused(&mut desk, of(task, step, note)).contains("no erasure could reach it"));
    }
    let to = "lee".to_owned();
    let asked = Request {
        task: Some(task),
        note: Some("who is Zyxgruber?".to_owned()),
        ..Request::new(Action::Escalate { to })
    };
    assert!(refused(&mut desk, asked).contains("no erasure could reach it"));
    // It is a task like any other: in the queue, shown, due.
    let view_of = door::operations::ShowTask { task, unmask: false };
    assert!(ask(&mut desk, view_of).unwrap().columns.is_empty());
    let queue = ask(&mut desk, Queue { filter: None, order: QueueOrder::default() }).unwrap();
    assert!(queue.rows.iter().any(|row| row.task == task));
    let search = desk.ask(of(task, RequestStep::Searched, None));
    assert_eq!(view(&mut desk, task).missing, []);
    desk.ask(undo_request(search.decision, false));
    assert!(refused(&mut desk, done.clone()).contains("nobody has looked"));
    desk.ask(of(task, RequestStep::Searched, None));
    desk.ask(done);
    assert_eq!(view(&mut desk, task).state, "done");
    // Of a customer, that they are held is not denied.
    let own = recorded(&mut desk, held, requested(RequestKind::Access));
    assert!(
        refused(&mut desk, of(own, RequestStep::Searched, None)).contains("of whom data is held")
    );
    let history = door::operations::History { of: None, unmask: false };
    let told = format!("{:?}", ask(&mut desk, history).unwrap());
    assert!(told.contains("of whom nothing is held") && !told.contains("Zyx"), "{told}");
}
