//! Who was named: each once, under a number, and to be found by whatever fingerprint they were named with.

use hashbrown::HashTable;

use crate::bytes;
use domain::{ActivitySubject, Fingerprint};

/// A number of the log's own for who was named.
pub type SubjectNumber = u32;

/// Everybody who was named.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subjects {
    fingerprints: Vec<u64>,
    /// For each, where its fingerprints end, and whether the first of them is of a key.
    ends: Vec<(u32, bool)>,
    /// Numbers, to be found by all that was said.
    by_all: HashTable<SubjectNumber>,
    /// Places of fingerprints, to be found by them.
    by_one: HashTable<u32>,
}

impl Subjects {
    pub(crate) fn len(&self) -> u32 {
        self.ends.len() as u32
    }

    fn slice(&self, number: SubjectNumber) -> (&[u64], bool) {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before].0);
        let Some((end, has_key)) = self.ends.get(number) else { return (&[], false) };
        (&self.fingerprints[start as usize..*end as usize], *has_key)
    }

    /// Whether anybody was ever named with a handle.
    pub(crate) fn have_handles(&self) -> bool {
        self.fingerprints.len() > self.ends.iter().filter(|(_, has_key)| *has_key).count()
    }

    /// The key's fingerprint and the handles'.
    pub(crate) fn get(&self, number: SubjectNumber) -> (Option<Fingerprint>, &[u64]) {
        match self.slice(number) {
            ([key, handles @ ..], true) => (Some(Fingerprint(*key)), handles),
            (handles, _) => (None, handles),
        }
    }

    /// The number of whoever is named so, which is given now if it is new.
    pub(crate) fn number(&mut self, subject: &ActivitySubject) -> SubjectNumber {
        let key = subject.key.iter();
        let said: Vec<u64> = key.chain(&subject.handles).map(|it| it.0).collect();
        self.number_of(&said, subject.key.is_some())
    }

    fn number_of(&mut self, said: &[u64], has_key: bool) -> SubjectNumber {
        let hash = hash(said, has_key);
        let found = self.by_all.find(hash, |number| self.slice(*number) == (said, has_key));
        if let Some(number) = found {
            return *number;
        }
        let number = self.len();
        for fingerprint in said {
            let place = self.fingerprints.len() as u32;
            self.fingerprints.push(*fingerprint);
            let known = &self.fingerprints;
            self.by_one.insert_unique(*fingerprint, place, |place| known[*place as usize]);
        }
        self.ends.push((self.fingerprints.len() as u32, has_key));
        let mut by_all = std::mem::take(&mut self.by_all);
        by_all.insert_unique(hash, number, |number| {
            let (said, has_key) = self.slice(*number);
            crate::subjects::hash(said, has_key)
        });
        self.by_all = by_all;
        number
    }

    /// Everybody who was named with that fingerprint, as a key (`true`) or as a handle.
    pub(crate) fn named(
        &self,
        fingerprint: Fingerprint,
    ) -> impl Iterator<Item = (SubjectNumber, bool)> {
        let places = self.by_one.iter_hash(fingerprint.0);
        let found =
            places.filter(move |place| self.fingerprints[**place as usize] == fingerprint.0);
        found.map(|place| {
            let number = self.ends.partition_point(|(end, _)| end <= place);
            let start = number.checked_sub(1).map_or(0, |before| self.ends[before].0);
            (number as u32, *place == start && self.ends[number].1)
        })
    }

    /// So many of them as bytes, from a number on.
    pub(crate) fn put(&self, numbers: std::ops::Range<u32>, into: &mut Vec<u8>) {
        for number in numbers {
            let (said, has_key) = self.slice(number);
            bytes::put((said.len() as u64) << 1 | u64::from(has_key), into);
            said.iter().for_each(|it| into.extend_from_slice(&it.to_le_bytes()));
        }
    }

    /// Takes more of them in; none where they make no sense.
    pub(crate) fn take(&mut self, mut from: &[u8]) -> Option<()> {
        let mut said = Vec::new();
        while !from.is_empty() {
            let head = bytes::take(&mut from)?;
            said.clear();
            for _ in 0..head >> 1 {
                let (fingerprint, rest) = from.split_first_chunk()?;
                said.push(u64::from_le_bytes(*fingerprint));
                from = rest;
            }
            let number = self.len();
            (self.number_of(&said, head & 1 == 1) == number).then_some(())?;
        }
        Some(())
    }
}

/// The fingerprints are hashes already.
fn hash(said: &[u64], has_key: bool) -> u64 {
    let turned =
        |hash: u64, part: &u64| hash.rotate_left(21).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ part;
    said.iter().fold(u64::from(has_key), turned)
}
