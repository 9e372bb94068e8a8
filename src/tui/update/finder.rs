//! The finder: what is typed is searched, what is found comes in, a hit is opened.

use super::{decide, layers, masks, navigate};
use crate::effect::{Effect, Ticket};
use crate::model::{After, Finder, Intent, Layer, Model, PromptKind};
use domain::{CustomerId, RecordAddress, Subject, Verdict};
use door::operations::Find;
use door::views::{FinderHit, FinderReport};
use door::{Action, NotDone, Request, Scope, Search};

/// Hits the finder shows at most.
const FOUND: usize = 50;

/// Opens the finder.
pub(crate) fn find(model: &mut Model) -> Vec<Effect> {
    model.layers.push(Layer::Finder(Finder::default()));
    search(model)
}

/// Opens the finder for the record that the member under the cursor is compared with.
pub(crate) fn why_not(model: &mut Model) -> Vec<Effect> {
    let member = model.customer().and_then(|screen| screen.member());
    let explains = member.map(|member| member.address.clone());
    model.layers.push(Layer::Finder(Finder {
        scope: Scope::Records,
        explains,
        ..Finder::default()
    }));
    search(model)
}

/// Searches in the next scope.
pub(crate) fn next_scope(model: &mut Model) -> Vec<Effect> {
    if let Some(Layer::Finder(finder)) = model.layers.last_mut()
        && finder.explains.is_none()
    {
        finder.scope = finder.scope.next();
        finder.report = None;
        return search(model);
    }
    Vec::new()
}

/// Why nothing can be marked.
pub(crate) fn no_customer(model: &Model) -> Option<String> {
    let Some(Layer::Finder(finder)) = model.layers.last() else { return None };
    match hit(finder) {
        None => Some("nothing is under the cursor".to_owned()),
        Some(_) if finder.scope == Scope::Tasks => {
            Some("only customers and their records can be marked".to_owned())
        }
        Some(hit) if hit.customer.is_none() => Some("it is not a customer".to_owned()),
        Some(_) => None,
    }
}

/// Why nothing can be asked about what is marked.
pub(crate) fn too_few_marked(model: &Model) -> Option<String> {
    let Some(Layer::Finder(finder)) = model.layers.last() else { return None };
    (finder.marked.len() < 2).then(|| "mark two or more customers first".to_owned())
}

fn hit(finder: &Finder) -> Option<&FinderHit> {
    finder.report.as_ref().and_then(|it| it.hits.get(finder.scroll.cursor))
}

/// Marks the customer under the cursor, or takes its mark away; the next one is under it then.
pub(crate) fn mark(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Finder(finder)) = model.layers.last_mut() else { return Vec::new() };
    let Some(customer) = hit(finder).and_then(|hit| hit.customer) else { return Vec::new() };
    match finder.marked.iter().position(|marked| *marked == customer) {
        Some(at) => {
            finder.marked.remove(at);
        }
        None => finder.marked.push(customer),
    }
    let (next, length) = (finder.scroll.cursor + 1, finder.len());
    finder.scroll.to(next.min(length.saturating_sub(1)), length);
    Vec::new()
}

/// Asks what is to be asked about the marked customers.
pub(crate) fn ask_about(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Finder(finder)) = model.layers.last() else { return Vec::new() };
    let customers = finder.marked.clone();
    layers::prompt(model, PromptKind::AskAbout { customers }, "")
}

/// Asks about customers, of whoever sits here: a task that waits until somebody has answered.
pub(super) fn ask(model: &mut Model, customers: Vec<CustomerId>, text: String) -> Vec<Effect> {
    if text.is_empty() {
        model.complain("nothing was asked");
        return Vec::new();
    }
    if matches!(model.layers.last(), Some(Layer::Finder(_))) {
        model.layers.pop();
    }
    let action = Action::Ask { customers, to: model.actor.clone() };
    let request = Request { note: Some(text), ..Request::new(action) };
    let mut intent = Intent::new(request, Verdict::Escalate).then(After::Reopened);
    intent.unrepeatable = Some("it asked about marked customers".into());
    decide::send(model, intent)
}

/// Takes in what was found, and asks for the rest. A report that came too late for its text is
/// dropped.
pub(super) fn found(model: &mut Model, serial: u64, report: FinderReport) -> Vec<Effect> {
    let Some(Layer::Finder(finder)) = model.layers.last_mut().filter(|it| searches(it, serial))
    else {
        return Vec::new();
    };
    let (seen, finished) = (report.searched, report.finished);
    // Told after a long wait, for nothing.
    if seen > 0 || finished {
        let length = report.hits.len();
        finder.report = Some(report);
        finder.found = serial;
        finder.scroll.to(finder.scroll.cursor, length);
    }
    if finished && finder.entered {
        return submit(model);
    }
    if finished { Vec::new() } else { vec![ask_to_find(finder, seen)] }
}

/// Says why nothing is found, unless something else is searched by now.
pub(super) fn not_found(model: &mut Model, serial: u64, why: &NotDone) {
    if model.layers.last().is_some_and(|layer| searches(layer, serial)) {
        model.complain(why.to_string());
    }
}

fn searches(layer: &Layer, serial: u64) -> bool {
    matches!(layer, Layer::Finder(finder) if finder.serial == serial)
}

fn ask_to_find(finder: &Finder, seen: u64) -> Effect {
    let search = Search { text: finder.input.text(), scope: finder.scope, limit: FOUND };
    let number = finder.serial;
    Effect::ask(Ticket::Find(number), Find { number, search, seen })
}

/// Begins a search for what is typed by now.
pub(super) fn search(model: &mut Model) -> Vec<Effect> {
    let serial = model.next_serial();
    let Some(Layer::Finder(finder)) = model.layers.last_mut() else { return Vec::new() };
    finder.serial = serial;
    finder.entered = false;
    finder.scroll.to(0, finder.len());
    vec![ask_to_find(finder, 0)]
}

/// Opens the hit under the cursor.
pub(crate) fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Finder(finder)) = model.layers.last_mut() else { return Vec::new() };
    // What an earlier text found is not what was meant, unless the cursor was put on it.
    if finder.found != finder.serial && finder.scroll.cursor == 0 {
        finder.entered = true;
        return Vec::new();
    }
    finder.entered = false;
    let hit = finder.report.as_ref().and_then(|it| it.hits.get(finder.scroll.cursor));
    let Some(hit) = hit.cloned() else { return Vec::new() };
    let explains = finder.explains.clone();
    model.layers.pop();
    open_hit(model, explains, hit)
}

/// Opens what was found, or explains it beside the record it is compared with.
fn open_hit(model: &mut Model, explains: Option<RecordAddress>, hit: FinderHit) -> Vec<Effect> {
    match (explains, hit.subject, hit.customer) {
        (Some(left), Subject::Record(right), _) => {
            let unmask = model.customer().is_some_and(|screen| screen.unmasked);
            vec![masks::explain(left, right, unmask)]
        }
        (_, Subject::Task(task), _) if let Some(settled) = &hit.settled => {
            let effects = navigate::open_history(model, Some(Subject::Task(task)));
            masks::say_here(model, &format!("{task} is {settled}"));
            effects
        }
        (_, Subject::Task(task), _) => navigate::open(model, task),
        (_, _, Some(customer)) => navigate::open_this_customer(model, customer),
        _ => Vec::new(),
    }
}
