//! Whole files through [`Reader`].

use proptest::prelude::*;

use super::*;
use crate::acquire::input::Content;
use crate::acquire::{KEPT_LIMIT, QUARANTINE_LIMIT, ROW_LIMIT};
use domain::{QuarantineReason, SourceName};
use settings::Trust;

/// A source with these columns.
pub(in crate::acquire) fn source(
    key: &str,
    updated: Option<&str>,
    map: &[(&str, &[&str])],
) -> Source {
    Source {
        name: SourceName::new("crm"),
        trust: Trust { default: 90, fields: Default::default() },
        owner: None,
        key: key.to_owned(),
        updated: updated.map(str::to_owned),
        required: Vec::new(),
        vanished: Default::default(),
        map: map
            .iter()
            .map(|(field, columns)| {
                (FieldName::new(field), columns.iter().map(|column| (*column).into()).collect())
            })
            .collect(),
    }
}

fn open(bytes: impl Into<Vec<u8>>, file: &str, source: &Source) -> Result<Reader, AcquireError> {
    let options = Options { format: None, file: file.to_owned() };
    Reader::open(Input::of(bytes.into()), source, &options)
}

fn people() -> Source {
    source("id", None, &[("given_name", &["name"])])
}

/// Rows as `line key name`, quarantined ones as `line! reason`.
fn told(bytes: impl Into<Vec<u8>>, file: &str) -> Vec<String> {
    open(bytes, file, &people())
        .unwrap()
        .map(|delivered| match delivered.unwrap() {
            Delivered::Row(row) => {
                let name = row.fields.first().map_or("", |(_, text)| text.as_str());
                format!("{} {} {name}", row.line, row.key)
            }
            Delivered::Quarantined(row) => format!("{}! {}", row.line, row.reason),
        })
        .collect()
}

fn refused(bytes: impl Into<Vec<u8>>, file: &str) -> String {
    open(bytes, file, &people()).unwrap_err().to_string()
}

#[test]
fn every_kind_of_bad_row_is_put_aside_and_the_rest_delivered() {
    let file =
        "id,name\n1,Ann\n2\n,Bob\n1,Cy\n,\n\n3,\"multi\nline\"\n4,\"open\n5,Dee\n6,\"Eve\"\n\n";
    assert_eq!(
        told(file, "crm.csv"),
        [
            "2 1 Ann",
            "3! 1 fields where the header has 2",
            "4! no key in column `id`",
            "5! its key stands in line 2 already",
            "6! no key in column `id`",
            "8 3 multi\nline",
            "10! a quote that is never closed",
            "11 5 Dee",
            "12 6 Eve",
        ]
    );
}

#[test]
fn an_unclosed_quote_never_swallows_rows() {
    for (file, delivered) in [
        ("id,name\n1,\"a\n2,b\n3,c\n", vec!["3 2 b", "4 3 c"]),
        ("id,name\n1,\"a\n2,\"b\"\n3,c\n", vec!["3 2 b", "4 3 c"]),
        ("id,name\n1,\"a\n2,\"\"\n3,c\n", vec!["3 2 ", "4 3 c"]),
    ] {
        let rows = told(file, "crm.csv");
        assert_eq!(rows[0], "2! a quote that is never closed", "{file}");
        assert_eq!(rows[1..], delivered, "{file}");
    }
}

#[test]
fn nothing_inside_of_a_closed_field_becomes_a_row() {
    // Whatever else is wrong with the row: a field more, a line that would be a row by itself.
    for (file, expected) in [
        ("id,name\n1,\"a\n2,b\n3,c\"\n4,d\n", vec!["2 1 a\n2,b\n3,c", "5 4 d"]),
        ("id,name\n1,\"a\n2,b\n\",x\n4,d\n", vec!["2! 3 fields where the header has 2", "5 4 d"]),
        (
            "id,name,x\n1,\"a,b\n2,c,d\n3,e\",f,g\n4,h,i\n",
            vec!["2! 4 fields where the header has 3", "5 4 h"],
        ),
    ] {
        assert_eq!(told(file, "crm.csv"), expected, "{file}");
    }
}

/// Quoted cells of several lines around `inside` that go on after a closing quote, and the line of
/// the file in which the first of them does when the row begins in line 2.
fn misplaced(inside: &str) -> Vec<(String, usize)> {
    let last = 2 + inside.matches('\n').count();
    [
        (format!("1,\"a\n{inside}\" ,x\n"), last + 1),
        (format!("1,\"a\n{inside}\"junk\n"), last + 1),
        (format!("1,\"a\n{inside}\"\t\n"), last + 1),
        (format!("1,\"a \"quoted\" word\n{inside}\"\n"), 2),
        (format!("1,\"a \"quoted, or\" so\n{inside}\",x\n"), 2),
        (format!("1,\"a\"b\"\n{inside}\"\n"), 2),
        (format!("1,\"a\n{inside}9,\"In\"\"jected\"\n9,b\"\n"), last + 1),
    ]
    .into()
}

#[test]
fn a_cell_that_goes_on_after_its_closing_quote_is_one_row_set_aside() {
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    for (row, line) in misplaced("999,Injected\n2,Changed\n") {
        let next = 2 + row.matches('\n').count();
        let expected = [
            format!("2! text after a closing quote in line {line}, column `name`"),
            format!("{next} 2 Ann"),
        ];
        let file = format!("id,name\n{row}2,Ann\n");
        let windows = file.replace('\n', "\r\n");
        for bytes in [
            file.clone().into_bytes(),
            windows.clone().into_bytes(),
            utf16(&file, u16::to_le_bytes),
            utf16(&windows, u16::to_be_bytes),
            file.replace('\n', "\r").into_bytes(),
        ] {
            assert_eq!(told(bytes, "crm.csv"), expected, "{row:?}");
        }
        let last = told(format!("id,name\n{}", row.trim_end_matches('\n')), "crm.csv");
        assert_eq!(last, expected[..1], "at the end of the file: {row:?}");
    }
}

#[test]
fn text_after_a_closing_quote_costs_its_own_line_where_the_row_has_one() {
    for cell in ["\"a\"b", "\"a\" ", "\"a\"b\"c\"", "\"a\"\t"] {
        let expected = ["2! text after a closing quote in line 2, column `name`", "3 2 Ann"];
        assert_eq!(told(format!("id,name\n1,{cell}\n2,Ann\n"), "crm.csv"), expected, "{cell}");
    }
    let message = refused("id,\"name\"x\n1,a\n", "a.csv");
    assert!(message.ends_with("cannot be read: text after a closing quote in line 1"), "{message}");
}

#[test]
fn a_long_cell_that_goes_on_after_its_closing_quote_is_one_row_too() {
    for inside in [long_field("999,Injected\n"), long_field("999,\"\"Injected\n")] {
        for (row, _) in misplaced(&inside) {
            let next = 2 + row.matches('\n').count();
            let told = told(format!("id,name\n{row}2,Ann\n"), "crm.csv");
            assert_eq!(told.len(), 2, "{:?}", &told[..5.min(told.len())]);
            let reason = format!("2! too long: it passes {ROW_LIMIT} bytes in column `name`");
            assert_eq!(told[0], format!("{reason} and ends in line {}", next - 1));
            assert_eq!(told[1], format!("{next} 2 Ann"));
        }
    }
}

/// A field of more than the limit, made of these lines.
fn long_field(line: &str) -> String {
    line.repeat(2 * ROW_LIMIT / line.len())
}

#[test]
fn a_field_over_the_limit_is_one_row_up_to_its_closing_quote() {
    for line in ["999,Injected\n", "\n", "\"\"\n", "x,\"\"y\"\",\"\"\n", "999,Injected\r\n"] {
        let field = long_field(line);
        let file = format!("id,name\n1,\"{field}\"\n2,Ann\n3,\"{field}\"\r\n4,\"Bo\"\n");
        let lines = field.matches('\n').count() as u64;
        let told = told(file, "crm.csv");
        let (first, second) = (3 + lines, 4 + 2 * lines);
        assert_eq!(told.len(), 4, "{line:?}: {:?}", &told[..5.min(told.len())]);
        let reason = format!("too long: it passes {ROW_LIMIT} bytes in column `name` and ends in");
        assert_eq!(told[0], format!("2! {reason} line {}", 2 + lines));
        assert_eq!(told[1], format!("{first} 2 Ann"));
        assert_eq!(told[2], format!("{}! {reason} line {}", first + 1, first + 1 + lines));
        assert_eq!(told[3], format!("{} 4 Bo", second + 1));
    }
}

#[test]
fn every_encoding_keeps_its_quotes() {
    let text = format!("id,name\n1,\"{}\"\n2,Ann\n", long_field("9,Inj\u{e9}cted\n"));
    let units = |swap: bool| -> Vec<u8> {
        let bytes = |unit: u16| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() };
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    let latin: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    for bytes in [units(false), units(true), latin] {
        let told = told(bytes, "crm.csv");
        assert_eq!(told.len(), 2);
        assert!(told[0].starts_with("2! too long") && told[1].ends_with(" 2 Ann"), "{told:?}");
    }
}

#[test]
fn a_quote_that_turns_out_unclosed_costs_its_line_only() {
    let inside: String = (0..200_000).map(|n| format!("k{n},inside\n")).collect();
    assert!(inside.len() > 2 * ROW_LIMIT);
    for end in ["5,\"Smith, J\"\n6,Ann\n", "5,\"Smith, J\"\n6,Ann"] {
        let rows = told(format!("id,name\n1,\"x\n{inside}{end}"), "crm.csv");
        assert_eq!(rows[0], "2! a quote that is never closed");
        assert_eq!(rows.len(), 200_003);
        assert_eq!(rows[200_001..], ["200003 5 Smith, J", "200004 6 Ann"]);
    }
    let rows = told(format!("id,name\n1,\"x\n{inside}6,Ann"), "crm.csv");
    assert_eq!(rows[0], "2! a quote that is never closed");
    assert_eq!(rows.len(), 200_002);
}

#[test]
fn a_row_over_the_limit_is_put_aside() {
    let file = format!("id,name\n1,{}\n2,b\n3,{}\n", "x".repeat(ROW_LIMIT), "y".repeat(9 << 20));
    let delivered: Vec<Delivered> =
        open(file, "crm.csv", &people()).unwrap().map(Result::unwrap).collect();
    let Delivered::Quarantined(first) = &delivered[0] else { panic!("the first is too long") };
    assert!(matches!(first.reason, QuarantineReason::TooLong { limit: ROW_LIMIT, .. }));
    assert_eq!((first.text.len(), first.length), (KEPT_LIMIT, Some(ROW_LIMIT as u64 + 3)));
    assert!(first.why().ends_with("; only the first 4096 of its 1048579 bytes are kept"));
    assert!(matches!(&delivered[1], Delivered::Row(row) if row.line == 3));
    assert!(matches!(&delivered[2], Delivered::Quarantined(last) if last.text.len() == KEPT_LIMIT));
}

/// A beginning, and then the same bytes over and over.
struct Endless {
    beginning: &'static [u8],
    piece: &'static [u8],
    length: usize,
}

impl Content for Endless {
    fn length(&self) -> std::io::Result<u64> {
        Ok(self.length as u64)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
        let offset = offset as usize;
        let wanted = buffer.len().min(self.length.saturating_sub(offset));
        for (at, room) in (offset..).zip(&mut buffer[..wanted]) {
            let again = at.wrapping_sub(self.beginning.len()) % self.piece.len();
            *room = self.beginning.get(at).copied().unwrap_or(self.piece[again]);
        }
        Ok(wanted)
    }
}

#[test]
fn a_file_of_nothing_but_trouble_leaves_little_behind() {
    for (file, beginning, piece) in [
        ("one line", "id,name\n", &b"x"[..]),
        ("one quoted field", "id,name\n1,\"", b"x,y\n"),
        ("newlines", "id,name\n", b"\n"),
        ("quotes", "id,name\n", b"\""),
        ("quotes in lines", "id,name\n", b"\"\n"),
        ("three in lines", "id,name\n", b"\"\"\"\n"),
        ("commas", "id,name\n", b","),
        ("short rows", "id,name\n", b"x\n"),
        ("any bytes", "id,name\n", b"\xc3\x28\",\n\xff\x80'"),
        ("objects.jsonl", "{\"id\":1}\n", b"{\"a\":"),
        ("rows.jsonl", "{\"id\":1}\n", b"[]\n"),
    ] {
        let (beginning, length) = (beginning.as_bytes(), 12 << 20);
        let input = Input::of(Endless { beginning, piece, length });
        let options = Options { format: None, file: file.to_owned() };
        let reader = Reader::open(input, &people(), &options).unwrap();
        let (mut rows, mut kept) = (0, 0);
        for delivered in reader {
            match delivered {
                Ok(Delivered::Row(_)) => rows += 1,
                Ok(Delivered::Quarantined(row)) => kept += row.text.len(),
                Err(error) => assert!(error.to_string().starts_with("hardly any"), "{error}"),
            }
        }
        assert!(rows <= 2, "{file}: {rows} rows");
        assert!(kept < 1 << 20, "{file}: {kept} bytes kept");
    }
}

#[test]
fn a_file_may_put_only_so_much_into_quarantine() {
    let of = |length: usize| QuarantinedRow {
        line: 1,
        reason: QuarantineReason::UnclosedQuote,
        text: "ä".repeat(length / 2),
        bytes: Some("e4".repeat(10)),
        length: None,
        key: None,
    };
    let mut kept = super::super::quarantine::Kept::default();
    let mut note = |length: usize| {
        let mut row = of(length);
        kept.note(&mut row);
        (row.text.len(), row.length, row.bytes.is_some())
    };
    assert_eq!(note(20_000), (20_000, None, true), "whole");
    assert_eq!(note(40_000), (KEPT_LIMIT, Some(40_000), false));
    for _ in 0..QUARANTINE_LIMIT / 20_020 {
        note(20_000);
    }
    assert_eq!(note(20_000), (256, Some(20_000), false), "its beginning");
    assert_eq!(note(100), (100, None, true), "what is short stays whole");
}

#[test]
fn encodings_and_delimiters_are_found_out() {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for (bytes, file, description) in [
        (b"id,name\r\n1,Jos\xe9\r\n".to_vec(), "a.csv", "csv, windows-1252, comma"),
        ("\u{feff}id;name\n1;José\n".into(), "a.csv", "csv, UTF-8, semicolon"),
        ("id\tname\n1\tJosé\n".into(), "a.tsv", "tsv, UTF-8, tab"),
        (utf16("\u{feff}id|name\n1|José\n"), "-", "csv, UTF-16LE, pipe"),
        (utf16("id|name\n1|José\n"), "-", "csv, UTF-16LE, pipe"),
        ("sep=;\nid;name\n1;José\n".into(), "a.csv", "csv, UTF-8, semicolon"),
        ("id,name\r1,José\r".into(), "a.csv", "csv, UTF-8, comma"),
        ("{\"id\":1,\"name\":\"José\"}\n".into(), "-", "jsonl, UTF-8"),
    ] {
        let size = bytes.len() as u64;
        let mut reader = open(bytes, file, &people()).unwrap();
        assert_eq!(reader.description(), description);
        let Some(Ok(Delivered::Row(row))) = reader.next() else { panic!("{description}") };
        assert_eq!((row.key.as_str(), row.fields[0].1.as_str()), ("1", "José"), "{description}");
        assert!(reader.next().is_none());
        assert_eq!(reader.bytes_read(), size, "{description}");
    }
}

#[test]
fn a_badly_encoded_row_keeps_its_bytes() {
    let mut bytes = "id,name\n1,José\n2,Zoë\n".as_bytes().to_vec();
    bytes.extend_from_slice(b"3,\"Ren\xe9\nx\"\n4,Ann\n");
    let delivered: Vec<Delivered> =
        open(bytes, "crm.csv", &people()).unwrap().map(Result::unwrap).collect();
    assert_eq!(
        delivered[2],
        Delivered::Quarantined(QuarantinedRow {
            key: Some("3".to_owned()),
            line: 4,
            reason: QuarantineReason::BadEncoding { encoding: "UTF-8".to_owned() },
            text: "3,\"Ren\u{fffd}\nx\"".to_owned(),
            bytes: Some("332c2252656ee90a78220a".to_owned()),
            length: None,
        })
    );
    assert!(matches!(&delivered[3], Delivered::Row(row) if row.line == 6));
}

#[test]
fn unusable_files_are_refused_with_what_to_do() {
    for (bytes, file, expected) in [
        (&b""[..], "a.csv", "a.csv is empty"),
        (b"\xef\xbb\xbf \n", "a.csv", "a.csv is empty"),
        (b"PK\x03\x04", "a.csv", "a.csv is not text but a zip archive or an Excel workbook"),
        (
            b"id,nme\n",
            "a.csv",
            "a.csv has no column `name` (did you mean `nme`?); its columns are: id, nme",
        ),
        (b"id,name,x,x\n", "a.csv", "a.csv has the column `x` twice"),
        (b"17,ann@example.com\n", "a.csv", "a.csv seems to have no header"),
        (b"id,\"name\n1,Ann\n", "a.csv", "the header of a.csv (line 1) cannot be read: a quote"),
        (b"[{\"id\":1}]", "a.json", "a.json holds one JSON list; steward reads JSON lines"),
        (b"{\n\"id\":1\n}", "a.json", "a.json holds JSON objects spread over several lines"),
    ] {
        let message = refused(bytes, file);
        assert!(message.starts_with(expected), "{message}");
        assert!(!message.contains("example.com"), "no values in errors");
    }
}

#[test]
fn a_header_alone_is_no_rows() {
    assert!(told("id,name", "crm.csv").is_empty());
    let reader = open("id,name\r\n1,a\r\n", "crm.csv", &people()).unwrap();
    assert_eq!(reader.header_line(), Some("id,name"));
}

#[test]
fn json_lines_are_mapped_by_path() {
    let source =
        source("id", Some("meta.at"), &[("email", &["contact.email"]), ("phone", &["phones.0"])]);
    let file = "{\"id\":7,\"contact\":{\"email\":\"a@example.com\",\"x\":1},\"phones\":[\"5\"],\
                \"meta\":{\"at\":\"2026-01-01\"}}\n\n{\"id\":null}\n[]\n";
    let delivered: Vec<Delivered> =
        open(file, "support.jsonl", &source).unwrap().map(Result::unwrap).collect();
    let Delivered::Row(row) = &delivered[0] else { panic!("a row") };
    assert_eq!(row.key, "7");
    let fields: Vec<(&str, &str)> =
        row.fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(fields, [("email", "a@example.com"), ("phone", "5")]);
    assert_eq!(row.unmapped, [("contact.x".into(), "1".into())]);
    assert_eq!(row.updated.as_deref(), Some("2026-01-01"));
    let reasons: Vec<String> = delivered[1..]
        .iter()
        .map(|delivered| match delivered {
            Delivered::Row(row) => panic!("{row:?}"),
            Delivered::Quarantined(row) => format!("{}! {}", row.line, row.reason),
        })
        .collect();
    assert_eq!(reasons, ["3! no key in column `id`", "4! not a JSON object: a list"]);
}

#[test]
fn a_failing_input_is_the_last_thing_said() {
    struct Failing(Vec<u8>);
    impl Content for Failing {
        fn length(&self) -> std::io::Result<u64> {
            self.0.length()
        }
        fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
            match self.0.read_at(buffer, offset)? {
                0 => Err(std::io::Error::other("unplugged")),
                read => Ok(read),
            }
        }
    }
    let mut beginning = b"id,name\n".to_vec();
    while beginning.len() < 300 << 10 {
        beginning.extend_from_slice(format!("{},x\n", beginning.len()).as_bytes());
    }
    let input = Input::of(Failing(beginning));
    let options = Options { format: None, file: "crm.csv".to_owned() };
    let mut reader = Reader::open(input, &people(), &options).unwrap();
    let error = reader.by_ref().find_map(Result::err).unwrap();
    assert_eq!(error.to_string(), "crm.csv cannot be read: unplugged");
    assert!(reader.next().is_none());
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        header in prop_oneof![Just(""), Just("id,name\n"), Just("{\"id\":1}\n"), Just("id;name\r\n")],
        format in prop_oneof![
            Just(None), Just(Some(Format::Csv)), Just(Some(Format::Tsv)), Just(Some(Format::JsonLines))
        ],
    ) {
        let bytes = [header.as_bytes(), &bytes].concat();
        let options = Options { format, file: "any".to_owned() };
        if let Ok(reader) = Reader::open(Input::of(bytes), &people(), &options) {
            for delivered in reader {
                prop_assert!(delivered.is_ok(), "only the input fails, and this one does not");
            }
        }
    }

    #[test]
    fn troubled_text_is_all_delivered(rows in "[a-c,\"\n;é{}]{0,200}") {
        let text = format!("id,name\n{rows}");
        let options = Options { format: Some(Format::Csv), file: "any".to_owned() };
        let reader = Reader::open(Input::of(text.into_bytes()), &people(), &options).unwrap();
        let lines: Vec<u64> = reader
            .map(|delivered| match delivered.unwrap() {
                Delivered::Row(row) => row.line,
                Delivered::Quarantined(row) => row.line,
            })
            .collect();
        prop_assert!(lines.is_sorted_by(|a, b| a < b), "each line begins one row at most, in order");
    }

    #[test]
    fn every_line_is_a_row_or_in_quarantine(lines in proptest::collection::vec("[a-z0-9,]{0,12}", 0..40)) {
        let text = format!("id,name\n{}", lines.join("\n"));
        let delivered = told(text, "crm.csv");
        prop_assert_eq!(delivered.len(), lines.iter().filter(|line| !line.is_empty()).count());
    }

    #[test]
    fn cells_come_back_as_written(
        cells in proptest::collection::vec(("\\PC{0,6}[\",;\r\n]{0,2}\\PC{0,6}", any::<bool>()), 1..30),
        delimiter in prop_oneof![Just(b','), Just(b';'), Just(b'\t'), Just(b'|')],
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(["id", "name"]).unwrap();
        for (index, (cell, _)) in cells.iter().enumerate() {
            writer.write_record([&format!("k{index}"), cell]).unwrap();
        }
        let reader = open(writer.into_inner().unwrap(), "crm.csv", &people()).unwrap();
        let read: Vec<String> = reader
            .map(|delivered| match delivered.unwrap() {
                Delivered::Row(row) => {
                    row.fields.first().map(|(_, text)| text.clone()).unwrap_or_default()
                }
                Delivered::Quarantined(row) => panic!("{row:?}"),
            })
            .collect();
        let written: Vec<String> = cells
            .iter()
            .map(|(cell, _)| if cell.trim().is_empty() { String::new() } else { cell.clone() })
            .collect();
        prop_assert_eq!(read, written);
    }
}
