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
    /// A value differs of which one customer has one, which may be an error.
    Differ,
    /// People, a rule or their names say that they are two.
    Two,
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

/// The places of those who fit two others nearly equally well that are not one, ascending.
#[must_use]
pub fn contested(claims: &[Claim], thresholds: MatchingSettings) -> Vec<usize> {
    let (margin, least) = (Margin::of(thresholds.auto), Millibits::reaching(thresholds.review));
    let are_two = |a: usize, b: usize| {
        let ends = (a.min(b), a.max(b));
        claims.iter().any(|claim| claim.places == ends && claim.beside == Beside::Two)
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
            .filter(|claim| claim.beside == Beside::MayBeOne)
            .filter_map(|claim| Some((other(claim)?, Millibits::of(claim.weight))))
            .filter(|(_, weight)| *weight >= least)
            .collect();
        let is_torn = own.iter().any(|(one, weight)| {
            own.iter().any(|(third, as_good)| {
                let (best, less) = (*weight.max(as_good), *weight.min(as_good));
                margin.is_as_good(best, less) && are_two(*one, *third)
            })
        });
        if is_torn {
            found.push(place);
        }
    }
    found
}

impl Component {
    /// How the records at two places stand to each other, also by what people decided.
    fn standing(&self, a: usize, b: usize, separations: &Separations) -> Beside {
        match separations.contains(self.rows[a], self.rows[b]) {
            true => Beside::Two,
            false => self.grounds(a, b).beside(),
        }
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
                has_two |= beside == Beside::Two;
                if beside == Beside::MayBeOne && weight >= least {
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
        let is_wanted = |own: &[usize], other: &[usize]| {
            own.iter().flat_map(|place| &self.suitors[*place]).any(|(suitor, as_good)| {
                let third = cluster(*suitor);
                self.margin.is_as_good(weight, *as_good)
                    && !own.contains(suitor)
                    && !other.contains(suitor)
                    && self.component.any((third, other), self.separations, |it| it == Beside::Two)
                    && !self
                        .component
                        .any((third, own), self.separations, |it| it != Beside::MayBeOne)
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
    for suitors in &contest.suitors {
        let sure: Vec<&(usize, Millibits)> = suitors.iter().filter(is_sure).collect();
        for (at, (one, weight)) in sure.iter().enumerate() {
            for (other, as_good) in &sure[at + 1..] {
                let near = contest.margin.is_as_good(*weight.max(as_good), *weight.min(as_good));
                let (own, third) = (group_of[*one], group_of[*other]);
                if near
                    && own != third
                    && component.standing(*one, *other, separations) == Beside::Two
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
        use Beside::{Differ, MayBeOne, Two};
        for (weights, beside, expected) in [
            ([12.0, 12.0], Two, &[2][..]),
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
                claim((0, 2), weights[0], MayBeOne),
                claim((1, 2), weights[1], MayBeOne),
            ];
            let found = contested(&claims, MatchingSettings::default());
            assert_eq!(found, expected, "{weights:?} {beside:?}");
        }
    }
}
