//! Views of the queue: going to one, saving one, counting what fits each.

use super::layers;
use super::queue::ask;
use crate::effect::{Effect, Ticket};
use crate::model::menu::{DELETE_VIEW, RENAME_VIEW};
use crate::model::{
    Confirm, Confirmed, Layer, Menu, Model, OwnView, PromptKind, ViewChange, not_to_be_saved,
};
use domain::QueueOrder;
use door::operations::CountWhere;

/// Views that are counted at most.
const COUNTED: usize = 20;
/// Characters of a name at most: it stands in the queue's header.
const LONGEST: usize = 24;

/// Asks for the view.
pub(crate) fn choose(model: &mut Model) -> Vec<Effect> {
    let menu = Menu::of_views(&model.queue);
    model.layers.push(Layer::Menu(menu));
    Vec::new()
}

/// A view from the menu: the first choice is everything, the last ones change one's own.
pub(super) fn chosen(model: &mut Model, choice: usize, key: char) -> Vec<Effect> {
    if matches!(key, RENAME_VIEW | DELETE_VIEW) {
        let menu = Menu::of_own_views(&model.queue, key == DELETE_VIEW);
        model.layers.push(Layer::Menu(menu));
        return Vec::new();
    }
    model.screens.clear();
    let view = choice.checked_sub(1).and_then(|at| model.queue.all_views().nth(at));
    let filter = view.and_then(|view| view.filter.map(str::to_owned));
    let order = view.and_then(|view| view.order).unwrap_or(model.queue.order);
    vec![ask(filter, order)]
}

/// One of one's own views was chosen: it is deleted after a yes, or gets another name.
pub(super) fn own_chosen(model: &mut Model, choice: usize, delete: bool) -> Vec<Effect> {
    let Some(view) = model.queue.saved.own.get(choice).cloned() else { return Vec::new() };
    if !delete {
        let from = view.name.clone();
        return layers::prompt(model, PromptKind::ViewNewName { from }, &view.name);
    }
    let question = format!("delete your view {}?", view.name);
    let then = Confirmed::ChangeView(Box::new(ViewChange::Delete(view.name.clone())));
    model.layers.push(Layer::Confirm(Confirm { question, lines: vec![view.told()], then }));
    Vec::new()
}

/// Another name was typed.
pub(super) fn renamed(model: &mut Model, from: String, to: String) -> Vec<Effect> {
    if to == from || to.is_empty() {
        model.say(format!("view {from} keeps its name"));
        return Vec::new();
    }
    if let Some(why) = not_a_name(model, &to, true) {
        model.complain(why);
        return layers::prompt(model, PromptKind::ViewNewName { from }, &to);
    }
    vec![Effect::ChangeView(Box::new(ViewChange::Rename { from, to }))]
}

/// Why no view can have that name; one of one's own may be replaced, unless it is `taken` then.
fn not_a_name(model: &Model, name: &str, taken: bool) -> Option<String> {
    if name.chars().count() > LONGEST {
        return Some(format!("a name has at most {LONGEST} characters"));
    }
    if model.queue.views.iter().any(|(known, _)| known == name) {
        return Some(format!("steward.toml already has a view `{name}`: type another name"));
    }
    let is_own = model.queue.saved.own.iter().any(|view| view.name == name);
    (taken && is_own).then(|| format!("you already have a view `{name}`: type another name"))
}

/// Asks how many tasks fit each view, unless that is known of the queue as it is.
pub(super) fn count(model: &mut Model) -> Vec<Effect> {
    let queue = &mut model.queue;
    let filters: Vec<String> =
        queue.all_views().filter_map(|view| view.filter.map(str::to_owned)).take(COUNTED).collect();
    let now = Some((queue.generation, filters.len()));
    if filters.is_empty() || queue.saved.asked == now {
        return Vec::new();
    }
    queue.saved.asked = now;
    vec![Effect::ask(Ticket::ViewCounts(filters.clone()), CountWhere { filters })]
}

/// Takes the counts in, in the order they were asked for.
pub(super) fn counted(model: &mut Model, filters: Vec<String>, counts: Vec<Option<usize>>) {
    let known = filters.into_iter().zip(counts);
    model.queue.saved.counts = known.filter_map(|(filter, count)| Some((filter, count?))).collect();
}

/// Asks for the name under which filter and order are saved.
pub(crate) fn save(model: &mut Model) -> Vec<Effect> {
    if let Some(why) = model.queue.filter.as_deref().and_then(not_to_be_saved) {
        model.complain(why);
        return Vec::new();
    }
    let queue = &model.queue;
    let own = queue.saved.own.iter().find(|view| view.filter == queue.filter);
    let name = own.map(|view| view.name.clone()).unwrap_or_default();
    let view = OwnView { name: String::new(), filter: queue.filter.clone(), order: queue.order };
    layers::prompt(model, PromptKind::ViewName { view: Box::new(view) }, &name)
}

/// Why there is nothing to save, if so.
pub(crate) fn nothing_to_save(model: &Model) -> Option<String> {
    use crate::keys::queue::{FILTER, ORDER};
    let queue = &model.queue;
    (queue.filter.is_none() && queue.order == QueueOrder::default()).then(|| {
        let (filter, order) = (model.key_for(&FILTER), model.key_for(&ORDER));
        format!("filter the queue with {filter} or order it with {order} first")
    })
}

/// A name was typed: a view of that name is replaced only after a yes.
pub(super) fn named(model: &mut Model, mut view: OwnView, name: String) -> Vec<Effect> {
    let again = |model: &mut Model, view, why: String| {
        model.complain(why);
        layers::prompt(model, PromptKind::ViewName { view: Box::new(view) }, &name)
    };
    if name.is_empty() {
        model.complain("no name given");
        return Vec::new();
    }
    if let Some(why) = not_a_name(model, &name, false) {
        return again(model, view, why);
    }
    view.name.clone_from(&name);
    let known = model.queue.saved.own.iter().find(|known| known.name == name);
    match known {
        Some(known) if *known == view => {
            model.say(format!("view {name} is already saved"));
            Vec::new()
        }
        Some(known) => {
            let lines = vec![format!("now:  {}", known.told()), format!("then: {}", view.told())];
            let question = format!("replace your view {name}?");
            let then = Confirmed::ChangeView(Box::new(ViewChange::Save(view)));
            model.layers.push(Layer::Confirm(Confirm { question, lines, then }));
            Vec::new()
        }
        None => vec![Effect::ChangeView(Box::new(ViewChange::Save(view)))],
    }
}

/// A change of views was written, or could not be.
pub(super) fn written(
    model: &mut Model,
    change: &ViewChange,
    written: Result<(), String>,
) -> Vec<Effect> {
    let (name, did) = match change {
        ViewChange::Save(view) => (&view.name, "saved"),
        ViewChange::Rename { from, .. } => (from, "renamed"),
        ViewChange::Delete(name) => (name, "deleted"),
    };
    if let Err(why) = written {
        model.complain(format!("view {name} was not {did}: {why}"));
        return Vec::new();
    }
    let key = model.key_for(&crate::keys::everywhere::VIEWS);
    model.say(match change {
        ViewChange::Save(_) => format!("view {name} saved: {key} goes to it"),
        ViewChange::Rename { to, .. } => format!("view {name} is now {to}"),
        ViewChange::Delete(_) => format!("view {name} deleted"),
    });
    change.apply(&mut model.queue.saved.own);
    model.queue.saved.asked = None;
    count(model)
}
