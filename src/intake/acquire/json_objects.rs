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
use super::reader::Row;
use super::repeats::KeyNotes;

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
    /// Values that stand where an object is read from, each with the column inside of it that is mapped.
    bare: Vec<(usize, String)>,
    /// Why an object of these names is no row.
    refused: Option<QuarantineReason>,
    /// Where wanted values stand, once they were asked for.
    glances: Option<Glances>,
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
        let bare = leaves.iter().enumerate().filter_map(|(at, leaf)| {
            mapping.inside_of(&leaf.path).map(|inside| (at, inside.to_owned()))
        });
        let bare = bare.collect();
        let refused = repeated(leaves).or_else(|| nested.next()).or_else(lacking);
        Shape {
            names: names().map(|name| (name.clone(), mapping.roles(&name).cloned())).collect(),
            key: leaves.iter().position(|leaf| leaf.path == mapping.key),
            bare,
            refused,
            columns: Arc::new(columns),
            whole,
            glances: None,
        }
    }

    /// What is wrong with an object that has a value where an object is read from.
    fn bare(&self, leaves: &[Leaf<'_>]) -> Option<QuarantineReason> {
        let filled = |(at, _): &&(usize, String)| !leaves[*at].text.trim().is_empty();
        let (at, inside) = self.bare.iter().find(filled)?;
        let Leaf { path, is_text, .. } = &leaves[*at];
        let what = if *is_text { "a text" } else { "a single value" };
        Some(not_an_object(&format!("`{path}` holds {what}, and `{inside}` is mapped")))
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
        if let Some(reason) = shape.refused.clone().or_else(|| shape.bare(&leaves)) {
            return Err(reason);
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
        let is_refused = shape.refused.is_some() || shape.bare(&leaves).is_some();
        let (Key::Sound(key), false) = (key, is_refused) else { return };
        let glances = shape.glances.get_or_insert_with(|| mapping.glances(&shape.names, wanted));
        let Some(glances) = glances else {
            if let Ok(row) = self.row(text, line) {
                show_row(&row, wanted, show, keys);
            }
            return;
        };
        keys.note_key(&mapping.one_form(key));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::reader::tests::source;

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
