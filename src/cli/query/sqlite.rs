//! A database of SQLite, by its path.

use std::path::Path;

use super::super::input::Input;
use super::DatabaseArguments;
use super::stream::streamed;
use door::{Failure, FailureClass, FilePart, UnnamedPart};
use steward_sqlite::{Database, SqliteError, Wanted};

/// Opens a database and asks it.
///
/// # Errors
/// When it cannot be read or cannot be asked that.
pub(super) fn open(path: &Path, arguments: &DatabaseArguments) -> anyhow::Result<Input> {
    let DatabaseArguments { table, query } = arguments.clone();
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let failed = |error: SqliteError| not_opened(&error, &file);
    let database = Database::open(path, &Wanted { table, query }).map_err(failed)?;
    // Whoever reads the rows names the file.
    let broken_off = |error: SqliteError| anyhow::anyhow!("{}", error.behind_file());
    let ask = move |to: &mut dyn intake::acquire::TakesTable| database.read(to).map_err(broken_off);
    Ok(streamed(file, ask)?)
}

/// Why a database is not read, with its tables where one of them has to be named.
fn not_opened(error: &SqliteError, file: &str) -> Failure {
    let mut failure = Failure::new(FailureClass::Failed, error.of_file(file));
    if let SqliteError::SeveralTables(names) | SqliteError::UnknownTable { known: names, .. } =
        error
    {
        let (kind, names) = (FilePart::Table, names.clone());
        failure.part = Some(Box::new(UnnamedPart { kind, names }));
    }
    failure
}
