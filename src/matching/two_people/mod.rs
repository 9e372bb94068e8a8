//! What says that two records are of two people of one home, however much else they share: brother
//! and sister, twins, a couple. The machine leaves such a pair to people; no score changes.

mod by_gender;
mod given;
mod reason;
mod signs;

use by_gender::{family_forms, gender_contradicts_name, titles_differ, whole_names_say};
use given::{
    given_names, given_names_at_the_end, given_names_in_a_family_column, given_names_in_one_column,
    has_family_name_in_the_middle, initials_differ, is_misplaced,
};
use reason::Reason;
pub(crate) use signs::OwnSigns;

use super::bearer::Bearer;
use super::columns::Columns;
use super::family_names;
use super::gender_forms::say_man_and_woman;
use super::given_names::is_known;
use super::lack::{Lack, Lacking};
use super::layout::Aspect;
use super::portrait::Kind;
use super::text::tokens;
use super::written::{self, Written};

/// All reasons of a pair, each a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TwoPeople(u32);

impl TwoPeople {
    /// What two rows say. Names are looked at as they are compared: where given and family name are
    /// `swapped`, each with the other's. Which of the two rows has them in the wrong fields nobody knows,
    /// so that either pair may be of given names.
    pub(crate) fn of(columns: &Columns, a: u32, b: u32, swapped: bool) -> Self {
        let mut found = Self::default();
        if columns.kind(a) != Kind::Person {
            return found;
        }
        let (bearer, other) = (columns.bearer(a), columns.bearer(b));
        // What may be of one person as well is, where the other is called the same.
        let is_doubtful = bearer.is_doubtful() || other.is_doubtful();
        let is_same = |aspect| columns.value(aspect, a) == columns.value(aspect, b);
        let is_one = is_doubtful && is_same(Aspect::Given) && is_same(Aspect::Family);
        if bearer.is_several() != other.is_several() && !is_one {
            found.add(Reason::OneOfSeveral);
        }
        let is_named = |bearer: Bearer| !bearer.is_several() || bearer.is_doubtful();
        if is_named(bearer) && is_named(other) {
            let (given, family) = (Aspect::Given, Aspect::Family);
            if swapped {
                let pairs = [[given, family], [family, given]];
                let known = pairs.map(|aspects| {
                    let mut firsts =
                        texts(columns, aspects, a, b).map(|name| tokens(name).next()).into_iter();
                    firsts.any(|first| first.is_some_and(is_known))
                });
                // Where one of the two is of known given names and the other is not, that one is.
                for (aspects, is_of_known) in pairs.into_iter().zip(known) {
                    if is_of_known || known == [false, false] {
                        found.names(aspects, columns, a, b);
                    } else if family_forms(columns, aspects, a, b) {
                        found.add(Reason::FamilyForms);
                    }
                }
            } else {
                found.names([given, given], columns, a, b);
                found.add_all(given_names_at_the_end(columns, a, b));
                found.add_all(given_names_in_one_column(columns, a, b));
                found.add_all(given_names_in_a_family_column(columns, a, b));
                let [left, right] = texts(columns, [family; 2], a, b);
                if family_forms(columns, [family, family], a, b) {
                    found.add(Reason::FamilyForms);
                } else if !is_misplaced(columns, a, b)
                    && !has_family_name_in_the_middle(columns, a, b)
                    && family_names::are_two(left, right)
                {
                    found.add(Reason::OtherFamily);
                }
            }
            let [left, right] = texts(columns, [Aspect::Written; 2], a, b);
            match written::compare(left, right) {
                Written::Nothing => {}
                Written::Otherwise => found.add(Reason::Characters),
                Written::Endings => found.add(Reason::Endings),
            }
            if titles_differ(columns, a, b) {
                found.add(Reason::Titles);
            }
        }
        if columns.genders_differ(a, b) {
            found.add(Reason::Genders);
        } else if is_named(bearer) && is_named(other) && gender_contradicts_name(columns, a, b) {
            found.add(Reason::GenderAndName);
        }
        found
    }

    /// What a name of each row says, taken for given names; where they stand in unlike fields, for family
    /// names as well.
    fn names(&mut self, aspects: [Aspect; 2], columns: &Columns, a: u32, b: u32) {
        self.add_all(Reason::of(given_names(columns, aspects, a, b)));
        let [left, right] = texts(columns, aspects, a, b);
        if aspects == [Aspect::Given; 2]
            && (say_man_and_woman(left, right) || whole_names_say(columns, a, b))
        {
            self.add(Reason::FamilyForms);
        } else if initials_differ(left, right) {
            self.add(Reason::MiddleInitials);
        }
        if aspects[0] != aspects[1] && family_forms(columns, aspects, a, b) {
            self.add(Reason::FamilyForms);
        }
    }

    fn add(&mut self, reason: Reason) {
        self.0 |= 1 << reason as u32;
    }

    fn add_all(&mut self, reasons: impl IntoIterator<Item = Reason>) {
        reasons.into_iter().for_each(|reason| self.add(reason));
    }

    /// The same of names in two scripts: how they differ there says nothing of whether they are two.
    pub(crate) fn in_two_scripts(self) -> Self {
        let by_letters = [
            Reason::Slip,
            Reason::UnknownNames,
            Reason::Endings,
            Reason::TwoLanguages,
            Reason::TwoNames,
            Reason::OtherFamily,
            Reason::GivenAsFamily,
        ];
        let found = by_letters.into_iter().fold(0, |found, reason| found | 1 << reason as u32);
        if self.0 & found == 0 {
            return self;
        }
        let mut rest = Self(self.0 & !found);
        rest.add(Reason::Scripts);
        rest
    }

    /// Whether the names are in two scripts, and differ there.
    pub(crate) fn differ_in_two_scripts(self) -> bool {
        self.0 & 1 << Reason::Scripts as u32 != 0
    }

    /// Whether the names of two rows are in two scripts.
    pub(crate) fn have_two_scripts(columns: &Columns, a: u32, b: u32) -> bool {
        let [left, right] = texts(columns, [Aspect::Written; 2], a, b);
        written::are_in_two_scripts(left, right)
    }

    /// What remains in the light of what only one person has. Who is called Betty and Liz and was born on
    /// one day is one person. Twins are born on one day too, and couples share a mailbox: names that nobody
    /// knows, and those that a man and a woman may have, need both, or a number that was issued to one person.
    pub(crate) fn beside(self, signs: OwnSigns) -> Self {
        let without = |of: Self, reason: Reason, is_settled: bool| {
            Self(of.0 & !(u32::from(is_settled) << reason as u32))
        };
        let OwnSigns { birth, mailbox, issued, named, personal, birth_of_name } = signs;
        let is_one_family = issued || personal || birth_of_name;
        let rest = without(self, Reason::ShortForms, birth || issued);
        let rest = without(rest, Reason::Slip, birth || mailbox || issued);
        let rest = without(rest, Reason::OtherFamily, is_one_family);
        let is_settled = birth && mailbox || issued;
        let rest = without(rest, Reason::Characters, issued);
        let rest = without(rest, Reason::EitherGender, is_settled || named);
        let rest = without(rest, Reason::Endings, issued);
        let rest = without(rest, Reason::TwoLanguages, issued);
        let rest = without(rest, Reason::OwnShortForm, birth || personal || named || issued);
        let rest = without(rest, Reason::GivenAsFamily, is_settled);
        without(rest, Reason::UnknownNames, is_settled)
    }

    /// Whether there is a reason that leaves nothing open. Forms of one name, and names of which one may be a
    /// slip, leave it open.
    pub(crate) fn are_certain(self) -> bool {
        let open = [
            Reason::ShortForms,
            Reason::EitherGender,
            Reason::Slip,
            Reason::UnknownNames,
            Reason::TwoLanguages,
            Reason::OneOfBoth,
            Reason::OtherFamily,
            Reason::OwnShortForm,
            Reason::GivenAsFamily,
            Reason::Scripts,
        ];
        open.into_iter().fold(self.0, |rest, reason| rest & !(1 << reason as u32)) != 0
    }

    /// Whether the family names are those of two people, or of one who married.
    pub(crate) fn have_two_family_names(self) -> bool {
        self.0 & 1 << Reason::OtherFamily as u32 != 0
    }

    /// Whether there is any reason.
    pub(crate) fn is_likely(self) -> bool {
        self.0 != 0
    }

    /// Every reason in words.
    pub(crate) fn in_words(self) -> impl Iterator<Item = Lack> {
        let has = move |reason: Reason| self.0 & 1 << reason as u32 != 0;
        let found = Reason::ALL.into_iter().filter(move |(reason, ..)| has(*reason));
        found.map(|(reason, short, words)| match reason {
            Reason::UnknownNames => Lack::new(short, words).called(Lacking::KnownNames),
            _ => Lack::new(short, words),
        })
    }
}

/// A name of each row.
fn texts(columns: &Columns, aspects: [Aspect; 2], a: u32, b: u32) -> [&str; 2] {
    let text = |aspect, row| columns.text(aspect, columns.value(aspect, row));
    [text(aspects[0], a), text(aspects[1], b)]
}
