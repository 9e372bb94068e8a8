//! Writing: one commit after the other, each durable before it is acknowledged.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::ports::cipher::NoCipher;
use crate::ports::files::{Access, Files, LockGuard, OpenFile};
use crate::ports::{Cipher, Randomness};
use domain::{Actor, Event, Sequence};

use super::chain::{self, Head, Witness};
use super::checked::Checked;
use super::damage::CutTail;
use super::encode::{EncodedBody, encode};
use super::error::LedgerError;
use super::frame::{FrameHeader, HEADER_LENGTH, Logical, StewardVersion};
use super::group::Group;
use super::index::Index;
use super::open::{self, Opening};
use super::reader::{LedgerReader, Shared, time};
use super::seal::Seal;
use super::segment::{self, SEGMENT_HEADER_LENGTH, SegmentHeader};
use super::upcast;

/// How a ledger is opened.
#[derive(Debug, Clone)]
pub struct LedgerOptions {
    /// Who holds the workspace, told to whoever finds it locked: `kim, process 4711`.
    pub holder: String,
    /// A segment that would grow past this is followed by a new one. In bytes, at most 2 GiB.
    pub segment_bytes: u64,
    /// Memory for bodies read lately, in bytes.
    pub cache_bytes: usize,
    /// What the workspace is encrypted with.
    pub cipher: Arc<dyn Cipher>,
    /// How long a workspace that another process holds is waited for.
    pub patience: Patience,
}

/// How long a lock that others hold is waited for. While it goes from hand to hand, waiting is worth
/// its while; who keeps it (a review, an import) is not waited for to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Patience {
    /// With one holder.
    pub with_one: Duration,
    /// In all.
    pub in_all: Duration,
}

impl LedgerOptions {
    /// Segments of 64 MiB, a cache of 16 MiB, no encryption, no patience.
    pub fn held_by(holder: impl Into<String>) -> Self {
        Self {
            holder: holder.into(),
            segment_bytes: 64 * 1024 * 1024,
            cache_bytes: 16 * 1024 * 1024,
            cipher: Arc::new(NoCipher),
            patience: Patience::default(),
        }
    }
}

/// Offsets in the index are 32 bits wide, and one frame may still follow the limit.
const MAX_SEGMENT_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// The ledger, open for writing; there is one in the world for each workspace.
pub struct Ledger {
    pub(super) shared: Arc<Shared>,
    workspace: [u8; 16],
    pub(super) segment: u32,
    pub(super) file: Box<dyn OpenFile>,
    pub(super) length: u64,
    /// Commits that one sync makes durable; none where each is by itself.
    pub(super) group: Option<Group>,
    segment_bytes: u64,
    randomness: Arc<dyn Randomness>,
    pub(super) read_only: bool,
    /// Why nothing can ever be written, where the ledger was opened only to be read.
    to_read: Option<String>,
    pub(super) checked: Checked,
    _lock: LockGuard,
}

impl Ledger {
    /// Makes an empty ledger in `folder`, the workspace's `.steward`, which is made where it is
    /// absent; `workspace` is the workspace's random id. What an interrupted creation left is
    /// taken over.
    ///
    /// # Errors
    /// When there is a ledger already, another process holds the workspace, or the disk refuses.
    pub fn create(
        files: Arc<dyn Files>,
        folder: &Path,
        randomness: Arc<dyn Randomness>,
        workspace: [u8; 16],
        options: &LedgerOptions,
    ) -> Result<Ledger, LedgerError> {
        let segments = segment::segments_folder(folder);
        for path in [folder, segments.as_path()] {
            files.create_folder(path).map_err(|error| LedgerError::io("create", path, error))?;
        }
        let lock = open::lock(&*files, folder, &*randomness, options)?;
        if !segment::numbers(&*files, folder)?.is_empty() {
            return Err(LedgerError::Exists { folder: folder.to_owned() });
        }
        segment::remove_unfinished(&*files, folder)?;
        let header = SegmentHeader {
            steward: StewardVersion::CURRENT,
            number: 1,
            generation: 0,
            workspace,
            first: Sequence(1),
            previous: chain::origin(&workspace),
        };
        let file = segment::create(&*files, folder, &header)?;
        for path in [Some(folder), folder.parent()].into_iter().flatten() {
            files.sync_folder(path).map_err(|source| LedgerError::OutcomeUnknown { source })?;
        }
        let mut index = Index::default();
        index.set_length(1, SEGMENT_HEADER_LENGTH as u64);
        Ok(Ledger {
            shared: Arc::new(Shared::new(files, folder, index, options)),
            workspace,
            segment: 1,
            file,
            length: SEGMENT_HEADER_LENGTH as u64,
            group: None,
            segment_bytes: options.segment_bytes.min(MAX_SEGMENT_BYTES),
            randomness,
            read_only: false,
            to_read: None,
            checked: Checked::default(),
            _lock: lock,
        })
    }

    /// Opens the ledger in `folder`, the workspace's `.steward`. `witnesses` gives commits that are
    /// known to have been acknowledged; it is called once the lock is held. A torn tail is cut, and
    /// said.
    ///
    /// # Errors
    /// `Held` when another process has the workspace; `Damaged` when anything but a torn tail is
    /// wrong ([`LedgerReader::open_read_only`] then reads the rest); `AcknowledgedLost` and
    /// `OtherHistory` when a witness's commit is not there; `NewerSteward` when a later version
    /// wrote something this one does not know. Nothing is written in any of these cases.
    pub fn open<W: IntoIterator<Item = Witness>>(
        files: Arc<dyn Files>,
        folder: &Path,
        randomness: Arc<dyn Randomness>,
        witnesses: impl FnOnce() -> W,
        options: &LedgerOptions,
    ) -> Result<(Ledger, Opening), LedgerError> {
        open::open(files, folder, randomness, witnesses, options)
    }

    /// Opens the ledger of a workspace that cannot be written, or that another process is writing,
    /// as it is at this moment: nothing is locked, cut or written, and every append is refused with
    /// `reason`. A torn tail is left where it is, and given.
    ///
    /// # Errors
    /// As [`Ledger::open`], but for the lock and the witnesses, which are the caller's to ask.
    pub fn open_to_read(
        files: Arc<dyn Files>,
        folder: &Path,
        randomness: Arc<dyn Randomness>,
        reason: &str,
        options: &LedgerOptions,
    ) -> Result<(Ledger, Option<CutTail>), LedgerError> {
        open::open_to_read(files, folder, randomness, reason, options)
    }

    /// The ledger over a finished scan: `last` is the number and sound length of its last segment.
    pub(super) fn opened(
        shared: Arc<Shared>,
        randomness: Arc<dyn Randomness>,
        workspace: [u8; 16],
        last: (u32, u64),
        lock: LockGuard,
        to_read: Option<String>,
        options: &LedgerOptions,
    ) -> Result<Ledger, LedgerError> {
        let (segment, length) = last;
        let path = segment::path(&shared.folder, segment);
        let access = if to_read.is_some() { Access::Read } else { Access::Write };
        let file = shared.files.open(&path, access);
        Ok(Ledger {
            file: file.map_err(|error| LedgerError::io("open", &path, error))?,
            shared,
            workspace,
            segment,
            length,
            group: None,
            segment_bytes: options.segment_bytes.min(MAX_SEGMENT_BYTES),
            randomness,
            read_only: false,
            to_read,
            checked: Checked::default(),
            _lock: lock,
        })
    }

    /// The workspace's id, as given at creation.
    #[must_use]
    pub fn workspace(&self) -> [u8; 16] {
        self.workspace
    }

    /// The newest commit; none in an empty ledger.
    #[must_use]
    pub fn head(&self) -> Option<Head> {
        self.shared.index().head
    }

    /// Reads this ledger, from any thread.
    #[must_use]
    pub fn reader(&self) -> LedgerReader {
        LedgerReader::new(Arc::clone(&self.shared))
    }

    /// Writes one commit and returns once it is durable; in a group ([`Ledger::begin_group`]) it is once
    /// that has ended. Its time is `at`, to the microsecond, but never before the newest commit's.
    ///
    /// # Errors
    /// As [`encode`] and [`Ledger::append_encoded`].
    pub fn append(
        &mut self,
        at: Timestamp,
        actor: impl Into<Actor>,
        events: &[Event],
    ) -> Result<Head, LedgerError> {
        let body = encode(events, &actor.into(), &*self.randomness)?;
        self.append_encoded(at, body)
    }

    /// As [`Ledger::append`], for a body that was encoded before, perhaps on another thread.
    ///
    /// # Errors
    /// `Damaged`: a body that nobody had checked is not what was written; nothing was appended. `Io`:
    /// the commit is not in the ledger, which goes on as before. `OutcomeUnknown`: it may be, and from then on every call is refused as `ReadOnly` until the ledger is reopened.
    pub fn append_encoded(
        &mut self,
        at: Timestamp,
        body: EncodedBody,
    ) -> Result<Head, LedgerError> {
        self.must_be_for_writing()?;
        if self.read_only {
            return Err(LedgerError::ReadOnly);
        }
        self.check_before_append(at)?;
        let result = if body.speaks { self.write_alone(at, body) } else { self.write(at, body) };
        self.note_outcome(&result);
        result
    }

    /// Writes what speaks of erasing: durable by itself, also within a group.
    fn write_alone(&mut self, at: Timestamp, body: EncodedBody) -> Result<Head, LedgerError> {
        self.sync_group()?;
        let group = self.group.take();
        let written = self.write(at, body);
        self.group = group;
        let head = written?;
        // Only a reopened ledger can say what is read from now on.
        let learned = self.shared.learn_erasures(&[head.sequence]);
        learned.map_err(|error| LedgerError::OutcomeUnknown {
            source: std::io::Error::other(error.to_string()),
        })?;
        Ok(head)
    }

    /// Whether it was opened to be written.
    ///
    /// # Errors
    /// `OpenedToRead`: it was not.
    pub fn must_be_for_writing(&self) -> Result<(), LedgerError> {
        match &self.to_read {
            Some(reason) => Err(LedgerError::OpenedToRead { reason: reason.clone() }),
            None => Ok(()),
        }
    }

    fn write(&mut self, at: Timestamp, body: EncodedBody) -> Result<Head, LedgerError> {
        let cipher = self.shared.cipher();
        let (sequence, previous) = self.next();
        let at = self.head().map_or(at, |head| at.max(head.at));
        let length = body.frame.len() as u64 + Seal { cipher: &*cipher, segment: 0 }.overhead();
        if self.length + length > self.segment_bytes && self.length > SEGMENT_HEADER_LENGTH as u64 {
            self.rotate(sequence, previous)?;
        }
        let place = self.place_in_group(sequence, length)?;
        let seal = Seal { cipher: &*cipher, segment: self.segment };
        let (mut frame, physical) =
            seal.close(sequence, body.codec, body.frame, &*self.randomness)?;
        let logical = Logical {
            vocabulary: body.vocabulary,
            speaks: body.speaks && body.vocabulary >= upcast::EVIDENCE,
            steward: StewardVersion::CURRENT,
            events: body.events,
            place,
            sequence,
            at: at.as_microsecond(),
            previous,
        };
        let header = FrameHeader { physical, chain: chain::link(&logical, &body.root), logical };
        frame[..HEADER_LENGTH].copy_from_slice(&header.encode());
        self.write_frame(&frame, sequence)?;
        let head = Head { sequence, chain: header.chain, at: time(header.logical.at) };
        let mut index = self.shared.index_mut();
        index.push(sequence, self.segment, self.length);
        index.note_key(self.segment, header.physical.key);
        self.length += frame.len() as u64;
        index.set_length(self.segment, self.length);
        index.head = Some(head);
        Ok(head)
    }

    fn write_frame(&mut self, frame: &[u8], sequence: Sequence) -> Result<(), LedgerError> {
        if let Err(error) = self.file.write_at(frame, self.length) {
            // Synced, too: else a crash could bring back what was just said to have failed.
            let undone = self.file.truncate(self.length).and_then(|()| self.file.sync());
            return Err(match undone {
                Ok(()) => {
                    self.note_synced();
                    let path = segment::path(&self.shared.folder, self.segment);
                    LedgerError::io("write", &path, error)
                }
                Err(source) => {
                    self.give_up_group();
                    LedgerError::OutcomeUnknown { source }
                }
            });
        }
        if !self.must_sync(sequence, self.head()) {
            return Ok(());
        }
        // Never tried again: a second sync would succeed without having saved anything.
        self.file.sync().map_err(|source| LedgerError::OutcomeUnknown { source })
    }

    /// What the next commit continues: its number and the chain's hash before it.
    fn next(&self) -> (Sequence, [u8; 32]) {
        match self.head() {
            Some(head) => (head.sequence.next(), head.chain),
            None => (Sequence(1), chain::origin(&self.workspace)),
        }
    }

    /// Closes the last segment, so that it can be rewritten; does nothing where that is empty.
    ///
    /// # Errors
    /// `Io`: nothing was changed. `OutcomeUnknown`: from then on every call is refused as
    /// `ReadOnly` until the ledger is reopened.
    pub fn begin_segment(&mut self) -> Result<(), LedgerError> {
        self.must_be_for_writing()?;
        if self.read_only {
            return Err(LedgerError::ReadOnly);
        }
        if self.length == SEGMENT_HEADER_LENGTH as u64 {
            return Ok(());
        }
        // Who begins another one leaves this behind for good.
        let at = self.head().map_or(Timestamp::UNIX_EPOCH, |head| head.at);
        self.check_before_append(at)?;
        let (first, previous) = self.next();
        let result = self.rotate(first, previous);
        self.note_outcome(&result);
        result
    }

    /// Encrypts with another cipher from now on, which must open what was sealed so far, too.
    pub fn set_cipher(&mut self, cipher: Arc<dyn Cipher>) {
        self.shared.set_cipher(cipher);
    }

    /// After an unknown outcome nothing may be written until the ledger is read again.
    pub(super) fn note_outcome<T>(&mut self, result: &Result<T, LedgerError>) {
        self.read_only |= matches!(result, Err(LedgerError::OutcomeUnknown { .. }));
    }

    /// Whether it takes no more commits until it is reopened, because the disk failed.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// The segment that commits go into.
    pub(super) fn last_segment(&self) -> u32 {
        self.segment
    }

    pub(super) fn randomness(&self) -> &dyn Randomness {
        &*self.randomness
    }

    fn rotate(&mut self, first: Sequence, previous: [u8; 32]) -> Result<(), LedgerError> {
        // A group lies in one segment.
        self.sync_group()?;
        let header = SegmentHeader {
            steward: StewardVersion::CURRENT,
            number: self.segment + 1,
            generation: 0,
            workspace: self.workspace,
            first,
            previous,
        };
        self.file = segment::create(&*self.shared.files, &self.shared.folder, &header)?;
        self.segment = header.number;
        self.length = SEGMENT_HEADER_LENGTH as u64;
        self.shared.index_mut().set_length(self.segment, self.length);
        Ok(())
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.shared
    }
}
