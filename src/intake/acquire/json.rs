//! JSON that is no JSON lines: a list of objects, objects over several lines, a list within an object.

use std::io;

use domain::place::OBJECTS_COUNTED;
use domain::{QuarantineReason, QuarantinedRow, RowExtent, Skipped, hexadecimal};

use super::ROW_LIMIT;
use super::encoding::{Encoding, OddRows, RowEncoding};
use super::error::AcquireError;
use super::format::Opening;
use super::json_leaves::not_an_object;
use super::json_objects::Objects;
use super::json_values::{Value, Values};
use super::mapping::Mapping;
use super::reader::{Delivered, Rows};

struct Json {
    values: Values,
    encoding: RowEncoding,
    /// What the file is in, before anything was decoded.
    of: Encoding,
    objects: Objects,
    /// The value last delivered.
    last: Option<Value>,
    /// Its place: its line, or how many came up to it.
    place: u64,
    /// Whether places count values, since the first ones stand in one line.
    counts: bool,
    odd: OddRows,
    ended: bool,
}

/// Starts reading what the file in that encoding holds; the objects stand in the list at the end of the path, if one is named.
pub(super) fn open(
    opening: &Opening<'_>,
    of: Encoding,
) -> Result<Box<dyn Rows + Send>, AcquireError> {
    let values = values_of(opening)?;
    let counts = stand_in_one_line(values_of(opening)?);
    let objects = Objects::of(Mapping::of(opening.source));
    Ok(Box::new(Json {
        values,
        encoding: opening.encoding,
        of,
        objects,
        last: None,
        place: 0,
        counts,
        odd: OddRows::default(),
        ended: false,
    }))
}

fn values_of(opening: &Opening<'_>) -> Result<Values, AcquireError> {
    let file = opening.file.to_owned();
    let input = opening.input.from_the_beginning();
    let values = match opening.records {
        None => Values::of(input).map(Some),
        Some(path) => Values::of_list_at(input, path),
    };
    match values {
        Ok(Some(values)) => Ok(values),
        Ok(None) => {
            let path = opening.records.unwrap_or_default().to_owned();
            let input = opening.input.from_the_beginning();
            let found = Values::paths_of_lists(input, &opening.source.key).unwrap_or_default();
            Err(AcquireError::NoRecords { file, path, found })
        }
        Err(cause) => Err(AcquireError::Unreadable { file, cause }),
    }
}

/// Whether the first two values begin in one line. What cannot be read is told when it is read.
fn stand_in_one_line(mut values: Values) -> bool {
    let mut line = || values.next_value().ok().flatten().map(|value| value.line);
    let first = line();
    first.is_some() && first == line()
}

impl Rows for Json {
    fn next_row(&mut self) -> io::Result<Option<Delivered>> {
        if self.ended {
            return Ok(None);
        }
        let Some(value) = self.values.next_value()? else {
            self.ended = true;
            if self.values.list_was_closed()? {
                return Ok(None);
            }
            let why = "its list is never closed: the file was cut off";
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, why));
        };
        // No two values have one place, even where some of them share a line.
        let next = self.place + 1;
        let last_line = value.last_line;
        let (place, last_line) = match self.counts {
            true => (next, last_line),
            false => (value.line.max(next), last_line.max(next)),
        };
        self.place = place;
        Ok(Some(self.deliver(Value { line: place, last_line, ..value })))
    }

    fn header_line(&self) -> Option<&str> {
        None
    }

    fn set_aside(&mut self, reason: QuarantineReason) -> Option<QuarantinedRow> {
        self.last.take().map(|value| self.put_aside(value, reason))
    }

    fn skipped(&self) -> Skipped {
        Skipped::default()
    }

    fn odd_rows(&self) -> OddRows {
        self.odd
    }

    fn description(&self) -> Option<String> {
        let counted = if self.counts { format!(", {OBJECTS_COUNTED}") } else { String::new() };
        Some(format!("json, {}{counted}", self.of.name()))
    }
}

impl Json {
    fn deliver(&mut self, value: Value) -> Delivered {
        let row = match reason_of(&value) {
            Some(reason) => Err(reason),
            None => {
                let decoded = self.encoding.decode(value.bytes.clone());
                if decoded.is_odd {
                    self.odd.note(value.line);
                }
                if decoded.is_bad {
                    let encoding = self.of.name().to_owned();
                    Err(QuarantineReason::BadEncoding { encoding })
                } else {
                    self.objects.row(&decoded.text, value.line)
                }
            }
        };
        match row {
            Ok(row) => {
                self.last = Some(value);
                Delivered::Row(row)
            }
            Err(reason) => Delivered::Quarantined(self.put_aside(value, reason)),
        }
    }

    fn put_aside(&self, value: Value, reason: QuarantineReason) -> QuarantinedRow {
        let length = (!value.is_whole()).then_some(value.length);
        let decoded = self.encoding.decode(value.bytes);
        let bytes =
            decoded.bytes.filter(|_| decoded.is_bad).map(|bytes| hexadecimal::encode(&bytes));
        let key = self.objects.key_in(&decoded.text);
        let (line, text) = (value.line, decoded.text);
        QuarantinedRow { line, reason, text, bytes, length, key, named: None }
    }
}

/// What is wrong with a value before it is looked into.
fn reason_of(value: &Value) -> Option<QuarantineReason> {
    if !value.is_closed {
        return Some(not_an_object("it is never closed"));
    }
    let extent =
        RowExtent { bytes: value.length, last_line: value.last_line, is_closed: value.is_closed };
    (!value.is_whole()).then_some(QuarantineReason::TooLong {
        limit: ROW_LIMIT,
        extent: Some(extent),
        column: None,
    })
}
