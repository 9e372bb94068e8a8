//! What was delivered of a record by the columns it stood in, and what today's map reads of them. Pure.
//!
//! A field is held with the text it was read from; which column that was is said by the settings under
//! which it was read. Columns that no field was read from are kept by name.

use compact_str::CompactString;

use super::values::Rules;
use crate::jobs::import::partial::{first_of, text_of};
use domain::{FieldName, RecordBody};
use settings::{Field, Settings, Source};

/// The texts of a record, as today's map has them.
#[derive(Default)]
pub(super) struct Mapped {
    /// What each field is read from.
    pub(super) fields: Vec<(FieldName, String)>,
    /// Those that were numbers with decimals in the file.
    pub(super) decimals: Vec<FieldName>,
    /// The columns that no field is read from, and the parts of fields of several columns.
    pub(super) unmapped: Vec<(CompactString, CompactString)>,
    /// The fields whose column was delivered but not kept as text: they stay as they are.
    pub(super) lost: Vec<FieldName>,
}

/// The columns that a field is read from.
pub(super) fn columns_of<'s>(source: &'s Source, field: &FieldName) -> &'s [String] {
    let mapped = source.map.iter().find(|(name, _)| name == field);
    mapped.map_or(&[], |(_, columns)| columns)
}

/// Reads a record's texts by today's map.
pub(super) fn by_todays_map(rules: &Rules<'_>, known: &RecordBody) -> Mapped {
    let columns = Columns::of(rules, known);
    let mut mapped = Mapped::default();
    for Field { name, .. } in &rules.settings.fields {
        let held = || text_of(known, name.as_str()).filter(|_| !rules.is_told(known, name));
        let (then, now) = (columns_of(rules.then_source(), name), columns_of(rules.source, name));
        let is_moved = then != now && !(then.is_empty() && held().is_some());
        let held_in = match now {
            [column] if is_moved => columns.field_in(column),
            _ => Some(name),
        };
        let is_number = held_in.is_some_and(|field| known.decimals.contains(field));
        mapped.decimals.extend(is_number.then(|| name.clone()));
        let text = match now {
            [column] if is_moved && columns.is_lost(column) => {
                mapped.lost.push(name.clone());
                held()
            }
            _ if is_moved => columns.text_of(now),
            [_] => held().or_else(|| columns.text_of(now)),
            now => held().or_else(|| columns.text_of(now)),
        };
        mapped.fields.extend(text.map(|text| (name.clone(), text.into())));
    }
    if let Some(flag) = &rules.source.organisation {
        flag.settle(&mut mapped.fields, columns.of_column(&flag.column).as_deref());
    }
    mapped.unmapped = columns.unmapped(rules.source, &mapped.lost);
    mapped
}

/// The words for nothing that are held of other fields than before.
pub(super) fn absent_changed(known: &RecordBody, body: &RecordBody) -> Vec<FieldName> {
    let lacks = |other: &RecordBody, field: &FieldName| {
        !other.absent.iter().any(|(name, _)| name == field)
            && other.values.get(field.as_str()).is_none()
    };
    let fields = |one: &RecordBody, other: &RecordBody| {
        let names = one.absent.iter().map(|(name, _)| name);
        names.filter(|name| lacks(other, name)).cloned().collect::<Vec<_>>()
    };
    [fields(known, body), fields(body, known)].concat()
}

/// The texts of a record by column.
struct Columns<'r> {
    known: &'r RecordBody,
    then: &'r Source,
    /// Of fields that were read from one column, with the field.
    held: Vec<(&'r str, &'r FieldName, CompactString)>,
}

impl<'r> Columns<'r> {
    fn of(rules: &Rules<'r>, known: &'r RecordBody) -> Columns<'r> {
        let then = rules.then_source();
        let of_one = then.map.iter().filter_map(|(field, columns)| match &columns[..] {
            [column] if !rules.is_told(known, field) => {
                Some((column.as_str(), field, text_of(known, field.as_str())?))
            }
            _ => None,
        });
        Columns { known, then, held: of_one.collect() }
    }

    /// The field that was read from the column.
    fn field_in(&self, column: &str) -> Option<&'r FieldName> {
        self.held.iter().find(|(of, ..)| *of == column).map(|(_, field, _)| *field)
    }

    fn of_column(&self, column: &str) -> Option<CompactString> {
        let held = self.held.iter().find(|(of, ..)| *of == column).map(|(.., text)| text);
        let kept = || {
            let (_, text) = self.known.unmapped.iter().find(|(of, _)| of == column)?;
            Some(CompactString::new(first_of(text, self.then.several_rows)))
        };
        let key = || (self.then.key == column).then(|| self.known.address.key.as_str().into());
        held.cloned().or_else(kept).or_else(key)
    }

    /// One column as it is, several joined.
    fn text_of(&self, columns: &[String]) -> Option<CompactString> {
        if let [column] = columns {
            return self.of_column(column);
        }
        let parts: Vec<CompactString> =
            columns.iter().filter_map(|column| self.of_column(column)).collect();
        let parts: Vec<&str> =
            parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        (!parts.is_empty()).then(|| parts.join(" ").into())
    }

    /// Whether a text came in the column and only the time it says was kept.
    fn is_lost(&self, column: &str) -> bool {
        self.known.updated.is_some()
            && self.then.updated.as_deref() == Some(column)
            && self.of_column(column).is_none()
    }

    /// What today's map leaves unmapped: as it is held, then what was read for a field and is no more.
    fn unmapped(&self, now: &Source, lost: &[FieldName]) -> Vec<(CompactString, CompactString)> {
        let has_role = |column: &str| now.key == column || now.updated.as_deref() == Some(column);
        let read_alone = |column: &str| {
            let alone = |columns: &[String]| matches!(columns, [only] if only == column);
            now.map.iter().any(|(_, columns)| alone(columns))
        };
        let is_part = |column: &str| {
            let part =
                |columns: &[String]| columns.len() > 1 && columns.iter().any(|it| it == column);
            now.map.iter().any(|(_, columns)| part(columns))
        };
        // Of a record of several rows, what others said of a field is kept under its column.
        let stays = |column: &str| {
            is_part(column) || has_role(column) || !read_alone(column) || now.several_rows
        };
        let kept = self.known.unmapped.iter().filter(|(column, _)| stays(column));
        let mut unmapped: Vec<_> = kept.cloned().collect();
        for (column, field, text) in &self.held {
            let comes_back = is_part(column) || !has_role(column) && !read_alone(column);
            let is_there = unmapped.iter().any(|(of, _)| of == column);
            if comes_back && !is_there && !lost.contains(field) {
                unmapped.push(((*column).into(), text.clone()));
            }
        }
        unmapped
    }
}

/// The type that a field has by these settings.
pub(super) fn type_of(settings: &Settings, field: &FieldName) -> Option<domain::FieldType> {
    settings.field(field.as_str()).map(|field| field.field_type)
}
