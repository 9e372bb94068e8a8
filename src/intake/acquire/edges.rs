//! What stands in a file beside its table: rows without values, the header once more, totals and
//! remarks below; and rows that a line break cut in two.

use super::splitter::Cells;

/// Words that begin a row of totals, or the remarks of a report, in small letters.
const TOTALS: [&str; 26] = [
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sub-total",
    "sum",
    "sums",
    "records",
    "rows",
    "count",
    "summe",
    "gesamt",
    "gesamtsumme",
    "zwischensumme",
    "insgesamt",
    "totale",
    "totaal",
    "suma",
    "razem",
    "celkem",
    "összesen",
    "toplam",
    "итого",
    "всего",
    "合計",
    "总计",
];

/// Whether a cell is the label of totals.
pub(super) fn is_total(cell: &str) -> bool {
    let cell = cell.trim();
    let has_form = |rest: &str| {
        // `Total`, `Total:`, `Total records: 17`, `Summe 12`
        let rest = rest.trim_start();
        let is_end = rest.is_empty() || !rest.starts_with(char::is_alphabetic);
        is_end || rest.contains(':')
    };
    let begins = |label: &str, word: &str| {
        let (start, rest) = label.split_at_checked(word.len())?;
        (start.eq_ignore_ascii_case(word) && has_form(rest)).then_some(())
    };
    if cell.is_ascii() {
        let first = cell.bytes().next().map(|first| first.to_ascii_lowercase());
        let mut words = TOTALS.iter().filter(|word| word.bytes().next() == first);
        return words.any(|word| begins(cell, word).is_some());
    }
    let label = cell.to_lowercase();
    TOTALS.iter().any(|word| begins(&label, word).is_some())
}

/// Whether a text begins with a word for totals, whatever comes after it: `Total clientes`, `Subtotal N`. It
/// may be a name as well (`Total Energies`), and is no key where keys are numbers.
pub(super) fn begins_as_total(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    TOTALS.iter().any(|word| {
        let rest = text.strip_prefix(word);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

/// Words that end the label of the totals of a group, as spreadsheets write it: `Berlin Total`.
const OF_GROUP: [&str; 6] = [" total", " subtotal", " sum", " ergebnis", " summe", " gesamt"];

/// Whether a cell is the label of a group's totals.
fn is_total_of_group(cell: &str) -> bool {
    let cell = cell.trim().to_lowercase();
    OF_GROUP.iter().any(|word| cell.ends_with(word))
}

/// Whether a cell is a number as totals have it: `1.234,50 EUR` is, a name or a date is not.
fn is_amount(cell: &str) -> bool {
    let bare =
        cell.trim().trim_matches(|c: char| c.is_ascii_uppercase() || "€$£¥%+- \u{a0}".contains(c));
    let is_part = |c: char| c.is_ascii_digit() || ".,' \u{a0}\u{202f}".contains(c);
    bare.starts_with(|c: char| c.is_ascii_digit()) && bare.chars().all(is_part)
}

/// Whether a text is a remark rather than a name: several words, digits, signs.
fn is_remark(text: &str) -> bool {
    let words = text.split_whitespace().count();
    words > 2 || (words > 1 && text.contains(|c: char| c.is_ascii_digit() || ":!©*()".contains(c)))
}

/// Whether a row above the header may be one of the table, by its cells that hold something, where the
/// header names so many columns: a title fills one cell, and a table of one column has no such sign.
pub(super) fn may_be_row_above(filled: usize, named: usize) -> bool {
    filled > 0 && (filled >= named || (filled > 2 && filled * 2 > named))
}

/// What is known of a row that may be none of the table.
pub(super) struct Look<'a> {
    /// Its cells.
    pub cells: Vec<&'a str>,
    /// Which of them is the key's.
    pub key: Option<usize>,
    /// Whether a blank row stands before it, or another that is none of the table.
    pub is_apart: bool,
    /// Rows of the table before it.
    pub before: u64,
    /// How many columns have a name.
    pub named: usize,
}

impl Look<'_> {
    /// Whether the row may stand below the table: a remark, or totals. Only where no row of the table
    /// comes after it does it.
    pub fn may_be_below(&self) -> bool {
        let mut filled = self.cells.iter().filter(|cell| !cell.trim().is_empty());
        let (Some(first), second) = (filled.next(), filled.next()) else { return false };
        if second.is_some() {
            return self.are_totals() || self.is_parted_remark();
        }
        if self.cells.len() == 1 {
            let has_words = first.trim().contains(char::is_whitespace);
            return is_total(first) || has_words || self.is_apart;
        }
        // Spreadsheets part off the cells that a remark does not have.
        let is_first = self.cells.first().is_some_and(|cell| !cell.trim().is_empty());
        is_total(first) || (is_first && is_remark(first))
    }

    /// What stands in the key's place.
    pub fn key_cell(&self) -> &str {
        self.key.and_then(|key| self.cells.get(key)).map_or("", |cell| cell.trim())
    }

    /// Whether it may be the header of another table that stands below: apart, of fewer columns, and
    /// words in all of them.
    pub fn names_another_table(&self) -> bool {
        let is_word = |cell: &&str| {
            let cell = cell.trim();
            let holds = |it: char| it.is_numeric() || "@!.:".contains(it);
            cell.starts_with(char::is_alphabetic) && cell.len() < 40 && !cell.contains(holds)
        };
        let is_short = (2..self.named).contains(&self.cells.len());
        self.is_apart && self.before > 0 && is_short && self.cells.iter().all(is_word)
    }

    /// Whether the commas of a remark part it, or a report's: `Printed on 2026-11-01 by Sam, page 1 of 1`.
    fn is_parted_remark(&self) -> bool {
        let first = self.cells.first().map_or("", |cell| cell.trim());
        let lacks_cells = self.cells.len() < self.named;
        let in_prose = self.cells.iter().skip(1).all(|cell| cell.starts_with(' '));
        lacks_cells && in_prose && is_remark(first)
    }

    /// Whether nothing but words for totals and numbers stands in it, wherever it stands.
    pub fn are_totals(&self) -> bool {
        let filled = || self.cells.iter().filter(|cell| !cell.trim().is_empty());
        let is_label = |cell: &str| is_total(cell) || is_total_of_group(cell);
        if !filled().any(|cell| is_label(cell))
            || !filled().all(|cell| is_label(cell) || is_amount(cell))
        {
            return false;
        }
        let key = self.key_cell();
        // A number in the place of the key may be one: unless it counts the rows, or stands apart.
        key.is_empty()
            || is_label(key)
            || self.is_apart
            || key.parse::<u64>().is_ok_and(|count| count == self.before)
    }
}

/// What a key is made of: digits, Latin letters and others, each run once, and signs.
pub(super) fn form_of(key: &str) -> String {
    let mut form = String::new();
    for character in key.trim().chars() {
        let class = match character {
            c if c.is_numeric() => '9',
            c if c.is_alphabetic() && is_latin(c) => 'a',
            c if c.is_alphabetic() => 'ж',
            c => c,
        };
        if !form.ends_with(class) {
            form.push(class);
        }
    }
    form
}

fn is_latin(letter: char) -> bool {
    matches!(letter, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Whether two keys may be of one source: made of the same, or codes of one length.
pub(super) fn keys_are_alike(one: &str, other: &str) -> bool {
    if form_of(one) == form_of(other) {
        return true;
    }
    let (one, other) = (one.trim(), other.trim());
    let is_code = |key: &str| {
        let has_digit = key.bytes().any(|byte| byte.is_ascii_digit());
        key.len() >= 6 && has_digit && !key.contains(char::is_whitespace)
    };
    let is_address = |key: &str| key.contains('@') && !key.contains(char::is_whitespace);
    (one.len() == other.len() && is_code(one) && is_code(other))
        || (is_address(one) && is_address(other))
}

fn is_empty<'a>(mut cells: impl Iterator<Item = &'a str>) -> bool {
    cells.all(|cell| cell.trim().is_empty())
}

/// Whether a row has its cells: some at its end may be left out, but for the first, and there may
/// be more that are empty.
pub(super) fn fits(cells: &Cells, expected: usize) -> bool {
    let found = cells.len();
    let has_enough = found > 1 || found == expected;
    has_enough && (found <= expected || is_empty(cells.iter().skip(expected)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_known_by_their_label() {
        for cell in ["Total", "TOTAL:", "Total records: 1", "Grand total", "Summe", "Totals 12,5"] {
            assert!(is_total(cell), "{cell}");
        }
        for cell in
            ["Totalsen", "Summerfield", "Total Fitness", "1", "", "Sumatra", "Count Dracula"]
        {
            assert!(!is_total(cell), "{cell}");
        }
    }

    #[test]
    fn what_may_stand_below_a_table() {
        for (cells, is_apart, expected) in [
            (&["Total records: 1"][..], false, true),
            (&["Confidential Information - Do Not Distribute"], false, true),
            (&["EOF"], true, true),
            (&["EOF"], false, false),
            (&["1001"], false, false),
            (&["1001", "", ""], true, false),
            (&["Total", "", "532"], false, true),
            (&["", "Total", "532"], false, true),
            (&["7", "Total", "532"], true, true),
            (&["7", "Total", "532"], false, false),
            (&["17", "Total", ""], false, true),
            (&["17", "Total", "1.234,50 EUR"], false, true),
            (&["Grand Total", "", "$1,234.50"], false, true),
            (&["", "Berlin Total", "532"], false, true),
            (&["", "Berlin Ergebnis", "532"], false, true),
            (&["Total", "Ann", "532"], true, false),
            (&["Total", "Marlow", "Berlin"], true, false),
            (&["1007", "Total", "Paris"], false, false),
            (&["", "Ann Marlow", ""], true, false),
            (&["Ann Marlow", "", ""], true, false),
            (&["Report of 2026-01-02", "", ""], false, true),
            (&["", "Total", "Energies"], false, false),
            (&["Summe", "2", "3"], false, true),
            (&["7", "Ann", "Marlow"], true, false),
            (&["", "", ""], true, false),
            (&["Printed on 2026-11-01 by Sam", " page 1 of 1"], false, true),
            (&["Seite 2 von 7", " gedruckt von Sam"], false, true),
            (&["Ann Mae Lee", "Boston"], false, false),
            (&["Page 1 of 2", " a", " b"], false, false),
        ] {
            let (cells, key) = (cells.to_vec(), Some(0));
            let look = Look { cells, key, is_apart, before: 17, named: 3 };
            let cells = &look.cells;
            assert_eq!(look.may_be_below(), expected, "{cells:?} {is_apart}");
        }
    }

    #[test]
    fn a_title_fills_fewer_cells_than_a_row() {
        for (filled, named, expected) in [
            (1, 3, false),
            (2, 3, false),
            (3, 3, true),
            (4, 3, true),
            (2, 6, false),
            (3, 6, false),
            (4, 6, true),
            (1, 2, false),
            (2, 2, true),
            (1, 1, true),
            (0, 1, false),
        ] {
            assert_eq!(may_be_row_above(filled, named), expected, "{filled} of {named}");
        }
    }

    #[test]
    fn keys_of_one_source_have_one_form() {
        assert_eq!(form_of("1001"), form_of("7"));
        assert_eq!(form_of("C-17"), form_of("ab-2"));
        assert_ne!(form_of("17"), form_of("ost"));
        for (one, other, alike) in [
            ("1001", "7", true),
            ("0035g00000A1b2C", "003aB12345xYzQ9", true),
            ("ann.1@x.org", "bo@example.com", true),
            ("please call", "C1031", false),
            ("22", "C1031", false),
            ("call 5", "C-1031", false),
            ("Street", "C1031x", false),
        ] {
            assert_eq!(keys_are_alike(one, other), alike, "{one} {other}");
        }
    }
}
