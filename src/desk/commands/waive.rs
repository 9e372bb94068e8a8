//! Waive: violations of a customer, laid to a record, may stand; and what else the record breaks, such
//! as a value that cannot be read and so reaches no golden record.

use super::command::{Command, does_not_apply};
use crate::error::Decided;
use crate::facts::{Facts, GoldenViolation, RecordFacts};
use domain::{RecordAddress, RuleId, Subject, Waiver};

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
    let mut found = facts.golden_violations(customer, &members, &golden)?;
    found.retain(|broken| broken.record == record);
    if let Some(member) = members.iter().find(|member| member.id == record && member.takes_part()) {
        found.extend(alone(facts, member, &found));
    }
    for broken in found {
        let rule = &broken.violation.rule;
        let meant = if rules.is_empty() { broken.is_error() } else { rules.contains(rule) };
        if meant && broken.waived.is_none() {
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

/// What a record breaks by rules that nothing is laid to it under.
fn alone(facts: Facts<'_>, member: &RecordFacts, laid: &[GoldenViolation]) -> Vec<GoldenViolation> {
    let is_laid = |rule: &RuleId| laid.iter().any(|broken| broken.violation.rule == *rule);
    let own = member.violations.iter().filter(|violation| !is_laid(&violation.rule));
    own.map(|violation| GoldenViolation {
        violation: violation.clone(),
        record: member.id,
        value: facts.waivable(member, violation),
        waived: facts.waiver(member, violation),
    })
    .collect()
}
