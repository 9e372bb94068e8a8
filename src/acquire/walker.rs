//! Where rows end: quotes as in RFC 4180 and line ends, followed one code unit at a time and
//! without keeping any, so that a row of any length has an end that is found.

const QUOTE: u16 = b'"' as u16;
const RETURN: u16 = b'\r' as u16;

/// What a code unit did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The row goes on.
    GoOn,
    /// A line ended inside a quoted cell: the row goes on in the next.
    LineEnd,
    /// The row ended with it.
    RowEnd,
    /// A cell that was quoted over several lines goes on after its closing quote: the quote that
    /// "closed" it opened another cell, and the first one never was closed.
    Misplaced,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    AfterQuote,
    /// After a closing quote and a carriage return that may belong to the line's end.
    AfterReturn,
}

/// Follows one row.
#[derive(Debug, Clone)]
pub(super) struct Walker {
    /// None: no quotes and no cells, every line is a row.
    delimiter: Option<u16>,
    line_end: u16,
    state: State,
    /// Whether the quoted cell began in an earlier line.
    is_continued: bool,
    lines: u64,
    column: usize,
    has_given_up: bool,
}

impl Walker {
    /// At the beginning of a row.
    pub fn new(delimiter: Option<u8>, line_end: u8) -> Walker {
        Walker {
            delimiter: delimiter.map(u16::from),
            line_end: line_end.into(),
            state: if delimiter.is_some() { State::Start } else { State::Plain },
            is_continued: false,
            lines: 0,
            column: 1,
            has_given_up: false,
        }
    }

    /// Lines that have ended so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// The column it is in, counted from 1.
    pub fn column(&self) -> usize {
        self.column
    }

    /// Whether it is inside of quotes.
    pub fn is_open(&self) -> bool {
        self.state == State::Quoted
    }

    /// Gives the open quote up: the row ends with its line.
    pub fn forget_quote(&mut self) {
        self.delimiter = None;
        self.state = State::Plain;
        self.has_given_up = true;
    }

    /// Whether a quote was given up.
    pub fn has_given_up(&self) -> bool {
        self.has_given_up
    }

    /// Takes the next code unit.
    #[inline]
    pub fn take(&mut self, unit: u16) -> Step {
        if self.state == State::AfterReturn {
            if unit == self.line_end {
                return self.end_row();
            }
            if self.is_continued {
                return Step::Misplaced;
            }
            self.state = State::Plain;
        }
        match self.state {
            State::Quoted if unit == QUOTE => self.state = State::AfterQuote,
            State::Quoted if unit == self.line_end => {
                self.is_continued = true;
                self.lines += 1;
                return Step::LineEnd;
            }
            State::Quoted => {}
            _ if unit == self.line_end => return self.end_row(),
            State::Start | State::Plain | State::AfterQuote if Some(unit) == self.delimiter => {
                self.state = State::Start;
                self.is_continued = false;
                self.column += 1;
            }
            State::Start if unit == QUOTE => self.state = State::Quoted,
            State::AfterQuote if unit == QUOTE => self.state = State::Quoted,
            State::AfterQuote if unit == RETURN => self.state = State::AfterReturn,
            State::AfterQuote if self.is_continued => return Step::Misplaced,
            State::Start | State::AfterQuote => self.state = State::Plain,
            State::Plain | State::AfterReturn => {}
        }
        Step::GoOn
    }

    fn end_row(&mut self) -> Step {
        self.lines += 1;
        Step::RowEnd
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(text: &str) -> (Step, usize) {
        let mut walker = Walker::new(Some(b','), b'\n');
        let mut last = (Step::GoOn, 0);
        for (at, byte) in text.bytes().enumerate() {
            last = (walker.take(byte.into()), at + 1);
            if matches!(last.0, Step::RowEnd | Step::Misplaced) {
                break;
            }
        }
        last
    }

    #[test]
    fn a_row_ends_outside_of_quotes() {
        for (text, expected) in [
            ("a,b\r\nc", (Step::RowEnd, 5)),
            ("\"a\nb\",c\nd", (Step::RowEnd, 8)),
            ("\"a\"\"\n\"\r\nx", (Step::RowEnd, 8)),
            ("5\" pipe,\"x\"y\nz", (Step::RowEnd, 13)),
            ("1,\"a\n2,\"b\"\n", (Step::Misplaced, 9)),
            ("1,\"a\n\"\rx\n", (Step::Misplaced, 8)),
            ("\"a\n", (Step::LineEnd, 3)),
        ] {
            assert_eq!(last(text), expected, "{text:?}");
        }
    }

    #[test]
    fn without_a_delimiter_every_line_is_a_row() {
        let mut walker = Walker::new(None, b'\n');
        let ends: Vec<usize> = "\"a\n\"b\"\n"
            .bytes()
            .enumerate()
            .filter_map(|(at, byte)| (walker.take(byte.into()) == Step::RowEnd).then_some(at))
            .collect();
        assert_eq!(ends, [2, 6]);
    }
}
