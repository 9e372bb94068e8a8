//! Finding the table in a delimited file: its delimiter, its quotes, its header.

use super::dialect::{Dialect, LineEnd};
use super::encoding::Units;
use super::lines::without_line_end;
use super::mapping::Mapping;
use super::splitter::Splitter;
use super::walker::{Step, Walker};

/// A delimiter, its name, and how many mapped columns its header must name to be found out.
pub(super) const DELIMITERS: [(u8, &str, usize); 9] = [
    (b',', "comma", 0),
    (b';', "semicolon", 0),
    (b'\t', "tab", 0),
    (b'|', "pipe", 0),
    (0x01, "control-A", 2),
    (0x1f, "unit separator", 2),
    (b'^', "caret", 2),
    (b'~', "tilde", 2),
    (b':', "colon", 2),
];

/// How many rows of the sample tell the delimiter.
const ROWS_LOOKED_AT: usize = 100;

/// How far down a header is looked for, in rows.
const LOWEST_HEADER: usize = 30;

/// Where a table is in its file, and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Table {
    /// What parts its cells and quotes them.
    pub dialect: Dialect,
    /// Rows above its header.
    pub above: usize,
}

/// What is known of a table before it is looked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    /// Its delimiter.
    pub delimiter: Option<u8>,
    /// Whether the first row is the header, whatever it says.
    pub is_first: bool,
}

/// Excel's `sep=;` in the first line.
pub(super) fn declared_delimiter(sample: &str) -> Option<u8> {
    let first = without_line_end(sample.split_inclusive(['\n', '\r']).next()?);
    let first = first.trim_matches(['"', ' ']);
    let (name, rest) = first.split_at_checked(4)?;
    let (&delimiter, more) = rest.as_bytes().split_first()?;
    let is_one = delimiter.is_ascii() && !delimiter.is_ascii_alphanumeric() && delimiter != b'"';
    // A program that saved the file again added the delimiters of empty cells.
    let is_alone = more.iter().all(|byte| *byte == delimiter || *byte == b',');
    (name.eq_ignore_ascii_case("sep=") && is_one && is_alone).then_some(delimiter)
}

/// The text after so many of its lines.
pub(super) fn after_lines(text: &str, lines: u64) -> &str {
    let line_end = LineEnd::of(text);
    let ends = text.bytes().enumerate().filter(|(_, byte)| line_end.is((*byte).into()));
    let count = usize::try_from(lines).unwrap_or(usize::MAX);
    match count.checked_sub(1) {
        None => text,
        Some(last) => ends.map(|(at, _)| &text[at + 1..]).nth(last).unwrap_or_default(),
    }
}

/// The table that begins in the sample: under the delimiter for which a row names most mapped
/// columns; among equals, the one under which most rows have as many cells as that; then the one
/// with most cells.
pub(super) fn find(sample: &str, mapping: &Mapping, known: Known) -> Table {
    let mut best = (0, 0, 0);
    let mut table =
        Table { dialect: Dialect::parted_by(known.delimiter.unwrap_or(b',')), above: 0 };
    let candidates = DELIMITERS.iter().map(|(delimiter, _, least)| (*delimiter, *least));
    let candidates: Vec<(u8, usize)> = match known.delimiter {
        Some(delimiter) => vec![(delimiter, 0)],
        None => candidates.collect(),
    };
    for (delimiter, least) in candidates {
        let dialect = Dialect::parted_by(delimiter);
        let rows = looked_at(sample, dialect, mapping);
        let header = if known.is_first { 0 } else { header_of(&rows, mapping) };
        let Some(found) = rows.get(header) else { continue };
        let below = &rows[header + 1..];
        let even = below.iter().filter(|row| row.is_sound && row.cells == found.cells).count();
        // A share in thousandths: an unclosed quote makes fewer rows under one delimiter.
        let share = even * 1000 / below.len().max(1);
        let is_better = found.cells > 1 && (found.known, share, found.cells) > best;
        if found.known >= least && (is_better || known.delimiter.is_some()) {
            best = (found.known, share, found.cells);
            table = Table { dialect, above: header };
        }
    }
    if has_single_quotes(sample, table) {
        table.dialect.quote = b'\'';
    }
    table
}

/// What a row looks like.
struct Look {
    cells: usize,
    /// Those in which something stands.
    filled: usize,
    /// How many of its cells are names of mapped columns.
    known: usize,
    is_sound: bool,
}

fn looked_at(sample: &str, dialect: Dialect, mapping: &Mapping) -> Vec<Look> {
    let mut splitter = Splitter::new(dialect);
    let rows = rows_of(sample, dialect).take(ROWS_LOOKED_AT + 1);
    rows.enumerate()
        .map(|(index, (row, is_sound))| {
            let cells = splitter.split(row);
            let names = cells.iter().map(str::trim);
            let known = if index < LOWEST_HEADER { mapping.count_known(names) } else { 0 };
            let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
            Look { cells: cells.len(), filled, known, is_sound }
        })
        .collect()
}

/// The row that names most mapped columns, if it is not the first: two of them at least, or all.
fn header_of(rows: &[Look], mapping: &Mapping) -> usize {
    let first = rows.first().map_or(0, |row| row.known);
    let most = rows.iter().map(|row| row.known).max().unwrap_or(0);
    if mapping.only_looks() && most < 2 {
        return first_wide(rows);
    }
    if most <= first || (most < 2 && most < mapping.count_wanted()) {
        return 0;
    }
    rows.iter().position(|row| row.known == most).unwrap_or(0)
}

/// The first row in which about as much stands as in most: a title above a table stands alone.
fn first_wide(rows: &[Look]) -> usize {
    let mut filled: Vec<usize> = rows.iter().map(|row| row.filled).collect();
    filled.sort_unstable();
    let usual = filled.get(filled.len() / 2).copied().unwrap_or_default();
    rows.iter().position(|row| row.filled * 2 > usual).unwrap_or(0)
}

/// Whether the cells below the header are in single quotes.
fn has_single_quotes(sample: &str, table: Table) -> bool {
    let mut splitter = Splitter::new(table.dialect);
    let (mut quoted, mut whole, mut other) = (0, 0, 0);
    for (row, _) in rows_of(sample, table.dialect).skip(table.above + 1).take(ROWS_LOOKED_AT) {
        for cell in splitter.split(row).iter().map(str::trim).filter(|cell| !is_bare(cell)) {
            // A delimiter between quotes parts a cell in two here.
            let ends = [cell.starts_with('\''), cell.len() > 1 && cell.ends_with('\'')];
            *(if ends.contains(&true) { &mut quoted } else { &mut other }) += 1;
            whole += usize::from(ends == [true, true]);
        }
    }
    // An apostrophe before a number ends no cell.
    let is_closed = || 2 * whole > quoted || ends_quoted(sample, table);
    quoted > 1 && quoted >= 4 * other && is_closed()
}

/// Whether a cell stands without quotes where texts have them: a number, or nothing.
fn is_bare(cell: &str) -> bool {
    cell.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'))
        || ["null", "true", "false"].iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// Whether some row both begins and ends with a single quote: an apostrophe before a number does not.
fn ends_quoted(sample: &str, table: Table) -> bool {
    rows_of(sample, table.dialect).skip(table.above + 1).any(|(row, _)| {
        let row = row.trim();
        row.len() > 1 && row.starts_with('\'') && row.ends_with('\'')
    })
}

/// The rows of a text, each with whether its quotes are where they may be; blank lines are passed over.
fn rows_of(sample: &str, dialect: Dialect) -> impl Iterator<Item = (&str, bool)> {
    let line_end = LineEnd::of(sample);
    let mut rest = sample;
    let rows = std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut walker = Walker::new(Some(dialect), line_end, Units::Bytes);
        let is_end = |byte: u8| walker.take(byte.into()) == Step::RowEnd;
        let end = rest.bytes().position(is_end).map_or(rest.len(), |at| at + 1);
        let first_line = || {
            let ends = |byte: u8| line_end.is(byte.into());
            rest.bytes().position(ends).map_or(rest.len(), |at| at + 1)
        };
        let (row, after) = rest.split_at(if walker.is_open() { first_line() } else { end });
        let is_sound = !walker.is_open() && walker.misplaced().is_none();
        rest = after;
        Some((row, is_sound))
    });
    rows.filter(|(row, _)| !row.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::reader::tests::source;

    fn found(sample: &str) -> Table {
        let mapping = Mapping::of(&source("id", None, &[("city", &["town"])]));
        find(sample, &mapping, Known::default())
    }

    #[test]
    fn the_delimiter_is_told_by_mapped_columns_then_by_evenness() {
        for (sample, expected) in [
            ("id,town\n1,a\n", b','),
            ("id;town;note, or so, and, more\n1;a;b\n", b';'),
            ("\"id,town\"|town|id\n", b'|'),
            ("id\ttown\n1\ta,b\n", b'\t'),
            ("x;y,z;w\n1;2,3;4\n", b';'),
            ("id\n1\n", b','),
            ("id\x01town\n1\x01a\n", 0x01),
            ("id\x1ftown\n1\x1fa\n", 0x1f),
            ("id^town\n1^a\n", b'^'),
            ("id~town\n1~a\n", b'~'),
            ("id:town\n1:a\n", b':'),
            ("x:y\n1:a\n", b','),
            ("id,town\n1,a:b\n2,c:d\n", b','),
        ] {
            assert_eq!(found(sample).dialect.delimiter, expected, "{sample}");
        }
    }

    #[test]
    fn the_header_is_the_row_that_names_the_columns() {
        for (sample, above) in [
            ("id,town\n1,a\n", 0),
            ("Customer list,,,\nExported 2026-01-02,,,\n\nid,town\n1,a\n", 2),
            ("Report;\n\nTown;ID\na;1\n", 1),
            ("name,place\n1,a\nid,x\n", 0),
            ("id,town\n1,a\nid,town\n", 0),
            ("town report\nid\ttown\n1\ta\n", 1),
        ] {
            assert_eq!(found(sample).above, above, "{sample}");
        }
        let first = Known { is_first: true, ..Known::default() };
        let mapping = Mapping::of(&source("id", None, &[("city", &["town"])]));
        assert_eq!(find("x,y\nid,town\n", &mapping, first).above, 0);
    }

    #[test]
    fn what_nobody_described_is_found_by_what_columns_are_usually_called() {
        let unknown = settings::Source::named(domain::SourceName::new("x"));
        let mapping = Mapping::of(&unknown);
        for (sample, delimiter, above) in [
            ("Vorname;Nachname;Ort\nAnna, Eva;Berg;Kiel\n", b';', 0),
            ("Kunden\nStand 2026\n\nVorname;Nachname;Ort\nA;B;C\nD;E;F\n", b';', 2),
            ("id^first^last\n1^a^b\n", b'^', 0),
            ("Report,,\na,b,c\n1,2,3\n4,5,6\n", b',', 1),
            ("a,b,c\n1,2,3\n", b',', 0),
            ("a,b\n1,,2\n3,,4\n", b',', 0),
        ] {
            let found = find(sample, &mapping, Known::default());
            assert_eq!((found.dialect.delimiter, found.above), (delimiter, above), "{sample}");
        }
    }

    #[test]
    fn single_quotes_are_quotes_where_all_cells_have_them() {
        for (sample, quote) in [
            ("id,town\n'1','a'\n'2','b, c'\n", b'\''),
            ("'id','town'\n'1','a'\n", b'\''),
            ("id,town\n1,'a'\n2,b\n", b'"'),
            ("id,town\n'1001,a\n'1002,b\n", b'"'),
            ("id,town\n'1001,'7\n'1002,'8\n", b'"'),
            ("id,town\n1,O'Fallon\n2,Coeur d'Alene\n", b'"'),
        ] {
            assert_eq!(found(sample).dialect.quote, quote, "{sample}");
        }
    }

    #[test]
    fn excel_may_declare_the_delimiter() {
        for (sample, expected) in [
            ("sep=;\r\nid;town\n", Some(b';')),
            ("SEP=;\r\nid;town\n", Some(b';')),
            ("\"sep=;\"\nid;town\n", Some(b';')),
            ("sep=;;;\nid;town\n", Some(b';')),
            ("sep=|,,,\nid|town\n", Some(b'|')),
            ("sep=\t\nid\ttown\n", Some(b'\t')),
            ("sep=:\rid:town\r", Some(b':')),
            ("sep=x\n", None),
            ("sep=\n", None),
            ("sep=;x\n", None),
            ("separator,id\n", None),
        ] {
            assert_eq!(declared_delimiter(sample), expected, "{sample}");
        }
    }
}
