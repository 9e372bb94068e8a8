//! One JSON object a line; nested values under dotted names, lists by index.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use compact_str::{CompactString, format_compact};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use domain::{QuarantineReason, QuarantinedRow, Skipped};

use super::COLUMN_LIMIT;
use super::columns::Columns;
use super::encoding::OddRows;
use super::error::AcquireError;
use super::format::Opening;
use super::json;
use super::json_values::Values;
use super::keys::{self, Key};
use super::lines::{Line, Lines, Shape};
use super::mapping::{Draft, Mapping};
use super::quarantine::{put_aside, reason_of_line};
use super::reader::{Delivered, Row, Rows};

/// How deep values may be nested.
const DEPTH_LIMIT: usize = 64;

struct JsonLines {
    lines: Lines,
    mapping: Mapping,
    skipped: Skipped,
    /// The row last delivered, as it stands in the file.
    last: Option<Line>,
}

/// Whether a file that begins like this is JSON.
pub(super) fn recognises(sample: &str) -> bool {
    let sample = sample.trim_start();
    sample.starts_with('{')
        || sample.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{'))
}

/// Starts reading.
pub(super) fn open(opening: Opening<'_>) -> Result<Box<dyn Rows + Send>, AcquireError> {
    if opening.records.is_some() || opening.sample.trim_start().starts_with('[') {
        return json::open(&opening);
    }
    let file = opening.file.to_owned();
    match Values::path_of_list(opening.input.from_the_beginning(), &opening.source.key) {
        Ok(Some(path)) => return Err(AcquireError::RecordsWithin { file, path }),
        Ok(None) => {}
        Err(cause) => return Err(AcquireError::Unreadable { file, cause }),
    }
    if is_spread_over_lines(opening.sample) {
        return json::open(&opening);
    }
    Ok(Box::new(JsonLines {
        lines: opening.lines(),
        mapping: Mapping::of(opening.source),
        skipped: Skipped::default(),
        last: None,
    }))
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

/// The mapped column that a value lies inside of.
fn mapped_above<'p>(mapping: &Mapping, path: &'p str) -> Option<&'p str> {
    let mut dots = path.match_indices('.').map(|(at, _)| &path[..at]);
    dots.find(|column| mapping.roles(column).is_some())
}

/// The key of a row that is put aside, where it can be read.
pub(super) fn key_in(text: &str, mapping: &Mapping) -> Option<String> {
    let (leaves, _) = leaves(text).ok()?;
    let leaf = leaves.into_iter().find(|leaf| leaf.path == mapping.key)?;
    match leaf.key() {
        Key::Sound(key) => Some(key.to_string()),
        Key::Absent | Key::Lost(_) => None,
    }
}

/// The row that an object becomes.
pub(super) fn row_of(text: &str, line: u64, mapping: &Mapping) -> Result<Row, QuarantineReason> {
    let (leaves, whole) = leaves(text)?;
    let mut draft = Draft::new(mapping);
    for leaf in &leaves {
        if let Some(column) = mapped_above(mapping, &leaf.path) {
            let (column, path) = (column.to_owned(), leaf.path.to_string());
            return Err(QuarantineReason::Nested { column, path });
        }
        if let Some(inside) = mapping.inside_of(&leaf.path).filter(|_| !leaf.text.trim().is_empty())
        {
            let what = if leaf.is_text { "a text" } else { "a single value" };
            let detail = format!("`{}` holds {what}, and `{inside}` is mapped", leaf.path);
            return Err(not_an_object(&detail));
        }
        draft.take(&leaf.path, mapping.roles(&leaf.path), &leaf.text);
        if leaf.path == mapping.key {
            draft.take_key(leaf.key());
        }
    }
    let columns = Columns::of_object(leaves.into_iter().map(|leaf| leaf.path).collect(), whole);
    if let Some(column) = mapping.first_lacking(&columns) {
        return Err(QuarantineReason::Lacks { column: column.to_owned() });
    }
    draft.finish(line, Arc::new(columns))
}

impl Rows for JsonLines {
    fn next_row(&mut self) -> io::Result<Option<Delivered>> {
        let line = loop {
            match self.lines.next_row(None)? {
                None => {
                    self.skipped.blank += self.lines.take_blanks();
                    return Ok(None);
                }
                Some(line) if line.is_blank() => {}
                Some(line) if line.shape == Shape::Whole && line.text.trim().is_empty() => {}
                Some(line) => break line,
            }
        };
        self.skipped.blank += line.blanks;
        if let Some(reason) = reason_of_line(&line, self.lines.encoding(), |_| None) {
            let key = key_in(line.content(), &self.mapping);
            let row = QuarantinedRow { key, ..put_aside(line, reason) };
            return Ok(Some(Delivered::Quarantined(row)));
        }
        Ok(Some(match row_of(line.content(), line.number, &self.mapping) {
            Ok(row) => {
                self.last = Some(line);
                Delivered::Row(row)
            }
            Err(reason) => {
                let key = key_in(line.content(), &self.mapping);
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

/// A text, a number or a truth value in an object.
struct Leaf {
    path: CompactString,
    text: String,
    is_text: bool,
}

impl Leaf {
    /// What it is as a key. A program that writes a number with an exponent has lost digits of it.
    fn key(&self) -> Key {
        match keys::read(&self.text) {
            Key::Sound(_)
                if !self.is_text && self.text.contains(['e', 'E']) && self.is_number() =>
            {
                Key::Lost(keys::SCIENTIFIC)
            }
            key => key,
        }
    }

    fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
    }
}

/// Values under their dotted names.
type Leaves = Vec<Leaf>;

/// Every text, number and truth value of an object, under its dotted name, in order; and the names of
/// its lists and nulls.
fn leaves(text: &str) -> Result<(Leaves, Vec<CompactString>), QuarantineReason> {
    let what = match text.trim_start().bytes().next() {
        Some(b'{') => "",
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b'0'..=b'9' | b'-') => "a number",
        _ => "no JSON",
    };
    if !what.is_empty() {
        return Err(not_an_object(what));
    }
    let Object(members) = serde_json::from_str(text).map_err(|error| syntax(&error))?;
    let mut found = (Vec::new(), Vec::new());
    for (name, value) in members {
        collect(CompactString::new(name), value, 1, &mut found)?;
    }
    let (leaves, whole) = found;
    let mut names: Vec<&str> = leaves.iter().map(|leaf| leaf.path.as_str()).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(not_an_object(&format!("`{}` stands in it twice", pair[0]))),
        None => Ok((leaves, whole)),
    }
}

fn collect(
    path: CompactString,
    value: &RawValue,
    depth: usize,
    found: &mut (Leaves, Vec<CompactString>),
) -> Result<(), QuarantineReason> {
    let (leaves, whole) = &mut *found;
    if depth > DEPTH_LIMIT {
        return Err(not_an_object(&format!("nested more than {DEPTH_LIMIT} deep")));
    }
    if leaves.len() + whole.len() >= COLUMN_LIMIT {
        return Err(not_an_object(&format!("more than {COLUMN_LIMIT} values")));
    }
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'n') => whole.push(path),
        Some(b'{') => {
            let Object(members) = serde_json::from_str(text).map_err(|error| syntax(&error))?;
            for (name, value) in members {
                collect(format_compact!("{path}.{name}"), value, depth + 1, found)?;
            }
        }
        Some(b'[') => {
            let List(values) = serde_json::from_str(text).map_err(|error| syntax(&error))?;
            for (index, value) in values.into_iter().enumerate() {
                collect(format_compact!("{path}.{index}"), value, depth + 1, found)?;
            }
            found.1.push(path);
        }
        Some(b'"') => {
            let mut text: String = serde_json::from_str(text).map_err(|error| syntax(&error))?;
            // What a program forgot to take out.
            text.retain(|character| character != '\0');
            leaves.push(Leaf { path, text, is_text: true });
        }
        // Numbers keep every digit as it was written.
        _ => leaves.push(Leaf { path, text: text.to_owned(), is_text: false }),
    }
    Ok(())
}

pub(super) fn not_an_object(detail: &str) -> QuarantineReason {
    QuarantineReason::NotAnObject { detail: detail.to_owned() }
}

/// What the parser says. Its own text is used only for syntax, which names no value.
fn syntax(error: &serde_json::Error) -> QuarantineReason {
    let text = error.to_string();
    let what = match error.classify() {
        Category::Eof => "it ends too early",
        Category::Syntax => text.split(" at line ").next().unwrap_or_default(),
        Category::Data | Category::Io => "it cannot be read",
    };
    not_an_object(&format!("{what}, at column {}", error.column()))
}

/// An object's members in order, their values unread.
struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((Name(name), value)) = map.next_entry()? {
                    members.push((name, value));
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A member's name, borrowed unless it holds escapes.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// A list's values, unread.
struct List<'a>(Vec<&'a RawValue>);

impl<'de> Deserialize<'de> for List<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Values;
        impl<'de> Visitor<'de> for Values {
            type Value = List<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<List<'de>, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = list.next_element()? {
                    values.push(value);
                }
                Ok(List(values))
            }
        }
        deserializer.deserialize_seq(Values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_have_dotted_names_and_keep_their_digits() {
        let text = r#"{"id":12345678901234567890123.50, "contact":{"e\u006dail":"a\"b"},
            "phones":["1",null,{"x":true}], "none":null, "empty":{}, "e":1e400}"#;
        let (leaves, whole) = leaves(&text.replace('\n', " ")).unwrap();
        assert_eq!(whole, ["phones.1", "phones", "none"]);
        let leaves: Vec<(&str, &str)> =
            leaves.iter().map(|leaf| (leaf.path.as_str(), leaf.text.as_str())).collect();
        assert_eq!(
            leaves,
            [
                ("id", "12345678901234567890123.50"),
                ("contact.email", "a\"b"),
                ("phones.0", "1"),
                ("phones.2.x", "true"),
                ("e", "1e400"),
            ]
        );
    }

    #[test]
    fn what_is_no_object_is_said_without_its_values() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(500), "]".repeat(500));
        for (text, expected) in [
            ("[1]", "a list"),
            ("\"secret\"", "a text"),
            ("12", "a number"),
            ("secret", "no JSON"),
            ("{\"a\":\"secret\"", "it ends too early, at column 13"),
            ("{\"a\":secret}", "expected value, at column 6"),
            ("{\"a\":1} x", "trailing characters, at column 9"),
            ("{\"a\":1,\"a\":2}", "`a` stands in it twice"),
            ("{\"a.b\":1,\"a\":{\"b\":2}}", "`a.b` stands in it twice"),
            (deep.as_str(), "nested more than 64 deep"),
        ] {
            assert_eq!(leaves(text).err(), Some(not_an_object(expected)), "{text}");
        }
    }

    #[test]
    fn objects_over_several_lines_are_noticed() {
        assert!(is_spread_over_lines("{\n \"a\": 1\n}\n"));
        assert!(is_spread_over_lines("{\n \"a\": 1,"));
        assert!(is_spread_over_lines("{\"a\": 1,\n \"b\": 2}\n"));
        assert!(!is_spread_over_lines("{\"a\": 1}\n{\"a\": 2}\n"));
        assert!(!is_spread_over_lines("{\"a\": \n{\"a\": 2}\n"), "one bad row");
    }
}
