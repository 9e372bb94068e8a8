//! Gender, occupation and categories: weak evidence, the same or not.

use super::super::columns::Columns;
use super::super::layout::Aspect;
use super::{Level, level};

pub(crate) const LEVELS: [Level; 2] =
    [level("same value", [0.90, 0.5, 0.5, 0.3]), level("values differ", [0.10, 0.5, 0.5, 0.7])];

pub(crate) fn grade(columns: &Columns, slot: usize, a: u32, b: u32) -> u8 {
    let value = |row| columns.row(Aspect::Plain, row).get(slot).copied().unwrap_or(0);
    match (value(a), value(b)) {
        (0, _) | (_, 0) => 0,
        (left, right) if left == right => 1,
        _ => 2,
    }
}
