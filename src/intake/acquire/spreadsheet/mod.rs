//! Spreadsheets: xlsx, xlsb, xls and ods, row by row, on a thread of their own.

mod archive;
mod compound;
mod excel;
mod ods;

use std::io;

use settings::Source;

use super::cell::Cell;
use super::error::AcquireError;
use super::format::BytesOpening;
use super::mapping::Mapping;
use super::pump::{Ended, Pump, Sink};
use super::reader::{Delivered, Options, Rows};
use super::cell_table::{CellRow, HEADER_WITHIN, Table, header_of, names_of};
pub(super) use archive::kind_of;

/// What a spreadsheet is kept as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Office Open XML.
    Xlsx,
    /// The same in records instead of XML.
    Xlsb,
    /// Excel 97 to 2003.
    Xls,
    /// OpenDocument.
    Ods,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Xlsx => "xlsx",
            Kind::Xlsb => "xlsb",
            Kind::Xls => "xls",
            Kind::Ods => "ods",
        }
    }
}

/// What a reader of spreadsheets hands out.
enum Told {
    /// The sheet that is read, first of all.
    Sheet(Chosen),
    /// Its rows.
    Row(CellRow),
}

/// Where rows of a sheet go.
type SheetSink = Sink<Told, SheetError>;

/// Which sheet is read.
struct Chosen {
    name: String,
    /// The others in which something stands.
    others: Vec<String>,
}

/// Why a spreadsheet is not read, or not read on.
#[derive(Debug)]
enum SheetError {
    /// The input failed.
    Unreadable(io::Error),
    /// It wants a password.
    Encrypted,
    /// It holds far more than a file of its size does.
    Swollen,
    /// Its cells lie so far apart that it would fill the memory.
    Sparse,
    /// There is no such sheet.
    NoSheet(Vec<String>),
    /// Nothing stands in it.
    Empty,
    /// It is not what its format says.
    Damaged(&'static str),
}

/// Starts reading a spreadsheet.
pub(super) fn open(opening: BytesOpening<'_>) -> Result<Box<dyn Rows + Send>, AcquireError> {
    let BytesOpening { input, source, options } = opening;
    let file = options.file.as_str();
    let unreadable = |cause| AcquireError::Unreadable { file: file.to_owned(), cause };
    let Some(kind) = kind_of(&input).map_err(unreadable)? else {
        return Err(AcquireError::NoWorkbook { file: file.to_owned() });
    };
    let wanted = options.sheet.clone();
    let read = move |sink: &mut SheetSink| match kind {
        Kind::Ods => ods::read(input, wanted.as_deref(), sink),
        _ => excel::read(input, kind, wanted.as_deref(), sink),
    };
    let pump = Pump::start(read).map_err(unreadable)?;
    Sheet::begin(pump, kind, source, options)
}

/// A sheet that is being read.
struct Sheet {
    pump: Pump<Told, SheetError>,
    chosen: Chosen,
    table: Table,
    /// Rows that were read to find the header, last first.
    waiting: Vec<CellRow>,
    detail: String,
    row: u64,
}

impl Sheet {
    fn begin(
        mut pump: Pump<Told, SheetError>,
        kind: Kind,
        source: &Source,
        options: &Options,
    ) -> Result<Box<dyn Rows + Send>, AcquireError> {
        let failed = |ended| not_opened(ended, kind, options);
        let empty = || AcquireError::Empty { file: options.file.clone() };
        let chosen = match pump.take().map_err(failed)? {
            Some(Told::Sheet(chosen)) => chosen,
            _ => return Err(empty()),
        };
        let mut rows = Vec::new();
        let is_enough = |rows: &[CellRow]| match options.header_row {
            Some(named) => rows.last().is_some_and(|row: &CellRow| row.number >= named),
            None => rows.len() == HEADER_WITHIN,
        };
        while !is_enough(&rows) {
            match pump.take().map_err(failed)? {
                Some(Told::Row(row)) => rows.push(row),
                _ => break,
            }
            if options.header_row.is_some() && rows.len() > HEADER_WITHIN {
                rows.remove(0);
            }
        }
        if rows.is_empty() {
            return Err(empty());
        }
        let Some(header) = header_of(&rows, &Mapping::of(source), options.header_row) else {
            let (file, row) = (options.file.clone(), options.header_row.unwrap_or_default());
            return Err(AcquireError::NoHeaderRow { file, row });
        };
        let table = Table::of(names_of(&rows, header), source, &options.file)?;
        let row = rows[header].number;
        let mut waiting = rows.split_off(header + 1);
        waiting.reverse();
        let detail = detail(kind, &chosen, row);
        Ok(Box::new(Sheet { pump, chosen, table, waiting, detail, row }))
    }
}

/// `xlsx, sheet Customers, header in row 4; not read: Old, Suppliers`.
fn detail(kind: Kind, chosen: &Chosen, header: u64) -> String {
    let mut detail = format!("{}, sheet {}", kind.name(), chosen.name);
    if header > 1 {
        detail.push_str(&format!(", header in row {header}"));
    }
    if !chosen.others.is_empty() {
        detail.push_str(&format!("; not read: {}", chosen.others.join(", ")));
    }
    detail
}

impl Rows for Sheet {
    fn next_row(&mut self) -> io::Result<Option<Delivered>> {
        loop {
            let row = match self.waiting.pop() {
                Some(row) => row,
                None => match self.pump.take() {
                    Ok(Some(Told::Row(row))) => row,
                    Ok(_) => return Ok(None),
                    Err(ended) => return Err(broken_off(ended, &self.chosen.name, self.row)),
                },
            };
            self.row = row.number;
            if let Some(delivered) = self.table.deliver(&row) {
                return Ok(Some(delivered));
            }
        }
    }

    fn header_line(&self) -> Option<&str> {
        Some(self.table.header())
    }

    fn description(&self) -> String {
        self.detail.clone()
    }
}

fn not_opened(ended: Ended<SheetError>, kind: Kind, options: &Options) -> AcquireError {
    let file = options.file.clone();
    let damaged = |what: &str| AcquireError::Damaged {
        file: file.clone(),
        format: kind.name(),
        what: what.to_owned(),
    };
    match ended {
        Ended::GaveUp => damaged(GAVE_UP),
        Ended::Failed(error) => match error {
            SheetError::Unreadable(cause) => AcquireError::Unreadable { file, cause },
            SheetError::Encrypted => AcquireError::Encrypted { file },
            SheetError::Swollen => AcquireError::Swollen { file },
            SheetError::Sparse => AcquireError::Sparse { file },
            SheetError::NoSheet(sheets) => {
                let sheet = options.sheet.clone().unwrap_or_default();
                AcquireError::NoSheet { file, sheet, sheets }
            }
            SheetError::Empty => AcquireError::Empty { file },
            SheetError::Damaged(what) => damaged(what),
        },
    }
}

const GAVE_UP: &str = "its content is not as its format says";

/// Rows came, and then no more.
fn broken_off(ended: Ended<SheetError>, sheet: &str, row: u64) -> io::Error {
    let what = match ended {
        Ended::Failed(SheetError::Unreadable(cause)) => return cause,
        Ended::Failed(SheetError::Damaged(what)) => what,
        _ => GAVE_UP,
    };
    let what = format!("sheet {sheet} is damaged after row {row}: {what}");
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl From<io::Error> for SheetError {
    fn from(error: io::Error) -> Self {
        SheetError::Unreadable(error)
    }
}

/// Gathers cells, which come one by one, into rows.
struct Gatherer<'s> {
    sink: &'s mut SheetSink,
    row: CellRow,
}

impl<'s> Gatherer<'s> {
    fn of(sink: &'s mut SheetSink) -> Self {
        Gatherer { sink, row: CellRow::default() }
    }

    /// Takes a cell of a row, counted from 0; false: nobody wants any more.
    fn take(&mut self, row: u64, column: u32, cell: Cell) -> bool {
        if self.row.number != row + 1 {
            if !self.hand_over() {
                return false;
            }
            self.row.number = row + 1;
        }
        if !cell.is_empty() {
            self.row.cells.push((column, cell));
        }
        true
    }

    /// Hands over the row that is being gathered.
    fn hand_over(&mut self) -> bool {
        let mut row = std::mem::take(&mut self.row);
        if row.cells.is_empty() {
            return true;
        }
        if !row.cells.is_sorted_by(|(one, _), (other, _)| one < other) {
            row.cells.sort_by_key(|(column, _)| *column);
            row.cells.dedup_by_key(|(column, _)| *column);
        }
        let size = row.size();
        self.sink.give(Told::Row(row), size)
    }
}

#[cfg(test)]
mod tests;
