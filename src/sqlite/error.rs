//! Why a database is not read. Names tables, and never values.

use rusqlite::ErrorCode;

/// Why a database is not read; a sentence behind the name of its file.
#[derive(Debug, thiserror::Error)]
pub enum SqliteError {
    /// Several tables, and nobody says which.
    #[error("has several tables: choose one with --table: {}", .0.join(", "))]
    SeveralTables(Vec<String>),
    /// No table at all.
    #[error("has no table")]
    NoTable,
    /// No table of that name.
    #[error("has no table or view `{wanted}`; it has {}", if known.is_empty() { "none".to_owned() } else { known.join(", ") })]
    UnknownTable {
        /// The name asked for.
        wanted: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// The query gives no rows by its nature, or would change something.
    #[error("is read-only here: --query takes one SELECT")]
    NoSelect,
    /// The query is wrong.
    #[error("cannot answer the query: {0}")]
    BadQuery(String),
    /// The query fails at a row, which is counted from 1.
    #[error("the query failed at row {row}: {why}")]
    Failed {
        /// The row.
        row: u64,
        /// What SQLite says.
        why: String,
    },
    /// Another program holds it.
    #[error("is being written by another program: try again when that is done")]
    Locked,
    /// A writer died in the middle of a change.
    #[error(
        "was left in the middle of a change, and repairing that means writing: open it once with the \
         program it belongs to"
    )]
    Unfinished,
    /// It cannot be opened.
    #[error("cannot be opened: {0}")]
    NotOpened(String),
    /// It is damaged.
    #[error("is a damaged SQLite database: {0}")]
    Damaged(String),
}

impl SqliteError {
    /// Why a query went no further than to that row.
    pub(super) fn at(row: u64, error: rusqlite::Error) -> SqliteError {
        match SqliteError::from(error) {
            SqliteError::BadQuery(why) => SqliteError::Failed { row, why },
            other => other,
        }
    }

    /// The same as a sentence about the file.
    #[must_use]
    pub fn of_file(&self, file: &str) -> String {
        match self {
            SqliteError::Failed { row, why } => {
                format!("{file}: the query failed at row {row}: {why}")
            }
            other => format!("{file} {other}"),
        }
    }

    /// The same behind a sentence that names the file.
    #[must_use]
    pub fn behind_file(&self) -> String {
        match self {
            failed @ SqliteError::Failed { .. } => failed.to_string(),
            other => format!("it {other}"),
        }
    }
}

impl From<rusqlite::Error> for SqliteError {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        // The library's messages name tables and columns, and values only where a query does.
        let what = match &error {
            rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
            rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
            other => other.to_string(),
        };
        match code {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => SqliteError::Locked,
            Some(ErrorCode::ReadOnly) => SqliteError::Unfinished,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                SqliteError::Damaged(what)
            }
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                SqliteError::NotOpened(what)
            }
            _ => SqliteError::BadQuery(what),
        }
    }
}
