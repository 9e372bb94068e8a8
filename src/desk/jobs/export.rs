//! Export: a data set leaves the workspace, and that it did is written down.
//!
//! The same view gives the same bytes. Rows are written as they are made. Each data set is one
//! file here and one row in [`DATASETS`].

mod corrections;
mod decisions;
mod effects;
mod golden;
mod model;
mod pairs;
mod quarantine;
mod records;
mod tasks;
mod violations;
mod walk;
mod xref;

use std::io::Write;

use jiff::Timestamp;

use super::Progress;
use crate::core::Desk;
use crate::error::DeskError;
use crate::export::{Column, Format, columns};
pub use crate::exported::Destination;
use crate::exported::Leaving;
use crate::facts::Facts;
use crate::past::Past;
use domain::Sequence;
use domain::hexadecimal::encode as hex;
pub use model::{MODEL, ModelRequest};
use walk::{Rows, Scope};

/// What can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dataset {
    /// Source records: each field raw and as it counts now.
    Records,
    /// Customers with their golden values.
    Golden,
    /// Which customer each source record belongs to, and where retired ids lead.
    Xref,
    /// The decision log.
    Decisions,
    /// Standing corrections: the way back to the sources' owners.
    Corrections,
    /// Every task there ever was.
    Tasks,
    /// Candidate pairs, scored under the last run's model.
    Pairs,
    /// Broken rules, waived or not.
    Violations,
    /// Rows that could not become records.
    Quarantine,
}

/// What is known about a data set.
pub struct DatasetEntry {
    /// The data set.
    pub dataset: Dataset,
    /// Its name on the command line.
    pub name: &'static str,
    /// Whether it can be narrowed to what changed since a time.
    pub since: bool,
    /// Whether it can be had as it was at a time.
    pub at: bool,
    columns: fn(Facts<'_>) -> Result<Vec<Column>, DeskError>,
    write: fn(&Scope<'_>, &mut Rows<'_>) -> Result<(), DeskError>,
}

/// Every data set, in the order of the documentation.
pub const DATASETS: [DatasetEntry; 9] = [
    DatasetEntry {
        dataset: Dataset::Records,
        name: "records",
        since: true,
        at: true,
        columns: records::columns,
        write: records::write,
    },
    DatasetEntry {
        dataset: Dataset::Golden,
        name: "golden",
        since: true,
        at: true,
        columns: golden::columns,
        write: golden::write,
    },
    DatasetEntry {
        dataset: Dataset::Xref,
        name: "xref",
        since: true,
        at: true,
        columns: xref::columns,
        write: xref::write,
    },
    DatasetEntry {
        dataset: Dataset::Decisions,
        name: "decisions",
        since: true,
        at: false,
        columns: decisions::columns,
        write: decisions::write,
    },
    DatasetEntry {
        dataset: Dataset::Corrections,
        name: "corrections",
        since: true,
        at: false,
        columns: corrections::columns,
        write: corrections::write,
    },
    DatasetEntry {
        dataset: Dataset::Tasks,
        name: "tasks",
        since: true,
        at: false,
        columns: tasks::columns,
        write: tasks::write,
    },
    DatasetEntry {
        dataset: Dataset::Pairs,
        name: "pairs",
        since: false,
        at: false,
        columns: pairs::columns,
        write: pairs::write,
    },
    DatasetEntry {
        dataset: Dataset::Violations,
        name: "violations",
        since: false,
        at: false,
        columns: violations::columns,
        write: violations::write,
    },
    DatasetEntry {
        dataset: Dataset::Quarantine,
        name: "quarantine",
        since: true,
        at: false,
        columns: quarantine::columns,
        write: quarantine::write,
    },
];

impl Dataset {
    /// The data set of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Dataset> {
        DATASETS.iter().find(|entry| entry.name == name).map(|entry| entry.dataset)
    }

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    fn entry(self) -> &'static DatasetEntry {
        // The table stands in the order of the enumeration; a test holds it to that.
        &DATASETS[self as usize]
    }
}

/// What to export, and how.
#[derive(Debug, Clone)]
pub struct ExportRequest {
    /// The data set.
    pub dataset: Dataset,
    /// The format.
    pub format: Format,
    /// Only what changed at or after this time.
    pub since: Option<Timestamp>,
    /// As it was at this time, instead of now.
    pub at: Option<Timestamp>,
    /// Where it goes, for the record.
    pub destination: Destination,
    /// Count the rows, but write nothing, here or in the ledger.
    pub dry_run: bool,
}

/// What an export did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportOutcome {
    /// Rows written, the header not counted.
    pub rows: u64,
    /// The last commit whose effects are in it.
    pub up_to: Sequence,
    /// The chain's hash after that commit, in hexadecimal.
    pub chain: String,
}

impl Desk {
    /// Records that a data set is about to be exported, writes it to `out`, then records that it
    /// was. Nothing is recorded in a workspace that was opened only to be read.
    ///
    /// # Errors
    /// When the data set cannot be narrowed as asked or is not there yet: nothing is recorded then.
    /// When the output cannot be written, it is cancelled, or ledger or store fail.
    pub fn export(
        &mut self,
        request: &ExportRequest,
        out: &mut dyn Write,
        progress: &dyn Progress,
    ) -> Result<ExportOutcome, DeskError> {
        let entry = request.dataset.entry();
        check(entry, request)?;
        let is_recorded = !request.dry_run && !self.is_reading_only();
        if is_recorded {
            self.adopt_settings()?;
        }
        let (columns, up_to) = self.foresee_export(entry, request)?;
        let chain = hex(&self.reader.chain_at(up_to)?);
        let leaving = Leaving {
            dataset: entry.name,
            format: request.format.name().to_owned(),
            filter: filter(request),
            up_to,
            destination: &request.destination,
        };
        let begun = is_recorded.then(|| self.begin_exports(&[leaving.begun()])).transpose()?;
        let rows = self.write_rows(entry, request, &columns, out, progress)?;
        out.flush()?;
        if let Some(begun) = begun {
            self.end_exports(vec![leaving.ended(begun, rows)])?;
        }
        Ok(ExportOutcome { rows, up_to, chain })
    }

    /// The columns, and the last commit whose effects will be in the rows.
    fn foresee_export(
        &self,
        entry: &DatasetEntry,
        request: &ExportRequest,
    ) -> Result<(Vec<Column>, Sequence), DeskError> {
        let facts = self.facts();
        let then = request.at.map(|at| facts.settings_at(at)).transpose()?.flatten();
        let facts = facts.seen_at(request.at, then.as_ref());
        let past = request.at.map(|at| Past::at(facts, at)).transpose()?;
        let head = facts.view.head()?.map_or(Sequence::ZERO, |(sequence, _)| sequence);
        let up_to = past.as_ref().map_or(head, Past::until);
        if up_to == Sequence::ZERO {
            return Err(DeskError::Usage(
                "the workspace is younger than that: nothing was here yet".to_owned(),
            ));
        }
        Ok((columns((entry.columns)(facts)?), up_to))
    }

    /// How many rows were written.
    fn write_rows(
        &self,
        entry: &DatasetEntry,
        request: &ExportRequest,
        columns: &[Column],
        out: &mut dyn Write,
        progress: &dyn Progress,
    ) -> Result<u64, DeskError> {
        let facts = self.facts();
        let then = request.at.map(|at| facts.settings_at(at)).transpose()?.flatten();
        let facts = facts.seen_at(request.at, then.as_ref());
        let past = request.at.map(|at| Past::at(facts, at)).transpose()?;
        let writer = match request.dry_run {
            true => None,
            false => Some(request.format.open(columns, out)?),
        };
        let mut rows = Rows::new(writer);
        (entry.write)(&Scope::new(facts, request.since, past, progress)?, &mut rows)?;
        rows.finish()
    }
}

/// Whether the data set can be narrowed as asked.
fn check(entry: &DatasetEntry, request: &ExportRequest) -> Result<(), DeskError> {
    if request.since.is_some() && !entry.since {
        return Err(DeskError::Usage(format!(
            "{} are worked out anew and have no date: export them without --since",
            entry.name
        )));
    }
    if request.at.is_some() && !entry.at {
        let able = DATASETS.iter().filter(|entry| entry.at).map(|entry| entry.name);
        return Err(DeskError::Usage(format!(
            "{} can only be had as they are now: --at goes with {}",
            entry.name,
            able.collect::<Vec<_>>().join(", ")
        )));
    }
    if request.at.is_some() && request.since.is_some() {
        return Err(DeskError::Usage("--at and --since do not go together".to_owned()));
    }
    Ok(())
}

fn filter(request: &ExportRequest) -> String {
    match (request.since, request.at) {
        (Some(since), _) => format!("since {since}"),
        (None, Some(at)) => format!("at {at}"),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests;
