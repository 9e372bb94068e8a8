//! What may come next on a command line, for shells that ask: ids, sources, data sets, reasons, people,
//! fields and rules of the workspace that is meant.
//!
//! Names come from `steward.toml`, ids from the workspace, opened as `steward tasks` opens it and given up
//! after a moment: who completes does not wait. Nobody is asked for a passphrase, and no value and no
//! name is offered: they are somebody's. Of keys only those that look like ids.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::CompleteEnv;

use super::above::{Bounds, workspace_above};
use super::arguments::Arguments;
use super::entry::Entry;
use super::invocation::Invocation;
use desk::Workspace;
use desk::export::FORMATS;
use desk::jobs::{DATASETS, EVENTS, MODEL};
use domain::Verdict;
use door::TaskListing;
use door::operations::{Dashboard, FeedFormat, KnownIds, ListTasks};
use door::views::KnownId;
use settings::Settings;

/// The variable by which a shell says that it asks.
pub const VARIABLE: &str = "STEWARD_COMPLETE";

/// How long the workspace is waited for.
const PATIENCE: Duration = Duration::from_millis(400);

/// Ids that are offered at most.
const OFFERED: usize = 60;

/// Answers a shell that asks what may come next; says whether one did.
///
/// # Errors
/// When the shell is none that is known, or nobody reads the answer.
pub fn answered(words: &[OsString]) -> Result<bool, clap::Error> {
    let Some(shell) = std::env::var_os(VARIABLE) else { return Ok(false) };
    // What it is told it puts into the line as it stands.
    let is_bash = Path::new(&shell).file_name().is_some_and(|name| name == "bash");
    let here = std::env::current_dir().ok();
    let folder = folder(words, here.as_deref());
    CompleteEnv::with_factory(move || completing(folder.clone(), is_bash, words))
        .var(VARIABLE)
        .try_complete(words.to_vec(), here.as_deref())
}

/// The workspace that the words name, else that of the environment, else the one here or above.
fn folder(words: &[OsString], here: Option<&Path>) -> Option<PathBuf> {
    let texts: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
    let behind = |at: usize| texts.get(at + 1).map(PathBuf::from);
    let named = texts.iter().enumerate().find_map(|(at, word)| match *word {
        "--workspace" => behind(at),
        word => word.strip_prefix("--workspace=").map(PathBuf::from),
    });
    let said = || std::env::var_os("STEWARD_WORKSPACE").map(PathBuf::from);
    named.or_else(said).or_else(|| {
        let here = std::fs::canonicalize(here?).ok()?;
        Some(workspace_above(&here, &Bounds::of_process()).unwrap_or(here))
    })
}

/// What an argument takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Source,
    Dataset,
    Format,
    FeedFormat,
    Reason,
    ErasureReason,
    Person,
    Field,
    Assignment,
    /// The same, of fields that the source on the line has a column for.
    NewValue,
    /// A field and the record whose value it takes.
    Pick,
    Preset,
    Rule,
    Purpose,
    Channel,
    Segment,
    Journey,
    Column,
    /// An id that begins with one of these letters; a record by its source.
    Id(&'static str),
}

/// By the name of an argument, or of its value: the one table.
const TABLE: [(&str, What); 29] = [
    ("source", What::Source),
    ("dataset", What::Dataset),
    ("format", What::Format),
    ("reason", What::Reason),
    ("to", What::Person),
    ("field", What::Field),
    ("set", What::Assignment),
    ("pick", What::Pick),
    ("clear", What::Field),
    ("withdraw", What::Field),
    ("diff", What::Id("M")),
    ("census", What::Id("S")),
    ("rule", What::Rule),
    ("waive", What::Rule),
    ("purpose", What::Purpose),
    ("channel", What::Channel),
    ("segment", What::Segment),
    ("journey", What::Journey),
    ("overlap", What::Segment),
    ("filter", What::Column),
    ("id", What::Id("TCDI")),
    ("ids", What::Id("C")),
    ("into", What::Id("C")),
    ("customer", What::Id("C")),
    ("first", What::Id("T")),
    ("task", What::Id("T")),
    ("left", What::Id("TC")),
    ("right", What::Id("")),
    ("records", What::Id("")),
];

/// What an argument of a subcommand takes; none where nothing is known of it.
fn what(subcommand: &str, argument: &Arg) -> Option<What> {
    let id = argument.get_id().as_str();
    match (subcommand, id) {
        ("undo", "ids") => return Some(What::Id("DI")),
        ("approve" | "reject", "ids") => return Some(What::Id("T")),
        ("show", "name") => return Some(What::Preset),
        // A record by its source, or its customer.
        (
            "fix" | "erase" | "subject" | "consent" | "timeline" | "card" | "measures" | "hold"
            | "lift" | "request",
            "id",
        ) => {
            return Some(What::Id("C"));
        }
        ("erase" | "retain", "reason") => return Some(What::ErasureReason),
        ("create", "set") => return Some(What::NewValue),
        ("feed", "format") => return Some(What::FeedFormat),
        // Its columns depend on the data set.
        ("export", "filter") => return None,
        _ => {}
    }
    if !argument.get_action().takes_values() {
        return None;
    }
    // Two arguments are called so that take something else.
    let is_value =
        argument.get_value_names().is_some_and(|names| names.iter().any(|it| it == "NEW"));
    let is_path =
        argument.get_value_names().is_some_and(|names| names.iter().any(|it| it == "PATH"));
    if is_value || is_path || argument.is_global_set() {
        return None;
    }
    TABLE.iter().find(|(name, _)| *name == id).map(|(_, what)| *what)
}

/// The command line whose arguments know what there is.
fn completing(folder: Option<PathBuf>, is_bash: bool, words: &[OsString]) -> Command {
    let words = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let known = Arc::new(Known { folder, is_bash, words });
    with(<Arguments as clap::CommandFactory>::command(), &known)
}

fn with(command: Command, known: &Arc<Known>) -> Command {
    let name = command.get_name().to_owned();
    let command = command.mut_args(|argument| match what(&name, &argument) {
        Some(what) if argument.get_possible_values().is_empty() => {
            let known = Arc::clone(known);
            argument.add(ArgValueCompleter::new(move |typed: &OsStr| known.offer(what, typed)))
        }
        _ => argument,
    });
    command.mut_subcommands(|subcommand| with(subcommand, known))
}

/// What is known of the workspace that is meant.
struct Known {
    folder: Option<PathBuf>,
    /// Whether a blank in a name must be kept from parting it.
    is_bash: bool,
    /// What stands on the line: a reason may go with one verdict only.
    words: Vec<String>,
}

impl Known {
    fn offer(&self, what: What, typed: &OsStr) -> Vec<CompletionCandidate> {
        let Some(typed) = typed.to_str() else { return Vec::new() };
        let ids = match what {
            What::Id(letters) => self.ids(letters, typed),
            _ => Vec::new(),
        };
        let settings = self.settings();
        let mut names = match (&settings, what) {
            (Some(settings), What::Reason) => self.reasons(settings),
            (Some(settings), What::Assignment) => with_words(settings, typed),
            (Some(settings), What::NewValue) => self.mapped(with_words(settings, typed), settings),
            (Some(settings), _) => names(what, settings),
            (None, _) => Vec::new(),
        };
        if what == What::Person {
            names.extend(self.people());
            names.sort();
            names.dedup();
        }
        let fixed = fixed(what).into_iter().filter(|name| name.starts_with(typed));
        let names = names.into_iter().filter(|name| name.starts_with(typed)).chain(fixed);
        let names = names.map(|name| if self.is_bash { name.replace(' ', "\\ ") } else { name });
        let names = names.map(CompletionCandidate::new);
        let ids = ids.into_iter().map(|KnownId { id, about }| {
            CompletionCandidate::new(id).help((!about.is_empty()).then(|| about.into()))
        });
        names.chain(ids).collect()
    }

    fn settings(&self) -> Option<Settings> {
        let path = Workspace::at(self.folder.as_deref()?).settings();
        settings::parse(&std::fs::read_to_string(path).ok()?).ok()
    }

    /// Ids that begin so, as far as the workspace tells them in a moment.
    fn ids(&self, letters: &'static str, typed: &str) -> Vec<KnownId> {
        if typed.contains(':') && !matches!(letters, "T" | "DI" | "M" | "S") {
            let begin = typed.to_owned();
            return self.asked(move |entry| entry.ask(KnownIds { begin, limit: OFFERED }));
        }
        let first = typed.chars().next().map(|letter| letter.to_ascii_uppercase());
        if letters.is_empty() || first.is_some_and(|first| !letters.contains(first)) {
            return Vec::new();
        }
        let begin = if typed.is_empty() { &letters[..1] } else { typed }.to_owned();
        self.asked(move |entry| entry.ask(KnownIds { begin, limit: OFFERED }))
    }

    /// Who decided here of late, and who was asked.
    fn people(&self) -> Vec<String> {
        self.asked(|entry| {
            let decided = entry.ask(Dashboard {})?.people.into_iter().map(|person| person.actor);
            let mut people: Vec<String> = decided.collect();
            let filter = Some("state in (escalated, answered)".to_owned());
            let listing = TaskListing { filter, ..TaskListing::default() };
            let page = entry.ask(ListTasks { listing, part: 0 })?;
            people.extend(page.lines.into_iter().filter_map(|line| line.to));
            Ok(people)
        })
    }

    /// Of these assignments, those to fields that the source on the line has a column for.
    fn mapped(&self, assignments: Vec<String>, settings: &Settings) -> Vec<String> {
        let mut words = self.words.iter();
        let named = words.find_map(|word| match word.as_str() {
            "--source" => Some(None),
            word => word.strip_prefix("--source=").map(Some),
        });
        let named = named.and_then(|named| named.or_else(|| words.next().map(String::as_str)));
        let Some(source) = named.and_then(|name| settings.source(name)) else { return assignments };
        let is_mapped = |text: &String| {
            let field = text.split('=').next().unwrap_or_default();
            source.map.iter().any(|(mapped, _)| mapped.as_str() == field)
        };
        assignments.into_iter().filter(is_mapped).collect()
    }

    /// The reasons that go with the verdict on the line; all where it has none.
    fn reasons(&self, settings: &Settings) -> Vec<String> {
        let mut verdicts = self.words.iter().filter_map(|word| match word.as_str() {
            "fix" => Some(Verdict::Correct),
            "task" | "assign" => Some(Verdict::Escalate),
            word => Verdict::ALL.into_iter().find(|verdict| verdict.name() == word),
        });
        match verdicts.next_back() {
            Some(verdict) => {
                settings.decisions.reasons_for(verdict).map(|it| it.code.to_string()).collect()
            }
            None => names(What::Reason, settings),
        }
    }

    /// What the workspace tells in a moment; nothing where it takes longer.
    fn asked<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Entry) -> anyhow::Result<Vec<T>> + Send + 'static,
    ) -> Vec<T> {
        let Some(folder) = self.folder.clone().filter(|it| it.join(".steward").exists()) else {
            return Vec::new();
        };
        let (sender, receiver) = channel();
        // Where it takes longer the process ends without it: it only reads.
        let asking = move || {
            let told = Invocation::at(&folder).open_quietly().and_then(|entry| ask(&entry));
            let _ = sender.send(told.unwrap_or_default());
        };
        match std::thread::Builder::new().spawn(asking) {
            Ok(_) => receiver.recv_timeout(PATIENCE).unwrap_or_default(),
            Err(_) => Vec::new(),
        }
    }
}

/// Names that stand in the settings.
fn names(what: What, settings: &Settings) -> Vec<String> {
    let sources = || settings.sources.iter().map(|source| source.name.to_string());
    let fields = || settings.fields.iter().map(|field| field.name.to_string());
    match what {
        What::Source => sources().collect(),
        What::Id(letters) if !matches!(letters, "T" | "DI" | "M" | "S") => {
            sources().map(|source| format!("{source}:")).collect()
        }
        What::Reason => settings.decisions.reasons.iter().map(|it| it.code.to_string()).collect(),
        What::ErasureReason => {
            settings.decisions.reasons_to_erase().iter().map(ToString::to_string).collect()
        }
        What::Person => {
            let mut owners: Vec<String> =
                settings.sources.iter().filter_map(|source| source.owner.clone()).collect();
            owners.sort();
            owners.dedup();
            owners
        }
        What::Field => fields().collect(),
        What::Assignment | What::NewValue => fields().map(|field| format!("{field}=")).collect(),
        What::Pick => fields()
            .flat_map(|field| sources().map(move |source| format!("{field}={source}:")))
            .collect(),
        What::Rule => settings.rules.iter().map(|rule| rule.id.to_string()).collect(),
        What::Purpose => settings.purposes.iter().map(|purpose| purpose.name.clone()).collect(),
        What::Segment => settings.segments.iter().map(|it| it.name.clone()).collect(),
        What::Journey => settings.journeys.iter().map(|it| it.id.clone()).collect(),
        What::Channel => settings.channels().into_iter().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// `country=`, and once that stands there what its code list has.
fn with_words(settings: &Settings, typed: &str) -> Vec<String> {
    let Some((field, _)) = typed.split_once('=') else { return names(What::Assignment, settings) };
    let words = settings.code_list(field).map(|list| list.distinct_words()).unwrap_or_default();
    words.into_iter().map(|word| format!("{field}={word}")).collect()
}

/// Names that every workspace knows.
fn fixed(what: What) -> Vec<String> {
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    match what {
        What::Dataset => {
            let names = DATASETS.iter().map(|entry| entry.name);
            owned(names.chain([EVENTS, MODEL, super::export_star::STAR]).collect())
        }
        What::Format => owned(FORMATS.iter().map(|entry| entry.name).collect()),
        What::FeedFormat => owned(FeedFormat::ALL.map(FeedFormat::name).to_vec()),
        What::Preset => super::presets::known().into_iter().map(|it| it.name).collect(),
        What::Column => owned(domain::TaskColumn::all().map(domain::TaskColumn::name).collect()),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_table_is_an_arguments() {
        let command = <Arguments as clap::CommandFactory>::command();
        let known: Vec<String> = command
            .get_subcommands()
            .flat_map(|it| it.get_arguments().map(|it| it.get_id().to_string()).collect::<Vec<_>>())
            .collect();
        for (name, _) in TABLE {
            assert!(known.iter().any(|known| known == name), "{name}");
        }
    }

    #[test]
    fn the_workspace_that_is_named_is_the_one_that_is_asked() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        for line in
            ["steward -- steward --workspace /w show T", "steward -- steward --workspace=/w a"]
        {
            assert_eq!(folder(&words(line), None), Some(PathBuf::from("/w")));
        }
    }
}
