use super::*;

fn of(bytes: &[u8]) -> Result<Option<Encoding>, &'static str> {
    Encoding::of(&Sample { bytes: bytes.to_vec(), is_whole: true })
}

fn utf16(text: &str, low_first: bool) -> Vec<u8> {
    let bytes = |unit: u16| if low_first { unit.to_le_bytes() } else { unit.to_be_bytes() };
    text.encode_utf16().flat_map(bytes).collect()
}

fn windows(name: &str) -> Encoding {
    Encoding::named(name).unwrap()
}

#[test]
fn some_are_told_by_how_they_begin() {
    let polish = "id;name\n1;Łukasz Żak\n2;Иван\n3;山田太郎\n";
    for (bytes, expected) in [
        (b"id,name\n".to_vec(), None),
        (b"\xef\xbb\xbfid".to_vec(), Some(Encoding::Utf8)),
        (b"id,name\n1,Jos\xe9\n".to_vec(), None),
        (utf16("\u{feff}id;name", true), Some(Encoding::Utf16Le)),
        (utf16("\u{feff}id;name", false), Some(Encoding::Utf16Be)),
        (utf16("id;name\n1;José\n", true), Some(Encoding::Utf16Le)),
        (utf16("id;name\n1;José\n", false), Some(Encoding::Utf16Be)),
        (utf16(polish, true), Some(Encoding::Utf16Le)),
        (utf16(polish, false), Some(Encoding::Utf16Be)),
        (
            utf16("1;Иван Иванович Петров\n2;Ольга Сергеевна Смирнова\n", true),
            Some(Encoding::Utf16Le),
        ),
    ] {
        assert_eq!(of(&bytes), Ok(expected), "{bytes:?}");
    }
}

#[test]
fn binary_files_are_named() {
    assert_eq!(of(b"PK\x03\x04rest"), Err("a zip archive or an Excel workbook"));
    assert_eq!(of(&[0, 1, 2, 3, 0, 5]), Err("binary data"));
    let one_nul = [b"id,name\n".as_slice(), &b"1,abc\n".repeat(99), b"2,a\0\n"].concat();
    assert_eq!(of(&one_nul), Ok(None), "one NUL in one row is that row's trouble");
    assert_eq!(of(b"id,name,phone\0\n1,Ann,2175550104\n"), Ok(None), "as it is in a header");
    assert_eq!(of(b"\x1b$)Cid,name\n1,\x0eAu\x0f\n2,Bo\n"), Ok(None), "letters in escapes");
    assert_eq!(of(b"id\x01name\n1\x01Ann\n"), Ok(None), "cells may be parted by controls");
}

#[test]
fn two_marks_are_one() {
    assert_eq!(Encoding::Utf8.mark_length(b"\xef\xbb\xbf\xef\xbb\xbfid"), 6);
    assert_eq!(Encoding::Utf16Le.mark_length(b"\xff\xfei\0"), 2);
    assert_eq!(windows("windows-1252").mark_length(b"\xef\xbb\xbfid"), 0);
}

#[test]
fn what_the_encoding_does_not_allow_is_said_and_its_bytes_kept() {
    let undefined = windows("windows-1252").decode(vec![b'a', 0xe9, 0x81]);
    assert_eq!((undefined.text.as_str(), undefined.is_bad), ("aé\u{fffd}", true));
    let lone_surrogate = Encoding::Utf16Le.decode(vec![0x00, 0xd8, b'a', 0]);
    assert!(lone_surrogate.is_bad && lone_surrogate.bytes.is_some());
    let utf8 = Encoding::Utf8.decode(vec![b'a', 0xff]);
    assert!(utf8.is_bad);
    assert_eq!(utf8.bytes.as_deref(), Some(&[b'a', 0xff][..]));
    let page = windows("cp857").decode(vec![b'a', 0x8d, 0xd5]);
    assert_eq!((page.text.as_str(), page.is_bad), ("aı\u{fffd}", true));
}

#[test]
fn every_name_of_the_settings_is_an_encoding() {
    for name in ["cp437", "cp720", "cp850", "cp869", "windows-1250", "macintosh", "Shift_JIS"] {
        let canonical = settings::encoding_name(name).unwrap();
        assert_eq!(windows(canonical).name(), canonical);
    }
    assert_eq!(windows("cp850").decode(vec![0x82]).text, "é");
    assert_eq!(windows("macintosh").decode(vec![0x8e]).text, "é");
}

#[test]
fn a_row_in_another_encoding_is_read_as_such_where_that_is_certain() {
    let western = RowEncoding { of: windows("windows-1252"), odd: Some(Encoding::Utf8) };
    let utf8 = RowEncoding { of: Encoding::Utf8, odd: Some(windows("windows-1252")) };
    for (encoding, row, expected) in [
        (western, b"4,Jos\xe9".to_vec(), Some("4,José")),
        (western, "4,José,Łódź".into(), Some("4,José,Łódź")),
        (western, "4,Ελένη".into(), Some("4,Ελένη")),
        (western, b"4,\xc3".to_vec(), Some("4,Ã")),
        (western, b"4,Jos\x81".to_vec(), None),
        (utf8, b"4,Ren\xe9".to_vec(), Some("4,René")),
        (utf8, "4,René".into(), Some("4,René")),
        (utf8, [b"4,Ren\xe9,".as_slice(), "Müller".as_bytes()].concat(), None),
        (utf8, b"4,Ren\xc3".to_vec(), None),
        (RowEncoding::all(Encoding::Utf8), b"4,Ren\xe9".to_vec(), None),
    ] {
        let decoded = encoding.decode(row.clone());
        let text = (!decoded.is_bad).then_some(decoded.text);
        assert_eq!(text.as_deref(), expected, "{row:?}");
    }
}

#[test]
fn utf8_by_accident_is_no_utf8() {
    // хаб in code page 866 is one Chinese character in UTF-8.
    let page = RowEncoding { of: windows("cp866"), odd: Some(Encoding::Utf8) };
    assert_eq!(page.decode(b"1,\xe5\xa0\xa1".to_vec()).text, "1,хаб");
    // Two Chinese characters whose four bytes are two letters in UTF-8.
    let wide = RowEncoding { of: windows("GBK"), odd: Some(Encoding::Utf8) };
    assert_eq!(wide.decode(b"1,\xc1\xaa\xcd\xa8".to_vec()).text, "1,联通");
}
