//! Whole files through [`Reader`].

use proptest::prelude::*;

use super::*;
use crate::acquire::input::Content;
use crate::acquire::{KEPT_LIMIT, QUARANTINE_LIMIT, ROW_LIMIT};
use domain::{QuarantineReason, SourceName};

/// A source with these columns.
pub(in crate::acquire) fn source(
    key: &str,
    updated: Option<&str>,
    map: &[(&str, &[&str])],
) -> Source {
    Source {
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
        ..Source::named(SourceName::new("crm"))
    }
}

fn open(bytes: impl Into<Vec<u8>>, file: &str, source: &Source) -> Result<Reader, AcquireError> {
    let options = Options { file: file.to_owned(), ..Options::default() };
    Reader::open(Input::of(bytes.into()), source, &options)
}

/// The same, once its keys are known.
pub(in crate::acquire) fn settled(
    bytes: impl Into<Vec<u8>>,
    file: &str,
    source: &Source,
) -> Reader {
    let bytes = bytes.into();
    let mut first = open(bytes.clone(), file, source).unwrap();
    first.by_ref().for_each(|delivered| drop(delivered.unwrap()));
    let time: TimeOf = std::sync::Arc::new(|text: &str| text.parse().ok());
    open(bytes, file, source).unwrap().settling(first.repeated_keys(), time)
}

fn people() -> Source {
    source("id", None, &[("given_name", &["name"])])
}

/// Rows as `line key name`, quarantined ones as `line! reason`, and what was passed over.
fn told(bytes: impl Into<Vec<u8>>, file: &str) -> Vec<String> {
    told_of(settled(bytes, file, &people()))
}

fn told_of(reader: Reader) -> Vec<String> {
    let name = |row: &Row| row.fields.first().map_or("", |(_, text)| text.as_str()).to_owned();
    reader
        .map(|delivered| match delivered.unwrap() {
            Delivered::Row(row) => {
                let later: String =
                    row.later.iter().map(|row| format!(" > {}", name(row))).collect();
                format!("{} {} {}{later}", row.line, row.key, name(&row))
            }
            Delivered::Quarantined(row) => format!("{}! {}", row.line, row.reason),
            Delivered::Skipped(skipped) if skipped.ended_early > 0 => {
                format!("{skipped}, {} early", skipped.ended_early)
            }
            Delivered::Skipped(skipped) => skipped.to_string(),
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
            "3! 1 field where the header has 2",
            "4! no key in column `id`",
            "2! line 5 has the same key",
            "5! line 2 has the same key",
            "8 3 multi\nline",
            "10! a quote that is never closed",
            "11 5 Dee",
            "12 6 Eve",
            "3 blank rows",
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
        (
            "id,name\n1,\"a\n2,b\n3,c\"\n4,d\n",
            vec![
                "2! a quoted cell runs to line 4, across lines that look like rows: is there a stray quote?",
                "5 4 d",
            ],
        ),
        ("id,name\n1,\"a\nb\n3,c\n\nd\"\n4,d\n", vec!["2 1 a\nb\n3,c\n\nd", "7 4 d"]),
        ("id,name\n1,\"a\nx,b\n\",x\n4,d\n", vec!["2! 3 fields where the header has 2", "5 4 d"]),
        (
            "id,name,x\n1,\"a,b\n2,c,d\n3,e\",f,g\n4,h,i\n",
            vec![
                "2! a quoted cell runs to line 4, across lines that look like rows: is there a stray quote?",
                "5 4 h",
            ],
        ),
    ] {
        assert_eq!(told(file, "crm.csv"), expected, "{file}");
    }
}

/// The header of a table, and how a row of it is written.
type Written<'w> = (&'w str, &'w dyn Fn(usize, &str) -> String);

/// A table of so many rows written by `row`, of which each `nth` has a stray quote in it: the lines that
/// are set aside, and how many rows are read.
fn with_strays(
    (header, row): Written<'_>,
    (rows, nth): (usize, usize),
    stray: &str,
) -> (Vec<u64>, usize) {
    let table = (1..=rows).map(|id| row(id, if id % nth == 0 { stray } else { "19 in" }));
    let end = if row(1, "").ends_with('\r') { "\r" } else { "\n" };
    let file = format!("{header}{end}{}", table.collect::<String>());
    let (mut aside, mut read) = (Vec::new(), 0);
    for delivered in settled(file, "crm.csv", &people()) {
        match delivered.unwrap() {
            Delivered::Quarantined(row) => aside.push(row.line),
            Delivered::Row(_) => read += 1,
            Delivered::Skipped(_) => {}
        }
    }
    (aside, read)
}

#[test]
fn stray_quotes_cost_their_own_rows_alone() {
    let all: Written<'_> =
        ("id,name,note", &|id, note| format!("\"{id}\",\"Ann, B\",\"{note}\"\n"));
    let last: Written<'_> = ("id,name,note", &|id, note| format!("{id},Ann,\"{note}\"\n"));
    let first: Written<'_> = ("note,name,id", &|id, note| format!("\"{note}\",Ann,{id}\n"));
    let middle: Written<'_> =
        ("name;note;id", &|id, note| format!("\"Ann\";\"{note}\";\"{id}\"\r\n"));
    let returns: Written<'_> = ("id,name,note", &|id, note| format!("{id},Ann,\"{note}\"\r"));
    let codes: Written<'_> =
        ("id,name,note", &|id, note| format!("0X{id:05}{},Ann,\"{note}\"\n", id % 7));
    let singles: Written<'_> =
        ("id,name,note", &|id, note| format!("'{id}','Ann','{}'\n", note.replace('"', "'")));
    let backslashes: Written<'_> =
        ("id,name,note", &|id, note| format!("\"{id}\",\"A \\\"B\\\"\",\"{note}\"\n"));
    let notes: Written<'_> =
        ("id,name,note", &|id, note| format!("{id},Ann,\"a, b\nc\nd, e {note}\"\n"));
    for (at, written) in
        [all, last, first, middle, returns, codes, singles, backslashes].into_iter().enumerate()
    {
        for stray in ["19\" screen", "\"A\" B", "19\"\" x\" y", "a \" b \" c\" d"] {
            let aside: Vec<u64> = (1..=9).map(|row| row * 40 + 1).collect();
            let told = with_strays(written, (399, 40), stray);
            assert_eq!(told, (aside, 390), "{at} {stray}");
        }
    }
    // Its own rows of three lines each.
    let told = with_strays(notes, (399, 40), "19\" screen");
    assert_eq!(told, ((1..=9).map(|row| (row * 40 - 1) * 3 + 2).collect(), 390));
}

#[test]
fn a_quote_that_opens_a_cell_and_is_closed_rows_below_costs_its_own_row_alone() {
    let row = |id: usize| format!("{id},Ann,{id} in\n");
    for (opens, closes, aside) in [
        ("5,Ann,\"19 screen\n", "300,Ann,\"27\" screen\n", &[6, 301][..]),
        ("5,Ann,\"19 screen\n", "300,Ann,\"27 screen\n", &[6, 301]),
        ("5,Ann,\"19 screen\n", "300,Ann,27\" screen\n", &[6]),
        ("5,\"Ann,x\n", "300,\"Bob,y\n", &[6, 301]),
        ("5,Ann,\"\"\"19 screen\n", "300,Ann,\"27\" screen\n", &[6, 301]),
        ("5,Ann,\"19\"\"\n", "300,Ann,\"27\"\"\n", &[6, 301]),
    ] {
        let between: String = (6..300).map(row).collect();
        let file = format!(
            "id,name,note\n{}{opens}{between}{closes}301,Cy,x\n",
            (1..5).map(row).collect::<String>()
        );
        let rows = told(file, "crm.csv");
        let lines: Vec<&str> =
            rows.iter().filter_map(|row| Some(row.split_once("! ")?.0)).collect();
        assert_eq!(lines, aside.iter().map(u64::to_string).collect::<Vec<_>>(), "{opens}{closes}");
        assert_eq!(rows.len(), 301);
    }
}

/// Quoted cells of several lines around `inside` that go on after a closing quote, and the line of
/// the file in which the first of them does when the row begins in line 2.
fn misplaced(inside: &str) -> Vec<(String, usize)> {
    let last = 2 + inside.matches('\n').count();
    [
        (format!("1,\"a\n{inside}\" junk,x\n"), last + 1),
        (format!("1,\"a\n{inside}\"junk\n"), last + 1),
        (format!("1,\"a\n{inside}\"\tx\n"), last + 1),
        (format!("1,\"a \"quoted\" word\n{inside}\"\n"), 2),
        (format!("1,\"a \"quoted, or\" so\n{inside}\",x\n"), 2),
        (format!("1,\"a\"b\"\n{inside}\"\n"), 2),
        (format!("1,\"a\n{inside}9,\"In\"\"jected\"\n9,b\"\n"), last + 1),
    ]
    .into()
}

#[test]
fn a_stray_quote_swallows_no_rows_up_to_the_next() {
    for (rows, expected) in [
        ("2,\"Ann,x\n3,Bob\",y\n4,Cid,z\n", &["2!", "4"][..]),
        ("2,\"Ann,x\n3,Bob,y\n4,Cid\",z\n5,Dan,w\n", &["2!", "5"]),
        ("2,Ann,\"x\n3,Bob,y\"\n", &["2!"]),
        ("2,\"12 Main St\nBerlin\",x\n4,Bob,y\n", &["2", "4"]),
        ("2,Ann,\"note, so\nlong, and\nso on\"\n5,Bob,y\n", &["2", "5"]),
    ] {
        let read = told([b"id,name,city\n", rows.as_bytes()].concat(), "a.csv");
        let begins = |row: &String, begin: &str| {
            row.starts_with(begin) && (begin.ends_with('!') || row[begin.len()..].starts_with(' '))
        };
        let is_it = read.len() == expected.len()
            && read.iter().zip(expected).all(|(row, begin)| begins(row, begin));
        assert!(is_it, "{rows}: {read:?}");
    }
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
    for cell in ["\"a\"b", "\"a\" b", "\"a\"b\"c\"", "\"a\"\tb"] {
        let expected = ["2! text after a closing quote in line 2, column `name`", "3 2 Ann"];
        assert_eq!(told(format!("id,name\n1,{cell}\n2,Ann\n"), "crm.csv"), expected, "{cell}");
    }
    for cell in ["\"Hill\" ", " \"Hill\"\t ", "\"Hill\""] {
        assert_eq!(told(format!("id,name\n1,{cell}\n2,Ann\n"), "a.csv"), ["2 1 Hill", "3 2 Ann"]);
        assert_eq!(told(format!("name,id\n{cell},1\nAnn,2\n"), "a.csv"), ["2 1 Hill", "3 2 Ann"]);
        let windows = told(format!("name,id\r\nAnn,2\r\n{cell},1 \r\n"), "a.csv");
        assert_eq!(windows, ["2 2 Ann", "3 1 Hill"]);
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
    let text = format!("id,name\n1,\"{}\"\n2,Ann\n", long_field("9,Ren\u{e9}\n"));
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
    assert!(
        first
            .why(domain::Place::Line)
            .ends_with("; only the first 4096 of its 1048579 bytes are kept")
    );
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
        // Nobody can tell what the one is in.
        let encoding = (file == "any bytes").then(|| "UTF-8".to_owned());
        let options = Options { file: file.to_owned(), encoding, ..Options::default() };
        let reader = Reader::open(input, &people(), &options).unwrap();
        let (mut rows, mut kept) = (0, 0);
        for delivered in reader {
            match delivered {
                // Its rows are all the same, which the second reading knows.
                Ok(Delivered::Row(row)) if row.key == "x" => {}
                Ok(Delivered::Row(_)) => rows += 1,
                Ok(Delivered::Quarantined(row)) => kept += row.text.len(),
                Ok(Delivered::Skipped(_)) => {}
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
        named: None,
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
        let mut reader = open(bytes, file, &people()).unwrap();
        assert_eq!(reader.description(), description);
        let Some(Ok(Delivered::Row(row))) = reader.next() else { panic!("{description}") };
        assert_eq!((row.key.as_str(), row.fields[0].1.as_str()), ("1", "José"), "{description}");
        assert!(reader.next().is_none());
    }
}

#[test]
fn a_badly_encoded_row_keeps_its_bytes() {
    let mut bytes = "id,name\n1,José\n2,Zoë\n".as_bytes().to_vec();
    bytes.extend_from_slice(b"3,\"Ren\xe9 \xc3\xa9\nx\"\n4,Ann\n");
    let delivered: Vec<Delivered> =
        open(bytes, "crm.csv", &people()).unwrap().map(Result::unwrap).collect();
    assert_eq!(
        delivered[2],
        Delivered::Quarantined(QuarantinedRow {
            named: None,
            key: Some("3".to_owned()),
            line: 4,
            reason: QuarantineReason::BadEncoding { encoding: "UTF-8".to_owned() },
            text: "3,\"Ren\u{fffd} é\nx\"".to_owned(),
            bytes: Some("332c2252656ee920c3a90a78220a".to_owned()),
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
        (b"id,name,x,name\n", "a.csv", "a.csv has the column `name` twice"),
        (b"17,ann@example.com\n", "a.csv", "a.csv seems to have no header"),
        (b"id,\"name\n1,Ann\n", "a.csv", "the header of a.csv (line 1) cannot be read: a quote"),
        (
            b"{\"data\":{\"all\":[{\"id\":1}]}}",
            "a.json",
            "a.json holds one JSON object with a list",
        ),
        (b"{\"all\": [ {\"id\":1},", "a.json", "a.json holds one JSON object with a list"),
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
            Delivered::Quarantined(row) => format!("{}! {}", row.line, row.reason),
            Delivered::Skipped(skipped) => skipped.to_string(),
            Delivered::Row(row) => panic!("{row:?}"),
        })
        .collect();
    assert_eq!(
        reasons,
        ["3! no key in column `id`", "4! not a JSON object: a list", "1 blank row"]
    );
}

#[test]
fn a_list_in_a_mapped_column_is_said_with_what_to_map() {
    let source = source("id", None, &[("email", &["emails"]), ("street", &["address.street"])]);
    let read = |row: &str| match open(row, "crm.jsonl", &source).unwrap().next().unwrap().unwrap() {
        Delivered::Row(row) => row
            .fields
            .iter()
            .map(|(name, text)| format!("{name}={text}"))
            .collect::<Vec<_>>()
            .join(" "),
        Delivered::Quarantined(row) => {
            assert_eq!(row.key.as_deref(), Some("7"), "{}", row.reason);
            row.reason.to_string()
        }
        Delivered::Skipped(skipped) => skipped.to_string(),
    };
    let said = |column: &str, path: &str| {
        format!(
            "`{column}` holds a list or an object, but one value is read: map a value in it by its \
             dotted name, such as `{path}`"
        )
    };
    for (row, expected) in [
        (r#"{"id":7,"emails":["a@x.co","b@x.co"]}"#, said("emails", "emails.0")),
        (
            r#"{"id":7,"emails":[{"type":"home","value":"a@x.co"}]}"#,
            said("emails", "emails.0.type"),
        ),
        (r#"{"id":7,"emails":[null,"b@x.co"]}"#, said("emails", "emails.1")),
        (r#"{"id":7,"emails":{"home":"a@x.co"}}"#, said("emails", "emails.home")),
        (
            r#"{"id":7,"address":{"street":[["1 Elm"]]}}"#,
            said("address.street", "address.street.0.0"),
        ),
        (r#"{"id":7,"emails":[]}"#, String::new()),
        (r#"{"id":7,"emails":[null,[]]}"#, String::new()),
        (r#"{"id":7,"emails":null,"phones":["1","2"]}"#, String::new()),
        (r#"{"id":7,"emails":"a@x.co"}"#, "email=a@x.co".to_owned()),
        (
            r#"{"id":7,"emails":true,"address":{"street":12.0}}"#,
            "email=true street=12.0".to_owned(),
        ),
    ] {
        assert_eq!(read(row), expected, "{row}");
    }
}

#[test]
fn json_is_read_however_it_is_laid_out() {
    let list = "[\n  {\"id\": 1, \"name\": \"Ada\"},\n  {\"id\": 2,\n   \"name\": \"B]\"}, 7\n]";
    assert_eq!(told(list, "a.json"), ["2 1 Ada", "3 2 B]", "4! not a JSON object: a number"]);
    let below = "{\n \"id\": 1,\n \"name\": \"Ada\"\n}\n{\n \"id\": 2\n}";
    assert_eq!(told(below, "a.json"), ["1 1 Ada", "5 2 "]);
    assert_eq!(open(list, "a.json", &people()).unwrap().description(), "json, UTF-8");
    let one_line = "[{\"id\": 1, \"name\": \"Ada\"}, {\"id\": 2}, 7]\n";
    assert_eq!(told(one_line, "a.json"), ["1 1 Ada", "2 2 ", "3! not a JSON object: a number"]);
    let counted = open(one_line, "a.json", &people()).unwrap().description().to_owned();
    assert_eq!(domain::Place::of_format(&counted), domain::Place::Object, "{counted}");
    let options = |path: &str| Options {
        file: "a.json".to_owned(),
        records: Some(path.to_owned()),
        ..Options::default()
    };
    let within = b"{\"page\": 1, \"data\": {\"all\": [{\"id\": 1, \"name\": \"Ada\"}]}}".to_vec();
    let at = |path: &str| Reader::open(Input::of(within.clone()), &people(), &options(path));
    assert_eq!(told_of(at("data.all").unwrap()), ["1 1 Ada"]);
    let error = at("data.some").unwrap_err().to_string();
    assert!(error.starts_with("a.json has no list at `data.some`"), "{error}");
    assert!(error.ends_with("such as data.all"), "{error}");
    let two = "{\"a\": [{\"id\": 1}], \"b\": {\"c\": [{\"id\": 2}]}}";
    let error = open(two, "a.json", &people()).unwrap_err().to_string();
    assert!(error.ends_with("import it with --records a or --records b.c"), "{error}");
}

#[test]
fn json_is_read_in_every_encoding() {
    let list = "[{\"id\": 1, \"name\": \"表示\"}, {\"id\": 2, \"name\": \"ソ]}\"}]\n";
    let within = format!("{{\"data\": {{\"all\": {list}}}}}");
    let spread = "{\n \"id\": 1,\n \"name\": \"表示\"\n}\n{\n \"id\": 2,\n \"name\": \"ソ]}\"\n}\n";
    let lines = "{\"id\": 1, \"name\": \"表示\"}\n{\"id\": 2, \"name\": \"ソ]}\"}\n";
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    };
    let web = |name: &str, text: &str| {
        let encoding = encoding_rs::Encoding::for_label(name.as_bytes()).unwrap();
        encoding.encode(text).0.into_owned()
    };
    for encoding in ["UTF-16LE", "UTF-16BE", "Shift_JIS", "GBK", "ISO-2022-JP", "EUC-JP"] {
        for (text, records, places) in [
            (list, None, [1, 2]),
            (within.as_str(), Some("data.all"), [1, 2]),
            (spread, None, [1, 5]),
            (lines, None, [1, 2]),
        ] {
            let bytes = match encoding {
                "UTF-16LE" => utf16(text, u16::to_le_bytes),
                "UTF-16BE" => utf16(text, u16::to_be_bytes),
                _ => web(encoding, text),
            };
            let options = Options {
                file: "a.json".to_owned(),
                encoding: Some(encoding.to_owned()),
                records: records.map(str::to_owned),
                ..Options::default()
            };
            let reader = Reader::open(Input::of(bytes), &people(), &options).unwrap();
            assert!(reader.description().contains(encoding), "{}", reader.description());
            let expected = [format!("{} 1 表示", places[0]), format!("{} 2 ソ]}}", places[1])];
            assert_eq!(told_of(reader), expected, "{encoding} {text}");
        }
    }
    // As PowerShell writes it; a lone half of a letter keeps its own row out.
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(utf16(
        "[{\"id\": 1, \"name\": \"Zoë\"},\r\n{\"id\": 2, \"name\": \"",
        u16::to_le_bytes,
    ));
    bytes.extend([0x00, 0xd8]);
    bytes.extend(utf16("\"}]", u16::to_le_bytes));
    let options = Options { file: "a.json".to_owned(), ..Options::default() };
    let read = told_of(Reader::open(Input::of(bytes), &people(), &options).unwrap());
    assert_eq!(read[0], "1 1 Zoë");
    assert!(read[1].starts_with("2!") && read[1].contains("UTF-16LE"), "{}", read[1]);
}

#[test]
fn json_by_columns_is_refused_with_the_way_out() {
    for text in [
        r#"{"id": [1, 2], "name": ["Ada", "Bob"]}"#,
        "{\n \"id\": {\"0\": 1, \"1\": 2},\n \"name\": {\"0\": \"Ada\", \"1\": \"Bob\"}\n}\n",
        r#"{"columns": ["id", "name"], "index": [0, 1], "data": [[1, "Ada"], [2, "Bob"]]}"#,
    ] {
        let error = open(text, "a.json", &people()).unwrap_err().to_string();
        assert!(
            error.starts_with("a.json holds one JSON object whose members are columns"),
            "{error}"
        );
        assert!(error.contains("jq '") && error.ends_with("' a.json"), "{error}");
    }
}

#[test]
fn objects_side_by_side_are_rows_and_objects_under_names_are_no_layout() {
    let open = |text: &str| {
        let options = Options { file: "a.json".to_owned(), ..Options::default() };
        Reader::open(Input::of(text.as_bytes().to_vec()), &people(), &options)
    };
    let two = ["1 1 Ada", "2 2 Bob"];
    for text in [
        r#"{"id": 1, "name": "Ada"}{"id": 2, "name": "Bob"}"#,
        r#"{"id": 1, "name": "Ada"} {"id": 2, "name": "Bob"}"#,
        r#"{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bob"}"#,
    ] {
        assert_eq!(told_of(open(text).unwrap()), two, "{text}");
    }
    for text in [r#"{"1": {"name": "Ada"}, "2": {"name": "Bob"}}"#, "{\n \"1\": {\"id\": 1}\n}\n"] {
        let error = open(text).unwrap_err().to_string();
        assert!(
            error.contains("a.json holds one JSON object whose members are objects"),
            "{error}"
        );
        assert!(error.ends_with("{key: .key} + .value]' a.json"), "{error}");
    }
    // A record may consist of objects.
    assert!(open("{\"id\": {\"no\": 1}}").is_ok());
    assert!(open("{\"id\": {\"no\": 1}}\n{\"id\": {\"no\": 2}}\n").is_ok());
}

#[test]
fn values_of_one_line_have_places_of_their_own() {
    let list = r#"[{"id":null},{"id":null},{"id":1,"name":"Ada"}]"#;
    let no_key = "no key in column `id`";
    assert_eq!(
        told(list, "a.json"),
        [format!("1! {no_key}"), format!("2! {no_key}"), "3 1 Ada".into()]
    );
}

#[test]
fn a_list_that_was_cut_off_is_said_at_its_end() {
    for (text, rows) in
        [("[{\"id\":1},{\"id\":2}", 2), ("[{\"id\":1},{\"na", 2), ("[{\"id\":1},", 1)]
    {
        let delivered: Vec<_> = open(text, "a.json", &people()).unwrap().collect();
        assert_eq!(delivered.len(), rows + 1, "{text}");
        let error = delivered[rows].as_ref().unwrap_err().to_string();
        assert!(error.ends_with("its list is never closed: the file was cut off"), "{error}");
    }
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
    let options = Options { file: "crm.csv".to_owned(), ..Options::default() };
    let mut reader = Reader::open(input, &people(), &options).unwrap();
    let error = reader.by_ref().find_map(Result::err).unwrap();
    assert_eq!(error.to_string(), "crm.csv cannot be read: unplugged");
    assert!(reader.next().is_none());
}

/// Each file with what it tells.
fn all_told(table: &[(&str, &[&str])]) {
    for (file, expected) in table {
        assert_eq!(told(file.as_bytes(), "crm.csv"), *expected, "{file:?}");
    }
}

#[test]
fn a_row_that_another_delimiter_parts_is_no_name() {
    let map: &[(&str, &[&str])] = &[("given_name", &["name"]), ("city", &["city"])];
    let people = source("id", None, map);
    let header = "id;name;city;a;b\n1;Ann;York;2;3\n";
    for row in ["3;Fox,Cy,3,5", "3,Fox,Cy,3,5;", "3;Fox\tCy\t3\t5", "3;Fox|Cy|3|5", "3;Fox,Cy,3,5,"]
    {
        let told = told_of(settled(format!("{header}{row}\n4;Bo;Hull;2;3\n"), "a.csv", &people));
        assert!(told[1].starts_with("3! 2 fields where the header has 5"), "{row}: {told:?}");
        assert_eq!((told[0].as_str(), told[2].as_str(), told.len()), ("2 1 Ann", "4 4 Bo", 3));
    }
    // A comma of a text, and a row that has its cells.
    for row in ["3;Fox, Cy, 3, 5", "3;Fox,Cy", "3;Fox,Cy,3,5;York;2;3", "3;Fox"] {
        let told = told_of(settled(format!("{header}{row}\n4;Bo;Hull;2;3\n"), "a.csv", &people));
        assert!(told[1].starts_with("3 3 Fox"), "{row}: {told:?}");
    }
}

#[test]
fn cells_that_are_left_out_at_the_end_are_empty_and_empty_ones_too_many_go() {
    let people = source("id", None, &[("given_name", &["name"]), ("phone", &["phone"])]);
    for (file, expected) in [
        ("id,name,phone\n1,Ann,5,\n2,Ben,6,,,\n", &["2 1 Ann", "3 2 Ben"][..]),
        ("id,name,phone,\n1,Ann,5\n2,Ben,6\n", &["2 1 Ann", "3 2 Ben"]),
        ("id,name,phone,,,\n1,Ann,5,,,\n,,,,,\n,,,,,\n", &["2 1 Ann", "2 blank rows"]),
        ("id,name,phone,,\n1,Ann,5,x,y\n", &["2 1 Ann"]),
        ("id,name,phone\n1,Ann\n2,Ben\n", &["2 1 Ann", "3 2 Ben", ", 2 early"]),
        ("id;name;phone\n1;Ann;\n2;Ben;6\n3;Cy\n", &["2 1 Ann", "3 2 Ben", "4 3 Cy", ", 1 early"]),
        ("id,name,phone\n1,Ann,5,x\n", &["2! 4 fields where the header has 3"]),
        ("id,name,phone\n1,Ann,5,,x\n", &["2! 5 fields where the header has 3"]),
        ("id,name,phone\n1\n2,Ben,6\n", &["2! 1 field where the header has 3", "3 2 Ben"]),
        ("id,name,phone\n1,Ann,5\n,,\n\n2,Ben,6\n", &["2 1 Ann", "5 2 Ben", "2 blank rows"]),
        ("id,name,phone\n1,Ann,5\n\t , ,\n", &["2 1 Ann", "1 blank row"]),
    ] {
        assert_eq!(told_of(settled(file, "crm.csv", &people)), expected, "{file:?}");
    }
}

#[test]
fn what_stands_under_a_nameless_column_is_kept() {
    let mut reader = open("id,name,,\n1,Ann,x,y\n2,Ben\n", "crm.csv", &people()).unwrap();
    let Some(Ok(Delivered::Row(row))) = reader.next() else { panic!("a row") };
    assert_eq!(row.unmapped, [("column 3".into(), "x".into()), ("column 4".into(), "y".into())]);
}

#[test]
fn a_line_break_without_quotes_cuts_no_row_in_silence() {
    let people = source("id", None, &[("given_name", &["name"]), ("phone", &["phone"])]);
    for (file, expected) in [
        (
            "id,name,x,phone\n4,Dan,Fr\nost,217\n5,Eve,Hill,218\n",
            &[
                "2! line 2 seems to continue in line 3: is there a line break in a cell?",
                "3! line 2 seems to continue in line 3: is there a line break in a cell?",
                "4 5 Eve",
            ][..],
        ),
        (
            "id,name,x,phone\n4,Da\nn,Fr\nost,217\n5,Eve,Hill,218\n",
            &[
                "2! line 2 seems to continue in line 4: is there a line break in a cell?",
                "3! line 2 seems to continue in line 4: is there a line break in a cell?",
                "4! line 2 seems to continue in line 4: is there a line break in a cell?",
                "5 5 Eve",
            ],
        ),
        // Rows whose last cells are left out have keys of their own.
        (
            "id,name,x,phone\n4,Dan,Frost\n5,Eve\n6,Fay\n",
            &["2 4 Dan", "3 5 Eve", "4 6 Fay", ", 3 early"],
        ),
    ] {
        assert_eq!(told_of(settled(file, "crm.csv", &people)), expected, "{file:?}");
    }
}

/// The lines of a table that are set aside, and the keys that are read.
fn parted(file: &str) -> (Vec<u64>, Vec<String>) {
    let map: &[(&str, &[&str])] =
        &[("given_name", &["first"]), ("family_name", &["last"]), ("phone", &["phone"])];
    let (mut aside, mut keys) = (Vec::new(), Vec::new());
    for delivered in settled(file, "crm.csv", &source("id", None, map)) {
        match delivered.unwrap() {
            Delivered::Quarantined(row) => aside.push(row.line),
            Delivered::Row(row) => keys.push(row.key.to_string()),
            Delivered::Skipped(_) => {}
        }
    }
    (aside, keys)
}

#[test]
fn a_line_break_in_a_cell_makes_nobody_of_its_second_half() {
    let header = "id,first,last,note,phone\n";
    let rows = |letter: &str| -> String {
        (1001..1009).map(|id| format!("{letter}{id},Ann,Lee,note,21755501{}\n", id % 100)).collect()
    };
    for (letter, broken, count) in [
        ("C", "C1031,Ben,Harker,Dear Sir,\nplease call, thanks,2175550199\n", 2),
        ("C", "C1031,Ben,Harker,Dear Sir,\n\nplease call, thanks,2175550199\n", 2),
        ("C", "C1031,Ben,Harker,Dear Sir,\nplease call\nthanks,2175550199\n", 3),
        ("C", "C1031,Ben,Harker,please\ncall,2175550199\n", 2),
        ("C", "C1031,Ben,Harker,a, b\nc,2175550199\n", 2),
        ("", "1031,Ben,Harker,Apt\n22,2175550199\n", 2),
        ("", "1031,Ben,Har\n22,note,2175550199\n", 2),
        ("", "1031,Ben,Harker,Dear Sir,\n22,2175550199\n", 2),
        ("", "1031,Ben,Harker,see\nplease call,2175550199\n", 2),
    ] {
        let file = format!("{header}{}{broken}{letter}1040,Cy,Low,x,217555\n", rows(letter));
        let (aside, keys) = parted(&file);
        assert_eq!((aside.len(), keys.len()), (count, 9), "{broken} {keys:?}");
        assert!(aside[0] == 10 && keys[8].ends_with("1040"), "{broken}");
    }
    // Rows whose last cells are left out.
    for honest in [
        "1031,Ben\n1032,Cy,Low,a note\n1033,Di,Mu\n",
        "1031,Ben,Harker,note\n22,Cy\n",
        "1031,Ben,Harker,\n1032,Cy\n1033,Di,Low,,\n1034\n,\n",
        "1031,Ben,Harker,note,\n1032,Cy\n",
    ] {
        let file = format!("{header}{}{honest}1040,Cy,Low,x,217555\n", rows(""));
        let (aside, keys) = parted(&file);
        let rows = honest.lines().filter(|line| line.contains(',') && line.len() > 1).count();
        assert_eq!(keys.len(), 9 + rows, "{honest} {aside:?}");
    }
}

#[test]
fn rows_below_a_header_in_another_order_are_none_of_the_table() {
    let header = "id,first,last,phone\n";
    let rows: String = (1..9).map(|id| format!("{id},Ann,Lee,21755501{id:02}\n")).collect();
    for (second, below, aside, read) in [
        ("id,last,first,phone", "2001,Harker,Ben,217\n2002,Low,Cy,217\n", &[10, 11, 12][..], 8),
        ("last,first,id", "Harker,Ben,2001\n", &[10, 11], 8),
        ("\nlast,first,id", "Harker,Ben,2001\n", &[11, 12], 8),
        ("id,email,first,last", "2001,b@x.org,Ben,Harker\n", &[10, 11], 8),
        ("Customer ID,First name,Last name,Telephone", "2001,Ben,Low,217\n", &[10], 9),
        ("Nr.,Vorname,Nachname,Telefon", "2001,Ben,Low,217\n", &[10], 9),
        ("id ,first,last,phone (home)", "2001,Ben,Low,217\n", &[10], 9),
        ("int,varchar,varchar,varchar", "2001,Ben,Low,217\n", &[10], 9),
        ("ID,First,Last,Phone", "2001,Ben,Low,217\n", &[], 9),
        (
            "id,last,first,phone",
            "2001,Harker,Ben,217\nid,first,last,phone\n13,A,B,1\n",
            &[10, 11],
            9,
        ),
        ("Region,First,Low,217", "2001,Ben,Low,217\n", &[], 10),
    ] {
        let told = parted(&format!("{header}{rows}{second}\n{below}"));
        assert_eq!((told.0.as_slice(), told.1.len()), (aside, read), "{second}");
    }
    let file = format!("{header}{rows}id,last,first,phone\n2001,Harker,Ben,217\n");
    let people = source("id", None, &[("given_name", &["first"])]);
    let told = told_of(settled(file, "crm.csv", &people));
    assert_eq!(
        told[8..],
        [
            "10! it has column names and no values",
            "11! the header in line 10 has different columns from the first, or a different order: import the rows \
             below it as a separate file"
        ]
    );
}

#[test]
fn of_columns_that_differ_in_case_alone_the_one_that_is_mapped_is_read_and_that_is_said() {
    for (file, expected) in [
        ("id,first,Phone,phone\n1,Ann,217,218\n", &["phone Phone"][..]),
        ("id,first,Phone,phone,PHONE\n1,Ann,1,218,2\n", &["phone Phone", "phone PHONE"]),
        ("id,first,ID,phone\n1,Ann,9,218\n", &["id ID"]),
        ("id,first,phone, PHONE \n1,Ann,218,\n", &["phone PHONE"]),
        ("id,first,note,Note,phone\n1,Ann,a,b,218\n", &[]),
        ("id,FIRST,Phone\n1,Ann,218\n", &[]),
    ] {
        let source = source("id", None, &[("given_name", &["first"]), ("phone", &["phone"])]);
        let mut reader = open(file, "crm.csv", &source).unwrap();
        let same = reader.same_names().iter();
        let same: Vec<_> = same.map(|it| format!("{} {}", it.read, it.unread)).collect();
        assert_eq!(same, expected, "{file}");
        let Some(Ok(Delivered::Row(row))) = reader.next() else { panic!("{file}") };
        let phone = row.fields.iter().find(|(field, _)| field.as_str() == "phone").unwrap();
        assert_eq!((&*row.key, &*phone.1), ("1", "218"), "{file}");
    }
}

#[test]
fn what_is_printed_around_pages_is_no_customer() {
    let page = |ids: std::ops::Range<u32>| -> String {
        let rows = ids.map(|id| format!("{id},Ann,Lee,21755501{id:02}\n"));
        format!("id,first,last,phone\n{}", rows.collect::<String>())
    };
    for (between, end) in [
        ("Page 2,,,\n", "Printed on 2026-11-01 by Sam, page 1 of 1\n"),
        ("Seite 2 von 3\n", "Stand vom 1.11.2026, Seite 1 von 1\n"),
        ("\nPage 2 of 3,,,\n", "Total,,,8\n"),
    ] {
        let file = format!("{}{between}{}{end}", page(1..5), page(5..9));
        let keys = (1..9).map(|id: u32| id.to_string()).collect::<Vec<_>>();
        assert_eq!(parted(&file), (vec![], keys), "{between}");
    }
}

#[test]
fn a_header_is_found_below_a_title_and_passed_over_when_it_comes_again() {
    all_told(&[
        (
            "Customer list,,\nExported 2026-01-02,,\n\nid,name,x\n1,Ann,\n",
            &["5 1 Ann", "2 rows above the header"],
        ),
        ("Report\n\nname;id\nAnn;1\n", &["4 1 Ann", "1 row above the header"]),
        ("id,name\n9,Zed\nid,name\n1,Ann\n", &["2 9 Zed", "4 1 Ann", "1 repeated header"]),
        ("id,name\n9,Zed\n\u{feff}id,name\n1,Ann\n", &["2 9 Zed", "4 1 Ann", "1 repeated header"]),
        ("id,name\n9,Zed\n ID , name\n", &["2 9 Zed", "1 repeated header"]),
        ("ID,Name\n1,Ann\n", &["2 1 Ann"]),
        (" id , name \n1,Ann\n", &["2 1 Ann"]),
        ("id\u{a0},\u{a0}name\u{200b}\n1,Ann\n", &["2 1 Ann"]),
        ("\u{feff}\u{feff}id,name\r\n1,Ann\r\n", &["2 1 Ann"]),
        ("\u{feff}\"id\",\"name\"\r\n\"1\",\"Ann\"\r\n", &["2 1 Ann"]),
        ("id,name\0\n1,A\0nn\n", &["2 1 Ann"]),
        ("id,name,Notes,Notes\n1,Ann,a,b\n", &["2 1 Ann"]),
    ]);
}

#[test]
fn rows_above_a_header_that_stands_inside_of_the_file_are_kept() {
    let aside = |line: u64, header: u64| {
        format!(
            "{line}! it is above the header (line {header}) but has as many cells as a row: if it is \
             a customer, move it below the header"
        )
    };
    for (file, expected) in [
        (
            "7,Ann,x\n8,Ben,y\nid,name,note\n1,Cy,\n",
            vec![aside(1, 3), aside(2, 3), "4 1 Cy".into()],
        ),
        ("\"7\",\"Ann\"\n\"id\",\"name\"\n\"1\",\"Cy\"\n", vec![aside(1, 2), "3 1 Cy".into()]),
        (
            "People\n7;Ann\nid;name\n1;Cy\n",
            vec![aside(2, 3), "4 1 Cy".into(), "1 row above the header".into()],
        ),
        // Programs put their own names below those for people.
        ("No.\tFirst name\nid\tname\n1\tCy\n", vec![aside(1, 2), "3 1 Cy".into()]),
    ] {
        assert_eq!(told(file, "crm.csv"), expected, "{file:?}");
    }
    let many: String = (10..30).map(|key| format!("K{key},Ann\n")).collect();
    let mut reader = open(format!("{many}id,name\nK1,Cy\n"), "crm.csv", &people()).unwrap();
    let keys: Vec<_> = reader
        .by_ref()
        .map_while(|delivered| match delivered.unwrap() {
            Delivered::Quarantined(row) => row.key,
            _ => None,
        })
        .collect();
    let expected: Vec<String> = (10..30).map(|key| format!("K{key}")).collect();
    assert_eq!(keys, expected, "a complete file says that they are there");
    // Whoever names the header says that nothing above it counts.
    let options = Options { header_row: Some(2), file: "a.csv".into(), ..Options::default() };
    let input = Input::of(b"7,Ann\nid,name\n1,Cy\n".to_vec());
    let reader = Reader::open(input, &people(), &options).unwrap();
    assert_eq!(told_of(reader), ["3 1 Cy", "1 row above the header"]);
}

#[test]
fn a_file_of_two_bytes_a_character_that_was_cut_off_says_so() {
    let text = "\u{feff}id,name\n1,Ann\n2,Ben";
    let mut file: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    file.pop();
    let cut = "3! bytes that are not whole UTF-16LE: the file was cut off inside a character";
    assert_eq!(told(file, "crm.csv"), ["2 1 Ann", cut]);
}

#[test]
fn encodings_that_are_not_read_are_named_with_the_way_out() {
    let wide: Vec<u8> =
        "\u{feff}id,name\n1,Ann\n".chars().flat_map(|c| (c as u32).to_le_bytes()).collect();
    let error = open(wide, "a.csv", &people()).unwrap_err().to_string();
    let expected = "a.csv is in UTF-32, which is not supported: convert it first, for example with iconv -f \
                    UTF-32 -t UTF-8";
    assert_eq!(error, expected);
    let korean = b"\x1b$)Cid,name\n1,Ann\n2,Bo\n3,Cy\n4,\x0e1h\x0f\n".to_vec();
    let error = open(korean, "a.csv", &people()).unwrap_err().to_string();
    assert!(
        error.starts_with("a.csv seems to be in ISO-2022-KR, which is not supported"),
        "{error}"
    );
}

#[test]
fn totals_and_remarks_below_a_table_are_no_rows() {
    all_told(&[
        (
            "id,name\n1,Ann\n\n\"Total records: 1\"\n\"Confidential Information - Do Not \
             Distribute\"\n\"Copyright (c) 2000-2026 example.com, inc. All rights reserved.\"\n",
            &["2 1 Ann", "1 blank row, 3 rows below the table"],
        ),
        ("id,name,sum\n1,Ann,5\nTotal,,5\n", &["2 1 Ann", "1 row below the table"]),
        ("id,name,sum\n1,Ann,5\n,Summe:,5\n", &["2 1 Ann", "1 row below the table"]),
        ("id,name\n1,Ann\n\nEOF\n", &["2 1 Ann", "1 blank row, 1 row below the table"]),
        // Above other rows they are what they seem.
        (
            "id,name,x\n1,Ann,\nEnd of part one\n2,Ben,\n",
            &["2 1 Ann", "3! 1 field where the header has 3", "4 2 Ben"],
        ),
        // A file that was cut off does not end with a remark.
        ("id,name\n1,Ann\n2", &["2 1 Ann", "3! 1 field where the header has 2"]),
        ("id,name\n1,Ann\n2,", &["2 1 Ann", "3 2 "]),
    ]);
}

#[test]
fn quotes_are_read_as_the_file_means_them() {
    all_told(&[
        (
            "id,name\n1,\"Cat \\\"Kitty\\\"\"\n2,\"Smith \\\"Bud\\\", Jr\"\n",
            &["2 1 Cat \"Kitty\"", "3 2 Smith \"Bud\", Jr"],
        ),
        (
            "id,name\n1,\"Ben \"Big\" B\"\n2,\"Cat \\\"Kitty\\\"\"\n",
            &["2! text after a closing quote in line 2, column `name`", "3 2 Cat \"Kitty\""],
        ),
        ("id,name\n1,\"C:\\\"\n2,\"D:\\\"\n", &["2 1 C:\\", "3 2 D:\\"]),
        ("id,name\n1, \"Ives, Fay\"\n2,  \"Hill\"\n", &["2 1 Ives, Fay", "3 2 Hill"]),
        ("id,name\n1,Ann \"Annie\"\n", &["2 1 Ann \"Annie\""]),
        ("id,name\n'1','Ann'\n'2','O''Brien, B'\n", &["2 1 Ann", "3 2 O'Brien, B"]),
        ("id,name\n'1001,Ann\n'1002,Ben\n", &["2 1001 Ann", "3 1002 Ben"]),
    ]);
}

#[test]
fn lines_end_in_every_way() {
    all_told(&[
        ("id,name\r1,Ann\r2,Ben\r", &["2 1 Ann", "3 2 Ben"]),
        (
            "id,name\r\n1,Ann\n2,Ben\r\n3,\"Cat\r\nAnn\"\r4,Dan\n",
            &["2 1 Ann", "3 2 Ben", "4 3 Cat\r\nAnn", "6 4 Dan"],
        ),
        ("id,name\n1,Ann\rMae\n2,Ben\n", &["2 1 Ann\rMae", "3 2 Ben"]),
        ("id,name\r\n1,Ann\r\n\u{1a}", &["2 1 Ann"]),
        ("id,name\n1,Ann\u{1a}", &["2 1 Ann"]),
        ("id,name\n1,Ann\u{2028}Mae\u{85}\n", &["2 1 Ann\u{2028}Mae\u{85}"]),
        ("id,name\r\r\n1,Ann\r\r\n", &["2 1 Ann\r"]),
    ]);
}

#[test]
fn every_delimiter_is_found_or_said() {
    for delimiter in [',', ';', '\t', '|', '\u{1}', '\u{1f}', '^', '~', ':'] {
        let file = format!("id{delimiter}name\n1{delimiter}Ann\n");
        assert_eq!(told(file, "crm.csv"), ["2 1 Ann"], "{delimiter:?}");
        let file = format!("SEP={delimiter}\r\nid{delimiter}name\r\n1{delimiter}Ann\r\n");
        assert_eq!(told(file, "crm.csv"), ["3 1 Ann"], "{delimiter:?}");
    }
    let options = Options { delimiter: Some(b'#'), file: "a.csv".to_owned(), ..Options::default() };
    let reader =
        Reader::open(Input::of(b"id#name\n1#a,b\n".to_vec()), &people(), &options).unwrap();
    assert_eq!(told_of(reader), ["2 1 a,b"]);
}

#[test]
fn a_header_may_be_named_by_its_line() {
    let file = "id,name\nold,header\n\nid,name\n1,Ann\n";
    let open = |row| {
        let file_name = "a.csv".to_owned();
        let options = Options { header_row: Some(row), file: file_name, ..Options::default() };
        Reader::open(Input::of(file.as_bytes().to_vec()), &people(), &options)
    };
    assert_eq!(told_of(open(4).unwrap()), ["5 1 Ann", "2 rows above the header"]);
    let first = ["2 old header", "5 1 Ann", "1 blank row, 1 repeated header"];
    assert_eq!(told_of(open(1).unwrap()), first);
    for row in [3, 9] {
        let message = open(row).unwrap_err().to_string();
        assert_eq!(message, format!("a.csv: --header-row {row}: that line is empty"));
    }
}

#[test]
fn the_same_key_twice_is_one_row_the_last_or_none() {
    let people = source("id", Some("at"), &[("given_name", &["name"])]);
    let (old, new) = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
    for (file, expected) in [
        (format!("id,name,at\n1,Ann,{old}\n1,Ann,{old}\n"), &["2 1 Ann", "1 duplicate row"][..]),
        (format!("id,name,at\n1,Ann,{old}\n2,Bo,\n1,Anna,{new}\n"), &["3 2 Bo", "2 1 Ann > Anna"]),
        (format!("id,name,at\n1,Anna,{new}\n1,Ann,{old}\n"), &["3 1 Ann > Anna"]),
        (format!("id,name,at\n1.0,Anna,{new}\n'1,Ann,{old}\n"), &["3 1 Ann > Anna"]),
        (
            "id,name,at\n1,Ann,\n2,Bo,\n1,Anna,\n".to_owned(),
            &["3 2 Bo", "2! line 4 has the same key", "4! line 2 has the same key"],
        ),
    ] {
        assert_eq!(told_of(settled(file.as_str(), "crm.csv", &people)), expected, "{file}");
    }
}

#[test]
fn keys_of_json_keep_their_digits_or_are_none() {
    let file = "{\"id\":12345678901234567890,\"name\":\"Ann\"}\n\
                {\"id\":12345678901234567891,\"name\":\"Ben\"}\n\
                {\"id\":9007199254740993,\"name\":\"Cat\"}\n\
                {\"id\":1e3,\"name\":\"Dan\"}\n{\"id\":1000,\"name\":\"Eve\"}\n\
                {\"id\":1001.0,\"name\":\"Fay\"}\n{\"id\":\"1e3\",\"name\":\"N\\u0000ash\"}\n\
                {\"id\":\"N/A\",\"name\":\"x\"}\n";
    assert_eq!(
        told(file, "a.jsonl"),
        [
            "1 12345678901234567890 Ann",
            "2 12345678901234567891 Ben",
            "3 9007199254740993 Cat",
            "4! no key in column `id`: scientific notation may have cost it digits",
            "5 1000 Eve",
            "6 1001 Fay",
            "7! no key in column `id`: scientific notation may have cost it digits",
            "8! no key in column `id`",
        ]
    );
}

#[test]
fn a_held_key_s_spelling_comes_along() {
    let mut reader = open("id,name\n=\"1001\",Ann\n7,Bo\n", "crm.csv", &people()).unwrap();
    let Some(Ok(Delivered::Row(row))) = reader.next() else { panic!("a row") };
    assert_eq!((row.key.as_str(), row.spelling.as_deref()), ("1001", Some("=\"1001\"")));
    let Some(Ok(Delivered::Row(row))) = reader.next() else { panic!("a row") };
    assert_eq!((row.key.as_str(), row.spelling), ("7", None));
}

#[test]
fn a_file_is_read_in_the_encoding_that_is_said() {
    let read = |bytes: &[u8], encoding: &str| {
        let encoding = Some(settings::encoding_name(encoding).unwrap().to_owned());
        let options = Options { encoding, file: "a.csv".to_owned(), ..Options::default() };
        told_of(Reader::open(Input::of(bytes.to_vec()), &people(), &options).unwrap())
    };
    assert_eq!(read(b"id,name\n1,Jos\x82\n", "cp850"), ["2 1 José"]);
    assert_eq!(read(b"id,name\n1,K\xf5szeg\n", "windows-1250"), ["2 1 Kőszeg"]);
    assert_eq!(read("id,name\n1,José\n".as_bytes(), "latin1"), ["2 1 José"], "a row of UTF-8");
    // Second bytes that look like signs part nothing and end nothing.
    let (japanese, ..) = encoding_rs::SHIFT_JIS.encode("id|name\n1|\"表|ソ\"\n2|能\n");
    assert_eq!(read(&japanese, "sjis"), ["2 1 表|ソ", "3 2 能"]);
    let (japanese, ..) = encoding_rs::ISO_2022_JP.encode("id,name\n1,\"山,田\"\n");
    assert_eq!(read(&japanese, "iso-2022-jp"), ["2 1 山,田"]);
    let (chinese, ..) = encoding_rs::GB18030.encode("id,name\n1,张伟𠀀\n");
    assert_eq!(read(&chinese, "gb18030"), ["2 1 张伟𠀀"]);
}

#[test]
fn an_encoding_that_is_not_certain_is_asked_for() {
    let error = open(b"id,name\n1,F\xf5szeg\n", "a.csv", &people()).unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with("the encoding of a.csv is not certain: set it with"), "{message}");
    assert!(!format!("{message} {error:?}").contains("szeg"), "no values in errors");
    let AcquireError::UnsureEncoding { readings, .. } = error else { panic!("unsure") };
    let words: Vec<&str> = readings.iter().map(|reading| reading.words.as_str()).collect();
    assert_eq!(words.len(), 3);
    assert!(words.contains(&"Főszeg") && words.contains(&"Fõszeg"), "{words:?}");
}

#[test]
fn a_row_in_another_encoding_than_its_file_is_read_or_quarantined() {
    let western = b"id,name\n1,Jos\xe9 N\xfa\xf1ez\n2,Zo\xeb Bront\xeb\n3,Andr\xe9 Lef\xe8vre\n";
    let file = [western.as_slice(), "4,José Peña\n5,Łukasz Żak\n".as_bytes()].concat();
    let expected = [
        "2 1 José Núñez",
        "3 2 Zoë Brontë",
        "4 3 André Lefèvre",
        "5 4 José Peña",
        "6 5 Łukasz Żak",
    ];
    assert_eq!(told(file, "a.csv"), expected);
    let utf8 = "id,name\n1,José\n2,Zoë\n3,Łukasz\n".as_bytes();
    let file = [utf8, b"4,Ren\xe9 M\xfcller\n5,Zo\xeb \xc5\x82\n"].concat();
    let expected =
        ["2 1 José", "3 2 Zoë", "4 3 Łukasz", "5 4 René Müller", "6! bytes that are not UTF-8"];
    assert_eq!(told(file, "a.csv"), expected);
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
        let options = Options { format, file: "any".to_owned(), ..Options::default() };
        if let Ok(reader) = Reader::open(Input::of(bytes), &people(), &options) {
            for delivered in reader {
                prop_assert!(delivered.is_ok(), "only the input fails, and this one does not");
            }
        }
    }

    #[test]
    fn troubled_text_is_all_delivered(rows in "[a-c,\"\n;é{}]{0,200}") {
        let text = format!("id,name\n{rows}");
        let options = Options { format: Some(Format::Csv), file: "any".to_owned(), ..Options::default() };
        let reader = Reader::open(Input::of(text.into_bytes()), &people(), &options).unwrap();
        let lines: Vec<u64> = reader
            .filter_map(|delivered| match delivered.unwrap() {
                Delivered::Row(row) => Some(row.line),
                Delivered::Quarantined(row) => Some(row.line),
                Delivered::Skipped(_) => None,
            })
            .collect();
        prop_assert!(lines.is_sorted_by(|a, b| a < b), "each line begins one row at most, in order");
    }

    #[test]
    fn every_line_is_a_row_or_in_quarantine_or_counted(lines in proptest::collection::vec("[a-z0-9,]{0,12}", 0..40)) {
        let text = format!("id,name\n{}", lines.join("\n"));
        let counts = settled(text, "crm.csv", &people()).map(|delivered| match delivered.unwrap() {
            Delivered::Row(row) => 1 + row.later.len() as u64,
            Delivered::Quarantined(_) => 1,
            Delivered::Skipped(Skipped { blank, headers, above, below, repeated, .. }) => {
                blank + headers + above + below + repeated
            }
        });
        let is_line_begun = lines.last().is_some_and(String::is_empty);
        prop_assert_eq!(counts.sum::<u64>() as usize, lines.len() - usize::from(is_line_begun));
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
        // Letters of no language leave the encoding open.
        let options = Options {
            file: "crm.csv".to_owned(),
            encoding: Some("UTF-8".to_owned()),
            ..Options::default()
        };
        let bytes = Input::of(writer.into_inner().unwrap());
        let reader = Reader::open(bytes, &people(), &options).unwrap();
        let read: Vec<Option<String>> = reader
            .map(|delivered| match delivered.unwrap() {
                Delivered::Row(row) => {
                    Some(row.fields.first().map(|(_, text)| text.to_string()).unwrap_or_default())
                }
                Delivered::Quarantined(QuarantinedRow {
                    reason: QuarantineReason::RowsInQuotes { .. }, ..
                }) => None,
                other => panic!("{other:?}"),
            })
            .collect();
        prop_assert_eq!(read.len(), cells.len());
        for (read, (cell, _)) in read.iter().zip(&cells) {
            let written = if cell.trim().is_empty() { "" } else { cell };
            // Only a text with a line like `k7|…` may be rows, and is set aside to be asked about.
            let mut lines = cell.split(['\r', '\n']).skip(1);
            let may_be_row = |line: &str| {
                line.starts_with(|it: char| it < '\u{250}' || ('\u{1e00}'..'\u{1f00}').contains(&it)) && line.contains(char::from(delimiter))
            };
            match read {
                Some(read) => prop_assert_eq!(read, written),
                None => prop_assert!(lines.any(may_be_row), "{cell:?}"),
            }
        }
    }
}

#[test]
fn what_is_said_of_a_file_must_mean_something_to_its_format() {
    for (file, text, flag, format) in [
        ("a.csv", "id,name\n1,Ann\n", "--sheet", "csv"),
        ("a.csv", "id,name\n1,Ann\n", "--records", "csv"),
        ("a.tsv", "id\tname\n1\tAnn\n", "--sheet", "tsv"),
        ("a.jsonl", "{\"id\":1}\n", "--sheet", "jsonl"),
        ("a.jsonl", "{\"id\":1}\n", "--delimiter", "jsonl"),
        ("a.jsonl", "{\"id\":1}\n", "--header-row", "jsonl"),
    ] {
        let options = Options { file: file.to_owned(), flags: vec![flag], ..Options::default() };
        let error =
            Reader::open(Input::of(text.as_bytes().to_vec()), &people(), &options).unwrap_err();
        let expected = format!("{flag} does not apply to {file}: its format is {format}");
        assert_eq!(error.to_string(), expected);
    }
    for flag in ["--encoding", "--delimiter", "--header-row"] {
        let options = Options { flags: vec![flag], ..Options::default() };
        assert!(Reader::open(Input::of(b"id,name\n1,Ann\n".to_vec()), &people(), &options).is_ok());
    }
}

#[test]
fn markup_under_the_name_of_a_workbook_is_said() {
    for (text, what) in [
        ("<html><body><table><tr><td>id</td></tr></table>", "a web page (HTML)"),
        ("\n <!DOCTYPE HTML>\n<html>", "a web page (HTML)"),
        ("<TABLE><TR><TD>id", "a web page (HTML)"),
        ("<meta charset=utf-8><table>", "a web page (HTML)"),
        ("<?xml version=\"1.0\"?><rows/>", "XML"),
        (
            "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
            "an Excel 2003 XML workbook",
        ),
    ] {
        let error = refused(text, "customers.xls");
        assert_eq!(
            error,
            format!(
                "customers.xls is {what}, whatever its name says: open it in a spreadsheet program, \
                 save it as xlsx or CSV, and import that"
            )
        );
    }
    assert!(open("id,name\n1,<table>\n", "a.csv", &people()).is_ok());
}

#[test]
fn totals_are_none_of_the_table_and_names_are() {
    for (rows, expected) in [
        ("1,Ann,5\nTotal,,5\n", &["2 1 Ann", "1 row below the table"][..]),
        ("1,Ann,5\n1,Total,5\n", &["2 1 Ann", "1 row below the table"]),
        ("1,Ann,5\n,Subtotal,5\n2,Bob,7\n", &["2 1 Ann", "4 2 Bob", "1 row of totals"]),
        ("1,Ann,5\n,Berlin Total,5\n2,Bob,7\n", &["2 1 Ann", "4 2 Bob", "1 row of totals"]),
        ("1,Ann,5\nSumme,,\"1.234,50 EUR\"\n", &["2 1 Ann", "1 row below the table"]),
        ("1,Ann,5\nID,Name,LIMIT\n2,Bob,7\n", &["2 1 Ann", "4 2 Bob", "1 repeated header"]),
        ("1,Ann,5\n1007,Total,Paris\n", &["2 1 Ann", "3 1007 Total"]),
        ("1,Ann,5\n1007,Total,5\n", &["2 1 Ann", "3 1007 Total"]),
        ("1,Ann,5\n,Bob Marlow,\n", &["2 1 Ann", "3! no key in column `id`"]),
        ("1,Ann,5\nTotal,Bob,5\n", &["2 1 Ann", "3 Total Bob"]),
    ] {
        assert_eq!(told(format!("id,name,limit\n{rows}"), "crm.csv"), expected, "{rows}");
    }
}

#[test]
fn rows_of_another_table_below_are_no_customers() {
    let kept = |rows: &str| {
        let text = format!("id,name,email\n1,Ann,a@x.org\n2,Ben,b@x.org\n{rows}");
        let told = told(text, "crm.csv");
        let is_kept = |row: &&String| !row.contains('!') && !row.contains("row");
        told.iter().filter(is_kept).cloned().collect::<Vec<String>>()
    };
    let both = ["2 1 Ann", "3 2 Ben"];
    for other in [
        "\norder,amount\n17,12.50\n18,13.00\n",
        "\norder,amount\n17,12.50\n",
        "\norder,amount\n17,12.50\n18,13.00\n19,14.00\n",
        "\nArtikel,Preis\nA-1,5\nA-2,6\nA-3,7\n",
        "\nCode,Meaning\nA,active\nB,blocked\nC,closed\n",
    ] {
        assert_eq!(kept(other), both, "{other}");
    }
    // A blank line and a row without its last cells are no other table, nor is what comes in full.
    assert_eq!(kept("\n3,Cy\n").len(), 3);
    assert_eq!(kept("\nRegion,North\n3,Cy,c@x.org\n4,Di,d@x.org\n").len(), 4);
}

#[test]
fn a_text_where_an_object_is_mapped_is_said() {
    let source = source("id", None, &[("given_name", &["name.first"]), ("city", &["town.0.city"])]);
    for (row, reason) in [
        ("{\"id\":1,\"name\":\"Ann Marlow\"}", Some("`name` is text, but `name.first` is mapped")),
        ("{\"id\":1,\"name\":5}", Some("`name` is a single value, but `name.first`")),
        ("{\"id\":1,\"town\":\"Omaha\"}", Some("`town` is text, but `town.0.city`")),
        ("{\"id\":1,\"town\":[\"Omaha\"]}", Some("`town.0` is text, but `town.0.city`")),
        ("{\"id\":1,\"name\":\"\"}", None),
        ("{\"id\":1,\"name\":null}", None),
        ("{\"id\":1,\"name\":{\"first\":\"Ann\"}}", None),
    ] {
        let rows = told_of(open(format!("{row}\n"), "a.jsonl", &source).unwrap());
        assert_eq!(rows.len(), 1, "{row}");
        match reason {
            Some(reason) => assert!(rows[0].contains(reason), "{rows:?}"),
            None => assert!(rows[0].starts_with("1 1"), "{rows:?}"),
        }
    }
}
