//! What a grant would make of what it is given for, and whether the bound still holds for that.
//!
//! People look at a sample of all joins that wait. All that are wrong may be among those that are made, so
//! that a bound over 380 joins says little of the 74 that no rule keeps apart.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::join::{Joined, Joining};
use super::waiting;
use crate::draft::Draft;
use crate::error::Decided;
use crate::facts::Facts;
use crate::grants::Counted;
use domain::event::Cause;
use domain::grants::Bounded;
use domain::{CensusId, DecisionId, counted};
use matching::grants::Account;

/// What a grant would make, all portions together.
#[derive(Debug, Default)]
pub(crate) struct WouldMake {
    /// Customers that it merges away.
    pub(crate) made: u64,
    /// Joins whose units are one by others.
    already: u64,
    /// Joins left to people, by what is against them.
    against: BTreeMap<String, u64>,
}

/// What a grant would make, and what it would leave to people.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn would_make(facts: Facts<'_>, census: CensusId) -> Decided<WouldMake> {
    let counted = Counted::named(facts, census)?;
    let states = counted.states(facts)?;
    let joining = Joining::of(&counted.taken.census.stratum, &counted.taken.units);
    let next = DecisionId(facts.view.counters()?.decisions + 1);
    let mut draft = Draft::new(facts, Cause::Decision(next))?;
    let mut makes = WouldMake::default();
    for units in waiting(&states).filter_map(|at| counted.taken.units.get(at)) {
        match joining.join(&mut draft, units)? {
            Joined::Made => makes.made += 1,
            Joined::Already => makes.already += 1,
            Joined::Left(why) => *makes.against.entry(why.told(facts)).or_default() += 1,
        }
    }
    Ok(makes)
}

impl WouldMake {
    /// Joins that hold afterwards.
    pub(crate) fn held(&self) -> u64 {
        self.made + self.already
    }

    /// Joins that are left to people.
    pub(crate) fn left(&self) -> u64 {
        self.against.values().sum()
    }

    /// Why it may not be given: what is made does not keep what is promised, though what waits does.
    pub(crate) fn is_too_little(&self, account: &Account, rest: Bounded) -> Option<String> {
        let part = rest.part(self.held());
        // Where nothing at all is made, that is said.
        if part.joins == 0 || account.carries(part) {
            return None;
        }
        let share =
            |bounded: Bounded| f64::from(bounded.right_at_least().unwrap_or_default()) / 10.0;
        let together = match account.promised() {
            Bounded { joins: 0, .. } => String::new(),
            before => format!(" ({} % of all grants together)", share(before + part)),
        };
        let mut against: Vec<(&String, u64)> =
            self.against.iter().map(|(it, n)| (it, *n)).collect();
        against.sort_by_key(|(_, joins)| Reverse(*joins));
        let against: Vec<String> =
            against.into_iter().map(|(why, joins)| format!("{joins} by {why}")).collect();
        Some(format!(
            "of its {}, a grant would make {}, and up to {} of those may be wrong: at least {} % are \
             right{together}, not the {} % that [matching.autonomy] asks for. The others are blocked and left to \
             people: {}. Answer them yourself, or change what blocks them",
            counted(rest.joins, "join", "joins"),
            part.joins,
            part.wrong_at_most,
            share(part),
            (account.promise.precision() * 1e6).round() / 1e4,
            against.join(", ")
        ))
    }
}
