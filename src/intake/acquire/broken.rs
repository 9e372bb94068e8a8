//! Rows that a line break in a cell without quotes cut in two: what tells them from rows whose last cells
//! were left out.

use super::edges::keys_are_alike;

/// So many rows are looked at for what usually stands in a column.
const LOOKED_AT: usize = 20;

/// What stands in a cell, roughly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Class {
    #[default]
    Nothing,
    Number,
    Address,
    Words,
}

impl Class {
    fn of(cell: &str) -> Class {
        if cell.contains('@') {
            Class::Address
        } else if cell.contains(char::is_alphabetic) {
            Class::Words
        } else if cell.contains(char::is_numeric) {
            Class::Number
        } else {
            Class::Nothing
        }
    }
}

/// What usually stands in the columns of a table.
#[derive(Debug, Default)]
pub(super) struct Usual {
    classes: Vec<Class>,
    key: String,
    rows: usize,
}

impl Usual {
    /// Whether more rows are to be looked at.
    pub fn is_wanting(&self) -> bool {
        self.rows < LOOKED_AT && (self.rows == 0 || self.classes.contains(&Class::Nothing))
    }

    /// Notes what a row of that key holds.
    pub fn note<'c>(&mut self, cells: impl Iterator<Item = &'c str>, columns: usize, key: &str) {
        self.rows += 1;
        self.classes.resize(columns, Class::Nothing);
        if self.key.is_empty() {
            key.clone_into(&mut self.key);
        }
        for (class, cell) in self.classes.iter_mut().zip(cells) {
            if *class == Class::Nothing {
                *class = Class::of(cell);
            }
        }
    }

    /// Whether a key may be one of this table.
    pub fn may_be_key(&self, key: &str) -> bool {
        self.key.is_empty() || keys_are_alike(&self.key, key)
    }

    /// Whether these cells stand where they should when the first of them goes on in the place `from`, and
    /// do not where they are: `22,2175550199` behind `1031,Ben,Harker,Apt`.
    pub fn goes_on(&self, cells: &[&str], from: usize) -> bool {
        let mut fits = false;
        for (at, cell) in cells.iter().enumerate().skip(1) {
            let class = Class::of(cell);
            let usual = |at: usize| self.classes.get(at).copied().unwrap_or_default();
            let (own, joined) = (usual(at), usual(from + at));
            if class == Class::Nothing || joined == Class::Nothing {
                continue;
            }
            if class != joined {
                return false;
            }
            fits |= class != own && own != Class::Nothing;
        }
        fits
    }

    /// Whether the last of these cells stands where it should only when it is the row's last.
    pub fn ends_row(&self, cells: &[&str]) -> bool {
        let (Some(last), Some(usual)) = (cells.last(), self.classes.last()) else { return false };
        let own = self.classes.get(cells.len() - 1).copied().unwrap_or_default();
        let class = Class::of(last);
        cells.len() > 1
            && class != Class::Nothing
            && class == *usual
            && class != own
            && own != Class::Nothing
    }

    /// Whether a row lacks its last cell, or has something else in its place.
    pub fn lacks_end(&self, cells: &[&str]) -> bool {
        let last = self.classes.len().checked_sub(1).and_then(|last| cells.get(last));
        let class = last.map_or(Class::Nothing, |last| Class::of(last));
        self.classes.last().is_some_and(|usual| *usual != Class::Nothing && *usual != class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual() -> Usual {
        let mut usual = Usual::default();
        let row = |text: &'static str| text.split(',');
        usual.note(row("C1001,Ann,Lee,,"), 5, "C1001");
        assert!(usual.is_wanting());
        usual.note(row("C1002,Bo,Hill,a note,217"), 5, "C1002");
        assert!(!usual.is_wanting());
        usual
    }

    #[test]
    fn a_piece_of_a_row_is_told_by_where_its_cells_stand() {
        let usual = usual();
        for (cells, from, expected) in [
            ("22,2175550199", 3, true),
            ("call,2175550199", 3, true),
            ("note,Ann", 3, false),
            ("C7,Ann,Lee", 2, false),
            ("C7,Ann", 2, false),
            ("Lee,so,217", 2, true),
            ("22,", 3, false),
        ] {
            let cells: Vec<&str> = cells.split(',').collect();
            assert_eq!(usual.goes_on(&cells, from), expected, "{cells:?}");
        }
        for (cells, ends, lacks) in [
            ("please call, thanks,2175550199", true, true),
            ("C7,217", true, true),
            ("C7,Ann,Lee", false, true),
            ("C7,Ann,Lee,,", false, true),
            ("C7,Ann,Lee,a, b", false, true),
            ("C7,Ann,Lee,,217", false, false),
            ("217", false, true),
        ] {
            let cells: Vec<&str> = cells.split(',').collect();
            assert_eq!(
                (usual.ends_row(&cells), usual.lacks_end(&cells)),
                (ends, lacks),
                "{cells:?}"
            );
        }
        assert!(usual.may_be_key("C7") && !usual.may_be_key("please call"));
    }
}
