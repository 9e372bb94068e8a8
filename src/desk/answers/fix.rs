//! Violations with what can be done about them.

use super::comparison::Whole;
use crate::error::{Decided, DeskError};
use crate::facts::{Facts, GoldenViolation, RecordFacts};
use domain::{CustomerId, FieldName, RecordId, Severity, Shown, Value, Violation};
use door::views::{FixView, ViolationView};
use intake::validate;
use settings::{Check, Rule};

/// Customers named that hold a value only one may hold.
const HOLDERS: usize = 9;

/// The violations of a golden record, with values to choose from.
pub(super) fn violation_views<'v>(
    whole: &Whole,
    violations: impl Iterator<Item = &'v GoldenViolation>,
) -> Vec<ViolationView> {
    let mut views: Vec<ViolationView> = violations
        .map(|broken| {
            let member = whole.members.iter().find(|member| member.id == broken.record);
            let mut view = view(&broken.violation, member, whole);
            view.waived = broken.waived;
            view
        })
        .collect();
    views.sort_by_key(|view| std::cmp::Reverse(view.severity));
    views
}

/// What a single record's value of a field breaks.
pub(super) fn of_record(
    facts: Facts<'_>,
    record: &RecordFacts,
    field: &FieldName,
) -> Vec<ViolationView> {
    let broken = record.violations.iter().filter(|violation| violation.field == *field);
    let view = |violation| ViolationView {
        waived: facts.waiver(record, violation),
        ..bare(violation, Some(record))
    };
    broken.map(view).collect()
}

/// All that is wrong with a record, in the order of the settings' fields: what it breaks by itself,
/// and what is laid to it since its customer's golden value came from it.
pub(super) fn of_record_and_golden(
    facts: Facts<'_>,
    record: &RecordFacts,
    laid: &[GoldenViolation],
) -> Vec<ViolationView> {
    let mut views = Vec::new();
    for field in &facts.settings.fields {
        let own = of_record(facts, record, &field.name);
        let laid = laid.iter().filter(|broken| {
            broken.record == record.id
                && broken.violation.field == field.name
                && !own.iter().any(|known| known.rule == broken.violation.rule)
        });
        let laid: Vec<ViolationView> = laid
            .map(|broken| ViolationView {
                waived: broken.waived,
                ..bare(&broken.violation, Some(record))
            })
            .collect();
        views.extend(own);
        views.extend(laid);
    }
    views
}

fn bare(violation: &Violation, record: Option<&RecordFacts>) -> ViolationView {
    let field = violation.field.as_str();
    let delivered = record.and_then(|record| record.body.values.get(field));
    let now = record.and_then(|record| record.values.get(field));
    ViolationView {
        rule: violation.rule.clone(),
        field: violation.field.clone(),
        severity: violation.severity,
        delivered: delivered.map(|value| Shown::from(value.raw())),
        now: now.map(|value| Shown::from(value.shown())),
        message: violation.message.clone(),
        remedy: violation.remedy.clone(),
        suggestion: violation.suggestion.clone().map(Shown::from),
        removes: violation.removes,
        choices: Vec::new(),
        holders: Vec::new(),
        against: None,
        waived: None,
    }
}

fn view(violation: &Violation, record: Option<&RecordFacts>, whole: &Whole) -> ViolationView {
    let mut view = bare(violation, record);
    if let Some(suggestion) = &view.suggestion {
        view.choices.push((ViolationView::SUGGESTED.to_owned(), suggestion.clone()));
    }
    if violation.removes {
        view.choices.push((ViolationView::REMOVED.to_owned(), Shown::from("")));
    }
    for (text, at) in violation.alternatives.iter().zip(1..) {
        view.choices.push((format!("number {at} of the cell"), Shown::from(text.as_str())));
    }
    for other in whole.members.iter().filter(|other| Some(other.id) != record.map(|it| it.id)) {
        let field = violation.field.as_str();
        let Some(value) = other.values.get(field).map(Value::shown) else { continue };
        let is_known = view.choices.iter().any(|(_, text)| text.as_str() == value);
        let breaks_too = other.violations.iter().any(|broken| broken.rule == violation.rule);
        if !is_known && !breaks_too {
            view.choices.push((other.body.address.to_string(), Shown::from(value)));
        }
    }
    view
}

/// The screen of an invalid record: everything that is laid to it.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn fix(
    facts: Facts<'_>,
    customers: &[Whole],
    record: RecordId,
) -> Result<Option<FixView>, DeskError> {
    let mut members =
        customers.iter().flat_map(|whole| whole.members.iter().map(move |it| (whole, it)));
    let Some((whole, member)) = members.find(|(_, member)| member.id == record) else {
        return Ok(None);
    };
    let laid: Vec<&GoldenViolation> =
        whole.violations.iter().filter(|broken| broken.record == record).collect();
    let mut violations = violation_views(whole, laid.iter().copied());
    // What the record breaks without reaching the golden record is told as well.
    for violation in &member.violations {
        if !laid.iter().any(|broken| broken.violation.rule == violation.rule) {
            let waived = facts.waiver(member, violation);
            violations.push(ViolationView { waived, ..view(violation, Some(member), whole) });
        }
    }
    violations.sort_by_key(|view| {
        (view.waived.is_some(), std::cmp::Reverse(view.severity == Severity::Error))
    });
    offer_removal_to_all(&mut violations);
    for violation in &mut violations {
        let Some(rule) = facts.settings.rule(violation.rule.as_str()) else { continue };
        match &rule.check {
            Check::Unique => violation.holders = holders(facts, whole.id, member, rule)?,
            Check::Compare { other, .. } => {
                let value = member.values.get(other.as_str()).map(|value| value.shown().to_owned());
                violation.against = Some((other.clone(), value.map(Shown::from)));
            }
            _ => {}
        }
    }
    Ok(Some(FixView { record: member.body.address.clone(), customer: whole.id, violations }))
}

/// A value that is to be removed by one rule mends the others that it breaks as well, whichever of them the
/// cursor is on.
fn offer_removal_to_all(violations: &mut [ViolationView]) {
    let removed: Vec<FieldName> =
        violations.iter().filter(|it| it.removes).map(|it| it.field.clone()).collect();
    for violation in violations.iter_mut().filter(|it| !it.is_suggested()) {
        if removed.contains(&violation.field) {
            violation.removes = true;
            violation.choices.insert(0, (ViolationView::REMOVED.to_owned(), Shown::from("")));
        }
    }
}

/// The value that is offered for a field of a record under a label.
pub(crate) fn offered(
    facts: Facts<'_>,
    record: RecordId,
    field: &FieldName,
    label: &str,
) -> Decided<Option<String>> {
    let whole = Whole::read(facts, facts.view.customer_of(record)?)?;
    let Some(fix) = fix(facts, &[whole], record)? else { return Ok(None) };
    let of_field = fix.violations.into_iter().filter(|violation| violation.field == *field);
    let mut choices = of_field.flat_map(|violation| violation.choices);
    let chosen = choices.find(|(name, _)| name == label);
    Ok(chosen.and_then(|(_, value)| value.clear().map(str::to_owned)))
}

/// The other customers that hold a record's value under a `unique` rule.
fn holders(
    facts: Facts<'_>,
    customer: CustomerId,
    member: &RecordFacts,
    rule: &Rule,
) -> Result<Vec<CustomerId>, DeskError> {
    let held = validate::unique_values(facts.settings, &member.values);
    let Some((_, text)) = held.into_iter().find(|(other, _)| other.id == rule.id) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for holder in facts.holders(&rule.id, facts.fingerprinter.of([text]))? {
        let other = facts.view.record(holder)?.customer;
        if other != customer && !found.contains(&other) && found.len() < HOLDERS {
            found.push(other);
        }
    }
    Ok(found)
}
