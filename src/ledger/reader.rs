//! Reading commits and single events.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jiff::Timestamp;

use crate::domain::event::Erased;
use crate::domain::{Commit, Event, Sequence};
use crate::ports::files::{Access, Files, OpenFile};

use super::body::{Body, Content, NoBody};
use super::cache::Cache;
use super::chain::Head;
use super::codec::{self, Unreadable};
use super::damage::{CutTail, Damage, DamageKind};
use super::error::LedgerError;
use super::frame::{FrameHeader, HEADER_LENGTH};
use super::index::{Index, Place};
use super::open;
use super::segment;
use super::window::Window;

/// The actor of a commit whose actor was erased.
const ERASED_ACTOR: &str = "(erased)";
/// Most segments kept open at a time.
const MAX_OPEN: usize = 64;

/// See [`LedgerReader::events`].
pub type ReadEvents = (Timestamp, String, Vec<Result<Event, Damage>>);

/// Reads the ledger. Clones are cheap and see every acknowledged commit at once.
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
        cache_bytes: usize,
    ) -> Self {
        Self {
            files,
            folder: folder.to_owned(),
            index: RwLock::new(index),
            cache: Mutex::new(Cache::new(cache_bytes)),
            open: Mutex::new(HashMap::new()),
        }
    }

    pub(super) fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn index_mut(&self) -> RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
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

    fn open_segment(&self, segment: u32) -> Result<Box<dyn OpenFile>, LedgerError> {
        let path = segment::path(&self.folder, segment);
        self.files.open(&path, Access::Read).map_err(|error| LedgerError::io("read", &path, error))
    }

    fn place(&self, sequence: Sequence) -> Result<Place, LedgerError> {
        self.index().place(sequence).ok_or(LedgerError::NoSuchCommit(sequence))
    }

    fn read(&self, place: Place, offset: u64, buffer: &mut [u8]) -> Result<(), LedgerError> {
        let read = self.file(place.segment)?.read_at(buffer, offset).map_err(|error| {
            LedgerError::io("read", &segment::path(&self.folder, place.segment), error)
        })?;
        if read < buffer.len() {
            let what = DamageKind::Unreadable { until: offset + read as u64 };
            return Err(LedgerError::damage(place.segment, place.offset(), what));
        }
        Ok(())
    }

    fn header(&self, sequence: Sequence, place: Place) -> Result<FrameHeader, LedgerError> {
        let mut bytes = [0; HEADER_LENGTH];
        self.read(place, place.offset(), &mut bytes)?;
        check_header(sequence, place, &bytes)
    }

    fn decoded(&self, sequence: Sequence) -> Result<Arc<Decoded>, LedgerError> {
        if let Some(kept) = self.cache().get(sequence.0) {
            return Ok(kept);
        }
        let place = self.place(sequence)?;
        let header = self.header(sequence, place)?;
        let mut stored = vec![0; header.physical.stored_length as usize];
        self.read(place, place.offset() + HEADER_LENGTH as u64, &mut stored)?;
        let body = unpack(place, &header, &stored)?;
        let decoded = Arc::new(Decoded { header, body });
        self.cache().put(sequence.0, Arc::clone(&decoded));
        Ok(decoded)
    }
}

fn check_header(
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

fn unpack(place: Place, header: &FrameHeader, stored: &[u8]) -> Result<Body, LedgerError> {
    let sequence = header.logical.sequence;
    Body::unpack(header, stored).map_err(|error| {
        let what = match error {
            NoBody::Checksum => DamageKind::Body(sequence),
            NoBody::Malformed => DamageKind::Malformed(sequence),
            NoBody::Unknown => {
                return LedgerError::NewerSteward {
                    what: format!("commit {sequence}"),
                    version: header.logical.steward,
                };
            }
        };
        LedgerError::damage(place.segment, place.offset(), what)
    })
}

/// The event at `index` of a commit, counted from 0.
pub(super) fn read_event(
    header: &FrameHeader,
    body: &Body,
    index: u32,
) -> Result<Event, LedgerError> {
    let sequence = header.logical.sequence;
    let content = body.entry(index as usize + 1);
    match content.ok_or(LedgerError::NoSuchEvent { sequence, index })? {
        Content::Redacted(leaf) => {
            let leaf = blake3::Hash::from_bytes(*leaf).to_hex().to_string();
            Ok(Event::Erased(Erased { leaf }))
        }
        Content::Live(data) => {
            codec::read_event(data).map_err(|error| unreadable(header, index, error))
        }
    }
}

/// Who made a commit.
fn actor<'b>(header: &FrameHeader, body: &'b Body) -> Result<&'b str, LedgerError> {
    match body.entry(0) {
        Some(Content::Live(data)) => {
            codec::read_actor(data).map_err(|error| unreadable(header, 0, error))
        }
        _ => Ok(ERASED_ACTOR),
    }
}

/// A commit, whole.
fn read_commit(header: &FrameHeader, body: &Body) -> Result<Commit, LedgerError> {
    let actor = actor(header, body)?;
    let events = (0..header.logical.events).map(|index| read_event(header, body, index));
    Ok(Commit {
        sequence: header.logical.sequence,
        at: time(header.logical.at),
        actor: actor.to_owned(),
        events: events.collect::<Result<_, _>>()?,
    })
}

fn unreadable(header: &FrameHeader, index: u32, error: Unreadable) -> LedgerError {
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

    /// Reads a ledger that cannot be opened for writing: a damaged one, or one on a read-only
    /// disk. Nothing is locked or written; a torn tail is left where it is. `folder` is the
    /// workspace's `.steward`.
    ///
    /// # Errors
    /// When there is no ledger or it cannot be read at all; not for damage, which is listed.
    pub fn open_read_only(
        files: Arc<dyn Files>,
        folder: &Path,
        cache_bytes: usize,
    ) -> Result<(LedgerReader, Vec<Damage>, Option<CutTail>), LedgerError> {
        let (index, walked) = open::scan(&*files, folder)?;
        let shared = Arc::new(Shared::new(files, folder, index, cache_bytes));
        Ok((LedgerReader { shared }, walked.damage, walked.tail))
    }

    /// The newest commit; none in an empty ledger.
    #[must_use]
    pub fn head(&self) -> Option<Head> {
        self.shared.index().head
    }

    /// One commit, whole. An erased event is an [`Event::Erased`] in its place.
    ///
    /// # Errors
    /// When there is no such commit, or it is damaged or cannot be read.
    pub fn commit(&self, sequence: Sequence) -> Result<Commit, LedgerError> {
        let decoded = self.shared.decoded(sequence)?;
        read_commit(&decoded.header, &decoded.body)
    }

    /// One event, by its index in its commit, counted from 0; the others are not parsed.
    ///
    /// # Errors
    /// When there is no such event, or it is damaged or cannot be read.
    pub fn event(&self, sequence: Sequence, index: u32) -> Result<Event, LedgerError> {
        let decoded = self.shared.decoded(sequence)?;
        read_event(&decoded.header, &decoded.body, index)
    }

    /// A commit's time, its actor and each of its events that can be read; one that cannot is
    /// the damage that is in its place.
    ///
    /// # Errors
    /// When there is no such commit, it is damaged as a whole, or a newer steward wrote it.
    pub fn events(&self, sequence: Sequence) -> Result<ReadEvents, LedgerError> {
        let decoded = self.shared.decoded(sequence)?;
        let (header, body) = (&decoded.header, &decoded.body);
        let place = self.shared.place(sequence)?;
        let mut events = Vec::new();
        for index in 0..header.logical.events {
            events.push(match read_event(header, body, index) {
                Ok(event) => Ok(event),
                Err(LedgerError::UnreadableEvent { reason, .. }) => Err(Damage {
                    segment: place.segment,
                    offset: place.offset(),
                    what: DamageKind::Event { sequence, index, reason },
                }),
                Err(error) => return Err(error),
            });
        }
        Ok((time(header.logical.at), actor(header, body)?.to_owned(), events))
    }

    /// The chain's hash after a commit.
    ///
    /// # Errors
    /// When there is no such commit, or its header is damaged or cannot be read.
    pub fn chain_at(&self, sequence: Sequence) -> Result<[u8; 32], LedgerError> {
        let place = self.shared.place(sequence)?;
        Ok(self.shared.header(sequence, place)?.chain)
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
    window: Option<(u32, Window)>,
}

impl Commits {
    fn read(&mut self, sequence: Sequence) -> Result<Commit, LedgerError> {
        let (place, length) = {
            let index = self.shared.index();
            let place = index.place(sequence).ok_or(LedgerError::NoSuchCommit(sequence))?;
            (place, index.length(place.segment))
        };
        let window = match self.window.take() {
            Some((segment, window)) if segment == place.segment => window,
            _ => Window::new(self.shared.open_segment(place.segment)?, length),
        };
        let (_, window) = self.window.insert((place.segment, window));
        window.extend(length);
        let failed = |error| {
            LedgerError::io("read", &segment::path(&self.shared.folder, place.segment), error)
        };
        let bytes = window.get(place.offset(), HEADER_LENGTH).map_err(failed)?;
        let header = check_header(sequence, place, bytes)?;
        let stored = header.physical.stored_length as usize;
        let stored = window.get(place.offset() + HEADER_LENGTH as u64, stored).map_err(failed)?;
        let body = unpack(place, &header, stored)?;
        read_commit(&header, &body)
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
