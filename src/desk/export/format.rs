//! The one table of formats.

use std::io::{self, Write};

use std::sync::Arc;

use super::cell::Cell;
use super::column::Column;
use super::{csv, json_lines};

/// A format that can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values (RFC 4180), UTF-8.
    Csv,
    /// One JSON object a line.
    JsonLines,
    /// Columns with types, for data lakes: a crate beside this one writes it, where a build has that.
    Parquet,
}

/// How delimited text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvForm {
    /// What parts cells.
    pub delimiter: u8,
    /// Whether a byte order mark says that it is UTF-8: spreadsheets want one.
    pub bom: bool,
}

impl Default for CsvForm {
    fn default() -> Self {
        Self { delimiter: b',', bom: false }
    }
}

/// Writes a format that this crate does not know.
pub trait TableWriter: Send + Sync {
    /// Begins a data set of those columns.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn open<'w>(
        &self,
        columns: &[Column],
        out: &'w mut (dyn Write + Send),
    ) -> io::Result<Box<dyn RowWriter + 'w>>;
}

/// A format and all that it is written with.
#[derive(Clone)]
pub struct Written {
    /// The format.
    pub format: Format,
    /// How, where it is delimited text.
    pub form: CsvForm,
    /// Who writes it, where that is not this crate.
    pub writer: Option<Arc<dyn TableWriter>>,
}

impl Written {
    /// Begins a data set of those columns.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn open<'w>(
        &self,
        columns: &[Column],
        out: &'w mut (dyn Write + Send),
    ) -> io::Result<Box<dyn RowWriter + 'w>> {
        match &self.writer {
            Some(writer) => writer.open(columns, out),
            None => self.format.open(columns, self.form, out),
        }
    }
}

/// Writes the rows of one data set.
pub trait RowWriter {
    /// Writes a row: one cell for each column, in order; a missing last cell is absent.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn row(&mut self, cells: &[Cell]) -> io::Result<()>;

    /// Writes what is left; without it the output may be cut short.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn finish(&mut self) -> io::Result<()>;
}

type Open =
    for<'w> fn(&[Column], CsvForm, &'w mut dyn Write) -> io::Result<Box<dyn RowWriter + 'w>>;

/// What is known about a format.
pub struct FormatEntry {
    /// The format.
    pub format: Format,
    /// Its name on the command line.
    pub name: &'static str,
    /// The file extensions it goes by, lower case.
    pub extensions: &'static [&'static str],
    /// Who writes it; none where that is a crate beside this one.
    open: Option<Open>,
}

/// Every format; the first is the one nobody has to ask for.
pub const FORMATS: [FormatEntry; 3] = [
    FormatEntry { format: Format::Csv, name: "csv", extensions: &["csv"], open: Some(csv::open) },
    FormatEntry {
        format: Format::JsonLines,
        name: "jsonl",
        extensions: &["jsonl", "ndjson"],
        open: Some(json_lines::open),
    },
    FormatEntry {
        format: Format::Parquet,
        name: "parquet",
        extensions: &["parquet", "pq"],
        open: None,
    },
];

impl Format {
    /// The format of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Format> {
        FORMATS.iter().find(|entry| entry.name == name).map(|entry| entry.format)
    }

    /// The format a file's name ends like.
    #[must_use]
    pub fn of_file(file: &str) -> Option<Format> {
        let (_, extension) = file.rsplit_once('.')?;
        let extension = extension.to_lowercase();
        let found = FORMATS.iter().find(|entry| entry.extensions.contains(&extension.as_str()));
        found.map(|entry| entry.format)
    }

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// Whether a crate beside this one writes it.
    #[must_use]
    pub fn is_beside(self) -> bool {
        self.entry().open.is_none()
    }

    /// Begins a data set of those columns: writes the header, where the format has one.
    ///
    /// # Errors
    /// When the output cannot be written, or a crate beside this one writes the format.
    pub fn open<'w>(
        self,
        columns: &[Column],
        form: CsvForm,
        out: &'w mut dyn Write,
    ) -> io::Result<Box<dyn RowWriter + 'w>> {
        match self.entry().open {
            Some(open) => open(columns, form, out),
            None => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    fn entry(self) -> &'static FormatEntry {
        let [csv, json_lines, parquet] = &FORMATS;
        match self {
            Format::Csv => csv,
            Format::JsonLines => json_lines,
            Format::Parquet => parquet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name_and_extensions() {
        for entry in &FORMATS {
            assert_eq!(Format::from_name(entry.name), Some(entry.format));
            assert_eq!(entry.format.name(), entry.name);
            for extension in entry.extensions {
                let file = format!("golden.{}", extension.to_uppercase());
                assert_eq!(Format::of_file(&file), Some(entry.format));
            }
        }
        assert_eq!((Format::from_name("xls"), Format::of_file("golden")), (None, None));
    }
}
