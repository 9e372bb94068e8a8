//! `oldest`: the record its source changed first. Records without a time come last here, too.

use std::cmp::{Ordering, Reverse};

use super::Candidate;

/// Which one is preferred.
pub(super) fn compare(one: &Candidate<'_>, other: &Candidate<'_>) -> Ordering {
    one.updated.map(Reverse).cmp(&other.updated.map(Reverse))
}
