//! What a complete delivery no longer holds: found once its file has come to its end, then told to the
//! ledger a few records at a time. What comes again comes back.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::deletions::Deleted;
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
use intake::acquire::Existence;
use settings::VanishedPolicy;

/// Records of one commit.
const RECORDS_A_COMMIT: usize = 256;
/// Vanished records named in the report.
pub(super) const NAMED: usize = 10;
/// Of so many records one may vanish without a question.
pub(super) const ONE_OF: u64 = 10;

/// The records that came, of those known before, and the ones that had vanished.
pub(super) struct Presence {
    /// Whether each record came; empty unless the delivery is complete.
    came: Vec<bool>,
    /// Records that had vanished, by their address.
    pub(super) away: HashMap<Fingerprint, RecordId>,
    /// Rows of which nobody can tell whose they are.
    nameless: u64,
    /// The addresses of records that their source says it has deleted.
    pub(super) deleted: BTreeSet<Fingerprint>,
    /// How many records were known before.
    pub(super) known: usize,
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
        Ok(Presence { came, away, nameless: 0, deleted: BTreeSet::new(), known })
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

    /// So many rows are in the file that have no key to be known by.
    pub(super) fn came_nameless(&mut self, rows: u64) {
        self.nameless += rows;
    }

    /// What the latest row of an address says of its record.
    pub(super) fn says(&mut self, key: Fingerprint, existence: Existence) {
        match existence {
            Existence::Deleted => {
                self.deleted.insert(key);
            }
            Existence::There => {
                self.deleted.remove(&key);
            }
            Existence::Unsaid | Existence::Unclear => {}
        }
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

    /// The records of a source that did not come. What became of some before this very import was interrupted
    /// is counted with them.
    ///
    /// # Errors
    /// When store or ledger are damaged.
    pub(super) fn missing(
        &self,
        facts: Facts<'_>,
        (source, import): (&SourceName, Option<ImportId>),
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
            // What somebody typed is not missed in a source that never delivered it.
            if sources.is_by_hand(row.body) {
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
                Some(known) if Some(known.import) == import && !known.deleted => {
                    missing.before += 1;
                    missing.closed_before += u64::from(known.closed);
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
    by_hand: HashSet<ImportId>,
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
                    Some(Event::ImportStarted(ImportStarted { source, format, .. })) => {
                        if format == ImportStarted::BY_HAND {
                            self.by_hand.insert(import);
                        }
                        Some(source)
                    }
                    _ => None,
                })
            }
        };
        Ok(source.as_ref())
    }

    /// Whether the record at a place whose source was asked for was typed by somebody.
    pub(in crate::jobs) fn is_by_hand(&self, place: store::Place) -> bool {
        let import = self.of_commit.get(&place.sequence);
        import.is_some_and(|import| self.by_hand.contains(import))
    }
}

/// The records of a source that a complete delivery did not hold.
#[derive(Debug, Default)]
pub(super) struct Missing {
    /// Those that something becomes of, ascending.
    pub(super) records: Vec<RecordId>,
    /// How many of them were there the last time.
    pub(super) new: u64,
    /// How many had vanished in this import before it was interrupted, and how many of them it closed.
    before: u64,
    closed_before: u64,
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

/// What becomes of a record.
#[derive(Debug, Clone, Copy)]
struct Fate {
    record: RecordId,
    closed: bool,
    deleted: bool,
}

/// Records whose fate is yet to be written down.
pub(super) struct Vanishing {
    fates: std::vec::IntoIter<Fate>,
}

impl Vanishing {
    /// Of these records, which did not come, and of those which are deleted.
    fn of(missing: Vec<RecordId>, policy: VanishedPolicy, deleted: Deleted) -> Vanishing {
        let closed = policy == VanishedPolicy::Close;
        let missing = missing.into_iter().map(|record| Fate { record, closed, deleted: false });
        let deleted = deleted.records.into_iter();
        let deleted = deleted.map(|(record, closed)| Fate { record, closed, deleted: true });
        Vanishing { fates: missing.chain(deleted).collect::<Vec<_>>().into_iter() }
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
        for Fate { record, closed, deleted } in self.fates.by_ref().take(RECORDS_A_COMMIT) {
            let mut layers = draft.record(record)?;
            // Somebody may have decided in the meantime.
            if layers.vanished.is_some_and(|vanished| !vanished.is_undecided()) {
                continue;
            }
            let deleted = layers.vanished.map_or(deleted, |vanished| vanished.deleted);
            let import = layers.vanished.map_or(import, |vanished| vanished.import);
            let (decision, undone) = (None, false);
            layers.vanished = Some(Vanished { import, closed, decision, deleted, undone });
            draft.set_record(record, layers)?;
            customers.push(draft.facts().view.customer_of(record)?);
        }
        customers.sort_unstable();
        customers.dedup();
        Ok(customers)
    }

    /// Whether all of them are done.
    pub(super) fn is_done(&self) -> bool {
        self.fates.as_slice().is_empty()
    }
}

impl Importing {
    /// The file has ended: what a complete one did not hold has vanished, and so has what the source
    /// says it has deleted.
    ///
    /// # Errors
    /// When store or ledger are damaged.
    pub(super) fn vanish(&mut self, desk: &mut Desk) -> Result<Taking, DeskError> {
        if !self.delivery.complete && self.presence.deleted.is_empty() {
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

    /// Finds and counts what has vanished; nothing becomes of what a complete file did not hold, or of what
    /// the source has deleted, where that is doubtful and nobody has said that the file is right.
    fn find_vanished(&mut self, facts: Facts<'_>) -> Result<Vanishing, DeskError> {
        let source = self.preparer.source();
        let mut deleted = self.presence.deleted(facts, self.import, source.vanished)?;
        if !self.delivery.accept_vanished
            && let Some(held_back) = self.presence.too_many_deleted(facts, source, &deleted)?
        {
            deleted = deleted.but_for_the_open(facts, self.import)?;
            self.outcome.report.held_back = held_back.vanished;
            self.outcome.held_back = Some(held_back);
        }
        self.outcome.report.deleted = deleted.new;
        self.outcome.report.closed = deleted.closed;
        if !self.delivery.complete {
            return Ok(Vanishing::of(Vec::new(), source.vanished, deleted));
        }
        let of_source = (&source.name, self.import);
        let missing = self.presence.missing(facts, of_source, source.vanished)?;
        let report = &mut self.outcome.report;
        report.vanished = missing.before;
        report.closed += missing.closed_before;
        let held_back = missing.held_back(report.older).filter(|_| !self.delivery.accept_vanished);
        if self.outcome.held_back.is_some() && missing.new > 0 {
            // One doubt is enough: whoever confirms the file confirms both.
            report.held_back += missing.new;
            return Ok(Vanishing::of(Vec::new(), source.vanished, deleted));
        }
        self.outcome.vanished = missing.named(facts)?;
        if held_back.is_some() {
            report.held_back = missing.new;
            self.outcome.held_back = held_back;
            return Ok(Vanishing::of(Vec::new(), source.vanished, deleted));
        }
        report.vanished += missing.new;
        if source.vanished == VanishedPolicy::Close {
            report.closed += missing.records.len() as u64;
        }
        Ok(Vanishing::of(missing.records, source.vanished, deleted))
    }
}
