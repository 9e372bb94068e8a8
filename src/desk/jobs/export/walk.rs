//! What every data set needs on its way: the facts, what counts as changed, rows out, progress.

use jiff::Timestamp;

use super::super::Progress;
use crate::desk::error::DeskError;
use crate::desk::facts::Facts;
use crate::domain::{RecordId, Sequence};
use crate::export::{Cell, RowWriter};

/// Rows between two looks at cancellation.
const LOOKS: u64 = 1_024;

/// What a data set is made from.
pub(super) struct Scope<'a> {
    /// The present facts.
    pub(super) facts: Facts<'a>,
    /// The first commit that counts as new, where only what is new is wanted.
    since: Option<Sequence>,
    /// Who watches.
    pub(super) progress: &'a dyn Progress,
}

impl<'a> Scope<'a> {
    pub(super) fn new(
        facts: Facts<'a>,
        since: Option<Timestamp>,
        progress: &'a dyn Progress,
    ) -> Result<Self, DeskError> {
        let since = since.map(|since| first_commit(facts, since)).transpose()?;
        Ok(Self { facts, since, progress })
    }

    /// Whether something last touched by commit `version` is wanted. The version is only asked
    /// for where it matters.
    pub(super) fn wants(
        &self,
        version: impl FnOnce() -> Result<Sequence, DeskError>,
    ) -> Result<bool, DeskError> {
        match self.since {
            None => Ok(true),
            Some(since) => Ok(version()? >= since),
        }
    }

    /// Begins to count towards `total`.
    pub(super) fn walk(&self, total: u64) -> Walk<'a> {
        self.progress.phase("exporting", Some(total));
        Walk { progress: self.progress, total, done: 0 }
    }

    /// The address of a record, `source:key`.
    pub(super) fn address(&self, record: RecordId) -> Result<String, DeskError> {
        address(self.facts, record)
    }
}

/// The address of a record, `source:key`.
pub(super) fn address(facts: Facts<'_>, record: RecordId) -> Result<String, DeskError> {
    Ok(facts.body(record)?.address.to_string())
}

/// The first commit at or after a time; the one after the last when there is none. Times never
/// decrease from commit to commit.
fn first_commit(facts: Facts<'_>, since: Timestamp) -> Result<Sequence, DeskError> {
    let head = facts.view.head()?.map_or(Sequence::ZERO, |(sequence, _)| sequence);
    let (mut low, mut high) = (1, head.0 + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if facts.commit(Sequence(middle))?.at < since {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(Sequence(low))
}

/// Progress through things of a known number.
pub(super) struct Walk<'p> {
    progress: &'p dyn Progress,
    total: u64,
    done: u64,
}

impl Walk<'_> {
    /// One more is looked at.
    pub(super) fn step(&mut self) -> Result<(), DeskError> {
        if self.done.is_multiple_of(LOOKS) {
            if self.progress.cancelled() {
                return Err(DeskError::Cancelled);
            }
            self.progress.advance(LOOKS.min(self.total.saturating_sub(self.done)));
        }
        self.done += 1;
        Ok(())
    }
}

/// Rows on their way out, counted; without a writer they are only counted.
pub(super) struct Rows<'w> {
    writer: Option<Box<dyn RowWriter + 'w>>,
    count: u64,
}

impl<'w> Rows<'w> {
    pub(super) fn new(writer: Option<Box<dyn RowWriter + 'w>>) -> Self {
        Self { writer, count: 0 }
    }

    /// Writes a row: a cell for each column, in order.
    pub(super) fn write(&mut self, cells: &[Cell]) -> Result<(), DeskError> {
        self.count += 1;
        match &mut self.writer {
            Some(writer) => Ok(writer.row(cells)?),
            None => Ok(()),
        }
    }

    /// How many rows there were.
    pub(super) fn finish(mut self) -> Result<u64, DeskError> {
        if let Some(writer) = &mut self.writer {
            writer.finish()?;
        }
        Ok(self.count)
    }
}
