//! Blocking: which of all pairs are worth comparing.
//!
//! Lives here: the rules (`rules`, one row each) and how they become candidate pairs
//! ([`candidates`]), for all records or for some of them under an earlier run ([`Lookup`]). Does not
//! live here: what happens to a candidate.
//!
//! Rules run in the order of their table. A pair is yielded once, by the first rule that brings
//! it; pairs are kept as sorted numbers of eight bytes. Blocks over the cap are split by further
//! values their records share; what is still over
//! it is cut and reported.

mod blocks;
mod lookup;
mod met;
mod radix;
mod rules;

pub(crate) use blocks::{Blocked, Pair, Pairs, Stretch, candidates, every_pair};
pub use blocks::{CutBlock, RuleCount};
pub(crate) use lookup::Lookup;
pub(crate) use met::{Meeting, RuleRun, meeting, rules_run};
pub(crate) use rules::rules;

/// Up to so many records of one kind, every pair is compared.
pub(crate) const ALL_PAIRS_UP_TO: usize = 2_000;

/// The name reports give to comparing every pair.
pub(crate) const EVERY_PAIR: &str = "every pair";

/// How many candidates are affordable: about 30 a record in small sets, about 4 in large ones.
pub(crate) fn budget(records: usize) -> usize {
    let records = records as u64;
    (records * 30).min(1_500_000 + records * 3) as usize
}
