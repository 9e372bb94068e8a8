//! From a source's columns to the workspace's fields.

use std::collections::HashMap;
use std::sync::Arc;

use compact_str::CompactString;

use domain::{FieldName, QuarantineReason, nearest};
use settings::{KeyForm, OrganisationFlag, Source};

use super::columns::Columns;
use super::error::MissingColumn;
use super::glance::{Glances, Wanted};
use super::keys::{self, Key};
use super::reader::Row;
use crate::headings;

/// What a column is read for. Several at once are possible.
#[derive(Debug, Clone, Default)]
pub(super) struct Roles {
    is_key: bool,
    is_updated: bool,
    /// Whether the column is one of several that make a field.
    is_part: bool,
    slots: Vec<usize>,
}

impl Roles {
    /// Whether the key stands there.
    pub fn is_key(&self) -> bool {
        self.is_key
    }
}

/// A source's `key`, `updated` and `map`, ready for rows.
pub(super) struct Mapping {
    /// The column of the key; empty where the file is only looked at: then columns are found by what they
    /// are usually called, and no row needs a key.
    pub key: String,
    /// How the source makes its keys.
    key_form: Option<KeyForm>,
    /// Whether a record may have several rows, in which an empty cell says nothing.
    several_rows: bool,
    /// The column that says whether a row without a key is of the record above.
    rows_by: Option<String>,
    /// The words that the source is said to write for nothing.
    absent: Vec<String>,
    /// What tells an organisation's name from a person's.
    organisation: Option<OrganisationFlag>,
    roles: HashMap<CompactString, Roles>,
    /// Each field with the number of its columns; one slot a column.
    fields: Vec<(FieldName, usize)>,
    slots: usize,
    /// Every column named, once, in the order of the settings.
    wanted: Vec<NamedColumn>,
    /// The columns that say what becomes of a record: whether it is deleted, or merged.
    fates: Vec<String>,
    /// The columns that say what a row is: an organisation, a further row of a record.
    kinds: Vec<String>,
}

/// A column that the settings name.
struct NamedColumn {
    column: String,
    /// Whether a file without it is refused.
    is_required: bool,
    /// Whether a field is read from it.
    is_mapped: bool,
}

impl Mapping {
    /// The mapping of `source`.
    pub fn of(source: &Source) -> Mapping {
        let mut mapping = Mapping {
            key: source.key.clone(),
            key_form: source.key_form,
            several_rows: source.several_rows,
            rows_by: source.rows_by.clone(),
            absent: source.absent.clone(),
            organisation: source.organisation.clone(),
            roles: HashMap::new(),
            fields: Vec::new(),
            slots: 0,
            wanted: Vec::new(),
            fates: fates(source),
            kinds: kinds(source),
        };
        if mapping.only_looks() {
            return mapping;
        }
        mapping.want(&source.key).is_key = true;
        mapping.wanted.iter_mut().for_each(|key| key.is_required = true);
        if let Some(updated) = &source.updated {
            mapping.want(updated).is_updated = true;
        }
        for (field, columns) in &source.map {
            for column in columns {
                let slot = mapping.slots;
                mapping.slots += 1;
                let roles = mapping.want(column);
                roles.slots.push(slot);
                roles.is_part |= columns.len() > 1;
                let is_required = source.required.contains(field);
                for wanted in mapping.wanted.iter_mut().filter(|it| it.column == *column) {
                    wanted.is_required |= is_required;
                    wanted.is_mapped = true;
                }
            }
            mapping.fields.push((field.clone(), columns.len()));
        }
        mapping
    }

    /// A key in the one form that its record has, whichever it was delivered in.
    pub fn one_form(&self, key: Key) -> Key {
        match key {
            Key::Sound(key) if self.key_form == Some(KeyForm::Email) => keys::of_address(&key),
            Key::Sound(key) => Key::Sound(keys::one_form(self.key_form, key)),
            key => key,
        }
    }

    /// Whether the source is said to write that text for nothing.
    fn says_nothing(&self, text: &str) -> bool {
        self.absent.iter().any(|word| word.eq_ignore_ascii_case(text.trim()))
    }

    /// Whether nothing is known of the file yet.
    pub fn only_looks(&self) -> bool {
        self.key.is_empty()
    }

    fn want(&mut self, column: &str) -> &mut Roles {
        if !self.wanted.iter().any(|known| known.column == column) {
            let column = column.to_owned();
            self.wanted.push(NamedColumn { column, is_required: false, is_mapped: false });
        }
        self.roles.entry(CompactString::new(column)).or_default()
    }

    /// What `column` is read for, if anything.
    pub fn roles(&self, column: &str) -> Option<&Roles> {
        self.roles.get(column)
    }

    /// The mapped column that lies inside of a column: `address.city` inside of `address`, which then must
    /// be an object or a list.
    pub fn inside_of(&self, column: &str) -> Option<&str> {
        let is_inside = |wanted: &&NamedColumn| {
            let rest = wanted.column.strip_prefix(column);
            rest.is_some_and(|rest| rest.starts_with('.'))
        };
        self.wanted.iter().find(is_inside).map(|wanted| wanted.column.as_str())
    }

    /// Which of a file's columns hold wanted values, ascending, each with the value's place. `None`
    /// where a wanted value is made of several columns.
    pub fn glances(&self, columns: &[(CompactString, Option<Roles>)], wanted: &Wanted) -> Glances {
        let of_slot: Vec<(&FieldName, usize)> = self
            .fields
            .iter()
            .flat_map(|(field, count)| std::iter::repeat_n((field, *count), *count))
            .collect();
        let mut found = Vec::new();
        for (column, (_, roles)) in columns.iter().enumerate() {
            let Some(roles) = roles else { continue };
            for slot in &roles.slots {
                let (field, count) = of_slot.get(*slot)?;
                if let Some(place) = wanted.place(field) {
                    if *count > 1 {
                        return None;
                    }
                    found.push((column, Some(place)));
                }
            }
            if roles.is_updated && wanted.updated {
                found.push((column, None));
            }
        }
        Some(found)
    }

    /// Gives columns the spelling of the settings where they differ from one asked for in case and
    /// blanks alone, or in the zone of their times, and no other column does.
    pub fn settle_names(&self, columns: &mut [CompactString]) {
        for wanted in self.named() {
            if columns.iter().any(|column| column == wanted) {
                continue;
            }
            let is_named = |column: &CompactString| self.named().any(|name| column == name);
            let only = |plain: fn(&str) -> String| {
                let is_it = |(_, column): &(usize, &CompactString)| {
                    plain(column) == plain(wanted) && !is_named(column)
                };
                let mut same = columns.iter().enumerate().filter(is_it);
                same.next().filter(|_| same.next().is_none()).map(|(place, _)| place)
            };
            let without_zone = |name: &str| plain_name(settings::without_zone(name));
            if let Some(place) = only(plain_name).or_else(|| only(without_zone)) {
                columns[place] = CompactString::new(wanted);
            }
        }
    }

    /// How many of `columns` are read for something, whatever their case.
    pub fn count_known<'a>(&self, columns: impl Iterator<Item = &'a str>) -> usize {
        if self.only_looks() {
            return columns.filter(|column| headings::is_known(column)).count();
        }
        let is_known = |column: &&str| {
            self.roles.contains_key(*column) || {
                let plain = plain_name(column);
                self.named().any(|name| plain_name(name) == plain)
            }
        };
        columns.filter(is_known).count()
    }

    /// Every column that a field is read from, or the key, or the time of change.
    pub fn read(&self) -> impl Iterator<Item = &str> {
        self.wanted.iter().map(|wanted| wanted.column.as_str())
    }

    /// Every column that the settings name.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        self.read().chain(self.fates.iter().chain(&self.kinds).map(String::as_str))
    }

    /// How many columns are asked for.
    pub fn count_wanted(&self) -> usize {
        if self.only_looks() { usize::MAX } else { self.wanted.len() }
    }

    /// Whether a field, or what becomes of a record, is read from one of `columns`.
    pub fn has_data(&self, columns: &[CompactString]) -> bool {
        let is_there = |name: &String| columns.iter().any(|column| column == name);
        let mut mapped = self.wanted.iter().filter(|wanted| wanted.is_mapped);
        mapped.any(|wanted| is_there(&wanted.column)) || self.fates.iter().any(is_there)
    }

    /// The columns that must be there and are not among `columns`; of those that may be missing, all
    /// where none is there, and none that says that a record is deleted or merged.
    pub fn missing(&self, columns: &[CompactString]) -> Vec<MissingColumn> {
        let is_there =
            |wanted: &&NamedColumn| columns.iter().any(|column| *column == wanted.column);
        let has_data = self.has_data(columns);
        self.wanted
            .iter()
            .filter(|wanted| wanted.is_required || wanted.is_mapped && !has_data)
            .filter(|wanted| !is_there(wanted))
            .map(|NamedColumn { column, .. }| MissingColumn {
                column: column.clone(),
                nearest: nearest::name(column, columns.iter().map(CompactString::as_str))
                    .map(str::to_owned),
            })
            .collect()
    }

    /// The first column without which a row is refused and that it lacks.
    pub fn first_lacking(&self, columns: &Columns) -> Option<&str> {
        // A row without a key is refused for that.
        let required = self.wanted.iter().filter(|it| it.is_required && it.column != self.key);
        required.map(|it| it.column.as_str()).find(|column| !columns.has(column))
    }
}

/// The columns that say what becomes of a source's records.
fn fates(source: &Source) -> Vec<String> {
    let deleted = source.deleted.iter().map(|mark| &mark.column);
    deleted.chain(&source.merged.into).chain(&source.merged.from).cloned().collect()
}

/// The columns that say what a row of a source is.
fn kinds(source: &Source) -> Vec<String> {
    let organisation = source.organisation.iter().map(|flag| &flag.column);
    organisation.chain(&source.rows_by).cloned().collect()
}

/// A column's name without case, and with single blanks.
pub(super) fn plain_name(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// A row in the making.
pub(super) struct Draft<'m> {
    mapping: &'m Mapping,
    key: Key,
    spelling: CompactString,
    updated: Option<String>,
    slots: Vec<Option<CompactString>>,
    unmapped: Vec<(CompactString, CompactString)>,
    /// The slots in which a yes or no stands that is no text.
    booleans: Vec<usize>,
    /// The slots in which a number with decimals stands that is no text.
    decimals: Vec<usize>,
    /// What says whether the row is an organisation.
    organisation: Option<CompactString>,
}

impl<'m> Draft<'m> {
    /// An empty row.
    pub fn new(mapping: &'m Mapping) -> Draft<'m> {
        Draft {
            mapping,
            key: Key::Absent,
            spelling: CompactString::default(),
            updated: None,
            slots: vec![None; mapping.slots],
            unmapped: Vec::new(),
            booleans: Vec::new(),
            decimals: Vec::new(),
            organisation: None,
        }
    }

    /// Takes one column's text, with the column's roles as [`Mapping::roles`] gives them.
    pub fn take(&mut self, column: &str, roles: Option<&Roles>, text: &str) {
        if text.trim_start().is_empty() {
            return;
        }
        if self.mapping.organisation.as_ref().is_some_and(|flag| flag.column == column) {
            self.organisation = Some(text.into());
        }
        let Some(roles) = roles else {
            self.unmapped.push((CompactString::new(column), CompactString::new(text)));
            return;
        };
        if roles.is_key && !self.mapping.says_nothing(text) {
            self.key = keys::read(text);
            self.spelling = CompactString::new(keys::as_delivered(text));
        }
        if roles.is_updated {
            self.updated = Some(text.to_owned());
        }
        if roles.is_part {
            self.unmapped.push((CompactString::new(column), CompactString::new(text)));
        }
        for slot in &roles.slots {
            self.slots[*slot] = Some(CompactString::new(text));
        }
    }

    /// What was taken last with these roles is a yes or no.
    pub fn note_boolean(&mut self, roles: Option<&Roles>) {
        self.booleans.extend(roles.into_iter().flat_map(|roles| &roles.slots));
    }

    /// What was taken last with these roles is a number with decimals: a point parts them.
    pub fn note_decimals(&mut self, roles: Option<&Roles>) {
        self.decimals.extend(roles.into_iter().flat_map(|roles| &roles.slots));
    }

    /// Takes what the key's column says, where its text does not say all.
    pub fn take_key(&mut self, key: Key) {
        self.key = key;
    }

    /// Whether the row says nothing of anybody, but to which record it may belong.
    fn goes_on(&self) -> bool {
        let says_by = |by: &String| self.unmapped.iter().any(|(column, _)| column == by);
        self.mapping.rows_by.as_ref().is_some_and(says_by) && self.slots.iter().all(Option::is_none)
    }

    /// The columns in which something stands.
    fn said(&self, columns: &Columns) -> Columns {
        let said = columns.said(|column| {
            self.mapping.roles(column).is_some_and(|roles| {
                roles.is_key
                    || roles.is_updated && self.updated.is_some()
                    || roles.slots.iter().any(|slot| self.slots[*slot].is_some())
            })
        });
        said.with(self.unmapped.iter().map(|(column, _)| column.clone()))
    }

    /// The row, unless it has no key.
    pub fn finish(self, line: u64, columns: Arc<Columns>) -> Result<Row, QuarantineReason> {
        let no_key = |lost: Option<&str>| {
            let (column, lost) = (self.mapping.key.clone(), lost.map(str::to_owned));
            QuarantineReason::MissingKey { column, lost }
        };
        let columns =
            if self.mapping.several_rows { Arc::new(self.said(&columns)) } else { columns };
        let goes_on = self.goes_on();
        let key = match self.mapping.one_form(self.key) {
            Key::Sound(key) => key,
            Key::Absent if self.mapping.only_looks() => CompactString::default(),
            // A row that says nothing of anybody may be of the record above.
            Key::Absent if goes_on => CompactString::default(),
            Key::Absent => return Err(no_key(None)),
            Key::Lost(why) => return Err(no_key(Some(why))),
        };
        let spelling = (self.spelling != key).then_some(self.spelling);
        let mut fields = Vec::with_capacity(self.mapping.fields.len());
        let mut slots = self.slots.into_iter();
        let (mut booleans, mut decimals) = (Vec::new(), Vec::new());
        let mut first = 0;
        for (field, count) in &self.mapping.fields {
            if self.booleans.iter().any(|slot| (first..first + count).contains(slot)) {
                booleans.push(field.clone());
            }
            // What several columns make is a text.
            if *count == 1 && self.decimals.contains(&first) {
                decimals.push(field.clone());
            }
            first += count;
            let text = if *count == 1 {
                slots.next().flatten()
            } else {
                let parts: Vec<CompactString> = slots.by_ref().take(*count).flatten().collect();
                let parts: Vec<&str> = parts.iter().map(|part| part.trim()).collect();
                (!parts.is_empty()).then(|| parts.join(" ").into())
            };
            if let Some(text) = text {
                fields.push((field.clone(), text));
            }
        }
        if let Some(flag) = &self.mapping.organisation {
            flag.settle(&mut fields, self.organisation.as_deref());
        }
        let (unmapped, updated) = (self.unmapped, self.updated);
        let later = Vec::new();
        Ok(Row {
            line,
            key,
            spelling,
            fields,
            unmapped,
            updated,
            columns,
            later,
            decimals,
            booleans,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::reader::tests::source;

    #[test]
    fn several_columns_make_one_field_and_are_kept_as_parts() {
        let source = source("id", None, &[("street", &["road", "number"]), ("city", &["town"])]);
        let mapping = Mapping::of(&source);
        let mut draft = Draft::new(&mapping);
        for (column, text) in
            [("number", "12 "), ("id", " 7 "), ("road", "Rose Lane"), ("x", "y"), ("town", " ")]
        {
            draft.take(column, mapping.roles(column), text);
        }
        let row = draft.finish(3, Arc::default()).unwrap();
        assert_eq!(row.key, "7");
        assert_eq!(row.fields, [(FieldName::new("street"), "Rose Lane 12".into())]);
        let unmapped: Vec<(&str, &str)> =
            row.unmapped.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(unmapped, [("number", "12 "), ("road", "Rose Lane"), ("x", "y")]);
    }

    #[test]
    fn names_that_differ_in_case_and_blanks_alone_are_the_settings_own() {
        let mapping = Mapping::of(&source("id", None, &[("city", &["Home town"])]));
        for (columns, expected) in [
            (["ID", "home  TOWN"], ["id", "Home town"]),
            (["id", "ID"], ["id", "ID"]),
            (["Id", "iD"], ["Id", "iD"]),
            (["i d", "Home\u{a0}town"], ["i d", "Home town"]),
            (["id", "home town (GMT+1)"], ["id", "Home town"]),
            (["id (EDT)", "Home town (UTC)"], ["id", "Home town"]),
            (["id (EDT)", "id (EST)"], ["id (EDT)", "id (EST)"]),
        ] {
            let mut columns = columns.map(CompactString::new);
            mapping.settle_names(&mut columns);
            assert_eq!(columns, expected);
        }
    }
}
