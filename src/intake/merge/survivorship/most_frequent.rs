//! `most_frequent`: the value most members hold. Only the soundest values are counted.

use std::cmp::Ordering;

use super::Candidate;

/// Which one is preferred.
pub(super) fn compare(one: &Candidate<'_>, other: &Candidate<'_>) -> Ordering {
    one.holders.cmp(&other.holders)
}
