//! Family names that differ in no known way: neither a slip, a spelling, a compound nor a woman's form.
//!
//! Whoever marries may change the family name, and so may whoever shares a flat be somebody else. Names,
//! telephone and street cannot tell these apart.

use domain::naming::nicknames;

use super::text::{is_alike, is_close, same_family_letters, tokens};

/// Words that begin the family names of people who are not related.
const PARTICLES: [&str; 33] = [
    "abd", "abu", "ben", "bin", "bint", "binti", "dal", "das", "del", "della", "den", "der", "des",
    "dos", "ibn", "las", "los", "mac", "nic", "ould", "saint", "san", "sant", "santa", "sao",
    "ten", "ter", "und", "van", "vom", "von", "zum", "zur",
];

/// Letters from which on a name within another one is no chance.
const TELLING: usize = 4;

/// Whether two folded family names are two in every respect. One that is not said is not another.
pub(crate) fn are_two(one: &str, other: &str) -> bool {
    if one.is_empty() || other.is_empty() || same_family_letters(one, other) {
        return false;
    }
    let is_initial = |name: &str| name.len() == 1;
    if is_initial(one) || is_initial(other) || is_within(one, other) || is_within(other, one) {
        return false;
    }
    let telling = |word: &&str| word.len() > 1 && PARTICLES.binary_search(word).is_err();
    let (own, others) = (tokens(one).filter(telling), tokens(other).filter(telling));
    let is_near = |a: &str, b: &str| a == b || is_close(a, b) || is_alike(a, b);
    // What is left of each once what they share is taken away: Hill-Weber and Hill-Lang.
    let rest = |name: &mut dyn Iterator<Item = &str>, other: &[&str]| {
        name.filter(|a| other.iter().all(|b| !is_near(a, b))).count()
    };
    let (left, right): (Vec<&str>, Vec<&str>) = (own.collect(), others.collect());
    // Two names of one part each are seen whole.
    let are_compounds = left.len() > 1 && right.len() > 1;
    (are_compounds || !is_near(one, other))
        && rest(&mut left.iter().copied(), &right) > 0
        && rest(&mut right.iter().copied(), &left) > 0
}

/// Whether a compound in one word begins or ends with the other: `Smithjones`.
fn is_within(name: &str, compound: &str) -> bool {
    name.len() >= TELLING && (compound.starts_with(name) || compound.ends_with(name))
}

/// Whether a mailbox is called by a given name, or by its initial and one of the family names. `families` are
/// those of both records: under either the mailbox is one person's.
pub(crate) fn is_called(mailbox: &str, given: &str, families: [&str; 2]) -> bool {
    let words = mailbox.split(|sign: char| !sign.is_alphabetic()).filter(|word| !word.is_empty());
    let own = || families.into_iter().flat_map(tokens).filter(|family| family.len() > 2);
    let Some(initial) = given.chars().next() else { return false };
    let has_initial = |word: &str| word.chars().eq([initial]);
    let words: Vec<&str> = words.collect();
    let is_by_name = |name: &str| {
        words.iter().any(|word| {
            // `ivanov` is no Ivan's.
            let is_a_family_s =
                own().any(|family| word.starts_with(family) || family.starts_with(word));
            name.len() > 2 && word.starts_with(name) && !is_a_family_s
                || nicknames::related(word, name)
        })
    };
    let is_by_initial = own().any(|family| {
        let is_both = |word: &&str| {
            word.strip_prefix(initial) == Some(family) || word.strip_suffix(initial) == Some(family)
        };
        let is_apart = words.contains(&family) && words.iter().any(|word| has_initial(word));
        is_apart || words.iter().any(is_both)
    });
    tokens(given).any(is_by_name) || is_by_initial
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn family_names_that_are_two() {
        assert!(PARTICLES.is_sorted());
        for (one, other, expected) in [
            ("quailor", "tannerik", true),
            ("jonsson", "hrafnsson", true),
            ("ivanov", "petrov", true),
            ("wang", "zhang", true),
            ("van den berg", "van dyk", true),
            ("bin ali", "bin omar", true),
            ("garcia lopez", "ruiz soto", true),
            ("singh", "kaur", true),
            ("li", "wu", true),
            ("crumbat dupo", "crumbat leroy", true),
            ("o brien", "murphy", true),
            // A slip, a spelling, a compound, an initial, or nothing at all.
            ("smith", "smyth", false),
            ("meyer", "maier", false),
            ("muller", "mueller", false),
            ("hill", "hill weber", false),
            ("hill", "hillweber", false),
            ("garcia lopez", "lopez garcia", false),
            ("garcia lopez", "lopes", false),
            ("novak", "novakova", false),
            ("h", "hill", false),
            ("h", "weber", false),
            ("", "weber", false),
            ("o brien", "obrien", false),
        ] {
            assert_eq!(are_two(one, other), expected, "{one} {other}");
            assert_eq!(are_two(other, one), expected, "{other} {one}");
        }
    }

    #[test]
    fn mailboxes_of_one_person() {
        let families = ["quailor", "tannerik"];
        for (mailbox, given, expected) in [
            ("susan.quailor", "susan", true),
            ("susan", "susan", true),
            ("susanquailor", "susan", true),
            ("susan1962", "susan", true),
            ("quailor-susan", "susan", true),
            ("sue.q", "susan", true),
            ("squailor", "susan", true),
            ("s.tannerik", "susan", true),
            ("quailor_s", "susan marie", true),
            ("home17", "susan", false),
            ("quailor", "susan", false),
            ("familie.quailor", "susan", false),
            ("peter.quailor", "susan", false),
            ("p.quailor", "susan", false),
            ("", "susan", false),
            ("susan", "", false),
        ] {
            assert_eq!(is_called(mailbox, given, families), expected, "{mailbox}");
        }
        assert!(!is_called("ivanov", "ivan", ["ivanov", "petrov"]));
        assert!(is_called("ivan.petrov", "ivan", ["ivanov", "petrov"]));
    }
}
