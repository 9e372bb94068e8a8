//! Which rows of a data set are wanted: an expression over its columns, under the names they are
//! exported by.

use std::borrow::Cow;

use super::{Dataset, DatasetEntry};
use crate::error::DeskError;
use crate::export::{Cell, Column, Kind};
use domain::expression::{Expected, Expression};

/// Words of columns that hold nothing else: what else is asked for is never met.
const WORDS: [(Dataset, &str, &[&str]); 4] = [
    (Dataset::Violations, "severity", &["error", "warn"]),
    (Dataset::Tasks, "kind", &["duplicate", "invalid", "challenge", "vanished", "second", "check"]),
    (Dataset::Tasks, "state", &["open", "deferred", "escalated", "answered", "decided", "settled"]),
    (Dataset::Labels, "label", &["match", "not-a-match"]),
];

fn expected(entry: &DatasetEntry, columns: &[Column], name: &str) -> Expected<'static> {
    let words = WORDS.iter().find(|(of, column, _)| *of == entry.dataset && *column == name);
    if let Some((.., words)) = words {
        return Expected::OneOf(words);
    }
    match columns.iter().find(|column| column.name == name).map(|column| column.kind) {
        Some(Kind::Whole | Kind::Number | Kind::Decimal) => Expected::Number,
        Some(Kind::Flag) => Expected::OneOf(&["true", "false"]),
        Some(Kind::Date | Kind::Time) => Expected::Day,
        Some(Kind::Text) | None => Expected::Text,
    }
}

/// Reads a filter.
///
/// # Errors
/// Where it is none, a name that is no column, or a value that its column can never have.
pub(super) fn read(
    entry: &DatasetEntry,
    columns: &[Column],
    text: Option<&str>,
) -> Result<Option<Expression>, DeskError> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let parsed = Expression::parse(text).and_then(|expression| {
        expression.check(entry.name, &names, &|name| expected(entry, columns, name))?;
        Ok(expression)
    });
    parsed.map(Some).map_err(|error| DeskError::Usage(format!("--where: {error}")))
}

/// What is recorded of a filter: names and operators, and values where they are words, counts, scores or
/// times of steward's own. A value of a field may be somebody's.
pub(super) fn told(
    entry: &DatasetEntry,
    columns: &[Column],
    wanted: Option<&Expression>,
) -> Option<String> {
    let of_ours = |name: &str| {
        let kind = columns.iter().find(|column| column.name == name).map(|column| column.kind);
        matches!(expected(entry, columns, name), Expected::OneOf(_))
            || matches!(kind, Some(Kind::Whole | Kind::Number | Kind::Time))
    };
    wanted.map(|wanted| wanted.shape(&of_ours))
}

/// Whether it holds for a row.
pub(super) fn holds(columns: &[Column], wanted: &Expression, cells: &[Cell]) -> bool {
    wanted.holds(&|name| {
        let at = columns.iter().position(|column| column.name == name)?;
        match cells.get(at)? {
            Cell::Absent => None,
            Cell::Text(text) => Some(Cow::Owned(text.clone())),
            other => Some(Cow::Owned(other.flat())),
        }
    })
}
