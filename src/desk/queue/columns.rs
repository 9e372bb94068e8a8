//! What a row says under each column: what filters ask, and orders sort by.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::row::{Row, Texts};
use super::telling::Places;
use crate::approvals::Approving;
use crate::claims::Claims;
use domain::expression::{Asked, Expression};
use domain::{Lapse, TaskColumn, TaskId, TaskState, Until, Urgency};
use settings::QueueSettings;

/// What columns depend on besides the row.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) texts: &'a Texts,
    pub(crate) claims: &'a Claims,
    pub(crate) actor: &'a str,
    /// Tasks that are asked of others than the actor, and not offered to them.
    pub(crate) elsewhere: &'a BTreeSet<TaskId>,
    pub(crate) now: Timestamp,
    pub(crate) zone: &'a TimeZone,
    pub(crate) settings: &'a QueueSettings,
    /// How long before its last day a request is due.
    pub(crate) warn: Lapse,
    /// Whoever asks, as somebody who may approve; none where nobody in particular asks.
    pub(crate) approving: Option<&'a Approving<'a>>,
    /// The order `telling`, where it is asked for.
    pub(crate) places: Option<&'a Places>,
}

impl<'a> Context<'a> {
    /// The day where the steward is, as people write it in filters.
    pub(crate) fn day(&self, at: Timestamp) -> String {
        self.zone.to_datetime(at).date().to_string()
    }

    /// Whether a row is offered to whoever asks.
    pub(crate) fn offers(&self, row: &Row) -> bool {
        self.elsewhere.is_empty() || !self.elsewhere.contains(&row.task)
    }

    /// Whether a filter holds for a row.
    pub(crate) fn holds(&self, filter: &Expression, row: &'a Row) -> bool {
        filter.holds_of(&|name| {
            TaskColumn::named(name).map_or(Asked::Nothing, |column| self.asked(column, row))
        })
    }

    /// A row's value under a column, or its values one by one.
    fn asked(&self, column: TaskColumn, row: &'a Row) -> Asked<'a> {
        match self.value(column, row) {
            None => Asked::Nothing,
            Some(value) if !column.is_list() => Asked::One(value),
            Some(Cow::Borrowed(all)) => {
                Asked::Each(all.split_whitespace().map(Cow::Borrowed).collect())
            }
            Some(Cow::Owned(all)) => {
                Asked::Each(all.split_whitespace().map(|it| Cow::Owned(it.to_owned())).collect())
            }
        }
    }

    pub(crate) fn urgency(&self, row: &Row) -> Urgency {
        let due = match row.due {
            Some(last) => self.start_of(self.warn.before(last)),
            None => self.due(row),
        };
        if row.asks.is_some() {
            // Whoever may not approve it waits as for anything that is asked of somebody else.
            return match self.may_approve(row) {
                false => Urgency::Escalated,
                true if due.is_some_and(|due| due <= self.now) => Urgency::Due,
                true => Urgency::Open,
            };
        }
        Urgency::of(row.kind, &row.state, due, self.now)
    }

    /// Whether it asks whoever looks for an approval.
    pub(crate) fn may_approve(&self, row: &Row) -> bool {
        let approving = self.approving.zip(row.asks.as_deref());
        approving.is_some_and(|(approving, asks)| approving.may(asks))
    }

    /// Whether it is due and nobody sorts it away: the law does not wait for a person's request, nor does whoever
    /// proposed something.
    pub(crate) fn presses(&self, row: &Row) -> bool {
        let has_its_own_day = row.due.is_some() || row.asks.is_some();
        has_its_own_day && self.urgency(row) == Urgency::Due
    }

    /// The last day of a request, or of an approval: whatever it waits for.
    pub(crate) fn last_day(&self, row: &Row) -> Option<Timestamp> {
        match (&row.asks, row.due) {
            (Some(asks), _) => asks.due,
            (None, Some(last)) => self.start_of(last),
            (None, None) => None,
        }
    }

    /// When a day begins where the steward is.
    fn start_of(&self, day: Date) -> Option<Timestamp> {
        day.to_zoned(self.zone.clone()).ok().map(|zoned| zoned.timestamp())
    }

    /// When an open task is due, as `[queue] due` says; a request and an approval, on their last day.
    pub(crate) fn due(&self, row: &Row) -> Option<Timestamp> {
        if row.due.is_some() || row.asks.is_some() {
            return self.last_day(row);
        }
        let days = self.settings.due.get(&row.kind)?;
        Timestamp::from_second(row.opened + i64::from(*days) * 86_400).ok()
    }

    /// Days since it was opened.
    pub(crate) fn age(&self, row: &Row) -> i64 {
        (self.now.as_second() - row.opened) / 86_400
    }

    /// Whoever works on it, else whoever was asked, else whoever asked.
    pub(crate) fn assignee(&self, row: &'a Row) -> Option<&'a str> {
        self.claims.holder(row.task, self.now).or(match &row.state {
            TaskState::Escalated { to, .. } => Some(to),
            TaskState::Answered { asker, .. } => Some(asker),
            _ => None,
        })
    }

    /// Whether somebody gave it to whoever asks: it is asked of them.
    pub(crate) fn is_given(&self, row: &Row) -> bool {
        matches!(&row.state, TaskState::Escalated { to, .. } if to == self.actor)
    }

    /// The others who look at it.
    pub(crate) fn looking(&self, row: &Row) -> BTreeSet<&'a str> {
        self.claims.looking(row.task, self.actor, self.now)
    }

    pub(crate) fn is_mine(&self, row: &'a Row) -> bool {
        self.assignee(row) == Some(self.actor)
    }

    /// The state as lists and filters name it.
    pub(crate) fn state(&self, row: &Row) -> &'static str {
        if self.urgency(row) == Urgency::Due { "due" } else { row.state.name() }
    }

    /// A row's value under a column; `None` means it has none, or nobody has read it yet.
    pub(crate) fn value(&self, column: TaskColumn, row: &'a Row) -> Option<Cow<'a, str>> {
        let text = |text: &'a str| Some(Cow::Borrowed(text));
        let own = |text: String| Some(Cow::Owned(text));
        match column {
            TaskColumn::Id => own(row.task.to_string()),
            TaskColumn::Kind => text(row.kind.name()),
            TaskColumn::State => text(self.state(row)),
            TaskColumn::Count => own(row.count.to_string()),
            TaskColumn::Score => row.score.map(|score| Cow::Owned(format!("{score:.6}"))),
            TaskColumn::Stake => {
                row.records.and_then(|records| records.stake).map(|stake| stake.to_string().into())
            }
            TaskColumn::Age => own(self.age(row).to_string()),
            TaskColumn::Opened => {
                Timestamp::from_second(row.opened).ok().map(|at| Cow::Owned(self.day(at)))
            }
            TaskColumn::Due => match &row.state {
                _ if row.due.is_some() => row.due.map(|day| Cow::Owned(day.to_string())),
                _ if row.asks.is_some() => self.due(row).map(|at| Cow::Owned(self.day(at))),
                TaskState::Deferred { until: Until::Time(until), .. } => own(self.day(*until)),
                TaskState::Open => self.due(row).map(|at| Cow::Owned(self.day(at))),
                _ => None,
            },
            TaskColumn::Subject => row.subject.as_deref().map(Cow::Borrowed),
            TaskColumn::Source => row.records.map(|it| Cow::Borrowed(self.texts.get(it.sources))),
            TaskColumn::Rule => row.rules.map(|rules| Cow::Borrowed(self.texts.get(rules))),
            TaskColumn::Reason => text(self.texts.get(row.reason)),
            TaskColumn::Pattern => row.pattern.map(|it| Cow::Borrowed(self.texts.get(it))),
            TaskColumn::Customer => {
                let ids: Vec<String> = row.customers.iter().map(ToString::to_string).collect();
                own(ids.join(" "))
            }
            TaskColumn::To => row.asked().map(Cow::Borrowed),
            TaskColumn::Assignee => self.assignee(row).map(Cow::Borrowed),
            TaskColumn::Mine => text(if self.is_mine(row) { "yes" } else { "no" }),
        }
    }
}
