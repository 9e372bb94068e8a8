//! Exports in the ledger: their beginning, before the first byte leaves, and their end; and who
//! received what an undo or an erasure takes back.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::core::Desk;
use super::error::DeskError;
use super::facts::Facts;
use super::outputs::OutputFile;
use super::turned::Turned;
use domain::event::{ExportBegun, Exported};
use domain::{CustomerId, DecisionId, Event, Sequence, Verdict};
use door::operations::Destination;

impl From<&OutputFile> for Destination {
    fn from(file: &OutputFile) -> Self {
        Self { name: file.name(), folder: Some(file.folder().display().to_string()) }
    }
}

/// An export that is being made.
pub(super) struct Leaving {
    pub(super) dataset: &'static str,
    pub(super) format: String,
    pub(super) filter: String,
    pub(super) up_to: Sequence,
    pub(super) destination: Destination,
}

impl Leaving {
    /// What is written down before its first byte.
    pub(super) fn begun(&self) -> ExportBegun {
        ExportBegun {
            dataset: self.dataset.to_owned(),
            format: self.format.clone(),
            filter: self.filter.clone(),
            up_to: self.up_to,
            destination: self.destination.name.clone(),
            folder: self.destination.folder.clone(),
        }
    }

    /// What is written down after its last one.
    pub(super) fn ended(&self, begun: Sequence, rows: u64) -> Exported {
        Exported {
            dataset: self.dataset.to_owned(),
            format: self.format.clone(),
            filter: self.filter.clone(),
            rows,
            up_to: self.up_to,
            destination: self.destination.name.clone(),
            begun: Some(begun),
        }
    }
}

/// An export as the ledger tells of it.
pub(super) struct RecordedExport {
    /// The commit that records it: its end, or its beginning where it has none.
    pub(super) sequence: Sequence,
    pub(super) at: Timestamp,
    pub(super) by: String,
    /// What left; of one that was interrupted the rows are not known.
    pub(super) exported: Exported,
    pub(super) folder: Option<String>,
    /// Whether it came to its end.
    pub(super) finished: bool,
}

impl Desk {
    /// Whether an export can be written down here: what cannot be does not leave.
    ///
    /// # Errors
    /// When the workspace was opened only to be read.
    pub(super) fn must_record_exports(&self) -> Result<(), DeskError> {
        let why = |error| DeskError::StaysInside(Box::new(DeskError::Ledger(error)));
        self.ledger.must_be_for_writing().map_err(why)
    }

    /// Writes down that exports begin; gives the commit that says so.
    pub(super) fn begin_exports(&mut self, begun: &[ExportBegun]) -> Result<Sequence, DeskError> {
        self.commit(begun.iter().cloned().map(Event::from).collect())
    }

    /// Writes down that exports came to their end.
    pub(super) fn end_exports(&mut self, ended: Vec<Exported>) -> Result<(), DeskError> {
        self.commit(ended.into_iter().map(Event::from).collect()).map(|_| ())
    }
}

impl Facts<'_> {
    /// The exports recorded after a commit, each once, in the order of their ends.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn exports_after(&self, after: Sequence) -> Result<Vec<RecordedExport>, DeskError> {
        let (mut found, mut ended) = (Vec::new(), BTreeSet::new());
        let mut folders = std::collections::BTreeMap::new();
        for sequence in self.view.exports_after(after)? {
            let commit = self.commit(sequence)?;
            for event in commit.events {
                let (exported, folder, finished) = match event {
                    Event::Exported(exported) => {
                        ended.extend(exported.begun);
                        let key = (exported.begun, exported.destination.clone());
                        let folder = folders.get(&key).cloned().flatten();
                        (exported, folder, true)
                    }
                    Event::ExportBegun(begun) => {
                        let key = (Some(sequence), begun.destination.clone());
                        folders.insert(key, begun.folder.clone());
                        let folder = begun.folder.clone();
                        (only_begun(begun), folder, false)
                    }
                    _ => continue,
                };
                let (at, by) = (commit.at, commit.actor.person.clone());
                found.push(RecordedExport { sequence, at, by, exported, folder, finished });
            }
        }
        found.retain(|export| export.finished || !ended.contains(&export.sequence));
        Ok(found)
    }

    /// The exports made after the earliest of these decisions, a line each.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub fn exported_since(&self, decisions: &[DecisionId]) -> Result<Vec<String>, DeskError> {
        let mut loud = Vec::new();
        for id in decisions {
            if self.is_told_outside(*id)? {
                loud.push(*id);
            }
        }
        let (decisions, mut earliest) = (loud.as_slice(), None);
        for id in decisions {
            let place = self.view.decision(*id)?.map(|entry| entry.place.sequence);
            earliest = [earliest, place].into_iter().flatten().min();
        }
        let Some(earliest) = earliest else { return Ok(Vec::new()) };
        let concerned = self.concerned(decisions)?;
        let exports = self.exports_after(earliest)?.into_iter();
        let exports = exports.filter(|export| {
            // The report on one person holds nothing of another's.
            export.report_on().is_none_or(|customer| concerned.contains(&customer))
        });
        let lines = exports.map(|export| {
            let Exported { dataset, format, destination, .. } = export.exported;
            let (at, by) = (export.at, export.by);
            let unfinished = if export.finished { "" } else { ", not finished" };
            format!("{dataset} ({format}) to {destination} at {at:.0} by {by}{unfinished}")
        });
        Ok(lines.collect())
    }
}

impl Facts<'_> {
    /// Whether an export may tell of a decision, or of those that it took back: what is only proposed, asked, put
    /// off or said changes nothing that leaves.
    fn is_told_outside(&self, id: DecisionId) -> Result<bool, DeskError> {
        let turned = Turned::by(self.view, [id])?;
        for id in turned.down.iter().chain(&turned.up) {
            let entry = self.view.decision(*id)?;
            let is_quiet = entry.is_some_and(|entry| {
                matches!(
                    entry.verdict,
                    Verdict::Propose
                        | Verdict::Approve
                        | Verdict::Reject
                        | Verdict::Comment
                        | Verdict::Defer
                        | Verdict::Escalate
                        | Verdict::Answer
                        | Verdict::SecondLook
                )
            });
            if !is_quiet {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The customers that decisions were about, and what those have become.
    fn concerned(&self, decisions: &[DecisionId]) -> Result<BTreeSet<CustomerId>, DeskError> {
        let mut concerned = BTreeSet::new();
        for id in decisions {
            let Some(entry) = self.view.decision(*id)? else { continue };
            for event in self.commit(entry.place.sequence)?.events {
                match event {
                    Event::CustomerChanged(changed) => {
                        concerned.insert(changed.customer);
                    }
                    Event::RecordChanged(changed) => {
                        concerned.insert(self.view.customer_of(changed.record)?);
                    }
                    Event::TaskChanged(changed) => concerned.extend(changed.after.customers),
                    _ => {}
                }
            }
        }
        let live = concerned.iter().map(|id| self.view.follow(*id));
        let live: Vec<_> = live.collect::<Result<_, _>>()?;
        concerned.extend(live.into_iter().flatten());
        Ok(concerned)
    }
}

impl RecordedExport {
    /// The customer that the report is on, where it is one on a person: that is its filter.
    pub(super) fn report_on(&self) -> Option<CustomerId> {
        let Exported { dataset, filter, .. } = &self.exported;
        if dataset == "subject" { filter.parse().ok() } else { None }
    }
}

fn only_begun(begun: ExportBegun) -> Exported {
    Exported {
        dataset: begun.dataset,
        format: begun.format,
        filter: begun.filter,
        rows: 0,
        up_to: begun.up_to,
        destination: begun.destination,
        begun: None,
    }
}
