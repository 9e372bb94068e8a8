//! Bulk: each decision checked by itself, refused where a single one would be, undone one by one
//! and as a whole; the queue that follows it.

use super::*;
use crate::draft::Draft;
use domain::event::Cause;
use domain::{MatchRunId, Sequence, Subject, Task, TaskReason, TaskState, Until};
use door::operations::{
    Claim, DecideSome, DecisionsOf, History, LastDecision, Patterns, PrepareQueue, Queue,
    QueueSince, Release, TasksWhere,
};
use door::views::{
    OrderBy, PatternCount, PatternsView, QueueChanges, QueueNews, QueueOrder, QueueView,
};
use door::{BulkOutcome, BulkStep, BulkVerdict};

/// Pairs that look alike and do not agree in all; the last one's members have two birth dates.
pub(super) fn pairs() -> TestDesk {
    let mut test = TestDesk::new();
    pairs_of(&mut test);
    test
}

/// The same in a workspace that is there.
pub(super) fn pairs_of(test: &mut TestDesk) {
    let (mut crm, mut shop) = (String::new(), String::new());
    let names = ["Ashgrove", "Birchwood", "Cedarling", "Dunmore", "Elmhurst", "Fernhill"];
    for (at, family) in names.iter().enumerate() {
        let id = at + 1;
        let born = if at == 5 { "1950-02-03" } else { "1984-03-12" };
        crm += &format!(
            "{id},Thomas,{family},,+1402555010{id},1984-03-12,{id} Rose Lane,Omaha,,,2026-01-20\n"
        );
        shop += &format!(
            "{id},Tom,{family},,+1402555010{id},{born},{id} Rose Lane,Omaha,,,2026-02-20\n"
        );
    }
    test.import("crm", &crm);
    test.import("shop", &shop);
    // What the model makes of so few records is not asked: the tasks are those of a person.
    for id in 1..=names.len() {
        let customers = [format!("crm:{id}"), format!("shop:{id}")];
        let customers = customers.map(|address| test.customer(&address));
        open_task(test.desk(), &customers);
    }
}

pub(super) fn open_task(desk: &mut Desk, customers: &[CustomerId]) {
    let plan = |desk: &Desk| {
        let mut draft = Draft::new(desk.facts(), Cause::Match(MatchRunId(1)))?;
        let id = draft.new_task();
        draft.set_task(Task {
            id,
            kind: TaskKind::Duplicate,
            state: TaskState::Open,
            customers: customers.to_vec(),
            record: None,
            reason: TaskReason::Similar,
            score: Some(0.9),
            weakest: None,
            opened: desk.now(),
        })?;
        draft.events()
    };
    desk.commit_draft(plan).unwrap();
}

fn tasks(test: &mut TestDesk) -> Vec<TaskId> {
    test.pending(TaskKind::Duplicate)
}

pub(super) fn step(
    test: &mut TestDesk,
    verdict: &BulkVerdict,
    rehearse: bool,
    bulk: &BulkOutcome,
) -> BulkOutcome {
    let tasks = match rehearse {
        true => tasks(test).into_iter().map(|task| (task, None)).collect(),
        false => {
            let ready = bulk.results.iter().filter(|result| result.refusal.is_none());
            ready.map(|result| (result.task.unwrap(), Some(result.version))).collect()
        }
    };
    let (verdict, bulk) = (verdict.clone(), bulk.bulk);
    let step = BulkStep {
        verdict,
        reason: None,
        note: None,
        tasks,
        bulk,
        left: 0,
        rehearse,
        break_glass: None,
    };
    test.ask(DecideSome { step }).unwrap()
}

pub(super) fn queue(test: &mut TestDesk, filter: Option<&str>) -> QueueView {
    let filter = filter.map(str::to_owned);
    test.ask(Queue { filter, order: QueueOrder::default() }).unwrap()
}

pub(super) fn changes(test: &mut TestDesk, since: u64) -> QueueChanges {
    let order = QueueOrder::default();
    match test.ask(QueueSince { filter: None, order, since }) {
        Ok(QueueNews::Changed(changes)) => changes,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn a_bulk_merges_what_agrees_and_leaves_what_contradicts_to_a_person() {
    let mut test = pairs();
    let before = (test.picture(), test.pending_picture());
    let judged = step(&mut test, &BulkVerdict::Merge, true, &BulkOutcome::default());
    assert_eq!((test.picture(), test.pending_picture()), before, "judging writes nothing");
    let refused: Vec<_> = judged.results.iter().filter_map(|it| it.refusal.clone()).collect();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].to_string().contains(" contradicts; "), "{refused:?}");
    let decided = step(&mut test, &BulkVerdict::Merge, false, &judged);
    assert_eq!(decided.results.iter().filter(|it| it.decision.is_some()).count(), 5);
    let bulk = decided.bulk.unwrap();
    assert_eq!(tasks(&mut test).len(), 1);
    let of = Some(Subject::Bulk(bulk));
    let entries = test.ask(History { of, unmask: false }).unwrap();
    assert_eq!(entries.len(), 5);
    // One by one, then all the others as a whole.
    let made: Vec<DecisionId> = decided.results.iter().filter_map(|it| it.decision).collect();
    // As `u` asks in another session: which bulk the last decision belongs to, and what stands of it.
    test.reopen();
    let last = test.ask(LastDecision { undone: false }).unwrap().unwrap();
    assert_eq!((last.decision, last.bulk), (made[4], Some(bulk)));
    assert_eq!(test.ask(DecisionsOf { bulk }).unwrap(), made);
    test.undo(made[2]);
    let left = test.ask(DecisionsOf { bulk }).unwrap();
    assert!(left.len() == 4 && !left.contains(&made[2]), "{left:?}");
    assert_eq!(tasks(&mut test).len(), 2);
    let rest = made.iter().copied().filter(|id| *id != made[2]).collect();
    test.does(Request::new(Action::Undo {
        decisions: rest,
        with_dependents: false,
        choices: Default::default(),
    }));
    assert_eq!((test.picture(), test.pending_picture()), before);
}

#[test]
fn each_decision_of_a_bulk_is_checked_against_the_version_seen() {
    let mut test = pairs();
    let judged = step(&mut test, &BulkVerdict::NotAMatch, true, &BulkOutcome::default());
    assert!(judged.results.iter().all(|result| result.refusal.is_none()));
    test.does(fix_request("shop:2", "city", "Lincoln"));
    let decided = step(&mut test, &BulkVerdict::NotAMatch, false, &judged);
    let refused: Vec<_> =
        decided.results.iter().filter_map(|it| Some((it.task?, it.refusal.clone()?))).collect();
    assert_eq!(refused.len(), 1);
    assert!(matches!(&refused[0].1, Refusal::Stale { since, .. } if since.len() == 1));
    assert_eq!(tasks(&mut test), [refused[0].0], "the others are decided");
}

#[test]
fn a_bulk_never_does_what_a_single_decision_may_not() {
    let mut test = pairs();
    // Together they would be a customer before being born.
    test.import("crm", "9,Thomas,Gable,,+14025550199,,9 Rose Lane,Omaha,1980-01-01,,2026-01-20\n");
    test.import("shop", "9,Tom,Gable,,+14025550199,1984-03-12,9 Rose Lane,Omaha,,,2026-02-20\n");
    let customers = ["crm:9", "shop:9"].map(|address| test.customer(address));
    open_task(test.desk(), &customers);
    let judged = step(&mut test, &BulkVerdict::Merge, true, &BulkOutcome::default());
    let single = test.is_refused(merge_request(&[&customers]));
    assert!(matches!(single, Refusal::Breaks { .. }), "{single:?}");
    assert_eq!(judged.results[6].refusal, Some(single));
    let accept = step(&mut test, &BulkVerdict::Accept, true, &BulkOutcome::default());
    assert!(accept.results.iter().all(|result| result.refusal.is_some()), "none is invalid");
    let waive = BulkVerdict::Waive { rules: Vec::new() };
    let waived = step(&mut test, &waive, true, &BulkOutcome::default());
    assert!(waived.results.iter().all(|result| result.refusal.is_some()));
}

#[test]
fn the_records_of_many_invalid_tasks_are_set_aside_and_come_back_with_the_bulk() {
    let mut test = TestDesk::new();
    let rows: String = (1..=3).map(|id| format!("{id},Ann,Elmhurst,no address,,,,,,,\n")).collect();
    test.import("crm", &rows);
    let invalid = test.pending(TaskKind::Invalid);
    let before = (test.picture(), test.pending_picture());
    let tasks: Vec<_> = invalid.iter().map(|task| (*task, None)).collect();
    let (verdict, bulk) = (BulkVerdict::Quarantine, None);
    let step = BulkStep {
        verdict,
        reason: None,
        note: None,
        tasks,
        bulk,
        left: 0,
        rehearse: false,
        break_glass: None,
    };
    let outcome = test.ask(DecideSome { step }).unwrap();
    let made: Vec<DecisionId> = outcome.results.iter().filter_map(|it| it.decision).collect();
    assert_eq!((invalid.len(), made.len()), (3, 3), "{outcome:?}");
    assert_eq!(test.pending(TaskKind::Invalid), []);
    test.does(Request::new(Action::Undo {
        decisions: made,
        with_dependents: false,
        choices: Default::default(),
    }));
    assert_eq!((test.picture(), test.pending_picture()), before);
}

#[test]
fn tasks_put_off_or_asked_of_someone_in_bulk_stay_in_the_queue() {
    let mut test = pairs();
    let until = Until::Time("2026-11-20T00:00:00Z".parse().unwrap());
    let judged = step(&mut test, &BulkVerdict::Defer { until }, true, &BulkOutcome::default());
    step(&mut test, &BulkVerdict::Defer { until }, false, &judged);
    let view = queue(&mut test, Some("state = deferred and due = 2026-11-20"));
    assert_eq!((view.listed.len(), view.counts.deferred), (6, 6));
    assert!(view.listed.iter().all(|listed| !listed.waits));
    test.clock.advance(30 * 86_400);
    let view = queue(&mut test, None);
    assert_eq!((view.counts.due, view.rows[0].state.as_str()), (6, "due since 2026-11-20"));
    let to = BulkVerdict::Escalate { to: "sam".into() };
    let judged = step(&mut test, &to, true, &BulkOutcome::default());
    step(&mut test, &to, false, &judged);
    let view = queue(&mut test, Some("mine = yes and assignee = sam"));
    assert_eq!((view.listed.len(), view.counts.mine, view.counts.escalated), (6, 6, 6));
}

#[test]
fn the_queue_follows_each_decision_without_being_read_anew() {
    let mut test = pairs();
    let view = queue(&mut test, None);
    assert_eq!((view.listed.len(), view.counts.open), (6, 6));
    let judged = step(&mut test, &BulkVerdict::NotAMatch, true, &BulkOutcome::default());
    let first = BulkOutcome { results: judged.results[..2].to_vec(), ..judged };
    let decided = step(&mut test, &BulkVerdict::NotAMatch, false, &first);
    let seen = changes(&mut test, view.generation);
    assert_eq!((seen.gone.len(), seen.kept.len()), (2, 0));
    assert_eq!((seen.counts.open, seen.counts.decided_today), (4, 2));
    test.undo(decided.results[0].decision.unwrap());
    let again = changes(&mut test, seen.generation);
    let kept: Vec<TaskId> = again.kept.iter().map(|row| row.task).collect();
    assert_eq!((kept, again.counts.decided_today), (vec![decided.results[0].task.unwrap()], 1));
    // What it says is what a desk says that has just been opened.
    let followed = queue(&mut test, None);
    test.reopen();
    let read = queue(&mut test, None);
    assert_eq!(
        (followed.listed, followed.rows, followed.counts),
        (read.listed, read.rows, read.counts)
    );
}

#[test]
fn filters_and_orders_ask_every_column() {
    let mut test = pairs();
    let all = tasks(&mut test);
    for (filter, expected) in [
        ("kind = duplicate and count = 2", 6),
        ("subject ~ cedarling", 1),
        ("source ~ shop and source ~ crm", 6),
        ("source = shop", 6),
        ("id in (T1, T2)", 2),
        ("age < 1 and opened = 2026-11-01", 6),
        ("mine = yes", 0),
        ("assignee is empty and to is empty and rule is empty", 6),
        ("customer = C1 and customer = C7", 1),
        ("stake is empty", 6),
    ] {
        let found = test.ask(TasksWhere { filter: filter.to_owned() }).unwrap();
        assert_eq!(found.len(), expected, "{filter}: {found:?}");
        let mut view = queue(&mut test, Some(filter));
        while view.preparing.is_some() {
            let filter = Some(filter.to_owned());
            let order = QueueOrder::default();
            test.ask(PrepareQueue { filter: filter.clone(), order }).unwrap();
            view = queue(&mut test, filter.as_deref());
        }
        assert_eq!(view.listed.len(), expected, "{filter}");
    }
    for (_, by) in OrderBy::ALL {
        let ask = |reversed| Queue { filter: None, order: QueueOrder { by, reversed } };
        let view = test.ask(ask(false)).unwrap();
        assert_eq!(view.listed.len(), all.len(), "{by:?}");
        let back = test.ask(ask(true)).unwrap();
        assert_eq!(back.listed.len(), all.len(), "{by:?}");
        if by == OrderBy::Subject {
            let names = |view: &QueueView| view.rows[0].subject.clone();
            assert_eq!(
                (names(&view).as_str(), names(&back).as_str()),
                ("Ashgrove, Thomas", "Fernhill, Thomas")
            );
        }
    }
    match test.ask(Queue { filter: Some("colour = red".into()), order: Default::default() }) {
        Err(NotDone::Refused(refusal)) => assert!(refusal.to_string().contains("column 1:")),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn tasks_of_one_pattern_stand_together() {
    let mut test = pairs();
    test.match_records();
    let PatternsView { patterns, prepared } = test.ask(Patterns { filter: None }).unwrap();
    assert_eq!(prepared.done, prepared.total);
    let all: usize = patterns.iter().map(|found: &PatternCount| found.count).sum();
    assert_eq!(all, queue(&mut test, Some("pattern is not empty")).listed.len());
    let first = &patterns[0];
    let filter = format!("pattern = \"{}\"", first.pattern);
    assert_eq!(queue(&mut test, Some(&filter)).listed.len(), first.count);
}

#[test]
fn a_task_that_another_has_claimed_is_not_decided() {
    let mut test = pairs();
    let task = tasks(&mut test)[0];
    let (now, lease) = (test.desk().now(), std::time::Duration::from_secs(600));
    let kim = Session { id: door::SessionId(7), ..Session::local("kim", TimeZone::UTC) };
    test.desk().claims.claim(task, &kim, now, lease).unwrap();
    let row = queue(&mut test, Some("assignee = kim")).rows.remove(0);
    assert_eq!((row.task, row.state.as_str()), (task, "claimed by kim"));
    let held = Refusal::ClaimedBy { holder: "kim".into() };
    assert_eq!(test.ask(Claim { task }), Err(held.clone().into()));
    let request = Request::new(Action::Defer { until: Until::DataChanges });
    assert_eq!(test.is_refused(request.clone().for_task(task, Sequence(9_999))), held);
    test.clock.advance(601);
    test.does(request.for_task(task, Sequence(9_999)));
    let row = test.ask(Claim { task }).unwrap().unwrap();
    assert_eq!(row.state, "claimed by you; deferred until data changes");
    test.ask(Release { task: None }).unwrap();
    assert!(queue(&mut test, Some("assignee is not empty")).listed.is_empty());
}

#[test]
fn what_is_at_stake_is_added_over_the_customers_and_comes_first() {
    let mut test = TestDesk::new();
    let settings = SETTINGS
        .replace(
            "[sources.crm]",
            "[fields.worth]\ntype = \"number\"\n[queue]\nstake = \"worth\"\n\
             [views]\nbig = \"stake > 100\"\n[sources.crm]",
        )
        .replace(
            "member_number = \"member\" }",
            "member_number = \"member\", worth = \"member\" }",
        );
    std::fs::write(test.folder.path().join("steward.toml"), settings).unwrap();
    let row = |id: u32, given: &str, worth: &str| {
        format!("{id},{given},Ashgrove,,,,{id} Rose Lane,Omaha,,{worth},2026-01-20\n")
    };
    test.import("crm", &(row(1, "Thomas", "10") + &row(2, "Maj", "500")));
    test.import("shop", &(row(1, "Tom", "25") + &row(2, "Maja", "")));
    for id in 1..=2 {
        let customers = ["crm", "shop"].map(|source| test.customer(&format!("{source}:{id}")));
        open_task(test.desk(), &customers);
    }
    let view = queue(&mut test, None);
    assert_eq!(view.preparing, None, "so few are read at once");
    let stakes: Vec<_> = view.rows.iter().map(|row| (row.task.0, row.stake)).collect();
    assert_eq!(stakes, [(2, Some(500.0)), (1, Some(35.0))]);
    assert_eq!(view.views, [("big".to_owned(), "stake > 100".to_owned())]);
    let big = queue(&mut test, Some(&view.views[0].1));
    assert_eq!(big.listed.iter().map(|listed| listed.task.0).collect::<Vec<_>>(), [2]);
    // A correction changes what is at stake, and the queue knows at once.
    test.does(fix_request("crm:1", "worth", "900"));
    let stakes: Vec<_> = queue(&mut test, None).rows.iter().map(|row| row.stake).collect();
    assert_eq!(stakes, [Some(925.0), Some(500.0)]);
}

#[test]
fn a_bulk_that_was_killed_half_way_is_named_unfinished_until_it_is_finished_or_taken_back() {
    let mut test = pairs();
    let judged = step(&mut test, &BulkVerdict::NotAMatch, true, &BulkOutcome::default());
    let ready = judged.results.iter().filter(|it| it.refusal.is_none());
    let ready: Vec<_> = ready.map(|it| (it.task.unwrap(), Some(it.version))).collect();
    assert!(ready.len() > 2, "{judged:?}");
    let some = |tasks: &[(TaskId, Option<domain::Sequence>)], bulk, left| BulkStep {
        verdict: BulkVerdict::NotAMatch,
        reason: None,
        note: None,
        tasks: tasks.to_vec(),
        bulk,
        left,
        rehearse: false,
        break_glass: None,
    };
    let told = |test: &mut TestDesk, bulk| {
        let of = Some(Subject::Bulk(bulk));
        let entries = test.ask(History { of, unmask: false }).unwrap();
        let what = entries.into_iter().map(|it| it.what);
        what.filter(|it| it.contains("not finished")).collect::<Vec<_>>()
    };

    let rest = ready.len() as u64 - 2;
    let begun = test.ask(DecideSome { step: some(&ready[..2], None, rest) }).unwrap();
    let bulk = begun.bulk.unwrap();
    let unfinished = told(&mut test, bulk);
    assert_eq!(unfinished.len(), 1, "the last decision says so, and no other: {unfinished:?}");
    let were = domain::counted(rest, "more was", "more were");
    assert!(
        unfinished[0].contains(&format!("{bulk} is not finished, {were} to be")),
        "{unfinished:?}"
    );

    test.ask(DecideSome { step: some(&ready[2..], Some(bulk), 0) }).unwrap();
    assert_eq!(told(&mut test, bulk), [""; 0], "it was finished");

    let mut test = pairs();
    let begun = test.ask(DecideSome { step: some(&ready[..2], None, rest) }).unwrap();
    let bulk = begun.bulk.unwrap();
    let made: Vec<DecisionId> = begun.results.iter().filter_map(|it| it.decision).collect();
    assert_eq!(told(&mut test, bulk).len(), 1);
    test.does(Request::new(Action::Undo {
        decisions: made,
        with_dependents: false,
        choices: Default::default(),
    }));
    assert_eq!(told(&mut test, bulk), [""; 0], "it was taken back");
}
