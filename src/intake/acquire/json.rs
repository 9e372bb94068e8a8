//! JSON that is no JSON lines: a list of objects, objects over several lines, a list within an object.

use std::io;

use domain::{QuarantineReason, QuarantinedRow, RowExtent};

use super::ROW_LIMIT;
use super::encoding::Encoding;
use super::error::AcquireError;
use super::format::Opening;
use super::json_lines::{key_in, leaves, not_an_object};
use super::json_values::{Value, Values};
use super::mapping::{Draft, Mapping};
use super::quarantine::{SeenKeys, in_hexadecimal};
use super::reader::{Delivered, Rows};

struct Json {
    values: Values,
    encoding: Encoding,
    mapping: Mapping,
    keys: SeenKeys,
    ended: bool,
}

/// Starts reading; the objects stand in the list at the end of the path, if one is named.
pub(super) fn open(
    opening: Opening<'_>,
    records: Option<&str>,
) -> Result<Box<dyn Rows + Send>, AcquireError> {
    let Opening { lines, input, source, file, .. } = opening;
    let file = file.to_owned();
    let encoding = lines.encoding();
    if encoding.unit() > 1 {
        return Err(AcquireError::WideJson { file, encoding: encoding.name() });
    }
    let values = match records {
        None => Values::of(input).map(Some),
        Some(path) => Values::of_list_at(input, path),
    };
    let values = match values {
        Ok(Some(values)) => values,
        Ok(None) => {
            let path = records.unwrap_or_default().to_owned();
            return Err(AcquireError::NoRecords { file, path });
        }
        Err(cause) => return Err(AcquireError::Unreadable { file, cause }),
    };
    let (mapping, keys) = (Mapping::of(source), SeenKeys::default());
    Ok(Box::new(Json { values, encoding, mapping, keys, ended: false }))
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
        Ok(Some(self.deliver(value)))
    }

    fn header_line(&self) -> Option<&str> {
        None
    }

    fn description(&self) -> String {
        format!("json, {}", self.encoding.name())
    }
}

impl Json {
    fn deliver(&mut self, value: Value) -> Delivered {
        let shape = reason_of(&value);
        let line = value.line;
        let length = (!value.is_whole()).then_some(value.length);
        let decoded = self.encoding.decode(value.bytes);
        let bad = decoded
            .is_bad
            .then(|| QuarantineReason::BadEncoding { encoding: self.encoding.name().to_owned() });
        let row = match shape.or(bad) {
            Some(reason) => Err(reason),
            None => leaves(&decoded.text).and_then(|leaves| {
                let mut draft = Draft::new(&self.mapping);
                for (path, text) in &leaves {
                    draft.take(path, self.mapping.roles(path), text);
                }
                draft.finish(line, &mut self.keys)
            }),
        };
        match row {
            Ok(row) => Delivered::Row(row),
            Err(reason) => {
                let key = key_in(&decoded.text, &self.mapping);
                let bytes = decoded.bytes.filter(|_| decoded.is_bad);
                let bytes = bytes.map(|bytes| in_hexadecimal(&bytes));
                let text = decoded.text;
                Delivered::Quarantined(QuarantinedRow { line, reason, text, bytes, length, key })
            }
        }
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
