//! The command line: arguments, one file a subcommand, what is printed, exit codes.
//!
//! Lives here: the composition root (the real clock, chance and disk meet the desk in `invocation`),
//! the clap definitions from which parsing, help, man page and completions come, text and JSON on
//! standard output, messages and progress on standard error.
//!
//! Does not live here: anything that decides. Nothing imports this folder.
//!
//! Start with [`run`], then `arguments` for what can be said and `dispatch` for who answers it.
//! A new subcommand is one file with an `Arguments` struct and a `run`, and a row in each of these
//! two.

mod above;
mod access;
mod acknowledge;
mod approvals;
mod approve;
mod arguments;
mod ask;
mod assign;
mod attach;
mod audit;
mod backup;
mod card;
mod carry_out;
mod check;
mod code;
mod comment;
mod completing;
mod completions;
mod confirm;
mod consent;
mod create;
mod data;
mod decide;
mod decide_lines;
mod decide_many;
mod delivery;
mod demo;
mod dispatch;
mod entry;
mod erase;
mod evaluate;
mod explain;
mod export;
mod export_events;
mod export_star;
#[cfg(feature = "ssh")]
mod factors;
mod failure;
mod feed;
mod find;
mod fix;
mod formats;
mod global;
mod govern;
mod grant;
mod help;
mod hint;
mod history;
mod hold;
mod import;
mod inbox;
mod init;
mod input;
mod interrupt;
mod invocation;
mod journal;
mod journeys;
mod keys;
mod limits;
mod man;
mod matching;
mod measures;
mod merge;
mod moment;
mod names;
mod not_a_match;
#[cfg(feature = "ssh")]
mod otp;
mod output;
mod owner;
mod picks;
mod preferences;
mod presets;
mod progress;
mod query;
mod ready_made;
mod rebuild;
mod rekey;
mod reopen;
mod request;
mod requests;
mod reread;
mod restore;
mod retain;
mod review;
mod sample;
mod say;
mod secrets;
mod segments;
mod serve;
mod sessions;
mod show;
mod subject;
mod tasks;
mod terminal;
mod text;
mod timeline;
mod train;
mod undo;
mod unmasking;
mod unmerge;
mod values;
mod verdict;
mod verify;
mod views;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::FromArgMatches;

use arguments::Arguments;
use code::Code;
use invocation::Invocation;
use output::Output;

/// Runs the command line of this process and says how it ended: 0 done, 1 failed, 2 usage, 3 done
/// but with rejects under `--strict`, 4 refused, 5 done but the answer could not be written, 70 a
/// fault of steward's own.
#[must_use]
pub fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match completing::answered(&arguments) {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(error) => return ExitCode::from(failure::usage(&error, false) as u8),
    }
    journal::start(says(&arguments, "--json"));
    if let Err(error) = limits::meet() {
        say::say(&format!("error: {error}"));
        return ExitCode::from(Code::Failed as u8);
    }
    secrets::keep_from_dumps();
    // The panic itself has been told by the hook; nothing of it goes further.
    let ended = std::panic::catch_unwind(|| run_with(&arguments)).unwrap_or(Code::Fault);
    // A thread beside the command's own may have failed, too.
    let ended = if journal::has_failed() { Code::Fault } else { ended };
    ExitCode::from(ended as u8)
}

fn says(words: &[OsString], flag: &str) -> bool {
    words.iter().any(|word| word == flag)
}

fn run_with(words: &[OsString]) -> Code {
    let says = |flag: &str| says(words, flag);
    let mut command = help::command();
    if says("--no-color") {
        command = command.color(clap::ColorChoice::Never);
    }
    let parsed = command.try_get_matches_from(words).and_then(|matches| {
        let doing = matches.subcommand_name().unwrap_or("review").to_owned();
        Ok((Arguments::from_arg_matches(&matches)?, arguments::changes(&matches), doing))
    });
    let (mut arguments, changes, doing) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version are printed, too.
            let here = Invocation::at(Path::new("."));
            return match here.judge_standard_output() {
                Ok(()) => failure::usage(&error, says("--json")),
                Err(error) => failure::tell(&error, says("--json"), &here),
            };
        }
    };
    let makes = arguments.command.as_ref().and_then(arguments::Command::makes_workspace_in);
    match makes.map(Path::to_owned) {
        Some(folder) => arguments.global.workspace = Some(folder),
        None if arguments.command.as_ref().is_none_or(arguments::Command::is_of_a_workspace) => {
            arguments.global.look_above();
        }
        None => {}
    }
    let output = Output::standard(&arguments.global, changes);
    let invocation = Invocation::new(&arguments.global, &doing);
    let json = arguments.global.json;
    let judged = invocation.judge_standard_output();
    match judged.and_then(|()| dispatch::dispatch(arguments.command, &invocation, &output)) {
        Ok(code) => code,
        Err(error) => failure::tell(&error, json, &invocation),
    }
}
