//! Two verdicts about one question that differ, as they are drawn.

use crate::story::Steward;
use domain::{DecisionId, TaskId, TaskKind, TaskReason};
use door::Action;
use door::views::TaskView;

fn asks(sam: &mut Steward, reason: TaskReason, reasons: &[&str]) {
    let view: &mut TaskView = sam.desk.tasks.get_mut(&TaskId(15)).unwrap();
    let task = view.task.as_mut().unwrap();
    (task.kind, task.reason) = (TaskKind::Second, reason);
    view.reasons = reasons.iter().map(|reason| (*reason).to_owned()).collect();
    view.earlier.clear();
}

#[test]
fn two_verdicts_that_differ_are_kept_apart_from_a_question() {
    let mut sam = Steward::new();
    let (first, second) = (DecisionId(40), DecisionId(51));
    let reasons = [
        "first: merged 2 records into C40 (D40, sam, 2026-09-10)",
        "asked again, blind: not-a-match (D51, sam, 2026-09-12)",
    ];
    asks(&mut sam, TaskReason::Disagreement { first, second }, &reasons);
    sam.presses("j j Enter").sees("T15 second").sees("asked again, blind: not-a-match");
    sam.presses("r");
    assert_eq!(sam.desk.asked.last().unwrap().action, Action::Keep);
}
