//! The beginning of a backup file: what it holds, what it builds on, which state it is.

use domain::Sequence;

use super::super::frame::{
    FORMAT, NoHeader, StewardVersion, array, checksum, decode_version, encode_version,
};
use super::super::segment::SEGMENT_HEADER_LENGTH;

/// Length of the fixed part in bytes; the table follows.
pub(super) const FIXED: usize = 144;
/// Length of the hash at the file's end.
pub(super) const TRAILER: u64 = 32;

/// How a backup file begins.
pub const MAGIC: [u8; 8] = *b"\xf5STEWBAK";
const FIXED_CONTEXT: &[u8] = b"steward backup header 1";
const TABLE_CONTEXT: &[u8] = b"steward backup table 1";
const TRAILER_CONTEXT: &[u8] = b"steward backup 1";
const CHECKED: usize = 128;
const ENTRY: usize = 64;
const CHECKSUM: usize = 16;
/// 64 TiB of ledger.
const MAX_SEGMENTS: u32 = 1_000_000;

/// Everything before the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) steward: StewardVersion,
    pub(super) workspace: [u8; 16],
    /// Random, its own.
    pub(super) id: [u8; 16],
    /// The backup without which this one cannot be restored.
    pub(super) base: Option<[u8; 16]>,
    /// The newest commit; 0 for none.
    pub(super) head: Sequence,
    /// The chain's hash after it.
    pub(super) chain: [u8; 32],
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub(super) made: i64,
    /// Lengths of the files in [`super::KEYS`]; 0 for one that is not there.
    pub(super) keys: [u32; 2],
    /// Every segment of the state, whether its bytes are in this file or not.
    pub(super) segments: Vec<Entry>,
}

/// A segment as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) number: u32,
    pub(super) generation: u32,
    /// Its length, up to its last whole frame.
    pub(super) length: u64,
    /// Its bytes from here on are in this file, those before in the base.
    pub(super) from: u64,
    /// Hash of its header and the headers of all its frames, which name the checksums of the rest.
    pub(super) fingerprint: [u8; 32],
}

impl Header {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![0; FIXED];
        bytes[0..8].copy_from_slice(&MAGIC);
        bytes[8..10].copy_from_slice(&FORMAT.to_le_bytes());
        encode_version(self.steward, &mut bytes[10..16]);
        bytes[16..32].copy_from_slice(&self.workspace);
        bytes[32..48].copy_from_slice(&self.id);
        bytes[48..64].copy_from_slice(&self.base.unwrap_or_default());
        bytes[64..72].copy_from_slice(&self.head.0.to_le_bytes());
        bytes[72..104].copy_from_slice(&self.chain);
        bytes[104..112].copy_from_slice(&self.made.to_le_bytes());
        // A million segments at most: see MAX_SEGMENTS.
        let count = u32::try_from(self.segments.len()).unwrap_or(u32::MAX);
        bytes[112..116].copy_from_slice(&count.to_le_bytes());
        bytes[116..120].copy_from_slice(&self.keys[0].to_le_bytes());
        bytes[120..124].copy_from_slice(&self.keys[1].to_le_bytes());
        let sum = checksum(FIXED_CONTEXT, &bytes[..CHECKED]);
        bytes[CHECKED..].copy_from_slice(&sum);
        for entry in &self.segments {
            bytes.extend(entry.number.to_le_bytes());
            bytes.extend(entry.generation.to_le_bytes());
            bytes.extend(entry.length.to_le_bytes());
            bytes.extend(entry.from.to_le_bytes());
            bytes.extend(entry.fingerprint);
            bytes.extend([0; 8]);
        }
        let sum = checksum(TABLE_CONTEXT, &bytes[FIXED..]);
        bytes.extend(sum);
        bytes
    }

    /// The length of the table that follows a fixed part.
    pub(super) fn table_length(fixed: &[u8]) -> Result<usize, NoHeader> {
        let fixed = fixed.get(..FIXED).ok_or(NoHeader::Damaged)?;
        if fixed[0..8] != MAGIC || fixed[CHECKED..] != checksum(FIXED_CONTEXT, &fixed[..CHECKED]) {
            return Err(NoHeader::Damaged);
        }
        if u16::from_le_bytes(array(&fixed[8..10])) != FORMAT {
            return Err(NoHeader::Newer(decode_version(&fixed[10..16])));
        }
        let count = u32::from_le_bytes(array(&fixed[112..116]));
        if count > MAX_SEGMENTS || fixed[124..CHECKED].iter().any(|byte| *byte != 0) {
            return Err(NoHeader::Damaged);
        }
        Ok(count as usize * ENTRY + CHECKSUM)
    }

    /// The header of a fixed part and the table of the length that [`Header::table_length`] says.
    pub(super) fn decode(fixed: &[u8], table: &[u8]) -> Result<Header, NoHeader> {
        let length = Header::table_length(fixed)?;
        let table = table.get(..length).ok_or(NoHeader::Damaged)?;
        let (entries, sum) = table.split_at(length - CHECKSUM);
        if sum != checksum(TABLE_CONTEXT, entries) {
            return Err(NoHeader::Damaged);
        }
        let base = array(&fixed[48..64]);
        let header = Header {
            steward: decode_version(&fixed[10..16]),
            workspace: array(&fixed[16..32]),
            id: array(&fixed[32..48]),
            base: (base != [0; 16]).then_some(base),
            head: Sequence(u64::from_le_bytes(array(&fixed[64..72]))),
            chain: array(&fixed[72..104]),
            made: i64::from_le_bytes(array(&fixed[104..112])),
            keys: [116, 120].map(|at| u32::from_le_bytes(array(&fixed[at..at + 4]))),
            segments: entries.chunks_exact(ENTRY).map(Entry::decode).collect(),
        };
        if header.is_possible() { Ok(header) } else { Err(NoHeader::Damaged) }
    }

    fn is_possible(&self) -> bool {
        let numbered = self.segments.iter().zip(1..).all(|(entry, number)| entry.number == number);
        let whole = |entry: &Entry| {
            let sound = entry.length >= SEGMENT_HEADER_LENGTH as u64 && entry.from <= entry.length;
            sound && (self.base.is_some() || entry.from == 0)
        };
        numbered && self.segments.iter().all(whole) && self.length().is_some()
    }

    /// Where the bytes of the segments begin.
    pub(super) fn content(&self) -> u64 {
        let table = self.segments.len() * ENTRY + CHECKSUM;
        (FIXED + table) as u64 + u64::from(self.keys[0]) + u64::from(self.keys[1])
    }

    /// The file's length; none where no file is that long.
    pub(super) fn length(&self) -> Option<u64> {
        let parts = self.segments.iter().map(|entry| entry.length - entry.from.min(entry.length));
        parts.chain([TRAILER]).try_fold(self.content(), u64::checked_add)
    }
}

impl Entry {
    fn decode(bytes: &[u8]) -> Entry {
        Entry {
            number: u32::from_le_bytes(array(&bytes[0..4])),
            generation: u32::from_le_bytes(array(&bytes[4..8])),
            length: u64::from_le_bytes(array(&bytes[8..16])),
            from: u64::from_le_bytes(array(&bytes[16..24])),
            fingerprint: array(&bytes[24..56]),
        }
    }
}

/// Begins the hash that stands at the end of the file, over all bytes before.
pub(super) fn trailer() -> blake3::Hasher {
    let mut hasher = blake3::Hasher::new();
    hasher.update(TRAILER_CONTEXT);
    hasher
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: u32, from: u64) -> Entry {
        Entry { number, generation: 2, length: 500, from, fingerprint: [number as u8; 32] }
    }

    fn header() -> Header {
        Header {
            steward: StewardVersion { major: 1, minor: 2, patch: 3 },
            workspace: [1; 16],
            id: [2; 16],
            base: Some([3; 16]),
            head: Sequence(99),
            chain: [4; 32],
            made: -5,
            keys: [10, 0],
            segments: vec![entry(1, 500), entry(2, 300), entry(3, 0)],
        }
    }

    fn decode(bytes: &[u8]) -> Result<Header, NoHeader> {
        let fixed = bytes.get(..FIXED).ok_or(NoHeader::Damaged)?;
        Header::table_length(fixed)?;
        Header::decode(fixed, &bytes[FIXED..])
    }

    #[test]
    fn a_header_is_read_back_and_no_flipped_bit_is_believed() {
        let bytes = header().encode();
        assert_eq!(decode(&bytes), Ok(header()));
        assert_eq!(header().content(), bytes.len() as u64 + 10);
        assert_eq!(header().length(), Some(header().content() + 200 + 500 + TRAILER));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(decode(&flipped), Err(NoHeader::Damaged), "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert_eq!(decode(&bytes[..length]), Err(NoHeader::Damaged), "length {length}");
        }
    }

    #[test]
    fn what_cannot_be_is_not_believed_with_the_right_checksums_either() {
        let sound = header();
        for (what, wrong) in [
            ("no base", Header { base: None, ..sound.clone() }),
            ("a gap", Header { segments: vec![entry(2, 0)], ..sound.clone() }),
            ("twice", Header { segments: vec![entry(1, 0), entry(1, 0)], ..sound.clone() }),
            ("behind its end", Header { segments: vec![entry(1, 501)], ..sound.clone() }),
            (
                "longer than any file",
                Header { segments: vec![Entry { length: u64::MAX, ..entry(1, 0) }], ..sound },
            ),
        ] {
            assert_eq!(decode(&wrong.encode()), Err(NoHeader::Damaged), "{what}");
        }
    }

    #[test]
    fn a_newer_format_is_told_from_damage() {
        let mut bytes = header().encode();
        bytes[8] = 2;
        let sum = checksum(FIXED_CONTEXT, &bytes[..CHECKED]);
        bytes[CHECKED..FIXED].copy_from_slice(&sum);
        let version = StewardVersion { major: 1, minor: 2, patch: 3 };
        assert_eq!(decode(&bytes), Err(NoHeader::Newer(version)));
    }
}
