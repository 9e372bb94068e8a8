//! What is not a file but an answer: the rows of a database, asked for here, where whoever asks has
//! their own rights, and handed on as a stream of typed rows.
//!
//! The stream ends well only when the database said that this was all: until then nothing of it is
//! imported.

mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
mod stream;

use std::path::Path;

use super::failure::Usage;
use super::input::Input;

/// What to ask a database for.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args)]
pub struct DatabaseArguments {
    /// The table or view of a database, such as crm.customers.
    #[arg(long, value_name = "NAME", conflicts_with = "query")]
    pub table: Option<String>,
    /// A SELECT that returns the rows from a database.
    #[arg(long, value_name = "SQL")]
    pub query: Option<String>,
}

impl DatabaseArguments {
    /// The table of that name, or the only one.
    pub fn of_table(table: Option<&str>) -> Self {
        Self { table: table.map(str::to_owned), query: None }
    }

    /// Whether a path leads to a database, or is the address of one.
    pub fn is_database(path: &Path) -> bool {
        path.to_str().is_some_and(postgres::is_address) || is_sqlite(path)
    }

    /// Opens what a path, or the address of a database, leads to.
    ///
    /// # Errors
    /// When it cannot be opened or cannot be asked that.
    pub fn open(&self, path: &Path) -> anyhow::Result<Input> {
        if let Some(address) = path.to_str().filter(|it| postgres::is_address(it)) {
            return postgres::open(address, self);
        }
        if is_sqlite(path) {
            #[cfg(feature = "sqlite")]
            return sqlite::open(path, self);
        } else if self.table.is_some() || self.query.is_some() {
            let why = if is_packed(path) {
                "a database is read in place, so unpack it first"
            } else {
                "--table and --query are for databases, and this is not one"
            };
            return Err(Usage::error(format!("{}: {why}", path.display())));
        }
        // A database that this build cannot read is refused by its name, like any other format.
        Input::open_file(path)
    }
}

/// Whether a path leads to a database of SQLite.
pub fn is_sqlite(path: &Path) -> bool {
    begins_with(path, b"SQLite format 3\0")
}

/// Whether a path leads to a file of gzip or zip.
fn is_packed(path: &Path) -> bool {
    begins_with(path, b"\x1f\x8b") || begins_with(path, b"PK\x03\x04")
}

fn begins_with(path: &Path, mark: &[u8]) -> bool {
    use std::io::Read;
    let mut beginning = vec![0; mark.len()];
    // A pipe is not looked into: what is read of one is gone.
    let is_file = path.metadata().is_ok_and(|about| about.is_file());
    let file = is_file.then(|| std::fs::File::open(path).ok()).flatten();
    file.is_some_and(|mut file| file.read_exact(&mut beginning).is_ok() && beginning == mark)
}
