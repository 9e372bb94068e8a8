//! Keyed 64-bit fingerprints: tell whether a value changed without holding the value.

use std::hash::Hasher;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The first 64 bits of a keyed BLAKE3 hash. Without the key it says nothing about the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fingerprint(pub u64);

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = compact_str::CompactString::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map(Fingerprint).map_err(serde::de::Error::custom)
    }
}

/// A hasher for keys that are hashes already: hashing them again would only cost time.
#[derive(Debug, Default)]
pub struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// Makes fingerprints under one workspace's key.
#[derive(Clone)]
pub struct Fingerprinter {
    key: [u8; 32],
}

impl Fingerprinter {
    /// A maker under `key`.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The fingerprint of a list of texts; where one text ends and the next begins matters.
    #[must_use]
    pub fn of<'a>(&self, parts: impl IntoIterator<Item = &'a str>) -> Fingerprint {
        first_bits(&blake3::keyed_hash(&self.key, &joined(parts)))
    }

    /// A key of the same workspace for another purpose: it tells nothing of this one, nor of any fingerprint.
    #[must_use]
    pub fn key_for(&self, purpose: &str) -> [u8; 32] {
        blake3::derive_key(purpose, &self.key)
    }
}

/// Makes fingerprints of lists that begin alike: what they begin with is hashed once.
#[derive(Clone)]
pub struct Beginning {
    hasher: blake3::Hasher,
}

impl Fingerprinter {
    /// For lists that begin with these texts.
    #[must_use]
    pub fn beginning_with<'a>(&self, parts: impl IntoIterator<Item = &'a str>) -> Beginning {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(&joined(parts));
        Beginning { hasher }
    }
}

impl Beginning {
    /// The fingerprint of the whole list, whose other texts these are.
    #[must_use]
    pub fn of<'a>(&self, parts: impl IntoIterator<Item = &'a str>) -> Fingerprint {
        let mut hasher = self.hasher.clone();
        hasher.update(&joined(parts));
        first_bits(&hasher.finalize())
    }
}

/// One text of many, to be hashed in one run: feeding a hasher many short ones takes twice as long.
fn joined<'a>(parts: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let mut text = Vec::with_capacity(512);
    for part in parts {
        text.extend_from_slice(&(part.len() as u64).to_le_bytes());
        text.extend_from_slice(part.as_bytes());
    }
    text
}

fn first_bits(hash: &blake3::Hash) -> Fingerprint {
    let mut first = [0; 8];
    first.copy_from_slice(&hash.as_bytes()[..8]);
    Fingerprint(u64::from_le_bytes(first))
}

impl std::fmt::Debug for Fingerprinter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fingerprinter")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_between_texts_matter_and_so_does_the_key() {
        let one = Fingerprinter::new([1; 32]);
        assert_ne!(one.of(["ab", "c"]), one.of(["a", "bc"]));
        assert_ne!(one.of(["a"]), Fingerprinter::new([2; 32]).of(["a"]));
        assert_eq!(one.of(["a"]), one.of(["a"]));
        let long = "x".repeat(3000);
        for rest in [&["b", "c"][..], &[], &[&long]] {
            let whole = ["a", &long].into_iter().chain(rest.iter().copied());
            assert_eq!(one.beginning_with(["a", &long]).of(rest.iter().copied()), one.of(whole));
        }
    }
}
