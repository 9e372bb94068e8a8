//! Requests of persons: one is recorded of the customer on screen, and its steps on its own screen.

use super::{decide, layers};
use crate::effect::Effect;
use crate::model::{After, Intent, Layer, Menu, Model, PromptKind};
use domain::{RequestKind, RequestStep, Requested, TaskKind, Verdict};
use door::{Action, Request};
use jiff::civil::Date;

/// The kinds of requests, each with its key.
pub(crate) const KINDS: [(char, RequestKind); 7] = [
    ('a', RequestKind::Access),
    ('e', RequestKind::Erasure),
    ('c', RequestKind::Rectification),
    ('r', RequestKind::Restriction),
    ('o', RequestKind::Objection),
    ('p', RequestKind::Portability),
    ('u', RequestKind::OptOut),
];

/// The steps, each with its key and what it says.
pub(crate) const STEPS: [(char, &str); 7] = [
    ('v', "verify: how it was checked who asks"),
    ('u', "go on unchecked, and why"),
    ('t', "told: everybody who is left was told"),
    ('e', "extend, and why"),
    ('s', "searched: nothing is held of them"),
    ('n', "note what was done or said"),
    ('x', "refuse it, and why"),
];

/// Asks what the customer on screen asks for.
pub(crate) fn record(model: &mut Model) -> Vec<Effect> {
    model.layers.push(Layer::Menu(Menu::of_requests(&KINDS)));
    Vec::new()
}

/// It was chosen what for: it is recorded as of today.
pub(super) fn recorded(model: &mut Model, key: char) -> Vec<Effect> {
    let kind = KINDS.iter().find(|(of, _)| *of == key).map(|(_, kind)| *kind);
    let view = model.customer().and_then(|screen| screen.view.as_deref());
    let today = model.moment.as_ref().map(|moment| moment.wall.date());
    let (Some(kind), Some(view), Some(received)) = (kind, view, today) else { return Vec::new() };
    let requested = Requested {
        kind,
        received,
        by: None,
        purposes: Vec::new(),
        channels: Vec::new(),
        fields: Vec::new(),
    };
    let customer = view.customer;
    let request = Request::new(Action::Record { customer, requested });
    decide::send(model, Intent::new(request, Verdict::Request).then(After::Same))
}

/// Asks which step is done for the request on screen.
pub(crate) fn step(model: &mut Model) -> Vec<Effect> {
    model.layers.push(Layer::Menu(Menu::of_steps(&STEPS)));
    Vec::new()
}

/// Why there is no step to be done on this screen.
pub(crate) fn no_request(model: &Model) -> Option<String> {
    let Some(view) = model.task().and_then(|screen| screen.view.as_ref()) else {
        return Some("it is being fetched".to_owned());
    };
    let is_request = view.task.as_ref().is_some_and(|task| task.kind == TaskKind::Request);
    (!is_request).then(|| "this task is not a request of a person".to_owned())
}

/// A step was chosen: its words are asked for, where it needs some.
pub(super) fn chosen(model: &mut Model, key: char) -> Vec<Effect> {
    let step = match key {
        'v' => RequestStep::Verified,
        'u' => RequestStep::Unverified,
        'e' => RequestStep::Extended { until: Date::ZERO },
        'n' => RequestStep::Noted,
        'x' => RequestStep::Refused,
        's' => return done(model, RequestStep::Searched, String::new()),
        _ => {
            let told = RequestStep::Told { exports: Vec::new(), other: None };
            return done(model, told, String::new());
        }
    };
    layers::prompt(model, PromptKind::Step { step: Box::new(step) }, "")
}

/// Does a step, with its words.
pub(super) fn done(model: &mut Model, step: RequestStep, text: String) -> Vec<Effect> {
    let Some(task) = model.task().and_then(|screen| screen.id()) else { return Vec::new() };
    let after = if step.closes() { After::Next } else { After::Same };
    let note = Some(text).filter(|text| !text.is_empty());
    let request = Request { task: Some(task), note, ..Request::new(Action::Step { step }) };
    decide::send(model, Intent::new(request, Verdict::Request).then(after))
}
