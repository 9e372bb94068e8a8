//! The keys of a workspace.
//!
//! All data is encrypted with *data keys*, which lie in the workspace, wrapped: each is encrypted
//! with a *wrapping key* that lies outside, in a key file, or comes from a passphrase. Another
//! passphrase wraps the same data keys again; no data has to be rewritten for it.
//!
//! Lives here: the file `keys` with its copy, wrapping and unwrapping, the key file. FORMAT.md
//! beside this file says it byte by byte.
//!
//! Does not live here: encrypting data (the `cipher` port), who is asked for a passphrase and
//! where a key file is looked for (the `secrets` port), rewriting segments (`ledger`, `desk`).
//!
//! Start with [`Keyring`]; `wrap.rs` has the two ways of wrapping, `keys_file.rs` the file.

mod error;
mod key_file;
mod keyring;
mod keys_file;
#[cfg(test)]
mod tests;
mod wrap;

pub use error::KeysError;
pub use key_file::BEGINS as KEY_FILE_BEGINS;
pub use keyring::{Keyring, KeysState};
pub use keys_file::{CopyFault, FILE_NAMES};
pub use wrap::{Protection, WrapKind};
