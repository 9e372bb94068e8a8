//! What the commits after one run and up to a later one say: each thing they touched, as it was
//! before and as it is after.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::super::Progress;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::event::{Cause, CustomerChanged, TaskChanged};
use domain::{
    Commit, CustomerId, CustomerState, Event, RecordId, Sequence, Standing, Task, TaskId, Verdict,
};
use door::views::{self, By};

/// Commits between two looks at cancellation.
const LOOKS: u64 = 256;

/// A customer that was touched.
pub(super) struct Touched {
    /// As it was after the earlier run; none if it did not exist.
    pub(super) before: Option<CustomerState>,
    /// As it is after the later one.
    pub(super) after: CustomerState,
    pub(super) by: By,
}

/// What happened between two runs.
#[derive(Default)]
pub(super) struct Between {
    pub(super) customers: BTreeMap<CustomerId, Touched>,
    /// Tasks that were touched: as they were and as they are.
    pub(super) tasks: BTreeMap<TaskId, (Option<Task>, Task)>,
    /// Tasks that were touched later only, as they were until then.
    pub(super) later: BTreeMap<TaskId, Option<Task>>,
    /// A record of each side of every join that the machine made.
    pub(super) joins: Vec<(RecordId, RecordId)>,
    /// Records that came.
    pub(super) new: BTreeSet<RecordId>,
    pub(super) told: views::Between,
}

/// What is needed of a revision: its values are not parsed.
#[derive(Deserialize)]
struct Revised {
    record: RecordId,
    revision: u32,
    #[serde(default)]
    reread: Option<domain::ImportId>,
}

impl Between {
    /// Reads the commits after `from`: all of those up to `to`, of later ones what they say of tasks.
    pub(super) fn read(
        facts: Facts<'_>,
        from: Sequence,
        to: Sequence,
        progress: &dyn Progress,
    ) -> Result<Self, DeskError> {
        let mut between = Self::default();
        let head = facts.view.head()?.map_or(to, |(sequence, _)| sequence.max(to));
        progress.phase("reading what came between", Some(head.0 - from.0));
        let mut sequence = from.next();
        while sequence <= head {
            if sequence.0.is_multiple_of(LOOKS) && progress.cancelled() {
                return Err(DeskError::Cancelled);
            }
            if sequence <= to {
                between.take_in(facts, sequence)?;
            } else {
                let commit = facts.commit_where(sequence, |kind, _| kind == "task_changed")?;
                commit.events.into_iter().for_each(|event| between.later(event));
            }
            progress.advance(1);
            sequence = sequence.next();
        }
        Ok(between)
    }

    fn take_in(&mut self, facts: Facts<'_>, sequence: Sequence) -> Result<(), DeskError> {
        let (new, changed) = (RefCell::new(Vec::new()), Cell::new(0));
        let commit = facts.commit_where(sequence, |kind, json| {
            if kind != "record_revised" {
                return kind != "row_quarantined";
            }
            // What cannot be read here is damage, and said by whoever reads it whole.
            match serde_json::from_slice::<Revised>(json) {
                Ok(Revised { record, revision: 1, .. }) => new.borrow_mut().push(record),
                Ok(Revised { reread: None, .. }) => changed.set(changed.get() + 1),
                _ => {}
            }
            false
        })?;
        self.told.new += new.borrow().len() as u64;
        self.told.changed += changed.get();
        self.new.extend(new.into_inner());
        self.joins(&commit);
        let of = commit.events.iter().find_map(|event| match event {
            // Under a grant the machine decides, in the name of whoever began the run.
            Event::DecisionMade(made) if made.decision.run.is_some() => {
                Some(By { machine: true, ..By::default() })
            }
            Event::DecisionMade(made) if made.decision.verdict == Verdict::Grant => {
                Some(By { grant: true, ..By::default() })
            }
            _ => None,
        });
        let of = of.unwrap_or(By { people: true, ..By::default() });
        commit.events.into_iter().for_each(|event| self.event(event, of));
        Ok(())
    }

    /// `of`: whose decision the commit is of, if it is of one.
    fn event(&mut self, event: Event, of: By) {
        match event {
            Event::CustomerChanged(changed) => self.customer(changed, of),
            Event::TaskChanged(TaskChanged { task, before, after, .. }) => {
                let touched = self.tasks.entry(task).or_insert_with(|| (before, after.clone()));
                touched.1 = after;
            }
            Event::ImportStarted(started) => self.told.imports.push(started.import),
            Event::DecisionMade(_) if of.machine => {}
            Event::DecisionMade(_) => self.told.decisions += 1,
            Event::MatchFinished(finished) => self.told.runs.push(finished.run),
            // Activities that were nobody's are no customer.
            Event::PersonErased(erased) if erased.customer == CustomerId::NOBODY => {}
            Event::PersonErased(erased) => {
                self.told.erased += 1;
                let before = Some(CustomerState::of(erased.records));
                let (after, by) = (CustomerState::erased(), By::default());
                let touched = Touched { before, after: after.clone(), by };
                self.customers.entry(erased.customer).or_insert(touched).after = after;
            }
            _ => {}
        }
    }

    fn customer(&mut self, changed: CustomerChanged, of: By) {
        let CustomerChanged { customer, before, after, cause, .. } = changed;
        let touched = self.customers.entry(customer);
        let is_other = before.as_ref() != Some(&after);
        let touched =
            touched.or_insert(Touched { before, after: after.clone(), by: By::default() });
        touched.after = after;
        // Who only looked at it did nothing to it.
        if is_other {
            let of = if let Cause::Decision(_) = cause { of } else { By::default() };
            touched.by.machine |= of.machine || matches!(cause, Cause::Match(_));
            touched.by.people |= of.people;
            touched.by.grant |= of.grant;
        }
    }

    fn later(&mut self, event: Event) {
        if let Event::TaskChanged(TaskChanged { task, before, .. }) = event
            && !self.tasks.contains_key(&task)
        {
            self.later.entry(task).or_insert(before);
        }
    }

    /// The joins that the machine made in a commit.
    fn joins(&mut self, commit: &Commit) {
        let made = |event: &Event| match event {
            Event::CustomerChanged(it) if matches!(it.cause, Cause::Match(_)) => {
                let record = it.before.as_ref()?.members.first().copied()?;
                Some((it.customer, record, it.after.standing))
            }
            _ => None,
        };
        let changed: Vec<_> = commit.events.iter().filter_map(made).collect();
        for (_, record, standing) in &changed {
            let Standing::Merged { into } = standing else { continue };
            let survivor = changed.iter().find(|(customer, ..)| customer == into);
            self.joins.extend(survivor.map(|(_, other, _)| (*record, *other)));
        }
    }
}
