//! Encodings that are not read and whose bytes say what they are.

/// An encoding that nothing here decodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::acquire) struct Unread {
    /// What it is called.
    pub name: &'static str,
    /// One of its kind, by its name for `iconv`.
    pub iconv: &'static str,
}

/// UTF-32 begins with a mark of four bytes.
pub(super) const UTF_32: Unread = Unread { name: "UTF-32", iconv: "UTF-32" };
/// EBCDIC has a page for every country; letters without accents are the same in all of them.
const EBCDIC: Unread = Unread { name: "EBCDIC", iconv: "IBM037" };

/// Which of them a file is in that begins like this.
pub(in crate::acquire) fn of(bytes: &[u8]) -> Option<Unread> {
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
        return Some(UTF_32);
    }
    is_ebcdic(bytes).then_some(EBCDIC)
}

/// Text on mainframes has its blanks, digits and letters where no other text has all of them, and
/// neither a line feed nor a blank of ASCII.
fn is_ebcdic(bytes: &[u8]) -> bool {
    const SHORTEST: usize = 16;
    let is_letter = |byte: &u8| {
        matches!(byte, 0x81..=0x89 | 0x91..=0x99 | 0xa2..=0xa9)
            || matches!(byte, 0xc1..=0xc9 | 0xd1..=0xd9 | 0xe2..=0xe9)
    };
    // The blank, what parts lines, and the signs that all pages have: . ( + & * ) ; - / , % _ > ? : ' = "
    let is_sign = |byte: &u8| {
        let parts_lines = matches!(byte, 0x0d | 0x15 | 0x25 | 0x40);
        parts_lines
            || b"\x4b\x4d\x4e\x50\x5c\x5d\x5e\x60\x61\x6b\x6c\x6d\x6e\x6f\x7a\x7d\x7e\x7f\x05"
                .contains(byte)
    };
    let is_digit = |byte: &u8| (0xf0..=0xf9).contains(byte);
    let count = |is: &dyn Fn(&u8) -> bool| bytes.iter().filter(|byte| is(byte)).count();
    let (letters, digits, signs) = (count(&is_letter), count(&is_digit), count(&is_sign));
    let is_of_ascii = |byte: &u8| matches!(byte, b'\n' | b' ' | b'0'..=b'9');
    bytes.len() >= SHORTEST
        && !bytes.iter().any(is_of_ascii)
        && signs > 0
        && letters * 3 > bytes.len()
        && (letters + digits + signs) * 20 > bytes.len() * 19
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text in EBCDIC, page 037.
    fn ebcdic(text: &str) -> Vec<u8> {
        let of = |character: u8| match character {
            b'a'..=b'i' => character - b'a' + 0x81,
            b'j'..=b'r' => character - b'j' + 0x91,
            b's'..=b'z' => character - b's' + 0xa2,
            b'A'..=b'I' => character - b'A' + 0xc1,
            b'J'..=b'R' => character - b'J' + 0xd1,
            b'S'..=b'Z' => character - b'S' + 0xe2,
            b'0'..=b'9' => character - b'0' + 0xf0,
            b',' => 0x6b,
            b';' => 0x5e,
            b'\n' => 0x25,
            b' ' => 0x40,
            other => panic!("{other}"),
        };
        text.bytes().map(of).collect()
    }

    #[test]
    fn what_is_not_read_is_named() {
        for text in ["id,first,last\n1,Ann,Marlow\n", "ID;NAME;CITY\n17;JANE DOE;NEW YORK\n"] {
            assert_eq!(of(&ebcdic(text)), Some(EBCDIC), "{text}");
        }
        assert_eq!(of(b"\xff\xfe\0\0i\0\0\0"), Some(UTF_32));
        assert_eq!(of(b"\0\0\xfe\xff\0\0\0i"), Some(UTF_32));
        for bytes in [
            &b"id,name\n1,Jos\xe9\n"[..],
            b"\xc8\xe2\xe0\xed,\xcf\xe5\xf2\xf0\xee\xe2\n\xce\xeb\xfc\xe3\xe0,\xcc\xee\xf1\xea\xe2\xe0\n",
            b"\xc8\xe2\xe0\xed\xc8\xe2\xe0\xed\xc8\xe2\xe0\xed\xc8\xe2\xe0\xed\r\xc8\xe2",
            b"\x93\xfa\x96{,\x8eR\x93c\r\x91\xbe\x98Y,\x93\x8c\x8b\x9e\r",
            b"\xff\xfei\0d\0",
            b"",
        ] {
            assert_eq!(of(bytes), None, "{bytes:?}");
        }
    }
}
