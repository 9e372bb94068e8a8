//! Where in the ledger an activity stands.

use crate::bytes;
use domain::{ImportId, Sequence};

/// Where an activity's texts stand: commit, event, place among the event's activities, each counted from 0 but the
/// commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextPlace {
    /// The commit.
    pub sequence: Sequence,
    /// The event's index in it.
    pub event: u32,
    /// Which of its activities.
    pub position: u32,
}

/// Events of one commit, one behind the other, that recorded activities of one import and stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) sequence: Sequence,
    pub(crate) import: ImportId,
    pub(crate) stream: u32,
    /// The index of the first event.
    first_event: u32,
    /// The ordinal of its first activity.
    pub(crate) first: u32,
    events: u32,
    count: u32,
    /// How many activities each event holds.
    counts: Vec<u8>,
}

/// All parts, in the order of the ledger.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parts(Vec<Part>);

impl Parts {
    /// How many activities there are.
    pub(crate) fn total(&self) -> u32 {
        self.0.last().map_or(0, |part| part.first + part.count)
    }

    /// An event with so many activities.
    pub(crate) fn note(
        &mut self,
        (sequence, event): (Sequence, u32),
        (import, stream): (ImportId, u32),
        count: u32,
    ) {
        let first = self.total();
        let goes_on = self.0.last().is_some_and(|part| {
            (part.sequence, part.import, part.stream) == (sequence, import, stream)
                && part.first_event + part.events == event
        });
        if !goes_on {
            let (events, counts) = (0, Vec::new());
            let part = Part {
                sequence,
                import,
                stream,
                first_event: event,
                first,
                events,
                count: 0,
                counts,
            };
            self.0.push(part);
        }
        if let Some(part) = self.0.last_mut() {
            part.events += 1;
            part.count += count;
            bytes::put(u64::from(count), &mut part.counts);
        }
    }

    pub(crate) fn part(&self, ordinal: u32) -> Option<&Part> {
        let after = self.0.partition_point(|part| part.first <= ordinal);
        // Those without an activity lie at the beginning of the one that has it.
        self.0[..after].iter().rev().find(|part| part.count > 0)
    }

    pub(crate) fn all(&self) -> &[Part] {
        &self.0
    }

    pub(crate) fn place(&self, ordinal: u32) -> Option<TextPlace> {
        let part = self.part(ordinal)?;
        let mut before = part.first;
        let mut counts = &part.counts[..];
        for event in part.first_event..part.first_event + part.events {
            let count = bytes::take_u32(&mut counts)?;
            if ordinal - before < count {
                return Some(TextPlace {
                    sequence: part.sequence,
                    event,
                    position: ordinal - before,
                });
            }
            before += count;
        }
        None
    }
}

impl Part {
    pub(crate) fn put(&self, into: &mut Vec<u8>) {
        bytes::put(self.sequence.0, into);
        for number in [self.import.0, self.stream, self.first_event, self.events] {
            bytes::put(u64::from(number), into);
        }
        into.extend_from_slice(&self.counts);
    }
}

impl Parts {
    /// Takes what [`Part::put`] wrote in; none where it makes no sense.
    pub(crate) fn take(&mut self, mut from: &[u8]) -> Option<()> {
        let from = &mut from;
        let sequence = Sequence(bytes::take(from)?);
        let of = (ImportId(bytes::take_u32(from)?), bytes::take_u32(from)?);
        let first_event = bytes::take_u32(from)?;
        let events = bytes::take_u32(from)?;
        for event in 0..events {
            let count = bytes::take_u32(from)?;
            self.total().checked_add(count)?;
            self.note((sequence, first_event.checked_add(event)?), of, count);
        }
        from.is_empty().then_some(())
    }
}
