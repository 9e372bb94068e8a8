//! What people have under way, kept for whoever comes after a restart: claims, and where each is in their review.
//!
//! It stands in `.steward/working`, sealed as the ledger is, written whole and put in place by a rename. It is not
//! flushed: a killed server leaves it, and after a power cut people mark again what they had marked. No value of a
//! record is in it; what somebody typed as a filter may be one, so an erasure drops filters and drafts, and is not
//! begun before the disk has done so.

use std::io;
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::core::Desk;
use super::error::DeskError;
use super::keys::cipher_of;
use super::workspace::file_error;
use domain::TaskId;
use door::views::Place;
use door::{Session, SessionId};
use ledger::ports::Randomness;
use ledger::ports::cipher::{FileKind, SealedPlace};
use ledger::ports::files::Access;

/// Its name in `.steward`.
pub(super) const NAME: &str = "working";
/// Its name while it is being written.
pub(super) const UNFINISHED: &str = "working.new";

const MAGIC: &[u8; 8] = b"stwwork\x01";
const FORMAT: u16 = 1;
/// Bytes of the file at most.
const LONGEST: u64 = 4 << 20;
/// Cursors that move are written so often at most, whoever's they are: nobody presses keys faster by hand, and many
/// who do at once are not to write a file each. The last one waits for whoever says something next.
const MOVES_EVERY: SignedDuration = SignedDuration::from_millis(50);
/// How long it is kept where somebody was.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Places kept at most.
const PLACES: usize = 512;
/// Bytes of a filter, and columns of a draft, that are kept at most.
const LONGEST_PART: usize = 4096;

/// Where people are.
#[derive(Default)]
pub(super) struct Working {
    places: Vec<Placed>,
    /// What the file holds.
    written: Option<blake3::Hash>,
    /// When somebody's place was written last, and whether a cursor moved since.
    written_at: Option<Timestamp>,
    moved: bool,
    /// What nonces are made from.
    chance: Option<Chance>,
}

/// Chance that was drawn once: how often people move about is not to be told by what is drawn for the ledger.
struct Chance {
    seed: [u8; 32],
    drawn: u64,
}

/// What one sealing draws of it.
struct Draw(blake3::Hasher);

impl Randomness for Draw {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.finalize_xof().fill(bytes);
    }
}

impl Chance {
    fn draw(&mut self) -> Draw {
        self.drawn += 1;
        let mut hasher = blake3::Hasher::new_keyed(&self.seed);
        hasher.update(&self.drawn.to_le_bytes());
        Draw(hasher)
    }
}

struct Placed {
    /// Whose review it is; none where that has ended without its person leaving.
    session: Option<SessionId>,
    person: String,
    at: Timestamp,
    place: Place,
}

/// What stands in the file.
#[derive(Default, Serialize, Deserialize)]
struct Written {
    claims: Vec<(TaskId, String, Timestamp)>,
    places: Vec<(String, Timestamp, Place)>,
}

impl Working {
    /// A session is there now, or nowhere that is to be kept; whether only its cursor moved.
    fn keep(&mut self, who: &Session, place: Option<Place>, now: Timestamp) -> bool {
        let is_here = |it: &&Placed| it.session == Some(who.id);
        let before = self.places.iter().find(is_here).map(|it| it.place.clone());
        let cursor = place.as_ref().and_then(|it| it.cursor);
        let moved = before.map(|before| Place { cursor, ..before }) == place;
        self.places.retain(|it| it.session != Some(who.id));
        let fits = |place: &Place| {
            place.filter.as_ref().is_none_or(|filter| filter.len() <= LONGEST_PART)
                && place.draft.as_ref().is_none_or(|draft| draft.marks.len() <= LONGEST_PART)
        };
        if let Some(place) = place.filter(fits) {
            let (session, person) = (Some(who.id), who.person.clone());
            self.places.push(Placed { session, person, at: now, place });
        }
        self.prune(now);
        moved
    }

    /// A session has ended: where it was is its person's to come back to.
    fn end(&mut self, session: SessionId) {
        for placed in &mut self.places {
            placed.session.take_if(|it| *it == session);
        }
    }

    /// Where that person was when they were cut off last; it is this session's from now on.
    fn take_up(&mut self, who: &Session, now: Timestamp) -> Option<Place> {
        self.prune(now);
        let left = |it: &&mut Placed| it.person == who.person && it.session.is_none();
        let placed = self.places.iter_mut().filter(left).max_by_key(|it| it.at)?;
        placed.session = Some(who.id);
        Some(placed.place.clone())
    }

    /// Drops whatever people have typed or begun.
    fn forget_begun(&mut self) {
        for placed in &mut self.places {
            (placed.place.filter, placed.place.draft) = (None, None);
        }
    }

    /// Everything that is kept.
    #[cfg(test)]
    pub(super) fn all(&self) -> Vec<(Option<SessionId>, String, Timestamp, Place)> {
        let each = |it: &Placed| (it.session, it.person.clone(), it.at, it.place.clone());
        self.places.iter().map(each).collect()
    }

    fn prune(&mut self, now: Timestamp) {
        self.places.retain(|it| now.duration_since(it.at) < KEPT);
        let over = self.places.len().saturating_sub(PLACES);
        self.places.drain(..over);
    }
}

impl Desk {
    /// Keeps where whoever the desk is working for is in their review; `None` means they left it. What they typed
    /// or marked before they heard that somebody was erased is not kept: it may tell of them.
    pub(super) fn keep_place(&mut self, mut place: Option<Place>, known_erased: u64) {
        let now = self.now();
        if let Some(place) = place.as_mut().filter(|_| self.news.has_erased_since(known_erased)) {
            (place.filter, place.draft) = (None, None);
        }
        let moved = self.working.keep(&self.acting, place, now);
        let is_new = |at: Timestamp| {
            let ago = now.duration_since(at);
            !ago.is_negative() && ago < MOVES_EVERY
        };
        if moved && self.working.written_at.is_some_and(is_new) {
            self.working.moved = true;
        } else {
            self.working.written_at = Some(now);
            self.keep_work();
        }
    }

    /// Writes where cursors are by now, if any has moved.
    pub(super) fn keep_moves(&mut self) {
        if std::mem::take(&mut self.working.moved) {
            self.keep_work();
        }
    }

    /// Where whoever the desk is working for was when they were cut off.
    pub(super) fn take_up(&mut self) -> Option<Place> {
        let now = self.now();
        self.working.take_up(&self.acting, now)
    }

    /// The session that the desk is working for ends.
    pub(super) fn end_work(&mut self) {
        self.working.end(self.acting.id);
        self.keep_work();
    }

    /// Somebody is being erased: what people typed to find them goes, and what they were about to decide. No power
    /// cut brings it back.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn forget_begun_work(&mut self) -> Result<(), DeskError> {
        self.working.forget_begun();
        let path = self.workspace.hidden().join(NAME);
        self.try_keep_work()
            .and_then(|()| self.flush_work(&path))
            .map_err(|error| file_error("writing", &path, error))
    }

    fn flush_work(&self, path: &Path) -> io::Result<()> {
        let files = &self.environment.files;
        match files.open(path, Access::Write) {
            Ok(file) => file.sync()?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        files.sync_folder(&self.workspace.hidden())
    }

    /// Writes it again, under new keys.
    pub(super) fn keep_work_anew(&mut self) {
        self.working.written = Some(blake3::hash(&[]));
        self.keep_work();
    }

    /// Writes what is under way, where that has changed. What cannot be kept is no reason to stop working.
    pub(super) fn keep_work(&mut self) {
        if self.is_reading_only() {
            return;
        }
        if let Err(error) = self.try_keep_work() {
            tracing::warn!(%error, "what people have under way could not be kept for a restart");
        }
    }

    fn try_keep_work(&mut self) -> io::Result<()> {
        let written = Written {
            claims: self.claims.all(self.now()),
            places: self
                .working
                .places
                .iter()
                .map(|it| (it.person.clone(), it.at, it.place.clone()))
                .collect(),
        };
        self.write_work(&written)
    }

    fn write_work(&mut self, written: &Written) -> io::Result<()> {
        let bytes = serde_json::to_vec(written)?;
        let hash = blake3::hash(&bytes);
        let is_nothing = written.claims.is_empty() && written.places.is_empty();
        if self.working.written == Some(hash) || (is_nothing && self.working.written.is_none()) {
            return Ok(());
        }
        let (files, folder) = (Arc::clone(&self.environment.files), self.workspace.hidden());
        let (path, unfinished) = (folder.join(NAME), folder.join(UNFINISHED));
        // Whatever comes of it, the next change is written.
        (self.working.written, self.working.moved) = (None, false);
        gone(files.remove(&unfinished))?;
        if is_nothing {
            return gone(files.remove(&path));
        }
        let file = files.open(&unfinished, Access::CreateNew)?;
        file.write_at(&self.sealed(&bytes)?, 0)?;
        drop(file);
        files.rename(&unfinished, &path)?;
        self.working.written = Some(hash);
        Ok(())
    }

    /// Magic, key, and the bytes as that key seals them; key 0 means that nothing is encrypted here.
    fn sealed(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let cipher = cipher_of(self.keyring.as_ref());
        let key = cipher.current_key().unwrap_or(0);
        let mut sealed = [&MAGIC[..], &key.to_le_bytes()].concat();
        if key == 0 {
            sealed.extend_from_slice(bytes);
        } else {
            let randomness = &*self.environment.randomness;
            let chance = self.working.chance.get_or_insert_with(|| {
                let mut seed = [0; 32];
                randomness.fill(&mut seed);
                Chance { seed, drawn: 0 }
            });
            let done = cipher.seal(key, &PLACE, &chance.draw(), bytes, &mut sealed);
            done.map_err(io::Error::other)?;
        }
        Ok(sealed)
    }

    /// Takes up what was under way when the workspace was open last. A file that says nothing is none.
    pub(super) fn read_work(&mut self) {
        let Some(written) = self.written_work() else { return };
        let now = self.now();
        self.claims.take_up(written.claims, now);
        let places = written.places.into_iter();
        self.working.places =
            places.map(|(person, at, place)| Placed { session: None, person, at, place }).collect();
        self.working.prune(now);
        // The file is there: it goes once there is nothing to keep any more.
        self.working.written = Some(blake3::hash(&[]));
    }

    fn written_work(&self) -> Option<Written> {
        let path = self.workspace.hidden().join(NAME);
        let file = self.environment.files.open(&path, Access::Read).ok()?;
        let length = file.length().ok().filter(|length| *length <= LONGEST)?;
        let mut bytes = vec![0; usize::try_from(length).ok()?];
        (file.read_at(&mut bytes, 0).ok()? == bytes.len()).then_some(())?;
        let (key, sealed) = bytes.strip_prefix(MAGIC)?.split_first_chunk()?;
        let (key, cipher) = (u32::from_le_bytes(*key), cipher_of(self.keyring.as_ref()));
        let opened = match (key, cipher.current_key()) {
            (0, None) => sealed.to_vec(),
            (0, Some(_)) => return None,
            (key, _) => cipher.open(key, &PLACE, sealed).ok()?,
        };
        serde_json::from_slice(&opened).ok()
    }
}

const PLACE: SealedPlace =
    SealedPlace { kind: FileKind::Working, format: FORMAT, segment: 0, sequence: 0 };

/// That a file was not there is as good as removing it.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    fn session(person: &str, number: u64) -> Session {
        Session { id: SessionId(number), ..Session::local(person, TimeZone::UTC) }
    }

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(minutes * 60).unwrap()
    }

    fn place(task: u32) -> Option<Place> {
        Some(Place { open: Some(TaskId(task)), ..Place::default() })
    }

    #[test]
    fn who_was_cut_off_comes_back_to_where_they_were_and_nobody_else_does() {
        let (here, there, again, sam) =
            (session("kim", 1), session("kim", 2), session("kim", 3), session("sam", 4));
        let mut working = Working::default();
        working.keep(&here, place(1), at(0));
        working.keep(&there, place(2), at(1));
        assert_eq!(working.take_up(&again, at(2)), None, "both are still there");
        working.end(there.id);
        working.end(here.id);
        assert_eq!(working.take_up(&sam, at(2)), None);
        assert_eq!(working.take_up(&again, at(2)), place(2), "the last one");
        assert_eq!(working.take_up(&session("kim", 5), at(3)), place(1), "then the other one");
        // Who leaves starts afresh, and nothing is kept for longer than a day.
        working.keep(&again, None, at(4));
        working.end(again.id);
        working.end(SessionId(5));
        assert_eq!(working.take_up(&session("kim", 6), at(24 * 60)), None, "a day is over");
    }

    #[test]
    fn what_was_typed_or_begun_is_dropped_and_the_place_is_not() {
        let mut working = Working::default();
        let who = session("kim", 1);
        let filter = Some("subject ~ Quill".to_owned());
        working.keep(&who, Some(Place { filter, ..place(1).unwrap() }), at(0));
        working.forget_begun();
        working.end(who.id);
        assert_eq!(working.take_up(&who, at(1)), place(1));
        let filter = Some("x".repeat(LONGEST_PART + 1));
        working.keep(&who, Some(Place { filter, ..Place::default() }), at(2));
        assert!(working.places.is_empty(), "nobody fills the disk with it");
    }
}
