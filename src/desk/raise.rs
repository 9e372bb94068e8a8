//! What stands on a ledger that was just opened, or read again: what lies beside it is looked at, what
//! was interrupted is completed, and the store is brought up to it or rebuilt.

use super::adoption::adopted_settings;
use super::environment::Environment;
use super::erasure::complete::{complete, finish};
use super::error::DeskError;
use super::keys::fingerprinter;
use super::lost::no_workspace;
use super::marks;
use super::reading::ReadingOnly;
use super::replay::{Brought, ReplayProgress, bring_up, rebuild_store, rebuild_unjudged};
use super::witness::{self, Knowledge, Known};
use super::workspace::Workspace;
use domain::{Fingerprinter, Sequence};
use ledger::keys::Keyring;
use ledger::{CutTail, Ledger, Witness};
use settings::Settings;
use store::{Store, StoreError};

/// What opening had to do, to be said to the user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpenReport {
    /// The end of the ledger that was no whole commit, and was cut.
    pub cut: Option<CutTail>,
    /// One of the two copies of the keys was missing, damaged or out of date, and was replaced.
    pub keys_mended: bool,
    /// Commits the store had missed and was brought up to.
    pub replayed: u64,
    /// The store was built again; what was wrong with the one before: `missing`.
    pub rebuilt: Option<String>,
    /// Erasures that were completed: the one just made, or interrupted ones.
    pub erasures: Vec<Sequence>,
    /// An erasure could not be completed, and why; nobody reads what it erased, and the next
    /// opening tries again.
    pub erasure_unfinished: Option<String>,
    /// It was opened only to be read, and why.
    pub reading_only: Option<ReadingOnly>,
    /// The ledger's last commit when it was opened.
    pub up_to: Sequence,
    /// Who outside the ledger knows how far it went.
    pub known: Known,
    /// The register's note, which could not be read, was written again.
    pub note_renewed: bool,
    /// A torn tail that was left where it is, since the workspace was opened to be read.
    pub unfinished: Option<CutTail>,
}

/// Which store an opening wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The one that is there, where it can be used.
    AsItIs,
    /// One rebuilt from the ledger.
    Anew,
}

/// What lies beside a ledger. It may be looked at once the lock is held.
pub(super) struct Beside {
    store: Result<Store, StoreError>,
    marks: Vec<u8>,
    known: Known,
}

impl Default for Beside {
    fn default() -> Self {
        let store = Err(StoreError::Failed { reason: "not opened".into() });
        Self { store, marks: Vec::new(), known: Known::default() }
    }
}

impl Beside {
    /// Looks; gives the commits that are known to have been acknowledged.
    pub(super) fn look_at(
        &mut self,
        workspace: &Workspace,
        environment: &Environment,
        wanted: Wanted,
    ) -> Vec<Witness> {
        self.store = open_store(workspace, environment);
        self.marks = self.store.as_ref().map(marks::kept).unwrap_or_default();
        let Knowledge { witnesses, known } =
            witness::ask(workspace, environment, self.store.as_ref().ok());
        self.known = known;
        if wanted == Wanted::Anew {
            self.store = Err(StoreError::Damaged { what: "it is being rebuilt".to_owned() });
        }
        witnesses
    }
}

/// What stands on a ledger once the store is up to it.
pub(super) struct Raised {
    pub(super) trees: Store,
    pub(super) settings: Settings,
    pub(super) fingerprinter: Fingerprinter,
    /// Nothing is left to be judged by settings that somebody adopted.
    pub(super) is_judged: bool,
}

/// Brings what lies beside a ledger up to it, and completes what was interrupted. The ledger was just
/// opened.
pub(super) fn raise(
    ledger: &mut Ledger,
    cut: Option<CutTail>,
    beside: Beside,
    (workspace, environment, keyring): (&Workspace, &Environment, Option<&Keyring>),
    progress: ReplayProgress<'_>,
) -> Result<(Raised, OpenReport), DeskError> {
    must_have_begun(ledger, workspace, environment)?;
    let Beside { store, marks, known } = beside;
    let keys_mended = settle(keyring)?;
    let up_to = ledger.head().map(|head| head.sequence).unwrap_or_default();
    let mut report = OpenReport { cut, keys_mended, up_to, known, ..OpenReport::default() };
    let reader = ledger.reader();
    let fingerprinter = fingerprinter(&reader)?;
    ledger.believe(marks::decode(&marks, &fingerprinter));
    match complete(ledger, environment) {
        Ok(erasures) => report.erasures = erasures,
        Err(error) => report.erasure_unfinished = Some(error.to_string()),
    }
    let mut store = store.map_err(DeskError::from);
    if !report.erasures.is_empty() {
        // The old one knew the erased records; its pages would keep their traces.
        drop(store);
        let made = rebuild_store(workspace, &reader, &fingerprinter, environment, progress)?;
        let erasures = &report.erasures;
        if let Err(error) = finish(ledger, workspace, environment, erasures) {
            report.erasure_unfinished = Some(error.to_string());
        }
        store = Ok(made);
    }
    let head = ledger.head().map(|head| head.sequence).unwrap_or_default();
    let brought = store.and_then(|trees| {
        bring_up((trees, &reader, &fingerprinter), head, environment, &mut *progress)
    });
    let trees = match brought {
        Ok(Brought::Up { trees, replayed }) => {
            report.replayed = if report.erasures.is_empty() { replayed } else { 0 };
            trees
        }
        Ok(Brought::OtherSettings { replayed }) => {
            report.replayed = replayed;
            let ledger = (&reader, &fingerprinter);
            rebuild_unjudged(workspace, ledger, true, environment, progress)?
        }
        Err(DeskError::Store(StoreError::Damaged { what })) => {
            report.rebuilt = Some(what_was_wrong(what));
            rebuild_store(workspace, &reader, &fingerprinter, environment, progress)?
        }
        Err(error) => return Err(error),
    };
    let settings = adopted_settings(&trees, &reader)?;
    let is_judged = !trees.is_unjudged()?;
    Ok((Raised { trees, settings, fingerprinter, is_judged }, report))
}

/// Once the lock is held: whether one of the two files of keys had to be mended.
fn settle(keyring: Option<&Keyring>) -> Result<bool, DeskError> {
    Ok(keyring.map_or(Ok(false), Keyring::settle)?)
}

/// A ledger without a commit was never acknowledged: making it was interrupted.
fn must_have_begun(
    ledger: &Ledger,
    workspace: &Workspace,
    environment: &Environment,
) -> Result<(), DeskError> {
    ledger.head().map(|_| ()).ok_or_else(|| no_workspace(workspace, environment))
}

fn open_store(workspace: &Workspace, environment: &Environment) -> Result<Store, StoreError> {
    let found = workspace.store().map_err(|error| StoreError::Failed { reason: error.to_string() });
    match found? {
        Some((_, folder)) => environment.databases.open(&folder),
        None => Err(StoreError::Damaged { what: NOT_THERE.to_owned() }),
    }
}

/// What is said of a store that is missing.
pub(super) const NOT_THERE: &str = "it is missing";

/// What was wrong with a store, to be read after "the view was".
pub(super) fn what_was_wrong(what: String) -> String {
    if what == NOT_THERE { "missing".to_owned() } else { format!("damaged ({what})") }
}
