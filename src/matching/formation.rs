//! How a group formed: its links, and the order in which average linkage joined its parts.
//!
//! The same joins as in a run, best mean first, but told to the end: also those under the review
//! threshold that only people's decisions can have made.

use serde::{Deserialize, Serialize};

use domain::Values;
use domain::fingerprint::Fingerprinter;
use settings::Settings;

use super::explain::explain;
use super::model::Model;
use super::weight::Chance;

/// A pair of a group's records. Records go by their place in what [`formation`] was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairLink {
    /// One record.
    pub left: usize,
    /// The other.
    pub right: usize,
    /// Match probability.
    pub probability: f64,
    /// log2 of the odds of a match.
    pub weight: f64,
    /// The blocking rule that brings them together; `None`: they were only compared because others
    /// of the group link them.
    pub blocking: Option<String>,
    /// What the pair looks like, in words.
    pub looks_like: String,
}

/// One step of the way: two parts become one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Join {
    /// Units of one part.
    pub left: Vec<usize>,
    /// Units of the other.
    pub right: Vec<usize>,
    /// Mean match probability of the pairs between them: what the threshold is held against.
    pub mean: f64,
    /// The most probable pair between them, as a place in [`Formation::links`].
    pub best: usize,
}

/// How a group formed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Formation {
    /// Every pair of records of different units, most probable first.
    pub links: Vec<PairLink>,
    /// The joins, in order: one less than there are units.
    pub joins: Vec<Join>,
}

/// How records became a group under a model. `units` holds for each record the number of what was
/// one from the start (a customer), counted from 0 without gaps.
#[must_use]
pub fn formation(
    model: &Model,
    settings: &Settings,
    fingerprinter: &Fingerprinter,
    records: &[&Values],
    units: &[usize],
) -> Formation {
    let mut links = Vec::new();
    for (left, (a, unit)) in records.iter().zip(units).enumerate() {
        for (right, (b, other)) in records.iter().zip(units).enumerate().skip(left + 1) {
            if unit == other {
                continue;
            }
            let explained = explain(model, settings, fingerprinter, a, b);
            let looks_like = explained.classes.first().map(|(class, _)| class.clone());
            links.push(PairLink {
                left,
                right,
                probability: explained.probability,
                weight: explained.match_weight,
                blocking: explained.blocking,
                looks_like: looks_like.unwrap_or_default(),
            });
        }
    }
    links.sort_by(|a, b| {
        b.probability.total_cmp(&a.probability).then((a.left, a.right).cmp(&(b.left, b.right)))
    });
    let joins = joins(&links, units);
    Formation { links, joins }
}

/// Average linkage, told step by step.
fn joins(links: &[PairLink], units: &[usize]) -> Vec<Join> {
    let count = units.iter().max().map_or(0, |most| most + 1);
    let mut parts: Vec<Vec<usize>> = (0..count).map(|unit| vec![unit]).collect();
    let mut joins = Vec::new();
    while parts.len() > 1 {
        let mut place = vec![0; count];
        for (number, part) in parts.iter().enumerate() {
            part.iter().for_each(|unit| place[*unit] = number);
        }
        // Sum, pairs and best pair between every two parts. Links stand best first.
        let mut between = vec![(Chance::default(), 0_usize, 0_usize); parts.len() * parts.len()];
        for (number, link) in links.iter().enumerate() {
            let (a, b) = (place[units[link.left]], place[units[link.right]]);
            if a != b {
                let entry = &mut between[a.min(b) * parts.len() + a.max(b)];
                if entry.1 == 0 {
                    entry.2 = number;
                }
                *entry = (entry.0 + Chance::of(link.probability), entry.1 + 1, entry.2);
            }
        }
        let mut nearest: Option<((Chance, usize), usize, usize, usize)> = None;
        for a in 0..parts.len() {
            for b in a + 1..parts.len() {
                let (sum, pairs, best) = between[a * parts.len() + b];
                let pairs = pairs.max(1);
                let nearer = nearest.is_none_or(|((known, known_pairs), ..)| {
                    sum.times(known_pairs) > known.times(pairs)
                });
                if nearer {
                    nearest = Some(((sum, pairs), a, b, best));
                }
            }
        }
        let Some(((sum, pairs), a, b, best)) = nearest else { break };
        let mean = sum.value() / pairs as f64;
        let right = parts.remove(b);
        joins.push(Join { left: parts[a].clone(), right: right.clone(), mean, best });
        parts[a].extend(right);
    }
    joins
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(left: usize, right: usize, probability: f64) -> PairLink {
        PairLink {
            left,
            right,
            probability,
            weight: 0.0,
            blocking: None,
            looks_like: String::new(),
        }
    }

    #[test]
    fn the_most_probable_parts_join_first_and_by_their_mean() {
        // 0 and 1 are nearly sure; 2 hangs on 1 alone.
        let links = [link(0, 1, 0.9), link(1, 2, 0.8), link(0, 2, 0.2)];
        let told = joins(&links, &[0, 1, 2]);
        assert_eq!(told.len(), 2);
        assert_eq!((told[0].left.as_slice(), told[0].right.as_slice()), (&[0][..], &[1][..]));
        assert_eq!(told[0].best, 0);
        assert_eq!((told[1].left.as_slice(), told[1].right.as_slice()), (&[0, 1][..], &[2][..]));
        assert!((told[1].mean - 0.5).abs() < 1e-12);
        assert_eq!(told[1].best, 1, "the best pair between the parts");
    }

    #[test]
    fn records_of_one_unit_never_need_to_join() {
        let told = joins(&[link(0, 2, 0.7), link(1, 2, 0.3)], &[0, 0, 1]);
        assert_eq!(told.len(), 1);
        assert!((told[0].mean - 0.5).abs() < 1e-12);
        assert!(joins(&[], &[0]).is_empty());
    }
}
