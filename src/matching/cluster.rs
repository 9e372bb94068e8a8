//! From scored pairs to groups: average linkage inside connected components.
//!
//! Every pair inside a component is scored, also those no blocking rule brought together; two
//! clusters join while the mean probability of the pairs between them reaches the threshold.
//! What people and earlier merges joined is one unit from the start; what people separated never
//! joins. One bridge between two dense clusters therefore does not make them one.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::earn::Grounds;

/// A pair of rows with its match probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Link {
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) probability: f64,
}

/// Components larger than this are cut at a higher threshold first.
const LARGEST_COMPONENT: usize = 300;

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
pub(crate) struct Component {
    /// Rows, ascending.
    pub(crate) rows: Vec<u32>,
    /// The unit of each row: rows of one unit are never separated.
    pub(crate) units: Vec<u32>,
    /// Probabilities, `rows` × `rows`.
    pub(crate) matrix: Vec<f64>,
    /// What else is to be known of each pair, `rows` × `rows`.
    pub(crate) grounds: Vec<Grounds>,
}

impl Component {
    /// What the levels of a pair say beside its probability.
    pub(crate) fn grounds(&self, a: usize, b: usize) -> Grounds {
        self.grounds[a * self.rows.len() + b]
    }

    pub(crate) fn probability(&self, a: usize, b: usize) -> f64 {
        self.matrix[a * self.rows.len() + b]
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
        a.iter().any(|a| b.iter().any(|b| separations.contains(self.rows[*a], self.rows[*b])))
    }
}

/// The components of `links` at `threshold` and above that hold more than one unit. Oversized
/// ones are taken apart at rising thresholds.
pub(crate) fn components(
    units: &[u32],
    members: &HashMap<u32, Vec<u32>>,
    links: Vec<Link>,
    threshold: f64,
) -> Vec<Vec<u32>> {
    let mut numbers = Numbers { number_of: vec![u32::MAX; units.len()], units: Vec::new() };
    let mut finished = Vec::new();
    let mut open: Vec<(Vec<Link>, f64)> = vec![(links, threshold)];
    while let Some((links, threshold)) = open.pop() {
        for (rows, links) in connected(units, members, links, threshold, &mut numbers) {
            // Beyond this threshold nothing tells the records apart any more.
            if rows.len() > LARGEST_COMPONENT && threshold < 1.0 - 1e-9 {
                open.push((links, 1.0 - (1.0 - threshold) / 4.0));
            } else {
                finished.push(rows);
            }
        }
    }
    finished.sort_unstable();
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

/// Rows of every component that holds more than one unit, and the links of the oversized ones.
fn connected(
    units: &[u32],
    members: &HashMap<u32, Vec<u32>>,
    mut links: Vec<Link>,
    threshold: f64,
    numbers: &mut Numbers,
) -> Vec<(Vec<u32>, Vec<Link>)> {
    links.retain(|link| link.probability >= threshold);
    numbers.renew(units, &links);
    let mut sets = Sets::new(numbers.units.len());
    for link in &links {
        let number = |row: u32| numbers.of(units[row as usize]);
        sets.join(number(link.a), number(link.b));
    }
    let roots = sets.roots();
    let mut parts: Vec<(Vec<u32>, Vec<Link>)> = vec![Default::default(); roots.len()];
    for (unit, root) in numbers.units.iter().zip(&roots) {
        let rows = &mut parts[*root as usize].0;
        match members.get(unit) {
            Some(members) => rows.extend(members),
            None => rows.push(*unit),
        }
    }
    for link in links {
        let root = roots[numbers.of(units[link.a as usize]) as usize];
        let part = &mut parts[root as usize];
        if part.0.len() > LARGEST_COMPONENT {
            part.1.push(link);
        }
    }
    parts.retain_mut(|(rows, _)| {
        rows.sort_unstable();
        rows.iter().any(|row| units[*row as usize] != units[rows[0] as usize])
    });
    parts
}

/// Scores every pair of each component.
pub(crate) fn complete<S>(
    components: Vec<Vec<u32>>,
    units: &[u32],
    state: impl Fn() -> S + Sync + Send,
    score: impl Fn(&mut S, u32, u32) -> (f64, Grounds) + Sync,
) -> Vec<Component> {
    components
        .into_par_iter()
        .with_min_len(1024)
        .map_init(state, |state, rows| {
            let size = rows.len();
            let mut matrix = vec![1.0; size * size];
            let mut grounds = vec![Grounds::default(); size * size];
            for a in 0..size {
                for b in a + 1..size {
                    let (probability, own) = score(state, rows[a], rows[b]);
                    for place in [a * size + b, b * size + a] {
                        (matrix[place], grounds[place]) = (probability, own);
                    }
                }
            }
            let units = rows.iter().map(|row| units[*row as usize]).collect();
            Component { rows, units, matrix, grounds }
        })
        .collect()
}

/// Average linkage: places in `rows`, grouped; single units are groups, too.
pub(crate) fn average_linkage(
    component: &Component,
    separations: &Separations,
    threshold: f64,
) -> Vec<Vec<usize>> {
    let mut clusters = component.units();
    let count = clusters.len();
    let mut sums = vec![f64::NEG_INFINITY; count * count];
    for a in 0..count {
        for b in a + 1..count {
            if component.apart(&clusters[a], &clusters[b], separations) {
                continue;
            }
            let mut sum = 0.0;
            for left in &clusters[a] {
                for right in &clusters[b] {
                    sum += component.probability(*left, *right);
                }
            }
            sums[a * count + b] = sum;
            sums[b * count + a] = sum;
        }
    }
    loop {
        let mut best: Option<(f64, usize, usize)> = None;
        for a in 0..count {
            for b in a + 1..count {
                let pairs = (clusters[a].len() * clusters[b].len()) as f64;
                if pairs == 0.0 {
                    continue;
                }
                let mean = sums[a * count + b] / pairs;
                if mean >= threshold && best.is_none_or(|(known, ..)| mean > known) {
                    best = Some((mean, a, b));
                }
            }
        }
        let Some((_, a, b)) = best else { break };
        let joined = std::mem::take(&mut clusters[b]);
        clusters[a].extend(joined);
        for other in 0..count {
            // Minus infinity, the mark of people's separations, stays what it is.
            let sum = sums[a * count + other] + sums[b * count + other];
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
        let mut matrix = vec![0.0; size * size];
        for (a, b, probability) in links {
            matrix[a * size + b] = *probability;
            matrix[b * size + a] = *probability;
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
            .map(|b| Link { a: b - 1, b, probability: if b == half { 0.6 } else { 0.999 } })
            .collect();
        let found = components(&units, &HashMap::new(), links, 0.5);
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [300, 300]);
    }
}
