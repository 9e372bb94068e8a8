//! The log as pieces of bytes, to be kept beside the ledger: reading ten million activities from there is a
//! fraction of the work of reading the ledger.

use compact_str::CompactString;

use crate::block::{Block, Entry};
use crate::bytes;
use crate::log::{Log, Withdrawal};
use crate::row::Class;
use domain::{ActivityKind, Currency, ImportId, Sequence, StreamName};

const ABOUT: u8 = 0;
const PART: u8 = 1;
const SUBJECTS: u8 = 2;
const ROWS: u8 = 3;
const KEYS: u8 = 4;
const DEAD: u8 = 5;
const WITHDRAWN: u8 = 6;
/// Who was named, in one piece.
const SUBJECTS_TOGETHER: u32 = 16_384;
const WORDS_TOGETHER: usize = 65_536;
const KEYS_TOGETHER: usize = 65_536;

impl Log {
    /// To be raised when pieces look otherwise or mean something else.
    pub const RECIPE: u32 = 1;

    /// How many pieces there are, once it is settled.
    #[must_use]
    pub fn pieces(&self) -> usize {
        let subjects = self.subjects.len().div_ceil(SUBJECTS_TOGETHER) as usize;
        let dead = self.dead.words().len().div_ceil(WORDS_TOGETHER);
        let withdrawn: usize =
            self.withdrawals.iter().map(|it| it.keys.len().div_ceil(KEYS_TOGETHER).max(1)).sum();
        let blocks = self.rows.blocks().count() + self.keys.blocks().count();
        1 + self.parts.all().len() + subjects + blocks + dead + withdrawn
    }

    /// Hands what there is on, piece by piece.
    ///
    /// # Errors
    /// What `put` says.
    pub fn write<E>(&self, mut put: impl FnMut(Vec<u8>) -> Result<(), E>) -> Result<(), E> {
        put(self.about())?;
        for part in self.parts.all() {
            let mut piece = vec![PART];
            part.put(&mut piece);
            put(piece)?;
        }
        let count = self.subjects.len();
        for from in (0..count).step_by(SUBJECTS_TOGETHER as usize) {
            let mut piece = vec![SUBJECTS];
            self.subjects.put(from..count.min(from + SUBJECTS_TOGETHER), &mut piece);
            put(piece)?;
        }
        write_runs(ROWS, self.rows.runs(), &mut put)?;
        write_runs(KEYS, self.keys.runs(), &mut put)?;
        for words in self.dead.words().chunks(WORDS_TOGETHER) {
            let mut piece = vec![DEAD];
            words.iter().for_each(|word| piece.extend_from_slice(&word.to_le_bytes()));
            put(piece)?;
        }
        for it in &self.withdrawals {
            let head = |keys: usize| {
                let mut piece = vec![WITHDRAWN];
                bytes::put(u64::from(it.import.0), &mut piece);
                bytes::put(it.by.map_or(0, |by| u64::from(by.0) + 1), &mut piece);
                bytes::put(u64::from(it.until), &mut piece);
                bytes::put(keys as u64, &mut piece);
                piece
            };
            if it.keys.is_empty() {
                put(head(0))?;
            }
            for (place, keys) in it.keys.chunks(KEYS_TOGETHER).enumerate() {
                let mut piece = head(1 + place);
                keys.iter().for_each(|key| piece.extend_from_slice(&key.to_le_bytes()));
                put(piece)?;
            }
        }
        Ok(())
    }

    fn about(&self) -> Vec<u8> {
        let mut piece = vec![ABOUT];
        bytes::put(self.head.map_or(0, |head| head.0 + 1), &mut piece);
        bytes::put(self.streams.len() as u64, &mut piece);
        let streams = self.streams.iter();
        streams.for_each(|stream| bytes::put_bytes(stream.as_str().as_bytes(), &mut piece));
        for class in &self.classes {
            bytes::put_bytes(class.stream.as_str().as_bytes(), &mut piece);
            bytes::put_bytes(class.kind.as_str().as_bytes(), &mut piece);
            bytes::put_signed(class.offset.map_or(i64::MIN, i64::from), &mut piece);
            piece.push(u8::from(class.is_day));
            let money = class
                .money
                .map(|currency| currency.map_or(CompactString::default(), |it| it.as_str().into()));
            piece.push(u8::from(money.is_some()));
            bytes::put_bytes(money.unwrap_or_default().as_bytes(), &mut piece);
        }
        piece
    }

    /// Takes a piece in; none where it makes no sense.
    pub fn take(&mut self, piece: &[u8]) -> Option<()> {
        let (tag, mut from) = piece.split_first()?;
        match *tag {
            ABOUT => self.take_about(from),
            PART => self.parts.take(from),
            SUBJECTS => self.subjects.take(from),
            ROWS => {
                let run = usize::try_from(bytes::take(&mut from)?).ok()?;
                self.rows.take_block(run, Block::take(from)?)
            }
            KEYS => {
                let run = usize::try_from(bytes::take(&mut from)?).ok()?;
                self.keys.take_block(run, Block::take(from)?)
            }
            DEAD => {
                let words = from.chunks_exact(8);
                words.remainder().is_empty().then_some(())?;
                for word in words {
                    self.dead.push_word(u64::from_le_bytes(word.try_into().ok()?));
                }
                Some(())
            }
            WITHDRAWN => self.take_withdrawn(from),
            _ => None,
        }
    }

    fn take_withdrawn(&mut self, mut from: &[u8]) -> Option<()> {
        let import = ImportId(bytes::take_u32(&mut from)?);
        let by = bytes::take_u32(&mut from)?.checked_sub(1).map(ImportId);
        let until = bytes::take_u32(&mut from)?;
        let place = bytes::take(&mut from)?;
        if place <= 1 {
            self.withdrawals.push(Withdrawal { import, by, until, keys: Vec::new() });
        }
        let keys = &mut self.withdrawals.last_mut()?.keys;
        for key in from.chunks(8) {
            keys.push(u64::from_le_bytes(key.try_into().ok()?));
        }
        Some(())
    }

    fn take_about(&mut self, mut from: &[u8]) -> Option<()> {
        let from = &mut from;
        let text = |from: &mut &[u8]| {
            std::str::from_utf8(bytes::take_bytes(from)?).ok().map(CompactString::from)
        };
        self.head = bytes::take(from)?.checked_sub(1).map(Sequence);
        for _ in 0..bytes::take(from)? {
            self.streams.push(StreamName::new(text(from)?));
        }
        while !from.is_empty() {
            let stream = StreamName::new(text(from)?);
            let kind = ActivityKind::new(&text(from)?)?;
            let offset = match bytes::take_signed(from)? {
                i64::MIN => None,
                offset => Some(i16::try_from(offset).ok()?),
            };
            let ([is_day, has_money], rest) = from.split_first_chunk()?;
            let (is_day, has_money) = (*is_day == 1, *has_money == 1);
            *from = rest;
            let currency = text(from)?;
            let currency = match currency.is_empty() {
                true => None,
                false => Some(Currency::parse(&currency)?),
            };
            let money = has_money.then_some(currency);
            self.classes.push(Class { stream, kind, offset, is_day, money });
        }
        Some(())
    }
}

fn write_runs<T: Entry, E>(
    tag: u8,
    runs: &[Vec<Block<T>>],
    put: &mut impl FnMut(Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    for (run, blocks) in runs.iter().enumerate() {
        for block in blocks {
            let mut piece = vec![tag];
            bytes::put(run as u64, &mut piece);
            block.put(&mut piece);
            put(piece)?;
        }
    }
    Ok(())
}
