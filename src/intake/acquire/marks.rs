//! What the bytes of a whole file hold that leaves a question about how it is written.

/// What was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// Whether a backslash stands before a quote, or before a line's end.
    pub escaped_quotes: bool,
    /// Whether a carriage return stands where no line feed follows.
    pub lone_returns: bool,
    last: u8,
}

impl Marks {
    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        let Some((&first, &last)) = bytes.first().zip(bytes.last()) else { return };
        self.take(self.last, first);
        if !self.escaped_quotes && bytes.contains(&b'\\') {
            self.escaped_quotes = bytes.windows(2).any(|pair| is_escaped(pair[0], pair[1]));
        }
        if !self.lone_returns && bytes.contains(&b'\r') {
            self.lone_returns = bytes.windows(2).any(|pair| is_lone(pair[0], pair[1]));
        }
        self.last = last;
    }

    fn take(&mut self, byte: u8, next: u8) {
        self.escaped_quotes |= is_escaped(byte, next);
        self.lone_returns |= is_lone(byte, next);
    }
}

fn is_escaped(byte: u8, next: u8) -> bool {
    byte == b'\\' && matches!(next, b'"' | b'\'' | b'\n' | b'\r')
}

/// In UTF-16 a zero stands between the two, which is no question.
fn is_lone(byte: u8, next: u8) -> bool {
    byte == b'\r' && !matches!(next, b'\n' | 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(bytes: &[u8], size: usize) -> (bool, bool) {
        let mut marks = Marks::default();
        bytes.chunks(size).for_each(|piece| marks.feed(piece));
        (marks.escaped_quotes, marks.lone_returns)
    }

    #[test]
    fn they_are_found_however_the_bytes_are_cut() {
        for size in 1..5 {
            assert_eq!(marks(b"a\\\"b\r\n", size), (true, false));
            assert_eq!(marks(b"a\rb\r\n", size), (false, true));
            assert_eq!(marks(b"C:\\dir\r\n", size), (false, false));
            assert_eq!(marks(b"a\r\0\n\0", size), (false, false));
        }
    }
}
