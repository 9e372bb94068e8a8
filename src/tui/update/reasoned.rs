//! A reason and a note with a verdict on duplicates, for whoever wants to give them: `m` and `n` ask for
//! nothing, `M` and `N` do.

use super::{decide, layers, weak};
use crate::effect::Effect;
use crate::keys::{Row, task};
use crate::model::{Choice, Intent, Layer, Menu, Model, NO_REASON, PromptKind, TaskScreen};
use domain::{FieldType, Verdict};
use door::views::Mark;

/// What the engine calls two who live together, and from which chance on it is worth a word.
const HOUSEHOLD: (&str, f64) = ("the same household", 0.05);

/// Merges, once a reason and a note were asked for.
pub(crate) fn merge(model: &mut Model) -> Vec<Effect> {
    merge_by(model, &task::MERGE_WHY)
}

/// The same by the key that was pressed.
pub(super) fn merge_by(model: &mut Model, key: &'static Row) -> Vec<Effect> {
    if weak::asks_about_weak_link(model, key) {
        return Vec::new();
    }
    ask(model, decide::merge_intent)
}

/// Keeps apart, once a reason and a note were asked for.
pub(crate) fn not_a_match(model: &mut Model) -> Vec<Effect> {
    ask(model, decide::apart_intent)
}

fn ask(model: &mut Model, intent: fn(&TaskScreen) -> Option<Intent>) -> Vec<Effect> {
    let Some(screen) = model.task() else { return Vec::new() };
    let Some(mut intent) = intent(screen) else { return Vec::new() };
    intent.asks_note = true;
    let offered = screen.view.as_ref().and_then(|view| {
        let of = view.reason_codes.iter().find(|(verdict, _)| *verdict == intent.verdict);
        of.map(|(_, codes)| codes.clone())
    });
    let codes = offered.unwrap_or_default();
    if codes.is_empty() {
        return note(model, intent);
    }
    let fitting = if intent.verdict == Verdict::NotAMatch { fitting(screen) } else { &[] };
    let last = model.last_reasons.get(&intent.verdict);
    let menu = Menu::of_reasons_or_none(intent, &codes, fitting, last);
    model.layers.push(Layer::Menu(menu));
    Vec::new()
}

/// The reasons that fit two who are probably of one household; twins have one date of birth.
fn fitting(screen: &TaskScreen) -> &'static [&'static str] {
    let Some(view) = &screen.view else { return &[] };
    let (class, least) = HOUSEHOLD;
    let mut classes = view.pairs.iter().flat_map(|pair| &pair.classes);
    if !classes.any(|(name, chance)| name == class && *chance >= least) {
        return &[];
    }
    let born = view.fields.iter().position(|it| it.field_type == FieldType::DateOfBirth);
    let same_day = born.is_some_and(|row| {
        let others = view.columns.iter().skip(1);
        others.filter_map(|column| column.cells.get(row)).any(|cell| cell.mark == Mark::Equal)
    });
    if same_day { &["twins", "household"] } else { &["household", "twins"] }
}

/// A reason was chosen, or none.
pub(super) fn reason_chosen(model: &mut Model, intent: Intent, chosen: &Choice) -> Vec<Effect> {
    let intent = match chosen.key {
        NO_REASON => intent,
        _ => decide::with_reason(intent, &chosen.text),
    };
    if intent.asks_note { note(model, intent) } else { decide::send(model, intent) }
}

fn note(model: &mut Model, intent: Intent) -> Vec<Effect> {
    layers::prompt(model, PromptKind::Note { intent: Box::new(intent) }, "")
}

/// The note was typed, or none.
pub(super) fn noted(model: &mut Model, mut intent: Intent, text: String) -> Vec<Effect> {
    intent.request.note = (!text.is_empty()).then_some(text);
    intent.asks_note = false;
    decide::send(model, intent)
}
