//! Secrets that a person or a script holds: where a key file lies, what a passphrase is.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

/// A passphrase, overwritten when it is dropped.
pub type Passphrase = Zeroizing<String>;

/// Why a secret is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// Nobody can be asked.
    #[error(
        "a passphrase can only be entered on a terminal, and there is none; for \
         scripts, make a key file with `steward keys file` on a terminal and set STEWARD_KEY_FILE"
    )]
    NobodyToAsk,
    /// Nothing was entered.
    #[error("no passphrase was entered")]
    NothingEntered,
    /// There is no folder to look into.
    #[error("the folder for key files is not known; set HOME, XDG_DATA_HOME or STEWARD_KEY_FILE")]
    NoFolder,
    /// The terminal failed.
    #[error("asking for the passphrase: {0}")]
    Terminal(#[from] std::io::Error),
}

/// Knows where key files lie and asks for passphrases.
pub trait Secrets: Send + Sync {
    /// Where the key file of the workspace with this id (32 hexadecimal digits) is, or is to be.
    ///
    /// # Errors
    /// When no place is known.
    fn key_file(&self, workspace: &str) -> Result<PathBuf, SecretsError>;

    /// The folder in which key files are kept, unless a person names another place for one; none
    /// where no place is known.
    fn key_folder(&self) -> Option<PathBuf>;

    /// The passphrase that opens the workspace. A command that opens its keys more than once, to
    /// read first and to work then, is asked for it once.
    ///
    /// # Errors
    /// When there is nobody to ask, or nothing was entered.
    fn passphrase(&self) -> Result<Passphrase, SecretsError>;

    /// Asks for a new passphrase. `prompt` says whether for the first or the second time.
    ///
    /// # Errors
    /// As [`Secrets::passphrase`].
    fn new_passphrase(&self, prompt: &str) -> Result<Passphrase, SecretsError>;
}

/// Key files in a folder, and passphrases said beforehand.
#[derive(Debug, Default)]
pub struct SimulatedSecrets {
    folder: PathBuf,
    said: Mutex<VecDeque<String>>,
}

impl SimulatedSecrets {
    /// Key files lie in `folder`.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), said: Mutex::default() }
    }

    /// Says these passphrases, one each time it is asked.
    pub fn say(&self, passphrases: &[&str]) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.extend(passphrases.iter().map(|it| (*it).to_owned()));
    }
}

impl Secrets for SimulatedSecrets {
    fn key_file(&self, workspace: &str) -> Result<PathBuf, SecretsError> {
        Ok(self.folder.join(format!("{workspace}.key")))
    }

    fn key_folder(&self) -> Option<PathBuf> {
        Some(self.folder.clone())
    }

    fn passphrase(&self) -> Result<Passphrase, SecretsError> {
        self.new_passphrase("")
    }

    fn new_passphrase(&self, _prompt: &str) -> Result<Passphrase, SecretsError> {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.pop_front().map(Passphrase::new).ok_or(SecretsError::NobodyToAsk)
    }
}
