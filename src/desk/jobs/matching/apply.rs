//! What a run found becomes merges, tasks and challenges, in small commits.
//!
//! The queue is planned on facts that may be read by another thread, and written a portion at a
//! time; each portion passes over what people changed since.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::super::challenges::{
    contested_merges, contradicted_machine_merges, contradicted_memberships, reexamine,
};
use super::duplicates::{Wanted, join, queue_duplicates};
use super::granted::suspend_broken;
use super::scorer::Scorer;
use super::{Found, FoundModel, Sampling, census, elusion, stale};
use crate::core::Desk;
use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::{Facts, missing};
use crate::{enforce, merges, read_ahead};
use domain::elusion::ElusionSample;
use domain::event::{Cause, MatchFinished};
use domain::{
    CustomerId, CustomerState, MatchRunId, RecordId, Sequence, Task, TaskId, TaskKind, TaskReason,
};
use door::views::MatchOutcome;
use intake::merge::membership;
use matching::AutoMerge;

/// How much is done at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Portion {
    /// Merges in one commit.
    pub(super) merges: usize,
    /// Tasks in one commit.
    pub(super) tasks: usize,
    /// Records that are read ahead of their merges.
    pub(super) records: usize,
}

/// A run whose findings are being written.
pub(super) struct Applying {
    run: MatchRunId,
    found: Found,
    /// The head as long as nobody but the run has written since it read.
    own_head: Option<Sequence>,
    /// Customers before the run that it looked at; `None` means all.
    about: Option<BTreeSet<CustomerId>>,
    /// Sure merges that a rule or a decision forbids, or of which a person is asked since their source
    /// made one among them.
    left: Vec<Vec<RecordId>>,
    /// Sure merges that were looked at, and up to which their records were read ahead.
    merges: (usize, usize),
    done: MatchOutcome,
    /// The sample that goes on, or that was drawn.
    sample: Option<ElusionSample>,
}

/// What the queue is to become.
pub(super) struct QueuePlan {
    /// Tasks before and after. Those without a before have no number of their own yet.
    tasks: VecDeque<(Option<Task>, Task)>,
    /// The last commit the plan knows of.
    up_to: Option<Sequence>,
    /// Groups that people changed since the run read them.
    passed_over: u64,
    /// A sample that was drawn.
    sample: Option<ElusionSample>,
    /// By their ids in the plan, the places of the sample that tasks answer.
    drawn: BTreeMap<TaskId, Vec<usize>>,
}

impl QueuePlan {
    /// Tasks it plans anything for.
    pub(super) fn len(&self) -> u64 {
        self.tasks.len() as u64
    }
}

impl Found {
    /// What a run would have done.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(super) fn count_only(&self, facts: Facts<'_>) -> Result<MatchOutcome, DeskError> {
        let mut done = self.outcome();
        let are_merges = merges::are_known(facts)?;
        for merge in &self.auto {
            let customers = customers_of(facts, &merge.records)?;
            let ids = customers.iter().map(|(id, _)| *id);
            if are_merges && merges::are_asked_about(facts, ids)? {
                done.left += 1;
                continue;
            }
            done.merged += (customers.len() as u64).saturating_sub(1);
        }
        for under in &self.under {
            let under = under.foreseen();
            done.merged += under.made;
            done.granted.push(under);
        }
        done.opened = self.proposals.len() as u64;
        done.pending = done.opened;
        Ok(done)
    }
}

impl Applying {
    /// Gives the run its number, and suspends the grants that no longer keep what was promised.
    ///
    /// # Errors
    /// When ledger or store fail.
    pub(super) fn begin(desk: &mut Desk, found: Found) -> Result<Self, DeskError> {
        let head = |desk: &Desk| -> Result<Option<Sequence>, DeskError> {
            Ok(desk.facts().view.head()?.map(|(sequence, _)| sequence))
        };
        let mut own_head = found.read_up_to;
        let nobody_else = head(desk)? == own_head;
        let run = MatchRunId(desk.facts().view.counters()?.runs + 1);
        let mut done = found.outcome();
        done.suspended = suspend_broken(desk, run)?;
        if nobody_else {
            own_head = head(desk)?;
        }
        let facts = desk.facts();
        let about = match &found.model {
            FoundModel::Learned(_) => None,
            FoundModel::Taken { about, .. } => Some(customer_ids(facts, about)?),
        };
        let sample = match &found.sampling {
            Sampling::Kept(sample) => sample.clone(),
            Sampling::Due(..) | Sampling::Drawn(..) => None,
        };
        Ok(Self { run, own_head, about, left: Vec::new(), merges: (0, 0), done, sample, found })
    }

    /// Sure merges in all.
    pub(super) fn sure(&self) -> u64 {
        self.found.auto.len() as u64
    }

    /// Commits the next portion of the sure merges; how many it looked at, none at the end.
    ///
    /// # Errors
    /// When ledger or store fail.
    pub(super) fn merge(&mut self, desk: &mut Desk, portion: Portion) -> Result<usize, DeskError> {
        let (from, mut read) = self.merges;
        if from == read {
            let next = &self.found.auto[from..];
            read += together(next, portion.records).min(next.len());
            read_ahead_of(desk.facts(), &self.found.auto[from..read])?;
        }
        let to = read.min(from + portion.merges);
        self.merges = (to, read);
        if to > from {
            self.merge_some(desk, from..to)?;
        }
        Ok(to - from)
    }

    /// Commits the next portion of what grants cover; how many joins it looked at, none at the end.
    ///
    /// # Errors
    /// When ledger or store fail.
    pub(super) fn merge_granted(
        &mut self,
        desk: &mut Desk,
        portion: Portion,
    ) -> Result<usize, DeskError> {
        let Applying { run, found, own_head, done, .. } = self;
        let head = desk.facts().view.head()?.map(|(sequence, _)| sequence);
        let (nobody_else, read_up_to) = (head == *own_head, found.read_up_to);
        let Some(under) = found.under.iter_mut().find(|it| it.waiting() > 0) else { return Ok(0) };
        let merged = under.merge(desk, *run, portion.merges, |facts, records| {
            Ok(!nobody_else && decided_since(facts, records, read_up_to)?)
        })?;
        done.merged += merged.merged;
        done.passed_over += merged.passed_over;
        if nobody_else && merged.commit.is_some() {
            *own_head = merged.commit;
        }
        Ok(merged.looked_at)
    }

    fn merge_some(
        &mut self,
        desk: &mut Desk,
        which: std::ops::Range<usize>,
    ) -> Result<(), DeskError> {
        let Applying { run, found, own_head, left, done, .. } = self;
        let facts = desk.facts();
        let nobody_else = facts.view.head()?.map(|(sequence, _)| sequence) == *own_head;
        let anything_decided = facts.view.counters()?.decisions > 0;
        let are_merges = merges::are_known(facts)?;
        let mut draft = Draft::new(facts, Cause::Match(*run))?;
        for merge in &found.auto[which] {
            let customers = customers_of(facts, &merge.records)?;
            if customers.len() < 2 {
                continue;
            }
            let ids = customers.iter().map(|(id, _)| *id);
            if !nobody_else && changed_since(facts, ids, found.read_up_to)? {
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
            let ids = || customers.iter().map(|(id, _)| *id);
            if breaks
                || (anything_decided && is_contradicted(facts, &customers)?)
                || (are_merges && merges::are_asked_about(facts, ids())?)
            {
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
        let foreseen = desk.foresee_draft(draft, &touched)?;
        let commit = desk.commit_foreseen(foreseen)?;
        if nobody_else {
            *own_head = Some(commit.sequence);
        }
        Ok(())
    }

    /// Plans which duplicate tasks open, change and are settled, and which challenges open.
    ///
    /// # Errors
    /// When ledger or store fail.
    pub(super) fn plan_queue(&self, facts: Facts<'_>) -> Result<QueuePlan, DeskError> {
        let read_up_to = self.found.read_up_to;
        let up_to = facts.view.head()?.map(|(sequence, _)| sequence);
        let nobody_else = up_to == self.own_head;
        let mut passed_over = 0;
        let mut draft = Draft::new(facts, Cause::Match(self.run))?;
        let mut wanted: Vec<Wanted> = Vec::new();
        let sure = facts.settings.matching.auto;
        let left = self.left.iter().map(|records| (records, sure, sure));
        let proposed = self.found.proposals.iter().map(|it| (&it.records, it.score, it.weakest));
        for (records, score, weakest) in proposed.chain(left) {
            if !nobody_else && decided_since(facts, records, read_up_to)? {
                passed_over += 1;
                continue;
            }
            wanted.extend(Wanted::of(facts, records, (score, weakest))?);
        }
        let of_sources = Wanted::of_sources(facts, self.about.as_ref())?;
        queue_duplicates(&mut draft, join(wanted), of_sources, self.about.as_ref(), |task| {
            Ok(!nobody_else && decided_since(facts, &members(facts, task)?, read_up_to)?)
        })?;
        let (mut sample, mut drawn) = (None, BTreeMap::new());
        if let Sampling::Drawn(sampled, searched) = &self.found.sampling {
            let (planned, places) = elusion::plan(&mut draft, self.run, (sampled, searched))?;
            (sample, drawn) = (Some(planned), places);
        }
        let (model, records) = match &self.found.model {
            FoundModel::Learned(model) => (model, None),
            FoundModel::Taken { model, about, .. } => (model, Some(about.as_slice())),
        };
        let scorer = Scorer { facts, model: Arc::clone(model) };
        reexamine(&mut draft, &scorer, self.about.as_ref())?;
        contradicted_memberships(&mut draft, &scorer, records)?;
        contradicted_machine_merges(&mut draft, &scorer, records)?;
        contested_merges(&mut draft, &scorer, &self.found.torn)?;
        let changed = |(before, after): &(Option<Task>, Task)| before.as_ref() != Some(after);
        let stale = stale::tasks(facts)?;
        let tasks = draft.into_tasks().into_values().chain(stale).filter(changed).collect();
        Ok(QueuePlan { tasks, up_to, passed_over, sample, drawn })
    }

    /// Commits the next portion of the plan; how many tasks it looked at, none at the end.
    ///
    /// # Errors
    /// When ledger or store fail.
    pub(super) fn queue(
        &mut self,
        desk: &mut Desk,
        plan: &mut QueuePlan,
        portion: Portion,
    ) -> Result<usize, DeskError> {
        let Applying { run, done, own_head, sample, .. } = self;
        if plan.sample.is_some() {
            *sample = plan.sample.take();
        }
        done.passed_over += std::mem::take(&mut plan.passed_over);
        let looked_at = portion.tasks.min(plan.tasks.len());
        let facts = desk.facts();
        let head = facts.view.head()?.map(|(sequence, _)| sequence);
        let nobody_else = head == plan.up_to || head == *own_head;
        let mut draft = Draft::new(facts, Cause::Match(*run))?;
        for (before, after) in plan.tasks.drain(..looked_at) {
            let after = match nobody_else {
                true => Some(after),
                false => still_meant(facts, before.as_ref(), after, plan.up_to)?,
            };
            let Some(after) = after else {
                done.passed_over += 1;
                continue;
            };
            match (&before, &after.reason) {
                (None, TaskReason::Similar) => done.opened += 1,
                (None, TaskReason::Breaks { .. }) => done.stale += 1,
                (None, _) => done.challenges += 1,
                (Some(_), _) => {}
            }
            let id = if before.is_none() { draft.new_task() } else { after.id };
            if before.is_none() {
                let places = plan.drawn.remove(&after.id).unwrap_or_default();
                let asked = sample.iter_mut().flat_map(|sample| sample.tasks_mut());
                let own = asked.enumerate().filter(|(place, _)| places.contains(place));
                own.for_each(|(_, task)| *task = Some(id));
            }
            draft.set_task(Task { id, ..after })?;
        }
        let events = draft.events()?;
        if !events.is_empty() {
            let sequence = desk.commit(events)?;
            if nobody_else {
                *own_head = Some(sequence);
            }
        }
        Ok(looked_at)
    }

    /// Writes down that the run ended.
    ///
    /// # Errors
    /// When ledger or store fail.
    pub(super) fn finish(self, desk: &mut Desk) -> Result<MatchOutcome, DeskError> {
        let Applying { run, mut found, mut done, sample, .. } = self;
        for under in std::mem::take(&mut found.under) {
            done.granted.push(under.end(desk, run, found.read_up_to.unwrap_or_default())?);
        }
        let facts = desk.facts();
        let (model, model_of) = match &found.model {
            FoundModel::Learned(model) => (serde_json::to_value(&**model), None),
            FoundModel::Taken { learned, .. } => (Ok(serde_json::Value::Null), Some(*learned)),
        };
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
            elusion: sample,
        };
        desk.commit(vec![finished.into()])?;
        done.run = Some(run);
        if let FoundModel::Learned(model) = &found.model {
            let at = (run, found.read_up_to.unwrap_or_default());
            done.census = census::take(desk, model, at, found.strata)?;
        }
        let waiting = desk.facts().view.waiting()?;
        let duplicates = waiting.iter().filter_map(|(_, kinds)| kinds.get(&TaskKind::Duplicate));
        done.pending = duplicates.map(|waiting| u64::from(waiting.total())).sum();
        Ok(done)
    }
}

/// The task as a plan made at a commit means it to become; none where people changed what it is
/// about since. A task that was only put off meanwhile stays so.
fn still_meant(
    facts: Facts<'_>,
    before: Option<&Task>,
    after: Task,
    commit: Option<Sequence>,
) -> Result<Option<Task>, DeskError> {
    if changed_since(facts, after.customers.iter().copied(), commit)? {
        return Ok(None);
    }
    let Some(before) = before else { return Ok(Some(after)) };
    let now = facts.view.task(before.id)?.map(|entry| entry.task);
    Ok(now.and_then(|now| match now.state == before.state {
        true => (now == *before).then_some(after),
        false if now.state.is_pending() && after.state.is_pending() => {
            (now.customers == before.customers).then_some(Task { state: now.state, ..after })
        }
        false => None,
    }))
}

/// The records of a task's customers.
fn members(facts: Facts<'_>, task: &Task) -> Result<Vec<RecordId>, DeskError> {
    let mut members = Vec::new();
    for customer in &task.customers {
        members.extend(facts.view.customer(*customer)?.into_iter().flat_map(|it| it.members));
    }
    Ok(members)
}

fn customer_ids(facts: Facts<'_>, records: &[RecordId]) -> Result<BTreeSet<CustomerId>, DeskError> {
    records.iter().map(|record| Ok(facts.view.customer_of(*record)?)).collect()
}

/// Whether customers or their records were touched after a commit.
fn changed_since(
    facts: Facts<'_>,
    customers: impl Iterator<Item = CustomerId>,
    commit: Option<Sequence>,
) -> Result<bool, DeskError> {
    for id in customers {
        if Some(facts.view.customer_version(id)?) > commit {
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
        let id = facts.view.customer_of(*record)?;
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
fn together(merges: &[AutoMerge], most: usize) -> usize {
    let mut records = 0;
    let fits = merges.iter().take_while(|merge| {
        records += merge.records.len();
        records <= most
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
