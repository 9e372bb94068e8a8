//! Which events were erased, by which commit, and whether their bytes are gone.
//!
//! Erasing goes in three steps, so that it is either absent or completed whatever happens: a
//! commit that lists the erased events and holds what is read in their place; segments rewritten
//! without them; a commit that says it is done. From the first step on the replacements are read,
//! and nobody reads the erased events any more. An erasure without its third step is taken up
//! again by the next opening.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use domain::Sequence;
use domain::event::ErasureFinished;

use super::body::{Body, Content};
use super::codec::{self, Unreadable};
use super::upcast;

const PERSON_ERASED: &str = "person_erased";
const EVENT_ERASED: &str = "event_erased";
const ERASURE_FINISHED: &str = "erasure_finished";

/// An event's place: its commit, and its index there from 0.
pub(super) type Place = (Sequence, u32);

/// What the erasing commits of a ledger say.
#[derive(Debug, Default)]
pub(super) struct Erasures {
    /// By erased place, the place of the last event that erased it.
    by: HashMap<Place, Place>,
    /// By commit, the places an erasure lists whose bytes may not be gone yet.
    unfinished: BTreeMap<Sequence, Vec<Place>>,
}

/// One entry that speaks of erasing.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// A person was erased.
    Begun,
    /// The event at a place was erased; its leaf.
    Listed { place: Place, leaf: [u8; 32] },
    /// The erasure of that commit is done.
    Finished(Sequence),
}

/// What is needed of an [`domain::event::EventErased`] to find it again.
#[derive(Deserialize)]
struct Listed {
    sequence: Sequence,
    index: u32,
    leaf: String,
}

impl Erasures {
    /// Notes what a commit says; commits come in their order.
    pub(super) fn take_in(&mut self, sequence: Sequence, body: &Body) -> Result<(), Unreadable> {
        let mut places = Vec::new();
        for (index, said) in said(body)? {
            match said {
                Said::Begun => {
                    self.unfinished.entry(sequence).or_default();
                }
                Said::Listed { place, .. } => {
                    self.by.insert(place, (sequence, index));
                    places.push(place);
                }
                Said::Finished(of) => {
                    self.unfinished.remove(&of);
                }
            }
        }
        if let Some(unfinished) = self.unfinished.get_mut(&sequence) {
            unfinished.extend(places);
        }
        Ok(())
    }

    /// Where stands what is read in place of an event, if it was erased.
    pub(super) fn by(&self, place: Place) -> Option<Place> {
        if self.by.is_empty() { None } else { self.by.get(&place).copied() }
    }

    /// The last commit that lists anything.
    pub(super) fn last(&self) -> Option<Sequence> {
        self.by.values().map(|(sequence, _)| *sequence).max()
    }

    /// The erasures that are not done yet.
    pub(super) fn unfinished(&self) -> Vec<Sequence> {
        self.unfinished.keys().copied().collect()
    }

    /// The places listed by erasures that are not done yet, each once, in order.
    pub(super) fn to_redact(&self) -> Vec<Place> {
        let mut places: Vec<Place> = self.unfinished.values().flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// Whether a commit of that vocabulary may speak of erasing, where nothing else says so.
pub(super) fn may_speak(vocabulary: u16) -> bool {
    let needed = upcast::find(upcast::KINDS, ERASURE_FINISHED).map(upcast::KindRow::vocabulary);
    needed.is_some_and(|needed| vocabulary >= needed)
}

/// What the entries of a commit say of erasing, each with its event's index.
pub(super) fn said(body: &Body) -> Result<Vec<(u32, Said)>, Unreadable> {
    let mut found = Vec::new();
    let mut index = 0;
    while let Some(content) = body.entry(index as usize + 1) {
        if let Content::Live(data) = content {
            let (kind, _, json) = codec::split_tag(data)?;
            let said = match kind {
                PERSON_ERASED => Some(Said::Begun),
                EVENT_ERASED => Some(listed(json)?),
                ERASURE_FINISHED => {
                    let finished: ErasureFinished = codec::from_json(json)?;
                    Some(Said::Finished(finished.of))
                }
                _ => None,
            };
            found.extend(said.map(|said| (index, said)));
        }
        index += 1;
    }
    Ok(found)
}

fn listed(json: &[u8]) -> Result<Said, Unreadable> {
    let Listed { sequence, index, leaf } = codec::from_json(json)?;
    let leaf = blake3::Hash::from_hex(&leaf)
        .map_err(|_| Unreadable::Malformed("a leaf that is not a hash".to_owned()))?;
    Ok(Said::Listed { place: (sequence, index), leaf: *leaf.as_bytes() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::event::{EventErased, PersonErased};
    use domain::{CustomerId, Event, ReasonCode};

    fn body(events: &[Event]) -> Body {
        let mut data = Vec::new();
        let mut ends = Vec::new();
        codec::write_actor(&"kim".into(), &mut data).unwrap();
        ends.push(data.len());
        for event in events {
            codec::write_event(event, &mut data).unwrap();
            ends.push(data.len());
        }
        Body::new(&vec![[7; 16]; ends.len()], &ends, data)
    }

    fn person() -> Event {
        PersonErased {
            customer: CustomerId(3),
            previous: None,
            records: Vec::new(),
            reason: ReasonCode::new("request"),
            request: None,
            note: None,
            suppressed: Vec::new(),
        }
        .into()
    }

    fn erased(sequence: u64, index: u32) -> Event {
        let leaf = blake3::hash(b"x").to_hex().to_string();
        EventErased { sequence: Sequence(sequence), index, leaf, instead: None }.into()
    }

    #[test]
    fn the_last_word_about_a_place_counts_and_a_finished_erasure_is_done() {
        let mut erasures = Erasures::default();
        erasures.take_in(Sequence(9), &body(&[person(), erased(2, 0), erased(2, 5)])).unwrap();
        assert_eq!(erasures.unfinished(), [Sequence(9)]);
        assert_eq!(erasures.to_redact(), [(Sequence(2), 0), (Sequence(2), 5)]);
        erasures
            .take_in(Sequence(10), &body(&[ErasureFinished { of: Sequence(9) }.into()]))
            .unwrap();
        assert!(erasures.unfinished().is_empty() && erasures.to_redact().is_empty());
        erasures.take_in(Sequence(11), &body(&[person(), erased(2, 5), erased(9, 2)])).unwrap();
        assert_eq!(erasures.by((Sequence(2), 0)), Some((Sequence(9), 1)));
        assert_eq!(erasures.by((Sequence(2), 5)), Some((Sequence(11), 1)));
        assert_eq!(erasures.by((Sequence(2), 1)), None);
        assert_eq!(erasures.unfinished(), [Sequence(11)]);
    }

    #[test]
    fn a_header_tells_whether_a_commit_speaks_of_erasing() {
        assert!(!may_speak(1));
        assert!(may_speak(2) && may_speak(3));
        assert!(said(&body(&[])).unwrap().is_empty());
    }
}
