//! Which encoding a file is in, and decoding row by row.
//!
//! What begins a file tells some ([`Encoding::of`]); the others are found out from all of it
//! ([`Detector`]). A row may be in another encoding than its file: then it is read as such where
//! that is certain.

mod candidates;
mod detector;
mod handful;
mod judge;
mod known_words;
mod languages;
mod mixed;
mod pages;
mod plain_signs;
mod profiles;
mod seven_bit;
mod signs;
pub(super) mod unread;
mod wide_letters;

use std::io::Read;

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding as Web, GB18030, GBK, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE,
    UTF_16LE,
};

pub(super) use detector::{Detector, Found};
pub(super) use judge::Hints;
use languages::Script;
use pages::Page;

/// What begins a change of the set of letters.
const ESCAPE: u8 = 0x1b;

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
#[derive(Clone, Copy)]
pub(super) enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Any other that the web knows.
    Web(&'static Web),
    /// A code page of DOS.
    Dos(&'static Page),
}

impl PartialEq for Encoding {
    fn eq(&self, other: &Encoding) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Encoding {}

impl std::fmt::Debug for Encoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// One decoded line.
pub(super) struct Decoded {
    /// Its text; what could not be decoded is U+FFFD.
    pub text: String,
    /// Its bytes, where they are not those of the text.
    pub bytes: Option<Vec<u8>>,
    /// Whether the encoding does not allow the bytes.
    pub is_bad: bool,
    /// Whether it was read in another encoding than its file.
    pub is_odd: bool,
}

impl Encoding {
    /// The encoding of a file that begins like this, none where only the whole of it can tell; `Err`
    /// says which kind of file it is that is not text.
    pub fn of(sample: &Sample) -> Result<Option<Encoding>, &'static str> {
        let bytes = sample.bytes.as_slice();
        for (mark, what) in [
            (&b"PK\x03\x04"[..], "a zip archive or an Excel workbook"),
            (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
            (b"PAR1", "a Parquet file"),
            (b"SQLite format 3\0", "an SQLite database"),
        ] {
            if bytes.starts_with(mark) {
                return Err(what);
            }
        }
        if bytes.starts_with(b"\xef\xbb\xbf") {
            return Ok(Some(Encoding::Utf8));
        }
        if bytes.starts_with(b"\xff\xfe") {
            return Ok(Some(Encoding::Utf16Le));
        }
        if bytes.starts_with(b"\xfe\xff") {
            return Ok(Some(Encoding::Utf16Be));
        }
        if let Some(encoding) = utf16_by_zeros(bytes) {
            return Ok(Some(encoding));
        }
        if is_binary(bytes) { Err("binary data") } else { Ok(None) }
    }

    /// The encoding of a name that `settings::encoding_name` gives.
    pub fn named(name: &str) -> Option<Encoding> {
        if let Some(page) = Page::named(name) {
            return Some(Encoding::Dos(page));
        }
        let encoding = Web::for_label(name.as_bytes())?;
        Some(if encoding == UTF_8 {
            Encoding::Utf8
        } else if encoding == UTF_16LE {
            Encoding::Utf16Le
        } else if encoding == UTF_16BE {
            Encoding::Utf16Be
        } else {
            Encoding::Web(encoding)
        })
    }

    /// The name in descriptions and quarantine reasons.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
            Encoding::Web(encoding) => encoding.name(),
            Encoding::Dos(page) => page.name(),
        }
    }

    /// How its bytes make the code units that rows are told by.
    pub fn units(self) -> Units {
        match self {
            Encoding::Utf16Le => Units::LowFirst,
            Encoding::Utf16Be => Units::HighFirst,
            Encoding::Web(encoding) if encoding == SHIFT_JIS => Units::ShiftJis,
            Encoding::Web(encoding) if [GBK, GB18030, BIG5].contains(&encoding) => Units::Pairs,
            Encoding::Web(encoding) if encoding == ISO_2022_JP => Units::Escaped,
            Encoding::Utf8 | Encoding::Web(_) | Encoding::Dos(_) => Units::Bytes,
        }
    }

    /// Whether a character may take several bytes, so that UTF-8 may be text in it by accident.
    fn is_wide(self) -> bool {
        let Encoding::Web(encoding) = self else { return !matches!(self, Encoding::Dos(_)) };
        [SHIFT_JIS, GBK, GB18030, BIG5, EUC_JP, EUC_KR, ISO_2022_JP].contains(&encoding)
    }

    /// Whether a byte that looks like a bracket or a backslash may be part of another character.
    pub fn hides_ascii(self) -> bool {
        match self {
            Encoding::Utf16Le | Encoding::Utf16Be => true,
            Encoding::Utf8 | Encoding::Dos(_) => false,
            Encoding::Web(encoding) => {
                [SHIFT_JIS, GBK, GB18030, BIG5, ISO_2022_JP].contains(&encoding)
            }
        }
    }

    /// How the web decodes it, where it does.
    pub fn web(self) -> Option<&'static Web> {
        match self {
            Encoding::Utf8 => Some(UTF_8),
            Encoding::Utf16Le => Some(UTF_16LE),
            Encoding::Utf16Be => Some(UTF_16BE),
            Encoding::Web(encoding) => Some(encoding),
            Encoding::Dos(_) => None,
        }
    }

    /// The length of the byte-order mark these bytes begin with.
    pub fn mark_length(self, bytes: &[u8]) -> usize {
        let mark: &[u8] = match self {
            Encoding::Utf8 => b"\xef\xbb\xbf",
            Encoding::Utf16Le => b"\xff\xfe",
            Encoding::Utf16Be => b"\xfe\xff",
            Encoding::Web(_) | Encoding::Dos(_) => b"",
        };
        let mut length = 0;
        // Programs that add a mark to a file that has one make two.
        while !mark.is_empty() && bytes[length..].starts_with(mark) {
            length += mark.len();
        }
        length
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
        let (text, is_bad) = match self {
            Encoding::Utf8 => return decode_utf8(bytes),
            Encoding::Web(encoding) if encoding.is_ascii_compatible() && bytes.is_ascii() => {
                return decode_utf8(bytes);
            }
            Encoding::Dos(_) if bytes.is_ascii() => return decode_utf8(bytes),
            Encoding::Utf16Le => decode_web(UTF_16LE, &bytes),
            Encoding::Utf16Be => decode_web(UTF_16BE, &bytes),
            Encoding::Web(encoding) => decode_web(encoding, &bytes),
            Encoding::Dos(page) => {
                let (text, is_whole) = page.decode(&bytes);
                (text, !is_whole)
            }
        };
        Decoded { text, is_bad, is_odd: false, bytes: Some(bytes) }
    }
}

fn decode_web(encoding: &'static Web, bytes: &[u8]) -> (String, bool) {
    let (text, is_malformed) = encoding.decode_without_bom_handling(bytes);
    // Bytes that an encoding does not define are control characters to the web: nobody's text.
    let is_control = |letter: char| ('\u{80}'..='\u{9f}').contains(&letter);
    if encoding.is_single_byte() && text.contains(is_control) {
        return (text.replace(is_control, "\u{fffd}"), true);
    }
    (text.into_owned(), is_malformed)
}

/// How the bytes of an encoding make code units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Units {
    /// Each byte is one.
    Bytes,
    /// Two bytes are one, the low one first.
    LowFirst,
    /// Two bytes are one, the high one first.
    HighFirst,
    /// The second byte of a character may look like ASCII.
    Pairs,
    /// Likewise, but the half-width letters take one byte.
    ShiftJis,
    /// Escapes part ASCII from characters whose bytes look like ASCII.
    Escaped,
}

/// The encoding of a file, and of rows in it that are in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowEncoding {
    /// The file's.
    pub of: Encoding,
    /// That of odd rows, where it is known.
    pub odd: Option<Encoding>,
}

/// How many rows were read in another encoding than their file, and the line of the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct OddRows {
    /// How many.
    pub rows: u64,
    /// The line of the first.
    pub line: u64,
}

impl OddRows {
    /// Notes one.
    pub fn note(&mut self, line: u64) {
        if self.rows == 0 {
            self.line = line;
        }
        self.rows += 1;
    }
}

impl Units {
    /// Bytes a unit takes.
    pub fn size(self) -> usize {
        match self {
            Units::LowFirst | Units::HighFirst => 2,
            Units::Bytes | Units::Pairs | Units::ShiftJis | Units::Escaped => 1,
        }
    }
}

impl RowEncoding {
    /// Every row is in it.
    pub fn all(of: Encoding) -> RowEncoding {
        RowEncoding { of, odd: None }
    }

    /// Decodes a row: as the file is, or as an odd one where that is certain.
    pub fn decode(self, bytes: Vec<u8>) -> Decoded {
        match self.odd {
            Some(Encoding::Utf8) if !self.of.is_wide() && is_surely_utf8(&bytes) => {
                Decoded { is_odd: true, ..decode_utf8(bytes) }
            }
            Some(odd) if !matches!(odd, Encoding::Utf8) && !matches!(self.of, Encoding::Utf8) => {
                mixed::read(&bytes, self.of, odd).unwrap_or_else(|| self.of.decode(bytes))
            }
            // Rows of one byte a character do not stand among those of two.
            Some(odd) if self.of.units().size() == 1 => {
                let decoded = self.of.decode(bytes);
                match decoded.is_bad.then(|| as_odd(odd, decoded.bytes.as_deref())).flatten() {
                    Some(text) => Decoded { text, bytes: None, is_bad: false, is_odd: true },
                    None => decoded,
                }
            }
            _ => self.of.decode(bytes),
        }
    }
}

/// A row as it reads in the encoding of the odd ones, where it reads well and is in no other.
fn as_odd(odd: Encoding, bytes: Option<&[u8]>) -> Option<String> {
    let bytes = bytes?;
    let has_utf8 =
        odd != Encoding::Utf8 && bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
    let decoded = odd.decode(bytes.to_vec());
    let is_sound = !has_utf8 && !decoded.is_bad && judge::misshapen(&decoded.text) < 4.5;
    is_sound.then_some(decoded.text)
}

/// Whether bytes are UTF-8, and not text of another encoding that is UTF-8 by accident.
fn is_surely_utf8(bytes: &[u8]) -> bool {
    if bytes.is_ascii() {
        return false;
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let beyond = || text.chars().filter(|character| !character.is_ascii());
    let is_known = |c: char| Script::of(c).is_some_and(|it| it != Script::Other);
    let is_sign = |c: char| matches!(c, '\u{a0}'..='\u{bf}' | '\u{2010}'..='\u{2026}' | '€' | '™');
    // Three bytes that make one Chinese character are a short word in Cyrillic.
    let wide = beyond().filter(|c| Script::of(*c).is_some_and(Script::is_wide)).count();
    beyond().all(|c| is_known(c) || is_sign(c)) && (wide == 0 || wide > 2)
}

fn decode_utf8(bytes: Vec<u8>) -> Decoded {
    match String::from_utf8(bytes) {
        Ok(text) => Decoded { text, bytes: None, is_bad: false, is_odd: false },
        Err(error) => Decoded {
            text: String::from_utf8_lossy(error.as_bytes()).into_owned(),
            bytes: Some(error.into_bytes()),
            is_bad: true,
            is_odd: false,
        },
    }
}

/// UTF-16 has a zero in every other byte of what is ASCII, and a text's delimiters and line ends are.
fn utf16_by_zeros(bytes: &[u8]) -> Option<Encoding> {
    let (mut first, mut second) = (0, 0);
    let pairs = bytes.chunks_exact(2);
    let few = pairs.len() / 50;
    for pair in pairs {
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
    }
    let encoding = if second > few.max(1) && first <= second / 20 {
        Encoding::Utf16Le
    } else if first > few.max(1) && second <= first / 20 {
        Encoding::Utf16Be
    } else {
        return None;
    };
    // An odd byte at the end of a sample is half a character.
    let decoded = encoding.decode(bytes[..bytes.len() & !1].to_vec());
    let controls = decoded.text.chars().filter(|c| c.is_ascii() && is_control(&(*c as u8)));
    // Zeros in text of one byte a character part its line feeds from nothing.
    let feeds = bytes.iter().filter(|byte| **byte == b'\n').count();
    let is_text = controls.count() * 100 <= decoded.text.len()
        && decoded.text.matches('\n').count() * 2 >= feeds;
    is_text.then_some(encoding)
}

/// A few control characters are a few rows' trouble; many, and it is no text.
fn is_binary(bytes: &[u8]) -> bool {
    // Encodings of escapes shift between two sets of letters.
    let shifts = bytes.contains(&ESCAPE);
    let is_shift = |byte: &u8| shifts && matches!(byte, 0x0e | 0x0f);
    let controls = bytes.iter().filter(|byte| is_control(byte) && !is_shift(byte)).count();
    controls * 100 > bytes.len() + 400 || controls * 3 > bytes.len()
}

/// Control characters but those that text has, ends with, or parts its cells with.
fn is_control(byte: &u8) -> bool {
    *byte < 0x20 && !b"\t\n\x0b\x0c\r\x1a\x1b\x01\x1c\x1d\x1e\x1f".contains(byte)
}

#[cfg(test)]
mod tests;
