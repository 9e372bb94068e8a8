//! How what is held was read when it came, and how it is read today.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use jiff::civil::Date;

use super::then::Then;
use super::values::{dates, declared};
use crate::error::DeskError;
use crate::facts::{Facts, day_of, missing};
use crate::jobs::import::assumed::earlier;
use crate::jobs::import::beginning::start_of;
use domain::{Assumed, Basis, DateOrder, DateReading, FieldType, ImportId, Reading};
use settings::{Settings, Source};

/// How the files of one source are read today, by import. They hold no values, so that there may be
/// many.
pub(super) struct Readings {
    source: Source,
    /// How finished imports of it were read, the latest first.
    recorded: Vec<(ImportId, Reading)>,
    of_import: HashMap<ImportId, Arc<(Reading, Date)>>,
    /// The settings under which records were read.
    pub(super) then: Then,
}

impl Readings {
    /// Of a source.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn of(facts: Facts<'_>, source: Source) -> Result<Readings, DeskError> {
        let recorded = earlier(facts, &source)?;
        Ok(Readings { source, recorded, of_import: HashMap::new(), then: Then::default() })
    }

    /// The source.
    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// How what an import brought is read today, and the day it came.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn of_import(
        &mut self,
        facts: Facts<'_>,
        settings: &Settings,
        import: ImportId,
    ) -> Result<Arc<(Reading, Date)>, DeskError> {
        let unknown = match self.of_import.entry(import) {
            Entry::Occupied(known) => return Ok(Arc::clone(known.get())),
            Entry::Vacant(unknown) => unknown,
        };
        let none = || missing(format!("the start of import {import}"));
        let entry = facts.view.import(import)?.ok_or_else(none)?;
        let started = start_of(facts, &entry)?.ok_or_else(none)?;
        let day = match started.day {
            Some(day) => day,
            None => day_of(facts.time_of(entry.started.sequence)?),
        };
        let then = started.reading.map(|reading| *reading).unwrap_or_default();
        let now = today(then, settings, &self.source, &self.recorded);
        Ok(Arc::clone(unknown.insert(Arc::new((now, day)))))
    }
}

/// How a file is read today that was read so: as `steward.toml` says, else as then, else as other files
/// of its source. What only a custom decided gives way to what other files prove with one voice, else it
/// follows the custom of today.
fn today(
    mut reading: Reading,
    settings: &Settings,
    source: &Source,
    recorded: &[(ImportId, Reading)],
) -> Reading {
    use FieldType::{Date, DateOfBirth, Number};
    let conventions = &source.conventions;
    reading.region = conventions.region.clone().or(reading.region);
    reading.zone = conventions.zone.clone().or(reading.zone);
    let region = reading.region.clone().or_else(|| settings.workspace.region.clone());
    let region = region.as_deref();
    let of_updated = || recorded.iter().filter_map(|(_, other)| other.updated.as_ref());
    reading.updated = of_dates(reading.updated.take(), of_updated, region);
    // A word that a file proved is the source's, whichever file it was.
    reading.absent.retain(|word| word.basis != Basis::Declared);
    for (import, other) in recorded {
        for word in other.absent.iter().filter(|word| word.basis != Basis::Declared) {
            if !reading.absent.iter().any(|known| known.value == word.value) {
                let basis = Basis::Recorded { import: *import };
                reading.absent.push(Assumed::of(word.value.clone(), basis));
            }
        }
        reading.yes_or_no.extend(other.yes_or_no.iter().cloned());
        // What a file showed of its letters holds for files that show nothing.
        for (field, letters) in &other.genders {
            let then = reading.genders.get(field);
            let is_shown = matches!(letters.basis, Basis::Proved { .. });
            if is_shown && then.is_none_or(|then| then.value.open().is_some()) {
                let basis = Basis::Recorded { import: *import };
                reading.genders.insert(field.clone(), Assumed::of(letters.value, basis));
            }
        }
    }
    for field in &settings.fields {
        let name = &field.name;
        match field.field_type {
            Date | DateOfBirth => {
                let others = || recorded.iter().filter_map(|(_, other)| other.dates.get(name));
                let declared = conventions.dates.of(name.as_str());
                if declared == Some(DateOrder::YearFirst) {
                    reading.swapped_dates.remove(name);
                }
                let declared = declared.map(dates);
                let then = reading.dates.remove(name);
                let now = declared.or_else(|| of_dates(then, others, region));
                reading.dates.extend(now.map(|now| (name.clone(), now)));
            }
            Number => {
                let others = recorded.iter().filter_map(|(_, other)| other.numbers.get(name));
                let declared = conventions.numbers.of(name.as_str()).map(declared);
                let then = reading.numbers.remove(name);
                let now = declared.or_else(|| of_column(then, others, region));
                reading.numbers.extend(now.map(|now| (name.clone(), now)));
            }
            _ => {}
        }
    }
    reading
}

/// Both notations of a column of dates.
fn of_dates<'r, I: Iterator<Item = &'r DateReading>>(
    then: Option<DateReading>,
    others: impl Fn() -> I,
    region: Option<&str>,
) -> Option<DateReading> {
    let then = then.unwrap_or_default();
    let plain = of_column(then.plain, others().filter_map(|it| it.plain.as_ref()), region);
    let dotted = of_column(then.dotted, others().filter_map(|it| it.dotted.as_ref()), region);
    (plain.is_some() || dotted.is_some()).then_some(DateReading { plain, dotted })
}

/// How a column is read today that was read so, beside how other files read it, the latest first.
fn of_column<'r, T: Copy + PartialEq + 'r>(
    then: Option<Assumed<T>>,
    others: impl Iterator<Item = &'r Assumed<T>>,
    region: Option<&str>,
) -> Option<Assumed<T>> {
    if then.as_ref().is_some_and(|then| !then.basis.is_custom()) {
        return then;
    }
    let mut shown = others.filter(|other| !other.basis.is_custom());
    let Some(latest) = shown.next() else { return then.filter(|then| holds(&then.basis, region)) };
    // Files that prove different things prove nothing of one that proves none of them.
    let is_one = then.is_none() || shown.all(|other| other.value == latest.value);
    if is_one { Some(latest.clone()) } else { then.filter(|then| holds(&then.basis, region)) }
}

/// Whether a basis still holds: a region's custom only while the source has that region.
fn holds(basis: &Basis, region: Option<&str>) -> bool {
    match basis {
        Basis::Region { region: then, .. } => Some(then.as_str()) == region,
        _ => true,
    }
}
