//! Claims: who works on a task. A lease, kept in memory; versions, not claims, keep decisions from
//! overwriting each other.

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::core::Desk;
use super::error::Decided;
use domain::TaskId;
use door::Refusal;

/// The claims of everyone at this desk.
#[derive(Debug, Default)]
pub(super) struct Claims {
    held: HashMap<TaskId, Claim>,
}

#[derive(Debug)]
struct Claim {
    holder: String,
    until: Timestamp,
}

impl Claims {
    /// Whoever works on a task now.
    pub(super) fn holder(&self, task: TaskId, now: Timestamp) -> Option<&str> {
        self.held.get(&task).filter(|claim| claim.until > now).map(|claim| claim.holder.as_str())
    }

    /// The tasks that someone works on now.
    pub(super) fn held_by(&self, holder: &str, now: Timestamp) -> impl Iterator<Item = TaskId> {
        let held = self.held.iter();
        held.filter(move |(_, claim)| claim.until > now && claim.holder == holder)
            .map(|(task, _)| *task)
    }

    /// Claims a task, or renews the claim.
    ///
    /// # Errors
    /// [`Refusal::ClaimedBy`] where another holds it.
    pub(super) fn claim(
        &mut self,
        task: TaskId,
        holder: &str,
        now: Timestamp,
        lease: Duration,
    ) -> Decided<()> {
        self.must_be_free(task, holder, now)?;
        self.held.retain(|_, claim| claim.until > now);
        let lease = SignedDuration::try_from(lease).unwrap_or(SignedDuration::MAX);
        let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
        self.held.insert(task, Claim { holder: holder.to_owned(), until });
        Ok(())
    }

    /// Refuses where another holds the task.
    pub(super) fn must_be_free(&self, task: TaskId, actor: &str, now: Timestamp) -> Decided<()> {
        match self.holder(task, now) {
            Some(holder) if holder != actor => {
                Err(Refusal::ClaimedBy { holder: holder.to_owned() }.into())
            }
            _ => Ok(()),
        }
    }

    /// Releases a task, or everything that its holder has claimed.
    pub(super) fn release(&mut self, task: Option<TaskId>, holder: &str) {
        self.held.retain(|held, claim| {
            claim.holder != holder || task.is_some_and(|released| released != *held)
        });
    }
}

impl Desk {
    /// Claims a task for whoever the desk is working for, or renews the claim.
    ///
    /// # Errors
    /// [`Refusal::ClaimedBy`] where another holds it.
    pub(super) fn claim(&mut self, task: TaskId) -> Decided<()> {
        let (lease, now) = (self.settings.queue.claim, self.now());
        self.claims.claim(task, &self.acting.person, now, lease)
    }

    /// Releases a task, or everything that whoever the desk is working for has claimed: with that a
    /// session ends, and what belongs to it goes.
    pub(super) fn release(&mut self, task: Option<TaskId>) {
        if task.is_none() {
            self.leave();
        }
        self.claims.release(task, &self.acting.person);
    }

    /// Ends the session that the desk is working for: what belongs to it goes, what its person has
    /// claimed stays claimed.
    pub(super) fn leave(&mut self) {
        self.sessions.end(self.acting.id);
        self.finding.end(self.acting.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stop;

    #[test]
    fn a_claim_keeps_others_away_until_it_ends_or_is_released() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let lease = Duration::from_secs(60);
        let mut claims = Claims::default();
        claims.claim(TaskId(9), "kim", at(0), lease).unwrap();
        claims.claim(TaskId(9), "kim", at(30), lease).unwrap();
        let refused = claims.claim(TaskId(9), "sam", at(80), lease);
        let holder = Refusal::ClaimedBy { holder: "kim".into() };
        assert!(matches!(refused, Err(Stop::Refused(refusal)) if refusal == holder));
        assert_eq!(claims.holder(TaskId(9), at(89)), Some("kim"));
        assert_eq!(claims.holder(TaskId(9), at(90)), None, "the lease ended");
        claims.claim(TaskId(9), "sam", at(90), lease).unwrap();
        claims.claim(TaskId(8), "sam", at(90), lease).unwrap();
        claims.release(Some(TaskId(8)), "kim");
        assert_eq!(claims.holder(TaskId(8), at(91)), Some("sam"), "kim releases only kim's");
        claims.release(Some(TaskId(8)), "sam");
        assert_eq!(claims.holder(TaskId(8), at(91)), None);
        claims.release(None, "sam");
        assert_eq!(claims.holder(TaskId(9), at(91)), None);
    }
}
