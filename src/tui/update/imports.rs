//! The imports: a file is named, looked at, and then imported.

use std::path::{Path, PathBuf};

use super::layers;
use crate::effect::Effect;
use crate::model::{Input, Layer, Look, Menu, Model, Prompt, PromptKind, ToImport};
use crate::paths::Completions;
use door::operations::Delivery;
use door::views::ImportOutcome;
use door::{Failure, FilePart, NotDone, UnnamedPart};

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
        model.complain("no file name starts like that");
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
    let Some(imports) = model.imports() else { return Vec::new() };
    let path = PathBuf::from(text);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let before = imports.imports.iter().find(|import| Some(&import.file) == name.as_ref());
    let before = before.map(|import| import.source.clone());
    match (imports.sources.as_slice(), text.is_empty()) {
        (_, true) => model.complain("no file named"),
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
    model.imports().is_some() && model.layers.is_empty()
}

/// The first rows of a file as they would be read: is it to be imported?
pub(super) fn looked_at(model: &mut Model, file: ToImport, outcome: &ImportOutcome) {
    if !is_here(model) {
        let name = file.path.display().to_string();
        model.say(format!("{name} was checked but not imported: add it again"));
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
        model.complain(format!("there is no list of records at `{named}`"));
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
    if model.imports().is_some() {
        return layers::prompt(model, PromptKind::ImportFile, &path.to_string_lossy());
    }
    Vec::new()
}
