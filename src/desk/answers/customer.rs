//! One customer, now or as it was at a time, by walking back.

use jiff::Timestamp;

use super::comments;
use super::comparison::{self, Between, Whole};
use super::consent;
use super::fix::violation_views;
use super::history::entries;
use crate::closed;
use crate::describe;
use crate::error::{Decided, DeskError, unknown};
use crate::facts::Facts;
use crate::past::Past;
use domain::CustomerId;
use door::views::{CustomerView, Revision};

pub(crate) fn customer(
    facts: Facts<'_>,
    asked: CustomerId,
    at: Option<Timestamp>,
) -> Decided<CustomerView> {
    // What was seen then was seen under the policy of then.
    let then = at.map(|at| facts.settings_at(at)).transpose()?.flatten();
    let facts = facts.seen_at(at, then.as_ref());
    if facts.view.erased_in(asked)?.is_some() {
        return Err(facts.no_customer(asked)?.into());
    }
    let whole = match at {
        None => {
            let live = facts.view.follow(asked)?.ok_or_else(|| unknown(&asked))?;
            Whole::read(facts, live)?
        }
        Some(at) => as_of(facts, asked, at)?.ok_or_else(|| unknown(&asked))?,
    };
    let id = whole.id;
    let wholes = [whole];
    let fields = comparison::rows(facts.settings, &wholes);
    let (mut columns, _) = comparison::columns(facts, &fields, &wholes, Between::default(), None)?;
    let [whole] = &wholes;
    let mut links = describe::customer_and_members(facts, id)?;
    for member in &whole.members {
        links.extend(facts.record_chain(member.id)?);
    }
    if at.is_none() {
        links.extend(comments::links(facts, id)?);
    }
    let history = entries(facts, links)?;
    let revisions = history.iter().rev();
    let revisions =
        revisions.map(|entry| Revision { at: entry.at, what: entry.what.clone() }).collect();
    let tasks = facts.view.tasks_of(id)?.into_iter().map(|entry| entry.task.id).collect();
    Ok(CustomerView {
        customer: id,
        redirected_from: (id != asked).then_some(asked),
        at,
        violations: violation_views(whole, whole.violations.iter()),
        origins: comparison::origins(facts, &wholes, &[]),
        column: columns.remove(0),
        fields,
        consent: consent::of(facts, &whole.state, &whole.members)?,
        holds: if at.is_none() { facts.holds_on(id)? } else { Vec::new() },
        restrictions: match at {
            None => facts.restrictions_shown(&whole.state)?,
            Some(_) => Vec::new(),
        },
        tasks,
        retired: facts.view.retired_into(id)?,
        measures: Vec::new(),
        segments: Vec::new(),
        history,
        revisions,
    })
}

/// A customer as it was at a time; none if it did not exist then. A customer merged away by then
/// is followed to its survivor of that time.
fn as_of(facts: Facts<'_>, id: CustomerId, at: Timestamp) -> Result<Option<Whole>, DeskError> {
    let past = Past::at(facts, at)?;
    let Some((id, state)) = past.follow(id)? else { return Ok(None) };
    let members = past.members(&state)?;
    if members.is_empty() {
        return Ok(None);
    }
    let golden = facts.golden(&state, &members)?;
    let violations = facts.golden_violations(id, &members, &golden)?;
    let closed = closed::last_golden(facts, &state, &members)?;
    Ok(Some(Whole { id, state, members, golden, closed, violations }))
}
