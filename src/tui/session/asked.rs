//! Whether the terminal has shown a screen: it is asked where its cursor is, and answers once it has
//! taken in all that came before.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Asks a terminal where its cursor is (DSR 6, ECMA-48).
pub(super) const QUESTION: &[u8] = b"\x1b[6n";
/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// The screens that were asked for and not answered, in order.
#[derive(Debug, Default)]
pub(super) struct Asked(VecDeque<Question>);

#[derive(Debug)]
struct Question {
    serial: u64,
    until: Instant,
    /// Nobody waits for it any more. Its answer may still come, and is then not that to the next.
    given_up: bool,
}

impl Asked {
    /// The terminal was asked for that screen.
    pub(super) fn ask(&mut self, serial: u64, now: Instant) {
        self.0.push_back(Question { serial, until: now + PATIENCE, given_up: false });
    }

    /// It has answered; `None` means a question that was given up, or none at all.
    pub(super) fn answered(&mut self) -> Option<u64> {
        self.0.pop_front().filter(|question| !question.given_up).map(|question| question.serial)
    }

    /// When the question that has waited longest is given up; `None` means none waits.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.0.iter().find(|question| !question.given_up).map(|question| question.until)
    }

    /// Gives that question up.
    pub(super) fn give_up(&mut self) -> Option<u64> {
        let question = self.0.iter_mut().find(|question| !question.given_up)?;
        question.given_up = true;
        Some(question.serial)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_answer_is_not_taken_for_that_to_the_next_question() {
        let now = Instant::now();
        let mut asked = Asked::default();
        assert_eq!((asked.deadline(), asked.answered(), asked.give_up()), (None, None, None));
        asked.ask(1, now);
        asked.ask(2, now + PATIENCE);
        assert_eq!(asked.deadline(), Some(now + PATIENCE));
        assert_eq!(asked.give_up(), Some(1));
        assert_eq!(asked.deadline(), Some(now + 2 * PATIENCE));
        assert_eq!((asked.answered(), asked.answered()), (None, Some(2)));
        assert_eq!(asked.deadline(), None);
    }
}
