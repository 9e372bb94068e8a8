//! Sensitive values: asking for them in clear, and masked again.

use super::{drafts, navigate};
use crate::effect::{Effect, Ticket};
use crate::model::{Layer, Model, Screen};
use crate::pages::Filled;
use crate::question::Answer;
use domain::RecordAddress;
use door::operations::Explain;
use door::{NotDone, Outcome};

/// Asks for the screen with sensitive values in clear, or masked again. By the time they are shown
/// it is written down that somebody looks.
pub(crate) fn unmask(model: &mut Model) -> Vec<Effect> {
    let Some(screen) = model.screens.last_mut() else { return Vec::new() };
    let serial = screen.serial();
    // What was asked for a moment ago is taken back, whether or not it is shown yet.
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
    model.say_of(serial, said);
    drafts::preview(model)
}

/// What was said of a screen goes with it.
pub(super) fn forget_said(model: &mut Model) {
    let Some(of) = model.status.as_ref().and_then(|status| status.of) else { return };
    let shown = match model.screens.last() {
        Some(screen) => Some(screen.serial()),
        None => model.shown_task().map(|screen| screen.serial),
    };
    if shown != Some(of) {
        model.status = None;
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
