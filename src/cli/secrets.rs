//! Key files where the system keeps data, and passphrases asked for on the terminal.

use std::fs::OpenOptions;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use etcetera::BaseStrategy;
use rustix::process::{Resource, Rlimit, setrlimit};

use ledger::ports::secrets::{Passphrase, Secrets, SecretsError};

/// The variable that names a key file, for scripts and for whoever keeps it elsewhere.
const KEY_FILE: &str = "STEWARD_KEY_FILE";

/// Whether the key file is one that the user named, which may serve other workspaces, too.
pub fn is_key_file_named() -> bool {
    named_key_file().is_some()
}

fn named_key_file() -> Option<PathBuf> {
    std::env::var_os(KEY_FILE).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// What the user of this process holds.
#[derive(Default)]
pub struct UserSecrets {
    /// What was entered to open the workspace.
    entered: Mutex<Option<Passphrase>>,
}

impl Secrets for UserSecrets {
    fn key_file(&self, workspace: &str) -> Result<PathBuf, SecretsError> {
        if let Some(path) = named_key_file() {
            return Ok(path);
        }
        let folder = self.key_folder().ok_or(SecretsError::NoFolder)?;
        Ok(folder.join(format!("{workspace}.key")))
    }

    fn key_folder(&self) -> Option<PathBuf> {
        let folder = etcetera::base_strategy::choose_base_strategy().ok()?.data_dir();
        Some(folder.join("steward").join("keys"))
    }

    fn passphrase(&self) -> Result<Passphrase, SecretsError> {
        let mut entered = self.entered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = entered.as_ref() {
            return Ok(known.clone());
        }
        let passphrase = self.new_passphrase("Passphrase of the workspace: ")?;
        Ok(entered.insert(passphrase).clone())
    }

    fn new_passphrase(&self, prompt: &str) -> Result<Passphrase, SecretsError> {
        // The terminal itself, so that data may come by standard input.
        if OpenOptions::new().read(true).write(true).open("/dev/tty").is_err() {
            return Err(SecretsError::NobodyToAsk);
        }
        let entered = Passphrase::new(rpassword::prompt_password(prompt)?);
        if entered.is_empty() {
            return Err(SecretsError::NothingEntered);
        }
        Ok(entered)
    }
}

/// The same of a user whom nobody asks: a workspace under a passphrase stays closed.
#[derive(Default)]
pub struct QuietSecrets(UserSecrets);

impl Secrets for QuietSecrets {
    fn key_file(&self, workspace: &str) -> Result<PathBuf, SecretsError> {
        self.0.key_file(workspace)
    }

    fn key_folder(&self) -> Option<PathBuf> {
        self.0.key_folder()
    }

    fn passphrase(&self) -> Result<Passphrase, SecretsError> {
        Err(SecretsError::NobodyToAsk)
    }

    fn new_passphrase(&self, _: &str) -> Result<Passphrase, SecretsError> {
        Err(SecretsError::NobodyToAsk)
    }
}

/// From now on no dump of this process is written, and no other process of the same user may look
/// into its memory: keys and values stand there in the clear.
pub fn keep_from_dumps() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    // A system that refuses is no reason not to work; SECURITY.md says what is promised.
    let _ = setrlimit(Resource::Core, none);
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
