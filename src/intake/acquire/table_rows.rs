//! The rows of a table whose columns are known before them: no header is looked for, and nothing stands
//! above or below.

use std::io;
use std::sync::Arc;

use domain::{OddCells, QuarantineReason, QuarantinedRow, SameName, Skipped};
use settings::Source;

use super::beside::{TableError, TableHead, TableReader, TakesTable};
use super::cell_table::{CellRow, Table};
use super::error::AcquireError;
use super::format::BytesOpening;
use super::pump::{Ended, Pump, Sink};
use super::reader::{Delivered, Rows};

/// What a reader hands out.
enum Told {
    Head(TableHead),
    Row(CellRow),
}

impl TakesTable for Sink<Told, TableError> {
    fn head(&mut self, head: TableHead) -> bool {
        // Whoever opens the table waits for it, and not for the first rows.
        self.give(Told::Head(head), 0) && self.hand_over()
    }

    fn row(&mut self, row: CellRow) -> bool {
        let size = row.size();
        self.give(Told::Row(row), size)
    }
}

/// A table that is being read.
struct TableRows {
    pump: Pump<Told, TableError>,
    table: Table,
    description: String,
    /// What it is a table of, as a sentence calls it.
    noun: &'static str,
    /// The number of the row that came last.
    row: u64,
    /// The row last delivered.
    last: Option<CellRow>,
    skipped: Skipped,
}

/// Starts reading the table of what a sentence calls so.
pub(super) fn open(
    reader: Arc<dyn TableReader>,
    noun: &'static str,
    opening: BytesOpening<'_>,
) -> Result<Box<dyn Rows + Send>, AcquireError> {
    let BytesOpening { input, source, options } = opening;
    let file = options.file.as_str();
    let named = named_by(source);
    let read = move |sink: &mut Sink<_, _>| reader.read(input, &named, sink);
    let unreadable = |cause| AcquireError::Unreadable { file: file.to_owned(), cause };
    let mut pump = Pump::start(read).map_err(unreadable)?;
    let head = match pump.take().map_err(|ended| not_opened(ended, noun, file))? {
        Some(Told::Head(head)) => head,
        _ => return Err(AcquireError::Empty { file: file.to_owned() }),
    };
    let TableHead { description, columns } = head;
    let table = Table::of((0..).zip(columns).collect(), source, file);
    let table = table.map_err(|error| match error {
        AcquireError::RepeatedColumn { column, .. } if description.ends_with(", query") => {
            AcquireError::RepeatedInQuery { column }
        }
        other => other,
    })?;
    let skipped = Skipped::default();
    Ok(Box::new(TableRows { pump, table, description, noun, row: 0, last: None, skipped }))
}

/// Every column that the settings of a source name.
fn named_by(source: &Source) -> Vec<String> {
    let mapped = source.map.iter().flat_map(|(_, columns)| columns);
    let mut named: Vec<String> =
        mapped.chain([&source.key]).chain(&source.updated).cloned().collect();
    named.sort_unstable();
    named.dedup();
    named
}

impl Rows for TableRows {
    fn next_row(&mut self) -> io::Result<Option<Delivered>> {
        loop {
            let row = match self.pump.take() {
                Ok(Some(Told::Row(row))) => row,
                Ok(_) => return Ok(None),
                Err(ended) => return Err(broken_off(ended, self.noun, self.row)),
            };
            self.row = row.number;
            if row.is_empty() {
                self.skipped.blank += 1;
                continue;
            }
            return Ok(Some(match self.table.read(&row) {
                Ok(read) => {
                    self.last = Some(row);
                    Delivered::Row(read)
                }
                Err(reason) => Delivered::Quarantined(self.table.put_aside(&row, reason)),
            }));
        }
    }

    fn set_aside(&mut self, reason: QuarantineReason) -> Option<QuarantinedRow> {
        self.last.take().map(|row| self.table.put_aside(&row, reason))
    }

    fn odd_cells(&self) -> Vec<OddCells> {
        self.table.odd_cells()
    }

    fn same_names(&self) -> &[SameName] {
        &self.table.same_names
    }

    fn skipped(&self) -> Skipped {
        self.skipped
    }

    fn header_line(&self) -> Option<&str> {
        Some(self.table.header())
    }

    fn description(&self) -> Option<String> {
        Some(self.description.clone())
    }
}

const GAVE_UP: &str = "its content does not match its format";

fn not_opened(ended: Ended<TableError>, noun: &'static str, file: &str) -> AcquireError {
    let file = file.to_owned();
    match ended {
        Ended::Failed(TableError::Unreadable(cause)) => AcquireError::Unreadable { file, cause },
        Ended::Failed(TableError::Refused(what)) => AcquireError::Pack { file, what },
        Ended::Failed(TableError::Damaged(what)) => AcquireError::Damaged { file, noun, what },
        Ended::GaveUp => AcquireError::Damaged { file, noun, what: GAVE_UP.to_owned() },
    }
}

/// Rows came, and then no more.
fn broken_off(ended: Ended<TableError>, noun: &str, row: u64) -> io::Error {
    let what = match ended {
        Ended::Failed(TableError::Unreadable(cause)) => return cause,
        Ended::Failed(TableError::Damaged(what) | TableError::Refused(what)) => what,
        Ended::GaveUp => GAVE_UP.to_owned(),
    };
    let what = format!("the {noun} is damaged after row {row}: {what}");
    io::Error::new(io::ErrorKind::InvalidData, what)
}
