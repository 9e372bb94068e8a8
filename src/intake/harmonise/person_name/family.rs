//! Where the family name begins in the words of a full name.

use compact_str::CompactString;

use domain::naming::is_title;

use super::super::clean::key;
use super::super::letter_case::{PARTICLES, leads_to_particle, prefixed};

/// Where the family name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// From this word to the end.
    From(usize),
    /// The first word, as it is written in East Asia.
    First,
    /// It cannot be told.
    Unknown,
}

/// Surnames that are written first at home and last abroad, without accents. Where both words of a
/// name are among them, either may be the family name.
const EAST_ASIAN: [&str; 84] = [
    "an", "bui", "cai", "cao", "chan", "chen", "cheng", "cheung", "cho", "choi", "dai", "dang",
    "deng", "ding", "do", "dong", "du", "duong", "fan", "fang", "feng", "fu", "gao", "guo", "han",
    "he", "ho", "hoang", "hu", "huang", "huynh", "jang", "jiang", "jin", "jung", "kang", "kim",
    "lau", "le", "lee", "li", "liang", "liao", "lim", "lin", "liu", "lu", "luo", "ly", "ma", "ng",
    "ngo", "nguyen", "pan", "park", "peng", "pham", "phan", "ren", "shen", "shi", "song", "su",
    "sun", "tan", "tang", "tian", "tran", "vo", "vu", "wang", "wei", "wong", "wu", "xia", "xiao",
    "xie", "xu", "yan", "yang", "ye", "yu", "zhang", "zhao",
];

/// The commonest Japanese surnames.
#[rustfmt::skip]
const JAPANESE: [&str; 50] = [
    "abe", "aoki", "arai", "fujita", "fukuda", "goto", "hasegawa", "hashimoto", "hayashi", "honda",
    "ikeda", "inoue", "ishii", "ishikawa", "ito", "kato", "kimura", "kobayashi", "kondo", "maeda",
    "matsumoto", "miyamoto", "mori", "murakami", "nakagawa", "nakajima", "nakamura", "nakano",
    "nishimura", "ogawa", "ohashi", "okada", "ono", "ota", "saito", "sakamoto", "sasaki", "sato",
    "shimizu", "suzuki", "takahashi", "takeda", "tanaka", "ueda", "watanabe", "yamada",
    "yamaguchi", "yamamoto", "yamazaki", "yoshida",
];

/// Countries where people write the family name first and in capitals, ISO 3166-1 alpha-2.
const MARKING: [&str; 21] = [
    "BE", "CH", "CN", "DZ", "ES", "FR", "HK", "HU", "IT", "JP", "KR", "LU", "MA", "MO", "MY", "PT",
    "RO", "SG", "TN", "TW", "VN",
];

const VIETNAMESE: [&str; 18] = [
    "bui", "cao", "dang", "dinh", "do", "duong", "ho", "hoang", "huynh", "le", "ly", "ngo",
    "nguyen", "pham", "phan", "tran", "vo", "vu",
];

/// The commonest Spanish surnames that are no given names, without accents.
#[rustfmt::skip]
const SPANISH: [&str; 72] = [
    "aguilar", "alonso", "alvarez", "blanco", "cabrera", "calvo", "campos", "cano", "carrasco",
    "castillo", "castro", "chavez", "contreras", "cortes", "delgado", "diaz", "diez", "dominguez",
    "espinoza", "estrada", "fernandez", "flores", "fuentes", "gallego", "garcia", "garrido",
    "gomez", "gonzalez", "guerrero", "gutierrez", "guzman", "hernandez", "herrera", "iglesias",
    "jimenez", "juarez", "lopez", "lozano", "marquez", "martinez", "medina", "mendez", "mendoza",
    "molina", "morales", "moreno", "munoz", "navarro", "nunez", "ortega", "ortiz", "pena", "perez",
    "prieto", "ramirez", "ramos", "rivera", "rodriguez", "rojas", "romero", "rubio", "ruiz",
    "salazar", "sanchez", "sanz", "serrano", "suarez", "torres", "vargas", "vasquez", "vazquez",
    "vega",
];

/// The commonest Hungarian surnames that are no given names, without accents; they are written first.
#[rustfmt::skip]
const HUNGARIAN: [&str; 30] = [
    "balogh", "biro", "farkas", "fodor", "gulyas", "halasz", "hegedus", "horvath", "juhasz",
    "kocsis", "kovacs", "kozma", "lakatos", "meszaros", "molnar", "nagy", "nemeth", "olah", "orsos",
    "pinter", "racz", "sipos", "szabo", "szalai", "szekely", "szilagyi", "szucs", "takacs", "toth",
    "veres",
];

/// Parts of Arabic given names that take the next word with them: `Abd al-Rahman`, `Abu Bakr`.
const TAKE_THE_NEXT: [&str; 5] = ["abd", "abdul", "abdel", "abu", "umm"];

/// Where the family name begins: at the first particle, at the first of two Spanish surnames, else
/// with the last word.
pub(super) fn place(words: &[CompactString]) -> Place {
    let count = words.len();
    if count < 2 {
        return Place::Unknown;
    }
    let is_hungarian =
        count < 4 && is_one_of(&words[0], &HUNGARIAN) && !is_one_of(&words[count - 1], &HUNGARIAN);
    if words[0].chars().all(is_east_asian)
        || is_vietnamese(words)
        || is_russian(words)
        || is_hungarian
    {
        return Place::First;
    }
    let surname = |at: usize| is_one_of(&words[at], &EAST_ASIAN);
    if count == 2 && surname(0) && surname(1) {
        return Place::Unknown;
    }
    // `Abd al Rahman Khalid`: a given name of three words.
    let takes_next = |at: usize| is_one_of(&words[at - 1], &TAKE_THE_NEXT);
    let begins = |at: &usize| is_particle(&words[*at]) && !(*at == 1 && takes_next(1));
    let from = match (1..count - 1).find(begins) {
        // `Jan in 't Veld`
        Some(at) if at > 1 && leads_to_particle(&words[at - 1], &words[at]) => at - 1,
        // `José Ortega y Gasset`: what joins two surnames stands behind the first.
        Some(at) if at > 1 && (joins_surnames(&words[at]) || takes_next(at)) => at - 1,
        Some(at) if at > 1 && is_one_of(&words[at - 1], &SPANISH) => at - 1,
        Some(at) => at,
        None if count > 2 && words[count - 2..].iter().all(|word| is_one_of(word, &SPANISH)) => {
            count - 2
        }
        None => count - 1,
    };
    Place::From(from)
}

/// `Beethoven, Ludwig van`: the particle delivered with the given names belongs to the family.
pub(super) fn particles_before(words: &[CompactString], family: usize) -> usize {
    let mut at = family;
    while at > 1 && is_particle(&words[at - 1]) {
        at -= 1;
    }
    at
}

/// The words of a family name that was marked with capitals among words in mixed case, as people
/// write it whose order differs from their reader's: `TANAKA Yuki`, `Jean DUPONT`.
///
/// In front it is a mark where that is the custom of `country`, or where the word is a surname that
/// is written first at home. Else it may as well be a slip: `JOSHUA Smith`.
pub(super) fn marked(words: &[&str], country: &str) -> Option<std::ops::Range<usize>> {
    let count = words.len();
    let ends = |range: std::ops::Range<usize>| {
        let outside = words[..range.start].iter().chain(&words[range.end..]);
        let mixed = |word: &&str| word.chars().any(char::is_lowercase);
        let telling = words[range.clone()].iter().any(|word| is_capital(word));
        (telling && outside.clone().any(mixed) && !outside.clone().any(|word| is_capital(word)))
            .then_some(range)
    };
    let leading = words.iter().take_while(|word| is_mark(word)).count();
    if (1..count).contains(&leading) {
        let is_known =
            leading == 1 && (is_one_of(words[0], &EAST_ASIAN) || is_one_of(words[0], &JAPANESE));
        // Three capitals in front may be initials or a firm's.
        let is_short = leading == 1 && words[0].chars().count() < 4;
        let is_custom = MARKING.contains(&country) && !is_short;
        return ends(0..leading).filter(|_| is_known || is_custom);
    }
    let trailing = words.iter().rev().take_while(|word| is_mark(word)).count();
    if (1..count).contains(&trailing) { ends(count - trailing..count) } else { None }
}

fn is_mark(word: &&str) -> bool {
    is_capital(word) || PARTICLES.contains(word)
}

/// Whether the words of a family name are in capitals, but perhaps for its particles: `van der BERG`.
pub(super) fn is_marked(words: &[&str]) -> bool {
    let is_part = |word: &&str| {
        is_capital(word) || PARTICLES.iter().any(|particle| particle.eq_ignore_ascii_case(word))
    };
    words.iter().any(|word| is_capital(word)) && words.iter().all(is_part)
}

/// Whether the words are a given name and a family name at least, in this order: behind them
/// stands a degree, behind a family name alone there are initials.
pub(super) fn is_whole(words: &[&str]) -> bool {
    let mut words = words.iter().skip_while(|word| is_title(word)).peekable();
    let begins = words.peek().is_some_and(|first| !is_particle(first));
    let names = words.filter(|word| !is_particle(word));
    begins && names.clone().count() > 1 && !names.clone().all(|word| is_one_of(word, &SPANISH))
}

/// Whether a word is in capitals as nothing but a name is; two letters are initials or a code but
/// for a few surnames.
fn is_capital(word: &str) -> bool {
    let capitals = prefixed(word).map_or(word, |(_, capitals)| capitals);
    let all = capitals.chars().all(|c| c.is_uppercase() || matches!(c, '-' | '\''));
    let letters = word.chars().filter(|c| c.is_uppercase()).count();
    all && (letters > 2 || (letters == 2 && is_one_of(word, &EAST_ASIAN)))
}

pub(super) fn is_particle(word: &str) -> bool {
    if word.chars().count() == 1 || word.eq_ignore_ascii_case("ben") {
        // In capitals it is an initial, or somebody's second name.
        return matches!(word, "e" | "y" | "i" | "ben");
    }
    ["st", "st.", "mac", "mc", "el", "le", "بن", "ابن", "بنت", "آل"]
        .iter()
        .chain(PARTICLES.iter())
        .any(|particle| particle.eq_ignore_ascii_case(word))
}

fn joins_surnames(word: &str) -> bool {
    matches!(word, "y" | "e" | "i")
}

pub(super) fn is_east_asian(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// `Nguyễn Văn An`: told by letters that no other language has, or by the middle name.
fn is_vietnamese(words: &[CompactString]) -> bool {
    if words.len() < 3 || !is_one_of(&words[0], &VIETNAMESE) {
        return false;
    }
    let own = |c: char| {
        matches!(c, '\u{1ea0}'..='\u{1ef9}' | 'ă' | 'Ă' | 'đ' | 'Đ' | 'ơ' | 'Ơ' | 'ư' | 'Ư')
    };
    let middle = ["van", "văn", "thi", "thị"];
    words.iter().any(|word| word.contains(own))
        || (words[0].len() > 3 && middle.contains(&words[1].to_lowercase().as_str()))
}

/// `Сидоров Иван Петрович`: the patronymic stands last where the family name stands first.
fn is_russian(words: &[CompactString]) -> bool {
    let [family, _, patronymic] = words else { return false };
    let ends = |word: &str, ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
    let cyrillic = ["вич", "вна", "ична", "инична"];
    let latin = ["ovich", "evich", "ovna", "evna"];
    let families = ["ov", "ev", "in", "ova", "eva", "ina", "sky", "skiy", "skaya", "enko"];
    ends(patronymic, &cyrillic) || (ends(patronymic, &latin) && ends(family, &families))
}

/// Whether the word is in the list, whatever its case and accents.
fn is_one_of(word: &str, list: &[&str]) -> bool {
    if word.is_ascii() {
        return list.iter().any(|entry| entry.eq_ignore_ascii_case(word));
    }
    word.len() < 24 && list.contains(&key(word).as_str())
}
