//! Which units of a group the machine makes one: along links that earn it, best first.
//!
//! Who fits two that are not one stays with neither (`contested`), so that what comes first does not decide.

use std::cmp::Reverse;

use super::cluster::{Component, Separations};
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
#[derive(Clone, Copy)]
struct Joining {
    left: usize,
    right: usize,
    /// `steward.toml` says that they are one.
    insists: bool,
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
            if other && component.weight(*a, *b) >= least && component.grounds(*a, *b).earns(model)
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
    for link in links {
        work.follow(link, weight(&link));
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

    /// Joins what a link links, unless that may not be.
    fn follow(&mut self, (a, b): (usize, usize), weight: Millibits) {
        let (one, other) = (self.cluster_of[a], self.cluster_of[b]);
        let insists = self.component.grounds(a, b).is_same();
        let joining = Joining { left: one.min(other), right: one.max(other), insists };
        if one != other && self.may_join(joining, weight) {
            self.join(joining, weight);
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

    fn join(&mut self, Joining { left, right, .. }: Joining, weight: Millibits) {
        let joined = std::mem::replace(&mut self.clusters[right], Earned::unit(Vec::new()));
        joined.members.iter().for_each(|place| self.cluster_of[*place] = left);
        self.clusters[left].take(joined, weight);
    }
}
