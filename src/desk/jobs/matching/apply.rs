//! What a run found becomes merges, tasks and challenges, in small commits.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::Progress;
use super::super::challenges::{contradicted_machine_merges, contradicted_memberships};
use super::duplicates::{Wanted, join, queue_duplicates};
use super::scorer::Scorer;
use super::{Found, FoundModel, MatchOutcome};
use crate::desk::core::Desk;
use crate::desk::draft::Draft;
use crate::desk::enforce;
use crate::desk::error::DeskError;
use crate::desk::facts::{Facts, missing};
use crate::desk::read_ahead;
use crate::domain::event::{Cause, MatchFinished};
use crate::domain::{CustomerId, CustomerState, MatchRunId, RecordId, Sequence, TaskKind};
use crate::matching::AutoMerge;
use crate::merge::membership;

/// Merges in one commit.
const MERGES_A_COMMIT: usize = 200;
/// Records in memory at a time.
const TOGETHER: usize = 60_000;
/// Events of tasks in one commit.
const TASKS_A_COMMIT: usize = 1_000;

/// A run whose findings are being written.
struct Applying {
    run: MatchRunId,
    found: Found,
    /// The head as long as nobody but the run has written since it read.
    own_head: Option<Sequence>,
    /// Customers before the run that it looked at; none: all.
    about: Option<BTreeSet<CustomerId>>,
    /// Sure merges that a rule or a decision forbids.
    left: Vec<Vec<RecordId>>,
    done: MatchOutcome,
}

impl Desk {
    /// Writes what a run found: merges, tasks, challenges, and that it ended. Customers that people
    /// changed since the run read them are passed over; the next run looks at them again.
    ///
    /// # Errors
    /// When it is cancelled (what was merged so far stays, and running it again completes it), or
    /// ledger or store fail.
    pub fn apply_match(
        &mut self,
        found: Found,
        progress: &dyn Progress,
    ) -> Result<MatchOutcome, DeskError> {
        let run = MatchRunId(self.facts().view.counters()?.runs + 1);
        let about = match &found.model {
            FoundModel::Learned(_) => None,
            FoundModel::Taken { about, .. } => Some(customer_ids(self.facts(), about)?),
        };
        let own_head = found.read_up_to;
        let done = found.outcome();
        let mut applying = Applying { run, found, own_head, about, left: Vec::new(), done };
        progress.phase("merging", Some(applying.found.auto.len() as u64));
        self.with_many_changes_held(|desk| {
            let merged = desk.merge_all(&mut applying, progress);
            read_ahead::let_go(desk.facts());
            merged?;
            progress.phase("queueing", None);
            desk.queue(&mut applying)
        })?;
        let facts = self.facts();
        let (model, model_of) = match &applying.found.model {
            FoundModel::Learned(model) => (serde_json::to_value(&**model), None),
            FoundModel::Taken { learned, .. } => (Ok(serde_json::Value::Null), Some(*learned)),
        };
        let Applying { found, mut done, .. } = applying;
        let finished = MatchFinished {
            run,
            previous: facts.view.counters()?.matched.map(|place| place.sequence),
            model: model.map_err(|error| missing(error.to_string()))?,
            model_of,
            records: done.records,
            pairs: done.pairs,
            merged: done.merged,
            tasks: done.opened,
            settings: Some(facts.settings.fingerprint.clone()),
            read_up_to: found.read_up_to,
            model_file: found.model_file,
            scores: found.scores,
        };
        self.commit(vec![finished.into()])?;
        done.run = Some(run);
        Ok(done)
    }

    /// What a run would have done.
    pub(super) fn count_only(&self, found: Found) -> Result<MatchOutcome, DeskError> {
        let mut done = found.outcome();
        for merge in &found.auto {
            done.merged +=
                (customers_of(self.facts(), &merge.records)?.len() as u64).saturating_sub(1);
        }
        done.opened = found.proposals.len() as u64;
        done.pending = done.opened;
        Ok(done)
    }

    fn merge_all(
        &mut self,
        applying: &mut Applying,
        progress: &dyn Progress,
    ) -> Result<(), DeskError> {
        let auto = std::mem::take(&mut applying.found.auto);
        let mut rest = auto.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(together(rest));
            read_ahead_of(self.facts(), now)?;
            for merges in now.chunks(MERGES_A_COMMIT) {
                if progress.cancelled() {
                    return Err(DeskError::Cancelled);
                }
                self.merge_some(applying, merges)?;
                progress.advance(merges.len() as u64);
            }
            rest = later;
        }
        Ok(())
    }

    fn merge_some(
        &mut self,
        applying: &mut Applying,
        merges: &[AutoMerge],
    ) -> Result<(), DeskError> {
        let Applying { run, found, own_head, left, done, .. } = applying;
        let facts = self.facts();
        let nobody_else = facts.view.head()?.map(|(sequence, _)| sequence) == *own_head;
        let mut draft = Draft::new(facts, Cause::Match(*run))?;
        for merge in merges {
            let customers = customers_of(facts, &merge.records)?;
            if customers.len() < 2 {
                continue;
            }
            if !nobody_else && changed_since(facts, &customers, found.read_up_to)? {
                done.passed_over += 1;
                continue;
            }
            let survivor = customers[0].0;
            let states = membership::merge(survivor, &customers);
            let merged = states.iter().find(|(id, _)| *id == survivor);
            let breaks = match merged {
                Some((_, merged)) => enforce::would_break(facts, merged)?,
                None => false,
            };
            if breaks || is_contradicted(facts, &customers)? {
                left.push(merge.records.clone());
                done.left += 1;
                continue;
            }
            for (id, state) in states {
                draft.set_customer(id, state)?;
            }
            done.merged += customers.len() as u64 - 1;
        }
        if draft.is_empty() {
            return Ok(());
        }
        let touched = draft.touched_customers();
        let foreseen = self.foresee_draft(draft, &touched)?;
        let commit = self.commit_foreseen(foreseen)?;
        if nobody_else {
            *own_head = Some(commit.sequence);
        }
        Ok(())
    }

    /// Opens, changes and settles duplicate tasks, and opens challenges.
    fn queue(&mut self, applying: &mut Applying) -> Result<(), DeskError> {
        let Applying { run, found, own_head, about, left, done } = applying;
        let events = {
            let facts = self.facts();
            let nobody_else = facts.view.head()?.map(|(sequence, _)| sequence) == *own_head;
            let mut draft = Draft::new(facts, Cause::Match(*run))?;
            let mut wanted: Vec<Wanted> = Vec::new();
            let sure = facts.settings.matching.auto;
            let left = left.iter().map(|records| (records, sure, sure));
            let proposed = found.proposals.iter().map(|it| (&it.records, it.score, it.weakest));
            for (records, score, weakest) in proposed.chain(left) {
                if !nobody_else && decided_since(facts, records, found.read_up_to)? {
                    done.passed_over += 1;
                    continue;
                }
                wanted.extend(Wanted::of(facts, records, (score, weakest))?);
            }
            queue_duplicates(&mut draft, join(wanted), about.as_ref())?;
            done.opened = draft.opened_tasks();
            let (model, records) = match &found.model {
                FoundModel::Learned(model) => (model, None),
                FoundModel::Taken { model, about, .. } => (model, Some(about.as_slice())),
            };
            let scorer = Scorer { facts, model: Arc::clone(model) };
            contradicted_memberships(&mut draft, &scorer, records)?;
            contradicted_machine_merges(&mut draft, &scorer, records)?;
            done.challenges = draft.opened_tasks() - done.opened;
            draft.events()?
        };
        for chunk in events.chunks(TASKS_A_COMMIT) {
            self.commit(chunk.to_vec())?;
        }
        let pending = self.facts().view.pending_tasks()?;
        done.pending =
            pending.iter().filter(|entry| entry.task.kind == TaskKind::Duplicate).count() as u64;
        Ok(())
    }
}

fn customer_ids(facts: Facts<'_>, records: &[RecordId]) -> Result<BTreeSet<CustomerId>, DeskError> {
    records.iter().map(|record| Ok(facts.view.record(*record)?.customer)).collect()
}

/// Whether customers or their records were touched after a commit.
fn changed_since(
    facts: Facts<'_>,
    customers: &[(CustomerId, CustomerState)],
    commit: Option<Sequence>,
) -> Result<bool, DeskError> {
    for (id, _) in customers {
        if Some(facts.view.customer_version(*id)?) > commit {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether people changed records or decided about them after a commit. The run's own merges
/// touched their customers, too, so that those say nothing.
fn decided_since(
    facts: Facts<'_>,
    records: &[RecordId],
    commit: Option<Sequence>,
) -> Result<bool, DeskError> {
    for record in records {
        let decisions = facts.view.decisions_of(*record)?;
        let decided = decisions.iter().any(|(_, entry)| Some(entry.place.sequence) > commit);
        if decided || Some(facts.view.record_version(*record)?) > commit {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The live customers of records, ascending.
pub(super) fn customers_of(
    facts: Facts<'_>,
    records: &[RecordId],
) -> Result<Vec<(CustomerId, CustomerState)>, DeskError> {
    let mut customers = BTreeMap::new();
    for record in records {
        let id = facts.view.record(*record)?.customer;
        if let Entry::Vacant(unknown) = customers.entry(id) {
            let state = facts.view.customer(id)?;
            unknown.insert(state.ok_or_else(|| missing(format!("customer {id}")))?);
        }
    }
    Ok(customers.into_iter().collect())
}

fn is_contradicted(
    facts: Facts<'_>,
    customers: &[(CustomerId, CustomerState)],
) -> Result<bool, DeskError> {
    for (at, (_, left)) in customers.iter().enumerate() {
        for (_, right) in &customers[at + 1..] {
            if !facts.apart(left, right)?.is_empty() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// How many of the first of these merges are read ahead together.
fn together(merges: &[AutoMerge]) -> usize {
    let mut records = 0;
    let fits = merges.iter().take_while(|merge| {
        records += merge.records.len();
        records <= TOGETHER
    });
    fits.count().max(1)
}

/// Reads the records that merges are about to be judged by. Where no rule forbids anything they are
/// not looked at.
fn read_ahead_of(facts: Facts<'_>, merges: &[AutoMerge]) -> Result<(), DeskError> {
    if !facts.settings.forbids_anything() {
        return Ok(());
    }
    read_ahead::records(facts, merges.iter().flat_map(|merge| merge.records.iter().copied()))
}
