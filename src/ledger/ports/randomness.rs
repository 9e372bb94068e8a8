//! Chance: salts, ids, keys.

use std::sync::Mutex;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// Fills buffers with unpredictable bytes.
pub trait Randomness: Send + Sync {
    /// Fills the whole buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// A cryptographic generator seeded by the operating system.
#[derive(Debug)]
pub struct SystemRandomness(Mutex<ChaCha20Rng>);

impl SystemRandomness {
    /// A generator with a fresh seed.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn new() -> std::io::Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(std::io::Error::other)?;
        Ok(Self(Mutex::new(ChaCha20Rng::from_seed(seed))))
    }
}

impl Randomness for SystemRandomness {
    fn fill(&self, buffer: &mut [u8]) {
        let mut generator = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        generator.fill_bytes(buffer);
    }
}

/// A generator that repeats itself for the same seed.
#[derive(Debug)]
pub struct SimulatedRandomness(Mutex<ChaCha20Rng>);

impl SimulatedRandomness {
    /// The generator of that seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }
}

impl Randomness for SimulatedRandomness {
    fn fill(&self, buffer: &mut [u8]) {
        let mut generator = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        generator.fill_bytes(buffer);
    }
}
