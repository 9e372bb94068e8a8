//! A command being decided, and what every command needs to ask.

use std::collections::BTreeSet;

use crate::describe;
use crate::draft::Draft;
use crate::error::{Decided, DeskError, Stop, unknown};
use crate::facts::Facts;
use domain::event::Cause;
use domain::{
    CustomerId, CustomerState, Decision, DecisionId, Group, RecordAddress, RecordId, Sequence,
    Subject, Task, Values, Verdict,
};
use door::{Refusal, Request};

/// The draft of a command, and its decision.
pub(crate) struct Command<'a, 'r> {
    pub(crate) facts: Facts<'a>,
    pub(crate) request: &'r Request,
    pub(crate) draft: Draft<'a>,
    pub(crate) decision: Decision,
    pub(crate) task: Option<Task>,
}

impl<'a, 'r> Command<'a, 'r> {
    pub(crate) fn new(
        facts: Facts<'a>,
        request: &'r Request,
        verdict: Verdict,
        task: Option<Task>,
    ) -> Result<Self, DeskError> {
        let id = DecisionId(facts.view.counters()?.decisions + 1);
        let decision = Decision {
            id,
            verdict,
            task: request.task,
            subjects: Vec::new(),
            groups: Vec::new(),
            key: Vec::new(),
            values: Values::new(),
            cleared: Vec::new(),
            withdrawn: Vec::new(),
            rules: request.waive.clone(),
            reason: request.reason.clone(),
            note: request.note.clone(),
            score: task.as_ref().and_then(|task| task.score),
            until: None,
            to: None,
            bulk: request.bulk,
            bulk_left: request.bulk.and(request.bulk_left),
            reverses: Vec::new(),
            second: None,
            grant: None,
            suspends: None,
            run: None,
            proposal: None,
            approves: None,
            broken_glass: None,
            request: None,
        };
        let draft = Draft::new(facts, Cause::Decision(id))?;
        Ok(Self { facts, request, draft, decision, task })
    }

    pub(crate) fn into_draft(self) -> Draft<'a> {
        let mut draft = self.draft;
        draft.decision = Some(self.decision);
        draft
    }

    /// The task, for verdicts that only make sense as an answer to one.
    pub(crate) fn task(&self) -> Decided<Task> {
        self.task.clone().ok_or_else(|| {
            let verdict = self.decision.verdict.name();
            does_not_apply(format!("{verdict} answers a task: name one"))
        })
    }

    /// A live customer.
    pub(crate) fn live(&self, id: CustomerId) -> Decided<CustomerState> {
        match self.draft.customer(id)? {
            Some(state) if state.is_live() => Ok(state),
            Some(_) => match self.facts.view.follow(id)? {
                Some(survivor) => {
                    Err(does_not_apply(format!("{id} was merged into {survivor}: use that")))
                }
                None if self.facts.view.erased_in(id)?.is_some() => {
                    Err(self.facts.no_customer(id)?.into())
                }
                None => Err(does_not_apply(format!("{id} no longer has any records"))),
            },
            None => Err(unknown(&id)),
        }
    }

    /// A record by its address.
    pub(crate) fn record(&self, address: &RecordAddress) -> Decided<RecordId> {
        match self.facts.find(address)? {
            Some(record) => Ok(record),
            None => Err(self.facts.no_record(address)?.into()),
        }
    }

    /// Refuses what was decided on a stale view of a subject, where no task carries the version.
    pub(crate) fn check_seen(&self, subject: Subject, version: Sequence) -> Decided<()> {
        match self.request.seen {
            Some(seen) if self.task.is_none() && seen < version => {
                let since = describe::since(self.facts, subject.clone(), seen)?;
                Err(Refusal::Stale { subject: subject.to_string(), since }.into())
            }
            _ => Ok(()),
        }
    }

    /// Adds groups to the decision, with the key of every record in them.
    pub(crate) fn add_groups(&mut self, groups: Vec<Group>) -> Decided<()> {
        let compared = matching::compared_fields(self.facts.settings);
        for record in groups.iter().flat_map(|group| &group.records) {
            let record = self.facts.record(*record)?;
            self.decision.key.push(self.facts.keyed(&record, &compared));
        }
        self.decision.groups.extend(groups);
        Ok(())
    }

    /// The customers of groups, each live and named once.
    pub(crate) fn resolve(
        &self,
        groups: &[Vec<CustomerId>],
    ) -> Decided<Vec<Vec<(CustomerId, CustomerState)>>> {
        let mut named = BTreeSet::new();
        let mut resolved = Vec::new();
        for group in groups {
            let mut customers = Vec::new();
            for id in group {
                if !named.insert(*id) {
                    return Err(does_not_apply(format!("{id} is named twice")));
                }
                customers.push((*id, self.live(*id)?));
            }
            customers.sort_by_key(|(id, _)| *id);
            if !customers.is_empty() {
                resolved.push(customers);
            }
        }
        for id in named {
            let version = self.facts.view.customer_version(id)?;
            self.check_seen(Subject::Customer(id), version)?;
        }
        Ok(resolved)
    }
}

/// What a request gets that makes no sense as things stand.
pub(crate) fn does_not_apply(why: impl Into<String>) -> Stop {
    Refusal::DoesNotApply { why: why.into() }.into()
}
