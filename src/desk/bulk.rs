//! Bulk decisions: one verdict on many tasks, each decided by itself.
//!
//! A bulk is nothing but decisions that carry one `B` id: each is checked as any other against the
//! version that was seen, refused where a single one would be refused, and undone by itself or with
//! the others. It comes a few tasks at a time, so that who asked can show progress and stop.

use super::answers::{Whole, bulk_about, contradict};
use super::core::Desk;
use super::error::{Decided, DeskError, Stop};
use super::{second, versions};
use domain::{CustomerId, RecordAddress, RuleId, Sequence, Task, TaskId, TaskKind};
use door::{
    Action, BulkAbout, BulkOutcome, BulkResult, BulkStep, BulkVerdict, Refusal, Request, Rest,
};

impl Desk {
    /// Judges or decides a few tasks of a bulk.
    pub(super) fn bulk_step(&mut self, step: &BulkStep) -> BulkOutcome {
        let mut outcome = BulkOutcome { bulk: step.bulk, ..BulkOutcome::default() };
        let after = (0..step.tasks.len() as u64).rev().map(|here| step.left + here);
        for ((task, seen), left) in step.tasks.iter().zip(after) {
            let request = self.answering(*task, &step.verdict).map(|request| Request {
                seen: *seen,
                reason: step.reason.clone(),
                note: step.note.clone(),
                break_glass: step.break_glass.clone(),
                ..request
            });
            if !self.bulk_one(Some(*task), request, (step.rehearse, left), &mut outcome) {
                break;
            }
        }
        outcome
    }

    /// Judges or decides one request of a bulk, whatever its verdict; `outcome` learns what came
    /// of it, `left` how many are to follow. Tells whether the next one may follow: nothing failed.
    pub(super) fn bulk_one(
        &mut self,
        task: Option<TaskId>,
        request: Decided<Request>,
        (rehearse, left): (bool, u64),
        outcome: &mut BulkOutcome,
    ) -> bool {
        let mut result = BulkResult {
            task,
            version: Sequence::ZERO,
            decision: None,
            summary: String::new(),
            proposed: None,
            refusal: None,
            about: None,
        };
        if rehearse && let Some(task) = task {
            match self.about(task, request.as_ref().ok()) {
                Ok(about) => result.about = about,
                Err(Stop::Refused(_)) => {}
                Err(Stop::Failed(error)) => {
                    outcome.failed = Some(error.to_string());
                    return false;
                }
            }
        }
        let version = task.map_or(Ok(Sequence::ZERO), |task| self.version_of(task));
        let done = version.map_err(Stop::from).and_then(|version| {
            result.version = version;
            let request = request?;
            if request.task.is_none() {
                self.must_be_news(&request.action)?;
                self.must_fit_unseen(&request.action)?;
            }
            if rehearse {
                let unjudged = self.unjudged(&request, false)?;
                let request = Request { bulk_left: Some(left), ..request };
                result.summary = self.rehearsed(&request, &unjudged)?;
                outcome.leaves_unjudged(unjudged);
                return Ok(());
            }
            let bulk = outcome.bulk.map_or_else(|| self.next_bulk(), Ok)?;
            let receipt =
                self.carry_out(&Request { bulk: Some(bulk), bulk_left: Some(left), ..request })?;
            outcome.bulk = Some(bulk);
            result.decision = Some(receipt.decision);
            result.summary = receipt.summary;
            result.proposed = receipt.proposed;
            Ok(())
        });
        match done {
            Ok(()) => {}
            Err(Stop::Refused(refusal)) => result.refusal = Some(refusal),
            Err(Stop::Failed(error)) => {
                outcome.failed = Some(error.to_string());
                return false;
            }
        }
        outcome.results.push(result);
        true
    }

    /// Refuses to say of customers that they are no match where that stands already: a file of labels is
    /// read twice without harm.
    fn must_be_news(&self, action: &Action) -> Decided<()> {
        let Action::NotAMatch { groups } = action else { return Ok(()) };
        let [left, right] = groups.as_slice() else { return Ok(()) };
        let ([left], [right]) = (left.as_slice(), right.as_slice()) else { return Ok(()) };
        let facts = self.facts();
        let (Some(one), Some(other)) = (facts.view.customer(*left)?, facts.view.customer(*right)?)
        else {
            return Ok(());
        };
        match facts.apart(&one, &other)?.first() {
            Some(decision) => {
                let why = format!("{left} and {right} are already not a match, by {decision}");
                Err(Refusal::AlreadySo { why }.into())
            }
            None => Ok(()),
        }
    }

    /// Refuses to merge customers that contradict each other: nobody looks at each pair of a file of labels.
    fn must_fit_unseen(&self, action: &Action) -> Decided<()> {
        let Action::Merge { groups, .. } = action else { return Ok(()) };
        for customers in groups {
            self.must_not_contradict(customers, "merge them on their own")?;
        }
        Ok(())
    }

    /// What a task is about, for whoever looks before it is decided.
    fn about(&self, task: TaskId, request: Option<&Request>) -> Decided<Option<BulkAbout>> {
        let facts = self.facts();
        let entry = facts.view.task(task)?;
        let action = request.map(|request| &request.action);
        entry.map(|entry| bulk_about::about(facts, &entry.task, action)).transpose()
    }

    fn version_of(&self, task: TaskId) -> Result<Sequence, DeskError> {
        let facts = self.facts();
        match facts.view.task(task)? {
            Some(entry) => versions::of_task(facts, &entry.task),
            None => Ok(Sequence::ZERO),
        }
    }

    /// What a request would do, in a line.
    fn rehearsed(&self, request: &Request, unjudged: &[RuleId]) -> Decided<String> {
        let planned = self.planned(request, unjudged)?;
        let told = second::foreseen(self.facts(), &planned.outcome.commit)?;
        Ok(format!("{told}{}", planned.clause()))
    }

    /// The request that answers a whole task with a verdict.
    ///
    /// # Errors
    /// When there is no such task, or its customers contradict each other and would be merged.
    pub(super) fn answering(&self, id: TaskId, verdict: &BulkVerdict) -> Decided<Request> {
        let facts = self.facts();
        let unknown = || Stop::from(Refusal::Unknown { subject: id.to_string() });
        let task = facts.view.task(id)?.ok_or_else(unknown)?.task;
        if !task.state.is_pending() {
            let why = format!("{id} is already {}", task.state.name());
            return Err(Refusal::DoesNotApply { why }.into());
        }
        let action = match verdict {
            BulkVerdict::Merge => {
                let customers = self.customers_of(&task)?;
                if task.asked_as_before().is_none() {
                    self.must_not_contradict(&customers, "decide that task on its own")?;
                }
                Action::Merge {
                    groups: vec![customers],
                    into: None,
                    picks: Default::default(),
                    rest: Rest::Stay,
                }
            }
            BulkVerdict::NotAMatch => {
                let customers = self.customers_of(&task)?;
                Action::NotAMatch { groups: customers.into_iter().map(|id| vec![id]).collect() }
            }
            BulkVerdict::Accept => Action::Accept,
            BulkVerdict::Keep => Action::Keep,
            BulkVerdict::Approve => Action::Approve { expect: None },
            BulkVerdict::Reject => Action::Reject,
            BulkVerdict::Defer { until } => Action::Defer { until: *until },
            BulkVerdict::Escalate { to } => Action::Escalate { to: to.clone() },
            BulkVerdict::Waive { rules } => {
                let record = self.record_of(&task, "has no violations to waive")?;
                Action::Waive { record, rules: rules.clone() }
            }
            BulkVerdict::Correct { values, cleared } => Action::Correct {
                record: self.record_of(&task, "is not about a single record")?,
                values: values.clone(),
                chosen: Default::default(),
                cleared: cleared.clone(),
            },
            BulkVerdict::Quarantine => Action::Quarantine {
                record: self.record_of(&task, "is not about a single record")?,
            },
        };
        Ok(Request { task: Some(id), ..Request::new(action) })
    }

    /// The record of an invalid task.
    fn record_of(&self, task: &Task, otherwise: &str) -> Decided<RecordAddress> {
        match task.record.filter(|_| task.kind == TaskKind::Invalid) {
            Some(record) => Ok(self.facts().body(record)?.address),
            None => {
                let why = format!("{} {otherwise}", task.id);
                Err(Refusal::DoesNotApply { why }.into())
            }
        }
    }

    /// The customers that a task asks about: of a second look and a check those of then.
    fn customers_of(&self, task: &Task) -> Decided<Vec<CustomerId>> {
        match task.asked_as_before() {
            Some(_) => Ok(task.customers.clone()),
            None => self.live_customers(task),
        }
    }

    /// The customers of a duplicate task as they stand now.
    fn live_customers(&self, task: &Task) -> Decided<Vec<CustomerId>> {
        let mut live = Vec::new();
        for customer in &task.customers {
            if let Some(customer) = self.facts().view.follow(*customer)?
                && !live.contains(&customer)
            {
                live.push(customer);
            }
        }
        // What an overlay asks about is one customer's record.
        if live.len() < 2 && task.kind != TaskKind::Overlay {
            let why = format!(
                "{} is about one customer, so there is nothing to merge or to keep apart",
                task.id
            );
            return Err(Refusal::DoesNotApply { why }.into());
        }
        Ok(live)
    }

    /// A person who looks at such a task finds its column unmarked; nobody looks at each of many.
    fn must_not_contradict(&self, customers: &[CustomerId], way_out: &str) -> Decided<()> {
        let facts = self.facts();
        let mut read: Vec<Whole> = Vec::new();
        for id in customers {
            let whole = Whole::read(facts, *id)?;
            for other in &read {
                if let Some(why) = contradict(facts, other, &whole)? {
                    let why = format!("{} and {id}: {why}; {way_out}", other.id);
                    return Err(Refusal::DoesNotApply { why }.into());
                }
            }
            read.push(whole);
        }
        Ok(())
    }
}
