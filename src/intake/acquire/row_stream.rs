//! A table as a stream of bytes: how the rows of a query come through the door, typed as far as a reader
//! has to know.
//!
//! Behind the mark stand the description and the columns, then the rows, each with its number and its
//! cells, then a sign that this is the end: what was cut off is no table. Numbers stand with their low
//! byte first, texts behind their lengths.

use std::io::{self, BufReader, Read, Write};

use compact_str::CompactString;

use super::beside::{TableError, TableHead, TableReader, TakesTable};
use super::cell::Cell;
use super::cell_table::CellRow;
use super::input::Input;
use super::{COLUMN_LIMIT, ROW_LIMIT};

/// How such a stream begins.
const MARK: &[u8] = b"\0steward rows 1\n";
/// What stands before a row, and at the end.
const ROW: u8 = 1;
const END: u8 = 0;
/// The longest text that is read; a longer one cannot become a record.
const LONGEST: usize = 64 << 20;

/// Writes a table as a stream.
pub struct RowStream<W: Write> {
    out: W,
}

impl<W: Write> RowStream<W> {
    /// Begins a table.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn begin(mut out: W, head: &TableHead) -> io::Result<Self> {
        out.write_all(MARK)?;
        write_text(&mut out, &head.description)?;
        out.write_all(&length(head.columns.len())?)?;
        for column in &head.columns {
            write_text(&mut out, column)?;
        }
        Ok(Self { out })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn row(&mut self, row: &CellRow) -> io::Result<()> {
        self.out.write_all(&[ROW])?;
        self.out.write_all(&row.number.to_le_bytes())?;
        self.out.write_all(&length(row.cells.len())?)?;
        for (column, cell) in &row.cells {
            self.out.write_all(&column.to_le_bytes())?;
            write_cell(&mut self.out, cell)?;
        }
        Ok(())
    }

    /// Ends the table: without this it counts as cut off.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn end(mut self) -> io::Result<W> {
        self.out.write_all(&[END])?;
        self.out.flush()?;
        Ok(self.out)
    }
}

fn length(of: usize) -> io::Result<[u8; 4]> {
    u32::try_from(of).map(u32::to_le_bytes).map_err(io::Error::other)
}

fn write_text(out: &mut impl Write, text: &str) -> io::Result<()> {
    out.write_all(&length(text.len())?)?;
    out.write_all(text.as_bytes())
}

/// What a cell is, where that tells more than its text.
fn write_cell(out: &mut impl Write, cell: &Cell) -> io::Result<()> {
    match cell {
        Cell::Empty => out.write_all(b"-"),
        Cell::Float(number) => {
            out.write_all(b"f")?;
            out.write_all(&number.to_le_bytes())
        }
        Cell::Decimal(text) => {
            out.write_all(b"d")?;
            write_text(out, text)
        }
        Cell::Bytes { beginning, length: all } => {
            out.write_all(b"b")?;
            out.write_all(&length(beginning.len())?)?;
            out.write_all(beginning)?;
            out.write_all(&all.to_le_bytes())
        }
        Cell::Text(text) => {
            out.write_all(b"t")?;
            write_text(out, text)
        }
        cell => {
            out.write_all(b"t")?;
            write_text(out, &cell.shown())
        }
    }
}

/// Whether an input is such a stream.
pub(super) fn recognises(input: &Input) -> io::Result<bool> {
    begins_with(input, MARK)
}

/// Whether an input begins with those bytes.
pub(super) fn begins_with(input: &Input, mark: &[u8]) -> io::Result<bool> {
    let mut beginning = Vec::with_capacity(mark.len());
    input.from_the_beginning().take(mark.len() as u64).read_to_end(&mut beginning)?;
    Ok(beginning == mark)
}

/// Reads such a stream.
pub(super) struct StreamedRows;

impl TableReader for StreamedRows {
    fn read(
        &self,
        input: Input,
        _named: &[String],
        to: &mut dyn TakesTable,
    ) -> Result<(), TableError> {
        let mut input = BufReader::with_capacity(64 << 10, input.from_the_beginning());
        let mut mark = [0; MARK.len()];
        input.read_exact(&mut mark)?;
        let description = read_text(&mut input)?;
        let count = read_length(&mut input, COLUMN_LIMIT + 1)?;
        let columns = (0..count).map(|_| read_text(&mut input).map(CompactString::from));
        let columns = columns.collect::<io::Result<_>>()?;
        if !to.head(TableHead { description, columns }) {
            return Ok(());
        }
        while read_bytes::<1>(&mut input)? == [ROW] {
            if !to.row(read_row(&mut input, count)?) {
                return Ok(());
            }
        }
        Ok(())
    }
}

fn read_row(input: &mut impl Read, columns: usize) -> io::Result<CellRow> {
    let number = u64::from_le_bytes(read_bytes(input)?);
    let count = read_length(input, columns)?;
    let mut cells = Vec::with_capacity(count);
    for _ in 0..count {
        let column = u32::from_le_bytes(read_bytes(input)?);
        cells.push((column, read_cell(input)?));
    }
    Ok(CellRow { number, cells })
}

fn read_cell(input: &mut impl Read) -> io::Result<Cell> {
    Ok(match &read_bytes(input)? {
        b"-" => Cell::Empty,
        b"t" => Cell::Text(read_text(input)?.into()),
        b"d" => Cell::Decimal(read_text(input)?.into()),
        b"f" => Cell::Float(f64::from_le_bytes(read_bytes(input)?)),
        b"b" => {
            let mut beginning = vec![0; read_length(input, ROW_LIMIT)?];
            input.read_exact(&mut beginning)?;
            Cell::Bytes { beginning, length: u64::from_le_bytes(read_bytes(input)?) }
        }
        _ => return Err(no_table()),
    })
}

fn read_text(input: &mut impl Read) -> io::Result<String> {
    let mut bytes = vec![0; read_length(input, LONGEST)?];
    input.read_exact(&mut bytes)?;
    String::from_utf8(bytes).map_err(|_| no_table())
}

fn read_length(input: &mut impl Read, most: usize) -> io::Result<usize> {
    let length = u32::from_le_bytes(read_bytes(input)?) as usize;
    if length > most { Err(no_table()) } else { Ok(length) }
}

fn read_bytes<const N: usize>(input: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn no_table() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it is not a stream of rows")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::reader::tests::source;
    use crate::acquire::{Delivered, Options, Reader};
    use domain::QuarantineReason;

    fn text(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    /// A stream of those rows below `id`, `limit` and `note`.
    fn stream(rows: &[[Cell; 3]]) -> Vec<u8> {
        let columns = ["id", "limit", "note"].map(CompactString::from).to_vec();
        let head = TableHead { description: "a database, query".to_owned(), columns };
        let mut stream = RowStream::begin(Vec::new(), &head).unwrap();
        for (cells, number) in rows.iter().zip(1..) {
            let cells = (0..).zip(cells.iter().cloned()).collect();
            stream.row(&CellRow { number, cells }).unwrap();
        }
        stream.end().unwrap()
    }

    fn read(bytes: Vec<u8>) -> Vec<Result<Delivered, String>> {
        let source = source("id", None, &[("limit", &["limit"])]);
        match Reader::open(Input::of(bytes), &source, &Options::default()) {
            Ok(reader) => reader.map(|it| it.map_err(|error| error.to_string())).collect(),
            Err(error) => vec![Err(error.to_string())],
        }
    }

    #[test]
    fn rows_come_out_as_they_went_in() {
        let picture = Cell::of_bytes(&[0xff; 99]);
        let rows = [
            [text("7"), Cell::Decimal("12.50".into()), picture.clone()],
            [text("8"), Cell::Float(1e18), Cell::Empty],
            [text("10"), Cell::Float(1e300), Cell::Empty],
            [Cell::Float(1e18), text("1"), Cell::Empty],
            [Cell::Float(f64::INFINITY), text("1"), Cell::Empty],
            [Cell::Whole(9), picture, text("")],
            [Cell::Empty, Cell::Empty, text(" ")],
            [Cell::Bool(true), text("Zoë"), Cell::Float(f64::NAN)],
        ];
        let mut delivered = read(stream(&rows)).into_iter().map(Result::unwrap);
        let Some(Delivered::Row(first)) = delivered.next() else { panic!() };
        assert_eq!((first.line, first.key.as_str()), (1, "7"));
        assert_eq!(first.fields[0].1, "12.50");
        assert_eq!(first.decimals, [first.fields[0].0.clone()]);
        assert!(first.unmapped[0].1.starts_with("0xffff") && first.unmapped[0].1.contains("99"));
        let column = || "limit".to_owned();
        // Its last digits are lost, or it is too large to be anything: the value cannot be read, and the row
        // can; but for its key.
        for (key, value) in [("8", "1e18"), ("10", "1e300")] {
            let Some(Delivered::Row(large)) = delivered.next() else { panic!() };
            assert_eq!((large.key.as_str(), large.fields[0].1.as_str()), (key, value));
            assert_eq!(large.decimals, []);
        }
        for reason in [
            QuarantineReason::DigitsLost { column: "id".to_owned() },
            QuarantineReason::Infinite { column: "id".to_owned() },
            QuarantineReason::Binary { column: column() },
        ] {
            let Some(Delivered::Quarantined(row)) = delivered.next() else { panic!() };
            assert_eq!(row.reason, reason);
        }
        let Some(Delivered::Row(last)) = delivered.next() else { panic!() };
        assert_eq!((last.line, last.key.as_str(), &*last.unmapped[0].1), (8, "true", "NaN"));
        let Some(Delivered::Skipped(skipped)) = delivered.next() else { panic!() };
        assert_eq!((skipped.blank, delivered.next()), (1, None));
    }

    #[test]
    fn what_was_cut_off_or_damaged_is_told_and_never_taken_for_the_end() {
        let whole =
            stream(&[[text("7"), text("Ann"), text("b")], [text("8"), text("Bo"), text("")]]);
        assert_eq!(read(whole.clone()).len(), 2);
        for length in MARK.len()..whole.len() {
            let read = read(whole[..length].to_vec());
            assert!(read.last().unwrap().is_err(), "{length}");
        }
        for at in MARK.len()..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0xff;
            read(damaged);
        }
    }
}
