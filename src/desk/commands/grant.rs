//! A person grants a census: the joins that nobody decided are made, a portion a decision; or no more is
//! made under a grant.
//!
//! What a grant may make is judged when it is given; its later portions carry the same grant and are
//! judged join by join only. A join that would break a rule, or goes against a decision, is left to people.

mod foreseen;
mod join;

use super::command::{Command, does_not_apply};
use crate::draft::Draft;
use crate::error::Decided;
use crate::facts::{Facts, missing};
use crate::grants::{Closed, Counted, Given, Register, homes, is_put_off, shown};
use domain::event::JoinedUnits;
use domain::grants::{Bounded, Grant, Maker};
use domain::{CensusId, CustomerId, DecisionId, Fingerprint, MatchRunId, Verdict};
use door::{Action, Refusal, Request};
pub(crate) use foreseen::would_make;
use join::{Joined, Joining};
use matching::grants::JoinState;

/// Joins made in one decision: its commit keeps others waiting for a moment only.
const PORTION: usize = if cfg!(test) { 40 } else { 250 };

pub(super) fn decide(command: &mut Command<'_, '_>, census: CensusId, joins: u64) -> Decided<()> {
    let facts = command.facts;
    let counted = Counted::named(facts, census)?;
    let mut grant = match Given::of(facts, &counted.entry)? {
        Some(given) => goes_on(census, given, joins)?,
        None => offered(facts, census, joins)?,
    };
    let states = counted.states(facts)?;
    let waiting: Vec<usize> = waiting(&states).collect();
    let joining = Joining::of(&counted.taken.census.stratum, &counted.taken.units);
    let (mut looked_at, mut made, mut already, mut left) = (0, 0, 0, 0);
    for at in &waiting {
        if made == PORTION {
            break;
        }
        let Some(units) = counted.taken.units.get(*at) else { continue };
        looked_at += 1;
        match joining.join(&mut command.draft, units)? {
            Joined::Made => made += 1,
            Joined::Already => already += 1,
            Joined::Left(_) => left += 1,
        }
    }
    if made == 0 {
        return Err(nothing_to_make(census, left));
    }
    let to_go = waiting.len() - looked_at;
    command.decision.bulk_left =
        command.decision.bulk.map(|_| u64::try_from(to_go.div_ceil(PORTION)).unwrap_or_default());
    grant.here = Some(u64::try_from(made + already).unwrap_or_default());
    command.decision.grant = Some(grant);
    Ok(())
}

pub(super) fn suspend(command: &mut Command<'_, '_>, census: CensusId) -> Decided<()> {
    let counted = Counted::named(command.facts, census)?;
    let Some(given) = Given::of(command.facts, &counted.entry)? else {
        return Err(does_not_apply(format!(
            "{census} is not granted: there is nothing to suspend"
        )));
    };
    if let Some(by) = given.suspended {
        return Err(does_not_apply(format!("the grant of {census} was already suspended by {by}")));
    }
    command.decision.suspends = Some(census);
    Ok(())
}

/// What a run merges under a grant, a portion of it.
///
/// What is known of these joins is nothing: of so many as many may be wrong. They are checked.
///
/// # Errors
/// When the store or the ledger is damaged, or a join is refused in a way that only people are.
pub(crate) fn in_run<'a>(
    facts: Facts<'a>,
    (run, granted): (MatchRunId, &Given),
    counted: &Counted,
    joins: &[JoinedUnits],
) -> Decided<InRun<'a>> {
    let census = &counted.taken.census;
    let request = Request {
        bulk: granted.bulk,
        ..Request::new(Action::Grant { census: census.id, joins: joins.len() as u64 })
    };
    let mut command = Command::new(facts, &request, Verdict::Grant, None)?;
    let joining = Joining::of(&census.stratum, joins);
    let mut made = Vec::with_capacity(joins.len());
    let mut fingerprints = Vec::new();
    for units in joins {
        let customers = homes(facts, units)?.filter(|(left, right)| left != right);
        let is_free = match customers {
            Some((left, right)) => !is_put_off(facts, left, right)?,
            None => false,
        };
        if is_free && joining.join(&mut command.draft, units)? == Joined::Made {
            fingerprints.push(census.seed.join(&units.left, &units.right));
            made.push(customers);
        } else {
            made.push(None);
        }
    }
    if fingerprints.is_empty() {
        return Ok(InRun { decided: None, made });
    }
    let joins = fingerprints.len() as u64;
    command.decision.run = Some(run);
    command.decision.grant = Some(Grant {
        granted: Bounded { joins, wrong_at_most: joins },
        looked_at: 0,
        wrong: 0,
        joins: census.seed.all(&fingerprints),
        before: granted.grant.before + granted.made(),
        makes: None,
        here: None,
        ..granted.grant.clone()
    });
    let decision = command.decision.id;
    Ok(InRun { decided: Some((decision, command.into_draft())), made })
}

/// A portion of what a run merges under a grant.
pub(crate) struct InRun<'a> {
    /// The decision and its draft; none where nothing is made.
    pub(crate) decided: Option<(DecisionId, Draft<'a>)>,
    /// Of each join the two customers that it makes one; none where it is left to people.
    pub(crate) made: Vec<Option<(CustomerId, CustomerId)>>,
}

/// A run suspends a grant that no longer keeps what was promised.
///
/// # Errors
/// When the store or the ledger is damaged, or the grant is none.
pub(crate) fn suspended_in(
    facts: Facts<'_>,
    run: MatchRunId,
    census: CensusId,
    why: String,
) -> Decided<(DecisionId, Draft<'_>)> {
    let request = Request { note: Some(why), ..Request::new(Action::Suspend { census }) };
    let mut command = Command::new(facts, &request, Verdict::Suspend, None)?;
    suspend(&mut command, census)?;
    command.decision.run = Some(run);
    let decision = command.decision.id;
    Ok((decision, command.into_draft()))
}

/// Places of the joins that a grant makes.
fn waiting(states: &[JoinState]) -> impl Iterator<Item = usize> {
    let waits = |state: &JoinState| state.waits && state.answers.is_empty();
    states.iter().enumerate().filter(move |(_, state)| waits(state)).map(|(at, _)| at)
}

/// A grant whose joins are not all made yet: it was interrupted, or this is its next portion.
fn goes_on(census: CensusId, given: Given, joins: u64) -> Decided<Grant> {
    let first = given.first;
    if let Some(by) = given.suspended {
        return Err(does_not_apply(format!(
            "the grant of {census} was suspended by {by}: only a new census can be granted"
        )));
    }
    if let Some(undone) = given.taken_back.first() {
        return Err(does_not_apply(format!(
            "{undone} of the grant of {census} was undone, so it no longer merges: redo it, or take \
             back the rest of it with `steward grant undo {census}`"
        )));
    }
    if given.grant.granted.joins != joins {
        return Err(does_not_apply(format!(
            "{census} was granted by {first} with {} joins, not {joins}",
            given.grant.granted.joins
        )));
    }
    Ok(given.grant)
}

/// What a grant would say now; refused where it may not be given.
fn offered(facts: Facts<'_>, census: CensusId, joins: u64) -> Decided<Grant> {
    let register = Register::read(facts, Some(census))?;
    let found = register.find(census).ok_or_else(|| missing(format!("census {census}")))?;
    if found.counted.taken.census.stratum.maker != Maker::Nobody {
        return Err(does_not_apply(format!("the joins of {census} are already made")));
    }
    match found.closed {
        None => {}
        Some(Closed::GivenUp) => {
            return Err(does_not_apply(format!(
                "{census} was given up when a later census was taken: see `steward grant list`"
            )));
        }
        Some(why) => {
            return Err(does_not_apply(format!(
                "{census} cannot be granted: {}; only a new census can be (`steward match --census`)",
                why.told()
            )));
        }
    }
    let standing = found.standing();
    let rest = standing.rest;
    if rest.joins == 0 {
        return Err(does_not_apply(format!("{census} has no joins left")));
    }
    if rest.joins != joins {
        let since = vec![format!("{} joins are waiting now, not {joins}", rest.joins)];
        return Err(Refusal::Stale { subject: census.to_string(), since }.into());
    }
    let account = register.account(facts);
    if !account.carries(rest) {
        let stratum = shown(facts, census)?.stratum;
        let needs = stratum.needs().unwrap_or_default();
        return Err(does_not_apply(match stratum.missing {
            Some(1..) => format!(
                "{census} cannot be granted yet: {needs}, in the order of `steward grant show {census}`"
            ),
            _ => format!("{census} cannot be granted: {needs}"),
        }));
    }
    let makes = would_make(facts, census)?;
    if let Some(why) = makes.is_too_little(&account, rest) {
        return Err(does_not_apply(format!("{census} cannot be granted: {why}")));
    }
    let waiting: Vec<Fingerprint> = standing.waiting().collect();
    Ok(Grant {
        census,
        granted: rest,
        looked_at: standing.looked_at,
        wrong: standing.wrong,
        joins: found.counted.taken.census.seed.all(&waiting),
        promise: account.promise,
        before: account.promised(),
        makes: Some(makes.held()),
        here: None,
    })
}

fn nothing_to_make(census: CensusId, left: usize) -> crate::error::Stop {
    does_not_apply(match left {
        0 => format!("{census} has no joins left"),
        left => format!(
            "{left} joins of {census} are waiting, but each would break a rule, go against a decision or is \
             asked about by its source: decide those tasks one by one"
        ),
    })
}
