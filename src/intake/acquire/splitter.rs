//! Splits rows of delimited text into cells, quotes as in RFC 4180.
//!
//! Written here because the `csv` crate, rightly for well-formed files, takes everything after an
//! unclosed quote as one cell, and one bad row must not swallow the file. Its writer is what the
//! tests compare with. Where rows end is found in `walker`.

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

#[derive(Clone, Copy)]
enum State {
    Start,
    Plain,
    Quoted,
    AfterQuote,
}

/// Takes rows, gives cells.
pub(super) struct Splitter {
    delimiter: u8,
    cells: Cells,
    state: State,
}

impl Splitter {
    /// A splitter at `delimiter`, an ASCII character.
    pub fn new(delimiter: u8) -> Splitter {
        Splitter { delimiter, cells: Cells::default(), state: State::Start }
    }

    /// The cells of the last row.
    pub fn cells(&self) -> &Cells {
        &self.cells
    }

    /// Splits a row in which every quote is closed, with its line end or without.
    pub fn split(&mut self, row: &str) -> &Cells {
        self.cells.clear();
        self.state = State::Start;
        let content = without_line_end(row);
        let mut at = 0;
        loop {
            let next = content.as_bytes().get(at).copied();
            match self.state {
                State::Start if next == Some(QUOTE) => {
                    self.state = State::Quoted;
                    at += 1;
                }
                State::Start => self.state = State::Plain,
                State::Plain => {
                    let length = content[at..].find(char::from(self.delimiter));
                    let end = length.map_or(content.len(), |length| at + length);
                    self.cells.text.push_str(&content[at..end]);
                    self.end_cell();
                    if length.is_none() {
                        return &self.cells;
                    }
                    at = end + 1;
                }
                State::Quoted => {
                    let length = content[at..].find(char::from(QUOTE));
                    let end = length.map_or(content.len(), |length| at + length);
                    self.cells.text.push_str(&content[at..end]);
                    self.state = State::AfterQuote;
                    at = end + usize::from(length.is_some());
                }
                State::AfterQuote => match next {
                    None => {
                        self.end_cell();
                        return &self.cells;
                    }
                    Some(QUOTE) => {
                        self.cells.text.push('"');
                        self.state = State::Quoted;
                        at += 1;
                    }
                    Some(byte) if byte == self.delimiter => {
                        self.end_cell();
                        at += 1;
                    }
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
            assert_eq!(splitter.split(line).iter().collect::<Vec<_>>(), expected, "{line}");
        }
    }

    #[test]
    fn a_quoted_cell_keeps_its_line_ends() {
        let mut splitter = Splitter::new(b';');
        let cells = splitter.split("1;\"a\r\n\nb\";\"x\"y\n");
        assert_eq!(cells.iter().collect::<Vec<_>>(), ["1", "a\r\n\nb", "xy"]);
    }
}
