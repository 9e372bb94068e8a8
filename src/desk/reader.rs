//! Reading the facts from another thread, while the desk goes on deciding.
//!
//! What is read is no snapshot: a decision made meanwhile may be seen in one place and not yet in
//! another. Whoever plans on it writes down the commit it began at ([`DeskReader::undisturbed`])
//! and passes over what was changed after it.

use std::sync::Arc;

use super::caches::Caches;
use super::core::Desk;
use super::error::DeskError;
use super::facts::{Facts, NOWHERE};
use domain::Fingerprinter;
use ledger::LedgerReader;
use ledger::ports::Clock;
use settings::Settings;
use store::{StoreError, StoreReader, View};

/// How often reading begins again that met a change half made.
const TRIES: usize = 8;

/// What a thread beside the desk needs to read the facts. Must be dropped before the desk is.
pub(super) struct DeskReader {
    trees: StoreReader,
    ledger: LedgerReader,
    settings: Arc<Settings>,
    fingerprinter: Fingerprinter,
    caches: Caches,
    clock: Arc<dyn Clock>,
}

impl Desk {
    /// Reads this desk's facts from another thread. Changes that are held back are not seen.
    pub(super) fn reader_beside(&self) -> DeskReader {
        let caches = Caches::default();
        caches.activities().replace(self.caches.activities().borrow().shared());
        caches.standing().replace(self.caches.standing().borrow().clone());
        DeskReader {
            trees: self.trees.reader(),
            ledger: self.reader.clone(),
            // As whoever it reads for sees things.
            settings: Arc::clone(self.veiled.as_ref().unwrap_or(&self.settings)),
            fingerprinter: self.fingerprinter.clone(),
            caches,
            clock: Arc::clone(&self.environment.clock),
        }
    }
}

impl DeskReader {
    /// Reads, and reads again what was met in the middle of a change: what seems to be missing
    /// while the store moves on is not damage.
    ///
    /// # Errors
    /// What `read` says of a store that stood still.
    pub(super) fn undisturbed<T>(
        &self,
        mut read: impl FnMut(Facts<'_>) -> Result<T, DeskError>,
    ) -> Result<T, DeskError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let facts = self.facts();
            let before = facts.view.head()?;
            match read(facts) {
                Err(
                    DeskError::Incomplete { .. } | DeskError::Store(StoreError::Damaged { .. }),
                ) if tries < TRIES && facts.view.head()? != before => {}
                done => return done,
            }
        }
    }

    /// The facts as they are read; nothing keeps them from changing meanwhile.
    pub(super) fn facts(&self) -> Facts<'_> {
        Facts {
            view: View::over(&self.trees),
            ledger: &self.ledger,
            settings: &self.settings,
            fingerprinter: &self.fingerprinter,
            caches: &self.caches,
            pending: None,
            now: self.clock.now(),
            zone: &NOWHERE,
        }
    }
}
