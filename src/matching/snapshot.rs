//! Columns as bytes, and back: the values of all records as they were before a run, so that the
//! next one need not read them again.
//!
//! Pieces of at most [`PIECE`] bytes: a tag, then a part of one column or of one pool of texts, all
//! numbers little-endian. Who keeps them sees to it that they come back as they were; what comes
//! back is looked through all the same, so that nothing here can be wrong without a notice.

use rayon::prelude::*;

use domain::RecordId;
use settings::Settings;

use super::columns::{ColumnsBuilder, ValueId};
use super::interner::{Interner, Pool};
use super::layout::{Aspect, Layout};
use super::portrait::Kind;

/// Bytes of the longest piece, its tag not counted.
pub const PIECE: usize = 1 << 20;

/// To be raised with every change of what [`Portrait`](super::portrait::Portrait) reads from a
/// record, or of the pieces: columns of another recipe are made again.
const RECIPE: u32 = 11;

const RECORDS: u8 = 1;
const CONTENTS: u8 = 2;
const KINDS: u8 = 3;
const BEARERS: u8 = 4;
const VALUES: u8 = 5;
const NEARS: u8 = 6;
/// Tags from here on are of the pools' texts, by aspect.
const TEXTS: u8 = 0x20;
/// Tags from here on are of the pools' ends, by aspect.
const ENDS: u8 = 0x40;

/// What columns are made of besides records: they are of use only where it is the same.
#[must_use]
pub fn recipe(settings: &Settings) -> String {
    format!("{} {RECIPE} {:?}", env!("CARGO_PKG_VERSION"), Layout::new(settings))
}

impl ColumnsBuilder {
    /// How many pieces there are.
    #[must_use]
    pub fn pieces(&self) -> usize {
        let count = self.order.len();
        let columns = [4 * count, 4 * self.values.len(), 8 * count, 8 * count, count, count];
        let pools = self.pools.iter().map(Interner::pool);
        let pools = pools.flat_map(|pool| [pool.bytes().len(), 4 * pool.ends().len()]);
        columns.into_iter().chain(pools).map(|bytes| bytes.div_ceil(PIECE)).sum()
    }

    /// Hands what there is on, piece by piece.
    ///
    /// # Errors
    /// What `put` says.
    pub fn write<E>(&self, mut put: impl FnMut(Vec<u8>) -> Result<(), E>) -> Result<(), E> {
        let mut words = |tag, words: &mut dyn Iterator<Item = u32>| {
            pieces(tag, words.flat_map(u32::to_le_bytes), &mut put)
        };
        words(RECORDS, &mut self.order.iter().map(|(.., record, _)| record.0))?;
        words(VALUES, &mut self.values.iter().copied())?;
        let nears = self.order.iter().flat_map(|(near, ..)| near.to_le_bytes());
        pieces(NEARS, nears, &mut put)?;
        let contents = self.order.iter().flat_map(|(_, content, ..)| content.to_le_bytes());
        pieces(CONTENTS, contents, &mut put)?;
        pieces(KINDS, self.kinds.iter().map(|(kind, _)| *kind as u8), &mut put)?;
        pieces(BEARERS, self.kinds.iter().map(|(_, bearer)| *bearer), &mut put)?;
        for (number, pool) in (0..).zip(self.pools.iter().map(Interner::pool)) {
            for bytes in pool.bytes().chunks(PIECE) {
                let mut piece = vec![TEXTS + number];
                piece.extend_from_slice(bytes);
                put(piece)?;
            }
            let ends = pool.ends().iter().copied().flat_map(u32::to_le_bytes);
            pieces(ENDS + number, ends, &mut put)?;
        }
        Ok(())
    }
}

/// Hands bytes on in pieces under one tag.
fn pieces<E>(
    tag: u8,
    bytes: impl Iterator<Item = u8>,
    put: &mut impl FnMut(Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    let mut piece = vec![tag];
    for byte in bytes {
        piece.push(byte);
        if piece.len() > PIECE {
            put(std::mem::replace(&mut piece, vec![tag]))?;
        }
    }
    if piece.len() > 1 { put(piece) } else { Ok(()) }
}

/// Takes pieces in and makes a builder of them.
pub struct SnapshotReader {
    layout: Layout,
    records: Vec<RecordId>,
    nears: Vec<u64>,
    contents: Vec<u64>,
    kinds: Vec<Kind>,
    bearers: Vec<u8>,
    values: Vec<ValueId>,
    texts: Vec<Vec<u8>>,
    ends: Vec<Vec<u32>>,
}

impl SnapshotReader {
    /// For columns of a workspace with these settings.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            layout: Layout::new(settings),
            records: Vec::new(),
            nears: Vec::new(),
            contents: Vec::new(),
            kinds: Vec::new(),
            bearers: Vec::new(),
            values: Vec::new(),
            texts: vec![Vec::new(); Aspect::ALL.len()],
            ends: vec![Vec::new(); Aspect::ALL.len()],
        }
    }

    /// Takes the next piece in; `None` where it is none.
    #[must_use]
    pub fn take(&mut self, piece: &[u8]) -> Option<()> {
        let (tag, bytes) = piece.split_first()?;
        match *tag {
            RECORDS => self.records.extend(words(bytes)?.map(RecordId)),
            VALUES => self.values.extend(words(bytes)?),
            NEARS => self.nears.extend(longs(bytes)?),
            CONTENTS => self.contents.extend(longs(bytes)?),
            BEARERS => self.bearers.extend_from_slice(bytes),
            KINDS => {
                for byte in bytes {
                    let kinds = [Kind::Person, Kind::Organisation];
                    self.kinds.push(*kinds.iter().find(|kind| **kind as u8 == *byte)?);
                }
            }
            tag if tag >= ENDS => {
                self.ends.get_mut(usize::from(tag - ENDS))?.extend(words(bytes)?);
            }
            tag => {
                let number = usize::from(tag.checked_sub(TEXTS)?);
                self.texts.get_mut(number)?.extend_from_slice(bytes);
            }
        }
        Some(())
    }

    /// The builder that was written; `None` where these pieces are not all of one, or fit nowhere.
    #[must_use]
    pub fn finish(self) -> Option<ColumnsBuilder> {
        let pools: Option<Vec<Pool>> = self
            .texts
            .into_iter()
            .zip(self.ends)
            .map(|(texts, ends)| Pool::of_parts(texts, ends))
            .collect();
        let pools: Vec<Interner> = pools?.into_par_iter().map(Interner::over).collect();
        let count = self.records.len();
        let mut builder = ColumnsBuilder::of_layout(self.layout);
        builder.pools = pools;
        let lengths = [self.nears.len(), self.contents.len(), self.kinds.len(), self.bearers.len()];
        if lengths.iter().any(|length| *length != count)
            || self.values.len() != count * builder.width()
        {
            return None;
        }
        let places = self.nears.into_iter().zip(self.contents).zip(self.records).zip(0..);
        builder.order =
            places.map(|(((near, content), record), at)| (near, content, record, at)).collect();
        builder.kinds = self.kinds.into_iter().zip(self.bearers).collect();
        builder.values = self.values;
        builder.settle_as_they_stand();
        builder.values_are_known().then_some(builder)
    }
}

fn words(bytes: &[u8]) -> Option<impl Iterator<Item = u32>> {
    let (words, rest) = bytes.as_chunks::<4>();
    rest.is_empty().then(|| words.iter().map(|word| u32::from_le_bytes(*word)))
}

fn longs(bytes: &[u8]) -> Option<impl Iterator<Item = u64>> {
    let (longs, rest) = bytes.as_chunks::<8>();
    rest.is_empty().then(|| longs.iter().map(|long| u64::from_le_bytes(*long)))
}
