//! One activity as it is sorted and counted.

use crate::block::Entry;
use crate::bytes;
use domain::{ActivityKind, Amount, Currency, StreamName};

/// An activity, without its texts. Rows are ordered by who was named, then by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    /// Who was named: a number of the log's own.
    pub subject: u32,
    /// When, in microseconds since 1970 in UTC.
    pub at: i64,
    /// Its place among all that was ever recorded, from 0.
    pub ordinal: u32,
    /// What it is: a number of the log's own.
    pub class: u32,
    /// How much, in ten-thousandths; 0 where its class has no sum.
    pub amount: i64,
}

/// What many activities have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class {
    /// The stream.
    pub stream: StreamName,
    /// The kind.
    pub kind: ActivityKind,
    /// Minutes east of UTC, where that is known.
    pub offset: Option<i16>,
    /// Whether nothing but the day is known.
    pub is_day: bool,
    /// Whether there is a sum, and its currency where that is known.
    pub money: Option<Option<Currency>>,
}

impl Row {
    /// How much, where its class has a sum.
    #[must_use]
    pub fn amount_of(&self, class: &Class) -> Option<Amount> {
        class.money.map(|_| Amount(self.amount))
    }
}

const SECOND: i64 = 1_000_000;
const CENT: i64 = 100;

/// The largest unit in which all numbers are whole.
fn unit(numbers: impl Iterator<Item = i64>, large: i64) -> i64 {
    let mut numbers = numbers;
    if numbers.all(|number| number % large == 0) { large } else { 1 }
}

impl Entry for Row {
    fn encode(rows: &[Row], into: &mut Vec<u8>) {
        let mut before = 0;
        for row in rows {
            bytes::put(u64::from(row.subject - before), into);
            before = row.subject;
        }
        let second = unit(rows.iter().map(|row| row.at), SECOND);
        bytes::put(second.cast_unsigned(), into);
        let mut before = 0;
        for row in rows {
            let at = row.at / second;
            bytes::put_signed(at.wrapping_sub(before), into);
            before = at;
        }
        let ordinals: Vec<u64> = rows.iter().map(|row| u64::from(row.ordinal)).collect();
        bytes::put_near(&ordinals, into);
        rows.iter().for_each(|row| bytes::put(u64::from(row.class), into));
        let cent = unit(rows.iter().map(|row| row.amount), CENT);
        bytes::put(cent.cast_unsigned(), into);
        rows.iter().for_each(|row| bytes::put_signed(row.amount / cent, into));
    }

    fn decode(mut from: &[u8], count: usize) -> Option<Vec<Row>> {
        let from = &mut from;
        let empty = Row { subject: 0, at: 0, ordinal: 0, class: 0, amount: 0 };
        let mut rows = vec![empty; count];
        let mut before = 0u32;
        for row in &mut rows {
            before = before.checked_add(bytes::take_u32(from)?)?;
            row.subject = before;
        }
        let second = bytes::take(from)?.cast_signed();
        let mut before = 0i64;
        for row in &mut rows {
            before = before.wrapping_add(bytes::take_signed(from)?);
            row.at = before.checked_mul(second)?;
        }
        for (row, ordinal) in rows.iter_mut().zip(bytes::take_near(from, count)?) {
            row.ordinal = u32::try_from(ordinal).ok()?;
        }
        for row in &mut rows {
            row.class = bytes::take_u32(from)?;
        }
        let cent = bytes::take(from)?.cast_signed();
        for row in &mut rows {
            row.amount = bytes::take_signed(from)?.checked_mul(cent)?;
        }
        from.is_empty().then_some(rows)
    }
}
