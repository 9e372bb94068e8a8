//! The segments of a ledger as they are at one moment, for those who read beside a writer.
//!
//! Segments only grow at the end of the last one, and change otherwise only by being replaced whole,
//! under a higher generation. So: open all, take their lengths, then look whether the same segments
//! of the same generations still stand there. If so, what is open was the ledger at that moment, and
//! stays so for as long as it is read. If not, begin again.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::ports::files::{Access, Files, Lock, OpenFile};

use super::error::LedgerError;
use super::segment::{self, SEGMENT_HEADER_LENGTH, SegmentHeader};

/// An erasure replaces segments a second or so apart: that many in a row do not happen.
const ATTEMPTS: usize = 1_000;

/// A disk that holds the segments as they were, and nothing else; nothing in it can be written.
#[derive(Clone)]
pub(super) struct Pinned {
    folder: PathBuf,
    segments: Vec<Segment>,
}

/// One segment: what is read of it stays the same even when its file grows or is replaced.
#[derive(Clone)]
struct Segment {
    number: u32,
    path: PathBuf,
    file: Arc<dyn OpenFile>,
    header: [u8; SEGMENT_HEADER_LENGTH],
    length: u64,
    changed: i64,
}

impl Pinned {
    /// Opens every segment in `folder`, a workspace's `.steward`. Damage is no concern here.
    ///
    /// # Errors
    /// When there is none, one cannot be opened, or they do not stand still.
    pub(super) fn take(files: &dyn Files, folder: &Path) -> Result<Pinned, LedgerError> {
        for _ in 0..ATTEMPTS {
            let numbers = segment::numbers(files, folder)?;
            if numbers.is_empty() {
                return Err(LedgerError::NotFound { folder: folder.to_owned() });
            }
            let open = |number: &u32| Segment::open(files, folder, *number);
            let segments = match numbers.iter().map(open).collect::<Result<Vec<_>, _>>() {
                // One that was listed and is gone was removed in between.
                Err(_) if segment::numbers(files, folder)? != numbers => continue,
                opened => opened?,
            };
            let stands = |old: &Segment| {
                Segment::open(files, folder, old.number).is_ok_and(|now| now.header == old.header)
            };
            if segment::numbers(files, folder)? == numbers && segments.iter().all(stands) {
                return Ok(Pinned { folder: segment::segments_folder(folder), segments });
            }
        }
        let busy = io::Error::new(io::ErrorKind::ResourceBusy, "it keeps changing");
        Err(LedgerError::io("read", &segment::segments_folder(folder), busy))
    }

    /// A segment's generation, and when its file was last changed.
    pub(super) fn about(&self, number: u32) -> Option<(u32, i64)> {
        let found = self.segments.iter().find(|segment| segment.number == number)?;
        Some((SegmentHeader::decode(&found.header).ok()?.generation, found.changed))
    }

    /// Number and length of each segment.
    pub(super) fn lengths(&self) -> Vec<(u32, u64)> {
        self.segments.iter().map(|segment| (segment.number, segment.length)).collect()
    }
}

impl Segment {
    fn open(files: &dyn Files, folder: &Path, number: u32) -> Result<Segment, LedgerError> {
        let path = segment::path(folder, number);
        let failed = |error| LedgerError::io("read", &path, error);
        let file: Arc<dyn OpenFile> = Arc::from(files.open(&path, Access::Read).map_err(failed)?);
        let mut header = [0; SEGMENT_HEADER_LENGTH];
        // One that cannot be read is told by whoever reads it as a ledger.
        let _ = file.read_at(&mut header, 0);
        let (changed, length) = (file.changed().map_err(failed)?, file.length().map_err(failed)?);
        Ok(Segment { number, path, file, header, length, changed })
    }
}

fn not_here() -> io::Error {
    io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "it is read-only")
}

impl Files for Pinned {
    fn create_folder(&self, _: &Path) -> io::Result<()> {
        Err(not_here())
    }

    fn must_be_folder(&self, path: &Path) -> io::Result<()> {
        // Whoever pinned the segments has looked at the folders above them.
        if self.folder.starts_with(path) { Ok(()) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn OpenFile>> {
        let found = self.segments.iter().find(|segment| segment.path == path);
        match found {
            _ if access != Access::Read => Err(not_here()),
            Some(segment) => Ok(Box::new(segment.clone())),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        if folder != self.folder {
            return Err(io::ErrorKind::NotFound.into());
        }
        let names = self.segments.iter().filter_map(|segment| segment.path.file_name());
        Ok(names.map(|name| name.to_string_lossy().into_owned()).collect())
    }

    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(not_here())
    }

    fn remove(&self, _: &Path) -> io::Result<()> {
        Err(not_here())
    }

    fn remove_left(&self, _: &Path) -> io::Result<bool> {
        Err(not_here())
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        Err(not_here())
    }

    fn try_lock(&self, _: &Path, _: &str) -> io::Result<Lock> {
        Err(not_here())
    }
}

impl OpenFile for Segment {
    fn length(&self) -> io::Result<u64> {
        Ok(self.length)
    }

    fn changed(&self) -> io::Result<i64> {
        Ok(self.changed)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = usize::try_from(self.length.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        self.file.read_at(&mut buffer[..wanted], offset)
    }

    fn write_at(&self, _: &[u8], _: u64) -> io::Result<()> {
        Err(not_here())
    }

    fn truncate(&self, _: u64) -> io::Result<()> {
        Err(not_here())
    }

    fn sync(&self) -> io::Result<()> {
        Err(not_here())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::reader::LedgerReader;
    use super::super::samples::{at, events, folder, ledger_of, options, verified};
    use super::*;
    use domain::Sequence;

    #[test]
    fn what_a_reader_opened_stays_while_the_writer_appends_and_rewrites() {
        let (files, mut ledger) = ledger_of(20);
        let (reader, damage, tail) =
            LedgerReader::open_read_only(Arc::new(files.clone()), folder(), &options()).unwrap();
        assert!(damage.is_empty() && tail.is_none());
        for number in 21..=40 {
            ledger.append(at(number), "kim", &events(number as u64)).unwrap();
        }
        let closed: Vec<u32> =
            ledger.segments().iter().filter(|it| it.closed).map(|it| it.number).collect();
        assert!(closed.len() > 2);
        for number in closed {
            ledger.reseal_segment(number).unwrap();
        }
        assert_eq!(reader.head().unwrap().sequence, Sequence(20));
        for number in 1..=20 {
            assert_eq!(reader.commit(Sequence(number)).unwrap().events, events(number));
        }
        assert_eq!(reader.commits_from(Sequence(1)).map(Result::unwrap).count(), 20);
        assert!(verified(&files).is_sound());
    }

    #[test]
    fn a_frame_that_is_being_written_is_no_damage_to_a_reader() {
        let (files, ledger) = ledger_of(20);
        let number = ledger.segments().last().unwrap().number;
        let path = segment::path(folder(), number);
        let whole = files.content(&path).unwrap();
        drop(ledger);
        for end in whole.len() - 200..whole.len() {
            files.plant(&path, &whole[..end]);
            let (reader, damage, tail) =
                LedgerReader::open_read_only(Arc::new(files.clone()), folder(), &options())
                    .unwrap();
            assert!(damage.is_empty() && tail.is_some(), "cut at {end}: {damage:?}");
            assert_eq!(reader.head().unwrap().sequence, Sequence(19));
        }
    }
}
