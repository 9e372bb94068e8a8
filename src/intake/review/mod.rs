//! The life of tasks and decisions, as pure functions.
//!
//! Lives here: what keeps customers apart, whether a decision still rests on the same values, what
//! becomes of a task when customers or violations change, what comes next in the queue.
//!
//! Does not live here: reading or writing anything.
//!
//! Start with [`tasks`].

pub mod apart;
pub mod keys;
pub mod priority;
pub mod tasks;
