//! Encryption of what lies on the disk.
//!
//! Whoever keeps data asks a [`Cipher`] to seal it for the place where it will stand, and to open
//! it there again. What was moved to another place, or into another workspace, does not open. The
//! cipher is made by whoever has the keys; nothing here says where those come from.

use std::collections::BTreeMap;
use std::fmt;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{Key, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Randomness;

/// Length of a nonce in bytes: long enough for random ones never to meet.
pub const NONCE_LENGTH: usize = 24;
/// Length of a tag in bytes.
pub const TAG_LENGTH: usize = 16;
/// By how much sealing lengthens data, in bytes.
pub const OVERHEAD: usize = NONCE_LENGTH + TAG_LENGTH;

const CONTEXT: &[u8] = b"steward sealed data 1";

/// What sealed data belongs to. The number is part of what is authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum FileKind {
    /// The stored bytes of one commit.
    LedgerFrame = 1,
    /// A data key in the workspace's `keys`.
    DataKey = 2,
    /// A piece of the columns kept for matching.
    Columns = 3,
    /// A piece of the names kept for the finder.
    Finder = 4,
    /// A piece of a stream that is kept until it is read.
    Spool = 5,
    /// What people have under way.
    Working = 6,
    /// A piece of the rows of activities.
    Activities = 7,
    /// A piece of the handles of records.
    Handles = 8,
}

/// Where sealed data stands; it opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedPlace {
    /// What it belongs to.
    pub kind: FileKind,
    /// Version of that kind's format.
    pub format: u16,
    /// Number of the segment, or of the piece; 0 where there are none.
    pub segment: u32,
    /// Number of the commit; for a data key, its id; for what is derived, the commit it was
    /// made at.
    pub sequence: u64,
}

/// Why data was not sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CipherError {
    /// No key has that id.
    #[error("there is no key {0}")]
    UnknownKey(u32),
    /// Another key, or not what was sealed for this place.
    #[error("it cannot be decrypted: the key is a different one, or it was altered or moved")]
    DoesNotOpen,
    /// More than the cipher can take.
    #[error("it is too long to be encrypted")]
    TooLong,
}

/// Seals and opens data of one workspace.
pub trait Cipher: Send + Sync + fmt::Debug {
    /// The key that new data is sealed with; none in a workspace without encryption.
    fn current_key(&self) -> Option<u32>;

    /// Appends the sealed form of `plain` to `into`: nonce, ciphertext, tag.
    ///
    /// # Errors
    /// When there is no such key, or the data is too long.
    fn seal(
        &self,
        key: u32,
        place: &SealedPlace,
        randomness: &dyn Randomness,
        plain: &[u8],
        into: &mut Vec<u8>,
    ) -> Result<(), CipherError>;

    /// What was sealed for that place.
    ///
    /// # Errors
    /// When there is no such key, or the data does not open.
    fn open(&self, key: u32, place: &SealedPlace, sealed: &[u8]) -> Result<Vec<u8>, CipherError>;
}

/// Encrypts nothing: for workspaces made without encryption.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCipher;

impl Cipher for NoCipher {
    fn current_key(&self) -> Option<u32> {
        None
    }

    fn seal(
        &self,
        key: u32,
        _place: &SealedPlace,
        _randomness: &dyn Randomness,
        _plain: &[u8],
        _into: &mut Vec<u8>,
    ) -> Result<(), CipherError> {
        Err(CipherError::UnknownKey(key))
    }

    fn open(&self, key: u32, _: &SealedPlace, _: &[u8]) -> Result<Vec<u8>, CipherError> {
        Err(CipherError::UnknownKey(key))
    }
}

/// 32 secret bytes, overwritten when they are dropped, never shown.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SecretKey(Box<[u8; 32]>);

impl SecretKey {
    /// A key of these bytes, which the caller overwrites.
    #[must_use]
    pub fn new(bytes: &[u8; 32]) -> Self {
        // Copied into its own place on the heap, where it stays until it is overwritten.
        let mut key = Self(Box::new([0; 32]));
        key.0.copy_from_slice(bytes);
        key
    }

    /// A fresh key.
    #[must_use]
    pub fn random(randomness: &dyn Randomness) -> Self {
        let mut key = Self(Box::new([0; 32]));
        randomness.fill(&mut *key.0);
        key
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey")
    }
}

/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) under a workspace's data keys.
#[derive(Debug, Clone)]
pub struct XChaChaCipher {
    workspace: [u8; 16],
    keys: BTreeMap<u32, SecretKey>,
    current: u32,
}

impl XChaChaCipher {
    /// A cipher of the workspace with that id, with its data keys by their ids; new data is sealed
    /// with `current`.
    #[must_use]
    pub fn new(workspace: [u8; 16], keys: BTreeMap<u32, SecretKey>, current: u32) -> Self {
        Self { workspace, keys, current }
    }

    fn key(&self, id: u32) -> Result<&SecretKey, CipherError> {
        self.keys.get(&id).ok_or(CipherError::UnknownKey(id))
    }
}

impl Cipher for XChaChaCipher {
    fn current_key(&self) -> Option<u32> {
        Some(self.current)
    }

    fn seal(
        &self,
        key: u32,
        place: &SealedPlace,
        randomness: &dyn Randomness,
        plain: &[u8],
        into: &mut Vec<u8>,
    ) -> Result<(), CipherError> {
        let associated = associated(&self.workspace, key, place);
        seal_with(self.key(key)?, &associated, randomness, plain, into)
    }

    fn open(&self, key: u32, place: &SealedPlace, sealed: &[u8]) -> Result<Vec<u8>, CipherError> {
        open_with(self.key(key)?, &associated(&self.workspace, key, place), sealed)
    }
}

/// What is authenticated with sealed data: whose it is, where it stands, which key sealed it.
#[must_use]
pub fn associated(workspace: &[u8; 16], key: u32, place: &SealedPlace) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(CONTEXT.len() + 35);
    bytes.extend_from_slice(CONTEXT);
    bytes.push(place.kind as u8);
    bytes.extend_from_slice(&place.format.to_le_bytes());
    bytes.extend_from_slice(workspace);
    bytes.extend_from_slice(&key.to_le_bytes());
    bytes.extend_from_slice(&place.segment.to_le_bytes());
    bytes.extend_from_slice(&place.sequence.to_le_bytes());
    bytes
}

/// Appends the sealed form of `plain`, under a random nonce, to `into`.
///
/// # Errors
/// When the data is too long.
pub fn seal_with(
    key: &SecretKey,
    associated: &[u8],
    randomness: &dyn Randomness,
    plain: &[u8],
    into: &mut Vec<u8>,
) -> Result<(), CipherError> {
    let mut nonce = XNonce::default();
    randomness.fill(&mut nonce);
    into.reserve(plain.len() + OVERHEAD);
    into.extend_from_slice(&nonce);
    let start = into.len();
    into.extend_from_slice(plain);
    let cipher = XChaCha20Poly1305::new(<&Key>::from(key.bytes()));
    let tag = cipher
        .encrypt_inout_detached(&nonce, associated, (&mut into[start..]).into())
        .map_err(|_| CipherError::TooLong)?;
    into.extend_from_slice(&tag);
    Ok(())
}

/// What [`seal_with`] sealed.
///
/// # Errors
/// When it does not open with this key and this associated data.
pub fn open_with(
    key: &SecretKey,
    associated: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, CipherError> {
    let split = sealed.split_at_checked(NONCE_LENGTH).and_then(|(nonce, rest)| {
        let (text, tag) = rest.split_last_chunk::<TAG_LENGTH>()?;
        Some((XNonce::try_from(nonce).ok()?, text, Tag::from(*tag)))
    });
    let (nonce, text, tag) = split.ok_or(CipherError::DoesNotOpen)?;
    let mut plain = text.to_vec();
    XChaCha20Poly1305::new(<&Key>::from(key.bytes()))
        .decrypt_inout_detached(&nonce, associated, plain.as_mut_slice().into(), &tag)
        .map_err(|_| CipherError::DoesNotOpen)?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::randomness::SimulatedRandomness;

    const PLACE: SealedPlace =
        SealedPlace { kind: FileKind::LedgerFrame, format: 1, segment: 2, sequence: 3 };

    fn cipher(workspace: u8) -> XChaChaCipher {
        let key = |id: u8| (u32::from(id), SecretKey::new(&[id; 32]));
        XChaChaCipher::new([workspace; 16], [key(1), key(2)].into(), 2)
    }

    fn sealed() -> Vec<u8> {
        let mut sealed = b"before".to_vec();
        let randomness = SimulatedRandomness::seeded(1);
        cipher(1).seal(2, &PLACE, &randomness, b"Ada Okafor", &mut sealed).unwrap();
        sealed.split_off(6)
    }

    #[test]
    fn what_is_sealed_opens_and_cannot_be_read() {
        let sealed = sealed();
        assert_eq!(sealed.len(), 10 + OVERHEAD);
        assert!(!sealed.windows(3).any(|window| window == b"Ada"));
        assert_eq!(cipher(1).open(2, &PLACE, &sealed).unwrap(), b"Ada Okafor");
    }

    #[test]
    fn it_opens_nowhere_else_and_under_no_other_key() {
        let sealed = sealed();
        for place in [
            SealedPlace { kind: FileKind::DataKey, ..PLACE },
            SealedPlace { format: 2, ..PLACE },
            SealedPlace { segment: 3, ..PLACE },
            SealedPlace { sequence: 4, ..PLACE },
        ] {
            assert_eq!(cipher(1).open(2, &place, &sealed), Err(CipherError::DoesNotOpen));
        }
        assert_eq!(cipher(2).open(2, &PLACE, &sealed), Err(CipherError::DoesNotOpen));
        assert_eq!(cipher(1).open(1, &PLACE, &sealed), Err(CipherError::DoesNotOpen));
        assert_eq!(cipher(1).open(3, &PLACE, &sealed), Err(CipherError::UnknownKey(3)));
        assert_eq!(NoCipher.open(2, &PLACE, &sealed), Err(CipherError::UnknownKey(2)));
    }

    #[test]
    fn no_altered_or_shortened_byte_is_believed() {
        let sealed = sealed();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(cipher(1).open(2, &PLACE, &altered), Err(CipherError::DoesNotOpen), "{at}");
            assert_eq!(cipher(1).open(2, &PLACE, &sealed[..at]), Err(CipherError::DoesNotOpen));
        }
    }

    /// draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    #[test]
    fn it_is_the_published_cipher() {
        let bytes: Vec<u8> = (0x80..0xa0).collect();
        let key = SecretKey::new(&bytes.try_into().unwrap());
        let associated = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
        let plain = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip \
                      for the future, sunscreen would be it.";
        struct Fixed;
        impl Randomness for Fixed {
            fn fill(&self, buffer: &mut [u8]) {
                (0x40..).zip(buffer).for_each(|(from, to)| *to = from);
            }
        }
        let mut sealed = Vec::new();
        seal_with(&key, &associated, &Fixed, plain, &mut sealed).unwrap();
        let (text, tag) = sealed[NONCE_LENGTH..].split_at(plain.len());
        assert_eq!(domain::hexadecimal::encode(&text[..16]), "bd6d179d3e83d43b9576579493c0e939");
        assert_eq!(domain::hexadecimal::encode(tag), "c0875924c1c7987947deafd8780acf49");
        assert_eq!(open_with(&key, &associated, &sealed).unwrap(), plain);
    }

    #[test]
    fn a_key_is_never_shown() {
        assert!(!format!("{:?}", cipher(7)).contains("[2, 2"), "{:?}", cipher(7));
    }
}
