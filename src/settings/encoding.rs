//! The names encodings go by.

use encoding_rs::{Encoding, REPLACEMENT, X_USER_DEFINED};

/// The code pages of DOS that are read.
const CODE_PAGES: [&str; 17] = [
    "cp437", "cp720", "cp737", "cp775", "cp850", "cp852", "cp855", "cp857", "cp858", "cp860",
    "cp861", "cp862", "cp863", "cp864", "cp865", "cp869", "cp1125",
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
const OTHER_NAMES: [(&str, &str); 25] = [
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
    ("cp866u", "cp1125"),
    ("ruscii", "cp1125"),
];

/// Encodings that are not read, by the name that `iconv` has for each, with the names they go by: small
/// letters and digits, without what parts them.
const UNREAD: [(&str, &[&str]); 16] = [
    ("HZ", &["hz", "hzgb", "hzgb2312"]),
    ("UTF-7", &["utf7", "unicode11utf7", "cp65000"]),
    ("JOHAB", &["johab", "cp1361", "ksc56011992", "ms1361"]),
    ("ISO-2022-KR", &["iso2022kr", "csiso2022kr", "cp50225"]),
    ("ISO-2022-CN", &["iso2022cn", "iso2022cnext", "cp50227"]),
    ("ISO-2022-JP-2", &["iso2022jp1", "iso2022jp2", "iso2022jp3", "iso2022jp2004"]),
    ("UTF-32", &["utf32", "utf32le", "utf32be", "ucs4"]),
    ("IBM037", &["cp037", "ibm037", "37", "037", "ebcdic", "ebcdiccpus"]),
    ("IBM273", &["cp273", "ibm273", "273"]),
    ("IBM277", &["cp277", "ibm277", "277"]),
    ("IBM280", &["cp280", "ibm280", "280"]),
    ("IBM284", &["cp284", "ibm284", "284"]),
    ("IBM285", &["cp285", "ibm285", "285"]),
    ("IBM297", &["cp297", "ibm297", "297"]),
    ("IBM500", &["cp500", "ibm500", "500"]),
    ("IBM1047", &["cp1047", "ibm1047", "1047"]),
];

/// What to say of a label that [`encoding_name`] does not know.
#[must_use]
pub fn no_encoding(label: &str) -> String {
    let bare: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    let bare = bare.to_ascii_lowercase();
    let is_it = |(_, labels): &&(&str, &[&str])| labels.contains(&bare.as_str());
    match UNREAD.iter().find(is_it) {
        Some((name, _)) => {
            format!("{name} is not supported: convert the file first (iconv -f {name} -t UTF-8)")
        }
        None => format!(
            "unknown encoding `{}`: use for example `windows-1252`, `windows-1250`, \
             `cp850`, `Shift_JIS`",
            label.escape_debug()
        ),
    }
}

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
            ("IBM1125", "cp1125"),
            ("cp866u", "cp1125"),
        ] {
            assert_eq!(encoding_name(label), Some(name), "{label}");
        }
        for label in ["", "utf-7", "cp9999", "iso-2022-kr", "x-user-defined", "english"] {
            assert_eq!(encoding_name(label), None, "{label}");
        }
        for (label, says) in [
            ("hz", "HZ is not supported: convert the file first (iconv -f HZ -t UTF-8)"),
            ("HZ-GB-2312", "iconv -f HZ "),
            ("utf-7", "iconv -f UTF-7 "),
            ("Johab", "iconv -f JOHAB "),
            ("cp1361", "iconv -f JOHAB "),
            ("ISO_2022_KR", "iconv -f ISO-2022-KR "),
            ("IBM037", "iconv -f IBM037 "),
            ("utf-32", "iconv -f UTF-32 "),
            ("english", "unknown encoding `english`"),
        ] {
            assert_eq!(encoding_name(label), None, "{label}");
            assert!(no_encoding(label).contains(says), "{label}: {}", no_encoding(label));
        }
    }
}
