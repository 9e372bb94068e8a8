//! Cells that are not kept as somebody would think, and columns of one name.

use rust_xlsxwriter::{Format as Style, Formula, Workbook};

use super::tests::{archive, edited, keyed, open, rows};
use crate::acquire::Options;

/// What is told of odd cells once a workbook was read, as `column fault rows line`.
fn odd(bytes: Vec<u8>) -> Vec<String> {
    let mut reader = open(bytes, &keyed(), Options::default()).unwrap();
    assert!(reader.odd_cells().is_empty());
    assert!(reader.by_ref().all(|row| row.is_ok()));
    let odd = reader.odd_cells();
    odd.iter().map(|it| format!("{} {:?} {} {}", it.column, it.fault, it.rows, it.line)).collect()
}

fn header(book: &mut Workbook, names: &[&str]) {
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(names) {
        sheet.write(0, column, *name).unwrap();
    }
}

#[test]
fn what_is_lost_in_columns_that_are_not_read_is_told() {
    let mut book = Workbook::new();
    header(&mut book, &["id", "name", "number", "sum"]);
    let sheet = book.worksheet_from_index(0).unwrap();
    for row in 1..=4 {
        sheet.write(row, 0, f64::from(row)).unwrap();
        sheet.write(row, 1, "Ada").unwrap();
    }
    sheet.write(1, 2, 9_007_199_254_740_991.0).unwrap();
    sheet.write(2, 2, 1_234_567_890_123_456_789.0).unwrap();
    sheet.write(4, 2, -1e300).unwrap();
    sheet.write(3, 3, Formula::new("=1+1").set_result("77")).unwrap();
    sheet.write(4, 3, Formula::new("=1+1").set_result("2")).unwrap();
    let bytes = edited(book.save_to_buffer().unwrap(), "<v>77</v>", "");
    assert_eq!(odd(bytes), ["number DigitsLost 2 3", "sum NotComputed 1 4"]);
}

#[test]
fn cells_that_are_merged_downwards_are_told() {
    let mut book = Workbook::new();
    let style = Style::new();
    header(&mut book, &["id", "name", "firm", "note"]);
    let sheet = book.worksheet_from_index(0).unwrap();
    for row in 1..=6 {
        sheet.write(row, 0, f64::from(row)).unwrap();
        sheet.write(row, 1, "Ada").unwrap();
    }
    sheet.merge_range(1, 2, 3, 2, "Acme", &style).unwrap();
    sheet.merge_range(4, 2, 5, 3, "Foo", &style).unwrap();
    // Sideways, nothing is lost; what is empty says nothing.
    sheet.merge_range(6, 2, 6, 3, "Bar", &style).unwrap();
    sheet.merge_range(1, 3, 2, 3, "", &style).unwrap();
    assert_eq!(odd(book.save_to_buffer().unwrap()), ["firm Merged 3 3"]);
}

#[test]
fn cells_of_a_header_that_are_merged_are_no_remark() {
    let mut book = Workbook::new();
    let style = Style::new();
    let sheet = book.add_worksheet();
    sheet.merge_range(0, 0, 1, 0, "id", &style).unwrap();
    sheet.merge_range(0, 1, 1, 1, "name", &style).unwrap();
    sheet.write(1, 2, "note").unwrap();
    sheet.write(2, 0, 1.0).unwrap();
    sheet.write(2, 1, "Ada").unwrap();
    assert!(odd(book.save_to_buffer().unwrap()).is_empty());
}

#[test]
fn an_open_document_tells_merged_cells_and_formulas_without_results() {
    let content = r#"<?xml version="1.0"?><office:document-content><office:body><office:spreadsheet>
      <table:table table:name="A">
      <table:table-row><table:table-cell><text:p>id</text:p></table:table-cell><table:table-cell><text:p>name</text:p></table:table-cell>
        <table:table-cell><text:p>firm</text:p></table:table-cell><table:table-cell><text:p>sum</text:p></table:table-cell></table:table-row>
      <table:table-row><table:table-cell><text:p>1</text:p></table:table-cell><table:table-cell><text:p>Ada</text:p></table:table-cell>
        <table:table-cell table:number-rows-spanned="2"><text:p>Acme</text:p></table:table-cell></table:table-row>
      <table:table-row><table:table-cell><text:p>2</text:p></table:table-cell><table:table-cell><text:p>Bob</text:p></table:table-cell>
        <table:covered-table-cell/><table:table-cell table:formula="of:=1+1"/></table:table-row>
      </table:table></office:spreadsheet></office:body></office:document-content>"#;
    let kind: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
    let bytes = archive(&[("mimetype", kind), ("content.xml", content.as_bytes())]);
    assert_eq!(odd(bytes), ["firm Merged 1 3", "sum NotComputed 1 3"]);
}

#[test]
fn columns_of_one_name_are_kept_apart_as_those_of_a_text_are() {
    let mut book = Workbook::new();
    header(&mut book, &["id", "name", "email", "email", "note", "Email", "email", "note"]);
    let sheet = book.worksheet_from_index(0).unwrap();
    for (column, text) in (0..).zip(["1", "Ada", "a@x.co", "b@x.co", "n", "c@x.co", "d@x.co", "m"])
    {
        sheet.write(1, column, text).unwrap();
    }
    // The header once more is no row.
    let names = ["id", "name", "email", "email", "note", "Email", "email", "note"];
    for (column, text) in (0..).zip(names) {
        sheet.write(2, column, text).unwrap();
    }
    let read = rows(book.save_to_buffer().unwrap());
    assert_eq!(
        read[0],
        "2 1 name=Ada [email=a@x.co] [email 2=b@x.co] [note=n] [Email=c@x.co] [email 3=d@x.co] [note 2=m]"
    );
    assert!(read.len() == 2 && read[1].ends_with("skipped"), "{read:?}");
}

#[test]
fn a_column_that_is_read_and_stands_there_twice_is_refused() {
    let mut book = Workbook::new();
    header(&mut book, &["id", "name", "name"]);
    let refused = super::tests::refused(book.save_to_buffer().unwrap());
    assert!(refused.contains("has the column `name` twice"), "{refused}");
}
