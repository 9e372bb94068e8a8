//! Approvals as they are seen: what stays to be reviewed, what rises when its day has come, and what is said of it.

use std::collections::{BTreeMap, BTreeSet};

use super::approvals::*;
use super::*;
use domain::{FieldName, OrderBy, QueueOrder, TaskState, Urgency};
use door::operations::{Dashboard, DecisionsOf, LastDecision, Preview, Queue, ShowApproval};
use door::views::{ApprovalsLine, QueueView};

/// As [`RULES`]; what breaks the glass is due as well.
fn breaks(test: &mut TestDesk, name: &str, at: usize) -> (DecisionId, TaskId) {
    let (_, request) = duplicate(test, at);
    let request = Request { break_glass: Some("urgent".to_owned()), ..request };
    let made = does_as(test, name, request).decision;
    (made, decision(test, made).broken_glass.unwrap().task)
}

fn queue_of(test: &mut TestDesk, name: &str, order: QueueOrder) -> QueueView {
    ask_as(test, &over_ssh(name), Queue { filter: None, order }).unwrap()
}

fn waits(test: &mut TestDesk, name: &str) -> ApprovalsLine {
    ask_as(test, &over_ssh(name), Dashboard {}).unwrap().approvals
}

/// As in [`PEOPLE`], with a dashboard for everybody.
fn with_dashboard() -> TestDesk {
    let people = PEOPLE.replace("may = [\"tasks\"", "may = [\"tasks\", \"dashboard\", \"comment\"");
    let mut test = TestDesk::governed(Databases::default(), 1, &format!("{people}{RULES}"));
    super::bulk::pairs_of(&mut test);
    test
}

#[test]
fn what_did_not_wait_is_reviewed_though_it_was_undone_and_redone() {
    let mut test = world();
    let before = test.picture();
    let (made, review) = breaks(&mut test, "sam", 0);
    let undone = does_as(&mut test, "sam", undo_request(made, false));
    assert_eq!((undone.proposed, test.picture()), (None, before.clone()));
    // Whoever broke the glass does not end the review by taking back what they did.
    assert!(state(&mut test, review).is_pending());
    let rows = listed(&mut test, "lee", true);
    assert_eq!((rows[0].task, rows[0].undone_by), (review, Some(undone.decision)));
    for request in [approve(review), reject(review)] {
        assert!(refused_as(&mut test, &over_ssh("sam"), request).contains("you proposed it"));
    }
    // Kim brings it back, with the consent of ada: neither proposed it, but kim answers for it as sam does.
    let asks = does_as(&mut test, "kim", undo_request(undone.decision, false)).proposed.unwrap();
    does_as(&mut test, "ada", approve(asks));
    assert!(state(&mut test, review).is_pending());
    assert_eq!(listed(&mut test, "lee", true)[0].undone_by, None);
    refused_as(&mut test, &over_ssh("ada"), approve(review));
    let answer = does_as(&mut test, "lee", approve(review)).decision;
    assert!(!state(&mut test, review).is_pending());
    // An answer that is undone asks again, and replay tells the same.
    does_as(&mut test, "lee", undo_request(answer, false));
    assert!(state(&mut test, review).is_pending());
    let dump = test.dump();
    test.rebuild();
    assert_eq!(test.dump(), dump);
}

#[test]
fn a_review_has_its_day_and_is_commented_on_though_its_customers_are_one() {
    let mut test = with_dashboard();
    let (_, review) = breaks(&mut test, "sam", 0);
    let rows = listed(&mut test, "lee", true);
    assert_eq!(rows[0].due.map(|due| due.as_second() - rows[0].at.as_second()), Some(2 * 86_400));
    let note = Some("who rang?".to_owned());
    let comment = Request {
        task: Some(review),
        note,
        ..Request::new(Action::Comment { customers: Vec::new() })
    };
    does_as(&mut test, "kim", comment);
    let shown = view(&mut test, "lee", review);
    let said: Vec<_> = shown.comments.iter().filter_map(|it| it.text.as_deref()).collect();
    assert_eq!(said, ["who rang?"]);
}

#[test]
fn what_is_due_to_be_approved_is_first_in_every_order_for_whoever_may() {
    let mut test = with_dashboard();
    let (_, request) = duplicate(&mut test, 2);
    let asks = does_as(&mut test, "sam", request).proposed.unwrap();
    let (_, review) = breaks(&mut test, "kim", 0);
    let urgency = |view: &QueueView, task: TaskId| {
        view.rows.iter().find(|row| row.task == task).map(|row| row.urgency)
    };
    let now = queue_of(&mut test, "lee", QueueOrder::default());
    assert_eq!(urgency(&now, asks), Some(Urgency::Open));
    assert_eq!(now.counts.approvals, 2);
    // Whoever proposed it waits for others.
    let own = queue_of(&mut test, "sam", QueueOrder::default());
    assert_eq!((urgency(&own, asks), own.counts.approvals), (Some(Urgency::Escalated), 0));
    assert_eq!(waits(&mut test, "lee"), ApprovalsLine { waiting: 2, yours: 2, due: 0 });
    test.clock.advance(3 * 86_400);
    assert_eq!(waits(&mut test, "lee"), ApprovalsLine { waiting: 2, yours: 2, due: 2 });
    assert_eq!(waits(&mut test, "sam"), ApprovalsLine { waiting: 2, yours: 0, due: 0 });
    for (_, by) in OrderBy::ALL {
        for reversed in [false, true] {
            let view = queue_of(&mut test, "lee", QueueOrder { by, reversed });
            let first: Vec<TaskId> = view.listed.iter().take(2).map(|it| it.task).collect();
            assert_eq!(
                BTreeSet::from_iter(first),
                BTreeSet::from([asks, review]),
                "{by:?} {reversed}"
            );
            assert!(view.rows[0].state.contains("for lead to approve"), "{}", view.rows[0].state);
            let own = queue_of(&mut test, "sam", QueueOrder { by, reversed });
            assert_eq!(urgency(&own, asks), Some(Urgency::Escalated), "{by:?} {reversed}");
        }
    }
    let listing = door::TaskListing { state: Some("due".to_owned()), ..Default::default() };
    let page = door::operations::ListTasks { listing, part: 0 };
    let due = ask_as(&mut test, &over_ssh("lee"), page).unwrap();
    assert_eq!(due.lines.len(), 2);
    assert!(due.lines.iter().all(|line| line.state == "due" && line.due.is_some()), "{due:?}");
}

#[test]
fn an_undo_of_a_bulk_says_truly_what_it_leaves_and_warns_of_no_export() {
    let people = PEOPLE.replace("may = [\"tasks\"", "may = [\"tasks\", \"export\"");
    let mut test = TestDesk::governed(Databases::default(), 1, &format!("{people}{RULES}"));
    super::bulk::pairs_of(&mut test);
    let tasks = test.pending(TaskKind::Duplicate);
    let step = door::BulkStep {
        verdict: door::BulkVerdict::Merge,
        reason: None,
        note: None,
        tasks: tasks.iter().take(3).map(|task| (*task, None)).collect(),
        bulk: None,
        left: 0,
        rehearse: false,
        break_glass: None,
    };
    let done = ask_as(&mut test, &over_ssh("sam"), door::operations::DecideSome { step }).unwrap();
    let asks: Vec<TaskId> = done.results.iter().filter_map(|it| it.proposed).collect();
    let made: Vec<DecisionId> = done.results.iter().filter_map(|it| it.decision).collect();
    let approved = does_as(&mut test, "lee", approve(asks[0])).decision;
    // Another verdict takes the place of the second.
    let view = test.task(tasks[1]);
    let customers: Vec<CustomerId> = view.columns.iter().map(|it| it.customer).collect();
    let apart: Vec<&[CustomerId]> = customers.chunks(1).collect();
    let other = Request { task: Some(tasks[1]), ..apart_request(&apart) };
    let foreseen =
        ask_as(&mut test, &over_ssh("kim"), Preview { request: other.clone(), unmask: false });
    let replaces = format!("takes the place of the proposal {} ({})", made[1], asks[1]);
    assert!(foreseen.unwrap().effect.contains(&replaces));
    let told = does_as(&mut test, "kim", other);
    assert!(told.summary.contains(&replaces), "{}", told.summary);
    export_golden(&mut test);
    let rest =
        ask_as(&mut test, &over_ssh("sam"), DecisionsOf { bulk: done.bulk.unwrap() }).unwrap();
    let action = Action::Undo { decisions: rest, with_dependents: false, choices: BTreeMap::new() };
    let undone = does_as(&mut test, "sam", Request::new(action));
    assert!(
        undone.summary.contains(&format!("they were answered since: {}", made[0])),
        "{}",
        undone.summary
    );
    assert!(
        undone.summary.contains(&format!("nobody is asked to approve them any more: {}", made[1])),
        "{}",
        undone.summary
    );
    assert!(!undone.summary.contains("erased"), "{}", undone.summary);
    assert_eq!(undone.exported_meanwhile, Vec::<String>::new());
    // What left the workspace is told of what changed it.
    let undo = does_as(&mut test, "kim", undo_request(told.decision, false));
    assert_eq!(undo.exported_meanwhile.len(), 1, "{}", undo.summary);
    // Whoever undoes their last passes over what others answered: what kim's verdict took the place of waits again.
    let last = LastDecision { undone: false };
    let sam = ask_as(&mut test, &over_ssh("sam"), last).unwrap().unwrap();
    assert_eq!(sam.decision, made[1], "{approved} answered {}", made[0]);
}

fn export_golden(test: &mut TestDesk) {
    let whole = testing::whole(crate::jobs::Dataset::Golden, crate::export::Format::Csv);
    let whole = door::operations::Export { destination: testing::destination("out.csv"), ..whole };
    testing::export(test.desk(), &whole, testing::Seen::default()).unwrap();
}

/// Every way to go back and forth over a proposal five times: it waits exactly as long as it stands.
#[test]
fn a_proposal_waits_exactly_as_long_as_it_stands_however_it_was_undone() {
    let mut test = world();
    let (task, request) = duplicate(&mut test, 0);
    let proposed = does_as(&mut test, "sam", request);
    let asks = proposed.proposed.unwrap();
    let mut made = vec![proposed.decision];
    let mut chance = 7_u64;
    for round in 0..60 {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let at = (chance >> 33) as usize % made.len().min(6);
        let undone = made[made.len() - 1 - at];
        let done =
            ask_as(&mut test, &over_ssh("sam"), Decide { request: undo_request(undone, false) });
        if let Ok(receipt) = done {
            made.push(receipt.decision);
        }
        let stands = test.desk().facts().view.decision(made[0]).unwrap().unwrap().stands();
        let answered = matches!(state(&mut test, task), TaskState::Proposed { .. });
        let pending = state(&mut test, asks).is_pending();
        assert_eq!((pending, answered), (stands, stands), "round {round}, undid {undone}");
    }
    assert!(made.len() > 10, "{made:?}");
}

#[test]
fn what_changed_beside_a_proposal_is_told_with_what_it_was() {
    let mut test = world();
    let (_, request) = duplicate(&mut test, 0);
    let asks = does_as(&mut test, "sam", request).proposed.unwrap();
    does_as(&mut test, "kim", fix_request("crm:1", "phone", "+14025550198"));
    let shown = ask_as(&mut test, &over_ssh("lee"), ShowApproval { task: asks, unmask: true });
    let shown = shown.unwrap();
    let phone = FieldName::new("phone");
    let row = shown.values.iter().find(|it| it.field == phone).expect("the phone is told");
    let line = row.line();
    assert!(!row.named && line.contains("+14025550198"), "{line}");
    assert!(line.contains("; when proposed: "), "{line}");
}
