//! Who fits two that are not one: `J. Gromwell` in the home of John and Jane, Edward beside his father
//! Edward Sr and his son Edward Jr.
//!
//! Each of the two joins is good by itself, and at most one of them is right. Whichever is made first would
//! keep the other from being made, and what comes first is chance where both are as good. So neither is made,
//! and one task shows all three.
//!
//! What is as good follows from the weights. If the record is one of the two at all, the difference of their
//! weights is the log2 of the odds that it is the better one. The machine merges where the odds reach `auto`,
//! and here it asks the same of these odds: at .99 the better join must weigh 6.6 bits more.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use domain::RecordId;
use settings::MatchingSettings;

use super::cluster::{Component, Separations, Sets};
use super::weight::Millibits;

/// Whether a join is so much better than another, of which only one can be right, that the machine may choose.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Margin(Millibits);

impl Margin {
    /// What the threshold for merging asks for; none where it asks for nothing.
    pub(crate) fn of(auto: f64) -> Self {
        Self(Millibits::reaching(auto).max(Millibits::ZERO))
    }

    /// Whether another join is nearly as good as one, or better.
    pub(crate) fn is_as_good(self, one: Millibits, other: Millibits) -> bool {
        i64::from(other.0) + i64::from(self.0.0) > i64::from(one.0)
    }
}

/// How two records stand to each other, whatever they score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Beside {
    /// Nothing says for certain that they are two: what is merely left open, as whether Sam is Samantha, does not.
    MayBeOne,
    /// The same, and they have one family name, or one of them has the other's among others: Hill and Hill-Tanner.
    OneFamily,
    /// They may be one who married, and have two family names: Hill and Tanner.
    TwoFamilies,
    /// A value differs of which one customer has one, which may be an error.
    Differ,
    /// People, a rule or their names say that they are two.
    Two,
}

impl Beside {
    /// Whether they may be one.
    #[must_use]
    pub fn may_be_one(self) -> bool {
        matches!(self, Self::MayBeOne | Self::OneFamily | Self::TwoFamilies)
    }

    /// Whether of two joins of a third one only one can be right, by how these two stand to each other and the
    /// third to each. Two who may be one who married are two for whoever has the family names of both.
    fn are_rivals(self, third: [Self; 2]) -> bool {
        self == Self::Two || self == Self::TwoFamilies && third == [Self::OneFamily; 2]
    }
}

/// How two customers side by side go together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Claim {
    /// Their places, the lower one first.
    pub places: (usize, usize),
    /// log2 of the odds that they are one.
    pub weight: f64,
    /// How they stand to each other.
    pub beside: Beside,
}

/// A record that was merged with others, and fits one of another customer as well that is none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Torn {
    /// The record.
    pub record: RecordId,
    /// The one that it fits as well.
    pub rival: RecordId,
}

/// Whether a record that was merged with a second one would not be today, with a third one beside them that it may
/// be as well: each by how probable it is and how they stand to each other. `rivals` is how the second and the
/// third stand.
#[must_use]
pub fn is_torn(
    (joined, to_joined): (f64, Beside),
    (rival, to_rival): (f64, Beside),
    rivals: Beside,
    thresholds: MatchingSettings,
) -> bool {
    let of = |weight| Millibits::of(weight);
    Margin::of(thresholds.auto).is_as_good(of(joined), of(rival))
        && of(rival) >= Millibits::reaching(thresholds.review)
        && to_rival.may_be_one()
        && rivals.are_rivals([to_joined, to_rival])
}

/// The places of those who fit two others nearly equally well that are not one, ascending.
#[must_use]
pub fn contested(claims: &[Claim], thresholds: MatchingSettings) -> Vec<usize> {
    let (margin, least) = (Margin::of(thresholds.auto), Millibits::reaching(thresholds.review));
    let beside = |a: usize, b: usize| {
        let ends = (a.min(b), a.max(b));
        claims.iter().find(|claim| claim.places == ends).map_or(Beside::Differ, |it| it.beside)
    };
    let mut found: Vec<usize> = Vec::new();
    let ends = claims.iter().flat_map(|claim| [claim.places.0, claim.places.1]);
    for place in ends.collect::<BTreeSet<_>>() {
        let other = |claim: &Claim| match claim.places {
            (own, other) | (other, own) if own == place => Some(other),
            _ => None,
        };
        let own: Vec<(usize, Millibits)> = claims
            .iter()
            .filter(|claim| claim.beside.may_be_one())
            .filter_map(|claim| Some((other(claim)?, Millibits::of(claim.weight))))
            .filter(|(_, weight)| *weight >= least)
            .collect();
        let is_torn = own.iter().any(|(one, weight)| {
            own.iter().any(|(third, as_good)| {
                let (best, less) = (*weight.max(as_good), *weight.min(as_good));
                let to_each = [beside(place, *one), beside(place, *third)];
                margin.is_as_good(best, less) && beside(*one, *third).are_rivals(to_each)
            })
        });
        if is_torn {
            found.push(place);
        }
    }
    found
}

impl Component {
    /// Places of those in units of several that are torn, each with the place of its rival: of each unit the first.
    /// `decided` tells whether people said that two rows are one.
    pub(crate) fn torn(
        &self,
        separations: &Separations,
        thresholds: MatchingSettings,
        decided: impl Fn(u32, u32) -> bool,
    ) -> Vec<(usize, usize)> {
        let mut torn: Vec<(usize, usize)> = Vec::new();
        let places = || 0..self.rows.len();
        let claim =
            |a: usize, b: usize| (self.weight(a, b).bits(), self.standing(a, b, separations));
        for place in places() {
            let unit = self.units[place];
            if torn.iter().any(|(known, _)| self.units[*known] == unit) {
                continue;
            }
            let is_joined = |other: &usize| {
                *other != place
                    && self.units[*other] == unit
                    && !decided(self.rows[place], self.rows[*other])
                    && !self.grounds(place, *other).is_same()
            };
            let joined: Vec<usize> = places().filter(is_joined).collect();
            if joined.is_empty() {
                continue;
            }
            let is_rival = |other: &usize| {
                self.units[*other] != unit
                    && joined.iter().any(|with| {
                        let rivals = self.standing(*with, *other, separations);
                        is_torn(claim(place, *with), claim(place, *other), rivals, thresholds)
                    })
            };
            torn.extend(places().find(is_rival).map(|rival| (place, rival)));
        }
        torn
    }

    /// How the records at two places stand to each other, also by what people decided.
    fn standing(&self, a: usize, b: usize, separations: &Separations) -> Beside {
        match separations.contains(self.rows[a], self.rows[b]) {
            true => Beside::Two,
            false => self.grounds(a, b).beside(),
        }
    }

    /// Whether only one of two joins of `place` can be right, by what the others are to each other.
    fn are_rivals(
        &self,
        place: usize,
        [one, other]: [usize; 2],
        separations: &Separations,
    ) -> bool {
        let to_each = [one, other].map(|it| self.standing(place, it, separations));
        self.standing(one, other, separations).are_rivals(to_each)
    }

    /// Whether any two of some places stand so to each other.
    fn any(
        &self,
        (left, right): (&[usize], &[usize]),
        separations: &Separations,
        is_meant: impl Fn(Beside) -> bool,
    ) -> bool {
        let mut pairs = left.iter().flat_map(|a| right.iter().map(move |b| (*a, *b)));
        pairs.any(|(a, b)| {
            self.units[a] != self.units[b] && is_meant(self.standing(a, b, separations))
        })
    }
}

/// Joins of a component that could be made, for those who may be in two of them.
pub(crate) struct Contest<'a> {
    component: &'a Component,
    separations: &'a Separations,
    margin: Margin,
    auto: Millibits,
    /// For each place of the component, those of other units that it may be one with, and their weight.
    suitors: Vec<Vec<(usize, Millibits)>>,
}

impl<'a> Contest<'a> {
    /// Of all places; `None` where none of them are two, so that no join rules out another.
    pub(crate) fn among(
        component: &'a Component,
        separations: &'a Separations,
        (auto, review): (f64, f64),
    ) -> Option<Self> {
        if component.rows.len() < 3 {
            return None;
        }
        let least = Millibits::reaching(review);
        let mut suitors: Vec<Vec<(usize, Millibits)>> = vec![Vec::new(); component.rows.len()];
        let mut has_two = false;
        for a in 0..suitors.len() {
            for b in (a + 1..suitors.len()).filter(|b| component.units[a] != component.units[*b]) {
                let weight = component.weight(a, b);
                let beside = component.standing(a, b, separations);
                has_two |= matches!(beside, Beside::Two | Beside::TwoFamilies);
                if beside.may_be_one() && weight >= least {
                    suitors[a].push((b, weight));
                    suitors[b].push((a, weight));
                }
            }
        }
        let (margin, auto) = (Margin::of(auto), Millibits::reaching(auto));
        has_two.then_some(Self { component, separations, margin, auto, suitors })
    }

    /// Whether one of two clusters would as well be joined with a third that may not be with the other.
    /// `cluster` gives the places of the cluster that a place is in.
    pub(crate) fn is_contested<'c>(
        &self,
        weight: Millibits,
        left: &[usize],
        right: &[usize],
        cluster: impl Fn(usize) -> &'c [usize],
    ) -> bool {
        let Self { component, separations, .. } = self;
        let is_rival = |place: usize, suitor: usize, other: &[usize]| {
            let is_rival = |it: &usize| component.are_rivals(place, [suitor, *it], separations);
            component.any((cluster(suitor), other), separations, |it| it == Beside::Two)
                || other.iter().any(is_rival)
        };
        let is_wanted = |own: &[usize], other: &[usize]| {
            let suitors = own
                .iter()
                .flat_map(|place| self.suitors[*place].iter().map(move |it| (*place, it)));
            suitors.into_iter().any(|(place, (suitor, as_good))| {
                self.margin.is_as_good(weight, *as_good)
                    && !own.contains(suitor)
                    && !other.contains(suitor)
                    && is_rival(place, *suitor, other)
                    && !component.any((cluster(*suitor), own), separations, |it| !it.may_be_one())
            })
        };
        is_wanted(left, right) || is_wanted(right, left)
    }
}

/// Brings together the groups between which somebody could be placed either way, so that one task shows all
/// of them: who fits a member of another group nearly as well as one of the own, where these two are not one.
pub(crate) fn gathered(
    contest: Option<&Contest<'_>>,
    mut groups: Vec<Vec<usize>>,
) -> Vec<Vec<usize>> {
    let Some(contest) = contest.filter(|_| groups.len() > 1) else { return groups };
    let Contest { component, separations, .. } = contest;
    let mut group_of = vec![0; component.rows.len()];
    for (number, group) in groups.iter().enumerate() {
        group.iter().for_each(|place| group_of[*place] = number);
    }
    let mut sets = Sets::new(groups.len());
    // Who is no sure match of either is brought together by being alike, or not at all.
    let is_sure = |suitor: &&(usize, Millibits)| suitor.1 >= contest.auto;
    for (place, suitors) in contest.suitors.iter().enumerate() {
        let sure: Vec<&(usize, Millibits)> = suitors.iter().filter(is_sure).collect();
        for (at, (one, weight)) in sure.iter().enumerate() {
            for (other, as_good) in &sure[at + 1..] {
                let near = contest.margin.is_as_good(*weight.max(as_good), *weight.min(as_good));
                let (own, third) = (group_of[*one], group_of[*other]);
                if near && own != third && component.are_rivals(place, [*one, *other], separations)
                {
                    sets.join(own as u32, third as u32);
                }
            }
        }
    }
    let roots = sets.roots();
    let mut gathered: Vec<Vec<usize>> = vec![Vec::new(); groups.len()];
    for (group, root) in groups.iter().zip(&roots) {
        gathered[*root as usize].extend(group);
    }
    // Nobody is asked again about those whom people separated.
    let is_separated = |places: &[usize]| {
        let row = |place: usize| component.rows[place];
        let mut all = places.iter().enumerate();
        all.any(|(at, a)| places[at + 1..].iter().any(|b| separations.contains(row(*a), row(*b))))
    };
    for (number, group) in groups.iter_mut().enumerate() {
        let all = &mut gathered[roots[number] as usize];
        if !is_separated(all) {
            *group = std::mem::take(all);
            group.sort_unstable();
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_fits_two_that_are_two_nearly_as_well_is_contested() {
        use Beside::{Differ, MayBeOne, OneFamily, Two, TwoFamilies};
        for (weights, beside, expected) in [
            ([12.0, 12.0], Two, &[2][..]),
            // Neither has the other's family name; the third has both of them, or one.
            ([12.0, 12.0], TwoFamilies, &[2]),
            ([20.0, 12.0], TwoFamilies, &[]),
            ([12.0, 12.0], OneFamily, &[]),
            ([12.0, 6.0], Two, &[2]),
            ([6.0, 12.0], Two, &[2]),
            ([20.0, 12.0], Two, &[]),
            ([12.0, 20.0], Two, &[]),
            ([12.0, -1.0], Two, &[]),
            ([12.0, 12.0], Differ, &[]),
            ([12.0, 12.0], MayBeOne, &[]),
        ] {
            let claim = |places, weight, beside| Claim { places, weight, beside };
            let claims = [
                claim((0, 1), 9.0, beside),
                claim((0, 2), weights[0], OneFamily),
                claim((1, 2), weights[1], OneFamily),
            ];
            let found = contested(&claims, MatchingSettings::default());
            assert_eq!(found, expected, "{weights:?} {beside:?}");
            // Nothing is known of the third one's family name.
            let claims = claims.map(|it| match it.beside {
                OneFamily => Claim { beside: MayBeOne, ..it },
                _ => it,
            });
            let found = contested(&claims, MatchingSettings::default());
            assert_eq!(found.is_empty(), beside != Two || expected.is_empty(), "{beside:?}");
        }
    }
}
