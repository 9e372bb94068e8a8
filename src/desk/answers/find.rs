//! The finder: tasks that resemble what is typed.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::queue::row;
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
        let row = row(facts, &entry)?;
        let customers: Vec<String> = entry.task.customers.iter().map(ToString::to_string).collect();
        let line = format!(
            "{} {} {} {}",
            row.task,
            entry.task.kind.name(),
            row.subject,
            customers.join(" ")
        );
        if let Some((score, positions)) = matcher.fuzzy_indices(&line, text.trim()) {
            hits.push(FinderHit { task: row.task, line, positions, score });
        }
    }
    hits.sort_by_key(|hit| (std::cmp::Reverse(hit.score), hit.task));
    hits.truncate(limit);
    Ok(hits)
}
