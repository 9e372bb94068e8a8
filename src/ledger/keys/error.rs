//! What can go wrong with keys, each with its way out and without any secret.

use std::io;
use std::path::{Path, PathBuf};

use crate::ports::secrets::SecretsError;

/// Why a workspace's keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The key file is not where it is looked for.
    #[error(
        "the key file of this workspace is missing: looked for {}; copy it there, or name it with \
         STEWARD_KEY_FILE. Without it nobody can read this workspace", path.display()
    )]
    NoKeyFile {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The key file holds something else.
    #[error("{} is not a key file; it should hold one line of 64 hexadecimal digits", path.display())]
    NotAKeyFile {
        /// The file.
        path: PathBuf,
    },
    /// The key file is of another workspace.
    #[error(
        "{} is the wrong key for this workspace; find the right one, or name it with \
         STEWARD_KEY_FILE", path.display()
    )]
    WrongKeyFile {
        /// The file.
        path: PathBuf,
    },
    /// The passphrase is another.
    #[error("the passphrase is wrong; nothing was changed, try again")]
    WrongPassphrase,
    /// A new passphrase was entered differently the second time.
    #[error("the two passphrases differ; nothing was changed, try again")]
    PassphrasesDiffer,
    /// Neither `keys` nor its copy is there.
    #[error(
        "the workspace is encrypted and its keys are gone: neither {} nor its copy exists; restore \
         both from a backup", path.display()
    )]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// Neither `keys` nor its copy can be used.
    #[error(
        "the workspace's keys are damaged: neither {} nor its copy can be used; restore both from a \
         backup", path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// `keys` belong to another workspace.
    #[error(
        "{} belongs to another workspace ({found} instead of {expected}); put back the one that \
         belongs here", path.display()
    )]
    OtherWorkspace {
        /// The file.
        path: PathBuf,
        /// The workspace it names.
        found: String,
        /// The workspace the ledger names.
        expected: String,
    },
    /// A newer steward wrote `keys`.
    #[error(
        "the workspace's keys were written by a newer steward (format {found}); use that version \
         or a later one"
    )]
    Newer {
        /// The format it names.
        found: u32,
    },
    /// Another process changed `keys` after they were read.
    #[error("the workspace's keys were changed by another process; try again")]
    Changed,
    /// A replacement of all keys was begun and is not done.
    #[error("`steward rekey` was interrupted; run it again first")]
    RekeyUnfinished,
    /// What a person or script holds is not to be had.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// The passphrase could not be turned into a key.
    #[error("the passphrase cannot be turned into a key: {reason}")]
    Derivation {
        /// Why.
        reason: String,
    },
    /// The disk refused.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// What was tried: `read`.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl KeysError {
    pub(super) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        KeysError::Io { doing, path: path.to_owned(), source }
    }
}
