//! Forms of address and what stands before a name: they say how to greet somebody, not who it is.

use super::{has_key, is_among, is_listed};
use crate::words::Words;

/// Forms of address and degrees, without dots and case, in order.
#[rustfmt::skip]
static TITLES: Words = Words::of(&[
    "atty", "bayan", "bsc", "capt", "captain", "cllr", "cpa", "cpt", "dame", "ddr", "dds", "dhr",
    "dkfm", "docdr", "dott", "dottor", "dottoressa", "dottssa", "doña", "dr", "dr-ing", "dra",
    "drhc", "drjur", "drmed", "drphil", "drrernat", "drs", "dña", "engr", "esq", "frau",
    "fru", "fräulein", "herr", "herrn", "icdr", "ing", "inż", "jhr", "judr", "kommr", "lt",
    "madame", "mademoiselle", "mba", "mddr", "meneer", "mevr", "mevrouw", "mgr", "mgrinż", "miss",
    "mister", "mlle", "mmag", "mme", "mmes", "monsieur", "mr", "mrs", "ms", "msc", "msgr", "mudr",
    "mvdr", "mw", "mx", "paeddr", "pani", "paní", "pharmdr", "phd", "phdr", "phmr", "priv-doz",
    "prof", "profdr", "profdrhc", "professor", "profssa", "rechtsanwalt", "rechtsanwältin", "rev",
    "revd", "reverend", "rndr", "rsdr", "senhor", "senhora", "señor", "señora", "señorita", "sgt",
    "sig", "signor", "signora", "sigra", "sir", "smt", "sr", "sra", "srta", "thdr", "thlic",
    "univ-prof",
]);

/// Titles and parts of degrees only when written with the dot of an abbreviation, in order.
#[rustfmt::skip]
static DOTTED: Words = Words::of(&[
    "adm", "adv", "agr", "akad", "apl", "arch", "arq", "ass", "av", "avv", "bacc", "bakk", "bc",
    "bca", "cand", "cav", "cmdr", "col", "cpl", "ddr", "dent", "dipl", "doc", "doz", "doç", "drin",
    "dypl", "eh", "eng", "forest", "fr", "frl", "gen", "geom", "hab", "habil", "hc", "hon", "hr",
    "inz", "ir", "iur", "jur", "lek", "lic", "mag", "maga", "magfh", "maj", "med", "mga", "mont",
    "mult", "nat", "oec", "op", "paed", "pharm", "phil", "pol", "publ", "pvt", "ra", "rag", "rer",
    "rt", "sc", "soc", "stb", "techn", "theol", "troph", "univ", "uzm", "vet", "wet", "yrd", "zw",
    "özv",
]);

/// Titles that are given names elsewhere, where they are written without a dot: `Dame Diouf`, `Bayan
/// Ahmad`.
const GIVEN_NAMES: [&str; 4] = ["dame", "bayan", "sig", "ing"];

/// Whether a word in front of a name is a form of address or a part of a degree.
///
/// `Md` is not among them: behind a name it may be a degree, in front it is short for Muhammad.
#[must_use]
pub fn is_title(word: &str) -> bool {
    (is_listed(&[word], &TITLES) || (word.contains('.') && is_listed(&[word], &DOTTED)))
        && !are_initials(word)
        || word.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("dipl-"))
        || word.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("dipl.-"))
}

/// Whether a form of address is for a man or for a woman.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressed {
    /// `Mr`, `Herr`, `Sr.` in front.
    Man,
    /// `Mrs`, `Frau`; before her own name or her husband's.
    Woman,
}

/// Forms of address for men, without dots and case.
#[rustfmt::skip]
static MEN: Words = Words::of(&[
    "bay", "dhr", "herr", "herrn", "meneer", "mister", "monsieur", "mr", "senhor", "señor", "sig",
    "signor", "sir", "sr",
]);

/// Forms of address for women.
#[rustfmt::skip]
static WOMEN: Words = Words::of(&[
    "bayan", "dame", "dottoressa", "dottssa", "doña", "dña", "dra", "frau", "fru", "fräulein", "frl",
    "madame", "mademoiselle", "mevr", "mevrouw", "miss", "mlle", "mme", "mrs", "ms", "mw", "pani",
    "paní", "senhora", "señora", "señorita", "signora", "sigra", "sra",
]);

/// Forms of address that are names as well, so that they stay a part of the name: for men.
#[rustfmt::skip]
static PERHAPS_MEN: Words = Words::of(&[
    "baba", "bapak", "bp", "bpk", "don", "encik", "gospodin", "lord", "mr", "ob", "pak", "pan", "pán", "shree",
    "shri", "sir", "sri", "tn", "tuan", "г-н", "господин", "гр-н", "пан", "κ", "κος", "κύριος", "السيد", "سيد",
    "מר",
]);

/// And for women.
#[rustfmt::skip]
static PERHAPS_WOMEN: Words = Words::of(&[
    "bu", "cik", "dona", "gospodja", "gospođa", "ibu", "kumari", "lady", "mrs", "ny", "nyonya", "pani", "paní",
    "puan", "shrimati", "smt", "sushri", "г-жа", "госпожа", "гр-ка", "пані", "κα", "κυρία", "السيدة", "سيدة",
    "الآنسة", "גב", "גברת",
]);

/// Those that stand behind a given name and are names as well: for men, and for women.
static BEHIND_MEN: Words = Words::of(&["bey", "efendi", "bay", "agha", "saheb", "sahib"]);
static BEHIND_WOMEN: Words = Words::of(&["hanim", "hatun", "khanum", "xanim", "khanom", "begum"]);

/// What a delivered given name says of whom it addresses where the form of address may be a name, or is all that
/// there is: `Pan Kim`, `Lady Quana`, `Mrs`. It counts beside one of the other kind only.
#[must_use]
pub fn perhaps_addressed(text: &str) -> Option<Addressed> {
    let mut words = text.split_whitespace();
    let first = words.next()?;
    let Some(second) = words.next() else {
        return of_word(first, &[&MEN, &PERHAPS_MEN], &[&WOMEN, &PERHAPS_WOMEN]);
    };
    of_word(first, &[&PERHAPS_MEN], &[&PERHAPS_WOMEN]).or_else(|| {
        let mut behind = std::iter::once(second).chain(words);
        behind.find_map(|word| of_word(word, &[&BEHIND_MEN], &[&BEHIND_WOMEN]))
    })
}

fn of_word(word: &str, men: &[&Words], women: &[&Words]) -> Option<Addressed> {
    if men.iter().any(|list| is_among(word, list)) {
        Some(Addressed::Man)
    } else {
        women.iter().any(|list| is_among(word, list)).then_some(Addressed::Woman)
    }
}

/// Whether the titles before a delivered name, or before the given names behind its comma, are of a man
/// or of a woman; `None` where they say neither.
#[must_use]
pub fn addressed(text: &str) -> Option<Addressed> {
    text.split(',').find_map(|part| {
        // Most names begin with no title.
        part.split_whitespace().next().filter(|first| is_title(first))?;
        let words: Vec<&str> = part.split_whitespace().collect();
        let titles = words.iter().take_while(|word| is_title(word)).count();
        let (titles, rest) = words.split_at(titles);
        // `Dame Diouf` has a given name.
        let is_name = |word: &str| titles.len() == 1 && may_be_given_name(word, rest);
        titles.iter().filter(|_| !rest.is_empty()).find_map(|word| match word {
            _ if is_name(word) => None,
            _ if is_among(word, &MEN) => Some(Addressed::Man),
            _ if is_among(word, &WOMEN) => Some(Addressed::Woman),
            _ => None,
        })
    })
}

/// Whether a form of address before a delivered name may say that the elder of two namesakes is meant:
/// `Sr. John Abernathy`.
#[must_use]
pub fn may_be_senior(text: &str) -> bool {
    text.split(',').any(|part| {
        if !part.split_whitespace().next().is_some_and(is_title) {
            return false;
        }
        let words: Vec<&str> = part.split_whitespace().collect();
        let titles = words.iter().take_while(|word| is_title(word)).count();
        let (titles, rest) = words.split_at(titles);
        !rest.is_empty()
            && titles.iter().any(|word| has_key(word, &["sr"]) && !may_be_given_name(word, rest))
    })
}

/// `M.R. James`, `H.C. Andersen`: several capitals, each with a dot of its own.
fn are_initials(word: &str) -> bool {
    word.trim_end_matches('.').contains('.')
        && word.trim_end_matches('.').split('.').all(|letter| {
            letter.len() == 1 && letter.starts_with(|first: char| first.is_ascii_uppercase())
        })
}

/// Whether a title may as well be a given name; `rest` is what follows it.
#[must_use]
pub fn may_be_given_name(title: &str, rest: &[&str]) -> bool {
    // `MS Dhoni` has initials, `MS DHONI` a form of address.
    let is_initials = || {
        matches!(title, "MS" | "SR") && rest.iter().any(|word| word.contains(char::is_lowercase))
    };
    !title.contains('.') && (has_key(title, &GIVEN_NAMES) || is_initials())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles() {
        assert!(TITLES.is_sorted() && DOTTED.is_sorted());
        for word in [
            "Mr",
            "Mrs.",
            "DR.",
            "Dipl.-Kfm.",
            "h.c.",
            "mult.",
            "med.",
            "Dame",
            "MUDr.",
            "JUDr",
            "RNDr.",
            "PhDr.",
            "Mgr.",
            "Bc.",
            "doc.",
            "inż.",
            "Dott.ssa",
            "Avv.",
            "Mag.",
            "Mag.a",
            "Univ.-Prof.",
            "Doç.",
            "özv.",
            "Ing.",
            "drs.",
        ] {
            assert!(is_title(word), "{word}");
        }
        for word in [
            "Med", "Nat", "Fr", "Hans", "Rer", "Mult", "Md", "MD", "Md.", "Doc", "Mag", "Bc", "BC",
            "M.R.", "D.R.", "H.C.", "E.H.", "M.S.", "R.A.", "B.C.", "Lic", "Don", "Lady", "Sri",
            "", ".",
        ] {
            assert!(!is_title(word), "{word}");
        }
    }

    #[test]
    fn titles_of_men_and_women() {
        for (text, expected) in [
            ("Mrs Peter Carthorse", Some(Addressed::Woman)),
            ("MR. PETER CARTHORSE", Some(Addressed::Man)),
            ("Frau Dr. Kim Lee", Some(Addressed::Woman)),
            ("Dr. Kim Lee", None),
            ("Herr Kim Lee", Some(Addressed::Man)),
            ("Lee, Herr Kim", Some(Addressed::Man)),
            ("Sr. Juan García", Some(Addressed::Man)),
            ("Juan García Sr.", None),
            ("Sra. María García", Some(Addressed::Woman)),
            ("Mme Dupont", Some(Addressed::Woman)),
            ("Dame Diouf", None),
            ("MS Dhoni", None),
            ("Ms", None),
            ("", None),
        ] {
            assert_eq!(addressed(text), expected, "{text}");
        }
    }

    #[test]
    fn forms_of_address_that_may_be_names() {
        for (text, expected) in [
            ("г-н Женя", Some(Addressed::Man)),
            ("г-жа Женя", Some(Addressed::Woman)),
            ("Bapak Dewi", Some(Addressed::Man)),
            ("Ibu Dewi", Some(Addressed::Woman)),
            ("Tn. Eka", Some(Addressed::Man)),
            ("Ny. Eka", Some(Addressed::Woman)),
            ("Encik Nur", Some(Addressed::Man)),
            ("Puan Nur", Some(Addressed::Woman)),
            ("Deniz Bey", Some(Addressed::Man)),
            ("Deniz Hanım", Some(Addressed::Woman)),
            ("السيد نور", Some(Addressed::Man)),
            ("السيدة نور", Some(Addressed::Woman)),
            ("Bey", None),
            ("Deniz", None),
            ("Pan Kim", Some(Addressed::Man)),
            ("Pani Kim", Some(Addressed::Woman)),
            ("Shri Kiran", Some(Addressed::Man)),
            ("Smt. Kiran", Some(Addressed::Woman)),
            ("Sir Quana", Some(Addressed::Man)),
            ("Lady Quana", Some(Addressed::Woman)),
            ("Mr", Some(Addressed::Man)),
            ("Mrs", Some(Addressed::Woman)),
            ("Frau", Some(Addressed::Woman)),
            ("Kim", None),
            ("Kim Pan", None),
            ("", None),
        ] {
            assert_eq!(perhaps_addressed(text), expected, "{text}");
        }
    }

    #[test]
    fn a_form_of_address_may_be_the_elder() {
        for (text, expected) in [
            ("Sr. John Abernathy", true),
            ("SR JOHN", true),
            ("Abernathy, Sr. John", true),
            ("Dr. Sr. John Abernathy", true),
            ("Sra. María García", false),
            ("John Abernathy Sr.", false),
            ("Abernathy, Sr.", false),
            ("Mr. John Abernathy", false),
            ("SR Nathan", false),
            ("Sr.", false),
            ("", false),
        ] {
            assert_eq!(may_be_senior(text), expected, "{text}");
        }
    }

    #[test]
    fn some_titles_are_given_names_elsewhere() {
        assert!(may_be_given_name("Dame", &["Diouf"]) && may_be_given_name("MS", &["Dhoni"]));
        assert!(!may_be_given_name("Ing.", &["Novák"]) && !may_be_given_name("MS", &["SMITH"]));
        assert!(!may_be_given_name("Ms", &["Smith"]));
    }
}
