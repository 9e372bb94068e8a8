//! Strata and grants as they are shown.

use std::collections::BTreeSet;

use super::register::Standings;
use super::second::Pending;
use super::words::words;
use super::{Closed, Given, Register, homes, open};
use crate::commands::grant::would_make;
use crate::error::{Decided, DeskError, Stop, unknown};
use crate::facts::Facts;
use crate::second::Question;
use domain::grants::{Bounded, Maker};
use domain::{CensusId, DecisionId, RecordId, TaskId, TaskReason, counted};
use door::views::{
    BoundView, ChecksView, GrantDetail, GrantView, GrantsLine, GrantsView, HeldUpView, LaterView,
    StratumState, StratumView,
};
use matching::grants::{Account, Broken, Look, Standing, check_size, looks};

/// Tasks named to be answered next.
const NEXT: usize = 20;

/// Everything about grants. Censuses that were given up are left out.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn grants(facts: Facts<'_>) -> Result<GrantsView, DeskError> {
    let register = Register::read(facts, None)?;
    let account = register.account(facts);
    let pending = Pending::read(facts)?;
    let mut strata = Vec::new();
    // Checks of a grant stand with it.
    let is_shown = |it: &&Standings| {
        let is_check = matches!(it.counted.taken.census.stratum.maker, Maker::Grant(_));
        !is_check
    };
    for it in register.all.iter().filter(is_shown) {
        strata.push(stratum(facts, (&register, &account, &pending), it)?);
    }
    strata.sort_by_key(|it| {
        let last = u64::MAX - u64::from(it.census.0);
        let missing = it.missing.unwrap_or(u64::MAX);
        (it.state, if it.grant.is_some() { last } else { missing }, it.census)
    });
    Ok(GrantsView {
        precision: account.promise.precision(),
        confidence: account.promise.confidence(),
        promised: bound(account.promised()),
        strata,
    })
}

/// One stratum.
///
/// # Errors
/// The refusal of one that is not there, or damage of store or ledger.
pub(crate) fn shown(facts: Facts<'_>, census: CensusId) -> Decided<GrantDetail> {
    let register = Register::read(facts, Some(census))?;
    let it = register.find(census).ok_or_else(|| unknown(&census))?;
    let pending = Pending::read(facts)?;
    let stratum = stratum(facts, (&register, &register.account(facts), &pending), it)?;
    let (mut merged, mut left) = (BTreeSet::new(), BTreeSet::new());
    if it.given.is_some() {
        for checks in register.checks(census) {
            for at in 0..checks.states.len() {
                merged.extend(made(facts, checks, at)?);
            }
        }
        for at in 0..it.states.len() {
            merged.extend(made(facts, it, at)?);
        }
    }
    if !it.is_open {
        for (at, state) in it.states.iter().enumerate() {
            if state.waits && state.answers.is_empty() {
                left.extend(it.counted.task(facts, at)?);
            }
        }
    }
    let next = match it.is_open {
        true => next(facts, it, &pending, stratum.missing)?,
        false => Vec::new(),
    };
    Ok(GrantDetail {
        stratum,
        next,
        merged: merged.into_iter().collect(),
        left: left.into_iter().collect(),
    })
}

/// Grants in a line: read without looking at any join.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn line(facts: Facts<'_>) -> Result<GrantsLine, DeskError> {
    let mut line = GrantsLine { open: open(facts)?.len() as u64, ..GrantsLine::default() };
    let mut promised = Bounded::default();
    for (_, entry) in facts.view.censuses()? {
        let Some(given) = Given::of(facts, &entry)? else { continue };
        promised = promised + given.made();
        match given.is_in_force() {
            true => line.granted += 1,
            false => line.suspended += 1,
        }
    }
    Ok(GrantsLine { promised: bound(promised), ..line })
}

fn stratum(
    facts: Facts<'_>,
    (register, account, pending): (&Register, &Account, &Pending),
    it: &Standings,
) -> Result<StratumView, DeskError> {
    let taken = &it.counted.taken;
    let standing = it.standing();
    let missing = if it.is_open { account.missing(&standing) } else { None };
    let forbidden = match missing {
        Some(0) => match would_make(facts, taken.census.id) {
            Ok(makes) => makes.is_too_little(account, standing.rest),
            // Giving it says why.
            Err(Stop::Refused(_)) => None,
            Err(Stop::Failed(error)) => return Err(error),
        },
        _ => None,
    };
    let state = match (&it.given, it.closed) {
        (Some(given), _) if given.is_in_force() => StratumState::Granted,
        (Some(_), _) | (None, Some(Closed::Suspended(_) | Closed::Checked(_))) => {
            StratumState::Suspended
        }
        (None, Some(Closed::GivenUp)) => StratumState::GivenUp,
        (None, None) if missing == Some(0) && forbidden.is_none() => StratumState::Offered,
        (None, None) => StratumState::Open,
    };
    let looked = looks(&taken.census, &it.states);
    let grant = it.given.is_some().then(|| grant(facts, register, it)).transpose()?.flatten();
    Ok(StratumView {
        census: taken.census.id,
        state,
        kind: taken.census.stratum.kind,
        words: words(&taken.census.stratum, &taken.pattern),
        run: taken.census.model,
        taken: facts.time_of(it.counted.entry.place.sequence)?,
        joins: taken.census.joins.len() as u64,
        waiting: bound(standing.rest),
        looked_at: standing.looked_at,
        right: standing.right,
        wrong: standing.wrong,
        again: looked.iter().filter(|look| **look == Look::Again).count() as u64,
        second: pending.looks(facts, it, &looked)?,
        held_up: held_up(facts, it, &standing, &looked, pending)?,
        missing,
        forbidden,
        closed: it.closed.map(Closed::told),
        grant,
        checks: checks_told(facts, it)?,
    })
}

fn grant(
    facts: Facts<'_>,
    register: &Register,
    it: &Standings,
) -> Result<Option<GrantView>, DeskError> {
    let Some(given) = &it.given else { return Ok(None) };
    let first = given.first;
    let Some(entry) = facts.view.decision(first)? else { return Ok(None) };
    let (at, by) = facts.byline(entry.place.sequence)?;
    let mut stand = 0;
    for at in 0..it.states.len() {
        stand += u64::from(made(facts, it, at)?.is_some());
    }
    Ok(Some(GrantView {
        decision: first,
        decisions: given.decisions.clone(),
        bulk: given.bulk,
        by,
        at,
        granted: bound(given.grant.granted),
        promised: bound(given.made()),
        looked_at: given.grant.looked_at,
        wrong: given.grant.wrong,
        made: stand,
        suspended: given.suspended,
        taken_back: given.taken_back.clone(),
        to_go: match given.is_interrupted && given.is_in_force() {
            true => it.standing().rest.joins,
            false => 0,
        },
        broken: register.broken(facts, it)?.as_ref().map(why),
        later: later(facts, register, it)?,
    }))
}

/// What later runs merged under a grant.
fn later(facts: Facts<'_>, register: &Register, it: &Standings) -> Result<LaterView, DeskError> {
    let mut later = LaterView::default();
    for checks in register.checks(it.counted.id()) {
        add_run(facts, checks, &mut later)?;
    }
    Ok(later)
}

/// The same of a census that is of one run.
fn checks_told(facts: Facts<'_>, it: &Standings) -> Result<Option<ChecksView>, DeskError> {
    let census = &it.counted.taken.census;
    let Maker::Grant(of) = census.stratum.maker else { return Ok(None) };
    let mut told = LaterView::default();
    add_run(facts, it, &mut told)?;
    Ok(Some(ChecksView { of, asked: check_size(census.joins.len() as u64), told }))
}

/// Adds what one run merged, and what its checks say.
fn add_run(facts: Facts<'_>, checks: &Standings, later: &mut LaterView) -> Result<(), DeskError> {
    let census = &checks.counted.taken.census;
    let standing = checks.standing();
    later.joins += census.joins.len() as u64;
    later.right += standing.right;
    later.wrong += standing.wrong;
    let looked = looks(census, &checks.states);
    later.again += looked.iter().filter(|look| **look == Look::Again).count() as u64;
    for (at, state) in checks.states.iter().enumerate() {
        later.stand += u64::from(state.may_be_asked);
        if state.answers.is_empty() && state.may_be_asked {
            later.waiting += u64::from(check_of(facts, checks, at)?.is_some());
        }
    }
    Ok(())
}

/// The check of a join that waits.
fn check_of(facts: Facts<'_>, checks: &Standings, at: usize) -> Result<Option<TaskId>, DeskError> {
    let Some(units) = checks.counted.taken.units.get(at) else { return Ok(None) };
    let Some((home, _)) = homes(facts, units)? else { return Ok(None) };
    let id = checks.counted.id();
    for entry in facts.view.tasks_of(home)? {
        let is_of = matches!(entry.task.reason, TaskReason::Check { census, .. } if census == id);
        if is_of && entry.task.state.is_pending() {
            let question = Question::asked_by(facts, &entry.task)?;
            let records: BTreeSet<RecordId> = question.iter().flat_map(Question::records).collect();
            if units.left.iter().chain(&units.right).all(|it| records.contains(it)) {
                return Ok(Some(entry.task.id));
            }
        }
    }
    Ok(None)
}

/// Why a grant no longer keeps what was promised.
pub(crate) fn why(broken: &Broken) -> String {
    match broken {
        Broken::Promise { wrong, at_most } => {
            let joins = counted(*wrong, "join", "joins");
            format!("{joins} wrong, when at most {at_most} were promised")
        }
        Broken::Checks { looked_at, wrong } => {
            let checks = counted(*looked_at, "check", "checks");
            format!("{wrong} of {checks} wrong, more than was promised")
        }
    }
}

/// The customer that the grant made of a join that nobody had decided before; what people said of it since
/// takes nothing from that as long as it stands.
fn made(
    facts: Facts<'_>,
    it: &Standings,
    at: usize,
) -> Result<Option<domain::CustomerId>, DeskError> {
    let (Some(state), Some(units)) = (it.states.get(at), it.counted.taken.units.get(at)) else {
        return Ok(None);
    };
    if !state.answers.is_empty() {
        let Some(given) = &it.given else { return Ok(None) };
        // What people decided, before the grant or between its portions, it did not make.
        let said = it.counted.said(facts, at)?;
        let is_before = |end: Option<&DecisionId>| said.iter().any(|it| Some(&it.by) < end);
        let is_made = !is_before(given.decisions.last())
            || it.counted.is_joined_by(facts, units, &given.decisions)?;
        if is_before(Some(&given.first)) || !is_made {
            return Ok(None);
        }
    }
    let Some((home, _)) = homes(facts, units)?.filter(|(left, right)| left == right) else {
        return Ok(None);
    };
    // Of somebody who was erased nothing stands.
    let is_live = facts.view.customer(home)?.is_some_and(|state| state.is_live());
    Ok(is_live.then_some(home))
}

/// The tasks to answer next: second looks that wait, then what has no answer, in the order that counts.
/// Only those among the `missing` answers: more of them would leave less to grant.
fn next(
    facts: Facts<'_>,
    it: &Standings,
    pending: &Pending,
    missing: Option<u64>,
) -> Result<Vec<TaskId>, DeskError> {
    let census = &it.counted.taken.census;
    let most = match census.stratum.maker {
        Maker::Grant(_) => usize::MAX,
        _ => missing.map_or(usize::MAX, |missing| usize::try_from(missing).unwrap_or(usize::MAX)),
    };
    let looked = looks(census, &it.states);
    let mut tasks = Vec::new();
    for join in it.standing().next(most) {
        if tasks.len() == NEXT {
            break;
        }
        let Ok(at) = census.joins.binary_search(&join) else { continue };
        let task = match looked.get(at) {
            Some(Look::Again) => pending.now(facts, it, at)?,
            _ if matches!(census.stratum.maker, Maker::Grant(_)) => check_of(facts, it, at)?,
            _ => it.counted.task(facts, at)?,
        };
        if let Some(task) = task.filter(|task| !tasks.contains(task)) {
            tasks.push(task);
        }
    }
    Ok(tasks)
}

/// Answers that count only once one before them does, and the task that asks for that one now.
fn held_up(
    facts: Facts<'_>,
    it: &Standings,
    standing: &Standing<'_>,
    looked: &[Look],
    pending: &Pending,
) -> Result<Option<HeldUpView>, DeskError> {
    let Some((at, answers)) = standing.held_up() else { return Ok(None) };
    let is_again = looked.get(at) == Some(&Look::Again);
    let by = match is_again {
        true => pending.at(facts, it, at)?,
        false => it.states.get(at).and_then(|state| state.asked_by),
    };
    Ok(Some(HeldUpView { answers, by, is_again }))
}

fn bound(bounded: Bounded) -> BoundView {
    BoundView {
        joins: bounded.joins,
        wrong_at_most: bounded.wrong_at_most,
        right_at_least: bounded.right_at_least().map(|tenths| f64::from(tenths) / 10.0),
    }
}
