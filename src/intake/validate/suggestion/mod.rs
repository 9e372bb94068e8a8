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

use super::{Subject, holds};
use crate::harmonise;
use crate::mojibake;
use domain::{FieldType, Value, placeholder, spreadsheet};
use settings::{Check, Remedy};

/// The likeliest value that would mend the breach of `subject`'s rule.
pub(super) fn suggestion(subject: &Subject<'_>) -> Option<String> {
    let value = subject.values.get(subject.rule.field.as_str())?;
    // What the rule's own remedy names comes last: it knows the rule, and not this value.
    let said = match subject.rule.remedy_said() {
        Some(Remedy::SetTo(text)) => Some(text.to_owned()),
        _ => None,
    };
    candidates(subject, value).into_iter().chain(said).find(|candidate| {
        candidate != value.shown()
            && holds(subject, Some(&Value::as_delivered(candidate)))
            && is_clean(subject, candidate)
    })
}

/// Whether nothing is wrong with a candidate itself: it can be read, stands for something and has its
/// letters.
fn is_clean(subject: &Subject<'_>, candidate: &str) -> bool {
    if mojibake::is_damaged(candidate) || placeholder::is_well_known(candidate, subject.field_type)
    {
        return false;
    }
    let is_listed = subject.settings.code_list(subject.rule.field.as_str()).is_some();
    let (own, region) = (own_country(subject), regions(subject).into_iter().next());
    let context =
        harmonise::Context { region, country: own, ..harmonise::Context::of("", subject.today) };
    is_listed
        || harmonise::value(subject.field_type, candidate, &context)
            .is_some_and(|value| value.is_readable())
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
    if subject.field_type.is_proper_name()
        && let Some(plain) = super::format::without_tags(&text)
    {
        return vec![plain];
    }
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
        FieldType::Postcode => postcodes(subject, &text),
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

/// The record's country, else the one region that is declared; empty where neither is known.
fn country<'a>(subject: &Subject<'a>) -> &'a str {
    own_country(subject).or_else(|| regions(subject).first().copied()).unwrap_or_default()
}

fn own_country<'a>(subject: &Subject<'a>) -> Option<&'a str> {
    let mut countries = subject.settings.fields_of(FieldType::Country);
    countries.find_map(|field| subject.values.standard(field.name.as_str()))
}

/// The workspace's region, and those that its sources declare for themselves.
fn regions<'a>(subject: &Subject<'a>) -> Vec<&'a str> {
    let of_sources = subject.settings.sources.iter().map(|source| &source.conventions.region);
    let mut regions: Vec<&str> = Vec::new();
    for region in [&subject.settings.workspace.region].into_iter().chain(of_sources).flatten() {
        if !regions.contains(&region.as_str()) {
            regions.push(region);
        }
    }
    regions
}

/// The postcodes that may be meant: of the record's country, else of any region that a record may be from,
/// where all of them mean the same one.
fn postcodes(subject: &Subject<'_>, text: &str) -> Vec<String> {
    if let Some(own) = own_country(subject) {
        return postcode::candidates(text, own);
    }
    let of_regions = regions(subject).into_iter().map(|region| postcode::candidates(text, region));
    let mut found = of_regions.filter(|candidates| !candidates.is_empty());
    let first = found.next().unwrap_or_default();
    let is_one = found.all(|other| other.first() == first.first());
    if is_one { first } else { Vec::new() }
}

/// The one allowed value that is a typing error away.
fn nearest(text: &str, allowed: &[String]) -> Option<String> {
    let known = allowed.iter().map(|word| (word.as_str(), word.as_str()));
    match domain::nearest::words(text, known)[..] {
        [word] => Some(word.to_owned()),
        _ => None,
    }
}
