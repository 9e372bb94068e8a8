//! The rows of a file.

use compact_str::{CompactString, format_compact};
use intake::acquire::{Cell, CellRow, Input, TableError, TableHead, TableReader, TakesTable};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{AsBytes, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};

use super::cells;
use super::content::Content;
use super::leaf::{Kind, Leaf};
use super::lists;

/// Rows that are read together.
const TOGETHER: usize = 1024;
/// The last bytes of a file that is whole.
const LAST: &[u8] = b"PAR1";
/// The least that a whole file has: its mark, the length of its footer, its mark.
const LEAST: u64 = 12;

/// Reads Parquet.
#[derive(Debug, Clone, Copy, Default)]
pub struct ParquetReader;

impl TableReader for ParquetReader {
    fn read(
        &self,
        input: Input,
        named: &[String],
        to: &mut dyn TakesTable,
    ) -> Result<(), TableError> {
        must_be_whole(&input)?;
        let file = SerializedFileReader::new(Content::of(input)?).map_err(damaged)?;
        let metadata = file.metadata();
        let leaves = Leaf::all(metadata.file_metadata().schema_descr());
        let columns: Vec<Column> = leaves.into_iter().map(|leaf| Column::of(leaf, named)).collect();
        if !to.head(head(&columns)) {
            return Ok(());
        }
        let mut number = 0;
        for group in 0..file.num_row_groups() {
            let group = file.get_row_group(group).map_err(damaged)?;
            if !read_group(&*group, &columns, &mut number, to)? {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// A file that was cut off has no footer, and its columns cannot be told.
fn must_be_whole(input: &Input) -> Result<(), TableError> {
    use std::io::{Read, Seek, SeekFrom};
    let mut end = input.from_the_beginning();
    let mut last = [0; LAST.len()];
    let length = input.length()?;
    end.seek(SeekFrom::Start(length.saturating_sub(LAST.len() as u64)))?;
    if length < LEAST || end.read_exact(&mut last).is_err() || last != LAST {
        let what =
            "its end, which describes its columns, is missing: it was cut off; fetch it again";
        return Err(TableError::Damaged(what.to_owned()));
    }
    Ok(())
}

/// The library names places and types, and no values.
fn damaged(error: ParquetError) -> TableError {
    TableError::Damaged(match error {
        ParquetError::External(error) => match error.downcast::<std::io::Error>() {
            Ok(error) => return TableError::Unreadable(*error),
            Err(error) => error.to_string(),
        },
        ParquetError::NYI(what) => {
            return TableError::Refused(format!("uses something that is not supported: {what}"));
        }
        // What is read first is the end, and it names places that are not there.
        ParquetError::EOF(what) if what.contains("too small") => "its end is damaged".to_owned(),
        error => {
            let told = error.to_string();
            match told.split_once(": ") {
                Some(("EOF" | "Parquet error", what)) => what.to_owned(),
                _ => told,
            }
        }
    })
}

/// A column of the table.
struct Column {
    leaf: Leaf,
    /// The places of its lists that have columns of their own.
    places: Vec<usize>,
}

impl Column {
    fn of(leaf: Leaf, named: &[String]) -> Column {
        let is_list = leaf.in_list.is_some();
        let places = if is_list { lists::places(&leaf.name, named) } else { Vec::new() };
        Column { leaf, places }
    }

    /// How many columns of the table it makes.
    fn width(&self) -> u32 {
        1 + self.places.len() as u32
    }
}

fn head(columns: &[Column]) -> TableHead {
    let mut description = "parquet".to_owned();
    let is_list = |column: &&Column| column.leaf.in_list.is_some();
    let listed: Vec<&str> =
        columns.iter().filter(is_list).map(|column| column.leaf.name.as_str()).collect();
    if !listed.is_empty() {
        description.push_str("; lists, kept as JSON: ");
        description.push_str(&listed.join(", "));
    }
    let names = |column: &Column| {
        let name = column.leaf.name.clone();
        let places: Vec<CompactString> =
            column.places.iter().map(|place| format_compact!("{name}.{place}")).collect();
        [name].into_iter().chain(places)
    };
    TableHead { description, columns: columns.iter().flat_map(names).collect() }
}

/// Hands out the rows of a group; false: nobody wants any more.
fn read_group(
    group: &dyn RowGroupReader,
    columns: &[Column],
    number: &mut u64,
    to: &mut dyn TakesTable,
) -> Result<bool, TableError> {
    let open = |column: &Column| group.get_column_reader(column.leaf.at).map_err(damaged);
    let mut readers = columns.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let mut left = u64::try_from(group.metadata().num_rows()).unwrap_or_default();
    while left > 0 {
        let count = usize::try_from(left).unwrap_or(TOGETHER).min(TOGETHER);
        let mut rows: Vec<CellRow> = (0..count)
            .map(|at| CellRow {
                number: *number + at as u64 + 1,
                cells: Vec::with_capacity(columns.len()),
            })
            .collect();
        let mut at = 0;
        for (column, reader) in columns.iter().zip(&mut readers) {
            let taken = read_into(&mut rows, at, (column, reader)).map_err(damaged)?;
            if taken != count {
                let name = &column.leaf.name;
                let what = format!("column `{name}` ends before its rows do");
                return Err(TableError::Damaged(what));
            }
            at += column.width();
        }
        *number += count as u64;
        left -= count as u64;
        for row in rows {
            if !to.row(row) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Puts the next values of a column into those rows; says for how many rows there were some.
fn read_into(
    rows: &mut [CellRow],
    at: u32,
    (column, reader): (&Column, &mut ColumnReader),
) -> Result<usize, ParquetError> {
    let kind = column.leaf.kind;
    let to = (rows, at, column);
    match reader {
        ColumnReader::BoolColumnReader(reader) => fill(to, reader, |it| Cell::Bool(*it)),
        ColumnReader::Int32ColumnReader(reader) => {
            fill(to, reader, |it| cells::whole(kind, (*it).into(), it.cast_unsigned().into()))
        }
        ColumnReader::Int64ColumnReader(reader) => {
            fill(to, reader, |it| cells::whole(kind, *it, it.cast_unsigned()))
        }
        ColumnReader::Int96ColumnReader(reader) => fill(to, reader, cells::int96),
        ColumnReader::FloatColumnReader(reader) => fill(to, reader, |it| cells::small_float(*it)),
        ColumnReader::DoubleColumnReader(reader) => fill(to, reader, |it| Cell::Float(*it)),
        ColumnReader::ByteArrayColumnReader(reader) => {
            fill(to, reader, |it| of_bytes(kind, it.as_bytes()))
        }
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            fill(to, reader, |it| of_bytes(kind, it.as_bytes()))
        }
    }
}

fn of_bytes(kind: Kind, value: &[u8]) -> Cell {
    cells::bytes(kind, value)
}

fn fill<T: DataType>(
    (rows, at, column): (&mut [CellRow], u32, &Column),
    reader: &mut ColumnReaderImpl<T>,
    cell: impl Fn(&T::T) -> Cell,
) -> Result<usize, ParquetError> {
    let (mut defined, mut repeated, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let mut taken = 0;
    while taken < rows.len() {
        let left = rows.len() - taken;
        let (records, ..) =
            reader.read_records(left, Some(&mut defined), Some(&mut repeated), &mut values)?;
        if records == 0 {
            break;
        }
        taken += records;
    }
    let leaf = &column.leaf;
    let mut values = values.iter();
    if leaf.defined == 0 {
        // What is always there has no levels.
        for (row, value) in rows.iter_mut().zip(values) {
            row.cells.push((at, cell(value)));
        }
        return Ok(taken);
    }
    let mut value = |level: i16| match level == leaf.defined {
        true => values.next().map_or(Cell::Empty, &cell),
        false => Cell::Empty,
    };
    let Some(has_element) = leaf.in_list else {
        for (row, level) in rows.iter_mut().zip(&defined) {
            row.cells.push((at, value(*level)));
        }
        return Ok(taken);
    };
    let mut levels = defined.iter().zip(&repeated).peekable();
    for row in rows.iter_mut().take(taken) {
        let mut elements = Vec::new();
        while let Some((level, _)) = levels.next() {
            if *level >= has_element {
                elements.push(value(*level));
            }
            if levels.peek().is_none_or(|(_, repeated)| **repeated == 0) {
                break;
            }
        }
        row.cells.push((at, lists::as_json(&elements)));
        for (place, column) in column.places.iter().zip(at + 1..) {
            row.cells.push((column, elements.get(*place).cloned().unwrap_or(Cell::Empty)));
        }
    }
    Ok(taken)
}

#[cfg(test)]
mod tests;
