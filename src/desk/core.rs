//! The desk itself: what it holds, and the one way a commit is made.

use std::sync::Arc;

use jiff::Timestamp;

use super::caches::Caches;
use super::claims::Claims;
use super::clock::ClockDoubt;
use super::derived;
use super::environment::Environment;
use super::error::DeskError;
use super::facts::Facts;
use super::finding::Finding;
use super::grouping::Grouping;
use super::job::Jobs;
use super::masking::KeptMasks;
use super::news::News;
use super::private::PrivateFolder;
use super::queue::QueueCache;
use super::second::KeptLooks;
use super::sessions::Sessions;
use super::surviving::Standing;
use super::working::Working;
use super::workspace::Workspace;
use domain::{Commit, Event, Fingerprinter, Sequence};
use door::Session;
use ledger::keys::Keyring;
use ledger::ports::clock::TrustedClock;
use ledger::{Ledger, LedgerReader};
use settings::Settings;
use store::{
    ApplyChanges, Buffered, Changes, Overlay, Store, StoreError, Trees, View, fold_from, set_head,
};

/// An open workspace.
pub struct Desk {
    /// Long work, a step between two questions. Dropped first: a thread of it may read the store.
    pub(super) jobs: Jobs<Desk>,
    /// Nobody else comes while long work is done: it may keep the desk for as long as it likes.
    pub(super) alone: bool,
    /// Dropped before the ledger, with which the workspace's lock goes: it may write into the
    /// workspace.
    pub(super) finding: Finding,
    pub(super) workspace: Workspace,
    pub(super) environment: Environment,
    pub(super) trees: Buffered,
    pub(super) ledger: Ledger,
    /// None in a workspace that is not encrypted.
    pub(super) keyring: Option<Keyring>,
    pub(super) reader: LedgerReader,
    pub(super) settings: Arc<Settings>,
    /// The same, as whoever the desk works for sees things by them, where a role binds them.
    pub(super) veiled: Option<Arc<Settings>>,
    pub(super) fingerprinter: Fingerprinter,
    pub(super) caches: Caches,
    /// The pending tasks.
    pub(super) queue: QueueCache,
    pub(super) claims: Claims,
    /// What sessions are told that others did.
    pub(super) news: News,
    /// Where people are in their reviews.
    pub(super) working: Working,
    /// On whose behalf the desk is working now: set by [`Desk::work_for`] and nowhere else.
    pub(super) acting: Session,
    /// The masks made last.
    pub(super) masks: KeptMasks,
    /// What is withheld from the person whose question came last.
    pub(super) looks: KeptLooks,
    /// When the register was last told how far the ledger goes.
    pub(super) witnessed: Timestamp,
    /// What belongs to each session.
    pub(super) sessions: Sessions,
    /// Where the store lies when the workspace is only read; dropped after it.
    private: Option<PrivateFolder>,
    /// A commit is in the ledger but not in the store: the decision stands, the view does not
    /// show it until the workspace is opened again.
    pub(super) store_behind: Option<String>,
    /// Whether what is in memory can be relied on.
    pub(super) standing: Standing,
    /// Whether decisions share a sync now.
    pub(super) grouping: Grouping,
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
            jobs: Jobs::default(),
            alone: false,
            finding: Finding::default(),
            witnessed: environment.clock.now(),
            workspace,
            acting: Session::local(environment.actor.clone(), environment.clock.zone()),
            environment,
            trees: Buffered::new(trees),
            reader: ledger.reader(),
            ledger,
            keyring,
            settings: Arc::new(settings),
            veiled: None,
            fingerprinter,
            caches: Caches::default(),
            queue: QueueCache::default(),
            claims: Claims::default(),
            news: News::default(),
            working: Working::default(),
            masks: KeptMasks::default(),
            looks: KeptLooks::default(),
            sessions: Sessions::default(),
            private: None,
            store_behind: None,
            standing: Standing::default(),
            grouping: Grouping::default(),
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

    /// On whose behalf the desk is working now.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.acting.person
    }

    /// Works for that session from now on: what is committed is in its person's name.
    pub(super) fn work_for(&mut self, who: &Session) {
        self.acting.clone_from(who);
        self.veil();
    }

    /// Works for that session from now on; whoever it worked for before.
    pub(super) fn act_as(&mut self, who: Session) -> Session {
        let before = std::mem::replace(&mut self.acting, who);
        self.veil();
        before
    }

    /// The settings in force, as whoever the desk works for sees things by them.
    #[must_use]
    pub(super) fn settings(&self) -> &Settings {
        self.veiled.as_deref().unwrap_or(&self.settings)
    }

    /// Other settings are in force from now on; those before.
    pub(super) fn put_in_force(&mut self, settings: Arc<Settings>) -> Arc<Settings> {
        let before = std::mem::replace(&mut self.settings, settings);
        self.veil();
        before
    }

    /// Believes the system's clock, however far ahead it is: somebody said that it is right.
    pub fn trust_clock(&mut self) {
        self.environment.clock = Arc::new(TrustedClock);
    }

    /// Now, by the desk's clock.
    #[must_use]
    pub(super) fn now(&self) -> Timestamp {
        self.environment.clock.now()
    }

    /// The people of the settings in force, whatever has become of `steward.toml`.
    #[must_use]
    pub fn people_in_force(&self) -> &[settings::Person] {
        &self.settings.people
    }

    /// What is odd about the clock, as things stand.
    #[must_use]
    pub fn clock_doubt(&self) -> Option<ClockDoubt> {
        ClockDoubt::of(self.now(), self.reader.head()?.at)
    }

    /// Whether a commit may carry the clock's time.
    fn must_be_believable(&self, at: Timestamp) -> Result<(), DeskError> {
        let last = self.reader.head().map_or(at, |head| head.at);
        match ClockDoubt::of(at, last) {
            Some(doubt @ ClockDoubt::FarAhead { .. }) if !self.environment.clock.is_trusted() => {
                Err(DeskError::Clock(doubt))
            }
            _ => Ok(()),
        }
    }

    /// The present facts.
    #[must_use]
    pub(super) fn facts(&self) -> Facts<'_> {
        self.facts_over(&self.trees)
    }

    pub(super) fn facts_over<'a>(&'a self, trees: &'a dyn Trees) -> Facts<'a> {
        Facts {
            view: View::over(trees),
            ledger: &self.reader,
            settings: self.settings(),
            fingerprinter: &self.fingerprinter,
            caches: &self.caches,
            pending: None,
            now: self.now(),
            zone: &self.acting.zone,
        }
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

    /// Appends to the ledger and brings the store up to it.
    pub(super) fn commit(&mut self, events: Vec<Event>) -> Result<Sequence, DeskError> {
        let commit = self.append(events)?;
        self.apply(&commit, None);
        Ok(commit.sequence)
    }

    /// As [`Desk::commit`]; gives what was written.
    pub(super) fn commit_kept(&mut self, events: Vec<Event>) -> Result<Commit, DeskError> {
        let commit = self.append(events)?;
        self.apply(&commit, None);
        Ok(commit)
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
    pub(super) fn must_be_up(&self) -> Result<(), DeskError> {
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
        let actor = self.acting.actor();
        self.standing.is_appending = true;
        let appended = self.ledger.append(at, &actor, &events);
        self.standing.is_appending = false;
        let head = appended?;
        self.news.note(&self.acting);
        if !self.grouping.is_on {
            self.tell_witness_in_time();
        }
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
        self.queue.forget();
        self.standing.wants_room =
            matches!(error, DeskError::Store(error) if error.is_of_full_disk());
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
        let done = work(self);
        self.release_changes()?;
        done
    }

    /// Writes the changes that were held back; not those of work that panicked, which may be half done.
    pub(super) fn release_changes(&mut self) -> Result<(), DeskError> {
        if self.standing.must_reopen {
            return Ok(());
        }
        let released = self.trees.release().map_err(DeskError::from);
        if let Err(error) = &released {
            let sequence = self.reader.head().map(|head| head.sequence).unwrap_or_default();
            self.fall_behind(sequence, error);
        }
        released
    }
}
