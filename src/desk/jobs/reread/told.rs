//! What a reread tells: counts by field, and a few examples.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::plan::Found;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::jobs::delivering::Opened;
use crate::masking::Masks;
use domain::event::RecordRevised;
use domain::{CustomerId, FieldName, ImportId, RecordBody, Value, Values};
use door::views::{RereadExample, RereadOf, RereadOutcome};
use settings::UPDATED;

/// Examples that are shown.
const SHOWN: usize = 10;

/// What there is to tell so far.
pub(super) struct Told {
    outcome: RereadOutcome,
    fields: BTreeMap<FieldName, u64>,
    undecided: BTreeMap<FieldName, u64>,
    unreadable: BTreeMap<FieldName, u64>,
    lost: BTreeMap<FieldName, u64>,
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
            undecided: BTreeMap::new(),
            unreadable: BTreeMap::new(),
            lost: BTreeMap::new(),
            pinned: HashSet::new(),
            examples: BTreeMap::new(),
            masks,
        }
    }

    /// Counts what changes.
    pub(super) fn note(&mut self, found: &Found) {
        count(&mut self.undecided, &found.undecided);
        count(&mut self.unreadable, &found.unreadable);
        count(&mut self.lost, &found.lost);
        for change in &found.changing {
            for field in &change.fields {
                *self.fields.entry(field.clone()).or_default() += 1;
                let examples = self.examples.entry(field.clone()).or_default();
                if examples.len() < SHOWN {
                    let (held, body) = (&change.held.body, &change.body);
                    let mut example = example(held, body, field);
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
            undecided: self.undecided.into_iter().collect(),
            unreadable: self.unreadable.into_iter().collect(),
            lost: self.lost.into_iter().collect(),
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
    };
    if name == UPDATED {
        let time = |body: &RecordBody| body.updated.map(|at| at.to_string().into());
        (example.before, example.after) = (time(held), time(body));
    }
    example
}
