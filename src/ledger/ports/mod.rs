//! The outside world behind traits, so that time, chance and disks can be simulated.
//!
//! Lives here: for each port the trait, the real one and the simulated one.
//!
//! Does not live here: policy. A port does what it is told.

pub mod cipher;
pub mod clock;
pub mod files;
pub mod own;
pub mod randomness;
pub mod secrets;
pub mod simulated_files;

pub use cipher::Cipher;
pub use clock::Clock;
pub use files::Files;
pub use randomness::Randomness;
pub use secrets::Secrets;
