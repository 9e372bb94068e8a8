//! `most_recent`: the record its source changed last. Records without a time come last.

use std::cmp::Ordering;

use super::Candidate;

/// Which one is preferred.
pub(super) fn compare(one: &Candidate<'_>, other: &Candidate<'_>) -> Ordering {
    one.updated.cmp(&other.updated)
}
