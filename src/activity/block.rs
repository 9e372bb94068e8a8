//! Entries in sorted, compressed blocks.

use std::sync::Arc;

use crate::bytes;

/// Entries of one block: small enough to be opened for one customer, large enough to be compressed well.
pub(crate) const TOGETHER: usize = 4096;
const COMPRESSION_LEVEL: i32 = 1;
/// More than any block of entries is in the clear.
const LONGEST: usize = TOGETHER * 64;

/// What stands in blocks.
pub(crate) trait Entry: Copy + Ord + Send + Sync {
    /// The columns of sorted entries.
    fn encode(entries: &[Self], into: &mut Vec<u8>);

    /// So many entries; none where they make no sense.
    fn decode(from: &[u8], count: usize) -> Option<Vec<Self>>;
}

/// Sorted entries.
#[derive(Debug, Clone)]
pub(crate) struct Block<E> {
    pub(crate) first: E,
    pub(crate) last: E,
    pub(crate) count: u32,
    small: Arc<[u8]>,
}

impl<E: Entry> Block<E> {
    /// Of sorted entries; none of none.
    pub(crate) fn of(entries: &[E]) -> Option<Block<E>> {
        let (first, last) = (*entries.first()?, *entries.last()?);
        let mut columns = Vec::with_capacity(entries.len() * 16);
        E::encode(entries, &mut columns);
        // What cannot be compressed, for whatever reason, is kept as it is.
        let small = zstd::bulk::compress(&columns, COMPRESSION_LEVEL);
        let mut bytes = Vec::new();
        match small {
            Ok(small) if small.len() < columns.len() => {
                bytes.push(1);
                bytes.extend_from_slice(&small);
            }
            _ => {
                bytes.push(0);
                bytes.extend_from_slice(&columns);
            }
        }
        Some(Block { first, last, count: entries.len() as u32, small: bytes.into() })
    }

    /// Its entries. They were read when the block was made or taken in, so that they can be.
    pub(crate) fn entries(&self) -> Vec<E> {
        self.open().unwrap_or_default()
    }

    fn open(&self) -> Option<Vec<E>> {
        let count = self.count as usize;
        match self.small.split_first()? {
            (0, columns) => E::decode(columns, count),
            (_, small) => E::decode(&zstd::bulk::decompress(small, LONGEST).ok()?, count),
        }
    }

    pub(crate) fn put(&self, into: &mut Vec<u8>) {
        bytes::put(u64::from(self.count), into);
        into.extend_from_slice(&self.small);
    }

    /// What [`Block::put`] wrote; none where it makes no sense.
    pub(crate) fn take(mut from: &[u8]) -> Option<Block<E>> {
        let count = bytes::take_u32(&mut from).filter(|count| *count as usize <= TOGETHER)?;
        let mut probe = |small: &[u8]| match small.split_first()? {
            (0, columns) => E::decode(columns, count as usize),
            (_, small) => E::decode(&zstd::bulk::decompress(small, LONGEST).ok()?, count as usize),
        };
        let entries = probe(from)?;
        let (first, last) = (*entries.first()?, *entries.last()?);
        entries.is_sorted().then_some(Block { first, last, count, small: from.into() })
    }
}
