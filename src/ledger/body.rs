//! The body of a frame: a table of entries, then their data.
//!
//! The table holds what must not be compressed (salts are random) and all that is needed to find
//! one entry's data without reading the others. Entry 0 is the actor, entry n the event n - 1.

use std::cell::RefCell;
use std::ops::Range;

use domain::Sequence;

use super::chain;
use super::damage::DamageKind;
use super::error::LedgerError;
use super::frame::{FrameHeader, MAX_STORED, Physical, array, checksum};
use super::seal::{CIPHER_NONE, Seal};

/// Data as it is.
pub(super) const CODEC_RAW: u8 = 0;
/// Data as one zstd frame.
pub(super) const CODEC_ZSTD: u8 = 1;
/// Most bytes of table and data before compression: room is left for a cipher's nonce and tag.
pub(super) const MAX_PLAIN: usize = MAX_STORED - 64;

const CHECKSUM_CONTEXT: &[u8] = b"steward ledger stored body 1";
const LIVE: u8 = 0;
const REDACTED: u8 = 1;
const LIVE_LENGTH: usize = 1 + 4 + 16;
const REDACTED_LENGTH: usize = 1 + 32;
/// Shorter data is not worth a compressor's own header.
const COMPRESS_FROM: usize = 512;
const COMPRESSION_LEVEL: i32 = 1;

/// A body, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Body {
    entries: Vec<Entry>,
    data: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Live { salt: [u8; 16], range: Range<usize> },
    Redacted { leaf: [u8; 32] },
}

/// What an entry holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content<'b> {
    /// Its data, to be read by [`super::codec`].
    Live(&'b [u8]),
    /// The data was erased; the hash that stands for it.
    Redacted(&'b [u8; 32]),
}

/// Why stored bytes give no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoBody {
    /// They do not match their checksum.
    Checksum,
    /// They match their checksum and are not in the format.
    Malformed,
    /// A codec or cipher this version does not know.
    Unknown,
    /// They are encrypted with a key that is not at hand.
    NoKey(u32),
    /// They match their checksum and do not open under their key at this place.
    DoesNotOpen,
    /// They are in the clear, in a workspace that encrypts.
    InTheClear,
}

impl NoBody {
    /// What that is called; none for what a newer steward wrote.
    pub(super) fn damage(self, sequence: Sequence) -> Option<DamageKind> {
        Some(match self {
            NoBody::Checksum => DamageKind::Body(sequence),
            NoBody::Malformed => DamageKind::Malformed(sequence),
            NoBody::NoKey(key) => DamageKind::NoKey { sequence, key },
            NoBody::DoesNotOpen => DamageKind::DoesNotOpen(sequence),
            NoBody::InTheClear => DamageKind::InTheClear(sequence),
            NoBody::Unknown => return None,
        })
    }
}

/// A body made ready to be sealed, with what the header says about it.
#[derive(Debug, Clone)]
pub(super) struct Packed {
    pub(super) codec: u8,
    /// `reserved` zeros, then the stored bytes in the clear.
    pub(super) bytes: Vec<u8>,
}

impl Body {
    /// A body of these entries' data, each with its salt.
    pub(super) fn new(salts: &[[u8; 16]], ends: &[usize], data: Vec<u8>) -> Body {
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let ranges = starts.zip(ends).map(|(start, end)| start..*end);
        let entries =
            salts.iter().zip(ranges).map(|(salt, range)| Entry::Live { salt: *salt, range });
        Body { entries: entries.collect(), data }
    }

    /// How many entries, the actor's counted.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Roughly the memory it takes, in bytes.
    pub(super) fn memory(&self) -> usize {
        self.data.capacity() + self.entries.len() * size_of::<Entry>()
    }

    /// What an entry holds; none behind the last.
    pub(super) fn entry(&self, index: usize) -> Option<Content<'_>> {
        Some(match self.entries.get(index)? {
            Entry::Live { range, .. } => Content::Live(&self.data[range.clone()]),
            Entry::Redacted { leaf } => Content::Redacted(leaf),
        })
    }

    /// The hash that stands for an entry, erased or not; none behind the last.
    pub(super) fn leaf(&self, index: usize) -> Option<[u8; 32]> {
        Some(match self.entries.get(index)? {
            Entry::Live { salt, range } => chain::leaf(salt, &self.data[range.clone()]),
            Entry::Redacted { leaf } => *leaf,
        })
    }

    /// How many entries were erased.
    pub(super) fn redacted(&self) -> usize {
        self.entries.iter().filter(|entry| matches!(entry, Entry::Redacted { .. })).count()
    }

    /// The Merkle root over the entries.
    pub(super) fn root(&self) -> [u8; 32] {
        let leaves = (0..self.entries.len()).filter_map(|index| self.leaf(index));
        chain::root(&leaves.collect::<Vec<_>>())
    }

    /// The body with some entries' salt and data replaced by their leaf: same root, nothing left.
    pub(super) fn redact(&self, erase: &[usize]) -> Body {
        let mut data = Vec::with_capacity(self.data.len());
        let mut entries = Vec::with_capacity(self.entries.len());
        for (index, entry) in self.entries.iter().enumerate() {
            entries.push(match entry {
                Entry::Live { salt, range } if erase.contains(&index) => {
                    Entry::Redacted { leaf: chain::leaf(salt, &self.data[range.clone()]) }
                }
                Entry::Live { salt, range } => {
                    let start = data.len();
                    data.extend_from_slice(&self.data[range.clone()]);
                    Entry::Live { salt: *salt, range: start..data.len() }
                }
                Entry::Redacted { .. } => entry.clone(),
            });
        }
        Body { entries, data }
    }

    /// The body as it is before it is sealed, behind `reserved` zeros for the header.
    pub(super) fn pack(&self, reserved: usize) -> Result<Packed, LedgerError> {
        let plain = self.entries.len() * REDACTED_LENGTH + self.data.len();
        if plain > MAX_PLAIN {
            return Err(LedgerError::TooLarge { bytes: plain, limit: MAX_PLAIN });
        }
        let mut bytes = Vec::with_capacity(reserved + plain);
        bytes.resize(reserved, 0);
        for entry in &self.entries {
            match entry {
                Entry::Live { salt, range } => {
                    bytes.push(LIVE);
                    let length = u32::try_from(range.len()).unwrap_or(u32::MAX);
                    bytes.extend_from_slice(&length.to_le_bytes());
                    bytes.extend_from_slice(salt);
                }
                Entry::Redacted { leaf } => {
                    bytes.push(REDACTED);
                    bytes.extend_from_slice(leaf);
                }
            }
        }
        let mut codec = CODEC_RAW;
        if self.data.len() >= COMPRESS_FROM {
            let small = compress(&self.data).map_err(LedgerError::Compression)?;
            if small.len() < self.data.len() {
                codec = CODEC_ZSTD;
                bytes.extend_from_slice(&small);
            }
        }
        if codec == CODEC_RAW {
            bytes.extend_from_slice(&self.data);
        }
        Ok(Packed { codec, bytes })
    }

    /// The body in a frame's stored bytes. The checksum is judged before the key is asked for, so
    /// that damage is told from a wrong key.
    pub(super) fn unpack(
        header: &FrameHeader,
        stored: &[u8],
        seal: Seal<'_>,
    ) -> Result<Body, NoBody> {
        if stored_checksum(stored) != header.physical.stored_checksum {
            return Err(NoBody::Checksum);
        }
        let plain = seal.open(header, stored)?;
        let count = header.logical.events as usize + 1;
        let (entries, length, rest) = read_table(count, &plain).ok_or(NoBody::Malformed)?;
        let data = match header.physical.codec {
            CODEC_RAW => rest.to_vec(),
            CODEC_ZSTD => decompress(rest, length).map_err(|_| NoBody::Malformed)?,
            _ => return Err(NoBody::Unknown),
        };
        if data.len() != length {
            return Err(NoBody::Malformed);
        }
        Ok(Body { entries, data })
    }
}

/// The table at the start of `bytes`, the length of the data it speaks of, and what follows it.
fn read_table(count: usize, bytes: &[u8]) -> Option<(Vec<Entry>, usize, &[u8])> {
    if count > bytes.len() / LIVE_LENGTH {
        return None;
    }
    let mut rest = bytes;
    let mut end = 0;
    let mut entries = Vec::with_capacity(count);
    for _ in 0..count {
        let entry;
        match *rest.first()? {
            LIVE => {
                (entry, rest) = rest.split_at_checked(LIVE_LENGTH)?;
                let length = u32::from_le_bytes(array(&entry[1..5])) as usize;
                let range = end..end + length;
                end = range.end;
                entries.push(Entry::Live { salt: array(&entry[5..]), range });
            }
            REDACTED => {
                (entry, rest) = rest.split_at_checked(REDACTED_LENGTH)?;
                entries.push(Entry::Redacted { leaf: array(&entry[1..]) });
            }
            _ => return None,
        }
        if end > MAX_PLAIN {
            return None;
        }
    }
    Some((entries, end, rest))
}

/// What a header says about stored bytes that are not encrypted.
pub(super) fn physical(codec: u8, stored: &[u8]) -> Physical {
    Physical {
        codec,
        cipher: CIPHER_NONE,
        key: 0,
        stored_length: u32::try_from(stored.len()).unwrap_or(u32::MAX),
        stored_checksum: stored_checksum(stored),
    }
}

/// The checksum of a frame's stored bytes.
pub(super) fn stored_checksum(stored: &[u8]) -> [u8; 16] {
    checksum(CHECKSUM_CONTEXT, stored)
}

thread_local! {
    // A compressor's tables take longer to set up than a small commit takes to compress.
    static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> =
        const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<zstd::bulk::Decompressor<'static>>> =
        const { RefCell::new(None) };
}

fn compress(data: &[u8]) -> std::io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|kept| {
        let mut compressor = match kept.take() {
            Some(compressor) => compressor,
            None => zstd::bulk::Compressor::new(COMPRESSION_LEVEL)?,
        };
        let result = compressor.compress(data);
        *kept = Some(compressor);
        result
    })
}

fn decompress(data: &[u8], length: usize) -> std::io::Result<Vec<u8>> {
    DECOMPRESSOR.with_borrow_mut(|kept| {
        let mut decompressor = match kept.take() {
            Some(decompressor) => decompressor,
            None => zstd::bulk::Decompressor::new()?,
        };
        let result = decompressor.decompress(data, length);
        *kept = Some(decompressor);
        result
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::frame::{Logical, StewardVersion};
    use super::*;
    use crate::ports::cipher::NoCipher;

    const PLAIN: Seal<'static> = Seal { cipher: &NoCipher, segment: 1 };

    fn body(data: &[Vec<u8>]) -> Body {
        let salts: Vec<_> = (0u8..).take(data.len()).map(|number| [number; 16]).collect();
        let mut end = 0;
        let ends: Vec<_> = data
            .iter()
            .map(|one| {
                end += one.len();
                end
            })
            .collect();
        Body::new(&salts, &ends, data.concat())
    }

    fn header(body: &Body, packed: &Packed) -> FrameHeader {
        FrameHeader {
            physical: physical(packed.codec, &packed.bytes),
            chain: [0; 32],
            logical: Logical {
                vocabulary: 1,
                speaks: false,
                steward: StewardVersion::CURRENT,
                events: u32::try_from(body.len() - 1).unwrap(),
                place: 0,
                sequence: Sequence(1),
                at: 0,
                previous: [0; 32],
            },
        }
    }

    proptest! {
        #[test]
        fn a_body_is_read_back_and_erasing_keeps_its_root(
            data in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..400), 1..20),
            erase in prop::collection::vec(0..20usize, 0..5),
        ) {
            let whole = body(&data);
            for body in [whole.clone(), whole.redact(&erase), whole.redact(&erase).redact(&[0])] {
                let packed = body.pack(0).unwrap();
                let again = Body::unpack(&header(&body, &packed), &packed.bytes, PLAIN).unwrap();
                prop_assert_eq!(&again, &body);
                prop_assert_eq!(again.root(), whole.root());
            }
        }
    }

    #[test]
    fn text_is_compressed_and_noise_is_not() {
        let text = body(&[b"the same again, ".repeat(200)]).pack(0).unwrap();
        assert_eq!(text.codec, CODEC_ZSTD);
        assert!(text.bytes.len() < 200);
        let hashes = (0u32..40).flat_map(|n| *blake3::hash(&n.to_le_bytes()).as_bytes());
        assert_eq!(body(&[hashes.collect()]).pack(0).unwrap().codec, CODEC_RAW);
        assert_eq!(body(&[vec![0; 100]]).pack(0).unwrap().codec, CODEC_RAW);
    }

    #[test]
    fn nothing_of_an_erased_entry_is_left() {
        let whole = body(&[b"kim".to_vec(), b"SECRET".to_vec(), b"kept".to_vec()]);
        let erased = whole.redact(&[1]);
        let bytes = erased.pack(0).unwrap().bytes;
        assert!(!bytes.windows(6).any(|window| window == b"SECRET"));
        assert!(!bytes.windows(16).any(|window| window == [1; 16]), "its salt is still there");
        assert!(matches!(erased.entry(1), Some(Content::Redacted(_))));
        assert_eq!(erased.entry(2), Some(Content::Live(b"kept")));
        assert_eq!((erased.redacted(), erased.entry(3)), (1, None));
    }

    #[test]
    fn stored_bytes_that_do_not_fit_the_format_are_refused() {
        let body = body(&[b"kim".to_vec(), vec![b'x'; 600]]);
        let packed = body.pack(0).unwrap();
        let sound = header(&body, &packed);
        let refused = |change: &dyn Fn(&mut FrameHeader, &mut Vec<u8>)| {
            let (mut header, mut stored) = (sound.clone(), packed.bytes.clone());
            change(&mut header, &mut stored);
            header.physical.stored_checksum = stored_checksum(&stored);
            Body::unpack(&header, &stored, PLAIN).unwrap_err()
        };
        assert_eq!(refused(&|_, stored| stored[0] = 2), NoBody::Malformed);
        assert_eq!(refused(&|_, stored| stored[1] = 9), NoBody::Malformed);
        assert_eq!(refused(&|_, stored| stored.truncate(30)), NoBody::Malformed);
        assert_eq!(refused(&|header, _| header.logical.events = u32::MAX), NoBody::Malformed);
        assert_eq!(refused(&|header, _| header.physical.codec = 9), NoBody::Unknown);
        assert_eq!(refused(&|header, _| header.physical.cipher = 9), NoBody::Unknown);
        assert_eq!(refused(&|header, _| header.physical.cipher = 1), NoBody::NoKey(0));
        let mut stored = packed.bytes.clone();
        stored[40] ^= 1;
        assert_eq!(Body::unpack(&sound, &stored, PLAIN), Err(NoBody::Checksum));
    }
}
