//! Sorted runs of blocks: what comes is sorted when there is enough of it, and runs are merged as they come.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use crate::block::{Block, Entry, TOGETHER};

/// Entries that wait unsorted.
const FRESH: usize = 1 << 18;
/// Runs beside the base.
const RUNS: usize = 8;
/// The runs become one with the base when they hold this part of it.
const PART_OF_BASE: u64 = 3;

/// Entries, in runs.
#[derive(Debug, Clone)]
pub(crate) struct Runs<E> {
    fresh: Vec<E>,
    /// The base first.
    runs: Vec<Vec<Block<E>>>,
}

impl<E> Default for Runs<E> {
    fn default() -> Self {
        Runs { fresh: Vec::new(), runs: Vec::new() }
    }
}

impl<E: Entry> Runs<E> {
    pub(crate) fn push(&mut self, entry: E) {
        self.fresh.push(entry);
        if self.fresh.len() >= FRESH {
            self.settle();
        }
    }

    /// Sorts what came; before anything is looked for.
    pub(crate) fn settle(&mut self) {
        if self.fresh.is_empty() {
            return;
        }
        let mut fresh = std::mem::take(&mut self.fresh);
        fresh.par_sort_unstable();
        let blocks: Vec<Block<E>> = fresh.par_chunks(TOGETHER).filter_map(Block::of).collect();
        self.runs.push(blocks);
        if self.runs.len() > RUNS + 1 {
            let count = |run: &[Block<E>]| run.iter().map(|it| u64::from(it.count)).sum::<u64>();
            let others: u64 = self.runs[1..].iter().map(|run| count(run)).sum();
            let from = usize::from(others * PART_OF_BASE < count(&self.runs[0]));
            let merged = merge(&self.runs[from..]);
            self.runs.truncate(from);
            self.runs.push(merged);
        }
    }

    /// Every block, run after run.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &Block<E>> {
        self.runs.iter().flatten()
    }

    pub(crate) fn runs(&self) -> &[Vec<Block<E>>] {
        &self.runs
    }

    /// Blocks of a run, in order.
    pub(crate) fn take_block(&mut self, run: usize, block: Block<E>) -> Option<()> {
        if self.runs.len() == run {
            self.runs.push(Vec::new());
        }
        let blocks = self.runs.get_mut(run)?;
        blocks.last().is_none_or(|last| last.last <= block.first).then_some(())?;
        blocks.push(block);
        Some(())
    }

    /// All of them, in order.
    pub(crate) fn sorted(&self) -> Merging<'_, E> {
        Merging::of(&self.runs)
    }
}

fn merge<E: Entry>(runs: &[Vec<Block<E>>]) -> Vec<Block<E>> {
    let mut merged = Vec::new();
    let mut waiting: Vec<E> = Vec::with_capacity(TOGETHER);
    for entry in Merging::of(runs) {
        waiting.push(entry);
        if waiting.len() == TOGETHER {
            merged.extend(Block::of(&waiting));
            waiting.clear();
        }
    }
    merged.extend(Block::of(&waiting));
    merged
}

/// One run that is read on.
struct Reading<'r, E> {
    blocks: &'r [Block<E>],
    open: Vec<E>,
    at: usize,
}

impl<E: Entry> Reading<'_, E> {
    fn next(&mut self) -> Option<E> {
        while self.at == self.open.len() {
            let (block, rest) = self.blocks.split_first()?;
            (self.open, self.at, self.blocks) = (block.entries(), 0, rest);
        }
        self.at += 1;
        Some(self.open[self.at - 1])
    }
}

/// Several runs as one.
pub(crate) struct Merging<'r, E> {
    runs: Vec<Reading<'r, E>>,
    next: BinaryHeap<Reverse<(E, usize)>>,
}

impl<'r, E: Entry> Merging<'r, E> {
    fn of(runs: &'r [Vec<Block<E>>]) -> Self {
        let reading = |blocks: &'r Vec<Block<E>>| Reading { blocks, open: Vec::new(), at: 0 };
        let mut runs: Vec<Reading<'r, E>> = runs.iter().map(reading).collect();
        let firsts = runs.iter_mut().enumerate();
        let next = firsts.filter_map(|(run, it)| Some(Reverse((it.next()?, run)))).collect();
        Merging { runs, next }
    }
}

impl<E: Entry> Iterator for Merging<'_, E> {
    type Item = E;

    fn next(&mut self) -> Option<E> {
        let Reverse((entry, run)) = *self.next.peek()?;
        match (self.runs[run].next(), self.next.peek_mut()) {
            (Some(next), Some(mut top)) => *top = Reverse((next, run)),
            (_, Some(top)) => {
                std::collections::binary_heap::PeekMut::pop(top);
            }
            (_, None) => {}
        }
        Some(entry)
    }
}
