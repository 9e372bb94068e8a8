//! Who can be asked: people who decided here lately, and owners of sources. Whoever else is meant is typed.

use crate::effect::{Effect, Ticket};
use crate::model::{Layer, Model, PromptKind};
use door::operations::{About, Dashboard};

/// Asks who there is, for a prompt that names somebody.
pub(super) fn ask() -> Vec<Effect> {
    vec![Effect::ask(Ticket::People, Dashboard {}), Effect::ask(Ticket::People, About {})]
}

/// Somebody is known, but for whoever asks.
pub(super) fn learn(model: &mut Model, names: impl IntoIterator<Item = String>) {
    for name in names {
        if name != model.actor && !model.people.contains(&name) {
            model.people.push(name);
        }
    }
    model.people.sort();
}

/// Those whose names go on as it is typed.
pub fn fitting<'m>(model: &'m Model, typed: &str) -> Vec<&'m str> {
    let typed = typed.trim_start().to_lowercase();
    let begins = |name: &&str| name.to_lowercase().starts_with(&typed);
    model.people.iter().map(String::as_str).filter(begins).collect()
}

/// Whether a prompt asks for somebody.
#[must_use]
pub fn names_somebody(kind: &PromptKind) -> bool {
    matches!(kind, PromptKind::EscalateTo | PromptKind::EscalateBulk { .. })
}

/// Goes on with the only name that fits, or as far as all that fit go on alike.
pub(super) fn complete(model: &mut Model) {
    let Some(Layer::Prompt(prompt)) = model.layers.last() else { return };
    let typed = prompt.input.text();
    let names: Vec<String> = fitting(model, &typed).into_iter().map(str::to_owned).collect();
    let Some(first) = names.first() else {
        model.complain("nobody known has that name: any name can be typed");
        return;
    };
    let shared =
        first.char_indices().map(|(at, letter)| at + letter.len_utf8()).rev().find(|end| {
            let head = first[..*end].to_lowercase();
            names.iter().all(|name| name.to_lowercase().starts_with(&head))
        });
    let text = first[..shared.unwrap_or(0)].to_owned();
    if let Some(Layer::Prompt(prompt)) = model.layers.last_mut()
        && text.len() >= typed.len()
    {
        prompt.input = crate::model::Input::with(&text);
    }
}
