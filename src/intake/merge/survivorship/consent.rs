//! `consent`: the statement that counts, by when each was said; see [`domain::consent`].
//!
//! `strictest` knows no days: there, any refusal goes before any permission.

use std::cmp::Ordering;

use super::Candidate;
use domain::consent;

/// Which one is preferred. What says neither yes nor no comes last; groups have no consent: a tie.
pub(super) fn compare(one: &Candidate<'_>, other: &Candidate<'_>) -> Ordering {
    match (one.consent, other.consent) {
        (Some(one), Some(other)) => consent::compare(one, other),
        (one, other) => one.is_some().cmp(&other.is_some()),
    }
}
