//! Claims: who works on a task. A lease, kept in memory; versions, not claims, keep decisions from
//! overwriting each other. Beside them who looks at what, which keeps nobody from anything.
//!
//! A claim is a person's. It is held by the sessions in which they made it, released with the last of
//! them, and runs on for its time where a session ends without releasing it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::error::Decided;
use domain::TaskId;
use door::{Refusal, Session, SessionId};

/// The claims of everyone at this desk, and what everyone looks at.
#[derive(Debug, Default)]
pub(super) struct Claims {
    held: BTreeMap<TaskId, Claim>,
    looks: BTreeMap<SessionId, Look>,
    /// The tasks of which others see something new, until the queue is told.
    touched: BTreeSet<TaskId>,
}

#[derive(Debug)]
struct Claim {
    holder: String,
    until: Timestamp,
    /// The holder's sessions that have not released it. None are left where they ended.
    sessions: BTreeSet<SessionId>,
}

#[derive(Debug)]
struct Look {
    person: String,
    task: TaskId,
    /// Somebody who has gone for lunch looks at nothing.
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

    /// Every claim that lasts, with until when.
    pub(super) fn all(&self, now: Timestamp) -> Vec<(TaskId, String, Timestamp)> {
        let lasting = self.held.iter().filter(|(_, claim)| claim.until > now);
        lasting.map(|(task, claim)| (*task, claim.holder.clone(), claim.until)).collect()
    }

    /// Takes up the claims of before a restart: they are their people's for as long as they last.
    pub(super) fn take_up(&mut self, claims: Vec<(TaskId, String, Timestamp)>, now: Timestamp) {
        for (task, holder, until) in claims.into_iter().filter(|(_, _, until)| *until > now) {
            self.held.insert(task, Claim { holder, until, sessions: BTreeSet::new() });
        }
    }

    /// The others who look at a task now, each once.
    pub(super) fn looking(&self, task: TaskId, actor: &str, now: Timestamp) -> BTreeSet<&str> {
        let others = self.looks.values().filter(|look| look.task == task && look.until > now);
        others.map(|look| look.person.as_str()).filter(|person| *person != actor).collect()
    }

    /// Claims a task, or renews the claim.
    ///
    /// # Errors
    /// [`Refusal::ClaimedBy`] where another holds it.
    pub(super) fn claim(
        &mut self,
        task: TaskId,
        who: &Session,
        now: Timestamp,
        lease: Duration,
    ) -> Decided<()> {
        self.must_be_free(task, &who.person, now)?;
        self.settle(now);
        let until = after(now, lease);
        let claim = self.held.entry(task).or_insert_with(|| {
            self.touched.insert(task);
            Claim { holder: who.person.clone(), until, sessions: BTreeSet::new() }
        });
        claim.until = until;
        claim.sessions.insert(who.id);
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

    /// Releases a task, or everything, as far as that session holds it.
    pub(super) fn release(&mut self, task: Option<TaskId>, who: &Session) {
        let touched = &mut self.touched;
        self.held.retain(|held, claim| {
            if claim.holder != who.person || task.is_some_and(|released| released != *held) {
                return true;
            }
            let held_here = claim.sessions.remove(&who.id);
            // Everything is what this session claimed, not what it finds left by another that ended.
            let stays = !claim.sessions.is_empty() || (task.is_none() && !held_here);
            if !stays {
                touched.insert(*held);
            }
            stays
        });
    }

    /// Releases a task whichever of its holder's sessions claimed it; whether they held it.
    pub(super) fn give_up(&mut self, task: TaskId, holder: &str) -> bool {
        let is_theirs = self.held.get(&task).is_some_and(|claim| claim.holder == holder);
        if is_theirs {
            self.free(task);
        }
        is_theirs
    }

    /// Nobody works on a task any more: it is decided.
    pub(super) fn free(&mut self, task: TaskId) {
        if self.held.remove(&task).is_some() {
            self.touched.insert(task);
        }
    }

    /// A session looks at a task, or at none any more.
    pub(super) fn look_at(
        &mut self,
        task: Option<TaskId>,
        who: &Session,
        now: Timestamp,
        lease: Duration,
    ) {
        let before = self.looks.get(&who.id).map(|look| look.task);
        if before == task {
            return;
        }
        self.touched.extend(before.into_iter().chain(task));
        match task {
            Some(task) => {
                let look = Look { person: who.person.clone(), task, until: after(now, lease) };
                self.looks.insert(who.id, look);
            }
            None => {
                self.looks.remove(&who.id);
            }
        }
    }

    /// A session has ended: it looks at nothing, and what it has claimed stays its person's for as long as
    /// that lasts.
    pub(super) fn end(&mut self, session: SessionId) {
        for claim in self.held.values_mut() {
            claim.sessions.remove(&session);
        }
        if let Some(look) = self.looks.remove(&session) {
            self.touched.insert(look.task);
        }
    }

    /// Whether something has run out that [`Claims::settle`] takes away.
    pub(super) fn has_run_out(&self, now: Timestamp) -> bool {
        self.held.values().any(|claim| claim.until <= now)
            || self.looks.values().any(|look| look.until <= now)
    }

    /// Takes away what has run out; whether anything has.
    pub(super) fn settle(&mut self, now: Timestamp) -> bool {
        if !self.has_run_out(now) {
            return false;
        }
        let touched = &mut self.touched;
        self.held.retain(|task, claim| kept(touched, *task, claim.until > now));
        self.looks.retain(|_, look| kept(touched, look.task, look.until > now));
        true
    }

    /// The tasks of which others see something new since this was asked.
    pub(super) fn take_touched(&mut self) -> BTreeSet<TaskId> {
        std::mem::take(&mut self.touched)
    }
}

/// Whether something of a task is kept; otherwise others see that it is gone.
fn kept(touched: &mut BTreeSet<TaskId>, task: TaskId, lasts: bool) -> bool {
    if !lasts {
        touched.insert(task);
    }
    lasts
}

fn after(now: Timestamp, lease: Duration) -> Timestamp {
    let lease = SignedDuration::try_from(lease).unwrap_or(SignedDuration::MAX);
    now.checked_add(lease).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Stop;
    use jiff::tz::TimeZone;

    const LEASE: Duration = Duration::from_secs(60);
    const TASK: TaskId = TaskId(9);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn session(person: &str, number: u64) -> Session {
        Session { id: SessionId(number), ..Session::local(person, TimeZone::UTC) }
    }

    #[test]
    fn a_claim_keeps_others_away_until_it_ends_or_is_released() {
        let (kim, sam) = (session("kim", 1), session("sam", 2));
        let mut claims = Claims::default();
        claims.claim(TASK, &kim, at(0), LEASE).unwrap();
        claims.claim(TASK, &kim, at(30), LEASE).unwrap();
        let refused = claims.claim(TASK, &sam, at(80), LEASE);
        let holder = Refusal::ClaimedBy { holder: "kim".into() };
        assert!(matches!(refused, Err(Stop::Refused(refusal)) if refusal == holder));
        assert_eq!(claims.holder(TASK, at(89)), Some("kim"));
        assert_eq!(claims.holder(TASK, at(90)), None, "the lease ended");
        claims.claim(TASK, &sam, at(90), LEASE).unwrap();
        claims.claim(TaskId(8), &sam, at(90), LEASE).unwrap();
        claims.release(Some(TaskId(8)), &kim);
        assert_eq!(claims.holder(TaskId(8), at(91)), Some("sam"), "kim releases only kim's");
        claims.release(Some(TaskId(8)), &sam);
        assert_eq!(claims.holder(TaskId(8), at(91)), None);
        claims.release(None, &sam);
        assert_eq!(claims.holder(TASK, at(91)), None);
    }

    #[test]
    fn what_a_person_holds_in_two_sessions_goes_with_the_last_of_them() {
        let (here, there, later) = (session("kim", 1), session("kim", 2), session("kim", 3));
        let mut claims = Claims::default();
        claims.claim(TASK, &here, at(0), LEASE).unwrap();
        claims.claim(TASK, &there, at(1), LEASE).unwrap();
        claims.release(Some(TASK), &here);
        assert_eq!(claims.holder(TASK, at(2)), Some("kim"), "the other session has it open");
        claims.end(there.id);
        assert_eq!(claims.holder(TASK, at(3)), Some("kim"), "cut off: the lease runs on");
        claims.release(None, &later);
        assert_eq!(claims.holder(TASK, at(4)), Some("kim"), "another session leaves its own only");
        assert!(!claims.settle(at(60)) && claims.settle(at(61)));
        assert_eq!(claims.take_touched(), [TASK].into());
        claims.claim(TASK, &here, at(70), LEASE).unwrap();
        claims.end(here.id);
        claims.release(Some(TASK), &later);
        assert_eq!(claims.holder(TASK, at(71)), None, "who comes back may release it");
        claims.claim(TASK, &here, at(72), LEASE).unwrap();
        assert!(!claims.give_up(TASK, "sam") && claims.give_up(TASK, "kim"));
        assert_eq!(claims.holder(TASK, at(73)), None, "given up from wherever");
    }

    #[test]
    fn who_looks_is_seen_by_others_and_not_for_ever() {
        let (kim, again, sam) = (session("kim", 1), session("kim", 2), session("sam", 3));
        let mut claims = Claims::default();
        for who in [&kim, &again, &sam] {
            claims.look_at(Some(TASK), who, at(0), LEASE);
        }
        let looking = |claims: &Claims, actor: &str, now: i64| -> Vec<String> {
            claims.looking(TASK, actor, at(now)).into_iter().map(str::to_owned).collect()
        };
        assert_eq!(looking(&claims, "sam", 1), ["kim"], "once, whatever their sessions");
        assert_eq!(looking(&claims, "kim", 1), ["sam"]);
        claims.take_touched();
        claims.look_at(Some(TASK), &kim, at(30), LEASE);
        assert!(claims.take_touched().is_empty(), "nothing new");
        claims.look_at(None, &kim, at(30), LEASE);
        assert_eq!(looking(&claims, "sam", 31), ["kim"], "in another session");
        claims.end(again.id);
        assert_eq!((looking(&claims, "sam", 31).len(), claims.take_touched().len()), (0, 1));
        assert_eq!(looking(&claims, "kim", 60).len(), 0, "sam has gone for lunch");
        assert!(claims.settle(at(60)));
    }
}
