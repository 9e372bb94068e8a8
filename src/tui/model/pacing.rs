//! Whether the steward can have seen what a key would decide.
//!
//! A frame that was written may still be on its way over a slow line. A terminal that is far away is
//! asked where its cursor is after the frame: it answers once it has taken in all that came before.

use std::time::Duration;

/// How long a task must have been on screen before a key may decide it.
pub const SEEN_AFTER: Duration = Duration::from_millis(150);
/// A terminal that did not answer so often in a row is not asked any more.
const PATIENCE: u8 = 2;

/// What is known of the task on screen, named by the serial of its screen.
#[derive(Debug, Clone, Default)]
pub struct Pacing {
    /// The screen that a frame has shown, and when it first did.
    drawn: Option<(u64, Duration)>,
    /// The terminal is far away.
    asks: bool,
    asked: Option<u64>,
    answered: Option<u64>,
    unanswered: u8,
}

impl Pacing {
    /// For a terminal that is far away, or not.
    #[must_use]
    pub fn of(far: bool) -> Self {
        Self { asks: far, ..Self::default() }
    }

    /// A frame shows that screen, or none.
    pub fn drew(&mut self, serial: Option<u64>, now: Duration) {
        if self.drawn.map(|(known, _)| known) != serial {
            self.drawn = serial.map(|serial| (serial, now));
        }
    }

    /// Something came that nobody pressed: the next frame shows the screen as if for the first time.
    pub fn disturbed(&mut self) {
        self.drawn = None;
    }

    /// Whether the terminal is to be asked for that screen: once.
    pub fn asks_for(&mut self, serial: u64) -> bool {
        self.asks && self.asked.replace(serial) != Some(serial)
    }

    /// The terminal has shown that screen, or was waited for long enough.
    pub fn heard(&mut self, serial: u64, answered: bool) {
        self.answered = Some(serial);
        self.unanswered = if answered { 0 } else { self.unanswered + 1 };
        self.asks &= self.unanswered < PATIENCE;
    }

    /// Whether that screen was there long enough to be decided on.
    #[must_use]
    pub fn is_seen(&self, serial: u64, now: Duration) -> bool {
        let is_long_there = self
            .drawn
            .is_some_and(|(drawn, at)| drawn == serial && now.saturating_sub(at) >= SEEN_AFTER);
        is_long_there && (!self.asks || self.answered == Some(serial))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATER: Duration = Duration::from_millis(160);

    #[test]
    fn near_by_a_task_is_seen_after_a_while_and_another_one_anew() {
        let mut pacing = Pacing::of(false);
        pacing.drew(Some(1), Duration::ZERO);
        assert!(!pacing.asks_for(1) && !pacing.is_seen(1, Duration::from_millis(149)));
        assert!(pacing.is_seen(1, LATER) && !pacing.is_seen(2, LATER));
        pacing.drew(Some(2), LATER);
        pacing.drew(Some(2), 2 * LATER);
        assert!(!pacing.is_seen(2, LATER) && pacing.is_seen(2, 2 * LATER));
        pacing.drew(None, LATER);
        assert!(!pacing.is_seen(2, 3 * LATER), "a notice covers it");
    }

    #[test]
    fn what_nobody_pressed_makes_the_waiting_begin_anew() {
        let mut pacing = Pacing::of(false);
        pacing.drew(Some(1), Duration::ZERO);
        assert!(pacing.is_seen(1, LATER));
        pacing.disturbed();
        assert!(!pacing.is_seen(1, LATER));
        pacing.drew(Some(1), LATER);
        assert!(!pacing.is_seen(1, LATER + LATER / 2) && pacing.is_seen(1, 2 * LATER));
    }

    #[test]
    fn far_away_a_task_is_seen_once_the_terminal_says_so() {
        let mut pacing = Pacing::of(true);
        pacing.drew(Some(1), Duration::ZERO);
        assert!(pacing.asks_for(1) && !pacing.asks_for(1), "once");
        assert!(!pacing.is_seen(1, LATER));
        pacing.heard(1, true);
        assert!(pacing.is_seen(1, LATER) && !pacing.is_seen(1, Duration::ZERO));
        pacing.drew(Some(2), LATER);
        pacing.heard(1, true);
        assert!(!pacing.is_seen(2, 2 * LATER), "that was the answer for the one before");
    }

    #[test]
    fn a_terminal_that_never_answers_is_left_alone() {
        let mut pacing = Pacing::of(true);
        for serial in 1..=2 {
            pacing.drew(Some(serial), Duration::ZERO);
            assert!(pacing.asks_for(serial));
            pacing.heard(serial, false);
            assert!(pacing.is_seen(serial, LATER), "it was waited for");
        }
        pacing.drew(Some(3), Duration::ZERO);
        assert!(!pacing.asks_for(3) && pacing.is_seen(3, LATER));
    }
}
