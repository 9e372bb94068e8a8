//! A digest over everything in the store, kept up with every batch: rows that went missing in
//! silence, or came back as they were before, are noticed without the ledger.

use super::StoreError;
use super::overlay::Changes;
use super::trees::Trees;

/// Keys that begin with this byte describe the store itself; they are no part of its content.
pub(super) const OWN: u8 = 0;
const LENGTH: usize = 24;

/// The sum of the hashes of all entries, in any order, and how many there are.
///
/// It finds accidents. Whoever can write the store can make another digest, too; against people
/// there is the ledger's chain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Digest {
    sum: u128,
    entries: u64,
}

impl Digest {
    /// The digest after changes to `trees`, which have this one.
    ///
    /// # Errors
    /// When the trees cannot be read.
    pub(super) fn after(
        mut self,
        trees: &dyn Trees,
        changes: &Changes,
    ) -> Result<Digest, StoreError> {
        for (key, value) in changes.entries() {
            if let Some(before) = trees.get(key)? {
                self.remove(key, &before);
            }
            if let Some(value) = value {
                self.add(key, value);
            }
        }
        Ok(self)
    }

    /// The digest of everything in `trees`.
    ///
    /// # Errors
    /// When the trees cannot be read.
    pub(super) fn of(trees: &dyn Trees) -> Result<Digest, StoreError> {
        let mut digest = Digest::default();
        trees.scan(&[], &[OWN + 1], &mut |key, value| {
            digest.add(key, value);
            Ok(true)
        })?;
        Ok(digest)
    }

    fn add(&mut self, key: &[u8], value: &[u8]) {
        self.sum = self.sum.wrapping_add(hash(key, value));
        self.entries = self.entries.wrapping_add(1);
    }

    fn remove(&mut self, key: &[u8], value: &[u8]) {
        self.sum = self.sum.wrapping_sub(hash(key, value));
        self.entries = self.entries.wrapping_sub(1);
    }

    pub(super) fn encode(self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        bytes[..16].copy_from_slice(&self.sum.to_le_bytes());
        bytes[16..].copy_from_slice(&self.entries.to_le_bytes());
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Digest> {
        let bytes: &[u8; LENGTH] = bytes.try_into().ok()?;
        Some(Digest {
            sum: u128::from_le_bytes(*bytes.first_chunk()?),
            entries: u64::from_le_bytes(*bytes.last_chunk()?),
        })
    }
}

fn hash(key: &[u8], value: &[u8]) -> u128 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(key.len() as u64).to_le_bytes());
    hasher.update(key);
    hasher.update(value);
    let hash = hasher.finalize();
    hash.as_bytes().first_chunk().map_or(0, |bytes| u128::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::keys::Key;
    use super::super::memory::MemoryTrees;
    use super::super::overlay::Overlay;
    use super::super::trees::ApplyChanges;
    use super::*;

    proptest! {
        #[test]
        fn kept_up_with_every_batch_it_is_that_of_the_whole(
            batches in prop::collection::vec(
                prop::collection::btree_map(1u8..20, prop::option::of(0u8..9), 0..12), 0..6),
        ) {
            let mut trees = MemoryTrees::default();
            let mut digest = Digest::default();
            for batch in batches {
                let mut overlay = Overlay::over(&trees);
                for (key, value) in batch {
                    match value {
                        Some(value) => overlay.put(Key::from_slice(&[key]), vec![value]),
                        None => overlay.remove(Key::from_slice(&[key])),
                    }
                }
                let changes = overlay.into_changes();
                digest = digest.after(&trees, &changes).unwrap();
                trees.apply(changes).unwrap();
                prop_assert_eq!(digest, Digest::of(&trees).unwrap());
                prop_assert_eq!(Digest::decode(&digest.encode()), Some(digest));
            }
        }
    }

    #[test]
    fn another_key_another_value_and_a_missing_entry_are_other_digests() {
        let of = |entries: &[(&[u8], &[u8])]| {
            let mut digest = Digest::default();
            entries.iter().for_each(|(key, value)| digest.add(key, value));
            digest
        };
        let whole = of(&[(b"a", b"bc"), (b"d", b"")]);
        assert_eq!(whole, of(&[(b"d", b""), (b"a", b"bc")]));
        for other in [
            of(&[(b"a", b"bc")]),
            of(&[(b"ab", b"c"), (b"d", b"")]),
            of(&[(b"a", b"bd"), (b"d", b"")]),
            of(&[(b"a", b"bc"), (b"d", b""), (b"e", b"")]),
        ] {
            assert_ne!(other, whole);
        }
    }
}
