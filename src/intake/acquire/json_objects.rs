//! JSON objects as rows.
//!
//! Objects with the same members in the same order have the same columns, which mean the same: that is
//! found out once for each such shape.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use compact_str::CompactString;
use rustc_hash::{FxBuildHasher, FxHasher};

use domain::QuarantineReason;

use super::columns::Columns;
use super::glance::{Glance, Glances, Wanted, show_row};
use super::json_leaves::{Leaf, leaves, not_an_object};
use super::keys::Key;
use super::mapping::{Draft, Mapping, Roles};
use super::object_names::{Clash, Names, Settled};
use super::reader::Row;
use super::repeats::KeyNotes;

/// So many shapes are remembered at once.
const MOST_SHAPES: usize = 64;

/// Makes rows of a source's objects.
pub(super) struct Objects {
    mapping: Mapping,
    /// What the settings call columns.
    names: Names,
    /// By the hash of their names.
    shapes: HashMap<u64, Shape, FxBuildHasher>,
}

/// What the names in an object say.
struct Shape {
    /// The names of its values as they stand there.
    delivered: Vec<CompactString>,
    /// The names of its lists and nulls, likewise.
    whole: Vec<CompactString>,
    /// The names of its values as the settings spell them, and what they are read for.
    names: Vec<(CompactString, Option<Roles>)>,
    /// Values of which the settings name one and that differ in case: they must say the same.
    rivals: Vec<(usize, usize)>,
    columns: Arc<Columns>,
    /// Which of its values is the key.
    key: Option<usize>,
    /// Values that stand where an object is read from, each with the column inside of it that is mapped.
    bare: Vec<(usize, String)>,
    /// Why an object of these names is no row.
    refused: Option<QuarantineReason>,
    /// Where wanted values stand, once they were asked for.
    glances: Option<Glances>,
}

impl Shape {
    fn of(
        leaves: &[Leaf<'_>],
        whole: Vec<CompactString>,
        (mapping, names): (&Mapping, &Names),
    ) -> Shape {
        let delivered: Vec<CompactString> = leaves.iter().map(|leaf| leaf.path.clone()).collect();
        let settled = names.settle(&delivered, &whole);
        let Settled { leaves: names, whole: unread, rivals, clash } = settled;
        let columns = Columns::of_object(names.clone(), unread.clone());
        let mut nested = names.iter().filter_map(|path| {
            let column = mapped_above(mapping, path)?.to_owned();
            Some(QuarantineReason::Nested { column, path: path.to_string() })
        });
        let through = || through(mapping, &names, &unread);
        let lacking = || {
            let column = mapping.first_lacking(&columns)?.to_owned();
            Some(QuarantineReason::Lacks { column })
        };
        let bare = names.iter().enumerate();
        let bare = bare.filter_map(|(at, path)| Some((at, mapping.inside_of(path)?.to_owned())));
        let bare = bare.collect();
        let clash = || clash.map(|clash| clash.reason());
        let refused = repeated(leaves).or_else(clash).or_else(|| nested.next());
        let refused = refused.or_else(through).or_else(lacking);
        Shape {
            key: names.iter().position(|path| *path == mapping.key),
            bare,
            refused,
            columns: Arc::new(columns),
            names: names
                .into_iter()
                .map(|name| (name.clone(), mapping.roles(&name).cloned()))
                .collect(),
            rivals,
            delivered,
            whole,
            glances: None,
        }
    }

    /// What is wrong with an object of these names, as far as its values tell.
    fn fault(&self, leaves: &[Leaf<'_>]) -> Option<QuarantineReason> {
        let refused = self.refused.clone().or_else(|| self.bare(leaves));
        refused.or_else(|| {
            let differ = |(one, other): &&(usize, usize)| {
                leaves[*one].text.trim() != leaves[*other].text.trim()
            };
            let (one, other) = self.rivals.iter().find(differ)?;
            let name = |at: usize| self.delivered[at].to_string();
            Some(Clash { one: name(*one), other: name(*other) }.reason())
        })
    }

    /// What is wrong with an object that has a value where an object is read from.
    fn bare(&self, leaves: &[Leaf<'_>]) -> Option<QuarantineReason> {
        let filled = |(at, _): &&(usize, String)| !leaves[*at].text.trim().is_empty();
        let (at, inside) = self.bare.iter().find(filled)?;
        let Leaf { path, is_text, .. } = &leaves[*at];
        let what = if *is_text { "text" } else { "a single value" };
        Some(not_an_object(&format!("`{path}` is {what}, but `{inside}` is mapped")))
    }

    fn is_of(&self, leaves: &[Leaf<'_>], whole: &[CompactString]) -> bool {
        self.delivered.iter().eq(leaves.iter().map(|leaf| &leaf.path)) && self.whole == whole
    }
}

impl Objects {
    /// For the rows of a source.
    pub fn of(mapping: Mapping) -> Objects {
        let names = Names::of(mapping.named());
        Objects { mapping, names, shapes: HashMap::default() }
    }

    /// The key of a row that is put aside, where it can be read.
    pub fn key_in(&self, text: &str) -> Option<String> {
        let (leaves, whole) = leaves(text).ok().filter(|(leaves, _)| repeated(leaves).is_none())?;
        let key = Shape::of(&leaves, whole, (&self.mapping, &self.names)).key?;
        match leaves[key].key() {
            Key::Sound(key) => Some(key.to_string()),
            Key::Absent | Key::Lost(_) => None,
        }
    }

    /// What the values of an object are called, where it would be a row of which no field is read.
    pub fn unmapped(&mut self, text: &str) -> Option<Vec<CompactString>> {
        let (leaves, whole) = leaves(text).ok()?;
        let (shape, mapping) = self.shape(&leaves, whole);
        if shape.fault(&leaves).is_some() {
            return None;
        }
        let names = shape.names.iter().map(|(name, _)| name).chain(&shape.whole);
        let names: Vec<CompactString> = names.cloned().collect();
        // `null` stands for an object of which something is read.
        let is_read =
            mapping.has_data(&names) || names.iter().any(|name| mapping.inside_of(name).is_some());
        (!is_read).then_some(names)
    }

    /// How the columns that are read are called.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// The row that an object becomes.
    ///
    /// # Errors
    /// Why it becomes none.
    pub fn row(&mut self, text: &str, line: u64) -> Result<Row, QuarantineReason> {
        let (leaves, whole) = leaves(text)?;
        let (shape, mapping) = self.shape(&leaves, whole);
        if let Some(reason) = shape.fault(&leaves) {
            return Err(reason);
        }
        let mut draft = Draft::new(mapping);
        for ((name, roles), leaf) in shape.names.iter().zip(&leaves) {
            draft.take(name, roles.as_ref(), &leaf.text);
            if leaf.is_boolean() {
                draft.note_boolean(roles.as_ref());
            }
            if leaf.has_decimals() {
                draft.note_decimals(roles.as_ref());
            }
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
        let key = mapping.one_form(key);
        let (Key::Sound(key), None) = (key, shape.fault(&leaves)) else { return };
        let glances = shape.glances.get_or_insert_with(|| mapping.glances(&shape.names, wanted));
        let Some(glances) = glances else {
            if let Ok(row) = self.row(text, line) {
                show_row(&row, wanted, show, keys);
            }
            return;
        };
        keys.note_key(&key);
        for (at, place) in glances {
            let leaf = &leaves[*at];
            let (has_decimals, is_boolean) = (leaf.has_decimals(), leaf.is_boolean());
            show(Glance { line, place: *place, text: &leaf.text, has_decimals, is_boolean });
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
            let shape = Shape::of(leaves, whole, (&self.mapping, &self.names));
            self.shapes.insert(hash, shape);
        }
        let fresh = || Shape::of(leaves, Vec::new(), (&self.mapping, &self.names));
        (self.shapes.entry(hash).or_insert_with(fresh), &self.mapping)
    }
}

/// The mapped column that a value lies inside of.
fn mapped_above<'p>(mapping: &Mapping, path: &'p str) -> Option<&'p str> {
    let mut dots = path.match_indices('.').map(|(at, _)| &path[..at]);
    dots.find(|column| mapping.roles(column).is_some())
}

/// What is wrong with an object that holds a list where a mapped path runs through an object, or the other
/// way round. Nothing is wrong with an empty one, or where another mapped path goes the right way.
fn through(
    mapping: &Mapping,
    names: &[CompactString],
    whole: &[CompactString],
) -> Option<QuarantineReason> {
    let is_inside = |name: &str, above: &str| {
        name.strip_prefix(above).is_some_and(|rest| rest.starts_with('.'))
    };
    let is_index = |name: &str, above: &str| {
        let part = name[above.len() + 1..].split('.').next().unwrap_or_default();
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_there = |column: &str| names.iter().chain(whole).any(|name| name == column);
    for column in mapping.read().filter(|column| !is_there(column)) {
        for above in column.match_indices('.').map(|(at, _)| &column[..at]) {
            let mut within = names.iter().filter(|name| is_inside(name, above));
            let Some(first) = within.next() else { continue };
            let is_list = whole.iter().any(|name| name == above);
            // An object may have numbers for names.
            if is_index(column, above) == is_list
                || !is_list && is_index(first, above)
                || mapping.read().any(|it| is_inside(it, above) && is_index(it, above) == is_list)
            {
                continue;
            }
            let path = format!("{above}.0{}", &column[above.len()..]);
            let path = if is_there(&path) { path } else { first.to_string() };
            return Some(QuarantineReason::Nested { column: above.to_owned(), path });
        }
    }
    None
}

/// What is wrong with an object in which one name stands for two values.
fn repeated(leaves: &[Leaf<'_>]) -> Option<QuarantineReason> {
    let mut names: Vec<&str> = leaves.iter().map(|leaf| leaf.path.as_str()).collect();
    names.sort_unstable();
    let pair = names.windows(2).find(|pair| pair[0] == pair[1])?;
    Some(not_an_object(&format!("`{}` is in it twice", pair[0])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::reader::tests::source;

    #[test]
    fn a_path_that_runs_through_a_list_is_said() {
        let map: &[(&str, &[&str])] =
            &[("city", &["addr.city"]), ("mail", &["mails.0"]), ("zip", &["home.at.zip"])];
        let mut objects = Objects::of(Mapping::of(&source("id", None, map)));
        for (text, expected) in [
            (r#"{"id":1,"addr":[{"city":"Oslo"}]}"#, Some(("addr", "addr.0.city"))),
            (r#"{"id":1,"addr":[{"town":"Oslo"}]}"#, Some(("addr", "addr.0.town"))),
            (r#"{"id":1,"addr":["Oslo"]}"#, Some(("addr", "addr.0"))),
            (r#"{"id":1,"home":[{"at":{"zip":1}}]}"#, Some(("home", "home.0.at.zip"))),
            (r#"{"id":1,"home":{"at":[{"zip":1},{"zip":2}]}}"#, Some(("home.at", "home.at.0.zip"))),
            (r#"{"id":1,"mails":{"home":"a@b.de"}}"#, Some(("mails", "mails.home"))),
            (r#"{"id":1,"ADDR":[{"city":"Oslo"}]}"#, Some(("addr", "addr.0.city"))),
            (r#"{"id":1,"mails":{"1":"a@b.de"}}"#, None),
            (r#"{"id":1,"addr":[]}"#, None),
            (r#"{"id":1,"addr":[{}],"home":null}"#, None),
            (r#"{"id":1,"addr":{"city":"Oslo"},"mails":["a@b.de"]}"#, None),
            (r#"{"id":1,"home":{"x":[1]}}"#, None),
        ] {
            let refused = objects.row(text, 1).err();
            let expected = expected.map(|(column, path)| QuarantineReason::Nested {
                column: column.to_owned(),
                path: path.to_owned(),
            });
            assert_eq!(refused, expected, "{text}");
        }
        let both: &[(&str, &[&str])] = &[("city", &["addr.city", "addr.0.city"])];
        let mut objects = Objects::of(Mapping::of(&source("id", None, both)));
        for text in [r#"{"id":1,"addr":[{"city":"Oslo"}]}"#, r#"{"id":1,"addr":{"city":"Oslo"}}"#] {
            assert_eq!(objects.row(text, 1).unwrap().fields[0].1, "Oslo");
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
            let twice = "not a JSON object: `mail` is in it twice";
            assert_eq!(read(r#"{"id":1,"mail":"a","mail":"b"}"#), twice);
            let twice = "not a JSON object: `home.city` is in it twice";
            assert_eq!(read(r#"{"id":1,"home.city":1,"home":{"city":2}}"#), twice);
        }
        for number in 0..2 * MOST_SHAPES {
            assert!(objects.row(&format!("{{\"id\":1,\"x{number}\":2}}"), 1).is_ok());
        }
        assert!(objects.shapes.len() <= MOST_SHAPES);
    }
}
