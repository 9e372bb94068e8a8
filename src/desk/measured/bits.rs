//! Which customers are in something: one bit each.

/// A set of small numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    pub(super) fn set(&mut self, number: u32, is_in: bool) {
        let (word, bit) = (number as usize / 64, 1 << (number % 64));
        if is_in {
            if self.0.len() <= word {
                self.0.resize(word + 1, 0);
            }
            self.0[word] |= bit;
        } else if let Some(word) = self.0.get_mut(word) {
            *word &= !bit;
        }
    }

    pub(super) fn has(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|word| word & 1 << (number % 64) != 0)
    }

    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    pub(super) fn in_both(&self, other: &Bits) -> u64 {
        self.0.iter().zip(&other.0).map(|(one, other)| u64::from((one & other).count_ones())).sum()
    }

    /// All of them, ascending.
    pub(super) fn all(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().zip(0u32..).flat_map(|(word, at)| {
            (0..64).filter(move |bit| word & 1 << bit != 0).map(move |bit| at * 64 + bit)
        })
    }

    /// More than any of them.
    #[cfg(test)]
    pub(super) fn end(&self) -> u32 {
        self.0.len() as u32 * 64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_what_was_put_in() {
        let mut bits = Bits::default();
        bits.set(200, false);
        for number in [0, 63, 64, 130] {
            bits.set(number, true);
        }
        bits.set(63, false);
        assert_eq!(bits.all().collect::<Vec<_>>(), [0, 64, 130]);
        assert_eq!(
            (bits.count(), bits.has(64), bits.has(63), bits.has(9999)),
            (3, true, false, false)
        );
        let mut other = Bits::default();
        other.set(64, true);
        assert_eq!((bits.in_both(&other), other.in_both(&bits)), (1, 1));
    }
}
