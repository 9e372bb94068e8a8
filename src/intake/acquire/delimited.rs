//! Delimited text: a header, and the rows below it.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use compact_str::CompactString;

use domain::{QuarantineReason, QuarantinedRow, Skipped};

use super::columns::Columns;
use super::dialect::Dialect;
use super::edges::{self, Look, form_of, is_total};
use super::encoding::OddRows;
use super::error::AcquireError;
use super::format::Opening;
use super::glance::{Glance, Glances, Wanted, by_whole_row};
use super::header::{check_header, columns_of, header_name, repeats_name};
use super::keys::{self, Key};
use super::lines::{Line, Lines, Shape, without_line_end};
use super::mapping::{Draft, Mapping, Roles};
use super::quarantine::{put_aside, reason_of_line};
use super::reader::{Delivered, Rows};
use super::repeats::KeyNotes;
use super::splitter::Splitter;
use super::swallowed::RowLook;
use super::table::{self, DELIMITERS, Known, Table};
use super::writing::{next_record, told_by_all};

/// Rows that may be none of the table and wait for one that is. More are no remarks.
const MOST_BELOW: usize = 50;

/// So many rows that lack cells, and they are no one row that line breaks cut.
const MOST_CUT: usize = 20;

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
    ready: VecDeque<(Delivered, Option<Line>)>,
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
    check_header(opening.file, &columns, &mapping)?;
    let header_columns = Arc::new(Columns::of_header(columns.iter().cloned()));
    let columns = columns.into_iter().map(|name| {
        let roles = mapping.roles(&name).cloned();
        (name, roles)
    });
    let columns: Vec<(CompactString, Option<Roles>)> = columns.collect();
    let key = columns.iter().position(|(name, _)| *name == mapping.key);
    if let Some(key) = key {
        let (delimiter, cells) = (dialect.delimiter, columns.len());
        lines.look_like(RowLook { delimiter, cells, key });
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

/// What a row is, before it is known what comes after it.
enum Kind {
    /// Nothing is in it.
    Blank,
    /// The header once more.
    Header,
    /// Remarks or totals, if no row of the table follows.
    Below {
        /// Totals are none of the table even where one does.
        are_totals: bool,
    },
    /// A row that lacks cells at its end.
    Short,
    /// Any other.
    Row,
}

impl Delimited {
    /// Titles above the header are passed over; what may be a row of the table is put aside.
    fn settle_above(&mut self, rows: Vec<Line>, header: u64) {
        for line in rows {
            let cells = self.splitter.split(&line.text);
            let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
            let is_whole = line.shape == Shape::Whole && !line.is_bad;
            if is_whole && !edges::may_be_row_above(filled, self.named) {
                self.skipped.above += 1;
                continue;
            }
            let key = self.key.and_then(|key| sound_key(self.splitter.cells().iter().nth(key)?));
            let reason = QuarantineReason::AboveHeader { header };
            let row = QuarantinedRow { key, ..put_aside(line, reason) };
            self.ready.push_back((Delivered::Quarantined(row), None));
        }
    }

    /// What the row is that was split last.
    fn kind(&mut self, line: &Line) -> Kind {
        if line.shape != Shape::Whole || line.is_bad {
            return Kind::Row;
        }
        let cells = self.splitter.cells();
        let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).take(2).count();
        if filled == 0 {
            self.skipped.blank += 1;
            return Kind::Blank;
        }
        let is_header = cells.len() == self.names.len()
            && cells.iter().zip(&self.names).all(|(cell, name)| repeats_name(cell, name));
        if is_header {
            self.skipped.headers += 1;
            return Kind::Header;
        }
        let key = self.key.and_then(|key| cells.iter().nth(key)).unwrap_or_default();
        let is_short = cells.len() < self.named;
        // Nearly every row needs no closer look.
        let counts_rows = || key.len() < 8 && key.parse().is_ok_and(|key: u64| key == self.rows);
        if filled > 1
            && !is_short
            && !key.trim().is_empty()
            && !self.is_apart
            && !is_total(key)
            && !counts_rows()
        {
            return Kind::Row;
        }
        let (key_at, is_apart, before) = (self.key, self.is_apart, self.rows);
        let look = Look { cells: cells.iter().collect(), key: key_at, is_apart, before };
        let is_key = key.parse::<f64>().is_err()
            && self.form.as_ref().is_some_and(|form| *form == form_of(key));
        if look.may_be_below() && !is_key {
            return Kind::Below { are_totals: look.are_totals() };
        }
        if is_short { Kind::Short } else { Kind::Row }
    }

    /// Takes rows until one is ready, or the file has ended.
    fn take(&mut self) -> io::Result<()> {
        while self.ready.is_empty() {
            let Some(line) = self.lines.next_row(Some(self.dialect))? else {
                self.skipped.blank += self.lines.take_blanks();
                self.skipped.below += std::mem::take(&mut self.below).len() as u64;
                self.settle_short();
                return Ok(());
            };
            self.skipped.blank += line.blanks;
            self.is_apart |= line.blanks > 0;
            if line.is_blank() {
                continue;
            }
            self.splitter.split(&line.text);
            match self.kind(&line) {
                Kind::Blank => self.is_apart = true,
                Kind::Header => {}
                Kind::Below { are_totals } if self.below.len() < MOST_BELOW => {
                    self.settle_short();
                    self.below.push((line, are_totals));
                    self.is_apart = true;
                }
                Kind::Short => {
                    self.settle_below();
                    self.take_short(line);
                    self.is_apart = false;
                }
                Kind::Below { .. } | Kind::Row => {
                    if !self.below.is_empty() || !self.short.is_empty() {
                        self.settle_below();
                        self.settle_short();
                        self.splitter.split(&line.text);
                    }
                    self.deliver(line);
                    self.is_apart = false;
                }
            }
        }
        Ok(())
    }

    /// A row of the table follows: what seemed to stand below stands in it.
    fn settle_below(&mut self) {
        for (line, are_totals) in std::mem::take(&mut self.below) {
            if are_totals {
                self.skipped.totals += 1;
                continue;
            }
            self.splitter.split(&line.text);
            self.deliver(line);
        }
    }

    /// Whatever came after the rows that lack cells, they are rows by themselves.
    fn settle_short(&mut self) {
        for line in std::mem::take(&mut self.short) {
            self.splitter.split(&line.text);
            self.deliver(line);
        }
    }

    /// Takes a row that lacks cells. Where the rows before it lack just as many, and it has no key
    /// like theirs, they are one row that a line break cut.
    fn take_short(&mut self, line: Line) {
        let form = self.form_of_line(&line.text);
        if let Some(first) = self.short.first() {
            let first = first.text.clone();
            let is_another = form.is_some() && self.form_of_line(&first) == form;
            if is_another || self.short.len() == MOST_CUT {
                self.settle_short();
            }
        }
        self.short.push(line);
        let mut cells = |line: &Line| self.splitter.split(&line.text).len();
        let whole = self.short.iter().map(&mut cells).sum::<usize>() + 1 - self.short.len();
        if self.short.len() == 1 || whole < self.named {
            return;
        }
        if whole > self.columns.len() {
            return self.settle_short();
        }
        let expected = self.columns.len();
        for line in std::mem::take(&mut self.short) {
            let found = self.splitter.split(&line.text).len();
            let reason = QuarantineReason::Ragged { expected, found };
            let key = self.key_of_broken(&line.text, &reason);
            let row = QuarantinedRow { key, ..put_aside(line, reason) };
            self.ready.push_back((Delivered::Quarantined(row), None));
        }
    }

    fn form_of_line(&mut self, text: &str) -> Option<String> {
        let key = self.splitter.split(text).iter().nth(self.key?)?;
        (!key.trim().is_empty()).then(|| form_of(key))
    }

    /// Makes the row that was split last ready.
    fn deliver(&mut self, line: Line) {
        self.rows += 1;
        let ready = self.row(line);
        self.ready.push_back(ready);
    }

    fn row(&mut self, line: Line) -> (Delivered, Option<Line>) {
        let name = |column: usize| self.columns.get(column - 1).map(|(name, _)| name.to_string());
        let mut aside = reason_of_line(&line, self.lines.encoding(), name);
        let found = self.splitter.cells().len();
        let expected = self.columns.len();
        if aside.is_none() && !edges::fits(self.splitter.cells(), expected) {
            aside = Some(QuarantineReason::Ragged { expected, found });
        }
        if let Some(reason) = aside {
            let key = self.key_of_broken(&line.text, &reason);
            let row = QuarantinedRow { key, ..put_aside(line, reason) };
            return (Delivered::Quarantined(row), None);
        }
        let mut draft = Draft::new(&self.mapping);
        for ((name, roles), cell) in self.columns.iter().zip(self.splitter.cells().iter()) {
            draft.take(name, roles.as_ref(), cell);
        }
        match draft.finish(line.number, Arc::clone(&self.header_columns)) {
            Ok(row) => {
                self.skipped.ended_early += u64::from(found < self.named);
                if self.form.is_none() {
                    self.form = Some(form_of(&row.key));
                }
                (Delivered::Row(row), Some(line))
            }
            Err(reason) => (Delivered::Quarantined(put_aside(line, reason)), None),
        }
    }

    /// The key of a row that has no cells to rely on: only what stands first has its place for sure.
    fn key_of_broken(&self, text: &str, reason: &QuarantineReason) -> Option<String> {
        match reason {
            QuarantineReason::BadEncoding { .. }
                if self.splitter.cells().len() == self.columns.len() =>
            {
                sound_key(self.splitter.cells().iter().nth(self.key?)?)
            }
            _ if self.key == Some(0) => {
                let first = text.split(char::from(self.dialect.delimiter)).next()?.trim();
                let quote = char::from(self.dialect.quote);
                let quoted = first.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
                sound_key(quoted.unwrap_or(first))
            }
            _ => None,
        }
    }
}

/// A key that may be one: there is something, and nothing that reading put there.
fn sound_key(text: &str) -> Option<String> {
    match keys::read(text) {
        Key::Sound(key) if !key.contains('"') => Some(key.to_string()),
        _ => None,
    }
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
                show(Glance { line, place: *place, text, has_decimals: false });
            }
            if glances.peek().is_none() {
                break;
            }
        }
        Ok(true)
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
