//! What is withheld from a person while they are asked what they, or others, decided: the one place that says
//! so, for every answer and every export.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::looks::Look;
use crate::error::Decided;
use domain::{
    CustomerId, DecisionId, RecordAddress, RecordId, Sequence, Subject, TaskId, TaskKind,
};
use door::Refusal;
use door::views::{
    AlikeView, ConsentView, CorrectedSome, CustomerView, DecisionView, ErasureReach,
    ExplanationView, FinderReport, First, FormationView, FoundRecord, HistoryEntry, HoldView,
    LastDecided, MaybeSame, MeasuresView, RecordView, RequestView, RetentionView, RunsDiff,
    TaskPage, TaskView, TimelineView,
};

/// What is withheld from one person now.
pub struct Withheld {
    looks: Arc<Vec<Look>>,
    now: Timestamp,
}

impl Withheld {
    pub(super) fn of(looks: Arc<Vec<Look>>, now: Timestamp) -> Self {
        Self { looks, now }
    }

    pub(super) fn looks(&self) -> impl Iterator<Item = &Look> {
        self.looks.iter().filter(|look| !look.task.is_early(self.now))
    }

    /// The second look at that decision, if one waits.
    pub(crate) fn of_decision(&self, id: DecisionId) -> Option<TaskId> {
        self.looks().find(|look| look.decisions.contains(&id)).map(|look| look.task.id)
    }

    pub(super) fn of_customer(&self, id: CustomerId, at: Option<Timestamp>) -> Option<TaskId> {
        let is_about = |look: &&Look| look.is_about(id);
        // What was before the verdict says nothing of it.
        let is_later = |look: &&Look| at.is_none_or(|at| at >= look.at);
        self.looks().find(|look| is_about(look) && is_later(look)).map(|look| look.task.id)
    }

    pub(super) fn of_record(&self, address: &RecordAddress) -> Option<TaskId> {
        self.looks().find(|look| look.records.contains(address)).map(|look| look.task.id)
    }

    /// A sentence about what is withheld.
    pub(super) fn told(what: impl std::fmt::Display, task: TaskId) -> String {
        format!("{what}: a verdict is withheld until {task} is answered")
    }

    pub(super) fn refuse(what: impl std::fmt::Display, task: Option<TaskId>) -> Decided<()> {
        match task {
            Some(task) => Err(Refusal::DoesNotApply { why: Self::told(what, task) }.into()),
            None => Ok(()),
        }
    }

    /// Why a task is here: of the one that was answered, how many it was about and what came of it.
    pub(crate) fn reasons(&self, lines: Vec<String>, id: TaskId) -> Decided<Vec<String>> {
        let answered = self.looks().find(|look| look.answered == Some(id));
        Self::refuse(id, answered.map(|look| look.task.id))?;
        self.must_tell_of(id)?;
        Ok(lines)
    }

    /// The customer of a record: of what is asked again the one it had before the verdict.
    pub(crate) fn home(&self, record: RecordId, now: CustomerId) -> CustomerId {
        let mut asked = self.looks().flat_map(|look| &look.asked);
        let before = asked.find(|(_, records)| records.contains(&record));
        before.map_or(now, |(customer, _)| *customer)
    }

    pub(crate) fn task(&self, view: TaskView) -> Decided<TaskView> {
        let mut view = view;
        let id = view.task.as_ref().map(|task| task.id);
        let is_itself = view.task.as_ref().is_some_and(|task| task.second_look_at().is_some());
        if !is_itself {
            id.map(|id| self.must_tell_of(id)).transpose()?;
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

    /// A customer's line of time: with whom it is one now is the verdict.
    pub(crate) fn timeline(&self, view: TimelineView, asked: CustomerId) -> Decided<TimelineView> {
        let of = |id| self.of_customer(id, None);
        Self::refuse(asked, of(asked).or_else(|| of(view.customer)))?;
        Ok(TimelineView { history: self.history(view.history)?, ..view })
    }

    /// What a customer's measures say: with whom it is one now is the verdict.
    pub(crate) fn measures(&self, view: MeasuresView, asked: CustomerId) -> Decided<MeasuresView> {
        let of = |id| self.of_customer(id, None);
        Self::refuse(asked, of(asked).or_else(|| of(view.customer)))?;
        Ok(view)
    }

    /// The customers of questions that are asked again, as they were before the verdicts. Whoever stands for them now
    /// is in no count: how many there are is the verdict.
    pub(crate) fn asked_about(&self) -> BTreeSet<CustomerId> {
        self.looks().flat_map(|look| look.asked.keys().copied()).collect()
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

    /// Requests of somebody who is asked about again: who may be the same person, and on whom a restriction lies, is
    /// the verdict.
    pub(crate) fn requests(&self, mut views: Vec<RequestView>) -> Vec<RequestView> {
        let is_told = |id: &CustomerId| self.of_customer(*id, None).is_none();
        for view in &mut views {
            if !is_told(&view.customer) || !view.in_force_on.iter().all(is_told) {
                view.in_force_on.clear();
            }
            let tells = |same: &MaybeSame| same.customers.iter().all(is_told);
            view.maybe_same.retain(|same| is_told(&view.customer) && tells(same));
        }
        views
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

    /// Other tasks that wait about what is asked again: they are not offered before it is answered.
    pub(crate) fn beside(&self) -> impl Iterator<Item = TaskId> {
        self.looks.iter().flat_map(|look| self.hidden_by(look)).copied()
    }

    fn hidden_by<'l>(&self, look: &'l Look) -> &'l BTreeSet<TaskId> {
        if look.task.is_early(self.now) { &look.disagreements } else { &look.beside }
    }

    /// Refuses what is about such a task.
    pub(crate) fn must_tell_of(&self, task: TaskId) -> Decided<()> {
        let look = self.looks.iter().find(|look| self.hidden_by(look).contains(&task));
        Self::refuse(task, look.map(|look| look.task.id))
    }

    /// What a correction of many comes to: of somebody who is asked about again, which customer's golden value that
    /// is, and which it was, is the verdict.
    pub(crate) fn corrected(&self, mut done: CorrectedSome) -> CorrectedSome {
        done.golden.retain(|change| self.of_customer(change.customer, None).is_none());
        done
    }

    /// Tasks in a list: of the one that was answered as much as was known before, and of others about the same
    /// customers nothing that the verdict changed.
    pub(crate) fn tasks(&self, mut page: TaskPage) -> TaskPage {
        for line in &mut page.lines {
            let is_about = |look: &&Look| {
                look.answered == Some(line.id)
                    || line
                        .subjects
                        .iter()
                        .any(|it| matches!(it, Subject::Customer(id) if look.is_about(*id)))
            };
            let is_itself = line.kind == TaskKind::Second || line.kind == TaskKind::Check;
            let Some(look) = self.looks().find(is_about).filter(|_| !is_itself) else { continue };
            line.reason = Self::told(line.id, look.task.id);
            (line.name, line.summary, line.of_records) = (String::new(), None, None);
            if look.answered == Some(line.id) {
                line.subjects = look.asked.keys().map(|id| Subject::Customer(*id)).collect();
                line.count = look.asked.len() as u64;
            }
        }
        page
    }

    /// What two runs made of customers: that one of them grew, or is gone, is the verdict.
    pub(crate) fn runs(&self, mut diff: RunsDiff) -> RunsDiff {
        fn without<T>(list: &mut First<T>, told: impl Fn(&T) -> bool) {
            let before = list.first.len();
            list.first.retain(told);
            list.count = list.count.saturating_sub((before - list.first.len()) as u64);
        }
        let is_told = |id: &CustomerId| self.of_customer(*id, None).is_none();
        let all =
            |one: &CustomerId, others: &[CustomerId]| is_told(one) && others.iter().all(is_told);
        without(&mut diff.groups.grew, |it| all(&it.customer, &it.from));
        without(&mut diff.groups.split, |it| all(&it.customer, &it.into));
        without(&mut diff.groups.went, |it| is_told(&it.customer) && it.into.iter().all(is_told));
        diff
    }

    /// Results of a search: of records that they are there is said, and nothing of them. How many customers they are
    /// would tell the verdict.
    pub(crate) fn hits(&self, mut report: FinderReport) -> FinderReport {
        report.hits.retain(|hit| match &hit.subject {
            Subject::Customer(id) => self.of_customer(*id, None).is_none(),
            _ => true,
        });
        for hit in &mut report.hits {
            let task = match (&hit.subject, hit.customer) {
                (Subject::Task(id), _) => {
                    let look = self.looks().find(|look| look.answered == Some(*id));
                    hit.settled = hit.settled.take().filter(|_| look.is_none());
                    look.map(|look| look.task.id)
                }
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

    /// The last decision in words.
    pub(crate) fn last(&self, last: Option<LastDecided>) -> Option<LastDecided> {
        let LastDecided { decision, line, bulk, of_grant } = last?;
        let line = self.of_decision(decision).map_or(line, |task| Self::told(decision, task));
        Some(LastDecided { decision, line, bulk, of_grant })
    }
}
