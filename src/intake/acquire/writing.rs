//! How a delimited file is written, where only all of it tells.

use std::io;

use super::dialect::{Dialect, LineEnd};
use super::format::Opening;
use super::lines::{Line, Lines, Shape};
use super::splitter::Splitter;
use super::table::Table;

/// Whether backslashes take a meaning away, and what ends lines: what the file as a whole tells,
/// where something in it says that there is a question.
///
/// # Errors
/// When the input fails.
pub(super) fn told_by_all(
    opening: &Opening<'_>,
    table: Table,
    above: u64,
) -> io::Result<(Dialect, LineEnd)> {
    let mut best = (table.dialect, LineEnd::of(opening.sample));
    let mut fewest = None;
    let escaped = Dialect { backslash: true, ..best.0 };
    let questions = [
        (opening.marks.escaped_quotes, (escaped, best.1)),
        (opening.marks.lone_returns, (best.0, LineEnd::Either)),
        (opening.marks.escaped_quotes && opening.marks.lone_returns, (escaped, LineEnd::Either)),
    ];
    for (_, reading) in questions.into_iter().filter(|(is_question, _)| *is_question) {
        let before = match fewest {
            Some(before) => before,
            None => unsound(opening, best, table.above, above)?,
        };
        let unsound = unsound(opening, reading, table.above, above)?;
        fewest = Some(before.min(unsound));
        if unsound < before {
            best = reading;
        }
    }
    Ok(best)
}

/// How many rows of the file do not have the header's number of cells when it is read so.
fn unsound(
    opening: &Opening<'_>,
    (dialect, line_end): (Dialect, LineEnd),
    rows_above: usize,
    lines_above: u64,
) -> io::Result<u64> {
    let mut lines = opening.lines();
    lines.end_with(line_end);
    lines.pass_to(lines_above)?;
    for _ in 0..rows_above {
        next_record(&mut lines, dialect)?;
    }
    let mut splitter = Splitter::new(dialect);
    let (mut expected, mut unsound) = (None, 0);
    while let Some(line) = next_record(&mut lines, dialect)? {
        let cells = splitter.split(&line.text).len();
        let is_sound = line.shape == Shape::Whole && cells == *expected.get_or_insert(cells);
        unsound += u64::from(!is_sound);
    }
    Ok(unsound)
}

/// The next row that is not blank.
///
/// # Errors
/// When the input fails.
pub(super) fn next_record(lines: &mut Lines, dialect: Dialect) -> io::Result<Option<Line>> {
    loop {
        match lines.next_row(Some(dialect))? {
            Some(line) if line.is_blank() => {}
            line => return Ok(line),
        }
    }
}
