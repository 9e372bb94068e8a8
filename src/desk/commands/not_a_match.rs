//! Not a match: customers of different groups are different.

use super::command::{Command, does_not_apply};
use crate::error::Decided;
use domain::{CustomerId, Group, Subject};

pub(super) fn decide(command: &mut Command<'_, '_>, groups: &[Vec<CustomerId>]) -> Decided<()> {
    let groups = command.resolve(groups)?;
    if groups.len() < 2 {
        return Err(does_not_apply("not-a-match needs two groups of customers"));
    }
    let mut decided = Vec::new();
    for group in &groups {
        let mut records = Vec::new();
        for (id, state) in group {
            records.extend_from_slice(&state.members);
            command.draft.touch_customer(*id)?;
            command.decision.subjects.push(Subject::Customer(*id));
        }
        records.sort_unstable();
        decided.push(Group { customer: group[0].0, records });
    }
    command.add_groups(decided)
}
