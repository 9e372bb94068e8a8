//! Tallies kept while folding, so that nobody has to go through the ledger for them: tasks opened
//! and closed by day, what waits and since when, decisions by hour and by whom.
//!
//! Days and hours are those of UTC, counted from 1970. Names of people stay in the ledger: an actor
//! is a fingerprint here, beside the place of a commit of theirs.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::entries::Place;
use super::fold::put;
use super::overlay::Overlay;
use super::view::{View, parse};
use super::{StoreError, keys};
use domain::event::{DecisionMade, TaskChanged};
use domain::{
    Commit, Event, Fingerprinter, RuleId, Task, TaskId, TaskKind, TaskReason, TaskState, Verdict,
};

/// A pause longer than this, in seconds, between two decisions of one person is no work on the
/// later one.
const LONGEST_WORK: i64 = 600;

/// Tasks of one day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TaskTally {
    /// Tasks that began to wait for a verdict, also again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub opened: BTreeMap<TaskKind, u32>,
    /// Tasks that no longer wait: decided or settled.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub closed: BTreeMap<TaskKind, u32>,
}

/// Pending tasks by what they wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WaitingTally {
    /// For a verdict.
    pub open: u32,
    /// For a day, or for other data.
    pub deferred: u32,
    /// For somebody's answer.
    pub escalated: u32,
}

/// Pending tasks opened on one day, by kind.
pub type WaitingByKind = BTreeMap<TaskKind, WaitingTally>;

impl WaitingTally {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.open + self.deferred + self.escalated
    }

    fn of_state(&mut self, state: &TaskState) -> Option<&mut u32> {
        match state {
            TaskState::Open | TaskState::Answered { .. } => Some(&mut self.open),
            TaskState::Deferred { .. } => Some(&mut self.deferred),
            TaskState::Escalated { .. } | TaskState::Proposed { .. } => Some(&mut self.escalated),
            TaskState::Decided { .. } | TaskState::Settled => None,
        }
    }
}

/// What one person decided in one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionTally {
    /// Decisions, those in bulk among them.
    pub decisions: u32,
    /// Decisions that came soon after the same person's last one, neither of them in bulk.
    pub timed: u32,
    /// The seconds those took.
    pub seconds: u32,
    /// One of the decisions: its commit names the person.
    pub place: Place,
}

/// When a person last decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct LastDecision {
    /// Seconds since 1970.
    last: i64,
}

/// The day of a time.
#[must_use]
pub fn day_of(at: Timestamp) -> u32 {
    units(at.as_second(), 86_400)
}

fn units(seconds: i64, unit: i64) -> u32 {
    u32::try_from(seconds.div_euclid(unit)).unwrap_or(0)
}

/// Counts one event of a commit, which is folded in otherwise.
pub(super) fn count(
    overlay: &mut Overlay<'_>,
    commit: &Commit,
    event: &Event,
    place: Place,
    fingerprinter: &Fingerprinter,
) -> Result<(), StoreError> {
    match event {
        Event::TaskChanged(changed) => task_changed(overlay, changed, commit.at),
        Event::DecisionMade(made) => decided(overlay, commit, made, place, fingerprinter),
        _ => Ok(()),
    }
}

fn task_changed(
    overlay: &mut Overlay<'_>,
    changed: &TaskChanged,
    at: Timestamp,
) -> Result<(), StoreError> {
    let (before, after) = (changed.before.as_ref(), &changed.after);
    if let Some(before) = before {
        waits(overlay, before, false)?;
        names_rules(overlay, before, false)?;
    }
    waits(overlay, after, true)?;
    names_rules(overlay, after, true)?;
    let was_pending = before.is_some_and(|task| task.state.is_pending());
    let is_pending = after.state.is_pending();
    if was_pending == is_pending {
        return Ok(());
    }
    let key = keys::numbered(keys::DAY, day_of(at));
    let mut day: TaskTally = View::over(overlay).json(&key)?.unwrap_or_default();
    let counts = if is_pending { &mut day.opened } else { &mut day.closed };
    *counts.entry(after.kind).or_default() += 1;
    put(overlay, key, &day)
}

/// A task waits in its state, or no longer does.
fn waits(overlay: &mut Overlay<'_>, task: &Task, more: bool) -> Result<(), StoreError> {
    if !task.state.is_pending() {
        return Ok(());
    }
    let key = keys::numbered(keys::WAITING, day_of(task.opened));
    let mut day: WaitingByKind = View::over(overlay).json(&key)?.unwrap_or_default();
    let of_kind = day.entry(task.kind).or_default();
    if let Some(count) = of_kind.of_state(&task.state) {
        *count = if more { *count + 1 } else { count.saturating_sub(1) };
    }
    day.retain(|_, waiting| waiting.total() > 0);
    if day.is_empty() {
        overlay.remove(key);
        return Ok(());
    }
    put(overlay, key, &day)
}

/// A pending task names rules, or no longer does.
fn names_rules(overlay: &mut Overlay<'_>, task: &Task, more: bool) -> Result<(), StoreError> {
    let TaskReason::Breaks { rules } = &task.reason else { return Ok(()) };
    if !task.state.is_pending() {
        return Ok(());
    }
    for rule in rules {
        let number = keys::rule_number(rule);
        let entry = keys::paired(keys::TASK_OF_RULE, number, task.id.0);
        let key = keys::numbered(keys::TASKS_OF_RULE, number);
        let count: u32 = View::over(overlay).json(&key)?.unwrap_or_default();
        if more {
            overlay.put(entry, Vec::new());
            put(overlay, key, &(count + 1))?;
        } else {
            overlay.remove(entry);
            match count.saturating_sub(1) {
                0 => overlay.remove(key),
                count => put(overlay, key, &count)?,
            }
        }
    }
    Ok(())
}

fn decided(
    overlay: &mut Overlay<'_>,
    commit: &Commit,
    made: &DecisionMade,
    place: Place,
    fingerprinter: &Fingerprinter,
) -> Result<(), StoreError> {
    // What the machine did under a grant is no work of whoever began the run; who comments decides nothing.
    if made.decision.run.is_some() || made.decision.verdict == Verdict::Comment {
        return Ok(());
    }
    let second = commit.at.as_second();
    // Half of the fingerprint tells the few people of a workspace apart.
    #[allow(clippy::cast_possible_truncation)]
    let actor = fingerprinter.of([commit.actor.person.as_str()]).0 as u32;
    let known = keys::numbered(keys::ACTOR, actor);
    let last: Option<LastDecision> = View::over(overlay).json(&known)?;
    let key = keys::paired(keys::PACE, units(second, 3_600), actor);
    let fresh = DecisionTally { decisions: 0, timed: 0, seconds: 0, place };
    let mut pace: DecisionTally = View::over(overlay).json(&key)?.unwrap_or(fresh);
    pace.decisions += 1;
    // What lands in bulk took no time of its own, and says nothing about the next one either.
    if made.decision.bulk.is_some() {
        overlay.remove(known);
        return put(overlay, key, &pace);
    }
    let took = last.map(|last| second - last.last).filter(|took| *took <= LONGEST_WORK);
    if let Some(took) = took.and_then(|took| u32::try_from(took).ok()) {
        pace.timed += 1;
        pace.seconds += took;
    }
    put(overlay, known, &LastDecision { last: second })?;
    put(overlay, key, &pace)
}

impl View<'_> {
    /// Tasks opened and closed, by day, from a day on.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn days(&self, from: u32) -> Result<Vec<(u32, TaskTally)>, StoreError> {
        let mut days = Vec::new();
        let from = keys::numbered(keys::DAY, from);
        self.trees().scan(&[keys::DAY], &from, &mut |key, value| {
            days.push((keys::last_number(key), parse(value, "a day")?));
            Ok(true)
        })?;
        Ok(days)
    }

    /// Pending tasks by the day they were opened on and by kind.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn waiting(&self) -> Result<Vec<(u32, WaitingByKind)>, StoreError> {
        let mut days = Vec::new();
        self.trees().scan(&[keys::WAITING], &[], &mut |key, value| {
            days.push((keys::last_number(key), parse(value, "what waits")?));
            Ok(true)
        })?;
        Ok(days)
    }

    /// Decisions by hour and actor, from an hour on: hour, the actor's number, what they decided.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn pace(&self, from: u32) -> Result<Vec<(u32, u32, DecisionTally)>, StoreError> {
        let mut hours = Vec::new();
        let from = keys::numbered(keys::PACE, from);
        self.trees().scan(&[keys::PACE], &from, &mut |key, value| {
            let pace = parse(value, "an hour's decisions")?;
            hours.push((keys::first_number(key), keys::last_number(key), pace));
            Ok(true)
        })?;
        Ok(hours)
    }

    /// How many pending tasks name a rule.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn count_naming(&self, rule: &RuleId) -> Result<u32, StoreError> {
        let key = keys::numbered(keys::TASKS_OF_RULE, keys::rule_number(rule));
        Ok(self.json(&key)?.unwrap_or_default())
    }

    /// The first pending tasks that name a rule, by id.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn tasks_naming(&self, rule: &RuleId, limit: usize) -> Result<Vec<TaskId>, StoreError> {
        let mut tasks = Vec::new();
        let prefix = keys::numbered(keys::TASK_OF_RULE, keys::rule_number(rule));
        self.trees().scan(&prefix, &[], &mut |key, _| {
            tasks.push(TaskId(keys::last_number(key)));
            Ok(tasks.len() < limit)
        })?;
        Ok(tasks)
    }
}
