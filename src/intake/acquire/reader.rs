//! Opening a file and walking through its rows.

use std::sync::Arc;

use compact_str::CompactString;

use domain::{FieldName, QuarantinedRow};
use settings::Source;

use super::columns::Columns;
use super::encoding::{self, Encoding};
use super::error::AcquireError;
use super::format::{Format, Opening};
use super::input::Input;
use super::lines::Lines;
use super::quarantine::Kept;

/// How to read a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The format; `None` to find it out.
    pub format: Option<Format>,
    /// The file's name without folders: for its extension, and for messages.
    pub file: String,
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
    /// The columns it has, whatever stands in them.
    pub columns: Arc<Columns>,
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
    /// Bytes taken so far.
    fn bytes_read(&self) -> u64;
    /// The header as it stands in the file.
    fn header_line(&self) -> Option<&str>;
    /// What else there is to say about the file: its delimiter.
    fn detail(&self) -> Option<&'static str>;
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
    pub fn open(
        mut input: Input,
        source: &Source,
        options: &Options,
    ) -> Result<Reader, AcquireError> {
        let file = options.file.clone();
        let unreadable = |cause| AcquireError::Unreadable { file: file.clone(), cause };
        let sample = encoding::read_sample(&mut input).map_err(unreadable)?;
        let encoding = Encoding::of(&sample)
            .map_err(|what| AcquireError::Binary { file: file.clone(), what })?;
        let text = encoding.read_beginning(&sample);
        if sample.is_whole && text.trim().is_empty() {
            return Err(AcquireError::Empty { file });
        }
        let entry = options.format.unwrap_or_else(|| Format::guess(&file, &text)).entry();
        let lines = Lines::new(sample, Box::new(input), encoding, &text);
        let rows = (entry.open)(Opening { lines, sample: &text, source, file: &file })?;
        let mut description = format!("{}, {}", entry.name, encoding.name());
        if let Some(detail) = rows.detail() {
            description.push_str(", ");
            description.push_str(detail);
        }
        Ok(Reader { rows, description, file, read: 0, kept: Kept::default(), ended: false })
    }

    /// How the file is read: `csv, UTF-8, comma`.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Bytes of the file dealt with so far.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.rows.bytes_read()
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
