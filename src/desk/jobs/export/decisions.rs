//! The decision log: one row a decision, in order, with what it rested on, what it changed and the
//! hash that the ledger's chain had after it.
//!
//! A deferral until the data changes says "cannot tell": its verdict is exported as `unsure`, the
//! label that those who learn from decisions expect beside a match and a non-match.

use super::effects::{self, Effects};
use super::walk::{Rows, Scope, address};
use crate::approvals::proposer;
use crate::error::DeskError;
use crate::export::{Cell, Column, Kind, evidence, typed};
use crate::facts::{Facts, missing};
use domain::event::DecisionMade;
use domain::hexadecimal::encode as hex;
use domain::{Commit, Decision, DecisionId, Event, KeyedRecord, TaskId, Until, Value, Verdict};
use store::DecisionEntry;

const COLUMNS: [&str; 35] = [
    "sequence",
    "time",
    "actor",
    "role",
    "verdict",
    "subjects",
    "reason",
    "note",
    "score",
    "decision_key",
    "before",
    "after",
    "reverses",
    "bulk",
    "approver",
    "settings",
    "hash",
    "decision",
    "task",
    "groups",
    "values",
    "withdrawn",
    "rules",
    "until",
    "asked",
    "undone_by",
    "stands",
    "removed",
    "door",
    "session",
    "job",
    "key",
    "approves",
    "proposed_by",
    "broken_glass",
];

pub(super) fn columns(_: Facts<'_>) -> Result<Vec<Column>, DeskError> {
    let kinds = [
        ("sequence", Kind::Whole),
        ("time", Kind::Time),
        ("score", Kind::Number),
        ("stands", Kind::Flag),
        ("job", Kind::Flag),
    ];
    Ok(typed(&COLUMNS, &kinds))
}

pub(super) fn write(scope: &Scope<'_>, rows: &mut Rows<'_>) -> Result<(), DeskError> {
    let facts = scope.facts;
    let decisions = facts.view.decisions()?;
    let mut walk = scope.walk(decisions.len() as u64);
    for (id, entry) in decisions {
        walk.step()?;
        if scope.wants(|| Ok(entry.place.sequence))? {
            let commit = facts.commit(entry.place.sequence)?;
            let made = made(&commit, id, &entry)?;
            let mut cells = cells(facts, &commit, made, &entry)?;
            if let Some(task) = scope.withheld.of_decision(id) {
                withhold(&mut cells, task);
            }
            rows.write(&cells)?;
        }
    }
    Ok(())
}

/// Leaves of a row that a decision was made, when, by whom and about which task. What an export says of
/// records and customers it says all the same.
fn withhold(cells: &mut [Cell], task: TaskId) {
    const TOLD: [&str; 12] = [
        "sequence", "time", "actor", "role", "settings", "hash", "decision", "task", "door",
        "session", "job", "key",
    ];
    for (name, cell) in COLUMNS.iter().zip(cells) {
        match *name {
            "verdict" => *cell = Cell::Text(format!("withheld until {task} is answered")),
            name if TOLD.contains(&name) => {}
            _ => *cell = Cell::Absent,
        }
    }
}

fn made<'c>(
    commit: &'c Commit,
    id: DecisionId,
    entry: &DecisionEntry,
) -> Result<&'c DecisionMade, DeskError> {
    match commit.events.get(usize::from(entry.place.index)) {
        Some(Event::DecisionMade(made)) if made.decision.id == id => Ok(made),
        _ => Err(missing(format!("decision {id}"))),
    }
}

fn cells(
    facts: Facts<'_>,
    commit: &Commit,
    made: &DecisionMade,
    entry: &DecisionEntry,
) -> Result<Vec<Cell>, DeskError> {
    let decision = &made.decision;
    let Effects { before, after } = effects::of(facts, commit, decision.id)?;
    let values = decision.values.iter();
    let values = values.map(|(field, value)| (field.to_string(), Cell::text(Value::shown(value))));
    let mut cells = vec![
        Cell::Whole(commit.sequence.0),
        Cell::text(commit.at),
        Cell::text(&commit.actor.person),
        Cell::text(&made.role),
        Cell::text(verdict(decision)),
        Cell::list(&decision.subjects),
        Cell::optional(decision.reason.as_ref()),
        Cell::optional(decision.note.as_ref()),
        Cell::optional_number(decision.score),
        key(facts, &decision.key)?,
        Cell::text(before.join("; ")),
        Cell::text(after.join("; ")),
        Cell::list(&decision.reverses),
        Cell::optional(decision.bulk),
        // Whoever made it approved it, where it was only proposed before.
        Cell::optional(decision.approves.map(|_| &commit.actor.person)),
        Cell::text(&made.settings),
        Cell::text(hex(&facts.ledger.chain_at(commit.sequence)?)),
        Cell::text(decision.id),
        Cell::optional(decision.task),
        groups(facts, decision)?,
        Cell::Object(values.collect()),
        Cell::list(&decision.withdrawn),
        Cell::list(&decision.rules),
        until(decision),
        Cell::optional(decision.asked()),
        Cell::optional(entry.undone_by),
        Cell::Flag(entry.stands()),
        Cell::list(&decision.cleared),
    ];
    cells.extend(evidence(commit.actor.came.as_ref()));
    cells.push(Cell::optional(decision.approves));
    cells.push(Cell::optional(proposer(facts, decision)?));
    let glass = decision.broken_glass.as_ref();
    cells.push(Cell::optional(glass.map(|glass| &glass.reason)));
    Ok(cells)
}

fn verdict(decision: &Decision) -> &'static str {
    match (decision.verdict, decision.until) {
        (Verdict::Defer, Some(Until::DataChanges)) => "unsure",
        (verdict, _) => verdict.name(),
    }
}

fn until(decision: &Decision) -> Cell {
    match decision.until {
        Some(Until::Time(time)) => Cell::text(time),
        Some(Until::DataChanges) => Cell::text("data changes"),
        None => Cell::Absent,
    }
}

/// `crm:1042.email=0f3c…`: whether a value changed since can be told, the value cannot.
fn key(facts: Facts<'_>, key: &[KeyedRecord]) -> Result<Cell, DeskError> {
    let mut texts = Vec::new();
    for keyed in key {
        let address = address(facts, keyed.record)?;
        let fields = keyed.fields.iter();
        texts.extend(fields.map(|(field, fingerprint)| format!("{address}.{field}={fingerprint}")));
    }
    Ok(Cell::List(texts))
}

/// `C17: crm:1042 webshop:88120; C902: support:771`: within a group the same, across different.
fn groups(facts: Facts<'_>, decision: &Decision) -> Result<Cell, DeskError> {
    let mut texts = Vec::new();
    // What a second look says keeps nobody together or apart: it is told all the same.
    let second = decision.second.iter().flat_map(|look| &look.groups);
    for group in decision.groups.iter().chain(second) {
        texts.push(format!("{}: {}", group.customer, effects::addresses(facts, &group.records)?));
    }
    Ok(if texts.is_empty() { Cell::Absent } else { Cell::Text(texts.join("; ")) })
}
