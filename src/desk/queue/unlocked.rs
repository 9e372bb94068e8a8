//! What an answer brings nearer besides what it teaches: merges that wait for a grant.

use std::collections::BTreeMap;

use crate::error::DeskError;
use crate::facts::Facts;
use crate::grants::Register;
use domain::grants::Maker;
use domain::{CensusId, TaskId};

/// The merges that a task's answer brings nearer to a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unlocks {
    /// The stratum they are of.
    pub(super) census: CensusId,
    /// How many would wait for the grant, its answers given.
    pub(super) merges: u64,
    /// How many answers are missing, if none of them is "no"; one at least.
    pub(super) answers: u64,
}

impl Unlocks {
    /// Merges for each answer.
    pub(super) fn worth(self) -> f64 {
        self.merges as f64 / self.answers as f64
    }
}

/// What the answer of each task brings nearer to a grant; tasks that bring nothing nearer are left out. A
/// stratum names as many tasks as it lacks answers, in the order in which they count; one that may
/// be granted already, and one that no answers can bring there, names none.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn unlocked(facts: Facts<'_>) -> Result<BTreeMap<TaskId, Unlocks>, DeskError> {
    let mut unlocked: BTreeMap<TaskId, Unlocks> = BTreeMap::new();
    if crate::grants::open(facts)?.is_empty() {
        return Ok(unlocked);
    }
    let register = Register::read(facts, None)?;
    let account = register.account(facts);
    let asked = |it: &&crate::grants::Standings| {
        it.is_open && it.counted.taken.census.stratum.maker == Maker::Nobody
    };
    for it in register.all.iter().filter(asked) {
        let standing = it.standing();
        let Some(answers) = account.missing(&standing).filter(|missing| *missing > 0) else {
            continue;
        };
        let own =
            Unlocks { census: it.counted.id(), merges: standing.after(answers).joins, answers };
        let joins = &it.counted.taken.census.joins;
        for join in standing.next(usize::try_from(answers).unwrap_or(usize::MAX)) {
            let Ok(at) = joins.binary_search(&join) else { continue };
            // What is looked at again has a task of its own, and answers there.
            let Some(task) = it.counted.task(facts, at)? else { continue };
            let best = unlocked.entry(task).or_insert(own);
            if own.worth() > best.worth() {
                *best = own;
            }
        }
    }
    Ok(unlocked)
}
