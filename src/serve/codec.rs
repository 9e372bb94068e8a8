//! Frames as bytes: a length in four bytes, most significant first, and so many bytes of CBOR.
//!
//! Pure. Nothing is believed: a length beyond the bound ends the conversation before a byte of room
//! is made for it, and room is made only for what has come.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Bytes that a frame has at most behind its length.
pub const LARGEST: usize = 16 << 20;
/// The same before it is known who comes.
pub const LARGEST_GREETING: usize = 4 << 10;
/// Bytes of the length.
const LENGTH: usize = 4;
/// How deep a value may be nested: what we say is never deeper, and a stack ends.
const DEPTH: usize = 64;

/// Why bytes are no frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Garbled {
    /// One says that it is longer than any may be.
    #[error("a frame of {0} bytes is too long")]
    TooLong(usize),
    /// One holds something that is never said.
    #[error("a frame holds something that is never said")]
    Unknown,
}

/// A frame as bytes.
///
/// # Errors
/// When it would be too long, or cannot be said in CBOR.
pub fn encode<T: Serialize>(frame: &T) -> Result<Vec<u8>, Garbled> {
    let mut bytes = vec![0; LENGTH];
    ciborium::into_writer(frame, &mut bytes).map_err(|_| Garbled::Unknown)?;
    let length = bytes.len() - LENGTH;
    if length > LARGEST {
        return Err(Garbled::TooLong(length));
    }
    let length = u32::try_from(length).map_err(|_| Garbled::TooLong(length))?;
    bytes[..LENGTH].copy_from_slice(&length.to_be_bytes());
    Ok(bytes)
}

/// Takes bytes as they come and gives frames as they are whole.
#[derive(Debug)]
pub struct Decoder {
    buffer: Vec<u8>,
    /// Bytes at its beginning that were taken already.
    taken: usize,
    largest: usize,
}

impl Decoder {
    /// One that takes frames of that length at most.
    #[must_use]
    pub fn up_to(largest: usize) -> Decoder {
        Decoder { buffer: Vec::new(), taken: 0, largest }
    }

    /// From now on frames may be so long.
    pub fn allow(&mut self, largest: usize) {
        self.largest = largest;
    }

    /// Takes what has come.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.taken);
        self.taken = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Whether a part of a frame has come.
    #[must_use]
    pub fn is_amid(&self) -> bool {
        self.taken < self.buffer.len()
    }

    /// Bytes that are held.
    #[must_use]
    pub fn held(&self) -> usize {
        self.buffer.len()
    }

    /// The next frame; none until more has come.
    ///
    /// # Errors
    /// When what has come is none. Nothing that comes after that means anything.
    pub fn next_frame<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Garbled> {
        let left = &self.buffer[self.taken..];
        let Some((length, rest)) = left.split_first_chunk::<LENGTH>() else { return Ok(None) };
        let length = u32::from_be_bytes(*length) as usize;
        if length > self.largest {
            return Err(Garbled::TooLong(length));
        }
        let Some(mut body) = rest.get(..length) else { return Ok(None) };
        let frame = ciborium::de::from_reader_with_recursion_limit(&mut body, DEPTH);
        let frame = frame.map_err(|_| Garbled::Unknown)?;
        if !body.is_empty() {
            return Err(Garbled::Unknown);
        }
        self.taken += LENGTH + length;
        if self.taken == self.buffer.len() {
            self.buffer.clear();
            self.taken = 0;
        }
        Ok(Some(frame))
    }
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;
