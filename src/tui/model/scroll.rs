//! A cursor in a list and the part of the list that is shown.

use std::ops::Range;

use super::{Model, Screen};

/// Cursor and first shown row, both counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scroll {
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row shown.
    pub top: usize,
}

impl Scroll {
    /// Moves the cursor by `rows`, stopping at the ends of a list of `length`.
    pub fn step(&mut self, rows: isize, length: usize) {
        self.cursor = self.cursor.saturating_add_signed(rows).min(length.saturating_sub(1));
    }

    /// Puts the cursor on a row of a list of `length`.
    pub fn to(&mut self, row: usize, length: usize) {
        self.cursor = row.min(length.saturating_sub(1));
    }

    /// The rows to show of a list of `length` where `height` fit: with the cursor, moving as little
    /// as needed.
    #[must_use]
    pub fn window(&self, length: usize, height: usize) -> Range<usize> {
        if height == 0 || length == 0 {
            return 0..0;
        }
        let cursor = self.cursor.min(length - 1);
        let lowest = (cursor + 1).saturating_sub(height);
        let top = self.top.clamp(lowest, cursor).min(length.saturating_sub(height));
        top..(top + height).min(length)
    }

    /// Remembers the window, so that it moves as little as needed next time.
    pub fn settle(&mut self, length: usize, height: usize) {
        self.to(self.cursor, length);
        self.top = self.window(length, height).start;
    }
}

impl Model {
    /// The list with the cursor, and how many rows it has.
    pub fn list_mut(&mut self) -> (&mut Scroll, usize) {
        match self.screens.last_mut() {
            None => (&mut self.queue.scroll, self.queue.listed.len()),
            Some(Screen::Task(screen)) => {
                let length = screen.row_count();
                (&mut screen.scroll, length)
            }
            Some(Screen::Customer(screen)) => {
                let length = screen.view.as_ref().map_or(0, |view| view.fields.len());
                (&mut screen.scroll, length)
            }
            Some(Screen::History(screen)) => {
                let length = screen.len();
                (&mut screen.scroll, length)
            }
            Some(Screen::Overview(screen)) => {
                let length = screen.len();
                (&mut screen.scroll, length)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_follows_the_cursor_and_no_further() {
        let mut scroll = Scroll::default();
        for (step, cursor, shown) in
            [(4, 4, 0..5), (1, 5, 1..6), (-1, 4, 1..6), (-9, 0, 0..5), (99, 9, 5..10)]
        {
            scroll.step(step, 10);
            scroll.settle(10, 5);
            assert_eq!((scroll.cursor, scroll.window(10, 5)), (cursor, shown));
        }
        scroll.settle(3, 5);
        assert_eq!((scroll.cursor, scroll.window(3, 5)), (2, 0..3));
        assert_eq!(scroll.window(0, 5), 0..0);
    }
}
