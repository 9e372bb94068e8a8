//! `steward review`, and plain `steward`: the screen, or without a terminal the queue.

use std::io::{self, IsTerminal};

use super::failure::{Code, say};
use super::output::Output;
use super::preferences::{self, Preferences};
use super::session::{Session, ask, unexpected};
use super::tasks;
use crate::desk::{Answer, Desk, DeskHandle, Question};
use crate::domain::TaskId;
use crate::tui::{self, Colour, Glyphs};

/// Open the review screen; without a terminal, print the queue and how to go on.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Opens the review.
///
/// # Errors
/// When there is no workspace or another holds it.
pub fn run(session: &Session, output: &Output) -> anyhow::Result<Code> {
    let desk = session.open()?;
    if is_interactive(output) {
        open_screen(desk, output, None, Desk::answer)
    } else {
        print_queue(desk, output)
    }
}

/// Whether a person sits at both ends.
pub fn is_interactive(output: &Output) -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal() && !output.json
}

/// The one place where the screen is opened. `answer` is how the desk is asked, so that the demo
/// can put in a word of its own.
///
/// # Errors
/// When the terminal cannot be used.
pub fn open_screen(
    desk: Desk,
    output: &Output,
    start: Option<TaskId>,
    answer: impl FnMut(&mut Desk, Question) -> Answer + Send + 'static,
) -> anyhow::Result<Code> {
    let finder = desk.finder()?;
    let preferences = preferences::read();
    let options = tui::Options {
        actor: desk.actor().to_owned(),
        colour: colour(output, &preferences),
        glyphs: preferences.glyphs.unwrap_or_else(glyphs),
        start,
        order: desk.settings().queue.order,
        notice: preferences::notice(&preferences),
        keys: preferences.keys,
        mouse: preferences.mouse,
    };
    let (handle, thread) = DeskHandle::start(desk, answer)?;
    let shown = tui::run(handle, finder, options);
    // The desk ends with its last handle; only then is everything on its way to the disk.
    let ended = thread.join();
    shown?;
    ended.map_err(|_| anyhow::anyhow!("the desk stopped unexpectedly; what was decided stands"))?;
    Ok(Code::Done)
}

/// Nobody overrules NO_COLOR; `--theme` goes before the preferences, these before the terminal.
fn colour(output: &Output, preferences: &Preferences) -> Colour {
    if !output.paint.colour {
        return Colour::None;
    }
    if let Some(colour) = output.theme.or(preferences.colour) {
        return colour;
    }
    let names = |name: &str| std::env::var(name).unwrap_or_default();
    let (term, colours) = (names("TERM"), names("COLORTERM"));
    if term == "dumb" {
        Colour::None
    } else if term.contains("256color") || colours == "truecolor" || colours == "24bit" {
        Colour::Full
    } else {
        Colour::Sixteen
    }
}

/// The first of the locale's variables that is set decides.
fn glyphs() -> Glyphs {
    let set = |name: &&str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(set).unwrap_or_default();
    let locale = locale.to_lowercase();
    if locale.contains("utf-8") || locale.contains("utf8") { Glyphs::Utf8 } else { Glyphs::Ascii }
}

/// The queue and how to go on, for those without a terminal.
///
/// # Errors
/// When the desk fails, or nobody reads the output any more.
pub fn print_queue(mut desk: Desk, output: &Output) -> anyhow::Result<Code> {
    let question = Question::Tasks { filter: None, finished: false };
    let Answer::Tasks(lines) = ask(&mut desk, question)? else { return Err(unexpected()) };
    if output.json {
        output.objects(&lines)?;
        return Ok(Code::Done);
    }
    output.lines(&tasks::table(&lines, output.paint))?;
    match lines.first() {
        None => say("nothing to decide; import files and match: steward import --help"),
        Some(first) => {
            say("the review screen needs a terminal; without one:");
            say(&format!("  steward show {}", first.id));
            say(&format!("  steward decide {} merge|not-a-match|accept|keep|waive", first.id));
        }
    }
    Ok(Code::Done)
}
