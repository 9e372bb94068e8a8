//! The workspace's keys: opened before the ledger is, shown, changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::core::Desk;
use super::derived_file;
use super::environment::Environment;
use super::error::DeskError;
use super::facts::missing;
use super::jobs::Progress;
use super::outputs::judge_key_file;
use super::workspace::Workspace;
use domain::{Event, Fingerprinter, Sequence, hexadecimal};
use ledger::LedgerReader;
use ledger::keys::{Keyring, KeysError, KeysState, Protection};
use ledger::ports::Cipher;
use ledger::ports::cipher::NoCipher;

/// A workspace's keys and what is encrypted with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysView {
    /// The keys; none in a workspace made before there was encryption.
    pub keys: Option<KeysState>,
    /// How many segments hold commits under each key; 0 stands for none.
    pub segments: BTreeMap<u32, u64>,
}

/// What replacing all keys came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RekeyOutcome {
    /// The id of the one key there is now.
    pub key: u32,
    /// Segments that were rewritten.
    pub rewritten: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// The keys of a workspace that is there; none where it is not encrypted.
///
/// # Errors
/// When it is encrypted and the keys cannot be had, or it is not wholly its own.
pub(super) fn open_keyring(
    workspace: &Workspace,
    environment: &Environment,
) -> Result<Option<Keyring>, DeskError> {
    workspace.must_be_own()?;
    let folder = workspace.hidden();
    let files = &environment.files;
    let found = ledger::inspect(&**files, &folder)?;
    if !Keyring::is_in(&**files, &folder) && found.encrypted != Some(true) {
        return Ok(None);
    }
    let secrets = &*environment.secrets;
    Ok(Some(Keyring::open(Arc::clone(files), &folder, found.workspace, secrets)?))
}

/// What opens a workspace's ledger for those who read it without opening the desk.
///
/// # Errors
/// When there is no ledger, or it is encrypted and the keys cannot be had.
pub fn reading_cipher(
    workspace: &Workspace,
    environment: &Environment,
) -> Result<Arc<dyn Cipher>, DeskError> {
    Ok(cipher_of(open_keyring(workspace, environment)?.as_ref()))
}

/// Judges how keys are to be protected, before anything is written: a key file never stands in a
/// `.steward`, and one that is there is taken only if it is a key file.
///
/// # Errors
/// [`NotAnOutput::KeyInside`](super::NotAnOutput::KeyInside), or as [`KeysError`] says.
pub fn judge_protection(
    workspace: &Workspace,
    environment: &Environment,
    protection: Protection,
) -> Result<(), DeskError> {
    let (files, secrets) = (&*environment.files, &*environment.secrets);
    // A place that a person named is the same for every workspace; in steward's own folder each has
    // its own.
    match Keyring::key_file_of(files, protection, "", secrets)? {
        Some(path) => judge_key_file(&path, workspace),
        None => Ok(()),
    }
}

/// What encrypts and opens with these keys, if there are any.
pub(super) fn cipher_of(keyring: Option<&Keyring>) -> Arc<dyn Cipher> {
    match keyring {
        Some(keyring) => keyring.cipher(),
        None => Arc::new(NoCipher),
    }
}

/// What makes fingerprints: its key stands in the first commit.
pub(super) fn fingerprinter(reader: &LedgerReader) -> Result<Fingerprinter, DeskError> {
    let absent = || missing("the workspace's first commit");
    match reader.event(Sequence(1), 0) {
        Ok(Event::WorkspaceCreated(created)) => {
            let key = hexadecimal::decode_array(&created.fingerprint_key).ok_or_else(absent)?;
            Ok(Fingerprinter::new(key))
        }
        Ok(_) => Err(absent()),
        Err(error) => Err(error.into()),
    }
}

impl Desk {
    /// The keys, and how much is encrypted with each.
    #[must_use]
    pub fn keys(&self) -> KeysView {
        let mut segments = BTreeMap::new();
        for segment in self.ledger.segments() {
            for key in segment.keys {
                *segments.entry(key).or_default() += 1;
            }
        }
        KeysView { keys: self.keyring.as_ref().map(Keyring::state), segments }
    }

    /// Protects the keys with a new passphrase, or by a key file; no data is rewritten.
    ///
    /// # Errors
    /// When the workspace is not encrypted, the passphrases differ or the disk refuses.
    pub fn protect_keys(&mut self, protection: Protection) -> Result<(), DeskError> {
        let environment = self.environment.clone();
        self.keyring_mut()?;
        self.foresee_protection(protection)?;
        let keyring = self.keyring_mut()?;
        Ok(keyring.protect(protection, &*environment.secrets, &*environment.randomness)?)
    }

    /// Whether the keys may be protected so; nothing is written.
    ///
    /// # Errors
    /// As [`judge_protection`].
    pub fn foresee_protection(&self, protection: Protection) -> Result<(), DeskError> {
        judge_protection(&self.workspace, &self.environment, protection)
    }

    /// Adds a key with which everything is encrypted from now on, in a segment of its own.
    ///
    /// # Errors
    /// When the workspace is not encrypted, or the disk refuses.
    pub fn rotate_key(&mut self) -> Result<u32, DeskError> {
        let randomness = Arc::clone(&self.environment.randomness);
        if self.keyring_mut()?.state().rekeying {
            return Err(KeysError::RekeyUnfinished.into());
        }
        self.ledger.begin_segment()?;
        let keyring = self.keyring_mut()?;
        let key = keyring.add_key(&*randomness)?;
        let cipher = keyring.cipher();
        self.ledger.set_cipher(cipher);
        Ok(key)
    }

    /// Adds a key, rewrites every segment with it and drops all other keys. Interrupted, it leaves
    /// a workspace that can be used, and goes on when it is called again.
    ///
    /// # Errors
    /// When the workspace is not encrypted, it was cancelled, or the disk refuses: then the next
    /// operation begins by opening the workspace again.
    pub fn rekey(&mut self, progress: &dyn Progress) -> Result<RekeyOutcome, DeskError> {
        let done = self.replace_keys(progress);
        self.standing.must_reopen |= matches!(done, Err(DeskError::Ledger(_) | DeskError::Keys(_)));
        done
    }

    fn replace_keys(&mut self, progress: &dyn Progress) -> Result<RekeyOutcome, DeskError> {
        let randomness = Arc::clone(&self.environment.randomness);
        self.keyring_mut()?;
        // Derived, and of no use once its key is gone.
        derived_file::remove_all(&self.workspace, &self.environment)?;
        self.ledger.begin_segment()?;
        let keyring = self.keyring_mut()?;
        let key = keyring.begin_rekey(&*randomness)?;
        let cipher = keyring.cipher();
        self.ledger.set_cipher(cipher);

        let to_do: Vec<_> = self
            .ledger
            .segments()
            .into_iter()
            .filter(|segment| segment.keys.iter().any(|it| *it != key))
            .collect();
        let mut outcome = RekeyOutcome { key, rewritten: 0, bytes: 0 };
        progress.phase("rewriting", Some(to_do.iter().map(|segment| segment.bytes).sum()));
        for segment in to_do {
            if progress.cancelled() {
                return Err(DeskError::Cancelled);
            }
            self.ledger.reseal_segment(segment.number)?;
            progress.advance(segment.bytes);
            outcome.rewritten += 1;
            outcome.bytes += segment.bytes;
        }
        let keyring = self.keyring_mut()?;
        keyring.finish_rekey()?;
        let cipher = keyring.cipher();
        self.ledger.set_cipher(cipher);
        Ok(outcome)
    }

    /// What [`Desk::rekey`] would come to; nothing is written.
    ///
    /// # Errors
    /// When the workspace is not encrypted.
    pub fn foresee_rekey(&self) -> Result<RekeyOutcome, DeskError> {
        let state = self.keyring.as_ref().ok_or(DeskError::NotEncrypted)?.state();
        // One that was interrupted goes on with the key it began with.
        let key = if state.rekeying { state.current } else { state.next() };
        let segments = self.ledger.segments().into_iter();
        let to_do = segments.filter(|segment| segment.keys.iter().any(|it| *it != key));
        let mut outcome = RekeyOutcome { key, rewritten: 0, bytes: 0 };
        for segment in to_do {
            outcome.rewritten += 1;
            outcome.bytes += segment.bytes;
        }
        Ok(outcome)
    }

    fn keyring_mut(&mut self) -> Result<&mut Keyring, DeskError> {
        self.keyring.as_mut().ok_or(DeskError::NotEncrypted)
    }
}
