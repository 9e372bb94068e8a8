//! Databases of SQLite: a table or a query, within one read transaction.
//!
//! A database is more than its file: what was written last may lie in a write-ahead log beside it, and
//! others may be writing. Only SQLite's own locks tell what belongs together, so a database is opened by
//! its path, where it lies, and never copied; nothing of it is ever changed.
//!
//! Lives here: [`Database`], and [`SqliteBytes`], which tells whoever hands in the bytes alone.
//! Does not live here: what becomes of the rows.

mod database;
mod error;

pub use database::{Database, Wanted};
pub use error::SqliteError;

use intake::acquire::{Input, TableError, TableReader, TakesTable};

/// How a database begins.
pub const MARK: &[u8] = b"SQLite format 3\0";

/// The reader of a database of which there are only bytes: it says that they are not enough.
#[derive(Debug, Clone, Copy, Default)]
pub struct SqliteBytes;

impl TableReader for SqliteBytes {
    fn read(&self, _: Input, _: &[String], _: &mut dyn TakesTable) -> Result<(), TableError> {
        let what = "is an SQLite database, which is read in place, together with the files beside \
                    it: save it to a file of its own, and name that file";
        Err(TableError::Refused(what.to_owned()))
    }
}
