//! Given and family name together, so that swapped names are seen and the two are not counted
//! as if they were independent.

use std::sync::LazyLock;

use super::super::columns::{Columns, ValueId};
use super::super::facts::NameFacts;
use super::super::layout::Aspect;
use super::super::nicknames;
use super::super::text::{first, is_alike, is_close, same_letters, tokens};
use super::{Cache, Level};

/// How two given names relate, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Given {
    Same,
    Extended,
    Nickname,
    Initial,
    Close,
    Alike,
    Different,
    Missing,
}

/// How two family names relate, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    Same,
    Part,
    Close,
    Alike,
    Different,
    Missing,
}

type Chances = [f64; 4];

const GIVEN: [(Given, &str, Chances); 8] = [
    (Given::Same, "same given name", [0.72, 0.02, 0.75, 0.006]),
    (Given::Extended, "one has a further given name", [0.06, 0.006, 0.06, 0.002]),
    (Given::Nickname, "nickname of the given name", [0.07, 0.006, 0.06, 0.003]),
    (Given::Initial, "initial of the given name", [0.03, 0.006, 0.04, 0.004]),
    (Given::Close, "given name differs by a slip", [0.05, 0.006, 0.04, 0.003]),
    (Given::Alike, "given names alike", [0.02, 0.02, 0.03, 0.02]),
    (Given::Different, "given names differ", [0.05, 0.936, 0.02, 0.962]),
    (Given::Missing, "", [1.0, 1.0, 1.0, 1.0]),
];

const FAMILY: [(Family, &str, Chances); 6] = [
    (Family::Same, "same family name", [0.86, 0.75, 0.90, 0.003]),
    (Family::Part, "part of the family name", [0.03, 0.05, 0.02, 0.0008]),
    (Family::Close, "family name differs by a slip", [0.05, 0.03, 0.05, 0.002]),
    (Family::Alike, "family names alike", [0.02, 0.02, 0.02, 0.015]),
    (Family::Different, "family names differ", [0.04, 0.15, 0.01, 0.979]),
    (Family::Missing, "", [1.0, 1.0, 1.0, 1.0]),
];

/// The first of the two levels for swapped names.
pub(crate) const SWAPPED: u8 = 48;

static LEVELS: LazyLock<Vec<Level>> = LazyLock::new(|| {
    let mut levels = Vec::with_capacity(50);
    for (given, given_label, given_chances) in GIVEN {
        for (family, family_label, family_chances) in FAMILY {
            let (stratum, label) = match (given, family) {
                // Cannot occur: nothing is compared.
                (Given::Missing, Family::Missing) => (3, String::new()),
                (Given::Missing, _) => (1, family_label.to_owned()),
                (_, Family::Missing) => (2, given_label.to_owned()),
                _ => (0, format!("{given_label}, {family_label}")),
            };
            let chances = std::array::from_fn(|class| given_chances[class] * family_chances[class]);
            // The labels live as long as the program: the table is built once.
            levels.push(Level { label: String::leak(label), stratum, chances });
        }
    }
    levels.push(Level {
        label: "given and family name swapped",
        stratum: 0,
        chances: [0.012, 1e-5, 1e-3, 2e-6],
    });
    levels.push(Level {
        label: "given and family name swapped, with a difference",
        stratum: 0,
        chances: [0.004, 2e-5, 1e-3, 1e-5],
    });
    levels
});

pub(crate) fn levels() -> &'static [Level] {
    &LEVELS
}

/// The number of a level, counted from 0.
pub(crate) fn number(given: Given, family: Family) -> u8 {
    given as u8 * FAMILY.len() as u8 + family as u8
}

/// The parts of a level counted from 0; `None` for swapped names.
pub(crate) fn parts(level: u8) -> Option<(Given, Family)> {
    let families = FAMILY.len() as u8;
    let given = GIVEN.get(usize::from(level / families))?.0;
    Some((given, FAMILY[usize::from(level % families)].0))
}

/// Marginal chances of the parts among unrelated records are multiplied: see `estimate`.
pub(crate) const GIVEN_GRADES: usize = GIVEN.len() - 1;
/// See [`GIVEN_GRADES`].
pub(crate) const FAMILY_GRADES: usize = FAMILY.len() - 1;

pub(crate) fn grade(columns: &Columns, a: u32, b: u32, cache: &mut Cache) -> u8 {
    let value = |aspect, row| columns.value(aspect, row);
    let (given_a, given_b) = (value(Aspect::Given, a), value(Aspect::Given, b));
    let (family_a, family_b) = (value(Aspect::Family, a), value(Aspect::Family, b));
    let mut given = given_grade(columns, given_a, given_b, cache);
    let mut family = family_grade(columns, family_a, family_b, cache);
    let (bearer_a, bearer_b) = (columns.bearer(a), columns.bearer(b));
    if given != Given::Different && bearer_a.is_of_another_generation(bearer_b) {
        // Father and son of one name are two people.
        given = Given::Different;
    }
    if given == Given::Extended && bearer_a.is_several() && bearer_b.is_several() {
        // Two couples of which one of the two has the same name.
        let text = |id| columns.text(Aspect::Given, id);
        given = compare_couples(text(given_a), text(given_b));
    }
    if family >= Family::Alike && given >= Given::Alike {
        let across = family_grade(columns, given_a, family_b, cache);
        let back = family_grade(columns, family_a, given_b, cache);
        match (across, back) {
            (Family::Same, Family::Same) => return SWAPPED + 1,
            (Family::Missing, _) | (_, Family::Missing) => {
                // One record has a single name: it may have landed in the wrong field.
                let other = across.min(back);
                if other <= Family::Close && family == Family::Different {
                    (given, family) = (Given::Missing, Family::Alike);
                }
            }
            (across, back) if across <= Family::Close && back <= Family::Close => {
                return SWAPPED + 2;
            }
            _ => {}
        }
    }
    if given == Given::Missing && family == Family::Missing {
        return 0;
    }
    number(given, family) + 1
}

fn given_grade(columns: &Columns, a: ValueId, b: ValueId, cache: &mut Cache) -> Given {
    if a == 0 || b == 0 {
        return Given::Missing;
    }
    if a == b {
        return if columns.name_facts(a).is_initial { Given::Initial } else { Given::Same };
    }
    let (left, right) = (columns.name_facts(a), columns.name_facts(b));
    let plain = |facts: &NameFacts| facts.word.is_one_word && !facts.is_initial;
    if plain(left)
        && plain(right)
        && !left.word.may_be_alike(&right.word)
        && !left.word.may_begin(&right.word)
        && !nicknames::share(&left.groups, &right.groups)
    {
        return Given::Different;
    }
    let compute = || {
        let text = |id| columns.text(Aspect::Given, id);
        compare_given(text(a), text(b)) as u8
    };
    GIVEN[usize::from(cache.get(1, a, b, compute))].0
}

fn family_grade(columns: &Columns, a: ValueId, b: ValueId, cache: &mut Cache) -> Family {
    if a == 0 || b == 0 {
        return Family::Missing;
    }
    if a == b {
        return Family::Same;
    }
    let (left, right) = (columns.name_facts(a), columns.name_facts(b));
    let plain = |facts: &NameFacts| facts.word.is_one_word && !facts.is_initial;
    if plain(left) && plain(right) && !left.word.may_be_alike(&right.word) {
        return Family::Different;
    }
    let compute = || {
        let text = |id| columns.text(Aspect::Family, id);
        compare_family(text(a), text(b)) as u8
    };
    FAMILY[usize::from(cache.get(2, a, b, compute))].0
}

/// Two different folded given names.
pub(crate) fn compare_given(a: &str, b: &str) -> Given {
    if a == b || same_letters(a, b) {
        return Given::Same;
    }
    let (first_a, first_b) = (first(a), first(b));
    if first_a.len() == 1 || first_b.len() == 1 {
        let same = first_a.as_bytes().first() == first_b.as_bytes().first();
        return if same { Given::Initial } else { Given::Different };
    }
    let shared = tokens(a).any(|token| token.len() > 1 && tokens(b).any(|other| other == token));
    if first_a == first_b || shared {
        Given::Extended
    } else if nicknames::related(first_a, first_b) {
        Given::Nickname
    } else if nicknames::known(first_a) && nicknames::known(first_b) {
        // Paul and Paula, Anna and Annabelle: names of their own, neither slip nor short form.
        if is_alike(first_a, first_b) { Given::Alike } else { Given::Different }
    } else if is_close(a, b) || is_close(first_a, first_b) {
        Given::Close
    } else if is_short_form(first_a, first_b) {
        Given::Nickname
    } else if is_alike(a, b) || is_alike(first_a, first_b) {
        Given::Alike
    } else {
        Given::Different
    }
}

/// Two couples' given names, of which one at least is the same: `Mr & Mrs John Smith` may be
/// `John and Mary Smith`, and not `John and Anna Smith`.
fn compare_couples(a: &str, b: &str) -> Given {
    let found = |token: &str, other: &str| {
        tokens(other)
            .any(|its| its == token || nicknames::related(its, token) || is_close(its, token))
    };
    let within = |inner: &str, outer: &str| tokens(inner).all(|token| found(token, outer));
    if within(a, b) || within(b, a) { Given::Extended } else { Given::Alike }
}

/// `Max` of `Maxima`: the beginning of a longer name.
fn is_short_form(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short.len() >= 3 && long.starts_with(short)
}

/// Two different folded family names.
pub(crate) fn compare_family(a: &str, b: &str) -> Family {
    if a == b || same_letters(a, b) {
        return Family::Same;
    }
    let shared = tokens(a).any(|token| token.len() > 2 && tokens(b).any(|other| other == token));
    let initial = a.len() == 1 && b.starts_with(a) || b.len() == 1 && a.starts_with(b);
    if shared || initial {
        Family::Part
    } else if is_close(a, b) {
        Family::Close
    } else if is_alike(a, b) {
        Family::Alike
    } else {
        Family::Different
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names() {
        for (a, b, expected) in [
            ("jean luc", "jeanluc", Given::Same),
            ("robert", "robert j", Given::Extended),
            ("robert lee", "lee", Given::Extended),
            ("robert", "bob", Given::Nickname),
            ("r", "robert", Given::Initial),
            ("r", "john", Given::Different),
            ("robert", "rboert", Given::Close),
            ("maximus", "max", Given::Nickname),
            ("martha", "marhta", Given::Close),
            ("robert", "william", Given::Different),
            ("robert", "roberta", Given::Alike),
            ("patrick", "patricia", Given::Alike),
            ("juan", "anna", Given::Different),
        ] {
            assert_eq!(compare_given(a, b), expected, "{a} {b}");
            assert_eq!(compare_given(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn couples() {
        for (a, b, expected) in [
            ("john mary", "mary john", Given::Extended),
            ("john", "john mary", Given::Extended),
            ("robert mary", "bob mary", Given::Extended),
            ("john mary", "john anna", Given::Alike),
        ] {
            assert_eq!(compare_couples(a, b), expected, "{a} {b}");
            assert_eq!(compare_couples(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn family_names() {
        for (a, b, expected) in [
            ("mac donald", "macdonald", Family::Same),
            ("smith jones", "jones", Family::Part),
            ("smith", "smyth", Family::Close),
            ("meyer", "maier", Family::Alike),
            ("smith", "jones", Family::Different),
        ] {
            assert_eq!(compare_family(a, b), expected, "{a} {b}");
            assert_eq!(compare_family(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn levels_have_parts() {
        assert_eq!(levels().len(), usize::from(SWAPPED) + 2);
        assert_eq!(parts(number(Given::Close, Family::Part)), Some((Given::Close, Family::Part)));
        assert_eq!(parts(SWAPPED), None);
    }
}
