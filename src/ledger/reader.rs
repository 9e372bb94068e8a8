//! Reading commits and single events.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jiff::Timestamp;

use crate::ports::Cipher;
use crate::ports::files::{Access, Files, OpenFile};
use domain::event::Erased;
use domain::{Actor, Commit, Event, RecordId, Sequence, Values};

use super::append::LedgerOptions;
use super::body::{Body, Content};
use super::cache::Cache;
use super::chain::{Head, Witness};
use super::codec::{self, Unreadable};
use super::damage::{CutTail, Damage, DamageKind};
use super::erasures::Erasures;
use super::error::LedgerError;
use super::frame::{FrameHeader, HEADER_LENGTH};
use super::index::{Index, Place};
use super::instead::hash_text;
use super::open::{self, Scanned};
use super::pinned::Pinned;
use super::seal::Seal;
use super::segment;
use super::window::Window;

/// The actor of a commit whose actor was taken out.
const ERASED_ACTOR: &str = "(erased)";
/// Most segments kept open at a time.
const MAX_OPEN: usize = 64;

/// See [`LedgerReader::events`].
pub type ReadEvents = (Timestamp, Actor, Vec<Result<Event, Damage>>);

/// Reads the ledger. Clones are cheap and see every acknowledged commit at once, and those of a group
/// that is not durable yet.
#[derive(Clone)]
pub struct LedgerReader {
    shared: Arc<Shared>,
}

/// What readers and the writer share.
pub(super) struct Shared {
    pub(super) files: Arc<dyn Files>,
    pub(super) folder: PathBuf,
    index: RwLock<Index>,
    cache: Mutex<Cache>,
    open: Mutex<HashMap<u32, Arc<dyn OpenFile>>>,
    cipher: RwLock<Arc<dyn Cipher>>,
    pub(super) erasures: RwLock<Erasures>,
}

/// A frame found: where it is, in a file that stays as it is even if its segment is rewritten.
struct Located {
    place: Place,
    revision: u32,
    file: Arc<dyn OpenFile>,
}

/// A frame whose body was decoded.
pub(super) struct Decoded {
    pub(super) header: FrameHeader,
    pub(super) body: Body,
}

impl Shared {
    pub(super) fn new(
        files: Arc<dyn Files>,
        folder: &Path,
        index: Index,
        options: &LedgerOptions,
    ) -> Self {
        Self {
            files,
            folder: folder.to_owned(),
            index: RwLock::new(index),
            cache: Mutex::new(Cache::new(options.cache_bytes)),
            open: Mutex::new(HashMap::new()),
            erasures: RwLock::new(Erasures::default()),
            cipher: RwLock::new(Arc::clone(&options.cipher)),
        }
    }

    pub(super) fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn index_mut(&self) -> RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over where every commit is now. Whoever looked one up before keeps nothing of it.
    pub(super) fn begin_anew(&self, mut found: Index) {
        let mut index = self.index_mut();
        found.come_after(&index);
        *index = found;
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.cache().forget(0..=u64::MAX);
        *self.erasures.write().unwrap_or_else(PoisonError::into_inner) = Erasures::default();
    }

    /// Takes back the newest commits, from `first` on: see [`Index::forget_from`].
    pub(super) fn forget_from(&self, first: Sequence, end: (u32, u64), head: Option<Head>) {
        self.index_mut().forget_from(first, end, head);
        self.cache().forget(first.0..=u64::MAX);
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn cipher(&self) -> Arc<dyn Cipher> {
        Arc::clone(&self.cipher.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn set_cipher(&self, cipher: Arc<dyn Cipher>) {
        *self.cipher.write().unwrap_or_else(PoisonError::into_inner) = cipher;
    }

    fn file(&self, segment: u32) -> Result<Arc<dyn OpenFile>, LedgerError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = open.get(&segment) {
            return Ok(Arc::clone(file));
        }
        if open.len() >= MAX_OPEN {
            open.clear();
        }
        let file: Arc<dyn OpenFile> = Arc::from(self.open_segment(segment)?);
        open.insert(segment, Arc::clone(&file));
        Ok(file)
    }

    pub(super) fn open_segment(&self, segment: u32) -> Result<Box<dyn OpenFile>, LedgerError> {
        let path = segment::path(&self.folder, segment);
        self.files.open(&path, Access::Read).map_err(|error| LedgerError::io("read", &path, error))
    }

    /// Puts a rewritten segment in place of what it was, for readers that come and for those that
    /// are here. `swap` gives its file the name, while nobody looks a commit up.
    pub(super) fn replace_segment(
        &self,
        segment: u32,
        frames: &[(Sequence, u64)],
        (length, keys): (u64, Vec<u32>),
        swap: impl FnOnce() -> (bool, Result<(), LedgerError>),
    ) -> Result<(), LedgerError> {
        let mut index = self.index_mut();
        let (swapped, result) = swap();
        if swapped {
            index.replace(segment, frames, length, keys);
            self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&segment);
            if let (Some((first, _)), Some((last, _))) = (frames.first(), frames.last()) {
                self.cache().forget(first.0..=last.0);
            }
        }
        result
    }

    /// The index is held until the file is open: a segment rewritten in between would have its
    /// commits elsewhere.
    fn locate(&self, sequence: Sequence) -> Result<Located, LedgerError> {
        let index = self.index();
        let place = index.place(sequence).ok_or(LedgerError::NoSuchCommit(sequence))?;
        let revision = index.revision(place.segment);
        Ok(Located { place, revision, file: self.file(place.segment)? })
    }

    fn read(&self, at: &Located, offset: u64, buffer: &mut [u8]) -> Result<(), LedgerError> {
        let segment = at.place.segment;
        let read = at.file.read_at(buffer, offset).map_err(|error| {
            LedgerError::io("read", &segment::path(&self.folder, segment), error)
        })?;
        if read < buffer.len() {
            let what = DamageKind::Unreadable { until: offset + read as u64 };
            return Err(LedgerError::damage(segment, at.place.offset(), what));
        }
        Ok(())
    }

    /// Where a commit's frame ends: its segment and the byte behind it, with its chain hash.
    pub(super) fn frame_end(
        &self,
        sequence: Sequence,
    ) -> Result<(u32, u64, [u8; 32]), LedgerError> {
        let at = self.locate(sequence)?;
        let header = self.header(sequence, &at)?;
        Ok((at.place.segment, at.place.offset() + header.frame_length(), header.chain))
    }

    fn header(&self, sequence: Sequence, at: &Located) -> Result<FrameHeader, LedgerError> {
        let mut bytes = [0; HEADER_LENGTH];
        self.read(at, at.place.offset(), &mut bytes)?;
        check_header(sequence, at.place, &bytes)
    }

    pub(super) fn decoded(&self, sequence: Sequence) -> Result<Arc<Decoded>, LedgerError> {
        if let Some(kept) = self.cache().get(sequence.0) {
            return Ok(kept);
        }
        let at = self.locate(sequence)?;
        let decoded = Arc::new(self.decode(sequence, &at)?);
        let index = self.index();
        // What was erased from the segment meanwhile must not be kept.
        if index.revision(at.place.segment) == at.revision {
            self.cache().put(sequence.0, Arc::clone(&decoded));
        }
        Ok(decoded)
    }

    /// Reads a frame that was found, and keeps nothing.
    fn decode(&self, sequence: Sequence, at: &Located) -> Result<Decoded, LedgerError> {
        let header = self.header(sequence, at)?;
        let mut stored = vec![0; header.physical.stored_length as usize];
        self.read(at, at.place.offset() + HEADER_LENGTH as u64, &mut stored)?;
        let body = unpack(at.place, &header, &stored, &*self.cipher())?;
        Ok(Decoded { header, body })
    }
}

pub(super) fn check_header(
    sequence: Sequence,
    place: Place,
    bytes: &[u8],
) -> Result<FrameHeader, LedgerError> {
    match FrameHeader::decode(bytes) {
        Ok(header) if header.logical.sequence == sequence => Ok(header),
        _ => {
            let what = DamageKind::Unreadable { until: place.offset() + HEADER_LENGTH as u64 };
            Err(LedgerError::damage(place.segment, place.offset(), what))
        }
    }
}

/// The body of a frame that stands at `place`.
pub(super) fn unpack(
    place: Place,
    header: &FrameHeader,
    stored: &[u8],
    cipher: &dyn Cipher,
) -> Result<Body, LedgerError> {
    let sequence = header.logical.sequence;
    let seal = Seal { cipher, segment: place.segment };
    Body::unpack(header, stored, seal).map_err(|error| match error.damage(sequence) {
        Some(what) => LedgerError::damage(place.segment, place.offset(), what),
        None => LedgerError::NewerSteward {
            what: format!("commit {sequence}"),
            version: header.logical.steward,
        },
    })
}

/// The event at `index` of a commit, counted from 0, as it is stored.
pub(super) fn read_event(
    header: &FrameHeader,
    body: &Body,
    index: u32,
) -> Result<Event, LedgerError> {
    let sequence = header.logical.sequence;
    let content = body.entry(index as usize + 1);
    match content.ok_or(LedgerError::NoSuchEvent { sequence, index })? {
        Content::Redacted(leaf) => Ok(Event::Erased(Erased { leaf: hash_text(leaf) })),
        Content::Live(data) => {
            codec::read_event(data).map_err(|error| unreadable(header, index, error))
        }
    }
}

/// Who made a commit; none where that was taken out, which nothing here ever does.
pub(super) fn actor(header: &FrameHeader, body: &Body) -> Result<Option<Actor>, LedgerError> {
    match body.entry(0) {
        Some(Content::Live(data)) => {
            Ok(Some(codec::read_actor(data).map_err(|error| unreadable(header, 0, error))?))
        }
        _ => Ok(None),
    }
}

pub(super) fn unreadable(header: &FrameHeader, index: u32, error: Unreadable) -> LedgerError {
    let sequence = header.logical.sequence;
    match error {
        Unreadable::Unknown { kind, version } => LedgerError::NewerSteward {
            what: format!("an event `{kind}` (version {version}) of commit {sequence}"),
            version: header.logical.steward,
        },
        Unreadable::Malformed(reason) => LedgerError::UnreadableEvent { sequence, index, reason },
    }
}

/// The time of a header; one that no calendar holds is the nearest that it does.
pub(super) fn time(microsecond: i64) -> Timestamp {
    let nearest = if microsecond < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_microsecond(microsecond).unwrap_or(nearest)
}

impl LedgerReader {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Reads a ledger that cannot be opened for writing, as it is at this moment: a damaged one, one
    /// on a read-only disk, or one that another process writes. Nothing is locked or written; a torn tail is left where it is. `folder` is the
    /// workspace's `.steward`; of `options` cache and cipher are used.
    ///
    /// # Errors
    /// When there is no ledger or it cannot be read at all; not for damage, which is listed.
    pub fn open_read_only(
        files: Arc<dyn Files>,
        folder: &Path,
        options: &LedgerOptions,
    ) -> Result<(LedgerReader, Vec<Damage>, Option<CutTail>), LedgerError> {
        let files: Arc<dyn Files> = Arc::new(Pinned::take(&*files, folder)?);
        let Scanned { index, walked, speaking } = open::scan(&*files, folder, &*options.cipher)?;
        let shared = Arc::new(Shared::new(files, folder, index, options));
        for commit in speaking {
            // One that is damaged says nothing; that it is damaged is said anyway.
            let _ = shared.learn_erasures(&[commit]);
        }
        Ok((LedgerReader { shared }, walked.damage, walked.tail))
    }

    /// The newest commit; none in an empty ledger.
    #[must_use]
    pub fn head(&self) -> Option<Head> {
        self.shared.index().head
    }

    /// One commit, whole. An erased event reads as what the erasure put in its place, else as
    /// [`Event::Erased`].
    ///
    /// # Errors
    /// When there is no such commit, or it is damaged or cannot be read.
    pub fn commit(&self, sequence: Sequence) -> Result<Commit, LedgerError> {
        self.commit_where(sequence, |_, _| true)
    }

    /// One commit with those of its events whose kind and data, as stored in JSON, are wanted; the
    /// others are not parsed, which is most of the work. What is read in the place of an erased
    /// event is always there.
    ///
    /// # Errors
    /// When there is no such commit, or it is damaged or cannot be read.
    pub fn commit_where(
        &self,
        sequence: Sequence,
        wanted: impl Fn(&str, &[u8]) -> bool,
    ) -> Result<Commit, LedgerError> {
        let decoded = self.shared.decoded(sequence)?;
        self.shared.commit(&decoded.header, &decoded.body, wanted)
    }

    /// One event, by its index in its commit, counted from 0; the others are not parsed.
    ///
    /// # Errors
    /// When there is no such event, or it is damaged or cannot be read.
    pub fn event(&self, sequence: Sequence, index: u32) -> Result<Event, LedgerError> {
        let decoded = self.shared.decoded(sequence)?;
        self.shared.event(&decoded.header, &decoded.body, index)
    }

    /// Some events of one commit, by their indexes, read once: the commit does not push others out
    /// of memory.
    ///
    /// # Errors
    /// As [`LedgerReader::event`].
    pub fn events_at(
        &self,
        sequence: Sequence,
        indexes: impl IntoIterator<Item = u32>,
    ) -> Result<Vec<Event>, LedgerError> {
        let at = self.shared.locate(sequence)?;
        let Decoded { header, body } = self.shared.decode(sequence, &at)?;
        indexes.into_iter().map(|index| self.shared.event(&header, &body, index)).collect()
    }

    /// The records and values that some revisions of one commit, by their indexes, delivered; none
    /// for what is no revision. As [`LedgerReader::events_at`], and nothing else of a revision is
    /// read.
    ///
    /// # Errors
    /// As [`LedgerReader::event`].
    pub fn delivered(
        &self,
        sequence: Sequence,
        indexes: impl IntoIterator<Item = u32>,
    ) -> Result<Vec<Option<(RecordId, Values)>>, LedgerError> {
        let at = self.shared.locate(sequence)?;
        let Decoded { header, body } = self.shared.decode(sequence, &at)?;
        let read = |index| self.shared.delivered(&header, &body, index);
        indexes.into_iter().map(read).collect()
    }

    /// A commit's time, its actor and each of its events that can be read; one that cannot is
    /// the damage that is in its place.
    ///
    /// # Errors
    /// When there is no such commit, it is damaged as a whole, or a newer steward wrote it.
    pub fn events(&self, sequence: Sequence) -> Result<ReadEvents, LedgerError> {
        let decoded = self.shared.decoded(sequence)?;
        let (header, body) = (&decoded.header, &decoded.body);
        let place = self.shared.locate(sequence)?.place;
        let mut events = Vec::new();
        for index in 0..header.logical.events {
            events.push(match self.shared.event(header, body, index) {
                Ok(event) => Ok(event),
                Err(LedgerError::UnreadableEvent { reason, .. }) => Err(Damage {
                    segment: place.segment,
                    offset: place.offset(),
                    what: DamageKind::Event { sequence, index, reason },
                }),
                Err(LedgerError::Damaged(mut damage)) if !damage.is_empty() => {
                    Err(damage.swap_remove(0))
                }
                Err(error) => return Err(error),
            });
        }
        let actor = actor(header, body)?.unwrap_or_else(|| ERASED_ACTOR.into());
        Ok((time(header.logical.at), actor, events))
    }

    /// The data of a commit's live entries one after the other, as the file holds them now: what is
    /// left of what was erased.
    ///
    /// # Errors
    /// When the commit is not there or damaged.
    pub fn stored(&self, sequence: Sequence) -> Result<Vec<u8>, LedgerError> {
        self.shared.cache().forget(0..=u64::MAX);
        let decoded = self.shared.decoded(sequence)?;
        let entries = (0..=decoded.header.logical.events as usize)
            .filter_map(|index| decoded.body.entry(index));
        Ok(entries
            .flat_map(|content| match content {
                Content::Live(data) => data,
                Content::Redacted(_) => &[],
            })
            .copied()
            .collect())
    }

    /// The chain's hash after a commit.
    ///
    /// # Errors
    /// When there is no such commit, or its header is damaged or cannot be read.
    pub fn chain_at(&self, sequence: Sequence) -> Result<[u8; 32], LedgerError> {
        let at = self.shared.locate(sequence)?;
        Ok(self.shared.header(sequence, &at)?.chain)
    }

    /// Whether the ledger holds the commit that a witness has seen.
    ///
    /// # Errors
    /// `AcknowledgedLost` or `OtherHistory` when it does not; or when its header cannot be read.
    pub fn must_hold(&self, witness: Witness) -> Result<(), LedgerError> {
        open::check_witness(self, witness)
    }

    /// Where it ends: the last segment, and its length.
    #[must_use]
    pub fn end(&self) -> (u32, u64) {
        let index = self.shared.index();
        index.segments().last().map_or((0, 0), |segment| (segment.number, segment.length))
    }

    /// The last commit that erased something; none where nothing was erased.
    #[must_use]
    pub fn last_erasure(&self) -> Option<Sequence> {
        self.shared.erasures().last()
    }

    /// When a commit was made. Only its header is read.
    ///
    /// # Errors
    /// When there is no such commit, or its header is damaged or cannot be read.
    pub fn time_of(&self, sequence: Sequence) -> Result<Timestamp, LedgerError> {
        let at = self.shared.locate(sequence)?;
        Ok(time(self.shared.header(sequence, &at)?.logical.at))
    }

    /// Every commit from `first` on, each read once, up to the newest there is when the iterator
    /// gets there. A commit lost to damage is an error in its place.
    #[must_use]
    pub fn commits_from(&self, first: Sequence) -> Commits {
        let next = first.max(Sequence(1));
        Commits { shared: Arc::clone(&self.shared), next, window: None }
    }
}

/// See [`LedgerReader::commits_from`].
pub struct Commits {
    shared: Arc<Shared>,
    next: Sequence,
    /// With its segment and how often that was rewritten.
    window: Option<((u32, u32), Window)>,
}

impl Commits {
    fn read(&mut self, sequence: Sequence) -> Result<Commit, LedgerError> {
        let place = self.look_at(sequence)?;
        let Some((_, window)) = &mut self.window else {
            return Err(LedgerError::NoSuchCommit(sequence));
        };
        let failed = |error| {
            LedgerError::io("read", &segment::path(&self.shared.folder, place.segment), error)
        };
        let bytes = window.get(place.offset(), HEADER_LENGTH).map_err(failed)?;
        let header = check_header(sequence, place, bytes)?;
        let stored = header.physical.stored_length as usize;
        let stored = window.get(place.offset() + HEADER_LENGTH as u64, stored).map_err(failed)?;
        let body = unpack(place, &header, stored, &*self.shared.cipher())?;
        self.shared.commit(&header, &body, |_, _| true)
    }

    /// Where a commit is, with the window over its segment as that is now.
    fn look_at(&mut self, sequence: Sequence) -> Result<Place, LedgerError> {
        let index = self.shared.index();
        let place = index.place(sequence).ok_or(LedgerError::NoSuchCommit(sequence))?;
        let length = index.length(place.segment);
        let wanted = (place.segment, index.revision(place.segment));
        let mut window = match self.window.take() {
            Some((segment, window)) if segment == wanted => window,
            _ => Window::new(self.shared.open_segment(place.segment)?, length),
        };
        window.extend(length);
        self.window = Some((wanted, window));
        Ok(place)
    }
}

impl Iterator for Commits {
    type Item = Result<Commit, LedgerError>;

    fn next(&mut self) -> Option<Self::Item> {
        let head = self.shared.index().head?;
        if self.next > head.sequence {
            return None;
        }
        let sequence = self.next;
        self.next = sequence.next();
        Some(self.read(sequence))
    }
}
