//! Data-quality rules: values in, violations out.
//!
//! Lives here: one file per check, and [`suggestion`], which derives a value that would mend a
//! breach. Pure and unable to fail: a value that cannot be judged is judged by what is said of it
//! in its check's file.
//!
//! Does not live here: reading rules (`settings`), standardising values (`harmonise`), looking up
//! other customers (the caller does, for `unique`), deciding what a violation blocks.
//!
//! Start with [`violations`]; a new check is one file and one row in `holds`.

mod compare;
mod email_domain;
mod format;
mod fresh;
mod not_default;
mod one_of;
mod pattern;
mod range;
mod removal;
mod required;
mod suggestion;
mod unique;
mod unread;

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::mojibake;
use domain::{FieldType, Judgement, Severity, Value, Values, Violation};
use settings::{Check, Rule, Settings};

pub use suggestion::listed::nearest as nearest_words;
pub use unique::{unique_values, unique_violation};

/// Whether letters of the value were lost or misread on its way (`JosÃ©`), as delivered or as read.
#[must_use]
pub fn is_garbled(value: &Value) -> bool {
    mojibake::is_damaged(value.raw()) || value.standard().is_some_and(mojibake::is_damaged)
}

/// What a judgement depends on besides the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The day on which `today` bounds are resolved.
    pub today: Date,
}

/// One rule at work on one record's values.
struct Subject<'a> {
    settings: &'a Settings,
    rule: &'a Rule,
    field_type: FieldType,
    values: &'a Values,
    today: Date,
}

/// Every breach of a rule other than `unique` and `fresh`, in the order of the rules, for the
/// values of a record or of a golden record. Rules whose `when` does not hold are skipped.
#[must_use]
pub fn violations(settings: &Settings, values: &Values, context: &Context) -> Vec<Violation> {
    let rules = settings.rules.iter();
    let broken = rules.filter_map(|rule| broken(settings, rule, values, context));
    let violations = broken.map(|subject| {
        let suggestion = suggestion::suggestion(&subject);
        let alternatives = suggestion::alternatives(&subject);
        let own = violation(subject.rule);
        let message = unread::message(&subject).map_or(own.message, str::to_owned);
        let offers_none = suggestion.is_none() && alternatives.is_empty();
        let removes = offers_none && removal::mends(&subject);
        Violation { suggestion, removes, alternatives, message, ..own }
    });
    violations.collect()
}

/// Whether the values break a rule of this severity other than `unique` and `fresh`: what
/// [`violations`] would tell, for the many that break none.
#[must_use]
pub fn breaks(settings: &Settings, severity: Severity, values: &Values, context: &Context) -> bool {
    let mut rules = settings.rules.iter().filter(|rule| rule.severity == severity);
    rules.any(|rule| broken(settings, rule, values, context).is_some())
}

/// The rules of severity `error` that values break by themselves, whatever else their record and others
/// hold: such a value may be anything but what the field should hold.
pub fn unsound<'a>(
    settings: &'a Settings,
    values: &'a Values,
    context: Context,
) -> impl Iterator<Item = &'a Rule> {
    let rules = settings.rules.iter().filter(|rule| is_about_the_value(rule));
    rules.filter(move |rule| broken(settings, rule, values, &context).is_some())
}

/// Whether a breach of the rule is an error of one value alone. Of a `compare` or a `unique` rule it may
/// as well be the other value that is wrong.
#[must_use]
pub fn is_about_the_value(rule: &Rule) -> bool {
    rule.severity == Severity::Error
        && match rule.check {
            Check::Format
            | Check::OneOf(_)
            | Check::Range(_)
            | Check::Pattern(_)
            | Check::NotDefault(_) => true,
            Check::Required | Check::Unique | Check::Compare { .. } | Check::Fresh { .. } => false,
        }
}

/// What each rule says of the values of a record, in the order of the rules. A `unique` rule passes
/// where there is a value, for others' values are not at hand; a `fresh` one says nothing: it is
/// judged when read.
#[must_use]
pub fn judgements(settings: &Settings, values: &Values, context: &Context) -> Vec<Judgement> {
    let rules = settings.rules.iter();
    rules.map(|rule| judgement(settings, rule, values, context)).collect()
}

fn judgement(settings: &Settings, rule: &Rule, values: &Values, context: &Context) -> Judgement {
    let value = values.get(rule.field.as_str());
    let is_silent = match rule.check {
        Check::Fresh { .. } => true,
        Check::Required => false,
        Check::Unique => values.standard(rule.field.as_str()).is_none(),
        _ => value.is_none(),
    };
    if is_silent || !applies(rule, values) {
        return Judgement::DoesNotApply;
    }
    match broken(settings, rule, values, context) {
        Some(_) => Judgement::Fails,
        None => Judgement::Passes,
    }
}

/// The rule at work on the values, if they break it.
fn broken<'a>(
    settings: &'a Settings,
    rule: &'a Rule,
    values: &'a Values,
    context: &Context,
) -> Option<Subject<'a>> {
    let field_type = settings.field(rule.field.as_str())?.field_type;
    let subject = Subject { settings, rule, field_type, values, today: context.today };
    let is_broken = !holds(&subject, values.get(rule.field.as_str())) && applies(rule, values);
    is_broken.then_some(subject)
}

/// Whether two texts are the same but for the case of their letters.
fn same_but_case(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        one.eq_ignore_ascii_case(other)
    } else {
        one.to_lowercase() == other.to_lowercase()
    }
}

/// Every breach of a `fresh` rule, for a record its source last changed at `updated`.
///
/// Judged when read and never stored: it changes with nothing but time.
#[must_use]
pub fn stale(
    settings: &Settings,
    values: &Values,
    updated: Option<Timestamp>,
    now: Timestamp,
) -> Vec<Violation> {
    let broken = settings.rules.iter().filter(|rule| match rule.check {
        Check::Fresh { days } => {
            values.get(rule.field.as_str()).is_some()
                && !fresh::holds(updated, now, days)
                && applies(rule, values)
        }
        _ => false,
    });
    broken.map(violation).collect()
}

/// The one table of checks: whether the rule holds with this value of its field.
fn holds(subject: &Subject<'_>, value: Option<&Value>) -> bool {
    let Some(value) = value else { return !matches!(subject.rule.check, Check::Required) };
    match &subject.rule.check {
        Check::Required => required::holds(value),
        Check::Format => format::holds(value, subject.field_type),
        Check::OneOf(values) => one_of::holds(value, values),
        Check::Range(bounds) => range::holds(value, bounds, subject.today),
        Check::Pattern(regex) => pattern::holds(value, regex),
        Check::Compare { comparison, other } => {
            let other = subject.values.get(other.as_str());
            compare::holds(value, *comparison, other, subject.field_type)
        }
        Check::NotDefault(values) => not_default::holds(value, values, subject.field_type),
        // Judged by `unique_values` and `stale`: they need more than the values.
        Check::Unique | Check::Fresh { .. } => true,
    }
}

/// Whether the rule's `when` holds.
fn applies(rule: &Rule, values: &Values) -> bool {
    let lookup = |name: &str| values.get(name).map(|value| Cow::Borrowed(value.shown()));
    rule.when.as_ref().is_none_or(|when| when.holds(&lookup))
}

/// A breach of the rule, without a suggestion.
fn violation(rule: &Rule) -> Violation {
    Violation {
        rule: rule.id.clone(),
        field: rule.field.clone(),
        severity: rule.severity,
        dimension: rule.dimension,
        message: rule.message.clone(),
        remedy: rule.remedy.clone(),
        suggestion: None,
        removes: false,
        alternatives: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
