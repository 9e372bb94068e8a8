//! What a source says of the records that were deleted in it.

use compact_str::CompactString;

use domain::{FieldName, RecordBody};
use settings::{Said, Source};

use super::mapping::plain_name;
use super::merged::{MergedKeys, texts_of};
use super::reader::Row;

/// What a row says of its record's being there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existence {
    /// It is there.
    There,
    /// Its source has deleted it.
    Deleted,
    /// The row has no column that says so.
    Unsaid,
    /// What stands there is neither yes nor no.
    Unclear,
}

impl Existence {
    /// What a row says. A record that was merged into another is not deleted: that is asked about.
    #[must_use]
    pub fn of_row(source: &Source, row: &Row) -> Existence {
        let Some(mark) = &source.deleted else { return Existence::There };
        let text_of = |field: &FieldName| {
            let found = row.fields.iter().find(|(name, _)| name == field);
            found.map(|(_, text)| text.as_str())
        };
        match said(source, (&row.key, &row.unmapped), text_of) {
            Said::Yes => return Existence::Deleted,
            Said::Unclear => return Existence::Unclear,
            Said::No => {}
        }
        let plain = plain_name(&mark.column);
        match row.columns.names().any(|column| plain_name(column) == plain) {
            true => Existence::There,
            false => Existence::Unsaid,
        }
    }
}

/// Whether what is held of a record says that its source has deleted it.
#[must_use]
pub fn is_deleted(source: &Source, body: &RecordBody) -> bool {
    let text_of = |field: &FieldName| Some(body.values.get(field.as_str())?.raw());
    said(source, (&body.address.key, &body.unmapped), text_of) == Said::Yes
}

/// Whether a record has something that is neither yes nor no where it is to be said whether it is deleted.
#[must_use]
pub fn is_deletion_unclear(source: &Source, body: &RecordBody) -> bool {
    let text_of = |field: &FieldName| Some(body.values.get(field.as_str())?.raw());
    said(source, (&body.address.key, &body.unmapped), text_of) == Said::Unclear
}

/// The same where it is to be said whether it is an organisation.
#[must_use]
pub fn is_kind_unclear(source: &Source, body: &RecordBody) -> bool {
    let text_of = |field: &FieldName| Some(body.values.get(field.as_str())?.raw());
    source.organisation.as_ref().is_some_and(|flag| {
        let texts = texts_of(source, &body.unmapped, &text_of, &flag.column);
        texts.into_iter().any(|it| flag.said_by(it) == Said::Unclear)
            || holds_more(&body.unmapped, &flag.column)
    })
}

fn said<'r>(
    source: &Source,
    (key, unmapped): (&str, &'r [(CompactString, CompactString)]),
    text_of: impl Fn(&FieldName) -> Option<&'r str>,
) -> Said {
    let Some(mark) = &source.deleted else { return Said::No };
    let texts = texts_of(source, unmapped, &text_of, &mark.column);
    let is_absent =
        |it: &str| source.absent.iter().any(|word| word.eq_ignore_ascii_case(it.trim()));
    let says = |it: &str| if is_absent(it) { Said::No } else { mark.said_by(it) };
    let says: Vec<Said> = texts.into_iter().map(says).collect();
    if says.contains(&Said::Yes) {
        // One that names itself went nowhere.
        let is_merged = !MergedKeys::said_by(source, unmapped, &text_of, key).into.is_empty();
        return if is_merged { Said::No } else { Said::Yes };
    }
    match says.contains(&Said::Unclear) || holds_more(unmapped, &mark.column) {
        true => Said::Unclear,
        false => Said::No,
    }
}

/// Whether an object of JSON stands in a column.
fn holds_more(unmapped: &[(CompactString, CompactString)], column: &str) -> bool {
    unmapped.iter().any(|(name, _)| {
        let rest = name.strip_prefix(column).and_then(|rest| rest.strip_prefix('.'));
        rest.is_some_and(|rest| !rest.bytes().all(|byte| byte.is_ascii_digit()))
    })
}
