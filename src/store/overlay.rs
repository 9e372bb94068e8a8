//! Changes over trees that are not applied yet: a commit being folded, a preview, a batch.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::StoreError;
use super::keys::Key;
use super::trees::{See, Trees, Visit};

/// Keys to set (`Some`) and to remove (`None`).
#[derive(Debug, Clone, Default)]
pub struct Changes {
    entries: BTreeMap<Key, Option<Vec<u8>>>,
}

impl Changes {
    /// How many keys change.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What a key changes to, if it changes: `Some(None)` when it is removed.
    #[must_use]
    pub fn get(&self, key: &[u8]) -> Option<Option<&[u8]>> {
        self.entries.get(key).map(Option::as_deref)
    }

    /// Changes a key to `value`, or removes it.
    pub(super) fn insert(&mut self, key: Key, value: Option<Vec<u8>>) {
        self.entries.insert(key, value);
    }

    /// As [`Changes::insert`]; tells by how many bytes that made the changes longer.
    pub(super) fn set(&mut self, key: Key, value: Option<Vec<u8>>) -> usize {
        let bytes = |value: &Option<Vec<u8>>| value.as_ref().map_or(0, Vec::len);
        let (length, new) = (key.len(), bytes(&value));
        let known = self.entries.insert(key, value);
        known.map_or(length + new, |old| new.saturating_sub(bytes(&old)))
    }

    /// What a key changes to, to be changed in place; removed, where it did not change.
    pub(super) fn slot(&mut self, key: &[u8]) -> &mut Option<Vec<u8>> {
        self.entries.entry(key.into()).or_default()
    }

    /// Adds changes of other keys, or later ones of the same.
    pub(super) fn absorb(&mut self, later: Changes) {
        self.entries.extend(later.entries);
    }

    /// The changes, by key, to look at.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
        self.entries.iter().map(|(key, value)| (key.as_slice(), value.as_deref()))
    }

    /// The changes, by key.
    pub fn into_entries(self) -> impl Iterator<Item = (Key, Option<Vec<u8>>)> {
        self.entries.into_iter()
    }
}

/// Trees as they will be once the changes are applied.
pub struct Overlay<'a> {
    base: &'a dyn Trees,
    changes: Changes,
}

impl<'a> Overlay<'a> {
    /// No changes yet.
    #[must_use]
    pub fn over(base: &'a dyn Trees) -> Self {
        Self { base, changes: Changes::default() }
    }

    /// Goes on with changes collected before.
    #[must_use]
    pub fn resume(base: &'a dyn Trees, changes: Changes) -> Self {
        Self { base, changes }
    }

    /// Sets `key`.
    pub fn put(&mut self, key: Key, value: Vec<u8>) {
        self.changes.entries.insert(key, Some(value));
    }

    /// Removes `key`.
    pub fn remove(&mut self, key: Key) {
        self.changes.entries.insert(key, None);
    }

    /// The value of `key` to be changed in place; `fresh` makes it where there is none.
    ///
    /// # Errors
    /// When the trees below cannot be read.
    pub fn value_mut(
        &mut self,
        key: Key,
        fresh: impl FnOnce() -> Vec<u8>,
    ) -> Result<&mut Vec<u8>, StoreError> {
        let slot = match self.changes.entries.entry(key) {
            std::collections::btree_map::Entry::Occupied(occupied) => occupied.into_mut(),
            std::collections::btree_map::Entry::Vacant(vacant) => {
                let below = self.base.get(vacant.key())?;
                vacant.insert(below)
            }
        };
        Ok(slot.get_or_insert_with(fresh))
    }

    /// The changes, to be applied.
    #[must_use]
    pub fn into_changes(self) -> Changes {
        self.changes
    }
}

impl Trees for Overlay<'_> {
    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
        match self.changes.get(key) {
            Some(changed) => {
                see(changed);
                Ok(())
            }
            None => self.base.look(key, see),
        }
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        scan_changed(self.base, &self.changes, prefix, from, visit)
    }
}

/// Scans trees as they will be once the changes are applied.
pub(super) fn scan_changed(
    base: &dyn Trees,
    changes: &Changes,
    prefix: &[u8],
    from: &[u8],
    visit: &mut Visit<'_>,
) -> Result<(), StoreError> {
    let start = prefix.max(from).to_vec();
    let mut changed = changes
        .entries
        .range::<[u8], _>((Bound::Included(start.as_slice()), Bound::Unbounded))
        .take_while(|(key, _)| key.starts_with(prefix))
        .peekable();
    let mut going = true;
    base.scan(prefix, from, &mut |key, value| {
        while let Some((ours, entry)) = changed.peek() {
            match ours.as_slice().cmp(key) {
                std::cmp::Ordering::Greater => break,
                order => {
                    let entry = entry.as_deref();
                    let ours = ours.as_slice();
                    going = entry.map_or(Ok(true), |value| visit(ours, value))?;
                    changed.next();
                    if !going || order == std::cmp::Ordering::Equal {
                        return Ok(going);
                    }
                }
            }
        }
        going = visit(key, value)?;
        Ok(going)
    })?;
    while going && let Some((key, entry)) = changed.next() {
        if let Some(value) = entry {
            going = visit(key, value)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::memory::MemoryTrees;
    use super::super::trees::ApplyChanges;
    use super::*;

    fn keys(trees: &dyn Trees) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut found = Vec::new();
        trees
            .scan(b"a", b"", &mut |key, value| {
                found.push((key.to_vec(), value.to_vec()));
                Ok(true)
            })
            .unwrap();
        found
    }

    proptest! {
        #[test]
        fn an_overlay_reads_like_the_trees_it_will_become(
            below in prop::collection::btree_map(0u8..20, 0u8..9, 0..12),
            above in prop::collection::btree_map(0u8..20, prop::option::of(0u8..9), 0..12),
        ) {
            let mut base = MemoryTrees::default();
            let mut first = Overlay::over(&base);
            for (key, value) in below {
                first.put(Key::from_slice(&[b'a', key]), vec![value]);
            }
            let changes = first.into_changes();
            base.apply(changes).unwrap();
            let mut overlay = Overlay::over(&base);
            for (key, value) in above {
                match value {
                    Some(value) => overlay.put(Key::from_slice(&[b'a', key]), vec![value]),
                    None => overlay.remove(Key::from_slice(&[b'a', key])),
                }
            }
            let seen = keys(&overlay);
            let changes = overlay.into_changes();
            let mut applied = base.clone();
            applied.apply(changes).unwrap();
            prop_assert_eq!(seen, keys(&applied));
        }
    }
}
