//! Goes through every segment, recognises every frame and judges what is damage, what is a torn
//! tail and what is sound. Opening and verifying differ only in how many bodies they look into.
//!
//! It never stops at damage: it goes on at the next sound header.

use std::io;
use std::path::Path;

use crate::ports::Cipher;
use crate::ports::files::{Access, Files};
use domain::Sequence;

use super::body::Body;
use super::damage::{CutTail, Damage, DamageKind};
use super::error::LedgerError;
use super::frame::{FrameHeader, HEADER_LENGTH, Logical, NoHeader, StewardVersion};
use super::seal::Seal;
use super::segment::{self, SEGMENT_HEADER_LENGTH, SegmentHeader};
use super::window::Window;
use super::{chain, tail, upcast};

/// Which bodies are looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bodies {
    /// Only those of the ledger's last group: all others were synced before it was begun.
    Last,
    /// Every one, with its chain hash.
    All,
}

/// A sound frame.
pub(super) struct Found<'w> {
    pub(super) segment: u32,
    pub(super) offset: u64,
    pub(super) header: &'w FrameHeader,
    /// Where it was looked into.
    pub(super) body: Option<&'w Body>,
    /// It comes after all that were found before. One that does not is damage that was told: a
    /// commit in a wrong place, or behind one that is.
    pub(super) in_order: bool,
}

/// What a walk comes to.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Number and length of each segment, the torn tail not counted.
    pub(super) segments: Vec<(u32, u64)>,
    /// Of the first readable segment header.
    pub(super) workspace: Option<[u8; 16]>,
    /// The last sound frame.
    pub(super) last: Option<FrameHeader>,
    /// What the next frame must continue: its number and the chain's hash before it.
    pub(super) next: Option<(Sequence, [u8; 32])>,
    pub(super) damage: Vec<Damage>,
    pub(super) tail: Option<CutTail>,
    /// Something this version does not understand, and the one that wrote it.
    pub(super) newer: Option<(String, StewardVersion)>,
}

/// Walks through all segments of a workspace's folder.
///
/// # Errors
/// When there is no segment, or one cannot be opened.
pub(super) fn walk(
    files: &dyn Files,
    folder: &Path,
    cipher: &dyn Cipher,
    bodies: Bodies,
    visit: &mut dyn FnMut(Found<'_>, &mut Vec<Damage>),
) -> Result<Walked, LedgerError> {
    let numbers = segment::numbers(files, folder)?;
    let Some(last) = numbers.last().copied() else {
        return Err(LedgerError::NotFound { folder: folder.to_owned() });
    };
    let out = Walked::default();
    let mut walk = Walk { cipher, bodies, visit, out, segment: 0, suspect: u64::MAX, before: None };
    let mut expected = 1;
    for number in numbers {
        if expected < number {
            walk.segment = expected;
            walk.damage(0, DamageKind::SegmentsMissing { until: number - 1 });
            walk.out.next = None;
        }
        expected = number + 1;
        walk.segment = number;
        walk.segment(files, folder, number == last)?;
    }
    Ok(walk.out)
}

struct Walk<'v> {
    cipher: &'v dyn Cipher,
    bodies: Bodies,
    visit: &'v mut dyn FnMut(Found<'_>, &mut Vec<Damage>),
    out: Walked,
    segment: u32,
    /// From here on frames of this segment may have been written without a sync in between.
    suspect: u64,
    /// The frame before the one at hand, in the same segment.
    before: Option<Before>,
}

struct Before {
    offset: u64,
    header: FrameHeader,
    body: BodyState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum BodyState {
    Unseen,
    Sound,
    Bad,
}

impl Walk<'_> {
    fn damage(&mut self, offset: u64, what: DamageKind) {
        self.out.damage.push(Damage { segment: self.segment, offset, what });
    }

    fn seal(&self) -> Seal<'_> {
        Seal { cipher: self.cipher, segment: self.segment }
    }

    fn last_sequence(&self) -> Sequence {
        self.out.last.as_ref().map_or(Sequence::ZERO, |last| last.logical.sequence)
    }

    fn segment(
        &mut self,
        files: &dyn Files,
        folder: &Path,
        is_last: bool,
    ) -> Result<(), LedgerError> {
        let path = segment::path(folder, self.segment);
        let failed = |error| LedgerError::io("read", &path, error);
        let file = files.open(&path, Access::Read).map_err(failed)?;
        let length = file.length().map_err(failed)?;
        let mut window = Window::new(file, length);
        self.before = None;
        let mut offset = 0;
        let mut next = self.segment_header(&mut window);
        let is_read = is_last && matches!(next, Ok(Some(_)));
        let whole = if is_read { self.ending(&mut window) } else { length };
        loop {
            match next {
                Ok(Some(next)) if next >= whole => break,
                Ok(Some(next)) => offset = next,
                Ok(None) => break,
                Err(error) => {
                    self.damage(offset, DamageKind::Disk(error.kind().to_string()));
                    self.out.next = None;
                    break;
                }
            }
            next = self.step(&mut window, offset);
        }
        if whole < length {
            let bytes = length - whole;
            self.out.tail = Some(CutTail { segment: self.segment, offset: whole, bytes });
        }
        self.out.segments.push((self.segment, whole));
        Ok(())
    }

    /// Where what is whole of the last segment ends; what is behind is not looked at any more.
    fn ending(&mut self, window: &mut Window) -> u64 {
        let next = self.out.next.map_or(self.last_sequence().next(), |(sequence, _)| sequence);
        match tail::ending(window, next) {
            Ok(ending) => {
                self.suspect = ending.group;
                window.cut(ending.whole);
            }
            // The walk comes to the same place of the disk, and says so.
            Err(_) => self.suspect = 0,
        }
        window.limit()
    }

    fn segment_header(&mut self, window: &mut Window) -> io::Result<Option<u64>> {
        let frames = SEGMENT_HEADER_LENGTH as u64;
        match SegmentHeader::decode(window.get(0, SEGMENT_HEADER_LENGTH)?) {
            Err(NoHeader::Damaged) => self.damage(0, DamageKind::SegmentHeader),
            Err(NoHeader::Newer(version)) => {
                self.newer(format!("segment {}", self.segment), version);
                return Ok(None);
            }
            Ok(header) => {
                let workspace = *self.out.workspace.get_or_insert(header.workspace);
                if self.segment == 1 {
                    self.out.next = Some((Sequence(1), chain::origin(&workspace)));
                }
                let start = (header.first, header.previous);
                let continues = self.out.next.is_none_or(|next| next == start);
                if !continues || header.workspace != workspace || header.number != self.segment {
                    self.damage(0, DamageKind::SegmentMisplaced);
                    self.out.next = None;
                } else {
                    self.out.next = Some(start);
                }
            }
        }
        Ok(Some(frames))
    }

    /// Judges what stands at `offset`; gives the offset to go on at, none at the segment's end.
    fn step(&mut self, window: &mut Window, offset: u64) -> io::Result<Option<u64>> {
        let length = window.limit();
        match FrameHeader::decode(window.get(offset, HEADER_LENGTH)?) {
            Ok(header) if offset + header.frame_length() <= length => {
                return self.whole_frame(window, offset, &header);
            }
            Err(NoHeader::Newer(version)) => {
                self.newer(format!("a commit of segment {}", self.segment), version);
                return Ok(None);
            }
            Ok(_) | Err(NoHeader::Damaged) => {}
        }
        // Where bytes went missing inside the frame before, the next one begins inside its length.
        let from = self.unsound_before(window)?.unwrap_or(offset);
        let next = window.find_header(from + 1)?;
        if next.is_none_or(|next| next > offset) {
            self.damage(offset, DamageKind::Unreadable { until: next.unwrap_or(length) });
            self.out.next = None;
        }
        self.before = None;
        Ok(next)
    }

    /// Where the frame before begins, if its body turns out not to be what its header says.
    fn unsound_before(&mut self, window: &mut Window) -> io::Result<Option<u64>> {
        let Some(before) = self.before.take() else { return Ok(None) };
        let mut state = before.body;
        if state == BodyState::Unseen {
            let length = before.header.physical.stored_length as usize;
            let stored = window.get(before.offset + HEADER_LENGTH as u64, length)?;
            if let Err(what) = self.check_body(&before.header, stored) {
                self.damage(before.offset, what);
                state = BodyState::Bad;
            }
        }
        Ok((state == BodyState::Bad).then_some(before.offset))
    }

    fn whole_frame(
        &mut self,
        window: &mut Window,
        offset: u64,
        header: &FrameHeader,
    ) -> io::Result<Option<u64>> {
        let end = offset + header.frame_length();
        let mut body = None;
        let mut state = BodyState::Unseen;
        // Of two copies of a commit the sound one is wanted.
        let is_late = header.logical.sequence <= self.last_sequence();
        if self.bodies == Bodies::All || offset >= self.suspect || is_late {
            let stored = header.physical.stored_length as usize;
            let stored = window.get(offset + HEADER_LENGTH as u64, stored)?;
            match self.check_body(header, stored) {
                Ok(sound) => {
                    body = sound;
                    state = BodyState::Sound;
                }
                Err(what) => {
                    self.damage(offset, what);
                    state = BodyState::Bad;
                }
            }
        } else if self.seal().refuses(header) {
            self.damage(offset, DamageKind::InTheClear(header.logical.sequence));
        }
        if !self.continues_group(header) {
            self.damage(offset, DamageKind::Malformed(header.logical.sequence));
        }
        self.before = Some(Before { offset, header: header.clone(), body: state });
        let in_order = self.check_order(offset, header);
        if in_order {
            if header.logical.vocabulary > upcast::known_vocabulary() {
                let what = format!("commit {}", header.logical.sequence);
                self.newer(what, header.logical.steward);
            }
            self.out.next = Some((header.logical.sequence.next(), header.chain));
            self.out.last = Some(header.clone());
        }
        let (segment, body) = (self.segment, body.as_ref());
        (self.visit)(Found { segment, offset, header, body, in_order }, &mut self.out.damage);
        Ok(Some(end))
    }

    fn check_body(
        &mut self,
        header: &FrameHeader,
        stored: &[u8],
    ) -> Result<Option<Body>, DamageKind> {
        let sequence = header.logical.sequence;
        match Body::unpack(header, stored, self.seal()) {
            Ok(body) if chain::link(&header.logical, &body.root()) == header.chain => {
                Ok(Some(body))
            }
            Ok(_) => Err(DamageKind::Altered(sequence)),
            Err(error) => match error.damage(sequence) {
                Some(what) => Err(what),
                None => {
                    self.newer(format!("commit {sequence}"), header.logical.steward);
                    Ok(None)
                }
            },
        }
    }

    /// Whether the frame goes on where the last sound one ended, or at least further on.
    fn check_order(&mut self, offset: u64, header: &FrameHeader) -> bool {
        let found = header.logical.sequence;
        let last = self.last_sequence();
        let expected = self.out.next.map_or(last.next(), |(sequence, _)| sequence);
        match self.out.next {
            Some((sequence, previous)) if sequence == found => {
                if previous != header.logical.previous {
                    self.damage(offset, DamageKind::ChainBroken(found));
                }
            }
            None if found > last => {}
            _ => self.damage(offset, DamageKind::OutOfOrder { found, expected }),
        }
        if self.out.last.as_ref().is_some_and(|last| {
            found > last.logical.sequence && header.logical.at < last.logical.at
        }) {
            self.damage(offset, DamageKind::TimeDecreases(found));
        }
        found > last
    }

    /// Whether a frame that names a group stands behind the one before it there, in one segment.
    fn continues_group(&self, header: &FrameHeader) -> bool {
        let Logical { place, sequence, .. } = header.logical;
        let is_next = self.out.next.is_some_and(|(next, _)| next == sequence);
        let before = self.before.as_ref().map(|before| before.header.logical.place);
        place == 0 || !is_next || before.is_some_and(|before| before.checked_add(1) == Some(place))
    }

    fn newer(&mut self, what: String, version: StewardVersion) {
        self.out.newer.get_or_insert((what, version));
    }
}
