//! `longest` (and, turned round, `shortest`): by the number of characters.

use std::cmp::Ordering;

use super::Candidate;

/// Which one is preferred.
pub(super) fn compare(one: &Candidate<'_>, other: &Candidate<'_>) -> Ordering {
    one.text.chars().count().cmp(&other.text.chars().count())
}
