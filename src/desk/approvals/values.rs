//! What becomes of each value that a proposal changes: as it is now, and as it was when it was proposed.
//!
//! Nothing of that is kept with the proposal: what it was is read from the past, so that nobody's values stay
//! anywhere when they are erased.

use std::collections::{BTreeMap, BTreeSet};

use super::asked::fields_of;
use super::decision_of;
use crate::core::{Desk, Foreseen};
use crate::error::{Decided, DeskError};
use crate::facts::{Facts, missing};
use crate::past::Past;
use domain::event::{CustomerChanged, RecordChanged};
use domain::{
    Commit, CustomerId, CustomerState, Event, FieldName, RecordAddress, RecordId, RecordState,
    Sequence, Standing, Values,
};
use door::views::{ProposedThen, ProposedValue};

/// Records and customers whose values are shown.
const SHOWN: usize = 20;

/// The texts of some fields.
type Texts = BTreeMap<FieldName, String>;

/// The values of one thing: before, afterwards, and both when it was proposed.
struct Told {
    record: Option<RecordAddress>,
    customer: CustomerId,
    now: (Texts, Texts),
    then: (Texts, Texts),
}

impl Desk {
    /// What becomes of each value by what was foreseen, and what would have become of it after the commit `proposed`;
    /// and how many records and customers are left out.
    pub(super) fn proposed_values(
        &self,
        outcome: &Foreseen,
        proposed: Sequence,
    ) -> Decided<(Vec<ProposedValue>, usize)> {
        let decision = decision_of(&outcome.commit).ok_or_else(|| missing("the decision"))?;
        let named = fields_of(decision);
        let before = self.facts();
        self.with_foreseen(outcome, |after| {
            let changed = Changed::by(after, &outcome.commit)?;
            let past = Past::after(after, proposed);
            let (mut told, mut left) = (Vec::new(), 0);
            for (id, change) in &changed.records {
                match told.len() < SHOWN {
                    true => told.push(of_record(before, after, &past, *id, change)?),
                    false => left += 1,
                }
            }
            for id in &changed.customers {
                let Some(state) = after.view.customer(*id)?.filter(CustomerState::is_live) else {
                    continue;
                };
                match told.len() < 2 * SHOWN {
                    true => told.push(of_customer(before, after, &past, (*id, &state), &changed)?),
                    false => left += 1,
                }
            }
            let order: Vec<&FieldName> = after.settings.fields.iter().map(|it| &it.name).collect();
            Ok((told.iter().flat_map(|it| rows(it, &order, &named)).collect(), left))
        })
    }
}

/// What a commit changes.
struct Changed<'c> {
    records: BTreeMap<RecordId, &'c RecordChanged>,
    members: BTreeMap<CustomerId, &'c CustomerChanged>,
    customers: BTreeSet<CustomerId>,
}

impl<'c> Changed<'c> {
    fn by(after: Facts<'_>, commit: &'c Commit) -> Result<Self, DeskError> {
        let (mut records, mut members) = (BTreeMap::new(), BTreeMap::new());
        let mut customers = BTreeSet::new();
        for event in &commit.events {
            match event {
                Event::RecordChanged(changed) => {
                    records.insert(changed.record, changed);
                    customers.insert(after.view.customer_of(changed.record)?);
                }
                Event::CustomerChanged(changed) => {
                    members.insert(changed.customer, changed);
                    customers.insert(changed.customer);
                }
                _ => {}
            }
        }
        Ok(Changed { records, members, customers })
    }
}

fn of_record(
    before: Facts<'_>,
    after: Facts<'_>,
    past: &Past<'_>,
    id: RecordId,
    change: &RecordChanged,
) -> Result<Told, DeskError> {
    let then = match past.record(id)? {
        Some(then) => {
            let body = then.revised.body.values;
            let was = texts(&after.corrected(body.clone(), &then.state)?);
            let body = if puts_in_force(change) { after.body(id)?.values } else { body };
            (was, texts(&after.corrected(body, &over(&then.state, change))?))
        }
        None => Default::default(),
    };
    Ok(Told {
        record: Some(after.body(id)?.address),
        customer: after.view.customer_of(id)?,
        now: (texts(&before.values(id)?), texts(&after.values(id)?)),
        then,
    })
}

/// Whether a change puts another revision in force.
fn puts_in_force(change: &RecordChanged) -> bool {
    change.before.in_force() != change.after.in_force()
}

/// The layers of then with those that a change lays over them.
fn over(then: &RecordState, change: &RecordChanged) -> RecordState {
    let (mut state, before, after) = (then.clone(), &change.before, &change.after);
    let fields = before.corrections.keys().chain(after.corrections.keys());
    for field in fields.filter(|it| before.corrections.get(*it) != after.corrections.get(*it)) {
        match after.corrections.get(field) {
            Some(correction) => state.corrections.insert(field.clone(), correction.clone()),
            None => state.corrections.remove(field),
        };
    }
    if before.quarantined != after.quarantined {
        state.quarantined = after.quarantined;
    }
    state
}

fn of_customer(
    before: Facts<'_>,
    after: Facts<'_>,
    past: &Past<'_>,
    (id, state): (CustomerId, &CustomerState),
    changed: &Changed<'_>,
) -> Result<Told, DeskError> {
    let was = before.view.customer(id)?.filter(CustomerState::is_live);
    let was = match was {
        Some(was) => golden(before, &was, &before.members(&was)?)?,
        None => Texts::new(),
    };
    let now = (was, golden(after, state, &after.members(state)?)?);
    let then = past.customer(id)?.filter(CustomerState::is_live);
    let was_then = match &then {
        Some(then) => golden(after, then, &past.members(then)?)?,
        None => Texts::new(),
    };
    let mut members = Vec::new();
    for record in &state.members {
        let Some(then) = past.record(*record)? else { continue };
        let (body, layers) = match changed.records.get(record) {
            Some(change) if puts_in_force(change) => {
                (after.body(*record)?, over(&then.state, change))
            }
            Some(change) => (then.revised.body, over(&then.state, change)),
            None => (then.revised.body, then.state),
        };
        members.push(after.layered(*record, body, layers)?);
    }
    let mut pins = then.map(|then| then.pins).unwrap_or_default();
    if let Some(change) = changed.members.get(&id) {
        let nothing = BTreeMap::new();
        let had = change.before.as_ref().map_or(&nothing, |before| &before.pins);
        let fields = had.keys().chain(change.after.pins.keys());
        for field in fields.filter(|it| had.get(*it) != change.after.pins.get(*it)) {
            match change.after.pins.get(field) {
                Some(pin) => pins.insert(field.clone(), pin.clone()),
                None => pins.remove(field),
            };
        }
    }
    let records = members.iter().map(|it| it.id).collect();
    let state = CustomerState { standing: Standing::Live, members: records, pins };
    let then = (was_then, golden(after, &state, &members)?);
    Ok(Told { record: None, customer: id, now, then })
}

/// What the values are of which something becomes, or would have become when it was proposed.
fn rows(told: &Told, order: &[&FieldName], named: &BTreeSet<FieldName>) -> Vec<ProposedValue> {
    let mut rows = Vec::new();
    for field in order {
        let of = |texts: &Texts| texts.get(*field).map(|text| text.as_str().into());
        let (was, becomes) = (of(&told.now.0), of(&told.now.1));
        let then = ProposedThen { was: of(&told.then.0), becomes: of(&told.then.1) };
        let is_named = named.contains(*field) && (told.record.is_some() || was != becomes);
        // What changed meanwhile is told as well, though nobody proposed it: whoever approves knew another value.
        let is_other = then.was != was || then.becomes != becomes;
        if was == becomes && !is_other && !is_named {
            continue;
        }
        rows.push(ProposedValue {
            record: told.record.clone(),
            customer: told.customer,
            field: (*field).clone(),
            named: named.contains(*field),
            then: is_other.then_some(then),
            was,
            becomes,
        });
    }
    rows
}

fn texts(values: &Values) -> Texts {
    let text = |value: &domain::Value| value.standard().unwrap_or(value.raw()).to_owned();
    values.iter().map(|(field, value)| (field.clone(), text(value))).collect()
}

fn golden(
    facts: Facts<'_>,
    state: &CustomerState,
    members: &[crate::facts::RecordFacts],
) -> Result<Texts, DeskError> {
    let golden = facts.golden(state, members)?;
    Ok(golden.values.into_iter().map(|value| (value.field, value.text)).collect())
}
