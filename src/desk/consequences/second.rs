//! Second looks: which decisions are asked about again, and when such a task has nothing left to ask.

use std::collections::BTreeSet;

use jiff::ToSpan;

use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::grants;
use crate::second::{self, Question};
use domain::grants::Maker;
use domain::{
    CustomerId, Decision, DecisionId, Group, Subject, Task, TaskId, TaskKind, TaskReason,
    TaskState, Until, Verdict,
};
use intake::review;
use matching::grants::{Answer, JoinState, Look, looks};

/// Hours after which a decision comes back: what was just seen is remembered.
const HOURS: i64 = 24;
/// Waiting duplicates up to which every decision looks whether a grant has come into reach; where there are
/// more, every so many decisions do.
const FEW: u64 = 500;
/// See [`FEW`].
const EVERY: u64 = 25;

/// Opens the second look at the decision of a draft, where it answers the whole of a duplicate task
/// and is among those that come back; and those that a census asks for, since it counts a "no" only
/// when it was said again.
pub(super) fn open(draft: &mut Draft<'_>, after: Facts<'_>) -> Result<(), DeskError> {
    let Some(decision) = draft.decision.clone() else { return Ok(()) };
    // Whoever approved it knows what was proposed.
    if let Some(answered) = answered(draft, &decision)?
        && decision.approves.is_none()
        && is_chosen(after, answered.id)
    {
        let asks = second::to_ask(after, answered.id, &second::who_decided(after, decision.id)?);
        ask(draft, (&decision, &answered), asks)?;
    }
    let puts_apart = review::apart::constrains(decision.verdict) && decision.groups.len() > 1;
    if puts_apart || looks_for_grants(after)? { ask_for_censuses(draft, after) } else { Ok(()) }
}

/// Whether a decision that puts nobody apart looks whether a grant has come into reach: undoing an answer,
/// granting another stratum and other settings can bring it there. Where much waits, all of it is not read
/// after every answer.
fn looks_for_grants(after: Facts<'_>) -> Result<bool, DeskError> {
    let decisions = u64::from(after.view.counters()?.decisions);
    let waiting = after.view.waiting()?.into_iter().map(|(_, kinds)| {
        kinds.get(&TaskKind::Duplicate).map_or(0, |waiting| u64::from(waiting.total()))
    });
    Ok(decisions.is_multiple_of(EVERY) || waiting.sum::<u64>() <= FEW)
}

/// Asks again for what open censuses count only when it was looked at twice: each "no", and beside it as
/// many a "yes", so that whoever is asked cannot tell which it was. Where no answers can bring a grant any
/// more, nobody is asked for its sake; the checks of a grant always count.
fn ask_for_censuses(draft: &mut Draft<'_>, after: Facts<'_>) -> Result<(), DeskError> {
    let counting = grants::counting(after)?;
    if counting.is_empty() {
        return Ok(());
    }
    let register = grants::Register::read(after, None)?;
    let account = register.account(after);
    let is_meant = |it: &&grants::Standings| {
        let is_in_reach = || account.missing(&it.standing()).is_some();
        counting.contains(&it.counted.id())
            && (it.counted.taken.census.stratum.maker != Maker::Nobody || is_in_reach())
    };
    for grants::Standings { counted, states, .. } in register.all.iter().filter(is_meant) {
        let looks = looks(&counted.taken.census, states);
        for at in (0..looks.len()).filter(|at| looks[*at] == Look::Again) {
            let said = counted.said(after, at)?;
            // Where two differ, a lead is asked already.
            let [grants::Judged { by, answer }] = said[..] else { continue };
            if is_asked_again(draft, after, by)?
                || answer == Answer::Same && are_enough(draft, after, counted, states)?
            {
                continue;
            }
            let decision = after.decision(by)?;
            let Some(task) = decision.task.map(|task| draft.task(task)).transpose()?.flatten()
            else {
                continue;
            };
            let is_whole = matches!(decision.verdict, Verdict::Merge | Verdict::NotAMatch)
                && task.kind == TaskKind::Duplicate;
            if is_whole || task.kind == TaskKind::Check {
                // One answer more is enough.
                let first = second::who_decided(after, by)?;
                let asks = second::to_ask(after, task.id, &first).into_iter().take(1).collect();
                ask(draft, (&decision, &task), asks)?;
            }
        }
    }
    Ok(())
}

/// Whether as many a "yes" as there are "no" is looked at again, or was. Which are drawn for it moves with every
/// answer until they were looked at; they must not become more by that.
fn are_enough(
    draft: &Draft<'_>,
    after: Facts<'_>,
    counted: &grants::Counted,
    states: &[JoinState],
) -> Result<bool, DeskError> {
    let first = |answer| move |state: &&JoinState| state.answers.first() == Some(&answer);
    let refused = states.iter().filter(first(Answer::Different)).count();
    let mut again = 0;
    for (at, _) in states.iter().enumerate().filter(|(_, it)| first(Answer::Same)(it)) {
        again += match counted.said(after, at)?[..] {
            [grants::Judged { by, .. }] => usize::from(is_asked_again(draft, after, by)?),
            _ => 1,
        };
    }
    Ok(again >= refused)
}

/// Whether a second look at a decision was ever opened, or is about to be.
fn is_asked_again(
    draft: &Draft<'_>,
    after: Facts<'_>,
    decision: DecisionId,
) -> Result<bool, DeskError> {
    let asks = |task: &Task| task.second_look_at() == Some(decision);
    if draft.planned_pending_tasks().iter().any(asks) {
        return Ok(true);
    }
    Ok(after.view.pending_second_looks()?.iter().any(|entry| asks(&entry.task)))
}

/// Opens a second look at a decision that answered a task, for each who is asked.
fn ask(
    draft: &mut Draft<'_>,
    (decision, answered): (&Decision, &Task),
    asks: Vec<Option<String>>,
) -> Result<(), DeskError> {
    let subjects = decision.subjects.iter().filter_map(|subject| match subject {
        Subject::Customer(customer) => Some(*customer),
        _ => None,
    });
    let customers: BTreeSet<CustomerId> = match answered.kind {
        TaskKind::Check => answered.customers.iter().copied().collect(),
        _ => subjects.collect(),
    };
    // By the time it has, nobody tells whether it was asked for at once or later.
    let decided = match draft.facts().view.decision(decision.id)? {
        Some(entry) => draft.facts().time_of(entry.place.sequence)?,
        None => draft.facts().now,
    };
    let Ok(back) = decided.checked_add(HOURS.hours()) else { return Ok(()) };
    let customers: Vec<CustomerId> = customers.into_iter().collect();
    for by in asks {
        // What somebody else said is remembered by nobody who is asked: there is nothing to wait for, and
        // until it waits nothing is withheld from them.
        let state = match &by {
            Some(_) => TaskState::Open,
            None => TaskState::Deferred { until: Until::Time(back), decision: decision.id },
        };
        let id = draft.new_task();
        draft.set_task(Task {
            id,
            kind: TaskKind::Second,
            state,
            customers: customers.clone(),
            record: None,
            reason: TaskReason::SecondLook { decision: decision.id, by },
            score: answered.score,
            weakest: answered.weakest,
            opened: decided,
        })?;
    }
    Ok(())
}

/// The duplicate task that a decision answers whole.
fn answered(draft: &Draft<'_>, decision: &Decision) -> Result<Option<Task>, DeskError> {
    let Some(id) = decision.task else { return Ok(None) };
    let is_about_duplicates = matches!(decision.verdict, Verdict::Merge | Verdict::NotAMatch);
    let task = draft.task(id)?.filter(|task| {
        let decided = TaskState::Decided { decision: decision.id };
        is_about_duplicates && task.kind == TaskKind::Duplicate && task.state == decided
    });
    Ok(task)
}

/// Whether a task is among those whose decision comes back: its id under the workspace's key says so,
/// and nobody without the key can tell beforehand.
fn is_chosen(facts: Facts<'_>, task: TaskId) -> bool {
    let share = facts.settings.review.second;
    let drawn = facts.fingerprinter.of(["second look", &task.to_string()]).0;
    share >= 1.0 || (drawn as f64) < share * (u64::MAX as f64)
}

/// A second look, or a disagreement, as things stand: it is settled where the verdicts it is about no
/// longer stand, where somebody was erased, and where the data are as the second verdict says.
pub(super) fn rechecked(
    after: Facts<'_>,
    task: &Task,
    decision: Option<DecisionId>,
) -> Result<Task, DeskError> {
    let asks = match &task.reason {
        TaskReason::SecondLook { decision, .. } => asks_again(after, *decision)?,
        TaskReason::Disagreement { first, second } => {
            asks_again(after, *first)? && stands(after, *second)? && !is_so(after, *second)?
        }
        _ => true,
    };
    let state = match decision {
        _ if asks && decision.is_none() => return Ok(task.clone()),
        Some(decision) => TaskState::Decided { decision },
        None => TaskState::Settled,
    };
    Ok(Task { state, ..task.clone() })
}

fn stands(after: Facts<'_>, id: DecisionId) -> Result<bool, DeskError> {
    Ok(after.view.decision(id)?.is_some_and(|entry| entry.stands()))
}

/// Whether a decision stands and all whom it was about are there.
fn asks_again(after: Facts<'_>, id: DecisionId) -> Result<bool, DeskError> {
    if !stands(after, id)? {
        return Ok(false);
    }
    for record in Question::of(after, id)?.records() {
        if after.view.record(record)?.erased {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether records belong together just as a second verdict says.
fn is_so(after: Facts<'_>, second: DecisionId) -> Result<bool, DeskError> {
    let groups = after.decision(second)?.second.map(|look| look.groups).unwrap_or_default();
    let mut seen: BTreeSet<CustomerId> = BTreeSet::new();
    for Group { records, .. } in &groups {
        let mut homes = BTreeSet::new();
        for record in records {
            homes.insert(after.view.customer_of(*record)?);
        }
        if homes.len() > 1 || homes.iter().any(|home| !seen.insert(*home)) {
            return Ok(false);
        }
    }
    // Apart they may be because nobody merged them, which the first verdict does not allow for.
    Ok(!groups.is_empty())
}
