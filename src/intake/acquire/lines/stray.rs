//! Rows that stray quotes made one of: where that is plain, what is set aside is the row with the quote
//! alone, and the rows behind it are read.

use super::{Dialect, Line, Lines, ROW_LIMIT, Shape, Walker};

impl Lines {
    /// A row over several lines, which end there, as far as it goes: not over lines that are plainly rows
    /// by themselves. `None`: it is what it seems.
    pub(super) fn over_rows(
        &mut self,
        ends: &[usize],
        (walker, dialect): (&Walker, Option<Dialect>),
    ) -> Option<Line> {
        let (look, last) = (self.look?, ends.len() - 1);
        if last == 0 {
            return None;
        }
        let texts = self.texts(ends);
        let lines: Vec<&str> = texts.iter().map(String::as_str).collect();
        if walker.misplaced().is_some()
            && let Some(count) = look.first_as_meant(&lines)
        {
            self.looked += (ends[last] - ends[count - 1]) as u64;
            return Some(self.take(ends[count - 1], count as u64, self.shape(walker)));
        }
        if look.are_plainly_rows(&lines) {
            return Some(self.unclosed(ends[0], ends[last], (walker, dialect)));
        }
        if walker.misplaced().is_some() || ends[last] > ROW_LIMIT || !look.are_rows(&lines) {
            return None;
        }
        let shape = Shape::Several { last_line: self.number + lines.len() as u64 };
        Some(self.take(ends[last], lines.len() as u64, shape))
    }

    /// The texts of the lines that end there.
    fn texts(&self, ends: &[usize]) -> Vec<String> {
        let begins = [0].into_iter().chain(ends.iter().copied());
        let bytes = begins.zip(ends).map(|(begin, end)| {
            let line = &self.buffer[self.start + begin..self.start + end];
            self.encoding.decode(line.to_vec()).text
        });
        bytes.collect()
    }
}
