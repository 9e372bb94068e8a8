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

use super::cluster::{Component, Separations};
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

/// As [`Margin::is_as_good`], for weights in bits and the threshold for merging.
#[must_use]
pub fn is_as_good(auto: f64, one: f64, other: f64) -> bool {
    Margin::of(auto).is_as_good(Millibits::of(one), Millibits::of(other))
}

impl Component {
    /// Whether two places hold records that cannot be one customer's: people, a rule or the records themselves
    /// say that they are two. What is merely left open, as whether Sam is Samantha, rules nothing out.
    fn are_two(&self, a: usize, b: usize, separations: &Separations) -> bool {
        self.units[a] != self.units[b]
            && (separations.contains(self.rows[a], self.rows[b])
                || !self.grounds(a, b).may_be_one())
    }

    /// As [`Component::are_two`], for any two of some places.
    fn hold_two(&self, left: &[usize], right: &[usize], separations: &Separations) -> bool {
        left.iter().any(|a| right.iter().any(|b| self.are_two(*a, *b, separations)))
    }
}

/// Joins of a component that could be made, for those who may be in two of them.
pub(crate) struct Contest<'a> {
    component: &'a Component,
    separations: &'a Separations,
    margin: Margin,
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
                if component.are_two(a, b, separations) {
                    has_two = true;
                } else if weight >= least {
                    suitors[a].push((b, weight));
                    suitors[b].push((a, weight));
                }
            }
        }
        has_two.then_some(Self { component, separations, margin: Margin::of(auto), suitors })
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
                    && self.component.hold_two(third, other, self.separations)
                    && !self.component.hold_two(third, own, self.separations)
            })
        };
        is_wanted(left, right) || is_wanted(right, left)
    }
}

/// Brings together the groups between which somebody could be placed either way, so that one task shows all
/// of them: who fits a member of another group nearly as well as one of the own, where these two are not one.
pub(crate) fn gathered(contest: Option<&Contest<'_>>, mut groups: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let Some(contest) = contest.filter(|_| groups.len() > 1) else { return groups };
    let Contest { component, separations, .. } = contest;
    let mut group_of = vec![0; component.rows.len()];
    for (number, group) in groups.iter().enumerate() {
        group.iter().for_each(|place| group_of[*place] = number);
    }
    let mut sets = super::cluster::Sets::new(groups.len());
    for suitors in &contest.suitors {
        for (at, (one, weight)) in suitors.iter().enumerate() {
            for (other, as_good) in &suitors[at + 1..] {
                let near = contest.margin.is_as_good(*weight.max(as_good), *weight.min(as_good));
                let (own, third) = (group_of[*one], group_of[*other]);
                if near && own != third && component.are_two(*one, *other, separations) {
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
        all.any(|(at, a)| {
            places[at + 1..].iter().any(|b| separations.contains(row(*a), row(*b)))
        })
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
