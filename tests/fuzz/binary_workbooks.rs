//! Workbooks that nothing here writes: Excel's binary ones, record by record. From \[MS-XLSB\] and
//! \[MS-XLS\], as far as a sheet of texts and numbers needs them.

use std::io::{Cursor, Write};

use crate::seeds::archive;

/// A workbook of Excel's binary format (xlsb) with one sheet.
pub fn xlsb(rows: &[[&str; 7]]) -> Vec<u8> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!(
            "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
             <Relationship Id=\"{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" \
             Target=\"{target}\"/></Relationships>"
        )
    };
    let bundle = [&[0; 4][..], &1_u32.to_le_bytes(), &wide("rId1"), &wide("People")].concat();
    let book = [record(0x83, &[]), record(0x9c, &bundle), record(0x90, &[]), record(0x84, &[])];
    let last = [0, rows.len() as u32 - 1, 0, 6].map(u32::to_le_bytes).concat();
    let mut sheet = [record(0x81, &[]), record(0x94, &last), record(0x91, &[])].concat();
    for (row, cells) in (0_u32..).zip(rows) {
        let header = [&row.to_le_bytes()[..], &[0; 13]].concat();
        sheet.extend(record(0x00, &header));
        for (column, cell) in (0_u32..).zip(cells) {
            let place = [column.to_le_bytes(), [0; 4]].concat();
            sheet.extend(match cell.parse::<f64>() {
                Ok(number) => record(0x05, &[&place[..], &number.to_le_bytes()].concat()),
                Err(_) => record(0x06, &[&place[..], &wide(cell)].concat()),
            });
        }
    }
    sheet.extend([record(0x92, &[]), record(0x82, &[])].concat());
    let types = "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
                 <Default Extension=\"bin\" ContentType=\"application/vnd.ms-excel.sheet.binary.macroEnabled.main\"/></Types>";
    archive(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", relation("rId1", "officeDocument", "xl/workbook.bin").as_bytes()),
        ("xl/workbook.bin", &book.concat()),
        (
            "xl/_rels/workbook.bin.rels",
            relation("rId1", "worksheet", "worksheets/sheet1.bin").as_bytes(),
        ),
        ("xl/worksheets/sheet1.bin", &sheet),
    ])
}

/// A record: its kind and its length in portions of seven bits, then its content.
fn record(kind: u16, content: &[u8]) -> Vec<u8> {
    let mut bytes = match kind {
        0..0x80 => vec![kind as u8],
        _ => vec![kind as u8 | 0x80, (kind >> 7) as u8],
    };
    let mut length = content.len();
    while length >= 0x80 {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend_from_slice(content);
    bytes
}

/// A text of two bytes a letter behind their number.
fn wide(text: &str) -> Vec<u8> {
    let letters: Vec<u16> = text.encode_utf16().collect();
    let length = (letters.len() as u32).to_le_bytes();
    length.into_iter().chain(letters.into_iter().flat_map(u16::to_le_bytes)).collect()
}

/// A workbook of Excel 97 (xls) with one sheet.
pub fn old_workbook(rows: &[[&str; 7]]) -> Vec<u8> {
    let beginning = |what: u16| {
        let words = [0x0600, what, 0x0dbb, 0x07cc, 0, 0, 6, 0].map(u16::to_le_bytes);
        old_record(0x0809, words.as_flattened())
    };
    let end = old_record(0x000a, &[]);
    let style = old_record(0x00e0, &[0; 20]);
    let sheet =
        |at: u32| old_record(0x0085, &[&at.to_le_bytes()[..], &[0, 0, 1, 0], b"P"].concat());
    let globals = |at| [beginning(5), style.clone(), sheet(at), end.clone()].concat();
    let cells = (0_u16..).zip(rows).flat_map(|(row, cells)| {
        (0_u16..).zip(cells).flat_map(move |(column, cell)| {
            let at = [row, column, 0].map(u16::to_le_bytes).concat();
            match cell.parse::<f64>() {
                Ok(number) => old_record(0x0203, &[&at[..], &number.to_le_bytes()].concat()),
                Err(_) => {
                    let letters: Vec<u16> = cell.encode_utf16().collect();
                    let length = (letters.len() as u16).to_le_bytes();
                    let letters: Vec<u8> = letters.into_iter().flat_map(u16::to_le_bytes).collect();
                    old_record(0x0204, &[&at[..], &length, &[1], &letters].concat())
                }
            }
        })
    });
    let cells: Vec<u8> = cells.collect();
    let at = globals(0).len() as u32;
    let book = [globals(at), beginning(0x10), cells, end.clone()].concat();
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory");
    let mut stream = file.create_stream("/Workbook").expect("memory");
    stream.write_all(&book).expect("memory");
    drop(stream);
    file.into_inner().into_inner()
}

fn old_record(kind: u16, content: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(content.len() as u16).to_le_bytes(), content].concat()
}
