//! Unmasking: that somebody saw sensitive values in clear is written down before they do.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::SignedDuration;

use super::core::Desk;
use super::error::{Decided, DeskError};
use super::masking::Masks;
use super::versions;
use domain::event::Unmasked;
use domain::{FieldName, FieldType, ImportId, Sequence, Subject, TaskId};
use door::operations::ValuesOf;
use door::views::{DecisionView, PreviewView, TaskView, ValuesView};
use door::{Refusal, Session};

/// How long a field stays in clear.
const KEPT: SignedDuration = SignedDuration::from_mins(15);

/// What somebody sees in clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Values of these; of nobody in particular: of the history of everything.
    Of(Vec<Subject>),
    /// The rows of an import that are in quarantine.
    Rows(ImportId),
    /// The values of a field, of everybody.
    Values(FieldName, FieldType, ValuesOf),
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

    pub(super) fn of_values(view: &ValuesView) -> Self {
        Seen::Values(view.field.clone(), view.field_type, view.of)
    }

    /// A preview is of a customer, or of the task it answers.
    pub(super) fn of_preview(view: &PreviewView, task: Option<TaskId>) -> Option<Self> {
        let customer = view.customer.map(Subject::Customer);
        let subjects: Vec<Subject> = task.map(Subject::Task).into_iter().chain(customer).collect();
        (!subjects.is_empty()).then_some(Seen::Of(subjects))
    }
}

impl Desk {
    /// Records what somebody is about to see in clear, unless this session has seen it as it is now.
    ///
    /// # Errors
    /// When the ledger cannot be written: then it must stay masked. What is masked for them all the same is
    /// answered.
    pub(super) fn record_seen(&mut self, who: &Session, seen: Seen) -> Decided<Option<Arc<Masks>>> {
        if let Seen::Values(field, field_type, of) = &seen {
            let closed = self.closed_masks();
            if closed.is_some_and(|masks| masks.hide_values(field, *field_type, *of)) {
                self.must_not_be_closed(field)?;
                self.must_see_all()?;
            }
        }
        self.record_all_seen(who, seen)?;
        Ok(self.closed_masks())
    }

    /// The masks of what whoever the desk works for never sees unmasked; `None` where there is nothing so.
    pub(super) fn closed_masks(&self) -> Option<Arc<Masks>> {
        let acting = self.settings().acting.as_ref()?;
        let masks = self.masks();
        let open = masks.fields().filter(|field| !acting.closed.contains(*field)).cloned();
        let closed = masks.without(&open.collect());
        let closed = if acting.sees_properties { closed.without_properties() } else { closed };
        closed.hide_anything().then(|| Arc::new(closed))
    }

    fn record_all_seen(&mut self, who: &Session, seen: Seen) -> Result<(), DeskError> {
        let why = |error: DeskError| DeskError::StaysMasked(Box::new(error));
        match seen {
            Seen::Rows(import) => self.record_unmasked_rows(import).map_err(why),
            // Nobody is told that somebody saw what is shown to all.
            Seen::Values(field, field_type, of)
                if !self.masks().hide_values(&field, field_type, of) =>
            {
                Ok(())
            }
            Seen::Values(field, ..) => {
                self.record_unmasked_values(field.clone()).map_err(why)?;
                self.sessions.guessed(who.id).insert(field);
                Ok(())
            }
            Seen::Of(subjects) => {
                let things = self.as_they_are(&subjects)?;
                let known = self.sessions.seen(who.id);
                if things.iter().all(|(thing, version)| known.get(thing) == Some(version)) {
                    return Ok(());
                }
                self.record_unmasking(&subjects, None).map_err(why)?;
                // Recording it is a commit, too.
                let things = self.as_they_are(&subjects)?;
                self.sessions.seen(who.id).extend(things);
                Ok(())
            }
        }
    }

    /// Records that somebody asks who holds a value of a masked field, once a session: by asking again and
    /// again they could read what they do not see.
    ///
    /// # Errors
    /// Refused unless it `may` be recorded; when the ledger cannot be written.
    pub(super) fn record_guess(&mut self, field: &FieldName, may: bool) -> Decided<()> {
        self.must_not_be_closed(field)?;
        if !self.is_guess(field) {
            return Ok(());
        }
        if !may {
            let why = format!(
                "{field} is masked, and a dry run would tell who holds a value: pass --unmask, and the \
                 ledger records that you looked"
            );
            return Err(Refusal::DoesNotApply { why }.into());
        }
        self.record_unmasked_values(field.clone())?;
        self.sessions.guessed(self.acting.id).insert(field.clone());
        Ok(())
    }

    /// Refuses what tells who holds a value of a masked field before it is recorded that somebody asks.
    ///
    /// # Errors
    /// The refusal.
    pub(super) fn must_not_be_a_guess(&mut self, field: &FieldName) -> Decided<()> {
        self.must_not_be_closed(field)?;
        if self.is_guess(field) {
            let why = format!("{field} is masked: ask first which records hold these values");
            return Err(Refusal::DoesNotApply { why }.into());
        }
        Ok(())
    }

    /// Whether a field is masked, and nothing says yet that this session asked who holds a value of it.
    pub(super) fn is_guess(&mut self, field: &FieldName) -> bool {
        self.masks().hides(field) && !self.sessions.guessed(self.acting.id).contains(field)
    }

    /// Keeps the values of these fields in clear for whoever asks, for a quarter of an hour.
    pub(super) fn keep_in_clear(&mut self, fields: Vec<FieldName>) {
        let until = self.now().checked_add(KEPT).ok();
        let kept = self.sessions.in_clear(self.acting.id);
        let fields: BTreeSet<FieldName> = fields.into_iter().collect();
        // Of a field that was masked so far nobody's was seen.
        if !fields.is_subset(&kept.fields) {
            kept.seen.clear();
        }
        (kept.fields, kept.until) = (fields, until);
    }

    /// What is masked for whoever asks, of an answer that shows values of these. Where it cannot be
    /// recorded that somebody sees them, all stays masked.
    pub(super) fn masks_for(&mut self, who: &Session, seen: Option<Seen>) -> Arc<Masks> {
        let masks = self.masks();
        let mut kept = self.sessions.kept(who.id, self.now());
        kept.retain(|field| masks.hides(field) && !self.is_closed(field));
        let Some(Seen::Of(subjects)) = seen.filter(|_| !kept.is_empty()) else { return masks };
        if subjects.is_empty() || self.record_kept(who, &subjects, &kept).is_err() {
            return masks;
        }
        Arc::new(masks.without(&kept))
    }

    /// Records that somebody is about to see values of these fields, unless this session has seen them
    /// as they are now.
    fn record_kept(
        &mut self,
        who: &Session,
        subjects: &[Subject],
        fields: &BTreeSet<FieldName>,
    ) -> Result<(), DeskError> {
        let things = self.as_they_are(subjects)?;
        let all = self.sessions.seen(who.id);
        let saw_all = things.iter().all(|(thing, version)| all.get(thing) == Some(version));
        let known = &self.sessions.in_clear(who.id).seen;
        if saw_all || things.iter().all(|(thing, version)| known.get(thing) == Some(version)) {
            return Ok(());
        }
        self.record_unmasking(subjects, Some(fields))?;
        // Recording it is a commit, too.
        let things = self.as_they_are(subjects)?;
        self.sessions.in_clear(who.id).seen.extend(things);
        Ok(())
    }

    /// Things with their versions: what changes is to be seen again. `None` means everybody.
    pub(super) fn as_they_are(
        &self,
        subjects: &[Subject],
    ) -> Result<Vec<(Option<Subject>, Sequence)>, DeskError> {
        let facts = self.facts();
        if subjects.is_empty() {
            let head = self.reader.head().map(|head| head.sequence).unwrap_or_default();
            return Ok(vec![(None, head)]);
        }
        let version = |subject: &Subject| match subject {
            Subject::Customer(customer) => Ok(facts.view.customer_version(*customer)?),
            Subject::Record(address) => match facts.find(address)? {
                Some(record) => Ok(facts.view.customer_version(facts.view.customer_of(record)?)?),
                None => Ok(Sequence::ZERO),
            },
            Subject::Task(task) => match facts.view.task(*task)? {
                Some(entry) => versions::of_task(facts, &entry.task),
                None => Ok(Sequence::ZERO),
            },
            // What they set and who they were about stays as it was.
            Subject::Decision(_) | Subject::Bulk(_) | Subject::Import(_) => Ok(Sequence::ZERO),
        };
        subjects.iter().map(|it| Ok((Some(it.clone()), version(it)?))).collect()
    }

    /// Records that sensitive values of these are about to be shown in clear, of all such fields or
    /// only of some.
    ///
    /// # Errors
    /// When the ledger cannot be written: then they must stay masked.
    fn record_unmasking(
        &mut self,
        subjects: &[Subject],
        only: Option<&BTreeSet<FieldName>>,
    ) -> Result<(), DeskError> {
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
        let fields = facts.settings.fields.iter().filter(|it| facts.settings.is_masked(it));
        let fields = fields.map(|field| field.name.clone());
        let fields = fields.filter(|field| !self.is_closed(field));
        let fields = fields.filter(|field| only.is_none_or(|only| only.contains(field))).collect();
        let subjects = named.into_iter().collect();
        let unmasked = Unmasked { subjects, quarantine: None, fields };
        self.commit(vec![unmasked.into()])?;
        Ok(())
    }

    /// Records that the values of a field are about to be shown in clear, whoever's they are.
    ///
    /// # Errors
    /// When the ledger cannot be written: then they must stay masked.
    pub(super) fn record_unmasked_values(&mut self, field: FieldName) -> Result<(), DeskError> {
        let unmasked = Unmasked { subjects: Vec::new(), quarantine: None, fields: vec![field] };
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
