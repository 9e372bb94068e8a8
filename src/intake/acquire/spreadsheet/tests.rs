//! Workbooks through [`Reader`]: each format, and what lies in wait in them.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::compound;
use crate::acquire::reader::tests::source;
use crate::acquire::{AcquireError, Delivered, Input, Options, Reader};
use settings::Source;

fn people() -> Source {
    source(
        "id",
        Some("changed"),
        &[("name", &["name"]), ("born", &["born"]), ("limit", &["limit"])],
    )
}

pub(super) fn open(
    bytes: Vec<u8>,
    source: &Source,
    options: Options,
) -> Result<Reader, AcquireError> {
    let options = Options { file: "people.xlsx".to_owned(), ..options };
    Reader::open(Input::of(bytes), source, &options)
}

/// Rows as `row key field=text`, quarantined ones as `row! reason: text`.
fn told(reader: Reader) -> Vec<String> {
    reader
        .map(|delivered| match delivered.unwrap() {
            Delivered::Row(row) => {
                let mut text = format!("{} {}", row.line, row.key);
                for (field, value) in &row.fields {
                    text.push_str(&format!(" {field}={value}"));
                }
                for (column, value) in &row.unmapped {
                    text.push_str(&format!(" [{column}={value}]"));
                }
                row.updated.iter().for_each(|at| text.push_str(&format!(" @{at}")));
                text
            }
            Delivered::Quarantined(row) => format!("{}! {}: {}", row.line, row.reason, row.text),
            Delivered::Skipped(skipped) => format!("{skipped} skipped"),
        })
        .collect()
}

pub(super) fn rows(bytes: Vec<u8>) -> Vec<String> {
    told(open(bytes, &keyed(), Options::default()).unwrap())
}

/// A source that reads a key and a name.
pub(super) fn keyed() -> Source {
    source("id", None, &[("name", &["name"])])
}

pub(super) fn refused(bytes: Vec<u8>) -> String {
    open(bytes, &keyed(), Options::default()).unwrap_err().to_string()
}

/// A workbook with one sheet of texts.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

pub(super) fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn typed_cells_become_one_text() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["id", "name", "born", "limit", "changed", "ok", "sum"]) {
        sheet.write(0, column, name).unwrap();
    }
    let day = Style::new().set_num_format("dd/mm/yyyy");
    let moment = Style::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let born = ExcelDateTime::from_ymd(1985, 4, 25).unwrap();
    let at = ExcelDateTime::from_ymd(2024, 2, 29).unwrap().and_hms(13, 5, 9).unwrap();
    sheet.write(1, 0, 1001.0).unwrap();
    sheet.write(1, 1, "José").unwrap();
    sheet.write_with_format(1, 2, &born, &day).unwrap();
    sheet.write(1, 3, 1234.5).unwrap();
    sheet.write_with_format(1, 4, &at, &moment).unwrap();
    sheet.write(1, 5, true).unwrap();
    sheet.write(1, 6, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write(3, 0, "007").unwrap();
    sheet.write(3, 6, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let reader = open(book.save_to_buffer().unwrap(), &people(), Options::default()).unwrap();
    assert_eq!(reader.description(), "xlsx, sheet Sheet1");
    assert_eq!(reader.header_line(), Some("id,name,born,limit,changed,ok,sum"));
    assert_eq!(
        told(reader),
        [
            "2 1001 name=José born=1985-04-25 limit=1234.5 [ok=true] [sum=2] @2024-02-29T13:05:09",
            "4 007 [sum=#DIV/0!]",
        ]
    );
}

#[test]
fn a_number_with_decimals_says_what_parts_them() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["id", "name", "born", "limit", "changed"]) {
        sheet.write(0, column, name).unwrap();
    }
    for (row, limit) in [(1, 1.234), (2, 1234.0)] {
        sheet.write(row, 0, f64::from(row)).unwrap();
        sheet.write(row, 3, limit).unwrap();
    }
    let reader = open(book.save_to_buffer().unwrap(), &people(), Options::default()).unwrap();
    let decimals: Vec<usize> = reader
        .map(|delivered| match delivered.unwrap() {
            Delivered::Row(row) => row.decimals.len(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(decimals, [1, 0]);
}

#[test]
fn a_number_of_nineteen_digits_is_set_aside_where_it_is_read_for_something() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["id", "name", "note"]) {
        sheet.write(0, column, name).unwrap();
    }
    sheet.write(1, 0, 1_234_567_890_123_456_789.0).unwrap();
    sheet.write(1, 1, "Ada, \"A\"").unwrap();
    sheet.write(2, 0, 9_007_199_254_740_991.0).unwrap();
    sheet.write(2, 2, 1e20).unwrap();
    let told = rows(book.save_to_buffer().unwrap());
    assert_eq!(told[1], "3 9007199254740991 [note=100000000000000000000]");
    let reason = "2! a number in column `id` has more digits than the file can hold: the last ones \
                  are lost, unless the column is stored as text";
    assert_eq!(told[0], format!("{reason}: 1234567890123456800,\"Ada, \"\"A\"\"\","));
}

#[test]
fn one_cell_in_the_last_corner_is_one_cell() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "id").unwrap().write(0, 1, "name").unwrap();
    sheet.write(1, 0, "1").unwrap().write(1, 1, "Ada").unwrap();
    sheet.write(1_048_575, 16_383, "x").unwrap();
    let told = rows(book.save_to_buffer().unwrap());
    assert_eq!(told[0], "2 1 name=Ada");
    assert!(told[1].starts_with("1048576! no key in column `id`: ,,,"), "{}", &told[1][..60]);
    assert!(told[1].ends_with(",x"));
    assert_eq!(told.len(), 2);
}

#[test]
fn dates_of_1904_are_four_years_later() {
    let sheet = br#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
        <row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>name</t></is></c></row>
        <row r="2" hidden="1"><c r="A2"><v>1</v></c><c r="B2" s="1"><v>29700</v></c></row>
        <row r="3"><c r="A3"><v>2</v></c><c r="B3" t="d"><v>2024-01-05T00:00:00</v></c></row>
        </sheetData></worksheet>"#;
    assert_eq!(rows(by_hand(sheet, true)), ["2 1 name=1985-04-25", "3 2 name=2024-01-05"]);
    assert_eq!(rows(by_hand(sheet, false))[0], "2 1 name=1981-04-24");
}

/// An xlsx with this sheet, its second style a date.
pub(super) fn by_hand(sheet: &[u8], since_1904: bool) -> Vec<u8> {
    let book = format!(
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="{}"/><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        u8::from(since_1904)
    );
    archive(&[
        ("[Content_Types].xml", br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#),
        ("_rels/.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
        ("xl/styles.xml", br#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

#[test]
fn the_first_filled_sheet_is_read_and_the_others_are_named() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Cover").unwrap();
    for (name, key) in [("People", "1"), ("Old", "2")] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.write(0, 0, "id").unwrap().write(0, 1, "name").unwrap();
        sheet.write(1, 0, key).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let first = open(bytes.clone(), &keyed(), Options::default()).unwrap();
    assert_eq!(first.description(), "xlsx, sheet People; not read: `Old`");
    assert_eq!(told(first), ["2 1"]);
    let named = |sheet: &str| {
        let sheet = Some(sheet.to_owned());
        open(bytes.clone(), &keyed(), Options { sheet, ..Options::default() })
    };
    assert_eq!(told(named("old").unwrap()), ["2 2"]);
    let error = named("New").unwrap_err().to_string();
    assert_eq!(error, "people.xlsx has no sheet `New`; it has Cover, People, Old");
    assert_eq!(named("Cover").unwrap_err().to_string(), "people.xlsx is empty");
}

#[test]
fn the_header_is_found_below_a_preamble_and_in_merged_cells() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Style::new();
    sheet.write(0, 0, "Customers of 2024").unwrap();
    sheet.merge_range(2, 0, 3, 0, "id", &plain).unwrap();
    sheet.merge_range(2, 1, 2, 2, "Person", &plain).unwrap();
    sheet.write(3, 1, "name").unwrap().write(3, 2, "town").unwrap();
    for row in [4, 6] {
        sheet.write(row, 0, f64::from(row)).unwrap().write(row, 1, "Ada").unwrap();
        sheet.write(row, 2, "Omaha").unwrap();
    }
    // The header again, as on a second page.
    sheet.write(5, 0, "id").unwrap().write(5, 1, "name").unwrap().write(5, 2, "town").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let reader = open(bytes.clone(), &keyed(), Options::default()).unwrap();
    assert_eq!(reader.description(), "xlsx, sheet Sheet1, header in row 4");
    let skipped = "1 repeated header, 2 rows above the header skipped";
    assert_eq!(told(reader), ["5 4 name=Ada [town=Omaha]", "7 6 name=Ada [town=Omaha]", skipped]);
    let named = |row| {
        let header_row = Some(row);
        open(bytes.clone(), &keyed(), Options { header_row, ..Options::default() })
    };
    assert_eq!(told(named(4).unwrap()).len(), 3);
    let error = named(2).unwrap_err().to_string();
    assert_eq!(error, "people.xlsx: --header-row 2: that row is empty");
    assert!(named(3).unwrap_err().to_string().contains("no column `name`"));
}

#[test]
fn rows_above_a_header_that_stands_inside_of_the_sheet_are_kept() {
    let bytes =
        workbook(&[&["People", ""], &["7", "Ann"], &["8", "Ben"], &["id", "name"], &["1", "Cy"]]);
    let told = told(open(bytes.clone(), &keyed(), Options::default()).unwrap());
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told[0].starts_with("2!") && told[0].contains("above the header ("), "{told:?}");
    assert!(told[1].starts_with("3!") && told[2].starts_with("5 1"), "{told:?}");
    let named = Options { header_row: Some(4), ..Options::default() };
    let told = self::told(open(bytes, &keyed(), named).unwrap());
    assert_eq!(told, ["5 1 name=Cy", "3 rows above the header skipped"]);
}

#[test]
fn cells_beside_and_below_the_table_lose_nothing() {
    let bytes = workbook(&[
        &["id", "name", ""],
        &["1"],
        &["", " ", ""],
        &["2", "Ben", "", "a note"],
        &["", "no number", "2"],
        &["3"],
        &["", "Total", "2"],
    ]);
    assert_eq!(
        rows(bytes),
        [
            "2 1",
            "4 2 name=Ben [column 4=a note]",
            "5! no key in column `id`: ,no number,2",
            "6 3",
            "1 row below the table skipped"
        ]
    );
}

#[test]
fn what_swells_is_not_unpacked() {
    let swollen = vec![b' '; 80 << 20];
    let bytes = archive(&[("[Content_Types].xml", b"<Types/>"), ("xl/big.xml", &swollen)]);
    assert!(bytes.len() < 100 << 10);
    assert!(refused(bytes).starts_with("people.xlsx unpacks to more than fits in memory"));
    let sheet = br#"<worksheet><sheetData/></worksheet>"#;
    let strings = br#"<sst count="1" uniqueCount="99999999999"><si><t>a</t></si></sst>"#;
    let mut zip = ZipWriter::new_append(Cursor::new(by_hand(sheet, false))).unwrap();
    zip.start_file("xl/sharedStrings.xml", SimpleFileOptions::default()).unwrap();
    zip.write_all(strings).unwrap();
    let error = refused(zip.finish().unwrap().into_inner());
    assert!(error.contains("more texts than it can"), "{error}");
}

#[test]
fn a_workbook_that_is_said_to_be_text_is_told_as_what_it_is() {
    use crate::acquire::Format::{Csv, Fixed, JsonLines};
    let said = |bytes: Vec<u8>, format| {
        let options = Options { format: Some(format), ..Options::default() };
        open(bytes, &keyed(), options).unwrap_err().to_string()
    };
    for format in [Csv, JsonLines, Fixed] {
        let told = said(workbook(&[&["id", "name"], &["1", "Ada"]]), format);
        assert_eq!(told, "people.xlsx is an Excel or OpenDocument workbook: leave --format out");
        assert_eq!(
            said(b"PAR1....PAR1".to_vec(), format),
            "people.xlsx is Parquet: leave --format out"
        );
    }
}

#[test]
fn what_is_no_workbook_or_locked_is_said() {
    let mut torn = workbook(&[&["id", "name"], &["1", "Ada"]]);
    torn.truncate(torn.len() / 2);
    let error = refused(torn);
    assert!(error.contains("is not text but a zip archive"), "{error}");
    let letter = archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<a/>")]);
    assert!(refused(letter).contains("is not text but a Word document: copy its table"));
    let options = Options { format: Some(crate::acquire::Format::Xlsx), ..Options::default() };
    let error = open(b"id,name\n".to_vec(), &keyed(), options).unwrap_err().to_string();
    assert!(error.starts_with("people.xlsx is not a workbook"), "{error}");
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/EncryptedPackage").unwrap().write_all(b"secret").unwrap();
    let error = refused(file.into_inner().into_inner());
    assert!(error.starts_with("people.xlsx is encrypted"), "{error}");
    let manifest = b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/>\
                     </manifest:file-entry></manifest:manifest>";
    let parts: [(&str, &[u8]); 3] = [
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", b"\x01\x02"),
    ];
    assert!(refused(archive(&parts)).starts_with("people.xlsx is encrypted"));
}

pub(super) fn ods(table: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"#
    );
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    archive(&[("mimetype", kind.as_bytes()), ("content.xml", content.as_bytes())])
}

#[test]
fn an_open_document_is_read_alike() {
    let bytes = ods(
        r#"<table:table table:name="Empty"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
        <table:table table:name="People &amp; co"><table:tracked-changes><table:table-cell><text:p>gone</text:p></table:table-cell></table:tracked-changes>
        <table:table-row><table:table-cell office:value-type="string"><text:p>id</text:p></table:table-cell><table:table-cell><text:p>name</text:p></table:table-cell><table:table-cell><text:p>note</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3"/></table:table-row>
        <table:table-row><table:table-cell office:value-type="float" office:value="1001"><text:p>1.001</text:p></table:table-cell><table:table-cell office:value-type="string"><office:annotation><text:p>a remark</text:p></office:annotation><text:p>A<text:s text:c="2"/>&amp;&#228;</text:p><text:p>B</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="1985-04-25T00:00:00"/></table:table-row>
        <table:table-row><table:table-cell office:value-type="string"><text:p>7</text:p></table:table-cell><table:covered-table-cell/><table:table-cell office:value-type="time" office:time-value="PT26H30M05S"/></table:table-row>
        <table:table-row><table:table-cell office:value-type="float" office:value="8"/><table:table-cell office:value-type="string" calcext:value-type="error" office:string-value=""><text:p>#REF!</text:p></table:table-cell><table:table-cell office:value-type="boolean" office:boolean-value="true"/></table:table-row>
        <table:table-row table:number-rows-repeated="1048500"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
        </table:table>"#,
    );
    let reader = open(bytes, &keyed(), Options::default()).unwrap();
    assert_eq!(reader.description(), "ods, sheet People & co");
    assert_eq!(
        told(reader),
        [
            "4 1001 name=A  &ä\nB [note=1985-04-25]",
            "5 7 [note=26:30:05]",
            "6 8 name=#REF! [note=true]",
        ]
    );
}

#[test]
fn an_open_document_with_a_cell_in_the_last_corner_is_read_and_a_torn_one_is_not() {
    let header = "<table:table-row><table:table-cell><text:p>id</text:p></table:table-cell>\
                  <table:table-cell><text:p>name</text:p></table:table-cell></table:table-row>";
    let corner = "<table:table-row table:number-rows-repeated=\"1048574\"><table:table-cell/>\
                  </table:table-row><table:table-row><table:table-cell \
                  table:number-columns-repeated=\"16383\"/><table:table-cell><text:p>x</text:p>\
                  </table:table-cell></table:table-row>";
    let table = |rows: &str| format!("<table:table table:name=\"P\">{rows}</table:table>");
    let told = rows(ods(&table(&format!("{header}{corner}"))));
    assert!(told[0].starts_with("1048576! no key"), "{told:?}");
    let torn = archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", format!("<a><table:table>{header}").as_bytes()),
    ]);
    assert_eq!(refused(torn), "people.xlsx is a damaged ods file: its XML ends too early");
    let many = "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell \
                table:number-columns-repeated=\"16384\"><text:p>1</text:p></table:table-cell>\
                </table:table-row>";
    assert!(
        refused(ods(&table(many))).starts_with("people.xlsx unpacks to more than fits in memory")
    );
}

/// A workbook of Excel 97: `cells` are records of one sheet.
pub(super) fn xls(cells: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    };
    let beginning = |what: u16| {
        let words = [0x0600, what, 0x0dbb, 0x07cc, 0, 0, 6, 0].map(u16::to_le_bytes);
        record(0x0809, words.as_flattened())
    };
    let end = record(0x000a, &[]);
    let formats =
        [record(0x00e0, &[0; 20]), record(0x00e0, &[&[0, 0, 14, 0][..], &[0; 16]].concat())];
    let sheet = |at: u32| record(0x0085, &[&at.to_le_bytes()[..], &[0, 0, 1, 0], b"P"].concat());
    let globals = |at| [beginning(5), formats.concat(), sheet(at), end.clone()].concat();
    let cells: Vec<u8> = cells.iter().flat_map(|(kind, data)| record(*kind, data)).collect();
    let at = globals(0).len() as u32;
    let book = [globals(at), beginning(0x10), cells, end.clone()].concat();
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook").unwrap().write_all(&book).unwrap();
    file.into_inner().into_inner()
}

fn at(row: u16, column: u16, style: u16) -> Vec<u8> {
    [row, column, style].map(u16::to_le_bytes).concat()
}

pub(super) fn label(row: u16, column: u16, text: &str) -> (u16, Vec<u8>) {
    let length = (text.len() as u16).to_le_bytes();
    (0x0204, [&at(row, column, 0), &length[..], &[0], text.as_bytes()].concat())
}

fn number(row: u16, column: u16, style: u16, value: f64) -> (u16, Vec<u8>) {
    (0x0203, [&at(row, column, style), &value.to_le_bytes()[..]].concat())
}

#[test]
fn an_old_workbook_is_read_alike() {
    let cells = [
        label(0, 0, "id"),
        label(0, 1, "name"),
        number(1, 0, 0, 1001.0),
        number(1, 1, 1, 31_162.0),
    ];
    let reader = open(xls(&cells), &keyed(), Options::default()).unwrap();
    assert_eq!(reader.description(), "xls, sheet P");
    assert_eq!(told(reader), ["2 1001 name=1985-04-25"]);
}

#[test]
fn an_old_workbook_that_would_fill_the_memory_is_refused() {
    let far = [label(0, 0, "id"), label(0, 1, "name"), label(65_535, 255, "x")];
    assert!(refused(xls(&far)).starts_with("people.xlsx has cells so far apart"));
    let lies = [(0x0200, [0, 0xffff_ffff, 0, 0].map(u32::to_le_bytes)[..].concat()[..14].to_vec())];
    let error = refused(xls(&lies));
    assert_eq!(error, "people.xlsx is a damaged xls file: its content does not match its format");
    assert!(compound::check(&Input::of(b"no container".to_vec())).is_err());
}

/// Bytes of every workbook are altered: it is read, or refused, and nothing else.
#[test]
fn no_altered_byte_makes_it_panic() {
    let sound = [
        workbook(&[&["id", "name"], &["1", "Ada"], &["2", "Ben"]]),
        ods("<table:table table:name=\"P\"><table:table-row><table:table-cell><text:p>id</text:p>\
             </table:table-cell></table:table-row></table:table>"),
        xls(&[label(0, 0, "id"), label(0, 1, "name"), number(1, 0, 0, 1.0)]),
    ];
    let mut chance = 7_u32;
    let mut next = |below: usize| {
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (chance >> 8) as usize % below
    };
    let rounds = std::env::var("STEWARD_FUZZ_ROUNDS").ok().and_then(|it| it.parse().ok());
    for round in 0..rounds.unwrap_or(150) {
        let mut bytes = sound[round % sound.len()].clone();
        for _ in 0..=next(4) {
            let at = next(bytes.len());
            bytes[at] = next(256) as u8;
        }
        if next(8) == 0 {
            bytes.truncate(next(bytes.len()));
        }
        if let Ok(reader) = open(bytes, &keyed(), Options::default()) {
            reader.for_each(drop);
        }
    }
}

/// The workbook with some text of its first sheet replaced.
pub(super) fn edited(bytes: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut content).unwrap();
        if name.ends_with("sheet1.xml") {
            let text = String::from_utf8(content).unwrap();
            assert!(text.contains(from), "{text}");
            content = text.replace(from, to).into_bytes();
        }
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_formula_without_its_value_is_set_aside() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (at, name) in ["id", "name", "note"].into_iter().enumerate() {
        sheet.write(0, at as u16, name).unwrap();
    }
    for row in 1..=3_u32 {
        sheet.write(row, 0, f64::from(row)).unwrap();
    }
    sheet.write(1, 1, Formula::new("=A1").set_result("77")).unwrap();
    sheet.write(2, 1, "Ann").unwrap();
    sheet.write(2, 2, Formula::new("=A1").set_result("77")).unwrap();
    sheet.write(3, 1, Formula::new("=B9").set_result("kept")).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    for without in ["", "<v></v>", "<v/>"] {
        let told = rows(edited(bytes.clone(), "<v>77</v>", without));
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(
            told[0].starts_with("2! the formula in column `name` was saved without its value"),
            "{told:?}"
        );
        assert_eq!(told[1..], ["3 2 name=Ann", "4 3 name=kept"], "{without}");
    }
}

#[test]
fn a_cover_sheet_that_comes_first_is_passed_over() {
    let mut book = Workbook::new();
    let cover = book.add_worksheet();
    cover.set_name("Cover").unwrap();
    cover.write(0, 0, "Customers of the north").unwrap();
    cover.write(2, 0, "name of the author").unwrap();
    let data = book.add_worksheet();
    data.set_name("Data").unwrap();
    for (row, (id, name)) in [("id", "name"), ("1", "Ann"), ("2", "Bob")].into_iter().enumerate() {
        data.write(row as u32, 0, id).unwrap();
        data.write(row as u32, 1, name).unwrap();
    }
    let more = book.add_worksheet();
    more.write(0, 0, "id").unwrap();
    more.write(0, 1, "name").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let reader = open(bytes.clone(), &keyed(), Options::default()).unwrap();
    assert_eq!(reader.description(), "xlsx, sheet Data; not read: `Cover`, `Sheet3`");
    assert_eq!(told(reader), ["2 1 name=Ann", "3 2 name=Bob"]);
    let named = Options { sheet: Some("Cover".to_owned()), ..Options::default() };
    assert!(open(bytes, &keyed(), named).is_err());
}

#[test]
fn totals_and_headers_in_another_case_are_no_rows_of_a_sheet() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let rows_of_sheet = [
        ["id", "name", "limit"],
        ["1", "Ann", "5"],
        ["", "Berlin Total", "5"],
        ["ID", "Name", "LIMIT"],
        ["2", "Total", "Bob"],
        ["3", "Total", "17"],
    ];
    for (row, cells) in rows_of_sheet.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write(row as u32, column as u16, *cell).unwrap();
        }
    }
    let told = rows(book.save_to_buffer().unwrap());
    assert_eq!(
        told,
        [
            "2 1 name=Ann [limit=5]",
            "5 2 name=Total [limit=Bob]",
            "6 3 name=Total [limit=17]",
            "1 repeated header, 1 row of totals skipped",
        ]
    );
}

#[test]
fn a_second_header_in_other_words_or_another_order_is_no_row_of_a_sheet() {
    let told = rows(workbook(&[
        &["id", "name", "city"],
        &["1", "Ann", "York"],
        &["Customer ID", "Name", "Town"],
        &["2", "Bo", "Leeds"],
        &["id", "city", "name"],
        &["3", "Hull", "Cy"],
        &["id", "name", "city"],
        &["4", "Di", "Bath"],
    ]));
    let begins = [
        "2 1 name=Ann",
        "3! it has column names and no values",
        "4 2 name=Bo",
        "5! it has column names and no values",
        "6! the header in line 5",
    ];
    assert!(told.iter().zip(begins).all(|(told, begin)| told.starts_with(begin)), "{told:?}");
    assert_eq!(told[5..], ["8 4 name=Di [city=Bath]", "1 repeated header skipped"]);
}
