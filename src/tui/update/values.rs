//! The values of a field: which field, what is marked, and the correction of all records that hold it.

use super::{layers, navigate, overview, queue};
use crate::effect::{Effect, Ticket};
use crate::keys::overview as keys;
use crate::model::{
    Choice, Confirm, Confirmed, Correction, CorrectionPhase, Layer, Menu, Model, PromptKind,
};
use crate::pages::ValuesPage;
use crate::question::Answer;
use crate::text::counted as in_words;
use domain::FieldName;
use door::Outcome;
use door::operations::{About, Holders, LastDecision, ValuesOf};
use door::views::{GoldenChange, TypedValue};

/// Golden values and refusals that are told before anything is done.
const SAMPLES: usize = 3;

/// `g l`: of which field?
pub(crate) fn go() -> Vec<Effect> {
    vec![Effect::ask(Ticket::Fields, About {})]
}

/// The fields are known.
pub(super) fn choose_field(model: &mut Model, fields: &[FieldName]) -> Vec<Effect> {
    if fields.is_empty() {
        model.complain("steward.toml has no fields yet: add [fields.NAME]");
        return Vec::new();
    }
    model.layers.push(Layer::Menu(Menu::of_fields(fields)));
    Vec::new()
}

/// Opens the values of a field over the queue, in the place of whatever is open.
pub(super) fn open(model: &mut Model, field: &str) -> Vec<Effect> {
    overview::go(model, Box::new(ValuesPage::new(FieldName::new(field))))
}

/// Marks the value under the cursor, or the whole group.
pub(crate) fn mark(model: &mut Model) -> Vec<Effect> {
    let Some(cursor) = model.overview().map(|screen| screen.scroll.cursor) else {
        return Vec::new();
    };
    if let Some(values) = model.values_mut() {
        values.toggle(cursor);
        let (scroll, length) = model.list_mut();
        scroll.step(1, length);
    }
    Vec::new()
}

/// As they are read, as delivered, golden.
pub(crate) fn next_kind(model: &mut Model) -> Vec<Effect> {
    if let Some(values) = model.values_mut() {
        values.next_kind();
    }
    navigate::reload(model)
}

/// The filter is typed.
pub(super) fn filter(model: &mut Model, text: &str) -> Vec<Effect> {
    if let Some(values) = model.values_mut() {
        values.filter_by(text);
        let (scroll, length) = model.list_mut();
        scroll.to(0, length);
    }
    Vec::new()
}

/// Asks for the value that is right, the one that probably is to begin with.
pub(crate) fn ask_for_right_one(model: &mut Model) -> Vec<Effect> {
    let (Some(screen), Some(values)) = (model.overview(), model.values()) else {
        return Vec::new();
    };
    let from = values.chosen(screen.scroll.cursor);
    let masked = values.view.as_ref().is_some_and(|view| view.masked);
    let right = values.probably_right(&from);
    if values.of == ValuesOf::Golden {
        let kind = model.key_for(&keys::AS_DELIVERED);
        model.complain(format!("golden values come from records: {kind} shows record values"));
    } else if masked {
        let unmask = model.key_for(&keys::UNMASK);
        model.complain(format!("the values are masked: {unmask} shows them and is recorded"));
    } else if from.is_empty() {
        let mark = model.key_for(&keys::MARK);
        model.complain(format!("mark values with {mark}, or move to one"));
    } else {
        return layers::prompt(model, PromptKind::CorrectValues { from }, &right);
    }
    Vec::new()
}

/// The right value is typed: the records that hold the others are looked for.
pub(super) fn right_one(model: &mut Model, mut from: Vec<String>, to: &str) -> Vec<Effect> {
    from.retain(|value| value != to);
    if from.is_empty() {
        model.complain("it already has that value");
        return Vec::new();
    }
    let serial = model.next_serial();
    let Some(values) = model.values() else { return Vec::new() };
    let of = (values.field.clone(), values.of);
    let correction = Correction::new(serial, of, from.clone(), to.to_owned());
    model.correction = Some(Box::new(correction));
    vec![Effect::ask(Ticket::Correct(serial), Holders { values: from, unmask: true })]
}

/// What the desk answered to a step.
pub(super) fn take(model: &mut Model, serial: u64, answer: Outcome<Answer>) -> Vec<Effect> {
    let Some(mut correction) = model.correction.take_if(|it| it.serial == serial) else {
        // It was stopped; what was on its way is in the queue's changes.
        return vec![queue::ask_changes(model)];
    };
    match answer {
        Ok(Answer::Holders(holders)) => {
            correction.holders = Some(holders);
            correction.begin_judging();
        }
        Ok(Answer::CorrectSome(came)) => {
            if let Some(offered) = correction.take(came) {
                let codes: Vec<String> = offered.iter().map(ToString::to_string).collect();
                let menu = Menu::of_correction_reasons(correction, &codes);
                model.layers.push(Layer::Menu(menu));
                return Vec::new();
            }
        }
        other => correction.failed = Some(super::answers::said(&other)),
    }
    go_on(model, correction)
}

/// The next step, or what comes after the last one.
fn go_on(model: &mut Model, correction: Box<Correction>) -> Vec<Effect> {
    if let Some(step) = correction.step() {
        let ticket = Ticket::Correct(correction.serial);
        model.correction = Some(correction);
        return vec![Effect::ask(ticket, step)];
    }
    match correction.phase {
        CorrectionPhase::Correcting => ended(model, *correction),
        _ => {
            judged(model, correction);
            Vec::new()
        }
    }
}

/// Each record was judged: are they to be corrected?
fn judged(model: &mut Model, correction: Box<Correction>) {
    if let Some(failed) = &correction.failed {
        model.complain(failed.clone());
        return;
    }
    if correction.ready.is_empty() {
        let why = correction.refused.first().map(|(_, why)| why.clone());
        model.complain(why.unwrap_or_else(|| "no record holds these values any longer".to_owned()));
        return;
    }
    // A question that came up elsewhere would take keys that are meant for something else.
    if model.values().is_none() || !model.layers.is_empty() {
        model.say("nothing was corrected: you left the values before confirming");
        return;
    }
    let records = in_words(correction.ready.len(), "record", "records");
    let question = match correction.to.as_str() {
        "" => format!("remove {} of {records}?", correction.field),
        to => format!("correct {} of {records} to {to}?", correction.field),
    };
    let lines = foreseen(&correction);
    let then = Confirmed::Correct(correction);
    model.layers.push(Layer::Confirm(Confirm { question, lines, then }));
}

/// What a correction would do, a line each.
fn foreseen(correction: &Correction) -> Vec<String> {
    let mut lines: Vec<String> = correction.typed.iter().map(TypedValue::sentence).collect();
    if let Some(holders) = &correction.holders {
        let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        lines.push(format!("of {}", in_words(whole(holders.customers), "customer", "customers")));
        if holders.corrected > 0 {
            let records = in_words(whole(holders.corrected), "record", "records");
            lines.push(format!("{records} already corrected by a person"));
        }
        if holders.pinned > 0 {
            let customers = in_words(whole(holders.pinned), "customer", "customers");
            lines.push(format!("{customers} with a pinned value, which stays"));
        }
    }
    let golden = in_words(correction.golden.len(), "golden value changes", "golden values change");
    lines.push(golden);
    lines.extend(correction.golden.iter().take(SAMPLES).map(change));
    if correction.golden.len() > SAMPLES {
        lines.push(format!("  and {} more", correction.golden.len() - SAMPLES));
    }
    if !correction.refused.is_empty() {
        lines.push(format!("{} would be refused", correction.refused.len()));
        let refusals = correction.refusals().into_iter().take(SAMPLES);
        lines.extend(refusals.map(|(count, record, why)| match count {
            1 => format!("  {record}: {why}"),
            more => format!("  {record} and {} more: {why}", more - 1),
        }));
    }
    lines
}

fn change(change: &GoldenChange) -> String {
    let shown = |value: &Option<domain::Shown>| {
        value.as_ref().map_or_else(|| "no value".to_owned(), ToString::to_string)
    };
    format!("  {}: {} -> {}", change.customer, shown(&change.before), shown(&change.after))
}

/// A yes.
pub(super) fn confirmed(model: &mut Model, mut correction: Box<Correction>) -> Vec<Effect> {
    correction.begin_correcting();
    go_on(model, correction)
}

/// A reason was chosen: each is judged once more.
pub(super) fn reason_chosen(
    model: &mut Model,
    mut correction: Box<Correction>,
    choice: &Choice,
) -> Vec<Effect> {
    correction.reason = Some(choice.text.as_str().into());
    correction.begin_judging();
    go_on(model, correction)
}

/// Esc: what was corrected stays.
pub(super) fn stop(model: &mut Model) -> Option<Vec<Effect>> {
    if !model.layers.is_empty() || model.values().is_none() {
        return None;
    }
    let mut correction = *model.correction.take()?;
    if correction.phase != CorrectionPhase::Correcting {
        model.say("nothing was corrected");
        return Some(Vec::new());
    }
    correction.failed = Some("stopped; corrections already made stay".to_owned());
    Some(ended(model, correction))
}

/// Says what was done, and has the values counted again.
fn ended(model: &mut Model, correction: Correction) -> Vec<Effect> {
    let (decided, skipped) = (correction.decided, correction.refused.len());
    match (&correction.failed, correction.bulk) {
        (Some(failed), _) => model.complain(failed.clone()),
        (None, Some(id)) => {
            model.say_done(format!("{id}: {} corrected, {skipped} skipped", decided.len()));
        }
        (None, None) => model.complain("nothing was corrected"),
    }
    if let Some(id) = correction.bulk.filter(|_| !decided.is_empty()) {
        model.last_bulk = Some((id, decided));
    }
    let mut effects = Vec::new();
    if let Some(values) = model.values_mut() {
        values.marks.clear();
        effects = navigate::reload(model);
    }
    effects.push(queue::ask_changes(model));
    effects.push(Effect::ask(Ticket::WouldUndo, LastDecision { undone: false }));
    effects
}
