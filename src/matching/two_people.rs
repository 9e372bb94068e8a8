//! What says that two records are of two people of one home, however much else they share: brother
//! and sister, twins, a couple. The machine leaves such a pair to people; no score changes.

use domain::naming::Addressed;

use super::columns::Columns;
use super::gender_forms::{Forms, of_man_and_woman};
use super::given_names::{TwoNames, bearers, two_names};
use super::layout::Aspect;
use super::portrait::Kind;
use super::text::{same_letters, tokens};

/// A reason to take two records for two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// One is of a couple or a family, the other of one person.
    OneOfSeveral,
    /// Given names a slip or a short form apart that are two names of their own.
    TwoNames,
    /// The given name of a man and that of a woman.
    ManAndWoman,
    /// Family names as a man and a woman of one family have them.
    FamilyForms,
    /// The fields that say the gender differ.
    Genders,
    /// Forms of address: a man's, and a woman's, who may have her husband's name.
    Titles,
}

impl Reason {
    const ALL: [(Self, &str); 6] = [
        (Self::OneOfSeveral, "one name is of several people, the other of one person"),
        (
            Self::TwoNames,
            "the given names are two names of their own, not one name in two spellings: a person decides",
        ),
        (Self::ManAndWoman, "one given name is a man's, the other a woman's: a person decides"),
        (
            Self::FamilyForms,
            "one family name has a man's form, the other a woman's: a person decides",
        ),
        (Self::Genders, "the gender differs: a person decides"),
        (
            Self::Titles,
            "one title is a man's, the other a woman's or of a wife by her husband's name: a person decides",
        ),
    ];
}

/// All reasons of a pair, each a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TwoPeople(u8);

impl TwoPeople {
    /// What two rows say.
    pub(crate) fn of(columns: &Columns, a: u32, b: u32) -> Self {
        let mut found = Self::default();
        if columns.kind(a) != Kind::Person {
            return found;
        }
        let (bearer, other) = (columns.bearer(a), columns.bearer(b));
        if bearer.is_several() != other.is_several() {
            found.add(Reason::OneOfSeveral);
        }
        if !bearer.is_several() && !other.is_several() {
            match given_names(columns, a, b) {
                TwoNames::No => {}
                TwoNames::OfTheirOwn => found.add(Reason::TwoNames),
                TwoNames::ManAndWoman => found.add(Reason::ManAndWoman),
            }
            if family_forms(columns, a, b) {
                found.add(Reason::FamilyForms);
            }
            if titles_differ(columns, a, b) {
                found.add(Reason::Titles);
            }
        }
        if columns.genders_differ(a, b) {
            found.add(Reason::Genders);
        }
        found
    }

    fn add(&mut self, reason: Reason) {
        self.0 |= 1 << reason as u8;
    }

    /// Whether there is any reason.
    pub(crate) fn is_likely(self) -> bool {
        self.0 != 0
    }

    /// Every reason in words.
    pub(crate) fn in_words(self) -> impl Iterator<Item = &'static str> {
        let has = move |reason: Reason| self.0 & 1 << reason as u8 != 0;
        Reason::ALL.into_iter().filter(move |(reason, _)| has(*reason)).map(|(_, words)| words)
    }
}

/// Whether the given names of two rows are two names, word by word: Jean-Luc and Jean-Paul are two
/// people, Maria Anna and Anna are one.
fn given_names(columns: &Columns, a: u32, b: u32) -> TwoNames {
    let value = |aspect, row| columns.value(aspect, row);
    let (left, right) = (value(Aspect::Given, a), value(Aspect::Given, b));
    // Given and family name may stand in each other's place.
    let is_swapped = left == value(Aspect::Family, b) || right == value(Aspect::Family, a);
    if left == right || left == 0 || right == 0 || is_swapped {
        return TwoNames::No;
    }
    let (left, right) = (columns.text(Aspect::Given, left), columns.text(Aspect::Given, right));
    if same_letters(left, right) {
        return TwoNames::No;
    }
    let within = |word: &str, name: &str| tokens(name).any(|own| own == word);
    let pairs = tokens(left).zip(tokens(right));
    pairs
        .filter(|(own, other)| !within(own, right) && !within(other, left))
        .map(|(own, other)| two_names(own, other))
        .find(|found| *found != TwoNames::No)
        .unwrap_or(TwoNames::No)
}

/// Whether the titles are of a man and a woman: `Herr Kim Lee` and `Frau Kim Lee`, or `Mrs Peter
/// Carthorse` and the husband she is called by.
fn titles_differ(columns: &Columns, a: u32, b: u32) -> bool {
    let (one, other) = (columns.bearer(a).addressed(), columns.bearer(b).addressed());
    if one == other {
        return false;
    }
    if one.is_some() && other.is_some() {
        return true;
    }
    // The title contradicts its own name, and the other record has none.
    let contradicts = |addressed: Option<Addressed>, row: u32| {
        let name = columns.text(Aspect::Given, columns.value(Aspect::Given, row));
        let known = tokens(name).find_map(bearers).filter(|it| it.are_of_one_gender());
        let (Some(addressed), Some(known)) = (addressed, known) else { return false };
        known.are_men() != (addressed == Addressed::Man)
    };
    contradicts(one, a) || contradicts(other, b)
}

/// Whether a man's and a woman's form of one family name are among the names of two rows.
fn family_forms(columns: &Columns, a: u32, b: u32) -> bool {
    let (left, right) = (columns.value(Aspect::Family, a), columns.value(Aspect::Family, b));
    if left == right || left == 0 || right == 0 {
        return false;
    }
    let (left, right) = (columns.text(Aspect::Family, left), columns.text(Aspect::Family, right));
    let forms =
        |a, b| of_man_and_woman(Forms::Family, a, b) || of_man_and_woman(Forms::Family, b, a);
    tokens(left).all(|own| tokens(right).all(|other| own != other))
        && tokens(left).any(|own| tokens(right).any(|other| forms(own, other)))
}
