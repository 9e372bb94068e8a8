//! Reads everything and says all that is wrong.

use std::path::Path;

use crate::ports::Cipher;
use crate::ports::files::Files;
use domain::Sequence;

use super::body::Body;
use super::chain::Head;
use super::checked::Mark;
use super::damage::{CutTail, Damage, DamageKind};
use super::erasing::Erasing;
use super::error::LedgerError;
use super::frame::{FrameHeader, StewardVersion};
use super::pinned::Pinned;
use super::reader::{read_event, time};
use super::walk::{Bodies, Found, walk};

/// What verifying found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifyReport {
    /// Commits found.
    pub commits: u64,
    /// Events in the commits that could be read, erased ones counted.
    pub events: u64,
    /// Events and actors that were erased.
    pub redacted: u64,
    /// The newest commit found.
    pub head: Option<Head>,
    /// The first commit that carries the newest one's time: where a clock was far ahead, every
    /// commit since then carries its time.
    pub since: Option<Sequence>,
    /// Erasures whose bytes may not be gone yet: no commit says that they are done.
    pub unfinished: Vec<Sequence>,
    /// What was read of each segment, where all of it is sound; whoever keeps them says of which day.
    pub marks: Vec<Mark>,
    /// Everything that is wrong, in the order of the files.
    pub damage: Vec<Damage>,
    /// A torn tail: a commit that was never acknowledged, unless something outside says so.
    pub tail: Option<CutTail>,
    /// What a newer steward wrote and this one cannot judge, with that version.
    pub newer: Option<(String, StewardVersion)>,
}

impl VerifyReport {
    /// Whether everything is as it was written, to the last byte.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.damage.is_empty() && self.tail.is_none() && self.newer.is_none()
    }
}

/// Reads every byte of the ledger in `folder`, the workspace's `.steward`, as it is at this moment: checksums, hashes,
/// chain, and whether every event can be read with `cipher`. Takes no lock and writes nothing. `progress` is
/// told the bytes done and the bytes in all; `expect` is a hash that must stand somewhere in the
/// chain, such as the one an export named.
///
/// # Errors
/// Only when there is no ledger or a file cannot be opened; everything else is in the report.
pub fn verify(
    files: &dyn Files,
    folder: &Path,
    cipher: &dyn Cipher,
    progress: &mut dyn FnMut(u64, u64),
    expect: Option<[u8; 32]>,
) -> Result<VerifyReport, LedgerError> {
    let pinned = Pinned::take(files, folder)?;
    let lengths = pinned.lengths();
    let total = lengths.iter().map(|(_, length)| length).sum();
    let mut report = VerifyReport::default();
    let mut erasing = Erasing::default();
    let mut expected_seen = expect.is_none();
    let mut newest = None;
    let mut before = (0, 0);
    let mut done = 0;
    let walked = walk(&pinned, folder, cipher, Bodies::All, &mut |found: Found<'_>, damage| {
        if !found.in_order {
            return;
        }
        report.commits += 1;
        if newest.is_none_or(|at| at < found.header.logical.at) {
            newest = Some(found.header.logical.at);
            report.since = Some(found.header.logical.sequence);
        }
        mark(&mut report.marks, &found, &pinned);
        expected_seen |= expect == Some(found.header.chain);
        if let Some(body) = found.body {
            erasing.take_in(&found, body, damage);
            report.events += u64::from(found.header.logical.events);
            report.redacted += body.redacted() as u64;
            check_events(&found, body, damage, &mut report.newer);
        }
        if before.0 != found.segment {
            done += before.1;
            let length = lengths.iter().find(|(number, _)| *number == found.segment);
            before = (found.segment, length.map_or(0, |(_, length)| *length));
        }
        progress(done + found.offset + found.header.frame_length(), total);
    })?;
    report.damage = walked.damage;
    report.damage.extend(erasing.judge());
    report.unfinished = erasing.unfinished();
    report.tail = walked.tail;
    report.newer = walked.newer.or(report.newer);
    report.head = walked.last.as_ref().map(head);
    if !expected_seen {
        let (segment, offset) = walked.segments.last().copied().unwrap_or_default();
        report.damage.push(Damage { segment, offset, what: DamageKind::ExpectedAbsent });
    }
    if !report.is_sound() {
        report.marks.clear();
    }
    progress(total, total);
    Ok(report)
}

/// Moves the mark of a segment on behind a commit that was read.
fn mark(marks: &mut Vec<Mark>, found: &Found<'_>, pinned: &Pinned) {
    let segment = found.segment;
    if marks.last().is_none_or(|mark| mark.segment != segment) {
        let Some((generation, changed)) = pinned.about(segment) else { return };
        let (length, sequence, chain, day) = (0, Sequence::ZERO, [0; 32], 0);
        marks.push(Mark { segment, generation, length, sequence, chain, changed, day });
    }
    if let Some(mark) = marks.last_mut() {
        mark.length = found.offset + found.header.frame_length();
        mark.sequence = found.header.logical.sequence;
        mark.chain = found.header.chain;
    }
}

fn head(last: &FrameHeader) -> Head {
    Head { sequence: last.logical.sequence, chain: last.chain, at: time(last.logical.at) }
}

/// What matches the chain was written so; it must also be readable.
fn check_events(
    found: &Found<'_>,
    body: &Body,
    damage: &mut Vec<Damage>,
    newer: &mut Option<(String, StewardVersion)>,
) {
    let sequence = found.header.logical.sequence;
    for index in 0..found.header.logical.events {
        match read_event(found.header, body, index) {
            Ok(_) => {}
            Err(LedgerError::NewerSteward { what, version }) => {
                newer.get_or_insert((what, version));
            }
            Err(error) => {
                let reason = match error {
                    LedgerError::UnreadableEvent { reason, .. } => reason,
                    other => other.to_string(),
                };
                let what = DamageKind::Event { sequence, index, reason };
                damage.push(Damage { segment: found.segment, offset: found.offset, what });
            }
        }
    }
}
