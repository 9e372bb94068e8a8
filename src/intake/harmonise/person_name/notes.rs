//! Remarks and nicknames inside a name: `Jones, Robert (deceased)`, `Robert "Bob" Jones`, `John Pace
//! c/o Hill`.

use std::borrow::Cow;

use domain::naming::{
    Degree, NamePart, Suffix, bearers, is_degree, is_joint, is_title, names_second_person,
    nicknames,
};

use super::super::clean::key;
use super::super::letter_case::PARTICLES;
use super::family::{is_east_asian, is_particle};
use super::marks::{Marked, Piece, is_mark, pieces};

/// What leads to somebody else: it and what follows is a remark.
const CARE_OF: [&str; 6] = [" c/o ", " C/O ", " C/o ", " z. Hd. ", " z.Hd. ", " zHd "];

/// Words in brackets that say something of a person instead of naming it, without case and dots.
#[rustfmt::skip]
const REMARKS: [&str; 110] = [
    "active", "alt", "blocked", "born", "business", "client", "closed", "company", "contact", "copy",
    "customer", "dead", "dec", "dec'd", "decd", "deceased", "deceduta", "deceduto", "deleted",
    "doppelt", "dup", "duplicate", "duplikat", "décédé", "décédée", "empty", "estate", "ex",
    "falecida", "falecido", "fallecida", "fallecido", "father", "firma", "former", "formerly", "gast",
    "geb", "geboren", "geborene", "gelöscht", "geschäftlich", "gesperrt", "guest", "he", "her", "him",
    "his", "home", "husband", "inactive", "inaktiv", "kopie", "kunde", "late", "main", "minor",
    "mother", "moved", "mutter", "neu", "new", "none", "nee", "né", "née", "office", "old",
    "overleden", "owner", "parent", "primary", "privat", "private", "retired", "roz", "secondary",
    "see", "she", "siehe", "spouse", "test", "them", "they", "unbekannt", "unknown", "vater",
    "verst", "verstorben", "verzogen", "vip", "weduwe",
    "accounting", "assistant", "boss", "buchhaltung", "chef", "direktor", "einkauf", "hr", "manager",
    "praxis", "reception", "sales", "vertrieb", "viuda", "widow", "widower", "witwe", "witwer",
];

/// The name without remarks and nicknames. A nickname is taken out where a given name and a family
/// name remain, one of them in a field of its own; else it is the given name itself, without its
/// marks. The whole text where nothing else is in it.
pub(super) fn without(text: &str, part: NamePart) -> Cow<'_, str> {
    let kept = before_care_of(text);
    if !kept.contains(is_mark) {
        return Cow::Borrowed(kept);
    }
    let mut pieces = pieces(kept);
    if !pieces.iter().any(|piece| matches!(piece, Piece::Marked(_))) {
        return Cow::Borrowed(kept);
    }
    if part == NamePart::Given && names_second_person(kept, part, key) {
        return Cow::Borrowed(kept);
    }
    let swapped = keep_given_names(&mut pieces, kept, part);
    let is_named = pieces.iter().any(|it| matches!(it, Piece::Text(text) if names(text) > 0));
    let mut out = String::with_capacity(kept.len() + 1);
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Marked(marked) if beside(marked, part) == Beside::Particle => {
                push_particle(&mut out, marked.inner, part);
            }
            Piece::Marked(marked) => {
                if swapped == Some(at) {
                    out.push(',');
                }
                out.push(' ');
                if marked.is_kept {
                    match beside(marked, part) {
                        Beside::Suffix(suffix) => out.push_str(suffix.written(marked.inner)),
                        Beside::Surname if is_named => out.push_str(&format!("({})", marked.inner)),
                        _ => out.push_str(marked.inner),
                    }
                    out.push(' ');
                }
            }
        }
    }
    let words: Vec<&str> = out.split(' ').filter(|word| !word.is_empty()).collect();
    let bare = words.join(" ").replace(" ,", ",");
    let bare = bare.trim_end_matches([',', '-', ' ']);
    if !bare.contains(char::is_alphabetic) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(bare.to_owned())
}

/// The text up to what leads to somebody else.
fn before_care_of(text: &str) -> &str {
    if !text.contains('/') && !text.contains(" z") {
        return text;
    }
    let mut kept = text;
    for word in CARE_OF {
        if let Some((before, _)) = kept.split_once(word)
            && before.contains(char::is_alphabetic)
        {
            kept = before;
        }
    }
    kept
}

/// Marks what is to stay in a name that is none without it. Gives the place of a given name that
/// stands behind its family name: `Lee (Ann)`.
fn keep_given_names(pieces: &mut [Piece<'_>], text: &str, part: NamePart) -> Option<usize> {
    let outside: Vec<&str> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Text(text) => Some(*text),
            Piece::Marked(_) => None,
        })
        .collect();
    // In East Asia a name needs no blank.
    let needed = match part {
        NamePart::Full if !text.contains(is_east_asian) => 2,
        _ => 1,
    };
    // Initials alone are no name that another one could go from.
    let is_spelled = |text: &&str| {
        let words = text.split([' ', ',', '.']);
        words.filter(|word| word.chars().count() > 1).any(|word| names(word) > 0)
    };
    let before = if outside.iter().any(is_spelled) { names(&outside.join(" ")) } else { 0 };
    let is_small = !text.contains(char::is_uppercase);
    let has_comma = outside.iter().any(|text| text.contains(','));
    let alone = before == 0;
    let is_titled = outside.first().and_then(|text| text.split(' ').next()).is_some_and(is_title);
    let mut count = before;
    let last = pieces.len() - 1;
    let mut swapped = None;
    for quoted in [true, false] {
        for at in 0..pieces.len() {
            let ends = at == last || matches!(pieces[at + 1..], [Piece::Text(" ")]);
            let follows =
                pieces[..at].iter().any(|it| matches!(it, Piece::Text(text) if names(text) > 0));
            let Piece::Marked(marked) = &mut pieces[at] else { continue };
            if marked.is_quoted != quoted {
                continue;
            }
            let beside = beside(marked, part);
            if beside == Beside::Surname {
                marked.is_kept = before > 0 || is_given_name(marked, is_small, alone);
            } else if beside != Beside::Nothing {
                marked.is_kept = true;
            } else if count < needed
                && is_given_name(marked, is_small, alone)
                && (marked.is_quoted || !follows || !is_titled && is_known(marked.inner))
            {
                marked.is_kept = true;
                count += names(marked.inner);
                if part == NamePart::Full && before == 1 && ends && !has_comma {
                    swapped = Some(at);
                }
            }
        }
    }
    swapped
}

/// Whether a text in brackets beside a family name is a given name: anything else is a remark, `Lee (HR)`.
fn is_known(text: &str) -> bool {
    let first = key(text.split([' ', '-']).next().unwrap_or_default());
    bearers(&first).is_some() || nicknames::known(&first)
}

/// How many names a text holds: neither titles nor particles, which no name is without another.
fn names(text: &str) -> usize {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let is_name = |at: usize| {
        let word = words[at];
        // `Ph. D.`, `h. c.`
        let is_half = |pair: Option<&[&str]>| {
            pair.is_some_and(|pair| {
                Degree::of(pair) == Some(Degree::Certain) || matches!(pair, ["h.", "c."])
            })
        };
        word.contains(char::is_alphabetic)
            && !is_title(word)
            && !is_degree(word)
            && !is_suffix(word)
            && !PARTICLES.contains(&word)
            && !is_half(words.get(at..at + 2))
            && !is_half(at.checked_sub(1).and_then(|before| words.get(before..=at)))
    };
    (0..words.len()).filter(|at| is_name(*at)).count()
}

/// `Jr` in brackets is one as well.
fn is_suffix(word: &str) -> bool {
    Suffix::is_plain(word) && Suffix::of(word).is_some()
}

/// What marked words say that belongs to the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// Which of the family's namesakes it is: `Dupont (père)`.
    Suffix(Suffix),
    /// `Peter (and Susan)`: a second person.
    Couple,
    /// `Berg (van den)`
    Particle,
    /// `Dupont (née Martin)`, in a column of family names.
    Maiden,
    /// `Marlow (Hill)`, in a column of family names: a second one, or somebody else. Which it is nobody
    /// can tell, so it stays in its brackets.
    Surname,
    /// A nickname or a remark.
    Nothing,
}

/// What leads to the name somebody was born with.
const MAIDEN: [&str; 10] =
    ["née", "nee", "né", "geb", "geborene", "born", "roz", "nata", "z domu", "født"];

fn beside(marked: &Marked<'_>, part: NamePart) -> Beside {
    let text = marked.inner;
    if is_suffix(text) {
        return Suffix::of(text).map_or(Beside::Nothing, Beside::Suffix);
    }
    if marked.is_quoted {
        return Beside::Nothing;
    }
    if let Some(suffix) = Suffix::in_brackets(text) {
        return Beside::Suffix(suffix);
    }
    let first = text.split(' ').next().unwrap_or_default();
    if is_joint(first) && names(&text[first.len()..]) > 0 {
        return Beside::Couple;
    }
    if part != NamePart::Given && text.split(' ').all(|word| word.len() > 1 && is_particle(word)) {
        return Beside::Particle;
    }
    if part != NamePart::Family || names(text) == 0 {
        return Beside::Nothing;
    }
    let leads = |word: &&str| {
        text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
            && text[word.len()..].starts_with(['.', ' '])
    };
    if MAIDEN.iter().any(leads) {
        Beside::Maiden
    } else if text.split(' ').any(is_remark) || text.contains(|c: char| !may_be_in_a_name(c)) {
        Beside::Nothing
    } else {
        Beside::Surname
    }
}

/// `Anna Smith née Jones` as `Anna Smith (née Jones)`: the name somebody was born with is no part of the
/// family name, with or without brackets. Some are called Nee or Born, with a capital.
pub(super) fn birth_name_in_brackets(text: &str) -> Cow<'_, str> {
    let is_of_one_case = !text.contains(char::is_lowercase) || !text.contains(char::is_uppercase);
    let is_lead = |word: &str| {
        let bare = word.trim_end_matches('.').to_lowercase();
        let is_sure = match is_of_one_case {
            true => word.ends_with('.') || ["née", "nee", "geborene"].contains(&bare.as_str()),
            false => !word.starts_with(char::is_uppercase) || bare == "née",
        };
        MAIDEN.contains(&bare.as_str()) && is_sure
    };
    let (name, given) = match text.split_once(',') {
        Some((name, given)) => (name, Some(given)),
        None => (text, None),
    };
    let words: Vec<&str> = name.split(' ').collect();
    let least = if given.is_some() { 1 } else { 2 };
    let Some(at) = words.iter().position(|word| is_lead(word)) else { return Cow::Borrowed(text) };
    if at < least || at + 1 == words.len() || text.contains(is_mark) {
        return Cow::Borrowed(text);
    }
    let given = given.map_or(String::new(), |given| format!(",{given}"));
    Cow::Owned(format!("{} ({}){given}", words[..at].join(" "), words[at..].join(" ")))
}

fn may_be_in_a_name(character: char) -> bool {
    character.is_alphabetic() || matches!(character, ' ' | '-' | '\'' | '.')
}

/// Writes particles where they are spoken: before the family name.
fn push_particle(out: &mut String, particle: &str, part: NamePart) {
    let name = out.trim_end().to_owned();
    out.clear();
    match name.rsplit_once(' ') {
        // `Berg, Jan (van den)`
        _ if part == NamePart::Full && name.contains(',') => {
            out.push_str(&format!("{name} {particle}"))
        }
        Some((given, family)) if part == NamePart::Full => {
            out.push_str(&format!("{given} {particle} {family}"));
        }
        _ => out.push_str(&format!("{particle} {name}")),
    }
    out.push(' ');
}

fn is_remark(word: &str) -> bool {
    let word = word.trim_end_matches('.').to_lowercase();
    REMARKS.contains(&word.as_str())
}

/// Whether what is marked may be somebody's name; `alone` where nothing else is there.
fn is_given_name(marked: &Marked<'_>, is_small: bool, alone: bool) -> bool {
    let text = marked.inner;
    let begins = text.starts_with(|first: char| {
        first.is_alphabetic() && (marked.is_quoted || is_small || !first.is_lowercase())
    });
    begins
        && text.chars().all(|c| {
            c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '.' | ',') && (alone || c != ',')
        })
        && (alone || text.split(' ').count() < 3)
        && names(text) > 0
        && !text.split(' ').any(is_remark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_no_part_of_a_name() {
        for (text, expected) in [
            ("Mary Anne (Polly) Hill", "Mary Anne Hill"),
            ("Jones, Robert (deceased)", "Jones, Robert"),
            ("Jones (née Hill), Mary", "Jones, Mary"),
            ("Robert \"Bob\" Jones", "Robert Jones"),
            ("Robert “Bob” Jones", "Robert Jones"),
            ("Robert „Bob“ Jones", "Robert Jones"),
            ("Robert ”Bob” Jones", "Robert Jones"),
            ("Robert «Bob» Jones", "Robert Jones"),
            ("Robert 'Bob' Jones", "Robert Jones"),
            ("Robert ''Bob'' Jones", "Robert Jones"),
            ("Al 'Big Al' Jones", "Al Jones"),
            ("Lee, Robert (Bob)", "Lee, Robert"),
            ("Smith, John c/o Mary Hill", "Smith, John"),
            ("Anna Weber z. Hd. Herrn Braun", "Anna Weber"),
            ("Peter Braun [old]", "Peter Braun"),
            ("Peter Braun (Dr.)", "Peter Braun"),
            ("Peter (Braun", "Peter (Braun"),
            ("Jan van 't Hoff", "Jan van 't Hoff"),
            ("c/o Mary Hill", "c/o Mary Hill"),
            ("J. R. Pace", "J. R. Pace"),
            ("Lee (deceased)", "Lee"),
            ("LEE (DECEASED)", "LEE"),
            ("Weber (geb. Braun)", "Weber"),
            ("(deceased)", "(deceased)"),
            ("Sam Lee (she/her)", "Sam Lee"),
            ("李伟 (David)", "李伟"),
            ("Juan García (hijo)", "Juan García hijo"),
            ("Juan García (padre)", "Juan García padre"),
            ("García (h), Juan", "García Jr, Juan"),
            ("Hans Müller (Vater)", "Hans Müller Sr"),
            ("Peter (and Susan) Carthorse", "Peter and Susan Carthorse"),
            ("Jan Berg (van den)", "Jan van den Berg"),
            ("Berg (van den), Jan", "van den Berg, Jan"),
            ("Berg, Jan (van den)", "Berg, Jan van den"),
            ("山田太郎（ヤマダタロウ）", "山田太郎"),
        ] {
            assert_eq!(without(text, NamePart::Full), expected, "{text}");
        }
    }

    #[test]
    fn a_remark_beside_a_family_name_is_no_given_name() {
        for (text, expected) in [
            ("Ms Lee (HR)", "Ms Lee"),
            ("Herr Weber (Chef)", "Herr Weber"),
            ("Müller (Witwe)", "Müller"),
            ("Dr Müller (Praxis)", "Dr Müller"),
            ("Mr Lee (Ann)", "Mr Lee"),
            ("Lee (IT)", "Lee"),
            ("Nowak (Kasse)", "Nowak"),
            ("(Zdzisława) Nowak", "Zdzisława Nowak"),
            ("Dubois [Compta]", "Dubois"),
            ("Smith (Reception Desk)", "Smith"),
            ("Weber (Karl-Heinz)", "Weber, Karl-Heinz"),
            ("García (José)", "García, José"),
            ("Иванов (Иван)", "Иванов, Иван"),
            ("Ms Lee \"Ann\"", "Ms Lee, Ann"),
        ] {
            assert_eq!(without(text, NamePart::Full), expected, "{text}");
        }
    }

    #[test]
    fn a_name_that_is_none_without_its_nickname_keeps_it() {
        for (text, expected) in [
            ("\"Ann\" Lee", "Ann Lee"),
            ("(Bob) Lee", "Bob Lee"),
            ("[Bob] Lee", "Bob Lee"),
            ("'Bob' Lee", "Bob Lee"),
            ("„Bob“ Lee", "Bob Lee"),
            ("Lee (Ann)", "Lee, Ann"),
            ("Lee \"Ann\"", "Lee, Ann"),
            ("lee (ann)", "lee, ann"),
            ("LEE (ANN)", "LEE, ANN"),
            ("Lee, (Ann)", "Lee, Ann"),
            ("Lee, \"Ann\"", "Lee, Ann"),
            ("Dr. \"Ann\" Lee", "Dr. Ann Lee"),
            ("van der Berg (Jan)", "van der Berg, Jan"),
            ("\"Ann\" Lee (deceased)", "Ann Lee"),
            ("(Ann) \"Annie\" Lee", "Annie Lee"),
            ("\"Ann Lee\"", "Ann Lee"),
            ("(Ann Lee)", "Ann Lee"),
            ("\"Ann\" \"Lee\"", "Ann Lee"),
            ("\"Lee, Ann\"", "Lee, Ann"),
            ("(Polly)", "Polly"),
            ("John Lee (Jr.)", "John Lee Jr"),
            ("John (III) Lee", "John III Lee"),
        ] {
            assert_eq!(without(text, NamePart::Full), expected, "{text}");
        }
        for (text, expected) in [
            ("Peter (Susan)", "Peter (Susan)"),
            ("Peter [Susan]", "Peter [Susan]"),
            ("Jean (Françoise)", "Jean (Françoise)"),
            ("Alexandra (Alex)", "Alexandra"),
            ("Samantha (Sam)", "Samantha"),
            ("ANNA (HANS)", "ANNA (HANS)"),
            ("Peter \"Susan\"", "Peter"),
            ("Robert (Bob)", "Robert"),
            ("Elizabeth (Betty)", "Elizabeth"),
            ("Robert \"Bob\"", "Robert"),
            ("Mary (Polly)", "Mary"),
            ("\"Bob\"", "Bob"),
            ("(Polly)", "Polly"),
            ("'Bob'", "Bob"),
            ("Juan (hijo)", "Juan hijo"),
            ("Peter (and Susan)", "Peter and Susan"),
            ("Peter (& Susan)", "Peter & Susan"),
            ("Peter (+ Susan)", "Peter + Susan"),
            ("Peter (und Susan)", "Peter und Susan"),
            ("Peter (junior)", "Peter Jr"),
            ("Peter \"Junior\"", "Peter"),
        ] {
            assert_eq!(without(text, NamePart::Given), expected, "{text}");
        }
        for (text, expected) in [
            ("Harker (the elder)", "Harker Sr"),
            ("Harker (3rd)", "Harker III"),
            ("García (h)", "García Jr"),
            ("Dupont (père)", "Dupont père"),
            ("Dupont [fils]", "Dupont fils"),
            ("Müller (Sohn)", "Müller Jr"),
            ("Berg (van den)", "van den Berg"),
            ("Carthorse (Susan)", "Carthorse (Susan)"),
            ("Marlow (Hill)", "Marlow (Hill)"),
            ("Dupont (née Martin)", "Dupont née Martin"),
            ("Weber (geb. Braun)", "Weber geb. Braun"),
            ("Marlow (deceased)", "Marlow"),
            ("Marlow (ID 17)", "Marlow"),
            ("(Lee)", "Lee"),
        ] {
            assert_eq!(without(text, NamePart::Family), expected, "{text}");
        }
    }
}
