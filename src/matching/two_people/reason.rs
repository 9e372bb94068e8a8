//! The reasons to take two records for two people, and their words.

use super::super::given_names::TwoNames;

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
    /// A short form of the other given name that is a name of its own today: Mia and Maria.
    OwnShortForm,
    /// Family names that are given names, of one given name: the columns may be swapped.
    GivenAsFamily,
    /// Names in two scripts, of which one does not say how the name is written in the other.
    Scripts,
}

impl Reason {
    pub(super) const ALL: [(Self, &str, &str); 20] = [
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
            Self::OwnShortForm,
            "the short given name is a name of its own",
            "one given name is short for the other and a name of its own today, as mother and daughter may \
             have them: without an issued number, the same date of birth, or a mailbox of that given name, \
             a person decides",
        ),
        (
            Self::GivenAsFamily,
            "family names that are given names",
            "the family names are given names, so given and family name may be swapped and the given names \
             differ: without an issued number, or the same date of birth and mailbox, a person decides",
        ),
        (
            Self::Scripts,
            "names in two scripts",
            "the names are in two scripts, and neither says how it is written in the other: a person decides",
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

    /// What two given names say; nothing where they may be one.
    pub(super) fn of(names: TwoNames) -> Option<Self> {
        Some(match names {
            TwoNames::No => return None,
            TwoNames::ShortForms => Self::ShortForms,
            TwoNames::OwnShortForm => Self::OwnShortForm,
            TwoNames::EitherGender => Self::EitherGender,
            TwoNames::Slip => Self::Slip,
            TwoNames::Unknown => Self::UnknownNames,
            TwoNames::Endings => Self::Endings,
            TwoNames::InTwoLanguages => Self::TwoLanguages,
            TwoNames::OfTheirOwn => Self::TwoNames,
            TwoNames::ManAndWoman => Self::ManAndWoman,
            TwoNames::OneOfBoth => Self::OneOfBoth,
        })
    }
}
