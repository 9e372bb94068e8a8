//! How far two answers to the same questions agree, beyond what chance would give.
//!
//! Cohen's kappa (Educational and Psychological Measurement 20, 1960), with the standard error that
//! Fleiss, Cohen and Everitt gave (Psychological Bulletin 72, 1969).

use serde::{Deserialize, Serialize};

use super::{Answer, SecondLook};

/// Fewer pairs of answers than this are too few to say anything.
pub const LEAST_PAIRS: u64 = 20;

/// What can be answered; the last is another partition than the first answer's, where both are one of
/// some customers.
const KINDS: usize = 4;

/// The quantile of the normal distribution that leaves 2.5 % on either side.
const Z: f64 = 1.959_963_984_540_054;

/// Pairs of answers, counted by what the first one says and what the second one says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Agreement([[u64; KINDS]; KINDS]);

/// Cohen's kappa.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Kappa {
    /// 1 where all agree, 0 where no more agree than by chance.
    pub kappa: f64,
    /// The interval at 95 % confidence.
    pub least: f64,
    /// See `least`.
    pub most: f64,
}

impl Agreement {
    /// Counts a pair.
    pub fn add(&mut self, look: &SecondLook) {
        let kind = |answer: Answer| match answer {
            Answer::Merge => 0,
            Answer::NotAMatch => 1,
            Answer::InPart => 2,
        };
        let is_other = !look.agrees && look.first == look.second;
        let second = if is_other { KINDS - 1 } else { kind(look.second) };
        self.0[kind(look.first)][second] += 1;
    }

    /// Counts a pair the other way round: what was said second stands in the place of what was said first.
    /// Between two people it is who said what that counts, and not when.
    pub fn add_turned(&mut self, look: &SecondLook) {
        let (first, second) = (look.second, look.first);
        self.add(&SecondLook { first, second, groups: Vec::new(), ..*look });
    }

    /// How many pairs were counted.
    #[must_use]
    pub fn pairs(&self) -> u64 {
        self.0.iter().flatten().sum()
    }

    /// In how many of them both answers say the same.
    #[must_use]
    pub fn same(&self) -> u64 {
        (0..KINDS).map(|kind| self.0[kind][kind]).sum()
    }

    /// Cohen's kappa; none of fewer than [`LEAST_PAIRS`], and where all answers of both times are the
    /// same one, so that chance alone would explain them.
    #[must_use]
    pub fn kappa(&self) -> Option<Kappa> {
        if self.pairs() < LEAST_PAIRS { None } else { self.estimate() }
    }

    /// Cohen's kappa of however few: the interval says how little they tell. None where all answers of
    /// both times are the same one, or there are none.
    #[must_use]
    pub fn estimate(&self) -> Option<Kappa> {
        let pairs = self.pairs();
        if pairs == 0 {
            return None;
        }
        let count = pairs as f64;
        let share = |first: usize, second: usize| self.0[first][second] as f64 / count;
        let firsts = |kind: usize| (0..KINDS).map(|other| share(kind, other)).sum::<f64>();
        let seconds = |kind: usize| (0..KINDS).map(|other| share(other, kind)).sum::<f64>();
        let observed = self.same() as f64 / count;
        let by_chance: f64 = (0..KINDS).map(|kind| firsts(kind) * seconds(kind)).sum();
        let room = 1.0 - by_chance;
        if room < 1e-9 {
            return None;
        }
        let kappa = (observed - by_chance) / room;
        if self.same() == pairs {
            // The standard error is 0 then, which would promise certainty: the exact bound of the share
            // that agrees is what so many pairs allow.
            let least = (0.025_f64.powf(1.0 / count) - by_chance) / room;
            return Some(Kappa { kappa: 1.0, least, most: 1.0 });
        }
        let (mut agreeing, mut differing) = (0.0, 0.0);
        for first in 0..KINDS {
            for second in 0..KINDS {
                if first == second {
                    let margins = firsts(first) + seconds(first);
                    agreeing += share(first, first) * (1.0 - margins * (1.0 - kappa)).powi(2);
                } else {
                    let margins = seconds(first) + firsts(second);
                    differing += share(first, second) * margins.powi(2);
                }
            }
        }
        let spread = agreeing + (1.0 - kappa).powi(2) * differing
            - (kappa - by_chance * (1.0 - kappa)).powi(2);
        let reach = Z * spread.max(0.0).sqrt() / (room * count.sqrt());
        let (least, most) = ((kappa - reach).max(-1.0), (kappa + reach).min(1.0));
        Some(Kappa { kappa, least, most })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DecisionId;

    fn counted(pairs: &[(Answer, Answer, bool, u64)]) -> Agreement {
        let mut agreement = Agreement::default();
        for (first, second, agrees, times) in pairs {
            let (first, second, agrees) = (*first, *second, *agrees);
            let look = SecondLook { of: DecisionId(1), first, second, agrees, groups: Vec::new() };
            (0..*times).for_each(|_| agreement.add(&look));
        }
        agreement
    }

    use Answer::{InPart, Merge, NotAMatch};

    /// Worked by hand from the formulae: 20 + 15 of 50 agree, chance gives half.
    #[test]
    fn kappa_and_its_interval_are_those_of_the_formulae() {
        let told = counted(&[
            (Merge, Merge, true, 20),
            (Merge, NotAMatch, false, 5),
            (NotAMatch, Merge, false, 10),
            (NotAMatch, NotAMatch, true, 15),
        ]);
        assert_eq!((told.pairs(), told.same()), (50, 35));
        let kappa = told.kappa().unwrap();
        // Observed .7; by chance .5 * .6 + .5 * .4 = .5; kappa .4. A = .4 * (1 - 1.1 * .6)^2
        // + .3 * (1 - .9 * .6)^2 = .109720; B = .36 * (.1 * 1.1^2 + .2 * .9^2) = .101880 (the margins
        // of a cell are its column's of the first and its row's of the second); C = (.4 - .3)^2 = .01.
        let reach = Z * (0.109_720_f64 + 0.101_880 - 0.01).sqrt() / (0.5 * 50_f64.sqrt());
        assert!((kappa.kappa - 0.4).abs() < 1e-12, "{kappa:?}");
        assert!((kappa.least - (0.4 - reach)).abs() < 1e-9, "{kappa:?}");
        assert!((kappa.most - (0.4 + reach)).abs() < 1e-9, "{kappa:?}");
    }

    #[test]
    fn chance_alone_is_no_agreement_and_less_than_chance_is_below_zero() {
        let chance = counted(&[
            (Merge, Merge, true, 25),
            (Merge, NotAMatch, false, 25),
            (NotAMatch, Merge, false, 25),
            (NotAMatch, NotAMatch, true, 25),
        ]);
        let kappa = chance.kappa().unwrap();
        assert!(kappa.kappa.abs() < 1e-12 && kappa.least < 0.0 && kappa.most > 0.0, "{kappa:?}");
        let against = counted(&[(Merge, NotAMatch, false, 10), (NotAMatch, Merge, false, 10)]);
        assert!((against.kappa().unwrap().kappa + 1.0).abs() < 1e-12);
    }

    #[test]
    fn too_few_and_one_answer_only_say_nothing() {
        let few = counted(&[(Merge, Merge, true, 10), (NotAMatch, NotAMatch, true, 9)]);
        assert_eq!((few.pairs(), few.kappa()), (19, None));
        let few = few.estimate().unwrap();
        assert!(
            few.kappa == 1.0 && few.least < 0.7,
            "an estimate says how little it knows: {few:?}"
        );
        assert_eq!(counted(&[]).estimate(), None);
        assert_eq!(counted(&[(Merge, Merge, true, 50)]).kappa(), None);
    }

    #[test]
    fn where_all_agree_the_interval_still_says_how_many_were_asked() {
        let told = |each| {
            counted(&[(Merge, Merge, true, each), (NotAMatch, NotAMatch, true, each)])
                .kappa()
                .unwrap()
        };
        let (few, many) = (told(10), told(200));
        assert_eq!((few.kappa, few.most), (1.0, 1.0));
        // 0.025^(1/20) = .8316 of them at least; .5 by chance.
        assert!((few.least - 0.6631).abs() < 1e-3, "{few:?}");
        assert!(many.least > few.least && many.least < 1.0);
    }

    #[test]
    fn turned_round_two_people_agree_as_far_as_before() {
        let pairs = [
            (Merge, Merge, true, 20),
            (Merge, NotAMatch, false, 5),
            (NotAMatch, Merge, false, 10),
            (NotAMatch, NotAMatch, true, 15),
        ];
        let straight = counted(&pairs).kappa().unwrap();
        let mut turned = Agreement::default();
        for (first, second, agrees, times) in pairs {
            let look = SecondLook { of: DecisionId(1), first, second, agrees, groups: Vec::new() };
            (0..times).for_each(|_| turned.add_turned(&look));
        }
        let turned = turned.kappa().unwrap();
        assert!((straight.kappa - turned.kappa).abs() < 1e-12, "{straight:?} {turned:?}");
        assert!((straight.least - turned.least).abs() < 1e-9, "{straight:?} {turned:?}");
    }

    #[test]
    fn two_partitions_that_differ_do_not_agree() {
        let told = counted(&[(InPart, InPart, true, 20), (InPart, InPart, false, 20)]);
        assert_eq!((told.pairs(), told.same()), (40, 20));
        assert!(told.kappa().unwrap().kappa < 1.0);
    }
}
