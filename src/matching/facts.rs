//! What is derived once for each distinct value, so that most pairs of records are compared
//! without a look at their texts.

use rayon::prelude::*;

use super::address::Street;
use super::columns::ValueId;
use super::hash;
use super::interner::{Interner, Pool};
use super::layout::Aspect;
use super::text::{self, Signature};
use domain::naming::nicknames::{self, Groups};

/// Of any word or words: a name, a town, a street's name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WordFacts {
    signature: Signature,
    /// [`text::sound`] of the whole.
    pub(crate) sound: u32,
    /// A hash of the text; 0 when there is none.
    pub(crate) code: u32,
    /// Whether there is no space in it.
    pub(crate) is_one_word: bool,
}

impl WordFacts {
    fn new(text: &str) -> Self {
        Self {
            signature: Signature::new(text),
            sound: text::sound(text),
            code: code(text),
            is_one_word: !text.contains(' '),
        }
    }

    /// Whether the texts may be close or alike in letters or sound: never wrongly no.
    #[inline]
    pub(crate) fn may_be_alike(&self, other: &Self) -> bool {
        self.signature.may_be_alike(other.signature) || self.sound == other.sound
    }

    /// Whether one may be the beginning of the other: never wrongly no.
    #[inline]
    pub(crate) fn may_begin(&self, other: &Self) -> bool {
        self.signature.may_begin(other.signature)
    }
}

/// Of a given or family name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NameFacts {
    pub(crate) word: WordFacts,
    /// [`text::sound`] of the first token.
    pub(crate) first_sound: u32,
    /// Nickname groups of the first token.
    pub(crate) groups: Groups,
    /// Hashes of the first 2, 3 and 4 letters; 0 when there are fewer.
    pub(crate) starts: [u32; 3],
    /// First letter.
    pub(crate) initial: u8,
    /// Whether the first token is a single letter.
    pub(crate) is_initial: bool,
}

impl NameFacts {
    fn new(name: &str) -> Self {
        let first = text::first(name);
        Self {
            word: WordFacts::new(name),
            first_sound: text::sound(first),
            groups: nicknames::groups(first),
            starts: [2, 3, 4].map(|length| name.get(..length).map_or(0, code)),
            initial: first.as_bytes().first().copied().unwrap_or_default(),
            is_initial: first.len() == 1,
        }
    }
}

/// Eight digits of an ISO date, four bits each; 0 for anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Date(pub(crate) u32);

impl Date {
    pub(crate) fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Self(0);
        }
        let digits = bytes.iter().enumerate().filter(|(at, _)| *at != 4 && *at != 7);
        let packed = digits.map(|(_, byte)| *byte).try_fold(0, |packed: u32, byte| {
            byte.is_ascii_digit().then(|| packed << 4 | u32::from(byte - b'0'))
        });
        Self(packed.unwrap_or(0))
    }

    #[inline]
    pub(crate) fn year(self) -> u32 {
        self.0 >> 16
    }

    #[inline]
    pub(crate) fn month(self) -> u32 {
        self.0 >> 8 & 0xff
    }

    #[inline]
    pub(crate) fn day(self) -> u32 {
        self.0 & 0xff
    }

    /// With day and month in each other's place.
    pub(crate) fn swapped(self) -> Self {
        Self(self.year() << 16 | self.day() << 8 | self.month())
    }
}

/// Up to fifteen digits, four bits each, under their number; 0 for anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Digits(u64);

impl Digits {
    const LENGTH: u32 = 60;

    pub(crate) fn new(text: &str) -> Self {
        if text.len() > 15 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self(0);
        }
        let packed = text.bytes().fold(0, |packed, byte| packed << 4 | u64::from(byte - b'0'));
        Self(packed | (text.len() as u64) << Self::LENGTH)
    }

    /// How many digits; 0 when the text is no such number.
    #[inline]
    pub(crate) fn length(self) -> u32 {
        (self.0 >> Self::LENGTH) as u32
    }

    #[inline]
    pub(crate) fn value(self) -> u64 {
        self.0 & ((1 << Self::LENGTH) - 1)
    }

    /// The last digits, or all when there are fewer; `None` when the text is no such number.
    #[inline]
    pub(crate) fn last(self, count: u32) -> Option<u64> {
        (self.length() > 0).then(|| self.value() & ((1 << (4 * count)) - 1))
    }

    #[inline]
    pub(crate) fn starts_with_zero(self) -> bool {
        self.length() > 0 && self.value() >> (4 * (self.length() - 1)) == 0
    }
}

/// Whether two numbers of as many digits (four bits each) differ in one digit only, or by a swap
/// of two neighbours.
#[inline]
pub(crate) fn one_digit_off(a: u64, b: u64) -> bool {
    let different = a ^ b;
    if different == 0 {
        return true;
    }
    let lowest = different.trailing_zeros() / 4 * 4;
    match different >> lowest {
        ..=0xf => true,
        0x10..=0xff => {
            let (a, b) = (a >> lowest & 0xff, b >> lowest & 0xff);
            a >> 4 == b & 0xf && b >> 4 == a & 0xf
        }
        _ => false,
    }
}

/// Of a postal code.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PostcodeFacts {
    /// A hash of the text; 0 when there is none.
    pub(crate) code: u32,
    pub(crate) digits: Digits,
}

/// Of a street line: numbers of its parts among the parts of all lines; 0 is an absent part.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct StreetFacts {
    /// Number of the street's name.
    pub(crate) name: ValueId,
    /// Number of the house number.
    pub(crate) number: ValueId,
    /// Number of the unit.
    pub(crate) unit: ValueId,
}

/// Facts by the numbers of the values they are about.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) names: Vec<NameFacts>,
    pub(crate) dates: Vec<Date>,
    pub(crate) phones: Vec<Digits>,
    /// Of the part of an e-mail address before the `@`.
    mailboxes: Vec<Signature>,
    pub(crate) towns: Vec<WordFacts>,
    pub(crate) postcodes: Vec<PostcodeFacts>,
    pub(crate) streets: Vec<StreetFacts>,
    pub(crate) street_names: Vec<WordFacts>,
    /// Names of streets.
    pub(crate) street_name_pool: Pool,
    /// House numbers and units.
    pub(crate) house_pool: Pool,
    /// Hashes of house numbers.
    pub(crate) house_codes: Vec<u32>,
}

impl Facts {
    /// From the texts of every aspect, by [`Aspect::index`].
    pub(crate) fn new(pools: &[Pool]) -> Self {
        let pool = |aspect: Aspect| &pools[aspect.index()];
        let (streets, names, houses) = streets(pool(Aspect::Street));
        Self {
            names: each(pool(Aspect::Given), NameFacts::new),
            dates: each(pool(Aspect::Birth), Date::new),
            phones: each(pool(Aspect::Phone), Digits::new),
            mailboxes: each(pool(Aspect::Email), |address| {
                Signature::new(address.rsplit_once('@').map_or(address, |(mailbox, _)| mailbox))
            }),
            towns: each(pool(Aspect::City), WordFacts::new),
            postcodes: each(pool(Aspect::Postcode), |text| PostcodeFacts {
                code: code(text),
                digits: Digits::new(text),
            }),
            streets,
            street_names: each(&names, WordFacts::new),
            street_name_pool: names,
            house_codes: each(&houses, code),
            house_pool: houses,
        }
    }

    /// Facts about nothing but street lines.
    #[cfg(test)]
    pub(crate) fn of_streets<const N: usize>(lines: [&str; N]) -> (Self, [StreetFacts; N]) {
        let mut pools: Vec<Pool> = Aspect::ALL.map(|_| Interner::new().into_pool()).into();
        let mut interner = Interner::new();
        let ids = lines.map(|line| interner.intern(line));
        pools[Aspect::Street.index()] = interner.into_pool();
        let facts = Self::new(&pools);
        let streets = ids.map(|id| facts.streets[id as usize]);
        (facts, streets)
    }

    /// Letters of an address's mailbox, up to a limit.
    #[inline]
    pub(crate) fn mailbox_length(&self, address: ValueId) -> u32 {
        self.mailboxes[address as usize].length() as u32
    }

    /// Whether two addresses' mailboxes may be the same or alike: never wrongly no.
    #[inline]
    pub(crate) fn mailboxes_may_be_alike(&self, a: ValueId, b: ValueId) -> bool {
        self.mailboxes[a as usize].may_be_alike(self.mailboxes[b as usize])
    }
}

fn each<F: Send>(pool: &Pool, fact: impl Fn(&str) -> F + Sync) -> Vec<F> {
    let ids = (0..pool.len() as ValueId).into_par_iter().with_min_len(4096);
    ids.map(|id| fact(pool.text(id))).collect()
}

fn streets(lines: &Pool) -> (Vec<StreetFacts>, Pool, Pool) {
    let (mut names, mut houses) = (Interner::new(), Interner::new());
    let facts = lines
        .texts()
        .map(|line| {
            let parts = Street::unpack(line);
            StreetFacts {
                name: names.intern(parts.name),
                number: houses.intern(parts.number),
                unit: houses.intern(parts.unit),
            }
        })
        .collect();
    (facts, names.into_pool(), houses.into_pool())
}

/// A hash of a text; 0 only for the empty one.
#[inline]
pub(crate) fn code(text: &str) -> u32 {
    if text.is_empty() { 0 } else { hash::key(hash::text(1, text)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::text::one_edit;
    use super::*;

    #[test]
    fn dates_are_eight_digits_or_nothing() {
        let date = Date::new("1971-06-24");
        assert_eq!((date.year(), date.month(), date.day()), (0x1971, 0x06, 0x24));
        for irregular in ["", "1971-06", "1971/06/24", "1971-06-2x", "11971-06-24"] {
            assert_eq!(Date::new(irregular), Date(0), "{irregular}");
        }
    }

    proptest! {
        #[test]
        fn digits_compare_as_their_texts(a in "[0-9]{7,15}", b in "[0-9]{7,15}") {
            let (left, right) = (Digits::new(&a), Digits::new(&b));
            prop_assert_eq!(left.length() as usize, a.len());
            prop_assert_eq!(left.starts_with_zero(), a.starts_with('0'));
            if a.len() == b.len() {
                let one = one_digit_off(left.value(), right.value());
                prop_assert_eq!(one, one_edit(&a, &b));
            }
        }

        #[test]
        fn a_slip_is_one_digit_off(a in "[0-9]{7,15}", at in 0_usize..14, digit in 0_u8..10) {
            let mut slipped = a.clone().into_bytes();
            let at = at % (slipped.len() - 1);
            slipped[at] = b'0' + digit;
            let slipped = String::from_utf8(slipped).unwrap_or_default();
            let mut swapped = a.clone().into_bytes();
            swapped.swap(at, at + 1);
            let swapped = String::from_utf8(swapped).unwrap_or_default();
            for other in [slipped, swapped] {
                let (left, right) = (Digits::new(&a), Digits::new(&other));
                prop_assert!(one_digit_off(left.value(), right.value()), "{a} {other}");
            }
        }
    }
}
