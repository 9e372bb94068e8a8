//! Rows of a stream to activities.
//!
//! Lives here: what a row of a stream says, and why one cannot be used ([`judge`]). Reading its cells is done by
//! what reads those of records: a stream's parts are fields of a source of its own.
//!
//! Does not live here: whose an activity is, which depends on the records.

use std::sync::Arc;

use compact_str::{CompactString, ToCompactString};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::acquire::{Judge, Row, one_key};
use crate::harmonise::{Records, moment, of_updated};
use domain::{
    Activity, ActivityKind, ActivityTime, Amount, Currency, FieldName, Money, QuarantineReason,
    Reading, Value, Values,
};
use settings::{CurrencyOf, KeyForm, KindOf, Settings, Stream, part};

/// How the rows of a file of a stream are read.
#[derive(Clone)]
pub struct StreamReading {
    /// The stream.
    pub stream: Stream,
    /// The settings that its rows are read by: those of [`Stream::read_by`].
    pub settings: Settings,
    /// How the source makes its keys.
    pub key_form: Option<KeyForm>,
    /// How the file is read.
    pub reading: Reading,
    /// The day of the import.
    pub day: Date,
}

/// What a row says.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadActivity {
    /// What was done. Its key is empty where the stream has none: whoever records it makes one of
    /// [`Activity::content`].
    pub activity: Activity,
    /// The key of the source's record that did it.
    pub customer: Option<CompactString>,
    /// The values by which that is known else, in the order in which they are asked.
    pub handles: Vec<(FieldName, CompactString)>,
    /// All that was read, for whoever wants to see it.
    pub values: Values,
}

impl StreamReading {
    /// What reads the values of its rows.
    #[must_use]
    pub fn records(&self) -> Records<'_> {
        let source = self.stream.source.as_str();
        Records::of(&self.settings, source, &self.reading, self.day)
    }

    /// What a row says; none where its kind is one that is left out, or where [`judge`] would set it aside.
    #[must_use]
    pub fn read(&self, records: &mut Records<'_>, row: Row) -> Option<ReadActivity> {
        let at = self.time(row.updated.as_deref()?)?;
        let kind = match self.kind(&row) {
            Told::One(kind) => kind,
            Told::LeftOut | Told::Nothing => return None,
        };
        let raw = |name: &str| text_of(&row, name);
        let customer = raw(part::CUSTOMER).and_then(|cell| one_key(cell, self.key_form));
        let key = self.key(&row);
        let Row { line, fields, decimals, unmapped: others, .. } = row;
        let values = records.read_with(fields, &decimals).values;
        let money = values.standard(part::AMOUNT).and_then(Amount::parse).map(|amount| Money {
            amount,
            currency: match &self.stream.currency {
                CurrencyOf::Unknown => None,
                CurrencyOf::One(currency) => Some(*currency),
                CurrencyOf::Column(_) => {
                    values.get(part::CURRENCY).and_then(|value| Currency::parse(value.shown()))
                }
            },
        });
        let properties = self.stream.properties.iter().filter_map(|property| {
            let value = values.get(property.name.as_str())?;
            let mut text: CompactString = value.shown().into();
            // Rows that were joined said other things there as well.
            let more = others.iter().find(|(column, _)| *column == property.column);
            for other in more.iter().flat_map(|(_, more)| more.split('\n')) {
                if !other.trim().is_empty() && other != value.raw() {
                    text.push_str("; ");
                    text.push_str(other.trim());
                }
            }
            Some((CompactString::from(property.name.as_str()), text))
        });
        let properties = properties.collect();
        let handles = self.stream.handles.iter().filter_map(|(field, _)| {
            let value = values.standard(field.as_str())?;
            Some((field.clone(), value.into()))
        });
        let handles = handles.collect();
        let activity = Activity { key, kind, at, money, properties, line };
        Some(ReadActivity { activity, customer, handles, values: shown(values, at) })
    }

    fn time(&self, text: &str) -> Option<ActivityTime> {
        let moment = moment(text, &of_updated(&self.settings, &self.reading, self.day))?;
        Some(ActivityTime { at: moment.at, offset: moment.offset, is_day: moment.is_day })
    }

    /// A single key as the reader has it; of several columns their texts, a stroke between.
    fn key(&self, row: &Row) -> CompactString {
        match self.stream.key.len() {
            0 => CompactString::default(),
            1 => row.key.clone(),
            parts => {
                let mut key = CompactString::default();
                for place in 0..parts {
                    if place > 0 {
                        key.push('|');
                    }
                    let text = text_of(row, &part::key(place)).unwrap_or_default();
                    for letter in text.trim().chars() {
                        if matches!(letter, '|' | '\\') {
                            key.push('\\');
                        }
                        key.push(letter);
                    }
                }
                key
            }
        }
    }

    fn kind(&self, row: &Row) -> Told {
        match &self.stream.kind {
            KindOf::One(kind) => Told::One(kind.clone()),
            KindOf::Column { words, .. } => {
                let Some(word) = text_of(row, part::KIND).map(str::trim) else {
                    return Told::Nothing;
                };
                match words.get(&word.to_lowercase()) {
                    Some(Some(kind)) => Told::One(kind.clone()),
                    Some(None) => Told::LeftOut,
                    None => ActivityKind::from_delivered(word).map_or(Told::Nothing, Told::One),
                }
            }
        }
    }

    /// Why a row cannot be used.
    fn fault(&self, row: &Row) -> Option<QuarantineReason> {
        let kind = self.kind(row);
        if kind == Told::LeftOut {
            return None;
        }
        let column = self.stream.at.clone();
        let Some(time) = row.updated.as_deref().and_then(|text| self.time(text)) else {
            return Some(QuarantineReason::NoTime { column });
        };
        let last = self.day.tomorrow().unwrap_or(self.day);
        if time.at.to_zoned(TimeZone::UTC).date() > last {
            return Some(QuarantineReason::InTheFuture { column });
        }
        if let (Told::Nothing, KindOf::Column { column, .. }) = (&kind, &self.stream.kind) {
            return Some(QuarantineReason::NoKind { column: column.clone() });
        }
        let amount = text_of(row, part::AMOUNT);
        let column = self.stream.amount.clone().unwrap_or_default();
        match amount.map(|text| self.amount(row, text)) {
            Some(Read::Amount) => {}
            Some(Read::Nothing) | None => return None,
            Some(Read::Fault) => return Some(QuarantineReason::NotAnAmount { column }),
        }
        if let CurrencyOf::Column(column) = &self.stream.currency
            && let Some(text) = text_of(row, part::CURRENCY)
            && !Currency::parse(text).is_some_and(|currency| currency.is_known())
        {
            return Some(QuarantineReason::NotACurrency { column: column.clone() });
        }
        None
    }

    fn amount(&self, row: &Row, text: &str) -> Read {
        let name = FieldName::new(part::AMOUNT);
        let is_exact = row.decimals.contains(&name);
        let mut records = self.records();
        let decimals = if is_exact { std::slice::from_ref(&name) } else { &[] };
        let read = records.read_with([(name.clone(), text)], decimals);
        match read.values.get(part::AMOUNT) {
            None => Read::Nothing,
            Some(value) => match value.standard().and_then(Amount::parse) {
                Some(_) => Read::Amount,
                None => Read::Fault,
            },
        }
    }
}

/// What a row's kind is.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    One(ActivityKind),
    /// `steward.toml` leaves it out.
    LeftOut,
    /// None that can be kept.
    Nothing,
}

/// What a cell with a sum holds.
enum Read {
    Amount,
    /// A word for nothing.
    Nothing,
    Fault,
}

/// The text of a part, where anything stands there.
fn text_of<'r>(row: &'r Row, name: &str) -> Option<&'r str> {
    let (_, text) = row.fields.iter().find(|(field, _)| field.as_str() == name)?;
    Some(text.as_str()).filter(|text| !text.trim().is_empty())
}

/// The values with the time among them.
fn shown(mut values: Values, at: ActivityTime) -> Values {
    values.set(FieldName::new(part::AT), Value::as_delivered(at.to_compact_string()));
    values
}

/// What sets rows aside that cannot be used: without a time or with one in the future, with an amount or a currency that
/// cannot be read, without a kind.
#[must_use]
pub fn judge(reading: StreamReading) -> Judge {
    let reading = Arc::new(reading);
    Arc::new(move |row| reading.fault(row))
}
