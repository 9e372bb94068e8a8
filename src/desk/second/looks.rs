//! The verdicts that are asked again, and of whom.
//!
//! A verdict is withheld from the moment its second look comes due until that is answered or settled,
//! from the person who is asked and from nobody else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::asked::{asked, who_decided};
use super::{Question, Withheld};
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::facts::Facts;
use domain::{
    CustomerId, DecisionId, RecordAddress, RecordId, Sequence, Task, TaskId, TaskKind, TaskReason,
};
use door::Refusal;

/// One verdict that is asked again.
pub(crate) struct Look {
    pub(super) task: Task,
    /// The task that the verdict answered.
    pub(super) answered: Option<TaskId>,
    /// The verdict, and what was said of it in second looks that were taken back.
    pub(super) decisions: BTreeSet<DecisionId>,
    /// When it was given.
    pub(super) at: Timestamp,
    /// Its commit.
    pub(super) sequence: Sequence,
    /// The customers it was about, with the records they had.
    pub(super) asked: BTreeMap<CustomerId, Vec<RecordId>>,
    /// Where their records are now.
    now: BTreeSet<CustomerId>,
    pub(super) records: BTreeSet<RecordAddress>,
    /// Other tasks that wait about them: which those are, and what they say, follows from the verdict.
    pub(super) beside: BTreeSet<TaskId>,
    /// Of these, those that show what somebody else answered: they wait for this answer even before its day.
    pub(super) disagreements: BTreeSet<TaskId>,
}

/// The looks read last: at which commit, by whom they ask.
pub(crate) type KeptLooks = Mutex<(Sequence, BTreeMap<String, Arc<Vec<Look>>>)>;

impl Desk {
    /// What is withheld from whoever the desk is working for.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn withheld(&self) -> Result<Withheld, DeskError> {
        let (facts, person) = (self.facts(), self.actor());
        let head = facts.ledger.head().map(|head| head.sequence).unwrap_or_default();
        let mut kept = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != head {
            *kept = (head, BTreeMap::new());
        }
        let looks = match kept.1.get(person) {
            Some(looks) => Arc::clone(looks),
            None => {
                let looks = Arc::new(looks(facts, person)?);
                kept.1.insert(person.to_owned(), Arc::clone(&looks));
                looks
            }
        };
        Ok(Withheld::of(looks, facts.now))
    }

    /// Refuses an answer of somebody who is not asked: a second look is blind for one person only.
    ///
    /// # Errors
    /// The refusal, or damage of store or ledger.
    pub(crate) fn must_be_asked(&self, task: TaskId) -> Decided<()> {
        let Some(entry) = self.facts().view.task(task)? else { return Ok(()) };
        match self.asks_somebody_else(&entry.task)? {
            Some(why) => Err(Refusal::DoesNotApply { why }.into()),
            None => Ok(()),
        }
    }

    /// That a second look asks somebody else than whoever the desk is working for, in a sentence; `None` of any other
    /// task.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn asks_somebody_else(&self, task: &Task) -> Result<Option<String>, DeskError> {
        let facts = self.facts();
        let Some(decision) = task.second_look_at() else { return Ok(None) };
        let first = who_decided(facts, decision)?;
        let asked = asked(facts, task, &first);
        if asked == self.actor() {
            return Ok(None);
        }
        let again = if asked == first { "again what" } else { "about what" };
        let id = task.id;
        Ok(Some(format!("{id} asks {asked} {again} {first} decided: nobody else can answer it")))
    }
}

fn looks(facts: Facts<'_>, person: &str) -> Result<Vec<Look>, DeskError> {
    let mut looks = Vec::new();
    let again = said_again(facts)?;
    for entry in facts.view.pending_second_looks()? {
        let task = entry.task;
        let Some(decision) = task.second_look_at() else { continue };
        if asked(facts, &task, &who_decided(facts, decision)?) != person {
            continue;
        }
        let question = Question::of(facts, decision)?;
        let mut decisions = BTreeSet::from([decision]);
        decisions.extend(again.get(&decision).into_iter().flatten());
        let (mut now, mut records) = (BTreeSet::new(), BTreeSet::new());
        for record in question.records() {
            now.insert(facts.view.customer_of(record)?);
            records.insert(facts.body(record)?.address);
        }
        let customers = question.customers.keys().chain(&now);
        let (mut beside, mut disagreements) = (BTreeSet::new(), BTreeSet::new());
        for customer in customers {
            let of_customer = facts.view.tasks_of(*customer)?.into_iter().map(|entry| entry.task);
            let others = of_customer.filter(|other| {
                other.state.is_pending()
                    && other.second_look_at().is_none()
                    // What a person asks for is due whatever else waits.
                    && !matches!(other.kind, TaskKind::Check | TaskKind::Request)
                    && Some(other.id) != question.decision.task
            });
            for other in others {
                beside.insert(other.id);
                if matches!(other.reason, TaskReason::Disagreement { first, .. } if first == decision)
                {
                    disagreements.insert(other.id);
                }
            }
        }
        looks.push(Look {
            beside,
            disagreements,
            task,
            answered: question.decision.task,
            decisions,
            at: facts.time_of(question.sequence)?,
            sequence: question.sequence,
            asked: question.customers.iter().map(|(id, it)| (*id, it.members.clone())).collect(),
            now,
            records,
        });
    }
    Ok(looks)
}

/// The answers to second looks at each decision, undone ones too: whether an answer agrees tells the first verdict.
fn said_again(facts: Facts<'_>) -> Result<BTreeMap<DecisionId, Vec<DecisionId>>, DeskError> {
    let mut again: BTreeMap<DecisionId, Vec<DecisionId>> = BTreeMap::new();
    for id in facts.view.second_looks()? {
        let task = facts.view.decision(id)?.and_then(|entry| entry.task);
        let Some(task) = task.map(|task| facts.view.task(task)).transpose()?.flatten() else {
            continue;
        };
        if let Some(first) = task.task.second_look_at() {
            again.entry(first).or_default().push(id);
        }
    }
    Ok(again)
}

impl Look {
    /// Whether the customer was in the question, or stands for somebody who was.
    pub(super) fn is_about(&self, id: CustomerId) -> bool {
        self.asked.contains_key(&id) || self.now.contains(&id)
    }
}
