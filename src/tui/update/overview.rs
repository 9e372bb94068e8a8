//! The dashboard, the rules, the imports and the lists below them: how they open, what their keys
//! do, and what the desk answered.

use std::path::PathBuf;

use super::{jobs, layers, masks, navigate, values};
use crate::action::Action;
use crate::effect::Effect;
use crate::model::{
    Confirm, Confirmed, CustomerScreen, Dashboard, Input, Layer, Menu, Model, Overview, PromptKind,
    Screen, Shows,
};
use crate::paths::Completions;
use crate::question::Answer;
use domain::SourceName;
use door::Outcome;
use door::views::{ImportOutcome, PreviewRow};

/// Opens the screen of a `g` key over the queue, in the place of whatever is open.
pub(super) fn go(model: &mut Model, action: Action) -> Vec<Effect> {
    let shows = match action {
        Action::GoRules => Shows::Rules(None),
        Action::GoImports => Shows::Imports(None),
        _ => Shows::Dashboard(None),
    };
    model.screens.clear();
    push(model, shows)
}

fn push(model: &mut Model, shows: Shows) -> Vec<Effect> {
    navigate::push(model, Screen::Overview(Box::new(Overview::new(shows, 0))))
}

/// Opens what is under the cursor: the records of a rule, the task of a record, the quarantine of
/// an import.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(screen) = model.overview() else { return Vec::new() };
    if let Some(rule) = screen.rule() {
        let shows = Shows::Failing(rule.rule.clone(), None);
        return push(model, shows);
    }
    if let Some(import) = screen.import() {
        let shows = Shows::Quarantine(import.import, None);
        return push(model, shows);
    }
    match screen.failing().map(|record| record.task) {
        Some(Some(task)) => navigate::open(model, task),
        Some(None) => customer(model),
        None => Vec::new(),
    }
}

/// Opens the customer of the record under the cursor.
pub(super) fn customer(model: &mut Model) -> Vec<Effect> {
    let Some(customer) =
        model.overview().and_then(|screen| screen.failing()).map(|record| record.customer)
    else {
        return Vec::new();
    };
    navigate::push(model, Screen::Customer(Box::new(CustomerScreen::new(customer, 0))))
}

/// `h`, `l` and Tab on the dashboard.
pub(super) fn threshold(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Shows::Dashboard(Some(shown))) = model.overview_mut().map(|screen| &mut screen.shows)
    else {
        return Vec::new();
    };
    if action == Action::OtherThreshold {
        shown.thresholds.moves_review = !shown.thresholds.moves_review;
    } else if let Err(why) = shown.step(action == Action::ThresholdUp) {
        model.complain(why);
    }
    Vec::new()
}

/// Takes in what was asked for a screen of that serial.
pub(super) fn answered(model: &mut Model, serial: u64, answer: Outcome<Answer>) -> Vec<Effect> {
    if let Some(masked) = masks::masked_instead(model, serial, &answer) {
        return vec![masked];
    }
    let Some(screen) = model.overview_mut().filter(|screen| screen.serial == serial) else {
        return Vec::new();
    };
    let answer = match (&screen.shows, answer) {
        (Shows::Values(_), Ok(Answer::CountValues(job))) => return values::counting(model, job),
        (_, answer) => answer,
    };
    let mut job = None;
    match (&mut screen.shows, answer) {
        (Shows::Dashboard(shown), Ok(Answer::Dashboard(view))) => {
            let tried = shown.as_ref().filter(|it| it.is_tried()).map(|it| it.thresholds);
            let mut fresh = Dashboard::new(view);
            let buckets = fresh.view.scores.as_ref().map_or(0, |it| it.scores.edges.len());
            // The same run again: what is being tried stays as it is.
            if let Some(tried) = tried.filter(|tried| tried.auto < buckets) {
                fresh.thresholds = tried;
            }
            *shown = Some(Box::new(fresh));
        }
        (Shows::Rules(shown), Ok(Answer::Rules(rules))) => *shown = Some(rules),
        (Shows::Failing(_, shown), Ok(Answer::Failing(view))) => *shown = Some(view),
        (Shows::Imports(shown), Ok(Answer::Imports(view))) => {
            job = view.job.as_deref().cloned();
            *shown = Some(view);
        }
        (Shows::Quarantine(_, shown), Ok(Answer::Quarantine(view))) => *shown = Some(view),
        (Shows::Values(shown), Ok(Answer::Values(view))) => shown.fill(view),
        (_, other) => {
            if !screen.is_filled() {
                model.screens.pop();
            }
            model.complain(super::answers::said(&other));
            return Vec::new();
        }
    }
    let length = screen.len();
    screen.scroll.to(screen.scroll.cursor, length);
    match job.filter(|_| model.job.is_none()) {
        Some(job) if job.ended.is_none() => jobs::begun(model, job),
        ended => {
            model.job = model.job.take().or(ended);
            Vec::new()
        }
    }
}

/// Asks for a file to be imported.
pub(super) fn add_file(model: &mut Model) -> Vec<Effect> {
    layers::prompt(model, PromptKind::ImportFile, "")
}

/// Completes the path being typed as far as all names agree, and offers those.
pub(super) fn path_completed(model: &mut Model, completions: &Completions) {
    let Some(Layer::Prompt(prompt)) = model.layers.last_mut() else { return };
    let (before, after) = prompt.input.parts();
    // What was typed since is about other names.
    if prompt.kind != PromptKind::ImportFile || before != completions.typed {
        return;
    }
    if completions.names.is_empty() {
        model.complain("no file begins so");
        return;
    }
    let completed = completions.completed();
    if completed != before {
        let mut input = Input::with(&completed);
        let length = after.chars().count();
        input.insert(&after);
        (0..length).for_each(|_| input.step(-1));
        prompt.input = input;
    }
    prompt.offered = match completions.names.as_slice() {
        [_] => Vec::new(),
        several => several.to_vec(),
    };
}

/// The file is named: of which source is it?
pub(super) fn file_named(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(imports) = model.overview().and_then(|screen| screen.imports()) else {
        return Vec::new();
    };
    let path = PathBuf::from(text);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let before = imports.imports.iter().find(|import| Some(&import.file) == name.as_ref());
    let before = before.map(|import| import.source.clone());
    match (imports.sources.as_slice(), text.is_empty()) {
        (_, true) => model.complain("no file was named"),
        ([], _) => model.complain("steward.toml has no source yet: [sources.NAME]"),
        ([only], _) => {
            let source = only.clone();
            return start(model, path, source);
        }
        (sources, _) => {
            let menu = Menu::of_sources(path, sources, before.as_ref());
            model.layers.push(Layer::Menu(menu));
        }
    }
    Vec::new()
}

/// Has a file looked at before it is imported.
pub(super) fn start(model: &mut Model, path: PathBuf, source: SourceName) -> Vec<Effect> {
    model.looking.push_back((path.clone(), source.clone()));
    vec![Effect::Look(path, source)]
}

/// The first rows of a file as they would be read: is it to be imported?
pub(super) fn looked_at(
    model: &mut Model,
    (path, source): (PathBuf, SourceName),
    outcome: &ImportOutcome,
) {
    let name = path.display().to_string();
    // A question that came up elsewhere would take keys that are meant for something else.
    let is_here = model.overview().is_some_and(|screen| screen.imports().is_some());
    if !is_here || !model.layers.is_empty() {
        model.say(format!("{name} was looked at, and not imported: add it once more"));
        return;
    }
    let mut lines = Vec::new();
    let assumed = outcome.reading.assumptions();
    if !assumed.is_empty() {
        lines.push(format!("assumed: {}", assumed.join("; ")));
    }
    lines.extend(outcome.reading.remarks());
    lines.extend(outcome.preview.iter().map(in_a_line));
    let question = format!("import {name} as {source}?");
    let then = Confirmed::Import(path, source);
    model.layers.push(Layer::Confirm(Confirm { question, lines, then }));
}

/// A row with what is read otherwise than it was delivered, and what cannot be read.
fn in_a_line(row: &PreviewRow) -> String {
    let values = row.values.iter().filter_map(|value| match &value.standard {
        None => Some(format!("{} {} (cannot be read)", value.field, value.raw.as_str())),
        Some(standard) if *standard == value.raw => None,
        Some(standard) => {
            Some(format!("{} {} -> {}", value.field, value.raw.as_str(), standard.as_str()))
        }
    });
    let values: Vec<String> = values.collect();
    let values = if values.is_empty() { "as delivered".to_owned() } else { values.join(", ") };
    format!("line {}, {}: {values}", row.line, row.key)
}

/// The import did not start: the path stands there again.
pub(super) fn not_started(model: &mut Model, path: &std::path::Path, why: &str) -> Vec<Effect> {
    // Where it is a look that did not start, it was the last that was asked for.
    model.looking.pop_back_if(|(looked, _)| looked == path);
    model.complain(why);
    if model.overview().is_some_and(|screen| screen.imports().is_some()) {
        return layers::prompt(model, PromptKind::ImportFile, &path.to_string_lossy());
    }
    Vec::new()
}
