//! Broken rules as they stand now: those of golden records, laid to the record whose value
//! survived, then what else their members break without its reaching the golden record. What counts no
//! more breaks nothing.

use super::walk::{Rows, Scope};
use crate::error::DeskError;
use crate::export::{Cell, Column, Kind, typed};
use crate::facts::{Facts, GoldenViolation, RecordFacts, missing};
use domain::{CustomerId, DecisionId, Violation};

pub(super) fn columns(_: Facts<'_>) -> Result<Vec<Column>, DeskError> {
    let names = [
        "record",
        "customer",
        "rule",
        "field",
        "severity",
        "dimension",
        "message",
        "reaches_golden",
        "waived_by",
    ];
    Ok(typed(&names, &[("reaches_golden", Kind::Flag)]))
}

/// By customer; within one the golden record's first, in the order of the rules.
pub(super) fn write(scope: &Scope<'_>, rows: &mut Rows<'_>) -> Result<(), DeskError> {
    let facts = scope.facts;
    let total = facts.view.counters()?.customers;
    let mut walk = scope.walk(u64::from(total));
    for id in (1..=total).map(CustomerId) {
        walk.step()?;
        let Some(state) = facts.view.customer(id)?.filter(|state| state.is_live()) else {
            continue;
        };
        let members = facts.members(&state)?;
        if !members.iter().any(RecordFacts::takes_part) {
            continue;
        }
        let golden = facts.golden(&state, &members)?;
        let laid = facts.golden_violations(id, &members, &golden)?;
        for broken in &laid {
            let member = members.iter().find(|member| member.id == broken.record);
            let member = member.ok_or_else(|| missing(format!("a member of {id}")))?;
            rows.write(&cells(id, member, &broken.violation, true, broken.waived))?;
        }
        for member in members.iter().filter(|member| member.takes_part()) {
            of_member(facts, id, member, &laid, rows)?;
        }
    }
    Ok(())
}

fn of_member(
    facts: Facts<'_>,
    id: CustomerId,
    member: &RecordFacts,
    laid: &[GoldenViolation],
    rows: &mut Rows<'_>,
) -> Result<(), DeskError> {
    let is_told = |violation: &Violation| {
        laid.iter().any(|it| it.record == member.id && it.violation.rule == violation.rule)
    };
    for violation in member.violations.iter().filter(|violation| !is_told(violation)) {
        rows.write(&cells(id, member, violation, false, facts.waiver(member, violation)))?;
    }
    Ok(())
}

fn cells(
    customer: CustomerId,
    member: &RecordFacts,
    violation: &Violation,
    reaches_golden: bool,
    waived: Option<DecisionId>,
) -> [Cell; 9] {
    [
        Cell::text(&member.body.address),
        Cell::text(customer),
        Cell::text(&violation.rule),
        Cell::text(&violation.field),
        Cell::text(violation.severity.name()),
        Cell::text(violation.dimension.name()),
        Cell::text(&violation.message),
        Cell::Flag(reaches_golden),
        Cell::optional(waived),
    ]
}
