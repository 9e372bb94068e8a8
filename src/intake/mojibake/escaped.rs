//! Letters that a program wrote as codes and none decoded: `Jos%C3%A9`, `M\\u00fcller`, `Jos=C3=A9`,
//! `=?UTF-8?B?Sm9zw6k=?=`.

use base64ct::{Base64, Encoding as _};
use encoding_rs::{Encoding, WINDOWS_1252};
use memchr::memchr3;

/// The text with its letters; none where nothing in it is a code for one.
pub(super) fn decoded(text: &str) -> Option<String> {
    let has_sign = memchr3(b'%', b'\\', b'=', text.as_bytes()).is_some() || text.contains("_x");
    if !has_sign || text.contains("://") || text.contains("www.") {
        return None;
    }
    if text.contains("=?") {
        return encoded_words(text);
    }
    percent(text)
        .or_else(|| backslash(text))
        .or_else(|| bytes_behind_backslashes(text))
        .or_else(|| between_lines(text))
        .or_else(|| quoted(text))
        .or_else(|| single(text, b'='))
        .or_else(|| single(text, b'%'))
}

/// `%C3%A9`, and `%20` between words.
fn percent(text: &str) -> Option<String> {
    let bytes = hexadecimal(text, b'%')?;
    let plain = String::from_utf8(bytes).ok()?;
    let has_letter = text.is_ascii() && !plain.is_ascii();
    let is_blank = text.match_indices("%20").any(|(at, code)| {
        let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphabetic);
        is_letter(text[..at].chars().next_back())
            && is_letter(text[at + code.len()..].chars().next())
    });
    ((has_letter || is_blank) && !plain.contains(char::is_control)).then_some(plain)
}

/// `=C3=A9`.
fn quoted(text: &str) -> Option<String> {
    let plain = String::from_utf8(hexadecimal(text, b'=')?).ok()?;
    (!plain.is_ascii() && text.is_ascii() && !plain.contains(char::is_control)).then_some(plain)
}

/// `Jos=E9`: one byte in the encoding that most mean by it, where it makes a letter that fits into a word.
fn single(text: &str, sign: u8) -> Option<String> {
    /// Shorter words may be of a formula.
    const LEAST: usize = 3;
    if !text.is_ascii() || sign == b'=' && is_formula(text) {
        return None;
    }
    let bytes = hexadecimal(text, sign)?;
    let plain = WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned();
    let is_word = |word: &str| {
        let capitals = word.chars().skip(1).filter(|letter| letter.is_uppercase()).count();
        let letters = word.chars().count();
        letters >= LEAST && (capitals == 0 || capitals == letters - 1)
    };
    let mut words = plain.split(|letter: char| !letter.is_alphabetic());
    let has_only_letters = plain.chars().all(|letter| letter.is_ascii() || letter.is_alphabetic());
    let fit = words.all(|word| word.is_ascii() || is_word(word));
    (!plain.is_ascii() && has_only_letters && fit && !plain.contains(char::is_control))
        .then_some(plain)
}

/// Whether a small letter alone stands before a sign of equality: `x=E9y`. Names begin with a capital (`J=F6rg`).
fn is_formula(text: &str) -> bool {
    text.match_indices('=').any(|(at, _)| {
        let mut before = text[..at].chars().rev();
        let is_small = before.next().is_some_and(char::is_lowercase);
        is_small && before.next().is_none_or(|letter| !letter.is_alphanumeric() && letter != '=')
    })
}

/// The bytes of a text in which a sign leads two hexadecimal digits; none where it leads anything else.
fn hexadecimal(text: &str, sign: u8) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    let digit = |at: usize| {
        let digit = char::from(*bytes.get(at)?).to_digit(16)?;
        u8::try_from(digit).ok()
    };
    let (mut plain, mut at, mut count) = (Vec::with_capacity(bytes.len()), 0, 0);
    while let Some(byte) = bytes.get(at) {
        if *byte == sign {
            plain.push(digit(at + 1)? * 16 + digit(at + 2)?);
            (at, count) = (at + 3, count + 1);
        } else {
            plain.push(*byte);
            at += 1;
        }
    }
    (count > 0).then_some(plain)
}

/// `\u00fc`, and pairs of them for a letter beyond the first plane.
fn backslash(text: &str) -> Option<String> {
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let (mut rest, mut has_letter) = (text, false);
    while let Some(first) = rest.chars().next() {
        let code = rest.strip_prefix("\\u").and_then(|rest| rest.get(..4));
        match code.and_then(|code| u16::from_str_radix(code, 16).ok()) {
            Some(unit) => {
                units.push(unit);
                has_letter |= unit > 0x7f;
                rest = &rest[6..];
            }
            None => {
                units.extend(first.encode_utf16(&mut [0; 2]).iter());
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    let plain = String::from_utf16(&units).ok()?;
    (has_letter && !plain.contains(char::is_control)).then_some(plain)
}

/// `Bj\xf6rn`, `Bj\xc3\xb6rn`: bytes as Python writes them, of UTF-8 or one by one.
fn bytes_behind_backslashes(text: &str) -> Option<String> {
    if !text.is_ascii() || !text.contains("\\x") {
        return None;
    }
    let bytes = hexadecimal(&text.replace("\\x", "\\"), b'\\')?;
    let plain = String::from_utf8(bytes).unwrap_or_else(|error| {
        WINDOWS_1252.decode_without_bom_handling(error.as_bytes()).0.into_owned()
    });
    (!plain.is_ascii() && !plain.contains(char::is_control)).then_some(plain)
}

/// `_x0041_`, as spreadsheets write signs in their files.
fn between_lines(text: &str) -> Option<String> {
    let (mut plain, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, behind)) = rest.split_once("_x") {
        let (code, after) = behind.split_once('_')?;
        let letter = (code.len() == 4).then(|| u32::from_str_radix(code, 16).ok())??;
        plain.push_str(before);
        let letter = char::from_u32(letter)?;
        // What ended a line in a cell parts words.
        plain.push(if letter.is_whitespace() { ' ' } else { letter });
        rest = after;
    }
    plain.push_str(rest);
    let plain = plain.trim().to_owned();
    (!plain.is_empty() && plain != text && !plain.contains(char::is_control)).then_some(plain)
}

/// `=?UTF-8?Q?Jos=C3=A9?=`, as in the headers of mail (RFC 2047); blanks between two of them are no part of
/// the text.
fn encoded_words(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let (mut rest, mut is_behind) = (text, false);
    while let Some((before, word)) = rest.split_once("=?") {
        if !(is_behind && before.trim().is_empty()) {
            plain.push_str(before);
        }
        let (charset, word) = word.split_once('?')?;
        let (kind, word) = word.split_once('?')?;
        let (coded, behind) = word.split_once("?=")?;
        let bytes = match kind {
            "B" | "b" => Base64::decode_vec(coded).ok()?,
            "Q" | "q" => {
                let spaced = coded.replace('_', " ");
                hexadecimal(&spaced, b'=').unwrap_or_else(|| spaced.into_bytes())
            }
            _ => return None,
        };
        let charset = charset.split('*').next().unwrap_or_default();
        let (word, is_bad) =
            Encoding::for_label(charset.as_bytes())?.decode_without_bom_handling(&bytes);
        if is_bad {
            return None;
        }
        plain.push_str(&word);
        (rest, is_behind) = (behind, true);
    }
    plain.push_str(rest);
    (is_behind && !plain.contains(char::is_control)).then_some(plain)
}

#[cfg(test)]
mod tests {
    use crate::mojibake::{is_damaged, repaired};

    #[test]
    fn codes_are_letters_again() {
        for (text, right) in [
            ("Jos%C3%A9", "José"),
            ("M%C3%BCller%20Lee", "Müller Lee"),
            ("Anna%20Lee", "Anna Lee"),
            ("%C5%81ukasz", "Łukasz"),
            ("M\\u00fcller", "Müller"),
            ("\\u0141\\u00f3d\\u017a", "Łódź"),
            ("\\ud83d\\ude00 Lee", "\u{1f600} Lee"),
            ("Jos=C3=A9", "José"),
            ("Jos=E9 Diaz", "José Diaz"),
            ("M=FCnchen", "München"),
            ("JOS=C9", "JOSÉ"),
            ("=C9milie", "Émilie"),
            ("J=F6rg", "Jörg"),
            ("an Zo=E9", "an Zoé"),
            ("Garc%EDa", "García"),
            ("=C5=81ukasz", "Łukasz"),
            ("=?UTF-8?B?Sm9zw6k=?=", "José"),
            ("=?utf-8?q?Jos=C3=A9_Garc=C3=ADa?=", "José García"),
            ("=?ISO-8859-1?Q?M=FCller?= Lee", "Müller Lee"),
            ("=?UTF-8?Q?Jos?= =?UTF-8?Q?=C3=A9?=", "José"),
            ("Jos%C3%83%C2%A9", "José"),
            ("Bj\\xf6rn", "Björn"),
            ("Bj\\xc3\\xb6rn", "Björn"),
            ("\\xc9milie", "Émilie"),
            ("_x0041_nn", "Ann"),
            ("J_x00F6_rg", "Jörg"),
            ("Lee_x000D_", "Lee"),
            ("Ann_x000A_Lee", "Ann Lee"),
        ] {
            assert!(is_damaged(text), "{text}");
            assert_eq!(repaired(text).as_deref(), Some(right), "{text}");
        }
        for text in [
            "50%",
            "100%20",
            "10% off",
            "a=b",
            "x=C3",
            "x=EA",
            "x=E9y",
            "a=E9b c",
            "y = m; x=FCn",
            "Area=C3",
            "rate=A9",
            "50%E9",
            "1=20",
            "C:\\users",
            "C:\\xampp",
            "a_x",
            "a_x00_b",
            "file_x0041",
            "Lee_x0007_",
            "\\N",
            "=?",
            "=?a?b?c?=",
            "50%AB",
            "https://x.example/?q=%C3%A9",
            "E=mc2",
            "a %ZZ b",
            "",
            "%",
        ] {
            assert!(!is_damaged(text), "{text}");
            assert_eq!(repaired(text), None, "{text}");
        }
    }
}
