//! The names encodings go by.

use encoding_rs::{Encoding, REPLACEMENT, X_USER_DEFINED};

/// The code pages of DOS that are read.
const CODE_PAGES: [&str; 16] = [
    "cp437", "cp720", "cp737", "cp775", "cp850", "cp852", "cp855", "cp857", "cp858", "cp860",
    "cp861", "cp862", "cp863", "cp864", "cp865", "cp869",
];

/// Apple's tables that the web does not know.
const MAC_PAGES: [&str; 6] = [
    "x-mac-greek",
    "x-mac-turkish",
    "x-mac-ce",
    "x-mac-icelandic",
    "x-mac-croatian",
    "x-mac-romanian",
];

/// Names that programs use and the web does not know.
const OTHER_NAMES: [(&str, &str); 23] = [
    ("cp874", "windows-874"),
    ("cp932", "Shift_JIS"),
    ("sjis", "Shift_JIS"),
    ("cp936", "GBK"),
    ("cp949", "EUC-KR"),
    ("uhc", "EUC-KR"),
    ("cp950", "Big5"),
    ("macroman", "macintosh"),
    ("mac-roman", "macintosh"),
    ("mac-cyrillic", "x-mac-cyrillic"),
    ("cp10000", "macintosh"),
    ("cp10006", "x-mac-greek"),
    ("cp10007", "x-mac-cyrillic"),
    ("cp10010", "x-mac-romanian"),
    ("cp10029", "x-mac-ce"),
    ("mac-latin2", "x-mac-ce"),
    ("mac-centraleurope", "x-mac-ce"),
    ("cp10079", "x-mac-icelandic"),
    ("mac-iceland", "x-mac-icelandic"),
    ("cp10081", "x-mac-turkish"),
    ("cp10082", "x-mac-croatian"),
    ("cp65001", "UTF-8"),
    ("ansi", "windows-1252"),
];

/// The one name of the encoding that goes by `label`; none where there is no such encoding, or none
/// that is read. Case, `_` for `-` and blanks around it do not matter.
#[must_use]
pub fn encoding_name(label: &str) -> Option<&'static str> {
    let label = label.trim().to_ascii_lowercase();
    let hyphened = label.replace(['_', ' '], "-");
    let digits = hyphened.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '-');
    let prefix = hyphened.strip_suffix(digits).unwrap_or_default().trim_end_matches('-');
    if matches!(prefix, "" | "cp" | "ibm" | "dos" | "pc" | "oem" | "x-cp") {
        let page = format!("cp{digits}");
        if let Some(page) = CODE_PAGES.iter().find(|known| **known == page) {
            return Some(page);
        }
    }
    let other = OTHER_NAMES.iter().find(|(name, _)| *name == hyphened || *name == label);
    if let Some((_, name)) = other {
        return Some(name);
    }
    let unhyphened = hyphened.replace('-', "");
    let mac = unhyphened.trim_start_matches('x');
    if let Some(page) = MAC_PAGES.iter().find(|page| page[2..].replace('-', "") == mac) {
        return Some(page);
    }
    let encoding = [label.as_str(), &hyphened, &unhyphened, &hyphened.replace('-', "_")]
        .into_iter()
        .find_map(|label| Encoding::for_label(label.as_bytes()))?;
    (encoding != REPLACEMENT && encoding != X_USER_DEFINED).then(|| encoding.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_an_encoding_goes_by_gives_its_one_name() {
        for (label, name) in [
            ("utf8", "UTF-8"),
            ("UTF-16LE", "UTF-16LE"),
            ("latin1", "windows-1252"),
            ("ISO-8859-15", "ISO-8859-15"),
            ("iso_8859-2", "ISO-8859-2"),
            ("cp1250", "windows-1250"),
            ("Windows 1251", "windows-1251"),
            ("CP850", "cp850"),
            ("ibm437", "cp437"),
            ("858", "cp858"),
            ("cp866", "IBM866"),
            ("MacRoman", "macintosh"),
            ("Shift-JIS", "Shift_JIS"),
            ("cp936", "GBK"),
            ("gb18030", "gb18030"),
            ("koi8_r", "KOI8-R"),
            ("euc_kr", "EUC-KR"),
            ("MacGreek", "x-mac-greek"),
            ("mac_turkish", "x-mac-turkish"),
            ("x-mac-ce", "x-mac-ce"),
            ("mac_latin2", "x-mac-ce"),
            ("cp10079", "x-mac-icelandic"),
            ("Mac Croatian", "x-mac-croatian"),
        ] {
            assert_eq!(encoding_name(label), Some(name), "{label}");
        }
        for label in ["", "utf-7", "cp9999", "iso-2022-kr", "x-user-defined", "english"] {
            assert_eq!(encoding_name(label), None, "{label}");
        }
    }
}
