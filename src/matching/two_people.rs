//! What says that two records are of two people of one home, however much else they share: brother
//! and sister, twins, a couple. The machine leaves such a pair to people; no score changes.

use domain::naming::{Addressed, Bearers, bearers, nicknames};

use super::bearer::Bearer;
use super::columns::Columns;
use super::family_first::is_family_first;
use super::family_names;
use super::gender_forms::{Forms, of_man_and_woman, say_man_and_woman};
use super::given_names::{TwoNames, are_forms, is_known, may_be_one, two_names};
use super::lack::Lack;
use super::layout::Aspect;
use super::portrait::Kind;
use super::text::{mailbox_and_domain, same_given_letters, same_letters, tokens};
use super::written::{self, Written};

/// A reason to take two records for two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// One is of a couple, a family or an estate, the other of one person.
    OneOfSeveral,
    /// Short forms of one name, of which neither is the other's.
    ShortForms,
    /// Forms of one name, of which one may be of the other gender.
    EitherGender,
    /// Given names of which one may be a slip of the other, and nothing tells.
    Slip,
    /// Given names of which no list has both.
    UnknownNames,
    /// Given names that differ in the vowel they end in, of which no list has both.
    Endings,
    /// Two known given names that are perhaps one in two languages.
    TwoLanguages,
    /// Given names a slip or a short form apart that are two names of their own.
    TwoNames,
    /// The given name of a man and that of a woman.
    ManAndWoman,
    /// Family names as a man and a woman of one family have them.
    FamilyForms,
    /// One has the given names of a man and a woman, the other one of these.
    OneOfBoth,
    /// Family names that differ in no known way.
    OtherFamily,
    /// Names of one sound, written with different characters of one script.
    Characters,
    /// The fields that say the gender differ.
    Genders,
    /// Middle initials of which none is the other's.
    MiddleInitials,
    /// The field says one gender, and the other record's given name is of the other.
    GenderAndName,
    /// Forms of address: a man's, and a woman's, who may have her husband's name.
    Titles,
}

impl Reason {
    const ALL: [(Self, &str, &str); 17] = [
        (
            Self::OneOfSeveral,
            "one name is for several people",
            "one name is that of several people or an estate, the other that of one person",
        ),
        (
            Self::ShortForms,
            "two short forms of one given name",
            "the given names are two short forms of one name, as siblings may have: \
             without the same date of birth, a person decides",
        ),
        (
            Self::EitherGender,
            "a man's or a woman's form of one name",
            "the given names are forms of one name, and one of them may be a man's and the other a woman's: \
             unless an issued number, a mailbox of the full name, or both date of birth and mailbox are \
             equal, a person decides",
        ),
        (
            Self::Slip,
            "given names a slip apart",
            "one given name may be a slip of the other or a name of its own: without the same date of \
             birth, mailbox or issued number, a person decides",
        ),
        (
            Self::UnknownNames,
            "unknown given names differ",
            "the given names differ, and no list says whether they are one name: without an issued \
             number, or the same date of birth and mailbox, a person decides",
        ),
        (
            Self::Endings,
            "given names end in different vowels",
            "the given names end in different vowels, as those of a brother and a sister may: \
             without an issued number, a person decides",
        ),
        (
            Self::TwoLanguages,
            "two given names, or one in two languages",
            "both given names are in use, and they may be one name in two languages or two people's: \
             without an issued number, a person decides",
        ),
        (
            Self::TwoNames,
            "two different given names",
            "the given names are two different names, not two spellings of one: a person decides",
        ),
        (
            Self::ManAndWoman,
            "a man's and a woman's given name",
            "one given name is a man's, the other a woman's: a person decides",
        ),
        (
            Self::FamilyForms,
            "a man's and a woman's family name",
            "one family name has a man's form, the other a woman's: a person decides",
        ),
        (
            Self::OneOfBoth,
            "a man's and a woman's given name in one",
            "one record has a man's and a woman's given name, the other one of the two: a person decides",
        ),
        (
            Self::OtherFamily,
            "family names differ",
            "the family names differ, and neither is a spelling or a part of the other: without an issued \
             number, the same date of birth, or a mailbox of that given name, a person decides",
        ),
        (
            Self::Characters,
            "names in different characters",
            "the names are written with different characters, even if they sound alike: without an issued \
             number, a person decides",
        ),
        (Self::Genders, "gender differs", "the gender differs: a person decides"),
        (
            Self::GenderAndName,
            "the gender does not fit the other name",
            "the gender of one record does not fit the given name of the other: a person decides",
        ),
        (
            Self::MiddleInitials,
            "middle initials differ",
            "the middle initials differ: a person decides",
        ),
        (
            Self::Titles,
            "a man's and a woman's title",
            "one title is a man's, the other a woman's or a wife's under her husband's name: a person decides",
        ),
    ];
}

/// All reasons of a pair, each a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TwoPeople(u32);

/// What agrees that one person has and others of the same home seldom share.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OwnSigns {
    /// A date of birth.
    pub(crate) birth: bool,
    /// A mailbox.
    pub(crate) mailbox: bool,
    /// A number issued by a state or a register.
    pub(crate) issued: bool,
    /// A mailbox that is called by the long form of both given names: `samantha.hill@` of Samantha and Sam.
    pub(crate) named: bool,
    /// A mailbox that is called by both given names, and a family does not share: `susan@`, `s.hill@`.
    pub(crate) personal: bool,
    /// A date of birth, beside given names that are the same, or forms of one another.
    pub(crate) birth_of_name: bool,
}

impl OwnSigns {
    /// Whether two rows have one mailbox, and it is called by the long form of both given names. A mailbox that
    /// is called by the short one says nothing: a couple may share it, and Tony and Toni do.
    pub(crate) fn has_named_mailbox(columns: &Columns, a: u32, b: u32) -> bool {
        let [address, other] = texts(columns, [Aspect::Email; 2], a, b);
        let [left, right] = texts(columns, [Aspect::Given; 2], a, b);
        let mailbox = address.split('@').next().unwrap_or_default();
        address == other
            && tokens(left).zip(tokens(right)).any(|(one, other)| {
                let long = if one.len() > other.len() { one } else { other };
                one.len() != other.len()
                    && nicknames::is_long_form(one, other)
                    && mailbox.contains(long)
            })
    }
}

impl OwnSigns {
    /// Whether two rows have one mailbox, and it is called by both given names.
    pub(crate) fn has_personal_mailbox(columns: &Columns, a: u32, b: u32) -> bool {
        let given = texts(columns, [Aspect::Given; 2], a, b);
        let families = texts(columns, [Aspect::Family; 2], a, b);
        let (own, others) = (columns.row(Aspect::Email, a), columns.row(Aspect::Email, b));
        own.iter().filter(|value| **value != 0 && others.contains(value)).any(|value| {
            let (mailbox, _) = mailbox_and_domain(columns.text(Aspect::Email, *value));
            given.iter().all(|name| family_names::is_called(mailbox, name, families))
        })
    }
}

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
                found.two_names(given_names_at_the_end(columns, a, b));
                let [left, right] = texts(columns, [family; 2], a, b);
                if family_forms(columns, [family, family], a, b) {
                    found.add(Reason::FamilyForms);
                } else if !is_misplaced(columns, a, b) && family_names::are_two(left, right) {
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
        self.two_names(given_names(columns, aspects, a, b));
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

    fn two_names(&mut self, names: TwoNames) {
        match names {
            TwoNames::No => {}
            TwoNames::ShortForms => self.add(Reason::ShortForms),
            TwoNames::EitherGender => self.add(Reason::EitherGender),
            TwoNames::Slip => self.add(Reason::Slip),
            TwoNames::Unknown => self.add(Reason::UnknownNames),
            TwoNames::Endings => self.add(Reason::Endings),
            TwoNames::InTwoLanguages => self.add(Reason::TwoLanguages),
            TwoNames::OfTheirOwn => self.add(Reason::TwoNames),
            TwoNames::ManAndWoman => self.add(Reason::ManAndWoman),
            TwoNames::OneOfBoth => self.add(Reason::OneOfBoth),
        }
    }

    fn add(&mut self, reason: Reason) {
        self.0 |= 1 << reason as u32;
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
        ];
        open.into_iter().fold(self.0, |rest, reason| rest & !(1 << reason as u32)) != 0
    }

    /// Whether there is any reason.
    pub(crate) fn is_likely(self) -> bool {
        self.0 != 0
    }

    /// Every reason in words.
    pub(crate) fn in_words(self) -> impl Iterator<Item = Lack> {
        let has = move |reason: Reason| self.0 & 1 << reason as u32 != 0;
        let found = Reason::ALL.into_iter().filter(move |(reason, ..)| has(*reason));
        found.map(|(_, short, words)| Lack::new(short, words))
    }
}

/// A name of each row.
fn texts(columns: &Columns, aspects: [Aspect; 2], a: u32, b: u32) -> [&str; 2] {
    let text = |aspect, row| columns.text(aspect, columns.value(aspect, row));
    [text(aspects[0], a), text(aspects[1], b)]
}

/// Whether the given names of two rows are two names, word by word: Jean-Luc and Jean-Paul are two
/// people, Maria Anna and Anna are one.
fn given_names(columns: &Columns, aspects: [Aspect; 2], a: u32, b: u32) -> TwoNames {
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
fn is_misplaced(columns: &Columns, a: u32, b: u32) -> bool {
    let value = |aspect, row| columns.value(aspect, row);
    value(Aspect::Given, a) == value(Aspect::Family, b)
        || value(Aspect::Given, b) == value(Aspect::Family, a)
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
    let own = |name, other| tokens(name).filter(move |word| tokens(other).all(|it| it != *word));
    own(left, right)
        .zip(own(right, left))
        .map(|(own, other)| two_names(own, other))
        .find(|found| *found != TwoNames::No)
        .unwrap_or(TwoNames::No)
}

/// Whether the given names stand where family names do: in one column, `Li Wei` and `Li Wen` are read as
/// people of one given name, and of family names a slip apart.
fn given_names_at_the_end(columns: &Columns, a: u32, b: u32) -> TwoNames {
    let text = |aspect, row| columns.text(aspect, columns.value(aspect, row));
    let (first, other) = (text(Aspect::Given, a), text(Aspect::Given, b));
    let (left, right) = (text(Aspect::Family, a), text(Aspect::Family, b));
    let names = [first, other].map(|name| tokens(name).next().unwrap_or_default());
    let is_shared = names[0] == names[1] && names[0].len() > 1;
    let is_said = !left.is_empty() && !right.is_empty() && !same_letters(left, right);
    if !is_shared || !is_said || word_by_word(left, right) == TwoNames::No {
        return TwoNames::No;
    }
    if is_family_first(names[0], left) && is_family_first(names[0], right) {
        TwoNames::Unknown
    } else if is_known(names[0]) {
        TwoNames::No
    } else {
        TwoNames::Slip
    }
}

/// Whether people of one first name have middle initials of which none is the other's: `Peter A` and
/// `Peter B`. Middle names that are written out are compared as names.
fn initials_differ(one: &str, other: &str) -> bool {
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

/// Whether the titles are of a man and a woman: `Herr Kim Lee` and `Frau Kim Lee`, or `Mrs Peter
/// Carthorse` and the husband she is called by.
fn titles_differ(columns: &Columns, a: u32, b: u32) -> bool {
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
fn whole_names_say(columns: &Columns, a: u32, b: u32) -> bool {
    let [left, right] = texts(columns, [Aspect::Given; 2], a, b);
    if left == right {
        return false;
    }
    let [own, others] = texts(columns, [Aspect::Family; 2], a, b);
    say_man_and_woman(&format!("{left} {own}"), &format!("{right} {others}"))
}

/// Whether the gender field of one row says what the other's given name does not fit, and nothing else says of
/// whom that is: `Chris`, a man, and `Christina`. The same given names are rather a slip in the field.
fn gender_contradicts_name(columns: &Columns, a: u32, b: u32) -> bool {
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
fn family_forms(columns: &Columns, aspects: [Aspect; 2], a: u32, b: u32) -> bool {
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
