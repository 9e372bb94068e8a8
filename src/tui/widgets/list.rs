//! A list: where it stands on an area, which of its rows are shown, and which of them is at a place.
//!
//! Drawing, scrolling and the mouse ask the same [`List`], so that none of them can be a line off.

use std::ops::Range;

use ratatui::layout::{Position, Rect};

use super::Painter;
use crate::model::Scroll;
use crate::screens::lines;
use crate::theme::Role;

/// So many rows are shown wherever there is room for them at all.
const LEAST: u16 = 3;

/// How a list stands on its area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List {
    over: u16,
    under: u16,
    cursor: Cursor,
}

/// How the row under the cursor is told from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cursor {
    /// By a sign before it, and reversed.
    Row,
    /// By a sign before it.
    Sign,
    /// Reversed: what stands before it is its own.
    Reversed,
}

impl List {
    /// A list with that many lines over its rows, and as many kept under them.
    #[must_use]
    pub const fn new(over: u16, under: u16) -> Self {
        Self { over, under, cursor: Cursor::Row }
    }

    /// The same with a sign before the row under the cursor, which looks as the others do.
    #[must_use]
    pub const fn signed(self) -> Self {
        Self { cursor: Cursor::Sign, ..self }
    }

    /// The same with nothing before the row under the cursor.
    #[must_use]
    pub const fn unsigned(self) -> Self {
        Self { cursor: Cursor::Reversed, ..self }
    }

    /// The same with nothing kept under its rows.
    #[must_use]
    pub const fn alone(self) -> Self {
        Self { under: 0, ..self }
    }

    /// How many of that many rows fit on an area of that height.
    #[must_use]
    pub fn height(&self, length: usize, height: u16) -> u16 {
        let below = height.saturating_sub(self.over);
        // On a small terminal what stands under a list gives way to it.
        lines(length).min(below.saturating_sub(self.under).max(LEAST.min(below)))
    }

    /// The line under the last row.
    #[must_use]
    pub fn end(&self, length: usize, height: u16) -> u16 {
        self.over.saturating_add(self.height(length, height))
    }

    /// Which of that many rows are shown on an area of that height.
    #[must_use]
    pub fn window(&self, scroll: &Scroll, length: usize, height: u16) -> Range<usize> {
        scroll.window(length, self.height(length, height).into())
    }

    /// Draws the rows that fit, each on a line of its own: `row` is told its place in the list, and
    /// whether the cursor is on it.
    pub fn draw(
        &self,
        painter: &mut Painter<'_>,
        scroll: &Scroll,
        length: usize,
        mut row: impl FnMut(&mut Painter<'_>, usize, bool),
    ) {
        let width = painter.width();
        for (at, y) in self.window(scroll, length, painter.height()).zip(self.over..) {
            let mut line = painter.part(0, y, width, 1);
            let current = at == scroll.cursor;
            if current && self.cursor != Cursor::Reversed {
                line.text(0, 0, 1, ">", Role::Title);
            }
            row(&mut line, at, current);
            if current && self.cursor != Cursor::Sign {
                line.reverse(0, 0, width);
            }
        }
    }
}

/// Shows that a row is marked.
pub fn mark(line: &mut Painter<'_>, x: u16) {
    line.text(x, 0, 1, "*", Role::Key);
}

/// A list where it stands on the terminal, with its cursor and its length.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'a> {
    /// How it stands there.
    pub list: List,
    /// The area it stands on.
    pub area: Rect,
    /// Its cursor.
    pub scroll: &'a Scroll,
    /// How many rows it has.
    pub length: usize,
}

impl Placed<'_> {
    /// How many of its rows fit.
    #[must_use]
    pub fn height(&self) -> usize {
        self.list.height(self.length, self.area.height).into()
    }

    /// The row at a place of the terminal.
    #[must_use]
    pub fn row_at(&self, x: u16, y: u16) -> Option<usize> {
        let line = y.checked_sub(self.area.y.saturating_add(self.list.over))?;
        let inside = self.area.contains(Position { x, y });
        let mut shown = self.list.window(self.scroll, self.length, self.area.height);
        inside.then(|| shown.nth(line.into()))?
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;

    use super::*;
    use crate::theme::{Colour, Glyphs, Theme};

    const THEME: Theme = Theme { colour: Colour::None, glyphs: Glyphs::Ascii };

    /// What is drawn of a list, and what a click on each of its lines hits, are the same rows.
    #[test]
    fn a_row_is_hit_where_it_is_drawn() {
        for (over, under, height, length) in [
            (2_u16, 0_u16, 10_u16, 4_usize),
            (2, 3, 10, 40),
            (0, 0, 3, 3),
            (0, 0, 1, 9),
            (3, 7, 24, 5),
            (3, 7, 9, 5),
            (0, 0, 0, 5),
            (u16::MAX, 1, 9, 5),
            (1, 1, 6, 0),
            (1, 2, 8, 6),
        ] {
            let list = List::new(over, under);
            for (cursor, top) in [(0, 0), (length / 2, 0), (length.saturating_sub(1), 2), (99, 7)] {
                let scroll = Scroll { cursor, top };
                let area = Rect { x: 3, y: 4, width: 20, height };
                let mut buffer = Buffer::empty(Rect { x: 0, y: 0, width: 30, height: 40 });
                let mut drawn = Vec::new();
                let mut painter = Painter::new(&mut buffer, area, THEME);
                list.draw(&mut painter, &scroll, length, |line, at, _| {
                    line.text(2, 0, 9, &format!("row {at}"), Role::Plain);
                    drawn.push(at);
                });
                let placed = Placed { list, area, scroll: &scroll, length };
                assert_eq!(placed.height(), drawn.len(), "{list:?} {height} {length}");
                let hit: Vec<usize> = (0..60).filter_map(|y| placed.row_at(7, y)).collect();
                assert_eq!(hit, drawn, "{list:?} {height} {length}");
                for y in 0..40 {
                    let at = placed.row_at(7, y);
                    let shown: String = (5..14).map(|x| buffer[(x, y)].symbol()).collect();
                    let meant = at.map_or_else(String::new, |at| format!("row {at}"));
                    assert_eq!(shown.trim(), meant);
                    assert_eq!(placed.row_at(2, y), None);
                    assert_eq!(placed.row_at(23, y), None);
                }
            }
        }
    }

    #[test]
    fn the_row_under_the_cursor_is_told_in_three_ways() {
        use ratatui::style::Modifier;
        let plain = List::new(0, 0);
        for (list, sign, reversed) in
            [(plain, ">", true), (plain.signed(), ">", false), (plain.unsigned(), " ", true)]
        {
            let mut buffer = Buffer::empty(Rect { x: 0, y: 0, width: 9, height: 3 });
            let area = buffer.area;
            let mut painter = Painter::new(&mut buffer, area, THEME);
            let scroll = Scroll { cursor: 1, top: 0 };
            list.draw(&mut painter, &scroll, 3, |line, _, current| {
                if current {
                    mark(line, 3);
                }
            });
            assert_eq!((buffer[(0, 1)].symbol(), buffer[(3, 1)].symbol()), (sign, "*"));
            for x in 0..9 {
                let is_reversed = buffer[(x, 1)].modifier.contains(Modifier::REVERSED);
                assert_eq!(is_reversed, reversed);
                assert_eq!(buffer[(x, 0)].symbol(), " ");
            }
        }
    }
}
