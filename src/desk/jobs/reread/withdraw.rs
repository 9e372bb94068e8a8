//! What an import changed, taken back: records have the values they had before it, those that it brought
//! are closed, those that it showed as vanished are there, those that came back with it are away, and
//! corrections and quarantines that ended with what it delivered hold again.
//!
//! What somebody delivered, read again or decided since stays.

use crate::error::{Decided, DeskError};
use crate::facts::{Facts, missing};
use crate::jobs::import::beginning::start_of;
use crate::overlays::place_of;
use crate::past::Past;
use crate::standing::{Chain, Delivered, Imports};
use domain::event::{Cause, RecordRevised};
use domain::{
    Commit, Correction, DecisionId, Event, FieldName, ImportId, RecordBody, RecordId, RecordState,
    Sequence, Vanished, Verdict,
};
use door::Refusal;
use store::{ImportEntry, Place};

/// An import, or a reread, that is being taken back.
pub(super) struct Withdrawn {
    pub(super) import: ImportId,
    /// The commit it began with.
    pub(super) began: Sequence,
    /// The interrupted undo of it that goes on.
    own: Option<ImportId>,
    /// The imports that stood before it is taken back.
    before: Imports,
    /// Those that stand without it.
    pub(super) imports: Imports,
}

/// What lies over a record, as it was and as it is to be.
pub(super) struct Layers {
    pub(super) record: RecordId,
    pub(super) before: RecordState,
    pub(super) after: RecordState,
}

/// What taking an import back makes of a record.
pub(super) struct Taken {
    /// What is to be delivered of it, where that is not what is.
    pub(super) to: Option<RecordRevised>,
    /// What is to lie over it, where that changes.
    pub(super) layers: Option<Layers>,
    /// What is in force before and after, where something else is held back.
    pub(super) seen: Option<Box<(RecordBody, RecordBody)>>,
    /// Whether what the import delivered of it stays, as more came since: the reread that came, none where it was
    /// delivered.
    pub(super) left: Option<Option<ImportId>>,
}

impl Withdrawn {
    /// The import with that id. `own`: the interrupted undo of it that goes on.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn of(
        facts: Facts<'_>,
        import: ImportId,
        own: Option<ImportId>,
    ) -> Result<Withdrawn, DeskError> {
        let entry = facts.view.import(import)?;
        let entry = entry.ok_or_else(|| missing(format!("the start of import {import}")))?;
        let before = Imports::of(facts)?.before(own);
        let imports = before.without(import);
        Ok(Withdrawn { import, own, began: entry.started.sequence, before, imports })
    }

    /// What becomes of a record; none where it stays as it is.
    ///
    /// # Errors
    /// When store or ledger are damaged.
    pub(super) fn taken(
        &self,
        past: &Past<'_>,
        record: RecordId,
    ) -> Result<Option<Taken>, DeskError> {
        let facts = past.facts();
        if facts.view.record_version(record)? < self.began {
            return Ok(None);
        }
        let chain = Chain::of(past, record)?;
        let decisions = |id: DecisionId| verdict(facts, id);
        let now = chain.standing(past, &self.before, &decisions)?;
        let then = chain.standing(past, &self.imports, &decisions)?;
        let place = |it: &Option<Delivered>| it.as_ref().map(|it| it.place);
        let is_moved = place(&now.latest) != place(&then.latest);
        let last = chain.last().0;
        // What an interrupted undo has put back already is there.
        let is_done = last.is_some_and(|last| Some(last.by()) == self.own);
        let is_gone = is_moved && then.latest.is_none();
        let says_it = |to: &Delivered| {
            last.is_some_and(|last| {
                last.revised.body == to.revised.body
                    && last.revised.import == to.revised.import
                    && last.revised.merged == to.revised.merged
            })
        };
        let to = then.latest.as_ref().filter(|to| is_moved && !is_done && !says_it(to));
        let to = to.map(|to| RecordRevised::clone(&to.revised));
        let before = facts.view.record_state(record)?;
        let mut after = before.clone();
        let is_changed = facts.view.record(record)?.touched;
        if is_changed || !is_moved {
            let is_delivered = then.latest.is_some();
            let vanished = (before.vanished, is_delivered);
            after.vanished = chain.vanished(vanished, &self.imports, &decisions)?;
        }
        after.overlaid = then.overlaid;
        after.reused = then.reused;
        if is_gone {
            after.vanished = self.gone(after.vanished);
        } else if is_moved && !is_done {
            self.give_back(past, &chain, &mut after)?;
        }
        let is_left = !is_moved && !is_done && self.delivered(&chain) && before == after;
        let left = is_left.then(|| now.latest.and_then(|it| it.revised.reread));
        let seen = match (&to, before.in_force(), after.in_force()) {
            (None, ..) | (_, None, None) => None,
            (Some(to), _, now) => {
                let now = now.map(|it| facts.revised(record, place_of(it))).transpose()?;
                let now = now.map_or_else(|| to.body.clone(), |it| it.body);
                Some(Box::new((facts.body(record)?, now)))
            }
        };
        let layers = (after != before).then_some(Layers { record, before, after });
        Ok((to.is_some() || layers.is_some() || left.is_some()).then_some(Taken {
            to,
            layers,
            seen,
            left,
        }))
    }

    /// Whether the import delivered a record, read it again or put it back, and stands.
    fn delivered(&self, chain: &Chain) -> bool {
        self.before.stands(self.import) && chain.was_revised_by(self.import)
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
        chain: &Chain,
        now: &mut RecordState,
    ) -> Result<(), DeskError> {
        let Some((before, after)) = chain.changed_by(self.import) else { return Ok(()) };
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
            let (was, is): (Option<Correction>, Option<Correction>) = (of(before), of(after));
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
