//! What the given names of two records say, word by word.

use domain::naming::{Bearers, bearers};

use super::super::columns::Columns;
use super::super::family_first::is_family_first;
use super::super::given_names::{TwoNames, are_forms, are_known, is_known, may_be_one, two_names};
use super::super::layout::Aspect;
use super::super::text::{is_alike, is_close, same_given_letters, same_letters, tokens};
use super::reason::Reason;
use super::texts;

/// Whether the given names of two rows are two names, word by word: Jean-Luc and Jean-Paul are two
/// people, Maria Anna and Anna are one.
pub(super) fn given_names(columns: &Columns, aspects: [Aspect; 2], a: u32, b: u32) -> TwoNames {
    let value = |aspect, row| columns.value(aspect, row);
    let (left, right) = (value(aspects[0], a), value(aspects[1], b));
    let is_elsewhere = aspects[0] == aspects[1] && is_misplaced(columns, a, b);
    if left == right || left == 0 || right == 0 || is_elsewhere {
        return TwoNames::No;
    }
    let [left, right] = texts(columns, aspects, a, b);
    if same_given_letters(left, right) {
        return TwoNames::No;
    }
    if are_opposite(left, right) {
        let has_all = |name, other| tokens(other).all(|own| tokens(name).any(|it| it == own));
        let is_one_of_both = has_all(left, right) || has_all(right, left);
        return if is_one_of_both { TwoNames::OneOfBoth } else { TwoNames::ManAndWoman };
    }
    word_by_word(left, right)
}

/// Whether one of the given names may stand in the wrong field, and its other name nowhere.
pub(super) fn is_misplaced(columns: &Columns, a: u32, b: u32) -> bool {
    let value = |aspect, row| columns.value(aspect, row);
    value(Aspect::Given, a) == value(Aspect::Family, b)
        || value(Aspect::Given, b) == value(Aspect::Family, a)
}

/// Whether the family name of one stands in the other's name behind the given names, and in front of another one:
/// a double family name in one column is read as a further given name and its last part.
pub(super) fn has_family_name_in_the_middle(columns: &Columns, a: u32, b: u32) -> bool {
    let text = |aspect, row| columns.text(aspect, columns.value(aspect, row));
    let is_in = |family: u32, whole: u32| {
        let name = text(Aspect::Family, family);
        let given: Vec<&str> = tokens(text(Aspect::Given, whole)).collect();
        let words: Vec<&str> = tokens(name).collect();
        given.len() > words.len() && !words.is_empty() && name.len() > 2 && given.ends_with(&words)
    };
    is_in(a, b) || is_in(b, a)
}

/// Whether the first names are a man's and a woman's, though they share a further one: María José and José
/// María.
fn are_opposite(one: &str, other: &str) -> bool {
    let bearers = |name| tokens(name).next().and_then(bearers);
    let forms = |a: &str, b: &str| are_forms(a, b) || may_be_one(a, b);
    let firsts = tokens(one).next().zip(tokens(other).next());
    firsts.is_some_and(|(a, b)| !forms(a, b))
        && bearers(one).zip(bearers(other)).is_some_and(|(a, b)| a.are_opposite(b))
}

/// Compares the words that the other name has not, in whatever place: Emma Rose and Rose Gemma are two people's.
fn word_by_word(left: &str, right: &str) -> TwoNames {
    first_that_differs(left, right).map_or(TwoNames::No, |(found, ..)| found)
}

/// The first two words of which each is in one name only that are two names.
fn first_that_differs<'a>(left: &'a str, right: &'a str) -> Option<(TwoNames, &'a str, &'a str)> {
    let own = |name: &'a str, other: &'a str| {
        tokens(name).filter(move |word| tokens(other).all(|it| it != *word))
    };
    own(left, right)
        .zip(own(right, left))
        .map(|(one, other)| (two_names(one, other), one, other))
        .find(|(found, ..)| *found != TwoNames::No)
}

/// What is said of given names that stand where family names do: in one column, `Li Wei` and `Li Wen` are read as
/// people of one given name, and of family names a slip apart; so are Paul and Paula Miller where a list has the
/// columns swapped. Of a first name that is known, the two may be family names.
pub(super) fn given_names_at_the_end(columns: &Columns, a: u32, b: u32) -> Option<Reason> {
    let text = |aspect, row| columns.text(aspect, columns.value(aspect, row));
    let (first, other) = (text(Aspect::Given, a), text(Aspect::Given, b));
    let (left, right) = (text(Aspect::Family, a), text(Aspect::Family, b));
    let names = [first, other].map(|name| tokens(name).next().unwrap_or_default());
    let is_shared = names[0] == names[1] && names[0].len() > 1;
    let is_said = !left.is_empty() && !right.is_empty() && !same_letters(left, right);
    if !is_shared || !is_said {
        return None;
    }
    let (found, one, other) = first_that_differs(left, right)?;
    if is_family_first(names[0], left) && is_family_first(names[0], right) {
        return Some(Reason::UnknownNames);
    }
    let are_known = are_known(one, other);
    // Hardly a family is called Paula, and many are called Martin.
    let is_a_womans =
        || [one, other].into_iter().filter_map(bearers).any(Bearers::are_rather_women);
    match (is_known(names[0]), are_known && is_a_womans()) {
        (false, true) => Reason::of(found),
        (true, true) if is_near(one, other) => Some(Reason::GivenAsFamily),
        (false, false) if are_known => Some(Reason::GivenAsFamily),
        (false, false) if is_near(one, other) => Some(Reason::Slip),
        _ => None,
    }
}

/// Whether one word is soon taken for the other.
fn is_near(one: &str, other: &str) -> bool {
    is_close(one, other) || is_alike(one, other)
}

/// Two given names of which one stands with the family name in one column, and the other in a column of family
/// names: `Smith Paul` without a family name, and Smith, Paula.
pub(super) fn given_names_in_one_column(columns: &Columns, a: u32, b: u32) -> Option<Reason> {
    let text = |aspect, row| columns.text(aspect, columns.value(aspect, row));
    let families = [text(Aspect::Family, a), text(Aspect::Family, b)];
    let (whole, row) = match families.map(str::is_empty) {
        [true, false] => (text(Aspect::Given, a), b),
        [false, true] => (text(Aspect::Given, b), a),
        _ => return None,
    };
    if !whole.contains(' ') {
        return None;
    }
    let parts = format!("{} {}", text(Aspect::Given, row), text(Aspect::Family, row));
    let (found, one, other) = first_that_differs(whole, &parts)?;
    (are_known(one, other) && is_near(one, other)).then(|| Reason::of(found)).flatten()
}

/// Two given names that stand with the family name in a column of family names, where neither record has a given
/// name of its own: `Hill Paul` and `Hill Paula`. A family name of one word is none of these.
pub(super) fn given_names_in_a_family_column(columns: &Columns, a: u32, b: u32) -> Option<Reason> {
    let text = |aspect, row| columns.text(aspect, columns.value(aspect, row));
    let is_named = [a, b].into_iter().any(|row| !text(Aspect::Given, row).is_empty());
    let [left, right] = texts(columns, [Aspect::Family; 2], a, b);
    let are_whole = [left, right].into_iter().all(|name| name.contains(' '));
    if is_named || !are_whole {
        return None;
    }
    let (found, one, other) = first_that_differs(left, right)?;
    are_known(one, other).then(|| Reason::of(found)).flatten()
}

/// Whether people of one first name have middle initials of which none is the other's: `Peter A` and
/// `Peter B`. Middle names that are written out are compared as names.
pub(super) fn initials_differ(one: &str, other: &str) -> bool {
    let (mut left, mut right) = (tokens(one), tokens(other));
    if left.next() != right.next() {
        return false;
    }
    let (left, right): (Vec<&str>, Vec<&str>) = (left.collect(), right.collect());
    let initial = |name: &&str| name.chars().next();
    let is_initial = |name: &&str| name.chars().count() == 1;
    !left.is_empty()
        && !right.is_empty()
        && left.iter().chain(&right).any(is_initial)
        && left.iter().all(|own| right.iter().all(|it| initial(own) != initial(it)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middle_initials_of_two_people() {
        for (one, other, differ) in [
            ("peter a", "peter b", true),
            ("peter a", "peter brian", true),
            ("peter a c", "peter b d", true),
            ("peter a", "peter a", false),
            ("peter a", "peter", false),
            ("peter a", "peter alan", false),
            ("peter a b", "peter b", false),
            ("peter a", "susan b", false),
            ("peter alan", "peter brian", false),
            ("p", "peter b", false),
            ("", "", false),
        ] {
            assert_eq!(initials_differ(one, other), differ, "{one} {other}");
            assert_eq!(initials_differ(other, one), differ, "{other} {one}");
        }
    }
}
