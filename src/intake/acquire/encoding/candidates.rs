//! The encodings a file may be in when nobody says so.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding as Web, GBK, IBM866, ISO_8859_2, ISO_8859_3, ISO_8859_4,
    ISO_8859_5, ISO_8859_6, ISO_8859_7, ISO_8859_8, ISO_8859_10, ISO_8859_13, ISO_8859_14,
    ISO_8859_15, ISO_8859_16, KOI8_R, KOI8_U, MACINTOSH, SHIFT_JIS, WINDOWS_874, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256,
    WINDOWS_1257, WINDOWS_1258, X_MAC_CYRILLIC,
};

use super::Encoding;
use super::pages::Page;

/// Those of one byte a character, with how often they are met, against each other.
const WEB: [(&Web, f64); 27] = [
    (WINDOWS_1252, 10.0),
    (WINDOWS_1251, 4.0),
    (WINDOWS_1250, 3.0),
    (WINDOWS_1253, 2.0),
    (WINDOWS_1254, 2.0),
    (ISO_8859_15, 2.0),
    (MACINTOSH, 2.0),
    (IBM866, 2.0),
    (ISO_8859_2, 1.5),
    (WINDOWS_1256, 1.5),
    (KOI8_R, 1.5),
    (WINDOWS_1255, 1.0),
    (WINDOWS_1257, 1.0),
    (WINDOWS_874, 1.0),
    (ISO_8859_7, 0.8),
    (KOI8_U, 0.6),
    (ISO_8859_5, 0.4),
    (X_MAC_CYRILLIC, 0.4),
    (WINDOWS_1258, 0.3),
    (ISO_8859_13, 0.3),
    (ISO_8859_6, 0.2),
    (ISO_8859_8, 0.2),
    (ISO_8859_4, 0.1),
    (ISO_8859_16, 0.1),
    (ISO_8859_10, 0.05),
    (ISO_8859_14, 0.1),
    (ISO_8859_3, 0.05),
];

/// The tables of DOS and Apple, likewise.
const PAGES: [(&str, f64); 22] = [
    ("cp850", 3.0),
    ("cp852", 1.5),
    ("cp437", 1.0),
    ("cp858", 0.5),
    ("cp737", 0.5),
    ("cp857", 0.4),
    ("cp865", 0.3),
    ("cp775", 0.1),
    ("cp862", 0.3),
    ("cp860", 0.2),
    ("cp863", 0.1),
    ("cp861", 0.1),
    ("cp855", 0.1),
    ("cp869", 0.1),
    ("cp720", 0.2),
    ("cp1125", 0.2),
    ("x-mac-ce", 0.1),
    ("x-mac-greek", 0.3),
    ("x-mac-turkish", 0.1),
    ("x-mac-icelandic", 0.1),
    ("x-mac-croatian", 0.1),
    ("x-mac-romanian", 0.05),
];

/// Those of several bytes a character, likewise.
const WIDE: [(&Web, f64); 5] =
    [(GBK, 4.0), (SHIFT_JIS, 3.0), (BIG5, 2.0), (EUC_KR, 2.0), (EUC_JP, 1.0)];

/// An encoding that is met so many times as often as another is taken for the one that was meant.
const FAR_COMMONER: f64 = 2.5;

/// An encoding with one character a byte, and how often it is met.
pub(super) struct Narrow {
    /// The encoding.
    pub encoding: Encoding,
    /// The upper half of its table; none where it defines nothing but a control character.
    pub upper: [Option<char>; 128],
    /// How often it is met.
    pub weight: f64,
}

impl Narrow {
    /// The text of bytes; U+FFFD for those that are not defined.
    pub fn text(&self, bytes: &[u8]) -> String {
        bytes.iter().map(|byte| self.character(*byte)).collect()
    }

    fn character(&self, byte: u8) -> char {
        match byte.checked_sub(0x80) {
            None => char::from(byte),
            Some(at) => self.upper[usize::from(at)].unwrap_or(char::REPLACEMENT_CHARACTER),
        }
    }
}

/// Every encoding of one byte a character.
pub(super) static NARROW: LazyLock<Vec<Narrow>> = LazyLock::new(|| {
    let web = WEB.iter().map(|(encoding, weight)| (Encoding::Web(encoding), *weight));
    let pages = PAGES.iter().filter_map(|(name, weight)| Some((Page::named(name)?, *weight)));
    let all = web.chain(pages.map(|(page, weight)| (Encoding::Dos(page), weight)));
    all.map(|(encoding, weight)| Narrow { encoding, upper: upper(encoding), weight }).collect()
});

/// Every encoding of several bytes a character, with how often it is met.
pub(super) fn wide() -> impl Iterator<Item = (&'static Web, f64)> {
    WIDE.iter().map(|(encoding, weight)| (*encoding, *weight))
}

/// Whether pieces of a file tell an encoding from every other that is about as common: else what they
/// are in is no proof of what the next file is in.
pub(super) fn tell(pieces: &BTreeSet<Vec<u8>>, of: Encoding) -> bool {
    let Some(found) = NARROW.iter().find(|narrow| narrow.encoding == of) else { return true };
    let reads_the_same =
        |other: &Narrow| pieces.iter().all(|piece| other.text(piece) == found.text(piece));
    let is_as_common = |other: &&Narrow| other.weight * FAR_COMMONER > found.weight;
    let mut others = NARROW.iter().filter(|other| other.encoding != of).filter(is_as_common);
    !others.any(reads_the_same)
}

fn upper(encoding: Encoding) -> [Option<char>; 128] {
    let mut table = [None; 128];
    for (byte, place) in (0x80..=0xff_u8).zip(&mut table) {
        let decoded = encoding.decode(vec![byte]);
        *place = decoded.text.chars().next().filter(|_| !decoded.is_bad);
    }
    table
}
