//! Formats that crates beside this one read: those of databases and data lakes, which not every build
//! can. Here is what such a crate implements, and which of them a build has.

use std::fmt;
use std::io;
use std::sync::Arc;

use compact_str::CompactString;

use super::cell_table::CellRow;
use super::format::Format;
use super::input::Input;

/// Reads the tables of a format.
pub trait TableReader: Send + Sync {
    /// Hands out the columns of the input's table and then its rows, on a thread of its own. `named` are
    /// the columns that the settings of the source name.
    ///
    /// # Errors
    /// Why it cannot be read, or not to its end.
    fn read(
        &self,
        input: Input,
        named: &[String],
        to: &mut dyn TakesTable,
    ) -> Result<(), TableError>;
}

/// Takes a table.
pub trait TakesTable {
    /// Takes its columns, once, before any row; false: nobody wants any more.
    fn head(&mut self, head: TableHead) -> bool;
    /// Takes a row, which has its number already; false: nobody wants any more.
    fn row(&mut self, row: CellRow) -> bool;
}

/// A table before its rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableHead {
    /// How it is read: `parquet; lists: tags`.
    pub description: String,
    /// Its columns, in order.
    pub columns: Vec<CompactString>,
}

/// Why a table is not read, or not read on. Never says what stands in it.
#[derive(Debug)]
pub enum TableError {
    /// The input failed.
    Unreadable(io::Error),
    /// It is not what its format says.
    Damaged(String),
    /// It is sound, and not read for that; a sentence behind the name of its file.
    Refused(String),
}

impl From<io::Error> for TableError {
    fn from(error: io::Error) -> Self {
        TableError::Unreadable(error)
    }
}

/// The readers that a build has.
#[derive(Clone, Default)]
pub struct Readers(Vec<(Format, Arc<dyn TableReader>)>);

impl Readers {
    /// The same and one more.
    #[must_use]
    pub fn and(mut self, format: Format, reader: impl TableReader + 'static) -> Readers {
        self.0.push((format, Arc::new(reader)));
        self
    }

    /// Who reads a format.
    pub(super) fn of(&self, format: Format) -> Option<&Arc<dyn TableReader>> {
        self.0.iter().find(|(own, _)| *own == format).map(|(_, reader)| reader)
    }

    fn formats(&self) -> impl Iterator<Item = Format> {
        self.0.iter().map(|(format, _)| *format)
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.formats()).finish()
    }
}

/// A build has one reader of a format at most.
impl PartialEq for Readers {
    fn eq(&self, other: &Readers) -> bool {
        self.formats().eq(other.formats())
    }
}

impl Eq for Readers {}
