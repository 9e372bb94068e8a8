//! What a person does at the terminal, read on a thread of its own.
//!
//! The bytes are read here and not by crossterm: its parser waits for the end of a paste or of an
//! escape sequence as long as it takes, and meanwhile tells of nothing, not even of another size.

mod decoder;
mod sequences;
mod seven_bits;

use std::io;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use decoder::Decoder;
pub(super) use decoder::Told;

/// What the terminal told that may wait for the session before the reader has to.
const WAITING: usize = 256;
/// Bytes read at once.
const BUFFER: usize = 16 * 1024;

/// Reads the terminal on a thread of its own, which ends with the terminal or the process; then
/// nothing more is received.
pub(super) fn read_terminal() -> io::Result<Receiver<Told>> {
    let (sender, receiver) = channel(WAITING);
    std::thread::Builder::new().name("terminal".into()).spawn(move || read(&sender))?;
    Ok(receiver)
}

fn read(sender: &Sender<Told>) {
    let terminal = io::stdin();
    let mut decoder = Decoder::default();
    let mut told = Vec::new();
    let mut buffer = vec![0; BUFFER];
    let mut since = Instant::now();
    loop {
        let left = decoder.patience().map(|patience| patience.saturating_sub(since.elapsed()));
        match wait(&terminal, left) {
            Ok(true) => match rustix::io::read(terminal.as_fd(), &mut buffer[..]) {
                Ok(0) => return,
                Ok(length) => {
                    since = Instant::now();
                    decoder.take(&buffer[..length], &mut told);
                }
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(_) => return,
            },
            Ok(false) => {
                since = Instant::now();
                decoder.silence(&mut told);
            }
            Err(Errno::INTR) => {}
            Err(_) => return,
        }
        for thing in told.drain(..) {
            if sender.blocking_send(thing).is_err() {
                return;
            }
        }
    }
}

/// Whether there is something to read, or the terminal is gone; no: it was silent for so long.
fn wait(terminal: &impl AsFd, limit: Option<Duration>) -> Result<bool, Errno> {
    let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
    let mut polled = [PollFd::new(terminal, PollFlags::IN)];
    Ok(poll(&mut polled, limit.as_ref())? > 0)
}
