//! Delimited text: comma, semicolon, tab or pipe.

use std::io;
use std::sync::Arc;

use compact_str::CompactString;

use domain::{QuarantineReason, QuarantinedRow};

use super::COLUMN_LIMIT;
use super::columns::Columns;
use super::error::AcquireError;
use super::format::Opening;
use super::lines::{Line, Lines, line_end_of, without_line_end};
use super::mapping::{Draft, Mapping, Roles};
use super::quarantine::{SeenKeys, put_aside, reason_of_line};
use super::reader::{Delivered, Rows};
use super::splitter::Splitter;
use super::walker::{Step, Walker};

/// The delimiters that are found out, in the order of preference.
const DELIMITERS: [(u8, &str); 4] =
    [(b',', "comma"), (b';', "semicolon"), (b'\t', "tab"), (b'|', "pipe")];

/// How many rows of the sample tell the delimiter.
const ROWS_LOOKED_AT: usize = 100;

/// A header, and the rows below it.
struct Delimited {
    lines: Lines,
    splitter: Splitter,
    delimiter: u8,
    mapping: Mapping,
    columns: Vec<(CompactString, Option<Roles>)>,
    /// Those of every row.
    header_columns: Arc<Columns>,
    keys: SeenKeys,
    header: String,
}

/// Starts reading a file delimited by tabs.
pub(super) fn open_tabs(opening: Opening<'_>) -> Result<Box<dyn Rows + Send>, AcquireError> {
    let mapping = Mapping::of(opening.source);
    open(opening, mapping, b'\t')
}

/// Starts reading a file whose delimiter is to be found out.
pub(super) fn open_any(mut opening: Opening<'_>) -> Result<Box<dyn Rows + Send>, AcquireError> {
    let mapping = Mapping::of(opening.source);
    if let Some(delimiter) = declared_delimiter(opening.sample) {
        let unreadable = |cause| unreadable(opening.file, cause);
        opening.lines.next_row(None).map_err(unreadable)?;
        return open(opening, mapping, delimiter);
    }
    let delimiter = find_delimiter(opening.sample, &mapping);
    open(opening, mapping, delimiter)
}

/// Excel's `sep=;` in the first line.
fn declared_delimiter(sample: &str) -> Option<u8> {
    let first = sample.lines().next()?.trim_matches('"');
    let (&delimiter, rest) = first.strip_prefix("sep=")?.as_bytes().split_first()?;
    (rest.is_empty() && DELIMITERS.iter().any(|(known, _)| *known == delimiter))
        .then_some(delimiter)
}

/// The delimiter under which the header names most mapped columns; among equals, the one under
/// which most rows have as many cells as the header; then the one with most cells.
fn find_delimiter(sample: &str, mapping: &Mapping) -> u8 {
    let mut best = (0, 0, 0);
    let mut found = b',';
    for (delimiter, _) in DELIMITERS {
        let mut splitter = Splitter::new(delimiter);
        let (mut header, mut known, mut even, mut rows) = (0, 0, 0, 0);
        for (row, is_sound) in rows_of(sample, delimiter).take(ROWS_LOOKED_AT + 1) {
            let cells = splitter.split(row);
            if rows == 0 {
                header = cells.len();
                known = mapping.count_known(cells.iter().map(str::trim));
            } else {
                even += usize::from(is_sound && cells.len() == header);
            }
            rows += 1;
        }
        // A share in thousandths: an unclosed quote makes fewer rows under one delimiter.
        let share = even * 1000 / (rows - usize::from(rows > 1)).max(1);
        if header > 1 && (known, share, header) > best {
            best = (known, share, header);
            found = delimiter;
        }
    }
    found
}

/// The rows of a text, each with whether its quotes are where they may be; blank lines are passed over.
fn rows_of(sample: &str, delimiter: u8) -> impl Iterator<Item = (&str, bool)> {
    let line_end = line_end_of(sample);
    let mut rest = sample;
    let rows = std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut walker = Walker::new(Some(delimiter), line_end);
        let is_end = |byte: u8| walker.take(byte.into()) == Step::RowEnd;
        let end = rest.bytes().position(is_end).map_or(rest.len(), |at| at + 1);
        let first_line = || rest.find(char::from(line_end)).map_or(rest.len(), |at| at + 1);
        let (row, after) = rest.split_at(if walker.is_open() { first_line() } else { end });
        let is_sound = !walker.is_open() && walker.misplaced().is_none();
        rest = after;
        Some((row, is_sound))
    });
    rows.filter(|(row, _)| !row.trim().is_empty())
}

fn unreadable(file: &str, cause: io::Error) -> AcquireError {
    AcquireError::Unreadable { file: file.to_owned(), cause }
}

fn open(
    opening: Opening<'_>,
    mapping: Mapping,
    delimiter: u8,
) -> Result<Box<dyn Rows + Send>, AcquireError> {
    let Opening { mut lines, file, .. } = opening;
    let mut splitter = Splitter::new(delimiter);
    let header = next_record(&mut lines, delimiter).map_err(|cause| unreadable(file, cause))?;
    let Some(line) = header else {
        return Err(AcquireError::Empty { file: file.to_owned() });
    };
    if let Some(reason) = reason_of_line(&line, lines.encoding(), |_| None) {
        let file = file.to_owned();
        return Err(AcquireError::BadHeader { file, line: line.number, reason });
    }
    let names: Vec<CompactString> = splitter
        .split(&line.text)
        .iter()
        .enumerate()
        .map(|(index, name)| match name.trim() {
            "" => CompactString::new(format!("column {}", index + 1)),
            name => CompactString::new(name),
        })
        .collect();
    check_header(file, &names, &mapping)?;
    let header_columns = Arc::new(Columns::of_header(names.iter().cloned()));
    let columns: Vec<_> = names
        .into_iter()
        .map(|name| {
            let roles = mapping.roles(&name).cloned();
            (name, roles)
        })
        .collect();
    let header = line.content().to_owned();
    let keys = SeenKeys::default();
    Ok(Box::new(Delimited {
        lines,
        splitter,
        delimiter,
        mapping,
        columns,
        header_columns,
        keys,
        header,
    }))
}

fn check_header(
    file: &str,
    names: &[CompactString],
    mapping: &Mapping,
) -> Result<(), AcquireError> {
    let file = file.to_owned();
    if names.len() > COLUMN_LIMIT {
        return Err(AcquireError::TooManyColumns { file, found: names.len() });
    }
    let missing = mapping.missing(names);
    let looks_like_data = |name: &CompactString| {
        name.contains('@') || name.bytes().filter(u8::is_ascii_digit).count() > 3
    };
    if mapping.count_known(names.iter().map(CompactString::as_str)) == 0
        && names.iter().any(looks_like_data)
    {
        return Err(AcquireError::NoHeader { file });
    }
    if !missing.is_empty() {
        let columns = names.iter().map(CompactString::to_string).collect();
        return Err(AcquireError::MissingColumns { file, missing, columns });
    }
    let mut sorted: Vec<&str> = names.iter().map(CompactString::as_str).collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(AcquireError::RepeatedColumn { file, column: pair[0].to_owned() }),
        None => Ok(()),
    }
}

/// The next row that is not blank.
fn next_record(lines: &mut Lines, delimiter: u8) -> io::Result<Option<Line>> {
    loop {
        match lines.next_row(Some(delimiter))? {
            Some(line) if line.is_blank() => {}
            line => return Ok(line),
        }
    }
}

impl Delimited {
    /// Where the key stands in a row.
    fn key_place(&self) -> Option<usize> {
        self.columns.iter().position(|(name, _)| *name == self.mapping.key)
    }

    /// The key of the row that was split last, whose every cell has its column.
    fn key_cell(&self) -> Option<String> {
        sound_key(self.splitter.cells().iter().nth(self.key_place()?)?)
    }

    /// The key of a row that has no cells to rely on: only what stands first has its place for sure.
    fn key_of_broken(&self, text: &str, reason: &QuarantineReason) -> Option<String> {
        match reason {
            QuarantineReason::BadEncoding { .. }
                if self.splitter.cells().len() == self.columns.len() =>
            {
                self.key_cell()
            }
            _ if self.key_place() == Some(0) => {
                let first = text.split(char::from(self.delimiter)).next()?.trim();
                let quoted = first.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                sound_key(quoted.unwrap_or(first))
            }
            _ => None,
        }
    }
}

/// A key that may be one: there is something, and nothing that reading put there.
fn sound_key(text: &str) -> Option<String> {
    let text = text.trim();
    let is_sound = !text.is_empty() && !text.contains(['"', char::REPLACEMENT_CHARACTER]);
    is_sound.then(|| text.to_owned())
}

impl Rows for Delimited {
    fn next_row(&mut self) -> io::Result<Option<Delivered>> {
        let Some(line) = next_record(&mut self.lines, self.delimiter)? else { return Ok(None) };
        let name = |column: usize| self.columns.get(column - 1).map(|(name, _)| name.to_string());
        let aside = reason_of_line(&line, self.lines.encoding(), name);
        let found = self.splitter.split(&line.text).len();
        if let Some(reason) = aside {
            let key = self.key_of_broken(&line.text, &reason);
            let row = QuarantinedRow { key, ..put_aside(line, reason) };
            return Ok(Some(Delivered::Quarantined(row)));
        }
        let expected = self.columns.len();
        if found != expected {
            let reason = QuarantineReason::Ragged { expected, found };
            let key = self.key_of_broken(&line.text, &reason);
            let row = QuarantinedRow { key, ..put_aside(line, reason) };
            return Ok(Some(Delivered::Quarantined(row)));
        }
        let mut draft = Draft::new(&self.mapping);
        for ((name, roles), cell) in self.columns.iter().zip(self.splitter.cells().iter()) {
            draft.take(name, roles.as_ref(), cell);
        }
        let columns = Arc::clone(&self.header_columns);
        Ok(Some(match draft.finish(line.number, &mut self.keys, columns) {
            Ok(row) => Delivered::Row(row),
            Err(reason) => {
                let key = self.key_cell();
                Delivered::Quarantined(QuarantinedRow { key, ..put_aside(line, reason) })
            }
        }))
    }

    fn bytes_read(&self) -> u64 {
        self.lines.bytes_read()
    }

    fn header_line(&self) -> Option<&str> {
        Some(without_line_end(&self.header))
    }

    fn detail(&self) -> Option<&'static str> {
        DELIMITERS.iter().find(|(byte, _)| *byte == self.delimiter).map(|(_, name)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::reader::tests::source;

    #[test]
    fn the_delimiter_is_told_by_mapped_columns_then_by_evenness() {
        let mapping = Mapping::of(&source("id", None, &[("city", &["town"])]));
        for (sample, expected) in [
            ("id,town\n1,a\n", b','),
            ("id;town;note, or so, and, more\n1;a;b\n", b';'),
            ("\"id,town\"|town|id\n", b'|'),
            ("id\ttown\n1\ta,b\n", b'\t'),
            ("x;y,z;w\n1;2,3;4\n", b';'),
            ("id\n1\n", b','),
        ] {
            assert_eq!(find_delimiter(sample, &mapping), expected, "{sample}");
        }
    }

    #[test]
    fn excel_may_declare_the_delimiter() {
        assert_eq!(declared_delimiter("sep=;\r\nid;town\n"), Some(b';'));
        assert_eq!(declared_delimiter("sep=x\n"), None);
        assert_eq!(declared_delimiter("separator,id\n"), None);
    }
}
