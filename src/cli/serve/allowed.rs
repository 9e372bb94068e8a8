//! Which commands may be given over SSH: those that attach to the workspace and touch no file of this machine.

use std::ffi::OsStr;

use clap::builder::ValueParser;
use clap::parser::ValueSource;
use clap::{ArgMatches, Command};
use domain::ProposalId;

/// Those that go through the door and nowhere else.
const ALLOWED: [&str; 44] = [
    "access",
    "approvals",
    "approve",
    "assign",
    "audit",
    "comment",
    "consent",
    "timeline",
    "card",
    "journeys",
    "measures",
    "segments",
    "segment",
    "create",
    "decide",
    "erase",
    "evaluate",
    "explain",
    "export",
    "feed",
    "find",
    "fix",
    "govern",
    "grant",
    "history",
    "hold",
    "import",
    "match",
    "merge",
    "not-a-match",
    "reject",
    "release",
    "request",
    "requests",
    "reopen",
    "retain",
    "sessions",
    "show",
    "subject",
    "task",
    "tasks",
    "undo",
    "unmerge",
    "values",
];
/// The same, and one that only says something.
const ALSO: [&str; 2] = ["wall", "reread"];
/// Those that say what the program itself knows.
const ITSELF: [&str; 2] = ["man", "completions"];
/// Where `-` is standard input or output.
const STREAMS: [(&str, &str); 8] = [
    ("import", "file"),
    ("decide", "from"),
    ("export", "output"),
    ("subject", "output"),
    ("audit", "output"),
    ("card", "output"),
    ("propose", "file"),
    ("diff", "of"),
];
/// Where a proposal can be named as well, which is no file.
const PROPOSALS: (&str, &str) = ("diff", "of");

/// Whether a command may be given.
///
/// # Errors
/// What is to be said instead, and whether it is help that was asked for.
pub fn allowed(command: Command, words: &[String]) -> Result<(), Instead> {
    let words = std::iter::once("steward").chain(words.iter().map(String::as_str));
    let matches = command.clone().try_get_matches_from(words).map_err(|error| {
        let (text, is_help) = (error.render().to_string(), !error.use_stderr());
        Instead { text, is_help }
    })?;
    let no = |text: String| Err(Instead { text: format!("error: {text}\n"), is_help: false });
    let Some((name, inner)) = matches.subcommand() else {
        return no("name a command, such as tasks; for the review, name none and pass -t to ssh"
            .to_owned());
    };
    if name == "review" {
        return no("over SSH the review is opened without options: pass -t to ssh".to_owned());
    }
    let lists_presets = name == "preset" && inner.subcommand_name() == Some("list");
    if ![&ALLOWED[..], &ALSO, &ITSELF].concat().contains(&name) && !lists_presets {
        return no(format!("steward {name} does not run over SSH: run it where the workspace is"));
    }
    match path_of_this_machine(&command, &matches) {
        Some((path, is_stream)) => {
            let path = path.to_string_lossy();
            let way = match is_stream {
                true => {
                    "over SSH, pass - and send the file as standard input, or take standard output"
                }
                false => "run this where the workspace is",
            };
            no(format!("{path} would be a file of the server: {way}"))
        }
        None => Ok(()),
    }
}

/// What is said instead of running a command.
#[derive(Debug, PartialEq, Eq)]
pub struct Instead {
    /// In full, with its line's end.
    pub text: String,
    /// Whether help was asked for: then the text is the answer, and no refusal.
    pub is_help: bool,
}

/// A path that somebody has typed and that is no stream; whether `-` would be one there.
fn path_of_this_machine<'a>(
    command: &Command,
    matches: &'a ArgMatches,
) -> Option<(&'a OsStr, bool)> {
    let paths = ValueParser::path_buf().type_id();
    for argument in command.get_arguments() {
        let id = argument.get_id().as_str();
        let is_path = argument.get_value_parser().type_id() == paths;
        if !is_path || !matches.try_contains_id(id).unwrap_or_default() {
            continue;
        }
        if matches.value_source(id) != Some(ValueSource::CommandLine) {
            continue;
        }
        let mut typed = matches.get_raw(id).into_iter().flatten();
        let is_stream = STREAMS.contains(&(command.get_name(), id));
        let is_proposal = |path: &OsStr| {
            (command.get_name(), id) == PROPOSALS
                && path.to_str().is_some_and(|path| path.parse::<ProposalId>().is_ok())
        };
        let is_file = |path: &&OsStr| !(is_stream && *path == "-" || is_proposal(path));
        if let Some(path) = typed.find(is_file) {
            return Some((path, is_stream));
        }
    }
    let (name, inner) = matches.subcommand()?;
    path_of_this_machine(command.find_subcommand(name)?, inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::help;

    fn judged(line: &str) -> Result<(), Instead> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        allowed(help::command(), &words)
    }

    #[test]
    fn what_goes_through_the_door_may_be_given() {
        for line in [
            "tasks",
            "tasks --json",
            "--json tasks",
            "import - --source crm",
            "import - --source crm --dry-run",
            "export golden",
            "export golden --output -",
            "decide --from -",
            "show T1",
            "sessions",
            "sessions end k7f3q-3",
            "wall lunch at noon",
            "match",
            "govern diff",
            "govern diff P1",
            "govern diff -",
            "govern propose - --note text",
            "govern adopt P1 --yes",
            "govern list",
            "subject C1 --output -",
            "man",
            "completions bash",
            "preset list",
        ] {
            assert_eq!(judged(line), Ok(()), "{line}");
        }
    }

    #[test]
    fn what_touches_the_server_is_refused_with_the_way_out() {
        for (line, expected) in [
            ("import /etc/passwd --source crm", "/etc/passwd would be a file of the server"),
            ("import crm.csv --source crm", "pass - and send the file as standard input"),
            ("import postgresql://db/crm --source crm --query x", "would be a file of the server"),
            ("export golden --output /tmp/x.csv", "/tmp/x.csv would be a file of the server"),
            ("export golden -o x", "x would be a file of the server"),
            ("decide --from list.csv", "list.csv would be a file"),
            ("--workspace /tmp tasks", "/tmp would be a file of the server"),
            ("tasks --workspace /tmp", "/tmp would be a file of the server"),
            ("backup x.stb", "steward backup does not run over SSH"),
            ("restore x.stb y", "steward restore does not run over SSH"),
            ("init", "steward init does not run over SSH"),
            ("serve", "steward serve does not run over SSH"),
            ("keys", "steward keys does not run over SSH"),
            ("demo", "steward demo does not run over SSH"),
            ("review --theme light", "the review is opened without options: pass -t to ssh"),
            ("evaluate truth.csv", "truth.csv would be a file of the server: run this where"),
            ("evaluate -", "- would be a file of the server: run this where"),
            ("match --model -", "- would be a file of the server: run this where"),
            ("check", "steward check does not run over SSH"),
            ("--json", "for the review, name none and pass -t to ssh"),
            ("taks", "unrecognized subcommand"),
        ] {
            let Instead { text, is_help } = judged(line).unwrap_err();
            assert!(text.contains(expected) && !is_help, "{line}: {text}");
        }
        assert!(judged("tasks --help").unwrap_err().is_help);
        assert!(judged("--version").unwrap_err().is_help);
    }

    /// Whatever subcommand comes: nobody has to remember this list, but who adds one decides.
    #[test]
    fn every_command_that_may_be_given_exists_and_has_no_path_that_is_not_judged() {
        let command = help::command();
        for name in ALLOWED.iter().chain(&ALSO) {
            let found = command.find_subcommand(name).unwrap_or_else(|| panic!("{name}"));
            for argument in found.get_arguments() {
                let named = argument.get_value_names().unwrap_or_default();
                let is_file = named.iter().any(|it| ["FILE", "DIR"].contains(&it.as_str()));
                let is_path =
                    argument.get_value_parser().type_id() == ValueParser::path_buf().type_id();
                assert!(is_path || !is_file, "{name} {}", argument.get_id());
            }
        }
    }
}
