//! Which records held which handles, and from which commit to which.

use std::collections::BTreeMap;

use rayon::prelude::*;

use domain::{Fingerprint, RecordId, Sequence};

/// A revision of a record, and a handle that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    handle: u64,
    record: u32,
    since: u32,
}

/// All handles of all records, as of a commit.
#[derive(Debug, Clone, Default)]
pub struct Handles {
    head: Option<Sequence>,
    /// Sorted, once it is settled.
    held: Vec<Held>,
    /// Places in it, by record.
    by_record: Vec<u32>,
    /// Every revision of every record, sorted.
    revisions: Vec<(u32, u32)>,
    /// Of the records that people gave handles by correcting them, what each held since when, in order: instead of what
    /// was delivered.
    corrected: BTreeMap<u32, Vec<(u32, Vec<u64>)>>,
    is_unsettled: bool,
}

/// Commits are counted in 32 bits here: the last of them stands for those beyond.
fn short(sequence: Sequence) -> u32 {
    u32::try_from(sequence.0).unwrap_or(u32::MAX)
}

impl Handles {
    /// The commit up to which it goes.
    #[must_use]
    pub fn head(&self) -> Option<Sequence> {
        self.head
    }

    /// It holds all that there is up to a commit.
    pub fn goes_to(&mut self, head: Sequence) {
        self.head = self.head.max(Some(head));
    }

    /// A record was revised by a commit, and holds these handles since then.
    pub fn revised(
        &mut self,
        at: Sequence,
        record: RecordId,
        handles: impl IntoIterator<Item = Fingerprint>,
    ) {
        let since = short(at);
        self.revisions.push((record.0, since));
        let own = handles.into_iter();
        self.held.extend(own.map(|it| Held { handle: it.0, record: record.0, since }));
        self.is_unsettled = true;
    }

    /// What a record held up to a commit is what it holds: what came since is held back, as if it had never come.
    pub fn back_to(&mut self, record: RecordId, commit: Sequence) {
        let until = short(commit);
        self.held.retain(|held| held.record != record.0 || held.since <= until);
        self.revisions.retain(|(of, since)| *of != record.0 || *since <= until);
        self.is_unsettled = true;
    }

    /// Sorts what came; before anything is asked.
    pub fn settle(&mut self) {
        if std::mem::take(&mut self.is_unsettled) {
            self.held.par_sort_unstable();
            self.held.dedup();
            self.by_record = (0..self.held.len() as u32).collect();
            let held = &self.held;
            self.by_record.par_sort_by_key(|place| held[*place as usize].record);
            self.revisions.par_sort_unstable();
            self.revisions.dedup();
        }
    }

    /// What a record held since when, in order, with what people corrected; none: nothing but what was delivered.
    pub fn correct(&mut self, record: RecordId, spans: Vec<(Sequence, Vec<Fingerprint>)>) {
        let of = |(at, handles): (Sequence, Vec<Fingerprint>)| {
            (short(at), handles.into_iter().map(|handle| handle.0).collect())
        };
        match spans.is_empty() {
            true => self.corrected.remove(&record.0),
            false => self.corrected.insert(record.0, spans.into_iter().map(of).collect()),
        };
    }

    /// Whether people gave a record handles.
    #[must_use]
    pub fn is_corrected(&self, record: RecordId) -> bool {
        self.corrected.contains_key(&record.0)
    }

    fn of(&self, handle: Fingerprint) -> &[Held] {
        let from = self.held.partition_point(|it| it.handle < handle.0);
        let count = self.held[from..].partition_point(|it| it.handle == handle.0);
        &self.held[from..from + count]
    }

    /// The handles that a record ever held.
    #[must_use]
    pub fn ever_held(&self, record: RecordId) -> Vec<Fingerprint> {
        let of = |place: &u32| self.held[*place as usize].record;
        let from = self.by_record.partition_point(|place| of(place) < record.0);
        let own = self.by_record[from..].iter().take_while(|place| of(place) == record.0);
        let mut handles: Vec<Fingerprint> =
            own.map(|place| Fingerprint(self.held[*place as usize].handle)).collect();
        let corrected = self.corrected.get(&record.0).into_iter().flatten();
        handles.extend(corrected.flat_map(|(_, own)| own).map(|handle| Fingerprint(*handle)));
        handles.sort_unstable();
        handles.dedup();
        handles
    }

    /// Who held a handle when.
    #[must_use]
    pub fn spans(&self, handle: Fingerprint) -> Vec<Span> {
        let span = |held: &Held| Span {
            record: RecordId(held.record),
            since: held.since,
            until: self.revised_after(held).unwrap_or(u32::MAX),
        };
        let delivered = self.of(handle).iter();
        let delivered = delivered.filter(|held| !self.corrected.contains_key(&held.record));
        delivered.map(span).chain(self.corrected_spans(handle)).collect()
    }

    fn corrected_spans(&self, handle: Fingerprint) -> Vec<Span> {
        let mut spans = Vec::new();
        for (record, own) in &self.corrected {
            for (place, (since, handles)) in own.iter().enumerate() {
                if handles.contains(&handle.0) {
                    let until = own.get(place + 1).map_or(u32::MAX, |(next, _)| *next);
                    spans.push(Span { record: RecordId(*record), since: *since, until });
                }
            }
        }
        spans
    }

    /// The next revision of the record.
    fn revised_after(&self, held: &Held) -> Option<u32> {
        let next = self.revisions.partition_point(|it| *it <= (held.record, held.since));
        self.revisions.get(next).filter(|(record, _)| *record == held.record).map(|(_, at)| *at)
    }
}

/// From the commit that brought a revision of a record to the one that brought the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The record.
    pub record: RecordId,
    since: u32,
    until: u32,
}

impl Span {
    /// The commit it begins with.
    pub(crate) fn since(&self) -> Sequence {
        Sequence(u64::from(self.since))
    }
}

/// Those of the spans that a commit lies in; where it lies in none, those that begin first of all that come later.
pub(crate) fn holding<T>(spans: &[(Span, T)], at: Sequence) -> impl Iterator<Item = &(Span, T)> {
    let at = short(at);
    let holds = move |span: &Span| span.since <= at && at < span.until;
    let is_held = spans.iter().any(|(span, _)| holds(span));
    let later = spans.iter().map(|(span, _)| span.since).filter(|since| *since > at).min();
    spans.iter().filter(move |(span, _)| match is_held {
        true => holds(span),
        false => Some(span.since) == later,
    })
}

const TOGETHER: usize = 32_768;

impl Handles {
    /// To be raised when pieces look otherwise.
    pub const RECIPE: u32 = 2;

    /// How many pieces there are.
    #[must_use]
    pub fn pieces(&self) -> usize {
        let delivered =
            self.held.len().div_ceil(TOGETHER) + self.revisions.len().div_ceil(TOGETHER);
        1 + delivered + self.corrected.len()
    }

    /// Hands what there is on, piece by piece.
    ///
    /// # Errors
    /// What `put` says.
    pub fn write<E>(&self, mut put: impl FnMut(Vec<u8>) -> Result<(), E>) -> Result<(), E> {
        let head = self.head.map_or(0, |head| head.0 + 1);
        put([&[0][..], &head.to_le_bytes()].concat())?;
        for some in self.held.chunks(TOGETHER) {
            let mut piece = vec![1];
            for held in some {
                piece.extend_from_slice(&held.handle.to_le_bytes());
                piece.extend_from_slice(&held.record.to_le_bytes());
                piece.extend_from_slice(&held.since.to_le_bytes());
            }
            put(piece)?;
        }
        for some in self.revisions.chunks(TOGETHER) {
            let mut piece = vec![2];
            for (record, at) in some {
                piece.extend_from_slice(&record.to_le_bytes());
                piece.extend_from_slice(&at.to_le_bytes());
            }
            put(piece)?;
        }
        for (record, spans) in &self.corrected {
            let mut piece = vec![3];
            piece.extend_from_slice(&record.to_le_bytes());
            for (since, handles) in spans {
                piece.extend_from_slice(&since.to_le_bytes());
                piece.extend_from_slice(&(handles.len() as u32).to_le_bytes());
                handles.iter().for_each(|handle| piece.extend_from_slice(&handle.to_le_bytes()));
            }
            put(piece)?;
        }
        Ok(())
    }

    /// Takes a piece in; none where it makes no sense.
    pub fn take(&mut self, piece: &[u8]) -> Option<()> {
        let (tag, bytes) = piece.split_first()?;
        self.is_unsettled = true;
        let word = |bytes: &[u8], at: usize| {
            bytes[at..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
        };
        match tag {
            0 => {
                let head = u64::from_le_bytes(bytes.try_into().ok()?);
                self.head = head.checked_sub(1).map(Sequence);
            }
            1 if bytes.len() % 16 == 0 => {
                self.held.extend(bytes.chunks_exact(16).map(|it| Held {
                    handle: u64::from(word(it, 0)) | u64::from(word(it, 4)) << 32,
                    record: word(it, 8),
                    since: word(it, 12),
                }));
            }
            2 if bytes.len() % 8 == 0 => {
                self.revisions.extend(bytes.chunks_exact(8).map(|it| (word(it, 0), word(it, 4))));
            }
            3 => {
                let (record, mut rest) = bytes.split_first_chunk()?;
                let mut spans = Vec::new();
                while !rest.is_empty() {
                    let (since, after) = rest.split_first_chunk()?;
                    let (count, after) = after.split_first_chunk()?;
                    let length = (u32::from_le_bytes(*count) as usize).checked_mul(8)?;
                    let (own, after) = after.split_at_checked(length)?;
                    let handle = |it: &[u8]| u64::from(word(it, 0)) | u64::from(word(it, 4)) << 32;
                    let own = own.chunks_exact(8).map(handle).collect();
                    spans.push((u32::from_le_bytes(*since), own));
                    rest = after;
                }
                self.corrected.insert(u32::from_le_bytes(*record), spans);
            }
            _ => return None,
        }
        Some(())
    }
}
