//! Censuses and grants as the ledger has them: who said what of each join, what is promised, and what
//! may be granted.
//!
//! Lives here: a census with the decisions about it ([`Counted`]), the state of its joins (`states`),
//! the account of all of them ([`Register`]), and both in views. Does not live here: bounds and offers
//! (`matching::grants`), taking a census (`jobs::matching::census`), giving a grant
//! (`commands::grant`), second looks that a census asks for (`consequences::second`).

mod register;
mod sampled;
mod second;
mod states;
mod view;
mod words;

pub(crate) use register::{Closed, Given, Register, Standings, counting, open};
pub(crate) use sampled::{KeptSampled, Sampled};
pub(crate) use states::{Counted, Judged, homes, is_put_off};
pub(crate) use view::{grants, line, shown, why};
