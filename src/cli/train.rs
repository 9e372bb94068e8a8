//! `steward train`: decide tasks whose truth is known, and hear how often one agreed with it.
//!
//! What comes of it is for whoever decides, and for nobody else: it is counted each time from the decisions
//! in the training's own workspace, which are made under a name that says nothing, and is kept nowhere.

mod choosing;
mod course;
mod result;

use std::sync::{Arc, OnceLock};

use super::code::Code;
use super::entry::Entry;
use super::failure::Usage;
use super::invocation::Invocation;
use super::output::Output;
use super::ready_made::{ReadyMade, Taught};
use super::review;
use super::say::say;
use super::text::{clean, counted};
pub use course::is_training;
use course::{Course, Room};
use desk::Desk;
use result::TrainingResult;

/// Under which name one decides: what is exported of a training says nothing of whose it is.
pub const TRAINEE: &str = "trainee";

/// Practise on tasks whose right answer is known, and see how often you find it.
///
/// The customers are invented and live in a workspace of their own in the data folder. Decide them in the
/// review as you would decide your own. When you leave, you are told how many of your verdicts were right,
/// Cohen's kappa (agreement beyond chance: 1 is complete, 0 is none), the median time per decision, and for
/// each miss what was right and which field gives it away. If you leave early, the training continues where
/// you stopped.
///
/// This is for you; it is not an exam to show to others. The result is counted from the decisions in that
/// workspace each time you ask. It is stored nowhere else and is part of no other workspace. Decisions are
/// recorded there as "trainee", so that no export names you. --reset removes everything.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  steward train\n  steward train --tasks 50 --seed 3 --reset\n  \
    steward train --result"
)]
pub struct Arguments {
    /// How many tasks.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(2..=200),
          conflicts_with = "result")]
    tasks: Option<u16>,
    /// A different seed gives different customers.
    #[arg(long, value_name = "S", conflicts_with = "result")]
    seed: Option<u64>,
    /// Start over and forget every decision.
    #[arg(long, conflicts_with = "result")]
    reset: bool,
    /// Show the result so far; open nothing.
    #[arg(long)]
    result: bool,
    /// Show what would be removed and created; change nothing.
    #[arg(long, conflicts_with = "result")]
    dry_run: bool,
}

/// Tasks of a training that nobody said more of.
const TASKS: u16 = 20;
/// Its seed: other customers than those of the demo.
const SEED: u64 = 16;

/// Trains.
///
/// # Errors
/// When the training cannot be made or opened, or another one is under way.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let training = ReadyMade::called("train")?;
    if arguments.result {
        return tell(&training, output);
    }
    let tasks = arguments.tasks.unwrap_or(TASKS);
    if arguments.dry_run {
        let what = format!("a training of {}", counted(tasks.into(), "task", "tasks"));
        return training.foresee(&what, arguments.reset, output);
    }
    if arguments.reset {
        training.remove()?;
    }
    if training.is_made() {
        is_the_same(arguments, &Course::read(training.folder())?)?;
    } else {
        let plan = choosing::Plan { tasks, seed: arguments.seed.unwrap_or(SEED) };
        say(&format!(
            "creating the training: {} about invented customers",
            counted(tasks.into(), "task", "tasks")
        ));
        let environment = invocation.named(TRAINEE).environment()?;
        let settings = choosing::settings();
        training.make(&settings, &environment, |folder| {
            choosing::fill(folder, &environment, &plan)?.write(folder)
        })?;
        output.something_was_done();
    }
    if output.json {
        return tell(&training, output);
    }
    let opened = Invocation::at(training.folder());
    if !review::is_interactive(output) {
        return list(&opened, &training, output);
    }
    let room = Arc::new(OnceLock::new());
    let (read, teacher) = (Arc::clone(&room), room);
    let course = Course::read(training.folder())?;
    let prepare = move |desk: &mut Desk| {
        let room = Room::of(&course, desk)?;
        let start = room.next();
        let _ = read.set(room);
        Ok(start)
    };
    review::open_screen(&opened, output, prepare, |desk| Box::new(Taught { desk, teacher }))?;
    tell(&training, output)
}

/// A training that is under way is not silently taken for another one.
fn is_the_same(arguments: &Arguments, course: &Course) -> anyhow::Result<()> {
    let asked = course.questions.len();
    let other = arguments.seed.is_some_and(|seed| seed != course.seed)
        || arguments.tasks.is_some_and(|tasks| tasks != course.wanted);
    if other {
        return Err(Usage::error(format!(
            "a training of {} with seed {} is under way: --reset starts another",
            counted(asked as u64, "task", "tasks"),
            course.seed
        )));
    }
    Ok(())
}

/// The tasks and how to go on, for those without a terminal.
fn list(opened: &Invocation, training: &ReadyMade, output: &Output) -> anyhow::Result<Code> {
    let course = Course::read(training.folder())?;
    let entry = opened.open_to_read()?;
    let left = course.left(&entry)?;
    output.lines(&left.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let shown = clean(&training.shown());
    match left.first() {
        None => say("every task is decided: steward train --result"),
        Some(first) => {
            say("the review screen needs a terminal; without one:");
            say(&format!("  steward show {first} --workspace {shown}"));
            say(&format!("  steward decide {first} VERDICT --workspace {shown}"));
            say("  steward train --result        # how often you were right");
        }
    }
    Ok(Code::Done)
}

/// What came of it.
fn tell(training: &ReadyMade, output: &Output) -> anyhow::Result<Code> {
    if !training.is_made() {
        anyhow::bail!("there is no training yet: steward train creates one");
    }
    let course = Course::read(training.folder())?;
    let entry: Entry = Invocation::at(training.folder()).open_to_read()?;
    let result = TrainingResult::of(&course, &entry)?;
    if output.json {
        output.object(&result)?;
        return Ok(Code::Done);
    }
    output.lines(&result.lines())?;
    let shown = clean(&training.shown());
    if result.left > 0 {
        say("steward train continues with the rest");
    }
    say(&format!("this is stored in {shown} and nowhere else; steward train --reset starts over"));
    Ok(Code::Done)
}
