use super::*;
use crate::ParquetReader;
use intake::acquire::{CellRow, Input, TableHead, TableReader, TakesTable};

/// The rows of a file, as texts.
#[derive(Default)]
struct Read {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl TakesTable for Read {
    fn head(&mut self, head: TableHead) -> bool {
        self.columns = head.columns.iter().map(ToString::to_string).collect();
        true
    }

    fn row(&mut self, row: CellRow) -> bool {
        self.rows.push(row.cells.iter().map(|(_, cell)| cell.shown().to_string()).collect());
        true
    }
}

fn read_back(columns: &[Column], rows: &[Vec<Cell>]) -> Read {
    let mut file = Vec::new();
    let mut writer = ParquetWriter.open(columns, &mut file).unwrap();
    rows.iter().for_each(|row| writer.row(row).unwrap());
    writer.finish().unwrap();
    drop(writer);
    let mut read = Read::default();
    ParquetReader.read(Input::of(file), &[], &mut read).unwrap();
    read
}

#[test]
fn every_kind_is_read_back_and_nothing_is_lost() {
    let columns = [
        Column::new("id"),
        Column::nested("lineage"),
        Column::of("born", Kind::Date),
        Column::of("limit", Kind::Decimal),
        Column::of("at", Kind::Time),
        Column::of("n", Kind::Whole),
        Column::of("score", Kind::Number),
        Column::of("open", Kind::Flag),
        Column::new("unreadable"),
    ];
    let text = Cell::text;
    let rows = [
        vec![
            text("C1"),
            Cell::Object(Vec::new()),
            text("1985-04-25"),
            text("-12.5"),
            text("2026-01-02T10:00:00Z"),
            Cell::Whole(7),
            Cell::Number(0.5),
            Cell::Flag(true),
            Cell::list(["a", "b"]),
        ],
        vec![text("=C2"), Cell::Absent, text("31.02.1985"), text("1 \"x\""), text("soon")],
        vec![],
    ];
    let read = read_back(&columns, &rows);
    let expected =
        ["id", "born", "limit", "at", "n", "score", "open", "unreadable", "unreadable_2"];
    assert_eq!(read.columns, expected);
    let first = [
        "C1",
        "1985-04-25",
        "-12.500000000",
        "2026-01-02T10:00:00Z",
        "7",
        "0.5",
        "true",
        "a b",
        "",
    ];
    assert_eq!(read.rows[0], first);
    // No formula is feared here: what is exported is what is held.
    let told = r#"{"at":"soon","born":"31.02.1985","limit":"1 \"x\""}"#;
    assert_eq!(read.rows[1], ["=C2", "", "", "", "", "", "", "", told]);
    assert!(read.rows[2].iter().all(String::is_empty));
}

#[test]
fn many_rows_make_several_groups_in_order_and_none_make_a_file() {
    assert_eq!(read_back(&[Column::new("id")], &[]).columns, ["id", "unreadable"]);
    let rows: Vec<_> = (0..GROUP as u64 + 3).map(|n| vec![Cell::Whole(n)]).collect();
    let read = read_back(&[Column::of("n", Kind::Whole)], &rows);
    assert!(read.rows.iter().map(|row| row[0].parse::<u64>().unwrap()).eq(0..GROUP as u64 + 3));
}
