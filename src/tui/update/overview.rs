//! Screens about the workspace as a whole: how they open, and what the desk answered. Which there are
//! is known only to the keys that open one.

use super::{answers, jobs, layers, masks, navigate};
use crate::effect::{Effect, Ticket};
use crate::model::{CustomerScreen, Model, Overview, Screen};
use crate::pages::{
    DashboardPage, Filled, GrantsPage, ImportsPage, Opens, Page, RulesPage, RunsPage,
};
use crate::question::Answer;
use domain::CustomerId;
use door::Outcome;
use door::views::{JobEnd, JobId};

pub(crate) fn go_dashboard(model: &mut Model) -> Vec<Effect> {
    go(model, Box::<DashboardPage>::default())
}

pub(crate) fn go_rules(model: &mut Model) -> Vec<Effect> {
    go(model, Box::<RulesPage>::default())
}

pub(crate) fn go_imports(model: &mut Model) -> Vec<Effect> {
    go(model, Box::<ImportsPage>::default())
}

pub(crate) fn go_grants(model: &mut Model) -> Vec<Effect> {
    go(model, Box::<GrantsPage>::default())
}

/// Opens a screen over the queue, in the place of whatever is open.
pub(super) fn go(model: &mut Model, page: Box<dyn Page>) -> Vec<Effect> {
    model.screens.clear();
    push(model, page)
}

/// Compares the newest run with the one before.
pub(crate) fn compare_runs(model: &mut Model) -> Vec<Effect> {
    push(model, Box::<RunsPage>::default())
}

/// Puts a screen over the others, and asks for it.
pub(super) fn push(model: &mut Model, page: Box<dyn Page>) -> Vec<Effect> {
    navigate::push(model, Screen::Overview(Box::new(Overview::new(page, 0))))
}

/// Opens what is under the cursor.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    let opens = model.overview().and_then(|screen| screen.page.open(screen.scroll.cursor));
    match opens {
        Some(Opens::Page(page)) => push(model, page),
        Some(Opens::Task(task)) => navigate::open(model, task),
        Some(Opens::Customer(customer)) => open_customer(model, customer),
        Some(Opens::Prompt(kind)) => layers::prompt(model, kind, ""),
        Some(Opens::Nothing(why)) => {
            model.complain(why);
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// Opens the customer that the row under the cursor is about.
pub(crate) fn customer(model: &mut Model) -> Vec<Effect> {
    let customer = model.overview().and_then(|screen| screen.page.customer(screen.scroll.cursor));
    customer.map_or_else(Vec::new, |customer| open_customer(model, customer))
}

fn open_customer(model: &mut Model, customer: CustomerId) -> Vec<Effect> {
    navigate::push(model, Screen::Customer(Box::new(CustomerScreen::new(customer, 0))))
}

/// Takes in what was asked for a screen of that serial.
pub(super) fn answered(model: &mut Model, serial: u64, answer: Outcome<Answer>) -> Vec<Effect> {
    if let Some(masked) = masks::masked_instead(model, serial, &answer) {
        return vec![masked];
    }
    let Some(screen) = model.overview_mut().filter(|screen| screen.serial == serial) else {
        return Vec::new();
    };
    let filled = match answer {
        Ok(answer) => Ok(screen.page.fill(answer)),
        Err(why) => Err(why.to_string()),
    };
    let length = screen.len();
    screen.scroll.to(screen.scroll.cursor, length);
    let is_filled = screen.page.is_filled();
    let why = match filled {
        Ok(Filled::Shown) => return Vec::new(),
        Ok(Filled::Begun(job)) => return jobs::begun(model, *job),
        Ok(Filled::Told(job)) => return jobs::learned(model, *job),
        Ok(Filled::Not) => answers::SOMETHING_ELSE.to_owned(),
        Err(why) => why,
    };
    if !is_filled {
        model.screens.pop();
    }
    model.complain(why);
    Vec::new()
}

/// Others did something: a screen that follows them is asked for again. Whatever a key decides on it names what was
/// shown, so that nothing is decided that came in under it.
pub(super) fn again(model: &Model) -> Option<Effect> {
    let screen = model.overview().filter(|screen| screen.page.is_filled() && screen.page.follows());
    let ask = |screen: &Overview| {
        Effect::ask(Ticket::Overview(screen.serial), screen.question(screen.unmasked))
    };
    screen.map(ask)
}

/// Long work has ended: the screen that waited for it asks what came of it, where it still is.
pub(super) fn worked(model: &mut Model, job: JobId, end: &JobEnd) -> Vec<Effect> {
    let Some(screen) = model.overview_mut() else { return Vec::new() };
    if !screen.page.worked(job, end) {
        return Vec::new();
    }
    vec![Effect::ask(Ticket::Overview(screen.serial), screen.question(screen.unmasked))]
}
