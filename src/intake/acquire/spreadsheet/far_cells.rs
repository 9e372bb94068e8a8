//! Damaged workbooks with a cell so far away that all the columns before it would fill the memory.

use super::tests::{archive, by_hand, label, ods, refused, rows, xls};

/// A record of an xlsb: its kind and its length, both below 16384, then its content.
fn record(kind: u16, content: &[u8]) -> Vec<u8> {
    let mut bytes = match kind {
        0..0x80 => vec![kind as u8],
        _ => vec![kind as u8 | 0x80, (kind >> 7) as u8],
    };
    bytes.extend([content.len() as u8 | 0x80, (content.len() >> 7) as u8]);
    bytes.extend(content);
    bytes
}

fn wide(text: &str) -> Vec<u8> {
    let letters: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [&(letters.len() as u32 / 2).to_le_bytes()[..], &letters].concat()
}

/// An xlsb of rows of texts, each with its column.
fn xlsb(rows: &[(u32, &[(u32, &str)])]) -> Vec<u8> {
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/\
             officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let bundle = [&[0; 4][..], &1_u32.to_le_bytes(), &wide("rId1"), &wide("People")].concat();
    let book = [record(0x83, &[]), record(0x9c, &bundle), record(0x90, &[]), record(0x84, &[])];
    let mut sheet = [record(0x81, &[]), record(0x94, &[0; 16]), record(0x91, &[])].concat();
    for (row, cells) in rows {
        sheet.extend(record(0x00, &[&row.to_le_bytes()[..], &[0; 13]].concat()));
        for (column, text) in *cells {
            let place = [column.to_le_bytes(), [0; 4]].concat();
            sheet.extend(record(0x06, &[place, wide(text)].concat()));
        }
    }
    sheet.extend([record(0x92, &[]), record(0x82, &[])].concat());
    archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.bin").as_bytes()),
        ("xl/workbook.bin", &book.concat()),
        ("xl/_rels/workbook.bin.rels", relation("worksheet", "worksheets/sheet1.bin").as_bytes()),
        ("xl/worksheets/sheet1.bin", &sheet),
    ])
}

const HEADER: (u32, &[(u32, &str)]) = (0, &[(0, "id"), (1, "name")]);
const ADA: (u32, &[(u32, &str)]) = (1, &[(0, "1"), (1, "Ada")]);

/// What a file is refused with, or reading it breaks off with.
fn broken_off(bytes: Vec<u8>) -> String {
    let source = super::tests::keyed();
    match super::tests::open(bytes, &source, crate::acquire::Options::default()) {
        Err(error) => error.to_string(),
        Ok(mut rows) => rows.find_map(Result::err).map_or(String::new(), |it| it.to_string()),
    }
}

#[test]
fn a_binary_workbook_is_read() {
    assert_eq!(rows(xlsb(&[HEADER, ADA, (5, &[(0, "2")])])), ["2 1 name=Ada", "6 2"]);
    let corner = xlsb(&[HEADER, ADA, (1_048_575, &[(16_383, "x")])]);
    assert!(rows(corner)[1].starts_with("1048576! no key"));
}

#[test]
fn a_cell_of_a_binary_workbook_that_no_sheet_can_hold_is_damage() {
    let said = "a cell lies outside the limits of a sheet";
    // In the header, in the only row, behind sound ones; as columns and as rows.
    for far in [16_384, 16_390, 134_217_733, 959_460_197, 3_657_433_092, u32::MAX] {
        for rows in [
            &[(0, [(0, "id"), (far, "name")].as_slice()), ADA][..],
            &[HEADER, (1, &[(0, "1"), (far, "Ada")])],
            &[HEADER, ADA, (2, &[(far, "x")])],
        ] {
            let told = broken_off(xlsb(rows));
            assert!(told.contains(said), "column {far}: {told}");
        }
    }
    for far in [1_048_576, 1_048_577, 1_694_528_512, u32::MAX] {
        let told = broken_off(xlsb(&[HEADER, ADA, (far, &[(0, "2")])]));
        assert!(told.contains(said), "row {far}: {told}");
    }
}

#[test]
fn a_cell_of_another_workbook_that_no_sheet_can_hold_fills_nothing() {
    for place in ["XFE2", "ZZZZZZ2", "A1048577", "A4294967296", "FXSHRXX2"] {
        let sheet = format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
            <row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row>
            <row r="2"><c r="{place}" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>"#
        );
        let told = broken_off(by_hand(sheet.as_bytes(), false));
        assert!(told.contains("damaged"), "{place}: {told}");
    }
    let far = "<table:table table:name=\"P\"><table:table-row><table:table-cell><text:p>id</text:p>\
               </table:table-cell><table:table-cell table:number-columns-repeated=\"4294967295\"/>\
               <table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>";
    assert!(broken_off(ods(far)).contains("outside"));
    let far = "<table:table table:name=\"P\"><table:table-row><table:table-cell><text:p>id</text:p>\
               </table:table-cell></table:table-row><table:table-row \
               table:number-rows-repeated=\"4294967295\"/><table:table-row><table:table-cell>\
               <text:p>x</text:p></table:table-cell></table:table-row></table:table>";
    assert!(broken_off(ods(far)).contains("outside"));
    // Excel 97 has two bytes for a row and two for a column.
    let corner = xls(&[label(0, 0, "id"), label(65_535, 65_535, "x")]);
    assert!(refused(corner).contains("so far apart"));
}
