//! Where a retired customer id leads: the one place that decides it.
//!
//! The law: a retired id leads to the customer that now holds most of the records it had when it was
//! retired; where two hold as many, to the lower id. A merge needs nothing for that, since all records
//! of an id go together; what parts records (undo, unmerge, an erasure) may leave it wrong, for ids
//! that were retired long before, too. An id whose making was undone leads on as well: it may have been
//! exported meanwhile.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::draft::Draft;
use super::error::DeskError;
use super::past::Past;
use domain::{CustomerId, CustomerState, Event, RecordId, Sequence, Standing};
use store::StoreError;

/// Makes every retired id that a draft may concern lead where it must, in the draft.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn settle(draft: &mut Draft<'_>) -> Result<(), DeskError> {
    if draft.decision.is_none() && draft.facts().view.counters()?.decisions == 0 {
        // What no person ever decided about was never parted.
        return Ok(());
    }
    let placed = placed(draft);
    let mut targets = BTreeMap::new();
    for id in concerned(draft)? {
        if draft.customer(id)?.is_some_and(|state| is_retired(&state))
            && let Some(target) = holder(draft, &placed, &own_still(draft, id)?)?
        {
            targets.insert(id, target);
        }
    }
    // Each id that is set leads straight to a live one; none has to be set again.
    let mut set = BTreeSet::new();
    loop {
        let before = set.len();
        for (id, target) in &targets {
            if follow(draft, *id)? != Some(*target) {
                if !set.insert(*id) {
                    let what = format!("{target} holds records that {id} had, but is not live");
                    return Err(StoreError::Damaged { what }.into());
                }
                draft.set_customer(*id, CustomerState::merged(*target))?;
            }
        }
        if set.len() == before {
            return Ok(());
        }
    }
}

/// The customer that holds most of these records, as planned; the lowest of several.
///
/// # Errors
/// When the store is damaged.
pub fn most(draft: &Draft<'_>, records: &[RecordId]) -> Result<Option<CustomerId>, DeskError> {
    holder(draft, &placed(draft), &still_theirs(draft, records.to_vec(), None)?)
}

/// The records of the customers a draft touches, each with its customer.
fn placed(draft: &Draft<'_>) -> HashMap<RecordId, CustomerId> {
    let members = draft.planned_customers().flat_map(|(id, state)| {
        let members = state.members.iter();
        members.map(move |record| (*record, id))
    });
    members.collect()
}

fn holder(
    draft: &Draft<'_>,
    placed: &HashMap<RecordId, CustomerId>,
    records: &[RecordId],
) -> Result<Option<CustomerId>, DeskError> {
    let view = draft.facts().view;
    let mut held: BTreeMap<CustomerId, usize> = BTreeMap::new();
    for record in records {
        let customer = match placed.get(record) {
            Some(customer) => *customer,
            None => {
                let customer = view.customer_of(*record)?;
                // Whoever was erased holds nothing any more.
                if !draft.customer(customer)?.is_some_and(|it| it.members.contains(record)) {
                    continue;
                }
                customer
            }
        };
        *held.entry(customer).or_default() += 1;
    }
    let best = held.into_iter().max_by_key(|(id, count)| (*count, std::cmp::Reverse(*id)));
    Ok(best.map(|(id, _)| id))
}

/// The ids that may have to lead elsewhere: those the draft retires, those that ever held a record
/// it moves, and those that lead on through one of them.
fn concerned(draft: &Draft<'_>) -> Result<BTreeSet<CustomerId>, DeskError> {
    let facts = draft.facts();
    let past = Past::after(facts, Sequence::ZERO);
    let mut concerned = BTreeSet::new();
    for (id, before, after) in draft.changed_customers() {
        if is_retired(after) || !after.is_live() {
            concerned.insert(id);
        }
        // Only its own record ever belonged to a customer that nobody touched.
        if facts.view.customer_touched(id)?.is_none() {
            continue;
        }
        let members = before.iter().flat_map(|state| &state.members);
        for record in members.filter(|record| !after.members.contains(record)) {
            concerned.extend(past.homes(*record)?);
        }
    }
    let mut waiting: Vec<CustomerId> = concerned.iter().copied().collect();
    while let Some(id) = waiting.pop() {
        let through = facts.view.retired_into(id)?;
        waiting.extend(through.into_iter().filter(|other| concerned.insert(*other)));
    }
    Ok(concerned)
}

/// Whether an id stands for nobody by itself: merged away, vacant, or without any record left.
fn is_retired(state: &CustomerState) -> bool {
    match state.standing {
        Standing::Live => state.members.is_empty(),
        Standing::Merged { .. } | Standing::Vacant => true,
        Standing::Erased => false,
    }
}

/// The records an id had when it was last retired, without those that are somebody else's since.
fn own_still(draft: &Draft<'_>, id: CustomerId) -> Result<Vec<RecordId>, DeskError> {
    let (records, retired) = own(draft, id)?;
    still_theirs(draft, records, retired)
}

/// Those of the records that an id had when it was retired in a commit, or in the draft, whose key was not given to
/// somebody else since.
fn still_theirs(
    draft: &Draft<'_>,
    records: Vec<RecordId>,
    retired: Option<Sequence>,
) -> Result<Vec<RecordId>, DeskError> {
    let view = draft.facts().view;
    let mut theirs = Vec::with_capacity(records.len());
    for record in records {
        let reused = draft.record(record)?.reused;
        let is_given = match reused {
            None => false,
            Some(_) if reused != view.record_state(record)?.reused => true,
            Some(reused) => match (view.decision(reused.decision)?, retired) {
                (Some(entry), Some(at)) => entry.place.sequence >= at,
                _ => false,
            },
        };
        if !is_given {
            theirs.push(record);
        }
    }
    Ok(theirs)
}

/// The records an id had when it was last retired, and in which commit; none in the draft itself.
fn own(draft: &Draft<'_>, id: CustomerId) -> Result<(Vec<RecordId>, Option<Sequence>), DeskError> {
    let retires = |before: Option<&CustomerState>, after: &CustomerState| {
        let has_left = !after.is_live() || is_retired(after);
        let before = before.filter(|before| before.is_live() && !is_retired(before) && has_left);
        before.map(|before| before.members.clone())
    };
    let mut planned = draft.changed_customers().filter(|(changed, _, _)| *changed == id);
    if let Some(own) = planned.find_map(|(_, before, after)| retires(before, after)) {
        return Ok((own, None));
    }
    for link in draft.facts().customer_chain(id)? {
        for event in &link.events {
            if let Event::CustomerChanged(changed) = event
                && let Some(own) = retires(changed.before.as_ref(), &changed.after)
            {
                return Ok((own, Some(link.sequence)));
            }
        }
    }
    Ok((Vec::new(), None))
}

/// The live customer an id leads to, as planned; none where it leads to nobody or in a circle.
fn follow(draft: &Draft<'_>, id: CustomerId) -> Result<Option<CustomerId>, DeskError> {
    let mut passed = BTreeSet::new();
    let mut at = id;
    while passed.insert(at) {
        match draft.customer(at)? {
            Some(state) if state.is_live() && !is_retired(&state) => return Ok(Some(at)),
            Some(CustomerState { standing: Standing::Merged { into }, .. }) => at = into,
            _ => return Ok(None),
        }
    }
    Ok(None)
}
