//! How long somebody has to wait who types wrong codes, on however many connections. Pure.
//!
//! Only who has proved a key of the person gets as far as a code, so that nobody else can lock them out. The
//! socket of the machine itself asks for no code and is never locked.

use std::collections::HashMap;
use std::time::Duration;

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

impl Lockout {
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
        let over = wrong.codes.checked_sub(FREE + 1)?;
        let wait = 2_u32.checked_pow(over).and_then(|factor| FIRST_WAIT.checked_mul(factor));
        let wait = wait.unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
        wrong.until = now + wait;
        Some(wait)
    }

    /// They typed a right one.
    pub fn right(&mut self, person: &str) {
        self.people.remove(person);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

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
