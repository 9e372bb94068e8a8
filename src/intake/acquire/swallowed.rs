//! Rows that a stray quote made one of: it opens a cell, and the next quote of a later row closes it.

use std::collections::HashSet;

use memchr::memchr_iter;

use super::dialect::{Dialect, LineEnd};
use super::edges::keys_are_alike;
use super::encoding::Units;
use super::lenient::{self, Meant};
use super::lines::without_line_end;
use super::splitter::Splitter;
use super::walker::Walker;

/// So many rows behind a quote at least, and it was never meant to run over them.
const PLAINLY_ROWS: usize = 8;

/// So many lines has a row at most whose end is told by the quotes it was meant to have.
const MOST_LINES: usize = 64;

/// Rows that have one key in a table, at most, on average.
const ROWS_OF_A_KEY: usize = 8;

/// What the rows of a table look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowLook {
    /// How their cells are written.
    pub dialect: Dialect,
    /// How many cells the header has.
    pub cells: usize,
    /// Which of them is the key's.
    pub key: usize,
}

/// A line, looked at by itself.
struct Looked {
    cells: usize,
    key: Option<String>,
    /// Whether all its quotes are where they may be.
    is_whole: bool,
    /// In prose a blank follows a comma.
    is_prose: bool,
}

impl RowLook {
    /// Whether the lines of a row are rather a row each: at least half of those after the first have as
    /// many cells as the header, and a key like the first line's. Lines of an address or a note have
    /// neither.
    pub fn are_rows(&self, lines: &[&str]) -> bool {
        let Some((first, rest)) = lines.split_first() else { return false };
        let keys = self.keys_of_first(first);
        let is_alike =
            |line: &&&str| self.looks_like_row(line, &keys) && self.quotes_alike(first, line);
        let alike = rest.iter().filter(is_alike).count();
        alike > 0 && alike * 2 >= rest.len()
    }

    /// Whether it is plain that a quote was never meant to run over these lines: nearly all behind the
    /// first, and the last of them, are whole rows by themselves, with keys of their own.
    pub fn are_plainly_rows(&self, lines: &[&str]) -> bool {
        let Some(((first, rest), last)) = lines.split_first().zip(lines.last()) else {
            return false;
        };
        let is_row_as_meant = |line: &str, keys: &[String]| {
            let line = without_line_end(line);
            let row = lenient::rows(&[line], self.dialect, self.key);
            row[0].cells == self.cells && is_one_of(keys, Some(self.bare(&row[0].key)))
        };
        if rest.len() < PLAINLY_ROWS || !self.may_be_row(last) {
            return false;
        }
        let keys = self.keys_of_first(first);
        let ends_in_row = is_row_as_meant(last, &keys) || self.looks_like_row(last, &keys);
        if !ends_in_row {
            return false;
        }
        let (mut alike, mut own) = (0, HashSet::new());
        for line in rest.iter().filter(|line| self.may_be_row(line)) {
            let looked = self.look(line);
            if looked.is_whole
                && looked.cells == self.cells
                && is_one_of(&keys, looked.key.clone())
                && self.quotes_alike(first, line)
            {
                alike += 1;
                own.extend(looked.key);
            }
        }
        // The last may have a stray quote of its own.
        (alike + 1) * 10 >= rest.len() * 9 && own.len() * ROWS_OF_A_KEY >= alike
    }

    /// How many lines the first row has, where quotes inside of cells were not doubled and nearly all
    /// lines behind it make rows of the same kind when they are read so.
    pub fn first_as_meant(&self, lines: &[&str]) -> Option<usize> {
        let bare: Vec<&str> = lines.iter().map(|line| without_line_end(line)).collect();
        let rows = lenient::rows(&bare, self.dialect, self.key);
        let (first, rest) = rows.split_first()?;
        let key = self.bare(&first.key);
        if self.cells < 2 || first.cells != self.cells || rest.is_empty() || key.is_empty() {
            return None;
        }
        // A text that holds rows may hold anything, and so may a very long one.
        if first.lines > MOST_LINES || first.lines > 1 && self.are_rows(&lines[..first.lines]) {
            return None;
        }
        let is_alike = |row: &&Meant| {
            row.cells == self.cells
                && row.lines <= MOST_LINES
                && keys_are_alike(&key, &self.bare(&row.key))
        };
        let alike = rest.iter().filter(is_alike).count();
        // The last may go on behind these lines.
        let ends_alike = rest.last().is_some_and(|row| {
            is_alike(&row) || row.cells == 0 && keys_are_alike(&key, &self.bare(&row.key))
        });
        let alike = alike + usize::from(ends_alike && rest.last().is_some_and(|it| it.cells == 0));
        (ends_alike && alike * 10 >= rest.len() * 9).then_some(first.lines)
    }

    fn looks_like_row(&self, line: &str, keys: &[String]) -> bool {
        if !self.may_be_row(line) {
            return false;
        }
        let looked = self.look(line);
        looked.cells == self.cells && !looked.is_prose && is_one_of(keys, looked.key)
    }

    /// Whether two lines quote their keys alike, as far as the first tells: who writes a file quotes keys
    /// everywhere or only where they need it.
    fn quotes_alike(&self, first: &str, line: &str) -> bool {
        let begin = |line: &str| line.trim_start().as_bytes().first() == Some(&self.dialect.quote);
        let is_told = self.key == 0
            && (!begin(first) || memchr_iter(self.dialect.quote, first.as_bytes()).count() > 1);
        !is_told || begin(first) == begin(line)
    }

    /// A quick look: enough parts its cells.
    fn may_be_row(&self, line: &str) -> bool {
        memchr_iter(self.dialect.delimiter, line.as_bytes()).count() + 1 >= self.cells
    }

    /// The key of a line with a quote of which nobody knows what it means: counted from either end.
    fn keys_of_first(&self, line: &str) -> Vec<String> {
        let line = without_line_end(line);
        let delimiter = char::from(self.dialect.delimiter);
        if self.cells < 2 || self.key >= self.cells {
            return Vec::new();
        }
        let from_end = line.rsplit(delimiter).nth(self.cells - 1 - self.key);
        let keys = [line.split(delimiter).nth(self.key), from_end];
        let keys = keys.into_iter().flatten().map(|key| self.bare(key));
        keys.filter(|key| !key.is_empty()).collect()
    }

    /// A cell without the quotes around it.
    fn bare(&self, cell: &str) -> String {
        cell.trim().trim_matches(char::from(self.dialect.quote)).trim().to_owned()
    }

    fn look(&self, line: &str) -> Looked {
        let line = without_line_end(line);
        let mut walker = Walker::new(Some(self.dialect), LineEnd::Feed, Units::Bytes);
        line.bytes().for_each(|byte| {
            walker.take(byte.into());
        });
        let is_whole = !walker.is_open() && walker.misplaced().is_none();
        let parts: Vec<String> = if is_whole {
            let mut splitter = Splitter::new(self.dialect);
            splitter.split(line).iter().map(str::to_owned).collect()
        } else {
            line.split(char::from(self.dialect.delimiter)).map(str::to_owned).collect()
        };
        let key = parts.get(self.key).map(|key| self.bare(key));
        let is_prose = parts.iter().skip(1).all(|part| part.starts_with(' '));
        Looked { cells: parts.len(), key, is_whole, is_prose }
    }
}

fn is_one_of(keys: &[String], key: Option<String>) -> bool {
    key.is_some_and(|key| keys.iter().any(|known| keys_are_alike(known, &key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMAS: Dialect = Dialect { delimiter: b',', quote: b'"', backslash: false };
    const LOOK: RowLook = RowLook { dialect: COMMAS, cells: 3, key: 0 };

    fn is_several(look: RowLook, text: &str) -> bool {
        look.are_rows(&text.lines().collect::<Vec<_>>())
    }

    #[test]
    fn lines_that_look_like_rows_are_rows() {
        for text in [
            "1,\"Ann,x\n2,Bob\",y\n",
            "1,\"Ann,x\r\n2,Bob,y\r\n3,Cid\",z\r\n",
            "17,\"Ann,x\n18,Bob,y\n19,Cid,z\n20,Dan\",w\n",
            "1,Ann,\"x\n2,Bob,\"\n",
            "1,\"Ann,x\n2,,5\"\n",
            "1,\"Ann,x\n2,Bob\n3,Cid\",z\n",
            "C-1,\"Ann,x\nC-22,Bob\",y\n",
            "\"1\",\"Ann,x\n\"2\",Bob\",y\n",
            "1,\" Ann,x\n2,Bob, y\"\n",
            "1,\"Ann,x\n2,Bob,\",y\n3,Cid,z\n",
        ] {
            assert!(is_several(LOOK, text), "{text}");
        }
        let semicolons = RowLook { dialect: Dialect::parted_by(b';'), cells: 2, key: 0 };
        assert!(is_several(semicolons, "1;\"Ann\n2;Bob\"\n"));
        let last = RowLook { key: 2, ..LOOK };
        assert!(is_several(last, "\"Ann,x,1\nBob,y\",2\n"));
    }

    #[test]
    fn lines_of_an_address_or_a_note_are_none() {
        for text in [
            "1,\"12 Main St\nBerlin\",x\n",
            "1,\"12, Main St, Flat 2\n10115, Berlin, Mitte\",x\n",
            "1,Ann,\"called on Monday\nno answer\n\ncalled again\"\n",
            "1,Ann,\"one, two\nthree, four\"\n",
            "1,Ann,\"- bread\n- milk, butter, eggs\"\n",
            "1,\"Haus 3\nWeg 5, Tor 2\",x\n",
            "1,Ann,\"Dear all,\n\nI moved,\nbest,\nAnn\"\n",
            "1,\"a\nb\",\"c\nd\"\n",
            "1,\"Ann\n\",x\n",
            "1,Ann,\"due 5,6,7\nor later\"\n",
            "\"1\",\"Ann\",\"was:\n2,Bob,x\n3,Cid,y\"\n",
            "\"C-1\",Ann,\"see\nC-2,Bob,x\"\n",
            "1,Ann,\"see\n\"\"2\"\",Bob,x\"\n",
        ] {
            assert!(!is_several(LOOK, text), "{text}");
        }
    }
}
