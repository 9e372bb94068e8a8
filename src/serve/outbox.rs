//! What a session is to be sent: answers in the order in which they came, and between them the files
//! that operations write, as fast as the other end takes them.
//!
//! Whoever puts something in never waits, least of all the desk: what is written to a file that nobody
//! takes waits in a spool. All that is held in memory is bounded: answers by how many operations a
//! session may have under way ([`UNDER_WAY`]), everything else by [`MOST`].
//!
//! An answer is sent once all files that were whole before it have been sent: who is told that an
//! export is done has it.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::bytes::Bytes;
use super::codec::encode;
use super::frame::{CHUNK, ToClient, UNDER_WAY, WINDOW};
use super::spool::{Spools, Waiting};
use door::{Encoder, Failure, Told, not_done_bytes};

/// Frames that may wait beside answers; who takes none of them is let go.
const MOST: usize = 4_096;
/// Bytes of an answer that go in one frame.
const PART: usize = 1 << 20;

/// One file of one operation.
type Place = (u64, u32);

/// What a session is to be sent. A clone is the same one.
#[derive(Clone)]
pub(super) struct Outbox(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    ready: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Item>,
    /// What was asked and is not answered, or not yet told.
    under_way: usize,
    /// Files that are written, or not yet sent whole.
    outputs: BTreeMap<Place, Output>,
    /// The file that was sent from last: they take turns.
    last: Place,
    /// Nothing is taken in any more: this is said once all that waits is sent, and it ends.
    good_bye: Option<String>,
    /// It ends now.
    closed: bool,
}

enum Item {
    Frame(ToClient),
    /// An answer, and the files that go before it.
    Answer {
        id: u64,
        told: Box<(Told, Encoder)>,
        after: Vec<Place>,
    },
}

struct Output {
    waiting: Waiting,
    /// Bytes that may be sent before the other end says that it takes more.
    credit: u64,
    /// Whether all of it has been written.
    whole: bool,
    /// Why nobody takes it any more.
    closed: Option<String>,
}

/// What is sent next.
pub(super) enum Next {
    Frame(ToClient),
    Answer(u64, Box<(Told, Encoder)>),
}

impl Outbox {
    pub(super) fn new() -> Outbox {
        Outbox(Arc::new(Shared { state: Mutex::default(), ready: Condvar::new() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something is asked; whether there is room for its answer.
    pub(super) fn begin(&self) -> bool {
        let mut state = self.state();
        let has_room = state.under_way < UNDER_WAY;
        state.under_way += usize::from(has_room);
        has_room
    }

    /// Whether it has ended, or too much waits in it.
    pub(super) fn is_closed(&self) -> bool {
        self.state().closed
    }

    /// Whether good-bye is on its way.
    pub(super) fn is_leaving(&self) -> bool {
        self.state().good_bye.is_some()
    }

    /// Puts a frame in.
    pub(super) fn put(&self, frame: ToClient) {
        let mut state = self.state();
        if state.good_bye.is_none() {
            state.queue.push_back(Item::Frame(frame));
            state.closed |= state.queue.len() > MOST;
        }
        self.0.ready.notify_all();
    }

    /// Puts an answer in. It is turned into bytes when it is sent, not where it was found.
    pub(super) fn answer(&self, id: u64, told: Told, encoder: Encoder) {
        let mut state = self.state();
        if state.good_bye.is_none() {
            let whole = state.outputs.iter().filter(|(_, output)| output.whole);
            let after = whole.map(|(place, _)| *place).collect();
            state.queue.push_back(Item::Answer { id, told: Box::new((told, encoder)), after });
        }
        self.0.ready.notify_all();
    }

    /// A file that an operation writes, as it writes it.
    pub(super) fn output(&self, place: Place, spools: &Spools) -> OutputWriter {
        let output = Output {
            waiting: Waiting::none(Arc::clone(spools)),
            credit: WINDOW,
            whole: false,
            closed: None,
        };
        self.state().outputs.insert(place, output);
        OutputWriter { outbox: self.clone(), place }
    }

    /// The other end takes so many bytes more of a file.
    pub(super) fn more(&self, place: Place, bytes: u32) {
        if let Some(output) = self.state().outputs.get_mut(&place) {
            output.credit = output.credit.saturating_add(bytes.into()).min(WINDOW);
        }
        self.0.ready.notify_all();
    }

    /// Nobody takes a file any more.
    pub(super) fn refuse(&self, place: Place, why: String) {
        let mut state = self.state();
        if let Some(output) = state.outputs.get_mut(&place) {
            output.closed = Some(why);
        }
        state.forget_sent();
        self.0.ready.notify_all();
    }

    /// Says good-bye and ends: at once, or once all that waits has been sent.
    pub(super) fn say_good_bye(&self, why: &str, at_once: bool) {
        let mut state = self.state();
        if at_once {
            state.queue.clear();
            state.outputs.clear();
        }
        state.good_bye.get_or_insert_with(|| why.to_owned());
        self.0.ready.notify_all();
    }

    /// Ends: nothing more is sent, and who writes a file is told that nobody takes it.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.queue.clear();
        state.outputs.clear();
        self.0.ready.notify_all();
    }

    /// Waits for what is to be sent next; none when it has ended.
    pub(super) fn next(&self) -> Option<Next> {
        let mut state = self.state();
        loop {
            if state.closed {
                return None;
            }
            if let Some(next) = state.next_item() {
                return Some(next);
            }
            if let Some(frame) = state.next_of_files() {
                return Some(Next::Frame(frame));
            }
            if state.queue.is_empty()
                && let Some(why) = state.good_bye.clone()
            {
                state.closed = true;
                return Some(Next::Frame(ToClient::Bye { why }));
            }
            state = self.0.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl State {
    /// The first that need not wait for a file.
    fn next_item(&mut self) -> Option<Next> {
        let is_due = |item: &Item| match item {
            Item::Frame(_) => true,
            Item::Answer { after, .. } => !after.iter().any(|it| self.outputs.contains_key(it)),
        };
        let at = self.queue.iter().position(is_due)?;
        let item = self.queue.remove(at)?;
        if matches!(item, Item::Answer { .. } | Item::Frame(ToClient::Answered { .. })) {
            self.under_way = self.under_way.saturating_sub(1);
        }
        Some(match item {
            Item::Frame(frame) => Next::Frame(frame),
            Item::Answer { id, told, .. } => Next::Answer(id, told),
        })
    }

    /// A part of a file whose turn it is, or that it is whole.
    fn next_of_files(&mut self) -> Option<ToClient> {
        let later = self.outputs.range(self.last..).map(|(place, _)| *place);
        let later = later.filter(|place| *place != self.last);
        let turns: Vec<Place> = later.chain(self.outputs.keys().copied()).collect();
        for place in turns {
            let Some(output) = self.outputs.get_mut(&place) else { continue };
            if output.closed.is_some() {
                continue;
            }
            let (id, number) = place;
            let most = usize::try_from(output.credit).unwrap_or(CHUNK).min(CHUNK);
            let bytes = match output.waiting.pop(most) {
                Ok(bytes) => bytes,
                Err(error) => {
                    // It cannot go on, and must not look whole: the session ends.
                    tracing::error!(%error, "what waits for a client cannot be read back");
                    self.closed = true;
                    return None;
                }
            };
            if !bytes.is_empty() {
                output.credit -= bytes.len() as u64;
                self.last = place;
                return Some(ToClient::Chunk { id, output: number, bytes: Bytes(bytes) });
            }
            if output.whole && output.waiting.is_empty() {
                self.outputs.remove(&place);
                self.last = place;
                return Some(ToClient::End { id, output: number });
            }
        }
        None
    }

    /// Forgets files that are written whole and that nobody takes.
    fn forget_sent(&mut self) {
        self.outputs.retain(|_, output| output.closed.is_none() || !output.whole);
    }
}

/// Writes a file that a session is sent.
pub(super) struct OutputWriter {
    outbox: Outbox,
    place: Place,
}

impl Write for OutputWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.outbox.state();
        let Some(output) = state.outputs.get_mut(&self.place) else {
            let why = "whoever asked for it has gone";
            return Err(io::Error::new(io::ErrorKind::BrokenPipe, why));
        };
        if let Some(why) = &output.closed {
            return Err(io::Error::new(io::ErrorKind::BrokenPipe, why.clone()));
        }
        output.waiting.push(bytes)?;
        self.outbox.0.ready.notify_all();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for OutputWriter {
    fn drop(&mut self) {
        let mut state = self.outbox.state();
        if let Some(output) = state.outputs.get_mut(&self.place) {
            output.whole = true;
        }
        state.forget_sent();
        self.outbox.0.ready.notify_all();
    }
}

/// Sends what an outbox holds until it ends, or until the line does.
///
/// # Errors
/// When the line has ended.
pub(super) fn send_all(outbox: &Outbox, line: &mut impl Write) -> io::Result<()> {
    while let Some(next) = outbox.next() {
        match next {
            Next::Frame(frame) => send(line, &frame)?,
            Next::Answer(id, told) => {
                let (told, encoder) = *told;
                send_answer(line, id, encoder(told))?;
            }
        }
    }
    Ok(())
}

fn send_answer(line: &mut impl Write, id: u64, bytes: Result<Vec<u8>, Failure>) -> io::Result<()> {
    let bytes = bytes.or_else(|failure| not_done_bytes(failure.into())).unwrap_or_default();
    let mut parts = bytes.chunks(PART).peekable();
    if parts.peek().is_none() {
        return send(line, &ToClient::Told { id, bytes: Bytes::default(), last: true });
    }
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        send(line, &ToClient::Told { id, bytes: Bytes(part.to_vec()), last })?;
    }
    Ok(())
}

/// Sends a frame.
///
/// # Errors
/// When the line has ended.
pub(super) fn send(line: &mut impl Write, frame: &ToClient) -> io::Result<()> {
    let bytes = encode(frame).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    line.write_all(&bytes)
}

#[cfg(test)]
#[path = "outbox_tests.rs"]
mod tests;
