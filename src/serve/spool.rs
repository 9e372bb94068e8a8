//! Where bytes wait outside of memory, as whoever runs the server keeps them: sealed, and gone with it.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

/// Bytes that wait.
pub trait Spool: Send {
    /// Keeps more.
    ///
    /// # Errors
    /// When there is no room.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Some of those from `offset` on; none at the end.
    ///
    /// # Errors
    /// When they cannot be read.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;

    /// How many there are.
    fn length(&self) -> u64;
}

/// Makes a spool that is empty.
pub type Spools = Arc<dyn Fn() -> io::Result<Box<dyn Spool>> + Send + Sync>;

/// A spool read as a file.
pub(super) struct SpoolFile {
    spool: Box<dyn Spool>,
    at: u64,
}

impl SpoolFile {
    /// From its beginning.
    pub(super) fn of(spool: Box<dyn Spool>) -> SpoolFile {
        SpoolFile { spool, at: 0 }
    }
}

impl Read for SpoolFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.spool.read_at(buffer, self.at)?;
        self.at += taken as u64;
        Ok(taken)
    }
}

impl Seek for SpoolFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::End(by) => (self.spool.length(), by),
            SeekFrom::Current(by) => (self.at, by),
        };
        self.at = from.checked_add_signed(by).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// First in, first out: a little in memory, the rest in a spool.
pub struct Waiting {
    spools: Spools,
    memory: std::collections::VecDeque<u8>,
    spool: Option<Box<dyn Spool>>,
    /// How far the spool was read.
    read: u64,
}

/// Bytes that wait in memory.
const IN_MEMORY: usize = 256 << 10;

impl Waiting {
    /// Nothing yet.
    #[must_use]
    pub fn none(spools: Spools) -> Waiting {
        Waiting { spools, memory: Default::default(), spool: None, read: 0 }
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.memory.is_empty() && self.in_spool() == 0
    }

    fn in_spool(&self) -> u64 {
        self.spool.as_ref().map_or(0, |spool| spool.length() - self.read)
    }

    /// Keeps more, behind what waits.
    ///
    /// # Errors
    /// When there is no room.
    pub fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.in_spool() == 0 && self.memory.len() + bytes.len() <= IN_MEMORY {
            self.memory.extend(bytes);
            return Ok(());
        }
        let spool = match self.spool.take() {
            // What was read of it is of no use any more.
            Some(spool) if spool.length() > self.read => spool,
            _ => {
                self.read = 0;
                (self.spools)()?
            }
        };
        self.spool.insert(spool).append(bytes)
    }

    /// What has waited longest, `most` bytes of it at most.
    ///
    /// # Errors
    /// When it cannot be read back.
    pub fn pop(&mut self, most: usize) -> io::Result<Vec<u8>> {
        if !self.memory.is_empty() {
            let most = most.min(self.memory.len());
            return Ok(self.memory.drain(..most).collect());
        }
        let Some(spool) = &self.spool else { return Ok(Vec::new()) };
        let mut bytes = vec![0; most];
        let taken = spool.read_at(&mut bytes, self.read)?;
        bytes.truncate(taken);
        self.read += taken as u64;
        Ok(bytes)
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// A spool in memory.
    #[derive(Default)]
    struct InMemory(Vec<u8>);

    impl Spool for InMemory {
        fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
            self.0.extend_from_slice(bytes);
            Ok(())
        }

        fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
            let left = self.0.get(offset as usize..).unwrap_or_default();
            let taken = left.len().min(buffer.len());
            buffer[..taken].copy_from_slice(&left[..taken]);
            Ok(taken)
        }

        fn length(&self) -> u64 {
            self.0.len() as u64
        }
    }

    pub(crate) fn spools() -> Spools {
        Arc::new(|| Ok(Box::<InMemory>::default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        // Each moves megabytes.
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_waits_comes_out_as_it_went_in(
            steps in proptest::collection::vec((any::<bool>(), 0..200_000_usize), 0..40)
        ) {
            let mut waiting = Waiting::none(testing::spools());
            let (mut pushed, mut popped) = (0_usize, 0_usize);
            let byte = |at: usize| (at % 253) as u8;
            for (push, length) in steps {
                if push {
                    let bytes: Vec<u8> = (pushed..pushed + length).map(byte).collect();
                    waiting.push(&bytes).unwrap();
                    pushed += length;
                } else {
                    let bytes = waiting.pop(length).unwrap();
                    prop_assert!(bytes.len() <= length);
                    prop_assert!(!bytes.is_empty() || length == 0 || waiting.is_empty());
                    prop_assert!(bytes.iter().enumerate().all(|(at, it)| *it == byte(popped + at)));
                    popped += bytes.len();
                }
                prop_assert!(waiting.memory.len() <= IN_MEMORY);
                prop_assert_eq!(waiting.is_empty(), pushed == popped);
            }
        }
    }

    #[test]
    fn a_spool_is_read_as_a_file() {
        let mut spool = testing::spools()().unwrap();
        spool.append(b"id,city\n1,Omaha\n").unwrap();
        let mut file = SpoolFile::of(spool);
        assert_eq!(file.seek(SeekFrom::End(0)).unwrap(), 16);
        assert!(file.seek(SeekFrom::Current(-17)).is_err());
        assert_eq!(file.seek(SeekFrom::Start(8)).unwrap(), 8);
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "1,Omaha\n");
    }
}
