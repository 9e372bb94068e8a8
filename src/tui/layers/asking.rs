//! Layers that ask: prompts, menus, last questions.

use super::frame::Frame;
use crate::keys::{everywhere, layers};
use crate::model::{Confirm, Input, Menu, MenuKind, Model, Prompt, PromptKind};
use crate::screens::lines;
use crate::text::{clean, cut, width, wrapped};
use crate::theme::Role;
use crate::update::people;
use crate::widgets::{List, Painter};
use domain::{TaskColumn, counted};
use door::FilePart;

/// Columns of a box's frame, on both sides.
const FRAME: u16 = 4;
/// Lines that come with a last question, at most.
const TOLD: usize = 13;

/// Draws a line being typed, its end in sight.
pub fn typed(painter: &mut Painter<'_>, y: u16, label: &str, input: &Input) {
    let columns = painter.width();
    let used = painter.text(0, y, columns, label, Role::Title);
    let (before, after) = input.parts();
    let glyphs = painter.theme().glyphs;
    let (before, after) = (clean(&before, glyphs), clean(&after, glyphs));
    let room = usize::from(columns.saturating_sub(used + 2));
    let shown = last_columns(&before, room);
    let at = used + painter.text(used, y, columns, &shown, Role::Plain);
    painter.text(at, y, columns, if after.is_empty() { " " } else { &after }, Role::Plain);
    painter.reverse(at, y, 1);
}

/// The end of a text in that many columns.
fn last_columns(text: &str, columns: usize) -> String {
    let mut start = 0;
    for (at, _) in text.char_indices() {
        start = at;
        if width(&text[at..]) <= columns {
            break;
        }
    }
    cut(&text[start..], columns)
}

/// Draws a prompt.
pub fn prompt(painter: &mut Painter<'_>, model: &Model, prompt: &Prompt) {
    let hint = match prompt.kind {
        PromptKind::Filter => Some(about_filter(model, &prompt.input.text())),
        PromptKind::ViewName { ref view } => Some((view.told(), Role::Dim)),
        PromptKind::ImportFile => Some(about_path(model, &prompt.offered)),
        ref kind if people::names_somebody(kind) => about_people(model, &prompt.input.text()),
        PromptKind::Records(_) => {
            let text = "the path to their list, joined by dots: data.customers";
            Some((text.to_owned(), Role::Dim))
        }
        _ => None,
    };
    let frame = Frame::foot(1 + usize::from(hint.is_some()));
    let mut inside = frame.draw(painter, &label(model, prompt));
    typed(&mut inside, 0, "", &prompt.input);
    if let Some((text, role)) = hint {
        let columns = inside.width();
        inside.text(0, 1, columns, &text, role);
    }
}

/// What stands over the text. An empty line is no removal of what is masked.
fn label(model: &Model, prompt: &Prompt) -> String {
    let empties = || model.key_for(&layers::DELETE_LINE);
    match &prompt.kind {
        PromptKind::Correct { record, field } if prompt.hides && prompt.emptied => {
            format!("{field} of {record}, empty to remove it")
        }
        PromptKind::Correct { record, field } if prompt.hides => {
            format!("{field} of {record}, masked: {} removes it", empties())
        }
        PromptKind::Golden { field } if prompt.hides => format!("golden {field}, masked"),
        kind => kind.label(),
    }
}

/// Who can be asked, as far as that is known.
fn about_people(model: &Model, typed: &str) -> Option<(String, Role)> {
    let names = people::fitting(model, typed);
    let key = model.key_for(&layers::COMPLETE);
    (!names.is_empty()).then(|| (format!("{key} completes: {}", names.join(", ")), Role::Dim))
}

/// What a path may go on with.
fn about_path(model: &Model, offered: &[String]) -> (String, Role) {
    match offered {
        [] => (format!("{} completes the path", model.key_for(&layers::COMPLETE)), Role::Dim),
        several => (several.join("  "), Role::Plain),
    }
}

/// What is wrong with a filter and where, as it is typed; else what may be asked for.
fn about_filter(model: &Model, text: &str) -> (String, Role) {
    if text.trim().is_empty() {
        let key = model.key_for(&layers::COMPLETE);
        return (format!("{key} completes: {}", TaskColumn::names()), Role::Dim);
    }
    match TaskColumn::expression(text) {
        Ok(_) => (format!("{} filters", model.key_for(&layers::TAKE_TEXT)), Role::Good),
        Err(error) => (format!("column {}: {}", error.column, error.message), Role::Attention),
    }
}

/// The choices of a menu, each with its own sign before it.
pub const MENU: List = List::new(0, 0).unsigned();

/// Where a menu stands.
#[must_use]
pub fn menu_frame(menu: &Menu) -> Frame {
    Frame::foot(menu.choices.len())
}

/// Draws a menu.
pub fn menu(painter: &mut Painter<'_>, model: &Model, menu: &Menu) {
    let title = match &menu.kind {
        MenuKind::Reasons(intent) => {
            let said = |rule| model.at_hand().and_then(|screen| screen.said_by(rule));
            let told = |rule| match said(rule) {
                Some(said) => format!("{rule} ({said})"),
                None => rule.to_string(),
            };
            let waived: Vec<String> = intent.request.waive.iter().map(told).collect();
            if waived.is_empty() {
                format!("{}: why?", intent.verdict.name())
            } else {
                format!("{}, waiving {}: why?", intent.verdict.name(), waived.join(", "))
            }
        }
        MenuKind::Copy => "copy the customer".to_owned(),
        MenuKind::Request => "what does the person ask for? It is recorded as of today".to_owned(),
        MenuKind::Step => "what was done for the request?".to_owned(),
        MenuKind::Defer => "defer until".to_owned(),
        MenuKind::Order => "order by (the same again reverses it)".to_owned(),
        MenuKind::Views => "views of the queue".to_owned(),
        MenuKind::OwnViews(true) => "delete which view?".to_owned(),
        MenuKind::OwnViews(false) => "rename which view?".to_owned(),
        MenuKind::Bulk(tasks) => format!("one verdict on {} tasks", tasks.len()),
        MenuKind::BulkUntil(tasks) => format!("defer {} tasks until", tasks.len()),
        MenuKind::BulkReasons(bulk) => format!("{}: why?", bulk.verdict.verdict().name()),
        MenuKind::Field => "values of which field?".to_owned(),
        MenuKind::CorrectionReasons(_) => "correct: why?".to_owned(),
        MenuKind::Source(path) => format!("Which source is {} from?", path.display()),
        MenuKind::Part(file, part) => {
            let what = match part {
                FilePart::Table => "table",
                FilePart::Sheet => "sheet",
                FilePart::Records => "list",
            };
            format!("Which {what} of {} holds its rows?", file.path.display())
        }
        MenuKind::Encoding(file, _) => {
            format!("Which reading of {} is right?", file.path.display())
        }
        MenuKind::Written(_, key, fields) => format!("How are the {key} of {fields} written?"),
    };
    let mut inside = menu_frame(menu).draw(painter, &title);
    MENU.draw(&mut inside, &menu.scroll, menu.choices.len(), |line, at, _| {
        let choice = &menu.choices[at];
        line.text(0, 0, 1, &choice.key.to_string(), Role::Key);
        line.text(3, 0, line.width(), &choice.text, Role::Plain);
    });
}

/// What comes with a last question on a terminal of that size: the lines that it has room for, and those below them.
#[must_use]
pub fn told_with(confirm: &Confirm, size: (u16, u16)) -> (Vec<String>, Vec<String>) {
    let room = usize::from(size.0.saturating_sub(FRAME));
    let mut told: Vec<String> = confirm.lines.iter().flat_map(|line| wrapped(line, room)).collect();
    // The last line is that of the keys.
    let fits = usize::from(Frame::foot(usize::MAX).inside(size).height).saturating_sub(1).min(TOLD);
    if told.len() <= fits {
        return (told, Vec::new());
    }
    // One says how many there are below.
    let below = told.split_off(fits.saturating_sub(1).max(1));
    (told, below)
}

/// Draws a last question.
pub fn confirm(painter: &mut Painter<'_>, model: &Model, confirm: &Confirm) {
    let (told, below) = told_with(confirm, (painter.width(), painter.height()));
    let frame = Frame::foot(told.len() + 1 + usize::from(!below.is_empty()));
    let mut inside = frame.draw(painter, &confirm.question);
    let columns = inside.width();
    for (y, line) in told.iter().enumerate() {
        inside.text(0, lines(y), columns, line, Role::Plain);
    }
    if !below.is_empty() {
        let more = counted(below.len() as u64, "more line", "more lines");
        inside.text(0, lines(told.len()), columns, &more, Role::Dim);
    }
    let y = inside.height().saturating_sub(1);
    let (yes, no) = (model.key_for(&layers::YES), model.key_for(&everywhere::CLOSE));
    let keys = match confirm.is_to_be_read() && !below.is_empty() {
        true => format!("{yes} read on   {no} later"),
        false => format!("{yes} yes   {no} no"),
    };
    inside.text(0, y, columns, &keys, Role::Key);
}
