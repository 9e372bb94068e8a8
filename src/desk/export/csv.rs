//! CSV as RFC 4180 has it: a header, CRLF, quotes where needed; UTF-8 without a byte order mark. Where
//! somebody asks for it, with such a mark and another delimiter.
//!
//! Values come from outside and the file may be opened in a spreadsheet, which runs a cell that
//! begins like a formula (OWASP, "CSV Injection"). Such a text gets an apostrophe in front. A
//! signed plain number (`-12.5`, and so every E.164 phone number, `+15550104477`) can do nothing
//! but be a number: it stays as it is, so that what is exported can be imported again. JSON Lines
//! never changes a value.

use std::borrow::Cow;
use std::io::{self, Write};

use super::cell::Cell;
use super::column::Column;
use super::format::{CsvForm, RowWriter};

struct CsvWriter<'w> {
    writer: ::csv::Writer<&'w mut dyn Write>,
    /// Whether each column is written.
    written: Vec<bool>,
}

pub(super) fn open<'w>(
    columns: &[Column],
    form: CsvForm,
    out: &'w mut dyn Write,
) -> io::Result<Box<dyn RowWriter + 'w>> {
    if form.bom {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut writer = ::csv::WriterBuilder::new()
        .delimiter(form.delimiter)
        .terminator(::csv::Terminator::CRLF)
        .from_writer(out);
    let flat = columns.iter().filter(|column| !column.nested);
    writer
        .write_record(flat.map(|column| neutralised(&column.name).into_owned()))
        .map_err(io_error)?;
    let written = columns.iter().map(|column| !column.nested).collect();
    Ok(Box::new(CsvWriter { writer, written }))
}

impl RowWriter for CsvWriter<'_> {
    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        for (at, written) in self.written.iter().enumerate() {
            if !written {
                continue;
            }
            match cells.get(at).unwrap_or(&Cell::Absent) {
                Cell::Text(text) => self.writer.write_field(neutralised(text).as_bytes()),
                cell @ (Cell::List(_) | Cell::Object(_)) => {
                    self.writer.write_field(neutralised(&cell.flat()).as_bytes())
                }
                // Our own numbers and flags begin no formula.
                cell => self.writer.write_field(cell.flat()),
            }
            .map_err(io_error)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(io_error)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn io_error(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A text that no spreadsheet takes for a formula.
fn neutralised(text: &str) -> Cow<'_, str> {
    let begins_like_one = text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', // OWASP's list
        '＝', '＋', '－', '＠', // the same in full width, which some locales evaluate as well
    ]);
    if begins_like_one && !is_signed_number(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A sign, digits, and at most one point among them.
fn is_signed_number(text: &str) -> bool {
    let Some(number) = text.strip_prefix(['+', '-']) else { return false };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::super::format::Format;
    use super::*;

    fn written(columns: &[Column], rows: &[Vec<Cell>]) -> String {
        let mut out = Vec::new();
        let mut writer = Format::Csv.open(columns, CsvForm::default(), &mut out).unwrap();
        rows.iter().for_each(|row| writer.row(row).unwrap());
        writer.finish().unwrap();
        drop(writer);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn formulas_are_neutralised_and_plain_numbers_are_not() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("-", "'-"),
            ("+", "'+"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("\n=1", "'\n=1"),
            ("＝1", "'＝1"),
            ("-1.2.3", "'-1.2.3"),
            ("+15550104477", "+15550104477"),
            ("-12.5", "-12.5"),
            ("1=1", "1=1"),
            ("'=1", "'=1"),
            ("", ""),
        ] {
            assert_eq!(neutralised(text), expected, "{text:?}");
        }
    }

    #[test]
    fn quotes_lines_and_letters_of_every_script_are_read_back_as_they_were() {
        let texts = ["a,b", "say \"so\"", "two\r\nlines", "Łukasz 東京 🌹", " padded ", ""];
        let columns = texts.map(Column::new);
        let row = texts.map(Cell::text).to_vec();
        let csv = written(&columns, &[row]);
        let mut reader = ::csv::ReaderBuilder::new().from_reader(csv.as_bytes());
        assert_eq!(reader.headers().unwrap(), texts.as_slice());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(record.iter().collect::<Vec<_>>(), texts);
    }

    #[test]
    fn the_form_is_that_of_the_rfc() {
        let columns = [Column::new("id"), Column::nested("lineage"), Column::new("members")];
        let object = Cell::Object(vec![("email".into(), Cell::text("x"))]);
        let rows = [
            vec![Cell::text("C1"), object, Cell::list(["crm:1", "web,shop:2"])],
            vec![Cell::Number(-0.25)],
        ];
        let expected = "id,members\r\nC1,\"crm:1 web,shop:2\"\r\n-0.25,\r\n";
        assert_eq!(written(&columns, &rows), expected);
    }

    #[test]
    fn a_spreadsheet_gets_its_mark_and_its_delimiter() {
        let (columns, mut out) = (["a;b", "c"].map(Column::new), Vec::new());
        let form = CsvForm { delimiter: b';', bom: true };
        let mut writer = Format::Csv.open(&columns, form, &mut out).unwrap();
        writer.row(&[Cell::text("x,y"), Cell::text("Zo\u{eb}")]).unwrap();
        writer.finish().unwrap();
        drop(writer);
        let expected = "\u{feff}\"a;b\";c\r\nx,y;Zo\u{eb}\r\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn what_is_not_text_has_one_flat_form() {
        let object = vec![("email".to_owned(), Cell::text("=x")), ("n".to_owned(), Cell::Whole(3))];
        for (cell, expected) in [
            (Cell::Absent, ""),
            (Cell::Number(1e-20), "1e-20"),
            (Cell::Number(0.1 + 0.2), "0.30000000000000004"),
            (Cell::Flag(true), "true"),
            (Cell::Object(object), "email==x; n=3"),
            (Cell::list(["=a", "b"]), "'=a b"),
        ] {
            let csv = written(&[Column::new("a"), Column::new("b")], &[vec![cell]]);
            assert_eq!(csv, format!("a,b\r\n{expected},\r\n"));
        }
    }
}
