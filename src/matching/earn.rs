//! Which groups the machine may merge by itself: a merge is earned.
//!
//! Probability alone is not enough. Where people who live together are in the data, a merge needs
//! an agreeing personal identifier; organisations need an agreeing registered identifier; and
//! records that contradict each other in something that cannot be two at once are left to people. So
//! are those that say of themselves that they are two people (`two_people`), but for the third and the fourth of a name, about
//! whom nobody is asked; and a name with `Jr` beside the same name without it
//! agrees less than it seems to.

use super::by_hand::Stated;
use super::columns::Columns;
use super::contested::Beside;
use super::lack::{Lack, Lacking};
use super::layout::Aspect;
use super::model::KindModel;
use super::parentage;
use super::portrait::Kind;
use super::text::tokens;
use super::two_people::{OwnSigns, TwoPeople};
use super::weight::Millibits;

/// What the levels of a pair say beside its probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Grounds {
    /// How many personal or registered identifiers agree; one issued by a state counts twice.
    identified: u8,
    /// Places (as bits) of comparisons that contradict.
    contradictions: u32,
    /// Given names are plainly different.
    named_differently: bool,
    /// Given names are the same, forms of one another or a slip apart.
    named_alike: bool,
    /// One says `Jr` or `III`, the other nothing, and no issued number says that they are one: a date of birth
    /// is copied within a family like any other value.
    half_said: bool,
    /// One has `Sr.` in front, the other says `Jr` or `III`.
    elder_and_younger: bool,
    /// One says `III`, the other `IV`, and no date of birth says that they are one: father and son.
    two_generations: bool,
    /// The dates of birth contradict, and are a generation apart: father and son of one name.
    born_apart: bool,
    /// They have one family name, or one has the other's among others, beside given names that are alike.
    one_family: bool,
    /// What says that they are two people, however much else they share.
    two_people: TwoPeople,
    /// What `steward.toml` insists on.
    stated: Stated,
}

impl Grounds {
    /// Reads the levels (counted from 1, 0 missing) of two rows, and whose names they hold.
    pub(crate) fn read(
        model: &KindModel,
        columns: &Columns,
        levels: &[u8],
        a: u32,
        b: u32,
    ) -> Self {
        let (bearer, other) = (columns.bearer(a), columns.bearer(b));
        let mut grounds = Self {
            half_said: bearer.says_less_than(other),
            elder_and_younger: bearer.may_be_elder_and_younger(other),
            two_generations: bearer.is_of_another_generation(other),
            stated: Stated::of(columns, a, b),
            ..Self::default()
        };
        let (mut swapped, mut signs) = (false, OwnSigns::default());
        for (number, (part, level)) in model.comparisons.iter().zip(levels).enumerate() {
            let Some(level) = level.checked_sub(1) else { continue };
            let says = (part.comparison.subject.says)(model.kind, level);
            swapped |= says.swapped;
            grounds.identified += says.identified;
            grounds.contradictions |= u32::from(says.contradicts) << number;
            grounds.two_generations &= !says.one_generation;
            signs.birth |= says.one_generation;
            signs.mailbox |= says.one_mailbox;
            signs.issued |= says.identified > 1;
            grounds.named_differently |= says.named_differently;
            grounds.named_alike |= says.named_alike;
        }
        grounds.named_alike |= has_one_given_name(columns, a, b);
        grounds.half_said &= !signs.issued;
        grounds.born_apart = grounds.named_alike
            && !signs.issued
            && grounds.contradictions != 0
            && parentage::are_a_generation_apart(columns, a, b);
        signs.birth_of_name = signs.birth && grounds.named_alike;
        signs.personal = signs.mailbox && OwnSigns::has_personal_mailbox(columns, a, b);
        signs.named = signs.mailbox && OwnSigns::has_named_mailbox(columns, a, b);
        let names = TwoPeople::of(columns, a, b, swapped);
        grounds.one_family = grounds.named_alike
            && !swapped
            && !names.have_two_family_names()
            && [a, b].iter().all(|row| columns.value(Aspect::Family, *row) != 0);
        grounds.two_people = match (names.beside(signs), TwoPeople::have_two_scripts(columns, a, b))
        {
            (rest, false) => rest,
            // Where the names differ plainly, nothing else would be said of them.
            (_, true) if grounds.named_differently => names.in_two_scripts(),
            (rest, true) => rest.in_two_scripts(),
        };
        grounds
    }

    /// Whether the comparison in that place contradicts.
    pub(crate) fn contradicts(self, number: usize) -> bool {
        self.contradictions & (1 << number) != 0
    }

    /// Whether a rule says that they are one customer.
    pub(crate) fn is_same(self) -> bool {
        self.stated == Stated::Same
    }

    /// Whether they are never linked: a rule says so, or they themselves.
    pub(crate) fn is_never(self) -> bool {
        self.stated == Stated::Never || self.is_of_two_generations()
    }

    /// Whether they say that they are father and son, unless a rule says that they are one.
    pub(crate) fn is_of_two_generations(self) -> bool {
        self.two_generations && !self.is_same()
    }

    /// The pair's weight, given what is insisted on.
    pub(crate) fn settled(self, weight: Millibits) -> Millibits {
        let stated = if self.is_never() { Stated::Never } else { self.stated };
        stated.settled(weight)
    }

    /// Whether the machine may rest a merge on this pair. Families share phones, mailboxes and
    /// (twins) birthdays: one of these is enough only beside a given name that agrees.
    pub(crate) fn earns(self, model: &KindModel) -> bool {
        if self.is_same() {
            return self.contradictions == 0;
        }
        let identified = match model.kind {
            Kind::Organisation => self.identified > 0,
            Kind::Person if model.households || model.identifies() => {
                self.identified > 1 && !self.half_said
                    || self.identified == 1 && self.is_named_alike()
            }
            Kind::Person => !self.half_said,
        };
        identified && self.bears()
    }

    fn is_named_alike(self) -> bool {
        self.named_alike && !self.half_said
    }

    /// What keeps the machine from resting a merge on this pair, in words; nothing when it may.
    pub(crate) fn lacks(self, model: &KindModel) -> Vec<Lack> {
        let mut lacks = Vec::new();
        for (number, learned) in model.comparisons.iter().enumerate() {
            if self.contradicts(number) {
                lacks.push(Lack::plain(format!("{} contradicts", learned.comparison.name)));
            }
        }
        // What is never linked lacks nothing.
        if self.is_same() || self.is_of_two_generations() {
            return lacks;
        }
        if self.elder_and_younger {
            lacks.push(Lack::new(
                "Sr beside Jr or III",
                "one name begins with Sr, which may mean the elder; the other says Jr, III or the like: a \
                 person decides",
            ));
        }
        lacks.extend(self.two_people.in_words());
        if self.named_differently && !self.two_people.differ_in_two_scripts() {
            lacks.push(Lack::plain("given names differ"));
        }
        if lacks.is_empty() && !self.earns(model) {
            lacks.push(match (model.kind, self.identified) {
                (Kind::Organisation, _) => Lack::plain("no registered identifier agrees"),
                (Kind::Person, _) if self.half_said => Lack::new(
                    "only one name says Jr, III or the like",
                    "one name says Jr, III or the like and the other does not: father and son may share \
                     the rest",
                ),
                (Kind::Person, 0) => Lack::plain("no personal identifier agrees"),
                (Kind::Person, _) => Lack::new(
                    "an identifier agrees, the given name does not",
                    "one identifier agrees, which a family may share, but the given name does not",
                )
                .called(Lacking::GivenName),
            });
        }
        lacks
    }

    /// Whether something contradicts of which one customer has only one.
    pub(crate) fn is_contradicted(self) -> bool {
        self.contradictions != 0
    }

    /// Whether anything about the names says that they are two people.
    pub(crate) fn may_be_two_people(self) -> bool {
        self.named_differently
            || self.half_said
            || self.elder_and_younger
            || self.two_people.is_likely()
    }

    /// Whether the names say that they are two people, and leave nothing open.
    pub(crate) fn says_two_people(self) -> bool {
        self.named_differently
            || self.half_said
            || self.elder_and_younger
            || self.two_people.are_certain()
    }

    /// How the two stand to each other, whatever they score. A date of birth that differs may be an error, and
    /// so may a given name that nobody knows: that does not make them two for certain. Dates that are a
    /// generation apart do.
    pub(crate) fn beside(self) -> Beside {
        let differ = self.contradictions != 0 || self.named_differently;
        if self.is_same() {
            return if differ { Beside::Differ } else { Beside::MayBeOne };
        }
        let are_two = self.elder_and_younger || self.born_apart || self.two_people.are_certain();
        if self.is_never() || are_two {
            Beside::Two
        } else if differ {
            Beside::Differ
        } else if self.two_people.have_two_family_names() {
            Beside::TwoFamilies
        } else if self.one_family {
            Beside::OneFamily
        } else {
            Beside::MayBeOne
        }
    }

    /// Whether the machine may leave this pair within a merge that rests on other pairs.
    pub(crate) fn bears(self) -> bool {
        if self.is_same() {
            return self.contradictions == 0;
        }
        !self.is_never()
            && self.contradictions == 0
            && !self.named_differently
            && !self.elder_and_younger
            && !self.two_people.is_likely()
    }
}

/// Whether two rows have one given name that begins with a single letter and is more than an initial: U Thant,
/// or Y, as people are called whose names are spelled with a vowel alone.
fn has_one_given_name(columns: &Columns, a: u32, b: u32) -> bool {
    let (own, others) = (columns.value(Aspect::Given, a), columns.value(Aspect::Given, b));
    let name = columns.text(Aspect::Given, own);
    let is_name = |word: &str| word.len() > 1 || matches!(name, "e" | "i" | "o" | "u" | "y");
    own != 0 && own == others && tokens(name).any(is_name)
}
