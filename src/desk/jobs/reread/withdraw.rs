//! What an import changed, taken back: records have the values they had before it, those that it brought
//! are closed, those that it showed as vanished are there, those that came back with it are away, and
//! corrections and quarantines that ended with what it delivered hold again.
//!
//! What somebody delivered, read again or decided since stays.

use crate::error::{Decided, DeskError};
use crate::facts::{Facts, missing};
use crate::jobs::import::beginning::start_of;
use crate::overlays;
use crate::past::Past;
use crate::standing::{self, Imports};
use domain::event::{Cause, RecordRevised};
use domain::{
    Commit, Correction, DecisionId, Event, FieldName, ImportId, RecordId, RecordState, Sequence,
    Vanished, Verdict,
};
use door::Refusal;
use store::{ImportEntry, Place};

/// An import, or a reread, that is being taken back.
pub(super) struct Withdrawn {
    pub(super) import: ImportId,
    /// The commit it began with.
    pub(super) began: Sequence,
    /// The imports that stand without it.
    pub(super) imports: Imports,
}

/// What lies over a record, as it was and as it is to be.
pub(super) struct Layers {
    pub(super) record: RecordId,
    pub(super) before: RecordState,
    pub(super) after: RecordState,
}

/// How an import that is taken back stands to a record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Touch {
    /// It brought it, and nothing was delivered since.
    Brought,
    /// What it delivered of it is what is held.
    Revised,
    /// It said no more of it than that it is there, or is not; or more came since.
    Passed,
}

impl Withdrawn {
    /// The import with that id.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn of(facts: Facts<'_>, import: ImportId) -> Result<Withdrawn, DeskError> {
        let entry = facts.view.import(import)?;
        let entry = entry.ok_or_else(|| missing(format!("the start of import {import}")))?;
        let imports = Imports::without(facts, import)?;
        Ok(Withdrawn { import, began: entry.started.sequence, imports })
    }

    /// What is to lie over a record; none where that is as it is.
    ///
    /// # Errors
    /// When store or ledger are damaged.
    pub(super) fn layers(
        &self,
        past: &Past<'_>,
        record: RecordId,
        touch: Touch,
    ) -> Result<Option<Layers>, DeskError> {
        let facts = past.facts();
        let is_changed =
            facts.view.record(record)?.touched && facts.view.record_version(record)? >= self.began;
        if !is_changed && touch != Touch::Brought {
            return Ok(None);
        }
        let before = facts.view.record_state(record)?;
        let mut after = before.clone();
        if is_changed {
            let verdict = |id: DecisionId| verdict(facts, id);
            let vanished = before.vanished;
            after.vanished = standing::vanished(past, record, vanished, &self.imports, &verdict)?;
            after.overlaid = overlays::standing(past, record, &self.imports, &verdict)?;
        }
        match touch {
            Touch::Brought => after.vanished = self.gone(after.vanished),
            Touch::Revised if is_changed => self.give_back(past, record, &mut after)?,
            Touch::Revised | Touch::Passed => {}
        }
        Ok((after != before).then_some(Layers { record, before, after }))
    }

    /// How a record is gone that the import brought. What a person has decided of it stays.
    fn gone(&self, by_others: Option<Vanished>) -> Option<Vanished> {
        let (closed, decision, deleted, undone) = (true, None, false, true);
        let gone = Vanished { import: self.import, closed, decision, deleted, undone };
        Some(by_others.filter(|vanished| !vanished.is_undecided()).unwrap_or(gone))
    }

    /// Gives back what people had put over a record and what was delivered ended, or the other way round.
    fn give_back(
        &self,
        past: &Past<'_>,
        record: RecordId,
        now: &mut RecordState,
    ) -> Result<(), DeskError> {
        let mut change: Option<(RecordState, RecordState)> = None;
        past.each_touch(record, &mut |commit| {
            for event in commit.events.iter().rev() {
                if let Event::RecordChanged(it) = event
                    && it.record == record
                    && it.cause == Cause::Import(self.import)
                {
                    let after = change.take().map_or_else(|| it.after.clone(), |(_, after)| after);
                    change = Some((it.before.clone(), after));
                }
            }
            Ok(commit.sequence > self.began)
        })?;
        let Some((before, after)) = change else { return Ok(()) };
        let stands = |by: DecisionId| -> Result<bool, DeskError> {
            Ok(verdict(past.facts(), by)?.is_some())
        };
        if before.quarantined != after.quarantined && now.quarantined == after.quarantined {
            let by = before.quarantined;
            now.quarantined = if by.map(stands).transpose()? == Some(true) { by } else { None };
        }
        let fields = before.corrections.keys().chain(after.corrections.keys());
        for field in fields.cloned().collect::<Vec<FieldName>>() {
            let of = |state: &RecordState| state.corrections.get(&field).cloned();
            let (was, is): (Option<Correction>, Option<Correction>) = (of(&before), of(&after));
            if was == is || of(now) != is {
                continue;
            }
            match was {
                Some(was) if stands(was.decision)? => now.corrections.insert(field, was),
                _ => now.corrections.remove(&field),
            };
        }
        Ok(())
    }
}

/// What a decision said, where it stands.
fn verdict(facts: Facts<'_>, decision: DecisionId) -> Result<Option<Verdict>, DeskError> {
    let entry = facts.view.decision(decision)?.filter(store::DecisionEntry::stands);
    Ok(entry.map(|entry| entry.verdict))
}

/// The import, reread or undo that a commit is of; none where it is a decision or a match.
pub(super) fn import_of(commit: &Commit) -> Option<ImportId> {
    commit.events.iter().find_map(|event| match event {
        Event::RecordRevised(revised) => Some(revised.reread.unwrap_or(revised.import)),
        Event::RecordChanged(changed) => match changed.cause {
            Cause::Import(import) => Some(import),
            _ => None,
        },
        _ => None,
    })
}

/// The records that an interrupted undo has closed or opened already.
///
/// # Errors
/// When store or ledger are damaged.
pub(super) fn changed_already(
    facts: Facts<'_>,
    import: ImportId,
    held: &[(Place, RecordRevised)],
) -> Result<Vec<Layers>, DeskError> {
    let past = Past::after(facts, Sequence::ZERO);
    let mut already = Vec::new();
    for (_, held) in held {
        let commit = past.commit(facts.view.record_version(held.record)?)?;
        already.extend(commit.events.iter().find_map(|event| match event {
            Event::RecordChanged(it)
                if it.record == held.record && it.cause == Cause::Import(import) =>
            {
                let (before, after) = (it.before.clone(), it.after.clone());
                Some(Layers { record: held.record, before, after })
            }
            _ => None,
        }));
    }
    Ok(already)
}

/// The import that is to be taken back, which has come to its end.
///
/// # Errors
/// The refusal where there is none, or it was interrupted; when the store or the ledger is damaged.
pub(super) fn to_be_withdrawn(facts: Facts<'_>, import: ImportId) -> Decided<ImportEntry> {
    let entry = facts.view.import(import)?;
    let entry = entry.ok_or_else(|| crate::error::unknown(&import))?;
    let started = start_of(facts, &entry)?.ok_or_else(|| crate::error::unknown(&import))?;
    if entry.finished.is_none() && started.reread.is_none() {
        let why = format!(
            "{import} was interrupted: import {} once more to complete it, then undo it",
            started.file
        );
        return Err(Refusal::DoesNotApply { why }.into());
    }
    Ok(entry)
}
