//! `steward preset`: what is known of the files that common programs export.

use std::io::Write;
use std::path::PathBuf;

use etcetera::BaseStrategy;
use serde_json::json;

use super::code::Code;
use super::failure::{NotFound, Usage};
use super::import;
use super::init;
use super::invocation::Invocation;
use super::output::{Output, WholeFile};
use super::say::say;
use super::text::{Table, clean};
use desk::{DeskError, Environment, OutputFile, Workspace, read_settings};
use door::operations::{AdoptSettings, AskEdit};
use door::views::EditView;
use settings::{PRESETS, Preset, Settings, StreamPreset};

/// List the presets for files of common programs, or show one as lines for steward.toml.
///
/// Put your own in ~/.config/steward/presets/NAME.toml, in the form that `show` prints, below
/// a table `preset` with name, title and recognised_by.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  steward preset list\n  steward preset show shopify-customers\n  \
                  steward import customers_export.csv --preset shopify-customers"
)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List all presets.
    List,
    /// Print a preset as lines for steward.toml; fields the workspace already has are left out.
    Show {
        /// The preset.
        #[arg(value_name = "NAME")]
        name: String,
        /// What to call its source.
        #[arg(long, value_name = "NAME")]
        source: Option<String>,
    },
}

/// Lists or shows presets.
///
/// # Errors
/// When there is none of that name.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    match &arguments.what {
        What::List => list(output)?,
        What::Show { name, source } if StreamPreset::named(name).is_some() => {
            let Some(preset) = StreamPreset::named(name) else { return Ok(Code::Usage) };
            show_stream(preset, source.as_deref(), (invocation, output))?;
        }
        What::Show { name, source } => {
            let preset = find(name)?;
            let source = source.as_deref().unwrap_or(preset.source().name.as_str());
            let lines = preset.lines(source, &settings_here(invocation)?);
            if output.json {
                output
                    .object(&json!({ "preset": preset.name, "source": source, "lines": lines }))?;
            } else {
                let lines: Vec<String> = lines.lines().map(clean).collect();
                output.lines(&lines)?;
            }
        }
    }
    Ok(Code::Done)
}

/// Prints what a stream of that kind is, for a source that the workspace has.
fn show_stream(
    preset: StreamPreset,
    source: Option<&str>,
    (invocation, output): (&Invocation, &Output),
) -> anyhow::Result<()> {
    let settings = settings_here(invocation)?;
    let known: Vec<&str> = settings.sources.iter().map(|it| it.name.as_str()).collect();
    let source = match (source, known.as_slice()) {
        (Some(source), _) => source,
        (None, [only]) => only,
        (None, _) => {
            let one_of = if known.is_empty() { "crm".to_owned() } else { known.join(" or ") };
            let what = "which source do its rows name customers of?";
            return Err(Usage::error(format!("{what} pass --source {one_of}")));
        }
    };
    let lines = preset.lines(source);
    if output.json {
        output.object(&json!({
            "preset": preset.name,
            "source": source,
            "stream": preset.stream(),
            "lines": lines,
        }))?;
        return Ok(());
    }
    let lines: Vec<String> = lines.lines().map(clean).collect();
    output.lines(&lines)?;
    Ok(())
}

fn list(output: &Output) -> anyhow::Result<()> {
    let presets = known();
    if output.json {
        let objects = presets.iter().map(|preset| {
            json!({
                "preset": preset.name,
                "title": preset.title,
                "key": preset.source().key,
                "recognised_by": preset.recognised_by,
            })
        });
        let streams = StreamPreset::all().map(|preset| {
            json!({ "preset": preset.name, "title": preset.title(), "stream": preset.stream() })
        });
        output.objects(&objects.chain(streams).collect::<Vec<_>>())?;
        return Ok(());
    }
    let mut table = Table::default();
    table.row(["preset", "files", "key"]);
    for preset in &presets {
        table.row([clean(&preset.name), clean(&preset.title), clean(&preset.source().key)]);
    }
    for preset in StreamPreset::all() {
        let stream = format!("[streams.{}]", preset.stream());
        table.row([preset.name.to_owned(), preset.title().to_owned(), stream]);
    }
    output.lines(&table.lines())?;
    Ok(())
}

/// The settings of the workspace; those of an empty one where there is none.
fn settings_here(invocation: &Invocation) -> anyhow::Result<Settings> {
    let workspace = invocation.workspace();
    if workspace.settings().exists() {
        return Ok(read_settings(&workspace)?);
    }
    let empty = settings::parse("[workspace]\nname = \"none\"\n");
    Ok(empty.map_err(DeskError::Settings)?)
}

/// Every preset: one's own first, which replace those of the same name. What is wrong with one's own is
/// said.
pub fn known() -> Vec<Preset> {
    let mut presets = Vec::new();
    for path in own() {
        let read = std::fs::read_to_string(&path).map_err(|error| error.to_string());
        let read = read.and_then(|text| {
            let told = |findings: Vec<settings::Finding>| {
                findings.first().map(ToString::to_string).unwrap_or_default()
            };
            Preset::of(&text).map_err(told)
        });
        match read {
            Ok(preset) => presets.push(preset),
            Err(error) => {
                let path = path.display();
                say(&clean(&format!("note: the preset {path} was ignored: {error}")));
            }
        }
    }
    for preset in PRESETS.iter().filter_map(|text| Preset::of(text).ok()) {
        if !presets.iter().any(|own| own.name == preset.name) {
            presets.push(preset);
        }
    }
    presets
}

/// The files of one's own presets, by name.
fn own() -> Vec<PathBuf> {
    let Ok(strategy) = etcetera::choose_base_strategy() else { return Vec::new() };
    let folder = strategy.config_dir().join("steward").join("presets");
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|it| it == "toml"))
        .collect();
    paths.sort();
    paths
}

/// `a HubSpot contacts file`.
fn kind_of_file(preset: &Preset) -> String {
    let title = preset.title.replace(',', "");
    let article = if title.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
    format!("{article} {title} file")
}

fn find(name: &str) -> anyhow::Result<Preset> {
    let presets = known();
    let names: Vec<&str> = presets.iter().map(|preset| preset.name.as_str()).collect();
    let missing = || NotFound {
        what: format!("there is no preset `{name}`; known are {}", names.join(", ")),
        hint: "to list them: steward preset list".to_owned(),
    };
    Ok(presets.iter().find(|preset| preset.name == name).cloned().ok_or_else(missing)?)
}

/// The stream that a file is imported for by a preset of streams: where `steward.toml` does not have it yet, what the
/// preset says is added to it. None where that would be done and a dry run was asked for; `Some(None)` where it is not a
/// preset of streams.
///
/// # Errors
/// When no source is named whose stream it is, or `steward.toml` cannot be written.
pub fn stream_for(
    preset: &str,
    arguments: &import::Arguments,
    invocation: &Invocation,
) -> anyhow::Result<Option<Option<String>>> {
    let Some(preset) = StreamPreset::named(preset) else { return Ok(Some(None)) };
    let (workspace, environment) = (invocation.workspace(), invocation.environment()?);
    let settings = read_settings(&workspace)?;
    let (name, stream) = (preset.name, preset.stream());
    if settings.streams.iter().any(|own| own.name.as_str() == stream) {
        say(&format!(
            "steward.toml already defines the stream {stream}: its own settings are used"
        ));
        return Ok(Some(Some(stream.to_owned())));
    }
    let known: Vec<&str> = settings.sources.iter().map(|source| source.name.as_str()).collect();
    let source = match (arguments.source.as_deref(), &known[..]) {
        (Some(source), _) => source,
        (None, [only]) => only,
        (None, _) => {
            return Err(Usage::error(format!(
                "{name} is a stream of activities: pass --source with the source of its customers ({})",
                clean(&known.join(", "))
            )));
        }
    };
    let lines = preset.lines(source);
    let text = format!("{}\n\n{lines}", settings.text.trim_end_matches('\n'));
    settings::parse(&text).map_err(DeskError::Settings)?;
    if arguments.dry_run {
        say(&format!("would be added to steward.toml:\n{lines}"));
        say("nothing was written (--dry-run)");
        return Ok(None);
    }
    let note = format!("[streams.{stream}] from the preset {name}");
    let told =
        format!("added [streams.{stream}] of {source} to steward.toml, from the preset {name}");
    write_added((invocation, &workspace, &environment), &text, &clean(&told), note)?;
    Ok(Some(Some(stream.to_owned())))
}

/// Writes a `steward.toml` to which something was added, and adopts it unless another edit of it waits.
fn write_added(
    (invocation, workspace, environment): (&Invocation, &Workspace, &Environment),
    text: &str,
    told: &str,
    note: String,
) -> anyhow::Result<()> {
    let waits = if workspace.exists() {
        invocation.open_to_read()?.ask(AskEdit {})?
    } else {
        EditView::None
    };
    let mut file = WholeFile::begin(OutputFile::settings_added_to(workspace, environment))?;
    file.write_all(text.as_bytes())?;
    file.finish()?;
    say(told);
    if waits != EditView::None {
        say(
            "it waits with the edit of steward.toml that waited before: to adopt both: steward govern adopt",
        );
    } else if workspace.exists() {
        // Whoever named the preset wants what it brings: nothing else of the file is new.
        invocation.open()?.ask(AdoptSettings { note: Some(note), ..AdoptSettings::default() })?;
    }
    Ok(())
}

/// The source that a file is imported for by a preset: where `steward.toml` does not have it yet, what the
/// preset says is added to it. None where that would be done and a dry run was asked for.
///
/// # Errors
/// When there is no such preset, the file is none of its kind, or `steward.toml` cannot be written.
pub fn source_for(
    preset: &str,
    arguments: &import::Arguments,
    invocation: &Invocation,
) -> anyhow::Result<Option<String>> {
    let named = find(preset)?;
    let source = arguments.source.as_deref().unwrap_or(named.source().name.as_str()).to_owned();
    let (workspace, environment) = (invocation.workspace(), invocation.environment()?);
    let settings = read_settings(&workspace)?;
    let columns = init::columns(&arguments.file, &environment)?;
    let here = || columns.iter().map(String::as_str);
    let columns: Vec<&str> = here().collect();
    let preset = named.as_called_in(&columns);
    let all: Vec<Preset> = known().iter().map(|it| it.as_called_in(&columns)).collect();
    let recognised = Preset::of_header(&all, &columns);
    let lacks = |it: &Preset| !it.lacking(here()).is_empty();
    // What somebody says outweighs a header that is only likely another's.
    let other = recognised.filter(|it| it.name != preset.name && lacks(&preset));
    let mut lacking = preset.lacking_to_import(here());
    if lacking.is_empty() && other.is_some_and(|other| !lacks(other)) {
        lacking = preset.lacking(here());
    }
    if !lacking.is_empty() {
        let other = other.map_or_else(
            || "draft its settings with `steward init --from FILE --dry-run` instead".to_owned(),
            |other| format!("it looks like {}: --preset {}", kind_of_file(other), other.name),
        );
        return Err(Usage::error(format!(
            "this is not {}: its header has no {}; {other}",
            kind_of_file(&preset),
            lacking.join(", ")
        )));
    }
    if let Some(updated) = preset.lacks_updated(&columns) {
        say(&clean(&format!(
            "note: this file has no column `{updated}`, which says when a record last changed, so an older file \
             will overwrite newer data; export it with that column"
        )));
    }
    if settings.source(&source).is_some() {
        say(&clean(&format!(
            "steward.toml already defines {source}: its own key and map are used"
        )));
        return Ok(Some(source));
    }
    let lines = preset.lines(&source, &settings);
    let text = format!("{}\n{lines}", settings.text.trim_end_matches('\n').to_owned() + "\n");
    settings::parse(&text).map_err(DeskError::Settings)?;
    if arguments.dry_run {
        say(&format!("would be added to steward.toml:\n{lines}"));
        say("nothing was written (--dry-run)");
        return Ok(None);
    }
    let (title, name) = (&preset.title, &preset.name);
    let is_recognised =
        !lacks(&preset) || recognised.is_some_and(|recognised| recognised.name == *name);
    let how = if is_recognised { "recognised by its header" } else { "read as you say" };
    let told =
        format!("{how}: {title}; added [sources.{source}] to steward.toml, from the preset {name}");
    let note = format!("[sources.{source}] from the preset {name}");
    write_added((invocation, &workspace, &environment), &text, &clean(&told), note)?;
    Ok(Some(source))
}
