//! The values of a JSON object under dotted names, those of lists by index.

use std::borrow::Cow;

use compact_str::{CompactString, format_compact};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use domain::QuarantineReason;

use super::COLUMN_LIMIT;
use super::cell::of_written_float;
use super::keys::{self, Key};

/// How deep values may be nested.
const DEPTH_LIMIT: usize = 64;

/// A text, a number or a truth value in an object.
pub(super) struct Leaf<'t> {
    pub path: CompactString,
    pub text: Cow<'t, str>,
    /// Whether it is a text, and neither a number nor a truth value.
    pub is_text: bool,
}

impl Leaf<'_> {
    /// What it is as a key. A program that writes a number with an exponent has lost digits of it.
    pub fn key(&self) -> Key {
        match keys::read(&self.text) {
            Key::Sound(_)
                if !self.is_text && self.text.contains(['e', 'E']) && self.is_number() =>
            {
                Key::Lost(keys::SCIENTIFIC)
            }
            key => key,
        }
    }

    /// Whether it is a yes or no, and no text.
    pub fn is_boolean(&self) -> bool {
        !self.is_text && !self.is_number()
    }

    /// Whether it is a number with decimals or an exponent, and no text: a point parts them.
    pub fn has_decimals(&self) -> bool {
        !self.is_text && self.is_number() && self.text.contains(['.', 'e', 'E'])
    }

    fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
    }
}

/// Values under their dotted names.
pub(super) type Leaves<'t> = Vec<Leaf<'t>>;

/// Every text, number and truth value of an object, under its dotted name, in order; and the names of
/// its lists and nulls.
pub(super) fn leaves(text: &str) -> Result<(Leaves<'_>, Vec<CompactString>), QuarantineReason> {
    let what = match text.trim_start().bytes().next() {
        Some(b'{') => "",
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b'0'..=b'9' | b'-') => "a number",
        _ if text.trim() == "null" => "null",
        _ if matches!(text.trim(), "true" | "false") => "true or false",
        _ => QuarantineReason::NOT_JSON,
    };
    if !what.is_empty() {
        return Err(not_an_object(what));
    }
    let Object(members) = serde_json::from_str(text).map_err(|error| syntax(&error))?;
    let mut found = (Vec::new(), Vec::new());
    for (name, value) in members {
        collect(CompactString::new(name), value, 1, &mut found)?;
    }
    Ok(found)
}

fn collect<'t>(
    path: CompactString,
    value: &'t RawValue,
    depth: usize,
    found: &mut (Leaves<'t>, Vec<CompactString>),
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
            leaves.push(Leaf { path, text: text_of(text)?, is_text: true });
        }
        // Numbers keep every digit as it was written, but those that no float holds.
        _ => {
            let meant = of_written_float(text).map(|text| Cow::Owned(text.into()));
            leaves.push(Leaf { path, text: meant.unwrap_or(text.into()), is_text: false });
        }
    }
    Ok(())
}

/// What a text says that stands there in quotes.
fn text_of(quoted: &str) -> Result<Cow<'_, str>, QuarantineReason> {
    if !quoted.contains('\\') {
        return Ok(quoted[1..quoted.len() - 1].into());
    }
    let mut text: String = serde_json::from_str(quoted).map_err(|error| syntax(&error))?;
    // What a program forgot to take out.
    text.retain(|character| character != '\0');
    Ok(text.into())
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
            "phones":["1",null,{"x":true}], "none":null, "empty":{}, "e":1e400}"#
            .replace('\n', " ");
        let (leaves, whole) = leaves(&text).unwrap();
        assert_eq!(whole, ["phones.1", "phones", "none"]);
        let leaves: Vec<(&str, &str)> =
            leaves.iter().map(|leaf| (leaf.path.as_str(), &*leaf.text)).collect();
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
            ("secret", "not JSON"),
            ("null", "null"),
            (" true\n", "true or false"),
            ("{\"a\":\"secret\"", "it ends too early, at column 13"),
            ("{\"a\":secret}", "expected value, at column 6"),
            ("{\"a\":1} x", "trailing characters, at column 9"),
            (deep.as_str(), "nested more than 64 deep"),
        ] {
            assert_eq!(leaves(text).err(), Some(not_an_object(expected)), "{text}");
        }
    }
}
