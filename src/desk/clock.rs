//! How this computer's clock stands to the last commit.
//!
//! Times in the ledger never decrease. A commit under a clock that is wrong by decades therefore
//! gives its time to every commit after it, so that a clock nobody can believe is asked about
//! before the first one.

use jiff::{SignedDuration, Timestamp};

/// Clocks of two computers may be this far apart without a word.
const APART: SignedDuration = SignedDuration::from_mins(2);
/// A clock further ahead of the last commit than this is said to be.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// One further ahead than this must be confirmed: a year and a day.
const FAR_AHEAD: SignedDuration = SignedDuration::from_hours(24 * 366);

/// What is odd about the clock. Displays as what there is to say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClockDoubt {
    /// Commits carry a time that is still to come.
    #[error(
        "the last commit is dated {last:.0}, which is in the future by this computer's clock ({now:.0}): \
         until then every commit carries that time; steward verify shows where that began"
    )]
    Behind {
        /// The clock's time.
        now: Timestamp,
        /// The last commit's.
        last: Timestamp,
    },
    /// Nothing was committed for more than a day, or the clock is fast.
    #[error("the last commit is dated {last:.0}, {} before this computer's clock ({now:.0})", days(*last, *now))]
    Ahead {
        /// The clock's time.
        now: Timestamp,
        /// The last commit's.
        last: Timestamp,
    },
    /// More than a year: it must be confirmed before anything is written.
    #[error(
        "this computer's clock says {now:.0}, {} after the last commit ({last:.0}): what is written \
         with a wrong clock keeps that time for good, and so does every later commit; set \
         the clock, or use --trust-clock if it is right",
        days(*last, *now)
    )]
    FarAhead {
        /// The clock's time.
        now: Timestamp,
        /// The last commit's.
        last: Timestamp,
    },
}

impl ClockDoubt {
    /// What there is to say of a clock that shows `now` after a commit of `last`.
    pub(super) fn of(now: Timestamp, last: Timestamp) -> Option<ClockDoubt> {
        let ahead = now.duration_since(last);
        if -ahead > APART {
            Some(ClockDoubt::Behind { now, last })
        } else if ahead > FAR_AHEAD {
            Some(ClockDoubt::FarAhead { now, last })
        } else {
            (ahead > AHEAD).then_some(ClockDoubt::Ahead { now, last })
        }
    }
}

fn days(from: Timestamp, to: Timestamp) -> String {
    match to.duration_since(from).as_hours() / 24 {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_doubted_by_the_last_commit() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let last = at("2026-11-28T12:00:00Z");
        for (now, word) in [
            ("2026-11-28T11:59:00Z", None),
            ("2026-11-28T11:50:00Z", Some("in the future by this computer's clock")),
            ("2026-11-29T12:00:00Z", None),
            ("2026-11-29T12:00:01Z", Some("1 day before")),
            ("2026-12-08T12:00:00Z", Some("10 days before")),
            ("2027-11-29T12:00:00Z", Some("366 days before")),
            ("2027-11-29T13:00:01Z", Some("--trust-clock")),
            ("2060-01-01T00:00:00Z", Some("2060-01-01T00:00:00Z, 12086 days after")),
        ] {
            let said = ClockDoubt::of(at(now), last).map(|doubt| doubt.to_string());
            match word {
                Some(word) => {
                    assert!(said.as_ref().is_some_and(|it| it.contains(word)), "{said:?}")
                }
                None => assert_eq!(said, None, "{now}"),
            }
        }
    }
}
