//! Rules, and the records that break them.

use crate::derived::source_of_number;
use crate::error::{Decided, DeskError, unknown};
use crate::facts::Facts;
use crate::label::subject_label;
use domain::{CustomerId, RecordId, RuleId, TaskId, TaskKind};
use door::views::{Counted, FailingRecord, FailingView, RuleCounts, RuleView};
use settings::{Check, Rule};
use store::Tally;

/// Every rule, in the order of the settings.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn rules(facts: Facts<'_>) -> Result<Vec<RuleView>, DeskError> {
    let tallies = facts.view.tallies()?;
    let rules = facts.settings.rules.iter().enumerate();
    rules.map(|(at, rule)| view(facts, at, rule, &tallies)).collect()
}

fn counted(rule: &Rule) -> Counted {
    match rule.check {
        Check::Unique => Counted::Tasks,
        Check::Fresh { .. } => Counted::WhenRead,
        _ => Counted::Records,
    }
}

fn view(
    facts: Facts<'_>,
    at: usize,
    rule: &Rule,
    tallies: &[(u8, Tally)],
) -> Result<RuleView, DeskError> {
    let tasks = u64::from(facts.view.count_naming(&rule.id)?);
    let mut all = RuleCounts::default();
    let mut sources = Vec::new();
    for (source, tally) in tallies {
        let [passes, failing, waived] =
            tally.rules.get(at).copied().unwrap_or_default().map(u64::from);
        let counts = RuleCounts { applies: passes + failing + waived, failing, waived };
        all.applies += counts.applies;
        all.failing += failing;
        all.waived += waived;
        let name = source_of_number(facts.settings, *source).map(ToString::to_string);
        sources.push((name.unwrap_or_default(), counts));
    }
    let counted = counted(rule);
    if counted == Counted::Tasks {
        all.failing = tasks;
    }
    Ok(RuleView {
        rule: rule.id.clone(),
        field: rule.field.clone(),
        dimension: rule.dimension,
        severity: rule.severity,
        message: rule.message.clone(),
        remedy: rule.remedy.clone(),
        counted,
        all,
        sources,
        tasks,
    })
}

/// The first records that break a rule.
///
/// # Errors
/// When there is no such rule, or the store or the ledger is damaged.
pub(crate) fn failing(facts: Facts<'_>, id: &RuleId, limit: usize) -> Decided<FailingView> {
    let rules = &facts.settings.rules;
    let at = rules.iter().position(|rule| rule.id == *id).ok_or_else(|| unknown(id))?;
    let mut records = Vec::new();
    match counted(&rules[at]) {
        Counted::Records => {
            for record in facts.view.failing(at, rules.len(), limit)? {
                records.push(failing_record(facts, record, None)?);
            }
        }
        Counted::Tasks => {
            for task in facts.view.tasks_naming(id, limit)? {
                let entry = facts.view.task(task)?;
                if let Some(record) = entry.and_then(|entry| entry.task.record) {
                    records.push(failing_record(facts, record, Some(task))?);
                }
            }
        }
        Counted::WhenRead => {}
    }
    Ok(FailingView { rule: id.clone(), more: records.len() >= limit, records })
}

fn failing_record(
    facts: Facts<'_>,
    record: RecordId,
    task: Option<TaskId>,
) -> Result<FailingRecord, DeskError> {
    let customer = facts.view.customer_of(record)?;
    let task = match task {
        Some(task) => Some(task),
        None => task_of(facts, customer, record)?,
    };
    Ok(FailingRecord {
        record: facts.body(record)?.address,
        customer,
        name: subject_label(facts, customer)?,
        task,
    })
}

fn task_of(
    facts: Facts<'_>,
    customer: CustomerId,
    record: RecordId,
) -> Result<Option<TaskId>, DeskError> {
    let tasks = facts.view.tasks_of(customer)?.into_iter();
    let mut of_record = tasks
        .filter(|entry| entry.task.kind == TaskKind::Invalid && entry.task.record == Some(record));
    Ok(of_record.next().map(|entry| entry.task.id))
}
