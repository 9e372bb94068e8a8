//! Rows of one key as one record: each field takes its first value, and everything else that came stays
//! readable under its column, each value once, a line each.

use std::sync::Arc;

use compact_str::CompactString;
use jiff::Timestamp;

use domain::{FieldName, QuarantinedRow};
use settings::Source;

use super::ROW_LIMIT;
use super::keys::{self, Key};
use super::reader::Row;
use super::repeats::TimeOf;

/// What a row takes beside its texts, in bytes.
const OF_A_ROW: usize = 256;

/// How a source's rows are joined.
pub(super) struct Joining {
    /// The fields in the order of the map, each with its column where it has one alone.
    fields: Vec<(FieldName, Option<String>)>,
}

/// The rows of one key so far.
pub(super) struct Joined {
    row: Row,
    updated: Option<Timestamp>,
    /// Whether they say different things of a field.
    pub differs: bool,
    /// How many rows beside the first.
    pub rows: u64,
    /// The rows as they are kept if they cannot be one record.
    pub asides: Vec<QuarantinedRow>,
    /// Bytes of it all.
    pub size: usize,
}

impl Joining {
    /// Of a source whose records may have several rows.
    pub fn of(source: &Source) -> Option<Joining> {
        let only = |columns: &[String]| match columns {
            [only] => Some(only.clone()),
            _ => None,
        };
        let fields = source.map.iter().map(|(field, columns)| (field.clone(), only(columns)));
        source.several_rows.then(|| Joining { fields: fields.collect() })
    }

    /// A record's first row.
    pub fn begin(&self, row: Row, aside: QuarantinedRow, time: &TimeOf) -> Joined {
        let updated = row.updated.as_deref().and_then(|text| time(text));
        let size = size_of(&row) + aside.text.len();
        Joined { row, updated, differs: false, rows: 0, asides: vec![aside], size }
    }

    /// One more row of it.
    pub fn add(&self, joined: &mut Joined, row: Row, aside: QuarantinedRow, time: &TimeOf) {
        let into = &mut joined.row;
        let mut more = OF_A_ROW + aside.text.len();
        for (field, text) in row.fields {
            let has_decimals = row.decimals.contains(&field);
            let place = self.place(&field);
            let at = into.fields.iter().position(|(held, _)| self.place(held) >= place);
            match at.and_then(|at| into.fields.get_mut(at)).filter(|(held, _)| *held == field) {
                Some((_, held)) if held.trim() == text.trim() || is_absent(&text) => continue,
                Some((_, held)) if is_absent(held) => *held = text,
                Some(_) => {
                    joined.differs = true;
                    if let Some((_, Some(column))) = self.fields.get(place) {
                        more += keep(&mut into.unmapped, column, &text);
                    }
                    continue;
                }
                None => {
                    more += text.len();
                    let at = at.unwrap_or(into.fields.len());
                    into.fields.insert(at, (field.clone(), text));
                }
            }
            into.decimals.retain(|it| *it != field);
            into.decimals.extend(has_decimals.then_some(field));
        }
        for (column, text) in row.unmapped {
            more += keep(&mut into.unmapped, &column, &text);
        }
        let updated = row.updated.as_deref().and_then(|text| time(text));
        if updated > joined.updated || into.updated.is_none() {
            (into.updated, joined.updated) = (row.updated, updated);
        }
        if !Arc::ptr_eq(&into.columns, &row.columns) && into.columns != row.columns {
            into.columns = Arc::new(into.columns.and(&row.columns));
        }
        joined.rows += 1;
        joined.size += more;
        joined.asides.push(aside);
    }

    fn place(&self, field: &FieldName) -> usize {
        self.fields.iter().position(|(known, _)| known == field).unwrap_or(self.fields.len())
    }
}

impl Joined {
    /// Whether it is more than one row may be.
    pub fn is_too_much(&self) -> bool {
        size_of(&self.row) > ROW_LIMIT
    }

    /// The record.
    pub fn into_row(self) -> Row {
        self.row
    }
}

/// Keeps a value under its column unless it is there; gives how many bytes that took.
fn keep(kept: &mut Vec<(CompactString, CompactString)>, column: &str, text: &str) -> usize {
    match kept.iter_mut().find(|(name, _)| name == column) {
        Some((_, held)) if held.split('\n').any(|value| value == text) => 0,
        Some((_, held)) => {
            held.push('\n');
            held.push_str(text);
            text.len() + 1
        }
        None => {
            kept.push((column.into(), text.into()));
            64 + text.len()
        }
    }
}

/// Whether a text is a word for nothing.
fn is_absent(text: &str) -> bool {
    keys::read(text) == Key::Absent
}

fn size_of_texts<N>(texts: &[(N, CompactString)]) -> usize {
    texts.iter().map(|(_, text)| 48 + text.len()).sum()
}

fn size_of(row: &Row) -> usize {
    OF_A_ROW + size_of_texts(&row.fields) + size_of_texts(&row.unmapped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::{Delivered, Input, Options, Reader};

    fn source(map: &str) -> Source {
        let text = format!(
            "[workspace]\nname='a'\n[fields.name]\ntype='text'\n[fields.street]\ntype='text'\n[fields.city]\ntype='text'\n\
             [sources.shop]\nkey='Email'\nupdated='at'\nrows='several'\nmap={{{map}}}\n"
        );
        settings::parse(&text).unwrap().sources[0].clone()
    }

    fn read(csv: &str, source: &Source) -> Vec<Delivered> {
        let options = Options { file: "orders.csv".to_owned(), ..Options::default() };
        let open = || Reader::open(Input::of(csv.as_bytes().to_vec()), source, &options).unwrap();
        let mut first = open();
        let wanted = crate::acquire::Wanted::default();
        while first.glance(&wanted, &mut |_| {}).unwrap() {}
        let time: TimeOf = Arc::new(|text: &str| text.parse().ok());
        open().settling(first.repeated_keys(), time).map(Result::unwrap).collect()
    }

    /// `line key field=text, ... ; column=text, ...`, `line! reason`, `joined differing`.
    fn told(csv: &str) -> Vec<String> {
        let source = source("name='Name', street=['a1','a2'], city='City'");
        let texts = |texts: Vec<(String, String)>| {
            let texts =
                texts.into_iter().map(|(name, text)| format!("{name}={}", text.replace('\n', "/")));
            texts.collect::<Vec<_>>().join(", ")
        };
        let told = read(csv, &source).into_iter().map(|delivered| match delivered {
            Delivered::Row(row) => {
                assert!(row.later.is_empty());
                let fields =
                    row.fields.iter().map(|(name, text)| (name.to_string(), text.to_string()));
                let kept =
                    row.unmapped.iter().map(|(name, text)| (name.to_string(), text.to_string()));
                let (fields, kept) = (texts(fields.collect()), texts(kept.collect()));
                format!("{} {} {fields}; {kept}", row.line, row.key)
            }
            Delivered::Quarantined(row) => format!("{}! {}", row.line, row.reason),
            Delivered::Skipped(skipped) => format!("{} {}", skipped.joined, skipped.differing),
        });
        told.collect()
    }

    const HEADER: &str = "Email,Name,a1,a2,City,at,Item\n";

    #[test]
    fn rows_of_one_key_are_one_record_wherever_they_stand() {
        let rows =
            "a@x.org,Ann,Rose Lane,3,Salem,,Chair\nb@x.org,Bo,,,,,Lamp\na@x.org,,,,,,Table\n";
        assert_eq!(
            told(&format!("{HEADER}{rows}")),
            [
                "3 b@x.org name=Bo; Item=Lamp",
                "2 a@x.org name=Ann, street=Rose Lane 3, city=Salem; a1=Rose Lane, a2=3, Item=Chair/Table",
                "1 0"
            ]
        );
    }

    #[test]
    fn a_field_takes_its_first_value_in_the_order_of_the_map() {
        let rows = "a,,,,Salem,,Chair\na,N/A,,,Salem,,Chair\na,Ann,,,n/a,,Table\na,Anna,,,Ulm,,Sofa\na,Ann,Way,,,,\n";
        assert_eq!(
            told(&format!("{HEADER}{rows}")),
            [
                "2 a name=Ann, street=Way, city=Salem; Item=Chair/Table/Sofa, Name=Anna, City=Ulm, a1=Way",
                "4 1"
            ]
        );
    }

    #[test]
    fn a_row_without_a_key_that_says_nothing_of_anybody_goes_with_the_one_above() {
        let rows = "a,Ann,,,,,Chair\n,,,,,,Table\nb,Bo,,,,,Lamp\n,,,,,,Sofa\n,,,,,,Sofa\n";
        assert_eq!(
            told(&format!("{HEADER}{rows}")),
            ["2 a name=Ann; Item=Chair/Table", "4 b name=Bo; Item=Lamp/Sofa", "3 0"]
        );
        // Of an order without a customer, nothing is anybody else's.
        let rows = "a,Ann,,,,,Chair\n,Guest,,,,,Table\n,,,,,,Sofa\n";
        assert_eq!(
            told(&format!("{HEADER}{rows}")),
            [
                "3! no key in column `Email`",
                "4! no key in column `Email`",
                "2 a name=Ann; Item=Chair"
            ]
        );
        let rows = ",,,,,,Sofa\na,Ann,,,,,Chair\n";
        assert_eq!(
            told(&format!("{HEADER}{rows}")),
            ["2! no key in column `Email`", "3 a name=Ann; Item=Chair"]
        );
    }

    #[test]
    fn the_latest_time_of_change_is_the_records() {
        let rows = "a,Ann,,,,2026-03-01T00:00:00Z,\na,Ann,,,,2026-05-01T00:00:00Z,\na,Ann,,,,2026-04-01T00:00:00Z,\n";
        let source = source("name='Name'");
        let delivered = read(&format!("{HEADER}{rows}"), &source);
        let Delivered::Row(row) = &delivered[0] else { unreachable!() };
        assert_eq!(row.updated.as_deref(), Some("2026-05-01T00:00:00Z"));
    }

    #[test]
    fn what_is_too_much_is_set_aside_row_by_row() {
        let item = "x".repeat(3_000);
        let rows: String = (0..500).map(|at| format!("a,Ann,,,,,{item}{at}\n")).collect();
        let told = told(&format!("{HEADER}{rows}b,Bo,,,,,\n"));
        assert_eq!(told.len(), 501);
        assert!(
            told[0].starts_with("2! line 3 has the same key, and its rows are too many"),
            "{}",
            told[0]
        );
        assert!(told[499].starts_with("501! line 2 has the same key"), "{}", told[499]);
        assert_eq!(told[500], "502 b name=Bo; ");
    }
}
