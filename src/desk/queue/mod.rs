//! The queue in memory: a hundred bytes for each pending task, kept up with the ledger commit by
//! commit, so that nothing is scanned again after a decision.
//!
//! Lives here: the rows, how they follow the ledger, what must be read from records before a
//! column can be asked for, filters, orders, patterns.
//!
//! Does not live here: what people are shown of a task (`answers::queue`).
//!
//! Start with [`Queue::follow`], then `columns` for what can be asked of a row.

mod columns;
mod lessons;
mod order;
mod pattern;
mod prepare;
mod row;
mod telling;
mod today;
mod unlocked;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

pub(super) use columns::Context;
pub(super) use order::sorted;
pub(super) use pattern::{fits_two, of_steps};
pub(super) use prepare::{
    Needs, pattern_of, read_ahead_of, records_of, sources_and_stake, stake, subject_of,
};
pub(super) use row::{Row, TextId, Texts};
pub(super) use telling::Places;

use super::answers::comments::{commented, withdrawn};
use super::error::DeskError;
use super::facts::Facts;
use domain::{Commit, CustomerId, DecisionId, Event, RecordId, Sequence, TaskId};
use door::Lesson;
use door::views::TaskSummary;
use lessons::Lessons;
use matching::Refit;
use prepare::ReadParts;
use today::Today;

/// Commits followed one by one; after more, everything is read again.
const FOLLOWED: u64 = 256;
/// Events of one commit that are followed; a larger one is a job's.
const EVENTS: usize = 2_000;
/// Tasks whose links are read after a decision only to tell what it taught.
const FEW: usize = 200;
/// Tasks of which it is kept what they are about: those that are looked at.
const SUMMARIES: usize = 2_000;
/// Changes remembered for those who ask what changed.
const CHANGES: usize = 20_000;

/// The pending tasks.
#[derive(Default)]
pub(super) struct Queue {
    rows: BTreeMap<TaskId, Row>,
    /// Those that are more than just open.
    others: BTreeSet<TaskId>,
    texts: Texts,
    /// The last commit the rows show; `None` means nothing was read yet.
    at: Option<Sequence>,
    /// Counts how often everything was read again.
    epoch: u32,
    /// The tasks that changed since, in order.
    changed: Vec<TaskId>,
    prepared: ReadParts,
    today: Today,
    lessons: Lessons,
    /// Of all rows, in the order `telling`; none since something changed.
    places: Option<Arc<Places>>,
    /// Of tasks that were shown, since many look at the same ones and each costs an explanation.
    summaries: RefCell<HashMap<TaskId, Option<TaskSummary>>>,
}

/// What a commit touches.
#[derive(Default)]
struct Touched {
    tasks: BTreeSet<TaskId>,
    customers: BTreeSet<CustomerId>,
    records: BTreeSet<RecordId>,
    /// Decisions that were taken back, or brought back: comments among them were withdrawn, or said again.
    undone: Vec<DecisionId>,
    /// A model was learned: patterns are judged under another one.
    learned: bool,
}

impl Touched {
    /// Notes what a commit touches; whether it can be followed at all.
    fn note(&mut self, commit: &Commit) -> bool {
        if commit.events.len() > EVENTS {
            return false;
        }
        for event in &commit.events {
            match event {
                Event::TaskChanged(changed) => {
                    self.tasks.insert(changed.task);
                }
                Event::CustomerChanged(changed) => {
                    self.customers.insert(changed.customer);
                }
                Event::RecordChanged(changed) => {
                    self.records.insert(changed.record);
                }
                Event::RecordRevised(revised) => {
                    self.records.insert(revised.record);
                }
                Event::DecisionMade(made) => {
                    self.customers.extend(commented(&made.decision));
                    self.undone.extend(&made.decision.reverses);
                }
                Event::ImportStarted(_)
                | Event::ImportFinished(_)
                | Event::RowQuarantined(_)
                | Event::Exported(_)
                | Event::CensusTaken(_)
                | Event::AccessNoted(_)
                | Event::SettingsProposed(_)
                | Event::ProposalWithdrawn(_)
                | Event::RefusedByRole(_)
                | Event::SettingsAcknowledged(_)
                | Event::ActivitiesRecorded(_)
                | Event::ActivitiesWithdrawn(_)
                | Event::FiguresMeasured(_)
                | Event::ExportBegun(_) => {}
                Event::MatchFinished(finished) => self.learned |= finished.model_of.is_none(),
                // Other settings judge every task; erasures rewrite the past.
                _ => return false,
            }
        }
        true
    }
}

fn brings_activities(commit: &Commit) -> bool {
    let own = |event: &Event| {
        matches!(event, Event::ActivitiesRecorded(_) | Event::ActivitiesWithdrawn(_))
    };
    commit.events.iter().any(own)
}

impl Queue {
    /// Brings the rows up to the ledger.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn follow(&mut self, facts: Facts<'_>) -> Result<(), DeskError> {
        let head = facts.ledger.head().map(|head| head.sequence).unwrap_or_default();
        let at = match self.at {
            Some(at) if at == head => return Ok(()),
            Some(at) if at < head && head.0 - at.0 <= FOLLOWED => at,
            _ => return self.read_anew(facts, head),
        };
        let mut touched = Touched::default();
        // What is at stake is told of what customers did.
        let stake = facts.settings.queue.stake.as_ref();
        let is_of_activities =
            stake.is_some_and(|it| facts.settings.measure(it.as_str()).is_some());
        let mut sequence = at;
        while sequence < head {
            sequence = sequence.next();
            let commit = facts.commit(sequence)?;
            if !touched.note(&commit) || is_of_activities && brings_activities(&commit) {
                return self.read_anew(facts, head);
            }
            self.today.note(facts, &commit)?;
        }
        let Touched { mut tasks, mut customers, records, undone, learned } = touched;
        for decision in undone {
            customers.extend(withdrawn(facts, decision)?);
        }
        self.places = None;
        self.lessons.changed(facts, &records, &customers, learned)?;
        for record in records {
            customers.insert(facts.view.customer_of(record)?);
        }
        for customer in customers {
            tasks.extend(facts.view.tasks_of(customer)?.into_iter().map(|entry| entry.task.id));
        }
        if learned {
            self.prepared.forget_patterns(&mut self.rows);
            self.summaries.get_mut().clear();
        }
        if learned || tasks.len() + self.changed.len() > CHANGES {
            // Whoever asks what changed is given everything.
            self.epoch += 1;
            self.changed.clear();
        }
        for task in tasks {
            self.refresh(facts, task)?;
        }
        self.at = Some(head);
        Ok(())
    }

    fn read_anew(&mut self, facts: Facts<'_>, head: Sequence) -> Result<(), DeskError> {
        self.forget();
        self.epoch += 1;
        let mut rows = Vec::new();
        facts.view.each_task(&mut |entry| {
            if entry.task.state.is_pending() {
                let row = Row::of(entry.task, &mut self.texts);
                if !row.is_only_open() {
                    self.others.insert(row.task);
                }
                rows.push((row.task, row));
            }
            Ok(true)
        })?;
        for (_, row) in &mut rows {
            row.read_asks(facts)?;
        }
        // Made from a whole list its nodes are full; filled one by one in order they are half empty.
        self.rows = BTreeMap::from_iter(rows);
        self.today.count(facts)?;
        self.at = Some(head);
        Ok(())
    }

    /// Reads one task again.
    fn refresh(&mut self, facts: Facts<'_>, task: TaskId) -> Result<(), DeskError> {
        self.changed.push(task);
        self.summaries.get_mut().remove(&task);
        self.others.remove(&task);
        let entry = facts.view.task(task)?.filter(|entry| entry.task.state.is_pending());
        let Some(entry) = entry else {
            self.rows.remove(&task);
            return Ok(());
        };
        let mut row = Row::of(entry.task, &mut self.texts);
        row.read_asks(facts)?;
        self.prepared.prepare_again(facts, &mut self.texts, &mut row)?;
        if !row.is_only_open() {
            self.others.insert(task);
        }
        self.rows.insert(task, row);
        Ok(())
    }

    /// Others see something else of these rows.
    fn touch(&mut self, tasks: &BTreeSet<TaskId>) {
        if self.at.is_none() {
            return;
        }
        if tasks.len() + self.changed.len() > CHANGES {
            self.epoch += 1;
            self.changed.clear();
        }
        self.changed.extend(tasks);
    }

    /// Lets go of everything; whoever asks what changed since is given everything.
    fn forget(&mut self) {
        *self = Queue { epoch: self.epoch, ..Queue::default() };
    }

    /// The rows, by id of the task.
    pub(super) fn rows(&self) -> impl ExactSizeIterator<Item = &Row> {
        self.rows.values()
    }

    /// Those that are more than just open: put off, asked of someone, returned.
    pub(super) fn other_rows(&self) -> impl Iterator<Item = &Row> {
        self.others.iter().filter_map(|task| self.rows.get(task))
    }

    /// How many are just open: tens of thousands, which nobody needs to look at to count them.
    pub(super) fn only_open(&self) -> usize {
        self.rows.len() - self.others.len()
    }

    /// Whether a task is one of [`Queue::only_open`].
    pub(super) fn is_only_open(&self, task: TaskId) -> bool {
        self.rows.contains_key(&task) && !self.others.contains(&task)
    }

    /// One row.
    pub(super) fn row(&self, task: TaskId) -> Option<&Row> {
        self.rows.get(&task)
    }

    /// What a task is about in few words, as `read` reads it where nobody has since it changed.
    ///
    /// # Errors
    /// What `read` fails with.
    pub(super) fn summary<E>(
        &self,
        task: TaskId,
        read: impl FnOnce() -> Result<Option<TaskSummary>, E>,
    ) -> Result<Option<TaskSummary>, E> {
        if let Some(known) = self.summaries.borrow().get(&task) {
            return Ok(known.clone());
        }
        let summary = read()?;
        let mut kept = self.summaries.borrow_mut();
        if kept.len() >= SUMMARIES {
            kept.clear();
        }
        kept.insert(task, summary.clone());
        Ok(summary)
    }

    /// The texts that rows share.
    pub(super) fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Decisions of a person since midnight UTC that stand.
    pub(super) fn decided_today(&self, person: &str) -> usize {
        self.today.decided(person)
    }

    /// The point in time that [`Queue::changed_since`] counts from.
    pub(super) fn generation(&self) -> u64 {
        (u64::from(self.epoch) << 32) | self.changed.len() as u64
    }

    /// The tasks that changed since a generation, each once; `None` means too much did.
    pub(super) fn changed_since(&self, generation: u64) -> Option<BTreeSet<TaskId>> {
        let epoch = generation >> 32;
        let from = usize::try_from(generation & u64::from(u32::MAX)).ok()?;
        if epoch != u64::from(self.epoch) {
            return None;
        }
        self.changed.get(from..).map(|changed| changed.iter().copied().collect())
    }

    /// Reads what `needs` asks for of at most `most` rows; how many rows are ready, of how many.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn prepare(
        &mut self,
        facts: Facts<'_>,
        needs: Needs,
        most: usize,
    ) -> Result<(usize, usize), DeskError> {
        self.places = None;
        self.prepared.prepare(facts, (&mut self.rows, &mut self.texts), needs, most)
    }

    /// What the decisions of today teach; none where no model was learned.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn refit(&mut self, facts: Facts<'_>) -> Result<Option<Arc<Refit>>, DeskError> {
        self.lessons.refit(facts)
    }

    /// What decisions teach about the duplicates that wait; none where that is not known, or would have
    /// to be read from many records first.
    fn taught(&mut self, facts: Facts<'_>) -> Result<Option<Lesson>, DeskError> {
        let is_known = self.is_prepared(Needs::LINKS);
        if !is_known && self.rows.len() > FEW {
            return Ok(None);
        }
        let Some(refit) = self.refit(facts)?.filter(|refit| refit.has_layer()) else {
            return Ok(None);
        };
        if !is_known {
            self.prepare(facts, Needs::LINKS, FEW)?;
        }
        let thresholds = facts.settings.matching;
        let mut lesson = Lesson::default();
        for row in self.rows.values() {
            let (Some(link), Some(score)) = (&row.link, row.score) else { continue };
            lesson.sure += u64::from(score < thresholds.auto && refit.is_sure(link));
            lesson.dropped += u64::from(score >= thresholds.review && refit.is_dropped(link));
        }
        Ok(Some(lesson))
    }

    /// The rows in the order `telling`.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn places(&mut self, facts: Facts<'_>) -> Result<Arc<Places>, DeskError> {
        if let Some(places) = &self.places {
            return Ok(Arc::clone(places));
        }
        let refit = self.lessons.refit(facts)?;
        let places = Arc::new(Places::of(facts, self.rows.values(), refit.as_deref())?);
        self.places = Some(Arc::clone(&places));
        Ok(places)
    }

    /// Whether everything `needs` asks for has been read.
    pub(super) fn is_prepared(&self, needs: Needs) -> bool {
        self.prepared.covers(needs)
    }
}

/// The queue of a desk, read when first asked for: one for everybody, and one for each role that sees names
/// masked, since rows hold names.
#[derive(Default)]
pub(super) struct QueueCache(RefCell<BTreeMap<String, Queue>>);

/// Whose queue it is, by the settings somebody sees things by.
fn whose(facts: Facts<'_>) -> String {
    let masked = facts.settings.acting.as_ref().filter(|acting| !acting.mask.is_empty());
    masked.map(|acting| acting.role.clone()).unwrap_or_default()
}

impl QueueCache {
    /// Others see something else of these rows: who works on them, who looks at them.
    pub(super) fn touch(&mut self, tasks: &BTreeSet<TaskId>) {
        self.0.get_mut().values_mut().for_each(|queue| queue.touch(tasks));
    }

    /// Lets go of what was read.
    pub(super) fn forget(&mut self) {
        self.0.get_mut().values_mut().for_each(Queue::forget);
    }

    /// Brings the queue up to the ledger where it was read already: after many commits it would be
    /// read again.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn keep_up(&self, facts: Facts<'_>) -> Result<(), DeskError> {
        let is_read = self.is_read(facts);
        if is_read { self.with(facts, |_| Ok(())) } else { Ok(()) }
    }

    fn is_read(&self, facts: Facts<'_>) -> bool {
        self.0.borrow().get(&whose(facts)).is_some_and(|queue| queue.at.is_some())
    }

    /// See [`Queue::taught`]; none where too little was decided to teach anything, or where nobody has read
    /// a queue of many tasks yet.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn taught(&self, facts: Facts<'_>) -> Result<Option<Lesson>, DeskError> {
        if (facts.view.counters()?.decisions as usize) < matching::LEAST_JOINS {
            return Ok(None);
        }
        let waiting: u64 = facts
            .view
            .waiting()?
            .iter()
            .flat_map(|(_, kinds)| kinds.values())
            .map(|it| u64::from(it.total()))
            .sum();
        if !self.is_read(facts) && waiting > FEW as u64 {
            return Ok(None);
        }
        self.with(facts, |queue| queue.taught(facts))
    }

    /// Asks the queue, brought up to the ledger.
    ///
    /// # Errors
    /// When the store or the ledger is damaged, or the question fails.
    pub(super) fn with<T, E: From<DeskError>>(
        &self,
        facts: Facts<'_>,
        ask: impl FnOnce(&mut Queue) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut queues = self.0.borrow_mut();
        let queue = queues.entry(whose(facts)).or_default();
        if let Err(error) = queue.follow(facts) {
            // Half of it may have been read.
            queue.forget();
            return Err(error.into());
        }
        ask(queue)
    }
}
