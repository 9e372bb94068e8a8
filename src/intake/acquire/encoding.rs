//! Which encoding a file is in, told from its beginning, and decoding line by line.

use std::io::Read;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How much of a file is looked at before anything is decided, in bytes.
const SAMPLE: usize = 256 << 10;

/// The beginning of a file.
pub(super) struct Sample {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether that is all of it.
    pub is_whole: bool,
}

/// Reads the beginning of a file; short reads (pipes) are continued.
pub(super) fn read_sample(input: &mut dyn Read) -> std::io::Result<Sample> {
    let mut bytes = Vec::new();
    input.take(SAMPLE as u64).read_to_end(&mut bytes)?;
    let is_whole = bytes.len() < SAMPLE;
    Ok(Sample { bytes, is_whole })
}

/// An encoding that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows-1252, of which printable Latin-1 is a part.
    Windows1252,
}

/// One decoded line.
pub(super) struct Decoded {
    /// Its text; what could not be decoded is U+FFFD.
    pub text: String,
    /// Its bytes, where they are not those of the text.
    pub bytes: Option<Vec<u8>>,
    /// Whether the encoding does not allow the bytes.
    pub is_bad: bool,
}

impl Encoding {
    /// The encoding of a file that begins like this; `Err` says which kind of file it is that is
    /// not text.
    pub fn of(sample: &Sample) -> Result<Encoding, &'static str> {
        let bytes = sample.bytes.as_slice();
        for (mark, what) in [
            (&b"PK\x03\x04"[..], "a zip archive or an Excel workbook"),
            (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
            (b"\x1f\x8b", "compressed with gzip"),
            (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
            (b"%PDF-", "a PDF"),
            (b"PAR1", "a Parquet file"),
            (b"SQLite format 3\0", "an SQLite database"),
        ] {
            if bytes.starts_with(mark) {
                return Err(what);
            }
        }
        if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
            return Err("in UTF-32, which is not read");
        }
        if bytes.starts_with(b"\xef\xbb\xbf") {
            return Ok(Encoding::Utf8);
        }
        if bytes.starts_with(b"\xff\xfe") {
            return Ok(Encoding::Utf16Le);
        }
        if bytes.starts_with(b"\xfe\xff") {
            return Ok(Encoding::Utf16Be);
        }
        if let Some(encoding) = utf16_by_zeros(bytes) {
            return Ok(encoding);
        }
        if is_binary(bytes) {
            return Err("binary data");
        }
        Ok(utf8_or_windows1252(bytes))
    }

    /// The name in descriptions and quarantine reasons.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
            Encoding::Windows1252 => "windows-1252",
        }
    }

    /// Bytes a character takes at least.
    pub fn unit(self) -> usize {
        match self {
            Encoding::Utf8 | Encoding::Windows1252 => 1,
            Encoding::Utf16Le | Encoding::Utf16Be => 2,
        }
    }

    /// The length of the byte-order mark these bytes begin with.
    pub fn mark_length(self, bytes: &[u8]) -> usize {
        let mark: &[u8] = match self {
            Encoding::Utf8 => b"\xef\xbb\xbf",
            Encoding::Utf16Le => b"\xff\xfe",
            Encoding::Utf16Be => b"\xfe\xff",
            Encoding::Windows1252 => b"",
        };
        if bytes.starts_with(mark) { mark.len() } else { 0 }
    }

    /// The beginning of the file as text, for guesses; ends with a whole line unless it has none.
    pub fn read_beginning(self, sample: &Sample) -> String {
        let text = self.decode(sample.bytes[self.mark_length(&sample.bytes)..].to_vec()).text;
        match text.rfind(['\n', '\r']) {
            Some(end) if !sample.is_whole => text[..=end].to_owned(),
            _ => text,
        }
    }

    /// Decodes whole lines.
    pub fn decode(self, bytes: Vec<u8>) -> Decoded {
        let (encoding, is_bad) = match self {
            Encoding::Utf8 => return decode_utf8(bytes),
            Encoding::Windows1252 if bytes.is_ascii() => return decode_utf8(bytes),
            Encoding::Windows1252 => (WINDOWS_1252, bytes.iter().any(is_undefined_in_windows1252)),
            Encoding::Utf16Le => (UTF_16LE, false),
            Encoding::Utf16Be => (UTF_16BE, false),
        };
        let (text, malformed) = encoding.decode_without_bom_handling(&bytes);
        let text = if is_bad {
            // The decoder gives the five undefined bytes as control characters.
            let is_control = |letter: char| ('\u{80}'..='\u{9f}').contains(&letter);
            text.replace(is_control, "\u{fffd}")
        } else {
            text.into_owned()
        };
        Decoded { text, is_bad: is_bad || malformed, bytes: Some(bytes) }
    }
}

fn decode_utf8(bytes: Vec<u8>) -> Decoded {
    match String::from_utf8(bytes) {
        Ok(text) => Decoded { text, bytes: None, is_bad: false },
        Err(error) => Decoded {
            text: String::from_utf8_lossy(error.as_bytes()).into_owned(),
            bytes: Some(error.into_bytes()),
            is_bad: true,
        },
    }
}

fn is_undefined_in_windows1252(byte: &u8) -> bool {
    matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d)
}

/// Latin text in UTF-16 has a zero in nearly every other byte.
fn utf16_by_zeros(bytes: &[u8]) -> Option<Encoding> {
    let pairs = bytes.chunks_exact(2);
    let count = pairs.len();
    let (mut first, mut second, mut controls) = (0, 0, 0);
    for pair in pairs {
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
        controls +=
            usize::from(pair[0].max(pair[1]) < 0x20 && !b"\t\n\r".contains(&pair[0].max(pair[1])));
    }
    let many = count / 4 + 1;
    let few = count / 100;
    if controls > few {
        None
    } else if second >= many && first <= few {
        Some(Encoding::Utf16Le)
    } else if first >= many && second <= few {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// A control character or two in one row is bad data; more, or a NUL in the first line, is no text.
fn is_binary(bytes: &[u8]) -> bool {
    let is_control = |byte: &&u8| **byte < 0x20 && !b"\t\n\x0b\x0c\r\x1a\x1b".contains(byte);
    let controls = bytes.iter().filter(is_control).count();
    let first_line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    controls * 100 > bytes.len() || first_line.contains(&0)
}

/// Few invalid places among real multi-byte characters: UTF-8 with bad rows. Invalid places and
/// no multi-byte characters, or fewer of them: windows-1252, in which they occur by accident.
fn utf8_or_windows1252(bytes: &[u8]) -> Encoding {
    let (mut multibyte, mut invalid) = (0_usize, 0_usize);
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        multibyte += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        let broken = chunk.invalid();
        let is_cut_off = chunks.peek().is_none() && is_beginning(broken, bytes);
        if !broken.is_empty() && !is_cut_off {
            invalid += 1;
        }
    }
    if invalid == 0 || multibyte > invalid { Encoding::Utf8 } else { Encoding::Windows1252 }
}

/// Whether `tail` begins a character that the end of a full sample cut off.
fn is_beginning(tail: &[u8], sample: &[u8]) -> bool {
    sample.len() >= SAMPLE
        && sample.ends_with(tail)
        && std::str::from_utf8(tail).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Result<Encoding, &'static str> {
        Encoding::of(&Sample { bytes: bytes.to_vec(), is_whole: true })
    }

    fn utf16(text: &str, low_first: bool) -> Vec<u8> {
        let bytes = |unit: u16| if low_first { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn told_by_mark_zeros_and_validity() {
        let latin = b"id,name\n1,Jos\xe9\n2,M\xfcller\n";
        let mixed = "id,name\n1,José\n2,Müller\n3,Zoë\n".as_bytes();
        let one_bad_row = [mixed, b"4,Ren\xe9\n"].concat();
        for (bytes, expected) in [
            (b"id,name\n".to_vec(), Encoding::Utf8),
            (b"\xef\xbb\xbfid".to_vec(), Encoding::Utf8),
            (mixed.to_vec(), Encoding::Utf8),
            (one_bad_row, Encoding::Utf8),
            (latin.to_vec(), Encoding::Windows1252),
            (utf16("\u{feff}id;name", true), Encoding::Utf16Le),
            (utf16("\u{feff}id;name", false), Encoding::Utf16Be),
            (utf16("id;name\n1;José\n", true), Encoding::Utf16Le),
            (utf16("id;name\n1;José\n", false), Encoding::Utf16Be),
        ] {
            assert_eq!(of(&bytes), Ok(expected), "{bytes:?}");
        }
    }

    #[test]
    fn binary_files_are_named() {
        assert_eq!(of(b"PK\x03\x04rest"), Err("a zip archive or an Excel workbook"));
        assert_eq!(of(&[0, 1, 2, 3, 0, 5]), Err("binary data"));
        assert_eq!(of(b"\x1f\x8b\x08"), Err("compressed with gzip"));
        let one_nul = [b"id,name\n".as_slice(), &b"1,abc\n".repeat(99), b"2,a\0\n"].concat();
        assert_eq!(of(&one_nul), Ok(Encoding::Utf8), "one NUL in one row is that row's trouble");
    }

    #[test]
    fn a_character_cut_by_the_end_of_the_sample_is_not_invalid() {
        let mut bytes = vec![b'a'; SAMPLE - 1];
        bytes.push("é".as_bytes()[0]);
        let sample = Sample { bytes, is_whole: false };
        assert_eq!(Encoding::of(&sample), Ok(Encoding::Utf8));
    }

    #[test]
    fn what_the_encoding_does_not_allow_is_said_and_its_bytes_kept() {
        let undefined = Encoding::Windows1252.decode(vec![b'a', 0xe9, 0x81]);
        assert_eq!((undefined.text.as_str(), undefined.is_bad), ("aé\u{fffd}", true));
        let lone_surrogate = Encoding::Utf16Le.decode(vec![0x00, 0xd8, b'a', 0]);
        assert!(lone_surrogate.is_bad && lone_surrogate.bytes.is_some());
        let utf8 = Encoding::Utf8.decode(vec![b'a', 0xff]);
        assert!(utf8.is_bad);
        assert_eq!(utf8.bytes.as_deref(), Some(&[b'a', 0xff][..]));
    }
}
