//! The finder: tasks that resemble what is typed.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::label::subject_label;
use crate::desk::error::DeskError;
use crate::desk::facts::Facts;
use crate::desk::views::FinderHit;

/// The pending tasks whose line resembles `text`, best first; every task for an empty text.
pub(super) fn find(
    facts: Facts<'_>,
    text: &str,
    limit: usize,
) -> Result<Vec<FinderHit>, DeskError> {
    let matcher = SkimMatcherV2::default().ignore_case();
    let mut hits = Vec::new();
    for entry in facts.view.pending_tasks()? {
        let task = entry.task;
        let subject = match task.customers.first() {
            Some(customer) => subject_label(facts, *customer)?,
            None => String::new(),
        };
        let customers: Vec<String> = task.customers.iter().map(ToString::to_string).collect();
        let line = format!("{} {} {subject} {}", task.id, task.kind.name(), customers.join(" "));
        if let Some((score, positions)) = matcher.fuzzy_indices(&line, text.trim()) {
            hits.push(FinderHit { task: task.id, line, positions, score });
        }
    }
    hits.sort_by_key(|hit| (std::cmp::Reverse(hit.score), hit.task));
    hits.truncate(limit);
    Ok(hits)
}
