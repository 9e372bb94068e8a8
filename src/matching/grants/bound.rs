//! How many of a census are wrong at most, whenever one looks.
//!
//! A census of `N` joins is asked in a random order, without putting anything back. Before the next
//! answer, if `w` of them are wrong and `k` of the `n` answered were, the chance of "wrong" is
//! `(w - k) / (N - n)`, whatever came before. Who bets against that chance at fair odds and starts with
//! 1 has, should `w` be true, more than `1 / risk` at *any* time with a chance of at most `risk`
//! (Ville's inequality). So every `w` against which such a bet has ever won so much is ruled out, and
//! the largest that is left is the bound: exact, for this very census, at every look, however one
//! decides when to look or to stop. This is the confidence sequence by betting of Waudby-Smith and
//! Ramdas (2024) for sampling without replacement, for yes and no, and one-sided.
//!
//! Each of [`BETS`] puts a fixed share of what it has on "right": all of it wins most while nothing is
//! wrong and is ruined by the first wrong one, smaller shares bear some. As shares, they fit a bound of
//! 20 % as well as one of 1 %. More that is wrong never makes a bet win more, and a larger `w` never
//! makes it win less, so that
//!
//! - an answer that is missing may stand as wrong: the bound can only be too high;
//! - the values of `w` that are ruled out lie together at the top, and are found by halving.
//!
//! Nothing here but sums, products and quotients of IEEE numbers in one order: the same on every machine.

use std::ops::RangeInclusive;

/// What share of its capital each bet puts on "right", and its part of the capital to begin with.
const BETS: [(f64, f64); 4] = [(1.0, 0.4), (0.9, 0.2), (0.7, 0.2), (0.4, 0.2)];

/// Bets on "wrong", to notice that more is wrong than should be.
const ALARMS: [(f64, f64); 2] = [(0.2, 0.5), (0.07, 0.5)];

/// The largest number of wrong joins in a census of `size` that its answers do not rule out.
///
/// `wrong` are the answers in the order of the census, from its beginning: `true` for a join that is
/// wrong or not answered yet. Only numbers in `known` come into question: at least so many are
/// known to be wrong, and so many to be right, wherever they lie.
#[must_use]
pub fn most_wrong(size: u32, wrong: &[bool], known: RangeInclusive<u32>, risk: f64) -> u32 {
    let (mut least, mut most) = known.into_inner();
    while least < most {
        // If the upper half begins with what is ruled out, all of it is.
        let middle = least + (most - least).div_ceil(2);
        if is_ruled_out(size, middle, wrong, risk) {
            most = middle - 1;
        } else {
            least = middle;
        }
    }
    most
}

/// Whether a bet against `supposed` wrong joins has ever won enough.
fn is_ruled_out(size: u32, supposed: u32, wrong: &[bool], risk: f64) -> bool {
    let mut capital = BETS.map(|(_, part)| part);
    let (mut wrong_left, mut left) = (supposed, size);
    for wrong in wrong {
        let right_left = left.saturating_sub(wrong_left);
        if *wrong {
            if wrong_left == 0 {
                // More is taken for wrong than supposed: from here on nothing can be said.
                return false;
            }
            wrong_left -= 1;
            capital.iter_mut().zip(BETS).for_each(|(it, (share, _))| *it *= 1.0 - share);
        } else {
            if right_left == 0 {
                return true;
            }
            let odds = f64::from(wrong_left) / f64::from(right_left);
            capital.iter_mut().zip(BETS).for_each(|(it, (share, _))| *it *= 1.0 + share * odds);
        }
        left = left.saturating_sub(1);
        if capital.iter().sum::<f64>() * risk >= 1.0 {
            return true;
        }
    }
    false
}

/// What a bet that too much is wrong has come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Winnings {
    /// What it has now.
    pub(super) now: f64,
    /// The most it had at any time.
    pub(super) most: f64,
}

/// How a bet fares that more than `supposed` of `size` joins are wrong.
///
/// `wrong` are the answers in the order of the census, `false` for one that is missing. If no more are
/// wrong than supposed, it ever has `x` with a chance of at most `1 / x`; so has one that stakes what
/// it has on one census after the other.
pub(super) fn alarm(size: u32, supposed: u32, wrong: &[bool]) -> Winnings {
    let mut capital = ALARMS.map(|(_, part)| part);
    let (mut wrong_left, mut left) = (supposed, size);
    let mut most: f64 = 1.0;
    for wrong in wrong {
        let right_left = left.saturating_sub(wrong_left);
        if *wrong {
            if wrong_left == 0 {
                return Winnings { now: f64::INFINITY, most: f64::INFINITY };
            }
            let odds = f64::from(right_left) / f64::from(wrong_left);
            capital.iter_mut().zip(ALARMS).for_each(|(it, (share, _))| *it *= 1.0 + share * odds);
            wrong_left -= 1;
        } else {
            if right_left == 0 {
                break;
            }
            capital.iter_mut().zip(ALARMS).for_each(|(it, (share, _))| *it *= 1.0 - share);
        }
        left = left.saturating_sub(1);
        most = most.max(capital.iter().sum());
    }
    Winnings { now: capital.iter().sum(), most }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(size: u32, wrong: &[bool], risk: f64) -> u32 {
        let known = wrong.iter().filter(|it| **it).count() as u32;
        let right = wrong.len() as u32 - known;
        most_wrong(size, wrong, known..=size - right, risk)
    }

    /// The exact chance, over all orders, that a rule of this risk ever rules the truth out.
    fn chance_to_be_wrong(size: u32, truth: u32, risk: f64) -> f64 {
        // By answers so far: how likely, if it was not ruled out yet. Whether it is depends on the
        // order only through the capital, so the paths are walked one by one.
        fn walk(size: u32, truth: u32, path: &mut Vec<bool>, chance: f64, risk: f64) -> f64 {
            if is_ruled_out(size, truth, path, risk) {
                return chance;
            }
            let (asked, found) = (path.len() as u32, path.iter().filter(|it| **it).count() as u32);
            if asked == size {
                return 0.0;
            }
            let share = f64::from(truth - found) / f64::from(size - asked);
            let mut total = 0.0;
            for (wrong, share) in [(true, share), (false, 1.0 - share)] {
                if share > 0.0 {
                    path.push(wrong);
                    total += walk(size, truth, path, chance * share, risk);
                    path.pop();
                }
            }
            total
        }
        walk(size, truth, &mut Vec::new(), 1.0, risk)
    }

    #[test]
    fn the_truth_is_ruled_out_no_more_often_than_the_risk_over_all_orders() {
        let mut largest: f64 = 0.0;
        for size in [3, 8, 11] {
            for truth in 0..=size {
                for risk in [0.05, 0.2, 0.4] {
                    let chance = chance_to_be_wrong(size, truth, risk);
                    assert!(chance <= risk + 1e-12, "{size} {truth} {risk}: {chance}");
                    largest = largest.max(chance / risk);
                }
            }
        }
        assert!(largest > 0.5, "not so careful that it says nothing: {largest}");
    }

    /// What a page that shows these figures may say of so many answers without a fault.
    #[test]
    fn answers_without_a_fault_are_worth_what_is_told_of_them() {
        for (size, answers, wrong) in
            [(1274, 60, 69), (1000, 69, 46), (5000, 352, 46), (5000, 0, 5000), (20, 20, 0)]
        {
            assert_eq!(after(size, &vec![false; answers], 0.05), wrong, "{size} {answers}");
        }
    }

    #[test]
    fn more_that_is_wrong_or_missing_never_lowers_the_bound() {
        let mut state = 7_u32;
        let mut chance = |of: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % of
        };
        for _ in 0..25 {
            let size = 20 + chance(400);
            let asked = chance(size.min(120)) as usize;
            let wrong: Vec<bool> = (0..asked).map(|_| chance(20) == 0).collect();
            let known = wrong.iter().filter(|it| **it).count() as u32;
            let all = known..=size;
            let bound = most_wrong(size, &wrong, all.clone(), 0.05);
            for at in (0..asked).filter(|at| !wrong[*at]) {
                let mut worse = wrong.clone();
                worse[at] = true;
                assert!(most_wrong(size, &worse, all.clone(), 0.05) >= bound, "{wrong:?} {at}");
            }
            for shorter in 0..asked {
                assert!(most_wrong(size, &wrong[..shorter], all.clone(), 0.05) >= bound);
            }
            let ruled_out: Vec<bool> =
                (known..=size).map(|it| is_ruled_out(size, it, &wrong, 0.05)).collect();
            assert!(ruled_out.is_sorted(), "what is ruled out lies at the top");
        }
    }

    #[test]
    fn a_bet_that_too_much_is_wrong_wins_only_where_it_is() {
        let at = |wrong: &[usize]| (0..20).map(|it| wrong.contains(&it)).collect::<Vec<_>>();
        assert!(alarm(400, 20, &at(&[])).most <= 1.0);
        assert!(alarm(400, 20, &at(&[3, 11])).most < 10.0);
        assert!(alarm(400, 20, &at(&[1, 4, 8, 13])).most > 10.0);
        assert_eq!(alarm(20, 1, &at(&[2, 9])).most, f64::INFINITY, "two are not one");
        assert_eq!(
            alarm(20, 20, &at(&[])).now,
            1.0,
            "nothing can be told of a census all of whose joins may be wrong"
        );
    }
}
