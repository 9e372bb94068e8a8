//! What follows from records that came, or are read otherwise than before: folded with them into one
//! commit.

use crate::consequences;
use crate::core::Foreseen;
use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{Commit, CustomerId, TaskId, TaskKind};
use store::{Overlay, View, fold_from};

/// Tasks that a commit opens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Opened {
    /// For invalid records.
    pub(super) invalid: u64,
    /// For customers whose records vanished.
    pub(super) vanished: u64,
    /// For customers that their source says it has merged.
    pub(super) merged: u64,
    /// For records that are delivered as somebody else's.
    pub(super) overlaid: u64,
    /// The tasks for decisions that what was delivered contradicts.
    pub(super) challenges: Vec<TaskId>,
}

/// Folds what was delivered, and then what follows from it: tasks of invalid records among these
/// customers open, change and are settled. None where nothing changes.
///
/// # Errors
/// When store or ledger are damaged.
pub(super) fn foresee(
    facts: Facts<'_>,
    mut draft: Draft<'_>,
    customers: &[CustomerId],
) -> Result<(Option<Foreseen>, Opened), DeskError> {
    let mut commit = Commit {
        sequence: facts.ledger.head().map(|head| head.sequence).unwrap_or_default().next(),
        at: facts.now,
        actor: "".into(),
        events: std::mem::take(&mut draft.delivered),
    };
    let delivered = commit.events.len();
    let mut overlay = Overlay::over(facts.view.trees());
    fold_from(&mut overlay, &commit, 0, facts.fingerprinter)?;
    let mut opened = Opened::default();
    if !customers.is_empty() {
        let after = Facts { view: View::over(&overlay), ..facts };
        opened = judge(after, &mut draft, &commit, customers)?;
    }
    opened.challenges = draft.waiting_of(TaskKind::Challenge);
    commit.events.extend(draft.events()?);
    if commit.events.is_empty() {
        return Ok((None, opened));
    }
    fold_from(&mut overlay, &commit, delivered, facts.fingerprinter)?;
    Ok((Some(Foreseen { commit, changes: overlay.into_changes() }), opened))
}

/// Opens, changes and settles tasks of invalid records among these customers. `after` are the
/// facts with what was delivered folded in.
fn judge(
    after: Facts<'_>,
    draft: &mut Draft<'_>,
    delivered: &Commit,
    customers: &[CustomerId],
) -> Result<Opened, DeskError> {
    // What is planned for tasks so far may still change: it is folded for this look only.
    let so_far = draft.events()?;
    let mut overlay = Overlay::over(after.view.trees());
    let mut planned = None;
    if !so_far.is_empty() {
        let commit = planned.insert(delivered.clone());
        commit.events.extend(so_far);
        fold_from(&mut overlay, commit, delivered.events.len(), after.fingerprinter)?;
    }
    let pending = Some(planned.as_ref().unwrap_or(delivered));
    let after = Facts { view: View::over(&overlay), pending, ..after };
    let opened = |draft: &Draft<'_>| Opened {
        invalid: draft.opened_of(TaskKind::Invalid),
        vanished: draft.opened_of(TaskKind::Vanished),
        // Deliveries open no others of that kind.
        merged: draft.opened_of(TaskKind::Duplicate),
        overlaid: draft.opened_of(TaskKind::Overlay),
        challenges: Vec::new(),
    };
    let before = opened(draft);
    consequences::plan(draft, after, customers)?;
    let now = opened(draft);
    Ok(Opened {
        invalid: now.invalid - before.invalid,
        vanished: now.vanished - before.vanished,
        merged: now.merged - before.merged,
        overlaid: now.overlaid - before.overlaid,
        challenges: Vec::new(),
    })
}
