//! Rows that a stray quote made one of: it opens a cell, and the next quote of a later row closes it.

use super::edges::form_of;

/// What the rows of a table look like when nothing is quoted in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowLook {
    /// What parts their cells.
    pub delimiter: u8,
    /// How many cells the header has.
    pub cells: usize,
    /// Which of them is the key's.
    pub key: usize,
}

impl RowLook {
    /// Whether a row over several lines is rather a row a line: at least half of the lines after the
    /// first have as many cells as the header, and a key in the form of the first line's. Lines of an
    /// address or a note have neither.
    pub fn is_several(&self, text: &str) -> bool {
        let mut lines = text.lines();
        let Some(first) = lines.next().and_then(|line| self.key_of(line)) else { return false };
        let form = form_of(first);
        if self.cells < 2 || first.trim().is_empty() {
            return false;
        }
        let (mut alike, mut all) = (0, 0);
        for line in lines {
            all += 1;
            let looks_like_row =
                self.is_parted(line) && self.key_of(line).is_some_and(|key| form_of(key) == form);
            alike += usize::from(looks_like_row);
        }
        alike > 0 && alike * 2 >= all
    }

    fn key_of<'l>(&self, line: &'l str) -> Option<&'l str> {
        line.split(char::from(self.delimiter)).nth(self.key)
    }

    /// Whether it has the header's cells. In prose a blank follows a comma.
    fn is_parted(&self, line: &str) -> bool {
        let mut cells = line.split(char::from(self.delimiter));
        let is_prose = cells.clone().skip(1).all(|cell| cell.starts_with(' '));
        let found = cells.by_ref().count();
        found == self.cells && !is_prose
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: RowLook = RowLook { delimiter: b',', cells: 3, key: 0 };

    #[test]
    fn lines_that_look_like_rows_are_rows() {
        for text in [
            "1,\"Ann,x\n2,Bob\",y\n",
            "1,\"Ann,x\r\n2,Bob,y\r\n3,Cid\",z\r\n",
            "17,\"Ann,x\n18,Bob,y\n19,Cid,z\n20,Dan\",w\n",
            "1,Ann,\"x\n2,Bob,\"\n",
            "1,\"Ann,x\n2,,5\"\n",
            "1,\"Ann,x\n2,Bob\n3,Cid\",z\n",
            "C-1,\"Ann,x\nC-22,Bob\",y\n",
            "\"1\",\"Ann,x\n\"2\",Bob\",y\n",
            "1,\" Ann,x\n2,Bob, y\"\n",
            "1,\"Ann,x\n2,Bob,\",y\n3,Cid,z\n",
        ] {
            assert!(LOOK.is_several(text), "{text}");
        }
        let semicolons = RowLook { delimiter: b';', cells: 2, key: 0 };
        assert!(semicolons.is_several("1;\"Ann\n2;Bob\"\n"));
        let last = RowLook { key: 2, ..LOOK };
        assert!(last.is_several("\"Ann,x,1\nBob,y\",2\n"));
    }

    #[test]
    fn lines_of_an_address_or_a_note_are_none() {
        for text in [
            "1,\"12 Main St\nBerlin\",x\n",
            "1,\"12, Main St, Flat 2\n10115, Berlin, Mitte\",x\n",
            "1,Ann,\"called on Monday\nno answer\n\ncalled again\"\n",
            "1,Ann,\"one, two\nthree, four\"\n",
            "1,Ann,\"- bread\n- milk, butter, eggs\"\n",
            "1,\"Haus 3\nWeg 5, Tor 2\",x\n",
            "1,Ann,\"Dear all,\n\nI moved,\nbest,\nAnn\"\n",
            "1,\"a\nb\",\"c\nd\"\n",
            "1,\"Ann\n\",x\n",
            "1,Ann,\"due 5,6,7\nor later\"\n",
        ] {
            assert!(!LOOK.is_several(text), "{text}");
        }
    }
}
