//! How a value stands to the first column's.
//!
//! The comparisons of matching say how ([`matching::Likenesses`]); a mark is never drawn from
//! how alike two texts look.

use door::views::Mark;
use matching::Likeness;

/// The mark of `here` against `first`.
///
/// What is compared as the same but written otherwise (`12 Rose Ln`) is shown, as similar: which
/// spelling survives is of interest. Where the value is masked only the level counts.
#[must_use]
pub fn mark(
    first: Option<&str>,
    here: Option<&str>,
    likeness: Option<Likeness>,
    sensitive: bool,
) -> Mark {
    let (first, here) = match (first, here) {
        (None, None) => return Mark::None,
        (None, Some(_)) => return Mark::Added,
        (Some(_), None) => return Mark::Missing,
        (Some(first), Some(here)) => (first, here),
    };
    let is_written_alike = || first.to_lowercase() == here.to_lowercase();
    match likeness {
        Some(Likeness::Same) if sensitive || is_written_alike() => Mark::Equal,
        Some(Likeness::Same | Likeness::Similar) => Mark::Similar,
        Some(Likeness::Different) | None => Mark::Different,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_follow_the_comparison_and_equal_means_written_alike() {
        use Likeness::{Different, Same, Similar};
        for (first, here, likeness, sensitive, expected) in [
            (None, None, None, false, Mark::None),
            (None, Some("x"), None, false, Mark::Added),
            (Some("x"), None, None, false, Mark::Missing),
            (Some("Pace"), Some("PACE"), Some(Same), false, Mark::Equal),
            (Some("12 Rose Lane"), Some("12 Rose Ln"), Some(Same), false, Mark::Similar),
            (Some("12 Rose Lane"), Some("12 Rose Ln"), Some(Same), true, Mark::Equal),
            (Some("Thomas"), Some("Tom"), Some(Similar), false, Mark::Similar),
            (Some("1984-03-12"), Some("1984-03-21"), Some(Different), true, Mark::Different),
        ] {
            assert_eq!(mark(first, here, likeness, sensitive), expected, "{first:?} {here:?}");
        }
    }
}
