//! A value that would mend a breach, where one can be derived from the broken one.
//!
//! Each file offers candidates for one kind of value, likeliest first, in its standard form. A
//! candidate is suggested only if it has the shape its type demands and the same rule holds with
//! it: a suggestion, once applied, never breaks that rule again.

mod confusion;
mod date;
mod email;
mod phone;
mod postcode;

use rapidfuzz::distance::damerau_levenshtein::distance;

use super::{Subject, holds, mojibake};
use domain::{FieldType, Value};
use settings::Check;

/// The likeliest value that would mend the breach of `subject`'s rule.
pub(super) fn suggestion(subject: &Subject<'_>) -> Option<String> {
    let value = subject.values.get(subject.rule.field.as_str())?;
    candidates(subject, value).into_iter().find(|candidate| {
        candidate != value.shown() && holds(subject, Some(&Value::as_delivered(candidate)))
    })
}

fn candidates(subject: &Subject<'_>, value: &Value) -> Vec<String> {
    match &subject.rule.check {
        Check::OneOf(allowed) => nearest(value.shown(), allowed).into_iter().collect(),
        Check::Format | Check::Range(_) | Check::Pattern(_) => of_type(subject, value),
        // Nothing to derive from, or a plausible value that another one contradicts.
        Check::Required
        | Check::Unique
        | Check::Compare { .. }
        | Check::NotDefault(_)
        | Check::Fresh { .. } => Vec::new(),
    }
}

fn of_type(subject: &Subject<'_>, value: &Value) -> Vec<String> {
    // Letters that were misread are put right before anything else is tried.
    if let Some(repaired) = mojibake::repaired(value.raw()) {
        return vec![repaired];
    }
    match subject.field_type {
        FieldType::Email => email::candidates(value.shown()),
        FieldType::Date | FieldType::DateOfBirth => date::candidate(value).into_iter().collect(),
        // A number that can be read has its country already.
        FieldType::Phone if !value.is_readable() => {
            phone::candidates(value.raw(), country(subject))
        }
        FieldType::Postcode => postcode::candidates(value.shown(), country(subject)),
        FieldType::NationalId | FieldType::Identifier => confusion::candidates(value.shown()),
        _ => Vec::new(),
    }
}

/// The record's country, else the workspace's; empty where neither is known.
fn country<'a>(subject: &Subject<'a>) -> &'a str {
    let own = subject
        .settings
        .fields_of(FieldType::Country)
        .find_map(|field| subject.values.standard(field.name.as_str()));
    own.or(subject.settings.workspace.region.as_deref()).unwrap_or_default()
}

/// The one allowed value that is a typing error away.
fn nearest(text: &str, allowed: &[String]) -> Option<String> {
    let text = text.to_lowercase();
    let most = if text.chars().count() < 4 { 0 } else { 1 + usize::from(text.len() >= 8) };
    let mut near = allowed
        .iter()
        .map(|allowed| (distance(text.chars(), allowed.to_lowercase().chars()), allowed))
        .filter(|(distance, _)| *distance <= most)
        .collect::<Vec<_>>();
    near.sort_by_key(|(distance, _)| *distance);
    match near.as_slice() {
        [(first, _), (second, _), ..] if first == second => None,
        [(_, allowed), ..] => Some((*allowed).clone()),
        [] => None,
    }
}
