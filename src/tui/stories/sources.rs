//! What a source says of its own records: that it merged them, that it no longer holds them.

use crate::story::Steward;
use domain::{ImportId, SourceName, TaskId, TaskKind, TaskReason};

const MERGED: &str = "crm:2001 was merged into webshop:4711 in crm";

#[test]
fn a_merge_made_in_the_source_is_told_on_the_screen_and_by_w() {
    for has_pairs in [true, false] {
        let mut sam = Steward::new();
        let view = sam.desk.tasks.get_mut(&TaskId(15)).unwrap();
        let source = SourceName::new("crm");
        view.task.as_mut().unwrap().reason = TaskReason::Merged { source };
        view.reasons = vec![MERGED.into()];
        if !has_pairs {
            view.pairs.clear();
        }
        sam.presses("j j Enter").sees("T15 duplicate").sees(MERGED);
        sam.presses("w");
        match has_pairs {
            true => sam.does_not_see("matching compared no pair"),
            false => sam.sees(&format!("matching compared no pair: {MERGED}")),
        };
    }
}

#[test]
fn a_record_that_went_is_closed_or_kept() {
    let mut sam = Steward::new();
    let task = sam.desk.tasks.get_mut(&TaskId(7)).unwrap().task.as_mut().unwrap();
    task.kind = TaskKind::Vanished;
    task.reason = TaskReason::Vanished { import: ImportId(2) };
    sam.presses("Enter").sees("a close the record").sees("r keep it");
    sam.does_not_see("keep the earlier decision");
}

#[test]
fn an_empty_queue_with_new_tasks_says_how_they_come() {
    let mut sam = Steward::new();
    sam.desk.queue.rows.clear();
    sam.presses("R").sees("Nothing left to decide.");
    sam.model.queue.new = [1, 2, 3].map(TaskId).into();
    sam.presses("Esc").sees("3 new tasks: R shows them.").does_not_see("Nothing left");
    sam.model.queue.new = [TaskId(1)].into();
    sam.presses("Esc").sees("1 new task: R shows it.");
}
