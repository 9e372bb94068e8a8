//! What the values of a whole file say about how its dates and numbers are written, and what it writes
//! where there is nothing.
//!
//! Of each date and number it is looked at in which ways it can be read: how often, and the line of the
//! first, is all that is kept ([`tally`]); of all values whether they are a program's word for nothing
//! ([`words`]), of genders what their letters are ([`genders`]), of names whether all are in capitals
//! ([`shouting`]), of dates with the year in front whether they are what they look like ([`swapped`]). What follows from that, from the settings and from earlier files is decided once
//! ([`decide`]).

mod decide;
mod disputed;
mod genders;
mod shouting;
mod swapped;
mod tally;
#[cfg(test)]
mod tests;
mod undecided;
mod words;

pub use decide::Evidence;
pub use undecided::{Doubt, Undecided};

use jiff::civil::Date;

use super::clean::{Form, clean};
use super::{Context, date, number};
use domain::{FieldName, FieldType, Reading};
use genders::Genders;
use settings::{Settings, Source, UPDATED};
use shouting::Shouting;
use swapped::YearLedDates;
use tally::Tally;
use words::Words;

/// The columns of one file, of which some could be read in several ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    today: Date,
    columns: Vec<Column>,
    /// The fields whose values are looked at: those of the columns first.
    fields: Vec<FieldName>,
    words: Words,
    genders: Genders,
    shouting: Shouting,
}

/// One of them, and what its values allow.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    /// The field that is read from it; [`UPDATED`] for the time of change.
    field: FieldName,
    kind: Kind,
    values: Tally,
    /// The dates with dots, which go by themselves.
    dotted: Tally,
    /// The dates with the year in front.
    year_led: YearLedDates,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Date { birth: bool },
    Updated,
    Number,
}

impl Survey {
    /// Nothing seen so far of a file of `source` that is read on this day.
    #[must_use]
    pub fn of(settings: &Settings, source: &Source, today: Date) -> Survey {
        let mapped = source.map.iter().filter_map(|(field, _)| {
            let kind = match settings.field(field.as_str())?.field_type {
                FieldType::Date => Kind::Date { birth: false },
                FieldType::DateOfBirth => Kind::Date { birth: true },
                FieldType::Number => Kind::Number,
                _ => return None,
            };
            Some((field.clone(), kind))
        });
        let updated = source.updated.iter().map(|_| (FieldName::new(UPDATED), Kind::Updated));
        let columns = mapped.chain(updated).map(|(field, kind)| Column {
            field,
            kind,
            values: Tally::default(),
            dotted: Tally::default(),
            year_led: YearLedDates::default(),
        });
        let columns: Vec<Column> = columns.collect();
        let known = columns.iter().filter(|column| column.kind != Kind::Updated);
        let mut fields: Vec<FieldName> = known.map(|column| column.field.clone()).collect();
        // What several columns make is read as a whole row is, which takes longer.
        let others = source.map.iter().filter(|(_, columns)| columns.len() == 1);
        let others = others.map(|(field, _)| field).filter(|field| !fields.contains(field));
        let others: Vec<FieldName> = others.cloned().collect();
        fields.extend(others);
        let words = Words::of(settings, source, &fields);
        let genders = Genders::of(settings, source, &fields);
        let shouting = Shouting::of(settings, &fields);
        Survey { today, columns, fields, words, genders, shouting }
    }

    /// The fields whose values are looked at.
    pub fn fields(&self) -> impl Iterator<Item = &FieldName> {
        self.fields.iter()
    }

    /// Whether the field at that place of [`fields`](Self::fields) is one of numbers.
    #[must_use]
    pub fn is_number(&self, place: usize) -> bool {
        self.columns.get(place).is_some_and(|column| column.kind == Kind::Number)
    }

    /// Whether the time of change is looked at.
    #[must_use]
    pub fn looks_at_updated(&self) -> bool {
        self.columns.last().is_some_and(|column| column.kind == Kind::Updated)
    }

    /// Looks at a value as delivered, of the field at that place of [`fields`](Self::fields); of
    /// the time of change where there is none. `is_boolean`: it is a yes or no, and no text.
    pub fn note(&mut self, place: Option<usize>, line: u64, raw: &str, is_boolean: bool) {
        let column = match place {
            Some(place) => {
                self.words.note(place, line, raw, is_boolean);
                self.genders.note(place, line, raw);
                self.shouting.note(place, raw);
                self.columns.get_mut(place).filter(|column| column.kind != Kind::Updated)
            }
            // The time of change is the last column.
            None => self.columns.last_mut(),
        };
        if let Some(column) = column {
            column.note(self.today, line, raw);
        }
    }

    /// How the file is read.
    ///
    /// # Errors
    /// The columns of which nothing tells that.
    pub fn decide(&self, evidence: &Evidence<'_>) -> Result<Reading, Undecided> {
        let mut reading = decide::decide(&self.columns, evidence)?;
        self.words.decide(evidence, &mut reading);
        self.genders.decide(evidence, &mut reading);
        self.shouting.decide(&mut reading);
        swapped::decide(&self.columns, evidence, &mut reading);
        Ok(reading)
    }
}

impl Column {
    fn note(&mut self, today: Date, line: u64, raw: &str) {
        // Whatever is longer is neither a date nor a number.
        if raw.len() > 128 {
            return;
        }
        let text = clean(raw, Form::Compatible);
        let birth = match self.kind {
            Kind::Number => return self.values.note(number::styles(&text), line),
            Kind::Date { birth } => birth,
            Kind::Updated => false,
        };
        let context = Context { region: None, ..Context::of("", today) };
        if let Some(allowed) = date::allowed(&text, &context, birth) {
            let tally = if allowed.dotted { &mut self.dotted } else { &mut self.values };
            tally.note(allowed.orders(), line);
        } else if let Some(led) = date::year_led(&text) {
            self.year_led.note(led, line);
        }
    }
}
