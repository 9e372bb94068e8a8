//! The finder: what is typed is searched, what is found comes in, a hit is opened.

use super::{masks, navigate};
use crate::effect::{Effect, Ticket};
use crate::model::{Finder, Layer, Model};
use domain::{RecordAddress, Subject};
use door::operations::Find;
use door::views::{FinderHit, FinderReport};
use door::{NotDone, Scope, Search};

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
        finder.scroll.to(finder.scroll.cursor, length);
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
    finder.scroll.to(0, finder.len());
    vec![ask_to_find(finder, 0)]
}

/// Opens the hit under the cursor.
pub(crate) fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Finder(finder)) = model.layers.last() else { return Vec::new() };
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
        (_, Subject::Task(task), _) => navigate::open(model, task),
        (_, _, Some(customer)) => navigate::open_this_customer(model, customer),
        _ => Vec::new(),
    }
}
