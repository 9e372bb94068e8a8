//! Two given names, or two family names, by their words.

use super::super::super::given_names::{are_forms, are_known, may_be_one};
use super::super::super::text::{
    first, is_alike, is_close, same_family_letters, same_given_letters, tokens,
};
use super::grades::{Family, Given};
use domain::naming::nicknames;

/// Two different folded given names.
pub(super) fn compare_given(a: &str, b: &str) -> Given {
    if a == b || same_given_letters(a, b) {
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
    } else if are_forms(first_a, first_b) || nicknames::are_spellings(first_a, first_b) {
        Given::Nickname
    } else if nicknames::related(first_a, first_b) && !may_be_one(first_a, first_b) {
        // Molly and Polly: short forms of one name, and neither of the other.
        Given::Alike
    } else if are_known(first_a, first_b) && !may_be_one(first_a, first_b) {
        // Paul and Paula, Rita and Rika: names of their own, neither slip nor short form.
        let alike = is_alike(first_a, first_b) || is_close(first_a, first_b);
        if alike { Given::Alike } else { Given::Different }
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
pub(super) fn compare_couples(a: &str, b: &str) -> Given {
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
pub(super) fn compare_family(a: &str, b: &str) -> Family {
    if a == b || same_family_letters(a, b) {
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
            ("jurgen", "juergen", Given::Same),
            ("hans joerg", "hansjorg", Given::Same),
            ("jurgen a", "juergen a", Given::Same),
            // An initial is never the end of a name.
            ("paul a", "paula", Given::Alike),
            ("carl a", "carla", Given::Alike),
            ("eric a", "erica", Given::Alike),
            ("leon a", "leona", Given::Alike),
            ("martin a", "martina", Given::Alike),
            ("gabriel e", "gabriele", Given::Close),
            ("robert o", "roberto", Given::Nickname),
            ("mari a", "maria", Given::Alike),
            ("j ean", "jean", Given::Initial),
            ("paul a", "paul", Given::Extended),
            // An `e` that is one.
            ("jo", "joe", Given::Alike),
            ("su", "sue", Given::Close),
            ("zo", "zoe", Given::Nickname),
            ("ma", "mae", Given::Close),
            ("ra", "rae", Given::Close),
            ("no", "noe", Given::Close),
            ("chlo", "chloe", Given::Close),
            ("michal", "michael", Given::Close),
            ("samul", "samuel", Given::Close),
            ("jol", "joel", Given::Close),
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
            ("bill", "william", Given::Nickname),
            ("bob", "bobby", Given::Nickname),
            ("molly", "polly", Given::Alike),
            ("betty", "liz", Given::Alike),
            ("rita", "rika", Given::Alike),
            ("elsa", "ilsa", Given::Alike),
            ("steven", "stephen", Given::Nickname),
            ("marta", "martha", Given::Close),
            ("clara", "klara", Given::Nickname),
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
            ("o brien", "obrien", Family::Same),
            ("muller", "mueller", Family::Same),
            ("kessler a", "kesslera", Family::Close),
            ("ro", "roe", Family::Close),
            ("smith jones", "jones", Family::Part),
            ("smith", "smyth", Family::Close),
            ("meyer", "maier", Family::Alike),
            ("smith", "jones", Family::Different),
        ] {
            assert_eq!(compare_family(a, b), expected, "{a} {b}");
            assert_eq!(compare_family(b, a), expected, "{b} {a}");
        }
    }
}
