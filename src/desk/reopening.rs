//! Opening a workspace again in place: the lock stays, and so do the ledger's readers, the claims and
//! what belongs to sessions.

use std::sync::Arc;

use super::caches::Caches;
use super::core::Desk;
use super::error::DeskError;
use super::raise::{Beside, OpenReport, Raised, Wanted, raise};
use super::replay::ReplayProgress;
use super::revalidate;
use super::surviving::Standing;
use door::views::JobEnd;
use door::{Failure, FailureClass, Session};
use store::{Buffered, Databases};

/// What is said of long work that was under way.
const ENDED: &str =
    "the workspace had to be reopened; what was committed stays, and running it again completes it";

impl Desk {
    /// Rebuilds the store from the ledger.
    ///
    /// # Errors
    /// When the ledger or the disk refuses; the desk then tries to open the workspace again whenever
    /// something is asked of it.
    pub fn rebuild(&mut self, progress: ReplayProgress<'_>) -> Result<(), DeskError> {
        self.close_in_place();
        self.reopen(Wanted::Anew, progress).map(|_| ())
    }

    /// Leaves in the store and the register what closing leaves there.
    pub(super) fn close_in_place(&mut self) {
        // Of what is not durable nobody outside may know.
        if self.leave_group().is_err() {
            return;
        }
        self.keep_marks();
        self.tell_witness(self.now());
    }

    /// Lets go of everything that was read from the workspace's files and reads it again. Long work
    /// under way ends. Whatever fails, it is to be called again before anything else is done.
    pub(super) fn reopen(
        &mut self,
        wanted: Wanted,
        progress: ReplayProgress<'_>,
    ) -> Result<OpenReport, DeskError> {
        self.standing.must_reopen = true;
        // Those who were answered before it are told what came of it.
        let _ = self.leave_group();
        // A thread of it may read the store.
        self.jobs.end_first(JobEnd::Failed(Failure::new(FailureClass::Failed, ENDED)));
        self.caches = Caches::default();
        self.queue.forget();
        self.sessions.forget_read();
        if self.is_reading_only() {
            // Nothing was written, so that nothing of it is in doubt.
            self.standing = Standing::default();
            self.release_changes()?;
            return Ok(OpenReport::default());
        }
        // What is held back goes: the ledger has it.
        self.trees = Buffered::new(Databases::InMemory.open(&self.workspace.temporary())?);
        if let Some(keyring) = &mut self.keyring {
            keyring.reread()?;
            self.ledger.set_cipher(keyring.cipher());
        }
        let mut beside = Beside::default();
        let opening =
            self.ledger.reopen(|| beside.look_at(&self.workspace, &self.environment, wanted))?;
        let of = (&self.workspace, &self.environment, self.keyring.as_ref());
        let (raised, mut report) = raise(&mut self.ledger, opening.cut, beside, of, progress)?;
        let Raised { trees, settings, fingerprinter, is_judged } = raised;
        self.trees = Buffered::new(trees);
        self.put_in_force(Arc::new(settings));
        self.fingerprinter = fingerprinter;
        self.store_behind = None;
        self.standing = Standing::default();
        let settled = self.settle_in(&mut report, is_judged);
        self.standing.must_reopen = settled.is_err();
        settled.map(|()| report)
    }

    /// What a desk does once it is open.
    pub(super) fn settle_in(
        &mut self,
        report: &mut OpenReport,
        is_judged: bool,
    ) -> Result<(), DeskError> {
        if report.known.unreadable.is_some() {
            report.note_renewed = self.tell_witness(self.now());
        }
        if is_judged {
            return Ok(());
        }
        // Who adopted the settings may not have come to judge everything by them.
        let opener = Session::local(self.environment.actor.clone(), self.environment.clock.zone());
        let acting = self.act_as(opener);
        let judged = self.with_changes_held(revalidate::everything);
        self.act_as(acting);
        judged?;
        self.note_judged(true);
        Ok(())
    }
}
