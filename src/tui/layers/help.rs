//! The keys that count on the screen under the help, and why some do nothing now.

use crate::context::Context;
use crate::keys::{Bound, records};
use crate::model::{Layer, Model};
use crate::text::{cut, width, wrapped};
use crate::theme::Role;
use crate::widgets::{Line, grid, piece};
use door::views::FieldView;

/// From that width on what counts everywhere stands beside what counts here.
const BESIDE: u16 = 110;
/// Columns between the two.
const BETWEEN: u16 = 2;
/// Columns that keys take at least and at most.
const KEYS: (usize, usize) = (13, 22);

/// The lines of help on that many columns, from the table of keys.
#[must_use]
pub fn lines(model: &Model, columns: u16) -> Vec<Line> {
    // As it is without the help over it: that is where the keys will be pressed.
    let mut below = model.clone();
    while matches!(below.layers.last(), Some(Layer::Help { .. })) {
        below.layers.pop();
    }
    let half = if columns < BESIDE { columns } else { (columns - BETWEEN) / 2 };
    let (mut here, everywhere) = parts(&below, half);
    if half == columns {
        here.extend(everywhere);
        return here;
    }
    side_by_side(here, everywhere, half.into())
}

/// The keys of the screen and of what is beside it, and those that count everywhere.
fn parts(model: &Model, columns: u16) -> (Vec<Line>, Vec<Line>) {
    let context = Context::of(model);
    let bound = || model.keys.of(context).filter(|bound| !bound.keys.is_empty());
    let own = |bound: &&Bound| bound.contexts.contains(&context);
    let described = |list: Vec<&Bound>| {
        let longest = list.iter().map(|bound| width(&bound.shown_keys())).max();
        let keys = longest.unwrap_or_default().clamp(KEYS.0, KEYS.1) + 2;
        let described = list.into_iter().flat_map(|bound| described(bound, model, keys, columns));
        described.collect::<Vec<Line>>()
    };
    let title = |text: &str| vec![piece(text, Role::Title)];
    let mut here = vec![title(context.name())];
    here.extend(described(bound().filter(own).collect()));
    let beside = Context::beside(model).filter(|_| context == Context::Queue);
    if beside.is_some() {
        let own = model.keys.of(context).count();
        here.push(title("the task beside the queue"));
        here.extend(described(model.keys.with_beside(context, beside).skip(own).collect()));
    }
    here.push(Vec::new());
    if matches!(context, Context::Compare | Context::Challenge | Context::Customer) {
        here.push(title("marks"));
        let legend = grid::legend(&model.key_for(&records::WHOLE), model.theme).into_iter();
        let wrapped = legend.flat_map(|text| wrapped(&text, columns.into()));
        here.extend(wrapped.map(|text| vec![piece(text, Role::Plain)]));
        here.push(Vec::new());
    }
    let about = fields(model, context, columns);
    if !about.is_empty() {
        here.push(title("fields"));
        here.extend(about);
        here.push(Vec::new());
    }
    let mut everywhere = vec![title("everywhere")];
    everywhere.extend(described(bound().filter(|bound| !own(bound)).collect()));
    (here, everywhere)
}

/// What the fields of the screen mean, as far as the settings say so; the one under the cursor first.
fn fields(model: &Model, context: Context, columns: u16) -> Vec<Line> {
    let (fields, at): (&[FieldView], Option<usize>) = match context {
        Context::Compare | Context::Challenge => {
            let Some(screen) = model.shown_task() else { return Vec::new() };
            let Some(view) = &screen.view else { return Vec::new() };
            (&view.fields, screen.current_field().map(|(at, _)| at))
        }
        Context::Customer => {
            let Some(screen) = model.customer() else { return Vec::new() };
            let Some(view) = &screen.view else { return Vec::new() };
            (&view.fields, Some(screen.scroll.cursor))
        }
        _ => return Vec::new(),
    };
    let current = at.and_then(|at| fields.get(at));
    let others = fields.iter().filter(|field| current.is_none_or(|it| it.name != field.name));
    let told = current.into_iter().chain(others).filter_map(|field| {
        let text = format!("{}: {}", field.name, field.about()?);
        let parts = wrapped(&text, columns.into());
        Some(parts.into_iter().map(|part| vec![piece(part, Role::Plain)]))
    });
    told.flatten().collect()
}

/// Two columns of lines, the left one of that width.
fn side_by_side(left: Vec<Line>, right: Vec<Line>, columns: usize) -> Vec<Line> {
    let length = left.len().max(right.len());
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    let line = |_| {
        let mut room = columns;
        let mut line = Line::new();
        for (text, role) in left.next().unwrap_or_default() {
            let text = cut(&text, room);
            room -= width(&text).min(room);
            line.push(piece(text, role));
        }
        let beside = right.next().unwrap_or_default();
        if !beside.is_empty() {
            line.push(piece(" ".repeat(room + usize::from(BETWEEN)), Role::Plain));
            line.extend(beside);
        }
        line
    };
    (0..length).map(line).collect()
}

/// A key and what it does; one that does nothing now steps back, and says why.
fn described(bound: &Bound, model: &Model, keys: usize, columns: u16) -> Vec<Line> {
    let row = bound.row;
    let shown = bound.shown_keys();
    let effect = row.effect.and_then(|effect| effect(model));
    let does = effect.unwrap_or_else(|| model.told(row.does));
    let room = usize::from(columns).saturating_sub(keys).max(8);
    let why = row.unavailable(model).map(|why| format!("not now: {why}"));
    let (key, role) = if why.is_none() { (Role::Key, Role::Plain) } else { (Role::Dim, Role::Dim) };
    let fits = why.as_ref().is_some_and(|why| width(&does) + width(why) + 2 <= room);
    let mut told = match &why {
        Some(why) if fits => vec![format!("{does}  {why}")],
        _ => wrapped(&does, room),
    };
    if let Some(why) = why.filter(|_| !fits) {
        told.extend(wrapped(&why, room));
    }
    let label = |at| if at == 0 { shown.as_str() } else { "" };
    let line = |(at, text)| vec![piece(format!("{:<keys$}", label(at)), key), piece(text, role)];
    told.into_iter().enumerate().map(line).collect()
}
