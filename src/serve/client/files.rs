//! Files that go to a server with an operation, and files that come back, each on a thread of its own.

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use super::Shared;
use crate::bytes::Bytes;
use crate::frame::{CHUNK, ToServer, WINDOW};
use door::{Failure, FailureClass, Input};

/// A file that is on its way to the server.
pub(super) struct Leaving(Arc<Credit>);

/// How much of it the server takes now.
struct Credit {
    left: Mutex<Left>,
    changed: Condvar,
}

struct Left {
    bytes: u64,
    /// Nobody wants the rest.
    stopped: bool,
}

impl Credit {
    /// Waits until so much may be sent; whether it may.
    fn spend(&self, bytes: u64) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        while left.bytes < bytes && !left.stopped {
            left = self.changed.wait(left).unwrap_or_else(PoisonError::into_inner);
        }
        left.bytes = left.bytes.saturating_sub(bytes);
        !left.stopped
    }

    fn change(&self, change: impl FnOnce(&mut Left)) {
        change(&mut self.left.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }
}

impl Leaving {
    /// A file that is to go, and what sends it.
    pub(super) fn of(input: Input) -> (Leaving, Sends) {
        let left = Mutex::new(Left { bytes: WINDOW, stopped: false });
        let credit = Arc::new(Credit { left, changed: Condvar::new() });
        (Leaving(Arc::clone(&credit)), Sends { input, credit })
    }

    /// The server takes more.
    pub(super) fn more(&self, bytes: u32) {
        self.0.change(|left| left.bytes = left.bytes.saturating_add(bytes.into()).min(WINDOW));
    }

    /// Nobody wants the rest.
    pub(super) fn stop(&self) {
        self.0.change(|left| left.stopped = true);
    }
}

/// Sends a file once its operation has been sent.
pub(super) struct Sends {
    input: Input,
    credit: Arc<Credit>,
}

impl Sends {
    /// Sends it.
    ///
    /// # Errors
    /// When the system starts no thread.
    pub(super) fn begin(self, shared: Arc<Shared>, id: u64) -> io::Result<()> {
        Builder::new().name("upload".to_owned()).spawn(move || {
            // Where the line has ended, whoever hears that tells it.
            let _ = self.send(&shared, id);
        })?;
        Ok(())
    }

    fn send(mut self, shared: &Shared, id: u64) -> io::Result<()> {
        let mut buffer = vec![0; CHUNK];
        loop {
            match self.input.read(&mut buffer) {
                Ok(0) => return shared.send(&ToServer::End { id }),
                Ok(taken) => {
                    if !self.credit.spend(taken as u64) {
                        return Ok(());
                    }
                    let bytes = Bytes(buffer[..taken].to_vec());
                    shared.send(&ToServer::Chunk { id, bytes })?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let why = format!("the input cannot be read: {error}");
                    return shared.send(&ToServer::Broken { id, why });
                }
            }
        }
    }
}

/// A file that comes.
pub(super) struct Arriving {
    parts: Sender<Vec<u8>>,
    /// Bytes that came and are not written.
    held: Arc<AtomicU64>,
    writing: JoinHandle<()>,
}

impl Arriving {
    /// Begins to write it.
    ///
    /// # Errors
    /// When the system starts no thread.
    pub(super) fn begin(
        shared: Arc<Shared>,
        place: (u64, u32),
        output: Box<dyn Write + Send>,
    ) -> io::Result<Arriving> {
        let (parts, came) = channel();
        let held = Arc::new(AtomicU64::new(0));
        let left = Arc::clone(&held);
        let writing = Builder::new()
            .name("download".to_owned())
            .spawn(move || write((&came, &left), output, &shared, place))?;
        Ok(Arriving { parts, held, writing })
    }

    /// Takes a part; none where there is more of it than we said there was room for.
    pub(super) fn take(&self, bytes: Vec<u8>) -> Option<()> {
        let length = bytes.len() as u64;
        if self.held.fetch_add(length, Ordering::SeqCst) + length > WINDOW {
            return None;
        }
        // Whoever wrote it may have given up, and has said so then.
        let _ = self.parts.send(bytes);
        Some(())
    }

    /// It is whole: waits until it is written.
    pub(super) fn end(self) {
        drop(self.parts);
        let _ = self.writing.join();
    }

    /// It will not be whole.
    pub(super) fn cut_off(self) {
        self.end();
    }
}

/// Writes what comes, and says how much more there is room for.
fn write(
    (came, held): (&Receiver<Vec<u8>>, &AtomicU64),
    mut output: Box<dyn Write + Send>,
    shared: &Shared,
    (id, number): (u64, u32),
) {
    for part in came {
        if let Err(error) = output.write_all(&part) {
            let class = match error.kind() {
                io::ErrorKind::BrokenPipe => FailureClass::OutputClosed,
                _ => FailureClass::Output,
            };
            let why = format!("writing the output: {error}");
            shared.state().unwritten = Some(Failure::new(class, why.clone()));
            let _ = shared.send(&ToServer::Closed { id, output: number, why });
            return;
        }
        held.fetch_sub(part.len() as u64, Ordering::SeqCst);
        let bytes = u32::try_from(part.len()).unwrap_or(u32::MAX);
        let _ = shared.send(&ToServer::More { id, output: number, bytes });
    }
}
