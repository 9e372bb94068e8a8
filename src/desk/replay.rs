//! Bringing a store up to its ledger: every commit folded, then what depends on the settings
//! derived. A store that is in use catches up; one that is no use is rebuilt beside it.

use std::path::Path;

use super::adoption::adopted_settings;
use super::caches::Caches;
use super::derived::{self, changed_records};
use super::environment::Environment;
use super::error::DeskError;
use super::facts::{Facts, NOWHERE};
use super::read_ahead;
use super::workspace::{Workspace, file_error};
use domain::{Commit, Event, Fingerprinter, RecordId, Sequence};
use ledger::{LedgerError, LedgerReader};
use settings::Settings;
use store::{ApplyChanges, Buffered, Overlay, Store, View, fold};

/// Told how far a replay is: commits done, commits in all.
pub type ReplayProgress<'p> = &'p mut dyn FnMut(u64, u64);

/// Events folded between two writes of the store: sled takes several times a batch in memory.
const EVENTS_A_BATCH: usize = 5_000;

/// A store that was there, brought up to the ledger.
pub(super) enum Brought {
    /// It is.
    Up {
        /// The store.
        trees: Store,
        /// Commits it had missed.
        replayed: u64,
    },
    /// It missed a change of the settings, so that all must be derived again.
    OtherSettings {
        /// Commits it had missed.
        replayed: u64,
    },
}

/// Looks through a store that was not closed well, and replays what it missed.
pub(super) fn bring_up(
    (mut trees, reader, fingerprinter): (Store, &LedgerReader, &Fingerprinter),
    head: Sequence,
    environment: &Environment,
    progress: ReplayProgress<'_>,
) -> Result<Brought, DeskError> {
    if !trees.was_sealed() {
        trees.check()?;
    }
    let reached = View::over(&trees).head()?.map_or(Sequence::ZERO, |(sequence, _)| sequence);
    let replayed = head.0.saturating_sub(reached.0);
    if replayed > 0 && !catch_up(&mut trees, reader, fingerprinter, environment, progress)? {
        return Ok(Brought::OtherSettings { replayed });
    }
    Ok(Brought::Up { trees, replayed })
}

/// Builds a store beside the one in use and switches to it; one that is not kept is just built. Where
/// the ledger may hold settings whose judging of all tasks did not come to its end, it says so: until
/// that is done, every opening finds it there.
pub(super) fn rebuild_store(
    workspace: &Workspace,
    reader: &LedgerReader,
    fingerprinter: &Fingerprinter,
    environment: &Environment,
    progress: ReplayProgress<'_>,
) -> Result<Store, DeskError> {
    rebuild_unjudged(
        workspace,
        (reader, fingerprinter),
        may_be_unjudged(reader)?,
        environment,
        progress,
    )
}

/// The same; where `unjudged` is said, tasks are to be judged by the settings that the ledger has.
pub(super) fn rebuild_unjudged(
    workspace: &Workspace,
    (reader, fingerprinter): (&LedgerReader, &Fingerprinter),
    unjudged: bool,
    environment: &Environment,
    progress: ReplayProgress<'_>,
) -> Result<Store, DeskError> {
    if !environment.databases.are_kept() {
        let folder = workspace.temporary();
        let trees = replay_into(&folder, reader, fingerprinter, environment, progress)?;
        trees.set_unjudged(unjudged)?;
        return Ok(trees);
    }
    let number = workspace.store()?.map_or(1, |(number, _)| number + 1);
    let making = workspace.temporary().join(format!("store-{number}"));
    remove_folder(&making)?;
    for folder in [&workspace.temporary(), &making] {
        environment
            .files
            .create_folder(folder)
            .map_err(|error| file_error("making", folder, error))?;
    }
    let trees = replay_into(&making, reader, fingerprinter, environment, progress)?;
    trees.set_unjudged(unjudged)?;
    trees.flush()?;
    drop(trees);
    let folder = workspace.store_folder(number);
    std::fs::rename(&making, &folder).map_err(|error| file_error("renaming", &making, error))?;
    for (older, path) in workspace.stores()? {
        if older < number {
            remove_folder(&path)?;
        }
    }
    Ok(environment.databases.open(&folder)?)
}

/// Whether the ledger ends with other settings and, at most, with some of the tasks that follow from
/// them. Nothing else is committed before all of them are.
fn may_be_unjudged(reader: &LedgerReader) -> Result<bool, DeskError> {
    let mut at = reader.head().map_or(Sequence::ZERO, |head| head.sequence);
    // The first commit makes the workspace.
    while at > Sequence(1) {
        let events = reader.commit(at)?.events;
        if !events.iter().all(|event| matches!(event, Event::TaskChanged(_))) {
            return Ok(events.iter().any(|event| matches!(event, Event::SettingsAdopted(_))));
        }
        at = Sequence(at.0 - 1);
    }
    Ok(false)
}

/// Removes a store's folder, and a file that stands in its place.
fn remove_folder(folder: &Path) -> Result<(), DeskError> {
    let is_file = std::fs::symlink_metadata(folder).is_ok_and(|about| !about.is_dir());
    let removed =
        if is_file { std::fs::remove_file(folder) } else { std::fs::remove_dir_all(folder) };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(file_error("removing", folder, error))
        }
        _ => Ok(()),
    }
}

/// Makes a store in an empty folder and folds every commit into it. Pages are written once each as
/// far as memory goes: nobody uses the store before all is there.
pub(super) fn replay_into(
    folder: &Path,
    reader: &LedgerReader,
    fingerprinter: &Fingerprinter,
    environment: &Environment,
    progress: ReplayProgress<'_>,
) -> Result<Store, DeskError> {
    let mut trees = Buffered::new(environment.databases.open(folder)?);
    trees.hold_many();
    let head = reader.head().map(|head| head.sequence).unwrap_or_default();
    replay_up_to(&mut trees, (reader, fingerprinter), head, environment, progress)?;
    Ok(trees.into_released()?)
}

/// Folds every commit up to and with `last` into a store that is not in use yet, then derives what
/// depends on the settings.
pub(super) fn replay_up_to(
    trees: &mut impl ApplyChanges,
    (reader, fingerprinter): (&LedgerReader, &Fingerprinter),
    last: Sequence,
    environment: &Environment,
    progress: ReplayProgress<'_>,
) -> Result<(), DeskError> {
    let mut touched: Vec<RecordId> = Vec::new();
    let count = usize::try_from(last.0).unwrap_or(usize::MAX);
    let mut commits = read_ahead::commits_from(reader, Sequence(1)).take(count).peekable();
    let mut done = 0;
    while commits.peek().is_some() {
        let mut overlay = Overlay::over(trees);
        let batch = fold_batch(&mut overlay, &mut commits, reader, fingerprinter)?;
        touched.extend(batch.touched);
        done += batch.commits;
        progress(done, last.0);
        let changes = overlay.into_changes();
        trees.apply(changes)?;
    }
    touched.sort_unstable();
    touched.dedup();
    let settings = adopted_settings(trees, reader)?;
    for chunk in touched.chunks(EVENTS_A_BATCH) {
        let mut overlay = Overlay::over(trees);
        derive(&mut overlay, chunk, reader, &settings, fingerprinter, environment)?;
        let changes = overlay.into_changes();
        trees.apply(changes)?;
    }
    Ok(())
}

/// Brings a store that is in use up to the ledger. Each batch is written whole, with what derives
/// from it: a store that knows a commit is never asked again what follows from it. False where the
/// settings changed on the way, so that all must be derived again.
fn catch_up(
    trees: &mut Store,
    reader: &LedgerReader,
    fingerprinter: &Fingerprinter,
    environment: &Environment,
    progress: ReplayProgress<'_>,
) -> Result<bool, DeskError> {
    let reached = View::over(trees).head()?.map_or(Sequence::ZERO, |(sequence, _)| sequence);
    if reached == Sequence::ZERO {
        return Ok(false);
    }
    let total = reader.head().map_or(0, |head| head.sequence.0 - reached.0);
    let settings = adopted_settings(trees, reader)?;
    let mut commits = read_ahead::commits_from(reader, reached.next()).peekable();
    let mut done = 0;
    while commits.peek().is_some() {
        let mut overlay = Overlay::over(trees);
        let mut batch = fold_batch(&mut overlay, &mut commits, reader, fingerprinter)?;
        if batch.adopts_settings {
            return Ok(false);
        }
        batch.touched.sort_unstable();
        batch.touched.dedup();
        derive(&mut overlay, &batch.touched, reader, &settings, fingerprinter, environment)?;
        done += batch.commits;
        progress(done, total);
        let changes = overlay.into_changes();
        trees.apply(changes)?;
    }
    Ok(true)
}

/// What a batch of commits was about.
#[derive(Default)]
struct Batch {
    commits: u64,
    touched: Vec<RecordId>,
    adopts_settings: bool,
}

fn fold_batch(
    overlay: &mut Overlay<'_>,
    commits: &mut impl Iterator<Item = Result<Commit, LedgerError>>,
    reader: &LedgerReader,
    fingerprinter: &Fingerprinter,
) -> Result<Batch, DeskError> {
    let mut batch = Batch::default();
    let mut events = 0;
    for commit in commits {
        let commit = commit?;
        fold(overlay, &commit, reader.chain_at(commit.sequence)?, fingerprinter)?;
        batch.touched.extend(commit.events.iter().flat_map(changed_records));
        batch.adopts_settings |=
            commit.events.iter().any(|event| matches!(event, Event::SettingsAdopted(_)));
        batch.commits += 1;
        events += commit.events.len();
        if events >= EVENTS_A_BATCH {
            break;
        }
    }
    Ok(batch)
}

/// Derives what depends on the settings, for records as the overlay has them.
fn derive(
    overlay: &mut Overlay<'_>,
    records: &[RecordId],
    reader: &LedgerReader,
    settings: &Settings,
    fingerprinter: &Fingerprinter,
    environment: &Environment,
) -> Result<(), DeskError> {
    let caches = Caches::default();
    let facts = Facts {
        view: View::over(&*overlay),
        ledger: reader,
        settings,
        fingerprinter,
        caches: &caches,
        pending: None,
        now: environment.clock.now(),
        zone: &NOWHERE,
    };
    let values = derived::of_records(facts, records.iter().copied())?;
    derived::write(overlay, &caches, settings, values)
}
