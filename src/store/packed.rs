//! Small entries under dense numbers share a page below: a merge of all that match changes a
//! million of them, and a key of its own for each would cost more than all else.
//!
//! Whoever reads and writes sees single entries. A page holds those of 64 or 256 numbers, by key:
//! the number within the page (a byte), the second number of a pair (four bytes, big-endian), the
//! length of the value (see [`varint`]), the value.

use super::keys::Key;
use super::overlay::Changes;
use super::trees::{See, Trees, Visit};
use super::{StoreError, keys, varint};

/// Bytes of a kind and a number: the key of a page, and what keys of its entries begin with.
const NUMBERED: usize = 5;
/// Bytes of a key with a second number.
const PAIRED: usize = 9;

/// How the entries of a kind are packed.
#[derive(Clone, Copy)]
struct Packing {
    /// A page holds the entries of two to the power of this many numbers, eight at most.
    bits: u32,
    /// Bytes of a key within its page.
    inner: usize,
}

fn packing(kind: u8) -> Option<Packing> {
    let (bits, inner) = match kind {
        // Longer values: a page is a few kilobytes, as those of records are.
        keys::TASK | keys::CUSTOMER => (6, 1),
        keys::PENDING_TASK => (8, 1),
        keys::TASK_OF_CUSTOMER | keys::RETIRED_OF_CUSTOMER => (8, PAIRED - NUMBERED + 1),
        _ => return None,
    };
    Some(Packing { bits, inner })
}

/// Where an entry stands.
struct PlaceInPage {
    page: [u8; NUMBERED],
    inner: [u8; PAIRED - NUMBERED + 1],
    length: usize,
}

impl PlaceInPage {
    /// `None` means it has a key of its own below.
    fn of(key: &[u8]) -> Option<PlaceInPage> {
        let Packing { bits, inner: length } = packing(*key.first()?)?;
        let page = page_of(key)?;
        let number = keys::first_number(key);
        let mut inner = [0; PAIRED - NUMBERED + 1];
        inner[0] = (number & ((1 << bits) - 1)) as u8;
        inner.get_mut(1..length)?.copy_from_slice(key.get(NUMBERED..)?);
        Some(PlaceInPage { page, inner, length })
    }

    fn inner(&self) -> &[u8] {
        &self.inner[..self.length]
    }
}

/// The page with the entries whose keys begin with a packed kind and a number.
fn page_of(start: &[u8]) -> Option<[u8; NUMBERED]> {
    let (kind, number) = start.get(..NUMBERED)?.split_first()?;
    let Packing { bits, .. } = packing(*kind)?;
    let mut page = [*kind; NUMBERED];
    let number = keys::last_number(number) >> bits;
    page[1..].copy_from_slice(&number.to_be_bytes());
    Some(page)
}

/// The entries of a page, by key; one that is no entry ends them as damage.
struct Entries<'p> {
    page: &'p [u8],
    rest: &'p [u8],
    inner: usize,
}

/// An entry: its key within the page, its value, where it lies.
type Entry<'p> = (&'p [u8], &'p [u8], std::ops::Range<usize>);

impl<'p> Entries<'p> {
    fn of(page: &'p [u8], inner: usize) -> Self {
        Self { page, rest: page, inner }
    }

    fn read(&mut self) -> Option<Entry<'p>> {
        let start = self.page.len() - self.rest.len();
        let (inner, mut rest) = self.rest.split_at_checked(self.inner)?;
        let length = usize::try_from(varint::read(&mut rest)?).ok()?;
        let (value, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        Some((inner, value, start..self.page.len() - rest.len()))
    }
}

impl<'p> Iterator for Entries<'p> {
    type Item = Result<Entry<'p>, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let entry = self.read().ok_or_else(|| StoreError::damaged("a page of entries"));
        if entry.is_err() {
            self.rest = &[];
        }
        Some(entry)
    }
}

/// The first entry of a page that is not before a key, if that is the key's own, and where it lies
/// or would.
fn find<'p>(
    page: &'p [u8],
    inner: &[u8],
) -> Result<(Option<&'p [u8]>, std::ops::Range<usize>), StoreError> {
    for entry in Entries::of(page, inner.len()) {
        let (own, value, range) = entry?;
        match own.cmp(inner) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Equal => return Ok((Some(value), range)),
            std::cmp::Ordering::Greater => return Ok((None, range.start..range.start)),
        }
    }
    Ok((None, page.len()..page.len()))
}

/// Shows the value of a key over the pages `below`.
///
/// # Errors
/// When they are damaged or cannot be read.
pub(super) fn look(below: &dyn Trees, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
    let Some(place) = PlaceInPage::of(key) else { return below.look(key, see) };
    let mut seen = Ok(());
    below.look(&place.page, &mut |page| match page.map(|page| find(page, place.inner())) {
        None => see(None),
        Some(Ok((value, _))) => see(value),
        Some(Err(error)) => seen = Err(error),
    })?;
    seen
}

/// Visits the entries over the pages `below`; see [`Trees::scan`].
///
/// # Errors
/// When they are damaged or cannot be read, or the visitor fails.
pub(super) fn scan(
    below: &dyn Trees,
    prefix: &[u8],
    from: &[u8],
    visit: &mut Visit<'_>,
) -> Result<(), StoreError> {
    let (first, start) = (page_of(prefix), page_of(from));
    let pages = first.as_ref().map_or(prefix, |page| page.as_slice());
    let start = start.as_ref().map_or(from, |page| page.as_slice());
    below.scan(pages, start, &mut |key, page| {
        let Some(Packing { bits, inner }) = key.first().and_then(|kind| packing(*kind)) else {
            return visit(key, page);
        };
        let base = keys::last_number(key) << bits;
        for entry in Entries::of(page, inner) {
            let (own, value, _) = entry?;
            let mut whole = [key[0]; PAIRED];
            let number = base | own.first().copied().map_or(0, u32::from);
            whole[1..NUMBERED].copy_from_slice(&number.to_be_bytes());
            whole[NUMBERED..NUMBERED + inner - 1].copy_from_slice(&own[1..]);
            let whole = &whole[..NUMBERED + inner - 1];
            if whole >= from && whole.starts_with(prefix) && !visit(whole, value)? {
                return Ok(false);
            }
        }
        Ok(true)
    })
}

/// Takes changes of entries into changes of the pages `below` and gives by how many bytes those
/// grew. Pages are read before anything is changed: what fails leaves nothing half done.
///
/// # Errors
/// When pages are damaged or cannot be read.
pub(super) fn pack(
    below: &dyn Trees,
    changes: Changes,
    into: &mut Changes,
) -> Result<usize, StoreError> {
    let mut grown = 0;
    let mut last = None;
    for (key, _) in changes.entries() {
        let Some(PlaceInPage { page, length, .. }) = PlaceInPage::of(key) else { continue };
        if last == Some(page) || into.get(&page).is_some() {
            continue;
        }
        let known = below.get(&page)?;
        Entries::of(known.as_deref().unwrap_or_default(), length)
            .try_for_each(|it| it.map(drop))?;
        grown += page.len() + known.as_ref().map_or(0, Vec::len);
        into.insert(Key::from_slice(&page), known);
        last = Some(page);
    }
    for (key, value) in changes.into_entries() {
        match PlaceInPage::of(&key) {
            None => grown += into.set(key, value),
            Some(place) => grown += set(into.slot(&place.page), place.inner(), value.as_deref())?,
        }
    }
    Ok(grown)
}

/// Sets or removes an entry of a page; a page without entries is none.
fn set(
    slot: &mut Option<Vec<u8>>,
    inner: &[u8],
    value: Option<&[u8]>,
) -> Result<usize, StoreError> {
    let page = slot.get_or_insert_default();
    let (_, range) = find(page, inner)?;
    let before = page.len();
    let entry = value.map(|value| {
        let mut entry = Vec::with_capacity(inner.len() + 2 + value.len());
        entry.extend_from_slice(inner);
        varint::write(value.len() as u64, &mut entry);
        entry.extend_from_slice(value);
        entry
    });
    page.splice(range, entry.unwrap_or_default());
    let grown = page.len().saturating_sub(before);
    if page.is_empty() {
        *slot = None;
    }
    Ok(grown)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::memory::MemoryTrees;
    use super::super::trees::ApplyChanges;
    use super::*;

    /// Entries over pages in memory.
    #[derive(Default)]
    struct Packed(MemoryTrees);

    impl Trees for Packed {
        fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
            look(&self.0, key, see)
        }

        fn scan(
            &self,
            prefix: &[u8],
            from: &[u8],
            visit: &mut Visit<'_>,
        ) -> Result<(), StoreError> {
            scan(&self.0, prefix, from, visit)
        }
    }

    fn found(trees: &dyn Trees, prefix: &[u8], from: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut found = Vec::new();
        trees
            .scan(prefix, from, &mut |key, value| {
                found.push((key.to_vec(), value.to_vec()));
                Ok(true)
            })
            .unwrap();
        found
    }

    fn any_key() -> impl Strategy<Value = Key> {
        let number = || prop_oneof![0..4u32, 250..260u32, Just(u32::MAX)];
        let single = prop::sample::select(vec![keys::TASK, keys::CUSTOMER, keys::RECORD]);
        let pair = prop::sample::select(vec![keys::TASK_OF_CUSTOMER, keys::DECISION_OF_RECORD]);
        prop_oneof![
            (single, number()).prop_map(|(kind, number)| keys::numbered(kind, number)),
            (pair, number(), number()).prop_map(|(kind, one, two)| keys::paired(kind, one, two)),
        ]
    }

    proptest! {
        #[test]
        fn packed_entries_read_as_single_ones_do(
            batches in prop::collection::vec(prop::collection::btree_map(
                any_key(),
                prop::option::of(prop_oneof![
                    prop::collection::vec(any::<u8>(), 0..4),
                    Just(vec![7; 300]),
                ]),
                0..30,
            ), 0..5),
            asked in any_key(),
        ) {
            let (mut single, mut packed) = (MemoryTrees::default(), Packed::default());
            for batch in batches {
                let (mut changes, mut pages) = (Changes::default(), Changes::default());
                batch.into_iter().for_each(|(key, value)| changes.insert(key, value));
                single.apply(changes.clone()).unwrap();
                pack(&packed.0, changes, &mut pages).unwrap();
                packed.0.apply(pages).unwrap();
            }
            prop_assert_eq!(single.get(&asked).unwrap(), packed.get(&asked).unwrap());
            let number = &asked[..NUMBERED];
            for (prefix, from) in [
                (&[][..], &[][..]), (&[], &asked), (&asked[..1], &[]), (&asked[..1], &asked),
                (number, &[]), (number, &asked),
            ] {
                prop_assert_eq!(found(&single, prefix, from), found(&packed, prefix, from));
            }
        }
    }

    #[test]
    fn the_last_entry_takes_its_page_along_and_a_broken_page_is_damage() {
        let mut trees = MemoryTrees::default();
        let key = keys::numbered(keys::TASK, 17);
        for (value, pages) in [(Some(b"open".to_vec()), 1), (None, 0)] {
            let (mut changes, mut packed) = (Changes::default(), Changes::default());
            changes.insert(key.clone(), value);
            pack(&trees, changes, &mut packed).unwrap();
            trees.apply(packed).unwrap();
            assert_eq!(found(&trees, &[], &[]).len(), pages);
        }
        let mut broken = Changes::default();
        broken.insert(keys::numbered(keys::TASK, 0), Some(vec![1, 9, 0]));
        trees.apply(broken).unwrap();
        let mut changes = Changes::default();
        changes.insert(keys::numbered(keys::TASK, 18), Some(Vec::new()));
        assert!(pack(&trees, changes, &mut Changes::default()).is_err());
        assert!(look(&trees, &key, &mut |_| {}).is_err());
        assert!(scan(&trees, &[], &[], &mut |_, _| Ok(true)).is_err());
    }
}
