//! Second looks: a decided task comes back blind, and whether the second verdict agrees is counted.

use super::bulk::{pairs, queue};
use super::overview::verify;
use super::*;
use domain::{Answer, Subject, TaskState};
use door::operations::{ExplainGroup, History, MatchStatus, ShowDecision};
use door::views::HistoryEntry;

pub(super) const DAY: i64 = 86_400;

/// Six pairs with a task each, of which this share comes back.
pub(super) fn asked_again(share: &str) -> TestDesk {
    let mut test = pairs();
    let settings = format!("{SETTINGS}\n[review]\nsecond = {share}\n");
    std::fs::write(test.workspace().settings(), settings).unwrap();
    test.desk().adopt_settings().unwrap();
    test
}

fn customers(test: &mut TestDesk, task: TaskId) -> Vec<CustomerId> {
    test.task(task).columns.iter().map(|column| column.customer).collect()
}

/// Answers a task as its screen would: all one, or each by itself.
pub(super) fn answer(test: &mut TestDesk, task: TaskId, merge: bool) -> Request {
    let view = test.task(task);
    let all: Vec<CustomerId> = view.columns.iter().map(|column| column.customer).collect();
    let request = match merge {
        true => merge_request(&[&all]),
        false => {
            Request::new(Action::NotAMatch { groups: all.iter().map(|id| vec![*id]).collect() })
        }
    };
    request.for_task(task, view.version)
}

pub(super) fn decides(test: &mut TestDesk, task: TaskId, merge: bool) -> DecisionId {
    let request = answer(test, task, merge);
    test.does(request).decision
}

/// The first pair decided, a day ago: its customers, the decision and the task that asks again.
pub(super) fn decided_a_day_ago(merge: bool) -> (TestDesk, Vec<CustomerId>, DecisionId, TaskId) {
    let mut test = asked_again("1");
    let task = test.pending(TaskKind::Duplicate)[0];
    let pair = customers(&mut test, task);
    let first = decides(&mut test, task, merge);
    let [again] = test.pending(TaskKind::Second)[..] else { unreachable!() };
    test.clock.advance(DAY);
    (test, pair, first, again)
}

fn state(test: &mut TestDesk, task: TaskId) -> TaskState {
    test.desk().facts().view.task(task).unwrap().unwrap().task.state
}

pub(super) fn told(test: &mut TestDesk, of: Option<Subject>) -> Vec<HistoryEntry> {
    test.ask(History { of, unmask: false }).unwrap()
}

#[test]
fn unless_the_settings_say_so_nothing_comes_back() {
    let mut test = pairs();
    let task = test.pending(TaskKind::Duplicate)[0];
    decides(&mut test, task, true);
    assert_eq!(test.pending(TaskKind::Second), []);
    assert_eq!(test.ask(MatchStatus {}).unwrap().second.all.pairs, 0);
}

#[test]
fn a_share_of_the_tasks_comes_back_and_always_the_same_ones() {
    let chosen = |share: &str| {
        let mut test = asked_again(share);
        for task in test.pending(TaskKind::Duplicate) {
            decides(&mut test, task, true);
        }
        let again = test.pending(TaskKind::Second);
        let mut first = Vec::new();
        for task in again {
            let entry = test.desk().facts().view.task(task).unwrap().unwrap();
            let decision = entry.task.second_look_at().unwrap();
            first.push(test.desk().facts().decision(decision).unwrap().task.unwrap());
        }
        first
    };
    let (half, most) = (chosen("0.5"), chosen("0.8"));
    assert!(!half.is_empty() && half.len() < 6, "{half:?}");
    assert_eq!(half, chosen("0.5"), "no chance outside the ledger");
    assert!(half.iter().all(|task| most.contains(task)), "a larger share asks of more");
    assert_eq!(chosen("1").len(), 6);
}

#[test]
fn the_same_verdict_again_is_counted_and_changes_nobody() {
    for merge in [true, false] {
        let (mut test, _, first, again) = decided_a_day_ago(merge);
        let (picture, waiting) = (test.picture(), test.pending(TaskKind::Duplicate));
        let second = decides(&mut test, again, merge);
        assert_eq!(test.picture(), picture);
        assert_eq!(test.pending(TaskKind::Duplicate), waiting);
        assert_eq!(state(&mut test, again), TaskState::Decided { decision: second });
        assert_eq!(test.pending(TaskKind::Second), [], "nobody else is asked");
        let look = test.desk().facts().decision(second).unwrap().second.unwrap();
        let said = if merge { Answer::Merge } else { Answer::NotAMatch };
        assert_eq!((look.of, look.first, look.second, look.agrees), (first, said, said, true));
        let told = told(&mut test, Some(Subject::Task(again)));
        assert!(told[0].what.contains(&format!("as {first} says")), "{}", told[0].what);
        let counted = test.ask(MatchStatus {}).unwrap().second;
        assert_eq!((counted.all.pairs, counted.all.same, counted.all.kappa), (1, 1, None));
        assert_eq!((counted.people[0].name.as_str(), counted.people[0].pairs), ("sam", 1));
        verify(&mut test);
        let dump = test.dump();
        test.rebuild();
        assert_eq!(test.dump(), dump, "replay gives the same");
        test.undo(second);
        assert_eq!(test.pending(TaskKind::Second), [again], "it asks as before");
        assert_eq!(test.ask(MatchStatus {}).unwrap().second.all.pairs, 0);
        assert_eq!(test.picture(), picture);
        verify(&mut test);
    }
}

#[test]
fn another_verdict_changes_nobody_either_and_asks_a_lead() {
    for merge in [true, false] {
        let (mut test, pair, first, again) = decided_a_day_ago(merge);
        let picture = test.picture();
        let second = decides(&mut test, again, !merge);
        assert_eq!(test.picture(), picture);
        let [lead] = test.pending(TaskKind::Second)[..] else { unreachable!() };
        assert_eq!(
            state(&mut test, lead),
            TaskState::Escalated { to: "lead".to_owned(), decision: second }
        );
        assert_eq!(queue(&mut test, Some("to = lead")).rows[0].task, lead);
        let view = test.task(lead);
        assert_eq!(view.columns.len(), if merge { 1 } else { 2 }, "as things stand");
        let says =
            if merge { "asked again, blind: not-a-match" } else { "asked again, blind: merge" };
        assert!(view.reasons[1].contains(says), "{:?}", view.reasons);
        assert!(view.reasons[2].contains(&format!("undo {first} and answer T1 again")));
        let counted = test.ask(MatchStatus {}).unwrap().second;
        assert_eq!((counted.all.pairs, counted.all.same), (1, 0));
        verify(&mut test);
        // The second verdict taken back: nobody is asked any more, and the task waits as before.
        let undone = test.undo(second).decision;
        assert_eq!(state(&mut test, lead), TaskState::Settled);
        assert_eq!(test.pending(TaskKind::Second), [again]);
        test.undo(undone);
        assert_eq!(test.pending(TaskKind::Second), [lead]);
        // The lead lets the first verdict stand, thinks again, and takes it back.
        let request = Request { task: Some(lead), ..Request::new(Action::Keep) };
        let kept = test.does(request).decision;
        assert_eq!(state(&mut test, lead), TaskState::Decided { decision: kept });
        assert_eq!(test.picture(), picture);
        test.undo(kept);
        assert_eq!(test.pending(TaskKind::Second), [lead]);
        test.undo(first);
        assert_eq!(state(&mut test, lead), TaskState::Settled);
        let duplicate = test.pending(TaskKind::Duplicate)[0];
        assert_eq!(customers(&mut test, duplicate), pair, "the first question is open again");
        verify(&mut test);
    }
}

#[test]
fn a_lead_who_parts_what_was_merged_has_answered() {
    let (mut test, pair, _, again) = decided_a_day_ago(true);
    decides(&mut test, again, false);
    let lead = test.pending(TaskKind::Second)[0];
    let records = vec!["shop:1".parse().unwrap()];
    test.does(Request::new(Action::Unmerge { customer: pair[0], records }));
    assert_eq!(state(&mut test, lead), TaskState::Settled);
    verify(&mut test);
}

#[test]
fn with_the_first_verdict_goes_its_second_look_and_with_it_comes_back() {
    for merge in [true, false] {
        let (mut test, _, first, again) = decided_a_day_ago(merge);
        let undone = test.undo(first).decision;
        assert_eq!(state(&mut test, again), TaskState::Settled, "merged: {merge}");
        let entries = told(&mut test, None);
        assert!(entries.iter().all(|entry| !entry.what.contains("withheld")), "{entries:?}");
        test.undo(undone);
        assert_eq!(test.pending(TaskKind::Second), [again], "redone: {merge}");
        verify(&mut test);
    }
}

#[test]
fn erasing_somebody_it_was_about_settles_it() {
    for (merge, answered) in [(true, false), (false, false), (true, true), (false, true)] {
        let (mut test, pair, _, again) = decided_a_day_ago(merge);
        if answered {
            decides(&mut test, again, !merge);
        }
        let asks = test.pending(TaskKind::Second)[0];
        test.erase(pair[0]);
        assert_eq!(state(&mut test, asks), TaskState::Settled, "{merge} {answered}");
        test.ask(MatchStatus {}).unwrap();
        told(&mut test, None);
        test.task(again);
        verify(&mut test);
    }
}

#[test]
fn a_second_look_is_answered_whole_about_those_it_asks_about_and_nothing_else() {
    let (mut test, pair, first, again) = decided_a_day_ago(true);
    let stranger = test.customer("crm:2");
    let with = |action: Action| Request { task: Some(again), ..Request::new(action) };
    let merge = |groups: &[&[CustomerId]]| Request { task: Some(again), ..merge_request(groups) };
    let into = Action::Merge {
        groups: vec![pair.clone()],
        into: Some(pair[1]),
        picks: Default::default(),
        rest: door::Rest::Stay,
    };
    for (request, says) in [
        (merge(&[&[pair[0], stranger]]), format!("does not ask about {stranger}")),
        (merge(&[&[pair[0]]]), format!("also say whether {} belongs", pair[1])),
        (merge(&[&[pair[0], pair[0]]]), "named twice".to_owned()),
        (merge(&[&[pair[0]], &[pair[1]]]), "needs two customers in one group".to_owned()),
        (with(into), "no value to pick".to_owned()),
        (with(Action::Escalate { to: "kim".to_owned() }), "merge, not-a-match or defer".to_owned()),
        (with(Action::Keep), "merge, not-a-match or defer".to_owned()),
        (with(Action::NotAMatch { groups: vec![pair.clone()] }), "needs two groups".to_owned()),
    ] {
        let refusal = test.is_refused(request).to_string();
        assert!(refusal.contains(&says), "{refusal}");
    }
    // Put off it is no less blind.
    let until = domain::Until::DataChanges;
    test.does(with(Action::Defer { until }));
    let told = test.ask(ShowDecision { decision: first, unmask: false }).unwrap_err().to_string();
    assert!(told.contains(&format!("withheld until {again}")), "{told}");
    decides(&mut test, again, true);
    verify(&mut test);
}

#[test]
fn some_of_three_as_one_are_compared_as_a_partition() {
    let mut test = asked_again("1");
    let three = ["crm:1", "crm:2", "shop:1"].map(|address| test.customer(address));
    super::bulk::open_task(test.desk(), &three);
    let task = *test.pending(TaskKind::Duplicate).last().unwrap();
    let in_part = |one: usize, two: usize, task| {
        let groups = vec![vec![three[one], three[two]]];
        let (into, picks, rest) = (None, Default::default(), door::Rest::NotAMatch);
        Request { task: Some(task), ..Request::new(Action::Merge { groups, into, picks, rest }) }
    };
    let first = test.does(in_part(0, 1, task)).decision;
    let again = *test.pending(TaskKind::Second).last().unwrap();
    test.clock.advance(DAY);
    assert_eq!(customers(&mut test, again), three);
    let other = test.does(in_part(0, 2, again)).decision;
    let look = test.desk().facts().decision(other).unwrap().second.unwrap();
    let said = (look.first, look.second, look.agrees);
    assert_eq!(said, (Answer::InPart, Answer::InPart, false));
    let told = told(&mut test, Some(Subject::Decision(other)));
    assert!(told[0].what.contains(&format!("with other customers than {first} says")), "{told:?}");
    test.undo(other);
    let same = test.does(in_part(1, 0, again)).decision;
    assert!(test.desk().facts().decision(same).unwrap().second.unwrap().agrees);
    let explained = test.ask(ExplainGroup { of: Subject::Task(again) });
    assert!(explained.is_err(), "nothing was matched yet");
    verify(&mut test);
}
