//! A consistent set of segments, taken without a lock while another process may be appending,
//! erasing or changing keys.
//!
//! Segments only grow at the end of the last one, and change otherwise only by being replaced
//! whole, under a higher generation. So: open all, take the last one's length, then look whether
//! the same segments of the same generations still stand there. If so, what is open was the ledger
//! at the moment the length was taken, and stays so while it is copied. If not, begin again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::ports::files::{Access, Files, OpenFile};

use super::super::chain::{self, Teller, Witness};
use super::super::damage::DamageKind;
use super::super::error::LedgerError;
use super::super::frame::{FORMAT, NoHeader};
use super::super::segment::{self, SEGMENT_HEADER_LENGTH, SegmentHeader};
use super::KEYS;
use super::error::BackupError;
use super::file::BackupFile;
use super::format::Entry;
use super::survey::{Next, OpenSegment};
use domain::Sequence;

/// An erasure replaces segments a second or so apart: that many in a row do not happen.
const ATTEMPTS: usize = 1_000;

/// The ledger and the keys as they were at one moment, open and checked as far as can be told
/// without reading all of it.
pub struct Snapshot {
    pub(super) workspace: [u8; 16],
    pub(super) keys: [Vec<u8>; 2],
    pub(super) base: Option<[u8; 16]>,
    pub(super) head: Witness,
    pub(super) segments: Vec<(Entry, OpenSegment)>,
}

impl Snapshot {
    /// Takes what is in `folder`, the workspace's `.steward`. With a base, what that holds already
    /// is left out. No lock is taken; nothing is written.
    ///
    /// # Errors
    /// When there is no ledger, it is damaged, or the base is not one of this workspace's history.
    pub fn take(
        files: &dyn Files,
        folder: &Path,
        base: Option<&BackupFile>,
    ) -> Result<Snapshot, BackupError> {
        let (keys, opened) = open_all(files, folder)?;
        let mut snapshot = Snapshot {
            workspace: [0; 16],
            keys,
            base: base.map(|base| base.header.id),
            head: Witness { sequence: Sequence::ZERO, chain: [0; 32], by: Teller::Head },
            segments: Vec::with_capacity(opened.len()),
        };
        let mut next = None;
        for (segment, number) in opened.into_iter().zip(1..) {
            if segment.number != number {
                let until = segment.number - 1;
                let what = DamageKind::SegmentsMissing { until };
                return Err(OpenSegment { number, ..segment }.damage(0, what));
            }
            next = Some(snapshot.add(segment, next, base)?);
        }
        let (after, chain) = next.unwrap_or_default();
        let sequence = Sequence(after.0.saturating_sub(1));
        snapshot.head = Witness { sequence, chain, by: Teller::Head };
        snapshot.check_base(base)?;
        Ok(snapshot)
    }

    /// Surveys the next segment; gives what the one after it continues.
    fn add(
        &mut self,
        segment: OpenSegment,
        next: Option<Next>,
        base: Option<&BackupFile>,
    ) -> Result<Next, BackupError> {
        let header = decode(&segment)?;
        let number = segment.number;
        if number == 1 {
            self.workspace = header.workspace;
            check_workspace(base, &header.workspace)?;
        }
        let starts = (header.first, header.previous);
        let continued = next.unwrap_or((Sequence(1), chain::origin(&self.workspace)));
        let ours = header.number == number && header.workspace == self.workspace;
        if continued != starts || !ours {
            return Err(segment.damage(0, DamageKind::SegmentMisplaced));
        }
        let known = base.and_then(|base| {
            let known = base.header.segments.get(number as usize - 1)?;
            (known.generation == header.generation).then_some((base, known))
        });
        let surveyed = segment.survey(starts, known.map(|(_, known)| known.length))?;
        if let Some((base, known)) = known
            && surveyed.marked != Some(known.fingerprint)
        {
            return Err(BackupError::OtherHistory(base.path.clone()));
        }
        let entry = Entry {
            number,
            generation: header.generation,
            length: surveyed.length,
            from: known.map_or(0, |(_, known)| known.length),
            fingerprint: surveyed.fingerprint,
        };
        self.segments.push((entry, segment));
        Ok(surveyed.next)
    }

    /// The id of the workspace whose `.steward` is `folder`.
    ///
    /// # Errors
    /// When there is no ledger, or its first segment is damaged.
    pub fn workspace_of(files: &dyn Files, folder: &Path) -> Result<[u8; 16], BackupError> {
        Ok(decode(&open_segment(files, folder, 1)?)?.workspace)
    }

    /// The workspace's id.
    #[must_use]
    pub fn workspace(&self) -> [u8; 16] {
        self.workspace
    }

    /// The newest commit in it; 0 for none.
    #[must_use]
    pub fn head(&self) -> Witness {
        self.head
    }

    /// How many segments the ledger has.
    #[must_use]
    pub fn segments(&self) -> usize {
        self.segments.len()
    }

    /// How many of them are copied, whole or their end.
    #[must_use]
    pub fn copied(&self) -> usize {
        self.segments.iter().filter(|(entry, _)| entry.from < entry.length).count()
    }

    /// The base must not know more than there is now: segments or commits were lost since.
    fn check_base(&self, base: Option<&BackupFile>) -> Result<(), BackupError> {
        let Some(base) = base else { return Ok(()) };
        let shorter = self.segments.len() < base.header.segments.len();
        if shorter || self.head.sequence < base.header.head {
            return Err(BackupError::OtherHistory(base.path.clone()));
        }
        Ok(())
    }
}

fn check_workspace(base: Option<&BackupFile>, workspace: &[u8; 16]) -> Result<(), BackupError> {
    match base {
        Some(base) if base.header.workspace != *workspace => {
            Err(BackupError::OtherWorkspace(base.path.clone()))
        }
        _ => Ok(()),
    }
}

fn decode(segment: &OpenSegment) -> Result<SegmentHeader, BackupError> {
    SegmentHeader::decode(&segment.header).map_err(|error| match error {
        NoHeader::Damaged => segment.damage(0, DamageKind::SegmentHeader),
        NoHeader::Newer(version) => {
            let what = format!("segment {} (this steward knows format {FORMAT})", segment.number);
            LedgerError::NewerSteward { what, version }.into()
        }
    })
}

/// Opens the keys and every segment as they are at one moment.
fn open_all(
    files: &dyn Files,
    folder: &Path,
) -> Result<([Vec<u8>; 2], Vec<OpenSegment>), BackupError> {
    for _ in 0..ATTEMPTS {
        let keys = read_keys(files, folder)?;
        let numbers = segment::numbers(files, folder)?;
        let Some(last) = numbers.last().copied() else {
            return Err(LedgerError::NotFound { folder: folder.to_owned() }.into());
        };
        let open = |number: &u32| open_segment(files, folder, *number);
        let mut segments = numbers.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        for segment in &mut segments {
            segment.is_last = segment.number == last;
            let path = segment::path(folder, segment.number);
            segment.limit = segment.file.length().map_err(BackupError::io("read", &path))?;
            if segment.is_last {
                // What we read was written whole; now it is durable, too, and cannot be taken back.
                segment.file.sync().map_err(BackupError::io("sync", &path))?;
            }
        }
        let same = |segment: &OpenSegment| -> Result<bool, BackupError> {
            Ok(open_segment(files, folder, segment.number)?.header == segment.header)
        };
        let mut unchanged = segment::numbers(files, folder)? == numbers;
        for segment in &segments {
            unchanged = unchanged && same(segment)?;
        }
        if unchanged && read_keys(files, folder)? == keys {
            return Ok((keys, segments));
        }
    }
    Err(BackupError::Busy)
}

fn open_segment(files: &dyn Files, folder: &Path, number: u32) -> Result<OpenSegment, BackupError> {
    let path = segment::path(folder, number);
    let mut header = [0; SEGMENT_HEADER_LENGTH];
    let file = files.open(&path, Access::Read).map_err(BackupError::io("read", &path))?;
    file.read_at(&mut header, 0).map_err(BackupError::io("read", &path))?;
    Ok(OpenSegment { number, file: Arc::from(file), header, limit: 0, is_last: false })
}

fn read_keys(files: &dyn Files, folder: &Path) -> Result<[Vec<u8>; 2], BackupError> {
    let [keys, copy] = KEYS.map(|name| read_key_file(files, folder.join(name)));
    Ok([keys?, copy?])
}

fn read_key_file(files: &dyn Files, path: PathBuf) -> Result<Vec<u8>, BackupError> {
    match files.open(&path, Access::Read) {
        Ok(file) => read_whole(&*file).map_err(BackupError::io("read", &path)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(BackupError::io("read", &path)(error)),
    }
}

fn read_whole(file: &dyn OpenFile) -> std::io::Result<Vec<u8>> {
    let length = usize::try_from(file.length()?).map_err(std::io::Error::other)?;
    let mut content = vec![0; length];
    let read = file.read_at(&mut content, 0)?;
    content.truncate(read);
    Ok(content)
}
