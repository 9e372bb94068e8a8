//! What is really next once a file is imported.

use super::super::entry::Entry;
use super::super::text::counted;
use super::report::has_news;
use domain::{SourceName, TaskId};
use door::operations::{Dashboard, Import, Imports};
use door::views::ImportOutcome;

/// What a source is called that `steward create` fills: it never has a file.
const BY_HAND: [&str; 4] = ["manual", "by-hand", "by_hand", "hand"];

/// What an import leaves to be done.
#[derive(Debug, Default)]
struct Ahead {
    /// Decisions that the file contradicts.
    challenges: Vec<TaskId>,
    /// Rows of it that could not become records.
    quarantined: u64,
    /// Sources of which nothing came yet.
    missing: Vec<SourceName>,
    /// Whether there is something that a matching run has not seen.
    news: bool,
    /// Tasks that wait for a verdict.
    waiting: u64,
}

/// What is next, as a sentence; none where what would be done was only said.
///
/// # Errors
/// When the workspace cannot be read.
pub fn next(
    entry: &Entry,
    request: &Import,
    outcome: &ImportOutcome,
) -> anyhow::Result<Option<String>> {
    if request.dry_run || outcome.held_back.is_some() {
        return Ok(None);
    }
    let imports = entry.ask(Imports {})?;
    let came = |source: &SourceName| imports.imports.iter().any(|it| it.source == *source);
    // Where older imports are not listed, nobody says that a source never delivered.
    let is_whole = imports.total == imports.imports.len() as u64;
    let missing = imports
        .sources
        .iter()
        .filter(|it| is_whole && !came(it) && !BY_HAND.contains(&it.as_str()));
    let waiting = entry.ask(Dashboard {})?.waiting;
    let ahead = Ahead {
        challenges: outcome.challenges.clone(),
        quarantined: outcome.report.quarantined,
        missing: missing.cloned().collect(),
        news: has_news(request, outcome),
        waiting: waiting.iter().map(|kind| kind.open).sum(),
    };
    Ok(Some(sentence(&ahead)))
}

/// What somebody decided is looked at before the machine goes on, and what can still come is matched
/// with what came.
fn sentence(ahead: &Ahead) -> String {
    let mut steps = Vec::new();
    match ahead.challenges.as_slice() {
        [] => {}
        [only] => steps.push(format!("steward show {only}")),
        _ => steps.push("steward tasks --kind challenge".to_owned()),
    }
    if ahead.quarantined > 0 {
        let rows = counted(ahead.quarantined, "quarantined row", "quarantined rows");
        steps.push(format!("correct {rows} (steward export quarantine)"));
    }
    if let [others @ .., last] = ahead.missing.as_slice() {
        let others: Vec<&str> = others.iter().map(SourceName::as_str).collect();
        let and = if others.is_empty() { "" } else { " and " };
        steps.push(format!("import {}{and}{last}", others.join(", ")));
    }
    if ahead.news {
        steps.push("steward match".to_owned());
    } else if ahead.waiting > 0 && ahead.challenges.is_empty() {
        let tasks = counted(ahead.waiting, "task waits", "tasks wait");
        steps.push(format!("steward review ({tasks})"));
    }
    match steps.is_empty() {
        true => "next: nothing; no task is waiting and nothing is new".to_owned(),
        false => format!("next: {}", steps.join("; then: ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_next_is_what_is_really_left() {
        let new = || Ahead { news: true, ..Ahead::default() };
        let sources = |names: &[&str]| names.iter().map(SourceName::new).collect();
        for (ahead, expected) in [
            (new(), "next: steward match"),
            (Ahead::default(), "next: nothing; no task is waiting and nothing is new"),
            (Ahead { waiting: 3, ..Ahead::default() }, "next: steward review (3 tasks wait)"),
            (Ahead { waiting: 3, ..new() }, "next: steward match"),
            (
                Ahead { quarantined: 1, ..new() },
                "next: correct 1 quarantined row (steward export quarantine); then: steward match",
            ),
            (
                Ahead { missing: sources(&["shop"]), ..new() },
                "next: import shop; then: steward match",
            ),
            (
                Ahead { missing: sources(&["shop", "crm", "erp"]), ..new() },
                "next: import shop, crm and erp; then: steward match",
            ),
            (
                Ahead { challenges: vec![TaskId(5)], ..new() },
                "next: steward show T5; then: steward match",
            ),
            (
                Ahead { challenges: vec![TaskId(5), TaskId(6)], waiting: 2, ..Ahead::default() },
                "next: steward tasks --kind challenge",
            ),
        ] {
            assert_eq!(sentence(&ahead), expected, "{ahead:?}");
        }
    }
}
