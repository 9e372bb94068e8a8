//! One JSON object a line; nested values under dotted names, lists by index.

use std::io;

use serde::de::IgnoredAny;
use serde_json::error::Category;

use domain::{QuarantineReason, QuarantinedRow, Skipped};

use super::encoding::{Encoding, OddRows, RowEncoding};
use super::error::AcquireError;
use super::format::Opening;
use super::glance::{Glance, Wanted};
use super::input::Input;
use super::json;
use super::json_columns;
use super::json_objects::Objects;
use super::json_unmapped;
use super::json_values::Values;
use super::lines::{Line, Lines, Shape};
use super::mapping::Mapping;
use super::quarantine::{put_aside, reason_of_line};
use super::reader::{Delivered, Rows};
use super::repeats::KeyNotes;
use super::transcoded::Transcoded;

struct JsonLines {
    lines: Lines,
    objects: Objects,
    skipped: Skipped,
    /// The row last delivered, as it stands in the file.
    last: Option<Line>,
}

/// What stands before each value of a sequence of JSON texts (RFC 7464).
const SEQUENCE: char = '\u{1e}';

/// Whether a file that begins like this is JSON.
pub(super) fn recognises(sample: &str) -> bool {
    let sample = sample.trim_start_matches(|c: char| c.is_whitespace() || c == SEQUENCE);
    let is_list_of =
        |first| sample.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(first));
    sample.starts_with('{') || is_list_of('{') || is_list_of('[')
}

/// Starts reading.
pub(super) fn open(opening: Opening<'_>) -> Result<Box<dyn Rows + Send>, AcquireError> {
    let of = opening.encoding.of;
    // Where a value ends is told by bytes, which in some encodings may be parts of letters.
    let web = of.web().filter(|_| of.hides_ascii());
    let decoded = web.map(|web| Input::of(Transcoded::of(opening.input, web)));
    let whole = match &decoded {
        Some(input) => Opening { input, encoding: RowEncoding::all(Encoding::Utf8), ..opening },
        None => opening,
    };
    let begins = whole.sample.trim_start();
    if whole.records.is_some() || begins.starts_with('[') {
        let is_list = |rest: &str| rest.trim_start().starts_with('[');
        if whole.records.is_none() && begins.strip_prefix('[').is_some_and(is_list) {
            return Err(AcquireError::ListsOfValues { file: whole.file.to_owned() });
        }
        json_unmapped::refuse(&whole)?;
        return json::open(&whole, of);
    }
    refuse_no_lines(&whole)?;
    json_unmapped::refuse(&whole)?;
    let is_sequence = begins.starts_with(SEQUENCE);
    if is_sequence || is_spread_over_lines(whole.sample) || stand_side_by_side(whole.sample) {
        return json::open(&whole, of);
    }
    Ok(Box::new(JsonLines {
        lines: opening.lines(),
        objects: Objects::of(Mapping::of(opening.source)),
        skipped: Skipped::default(),
        last: None,
    }))
}

/// Refuses a file of one object which is not a record itself but holds the records.
fn refuse_no_lines(opening: &Opening<'_>) -> Result<(), AcquireError> {
    let (file, key) = (opening.file.to_owned(), &opening.source.key);
    let unreadable = |cause| AcquireError::Unreadable { file: file.clone(), cause };
    let paths = Values::paths_of_lists(opening.input.from_the_beginning(), key);
    let paths = paths.map_err(unreadable)?;
    if !paths.is_empty() {
        return Err(AcquireError::RecordsWithin { file, paths });
    }
    if let Some(how) = json_columns::look(opening.input, key).map_err(unreadable)? {
        return Err(AcquireError::TableByColumns { file, how });
    }
    match Values::records_by_name(opening.input, key).map_err(unreadable)? {
        Some(path) => Err(AcquireError::RecordsByName { file, path }),
        None => Ok(()),
    }
}

/// Whether the first object does not end in the line in which it begins, yet goes well beyond it.
fn is_spread_over_lines(sample: &str) -> bool {
    let sample = sample.trim_start();
    let first = sample.lines().next().unwrap_or_default();
    match serde_json::from_str::<IgnoredAny>(first) {
        Err(error) if error.classify() == Category::Eof => {
            let mut values = serde_json::Deserializer::from_str(sample).into_iter::<IgnoredAny>();
            first.trim() == "{" || values.next().is_some_and(|value| value.is_ok())
        }
        _ => false,
    }
}

/// Whether a second object begins in the line in which the first one ends, or a comma stands behind that one
/// as in a list.
fn stand_side_by_side(sample: &str) -> bool {
    let first = sample.trim_start().lines().next().unwrap_or_default();
    let mut values = serde_json::Deserializer::from_str(first).into_iter::<IgnoredAny>();
    let is_whole = values.next().is_some_and(|value| value.is_ok());
    let rest = &first[values.byte_offset()..];
    is_whole && (rest.trim_start_matches([' ', '\t', ',']).starts_with('{') || rest.trim() == ",")
}

impl JsonLines {
    /// The next line that is not blank.
    fn next_line(&mut self) -> io::Result<Option<Line>> {
        loop {
            match self.lines.next_row(None)? {
                Some(line) if line.is_blank() => {}
                Some(line) if line.shape == Shape::Whole && line.text.trim().is_empty() => {}
                line => return Ok(line),
            }
        }
    }
}

impl Rows for JsonLines {
    fn next_row(&mut self) -> io::Result<Option<Delivered>> {
        let Some(line) = self.next_line()? else {
            self.skipped.blank += self.lines.take_blanks();
            return Ok(None);
        };
        self.skipped.blank += line.blanks;
        if let Some(reason) = reason_of_line(&line, self.lines.encoding(), |_| None) {
            let key = self.objects.key_in(line.content());
            let row = QuarantinedRow { key, ..put_aside(line, reason) };
            return Ok(Some(Delivered::Quarantined(row)));
        }
        Ok(Some(match self.objects.row(line.content(), line.number) {
            Ok(row) => {
                self.last = Some(line);
                Delivered::Row(row)
            }
            Err(reason) => {
                let key = self.objects.key_in(line.content());
                Delivered::Quarantined(QuarantinedRow { key, ..put_aside(line, reason) })
            }
        }))
    }

    fn set_aside(&mut self, reason: QuarantineReason) -> Option<QuarantinedRow> {
        self.last.take().map(|line| put_aside(line, reason))
    }

    fn skipped(&self) -> Skipped {
        self.skipped
    }

    fn odd_rows(&self) -> OddRows {
        self.lines.odd_rows()
    }

    fn glance(
        &mut self,
        wanted: &Wanted,
        show: &mut dyn FnMut(Glance<'_>),
        keys: &mut KeyNotes,
    ) -> io::Result<bool> {
        let Some(line) = self.next_line()? else { return Ok(false) };
        if reason_of_line(&line, self.lines.encoding(), |_| None).is_none() {
            self.objects.glance((line.content(), line.number), wanted, show, keys);
        }
        Ok(true)
    }

    fn bytes_read(&self) -> u64 {
        self.lines.bytes_read()
    }

    fn header_line(&self) -> Option<&str> {
        None
    }

    fn detail(&self) -> Option<&'static str> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_over_several_lines_are_noticed() {
        assert!(is_spread_over_lines("{\n \"a\": 1\n}\n"));
        assert!(is_spread_over_lines("{\n \"a\": 1,"));
        assert!(is_spread_over_lines("{\"a\": 1,\n \"b\": 2}\n"));
        assert!(!is_spread_over_lines("{\"a\": 1}\n{\"a\": 2}\n"));
        assert!(!is_spread_over_lines("{\"a\": \n{\"a\": 2}\n"), "one bad row");
    }

    #[test]
    fn objects_side_by_side_are_noticed() {
        for sample in [
            "{\"a\": 1}{\"a\": 2}",
            "{\"a\": 1} {\"a\": 2",
            "{},{\"a\": 1}\n{}",
            "{\"a\": 1},\n{\"a\": 2},",
        ] {
            assert!(stand_side_by_side(sample), "{sample}");
        }
        for sample in
            ["{\"a\": 1}\n{\"a\": 2}", "{\"a\": 1} x", "{\"a\": {\"b\": 1}}", "{\"a\": ", ""]
        {
            assert!(!stand_side_by_side(sample), "{sample}");
        }
    }
}
