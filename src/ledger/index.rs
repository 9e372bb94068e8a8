//! Where every commit is, in memory: eight bytes a commit, built from the frames' headers.

use std::num::NonZeroU32;

use domain::Sequence;

use super::chain::Head;

/// Where a frame begins. No frame begins at 0, where the segment's header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) segment: u32,
    offset: NonZeroU32,
}

impl Place {
    /// The place at `offset` of a segment; none where no frame can begin.
    pub(super) fn new(segment: u32, offset: u64) -> Option<Place> {
        let offset = u32::try_from(offset).ok().and_then(NonZeroU32::new)?;
        Some(Place { segment, offset })
    }

    pub(super) fn offset(self) -> u64 {
        u64::from(self.offset.get())
    }
}

/// What is known of one segment.
#[derive(Debug, Clone, Default)]
pub(super) struct SegmentEntry {
    pub(super) number: u32,
    /// How far it may be read.
    pub(super) length: u64,
    /// How often it was rewritten since the ledger was opened: who read where a commit is and then
    /// opens the file must find the same number here.
    pub(super) revision: u32,
    /// The keys its commits are encrypted with; 0 stands for none.
    pub(super) keys: Vec<u32>,
}

/// The place of every acknowledged commit.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By sequence, from 1; none where a commit is lost to damage.
    places: Vec<Option<Place>>,
    /// By number.
    segments: Vec<SegmentEntry>,
    pub(super) head: Option<Head>,
}

impl Index {
    /// Adds a commit behind all others; those between are lost.
    pub(super) fn push(&mut self, sequence: Sequence, segment: u32, offset: u64) {
        let place = Place::new(segment, offset);
        let index = usize::try_from(sequence.0.saturating_sub(1)).unwrap_or(usize::MAX);
        // Damage could name any number; a gap of more commits than bytes is not believed.
        if index < self.places.len() + MAX_GAP {
            self.places.resize(index, None);
            self.places.push(place);
        }
    }

    /// Adds a sound commit that was passed over, since a later one stood before it, or that stands
    /// there twice.
    pub(super) fn stand_in(&mut self, sequence: Sequence, segment: u32, offset: u64) {
        let index = sequence.0.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        if let Some(place) = index.and_then(|index| self.places.get_mut(index)) {
            *place = Place::new(segment, offset);
        }
    }

    /// Forgets the commits from `first` on, all of them in the last segment, which ends before them at
    /// `length`; `head` is the newest that is left.
    pub(super) fn forget_from(
        &mut self,
        first: Sequence,
        (segment, length): (u32, u64),
        head: Option<Head>,
    ) {
        let kept = usize::try_from(first.0.saturating_sub(1)).unwrap_or(usize::MAX);
        self.places.truncate(kept);
        self.set_length(segment, length);
        self.head = head;
    }

    /// Where a commit is; none when it is not there.
    pub(super) fn place(&self, sequence: Sequence) -> Option<Place> {
        let index = usize::try_from(sequence.0.checked_sub(1)?).ok()?;
        self.places.get(index).copied().flatten()
    }

    /// How far a segment may be read.
    pub(super) fn length(&self, segment: u32) -> u64 {
        self.segment(segment).map_or(0, |entry| entry.length)
    }

    /// How often a segment was rewritten since the ledger was opened.
    pub(super) fn revision(&self, segment: u32) -> u32 {
        self.segment(segment).map_or(0, |entry| entry.revision)
    }

    /// Counts every segment as rewritten since another index was made of the same files.
    pub(super) fn come_after(&mut self, before: &Index) {
        for segment in &mut self.segments {
            segment.revision = before.revision(segment.number) + 1;
        }
    }

    /// All segments, in order.
    pub(super) fn segments(&self) -> &[SegmentEntry] {
        &self.segments
    }

    /// Sets how far a segment may be read.
    pub(super) fn set_length(&mut self, segment: u32, length: u64) {
        self.segment_mut(segment).length = length;
    }

    /// Notes that a segment holds a commit under this key.
    pub(super) fn note_key(&mut self, segment: u32, key: u32) {
        let keys = &mut self.segment_mut(segment).keys;
        if !keys.contains(&key) {
            keys.push(key);
        }
    }

    /// Puts a rewritten segment in place of what it was: where its commits are now, its length,
    /// its keys.
    pub(super) fn replace(
        &mut self,
        segment: u32,
        frames: &[(Sequence, u64)],
        length: u64,
        keys: Vec<u32>,
    ) {
        for (sequence, offset) in frames {
            let at = usize::try_from(sequence.0.saturating_sub(1)).ok();
            if let Some(kept) = at.and_then(|at| self.places.get_mut(at)) {
                *kept = Place::new(segment, *offset);
            }
        }
        let entry = self.segment_mut(segment);
        entry.length = length;
        entry.keys = keys;
        entry.revision += 1;
    }

    fn segment(&self, number: u32) -> Option<&SegmentEntry> {
        let at = self.segments.binary_search_by_key(&number, |entry| entry.number);
        at.ok().map(|at| &self.segments[at])
    }

    fn segment_mut(&mut self, number: u32) -> &mut SegmentEntry {
        let at = self.segments.binary_search_by_key(&number, |entry| entry.number);
        let at = at.unwrap_or_else(|at| {
            self.segments.insert(at, SegmentEntry { number, ..SegmentEntry::default() });
            at
        });
        &mut self.segments[at]
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
        index.stand_in(Sequence(2), 1, 300);
        index.stand_in(Sequence(1), 2, 800);
        index.stand_in(Sequence(9), 2, 900);
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

    #[test]
    fn a_rewritten_segment_has_its_commits_elsewhere() {
        let mut index = Index::default();
        index.push(Sequence(1), 1, 112);
        index.push(Sequence(2), 1, 200);
        index.push(Sequence(3), 2, 112);
        index.note_key(1, 1);
        index.replace(1, &[(Sequence(1), 112), (Sequence(2), 150)], 180, vec![2]);
        let offset = |number| index.place(Sequence(number)).map(Place::offset);
        assert_eq!([1, 2, 3].map(offset), [Some(112), Some(150), Some(112)]);
        assert_eq!((index.length(1), index.revision(1), index.revision(2)), (180, 1, 0));
        assert_eq!(index.segments()[0].keys, [2]);
    }
}
