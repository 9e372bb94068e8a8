use super::*;

const COMMAS: Dialect = Dialect { delimiter: b',', quote: b'"', backslash: false };

fn lines(bytes: Vec<u8>, encoding: Encoding) -> Lines {
    let text = encoding.decode(bytes.clone()).text;
    Lines::new(Box::new(io::Cursor::new(bytes)), RowEncoding::all(encoding), &text)
}

fn texts(bytes: Vec<u8>, encoding: Encoding) -> Vec<(u64, String)> {
    let mut lines = lines(bytes, encoding);
    std::iter::from_fn(|| lines.next_row(None).unwrap())
        .map(|line| (line.number, line.text))
        .collect()
}

#[test]
fn line_ends_are_found_in_every_encoding() {
    // U+0A0A and U+010A hold the byte of a line feed and are none.
    let text = "a\u{a0a}\u{10a}\u{d0a}b\r\nc\n\n  \r\nd";
    let expected = [(1, "a\u{a0a}\u{10a}\u{d0a}b\r\n"), (2, "c\n"), (5, "d")]
        .map(|(number, text)| (number, text.to_owned()));
    let low: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let high: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(texts(text.into(), Encoding::Utf8), expected);
    assert_eq!(texts(low, Encoding::Utf16Le), expected);
    assert_eq!(texts(high, Encoding::Utf16Be), expected);
    let returns = texts(b"a\rb\r".to_vec(), Encoding::Utf8);
    assert_eq!(returns, [(1, "a\r".to_owned()), (2, "b\r".to_owned())]);
}

#[test]
fn an_endless_line_is_cut_but_counted() {
    let mut bytes = "ä".repeat(ROW_LIMIT).into_bytes();
    bytes.insert(0, b'x');
    bytes.extend_from_slice(b"\nnext\n");
    let size = bytes.len() as u64;
    let mut lines = lines(bytes, Encoding::Utf8);
    let long = lines.next_row(None).unwrap().unwrap();
    let extent = RowExtent { bytes: size - 5, last_line: 1, is_closed: true };
    assert_eq!(long.shape, Shape::SetAside { extent, column: 1 });
    assert!(!long.is_bad && long.text.len() <= KEPT_LIMIT);
    let next = lines.next_row(None).unwrap().unwrap();
    assert_eq!((next.number, next.content()), (2, "next"));
    assert_eq!(lines.bytes_read(), size);
}

#[test]
fn a_quote_that_is_looked_for_too_far_is_set_aside_to_where_it_shows() {
    let inside = "k,inside\n".repeat(400_000);
    for (end, rest) in [("5,\"Smith, J\"\n6,Ann\n", 2), ("6,Ann", 0)] {
        let file = format!("1,\"x\n{inside}{end}");
        let mut lines = lines(file.into_bytes(), Encoding::Utf8);
        lines.limits.0 = 2 * ROW_LIMIT;
        let first = lines.next_row(Some(COMMAS)).unwrap().unwrap();
        let Shape::SetAside { extent, column: 2 } = first.shape else { panic!("set aside") };
        let last_line = if rest == 0 { 400_002 } else { 400_001 };
        assert_eq!((extent.is_closed, extent.last_line), (false, last_line));
        let more: Vec<u64> = std::iter::from_fn(|| lines.next_row(Some(COMMAS)).unwrap())
            .map(|line| line.number)
            .collect();
        assert_eq!(more, &[400_002, 400_003][..rest]);
    }
}

#[test]
fn after_a_misplaced_quote_a_row_is_looked_at_no_further_than_the_limit() {
    // An odd number of quotes to the end: the first is taken for one that is never closed.
    let inside = "k,inside\n".repeat(400_000);
    let file = format!("1,\"x\n5,\"Smith, J\"\n{inside}6,Ann\n");
    let mut lines = lines(file.into_bytes(), Encoding::Utf8);
    lines.limits.0 = 2 * ROW_LIMIT;
    let first = lines.next_row(Some(COMMAS)).unwrap().unwrap();
    assert_eq!((first.shape, first.text.as_str()), (Shape::Unclosed, "1,\"x\n"));
    assert!(lines.buffer.len() < 2 * ROW_LIMIT + 2 * CHUNK);
    let second = lines.next_row(Some(COMMAS)).unwrap().unwrap();
    assert_eq!((second.shape, second.number), (Shape::Whole, 2));
    // In one line without an end nothing is kept for long.
    let line = format!("\"a\"b{}\n6,Ann\n", "x".repeat(5 * ROW_LIMIT));
    let mut lines = super::tests::lines(format!("1,{line}").into_bytes(), Encoding::Utf8);
    lines.limits.0 = 2 * ROW_LIMIT;
    let first = lines.next_row(Some(COMMAS)).unwrap().unwrap();
    let Shape::SetAside { extent, .. } = first.shape else { panic!("set aside") };
    assert_eq!((extent.is_closed, extent.last_line), (true, 1));
    assert!(lines.buffer.len() < 3 * ROW_LIMIT + 2 * CHUNK);
    assert_eq!(lines.next_row(Some(COMMAS)).unwrap().unwrap().number, 2);
}

#[test]
fn a_misplaced_quote_beyond_what_is_looked_at_ends_the_row_with_its_line() {
    let inside = "k,inside\n".repeat(400_000);
    let file = format!("1,\"x\n{inside}\" ,x\n6,Ann\n");
    let mut lines = lines(file.into_bytes(), Encoding::Utf8);
    lines.limits.0 = 2 * ROW_LIMIT;
    let first = lines.next_row(Some(COMMAS)).unwrap().unwrap();
    let Shape::SetAside { extent, .. } = first.shape else { panic!("set aside") };
    assert_eq!((extent.is_closed, extent.last_line), (true, 400_002));
    assert_eq!(lines.next_row(Some(COMMAS)).unwrap().unwrap().number, 400_003);
}

#[test]
fn quotes_that_never_close_cost_a_bounded_time() {
    // Each of these lines opens a quote, and inside of a quote leaves one open.
    let bytes = "y\",,\"\n".repeat(ROW_LIMIT / 6 - 1).into_bytes();
    let size = bytes.len() as u64;
    let mut lines = lines(bytes, Encoding::Utf8);
    lines.limits.1 = 8 << 20;
    while lines.next_row(Some(COMMAS)).unwrap().is_some() {}
    assert_eq!(lines.bytes_read(), size);
    assert!(lines.looked < (8 << 20) + 6 * size, "{}", lines.looked);
}

fn contents(bytes: &[u8], line_end: LineEnd) -> Vec<(u64, String, u64)> {
    let mut lines = lines(bytes.to_vec(), Encoding::Utf8);
    lines.end_with(line_end);
    std::iter::from_fn(|| lines.next_row(Some(COMMAS)).unwrap())
        .map(|line| (line.number, line.content().to_owned(), line.blanks))
        .collect()
}

#[test]
fn one_file_may_end_its_lines_in_every_way() {
    let rows = contents(b"a\r\nb\n\"c\r\nd\"\re\r\r\nf", LineEnd::Either);
    let rows: Vec<(u64, &str, u64)> = rows.iter().map(|(n, t, b)| (*n, t.as_str(), *b)).collect();
    assert_eq!(rows, [(1, "a", 0), (2, "b", 0), (3, "\"c\r\nd\"", 0), (5, "e", 0), (7, "f", 1)]);
}

#[test]
fn what_ends_a_file_and_what_is_nothing_goes() {
    for (bytes, expected) in [
        (&b"a\r\nb\r\n\x1a"[..], vec!["a", "b", ""]),
        (b"a\nb\x1a", vec!["a", "b"]),
        (b"a\x1ab\nc", vec!["a\u{1a}b", "c"]),
        (b"a\0b\nc\0", vec!["ab", "c"]),
        (b"\xef\xbb\xbf\xef\xbb\xbfa\n\xef\xbb\xbfb", vec!["a", "b"]),
    ] {
        let rows = contents(bytes, LineEnd::Feed);
        assert_eq!(
            rows.iter().map(|row| row.1.as_str()).collect::<Vec<_>>(),
            expected,
            "{bytes:?}"
        );
    }
}

#[test]
fn rows_that_are_passed_over_plain_are_those_that_are_read() {
    let long = format!("{},b\n", "ü".repeat(CHUNK));
    let text = [
        "\u{feff}id,name\r\n1,Ann\n\n   \n2,\"B\no\"\n3,Cléo\r\n4,\"D\"\n5,E\u{0}f\n\u{1a}\n6,\u{feff}G\n",
        &long,
        "7,\"never closed\n8,Hal\n\u{1a}",
    ];
    for (encoding, bytes) in [
        (Encoding::Utf8, text.concat().into_bytes()),
        (Encoding::Utf8, b"1,a\n2,\xff\n3,c".to_vec()),
        (Encoding::named("windows-1252").unwrap(), b"1,a\n2,\xe9\n3,c\n".to_vec()),
        (Encoding::Utf16Le, "1,a\n2,b\n".encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ] {
        let mut read = lines(bytes.clone(), encoding);
        let read: Vec<(u64, String)> = std::iter::from_fn(|| read.next_row(Some(COMMAS)).unwrap())
            .map(|line| (line.number, line.text))
            .collect();
        let mut passed = lines(bytes, encoding);
        let passed: Vec<(u64, String)> = std::iter::from_fn(|| {
            if let Some((number, row)) = passed.next_plain(COMMAS).unwrap() {
                return Some((number, row.to_owned()));
            }
            passed.next_row(Some(COMMAS)).unwrap().map(|line| (line.number, line.text))
        })
        .collect();
        assert_eq!(passed, read, "{}", encoding.name());
    }
}
