//! What a person prefers: the channel, the language and how often they want to hear; and which of several records'
//! statements counts.
//!
//! The latest counts. One without a date counts on the day on which its value was first delivered. Pure; start with
//! [`winner`]: being the maximum of one order it is the same in whatever order, and however often, statements are
//! put together.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{FieldName, RecordId};

/// What is preferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreferenceKind {
    /// By which channel they want to hear.
    Channel,
    /// In which language.
    Language,
    /// How often.
    Frequency,
}

impl PreferenceKind {
    /// All of them, in the order of the documentation.
    pub const ALL: [PreferenceKind; 3] =
        [PreferenceKind::Channel, PreferenceKind::Language, PreferenceKind::Frequency];

    /// As `steward.toml` names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            PreferenceKind::Channel => "channel",
            PreferenceKind::Language => "language",
            PreferenceKind::Frequency => "frequency",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<PreferenceKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What one record says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Preference {
    /// The record.
    pub record: RecordId,
    /// The field that says it.
    pub field: FieldName,
    /// What it says, in its standard form.
    pub value: String,
    /// The day on which it was said, as the record dates it.
    pub at: Option<Date>,
    /// The day on which the value was first delivered, or set by a person.
    pub first: Date,
}

impl Preference {
    /// The day at which it counts.
    #[must_use]
    pub fn counts_at(&self) -> Date {
        self.at.unwrap_or(self.first)
    }

    /// The order: the later day, then a day that the record states. What follows only tells equal statements apart.
    fn rank(&self) -> impl Ord + '_ {
        let told_apart = (Reverse(self.record), Reverse(&self.field), &self.value, self.first);
        (self.counts_at(), self.at.is_some(), told_apart)
    }
}

/// The statement that counts; none where nothing is said.
pub fn winner<'s>(statements: impl IntoIterator<Item = &'s Preference>) -> Option<&'s Preference> {
    statements.into_iter().max_by(|one, other| one.rank().cmp(&other.rank()))
}

/// Whether statements contradict each other: two say different things.
pub fn contradict<'s>(statements: impl IntoIterator<Item = &'s Preference>) -> bool {
    let said: BTreeSet<&str> = statements.into_iter().map(|it| it.value.as_str()).collect();
    said.len() > 1
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn says(record: u32, value: &str, at: Option<i8>, first: i8) -> Preference {
        let day = |number| date(2026, 3, number);
        let field = FieldName::new("frequency");
        let (value, at) = (value.to_owned(), at.map(day));
        Preference { record: RecordId(record), field, value, at, first: day(first) }
    }

    #[test]
    fn the_latest_counts_and_what_is_undated_when_it_first_came() {
        for (told, one, other, expected) in [
            ("the later date", says(1, "daily", Some(3), 9), says(2, "weekly", Some(5), 1), 2),
            (
                "undated, by its delivery",
                says(1, "daily", None, 9),
                says(2, "weekly", Some(5), 1),
                1,
            ),
            ("undated and older", says(1, "daily", None, 4), says(2, "weekly", Some(5), 9), 2),
            ("a stated day on a tie", says(1, "daily", None, 5), says(2, "weekly", Some(5), 9), 2),
            (
                "else the first record",
                says(1, "daily", Some(5), 5),
                says(2, "weekly", Some(5), 5),
                1,
            ),
        ] {
            for pair in [[&one, &other], [&other, &one]] {
                assert_eq!(winner(pair).map(|it| it.record), Some(RecordId(expected)), "{told}");
            }
            assert!(contradict([&one, &other]), "{told}");
        }
        assert!(!contradict([&says(1, "daily", None, 1), &says(2, "daily", Some(4), 2)]));
        assert_eq!(winner([]), None);
    }

    fn any() -> impl Strategy<Value = Preference> {
        (0_u32..4, "[ab]", proptest::option::of(1_i8..6), 1_i8..6)
            .prop_map(|(record, value, at, first)| says(record, &value, at, first))
    }

    fn of(statements: &[Preference]) -> Vec<Preference> {
        winner(statements).cloned().into_iter().collect()
    }

    proptest! {
        #[test]
        fn together_in_any_order_and_grouping_and_twice_it_is_the_same(
            one in proptest::collection::vec(any(), 0..5),
            two in proptest::collection::vec(any(), 0..5),
            three in proptest::collection::vec(any(), 0..5),
        ) {
            let together = |parts: &[&[Preference]]| of(&parts.concat());
            let all = together(&[&one, &two, &three]);
            prop_assert_eq!(&together(&[&three, &one, &two]), &all, "commutative");
            let left = together(&[&together(&[&one, &two]), &three]);
            let right = together(&[&one, &together(&[&two, &three])]);
            prop_assert_eq!(&left, &all, "associative");
            prop_assert_eq!(&right, &all, "associative");
            prop_assert_eq!(together(&[&one, &one]), of(&one), "idempotent");
        }
    }
}
