//! What a terminal shows, cell by cell.

use ratatui::buffer::{Cell, CellWidth};
use ratatui::layout::Size;

use super::pen::Pen;

/// A screen. The cells that a wide character covers beyond its first are empty.
#[derive(Debug, Clone)]
pub(super) struct Screen {
    width: usize,
    cells: Vec<Cell>,
}

impl Screen {
    pub(super) fn blank(size: Size) -> Self {
        let width = usize::from(size.width);
        Self { width, cells: vec![Cell::new(" "); width * usize::from(size.height)] }
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        // A screen without columns has no rows to show.
        self.cells.chunks(self.width.max(1))
    }

    /// Puts a cell; one outside is dropped: the terminal has just become smaller.
    pub(super) fn put(&mut self, x: u16, y: u16, cell: &Cell) {
        let (x, y) = (usize::from(x), usize::from(y));
        let Some(rest) = self.width.checked_sub(x).filter(|rest| *rest > 0) else { return };
        let at = y * self.width + x;
        let Some(cells) = self.cells.get_mut(at..at + rest) else { return };
        let covered = usize::from(cell.cell_width().max(1)).min(rest);
        // What is left of a wide character that is written over is blank.
        for left in cells[covered..].iter_mut().take_while(|it| it.symbol().is_empty()) {
            *left = Cell::new(" ");
        }
        for (place, cell_there) in cells[..covered].iter_mut().enumerate() {
            *cell_there = cell.clone();
            if place > 0 {
                cell_there.set_symbol("");
            }
        }
    }

    /// What the terminal shows in some cells of a row is not known: they are written again.
    pub(super) fn unknown(&mut self, x: usize, y: usize, columns: usize) {
        let at = y * self.width + x;
        if let Some(cells) = self.cells.get_mut(at..at + columns) {
            cells.fill(Cell::new("\0"));
        }
    }

    pub(super) fn take_over(&mut self, other: &Screen) {
        self.width = other.width;
        self.cells.clone_from(&other.cells);
    }
}

/// Whether two cells look alike.
pub(super) fn look_alike(left: &Cell, right: &Cell) -> bool {
    left.symbol() == right.symbol() && Pen::of(left) == Pen::of(right)
}

/// Whether a cell is what erasing leaves.
pub(super) fn is_erased(cell: &Cell) -> bool {
    cell.symbol() == " " && Pen::of(cell) == Pen::PLAIN
}

/// How many columns a terminal moves on for what it is sent; none where terminals differ: joined,
/// combined and right-to-left characters, most symbols.
pub(super) fn sure_width(symbol: &str) -> Option<u16> {
    let mut characters = symbol.chars();
    let (Some(character), None) = (characters.next(), characters.next()) else { return None };
    match character {
        ' '..='~'
        | '\u{a1}'..='\u{ac}'
        | '\u{ae}'..='\u{2ff}'
        | '\u{370}'..='\u{482}'
        | '\u{48a}'..='\u{52f}'
        | '\u{2010}'..='\u{2027}'
        | '\u{2190}'..='\u{2193}'
        | '\u{2200}'..='\u{22ff}'
        | '\u{2500}'..='\u{259f}' => Some(1),
        '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' => Some(2),
        _ => None,
    }
}
