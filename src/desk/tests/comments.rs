//! What people say about tasks and customers beside deciding: it is read by all, withdrawn, and erased.

use super::bulk::{pairs, queue};
use super::*;
use domain::{Sequence, Subject};
use door::SessionId;
use door::operations::{Changes, Claim, History, LookAt};

fn on_task(task: TaskId, text: &str) -> Request {
    let note = Some(text.to_owned());
    Request { task: Some(task), note, ..Request::new(Action::Comment { customers: Vec::new() }) }
}

fn on_customer(customer: CustomerId, text: &str) -> Request {
    let note = Some(text.to_owned());
    Request { note, ..Request::new(Action::Comment { customers: vec![customer] }) }
}

fn said(test: &mut TestDesk, task: TaskId) -> Vec<String> {
    let comments = test.task(task).comments;
    comments.into_iter().map(|it| format!("{}: {}", it.actor, it.text.unwrap())).collect()
}

#[test]
fn a_comment_is_shown_with_its_task_and_nothing_becomes_stale_by_it() {
    let mut test = pairs();
    let task = test.pending(TaskKind::Duplicate)[0];
    let view = test.task(task);
    let customer = view.columns[1].customer;
    let first = test.does(on_task(task, "  called twice  "));
    assert!(first.summary.starts_with("commented on C"), "{}", first.summary);
    test.does(on_customer(customer, "prefers letters"));
    assert_eq!(said(&mut test, task), ["sam: called twice", "sam: prefers letters"]);
    assert_eq!(test.task(task).version, view.version);
    let row = |test: &mut TestDesk| {
        let rows = queue(test, None).rows;
        rows.into_iter().find(|row| row.task == task).unwrap().state
    };
    assert_eq!(row(&mut test), "2 comments");
    assert_eq!(queue(&mut test, None).counts.decided_today, 0, "nothing was decided");
    let history = |test: &mut TestDesk, of| {
        let lines = test.ask(History { of: Some(of), unmask: false }).unwrap();
        lines.into_iter().filter(|it| it.what.contains("commented on")).count()
    };
    assert_eq!(history(&mut test, Subject::Task(task)), 1);
    assert_eq!(history(&mut test, Subject::Customer(customer)), 2);
    // Withdrawn, it is in the history alone.
    test.undo(first.decision);
    assert_eq!(said(&mut test, task), ["sam: prefers letters"]);
    assert_eq!(row(&mut test), "1 comment");
    assert_eq!(history(&mut test, Subject::Task(task)), 1);
    // Who had seen the task decides it, and the comment goes with the customer.
    let customers: Vec<CustomerId> = view.columns.iter().map(|it| it.customer).collect();
    let merged = test.does(merge_request(&[&customers]).for_task(task, view.version)).decision;
    let survivor = test.desk().facts().view.follow(customer).unwrap().unwrap();
    assert_eq!(history(&mut test, Subject::Customer(survivor)), 2);
    test.undo(merged);
    assert_eq!(said(&mut test, task), ["sam: prefers letters"]);
    super::overview::verify(&mut test);
    let dump = test.dump();
    test.rebuild();
    assert_eq!(test.dump(), dump);
}

#[test]
fn a_claim_of_somebody_else_forbids_no_comment_and_others_are_told() {
    let mut test = pairs();
    let kim = Session { id: SessionId(1), ..Session::local("kim", TimeZone::UTC) };
    let sam = Session { id: SessionId(2), ..Session::local("sam", TimeZone::UTC) };
    let task = test.pending(TaskKind::Duplicate)[0];
    let act = |test: &mut TestDesk, who: &Session, request: Request| {
        test.desk().act(who, Decide { request }, Streams::default())
    };
    test.desk().act(&kim, Claim { task }, Streams::default()).unwrap();
    let since = test.desk().act(&kim, Changes::default(), Streams::default()).unwrap().at;
    act(&mut test, &sam, on_task(task, "they are brothers")).unwrap();
    let now = test.desk().act(&kim, Changes { since }, Streams::default()).unwrap().at;
    assert_ne!(now, since);
    let look = LookAt { task: Some(task), seen: Some(Sequence(1)) };
    assert_eq!(test.desk().act(&kim, look, Streams::default()).unwrap().comments, 1);
    // It is kim's still.
    let held = act(&mut test, &sam, on_task(task, "x").clone()).map(|_| ());
    assert!(held.is_ok());
    let claim = test.desk().act(&sam, Claim { task }, Streams::default()).unwrap_err();
    assert!(claim.to_string().contains("kim is working on it"), "{claim}");
}

#[test]
fn a_comment_needs_text_and_somebody_it_is_about() {
    let mut test = pairs();
    let task = test.pending(TaskKind::Duplicate)[0];
    for (request, why) in [
        (on_task(task, "  "), "needs text"),
        (on_task(task, &"x".repeat(2_001)), "2000 characters at most"),
        (
            Request {
                note: Some("x".to_owned()),
                ..Request::new(Action::Comment { customers: vec![] })
            },
            "name one",
        ),
        (on_customer(CustomerId(9_999), "x"), "there is no C9999"),
        (on_task(TaskId(9_999), "x"), "there is no T9999"),
    ] {
        let refusal = test.is_refused(request).to_string();
        assert!(refusal.contains(why), "{refusal}");
    }
}

#[test]
fn what_was_said_about_a_person_is_erased_with_them() {
    let mut test = pairs();
    let tasks = test.pending(TaskKind::Duplicate);
    let view = test.task(tasks[0]);
    let customers: Vec<CustomerId> = view.columns.iter().map(|it| it.customer).collect();
    test.does(on_task(tasks[0], "XyzzyTask"));
    test.does(on_customer(customers[1], "XyzzyCustomer"));
    test.does(on_task(tasks[1], "TheoKept"));
    // Said about one that is merged away by then.
    let version = test.task(tasks[0]).version;
    test.does(merge_request(&[&customers]).for_task(tasks[0], version));
    let survivor = test.desk().facts().view.follow(customers[1]).unwrap().unwrap();
    test.erase(survivor);
    let commits = test.desk().facts().ledger.commits_from(Sequence(1));
    let told: String = commits.map(|commit| format!("{:?}", commit.unwrap())).collect();
    assert!(!told.contains("Xyzzy") && told.contains("TheoKept"));
    let dump = test.dump();
    test.rebuild();
    assert_eq!(test.dump(), dump);
    assert_eq!(said(&mut test, tasks[1]), ["sam: TheoKept"]);
}
