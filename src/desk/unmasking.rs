//! Unmasking: that somebody saw sensitive values in clear is written down before they do.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::core::Desk;
use super::error::DeskError;
use domain::event::Unmasked;
use domain::{ImportId, Subject, TaskId};
use door::views::{DecisionView, PreviewView, TaskView};
use door::{Session, SessionId};

/// What somebody sees in clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Values of these; of nobody in particular: of the history of everything.
    Of(Vec<Subject>),
    /// The rows of an import that are in quarantine.
    Rows(ImportId),
}

impl Seen {
    pub(super) fn of(subjects: impl IntoIterator<Item = Subject>) -> Self {
        Seen::Of(subjects.into_iter().collect())
    }

    pub(super) fn of_task(view: &TaskView) -> Self {
        let customers = view.columns.iter().map(|it| Subject::Customer(it.customer));
        Seen::of(view.task.iter().map(|task| Subject::Task(task.id)).chain(customers))
    }

    pub(super) fn of_decision(view: &DecisionView) -> Self {
        let customers = view.groups.iter().map(|it| Subject::Customer(it.customer));
        let task = view.task.map(Subject::Task);
        Seen::of(view.subjects.iter().cloned().chain(task).chain(customers))
    }

    /// A preview is of a customer, or of the task it answers.
    pub(super) fn of_preview(view: &PreviewView, task: Option<TaskId>) -> Option<Self> {
        let customer = view.customer.map(Subject::Customer);
        let subjects: Vec<Subject> = task.map(Subject::Task).into_iter().chain(customer).collect();
        (!subjects.is_empty()).then_some(Seen::Of(subjects))
    }
}

/// What the sessions have seen in clear: each thing is recorded once for each of them.
pub(super) type SeenBySession = HashMap<SessionId, HashSet<Option<Subject>>>;

impl Desk {
    /// Records what somebody is about to see in clear, unless this session has seen it before.
    ///
    /// # Errors
    /// When the ledger cannot be written: then it must stay masked.
    pub(super) fn record_seen(&mut self, who: &Session, seen: Seen) -> Result<(), DeskError> {
        let why = |error: DeskError| DeskError::StaysMasked(Box::new(error));
        match seen {
            Seen::Rows(import) => self.record_unmasked_rows(import).map_err(why),
            Seen::Of(subjects) => {
                let known = self.seen.entry(who.id).or_default();
                let things: Vec<Option<Subject>> = match subjects.as_slice() {
                    [] => vec![None],
                    subjects => subjects.iter().cloned().map(Some).collect(),
                };
                if things.iter().all(|thing| known.contains(thing)) {
                    return Ok(());
                }
                self.record_unmasking(&subjects).map_err(why)?;
                self.seen.entry(who.id).or_default().extend(things);
                Ok(())
            }
        }
    }

    /// Records that sensitive values of these are about to be shown in clear.
    ///
    /// # Errors
    /// When the ledger cannot be written: then they must stay masked.
    pub(super) fn record_unmasking(&mut self, subjects: &[Subject]) -> Result<(), DeskError> {
        self.adopt_settings()?;
        let facts = self.facts();
        let mut named = BTreeSet::new();
        for subject in subjects {
            match subject {
                // An address may itself be personal: the ledger names its customer.
                Subject::Record(address) => {
                    if let Some(record) = facts.find(address)? {
                        named.insert(Subject::Customer(facts.view.customer_of(record)?));
                    }
                }
                other => {
                    named.insert(other.clone());
                }
            }
        }
        let fields = facts.settings.fields.iter().filter(|field| field.sensitive);
        let fields = fields.map(|field| field.name.clone()).collect();
        let subjects = named.into_iter().collect();
        let unmasked = Unmasked { subjects, quarantine: None, fields };
        self.commit(vec![unmasked.into()])?;
        Ok(())
    }

    /// Records that the rows of an import that are in quarantine are about to be shown in clear.
    ///
    /// # Errors
    /// When the ledger cannot be written: then they must stay masked.
    pub(super) fn record_unmasked_rows(&mut self, import: ImportId) -> Result<(), DeskError> {
        let (subjects, fields) = (Vec::new(), Vec::new());
        let unmasked = Unmasked { subjects, quarantine: Some(import), fields };
        self.commit(vec![unmasked.into()])?;
        Ok(())
    }
}
