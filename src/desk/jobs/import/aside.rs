//! The quarantine as an import finds and leaves it: what is there already is not written again, and
//! what came mended, or did not come again with its file, leaves it.

use std::collections::{BTreeSet, HashMap};

use crate::error::DeskError;
use crate::facts::Facts;
use domain::{Fingerprint, ImportId, QuarantinedPlace, QuarantinedRow, SourceName};

/// The rows of an import that cannot become records, as they meet those that could not before.
#[derive(Default)]
pub(super) struct Aside {
    /// Rows of imports of the same file that did not come again so far, by line and content.
    of_file: HashMap<(u64, Fingerprint), QuarantinedPlace>,
    /// Rows of earlier imports, by the address each would have as a record.
    by_key: HashMap<Fingerprint, Vec<QuarantinedPlace>>,
    /// Rows of earlier imports whose key came as a record's.
    mended: BTreeSet<QuarantinedPlace>,
    /// Rows that came again just as they were: they stay, whatever else came.
    came_again: BTreeSet<QuarantinedPlace>,
    /// Lines of the rows this import has put there.
    written: BTreeSet<u64>,
}

impl Aside {
    /// The quarantine before an import of a file, known by its fingerprint.
    ///
    /// # Errors
    /// When the store is damaged.
    pub(super) fn before(
        facts: Facts<'_>,
        file: u64,
        import: ImportId,
    ) -> Result<Aside, DeskError> {
        let mut aside = Aside::default();
        for (of, entry) in facts.view.imports()? {
            for (line, row) in facts.view.quarantine_of(of, usize::MAX)? {
                let place = QuarantinedPlace { import: of, line };
                if entry.file == file {
                    aside.of_file.insert((line, row.content), place);
                }
                if let Some(key) = row.key.filter(|_| of != import) {
                    aside.by_key.entry(key).or_default().push(place);
                }
            }
        }
        Ok(aside)
    }

    /// Whether the row must be written: it is not there already, just as it is.
    pub(super) fn takes(&mut self, row: &QuarantinedRow, content: Fingerprint) -> bool {
        match self.of_file.remove(&(row.line, content)) {
            Some(place) => {
                self.came_again.insert(place);
                false
            }
            None => {
                self.written.insert(row.line);
                true
            }
        }
    }

    /// A row of that address is a record's.
    pub(super) fn came(&mut self, key: Fingerprint) {
        if !self.by_key.is_empty() {
            self.mended.extend(self.by_key.remove(&key).into_iter().flatten());
        }
    }

    /// The rows that leave the quarantine, in order.
    pub(super) fn released(self, import: ImportId) -> Vec<QuarantinedPlace> {
        let Aside { of_file, mended, came_again, written, .. } = self;
        // An interrupted import that goes on has put others in the place of its own.
        let is_gone =
            |place: &QuarantinedPlace| place.import != import || !written.contains(&place.line);
        let mut released: BTreeSet<_> = of_file.into_values().filter(is_gone).collect();
        released.extend(mended);
        released.into_iter().filter(|place| !came_again.contains(place)).collect()
    }
}

/// Whether a row that cannot become a record is of a person who was erased: its record was, the one that it names, or the
/// row itself was in quarantine then.
///
/// # Errors
/// When the store is damaged.
pub(super) fn is_of_the_erased(
    facts: Facts<'_>,
    source: &SourceName,
    row: &QuarantinedRow,
    known_too: impl IntoIterator<Item = Option<Fingerprint>>,
) -> Result<bool, DeskError> {
    let known_by = row.fingerprint(source, facts.fingerprinter);
    for known_by in std::iter::once(known_by).chain(known_too.into_iter().flatten()) {
        if facts.caches.is_suppressed(facts.view, known_by)? {
            return Ok(true);
        }
    }
    Ok(false)
}
