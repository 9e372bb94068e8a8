//! Whether the store is what the ledger says: every commit folded into memory, and each entry
//! compared. Nothing in the workspace is changed; what is looked into is a private copy.

use std::sync::Arc;

use super::core::Desk;
use super::environment::Environment;
use super::error::DeskError;
use super::keys::{fingerprinter, open_keyring};
use super::ledger_options::options;
use super::private::PrivateFolder;
use super::reading::copied_store;
use super::replay::{self, Brought, ReplayProgress};
use super::witness;
use super::workspace::Workspace;
use domain::Sequence;
use ledger::ports::files::Lock;
use ledger::{DamageKind, LedgerReader, Teller, Witness};
use store::{Difference, MemoryTrees, Store, StoreError, View};

/// What a store is, compared with the fold of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreVerdict {
    /// Each entry is what the ledger says.
    Same {
        /// Entries compared.
        entries: u64,
        /// The last commit it has seen.
        reached: Sequence,
        /// Commits it has still to be brought up to; opening does that.
        behind: u64,
    },
    /// There is none; opening makes it.
    Absent,
    /// It cannot be read, or holds something else than the ledger says; opening or
    /// `steward rebuild` makes it again.
    Wrong {
        /// In which way.
        what: String,
    },
    /// It has seen a commit that the ledger does not have, or has another of: acknowledged commits are
    /// lost.
    Denies {
        /// The commit it has seen.
        sequence: Sequence,
        /// What the ledger does not hold.
        what: DamageKind,
    },
    /// It could not be looked at.
    NotCompared {
        /// Why.
        reason: String,
    },
}

impl StoreVerdict {
    /// It in a word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            StoreVerdict::Same { behind: 0, .. } => "same",
            StoreVerdict::Same { .. } => "behind",
            StoreVerdict::Absent => "absent",
            StoreVerdict::Wrong { .. } => "wrong",
            StoreVerdict::Denies { what: DamageKind::Lost { .. }, .. } => "ahead",
            StoreVerdict::Denies { .. } => "of another history",
            StoreVerdict::NotCompared { .. } => "not compared",
        }
    }

    /// Whether something is wrong.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        matches!(self, StoreVerdict::Wrong { .. } | StoreVerdict::Denies { .. })
    }

    /// The last commit it has seen, as far as it can tell.
    pub(super) fn reached(&self) -> Option<Sequence> {
        match self {
            StoreVerdict::Same { reached, .. } => Some(*reached),
            StoreVerdict::Denies { sequence, .. } => Some(*sequence),
            _ => None,
        }
    }
}

impl Desk {
    /// Compares the store of a workspace with the fold of its ledger, entry by entry. The ledger
    /// must be sound; `unfinished` are its erasures that are not done.
    ///
    /// # Errors
    /// When the ledger cannot be read; a store that cannot is a verdict.
    pub(super) fn compare_store(
        workspace: &Workspace,
        environment: &Environment,
        unfinished: &[Sequence],
        progress: ReplayProgress<'_>,
    ) -> Result<StoreVerdict, DeskError> {
        let path = workspace.hidden().join("lock");
        // Held while the copy is made: nobody changes the store under our hands.
        let (lock, holder) =
            match environment.files.try_lock(&path, &options(environment, None).holder) {
                Ok(Lock::HeldBy(holder)) => (None, Some(holder)),
                Ok(Lock::Taken(guard)) => (Some(guard), None),
                // A folder that cannot be written is not written by others either.
                Err(_) => (None, None),
            };
        if workspace.store()?.is_none() {
            return Ok(StoreVerdict::Absent);
        }
        let copied = PrivateFolder::make(&*environment.randomness).and_then(|folder| {
            let trees = copied_store(workspace, environment, &folder, holder.is_some())?;
            Ok((folder, trees))
        });
        let (folder, trees) = match copied {
            Ok(copied) => copied,
            Err(error @ DeskError::File { .. }) => {
                return Ok(StoreVerdict::NotCompared { reason: error.to_string() });
            }
            Err(DeskError::Store(StoreError::Damaged { what })) => {
                return Ok(StoreVerdict::Wrong { what });
            }
            Err(error) => return Err(error),
        };
        // After the store: what it has seen is in the ledger.
        let hidden = workspace.hidden();
        let files = Arc::clone(&environment.files);
        let keyring = open_keyring(workspace, environment)?;
        let options = options(environment, keyring.as_ref());
        let (reader, _, _) = LedgerReader::open_read_only(files, &hidden, &options)?;
        drop(lock);
        let compared = trees
            .map_err(DeskError::from)
            .and_then(|trees| compare(trees, &reader, environment, progress));
        drop(folder);
        let verdict = match compared {
            Err(DeskError::Store(StoreError::Damaged { what })) => StoreVerdict::Wrong { what },
            Err(DeskError::Store(StoreError::Failed { reason })) => {
                StoreVerdict::NotCompared { reason }
            }
            compared => compared?,
        };
        let reason = match (&verdict, holder, unfinished.first()) {
            (StoreVerdict::Wrong { .. }, Some(holder), _) => {
                format!("{holder} is changing it; verify again when that is done")
            }
            (StoreVerdict::Wrong { .. }, None, Some(erasure)) => format!(
                "the erasure of commit {erasure} is not complete; the next command that writes \
                 completes it and rebuilds the view"
            ),
            _ => return Ok(verdict),
        };
        Ok(StoreVerdict::NotCompared { reason })
    }
}

fn compare(
    trees: Store,
    reader: &LedgerReader,
    environment: &Environment,
    progress: ReplayProgress<'_>,
) -> Result<StoreVerdict, DeskError> {
    let head = reader.head().map(|head| head.sequence).unwrap_or_default();
    let Some((reached, chain)) = View::over(&trees).head()? else {
        return Ok(StoreVerdict::Wrong { what: "it is empty".to_owned() });
    };
    let seen = Witness { sequence: reached, chain, by: Teller::View };
    if let Some(what) = witness::denied(seen, head, |sequence| reader.chain_at(sequence).ok()) {
        return Ok(StoreVerdict::Denies { sequence: reached, what });
    }
    let behind = head.0 - reached.0;
    let found = differs(&trees, reader, reached, environment, &mut *progress)?;
    if found.differing > 0 && behind > 0 {
        return once_brought_up(trees, reader, head, environment, progress);
    }
    Ok(verdict(&found, reached, behind))
}

/// A command that was killed may have written some of what it did and not that it did: what counts is
/// what the next one makes of it.
fn once_brought_up(
    trees: Store,
    reader: &LedgerReader,
    head: Sequence,
    environment: &Environment,
    progress: ReplayProgress<'_>,
) -> Result<StoreVerdict, DeskError> {
    let fingerprinter = fingerprinter(reader)?;
    let parts = (trees, reader, &fingerprinter);
    match replay::bring_up(parts, head, environment, &mut *progress)? {
        Brought::Up { trees, replayed } => {
            let found = differs(&trees, reader, head, environment, progress)?;
            Ok(verdict(&found, Sequence(head.0 - replayed), replayed))
        }
        Brought::OtherSettings { .. } => Ok(StoreVerdict::NotCompared {
            reason: "it missed a change of settings; the next command rebuilds it".into(),
        }),
    }
}

/// In what a store differs from the fold of the ledger up to a commit.
fn differs(
    trees: &Store,
    reader: &LedgerReader,
    up_to: Sequence,
    environment: &Environment,
    progress: ReplayProgress<'_>,
) -> Result<Difference, DeskError> {
    let fingerprinter = fingerprinter(reader)?;
    let mut folded = MemoryTrees::default();
    replay::replay_up_to(&mut folded, (reader, &fingerprinter), up_to, environment, progress)?;
    Ok(store::difference(trees, &folded)?)
}

fn verdict(found: &Difference, reached: Sequence, behind: u64) -> StoreVerdict {
    let Difference { compared, differing, first } = found;
    if *differing > 0 {
        let what = format!("{differing} of {compared} entries differ from the ledger, {first}");
        return StoreVerdict::Wrong { what };
    }
    StoreVerdict::Same { entries: *compared, reached, behind }
}
