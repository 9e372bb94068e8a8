//! Undo: everything as it was before, exactly, at any age.
//!
//! A decision's own commit says what it changed, before and after. Undo moves every record back to
//! the customer it had then from wherever it is now, restores pins and layers that are still as
//! the decision left them, and brings tasks back for another look (`tasks.rs`): whether they wait
//! again is decided with the consequences, as after any decision. What came later and does not build
//! on the decision stays; for each that does the steward chooses. Undoing an undo is redo, by the
//! same means; it is refused where people have decided otherwise since.

mod commit;
mod dependants;
mod granted;
mod home;
mod layers;
mod move_back;
mod raise;
mod redo;
mod tasks;
mod touched;

use std::collections::{BTreeMap, BTreeSet};

use commit::{change, commit_of};
pub(crate) use granted::left_by;
use granted::{Left, answers_check};

use super::command::{Command, does_not_apply};
use super::words;
use crate::draft::Draft;
use crate::error::{Decided, DeskError, Stop, unknown};
use crate::facts::Facts;
use crate::redirects;
use crate::requests::half_done;
use crate::turned::Turned;
use domain::event::{Cause, CustomerChanged, RecordChanged};
use domain::{
    Commit, CustomerId, Decision, DecisionId, Event, RequestStep, Sequence, Standing, Subject,
    TaskState, Verdict,
};
use door::{DependantChoice, Refusal};

type Choices = BTreeMap<DecisionId, DependantChoice>;

pub(super) fn decide(
    command: &mut Command<'_, '_>,
    decisions: &[DecisionId],
    with_dependents: bool,
    choices: &Choices,
) -> Decided<()> {
    let facts = command.facts;
    let mut undone: BTreeSet<DecisionId> = decisions.iter().copied().collect();
    if undone.is_empty() {
        return Err(does_not_apply("there is no decision to undo"));
    }
    leave_out_erased(facts, &mut undone)?;
    for id in &undone {
        let entry = facts.view.decision(*id)?.ok_or_else(|| unknown(id))?;
        if let Some(by) = entry.undone_by {
            return Err(does_not_apply(format!("{id} was already undone by {by}")));
        }
    }
    leave_out_ended(facts, &mut undone)?;
    granted::whole(facts, &mut undone)?;
    let (kept, left) = with_those_chosen(facts, &mut undone, with_dependents, choices)?;
    left.refuse_all(facts, &undone)?;
    let turned = Turned::by(facts.view, undone.iter().rev().copied())?;
    refuse_turned_already(facts, &turned)?;
    words::refuse_for_undo(command, &turned)?;
    refuse_half_done(facts, &turned)?;
    for id in undone.iter().rev() {
        let commit = left.commit(facts, *id)?;
        refuse_erased(facts, *id, &commit)?;
        reverse(&mut command.draft, &turned, &commit)?;
        tasks::closed_since(facts, &mut command.draft, &commit, &undone)?;
        layers::find_pins(&mut command.draft, *id, &commit)?;
        command.decision.reverses.push(*id);
    }
    tasks::answered(&mut command.draft, &turned)?;
    layers::drop_undone(&mut command.draft, &turned)?;
    for id in &undone {
        let commit = left.commit(facts, *id)?;
        let gone = raise::again(&mut command.draft, &turned, &commit)?;
        if let (Some(gone), true) = (gone, kept.is_empty()) {
            return Err(does_not_apply(format!(
                "{gone} cannot be redone: its source has delivered something else since {id}"
            )));
        }
    }
    redo::refuse_against_later(&command.draft, &turned)?;
    for id in kept.iter().filter(|id| choices.get(*id) == Some(&DependantChoice::MoveBack)) {
        move_back::decide(command, &undone, *id)?;
    }
    command.decision.subjects = undone.iter().rev().copied().map(Subject::Decision).collect();
    Ok(())
}

/// Adds the later decisions that are undone as well; gives those that stand though they build on
/// one that does not, and what grants among them leave. Refused while something is said about none of
/// those that do not build on a grant: a merge of a grant about which people decided stays as it is.
fn with_those_chosen(
    facts: Facts<'_>,
    undone: &mut BTreeSet<DecisionId>,
    with_dependents: bool,
    choices: &Choices,
) -> Decided<(BTreeSet<DecisionId>, Left)> {
    let asked: Vec<DecisionId> = undone.iter().copied().collect();
    loop {
        let on = dependants::of(facts, undone)?;
        let (mut too, mut kept, mut open) = (Vec::new(), BTreeSet::new(), Vec::new());
        for dependant in on {
            match choices.get(&dependant.decision) {
                Some(DependantChoice::Stay | DependantChoice::MoveBack) => {
                    kept.insert(dependant.decision);
                }
                Some(DependantChoice::UndoToo) => too.push(dependant.decision),
                None if with_dependents => too.push(dependant.decision),
                None => open.push(dependant),
            }
        }
        let left = Left::of(facts, undone)?;
        for id in left.by.iter().filter(|id| !kept.contains(id)) {
            match choices.get(id) {
                Some(DependantChoice::MoveBack) => {
                    return Err(does_not_apply(format!(
                        "{id} is about a merge of a grant, which stays as {id} left it: undo it too, or let \
                         it stay"
                    )));
                }
                Some(DependantChoice::UndoToo) => too.push(*id),
                None if with_dependents && !answers_check(facts, *id)? => too.push(*id),
                _ => {}
            }
        }
        if !open.is_empty() {
            let exported = facts.exported_since(&asked)?;
            return Err(Refusal::DependedOn { on: open, exported }.into());
        }
        if too.is_empty() {
            let is_meant =
                |id: &&DecisionId| undone.contains(id) || kept.contains(id) || left.by.contains(id);
            return match choices.keys().find(|id| !is_meant(id)) {
                Some(id) => Err(does_not_apply(format!("{id} does not build on it"))),
                None => Ok((kept, left)),
            };
        }
        undone.extend(too);
    }
}

/// A request of a person is not left closed while a step is missing.
fn refuse_half_done(facts: Facts<'_>, turned: &Turned) -> Decided<()> {
    match half_done(facts, turned)?.into_iter().next() {
        Some(half) if turned.up.contains(&half.closing) => Err(does_not_apply(half.why)),
        Some(half) => Err(does_not_apply(format!("{}; or undo {} too", half.why, half.closing))),
        None => Ok(()),
    }
}

/// What a redo brought back may have been undone directly since; then undoing the redo as well would
/// count twice, and taking that back would bring back what nobody redid.
fn refuse_turned_already(facts: Facts<'_>, turned: &Turned) -> Decided<()> {
    for id in &turned.down {
        if let Some(by) = facts.view.decision(*id)?.and_then(|entry| entry.undone_by) {
            return Err(does_not_apply(format!("{id} was already undone by {by}")));
        }
    }
    for id in &turned.up {
        if facts.view.decision(*id)?.is_some_and(|entry| entry.stands()) {
            return Err(does_not_apply(format!("{id} is already in force again")));
        }
    }
    Ok(())
}

/// Of several decisions, those about somebody who was erased stay, and the rest are undone; one alone is
/// refused, as are several that are all about such people.
fn leave_out_erased(facts: Facts<'_>, undone: &mut BTreeSet<DecisionId>) -> Decided<()> {
    let mut erased = BTreeSet::new();
    for id in undone.iter() {
        if facts.view.decision(*id)?.is_none() || granted::is_grant(facts, *id)? {
            continue;
        }
        match refuse_erased(facts, *id, &commit_of(facts, *id)?) {
            Ok(()) => {}
            Err(Stop::Refused(_)) => {
                erased.insert(*id);
            }
            Err(failed) => return Err(failed),
        }
    }
    if erased.len() < undone.len() {
        undone.retain(|id| !erased.contains(id));
    }
    Ok(())
}

/// Of several decisions, proposals that nobody is asked to approve any more stay as they ended; one alone is
/// refused.
fn leave_out_ended(facts: Facts<'_>, undone: &mut BTreeSet<DecisionId>) -> Decided<()> {
    let mut ended = BTreeMap::new();
    for id in undone.iter() {
        let entry = facts.view.decision(*id)?;
        if entry.is_none_or(|entry| entry.verdict != Verdict::Propose) {
            continue;
        }
        let Some(proposal) = facts.decision(*id)?.proposal else { continue };
        let asks = facts.view.task(proposal.task)?.map(|entry| entry.task.state);
        if let Some(state) = asks.filter(|state| !state.is_pending()) {
            ended.insert(*id, state);
        }
    }
    if ended.len() < undone.len() {
        undone.retain(|id| !ended.contains_key(id));
        return Ok(());
    }
    Err(match ended.pop_first() {
        Some((id, TaskState::Decided { decision })) => does_not_apply(format!(
            "{id} is no longer only proposed: it was answered by {decision}, so undo that"
        )),
        Some((id, _)) => does_not_apply(format!("{id} is no longer proposed")),
        None => does_not_apply("there is no decision to undo"),
    })
}

/// What was decided about somebody who was erased stays as it is: nobody can bring them back.
fn refuse_erased(facts: Facts<'_>, id: DecisionId, commit: &Commit) -> Decided<()> {
    let cause = Cause::Decision(id);
    let (mut customers, mut records) = (BTreeSet::new(), BTreeSet::new());
    for event in &commit.events {
        match event {
            Event::CustomerChanged(changed) if changed.cause == cause => {
                customers.insert(changed.customer);
            }
            Event::RecordChanged(changed) if changed.cause == cause => {
                records.insert(changed.record);
            }
            Event::DecisionMade(made) if made.decision.id == id => {
                customers.extend(asked_by_erased(facts, commit.sequence, &made.decision)?);
                records.extend(made.decision.groups.iter().flat_map(|group| &group.records));
            }
            _ => {}
        }
    }
    for customer in customers {
        if facts.view.erased_in(customer)?.is_some() {
            return Err(erased_with(facts, id, customer)?);
        }
    }
    for record in records {
        let row = facts.view.record(record)?;
        if row.erased {
            return Err(erased_with(facts, id, row.customer)?);
        }
    }
    Ok(())
}

/// Who asked for what a step was about, and was erased since. That recipients were told after it may be undone.
fn asked_by_erased(
    facts: Facts<'_>,
    made: Sequence,
    decision: &Decision,
) -> Result<Option<CustomerId>, DeskError> {
    let (Some(step), Some(Subject::Customer(customer))) =
        (&decision.request, decision.subjects.first())
    else {
        return Ok(None);
    };
    let erased = facts.view.erased_in(*customer)?;
    let came_after = matches!(**step, RequestStep::Told { .. }) && erased < Some(made);
    Ok(erased.filter(|_| !came_after).map(|_| *customer))
}

fn erased_with(facts: Facts<'_>, id: DecisionId, customer: CustomerId) -> Result<Stop, DeskError> {
    Ok(match facts.no_customer(customer)? {
        Refusal::Erased { at, reason, .. } => {
            Refusal::Erased { subject: format!("{id} is about {customer}, who"), at, reason }.into()
        }
        // A record of theirs stood with others who stay.
        _ => does_not_apply(format!("{id} is about records that were erased")),
    })
}

/// Takes one decision's changes back, in the draft.
fn reverse(draft: &mut Draft<'_>, turned: &Turned, commit: &Commit) -> Decided<()> {
    let mut customers = Vec::new();
    for event in &commit.events {
        match event {
            Event::CustomerChanged(changed) => customers.push(changed),
            Event::RecordChanged(changed) => layers_back(draft, changed)?,
            Event::TaskChanged(changed) => tasks::back(draft, turned, changed)?,
            _ => {}
        }
    }
    records_back(draft, turned, commit.sequence, &customers)?;
    for changed in customers {
        standing_and_pins_back(draft, changed)?;
    }
    Ok(())
}

/// Moves every record the decision moved back to the customer it had before, or where it belongs
/// without what was undone since (`home.rs`).
fn records_back(
    draft: &mut Draft<'_>,
    turned: &Turned,
    sequence: Sequence,
    changes: &[&CustomerChanged],
) -> Decided<()> {
    let mut home = BTreeMap::new();
    let mut moved_to = BTreeMap::new();
    for changed in changes {
        draft.touch_customer(changed.customer)?;
        for record in changed.before.iter().flat_map(|before| &before.members) {
            home.insert(*record, changed.customer);
        }
        for record in &changed.after.members {
            moved_to.insert(*record, changed.customer);
        }
    }
    for (record, home) in home {
        if moved_to.get(&record) != Some(&home) {
            let home = home::of(draft, turned, sequence, record, home)?;
            let now_at = draft.customer_of(record)?;
            change(draft, now_at, |state| state.members.retain(|member| *member != record))?;
            change(draft, home, |state| {
                state.standing = Standing::Live;
                state.members.push(record);
                state.members.sort_unstable();
                state.members.dedup();
            })?;
        }
    }
    Ok(())
}

fn standing_and_pins_back(
    draft: &mut Draft<'_>,
    changed: &CustomerChanged,
) -> Result<(), DeskError> {
    let was = changed.before.as_ref().map(|before| before.standing);
    let emptied = match was {
        Some(Standing::Merged { into }) => Standing::Merged { into },
        None => Standing::Vacant,
        Some(_) => retired(draft, changed.customer)?,
    };
    change(draft, changed.customer, |state| {
        if state.members.is_empty() && state.is_live() {
            state.standing = emptied;
            state.pins.clear();
        } else if let (Some(was @ Standing::Merged { .. }), false) = (was, state.is_live())
            && state.standing == changed.after.standing
        {
            // The decision had made it lead elsewhere.
            state.standing = was;
        }
    })?;
    let Some(heir) = layers::heir(draft, changed)? else { return Ok(()) };
    let nothing = BTreeMap::new();
    let before = changed.before.as_ref().map_or(&nothing, |before| &before.pins);
    change(draft, heir, |state| restore(&mut state.pins, before, &changed.after.pins))
}

/// How a customer stands whose records all left for others, to which it leads on.
fn retired(draft: &Draft<'_>, id: CustomerId) -> Result<Standing, DeskError> {
    let state = draft.facts().view.customer(id)?;
    let had = state.map(|state| state.members).unwrap_or_default();
    let into = redirects::most(draft, &had)?.filter(|into| *into != id);
    Ok(into.map_or(Standing::Vacant, |into| Standing::Merged { into }))
}

fn layers_back(draft: &mut Draft<'_>, changed: &RecordChanged) -> Result<(), DeskError> {
    let mut state = draft.record(changed.record)?;
    restore(&mut state.corrections, &changed.before.corrections, &changed.after.corrections);
    restore(&mut state.waivers, &changed.before.waivers, &changed.after.waivers);
    restore(&mut state.holds, &changed.before.holds, &changed.after.holds);
    restore(&mut state.restrictions, &changed.before.restrictions, &changed.after.restrictions);
    if changed.before.quarantined != changed.after.quarantined
        && state.quarantined == changed.after.quarantined
    {
        state.quarantined = changed.before.quarantined;
    }
    if changed.before.vanished != changed.after.vanished && state.vanished == changed.after.vanished
    {
        state.vanished = changed.before.vanished;
    }
    if changed.before.overlaid != changed.after.overlaid && state.overlaid == changed.after.overlaid
    {
        state.overlaid = changed.before.overlaid;
    }
    if changed.before.reused != changed.after.reused && state.reused == changed.after.reused {
        state.reused = changed.before.reused;
    }
    draft.set_record(changed.record, state)
}

/// Entries that are still as `after` left them become as `before` had them.
fn restore<K: Ord + Clone, V: PartialEq + Clone>(
    now: &mut BTreeMap<K, V>,
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
) {
    let names: BTreeSet<K> = before.keys().chain(after.keys()).cloned().collect();
    for name in names {
        if before.get(&name) != after.get(&name) && now.get(&name) == after.get(&name) {
            match before.get(&name) {
                Some(value) => now.insert(name, value.clone()),
                None => now.remove(&name),
            };
        }
    }
}
