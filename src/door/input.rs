//! What is read beside an operation: a file to be imported, labels.

use std::io::{self, Read, Seek};

/// Bytes that can be read from any place, and again.
pub trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

/// What is read.
pub enum Input {
    /// It comes once, from its beginning to its end: a pipe, a network's answer.
    Stream(Box<dyn Read + Send>),
    /// It can be read from any place, and again: an open file.
    File(Box<dyn ReadSeek>),
}

impl Input {
    /// What comes once.
    #[must_use]
    pub fn stream(stream: impl Read + Send + 'static) -> Input {
        Input::Stream(Box::new(stream))
    }

    /// What can be read from any place.
    #[must_use]
    pub fn file(file: impl ReadSeek + 'static) -> Input {
        Input::File(Box::new(file))
    }
}

/// From its beginning to its end, whatever it is.
impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Input::Stream(stream) => stream.read(buffer),
            Input::File(file) => file.read(buffer),
        }
    }
}
