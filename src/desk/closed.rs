//! Customers whose records are all closed: they have no golden values, and whoever compares them still
//! has to see who they were.

use crate::error::DeskError;
use crate::facts::{Facts, RecordFacts};
use domain::{CustomerState, Golden};

/// The golden values that a customer had before its last record was closed; `None` where one of its
/// records still counts, or none of them is closed.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn last_golden(
    facts: Facts<'_>,
    state: &CustomerState,
    members: &[RecordFacts],
) -> Result<Option<Golden>, DeskError> {
    if members.iter().any(RecordFacts::takes_part) {
        return Ok(None);
    }
    // A record that was set aside counted no more before it was closed.
    let closed = members.iter().filter(|it| it.state.is_closed() && it.state.quarantined.is_none());
    let reopened = |member: &RecordFacts| {
        let mut member = member.clone();
        member.state.vanished = None;
        member
    };
    let reopened: Vec<RecordFacts> = closed.map(reopened).collect();
    if reopened.is_empty() {
        return Ok(None);
    }
    facts.golden(state, &reopened).map(Some)
}
