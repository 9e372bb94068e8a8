//! `most_trusted`: the source with the highest trust in the field.

use std::cmp::Ordering;

use super::Candidate;

/// Which one is preferred.
pub(super) fn compare(one: &Candidate<'_>, other: &Candidate<'_>) -> Ordering {
    one.trust.cmp(&other.trust)
}
