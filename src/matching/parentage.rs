//! Parent and child of one name: two dates of birth that no slip made of one another.

use super::columns::Columns;
use super::facts::Date;
use super::layout::Aspect;

/// Years between the births of a parent and a child, at least.
const GENERATION: u32 = 14;

/// Whether two people of these dates may be parent and child: the years are a generation apart, and neither
/// day nor month is the same, so that no slip made one date of the other.
pub(crate) fn are_a_generation_apart(columns: &Columns, a: u32, b: u32) -> bool {
    let dates = |row| {
        let all = columns.row(Aspect::Birth, row).iter().filter(|value| **value != 0);
        all.map(|value| columns.facts().dates[*value as usize])
    };
    let is_apart = |one: Date, other: Date| {
        one != Date::default()
            && other != Date::default()
            && plain(one.year()).abs_diff(plain(other.year())) >= GENERATION
            && one.month() != other.month()
            && one.day() != other.day()
            && (one.month() != other.day() || one.day() != other.month())
    };
    dates(a).next().is_some()
        && dates(b).next().is_some()
        && dates(a).all(|one| dates(b).all(|other| is_apart(one, other)))
}

/// A number of decimal digits, four bits each, as a number.
fn plain(digits: u32) -> u32 {
    (0..8).rev().fold(0, |number, place| number * 10 + (digits >> (4 * place) & 0xf))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_as_a_number() {
        let date = Date::new("1971-06-24");
        assert_eq!([plain(date.year()), plain(date.month()), plain(date.day())], [1971, 6, 24]);
        assert_eq!(plain(0), 0);
    }
}
