//! What a filter or an order may ask of a task: the one table of columns, for `tasks --where`, the
//! queue's filter, saved views and bulk decisions.

use super::expression::{Expected, Expression, InvalidExpression};

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
    (TaskColumn::Kind, "kind", "duplicate, invalid, approval, challenge, vanished, second, check"),
    (
        TaskColumn::State,
        "state",
        "open, due, deferred, escalated, answered, proposed, decided, settled",
    ),
    (TaskColumn::Count, "count", "customers of a duplicate, violations of a record"),
    (TaskColumn::Score, "score", "match probability of the best link, 0 to 1"),
    (TaskColumn::Stake, "stake", "value at stake, as set by [queue] stake"),
    (TaskColumn::Age, "age", "days since it was opened"),
    (TaskColumn::Opened, "opened", "the day it was opened, 2026-12-31"),
    (TaskColumn::Due, "due", "the day it was deferred to, or is due, as set by [queue] due"),
    (TaskColumn::Subject, "subject", "who it is about: Pace, Thomas"),
    (TaskColumn::Source, "source", "the sources of its records"),
    (TaskColumn::Rule, "rule", "the rules that a record breaks"),
    (TaskColumn::Reason, "reason", "why it is here: back: email changed"),
    (TaskColumn::Pattern, "pattern", "what agrees and what differs: same email, different name"),
    (TaskColumn::Customer, "customer", "its customers: C17 C341"),
    (TaskColumn::To, "to", "who it was escalated to"),
    (
        TaskColumn::Assignee,
        "assignee",
        "who has claimed it, else who it was escalated to, else who asked",
    ),
    (TaskColumn::Mine, "mine", "yes where the assignee is you"),
];

/// Kinds of tasks that there can be.
const KINDS: [&str; 9] = [
    "duplicate",
    "invalid",
    "approval",
    "challenge",
    "vanished",
    "second",
    "check",
    "request",
    "overlay",
];

/// States as lists and filters name them.
const STATES: [&str; 8] =
    ["open", "due", "deferred", "escalated", "answered", "proposed", "decided", "settled"];

/// What lists of tasks show and no filter asks for.
const SHOWN: [&str; 3] = ["version", "subjects", "summary"];

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

    /// Whether it has several values, each of which is asked by itself.
    #[must_use]
    pub fn is_list(self) -> bool {
        matches!(self, TaskColumn::Source | TaskColumn::Rule | TaskColumn::Customer)
    }

    /// The names, with commas.
    #[must_use]
    pub fn names() -> String {
        TABLE.map(|row| row.1).join(", ")
    }

    /// Reads an expression over columns of tasks.
    ///
    /// # Errors
    /// The first place that does not fit, the first name that is no column, or the first value that
    /// its column can never have.
    pub fn expression(text: &str) -> Result<Expression, InvalidExpression> {
        Self::read(text, &|name| Self::named(name).map_or(Expected::Text, Self::expected))
    }

    /// The same of a text that was written down earlier, when values were not looked at: settings of
    /// the past must be read for ever.
    ///
    /// # Errors
    /// The first place that does not fit, or the first name that is no column.
    pub fn kept_expression(text: &str) -> Result<Expression, InvalidExpression> {
        Self::read(text, &|_| Expected::Text)
    }

    fn read<'a>(
        text: &str,
        expected: &dyn Fn(&str) -> Expected<'a>,
    ) -> Result<Expression, InvalidExpression> {
        let expression = Expression::parse(text)?;
        let shown = expression.names().into_iter().find(|name| SHOWN.contains(name));
        if let Some(name) = shown {
            let column = expression.place_of(name).unwrap_or(1);
            let message = format!(
                "`{name}` is only shown: ask for customer, subject, pattern or reason instead"
            );
            return Err(InvalidExpression { column, message });
        }
        expression.check("tasks", &TABLE.map(|row| row.1), expected)?;
        Ok(expression)
    }

    /// What its values are.
    fn expected(self) -> Expected<'static> {
        match self {
            TaskColumn::Id => Expected::Id("T9"),
            TaskColumn::Customer => Expected::Id("C17"),
            TaskColumn::Kind => Expected::OneOf(&KINDS),
            TaskColumn::State => Expected::OneOf(&STATES),
            TaskColumn::Mine => Expected::OneOf(&["yes", "no"]),
            TaskColumn::Count | TaskColumn::Score | TaskColumn::Stake | TaskColumn::Age => {
                Expected::Number
            }
            TaskColumn::Opened | TaskColumn::Due => Expected::Day,
            _ => Expected::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TaskKind;

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
        let error = TaskColumn::expression("rule = colour and (colour = red)").unwrap_err();
        assert_eq!(error.column, 20);
        assert!(error.message.starts_with("tasks have no `colour`; they have id, kind,"));
        assert_eq!(TaskColumn::expression("kind = ").unwrap_err().column, 8);
        assert!(TaskColumn::expression("mine = yes and age > 3").is_ok());
    }

    #[test]
    fn every_kind_and_state_may_be_asked_for() {
        for kind in TaskKind::ALL {
            assert!(TaskColumn::expression(&format!("kind = {}", kind.name())).is_ok());
        }
        assert!(TaskColumn::expression("kind = dup").is_err());
        assert!(TaskColumn::kept_expression("kind = dup").is_ok());
        for state in STATES {
            assert!(TaskColumn::expression(&format!("state != {state}")).is_ok());
        }
        let error = TaskColumn::expression("state = opne").unwrap_err();
        assert!(error.message.contains("did you mean open?"), "{error}");
    }
}
