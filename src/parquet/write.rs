//! A data set as a file of columns: flat, Snappy, with the types that every reader knows.
//!
//! Days are DATE, points in time TIMESTAMP in microseconds of UTC, numbers DECIMAL; all columns may be
//! empty. A value that is none of its column's type, such as a date that nobody could read, is not lost: it
//! stands in the last column, `unreadable`, as JSON under its column's name. So does a number with more than
//! nine decimals, of which the column holds the nearest it can.

use std::io::{self, Write};
use std::sync::Arc;

use desk::export::{Cell, Column, Kind, RowWriter, TableWriter, columns};
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{Type, TypePtr};

use super::values::{DECIMALS, DIGITS, Values, WIDTH};

/// Rows of a group: readers take one at a time.
const GROUP: usize = 50_000;
/// Bytes of a group, if its rows are long.
const GROUP_BYTES: usize = 64 << 20;

/// Writes Parquet.
#[derive(Debug, Clone, Copy, Default)]
pub struct ParquetWriter;

/// What the output said is told as it said it: a reader that has gone is no failure.
fn unwritten(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}

impl TableWriter for ParquetWriter {
    fn open<'w>(
        &self,
        columns: &[Column],
        out: &'w mut (dyn Write + Send),
    ) -> io::Result<Box<dyn RowWriter + 'w>> {
        let flat: Vec<usize> = (0..columns.len()).filter(|at| !columns[*at].nested).collect();
        let written = named(flat.iter().map(|at| columns[*at].clone()));
        let schema = schema(&written).map_err(io::Error::other)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("steward".to_owned())
            .build();
        let file = SerializedFileWriter::new(out, schema, Arc::new(properties));
        let file = file.map_err(unwritten)?;
        let values = written.iter().map(|column| Values::of(column.kind)).collect();
        let names = written.into_iter().map(|column| column.name).collect();
        Ok(Box::new(Group { file, flat, names, values, rows: 0, bytes: 0 }))
    }
}

/// The columns of the file: those of the data set, and where a value can be none of its type one more.
fn named(flat: impl Iterator<Item = Column>) -> Vec<Column> {
    columns(flat.chain([Column::new("unreadable")]))
}

fn schema(columns: &[Column]) -> parquet::errors::Result<TypePtr> {
    let fields = columns.iter().map(|column| field(column).map(Arc::new));
    let fields = fields.collect::<parquet::errors::Result<_>>()?;
    Type::group_type_builder("steward").with_fields(fields).build().map(Arc::new)
}

fn field(column: &Column) -> parquet::errors::Result<Type> {
    let (physical, logical) = match column.kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Whole => (Physical::INT64, None),
        Kind::Number => (Physical::DOUBLE, None),
        Kind::Decimal => {
            (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::decimal(DECIMALS, DIGITS)))
        }
        Kind::Flag => (Physical::BOOLEAN, None),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
    };
    let mut builder = Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical);
    if column.kind == Kind::Decimal {
        builder = builder.with_length(WIDTH).with_precision(DIGITS).with_scale(DECIMALS);
    }
    builder.build()
}

/// Rows that wait to be written, by columns.
struct Group<'w> {
    file: SerializedFileWriter<&'w mut (dyn Write + Send)>,
    /// The places of the columns that are written.
    flat: Vec<usize>,
    names: Vec<String>,
    /// Those, and at the end what is none of its column's type.
    values: Vec<Values>,
    rows: usize,
    bytes: usize,
}

impl Group<'_> {
    fn write(&mut self) -> parquet::errors::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.file.next_row_group()?;
        for values in &mut self.values {
            if let Some(mut column) = group.next_column()? {
                values.write(&mut column)?;
                column.close()?;
            }
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl RowWriter for Group<'_> {
    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        let mut unreadable = serde_json::Map::new();
        for ((at, name), values) in self.flat.iter().zip(&self.names).zip(&mut self.values) {
            let cell = cells.get(*at).unwrap_or(&Cell::Absent);
            self.bytes += values.take(cell);
            if let Some(text) = values.refused(cell) {
                unreadable.insert(name.clone(), text.into());
            }
        }
        if let Some(last) = self.values.last_mut() {
            let cell = match unreadable.is_empty() {
                true => Cell::Absent,
                false => Cell::Text(serde_json::Value::Object(unreadable).to_string()),
            };
            self.bytes += last.take(&cell);
        }
        self.rows += 1;
        if self.rows >= GROUP || self.bytes >= GROUP_BYTES {
            self.write().map_err(unwritten)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.write().and_then(|()| self.file.finish()).map_err(unwritten)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
