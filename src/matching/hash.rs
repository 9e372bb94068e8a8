//! Fast, fixed 64-bit hashes of texts and numbers: the same on every machine and in every run.
//!
//! They only sort and group inside one process and never leave it; what is stored are keyed
//! fingerprints.

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// Folds `value` into `state`.
#[inline]
pub(crate) fn mix(state: u64, value: u64) -> u64 {
    let mut mixed = (state ^ value).wrapping_mul(MULTIPLIER);
    mixed ^= mixed >> 32;
    mixed = mixed.wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed ^ (mixed >> 29)
}

/// The hash of a text under a seed.
#[inline]
pub(crate) fn text(seed: u64, text: &str) -> u64 {
    let mut state = mix(seed, text.len() as u64);
    for chunk in text.as_bytes().chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        state = mix(state, u64::from_le_bytes(word));
    }
    state
}

/// A blocking key of 32 bits that is never 0: 0 means "no key".
#[inline]
pub(crate) fn key(hash: u64) -> u32 {
    ((hash >> 32) as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_in_length_or_order_differ() {
        assert_ne!(text(0, "ab"), text(0, "ba"));
        assert_ne!(text(0, "a"), text(0, "a\0"));
        assert_ne!(text(0, "a"), text(1, "a"));
        assert_eq!(text(7, "schmidt"), text(7, "schmidt"));
    }
}
