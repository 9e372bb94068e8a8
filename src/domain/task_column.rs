//! What a filter or an order may ask of a task: the one table of columns, for `tasks --where`, the
//! queue's filter, saved views and bulk decisions.

use super::expression::{Expression, InvalidExpression};

/// A column of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is described by `about`")]
pub enum TaskColumn {
    Id,
    Kind,
    State,
    Count,
    Score,
    Stake,
    Age,
    Opened,
    Due,
    Subject,
    Source,
    Rule,
    Reason,
    Pattern,
    Customer,
    To,
    Assignee,
    Mine,
}

const TABLE: [(TaskColumn, &str, &str); 18] = [
    (TaskColumn::Id, "id", "T9"),
    (TaskColumn::Kind, "kind", "duplicate, invalid, challenge"),
    (TaskColumn::State, "state", "open, due, deferred, escalated, answered, decided, settled"),
    (TaskColumn::Count, "count", "customers of a duplicate, violations of a record"),
    (TaskColumn::Score, "score", "match probability of the best link, 0 to 1"),
    (TaskColumn::Stake, "stake", "value at stake, as [queue] stake says"),
    (TaskColumn::Age, "age", "days since it was opened"),
    (TaskColumn::Opened, "opened", "the day it was opened, 2026-12-31"),
    (TaskColumn::Due, "due", "the day it was deferred to, or is due as [queue] due says"),
    (TaskColumn::Subject, "subject", "whom it is about: Pace, Thomas"),
    (TaskColumn::Source, "source", "the sources of its records"),
    (TaskColumn::Rule, "rule", "the rules that a record breaks"),
    (TaskColumn::Reason, "reason", "why it is here: back: email changed"),
    (TaskColumn::Pattern, "pattern", "what agrees and what differs: same email, different name"),
    (TaskColumn::Customer, "customer", "its customers: C17 C341"),
    (TaskColumn::To, "to", "whom it was escalated to"),
    (
        TaskColumn::Assignee,
        "assignee",
        "who has claimed it, else whom it was escalated to, else who asked",
    ),
    (TaskColumn::Mine, "mine", "yes where the assignee is you"),
];

impl TaskColumn {
    /// Every column, in the order of the documentation.
    pub fn all() -> impl Iterator<Item = TaskColumn> {
        TABLE.iter().map(|(column, ..)| *column)
    }

    /// Its name in an expression.
    #[must_use]
    pub fn name(self) -> &'static str {
        TABLE.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// What it holds.
    #[must_use]
    pub fn about(self) -> &'static str {
        TABLE.iter().find(|row| row.0 == self).map_or("", |row| row.2)
    }

    /// The column of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<TaskColumn> {
        TABLE.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// The names, with commas.
    #[must_use]
    pub fn names() -> String {
        TABLE.map(|row| row.1).join(", ")
    }

    /// Reads an expression over columns of tasks.
    ///
    /// # Errors
    /// The first place that does not fit, or the first name that is no column.
    pub fn expression(text: &str) -> Result<Expression, InvalidExpression> {
        let expression = Expression::parse(text)?;
        let unknown = expression.names().into_iter().find(|name| Self::named(name).is_none());
        match unknown {
            None => Ok(expression),
            Some(name) => Err(InvalidExpression {
                column: expression.place_of(name).unwrap_or(1),
                message: format!("tasks have no `{name}`; they have {}", Self::names()),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_found_by_its_name() {
        for column in TaskColumn::all() {
            assert_eq!(TaskColumn::named(column.name()), Some(column));
            assert!(!column.about().is_empty(), "{column:?}");
        }
        assert_eq!(TaskColumn::named("colour"), None);
    }

    #[test]
    fn a_name_that_is_no_column_is_told_with_its_place() {
        let error = TaskColumn::expression("kind = colour and (colour = red)").unwrap_err();
        assert_eq!(error.column, 20);
        assert!(error.message.starts_with("tasks have no `colour`; they have id, kind,"));
        assert_eq!(TaskColumn::expression("kind = ").unwrap_err().column, 8);
        assert!(TaskColumn::expression("mine = yes and age > 3").is_ok());
    }
}
