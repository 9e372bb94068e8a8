//! The outside world of a desk: what it is given, so that a test can give it another.

use std::path::PathBuf;
use std::sync::Arc;

use crate::export::{Format, TableWriter};
use intake::acquire::Readers;
use ledger::ports::{Clock, Files, Randomness, Secrets};
use store::Databases;

/// The outside world of a desk.
#[derive(Clone)]
pub struct Environment {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub randomness: Arc<dyn Randomness>,
    /// Files of the ledger and the keys.
    pub files: Arc<dyn Files>,
    /// Key files and passphrases.
    pub secrets: Arc<dyn Secrets>,
    /// Where the store has its database.
    pub databases: Databases,
    /// Whoever opens the workspace: the name in its lock, and on what opening completes.
    pub actor: String,
    /// The folder of the registers, outside of every workspace; see
    /// [`Register`](super::register::Register). None keeps no register.
    pub register: Option<PathBuf>,
    /// Formats that crates beside this one read and write: not every build has them.
    pub formats: Formats,
}

/// Formats that crates beside this one read and write.
#[derive(Clone, Default)]
pub struct Formats {
    /// Who reads which.
    pub readers: Readers,
    /// Who writes which.
    pub writers: Vec<(Format, Arc<dyn TableWriter>)>,
}
