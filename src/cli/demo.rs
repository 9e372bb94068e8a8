//! `steward demo`: a ready-made workspace of made-up customers, with six tasks that teach.
//!
//! The sample's files are in the binary, so that an installed steward has a demo anywhere.

use std::any::Any;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::Context;
use etcetera::BaseStrategy;
use jiff::tz::TimeZone;
use serde_json::json;

use super::code::Code;
use super::entry::Entry;
use super::invocation::{Invocation, absolute};
use super::output::Output;
use super::say::say;
use super::text::clean;
use super::{review, secrets};
use desk::{Desk, DeskError, Environment, Workspace, forget_folder};
use domain::{RecordAddress, SourceName, TaskId};
use door::operations::{Decide, FindRecord, Import, Match, ShowCustomer};
use door::views::{CoachLine, FoundRecord, QueueNews, QueueView, TaskView};
use door::{Action, Asked, Door, DoorHandle, NotDone, Outcome, Reply, Request, Streams, Told};
use ledger::keys::WrapKind;

/// Open a ready-made workspace of made-up customers; without a terminal, print its queue.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward demo --reset")]
pub struct Arguments {
    /// Start the demo over: what was decided in it is forgotten.
    #[arg(long)]
    reset: bool,
    /// Say what would be removed and made, but touch nothing.
    #[arg(long)]
    dry_run: bool,
}

const SETTINGS: &str = include_str!("../../sample-data/steward.toml");
const COACH: &str = include_str!("../../sample-data/demo/coach.toml");

/// What the demo is made of: source, file name, content.
const SAMPLE: [(&str, &str, &str); 5] = [
    ("crm", "crm.csv", include_str!("../../sample-data/crm.csv")),
    ("webshop", "webshop.csv", include_str!("../../sample-data/webshop.csv")),
    ("support", "support.jsonl", include_str!("../../sample-data/support.jsonl")),
    ("crm", "demo-crm.csv", include_str!("../../sample-data/demo/crm.csv")),
    ("webshop", "demo-webshop.csv", include_str!("../../sample-data/demo/webshop.csv")),
];
/// What the shop delivers after kim decided.
const LATER: (&str, &str, &str) =
    ("webshop", "demo-webshop.csv", include_str!("../../sample-data/demo/webshop-later.csv"));
/// Whom kim put apart, before the shop's data changed.
const PUT_APART: [&str; 2] = ["crm:demo-8", "webshop:demo-24"];

/// Opens the demo.
///
/// # Errors
/// When it cannot be made or opened.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let folder = folder()?;
    if arguments.dry_run {
        return foresee(arguments.reset, &folder, output);
    }
    if arguments.reset && folder.exists() {
        // Whoever has it open must not lose the ground under their feet.
        let key_file = close(&folder)?;
        fs::remove_dir_all(&folder).with_context(|| format!("removing {}", folder.display()))?;
        if let Some(path) = key_file {
            // Of no use any more; what stays of it opens nothing.
            let _ = fs::remove_file(path);
        }
    }
    if !Workspace::at(&folder).exists() {
        make(&folder, &invocation.environment()?)?;
        output.something_was_done();
    }
    let demo = Invocation::at(&folder);
    if !review::is_interactive(output) {
        let code = review::print_queue(&demo.open()?, output)?;
        say(&format!("the demo's workspace: --workspace {}", absolute(&folder)));
        return Ok(code);
    }
    let coach = Arc::new(OnceLock::new());
    let read = Arc::clone(&coach);
    let prepare = move |desk: &mut Desk| {
        let lessons = Coach::read(desk)?;
        let start = lessons.lessons.first().and_then(|lesson| lesson.task);
        let _ = read.set(lessons);
        Ok(start)
    };
    review::open_screen(&demo, output, prepare, |desk| Box::new(Coached { desk, coach }))
}

/// Says what would become of the demo. It is not opened for that: whether somebody else has it open
/// is seen when it is to go.
fn foresee(reset: bool, folder: &Path, output: &Output) -> anyhow::Result<Code> {
    let (is_there, is_whole) = (folder.exists(), Workspace::at(folder).exists());
    let removes = reset && is_there;
    let makes = removes || !is_whole;
    let shown = absolute(folder);
    if output.json {
        output.object(&json!({
            "workspace": shown, "removed": removes, "made": makes, "dry_run": true,
        }))?;
        return Ok(Code::Done);
    }
    let shown = clean(&shown);
    if removes {
        output.line(&format!(
            "would be: {shown} removed, with all that was decided in it and its key file"
        ))?;
    }
    output.line(&match makes {
        true => format!("would be: a demo of 2,000 made-up records made in {shown}"),
        false => format!("would be: nothing, the demo is in {shown} and would be opened"),
    })?;
    say("nothing was written (--dry-run)");
    Ok(Code::Done)
}

/// Makes sure that nobody has the demo open; gives its key file, where that is its own.
fn close(folder: &Path) -> anyhow::Result<Option<PathBuf>> {
    let desk = match Invocation::at(folder).open() {
        Ok(entry) => entry.into_desk(),
        // Without its key nobody has it open, and nothing in it is of use.
        Err(error) if matches!(error.downcast_ref(), Some(DeskError::Keys(_))) => return Ok(None),
        Err(error) => return Err(error),
    };
    match desk.protection() {
        Some(WrapKind::KeyFile(path)) if !secrets::is_key_file_named() => Ok(Some(path)),
        _ => Ok(None),
    }
}

fn folder() -> anyhow::Result<PathBuf> {
    let xdg = etcetera::base_strategy::choose_base_strategy()
        .context("finding the folder for data (is HOME set?)")?;
    Ok(xdg.data_dir().join("steward").join("demo"))
}

/// Makes the demo's workspace beside its place and moves it there whole.
fn make(folder: &Path, environment: &Environment) -> anyhow::Result<()> {
    say("making the demo: importing and matching 2,000 made-up records");
    let making = folder.with_extension("making");
    if making.exists() {
        fs::remove_dir_all(&making).with_context(|| format!("removing {}", making.display()))?;
    }
    let made = || -> anyhow::Result<()> {
        for parent in making.ancestors().skip(1).filter(|parent| !parent.exists()) {
            fs::create_dir_all(parent)?;
        }
        environment.files.create_folder(&making)?;
        fs::write(making.join("steward.toml"), SETTINGS)?;
        Ok(())
    };
    made().with_context(|| format!("making {}", making.display()))?;
    // The one before was made here as well, and moved away.
    forget_folder(&Workspace::at(&making), environment)?;
    import(Desk::create(Workspace::at(&making), environment.clone())?, &SAMPLE)?;
    put_apart(&making, environment)?;
    let (desk, _) = Desk::open(Workspace::at(&making), environment.clone(), &mut |_, _| {})?;
    import(desk, &[LATER])?;
    fs::rename(&making, folder).with_context(|| format!("making {}", folder.display()))
}

/// Imports files and matches.
fn import(desk: Desk, files: &[(&str, &str, &'static str)]) -> anyhow::Result<()> {
    let entry = Entry::of(desk);
    for (source, file, content) in files {
        let request = Import::of(SourceName::new(source), *file);
        let streams = Streams::of_file(Cursor::new(content.as_bytes()));
        entry.run(request, streams, &mut |_| true)?;
    }
    entry.run(Match::default(), Streams::default(), &mut |_| true)?;
    Ok(())
}

/// A colleague's decision, for new data to contradict.
fn put_apart(folder: &Path, environment: &Environment) -> anyhow::Result<()> {
    let kim = door::Session::local("kim", environment.clock.zone());
    let (mut desk, _) = Desk::open(Workspace::at(folder), environment.clone(), &mut |_, _| {})?;
    let mut groups = Vec::new();
    for address in PUT_APART {
        let record: RecordAddress = address.parse()?;
        let found = desk.act(&kim, FindRecord { record }, Streams::default());
        groups.push(vec![found.context("making the demo")?.customer]);
    }
    let mut request = Request::new(Action::NotAMatch { groups });
    request.reason = Some("same-name".into());
    request.note = Some("father and son, both called".to_owned());
    let decided = desk.act(&kim, Decide { request }, Streams::default());
    decided.context("making the demo")?;
    Ok(())
}

/// The way to the demo's desk: the lines that teach are put into what it answers.
struct Coached {
    desk: DoorHandle,
    /// Read while the demo is opened.
    coach: Arc<OnceLock<Coach>>,
}

impl Door for Coached {
    fn send(&self, who: &door::Session, asked: Asked, streams: Streams, reply: Reply) {
        let coach = Arc::clone(&self.coach);
        let coached = move |mut told: Told| {
            if let (Some(coach), Told::Here(answer)) = (coach.get(), &mut told) {
                coach.put_in_a_word(answer.as_mut());
            }
            reply(told);
        };
        self.desk.send(who, asked, streams, Box::new(coached));
    }
}

/// The lines that teach, each with the task it belongs to.
struct Coach {
    lessons: Vec<Lesson>,
}

struct Lesson {
    record: RecordAddress,
    line: String,
    task: Option<TaskId>,
}

#[derive(serde::Deserialize)]
struct CoachFile {
    tasks: Vec<CoachEntry>,
}

#[derive(serde::Deserialize)]
struct CoachEntry {
    record: RecordAddress,
    line: String,
}

impl Coach {
    fn read(desk: &mut Desk) -> anyhow::Result<Coach> {
        let file: CoachFile = toml::from_str(COACH).context("reading the demo's coach lines")?;
        let who = door::Session::local(desk.actor(), TimeZone::system());
        let mut lessons = Vec::new();
        for CoachEntry { record, line } in file.tasks {
            let find = FindRecord { record: record.clone() };
            let task = match desk.act(&who, find, Streams::default()) {
                Ok(FoundRecord { customer, .. }) => {
                    let show = ShowCustomer { customer, at: None, unmask: false };
                    desk.act(&who, show, Streams::default())?.tasks.first().copied()
                }
                // Who plays with the demo may have erased them.
                Err(NotDone::Refused(_)) => None,
                Err(failed) => return Err(failed.into()),
            };
            lessons.push(Lesson { record, line, task });
        }
        Ok(Coach { lessons })
    }

    /// Puts the lessons first in the queue, and each line beside its task.
    fn put_in_a_word(&self, answer: &mut (dyn Any + Send)) {
        if let Some(Ok(queue)) = answer.downcast_mut::<Outcome<QueueView>>() {
            self.put_first(queue);
        } else if let Some(Ok(news)) = answer.downcast_mut::<Outcome<QueueNews>>() {
            if let QueueNews::Whole(queue) = news {
                self.put_first(queue);
            }
        } else if let Some(Ok(view)) = answer.downcast_mut::<Outcome<TaskView>>() {
            self.teach(view);
        }
    }

    fn put_first(&self, queue: &mut QueueView) {
        queue.listed.sort_by_key(|listed| {
            let lesson = self.lessons.iter().position(|it| it.task == Some(listed.task));
            lesson.unwrap_or(usize::MAX)
        });
    }

    fn teach(&self, view: &mut TaskView) {
        let task = view.task.as_ref().map(|task| task.id);
        let shows = |lesson: &&Lesson| {
            let mut members = view.columns.iter().flat_map(|column| &column.members);
            task.is_some() && members.any(|member| member.address == lesson.record)
        };
        let lesson = self.lessons.iter().find(shows);
        view.coach = lesson.map(|lesson| CoachLine(lesson.line.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_that_teach_name_keys_by_their_names() {
        let file: CoachFile = toml::from_str(COACH).unwrap();
        let keys = tui::Keymap::default();
        for CoachEntry { line, .. } in file.tasks {
            let told = keys.told(tui::context::Context::Compare, &line);
            assert!(told != line && !told.contains('{'), "{told}");
        }
    }
}
