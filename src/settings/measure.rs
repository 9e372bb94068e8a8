//! `[measures.*]`: what customers did, as one value each: how many orders, how much, how long ago.

use std::fmt::Write as _;

use super::field::Declared;
use super::nearest::hint;
use super::purpose::lapse;
use super::reader::{Findings, Placed, Table};
use super::stream::{self, KindOf, Stream};
use domain::expression::{Expected, Expression};
use domain::{
    ActivityKind, Currency, FieldName, FieldType, Lapse, StreamName, Take, TaskColumn, What,
};

/// Names of columns beside fields and measures, which no measure may have.
pub const RESERVED: [&str; 4] = ["customer", "members", "lineage", "segments"];

/// One value of each customer, told from what they did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// Its name, in expressions and as a column.
    pub name: FieldName,
    /// The kinds of activities it asks; none: all of them.
    pub of: Vec<ActivityKind>,
    /// The one stream whose activities it asks; none: all of them.
    pub stream: Option<StreamName>,
    /// What it takes of them.
    pub take: Take,
    /// Only activities of the last so many days; none: all of them.
    pub within: Option<Lapse>,
    /// What it is, in a person's words.
    pub description: Option<String>,
    /// What it is used for.
    pub purpose: Vec<String>,
    /// What kind of value it gives.
    pub gives: FieldType,
}

impl Measure {
    /// Whether it asks activities of a kind in a stream.
    #[must_use]
    pub fn asks(&self, stream: &StreamName, kind: &ActivityKind) -> bool {
        self.stream.as_ref().is_none_or(|own| own == stream)
            && (self.of.is_empty() || self.of.contains(kind))
    }

    /// The measure in words: `sum of purchase in EUR, within 12 months`.
    #[must_use]
    pub fn words(&self) -> String {
        let kinds: Vec<&str> = self.of.iter().map(ActivityKind::as_str).collect();
        let of = if kinds.is_empty() { "activity".to_owned() } else { kinds.join(" or ") };
        let what = |what: &What| match what {
            What::Day => "day".to_owned(),
            What::Property(name) => name.to_string(),
        };
        let mut words = match &self.take {
            Take::Count => format!("count of {of}"),
            Take::Sum(currency) => format!("sum of {of} in {currency}"),
            Take::Last(it) => format!("{} of the last {of}", what(it)),
            Take::First(it) => format!("{} of the first {of}", what(it)),
            Take::DaysSince => format!("days since the last {of}"),
            Take::Distinct(it) => format!("different {} of {of}", what(it)),
        };
        // Writing into a string cannot fail.
        if let Some(stream) = &self.stream {
            let _ = write!(words, " in {stream}");
        }
        if let Some(within) = self.within {
            let _ = write!(words, ", within {within}");
        }
        words
    }
}

/// What the values of a type are in an expression.
#[must_use]
pub fn expected_of(field_type: FieldType) -> Expected<'static> {
    match field_type {
        FieldType::Number => Expected::Number,
        FieldType::Date | FieldType::DateOfBirth => Expected::Day,
        _ => Expected::Text,
    }
}

/// What measures may name.
pub(super) struct Known<'k> {
    pub(super) fields: &'k [Declared<'k>],
    pub(super) streams: &'k [Stream],
    pub(super) purposes: &'k [&'k str],
    /// Names of columns that are kept beside golden values.
    pub(super) kept: &'k [String],
}

/// `[measures.*]`, in the order of the file; of those with mistakes, the names beside it.
pub(super) fn read_all(
    measures: &Table<'_>,
    known: &Known<'_>,
    findings: &mut Findings,
) -> Vec<Measure> {
    let entries = measures.entries.iter();
    let tables: Vec<_> = entries
        .filter_map(|entry| {
            let table = Table::of(*entry, format!("[measures.{}]", entry.key), findings)?;
            Some((entry.key, table))
        })
        .collect();
    tables.into_iter().filter_map(|(name, table)| read(name, &table, known, findings)).collect()
}

fn read(
    name: &str,
    table: &Table<'_>,
    known: &Known<'_>,
    findings: &mut Findings,
) -> Option<Measure> {
    let keys = ["of", "stream", "take", "what", "currency", "within", "description", "purpose"];
    table.only(&keys, findings);
    must_be_free(name, table.at, known, findings);
    let stream = read_stream(table, known, findings);
    let asked: Vec<&Stream> = known
        .streams
        .iter()
        .filter(|it| stream.as_ref().is_none_or(|stream| *stream == it.name))
        .collect();
    if known.streams.is_empty() {
        let title = &table.title;
        findings.add(table.at, format!("{title} needs activities: declare a [streams.*] first"));
    }
    let of = read_kinds(table, &asked, findings);
    let within = lapse(table, "within", findings);
    let purpose = stream::read_purpose(table, known.purposes, findings);
    let description = table.text("description", findings).map(|said| said.text.trim().to_owned());
    let (take, gives) = read_take(table, &asked, findings)?;
    let name = FieldName::new(name);
    Some(Measure { name, of, stream, take, within, description, purpose, gives })
}

/// A name by which nothing else is asked for.
fn must_be_free(name: &str, at: usize, known: &Known<'_>, findings: &mut Findings) {
    if !Expression::is_name(name) {
        findings.add(
            at,
            format!(
                "the measure name `{name}` cannot be used in `where`; use letters, digits and _"
            ),
        );
    }
    let clash = if known.fields.iter().any(|field| field.name == name) {
        "a field"
    } else if RESERVED.contains(&name) || known.kept.iter().any(|kept| kept == name) {
        "a column of exports"
    } else if TaskColumn::named(name).is_some() {
        "a column of tasks"
    } else {
        return;
    };
    findings.add(at, format!("`{name}` is already {clash}: give the measure another name"));
}

fn read_stream(
    table: &Table<'_>,
    known: &Known<'_>,
    findings: &mut Findings,
) -> Option<StreamName> {
    let said = table.text("stream", findings)?;
    let found = known.streams.iter().find(|stream| stream.name.as_str() == said.text);
    if found.is_none() {
        let hint = hint(said.text, known.streams.iter().map(|stream| stream.name.as_str()));
        findings.add(said.at, format!("unknown stream `{}` in {}{hint}", said.text, table.title));
    }
    Some(StreamName::new(said.text))
}

/// `of = "purchase"`, or several; without it all kinds are asked.
fn read_kinds(table: &Table<'_>, asked: &[&Stream], findings: &mut Findings) -> Vec<ActivityKind> {
    let mut kinds = Vec::new();
    for said in table.texts("of", findings).unwrap_or_default() {
        match ActivityKind::new(said.text) {
            None => findings.add(
                said.at,
                format!("`{}` is not the name of a kind (small letters, digits and _)", said.text),
            ),
            Some(kind) => {
                must_be_delivered(said, asked, table, findings);
                kinds.push(kind);
            }
        }
    }
    kinds
}

/// Notes a kind that no stream can deliver. What a column says may be any kind, so that nothing is known of those.
fn must_be_delivered(
    said: Placed<'_>,
    asked: &[&Stream],
    table: &Table<'_>,
    findings: &mut Findings,
) {
    let mut delivered: Vec<&str> = Vec::new();
    for stream in asked {
        match &stream.kind {
            KindOf::One(kind) => delivered.push(kind.as_str()),
            KindOf::Column { .. } => return,
        }
    }
    if !asked.is_empty() && !delivered.contains(&said.text) {
        delivered.dedup();
        let hint = hint(said.text, delivered.iter().copied());
        findings.add(
            said.at,
            format!("no stream delivers `{}`, which {} asks{hint}", said.text, table.title),
        );
    }
}

fn read_take(
    table: &Table<'_>,
    asked: &[&Stream],
    findings: &mut Findings,
) -> Option<(Take, FieldType)> {
    let take = table.required_text("take", findings)?;
    let currency = read_currency(table, take, asked, findings);
    let what = read_what(table, take, asked, findings);
    let of_day = |what: Option<(What, FieldType)>| what.unwrap_or((What::Day, FieldType::Date));
    Some(match take.text {
        "count" => (Take::Count, FieldType::Number),
        "sum" => (Take::Sum(currency?), FieldType::Number),
        "days_since" => (Take::DaysSince, FieldType::Number),
        "last" => {
            let (what, gives) = of_day(what);
            (Take::Last(what), gives)
        }
        "first" => {
            let (what, gives) = of_day(what);
            (Take::First(what), gives)
        }
        "distinct" => (Take::Distinct(what?.0), FieldType::Number),
        other => {
            let hint = hint(other, Take::WORDS);
            findings.add(take.at, format!("unknown `take`: `{other}`{hint}"));
            return None;
        }
    })
}

fn read_currency(
    table: &Table<'_>,
    take: Placed<'_>,
    asked: &[&Stream],
    findings: &mut Findings,
) -> Option<Currency> {
    if take.text != "sum" {
        if let Some(entry) = table.get("currency") {
            findings.add(entry.at, "`currency` goes with take = \"sum\"");
        }
        return None;
    }
    if !asked.is_empty() && asked.iter().all(|stream| stream.amount.is_none()) {
        let title = &table.title;
        findings.add(take.at, format!("{title} sums amounts; set `amount` in the stream it asks"));
    }
    let Some(said) = table.text("currency", findings) else {
        if table.get("currency").is_none() {
            findings.add(
                table.at,
                format!(
                    "{} needs `currency`: amounts of different currencies cannot be added",
                    table.title
                ),
            );
        }
        return None;
    };
    let found = Currency::parse(said.text).filter(Currency::is_known);
    if found.is_none() {
        let text = said.text;
        findings.add(said.at, format!("`{text}` is not a currency of ISO 4217, such as EUR"));
    }
    found
}

/// `what`: a property of the streams that are asked, or `day`.
fn read_what(
    table: &Table<'_>,
    take: Placed<'_>,
    asked: &[&Stream],
    findings: &mut Findings,
) -> Option<(What, FieldType)> {
    let said = match (take.text, table.text("what", findings)) {
        ("count" | "sum" | "days_since", Some(said)) => {
            let why = "`what` goes with take = \"last\", \"first\" or \"distinct\"";
            findings.add(said.at, why);
            return None;
        }
        ("distinct", None) if table.get("what").is_none() => {
            let title = &table.title;
            findings
                .add(table.at, format!("{title} needs `what`: the property to count, or \"day\""));
            return None;
        }
        (_, None) => return None,
        (_, Some(said)) => said,
    };
    if said.text == "day" {
        return Some((What::Day, FieldType::Date));
    }
    let properties = || asked.iter().flat_map(|stream| &stream.properties);
    let found = properties().find(|property| property.name.as_str() == said.text);
    if found.is_none() && !asked.is_empty() {
        let known = properties().map(|it| it.name.as_str()).chain(["day"]);
        let hint = hint(said.text, known.collect::<Vec<_>>());
        findings.add(
            said.at,
            format!("no stream that {} asks has the property `{}`{hint}", table.title, said.text),
        );
    }
    found.map(|property| (What::Property(property.name.clone()), property.field_type))
}

/// The measures in words, for `steward check`.
pub(super) fn write(text: &mut String, measures: &[Measure]) -> std::fmt::Result {
    if measures.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nMeasures")?;
    for measure in measures {
        writeln!(text, "  {}: {}", measure.name, measure.words())?;
        if let Some(description) = &measure.description {
            writeln!(text, "    {description}")?;
        }
        if !measure.purpose.is_empty() {
            writeln!(text, "    for {}", measure.purpose.join(", "))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
