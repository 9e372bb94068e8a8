//! `valid`: readable values without an `error` before all others.

use std::cmp::Ordering;

use super::Candidate;

/// Which one is preferred.
pub(super) fn compare(one: &Candidate<'_>, other: &Candidate<'_>) -> Ordering {
    one.soundness.cmp(&other.soundness)
}
