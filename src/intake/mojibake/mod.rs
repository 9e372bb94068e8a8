//! Letters that were lost on the way: read in the wrong encoding (`JosÃ©`), once or twice over, written as
//! codes that nobody decoded (`Jos%C3%A9`), or replaced by a mark.
//!
//! `harmonise` leaves such a text as it is, `validate` says so and suggests what it was.

mod central;
mod chinese;
mod code_pages;
mod controls;
mod escaped;

use encoding_rs::{
    Encoding, IBM866, ISO_8859_2, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1257,
};
use oem_cp::code_table::{ENCODING_TABLE_CP437, ENCODING_TABLE_CP850, ENCODING_TABLE_CP852};

/// How often a text may have been read wrong.
const ROUNDS: usize = 4;

pub(crate) use controls::{of_reference, without_latin_controls};

/// Whether letters of the text are lost or misread.
pub(crate) fn is_damaged(text: &str) -> bool {
    escaped::decoded(text).is_some()
        || !text.is_ascii()
            && (text.contains(char::REPLACEMENT_CHARACTER)
                || mixes_scripts(text)
                || code_pages::is_misread(text)
                || undone(text).is_some())
}

/// The text with the leads of misread letters as they were, where another program changed them since: to
/// small letters (`jã¼rg`), or what followed one to a blank (`Å ukasz`).
fn led(text: &str) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut led = String::with_capacity(text.len());
    let mut is_led = false;
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let next = letters.get(at + 1).copied();
        let is_sign = next.is_some_and(|next| {
            matches!(next, '\u{a1}'..='\u{bf}' | 'œ') && !matches!(next, '«' | '»' | '·')
        });
        // The first letter of a word whose second byte became a blank: the bytes that no letter has.
        let control = match letter {
            'Å' | 'Ã' => '\u{81}',
            _ => '\u{90}',
        };
        let rest = letters.get(at + 2..).unwrap_or_default();
        let is_torn = before.is_none_or(|before| before == ' ')
            && next == Some(' ')
            && rest.len() > 2
            && rest[..3].iter().all(|letter| letter.is_ascii_lowercase())
            // `Å spise` is Norwegian.
            && (letter != 'Å' || "aeiouy".contains(rest[0]));
        match letter {
            'ã' | 'å' | 'ä' | 'â' if is_sign => {
                led.extend(letter.to_uppercase());
                is_led = true;
            }
            'Å' | 'Ã' | 'Ä' if is_torn => {
                led.extend([letter, control]);
                is_led = true;
            }
            ' ' if led.ends_with(['\u{81}', '\u{90}']) => {}
            letter => led.push(letter),
        }
    }
    is_led.then_some(led)
}

/// The text as it was before it was read as something else; none where that cannot be told.
pub(crate) fn repaired(text: &str) -> Option<String> {
    let is_lost = |letter: char| matches!(letter, '\u{80}'..='\u{9f}' | '\u{fffd}');
    if let Some(decoded) = escaped::decoded(text) {
        return if is_damaged(&decoded) { repaired(&decoded) } else { Some(decoded) };
    }
    undone(text).filter(|text| !text.contains(is_lost) && !mixes_scripts(text))
}

/// Whether a word has Cyrillic letters and Latin or Greek ones: some were misread, or look alike.
fn mixes_scripts(text: &str) -> bool {
    let is_other = |letter: char| {
        letter.is_ascii_alphabetic()
            || matches!(letter, '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{24f}')
            || matches!(letter, '\u{386}'..='\u{3ce}')
    };
    text.split(|letter: char| !letter.is_alphabetic())
        .any(|word| word.contains(is_cyrillic) && word.contains(is_other))
}

fn undone(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    undone_as_it_is(text)
        .or_else(|| undone_as_it_is(&led(text)?))
        .or_else(|| chinese::reread(text))
        .or_else(|| central::reread(text, |letter| byte_of(WINDOWS_1252, letter)))
        .or_else(|| code_pages::reread(text))
}

fn undone_as_it_is(text: &str) -> Option<String> {
    let mut undone: Option<String> = None;
    for _ in 0..ROUNDS {
        let text = undone.as_deref().unwrap_or(text);
        match MISREADINGS.iter().find_map(|misreading| misreading.undone(text)) {
            Some(next) => undone = Some(next),
            None => break,
        }
    }
    undone
}

/// What UTF-8 was taken for.
struct Misreading {
    /// The byte that a character was made of.
    byte: fn(char) -> Option<u8>,
    /// What the first byte of a character becomes.
    leads: &'static str,
}

/// The likely ones first.
const MISREADINGS: [Misreading; 10] = [
    Misreading {
        byte: western, leads: "ÂÃÄÅÆÈÌÎÏÐÑ×ØÙàáâãäåæçèéêëìíï"
    },
    Misreading { byte: |letter| byte_of(MACINTOSH, letter), leads: "¬√ƒ≈‚" },
    Misreading {
        byte: |letter| ENCODING_TABLE_CP437.get(&letter).copied(), leads: "┬├─┼╬╧╨╤Γ"
    },
    Misreading {
        byte: |letter| ENCODING_TABLE_CP850.get(&letter).copied(), leads: "┬├─┼Ô"
    },
    Misreading {
        byte: |letter| ENCODING_TABLE_CP852.get(&letter).copied(), leads: "┬├─┼╬¤"
    },
    Misreading { byte: |letter| byte_of(WINDOWS_1250, letter), leads: "ÂĂÄĹâ" },
    Misreading { byte: |letter| byte_of(ISO_8859_2, letter), leads: "ÂĂÄĹâ" },
    Misreading { byte: |letter| byte_of(WINDOWS_1257, letter), leads: "ĀĆÄÅĪĻŠŃ" },
    Misreading {
        byte: |letter| byte_of(WINDOWS_1251, letter), leads: "ВГДЕОПРСЧШЩЪЫвгдежзий"
    },
    Misreading { byte: |letter| byte_of(IBM866, letter), leads: "╨╤" },
];

/// Windows-1252, and Latin-1 for the bytes that it does not define.
fn western(character: char) -> Option<u8> {
    match u32::from(character) {
        code @ 0x80..=0xff => u8::try_from(code).ok(),
        _ => byte_of(WINDOWS_1252, character),
    }
}

fn byte_of(encoding: &'static Encoding, character: char) -> Option<u8> {
    let mut buffer = [0; 4];
    let (bytes, _, is_missing) = encoding.encode(character.encode_utf8(&mut buffer));
    match (&*bytes, is_missing) {
        (&[byte], false) => Some(byte),
        _ => None,
    }
}

/// What a character is that misread ones were made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meant {
    /// A Latin letter or a common sign: one is enough.
    Latin,
    /// A letter of another script: one may be chance.
    Foreign,
}

impl Misreading {
    /// The text with what was misread put right, if there is something.
    fn undone(&self, text: &str) -> Option<String> {
        self.put_right(text, false).map(|once| {
            // Whoever misreads one letter misreads all, those as well that might be as they are.
            self.put_right(text, true).filter(|all| !has_odd_capital(all)).unwrap_or(once)
        })
    }

    fn put_right(&self, text: &str, all: bool) -> Option<String> {
        // Nearly every text has none of them.
        if !text.chars().any(|letter| self.may_lead(letter)) {
            return None;
        }
        let letters: Vec<char> = text.chars().collect();
        let mut undone = String::new();
        let (mut at, mut latin, mut foreign) = (0, 0, 0);
        let mut has_other_cyrillic = false;
        while let Some(letter) = letters.get(at) {
            let before = at.checked_sub(1).and_then(|at| letters.get(at));
            match self.meant(before.copied(), &letters[at..], all) {
                Some((meant, right, length)) => {
                    undone.push(right);
                    at += length;
                    *(if meant == Meant::Latin { &mut latin } else { &mut foreign }) += 1;
                }
                None => {
                    undone.push(*letter);
                    at += 1;
                    has_other_cyrillic |= is_cyrillic(*letter);
                }
            }
        }
        // Whoever misreads one letter of a Cyrillic word misreads all.
        let is_certain = latin > 0 || (foreign > 1 && !has_other_cyrillic);
        // A capital behind a small letter: another encoding makes a word of it.
        let is_odd = has_odd_capital(&undone) && self.leads.contains('Ă');
        (is_certain && !is_odd).then_some(undone)
    }

    /// Whether the first byte of a character becomes that letter.
    fn may_lead(&self, letter: char) -> bool {
        !letter.is_ascii() && self.leads.contains(letter)
    }

    /// What the letters from here on were made of, and how many of them.
    /// `all`: whether others of the text are known to be misread.
    fn meant(
        &self,
        before: Option<char>,
        letters: &[char],
        all: bool,
    ) -> Option<(Meant, char, usize)> {
        let lead = letters.first().filter(|lead| self.may_lead(**lead))?;
        let length = match (self.byte)(*lead)? {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            _ => return None,
        };
        let was = letters.get(..length)?;
        let bytes: Option<Vec<u8>> = was.iter().map(|letter| (self.byte)(*letter)).collect();
        let right = std::str::from_utf8(&bytes?).ok()?.chars().next()?;
        let meant = meaning(right)?;
        let after = letters.get(length).copied();
        let may_be_right = is_a_word(before, was, after) && !all || ends_a_word(before, was, after);
        let is_alone = meant == Meant::Latin && may_be_right;
        (!is_alone).then_some((meant, right, length))
    }
}

fn meaning(right: char) -> Option<Meant> {
    match right {
        // Controls are what letters become that were misread twice.
        '\u{80}'..='\u{17f}'
        | 'Ơ'
        | 'ơ'
        | 'Ư'
        | 'ư'
        | '\u{218}'..='\u{21b}'
        | '\u{300}'..='\u{328}'
        | '\u{1e00}'..='\u{1eff}'
        | '\u{2010}'..='\u{2026}'
        | '€'
        | '™'
        | '\u{fffd}' => Some(Meant::Latin),
        '\u{386}'..='\u{3ce}'
        | '\u{401}'..='\u{45f}'
        | '\u{490}'..='\u{491}'
        | '\u{5d0}'..='\u{5ea}'
        | '\u{621}'..='\u{64a}'
        | '\u{e01}'..='\u{e4e}'
        | '\u{3041}'..='\u{30fc}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' => Some(Meant::Foreign),
        _ => None,
    }
}

/// Whether the letters may be part of a word as they are: a sign never is, a capital after a small
/// letter or two letters that no language has in a row hardly ever.
fn is_a_word(before: Option<char>, was: &[char], after: Option<char>) -> bool {
    let never =
        matches!(was, ['Ã' | 'Å' | 'Ä' | 'Â', 'š' | 'ž' | 'œ' | 'Ÿ' | 'ƒ' | 'Š' | 'Œ' | 'Ž']);
    let all_letters = was.iter().all(|letter| letter.is_alphabetic() && !"ªºµˆ".contains(*letter));
    let never = never || no_language_has(before, was);
    let after_small = before.is_some_and(char::is_lowercase)
        && was.first().is_some_and(|lead| lead.is_uppercase());
    let before_small =
        after.is_some_and(char::is_lowercase) && was.iter().all(|letter| letter.is_uppercase());
    let mixes = before.is_some_and(|before| before.is_ascii_alphabetic())
        && was.first().is_some_and(|lead| is_cyrillic(*lead));
    all_letters && !never && !after_small && !before_small && !mixes
}

/// Whether a capital and a small letter stand together as they do in no language: within a word, or of two
/// languages.
fn no_language_has(before: Option<char>, was: &[char]) -> bool {
    let &[lead, next] = was else { return false };
    lead.is_uppercase()
        && !is_cyrillic(lead)
        && next.is_lowercase()
        && (before.is_some_and(char::is_alphabetic)
            || matches!(lead, 'Ă' | 'Ĺ' | 'Ä' | 'Ć') && !matches!(next, 'ş' | 'ţ'))
}

/// Whether a sign stands behind a name that may end in the capital before it: `«IVIĆ»`.
fn ends_a_word(before: Option<char>, was: &[char], after: Option<char>) -> bool {
    let &[lead, next] = was else { return false };
    matches!(lead, 'Ć' | 'Ā' | 'Ī' | 'Ļ' | 'Š' | 'Ń')
        && !next.is_alphabetic()
        && !before.is_some_and(char::is_lowercase)
        && !after.is_some_and(char::is_alphabetic)
}

/// Whether a capital that is no plain one stands behind a small letter, or `ß` behind no vowel.
fn has_odd_capital(text: &str) -> bool {
    let mut before: Option<char> = None;
    text.chars().any(|letter| {
        let is_capital = letter.is_uppercase() && !letter.is_ascii();
        let is_odd = is_capital && before.is_some_and(char::is_lowercase)
            || letter == 'ß' && !before.is_some_and(|before| "aeiouyäöü".contains(before));
        before = Some(letter);
        is_odd
    })
}

fn is_cyrillic(letter: char) -> bool {
    matches!(letter, '\u{400}'..='\u{4ff}')
}

#[cfg(test)]
mod tests;
