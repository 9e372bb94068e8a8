//! Second looks: what people decided is asked again, of them or of others, without telling what they said.
//!
//! Lives here: the question that a decision answered, as it was; who is asked again; what of it is withheld
//! from whoever is; both in words.
//!
//! Does not live here: which decisions are asked about again (`consequences::second`), and what an
//! answer does (`commands::second`).
//!
//! Start with [`Question`], then [`Withheld`].

mod asked;
mod looks;
mod question;
mod requests;
mod withheld;
mod words;

pub(super) use asked::{asked, settled_by, to_ask, who_decided};
pub(super) use looks::KeptLooks;
pub(super) use question::{Partition, Question, in_order, label};
pub(super) use withheld::Withheld;
pub(super) use words::{foreseen, said_again};
