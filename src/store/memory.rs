//! Trees in memory: for tests and for folding without a disk.

use std::collections::BTreeMap;

use super::StoreError;
use super::keys::Key;
use super::overlay::Changes;
use super::trees::{ApplyChanges, See, Trees, Visit};

/// A sorted map.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryTrees {
    entries: BTreeMap<Key, Vec<u8>>,
}

impl Trees for MemoryTrees {
    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
        see(self.entries.get(key).map(Vec::as_slice));
        Ok(())
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        let start = Key::from_slice(prefix.max(from));
        for (key, value) in self.entries.range(start..) {
            if !key.starts_with(prefix) || !visit(key, value)? {
                break;
            }
        }
        Ok(())
    }
}

impl ApplyChanges for MemoryTrees {
    fn apply(&mut self, changes: Changes) -> Result<(), StoreError> {
        for (key, value) in changes.into_entries() {
            match value {
                Some(value) => self.entries.insert(key, value),
                None => self.entries.remove(&key),
            };
        }
        Ok(())
    }
}
