//! What tells namesakes of one family apart: `Jr`, `III`.

use std::borrow::Cow;

use super::several::NamePart;

/// A generational suffix, as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Suffix {
    /// `Sr`, the elder.
    Senior,
    /// `Jr`, the younger.
    Junior,
    /// `II`; often a nephew or grandson, and never the first of the name.
    Second,
    /// `III`
    Third,
    /// `IV`
    Fourth,
    /// `V`
    Fifth,
    /// `Neto`, who has his grandfather's name.
    Grandson,
    /// `Sobrinho`, who has his uncle's name.
    Nephew,
    /// `Bisneto`, who has his great-grandfather's name.
    GreatGrandson,
}

/// How each is written, in small letters and without dots.
const WORDS: [(&str, Suffix); 24] = [
    ("jr", Suffix::Junior),
    ("jnr", Suffix::Junior),
    ("junior", Suffix::Junior),
    ("júnior", Suffix::Junior),
    ("sr", Suffix::Senior),
    ("snr", Suffix::Senior),
    ("senior", Suffix::Senior),
    ("sênior", Suffix::Senior),
    ("ii", Suffix::Second),
    ("2nd", Suffix::Second),
    ("2d", Suffix::Second),
    ("iii", Suffix::Third),
    ("3d", Suffix::Third),
    ("3rd", Suffix::Third),
    ("iv", Suffix::Fourth),
    ("4th", Suffix::Fourth),
    ("v", Suffix::Fifth),
    ("5th", Suffix::Fifth),
    ("iiii", Suffix::Fourth),
    ("filho", Suffix::Junior),
    ("neto", Suffix::Grandson),
    ("netto", Suffix::Grandson),
    ("sobrinho", Suffix::Nephew),
    ("bisneto", Suffix::GreatGrandson),
];

/// Those of them that are names as well.
const NAMES: [&str; 14] = [
    "junior", "júnior", "senior", "sênior", "filho", "neto", "netto", "sobrinho", "bisneto",
    "père", "pere", "fils", "hijo", "padre",
];

/// Words that people of Brazil, France and Spain write themselves with: they stay, as any part of a name.
const OWN: [&str; 11] = [
    "Filho", "Neto", "Netto", "Sobrinho", "Bisneto", "Júnior", "Sênior", "père", "fils", "padre",
    "hijo",
];

/// The elder one, behind a name in small letters: in capitals some of these are names.
const SMALL_ELDERS: [&str; 15] = [
    "major",
    "p.",
    "padre",
    "père",
    "st",
    "st.",
    "starszy",
    "starší",
    "vanhempi",
    "äldre",
    "ældre",
    "ст",
    "ст.",
    "старший",
    "старша",
];

/// The younger one.
const SMALL_YOUNGER: [&str; 19] = [
    "figlio",
    "fils",
    "h.",
    "hijo",
    "minor",
    "ml",
    "ml.",
    "mladší",
    "mlajši",
    "mlađi",
    "młodszy",
    "nuorempi",
    "yngre",
    "мл",
    "мл.",
    "младша",
    "младший",
    "младшая",
    "молодший",
];

/// Who somebody is in a family, as it stands in brackets behind a name: the elder ones, in small letters
/// and without dots.
const ELDERS: [&str; 22] = [
    "apa",
    "elder",
    "far",
    "father",
    "mother",
    "mutter",
    "mãe",
    "mère",
    "madre",
    "otac",
    "otec",
    "ojciec",
    "padre",
    "pai",
    "pere",
    "père",
    "the elder",
    "vader",
    "vater",
    "äldre",
    "ältere",
    "der ältere",
];

/// The younger ones.
const YOUNGER: [&str; 24] = [
    "daughter",
    "der jüngere",
    "fia",
    "figlia",
    "figlio",
    "filha",
    "fille",
    "fils",
    "h",
    "hija",
    "hijo",
    "jüngere",
    "sin",
    "sohn",
    "son",
    "syn",
    "sønn",
    "søn",
    "the younger",
    "tochter",
    "younger",
    "yngre",
    "zoon",
    "dochter",
];

impl Suffix {
    /// Every suffix, in order.
    pub const ALL: [Suffix; 9] = [
        Suffix::Senior,
        Suffix::Junior,
        Suffix::Second,
        Suffix::Third,
        Suffix::Fourth,
        Suffix::Fifth,
        Suffix::Grandson,
        Suffix::Nephew,
        Suffix::GreatGrandson,
    ];

    /// The suffix that this word behind a name is, in any case and with or without a dot.
    ///
    /// A word that is a name or an initial as well (`Junior`, `V`) is one: whoever asks says
    /// where it stands.
    #[must_use]
    pub fn of(word: &str) -> Option<Suffix> {
        if word.len() > 8 {
            return None;
        }
        // `jun.` and `sen.` are short for it, `Jun` and `Sen` are names.
        match word {
            "jun." | "Jun." | "jún." | "Jún." | "ml." => return Some(Suffix::Junior),
            "sen." | "Sen." => return Some(Suffix::Senior),
            // `D.J.` are initials.
            "d.Ä." | "d.Ä" | "d.ä." | "d.ä" | "d.Ae." | "d.æ." => return Some(Suffix::Senior),
            "d.J." | "d.J" | "d.j." | "d.y." | "d.y" => return Some(Suffix::Junior),
            _ => {}
        }
        let word = word.trim_end_matches('.');
        let same = |entry: &str| {
            entry.eq_ignore_ascii_case(word)
                || !word.is_ascii() && word.chars().flat_map(char::to_lowercase).eq(entry.chars())
        };
        WORDS.iter().find(|(entry, _)| same(entry)).map(|(_, suffix)| *suffix)
    }

    /// The suffix that two words behind a name are: `der Ältere`, `d. J.`, `the Younger`.
    #[must_use]
    pub fn of_two(first: &str, second: &str) -> Option<Suffix> {
        // `D. J.` are initials.
        let is_initial = first.starts_with("D.");
        let first = first.trim_end_matches('.').to_lowercase();
        if is_initial || !matches!(first.as_str(), "der" | "die" | "d" | "the" | "den") {
            return None;
        }
        match (first.as_str(), second.trim_end_matches('.').to_lowercase().as_str()) {
            ("the", "elder") => Some(Suffix::Senior),
            ("the", "younger") => Some(Suffix::Junior),
            ("the", "second" | "2nd" | "ii") => Some(Suffix::Second),
            ("the", "third" | "3rd" | "iii") => Some(Suffix::Third),
            ("the", "fourth" | "4th" | "iv") => Some(Suffix::Fourth),
            ("der" | "die", "ältere" | "aeltere") | ("d", "ä" | "ae" | "æ") => {
                Some(Suffix::Senior)
            }
            ("der" | "die", "jüngere" | "juengere") | ("d", "j" | "y") => Some(Suffix::Junior),
            ("den", "äldre" | "ældre") => Some(Suffix::Senior),
            ("den", "yngre") => Some(Suffix::Junior),
            _ => None,
        }
    }

    /// The suffix that words in brackets behind a name are: `Dupont (père)`, `Harker (the younger)`.
    #[must_use]
    pub fn in_brackets(text: &str) -> Option<Suffix> {
        if let Some((first, second)) = text.split_once(' ')
            && let Some(suffix) = Suffix::of_two(first, second)
        {
            return Some(suffix);
        }
        let words = text.trim_end_matches('.').to_lowercase();
        // A capital alone is an initial.
        if ELDERS.contains(&words.as_str()) {
            Some(Suffix::Senior)
        } else if text != "H" && YOUNGER.contains(&words.as_str()) {
            Some(Suffix::Junior)
        } else {
            let plain = Suffix::of(text).filter(|_| words.chars().count() > 1);
            plain.or_else(|| Suffix::in_front(text))
        }
    }

    /// The suffix that a last word in small letters is behind a name that has capitals: `Alexandre Dumas
    /// fils`, `Hans Weber jun`. In capitals it may be a family name, and behind a Korean syllable half of a
    /// given name: `Hyun jun`.
    #[must_use]
    pub fn in_small_letters(before: &str, word: &str) -> Option<Suffix> {
        match word {
            _ if SMALL_ELDERS.contains(&word) => Some(Suffix::Senior),
            _ if SMALL_YOUNGER.contains(&word) => Some(Suffix::Junior),
            "sen" if !may_be_korean(before) => Some(Suffix::Senior),
            "jun" if !may_be_korean(before) => Some(Suffix::Junior),
            // Hungarian lists have it behind the name as well.
            _ if word.starts_with(char::is_lowercase) => Suffix::in_front(word),
            _ => None,
        }
    }

    /// The name with a suffix that only its small letters or its dot tell in the standard form: `Dumas fils`
    /// as `Dumas Jr`, `Hans Weber 2.` as `Hans Weber II`, for whoever compares names without case, accents
    /// and dots.
    #[must_use]
    pub fn made_plain(name: &str, part: NamePart) -> Cow<'_, str> {
        if let Some((name, suffix)) = Suffix::attached(name).filter(|_| !name.contains(' ')) {
            return Cow::Owned(format!("{name} {}", suffix.shown()));
        }
        let found = name.rsplit_once(' ').and_then(|(before, last)| {
            let is_short = part == NamePart::Full && !before.contains(' ');
            if let Some((name, suffix)) = Suffix::attached(last) {
                return Some(format!("{before} {name} {}", suffix.shown()));
            }
            let suffix = match last {
                // The first of the name is the eldest.
                "1." | "1st" => Suffix::Senior,
                "2." => Suffix::Second,
                "3." => Suffix::Third,
                "4." => Suffix::Fourth,
                // `Amartya sen` has no other family name.
                "sen" | "jun" if is_short => return None,
                _ if !before.contains(char::is_uppercase) => return None,
                _ => Suffix::in_small_letters(before, last)?,
            };
            Some(format!("{before} {}", suffix.shown()))
        });
        found.map_or(Cow::Borrowed(name), Cow::Owned)
    }

    /// A suffix written to the name, where small letters before it tell: `HillJr`.
    fn attached(word: &str) -> Option<(&str, Suffix)> {
        let ends = [("Jr", Suffix::Junior), ("Sr", Suffix::Senior)];
        let word = word.trim_end_matches('.');
        ends.into_iter().find_map(|(end, suffix)| {
            let name = word.strip_suffix(end)?;
            (name.len() > 2 && name.ends_with(char::is_lowercase)).then_some((name, suffix))
        })
    }

    /// The suffix that a word in front of a Hungarian name is: `ifj. Nagy Péter`.
    #[must_use]
    pub fn in_front(word: &str) -> Option<Suffix> {
        match word {
            "ifj." | "Ifj." | "IFJ." | "ifj" | "Ifj" | "ifjabb" | "Ifjabb" => Some(Suffix::Junior),
            "id." | "Id." | "ID." | "idős" | "Idős" | "idősb" | "Idősb" | "idősebb" | "Idősebb" => {
                Some(Suffix::Senior)
            }
            _ => None,
        }
    }

    /// Whether the word alone is enough: `Junior`, `Neto` and `V` are names and initials, too.
    #[must_use]
    pub fn is_plain(word: &str) -> bool {
        let word = word.trim_end_matches('.');
        let length = word.chars().count();
        length > 1 && length < 5 && !NAMES.contains(&word.to_lowercase().as_str())
    }

    /// How the suffix that the word is stands in a name: the word itself where it is a part of the name
    /// (`Filho`, `père`), else the standard form.
    #[must_use]
    pub fn written(self, word: &str) -> &'static str {
        let word = word.trim_end_matches('.').to_lowercase();
        let own = OWN.iter().find(|own| own.to_lowercase() == word);
        own.copied().unwrap_or(self.shown())
    }

    /// The standard form.
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Suffix::Senior => "Sr",
            Suffix::Junior => "Jr",
            Suffix::Second => "II",
            Suffix::Third => "III",
            Suffix::Fourth => "IV",
            Suffix::Fifth => "V",
            Suffix::Grandson => "Neto",
            Suffix::Nephew => "Sobrinho",
            Suffix::GreatGrandson => "Bisneto",
        }
    }

    /// Which of the name's bearers is meant, counted from 1: `Sr` is the first, `Jr` and `II` the
    /// second.
    #[must_use]
    pub fn generation(self) -> u8 {
        match self {
            Suffix::Senior => 1,
            Suffix::Junior | Suffix::Second => 2,
            Suffix::Third => 3,
            Suffix::Fourth => 4,
            Suffix::Fifth => 5,
            // Of another branch than those that are counted.
            Suffix::Grandson => 6,
            Suffix::Nephew => 7,
            Suffix::GreatGrandson => 8,
        }
    }
}

/// Whether a name ends in a word that may be the first half of a Korean given name.
fn may_be_korean(name: &str) -> bool {
    const SYLLABLES: [&str; 8] = ["hyun", "joon", "soon", "hyuk", "chul", "moon", "yoon", "hyeon"];
    let last = name.rsplit(' ').next().unwrap_or_default().to_lowercase();
    last.chars().count() < 4 || last.ends_with("ng") || SYLLABLES.contains(&last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (word, expected) in [
            ("Jr.", Some(Suffix::Junior)),
            ("JNR", Some(Suffix::Junior)),
            ("Júnior", Some(Suffix::Junior)),
            ("jun.", Some(Suffix::Junior)),
            ("Jun", None),
            ("ml.", Some(Suffix::Junior)),
            ("ML", None),
            ("sen.", Some(Suffix::Senior)),
            ("Sen", None),
            ("iii", Some(Suffix::Third)),
            ("3rd", Some(Suffix::Third)),
            ("3d", Some(Suffix::Third)),
            ("2d", Some(Suffix::Second)),
            ("2ND", Some(Suffix::Second)),
            ("V", Some(Suffix::Fifth)),
            ("VI", None),
            ("Filho", Some(Suffix::Junior)),
            ("NETO", Some(Suffix::Grandson)),
            ("Sobrinho", Some(Suffix::Nephew)),
            ("Bisneto", Some(Suffix::GreatGrandson)),
            ("d.Ä.", Some(Suffix::Senior)),
            ("d.J.", Some(Suffix::Junior)),
            ("d.y.", Some(Suffix::Junior)),
            ("d.ä.", Some(Suffix::Senior)),
            ("D.J.", None),
            ("fils", None),
            ("h", None),
            ("Smith", None),
            ("", None),
            (".", None),
        ] {
            assert_eq!(Suffix::of(word), expected, "{word}");
        }
    }

    #[test]
    fn kin_in_brackets() {
        for (text, expected) in [
            ("père", Some(Suffix::Senior)),
            ("FILS", Some(Suffix::Junior)),
            ("Vater", Some(Suffix::Senior)),
            ("Sohn", Some(Suffix::Junior)),
            ("the elder", Some(Suffix::Senior)),
            ("the younger", Some(Suffix::Junior)),
            ("d. Ä.", Some(Suffix::Senior)),
            ("h", Some(Suffix::Junior)),
            ("h.", Some(Suffix::Junior)),
            ("H", None),
            ("3rd", Some(Suffix::Third)),
            ("V", None),
            ("Bob", None),
            ("husband", None),
            ("", None),
        ] {
            assert_eq!(Suffix::in_brackets(text), expected, "{text}");
        }
        assert!(!Suffix::is_plain("Neto") && Suffix::is_plain("Jr."));
    }

    #[test]
    fn a_word_that_is_part_of_a_name_stays() {
        for (word, expected) in [
            ("Filho", "Filho"),
            ("FILHO", "Filho"),
            ("NETO", "Neto"),
            ("Netto", "Netto"),
            ("júnior", "Júnior"),
            ("JÚNIOR", "Júnior"),
            ("junior", "Jr"),
            ("Jr.", "Jr"),
        ] {
            assert_eq!(Suffix::of(word).unwrap().written(word), expected, "{word}");
        }
        for (word, expected) in [("père", "père"), ("FILS", "fils"), ("Vater", "Sr"), ("h", "Jr")]
        {
            assert_eq!(Suffix::in_brackets(word).unwrap().written(word), expected, "{word}");
        }
        for (name, expected) in [
            ("Jean Dupont père", "Jean Dupont Sr"),
            ("Dumas fils", "Dumas Jr"),
            ("Joan Pere", "Joan Pere"),
            ("Paul Fils", "Paul Fils"),
            ("fils", "fils"),
            ("Ann Lee", "Ann Lee"),
            ("Robert Quenby sen", "Robert Quenby Sr"),
            ("Robert Quenby jun", "Robert Quenby Jr"),
            ("Robert Quenby 2.", "Robert Quenby II"),
            ("Robert Quenby 1.", "Robert Quenby Sr"),
            ("Иван Петров мл.", "Иван Петров Jr"),
            ("Иван Петров ст", "Иван Петров Sr"),
            ("Иван Петров младший", "Иван Петров Jr"),
            ("Иван Петров старший", "Иван Петров Sr"),
            ("Lars Hill yngre", "Lars Hill Jr"),
            ("Lars Hill äldre", "Lars Hill Sr"),
            ("Pekka Hill nuorempi", "Pekka Hill Jr"),
            ("Pekka Hill vanhempi", "Pekka Hill Sr"),
            ("Péter Nagy ifj.", "Péter Nagy Jr"),
            ("Péter Nagy id.", "Péter Nagy Sr"),
            ("Jan Hill ml", "Jan Hill Jr"),
            ("Jan Hill st", "Jan Hill Sr"),
            ("Robert Hill minor", "Robert Hill Jr"),
            ("Robert Hill major", "Robert Hill Sr"),
            ("José Hill h.", "José Hill Jr"),
            ("Robert HillJr", "Robert Hill Jr"),
            ("Robert Major", "Robert Major"),
            ("Robert ST", "Robert ST"),
            ("Amartya sen", "Amartya sen"),
            ("Amartya Sen", "Amartya Sen"),
            ("Kim Min jun", "Kim Min jun"),
            ("Park Seung jun", "Park Seung jun"),
            ("robert quenby jun", "robert quenby jun"),
        ] {
            assert_eq!(Suffix::made_plain(name, NamePart::Full), expected, "{name}");
        }
    }

    #[test]
    fn a_standard_form_is_read_as_itself() {
        for suffix in Suffix::ALL {
            assert_eq!(Suffix::of(suffix.shown()), Some(suffix));
        }
        assert!(Suffix::ALL.is_sorted_by_key(|suffix| suffix.generation()));
    }
}
