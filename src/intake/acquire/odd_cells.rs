//! Cells that are not kept as somebody would think, as they come by.

use std::collections::{BTreeMap, HashMap};

use domain::{CellFault, OddCells};

use super::cell::{Cell, NoText};
use super::cell_table::CellRow;

/// A cell that is merged with those below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Merged {
    /// Its row, counted from 1.
    pub row: u64,
    /// Its column, counted from 0.
    pub column: u32,
    /// How many rows below it it covers.
    pub below: u64,
}

/// What came by so far.
#[derive(Default)]
pub(super) struct Odd {
    /// Cells that are merged with those below them, by row and column, with how many rows that are.
    merged: HashMap<(u64, u32), u64>,
    /// By column: in how many rows, and the first.
    cells: BTreeMap<(u32, CellFault), (u64, u64)>,
}

impl Odd {
    /// In a sheet with these merged cells.
    pub fn of_merged(merged: &[Merged]) -> Odd {
        let merged = merged.iter().map(|it| ((it.row, it.column), it.below)).collect();
        Odd { merged, cells: BTreeMap::new() }
    }

    /// Notes what nobody would see of a row. A cell without a text in a column that is read keeps its row
    /// out, and that is told.
    pub fn note(&mut self, row: &CellRow, is_unread: impl Fn(u32) -> bool) {
        for (at, cell) in &row.cells {
            if !self.merged.is_empty()
                && let Some(below) = self.merged.get(&(row.number, *at))
            {
                let first = row.number + 1;
                self.cells.entry((*at, CellFault::Merged)).or_insert((0, first)).0 += below;
            }
            let fault = match cell {
                Cell::NotComputed => CellFault::NotComputed,
                Cell::Float(_) if cell.text() == Err(NoText::DigitsLost) => CellFault::DigitsLost,
                _ => continue,
            };
            if is_unread(*at) {
                self.cells.entry((*at, fault)).or_insert((0, row.number)).0 += 1;
            }
        }
    }

    /// All of it, by the names of its columns.
    pub fn told(&self, name: impl Fn(u32) -> Option<String>) -> Vec<OddCells> {
        let told = self.cells.iter().filter_map(|((at, fault), (rows, line))| {
            Some(OddCells { column: name(*at)?, fault: *fault, rows: *rows, line: *line })
        });
        told.collect()
    }
}
