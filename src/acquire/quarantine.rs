//! Rows put aside whole, and the keys seen so far.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::BuildHasherDefault;

use crate::domain::fingerprint::AlreadyHashed;
use crate::domain::{QuarantineReason, QuarantinedRow};

use super::ROW_LIMIT;
use super::encoding::Encoding;
use super::lines::{Line, without_line_end};

/// Puts a row aside.
pub(super) fn put_aside(line: Line, reason: QuarantineReason) -> QuarantinedRow {
    let bytes = line.bytes.filter(|_| line.is_bad).map(|bytes| in_hexadecimal(&bytes));
    let mut text = line.text;
    text.truncate(without_line_end(&text).len());
    QuarantinedRow { line: line.number, reason, text, bytes }
}

/// What is wrong with the row before its cells are looked at.
pub(super) fn reason_of_line(line: &Line, encoding: Encoding) -> Option<QuarantineReason> {
    if line.is_too_long {
        Some(QuarantineReason::TooLong { limit: ROW_LIMIT })
    } else if line.is_bad {
        Some(QuarantineReason::BadEncoding { encoding: encoding.name().to_owned() })
    } else {
        None
    }
}

fn in_hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The keys of a file's rows, as 64-bit hashes: two different keys fall together once in 4 million
/// files of 3 million rows.
#[derive(Default)]
pub(super) struct SeenKeys(HashMap<u64, u64, BuildHasherDefault<AlreadyHashed>>);

impl SeenKeys {
    /// Notes that `key` stands in `line`, unless it stood somewhere before: then that line.
    pub fn note(&mut self, key: &str, line: u64) -> Option<u64> {
        let mut first = [0; 8];
        first.copy_from_slice(&blake3::hash(key.as_bytes()).as_bytes()[..8]);
        match self.0.entry(u64::from_le_bytes(first)) {
            Entry::Occupied(entry) => Some(*entry.get()),
            Entry::Vacant(entry) => {
                entry.insert(line);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_key_names_the_first_line() {
        let mut keys = SeenKeys::default();
        assert_eq!(keys.note("a", 2), None);
        assert_eq!(keys.note("b", 3), None);
        assert_eq!(keys.note("a", 9), Some(2));
        assert_eq!(keys.note("a", 10), Some(2));
    }

    #[test]
    fn bytes_are_written_as_two_digits_each() {
        assert_eq!(in_hexadecimal(&[0x00, 0x0a, 0xff]), "000aff");
    }
}
