//! Rewriting a closed segment: under another key, or with some of it erased.
//!
//! What was committed stays (the logical half of every header, the chain, every leaf); how it is
//! stored changes. The new file is whole and durable before it takes the old one's name, so that
//! an interruption leaves one or the other.

use std::path::PathBuf;
use std::sync::Arc;

use crate::ports::Cipher;
use crate::ports::files::{Access, OpenFile};
use domain::Sequence;

use super::append::Ledger;
use super::body::Body;
use super::chain;
use super::damage::DamageKind;
use super::error::LedgerError;
use super::frame::{FrameHeader, HEADER_LENGTH, StewardVersion};
use super::index::Place;
use super::reader::{check_header, unpack};
use super::seal::Seal;
use super::segment::{self, SEGMENT_HEADER_LENGTH, SegmentHeader};
use super::window::Window;

/// Bytes gathered before they are written.
const WRITE_STEP: usize = 1024 * 1024;

/// What a segment holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentState {
    /// Its number.
    pub number: u32,
    /// Its length in bytes.
    pub bytes: u64,
    /// The keys its commits are encrypted with; 0 stands for none.
    pub keys: Vec<u32>,
    /// Whether commits no longer go into it.
    pub closed: bool,
}

/// A rewritten segment under its temporary name.
struct Rewritten {
    /// Where each commit begins.
    frames: Vec<(Sequence, u64)>,
    length: u64,
    keys: Vec<u32>,
    generation: u32,
}

impl Ledger {
    /// Every segment, in order.
    #[must_use]
    pub fn segments(&self) -> Vec<SegmentState> {
        let index = self.shared().index();
        let states = index.segments().iter().map(|entry| SegmentState {
            number: entry.number,
            bytes: entry.length,
            keys: entry.keys.clone(),
            closed: entry.number != self.last_segment(),
        });
        states.collect()
    }

    /// Rewrites a closed segment with the current key.
    ///
    /// # Errors
    /// `NotClosed`; `Io` and `Damaged`: nothing was changed. `OutcomeUnknown`: either the old or
    /// the new file is there, and every writing call is refused until the ledger is reopened.
    pub fn reseal_segment(&mut self, number: u32) -> Result<(), LedgerError> {
        self.rewrite_segment(number, &mut |_, body| Ok(body))
    }

    /// Rewrites a closed segment, each body as `change` gives it. A body may lose what was
    /// erased, but never say anything else: its root stays.
    ///
    /// # Errors
    /// As [`Ledger::reseal_segment`], what `change` gives, and `WouldChange`.
    pub(super) fn rewrite_segment(
        &mut self,
        number: u32,
        change: &mut dyn FnMut(&FrameHeader, Body) -> Result<Body, LedgerError>,
    ) -> Result<(), LedgerError> {
        if self.is_read_only() {
            return Err(LedgerError::ReadOnly);
        }
        let closed = self.segments().iter().any(|state| state.number == number && state.closed);
        if !closed {
            return Err(LedgerError::NotClosed(number));
        }
        let path = segment::unfinished(&self.shared().folder, number);
        let result = match self.write_anew(number, change) {
            Ok(rewritten) => self.take_place(number, rewritten),
            Err(error) => {
                // Best effort: what stays is removed by the next opening.
                let _ = self.shared().files.remove(&path);
                Err(error)
            }
        };
        self.forget_mark(number);
        self.note_outcome(&result);
        result
    }

    fn write_anew(
        &self,
        number: u32,
        change: &mut dyn FnMut(&FrameHeader, Body) -> Result<Body, LedgerError>,
    ) -> Result<Rewritten, LedgerError> {
        let shared = self.shared();
        let old_path = segment::path(&shared.folder, number);
        let failed = |error| LedgerError::io("read", &old_path, error);
        let old = shared.files.open(&old_path, Access::Read).map_err(failed)?;
        let length = shared.index().length(number);
        let mut window = Window::new(old, length);
        let header = SegmentHeader::decode(window.get(0, SEGMENT_HEADER_LENGTH).map_err(failed)?)
            .map_err(|_| LedgerError::damage(number, 0, DamageKind::SegmentHeader))?;
        let generation = header.generation.saturating_add(1);
        let header = SegmentHeader { steward: StewardVersion::CURRENT, generation, ..header };

        let mut out = Writer::begin(self, number, &header)?;
        let mut offset = SEGMENT_HEADER_LENGTH as u64;
        let mut sequence = header.first;
        while offset < length {
            let place = Place::new(number, offset).ok_or(LedgerError::NotClosed(number))?;
            let bytes = window.get(offset, HEADER_LENGTH).map_err(failed)?;
            let header = check_header(sequence, place, bytes)?;
            let stored = header.physical.stored_length as usize;
            let stored = window.get(offset + HEADER_LENGTH as u64, stored).map_err(failed)?;
            let body = unpack(place, &header, stored, &*out.cipher)?;
            offset += header.frame_length();
            sequence = sequence.next();
            let body = change(&header, body)?;
            out.frame(self, header, &body)?;
        }
        out.finish(generation)
    }

    /// Gives the new file the segment's name.
    fn take_place(&self, number: u32, rewritten: Rewritten) -> Result<(), LedgerError> {
        let shared = self.shared();
        let unfinished = segment::unfinished(&shared.folder, number);
        let path = segment::path(&shared.folder, number);
        let Rewritten { frames, length, keys, generation } = rewritten;
        shared.replace_segment(number, &frames, (length, keys), || {
            let folder = segment::segments_folder(&shared.folder);
            let renamed = shared
                .files
                .rename(&unfinished, &path)
                .and_then(|()| shared.files.sync_folder(&folder));
            match renamed {
                Ok(()) => (true, Ok(())),
                // It may have happened, or not: readers go by what is there now.
                Err(source) => {
                    let swapped = self.generation_of(number) == Some(generation);
                    (swapped, Err(LedgerError::OutcomeUnknown { source }))
                }
            }
        })
    }

    fn generation_of(&self, number: u32) -> Option<u32> {
        let path = segment::path(&self.shared().folder, number);
        let file = self.shared().files.open(&path, Access::Read).ok()?;
        let mut bytes = [0; SEGMENT_HEADER_LENGTH];
        file.read_at(&mut bytes, 0).ok()?;
        SegmentHeader::decode(&bytes).ok().map(|header| header.generation)
    }
}

/// A segment being written.
struct Writer {
    file: Box<dyn OpenFile>,
    path: PathBuf,
    number: u32,
    cipher: Arc<dyn Cipher>,
    frames: Vec<(Sequence, u64)>,
    keys: Vec<u32>,
    written: u64,
    waiting: Vec<u8>,
}

impl Writer {
    fn begin(ledger: &Ledger, number: u32, header: &SegmentHeader) -> Result<Self, LedgerError> {
        let shared = ledger.shared();
        let path = segment::unfinished(&shared.folder, number);
        let create = || shared.files.open(&path, Access::CreateNew);
        let file = create().or_else(|error| {
            // Left by a rewriting that failed in this very process and could not be removed.
            if error.kind() != std::io::ErrorKind::AlreadyExists {
                return Err(error);
            }
            shared.files.remove(&path)?;
            create()
        });
        Ok(Self {
            file: file.map_err(|error| LedgerError::io("create", &path, error))?,
            path,
            number,
            cipher: shared.cipher(),
            frames: Vec::new(),
            keys: Vec::new(),
            written: 0,
            waiting: header.encode().to_vec(),
        })
    }

    fn frame(
        &mut self,
        ledger: &Ledger,
        header: FrameHeader,
        body: &Body,
    ) -> Result<(), LedgerError> {
        let sequence = header.logical.sequence;
        if chain::link(&header.logical, &body.root()) != header.chain {
            return Err(LedgerError::WouldChange(sequence));
        }
        let packed = body.pack(HEADER_LENGTH)?;
        let seal = Seal { cipher: &*self.cipher, segment: self.number };
        let (mut frame, physical) =
            seal.close(sequence, packed.codec, packed.bytes, ledger.randomness())?;
        if !self.keys.contains(&physical.key) {
            self.keys.push(physical.key);
        }
        let header = FrameHeader { physical, ..header };
        frame[..HEADER_LENGTH].copy_from_slice(&header.encode());
        self.frames.push((sequence, self.written + self.waiting.len() as u64));
        self.waiting.extend_from_slice(&frame);
        if self.waiting.len() >= WRITE_STEP { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), LedgerError> {
        self.file
            .write_at(&self.waiting, self.written)
            .map_err(|error| LedgerError::io("write", &self.path, error))?;
        self.written += self.waiting.len() as u64;
        self.waiting.clear();
        Ok(())
    }

    /// Makes it durable. A failure is harmless: the name is still the old file's.
    fn finish(mut self, generation: u32) -> Result<Rewritten, LedgerError> {
        self.write()?;
        self.file.sync().map_err(|error| LedgerError::io("write", &self.path, error))?;
        let Writer { frames, keys, written, .. } = self;
        Ok(Rewritten { frames, length: written, keys, generation })
    }
}
