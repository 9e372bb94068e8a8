//! Prompts, menus, last questions.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{ToSpan, Zoned};

use super::{
    approvals, bulk, comments, copying, decide, drafts, finder, grants, imports, palette, policy,
    queue, reasoned, requests, values, views,
};
use crate::effect::Effect;
use crate::keys::task;
use crate::model::{
    Confirmed, Input, Intent, Layer, Menu, MenuKind, Model, Picked, Prompt, PromptKind, Scroll,
    TaskScreen, ToImport,
};
use crate::text::clean;
use domain::{FieldName, SourceName, Until, Verdict};
use door::{Action as Asked, BulkVerdict, DependantChoice, FilePart, Pick};

/// Lines of the layer that is read, whatever fits of them.
pub(super) fn reading_length(model: &Model) -> usize {
    model.layers.last().map_or(0, |layer| model.drawn.reading(model, layer).len())
}

/// Opens a prompt.
pub(super) fn prompt(model: &mut Model, kind: PromptKind, text: &str) -> Vec<Effect> {
    model.layers.push(Layer::Prompt(Prompt::new(kind, text)));
    Vec::new()
}

/// Asks for the filter of the queue.
pub(crate) fn filter_queue(model: &mut Model) -> Vec<Effect> {
    let filter = model.queue.filter.clone().unwrap_or_default();
    prompt(model, PromptKind::Filter, &filter)
}

/// Asks for the words of a history.
pub(crate) fn filter_history(model: &mut Model) -> Vec<Effect> {
    let filter = model.history().and_then(|history| history.filter.clone()).unwrap_or_default();
    prompt(model, PromptKind::HistoryFilter, &filter)
}

/// Asks for the text that values hold.
pub(crate) fn filter_values(model: &mut Model) -> Vec<Effect> {
    let filter = model.values().map(|values| values.filter.clone()).unwrap_or_default();
    prompt(model, PromptKind::ValuesFilter, &filter)
}

/// Shows the keys.
pub(crate) fn help(model: &mut Model) -> Vec<Effect> {
    model.layers.push(Layer::Help { top: 0 });
    Vec::new()
}

/// Shows the value under the cursor, whole.
pub(crate) fn whole_value(model: &mut Model) -> Vec<Effect> {
    model.layers.push(Layer::Value { top: 0 });
    Vec::new()
}

/// Opens the menu of reasons for a decision.
pub(super) fn reasons(model: &mut Model, intent: Intent, codes: &[String]) -> Vec<Effect> {
    let last = model.last_reasons.get(&reason_verdict(&intent));
    let menu = Menu::of_reasons(intent, codes, last);
    model.layers.push(Layer::Menu(menu));
    Vec::new()
}

/// The verdict whose reasons are offered: a merge that waives a rule gives a reason for waiving.
pub(super) fn reason_verdict(intent: &Intent) -> Verdict {
    if intent.request.waive.is_empty() { intent.verdict } else { Verdict::Waive }
}

/// Puts what is read into the terminal's clipboard, as text and masked as it is shown.
pub(crate) fn copy(model: &mut Model) -> Vec<Effect> {
    let Some(layer) = model.layers.last() else { return Vec::new() };
    let lines = model.drawn.reading(model, layer);
    let text: Vec<String> =
        lines.iter().map(|line| clean(line.trim_end(), model.theme.glyphs)).collect();
    model.say(format!("{} lines sent to the terminal's clipboard", text.len()));
    vec![Effect::Copy(text.join("\n") + "\n")]
}

/// Says what becomes of the decision under the cursor; the cursor goes on.
pub(crate) fn choose_for(model: &mut Model, chosen: DependantChoice) -> Vec<Effect> {
    if let Some(Layer::Dependants(dependants)) = model.layers.last_mut() {
        let length = dependants.rows.len();
        if let Some((_, choice)) = dependants.rows.get_mut(dependants.scroll.cursor) {
            *choice = chosen;
        }
        dependants.scroll.step(1, length);
    }
    Vec::new()
}

/// Explains the pair of the column under the cursor; again: the next pair.
pub(crate) fn why(model: &mut Model) -> Vec<Effect> {
    let pairs = model
        .shown_task()
        .and_then(|screen| screen.view.as_ref())
        .map_or(0, |view| view.pairs.len());
    if let Some(Layer::Why { pair, top }) = model.layers.last_mut() {
        *pair = (*pair + 1) % pairs.max(1);
        *top = 0;
        return Vec::new();
    }
    let pair = model.task().map_or(0, TaskScreen::pair_under_cursor);
    model.layers.push(Layer::Why { pair, top: 0 });
    Vec::new()
}

/// Pasted text goes where text is typed, and nowhere else.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    match model.layers.last() {
        Some(Layer::Finder(_) | Layer::Prompt(_) | Layer::Palette(_)) => insert(model, text),
        _ => {
            model.complain("pasted text is never read as keys");
            Vec::new()
        }
    }
}

/// Types a text.
pub(super) fn insert(model: &mut Model, text: &str) -> Vec<Effect> {
    match model.layers.last_mut() {
        Some(Layer::Finder(finder)) => {
            finder.input.insert(text);
            finder::search(model)
        }
        Some(Layer::Prompt(prompt)) => {
            prompt.input.insert(text);
            prompt.offered.clear();
            Vec::new()
        }
        Some(Layer::Palette(palette)) => {
            palette.input.insert(text);
            palette::search(model)
        }
        Some(Layer::Bulk(bulk)) => {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            bulk.typed.insert(&digits);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Edits the line being typed.
pub(crate) fn edit(model: &mut Model, change: fn(&mut Input)) -> Vec<Effect> {
    let input = match model.layers.last_mut() {
        Some(Layer::Finder(finder)) => &mut finder.input,
        Some(Layer::Prompt(prompt)) => {
            prompt.offered.clear();
            &mut prompt.input
        }
        Some(Layer::Palette(palette)) => &mut palette.input,
        Some(Layer::Bulk(bulk)) => &mut bulk.typed,
        _ => return Vec::new(),
    };
    let before = input.text();
    change(input);
    let changed = input.text() != before;
    match model.layers.last() {
        Some(Layer::Finder(_)) if changed => finder::search(model),
        Some(Layer::Palette(_)) if changed => palette::search(model),
        _ => Vec::new(),
    }
}

/// Deletes everything before the cursor. Of a masked value that is how it is emptied.
pub(crate) fn delete_line(model: &mut Model) -> Vec<Effect> {
    if let Some(Layer::Prompt(prompt)) = model.layers.last_mut() {
        prompt.emptied = true;
    }
    edit(model, Input::delete_line)
}

/// Takes the choice under the cursor.
pub(crate) fn submit_menu(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Menu(menu)) = model.layers.pop() else { return Vec::new() };
    let cursor = menu.scroll.cursor;
    take_choice(model, menu, cursor)
}

/// A letter or digit in a menu.
pub(super) fn choose(model: &mut Model, key: char) -> Vec<Effect> {
    let Some(Layer::Menu(menu)) = model.layers.last() else { return Vec::new() };
    let Some(choice) = menu.chosen(key) else {
        model.complain(format!("{key} is not on the menu"));
        return Vec::new();
    };
    match model.layers.pop() {
        Some(Layer::Menu(menu)) => take_choice(model, menu, choice),
        _ => Vec::new(),
    }
}

fn take_choice(model: &mut Model, menu: Menu, choice: usize) -> Vec<Effect> {
    let Some(chosen) = menu.choices.get(choice) else { return Vec::new() };
    match menu.kind {
        MenuKind::Order => queue::order_chosen(model, chosen.key),
        MenuKind::Copy => copying::copy(model, chosen.key),
        MenuKind::Request => requests::recorded(model, chosen.key),
        MenuKind::Step => requests::chosen(model, chosen.key),
        MenuKind::Views => views::chosen(model, choice, chosen.key),
        MenuKind::OwnViews(delete) => views::own_chosen(model, choice, delete),
        kind @ (MenuKind::Bulk(_) | MenuKind::BulkUntil(_) | MenuKind::BulkReasons(_)) => {
            bulk::chosen(model, kind, chosen)
        }
        MenuKind::Field => values::open(model, &chosen.text),
        MenuKind::CorrectionReasons(correction) => values::reason_chosen(model, correction, chosen),
        MenuKind::Reasons(intent) => reasoned::reason_chosen(model, *intent, chosen),
        MenuKind::Source(path) => {
            let source = SourceName::new(chosen.text.as_str());
            imports::look(model, ToImport::new(path, source))
        }
        MenuKind::Encoding(mut file, encodings) => {
            // Choices stand in the order of the encodings.
            file.request.written.encoding = encodings.into_iter().nth(choice);
            imports::look(model, *file)
        }
        MenuKind::Part(mut file, part) => {
            file.name(part, &chosen.text);
            imports::look(model, *file)
        }
        MenuKind::Written(mut file, key, _) => {
            file.say(&key, &chosen.text);
            imports::look(model, *file)
        }
        MenuKind::Defer => match chosen.key {
            'd' => prompt(model, PromptKind::DeferDate, ""),
            'c' => defer(model, Some(Until::DataChanges)),
            key => {
                let days = if key == 'w' { 7 } else { 1 };
                let until = model.moment.as_ref().and_then(|moment| in_days(&moment.wall, days));
                defer(model, until)
            }
        },
    }
}

/// The beginning of the day that many days from now, where the steward is.
pub(super) fn in_days(now: &Zoned, days: i64) -> Option<Until> {
    let day = now.checked_add(days.days()).ok()?.start_of_day().ok()?;
    Some(Until::Time(day.timestamp()))
}

fn defer(model: &mut Model, until: Option<Until>) -> Vec<Effect> {
    let (Some(until), Some(screen)) = (until, model.task()) else { return Vec::new() };
    let mut intent = Intent::new(drafts::request(screen, Asked::Defer { until }), Verdict::Defer);
    intent.unrepeatable = Some(format!("{} asks until when", model.key_for(&task::DEFER)).into());
    decide::send(model, intent)
}

/// Takes what was typed.
pub(crate) fn submit_prompt(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Prompt(prompt)) = model.layers.pop() else { return Vec::new() };
    let text = prompt.input.text().trim().to_owned();
    let is_value = matches!(prompt.kind, PromptKind::Correct { .. } | PromptKind::Golden { .. });
    if is_value && prompt.is_untouched() {
        model.say("unchanged".to_owned());
        return Vec::new();
    }
    match prompt.kind {
        PromptKind::Filter => queue::filter_typed(model, text),
        PromptKind::ViewName { view } => views::named(model, *view, text),
        PromptKind::ViewNewName { from } => views::renamed(model, from, text),
        PromptKind::HistoryFilter => {
            if let Some(screen) = model.history_mut() {
                screen.filter = (!text.is_empty()).then_some(text);
                screen.scroll = Scroll::default();
            }
            Vec::new()
        }
        PromptKind::SetBulk { tasks } => bulk::set(model, tasks, &text),
        PromptKind::EscalateBulk { .. } if text.is_empty() => {
            model.complain("no name given");
            Vec::new()
        }
        PromptKind::EscalateBulk { tasks } => {
            bulk::begin(model, BulkVerdict::Escalate { to: text }, tasks)
        }
        PromptKind::Correct { record, field } => {
            let Some(screen) = model.task() else { return Vec::new() };
            if text.is_empty() {
                let intent = decide::cleared(screen, record, field);
                return decide::send(model, intent);
            }
            let typed = BTreeMap::from([(field, text)]);
            let intent = decide::correct(screen, record, typed, BTreeMap::new());
            decide::send(model, intent)
        }
        PromptKind::Golden { field } => pin(model, field, text),
        PromptKind::Note { intent } => reasoned::noted(model, *intent, text),
        PromptKind::DeferDate => submit_date(model, &text),
        PromptKind::QuarantineNote { record } => decide::quarantine_noted(model, record, &text),
        PromptKind::ValuesFilter => values::filter(model, &text),
        PromptKind::CorrectValues { from } => values::right_one(model, from, &text),
        PromptKind::Grant { census, joins } => grants::typed(model, (census, joins), &text),
        PromptKind::ImportFile => imports::file_named(model, &text),
        PromptKind::Records(_) if text.is_empty() => {
            model.complain("no list named");
            Vec::new()
        }
        PromptKind::Records(mut file) => {
            file.name(FilePart::Records, &text);
            imports::look(model, *file)
        }
        PromptKind::EscalateTo if text.is_empty() => {
            model.complain("no name given");
            Vec::new()
        }
        PromptKind::EscalateTo => prompt_question(model, text),
        PromptKind::EscalateQuestion { to } => escalate(model, to, text),
        PromptKind::Answer => answer(model, text),
        PromptKind::RejectWhy { task } => approvals::rejected(model, task, text),
        PromptKind::Step { .. } if text.is_empty() => {
            model.complain("it needs words: nothing was recorded");
            Vec::new()
        }
        PromptKind::Step { step } => requests::done(model, *step, text),
        PromptKind::Comment { task, customers, .. } => {
            comments::say(model, (task, customers), text)
        }
        PromptKind::AskAbout { customers } => finder::ask(model, customers, text),
    }
}

fn prompt_question(model: &mut Model, to: String) -> Vec<Effect> {
    prompt(model, PromptKind::EscalateQuestion { to }, "")
}

fn escalate(model: &mut Model, to: String, question: String) -> Vec<Effect> {
    let Some(screen) = model.task() else { return Vec::new() };
    let mut request = drafts::request(screen, Asked::Escalate { to });
    request.note = (!question.is_empty()).then_some(question);
    let mut intent = Intent::new(request, Verdict::Escalate);
    let key = model.key_for(&task::ESCALATE);
    intent.unrepeatable = Some(format!("{key} asks whom and what").into());
    decide::send(model, intent)
}

fn answer(model: &mut Model, text: String) -> Vec<Effect> {
    if text.is_empty() {
        model.complain("the answer is empty");
        return Vec::new();
    }
    let Some(screen) = model.task() else { return Vec::new() };
    let mut request = drafts::request(screen, Asked::Answer);
    request.note = Some(text);
    let mut intent = Intent::new(request, Verdict::Answer);
    intent.unrepeatable =
        Some(format!("{} asks for an answer", model.key_for(&task::ANSWER)).into());
    decide::send(model, intent)
}

/// A typed golden value is part of the draft: it is decided with the merge. On a fix or a single
/// customer there is no merge to come; the golden column is not edited there.
fn pin(model: &mut Model, field: FieldName, text: String) -> Vec<Effect> {
    let Some(screen) = model.task_mut() else { return Vec::new() };
    if text.is_empty() {
        screen.draft.picks.remove(&field);
    } else {
        let picked = Picked { pick: Pick::Typed(text), winner: '*' };
        screen.draft.picks.insert(field, picked);
    }
    drafts::preview(model)
}

fn submit_date(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(now) = model.moment.as_ref().map(|moment| moment.wall.clone()) else {
        return Vec::new();
    };
    let day = text.parse::<Date>().ok().and_then(|day| day.to_zoned(now.time_zone().clone()).ok());
    match day {
        Some(day) if day > now => defer(model, Some(Until::Time(day.timestamp()))),
        Some(_) => {
            model.complain("that day has already started");
            prompt(model, PromptKind::DeferDate, text)
        }
        None => {
            model.complain("write a date as 2026-12-31");
            prompt(model, PromptKind::DeferDate, text)
        }
    }
}

/// Does what was asked about.
pub(crate) fn confirmed(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Confirm(mut confirm)) = model.layers.pop() else { return Vec::new() };
    let below = model.drawn.below(model, &confirm);
    if confirm.is_to_be_read() && !below.is_empty() {
        confirm.lines = below;
        model.layers.push(Layer::Confirm(confirm));
        return Vec::new();
    }
    match confirm.then {
        Confirmed::Decide(intent) => decide::send(model, *intent),
        Confirmed::Correct(correction) => values::confirmed(model, correction),
        Confirmed::ChangeView(change) => vec![Effect::ChangeView(change)],
        Confirmed::Acknowledge(adopted) => policy::acknowledge(adopted),
    }
}

/// Undoes, with what was said of each decision that builds on it.
pub(crate) fn undo_so(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Dependants(dependants)) = model.layers.pop() else { return Vec::new() };
    let mut intent = *dependants.intent;
    if let Asked::Undo { choices, .. } = &mut intent.request.action {
        let rows = dependants.rows.into_iter();
        choices.extend(rows.map(|(dependant, choice)| (dependant.decision, choice)));
    }
    decide::send(model, intent)
}
