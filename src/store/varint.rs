//! Numbers in as few bytes as they need: seven bits a byte, the lowest first (LEB128).

/// Appends a number.
pub(super) fn write(mut number: u64, into: &mut Vec<u8>) {
    while number > 0x7f {
        into.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

/// Takes a number off the front; none where there is none.
pub(super) fn read(from: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = from.split_first()?;
        *from = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// As [`read`]; none, too, for a number that is too large.
pub(super) fn read_u32(from: &mut &[u8]) -> Option<u32> {
    u32::try_from(read(from)?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_come_back_one_after_the_other(numbers in prop::collection::vec(any::<u64>(), 0..9)) {
            let mut bytes = Vec::new();
            numbers.iter().for_each(|number| write(*number, &mut bytes));
            let mut rest = bytes.as_slice();
            for number in numbers {
                prop_assert_eq!(read(&mut rest), Some(number));
            }
            prop_assert_eq!((rest, read(&mut rest)), (&[][..], None));
        }
    }

    #[test]
    fn small_numbers_take_a_byte_and_endless_ones_are_none() {
        let mut bytes = Vec::new();
        write(127, &mut bytes);
        write(128, &mut bytes);
        assert_eq!(bytes, [127, 128, 1]);
        assert_eq!(read(&mut &[0x80; 11][..]), None);
    }
}
