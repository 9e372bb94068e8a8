//! Rows cut out of the bytes of a file, numbered by line and decoded. At most one row and what was
//! read with it is in memory, however long the row is.

use std::io::{self, Read};

use super::encoding::{Encoding, Sample};
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
    /// Set aside up to its end, with only its beginning kept; `column` is where it passed the limit.
    SetAside {
        /// How far it goes.
        extent: RowExtent,
        /// The column it was in when it passed the limit, counted from 1.
        column: usize,
    },
}

impl Line {
    /// Whether nothing but spaces is in it.
    pub fn is_blank(&self) -> bool {
        self.shape == Shape::Whole && self.content().bytes().all(|byte| byte == b' ')
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

/// What ends the lines of a file that begins like this: a file without a line feed but with
/// carriage returns ends its lines with those.
pub(super) fn line_end_of(sample: &str) -> u8 {
    if sample.contains('\r') && !sample.contains('\n') { b'\r' } else { b'\n' }
}

/// The rows of a file.
pub(super) struct Lines {
    rest: Box<dyn Read + Send>,
    /// What was read and not taken, from `start` on.
    buffer: Vec<u8>,
    start: usize,
    encoding: Encoding,
    line_end: u8,
    /// Lines taken so far.
    number: u64,
    bytes: u64,
    /// Bytes that were looked at and left to be looked at again.
    looked: u64,
    /// [`LOOK_LIMIT`] and [`FREE_LOOKS`].
    limits: (usize, u64),
}

impl Lines {
    /// The rows of `sample` and what follows it. `text` is the decoded sample.
    pub fn new(
        sample: Sample,
        rest: Box<dyn Read + Send>,
        encoding: Encoding,
        text: &str,
    ) -> Lines {
        let mark = encoding.mark_length(&sample.bytes);
        Lines {
            rest,
            buffer: sample.bytes,
            start: mark,
            encoding,
            line_end: line_end_of(text),
            number: 0,
            bytes: mark as u64,
            looked: 0,
            limits: (LOOK_LIMIT, FREE_LOOKS),
        }
    }

    /// Bytes taken from the file.
    #[cfg(test)]
    pub fn bytes_read(&self) -> u64 {
        self.bytes
    }

    /// The encoding the file is read in.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The next row; `delimiter` parts its cells, which may be quoted. None: every line is a row.
    pub fn next_row(&mut self, delimiter: Option<u8>) -> io::Result<Option<Line>> {
        self.pass_blank_lines()?;
        let mut walker = Walker::new(delimiter, self.line_end);
        let (mut at, mut first_line, mut last_line) = (0, None, 0);
        loop {
            while let Some(unit) = self.unit(at) {
                at += self.encoding.unit();
                match walker.take(unit) {
                    Step::GoOn => {}
                    Step::LineEnd => {
                        let first = *first_line.get_or_insert(at);
                        last_line = at;
                        if walker.misplaced().is_some() && at > self.limits.0 {
                            return Ok(Some(self.unclosed(first, at, (&walker, delimiter))));
                        }
                    }
                    Step::RowEnd if at <= ROW_LIMIT => {
                        let shape = self.shape(&walker);
                        return Ok(Some(self.take(at, walker.lines(), shape)));
                    }
                    Step::RowEnd => {
                        return Ok(Some(self.set_aside(at, &walker, delimiter, true)));
                    }
                }
            }
            // After a misplaced quote the row may not be what it seems: it is kept to be read again.
            let far = match (walker.misplaced(), walker.is_open()) {
                (Some(_), _) => self.limits.0 + ROW_LIMIT,
                (None, true) => self.limits.0,
                (None, false) => ROW_LIMIT,
            };
            if at > far {
                let column = self.column_at_limit(delimiter);
                return self.pass_over((walker, column), at, last_line).map(Some);
            }
            if !self.fill()? {
                break;
            }
        }
        let left = self.buffer.len() - self.start;
        Ok(match first_line {
            _ if left == 0 => None,
            Some(first) if walker.is_open() => {
                Some(self.unclosed(first, left, (&walker, delimiter)))
            }
            None if walker.is_open() => Some(self.take(left, 1, Shape::Unclosed)),
            _ if left > ROW_LIMIT => Some(self.set_aside(left, &walker, delimiter, true)),
            _ => Some(self.take(left, walker.lines() + 1, self.shape(&walker))),
        })
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
        (walker, delimiter): (&Walker, Option<u8>),
    ) -> Line {
        self.looked += (end - first) as u64;
        if self.looked <= self.limits.1 + 4 * self.bytes {
            return self.take(first, 1, Shape::Unclosed);
        }
        self.set_aside(end, walker, delimiter, false)
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
                at += self.encoding.unit();
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
        delimiter: Option<u8>,
        is_closed: bool,
    ) -> Line {
        let column = self.column_at_limit(delimiter);
        let kept = self.buffer[self.start..self.start + length.min(KEPT_LIMIT)].to_vec();
        let number = self.number + 1;
        self.pass(length);
        self.number += walker.lines();
        let extent =
            RowExtent { bytes: length as u64, last_line: self.number.max(number), is_closed };
        self.line(number, kept, Shape::SetAside { extent, column })
    }

    /// The column in which the row that begins here passes the limit, counted from 1.
    fn column_at_limit(&self, delimiter: Option<u8>) -> usize {
        let mut walker = Walker::new(delimiter, self.line_end);
        let places = (0..ROW_LIMIT).step_by(self.encoding.unit());
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

    fn line(&self, number: u64, mut bytes: Vec<u8>, shape: Shape) -> Line {
        let is_cut = matches!(shape, Shape::SetAside { .. });
        if is_cut && self.encoding == Encoding::Utf8 {
            // A character that the cut went through is no fault of the file.
            let whole = bytes.utf8_chunks().last().map_or(0, |chunk| chunk.invalid().len());
            bytes.truncate(bytes.len() - if whole < 4 { whole } else { 0 });
        }
        let decoded = self.encoding.decode(bytes);
        Line { number, text: decoded.text, bytes: decoded.bytes, is_bad: decoded.is_bad, shape }
    }

    fn pass(&mut self, length: usize) {
        self.start += length;
        self.bytes += length as u64;
    }

    /// Passes over lines of nothing but spaces: a file may hold any number of them.
    fn pass_blank_lines(&mut self) -> io::Result<()> {
        let mut at = 0;
        loop {
            while let Some(unit) = self.unit(at) {
                at += self.encoding.unit();
                if unit == u16::from(self.line_end) {
                    self.pass(at);
                    self.number += 1;
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
        match self.encoding {
            Encoding::Utf8 | Encoding::Windows1252 => self.buffer.get(at).map(|it| u16::from(*it)),
            Encoding::Utf16Le => {
                Some(u16::from_le_bytes([*self.buffer.get(at)?, *self.buffer.get(at + 1)?]))
            }
            Encoding::Utf16Be => {
                Some(u16::from_be_bytes([*self.buffer.get(at)?, *self.buffer.get(at + 1)?]))
            }
        }
    }

    /// Reads on; false: the file has ended.
    fn fill(&mut self) -> io::Result<bool> {
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
        Ok(read? > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: Vec<u8>, encoding: Encoding) -> Lines {
        let sample = Sample { bytes, is_whole: true };
        let text = encoding.read_beginning(&sample);
        Lines::new(sample, Box::new(io::empty()), encoding, &text)
    }

    fn texts(bytes: Vec<u8>, encoding: Encoding) -> Vec<(u64, String)> {
        let mut lines = lines(bytes, encoding);
        std::iter::from_fn(|| lines.next_row(None).unwrap())
            .map(|line| (line.number, line.text))
            .collect()
    }

    #[test]
    fn line_ends_are_found_in_every_encoding() {
        // U+0A0A and U+010A hold the byte of a line feed and are none.
        let text = "a\u{a0a}\u{10a}\u{d0a}b\r\nc\n\n  \r\nd";
        let expected = [(1, "a\u{a0a}\u{10a}\u{d0a}b\r\n"), (2, "c\n"), (5, "d")]
            .map(|(number, text)| (number, text.to_owned()));
        let low: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let high: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(texts(text.into(), Encoding::Utf8), expected);
        assert_eq!(texts(low, Encoding::Utf16Le), expected);
        assert_eq!(texts(high, Encoding::Utf16Be), expected);
        let returns = texts(b"a\rb\r".to_vec(), Encoding::Utf8);
        assert_eq!(returns, [(1, "a\r".to_owned()), (2, "b\r".to_owned())]);
    }

    #[test]
    fn an_endless_line_is_cut_but_counted() {
        let mut bytes = "ä".repeat(ROW_LIMIT).into_bytes();
        bytes.insert(0, b'x');
        bytes.extend_from_slice(b"\nnext\n");
        let size = bytes.len() as u64;
        let mut lines = lines(bytes, Encoding::Utf8);
        let long = lines.next_row(None).unwrap().unwrap();
        let extent = RowExtent { bytes: size - 5, last_line: 1, is_closed: true };
        assert_eq!(long.shape, Shape::SetAside { extent, column: 1 });
        assert!(!long.is_bad && long.text.len() <= KEPT_LIMIT);
        let next = lines.next_row(None).unwrap().unwrap();
        assert_eq!((next.number, next.content()), (2, "next"));
        assert_eq!(lines.bytes_read(), size);
    }

    #[test]
    fn a_quote_that_is_looked_for_too_far_is_set_aside_to_where_it_shows() {
        let inside = "k,inside\n".repeat(400_000);
        for (end, rest) in [("5,\"Smith, J\"\n6,Ann\n", 2), ("6,Ann", 0)] {
            let rest_of_file = io::Cursor::new(format!("x\n{inside}{end}"));
            let sample = Sample { bytes: b"1,\"".to_vec(), is_whole: false };
            let mut lines = Lines::new(sample, Box::new(rest_of_file), Encoding::Utf8, "\n");
            lines.limits.0 = 2 * ROW_LIMIT;
            let first = lines.next_row(Some(b',')).unwrap().unwrap();
            let Shape::SetAside { extent, column: 2 } = first.shape else { panic!("set aside") };
            let last_line = if rest == 0 { 400_002 } else { 400_001 };
            assert_eq!((extent.is_closed, extent.last_line), (false, last_line));
            let more: Vec<u64> = std::iter::from_fn(|| lines.next_row(Some(b',')).unwrap())
                .map(|line| line.number)
                .collect();
            assert_eq!(more, &[400_002, 400_003][..rest]);
        }
    }

    #[test]
    fn after_a_misplaced_quote_a_row_is_looked_at_no_further_than_the_limit() {
        // An odd number of quotes to the end: the first is taken for one that is never closed.
        let inside = "k,inside\n".repeat(400_000);
        let rest_of_file = io::Cursor::new(format!("x\n5,\"Smith, J\"\n{inside}6,Ann\n"));
        let sample = Sample { bytes: b"1,\"".to_vec(), is_whole: false };
        let mut lines = Lines::new(sample, Box::new(rest_of_file), Encoding::Utf8, "\n");
        lines.limits.0 = 2 * ROW_LIMIT;
        let first = lines.next_row(Some(b',')).unwrap().unwrap();
        assert_eq!((first.shape, first.text.as_str()), (Shape::Unclosed, "1,\"x\n"));
        assert!(lines.buffer.len() < 2 * ROW_LIMIT + 2 * CHUNK);
        let second = lines.next_row(Some(b',')).unwrap().unwrap();
        assert_eq!((second.shape, second.number), (Shape::Whole, 2));
        // In one line without an end nothing is kept for long.
        let line = format!("\"a\"b{}\n6,Ann\n", "x".repeat(5 * ROW_LIMIT));
        let sample = Sample { bytes: b"1,".to_vec(), is_whole: false };
        let mut lines = Lines::new(sample, Box::new(io::Cursor::new(line)), Encoding::Utf8, "\n");
        lines.limits.0 = 2 * ROW_LIMIT;
        let first = lines.next_row(Some(b',')).unwrap().unwrap();
        let Shape::SetAside { extent, .. } = first.shape else { panic!("set aside") };
        assert_eq!((extent.is_closed, extent.last_line), (true, 1));
        assert!(lines.buffer.len() < 3 * ROW_LIMIT + 2 * CHUNK);
        assert_eq!(lines.next_row(Some(b',')).unwrap().unwrap().number, 2);
    }

    #[test]
    fn a_misplaced_quote_beyond_what_is_looked_at_ends_the_row_with_its_line() {
        let inside = "k,inside\n".repeat(400_000);
        let rest_of_file = io::Cursor::new(format!("x\n{inside}\" ,x\n6,Ann\n"));
        let sample = Sample { bytes: b"1,\"".to_vec(), is_whole: false };
        let mut lines = Lines::new(sample, Box::new(rest_of_file), Encoding::Utf8, "\n");
        lines.limits.0 = 2 * ROW_LIMIT;
        let first = lines.next_row(Some(b',')).unwrap().unwrap();
        let Shape::SetAside { extent, .. } = first.shape else { panic!("set aside") };
        assert_eq!((extent.is_closed, extent.last_line), (true, 400_002));
        assert_eq!(lines.next_row(Some(b',')).unwrap().unwrap().number, 400_003);
    }

    #[test]
    fn quotes_that_never_close_cost_a_bounded_time() {
        // Each of these lines opens a quote, and inside of a quote leaves one open.
        let bytes = "y\",,\"\n".repeat(ROW_LIMIT / 6 - 1).into_bytes();
        let size = bytes.len() as u64;
        let mut lines = lines(bytes, Encoding::Utf8);
        lines.limits.1 = 8 << 20;
        while lines.next_row(Some(b',')).unwrap().is_some() {}
        assert_eq!(lines.bytes_read(), size);
        assert!(lines.looked < (8 << 20) + 6 * size, "{}", lines.looked);
    }
}
