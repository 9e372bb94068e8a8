//! Letters that were lost on the way: read in the wrong encoding (`JosÃ©`), once or twice over, or
//! replaced by a mark.

use encoding_rs::{Encoding, IBM866, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};
use oem_cp::code_table::{ENCODING_TABLE_CP437, ENCODING_TABLE_CP850};

/// How often a text may have been read wrong.
const ROUNDS: usize = 4;

/// Whether letters of the text are lost or misread.
pub(super) fn is_damaged(text: &str) -> bool {
    !text.is_ascii()
        && (text.contains(char::REPLACEMENT_CHARACTER)
            || mixes_scripts(text)
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

/// The text as it was before UTF-8 was read as something else; none where that cannot be told.
pub(super) fn repaired(text: &str) -> Option<String> {
    let is_lost = |letter: char| matches!(letter, '\u{80}'..='\u{9f}' | '\u{fffd}');
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
    undone_as_it_is(text).or_else(|| undone_as_it_is(&led(text)?))
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
const MISREADINGS: [Misreading; 7] = [
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
    Misreading { byte: |letter| byte_of(WINDOWS_1250, letter), leads: "ÂĂÄĹâ" },
    Misreading { byte: |letter| byte_of(WINDOWS_1251, letter), leads: "ВГДЕРСв" },
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
        let letters: Vec<char> = text.chars().collect();
        let mut undone = String::new();
        let (mut at, mut latin, mut foreign) = (0, 0, 0);
        let mut has_other_cyrillic = false;
        while let Some(letter) = letters.get(at) {
            let before = at.checked_sub(1).and_then(|at| letters.get(at));
            match self.meant(before.copied(), &letters[at..]) {
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
        is_certain.then_some(undone)
    }

    /// What the letters from here on were made of, and how many of them.
    fn meant(&self, before: Option<char>, letters: &[char]) -> Option<(Meant, char, usize)> {
        let lead = letters.first().filter(|lead| self.leads.contains(**lead))?;
        let length = match (self.byte)(*lead)? {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            _ => return None,
        };
        let was = letters.get(..length)?;
        let bytes: Option<Vec<u8>> = was.iter().map(|letter| (self.byte)(*letter)).collect();
        let right = std::str::from_utf8(&bytes?).ok()?.chars().next()?;
        let meant = meaning(right)?;
        let is_alone =
            meant == Meant::Latin && is_a_word(before, was, letters.get(length).copied());
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
    let all_letters = was.iter().all(|letter| letter.is_alphabetic() && !"ªºµ".contains(*letter));
    let after_small = before.is_some_and(char::is_lowercase)
        && was.first().is_some_and(|lead| lead.is_uppercase());
    let before_small =
        after.is_some_and(char::is_lowercase) && was.iter().all(|letter| letter.is_uppercase());
    let mixes = before.is_some_and(|before| before.is_ascii_alphabetic())
        && was.first().is_some_and(|lead| is_cyrillic(*lead));
    all_letters && !never && !after_small && !before_small && !mixes
}

fn is_cyrillic(letter: char) -> bool {
    matches!(letter, '\u{400}'..='\u{4ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misread_letters_are_put_right() {
        for (text, right) in [
            ("JosÃ©", "José"),
            ("MÃ¼ller", "Müller"),
            ("NÃºÃ±ez", "Núñez"),
            ("MÃ¡laga", "Málaga"),
            ("GroÃŸmann", "Großmann"),
            ("Ã\u{81}ngel", "Ángel"),
            ("Ã–sterreich", "Österreich"),
            ("Å\u{81}ukasz", "Łukasz"),
            ("WÃ³jcik", "Wójcik"),
            ("Å»ak", "Żak"),
            ("DvoÅ™Ã¡k", "Dvořák"),
            ("KovaÄ\u{8d}", "Kovač"),
            ("Oâ€™Brien", "O’Brien"),
            ("Â£5", "£5"),
            ("Ã\u{a0} la", "à la"),
            ("Jos√©", "José"),
            ("Jos├⌐", "José"),
            ("Jos├®", "José"),
            ("MĂĽller", "Müller"),
            ("JosĂ©", "José"),
            ("MГјller", "Müller"),
            ("JosГ©", "José"),
            ("Ð˜Ð²Ð°Ð½", "Иван"),
            ("Р\u{98}РІР°РЅ", "Иван"),
            ("РџРµС‚СЂРѕРІ", "Петров"),
            ("╨Я╨╡╤В╤А╨╛╨▓", "Петров"),
            ("Î•Î»Î\u{ad}Î½Î·", "Ελένη"),
            ("å±±ç”°", "山田"),
            ("IaÈ™i", "Iași"),
            ("Åšliwa", "Śliwa"),
            ("GÃ¶kmen ÄžÄ±lÄ±k", "Gökmen Ğılık"),
            ("JoseÌ\u{81}", "Jose\u{301}"),
            ("jÃ¼rg", "jürg"),
            ("jã¼rgen", "jürgen"),
            ("JOSÃ©", "José".to_uppercase().replace('É', "é").as_str()),
            ("jÃ¼rg@example.com", "jürg@example.com"),
            ("jã¼rg.mã¶ller@example.com", "jürg.möller@example.com"),
            ("mãœller", "mÜller"),
            ("josã© nãºñez", "josé núñez"),
            ("Å ukasz Nowak", "Łukasz Nowak"),
            ("Anna Å ukaszewicz", "Anna Łukaszewicz"),
            ("Ã ngel", "Ángel"),
        ] {
            assert_eq!(repaired(text).as_deref(), Some(right), "{text}");
            assert!(is_damaged(text), "{text}");
        }
    }

    #[test]
    fn what_was_misread_twice_is_put_right_twice() {
        for (right, times) in [("José", 2), ("Müller", 2), ("Łódź", 2), ("Zoë", 3)] {
            let mut text = right.to_owned();
            for _ in 0..times {
                text = text.bytes().map(char::from).collect();
            }
            assert_eq!(repaired(&text).as_deref(), Some(right), "{text}");
        }
        assert_eq!(repaired("JosÃƒÂ©").as_deref(), Some("José"));
    }

    #[test]
    fn what_was_replaced_cannot_be_put_right() {
        for text in ["Andr\u{fffd}", "Lef\u{fffd}vre", "\u{fffd}", "Andrï¿½"] {
            assert!(is_damaged(text), "{text}");
            assert_eq!(repaired(text), None, "{text}");
        }
        assert!(is_damaged("AndrÃ© Lef\u{fffd}vre"));
        assert_eq!(repaired("AndrÃ© Lef\u{fffd}vre"), None);
    }

    #[test]
    fn letters_of_two_scripts_in_a_word_are_damage_and_no_repair() {
        for text in [
            "МоÑква",
            "Кaзань",
            "Иvан",
            "Сергéй",
            "Oльга",
            "Мoсква",
            "Пeтров",
            "Aнна",
            "Ελенη",
            "Kиїв",
        ] {
            assert!(is_damaged(text), "{text}");
            assert_eq!(repaired(text), None, "{text}");
        }
        for text in ["ООО Web-Студия", "Иван Smith", "Ivan Петров", "Студия 5А", "№ 7б"]
        {
            assert!(!is_damaged(text), "{text}");
        }
    }

    #[test]
    fn names_of_every_language_are_left_alone() {
        for text in [
            "José Muñoz",
            "Müller",
            "Straße",
            "ÅSA ÖBERG",
            "Åsa",
            "Ærø",
            "São João",
            "Łukasz Żak",
            "Dvořák",
            "Kőszeg",
            "Şükrü Çağlar",
            "İZMİR",
            "Žemaitė",
            "Þórður",
            "Nguyễn Thị Ánh",
            "Ștefan",
            "Œuvre",
            "Иван Петров",
            "СЕРГЕЙ",
            "Сергій Ґалаґан",
            "Рівне",
            "Ελένη",
            "ΕΛΕΝΗ Ώρα",
            "דוד",
            "محمد",
            "山田太郎",
            "김철수",
            "สมชาย",
            "O’Brien",
            "l’Été",
            "5 € – 10 £",
            "«Иван»",
            "Ñandú",
            "ÀÉÎÕÜ",
            "Ça",
            "ÂNGELA",
            "ÁÉÍÓÚ",
            "naïve",
            "ÄÖÜ",
            "Ångström°",
            "½ Ä",
            "CAFÉ®",
            "Société Générale™",
            "Škoda",
            "РСФСР",
            "Свято",
            "Рёв",
            "ORĂŞTIE",
            "Orăştie",
            "РІВНЕ",
            "CAFÉ®",
            "»Ökologisch« –Église",
            "Ñ°",
            "Å i Lofoten",
            "à la carte",
            "Å Bø",
            "Å spise",
            "São Paulo",
            "maçã",
            "«ça» là",
            "Große Straße 5 ä",
            "2×½",
            "",
        ] {
            assert_eq!(repaired(text), None, "{text}");
            assert!(!is_damaged(text), "{text}");
        }
    }
}
