//! What a complete delivery no longer holds: found once its file has come to its end, then told to the
//! ledger a few records at a time. What comes again comes back.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Importing, Taking};
use crate::core::Desk;
use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::event::{Cause, ImportStarted, RecordRevised};
use domain::{
    CustomerId, Event, Fingerprint, ImportId, RecordAddress, RecordId, Sequence, SourceName,
    Vanished,
};
use door::views::{HeldBack, WhyHeldBack};
use settings::VanishedPolicy;

/// Records of one commit.
const RECORDS_A_COMMIT: usize = 256;
/// Vanished records named in the report.
pub(super) const NAMED: usize = 10;
/// Of so many records one may vanish without a question.
const ONE_OF: u64 = 10;

/// The records that came, of those known before, and the ones that had vanished.
pub(super) struct Presence {
    /// Whether each record came; empty unless the delivery is complete.
    came: Vec<bool>,
    /// Records that had vanished, by their address.
    away: HashMap<Fingerprint, RecordId>,
    /// Rows of which nobody can tell whose they are.
    nameless: u64,
}

impl Presence {
    /// Before an import.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(super) fn before(facts: Facts<'_>, complete: bool) -> Result<Presence, DeskError> {
        let mut away = HashMap::new();
        facts.view.each_record(&mut |record, row| {
            if row.touched && !row.erased && facts.view.record_state(record)?.vanished.is_some() {
                away.insert(row.key, record);
            }
            Ok(true)
        })?;
        let known = facts.view.counters()?.records as usize;
        let came = if complete { vec![false; known] } else { Vec::new() };
        Ok(Presence { came, away, nameless: 0 })
    }

    /// A row of that address is in the file, be it of use or not.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(super) fn came(&mut self, facts: Facts<'_>, key: Fingerprint) -> Result<(), DeskError> {
        if !self.came.is_empty()
            && let Some(record) = facts.caches.record_of(facts.view, key)?
            && let Some(came) = self.came.get_mut(record.index())
        {
            *came = true;
        }
        Ok(())
    }

    /// A row is in the file that has no key to be known by.
    pub(super) fn came_nameless(&mut self) {
        self.nameless += 1;
    }

    /// Plans that a record is there again, if it had vanished; gives its customer.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(super) fn back(
        &mut self,
        draft: &mut Draft<'_>,
        key: Fingerprint,
    ) -> Result<Option<CustomerId>, DeskError> {
        if self.away.is_empty() {
            return Ok(None);
        }
        let Some(record) = self.away.remove(&key) else { return Ok(None) };
        let mut layers = draft.record(record)?;
        layers.vanished = None;
        draft.set_record(record, layers)?;
        Ok(Some(draft.facts().view.customer_of(record)?))
    }

    /// The records of a source that did not come.
    ///
    /// # Errors
    /// When store or ledger are damaged.
    pub(super) fn missing(
        &self,
        facts: Facts<'_>,
        source: &SourceName,
        policy: VanishedPolicy,
    ) -> Result<Missing, DeskError> {
        let mut missing = Missing { nameless: self.nameless, ..Missing::default() };
        let mut sources = Sources::default();
        for (number, came) in (0u32..).zip(&self.came) {
            let record = RecordId(number);
            let row = facts.view.record(record)?;
            if row.erased {
                continue;
            }
            if *came {
                missing.came += 1;
                continue;
            }
            if sources.of(facts, row.body)? != Some(source) {
                continue;
            }
            let vanished = facts.view.record_state(record)?.vanished;
            // It is looked at itself before anything becomes of it.
            if vanished.is_none() && facts.body(record)?.address.source != *source {
                continue;
            }
            match vanished {
                None => {
                    missing.new += 1;
                    missing.records.push(record);
                }
                // The policy was another one when it vanished.
                Some(known) if policy == VanishedPolicy::Close && known.is_undecided() => {
                    missing.records.push(record);
                }
                Some(_) => {}
            }
        }
        Ok(missing)
    }
}

/// The sources of records. A commit of an import or a reread holds records of one source only, so that
/// one look a commit is enough.
#[derive(Default)]
pub(in crate::jobs) struct Sources {
    of_commit: HashMap<Sequence, ImportId>,
    of_import: HashMap<ImportId, Option<SourceName>>,
}

impl Sources {
    /// The source of the record at that place, or `None` where there is no record.
    ///
    /// # Errors
    /// When store or ledger are damaged.
    pub(in crate::jobs) fn of(
        &mut self,
        facts: Facts<'_>,
        place: store::Place,
    ) -> Result<Option<&SourceName>, DeskError> {
        let import = match self.of_commit.get(&place.sequence) {
            Some(import) => *import,
            None => match facts.event(place)? {
                Event::RecordRevised(RecordRevised { import, .. }) => {
                    *self.of_commit.entry(place.sequence).or_insert(import)
                }
                _ => return Ok(None),
            },
        };
        let source = match self.of_import.entry(import) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let entry = facts.view.import(import)?;
                let started = entry.map(|entry| facts.event(entry.started)).transpose()?;
                unknown.insert(match started {
                    Some(Event::ImportStarted(ImportStarted { source, .. })) => Some(source),
                    _ => None,
                })
            }
        };
        Ok(source.as_ref())
    }
}

/// The records of a source that a complete delivery did not hold.
#[derive(Debug, Default)]
pub(super) struct Missing {
    /// Those that something becomes of, ascending.
    pub(super) records: Vec<RecordId>,
    /// How many of them were there the last time.
    pub(super) new: u64,
    /// Records known before that came.
    came: u64,
    nameless: u64,
}

impl Missing {
    /// Why nothing is to become of them before a person has looked.
    pub(super) fn held_back(&self, older: u64) -> Option<HeldBack> {
        if self.new == 0 {
            return None;
        }
        let of = self.came + self.new;
        let why = if self.new * ONE_OF > of {
            WhyHeldBack::Many
        } else if self.nameless > 0 {
            WhyHeldBack::Nameless { rows: self.nameless }
        } else if older > 0 {
            WhyHeldBack::Older { rows: older }
        } else {
            return None;
        };
        Some(HeldBack { vanished: self.new, of, why })
    }

    /// The addresses of the first of them.
    ///
    /// # Errors
    /// When store or ledger are damaged.
    pub(super) fn named(&self, facts: Facts<'_>) -> Result<Vec<RecordAddress>, DeskError> {
        let first = self.records.iter().take(NAMED);
        first.map(|record| Ok(facts.body(*record)?.address)).collect()
    }
}

/// Records whose fate is yet to be written down.
pub(super) struct Vanishing {
    records: std::vec::IntoIter<RecordId>,
    policy: VanishedPolicy,
}

impl Vanishing {
    /// Of these records.
    pub(super) fn of(records: Vec<RecordId>, policy: VanishedPolicy) -> Vanishing {
        Vanishing { records: records.into_iter(), policy }
    }

    /// Plans what becomes of the next few; gives their customers, none when all are done.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(super) fn plan(
        &mut self,
        draft: &mut Draft<'_>,
        import: ImportId,
    ) -> Result<Vec<CustomerId>, DeskError> {
        let mut customers = Vec::new();
        for record in self.records.by_ref().take(RECORDS_A_COMMIT) {
            let mut layers = draft.record(record)?;
            // Somebody may have decided in the meantime.
            if layers.vanished.is_some_and(|vanished| !vanished.is_undecided()) {
                continue;
            }
            let closed = self.policy == VanishedPolicy::Close;
            let import = layers.vanished.map_or(import, |vanished| vanished.import);
            layers.vanished = Some(Vanished { import, closed, decision: None });
            draft.set_record(record, layers)?;
            customers.push(draft.facts().view.customer_of(record)?);
        }
        customers.sort_unstable();
        customers.dedup();
        Ok(customers)
    }

    /// Whether all of them are done.
    pub(super) fn is_done(&self) -> bool {
        self.records.as_slice().is_empty()
    }
}

impl Importing {
    /// The file has ended: what a complete one did not hold has vanished.
    ///
    /// # Errors
    /// When store or ledger are damaged.
    pub(super) fn vanish(&mut self, desk: &mut Desk) -> Result<Taking, DeskError> {
        if !self.delivery.complete {
            return Ok(Taking::End);
        }
        let Some(mut vanishing) = self.vanishing.take() else {
            self.vanishing = Some(self.find_vanished(desk.facts())?);
            return Ok(Taking::Waiting);
        };
        if vanishing.is_done() {
            return Ok(Taking::End);
        }
        let import = self.import.unwrap_or(ImportId(0));
        let facts = desk.facts();
        let mut draft = Draft::new(facts, Cause::Import(import))?;
        let customers = vanishing.plan(&mut draft, import)?;
        let foreseen = self.foresee(facts, draft, &customers)?;
        if let Some(foreseen) = foreseen.filter(|_| self.preview.is_none()) {
            desk.commit_foreseen(foreseen)?;
        }
        self.vanishing = Some(vanishing);
        Ok(Taking::Waiting)
    }

    /// Finds and counts what a complete file did not hold; nothing becomes of it where that is
    /// doubtful and nobody has said that the file is right.
    fn find_vanished(&mut self, facts: Facts<'_>) -> Result<Vanishing, DeskError> {
        let source = self.preparer.source();
        let missing = self.presence.missing(facts, &source.name, source.vanished)?;
        let report = &mut self.outcome.report;
        self.outcome.vanished = missing.named(facts)?;
        let held_back = missing.held_back(report.older).filter(|_| !self.delivery.accept_vanished);
        if held_back.is_some() {
            self.outcome.held_back = held_back;
            return Ok(Vanishing::of(Vec::new(), source.vanished));
        }
        report.vanished = missing.new;
        if source.vanished == VanishedPolicy::Close {
            report.closed = missing.records.len() as u64;
        }
        Ok(Vanishing::of(missing.records, source.vanished))
    }
}
