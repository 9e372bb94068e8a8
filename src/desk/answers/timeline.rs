//! A customer's line of time: its activities, a page at a time, and its history.

use super::customer;
use crate::activities::{Found, Page};
use crate::error::{Decided, DeskError};
use crate::facts::Facts;
use activity::{Led, Owner};
use domain::ActivityKind;
use door::operations::Timeline;
use door::views::{ActivityView, TimelineView};

/// What a filter calls whatever is not an activity.
const CHANGES: &str = "change";
/// Activities that are looked through at a time where kinds are asked for.
const AT_A_TIME: usize = 1_000;

pub(crate) fn timeline(facts: Facts<'_>, asked: &Timeline) -> Decided<TimelineView> {
    let whole = customer::customer(facts, asked.customer, None)?;
    let wants_changes = asked.kinds.is_empty() || asked.kinds.iter().any(|it| it == CHANGES);
    let (found, more) = page(facts, whole.customer, asked)?;
    let places: Vec<_> = found.iter().map(|found| found.place).collect();
    let texts = facts.activity_texts(&places)?;
    let views = found.into_iter().zip(texts).map(|(found, text)| {
        let Owner::Customer(_, led) = found.owner else {
            return Err(DeskError::Fault);
        };
        let properties = text.properties.into_iter();
        Ok(ActivityView {
            stream: found.stream,
            kind: found.kind,
            at: found.at,
            key: text.key.as_str().into(),
            money: found.money,
            properties: properties
                .map(|(name, value)| (name.into(), value.as_str().into()))
                .collect(),
            record: facts.body(led.record())?.address,
            by_key: matches!(led, Led::Key(_)),
            import: found.import,
            ordinal: found.ordinal,
        })
    });
    Ok(TimelineView {
        customer: whole.customer,
        redirected_from: whole.redirected_from,
        activities: views.collect::<Result<_, DeskError>>()?,
        more,
        history: if wants_changes { whole.history } else { Vec::new() },
    })
}

/// As many activities of the kinds that are wanted as were asked for, and whether there are more.
fn page(
    facts: Facts<'_>,
    customer: domain::CustomerId,
    asked: &Timeline,
) -> Result<(Vec<Found>, bool), DeskError> {
    let kinds: Vec<&str> = asked.kinds.iter().map(String::as_str).collect();
    let none = !kinds.is_empty() && kinds.iter().all(|kind| *kind == CHANGES);
    if none || asked.limit == 0 {
        return Ok((Vec::new(), false));
    }
    let is_wanted = |kind: &ActivityKind| kinds.is_empty() || kinds.contains(&kind.as_str());
    let mut wanted = Vec::new();
    let mut before = asked.before;
    loop {
        let limit = if kinds.is_empty() { asked.limit + 1 } else { AT_A_TIME };
        let found = facts.activities_of(customer, Page { limit, before })?;
        let is_last = found.len() < limit;
        before = found.last().map(|last| (last.at.at, last.ordinal));
        wanted.extend(found.into_iter().filter(|found| is_wanted(&found.kind)));
        if wanted.len() > asked.limit || is_last {
            break;
        }
    }
    let more = wanted.len() > asked.limit;
    wanted.truncate(asked.limit);
    Ok((wanted, more))
}
