//! What a decision did, with the names of the people it is about, for whoever made it: as far as
//! anybody may see them. History and ledger keep to ids.

use std::collections::BTreeSet;

use super::{consent, list, outcome};
use crate::error::DeskError;
use crate::facts::Facts;
use crate::label::spoken_name_of;
use domain::{Commit, CustomerId, Decision, Event, Group, Subject, Verdict, counted};

/// Customers that are named in one sentence at most.
const NAMED: usize = 3;

/// What a commit does: `merged Elena Varga, 3 records, into C558`. `before` are the facts without it,
/// `after` those with it folded in.
///
/// # Errors
/// When the store or the ledger is damaged.
pub fn told(before: Facts<'_>, after: Facts<'_>, commit: &Commit) -> Result<String, DeskError> {
    let plain = outcome(before, commit)?;
    let made = commit.events.iter().find_map(|event| match event {
        Event::DecisionMade(made) => Some(&made.decision),
        _ => None,
    });
    let Some(decision) = made else { return Ok(plain) };
    let said = match decision.verdict {
        Verdict::Merge => merged(before, after, decision)?,
        Verdict::NotAMatch => not_a_match(before, decision)?,
        Verdict::Escalate | Verdict::Answer => asked(before, decision)?,
        Verdict::Keep if !decision.groups.is_empty() => kept(before, decision)?,
        Verdict::Unmerge
        | Verdict::Correct
        | Verdict::Pin
        | Verdict::Waive
        | Verdict::Quarantine
        | Verdict::Accept
        | Verdict::Keep => about_one(before, decision, &plain)?,
        _ => None,
    };
    let consent = consent(decision);
    Ok(match said {
        Some(said) if !said.contains(&consent) => said + &consent,
        Some(said) => said,
        None => plain,
    })
}

fn reasoned(decision: &Decision, what: String) -> String {
    match &decision.reason {
        Some(reason) => format!("{what} ({reason})"),
        None => what,
    }
}

fn name(facts: Facts<'_>, customer: CustomerId) -> Result<Option<String>, DeskError> {
    let Some(live) = facts.view.follow(customer)? else { return Ok(None) };
    let Some(state) = facts.view.customer(live)? else { return Ok(None) };
    let golden = facts.golden(&state, &facts.members(&state)?)?;
    Ok(spoken_name_of(facts.settings, &golden))
}

/// `merged Elena Varga, 3 records, into C558; not a match: C902`. Where it goes by another name since, who came:
/// `merged Albert Smith, 4 records, into C3, Edward Smith (now Albert Smith)`.
fn merged(
    before: Facts<'_>,
    after: Facts<'_>,
    decision: &Decision,
) -> Result<Option<String>, DeskError> {
    let (ones, others): (Vec<&Group>, Vec<&Group>) =
        decision.groups.iter().partition(|group| group.records.len() > 1);
    if ones.is_empty() || ones.len() > NAMED {
        return Ok(None);
    }
    let mut told = Vec::new();
    for group in ones {
        let Some(now) = name(after, group.customer)? else { return Ok(None) };
        let was = name(before, group.customer)?.unwrap_or_else(|| now.clone());
        let (all, into) = (group.records.len(), group.customer);
        if was == now {
            told.push(format!("{was}, {all} records, into {into}"));
            continue;
        }
        // Whose name does not stay did not come: who came is told.
        let (others, came) = who_came(before, group, &was)?;
        told.push(match others {
            None => format!("{was}, {all} records, into {into} (now {now})"),
            Some(others) => {
                let records = counted(came, "record", "records");
                format!("{others}, {records}, into {into}, {was} (now {now})")
            }
        });
    }
    let mut said = format!("merged {}", told.join("; "));
    if !others.is_empty() {
        said += &format!("; not a match: {}", list(others.iter().map(|group| group.customer)));
    }
    Ok(Some(reasoned(decision, said)))
}

/// Who else came to the customer of a group, and with how many records; none where nobody goes by another
/// name.
fn who_came(
    before: Facts<'_>,
    group: &Group,
    was: &str,
) -> Result<(Option<String>, u64), DeskError> {
    let (mut names, mut came) = (Vec::<String>::new(), 0);
    let stays = before.view.follow(group.customer)?;
    for record in &group.records {
        let of = before.view.customer_of(*record)?;
        if Some(of) == stays {
            continue;
        }
        came += 1;
        let name = name(before, of)?.unwrap_or_else(|| of.to_string());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.iter().all(|name| name == was) || names.len() > NAMED {
        return Ok((None, came));
    }
    let last = names.pop().unwrap_or_default();
    let others = match names.as_slice() {
        [] => last,
        first => format!("{} and {last}", first.join(", ")),
    };
    Ok((Some(others), came))
}

/// `escalated Elena Varga (C1), Elena Vargas (C2) to kim`.
fn asked(facts: Facts<'_>, decision: &Decision) -> Result<Option<String>, DeskError> {
    let (customers, Some(to)) = (customers(decision), &decision.to) else { return Ok(None) };
    if customers.len() != decision.subjects.len() || customers.len() > NAMED {
        return Ok(None);
    }
    let told = named(facts, customers)?.join(", ");
    let said = match decision.verdict {
        Verdict::Escalate => format!("escalated {told} to {to}"),
        _ => format!("answered {to} about {told}"),
    };
    Ok(Some(reasoned(decision, said)))
}

/// `Elena Varga (C1)`, of each.
fn named(facts: Facts<'_>, customers: BTreeSet<CustomerId>) -> Result<Vec<String>, DeskError> {
    let mut told = Vec::new();
    for customer in customers {
        let name = name(facts, customer)?;
        told.push(name.map_or(customer.to_string(), |name| format!("{name} ({customer})")));
    }
    Ok(told)
}

/// `not a match: Elena Varga (C1), Elena Vargas (C2)`.
fn not_a_match(facts: Facts<'_>, decision: &Decision) -> Result<Option<String>, DeskError> {
    let customers = customers(decision);
    if customers.is_empty() || customers.len() > NAMED {
        return Ok(None);
    }
    let told = named(facts, customers)?;
    Ok(Some(reasoned(decision, format!("not a match: {}", told.join(", ")))))
}

/// `kept Elena Varga (C1) and Elena Vargas (C2) apart`, `kept crm:9 in Elena Varga (C1)`.
pub(super) fn kept(facts: Facts<'_>, decision: &Decision) -> Result<Option<String>, DeskError> {
    let customers = customers(decision);
    if decision.groups.len() == 1 && customers.len() == 1 {
        let whole = named(facts, customers)?.concat();
        let task = decision.task.map(|task| facts.view.task(task)).transpose()?.flatten();
        let said = match task.and_then(|entry| entry.task.record) {
            Some(record) => format!("kept {} in {whole}", facts.body(record)?.address),
            None => format!("kept {whole} together"),
        };
        return Ok(Some(reasoned(decision, said)));
    }
    if customers.len() < 2 || customers.len() > NAMED {
        return Ok(None);
    }
    let mut told = named(facts, customers)?;
    let Some(last) = told.pop() else { return Ok(None) };
    Ok(Some(reasoned(decision, format!("kept {} and {last} apart", told.join(", ")))))
}

fn customers(decision: &Decision) -> BTreeSet<CustomerId> {
    let of = |subject: &Subject| match subject {
        Subject::Customer(id) => Some(*id),
        _ => None,
    };
    decision.subjects.iter().filter_map(of).collect()
}

/// What was done to records of one customer, with whose they are.
fn about_one(
    facts: Facts<'_>,
    decision: &Decision,
    plain: &str,
) -> Result<Option<String>, DeskError> {
    let mut about = customers(decision);
    for subject in &decision.subjects {
        if let Subject::Record(address) = subject
            && let Some(record) = facts.find(address)?
        {
            about.insert(facts.view.customer_of(record)?);
        }
    }
    let mut about = about.into_iter();
    let (Some(only), None) = (about.next(), about.next()) else { return Ok(None) };
    Ok(name(facts, only)?.map(|name| format!("{plain}: {name}")))
}
