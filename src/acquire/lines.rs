//! Physical lines, numbered and decoded, with a way to give some back.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use super::encoding::{Encoding, Sample};
use super::{KEPT_LIMIT, ROW_LIMIT};

/// One line of the file, or several joined to one row.
pub(super) struct Line {
    /// Its number, counted from 1; the first one's, of several.
    pub number: u64,
    /// Its text with its line end.
    pub text: String,
    /// Its bytes, where they are not those of the text.
    pub bytes: Option<Vec<u8>>,
    /// Whether the encoding does not allow its bytes.
    pub is_bad: bool,
    /// Whether it is longer than a row may be; then only a part may be kept.
    pub is_too_long: bool,
}

impl Line {
    /// Whether nothing but spaces is in it.
    pub fn is_blank(&self) -> bool {
        !self.is_too_long && self.content().bytes().all(|byte| byte == b' ')
    }

    /// The text without its line end.
    pub fn content(&self) -> &str {
        without_line_end(&self.text)
    }

    /// Puts the lines that a quoted cell goes on over after this one.
    pub fn join(&mut self, more: Vec<Line>) {
        if self.bytes.is_some() || more.iter().any(|line| line.bytes.is_some()) {
            let mut bytes = self.bytes.take().unwrap_or_else(|| self.text.clone().into_bytes());
            for line in &more {
                bytes.extend_from_slice(line.bytes.as_deref().unwrap_or(line.text.as_bytes()));
            }
            self.bytes = Some(bytes);
        }
        for line in more {
            self.text.push_str(&line.text);
            self.is_bad |= line.is_bad;
        }
    }
}

/// A text without the line end it may have.
pub(super) fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// The sample, then the rest of the file.
type Whole = Chain<Cursor<Vec<u8>>, Box<dyn Read + Send>>;

/// The lines of a file.
pub(super) struct Lines {
    input: BufReader<Whole>,
    encoding: Encoding,
    line_end: u8,
    number: u64,
    bytes: u64,
    given_back: VecDeque<Line>,
}

impl Lines {
    /// The lines of `sample` and what follows it. `text` is the decoded sample: a file without a
    /// line feed but with carriage returns ends its lines with those.
    pub fn new(
        sample: Sample,
        rest: Box<dyn Read + Send>,
        encoding: Encoding,
        text: &str,
    ) -> Lines {
        let mark = encoding.mark_length(&sample.bytes);
        let mut beginning = Cursor::new(sample.bytes);
        beginning.set_position(mark as u64);
        let line_end = if text.contains('\r') && !text.contains('\n') { b'\r' } else { b'\n' };
        Lines {
            input: BufReader::with_capacity(64 << 10, beginning.chain(rest)),
            encoding,
            line_end,
            number: 0,
            bytes: mark as u64,
            given_back: VecDeque::new(),
        }
    }

    /// Bytes taken from the file.
    pub fn bytes_read(&self) -> u64 {
        self.bytes
    }

    /// The encoding the file is read in.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The next line.
    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.given_back.pop_front() {
            return Ok(Some(line));
        }
        let mut bytes = Vec::new();
        let length = self.read_line(&mut bytes)?;
        if length == 0 {
            return Ok(None);
        }
        self.number += 1;
        let decoded = self.encoding.decode(bytes);
        Ok(Some(Line {
            number: self.number,
            is_too_long: length > ROW_LIMIT as u64,
            text: decoded.text,
            bytes: decoded.bytes,
            is_bad: decoded.is_bad,
        }))
    }

    /// Gives lines back, to come next and in this order.
    pub fn give_back(&mut self, lines: Vec<Line>) {
        for line in lines.into_iter().rev() {
            self.given_back.push_front(line);
        }
    }

    /// Reads to the end of the line and returns its length; keeps at most [`KEPT_LIMIT`] of it.
    fn read_line(&mut self, kept: &mut Vec<u8>) -> io::Result<u64> {
        let mut length = 0;
        let mut chunk = Vec::new();
        loop {
            // Until the limit the line is read straight into place, after it into a buffer that
            // is thrown away. Both sizes are even, so that UTF-16 is never cut inside a unit.
            let is_kept = kept.len() < KEPT_LIMIT;
            let into = if is_kept { &mut *kept } else { &mut chunk };
            let room = if is_kept { KEPT_LIMIT - into.len() } else { 64 << 10 };
            if !is_kept {
                into.clear();
            }
            let before = into.len();
            self.input.by_ref().take(room as u64).read_until(self.line_end, into)?;
            if self.encoding.unit() == 2 && (into.len() - before) % 2 == 1 {
                self.input.by_ref().take(1).read_to_end(into)?;
            }
            let read = into.len() - before;
            length += read as u64;
            self.bytes += read as u64;
            if read == 0 || ends_line(&into[before..], self.encoding, self.line_end) {
                return Ok(length);
            }
        }
    }
}

fn ends_line(chunk: &[u8], encoding: Encoding, line_end: u8) -> bool {
    match encoding {
        Encoding::Utf8 | Encoding::Windows1252 => chunk.ends_with(&[line_end]),
        Encoding::Utf16Le => chunk.ends_with(&[line_end, 0]),
        Encoding::Utf16Be => chunk.ends_with(&[0, line_end]),
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

    fn texts(bytes: Vec<u8>, encoding: Encoding) -> Vec<String> {
        let mut lines = lines(bytes, encoding);
        std::iter::from_fn(|| lines.next_line().unwrap()).map(|line| line.text).collect()
    }

    #[test]
    fn line_ends_are_found_in_every_encoding() {
        // U+0A0A and U+010A hold the byte of a line feed and are none.
        let text = "a\u{a0a}\u{10a}\u{d0a}b\r\nc\n\nd";
        let expected = ["a\u{a0a}\u{10a}\u{d0a}b\r\n", "c\n", "\n", "d"];
        let low: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let high: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(texts(text.into(), Encoding::Utf8), expected);
        assert_eq!(texts(low, Encoding::Utf16Le), expected);
        assert_eq!(texts(high, Encoding::Utf16Be), expected);
        assert_eq!(texts(b"a\rb\r".to_vec(), Encoding::Utf8), ["a\r", "b\r"]);
    }

    #[test]
    fn an_endless_line_is_cut_but_counted() {
        let mut bytes = vec![b'x'; KEPT_LIMIT + 100_000];
        bytes.extend_from_slice(b"\nnext\n");
        let size = bytes.len() as u64;
        let mut lines = lines(bytes, Encoding::Utf8);
        let long = lines.next_line().unwrap().unwrap();
        assert!(long.is_too_long);
        assert_eq!(long.text.len(), KEPT_LIMIT);
        let next = lines.next_line().unwrap().unwrap();
        assert_eq!((next.number, next.content()), (2, "next"));
        assert_eq!(lines.bytes_read(), size);
    }

    #[test]
    fn lines_given_back_come_next_in_their_order() {
        let mut lines = lines(b"1\n2\n3\n".to_vec(), Encoding::Utf8);
        let taken: Vec<Line> = (0..2).map(|_| lines.next_line().unwrap().unwrap()).collect();
        lines.give_back(taken);
        let numbers: Vec<u64> =
            std::iter::from_fn(|| lines.next_line().unwrap()).map(|line| line.number).collect();
        assert_eq!(numbers, [1, 2, 3]);
    }
}
