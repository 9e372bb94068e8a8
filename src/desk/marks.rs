//! The marks of checked bodies, kept in the store from one process to the next: what of each segment
//! of the ledger was read, and when. They are sealed with the workspace's key, so that nobody else can
//! say that something was checked.

use super::core::Desk;
use super::environment::Environment;
use super::error::DeskError;
use super::keys::fingerprinter;
use super::ledger_options::options;
use super::workspace::Workspace;
use domain::hexadecimal::encode as hex;
use domain::{Fingerprinter, Sequence};
use ledger::keys::Keyring;
use ledger::ports::files::Lock;
use ledger::{LedgerReader, Mark, day_of};
use store::Store;

/// Segment, generation, length, commit, chain hash, time of change, day.
const LENGTH: usize = 4 + 4 + 8 + 8 + 32 + 8 + 4;
const SEAL: usize = 8;
/// What a process that closes leaves unread to the next one.
const LEFT_UNREAD: u64 = 1024 * 1024;

/// Marks as they are kept.
fn encode(marks: &[Mark], fingerprinter: &Fingerprinter) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(marks.len() * LENGTH + SEAL);
    for mark in marks {
        bytes.extend_from_slice(&mark.segment.to_le_bytes());
        bytes.extend_from_slice(&mark.generation.to_le_bytes());
        bytes.extend_from_slice(&mark.length.to_le_bytes());
        bytes.extend_from_slice(&mark.sequence.0.to_le_bytes());
        bytes.extend_from_slice(&mark.chain);
        bytes.extend_from_slice(&mark.changed.to_le_bytes());
        bytes.extend_from_slice(&mark.day.to_le_bytes());
    }
    let seal = seal(&bytes, fingerprinter);
    bytes.extend_from_slice(&seal);
    bytes
}

/// Marks that were kept; none where they are not what was written.
pub(super) fn decode(bytes: &[u8], fingerprinter: &Fingerprinter) -> Vec<Mark> {
    let Some((said, found)) = bytes.split_last_chunk::<SEAL>() else { return Vec::new() };
    if *found != seal(said, fingerprinter) {
        return Vec::new();
    }
    said.chunks_exact(LENGTH).filter_map(decode_one).collect()
}

fn decode_one(mut bytes: &[u8]) -> Option<Mark> {
    Some(Mark {
        segment: u32::from_le_bytes(take(&mut bytes)?),
        generation: u32::from_le_bytes(take(&mut bytes)?),
        length: u64::from_le_bytes(take(&mut bytes)?),
        sequence: Sequence(u64::from_le_bytes(take(&mut bytes)?)),
        chain: take(&mut bytes)?,
        changed: i64::from_le_bytes(take(&mut bytes)?),
        day: i32::from_le_bytes(take(&mut bytes)?),
    })
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*first)
}

fn seal(said: &[u8], fingerprinter: &Fingerprinter) -> [u8; SEAL] {
    fingerprinter.of(["marks of checked bodies", &hex(said)]).0.to_le_bytes()
}

/// What a store keeps; nothing where it cannot be read.
pub(super) fn kept(trees: &Store) -> Vec<u8> {
    trees.marks().ok().flatten().unwrap_or_default()
}

impl Desk {
    /// Reads all of the ledger that was not read today. To be called before long work writes: it
    /// must not go on behind damage that a look would have found.
    ///
    /// # Errors
    /// When something is damaged; nothing was written.
    pub(super) fn renew_marks(&mut self) -> Result<(), DeskError> {
        let today = day_of(self.now());
        Ok(self.ledger.check(today, today)?)
    }

    /// Keeps what is known to be sound for the next process, so that it need not be read again. Who
    /// only read has nothing to add.
    pub(super) fn keep_marks(&mut self) {
        if !self.ledger.has_written() {
            return;
        }
        if self.ledger.unmarked() > LEFT_UNREAD
            && let Err(error) = self.ledger.check(day_of(self.now()), i32::MIN)
        {
            // What has no mark is looked at before anything is written again.
            tracing::error!(%error, "the ledger could not be checked on closing");
        }
        let kept = self.ledger.marks().map_err(DeskError::from).and_then(|marks| {
            let bytes = encode(&marks, &self.fingerprinter);
            let trees = self.trees.below();
            let same = kept(trees) == bytes;
            if same { Ok(()) } else { Ok(trees.set_marks(&bytes)?) }
        });
        if let Err(error) = kept {
            tracing::warn!(%error, "the marks of what was checked were not saved");
        }
    }
}

/// Keeps the marks of a whole reading of the ledger, if nobody holds the workspace; best effort.
pub(super) fn keep(
    workspace: &Workspace,
    environment: &Environment,
    keyring: Option<&Keyring>,
    marks: &[Mark],
) -> Result<(), DeskError> {
    let path = workspace.hidden().join("lock");
    let options = options(environment, keyring);
    let Ok(Lock::Taken(_lock)) = environment.files.try_lock(&path, &options.holder) else {
        return Ok(());
    };
    let Some((_, folder)) = workspace.store()? else { return Ok(()) };
    let files = std::sync::Arc::clone(&environment.files);
    let (reader, _, _) = LedgerReader::open_read_only(files, &workspace.hidden(), &options)?;
    let fingerprinter = fingerprinter(&reader)?;
    let day = day_of(environment.clock.now());
    let marks: Vec<Mark> = marks.iter().map(|mark| Mark { day, ..*mark }).collect();
    environment.databases.open(&folder)?.set_marks(&encode(&marks, &fingerprinter))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_back_and_believed_only_under_the_workspaces_key() {
        let fingerprinter = Fingerprinter::new([7; 32]);
        let mark = |segment| Mark {
            segment,
            generation: 3,
            length: 1 << 40,
            sequence: Sequence(1 << 50),
            chain: [9; 32],
            changed: -5,
            day: 20_000,
        };
        let marks = [mark(1), mark(2)];
        let bytes = encode(&marks, &fingerprinter);
        assert_eq!(decode(&bytes, &fingerprinter), marks);
        assert!(decode(&bytes, &Fingerprinter::new([8; 32])).is_empty());
        assert!(decode(&[], &fingerprinter).is_empty());
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(&flipped, &fingerprinter).is_empty(), "bit {bit}");
        }
    }
}
