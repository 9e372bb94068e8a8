//! How much the steward decided today.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::error::DeskError;
use crate::facts::Facts;
use domain::{Commit, DecisionId, Event, Verdict};

/// The decisions of one person since midnight UTC.
#[derive(Default)]
pub(super) struct Today {
    date: Option<Date>,
    made: Vec<DecisionId>,
    standing: usize,
}

fn date(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

impl Today {
    pub(super) fn decided(&self) -> usize {
        self.standing
    }

    /// Counts from the latest decision back.
    pub(super) fn count(&mut self, facts: Facts<'_>, actor: &str) -> Result<(), DeskError> {
        let today = date(facts.now);
        *self = Self { date: Some(today), ..Self::default() };
        let mut number = facts.view.counters()?.decisions;
        while number > 0 {
            let id = DecisionId(number);
            let Some(entry) = facts.view.decision(id)? else { break };
            let (at, by) = facts.byline(entry.place.sequence)?;
            if date(at) != today {
                break;
            }
            if by == actor && entry.verdict != Verdict::Undo {
                self.made.push(id);
            }
            number -= 1;
        }
        self.count_standing(facts)
    }

    /// Takes one more commit in.
    pub(super) fn note(
        &mut self,
        facts: Facts<'_>,
        commit: &Commit,
        actor: &str,
    ) -> Result<(), DeskError> {
        let today = date(commit.at);
        if self.date != Some(today) {
            *self = Self { date: Some(today), ..Self::default() };
        }
        for event in &commit.events {
            let Event::DecisionMade(made) = event else { continue };
            if made.decision.verdict == Verdict::Undo {
                // It takes decisions back, or brings some back that were.
                self.count_standing(facts)?;
            } else if commit.actor == actor {
                self.made.push(made.decision.id);
                self.standing += 1;
            }
        }
        Ok(())
    }

    fn count_standing(&mut self, facts: Facts<'_>) -> Result<(), DeskError> {
        self.standing = 0;
        for id in &self.made {
            let stands = facts.view.decision(*id)?.is_some_and(|entry| entry.stands());
            self.standing += usize::from(stands);
        }
        Ok(())
    }
}
