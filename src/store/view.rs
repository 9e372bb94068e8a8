//! Typed reads over trees: the one way to ask the store anything.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;

use super::entries::{
    CensusEntry, CountedScores, Counters, CustomerEntry, DecisionEntry, ImportEntry, Place,
    QuarantineEntry, RecordEntry,
};
use super::pages::{self, CustomerSlot, RecordRow};
use super::task_entry::TaskEntry;
use super::trees::Trees;
use super::{StoreError, keys};
use domain::{
    CensusId, CustomerId, CustomerState, DecisionId, Fingerprint, ImportId, RecordId, RecordState,
    Sequence, Standing, TaskId,
};

/// Reads over trees, applied or not.
#[derive(Clone, Copy)]
pub struct View<'a> {
    trees: &'a dyn Trees,
}

impl<'a> View<'a> {
    /// Reads over `trees`.
    #[must_use]
    pub fn over(trees: &'a dyn Trees) -> Self {
        Self { trees }
    }

    /// The trees below.
    #[must_use]
    pub fn trees(&self) -> &'a dyn Trees {
        self.trees
    }

    /// The last commit whose effects are in the store, with its chain hash.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn head(&self) -> Result<Option<(Sequence, [u8; 32])>, StoreError> {
        let Some(head) = self.trees.get(keys::HEAD)? else { return Ok(None) };
        let sequence = head.first_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes));
        match (sequence, head.get(8..).and_then(|chain| <[u8; 32]>::try_from(chain).ok())) {
            (Some(sequence), Some(chain)) => Ok(Some((Sequence(sequence), chain))),
            _ => Err(StoreError::damaged("the head")),
        }
    }

    /// The numbers given out so far.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn counters(&self) -> Result<Counters, StoreError> {
        Ok(self.json(keys::COUNTERS)?.unwrap_or_default())
    }

    /// A record's row.
    ///
    /// # Errors
    /// When the store is damaged; ids are dense, so a missing row below the counter is damage.
    pub fn record(&self, id: RecordId) -> Result<RecordRow, StoreError> {
        pages::read_record(self.trees, id)?
            .ok_or_else(|| StoreError::damaged(format!("record number {} is missing", id.0)))
    }

    /// The customer a record belongs to.
    ///
    /// # Errors
    /// As [`View::record`].
    pub fn customer_of(&self, id: RecordId) -> Result<CustomerId, StoreError> {
        pages::read_cross_reference(self.trees, id)?
            .ok_or_else(|| StoreError::damaged(format!("record number {} is missing", id.0)))
    }

    /// What people put over a record.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn record_state(&self, id: RecordId) -> Result<RecordState, StoreError> {
        Ok(self.record_entry(id)?.map(|entry| entry.state).unwrap_or_default())
    }

    /// Whether anything lies over any record: where nothing does, no record has to be asked.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn is_any_record_touched(&self) -> Result<bool, StoreError> {
        let mut found = false;
        self.trees.scan(&[keys::RECORD], &[], &mut |_, _| {
            found = true;
            Ok(false)
        })?;
        Ok(found)
    }

    /// The last commit that touched a record: a revision, a correction, a waiver.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn record_version(&self, id: RecordId) -> Result<Sequence, StoreError> {
        let delivered = self.record(id)?.body.sequence;
        let touched = self.record_entry(id)?.map(|entry| entry.version).unwrap_or_default();
        Ok(delivered.max(touched))
    }

    /// The latest revision of a record that was delivered, and its number, be it in force or held back.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn latest(&self, id: RecordId) -> Result<(Place, u16), StoreError> {
        let row = self.record(id)?;
        let held_back = self.record_entry(id)?.and_then(|entry| entry.latest);
        Ok(held_back.unwrap_or((row.body, row.revision)))
    }

    pub(super) fn record_entry(&self, id: RecordId) -> Result<Option<RecordEntry>, StoreError> {
        if self.record(id)?.touched { self.json(&keys::record(id)) } else { Ok(None) }
    }

    /// Visits every record in order until the visitor answers `false`.
    ///
    /// # Errors
    /// When the store is damaged, or the visitor fails.
    pub fn each_record(
        &self,
        visit: &mut dyn FnMut(RecordId, RecordRow) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        pages::scan_records(self.trees, visit)
    }

    /// A customer's facts, live or not; none for an id never given out.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn customer(&self, id: CustomerId) -> Result<Option<CustomerState>, StoreError> {
        Ok(match pages::read_customer(self.trees, id)? {
            None => None,
            Some(CustomerSlot::Single(record)) => Some(CustomerState::single(record)),
            Some(CustomerSlot::Entry) => Some(self.customer_entry(id)?.state),
        })
    }

    fn customer_entry(&self, id: CustomerId) -> Result<CustomerEntry, StoreError> {
        let mut entry = None;
        self.trees.look(&keys::customer(id), &mut |value| {
            entry = value.and_then(CustomerEntry::decode);
        })?;
        entry.ok_or_else(|| StoreError::damaged(format!("customer {id} is missing")))
    }

    /// The last commit that touched the customer itself: its members, pins or standing, or a
    /// decision about it. None for a record's own, untouched customer.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn customer_touched(&self, id: CustomerId) -> Result<Option<Sequence>, StoreError> {
        Ok(match pages::read_customer(self.trees, id)? {
            Some(CustomerSlot::Entry) => Some(self.customer_entry(id)?.version),
            _ => None,
        })
    }

    /// The last commit that touched the customer or any of its records.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn customer_version(&self, id: CustomerId) -> Result<Sequence, StoreError> {
        let mut version = self.customer_touched(id)?.unwrap_or_default();
        for record in self.customer(id)?.map(|state| state.members).unwrap_or_default() {
            version = version.max(self.record_version(record)?);
        }
        Ok(version)
    }

    /// The commit that erased the record of an address; none where it was not erased.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn suppressed_in(&self, address: Fingerprint) -> Result<Option<Sequence>, StoreError> {
        let Some(value) = self.trees.get(&keys::suppressed(address))? else { return Ok(None) };
        Ok(Some(Sequence(keys::line_of(&value))))
    }

    /// The commits that erased a person, in order.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn erasures(&self) -> Result<Vec<Sequence>, StoreError> {
        let mut found = BTreeSet::new();
        self.trees.scan(&[keys::SUPPRESSED], &[], &mut |_, value| {
            found.insert(Sequence(keys::line_of(value)));
            Ok(true)
        })?;
        Ok(found.into_iter().collect())
    }

    /// The fingerprints of addresses that are not imported again.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn suppressed(&self) -> Result<Vec<Fingerprint>, StoreError> {
        let mut found = Vec::new();
        self.trees.scan(&[keys::SUPPRESSED], &[], &mut |key, _| {
            found.push(Fingerprint(keys::line_of(key)));
            Ok(true)
        })?;
        Ok(found)
    }

    /// Whether anybody was erased after a commit.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn erased_after(&self, commit: Sequence) -> Result<bool, StoreError> {
        let mut found = false;
        self.trees.scan(&[keys::SUPPRESSED], &[], &mut |_, value| {
            found = Sequence(keys::line_of(value)) > commit;
            Ok(!found)
        })?;
        Ok(found)
    }

    /// The places of all rows that were ever quarantined, also of those that became records since.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn ever_quarantined(&self) -> Result<Vec<Place>, StoreError> {
        let mut found = Vec::new();
        self.trees.scan(&[keys::QUARANTINED], &[], &mut |key, _| {
            found.extend(keys::place_of(key));
            Ok(true)
        })?;
        Ok(found)
    }

    /// All rows that were ever quarantined, earliest first: where each stands in the ledger, its
    /// import, its line.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn ever_quarantined_rows(&self) -> Result<Vec<(Place, ImportId, u64)>, StoreError> {
        let mut found = Vec::new();
        self.trees.scan(&[keys::QUARANTINED], &[], &mut |key, row| {
            let (import, line) = (ImportId(keys::first_number(row)), keys::line_of(row));
            found.extend(keys::place_of(key).map(|place| (place, import, line)));
            Ok(true)
        })?;
        Ok(found)
    }

    /// Ids that redirect to `id` directly.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn retired_into(&self, id: CustomerId) -> Result<Vec<CustomerId>, StoreError> {
        let numbers = self.seconds(keys::RETIRED_OF_CUSTOMER, id.0)?;
        Ok(numbers.into_iter().map(CustomerId).collect())
    }

    /// Visits every live customer in order until the visitor answers `false`.
    ///
    /// # Errors
    /// When the store is damaged, or the visitor fails.
    pub fn each_customer(
        &self,
        visit: &mut dyn FnMut(CustomerId, CustomerState) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        pages::scan_customers(self.trees, &mut |id, slot| match slot {
            CustomerSlot::Single(record) => visit(id, CustomerState::single(record)),
            CustomerSlot::Entry => {
                let state = self.customer_entry(id)?.state;
                if state.is_live() { visit(id, state) } else { Ok(true) }
            }
        })
    }

    /// Visits every customer id that redirects, in order.
    ///
    /// # Errors
    /// When the store is damaged, or the visitor fails.
    pub fn each_redirect(
        &self,
        visit: &mut dyn FnMut(CustomerId, CustomerId) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        self.trees.scan(&[keys::CUSTOMER], &[], &mut |key, value| {
            let id = CustomerId(keys::last_number(key));
            let entry = CustomerEntry::decode(value);
            match entry.ok_or_else(|| StoreError::damaged("a customer"))?.state.standing {
                Standing::Merged { into } => visit(id, into),
                Standing::Live | Standing::Vacant | Standing::Erased => Ok(true),
            }
        })
    }

    /// A task.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn task(&self, id: TaskId) -> Result<Option<TaskEntry>, StoreError> {
        let mut entry = Ok(None);
        self.trees.look(&keys::task(id), &mut |value| {
            entry = value.map(read_task).transpose();
        })?;
        entry
    }

    /// Every pending task, by id.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn pending_tasks(&self) -> Result<Vec<TaskEntry>, StoreError> {
        self.tasks(self.numbers(keys::PENDING_TASK)?.into_iter().map(TaskId))
    }

    /// The pending second looks, by id.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn pending_second_looks(&self) -> Result<Vec<TaskEntry>, StoreError> {
        self.tasks(self.numbers(keys::PENDING_SECOND)?.into_iter().map(TaskId))
    }

    /// The decisions that answered a second look, by id, whether they stand or not.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn second_looks(&self) -> Result<Vec<DecisionId>, StoreError> {
        Ok(self.numbers(keys::SECOND_LOOK)?.into_iter().map(DecisionId).collect())
    }

    /// The numbers under a kind of key.
    fn numbers(&self, kind: u8) -> Result<Vec<u32>, StoreError> {
        let mut numbers = Vec::new();
        self.trees.scan(&[kind], &[], &mut |key, _| {
            numbers.push(keys::last_number(key));
            Ok(true)
        })?;
        Ok(numbers)
    }

    /// Every task ever opened, by id.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn all_tasks(&self) -> Result<Vec<TaskEntry>, StoreError> {
        let mut tasks = Vec::new();
        self.each_task(&mut |entry| {
            tasks.push(entry);
            Ok(true)
        })?;
        Ok(tasks)
    }

    /// Visits every task ever opened, by id, until the visitor answers `false`.
    ///
    /// # Errors
    /// When the store is damaged, or the visitor fails.
    pub fn each_task(
        &self,
        visit: &mut dyn FnMut(TaskEntry) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        self.trees.scan(&[keys::TASK], &[], &mut |_, value| visit(read_task(value)?))
    }

    /// The pending tasks about a customer, by id.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn tasks_of(&self, customer: CustomerId) -> Result<Vec<TaskEntry>, StoreError> {
        let ids = self.seconds(keys::TASK_OF_CUSTOMER, customer.0)?;
        self.tasks(ids.into_iter().map(TaskId))
    }

    fn tasks(&self, ids: impl IntoIterator<Item = TaskId>) -> Result<Vec<TaskEntry>, StoreError> {
        ids.into_iter()
            .map(|id| {
                self.task(id)?.ok_or_else(|| StoreError::damaged(format!("task {id} is missing")))
            })
            .collect()
    }

    /// A decision.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn decision(&self, id: DecisionId) -> Result<Option<DecisionEntry>, StoreError> {
        self.json(&keys::decision(id))
    }

    /// Every decision, by id.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn decisions(&self) -> Result<Vec<(DecisionId, DecisionEntry)>, StoreError> {
        let mut decisions = Vec::new();
        self.trees.scan(&[keys::DECISION], &[], &mut |key, value| {
            decisions.push((DecisionId(keys::last_number(key)), parse(value, "a decision")?));
            Ok(true)
        })?;
        Ok(decisions)
    }

    /// The decisions whose groups name a record, standing or not, by id.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn decisions_of(
        &self,
        record: RecordId,
    ) -> Result<Vec<(DecisionId, DecisionEntry)>, StoreError> {
        let ids = self.seconds(keys::DECISION_OF_RECORD, record.0)?;
        ids.into_iter()
            .map(DecisionId)
            .map(|id| {
                let entry = self.decision(id)?;
                let missing = || StoreError::damaged(format!("decision {id} is missing"));
                Ok((id, entry.ok_or_else(missing)?))
            })
            .collect()
    }

    /// The comments on a customer, withdrawn or not, by id.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn comments_on(&self, customer: CustomerId) -> Result<Vec<DecisionId>, StoreError> {
        Ok(self.seconds(keys::COMMENT, customer.0)?.into_iter().map(DecisionId).collect())
    }

    /// Every census, by id.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn censuses(&self) -> Result<Vec<(CensusId, CensusEntry)>, StoreError> {
        let mut censuses = Vec::new();
        self.trees.scan(&[keys::CENSUS], &[], &mut |key, value| {
            censuses.push((CensusId(keys::last_number(key)), parse(value, "a census")?));
            Ok(true)
        })?;
        Ok(censuses)
    }

    /// A census.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn census(&self, id: CensusId) -> Result<Option<CensusEntry>, StoreError> {
        self.json(&keys::numbered(keys::CENSUS, id.0))
    }

    /// The groups by score of the last matching run that looked at all records and counted them.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn scores(&self) -> Result<Option<CountedScores>, StoreError> {
        self.json(keys::SCORES)
    }

    /// Every import, by id.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn imports(&self) -> Result<Vec<(ImportId, ImportEntry)>, StoreError> {
        let mut imports = Vec::new();
        self.trees.scan(&[keys::IMPORT], &[], &mut |key, value| {
            imports.push((ImportId(keys::last_number(key)), parse(value, "an import")?));
            Ok(true)
        })?;
        Ok(imports)
    }

    /// An import.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn import(&self, id: ImportId) -> Result<Option<ImportEntry>, StoreError> {
        self.json(&keys::import(id))
    }

    /// The first rows of an import that are in quarantine: line, entry.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn quarantine_of(
        &self,
        import: ImportId,
        limit: usize,
    ) -> Result<Vec<(u64, QuarantineEntry)>, StoreError> {
        let mut rows = Vec::new();
        self.trees.scan(&keys::numbered(keys::QUARANTINE, import.0), &[], &mut |key, value| {
            rows.push((keys::line_of(key), parse(value, "quarantine")?));
            Ok(rows.len() < limit)
        })?;
        Ok(rows)
    }

    /// The rows in quarantine: import, line, entry.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn quarantine(&self) -> Result<Vec<(ImportId, u64, QuarantineEntry)>, StoreError> {
        let mut rows = Vec::new();
        self.trees.scan(&[keys::QUARANTINE], &[], &mut |key, value| {
            let import = keys::first_number(key);
            rows.push((ImportId(import), keys::line_of(key), parse(value, "quarantine")?));
            Ok(true)
        })?;
        Ok(rows)
    }

    /// The commits of exports after `sequence`.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn exports_after(&self, sequence: Sequence) -> Result<Vec<Sequence>, StoreError> {
        let mut found = Vec::new();
        let from = keys::export(sequence.next());
        self.trees.scan(&[keys::EXPORT], &from, &mut |key, _| {
            found.push(Sequence(keys::line_of(key)));
            Ok(true)
        })?;
        Ok(found)
    }

    /// The commits in which sensitive values were shown in clear, ascending.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn unmaskings(&self) -> Result<Vec<Sequence>, StoreError> {
        let mut found = Vec::new();
        self.trees.scan(&[keys::UNMASKING], &[], &mut |key, _| {
            found.push(Sequence(keys::line_of(key)));
            Ok(true)
        })?;
        Ok(found)
    }

    /// The commits in which something became of what somebody logs in with, ascending.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn accesses(&self) -> Result<Vec<Sequence>, StoreError> {
        self.commits_of(keys::ACCESS)
    }

    /// The commits in which somebody acknowledged settings, ascending.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn acknowledgements(&self) -> Result<Vec<Sequence>, StoreError> {
        self.commits_of(keys::ACKNOWLEDGED)
    }

    fn commits_of(&self, kind: u8) -> Result<Vec<Sequence>, StoreError> {
        let mut found = Vec::new();
        self.trees.scan(&[kind], &[], &mut |key, _| {
            found.push(Sequence(keys::line_of(key)));
            Ok(true)
        })?;
        Ok(found)
    }

    fn seconds(&self, kind: u8, first: u32) -> Result<Vec<u32>, StoreError> {
        let mut numbers = Vec::new();
        self.trees.scan(&keys::numbered(kind, first), &[], &mut |key, _| {
            numbers.push(keys::last_number(key));
            Ok(true)
        })?;
        Ok(numbers)
    }

    pub(super) fn json<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StoreError> {
        self.trees.get(key)?.map(|value| parse(&value, "an entry")).transpose()
    }
}

fn read_task(value: &[u8]) -> Result<TaskEntry, StoreError> {
    TaskEntry::decode(value).ok_or_else(|| StoreError::damaged("a task"))
}

pub(super) fn parse<T: DeserializeOwned>(value: &[u8], what: &str) -> Result<T, StoreError> {
    serde_json::from_slice(value).map_err(|_| StoreError::damaged(what))
}
