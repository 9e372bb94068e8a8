//! Sealing: a frame's stored bytes, encrypted for the one place where they stand.

use std::borrow::Cow;

use crate::ports::Randomness;
use crate::ports::cipher::{Cipher, CipherError, FileKind, OVERHEAD, SealedPlace};

use super::body::{self, NoBody};
use super::error::LedgerError;
use super::frame::{FORMAT, FrameHeader, HEADER_LENGTH, Physical};
use domain::Sequence;

/// Not encrypted.
pub(super) const CIPHER_NONE: u8 = 0;
/// XChaCha20-Poly1305: nonce, ciphertext, tag.
pub(super) const CIPHER_XCHACHA: u8 = 1;

/// The cipher as it is used in one segment.
#[derive(Clone, Copy)]
pub(super) struct Seal<'c> {
    pub(super) cipher: &'c dyn Cipher,
    pub(super) segment: u32,
}

impl Seal<'_> {
    fn place(self, sequence: Sequence) -> SealedPlace {
        SealedPlace {
            kind: FileKind::LedgerFrame,
            format: FORMAT,
            segment: self.segment,
            sequence: sequence.0,
        }
    }

    /// By how much sealing lengthens a frame, in bytes.
    pub(super) fn overhead(self) -> u64 {
        if self.cipher.current_key().is_some() { OVERHEAD as u64 } else { 0 }
    }

    /// A frame with its stored bytes as they will stand, room for its header before them, and what
    /// the header says about them. `frame` holds the room and the bytes in the clear.
    pub(super) fn close(
        self,
        sequence: Sequence,
        codec: u8,
        frame: Vec<u8>,
        randomness: &dyn Randomness,
    ) -> Result<(Vec<u8>, Physical), LedgerError> {
        let Some(key) = self.cipher.current_key() else {
            let physical = body::physical(codec, &frame[HEADER_LENGTH..]);
            return Ok((frame, physical));
        };
        let mut sealed = Vec::with_capacity(frame.len() + OVERHEAD);
        sealed.resize(HEADER_LENGTH, 0);
        self.cipher
            .seal(key, &self.place(sequence), randomness, &frame[HEADER_LENGTH..], &mut sealed)
            .map_err(|source| LedgerError::Encryption { sequence, source })?;
        let physical = body::physical(codec, &sealed[HEADER_LENGTH..]);
        Ok((sealed, Physical { cipher: CIPHER_XCHACHA, key, ..physical }))
    }

    /// Stored bytes in the clear.
    pub(super) fn open<'b>(
        self,
        header: &FrameHeader,
        stored: &'b [u8],
    ) -> Result<Cow<'b, [u8]>, NoBody> {
        let key = header.physical.key;
        match header.physical.cipher {
            CIPHER_NONE if self.refuses(header) => Err(NoBody::InTheClear),
            CIPHER_NONE => Ok(Cow::Borrowed(stored)),
            CIPHER_XCHACHA => {
                let place = self.place(header.logical.sequence);
                match self.cipher.open(key, &place, stored) {
                    Ok(plain) => Ok(Cow::Owned(plain)),
                    Err(CipherError::UnknownKey(key)) => Err(NoBody::NoKey(key)),
                    Err(_) => Err(NoBody::DoesNotOpen),
                }
            }
            _ => Err(NoBody::Unknown),
        }
    }

    /// Whether a frame is in the clear where none may be: a workspace is encrypted from its first
    /// commit on or never.
    pub(super) fn refuses(self, header: &FrameHeader) -> bool {
        header.physical.cipher == CIPHER_NONE && self.cipher.current_key().is_some()
    }
}
