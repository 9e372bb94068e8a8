//! Rows that say no more than their line end, as nearly all do: cut by looking for that alone.

use std::io;

use memchr::{memchr, memchr3};

use super::super::ROW_LIMIT;
use super::super::dialect::{Dialect, LineEnd};
use super::super::encoding::{Encoding, Units};
use super::{END_OF_FILE, Lines};

impl Lines {
    /// Passes over the next row and shows it as it stands in the buffer, with its number, where nothing
    /// has to be done to its text. `None`: it has to be read as others are.
    pub fn next_plain(&mut self, dialect: Dialect) -> io::Result<Option<(u64, &str)>> {
        self.pass_blank_lines()?;
        let Some(length) = self.plain_row(Some(dialect)) else { return Ok(None) };
        let (begin, end) = (self.start, self.start + length);
        let row = &self.buffer[begin..end];
        let is_text = self.encoding.of == Encoding::Utf8 && std::str::from_utf8(row).is_ok();
        // The byte-order mark begins with 0xef.
        if !is_text || memchr3(0, END_OF_FILE, 0xef, row).is_some() {
            return Ok(None);
        }
        self.pass(length);
        (self.number, self.blanks) = (self.number + 1, 0);
        Ok(std::str::from_utf8(&self.buffer[begin..end]).ok().map(|row| (self.number, row)))
    }

    /// The length of the row that begins here, where it is in the buffer whole and nothing in it says
    /// more than its line end: as nearly every row is.
    pub(super) fn plain_row(&self, dialect: Option<Dialect>) -> Option<usize> {
        let line_end = match self.line_end {
            LineEnd::Feed => b'\n',
            LineEnd::Return => b'\r',
            LineEnd::Either => return None,
        };
        if self.units != Units::Bytes || dialect.is_some_and(|dialect| dialect.backslash) {
            return None;
        }
        let rest = &self.buffer[self.start..];
        let length = memchr(line_end, &rest[..rest.len().min(ROW_LIMIT)])? + 1;
        let has_quote = |dialect: Dialect| memchr(dialect.quote, &rest[..length]).is_some();
        (!dialect.is_some_and(has_quote)).then_some(length)
    }
}
