//! Whose name a record holds: the name as it is compared, which generation of the family is meant,
//! and whether it is of one person or of several.
//!
//! The generation and the couple are facts of their own, read from whichever field they came in;
//! they are no part of the texts that are compared.

mod generation;
#[cfg(test)]
mod tests;
mod whole_name;

use domain::naming::{Addressed, Suffix};

pub(crate) use whole_name::PersonName;

/// Which generation, whether several people, and how the name is addressed; one byte of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Bearer(pub(crate) u8);

impl Bearer {
    /// `Morris I` is the first of that name beside `Morris II`, and has an initial else.
    const PERHAPS_THE_FIRST: u8 = 15;
    /// `Sr. Morris` is the elder beside `Jr. Morris`, and a Spanish Mr else.
    const PERHAPS_SENIOR: u8 = 14;
    const GENERATION: u8 = 0b1111;
    const SEVERAL: u8 = 0b1_0000;
    const MAN: u8 = 0b10_0000;
    const WOMAN: u8 = 0b100_0000;
    /// Beside [`Self::SEVERAL`]: it may be of one person as well. Without: the form of address may be a name.
    const DOUBTFUL: u8 = 0b1000_0000;

    fn new(generation: u8, people: People, addressed: Option<Addressed>) -> Self {
        let addressed = match addressed {
            Some(Addressed::Man) => Self::MAN,
            Some(Addressed::Woman) => Self::WOMAN,
            None => 0,
        };
        let several = match people {
            People::One => 0,
            People::PerhapsSeveral => Self::SEVERAL | Self::DOUBTFUL,
            People::Several => Self::SEVERAL,
        };
        Self(generation | addressed | several)
    }

    /// Whether the form of address before the name is a man's or a woman's.
    pub(crate) fn addressed(self) -> Option<Addressed> {
        match self.0 & (Self::MAN | Self::WOMAN) {
            Self::MAN => Some(Addressed::Man),
            Self::WOMAN => Some(Addressed::Woman),
            _ => None,
        }
    }

    /// Whether the name is of a couple or a family, or may be.
    pub(crate) fn is_several(self) -> bool {
        self.0 & Self::SEVERAL != 0
    }

    /// Whether the name may be of several people or of one: `Peter - Paul`.
    pub(crate) fn is_doubtful(self) -> bool {
        self.is_several() && self.0 & Self::DOUBTFUL != 0
    }

    /// Whether the form of address may be a name as well: `Pan Kim`.
    pub(crate) fn may_not_be_addressed(self) -> bool {
        !self.is_several() && self.0 & Self::DOUBTFUL != 0
    }

    /// Says how the name is addressed, if at all, where nothing says it for sure.
    fn perhaps_addressed(self, addressed: Option<Addressed>) -> Self {
        match addressed {
            Some(_) if self.addressed().is_none() && !self.is_several() => {
                Self(self.0 | Self::new(0, People::One, addressed).0 | Self::DOUBTFUL)
            }
            _ => self,
        }
    }

    fn people(self) -> People {
        match (self.is_several(), self.is_doubtful()) {
            (false, _) => People::One,
            (true, true) => People::PerhapsSeveral,
            (true, false) => People::Several,
        }
    }

    fn suffix(self) -> Option<Suffix> {
        let place = (self.0 & Self::GENERATION).checked_sub(1)?;
        Suffix::ALL.get(usize::from(place)).copied()
    }

    fn may_be_the_first(self) -> bool {
        self.0 & Self::GENERATION == Self::PERHAPS_THE_FIRST
    }

    /// Whether the generations tell a father from a son.
    pub(crate) fn is_of_another_generation(self, other: Self) -> bool {
        // Nobody is called `I` beside a `Jr`.
        let is_counted = |suffix| suffix >= Suffix::Second;
        match (self.suffix(), other.suffix()) {
            (Some(own), Some(others)) => own.generation() != others.generation(),
            (Some(counted), None) if other.may_be_the_first() => is_counted(counted),
            (None, Some(counted)) if self.may_be_the_first() => is_counted(counted),
            _ => false,
        }
    }

    /// Whether one has `Sr.` in front, which may be a form of address, and the other says that it is
    /// a younger one.
    pub(crate) fn may_be_elder_and_younger(self, other: Self) -> bool {
        let may_be_senior = |bearer: Self| bearer.0 & Self::GENERATION == Self::PERHAPS_SENIOR;
        let is_younger = |bearer: Self| bearer.suffix().is_some_and(|it| it != Suffix::Senior);
        may_be_senior(self) && is_younger(other) || is_younger(self) && may_be_senior(other)
    }

    /// Whether one says which generation it is and the other nothing: a father is seldom called
    /// `Sr` where his son is called `Jr`.
    pub(crate) fn says_less_than(self, other: Self) -> bool {
        let silent = |bearer: Self| bearer.0 & Self::GENERATION == 0;
        self.suffix().is_some() && silent(other) || silent(self) && other.suffix().is_some()
    }
}

/// How many people a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum People {
    #[default]
    One,
    PerhapsSeveral,
    Several,
}
