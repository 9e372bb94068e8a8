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
    let failed = {
        let file = file.clone();
        move |error: SqliteError| anyhow::anyhow!("{file} {error}")
    };
    let database = Database::open(path, &Wanted { table, query }).map_err(&failed)?;
    let ask = move |to: &mut dyn intake::acquire::TakesTable| database.read(to).map_err(failed);
    Ok(streamed(file, ask)?)
}
