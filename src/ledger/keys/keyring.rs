//! A workspace's data keys, unwrapped.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::KeysError;
use super::key_file;
use super::keys_file::{self, CopyFault, FILE_NAMES, FORMAT, KeysFile, Slot};
use super::wrap::{Protection, WrapKind, new_wrap, unwrap_key, wrap_key, wrapping_key, wrong};
use crate::ports::cipher::{Cipher, SecretKey, XChaChaCipher};
use crate::ports::{Files, Randomness, Secrets};
use domain::hexadecimal;

/// The keys of an open workspace. It writes only for whoever holds the workspace's lock.
pub struct Keyring {
    files: Arc<dyn Files>,
    folder: PathBuf,
    workspace: [u8; 16],
    /// As it stands on the disk.
    content: KeysFile,
    wrapping: SecretKey,
    kind: WrapKind,
    keys: BTreeMap<u32, SecretKey>,
}

/// What may be told about a workspace's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysState {
    /// How they are protected.
    pub protection: WrapKind,
    /// The ids of all data keys, in order.
    pub keys: Vec<u32>,
    /// The one that new data is encrypted with.
    pub current: u32,
    /// A `rekey` was begun and is not done.
    pub rekeying: bool,
}

impl KeysState {
    /// The id that a further key would get.
    #[must_use]
    pub fn next(&self) -> u32 {
        self.keys.iter().max().map_or(1, |last| last.saturating_add(1))
    }
}

impl Keyring {
    /// Makes the keys of a new workspace, whose `.steward` is to be `folder`. A key file is made
    /// and a passphrase asked for now; nothing is in the workspace before [`Keyring::write`].
    ///
    /// # Errors
    /// When the disk refuses, nobody can be asked for a passphrase, or the passphrases differ.
    pub fn create(
        files: Arc<dyn Files>,
        folder: &Path,
        workspace: [u8; 16],
        protection: Protection,
        secrets: &dyn Secrets,
        randomness: &dyn Randomness,
    ) -> Result<Keyring, KeysError> {
        let name = hexadecimal::encode(&workspace);
        let (wrap, wrapping, kind) = new_wrap(protection, &name, &*files, secrets, randomness)?;
        let key = SecretKey::random(randomness);
        let content = KeysFile {
            format: FORMAT,
            workspace: name,
            generation: 1,
            current: 1,
            rekeying: false,
            wrap,
            keys: vec![wrap_key(&wrapping, &workspace, 1, &key, randomness)?],
        };
        let keys = BTreeMap::from([(1, key)]);
        Ok(Keyring { files, folder: folder.to_owned(), workspace, content, wrapping, kind, keys })
    }

    /// The key file with which the keys of a new workspace would be protected, looked at: none where
    /// that is not how, a file that is there is one of keys.
    ///
    /// # Errors
    /// When no place is known, or what is there is not a key file.
    pub fn key_file_of(
        files: &dyn Files,
        protection: Protection,
        workspace: &str,
        secrets: &dyn Secrets,
    ) -> Result<Option<PathBuf>, KeysError> {
        if protection == Protection::Passphrase {
            return Ok(None);
        }
        let path = secrets.key_file(workspace)?;
        match key_file::read(files, &path) {
            Ok(_) | Err(KeysError::NoKeyFile { .. }) => Ok(Some(path)),
            Err(error) => Err(error),
        }
    }

    /// Writes new keys into their workspace's folder, for the first time.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self) -> Result<(), KeysError> {
        keys_file::write(&*self.files, &self.folder, &self.content)
    }

    /// Whether there are keys in `folder`, sound or not.
    #[must_use]
    pub fn is_in(files: &dyn Files, folder: &Path) -> bool {
        let names = files.list(folder).unwrap_or_default();
        FILE_NAMES.iter().any(|name| names.iter().any(|found| found == name))
    }

    /// Whether the keys in `folder` are none, or those that a making of this workspace left which
    /// was interrupted before its first commit: never changed since.
    #[must_use]
    pub fn is_new(files: &dyn Files, folder: &Path, workspace: &[u8; 16]) -> bool {
        let is_first = |content: KeysFile| {
            content.generation == 1 && content.workspace == hexadecimal::encode(workspace)
        };
        match keys_file::read(files, folder) {
            Ok(found) => found.is_none_or(|found| is_first(found.content)),
            Err(_) => false,
        }
    }

    /// The id of the workspace whose keys are in `folder`; none where they cannot tell.
    #[must_use]
    pub fn workspace_of(files: &dyn Files, folder: &Path) -> Option<[u8; 16]> {
        let found = keys_file::read(files, folder).ok()??;
        hexadecimal::decode_array(&found.content.workspace)
    }

    /// Reads and unwraps the keys in `folder`, a workspace's `.steward`, and writes nothing.
    /// `workspace` is the id the ledger names, where that is known.
    ///
    /// # Errors
    /// When they are missing, damaged or another workspace's, or the key file or passphrase is
    /// missing or wrong.
    pub fn open(
        files: Arc<dyn Files>,
        folder: &Path,
        workspace: Option<[u8; 16]>,
        secrets: &dyn Secrets,
    ) -> Result<Keyring, KeysError> {
        let path = folder.join(FILE_NAMES[0]);
        let damaged = || KeysError::Damaged { path: path.clone() };
        let found = keys_file::read(&*files, folder)?;
        let content = found.ok_or_else(|| KeysError::Missing { path: path.clone() })?.content;
        let own = hexadecimal::decode_array(&content.workspace).ok_or_else(damaged)?;
        if let Some(expected) = workspace.filter(|expected| *expected != own) {
            return Err(KeysError::OtherWorkspace {
                path,
                found: content.workspace,
                expected: hexadecimal::encode(&expected),
            });
        }
        let (wrapping, kind) = wrapping_key(&content, &*files, secrets)?;
        let open = |slot: &Slot| Some((slot.id, unwrap_key(&wrapping, &own, slot)?));
        let keys: BTreeMap<_, _> = content.keys.iter().filter_map(open).collect();
        if keys.is_empty() && !content.keys.is_empty() {
            return Err(wrong(&kind));
        }
        if keys.len() != content.keys.len() || !keys.contains_key(&content.current) {
            return Err(damaged());
        }
        let folder = folder.to_owned();
        Ok(Keyring { files, folder, workspace: own, content, wrapping, kind, keys })
    }

    /// Reads the keys again, which this process may have changed before it failed; nobody is asked for
    /// anything.
    ///
    /// # Errors
    /// When they are missing or damaged, or `Changed` when they are protected another way than before.
    pub fn reread(&mut self) -> Result<(), KeysError> {
        let missing = || KeysError::Missing { path: self.folder.join(FILE_NAMES[0]) };
        let content = keys_file::read(&*self.files, &self.folder)?.ok_or_else(missing)?.content;
        let open =
            |slot: &Slot| Some((slot.id, unwrap_key(&self.wrapping, &self.workspace, slot)?));
        let keys: BTreeMap<_, _> = content.keys.iter().filter_map(open).collect();
        if keys.len() != content.keys.len() || !keys.contains_key(&content.current) {
            return Err(KeysError::Changed);
        }
        (self.content, self.keys) = (content, keys);
        Ok(())
    }

    /// To be called once the workspace's lock is held: the keys must still be those that were
    /// read, and the copy is mended where it is missing, damaged or older. Says whether it was.
    ///
    /// # Errors
    /// `Changed` when another process had the workspace in between; or the disk refuses.
    pub fn settle(&self) -> Result<bool, KeysError> {
        let to_mend: Vec<PathBuf> = self.to_mend()?.into_iter().map(|(path, _)| path).collect();
        keys_file::write_to(&*self.files, &self.folder, &self.content, &to_mend)?;
        Ok(!to_mend.is_empty())
    }

    /// Those of the two files that [`Keyring::settle`] replaces from the other, and why.
    ///
    /// # Errors
    /// `Changed` when the keys are no longer those that were read; or the disk refuses.
    pub fn to_mend(&self) -> Result<Vec<(PathBuf, CopyFault)>, KeysError> {
        match keys_file::read(&*self.files, &self.folder)? {
            Some(found) if found.content == self.content => Ok(found.to_mend),
            _ => Err(KeysError::Changed),
        }
    }

    /// What encrypts with these keys.
    #[must_use]
    pub fn cipher(&self) -> Arc<dyn Cipher> {
        Arc::new(XChaChaCipher::new(self.workspace, self.keys.clone(), self.content.current))
    }

    /// What may be told about them.
    #[must_use]
    pub fn state(&self) -> KeysState {
        KeysState {
            protection: self.kind.clone(),
            keys: self.keys.keys().copied().collect(),
            current: self.content.current,
            rekeying: self.content.rekeying,
        }
    }

    /// Adds a data key, which new data is encrypted with from now on.
    ///
    /// # Errors
    /// `RekeyUnfinished`, or the disk refuses: whether it was added is then seen when the
    /// workspace is opened again.
    pub fn add_key(&mut self, randomness: &dyn Randomness) -> Result<u32, KeysError> {
        if self.content.rekeying {
            return Err(KeysError::RekeyUnfinished);
        }
        self.add(randomness, false)
    }

    /// Adds the data key that is to replace all others, unless that was done and the rest was
    /// interrupted.
    ///
    /// # Errors
    /// As [`Keyring::add_key`].
    pub fn begin_rekey(&mut self, randomness: &dyn Randomness) -> Result<u32, KeysError> {
        if self.content.rekeying {
            return Ok(self.content.current);
        }
        self.add(randomness, true)
    }

    /// Drops all keys but the current one: nothing is encrypted with them any more.
    ///
    /// # Errors
    /// When the disk refuses: whether they are gone is then seen when the workspace is opened
    /// again.
    pub fn finish_rekey(&mut self) -> Result<(), KeysError> {
        let mut content = self.content.clone();
        content.rekeying = false;
        content.keys.retain(|slot| slot.id == content.current);
        self.save(content)?;
        let current = self.content.current;
        self.keys.retain(|id, _| *id == current);
        Ok(())
    }

    /// Protects the same data keys another way: with another passphrase, or by a key file.
    ///
    /// # Errors
    /// As [`Keyring::create`]; the old protection then still holds, unless the disk failed while
    /// writing: then one of the two does.
    pub fn protect(
        &mut self,
        protection: Protection,
        secrets: &dyn Secrets,
        randomness: &dyn Randomness,
    ) -> Result<(), KeysError> {
        let name = &self.content.workspace;
        let (wrap, wrapping, kind) = new_wrap(protection, name, &*self.files, secrets, randomness)?;
        let slots = self
            .keys
            .iter()
            .map(|(id, key)| wrap_key(&wrapping, &self.workspace, *id, key, randomness));
        let keys = slots.collect::<Result<_, _>>()?;
        self.save(KeysFile { wrap, keys, ..self.content.clone() })?;
        (self.wrapping, self.kind) = (wrapping, kind);
        Ok(())
    }

    fn add(&mut self, randomness: &dyn Randomness, rekeying: bool) -> Result<u32, KeysError> {
        let id = self.keys.keys().next_back().map_or(1, |last| last + 1);
        let key = SecretKey::random(randomness);
        let mut content = self.content.clone();
        content.keys.push(wrap_key(&self.wrapping, &self.workspace, id, &key, randomness)?);
        (content.current, content.rekeying) = (id, rekeying);
        self.save(content)?;
        self.keys.insert(id, key);
        Ok(id)
    }

    fn save(&mut self, content: KeysFile) -> Result<(), KeysError> {
        // After a write that failed half way the disk may be ahead of what is in memory.
        self.to_mend()?;
        let content = KeysFile { generation: self.content.generation + 1, ..content };
        keys_file::write(&*self.files, &self.folder, &content)?;
        self.content = content;
        Ok(())
    }
}
