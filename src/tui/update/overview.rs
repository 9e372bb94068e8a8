//! The dashboard, the rules, the imports and the lists below them: how they open, what their keys
//! do, and what the desk answered.

use std::path::{Path, PathBuf};

use super::{grants, jobs, layers, masks, navigate, values};
use crate::effect::Effect;
use crate::model::{
    CustomerScreen, Dashboard, GrantsScreen, Input, Layer, Look, Menu, Model, Overview, Prompt,
    PromptKind, RunsScreen, Screen, Shows, ToImport,
};
use crate::paths::Completions;
use crate::question::Answer;
use door::operations::Delivery;
use door::views::{ImportOutcome, JobId, JobView, RunsDiff};
use door::{Failure, FilePart, NotDone, Outcome, UnnamedPart};

pub(crate) fn go_dashboard(model: &mut Model) -> Vec<Effect> {
    go(model, Shows::Dashboard(None))
}

pub(crate) fn go_rules(model: &mut Model) -> Vec<Effect> {
    go(model, Shows::Rules(None))
}

pub(crate) fn go_imports(model: &mut Model) -> Vec<Effect> {
    go(model, Shows::Imports(None))
}

pub(crate) fn go_grants(model: &mut Model) -> Vec<Effect> {
    go(model, Shows::Grants(GrantsScreen::default()))
}

/// Opens a screen over the queue, in the place of whatever is open.
fn go(model: &mut Model, shows: Shows) -> Vec<Effect> {
    model.screens.clear();
    push(model, shows)
}

/// Compares the newest run with the one before.
pub(crate) fn compare_runs(model: &mut Model) -> Vec<Effect> {
    push(model, Shows::Runs(RunsScreen::default()))
}

fn push(model: &mut Model, shows: Shows) -> Vec<Effect> {
    navigate::push(model, Screen::Overview(Box::new(Overview::new(shows, 0))))
}

/// Opens what is under the cursor: the records of a rule, the task of a record, the quarantine of
/// an import.
pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(screen) = model.overview() else { return Vec::new() };
    if let Shows::Grants(shown) = &screen.shows {
        let stratum = shown.stratum(screen.scroll.cursor).cloned();
        return stratum.map_or_else(Vec::new, |stratum| grants::ask(model, &stratum));
    }
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
pub(crate) fn customer(model: &mut Model) -> Vec<Effect> {
    let Some(customer) =
        model.overview().and_then(|screen| screen.failing()).map(|record| record.customer)
    else {
        return Vec::new();
    };
    navigate::push(model, Screen::Customer(Box::new(CustomerScreen::new(customer, 0))))
}

fn dashboard(model: &mut Model) -> Option<&mut Dashboard> {
    match model.overview_mut().map(|screen| &mut screen.shows) {
        Some(Shows::Dashboard(shown)) => shown.as_deref_mut(),
        _ => None,
    }
}

/// Tries a threshold one step up or down.
pub(crate) fn move_threshold(model: &mut Model, up: bool) -> Vec<Effect> {
    if let Some(Err(why)) = dashboard(model).map(|shown| shown.step(up)) {
        model.complain(why);
    }
    Vec::new()
}

/// Goes to the other threshold.
pub(crate) fn other_threshold(model: &mut Model) -> Vec<Effect> {
    if let Some(shown) = dashboard(model) {
        shown.thresholds.moves_review = !shown.thresholds.moves_review;
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
        (Shows::Runs(_), Ok(Answer::CompareRuns(job))) => return comparing(model, job),
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
        (Shows::Grants(shown), Ok(Answer::Grants(view))) => shown.fill(view),
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

fn runs_of(model: &mut Model, job: JobId) -> Option<&mut RunsScreen> {
    match model.overview_mut().map(|screen| &mut screen.shows) {
        Some(Shows::Runs(shown)) if shown.job == Some(job) => Some(shown),
        _ => None,
    }
}

/// The job that compares runs has begun, or waits for its turn.
fn comparing(model: &mut Model, job: JobView) -> Vec<Effect> {
    if let Some(Shows::Runs(shown)) = model.overview_mut().map(|screen| &mut screen.shows) {
        *shown = RunsScreen { job: Some(job.id), lines: None };
    }
    jobs::begun(model, job)
}

/// Runs were compared: shown where it is still wanted.
pub(super) fn compared(model: &mut Model, job: JobId, found: &RunsDiff) {
    if let Some(shown) = runs_of(model, job) {
        shown.lines = Some(found.lines());
    }
}

/// Runs could not be compared: why stands in the place of what they would be.
pub(super) fn not_compared(model: &mut Model, job: JobId, why: &str) {
    if let Some(shown) = runs_of(model, job) {
        shown.lines = Some(vec![why.to_owned()]);
    }
}

/// Asks for a file to be imported.
pub(crate) fn add_file(model: &mut Model) -> Vec<Effect> {
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
            return look(model, ToImport::new(path, source));
        }
        (sources, _) => {
            let menu = Menu::of_sources(path, sources, before.as_ref());
            model.layers.push(Layer::Menu(menu));
        }
    }
    Vec::new()
}

/// Has a file looked at before it is imported.
pub(super) fn look(model: &mut Model, file: ToImport) -> Vec<Effect> {
    model.looking.push_back(file.clone());
    vec![Effect::Look(Box::new(file))]
}

/// A question that came up elsewhere would take keys that are meant for something else.
fn is_here(model: &Model) -> bool {
    let is_imports = model.overview().is_some_and(|screen| screen.imports().is_some());
    is_imports && model.layers.is_empty()
}

/// The first rows of a file as they would be read: is it to be imported?
pub(super) fn looked_at(model: &mut Model, file: ToImport, outcome: &ImportOutcome) {
    if !is_here(model) {
        let name = file.path.display().to_string();
        model.say(format!("{name} was looked at, and not imported: add it once more"));
        return;
    }
    // What was said of the file before, or of another, is over.
    model.status = None;
    let look = Look { file, outcome: outcome.clone(), top: 0 };
    model.layers.push(Layer::Look(Box::new(look)));
}

/// A file was refused since something of it is not known: that is asked, one thing at a time. The question
/// says it all; the refusal would name what is typed on a command line.
pub(super) fn doubted(model: &mut Model, file: ToImport, failure: Failure) {
    let named = file.request.written.records.clone();
    let Some(asked) = is_here(model).then(|| question(file, &failure)).flatten() else {
        model.complain(failure.message);
        return;
    };
    model.status = None;
    if let (Layer::Prompt(_), Some(named)) = (&asked, named) {
        model.complain(format!("no list of records stands at `{named}`"));
    }
    model.layers.push(asked);
}

fn question(file: ToImport, failure: &Failure) -> Option<Layer> {
    if let Some(UnnamedPart { kind, names }) = failure.part.as_deref() {
        // A way through an object is typed: there may be others than the one that was found.
        return Some(match kind {
            FilePart::Records => {
                let found = names.first().cloned().unwrap_or_default();
                Layer::Prompt(Prompt::new(PromptKind::Records(Box::new(file)), &found))
            }
            FilePart::Table | FilePart::Sheet => Layer::Menu(Menu::of_parts(file, *kind, names)),
        });
    }
    ways(file, failure).map(Layer::Menu)
}

fn ways(file: ToImport, failure: &Failure) -> Option<Menu> {
    if !failure.readings.is_empty() {
        return Some(Menu::of_encodings(file, &failure.readings));
    }
    let columns = &failure.undecided.as_ref()?.columns;
    let first = columns.first()?;
    let same = columns.iter().filter(|column| column.key == first.key);
    let fields: Vec<String> = same.map(|column| column.field.to_string()).collect();
    Some(Menu::of_ways(file, &first.key, fields.join(", "), &first.choices))
}

/// Imports the file as it was looked at.
pub(crate) fn import(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Look(look)) = model.layers.pop() else { return Vec::new() };
    vec![Effect::Import(Box::new(look.file))]
}

/// Says that a file is complete, or that it is not.
pub(crate) fn switch_complete(model: &mut Model) -> Vec<Effect> {
    look_again(model, |delivery| delivery.complete = !delivery.complete)
}

/// Says that older rows count, or that they do not.
pub(crate) fn switch_older(model: &mut Model) -> Vec<Effect> {
    look_again(model, |delivery| delivery.accept_older = !delivery.accept_older)
}

/// Says that a file is right whatever it lacks, or that it is not.
pub(crate) fn switch_vanished(model: &mut Model) -> Vec<Effect> {
    if let Some(Layer::Look(shown)) = model.layers.last_mut() {
        let delivery = &mut shown.file.request.delivery;
        delivery.accept_vanished = !delivery.accept_vanished;
    }
    Vec::new()
}

/// What a word about the file comes to is looked at again, so that nobody says it unseen.
fn look_again(model: &mut Model, say: fn(&mut Delivery)) -> Vec<Effect> {
    let Some(Layer::Look(shown)) = model.layers.pop() else { return Vec::new() };
    let mut file = shown.file;
    say(&mut file.request.delivery);
    file.request.delivery.accept_vanished = false;
    look(model, file)
}

/// The import did not start: the path stands there again, unless it is known what has to be said.
pub(super) fn not_started(model: &mut Model, path: &Path, why: NotDone) -> Vec<Effect> {
    // Where it is a look that did not start, it was the last that was asked for.
    let looked = model.looking.pop_back_if(|looked| looked.path == path);
    match (looked, why) {
        (Some(file), NotDone::Failed(failure)) if failure.part.is_some() => {
            doubted(model, file, failure);
            return Vec::new();
        }
        (_, why) => model.complain(why.to_string()),
    }
    if model.overview().is_some_and(|screen| screen.imports().is_some()) {
        return layers::prompt(model, PromptKind::ImportFile, &path.to_string_lossy());
    }
    Vec::new()
}
