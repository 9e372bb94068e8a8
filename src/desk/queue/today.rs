//! How much each person decided today.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::error::DeskError;
use crate::facts::Facts;
use domain::{Commit, DecisionId, Event, Verdict};

/// The decisions since midnight UTC, by who made them.
#[derive(Default)]
pub(super) struct Today {
    date: Option<Date>,
    made: BTreeMap<String, Made>,
}

/// One person's.
#[derive(Default)]
struct Made {
    decisions: Vec<DecisionId>,
    standing: usize,
}

fn date(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

impl Today {
    pub(super) fn decided(&self, person: &str) -> usize {
        self.made.get(person).map_or(0, |made| made.standing)
    }

    /// Counts from the latest decision back.
    pub(super) fn count(&mut self, facts: Facts<'_>) -> Result<(), DeskError> {
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
            if !matches!(entry.verdict, Verdict::Undo | Verdict::Comment) {
                self.made.entry(by).or_default().decisions.push(id);
            }
            number -= 1;
        }
        self.count_standing(facts)
    }

    /// Takes one more commit in.
    pub(super) fn note(&mut self, facts: Facts<'_>, commit: &Commit) -> Result<(), DeskError> {
        let today = date(commit.at);
        if self.date != Some(today) {
            *self = Self { date: Some(today), ..Self::default() };
        }
        for event in &commit.events {
            let Event::DecisionMade(made) = event else { continue };
            if made.decision.verdict == Verdict::Undo {
                // It takes decisions back, or brings some back that were.
                self.count_standing(facts)?;
            } else if made.decision.verdict != Verdict::Comment {
                let theirs = self.made.entry(commit.actor.person.clone()).or_default();
                theirs.decisions.push(made.decision.id);
                theirs.standing += 1;
            }
        }
        Ok(())
    }

    fn count_standing(&mut self, facts: Facts<'_>) -> Result<(), DeskError> {
        for made in self.made.values_mut() {
            made.standing = 0;
            for id in &made.decisions {
                let stands = facts.view.decision(*id)?.is_some_and(|entry| entry.stands());
                made.standing += usize::from(stands);
            }
        }
        Ok(())
    }
}
