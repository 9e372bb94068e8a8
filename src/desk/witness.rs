//! Witnesses: who outside the ledger knows how far it went. The view knows the last commit folded
//! into it; the register, which lies outside the workspace, keeps the newest commit and its chain hash
//! for each folder that a workspace was worked in.
//!
//! The register's note is written when a workspace is closed and at most once a minute while it is
//! open, and not synced: one that is older than the ledger is harmless, one that is damaged is none. It
//! is a folder's, not a workspace's: a copy of a workspace goes its own way, and a restored one begins
//! again.

use std::path::PathBuf;
use std::{fmt, io};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::environment::Environment;
use super::error::DeskError;
use super::register::{Register, read_whole};
use super::workspace::{Workspace, file_error};
use domain::Sequence;
use domain::hexadecimal::{decode_array, encode as hex};
use ledger::keys::Keyring;
use ledger::ports::files::Access;
use ledger::{DamageKind, Head, Teller, Witness};
use store::{Store, View, sealed_head};

/// Bytes of the hash that a note ends with, so that a damaged one is no witness.
const CHECKSUM: usize = 16;

/// The register's note on one folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    folder: String,
    sequence: Sequence,
    chain: String,
    at: Timestamp,
}

/// Up to which commit somebody outside the ledger knows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// The last commit that the view has seen; none where there is no view that can tell.
    pub view: Option<Sequence>,
    /// The last commit that the register has seen in this folder, and when.
    pub register: Option<(Sequence, Timestamp)>,
    /// The register's note, where it cannot be read.
    pub unreadable: Option<Unread>,
}

/// A note that is no witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The note, or the folder of the register.
    pub path: PathBuf,
    /// What stands there instead; none where it is a note that is damaged, and is rewritten.
    pub reason: Option<String>,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.reason {
            None => write!(f, "{path} cannot be read, so it does not say how far the ledger went"),
            Some(reason) => {
                write!(f, "the register cannot say how far the ledger went: {path}: {reason}")
            }
        }
    }
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.view, self.register) {
            (Some(view), Some((seen, at))) => write!(
                f,
                "the view knows it up to commit {view}, the register up to commit {seen} \
                 (noted {at:.0})"
            ),
            (Some(view), None) => {
                write!(f, "the view knows it up to commit {view}, the register not at all")
            }
            (None, Some((seen, at))) => write!(
                f,
                "the register knows it up to commit {seen} (noted {at:.0}), the view cannot say"
            ),
            (None, None) => {
                f.write_str("neither the view nor the register can say how far it went")
            }
        }
    }
}

/// What those outside the ledger say.
pub(super) struct Knowledge {
    pub(super) witnesses: Vec<Witness>,
    pub(super) known: Known,
}

/// Asks the view, where there is one, and the register.
pub(super) fn ask(
    workspace: &Workspace,
    environment: &Environment,
    view: Option<&Store>,
) -> Knowledge {
    ask_with(workspace, environment, view.and_then(seen_by_view))
}

/// What the store has seen; a store that cannot tell is no witness.
fn seen_by_view(trees: &Store) -> Option<Witness> {
    let (sequence, chain) = View::over(trees).head().ok()??;
    Some(Witness { sequence, chain, by: Teller::View })
}

/// As [`ask`], for who holds no lock: of the view its seal is asked, which is not opened for it.
pub(super) fn ask_from_outside(workspace: &Workspace, environment: &Environment) -> Knowledge {
    let store = workspace.store().ok().flatten();
    let sealed = store.and_then(|(_, folder)| sealed_head(&folder));
    let seen = sealed.map(|(sequence, chain)| Witness { sequence, chain, by: Teller::View });
    ask_with(workspace, environment, seen)
}

fn ask_with(workspace: &Workspace, environment: &Environment, view: Option<Witness>) -> Knowledge {
    let mut knowledge = Knowledge { witnesses: Vec::new(), known: Known::default() };
    if let Some(seen) = view {
        knowledge.known.view = Some(seen.sequence);
        knowledge.witnesses.push(seen);
    }
    let (files, hidden) = (&*environment.files, workspace.hidden());
    let id = ledger::inspect(files, &hidden).ok().and_then(|found| found.workspace);
    // Where no segment tells, the keys do.
    let id = id.or_else(|| Keyring::workspace_of(files, &hidden));
    match id.and_then(|id| Register::of(environment, &id)).map(|it| it.witness(workspace)) {
        Some(Ok(Some((witness, at)))) => {
            knowledge.known.register = Some((witness.sequence, at));
            knowledge.witnesses.push(witness);
        }
        Some(Err(unread)) => knowledge.known.unreadable = Some(unread),
        Some(Ok(None)) | None => {}
    }
    knowledge
}

/// What of a ledger that ends at `head` is gone, as a witness knows; `chain_at` gives the chain's hash
/// after a commit, where that can be read.
pub(super) fn denied(
    witness: Witness,
    head: Sequence,
    chain_at: impl FnOnce(Sequence) -> Option<[u8; 32]>,
) -> Option<DamageKind> {
    let Witness { sequence, chain, by } = witness;
    if sequence > head {
        return Some(DamageKind::Lost { first: head.next(), sequence, by });
    }
    if sequence == Sequence::ZERO {
        return None;
    }
    let differs = chain_at(sequence).is_some_and(|found| found != chain);
    differs.then_some(DamageKind::Foreign { sequence, by })
}

impl Register {
    /// Its note on the folder of a workspace: one file a folder.
    fn witness_path(&self, workspace: &Workspace) -> (String, PathBuf) {
        let folder = workspace.folder();
        let folder = std::fs::canonicalize(folder).or_else(|_| std::path::absolute(folder));
        let folder = folder.unwrap_or_else(|_| workspace.folder().to_owned()).display().to_string();
        let name = hex(&blake3::hash(folder.as_bytes()).as_bytes()[..8]);
        (folder, self.folder().join(format!("witness-{name}")))
    }

    /// Where its note on the folder of a workspace is, or would be.
    pub(super) fn witness_note(&self, workspace: &Workspace) -> PathBuf {
        self.witness_path(workspace).1
    }

    /// The newest commit that was seen in the folder of a workspace, and when.
    ///
    /// # Errors
    /// The note, where it is there and cannot be read, or a register that is not steward's own.
    pub(super) fn witness(
        &self,
        workspace: &Workspace,
    ) -> Result<Option<(Witness, Timestamp)>, Unread> {
        let refused =
            |path: PathBuf, error: io::Error| Unread { path, reason: Some(error.to_string()) };
        self.judge_folders().map_err(|(folder, error)| refused(folder, error))?;
        let (folder, path) = self.witness_path(workspace);
        let content = match self.files.open(&path, Access::Read) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.and_then(|file| read_whole(&*file)),
        };
        let content = content.map_err(|error| refused(path.clone(), error))?;
        let damaged = || Unread { path: path.clone(), reason: None };
        let note = read_note(&content).ok_or_else(damaged)?;
        // Two folders whose names have the same hash: the other's note says nothing of this one.
        if note.folder != folder {
            return Ok(None);
        }
        let chain = decode_array(&note.chain).ok_or_else(damaged)?;
        Ok(Some((Witness { sequence: note.sequence, chain, by: Teller::Register }, note.at)))
    }

    /// Remembers the newest commit of the workspace in a folder. It is not synced.
    ///
    /// # Errors
    /// When the note cannot be written.
    pub(super) fn set_witness(
        &self,
        workspace: &Workspace,
        head: Head,
        at: Timestamp,
    ) -> Result<(), DeskError> {
        let (folder, path) = self.witness_path(workspace);
        let note = Note { folder, sequence: head.sequence, chain: hex(&head.chain), at };
        let failed = |error| file_error("writing to", &path, error);
        let mut line = serde_json::to_vec(&note).map_err(|error| failed(error.into()))?;
        self.must_be_own()?;
        line.push(b' ');
        line.extend_from_slice(checksum(&line[..line.len() - 1]).as_bytes());
        line.push(b'\n');
        let file = match self.files.open(&path, Access::Write) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make_folder(self.folder())
                    .map_err(|error| file_error("making", self.folder(), error))?;
                self.files.open(&path, Access::CreateNew)
            }
            opened => opened,
        };
        let file = file.map_err(failed)?;
        file.write_at(&line, 0).and_then(|()| file.truncate(line.len() as u64)).map_err(failed)
    }

    /// Forgets what was seen in the folder of a workspace, which is to become another state of it.
    ///
    /// # Errors
    /// When the note cannot be removed.
    pub(super) fn forget_witness(&self, workspace: &Workspace) -> Result<(), DeskError> {
        self.must_be_own()?;
        let (_, path) = self.witness_path(workspace);
        match self.files.remove(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(file_error("removing", &path, error))
            }
            _ => Ok(()),
        }
    }
}

fn checksum(said: &[u8]) -> String {
    hex(&blake3::hash(said).as_bytes()[..CHECKSUM])
}

/// The first line of a note; what follows was left by a longer one.
fn read_note(content: &[u8]) -> Option<Note> {
    let line = content.split(|byte| *byte == b'\n').next()?;
    let (said, sum) = line.split_at_checked(line.len().checked_sub(2 * CHECKSUM)?)?;
    let said = said.strip_suffix(b" ")?;
    (checksum(said).as_bytes() == sum).then_some(())?;
    serde_json::from_slice(said).ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::tests::TestDesk;

    fn head(number: u64) -> Head {
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        Head { sequence: Sequence(number), chain: [number as u8; 32], at }
    }

    fn seen(register: &Register, workspace: &Workspace) -> Option<u64> {
        register.witness(workspace).unwrap().map(|(witness, _)| witness.sequence.0)
    }

    #[test]
    fn each_folder_has_a_witness_of_its_own() {
        let mut test = TestDesk::new();
        let register = test.desk().register().unwrap();
        let (one, other) = (test.workspace(), Workspace::at(test.folder.path().join("other")));
        for number in [12, 1_234_567, 9] {
            register.set_witness(&one, head(number), head(1).at).unwrap();
            assert_eq!(seen(&register, &one), Some(number));
        }
        assert_eq!(seen(&register, &other), None);
        register.set_witness(&other, head(3), head(1).at).unwrap();
        register.forget_witness(&one).unwrap();
        register.forget_witness(&one).unwrap();
        assert_eq!((seen(&register, &one), seen(&register, &other)), (None, Some(3)));
    }

    #[test]
    fn a_damaged_note_is_no_witness_whatever_bit_is_flipped() {
        let mut test = TestDesk::new();
        let (register, workspace) = (test.desk().register().unwrap(), test.workspace());
        register.set_witness(&workspace, head(7), head(1).at).unwrap();
        let (_, path) = register.witness_path(&workspace);
        let whole = std::fs::read(&path).unwrap();
        let line = whole.len() - 1;
        let is_none = |bytes: &[u8], path: &Path| {
            std::fs::write(path, bytes).unwrap();
            register.witness(&workspace).is_err()
        };
        for bit in 0..line * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(is_none(&flipped, &path), "bit {bit}");
        }
        assert!((0..line).all(|end| is_none(&whole[..end], &path)));
        assert!(!is_none(&[&whole[..], b"left of a longer one"].concat(), &path));
    }

    #[test]
    fn who_knows_nothing_promises_nothing() {
        let at: Timestamp = "2026-11-28T10:02:03.5Z".parse().unwrap();
        let known = |view: Option<u64>, register: Option<u64>| Known {
            view: view.map(Sequence),
            register: register.map(|number| (Sequence(number), at)),
            unreadable: None,
        };
        for (known, text) in [
            (known(None, None), "neither the view nor the register can say how far it went"),
            (known(Some(4), None), "the view knows it up to commit 4, the register not at all"),
            (
                known(Some(4), Some(3)),
                "the view knows it up to commit 4, the register up to commit 3 (noted \
                 2026-11-28T10:02:03Z)",
            ),
        ] {
            assert_eq!(known.to_string(), text);
        }
    }
}
