//! Hold and lift: a customer's records are kept from being erased, and no longer are.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::command::{Command, does_not_apply};
use crate::error::Decided;
use domain::{CustomerId, Hold, Subject, Until};

/// Holds every record of the customer. One that joins it later is not held itself, but its customer is.
pub(super) fn hold(
    command: &mut Command<'_, '_>,
    id: CustomerId,
    until: Option<Date>,
) -> Decided<()> {
    let state = command.live(id)?;
    let version = command.facts.view.customer_version(id)?;
    command.check_seen(Subject::Customer(id), version)?;
    if command.decision.reason.is_none() {
        return Err(does_not_apply("a hold needs a reason: pass --reason"));
    }
    if until.is_some_and(|until| until < command.facts.today()) {
        return Err(does_not_apply("the day until which it is to be held has passed"));
    }
    let decision = command.decision.id;
    for record in &state.members {
        let mut layers = command.draft.record(*record)?;
        layers.holds.insert(decision, Hold { decision, until });
        command.draft.set_record(*record, layers)?;
    }
    let midnight = until.and_then(|day| day.to_zoned(TimeZone::UTC).ok());
    command.decision.until = midnight.map(|zoned| Until::Time(zoned.timestamp()));
    command.decision.subjects.push(Subject::Customer(id));
    command.draft.touch_customer(id)?;
    Ok(())
}

/// Lifts every hold on the customer's records.
pub(super) fn lift(command: &mut Command<'_, '_>, id: CustomerId) -> Decided<()> {
    let state = command.live(id)?;
    let version = command.facts.view.customer_version(id)?;
    command.check_seen(Subject::Customer(id), version)?;
    if command.decision.reason.is_none() {
        return Err(does_not_apply("lifting a hold needs a reason: pass --reason"));
    }
    let mut lifted = false;
    for record in &state.members {
        let mut layers = command.draft.record(*record)?;
        if !layers.holds.is_empty() {
            layers.holds.clear();
            lifted = true;
            command.draft.set_record(*record, layers)?;
        }
    }
    if !lifted {
        return Err(does_not_apply(format!("{id} is not held")));
    }
    command.decision.subjects.push(Subject::Customer(id));
    command.draft.touch_customer(id)?;
    Ok(())
}
