//! Forms of address and degrees: they say how to greet somebody, not who it is.

use super::has_key;

/// Forms of address and degrees, without dots and case.
const TITLES: [&str; 68] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "drs",
    "prof",
    "professor",
    "profdr",
    "sir",
    "dame",
    "rev",
    "reverend",
    "herr",
    "herrn",
    "frau",
    "fräulein",
    "mme",
    "mmes",
    "mlle",
    "monsieur",
    "madame",
    "mademoiselle",
    "sr",
    "sra",
    "srta",
    "señor",
    "señora",
    "señorita",
    "sig",
    "sigra",
    "signor",
    "signora",
    "dott",
    "dottssa",
    "ing",
    "dhr",
    "mevr",
    "mevrouw",
    "mw",
    "capt",
    "captain",
    "lt",
    "sgt",
    "dr-ing",
    "drmed",
    "drphil",
    "drjur",
    "drrernat",
    "drhc",
    "profdrhc",
    "phd",
    "mba",
    "msc",
    "bsc",
    "esq",
    "dds",
    "cpa",
    "md",
    "paní",
    "pani",
    "fru",
    "bayan",
    "senhor",
    "senhora",
    "meneer",
    "mister",
];

/// Titles and parts of degrees only when written with the dot of an abbreviation.
const DOTTED: [&str; 35] = [
    "hr", "fr", "med", "dent", "vet", "rer", "nat", "pol", "oec", "publ", "soc", "phil", "theol",
    "jur", "iur", "habil", "hon", "hc", "eh", "mult", "dipl", "ass", "bacc", "univ", "col", "gen",
    "maj", "cmdr", "ra", "arch", "avv", "rag", "geom", "adm", "mag",
];

/// What stands behind a name, without dots and case.
const DEGREES: [&str; 22] = [
    "phd", "mba", "msc", "bsc", "esq", "esquire", "dds", "cpa", "dphil", "edd", "psyd", "dvm",
    "llm", "llb", "mphil", "meng", "beng", "obe", "cbe", "dbe", "kbe", "mbe",
];

/// The same where it is written in capitals: in small letters these are names.
const CAPITAL_DEGREES: [&str; 14] =
    ["MD", "JD", "RN", "QC", "KC", "MP", "DO", "CFA", "PMP", "FRCS", "FRCP", "FRS", "CFP", "LCSW"];

/// Whether a word in front of a name is a form of address or a part of a degree.
#[must_use]
pub fn is_title(word: &str) -> bool {
    has_key(word, &TITLES)
        || (word.contains('.') && has_key(word, &DOTTED))
        || word.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("dipl-"))
        || word.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("dipl.-"))
}

/// Whether a word behind a name is a degree or an honour.
#[must_use]
pub fn is_degree(word: &str) -> bool {
    let is_it = |entry: &str| word.bytes().filter(|byte| *byte != b'.').eq(entry.bytes());
    has_key(word, &DEGREES) || CAPITAL_DEGREES.iter().any(|entry| is_it(entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_degrees() {
        for word in ["Mr", "Mrs.", "DR.", "Dipl.-Kfm.", "h.c.", "mult.", "med.", "Dame"] {
            assert!(is_title(word), "{word}");
        }
        for word in ["Med", "Nat", "Fr", "Hans", "Rer", "Mult", "", "."] {
            assert!(!is_title(word), "{word}");
        }
        for word in ["PhD", "Ph.D.", "MD", "M.D.", "Esq.", "DBE", "esquire"] {
            assert!(is_degree(word), "{word}");
        }
        for word in ["Do", "Md", "Ma", "MA", "Rn", "Jones"] {
            assert!(!is_degree(word), "{word}");
        }
    }
}
