//! How many true matches lie below the review threshold, where nobody is asked.
//!
//! The way: a run that learns shows its candidates to a [`Sampler`] → it draws some at random, those of
//! higher bands of score more often → people are asked about them as about any other pair → [`mod@estimate`]
//! weighs each answer by how unlikely it was to be drawn, and says how many there are, and between which
//! bounds.
//!
//! Pairs that no key brings together are no candidates. [`Search`] draws records at random and compares each with every
//! other; people are asked about what lies near, and [`mod@beyond`] says how many joins that leaves out.
//!
//! Of candidates only the [`BANDS`] bands of [`BAND`] thousandths of a bit right under the threshold are drawn from. What lies lower is
//! not asked about: what the model expects there is told beside the estimate, and is not proved.

mod beyond;
mod draw;
mod estimate;

pub use beyond::{Near, Search, Searched};
pub use draw::{Drawn, Population, Sample, Sampler};
pub use estimate::{Beyond, Estimate, Look, beyond, estimate};

/// How many bands there are.
pub const BANDS: usize = 5;
/// How wide each is, in thousandths of a bit.
pub const BAND: i32 = 2_000;
/// How often a pair of each band is drawn beside one of the lowest, from the highest down.
const SIZES: [f64; BANDS] = [16.0, 8.0, 4.0, 2.0, 1.0];
