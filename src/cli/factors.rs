//! Where second factors are kept: in the workspace, sealed with a key that is its own for ever.

use std::io;

use zeroize::Zeroizing;

use desk::{Desk, Workspace};
use ledger::ports::cipher::{SecretKey, open_with, seal_with};
use ledger::ports::randomness::SystemRandomness;
use ssh::{Factors, Seal};

/// What the key is for.
const PURPOSE: &str = "steward second factors 1";

/// The key that seals them: another whenever the workspace is another, and the same whatever becomes of the keys
/// that its data are encrypted with.
#[must_use]
pub fn key(desk: &Desk) -> SecretKey {
    desk.own_key(PURPOSE)
}

struct Own(SecretKey);

impl Seal for Own {
    fn seal(&self, plain: &[u8]) -> io::Result<Vec<u8>> {
        let mut sealed = Vec::new();
        let randomness = SystemRandomness::new().map_err(io::Error::other)?;
        let done = seal_with(&self.0, PURPOSE.as_bytes(), &randomness, plain, &mut sealed);
        done.map_err(io::Error::other)?;
        Ok(sealed)
    }

    fn open(&self, sealed: &[u8]) -> io::Result<Zeroizing<Vec<u8>>> {
        let opened = open_with(&self.0, PURPOSE.as_bytes(), sealed);
        opened.map(Zeroizing::new).map_err(io::Error::other)
    }
}

/// The second factors of a workspace.
pub fn factors(workspace: &Workspace, key: SecretKey) -> Factors {
    Factors::new(workspace.hidden().join("factors"), Box::new(Own(key)))
}
