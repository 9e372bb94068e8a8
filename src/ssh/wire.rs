//! One channel between the server's own threads, which must not wait, and the thread of a room, which may.
//!
//! Outwards nothing is taken in that is not soon sent: a room waits where more than [`OUTWARD`] bytes wait already.
//! Inwards an SSH client cannot be told to wait without keeping everything else from it as well: what a command
//! has not read yet waits in a spool, and a terminal that nobody listens to is closed.

use std::collections::VecDeque;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serve::{Spools, Waiting};
use tokio::sync::Notify;

use super::room::{Heard, Signal, Size};

/// Bytes of a channel that wait to be sent.
pub(super) const OUTWARD: usize = 32 << 10;
/// Bytes in one message. The library takes up to 64 messages at once where the other end takes none.
pub(super) const CHUNK: usize = 2 << 10;
/// Bytes of keys that nobody has heard.
const KEYS: usize = 1 << 20;
/// Notices and signals that nobody has heard; more are dropped.
const NEWS: usize = 64;

/// Where something is sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Output,
    Errors,
}

/// What is to be sent next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Bytes(Stream, Vec<u8>),
    /// The room was left with this code, and all it has said was sent. Why it had to be left, if it had.
    Finished(u32, Option<String>),
    /// Nobody takes anything any more.
    Cut,
}

/// A channel.
pub(super) struct Wire {
    inside: Mutex<Inside>,
    /// Told to a room that waits on its own thread.
    room: Condvar,
    /// Told to a room that waits in a runtime.
    heard: Notify,
    /// Told to whoever sends.
    outward: Notify,
    /// Told once it has to end.
    ending: Notify,
}

struct Inside {
    input: Input,
    /// The client sends no more.
    input_ended: bool,
    last_key: Instant,
    size: Size,
    /// Whether there is a terminal at the other end.
    terminal: bool,
    resized: bool,
    signals: VecDeque<Signal>,
    notices: VecDeque<(Option<String>, String)>,
    ended: Option<Option<String>>,
    told_end: bool,
    output: VecDeque<(Stream, Vec<u8>)>,
    output_bytes: usize,
    last_was_return: bool,
    finished: Option<u32>,
    cut: bool,
}

enum Input {
    Keys(VecDeque<(Vec<u8>, Instant)>, usize),
    Bytes(Waiting),
}

impl Wire {
    /// Of a terminal.
    pub(super) fn terminal(size: Size) -> Wire {
        Wire::new(Input::Keys(VecDeque::new(), 0), Some(size))
    }

    /// Of a command, whose output may be shown in a terminal.
    pub(super) fn command(spools: Spools, size: Option<Size>) -> Wire {
        Wire::new(Input::Bytes(Waiting::none(spools)), size)
    }

    fn new(input: Input, size: Option<Size>) -> Wire {
        let inside = Inside {
            input,
            input_ended: false,
            last_key: Instant::now(),
            size: size.unwrap_or(Size { columns: 80, rows: 24 }),
            terminal: size.is_some(),
            resized: false,
            signals: VecDeque::new(),
            notices: VecDeque::new(),
            ended: None,
            told_end: false,
            output: VecDeque::new(),
            output_bytes: 0,
            last_was_return: false,
            finished: None,
            cut: false,
        };
        let inside = Mutex::new(inside);
        Wire {
            inside,
            room: Condvar::new(),
            heard: Notify::new(),
            outward: Notify::new(),
            ending: Notify::new(),
        }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell_room(&self) {
        self.room.notify_all();
        self.heard.notify_one();
    }

    /// The client has sent bytes.
    ///
    /// # Errors
    /// When they cannot be kept, and it has to end.
    pub(super) fn came(&self, bytes: &[u8]) -> io::Result<()> {
        let mut inside = self.inside();
        let inside = &mut *inside;
        inside.last_key = Instant::now();
        if inside.finished.is_some() || inside.ended.is_some() {
            return Ok(());
        }
        match &mut inside.input {
            Input::Keys(keys, waiting) => {
                *waiting += bytes.len();
                if *waiting > KEYS {
                    return Err(io::Error::other("more was typed than anybody reads"));
                }
                keys.push_back((bytes.to_vec(), inside.last_key));
            }
            // A command's terminal is no more than a place to show its output: two keys mean something.
            Input::Bytes(waiting) if inside.terminal => {
                for byte in bytes {
                    match byte {
                        3 => inside.signals.push_back(Signal::Interrupt),
                        4 => inside.input_ended = true,
                        b'\r' => waiting.push(b"\n")?,
                        other => waiting.push(&[*other])?,
                    }
                }
                inside.signals.truncate(NEWS);
            }
            Input::Bytes(waiting) => waiting.push(bytes)?,
        }
        self.tell_room();
        Ok(())
    }

    /// The client sends no more.
    pub(super) fn came_to_end(&self) {
        self.inside().input_ended = true;
        self.tell_room();
    }

    /// The client's terminal has another size.
    pub(super) fn resize(&self, size: Size) {
        let mut inside = self.inside();
        inside.resized |= inside.size != size;
        inside.size = size;
        self.tell_room();
    }

    /// The client sends a signal.
    pub(super) fn signal(&self, signal: Signal) {
        let mut inside = self.inside();
        if inside.signals.len() < NEWS {
            inside.signals.push_back(signal);
        }
        self.tell_room();
    }

    /// Something is to be shown.
    pub(super) fn notice(&self, from: Option<&str>, text: &str) {
        let mut inside = self.inside();
        if inside.notices.len() < NEWS {
            inside.notices.push_back((from.map(str::to_owned), text.to_owned()));
        }
        self.tell_room();
    }

    /// It has to end, and why. The room may still say something.
    pub(super) fn end(&self, why: &str) {
        self.inside().ended.get_or_insert_with(|| Some(why.to_owned()));
        self.tell_room();
        self.ending.notify_one();
    }

    /// The client has gone: nothing is sent any more, and nobody waits for that.
    pub(super) fn cut(&self) {
        let mut inside = self.inside();
        inside.cut = true;
        inside.ended.get_or_insert(None);
        inside.output.clear();
        inside.output_bytes = 0;
        drop(inside);
        self.tell_room();
        self.outward.notify_one();
    }

    /// The room has been left.
    pub(super) fn finish(&self, status: u32) {
        self.inside().finished.get_or_insert(status);
        // Those who read or wait for signals are not left behind.
        self.tell_room();
        self.outward.notify_one();
    }

    /// Whether the room has been left.
    pub(super) fn is_finished(&self) -> bool {
        self.inside().finished.is_some()
    }

    /// Whether it has to end.
    pub(super) fn is_ending(&self) -> bool {
        self.inside().ended.is_some()
    }

    /// Waits until it has to end.
    pub(super) async fn until_ending(&self) {
        while !self.is_ending() {
            self.ending.notified().await;
        }
    }

    /// Whether somebody types in it.
    pub(super) fn is_typed_in(&self) -> bool {
        matches!(self.inside().input, Input::Keys(..))
    }

    /// How large the terminal is.
    pub(super) fn size(&self) -> Size {
        self.inside().size
    }

    /// Whether there is one.
    pub(super) fn has_terminal(&self) -> bool {
        self.inside().terminal
    }

    /// When the client last sent bytes.
    pub(super) fn last_key(&self) -> Instant {
        self.inside().last_key
    }

    /// Sends bytes; waits while too many wait.
    ///
    /// # Errors
    /// When the client has gone.
    pub(super) fn put(&self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        for bytes in bytes.chunks(CHUNK) {
            let mut inside = self.inside();
            let shows = inside.terminal && !matches!(inside.input, Input::Keys(..));
            let bytes = match shows {
                true => with_returns(bytes, &mut inside.last_was_return),
                false => bytes.to_vec(),
            };
            while !inside.cut && inside.output_bytes + bytes.len() > OUTWARD {
                inside = self.room.wait(inside).unwrap_or_else(PoisonError::into_inner);
            }
            if inside.cut || inside.finished.is_some() {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            inside.output_bytes += bytes.len();
            inside.output.push_back((stream, bytes));
            self.outward.notify_one();
        }
        Ok(())
    }

    /// Waits for what is to be sent next. What has been taken counts as sent.
    pub(super) async fn next(&self) -> Next {
        loop {
            let told = self.outward.notified();
            if let Some(next) = self.next_already() {
                return next;
            }
            told.await;
        }
    }

    fn next_already(&self) -> Option<Next> {
        let mut inside = self.inside();
        if inside.cut {
            return Some(Next::Cut);
        }
        if let Some((stream, bytes)) = inside.output.pop_front() {
            inside.output_bytes -= bytes.len();
            self.room.notify_all();
            return Some(Next::Bytes(stream, bytes));
        }
        let status = inside.finished?;
        Some(Next::Finished(status, inside.ended.clone().flatten()))
    }

    /// Waits for what a terminal's room hears next.
    pub(super) async fn heard(&self, takes_bytes: bool) -> Heard {
        loop {
            let told = self.heard.notified();
            if let Some(heard) = self.heard_already(takes_bytes) {
                return heard;
            }
            told.await;
        }
    }

    pub(super) fn heard_already(&self, takes_bytes: bool) -> Option<Heard> {
        self.inside().hear(takes_bytes)
    }

    pub(super) fn heard_within(&self, longest: Duration) -> Option<Heard> {
        let until = Instant::now() + longest;
        let mut inside = self.inside();
        loop {
            let heard = inside.hear(true);
            let left = until.saturating_duration_since(Instant::now());
            if heard.is_some() || left.is_zero() {
                return heard;
            }
            let waited = self.room.wait_timeout(inside, left);
            inside = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Reads what the client sent; waits for it.
    pub(super) fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut inside = self.inside();
        loop {
            if inside.ended.is_some() || inside.finished.is_some() {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            if let Input::Bytes(waiting) = &mut inside.input {
                let bytes = waiting.pop(buffer.len())?;
                if !bytes.is_empty() || buffer.is_empty() {
                    buffer[..bytes.len()].copy_from_slice(&bytes);
                    return Ok(bytes.len());
                }
            }
            if inside.input_ended {
                return Ok(0);
            }
            inside = self.room.wait(inside).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits for a signal; none once the room is left.
    pub(super) fn next_signal(&self) -> Option<Signal> {
        let mut inside = self.inside();
        loop {
            if inside.finished.is_some() {
                return None;
            }
            if let Some(signal) = inside.signals.pop_front() {
                return Some(signal);
            }
            if inside.ended.is_some() && !inside.told_end {
                inside.told_end = true;
                return Some(Signal::HangUp);
            }
            inside = self.room.wait(inside).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Inside {
    fn hear(&mut self, takes_bytes: bool) -> Option<Heard> {
        if let Some(why) = &self.ended {
            return Some(Heard::Ended(why.clone()));
        }
        if let Some(signal) = self.signals.pop_front() {
            return Some(Heard::Signal(signal));
        }
        if std::mem::take(&mut self.resized) {
            return Some(Heard::Resized);
        }
        if let Some((from, text)) = self.notices.pop_front() {
            return Some(Heard::Notice(from, text));
        }
        match &mut self.input {
            Input::Keys(keys, waiting) if takes_bytes => {
                if let Some((bytes, at)) = keys.pop_front() {
                    *waiting -= bytes.len();
                    return Some(Heard::Bytes(bytes, at));
                }
                // A terminal whose keys have ended is gone.
                self.input_ended.then_some(Heard::Ended(None))
            }
            _ => None,
        }
    }
}

/// What a terminal in raw mode needs to begin a line at its left.
fn with_returns(bytes: &[u8], last_was_return: &mut bool) -> Vec<u8> {
    let mut returned = Vec::with_capacity(bytes.len() + 16);
    for byte in bytes {
        if *byte == b'\n' && !*last_was_return {
            returned.push(b'\r');
        }
        returned.push(*byte);
        *last_was_return = *byte == b'\r';
    }
    returned
}

#[cfg(test)]
#[path = "tests/wire.rs"]
mod tests;
