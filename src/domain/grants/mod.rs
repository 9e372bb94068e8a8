//! Merging that a person grants: the plain values that the ledger keeps about it.
//!
//! A [`Stratum`] says which joins belong together; a [`Census`] is the frozen list of one stratum's
//! joins at one matching run, in the order in which they are asked; a [`Grant`] is a person's leave to
//! make the joins of a census that nobody decided. None of them holds a value, a record or a name, so
//! that an erasure has nothing to take out of them: joins go by fingerprints under the census' own
//! seed. How censuses are taken and judged is in `matching::grants`.

mod autonomy;
mod census;
mod grant;

pub use autonomy::{Autonomy, Bounded};
pub use census::{Census, Cut, Maker, PatternPart, Seed, Stratum};
pub use grant::Grant;
