//! The command line: arguments, one file a subcommand, what is printed, exit codes.
//!
//! Lives here: the composition root (the real clock, chance and disk meet the desk in `session`),
//! the clap definitions from which parsing, help, man page and completions come, text and JSON on
//! standard output, messages and progress on standard error.
//!
//! Does not live here: anything that decides. Nothing imports this folder.
//!
//! Start with [`run`], then `arguments` for what can be said and `dispatch` for who answers it.
//! A new subcommand is one file with an `Arguments` struct and a `run`, and a row in each of these
//! two.

mod arguments;
mod backup;
mod carry_out;
mod check;
mod completions;
mod decide;
mod decide_many;
mod demo;
mod dispatch;
mod erase;
mod evaluate;
mod explain;
mod export;
mod export_events;
mod failure;
mod fix;
mod history;
mod import;
mod init;
mod interrupt;
mod journal;
mod keys;
mod man;
mod matching;
mod merge;
mod moment;
mod names;
mod not_a_match;
mod output;
mod picks;
mod preferences;
mod progress;
mod rebuild;
mod rekey;
mod reserved;
mod restore;
mod review;
mod sample;
mod secrets;
mod session;
mod show;
mod subject;
mod tasks;
mod text;
mod undo;
mod unmerge;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use arguments::Arguments;
use failure::Code;
use output::Output;
use session::Session;

/// Runs the command line of this process and says how it ended: 0 done, 1 failed, 2 usage, 3 done
/// but with rejects under `--strict`, 4 refused.
#[must_use]
pub fn run() -> ExitCode {
    journal::start();
    secrets::keep_from_dumps();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // The panic itself has been told by the hook; nothing of it goes further.
    let ended = std::panic::catch_unwind(|| run_with(&arguments)).unwrap_or(Code::Failed);
    ExitCode::from(ended as u8)
}

fn run_with(words: &[OsString]) -> Code {
    let says = |flag: &str| words.iter().any(|word| word == flag);
    let mut command = Arguments::command();
    if says("--no-color") {
        command = command.color(clap::ColorChoice::Never);
    }
    let parsed = command
        .try_get_matches_from(words)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => return failure::usage(&error, says("--json")),
    };
    let output = Output::standard(&arguments.global);
    let session = Session::new(&arguments.global);
    let json = arguments.global.json;
    match dispatch::dispatch(arguments.command, &session, &output) {
        Ok(code) => code,
        Err(error) => failure::tell(&error, json, &session),
    }
}
