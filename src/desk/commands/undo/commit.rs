//! What every part of an undo needs: a decision's own commit, and a change to a customer.

use crate::draft::Draft;
use crate::error::{Decided, DeskError, unknown};
use crate::facts::Facts;
use domain::{Commit, CustomerId, CustomerState, DecisionId};

/// The commit that made a decision.
pub(super) fn commit_of(facts: Facts<'_>, id: DecisionId) -> Decided<Commit> {
    let entry = facts.view.decision(id)?.ok_or_else(|| unknown(&id))?;
    Ok(facts.commit(entry.place.sequence)?)
}

/// Changes a customer in the draft, if there is one.
pub(super) fn change(
    draft: &mut Draft<'_>,
    id: CustomerId,
    with: impl FnOnce(&mut CustomerState),
) -> Result<(), DeskError> {
    if let Some(mut state) = draft.customer(id)? {
        with(&mut state);
        draft.set_customer(id, state)?;
    }
    Ok(())
}
