//! Names that are written family name first, which one column does not tell: Li Wei, Nguyen Van An, Kim Ji-hoon.

/// The commonest family names of China, Korea and Vietnam in Latin letters, folded; in order. Compiled by
/// the project from general knowledge.
const FAMILIES: [&str; 104] = [
    "ahn", "bai", "bui", "cai", "cao", "chan", "chang", "chen", "cheng", "cheung", "cho", "choi",
    "chow", "chung", "dai", "dang", "deng", "ding", "dinh", "dong", "du", "duan", "duong", "fan",
    "fang", "feng", "fu", "gao", "gu", "guo", "ha", "han", "hao", "he", "ho", "hoang", "hong",
    "hou", "hu", "huang", "huynh", "hwang", "jang", "jeon", "jeong", "jia", "jiang", "jin", "jung",
    "kang", "kim", "kwon", "lai", "lam", "le", "lee", "lei", "leung", "li", "liang", "liao", "lim",
    "lin", "liu", "long", "lu", "luo", "luu", "ly", "ma", "mai", "meng", "ngo", "nguyen", "oh",
    "park", "pham", "phan", "qian", "qin", "ren", "seo", "shen", "shi", "shin", "song", "su",
    "sun", "tang", "tran", "trinh", "truong", "vo", "vu", "wang", "wei", "wong", "wu", "xie", "xu",
    "yang", "yoon", "zhang", "zhao",
];

/// How a syllable of these languages begins; the longest first.
const ONSETS: [&str; 42] = [
    "ngh", "ng", "nh", "ch", "zh", "sh", "th", "tr", "ph", "kh", "gi", "gh", "qu", "ts", "hw",
    "kw", "ss", "jj", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "z",
    "c", "s", "r", "y", "w", "v", "kk", "tt", "pp",
];

/// How it ends, after its vowels; the longest first.
const ENDS: [&str; 10] = ["ng", "nh", "ch", "n", "m", "k", "l", "p", "t", "h"];

/// Syllables of a given name, written as one word.
const MOST_SYLLABLES: usize = 3;

/// Whether `first` is a family name of those, and what follows is made of syllables as their given names are:
/// Kim Smith is not written that way.
pub(crate) fn is_family_first(first: &str, rest: &str) -> bool {
    FAMILIES.binary_search(&first).is_ok()
        && rest.split(' ').all(|word| is_of_syllables(word, MOST_SYLLABLES))
}

fn is_of_syllables(word: &str, most: usize) -> bool {
    if word.is_empty() {
        return most < MOST_SYLLABLES;
    }
    if most == 0 {
        return false;
    }
    let onsets = ONSETS.iter().filter_map(|onset| word.strip_prefix(onset));
    onsets.chain([word]).any(|rest| {
        let vowels = rest.bytes().take_while(|letter| b"aeiouy".contains(letter)).count();
        let after = &rest[vowels..];
        let ends = ENDS.iter().filter_map(|end| after.strip_prefix(end));
        vowels > 0 && vowels < 4 && ends.chain([after]).any(|rest| is_of_syllables(rest, most - 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_called_family_name_first() {
        for (first, rest) in [
            ("li", "wei"),
            ("wang", "xiaoming"),
            ("chen", "mei"),
            ("kim", "ji hoon"),
            ("lee", "min ho"),
            ("park", "seojun"),
            ("nguyen", "an"),
            ("nguyen", "anh"),
            ("tran", "mai"),
            ("zhang", "hui"),
            ("pham", "thuy"),
            ("choi", "eun kyung"),
        ] {
            assert!(is_family_first(first, rest), "{first} {rest}");
        }
        for (first, rest) in [
            ("kim", "smith"),
            ("kim", "brown"),
            ("lee", "carter"),
            ("lee", "jones"),
            ("anna", "li"),
            ("song", "schmidt"),
            ("kim", ""),
            ("", "wei"),
        ] {
            assert!(!is_family_first(first, rest), "{first} {rest}");
        }
        assert!(FAMILIES.is_sorted());
    }
}
