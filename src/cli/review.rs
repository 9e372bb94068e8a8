//! `steward review`, and plain `steward`: the screen, or without a terminal the queue.

pub mod attached;
mod beside;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::mpsc;

use jiff::tz::TimeZone;

use super::code::Code;
use super::entry::Entry;
use super::input;
use super::invocation::{self, Invocation};
use super::output::Output;
use super::preferences::{self, Preferences};
use super::query::{self, DatabaseArguments};
use super::say::say;
use super::tasks;
use super::terminal::OwnTerminal;
use super::views;
use beside::Beside;
use desk::Desk;
use domain::TaskId;
use door::operations::{About, Approvals};
use door::views::{AboutView, ApprovalRow};
use door::{Door, DoorHandle, Failure, FailureClass, Input, Session, Streams, TaskListing};
use ledger::ports::files::open_named;
use serve::Run;
use tui::{Colour, Ended, Glyphs, Opened};

/// Open the review screen; without a terminal, print the queue and what to do next.
///
/// Where steward serve or another review has the workspace open, this one attaches to it; where nobody has,
/// your other commands attach to this review for as long as it is open.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// How much waits for the approval of whoever opens the review; none where nothing does.
fn to_approve(rows: &[ApprovalRow]) -> Option<String> {
    let waiting = match rows.len() {
        0 => return None,
        1 => "1 verdict waits".to_owned(),
        several => format!("{several} verdicts wait"),
    };
    Some(format!("note: {waiting} for your approval: g a"))
}

/// Opens the review.
///
/// # Errors
/// When there is no workspace, or the screen is wanted and another process holds the workspace.
pub fn run(invocation: &Invocation, output: &Output) -> anyhow::Result<Code> {
    if !is_interactive(output) {
        return print_queue(&invocation.open_to_read()?, output);
    }
    match attached::open_screen(invocation, output)? {
        Some(code) => Ok(code),
        None => open_screen(invocation, output, |_| Ok(None), |desk| Box::new(desk)),
    }
}

/// Whether a person sits at both ends.
pub fn is_interactive(output: &Output) -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal() && !output.json
}

/// The one place where the screen is opened. The first frame is drawn before the workspace is open,
/// which may take long; whoever can be asked for a passphrase has been asked before that. `prepare`
/// says of the open desk which task comes first; `through` is the door it is asked through, so that
/// the demo can put in a word of its own.
///
/// # Errors
/// When the workspace cannot be opened, or the terminal cannot be used.
pub fn open_screen(
    invocation: &Invocation,
    output: &Output,
    prepare: impl FnOnce(&mut Desk) -> anyhow::Result<Option<TaskId>> + Send + 'static,
    through: impl FnOnce(DoorHandle) -> Box<dyn Door>,
) -> anyhow::Result<Code> {
    let unlocked = invocation.unlock()?;
    let preferences = preferences::read();
    let mouse = preferences.mouse;
    let run = Run::begin()?;
    let name = Some(run.session(0));
    let who = Session { name, ..Session::local(unlocked.actor(), TimeZone::system()) };
    let options = options(who.clone(), invocation, output, preferences);
    desk::begin_pool()?;
    let (opener, opening) = tui::opening();
    let (noted, notes) = mpsc::channel();
    let (door, beside) = Beside::of(invocation, who.person.clone(), run);
    let (handle, thread) = DoorHandle::open(move || -> anyhow::Result<Desk> {
        let (mut desk, report) = unlocked.open(&mut |done, total| opener.progress(done, total))?;
        let start = prepare(&mut desk)?;
        desk.start_finder()?;
        let mut notes = invocation::notes(&report);
        notes.extend(desk.edit_view().note().map(|note| format!("note: {note}")));
        notes.extend(desk.requests_due().map(|due| format!("note: {due}")));
        notes.extend(desk.clock_doubt().map(|doubt| format!("warning: {doubt}")));
        // Who has left reads them no more.
        let _ = noted.send(notes.clone());
        let own = desk.act(&who, Approvals { mine: true }, Streams::default());
        let own = own.ok().and_then(|rows| to_approve(&rows));
        notes.extend(own);
        let AboutView { order, .. } = desk.act(&who, About {}, Streams::default())?;
        let herald = opener.opened(Opened { start, order, notes });
        beside.listen(herald);
        Ok(desk)
    })?;
    let serving = door.open(&handle);
    let terminal = move || OwnTerminal::take(mouse);
    let shown = tui::run(terminal, through(handle), opening, options);
    let left_early = matches!(shown, Ok(Ended::LeftEarly));
    if !left_early {
        serving.stop();
    }
    notes.try_iter().flatten().for_each(|note| say(&note));
    if left_early {
        // Opening may take minutes. It is cut off, as Ctrl-c does with any other command: the next
        // opening goes on from what the ledger says.
        return Ok(Code::Done);
    }
    // The desk ends with its last handle; only then is everything on its way to the disk.
    let ended = thread.join();
    let stopped = "the desk stopped unexpectedly; your decisions are kept";
    ended.unwrap_or_else(|_| Err(anyhow::anyhow!(stopped)))?;
    shown?;
    Ok(Code::Done)
}

/// How a review of that person is shown here.
fn options(
    who: Session,
    invocation: &Invocation,
    output: &Output,
    preferences: Preferences,
) -> tui::Options {
    let views = views::read(&invocation.folder());
    tui::Options {
        who,
        open_file,
        views: views.own,
        change_view: views::change,
        own_files: true,
        home: std::env::home_dir().filter(|home| !home.as_os_str().is_empty()),
        clock: jiff::Timestamp::now,
        workspace: invocation.folder(),
        colour: colour(output, &preferences),
        glyphs: preferences.glyphs.unwrap_or_else(glyphs),
        far: is_far(),
        notice: both(preferences::notice(&preferences), views.notice),
        keys: preferences.keys,
    }
}

/// Both of two notices, if there are two.
fn both(one: Option<String>, other: Option<String>) -> Option<String> {
    let notices: Vec<String> = one.into_iter().chain(other).collect();
    (!notices.is_empty()).then(|| notices.join("; "))
}

/// Opens a file to be imported. Only a regular one: nobody waits for a pipe.
fn open_file(path: &Path, table: Option<&str>) -> Result<Input, Failure> {
    let failed = |why: String| {
        let what = format!("opening {}", path.display());
        Failure::new(FailureClass::Failed, format!("{what}: {why}"))
    };
    let regular = open_named(path).map_err(|error| match input::missing(path, &error) {
        Some(missing) => Failure::new(FailureClass::Failed, missing),
        None => failed(error.to_string()),
    })?;
    // A database is asked where it lies; of any other file its bytes are all there is.
    if !query::is_sqlite(path) {
        return Ok(Input::file(regular));
    }
    match DatabaseArguments::of_table(table).open(path) {
        Ok(input) => Ok(input.content),
        Err(error) => Err(error.downcast().unwrap_or_else(|error| failed(format!("{error:#}")))),
    }
}

/// Nobody overrules NO_COLOR; `--theme` goes before the preferences, these before the terminal.
fn colour(output: &Output, preferences: &Preferences) -> Colour {
    if !output.paint.colour {
        return Colour::None;
    }
    if let Some(colour) = output.theme.or(preferences.colour) {
        return colour;
    }
    colour_of(&|name| std::env::var(name).ok())
}

/// What a terminal of these variables can show.
pub fn colour_of(value: &dyn Fn(&str) -> Option<String>) -> Colour {
    let names = |name: &str| value(name).unwrap_or_default();
    let (term, colours) = (names("TERM"), names("COLORTERM"));
    if term == "dumb" {
        Colour::None
    } else if term.contains("256color") || colours == "truecolor" || colours == "24bit" {
        Colour::Full
    } else {
        Colour::Sixteen
    }
}

/// Whether someone sits at another machine.
fn is_far() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    is_set("SSH_CONNECTION") || is_set("SSH_TTY")
}

/// The first of the locale's variables that is set decides.
fn glyphs() -> Glyphs {
    glyphs_of(&|name| std::env::var(name).ok())
}

/// The same of a locale that a terminal elsewhere has.
pub fn glyphs_of(value: &dyn Fn(&str) -> Option<String>) -> Glyphs {
    let set = |name: &&str| value(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(set).unwrap_or_default();
    let locale = locale.to_lowercase();
    if locale.contains("utf-8") || locale.contains("utf8") { Glyphs::Utf8 } else { Glyphs::Ascii }
}

/// The queue and how to go on, for those without a terminal.
///
/// # Errors
/// When the desk fails, or nobody reads the output any more.
pub fn print_queue(entry: &Entry, output: &Output) -> anyhow::Result<Code> {
    let listing = TaskListing { whole: output.json, ..TaskListing::default() };
    let (_, first) = tasks::print(entry, listing, output)?;
    if output.json {
        return Ok(Code::Done);
    }
    match first {
        None => say("nothing to decide; import files, then match: steward import --help"),
        Some(first) => {
            say("the review screen needs a terminal; without one:");
            say(&format!("  steward show {first}            # lists the possible verdicts"));
            say(&format!("  steward decide {first} VERDICT"));
        }
    }
    Ok(Code::Done)
}

#[cfg(test)]
mod sessions;

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::{CWD, FileType, Mode, mknodat};

    #[test]
    fn a_file_to_be_imported_is_no_pipe() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("crm.csv");
        mknodat(CWD, &path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        let why = open_file(&path, None).map(|_| ()).unwrap_err().to_string();
        assert!(why.contains("is a named pipe (FIFO); name a regular file"), "{why}");
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn a_database_is_asked_for_the_table_that_is_named() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/people.sqlite");
        open_file(&path, None).unwrap();
        open_file(&path, Some("Customers")).unwrap();
        let refused = open_file(&path, Some("nobody")).map(|_| ()).unwrap_err();
        let part = refused.part.unwrap();
        assert_eq!(part.kind, door::FilePart::Table);
        assert!(part.names.iter().any(|name| name == "customers"), "{:?}", part.names);
    }
}
