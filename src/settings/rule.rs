//! `[[rules]]`.

use jiff::civil::Date;
use regex::Regex;

use domain::expression::Expression;
use domain::{Dimension, FieldName, RuleId, Severity};

/// A data-quality rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its id, unique in the file.
    pub id: RuleId,
    /// The field it looks at.
    pub field: FieldName,
    /// What it checks.
    pub check: Check,
    /// It applies only where this holds for the record's values.
    pub when: Option<Expression>,
    /// How bad a breach is.
    pub severity: Severity,
    /// What it measures.
    pub dimension: Dimension,
    /// What a breach is called.
    pub message: String,
    /// What to do about one.
    pub remedy: Option<String>,
}

impl Rule {
    /// The fields whose values it reads: its own, the one it compares that with, and those of `when`.
    #[must_use]
    pub fn reads(&self) -> Vec<FieldName> {
        let mut reads = vec![self.field.clone()];
        if let Check::Compare { other, .. } = &self.check {
            reads.push(other.clone());
        }
        let asked = self.when.iter().flat_map(Expression::names);
        reads.extend(asked.map(FieldName::new));
        reads
    }
}

/// The check of a rule. All but `required` pass on an absent value.
#[derive(Debug, Clone)]
pub enum Check {
    /// A value is there.
    Required,
    /// The value is of its field type's form.
    Format,
    /// The value is one of these, case ignored.
    OneOf(Vec<String>),
    /// The value lies within these bounds; either may be open.
    Range(RangeBounds),
    /// The whole value matches.
    Pattern(Regex),
    /// No other customer holds the value.
    Unique,
    /// The value stands in this relation to another field's.
    Compare {
        /// The relation.
        comparison: Comparison,
        /// The other field.
        other: FieldName,
    },
    /// The value is none of these placeholders, nor (empty list) one of its type's well-known ones.
    NotDefault(Vec<String>),
    /// The record was updated no more than so many days ago. Judged when read, never stored.
    Fresh {
        /// Days.
        days: u32,
    },
}

/// Bounds of a `range` check, inclusive.
#[derive(Debug, Clone, PartialEq)]
pub enum RangeBounds {
    /// Of a date field. `Today` bounds are resolved when the record is validated.
    Dates {
        /// Earliest.
        min: Option<DateBound>,
        /// Latest.
        max: Option<DateBound>,
    },
    /// Of a number field.
    Numbers {
        /// Least.
        min: Option<f64>,
        /// Most.
        max: Option<f64>,
    },
}

/// A date bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateBound {
    /// A fixed date.
    On(Date),
    /// The day on which the value is judged, moved by years (`today-18y` is −18).
    Today {
        /// Years added to today.
        years: i16,
    },
}

/// The relation of a `compare` check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}
