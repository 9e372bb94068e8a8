//! A commit's body made ready to be written: the part of appending that needs no ledger, so that
//! an importer prepares the next chunk while this one is being synced.

use crate::ports::Randomness;
use domain::Event;

use super::body::Body;
use super::codec;
use super::error::LedgerError;
use super::frame::HEADER_LENGTH;

/// A commit's body, ready for [`super::Ledger::append_encoded`].
#[derive(Debug, Clone)]
pub struct EncodedBody {
    pub(super) events: u32,
    pub(super) vocabulary: u16,
    pub(super) root: [u8; 32],
    pub(super) codec: u8,
    /// Room for the header, then the stored bytes before they are sealed: sealing needs to know
    /// the place, which is known when the turn comes.
    pub(super) frame: Vec<u8>,
}

impl EncodedBody {
    /// How many events it holds.
    #[must_use]
    pub fn events(&self) -> u32 {
        self.events
    }

    /// How many bytes it will take in the ledger, those of encryption not counted.
    #[must_use]
    pub fn length(&self) -> usize {
        self.frame.len()
    }
}

/// Encodes the events of one commit: JSON, salts, hashes, compression.
///
/// # Errors
/// When there are no events or more than a commit may hold, or one of a kind that cannot be
/// written.
pub fn encode(
    events: &[Event],
    actor: &str,
    randomness: &dyn Randomness,
) -> Result<EncodedBody, LedgerError> {
    if events.is_empty() {
        return Err(LedgerError::Empty);
    }
    let mut data = Vec::with_capacity(events.len() * 512);
    let mut ends = Vec::with_capacity(events.len() + 1);
    codec::write_actor(actor, &mut data);
    ends.push(data.len());
    let mut vocabulary = 0;
    for event in events {
        vocabulary = vocabulary.max(codec::write_event(event, &mut data)?);
        ends.push(data.len());
    }
    let mut salts = vec![[0; 16]; ends.len()];
    randomness.fill(salts.as_flattened_mut());
    let body = Body::new(&salts, &ends, data);
    let packed = body.pack(HEADER_LENGTH)?;
    Ok(EncodedBody {
        events: u32::try_from(events.len()).unwrap_or(u32::MAX),
        vocabulary,
        root: body.root(),
        codec: packed.codec,
        frame: packed.bytes,
    })
}
