//! The desk itself: what it holds, and the one way a commit is made.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::caches::Caches;
use super::claims::Claims;
use super::draft::Draft;
use super::error::{Decided, DeskError};
use super::facts::Facts;
use super::jobs::Job;
use super::private::PrivateFolder;
use super::request::{Action, Receipt, Request};
use super::workspace::Workspace;
use super::{commands, consequences, derived, describe, enforce, open, redirects, revalidate};
use crate::domain::{BulkId, Commit, CustomerId, Event, Fingerprinter, RecordId, Sequence, TaskId};
use crate::keys::Keyring;
use crate::ledger::{Ledger, LedgerReader};
use crate::ports::clock::TrustedClock;
use crate::ports::{Clock, Files, Randomness, Secrets};
use crate::settings::{self, Settings};
use crate::store::{
    ApplyChanges, Buffered, Changes, Databases, Overlay, Store, StoreError, Trees, View, fold_from,
    set_head,
};

/// The outside world of a desk.
#[derive(Clone)]
pub struct Environment {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub randomness: Arc<dyn Randomness>,
    /// Files of the ledger and the keys.
    pub files: Arc<dyn Files>,
    /// Key files and passphrases.
    pub secrets: Arc<dyn Secrets>,
    /// Where the store has its database.
    pub databases: Databases,
    /// The steward.
    pub actor: String,
    /// The folder of the registers, outside of every workspace; see
    /// [`Register`](super::register::Register). None keeps no register.
    pub register: Option<PathBuf>,
}

/// An open workspace.
pub struct Desk {
    /// Long work, a step between two questions. Dropped first: a thread of it may read the store.
    pub(super) job: Option<Job>,
    pub(super) workspace: Workspace,
    pub(super) environment: Environment,
    pub(super) trees: Buffered,
    pub(super) ledger: Ledger,
    /// None in a workspace that is not encrypted.
    pub(super) keyring: Option<Keyring>,
    pub(super) reader: LedgerReader,
    pub(super) settings: Arc<Settings>,
    pub(super) fingerprinter: Fingerprinter,
    pub(super) caches: Caches,
    pub(super) claims: Claims,
    /// Where days are counted.
    pub(super) zone: TimeZone,
    /// When the register was last told how far the ledger goes.
    pub(super) witnessed: Timestamp,
    /// The bulk decided last, and how many tasks it has decided.
    pub(super) last_bulk: Option<(BulkId, usize)>,
    /// Where the store lies when the workspace is only read; dropped after it.
    private: Option<PrivateFolder>,
    /// A commit is in the ledger but not in the store: the decision stands, the view does not
    /// show it until the workspace is opened again.
    store_behind: Option<String>,
}

/// A commit with its effects folded in, not written.
pub(super) struct Foreseen {
    pub(super) commit: Commit,
    pub(super) changes: Changes,
}

impl Desk {
    pub(super) fn assemble(
        workspace: Workspace,
        environment: Environment,
        (trees, ledger, settings, fingerprinter): (Store, Ledger, Settings, Fingerprinter),
        keyring: Option<Keyring>,
    ) -> Desk {
        Desk {
            job: None,
            witnessed: environment.clock.now(),
            workspace,
            zone: environment.clock.zone(),
            environment,
            trees: Buffered::new(trees),
            reader: ledger.reader(),
            ledger,
            keyring,
            settings: Arc::new(settings),
            fingerprinter,
            caches: Caches::default(),
            claims: Claims::default(),
            last_bulk: None,
            private: None,
            store_behind: None,
        }
    }

    /// Keeps a folder for as long as the workspace is open.
    pub(super) fn keep_until_closed(&mut self, folder: PrivateFolder) {
        self.private = Some(folder);
    }

    /// Whether the workspace was opened only to be read.
    #[must_use]
    pub fn is_reading_only(&self) -> bool {
        self.private.is_some()
    }

    /// The workspace.
    #[must_use]
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// The steward.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.environment.actor
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Believes the system's clock, however far ahead it is: somebody said that it is right.
    pub fn trust_clock(&mut self) {
        self.environment.clock = Arc::new(TrustedClock);
    }

    /// Now, by the desk's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.environment.clock.now()
    }

    /// The present facts.
    #[must_use]
    pub fn facts(&self) -> Facts<'_> {
        self.facts_over(&self.trees)
    }

    pub(super) fn facts_over<'a>(&'a self, trees: &'a dyn Trees) -> Facts<'a> {
        Facts {
            view: View::over(trees),
            ledger: &self.reader,
            settings: &self.settings,
            fingerprinter: &self.fingerprinter,
            caches: &self.caches,
            pending: None,
            now: self.now(),
        }
    }

    /// `steward.toml` as it stands in the folder, in effect or not yet.
    ///
    /// # Errors
    /// When the file is wrong.
    pub(super) fn settings_now(&self) -> Result<Settings, DeskError> {
        open::read_settings(&self.workspace)
    }

    /// Makes a changed `steward.toml` take effect. Called before anything is written.
    ///
    /// # Errors
    /// When the file is wrong, or the ledger cannot be written.
    pub fn adopt_settings(&mut self) -> Result<bool, DeskError> {
        // Long work goes on as it began; what changed meanwhile waits for its end.
        if self.job.as_ref().is_some_and(Job::is_running) {
            return Ok(false);
        }
        // Read before every decision, so that it must not be parsed for nothing.
        let text = open::settings_text(&self.workspace)?;
        if text == self.settings.text {
            return Ok(false);
        }
        let settings = settings::parse(&text).map_err(DeskError::Settings)?;
        let previous = self.facts().view.counters()?.settings.map(|place| place.sequence);
        self.with_changes_held(|desk| {
            desk.commit(vec![open::adopted(&settings, previous).into()])?;
            desk.settings = Arc::new(settings);
            desk.caches.forget_unique();
            revalidate::everything(desk)
        })?;
        Ok(true)
    }

    /// Carries out a request.
    ///
    /// # Errors
    /// The refusal, or a failure; nothing was changed then.
    pub fn carry_out(&mut self, request: &Request) -> Decided<Receipt> {
        // Said at once: on an old view another refusal might be found first.
        self.must_be_up()?;
        if let Some(task) = request.task {
            self.claims.must_be_free(task, self.actor(), self.now())?;
        }
        self.adopt_settings()?;
        let foreseen = self.foresee(request)?;
        let exported_meanwhile = match &request.action {
            Action::Undo { decisions, .. } => self.facts().exported_since(decisions)?,
            _ => Vec::new(),
        };
        let summary = describe::outcome(self.facts(), &foreseen.commit)?;
        let commit = self.commit_foreseen(foreseen)?;
        let decision = commit.events.iter().find_map(|event| match event {
            Event::DecisionMade(made) => Some(&made.decision),
            _ => None,
        });
        let decision = decision.ok_or_else(|| super::facts::missing("the decision"))?;
        Ok(Receipt {
            decision: decision.id,
            sequence: commit.sequence,
            summary,
            task: decision.task.or_else(|| reopened(&commit)),
            bulk: decision.bulk,
            exported_meanwhile,
        })
    }

    /// The whole commit of a request: decided, enforced, with its consequences.
    pub(super) fn foresee(&self, request: &Request) -> Decided<Foreseen> {
        let mut draft = commands::decide(self.facts(), request)?;
        redirects::settle(&mut draft)?;
        let first = self.fold_draft(&draft)?;
        self.with_foreseen(&first, |after| enforce::check(&mut draft, after, request))?;
        // Waivers may have been added, so that it must be folded again.
        let enforced = self.fold_draft(&draft)?;
        let customers = draft.touched_customers();
        self.with_foreseen(&enforced, |after| {
            Ok(consequences::plan(&mut draft, after, &customers)?)
        })?;
        Ok(self.fold_draft(&draft)?)
    }

    /// A draft folded over the present store, with what derives from it.
    pub(super) fn fold_draft(&self, draft: &Draft<'_>) -> Result<Foreseen, DeskError> {
        let sequence = self.reader.head().map(|head| head.sequence).unwrap_or_default().next();
        let commit = Commit {
            sequence,
            at: self.now(),
            actor: self.environment.actor.clone(),
            events: draft.events()?,
        };
        let mut overlay = Overlay::over(&self.trees);
        fold_from(&mut overlay, &commit, 0, &self.fingerprinter)?;
        let values = {
            let facts = Facts { pending: Some(&commit), ..self.facts_over(&overlay) };
            derived::of_commit(facts, &commit)?
        };
        derived::remember(self.facts(), &values)?;
        derived::write(&mut overlay, &self.caches, &self.settings, values)?;
        Ok(Foreseen { commit, changes: overlay.into_changes() })
    }

    /// Reads the world as it will be.
    pub(super) fn with_foreseen<T>(
        &self,
        foreseen: &Foreseen,
        read: impl FnOnce(Facts<'_>) -> Decided<T>,
    ) -> Decided<T> {
        let overlay = Overlay::resume(&self.trees, foreseen.changes.clone());
        read(Facts { pending: Some(&foreseen.commit), ..self.facts_over(&overlay) })
    }

    /// Writes a draft that no request stands behind: matching, revalidation.
    pub(super) fn commit_draft(
        &mut self,
        plan: impl FnOnce(&Desk) -> Result<Vec<Event>, DeskError>,
    ) -> Result<Option<Sequence>, DeskError> {
        let events = plan(self)?;
        if events.is_empty() {
            return Ok(None);
        }
        self.commit(events).map(Some)
    }

    /// A draft that no request stands behind, with its consequences for `customers`, folded.
    pub(super) fn foresee_draft(
        &self,
        mut draft: Draft<'_>,
        customers: &[CustomerId],
    ) -> Result<Foreseen, DeskError> {
        redirects::settle(&mut draft)?;
        let Foreseen { commit, changes } = self.fold_draft(&draft)?;
        let overlay = Overlay::resume(&self.trees, changes);
        let after = Facts { pending: Some(&commit), ..self.facts_over(&overlay) };
        consequences::plan(&mut draft, after, customers)?;
        if draft.planned_tasks() > 0 {
            return self.fold_draft(&draft);
        }
        Ok(Foreseen { commit, changes: overlay.into_changes() })
    }

    /// The events of a draft with its consequences for `customers`.
    pub(super) fn with_consequences(
        &self,
        mut draft: Draft<'_>,
        customers: &[CustomerId],
    ) -> Result<Vec<Event>, DeskError> {
        if !draft.is_empty() || !customers.is_empty() {
            redirects::settle(&mut draft)?;
            let foreseen = self.fold_draft(&draft)?;
            let overlay = Overlay::resume(&self.trees, foreseen.changes);
            let after = Facts { pending: Some(&foreseen.commit), ..self.facts_over(&overlay) };
            consequences::plan(&mut draft, after, customers)?;
        }
        draft.events()
    }

    /// Appends to the ledger and brings the store up to it.
    pub(super) fn commit(&mut self, events: Vec<Event>) -> Result<Sequence, DeskError> {
        let commit = self.append(events)?;
        self.apply(&commit, None);
        Ok(commit.sequence)
    }

    /// Appends what is folded already, and brings the store up to it.
    pub(super) fn commit_foreseen(&mut self, foreseen: Foreseen) -> Result<Commit, DeskError> {
        let Commit { sequence, at, events, .. } = foreseen.commit;
        let commit = self.append_at(at, events)?;
        // The fold holds for the place in the ledger and the second it was made for.
        let holds = commit.sequence == sequence && commit.at.as_second() == at.as_second();
        let folded = holds.then_some(foreseen.changes);
        self.apply(&commit, folded);
        Ok(commit)
    }

    /// Whether the store shows all that the ledger holds.
    fn must_be_up(&self) -> Result<(), DeskError> {
        match &self.store_behind {
            Some(reason) => Err(StoreError::Behind { reason: reason.clone() }.into()),
            None => Ok(()),
        }
    }

    /// Makes a commit durable. Refused while the store is behind: what is planned on an old view
    /// must not be written.
    pub(super) fn append(&mut self, events: Vec<Event>) -> Result<Commit, DeskError> {
        self.append_at(self.now(), events)
    }

    fn append_at(&mut self, at: Timestamp, events: Vec<Event>) -> Result<Commit, DeskError> {
        self.must_be_up()?;
        self.must_be_believable(at)?;
        let actor = self.environment.actor.clone();
        let head = self.ledger.append(at, &actor, &events)?;
        self.tell_witness_in_time();
        Ok(Commit { sequence: head.sequence, at: head.at, actor, events })
    }

    /// Brings the store up to a commit that is durable already. Whatever goes wrong here, the
    /// commit stands: the store catches up when the workspace is opened again. `folded` are its
    /// effects, where they were folded before.
    fn apply(&mut self, commit: &Commit, folded: Option<Changes>) {
        if let Err(error) = self.try_apply(commit, folded) {
            self.fall_behind(commit.sequence, &error);
        }
    }

    pub(super) fn fall_behind(&mut self, sequence: Sequence, error: &DeskError) {
        tracing::error!(sequence = sequence.0, %error, "the store is behind the ledger");
        // They may know of records that the store does not have.
        self.caches = Caches::default();
        self.store_behind = Some(error.to_string());
    }

    fn try_apply(&mut self, commit: &Commit, folded: Option<Changes>) -> Result<(), DeskError> {
        let chain = self.reader.chain_at(commit.sequence)?;
        let mut overlay = match folded {
            Some(changes) => Overlay::resume(&self.trees, changes),
            None => {
                let mut overlay = Overlay::over(&self.trees);
                fold_from(&mut overlay, commit, 0, &self.fingerprinter)?;
                overlay
            }
        };
        set_head(&mut overlay, commit.sequence, chain);
        let values = {
            let facts = Facts { pending: Some(commit), ..self.facts_over(&overlay) };
            derived::of_commit(facts, commit)?
        };
        derived::write(&mut overlay, &self.caches, &self.settings, values)?;
        let changes = overlay.into_changes();
        self.trees.apply(changes)?;
        Ok(())
    }

    /// Does long work with the store's changes held back, and writes them whatever came of it: the
    /// store must show what the ledger holds.
    pub(super) fn with_changes_held<T>(
        &mut self,
        work: impl FnOnce(&mut Desk) -> Result<T, DeskError>,
    ) -> Result<T, DeskError> {
        self.trees.hold();
        self.finish_held(work)
    }

    /// As [`Desk::with_changes_held`], for work that changes much all over the store. Only for events
    /// that say the whole state of what they change (matching): after a crash they may be folded
    /// again over what they made.
    pub(super) fn with_many_changes_held<T>(
        &mut self,
        work: impl FnOnce(&mut Desk) -> Result<T, DeskError>,
    ) -> Result<T, DeskError> {
        self.trees.hold_many();
        self.finish_held(work)
    }

    fn finish_held<T>(
        &mut self,
        work: impl FnOnce(&mut Desk) -> Result<T, DeskError>,
    ) -> Result<T, DeskError> {
        let done = work(self);
        self.release_changes()?;
        done
    }

    /// Writes the changes that were held back.
    pub(super) fn release_changes(&mut self) -> Result<(), DeskError> {
        let released = self.trees.release().map_err(DeskError::from);
        if let Err(error) = &released {
            let sequence = self.reader.head().map(|head| head.sequence).unwrap_or_default();
            self.fall_behind(sequence, error);
        }
        released
    }
}

/// The first task that waits again after an undo.
fn reopened(commit: &Commit) -> Option<TaskId> {
    commit.events.iter().find_map(|event| match event {
        Event::TaskChanged(changed) => {
            let before = changed.before.as_ref().is_some_and(|task| !task.state.is_pending());
            (before && changed.after.state.is_pending()).then_some(changed.task)
        }
        _ => None,
    })
}

/// The records whose values an event changes.
pub(super) fn changed_records(event: &Event) -> Vec<RecordId> {
    match event {
        Event::RecordRevised(revised) => vec![revised.record],
        Event::RecordChanged(changed) => vec![changed.record],
        Event::PersonErased(erased) => erased.records.clone(),
        _ => Vec::new(),
    }
}
