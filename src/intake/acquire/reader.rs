//! Opening a file and walking through its rows.

use compact_str::CompactString;

use domain::{FieldName, QuarantinedRow};
use settings::Source;

use super::error::AcquireError;
use super::format::{self, Format};
use super::input::Input;
use super::quarantine::Kept;

/// How to read a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The format; `None` to find it out.
    pub format: Option<Format>,
    /// The file's name without folders: for its extension, and for messages.
    pub file: String,
    /// The sheet of a workbook; `None`: the first in which something stands.
    pub sheet: Option<String>,
    /// The row of the header, counted from 1; `None` to find it.
    pub header_row: Option<u64>,
    /// The path of a list in a JSON object: `data.customers`.
    pub records: Option<String>,
}

/// One row that can become a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Line of the file where it begins, counted from 1.
    pub line: u64,
    /// Its key in the source, without white space around it.
    pub key: CompactString,
    /// The mapped fields that hold something, in the order of the mapping, as delivered; several
    /// columns joined with a space.
    pub fields: Vec<(FieldName, String)>,
    /// The other columns that hold something (neither key nor `updated`), as delivered, and the
    /// parts of a field that is read from several columns.
    pub unmapped: Vec<(CompactString, CompactString)>,
    /// The source's own time of change, as delivered.
    pub updated: Option<String>,
    /// Fields whose text was a number with decimals in the file: a point parts them, whatever the
    /// custom of the source is.
    pub decimals: Vec<FieldName>,
}

/// What a line, or several, turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// A row.
    Row(Row),
    /// What could not become one, kept whole, or its beginning.
    Quarantined(QuarantinedRow),
}

/// What a format's reader does.
pub(super) trait Rows {
    /// The next row; blank lines are passed over.
    fn next_row(&mut self) -> std::io::Result<Option<Delivered>>;
    /// The header as it stands in the file.
    fn header_line(&self) -> Option<&str>;
    /// How the file is read: its format, and what else there is to say.
    fn description(&self) -> String;
}

/// The rows of one file, read as they are asked for.
///
/// Memory stays constant but for about 20 bytes a row, which tell repeated keys. An `Err` is the
/// last thing delivered: the input failed, or nearly all of it is no use.
pub struct Reader {
    rows: Box<dyn Rows + Send>,
    description: String,
    file: String,
    read: u64,
    kept: Kept,
    ended: bool,
}

impl Reader {
    /// Finds out encoding, format and delimiter, and reads the header.
    ///
    /// # Errors
    /// Whatever makes the whole file unusable; see [`AcquireError`].
    pub fn open(input: Input, source: &Source, options: &Options) -> Result<Reader, AcquireError> {
        let file = options.file.clone();
        let rows = format::open(input, source, options)?;
        let description = rows.description();
        Ok(Reader { rows, description, file, read: 0, kept: Kept::default(), ended: false })
    }

    /// How the file is read: `csv, UTF-8, comma`.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The header as it stands in the file, without its line end: before mended rows of the
    /// quarantine it makes them a file again. `None` where the format has no header.
    #[must_use]
    pub fn header_line(&self) -> Option<&str> {
        self.rows.header_line()
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("description", &self.description).finish_non_exhaustive()
    }
}

impl Iterator for Reader {
    type Item = Result<Delivered, AcquireError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        if self.kept.is_hopeless(self.read) {
            self.ended = true;
            return Some(Err(AcquireError::Hopeless { file: self.file.clone(), rows: self.read }));
        }
        match self.rows.next_row() {
            Ok(Some(mut delivered)) => {
                self.read += 1;
                if let Delivered::Quarantined(row) = &mut delivered {
                    self.kept.note(row);
                }
                Some(Ok(delivered))
            }
            Ok(None) => {
                self.ended = true;
                None
            }
            Err(cause) => {
                self.ended = true;
                Some(Err(AcquireError::Unreadable { file: self.file.clone(), cause }))
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
