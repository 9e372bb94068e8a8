//! One record's kept values by the rules of today. Pure.

use std::collections::BTreeMap;

use compact_str::CompactString;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::jobs::import::again::keep_centuries;
use crate::jobs::import::partial::text_of;
use domain::{
    Assumed, Basis, DateOrder, DateReading, FieldName, FieldType, NumberStyle, Reading, RecordBody,
    Values,
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
}

/// A record read again.
pub(super) struct ReadAgain {
    pub(super) body: RecordBody,
    /// The fields that have another value now.
    pub(super) changed: Vec<FieldName>,
    /// The fields whose value could be read in several ways: it stays as it is.
    pub(super) undecided: Vec<FieldName>,
}

impl Rules<'_> {
    /// Reads what was delivered of a record.
    pub(super) fn read(&self, known: &RecordBody) -> ReadAgain {
        let mut unmapped = known.unmapped.clone();
        let delivered = self.delivered(known, &mut unmapped);
        let source = self.source.name.as_str();
        let read = Records::of(self.settings, source, self.reading, self.day).read(delivered);
        let updated = known.updated.or_else(|| self.time_of_change(&mut unmapped));
        let mut body = RecordBody {
            address: known.address.clone(),
            values: read.values,
            absent: read.absent,
            unmapped,
            updated,
            line: known.line,
        };
        keep_centuries(known, &mut body);
        // What the settings declare no more has no type to be read by.
        let is_declared = |field: &FieldName| self.settings.field(field.as_str()).is_some();
        for (field, held) in known.values.iter().filter(|(field, _)| !is_declared(field)) {
            body.values.set(field.clone(), held.clone());
        }
        let is_word = |(field, _): &&(FieldName, CompactString)| !is_declared(field);
        body.absent.extend(known.absent.iter().filter(is_word).cloned());
        let undecided = self.leave_undecided(known, &mut body);
        let changed = changes(known, &body);
        ReadAgain { body, changed, undecided }
    }

    /// The texts that came, by field. A column that no field was read from when it came is taken out of
    /// the `unmapped` ones.
    fn delivered(
        &self,
        known: &RecordBody,
        unmapped: &mut Vec<(CompactString, CompactString)>,
    ) -> Vec<(FieldName, String)> {
        let mut texts = Vec::with_capacity(self.source.map.len());
        for field in &self.settings.fields {
            let columns = self.columns(&field.name);
            let held = text_of(known, field.name.as_str()).filter(|_| !self.is_told(known, field));
            let text = match (held, columns) {
                (Some(text), _) => Some(text),
                (None, [column]) => taken(unmapped, column).map(CompactString::from),
                (None, columns) => joined(unmapped, columns).map(CompactString::from),
            };
            texts.extend(text.map(|text| (field.name.clone(), text.into())));
        }
        texts
    }

    /// The columns that a field is read from.
    fn columns(&self, field: &FieldName) -> &[String] {
        let mapped = self.source.map.iter().find(|(name, _)| name == field);
        mapped.map_or(&[], |(_, columns)| columns)
    }

    /// Whether a part of a name was told from the whole name: nobody delivered it as such.
    fn is_told(&self, known: &RecordBody, field: &Field) -> bool {
        use FieldType::{FamilyName, FullName, GivenName, NameSuffix};
        let Some(value) = known.values.get(field.name.as_str()) else { return false };
        if !matches!(field.field_type, GivenName | FamilyName | NameSuffix) {
            return false;
        }
        let mut whole = self.settings.fields_of(FullName);
        let is_of_whole = whole.any(|whole| {
            known.values.get(whole.name.as_str()).is_some_and(|name| name.raw() == value.raw())
        });
        is_of_whole
            && (self.columns(&field.name).is_empty() || {
                let alone = [(field.name.clone(), value.raw().to_owned())];
                let alone = self.alone(self.reading, alone);
                alone.get(field.name.as_str()) != Some(value)
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

    /// Gives back to fields what they had where nothing says how they are to be read.
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
            if let Some(held) = known.values.get(field.as_str()) {
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

fn taken(unmapped: &mut Vec<(CompactString, CompactString)>, column: &str) -> Option<String> {
    let at = unmapped.iter().position(|(name, _)| name == column)?;
    Some(unmapped.remove(at).1.into())
}

/// A field of several columns, which are kept by themselves as well.
fn joined(unmapped: &[(CompactString, CompactString)], columns: &[String]) -> Option<String> {
    let parts = columns.iter().filter_map(|column| {
        let (_, text) = unmapped.iter().find(|(name, _)| name == column)?;
        Some(text.trim()).filter(|text| !text.is_empty())
    });
    let parts: Vec<&str> = parts.collect();
    (!parts.is_empty()).then(|| parts.join(" "))
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
