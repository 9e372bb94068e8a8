//! What is promised now, and what may be granted.

use std::cmp::Reverse;

use domain::CensusId;
use domain::grants::{Autonomy, Bounded, Maker};

use super::standing::Standing;

/// No stratum may have more than so many times the wrong joins that are allowed, however good the
/// others are: what nobody looked at must not hide behind them.
const MOST_TIMES: u64 = 2;

/// A stratum that waits for a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Its census.
    pub census: CensusId,
    /// The joins a grant would make, and how many of them are wrong at most.
    pub rest: Bounded,
    /// Joins looked at in the order of the census, as far as that counts.
    pub looked_at: u64,
    /// Joins that people said are one, wherever they lie.
    pub right: u64,
    /// Joins that people said are two, wherever they lie.
    pub wrong: u64,
    /// Answers without a fault that are missing: none where it may be granted now, `None` where the
    /// stratum has too few joins, so that it can only be answered to its end.
    pub missing: Option<u64>,
}

/// Everything that is promised together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What is promised.
    pub promise: Autonomy,
    /// What was made under grants, all together, each as it was bounded when it was granted.
    pub granted: Bounded,
    /// Strata whose joins the machine had made and whose own sample carries the promise.
    pub joined: Vec<(CensusId, Bounded)>,
    /// Strata whose joins the machine had made and whose own sample does not carry it yet.
    pub apart: Vec<(CensusId, Bounded)>,
}

impl Account {
    /// The account of all grants that were not undone (suspended ones too: their joins stay made), and
    /// of all censuses that are open, those that wait for a grant among them.
    #[must_use]
    pub fn of(promise: Autonomy, grants: &[Bounded], open: &[Standing<'_>]) -> Self {
        let made = open.iter().filter(|it| is_made(it)).map(|it| (it.id(), it.rest));
        let (joined, apart) = made.partition(|(_, rest)| rest.joins > 0 && rest.keeps(promise));
        Self { promise, granted: grants.iter().copied().sum(), joined, apart }
    }

    /// Everything that is promised: so many joins, and how many of them are wrong at most.
    #[must_use]
    pub fn promised(&self) -> Bounded {
        self.joined.iter().fold(self.granted, |sum, (_, joined)| sum + *joined)
    }

    /// Whether a stratum with this rest may be granted now.
    #[must_use]
    pub fn carries(&self, rest: Bounded) -> bool {
        let by_itself = rest.wrong_at_most <= self.promise.allowed(rest.joins * MOST_TIMES);
        rest.joins > 0 && by_itself && (self.promised() + rest).keeps(self.promise)
    }

    /// Answers without a fault that are missing until a stratum may be granted or, where the machine made
    /// its joins, joins the promise: none where it may, `None` where it has too few joins, so that
    /// it can only be answered to its end.
    #[must_use]
    pub fn missing(&self, standing: &Standing<'_>) -> Option<u64> {
        if is_made(standing) {
            standing.missing(|rest| rest.keeps(self.promise))
        } else {
            standing.missing(|rest| self.carries(rest))
        }
    }

    /// The strata that wait for a grant, those first that miss the fewest answers.
    #[must_use]
    pub fn offers(&self, open: &[Standing<'_>]) -> Vec<Offer> {
        let offer = |standing: &Standing<'_>| Offer {
            census: standing.id(),
            rest: standing.rest,
            looked_at: standing.looked_at,
            right: standing.right,
            wrong: standing.wrong,
            missing: self.missing(standing),
        };
        let mut offers: Vec<Offer> = open.iter().filter(|it| !is_made(it)).map(offer).collect();
        offers
            .sort_by_key(|it| (it.missing.unwrap_or(u64::MAX), Reverse(it.rest.joins), it.census));
        offers
    }
}

/// Whether the machine made its joins when the census was taken.
fn is_made(standing: &Standing<'_>) -> bool {
    standing.census().stratum.maker != Maker::Nobody
}

#[cfg(test)]
mod tests {
    use domain::grants::Census;

    use super::super::testing::{answered, census, stratum};
    use super::*;

    fn numbered(id: u32, size: u64, maker: Maker) -> Census {
        Census { id: CensusId(id), stratum: stratum(maker), ..census(size, 0.01) }
    }

    #[test]
    fn offers_say_how_many_answers_are_missing_and_those_that_may_be_granted_come_first() {
        let censuses = [
            numbered(1, 2000, Maker::Nobody),
            numbered(2, 900, Maker::Nobody),
            numbered(3, 30, Maker::Nobody),
        ];
        let states = [answered(2000, 80, &[]), answered(900, 140, &[]), answered(30, 0, &[])];
        let open: Vec<_> =
            censuses.iter().zip(&states).map(|(census, it)| Standing::of(census, it)).collect();
        let account = Account::of(Autonomy::default(), &[], &open);
        let offers = account.offers(&open);
        let told: Vec<_> = offers.iter().map(|it| (it.census.0, it.missing)).collect();
        assert!(matches!(told[..], [(2, Some(0)), (1, Some(10..40)), (3, _)]), "{told:?}");
        assert!(account.carries(offers[0].rest));
        assert!(!account.carries(offers[1].rest));
        // What is missing is enough, and one less is not.
        let missing = told[1].1.unwrap() as usize;
        for (more, carried) in [(missing, true), (missing - 1, false)] {
            let states = answered(2000, 80 + more, &[]);
            assert_eq!(account.carries(Standing::of(&censuses[0], &states).rest), carried);
        }
    }

    #[test]
    fn what_others_leave_over_helps_a_stratum_and_hides_none() {
        let good = Bounded { joins: 10_000, wrong_at_most: 100 };
        let account = Account::of(Autonomy::default(), &[good], &[]);
        assert!(account.carries(Bounded { joins: 1000, wrong_at_most: 70 }));
        assert!(!account.carries(Bounded { joins: 1000, wrong_at_most: 101 }), "by itself too bad");
        assert!(!account.carries(Bounded { joins: 300, wrong_at_most: 300 }), "nobody looked");
        let poor = Bounded { joins: 1000, wrong_at_most: 90 };
        assert!(!Account::of(Autonomy::default(), &[poor], &[]).carries(poor));
    }

    #[test]
    fn starting_strata_join_when_their_own_sample_carries_them() {
        let starting = numbered(9, 6000, Maker::Rules);
        for (answers, joins) in [(0, false), (60, false), (150, true)] {
            let standing = Standing::of(&starting, &answered(6000, answers, &[]));
            let open = [standing];
            let account = Account::of(Autonomy::default(), &[], &open);
            assert_eq!(account.joined.len(), usize::from(joins), "{answers}");
            assert_eq!(account.promised().joins > 0, joins);
            assert!(account.offers(&open).is_empty(), "they are made already");
            let missing = account.missing(&open[0]).unwrap();
            assert_eq!(missing == 0, joins, "{answers}: {missing}");
        }
    }
}
