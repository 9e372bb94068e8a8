//! What is withheld from a person while they are asked again what they decided: the one place that
//! says so, for every answer and every export.
//!
//! A verdict is withheld from the moment its second look comes due until that is answered or settled,
//! from the person who is asked and from nobody else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::Question;
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::facts::Facts;
use domain::{
    CustomerId, Decision, DecisionId, RecordAddress, RecordId, Sequence, Subject, Task, TaskId,
};
use door::views::{
    AlikeView, ConsentView, CustomerView, DecisionView, ErasureReach, ExplanationView,
    FinderReport, FormationView, FoundRecord, HistoryEntry, HoldView, LastDecided, RecordView,
    RetentionView, TaskView,
};
use door::{Action, Refusal, Request};

/// One verdict that is asked again.
pub(crate) struct Look {
    task: Task,
    /// The task that the verdict answered.
    answered: Option<TaskId>,
    /// The verdict, and what was said of it in second looks that were taken back.
    decisions: BTreeSet<DecisionId>,
    /// When it was given.
    at: Timestamp,
    /// Its commit.
    sequence: Sequence,
    /// The customers it was about, with the records they had.
    asked: BTreeMap<CustomerId, Vec<RecordId>>,
    /// Where their records are now.
    now: BTreeSet<CustomerId>,
    records: BTreeSet<RecordAddress>,
}

/// The looks read last: at which commit, of whom.
pub(crate) type KeptLooks = Mutex<Option<(Sequence, String, Arc<Vec<Look>>)>>;

/// What is withheld from one person now.
pub struct Withheld {
    looks: Arc<Vec<Look>>,
    now: Timestamp,
}

impl Desk {
    /// What is withheld from whoever the desk is working for.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn withheld(&self) -> Result<Withheld, DeskError> {
        let (facts, person) = (self.facts(), self.actor());
        let head = facts.ledger.head().map(|head| head.sequence).unwrap_or_default();
        let mut kept = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        let looks = match &*kept {
            Some((at, of, looks)) if *at == head && of == person => Arc::clone(looks),
            _ => {
                let looks = Arc::new(looks(facts, person)?);
                *kept = Some((head, person.to_owned(), Arc::clone(&looks)));
                looks
            }
        };
        Ok(Withheld { looks, now: facts.now })
    }

    /// Refuses an answer of somebody who is not asked: a second look is blind for one person only.
    ///
    /// # Errors
    /// The refusal, or damage of store or ledger.
    pub(crate) fn must_be_asked(&self, task: TaskId) -> Decided<()> {
        let facts = self.facts();
        let Some(entry) = facts.view.task(task)? else { return Ok(()) };
        let Some(decision) = entry.task.second_look_at() else { return Ok(()) };
        let asked = Question::of(facts, decision)?.person;
        if asked == self.actor() {
            return Ok(());
        }
        let why =
            format!("{task} asks {asked} again what {asked} decided: nobody else can answer it");
        Err(Refusal::DoesNotApply { why }.into())
    }
}

fn looks(facts: Facts<'_>, person: &str) -> Result<Vec<Look>, DeskError> {
    let mut looks = Vec::new();
    for entry in facts.view.pending_second_looks()? {
        let task = entry.task;
        let Some(decision) = task.second_look_at() else { continue };
        let question = Question::of(facts, decision)?;
        if question.person != person {
            continue;
        }
        let mut decisions = BTreeSet::from([decision]);
        for id in facts.view.second_looks()? {
            if facts.view.decision(id)?.is_some_and(|entry| entry.task == Some(task.id)) {
                decisions.insert(id);
            }
        }
        let (mut now, mut records) = (BTreeSet::new(), BTreeSet::new());
        for record in question.records() {
            now.insert(facts.view.customer_of(record)?);
            records.insert(facts.body(record)?.address);
        }
        looks.push(Look {
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

impl Look {
    /// Whether the customer was in the question, or stands for somebody who was.
    fn is_about(&self, id: CustomerId) -> bool {
        self.asked.contains_key(&id) || self.now.contains(&id)
    }
}

impl Withheld {
    fn looks(&self) -> impl Iterator<Item = &Look> {
        self.looks.iter().filter(|look| !look.task.is_early(self.now))
    }

    /// The second look at that decision, if one waits.
    pub(crate) fn of_decision(&self, id: DecisionId) -> Option<TaskId> {
        self.looks().find(|look| look.decisions.contains(&id)).map(|look| look.task.id)
    }

    fn of_customer(&self, id: CustomerId, at: Option<Timestamp>) -> Option<TaskId> {
        let is_about = |look: &&Look| look.is_about(id);
        // What was before the verdict says nothing of it.
        let is_later = |look: &&Look| at.is_none_or(|at| at >= look.at);
        self.looks().find(|look| is_about(look) && is_later(look)).map(|look| look.task.id)
    }

    fn of_record(&self, address: &RecordAddress) -> Option<TaskId> {
        self.looks().find(|look| look.records.contains(address)).map(|look| look.task.id)
    }

    /// What is withheld of the first that an action names, in words.
    fn of_action(&self, action: &Action) -> Option<String> {
        let customer = |id: &CustomerId| Some(Self::told(id, self.of_customer(*id, None)?));
        let record = |address| Some(Self::told(address, self.of_record(address)?));
        match action {
            Action::Merge { groups, .. } | Action::NotAMatch { groups } => {
                groups.iter().flatten().find_map(customer)
            }
            Action::Ask { customers, .. } => customers.iter().find_map(customer),
            Action::Pin { customer: id, .. }
            | Action::Unmerge { customer: id, .. }
            | Action::Hold { customer: id, .. }
            | Action::Lift { customer: id }
            | Action::Record { customer: id, .. } => customer(id),
            Action::Correct { record: address, .. }
            | Action::Waive { record: address, .. }
            | Action::Quarantine { record: address } => record(address),
            Action::Reopen { records } => records.iter().find_map(record),
            _ => None,
        }
    }

    /// A sentence about what is withheld.
    fn told(what: impl std::fmt::Display, task: TaskId) -> String {
        format!("{what}: a verdict is withheld until {task} is answered")
    }

    fn refuse(what: impl std::fmt::Display, task: Option<TaskId>) -> Decided<()> {
        match task {
            Some(task) => Err(Refusal::DoesNotApply { why: Self::told(what, task) }.into()),
            None => Ok(()),
        }
    }

    pub(crate) fn task(&self, view: TaskView) -> Decided<TaskView> {
        let mut view = view;
        let id = view.task.as_ref().map(|task| task.id);
        let is_itself = view.task.as_ref().is_some_and(|task| task.second_look_at().is_some());
        if !is_itself {
            let answered = self.looks().find(|look| id.is_some() && look.answered == id);
            if let (Some(id), Some(look)) = (id, answered) {
                Self::refuse(id, Some(look.task.id))?;
            }
            for column in &view.columns {
                Self::refuse(column.customer, self.of_customer(column.customer, None))?;
            }
        }
        for pair in &mut view.pairs {
            pair.unmerged.decisions.retain(|id| self.of_decision(*id).is_none());
        }
        for earlier in &mut view.earlier {
            if let Some(task) = self.of_decision(earlier.decision) {
                earlier.line = Self::told(earlier.decision, task);
            }
        }
        Ok(view)
    }

    /// The customer that was asked for by `asked`. Whom that stands for now is the verdict.
    pub(crate) fn customer(&self, view: CustomerView, asked: CustomerId) -> Decided<CustomerView> {
        let of = |id| self.of_customer(id, view.at);
        Self::refuse(asked, of(asked).or_else(|| of(view.customer)))?;
        Ok(CustomerView { history: self.history(view.history)?, ..view })
    }

    /// What an erasure would come to: how many records go with one of the customers is the verdict.
    pub(crate) fn erasure(&self, reach: ErasureReach, asked: CustomerId) -> Decided<ErasureReach> {
        let of = |id| self.of_customer(id, None);
        Self::refuse(asked, of(asked).or_else(|| of(reach.customer)))?;
        Ok(reach)
    }

    /// Of a customer that was in a question that is asked again: the commit of the verdict and the records
    /// the customer had before. Its history is told up to there and no further.
    ///
    /// # Errors
    /// The refusal, of somebody who stands for one of them now, and of the second look itself: when that
    /// was opened tells what was said.
    pub(crate) fn history_ends(
        &self,
        of: Option<&Subject>,
    ) -> Decided<Option<(Sequence, &[RecordId])>> {
        match of {
            Some(Subject::Customer(id)) => {
                let look = self.looks().find(|look| look.asked.contains_key(id));
                if look.is_none() {
                    Self::refuse(id, self.of_customer(*id, None))?;
                }
                Ok(look.map(|look| (look.sequence, look.asked[id].as_slice())))
            }
            Some(Subject::Task(id)) => {
                let look = self.looks().find(|look| look.task.id == *id);
                Self::refuse(id, look.map(|look| look.task.id))?;
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    pub(crate) fn record(&self, view: RecordView, at: Option<Timestamp>) -> Decided<RecordView> {
        Self::refuse(&view.record, self.of_customer(view.customer, at))?;
        Ok(RecordView { history: self.history(view.history)?, ..view })
    }

    pub(crate) fn decision(&self, view: DecisionView, id: DecisionId) -> Decided<DecisionView> {
        Self::refuse(id, self.of_decision(id))?;
        Ok(view)
    }

    pub(crate) fn history(&self, entries: Vec<HistoryEntry>) -> Decided<Vec<HistoryEntry>> {
        let masked = entries.into_iter().map(|mut entry| {
            let task = entry.decision.and_then(|decision| self.of_decision(decision));
            if let Some(task) = task {
                // Its own line names the decision.
                entry.what = format!("a verdict is withheld until {task} is answered");
                entry.changes.clear();
            }
            entry
        });
        Ok(masked.collect())
    }

    /// What is said of a customer's consent tells which records it has.
    pub(crate) fn consent(&self, view: ConsentView, asked: CustomerId) -> Decided<ConsentView> {
        let of = |id| self.of_customer(id, None);
        Self::refuse(asked, of(asked).or_else(|| view.customer.and_then(of)))?;
        Ok(view)
    }

    /// Whose holds are told: of somebody who is asked about again, which records they have is the verdict.
    pub(crate) fn holds(&self, mut views: Vec<HoldView>) -> Vec<HoldView> {
        views.retain(|view| self.of_customer(view.customer, None).is_none());
        views
    }

    /// Who is erased and who is kept: of somebody who is asked about again, that they are there is the verdict.
    pub(crate) fn retention(&self, mut view: RetentionView) -> RetentionView {
        for list in [&mut view.erased, &mut view.kept, &mut view.held, &mut view.due] {
            list.retain(|it| self.of_customer(it.customer, None).is_none());
        }
        view
    }

    /// Customers that are only named: one of them would tell the verdict.
    pub(crate) fn customers(&self, customers: &mut Vec<CustomerId>) {
        customers.retain(|customer| self.of_customer(*customer, None).is_none());
    }

    /// How two records look under the model of now: decisions taught it.
    pub(crate) fn pair(&self, view: ExplanationView) -> Decided<ExplanationView> {
        for address in [&view.left, &view.right] {
            Self::refuse(address, self.of_record(address))?;
        }
        Ok(view)
    }

    pub(crate) fn formation(&self, view: FormationView, of: &Subject) -> Decided<FormationView> {
        for part in &view.parts {
            for address in &part.records {
                Self::refuse(of, self.of_record(address))?;
            }
        }
        Ok(view)
    }

    /// Whom an id stands for: what is asked again stands for itself, as it did then.
    pub(crate) fn follow(&self, asked: CustomerId, live: Option<CustomerId>) -> Option<CustomerId> {
        match self.looks().any(|look| look.asked.contains_key(&asked)) {
            true => Some(asked),
            false => live,
        }
    }

    pub(crate) fn found_record(
        &self,
        found: FoundRecord,
        address: &RecordAddress,
    ) -> Decided<FoundRecord> {
        Self::refuse(address, self.of_record(address))?;
        Ok(found)
    }

    /// Results of a search: that they are there is said, and nothing of them.
    pub(crate) fn hits(&self, mut report: FinderReport) -> FinderReport {
        for hit in &mut report.hits {
            let task = match (&hit.subject, hit.customer) {
                (Subject::Task(_), _) => None,
                (Subject::Record(address), _) => self.of_record(address),
                (_, Some(customer)) => self.of_customer(customer, None),
                _ => None,
            };
            if let Some(task) = task {
                hit.line = Self::told(&hit.subject, task);
                hit.positions.clear();
                hit.customer = None;
            }
        }
        report
    }

    /// Customers that are like a new record: who is asked again is left out, since by what their records
    /// say it could be told whether they are one.
    pub(crate) fn alike(&self, mut views: Vec<AlikeView>) -> Vec<AlikeView> {
        views.retain(|view| self.of_customer(view.customer, None).is_none());
        views
    }

    /// What is said of an undo beforehand that would take back what is asked again; nothing of others.
    pub(crate) fn undo(&self, foreseen: Option<&Decision>) -> Option<String> {
        let mut undone = foreseen?.reverses.iter();
        let (id, task) = undone.find_map(|id| Some((id, self.of_decision(*id)?)))?;
        Some(Self::told(format!("would undo {id}"), task))
    }

    /// Refuses to do anything to a customer while that is asked again: that it can be done to each of the
    /// two, or not, would tell the verdict.
    pub(crate) fn request(&self, action: &Action) -> Decided<()> {
        let named: Vec<CustomerId> = match action {
            Action::Merge { groups, .. } | Action::NotAMatch { groups } => {
                groups.iter().flatten().copied().collect()
            }
            Action::Pin { customer, .. }
            | Action::Unmerge { customer, .. }
            | Action::Hold { customer, .. }
            | Action::Lift { customer }
            | Action::Record { customer, .. } => vec![*customer],
            Action::Ask { customers, .. } => customers.clone(),
            _ => Vec::new(),
        };
        named.into_iter().try_for_each(|id| Self::refuse(id, self.of_customer(id, None)))
    }

    /// Refuses what is about any of these customers while it is asked again.
    pub(crate) fn all_of(&self, ids: &[CustomerId]) -> Decided<()> {
        ids.iter().try_for_each(|id| Self::refuse(id, self.of_customer(*id, None)))
    }

    /// A refusal that says who is one now, of somebody who is asked again, says no more than that; one that
    /// names decisions nothing of those.
    pub(crate) fn refusal(&self, request: &Request, refusal: Refusal) -> Refusal {
        let tells = matches!(
            refusal,
            Refusal::DoesNotApply { .. }
                | Refusal::AlreadySo { .. }
                | Refusal::Stale { .. }
                | Refusal::NotAMatchStands { .. }
        );
        let is_answer = self.looks().any(|look| request.task == Some(look.task.id));
        if let Some(why) = self.of_action(&request.action).filter(|_| tells && !is_answer) {
            return Refusal::DoesNotApply { why };
        }
        let Refusal::DependedOn { mut on, exported } = refusal else { return refusal };
        for dependant in &mut on {
            if let Some(task) = self.of_decision(dependant.decision) {
                dependant.summary = Self::told(dependant.decision, task);
            }
        }
        Refusal::DependedOn { on, exported }
    }

    /// The last decision in words.
    pub(crate) fn last(&self, last: Option<LastDecided>) -> Option<LastDecided> {
        let LastDecided { decision, line, bulk, of_grant } = last?;
        let line = self.of_decision(decision).map_or(line, |task| Self::told(decision, task));
        Some(LastDecided { decision, line, bulk, of_grant })
    }
}
