//! JSON Lines: one object a row, names in the order of the columns, values unchanged; what is
//! absent is `null`, so that every line has the same names. Characters that steer a terminal or hide
//! are written as `\uXXXX`: the values are the same, and a line can be looked at.

use std::io::{self, BufWriter, Write};

use serde::{Serialize, Serializer};

use super::cell::Cell;
use super::column::Column;
use super::format::{CsvForm, RowWriter};
use domain::printable::printable_json;

struct JsonLinesWriter<'w> {
    out: BufWriter<&'w mut dyn Write>,
    names: Vec<String>,
}

pub(super) fn open<'w>(
    columns: &[Column],
    _: CsvForm,
    out: &'w mut dyn Write,
) -> io::Result<Box<dyn RowWriter + 'w>> {
    let names = columns.iter().map(|column| column.name.clone()).collect();
    Ok(Box::new(JsonLinesWriter { out: BufWriter::new(out), names }))
}

/// A row as an object.
struct Row<'a> {
    names: &'a [String],
    cells: &'a [Cell],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let cells = self.cells.iter().chain(std::iter::repeat(&Cell::Absent));
        serializer.collect_map(self.names.iter().zip(cells))
    }
}

impl RowWriter for JsonLinesWriter<'_> {
    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        let json = serde_json::to_string(&Row { names: &self.names, cells })?;
        self.out.write_all(printable_json(&json).as_bytes())?;
        self.out.write_all(b"\n")
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::format::Format;
    use super::*;

    #[test]
    fn a_row_is_an_object_and_no_value_is_changed() {
        let columns = ["customer", "email", "score", "members"]
            .map(Column::new)
            .into_iter()
            .chain([Column::nested("lineage")]);
        let columns: Vec<Column> = columns.collect();
        let lineage = Cell::Object(vec![("email".into(), Cell::Flag(false))]);
        let rows = [
            vec![
                Cell::text("C1"),
                Cell::text("=1+\"ü\"\n"),
                Cell::Number(0.5),
                Cell::list(["a b"]),
                lineage,
            ],
            vec![Cell::text("C2"), Cell::Absent, Cell::Whole(3)],
        ];
        let mut out = Vec::new();
        let mut writer = Format::JsonLines.open(&columns, CsvForm::default(), &mut out).unwrap();
        rows.iter().for_each(|row| writer.row(row).unwrap());
        writer.finish().unwrap();
        drop(writer);
        let expected = concat!(
            r#"{"customer":"C1","email":"=1+\"ü\"\n","score":0.5,"members":["a b"],"lineage":{"email":false}}"#,
            "\n",
            r#"{"customer":"C2","email":null,"score":3,"members":null,"lineage":null}"#,
            "\n"
        );
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
