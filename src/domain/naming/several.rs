//! Names of several people: `Peter and Susan Carthorse`, `Mr & Mrs John Smith`, `Familie Weber`.

use super::degrees::is_degree;
use super::given_names::bearers;
use super::joints::{Joint, is_strong, joint};
use super::suffix::Suffix;
use super::titles::is_title;
use super::{apart, behalf, between, estates, has_key, is_listed};
use crate::words::Words;

/// Which part of a name a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamePart {
    /// Given names alone.
    Given,
    /// A family name alone.
    Family,
    /// Given names, then the family name.
    Full,
}

/// The people a name is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Several<'a> {
    /// The words of each one's name, without forms of address; none where somebody is not named
    /// (`Mrs` in `Mr & Mrs John Smith`). The last one's hold the family name.
    pub people: Vec<Vec<&'a str>>,
    /// The words between them: `and`, `&`.
    pub joints: Vec<&'a str>,
    /// Whether the name is only whole with its forms of address, or with its word for a family.
    pub is_addressed: bool,
    /// Whether it may be of one person as well: `Peter - Paul`.
    pub is_doubtful: bool,
    /// Whether signs part the names, and no words: such a name stays as it was delivered.
    pub is_parted: bool,
}

impl<'a> Several<'a> {
    fn new(people: Vec<Vec<&'a str>>, joints: Vec<&'a str>) -> Self {
        let is_addressed = people.iter().any(Vec::is_empty);
        Self { people, joints, is_addressed, is_doubtful: false, is_parted: false }
    }

    /// Names parted by signs.
    pub(super) fn parted(people: Vec<Vec<&'a str>>, is_doubtful: bool) -> Self {
        let people = people.into_iter().map(|words| person(&words, None)).collect();
        Self { is_doubtful, is_parted: true, ..Self::new(people, Vec::new()) }
    }

    /// A name that leads to somebody else, or to nobody.
    pub(super) fn of_others(name: &[&'a str]) -> Self {
        Self::new(vec![Vec::new(), person(name, None)], Vec::new())
    }
}

/// What a whole family is called, before its name; in order.
#[rustfmt::skip]
static FAMILIES: Words = Words::of(&[
    "ailesi", "csalad", "család", "druzina", "družina", "eheleute", "ehepaar", "fam", "famiglia",
    "familia", "familie", "familien", "familjen", "famille", "family", "família", "fjölskyldan",
    "hushållet", "manzele", "manzelia", "manželia", "manželé", "małżonkowie", "obitelj", "panstwo",
    "państwo", "perekond", "perhe", "porodica", "rodina", "rodzina", "seima", "ģimene", "šeima",
    "οικογένεια", "сем", "семья", "сім'я",
]);

/// Those of them that stand behind the name as well.
const BEHIND: [&str; 6] = ["ailesi", "csalad", "család", "family", "perhe", "perekond"];

/// Behind a joining word: people who belong to the one before.
#[rustfmt::skip]
pub(super) const KIN: [&str; 37] = [
    "family", "familie", "famille", "familia", "wife", "husband", "frau", "gattin", "partner",
    "spouse", "épouse", "esposa", "mrs", "mr", "żoną", "żona", "mężem", "mąż", "manželkou",
    "manželem", "ženou", "женой", "мужем", "moglie", "marito", "femme", "mari", "mujer", "esposo",
    "marido", "ehefrau", "ehemann", "gatte", "hustru", "vaimo", "karısı", "feleségével",
];

/// Behind a joining word: it is a firm.
const FIRMS: [&str; 32] = [
    "sons",
    "son",
    "co",
    "company",
    "partners",
    "associates",
    "assoc",
    "söhne",
    "soehne",
    "sohn",
    "fils",
    "figli",
    "hijos",
    "filhos",
    "zonen",
    "zoon",
    "søn",
    "sønner",
    "söner",
    "daughters",
    "daughter",
    "brothers",
    "bros",
    "sisters",
    "cie",
    "sozien",
    "kollegen",
    "team",
    "friends",
    "cia",
    "hnos",
    "töchter",
];

/// What may stand before a joining word that belongs to a family name: `von und zu Guttenberg`.
pub(super) const PARTICLES: [&str; 12] =
    ["von", "van", "zu", "vom", "zum", "de", "del", "della", "di", "da", "dos", "du"];

/// The people in a name that covers several; `None` where it seems to be one person.
#[must_use]
pub fn several(text: &str, part: NamePart) -> Option<Several<'_>> {
    joined(text, part).or_else(|| apart::people(text, part)).or_else(|| between::people(text, part))
}

/// The people in a name that has a word for it.
fn joined(text: &str, part: NamePart) -> Option<Several<'_>> {
    let is_list = part == NamePart::Given && text.contains(',');
    if !may_be(text) && !is_list {
        return None;
    }
    let words = words(text, part);
    let others = of_an_estate(&words).or_else(|| of_a_family(&words, part));
    if let Some(others) = others.or_else(|| behalf::people(&words, part)) {
        return Some(others);
    }
    let joined = |at: usize| joins(&words, at, part);
    let joints: Vec<usize> = (0..words.len()).filter(|at| joined(*at)).collect();
    if joints.is_empty() {
        return None;
    }
    let mut people = Vec::with_capacity(joints.len() + 1);
    let mut from = 0;
    for at in joints.iter().copied().chain([words.len()]) {
        people.push(person(&words[from..at], words.get(at + 1).copied()));
        from = at + 1;
    }
    let joints = joints.into_iter().map(|at| words[at]).collect();
    // `John Smith and Family`: who else there is has no name.
    if let [first, rest] = people.as_mut_slice()
        && let [only] = rest[..]
        && has_key(only, &KIN)
        && !first.is_empty()
    {
        people.swap(0, 1);
        people[0].clear();
    }
    Some(Several::new(people, joints))
}

/// Whether a word joins two names wherever it stands between them: `and`, `&`.
#[must_use]
pub fn is_joint(word: &str) -> bool {
    !word.eq_ignore_ascii_case("u") && is_strong(word)
}

/// Whether a name is a firm's: `Smith & Sons`.
#[must_use]
pub fn is_firm(text: &str) -> bool {
    if !may_be(text) {
        return false;
    }
    let words = words(text, NamePart::Full);
    words.windows(2).any(|pair| is_strong(pair[0]) && has_key(pair[1], &FIRMS))
}

/// A quick look, for most names are of one person: never wrongly no.
fn may_be(text: &str) -> bool {
    let first = |word: &str, letters: &[u8]| {
        word.bytes().next().is_some_and(|byte| letters.contains(&byte.to_ascii_lowercase()))
    };
    let joint = |word: &str| {
        joint(word).is_some()
            || behalf::tells(word)
            || behalf::may_begin(word)
            || (first(word, b"aefrpmhodcs") || !word.is_ascii()) && is_listed(&[word], &FAMILIES)
    };
    let begins = text.split(' ').next().unwrap_or_default();
    text.bytes().any(|byte| matches!(byte, b'&' | b'+' | b'/'))
        || text.split(' ').any(joint)
        || first(begins, b"thens") && estates::may_begin(begins)
}

/// The words, with signs that join two of them set apart: `Peter/Susan`, `John&Mary`.
fn words(text: &str, part: NamePart) -> Vec<&str> {
    let mut words = Vec::with_capacity(8);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        // `Peter, Susan` in a column of given names.
        if let (NamePart::Given, Some(before)) = (part, word.strip_suffix(','))
            && !before.is_empty()
        {
            words.extend([before, ","]);
            continue;
        }
        let sign = word.find(['&', '+', '/']);
        let Some(at) = sign.filter(|_| word.len() > 1) else {
            words.push(word);
            continue;
        };
        let (before, after) = (&word[..at], &word[at + 1..]);
        let is_name = |text: &str| {
            text.chars().count() > 1 && text.chars().all(|c| c.is_alphabetic() || "-'.".contains(c))
        };
        // A slash in a family name is of two surnames: `Anna Müller/Schmidt`.
        let are_given =
            || [before, after].iter().any(|name| bearers(&name.to_lowercase()).is_some());
        let is_last = text.ends_with(word) && !text.contains(", ");
        let splits = !word[at..].starts_with('/')
            || part == NamePart::Given
            || part == NamePart::Full && !is_last && are_given();
        if splits && is_name(before) && is_name(after) {
            words.extend([before, &word[at..=at], after]);
        } else {
            words.push(word);
        }
    }
    words
}

/// Whether the word in that place joins two people's names.
fn joins(words: &[&str], at: usize, part: NamePart) -> bool {
    let (Some(word), Some(next)) = (words.get(at), words.get(at + 1)) else { return false };
    let Some(before) = at.checked_sub(1).and_then(|before| words.get(before)) else { return false };
    let is_abbreviated = has_key(word, &["u", "attn"]);
    if word.ends_with('.') && !is_abbreviated || has_key(before, &PARTICLES) {
        return false;
    }
    if has_key(next, &FIRMS) {
        return false;
    }
    if *word == "," {
        let is_name = |word: &str| word.chars().count() > 2 && !word.ends_with('.');
        let is_other = is_title(next) || is_degree(next) || Suffix::of(next).is_some();
        return is_name(before) && is_name(next) && !is_other;
    }
    // `Mgr. et Mgr. Jana Nová` has both degrees herself.
    if *word == "et" && next.contains('.') && before.eq_ignore_ascii_case(next) {
        return false;
    }
    if is_strong(word) || *word == "/" {
        // `U` alone is an initial.
        let is_small = *word == "u" && next.starts_with(char::is_uppercase);
        return !matches!(*word, "U" | "u") || is_small && part == NamePart::Given;
    }
    let Some(joint) = joint(word).filter(|_| !next.starts_with(char::is_lowercase)) else {
        return false;
    };
    let titles = is_title(before) && is_title(next);
    match part {
        // `Jan in Berg` is one of few; in Slovene it is `and`.
        NamePart::Full if joint == Joint::Weak => words.len() > 2 && next.chars().count() > 2,
        _ if titles => true,
        NamePart::Given => true,
        NamePart::Family => false,
        // `Jan a Marie Novákovi`, not `Maria a Silva`.
        NamePart::Full if *word == "a" => at == 1 && are_man_and_woman(before, next),
        // `Juan y María García`, not `José Ortega y Gasset`.
        NamePart::Full => at == 1 && words.len() > 3,
    }
}

/// Whether two words are the given names of a man and a woman in one language.
fn are_man_and_woman(one: &str, other: &str) -> bool {
    let bearers = |word: &str| {
        bearers(&word.chars().flat_map(char::to_lowercase).map(plain).collect::<String>())
    };
    bearers(one).zip(bearers(other)).is_some_and(|(one, other)| one.are_opposite(other))
}

/// Whether a word is a given name that is known.
pub(super) fn is_given_name(word: &str) -> bool {
    bearers(&word.chars().flat_map(char::to_lowercase).map(plain).collect::<String>()).is_some()
}

/// A small letter without the accents that the languages of Europe put on it.
fn plain(letter: char) -> char {
    const ACCENTS: [(&str, char); 14] = [
        ("áàâãäåăą", 'a'),
        ("čćç", 'c'),
        ("ďđ", 'd'),
        ("éèêëěęė", 'e'),
        ("íìîï", 'i'),
        ("ľĺł", 'l'),
        ("ňñń", 'n'),
        ("óòôõöøő", 'o'),
        ("řŕ", 'r'),
        ("šśș", 's'),
        ("ťț", 't'),
        ("úùûüůű", 'u'),
        ("ý", 'y'),
        ("žźż", 'z'),
    ];
    let found = ACCENTS.iter().find(|(accented, _)| accented.contains(letter));
    found.map_or(letter, |(_, plain)| *plain)
}

/// `Estate of Peter Weber`: what he had is others' now.
fn of_an_estate<'a>(words: &[&'a str]) -> Option<Several<'a>> {
    Some(Several::of_others(&words[estates::length(words)?..]))
}

/// `Familie Weber`, `The Weber Family`.
fn of_a_family<'a>(words: &[&'a str], part: NamePart) -> Option<Several<'a>> {
    let people = |rest: &[&'a str]| Some(Several::of_others(rest));
    let (first, rest) = words.split_first()?;
    if is_listed(&[first], &FAMILIES) && (!rest.is_empty() || part == NamePart::Given) {
        return people(rest);
    }
    let (last, rest) = words.split_last()?;
    let named = match rest {
        ["The" | "the" | "THE", named @ ..] => named,
        named => named,
    };
    if !has_key(last, &BEHIND) || named.is_empty() {
        return None;
    }
    // `John Smith and Family` has a word that joins.
    if named.last().is_some_and(|word| is_strong(word)) { None } else { people(named) }
}

/// One person's words without forms of address. `next` begins the next one's.
fn person<'a>(words: &[&'a str], next: Option<&str>) -> Vec<&'a str> {
    // `M.` is Monsieur beside Madame, and an initial else.
    let beside_madame = next.is_some_and(|next| has_key(next, &["mme", "mlle", "madame"]));
    if let ["M" | "M."] = words
        && beside_madame
    {
        return Vec::new();
    }
    let titles = words.iter().take_while(|word| is_title(word)).count();
    words[titles..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The people of a name, joined by `|`.
    fn people(text: &str, part: NamePart) -> String {
        several(text, part).map_or_else(String::new, |several| {
            let people: Vec<String> = several.people.iter().map(|words| words.join(" ")).collect();
            people.join("|")
        })
    }

    #[test]
    fn full_names() {
        for (text, expected) in [
            ("John and Mary Smith", "John|Mary Smith"),
            ("John & Mary Smith", "John|Mary Smith"),
            ("JOHN AND MARY SMITH", "JOHN|MARY SMITH"),
            ("John&Mary Smith", "John|Mary Smith"),
            ("Hans und Grete Weber", "Hans|Grete Weber"),
            ("Hans u. Grete Weber", "Hans|Grete Weber"),
            ("Jean et Marie Dupont", "Jean|Marie Dupont"),
            ("Juan y María García", "Juan|María García"),
            ("Anna e Marco Rossi", "Anna|Marco Rossi"),
            ("Jan en Marie de Vries", "Jan|Marie de Vries"),
            ("Jan a Marie Novákovi", "Jan|Marie Novákovi"),
            ("Jiří a Zdeňka Svobodovi", "Jiří|Zdeňka Svobodovi"),
            ("Jan a Marie", "Jan|Marie"),
            ("Peter og Anne Hansen", "Peter|Anne Hansen"),
            ("John Smith and Mary Jones", "John Smith|Mary Jones"),
            ("Mr & Mrs John Smith", "|John Smith"),
            ("Mr. and Mrs. Smith", "|Smith"),
            ("Herr und Frau Weber", "|Weber"),
            ("Herrn und Frau Hans Weber", "|Hans Weber"),
            ("M. et Mme Dupont", "|Dupont"),
            ("Sr. y Sra. García", "|García"),
            ("Dhr. en Mevr. de Vries", "|de Vries"),
            ("Dr. Hans und Dr. Grete Weber", "Hans|Grete Weber"),
            ("Familie Müller", "|Müller"),
            ("Fam. Hans Müller", "|Hans Müller"),
            ("Eheleute Weber", "|Weber"),
            ("The Smith Family", "|Smith"),
            ("John Smith and Family", "|John Smith"),
            ("John Smith & wife", "|John Smith"),
            ("Peter/Susan Weber", "Peter|Susan Weber"),
            ("PETER/SUSAN WEBER", "PETER|SUSAN WEBER"),
            ("Weber, Peter/Susan", "Weber, Peter|Susan"),
            ("Estate of Peter Weber", "|Peter Weber"),
            ("The Estate of Peter Weber", "|Peter Weber"),
            ("ESTATE OF PETER WEBER", "|PETER WEBER"),
            ("Heirs of Peter Weber", "|Peter Weber"),
            ("Nachlass Peter Weber", "|Peter Weber"),
            ("Erbengemeinschaft Weber", "|Weber"),
            ("Succession de Jean Dupont", "|Jean Dupont"),
            ("Herederos de Juan García", "|Juan García"),
            ("Erben von Peter Weber", "|Peter Weber"),
        ] {
            assert_eq!(people(text, NamePart::Full), expected, "{text}");
        }
    }

    #[test]
    fn names_of_one_person() {
        for text in [
            "John Smith",
            "Hans-Jürgen von und zu Guttenberg",
            "José Ortega y Gasset",
            "Santiago Ramón y Cajal",
            "Juan Carlos de los Santos y Ruiz",
            "Antoni Gaudí i Cornet",
            "John E Smith",
            "Mary U Jones",
            "Maria A Silva",
            "Maria a Silva",
            "Jana Marie a Nová",
            "Smith & Sons",
            "Müller und Söhne",
            "Smith & Co",
            "Anna Müller/Schmidt",
            "Müller/Schmidt, Anna",
            "Peter Thomas/Martin",
            "Estate",
            "Erben Karel",
            "The late Peter Weber",
            "Andy Sand",
            "Mgr. et Mgr. Jana Nová",
            "And",
            "&",
            "",
        ] {
            assert_eq!(people(text, NamePart::Full), "", "{text}");
        }
        assert!(is_firm("Smith & Sons") && is_firm("Weber und Söhne") && is_firm("Pace + Co."));
        assert!(!is_firm("John and Mary Smith") && !is_firm("Sons"));
    }

    #[test]
    fn given_and_family_names_alone() {
        for (text, part, expected) in [
            ("Peter and Susan", NamePart::Given, "Peter|Susan"),
            ("Peter/Susan", NamePart::Given, "Peter|Susan"),
            ("Peter, Susan", NamePart::Given, "Peter|Susan"),
            ("Peter, Susan & Tom", NamePart::Given, "Peter|Susan|Tom"),
            ("Peter+Susan", NamePart::Given, "Peter|Susan"),
            ("Peter, Jr", NamePart::Given, ""),
            ("Peter, Dr.", NamePart::Given, ""),
            ("Peter, A.", NamePart::Given, ""),
            ("Pace, Thomas", NamePart::Full, ""),
            ("Pace, Thomas", NamePart::Family, ""),
            ("Jan i Maria", NamePart::Given, "Jan|Maria"),
            ("Mr & Mrs John", NamePart::Given, "|John"),
            ("Familie", NamePart::Given, "|"),
            ("Maria I", NamePart::Given, ""),
            ("Ortega y Gasset", NamePart::Family, ""),
            ("Costa e Silva", NamePart::Family, ""),
            ("Müller/Schmidt", NamePart::Family, ""),
            ("Smith and Jones", NamePart::Family, "Smith|Jones"),
            ("Smith Family", NamePart::Family, "|Smith"),
        ] {
            assert_eq!(people(text, part), expected, "{text}");
        }
    }
}
