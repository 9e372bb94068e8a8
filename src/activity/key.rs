//! The keys of activities, by which they are known when they are delivered again.

use crate::block::Entry;
use crate::bytes;

/// How much of a content's fingerprint is kept: a change goes unseen once in 2^40.
const CONTENT: u64 = (1 << 40) - 1;
const CONTENT_BYTES: u32 = 5;

/// One version of an activity. Ordered by key, then by when it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct KeyEntry {
    pub(crate) key: u64,
    pub(crate) ordinal: u32,
    content: u64,
}

/// The version of an activity that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Its place among all that was ever recorded.
    pub ordinal: u32,
    content: u64,
}

impl Known {
    /// Whether it says what this content's fingerprint is of.
    #[must_use]
    pub fn is_of(&self, content: u64) -> bool {
        self.content == content & CONTENT
    }
}

impl KeyEntry {
    pub(crate) fn new(key: u64, ordinal: u32, content: u64) -> KeyEntry {
        KeyEntry { key, ordinal, content: content & CONTENT }
    }

    pub(crate) fn known(&self) -> Known {
        Known { ordinal: self.ordinal, content: self.content }
    }
}

impl Entry for KeyEntry {
    fn encode(entries: &[KeyEntry], into: &mut Vec<u8>) {
        let mut before = 0;
        for entry in entries {
            bytes::put(entry.key - before, into);
            before = entry.key;
        }
        let ordinals: Vec<u64> = entries.iter().map(|entry| u64::from(entry.ordinal)).collect();
        bytes::put_near(&ordinals, into);
        for place in 0..CONTENT_BYTES {
            into.extend(entries.iter().map(|entry| (entry.content >> (8 * place)) as u8));
        }
    }

    fn decode(mut from: &[u8], count: usize) -> Option<Vec<KeyEntry>> {
        let from = &mut from;
        let mut entries = vec![KeyEntry { key: 0, ordinal: 0, content: 0 }; count];
        let mut before = 0u64;
        for entry in &mut entries {
            before = before.checked_add(bytes::take(from)?)?;
            entry.key = before;
        }
        for (entry, ordinal) in entries.iter_mut().zip(bytes::take_near(from, count)?) {
            entry.ordinal = u32::try_from(ordinal).ok()?;
        }
        for place in 0..CONTENT_BYTES {
            let (column, rest) = from.split_at_checked(count)?;
            *from = rest;
            for (entry, byte) in entries.iter_mut().zip(column) {
                entry.content |= u64::from(*byte) << (8 * place);
            }
        }
        from.is_empty().then_some(entries)
    }
}
