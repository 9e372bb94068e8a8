//! What a request would do.

use super::task::merged_golden;
use crate::core::Desk;
use crate::error::{Decided, Stop};
use crate::label::name_of;
use crate::second::{self, Question};
use domain::{CustomerId, CustomerState, Decision, Event, FieldName, Golden};
use door::views::{PreviewView, TypedValue};
use door::{Action, Pick, Request};

pub(crate) fn preview(desk: &Desk, request: &Request) -> Decided<PreviewView> {
    let foreseen = match desk.foresee(request) {
        Ok(foreseen) => foreseen,
        Err(Stop::Refused(refusal)) => {
            let effect = refusal.to_string();
            let (customer, golden) = (None, Golden::default());
            let (refusal, typed) = (Some(refusal), Vec::new());
            return Ok(PreviewView { effect, customer, golden, typed, refusal });
        }
        Err(failed) => return Err(failed),
    };
    let decision = foreseen.commit.events.iter().find_map(|event| match event {
        Event::DecisionMade(made) => Some(made.decision.clone()),
        _ => None,
    });
    if let Some(effect) = desk.withheld()?.undo(decision.as_ref()) {
        let (customer, golden, typed) = (None, Default::default(), Vec::new());
        return Ok(PreviewView { effect, customer, golden, typed, refusal: None });
    }
    let effect = second::foreseen(desk.facts(), &foreseen.commit)?;
    let typed = read_as(&request.action, &foreseen.commit.events);
    let effect = effect + &left(request, decision.as_ref());
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
        return Ok(PreviewView { effect, customer: None, golden, typed, refusal: None });
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
        let golden = golden.into();
        Ok(PreviewView { effect, customer: Some(customer), golden, typed, refusal: None })
    })
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

/// The decisions of several that an undo leaves as they are: only what is about somebody who was erased.
fn left(request: &Request, decided: Option<&Decision>) -> String {
    let (Action::Undo { decisions, .. }, Some(decided)) = (&request.action, decided) else {
        return String::new();
    };
    let left = decisions.iter().filter(|id| !decided.reverses.contains(id));
    let left: Vec<String> = left.map(ToString::to_string).collect();
    match left.len() {
        0 => String::new(),
        _ => format!(
            "; left as they are because they are about people who were erased: {}",
            left.join(", ")
        ),
    }
}

fn subject(action: &Action) -> Option<CustomerId> {
    match action {
        Action::Pin { customer, .. } | Action::Unmerge { customer, .. } => Some(*customer),
        _ => None,
    }
}
