//! A database of SQLite, by its path.

use std::path::Path;

use super::super::input::Input;
use super::DatabaseArguments;
use super::stream::streamed;
use steward_sqlite::{Database, SqliteError, Wanted};

/// Opens a database and asks it.
///
/// # Errors
/// When it cannot be read or cannot be asked that.
pub(super) fn open(path: &Path, arguments: &DatabaseArguments) -> anyhow::Result<Input> {
    let DatabaseArguments { table, query } = arguments.clone();
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let failed = |error: SqliteError| anyhow::anyhow!("{}", error.of_file(&file));
    let database = Database::open(path, &Wanted { table, query }).map_err(failed)?;
    // Whoever reads the rows names the file.
    let broken_off = |error: SqliteError| anyhow::anyhow!("{}", error.behind_file());
    let ask = move |to: &mut dyn intake::acquire::TakesTable| database.read(to).map_err(broken_off);
    Ok(streamed(file, ask)?)
}
