//! What a challenge is about: the values that changed since, and what each verdict would do.

use super::explanation;
use crate::contradiction::changed_records;
use crate::error::DeskError;
use crate::facts::{Facts, RecordFacts};
use crate::overlays;
use crate::past::Past;
use domain::{
    CustomerId, DecisionId, Event, FieldName, RecordBody, RecordId, Sequence, Shown, Task,
    TaskKind, TaskReason, Value, Values,
};
use door::views::{Dispute, Disputed};

/// Values that are told at most.
const MOST: usize = 64;

/// What a challenge is about; none of other tasks.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn dispute(facts: Facts<'_>, task: &Task) -> Result<Option<Dispute>, DeskError> {
    let has_two = [TaskKind::Challenge, TaskKind::Request, TaskKind::Overlay];
    if !has_two.contains(&task.kind) {
        return Ok(None);
    }
    Ok(match &task.reason {
        TaskReason::NotAMatchChanged { decision, fields } => {
            let ids: Vec<String> = task.customers.iter().map(ToString::to_string).collect();
            let both = listed(&ids);
            let mut values = changed_since(facts, task, *decision, fields)?;
            // What makes them look alike now.
            by_weight(facts, &mut values, between(facts, &task.customers)?, -1.0)?;
            Some(Dispute {
                values,
                accept: format!("merges {both}"),
                keep: format!("keeps {both} apart"),
                apart: None,
            })
        }
        TaskReason::MergeContradicted { decision, fields } => {
            let Some(record) = task.record else { return Ok(None) };
            let address = facts.body(record)?.address;
            let customer = facts.view.customer_of(record)?;
            let mut values = match decision {
                Some(decision) => changed_since(facts, task, *decision, fields)?,
                None => before_it_was_delivered(facts, record, fields)?,
            };
            // What speaks for two people now.
            by_weight(facts, &mut values, within(facts, customer, record)?, 1.0)?;
            Some(Dispute {
                values,
                accept: format!("splits {address} from {customer}"),
                keep: format!("keeps {address} in {customer}"),
                apart: None,
            })
        }
        TaskReason::MergeContested => {
            let Some(record) = task.record else { return Ok(None) };
            let address = facts.body(record)?.address;
            let customer = facts.view.customer_of(record)?;
            Some(Dispute {
                values: Vec::new(),
                accept: format!("splits {address} from {customer}"),
                keep: format!("keeps {address} in {customer}"),
                apart: None,
            })
        }
        TaskReason::ValueContradicted { decision, field } => {
            let Some(record) = task.record else { return Ok(None) };
            let body = facts.body(record)?;
            let set = facts.decision(*decision)?;
            let (accept, keep) = (
                format!("takes the new {field}"),
                format!("keeps the {field} that {decision} set"),
            );
            let values = vec![Disputed {
                field: field.clone(),
                record: body.address.clone(),
                old: shown(set.values.get(field.as_str())),
                new: shown(body.values.get(field.as_str())),
            }];
            Some(Dispute { values, accept, keep, apart: None })
        }
        TaskReason::Overlaid { .. } => overlaid(facts, task)?,
        TaskReason::Requested { .. } if task.state.is_pending() => Some(Dispute {
            values: Vec::new(),
            accept: "closes it as done".to_owned(),
            keep: "refuses it, with a note or a reason".to_owned(),
            apart: None,
        }),
        _ => None,
    })
}

/// What was delivered of a record beside what it was before, where a person is yet to say whose it is.
fn overlaid(facts: Facts<'_>, task: &Task) -> Result<Option<Dispute>, DeskError> {
    let Some(record) = task.record else { return Ok(None) };
    let row = facts.view.record(record)?;
    if row.erased {
        return Ok(None);
    }
    let Some(layer) = facts.view.record_state(record)?.overlaid else { return Ok(None) };
    let former = facts.revised(record, overlays::place_of(layer.former))?.body;
    let delivered = facts.delivered(record)?.body;
    let customer = facts.view.customer_of(record)?;
    let values = beside_former(facts, &former, &delivered);
    let address = &former.address;
    let keep = match layer.held {
        true => "keeps the former values",
        false => "brings the former values back",
    };
    Ok(Some(Dispute {
        values,
        accept: format!("takes the delivered values: {address} is still {customer}"),
        keep: keep.to_owned(),
        apart: Some(format!("makes {address} another customer, with the delivered values")),
    }))
}

/// The fields of a record in which what was delivered is not what it was before.
pub(super) fn beside_former(
    facts: Facts<'_>,
    former: &RecordBody,
    delivered: &RecordBody,
) -> Vec<Disputed> {
    let values = facts.settings.fields.iter().filter_map(|declared| {
        let name = declared.name.as_str();
        let (old, new) = (shown(former.values.get(name)), shown(delivered.values.get(name)));
        let (field, record) = (declared.name.clone(), former.address.clone());
        (old != new).then_some(Disputed { field, record, old, new })
    });
    values.take(MOST).collect()
}

/// The two records that a dispute is about.
type Between = Option<(RecordFacts, RecordFacts)>;

/// The best pair of the first two customers.
fn between(facts: Facts<'_>, customers: &[CustomerId]) -> Result<Between, DeskError> {
    let [one, other, ..] = customers else { return Ok(None) };
    let Some(model) = facts.model()? else { return Ok(None) };
    let (one, other) = (members_of(facts, *one)?, members_of(facts, *other)?);
    let closest = explanation::closest_pair(facts, &model, &one, &other)?;
    Ok(closest.map(|closest| (closest.best.0.clone(), closest.best.1.clone())))
}

/// A record and the one of its customer that it is most like.
fn within(facts: Facts<'_>, customer: CustomerId, record: RecordId) -> Result<Between, DeskError> {
    let Some(model) = facts.model()? else { return Ok(None) };
    let members = members_of(facts, customer)?;
    let two = explanation::beside_others(facts, &model, &members, record)?;
    Ok(two.map(|(one, other)| (one.clone(), other.clone())))
}

fn members_of(facts: Facts<'_>, customer: CustomerId) -> Result<Vec<RecordFacts>, DeskError> {
    let live = facts.view.follow(customer)?;
    let state = live.map_or(Ok(None), |live| facts.view.customer(live))?;
    state.map_or(Ok(Vec::new()), |state| facts.members(&state))
}

/// Sorts what changed by what the comparison of two records says of the field: with `towards` 1 what
/// speaks most for two people comes first, with -1 what speaks most for one.
fn by_weight(
    facts: Facts<'_>,
    values: &mut [Disputed],
    between: Between,
    towards: f64,
) -> Result<(), DeskError> {
    let (Some((one, other)), Some(model)) = (between, facts.model()?) else { return Ok(()) };
    let pair = explanation::of_pair(facts, &model, &one, &other)?;
    let weight = |disputed: &Disputed| {
        let mut steps = pair.steps.iter();
        let step = steps.find(|step| step.fields.iter().any(|it| it == disputed.field.as_str()));
        step.map_or(0.0, |step| step.weight * towards)
    };
    values.sort_by(|one, other| weight(one).total_cmp(&weight(other)));
    Ok(())
}

/// `C17 and C40`.
fn listed(ids: &[String]) -> String {
    match ids.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => ids.concat(),
    }
}

fn shown(value: Option<&Value>) -> Option<Shown> {
    value.map(|value| Shown::from(value.shown().to_owned()))
}

/// What the records of a task held when it was decided about them, beside what they hold now.
fn changed_since(
    facts: Facts<'_>,
    task: &Task,
    id: DecisionId,
    fields: &[FieldName],
) -> Result<Vec<Disputed>, DeskError> {
    let Some(entry) = facts.view.decision(id)? else { return Ok(Vec::new()) };
    let past = Past::after(facts, entry.place.sequence);
    let mut values = Vec::new();
    for (record, _) in changed_records(facts, &facts.decision(id)?)? {
        let is_asked = match task.record {
            Some(asked) => asked == record,
            None => task.customers.contains(&facts.view.customer_of(record)?),
        };
        let then = if is_asked { past.record(record)? } else { None };
        let Some(then) = then else { continue };
        let before = facts.corrected(then.revised.body.values, &then.state)?;
        values.extend(beside(facts, record, &before, fields)?);
    }
    values.truncate(MOST);
    Ok(values)
}

/// What a record held when it was delivered the time before.
fn before_it_was_delivered(
    facts: Facts<'_>,
    record: RecordId,
    fields: &[FieldName],
) -> Result<Vec<Disputed>, DeskError> {
    let now = facts.record(record)?.body.values;
    let mut before: Option<Values> = None;
    Past::after(facts, Sequence::ZERO).each_touch(record, &mut |commit| {
        for event in commit.events.iter().rev() {
            let Event::RecordRevised(revised) = event else { continue };
            let values = &revised.body.values;
            let text = |values: &Values, field: &FieldName| {
                values.get(field.as_str()).map(|value| value.shown().to_owned())
            };
            let differs = fields.iter().any(|field| text(values, field) != text(&now, field));
            if revised.record == record && differs {
                before = Some(values.clone());
                return Ok(false);
            }
        }
        Ok(true)
    })?;
    let Some(before) = before else { return Ok(Vec::new()) };
    let mut values = beside(facts, record, &before, fields)?;
    values.truncate(MOST);
    Ok(values)
}

/// The fields in which a record is not what it was.
fn beside(
    facts: Facts<'_>,
    record: RecordId,
    before: &Values,
    fields: &[FieldName],
) -> Result<Vec<Disputed>, DeskError> {
    let now = facts.record(record)?;
    let values = fields.iter().filter_map(|field| {
        let old = shown(before.get(field.as_str()));
        let new = shown(now.values.get(field.as_str()));
        let address = now.body.address.clone();
        (old != new).then(|| Disputed { field: field.clone(), record: address, old, new })
    });
    Ok(values.collect())
}
