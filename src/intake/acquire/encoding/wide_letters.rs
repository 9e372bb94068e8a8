//! How likely characters of several bytes are: Chinese, Japanese, Korean.
//!
//! Their standards put the characters of everyday use first, and names are written in few of those; a
//! wrong reading falls anywhere.

use std::collections::HashSet;
use std::sync::LazyLock;

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding as Web, GBK, SHIFT_JIS};

use super::languages::Script;

/// The characters that most names are written in, by language.
static CHARACTERS: LazyLock<Vec<(&str, HashSet<char>)>> = LazyLock::new(|| {
    let rows = include_str!("characters.txt").lines().filter(|row| !row.starts_with('#'));
    let row = rows.filter_map(|row| row.split_once(' '));
    row.map(|(language, characters)| (language, characters.chars().collect())).collect()
});

/// How much of a text of names those make.
const COMMON: f64 = 0.6;

/// How likely the characters of a text are that was read in this encoding.
pub(super) fn score(encoding: &'static Web, text: &str) -> f64 {
    let wide = text.chars().filter(|character| !character.is_ascii());
    wide.map(|character| chance(encoding, character).ln()).sum()
}

fn chance(encoding: &'static Web, character: char) -> f64 {
    let language = match encoding {
        it if it == SHIFT_JIS || it == EUC_JP => "ja",
        it if it == EUC_KR => "ko",
        it if it == BIG5 => "tw",
        _ => "zh",
    };
    let common = CHARACTERS.iter().find(|(of, _)| *of == language).map(|(_, common)| common);
    let of_common = common
        .filter(|common| common.contains(&character))
        .map_or(0.0, |common| COMMON / common.len() as f64);
    of_common + (1.0 - COMMON) * chance_of_any(encoding, character)
}

fn chance_of_any(encoding: &'static Web, character: char) -> f64 {
    let script = Script::of(character);
    let everyday = || is_everyday(encoding, character);
    if encoding == SHIFT_JIS || encoding == EUC_JP {
        return match script {
            Some(Script::Kana) => 0.5 / 80.0,
            Some(Script::Han) if everyday() => 0.45 / 2965.0,
            Some(Script::Han) => 0.02 / 3400.0,
            Some(Script::HalfKana) => 0.02 / 60.0,
            _ => 0.005 / 500.0,
        };
    }
    if encoding == EUC_KR {
        return match script {
            Some(Script::Hangul) if everyday() => 0.97 / 2350.0,
            Some(Script::Hangul) => 0.005 / 8000.0,
            Some(Script::Han) => 0.01 / 4888.0,
            _ => 0.005 / 1000.0,
        };
    }
    let (everyday_ones, others) =
        if encoding == GBK { (3755.0, 17_000.0) } else { (5401.0, 7652.0) };
    match script {
        Some(Script::Han) if everyday() => 0.95 / everyday_ones,
        Some(Script::Han) => 0.03 / others,
        _ => 0.01 / 700.0,
    }
}

/// Whether the standard has the character in its first, everyday part.
fn is_everyday(encoding: &'static Web, character: char) -> bool {
    let mut buffer = [0; 4];
    let (bytes, _, is_missing) = encoding.encode(character.encode_utf8(&mut buffer));
    let (&[first, second], false) = (&*bytes, is_missing) else { return false };
    if encoding == SHIFT_JIS {
        (0x88..=0x97).contains(&first)
    } else if encoding == EUC_JP {
        (0xb0..=0xcf).contains(&first)
    } else if encoding == EUC_KR {
        (0xb0..=0xc8).contains(&first) && second >= 0xa1
    } else if encoding == BIG5 {
        (0xa4..=0xc6).contains(&first)
    } else {
        (0xb0..=0xd7).contains(&first) && second >= 0xa1
    }
}
