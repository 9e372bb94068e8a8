//! Numbers as bytes: what is small is short.

/// Appends a number in groups of seven bits, the lowest first.
pub(crate) fn put(mut number: u64, into: &mut Vec<u8>) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

/// Appends a number that may be negative.
pub(crate) fn put_signed(number: i64, into: &mut Vec<u8>) {
    put(((number << 1) ^ (number >> 63)).cast_unsigned(), into);
}

/// Appends bytes with their length.
pub(crate) fn put_bytes(bytes: &[u8], into: &mut Vec<u8>) {
    put(bytes.len() as u64, into);
    into.extend_from_slice(bytes);
}

/// Takes such a number from the front; none where there is none.
pub(crate) fn take(from: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for (place, byte) in from.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            *from = &from[place + 1..];
            return Some(number);
        }
    }
    None
}

/// Takes a number that may be negative.
pub(crate) fn take_signed(from: &mut &[u8]) -> Option<i64> {
    let number = take(from)?;
    Some((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
}

/// Takes a number that a `u32` holds.
pub(crate) fn take_u32(from: &mut &[u8]) -> Option<u32> {
    u32::try_from(take(from)?).ok()
}

/// Takes bytes with their length.
pub(crate) fn take_bytes<'b>(from: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = usize::try_from(take(from)?).ok()?;
    let (bytes, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(bytes)
}

/// Appends numbers that lie near each other: the least of them, then for each as many bytes as the largest
/// distance from it needs, all lowest bytes first.
pub(crate) fn put_near(numbers: &[u64], into: &mut Vec<u8>) {
    let least = numbers.iter().copied().min().unwrap_or_default();
    let most = numbers.iter().copied().max().unwrap_or_default();
    let width = (u64::BITS - (most - least).leading_zeros()).div_ceil(8);
    put(least, into);
    into.push(width as u8);
    for place in 0..width {
        into.extend(numbers.iter().map(|number| ((number - least) >> (8 * place)) as u8));
    }
}

/// Takes so many of them.
pub(crate) fn take_near(from: &mut &[u8], count: usize) -> Option<Vec<u64>> {
    let least = take(from)?;
    let (width, rest) = from.split_first()?;
    *from = rest;
    let mut numbers = vec![0u64; count];
    for place in 0..u32::from(*width) {
        let (bytes, rest) = from.split_at_checked(count)?;
        *from = rest;
        for (number, byte) in numbers.iter_mut().zip(bytes) {
            *number |= u64::from(*byte).checked_shl(8 * place)?;
        }
    }
    numbers.iter_mut().for_each(|number| *number = number.wrapping_add(least));
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(one: u64, two: i64, near in prop::collection::vec(any::<u64>(), 0..50)) {
            let mut bytes = Vec::new();
            put(one, &mut bytes);
            put_signed(two, &mut bytes);
            put_near(&near, &mut bytes);
            put_bytes(b"text", &mut bytes);
            let mut from = &bytes[..];
            prop_assert_eq!(take(&mut from), Some(one));
            prop_assert_eq!(take_signed(&mut from), Some(two));
            prop_assert_eq!(take_near(&mut from, near.len()), Some(near));
            prop_assert_eq!(take_bytes(&mut from), Some(&b"text"[..]));
            prop_assert!(from.is_empty() && take(&mut from).is_none());
        }

        #[test]
        fn bytes_of_any_kind_are_read_without_harm(bytes: Vec<u8>) {
            let mut from = &bytes[..];
            let _ = (take_bytes(&mut from), take_near(&mut from, 3), take_signed(&mut from));
        }
    }
}
