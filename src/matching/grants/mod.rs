//! Merging that a person grants, with a bound on how many of the merges are wrong.
//!
//! The way: [`open_joins`] reads the groups of a run as joins → [`pool`] gathers them into strata → [`take`]
//! freezes a census of each → people answer, and [`Standing`] says how many of the joins they did not
//! answer are wrong at most ([`most_wrong`]) → [`Account`] says what may be granted and how many
//! answers are missing → after a grant, [`broken`] says when it must rest.
//!
//! # What is promised
//!
//! *Of the joins made under all grants together, so many per cent are right*
//! ([`Autonomy`](domain::grants::Autonomy)), and that with a chance of at most the risk to be false *in the
//! workspace's whole life*, however people choose what to answer, what to grant and when to look:
//! the risk is shared out over the times censuses are taken and over the strata of each ([`take`]), and a
//! bound holds at every look. It is about people's verdicts; their errors are caught by second looks
//! ([`looks()`]), not by the bound.
//!
//! Joins that the machine made by its rules ([`Maker::Rules`]) or in later runs after a grant ([`Maker::Grant`])
//! are counted apart, with their own bound, and join the promise when their own sample carries it.
//!
//! What can never be granted is said in [`Barred`].
//!
//! Everything here is pure and depends on nothing but its arguments, in one order: the same ledger gives
//! the same censuses, bounds and offers on every machine.
//!
//! [`Maker::Rules`]: domain::grants::Maker::Rules
//! [`Maker::Grant`]: domain::grants::Maker::Grant

mod account;
mod bound;
mod checks;
mod joins;
mod looks;
mod standing;
mod strata;
mod taking;
#[cfg(test)]
mod testing;
mod words;

pub use account::{Account, Offer};
pub use bound::most_wrong;
pub use checks::{Broken, broken, check_size};
pub use joins::{Barred, OpenJoin, open_joins};
pub use looks::{Answer, JoinState, Look, looks};
pub use standing::Standing;
pub use strata::{Pooled, pool, under};
pub use taking::{LEAST_JOINS, Taken, Taking, take};
pub use words::{pattern_words, probability};
