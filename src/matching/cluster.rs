//! From scored pairs to groups: average linkage inside connected components.
//!
//! Every pair inside a component is scored, also those no blocking rule brought together; two
//! clusters join while the mean probability of the pairs between them reaches the threshold.
//! What people and earlier merges joined is one unit from the start; what people separated never
//! joins. One bridge between two dense clusters therefore does not make them one.

use std::collections::{HashMap, HashSet};

use super::earn::Grounds;
use super::weight::{Chance, Millibits};

/// A pair of rows, the lower one first, with its odds of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) a: u32,
    pub(crate) b: u32,
    /// log2 of the odds of a match.
    pub(crate) weight: Millibits,
    /// What else is to be known of the pair.
    pub(crate) grounds: Grounds,
}

/// Components larger than this are cut at a higher threshold first.
pub(crate) const LARGEST_COMPONENT: usize = 300;

/// Disjoint sets of rows; the root of a set is its lowest row.
#[derive(Debug, Clone)]
pub(crate) struct Sets {
    parents: Vec<u32>,
}

impl Sets {
    pub(crate) fn new(rows: usize) -> Self {
        Self { parents: (0..rows as u32).collect() }
    }

    pub(crate) fn root(&mut self, row: u32) -> u32 {
        let mut root = row;
        while self.parents[root as usize] != root {
            root = self.parents[root as usize];
        }
        let mut at = row;
        while self.parents[at as usize] != root {
            at = std::mem::replace(&mut self.parents[at as usize], root);
        }
        root
    }

    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b) as usize] = a.min(b);
    }

    /// The root of every row.
    pub(crate) fn roots(mut self) -> Vec<u32> {
        (0..self.parents.len() as u32).map(|row| self.root(row)).collect()
    }
}

/// Pairs of rows that people said are different.
#[derive(Debug, Default)]
pub(crate) struct Separations(HashSet<(u32, u32)>);

impl Separations {
    pub(crate) fn insert(&mut self, a: u32, b: u32) {
        self.0.insert((a.min(b), a.max(b)));
    }

    pub(crate) fn contains(&self, a: u32, b: u32) -> bool {
        !self.0.is_empty() && self.0.contains(&(a.min(b), a.max(b)))
    }
}

/// One connected component, every pair of it scored.
#[derive(Default)]
pub(crate) struct Component {
    /// Rows, ascending.
    pub(crate) rows: Vec<u32>,
    /// The unit of each row: rows of one unit are never separated.
    pub(crate) units: Vec<u32>,
    /// Odds of a match (log2), `rows` × `rows`.
    pub(crate) matrix: Vec<Millibits>,
    /// What else is to be known of each pair, `rows` × `rows`.
    pub(crate) grounds: Vec<Grounds>,
}

impl Component {
    /// What the levels of a pair say beside its probability.
    pub(crate) fn grounds(&self, a: usize, b: usize) -> Grounds {
        self.grounds[a * self.rows.len() + b]
    }

    /// log2 of the odds of a match.
    pub(crate) fn weight(&self, a: usize, b: usize) -> Millibits {
        self.matrix[a * self.rows.len() + b]
    }

    /// The sum of the match probabilities of all pairs between two sets of places.
    pub(crate) fn between(&self, left: &[usize], right: &[usize]) -> Chance {
        let pairs = left.iter().flat_map(|a| right.iter().map(|b| self.weight(*a, *b)));
        pairs.map(|weight| Chance::of(weight.probability())).sum()
    }

    /// Places in `rows` of each unit, in order of the units' lowest rows.
    pub(crate) fn units(&self) -> Vec<Vec<usize>> {
        let mut units: Vec<(u32, Vec<usize>)> = Vec::new();
        for (place, unit) in self.units.iter().enumerate() {
            match units.iter_mut().find(|(known, _)| known == unit) {
                Some((_, members)) => members.push(place),
                None => units.push((*unit, vec![place])),
            }
        }
        units.into_iter().map(|(_, members)| members).collect()
    }

    pub(crate) fn apart(&self, a: &[usize], b: &[usize], separations: &Separations) -> bool {
        let apart = |a: usize, b: usize| {
            separations.contains(self.rows[a], self.rows[b]) || self.grounds(a, b).is_never()
        };
        a.iter().any(|a| b.iter().any(|b| apart(*a, *b)))
    }

    /// The sum of the probabilities that decides whether two sets of places are joined: where a rule
    /// says that any pair between them is one, every pair counts as sure.
    fn pull(&self, left: &[usize], right: &[usize]) -> Chance {
        let insists = |a: &usize| right.iter().any(|b| self.grounds(*a, *b).is_same());
        if left.iter().any(insists) {
            (0..left.len() * right.len()).map(|_| Chance::of(1.0)).sum()
        } else {
            self.between(left, right)
        }
    }
}

/// Connected components: the rows of each lie together, ascending, and so do its links.
#[derive(Default)]
pub(crate) struct Components {
    rows: Vec<u32>,
    links: Vec<Link>,
    /// Where the rows and the links of each component end.
    ends: Vec<(usize, usize)>,
}

impl Components {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Rows and links of the component in this place.
    pub(crate) fn get(&self, place: usize) -> (&[u32], &[Link]) {
        let start = place.checked_sub(1).map_or((0, 0), |before| self.ends[before]);
        let end = self.ends[place];
        (&self.rows[start.0..end.0], &self.links[start.1..end.1])
    }

    fn iter(&self) -> impl Iterator<Item = (&[u32], &[Link])> {
        (0..self.len()).map(|place| self.get(place))
    }

    fn push(&mut self, rows: &[u32], links: &[Link]) {
        self.rows.extend_from_slice(rows);
        self.links.extend_from_slice(links);
        self.ends.push((self.rows.len(), self.links.len()));
    }
}

/// The components of `links` (ascending) at `threshold` and above that hold more than one unit.
/// Oversized ones are taken apart at rising thresholds.
pub(crate) fn components(
    units: &[u32],
    members: &HashMap<u32, Vec<u32>>,
    links: Vec<Link>,
    threshold: f64,
) -> Components {
    let mut numbers = Numbers { number_of: vec![u32::MAX; units.len()], units: Vec::new() };
    let mut finished = Components::default();
    let mut open: Vec<(Vec<Link>, f64)> = vec![(links, threshold)];
    while let Some((links, threshold)) = open.pop() {
        for (rows, links) in connected(units, members, links, threshold, &mut numbers).iter() {
            // Beyond this threshold nothing tells the records apart any more.
            if rows.len() > LARGEST_COMPONENT && threshold < 1.0 - 1e-9 {
                open.push((links.to_vec(), 1.0 - (1.0 - threshold) / 4.0));
            } else if rows.iter().any(|row| units[*row as usize] != units[rows[0] as usize]) {
                finished.push(rows, links);
            }
        }
    }
    finished
}

/// Numbers of the units at the ends of some links.
struct Numbers {
    /// By unit; the highest for a unit without a number.
    number_of: Vec<u32>,
    units: Vec<u32>,
}

impl Numbers {
    /// Numbers the units at the ends of `links`.
    fn renew(&mut self, units: &[u32], links: &[Link]) {
        self.units.iter().for_each(|unit| self.number_of[*unit as usize] = u32::MAX);
        self.units.clear();
        for row in links.iter().flat_map(|link| [link.a, link.b]) {
            let unit = units[row as usize];
            let number = &mut self.number_of[unit as usize];
            if *number == u32::MAX {
                *number = self.units.len() as u32;
                self.units.push(unit);
            }
        }
    }

    fn of(&self, unit: u32) -> u32 {
        self.number_of[unit as usize]
    }
}

/// The components of `links` at `threshold` and above.
fn connected(
    units: &[u32],
    members: &HashMap<u32, Vec<u32>>,
    mut links: Vec<Link>,
    threshold: f64,
    numbers: &mut Numbers,
) -> Components {
    let least = Millibits::reaching(threshold);
    links.retain(|link| link.weight >= least);
    numbers.renew(units, &links);
    let mut sets = Sets::new(numbers.units.len());
    let number = |row: u32| numbers.of(units[row as usize]);
    links.iter().for_each(|link| sets.join(number(link.a), number(link.b)));
    let roots = sets.roots();
    let rows_of = |unit: &u32| members.get(unit).map_or(1, Vec::len);
    // Roots come before the rest of their sets: each opens a place, the others find it.
    let mut places: Vec<usize> = Vec::with_capacity(roots.len());
    let mut sizes: Vec<(usize, usize)> = Vec::new();
    for (number, (unit, root)) in numbers.units.iter().zip(&roots).enumerate() {
        let is_root = *root as usize == number;
        let place = if is_root { sizes.len() } else { places[*root as usize] };
        if is_root {
            sizes.push((0, 0));
        }
        sizes[place].0 += rows_of(unit);
        places.push(place);
    }
    let place = |link: &Link| places[number(link.a) as usize];
    links.iter().for_each(|link| sizes[place(link)].1 += 1);
    // Rows and links go to where their component begins, and move that beginning on.
    let mut ends = sizes;
    let mut next = (0, 0);
    for end in &mut ends {
        let (rows, links) = std::mem::replace(end, next);
        next = (next.0 + rows, next.1 + links);
    }
    let mut rows = vec![0; next.0];
    for (unit, place) in numbers.units.iter().zip(&places) {
        let end = &mut ends[*place].0;
        let own = members.get(unit).map_or(std::slice::from_ref(unit), Vec::as_slice);
        rows[*end..*end + own.len()].copy_from_slice(own);
        *end += own.len();
    }
    let mut sorted = links.clone();
    for link in &links {
        let end = &mut ends[place(link)].1;
        sorted[*end] = *link;
        *end += 1;
    }
    let mut start = 0;
    for (end, _) in &ends {
        rows[start..*end].sort_unstable();
        start = *end;
    }
    Components { rows, links: sorted, ends }
}

impl Component {
    /// Becomes the component of these rows and links (both ascending). Pairs without a link are
    /// scored: no blocking rule brought them together, or they are under the threshold.
    pub(crate) fn complete(
        &mut self,
        (rows, links): (&[u32], &[Link]),
        units: &[u32],
        mut score: impl FnMut(u32, u32) -> (Millibits, Grounds),
    ) {
        let size = rows.len();
        self.rows.clear();
        self.rows.extend_from_slice(rows);
        self.units.clear();
        self.units.extend(rows.iter().map(|row| units[*row as usize]));
        self.matrix.clear();
        self.matrix.resize(size * size, Millibits::ZERO);
        self.grounds.clear();
        self.grounds.resize(size * size, Grounds::default());
        let mut links = links.iter().peekable();
        for a in 0..size {
            for b in a + 1..size {
                let known = links.next_if(|link| (link.a, link.b) == (rows[a], rows[b]));
                let (weight, grounds) =
                    known.map_or_else(|| score(rows[a], rows[b]), |it| (it.weight, it.grounds));
                for place in [a * size + b, b * size + a] {
                    (self.matrix[place], self.grounds[place]) = (weight, grounds);
                }
            }
        }
    }
}

/// Average linkage: places in `rows`, grouped; single units are groups, too.
pub(crate) fn average_linkage(
    component: &Component,
    separations: &Separations,
    threshold: f64,
) -> Vec<Vec<usize>> {
    let mut clusters = component.units();
    let count = clusters.len();
    if let [a, b] = clusters.as_slice()
        && let ([a], [b]) = (a.as_slice(), b.as_slice())
    {
        // Two records, as most components: nothing to weigh up.
        let alike = component.weight(*a, *b) >= Millibits::reaching(threshold);
        return if alike && !component.apart(&[*a], &[*b], separations) {
            vec![vec![*a, *b]]
        } else {
            clusters
        };
    }
    // The sum of the probabilities of all pairs between two clusters; none where people separated
    // them.
    let mut sums: Vec<Option<Chance>> = vec![None; count * count];
    for a in 0..count {
        for b in a + 1..count {
            if !component.apart(&clusters[a], &clusters[b], separations) {
                let sum = Some(component.pull(&clusters[a], &clusters[b]));
                sums[a * count + b] = sum;
                sums[b * count + a] = sum;
            }
        }
    }
    let least = Chance::of(threshold);
    loop {
        // The best mean, as its sum and the number of its pairs: means are compared crosswise.
        let mut best: Option<(Chance, usize, usize, usize)> = None;
        for a in 0..count {
            for b in a + 1..count {
                let pairs = clusters[a].len() * clusters[b].len();
                let Some(sum) = sums[a * count + b].filter(|_| pairs > 0) else { continue };
                let better = best.is_none_or(|(known, known_pairs, ..)| {
                    sum.times(known_pairs) > known.times(pairs)
                });
                if better && sum.times(1) >= least.times(pairs) {
                    best = Some((sum, pairs, a, b));
                }
            }
        }
        let Some((_, _, a, b)) = best else { break };
        let joined = std::mem::take(&mut clusters[b]);
        clusters[a].extend(joined);
        for other in 0..count {
            let (one, more) = (sums[a * count + other], sums[b * count + other]);
            let sum = one.zip(more).map(|(one, more)| one + more);
            sums[a * count + other] = sum;
            sums[other * count + a] = sum;
        }
    }
    clusters.retain(|cluster| !cluster.is_empty());
    for cluster in &mut clusters {
        cluster.sort_unstable();
    }
    clusters.sort_unstable();
    clusters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(size: usize, links: &[(usize, usize, f64)]) -> Component {
        let mut matrix = vec![Millibits(-20_000); size * size];
        for (a, b, probability) in links {
            matrix[a * size + b] = Millibits::reaching(*probability);
            matrix[b * size + a] = Millibits::reaching(*probability);
        }
        let rows: Vec<u32> = (0..size as u32).collect();
        let grounds = vec![Grounds::default(); size * size];
        Component { units: rows.clone(), rows, matrix, grounds }
    }

    #[test]
    fn one_bridge_does_not_join_two_triangles() {
        let triangles =
            [(0, 1, 0.9), (1, 2, 0.9), (0, 2, 0.9), (3, 4, 0.9), (4, 5, 0.9), (3, 5, 0.9)];
        let mut links = triangles.to_vec();
        links.push((2, 3, 0.8));
        let groups = average_linkage(&component(6, &links), &Separations::default(), 0.5);
        assert_eq!(groups, vec![vec![0, 1, 2], vec![3, 4, 5]]);
    }

    #[test]
    fn what_people_separated_never_joins() {
        let mut separations = Separations::default();
        separations.insert(2, 0);
        let links = [(0, 1, 0.99), (1, 2, 0.98), (0, 2, 0.97)];
        let groups = average_linkage(&component(3, &links), &separations, 0.5);
        assert_eq!(groups, vec![vec![0, 1], vec![2]]);
    }

    #[test]
    fn oversized_components_are_taken_apart() {
        let rows = 2 * LARGEST_COMPONENT as u32;
        let units: Vec<u32> = (0..rows).collect();
        let half = LARGEST_COMPONENT as u32;
        let links: Vec<Link> = (1..rows)
            .map(|b| Link {
                a: b - 1,
                b,
                weight: Millibits::reaching(if b == half { 0.6 } else { 0.999 }),
                grounds: Grounds::default(),
            })
            .collect();
        let found = components(&units, &HashMap::new(), links, 0.5);
        let sizes: Vec<_> = found.iter().map(|(rows, links)| (rows.len(), links.len())).collect();
        assert_eq!(sizes, [(300, 299), (300, 299)]);
    }

    #[test]
    fn components_hold_whole_units_and_score_only_what_is_no_link() {
        // Rows 1 and 4 are one unit; rows 2 and 3 another, which nothing links.
        let units = [0, 1, 2, 2, 1, 5, 6];
        let members = HashMap::from([(1, vec![1, 4]), (2, vec![2, 3])]);
        let link = |a, b| Link { a, b, weight: Millibits(3170), grounds: Grounds::default() };
        let links = vec![link(0, 4), link(2, 3), link(5, 6)];
        let found = components(&units, &members, links, 0.5);
        assert_eq!(
            found.iter().map(|(rows, _)| rows).collect::<Vec<_>>(),
            [&[0, 1, 4][..], &[5, 6]]
        );
        let mut component = Component::default();
        let mut scored = Vec::new();
        component.complete(found.get(0), &units, |a, b| {
            scored.push((a, b));
            (Millibits(-2000), Grounds::default())
        });
        assert_eq!(scored, [(0, 1), (1, 4)]);
        let weights = (component.weight(0, 1), component.weight(2, 0));
        assert_eq!(weights, (Millibits(-2000), Millibits(3170)));
        assert_eq!(component.units, [0, 1, 1]);
    }
}
