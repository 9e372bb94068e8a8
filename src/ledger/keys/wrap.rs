//! The wrapping key, from a key file or from a passphrase, and data keys wrapped with it.

use std::path::PathBuf;

use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use super::error::KeysError;
use super::key_file;
use super::keys_file::{FORMAT, KeysFile, Slot, Wrap};
use crate::ports::cipher::{FileKind, SealedPlace, SecretKey, associated, open_with, seal_with};
use crate::ports::secrets::{Passphrase, Secrets};
use crate::ports::{Files, Randomness};
use domain::hexadecimal;

/// How the keys of a workspace are to be protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// By a key file outside the workspace.
    KeyFile,
    /// By a passphrase.
    Passphrase,
}

/// How the keys of a workspace are protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrapKind {
    /// By this key file.
    KeyFile(PathBuf),
    /// By a passphrase.
    Passphrase,
}

/// What a passphrase costs: the second recommended choice of RFC 9106, section 4.
const MEMORY: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 4;
/// A file that asks for more (2 GiB, 100 passes) was not written by steward: it is not to exhaust
/// the machine.
const MAX_MEMORY: u32 = 2 * 1024 * 1024;
const MAX_PASSES: u32 = 100;
const MAX_LANES: u32 = 64;
const SALT_LENGTH: usize = 16;

/// The wrapping key of a workspace, and how it is protected.
///
/// # Errors
/// When the key file is not there, or nobody can be asked for the passphrase.
pub(super) fn wrapping_key(
    content: &KeysFile,
    files: &dyn Files,
    secrets: &dyn Secrets,
) -> Result<(SecretKey, WrapKind), KeysError> {
    match &content.wrap {
        Wrap::KeyFile => {
            let path = secrets.key_file(&content.workspace)?;
            Ok((key_file::read(files, &path)?, WrapKind::KeyFile(path)))
        }
        wrap @ Wrap::Passphrase { .. } => {
            let passphrase = secrets.passphrase()?;
            Ok((derive(&passphrase, wrap)?, WrapKind::Passphrase))
        }
    }
}

/// A new way of wrapping for a workspace: its key file is made where it is absent, or a passphrase
/// is asked for twice.
///
/// # Errors
/// When the disk refuses, nobody can be asked, or the passphrases differ.
pub(super) fn new_wrap(
    protection: Protection,
    workspace: &str,
    files: &dyn Files,
    secrets: &dyn Secrets,
    randomness: &dyn Randomness,
) -> Result<(Wrap, SecretKey, WrapKind), KeysError> {
    match protection {
        Protection::KeyFile => {
            let path = secrets.key_file(workspace)?;
            let key = key_file::make(files, &path, workspace, randomness)?;
            Ok((Wrap::KeyFile, key, WrapKind::KeyFile(path)))
        }
        Protection::Passphrase => {
            let passphrase = secrets.new_passphrase("New passphrase: ")?;
            if secrets.new_passphrase("Repeat the passphrase: ")? != passphrase {
                return Err(KeysError::PassphrasesDiffer);
            }
            let mut salt = [0; SALT_LENGTH];
            randomness.fill(&mut salt);
            let wrap = Wrap::Passphrase {
                memory: MEMORY,
                passes: PASSES,
                lanes: LANES,
                salt: hexadecimal::encode(&salt),
            };
            let key = derive(&passphrase, &wrap)?;
            Ok((wrap, key, WrapKind::Passphrase))
        }
    }
}

/// What a wrapping key that opens nothing is.
pub(super) fn wrong(kind: &WrapKind) -> KeysError {
    match kind {
        WrapKind::KeyFile(path) => KeysError::WrongKeyFile { path: path.clone() },
        WrapKind::Passphrase => KeysError::WrongPassphrase,
    }
}

fn derive(passphrase: &Passphrase, wrap: &Wrap) -> Result<SecretKey, KeysError> {
    let failed = |reason: String| KeysError::Derivation { reason };
    let Wrap::Passphrase { memory, passes, lanes, salt } = wrap else {
        return Err(failed("the keys are protected by a key file".to_owned()));
    };
    if *memory > MAX_MEMORY || *passes > MAX_PASSES || *lanes > MAX_LANES {
        return Err(failed("the keys ask for more work than steward ever does".to_owned()));
    }
    let salt = hexadecimal::decode_array::<SALT_LENGTH>(salt)
        .ok_or_else(|| failed("its salt is not 16 bytes".to_owned()))?;
    let parameters = Params::new(*memory, *passes, *lanes, Some(32));
    let parameters = parameters.map_err(|error| failed(error.to_string()))?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
        .hash_password_into(passphrase.as_bytes(), &salt, &mut *key)
        .map_err(|error| failed(error.to_string()))?;
    Ok(SecretKey::new(&key))
}

fn place(workspace: &[u8; 16], id: u32) -> Vec<u8> {
    let place = SealedPlace {
        kind: FileKind::DataKey,
        // The format is far below 2^16.
        format: u16::try_from(FORMAT).unwrap_or(u16::MAX),
        segment: 0,
        sequence: u64::from(id),
    };
    associated(workspace, id, &place)
}

/// A data key, wrapped.
///
/// # Errors
/// When the cipher gives up.
pub(super) fn wrap_key(
    wrapping: &SecretKey,
    workspace: &[u8; 16],
    id: u32,
    key: &SecretKey,
    randomness: &dyn Randomness,
) -> Result<Slot, KeysError> {
    let mut sealed = Vec::new();
    seal_with(wrapping, &place(workspace, id), randomness, key.bytes(), &mut sealed)
        .map_err(|error| KeysError::Derivation { reason: error.to_string() })?;
    Ok(Slot { id, sealed: hexadecimal::encode(&sealed) })
}

/// A data key, unwrapped; none where it does not open.
pub(super) fn unwrap_key(
    wrapping: &SecretKey,
    workspace: &[u8; 16],
    slot: &Slot,
) -> Option<SecretKey> {
    let sealed = hexadecimal::decode(&slot.sealed)?;
    let plain = open_with(wrapping, &place(workspace, slot.id), &sealed).ok()?;
    let plain = Zeroizing::new(plain);
    Some(SecretKey::new(plain.as_slice().try_into().ok()?))
}
