//! Waive: violations of a customer, laid to a record, may stand.

use super::{Command, does_not_apply};
use crate::desk::error::Decided;
use crate::domain::{RecordAddress, RuleId, Subject, Waiver};

pub(super) fn decide(
    command: &mut Command<'_, '_>,
    address: &RecordAddress,
    rules: &[RuleId],
) -> Decided<()> {
    let facts = command.facts;
    let record = command.record(address)?;
    let version = facts.view.record_version(record)?;
    command.check_seen(Subject::Record(address.clone()), version)?;
    let customer = facts.view.customer_of(record)?;
    let state = command.live(customer)?;
    let members = facts.members(&state)?;
    let golden = facts.golden(&state, &members)?;
    let mut layers = command.draft.record(record)?;
    for broken in facts.golden_violations(customer, &members, &golden)? {
        let rule = &broken.violation.rule;
        let meant = if rules.is_empty() { broken.is_error() } else { rules.contains(rule) };
        if meant && broken.record == record && broken.waived.is_none() {
            let waiver = Waiver { decision: command.decision.id, value: broken.value };
            layers.waivers.insert(rule.clone(), waiver);
            command.decision.rules.push(rule.clone());
        }
    }
    if let Some(rule) = rules.iter().find(|rule| !command.decision.rules.contains(rule)) {
        return Err(does_not_apply(format!("{address} does not break {rule}")));
    }
    if command.decision.rules.is_empty() {
        return Err(does_not_apply(format!("{address} breaks no rule that needs a waiver")));
    }
    command.decision.subjects.push(Subject::Record(address.clone()));
    command.draft.set_record(record, layers)?;
    command.draft.touch_customer(customer)?;
    Ok(())
}
