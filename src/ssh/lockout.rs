//! How long somebody has to wait who types wrong codes, on however many connections. Pure.
//!
//! Only who has proved a key of the person gets as far as a code, so that nobody else can lock them out. The
//! socket of the machine itself asks for no code and is never locked.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Wrong codes that cost nothing.
const FREE: u32 = 4;
/// How long the next one costs; each after it twice as long as the one before.
const FIRST_WAIT: Duration = Duration::from_secs(30);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Who has to wait. Times are measured from one point, which does not matter.
#[derive(Debug, Default)]
pub struct Lockout {
    people: HashMap<String, Wrong>,
}

#[derive(Debug, Default)]
struct Wrong {
    /// Wrong codes since the last right one.
    codes: u32,
    /// No code is looked at before.
    until: Duration,
}

/// What is kept of a person for whoever serves next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Wrong codes since the last right one.
    codes: u32,
    /// No code is looked at before, in seconds since 1970.
    until: u64,
}

/// How long the last of so many wrong codes costs; none where it costs nothing.
fn cost(codes: u32) -> Option<Duration> {
    let over = codes.checked_sub(FREE + 1)?;
    let wait = 2_u32.checked_pow(over).and_then(|factor| FIRST_WAIT.checked_mul(factor));
    Some(wait.unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT))
}

impl Lockout {
    /// What is to be kept, at a time in seconds since 1970.
    #[must_use]
    pub fn kept(&self, now: Duration, wall: u64) -> BTreeMap<String, Kept> {
        let kept = |wrong: &Wrong| {
            // A second that has begun counts.
            let left = wrong.until.saturating_sub(now) + Duration::from_millis(999);
            Kept { codes: wrong.codes, until: wall.saturating_add(left.as_secs()) }
        };
        self.people.iter().map(|(person, wrong)| (person.clone(), kept(wrong))).collect()
    }

    /// As it was kept. A clock that was set back meanwhile makes nobody wait longer than they had to.
    #[must_use]
    pub fn resumed(kept: BTreeMap<String, Kept>, now: Duration, wall: u64) -> Lockout {
        let wrong = |it: Kept| {
            let left = Duration::from_secs(it.until.saturating_sub(wall));
            Wrong { codes: it.codes, until: now + left.min(cost(it.codes).unwrap_or_default()) }
        };
        Lockout { people: kept.into_iter().map(|(person, it)| (person, wrong(it))).collect() }
    }

    /// How long a person still has to wait; none where a code of theirs is looked at.
    #[must_use]
    pub fn wait(&self, person: &str, now: Duration) -> Option<Duration> {
        let until = self.people.get(person)?.until;
        until.checked_sub(now).filter(|left| !left.is_zero())
    }

    /// They typed a wrong code; how long they have to wait now.
    pub fn wrong(&mut self, person: &str, now: Duration) -> Option<Duration> {
        let wrong = self.people.entry(person.to_owned()).or_default();
        wrong.codes = wrong.codes.saturating_add(1);
        let wait = cost(wrong.codes)?;
        wrong.until = now + wait;
        Some(wait)
    }

    /// They typed a right one; whether they had typed wrong ones.
    pub fn right(&mut self, person: &str) -> bool {
        self.people.remove(person).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_restart_forgives_nothing_and_a_clock_set_back_costs_nothing() {
        let (mut lockout, now) = (Lockout::default(), Duration::from_secs(500));
        for _ in 0..7 {
            lockout.wrong("sam", now);
        }
        lockout.wrong("kim", now);
        let wall = 1_790_000_000;
        let kept = || lockout.kept(now + 20 * SECOND, wall);
        // Of the two minutes that the seventh costs, 100 s are left. The clock that nobody sets begins anew.
        for (later, left) in [(0, Some(100)), (99, Some(1)), (100, None), (10_000, None)] {
            let resumed = Lockout::resumed(kept(), SECOND, wall + later);
            assert_eq!(resumed.wait("sam", SECOND), left.map(Duration::from_secs), "{later}");
            assert_eq!(resumed.wait("kim", SECOND), None);
        }
        let back = Lockout::resumed(kept(), SECOND, wall - 1_000_000);
        assert_eq!(back.wait("sam", SECOND), Some(Duration::from_secs(120)));
        // The next wrong one goes on where they were; kim's four are still one fewer.
        let mut resumed = Lockout::resumed(kept(), SECOND, wall);
        assert_eq!(resumed.wrong("sam", 200 * SECOND), Some(Duration::from_secs(240)));
        for _ in 0..3 {
            assert_eq!(resumed.wrong("kim", SECOND), None);
        }
        assert_eq!(resumed.wrong("kim", SECOND), Some(Duration::from_secs(30)));
    }

    #[test]
    fn the_fifth_wrong_code_costs_half_a_minute_and_each_next_twice_as_much() {
        let mut lockout = Lockout::default();
        let mut now = Duration::from_secs(1_000);
        for _ in 0..4 {
            assert_eq!(lockout.wrong("sam", now), None);
            assert_eq!(lockout.wait("sam", now), None);
        }
        let mut expected = 30;
        for _ in 0..40 {
            let wait = Duration::from_secs(expected);
            assert_eq!(lockout.wrong("sam", now), Some(wait));
            assert_eq!(lockout.wait("sam", now), Some(wait));
            assert_eq!(lockout.wait("kim", now), None, "somebody else");
            assert_eq!(lockout.wait("sam", now + wait - SECOND), Some(SECOND));
            now += wait;
            assert_eq!(lockout.wait("sam", now), None);
            expected = (expected * 2).min(24 * 60 * 60);
        }
        lockout.right("sam");
        assert_eq!(lockout.wrong("sam", now), None);
    }

    /// Somebody who has the key and guesses codes, as fast as they are let, for a year.
    #[test]
    fn a_year_of_guessing_is_fewer_than_four_hundred_guesses() {
        let (mut lockout, mut now, mut guesses) = (Lockout::default(), Duration::ZERO, 0);
        while now < Duration::from_secs(365 * 24 * 60 * 60) {
            guesses += 1;
            now += lockout.wrong("sam", now).unwrap_or_default();
        }
        assert!(guesses < 400, "{guesses}");
    }
}
