//! What an undo took back, what it left, and which tasks wait again.

use super::{and_more, consent, decision};
use crate::commands::left_by;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::label::spoken_name_of;
use crate::turned::Turned;
use domain::{
    BulkId, Commit, CustomerId, Decision, DecisionId, Event, Subject, Task, TaskKind, TaskState,
    Verdict, counted,
};

/// Decisions named one by one; the rest is counted.
const NAMED: usize = 3;

/// What a decision did, with what an undo took back or brought back:
/// `undid D12 (merged 2 records into C3)`.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn in_full(facts: Facts<'_>, decided: &Decision) -> Result<String, DeskError> {
    if decided.verdict != Verdict::Undo {
        return Ok(decision(decided));
    }
    let told = undone(facts, decided, &|decided| Ok(decision(decided)))?;
    for id in &decided.reverses {
        if facts.view.decision(*id)?.is_some_and(|entry| entry.verdict == Verdict::Grant)
            && let Some(own) = facts.view.decision(decided.id)?
        {
            let left = left_by(facts, decided, &facts.commit(own.place.sequence)?)?;
            return Ok(told + &left);
        }
    }
    Ok(told)
}

/// The same with whom it was about, for whoever made it: as far as anybody may see that.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn with_names(facts: Facts<'_>, decided: &Decision) -> Result<String, DeskError> {
    match decided.verdict {
        Verdict::Undo => undone(facts, decided, &|decided| named(facts, decided)),
        _ => named(facts, decided),
    }
}

/// A decision in words.
type Words<'w> = &'w dyn Fn(&Decision) -> Result<String, DeskError>;

/// A decision as whoever takes it back is told of it, with whom it was about: as far as anybody may see that.
/// History and ledger keep to ids.
fn named(facts: Facts<'_>, decided: &Decision) -> Result<String, DeskError> {
    if decided.verdict == Verdict::Keep
        && !decided.groups.is_empty()
        && let Some(said) = super::people::kept(facts, decided)?
    {
        return Ok(said);
    }
    let plain = decision(decided);
    let mut names: Vec<(CustomerId, String)> = Vec::new();
    for subject in &decided.subjects {
        let customer = match subject {
            Subject::Customer(customer) => Some(*customer),
            Subject::Record(address) => match facts.find(address)? {
                Some(record) => Some(facts.view.customer_of(record)?),
                None => None,
            },
            _ => None,
        };
        let Some(live) = customer.map(|id| facts.view.follow(id)).transpose()?.flatten() else {
            continue;
        };
        let Some(state) = facts.view.customer(live)? else { continue };
        let golden = facts.golden(&state, &facts.members(&state)?)?;
        if let Some(name) = spoken_name_of(facts.settings, &golden)
            && names.iter().all(|(known, _)| *known != live)
        {
            names.push((live, name));
        }
    }
    let count = names.len();
    let who = and_more(names.into_iter().take(NAMED).map(|(_, name)| name).collect(), count);
    Ok(match (count, decided.verdict) {
        (0, _) => plain,
        (_, Verdict::NotAMatch) => match &decided.reason {
            Some(reason) => format!("not a match: {who}, {reason}"),
            None => format!("not a match: {who}"),
        },
        _ => format!("{plain}: {who}"),
    })
}

/// What an undo took back or brought back.
fn undone(facts: Facts<'_>, decided: &Decision, words: Words<'_>) -> Result<String, DeskError> {
    let turned = Turned::by(facts.view, decided.reverses.iter().copied())?;
    let mut parts = Vec::new();
    for (verb, ids, along) in [
        ("undid", &turned.down, false),
        ("redid", &turned.up, false),
        ("brought back", &turned.up, true),
        ("ended", &turned.down, true),
    ] {
        let ids: Vec<_> =
            ids.iter().filter(|id| turned.along.contains(id) == along).copied().collect();
        let mut named: Vec<(String, String)> = Vec::new();
        if let Some(bulk) = bulk_of(facts, &ids)? {
            let decisions = counted(ids.len() as u64, "decision", "decisions");
            parts.push(format!("{verb} {bulk} ({decisions})"));
            continue;
        }
        for id in ids.iter().take(NAMED) {
            let what = words(&facts.decision(*id)?)?;
            match named.last_mut() {
                // The decisions of a grant say the same.
                Some((ids, known)) if *known == what => *ids += &format!(" and {id}"),
                _ => named.push((id.to_string(), what)),
            }
        }
        let more = ids.len().saturating_sub(NAMED);
        let named: Vec<String> =
            named.into_iter().map(|(ids, what)| format!("{ids} ({what})")).collect();
        if !named.is_empty() {
            let all = named.len() + more;
            parts.push(format!("{verb} {}", and_more(named, all)));
        }
    }
    let reason = decided.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    Ok(parts.join("; ") + &consent(decided) + &reason)
}

/// The bulk that all of these many decisions are of.
fn bulk_of(facts: Facts<'_>, ids: &[DecisionId]) -> Result<Option<BulkId>, DeskError> {
    if ids.len() <= NAMED {
        return Ok(None);
    }
    let mut bulk = None;
    for id in ids {
        let own = facts.decision(*id)?.bulk;
        if own.is_none() || bulk.is_some_and(|known| Some(known) != own) {
            return Ok(None);
        }
        bulk = own;
    }
    Ok(bulk)
}

/// The same of a commit that records a decision; an undo also says which tasks wait again, and which
/// are settled again.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn outcome(facts: Facts<'_>, commit: &Commit) -> Result<String, DeskError> {
    let made = commit.events.iter().find_map(|event| match event {
        Event::DecisionMade(made) => Some(&made.decision),
        _ => None,
    });
    let Some(made) = made else { return Ok(String::new()) };
    if made.verdict != Verdict::Undo {
        return in_full(facts, made);
    }
    let told =
        undone(facts, made, &|decided| named(facts, decided))? + &left_by(facts, made, commit)?;
    let (mut waiting, mut done) = (Vec::new(), Vec::new());
    for event in &commit.events {
        let Event::TaskChanged(changed) = event else { continue };
        // What becomes of the tasks of approvals is told with what they are about.
        let Some(before) = changed.before.as_ref().filter(|it| it.kind != TaskKind::Approval)
        else {
            continue;
        };
        let waits =
            |task: &Task| matches!(task.state, TaskState::Open | TaskState::Answered { .. });
        if waits(&changed.after) && !waits(before) {
            waiting.push(changed.task.to_string());
        } else if before.state.is_pending() && !changed.after.state.is_pending() {
            done.push(changed.task.to_string());
        }
    }
    let mut tasks = Vec::new();
    for (ids, one, more) in [(waiting, "waits", "wait"), (done, "is settled", "are settled")] {
        let verb = if ids.len() == 1 { one } else { more };
        if !ids.is_empty() {
            let count = ids.len();
            let named = ids.into_iter().take(NAMED).collect();
            tasks.push(format!("{} {verb} again", and_more(named, count)));
        }
    }
    Ok(if tasks.is_empty() { told } else { format!("{told}: {}", tasks.join(", ")) })
}
