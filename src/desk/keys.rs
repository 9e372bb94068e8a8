//! The workspace's keys: opened before the ledger is, shown, changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::core::Desk;
use super::derived_file;
use super::environment::Environment;
use super::error::DeskError;
use super::facts::missing;
use super::outputs::judge_key_file;
use super::workspace::Workspace;
use domain::{Event, Fingerprinter, Sequence, hexadecimal};
use door::operations::KeyChange;
use door::views::{HeldKeys, KeyProtection, KeysView, RekeyOutcome};
use ledger::keys::{Keyring, KeysError, KeysState, Protection, WrapKind};
use ledger::ports::Cipher;
use ledger::ports::cipher::{NoCipher, SecretKey};
use ledger::{LedgerReader, SegmentState};

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

/// What is told of keys.
fn held(state: KeysState) -> HeldKeys {
    HeldKeys {
        next: state.next(),
        protection: match state.protection {
            WrapKind::KeyFile(path) => KeyProtection::KeyFile(path.display().to_string()),
            WrapKind::Passphrase => KeyProtection::Passphrase,
        },
        keys: state.keys,
        current: state.current,
        rekeying: state.rekeying,
    }
}

impl Desk {
    /// How the keys are protected; `None` means the workspace is not encrypted.
    #[must_use]
    pub fn protection(&self) -> Option<WrapKind> {
        self.keyring.as_ref().map(|keyring| keyring.state().protection)
    }

    /// A key that is this workspace's own for that purpose. It stays the same whatever becomes of the keys that
    /// data are encrypted with.
    #[must_use]
    pub fn own_key(&self, purpose: &str) -> SecretKey {
        SecretKey::new(&self.fingerprinter.key_for(purpose))
    }

    /// The keys, and how much is encrypted with each.
    pub(crate) fn keys(&self) -> KeysView {
        let mut segments = BTreeMap::new();
        for segment in self.ledger.segments() {
            for key in segment.keys {
                *segments.entry(key).or_default() += 1;
            }
        }
        KeysView { keys: self.keyring.as_ref().map(|keyring| held(keyring.state())), segments }
    }

    /// Whether the keys may be changed so; nothing is written and nobody is asked for a passphrase.
    ///
    /// # Errors
    /// What [`Desk::change_keys`] would fail for, as far as that can be told.
    pub(crate) fn foresee_keys(&self, change: KeyChange) -> Result<(), DeskError> {
        if change == KeyChange::KeyFile {
            self.foresee_protection(Protection::KeyFile)?;
        }
        let keyring = self.keyring.as_ref().ok_or(DeskError::NotEncrypted)?;
        if change == KeyChange::Rotate && keyring.state().rekeying {
            return Err(KeysError::RekeyUnfinished.into());
        }
        Ok(())
    }

    /// Changes the keys; no data is rewritten.
    ///
    /// # Errors
    /// When the workspace was opened only to be read or is not encrypted, passphrases differ, or the disk
    /// refuses.
    pub(crate) fn change_keys(&mut self, change: KeyChange) -> Result<(), DeskError> {
        self.ledger.must_be_for_writing()?;
        match change {
            KeyChange::Passphrase => self.protect_keys(Protection::Passphrase),
            KeyChange::KeyFile => self.protect_keys(Protection::KeyFile),
            KeyChange::Rotate => self.rotate_key(),
        }
    }

    fn protect_keys(&mut self, protection: Protection) -> Result<(), DeskError> {
        let environment = self.environment.clone();
        self.keyring_mut()?;
        self.foresee_protection(protection)?;
        let keyring = self.keyring_mut()?;
        Ok(keyring.protect(protection, &*environment.secrets, &*environment.randomness)?)
    }

    fn foresee_protection(&self, protection: Protection) -> Result<(), DeskError> {
        judge_protection(&self.workspace, &self.environment, protection)
    }

    /// Adds a key with which everything is encrypted from now on, in a segment of its own.
    fn rotate_key(&mut self) -> Result<(), DeskError> {
        let randomness = Arc::clone(&self.environment.randomness);
        self.foresee_keys(KeyChange::Rotate)?;
        self.ledger.begin_segment()?;
        let keyring = self.keyring_mut()?;
        keyring.add_key(&*randomness)?;
        let cipher = keyring.cipher();
        self.ledger.set_cipher(cipher);
        Ok(())
    }

    /// Adds the key that is to replace all others, in a segment of its own; gives the segments that are
    /// to be rewritten with it. Interrupted, it goes on where it was when it is called again.
    ///
    /// # Errors
    /// When the workspace is not encrypted, or the disk refuses.
    pub(crate) fn begin_rekey(&mut self) -> Result<(u32, Vec<SegmentState>), DeskError> {
        let randomness = Arc::clone(&self.environment.randomness);
        self.keyring_mut()?;
        // Derived, and of no use once its key is gone.
        derived_file::remove_all(&self.workspace, &self.environment)?;
        self.ledger.begin_segment()?;
        let keyring = self.keyring_mut()?;
        let key = keyring.begin_rekey(&*randomness)?;
        let cipher = keyring.cipher();
        self.ledger.set_cipher(cipher);
        Ok((key, self.segments_without(key)))
    }

    /// Drops every key but the one that all segments were rewritten with.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn finish_rekey(&mut self) -> Result<(), DeskError> {
        let keyring = self.keyring_mut()?;
        keyring.finish_rekey()?;
        let cipher = keyring.cipher();
        self.ledger.set_cipher(cipher);
        self.keep_work_anew();
        Ok(())
    }

    /// What replacing all keys would come to; nothing is written.
    ///
    /// # Errors
    /// When the workspace is not encrypted.
    pub(crate) fn foresee_rekey(&self) -> Result<RekeyOutcome, DeskError> {
        let state = self.keyring.as_ref().ok_or(DeskError::NotEncrypted)?.state();
        // One that was interrupted goes on with the key it began with.
        let key = if state.rekeying { state.current } else { state.next() };
        let to_do = self.segments_without(key);
        let bytes = to_do.iter().map(|segment| segment.bytes).sum();
        Ok(RekeyOutcome { key, rewritten: to_do.len() as u64, bytes })
    }

    /// The segments that hold commits under any other key.
    fn segments_without(&self, key: u32) -> Vec<SegmentState> {
        let segments = self.ledger.segments().into_iter();
        segments.filter(|segment| segment.keys.iter().any(|it| *it != key)).collect()
    }

    fn keyring_mut(&mut self) -> Result<&mut Keyring, DeskError> {
        self.keyring.as_mut().ok_or(DeskError::NotEncrypted)
    }
}
