//! Files in which each column has its place: so many signs of every line, filled up with blanks. Some
//! programs count bytes instead; that is told line by line (see [`Measure`]).

use std::io;

use compact_str::CompactString;

use domain::{QuarantineReason, QuarantinedRow, Skipped};
use settings::Source;

use super::cell::Cell;
use super::cell_table::{CellRow, Table};
use super::encoding::{Encoding, Units};
use super::error::AcquireError;
use super::format::Opening;
use super::lines::{Line, Lines};
use super::quarantine::{put_aside, reason_of_line};
use super::reader::{Delivered, Rows};

struct Fixed {
    lines: Lines,
    table: Table,
    widths: Vec<usize>,
    ruler: Ruler,
    skipped: Skipped,
    /// The line last delivered.
    last: Option<Line>,
}

/// What the width of a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Signs,
    Bytes,
}

/// Tells what widths count, by the lines on which the two differ.
struct Ruler {
    /// How many bytes a sign takes.
    bytes_of: fn(char) -> usize,
    /// The length of all lines so far in which each sign is one byte; none where they differ.
    length: Option<usize>,
    /// Whether there was such a line.
    is_known: bool,
    /// What the last line that told it said.
    told: Option<Measure>,
}

/// Starts reading: the columns are those of the settings, or widths alone are said and the header has
/// their names.
pub(super) fn open(opening: Opening<'_>) -> Result<Box<dyn Rows + Send>, AcquireError> {
    let Opening { source, file, widths, .. } = opening;
    let mut lines = opening.lines();
    // One that is taken out would move all columns behind it.
    lines.keep_nuls();
    let unreadable = |cause| AcquireError::Unreadable { file: file.to_owned(), cause };
    let mut skipped = Skipped::default();
    if let Some(row) = opening.header_row.filter(|row| *row > 1) {
        skipped.above = lines.pass_to(row - 1).map_err(unreadable)?;
    }
    let (names, widths): (Vec<CompactString>, Vec<usize>) = match widths {
        Some(widths) => {
            let row = opening.header_row.unwrap_or(1);
            let none = || AcquireError::NoSuchRow { file: file.to_owned(), row };
            let header = lines.next_row(None).map_err(unreadable)?.ok_or_else(none)?;
            let mut ruler = Ruler::of(lines.encoding());
            let measure = ruler.measure(header.content(), widths);
            let (names, _) = ruler.cut(header.content(), widths, measure);
            (names.into_iter().map(CompactString::from).collect(), widths.to_vec())
        }
        None if source.columns.is_empty() => {
            return Err(AcquireError::NoWidths {
                file: file.to_owned(),
                source_name: source.name.to_string(),
            });
        }
        None => {
            let columns = source.columns.iter();
            columns.map(|it| (CompactString::new(&it.name), it.width)).unzip()
        }
    };
    let table = Table::of((0..).zip(names).collect(), source, file)?;
    let ruler = Ruler::of(lines.encoding());
    Ok(Box::new(Fixed { lines, table, widths, ruler, skipped, last: None }))
}

/// How many of the first lines are looked at.
const LOOKED_AT: usize = 50;

/// Whether a file of a source with such columns is a table in which a sign parts the cells instead: its
/// first line names the key between two of them, or each line has too many of them for chance.
pub(super) fn is_delimited(sample: &str, source: &Source) -> bool {
    let lines = || sample.lines().filter(|line| !line.trim().is_empty()).take(LOOKED_AT);
    let plain = |cell: &str| cell.trim().trim_matches('"').to_owned();
    let Some(first) = lines().next() else { return false };
    let differ = lines().any(|line| line.chars().count() != first.chars().count());
    [',', ';', '\t', '|'].into_iter().any(|sign| {
        let count = |line: &str| line.matches(sign).count();
        let names_key = count(first) > 0 && first.split(sign).any(|it| plain(it) == source.key);
        let most = source.columns.len().saturating_sub(1);
        names_key || most > 1 && differ && lines().all(|line| count(line) >= most)
    })
}

impl Ruler {
    fn of(encoding: Encoding) -> Ruler {
        let bytes_of = match encoding.units() {
            _ if encoding == Encoding::Utf8 => char::len_utf8,
            Units::Pairs => |sign: char| if sign.is_ascii() { 1 } else { 2 },
            // The half-width letters take one byte.
            Units::ShiftJis => |sign: char| match sign {
                '\u{ff61}'..='\u{ff9f}' => 1,
                sign if sign.is_ascii() => 1,
                _ => 2,
            },
            Units::Bytes | Units::LowFirst | Units::HighFirst | Units::Escaped => |_| 1,
        };
        Ruler { bytes_of, length: None, is_known: false, told: None }
    }

    /// What the widths count in this line.
    fn measure(&mut self, line: &str, widths: &[usize]) -> Measure {
        let signs = line.chars().count();
        let bytes = line.chars().map(self.bytes_of).sum::<usize>();
        if signs == bytes {
            self.length =
                self.length.filter(|it| *it == signs).or((!self.is_known).then_some(signs));
            self.is_known = true;
            return Measure::Signs;
        }
        let whole = if self.is_known { self.length } else { Some(widths.iter().sum()) };
        let tells = match whole {
            Some(whole) if whole == signs => Some(Measure::Signs),
            Some(whole) if whole == bytes => Some(Measure::Bytes),
            _ => self.by_words(line, widths),
        };
        self.told = tells.or(self.told);
        self.told.unwrap_or(Measure::Signs)
    }

    /// What is told by words that one measure goes through and the other does not.
    fn by_words(&self, line: &str, widths: &[usize]) -> Option<Measure> {
        let signs = self.words_cut(line, widths, Measure::Signs);
        let bytes = self.words_cut(line, widths, Measure::Bytes);
        match signs.cmp(&bytes) {
            std::cmp::Ordering::Less => Some(Measure::Signs),
            std::cmp::Ordering::Greater => Some(Measure::Bytes),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// How many words columns that end so go through.
    fn words_cut(&self, line: &str, widths: &[usize], measure: Measure) -> usize {
        let mut rest = line;
        let cut = widths.iter().filter(|width| {
            let (cell, behind) = self.first(rest, **width, measure);
            rest = behind;
            let in_word = |sign: Option<char>| sign.is_some_and(|it| !it.is_whitespace());
            in_word(cell.chars().next_back()) && in_word(behind.chars().next())
        });
        cut.count()
    }

    /// The first cell of a line, and what stands behind it.
    fn first<'l>(&self, line: &'l str, width: usize, measure: Measure) -> (&'l str, &'l str) {
        let mut taken = 0;
        let end = line.char_indices().find(|(_, sign)| {
            taken += if measure == Measure::Bytes { (self.bytes_of)(*sign) } else { 1 };
            taken > width
        });
        line.split_at(end.map_or(line.len(), |(at, _)| at))
    }

    /// The cells of a line, without the blanks around them, and what stands behind the last.
    fn cut(&self, line: &str, widths: &[usize], measure: Measure) -> (Vec<String>, String) {
        let plain = |cell: &str| cell.replace('\0', "").trim().to_owned();
        let mut rest = line;
        let cell = |width: &usize| {
            let (cell, behind) = self.first(rest, *width, measure);
            rest = behind;
            plain(cell)
        };
        let cells = widths.iter().map(cell).collect();
        (cells, plain(rest))
    }
}

impl Fixed {
    fn read(&mut self, line: &Line) -> Result<Option<Delivered>, QuarantineReason> {
        if let Some(reason) = reason_of_line(line, self.lines.encoding(), |_| None) {
            return Err(reason);
        }
        let measure = self.ruler.measure(line.content(), &self.widths);
        let (cells, behind) = self.ruler.cut(line.content(), &self.widths, measure);
        if !behind.is_empty() {
            let expected = cells.len();
            return Err(QuarantineReason::Ragged { expected, found: expected + 1 });
        }
        let cells = (0..).zip(cells).map(|(at, cell)| (at, Cell::Text(cell.into())));
        let row = CellRow { number: line.number, cells: cells.collect() };
        if self.table.is_header(&row) {
            return Ok(None);
        }
        self.table.read(&row).map(|row| Some(Delivered::Row(row)))
    }
}

impl Rows for Fixed {
    fn next_row(&mut self) -> io::Result<Option<Delivered>> {
        loop {
            let Some(line) = self.lines.next_row(None)? else {
                self.skipped.blank += self.lines.take_blanks();
                return Ok(None);
            };
            self.skipped.blank += line.blanks;
            if line.is_blank() {
                self.skipped.blank += 1;
                continue;
            }
            match self.read(&line) {
                Ok(Some(row)) => {
                    self.last = Some(line);
                    return Ok(Some(row));
                }
                Ok(None) => self.skipped.headers += 1,
                Err(reason) => return Ok(Some(Delivered::Quarantined(put_aside(line, reason)))),
            }
        }
    }

    fn set_aside(&mut self, reason: QuarantineReason) -> Option<QuarantinedRow> {
        self.last.take().map(|line| put_aside(line, reason))
    }

    fn skipped(&self) -> Skipped {
        self.skipped
    }

    fn header_line(&self) -> Option<&str> {
        None
    }

    fn bytes_read(&self) -> u64 {
        self.lines.bytes_read()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::reader::tests::source;
    use crate::acquire::{Input, Options, Reader};
    use settings::FixedColumn;

    fn of_columns(columns: &[(&str, usize)]) -> Source {
        let column =
            |(name, width): &(&str, usize)| FixedColumn { name: (*name).into(), width: *width };
        let columns = columns.iter().map(column).collect();
        Source { columns, ..source("id", None, &[("name", &["name"]), ("city", &["city"])]) }
    }

    fn told(text: &str, source: &Source, widths: Option<Vec<usize>>) -> Vec<String> {
        let options = Options { file: "people.txt".into(), widths, ..Options::default() };
        let reader = match Reader::open(Input::of(text.as_bytes().to_vec()), source, &options) {
            Ok(reader) => reader,
            Err(error) => return vec![error.to_string()],
        };
        let tell = |delivered| match delivered {
            Delivered::Row(row) => {
                let texts = row.fields.iter().map(|(_, text)| text.as_str());
                format!("{} {}: {}", row.line, row.key, texts.collect::<Vec<_>>().join("|"))
            }
            Delivered::Quarantined(row) => format!("{} {}", row.line, row.reason),
            Delivered::Skipped(it) => format!("{} blank, {} headers", it.blank, it.headers),
        };
        reader.map(|it| tell(it.unwrap())).collect()
    }

    #[test]
    fn each_column_has_its_signs_whatever_their_bytes() {
        let source = of_columns(&[("id", 4), ("name", 8), ("city", 6)]);
        let text = "0007Zo\u{eb} Lund Omaha \n  \n0008Ann     \nid  name    city  \n    Nobody  Reno  \n\
            0009Too longOmaha!and more\n0010\u{6771}\u{4eac}      Reno";
        let expected = [
            "1 0007: Zo\u{eb} Lund|Omaha",
            "3 0008: Ann",
            "5 no key in column `id`",
            "6 4 fields where the header has 3",
            "7 0010: \u{6771}\u{4eac}|Reno",
            "1 blank, 1 headers",
        ];
        assert_eq!(told(text, &source, None), expected);
    }

    #[test]
    fn a_nul_moves_no_column() {
        let source = of_columns(&[("id", 4), ("name", 8), ("city", 6)]);
        for (line, expected) in [
            ("0007Zoe\0LundOmaha ", "1 0007: ZoeLund|Omaha"),
            ("0007Zoe\0\0\0\0\0Omaha ", "1 0007: Zoe|Omaha"),
            ("\0\x007 Zoe     Reno\0\0", "1 7: Zoe|Reno"),
        ] {
            // One line of binary data is none of text.
            let file = format!("{line}\n{}", "0008Ann     Reno  \n".repeat(50));
            assert_eq!(told(&file, &source, None)[0], expected, "{line:?}");
        }
    }

    #[test]
    fn columns_counted_in_bytes_are_cut_in_bytes() {
        let source = of_columns(&[("id", 4), ("name", 10), ("city", 10)]);
        let cells = [
            ("0001", "Ann", "Omaha"),
            ("0002", "Zo\u{eb} Lund", "K\u{f6}ln"),
            ("0003", "J\u{f6}rg", "Reno"),
            ("0004", "\u{6771}\u{4eac}", "\u{15b}l\u{105}sk"),
            ("0005", "No\u{eb}l", "Lyon"),
        ];
        let expected: Vec<String> = cells
            .iter()
            .zip(1..)
            .map(|((id, name, city), at)| format!("{at} {id}: {name}|{city}"))
            .collect();
        let by_bytes = |text: &str, width: usize| format!("{text}{:1$}", "", width - text.len());
        let by_signs = |text: &str, width: usize| format!("{text:width$}");
        let file = |pad: &dyn Fn(&str, usize) -> String, is_trimmed: bool| {
            let lines = cells.iter().map(|(id, name, city)| {
                let line = format!("{id}{}{}", pad(name, 10), pad(city, 10));
                if is_trimmed { line.trim_end().to_owned() } else { line }
            });
            lines.collect::<Vec<_>>().join("\n")
        };
        for is_trimmed in [false, true] {
            assert_eq!(told(&file(&by_bytes, is_trimmed), &source, None), expected, "{is_trimmed}");
            assert_eq!(told(&file(&by_signs, is_trimmed), &source, None), expected, "{is_trimmed}");
        }
    }

    #[test]
    fn a_table_parted_by_signs_is_not_cut_into_columns() {
        let source = of_columns(&[("id", 4), ("name", 8), ("city", 6)]);
        for text in [
            "id,name,city\n7,Ann,Omaha\n",
            "id;name;city\n7;Ann;Omaha\n",
            "\"id\"\t\"name\"\t\"city\"\n7\tAnn\tOmaha\n",
        ] {
            assert_eq!(told(text, &source, None), ["2 7: Ann|Omaha"], "{text}");
        }
        // Without a header the columns of a table have no names.
        let refused = told("7,Ann,Omaha\n18,Benjamin,Reno\n", &source, None);
        assert!(
            refused.len() == 1 && refused[0].contains("people.txt has no column `id`"),
            "{refused:?}"
        );
        // Signs in the cells of fixed columns are signs.
        let text = "0007A,B;C,D Omaha,\n0008Ann     Reno  \n";
        assert_eq!(told(text, &source, None), ["1 0007: A,B;C,D|Omaha,", "2 0008: Ann|Reno"]);
    }

    #[test]
    fn widths_alone_take_their_names_from_the_header() {
        let plain = of_columns(&[]);
        let text = "id  name    city  \n0007Zo\u{eb} LundOmaha \n";
        assert_eq!(told(text, &plain, Some(vec![4, 8, 6])), ["2 0007: Zo\u{eb} Lund|Omaha"]);
        let options = Options { format: Some(crate::acquire::Format::Fixed), ..Options::default() };
        let refused = Reader::open(Input::of(text.as_bytes().to_vec()), &plain, &options);
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("columns = [\"id:10\", \"name:30\"]"), "{refused}");
    }
}
