//! Degrees and honours, which stand behind a name.

use super::is_listed;
use crate::words::Words;

/// What nobody is called, without dots and case, in order.
#[rustfmt::skip]
static CERTAIN: Words = Words::of(&[
    "artd", "bba", "bcom", "beng", "bpharm", "bsc", "bsn", "btech", "cbe", "cpa", "csc", "dbe",
    "dds", "dlitt", "dmd", "dnp", "dphil", "drsc", "dsc", "dvm", "edd", "emba", "esq", "esquire",
    "frics", "kbe", "llb", "lld", "llm", "mba", "mbbs", "mbchb", "mbe", "mcom", "meng", "mfa",
    "mph", "mpharm", "mphil", "mpp", "mrcp", "mrcs", "mres", "mrics", "msc", "msn", "msw", "mtech",
    "obe", "pharmd", "phd", "psyd", "thd",
]);

/// The same where it is written in this very case: in another one it is a name.
#[rustfmt::skip]
const MIXED: [&str; 5] = [
    "BEd", "BSEd", "CEng", "DiS", "MEd",
];

/// The same where it is written in capitals: in small letters these are names.
#[rustfmt::skip]
const CAPITALS: [&str; 17] = [
    "ACCA", "BFA", "CFA", "CFP", "DBA", "FCCA", "FRCP", "FRCS", "FRS", "JD", "KC", "LCSW", "MD",
    "MP", "PMP", "QC", "RN",
];

/// Two or three capitals that are given names, or a family name, just as well.
#[rustfmt::skip]
const INITIALS: [&str; 20] = [
    "AA", "AB", "AM", "AS", "BA", "BD", "BE", "BL", "BM", "BS", "DA", "DI", "DIS", "DO", "MA",
    "MB", "ME", "MS", "SB", "SM",
];

/// How sure it is that words behind a name are a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Degree {
    /// They are nothing else: `Ph.D.`, `CSc.`
    Certain,
    /// In capitals they are one, or initials: `MD`, `RN`.
    Capitals,
    /// They are initials, or a name, just as well: `B.A.`, `MA`.
    Initials,
}

impl Degree {
    /// The degree these words are together: `Ph. D.` is one of two.
    #[must_use]
    pub fn of(words: &[&str]) -> Option<Degree> {
        let length: usize = words.iter().map(|word| word.len()).sum();
        // Few words are so short, or have a dot.
        if length > 12 {
            return None;
        }
        let spelled = || words.iter().flat_map(|word| word.bytes()).filter(|byte| *byte != b'.');
        let is_in = |list: &[&str]| list.iter().any(|entry| spelled().eq(entry.bytes()));
        if is_listed(words, &CERTAIN) || is_in(&MIXED) {
            Some(Degree::Certain)
        } else if is_in(&CAPITALS) {
            Some(Degree::Capitals)
        } else if is_in(&INITIALS) {
            Some(Degree::Initials)
        } else {
            None
        }
    }
}

/// Whether a word behind a name is a degree or an honour rather than a name.
#[must_use]
pub fn is_degree(word: &str) -> bool {
    matches!(Degree::of(&[word]), Some(Degree::Certain | Degree::Capitals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees() {
        assert!(CERTAIN.is_sorted());
        for word in
            ["PhD", "Ph.D.", "MD", "M.D.", "Esq.", "DBE", "esquire", "CSc.", "DrSc.", "DiS.", "MBA"]
        {
            assert!(is_degree(word), "{word}");
        }
        for word in ["Do", "Md", "Ma", "MA", "Rn", "Jones", "Dis", "Med", "", "."] {
            assert!(!is_degree(word), "{word}");
        }
    }

    #[test]
    fn how_sure_it_is() {
        for (words, expected) in [
            (&["Ph.", "D."][..], Some(Degree::Certain)),
            (&["M.", "D."], Some(Degree::Capitals)),
            (&["B.A."], Some(Degree::Initials)),
            (&["B.", "A."], Some(Degree::Initials)),
            (&["D.I.S."], Some(Degree::Initials)),
            (&["J.R."], None),
            (&["Ba"], None),
            (&[], None),
        ] {
            assert_eq!(Degree::of(words), expected, "{words:?}");
        }
    }
}
