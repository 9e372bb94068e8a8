//! `most_complete`: the record with most fields filled; in a group, most of the group's fields.

use std::cmp::Ordering;

use super::Candidate;

/// Which one is preferred.
pub(super) fn compare(one: &Candidate<'_>, other: &Candidate<'_>) -> Ordering {
    one.filled.cmp(&other.filled)
}
