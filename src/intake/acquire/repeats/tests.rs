use super::*;

fn row(line: u64, key: &str, name: &str, updated: &str) -> Row {
    Row {
        line,
        key: key.into(),
        spelling: None,
        fields: vec![(domain::FieldName::new("name"), name.into())],
        unmapped: Vec::new(),
        updated: (!updated.is_empty()).then(|| updated.to_owned()),
        later: Vec::new(),
        columns: Arc::default(),
        decimals: Vec::new(),
        booleans: Vec::new(),
    }
}

fn aside(row: &Row) -> QuarantinedRow {
    QuarantinedRow {
        named: None,
        line: row.line,
        reason: QuarantineReason::UnclosedQuote,
        text: row.key.to_string(),
        bytes: None,
        length: None,
        key: Some(row.key.to_string()),
    }
}

/// `line key+line of the next revision`, `line! line of the other`.
fn settled(rows: &[Row]) -> (Vec<String>, u64) {
    let mut notes = KeyNotes::default();
    for row in rows {
        notes.note_key(&row.key);
    }
    let time: TimeOf = Arc::new(|text: &str| text.parse().ok());
    let mut settling = Settling::of(notes.finish(), time, None);
    let mut delivered = Vec::new();
    for row in rows {
        if settling.concerns(row) {
            delivered.extend(settling.take(row.clone(), aside(row)));
        } else {
            delivered.push(Delivered::Row(row.clone()));
        }
    }
    delivered.extend(settling.finish());
    assert_eq!(settling.held, 0);
    let told = delivered.iter().map(|delivered| match delivered {
        Delivered::Row(row) => {
            let later: Vec<String> = row.later.iter().map(|row| format!("+{}", row.line)).collect();
            format!("{} {}{}", row.line, row.key, later.concat())
        }
        Delivered::Quarantined(row) => match row.reason {
            QuarantineReason::RepeatedKey { first, .. } => format!("{}! {first}", row.line),
            _ => panic!("{row:?}"),
        },
        Delivered::Skipped(_) => panic!("nothing is skipped here"),
    });
    (told.collect(), settling.repeated)
}

const MONDAY: &str = "2026-11-23T10:00:00Z";
const TUESDAY: &str = "2026-11-24T10:00:00Z";
const FRIDAY: &str = "2026-11-27T10:00:00Z";

#[test]
fn keys_of_one_row_are_nobody_s_business() {
    let rows = [row(2, "1", "Ann", ""), row(3, "2", "Ann", ""), row(4, "3", "Cy", "")];
    assert_eq!(settled(&rows), (vec!["2 1".into(), "3 2".into(), "4 3".into()], 0));
}

#[test]
fn rows_that_are_the_same_are_one() {
    let rows = [row(2, "1", "Ann", ""), row(3, "2", "Bo", ""), row(4, "1", "Ann", "")];
    assert_eq!(settled(&rows), (vec!["3 2".into(), "2 1".into()], 1));
    let rows = [row(2, "1", "Ann", MONDAY), row(3, "1", "Ann", MONDAY), row(4, "1", "Ann", MONDAY)];
    assert_eq!(settled(&rows), (vec!["2 1".into()], 2));
}

#[test]
fn the_row_that_changed_last_wins_wherever_it_stands() {
    let old = |line| row(line, "1", "Ann", MONDAY);
    let middle = |line| row(line, "1", "Anna", TUESDAY);
    let new = |line| row(line, "1", "Anne", FRIDAY);
    let other = || row(9, "2", "Bo", "");
    assert_eq!(settled(&[old(2), new(3)]).0, ["2 1+3"]);
    assert_eq!(settled(&[new(2), old(3)]).0, ["3 1+2"]);
    assert_eq!(settled(&[new(2), old(3), middle(4), other()]).0, ["3 1+4+2", "9 2"]);
    assert_eq!(settled(&[old(2), old(3), new(4)]), (vec!["2 1+4".into()], 1));
}

#[test]
fn where_nothing_says_which_came_last_none_is_believed() {
    for (one, other) in [("", ""), (MONDAY, ""), (MONDAY, MONDAY), ("soon", "later")] {
        let rows = [row(2, "1", "Ann", one), row(3, "2", "Bo", ""), row(4, "1", "Anna", other)];
        assert_eq!(settled(&rows).0, ["3 2", "2! 4", "4! 2"], "{one} {other}");
    }
    let three = [row(2, "1", "Ann", ""), row(3, "1", "Bo", ""), row(4, "1", "Cy", "")];
    assert_eq!(settled(&three).0, ["2! 3", "3! 2", "4! 2"]);
}

#[test]
fn a_key_of_very_many_rows_is_none() {
    let mut rows: Vec<Row> =
        (2..300).map(|line| row(line, "0", &format!("n{line}"), MONDAY)).collect();
    rows.push(row(300, "1", "Ann", ""));
    let (told, _) = settled(&rows);
    assert_eq!(told.len(), 299);
    assert_eq!(told[298], "300 1");
    assert!(told[..298].iter().all(|told| told.ends_with("! 2") || told == "2! 3"), "{told:?}");
}

#[test]
fn every_key_of_many_is_known() {
    let rows: Vec<Row> = (0..5_000).map(|n| row(n + 2, &n.to_string(), "x", "")).collect();
    let mut twice = rows.clone();
    twice.extend(rows.iter().cloned().map(|row| Row { line: row.line + 5_000, ..row }));
    let (told, repeated) = settled(&twice);
    assert_eq!((told.len(), repeated), (5_000, 5_000));
}
