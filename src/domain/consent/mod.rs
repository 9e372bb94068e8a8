//! What a person has permitted: the statements that records make, and which of them counts.
//!
//! Neither "latest" nor "strictest" is right: most columns have no date, and a merge must neither unsubscribe
//! somebody who subscribed again nor bring back what was refused. So there is one total order, in which a
//! refusal counts at the latest day on which it can have been made, and a grant at the earliest.
//!
//! Pure; start with [`winner`]. Being the maximum of one order, it is the same in whatever order, and
//! however often, statements are put together.

use std::cmp::{Ordering, Reverse};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{FieldName, Lapse, RecordId};

/// What is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Yes.
    Granted,
    /// No.
    Refused,
    /// No, after a yes. It counts as a refusal.
    Withdrawn,
}

impl Said {
    /// Of a value of type consent in its standard form; none where that says neither yes nor no. A no that the
    /// same record delivered a yes before is a withdrawal.
    #[must_use]
    pub fn of(standard: &str, granted_before: bool) -> Option<Said> {
        match standard {
            "yes" => Some(Said::Granted),
            "no" if granted_before => Some(Said::Withdrawn),
            "no" => Some(Said::Refused),
            _ => None,
        }
    }

    /// Whether it forbids.
    #[must_use]
    pub fn forbids(self) -> bool {
        self != Said::Granted
    }

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Said::Granted => "granted",
            Said::Refused => "refused",
            Said::Withdrawn => "withdrawn",
        }
    }
}

/// When a record began to say what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Since {
    /// The day on which the value was first delivered, or set by a person.
    pub first: Date,
    /// The day of the last delivery that still said the opposite; none if there never was one. One that says
    /// nothing, or nothing that can be read, is no statement.
    pub other: Option<Date>,
    /// Whether it said yes before.
    pub granted_before: bool,
}

/// What one record says of one purpose and channel.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Statement {
    /// The record.
    pub record: RecordId,
    /// The field that says it.
    pub field: FieldName,
    /// The channel; none means all of them.
    pub channel: Option<String>,
    /// What is said.
    pub said: Said,
    /// The day on which it was said, as the record dates it.
    pub at: Option<Date>,
    /// When the record began to say so.
    pub since: Since,
    /// The last day on which it holds, as the record says.
    pub until: Option<Date>,
    /// What proves it.
    pub evidence: Option<String>,
}

impl Statement {
    /// The day at which it counts; none means earlier than any.
    #[must_use]
    pub fn counts_at(&self) -> Option<Date> {
        let undated = if self.said.forbids() { Some(self.since.first) } else { self.since.other };
        self.at.or(undated)
    }

    /// The last day on which it holds; none means without end. What a purpose lets grants last counts from the
    /// day the grant is dated, else from the day it was first delivered: an undated one would never
    /// have begun.
    #[must_use]
    pub fn ends(&self, lasts: Option<Lapse>) -> Option<Date> {
        if self.said.forbids() {
            return None;
        }
        let lapsed = lasts.map(|lasts| lasts.after(self.at.unwrap_or(self.since.first)));
        match (self.until, lapsed) {
            (Some(until), Some(lapsed)) => Some(until.min(lapsed)),
            (until, lapsed) => until.or(lapsed),
        }
    }

    /// Whether it is about a channel: its own, or any if it names none.
    #[must_use]
    pub fn is_about(&self, channel: Option<&str>) -> bool {
        self.channel.is_none() || self.channel.as_deref() == channel
    }

    /// The order: the later day, then what forbids. What follows only tells equal statements apart, the
    /// stricter first, so that there is always one winner.
    fn rank(&self) -> impl Ord + '_ {
        (
            self.counts_at(),
            self.said.forbids(),
            self.at.is_some(),
            // Of two ends the earlier, and any end before none.
            Reverse(self.until.unwrap_or(Date::MAX)),
            Reverse(self.record),
            Reverse(&self.field),
            self.said,
            (
                &self.channel,
                &self.evidence,
                self.since.first,
                self.since.other,
                self.since.granted_before,
            ),
        )
    }
}

/// Which of two statements counts more.
#[must_use]
pub fn compare(one: &Statement, other: &Statement) -> Ordering {
    one.rank().cmp(&other.rank())
}

/// The statement that counts; none where nothing is said.
pub fn winner<'s>(statements: impl IntoIterator<Item = &'s Statement>) -> Option<&'s Statement> {
    statements.into_iter().max_by(|one, other| compare(one, other))
}

/// Whether statements contradict each other: one permits and one forbids.
pub fn contradict<'s>(statements: impl IntoIterator<Item = &'s Statement>) -> bool {
    let (mut grants, mut forbids) = (false, false);
    for statement in statements {
        grants |= !statement.said.forbids();
        forbids |= statement.said.forbids();
    }
    grants && forbids
}

/// How somebody stands to a purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// Nothing is said: neither permitted nor forbidden.
    Unknown,
    /// Permitted.
    Granted,
    /// Forbidden.
    Refused,
    /// Forbidden after it was permitted.
    Withdrawn,
    /// It was permitted until a day that has passed. No earlier grant is revived by it.
    Expired,
}

impl Consent {
    /// On a day, by the statement that counts.
    #[must_use]
    pub fn on(day: Date, winner: Option<&Statement>, lasts: Option<Lapse>) -> Consent {
        let Some(winner) = winner else { return Consent::Unknown };
        match winner.said {
            Said::Refused => Consent::Refused,
            Said::Withdrawn => Consent::Withdrawn,
            Said::Granted if winner.ends(lasts).is_some_and(|end| end < day) => Consent::Expired,
            Said::Granted => Consent::Granted,
        }
    }

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Consent::Unknown => "unknown",
            Consent::Granted => "granted",
            Consent::Refused => "refused",
            Consent::Withdrawn => "withdrawn",
            Consent::Expired => "expired",
        }
    }
}

/// The channels that statements name, ascending; none among them if one is about all, or nothing is said of any.
#[must_use]
pub fn channels(statements: &[Statement]) -> Vec<Option<&str>> {
    let mut channels: Vec<Option<&str>> =
        statements.iter().map(|statement| statement.channel.as_deref()).collect();
    if channels.is_empty() {
        channels.push(None);
    }
    channels.sort_unstable();
    channels.dedup();
    channels
}

#[cfg(test)]
mod tests;
