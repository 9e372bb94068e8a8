//! Nothing in words is kept of somebody who was erased, or of whom nothing is held: no later erasure could reach what
//! is typed now.

use super::command::{Command, does_not_apply};
use crate::error::{Decided, DeskError};
use crate::facts::Facts;
use crate::requests::Asked;
use crate::turned::Turned;
use domain::{CustomerId, DecisionId, ReasonCode, Subject};

/// What is said of words about somebody of whom nothing is held.
pub(super) const OF_NOBODY: &str = "nothing in words is kept of somebody of whom nothing is held, because no erasure \
    could reach it: leave the text out, or pass --reason with a code of steward.toml";

/// Refuses a note, and a reason that no list names, about somebody who was erased, or of whom nothing is held.
pub(super) fn refuse(command: &Command<'_, '_>, erased: CustomerId) -> Decided<()> {
    let settings = &command.facts.settings.decisions;
    let is_listed =
        |given: &ReasonCode| settings.reasons.iter().any(|reason| reason.code == *given);
    let says = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    let types_reason = command.decision.reason.as_ref().is_some_and(|given| !is_listed(given));
    if types_reason || says(&command.decision.note) || says(&command.request.break_glass) {
        if erased == CustomerId::NOBODY {
            return Err(does_not_apply(OF_NOBODY));
        }
        return Err(does_not_apply(format!(
            "{erased} was erased, and what you type now could never be: leave the text out"
        )));
    }
    Ok(())
}

/// The same for an undo, by what it takes back and brings back.
pub(super) fn refuse_for_undo(command: &Command<'_, '_>, turned: &Turned) -> Decided<()> {
    let facts = command.facts;
    let says = command.decision.note.is_some()
        || command.decision.reason.is_some()
        || command.request.break_glass.is_some();
    if !says {
        return Ok(());
    }
    for id in turned.down.iter().chain(&turned.up) {
        if let Some(erased) = about_erased(facts, *id)? {
            refuse(command, erased)?;
        }
    }
    Ok(())
}

/// Who was erased, or is nobody held, of those that a decision was about.
fn about_erased(facts: Facts<'_>, id: DecisionId) -> Result<Option<CustomerId>, DeskError> {
    let decision = facts.decision(id)?;
    let mut about: Vec<CustomerId> = Vec::new();
    for subject in &decision.subjects {
        if let Subject::Customer(customer) = subject {
            about.push(*customer);
        }
    }
    let task = decision.task.map(|task| facts.view.task(task)).transpose()?.flatten();
    if let Some(task) = task.map(|entry| entry.task) {
        about.extend(Asked::of(&task).map(|asked| asked.customer));
        about.extend(task.customers);
    }
    for customer in about {
        if customer == CustomerId::NOBODY || facts.view.erased_in(customer)?.is_some() {
            return Ok(Some(customer));
        }
    }
    Ok(None)
}
