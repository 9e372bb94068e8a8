//! Where every commit is, in memory: eight bytes a commit, built from the frames' headers.

use std::num::NonZeroU32;

use crate::domain::Sequence;

use super::chain::Head;

/// Where a frame begins. No frame begins at 0, where the segment's header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) segment: u32,
    offset: NonZeroU32,
}

impl Place {
    fn at(segment: u32, offset: u64) -> Option<Place> {
        let offset = u32::try_from(offset).ok().and_then(NonZeroU32::new)?;
        Some(Place { segment, offset })
    }

    pub(super) fn offset(self) -> u64 {
        u64::from(self.offset.get())
    }
}

/// The place of every acknowledged commit.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By sequence, from 1; none where a commit is lost to damage.
    places: Vec<Option<Place>>,
    /// Number and length of each segment.
    segments: Vec<(u32, u64)>,
    pub(super) head: Option<Head>,
}

impl Index {
    /// Adds a commit behind all others; those between are lost.
    pub(super) fn push(&mut self, sequence: Sequence, segment: u32, offset: u64) {
        let place = Place::at(segment, offset);
        let index = usize::try_from(sequence.0.saturating_sub(1)).unwrap_or(usize::MAX);
        // Damage could name any number; a gap of more commits than bytes is not believed.
        if index < self.places.len() + MAX_GAP {
            self.places.resize(index, None);
            self.places.push(place);
        }
    }

    /// Adds a sound commit that was passed over, since a later one stood before it, or that stands
    /// there twice.
    pub(super) fn replace(&mut self, sequence: Sequence, segment: u32, offset: u64) {
        let index = sequence.0.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        if let Some(place) = index.and_then(|index| self.places.get_mut(index)) {
            *place = Place::at(segment, offset);
        }
    }

    /// Where a commit is; none when it is not there.
    pub(super) fn place(&self, sequence: Sequence) -> Option<Place> {
        let index = usize::try_from(sequence.0.checked_sub(1)?).ok()?;
        self.places.get(index).copied().flatten()
    }

    /// How far a segment may be read.
    pub(super) fn length(&self, segment: u32) -> u64 {
        let at = self.segments.binary_search_by_key(&segment, |(number, _)| *number);
        at.map_or(0, |at| self.segments[at].1)
    }

    /// Sets how far a segment may be read; a new one is the last.
    pub(super) fn set_length(&mut self, segment: u32, length: u64) {
        match self.segments.last_mut() {
            Some(last) if last.0 == segment => last.1 = length,
            _ => self.segments.push((segment, length)),
        }
    }
}

const MAX_GAP: usize = 100_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_takes_eight_bytes_and_lost_ones_are_missing() {
        assert_eq!(size_of::<Option<Place>>(), 8);
        let mut index = Index::default();
        index.push(Sequence(1), 1, 112);
        index.push(Sequence(4), 2, 500);
        assert_eq!(
            index.place(Sequence(4)).map(|place| (place.segment, place.offset())),
            Some((2, 500))
        );
        for absent in [0, 2, 3, 5] {
            assert_eq!(index.place(Sequence(absent)), None, "{absent}");
        }
        index.replace(Sequence(2), 1, 300);
        index.replace(Sequence(1), 2, 800);
        index.replace(Sequence(9), 2, 900);
        let found = [1, 2, 3, 9].map(|number| index.place(Sequence(number)));
        assert_eq!(found.map(|place| place.map(Place::offset)), [Some(800), Some(300), None, None]);
        index.push(Sequence(u64::MAX), 2, 600);
        assert_eq!(index.places.len(), 4);
    }

    #[test]
    fn lengths_are_kept_by_segment() {
        let mut index = Index::default();
        index.set_length(1, 10);
        index.set_length(3, 20);
        index.set_length(3, 30);
        assert_eq!([1, 2, 3].map(|segment| index.length(segment)), [10, 0, 30]);
    }
}
