//! Spreadsheets: xlsx, xlsb, xls and ods, row by row, on a thread of their own.

mod archive;
mod compound;
mod excel;
mod ods;

use std::collections::VecDeque;
use std::io;

use domain::{OddCells, QuarantineReason, QuarantinedRow, SameName, Skipped};
use settings::Source;

use super::cell::Cell;
use super::cell_table::{CellRow, HEADER_WITHIN, Table, begin_of_header, header_of, names_of};
use super::edges::{Look, may_be_row_above};
use super::error::AcquireError;
use super::format::BytesOpening;
use super::mapping::Mapping;
use super::odd_cells::Merged;
use super::pump::{Ended, Pump, Sink};
use super::reader::{Delivered, Options, Rows};
use super::second_header::Naming;
pub(super) use archive::kind_of;

/// Rows and columns that a sheet may have.
const ROWS: u64 = 1 << 20;
const COLUMNS: u32 = 1 << 14;
const OUTSIDE: &str = "a cell lies outside the limits of a sheet";

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

    /// What a sentence calls one.
    fn noun(self) -> &'static str {
        match self {
            Kind::Xlsx => "xlsx file",
            Kind::Xlsb => "xlsb file",
            Kind::Xls => "xls file",
            Kind::Ods => "ods file",
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

/// Which sheet is looked for.
struct Wanted {
    /// Its name, where that is said.
    sheet: Option<String>,
    /// What its table names, where it is not.
    mapping: Mapping,
}

/// Which sheet is read.
struct Chosen {
    name: String,
    /// The others in which something stands.
    others: Vec<String>,
    /// Its cells that are merged downwards.
    merged: Vec<Merged>,
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
    let wanted = Wanted { sheet: options.sheet.clone(), mapping: Mapping::of(source) };
    let read = move |sink: &mut SheetSink| match kind {
        Kind::Ods => ods::read(input, &wanted, sink),
        _ => excel::read(input, kind, &wanted, sink),
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
    /// The row that came last, and the one of the table before.
    row: u64,
    before: u64,
    /// Rows of the table so far.
    rows: u64,
    /// Rows above the header that may be some of the table.
    above: VecDeque<QuarantinedRow>,
    /// A header within the sheet with other columns, which hold for the rows below it.
    other: Option<u64>,
    /// Rows of the table that were held.
    ready: VecDeque<CellRow>,
    /// The row last delivered.
    last: Option<CellRow>,
    skipped: Skipped,
}

/// Rows that may be none of the table and wait for one that is. More are no remarks.
const MOST_BELOW: usize = 50;

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
        let names = names_of(&rows, header);
        let (named, begins) = (names.len(), begin_of_header(&rows, header));
        let table = Table::of(names, source, &options.file)?.with_merged(&chosen.merged);
        let row = rows[header].number;
        let mut waiting = rows.split_off(header + 1);
        waiting.reverse();
        let detail = detail(kind, &chosen, row);
        let may_be_row = |(at, row): &(usize, &CellRow)| {
            let filled = row.cells.iter().filter(|(_, cell)| !cell.is_empty()).count();
            // Whoever names the header says that nothing above it counts.
            options.header_row.is_none() && *at < begins && may_be_row_above(filled, named)
        };
        let filled = rows[..header].iter().enumerate().filter(|(_, row)| !row.is_empty());
        let (of_table, titles): (Vec<_>, Vec<_>) = filled.partition(may_be_row);
        let reason = QuarantineReason::AboveHeader { header: row };
        let aside = |(_, above): (usize, &CellRow)| table.put_aside(above, reason.clone());
        let above = of_table.into_iter().map(aside).collect();
        let skipped = Skipped { above: titles.len() as u64, ..Skipped::default() };
        Ok(Box::new(Sheet {
            pump,
            chosen,
            table,
            waiting,
            detail,
            row,
            before: row,
            other: None,
            rows: 0,
            above,
            ready: VecDeque::new(),
            last: None,
            skipped,
        }))
    }
}

/// The sheet, its header where that is not the first row, and the sheets that are not read.
fn detail(kind: Kind, chosen: &Chosen, header: u64) -> String {
    let mut detail = format!("{}, sheet {}", kind.name(), chosen.name);
    if header > 1 {
        detail.push_str(&format!(", header in row {header}"));
    }
    if !chosen.others.is_empty() {
        detail.push_str(&format!("; not read: `{}`", chosen.others.join("`, `")));
    }
    detail
}

impl Sheet {
    /// The next row of the sheet.
    fn next(&mut self) -> io::Result<Option<CellRow>> {
        if let Some(row) = self.waiting.pop() {
            self.row = row.number;
            return Ok(Some(row));
        }
        match self.pump.take() {
            Ok(Some(Told::Row(row))) => {
                self.row = row.number;
                Ok(Some(row))
            }
            Ok(_) => Ok(None),
            Err(ended) => Err(broken_off(ended, &self.chosen.name, self.row)),
        }
    }

    /// The next row of the table: rows that may stand below it are held until one comes that does not.
    fn next_of_table(&mut self) -> io::Result<Option<CellRow>> {
        if let Some(row) = self.ready.pop_front() {
            return Ok(Some(row));
        }
        let mut held = VecDeque::new();
        loop {
            let Some(row) = self.next()? else {
                self.skipped.below += held.len() as u64;
                return Ok(None);
            };
            if row.is_empty() {
                self.skipped.blank += 1;
            } else if self.table.is_header(&row) {
                self.skipped.headers += 1;
                self.other = None;
            } else if let Some(are_totals) =
                self.may_be_below(&row, &held).filter(|_| held.len() < MOST_BELOW)
            {
                held.push_back((row, are_totals));
            } else {
                let (totals, of_table): (Vec<_>, Vec<_>) =
                    held.into_iter().partition(|(_, are_totals)| *are_totals);
                self.skipped.totals += totals.len() as u64;
                self.ready = of_table.into_iter().map(|(row, _)| row).chain([row]).collect();
                return Ok(self.ready.pop_front());
            }
        }
    }

    /// Whether a row may stand below the table, and then whether it is totals: else it is a remark.
    fn may_be_below(&self, row: &CellRow, held: &VecDeque<(CellRow, bool)>) -> Option<bool> {
        let texts: Vec<_> = row.cells.iter().map(|(_, cell)| cell.shown()).collect();
        let key = self.table.key_column();
        let is_indented = row.cells.first().map(|(at, _)| *at) > self.table.first_column();
        let indent = usize::from(is_indented);
        let key = row.cells.iter().position(|(at, _)| Some(*at) == key).map(|at| at + indent);
        let is_apart = !held.is_empty() || self.row > self.before + 1;
        // A cell that stands alone in a sheet is none of one column.
        let cells = std::iter::repeat_n("", indent).chain(texts.iter().map(|text| text.as_str()));
        let (cells, before) = (cells.chain([""]).collect(), self.rows);
        let look = Look { cells, key, is_apart, before, named: 0 };
        look.may_be_below().then(|| look.are_totals())
    }
}

impl Rows for Sheet {
    fn next_row(&mut self) -> io::Result<Option<Delivered>> {
        if let Some(above) = self.above.pop_front() {
            return Ok(Some(Delivered::Quarantined(above)));
        }
        let Some(row) = self.next_of_table()? else { return Ok(None) };
        self.before = row.number;
        self.rows += 1;
        if let Some(naming) = self.table.naming(&row) {
            if matches!(naming, Naming::Other { .. }) {
                self.other = Some(row.number);
            }
            let aside = self.table.put_aside(&row, QuarantineReason::ColumnNames);
            return Ok(Some(Delivered::Quarantined(QuarantinedRow { key: None, ..aside })));
        }
        if let Some(header) = self.other {
            let aside = self.table.put_aside(&row, QuarantineReason::OtherOrder { header });
            return Ok(Some(Delivered::Quarantined(QuarantinedRow { key: None, ..aside })));
        }
        Ok(Some(match self.table.read(&row) {
            Ok(read) => {
                self.last = Some(row);
                Delivered::Row(read)
            }
            Err(reason) => Delivered::Quarantined(self.table.put_aside(&row, reason)),
        }))
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
        Some(self.detail.clone())
    }
}

fn not_opened(ended: Ended<SheetError>, kind: Kind, options: &Options) -> AcquireError {
    let file = options.file.clone();
    let damaged = |what: &str| AcquireError::Damaged {
        file: file.clone(),
        noun: kind.noun(),
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

const GAVE_UP: &str = "its content does not match its format";

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
mod far_cells;
#[cfg(test)]
mod odd_cells;
#[cfg(test)]
mod tests;
