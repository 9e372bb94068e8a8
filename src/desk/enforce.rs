//! Enforcement: a decision that would add an `error` none of its customers had is refused, unless
//! it is waived with a reason.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::error::{Decided, DeskError};
use super::facts::{Facts, GoldenViolation};
use super::masking;
use domain::{CustomerState, RuleId, Severity, Verdict, Waiver};
use door::{Refusal, Request};

/// Refuses new errors; waives those the request waives, in the draft. `after` are the facts with
/// the draft folded in. Undo restores what was and is never refused. What the `unjudged` rules say is not
/// told.
///
/// # Errors
/// The refusal, or a failure of store or ledger.
pub fn check(
    draft: &mut Draft<'_>,
    after: Facts<'_>,
    request: &Request,
    unjudged: &[RuleId],
) -> Decided<()> {
    if draft.decision.as_ref().is_none_or(|decision| decision.verdict == Verdict::Undo) {
        return Ok(());
    }
    let mut refused = Vec::new();
    for customer in draft.touched_customers() {
        let Some(state) = after.view.customer(customer)?.filter(CustomerState::is_live) else {
            continue;
        };
        let members = after.members(&state)?;
        let golden = after.golden(&state, &members)?;
        let inherited = rules_before(draft.facts(), &state)?;
        for broken in after.golden_violations(customer, &members, &golden)? {
            let rule = &broken.violation.rule;
            if !broken.is_error() || inherited.contains(rule) || unjudged.contains(rule) {
                continue;
            }
            if request.waive.contains(rule) {
                waive(draft, &broken)?;
            } else {
                refused.push(broken.violation);
            }
        }
    }
    if refused.is_empty() {
        return Ok(());
    }
    masking::without_sensitive(after.settings, &mut refused);
    Err(Refusal::Breaks { violations: refused }.into())
}

/// Whether a merge by the machine into `merged` would add an `error` that none of its records or
/// customers had. `unique` rules are left out: fewer customers share fewer values.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn would_break(facts: Facts<'_>, merged: &CustomerState) -> Result<bool, DeskError> {
    Ok(!broken_by(facts, merged)?.is_empty())
}

/// The rules of such errors.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn broken_by(facts: Facts<'_>, merged: &CustomerState) -> Result<Vec<RuleId>, DeskError> {
    if !facts.settings.forbids_anything() {
        return Ok(Vec::new());
    }
    let members = facts.members(merged)?;
    let golden = facts.golden(merged, &members)?;
    let mut errors = facts.own_violations(&members, &golden);
    errors.retain(GoldenViolation::is_error);
    if errors.is_empty() {
        return Ok(Vec::new());
    }
    let inherited = rules_before(facts, merged)?;
    let rules = errors.into_iter().map(|broken| broken.violation.rule);
    Ok(rules.filter(|rule| !inherited.contains(rule)).collect())
}

/// The rules already broken by any record of the customer, or by any customer they belonged to.
fn rules_before(before: Facts<'_>, state: &CustomerState) -> Result<BTreeSet<RuleId>, DeskError> {
    let mut rules = BTreeSet::new();
    let mut customers = BTreeSet::new();
    for record in &state.members {
        customers.insert(before.view.customer_of(*record)?);
        let record = before.record(*record)?;
        let errors = record.violations.into_iter().filter(|v| v.severity == Severity::Error);
        rules.extend(errors.map(|violation| violation.rule));
    }
    for customer in customers {
        let Some(state) = before.view.customer(customer)? else { continue };
        let members = before.members(&state)?;
        let golden = before.golden(&state, &members)?;
        let broken = before.golden_violations(customer, &members, &golden)?;
        rules
            .extend(broken.into_iter().filter(GoldenViolation::is_error).map(|b| b.violation.rule));
    }
    Ok(rules)
}

fn waive(draft: &mut Draft<'_>, broken: &GoldenViolation) -> Result<(), DeskError> {
    let Some(decision) = draft.decision_id() else { return Ok(()) };
    let mut layers = draft.record(broken.record)?;
    let waiver = Waiver { decision, value: broken.value };
    layers.waivers.insert(broken.violation.rule.clone(), waiver);
    draft.set_record(broken.record, layers)
}
