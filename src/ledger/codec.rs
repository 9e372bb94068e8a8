//! One event as bytes: its kind, its version and its data as JSON.
//!
//! `kind length (1 byte), kind, version (2 bytes, little-endian), JSON`.

use serde::{Deserialize, Serialize};

use domain::event::Replacement;
use domain::{Actor, Event, Evidence, RecordId, Values};

use super::error::LedgerError;
use super::upcast::{self, KINDS, KindRow};

/// The reserved kind of a commit's entry 0: who made it.
const ACTOR: &str = "actor";
/// The name alone, where nothing is known of how they came.
const ACTOR_NAME: u16 = 1;
/// JSON: the name, and how they came.
const ACTOR_CAME: u16 = 2;
/// The vocabulary that brought the latter.
const EVIDENCE: u16 = upcast::EVIDENCE;

/// Why an entry's bytes give no event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// A kind or version this steward does not know.
    Unknown { kind: String, version: u16 },
    /// Not in the entry's format or not of the kind's shape.
    Malformed(String),
}

/// An actor of version 2.
#[derive(Serialize, Deserialize)]
struct Came {
    person: String,
    #[serde(flatten)]
    came: Evidence,
}

/// Appends an actor's entry; gives the vocabulary its reader must know.
pub(super) fn write_actor(actor: &Actor, into: &mut Vec<u8>) -> Result<u16, LedgerError> {
    let Some(came) = actor.came.clone() else {
        write_tag(ACTOR, ACTOR_NAME, into);
        into.extend_from_slice(actor.person.as_bytes());
        return Ok(0);
    };
    write_tag(ACTOR, ACTOR_CAME, into);
    let came = Came { person: actor.person.clone(), came };
    serde_json::to_writer(into, &came).map_err(|_| LedgerError::NotWritable(ACTOR))?;
    Ok(EVIDENCE)
}

/// The actor of an entry's bytes.
pub(super) fn read_actor(data: &[u8]) -> Result<Actor, Unreadable> {
    let (kind, version, data) = split_tag(data)?;
    match (kind, version) {
        (ACTOR, ACTOR_NAME) => {
            let name = std::str::from_utf8(data);
            name.map(Actor::from).map_err(|_| malformed("the actor's name is not UTF-8"))
        }
        (ACTOR, ACTOR_CAME) => {
            let Came { person, came } = from_json(data)?;
            Ok(Actor { person, came: Some(came) })
        }
        _ => Err(Unreadable::Unknown { kind: kind.to_owned(), version }),
    }
}

/// Appends an event's entry; gives the vocabulary its reader must know.
pub(super) fn write_event(event: &Event, into: &mut Vec<u8>) -> Result<u16, LedgerError> {
    let row = upcast::find(KINDS, event.kind()).ok_or(LedgerError::NotWritable(event.kind()))?;
    write_tag(row.kind, row.version(), into);
    event.write_json(into).map_err(|_| LedgerError::NotFinite(row.kind))?;
    Ok(row.vocabulary().max(upcast::of_content(event)))
}

/// The event of an entry's bytes.
pub(super) fn read_event(data: &[u8]) -> Result<Event, Unreadable> {
    read_with(KINDS, data)
}

/// An event as it is kept to be read in the place of an erased one.
///
/// # Errors
/// When the event is of a kind that cannot be written, or holds a number that is not finite.
pub fn replacement(event: &Event) -> Result<Replacement, LedgerError> {
    let kind = event.kind();
    let row = upcast::find(KINDS, kind).ok_or(LedgerError::NotWritable(kind))?;
    let mut json = Vec::new();
    event.write_json(&mut json).map_err(|_| LedgerError::NotFinite(row.kind))?;
    let data = serde_json::from_slice(&json).map_err(|_| LedgerError::NotFinite(row.kind))?;
    Ok(Replacement { kind: kind.to_owned(), version: row.version(), data })
}

/// The event that is read in the place of an erased one.
pub(super) fn read_replacement(replacement: &Replacement) -> Result<Event, Unreadable> {
    let mut entry = Vec::new();
    write_tag(&replacement.kind, replacement.version, &mut entry);
    entry.extend_from_slice(replacement.data.to_string().as_bytes());
    read_event(&entry)
}

/// Reads a part of an event's data; what is not known to that part is left out.
pub(super) fn from_json<T: serde::de::DeserializeOwned>(json: &[u8]) -> Result<T, Unreadable> {
    serde_json::from_slice(json).map_err(|error| json_error(&error))
}

/// The record and the values of a revision, the rest of it not looked at.
#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct Delivered {
    pub(super) record: RecordId,
    body: DeliveredBody,
}

#[derive(Debug, PartialEq, Deserialize)]
struct DeliveredBody {
    values: Values,
}

impl Delivered {
    pub(super) fn into_values(self) -> Values {
        self.body.values
    }
}

/// What a revision of today's version says; none for any other entry, which is to be read whole.
pub(super) fn read_delivered(data: &[u8]) -> Result<Option<Delivered>, Unreadable> {
    let (kind, version, json) = split_tag(data)?;
    let row = upcast::find(KINDS, kind).filter(|row| row.version() == version);
    match row.map(|row| row.kind) {
        Some("record_revised") => from_json(json).map(Some),
        _ => Ok(None),
    }
}

fn read_with(table: &[KindRow], data: &[u8]) -> Result<Event, Unreadable> {
    let (kind, version, json) = split_tag(data)?;
    let unknown = || Unreadable::Unknown { kind: kind.to_owned(), version };
    let row = upcast::find(table, kind).ok_or_else(unknown)?;
    if version == 0 || version > row.version() {
        return Err(unknown());
    }
    let event = if version == row.version() {
        Event::read_json(kind, json)
    } else {
        let old = serde_json::from_slice(json).map_err(|error| json_error(&error))?;
        let new = row.upcast(version, old).ok_or_else(|| malformed("of no known shape"))?;
        Event::read_json(kind, new.to_string().as_bytes())
    };
    event.map_err(|error| json_error(&error))?.ok_or_else(unknown)
}

fn write_tag(kind: &str, version: u16, into: &mut Vec<u8>) {
    into.push(u8::try_from(kind.len()).unwrap_or(u8::MAX));
    into.extend_from_slice(kind.as_bytes());
    into.extend_from_slice(&version.to_le_bytes());
}

pub(super) fn split_tag(data: &[u8]) -> Result<(&str, u16, &[u8]), Unreadable> {
    let short = || malformed("too short");
    let (length, rest) = data.split_first().ok_or_else(short)?;
    let (kind, rest) = rest.split_at_checked(usize::from(*length)).ok_or_else(short)?;
    let (version, json) = rest.split_first_chunk::<2>().ok_or_else(short)?;
    let kind = std::str::from_utf8(kind).map_err(|_| malformed("its kind is not UTF-8"))?;
    Ok((kind, u16::from_le_bytes(*version), json))
}

fn malformed(reason: &str) -> Unreadable {
    Unreadable::Malformed(reason.to_owned())
}

/// Where the JSON is wrong; the parser's own words would quote values.
fn json_error(error: &serde_json::Error) -> Unreadable {
    Unreadable::Malformed(format!("not of its kind's shape at character {}", error.column()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::upcast::Upcast;
    use super::*;
    use crate::samples;

    fn entry(kind: &str, version: u16, json: &Value) -> Vec<u8> {
        let mut data = Vec::new();
        write_tag(kind, version, &mut data);
        data.extend(json.to_string().bytes());
        data
    }

    #[test]
    fn every_kind_is_written_and_read_back() {
        for (event, row) in samples::every_kind().into_iter().zip(KINDS) {
            let mut data = Vec::new();
            assert_eq!(write_event(&event, &mut data).unwrap(), row.vocabulary());
            assert_eq!(read_event(&data).unwrap(), event);
            assert_eq!(read_replacement(&replacement(&event).unwrap()).unwrap(), event);
        }
        let kinds: Vec<_> = samples::every_kind().iter().map(Event::kind).collect();
        let rows: Vec<_> = KINDS.iter().map(|row| row.kind).collect();
        assert_eq!(kinds, rows, "the samples miss a row of the table");
    }

    #[test]
    fn values_are_read_alone_as_they_are_read_with_the_rest() {
        for event in samples::every_kind() {
            let mut data = Vec::new();
            write_event(&event, &mut data).unwrap();
            let alone = read_delivered(&data).unwrap();
            let expected = match event {
                Event::RecordRevised(revised) => Some((revised.record, revised.body.values)),
                _ => None,
            };
            assert_eq!(alone.map(|it| (it.record, it.into_values())), expected);
        }
    }

    #[test]
    fn an_erased_event_cannot_be_written() {
        let erased = domain::event::Erased { leaf: String::new() };
        let result = write_event(&erased.into(), &mut Vec::new());
        assert!(matches!(result, Err(LedgerError::NotWritable("erased"))));
    }

    fn rename_destination(mut old: Value) -> Option<Value> {
        let fields = old.as_object_mut()?;
        let file = fields.remove("file")?;
        fields.insert("destination".into(), file);
        Some(old)
    }

    fn add_filter(mut old: Value) -> Option<Value> {
        old.as_object_mut()?.insert("filter".into(), json!(""));
        Some(old)
    }

    static LATER: &[KindRow] = &[KindRow {
        kind: "exported",
        introduced: 1,
        upcasts: &[
            Upcast { introduced: 2, convert: rename_destination },
            Upcast { introduced: 4, convert: add_filter },
        ],
    }];

    #[test]
    fn old_versions_are_brought_to_todays_one_step_at_a_time() {
        let first =
            json!({"dataset": "golden", "format": "csv", "rows": 3, "up_to": 9, "file": "x"});
        let second = rename_destination(first.clone()).unwrap();
        let third = add_filter(second.clone()).unwrap();
        let today = read_with(LATER, &entry("exported", 3, &third)).unwrap();
        assert_eq!(read_with(LATER, &entry("exported", 1, &first)).unwrap(), today);
        assert_eq!(read_with(LATER, &entry("exported", 2, &second)).unwrap(), today);
        assert_eq!((LATER[0].version(), LATER[0].vocabulary()), (3, 4));
        let broken = read_with(LATER, &entry("exported", 1, &json!([])));
        assert!(matches!(broken, Err(Unreadable::Malformed(_))));
    }

    #[test]
    fn what_is_not_known_is_said_to_be_unknown() {
        for (kind, version) in
            [("exported", 2), ("exported", 0), ("merged_twice", 1), ("erased", 1)]
        {
            let expected = Unreadable::Unknown { kind: kind.to_owned(), version };
            assert_eq!(read_event(&entry(kind, version, &json!({}))), Err(expected));
        }
    }

    #[test]
    fn an_unreadable_entry_says_where_and_never_what() {
        let data = entry("import_started", 1, &json!({"import": "secret"}));
        let Err(Unreadable::Malformed(reason)) = read_event(&data) else { panic!("read") };
        assert!(reason.contains("character") && !reason.contains("secret"), "{reason}");
        for data in [&[][..], &[5], &[1, b'x', 0], &[1, 0xff, 1, 0]] {
            assert!(matches!(read_event(data), Err(Unreadable::Malformed(_))));
        }
    }

    #[test]
    fn the_actor_is_an_entry_of_its_own_kind() {
        for (actor, vocabulary) in samples::actors() {
            let mut data = Vec::new();
            assert_eq!(write_actor(&actor, &mut data).unwrap(), vocabulary);
            assert_eq!(read_actor(&data).unwrap(), actor);
            assert!(matches!(read_event(&data), Err(Unreadable::Unknown { .. })));
        }
        assert!(read_actor(&entry("exported", 1, &json!({}))).is_err());
        let later = read_actor(&entry("actor", 3, &json!({"person": "kim", "door": "ssh"})));
        assert!(matches!(later, Err(Unreadable::Unknown { version: 3, .. })));
    }

    #[test]
    fn an_actor_is_written_as_the_format_says() {
        let written: Vec<String> = samples::actors()
            .iter()
            .map(|(actor, _)| {
                let mut data = Vec::new();
                write_actor(actor, &mut data).unwrap();
                let (kind, version, rest) = split_tag(&data).unwrap();
                format!("{kind} {version} {}", std::str::from_utf8(rest).unwrap())
            })
            .collect();
        let expected = [
            "actor 1 kim",
            r#"actor 2 {"person":"kim","door":"local"}"#,
            r#"actor 2 {"person":"sam","door":"socket","session":"k7f3q-3","job":true}"#,
            r#"actor 2 {"person":"lee","door":"ssh","session":"k7f3q-24","key":"SHA256:x"}"#,
        ];
        assert_eq!(written, expected);
    }

    #[test]
    fn an_actor_of_no_known_shape_is_refused_and_never_quoted() {
        for data in [
            json!("kim"),
            json!({"person": "secret"}),
            json!({"person": "secret", "door": "window"}),
        ] {
            let Err(Unreadable::Malformed(reason)) = read_actor(&entry("actor", 2, &data)) else {
                panic!("{data}")
            };
            assert!(!reason.contains("secret") && !reason.contains("window"), "{reason}");
        }
    }
}
