//! What tells namesakes of one family apart: `Jr`, `III`.

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
}

/// How each is written, in small letters and without dots.
const WORDS: [(&str, Suffix); 17] = [
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
    ("iii", Suffix::Third),
    ("3rd", Suffix::Third),
    ("iv", Suffix::Fourth),
    ("4th", Suffix::Fourth),
    ("v", Suffix::Fifth),
    ("5th", Suffix::Fifth),
    ("iiii", Suffix::Fourth),
];

impl Suffix {
    /// Every suffix, in order.
    pub const ALL: [Suffix; 6] = [
        Suffix::Senior,
        Suffix::Junior,
        Suffix::Second,
        Suffix::Third,
        Suffix::Fourth,
        Suffix::Fifth,
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
            "jun." | "Jun." | "ml." => return Some(Suffix::Junior),
            "sen." | "Sen." => return Some(Suffix::Senior),
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
            ("der" | "die", "ältere" | "aeltere") | ("d", "ä" | "ae") => Some(Suffix::Senior),
            ("der" | "die", "jüngere" | "juengere") | ("d", "j") => Some(Suffix::Junior),
            ("den", "äldre" | "ældre") => Some(Suffix::Senior),
            ("den", "yngre") => Some(Suffix::Junior),
            _ => None,
        }
    }

    /// The suffix that a word in front of a Hungarian name is: `ifj. Nagy Péter`.
    #[must_use]
    pub fn in_front(word: &str) -> Option<Suffix> {
        match word {
            "ifj." | "Ifj." | "IFJ." => Some(Suffix::Junior),
            "id." | "Id." | "ID." => Some(Suffix::Senior),
            _ => None,
        }
    }

    /// Whether the word alone is enough: `Junior`, `Senior` and `V` are names and initials, too.
    #[must_use]
    pub fn is_plain(word: &str) -> bool {
        let word = word.trim_end_matches('.');
        word.chars().count() > 1 && word.chars().count() < 5
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
        }
    }
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
            ("2ND", Some(Suffix::Second)),
            ("V", Some(Suffix::Fifth)),
            ("VI", None),
            ("Smith", None),
            ("", None),
            (".", None),
        ] {
            assert_eq!(Suffix::of(word), expected, "{word}");
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
