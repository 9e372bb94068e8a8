//! Excel's own formats, through calamine: xlsx and xlsb cell by cell, xls sheet by sheet.

use std::collections::HashSet;
use std::fmt::Display;
use std::io::BufReader;

use calamine::{
    Data, DataRef, DataType as _, Dimensions, Range, Reader, SheetType, SheetVisible, Xls,
    XlsError, Xlsb, XlsbError, Xlsx, XlsxError,
};
use compact_str::CompactString;
use jiff::civil::DateTime;

use super::{
    COLUMNS, Chosen, Gatherer, Kind, OUTSIDE, ROWS, SheetError, SheetSink, Told, Wanted, archive,
    compound,
};
use crate::acquire::cell::Cell;
use crate::acquire::cell_table::{CellRow, TableLook};
use crate::acquire::input::Input;
use crate::acquire::odd_cells::Merged;
use crate::acquire::serial;

/// Bytes read at once.
const CHUNK: usize = 64 << 10;

/// The largest workbook that is looked through for merged cells, in bytes.
const SMALL: u64 = 4 << 20;

type Source = BufReader<Input>;

/// Reads one sheet of a workbook.
pub(super) fn read(
    input: Input,
    kind: Kind,
    wanted: &Wanted,
    sink: &mut SheetSink,
) -> Result<(), SheetError> {
    if kind == Kind::Xls {
        compound::check(&input)?;
    } else {
        archive::check(&input)?;
    }
    let is_small = input.length()? <= SMALL;
    let source = BufReader::with_capacity(CHUNK, input);
    match kind {
        Kind::Xlsb => of_book(Xlsb::new(source)?, wanted, sink),
        Kind::Xls => of_book(Xls::new(source)?, wanted, sink),
        Kind::Xlsx | Kind::Ods => {
            of_book(XlsxBook { book: Xlsx::new(source)?, is_small }, wanted, sink)
        }
    }
}

fn of_book(mut book: impl Book, wanted: &Wanted, sink: &mut SheetSink) -> Result<(), SheetError> {
    let mut chosen = choose(&mut book, wanted)?;
    chosen.merged = book.merged(&chosen.name);
    let sheet = chosen.name.clone();
    sink.give(Told::Sheet(chosen), 0);
    let mut rows = Gatherer::of(sink);
    book.each_cell(&sheet, &mut |row, column, cell| rows.take(u64::from(row), column, cell))?;
    rows.hand_over();
    Ok(())
}

/// The sheet that is wanted, or the first that can be seen and holds the table, or in which something
/// stands at least.
fn choose(book: &mut impl Book, wanted: &Wanted) -> Result<Chosen, SheetError> {
    let mut sheets = book.sheets();
    if let Some(wanted) = &wanted.sheet {
        let same = |(name, _): &(String, bool)| name == wanted;
        let alike = |(name, _): &(String, bool)| name.trim().eq_ignore_ascii_case(wanted.trim());
        let at = sheets.iter().position(same).or_else(|| sheets.iter().position(alike));
        return match at {
            Some(at) => {
                let (name, _) = sheets.swap_remove(at);
                Ok(Chosen { name, others: Vec::new(), merged: Vec::new() })
            }
            None => Err(SheetError::NoSheet(sheets.into_iter().map(|(name, _)| name).collect())),
        };
    }
    let mut filled = Vec::new();
    for (name, is_seen) in sheets {
        let mut look = TableLook::new(&wanted.mapping);
        let mut row = CellRow::default();
        let mut goes_on = true;
        book.each_cell(&name, &mut |number, column, cell| {
            let number = u64::from(number) + 1;
            if row.number != number {
                let row = std::mem::replace(&mut row, CellRow { number, cells: Vec::new() });
                goes_on = row.is_empty() || look.take(&row);
            }
            row.cells.push((column, cell));
            goes_on
        })?;
        if goes_on && !row.is_empty() {
            look.take(&row);
        }
        if look.is_filled() {
            filled.push((name, is_seen, look.is_table()));
        }
    }
    if filled.is_empty() {
        return Err(SheetError::Empty);
    }
    let seen = || filled.iter().enumerate().filter(|(_, (_, is_seen, _))| *is_seen);
    let first = seen().find(|(_, (.., is_table))| *is_table).or_else(|| seen().next());
    let first = first.map_or(0, |(at, _)| at);
    let (name, ..) = filled.remove(first);
    let others = filled.into_iter().map(|(name, ..)| name).collect();
    Ok(Chosen { name, others, merged: Vec::new() })
}

/// A workbook, as far as it is read.
trait Book {
    /// Its sheets of cells in order, each with whether it can be seen.
    fn sheets(&self) -> Vec<(String, bool)>;

    /// Hands out row, column and content of each cell of a sheet until it is told that this is enough.
    fn each_cell(
        &mut self,
        sheet: &str,
        take: &mut dyn FnMut(u32, u32, Cell) -> bool,
    ) -> Result<(), SheetError>;

    /// The cells of a sheet that are merged downwards, where that can be told.
    fn merged(&mut self, _sheet: &str) -> Vec<Merged> {
        Vec::new()
    }
}

/// Those of merged regions that cover rows below them.
fn downwards(regions: &[Dimensions]) -> Vec<Merged> {
    let tall = regions.iter().filter(|region| region.end.0 > region.start.0);
    let merged = tall.map(|region| Merged {
        row: u64::from(region.start.0) + 1,
        column: region.start.1,
        below: u64::from(region.end.0 - region.start.0),
    });
    merged.collect()
}

fn sheets_of(sheets: &[calamine::Sheet]) -> Vec<(String, bool)> {
    let of_cells = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    of_cells.map(|it| (it.name.clone(), it.visible == SheetVisible::Visible)).collect()
}

/// A workbook of xlsx.
struct XlsxBook {
    book: Xlsx<Source>,
    is_small: bool,
}

impl Book for XlsxBook {
    fn sheets(&self) -> Vec<(String, bool)> {
        sheets_of(self.book.sheets_metadata())
    }

    fn each_cell(
        &mut self,
        sheet: &str,
        take: &mut dyn FnMut(u32, u32, Cell) -> bool,
    ) -> Result<(), SheetError> {
        let since_1904 = self.book.has_1904_epoch();
        let mut cells = self.book.worksheet_cells_reader(sheet)?;
        while let Some(cell) = cells.next_cell_with_formula_metadata()? {
            let (row, column) = within_sheet(cell.pos)?;
            let value = match of_ref(&cell.value, since_1904) {
                Cell::Empty if cell.formula.is_some() => Cell::NotComputed,
                value => value,
            };
            if !take(row, column, value) {
                break;
            }
        }
        Ok(())
    }

    // Asking costs a walk over the sheet: nobody merges cells by hand in one so large.
    fn merged(&mut self, sheet: &str) -> Vec<Merged> {
        if !self.is_small {
            return Vec::new();
        }
        self.book.merge_cells_by_sheet_name(sheet).map_or_else(|_| Vec::new(), |it| downwards(&it))
    }
}

impl Book for Xlsb<Source> {
    fn sheets(&self) -> Vec<(String, bool)> {
        sheets_of(self.sheets_metadata())
    }

    fn each_cell(
        &mut self,
        sheet: &str,
        take: &mut dyn FnMut(u32, u32, Cell) -> bool,
    ) -> Result<(), SheetError> {
        let since_1904 = self.has_1904_epoch();
        let mut cells = self.worksheet_cells_reader(sheet)?;
        while let Some(cell) = cells.next_cell()? {
            let (row, column) = within_sheet(cell.get_position())?;
            if !take(row, column, of_ref(cell.get_value(), since_1904)) {
                return Ok(());
            }
        }
        // A row that cannot be ends the cells as the end of the sheet does, but behind that no more of
        // them come.
        if cells.next_cell().is_ok() { Err(SheetError::Damaged(OUTSIDE)) } else { Ok(()) }
    }
}

impl Book for Xls<Source> {
    fn sheets(&self) -> Vec<(String, bool)> {
        sheets_of(self.sheets_metadata())
    }

    fn each_cell(
        &mut self,
        sheet: &str,
        take: &mut dyn FnMut(u32, u32, Cell) -> bool,
    ) -> Result<(), SheetError> {
        let since_1904 = self.has_1904_epoch();
        let range = self.worksheet_range(sheet)?;
        let formulas = self.worksheet_formula(sheet)?;
        let (top, left) = range.start().unwrap_or_default();
        let is_blank = |cell: Option<&Data>| match cell {
            None | Some(Data::Empty) => true,
            Some(Data::String(text)) => text.is_empty(),
            Some(_) => false,
        };
        // A result that is an empty text looks like none: where no formula has any other, none was computed.
        let places = || used(&formulas);
        let are_computed = places().any(|place| !is_blank(range.get_value(place)));
        let uncomputed: HashSet<(u32, u32)> =
            if are_computed { HashSet::new() } else { places().collect() };
        for (row, column, cell) in range.used_cells() {
            let place = (top + row as u32, left + column as u32);
            let cell = match uncomputed.contains(&place) {
                true => Cell::NotComputed,
                false => of_data(cell, since_1904),
            };
            if !take(place.0, place.1, cell) {
                break;
            }
        }
        Ok(())
    }

    fn merged(&mut self, sheet: &str) -> Vec<Merged> {
        self.merge_cells_by_sheet_name(sheet).map_or_else(|_| Vec::new(), |it| downwards(&it))
    }
}

/// The places of a range in which something stands.
fn used(range: &Range<String>) -> impl Iterator<Item = (u32, u32)> + '_ {
    let (top, left) = range.start().unwrap_or_default();
    let filled = range.used_cells().filter(|(.., text)| !text.is_empty());
    filled.map(move |(row, column, _)| (top + row as u32, left + column as u32))
}

/// The place of a cell, which a damaged file may put so far away that a line with all the columns
/// before it would fill the memory.
fn within_sheet((row, column): (u32, u32)) -> Result<(u32, u32), SheetError> {
    let is_within = u64::from(row) < ROWS && column < COLUMNS;
    is_within.then_some((row, column)).ok_or(SheetError::Damaged(OUTSIDE))
}

fn of_ref(value: &DataRef<'_>, since_1904: bool) -> Cell {
    match value {
        DataRef::SharedString(text) => Cell::Text(CompactString::new(text)),
        DataRef::String(text) => Cell::Text(CompactString::new(text)),
        DataRef::Float(number) => Cell::Float(*number),
        DataRef::Int(number) => Cell::Whole((*number).into()),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(at) if at.is_duration() => serial::of_span(at.as_f64()),
        DataRef::DateTime(at) => serial::of_days(at.as_f64(), since_1904),
        DataRef::DateTimeIso(text) => of_iso(text),
        DataRef::DurationIso(text) => Cell::Text(CompactString::new(text)),
        DataRef::Error(error) => of_error(error),
        DataRef::Empty => Cell::Empty,
    }
}

fn of_data(value: &Data, since_1904: bool) -> Cell {
    match value {
        Data::String(text) => Cell::Text(CompactString::new(text)),
        Data::Float(number) => Cell::Float(*number),
        Data::Int(number) => Cell::Whole((*number).into()),
        Data::Bool(value) => Cell::Bool(*value),
        Data::DateTime(_) => match value.get_datetime() {
            Some(at) if at.is_duration() => serial::of_span(at.as_f64()),
            Some(at) => serial::of_days(at.as_f64(), since_1904),
            None => Cell::Empty,
        },
        Data::DateTimeIso(text) => of_iso(text),
        Data::DurationIso(text) => Cell::Text(CompactString::new(text)),
        Data::Error(error) => of_error(error),
        Data::Empty => Cell::Empty,
    }
}

/// A formula that failed: what the sheet shows.
fn of_error(error: &impl Display) -> Cell {
    Cell::Text(CompactString::from(error.to_string()))
}

/// A date written out; midnight is none of its times.
pub(super) fn of_iso(text: &str) -> Cell {
    match text.parse::<DateTime>() {
        Ok(at) if at.time() == jiff::civil::Time::midnight() => Cell::Date(at.date()),
        Ok(at) => Cell::DateTime(at),
        Err(_) => Cell::Text(CompactString::new(text)),
    }
}

const XML: &str = "its XML cannot be read";
const OTHER: &str = super::GAVE_UP;

/// What a broken archive gives while it is unpacked is damage; anything else is the input's.
pub(super) fn of_io(error: std::io::Error) -> SheetError {
    use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    match error.kind() {
        InvalidData | InvalidInput | UnexpectedEof => SheetError::Damaged(OTHER),
        _ => SheetError::Unreadable(error),
    }
}

// What the library says may hold a cell's content, and is not passed on.
impl From<XlsxError> for SheetError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::Password => SheetError::Encrypted,
            XlsxError::Zip(error) => archive::of_archive(error),
            XlsxError::Xml(quick_xml::Error::Io(error)) => match error.kind() {
                std::io::ErrorKind::Other => SheetError::Damaged(XML),
                _ => of_io(std::io::Error::new(error.kind(), error)),
            },
            XlsxError::Xml(_) | XlsxError::XmlAttr(_) | XlsxError::XmlEof(_) => {
                SheetError::Damaged(XML)
            }
            XlsxError::Io(error) => of_io(error),
            _ => SheetError::Damaged(OTHER),
        }
    }
}

impl From<XlsbError> for SheetError {
    fn from(error: XlsbError) -> Self {
        match error {
            XlsbError::Password => SheetError::Encrypted,
            XlsbError::Zip(error) => archive::of_archive(error),
            XlsbError::Io(error) => of_io(error),
            _ => SheetError::Damaged(OTHER),
        }
    }
}

impl From<XlsError> for SheetError {
    fn from(error: XlsError) -> Self {
        match error {
            XlsError::Password => SheetError::Encrypted,
            XlsError::Io(error) => of_io(error),
            _ => SheetError::Damaged(OTHER),
        }
    }
}
