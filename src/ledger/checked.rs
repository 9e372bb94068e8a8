//! Which bodies were read and found to be what their chain says, so that nothing is ever appended
//! behind a segment that nobody checked.
//!
//! Opening looks into headers only. Before a process's first append every segment is covered: by a
//! mark that somebody kept, or by reading it now. The last one, which is written, needs a fresh mark;
//! older ones are renewed by long work. A mark counts only for the very file it was made of: its
//! generation, its time of change, the commit it ends with and that one's chain hash.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::ports::Cipher;
use domain::Sequence;

use super::append::Ledger;
use super::body::Body;
use super::chain;
use super::damage::{Damage, DamageKind};
use super::error::LedgerError;
use super::frame::{FrameHeader, HEADER_LENGTH};
use super::reader::Shared;
use super::seal::Seal;
use super::segment::{self, SEGMENT_HEADER_LENGTH, SegmentHeader};
use super::window::Window;

/// For so many days a mark is fresh.
pub const FRESH_DAYS: i32 = 30;
/// Bytes of frames judged at a time, on all cores.
const TOGETHER: usize = 8 * 1024 * 1024;

/// What of a segment was read and found to be what its chain says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The segment's number.
    pub segment: u32,
    /// How often it had been rewritten.
    pub generation: u32,
    /// How far it was read, in bytes from the file's beginning.
    pub length: u64,
    /// The last commit in it up to there.
    pub sequence: Sequence,
    /// The chain's hash after that commit.
    pub chain: [u8; 32],
    /// When the file was last changed; see [`crate::ports::files::OpenFile::changed`].
    pub changed: i64,
    /// The day it was read on, counted from 1970-01-01; of several parts the first.
    pub day: i32,
}

/// The day of a time.
#[must_use]
pub fn day_of(at: Timestamp) -> i32 {
    i32::try_from(at.as_second().div_euclid(86_400)).unwrap_or_default()
}

/// What a process knows of the bodies of the ledger that it writes.
#[derive(Debug, Default)]
pub(super) struct Checked {
    marks: BTreeMap<u32, Mark>,
    /// The day all was looked at; none before the first append.
    on: Option<i32>,
    /// The first segment this process appended to: it knows that nobody else changed it since.
    written_from: Option<u32>,
}

/// One segment that is to be covered.
struct Wanted {
    segment: u32,
    generation: u32,
    changed: i64,
    from: u64,
    to: u64,
    /// Of the part that is covered already.
    day: Option<i32>,
}

impl Ledger {
    /// Takes over marks that were kept since another process checked. Whether they count is seen when
    /// they are needed.
    pub fn believe(&mut self, marks: impl IntoIterator<Item = Mark>) {
        self.checked.marks.extend(marks.into_iter().map(|mark| (mark.segment, mark)));
    }

    /// Reads every body that no mark covers which is as young as `since`.
    ///
    /// # Errors
    /// `Damaged`, with all damage that was found; or when a segment cannot be read.
    pub fn check(&mut self, today: i32, since: i32) -> Result<(), LedgerError> {
        self.check_where(today, &|mark, _| mark.day >= since && mark.day <= today)
    }

    /// To be called before anything is appended: what nobody checked is checked, once a process and
    /// again when that is too long ago.
    pub(super) fn check_before_append(&mut self, at: Timestamp) -> Result<(), LedgerError> {
        let today = day_of(at);
        let is_fresh = |day: i32| (today - day).abs() <= FRESH_DAYS;
        match self.checked.on {
            Some(on) if is_fresh(on) => {}
            None => self.check_where(today, &|mark, is_last| !is_last || is_fresh(mark.day))?,
            Some(_) => self.check_where(today, &|mark, _| is_fresh(mark.day))?,
        }
        self.checked.written_from.get_or_insert(self.last_segment());
        Ok(())
    }

    fn check_where(
        &mut self,
        today: i32,
        is_enough: &dyn Fn(&Mark, bool) -> bool,
    ) -> Result<(), LedgerError> {
        let mut damage = Vec::new();
        for wanted in self.wanted(is_enough)? {
            let cipher = self.shared().cipher();
            match check_bodies(self.shared(), &*cipher, &wanted, &mut damage)? {
                Some((sequence, chain)) if damage.is_empty() => {
                    let Wanted { segment, generation, changed, to, day, .. } = wanted;
                    let day = day.unwrap_or(today);
                    let mark =
                        Mark { segment, generation, length: to, sequence, chain, changed, day };
                    self.checked.marks.insert(segment, mark);
                }
                _ => {}
            }
        }
        if !damage.is_empty() {
            return Err(LedgerError::Damaged(damage));
        }
        self.checked.on = Some(today);
        Ok(())
    }

    /// What is to be read so that every segment is covered by marks that are enough.
    fn wanted(&self, is_enough: &dyn Fn(&Mark, bool) -> bool) -> Result<Vec<Wanted>, LedgerError> {
        let last = self.last_segment();
        let segments: Vec<(u32, u64)> =
            self.shared().index().segments().iter().map(|it| (it.number, it.length)).collect();
        let mut wanted = Vec::new();
        for (number, to) in segments {
            let (generation, changed) = about(self.shared(), number)?;
            let kept = self.checked.marks.get(&number).filter(|mark| {
                let is_ours = self.checked.written_from.is_some_and(|from| number >= from);
                mark.generation == generation
                    && (mark.changed == changed || is_ours)
                    && is_enough(mark, number == last)
                    && self.shared().frame_end(mark.sequence).is_ok_and(|(segment, end, chain)| {
                        (segment, end, chain) == (number, mark.length, mark.chain)
                    })
            });
            let from = kept.map_or(SEGMENT_HEADER_LENGTH as u64, |mark| mark.length);
            if from < to {
                let day = kept.map(|mark| mark.day);
                wanted.push(Wanted { segment: number, generation, changed, from, to, day });
            }
        }
        Ok(wanted)
    }

    /// The marks to be kept for the next process. Those of segments that this one wrote are of the
    /// files as they are now.
    ///
    /// # Errors
    /// When a segment cannot be looked at.
    pub fn marks(&self) -> Result<Vec<Mark>, LedgerError> {
        let mut marks: Vec<Mark> = self.checked.marks.values().copied().collect();
        if let Some(from) = self.checked.written_from {
            for mark in marks.iter_mut().filter(|mark| mark.segment >= from) {
                mark.changed = about(self.shared(), mark.segment)?.1;
            }
        }
        Ok(marks)
    }

    /// Whether this process appended anything, or began a segment.
    #[must_use]
    pub fn has_written(&self) -> bool {
        self.checked.written_from.is_some()
    }

    /// Bytes that no mark covers.
    #[must_use]
    pub fn unmarked(&self) -> u64 {
        let index = self.shared().index();
        let header = SEGMENT_HEADER_LENGTH as u64;
        let of = |number, length: u64| {
            let covered = self.checked.marks.get(&number).map_or(header, |mark| mark.length);
            length.saturating_sub(covered)
        };
        index.segments().iter().map(|segment| of(segment.number, segment.length)).sum()
    }

    /// A segment that was rewritten is another one.
    pub(super) fn forget_mark(&mut self, segment: u32) {
        self.checked.marks.remove(&segment);
    }
}

/// A segment's generation, and when it was last changed.
fn about(shared: &Shared, number: u32) -> Result<(u32, i64), LedgerError> {
    let failed = |error| LedgerError::io("read", &segment::path(&shared.folder, number), error);
    let file = shared.open_segment(number)?;
    let mut bytes = [0; SEGMENT_HEADER_LENGTH];
    file.read_at(&mut bytes, 0).map_err(failed)?;
    let header = SegmentHeader::decode(&bytes)
        .map_err(|_| LedgerError::damage(number, 0, DamageKind::SegmentHeader))?;
    Ok((header.generation, file.changed().map_err(failed)?))
}

/// Reads the bodies of a part of a segment; gives the last commit and its chain hash.
fn check_bodies(
    shared: &Shared,
    cipher: &dyn Cipher,
    wanted: &Wanted,
    damage: &mut Vec<Damage>,
) -> Result<Option<(Sequence, [u8; 32])>, LedgerError> {
    let Wanted { segment, to, .. } = *wanted;
    let failed = |error| LedgerError::io("read", &segment::path(&shared.folder, segment), error);
    let mut window = Window::new(shared.open_segment(segment)?, to);
    let (mut offset, mut last) = (wanted.from, None);
    while offset < to {
        let mut frames: Vec<(u64, FrameHeader, Vec<u8>)> = Vec::new();
        let mut gathered = 0;
        while offset < to && gathered < TOGETHER {
            let Ok(header) =
                FrameHeader::decode(window.get(offset, HEADER_LENGTH).map_err(failed)?)
            else {
                let what = DamageKind::Unreadable { until: to };
                damage.push(Damage { segment, offset, what });
                return Ok(None);
            };
            let length = header.physical.stored_length as usize;
            let stored = window.get(offset + HEADER_LENGTH as u64, length).map_err(failed)?;
            gathered += stored.len();
            last = Some((header.logical.sequence, header.chain));
            let next = offset + header.frame_length();
            frames.push((offset, header, stored.to_vec()));
            offset = next;
        }
        let seal = Seal { cipher, segment };
        let judge = |(offset, header, stored): &(u64, FrameHeader, Vec<u8>)| {
            let sequence = header.logical.sequence;
            let what = match Body::unpack(header, stored, seal) {
                Ok(body) if chain::link(&header.logical, &body.root()) == header.chain => None,
                Ok(_) => Some(DamageKind::Altered(sequence)),
                Err(error) => error.damage(sequence),
            };
            what.map(|what| Damage { segment, offset: *offset, what })
        };
        damage.par_extend(frames.par_iter().filter_map(judge));
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{at, events, folder, ledger_of, open};
    use super::super::segment::path;
    use super::*;
    use crate::ports::simulated_files::SimulatedFiles;

    /// A bit of the first body of a segment is another.
    fn flip(files: &SimulatedFiles, number: u32) {
        let path = path(folder(), number);
        let mut content = files.content(&path).unwrap();
        content[SEGMENT_HEADER_LENGTH + HEADER_LENGTH + 5] ^= 1;
        files.plant(&path, &content);
    }

    fn contents(files: &SimulatedFiles, segments: u32) -> Vec<Vec<u8>> {
        (1..=segments).map(|number| files.content(&path(folder(), number)).unwrap()).collect()
    }

    fn everything(ledger: &Ledger) -> Vec<(u32, u64)> {
        let wanted = ledger.wanted(&|_, _| true).unwrap();
        wanted.iter().map(|wanted| (wanted.segment, wanted.from)).collect()
    }

    #[test]
    fn nothing_is_appended_behind_a_body_that_is_not_what_was_written() {
        let (sound, ledger) = ledger_of(30);
        let segments = ledger.last_segment();
        drop(ledger);
        assert!(segments > 3);
        for number in 1..=segments {
            let files = sound.crash(0);
            flip(&files, number);
            let (mut ledger, _) = open(&files, None).unwrap();
            let before = contents(&files, segments);
            for _ in 0..2 {
                let refused = ledger.append(at(99), "kim", &events(1));
                let Err(LedgerError::Damaged(damage)) = refused else { panic!("appended") };
                let place = (damage[0].segment, damage[0].offset);
                assert_eq!(place, (number, SEGMENT_HEADER_LENGTH as u64));
                assert!(ledger.begin_segment().is_err(), "another segment is no way round");
            }
            assert_eq!(contents(&files, segments), before);
            assert!(files.content(&path(folder(), segments + 1)).is_none());
        }
    }

    #[test]
    fn a_mark_spares_reading_and_counts_for_the_very_file_only() {
        let (files, mut ledger) = ledger_of(30);
        let today = day_of(at(0));
        ledger.check(today, today).unwrap();
        let marks = ledger.marks().unwrap();
        assert_eq!((ledger.unmarked(), marks.len() as u32), (0, ledger.last_segment()));
        drop(ledger);
        let (mut ledger, _) = open(&files, None).unwrap();
        assert_eq!(everything(&ledger).len(), marks.len(), "nobody has checked it");
        ledger.believe(marks.clone());
        assert!(everything(&ledger).is_empty());
        ledger.append(at(31), "kim", &events(1)).unwrap();
        let appended = ledger.marks().unwrap();
        drop(ledger);

        let (mut ledger, _) = open(&files, None).unwrap();
        ledger.believe(appended.clone());
        let last = *marks.last().unwrap();
        assert_eq!(everything(&ledger), [(last.segment, last.length)], "only what came since");
        ledger.believe(marks.clone());
        let whole = (last.segment, SEGMENT_HEADER_LENGTH as u64);
        assert_eq!(everything(&ledger), [whole], "the file has changed, and who knows how");
        for (what, foreign) in [
            ("generation", Mark { generation: 1, ..appended[0] }),
            ("chain", Mark { chain: [0; 32], ..appended[0] }),
            ("commit", Mark { sequence: Sequence(2), ..appended[0] }),
            ("time of change", Mark { changed: 7, ..appended[0] }),
        ] {
            ledger.believe(appended.clone());
            ledger.believe([foreign]);
            let first = (1, SEGMENT_HEADER_LENGTH as u64);
            assert_eq!(everything(&ledger)[0], first, "{what}");
        }
        drop(ledger);
        flip(&files, 2);
        let (mut ledger, _) = open(&files, None).unwrap();
        ledger.believe(appended);
        let refused = ledger.append(at(32), "kim", &events(1));
        assert!(matches!(refused, Err(LedgerError::Damaged(damage)) if damage[0].segment == 2));
    }

    #[test]
    fn older_segments_are_read_again_by_long_work_and_after_thirty_days() {
        let (files, mut ledger) = ledger_of(30);
        let (today, day) = (day_of(at(0)), 86_400);
        ledger.check(today, today).unwrap();
        let marks = ledger.marks().unwrap();
        let segments = marks.len();
        drop(ledger);
        let wanted = |since: i32, today: i32| {
            let (mut ledger, _) = open(&files, None).unwrap();
            ledger.believe(marks.clone());
            let is_enough = |mark: &Mark, _: bool| mark.day >= since && mark.day <= today;
            ledger.wanted(&is_enough).unwrap().len()
        };
        assert_eq!((wanted(today, today), wanted(today + 1, today + 1)), (0, segments));
        let (mut ledger, _) = open(&files, None).unwrap();
        ledger.believe(marks);
        // A decision looks at the last one only, however old the others' marks are.
        ledger.append(at(40 * day), "kim", &events(1)).unwrap();
        let days: Vec<i32> = ledger.marks().unwrap().iter().map(|mark| mark.day).collect();
        let (last, older) = days.split_last().unwrap();
        assert!(*last == today + 40 && older.iter().all(|day| *day == today), "{days:?}");
        // A process that goes on for so long looks at all of them.
        ledger.append(at(80 * day), "kim", &events(1)).unwrap();
        let days: Vec<i32> = ledger.marks().unwrap().iter().map(|mark| mark.day).collect();
        assert!(days.iter().all(|day| *day == today + 80), "{days:?}");
    }
}
