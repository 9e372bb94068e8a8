//! One record's kept values by the rules of today. Pure.

use std::collections::BTreeMap;

use compact_str::CompactString;
use jiff::Timestamp;
use jiff::civil::Date;

use super::mapped::{Mapped, absent_changed, by_todays_map, columns_of, type_of};
use crate::jobs::import::again::keep_centuries;
use domain::{
    Assumed, Basis, DateOrder, DateReading, FieldName, FieldType, NumberStyle, Reading, RecordBody,
    Value, Values,
};
use intake::harmonise::{self, Records};
use settings::{Field, Settings, Source, UPDATED};

/// How records of a source are read today.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    pub(super) settings: &'a Settings,
    pub(super) source: &'a Source,
    /// Of the file that a record came in.
    pub(super) reading: &'a Reading,
    /// The day it came.
    pub(super) day: Date,
    /// The settings under which it was last read; none where they are those of today, or cannot be
    /// known.
    pub(super) then: Option<&'a Settings>,
}

/// A record read again.
pub(super) struct ReadAgain {
    pub(super) body: RecordBody,
    /// The fields that have another value now.
    pub(super) changed: Vec<FieldName>,
    /// The fields whose value could be read in several ways: it keeps the value that it had by the
    /// same type, and has none by another.
    pub(super) undecided: Vec<FieldName>,
    /// The fields that have a value that cannot be read, and had one or none before.
    pub(super) unreadable: Vec<FieldName>,
    /// The fields whose column was not kept as text: they stay as they are.
    pub(super) lost: Vec<FieldName>,
}

impl<'a> Rules<'a> {
    /// The source as it was when the record was last read.
    pub(super) fn then_source(&self) -> &'a Source {
        let then = self.then.and_then(|then| then.source(self.source.name.as_str()));
        then.unwrap_or(self.source)
    }

    /// Reads what was delivered of a record.
    pub(super) fn read(&self, known: &RecordBody) -> ReadAgain {
        let Mapped { fields: delivered, decimals, mut unmapped, lost } = by_todays_map(self, known);
        let source = self.source.name.as_str();
        let mut records = Records::of(self.settings, source, self.reading, self.day);
        let read = records.read_with(delivered, &decimals);
        let updated = known.updated.or_else(|| self.time_of_change(&mut unmapped));
        let mut body = RecordBody {
            address: known.address.clone(),
            values: read.values,
            absent: read.absent,
            decimals,
            unmapped,
            updated,
            line: known.line,
        };
        keep_centuries(known, &mut body);
        // What the settings declare no more has no type to be read by; with its column it is delivered
        // for what reads that now, or among the unmapped.
        let stays = |field: &FieldName| {
            self.settings.field(field.as_str()).is_none()
                && columns_of(self.then_source(), field).is_empty()
        };
        for (field, held) in known.values.iter().filter(|(field, _)| stays(field)) {
            body.values.set(field.clone(), held.clone());
            body.decimals.extend(known.decimals.contains(field).then(|| field.clone()));
        }
        let is_word = |(field, _): &&(FieldName, CompactString)| stays(field);
        body.absent.extend(known.absent.iter().filter(is_word).cloned());
        let undecided = self.leave_undecided(known, &mut body);
        let mut changed = changes(known, &body);
        if self.then_source().map != self.source.map {
            changed.extend(absent_changed(known, &body));
        }
        let is_unreadable = |field: &&FieldName| {
            let was_readable = |field: &str| known.values.get(field).is_none_or(Value::is_readable);
            let now = body.values.get(field.as_str());
            now.is_some_and(|it| !it.is_readable()) && was_readable(field.as_str())
        };
        let unreadable = changed.iter().filter(is_unreadable).cloned().collect();
        ReadAgain { body, changed, undecided, unreadable, lost }
    }

    /// Whether a part of a name was told from the whole name: nobody delivered it as such.
    pub(super) fn is_told(&self, known: &RecordBody, field: &FieldName) -> bool {
        use FieldType::{FamilyName, FullName, GivenName, NameSuffix};
        let Some(value) = known.values.get(field.as_str()) else { return false };
        if !matches!(type_of(self.settings, field), Some(GivenName | FamilyName | NameSuffix)) {
            return false;
        }
        let mut whole = self.settings.fields_of(FullName);
        let is_of_whole = whole.any(|whole| {
            known.values.get(whole.name.as_str()).is_some_and(|name| name.raw() == value.raw())
        });
        is_of_whole
            && (columns_of(self.then_source(), field).is_empty() || {
                let alone = [(field.clone(), value.raw().to_owned())];
                let alone = self.alone(self.reading, alone);
                alone.get(field.as_str()) != Some(value)
            })
    }

    /// A time of change that nobody could read when it came.
    fn time_of_change(
        &self,
        unmapped: &mut Vec<(CompactString, CompactString)>,
    ) -> Option<Timestamp> {
        let column = self.source.updated.as_ref()?;
        let at = unmapped.iter().position(|(name, _)| name == column)?;
        let context = harmonise::of_updated(self.settings, self.reading, self.day);
        let time = harmonise::timestamp(&unmapped[at].1, &context)?;
        unmapped.remove(at);
        Some(time)
    }

    /// Gives back to fields what they had by the same type where nothing says how they are to be read. A
    /// text of another type is no value of this one until that is said.
    fn leave_undecided(&self, known: &RecordBody, body: &mut RecordBody) -> Vec<FieldName> {
        let mut undecided = Vec::new();
        let unread: Vec<(FieldName, String)> = body
            .values
            .iter()
            .filter(|(_, value)| !value.is_readable())
            .map(|(field, value)| (field.clone(), value.raw().to_owned()))
            .collect();
        for (field, text) in unread {
            if !self.could_be_several(&field, &text) {
                continue;
            }
            let type_then = self
                .then
                .map_or_else(|| type_of(self.settings, &field), |then| type_of(then, &field));
            let same =
                |held: &&Value| type_then == type_of(self.settings, &field) && held.raw() == text;
            if let Some(held) = known.values.get(field.as_str()).filter(same) {
                body.values.set(field.clone(), held.clone());
            }
            undecided.push(field);
        }
        undecided
    }

    /// Whether nothing says how a field's column is written, and its value depends on it.
    fn could_be_several(&self, field: &FieldName, text: &str) -> bool {
        let Some(Field { field_type, .. }) = self.settings.field(field.as_str()) else {
            return false;
        };
        let is_silent = match field_type {
            FieldType::Date | FieldType::DateOfBirth => !self.reading.dates.contains_key(field),
            FieldType::Number => !self.reading.numbers.contains_key(field),
            _ => false,
        };
        if !is_silent {
            return false;
        }
        let of = |reading: Reading| {
            let alone = [(field.clone(), text.to_owned())];
            let read = self.alone(&reading, alone);
            read.standard(field.as_str()).map(str::to_owned)
        };
        let found: Vec<String> = if *field_type == FieldType::Number {
            let of = |style| of(Reading { numbers: only(field, declared(style)), ..self.blank() });
            NumberStyle::ALL.into_iter().filter_map(of).collect()
        } else {
            let of = |order| of(Reading { dates: only(field, dates(order)), ..self.blank() });
            DateOrder::ALL.into_iter().filter_map(of).collect()
        };
        found.iter().any(|one| *one != found[0])
    }

    fn alone(&self, reading: &Reading, delivered: [(FieldName, String); 1]) -> Values {
        let source = self.source.name.as_str();
        harmonise::record(self.settings, source, reading, delivered, self.day)
    }

    /// Nothing but what holds for all fields.
    fn blank(&self) -> Reading {
        let Reading { region, zone, .. } = self.reading;
        Reading { region: region.clone(), zone: zone.clone(), ..Reading::default() }
    }
}

fn only<T>(field: &FieldName, value: T) -> BTreeMap<FieldName, T> {
    BTreeMap::from([(field.clone(), value)])
}

/// As it is said.
pub(super) fn declared<T>(value: T) -> Assumed<T> {
    Assumed::of(value, Basis::Declared)
}

/// All dates of a column in one order, as it is said.
pub(super) fn dates(order: DateOrder) -> DateReading {
    DateReading { plain: Some(declared(order)), dotted: Some(declared(order)) }
}

/// The fields that differ, and the time of change where it does.
pub(super) fn changes(known: &RecordBody, body: &RecordBody) -> Vec<FieldName> {
    let differs =
        |field: &&FieldName| known.values.get(field.as_str()) != body.values.get(field.as_str());
    let held = known.values.iter().map(|(field, _)| field);
    let new = body.values.iter().map(|(field, _)| field);
    let new = new.filter(|field| known.values.get(field.as_str()).is_none());
    let mut changed: Vec<FieldName> = held.chain(new).filter(differs).cloned().collect();
    if known.updated != body.updated {
        changed.push(FieldName::new(UPDATED));
    }
    changed
}
