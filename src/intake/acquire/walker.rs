//! Where rows end: quotes as in RFC 4180 and line ends, followed one code unit at a time and
//! without keeping any, so that a row of any length has an end that is found.
//!
//! A cell that goes on after its closing quote leaves two readings: it holds a quote that is not
//! doubled, or an earlier quote was never closed. From there on quotes are only counted, and the row
//! ends at the first line end that an even number of them stands before: whatever was meant, no line
//! inside of a quoted cell is taken for a row.
//!
//! Blanks may stand before the quote that opens a cell and behind the one that closes it. Where the file's backslashes take a meaning away, the
//! character after one is no quote, no delimiter and no line end.

use super::dialect::{Dialect, LineEnd, Mask};
use super::encoding::Units;

const FEED: u16 = b'\n' as u16;
const RETURN: u16 = b'\r' as u16;
const BACKSLASH: u16 = b'\\' as u16;

/// What a code unit did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The row goes on.
    GoOn,
    /// A line ended inside a quoted cell: the row goes on in the next.
    LineEnd,
    /// The row ended with it.
    RowEnd,
}

/// Where a cell goes on after its closing quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Misplaced {
    /// Lines of the row that had ended before.
    pub lines: u64,
    /// The column, counted from 1.
    pub column: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    /// After a backslash in a cell without quotes.
    PlainEscape,
    Quoted,
    /// After a backslash in a quoted cell.
    QuotedEscape,
    AfterQuote,
    /// After a closing quote and blanks.
    AfterBlank,
    /// After a closing quote and a carriage return that may belong to the line's end.
    AfterReturn,
    /// After a misplaced quote, with an even number of quotes so far.
    Even,
    /// After a misplaced quote, with an odd number.
    Odd,
}

/// Follows one row.
#[derive(Debug, Clone)]
pub(super) struct Walker {
    /// `None` means no quotes and no cells, every line is a row.
    dialect: Option<Dialect>,
    line_end: LineEnd,
    mask: Mask,
    state: State,
    was_return: bool,
    lines: u64,
    column: usize,
    misplaced: Option<Misplaced>,
}

impl Walker {
    /// At the beginning of a row.
    pub fn new(dialect: Option<Dialect>, line_end: LineEnd, units: Units) -> Walker {
        Walker {
            dialect,
            line_end,
            mask: Mask::new(units),
            state: if dialect.is_some() { State::Start } else { State::Plain },
            was_return: false,
            lines: 0,
            column: 1,
            misplaced: None,
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
        matches!(self.state, State::Quoted | State::QuotedEscape | State::Odd)
    }

    /// Where its first misplaced quote is, if it has one.
    pub fn misplaced(&self) -> Option<Misplaced> {
        self.misplaced
    }

    /// Takes the next code unit.
    #[inline]
    pub fn take(&mut self, unit: u16) -> Step {
        let unit = self.mask.take(unit);
        let Some(dialect) = self.dialect else {
            return if self.line_end.is(unit) { self.end_row() } else { Step::GoOn };
        };
        let is_quote = unit == u16::from(dialect.quote);
        let is_escape = dialect.backslash && unit == BACKSLASH;
        match self.state {
            State::Quoted if is_quote => self.state = State::AfterQuote,
            State::Odd if is_quote => self.state = State::Even,
            State::Quoted if is_escape => self.state = State::QuotedEscape,
            State::Quoted | State::QuotedEscape | State::Odd => {
                if self.state == State::QuotedEscape {
                    self.state = State::Quoted;
                }
                return self.inside(unit);
            }
            State::PlainEscape => {
                self.state = State::Plain;
                return self.inside(unit);
            }
            _ if self.line_end.is(unit) => return self.end_row(),
            State::Start | State::Plain | State::AfterQuote | State::AfterBlank
                if unit == u16::from(dialect.delimiter) =>
            {
                self.state = State::Start;
                self.column += 1;
            }
            State::Start | State::AfterQuote if is_quote => self.state = State::Quoted,
            State::Start if unit < 0x80 && dialect.is_padding(unit as u8) => {}
            State::Start | State::Plain if is_escape => self.state = State::PlainEscape,
            State::Start => self.state = State::Plain,
            State::AfterQuote | State::AfterBlank if unit == RETURN => {
                self.state = State::AfterReturn;
            }
            State::AfterQuote | State::AfterBlank
                if unit < 0x80 && dialect.is_padding(unit as u8) =>
            {
                self.state = State::AfterBlank;
            }
            State::AfterQuote | State::AfterBlank | State::AfterReturn => {
                self.misplaced = Some(Misplaced { lines: self.lines, column: self.column });
                self.state = if is_quote { State::Odd } else { State::Even };
            }
            State::Even if is_quote => self.state = State::Odd,
            State::Plain | State::Even => {}
        }
        Step::GoOn
    }

    /// A unit of a cell that line ends do not end.
    fn inside(&mut self, unit: u16) -> Step {
        let was_return = std::mem::replace(&mut self.was_return, unit == RETURN);
        // The two of a carriage return and a line feed end one line.
        let is_second = was_return && unit == FEED && self.line_end == LineEnd::Either;
        if self.line_end.is(unit) && !is_second {
            self.lines += 1;
            return Step::LineEnd;
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

    /// The last step, after so many bytes, and where a quote was misplaced.
    fn last(text: &str) -> (Step, usize, Option<(u64, usize)>) {
        let mut walker = Walker::new(Some(Dialect::parted_by(b',')), LineEnd::Feed, Units::Bytes);
        let mut last = (Step::GoOn, 0);
        for (at, byte) in text.bytes().enumerate() {
            last = (walker.take(byte.into()), at + 1);
            if last.0 == Step::RowEnd {
                break;
            }
        }
        let misplaced = walker.misplaced().map(|at| (at.lines, at.column));
        (last.0, last.1, misplaced)
    }

    #[test]
    fn a_row_ends_outside_of_quotes() {
        for (text, expected) in [
            ("a,b\r\nc", (Step::RowEnd, 5)),
            ("\"a\nb\",c\nd", (Step::RowEnd, 8)),
            ("\"a\"\"\n\"\r\nx", (Step::RowEnd, 8)),
            ("5\" pipe,\"x\"\nz", (Step::RowEnd, 12)),
            ("\"a\n", (Step::LineEnd, 3)),
        ] {
            assert_eq!(last(text), (expected.0, expected.1, None), "{text:?}");
        }
    }

    #[test]
    fn after_a_misplaced_quote_a_row_ends_where_the_number_of_quotes_is_even() {
        for (text, expected) in [
            ("5,\"a\"b,c\nx", (Step::RowEnd, 9, Some((0, 2)))),
            ("1,\"a\n9,b\n\" x,x\ny", (Step::RowEnd, 15, Some((2, 2)))),
            ("\"a\" \"b\"\ny", (Step::RowEnd, 8, Some((0, 1)))),
            ("1,\"a\n9,b\n\"junk\ny", (Step::RowEnd, 15, Some((2, 2)))),
            ("1,\"a \"q\" b\n9,b\n\",x\ny", (Step::RowEnd, 19, Some((0, 2)))),
            ("1,\"a \"q, r\" b\n9,b\n\",x\ny", (Step::RowEnd, 22, Some((0, 2)))),
            ("1,\"a\n\"\rx\ny", (Step::RowEnd, 9, Some((1, 2)))),
            ("1,\"a\n\"\r\"\n\"\ny", (Step::RowEnd, 11, Some((1, 2)))),
            ("1,\"a\n2,\"b\"\n", (Step::LineEnd, 11, Some((1, 2)))),
        ] {
            assert_eq!(last(text), expected, "{text:?}");
        }
    }

    #[test]
    fn without_a_delimiter_every_line_is_a_row() {
        let mut walker = Walker::new(None, LineEnd::Feed, Units::Bytes);
        let ends: Vec<usize> = "\"a\n\"b\"\n"
            .bytes()
            .enumerate()
            .filter_map(|(at, byte)| (walker.take(byte.into()) == Step::RowEnd).then_some(at))
            .collect();
        assert_eq!(ends, [2, 6]);
    }

    fn walk(text: &str, dialect: Dialect, line_end: LineEnd) -> Vec<(usize, bool)> {
        let mut ends = Vec::new();
        let mut walker = Walker::new(Some(dialect), line_end, Units::Bytes);
        for (at, byte) in text.bytes().enumerate() {
            if walker.take(byte.into()) == Step::RowEnd {
                ends.push((at + 1, walker.misplaced().is_some()));
                walker = Walker::new(Some(dialect), line_end, Units::Bytes);
            }
        }
        ends
    }

    #[test]
    fn a_quote_opens_a_cell_after_blanks() {
        let commas = Dialect::parted_by(b',');
        assert_eq!(walk("1, \"a\nb\"\n2,x\n", commas, LineEnd::Feed), [(9, false), (13, false)]);
        assert_eq!(walk("1, a \"b\n", commas, LineEnd::Feed), [(8, false)]);
    }

    #[test]
    fn blanks_may_stand_behind_a_closing_quote() {
        let commas = Dialect::parted_by(b',');
        for (text, ends) in [
            ("\"a\" ,b\n2\n", &[(7, false), (9, false)][..]),
            ("1,\"a\" \t \n", &[(9, false)]),
            ("1,\"a\" \r\n", &[(8, false)]),
            ("\"a\nb\" , \"c\"\n", &[(12, false)]),
            ("\"a\"\"b\" ,c\n", &[(10, false)]),
            ("\"a\" b,c\n", &[(8, true)]),
            ("\"a\" \"b\",c\n", &[(10, true)]),
        ] {
            assert_eq!(walk(text, commas, LineEnd::Feed), ends, "{text:?}");
        }
        let escaped = Dialect { backslash: true, ..commas };
        assert_eq!(walk("\"a\\\"b\" ,c\n", escaped, LineEnd::Feed), [(10, false)]);
        let tabs = Dialect::parted_by(b'\t');
        assert_eq!(walk("\"a\" \t\"b\"\t\n", tabs, LineEnd::Feed), [(10, false)]);
    }

    #[test]
    fn a_backslash_takes_the_meaning_away_where_the_file_says_so() {
        let text = "1,\"a \\\"b\\\", c\"\n2,x\\\ny\n";
        let escaped = Dialect { backslash: true, ..Dialect::parted_by(b',') };
        assert_eq!(walk(text, escaped, LineEnd::Feed), [(15, false), (22, false)]);
        assert!(walk(text, Dialect::parted_by(b','), LineEnd::Feed)[0].1);
    }

    #[test]
    fn both_ends_may_end_lines() {
        let commas = Dialect::parted_by(b',');
        let ends = walk("a\rb\n\"c\r\nd\"\r", commas, LineEnd::Either);
        assert_eq!(ends, [(2, false), (4, false), (11, false)]);
    }
}
