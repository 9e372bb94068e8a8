//! What two names say of a man and a woman: titles, forms of a family name, a field for the gender.

use domain::naming::{Addressed, Bearers, bearers};

use super::super::columns::Columns;
use super::super::gender_forms::{Forms, of_man_and_woman, say_man_and_woman};
use super::super::layout::Aspect;
use super::super::text::tokens;
use super::texts;

/// Whether the titles are of a man and a woman: `Herr Kim Lee` and `Frau Kim Lee`, or `Mrs Peter
/// Carthorse` and the husband she is called by.
pub(super) fn titles_differ(columns: &Columns, a: u32, b: u32) -> bool {
    let (one, other) = (columns.bearer(a).addressed(), columns.bearer(b).addressed());
    if one == other {
        return false;
    }
    if one.is_some() && other.is_some() {
        // Of `Sri Rahayu` and `Mrs Sri Rahayu` both have the given name Sri.
        let perhaps = [a, b].map(|row| columns.bearer(row).may_not_be_addressed());
        let [left, right] = texts(columns, [Aspect::Given; 2], a, b);
        return perhaps[0] == perhaps[1] || left != right;
    }
    // The title contradicts its own name, and the other record has none.
    let contradicts = |addressed: Option<Addressed>, row: u32| {
        let name = columns.text(Aspect::Given, columns.value(Aspect::Given, row));
        let known = tokens(name).find_map(bearers).filter(|it| it.are_of_one_gender());
        let known = known.filter(|_| !columns.bearer(row).may_not_be_addressed());
        let (Some(addressed), Some(known)) = (addressed, known) else { return false };
        known.are_men() != (addressed == Addressed::Man)
    };
    contradicts(one, a) || contradicts(other, b)
}

/// Whether words of the whole names say that one is a man's and the other a woman's: which of its names `bat`
/// is in, a full name does not say.
pub(super) fn whole_names_say(columns: &Columns, a: u32, b: u32) -> bool {
    let [left, right] = texts(columns, [Aspect::Given; 2], a, b);
    if left == right {
        return false;
    }
    let [own, others] = texts(columns, [Aspect::Family; 2], a, b);
    say_man_and_woman(&format!("{left} {own}"), &format!("{right} {others}"))
}

/// Whether the gender field of one row says what the other's given name does not fit, and nothing else says of
/// whom that is: `Chris`, a man, and `Christina`. The same given names are rather a slip in the field.
pub(super) fn gender_contradicts_name(columns: &Columns, a: u32, b: u32) -> bool {
    let [left, right] = texts(columns, [Aspect::Given; 2], a, b);
    if left == right {
        return false;
    }
    let contradicts = |said: u32, other: u32, name: &str| {
        let known = tokens(name).next().and_then(bearers);
        let fits = |known: Bearers| match columns.gender(said) {
            Some(Addressed::Man) => !known.are_rather_women(),
            Some(Addressed::Woman) => !known.are_rather_men(),
            None => true,
        };
        columns.gender(other).is_none() && known.is_some_and(|known| !fits(known))
    };
    contradicts(a, b, right) || contradicts(b, a, left)
}

/// Whether a man's and a woman's form of one family name are among the names of two rows, or words that say
/// as much.
pub(super) fn family_forms(columns: &Columns, aspects: [Aspect; 2], a: u32, b: u32) -> bool {
    let [left, right] = texts(columns, aspects, a, b);
    if left == right || left.is_empty() || right.is_empty() {
        return false;
    }
    let forms =
        |a, b| of_man_and_woman(Forms::Family, a, b) || of_man_and_woman(Forms::Family, b, a);
    // Simran Singh Gill and Simran Kaur Gill have a family name each, and one that they share.
    let own = |name, other| tokens(name).filter(move |word| tokens(other).all(|it| it != *word));
    let mut pairs = own(left, right).flat_map(|one| own(right, left).map(move |it| (one, it)));
    say_man_and_woman(left, right) || pairs.any(|(one, other)| forms(one, other))
}
