//! Frames as they come over a line.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use super::codec::{Decoder, LARGEST, LARGEST_GREETING};

/// Bytes that are taken from the line at once.
const AT_ONCE: usize = 64 << 10;

/// Reads frames from a line.
pub(super) struct FrameReader {
    line: UnixStream,
    decoder: Decoder,
    buffer: Vec<u8>,
}

impl FrameReader {
    /// Of a line over which it is not known yet who speaks.
    pub(super) fn greeting(line: UnixStream) -> FrameReader {
        FrameReader {
            line,
            decoder: Decoder::up_to(LARGEST_GREETING),
            buffer: vec![0; LARGEST_GREETING],
        }
    }

    /// It is known: frames may be as long as they are.
    ///
    /// # Errors
    /// When the line has ended.
    pub(super) fn begin(&mut self) -> io::Result<()> {
        self.decoder.allow(LARGEST);
        self.buffer.resize(AT_ONCE, 0);
        self.line.set_read_timeout(None)
    }

    /// The next frame; none at the end of the line.
    ///
    /// # Errors
    /// When the line fails or ends amid a frame, or when what comes is no frame.
    pub(super) fn next<T: DeserializeOwned>(&mut self) -> io::Result<Option<T>> {
        loop {
            if let Some(frame) = self.decoder.next_frame().map_err(invalid)? {
                return Ok(Some(frame));
            }
            match self.line.read(&mut self.buffer) {
                Ok(0) if self.decoder.is_amid() => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(0) => return Ok(None),
                Ok(taken) => self.decoder.push(&self.buffer[..taken]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The same, waited for no longer than that in all, however it drips.
    ///
    /// # Errors
    /// As [`FrameReader::next`]; when it takes longer.
    pub(super) fn next_within<T: DeserializeOwned>(
        &mut self,
        patience: Duration,
    ) -> io::Result<Option<T>> {
        let until = Instant::now() + patience;
        loop {
            if let Some(frame) = self.decoder.next_frame().map_err(invalid)? {
                return Ok(Some(frame));
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            self.line.set_read_timeout(Some(left))?;
            match self.line.read(&mut self.buffer) {
                Ok(0) => return Ok(None),
                Ok(taken) => self.decoder.push(&self.buffer[..taken]),
                Err(error) if is_again(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

fn is_again(error: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), Interrupted | TimedOut | WouldBlock)
}

fn invalid(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
