//! A database, and the table or query that is read of it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use intake::acquire::{Cell, CellRow, TableHead, TakesTable};
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::types::ValueRef;
use rusqlite::{Batch, Connection, ErrorCode, OpenFlags};

use super::error::SqliteError;

/// How long a writer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is read of a database; without either its only table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// A table or view.
    pub table: Option<String>,
    /// A SELECT.
    pub query: Option<String>,
}

/// A database that is open, as it was at one moment, and what is read of it.
pub struct Database {
    connection: Connection,
    sql: String,
    head: TableHead,
}

impl Database {
    /// Opens a database to be read, and finds what is wanted in it. From here on it shows what it holds
    /// now, whoever writes meanwhile.
    ///
    /// # Errors
    /// [`SqliteError`].
    pub fn open(path: &Path, wanted: &Wanted) -> Result<Database, SqliteError> {
        let connection = match begin(path, false) {
            // Where nothing can be written, no log can be shared; without a log none is needed.
            Err(SqliteError::NotOpened(_)) if has_no_log(path) => begin(path, true)?,
            begun => begun?,
        };
        let (sql, description) = match &wanted.query {
            Some(query) => (query.clone(), "sqlite, query".to_owned()),
            None => of_table(&connection, wanted.table.as_deref())?,
        };
        let columns = columns(&connection, &sql)?;
        let columns = columns.iter().map(|name| name.as_str().into()).collect();
        Ok(Database { connection, sql, head: TableHead { description, columns } })
    }

    /// Hands out the rows.
    ///
    /// # Errors
    /// [`SqliteError`].
    pub fn read(&self, to: &mut dyn TakesTable) -> Result<(), SqliteError> {
        if !to.head(self.head.clone()) {
            return Ok(());
        }
        let mut statement = self.connection.prepare(&self.sql)?;
        let count = statement.column_count();
        let mut rows = statement.query(())?;
        let mut number = 0;
        loop {
            number += 1;
            let Some(row) = rows.next().map_err(|error| SqliteError::at(number, error))? else {
                return Ok(());
            };
            let cell = |at: usize| Ok((at as u32, cell(row.get_ref(at)?)));
            let cells = (0..count).map(cell).collect::<Result<_, rusqlite::Error>>()?;
            if !to.row(CellRow { number, cells }) {
                return Ok(());
            }
        }
    }
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Empty,
        ValueRef::Integer(number) => Cell::Whole(number.into()),
        ValueRef::Real(number) => Cell::Float(number),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Cell::Text(text.into()),
            Err(_) => Cell::of_bytes(bytes),
        },
        ValueRef::Blob(bytes) => Cell::of_bytes(bytes),
    }
}

/// A connection within a read transaction that has begun.
fn begin(path: &Path, immutable: bool) -> Result<Connection, SqliteError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match immutable {
        false => Connection::open_with_flags(path, flags),
        true => {
            let flags = flags | OpenFlags::SQLITE_OPEN_URI;
            Connection::open_with_flags(address(path), flags)
        }
    }?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "query_only", true)?;
    // A schema that was tampered with runs nothing.
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.execute_batch("BEGIN")?;
    // The transaction begins with the first look.
    let looked = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |_| Ok(()));
    match looked {
        // A log without its index, and nobody may write one.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ReadOnly) => {
            Err(SqliteError::Unfinished)
        }
        looked => Ok(looked.map(|()| connection)?),
    }
}

fn has_no_log(path: &Path) -> bool {
    let beside = |end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    ["-wal", "-journal"].iter().all(|end| beside(end).symlink_metadata().is_err())
}

/// The path as an address that says that nobody writes the file.
fn address(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut address = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                address.push(char::from(*byte));
            }
            other => address.push_str(&format!("%{other:02x}")),
        }
    }
    address + "?immutable=1"
}

/// The query for a table, and how it is described.
fn of_table(
    connection: &Connection,
    wanted: Option<&str>,
) -> Result<(String, String), SqliteError> {
    let mut listed = connection.prepare(
        "SELECT name, type = 'table' FROM sqlite_schema WHERE type IN ('table', 'view') \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid",
    )?;
    let listed = listed.query_map((), |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let listed: Vec<(String, bool)> = listed.collect::<Result<_, _>>()?;
    let known = || listed.iter().map(|(name, _)| name.clone());
    let mut tables = listed.iter().filter(|(_, is_table)| *is_table).map(|(name, _)| name);
    let table = match (wanted, tables.next(), tables.next()) {
        (Some(wanted), ..) => known()
            .find(|name| name == wanted)
            .or_else(|| known().find(|name| name.eq_ignore_ascii_case(wanted)))
            .ok_or_else(|| SqliteError::UnknownTable {
                wanted: wanted.to_owned(),
                known: known().collect(),
            })?,
        (None, Some(only), None) => only.clone(),
        (None, Some(_), Some(_)) => return Err(SqliteError::SeveralTables(known().collect())),
        (None, None, _) if listed.is_empty() => return Err(SqliteError::NoTable),
        (None, None, _) => return Err(SqliteError::SeveralTables(known().collect())),
    };
    let others: Vec<String> = known().filter(|name| *name != table).collect();
    let mut description = format!("sqlite, table {table}");
    if !others.is_empty() {
        description.push_str(&format!("; not read: `{}`", others.join("`, `")));
    }
    Ok((format!("SELECT * FROM \"{}\"", table.replace('"', "\"\"")), description))
}

/// The columns of a query that is one, and that only reads.
fn columns(connection: &Connection, sql: &str) -> Result<Vec<String>, SqliteError> {
    let mut batch = Batch::new(connection, sql);
    let Some(first) = batch.next()? else { return Err(SqliteError::NoSelect) };
    let names: Vec<String> = first.column_names().map(str::to_owned).collect();
    let reads = first.readonly() && !names.is_empty();
    drop(first);
    if !reads || batch.next()?.is_some() {
        return Err(SqliteError::NoSelect);
    }
    Ok(names)
}

#[cfg(test)]
mod tests;
