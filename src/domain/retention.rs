//! How long customers are kept: what the days of a customer and the rules about it come to.
//!
//! Pure. What must be kept wins over whatever is to be erased, and so does a hold; a customer one record of which
//! is within a minimum stays whole.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Lapse;

/// From which day a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// The day a record was last delivered with other content.
    LastDelivered,
    /// The day its source last changed a record, as the source says; else the day it was last delivered.
    Updated,
    /// The day a record was first delivered.
    Created,
    /// The day of the customer's last activity; of one that has none, the last delivery.
    LastActivity,
}

impl From {
    /// Every one.
    pub const ALL: [From; 4] =
        [From::LastDelivered, From::Updated, From::Created, From::LastActivity];

    /// The name in `steward.toml`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            From::LastDelivered => "last_delivered",
            From::Updated => "updated",
            From::Created => "created",
            From::LastActivity => "last_activity",
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            From::LastDelivered => "the last delivery that changed it",
            From::Updated => "the last change its source tells",
            From::Created => "the first delivery",
            From::LastActivity => "the last activity",
        }
    }
}

/// The days of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordDays {
    /// When it was first delivered.
    pub created: Date,
    /// When it was last delivered with other content.
    pub last_delivered: Date,
    /// When its source last changed it, as that says.
    pub updated: Option<Date>,
}

impl RecordDays {
    /// The day a rule counts from.
    #[must_use]
    pub fn from(&self, from: From) -> Date {
        match from {
            From::Created => self.created,
            From::LastDelivered | From::LastActivity => self.last_delivered,
            From::Updated => self.updated.unwrap_or(self.last_delivered),
        }
    }
}

/// A rule that is about a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleOf {
    /// Which of the settings' rules it is.
    pub rule: usize,
    /// Whether it keeps; else it erases.
    pub keeps: bool,
    /// How long.
    pub lapse: Lapse,
    /// From which day.
    pub from: From,
    /// The day of the last activity that it asks about, where it counts from that.
    pub activity: Option<Date>,
}

impl RuleOf {
    /// The day on which it lets go of a customer: the latest of its records counts. What keeps activities keeps nobody
    /// who has none.
    fn day(&self, records: &[RecordDays]) -> Option<Date> {
        match (self.from, self.activity) {
            (From::LastActivity, Some(day)) => return Some(self.lapse.after(day)),
            (From::LastActivity, None) if self.keeps => return None,
            _ => {}
        }
        records.iter().map(|record| self.lapse.after(record.from(self.from))).max()
    }
}

/// What retention comes to for a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// No rule erases it.
    Stays,
    /// It is to be erased later.
    Due {
        /// The rule that erases it first.
        rule: usize,
        /// The day on which it becomes due, whatever else keeps it.
        on: Date,
    },
    /// It is to be erased.
    Erase {
        /// The rule.
        rule: usize,
        /// Since when it has been due.
        since: Date,
    },
    /// It would be erased, but must be kept.
    Kept {
        /// The rule that keeps it longest.
        rule: usize,
        /// The first day on which that lets go.
        until: Date,
    },
    /// It would be erased, but is held.
    Held,
}

/// What retention comes to for a customer on a day: its records, the rules that are about it, and whether it is
/// held.
#[must_use]
pub fn fate(day: Date, records: &[RecordDays], rules: &[RuleOf], held: bool) -> Fate {
    let days = |keeps: bool| {
        let of = rules.iter().filter(move |rule| rule.keeps == keeps);
        of.filter_map(|rule| Some((rule.day(records)?, rule.rule)))
    };
    let Some((since, rule)) = days(false).min() else { return Fate::Stays };
    let kept = days(true).max().filter(|(until, _)| *until > day.max(since));
    if since > day {
        // What keeps it beyond that day moves the day on which it goes.
        return match kept {
            Some((until, _)) => Fate::Due { rule, on: until },
            None => Fate::Due { rule, on: since },
        };
    }
    if held {
        return Fate::Held;
    }
    match kept {
        Some((until, rule)) => Fate::Kept { rule, until },
        None => Fate::Erase { rule, since },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn days(created: Date, last_delivered: Date) -> RecordDays {
        RecordDays { created, last_delivered, updated: None }
    }

    fn rule(rule: usize, keeps: bool, lapse: &str, from: From) -> RuleOf {
        RuleOf { rule, keeps, lapse: lapse.parse().unwrap(), from, activity: None }
    }

    #[test]
    fn the_longest_minimum_wins_and_the_latest_record_counts() {
        let today = date(2026, 6, 1);
        let old = days(date(2010, 1, 1), date(2015, 1, 1));
        let young = days(date(2020, 1, 1), date(2026, 1, 1));
        let erase = rule(0, false, "36 months", From::LastDelivered);
        let keep = rule(1, true, "10 years", From::Created);
        let table: [(&[RecordDays], &[RuleOf], bool, Fate); 8] = [
            (&[old], &[], false, Fate::Stays),
            (&[old], &[keep], false, Fate::Stays),
            (&[old], &[erase], false, Fate::Erase { rule: 0, since: date(2018, 1, 1) }),
            (&[old], &[erase, keep], false, Fate::Erase { rule: 0, since: date(2018, 1, 1) }),
            (&[old, young], &[erase], false, Fate::Due { rule: 0, on: date(2029, 1, 1) }),
            (&[old, young], &[erase, keep], false, Fate::Due { rule: 0, on: date(2030, 1, 1) }),
            (
                &[old],
                &[erase, rule(2, true, "20 years", From::Created)],
                false,
                Fate::Kept { rule: 2, until: date(2030, 1, 1) },
            ),
            (&[old], &[erase], true, Fate::Held),
        ];
        for (records, rules, held, expected) in table {
            assert_eq!(fate(today, records, rules, held), expected, "{records:?} {rules:?}");
        }
    }

    #[test]
    fn activities_keep_those_who_have_any_and_erase_by_the_last() {
        let today = date(2026, 6, 1);
        let record = days(date(2010, 1, 1), date(2020, 1, 1));
        let erase = |activity| RuleOf { activity, ..rule(0, false, "3 years", From::LastActivity) };
        let keep = |activity| RuleOf { activity, ..rule(1, true, "10 years", From::LastActivity) };
        let [long_ago, lately] = [date(2018, 1, 1), date(2025, 1, 1)].map(Some);
        let table = [
            (vec![erase(None)], Fate::Erase { rule: 0, since: date(2023, 1, 1) }),
            (vec![erase(long_ago)], Fate::Erase { rule: 0, since: date(2021, 1, 1) }),
            (vec![erase(lately)], Fate::Due { rule: 0, on: date(2028, 1, 1) }),
            (vec![erase(None), keep(None)], Fate::Erase { rule: 0, since: date(2023, 1, 1) }),
            (
                vec![erase(long_ago), keep(long_ago)],
                Fate::Kept { rule: 1, until: date(2028, 1, 1) },
            ),
        ];
        for (rules, expected) in table {
            assert_eq!(fate(today, &[record], &rules, false), expected, "{rules:?}");
        }
    }

    #[test]
    fn a_source_that_says_when_it_changed_a_record_counts() {
        let changed = RecordDays {
            updated: Some(date(2024, 1, 1)),
            ..days(date(2010, 1, 1), date(2012, 1, 1))
        };
        let silent = days(date(2010, 1, 1), date(2012, 1, 1));
        assert_eq!(changed.from(From::Updated), date(2024, 1, 1));
        assert_eq!(silent.from(From::Updated), date(2012, 1, 1));
    }

    fn a_day() -> impl Strategy<Value = Date> {
        (0i64..9_000)
            .prop_map(|after| date(2005, 1, 1).saturating_add(jiff::Span::new().days(after)))
    }

    fn a_rule() -> impl Strategy<Value = RuleOf> {
        let from = prop::sample::select(From::ALL.to_vec());
        (0usize..9, any::<bool>(), 1u16..8_000, from).prop_map(|(rule, keeps, days, from)| RuleOf {
            rule,
            keeps,
            lapse: Lapse::days(days),
            from,
            activity: (rule % 2 == 0).then(|| {
                date(2005, 1, 1).saturating_add(jiff::Span::new().days(rule as i64 * 900))
            }),
        })
    }

    fn a_record() -> impl Strategy<Value = RecordDays> {
        (a_day(), a_day(), prop::option::of(a_day())).prop_map(|(one, other, updated)| RecordDays {
            created: one.min(other),
            last_delivered: one.max(other),
            updated,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]
        #[test]
        fn holds_and_minimums_win_and_a_day_later_nothing_is_unerased(
            today in a_day(),
            records in prop::collection::vec(a_record(), 1..5),
            rules in prop::collection::vec(a_rule(), 0..6),
            held in any::<bool>(),
        ) {
            let came_to = fate(today, &records, &rules, held);
            let within_minimum = rules.iter().filter(|rule| rule.keeps).any(|rule| {
                rule.day(&records).is_some_and(|day| day > today)
            });
            if let Fate::Erase { rule, since } = came_to {
                prop_assert!(!held && !within_minimum && since <= today);
                prop_assert!(rules.iter().any(|it| it.rule == rule && !it.keeps));
                let tomorrow = today.saturating_add(jiff::Span::new().days(1));
                prop_assert_eq!(fate(tomorrow, &records, &rules, held), came_to);
            }
            if rules.iter().all(|rule| rule.keeps) {
                prop_assert_eq!(came_to, Fate::Stays);
            }
            if let Fate::Due { on, .. } = came_to {
                prop_assert!(on > today);
                // On that day it goes, unless it is held.
                let then = fate(on, &records, &rules, false);
                prop_assert!(matches!(then, Fate::Erase { .. }), "{:?}", then);
            }
            if let Fate::Kept { until, .. } = came_to {
                let goes = matches!(fate(until, &records, &rules, false), Fate::Erase { .. });
                prop_assert!(goes);
            }
        }
    }
}
