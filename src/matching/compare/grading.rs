//! What helps to grade values: the best of several, and grades seen before.

use super::super::columns::{Columns, ValueId};
use super::super::layout::Aspect;

/// The best level over every pair of values of an aspect; `None` when a side has no value.
#[inline]
pub(crate) fn best_crosswise(
    columns: &Columns,
    aspect: Aspect,
    a: u32,
    b: u32,
    mut grade: impl FnMut(ValueId, ValueId) -> u8,
) -> Option<u8> {
    let (left, right) = (columns.row(aspect, a), columns.row(aspect, b));
    let mut level = |left, right| if left == right { 0 } else { grade(left, right) };
    if let ([left], [right]) = (left, right) {
        // One field of a type is the rule: no need to look for the best.
        return (*left != 0 && *right != 0).then(|| level(*left, *right));
    }
    let mut best = None;
    for left in left.iter().filter(|value| **value != 0) {
        for right in right.iter().filter(|value| **value != 0) {
            let level = level(*left, *right);
            best = Some(best.map_or(level, |known: u8| known.min(level)));
            if best == Some(0) {
                return best;
            }
        }
    }
    best
}

/// Grades of value pairs seen before: names repeat, and edit distances cost.
///
/// An entry is the pair and its grade in one number, so that the cache stays near the processor.
pub(crate) struct Cache {
    entries: Vec<u64>,
}

impl Cache {
    const BITS: u32 = 15;
    /// Bits of a value's number, and of a grade. Values numbered beyond that are not kept.
    const VALUE: u32 = 29;
    const GRADE: u32 = 4;

    pub(crate) fn new() -> Self {
        Self { entries: vec![0; 1 << Self::BITS] }
    }

    /// The grade (under 16) of an unordered pair of different values under `tag` (1 to 3), computed
    /// when it is not at hand.
    #[inline]
    pub(crate) fn get(
        &mut self,
        tag: u64,
        a: ValueId,
        b: ValueId,
        compute: impl FnOnce() -> u8,
    ) -> u8 {
        let (low, high) = (a.min(b), a.max(b));
        if high >> Self::VALUE != 0 {
            return compute();
        }
        let key = (tag << Self::VALUE | u64::from(high)) << Self::VALUE | u64::from(low);
        let entry =
            &mut self.entries[(super::super::hash::mix(0, key) >> (64 - Self::BITS)) as usize];
        if *entry >> Self::GRADE != key {
            *entry = key << Self::GRADE | u64::from(compute());
        }
        (*entry & ((1 << Self::GRADE) - 1)) as u8
    }
}
