//! What a request would do.

use super::comparison::Whole;
use super::task::merged_golden;
use crate::answering::doubted;
use crate::approvals::{Planned, replaced};
use crate::core::Desk;
use crate::error::{Decided, DeskError, Stop};
use crate::facts::Facts;
use crate::label::name_of;
use crate::second::{self, Question};
use domain::{
    Commit, CustomerId, CustomerState, Decision, Event, FieldName, Golden, RecordId, RuleId,
    Subject, TaskState, Verdict,
};
use door::views::{PreviewView, TypedValue};
use door::{Action, Pick, Refusal, Request};
use settings::{Check, Settings};

/// What a request would do, but for what the `unjudged` rules say.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn preview(
    desk: &Desk,
    request: &Request,
    unjudged: Vec<RuleId>,
) -> Decided<PreviewView> {
    let planned = desk.planned(request, &unjudged);
    Ok(PreviewView { unjudged, ..foreseen(desk, request, planned)? })
}

/// The same of what is proposed, once somebody approves it.
///
/// # Errors
/// As [`preview`].
pub(crate) fn outcome(
    desk: &Desk,
    request: &Request,
    unjudged: Vec<RuleId>,
) -> Decided<PreviewView> {
    let planned = desk.outcome_of(request, &unjudged, &|_| Ok(())).map(Planned::at_once);
    Ok(PreviewView { unjudged, ..foreseen(desk, request, planned)? })
}

fn foreseen(desk: &Desk, request: &Request, planned: Decided<Planned>) -> Decided<PreviewView> {
    let planned = match planned {
        Ok(planned) => planned,
        Err(Stop::Refused(refusal)) => {
            let effect = refusal.to_string();
            let (customer, golden) = (None, refused_golden(desk, request)?.into());
            let about = concerned(desk.facts().settings, &refusal);
            let (refusal, typed) = (Some(refusal), Vec::new());
            return Ok(PreviewView {
                effect,
                customer,
                golden,
                typed,
                unjudged: Vec::new(),
                needs: None,
                refusal,
                about,
            });
        }
        Err(failed) => return Err(failed),
    };
    let (needs, clause) = (planned.told(), planned.clause());
    let clause = replaced(&planned.outcome.commit) + &clause;
    let foreseen = planned.outcome;
    let decision = foreseen.commit.events.iter().find_map(|event| match event {
        Event::DecisionMade(made) => Some(made.decision.clone()),
        _ => None,
    });
    if let Some(effect) = desk.withheld()?.undo(decision.as_ref()) {
        let (customer, golden, typed) = (None, Default::default(), Vec::new());
        return Ok(PreviewView {
            effect,
            customer,
            golden,
            typed,
            unjudged: Vec::new(),
            needs,
            refusal: None,
            about: Vec::new(),
        });
    }
    let effect = second::foreseen(desk.facts(), &foreseen.commit)?;
    let typed = read_as(&request.action, &foreseen.commit.events);
    let mut effect = effect + &left(desk.facts(), request, decision.as_ref())?;
    if let Some(doubt) = doubted(&desk.facts().settings.people, &request.action) {
        effect = format!("{effect}; {doubt}");
    }
    let first = decision.as_ref().and_then(|decision| decision.groups.first());
    let customer = first.map(|group| group.customer).or_else(|| subject(&request.action));
    let Some(customer) = customer else {
        // What would survive is shown of a second look, too, though it changes nobody.
        let first = decision.and_then(|decision| decision.second).map(|look| look.of);
        let golden = match first {
            Some(first) => {
                let wholes = Question::of(desk.facts(), first)?.wholes(desk.facts())?;
                merged_golden(desk.facts(), &wholes)?
            }
            None => Golden::default(),
        };
        let golden = golden.into();
        return Ok(PreviewView {
            effect: effect + &clause,
            customer: None,
            golden,
            typed,
            unjudged: Vec::new(),
            needs,
            refusal: None,
            about: Vec::new(),
        });
    };
    desk.with_foreseen(&foreseen, |after| {
        let state = after.view.customer(customer)?.filter(CustomerState::is_live);
        let golden = match &state {
            Some(state) => after.golden(state, &after.members(state)?)?,
            None => Golden::default(),
        };
        let name = name_of(after.settings, &golden);
        let name = name.map(|name| format!(", {name}")).unwrap_or_default();
        let effect = match &request.action {
            Action::Merge { .. } => format!("{effect}{name}"),
            _ => effect,
        };
        let splits = splits(after, &foreseen.commit)?;
        let effect =
            splits.map_or(effect.clone(), |splits| format!("{effect}; {splits}")) + &clause;
        let golden = golden.into();
        Ok(PreviewView {
            effect,
            customer: Some(customer),
            golden,
            typed,
            unjudged: Vec::new(),
            needs,
            refusal: None,
            about: Vec::new(),
        })
    })
}

/// What would survive of a merge that is refused: the values are there all the same. Nothing where it is
/// of nobody that is there.
fn refused_golden(desk: &Desk, request: &Request) -> Decided<Golden> {
    let Action::Merge { groups, .. } = &request.action else { return Ok(Golden::default()) };
    let facts = desk.facts();
    let Some(group) = groups.iter().find(|group| group.len() > 1) else {
        return Ok(Golden::default());
    };
    let mut wholes = Vec::new();
    for customer in group {
        let live = facts.view.follow(*customer)?;
        let Some(live) = live.filter(|live| wholes.iter().all(|it: &Whole| it.id != *live)) else {
            continue;
        };
        wholes.push(Whole::read(facts, live)?);
    }
    merged_golden(facts, &wholes).map_err(Stop::from)
}

/// Of the fields that survive together, those of which a decision sets some by hand while others come
/// from another record: `address is split: street, city from shop:12, region from crm:4`.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn splits(after: Facts<'_>, commit: &Commit) -> Decided<Option<String>> {
    let made = commit.events.iter().find_map(|event| match event {
        Event::DecisionMade(made) => Some(&made.decision),
        _ => None,
    });
    let Some(decision) = made else { return Ok(None) };
    let picked = |field: &FieldName| decision.values.get(field.as_str()).is_some();
    let groups = &after.settings.survivorship.groups;
    let touched: Vec<_> = groups.iter().filter(|group| group.fields.iter().any(picked)).collect();
    let pins = matches!(decision.verdict, Verdict::Merge | Verdict::Pin);
    let customer = decision.groups.first().map(|group| group.customer).or_else(|| {
        decision.subjects.iter().find_map(|subject| match subject {
            Subject::Customer(id) => Some(*id),
            _ => None,
        })
    });
    let Some(customer) = customer.filter(|_| pins && !touched.is_empty()) else { return Ok(None) };
    let Some(state) = after.view.customer(customer)?.filter(CustomerState::is_live) else {
        return Ok(None);
    };
    let golden = after.golden(&state, &after.members(&state)?)?;
    let mut told = Vec::new();
    for group in touched {
        // By who delivers them, in the order of the settings; what was typed is nobody's.
        let mut parts: Vec<(Option<RecordId>, Vec<&str>)> = Vec::new();
        for field in &group.fields {
            let Some(value) = golden.get(field.as_str()) else { continue };
            let record = value.origin.record();
            match parts.iter_mut().find(|(of, _)| *of == record) {
                Some((_, fields)) => fields.push(field.as_str()),
                None => parts.push((record, vec![field.as_str()])),
            }
        }
        if parts.len() < 2 {
            continue;
        }
        let mut from = Vec::new();
        for (record, fields) in parts {
            let whence = match record {
                Some(record) => format!("from {}", after.body(record)?.address),
                None => "typed".to_owned(),
            };
            from.push(format!("{} {whence}", fields.join(", ")));
        }
        told.push(format!("{} is split: {}", group.name, from.join("; ")));
    }
    Ok((!told.is_empty()).then(|| told.join("; ")))
}

/// The values of a decision that are read as something else than was typed.
pub(crate) fn read_as(action: &Action, events: &[Event]) -> Vec<TypedValue> {
    let decisions = events.iter().filter_map(|event| match event {
        Event::DecisionMade(made) => Some(&made.decision),
        _ => None,
    });
    let values = decisions.flat_map(|decision| decision.values.iter());
    values
        .filter_map(|(field, value)| {
            let read = value.standard().filter(|read| *read != value.raw())?;
            let typed = value.raw().into();
            let taken = !is_typed(action, field);
            Some(TypedValue { field: field.clone(), typed, read: read.into(), taken })
        })
        .collect()
}

/// Whether whoever asks for this wrote the field's value out themselves.
fn is_typed(action: &Action, field: &FieldName) -> bool {
    match action {
        Action::Correct { values, chosen, .. } => {
            values.contains_key(field) && !chosen.contains_key(field)
        }
        Action::Pin { picks, .. } | Action::Merge { picks, .. } => {
            matches!(picks.get(field), Some(Pick::Typed(_)))
        }
        _ => false,
    }
}

/// The fields that rules are about which refuse something: of dates that contradict each other both.
fn concerned(settings: &Settings, refusal: &Refusal) -> Vec<FieldName> {
    let Refusal::Breaks { violations } = refusal else { return Vec::new() };
    let mut about = Vec::new();
    for violation in violations {
        let check = settings.rule(violation.rule.as_str()).map(|rule| &rule.check);
        let other = match check {
            Some(Check::Compare { other, .. }) => Some(other.clone()),
            _ => None,
        };
        for field in std::iter::once(violation.field.clone()).chain(other) {
            if !about.contains(&field) {
                about.push(field);
            }
        }
    }
    about
}

/// Decisions named of those that an undo leaves.
const NAMED: usize = 10;

/// The decisions of several that an undo leaves as they are, and why: `; left as they are because they were answered
/// since: D3, D4`.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn left(
    facts: Facts<'_>,
    request: &Request,
    decided: Option<&Decision>,
) -> Result<String, DeskError> {
    let (Action::Undo { decisions, .. }, Some(decided)) = (&request.action, decided) else {
        return Ok(String::new());
    };
    let (mut erased, mut answered, mut ended) = (Vec::new(), Vec::new(), Vec::new());
    for id in decisions.iter().filter(|id| !decided.reverses.contains(id)) {
        let entry = facts.view.decision(*id)?;
        if entry.is_none_or(|entry| entry.verdict != Verdict::Propose) {
            erased.push(id);
            continue;
        }
        let asks = facts.decision(*id)?.proposal.map(|proposal| proposal.task);
        let asks = asks.map(|task| facts.view.task(task)).transpose()?.flatten();
        match asks.is_some_and(|entry| matches!(entry.task.state, TaskState::Decided { .. })) {
            true => answered.push(id),
            false => ended.push(id),
        }
    }
    let mut told = String::new();
    for (ids, why) in [
        (erased, "they are about people who were erased"),
        (answered, "they were answered since"),
        (ended, "nobody is asked to approve them any more"),
    ] {
        if !ids.is_empty() {
            let named: Vec<String> = ids.iter().take(NAMED).map(ToString::to_string).collect();
            let more = match ids.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let named = named.join(", ");
            told.push_str(&format!("; left as they are because {why}: {named}{more}"));
        }
    }
    Ok(told)
}

fn subject(action: &Action) -> Option<CustomerId> {
    match action {
        Action::Pin { customer, .. } | Action::Unmerge { customer, .. } => Some(*customer),
        _ => None,
    }
}
