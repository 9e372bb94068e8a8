//! A value that would mend a breach, where one can be derived from the broken one.
//!
//! Each file offers candidates for one kind of value, likeliest first, in its standard form. A
//! candidate is suggested only if it has the shape its type demands and the same rule holds with
//! it: a suggestion, once applied, never breaks that rule again.

mod confusion;
mod date;
mod email;
pub(crate) mod listed;
mod phone;
mod postcode;
mod serial;

use rapidfuzz::distance::damerau_levenshtein::distance;

use super::{Subject, holds, mojibake};
use domain::{FieldType, Value, spreadsheet};
use settings::Check;

/// The likeliest value that would mend the breach of `subject`'s rule.
pub(super) fn suggestion(subject: &Subject<'_>) -> Option<String> {
    let value = subject.values.get(subject.rule.field.as_str())?;
    candidates(subject, value).into_iter().find(|candidate| {
        candidate != value.shown() && holds(subject, Some(&Value::as_delivered(candidate)))
    })
}

/// Values of which any may be meant, where a cell holds several.
pub(super) fn alternatives(subject: &Subject<'_>) -> Vec<String> {
    if !matches!(subject.rule.check, Check::Format) {
        return Vec::new();
    }
    let listed = listed(subject);
    if listed.len() > 1 {
        return listed;
    }
    if subject.field_type != FieldType::Phone {
        return Vec::new();
    }
    match subject.values.get(subject.rule.field.as_str()) {
        Some(value) if !value.is_readable() => phone::each(value.raw(), country(subject)),
        _ => Vec::new(),
    }
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

/// The words of the field's code list that a value it does not hold is nearest to.
fn listed(subject: &Subject<'_>) -> Vec<String> {
    let field = subject.rule.field.as_str();
    let list = subject.settings.code_list(field).zip(subject.values.get(field));
    list.map_or_else(Vec::new, |(list, value)| listed::near(list, value))
}

fn of_type(subject: &Subject<'_>, value: &Value) -> Vec<String> {
    if let [only] = listed(subject).as_slice() {
        return vec![only.clone()];
    }
    // Letters that were misread are put right before anything else is tried.
    if let Some(repaired) = mojibake::repaired(value.raw()) {
        return vec![repaired];
    }
    let Some(text) = as_typed(value) else { return Vec::new() };
    match subject.field_type {
        FieldType::Email => email::candidates(&text),
        FieldType::Date | FieldType::DateOfBirth if value.is_readable() => {
            date::swapped(&text).into_iter().collect()
        }
        FieldType::Date | FieldType::DateOfBirth => {
            let is_birth = subject.field_type == FieldType::DateOfBirth;
            let serial = serial::candidates(&text, is_birth, subject.today);
            date::candidate(&text).into_iter().chain(serial).collect()
        }
        // A number that can be read has its country already.
        FieldType::Phone if !value.is_readable() => phone::candidates(&text, country(subject)),
        FieldType::Postcode => postcode::candidates(&text, country(subject)),
        FieldType::NationalId | FieldType::Identifier => {
            let in_full = Some(text.clone()).filter(|text| text != value.shown());
            in_full.into_iter().chain(confusion::candidates(&text)).collect()
        }
        _ => Vec::new(),
    }
}

/// What somebody typed before a spreadsheet changed it; `None` where that cannot be told.
fn as_typed(value: &Value) -> Option<String> {
    if let Some(standard) = value.standard() {
        return Some(standard.to_owned());
    }
    let text = spreadsheet::unwrapped(value.raw().trim(), false);
    let in_full = spreadsheet::in_full(&text);
    if in_full.is_some() || spreadsheet::is_lost(&text, true) {
        return in_full;
    }
    Some(spreadsheet::whole_number(&text).unwrap_or(&text).to_owned())
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
