//! The index as pieces of bytes, to be kept beside the ledger: reading a million records' names from
//! there is a hundredth of the work of reading the ledger.
//!
//! A piece is a tag and then a part of one array, whole elements, numbers with their lowest byte
//! first. Which letters a text holds follows from the text and is not kept.

use super::index::{Index, IndexedTask, Place, letters};
use crate::derived_file::LONGEST_PIECE;
use domain::{CustomerId, FieldType, RecordId, TaskId, TaskKind};
use settings::Settings;

/// To be raised when other texts are put into the index, or pieces look otherwise.
const RECIPE: u32 = 1;

/// Stands for no record and no customer.
const NONE: u32 = u32::MAX;

const TEXT: u8 = 0;
const PLACES: u8 = 1;
const CAPITALS: u8 = 2;
const CUSTOMERS: u8 = 3;
const FIRSTS: u8 = 4;
const TASKS: u8 = 5;
/// Each array with the bytes of one of its elements.
const ARRAYS: [(u8, usize); 6] =
    [(TEXT, 1), (PLACES, 7), (CAPITALS, 8), (CUSTOMERS, 4), (FIRSTS, 4), (TASKS, 14)];

/// How an index is made under these settings: one that was made otherwise is of no use.
pub(super) fn recipe(settings: &Settings) -> String {
    let fields: Vec<(&str, FieldType, bool)> = settings
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.field_type, field.sensitive))
        .collect();
    format!("{} {RECIPE} {fields:?}", env!("CARGO_PKG_VERSION"))
}

/// Elements of one piece.
fn together(width: usize) -> usize {
    (LONGEST_PIECE - 1) / width
}

impl Index {
    fn elements(&self, tag: u8) -> usize {
        match tag {
            TEXT => self.text.len(),
            PLACES => self.places.len(),
            CAPITALS => self.capitals.len(),
            CUSTOMERS => self.customer.len(),
            FIRSTS => self.first.len(),
            _ => self.tasks.len(),
        }
    }

    fn encode(&self, tag: u8, at: usize, into: &mut Vec<u8>) {
        match tag {
            TEXT => into.push(self.text[at]),
            PLACES => {
                let Place { start, shown, folded, name } = self.places[at];
                into.extend_from_slice(&start.to_le_bytes());
                into.extend_from_slice(&[shown, folded, name]);
            }
            CAPITALS => into.extend_from_slice(&self.capitals[at].to_le_bytes()),
            CUSTOMERS => into.extend_from_slice(&self.customer[at].to_le_bytes()),
            FIRSTS => into.extend_from_slice(&self.first[at].to_le_bytes()),
            _ => {
                let task = &self.tasks[at];
                let record = task.record.map_or(NONE, |record| record.0);
                let customer = task.customer.map_or(NONE, |customer| customer.0);
                for number in [task.id.0, record, customer] {
                    into.extend_from_slice(&number.to_le_bytes());
                }
                into.extend_from_slice(&[task.kind as u8, task.pending.into()]);
            }
        }
    }

    /// How many pieces there are.
    pub(super) fn pieces(&self) -> usize {
        let pieces = |(tag, width)| self.elements(tag).div_ceil(together(width));
        ARRAYS.into_iter().map(pieces).sum()
    }

    /// Hands what there is on, piece by piece.
    ///
    /// # Errors
    /// What `put` says.
    pub(super) fn write<E>(&self, mut put: impl FnMut(Vec<u8>) -> Result<(), E>) -> Result<(), E> {
        for (tag, width) in ARRAYS {
            let count = self.elements(tag);
            for from in (0..count).step_by(together(width)) {
                let upto = count.min(from + together(width));
                let mut piece = Vec::with_capacity(1 + (upto - from) * width);
                piece.push(tag);
                (from..upto).for_each(|at| self.encode(tag, at, &mut piece));
                put(piece)?;
            }
        }
        Ok(())
    }

    /// Takes a piece in; none where it makes no sense.
    pub(super) fn take(&mut self, piece: &[u8]) -> Option<()> {
        let (tag, bytes) = piece.split_first()?;
        let (_, width) = *ARRAYS.get(usize::from(*tag))?;
        (bytes.len() % width == 0).then_some(())?;
        let elements = bytes.chunks_exact(width);
        match *tag {
            TEXT => self.text.extend_from_slice(bytes),
            PLACES => self.places.extend(elements.map(|bytes| Place {
                start: word(bytes, 0),
                shown: bytes[4],
                folded: bytes[5],
                name: bytes[6],
            })),
            CAPITALS => self.capitals.extend(
                elements.map(|bytes| u64::from(word(bytes, 0)) | u64::from(word(bytes, 4)) << 32),
            ),
            CUSTOMERS => self.customer.extend(elements.map(|bytes| word(bytes, 0))),
            FIRSTS => self.first.extend(elements.map(|bytes| word(bytes, 0))),
            _ => {
                for bytes in elements {
                    self.tasks.push(task(bytes)?);
                }
            }
        }
        Some(())
    }

    /// Makes what is not kept, once all pieces are taken; none where they do not fit together.
    pub(super) fn complete(&mut self) -> Option<()> {
        let records = self.places.len();
        let fits = self.capitals.len() == records && self.customer.len() == records;
        let ascends = self.tasks.is_sorted_by_key(|task| task.id);
        (fits && ascends).then_some(())?;
        self.letters = (0..records).map(|record| letters(self.searched(record))).collect();
        Some(())
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn task(bytes: &[u8]) -> Option<IndexedTask> {
    let [id, record, customer] = [0, 4, 8].map(|at| word(bytes, at));
    let some = |number: u32| (number != NONE).then_some(number);
    Some(IndexedTask {
        id: TaskId(id),
        kind: TaskKind::ALL.into_iter().find(|kind| *kind as u8 == bytes[12])?,
        pending: bytes[13] == 1,
        record: some(record).map(RecordId),
        customer: some(customer).map(CustomerId),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(records: u32) -> Index {
        let mut index = Index::default();
        for number in 0..records {
            let name = if number % 3 == 0 { "Peña, José" } else { "Pace, Thomas" };
            index.put(RecordId(number), CustomerId(number + 1), name, &format!("crm:A{number}"));
        }
        index.belongs(RecordId(2), CustomerId(1));
        index.remove(RecordId(1));
        for (id, record, customer) in [(1, Some(2), None), (7, None, Some(1))] {
            index.put_task(IndexedTask {
                id: TaskId(id),
                kind: TaskKind::Challenge,
                pending: id == 7,
                record: record.map(RecordId),
                customer: customer.map(CustomerId),
            });
        }
        index
    }

    #[test]
    fn what_is_kept_is_what_was_there() {
        // Texts of more than one piece.
        let index = index(60_000);
        let mut pieces = Vec::new();
        let Ok(()) = index.write(|piece| {
            pieces.push(piece);
            Ok::<(), std::convert::Infallible>(())
        });
        assert_eq!(pieces.len(), index.pieces());
        assert!(pieces.len() > ARRAYS.len() && pieces.iter().all(|it| it.len() <= LONGEST_PIECE));
        let mut read = Index::default();
        pieces.iter().for_each(|piece| read.take(piece).unwrap());
        read.complete().unwrap();
        assert_eq!(format!("{:?}", read), format!("{:?}", index));
    }

    #[test]
    fn what_makes_no_sense_is_not_taken() {
        // A task of a kind that there is not.
        let unknown_kind = [&[TASKS][..], &[99; 14]].concat();
        for piece in [&[][..], &[9, 0], &[PLACES, 1, 2], &unknown_kind] {
            assert!(Index::default().take(piece).is_none(), "{piece:?}");
        }
        let mut short = Index::default();
        short.take(&[CAPITALS, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap();
        assert!(short.complete().is_none());
    }
}
