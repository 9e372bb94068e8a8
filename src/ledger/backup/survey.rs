//! Goes through the frames of one segment and checks that nothing in it is damaged. No key is
//! needed: headers and stored bytes carry their own checksums.

use std::io;
use std::sync::Arc;

use crate::ports::files::OpenFile;
use domain::Sequence;

use super::super::body::stored_checksum;
use super::super::damage::{Damage, DamageKind};
use super::super::error::LedgerError;
use super::super::frame::{FrameHeader, HEADER_LENGTH, NoHeader};
use super::super::segment::SEGMENT_HEADER_LENGTH;
use super::super::tail;
use super::super::window::Window;
use super::Out;
use super::error::BackupError;

/// What a frame must continue: its number and the chain's hash before it.
pub(super) type Next = (Sequence, [u8; 32]);

/// One segment, open: what is read of it stays the same even when its file is replaced.
#[derive(Clone)]
pub(super) struct OpenSegment {
    pub(super) number: u32,
    pub(super) file: Arc<dyn OpenFile>,
    pub(super) header: [u8; SEGMENT_HEADER_LENGTH],
    /// Bytes that are looked at; the ledger's last segment may grow behind them.
    pub(super) limit: u64,
    pub(super) is_last: bool,
}

/// What a survey found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Surveyed {
    /// Bytes up to the last whole frame.
    pub(super) length: u64,
    /// Hash of the segment's header and its frames' headers.
    pub(super) fingerprint: [u8; 32],
    /// The same hash at the byte that was asked for, where a frame ends there.
    pub(super) marked: Option<[u8; 32]>,
    /// What the first frame of the next segment continues.
    pub(super) next: Next,
}

/// What stands at an offset. A sound header is what it encodes to, byte for byte.
enum Step {
    Frame(FrameHeader),
    End,
    Unsound(DamageKind),
}

impl OpenSegment {
    /// Looks at every header, and at the frames' stored bytes where the segment is the last one:
    /// only there a frame may be unfinished, and is left out.
    pub(super) fn survey(
        &self,
        mut next: Next,
        mark: Option<u64>,
    ) -> Result<Surveyed, BackupError> {
        let mut window = self.window();
        if self.is_last {
            // What is behind is just being written, or was when power was lost.
            let ending = tail::ending(&mut window, next.0).map_err(|error| self.unread(error))?;
            window.cut(ending.whole);
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.header);
        let mut offset = SEGMENT_HEADER_LENGTH as u64;
        let mut marked = None;
        loop {
            if mark == Some(offset) {
                marked = Some(*hasher.finalize().as_bytes());
            }
            match self.step(&mut window, offset, self.is_last)? {
                Step::End => break,
                Step::Unsound(what) => return Err(self.damage(offset, what)),
                Step::Frame(header) => {
                    self.check_order(offset, &header, next)?;
                    hasher.update(&header.encode());
                    next = (header.logical.sequence.next(), header.chain);
                    offset += header.frame_length();
                }
            }
        }
        let fingerprint = *hasher.finalize().as_bytes();
        Ok(Surveyed { length: offset, fingerprint, marked, next })
    }

    /// Hands out the bytes from a frame's beginning (or 0) to `to`, each frame checked before.
    pub(super) fn copy(&self, from: u64, to: u64, out: Out<'_>) -> Result<(), BackupError> {
        let mut window = OpenSegment { limit: to, ..self.clone() }.window();
        let mut offset = from;
        if from == 0 && to > 0 {
            out(&self.header)?;
            offset = SEGMENT_HEADER_LENGTH as u64;
        }
        while offset < to {
            match self.step(&mut window, offset, true)? {
                Step::Frame(header) => {
                    out(&header.encode())?;
                    let length = header.physical.stored_length as usize;
                    let body = window.get(offset + HEADER_LENGTH as u64, length);
                    out(body.map_err(|error| self.unread(error))?)?;
                    offset += header.frame_length();
                }
                Step::Unsound(what) => return Err(self.damage(offset, what)),
                Step::End => break,
            }
        }
        Ok(())
    }

    fn window(&self) -> Window {
        Window::new(Box::new(Arc::clone(&self.file)), self.limit)
    }

    fn step(&self, window: &mut Window, offset: u64, bodies: bool) -> Result<Step, BackupError> {
        let limit = window.limit();
        if offset >= limit {
            return Ok(Step::End);
        }
        let until = limit;
        let bytes = window.get(offset, HEADER_LENGTH).map_err(|error| self.unread(error))?;
        let header = match FrameHeader::decode(bytes) {
            Ok(header) => header,
            Err(NoHeader::Damaged) => return Ok(Step::Unsound(DamageKind::Unreadable { until })),
            Err(NoHeader::Newer(version)) => {
                let what = format!("a commit of segment {}", self.number);
                return Err(LedgerError::NewerSteward { what, version }.into());
            }
        };
        if offset + header.frame_length() > limit {
            return Ok(Step::Unsound(DamageKind::Unreadable { until }));
        }
        if bodies {
            let length = header.physical.stored_length as usize;
            let stored = window.get(offset + HEADER_LENGTH as u64, length);
            let stored = stored.map_err(|error| self.unread(error))?;
            if stored.len() < length || stored_checksum(stored) != header.physical.stored_checksum {
                return Ok(Step::Unsound(DamageKind::Body(header.logical.sequence)));
            }
        }
        Ok(Step::Frame(header))
    }

    fn check_order(
        &self,
        offset: u64,
        header: &FrameHeader,
        (expected, previous): Next,
    ) -> Result<(), BackupError> {
        let found = header.logical.sequence;
        if found != expected {
            return Err(self.damage(offset, DamageKind::OutOfOrder { found, expected }));
        }
        if header.logical.previous != previous {
            return Err(self.damage(offset, DamageKind::ChainBroken(found)));
        }
        Ok(())
    }

    pub(super) fn damage(&self, offset: u64, what: DamageKind) -> BackupError {
        BackupError::LedgerDamaged(Damage { segment: self.number, offset, what })
    }

    fn unread(&self, error: io::Error) -> BackupError {
        self.damage(0, DamageKind::Disk(error.kind().to_string()))
    }
}
