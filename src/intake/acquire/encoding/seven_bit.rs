//! Encodings whose every byte is ASCII: letters stand in escapes, so that the text looks like any other
//! in ASCII. HZ and UTF-7 have no decoder here; what may be one of them is not read as ASCII in silence.

use std::collections::BTreeSet;
use std::ops::Range;

use encoding_rs::GBK;
use memchr::{memchr, memchr_iter, memchr2, memrchr2};

use super::languages::Script;

/// What is kept of a line whose end has not come, in bytes.
const OPEN_LINE: usize = 4 << 10;
/// The longest run of letters, in bytes.
const RUN: usize = 400;
/// So many pluses that are no escapes, and no more are looked at.
const PLUSES: u64 = 2_000;
/// So many different escapes are none by accident, whatever else stands in the file.
const MANY: usize = 3;

const ESCAPE: u8 = 0x1b;

/// Signs that UTF-7 may have to escape, beside the quotes and dashes of print.
const SIGNS: &str = "!\"#$%&*;<=>@[\\]^_`{|}£€°§©®™’‘“”„–—…«»";

/// Takes the bytes of a file, however they are cut.
#[derive(Default)]
pub(super) struct SevenBit {
    open: Vec<u8>,
    /// Whether two tildes enclose Chinese characters.
    has_hz: bool,
    /// The designation of a character set that ISO-2022-JP has not.
    iso_2022: Option<&'static str>,
    /// Different escapes of UTF-7 that can hardly be anything else, and such that may.
    sure: BTreeSet<Vec<u8>>,
    weak: BTreeSet<Vec<u8>>,
    /// Pluses that are no escapes: UTF-7 escapes a plus, too.
    pluses: u64,
}

/// What a plus is in UTF-7.
enum Plus {
    /// An escape that is hardly anything else.
    Sure,
    /// One that may be a word as well.
    Weak,
    /// An escaped plus, or a part of an e-mail address: it tells nothing.
    Nothing,
    /// No escape.
    Plain,
}

impl SevenBit {
    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        let Some(first) = memchr2(b'\n', b'\r', bytes) else { return self.keep(bytes) };
        self.keep(&bytes[..first]);
        let mut open = std::mem::take(&mut self.open);
        self.look(&open);
        open.clear();
        self.open = open;
        let last = memrchr2(b'\n', b'\r', bytes).unwrap_or(first);
        self.look(&bytes[first..last]);
        self.keep(&bytes[last + 1..]);
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = OPEN_LINE.saturating_sub(self.open.len());
        self.open.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// The encoding, by its name for `iconv`, that a file of ASCII is rather in.
    pub fn finish(mut self) -> Option<&'static str> {
        let open = std::mem::take(&mut self.open);
        self.look(&open);
        let runs = self.sure.len() + self.weak.len() / 2;
        if self.has_hz {
            Some("HZ")
        } else if self.sure.len() >= MANY || (self.pluses == 0 && runs > 0) {
            Some("UTF-7")
        } else {
            self.iso_2022
        }
    }

    /// Looks at whole lines.
    fn look(&mut self, text: &[u8]) {
        if !self.has_hz {
            self.has_hz = memchr_iter(b'~', text).any(|at| is_hz(&text[at + 1..]));
        }
        if self.iso_2022.is_none() {
            let mut escapes = memchr_iter(ESCAPE, text);
            self.iso_2022 = escapes.find_map(|at| designated(&text[at + 1..]));
        }
        if self.pluses > PLUSES || self.sure.len() >= MANY {
            return;
        }
        for at in memchr_iter(b'+', text) {
            let word = word_around(text, at);
            let length = text[at + 1..].iter().take(RUN).take_while(|byte| is_base64(byte));
            let run = &text[at + 1..at + 1 + length.count()];
            let is_closed = text.get(at + 1 + run.len()) == Some(&b'-');
            let is_in_word = at > 0 && text[at - 1].is_ascii_lowercase();
            match kind(&text[word], run, is_closed) {
                // `Jos+AOk` ends with one letter that hardly any word is.
                Plus::Weak if is_in_word && is_like_no_word(run) => {
                    self.sure.insert(run.to_vec());
                }
                Plus::Sure => _ = self.sure.insert(run.to_vec()),
                Plus::Weak => _ = self.weak.insert(run.to_vec()),
                Plus::Nothing => {}
                Plus::Plain => self.pluses += 1,
            }
        }
    }
}

/// Whether letters stand beside each other as in no word: small and capital ones, or digits among them.
fn is_like_no_word(run: &[u8]) -> bool {
    let (capitals, rest) = (run.iter().filter(|byte| byte.is_ascii_uppercase()).count(), run.len());
    capitals > 1 && capitals < rest
}

/// Whether what follows a tilde is a brace, pairs of bytes that are characters of GB 2312, and the end
/// of them.
fn is_hz(text: &[u8]) -> bool {
    let Some(text) = text.strip_prefix(b"{") else { return false };
    let Some(length) = memchr(b'~', &text[..text.len().min(RUN)]) else { return false };
    let (run, end) = text.split_at(length);
    if !end.starts_with(b"~}") || run.is_empty() || run.len() % 2 > 0 {
        return false;
    }
    let is_pair = |pair: &[u8]| (0x21..=0x77).contains(&pair[0]) && pair[1] > 0x20;
    let high: Vec<u8> = run.iter().map(|byte| byte | 0x80).collect();
    let (characters, is_bad) = GBK.decode_without_bom_handling(&high);
    run.chunks(2).all(is_pair) && !is_bad && characters.chars().any(|it| Script::of(it).is_some())
}

/// The encoding of a set of characters that an escape designates.
fn designated(text: &[u8]) -> Option<&'static str> {
    match text {
        [b'$', b')', b'C', ..] => Some("ISO-2022-KR"),
        [b'$', b')', b'A' | b'G' | b'E', ..] | [b'$', b'*', b'H', ..] => Some("ISO-2022-CN"),
        [b'$', b'(', b'@'..=b'R', ..] | [b'$', b'A', ..] => Some("ISO-2022-JP-2"),
        _ => None,
    }
}

/// What stands around a place up to a blank or what parts cells.
fn word_around(text: &[u8], at: usize) -> Range<usize> {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b",;|\"'<>()".contains(byte);
    let begin = text[..at].iter().rev().take(RUN).take_while(|byte| !ends(byte)).count();
    let end = text[at..].iter().take(RUN).take_while(|byte| !ends(byte)).count();
    at - begin..at + end
}

fn kind(word: &[u8], run: &[u8], is_closed: bool) -> Plus {
    if (run.is_empty() && is_closed) || word.contains(&b'@') {
        return Plus::Nothing;
    }
    if run.iter().all(u8::is_ascii_digit) {
        return Plus::Plain;
    }
    let Some(text) = decoded(run) else { return Plus::Plain };
    let scripts: Vec<Option<Script>> = text.chars().map(Script::of).collect();
    let Some(Some(script)) = scripts.first() else {
        let is_sign = text.chars().all(|sign| SIGNS.contains(sign));
        return match (is_sign, is_closed) {
            (true, true) => Plus::Sure,
            (true, false) => Plus::Weak,
            (false, _) => Plus::Plain,
        };
    };
    // Japanese is written in several scripts, of two bytes each.
    let is_like = |other: Script| other == *script || (other.is_wide() && script.is_wide());
    if scripts.iter().any(|other| !other.is_some_and(is_like)) || *script == Script::Other {
        return Plus::Plain;
    }
    if *script == Script::Latin && !text.chars().all(is_of_names) {
        return Plus::Plain;
    }
    match (is_closed, script.is_wide(), scripts.len()) {
        (true, false, _) | (_, false, 2..) | (true, true, 2..) => Plus::Sure,
        _ => Plus::Weak,
    }
}

/// Whether names are written with this Latin letter, which is none of ASCII.
fn is_of_names(letter: char) -> bool {
    matches!(letter, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

fn is_base64(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// The characters of an escape; none where it is no sound one.
fn decoded(run: &[u8]) -> Option<String> {
    let (mut bits, mut count, mut units) = (0_u32, 0, Vec::new());
    for byte in run {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            _ => 63,
        };
        (bits, count) = ((bits << 6) | u32::from(six), count + 6);
        if count >= 16 {
            count -= 16;
            units.push((bits >> count) as u16);
            bits &= (1 << count) - 1;
        }
    }
    let is_sound = count < 6 && bits == 0 && !units.is_empty();
    is_sound.then(|| String::from_utf16(&units).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &[u8]) -> Option<&'static str> {
        let found = [1, 7, 64 << 10].map(|size| {
            let mut seven = SevenBit::default();
            text.chunks(size).for_each(|piece| seven.feed(piece));
            seven.finish()
        });
        assert!(found.iter().all(|it| *it == found[0]), "however it is cut: {found:?}");
        found[0]
    }

    #[test]
    fn letters_in_escapes_are_found() {
        for (text, name) in [
            ("1,~{P!Cw~},x\n", "HZ"),
            ("1,~{@n@W~}\n", "HZ"),
            ("1,Bob ~{1>>)~}", "HZ"),
            ("1,+AUE-ukasz\n", "UTF-7"),
            ("1,Wa+AUIBGQ-sa\n", "UTF-7"),
            ("1;Jos+AOk;x\n", "UTF-7"),
            ("1,Andr+AOk\n2,Bob\n", "UTF-7"),
            ("1;Ana+AO0;x\n", "UTF-7"),
            ("1,Ren+AOk,x\n2,M+APw-ller\n", "UTF-7"),
            ("1,+BB8ENQRCBEAEPgQy\n", "UTF-7"),
            ("1,+XzVQSQ-,+UxdOrA-\n", "UTF-7"),
            ("1,O+IBk-Brien\n", "UTF-7"),
            ("1,ann+AEA-x.org\n", "UTF-7"),
            ("1,+-49 30 1234,Ren+AOk-\n", "UTF-7"),
            ("1,+48 12,+AUE-ukasz\n2,+48 13,+AVo-liwa\n3,+48 14,Wa+AUI-sa\n", "UTF-7"),
            ("\x1b$)C1,\x0eAu\x0f\n", "ISO-2022-KR"),
            ("1,\x1b$)A\x0eNR\x0f\n", "ISO-2022-CN"),
            ("1,\x1b$(D0!\x1b(B\n", "ISO-2022-JP-2"),
        ] {
            assert_eq!(found(text.as_bytes()), Some(name), "{text:?}");
        }
    }

    #[test]
    fn tildes_and_pluses_of_all_days_are_none() {
        for text in [
            "~",
            "~/data",
            "~{}~",
            "~{abc~}",
            "~{~a~}",
            "{~}",
            "+1-202-555-0104",
            "+49 30 1234",
            "+4930123456",
            "+49301234",
            "A+B-C",
            "C++",
            "C++-Buch",
            "a++b",
            "1+1",
            "Q+A",
            "ann+news-x@example.com",
            "ann+news@example.com",
            "ann+ANY-x@example.com",
            "bob+abc@x.org",
            "Bed+Breakfast",
            "Rot+Bio GmbH",
            "Obst+Gem",
            "+",
            "+-",
            "x+-y",
            "AB+ Blood",
            "0+",
            "Tom+Jerry",
            "Tom+AMY",
            "Anna+Abe",
            "Tom+A0",
            "a+b+c",
            "50+",
            "G+J",
            "+ABC-",
            "+BUY-",
            "+++",
            "dGVzdA+zcGFzcw==",
            "x+abc-def",
            "Mo+Fr",
            "1,Kaffee+Kuchen,2",
            "vitamin D3+K2-MK7",
            "\x1b[31mred\x1b[0m",
            "Haus+Garten-Center",
            "SUV+PKW",
            "A+ Rating",
            "+A-",
            "T+L",
        ] {
            let row = format!("id,name\n1,{text}\n");
            assert_eq!(found(row.as_bytes()), None, "{text:?}");
        }
    }
}
