//! Splits rows of delimited text into cells, quotes as in RFC 4180.
//!
//! Written here because the `csv` crate, rightly for well-formed files, takes everything after an
//! unclosed quote as one cell, and one bad row must not swallow the file. Its writer is what the
//! tests compare with. Where rows end is found in `walker`.

use memchr::{memchr, memchr_iter};

use super::dialect::Dialect;
use super::lines::without_line_end;

/// The cells of one row.
#[derive(Default)]
pub(super) struct Cells {
    text: String,
    /// Where each ends in the text.
    ends: Vec<usize>,
    /// What stands between two of them there, in bytes.
    gap: usize,
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
            start = *end + self.gap;
            cell
        })
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.gap = 0;
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
    dialect: Dialect,
    cells: Cells,
    state: State,
}

impl Splitter {
    /// A splitter of rows written so.
    pub fn new(dialect: Dialect) -> Splitter {
        Splitter { dialect, cells: Cells::default(), state: State::Start }
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
        if self.take_plain(content) {
            return &self.cells;
        }
        let mut at = 0;
        loop {
            let next = content.as_bytes().get(at).copied();
            match self.state {
                State::Start => {
                    let padding = self.padding(&content[at..]);
                    let is_quoted =
                        content.as_bytes().get(at + padding) == Some(&self.dialect.quote);
                    self.state = if is_quoted { State::Quoted } else { State::Plain };
                    at += if is_quoted { padding + 1 } else { 0 };
                }
                State::Plain => {
                    let end = at + self.take_to(self.dialect.delimiter, &content[at..]);
                    self.end_cell();
                    if end == content.len() {
                        return &self.cells;
                    }
                    at = end + 1;
                }
                State::Quoted => {
                    let end = at + self.take_to(self.dialect.quote, &content[at..]);
                    self.state = State::AfterQuote;
                    at = (end + 1).min(content.len());
                }
                State::AfterQuote => match next {
                    None => {
                        self.end_cell();
                        return &self.cells;
                    }
                    Some(byte) if byte == self.dialect.quote => {
                        self.cells.text.push(char::from(byte));
                        self.state = State::Quoted;
                        at += 1;
                    }
                    Some(byte) if byte == self.dialect.delimiter => {
                        self.end_cell();
                        at += 1;
                    }
                    Some(_) => {
                        let behind = at + self.padding(&content[at..]);
                        let next = content.as_bytes().get(behind);
                        if next.is_none_or(|byte| *byte == self.dialect.delimiter) {
                            at = behind;
                        } else {
                            self.state = State::Plain;
                        }
                    }
                },
            }
        }
    }

    /// Takes a row in which nothing is quoted: only what parts its cells is looked for.
    fn take_plain(&mut self, content: &str) -> bool {
        let Dialect { delimiter, quote, backslash } = self.dialect;
        if backslash || !delimiter.is_ascii() || memchr(quote, content.as_bytes()).is_some() {
            return false;
        }
        self.cells.gap = 1;
        self.cells.text.push_str(content);
        self.cells.ends.extend(memchr_iter(delimiter, content.as_bytes()).chain([content.len()]));
        true
    }

    /// The blanks before a cell, or behind one.
    fn padding(&self, cell: &str) -> usize {
        cell.bytes().take_while(|byte| self.dialect.is_padding(*byte)).count()
    }

    /// Takes a cell's text up to `end`, and gives where that is.
    fn take_to(&mut self, end: u8, text: &str) -> usize {
        if !self.dialect.backslash {
            let length = text.find(char::from(end)).unwrap_or(text.len());
            self.cells.text.push_str(&text[..length]);
            return length;
        }
        let mut at = 0;
        while let Some(length) = text[at..].find([char::from(end), '\\']) {
            self.cells.text.push_str(&text[at..at + length]);
            at += length;
            if text.as_bytes().get(at) == Some(&end) {
                return at;
            }
            let taken = self.escaped(text[at + 1..].chars().next());
            at += 1 + taken;
        }
        self.cells.text.push_str(&text[at..]);
        text.len()
    }

    /// Takes what follows a backslash, which stays where it takes no meaning away.
    fn escaped(&mut self, next: Option<char>) -> usize {
        let Dialect { delimiter, quote, .. } = self.dialect;
        match next {
            Some(next)
                if matches!(next, '\\' | '\n' | '\r' | '"')
                    || next == char::from(delimiter)
                    || next == char::from(quote) =>
            {
                self.cells.text.push(next);
                next.len_utf8()
            }
            _ => {
                self.cells.text.push('\\');
                0
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
            let mut splitter = Splitter::new(Dialect::parted_by(b','));
            assert_eq!(splitter.split(line).iter().collect::<Vec<_>>(), expected, "{line}");
        }
    }

    #[test]
    fn a_quoted_cell_keeps_its_line_ends() {
        let mut splitter = Splitter::new(Dialect::parted_by(b';'));
        let cells = splitter.split("1;\"a\r\n\nb\";\"x\"y\n");
        assert_eq!(cells.iter().collect::<Vec<_>>(), ["1", "a\r\n\nb", "xy"]);
    }

    #[test]
    fn blanks_around_quotes_are_none_of_the_cell() {
        let mut splitter = Splitter::new(Dialect::parted_by(b','));
        for (row, expected) in [
            ("4,Dan, \"Ives, Fay\"", &["4", "Dan", "Ives, Fay"][..]),
            (" \"a\",\t \"b\"\n", &["a", "b"]),
            (" a , b", &[" a ", " b"]),
            ("\"Hill\" ,\"b\" \t,c", &["Hill", "b", "c"]),
            ("1,\"b\" \r\n", &["1", "b"]),
            ("\"a\"\"\" ,\" b \" ", &["a\"", " b "]),
            ("1, ", &["1", " "]),
        ] {
            assert_eq!(splitter.split(row).iter().collect::<Vec<_>>(), expected, "{row}");
        }
        let mut tabs = Splitter::new(Dialect::parted_by(b'\t'));
        assert_eq!(tabs.split("1\t\t\"a\"").iter().collect::<Vec<_>>(), ["1", "", "a"]);
    }

    #[test]
    fn backslashes_that_take_a_meaning_away_go_and_others_stay() {
        let dialect = Dialect { backslash: true, ..Dialect::parted_by(b',') };
        let mut splitter = Splitter::new(dialect);
        for (row, expected) in [
            (r#"2,"Cat \"Kitty\"",x"#, &["2", "Cat \"Kitty\"", "x"][..]),
            (r#"3,"Smith \"Bud\", Jr""#, &["3", "Smith \"Bud\", Jr"]),
            (r#""C:\\",b"#, &["C:\\", "b"]),
            (r#""C:\\" ,"b\"" "#, &["C:\\", "b\""]),
            (r"a\,b,\N", &["a,b", "\\N"]),
            (r#""C:\temp""#, &["C:\\temp"]),
            (r#""say ""hi""""#, &["say \"hi\""]),
            ("a\\\nb,c", &["a\nb", "c"]),
            ("é\\", &["é\\"]),
        ] {
            assert_eq!(splitter.split(row).iter().collect::<Vec<_>>(), expected, "{row}");
        }
    }

    #[test]
    fn cells_may_be_in_single_quotes() {
        let dialect = Dialect { quote: b'\'', ..Dialect::parted_by(b',') };
        let mut splitter = Splitter::new(dialect);
        let cells = splitter.split("'1','O''Brien','a,b',plain");
        assert_eq!(cells.iter().collect::<Vec<_>>(), ["1", "O'Brien", "a,b", "plain"]);
    }
}
