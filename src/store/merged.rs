//! Which records a source says it has merged: by record, and by the address of the other.

use super::keys::{self, Key};
use super::overlay::Overlay;
use super::trees::Trees;
use super::view::View;
use super::{StoreError, varint};
use domain::{Fingerprint, RecordId};

/// A record came: what its source says now replaces what it said.
pub(super) fn revised(
    overlay: &mut Overlay<'_>,
    record: RecordId,
    merged: &[Fingerprint],
    is_new: bool,
) -> Result<(), StoreError> {
    if !is_new {
        forget(overlay, record)?;
    }
    if merged.is_empty() {
        return Ok(());
    }
    let mut bytes = Vec::with_capacity(10 * merged.len());
    for address in merged {
        varint::write(address.0, &mut bytes);
        overlay.put(keys::merged_by(*address, record), Vec::new());
    }
    overlay.put(keys::merged(record), bytes);
    Ok(())
}

/// Nothing is said of a record any more.
pub(super) fn forget(overlay: &mut Overlay<'_>, record: RecordId) -> Result<(), StoreError> {
    let key: Key = keys::merged(record);
    let Some(known) = overlay.get(&key)? else { return Ok(()) };
    for address in addresses(&known) {
        overlay.remove(keys::merged_by(address, record));
    }
    overlay.remove(key);
    Ok(())
}

/// The addresses in an entry.
fn addresses(mut entry: &[u8]) -> Vec<Fingerprint> {
    let mut found = Vec::new();
    while let Some(address) = varint::read(&mut entry) {
        found.push(Fingerprint(address));
    }
    found
}

impl View<'_> {
    /// The addresses of the records that a record's source says it has merged with it.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn merged(&self, record: RecordId) -> Result<Vec<Fingerprint>, StoreError> {
        let known = self.trees().get(&keys::merged(record))?;
        Ok(known.map_or_else(Vec::new, |entry| addresses(&entry)))
    }

    /// The records that are said to be merged with the one of an address, be that here or not.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn merged_by(&self, address: Fingerprint) -> Result<Vec<RecordId>, StoreError> {
        let mut found = Vec::new();
        self.trees().scan(&keys::merged_by_any(address), &[], &mut |key, _| {
            found.push(RecordId(keys::last_number(key)));
            Ok(true)
        })?;
        Ok(found)
    }

    /// Visits the addresses with which records are said to be merged until the visitor answers `false`.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn each_merged(
        &self,
        visit: &mut dyn FnMut(Fingerprint) -> bool,
    ) -> Result<(), StoreError> {
        self.trees()
            .scan(&[keys::MERGED_BY], &[], &mut |key, _| Ok(visit(keys::merged_address(key))))
    }
}
