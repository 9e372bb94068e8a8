//! What an approval asks, as lists and counts need to know it: who may give it, and until when. Nothing is foreseen
//! for it, so that thousands of them cost no more than to be read.

use jiff::Timestamp;

use super::hands::hands_in;
use crate::core::Desk;
use crate::error::DeskError;
use crate::facts::{Facts, missing};
use domain::{Approver, Author, Task};
use door::Session;
use govern::{Sought, Standing};
use settings::Settings;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// What a task asks that asks for an approval.
pub(crate) struct Asks {
    /// Who may approve it.
    by: Approver,
    /// Whoever had a hand in it.
    authors: Vec<Author>,
    /// When it should be answered.
    pub(crate) due: Option<Timestamp>,
}

impl Asks {
    /// Of a task; none of one that asks for no approval.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn of(facts: Facts<'_>, task: &Task) -> Result<Option<Asks>, DeskError> {
        let Some(asked) = task.to_approve() else { return Ok(None) };
        let decision = facts.decision(asked)?;
        let (by, days) = match (&decision.proposal, &decision.broken_glass) {
            (Some(proposal), _) => (&proposal.by, proposal.due),
            (None, Some(glass)) => (&glass.by, glass.due),
            (None, None) => return Err(missing(format!("what {} asks", task.id))),
        };
        let due = days.and_then(|days| {
            Timestamp::from_second(task.opened.as_second() + i64::from(days) * DAY).ok()
        });
        Ok(Some(Asks { by: by.clone(), authors: hands_in(facts, task, &decision)?, due }))
    }
}

/// Whoever looks, as somebody who may approve what others propose.
pub(crate) struct Approving<'a> {
    settings: &'a Settings,
    who: &'a Session,
    /// Them, by all that they were ever called.
    own: Vec<Author>,
}

impl Approving<'_> {
    /// Whether they may approve it. Where the role that was to approve it is gone, whoever may approve anything
    /// looks at it.
    pub(crate) fn may(&self, asks: &Asks) -> bool {
        let is_own = |author: &Author| self.own.iter().any(|own| own.is_same_as(author));
        if asks.authors.iter().any(is_own) {
            return false;
        }
        let sought = Sought { by: &asks.by, instead: None, authors: &[] };
        if sought.may(self.settings, self.who).is_ok() {
            return true;
        }
        let is_gone =
            matches!(&asks.by, Approver::Role(role) if self.settings.role(role).is_none());
        match Standing::of(self.settings, self.who) {
            Standing::In(role) => is_gone && role.may.contains("approve"),
            _ => false,
        }
    }
}

impl Desk {
    /// Whoever the desk works for, as somebody who may approve.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn approving(&self) -> Result<Approving<'_>, DeskError> {
        let own = vec![govern::author(&self.settings, &self.acting)];
        let own = govern::connected(own, &self.everybody_named()?);
        Ok(Approving { settings: &self.settings, who: &self.acting, own })
    }
}
