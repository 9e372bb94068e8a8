//! Governance: who may do what, and what of it they see. Pure: settings and a session in, a verdict out.
//!
//! Lives here: roles, what takes two people, and what somebody else has to approve. The desk asks once, before
//! it carries an operation out, and works under what
//! [`acting`] says as long as it works for somebody.
//!
//! Does not live here: which verbs there are (`domain/verbs.rs`), what an operation needs of them
//! (`door/needs.rs`), how a view is masked (`desk/masking.rs`).
//!
//! Start with [`may()`].

mod approvals;
mod four_eyes;
mod may;
mod standing;

pub use approvals::{NeededApproval, Sought, author, connected, named, needed};
pub use four_eyes::{adopters, author_then, may_adopt};
pub use may::{may, may_verb};
pub use standing::{Standing, acting, bound_role, seen_then};
