//! Rows cut out of the bytes of a file, numbered by line and decoded. At most one row and what was
//! read with it is in memory, however long the row is.

mod plain;
mod stray;

use std::io::{self, Read};

use memchr::memchr;

use super::dialect::{Dialect, LineEnd};
use super::encoding::{Decoded, Encoding, OddRows, RowEncoding, Units};
use super::swallowed::RowLook;
use super::walker::{Step, Walker};
use super::{KEPT_LIMIT, ROW_LIMIT};
use domain::RowExtent;

/// Bytes read at once.
const CHUNK: usize = 64 << 10;

/// How far the end of a quote is looked for, in bytes, before what was looked at is set aside for
/// good: up to there, a quote that turns out never to be closed costs its own line only.
const LOOK_LIMIT: usize = 32 << 20;

/// Looking for the end of a quote in vain costs reading the same bytes again. This much of it is
/// free, and four times what was read of the file; then what was looked at is set aside.
const FREE_LOOKS: u64 = 128 << 20;

/// One row as it stands in the file.
pub(super) struct Line {
    /// The number of its first line, counted from 1.
    pub number: u64,
    /// Its text with its line end.
    pub text: String,
    /// Its bytes, where they are not those of the text.
    pub bytes: Option<Vec<u8>>,
    /// Whether the encoding does not allow its bytes.
    pub is_bad: bool,
    /// Whether it is a row at all.
    pub shape: Shape,
    /// Blank lines before it.
    pub blanks: u64,
}

/// What a row turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A row, with every quote closed.
    Whole,
    /// A line with a quote that is never closed; the lines after it are looked at by themselves.
    Unclosed,
    /// A row with text after a closing quote.
    Misplaced {
        /// The line of the file in which it stands.
        line: u64,
        /// The column, counted from 1.
        column: usize,
    },
    /// A row over several lines, most of which look like rows by themselves.
    Several {
        /// The line of the file in which it ends.
        last_line: u64,
    },
    /// Set aside up to its end, with only its beginning kept; `column` is where it passed the limit.
    SetAside {
        /// How far it goes.
        extent: RowExtent,
        /// The column it was in when it passed the limit, counted from 1.
        column: usize,
    },
}

impl Line {
    /// Whether nothing but spaces is in it, or the mark that ended files once.
    pub fn is_blank(&self) -> bool {
        let is_blank = |byte| byte == b' ' || byte == END_OF_FILE;
        self.shape == Shape::Whole && self.content().bytes().all(is_blank)
    }

    /// The text without its line end.
    pub fn content(&self) -> &str {
        without_line_end(&self.text)
    }
}

/// A text without the line end it may have.
pub(super) fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// Ctrl-Z: old programs end a file with it.
const END_OF_FILE: u8 = 0x1a;

/// The rows of a file.
pub(super) struct Lines {
    rest: Box<dyn Read + Send>,
    /// What was read and not taken, from `start` on.
    buffer: Vec<u8>,
    start: usize,
    encoding: RowEncoding,
    units: Units,
    line_end: LineEnd,
    /// Lines taken so far.
    number: u64,
    /// Blank lines passed over since the last row.
    blanks: u64,
    /// A carriage return ended the last line: a line feed after it belongs to it.
    after_return: bool,
    /// Whether every sign has its place, so that none is taken out.
    keeps_nuls: bool,
    odd: OddRows,
    /// What rows look like: tells several from one with a stray quote.
    look: Option<RowLook>,
    bytes: u64,
    /// Bytes that were looked at and left to be looked at again.
    looked: u64,
    /// [`LOOK_LIMIT`] and [`FREE_LOOKS`].
    limits: (usize, u64),
}

impl Lines {
    /// The rows of what is read from its beginning on. `text` is how that decodes.
    pub fn new(rest: Box<dyn Read + Send>, encoding: RowEncoding, text: &str) -> Lines {
        Lines {
            rest,
            buffer: Vec::new(),
            start: 0,
            encoding,
            units: encoding.of.units(),
            line_end: LineEnd::of(text),
            number: 0,
            blanks: 0,
            after_return: false,
            keeps_nuls: false,
            odd: OddRows::default(),
            look: None,
            bytes: 0,
            looked: 0,
            limits: (LOOK_LIMIT, FREE_LOOKS),
        }
    }

    /// Bytes taken from the file.
    pub fn bytes_read(&self) -> u64 {
        self.bytes
    }

    /// The encoding the file is read in.
    pub fn encoding(&self) -> Encoding {
        self.encoding.of
    }

    /// The rows so far that were read in another encoding than the file.
    pub fn odd_rows(&self) -> OddRows {
        self.odd
    }

    /// From here on lines end so.
    pub fn end_with(&mut self, line_end: LineEnd) {
        self.line_end = line_end;
    }

    /// From here on NULs stay in the text, for whoever cuts it by places.
    pub fn keep_nuls(&mut self) {
        self.keeps_nuls = true;
    }

    /// From here on rows look so.
    pub fn look_like(&mut self, look: RowLook) {
        self.look = Some(look);
    }

    /// Blank lines passed over after the last row, counted once.
    pub fn take_blanks(&mut self) -> u64 {
        std::mem::take(&mut self.blanks)
    }

    /// Passes over the lines up to that one, whatever is in them, and says how many hold something.
    pub fn pass_to(&mut self, last: u64) -> io::Result<u64> {
        let mut filled = 0;
        while self.number < last {
            let (mut at, mut is_filled) = (0, false);
            loop {
                let Some(unit) = self.unit(at) else {
                    if !self.fill()? {
                        self.pass(self.buffer.len() - self.start);
                        return Ok(filled + u64::from(is_filled));
                    }
                    continue;
                };
                at += self.units.size();
                if self.line_end.is(unit) {
                    break;
                }
                is_filled |= unit != u16::from(b' ') && unit != u16::from(b'\r');
            }
            self.pass(at);
            self.number += 1;
            filled += u64::from(is_filled);
        }
        Ok(filled)
    }

    /// The next row, whose cells are written so; `None` means every line is a row.
    pub fn next_row(&mut self, dialect: Option<Dialect>) -> io::Result<Option<Line>> {
        self.pass_blank_lines()?;
        if let Some(length) = self.plain_row(dialect) {
            return Ok(Some(self.take(length, 1, Shape::Whole)));
        }
        let mut walker = Walker::new(dialect, self.line_end, self.units);
        let (mut at, mut ends) = (0, Vec::new());
        loop {
            while let Some(unit) = self.unit(at) {
                at += self.units.size();
                match walker.take(unit) {
                    Step::GoOn => {}
                    Step::LineEnd => {
                        ends.push(at);
                        if walker.misplaced().is_some() && at > self.limits.0 {
                            return Ok(Some(self.given_up(ends, at, (&walker, dialect))));
                        }
                    }
                    Step::RowEnd => return Ok(Some(self.ended((at, ends), (&walker, dialect)))),
                }
            }
            // After a misplaced quote the row may not be what it seems: it is kept to be read again.
            let far = match (walker.misplaced(), walker.is_open()) {
                (Some(_), _) => self.limits.0 + ROW_LIMIT,
                (None, true) => self.limits.0,
                (None, false) => ROW_LIMIT,
            };
            if at > far {
                let column = self.column_at_limit(dialect);
                let last_line = ends.last().copied().unwrap_or(0);
                return self.pass_over((walker, column), at, last_line).map(Some);
            }
            if !self.fill()? {
                break;
            }
        }
        let left = self.buffer.len() - self.start;
        Ok(match left {
            0 => None,
            _ if !walker.is_open() => Some(self.ended((left, ends), (&walker, dialect))),
            _ if ends.is_empty() => Some(self.take(left, 1, Shape::Unclosed)),
            _ => Some(self.given_up(ends, left, (&walker, dialect))),
        })
    }

    /// The row whose end was looked for in vain up to there.
    fn given_up(
        &mut self,
        mut ends: Vec<usize>,
        at: usize,
        (walker, dialect): (&Walker, Option<Dialect>),
    ) -> Line {
        let first = ends[0];
        if ends.last() != Some(&at) {
            ends.push(at);
        }
        let is_misplaced = walker.misplaced().is_some();
        let line = is_misplaced.then(|| self.over_rows(&ends, (walker, dialect))).flatten();
        line.unwrap_or_else(|| self.unclosed(first, at, (walker, dialect)))
    }

    /// The row that ends at `at`, behind lines that ended inside of it.
    fn ended(
        &mut self,
        (at, mut ends): (usize, Vec<usize>),
        (walker, dialect): (&Walker, Option<Dialect>),
    ) -> Line {
        let lines = ends.len() as u64 + 1;
        if lines > 1 {
            ends.push(at);
            if let Some(line) = self.over_rows(&ends, (walker, dialect)) {
                return line;
            }
        }
        if at > ROW_LIMIT {
            return self.set_aside(at, walker, dialect, true);
        }
        self.take(at, lines, self.shape(walker))
    }

    /// What a row is whose end was found.
    fn shape(&self, walker: &Walker) -> Shape {
        walker.misplaced().map_or(Shape::Whole, |at| Shape::Misplaced {
            line: self.number + 1 + at.lines,
            column: at.column,
        })
    }

    /// The line whose quote is never closed; all up to `end`, once too much was looked at in vain.
    fn unclosed(
        &mut self,
        first: usize,
        end: usize,
        (walker, dialect): (&Walker, Option<Dialect>),
    ) -> Line {
        self.looked += (end - first) as u64;
        if self.looked <= self.limits.1 + 4 * self.bytes {
            return self.take(first, 1, Shape::Unclosed);
        }
        self.set_aside(end, walker, dialect, false)
    }

    /// Passes over the rest of a row that is too long, keeping its beginning: to its end, or, where
    /// its quote turns out never to have been closed, to the line that shows it.
    fn pass_over(
        &mut self,
        (mut walker, column): (Walker, usize),
        mut at: usize,
        mut line: usize,
    ) -> io::Result<Line> {
        let kept = self.buffer[self.start..self.start + KEPT_LIMIT].to_vec();
        let (number, before) = (self.number + 1, self.bytes);
        // The line it is in is kept to be read again, unless it is too long for that.
        let mut is_line_kept = at - line <= ROW_LIMIT;
        let (is_closed, lines) = 'row: loop {
            while let Some(unit) = self.unit(at) {
                at += self.units.size();
                match walker.take(unit) {
                    Step::GoOn => {}
                    Step::LineEnd if self.shows_unclosed(&walker, before, at) => {
                        self.pass(if is_line_kept { line } else { at });
                        break 'row (false, walker.lines() - u64::from(is_line_kept));
                    }
                    Step::LineEnd => (line, is_line_kept) = (at, true),
                    Step::RowEnd => {
                        self.pass(at);
                        break 'row (true, walker.lines());
                    }
                }
            }
            is_line_kept &= at - line <= ROW_LIMIT;
            let gone = if is_line_kept { line } else { at };
            self.pass(gone);
            at -= gone;
            line = 0;
            if !self.fill()? {
                let left = self.buffer.len() - self.start;
                self.pass(left);
                break (!walker.is_open(), walker.lines() + u64::from(left > 0));
            }
        };
        self.number += lines;
        let extent =
            RowExtent { bytes: self.bytes - before, last_line: self.number.max(number), is_closed };
        Ok(self.line(number, kept, Shape::SetAside { extent, column }))
    }

    /// Whether the line that ends at `at`, inside of quotes, shows that a quote of the row that began
    /// at byte `before` never was closed: up to [`LOOK_LIMIT`] nothing does.
    fn shows_unclosed(&self, walker: &Walker, before: u64, at: usize) -> bool {
        let walked = self.bytes - before + at as u64;
        walker.misplaced().is_some() && walked > self.limits.0 as u64
    }

    /// Takes a row that is in the buffer whole, and keeps its beginning only.
    fn set_aside(
        &mut self,
        length: usize,
        walker: &Walker,
        dialect: Option<Dialect>,
        is_closed: bool,
    ) -> Line {
        let column = self.column_at_limit(dialect);
        let kept = self.buffer[self.start..self.start + length.min(KEPT_LIMIT)].to_vec();
        let number = self.number + 1;
        self.pass(length);
        self.number += walker.lines();
        let extent =
            RowExtent { bytes: length as u64, last_line: self.number.max(number), is_closed };
        self.line(number, kept, Shape::SetAside { extent, column })
    }

    /// The column in which the row that begins here passes the limit, counted from 1.
    fn column_at_limit(&self, dialect: Option<Dialect>) -> usize {
        let mut walker = Walker::new(dialect, self.line_end, self.units);
        let places = (0..ROW_LIMIT).step_by(self.units.size());
        for unit in places.map_while(|at| self.unit(at)) {
            walker.take(unit);
        }
        walker.column()
    }

    fn take(&mut self, length: usize, lines: u64, shape: Shape) -> Line {
        let bytes = self.buffer[self.start..self.start + length].to_vec();
        let number = self.number + 1;
        self.pass(length);
        self.number += lines;
        self.line(number, bytes, shape)
    }

    fn line(&mut self, number: u64, mut bytes: Vec<u8>, shape: Shape) -> Line {
        let is_cut = matches!(shape, Shape::SetAside { .. });
        if is_cut && self.encoding.of == Encoding::Utf8 {
            // A character that the cut went through is no fault of the file.
            let whole = bytes.utf8_chunks().last().map_or(0, |chunk| chunk.invalid().len());
            bytes.truncate(bytes.len() - if whole < 4 { whole } else { 0 });
        }
        let ends_file = self.start == self.buffer.len() && bytes.last() == Some(&END_OF_FILE);
        if ends_file && self.units.size() == 1 {
            bytes.pop();
        }
        let mut decoded = self.encoding.decode(bytes);
        // A NUL is what a program forgot to take out, and a mark what another put in between.
        let has_mark = |text: &str| !text.is_ascii() && text.contains('\u{feff}');
        if self.keeps_nuls {
            let mark = decoded.text.len() - decoded.text.trim_start_matches('\u{feff}').len();
            decoded.text.drain(..mark);
        } else if memchr(0, decoded.text.as_bytes()).is_some() || has_mark(&decoded.text) {
            let text = decoded.text.trim_start_matches('\u{feff}');
            decoded.text = text.chars().filter(|character| *character != '\0').collect();
        }
        let blanks = std::mem::take(&mut self.blanks);
        let Decoded { text, bytes, is_bad, is_odd } = decoded;
        if is_odd {
            self.odd.note(number);
        }
        Line { number, text, bytes, is_bad, shape, blanks }
    }

    fn pass(&mut self, length: usize) {
        let last = length.checked_sub(self.units.size()).and_then(|at| self.unit(at));
        self.after_return = self.line_end == LineEnd::Either && last == Some(u16::from(b'\r'));
        self.start += length;
        self.bytes += length as u64;
    }

    /// Passes over lines of nothing but spaces: a file may hold any number of them.
    fn pass_blank_lines(&mut self) -> io::Result<()> {
        let mut at = 0;
        loop {
            while let Some(unit) = self.unit(at) {
                at += self.units.size();
                if self.line_end.is(unit) {
                    let is_second = self.after_return && unit == u16::from(b'\n');
                    let is_line = !(is_second && at == self.units.size());
                    self.pass(at);
                    self.number += u64::from(is_line);
                    self.blanks += u64::from(is_line);
                    at = 0;
                } else if unit != u16::from(b' ') && unit != u16::from(b'\r') {
                    return Ok(());
                }
            }
            if at > ROW_LIMIT || !self.fill()? {
                return Ok(());
            }
        }
    }

    /// The code unit at an offset; `None` where nothing has been read yet.
    #[inline]
    fn unit(&self, at: usize) -> Option<u16> {
        let at = self.start + at;
        match self.units {
            Units::Bytes | Units::Pairs | Units::ShiftJis | Units::Escaped => {
                self.buffer.get(at).map(|it| u16::from(*it))
            }
            Units::LowFirst => {
                Some(u16::from_le_bytes([*self.buffer.get(at)?, *self.buffer.get(at + 1)?]))
            }
            Units::HighFirst => {
                Some(u16::from_be_bytes([*self.buffer.get(at)?, *self.buffer.get(at + 1)?]))
            }
        }
    }

    /// Reads on; false: the file has ended.
    fn fill(&mut self) -> io::Result<bool> {
        let is_beginning = self.bytes == 0 && self.buffer.is_empty();
        self.buffer.drain(..self.start);
        self.start = 0;
        let known = self.buffer.len();
        self.buffer.resize(known + CHUNK, 0);
        // What a pipe has is taken at once: its rows must not wait for others.
        let read = loop {
            match self.rest.read(&mut self.buffer[known..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.buffer.truncate(known + *read.as_ref().unwrap_or(&0));
        let is_more = read? > 0;
        if is_beginning {
            // A file is random access: what it begins with comes at once.
            self.pass(self.encoding.of.mark_length(&self.buffer));
        }
        Ok(is_more)
    }
}

#[cfg(test)]
mod tests;
