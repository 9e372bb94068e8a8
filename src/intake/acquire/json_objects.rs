//! JSON objects as rows: values under dotted names, lists by index.
//!
//! Objects with the same members in the same order have the same columns, which mean the same: that is
//! found out once for each such shape.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use compact_str::{CompactString, format_compact};
use rustc_hash::{FxBuildHasher, FxHasher};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use domain::QuarantineReason;

use super::COLUMN_LIMIT;
use super::columns::Columns;
use super::glance::{Glance, Wanted, show_row};
use super::keys::{self, Key};
use super::mapping::{Draft, Mapping, Roles};
use super::reader::Row;
use super::repeats::KeyNotes;

/// How deep values may be nested.
const DEPTH_LIMIT: usize = 64;
/// So many shapes are remembered at once.
const MOST_SHAPES: usize = 64;

/// Makes rows of a source's objects.
pub(super) struct Objects {
    mapping: Mapping,
    /// By the hash of their names.
    shapes: HashMap<u64, Shape, FxBuildHasher>,
}

/// What the names in an object say.
struct Shape {
    /// The names of its values, and what they are read for.
    names: Vec<(CompactString, Option<Roles>)>,
    /// The names of its lists and nulls.
    whole: Vec<CompactString>,
    columns: Arc<Columns>,
    /// Which of its values is the key.
    key: Option<usize>,
    /// Why an object of these names is no row.
    refused: Option<QuarantineReason>,
    /// Where wanted values stand, once they were asked for.
    glances: Option<Option<Vec<(usize, Option<usize>)>>>,
}

impl Shape {
    fn of(leaves: &[Leaf<'_>], whole: Vec<CompactString>, mapping: &Mapping) -> Shape {
        let names = || leaves.iter().map(|leaf| leaf.path.clone());
        let columns = Columns::of_object(names().collect(), whole.clone());
        let mut nested = leaves.iter().filter_map(|leaf| {
            let column = mapped_above(mapping, &leaf.path)?.to_owned();
            Some(QuarantineReason::Nested { column, path: leaf.path.to_string() })
        });
        let lacking = || {
            let column = mapping.first_lacking(&columns)?.to_owned();
            Some(QuarantineReason::Lacks { column })
        };
        let refused = repeated(leaves).or_else(|| nested.next()).or_else(lacking);
        Shape {
            names: names().map(|name| (name.clone(), mapping.roles(&name).cloned())).collect(),
            key: leaves.iter().position(|leaf| leaf.path == mapping.key),
            refused,
            columns: Arc::new(columns),
            whole,
            glances: None,
        }
    }

    fn is_of(&self, leaves: &[Leaf<'_>], whole: &[CompactString]) -> bool {
        let names = self.names.iter().map(|(name, _)| name);
        names.eq(leaves.iter().map(|leaf| &leaf.path)) && self.whole == whole
    }
}

impl Objects {
    /// For the rows of a source.
    pub fn of(mapping: Mapping) -> Objects {
        Objects { mapping, shapes: HashMap::default() }
    }

    /// The key of a row that is put aside, where it can be read.
    pub fn key_in(&self, text: &str) -> Option<String> {
        let (leaves, _) = leaves(text).ok().filter(|(leaves, _)| repeated(leaves).is_none())?;
        let leaf = leaves.into_iter().find(|leaf| leaf.path == self.mapping.key)?;
        match leaf.key() {
            Key::Sound(key) => Some(key.to_string()),
            Key::Absent | Key::Lost(_) => None,
        }
    }

    /// The row that an object becomes.
    ///
    /// # Errors
    /// Why it becomes none.
    pub fn row(&mut self, text: &str, line: u64) -> Result<Row, QuarantineReason> {
        let (leaves, whole) = leaves(text)?;
        let (shape, mapping) = self.shape(&leaves, whole);
        if let Some(reason) = &shape.refused {
            return Err(reason.clone());
        }
        let mut draft = Draft::new(mapping);
        for ((name, roles), leaf) in shape.names.iter().zip(&leaves) {
            draft.take(name, roles.as_ref(), &leaf.text);
        }
        if let Some(key) = shape.key {
            draft.take_key(leaves[key].key());
        }
        draft.finish(line, Arc::clone(&shape.columns))
    }

    /// Notes the key of the row that the object on a line becomes, and shows its wanted values.
    pub fn glance(
        &mut self,
        (text, line): (&str, u64),
        wanted: &Wanted,
        show: &mut dyn FnMut(Glance<'_>),
        keys: &mut KeyNotes,
    ) {
        let Ok((leaves, whole)) = leaves(text) else { return };
        let (shape, mapping) = self.shape(&leaves, whole);
        let key = shape.key.map_or(Key::Absent, |key| leaves[key].key());
        let (Key::Sound(key), None) = (key, &shape.refused) else { return };
        let glances = shape.glances.get_or_insert_with(|| mapping.glances(&shape.names, wanted));
        let Some(glances) = glances else {
            if let Ok(row) = self.row(text, line) {
                show_row(&row, wanted, show, keys);
            }
            return;
        };
        keys.note_key(&key);
        for (at, place) in glances {
            show(Glance { line, place: *place, text: &leaves[*at].text, has_decimals: false });
        }
    }

    fn shape(&mut self, leaves: &[Leaf<'_>], whole: Vec<CompactString>) -> (&mut Shape, &Mapping) {
        let mut hasher = FxHasher::default();
        leaves.iter().for_each(|leaf| leaf.path.hash(&mut hasher));
        whole.hash(&mut hasher);
        let hash = hasher.finish();
        if !self.shapes.get(&hash).is_some_and(|shape| shape.is_of(leaves, &whole)) {
            if self.shapes.len() == MOST_SHAPES {
                self.shapes.clear();
            }
            self.shapes.insert(hash, Shape::of(leaves, whole, &self.mapping));
        }
        let fresh = || Shape::of(leaves, Vec::new(), &self.mapping);
        (self.shapes.entry(hash).or_insert_with(fresh), &self.mapping)
    }
}

/// The mapped column that a value lies inside of.
fn mapped_above<'p>(mapping: &Mapping, path: &'p str) -> Option<&'p str> {
    let mut dots = path.match_indices('.').map(|(at, _)| &path[..at]);
    dots.find(|column| mapping.roles(column).is_some())
}

/// What is wrong with an object in which one name stands for two values.
fn repeated(leaves: &[Leaf<'_>]) -> Option<QuarantineReason> {
    let mut names: Vec<&str> = leaves.iter().map(|leaf| leaf.path.as_str()).collect();
    names.sort_unstable();
    let pair = names.windows(2).find(|pair| pair[0] == pair[1])?;
    Some(not_an_object(&format!("`{}` stands in it twice", pair[0])))
}

/// A text, a number or a truth value in an object.
struct Leaf<'t> {
    path: CompactString,
    text: Cow<'t, str>,
    is_text: bool,
}

impl Leaf<'_> {
    /// What it is as a key. A program that writes a number with an exponent has lost digits of it.
    fn key(&self) -> Key {
        match keys::read(&self.text) {
            Key::Sound(_)
                if !self.is_text && self.text.contains(['e', 'E']) && self.is_number() =>
            {
                Key::Lost("a number with an exponent may have lost digits")
            }
            key => key,
        }
    }

    fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
    }
}

/// Values under their dotted names.
type Leaves<'t> = Vec<Leaf<'t>>;

/// Every text, number and truth value of an object, under its dotted name, in order; and the names of
/// its lists and nulls.
fn leaves(text: &str) -> Result<(Leaves<'_>, Vec<CompactString>), QuarantineReason> {
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
        // Numbers keep every digit as it was written.
        _ => leaves.push(Leaf { path, text: text.into(), is_text: false }),
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
    use crate::acquire::reader::tests::source;

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
            ("secret", "no JSON"),
            ("{\"a\":\"secret\"", "it ends too early, at column 13"),
            ("{\"a\":secret}", "expected value, at column 6"),
            ("{\"a\":1} x", "trailing characters, at column 9"),
            (deep.as_str(), "nested more than 64 deep"),
        ] {
            assert_eq!(leaves(text).err(), Some(not_an_object(expected)), "{text}");
        }
    }

    #[test]
    fn what_a_shape_tells_holds_for_the_next_object_of_the_same_names_alone() {
        let source = source("id", None, &[("email", &["mail"]), ("city", &["home.city"])]);
        let mut objects = Objects::of(Mapping::of(&source));
        let mut read = |text: &str| match objects.row(text, 1) {
            Ok(row) => {
                let fields = row.fields.iter().map(|(_, text)| text.as_str());
                let unmapped = row.unmapped.iter().map(|(name, _)| name.as_str());
                fields.chain(unmapped).chain(row.columns.names()).collect::<Vec<_>>().join(" ")
            }
            Err(reason) => reason.to_string(),
        };
        for _ in 0..2 {
            assert_eq!(read(r#"{"id":1,"mail":"a@b.de"}"#), "a@b.de id mail \0");
            assert_eq!(read(r#"{"mail":"a@b.de","id":1}"#), "a@b.de id mail \0");
            assert_eq!(read(r#"{"id":1,"mail":null}"#), "id \0 mail");
            assert_eq!(
                read(r#"{"id":1,"home":{"city":"Ulm","x":2}}"#),
                "Ulm home.x home.city home.x id \0"
            );
            assert!(read(r#"{"id":1,"mail":["a@b.de"]}"#).contains("mail.0"));
            assert!(read(r#"{"mail":"a@b.de"}"#).starts_with("no key"));
            let twice = "not a JSON object: `mail` stands in it twice";
            assert_eq!(read(r#"{"id":1,"mail":"a","mail":"b"}"#), twice);
            let twice = "not a JSON object: `home.city` stands in it twice";
            assert_eq!(read(r#"{"id":1,"home.city":1,"home":{"city":2}}"#), twice);
        }
        for number in 0..2 * MOST_SHAPES {
            assert!(objects.row(&format!("{{\"id\":1,\"x{number}\":2}}"), 1).is_ok());
        }
        assert!(objects.shapes.len() <= MOST_SHAPES);
    }
}
