//! Second looks: what people decided is asked again, without telling them what they said.
//!
//! Lives here: the question that a decision answered, as it was; what of it is withheld from whoever
//! is asked again; both in words.
//!
//! Does not live here: which decisions are asked about again (`consequences::second`), and what an
//! answer does (`commands::second`).
//!
//! Start with [`Question`], then [`Withheld`].

mod question;
mod withheld;
mod words;

pub(super) use question::{Partition, Question, in_order, label};
pub(super) use withheld::{KeptLooks, Withheld};
pub(super) use words::{foreseen, said_again};
