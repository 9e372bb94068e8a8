//! Levels of a comparison as SQL, best first: the first condition that holds decides, as in Splink.
//! Which of them carry over says each comparison for itself.

use super::super::compare::Comparison;
use super::dialect::Dialect;
use domain::FieldName;

/// A level of Splink's: one or several of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CarriedLevel {
    pub(crate) label: String,
    pub(crate) condition: String,
    /// Our levels in it, counted from 0.
    pub(crate) levels: Vec<u8>,
    /// The column whose term frequencies adjust it.
    pub(crate) frequency: Option<String>,
}

/// A comparison in SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CarriedTable {
    /// When there is nothing to compare.
    pub(crate) null: String,
    /// Every level, each of ours in at most one; the last is `ELSE`.
    pub(crate) levels: Vec<CarriedLevel>,
}

/// The columns of one comparison.
#[derive(Clone, Copy)]
pub(crate) struct Columns<'a> {
    pub(crate) fields: &'a [FieldName],
    pub(crate) dialect: Dialect,
}

impl<'a> Columns<'a> {
    /// Those a comparison reads.
    pub(crate) fn of(comparison: &'a Comparison, dialect: Dialect) -> Self {
        Self { fields: &comparison.fields, dialect }
    }

    /// A condition on some pair of columns, crosswise.
    pub(crate) fn any(self, condition: impl Fn(&str, &str) -> String) -> String {
        let mut all = Vec::new();
        for left in self.fields {
            for right in self.fields {
                let left = self.dialect.side(left.as_str(), 'l');
                let right = self.dialect.side(right.as_str(), 'r');
                all.push(format!("({})", condition(&left, &right)));
            }
        }
        all.join(" or ")
    }

    /// Some pair of columns is equal.
    pub(crate) fn equal(self) -> String {
        match self.fields {
            // Splink knows this form as an exact match, which term frequencies need.
            [only] => equal(self.dialect, only.as_str()),
            _ => self.any(|left, right| format!("{left} = {right}")),
        }
    }

    /// A side has no value at all.
    pub(crate) fn missing(self) -> String {
        let side = |side: char| {
            let all = self.fields.iter().map(|field| self.dialect.side(field.as_str(), side));
            let all: Vec<String> = all.map(|column| format!("{column} is null")).collect();
            format!("({})", all.join(" and "))
        };
        format!("{} or {}", side('l'), side('r'))
    }

    /// Both sides have a value.
    pub(crate) fn on_both_sides(self) -> String {
        format!("not ({})", self.missing())
    }

    /// Whether there is any column.
    pub(crate) fn are_there(self) -> bool {
        !self.fields.is_empty()
    }

    /// The column term frequencies can go by.
    pub(crate) fn only(self) -> Option<String> {
        match self.fields {
            [only] => Some(only.to_string()),
            _ => None,
        }
    }
}

pub(crate) fn equal(dialect: Dialect, column: &str) -> String {
    format!("{} = {}", dialect.side(column, 'l'), dialect.side(column, 'r'))
}

pub(crate) fn level(label: &str, condition: String, levels: &[u8]) -> CarriedLevel {
    CarriedLevel { label: label.to_owned(), condition, levels: levels.to_vec(), frequency: None }
}

pub(crate) fn otherwise(label: &str, levels: &[u8]) -> CarriedLevel {
    level(label, "ELSE".to_owned(), levels)
}

pub(crate) fn frequent(mut level: CarriedLevel, columns: Columns<'_>) -> CarriedLevel {
    level.frequency = columns.only();
    level
}
