//! What a reread tells: counts by field, and a few examples.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::mapped::columns_of;
use super::plan::Found;
use super::withdraw::Layers;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::jobs::delivering::Opened;
use crate::masking::Masks;
use domain::event::RecordRevised;
use domain::{
    CustomerId, FieldName, ImportId, ImportReport, RecordBody, SourceName, Value, Values,
};
use door::views::{RereadExample, RereadOf, RereadOutcome, WhyGone};
use settings::{Source, UPDATED};

/// Examples that are shown.
const SHOWN: usize = 10;

/// How many records and rows of a source become others.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) read: u64,
    pub(super) changed: u64,
    closed: u64,
    returned: u64,
    missing: u64,
    found: u64,
    layered: u64,
    held: u64,
    unheld: u64,
    pub(super) released: u64,
    pub(super) set_aside: u64,
}

impl Counts {
    /// Counts what lies over records.
    pub(super) fn tally(&mut self, layers: &[Layers]) {
        for Layers { before, after, .. } in layers {
            let count = match (before.is_closed(), after.is_closed()) {
                (false, true) => &mut self.closed,
                (true, false) => &mut self.returned,
                _ if before.vanished.is_none() && after.vanished.is_some() => &mut self.missing,
                _ if before.vanished.is_some() && after.vanished.is_none() => &mut self.found,
                _ if before.overlaid != after.overlaid => match after.overlaid {
                    Some(_) => &mut self.held,
                    None => &mut self.unheld,
                },
                _ => &mut self.layered,
            };
            *count += 1;
        }
    }

    /// As the ledger keeps it.
    pub(super) fn report(&self) -> ImportReport {
        let Counts { read, changed, closed, returned, .. } = *self;
        let unchanged = read.saturating_sub(changed);
        ImportReport { read, changed, unchanged, closed, returned, ..ImportReport::default() }
    }

    /// As it is told of a source.
    pub(super) fn of(&self, source: SourceName, import: Option<ImportId>) -> RereadOf {
        let Counts { read, changed, closed, returned, missing, found, .. } = *self;
        let Counts { layered, held, unheld, released, set_aside, .. } = *self;
        RereadOf {
            import,
            read,
            changed,
            closed,
            returned,
            missing,
            found,
            layered,
            held,
            unheld,
            released,
            set_aside,
            ..RereadOf::of(source)
        }
    }
}

/// What there is to tell so far.
pub(super) struct Told {
    outcome: RereadOutcome,
    fields: BTreeMap<FieldName, u64>,
    /// Columns that no field maps.
    columns: BTreeMap<String, u64>,
    undecided: BTreeMap<FieldName, u64>,
    unreadable: BTreeMap<FieldName, u64>,
    lost: BTreeMap<FieldName, u64>,
    /// The rereads that stand over one that was to be taken back.
    since: BTreeSet<ImportId>,
    /// Customers whose pins were looked at.
    pinned: HashSet<CustomerId>,
    /// The first changes, some of each field.
    examples: BTreeMap<FieldName, Vec<RereadExample>>,
    masks: Arc<Masks>,
}

impl Told {
    /// Nothing.
    pub(super) fn new(masks: Arc<Masks>, undoes: Option<ImportId>) -> Told {
        Told {
            outcome: RereadOutcome { undoes, ..RereadOutcome::default() },
            fields: BTreeMap::new(),
            columns: BTreeMap::new(),
            undecided: BTreeMap::new(),
            unreadable: BTreeMap::new(),
            lost: BTreeMap::new(),
            since: BTreeSet::new(),
            pinned: HashSet::new(),
            examples: BTreeMap::new(),
            masks,
        }
    }

    /// Counts what changes. `source`: the map that it was read by, where it was read again.
    pub(super) fn note(&mut self, found: &Found, source: Option<&Source>) {
        count(&mut self.undecided, &found.undecided);
        count(&mut self.unreadable, &found.unreadable);
        count(&mut self.lost, &found.lost);
        self.outcome.left += found.left.len() as u64;
        self.since.extend(found.left.iter().flatten());
        self.outcome.ended += found.ended;
        for change in &found.changing {
            let (held, body) = match &change.seen {
                Some(seen) => (&seen.0, &seen.1),
                None => (&change.held.body, &change.body),
            };
            // Where a field changed, its column says the same once more.
            if change.fields.is_empty() {
                for column in differing(held, body) {
                    *self.columns.entry(column.to_owned()).or_default() += 1;
                }
            }
            for field in &change.fields {
                *self.fields.entry(field.clone()).or_default() += 1;
                let examples = self.examples.entry(field.clone()).or_default();
                if examples.len() < SHOWN {
                    let mut example = example(held, body, field);
                    example.gone = match source {
                        Some(source) => why_gone(source, held, body, field),
                        None => {
                            let is_gone = body.values.get(field.as_str()).is_none();
                            is_gone.then_some(WhyGone::Empty).filter(|_| field.as_str() != UPDATED)
                        }
                    };
                    self.masks.reread(&held.values, &mut example);
                    examples.push(example);
                }
            }
        }
    }

    /// Counts the corrections and pins of records whose text today's rules cannot read.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn note_set_by_people<'r>(
        &mut self,
        facts: Facts<'_>,
        records: impl Iterator<Item = &'r RecordRevised>,
    ) -> Result<(), DeskError> {
        for RecordRevised { record, body, .. } in records {
            let row = facts.view.record(*record)?;
            if row.touched {
                let corrections = facts.view.record_state(*record)?.corrections;
                for (field, correction) in corrections {
                    let value = facts.set_by(correction.decision, &field, &body.values)?;
                    let misfit = value.is_some_and(|value| !value.is_readable());
                    self.outcome.corrections += u64::from(misfit);
                }
            }
            let pins = facts.view.customer(row.customer)?.map(|state| state.pins);
            let pins = pins.unwrap_or_default();
            if pins.is_empty() || !self.pinned.insert(row.customer) {
                continue;
            }
            for (field, pin) in pins {
                let value = facts.set_by(pin.decision, &field, &Values::new())?;
                let misfit = value.is_some_and(|value| !value.is_readable());
                self.outcome.pins += u64::from(misfit);
            }
        }
        Ok(())
    }

    /// Counts tasks.
    pub(super) fn opened(&mut self, opened: Opened) {
        self.outcome.tasks += opened.invalid;
    }

    /// A source has been read.
    pub(super) fn source(&mut self, of: RereadOf) {
        self.outcome.sources.push(of);
    }

    /// All of it.
    pub(super) fn outcome(self) -> RereadOutcome {
        RereadOutcome {
            fields: self.fields.into_iter().collect(),
            columns: self.columns.into_iter().collect(),
            undecided: self.undecided.into_iter().collect(),
            unreadable: self.unreadable.into_iter().collect(),
            lost: self.lost.into_iter().collect(),
            since: self.since.into_iter().collect(),
            examples: spread(self.examples.into_values().collect()),
            ..self.outcome
        }
    }
}

fn count(counts: &mut BTreeMap<FieldName, u64>, fields: &[FieldName]) {
    for field in fields {
        *counts.entry(field.clone()).or_default() += 1;
    }
}

/// The columns that no field maps and that are not the same in two bodies of a record.
fn differing<'b>(held: &'b RecordBody, body: &'b RecordBody) -> BTreeSet<&'b str> {
    let only = |one: &'b RecordBody, other: &'b RecordBody| {
        let own = one.unmapped.iter().filter(|cell| !other.unmapped.contains(cell));
        own.map(|(column, _)| column.as_str())
    };
    only(held, body).chain(only(body, held)).collect()
}

/// So many that are shown, of as many fields as there are.
fn spread(of_fields: Vec<Vec<RereadExample>>) -> Vec<RereadExample> {
    let mut of_fields: Vec<_> = of_fields.into_iter().map(Vec::into_iter).collect();
    let mut shown = Vec::new();
    loop {
        let next: Vec<_> = of_fields.iter_mut().filter_map(Iterator::next).collect();
        if next.is_empty() || shown.len() >= SHOWN {
            shown.truncate(SHOWN);
            return shown;
        }
        shown.extend(next);
    }
}

/// Why a record has no value of a field any more, by the map it was read by.
fn why_gone(
    source: &Source,
    held: &RecordBody,
    body: &RecordBody,
    field: &FieldName,
) -> Option<WhyGone> {
    let before = held.values.get(field.as_str())?;
    if body.values.get(field.as_str()).is_some() {
        return None;
    }
    if body.absent.iter().any(|(name, _)| name == field) {
        return Some(WhyGone::SaysNothing);
    }
    // A name that was told from a whole name never had a column of its own.
    let mut others = held.values.iter().filter(|(name, _)| *name != field);
    let is_told = others.any(|(_, other)| other.raw() == before.raw());
    if is_told {
        return None;
    }
    let columns = columns_of(source, field);
    let is_kept = |column: &String| held.unmapped.iter().any(|(kept, _)| kept == column.as_str());
    if columns.is_empty() {
        Some(WhyGone::NotMapped)
    } else if columns.iter().any(is_kept) {
        None
    } else {
        Some(WhyGone::NotDelivered(columns.to_vec()))
    }
}

fn example(held: &RecordBody, body: &RecordBody, field: &FieldName) -> RereadExample {
    let name = field.as_str();
    let (before, after) = (held.values.get(name), body.values.get(name));
    let standard = |value: Option<&Value>| value.and_then(Value::standard).map(Into::into);
    let mut example = RereadExample {
        record: held.address.clone(),
        field: field.clone(),
        raw: after.or(before).map(|value| value.raw().into()),
        before: standard(before),
        after: standard(after),
        gone: None,
        was_empty: before.is_none() && name != UPDATED,
    };
    if name == UPDATED {
        let time = |body: &RecordBody| body.updated.map(|at| at.to_string().into());
        (example.before, example.after) = (time(held), time(body));
    }
    example
}
