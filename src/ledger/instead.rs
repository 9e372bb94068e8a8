//! What is read in the place of an erased event: as soon as an erasure is committed, before the
//! event's bytes are gone, and ever after.

use std::sync::{PoisonError, RwLockReadGuard};

use domain::event::Erased;
use domain::{Commit, Event, RecordId, Sequence, Values};

use super::body::{Body, Content};
use super::codec;
use super::damage::DamageKind;
use super::erasures::Erasures;
use super::error::LedgerError;
use super::frame::FrameHeader;
use super::reader::{Shared, actor, read_event, time, unreadable};

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

    /// The record and the values of the revision at `index`, or of what is read in its place; none
    /// where that is no revision.
    pub(super) fn delivered(
        &self,
        header: &FrameHeader,
        body: &Body,
        index: u32,
    ) -> Result<Option<(RecordId, Values)>, LedgerError> {
        let erased = self.erasures().by((header.logical.sequence, index)).is_some();
        if let Some(Content::Live(data)) = body.entry(index as usize + 1).filter(|_| !erased)
            && let Some(delivered) =
                codec::read_delivered(data).map_err(|error| unreadable(header, index, error))?
        {
            return Ok(Some((delivered.record, delivered.into_values())));
        }
        Ok(match self.event(header, body, index)? {
            Event::RecordRevised(revised) => Some((revised.record, revised.body.values)),
            _ => None,
        })
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

    /// A commit with those of its events whose kind and stored JSON are wanted; what is read in the
    /// place of an erased event always is.
    pub(super) fn commit(
        &self,
        header: &FrameHeader,
        body: &Body,
        wanted: impl Fn(&str, &[u8]) -> bool,
    ) -> Result<Commit, LedgerError> {
        let sequence = header.logical.sequence;
        let Some(actor) = actor(header, body)? else {
            return Err(self.damaged(sequence, DamageKind::ActorErased(sequence)));
        };
        let is_wanted = |index: &u32| match body.entry(*index as usize + 1) {
            Some(Content::Live(data)) if self.erasures().by((sequence, *index)).is_none() => {
                codec::split_tag(data).map_or(true, |(kind, _, json)| wanted(kind, json))
            }
            _ => true,
        };
        let events = (0..header.logical.events).filter(is_wanted);
        let events = events.map(|index| self.event(header, body, index));
        Ok(Commit {
            sequence,
            at: time(header.logical.at),
            actor,
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
