//! Rows of one key as one record: each field takes the value of the row that changed last, and of those of
//! one time the first; fields that make one thing take theirs from one row. Everything else that came
//! stays readable under its column, each value once, a line each.

use std::sync::Arc;

use compact_str::{CompactString, format_compact};
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
    /// The fields in the order of the map.
    fields: Vec<Mapped>,
    /// The columns that are parts of a field, with its unit.
    parts: Vec<(String, usize)>,
    /// How many units there are.
    units: usize,
    /// The column that says whether a row without a key is of the record above.
    by: Option<String>,
}

/// A field.
struct Mapped {
    name: FieldName,
    /// Its column, where it has one alone.
    column: Option<String>,
    /// What comes from one row: an address, a name, or this field alone.
    unit: usize,
    /// Whether each row says one of it: all of them stay, equal ones too.
    each: bool,
}

/// The rows of one key so far.
pub(super) struct Joined {
    row: Row,
    updated: Option<Timestamp>,
    /// The time of the row that each unit is of; none where nothing is known of it.
    taken: Vec<Option<Option<Timestamp>>>,
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
        if !source.several_rows {
            return None;
        }
        let (mut fields, mut parts) = (Vec::new(), Vec::new());
        for (at, (name, columns)) in source.map.iter().enumerate() {
            let group = source.together.iter().position(|group| group.contains(name));
            let unit = group.unwrap_or(source.together.len() + at);
            let column = match columns.as_slice() {
                [only] => Some(only.clone()),
                several => {
                    parts.extend(several.iter().map(|part| (part.clone(), unit)));
                    None
                }
            };
            let each = source.each_row.contains(name);
            fields.push(Mapped { name: name.clone(), column, unit, each });
        }
        let units = source.together.len() + fields.len();
        Some(Joining { fields, parts, units, by: source.rows_by.clone() })
    }

    /// What a row says about whose it is, where a column tells.
    pub fn by_of<'r>(&self, row: &'r Row) -> Option<&'r str> {
        let by = self.by.as_ref()?;
        let (_, text) = row.unmapped.iter().find(|(column, _)| column == by)?;
        Some(text.trim())
    }

    /// A record's first row.
    pub fn begin(&self, row: Row, aside: QuarantinedRow, time: &TimeOf) -> Joined {
        let updated = row.updated.as_deref().and_then(|text| time(text));
        let size = size_of(&row) + aside.text.len();
        let mut taken = vec![None; self.units];
        self.mark(&row, &mut |unit| taken[unit] = Some(updated));
        Joined { row, updated, taken, differs: false, rows: 0, asides: vec![aside], size }
    }

    /// One more row of it: what makes one thing is of one row, of the latest that says anything of it, and
    /// among rows of one time of the first.
    pub fn add(&self, joined: &mut Joined, mut row: Row, aside: QuarantinedRow, time: &TimeOf) {
        let updated = row.updated.as_deref().and_then(|text| time(text));
        let mut wins = vec![false; self.units];
        self.mark(&row, &mut |unit| wins[unit] = joined.taken[unit].is_none_or(|it| updated > it));
        let mut more = OF_A_ROW + aside.text.len();
        let fields = std::mem::take(&mut row.fields);
        more += self.make_room(joined, &fields, &wins);
        for (field, text) in fields {
            let Some(place) = self.place(&field) else { continue };
            let Mapped { column, unit, each, .. } = &self.fields[place];
            if *each && joined.row.fields.iter().any(|(held, _)| *held == field) {
                more += column.as_ref().map_or(0, |column| {
                    let is_told = !is_absent(&text);
                    if is_told { keep_each(&mut joined.row.unmapped, column, &text) } else { 0 }
                });
                continue;
            }
            if wins[*unit] {
                joined.taken[*unit] = Some(updated);
                if let Some(column) = column {
                    forget(&mut joined.row.unmapped, column, &text);
                }
            } else if joined.taken[*unit].is_some() {
                more += joined.differ(&field, column.as_deref(), &text);
                continue;
            } else if joined.row.fields.iter().any(|(held, _)| *held == field) {
                continue;
            }
            more += text.len();
            let has_decimals = row.decimals.contains(&field);
            self.insert(&mut joined.row, field, text, has_decimals);
        }
        more += self.keep_unmapped(&mut joined.row.unmapped, row.unmapped, &wins);
        let into = &mut joined.row;
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

    /// Takes away what is held of the units that a row wins, and keeps it under its columns.
    fn make_room(
        &self,
        joined: &mut Joined,
        fields: &[(FieldName, CompactString)],
        wins: &[bool],
    ) -> usize {
        let is_lost = |(field, _): &mut (FieldName, CompactString)| {
            let of = self.place(field).map(|place| &self.fields[place]);
            of.is_some_and(|of| wins[of.unit] && !of.each)
        };
        let lost: Vec<_> = joined.row.fields.extract_if(.., is_lost).collect();
        let mut more = 0;
        for (field, text) in lost {
            joined.row.decimals.retain(|it| *it != field);
            let is_same = |(name, new): &(FieldName, CompactString)| {
                *name == field && new.trim() == text.trim()
            };
            if !is_absent(&text) && !fields.iter().any(is_same) {
                let column = self.place(&field).and_then(|at| self.fields[at].column.as_deref());
                more += joined.differ(&field, column, &text);
            }
        }
        more
    }

    /// Keeps the columns that no field is read from alone, each value once; of parts of a field the first
    /// line is of the row that the field is of, and blank where that says nothing.
    fn keep_unmapped(
        &self,
        kept: &mut Vec<(CompactString, CompactString)>,
        delivered: Vec<(CompactString, CompactString)>,
        wins: &[bool],
    ) -> usize {
        let mut more = 0;
        for (part, _) in self.parts.iter().filter(|(_, unit)| wins[*unit]) {
            let is_it = |(column, _): &(CompactString, CompactString)| column == part;
            let new = delivered.iter().find(|it| is_it(it)).map_or("", |(_, text)| text);
            forget(kept, part, new);
            let held = kept.iter_mut().find(|it| is_it(it));
            match held {
                Some((_, held)) => {
                    *held = format_compact!("{new}\n{}", held.trim_start_matches('\n'))
                }
                None if new.is_empty() => continue,
                None => kept.push((part.as_str().into(), new.into())),
            }
            more += 64 + new.len();
        }
        for (column, text) in delivered {
            let unit = self.parts.iter().find(|(part, _)| *part == column).map(|(_, unit)| *unit);
            match unit {
                Some(unit) if wins[unit] => {}
                Some(_) if !kept.iter().any(|(name, _)| *name == column) => {
                    more += 64 + text.len();
                    kept.push((column, format_compact!("\n{text}")));
                }
                _ => more += keep(kept, &column, &text),
            }
        }
        more
    }

    /// Tells the units of which a row says anything.
    fn mark(&self, row: &Row, to: &mut dyn FnMut(usize)) {
        for (field, _) in row.fields.iter().filter(|(_, text)| !is_absent(text)) {
            if let Some(place) = self.place(field) {
                to(self.fields[place].unit);
            }
        }
    }

    fn insert(&self, row: &mut Row, field: FieldName, text: CompactString, has_decimals: bool) {
        let place = self.place(&field);
        let at = row.fields.iter().position(|(held, _)| self.place(held) > place);
        let at = at.unwrap_or(row.fields.len());
        row.decimals.extend(has_decimals.then(|| field.clone()));
        row.fields.insert(at, (field, text));
    }

    fn place(&self, field: &FieldName) -> Option<usize> {
        self.fields.iter().position(|known| known.name == *field)
    }
}

impl Joined {
    /// Whether it is more than one row may be.
    pub fn is_too_much(&self) -> bool {
        size_of(&self.row) > ROW_LIMIT
    }

    /// Keeps a text of a field that is not the one that counts.
    fn differ(&mut self, field: &FieldName, column: Option<&str>, text: &str) -> usize {
        let held = self.row.fields.iter().find(|(name, _)| name == field);
        if is_absent(text) || held.is_some_and(|(_, held)| held.trim() == text.trim()) {
            return 0;
        }
        self.differs = true;
        column.map_or(0, |column| keep(&mut self.row.unmapped, column, text))
    }

    /// What they come to so far.
    pub fn row(&self) -> &Row {
        &self.row
    }

    /// The record.
    pub fn into_row(self) -> Row {
        self.row
    }
}

/// Keeps a value under its column, also where it is there; gives how many bytes that took.
fn keep_each(kept: &mut Vec<(CompactString, CompactString)>, column: &str, text: &str) -> usize {
    match kept.iter_mut().find(|(name, _)| name == column) {
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

/// Takes a value away from those kept under a column.
fn forget(kept: &mut Vec<(CompactString, CompactString)>, column: &str, text: &str) {
    if let Some((_, held)) = kept.iter_mut().find(|(name, _)| name == column) {
        let others: Vec<&str> = held.split('\n').filter(|line| *line != text).collect();
        *held = others.join("\n").into();
    }
    kept.retain(|(name, held)| name != column || !held.trim().is_empty());
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
            "[workspace]\nname='a'\n[fields.name]\ntype='text'\n[fields.street]\ntype='street'\n[fields.city]\ntype='city'\n\
             [sources.shop]\nkey='Email'\nupdated='at'\nrows='several'\nrows_by='Order'\nmap={{{map}}}\n"
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

    const HEADER: &str = "Email,Name,a1,a2,City,at,Item,Order\n";

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
        let rows = "a,,,,Salem,,Chair\na,N/A,,,Salem,,Chair\na,Ann,,,n/a,,Table\na,Anna,,,Ulm,,Sofa\na,Ann,,,,,\n";
        assert_eq!(
            told(&format!("{HEADER}{rows}")),
            ["2 a name=Ann, city=Salem; Item=Chair/Table/Sofa, Name=Anna, City=Ulm", "4 1"]
        );
    }

    #[test]
    fn an_address_is_of_one_row() {
        for (rows, expected) in [
            ("a,,,,Salem,,\na,,Way,3,,,\n", "city=Salem; a1=/Way, a2=/3"),
            ("a,,Way,,,,\na,,Lane,3,Ulm,,\n", "street=Way; a1=Way/Lane, City=Ulm, a2=/3"),
            ("a,,,,n/a,,\na,,Way,,Ulm,,\n", "street=Way, city=Ulm; a1=Way"),
            ("a,Ann,,,,,\na,,Way,3,Ulm,,\n", "name=Ann, street=Way 3, city=Ulm; a1=Way, a2=3"),
            ("a,,Way,3,Ulm,,\na,,Way,3,,,\n", "street=Way 3, city=Ulm; a1=Way, a2=3"),
        ] {
            let told = told(&format!("{HEADER}{rows}"));
            let (_, said) = told[0].split_once("a ").unwrap();
            assert_eq!(sorted(said), sorted(expected), "{rows}");
        }
    }

    /// What is kept, whatever its order.
    fn sorted(told: &str) -> (String, Vec<String>) {
        let (fields, kept) = told.split_once("; ").unwrap();
        let mut kept: Vec<String> = kept.split(", ").map(str::to_owned).collect();
        kept.sort_unstable();
        (fields.to_owned(), kept)
    }

    #[test]
    fn the_row_that_changed_last_goes_first() {
        let (old, mid, new) =
            ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
        let row = |name: &str, street: (&str, &str), city: &str, at: &str| {
            format!("a,{name},{},{},{city},{at},\n", street.0, street.1)
        };
        let [first, second, third] = [
            row("Ann", ("Old Way", "1"), "Oldtown", old),
            row("Anna", ("Mid Way", ""), "", mid),
            row("", ("New Way", ""), "", new),
        ];
        let fields = "name=Anna, street=New Way; ";
        for rows in [
            [&first, &second, &third],
            [&third, &second, &first],
            [&second, &third, &first],
            [&second, &first, &third],
            [&first, &third, &second],
        ] {
            let rows: String = rows.into_iter().map(String::as_str).collect();
            let told = told(&format!("{HEADER}{rows}"));
            let (_, said) = told[0].split_once("a ").unwrap();
            assert!(said.starts_with(fields), "{said}");
            for kept in ["Name=Ann", "City=Oldtown", "a2=/1", "a1=New Way/"] {
                assert!(sorted(said).1.iter().any(|it| it.starts_with(kept)), "{kept}: {said}");
            }
            assert_eq!(told[1], "2 1");
        }
    }

    #[test]
    fn a_row_without_a_key_goes_with_the_one_above_where_it_names_the_same() {
        let rows =
            "a,Ann,,,,,Chair,1\n,,,,,,Table,1\nb,Bo,,,,,Lamp,2\n,,,,,,Sofa,2\n,,,,,,Sofa,2\n";
        assert_eq!(
            told(&format!("{HEADER}{rows}")),
            [
                "2 a name=Ann; Item=Chair/Table, Order=1",
                "4 b name=Bo; Item=Lamp/Sofa, Order=2",
                "3 0"
            ]
        );
        // Of an order without a customer, nothing is anybody else's, whether it names one or not.
        for guest in [
            ",Guest,,,,,Table,2\n,,,,,,Sofa,2\n",
            ",,,,,,Table,2\n,,,,,,Sofa,1\n",
            ",,,,,,Table,\n,,,,,,Sofa,2\n",
        ] {
            let mut told = told(&format!("{HEADER}a,Ann,,,,,Chair,1\n{guest}"));
            told.retain(|it| it != "0 0");
            assert_eq!(
                told,
                [
                    "3! no key in column `Email`",
                    "4! no key in column `Email`",
                    "2 a name=Ann; Item=Chair, Order=1"
                ],
                "{guest}"
            );
        }
        let rows = ",,,,,,Sofa,1\na,Ann,,,,,Chair,1\n";
        assert_eq!(
            told(&format!("{HEADER}{rows}")),
            ["2! no key in column `Email`", "3 a name=Ann; Item=Chair, Order=1"]
        );
    }

    #[test]
    fn an_empty_cell_is_no_column_of_the_record() {
        let source = source("name='Name', street=['a1','a2'], city='City'");
        let delivered = read(&format!("{HEADER}a,Ann,Way,,,,,\na,,,,,,Chair,\n"), &source);
        let Delivered::Row(row) = &delivered[0] else { unreachable!() };
        let has = ["Email", "Name", "a1", "a2", "City", "at", "Item", "Order"];
        assert_eq!(
            has.map(|column| row.columns.has(column)),
            [true, true, true, false, false, false, true, false]
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
        let rows: String = (0..500).map(|at| format!("a,Ann,,,,,{item}{at},\n")).collect();
        let told = told(&format!("{HEADER}{rows}b,Bo,,,,,,\n"));
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
