//! Sensitive values: asking for them in clear, and masked again.

use std::time::Duration;

use super::{drafts, navigate};
use crate::effect::{Effect, Ticket};
use crate::keys::records;
use crate::model::{InClear, Layer, Model, Screen};
use crate::pages::Filled;
use crate::question::Answer;
use domain::{FieldName, RecordAddress};
use door::operations::{Explain, KeepInClear};
use door::{NotDone, Outcome};

/// How long a field stays in clear.
const KEPT: Duration = Duration::from_secs(15 * 60);

/// Asks for the screen with sensitive values in clear; pressed again on a sensitive field, keeps that
/// field in clear from task to task; else masks everything again. By the time values are shown it is
/// written down that somebody looks.
pub(crate) fn unmask(model: &mut Model) -> Vec<Effect> {
    let field = field_under_cursor(model);
    let is_kept =
        |field: &FieldName| model.kept.as_ref().is_some_and(|kept| kept.fields.contains(field));
    let ends = field.as_ref().is_some_and(is_kept);
    let Some(screen) = model.screens.last_mut() else { return Vec::new() };
    let serial = screen.serial();
    let is_awaited = model.unmasking.is_some_and(|(of, _)| of == serial);
    let in_clear = *screen.unmasked() && !is_awaited;
    if let Some(field) = field.filter(|_| in_clear && !ends) {
        return keep(model, serial, field);
    }
    if model.kept.is_some() && (ends || in_clear) {
        return mask_all(model);
    }
    // What was asked for a moment ago is taken back, whether or not it is shown yet.
    let Some(screen) = model.screens.last_mut() else { return Vec::new() };
    let asked = model.unmasking.filter(|(of, _)| *of == serial).map(|(_, unmask)| unmask);
    let unmask = !asked.unwrap_or(*screen.unmasked());
    model.unmasking = Some((serial, unmask));
    let ticket = Ticket::Unmask { serial, unmask };
    let mut effects = vec![Effect::ask(ticket, screen.question(unmask))];
    if let Some(Layer::Explained { pair, .. }) = model.layers.last() {
        effects.push(explain(pair.left.clone(), pair.right.clone(), unmask));
    }
    effects
}

/// The field under the cursor, where it is sensitive.
fn field_under_cursor(model: &Model) -> Option<FieldName> {
    // Over what explains two records no cursor is seen.
    if matches!(model.layers.last(), Some(Layer::Why { .. } | Layer::Explained { .. })) {
        return None;
    }
    let field = match model.screens.last()? {
        Screen::Task(screen) => screen.current_field().map(|(_, field)| field),
        Screen::Customer(screen) => screen.view.as_ref()?.fields.get(screen.scroll.cursor),
        Screen::History(_) | Screen::Overview(_) => None,
    };
    field.filter(|field| field.sensitive).map(|field| field.name.clone())
}

/// Keeps a field in clear from now on.
fn keep(model: &mut Model, serial: u64, field: FieldName) -> Vec<Effect> {
    let Some(moment) = &model.moment else { return Vec::new() };
    let until = moment.elapsed + KEPT;
    let mut fields = model.kept.take().map(|kept| kept.fields).unwrap_or_default();
    let key = model.key_for(&records::UNMASK);
    model.say_of(serial, format!("{field} stays unmasked for 15 minutes; {key} masks it again"));
    fields.insert(field);
    let asked = KeepInClear { fields: fields.iter().cloned().collect() };
    model.kept = Some(InClear { fields, until });
    vec![Effect::ask(Ticket::Kept, asked)]
}

/// Masks whatever is in clear, on every screen.
fn mask_all(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    if model.kept.take().is_some() {
        effects.push(Effect::ask(Ticket::Kept, KeepInClear { fields: Vec::new() }));
    }
    model.unmasking = None;
    for screen in &mut model.screens {
        *screen.unmasked() = false;
    }
    if let Some((top, below)) = model.screens.split_last_mut() {
        for screen in below {
            let serial = screen.serial();
            effects.push(navigate::fetch(screen, serial));
        }
        // Its draft stays.
        let ticket = Ticket::Unmask { serial: top.serial(), unmask: false };
        effects.push(Effect::ask(ticket, top.question(false)));
        model.queue.beside = None;
    } else if let Some(beside) = model.queue.beside.as_deref_mut() {
        beside.unmasked = false;
        effects.extend(navigate::reload(model));
    }
    if let Some(Layer::Explained { pair, .. }) = model.layers.last() {
        effects.push(explain(pair.left.clone(), pair.right.clone(), false));
    }
    effects
}

/// Masks again what was to stay in clear for a while, once that is over.
pub(super) fn expire(model: &mut Model) -> Vec<Effect> {
    let now = model.moment.as_ref().map(|moment| moment.elapsed);
    let is_over = |kept: &InClear| now.is_some_and(|now| now >= kept.until);
    if !model.kept.as_ref().is_some_and(is_over) {
        return Vec::new();
    }
    mask_all(model)
}

/// Goes back to the shell. Whoever comes back may be somebody else: nothing is in clear then.
pub(crate) fn suspend(model: &mut Model) -> Vec<Effect> {
    let is_in_clear = model.kept.is_some() || model.screens.iter_mut().any(|it| *it.unmasked());
    let mut effects = if is_in_clear { mask_all(model) } else { Vec::new() };
    effects.push(Effect::Suspend);
    effects
}

/// Asks for the waterfall of two records.
pub(super) fn explain(left: RecordAddress, right: RecordAddress, unmask: bool) -> Effect {
    Effect::ask(Ticket::Explain, Explain { left, right, unmask })
}

/// Shows the screen of that serial as it was asked for, where it still is.
pub(super) fn unmasked(
    model: &mut Model,
    (serial, unmask): (u64, bool),
    answer: Answer,
) -> Vec<Effect> {
    let Some(screen) = model.screens.last_mut().filter(|screen| screen.serial() == serial) else {
        return Vec::new();
    };
    let is_same = match (&mut *screen, answer) {
        (Screen::Task(screen), Answer::ShowTask(view) | Answer::Compare(view)) => {
            let is_same = screen.view.as_deref() == Some(&view);
            screen.fill_again(view);
            is_same
        }
        (Screen::Customer(screen), Answer::ShowCustomer(view)) => {
            let is_same = screen.view.as_deref() == Some(&view);
            screen.fill(view);
            is_same
        }
        (Screen::History(screen), Answer::History(entries)) => {
            let is_same = screen.entries.as_ref() == Some(&entries);
            screen.fill(entries);
            is_same
        }
        (Screen::Overview(screen), answer) => {
            let is_same = screen.page.shows(&answer);
            if !matches!(screen.page.fill(answer), Filled::Shown) {
                return Vec::new();
            }
            is_same
        }
        _ => return Vec::new(),
    };
    // What is the same in clear as masked hid nothing, and there was nothing to look at.
    let is_same = is_same && !*screen.unmasked();
    *screen.unmasked() = unmask && !is_same;
    let said = match (unmask, is_same) {
        (true, true) => "nothing here is masked",
        (true, false) => "sensitive values shown; recorded in the ledger",
        (false, _) => "sensitive values masked",
    };
    let field = field_under_cursor(model).filter(|_| unmask && !is_same);
    let key = model.key_for(&records::UNMASK);
    let more = field.map_or_else(String::new, |field| format!("; {key} keeps {field} so"));
    model.say_of(serial, format!("{said}{more}"));
    drafts::preview(model)
}

/// What was said of a screen goes with it.
pub(super) fn forget_said(model: &mut Model) {
    let Some(of) = model.status.as_ref().and_then(|status| status.of) else { return };
    if shown(model) != of {
        model.status = None;
    }
}

/// Says something that is of the screen that is shown.
pub(super) fn say_here(model: &mut Model, text: &str) {
    let of = shown(model);
    model.say_of(of, text);
}

/// Complains about a key that does nothing on the screen that is shown.
pub(super) fn complain_here(model: &mut Model, text: String) {
    model.complain(text);
    let of = shown(model);
    if let Some(status) = &mut model.status {
        status.of = Some(of);
    }
}

/// The serial of what is shown: of the queue alone 0.
fn shown(model: &Model) -> u64 {
    match model.screens.last() {
        Some(screen) => screen.serial(),
        None => model.shown_task().map_or(0, |screen| screen.serial),
    }
}

/// Where it cannot be recorded that somebody looks on, the screen goes back to being masked.
pub(super) fn masked_instead(
    model: &mut Model,
    serial: u64,
    answer: &Outcome<Answer>,
) -> Option<Effect> {
    let Err(why @ NotDone::Failed(_)) = answer else { return None };
    let again = model.next_serial();
    let screen = model.screens.iter_mut().find(|screen| screen.serial() == serial);
    let effect = match screen {
        Some(screen) => {
            if !std::mem::take(screen.unmasked()) {
                return None;
            }
            navigate::fetch(screen, again)
        }
        None => {
            let beside = model.queue.beside.as_deref_mut();
            let screen = beside.filter(|it| it.serial == serial && it.unmasked)?;
            screen.unmasked = false;
            navigate::fetch_task(screen, again)
        }
    };
    model.complain(why.to_string());
    Some(effect)
}
