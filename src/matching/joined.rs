//! Which units of a group the machine makes one: along links that earn it, best first.
//!
//! What comes first decides nothing by chance. Who fits two that are not one stays with neither
//! (`contested`), and of links that weigh the same those are followed that do not rule each other out.

use std::cmp::Reverse;

use super::cluster::{Component, Separations, Sets};
use super::contested::Contest;
use super::model::KindModel;
use super::weight::{Chance, Millibits};

/// A set of units the machine merges, and the weakest link it rested on.
pub(crate) struct Earned {
    /// Places in the component's rows.
    pub(crate) members: Vec<usize>,
    /// Units in it.
    pub(crate) units: usize,
    /// The weakest link used (log2 of its odds); beyond all for a single unit.
    pub(crate) weakest: Millibits,
    /// Joins of it that are expected to be wrong.
    pub(crate) doubt: Chance,
}

impl Earned {
    /// A unit by itself.
    fn unit(members: Vec<usize>) -> Self {
        Self { members, units: 1, weakest: Millibits(i32::MAX), doubt: Chance::default() }
    }

    fn take(&mut self, joined: Self, weight: Millibits) {
        self.weakest = self.weakest.min(joined.weakest).min(weight);
        self.units += joined.units;
        self.doubt += joined.doubt + weight.doubt();
        self.members.extend(joined.members);
        self.members.sort_unstable();
    }
}

/// Two clusters that a link would join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Joining {
    left: usize,
    right: usize,
    /// `steward.toml` says that they are one.
    insists: bool,
}

impl Joining {
    /// The cluster at the other end; `None` where `cluster` is at neither.
    fn beside(self, cluster: usize) -> Option<usize> {
        match cluster {
            it if it == self.left => Some(self.right),
            it if it == self.right => Some(self.left),
            _ => None,
        }
    }
}

/// Joins units of one group along earned links, best first, as long as no pair across
/// contradicts, was separated by people or falls under the review threshold.
pub(crate) fn earned(
    model: &KindModel,
    component: &Component,
    group: &[usize],
    (separations, contest): (&Separations, Option<&Contest<'_>>),
    (auto, review): (f64, f64),
) -> Vec<Earned> {
    // Whoever is in another group may still have as good a claim on one of this.
    let clusters: Vec<Earned> = component.units().into_iter().map(Earned::unit).collect();
    let least = Millibits::reaching(auto);
    let mut links: Vec<(usize, usize)> = Vec::new();
    for (at, a) in group.iter().enumerate() {
        for b in &group[at + 1..] {
            let other = component.units[*a] != component.units[*b];
            if other
                && component.weight(*a, *b) >= least
                && component.grounds(*a, *b).earns(model)
            {
                links.push((*a, *b));
            }
        }
    }
    let weight = |link: &(usize, usize)| component.weight(link.0, link.1);
    links.sort_by_key(|link| (Reverse(weight(link)), *link));
    let mut work = Work {
        component,
        separations,
        auto: Chance::of(auto),
        review: Millibits::reaching(review),
        contest,
        cluster_of: vec![0; component.rows.len()],
        clusters,
    };
    work.number();
    for equal in links.chunk_by(|one, other| weight(one) == weight(other)) {
        work.follow(equal, weight(&equal[0]));
    }
    let is_meant = |place: &usize| group.binary_search(place).is_ok();
    work.clusters.retain(|cluster| cluster.members.first().is_some_and(is_meant));
    work.clusters
}

struct Work<'a> {
    component: &'a Component,
    separations: &'a Separations,
    auto: Chance,
    review: Millibits,
    contest: Option<&'a Contest<'a>>,
    /// What was joined with a lower one is empty.
    clusters: Vec<Earned>,
    /// The cluster of each place.
    cluster_of: Vec<usize>,
}

impl Work<'_> {
    fn number(&mut self) {
        for (number, cluster) in self.clusters.iter().enumerate() {
            cluster.members.iter().for_each(|place| self.cluster_of[*place] = number);
        }
    }

    /// Follows links of one weight.
    fn follow(&mut self, links: &[(usize, usize)], weight: Millibits) {
        let mut joinings: Vec<Joining> = Vec::new();
        for (a, b) in links {
            let (one, other) = (self.cluster_of[*a], self.cluster_of[*b]);
            let insists = self.component.grounds(*a, *b).is_same();
            let joining = Joining { left: one.min(other), right: one.max(other), insists };
            if one != other && !joinings.contains(&joining) && self.may_join(joining, weight) {
                joinings.push(joining);
            }
        }
        match joinings.as_slice() {
            [] => {}
            [only] => self.join(&[only.left, only.right], weight),
            _ => self.join_all(&joinings, weight),
        }
    }

    /// Joins clusters along links that weigh the same, but for those of which one rules out another.
    fn join_all(&mut self, joinings: &[Joining], weight: Millibits) {
        let is_ruled_out = |one: &Joining| {
            joinings.iter().any(|other| {
                let ends = [(one.left, one.right), (one.right, one.left)];
                ends.into_iter().any(|(own, opposite)| {
                    let third = other.beside(own).filter(|third| *third != opposite);
                    third.is_some_and(|third| !self.go_together(third, opposite, false))
                })
            })
        };
        let mut sets = Sets::new(self.clusters.len());
        for joining in joinings.iter().filter(|it| it.insists || !is_ruled_out(it)) {
            sets.join(joining.left as u32, joining.right as u32);
        }
        let mut joined: Vec<Vec<usize>> = vec![Vec::new(); self.clusters.len()];
        for (cluster, root) in sets.roots().into_iter().enumerate() {
            joined[root as usize].push(cluster);
        }
        for clusters in joined.into_iter().filter(|clusters| clusters.len() > 1) {
            let insists = |one: usize, other: usize| {
                joinings.iter().any(|it| it.insists && it.beside(one) == Some(other))
            };
            let all = clusters.iter().enumerate().all(|(at, one)| {
                let mut rest = clusters[at + 1..].iter();
                rest.all(|other| self.go_together(*one, *other, insists(*one, *other)))
            });
            if all {
                self.join(&clusters, weight);
            }
        }
    }

    fn may_join(&self, joining: Joining, weight: Millibits) -> bool {
        let members = |cluster: usize| self.clusters[cluster].members.as_slice();
        let (left, right) = (members(joining.left), members(joining.right));
        let is_contested = || {
            let contest = self.contest.filter(|_| !joining.insists);
            let cluster = |place: usize| members(self.cluster_of[place]);
            contest.is_some_and(|contest| contest.is_contested(weight, left, right, cluster))
        };
        self.go_together(joining.left, joining.right, joining.insists) && !is_contested()
    }

    /// Whether two clusters may be one. What `steward.toml` says is one is so whatever the others of the
    /// two look like, as long as nothing contradicts.
    fn go_together(&self, left: usize, right: usize, insists: bool) -> bool {
        let (left, right) = (&self.clusters[left].members, &self.clusters[right].members);
        let across = |a: usize, b: usize| {
            let grounds = self.component.grounds(a, b);
            match insists {
                true => !grounds.is_contradicted(),
                false => self.component.weight(a, b) >= self.review && grounds.bears(),
            }
        };
        // Two namesakes and a record that may be either's: each link is sure by itself, and the two
        // together are not.
        let is_sure = || {
            let total = self.component.between(left, right);
            insists || total.times(1) >= self.auto.times(left.len() * right.len())
        };
        left.iter().all(|a| right.iter().all(|b| across(*a, *b)))
            && !self.component.apart(left, right, self.separations)
            && is_sure()
    }

    /// Makes clusters, ascending, one.
    fn join(&mut self, clusters: &[usize], weight: Millibits) {
        let Some((first, others)) = clusters.split_first() else { return };
        for other in others {
            let joined = std::mem::replace(&mut self.clusters[*other], Earned::unit(Vec::new()));
            joined.members.iter().for_each(|place| self.cluster_of[*place] = *first);
            self.clusters[*first].take(joined, weight);
        }
    }
}
