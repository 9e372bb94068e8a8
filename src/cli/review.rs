//! `steward review`, and plain `steward`: the screen, or without a terminal the queue.

use std::io::{self, IsTerminal};

use super::failure::{Code, say};
use super::output::Output;
use super::session::{Session, ask, unexpected};
use super::tasks;
use crate::desk::{Answer, Desk, Question};

/// Open the review screen; without a terminal, print the queue and how to go on.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Opens the review.
///
/// # Errors
/// When there is no workspace or another holds it.
pub fn run(session: &Session, output: &Output) -> anyhow::Result<Code> {
    let desk = session.open()?;
    let interactive = io::stdin().is_terminal() && io::stdout().is_terminal() && !output.json;
    if interactive { open_screen(desk, output) } else { print_queue(desk, output) }
}

/// The one place where the screen is opened. Until there is one, the queue stands in for it.
fn open_screen(desk: Desk, output: &Output) -> anyhow::Result<Code> {
    print_queue(desk, output)
}

/// The queue and how to go on, for those without a terminal.
fn print_queue(mut desk: Desk, output: &Output) -> anyhow::Result<Code> {
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
