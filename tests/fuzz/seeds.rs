//! Sound files of every format, to begin from.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use rust_xlsxwriter::Workbook;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::binary_workbooks::{old_workbook, xlsb};

/// A format, and sound files of it.
pub struct Format {
    /// Its name, as `--only` takes it.
    pub name: &'static str,
    /// What a file of it is called.
    pub file: &'static str,
    /// Some of them.
    pub seeds: Vec<Vec<u8>>,
}

/// The table that every seed holds.
pub const ROWS: [[&str; 7]; 5] = [
    ["id", "given_name", "family_name", "date_of_birth", "email", "number", "changed"],
    ["1001", "José", "Fernsby", "25/04/1985", "jose@example.com", "1.234,50", "2026-01-01"],
    ["1002", "Ada \"A\"", "O'Brien, Jr.", "03/04/1985", "ada@example.com", "7", "2026-01-02"],
    ["1002", "Zoë", "Lund\nSecond line", "", "N/A", "-", "2026-01-03"],
    ["=\"007\"", "Jürgen", "Groß", "31162", "JÃ¼rgen@example.com", "1e3", ""],
];

/// Every format.
pub fn formats() -> Vec<Format> {
    let csv = delimited(",");
    let format = |name, file, seeds: Vec<Vec<u8>>| Format { name, file, seeds };
    let utf16 = csv.encode_utf16().flat_map(u16::to_le_bytes);
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(utf16).collect();
    let latin = csv.chars().map(|it| u8::try_from(u32::from(it)).unwrap_or(b'?')).collect();
    let titled = format!("Customers of 2026\n\n{csv}\nTotal,,,,,1241.5,\n");
    let escaped = csv.replace("\"\"", "\\\"");
    vec![
        format(
            "csv",
            "a.csv",
            vec![
                csv.clone().into(),
                utf16,
                latin,
                titled.into(),
                escaped.into(),
                delimited(";").into(),
            ],
        ),
        format("tsv", "a.tsv", vec![delimited("\t").into()]),
        format(
            "jsonl",
            "a.jsonl",
            vec![json_lines().into(), "{\"id\":1,\"email\":[1,{}]}\n".into()],
        ),
        format(
            "json",
            "a.json",
            vec![
                format!("[{}]", json_lines().trim_end().replace('\n', ",\n")).into(),
                format!("{{\"page\":1,\"data\":[{}]}}", json_lines().trim_end().replace('\n', ","))
                    .into(),
            ],
        ),
        format("xlsx", "a.xlsx", vec![xlsx()]),
        format("xlsb", "a.xlsb", vec![xlsb(&ROWS)]),
        format("xls", "a.xls", vec![old_workbook(&ROWS)]),
        format("ods", "a.ods", vec![ods()]),
        format("gzip", "a.csv.gz", vec![gzip(csv.as_bytes())]),
        format("zip", "a.zip", vec![archive(&[("a.csv", csv.as_bytes())])]),
    ]
}

fn delimited(between: &str) -> String {
    let cell = |cell: &&str| match cell.contains([',', ';', '\t', '"', '\n']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => (*cell).to_owned(),
    };
    let line = |row: &[&str; 7]| row.iter().map(cell).collect::<Vec<_>>().join(between) + "\n";
    ROWS.iter().map(line).collect()
}

fn json_lines() -> String {
    let object = |row: &[&str; 7]| {
        let members = ROWS[0].iter().zip(row);
        let members = members.map(|(name, cell)| ((*name).to_owned(), serde_json::json!(cell)));
        serde_json::Value::Object(members.collect()).to_string() + "\n"
    };
    ROWS[1..].iter().map(object).collect()
}

fn xlsx() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(&ROWS) {
        for (column, cell) in (0..).zip(cells) {
            let written = match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number),
                Err(_) => sheet.write_string(row, column, *cell),
            };
            written.expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn ods() -> Vec<u8> {
    let cell = |cell: &&str| {
        let text = cell.replace('&', "&amp;").replace('<', "&lt;");
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let row = |cells: &[&str; 7]| {
        let cells: String = cells.iter().map(cell).collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let rows: String = ROWS.iter().map(row).collect();
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body>\
         <office:spreadsheet><table:table table:name=\"P\">{rows}</table:table></office:spreadsheet>\
         </office:body></office:document-content>"
    );
    let kind: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
    archive(&[("mimetype", kind), ("content.xml", content.as_bytes())])
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).expect("memory");
    packed.finish().expect("memory")
}

/// A zip archive of these files.
pub fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(*name, SimpleFileOptions::default()).expect("memory");
        zip.write_all(content).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}
