//! Reading a segment front to back with few calls: far ahead where the next bytes asked for are
//! close, only what was asked for where they are far.

use std::io;

use crate::ports::files::OpenFile;

use super::frame::{FrameHeader, HEADER_LENGTH};

const AHEAD: usize = 256 * 1024;
/// Skipping less than this is cheaper read than jumped over.
const CLOSE: u64 = 8 * 1024;
const SEARCH_STEP: usize = 1024 * 1024;

/// A moving view of one file.
pub(super) struct Window {
    file: Box<dyn OpenFile>,
    /// Bytes from here on are never read: a writer may still be changing them.
    limit: u64,
    start: u64,
    bytes: Vec<u8>,
    asked_to: u64,
}

impl Window {
    /// A view of the first `limit` bytes.
    pub(super) fn new(file: Box<dyn OpenFile>, limit: u64) -> Self {
        Self { file, limit, start: 0, bytes: Vec::new(), asked_to: 0 }
    }

    /// Where the view ends.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// Moves the end back, before what is not to be read.
    pub(super) fn cut(&mut self, limit: u64) {
        self.limit = self.limit.min(limit);
    }

    /// Moves the end on, as the file grows.
    pub(super) fn extend(&mut self, limit: u64) {
        self.limit = self.limit.max(limit);
    }

    /// `wanted` bytes at `offset`, fewer where the view ends.
    pub(super) fn get(&mut self, offset: u64, wanted: usize) -> io::Result<&[u8]> {
        let wanted = usize::try_from(self.limit.saturating_sub(offset))
            .map_or(wanted, |left| left.min(wanted));
        if offset < self.start || offset + wanted as u64 > self.start + self.bytes.len() as u64 {
            let close = offset >= self.asked_to && offset - self.asked_to < CLOSE;
            self.fill(offset, if close { wanted.max(AHEAD) } else { wanted })?;
        }
        self.asked_to = offset + wanted as u64;
        let from = usize::try_from(offset - self.start).unwrap_or(usize::MAX).min(self.bytes.len());
        Ok(&self.bytes[from..(from + wanted).min(self.bytes.len())])
    }

    /// The place of the next sound header at or after `from`.
    pub(super) fn find_header(&mut self, from: u64) -> io::Result<Option<u64>> {
        let mut at = from;
        while at < self.limit {
            let bytes = self.get(at, SEARCH_STEP)?;
            if let Some(found) = FrameHeader::find(bytes) {
                return Ok(Some(at + found as u64));
            }
            if bytes.len() < SEARCH_STEP {
                break;
            }
            at += (SEARCH_STEP - HEADER_LENGTH + 1) as u64;
        }
        Ok(None)
    }

    fn fill(&mut self, offset: u64, length: usize) -> io::Result<()> {
        let left = usize::try_from(self.limit.saturating_sub(offset)).unwrap_or(usize::MAX);
        self.bytes.resize(length.min(left), 0);
        self.start = offset;
        let read = match self.file.read_at(&mut self.bytes, offset) {
            Ok(read) => read,
            Err(error) => {
                self.bytes.clear();
                return Err(error);
            }
        };
        self.bytes.truncate(read);
        Ok(())
    }
}
