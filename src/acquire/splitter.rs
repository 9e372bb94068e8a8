//! Splits lines of delimited text into cells, quotes as in RFC 4180.
//!
//! Written here because the `csv` crate, rightly for well-formed files, takes everything after an
//! unclosed quote as one cell, and one bad row must not swallow the file. Its writer is what the
//! tests compare with.

use super::lines::without_line_end;

const QUOTE: u8 = b'"';

/// The cells of one row.
#[derive(Default)]
pub(super) struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    /// How many.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Each, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let cell = &self.text[start..*end];
            start = *end;
            cell
        })
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }
}

/// What a line did to the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fed {
    /// The row is complete.
    Complete,
    /// A quoted cell goes on in the next line.
    Open,
    /// A cell that was quoted over several lines goes on after its closing quote: the quote that
    /// "closed" it opened another cell.
    Misplaced,
}

#[derive(Clone, Copy)]
enum State {
    Start,
    Plain,
    Quoted,
    AfterQuote,
}

/// Takes lines, gives cells.
pub(super) struct Splitter {
    delimiter: u8,
    cells: Cells,
    state: State,
    is_continued: bool,
}

impl Splitter {
    /// A splitter at `delimiter`, an ASCII character.
    pub fn new(delimiter: u8) -> Splitter {
        Splitter { delimiter, cells: Cells::default(), state: State::Start, is_continued: false }
    }

    /// What it splits at.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The cells of the last complete row.
    pub fn cells(&self) -> &Cells {
        &self.cells
    }

    /// Begins a row with its first line. Never [`Fed::Misplaced`].
    pub fn begin(&mut self, line: &str) -> Fed {
        self.cells.clear();
        self.state = State::Start;
        self.is_continued = false;
        self.feed(line)
    }

    /// Goes on with the next line of the row.
    pub fn go_on(&mut self, line: &str) -> Fed {
        self.is_continued = true;
        self.feed(line)
    }

    fn feed(&mut self, line: &str) -> Fed {
        let content = without_line_end(line);
        // A cell counts as continued only if its quote was opened in an earlier line.
        let mut is_continued = self.is_continued;
        let mut at = 0;
        loop {
            let next = content.as_bytes().get(at).copied();
            match self.state {
                State::Start if next == Some(QUOTE) => {
                    self.state = State::Quoted;
                    at += 1;
                }
                State::Start => self.state = State::Plain,
                State::Plain => match content[at..].find(char::from(self.delimiter)) {
                    Some(length) => {
                        self.cells.text.push_str(&content[at..at + length]);
                        self.end_cell();
                        is_continued = false;
                        at += length + 1;
                    }
                    None => {
                        self.cells.text.push_str(&content[at..]);
                        self.end_cell();
                        return Fed::Complete;
                    }
                },
                State::Quoted => match line[at..].find(char::from(QUOTE)) {
                    Some(length) => {
                        self.cells.text.push_str(&line[at..at + length]);
                        self.state = State::AfterQuote;
                        at += length + 1;
                    }
                    None => {
                        self.cells.text.push_str(&line[at..]);
                        return Fed::Open;
                    }
                },
                State::AfterQuote => match next {
                    None => {
                        self.end_cell();
                        return Fed::Complete;
                    }
                    Some(QUOTE) => {
                        self.cells.text.push('"');
                        self.state = State::Quoted;
                        at += 1;
                    }
                    Some(byte) if byte == self.delimiter => {
                        self.end_cell();
                        is_continued = false;
                        at += 1;
                    }
                    Some(_) if is_continued => return Fed::Misplaced,
                    Some(_) => self.state = State::Plain,
                },
            }
        }
    }

    fn end_cell(&mut self) {
        self.cells.ends.push(self.cells.text.len());
        self.state = State::Start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_one_line() {
        for (line, expected) in [
            ("a,b,c\r\n", &["a", "b", "c"][..]),
            ("a,,\n", &["a", "", ""]),
            ("\"a,b\",\"c\"\"d\"", &["a,b", "c\"d"]),
            ("5\" pipe,\"x\"y", &["5\" pipe", "xy"]),
            ("\"\"", &[""]),
            ("é,\"ü\"\n", &["é", "ü"]),
        ] {
            let mut splitter = Splitter::new(b',');
            assert_eq!(splitter.begin(line), Fed::Complete, "{line}");
            assert_eq!(splitter.cells().iter().collect::<Vec<_>>(), expected, "{line}");
        }
    }

    #[test]
    fn a_quoted_cell_keeps_its_line_ends() {
        let mut splitter = Splitter::new(b';');
        assert_eq!(splitter.begin("1;\"a\r\n"), Fed::Open);
        assert_eq!(splitter.go_on("\n"), Fed::Open);
        assert_eq!(splitter.go_on("b\";\"x\"y\n"), Fed::Complete);
        assert_eq!(splitter.cells().iter().collect::<Vec<_>>(), ["1", "a\r\n\nb", "xy"]);
    }

    #[test]
    fn a_quote_that_opens_the_next_rows_cell_is_noticed() {
        let mut splitter = Splitter::new(b',');
        assert_eq!(splitter.begin("1,\"a\n"), Fed::Open);
        assert_eq!(splitter.go_on("2,\"b\"\n"), Fed::Misplaced);
    }
}
