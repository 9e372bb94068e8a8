//! Damage to bytes, of the kinds that disks, copies and hands cause; the same for the same seed.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// A kind of damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// The end is gone.
    Truncated,
    /// One bit is another.
    Flipped,
    /// A block stands in place of another, too.
    Duplicated,
    /// Two blocks have changed places.
    Swapped,
}

impl Harm {
    /// Every kind.
    pub const ALL: [Harm; 4] = [Harm::Truncated, Harm::Flipped, Harm::Duplicated, Harm::Swapped];

    /// Chance that repeats itself for the same seed.
    pub fn chance(seed: u64) -> ChaCha20Rng {
        ChaCha20Rng::seed_from_u64(seed)
    }

    /// Damages the bytes somewhere, so that they are others than before; gives the ranges of the
    /// original that are touched.
    pub fn strike(
        self,
        bytes: &mut Vec<u8>,
        chance: &mut ChaCha20Rng,
    ) -> Vec<std::ops::Range<usize>> {
        let before = bytes.clone();
        loop {
            let touched = self.strike_once(bytes, chance);
            if *bytes != before {
                return touched;
            }
        }
    }

    fn strike_once(
        self,
        bytes: &mut Vec<u8>,
        chance: &mut ChaCha20Rng,
    ) -> Vec<std::ops::Range<usize>> {
        let length = bytes.len();
        match self {
            Harm::Truncated => {
                let end = chance.random_range(0..length);
                bytes.truncate(end);
                std::iter::once(end..length).collect()
            }
            Harm::Flipped => {
                let at = chance.random_range(0..length);
                bytes[at] ^= 1 << chance.random_range(0..8);
                std::iter::once(at..at + 1).collect()
            }
            Harm::Duplicated | Harm::Swapped => {
                let size = 1_usize << chance.random_range(6..13);
                let size = size.min(length / 2).max(1);
                let [one, other] = [0, 1].map(|_| chance.random_range(0..=length - size));
                let (one, other) = (one..one + size, other..other + size);
                if one.start < other.end && other.start < one.end {
                    return Vec::new();
                }
                let [first, second] = [bytes[one.clone()].to_vec(), bytes[other.clone()].to_vec()];
                bytes[other.clone()].copy_from_slice(&first);
                if self == Harm::Duplicated {
                    return std::iter::once(other).collect();
                }
                bytes[one.clone()].copy_from_slice(&second);
                vec![one, other]
            }
        }
    }
}
