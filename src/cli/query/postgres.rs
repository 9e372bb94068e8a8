//! A database of PostgreSQL, asked by `psql`: its TLS, its `.pgpass`, its services, and no password that
//! passes through here.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};

use anyhow::Context;

use super::super::failure::Usage;
use super::super::input::Input;
use super::DatabaseArguments;
use super::stream::streamed;
use domain::hexadecimal;
use intake::acquire::{Cell, CellRow, TableHead, TakesTable};

/// What stands between the types of the columns and their rows.
const BETWEEN: &str = "steward: rows";
/// The most of what psql complains about that is told.
const MOST_TOLD: usize = 2_000;

/// Whether a name is the address of such a database.
pub(super) fn is_address(name: &str) -> bool {
    name.starts_with("postgresql://") || name.starts_with("postgres://")
}

/// Opens a query.
///
/// # Errors
/// When nothing is asked, the address holds a password, or psql cannot be started.
pub(super) fn open(address: &str, arguments: &DatabaseArguments) -> anyhow::Result<Input> {
    must_hold_no_password(address)?;
    let (query, what) = match (&arguments.query, &arguments.table) {
        (Some(query), _) if !begins_as_question(query) => {
            let why = "a query must be one statement starting with SELECT, WITH, TABLE or VALUES";
            return Err(Usage::error(format!("--query: {why}")));
        }
        (Some(query), _) => (query.trim().trim_end_matches(';').to_owned(), "query".to_owned()),
        (None, Some(table)) => {
            (format!("SELECT * FROM {}", quoted(table)), format!("table {table}"))
        }
        (None, None) => {
            return Err(Usage::error("say what to import: --table NAME or --query \"select ...\""));
        }
    };
    let description = format!("postgresql, {what}");
    let mut psql = start(address)?;
    let script = script(&query);
    let mut input = psql.0.stdin.take();
    let ask = move |to: &mut dyn TakesTable| {
        if let Some(mut input) = input.take() {
            // One that does not start reads nothing, and says why itself.
            let _ = input.write_all(script.as_bytes());
        }
        psql.hand_out(description, to)
    };
    Ok(streamed(without_user(address), ask)?)
}

/// A password in an address would stand in the list of processes, and in the shell's history.
fn must_hold_no_password(address: &str) -> anyhow::Result<()> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let user = place.rsplit_once('@').map_or("", |(user, _)| user);
    let names_one = |parameter: &str| {
        parameter.split_once('=').is_some_and(|(name, _)| name.eq_ignore_ascii_case("password"))
    };
    if user.contains(':') || parameters.split('&').any(names_one) {
        return Err(Usage::error(
            "everybody on this machine can read a password in an address: put it into \
             ~/.pgpass (or a service of ~/.pg_service.conf) and leave it out here",
        ));
    }
    Ok(())
}

/// The address as it is told and recorded: who logs in, and how, is nobody's business.
fn without_user(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("postgresql", address));
    let place = rest.split_once('?').map_or(rest, |(place, _)| place);
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    format!("{scheme}://{place}")
}

/// `crm.customers` as SQL names it.
fn quoted(table: &str) -> String {
    let parts = table.split('.').map(|part| format!("\"{}\"", part.replace('"', "\"\"")));
    parts.collect::<Vec<_>>().join(".")
}

/// What psql is told: within one read-only transaction the columns with their types, then the rows.
///
/// psql never reads the query itself, in which a backslash would be a command of its own: it stands
/// between dollar signs, and the server's parser alone says that it is one statement that gives rows,
/// by opening a cursor for it, before it is put into a COPY (`\gexec` sends that as it is).
fn script(query: &str) -> String {
    let inner = DollarQuotes::foreign_to(query);
    let literal = inner.around(query);
    let opening =
        format!(" DECLARE it refcursor := 'steward'; BEGIN OPEN it FOR EXECUTE {literal}; END ");
    let opening = DollarQuotes::foreign_to(&opening).around(&opening);
    format!(
        "\\set VERBOSITY terse\n\\pset format csv\n\\pset tuples_only on\n\
         SET client_min_messages = error;\n\
         BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\n\
         SET LOCAL datestyle = 'ISO, YMD';\nSET LOCAL timezone = 'UTC';\n\
         SET LOCAL bytea_output = 'hex';\nSET LOCAL extra_float_digits = 3;\n\
         DO {opening};\n\
         FETCH ALL FROM steward\n\\gdesc\n\\echo '{BETWEEN}'\n\
         SELECT 'COPY (' || {literal} || ') TO STDOUT WITH (FORMAT csv, HEADER, ENCODING ''UTF8'')'\n\
         \\gexec\n\
         COMMIT;\n"
    )
}

/// The dollar signs, and what stands between them, that begin and end a text in which they never stand.
struct DollarQuotes(String);

impl DollarQuotes {
    fn foreign_to(text: &str) -> Self {
        let mut name = "$steward".to_owned();
        while text.contains(&name) {
            name.push('_');
        }
        name.push('$');
        DollarQuotes(name)
    }

    /// The text as a literal; on a line of its own, since it may end with a comment.
    fn around(&self, text: &str) -> String {
        format!("{0}\n{text}\n{0}", self.0)
    }
}

/// Whether a statement begins as one does that gives rows and changes nothing. The server says the rest.
fn begins_as_question(query: &str) -> bool {
    let mut rest = query.trim_start();
    loop {
        let after = if let Some(line) = rest.strip_prefix("--") {
            line.split_once('\n').map_or("", |(_, rest)| rest)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, rest)| rest)
        } else if let Some(inner) = rest.strip_prefix('(') {
            inner
        } else {
            break;
        };
        rest = after.trim_start();
    }
    let word = rest.split(|sign: char| !sign.is_ascii_alphabetic()).next().unwrap_or_default();
    ["select", "with", "table", "values"].iter().any(|it| word.eq_ignore_ascii_case(it))
}

/// A psql that runs; it ends with this value.
struct Psql(Child);

impl Drop for Psql {
    fn drop(&mut self) {
        // It has ended already, unless nobody wants its rows any more.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(address: &str) -> anyhow::Result<Psql> {
    let child = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--file=-"])
        .arg(format!("--dbname={address}"))
        .env("PGCLIENTENCODING", "UTF8")
        .env("PGAPPNAME", "steward")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    child
        .map(Psql)
        .context("psql cannot be started: install PostgreSQL's client (package postgresql-client)")
}

impl Psql {
    /// Hands out what the server answers, to its end.
    fn hand_out(&mut self, description: String, to: &mut dyn TakesTable) -> anyhow::Result<()> {
        let output = self.0.stdout.take().context("psql produced no output")?;
        let mut records = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(output)
            .into_byte_records();
        let mut kinds = Vec::new();
        let mut columns = Vec::new();
        for record in records.by_ref() {
            let record = record?;
            let text = |at: usize| String::from_utf8_lossy(record.get(at).unwrap_or_default());
            if record.len() == 1 && record.get(0) == Some(BETWEEN.as_bytes()) {
                break;
            }
            columns.push(text(0).as_ref().into());
            kinds.push(Kind::of(&text(1)));
        }
        // The header of the rows says the same once more.
        let has_rows = records.next().transpose()?.is_some();
        if has_rows && to.head(TableHead { description, columns }) {
            for (record, number) in records.zip(1..) {
                let record = record?;
                let cells = record.iter().zip(&kinds).zip(0..);
                let cells = cells.map(|((value, kind), at)| (at, kind.cell(value)));
                if !to.row(CellRow { number, cells: cells.collect() }) {
                    return Ok(());
                }
            }
        }
        self.must_have_ended_well()
    }

    fn must_have_ended_well(&mut self) -> anyhow::Result<()> {
        let mut told = String::new();
        if let Some(errors) = &mut self.0.stderr {
            // Whatever it says, its end is told.
            let _ = errors.take(MOST_TOLD as u64).read_to_string(&mut told);
        }
        let status = self.0.wait()?;
        if status.success() {
            return Ok(());
        }
        let told: Vec<&str> = told.trim().lines().map(without_place).collect();
        let told = match told.join("\n") {
            nothing if nothing.is_empty() => format!("psql ended with {status}"),
            told => told,
        };
        anyhow::bail!("{told}; nothing was imported")
    }
}

/// A complaint without its place in what psql was told, which nobody but steward wrote.
fn without_place(told: &str) -> &str {
    let place = told.strip_prefix("psql:<stdin>:").and_then(|rest| rest.split_once(": "));
    match place {
        Some((line, rest)) if line.bytes().all(|sign| sign.is_ascii_digit()) => rest,
        _ => told,
    }
}

/// What the values of a column are, as far as that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A number that may have decimals: a point parts them.
    Number,
    Flag,
    Bytes,
    /// Its text says all.
    Other,
}

impl Kind {
    fn of(type_name: &str) -> Kind {
        let base = type_name.split('(').next().unwrap_or_default().trim();
        match base {
            "numeric" | "real" | "double precision" => Kind::Number,
            "boolean" => Kind::Flag,
            "bytea" => Kind::Bytes,
            _ => Kind::Other,
        }
    }

    fn cell(self, value: &[u8]) -> Cell {
        let text = || match std::str::from_utf8(value) {
            Ok(text) => Cell::Text(text.into()),
            Err(_) => Cell::of_bytes(value),
        };
        match (self, value) {
            (_, b"") => Cell::Empty,
            (Kind::Flag, b"t") => Cell::Bool(true),
            (Kind::Flag, b"f") => Cell::Bool(false),
            (Kind::Number, value) => match text() {
                Cell::Text(text) if is_plain(value) => Cell::Decimal(text),
                Cell::Text(text) => text.parse().map_or(Cell::Text(text), Cell::Float),
                other => other,
            },
            (Kind::Bytes, value) => {
                let digits = value.strip_prefix(b"\\x").and_then(|it| std::str::from_utf8(it).ok());
                let bytes = digits.and_then(hexadecimal::decode);
                bytes.map_or_else(text, |bytes| Cell::of_bytes(&bytes))
            }
            _ => text(),
        }
    }
}

/// A sign, digits, a point.
fn is_plain(number: &[u8]) -> bool {
    let digits = number.strip_prefix(b"-").unwrap_or(number);
    digits.iter().all(|sign| sign.is_ascii_digit() || *sign == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_a_password_is_refused_and_told_without_its_user() {
        for address in [
            "postgresql://kim:secret@db.example/crm",
            "postgres://kim:@db.example/crm",
            "postgresql://db.example/crm?password=secret",
            "postgresql://db.example/crm?sslmode=require&PASSWORD=secret",
            "postgresql://kim:a@b@db.example/crm",
        ] {
            let refused = must_hold_no_password(address).unwrap_err().to_string();
            assert!(refused.contains(".pgpass") && !refused.contains("secret"), "{refused}");
        }
        for (address, told) in [
            (
                "postgresql://kim@db.example:5433/crm?sslmode=require",
                "postgresql://db.example:5433/crm",
            ),
            ("postgres:///crm", "postgres:///crm"),
            ("postgresql://?service=crm", "postgresql://"),
            ("postgresql://[::1]:5432/crm", "postgresql://[::1]:5432/crm"),
        ] {
            must_hold_no_password(address).unwrap();
            assert_eq!(without_user(address), told);
        }
        assert!(is_address("postgres://x") && !is_address("postgres.csv"));
    }

    #[test]
    fn a_table_is_named_whatever_its_signs() {
        assert_eq!(quoted("crm.Customers"), "\"crm\".\"Customers\"");
        assert_eq!(quoted("a\"; drop table b"), "\"a\"\"; drop table b\"");
    }

    #[test]
    fn psql_never_reads_a_query() {
        for query in [
            "select 1 \\! touch x",
            "select 1\n\\g /dev/null\nrollback; drop table a;",
            "select :'HOST', :\"a\", :{?b}",
            "select $steward$ $steward$ \\! $steward_$; $steward",
            "select 1 -- \\q",
            "select 'a\\'",
            "select $",
        ] {
            let script = script(query);
            // As psql reads it: up to the first dollar quote, and on behind the same once more.
            let (mut rest, mut seen) = (script.as_str(), String::new());
            while let Some((before, after)) = rest.split_once('$') {
                let (name, after) = after.split_once('$').unwrap();
                let (inner, after) = after.split_once(&format!("${name}$")).unwrap();
                assert!(inner.contains(query), "{script}");
                seen.push_str(before);
                rest = after;
            }
            seen.push_str(rest);
            let commands = ["\\set", "\\pset", "\\pset", "\\gdesc", "\\echo", "\\gexec"];
            let found = seen.lines().filter(|line| line.starts_with('\\'));
            let found: Vec<_> = found.map(|line| line.split(' ').next().unwrap()).collect();
            assert_eq!(found, commands, "{query}");
            assert_eq!(seen.matches('\\').count(), commands.len(), "{seen}");
        }
    }

    #[test]
    fn a_query_asks() {
        for query in
            ["SELECT 1", " (values (1))", "-- a\n/* b */ with x", "table a", "select*from a"]
        {
            assert!(begins_as_question(query), "{query}");
        }
        for query in
            ["", "drop table a", "\\! touch x", "-- select 1", "selection", "copy a to 'x'"]
        {
            assert!(!begins_as_question(query), "{query}");
        }
    }

    #[test]
    fn what_psql_says_is_told_without_the_lines_of_its_script() {
        for (told, expected) in [
            ("psql:<stdin>:9: ERROR:  no", "ERROR:  no"),
            ("psql: error: no", "psql: error: no"),
            ("psql:<stdin>: a", "psql:<stdin>: a"),
        ] {
            assert_eq!(without_place(told), expected);
        }
    }

    #[test]
    fn values_are_what_their_column_says() {
        let text = |text: &str| Cell::Text(text.into());
        for (type_name, value, expected) in [
            ("numeric(10,2)", "-12.50", Cell::Decimal("-12.50".into())),
            ("numeric", "NaN", Cell::Float(f64::NAN)),
            ("double precision", "1e+20", Cell::Float(1e20)),
            ("boolean", "t", Cell::Bool(true)),
            ("bytea", "\\xff00", Cell::Bytes { beginning: vec![0xff, 0], length: 2 }),
            ("bytea", "\\x4f6d616861", text("Omaha")),
            ("text", "t", text("t")),
            ("bigint", "1001", text("1001")),
            ("character varying(3)", "", Cell::Empty),
        ] {
            let cell = Kind::of(type_name).cell(value.as_bytes());
            assert_eq!(format!("{cell:?}"), format!("{expected:?}"), "{type_name} {value}");
        }
    }
}
