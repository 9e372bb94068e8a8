//! Numbers with their nouns.

use std::fmt::Display;

/// `1 row`, `2 rows`: the one place that chooses between singular and plural.
#[must_use]
pub fn counted(number: u64, one: &str, many: &str) -> String {
    counted_as(number, number, one, many)
}

/// The same, with the number written as `shown`.
#[must_use]
pub fn counted_as(number: u64, shown: impl Display, one: &str, many: &str) -> String {
    format!("{shown} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_all_others_are_plural() {
        for (number, expected) in [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (21, "21 rows")] {
            assert_eq!(counted(number, "row", "rows"), expected);
        }
        assert_eq!(counted_as(1000, "1,000", "row", "rows"), "1,000 rows");
    }
}
