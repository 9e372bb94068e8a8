//! Rows of cells below a header become rows with fields: what all formats with typed cells share.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use compact_str::CompactString;

use domain::{OddCells, QuarantineReason, QuarantinedRow, SameName};
use settings::Source;

use super::cell::{Cell, NoText};
use super::columns::{Columns, nameless};
use super::error::AcquireError;
use super::header::{repeats_name, same_names, set_apart};
use super::keys::{self, Key};
use super::mapping::{Draft, Mapping, Roles};
use super::odd_cells::{Merged, Odd};
use super::reader::Row;
use super::second_header::{self, Naming};
use super::told_columns::{ToldColumns, looks_like_data};
use super::{COLUMN_LIMIT, KEPT_LIMIT, ROW_LIMIT};

/// A row as its file holds it: the cells in which something may stand, by column from 0, ascending.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CellRow {
    /// The row's number in its sheet or table, counted from 1.
    pub number: u64,
    /// Its cells.
    pub cells: Vec<(u32, Cell)>,
}

impl CellRow {
    /// What stands in a column.
    #[must_use]
    pub fn cell(&self, column: u32) -> Option<&Cell> {
        let at = self.cells.binary_search_by_key(&column, |(column, _)| *column).ok()?;
        Some(&self.cells[at].1)
    }

    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(|(_, cell)| cell.is_empty())
    }

    /// How many bytes it takes, more or less.
    #[must_use]
    pub fn size(&self) -> usize {
        self.cells.iter().map(|(_, cell)| cell.size() + 8).sum()
    }
}

/// A column of the header.
struct Column {
    name: CompactString,
    /// What its header calls it, where another column is called the same.
    delivered: CompactString,
    roles: Option<Roles>,
}

/// Signs of a number that are shown one by one.
const MOST_DIGITS: usize = 24;

/// A header, and what becomes of the rows below it.
pub(super) struct Table {
    mapping: Mapping,
    columns: BTreeMap<u32, Column>,
    /// Those of every row.
    header_columns: Arc<Columns>,
    header: String,
    /// Columns that are called like one that is read.
    pub same_names: Vec<SameName>,
    odd: Odd,
}

impl Table {
    /// The table of these columns, by their places.
    ///
    /// # Errors
    /// Whatever makes a header useless.
    pub fn of(
        names: Vec<(u32, CompactString)>,
        source: &Source,
        file: &str,
    ) -> Result<Table, AcquireError> {
        let mapping = Mapping::of(source);
        let (places, mut names): (Vec<u32>, Vec<CompactString>) = names.into_iter().unzip();
        let last = places.last().copied().unwrap_or_default();
        let name = |column: u32| {
            let at = places.binary_search(&column).ok();
            Cow::Borrowed(at.map_or("", |at| names[at].as_str()))
        };
        // As the file has it: what a name says beside the name is read from there.
        let header = csv_line((0..=last).map(name));
        mapping.settle_names(&mut names);
        let delivered = names.clone();
        set_apart(&mut names, &mapping);
        let names: Vec<(u32, CompactString)> = places.into_iter().zip(names).collect();
        check(&names, &mapping, file)?;
        let all: Vec<CompactString> = names.iter().map(|(_, name)| name.clone()).collect();
        let same_names = same_names(&all, &mapping);
        let header_columns = Columns::of_header(all);
        let header_columns = Arc::new(header_columns.and_nameless());
        let column = |((at, name), delivered): ((u32, CompactString), CompactString)| {
            (at, Column { roles: mapping.roles(&name).cloned(), name, delivered })
        };
        let columns = names.into_iter().zip(delivered).map(column).collect();
        let odd = Odd::default();
        Ok(Table { mapping, columns, header_columns, header, same_names, odd })
    }

    /// The same, of a sheet in which cells are merged downwards: those below hold nothing of their own.
    pub fn with_merged(self, merged: &[Merged]) -> Table {
        Table { odd: Odd::of_merged(merged), ..self }
    }

    /// Cells so far that are not kept as somebody would think.
    pub fn odd_cells(&self) -> Vec<OddCells> {
        self.odd.told(|at| Some(self.columns.get(&at)?.name.to_string()))
    }

    /// The header as a line of CSV.
    pub fn header(&self) -> &str {
        &self.header
    }

    /// The row as it is delivered.
    ///
    /// # Errors
    /// Why it cannot become a record.
    pub fn read(&mut self, row: &CellRow) -> Result<Row, QuarantineReason> {
        let columns = &self.columns;
        self.odd.note(row, |at| columns.get(&at).is_some_and(|column| column.roles.is_none()));
        let mut draft = Draft::new(&self.mapping);
        let mut size = 0;
        for (at, cell) in &row.cells {
            let Some(column) = self.columns.get(at) else {
                draft.take(&nameless((*at).into()), None, &cell.shown());
                continue;
            };
            size += cell.size();
            if size > ROW_LIMIT {
                let column = Some(column.name.to_string());
                return Err(QuarantineReason::TooLong { limit: ROW_LIMIT, extent: None, column });
            }
            let is_key = column.roles.as_ref().is_some_and(Roles::is_key);
            // What nothing is read from keeps the digits that are left, but for hundreds of zeros.
            let is_kept = column.roles.is_none() && cell.shown().len() <= MOST_DIGITS;
            let too_large = || cell.text_of_too_large().filter(|_| !is_key && !is_kept);
            let text = match (
                cell.text().or_else(|why| too_large().map(Cow::Owned).ok_or(why)),
                &column.roles,
            ) {
                (Ok(text), _) => text,
                (Err(_), None) => Cow::Owned(cell.shown().into()),
                (Err(why), Some(_)) => {
                    let column = column.name.to_string();
                    return Err(match why {
                        NoText::DigitsLost => QuarantineReason::DigitsLost { column },
                        NoText::Infinite => QuarantineReason::Infinite { column },
                        NoText::Binary => QuarantineReason::Binary { column },
                        NoText::NotComputed => QuarantineReason::NotComputed { column },
                    });
                }
            };
            draft.take(&column.name, column.roles.as_ref(), &text);
            if matches!(cell, Cell::Bool(_)) {
                draft.note_boolean(column.roles.as_ref());
            }
            if cell.has_decimals() {
                draft.note_decimals(column.roles.as_ref());
            }
        }
        draft.finish(row.number, Arc::clone(&self.header_columns))
    }

    /// Whether it is the header once more.
    pub fn is_header(&self, row: &CellRow) -> bool {
        let same = |(at, column): (&u32, &Column)| match row.cell(*at) {
            Some(Cell::Text(text)) => {
                repeats_name(text, &column.name) || repeats_name(text, &column.delivered)
            }
            _ => false,
        };
        self.columns.iter().all(same)
    }

    /// What the row says of those below it, where it names columns and holds no values.
    pub fn naming(&self, row: &CellRow) -> Option<Naming> {
        let key = self.key_column()?;
        let Some(Cell::Text(text)) = row.cell(key) else { return None };
        if !second_header::may_be_name(text) {
            return None;
        }
        let last = self.columns.keys().next_back().copied().unwrap_or_default();
        let last = row.cells.last().map_or(last, |(at, _)| last.max(*at));
        let shown = (0..=last).map(|at| row.cell(at).map_or(Default::default(), Cell::shown));
        let shown: Vec<_> = shown.collect();
        let cells: Vec<&str> = shown.iter().map(|text| text.as_ref()).collect();
        let name = |at: u32| self.columns.get(&at).map_or("", |column| column.name.as_str());
        let names: Vec<&str> = (0..=last).map(name).collect();
        second_header::read(&cells, &names, key as usize)
    }

    /// The first column.
    pub fn first_column(&self) -> Option<u32> {
        self.columns.keys().next().copied()
    }

    /// Where the key stands.
    pub fn key_column(&self) -> Option<u32> {
        let key = self.columns.iter().find(|(_, column)| column.name == self.mapping.key);
        key.map(|(at, _)| *at)
    }

    /// The row as it is kept when it cannot become a record.
    pub fn put_aside(&self, row: &CellRow, reason: QuarantineReason) -> QuarantinedRow {
        let last = self.columns.keys().next_back().copied().unwrap_or_default();
        let last = row.cells.last().map_or(last, |(at, _)| last.max(*at));
        let shown = |at| Cow::Owned(row.cell(at).map_or(String::new(), |cell| cell.shown().into()));
        let text = csv_line((0..=last).map(shown));
        let key = self.key_column().and_then(|at| row.cell(at)?.text().ok());
        let key = key.and_then(|key| match keys::read(&key) {
            Key::Sound(key) => Some(key.to_string()),
            Key::Absent | Key::Lost(_) => None,
        });
        let mut aside = QuarantinedRow {
            line: row.number,
            reason,
            text,
            bytes: None,
            length: None,
            key,
            named: None,
        };
        if aside.text.len() > ROW_LIMIT {
            aside.length = Some(aside.text.len() as u64);
            aside.text.truncate(aside.text.floor_char_boundary(KEPT_LIMIT));
        }
        aside
    }
}

fn check(
    names: &[(u32, CompactString)],
    mapping: &Mapping,
    file: &str,
) -> Result<(), AcquireError> {
    let file = file.to_owned();
    if names.len() > COLUMN_LIMIT {
        return Err(AcquireError::TooManyColumns { file, found: names.len() });
    }
    let columns: Vec<CompactString> = names.iter().map(|(_, name)| name.clone()).collect();
    let known = mapping.count_known(columns.iter().map(CompactString::as_str));
    if known == 0 && columns.iter().any(looks_like_data) {
        return Err(AcquireError::NoHeader { file });
    }
    let missing = mapping.missing(&columns);
    if !missing.is_empty() {
        let columns = ToldColumns::of(&columns, &[], mapping);
        return Err(AcquireError::MissingColumns { file, missing, columns });
    }
    let mut mapped: Vec<&str> = columns
        .iter()
        .map(CompactString::as_str)
        .filter(|it| mapping.roles(it).is_some())
        .collect();
    mapped.sort_unstable();
    match mapped.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(AcquireError::RepeatedColumn { file, column: pair[0].to_owned() }),
        None => Ok(()),
    }
}

/// Cells as a line of CSV, without its end.
pub(super) fn csv_line<'c>(cells: impl Iterator<Item = Cow<'c, str>>) -> String {
    let mut line = String::new();
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            line.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            line.push('"');
            line.push_str(&cell.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(&cell);
        }
    }
    line
}

/// How many rows are looked at for the header.
pub(super) const HEADER_WITHIN: usize = 50;

/// Which of the first rows of a sheet is the header: the first that names most of the mapped columns,
/// or the first of all where none does; the row of that number where one is named.
pub(super) fn header_of(rows: &[CellRow], mapping: &Mapping, named: Option<u64>) -> Option<usize> {
    if let Some(named) = named {
        return rows.iter().position(|row| row.number == named);
    }
    let known = |row| {
        let names = names_of(rows, row);
        mapping.count_known(names.iter().map(|(_, name)| name.as_str()))
    };
    let best = (0..rows.len()).map(known).max()?;
    if mapping.only_looks() && best < 2 {
        let filled = |row: &CellRow| row.cells.iter().filter(|(_, cell)| !cell.is_empty()).count();
        let most = rows.iter().map(filled).max()?;
        return rows.iter().position(|row| filled(row) * 2 > most);
    }
    (0..rows.len()).find(|row| known(*row) == best)
}

/// So many of a sheet's first rows are looked at when a table is looked for.
const LOOKED_AT: u64 = 50;

/// Finds out whether a sheet holds the table, by its first rows: a cover sheet, or a legend, does not.
pub(super) struct TableLook<'m> {
    mapping: &'m Mapping,
    first: Option<u64>,
    known: usize,
}

impl TableLook<'_> {
    /// Has seen nothing of the sheet.
    pub fn new(mapping: &Mapping) -> TableLook<'_> {
        TableLook { mapping, first: None, known: 0 }
    }

    /// Takes the next row; false: it has seen enough.
    pub fn take(&mut self, row: &CellRow) -> bool {
        let names: Vec<_> = row.cells.iter().map(|(_, cell)| cell.shown()).collect();
        let known = self.mapping.count_known(names.iter().map(|name| name.trim()));
        self.known = self.known.max(known);
        row.number < *self.first.get_or_insert(row.number) + LOOKED_AT && !self.is_table()
    }

    /// Whether anything stands in it.
    pub fn is_filled(&self) -> bool {
        self.first.is_some()
    }

    /// Whether one of its rows names mapped columns.
    pub fn is_table(&self) -> bool {
        self.known > 0 && self.known >= self.mapping.count_wanted().min(2)
    }
}

/// The first of the rows that a header is made of: one directly above it that names a column which it
/// does not belongs to it.
pub(super) fn begin_of_header(rows: &[CellRow], header: usize) -> usize {
    let mut begin = header;
    for (row, below) in rows[..header].iter().rev().zip(1..) {
        if row.number + below != rows[header].number {
            break;
        }
        let names = |at: u32| rows[header].cell(at).is_none_or(Cell::is_empty);
        if row.cells.iter().any(|(at, cell)| !cell.is_empty() && names(*at)) {
            begin = header - below as usize;
        }
    }
    begin
}

/// The names of a header's columns. Where cells were merged downwards, the name stands above: a column
/// without one has that of the rows directly before.
pub(super) fn names_of(rows: &[CellRow], header: usize) -> Vec<(u32, CompactString)> {
    let mut names = BTreeMap::new();
    for (row, below) in rows[..=header].iter().rev().zip(0..) {
        if row.number + below != rows[header].number {
            break;
        }
        for (at, cell) in row.cells.iter().filter(|(_, cell)| !cell.is_empty()) {
            names.entry(*at).or_insert_with(|| CompactString::from(cell.shown().trim()));
        }
    }
    names.into_iter().collect()
}
