//! What others have done since: the one count that sessions wait for, see [`door::operations::Changes`].
//!
//! A session is not told of what it did itself, since it knows.

use std::collections::HashMap;

use super::answers::comments;
use super::core::Desk;
use super::error::Decided;
use super::{describe, versions};
use domain::{Sequence, Subject, TaskId};
use door::views::{Changed, OthersView};
use door::{Refusal, Session, SessionId};

/// How much was done, and by whom.
#[derive(Debug, Default)]
pub(super) struct News {
    all: u64,
    own: HashMap<SessionId, u64>,
    /// How many people were erased.
    erased: u64,
}

impl News {
    /// Something was done in a session. Steps of long work are not told one by one: see [`News::for_all`].
    pub(super) fn note(&mut self, by: &Session) {
        if !by.job {
            self.all += 1;
            *self.own.entry(by.id).or_default() += 1;
        }
    }

    /// Something happened that nobody knows: a lease ran out, long work ended.
    pub(super) fn for_all(&mut self) {
        self.all += 1;
    }

    /// How much others did, as a session sees it.
    fn of(&self, session: SessionId) -> u64 {
        self.all - self.own.get(&session).copied().unwrap_or_default()
    }

    /// Somebody was erased: nobody is to show them any more.
    pub(super) fn note_erasure(&mut self) {
        self.erased += 1;
    }

    /// Whether somebody was erased of whom a session does not know that knows of so many.
    pub(super) fn has_erased_since(&self, known: u64) -> bool {
        self.erased > known
    }

    fn end(&mut self, session: SessionId) {
        self.own.remove(&session);
    }
}

impl Desk {
    /// Whether there is something new for a session that knows so much.
    pub(super) fn has_changed(&self, session: SessionId, since: u64) -> bool {
        self.news.of(session) != since || self.claims.has_run_out(self.now())
    }

    /// How much others have done by now.
    pub(super) fn changed(&mut self) -> Changed {
        self.settle_claims();
        self.keep_moves();
        let head = self.reader.head().map(|head| head.sequence).unwrap_or_default();
        Changed { at: self.news.of(self.acting.id), head, erased: self.news.erased }
    }

    /// Takes away the claims that have run out.
    pub(super) fn settle_claims(&mut self) {
        if self.claims.settle(self.now()) {
            self.news.for_all();
            self.touch_rows();
            // A clock that is set back is not to bring them back from the file.
            self.keep_work();
        }
    }

    /// The queue is told which rows look otherwise by now; whether any do.
    fn touch_rows(&mut self) -> bool {
        let touched = self.claims.take_touched();
        self.queue.touch(&touched);
        !touched.is_empty()
    }

    /// What whoever the desk is working for did with claims is seen by the others.
    fn tell_of_claims(&mut self) {
        if self.touch_rows() {
            self.news.note(&self.acting);
        }
    }

    /// Claims a task for whoever the desk is working for, or renews the claim.
    ///
    /// # Errors
    /// [`Refusal::ClaimedBy`] where another holds it; a refusal, too, where nothing is left to decide.
    pub(super) fn claim(&mut self, task: TaskId) -> Decided<()> {
        self.settle_claims();
        let entry = self.facts().view.task(task)?;
        let entry = entry.ok_or_else(|| Refusal::Unknown { subject: task.to_string() })?;
        if !entry.task.state.is_pending() {
            return Err(Refusal::AlreadySo { why: format!("{task} is already decided") }.into());
        }
        let lease = self.settings.queue.claim;
        let now = self.now();
        self.claims.claim(task, &self.acting, now, lease)?;
        self.tell_of_claims();
        self.keep_work();
        Ok(())
    }

    /// Releases a task, or everything that this session has claimed: with that it ends, and what belongs to
    /// it goes.
    pub(super) fn release(&mut self, task: Option<TaskId>) {
        self.claims.release(task, &self.acting);
        self.tell_of_claims();
        self.keep_work();
        if task.is_none() {
            self.leave();
        }
    }

    /// Gives up a claim of whoever the desk is working for.
    ///
    /// # Errors
    /// The refusal where the task is not theirs.
    pub(super) fn give_up(&mut self, task: TaskId) -> Decided<()> {
        self.settle_claims();
        self.claims.must_be_free(task, &self.acting.person, self.now())?;
        if !self.claims.give_up(task, &self.acting.person) {
            let why = format!("you have not claimed {task}");
            return Err(Refusal::DoesNotApply { why }.into());
        }
        self.tell_of_claims();
        self.keep_work();
        Ok(())
    }

    /// Nobody works on a task any more, for it is decided. That it is decided is told already.
    pub(super) fn drop_claim(&mut self, task: TaskId) {
        self.claims.free(task);
        if self.touch_rows() {
            self.keep_work();
        }
    }

    /// Ends the session that the desk is working for: what belongs to it goes, what its person has
    /// claimed stays claimed.
    pub(super) fn leave(&mut self) {
        let session = self.acting.id;
        self.sessions.end(session);
        self.finding.end(session);
        self.claims.end(session);
        self.tell_of_claims();
        self.news.end(session);
        self.end_work();
    }

    /// Whoever the desk is working for looks at a task, or at none any more; who else is there.
    ///
    /// # Errors
    /// When the store or the ledger is damaged, or there is no such task.
    pub(super) fn look_at(
        &mut self,
        task: Option<TaskId>,
        seen: Option<Sequence>,
    ) -> Decided<OthersView> {
        self.settle_claims();
        let (lease, now) = (self.settings.queue.claim, self.now());
        self.claims.look_at(task, &self.acting, now, lease);
        self.tell_of_claims();
        let Some(task) = task else { return Ok(OthersView::default()) };
        let (facts, actor) = (self.facts(), self.actor());
        let entry = facts.view.task(task)?;
        let entry = entry.ok_or_else(|| Refusal::Unknown { subject: task.to_string() })?;
        let version = versions::of_task(facts, &entry.task)?;
        // Of what somebody is asked twice it is not said what was said the first time.
        let tells = !entry.task.kind.may_be_blind();
        let since = match seen.filter(|seen| *seen < version && tells) {
            Some(seen) => describe::since(facts, Subject::Task(task), seen)?,
            None => Vec::new(),
        };
        let holder = self.claims.holder(task, now).filter(|holder| *holder != actor);
        Ok(OthersView {
            claimed: holder.map(str::to_owned),
            looking: self.claims.looking(task, actor, now).into_iter().map(str::to_owned).collect(),
            since,
            ended: !entry.task.state.is_pending(),
            comments: match tells {
                true => comments::count(facts, &entry.task.customers)?,
                false => 0,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    #[test]
    fn a_session_is_told_of_what_others_did_and_not_of_its_own() {
        let who =
            |number| Session { id: SessionId(number), ..Session::local("kim", TimeZone::UTC) };
        let (here, there) = (who(1), who(2));
        let job = Session { job: true, ..here.clone() };
        let mut news = News::default();
        news.note(&here);
        news.note(&job);
        assert_eq!((news.of(here.id), news.of(there.id)), (0, 1));
        news.note(&there);
        news.for_all();
        assert_eq!((news.of(here.id), news.of(there.id)), (2, 2));
        news.end(here.id);
        assert_eq!(news.of(there.id), 2);
    }
}
