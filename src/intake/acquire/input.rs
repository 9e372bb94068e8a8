//! What is read: bytes at any place, for as many readers as want them.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

/// Bytes that can be read at any place: an open file, a stream that was kept.
pub trait Content: Send + Sync {
    /// How many there are.
    ///
    /// # Errors
    /// When the system refuses.
    fn length(&self) -> io::Result<u64>;

    /// Reads from `offset` on; says how much it read, which is nothing at the end only.
    ///
    /// # Errors
    /// When the system refuses.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;
}

impl Content for Vec<u8> {
    fn length(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.len());
        let taken = buffer.len().min(self.len() - start);
        buffer[..taken].copy_from_slice(&self[start..start + taken]);
        Ok(taken)
    }
}

/// A place in a content. Another one of the same content is a clone, and goes its own way.
#[derive(Clone)]
pub struct Input {
    content: Arc<dyn Content>,
    at: u64,
}

impl Input {
    /// The beginning of a content.
    pub fn of(content: impl Content + 'static) -> Input {
        Input { content: Arc::new(content), at: 0 }
    }

    /// The beginning of the same content.
    #[must_use]
    pub fn from_the_beginning(&self) -> Input {
        Input { at: 0, ..self.clone() }
    }

    /// How many bytes the content has.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn length(&self) -> io::Result<u64> {
        self.content.length()
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Input {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.length()?.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_places_in_one_content_go_their_own_ways() {
        let mut one = Input::of(b"0123456789".to_vec());
        let mut four = [0; 4];
        one.read_exact(&mut four).unwrap();
        let mut other = one.clone();
        assert_eq!(one.seek(SeekFrom::End(-2)).unwrap(), 8);
        let (mut end, mut rest) = (String::new(), String::new());
        one.read_to_string(&mut end).unwrap();
        other.read_to_string(&mut rest).unwrap();
        assert_eq!((end.as_str(), rest.as_str()), ("89", "456789"));
        assert_eq!(one.seek(SeekFrom::Current(-3)).unwrap(), 7);
        assert!(one.seek(SeekFrom::Current(-8)).is_err());
        assert_eq!(one.seek(SeekFrom::Start(99)).unwrap(), 99);
        assert_eq!(one.read(&mut four).unwrap(), 0);
        one.from_the_beginning().read_exact(&mut four).unwrap();
        assert_eq!(&four, b"0123");
    }
}
