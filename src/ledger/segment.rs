//! Segments: the files a ledger consists of, and how a new one comes to be.

use std::path::{Path, PathBuf};

use crate::ports::files::{Access, Files, OpenFile};
use domain::Sequence;

use super::body::stored_checksum;
use super::error::LedgerError;
use super::frame::{
    FORMAT, FrameHeader, HEADER_LENGTH, NoHeader, StewardVersion, array, checksum, decode_version,
    encode_version,
};
use super::seal::CIPHER_NONE;

/// Length of a segment's header in bytes: where its first frame begins.
pub(super) const SEGMENT_HEADER_LENGTH: usize = 112;

/// How every segment's file begins.
pub const MAGIC: [u8; 8] = *b"\xf5STEWSEG";
const CHECKSUM_CONTEXT: &[u8] = b"steward ledger segment header 1";
const CHECKED: usize = 96;
const RESERVED: std::ops::Range<usize> = 84..96;
const EXTENSION: &str = ".seg";
/// A segment that is being made; removed when it is found.
const UNFINISHED: &str = ".new";

/// What a segment says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SegmentHeader {
    pub(super) steward: StewardVersion,
    /// 1, 2, 3, …; the file's name.
    pub(super) number: u32,
    /// 0 as written first, one more each time the file is rewritten.
    pub(super) generation: u32,
    pub(super) workspace: [u8; 16],
    /// The commit its first frame holds or will hold.
    pub(super) first: Sequence,
    /// The chain's hash before that commit.
    pub(super) previous: [u8; 32],
}

impl SegmentHeader {
    pub(super) fn encode(&self) -> [u8; SEGMENT_HEADER_LENGTH] {
        let mut bytes = [0; SEGMENT_HEADER_LENGTH];
        bytes[0..8].copy_from_slice(&MAGIC);
        bytes[8..10].copy_from_slice(&FORMAT.to_le_bytes());
        encode_version(self.steward, &mut bytes[10..16]);
        bytes[16..20].copy_from_slice(&self.number.to_le_bytes());
        bytes[20..24].copy_from_slice(&self.generation.to_le_bytes());
        bytes[24..40].copy_from_slice(&self.workspace);
        bytes[44..52].copy_from_slice(&self.first.0.to_le_bytes());
        bytes[52..84].copy_from_slice(&self.previous);
        let sum = checksum(CHECKSUM_CONTEXT, &bytes[..CHECKED]);
        bytes[CHECKED..].copy_from_slice(&sum);
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<SegmentHeader, NoHeader> {
        let bytes = bytes.get(..SEGMENT_HEADER_LENGTH).ok_or(NoHeader::Damaged)?;
        if bytes[0..8] != MAGIC || bytes[CHECKED..] != checksum(CHECKSUM_CONTEXT, &bytes[..CHECKED])
        {
            return Err(NoHeader::Damaged);
        }
        let steward = decode_version(&bytes[10..16]);
        if u16::from_le_bytes(array(&bytes[8..10])) != FORMAT {
            return Err(NoHeader::Newer(steward));
        }
        if bytes[40..44].iter().chain(&bytes[RESERVED]).any(|byte| *byte != 0) {
            return Err(NoHeader::Damaged);
        }
        Ok(SegmentHeader {
            steward,
            number: u32::from_le_bytes(array(&bytes[16..20])),
            generation: u32::from_le_bytes(array(&bytes[20..24])),
            workspace: array(&bytes[24..40]),
            first: Sequence(u64::from_le_bytes(array(&bytes[44..52]))),
            previous: array(&bytes[52..84]),
        })
    }
}

/// The folder of segments inside a workspace's own folder.
pub(super) fn segments_folder(folder: &Path) -> PathBuf {
    folder.join("ledger")
}

/// A segment's file.
pub(super) fn path(folder: &Path, number: u32) -> PathBuf {
    segments_folder(folder).join(format!("{number:08}{EXTENSION}"))
}

/// Where a segment is made before it has its name.
pub(super) fn unfinished(folder: &Path, number: u32) -> PathBuf {
    path(folder, number).with_extension(&UNFINISHED[1..])
}

/// The numbers of the segments in a folder, in order. Files of other names are ignored.
pub(super) fn numbers(files: &dyn Files, folder: &Path) -> Result<Vec<u32>, LedgerError> {
    let segments = segments_folder(folder);
    let names = match files.list(&segments) {
        Ok(names) => names,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(LedgerError::io("list", &segments, error)),
    };
    let mut numbers: Vec<u32> = names.iter().filter_map(|name| number_of(name)).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

fn number_of(name: &str) -> Option<u32> {
    let digits = name.strip_suffix(EXTENSION)?;
    let number = digits.parse().ok().filter(|number| *number > 0)?;
    (format!("{number:08}") == digits).then_some(number)
}

/// What can be told about a ledger without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inspected {
    /// The workspace's id; none where no segment's header is readable.
    pub workspace: Option<[u8; 16]>,
    /// Whether the first commit that can be recognised is encrypted; none where there is none.
    pub encrypted: Option<bool>,
    /// Whether the very first commit is there as it was written: no ledger whose making was
    /// interrupted. False may also mean damage.
    pub begun: bool,
}

/// Looks at the beginnings of the segments in `folder`, a workspace's `.steward`: whose they are,
/// and whether a key is needed to read them. Takes no lock.
///
/// # Errors
/// When there is no segment, or one cannot be read.
pub fn inspect(files: &dyn Files, folder: &Path) -> Result<Inspected, LedgerError> {
    let numbers = numbers(files, folder)?;
    if numbers.is_empty() {
        return Err(LedgerError::NotFound { folder: folder.to_owned() });
    }
    let mut found = Inspected { workspace: None, encrypted: None, begun: false };
    for number in numbers {
        let path = path(folder, number);
        let mut bytes = [0; SEGMENT_HEADER_LENGTH + HEADER_LENGTH];
        let failed = |error| LedgerError::io("read", &path, error);
        let file = files.open(&path, Access::Read).map_err(failed)?;
        file.read_at(&mut bytes, 0).map_err(failed)?;
        if let Ok(header) = SegmentHeader::decode(&bytes) {
            found.workspace = found.workspace.or(Some(header.workspace));
        }
        if let Ok(header) = FrameHeader::decode(&bytes[SEGMENT_HEADER_LENGTH..]) {
            if header.logical.sequence == Sequence(1) {
                let mut stored = vec![0; header.physical.stored_length as usize];
                let read = file.read_at(&mut stored, bytes.len() as u64).map_err(failed)?;
                stored.truncate(read);
                found.begun = stored_checksum(&stored) == header.physical.stored_checksum;
            }
            let encrypted = header.physical.cipher != CIPHER_NONE;
            found.encrypted = found.encrypted.or(Some(encrypted));
        }
        if found.workspace.is_some() && found.encrypted.is_some() {
            break;
        }
    }
    Ok(found)
}

/// The names of what an interrupted [`create`] left, or an interrupted rewriting.
///
/// # Errors
/// When the folder cannot be read.
pub fn unfinished_segments(files: &dyn Files, folder: &Path) -> Result<Vec<String>, LedgerError> {
    let segments = segments_folder(folder);
    let names = files.list(&segments).map_err(|error| LedgerError::io("list", &segments, error))?;
    Ok(names.into_iter().filter(|name| name.ends_with(UNFINISHED)).collect())
}

/// Removes what an interrupted [`create`] left, or an interrupted rewriting.
pub(super) fn remove_unfinished(files: &dyn Files, folder: &Path) -> Result<(), LedgerError> {
    for name in unfinished_segments(files, folder)? {
        let path = segments_folder(folder).join(name);
        files.remove(&path).map_err(|error| LedgerError::io("remove", &path, error))?;
    }
    Ok(())
}

/// Makes a segment: whole and durable under a temporary name first, so that a segment's header
/// can never be torn.
///
/// # Errors
/// `OutcomeUnknown` when the new name may or may not be durable; otherwise nothing was changed.
pub(super) fn create(
    files: &dyn Files,
    folder: &Path,
    header: &SegmentHeader,
) -> Result<Box<dyn OpenFile>, LedgerError> {
    let path = path(folder, header.number);
    let unfinished = unfinished(folder, header.number);
    let fill = || {
        let file = files.open(&unfinished, Access::CreateNew)?;
        file.write_at(&header.encode(), 0)?;
        file.sync()?;
        Ok(file)
    };
    let file = fill().map_err(|error| {
        // Best effort: what stays is removed by the next opening.
        let _ = files.remove(&unfinished);
        LedgerError::io("create", &path, error)
    })?;
    // A rename that says it failed may have happened: going on in the old segment would then
    // leave a new one behind that does not continue it.
    files
        .rename(&unfinished, &path)
        .and_then(|()| files.sync_folder(&segments_folder(folder)))
        .map_err(|source| LedgerError::OutcomeUnknown { source })?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_back_and_no_flipped_bit_is_believed() {
        let header = SegmentHeader {
            steward: StewardVersion { major: 1, minor: 2, patch: 3 },
            number: 7,
            generation: 2,
            workspace: [9; 16],
            first: Sequence(1234),
            previous: [8; 32],
        };
        let bytes = header.encode();
        assert_eq!(SegmentHeader::decode(&bytes), Ok(header));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(SegmentHeader::decode(&flipped), Err(NoHeader::Damaged), "bit {bit}");
        }
    }

    #[test]
    fn only_segments_are_taken_for_segments() {
        assert_eq!(number_of("00000012.seg"), Some(12));
        for name in ["12.seg", "00000000.seg", "00000012.new", "+0000012.seg", "x.seg"] {
            assert_eq!(number_of(name), None, "{name}");
        }
    }
}
