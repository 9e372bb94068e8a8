//! How the desk has its ledger opened, to write it or to read it.

use super::environment::Environment;
use super::keys::cipher_of;
use ledger::LedgerOptions;
use ledger::keys::Keyring;

/// Bodies of about 30,000 records fit: those that a person looks at. Work on many reads them ahead.
const LEDGER_CACHE: usize = 24 * 1024 * 1024;

/// The options under which this process opens it, with the keys at hand.
pub(super) fn options(environment: &Environment, keyring: Option<&Keyring>) -> LedgerOptions {
    let holder = format!("{}, process {}", environment.actor, std::process::id());
    LedgerOptions {
        cache_bytes: LEDGER_CACHE,
        cipher: cipher_of(keyring),
        ..LedgerOptions::held_by(holder)
    }
}
