//! What was ever delivered of a record and said of it, from the first commit on.

use std::rc::Rc;

use super::replay::{self, Stands};
use super::{Decisions, Imports, vanished};
use crate::error::DeskError;
use crate::past::Past;
use domain::event::{Cause, RecordChanged, RecordRevised};
use domain::{Commit, Event, ImportId, RecordId, RecordState, RevisionPlace, Vanished};
use store::Place;

/// A revision of a record, and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Delivered {
    pub(crate) place: Place,
    pub(crate) revised: Rc<RecordRevised>,
}

impl Delivered {
    /// Where it stands, with its number.
    pub(crate) fn at(&self) -> RevisionPlace {
        RevisionPlace {
            commit: self.place.sequence,
            event: u32::from(self.place.index),
            revision: self.revised.revision,
        }
    }

    /// The import or the reread that brought it.
    pub(crate) fn by(&self) -> ImportId {
        self.revised.reread.unwrap_or(self.revised.import)
    }

    pub(super) fn is(&self, other: &Delivered) -> bool {
        self.place == other.place
    }
}

/// What a commit says of a record.
pub(super) struct Step {
    pub(super) revised: Vec<Delivered>,
    pub(super) changed: Option<RecordChanged>,
}

impl Step {
    fn of(commit: &Commit, record: RecordId) -> Step {
        let mut step = Step { revised: Vec::new(), changed: None };
        for (index, event) in commit.events.iter().enumerate() {
            match event {
                Event::RecordRevised(revised) if revised.record == record => {
                    let index = u16::try_from(index).unwrap_or(u16::MAX);
                    let place = Place { sequence: commit.sequence, index };
                    step.revised.push(Delivered { place, revised: Rc::new(revised.clone()) });
                }
                Event::RecordChanged(changed) if changed.record == record => {
                    step.changed = Some(changed.clone());
                }
                _ => {}
            }
        }
        step
    }
}

/// All that was delivered of a record and said of it, the first first.
pub(crate) struct Chain {
    pub(super) steps: Vec<Step>,
}

impl Chain {
    /// Of a record, with all that was said of it up to now.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn of(past: &Past<'_>, record: RecordId) -> Result<Chain, DeskError> {
        let mut steps = Vec::new();
        past.each_touch(record, &mut |commit| {
            steps.push(Step::of(commit, record));
            Ok(true)
        })?;
        steps.reverse();
        Ok(Chain { steps })
    }

    /// What is to be, by the imports and decisions that stand.
    ///
    /// # Errors
    /// When the store or the ledger is damaged, and what `decisions` fails with.
    pub(crate) fn standing(
        &self,
        past: &Past<'_>,
        imports: &Imports,
        decisions: &Decisions<'_>,
    ) -> Result<Stands, DeskError> {
        replay::of(self, past.facts(), imports, decisions)
    }

    /// What becomes of it that its source no longer held it. `now`: how it is; `is_delivered`: whether anything is
    /// delivered of it that stands.
    ///
    /// # Errors
    /// When the store or the ledger is damaged, and what `decisions` fails with.
    pub(crate) fn vanished(
        &self,
        (now, is_delivered): (Option<Vanished>, bool),
        imports: &Imports,
        decisions: &Decisions<'_>,
    ) -> Result<Option<Vanished>, DeskError> {
        vanished::of(self, (now, is_delivered), imports, decisions)
    }

    /// Every revision, the first first.
    pub(super) fn revisions(&self) -> impl DoubleEndedIterator<Item = &Delivered> {
        self.steps.iter().flat_map(|step| &step.revised)
    }

    /// The revision that says what this one says, and was delivered or read again: of what an undo put back, what it
    /// put back.
    pub(crate) fn origin<'s>(&'s self, of: &'s Delivered, imports: &Imports) -> &'s Delivered {
        if imports.undone_by(of.by()).is_none() {
            return of;
        }
        let says_it = |it: &&Delivered| {
            it.place < of.place
                && imports.undone_by(it.by()).is_none()
                && it.revised.import == of.revised.import
                && it.revised.body == of.revised.body
                && it.revised.merged == of.revised.merged
        };
        self.revisions().rev().find(says_it).unwrap_or(of)
    }

    /// The revision at a place.
    pub(super) fn at(&self, place: RevisionPlace) -> Option<&Delivered> {
        let is_there = |it: &&Delivered| {
            it.place.sequence == place.commit && u32::from(it.place.index) == place.event
        };
        self.revisions().find(is_there)
    }

    /// The revision with a number.
    pub(crate) fn numbered(&self, revision: u32) -> Option<&Delivered> {
        self.revisions().find(|it| it.revised.revision == revision)
    }

    /// The last revision, and the one before the commit that brought it.
    pub(crate) fn last(&self) -> (Option<&Delivered>, Option<&Delivered>) {
        let last = self.revisions().next_back();
        let is_before =
            |it: &&Delivered| last.is_some_and(|last| it.place.sequence < last.place.sequence);
        (last, self.revisions().rev().find(is_before))
    }

    /// Whether an import brought a revision, or changed what lies over the record.
    pub(crate) fn was_revised_by(&self, import: ImportId) -> bool {
        self.revisions().any(|it| it.by() == import)
    }

    /// What an import changed of what lies over the record: as it was before, and after.
    pub(crate) fn changed_by(&self, import: ImportId) -> Option<(&RecordState, &RecordState)> {
        let its = |changed: &&RecordChanged| changed.cause == Cause::Import(import);
        let mut changes = self.steps.iter().filter_map(|step| step.changed.as_ref()).filter(its);
        let first = changes.next()?;
        let last = changes.next_back().unwrap_or(first);
        Some((&first.before, &last.after))
    }
}
