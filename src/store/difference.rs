//! In what two stores differ.

use super::trees::Trees;
use super::{StoreError, digest, keys};

/// What a comparison of a store with the fold of its ledger gave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// Entries compared.
    pub compared: u64,
    /// Entries that only one of them has, or with another value.
    pub differing: u64,
    /// The kind of the first that differs, for messages; empty when none does.
    pub first: String,
}

/// Compares a store with one folded from nothing. Pages of `unique` rules that are no longer in
/// force may be left in the store; nobody reads them.
///
/// # Errors
/// When one of them cannot be read.
pub fn difference(store: &dyn Trees, folded: &dyn Trees) -> Result<Difference, StoreError> {
    let mut found = Difference::default();
    store.scan(&[], &[digest::OWN + 1], &mut |key, value| {
        let other = folded.get(key)?;
        if other.is_none() && key.first() == Some(&keys::UNIQUE_PAGE) {
            return Ok(true);
        }
        found.compared += 1;
        if other.as_deref() != Some(value) {
            found.note(key);
        }
        Ok(true)
    })?;
    let mut missing = Vec::new();
    folded.scan(&[], &[digest::OWN + 1], &mut |key, _| {
        if store.get(key)?.is_none() {
            missing.push(key.to_vec());
        }
        Ok(true)
    })?;
    for key in missing {
        found.compared += 1;
        found.note(&key);
    }
    Ok(found)
}

impl Difference {
    fn note(&mut self, key: &[u8]) {
        self.differing += 1;
        if self.first.is_empty() {
            self.first = format!("the first is {}", keys::describe(key));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::MemoryTrees;
    use super::super::overlay::Overlay;
    use super::super::trees::ApplyChanges;
    use super::*;

    fn trees(entries: &[(&[u8], &[u8])]) -> MemoryTrees {
        let mut trees = MemoryTrees::default();
        let mut overlay = Overlay::over(&trees);
        entries.iter().for_each(|(key, value)| overlay.put((*key).into(), value.to_vec()));
        let changes = overlay.into_changes();
        trees.apply(changes).unwrap();
        trees
    }

    #[test]
    fn entries_that_are_missing_more_or_other_are_counted_and_the_first_is_named() {
        let folded = trees(&[(b"T\0\0\0\x01", b"a"), (b"T\0\0\0\x02", b"b"), (b"h", b"c")]);
        for (store, differing, first) in [
            (trees(&[(b"T\0\0\0\x01", b"a"), (b"T\0\0\0\x02", b"b"), (b"h", b"c")]), 0, ""),
            (trees(&[(b"T\0\0\0\x01", b"a"), (b"h", b"c")]), 1, "the first is task 2"),
            (trees(&[(b"T\0\0\0\x01", b"x"), (b"h", b"c")]), 2, "the first is task 1"),
            (
                trees(&[
                    (b"T\0\0\0\x01", b"a"),
                    (b"T\0\0\0\x02", b"b"),
                    (b"T\0\0\0\x03", b"b"),
                    (b"h", b"c"),
                    (b"u\0\0\0\x01\0\0\0\x01", b"of a rule that is gone"),
                    (b"\0own", b"no part of it"),
                ]),
                1,
                "the first is task 3",
            ),
        ] {
            let found = difference(&store, &folded).unwrap();
            assert_eq!((found.differing, found.first.as_str()), (differing, first));
        }
    }
}
