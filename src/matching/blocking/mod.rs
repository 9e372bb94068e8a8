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
//!
//! Where customers have many records, blocks are crowded by records of one customer, and the records
//! that lie furthest apart meet in none. There a second pass ([`between_groups`]) follows, whose
//! blocks hold one record of each group (`groups`); it may cost more the more pairs there are to
//! be found ([`second_budget`]).

mod blocks;
mod counts;
mod groups;
mod lookup;
mod loose;
mod met;
mod pair_list;
mod radix;
mod rules;

pub(crate) use blocks::{Blocked, Second, between_groups, candidates, every_pair};
pub use counts::{CutBlock, RuleCount};
pub(crate) use groups::WITHIN_GROUPS;
pub(crate) use lookup::Lookup;
pub(crate) use loose::loose_rules;
pub(crate) use met::{Meeting, RuleRun, meeting, rules_run};
pub(crate) use pair_list::{Pair, Pairs, Stretch};
pub(crate) use rules::rules;

/// Up to so many records of one kind, every pair is compared.
pub(crate) const ALL_PAIRS_UP_TO: usize = 2_000;

/// The name reports give to comparing every pair.
pub(crate) const EVERY_PAIR: &str = "every pair";

/// Candidates of a record that every set is granted, however large.
const FOR_ANY_RECORD: usize = 3;

/// How many candidates are affordable: about 30 a record in small sets, about 4 in large ones.
pub(crate) fn budget(records: usize) -> usize {
    (records * 30).min(1_500_000 + records * FOR_ANY_RECORD)
}

/// Candidates that are worth comparing for each expected match.
const FOR_A_MATCH: usize = 4;
/// Candidates that a second pass may add for each record, whatever is expected.
const MOST_FOR_A_RECORD: usize = 24;

/// How many candidates a second pass may add, by the matches that a model expects after the first:
/// the more records a customer has, the more. `None` where that is no more than any record is granted
/// anyhow, which is so until a record's customer has some two and a half on average.
pub(crate) fn second_budget(records: usize, matches: f64) -> Option<usize> {
    let wanted = matches as usize * FOR_A_MATCH;
    (wanted > records * FOR_ANY_RECORD).then_some(wanted.min(records * MOST_FOR_A_RECORD))
}
