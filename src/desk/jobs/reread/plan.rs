//! What a reread changes of a few records: found, and made a commit of.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::readings::Readings;
use super::tasks::TasksBefore;
use super::values::{ReadAgain, Rules};
use super::withdraw::{Layers, Withdrawn};
use crate::core::Foreseen;
use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::jobs::challenges::contradicted_pins;
use crate::jobs::delivering::{self, Opened};
use crate::jobs::import::records::wake;
use crate::past::Past;
use crate::standing::Chain;
use crate::{merges, overlays, unique};
use domain::event::{Cause, RecordRevised};
use domain::{
    CustomerId, FieldName, Fingerprint, ImportId, RecordBody, RecordId, RevisionPlace, Sequence,
};
use settings::{Settings, Source};
use store::Place;

/// Records of one commit.
const RECORDS_A_COMMIT: usize = 256;
/// Bytes of values after which a commit is full, however few records it has.
const BYTES_A_COMMIT: usize = 2 << 20;

/// A record that is held, and how it is to be held.
pub(super) struct Changing {
    pub(super) held: RecordRevised,
    /// The import that delivered what it is to be.
    pub(super) import: ImportId,
    pub(super) body: RecordBody,
    /// The row it is known by when that comes again; none where it must be looked at again.
    pub(super) delivered: Option<Fingerprint>,
    /// What its source says it has merged with it.
    pub(super) merged: Vec<Fingerprint>,
    pub(super) fields: Vec<FieldName>,
    /// What is in force before and after, where something else is held back: that is what people see.
    pub(super) seen: Option<Box<(RecordBody, RecordBody)>>,
    /// What is in force while this is held back, read again with it.
    pub(super) former: Former,
}

/// What becomes of a revision that is in force while a later one is held back.
pub(super) enum Former {
    /// Nothing: it is as it was, or none is.
    AsItWas,
    /// It is read as this.
    ReadAs(Box<RecordRevised>),
    /// What was held back is of the same customer by the rules of today, and is in force.
    Ends,
}

/// What a look at some records found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) changing: Vec<Changing>,
    /// Records that are closed or there again, or whose corrections hold again.
    pub(super) layers: Vec<Layers>,
    /// Fields whose value could be read in several ways; one entry a value.
    pub(super) undecided: Vec<FieldName>,
    /// Fields whose value cannot be read any more; one entry a value.
    pub(super) unreadable: Vec<FieldName>,
    /// Fields whose column was not kept as text; one entry a value.
    pub(super) lost: Vec<FieldName>,
    /// Records of which nothing is held back any more: they are read as of the same customer.
    pub(super) ended: u64,
    /// Records that a reread changed and its undo leaves alone, each with the reread that came since and
    /// stands; none where it was delivered.
    pub(super) left: Vec<Option<ImportId>>,
}

/// Reads what is held of some records by the rules of today.
///
/// # Errors
/// When store or ledger are damaged.
pub(super) fn by_todays_rules(
    facts: Facts<'_>,
    (settings, readings): (&Settings, &mut Readings),
    held: Vec<(Place, RecordRevised)>,
) -> Result<Found, DeskError> {
    let mut formers = HashMap::new();
    for (record, read) in read_again(facts, (settings, readings), in_force(facts, &held)?)? {
        formers.insert(record.record, (record, read));
    }
    let source = readings.source().clone();
    let mut found = Found::default();
    for (held, read) in read_again(facts, (settings, readings), held)? {
        let former = formers.remove(&held.record);
        let changed = found.take(facts, &source, held, read, former)?;
        found.changing.extend(changed);
    }
    Ok(found)
}

/// The revisions that are in force though another was delivered last.
fn in_force(
    facts: Facts<'_>,
    held: &[(Place, RecordRevised)],
) -> Result<Vec<(Place, RecordRevised)>, DeskError> {
    let mut found = Vec::new();
    for (latest, held) in held {
        let row = facts.view.record(held.record)?;
        if row.body != *latest {
            found.push((row.body, facts.revised(held.record, row.body)?));
        }
    }
    Ok(found)
}

fn read_again(
    facts: Facts<'_>,
    (settings, readings): (&Settings, &mut Readings),
    held: Vec<(Place, RecordRevised)>,
) -> Result<Vec<(RecordRevised, ReadAgain)>, DeskError> {
    let held: Vec<_> = held
        .into_iter()
        .map(|(place, held)| {
            let then = readings.then.settings_of(facts, place.sequence, &held)?;
            let then = then.filter(|then| then.text != settings.text);
            Ok((readings.of_import(facts, settings, held.import)?, then, held))
        })
        .collect::<Result<_, DeskError>>()?;
    let source = readings.source();
    let read = held.into_par_iter().map(|(read_as, then, held)| {
        let (reading, day, then) = (&read_as.0, read_as.1, then.as_deref());
        let read = Rules { settings, source, reading, day, then }.read(&held.body);
        (held, read)
    });
    Ok(read.collect())
}

impl Found {
    /// A record as it is read today, with what is in force of it where that is something else; none where both are
    /// as they were.
    fn take(
        &mut self,
        facts: Facts<'_>,
        source: &Source,
        held: RecordRevised,
        read: ReadAgain,
        former: Option<(RecordRevised, ReadAgain)>,
    ) -> Result<Option<Changing>, DeskError> {
        let ReadAgain { body, changed: fields, undecided, unreadable, lost } = read;
        self.undecided.extend(undecided);
        self.unreadable.extend(unreadable);
        self.lost.extend(lost);
        let merged = merges::said(facts.fingerprinter, source, &body);
        let is_as_it_was = fields.is_empty() && merged == held.merged;
        let import = held.import;
        let Some((in_force, again)) = former else {
            let (seen, former) = (None, Former::AsItWas);
            // The row may come again and be read as before: then it is not what is held.
            let changing =
                Changing { held, import, body, delivered: None, merged, fields, seen, former };
            return Ok((!is_as_it_was).then_some(changing));
        };
        self.undecided.extend(again.undecided);
        self.unreadable.extend(again.unreadable);
        self.lost.extend(again.lost);
        let of_former = merges::said(facts.fingerprinter, source, &again.body);
        let is_former_as_it_was = again.changed.is_empty() && of_former == in_force.merged;
        if is_as_it_was && is_former_as_it_was {
            return Ok(None);
        }
        let values = again.body.values.clone();
        let is_another = overlays::is_another_still(facts, held.record, values, &body.values)?;
        let delivered = held.delivered.filter(|_| is_as_it_was);
        let before = in_force.body.clone();
        let (after, fields, former) = if !is_another {
            self.ended += 1;
            (body.clone(), super::values::changes(&before, &body), Former::Ends)
        } else if is_former_as_it_was {
            (before.clone(), Vec::new(), Former::AsItWas)
        } else {
            let read = RecordRevised { body: again.body, merged: of_former, ..in_force };
            (read.body.clone(), again.changed, Former::ReadAs(Box::new(read)))
        };
        let seen = Some(Box::new((before, after)));
        Ok(Some(Changing { held, import, body, delivered, merged, fields, seen, former }))
    }
}

/// What was held of some records before an import or a reread, where what it brought stands; what it
/// brought first is closed.
///
/// # Errors
/// When store or ledger are damaged.
pub(super) fn as_before(
    facts: Facts<'_>,
    withdrawn: &Withdrawn,
    held: &[(Place, RecordRevised)],
) -> Result<Found, DeskError> {
    let mut found = Found::default();
    let past = Past::after(facts, Sequence::ZERO);
    for (_, held) in held {
        let Some(taken) = withdrawn.taken(&past, held.record)? else { continue };
        let changing = taken.to.map(|to| Changing {
            fields: match &taken.seen {
                Some(seen) => super::values::changes(&seen.0, &seen.1),
                None => super::values::changes(&held.body, &to.body),
            },
            seen: taken.seen,
            ..changing_to(held.clone(), to)
        });
        found.changing.extend(changing);
        found.layers.extend(taken.layers);
        found.left.extend(taken.left);
    }
    Ok(found)
}

/// What an interrupted reread has changed already of some records.
///
/// # Errors
/// When store or ledger are damaged.
pub(super) fn changed_already(
    facts: Facts<'_>,
    import: ImportId,
    held: &[(Place, RecordRevised)],
) -> Result<Found, DeskError> {
    let mut found = Found::default();
    let past = Past::after(facts, Sequence::ZERO);
    for (_, held) in held.iter().filter(|(_, held)| held.reread == Some(import)) {
        let chain = Chain::of(&past, held.record)?;
        let Some(before) = chain.last().1 else { continue };
        found.changing.push(changing_to(RecordRevised::clone(&before.revised), held.clone()));
    }
    Ok(found)
}

fn changing_to(held: RecordRevised, to: RecordRevised) -> Changing {
    let RecordRevised { import, body, delivered, merged, .. } = to;
    let fields = super::values::changes(&held.body, &body);
    let (seen, former) = (None, Former::AsItWas);
    Changing { held, import, body, delivered, merged, fields, seen, former }
}

/// What one commit changes.
#[derive(Default)]
pub(super) struct Part {
    changing: Vec<Changing>,
    layers: Vec<Layers>,
}

impl Part {
    /// The customers of its records.
    fn customers(&self, facts: Facts<'_>) -> Result<Vec<CustomerId>, DeskError> {
        let changing = self.changing.iter().map(|changing| changing.held.record);
        let records = changing.chain(self.layers.iter().map(|layers| layers.record));
        let customers = records.map(|record| Ok(facts.view.customer_of(record)?));
        let customers: BTreeSet<CustomerId> = customers.collect::<Result<_, DeskError>>()?;
        Ok(customers.into_iter().collect())
    }

    /// Its customers, and those who share what must be unique with what they have now or are to have.
    fn concerned(
        &self,
        facts: Facts<'_>,
        customers: &[CustomerId],
    ) -> Result<BTreeSet<CustomerId>, DeskError> {
        let mut concerned: BTreeSet<CustomerId> = customers.iter().copied().collect();
        for customer in customers {
            concerned.extend(unique::neighbours(facts, *customer)?);
        }
        for changing in &self.changing {
            concerned.extend(unique::holders(facts, &changing.body.values)?);
        }
        Ok(concerned)
    }
}

/// Parts what changes into commits. What lies over records goes with the first of them, but for what goes with the
/// record's own change.
pub(super) fn parted(changing: Vec<Changing>, layers: Vec<Layers>) -> Vec<Part> {
    let mut parts = Vec::new();
    // Which of two revisions is in force changes together with what is delivered.
    let records: BTreeSet<RecordId> = changing.iter().map(|change| change.held.record).collect();
    let (own, layers): (Vec<Layers>, Vec<Layers>) = layers
        .into_iter()
        .partition(|it| it.before.overlaid != it.after.overlaid && records.contains(&it.record));
    let mut own: BTreeMap<RecordId, Layers> = own.into_iter().map(|it| (it.record, it)).collect();
    let (mut part, mut bytes) = (Part { layers, ..Part::default() }, 0);
    for change in changing {
        bytes += size(&change.body);
        part.layers.extend(own.remove(&change.held.record));
        part.changing.push(change);
        if part.changing.len() == RECORDS_A_COMMIT || bytes > BYTES_A_COMMIT {
            parts.push(std::mem::take(&mut part));
            bytes = 0;
        }
    }
    parts.push(part);
    parts.retain(|part| !part.changing.is_empty() || !part.layers.is_empty());
    parts
}

/// Bytes of values a record holds.
fn size(body: &RecordBody) -> usize {
    let values = body.values.iter().map(|(_, value)| value.raw().len() + value.shown().len());
    values.chain(body.unmapped.iter().map(|(_, text)| text.len())).sum()
}

/// A commit, and what the records are known by then: address, record, content.
pub(super) struct Planned {
    pub(super) foreseen: Option<Foreseen>,
    pub(super) opened: Opened,
    pub(super) records: Vec<(Fingerprint, RecordId, Fingerprint)>,
}

/// The commit that is written next.
fn next(facts: Facts<'_>) -> Sequence {
    facts.ledger.head().map(|head| head.sequence).unwrap_or_default().next()
}

/// The commit that changes these records. But for what an undo gives back, corrections, quarantine and
/// closing stay as they are: nothing was delivered. `tasks`: those that an import changed which is taken
/// back.
///
/// # Errors
/// When store or ledger are damaged.
pub(super) fn commit(
    facts: Facts<'_>,
    import: ImportId,
    part: Part,
    tasks: Option<&TasksBefore>,
) -> Result<Planned, DeskError> {
    let mut draft = Draft::new(facts, Cause::Import(import))?;
    let customers = part.customers(facts)?;
    for customer in &customers {
        wake(&mut draft, *customer)?;
    }
    if let Some(tasks) = tasks.filter(|tasks| !tasks.is_empty()) {
        for customer in part.concerned(facts, &customers)? {
            tasks.give_back(&mut draft, import, customer)?;
        }
    }
    let layers: BTreeMap<RecordId, Layers> =
        part.layers.into_iter().map(|layers| (layers.record, layers)).collect();
    let mut records = Vec::new();
    for changing in part.changing {
        let Changing { held, import: delivered_by, body, delivered, merged, former, .. } = changing;
        let record = held.record;
        let row = facts.view.record(record)?;
        let (_, number) = facts.view.latest(record)?;
        let mut number = u32::from(number);
        let previous = Some(facts.view.record_version(record)?);
        let (before, after) = match layers.get(&record) {
            Some(layers) => (layers.before.in_force(), layers.after.in_force()),
            None => {
                let before = facts.view.record_state(record)?;
                let mut overlaid = before.overlaid.filter(|_| !matches!(former, Former::Ends));
                if let (Former::ReadAs(read), Some(overlaid)) = (former, &mut overlaid) {
                    number += 1;
                    overlaid.former = RevisionPlace {
                        commit: next(facts),
                        event: draft.delivered.len() as u32,
                        revision: number,
                    };
                    let reread = Some(import);
                    let read = RecordRevised {
                        revision: number,
                        previous,
                        delivered: None,
                        reread,
                        ..*read
                    };
                    draft.delivered.push(read.into());
                }
                overlays::lay(&mut draft, record, overlaid)?;
                (before.in_force(), draft.record(record)?.in_force())
            }
        };
        if after.is_none() {
            let held = if before.is_some() { facts.body(record)? } else { held.body };
            // Whoever else holds a unique value of it is looked at with it.
            unique::remember(facts, record, &body.values)?;
            contradicted_pins(&mut draft, row.customer, record, &held, &body)?;
        }
        let content = delivered.unwrap_or_else(|| body.content(facts.fingerprinter));
        records.push((row.key, record, content));
        draft.delivered.push(
            RecordRevised {
                record,
                customer: row.customer,
                revision: number + 1,
                previous,
                import: delivered_by,
                delivered,
                reread: Some(import),
                merged,
                body,
            }
            .into(),
        );
    }
    for Layers { record, after, .. } in layers.into_values() {
        draft.set_record(record, after)?;
    }
    let (foreseen, opened) = delivering::foresee(facts, draft, &customers)?;
    Ok(Planned { foreseen, opened, records })
}
