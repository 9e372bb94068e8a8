//! What is asked after a grant, and when it must rest.
//!
//! In each run after a grant some of the joins made under it are asked, a census of their own whose
//! [`Maker`](domain::grants::Maker) is the grant. A few answers a run bound little, but they show when the
//! data has become other than it was: a bet is laid that more is wrong than was promised, and goes on
//! from run to run with what it has. Once it has ten times its stake, the grant is broken.

use domain::grants::{Autonomy, Bounded};

use super::bound::alarm;
use super::standing::Standing;

/// One in so many joins of a run is asked.
const ONE_IN: u64 = 20;
/// But at least so many.
const AT_LEAST: u64 = 20;
/// A grant rests once the bet has so many times its stake: one in ten grants that keep what was promised
/// rests without need, at most.
const ENOUGH: f64 = 10.0;

/// How many joins of a run's census are asked as checks.
#[must_use]
pub fn check_size(joins: u64) -> u64 {
    joins.div_ceil(ONE_IN).max(AT_LEAST).min(joins)
}

/// Why a grant must rest: no new merges are made under it until a new census was granted. Those it
/// made stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// More of its joins are known to be wrong than were promised at most.
    Promise {
        /// Known to be wrong.
        wrong: u64,
        /// Promised at most.
        at_most: u64,
    },
    /// The checks say that more is wrong than is allowed.
    Checks {
        /// Answers that count, of all checks.
        looked_at: u64,
        /// Those of them that are wrong.
        wrong: u64,
    },
}

/// Whether a grant must rest, and why.
///
/// `known_wrong` of the joins it made are known to be wrong: people took them apart or said so.
/// `checks` are the censuses of the runs since, in order.
#[must_use]
pub fn broken(
    promise: Autonomy,
    granted: Bounded,
    known_wrong: u64,
    checks: &[Standing<'_>],
) -> Option<Broken> {
    if known_wrong > granted.wrong_at_most {
        return Some(Broken::Promise { wrong: known_wrong, at_most: granted.wrong_at_most });
    }
    let mut stake = 1.0;
    for check in checks {
        let size = check.census().joins.len() as u64;
        let narrow = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        // Of a few joins one may always be wrong: less cannot be told from a slip.
        let supposed = promise.allowed(size).max(u64::from(size > 0));
        let winnings = alarm(narrow(size), narrow(supposed), &check.found());
        if stake * winnings.most >= ENOUGH {
            let sum = |of: fn(&Standing<'_>) -> u64| checks.iter().map(of).sum::<u64>();
            let (right, wrong) = (sum(|it| it.right), sum(|it| it.wrong));
            return Some(Broken::Checks { looked_at: right + wrong, wrong });
        }
        stake *= winnings.now;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answered, census};
    use super::*;

    const GRANTED: Bounded = Bounded { joins: 1000, wrong_at_most: 40 };

    fn after(runs: &[&[usize]]) -> Option<Broken> {
        let census = census(200, 0.0);
        let states: Vec<_> = runs.iter().map(|wrong| answered(200, 20, wrong)).collect();
        let checks: Vec<_> = states.iter().map(|states| Standing::of(&census, states)).collect();
        broken(Autonomy::default(), GRANTED, 0, &checks)
    }

    #[test]
    fn one_in_twenty_is_checked_and_at_least_twenty() {
        let sizes = [0, 7, 20, 21, 400, 401, 5000].map(check_size);
        assert_eq!(sizes, [0, 7, 20, 20, 20, 21, 250]);
    }

    #[test]
    fn a_grant_rests_when_checks_show_too_much_wrong() {
        assert_eq!(after(&[&[], &[3], &[], &[17]]), None);
        assert_eq!(
            after(&[&[], &[2, 5, 6, 9]]),
            Some(Broken::Checks { looked_at: 40, wrong: 4 }),
            "in one run"
        );
        let slowly: Vec<&[usize]> = vec![&[4, 12, 15]; 6];
        assert!(matches!(after(&slowly), Some(Broken::Checks { wrong: 18, .. })));
    }

    #[test]
    fn a_grant_rests_when_more_is_known_to_be_wrong_than_was_promised() {
        let promise = Autonomy::default();
        assert_eq!(broken(promise, GRANTED, 40, &[]), None);
        let broken = broken(promise, GRANTED, 41, &[]);
        assert_eq!(broken, Some(Broken::Promise { wrong: 41, at_most: 40 }));
    }
}
