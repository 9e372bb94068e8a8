//! Files in which each column has its place: so many signs of every line, filled up with blanks.

use std::io;

use compact_str::CompactString;

use domain::{QuarantineReason, QuarantinedRow, Skipped};

use super::cell::Cell;
use super::cell_table::{CellRow, Table};
use super::error::AcquireError;
use super::format::Opening;
use super::lines::{Line, Lines};
use super::quarantine::{put_aside, reason_of_line};
use super::reader::{Delivered, Rows};

struct Fixed {
    lines: Lines,
    table: Table,
    widths: Vec<usize>,
    skipped: Skipped,
    /// The line last delivered.
    last: Option<Line>,
}

/// Starts reading: the columns are those of the settings, or widths alone are said and the header has
/// their names.
pub(super) fn open(opening: Opening<'_>) -> Result<Box<dyn Rows + Send>, AcquireError> {
    let Opening { source, file, widths, .. } = opening;
    let mut lines = opening.lines();
    let unreadable = |cause| AcquireError::Unreadable { file: file.to_owned(), cause };
    let mut skipped = Skipped::default();
    if let Some(row) = opening.header_row.filter(|row| *row > 1) {
        skipped.above = lines.pass_to(row - 1).map_err(unreadable)?;
    }
    let (names, widths): (Vec<CompactString>, Vec<usize>) = match widths {
        Some(widths) => {
            let row = opening.header_row.unwrap_or(1);
            let none = || AcquireError::NoSuchRow { file: file.to_owned(), row };
            let header = lines.next_row(None).map_err(unreadable)?.ok_or_else(none)?;
            let (names, _) = cut(header.content(), widths);
            (names.into_iter().map(CompactString::from).collect(), widths.to_vec())
        }
        None if source.columns.is_empty() => {
            return Err(AcquireError::NoWidths {
                file: file.to_owned(),
                source_name: source.name.to_string(),
            });
        }
        None => {
            let columns = source.columns.iter();
            columns.map(|it| (CompactString::new(&it.name), it.width)).unzip()
        }
    };
    let table = Table::of((0..).zip(names).collect(), source, file)?;
    Ok(Box::new(Fixed { lines, table, widths, skipped, last: None }))
}

/// The cells of a line, without the blanks around them, and what stands behind the last.
fn cut<'l>(line: &'l str, widths: &[usize]) -> (Vec<&'l str>, &'l str) {
    let mut rest = line;
    let cell = |width: &usize| {
        let end = rest.char_indices().nth(*width).map_or(rest.len(), |(at, _)| at);
        let (cell, behind) = rest.split_at(end);
        rest = behind;
        cell.trim()
    };
    let cells = widths.iter().map(cell).collect();
    (cells, rest.trim())
}

impl Fixed {
    fn read(&self, line: &Line) -> Result<Option<Delivered>, QuarantineReason> {
        if let Some(reason) = reason_of_line(line, self.lines.encoding(), |_| None) {
            return Err(reason);
        }
        let (cells, behind) = cut(line.content(), &self.widths);
        if !behind.is_empty() {
            let expected = cells.len();
            return Err(QuarantineReason::Ragged { expected, found: expected + 1 });
        }
        let cells = (0..).zip(cells).map(|(at, cell)| (at, Cell::Text(cell.into())));
        let row = CellRow { number: line.number, cells: cells.collect() };
        if self.table.is_header(&row) {
            return Ok(None);
        }
        self.table.read(&row).map(|row| Some(Delivered::Row(row)))
    }
}

impl Rows for Fixed {
    fn next_row(&mut self) -> io::Result<Option<Delivered>> {
        loop {
            let Some(line) = self.lines.next_row(None)? else {
                self.skipped.blank += self.lines.take_blanks();
                return Ok(None);
            };
            self.skipped.blank += line.blanks;
            if line.is_blank() {
                self.skipped.blank += 1;
                continue;
            }
            match self.read(&line) {
                Ok(Some(row)) => {
                    self.last = Some(line);
                    return Ok(Some(row));
                }
                Ok(None) => self.skipped.headers += 1,
                Err(reason) => return Ok(Some(Delivered::Quarantined(put_aside(line, reason)))),
            }
        }
    }

    fn set_aside(&mut self, reason: QuarantineReason) -> Option<QuarantinedRow> {
        self.last.take().map(|line| put_aside(line, reason))
    }

    fn skipped(&self) -> Skipped {
        self.skipped
    }

    fn header_line(&self) -> Option<&str> {
        None
    }

    fn bytes_read(&self) -> u64 {
        self.lines.bytes_read()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::reader::tests::source;
    use crate::acquire::{Input, Options, Reader};
    use settings::{FixedColumn, Source};

    fn of_columns(columns: &[(&str, usize)]) -> Source {
        let column =
            |(name, width): &(&str, usize)| FixedColumn { name: (*name).into(), width: *width };
        let columns = columns.iter().map(column).collect();
        Source { columns, ..source("id", None, &[("name", &["name"]), ("city", &["city"])]) }
    }

    fn told(text: &str, source: &Source, widths: Option<Vec<usize>>) -> Vec<String> {
        let options = Options { file: "people.txt".into(), widths, ..Options::default() };
        let reader = match Reader::open(Input::of(text.as_bytes().to_vec()), source, &options) {
            Ok(reader) => reader,
            Err(error) => return vec![error.to_string()],
        };
        let tell = |delivered| match delivered {
            Delivered::Row(row) => {
                let texts = row.fields.iter().map(|(_, text)| text.as_str());
                format!("{} {}: {}", row.line, row.key, texts.collect::<Vec<_>>().join("|"))
            }
            Delivered::Quarantined(row) => format!("{} {}", row.line, row.reason),
            Delivered::Skipped(it) => format!("{} blank, {} headers", it.blank, it.headers),
        };
        reader.map(|it| tell(it.unwrap())).collect()
    }

    #[test]
    fn each_column_has_its_signs_whatever_their_bytes() {
        let source = of_columns(&[("id", 4), ("name", 8), ("city", 6)]);
        let text = "0007Zo\u{eb} Lund Omaha \n  \n0008Ann     \nid  name    city  \n    Nobody  Reno  \n\
            0009Too longOmaha!and more\n0010\u{6771}\u{4eac}      Reno";
        let expected = [
            "1 0007: Zo\u{eb} Lund|Omaha",
            "3 0008: Ann",
            "5 no key in column `id`",
            "6 4 fields where the header has 3",
            "7 0010: \u{6771}\u{4eac}|Reno",
            "1 blank, 1 headers",
        ];
        assert_eq!(told(text, &source, None), expected);
    }

    #[test]
    fn widths_alone_take_their_names_from_the_header() {
        let plain = of_columns(&[]);
        let text = "id  name    city  \n0007Zo\u{eb} LundOmaha \n";
        assert_eq!(told(text, &plain, Some(vec![4, 8, 6])), ["2 0007: Zo\u{eb} Lund|Omaha"]);
        let options = Options { format: Some(crate::acquire::Format::Fixed), ..Options::default() };
        let refused = Reader::open(Input::of(text.as_bytes().to_vec()), &plain, &options);
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("columns = [\"id:10\", \"name:30\"]"), "{refused}");
    }
}
