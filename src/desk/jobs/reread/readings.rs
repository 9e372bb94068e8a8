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
use domain::{Assumed, Basis, FieldType, ImportId, Reading};
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
/// of its source. What only a custom decided follows the custom of today.
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
    let holds = |basis: &Basis| match basis {
        Basis::Region { region: then, .. } => Some(then) == region.as_ref(),
        _ => true,
    };
    for of_column in reading.dates.values_mut().chain(&mut reading.updated) {
        of_column.plain.take_if(|it| !holds(&it.basis));
        of_column.dotted.take_if(|it| !holds(&it.basis));
    }
    reading.dates.retain(|_, it| it.plain.is_some() || it.dotted.is_some());
    reading.numbers.retain(|_, it| holds(&it.basis));
    for field in &settings.fields {
        let name = &field.name;
        match field.field_type {
            Date | DateOfBirth => {
                if let Some(order) = conventions.dates.of(name.as_str()) {
                    reading.dates.insert(name.clone(), dates(order));
                } else if !reading.dates.contains_key(name) {
                    let known = recorded.iter().find_map(|(_, other)| {
                        let found = other.dates.get(name)?;
                        let is_shown = |it: &Option<Assumed<_>>| {
                            it.as_ref().is_some_and(|it| !is_custom(&it.basis))
                        };
                        (is_shown(&found.plain) || is_shown(&found.dotted)).then(|| found.clone())
                    });
                    reading.dates.extend(known.map(|known| (name.clone(), known)));
                }
            }
            Number => {
                if let Some(style) = conventions.numbers.of(name.as_str()) {
                    reading.numbers.insert(name.clone(), declared(style));
                } else if !reading.numbers.contains_key(name) {
                    let known = recorded.iter().find_map(|(_, other)| {
                        other.numbers.get(name).filter(|it| !is_custom(&it.basis)).cloned()
                    });
                    reading.numbers.extend(known.map(|known| (name.clone(), known)));
                }
            }
            _ => {}
        }
    }
    reading
}

/// Whether nothing but custom decided.
fn is_custom(basis: &Basis) -> bool {
    matches!(basis, Basis::Region { .. } | Basis::Dots)
}
