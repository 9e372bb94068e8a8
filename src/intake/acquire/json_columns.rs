//! Tables that are written to JSON by columns: `{"id": [1, 2], "name": ["Ann", "Ben"]}`, as pandas does.

use std::io;

use serde_json::Value as Json;

use super::input::Input;
use super::json_values::{Value, Values};
use super::mapping::plain_name;
use crate::headings;

/// How the columns of a table are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByColumns {
    /// `{"id": [1, 2], "name": ["Ann", "Ben"]}`, or `{"id": {"0": 1, "1": 2}, …}`.
    Columns,
    /// `{"columns": ["id", "name"], "data": [[1, "Ann"], [2, "Ben"]]}`.
    Split,
}

impl ByColumns {
    /// A program for `jq` that makes a list of records of it.
    pub(super) fn program(self) -> &'static str {
        match self {
            ByColumns::Columns => {
                ". as $all | [first(.[]) | keys_unsorted[] as $row | $all | map_values(.[$row])]"
            }
            ByColumns::Split => {
                "[.columns as $names | .data[] | [$names, .] | transpose | map({key: .[0], value: .[1]}) | from_entries]"
            }
        }
    }
}

/// What a member of an object is.
#[derive(Debug, PartialEq, Eq)]
enum Member {
    /// A list of values, with how many there are where that is known.
    Values(Option<usize>),
    /// A list of lists.
    Rows,
    /// An object of values by their numbers, from 0.
    Numbered(Option<usize>),
    Other,
}

/// How the table in a file is written, where it is one object of columns and nothing else.
///
/// One record may hold lists; its key is none.
///
/// # Errors
/// When the input fails.
pub(super) fn look(input: &Input, key: &str) -> io::Result<Option<ByColumns>> {
    let mut values = Values::of(input.from_the_beginning())?;
    let Some(members) = values.members_of_only_object(member)? else { return Ok(None) };
    let of = |wanted: &str| members.iter().find(|(name, _)| name == wanted).map(|(_, it)| it);
    if matches!((of("columns"), of("data")), (Some(Member::Values(_)), Some(Member::Rows))) {
        return Ok(Some(ByColumns::Split));
    }
    let is_key = |name: &str| match key {
        "" => headings::is_key(name),
        _ => plain_name(name) == plain_name(key),
    };
    let are_columns = match members.iter().find(|(name, _)| is_key(name)) {
        Some((_, member)) => is_column(member),
        None => are_alike(&members),
    };
    Ok(are_columns.then_some(ByColumns::Columns))
}

/// Whether a member cannot be the key of one record.
fn is_column(member: &Member) -> bool {
    match member {
        Member::Values(count) => count.is_none_or(|count| count > 1),
        Member::Numbered(_) => true,
        Member::Rows | Member::Other => false,
    }
}

/// Whether there are several columns of as many values each.
fn are_alike(members: &[(String, Member)]) -> bool {
    let [(_, first), rest @ ..] = members else { return false };
    !rest.is_empty() && is_column(first) && rest.iter().all(|(_, member)| member == first)
}

fn member(value: &Value) -> Member {
    if !value.is_whole() {
        return beginning(&value.bytes);
    }
    let is_value = |value: &Json| !value.is_object() && !value.is_array();
    match serde_json::from_slice(&value.bytes) {
        Ok(Json::Array(list)) if !list.is_empty() => match () {
            () if list.iter().all(is_value) => Member::Values(Some(list.len())),
            () if list.iter().all(Json::is_array) => Member::Rows,
            () => Member::Other,
        },
        Ok(Json::Object(object)) if !object.is_empty() => {
            let is_number = |name: &String| name.bytes().all(|byte| byte.is_ascii_digit());
            let are_numbered = object.contains_key("0") && object.keys().all(is_number);
            match are_numbered && object.values().all(is_value) {
                true => Member::Numbered(Some(object.len())),
                false => Member::Other,
            }
        }
        _ => Member::Other,
    }
}

/// What begins like this; nobody counts how much it holds.
fn beginning(bytes: &[u8]) -> Member {
    let mut signs = bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
    match (signs.next(), signs.next()) {
        (Some(b'['), Some(b'[')) => Member::Rows,
        (Some(b'['), Some(b'{')) => Member::Other,
        (Some(b'['), Some(_)) => Member::Values(None),
        (Some(b'{'), Some(b'"')) if signs.next() == Some(&b'0') && signs.next() == Some(&b'"') => {
            Member::Numbered(None)
        }
        _ => Member::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_by_columns_are_told_from_records() {
        use ByColumns::{Columns, Split};
        let long =
            format!("{{\"id\":[{}1],\"name\":[{}\"b\"]}}", "1,".repeat(9), "\"a\",".repeat(9));
        for (text, key, expected) in [
            (r#"{"id":[1,2,3],"name":["Ann","Ben","Cat"]}"#, "id", Some(Columns)),
            (r#"{"id":[1,2,3],"name":["Ann","Ben","Cat"]}"#, "", Some(Columns)),
            (r#" {"ID" : [1, 2], "x": 1}"#, "id", Some(Columns)),
            (&long, "id", Some(Columns)),
            (r#"{"name":["Ann","Ben"],"mail":["a","b"]}"#, "", Some(Columns)),
            (r#"{"id":{"0":1,"1":2},"name":{"0":"Ann","1":"Ben"}}"#, "id", Some(Columns)),
            (r#"{"name":{"0":"Ann"},"mail":{"0":"a"}}"#, "", Some(Columns)),
            (r#"{"columns":["id"],"index":[0],"data":[[1],[2]]}"#, "id", Some(Split)),
            // Records.
            (r#"{"id":1,"tags":["a","b"],"mails":["c","d"]}"#, "id", None),
            (r#"{"id":["1"],"mail":["a"]}"#, "id", None),
            (r#"{"cn":["Ann","Anna"],"mail":["a"]}"#, "", None),
            (r#"{"id":[1,2],"name":["a","b"]}{"id":[3,4]}"#, "id", None),
            (r#"{"id":{"value":7},"name":{"value":"Ann"}}"#, "id.value", None),
            (r#"[{"id":[1,2]}]"#, "id", None),
            (r#"{"0":{"id":1},"1":{"id":2}}"#, "id", None),
            (r#"{"id":[1,2],"name":["a""#, "id", None),
            ("{}", "", None),
            ("", "", None),
        ] {
            let input = Input::of(text.as_bytes().to_vec());
            assert_eq!(look(&input, key).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn long_columns_are_told_by_their_beginning() {
        for (text, expected) in [
            ("[ 1, 2", Member::Values(None)),
            ("[[1", Member::Rows),
            ("[{", Member::Other),
            ("{\"0\":1,", Member::Numbered(None)),
            ("{\"a\":1,", Member::Other),
            ("\"text", Member::Other),
        ] {
            assert_eq!(beginning(text.as_bytes()), expected, "{text}");
        }
    }
}
