//! From one screen to another.

use std::time::Duration;

use super::{approvals, bulk, drafts, jobs, masks, queue, values};
use crate::effect::{Effect, Ticket};
use crate::keys::everywhere;
use crate::model::{CustomerScreen, HistoryScreen, Model, Screen, Target, TaskScreen};
use crate::pages::Work;
use domain::{CustomerId, Subject, TaskId, TaskKind};
use door::operations::ShowTask;

/// Two keys that follow each other faster than that were one thought.
const HURRY: Duration = Duration::from_millis(500);

/// Said before the program is left in the middle of long work; empty where there is none.
fn still_working(model: &Model) -> String {
    let Some(job) = model.job.as_ref().filter(|_| model.is_working()) else {
        return String::new();
    };
    let (name, completed) = (job.kind.name(), job.kind.completed_by());
    let key = model.key_for(&everywhere::LEAVE);
    match model.waiting.len() {
        0 => format!("{name} is running: {key} again stops it; {completed}"),
        waiting => format!("{name} is running, {waiting} more wait: {key} again stops all"),
    }
}

/// On a wide terminal, the task under the queue's cursor is shown beside it.
pub(super) fn show_beside(model: &mut Model) -> Vec<Effect> {
    if !model.is_wide() || !model.screens.is_empty() {
        return Vec::new();
    }
    let Some(task) = model.queue.current() else {
        model.queue.beside = None;
        return Vec::new();
    };
    if model.queue.beside.as_ref().is_some_and(|screen| screen.id() == Some(task)) {
        return Vec::new();
    }
    let serial = model.next_serial();
    model.queue.beside = Some(Box::new(TaskScreen::new(Target::Task(task), serial)));
    vec![Effect::ask(Ticket::Task(serial), ShowTask { task, unmask: false })]
}

/// Asks once more for what another size of the terminal found on its way: whatever became of the answer, it
/// comes.
pub(super) fn fetch_again(model: &mut Model) -> Vec<Effect> {
    if model.opening.is_some() || !model.is_awaiting() {
        return Vec::new();
    }
    reload(model)
}

/// Opens the task beside the queue for a key that decides, pressed in the queue.
pub(super) fn lend(model: &mut Model) {
    if model.at_hand().is_none() || !model.screens.is_empty() {
        return;
    }
    if let Some(screen) = model.queue.beside.take() {
        model.screens.push(Screen::Task(screen));
        model.lent = true;
    }
}

/// The queue has the keys again, once nothing is asked about the task that was lent.
pub(super) fn take_back(model: &mut Model) {
    if !model.layers.is_empty() || !std::mem::take(&mut model.lent) {
        return;
    }
    if let [Screen::Task(_)] = model.screens.as_slice()
        && let Some(Screen::Task(screen)) = model.screens.pop()
    {
        model.queue.beside = Some(screen);
    }
}

/// Opens the task under the queue's cursor.
pub(crate) fn open_current(model: &mut Model) -> Vec<Effect> {
    model.queue.current().map_or_else(Vec::new, |task| open(model, task))
}

/// Opens a task, in the place of the one that is open.
pub(super) fn open(model: &mut Model, task: TaskId) -> Vec<Effect> {
    if let Some(place) = model.queue.place_of(task) {
        let length = model.queue.len();
        model.queue.scroll.to(place, length);
    }
    // The way back from a task is what it was reached from: the queue, a list, a history.
    leave_tasks(model);
    if model.queue.known.get(&task).is_some_and(|it| it.kind == TaskKind::Approval) {
        return approvals::open(model, task);
    }
    if let Some(screen) = model.queue.beside.take_if(|screen| screen.id() == Some(task)) {
        model.screens.push(Screen::Task(screen));
        return drafts::preview(model);
    }
    push(model, Screen::Task(Box::new(TaskScreen::new(Target::Task(task), 0))))
}

/// Closes the tasks that are open over whatever they were reached from.
fn leave_tasks(model: &mut Model) {
    while matches!(model.screens.last(), Some(Screen::Task(_))) {
        model.screens.pop();
    }
}

/// After a task that was reached from a list comes that list again.
pub(super) fn back_to_list(model: &mut Model) -> Option<Vec<Effect>> {
    let tasks = model.screens.iter().rev().take_while(|it| matches!(it, Screen::Task(_))).count();
    if tasks == model.screens.len() {
        return None;
    }
    leave_tasks(model);
    Some(reload(model))
}

/// After what was decided on a page of its own comes whatever lies under that.
pub(super) fn back_from_page(model: &mut Model) -> Vec<Effect> {
    if matches!(model.screens.last(), Some(Screen::Overview(_))) {
        model.screens.pop();
    }
    if model.screens.is_empty() { Vec::new() } else { reload(model) }
}

/// Opens the task that waits next, or says that none does.
pub(super) fn open_next(model: &mut Model, place: usize, but: Option<TaskId>) -> Vec<Effect> {
    match model.queue.next_open(place, but) {
        Some(task) => open(model, task),
        None => {
            leave_tasks(model);
            Vec::new()
        }
    }
}

/// The task before or after, as the queue stands.
pub(crate) fn step_task(model: &mut Model, step: isize, count: Option<usize>) -> Vec<Effect> {
    let length = model.queue.len();
    let steps = step.saturating_mul(isize::try_from(count.unwrap_or(1)).unwrap_or(1));
    let open_task = model.task().and_then(|screen| screen.id());
    let before = model.queue.scroll.cursor;
    model.queue.scroll.step(steps, length);
    if open_task.is_none() {
        return Vec::new();
    }
    if model.queue.scroll.cursor == before {
        let said = if step > 0 { "this is the last task" } else { "this is the first task" };
        masks::say_here(model, said);
        return Vec::new();
    }
    open_current(model)
}

/// Asks for the screen with the keys again, keeping its cursor.
pub(crate) fn reload(model: &mut Model) -> Vec<Effect> {
    let serial = model.next_serial();
    match model.screens.last_mut() {
        None => {
            let beside = model.queue.beside.as_deref_mut();
            beside.map_or_else(Vec::new, |screen| vec![fetch_task(screen, serial)])
        }
        Some(screen) => vec![fetch(screen, serial)],
    }
}

/// Asks for a screen, in clear where it is in clear.
pub(super) fn fetch(screen: &mut Screen, serial: u64) -> Effect {
    match screen {
        Screen::Task(screen) => fetch_task(screen, serial),
        Screen::Customer(screen) => {
            screen.serial = serial;
            Effect::ask(Ticket::Customer(serial), screen.question(screen.unmasked))
        }
        Screen::History(screen) => {
            screen.serial = serial;
            Effect::ask(Ticket::History(serial), screen.question(screen.unmasked))
        }
        Screen::Overview(screen) => {
            screen.serial = serial;
            screen.page.outdated();
            Effect::ask(Ticket::Overview(serial), screen.question(screen.unmasked))
        }
    }
}

pub(super) fn fetch_task(screen: &mut TaskScreen, serial: u64) -> Effect {
    screen.serial = serial;
    Effect::ask(Ticket::Task(serial), screen.question(screen.unmasked))
}

/// Puts a screen over the others, and asks for it.
pub(super) fn push(model: &mut Model, mut screen: Screen) -> Vec<Effect> {
    let asked = fetch(&mut screen, model.next_serial());
    model.screens.push(screen);
    vec![asked]
}

/// Leaves every screen.
pub(crate) fn to_queue(model: &mut Model) -> Vec<Effect> {
    model.screens.clear();
    bulk::resume(model);
    Vec::new()
}

/// Closes the layer, else drops the draft, else leaves the screen; never the program.
pub(crate) fn close(model: &mut Model) -> Vec<Effect> {
    if let Some(effects) = bulk::stop(model) {
        return effects;
    }
    if let Some(effects) = values::stop(model) {
        return effects;
    }
    if model.layers.pop().is_some() {
        return Vec::new();
    }
    let just_named = model.just_named();
    model.named = None;
    if let Some(decision) = just_named {
        model.say(format!("{decision} stands"));
        return Vec::new();
    }
    if let Some(effects) = drafts::forget(model) {
        return effects;
    }
    if model.screens.is_empty() && queue::drop_marks(model) {
        return Vec::new();
    }
    model.status = None;
    model.screens.pop();
    bulk::resume(model);
    fetch_again(model)
}

/// Stops what is under way on the screens that tell of it, with nothing of their own to be dropped;
/// else closes.
pub(crate) fn cancel(model: &mut Model) -> Vec<Effect> {
    if model.shows_nothing() {
        return vec![Effect::Quit];
    }
    let work = model.overview().map_or(Work::Nothing, |screen| screen.page.work());
    let tells = model.layers.is_empty() && work != Work::Nothing;
    if tells && (model.starting || model.is_working()) {
        return jobs::cancel(model);
    }
    let leave = model.key_for(&everywhere::LEAVE);
    if model.layers.is_empty() && model.screens.is_empty() {
        match model.is_working() {
            true => model.say(format!("{} stops the work", model.key_for(&everywhere::STOP_WORK))),
            false => model.say(format!("{leave} quits")),
        }
        return Vec::new();
    }
    if model.layers.is_empty() && !model.task().is_some_and(|screen| screen.is_drafted()) {
        let close = model.key_for(&everywhere::CLOSE);
        model.say(format!("nothing to cancel; {close} closes, {leave} leaves"));
        return Vec::new();
    }
    model.layers.truncate(1);
    close(model)
}

/// Leaves the screen; on the queue, the program.
pub(crate) fn leave(model: &mut Model) -> Vec<Effect> {
    if model.shows_nothing() {
        return vec![Effect::Quit];
    }
    let warning = still_working(model);
    let warned = model.status.take().is_some_and(|status| status.text == warning);
    let now = model.moment.as_ref().map(|moment| moment.elapsed);
    if model.screens.pop().is_some() {
        bulk::resume(model);
        model.left = now;
        return fetch_again(model);
    }
    // The second of two was meant for the screen that is gone.
    let hurried = |left: Duration| now.is_some_and(|now| now.saturating_sub(left) < HURRY);
    if model.left.is_some_and(hurried) {
        model.say(format!(
            "{} on the queue quits: press it again",
            model.key_for(&everywhere::LEAVE)
        ));
        return Vec::new();
    }
    if model.is_working() && !warned {
        model.complain(warning);
        return Vec::new();
    }
    vec![Effect::Quit]
}

/// From the queue to the comparison beside it and back.
pub(crate) fn other_pane(model: &mut Model) -> Vec<Effect> {
    if !model.screens.is_empty() {
        if let Some(Screen::Task(screen)) = model.screens.pop() {
            model.queue.beside = Some(screen);
        }
        return Vec::new();
    }
    open_current(model)
}

/// The customer that a key on this screen is about.
fn current_customer(model: &Model) -> Option<CustomerId> {
    let screen = model.shown_task()?;
    let view = screen.view.as_ref()?;
    if let Some(fix) = &view.fix {
        return Some(fix.customer);
    }
    let column = screen.current_column().map(|shown| shown.column);
    column.or_else(|| screen.columns().first()).map(|column| column.customer)
}

/// What the history of this screen is about.
fn subject(model: &Model) -> Option<Subject> {
    match model.screens.last() {
        None => model.queue.current().map(Subject::Task),
        Some(Screen::Task(_)) => current_customer(model).map(Subject::Customer),
        Some(Screen::Customer(screen)) => Some(Subject::Customer(screen.customer)),
        Some(Screen::History(screen)) => screen.subject.clone(),
        Some(Screen::Overview(_)) => None,
    }
}

/// Opens the customer under the cursor.
pub(crate) fn open_customer(model: &mut Model) -> Vec<Effect> {
    let Some(customer) = current_customer(model) else { return Vec::new() };
    open_this_customer(model, customer)
}

/// Opens the customer of an invalid record beside those that hold a value only one may hold.
pub(crate) fn compare_holders(model: &mut Model) -> Vec<Effect> {
    let Some(screen) = model.task() else { return Vec::new() };
    let fix = screen.view.as_ref().and_then(|view| view.fix.as_ref());
    let (Some(fix), Some(violation)) = (fix, screen.current_violation()) else { return Vec::new() };
    let mut customers = vec![fix.customer];
    customers.extend(&violation.holders);
    push(model, Screen::Task(Box::new(TaskScreen::new(Target::Customers(customers), 0))))
}

/// Opens a customer, in the place of one that is open.
pub(super) fn open_this_customer(model: &mut Model, customer: CustomerId) -> Vec<Effect> {
    if matches!(model.screens.last(), Some(Screen::Customer(_))) {
        model.screens.pop();
    }
    push(model, Screen::Customer(Box::new(CustomerScreen::new(customer, 0))))
}

/// Opens the history of what this screen is about.
pub(crate) fn open_own_history(model: &mut Model) -> Vec<Effect> {
    let subject = subject(model);
    open_history(model, subject)
}

/// Opens a history, in the place of one that is open.
pub(crate) fn open_history(model: &mut Model, subject: Option<Subject>) -> Vec<Effect> {
    if matches!(model.screens.last(), Some(Screen::History(_))) {
        model.screens.pop();
    }
    push(model, Screen::History(Box::new(HistoryScreen::new(subject, 0))))
}

/// Shows the customer one change earlier or later.
pub(crate) fn travel(model: &mut Model, earlier: bool) -> Vec<Effect> {
    let Some(screen) = model.customer_mut() else { return Vec::new() };
    let at = if earlier { screen.earlier().map(Some) } else { screen.later() };
    match at {
        Some(at) => {
            screen.at = at;
            reload(model)
        }
        None => Vec::new(),
    }
}
