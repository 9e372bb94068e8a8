//! `strictest`: a refusal before what is unclear, and that before a permission.
//!
//! A consent that one source withdrew must not come back from another one.

use std::cmp::Ordering;

use super::Candidate;

/// Which one is preferred. Groups have no consent: a tie.
pub(super) fn compare(one: &Candidate<'_>, other: &Candidate<'_>) -> Ordering {
    strictness(one).cmp(&strictness(other))
}

fn strictness(candidate: &Candidate<'_>) -> u8 {
    match candidate.text.as_ref() {
        _ if candidate.field_type.is_none() => 0,
        "no" => 2,
        "yes" => 0,
        _ => 1,
    }
}
