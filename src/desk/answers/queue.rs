//! The queue.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::label::subject_label;
use super::task::reasons;
use crate::desk::error::{Decided, DeskError};
use crate::desk::facts::Facts;
use crate::desk::refusal::Refusal;
use crate::desk::views::{QueueCounts, QueueRow, QueueView, TaskLine};
use crate::desk::{describe, versions};
use crate::domain::expression::Expression;
use crate::domain::{Subject, Task, TaskKind, TaskReason, TaskState, Until, Verdict};
use crate::review::priority;
use crate::store::TaskEntry;

pub(super) fn queue(facts: Facts<'_>, actor: &str, filter: Option<&str>) -> Decided<QueueView> {
    let filter = filter.filter(|text| !text.trim().is_empty()).map(parse).transpose()?;
    let entries = facts.view.pending_tasks()?;
    let counts = counts(facts, actor, &entries)?;
    let mut rows = Vec::new();
    for entry in entries {
        let row = row(facts, &entry)?;
        if filter.as_ref().is_none_or(|filter| matches(filter, &entry.task, &row)) {
            rows.push((priority::rank(&entry.task, facts.now), row));
        }
    }
    rows.sort_by_key(|(rank, _)| *rank);
    Ok(QueueView {
        workspace: facts.settings.workspace.name.clone(),
        actor: actor.to_owned(),
        counts,
        rows: rows.into_iter().map(|(_, row)| row).collect(),
    })
}

/// Tasks for programs, best next first.
pub(super) fn tasks(
    facts: Facts<'_>,
    filter: Option<&str>,
    finished: bool,
) -> Decided<Vec<TaskLine>> {
    let filter = filter.filter(|text| !text.trim().is_empty()).map(parse).transpose()?;
    let entries = if finished { facts.view.all_tasks()? } else { facts.view.pending_tasks()? };
    let mut lines = Vec::new();
    for entry in entries {
        let row = row(facts, &entry)?;
        if filter.as_ref().is_none_or(|filter| matches(filter, &entry.task, &row)) {
            lines.push((priority::rank(&entry.task, facts.now), line(facts, entry.task, row)?));
        }
    }
    lines.sort_by_key(|(rank, _)| *rank);
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

fn line(facts: Facts<'_>, task: Task, row: QueueRow) -> Result<TaskLine, DeskError> {
    let mut subjects = Vec::new();
    if let Some(record) = task.record {
        subjects.push(Subject::Record(facts.body(record)?.address));
    }
    subjects.extend(task.customers.iter().copied().map(Subject::Customer));
    let is_due = priority::is_due(&task, facts.now);
    Ok(TaskLine {
        id: task.id,
        kind: task.kind,
        state: if is_due { "due" } else { task.state.name() }.to_owned(),
        version: row.version,
        subjects,
        score: task.score,
        reason: row.detail.join("; "),
        name: row.subject,
        opened: task.opened,
    })
}

fn parse(text: &str) -> Decided<Expression> {
    Expression::parse(text).map_err(|error| {
        Refusal::DoesNotApply { why: format!("`{text}` is no filter: {error}") }.into()
    })
}

/// Whether a task fits an expression over its columns.
pub(super) fn matches(filter: &Expression, task: &Task, row: &QueueRow) -> bool {
    filter.holds(&|name| {
        let text = |text: &str| Some(Cow::Owned(text.to_owned()));
        match name {
            "id" => text(&task.id.to_string()),
            "kind" => text(task.kind.name()),
            "state" => text(task.state.name()),
            "count" => text(&row.count.to_string()),
            "score" => row.score.map(|score| Cow::Owned(format!("{score:.6}"))),
            "subject" => text(&row.subject),
            "reason" => text(&row.state),
            "opened" => text(&task.opened.strftime("%Y-%m-%d").to_string()),
            "customer" => {
                let ids: Vec<String> = task.customers.iter().map(ToString::to_string).collect();
                Some(Cow::Owned(ids.join(" ")))
            }
            "rule" => match &task.reason {
                TaskReason::Breaks { rules } => {
                    let rules: Vec<&str> = rules.iter().map(|rule| rule.as_str()).collect();
                    Some(Cow::Owned(rules.join(" ")))
                }
                _ => None,
            },
            "to" => match &task.state {
                TaskState::Escalated { to, .. } => text(to),
                _ => None,
            },
            _ => None,
        }
    })
}

/// A task as a line of the queue.
pub(super) fn row(facts: Facts<'_>, entry: &TaskEntry) -> Result<QueueRow, DeskError> {
    let task = &entry.task;
    let count = match &task.reason {
        TaskReason::Breaks { rules } => rules.len(),
        _ => task.customers.len(),
    };
    let subject = match task.customers.first() {
        Some(customer) => subject_label(facts, *customer)?,
        None => String::new(),
    };
    Ok(QueueRow {
        task: task.id,
        kind: task.kind,
        count,
        score: task.score,
        opened: task.opened,
        subject,
        state: state(task, facts.now),
        version: versions::of_task(facts, task)?,
        detail: reasons(facts, task)?,
    })
}

fn state(task: &Task, now: Timestamp) -> String {
    match &task.state {
        TaskState::Deferred { .. } if priority::is_due(task, now) => "due".to_owned(),
        TaskState::Deferred { until: Until::Time(until), .. } => {
            format!("deferred until {}", until.strftime("%Y-%m-%d"))
        }
        TaskState::Deferred { .. } => "deferred until data changes".to_owned(),
        TaskState::Escalated { to, .. } => format!("escalated to {to}"),
        TaskState::Open if task.kind == TaskKind::Duplicate => String::new(),
        TaskState::Open => describe::reason(task),
        other => other.name().to_owned(),
    }
}

fn counts(facts: Facts<'_>, actor: &str, entries: &[TaskEntry]) -> Result<QueueCounts, DeskError> {
    let mut counts = QueueCounts::default();
    for TaskEntry { task, .. } in entries {
        match &task.state {
            TaskState::Open => {
                counts.open += 1;
                counts.back += usize::from(task.kind == TaskKind::Challenge);
            }
            TaskState::Deferred { .. } if priority::is_due(task, facts.now) => counts.due += 1,
            TaskState::Deferred { .. } => counts.deferred += 1,
            TaskState::Escalated { .. } => counts.escalated += 1,
            TaskState::Decided { .. } | TaskState::Settled => {}
        }
    }
    counts.decided_today = decided_today(facts, actor)?;
    Ok(counts)
}

/// Decisions of this actor since midnight UTC, read from the latest back.
fn decided_today(facts: Facts<'_>, actor: &str) -> Result<usize, DeskError> {
    let today = facts.now.to_zoned(TimeZone::UTC).date();
    let mut count = 0;
    let mut number = facts.view.counters()?.decisions;
    while number > 0 {
        let id = crate::domain::DecisionId(number);
        let Some(entry) = facts.view.decision(id)? else { break };
        let commit = facts.commit(entry.place.sequence)?;
        if commit.at.to_zoned(TimeZone::UTC).date() != today {
            break;
        }
        let counts = entry.stands() && entry.verdict != Verdict::Undo;
        count += usize::from(commit.actor == actor && counts);
        number -= 1;
    }
    Ok(count)
}
