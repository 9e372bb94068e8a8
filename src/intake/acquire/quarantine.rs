//! Rows put aside whole.

use domain::{QuarantineReason, QuarantinedRow, hexadecimal};

use super::encoding::Encoding;
use super::lines::{Line, Shape, without_line_end};
use super::{HOPELESS, KEPT_LIMIT, QUARANTINE_LIMIT, ROW_LIMIT, WHOLE_LIMIT};

/// Puts a row aside.
pub(super) fn put_aside(line: Line, reason: QuarantineReason) -> QuarantinedRow {
    let bytes = line.bytes.filter(|_| line.is_bad).map(|bytes| hexadecimal::encode(&bytes));
    let mut text = line.text;
    text.truncate(without_line_end(&text).len());
    let length = match line.shape {
        Shape::SetAside { extent, .. } => Some(extent.bytes),
        Shape::Whole | Shape::Unclosed | Shape::Several { .. } | Shape::Misplaced { .. } => None,
    };
    QuarantinedRow { line: line.number, reason, text, bytes, length, key: None, named: None }
}

/// What is wrong with the row before its cells are looked at. `column` names one.
pub(super) fn reason_of_line(
    line: &Line,
    encoding: Encoding,
    column: impl Fn(usize) -> Option<String>,
) -> Option<QuarantineReason> {
    match line.shape {
        Shape::SetAside { extent, column: at } => Some(QuarantineReason::TooLong {
            limit: ROW_LIMIT,
            extent: Some(extent),
            column: column(at),
        }),
        Shape::Misplaced { line, column: at } => {
            Some(QuarantineReason::TextAfterQuote { line, column: column(at) })
        }
        _ if line.is_bad => Some(bad_encoding(line, encoding)),
        Shape::Unclosed => Some(QuarantineReason::UnclosedQuote),
        Shape::Several { last_line } => Some(QuarantineReason::RowsInQuotes { last_line }),
        Shape::Whole => None,
    }
}

/// What is wrong with a row that its encoding does not allow.
fn bad_encoding(line: &Line, encoding: Encoding) -> QuarantineReason {
    // Only the end of a file leaves half of what every character takes.
    let unit = encoding.units().size();
    let is_cut = line.bytes.as_ref().is_some_and(|bytes| bytes.len() % unit > 0);
    let name = encoding.name();
    let encoding = match is_cut {
        true => format!("whole {name}: the file was cut off inside a character"),
        false => name.to_owned(),
    };
    QuarantineReason::BadEncoding { encoding }
}

/// What one file has put into quarantine.
#[derive(Default)]
pub(super) struct Kept {
    rows: u64,
    bytes: usize,
}

impl Kept {
    /// Notes a row; of one that is too much, by itself or for its file, only the beginning is kept.
    pub fn note(&mut self, row: &mut QuarantinedRow) {
        self.rows += 1;
        if self.bytes + size(row) > QUARANTINE_LIMIT {
            cut(row, BEGINNING);
        } else if size(row) > WHOLE_LIMIT {
            cut(row, KEPT_LIMIT);
        }
        self.bytes += size(row);
    }

    /// Whether hardly any of the rows read so far could be used.
    pub fn is_hopeless(&self, read: u64) -> bool {
        self.rows >= HOPELESS && self.rows * 10 >= read * 9
    }
}

fn size(row: &QuarantinedRow) -> usize {
    row.text.len() + row.bytes.as_ref().map_or(0, String::len)
}

fn cut(row: &mut QuarantinedRow, length: usize) {
    if size(row) > length {
        row.length.get_or_insert(row.text.len() as u64);
        row.text.truncate(row.text.floor_char_boundary(length));
        row.bytes = None;
    }
}

/// What is kept of a row once its file has put too much into quarantine, in bytes.
const BEGINNING: usize = 256;
