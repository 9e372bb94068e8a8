//! How a value stands to the first column's.
//!
//! The comparisons of matching say how ([`matching::Likenesses`]); a mark is never drawn from
//! how alike two texts look.

use door::views::Mark;
use matching::Likeness;

/// The mark of `here` against `first`.
///
/// What is compared as the same but written otherwise (`12 Rose Ln`) is equal, and the words beside
/// the mark say that it is written otherwise.
#[must_use]
pub fn mark(first: Option<&str>, here: Option<&str>, likeness: Option<Likeness>) -> Mark {
    match (first, here) {
        (None, None) => return Mark::None,
        (None, Some(_)) => return Mark::Added,
        (Some(_), None) => return Mark::Missing,
        (Some(_), Some(_)) => {}
    }
    match likeness {
        Some(Likeness::Same) => Mark::Equal,
        Some(Likeness::Similar) => Mark::Similar,
        Some(Likeness::Different) | None => Mark::Different,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_follow_the_comparison() {
        use Likeness::{Different, Same, Similar};
        for (first, here, likeness, expected) in [
            (None, None, None, Mark::None),
            (None, Some("x"), None, Mark::Added),
            (Some("x"), None, None, Mark::Missing),
            (Some("Pace"), Some("PACE"), Some(Same), Mark::Equal),
            (Some("12 Rose Lane"), Some("12 Rose Ln"), Some(Same), Mark::Equal),
            (Some("Thomas"), Some("Tom"), Some(Similar), Mark::Similar),
            (Some("1984-03-12"), Some("1984-03-21"), Some(Different), Mark::Different),
        ] {
            assert_eq!(mark(first, here, likeness), expected, "{first:?} {here:?}");
        }
    }
}
