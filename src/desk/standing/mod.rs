//! Which imports stand, and what that makes of a record, with the decisions that stand: what is delivered of it, which
//! revision of that is in force, whose it is, whether it is there.
//!
//! An import stands until another takes it back that stands itself. What an undo does to a record is
//! no say of its own: it only lets what was said before hold again. So whoever takes back a decision or an import,
//! brings one of them back, or reads again what is held, asks here, and nowhere else.

mod chain;
mod imports;
mod replay;
mod vanished;

pub(crate) use chain::{Chain, Delivered};
pub(crate) use imports::{Imports, undone_by};

use crate::error::DeskError;
use domain::{DecisionId, Verdict};

/// Says what a decision was, where it stands.
pub(crate) type Decisions<'a> = dyn Fn(DecisionId) -> Result<Option<Verdict>, DeskError> + 'a;
