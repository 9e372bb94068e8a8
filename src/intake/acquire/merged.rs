//! What a source says of the merges that were made in it: the keys in its own columns.

use compact_str::CompactString;

use domain::{FieldName, RecordBody};
use settings::Source;

use super::keys::{self, Key};
use super::mapping::{Mapping, plain_name};

/// The keys of the records that a source says it has merged with one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MergedKeys {
    /// Those that it went into.
    pub into: Vec<CompactString>,
    /// Those that went into it.
    pub from: Vec<CompactString>,
}

impl MergedKeys {
    /// What a record says, as it was delivered.
    #[must_use]
    pub fn of(source: &Source, body: &RecordBody) -> MergedKeys {
        let text_of = |field: &FieldName| Some(body.values.get(field.as_str())?.raw());
        Self::said_by(source, &body.unmapped, &text_of, &body.address.key)
    }

    /// What is said in columns that no field is read from, and in those of fields, by the record of a key.
    pub(super) fn said_by<'r>(
        source: &Source,
        unmapped: &'r [(CompactString, CompactString)],
        text_of: &impl Fn(&FieldName) -> Option<&'r str>,
        own: &str,
    ) -> MergedKeys {
        if source.merged.is_empty() {
            return MergedKeys::default();
        }
        let mapping = Mapping::of(source);
        let keys = |columns: &[String], is_list: bool| {
            let mut found = Vec::new();
            for text in columns.iter().flat_map(|it| texts_of(source, unmapped, text_of, it)) {
                match is_list {
                    true => {
                        text.split(PARTED_BY).for_each(|part| found.extend(key(&mapping, part)))
                    }
                    false => found.extend(key(&mapping, text)),
                }
            }
            found.retain(|key| *key != own);
            found.sort_unstable();
            found.dedup();
            found
        };
        MergedKeys { into: keys(&source.merged.into, false), from: keys(&source.merged.from, true) }
    }
}

/// What parts the keys of a list.
const PARTED_BY: [char; 5] = [';', ',', '\n', '[', ']'];

/// What stands in a column, in whichever way it is kept: each value of a list of JSON by itself.
pub(super) fn texts_of<'r>(
    source: &Source,
    unmapped: &'r [(CompactString, CompactString)],
    text_of: &impl Fn(&FieldName) -> Option<&'r str>,
    column: &str,
) -> Vec<&'r str> {
    let plain = plain_name(column);
    let is_it = |name: &str| {
        let number = name.strip_prefix(column).and_then(|rest| rest.strip_prefix('.'));
        let is_number = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit());
        plain_name(name) == plain || number.is_some_and(is_number)
    };
    let kept = unmapped.iter().filter(|(name, _)| is_it(name)).map(|(_, text)| text.as_str());
    let is_read_from = |columns: &[String]| matches!(columns, [only] if is_it(only));
    let fields = source.map.iter().filter(|(_, columns)| is_read_from(columns));
    let mapped = fields.filter_map(|(field, _)| text_of(field));
    kept.chain(mapped).collect()
}

/// The key that a text holds, if it holds one; HubSpot writes the time of a merge behind it.
fn key(mapping: &Mapping, text: &str) -> Option<CompactString> {
    let text = text.trim_matches(|sign: char| sign.is_whitespace() || sign == '"');
    let text = match text.rsplit_once(':') {
        Some((key, time)) if is_time(time) => key,
        _ => text,
    };
    let Key::Sound(key) = mapping.one_form(keys::read(text)) else { return None };
    // An id of zeros is how Salesforce writes that there is none.
    let is_none = key.len() >= 15 && key.bytes().take(15).all(|byte| byte == b'0');
    (!is_none).then_some(key)
}

/// Whether it is the number of a moment, in seconds or milliseconds.
fn is_time(text: &str) -> bool {
    (10..=13).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{RecordAddress, SourceName, Value, Values};

    fn said(unmapped: &[(&str, &str)], mapped: Option<&str>) -> (String, String) {
        let settings = settings::parse(
            "[workspace]\nname='a'\n[fields.master]\ntype='text'\n[fields.note]\ntype='text'\n[sources.crm]\n\
             key='Id'\nkey_form='salesforce'\nmerged_into='MasterRecordId'\nmerged_from=['Merged IDs','ids']\n\
             map={master='MasterRecordId', note='n'}\n",
        );
        let source = settings.unwrap().sources[0].clone();
        let mut values = Values::new();
        if let Some(text) = mapped {
            values.set("master".into(), Value::as_delivered(text));
        }
        let body = RecordBody {
            address: RecordAddress::new(&SourceName::new("crm"), "7"),
            values,
            unmapped: unmapped
                .iter()
                .map(|(name, text)| ((*name).into(), (*text).into()))
                .collect(),
            absent: Vec::new(),
            decimals: Vec::new(),
            updated: None,
            line: 2,
        };
        let MergedKeys { into, from } = MergedKeys::of(&source, &body);
        (into.join(" "), from.join(" "))
    }

    #[test]
    fn what_is_deleted_and_names_itself_went_nowhere() {
        let settings = settings::parse(
            "[workspace]\nname='a'\n[fields.note]\ntype='text'\n[sources.crm]\nkey='Id'\n\
             merged_into='Master'\ndeleted='Gone'\nmap={note='n'}\n",
        );
        let source = settings.unwrap().sources[0].clone();
        for (master, is_gone) in [("", true), ("7", true), ("7.0", true), ("8", false)] {
            let body = RecordBody {
                address: RecordAddress::new(&SourceName::new("crm"), "7"),
                values: Values::new(),
                unmapped: vec![("Master".into(), master.into()), ("Gone".into(), "true".into())],
                absent: Vec::new(),
                decimals: Vec::new(),
                updated: None,
                line: 2,
            };
            assert_eq!(crate::acquire::is_deleted(&source, &body), is_gone, "{master}");
        }
    }

    #[test]
    fn keys_are_read_however_a_source_writes_them() {
        for (cell, expected) in [
            ("", ""),
            ("7", ""),
            ("8", "8"),
            ("9;8;8; 7 ;", "8 9"),
            ("8, 9", "8 9"),
            ("[8,9]", "8 9"),
            ("[\"8\", \"9\"]", "8 9"),
            ("8.0", "8"),
            ("N/A", ""),
            ("8:1577836800000;9:1577836800", "8 9"),
            ("eu:8", "eu:8"),
            ("001A0000006Vm9r", "001A0000006Vm9rIAC"),
            ("000000000000000", ""),
            ("000000000000000AAA", ""),
        ] {
            for column in ["Merged IDs", "merged  ids", "ids", "ids.0"] {
                assert_eq!(
                    said(&[(column, cell)], None),
                    (String::new(), expected.into()),
                    "{column}: {cell}"
                );
            }
        }
        assert_eq!(said(&[("ids.0", "8"), ("ids.1", "9"), ("idsx", "10")], None).1, "8 9");
    }

    #[test]
    fn a_column_that_a_field_is_read_from_says_it_as_well() {
        assert_eq!(said(&[], Some("001A0000006Vm9r")).0, "001A0000006Vm9rIAC");
        assert_eq!(said(&[("MasterRecordId", "8;9")], None).0, "8;9", "a key is one");
    }
}
