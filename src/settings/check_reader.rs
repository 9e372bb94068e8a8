//! Reads the check of a rule with its arguments: one row a check.

use jiff::civil::Date;
use regex::Regex;
use toml::de::DeValue;

use super::field::{Declared, is_declared, type_of};
use super::nearest::hint;
use super::reader::{Entry, Findings, Table, integer, number, wrong_type};
use super::wording::ANCHORS;
use super::{Check, Comparison, DateBound, RangeBounds};
use domain::{FieldName, FieldType};

/// What a check is about: for findings, and for checks that depend on the type.
pub(super) struct Subject<'a> {
    /// What findings call the rule.
    pub(super) user: &'a str,
    /// The rule's field.
    pub(super) field: &'a str,
    /// Its type, where its declaration is sound.
    pub(super) field_type: Option<FieldType>,
    /// Every declared field.
    pub(super) fields: &'a [Declared<'a>],
}

/// A kind of check.
pub(super) struct Kind {
    /// Its name in the file.
    pub(super) name: &'static str,
    /// The keys it adds to a rule.
    pub(super) arguments: &'static [&'static str],
    /// Reads them.
    pub(super) read: fn(&Table<'_>, &Subject<'_>, &mut Findings) -> Option<Check>,
}

const KINDS: [Kind; 9] = [
    Kind { name: "required", arguments: &[], read: |_, _, _| Some(Check::Required) },
    Kind { name: "format", arguments: &[], read: |_, _, _| Some(Check::Format) },
    Kind { name: "one_of", arguments: &["values"], read: one_of },
    Kind { name: "range", arguments: &["min", "max"], read: range },
    Kind { name: "pattern", arguments: &["pattern"], read: pattern },
    Kind { name: "unique", arguments: &[], read: |_, _, _| Some(Check::Unique) },
    Kind { name: "compare", arguments: &["other", "comparison"], read: compare },
    Kind { name: "not_default", arguments: &["values"], read: not_default },
    Kind { name: "fresh", arguments: &["days"], read: fresh },
];

/// The kind of that name.
pub(super) fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// The names of all kinds.
pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    KINDS.iter().map(|kind| kind.name)
}

/// Whether values of the type are dates once harmonised.
fn is_date(field_type: FieldType) -> bool {
    matches!(field_type, FieldType::Date | FieldType::DateOfBirth)
}

fn one_of(table: &Table<'_>, subject: &Subject<'_>, findings: &mut Findings) -> Option<Check> {
    let entry = table.required("values", findings)?;
    let values = values(entry, findings)?;
    if values.is_empty() {
        findings.add(entry.at, format!("{} allows no value", subject.user));
    }
    Some(Check::OneOf(values))
}

fn not_default(table: &Table<'_>, _: &Subject<'_>, findings: &mut Findings) -> Option<Check> {
    match table.get("values") {
        Some(entry) => values(entry, findings).map(Check::NotDefault),
        None => Some(Check::NotDefault(Vec::new())),
    }
}

/// A list of texts, numbers and dates, as texts.
fn values(entry: Entry<'_>, findings: &mut Findings) -> Option<Vec<String>> {
    let DeValue::Array(items) = entry.value.get_ref() else {
        return wrong_type(entry, "a list of values", findings);
    };
    let texts: Option<Vec<String>> = items
        .iter()
        .map(|item| match item.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(integer) => Some(integer.to_string()),
            DeValue::Float(float) => Some(float.to_string()),
            DeValue::Datetime(date) => Some(date.to_string()),
            _ => None,
        })
        .collect();
    texts.or_else(|| wrong_type(entry, "a list of texts and numbers", findings))
}

fn pattern(table: &Table<'_>, _: &Subject<'_>, findings: &mut Findings) -> Option<Check> {
    let placed = table.required_text("pattern", findings)?;
    // Compiled alone first: `)|(` must not slip through the anchors.
    let anchored = Regex::new(placed.text)
        .and_then(|_| Regex::new(&format!("{}{}{}", ANCHORS.0, placed.text, ANCHORS.1)));
    match anchored {
        Ok(regex) => Some(Check::Pattern(regex)),
        Err(error) => {
            // The library draws a picture over several lines; its last one says what is wrong.
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
            findings.add(placed.at, format!("`pattern` is not a regular expression: {reason}"));
            None
        }
    }
}

fn compare(table: &Table<'_>, subject: &Subject<'_>, findings: &mut Findings) -> Option<Check> {
    let comparison = table.required_text("comparison", findings).and_then(|symbol| {
        let found = Comparison::ALL.into_iter().find(|known| known.symbol() == symbol.text);
        if found.is_none() {
            let hint = hint(symbol.text, Comparison::ALL.map(Comparison::symbol));
            findings.add(symbol.at, format!("unknown comparison `{}`{hint}", symbol.text));
        }
        found
    });
    let other = table.required_text("other", findings)?;
    is_declared(other.at, subject.user, other.text, subject.fields, findings);
    if other.text == subject.field {
        findings.add(other.at, format!("{} compares `{}` with itself", subject.user, other.text));
    }
    if let (Some(own), Some(others)) = (subject.field_type, type_of(other.text, subject.fields)) {
        let number = FieldType::Number;
        if is_date(own) != is_date(others) || (own == number) != (others == number) {
            let (own, others) = (own.name(), others.name());
            findings.add(other.at, format!("{} compares {own} with {others}", subject.user));
        }
    }
    Some(Check::Compare { comparison: comparison?, other: FieldName::new(other.text) })
}

fn fresh(table: &Table<'_>, _: &Subject<'_>, findings: &mut Findings) -> Option<Check> {
    let entry = table.required("days", findings)?;
    let days = integer(entry, 1..100_001, findings)?;
    u32::try_from(days).ok().map(|days| Check::Fresh { days })
}

fn range(table: &Table<'_>, subject: &Subject<'_>, findings: &mut Findings) -> Option<Check> {
    if table.get("min").is_none() && table.get("max").is_none() {
        findings.add(table.at, format!("{} needs `min`, `max` or both", subject.user));
        return None;
    }
    let field_type = subject.field_type?;
    if is_date(field_type) {
        return dates(table, subject, findings);
    }
    if field_type == FieldType::Number {
        return numbers(table, subject, findings);
    }
    let at = table.get("check").map_or(table.at, |entry| entry.at);
    let (field, name) = (subject.field, field_type.name());
    findings.add(at, format!("`range` works on numbers and dates; `{field}` has type {name}"));
    None
}

fn numbers(table: &Table<'_>, subject: &Subject<'_>, findings: &mut Findings) -> Option<Check> {
    let mut bound = |key: &str| match table.get(key) {
        Some(entry) => number(entry, findings).map(Some),
        None => Some(None),
    };
    let (min, max) = (bound("min"), bound("max"));
    let (min, max) = (min?, max?);
    if let (Some(least), Some(most)) = (min, max)
        && least > most
    {
        empty_range(table, subject, findings);
    }
    Some(Check::Range(RangeBounds::Numbers { min, max }))
}

fn dates(table: &Table<'_>, subject: &Subject<'_>, findings: &mut Findings) -> Option<Check> {
    let mut bound = |key: &str| match table.get(key) {
        Some(entry) => date_bound(entry, findings).map(Some),
        None => Some(None),
    };
    let (min, max) = (bound("min"), bound("max"));
    let (min, max) = (min?, max?);
    let empty = match (min, max) {
        (Some(DateBound::On(first)), Some(DateBound::On(last))) => first > last,
        (Some(DateBound::Today { years: first }), Some(DateBound::Today { years: last })) => {
            first > last
        }
        _ => false,
    };
    if empty {
        empty_range(table, subject, findings);
    }
    Some(Check::Range(RangeBounds::Dates { min, max }))
}

fn empty_range(table: &Table<'_>, subject: &Subject<'_>, findings: &mut Findings) {
    let at = table.get("min").map_or(table.at, |entry| entry.at);
    findings.add(at, format!("{} allows no value: `min` is above `max`", subject.user));
}

fn date_bound(entry: Entry<'_>, findings: &mut Findings) -> Option<DateBound> {
    let text = match entry.value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Datetime(date) => date.to_string(),
        _ => return wrong_type(entry, "a date, `today` or `today-18y`", findings),
    };
    let bound = read_date_bound(text.trim());
    if bound.is_none() {
        let key = entry.key;
        findings.add(
            entry.at,
            format!("`{key}` should be a date such as 1900-01-31, `today` or `today-18y`"),
        );
    }
    bound
}

fn read_date_bound(text: &str) -> Option<DateBound> {
    let Some(shift) = text.strip_prefix("today") else {
        return text.parse::<Date>().ok().filter(|_| text.len() == 10).map(DateBound::On);
    };
    if shift.is_empty() {
        return Some(DateBound::Today { years: 0 });
    }
    let years = shift.strip_suffix('y').filter(|years| years.starts_with(['-', '+']))?;
    let years = years.parse().ok().filter(|years: &i16| years.abs() <= 1000)?;
    Some(DateBound::Today { years })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_bounds() {
        let on = |text: &str| Some(DateBound::On(text.parse().unwrap()));
        for (text, expected) in [
            ("1900-01-31", on("1900-01-31")),
            ("today", Some(DateBound::Today { years: 0 })),
            ("today-18y", Some(DateBound::Today { years: -18 })),
            ("today+1y", Some(DateBound::Today { years: 1 })),
            ("today18y", None),
            ("today-18", None),
            ("today-99999y", None),
            ("1900-02-30", None),
            ("19000131", None),
        ] {
            assert_eq!(read_date_bound(text), expected, "{text}");
        }
    }
}
