//! Verdicts by pair of records, for `steward decide --from`: `id_l`, `id_r` and `label`, as
//! `steward export labels` writes them and as those who label elsewhere give them back.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Wrong, quotes};
use domain::RecordAddress;

/// What a line must say, what it may say, and what an export says beside it, which is passed over.
const NEEDED: [&str; 3] = ["id_l", "id_r", "label"];
const MAY: [&str; 2] = ["reason", "note"];
const BESIDE: [&str; 5] = ["decision", "actor", "time", "match_probability", "match_weight"];

/// Whether it is the name of a column.
pub fn is_column(name: &str) -> bool {
    NEEDED.iter().chain(&MAY).any(|known| *known == name)
}

/// What is said of two records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// One.
    pub left: RecordAddress,
    /// The other.
    pub right: RecordAddress,
    /// Whether they are one.
    pub is_one: bool,
    /// A reason.
    pub reason: Option<String>,
    /// A note.
    pub note: Option<String>,
}

type Cells = BTreeMap<String, String>;

/// The pairs of a text; none where its lines are about tasks.
pub fn read(text: &str, is_json: bool) -> Option<Result<Vec<Pair>, Wrong>> {
    let rows = if is_json { objects(text)? } else { table(text)? };
    Some(rows.and_then(pairs))
}

/// The rows of CSV whose header has `id_l`.
fn table(text: &str) -> Option<Result<Vec<(u64, Cells)>, Wrong>> {
    let mut reader = csv::ReaderBuilder::new();
    reader.has_headers(false).flexible(true).trim(csv::Trim::All);
    let mut reader = reader.from_reader(text.as_bytes());
    let mut rows = reader.records();
    let header = rows.next()?.ok()?;
    if !header.iter().any(|name| name == "id_l") {
        return None;
    }
    let read = || {
        quotes::must_close(text)?;
        must_be_columns(header.iter()).map_err(|why| (1, why))?;
        let mut found = Vec::new();
        for (number, row) in (2..).zip(rows) {
            let row = row.map_err(|_| (number, "not CSV".to_owned()))?;
            let number = row.position().map_or(number, |at| at.line());
            if row.len() != header.len() {
                let why = format!("{} values, but the header has {}", row.len(), header.len());
                return Err((number, why));
            }
            let cells = header.iter().zip(&row).map(|(name, cell)| (name.into(), cell.into()));
            found.push((number, cells.collect()));
        }
        Ok(found)
    };
    Some(read())
}

/// The objects of JSON Lines of which the first has `id_l`.
fn objects(text: &str) -> Option<Result<Vec<(u64, Cells)>, Wrong>> {
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).peekable();
    let (_, first) = lines.peek()?;
    let first: Value = serde_json::from_str(first).ok()?;
    first.get("id_l")?;
    let read = |(number, line): (u64, &str)| {
        let object: serde_json::Map<String, Value> =
            serde_json::from_str(line).map_err(|_| (number, "not a JSON object".to_owned()))?;
        must_be_columns(object.keys().map(String::as_str)).map_err(|why| (number, why))?;
        let cell = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        Ok((number, object.iter().map(|(name, value)| (name.clone(), cell(value))).collect()))
    };
    Some(lines.map(read).collect())
}

fn must_be_columns<'n>(names: impl Iterator<Item = &'n str>) -> Result<(), String> {
    let names: Vec<&str> = names.collect();
    let known = || NEEDED.iter().chain(&MAY).chain(&BESIDE);
    if let Some(other) = names.iter().find(|name| !known().any(|it| it == *name)) {
        return Err(format!(
            "unknown column `{other}`; columns are id_l, id_r, label, reason and note"
        ));
    }
    match NEEDED.iter().find(|needed| !names.contains(needed)) {
        Some(needed) => Err(format!("the header has no column `{needed}`")),
        None => Ok(()),
    }
}

/// Each pair once: one that says something else of a pair than a line before makes no sense.
fn pairs(rows: Vec<(u64, Cells)>) -> Result<Vec<Pair>, Wrong> {
    let mut known: BTreeMap<BTreeSet<RecordAddress>, (u64, bool)> = BTreeMap::new();
    let mut found = Vec::new();
    for (number, mut cells) in rows {
        let mut text = |name: &str| cells.remove(name).filter(|text| !text.is_empty());
        let mut address = |name: &str| -> Result<RecordAddress, Wrong> {
            let typed = text(name).ok_or_else(|| (number, format!("`{name}` is missing")))?;
            typed
                .parse()
                .map_err(|_| (number, format!("`{name}` is not a record such as crm:1042")))
        };
        let (left, right) = (address("id_l")?, address("id_r")?);
        let label = text("label").ok_or_else(|| (number, "`label` is missing".to_owned()))?;
        let is_one = label_of(&label)
            .ok_or_else(|| (number, "`label` must be match or not-a-match".to_owned()))?;
        if left == right {
            return Err((number, "both are the same record".to_owned()));
        }
        let pair = BTreeSet::from([left.clone(), right.clone()]);
        match known.get(&pair) {
            Some((first, said)) if *said != is_one => {
                return Err((number, format!("contradicts line {first}")));
            }
            Some(_) => continue,
            None => known.insert(pair, (number, is_one)),
        };
        found.push(Pair { left, right, is_one, reason: text("reason"), note: text("note") });
    }
    Ok(found)
}

/// As people and programs write it.
fn label_of(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "match" | "merge" | "1" | "1.0" | "true" | "yes" => Some(true),
        "not-a-match" | "not a match" | "non-match" | "0" | "0.0" | "false" | "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, is_json: bool) -> Vec<(String, String, bool)> {
        let pairs = read(text, is_json).unwrap().unwrap();
        pairs.into_iter().map(|it| (it.left.to_string(), it.right.to_string(), it.is_one)).collect()
    }

    fn wrong(text: &str) -> (u64, String) {
        read(text, text.starts_with('{')).unwrap().unwrap_err()
    }

    #[test]
    fn pairs_are_read_from_csv_and_json_lines() {
        let expected = [
            ("crm:1".to_owned(), "shop:2".to_owned(), true),
            ("crm:1".to_owned(), "shop:3".to_owned(), false),
        ];
        let csv =
            "label,id_l,id_r,decision\nmatch,crm:1,shop:2,D1\n0,crm:1,shop:3,\nyes,shop:2,crm:1,\n";
        assert_eq!(told(csv, false), expected);
        let json = "{\"id_l\":\"crm:1\",\"id_r\":\"shop:2\",\"label\":1}\n\n\
                    {\"id_l\":\"crm:1\",\"id_r\":\"shop:3\",\"label\":false,\"note\":null}\n";
        assert_eq!(told(json, true), expected);
        // Lines about tasks are read elsewhere.
        assert!(read("task,verdict\nT1,merge\n", false).is_none());
        assert!(read("{\"task\":\"T1\"}", true).is_none());
        assert!(read("", false).is_none());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_without_a_value() {
        for (text, line, why) in [
            ("id_l,id_r\na:1,b:2\n", 1, "no column `label`"),
            ("id_l,id_r,label,colour\na:1,b:2,1,red\n", 1, "unknown column `colour`"),
            ("id_l,id_r,label\na:1,b:2,maybe\n", 2, "`label` must be match or not-a-match"),
            ("id_l,id_r,label\na:1,,1\n", 2, "`id_r` is missing"),
            ("id_l,id_r,label\na:1,ada,1\n", 2, "`id_r` is not a record"),
            ("id_l,id_r,label\na:1,a:1,1\n", 2, "the same record"),
            ("id_l,id_r,label\na:1,b:2,1\nb:2,a:1,0\n", 3, "contradicts line 2"),
            ("id_l,id_r,label\na:1,b:2\n", 2, "2 values"),
            ("{\"id_l\":\"a:1\",\"id_r\":\"b:2\"}", 1, "no column `label`"),
            ("{\"id_l\":\"a:1\",\"id_r\":\"b:2\",\"label\":1}\n[]", 2, "not a JSON object"),
        ] {
            let (number, told) = wrong(text);
            assert_eq!(number, line, "{text}");
            assert!(told.contains(why) && !told.contains("ada"), "{text}: {told}");
        }
    }
}
