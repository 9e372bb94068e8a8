//! What is read in the place of an erased event: as soon as an erasure is committed, before the
//! event's bytes are gone, and ever after.

use std::sync::{PoisonError, RwLockReadGuard};

use crate::domain::event::Erased;
use crate::domain::{Commit, Event, Sequence};

use super::body::{Body, Content};
use super::codec;
use super::damage::DamageKind;
use super::erasures::Erasures;
use super::error::LedgerError;
use super::frame::FrameHeader;
use super::reader::{Shared, read_event, time, unreadable};

impl Shared {
    pub(super) fn erasures(&self) -> RwLockReadGuard<'_, Erasures> {
        self.erasures.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Learns what was erased from the commits that may say so; they come in their order.
    pub(super) fn learn_erasures(&self, commits: &[Sequence]) -> Result<(), LedgerError> {
        for sequence in commits {
            let decoded = self.decoded(*sequence)?;
            let mut erasures = self.erasures.write().unwrap_or_else(PoisonError::into_inner);
            let taken = erasures.take_in(*sequence, &decoded.body);
            taken.map_err(|error| unreadable(&decoded.header, 0, error))?;
        }
        Ok(())
    }

    /// The event at `index` of a commit, counted from 0, or what is read in its place.
    pub(super) fn event(
        &self,
        header: &FrameHeader,
        body: &Body,
        index: u32,
    ) -> Result<Event, LedgerError> {
        let sequence = header.logical.sequence;
        let by = self.erasures().by((sequence, index));
        if let Some((commit, at)) = by {
            let leaf = body.leaf(index as usize + 1);
            return self.instead(leaf.unwrap_or_default(), commit, at);
        }
        match body.entry(index as usize + 1) {
            Some(Content::Redacted(_)) => {
                Err(self.damaged(sequence, DamageKind::ErasedUnlisted { sequence, index }))
            }
            _ => read_event(header, body, index),
        }
    }

    /// What an erasing event says is read in the place of another.
    fn instead(&self, leaf: [u8; 32], commit: Sequence, at: u32) -> Result<Event, LedgerError> {
        let decoded = self.decoded(commit)?;
        let nothing = || Event::Erased(Erased { leaf: hash_text(&leaf) });
        match read_event(&decoded.header, &decoded.body, at)? {
            Event::EventErased(erased) if erased.leaf != hash_text(&leaf) => {
                let (sequence, index) = (erased.sequence, erased.index);
                Err(self.damaged(sequence, DamageKind::ErasedUnlisted { sequence, index }))
            }
            Event::EventErased(erased) => match erased.instead {
                Some(replacement) => codec::read_replacement(&replacement)
                    .map_err(|error| unreadable(&decoded.header, at, error)),
                None => Ok(nothing()),
            },
            _ => Ok(nothing()),
        }
    }

    /// A commit, whole.
    pub(super) fn commit(&self, header: &FrameHeader, body: &Body) -> Result<Commit, LedgerError> {
        let sequence = header.logical.sequence;
        let actor = match body.entry(0) {
            Some(Content::Live(data)) => {
                codec::read_actor(data).map_err(|error| unreadable(header, 0, error))?
            }
            _ => return Err(self.damaged(sequence, DamageKind::ActorErased(sequence))),
        };
        let events = (0..header.logical.events).map(|index| self.event(header, body, index));
        Ok(Commit {
            sequence,
            at: time(header.logical.at),
            actor: actor.to_owned(),
            events: events.collect::<Result<_, _>>()?,
        })
    }

    fn damaged(&self, sequence: Sequence, what: DamageKind) -> LedgerError {
        match self.index().place(sequence) {
            Some(place) => LedgerError::damage(place.segment, place.offset(), what),
            None => LedgerError::NoSuchCommit(sequence),
        }
    }

    pub(super) fn segment_of(&self, sequence: Sequence) -> Result<u32, LedgerError> {
        let place = self.index().place(sequence).ok_or(LedgerError::NoSuchCommit(sequence))?;
        Ok(place.segment)
    }
}

/// A hash in hexadecimal.
pub(super) fn hash_text(leaf: &[u8; 32]) -> String {
    blake3::Hash::from_bytes(*leaf).to_hex().to_string()
}
