//! How a source writes its text files: `encoding`, `delimiter`, `header_row`.

use super::encoding::{encoding_name, no_encoding};
use super::reader::{Findings, Table, integer};

/// How a source writes its text files. What is not said here is found out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// The encoding, by its one name.
    pub encoding: Option<&'static str>,
    /// What parts the cells of a row.
    pub delimiter: Option<u8>,
    /// The line of the header, counted from 1.
    pub header_row: Option<u64>,
}

/// Delimiters that have a name.
const NAMES: [(&str, u8); 7] = [
    ("comma", b','),
    ("semicolon", b';'),
    ("tab", b'\t'),
    ("pipe", b'|'),
    ("colon", b':'),
    ("control-A", 0x01),
    ("unit separator", 0x1f),
];

/// The delimiter that a text says, by its name or as it is; none where it can be none.
#[must_use]
pub fn delimiter(text: &str) -> Option<u8> {
    if let Some((_, byte)) = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)) {
        return Some(*byte);
    }
    let byte = match text {
        "\\t" => b'\t',
        text => *text.as_bytes().first().filter(|_| text.len() == 1)?,
    };
    let is_one = byte.is_ascii()
        && !byte.is_ascii_alphanumeric()
        && !matches!(byte, b'"' | b'\'' | b'\\' | b'\n' | b'\r' | b' ' | 0);
    is_one.then_some(byte)
}

/// The highest line that a header may stand in.
const LOWEST: i64 = 1_000_001;

impl Written {
    /// The keys that are read.
    pub(super) const KEYS: [&'static str; 3] = ["encoding", "delimiter", "header_row"];

    pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> Written {
        let mut written = Written::default();
        if let Some(label) = table.text("encoding", findings) {
            written.encoding = encoding_name(label.text);
            if written.encoding.is_none() {
                let at = table.get("encoding").map_or(table.at, |entry| entry.at);
                findings.add(at, no_encoding(label.text));
            }
        }
        if let Some(entry) = table.get("delimiter") {
            // A tab is a blank text, so it is not read as others are.
            written.delimiter = entry.value.get_ref().as_str().and_then(delimiter);
            if written.delimiter.is_none() {
                let message =
                    "`delimiter` should be one character, such as `;`, or `tab`, `comma`, `pipe`";
                findings.add(entry.at, message);
            }
        }
        if let Some(entry) = table.get("header_row") {
            let row = integer(entry, 1..LOWEST, findings);
            written.header_row = row.and_then(|row| u64::try_from(row).ok());
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(lines: &str) -> Result<Written, String> {
        let text = format!(
            "[workspace]\nname = \"a\"\nregion = \"US\"\n[fields.city]\ntype = \"city\"\n\
             [sources.crm]\nkey = \"id\"\nmap = {{ city = \"city\" }}\n{lines}\n"
        );
        match crate::parse(&text) {
            Ok(settings) => Ok(settings.sources[0].written),
            Err(findings) => Err(findings[0].message.clone()),
        }
    }

    #[test]
    fn what_is_said_is_read() {
        assert_eq!(source(""), Ok(Written::default()));
        let said = source("encoding = \"cp1250\"\ndelimiter = \"tab\"\nheader_row = 4").unwrap();
        assert_eq!((said.encoding, said.delimiter), (Some("windows-1250"), Some(b'\t')));
        assert_eq!(said.header_row, Some(4));
        for (text, byte) in [("^", b'^'), ("\\t", b'\t'), ("pipe", b'|'), ("\\u0001", 1)] {
            assert_eq!(source(&format!("delimiter = \"{text}\"")).unwrap().delimiter, Some(byte));
        }
    }

    #[test]
    fn what_makes_no_sense_is_a_finding() {
        for (line, expected) in [
            ("encoding = \"latin\"", "unknown encoding `latin`"),
            ("encoding = 8", "`encoding` should be a text"),
            ("delimiter = \"ab\"", "`delimiter` should be one character"),
            ("delimiter = \"x\"", "`delimiter` should be one character"),
            ("delimiter = \"'\"", "`delimiter` should be one character"),
            ("header_row = 0", "`header_row` should be from 1"),
        ] {
            let message = source(line).unwrap_err();
            assert!(message.starts_with(expected), "{message}");
        }
    }
}
