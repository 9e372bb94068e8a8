//! A commit's body made ready to be written: the part of appending that needs no ledger, so that
//! an importer prepares the next chunk while this one is being synced.

use std::sync::mpsc::sync_channel;
use std::sync::{Arc, LazyLock};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::ports::Randomness;
use domain::{Actor, Event};

use super::body::{Body, Packed};
use super::codec;
use super::error::LedgerError;
use super::frame::HEADER_LENGTH;
use super::group::speaks_of_erasing;

/// A commit's body, ready for [`super::Ledger::append_encoded`].
#[derive(Debug, Clone)]
pub struct EncodedBody {
    pub(super) events: u32,
    pub(super) vocabulary: u16,
    /// Whether it says that something was erased.
    pub(super) speaks: bool,
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

/// Events from which on encoding is shared with another thread.
const SHARED_FROM: usize = 64;

/// Encodes the events of one commit: JSON, salts, hashes, compression. Of a large commit another thread
/// does half, since whoever appends waits for it.
///
/// # Errors
/// When there are no events or more than a commit may hold, or one of a kind that cannot be
/// written.
pub fn encode(
    events: &[Event],
    actor: &Actor,
    randomness: &dyn Randomness,
) -> Result<EncodedBody, LedgerError> {
    if events.is_empty() {
        return Err(LedgerError::Empty);
    }
    // A thread of the pool must not wait for another of them.
    let is_shared = events.len() >= SHARED_FROM && rayon::current_thread_index().is_none();
    let Encoded { root, packed, vocabulary } = match HELPER.as_ref().filter(|_| is_shared) {
        Some(helper) => by_two(helper, events, actor, randomness)?,
        None => by_one(events, actor, randomness)?,
    };
    Ok(EncodedBody {
        events: u32::try_from(events.len()).unwrap_or(u32::MAX),
        vocabulary,
        speaks: speaks_of_erasing(events),
        root,
        codec: packed.codec,
        frame: packed.bytes,
    })
}

struct Encoded {
    root: [u8; 32],
    packed: Packed,
    vocabulary: u16,
}

fn by_one(
    events: &[Event],
    actor: &Actor,
    randomness: &dyn Randomness,
) -> Result<Encoded, LedgerError> {
    let entries = Entries::of(Some(actor), events)?;
    let vocabulary = entries.vocabulary;
    let body = entries.into_body(randomness);
    Ok(Encoded { root: body.root(), packed: body.pack(HEADER_LENGTH)?, vocabulary })
}

/// The other thread; none where the system gives no more.
static HELPER: LazyLock<Option<ThreadPool>> =
    LazyLock::new(|| ThreadPoolBuilder::new().num_threads(1).build().ok());

/// The other thread writes the second half of the events, and compresses all of them while this one
/// hashes them.
fn by_two(
    helper: &ThreadPool,
    events: &[Event],
    actor: &Actor,
    randomness: &dyn Randomness,
) -> Result<Encoded, LedgerError> {
    let (first, second) = events.split_at(events.len() / 2);
    let (written, rest) = sync_channel(1);
    let (made, body) = sync_channel::<Arc<Body>>(1);
    // It is there when the scope ends, which goes on with a panic of the other thread.
    let mut packed = Err(LedgerError::Empty);
    let place = &mut packed;
    let (root, vocabulary) = helper.in_place_scope(move |scope| {
        scope.spawn(move |_| {
            let entries = Entries::of(None, second);
            // Who does not take it has failed, and says why.
            if written.send(entries).is_ok()
                && let Ok(body) = body.recv()
            {
                *place = body.pack(HEADER_LENGTH);
            }
        });
        let entries = Entries::of(Some(actor), first)?;
        let entries = entries.and(rest.recv().unwrap_or(Err(LedgerError::Empty))?);
        let vocabulary = entries.vocabulary;
        let body = Arc::new(entries.into_body(randomness));
        drop(made.send(Arc::clone(&body)));
        Ok::<_, LedgerError>((body.root(), vocabulary))
    })?;
    Ok(Encoded { root, packed: packed?, vocabulary })
}

/// An actor and events as bytes, one after the other.
struct Entries {
    data: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
    vocabulary: u16,
}

impl Entries {
    fn of(actor: Option<&Actor>, events: &[Event]) -> Result<Entries, LedgerError> {
        let mut data = Vec::with_capacity(events.len() * 640);
        let mut ends = Vec::with_capacity(events.len() + 1);
        let mut vocabulary = 0;
        if let Some(actor) = actor {
            vocabulary = codec::write_actor(actor, &mut data)?;
            ends.push(data.len());
        }
        for event in events {
            vocabulary = vocabulary.max(codec::write_event(event, &mut data)?);
            ends.push(data.len());
        }
        Ok(Entries { data, ends, vocabulary })
    }

    /// These, and others behind them.
    fn and(mut self, others: Entries) -> Entries {
        let before = self.data.len();
        self.data.extend_from_slice(&others.data);
        self.ends.extend(others.ends.iter().map(|end| before + end));
        Entries { vocabulary: self.vocabulary.max(others.vocabulary), ..self }
    }

    fn into_body(self, randomness: &dyn Randomness) -> Body {
        let mut salts = vec![[0; 16]; self.ends.len()];
        randomness.fill(salts.as_flattened_mut());
        Body::new(&salts, &self.ends, self.data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::randomness::SimulatedRandomness;
    use crate::samples;

    #[test]
    fn two_encode_what_one_does() {
        let events = samples::every_kind();
        let events: Vec<Event> = events.iter().cycle().take(3 * SHARED_FROM + 1).cloned().collect();
        let chance = || SimulatedRandomness::seeded(7);
        for (actor, least) in samples::actors() {
            let one = by_one(&events, &actor, &chance()).ok().unwrap();
            let two = by_two(HELPER.as_ref().unwrap(), &events, &actor, &chance()).ok().unwrap();
            assert_eq!((one.root, one.vocabulary), (two.root, two.vocabulary));
            assert_eq!((one.packed.codec, one.packed.bytes), (two.packed.codec, two.packed.bytes));
            assert!(one.vocabulary >= least);
        }
    }
}
