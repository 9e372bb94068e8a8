//! Delimited text: a header, and the rows below it.

mod cut;
mod kinds;
mod row;

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use compact_str::CompactString;

use domain::{QuarantineReason, QuarantinedRow, SameName, Skipped};

use super::broken::Usual;
use super::columns::Columns;
use super::dialect::Dialect;
use super::edges;
use super::encoding::OddRows;
use super::error::AcquireError;
use super::format::Opening;
use super::glance::{Glance, Glances, Wanted, by_whole_row};
use super::header::{check_header, columns_of, header_name, same_names};
use super::lines::{Line, Lines, without_line_end};
use super::mapping::{Mapping, Roles};
use super::one_line;
use super::quarantine::{put_aside, reason_of_line};
use super::reader::{Delivered, Rows};
use super::repeats::KeyNotes;
use super::splitter::Splitter;
use super::swallowed::RowLook;
use super::table::{self, DELIMITERS, Known, Table};
use super::writing::{next_record, told_by_all};

/// A header, and the rows below it.
struct Delimited {
    lines: Lines,
    splitter: Splitter,
    dialect: Dialect,
    mapping: Mapping,
    columns: Vec<(CompactString, Option<Roles>)>,
    /// Those of every row.
    header_columns: Arc<Columns>,
    /// Where the key stands in a row.
    key: Option<usize>,
    /// Columns up to the last that has a name.
    named: usize,
    /// The header's cells, as they stand there.
    names: Vec<String>,
    header: String,
    skipped: Skipped,
    /// Rows that may stand below the table, and whether they are totals.
    below: Vec<(Line, bool)>,
    /// Rows of the table so far.
    rows: u64,
    /// Rows that lack cells, and may be one that a line break cut.
    short: Vec<Line>,
    /// Rows that are ready; the last of them waits for the line behind it, which may be of it.
    ready: VecDeque<(Delivered, Option<Line>)>,
    /// Whether the file has come to its end.
    ended: bool,
    /// What usually stands in the columns.
    usual: Usual,
    /// A header within the file with other columns, which hold for the rows below it: its line, and where
    /// the key stands there.
    other: Option<(u64, Option<usize>)>,
    /// Whether it names fewer columns than the first.
    is_other_short: bool,
    /// Columns that are called like one that is read.
    same_names: Vec<SameName>,
    /// The row last delivered, as it stands in the file.
    last: Option<Line>,
    /// What the key of the row last delivered is made of.
    form: Option<String>,
    is_apart: bool,
    /// Where wanted values stand, once they were asked for.
    glances: Option<Glances>,
}

/// Starts reading a file delimited by tabs.
pub(super) fn open_tabs(opening: Opening<'_>) -> Result<Box<dyn Rows + Send>, AcquireError> {
    let delimiter = opening.delimiter.or(Some(b'\t'));
    open_any(Opening { delimiter, ..opening })
}

/// Starts reading a file whose delimiter is to be found out.
pub(super) fn open_any(opening: Opening<'_>) -> Result<Box<dyn Rows + Send>, AcquireError> {
    let unreadable = |cause| unreadable(opening.file, cause);
    let mapping = Mapping::of(opening.source);
    let declared = table::declared_delimiter(opening.sample);
    let above = match opening.header_row {
        Some(row) => row.saturating_sub(1),
        None => u64::from(declared.is_some()),
    };
    let known =
        Known { delimiter: opening.delimiter.or(declared), is_first: opening.header_row.is_some() };
    let table = table::find(table::after_lines(opening.sample, above), &mapping, known);
    let (dialect, line_end) = told_by_all(&opening, table, above).map_err(unreadable)?;
    let mut lines = opening.lines();
    lines.end_with(line_end);
    let passed = lines.pass_to(above).map_err(unreadable)?;
    let passed = passed.saturating_sub(u64::from(declared.is_some()));
    let table = Table { dialect, ..table };
    let mut delimited = open(lines, &opening, mapping, table)?;
    delimited.skipped.above += passed;
    Ok(Box::new(delimited))
}

fn unreadable(file: &str, cause: io::Error) -> AcquireError {
    AcquireError::Unreadable { file: file.to_owned(), cause }
}

fn open(
    mut lines: Lines,
    opening: &Opening<'_>,
    mapping: Mapping,
    table: Table,
) -> Result<Delimited, AcquireError> {
    let Table { dialect, above } = table;
    let file = opening.file.to_owned();
    let cause = |cause| unreadable(opening.file, cause);
    let mut rows_above = Vec::with_capacity(above);
    for _ in 0..above {
        rows_above.extend(next_record(&mut lines, dialect).map_err(cause)?);
    }
    let line = next_record(&mut lines, dialect).map_err(cause)?;
    let line = match (line, opening.header_row) {
        (Some(line), Some(row)) if line.number != row => {
            return Err(AcquireError::NoSuchRow { file, row });
        }
        (Some(line), _) => line,
        (None, Some(row)) => return Err(AcquireError::NoSuchRow { file, row }),
        (None, None) => return Err(AcquireError::Empty { file }),
    };
    if let Some(reason) = reason_of_line(&line, lines.encoding(), |_| None) {
        return Err(AcquireError::BadHeader { file, line: line.number, reason });
    }
    let mut splitter = Splitter::new(dialect);
    let names: Vec<String> = splitter.split(&line.text).iter().map(header_name).collect();
    let named = names.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
    let columns = columns_of(&names, &mapping);
    // Before what it lacks: the name of the last column has values behind it.
    let is_only = opening.sample.trim_end().lines().count() as u64 <= line.number;
    one_line::refuse(opening.file, (&line.text, dialect.delimiter), is_only)?;
    check_header(opening.file, (&columns, &names), &mapping)?;
    let same_names = same_names(&columns, &mapping);
    let header_columns = Arc::new(Columns::of_header(columns.iter().cloned()));
    let columns = columns.into_iter().map(|name| {
        let roles = mapping.roles(&name).cloned();
        (name, roles)
    });
    let columns: Vec<(CompactString, Option<Roles>)> = columns.collect();
    let key = columns.iter().position(|(name, _)| *name == mapping.key);
    if let Some(key) = key {
        lines.look_like(RowLook { dialect, cells: columns.len(), key });
    }
    let mut delimited = Delimited {
        splitter,
        dialect,
        header_columns,
        key,
        columns,
        named,
        header: line.content().to_owned(),
        names,
        skipped: Skipped::default(),
        below: Vec::new(),
        rows: 0,
        short: Vec::new(),
        ready: VecDeque::new(),
        ended: false,
        usual: Usual::default(),
        other: None,
        is_other_short: false,
        same_names,
        last: None,
        form: None,
        is_apart: false,
        glances: None,
        lines,
        mapping,
    };
    delimited.settle_above(rows_above, line.number);
    Ok(delimited)
}

impl Rows for Delimited {
    fn next_row(&mut self) -> io::Result<Option<Delivered>> {
        self.take()?;
        let Some((delivered, line)) = self.ready.pop_front() else { return Ok(None) };
        self.last = line;
        Ok(Some(delivered))
    }

    fn set_aside(&mut self, reason: QuarantineReason) -> Option<QuarantinedRow> {
        self.last.take().map(|line| put_aside(line, reason))
    }

    fn skipped(&self) -> Skipped {
        self.skipped
    }

    fn glance(
        &mut self,
        wanted: &Wanted,
        show: &mut dyn FnMut(Glance<'_>),
        keys: &mut KeyNotes,
    ) -> io::Result<bool> {
        let glances =
            self.glances.get_or_insert_with(|| self.mapping.glances(&self.columns, wanted));
        let Some(glances) = glances else { return by_whole_row(self, wanted, show, keys) };
        let (line, cells) = match self.lines.next_plain(self.dialect)? {
            Some((line, text)) => (line, self.splitter.split(text)),
            None => match next_record(&mut self.lines, self.dialect)? {
                None => return Ok(false),
                Some(row) if reason_of_line(&row, self.lines.encoding(), |_| None).is_some() => {
                    return Ok(true);
                }
                Some(row) => (row.number, self.splitter.split(&row.text)),
            },
        };
        if !edges::fits(cells, self.columns.len()) {
            return Ok(true);
        }
        if let Some(key) = self.key.and_then(|key| cells.iter().nth(key)) {
            keys.note(key, |key| self.mapping.one_form(key));
        }
        let mut glances = glances.iter().peekable();
        for (column, text) in cells.iter().enumerate() {
            while let Some((_, place)) = glances.next_if(|(at, _)| *at == column) {
                let (has_decimals, is_boolean) = (false, false);
                show(Glance { line, place: *place, text, has_decimals, is_boolean });
            }
            if glances.peek().is_none() {
                break;
            }
        }
        Ok(true)
    }

    fn same_names(&self) -> &[SameName] {
        &self.same_names
    }

    fn odd_rows(&self) -> OddRows {
        self.lines.odd_rows()
    }

    fn bytes_read(&self) -> u64 {
        self.lines.bytes_read()
    }

    fn header_line(&self) -> Option<&str> {
        Some(without_line_end(&self.header))
    }

    fn detail(&self) -> Option<&'static str> {
        DELIMITERS
            .iter()
            .find(|(byte, ..)| *byte == self.dialect.delimiter)
            .map(|(_, name, _)| *name)
    }
}
