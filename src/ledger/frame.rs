//! The header of a frame: fixed size, checked by itself, so that a damaged length is noticed
//! before it is believed.
//!
//! It has two halves. The logical half says what was committed and is chained. The physical half
//! says how it is stored and is not: erasing one event, another key or another codec change it
//! without touching the chain.

use std::fmt;

use domain::Sequence;

use super::{erasures, upcast};

/// Length of the header in bytes.
pub(super) const HEADER_LENGTH: usize = 144;
/// Most bytes that may follow a header.
pub(super) const MAX_STORED: usize = 16 * 1024 * 1024;
/// Most bytes a frame takes.
pub(super) const MAX_FRAME: u64 = (HEADER_LENGTH + MAX_STORED) as u64;
/// Version of the format that FORMAT.md describes.
pub(super) const FORMAT: u16 = 1;
/// Version of the frames behind the first of a group: a steward that knows no groups would take what
/// a crash leaves of one for damage, and refuses this by name instead.
const FORMAT_IN_GROUP: u16 = 2;

/// Of the two bytes of the vocabulary the bit that says that a commit speaks of erasing.
const SPEAKS: u16 = 0x8000;

/// The first byte occurs in no UTF-8 text, so no value of a record can look like a header.
const MAGIC: [u8; 4] = *b"\xf5FRM";
const CHECKSUM_CONTEXT: &[u8] = b"steward ledger frame header 1";
const LOGICAL: std::ops::Range<usize> = 64..128;
const CHECKED: usize = 128;

/// A version of steward; every frame and segment names the one that wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StewardVersion {
    /// The first number.
    pub major: u16,
    /// The second number.
    pub minor: u16,
    /// The third number.
    pub patch: u16,
}

impl StewardVersion {
    /// The running one.
    pub const CURRENT: StewardVersion = StewardVersion {
        major: number(env!("CARGO_PKG_VERSION_MAJOR")),
        minor: number(env!("CARGO_PKG_VERSION_MINOR")),
        patch: number(env!("CARGO_PKG_VERSION_PATCH")),
    };
}

const fn number(text: &str) -> u16 {
    match u16::from_str_radix(text, 10) {
        Ok(number) => number,
        Err(_) => u16::MAX,
    }
}

impl fmt::Display for StewardVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// What a frame says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FrameHeader {
    pub(super) physical: Physical,
    /// The chain's hash after this frame.
    pub(super) chain: [u8; 32],
    pub(super) logical: Logical,
}

/// How the body is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Physical {
    /// See [`super::body`]: 0 as it is, 1 zstd.
    pub(super) codec: u8,
    /// See [`super::seal`]: 0 none, 1 XChaCha20-Poly1305.
    pub(super) cipher: u8,
    /// Which key of the workspace; 0 without a cipher.
    pub(super) key: u32,
    /// Bytes that follow the header.
    pub(super) stored_length: u32,
    /// Checksum of those bytes.
    pub(super) stored_checksum: [u8; 16],
}

/// What was committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Logical {
    /// The least vocabulary of event kinds a reader must know; see [`super::upcast`].
    pub(super) vocabulary: u16,
    /// Whether it speaks of erasing; said from the vocabulary on in which every commit may name that.
    pub(super) speaks: bool,
    /// The steward that wrote the commit.
    pub(super) steward: StewardVersion,
    /// How many events, the actor's entry not counted.
    pub(super) events: u32,
    /// How many commits of the same sync come before it; 0 for one that was synced by itself, and for
    /// the first of a group.
    pub(super) place: u16,
    pub(super) sequence: Sequence,
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub(super) at: i64,
    /// The chain's hash before this frame.
    pub(super) previous: [u8; 32],
}

/// Why bytes are no header that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoHeader {
    /// They are no header, or a damaged one.
    Damaged,
    /// They are the sound header of a format this version does not know.
    Newer(StewardVersion),
}

impl Logical {
    /// The chained bytes.
    pub(super) fn encode(&self) -> [u8; 64] {
        let mut bytes = [0; 64];
        let format = if self.place == 0 { FORMAT } else { FORMAT_IN_GROUP };
        bytes[0..2].copy_from_slice(&format.to_le_bytes());
        let speaks = if self.speaks { SPEAKS } else { 0 };
        bytes[2..4].copy_from_slice(&(self.vocabulary | speaks).to_le_bytes());
        encode_version(self.steward, &mut bytes[4..10]);
        bytes[10..12].copy_from_slice(&self.place.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.events.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.sequence.0.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.at.to_le_bytes());
        bytes[32..64].copy_from_slice(&self.previous);
        bytes
    }

    /// Whether it may speak of erasing: told by its header alone.
    pub(super) fn may_speak(&self) -> bool {
        self.speaks || self.vocabulary < upcast::EVIDENCE && erasures::may_speak(self.vocabulary)
    }

    /// The first commit of its group: nothing from there on was synced when this one was written.
    pub(super) fn first_of_group(&self) -> Sequence {
        Sequence(self.sequence.0.saturating_sub(u64::from(self.place)))
    }
}

impl FrameHeader {
    /// Length of header and stored bytes together.
    pub(super) fn frame_length(&self) -> u64 {
        HEADER_LENGTH as u64 + u64::from(self.physical.stored_length)
    }

    pub(super) fn encode(&self) -> [u8; HEADER_LENGTH] {
        let mut bytes = [0; HEADER_LENGTH];
        bytes[0..4].copy_from_slice(&MAGIC);
        bytes[4] = self.physical.codec;
        bytes[5] = self.physical.cipher;
        bytes[8..12].copy_from_slice(&self.physical.key.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.physical.stored_length.to_le_bytes());
        bytes[16..32].copy_from_slice(&self.physical.stored_checksum);
        bytes[32..64].copy_from_slice(&self.chain);
        bytes[LOGICAL].copy_from_slice(&self.logical.encode());
        let sum = checksum(CHECKSUM_CONTEXT, &bytes[..CHECKED]);
        bytes[CHECKED..].copy_from_slice(&sum);
        bytes
    }

    /// The header at the start of `bytes`.
    pub(super) fn decode(bytes: &[u8]) -> Result<FrameHeader, NoHeader> {
        let bytes = bytes.get(..HEADER_LENGTH).ok_or(NoHeader::Damaged)?;
        if bytes[0..4] != MAGIC || bytes[CHECKED..] != checksum(CHECKSUM_CONTEXT, &bytes[..CHECKED])
        {
            return Err(NoHeader::Damaged);
        }
        let logical = &bytes[LOGICAL];
        let steward = decode_version(&logical[4..10]);
        let format = u16::from_le_bytes(array(&logical[0..2]));
        if !matches!(format, FORMAT | FORMAT_IN_GROUP) {
            return Err(NoHeader::Newer(steward));
        }
        let stored_length = u32::from_le_bytes(array(&bytes[12..16]));
        let vocabulary = u16::from_le_bytes(array(&logical[2..4]));
        let (speaks, vocabulary) = (vocabulary & SPEAKS != 0, vocabulary & !SPEAKS);
        let place = u16::from_le_bytes(array(&logical[10..12]));
        let sequence = u64::from_le_bytes(array(&logical[16..24]));
        if stored_length as usize > MAX_STORED
            || bytes[6..8] != [0; 2]
            || speaks && vocabulary < upcast::EVIDENCE
            || (place == 0) != (format == FORMAT)
            || sequence <= u64::from(place)
            || sequence == u64::MAX
        {
            return Err(NoHeader::Damaged);
        }
        Ok(FrameHeader {
            physical: Physical {
                codec: bytes[4],
                cipher: bytes[5],
                key: u32::from_le_bytes(array(&bytes[8..12])),
                stored_length,
                stored_checksum: array(&bytes[16..32]),
            },
            chain: array(&bytes[32..64]),
            logical: Logical {
                vocabulary,
                speaks,
                steward,
                events: u32::from_le_bytes(array(&logical[12..16])),
                place,
                sequence: Sequence(sequence),
                at: i64::from_le_bytes(array(&logical[24..32])),
                previous: array(&logical[32..64]),
            },
        })
    }

    /// The place of the first sound header in `bytes`, also one of a newer format.
    pub(super) fn find(bytes: &[u8]) -> Option<usize> {
        let mut from = 0;
        while let Some(found) = bytes[from..].iter().position(|byte| *byte == MAGIC[0]) {
            let at = from + found;
            if FrameHeader::decode(&bytes[at..]) != Err(NoHeader::Damaged) {
                return Some(at);
            }
            from = at + 1;
        }
        None
    }
}

pub(super) fn encode_version(version: StewardVersion, into: &mut [u8]) {
    into[0..2].copy_from_slice(&version.major.to_le_bytes());
    into[2..4].copy_from_slice(&version.minor.to_le_bytes());
    into[4..6].copy_from_slice(&version.patch.to_le_bytes());
}

pub(super) fn decode_version(bytes: &[u8]) -> StewardVersion {
    StewardVersion {
        major: u16::from_le_bytes(array(&bytes[0..2])),
        minor: u16::from_le_bytes(array(&bytes[2..4])),
        patch: u16::from_le_bytes(array(&bytes[4..6])),
    }
}

/// The first `LENGTH` bytes; zeros where there are fewer, which callers rule out by their ranges.
pub(super) fn array<const LENGTH: usize>(bytes: &[u8]) -> [u8; LENGTH] {
    let mut out = [0; LENGTH];
    out.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    out
}

/// The first 16 bytes of the BLAKE3 hash of the context and the bytes.
pub(super) fn checksum(context: &[u8], bytes: &[u8]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(context).update(bytes);
    array(hasher.finalize().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> FrameHeader {
        FrameHeader {
            physical: Physical {
                codec: 1,
                cipher: 0,
                key: 7,
                stored_length: 1234,
                stored_checksum: [9; 16],
            },
            chain: [5; 32],
            logical: Logical {
                vocabulary: 3,
                speaks: false,
                steward: StewardVersion { major: 1, minor: 2, patch: 3 },
                events: 42,
                place: 0,
                sequence: Sequence(99),
                at: -5,
                previous: [4; 32],
            },
        }
    }

    #[test]
    fn a_header_is_read_back_and_no_flipped_bit_is_believed() {
        let bytes = header().encode();
        assert_eq!(FrameHeader::decode(&bytes), Ok(header()));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(FrameHeader::decode(&flipped), Err(NoHeader::Damaged), "bit {bit}");
        }
        assert_eq!(FrameHeader::decode(&bytes[..HEADER_LENGTH - 1]), Err(NoHeader::Damaged));
    }

    #[test]
    fn a_header_says_whether_its_commit_speaks_of_erasing() {
        for (vocabulary, speaks, may_speak, bytes) in [
            (1, false, false, [1, 0]),
            // Of these only the vocabulary tells.
            (2, false, true, [2, 0]),
            (10, false, true, [10, 0]),
            (11, false, false, [11, 0]),
            (11, true, true, [11, 0x80]),
        ] {
            let mut header = header();
            (header.logical.vocabulary, header.logical.speaks) = (vocabulary, speaks);
            assert_eq!(header.logical.may_speak(), may_speak, "{vocabulary}");
            assert_eq!(header.encode()[66..68], bytes);
            assert_eq!(FrameHeader::decode(&header.encode()), Ok(header));
        }
        let too_early = with(header(), |bytes| bytes[66..68].copy_from_slice(&[10, 0x80]));
        assert_eq!(FrameHeader::decode(&too_early), Err(NoHeader::Damaged));
    }

    #[test]
    fn a_newer_format_is_told_from_damage() {
        let version = StewardVersion { major: 1, minor: 2, patch: 3 };
        let newer = with(header(), |bytes| bytes[64] = 3);
        assert_eq!(FrameHeader::decode(&newer), Err(NoHeader::Newer(version)));
    }

    /// An encoded header in which something is another, with the checksum that fits.
    fn with(header: FrameHeader, change: impl FnOnce(&mut [u8; HEADER_LENGTH])) -> Vec<u8> {
        let mut bytes = header.encode();
        change(&mut bytes);
        let sum = checksum(CHECKSUM_CONTEXT, &bytes[..CHECKED]);
        bytes[CHECKED..].copy_from_slice(&sum);
        bytes.to_vec()
    }

    #[test]
    fn the_first_of_a_group_is_as_it_always_was_and_the_others_name_it() {
        let in_group = |place, sequence| {
            let mut header = header();
            (header.logical.place, header.logical.sequence) = (place, Sequence(sequence));
            header
        };
        assert_eq!(header().encode()[64..66], [1, 0]);
        assert_eq!(header().logical.first_of_group(), Sequence(99));
        let third = in_group(2, 99);
        assert_eq!(third.encode()[64..66], [2, 0]);
        assert_eq!(third.encode()[74..76], [2, 0]);
        assert_eq!(FrameHeader::decode(&third.encode()), Ok(third.clone()));
        assert_eq!(third.logical.first_of_group(), Sequence(97));
        // Each version stands with its own places only, and no group begins before the first commit.
        for bytes in [
            with(header(), |bytes| bytes[64] = 2),
            with(header(), |bytes| bytes[74] = 1),
            with(third, |bytes| bytes[64] = 1),
            in_group(9, 9).encode().to_vec(),
        ] {
            assert_eq!(FrameHeader::decode(&bytes), Err(NoHeader::Damaged));
        }
    }

    #[test]
    fn a_header_is_found_behind_others_that_only_look_like_one() {
        let mut bytes = vec![MAGIC[0]; 100];
        bytes.extend(MAGIC);
        bytes.extend([0; 200]);
        assert_eq!(FrameHeader::find(&bytes), None);
        let at = bytes.len();
        bytes.extend(header().encode());
        assert_eq!(FrameHeader::find(&bytes), Some(at));
    }
}
