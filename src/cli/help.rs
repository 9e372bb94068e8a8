//! Help as it is printed: subcommands in groups, what goes everywhere once.

use clap::{Command, CommandFactory};

use super::arguments::Arguments;

/// The subcommands in the order in which they are needed, a group each.
const GROUPS: [(&str, &[&str]); 6] = [
    (
        "Data",
        &[
            "demo", "train", "sample", "init", "check", "import", "preset", "inbox", "reread",
            "values", "match", "export", "feed", "evaluate",
        ],
    ),
    ("Review", &["review", "tasks", "find", "show", "explain", "history"]),
    (
        "Decide",
        &[
            "decide",
            "merge",
            "not-a-match",
            "unmerge",
            "fix",
            "create",
            "task",
            "reopen",
            "undo",
            "approvals",
            "approve",
            "reject",
        ],
    ),
    (
        "Govern",
        &[
            "govern", "access", "grant", "consent", "timeline", "card", "measures", "segments",
            "segment", "journeys", "request", "requests", "hold", "retain", "subject", "erase",
            "audit",
        ],
    ),
    (
        "Together",
        &[
            "serve",
            "sessions",
            "wall",
            "assign",
            "release",
            "comment",
            #[cfg(feature = "ssh")]
            "otp",
        ],
    ),
    ("Admin", &["verify", "rebuild", "keys", "rekey", "backup", "restore", "completions", "man"]),
];

/// What a subcommand's help says of what goes everywhere.
const EVERYWHERE: &str =
    "Everywhere: --workspace, --json, --no-color, --trust-clock, --theme; see steward --help.";

/// How wide the list of subcommands is at most.
const WIDTH: usize = 79;

/// The command line with its help as people read it.
pub fn command() -> Command {
    let mut command = Arguments::command();
    command.build();
    let template = format!(
        "{{before-help}}{{about-with-newline}}\n{{usage-heading}} {{usage}}\n{}\n\
         Options, with every command:\n{{options}}\n\n\
         Run steward COMMAND --help for its options, with examples.{{after-help}}",
        groups(&command)
    );
    command.help_template(template).mut_subcommands(without_what_goes_everywhere)
}

fn without_what_goes_everywhere(subcommand: Command) -> Command {
    if subcommand.get_name() == "help" {
        return subcommand;
    }
    let after = subcommand.get_after_help().map(|text| format!("{text}\n\n")).unwrap_or_default();
    subcommand
        .mut_args(|argument| {
            let everywhere = argument.is_global_set();
            if everywhere { argument.hide(true) } else { argument }
        })
        .after_help(format!("{after}{EVERYWHERE}"))
        .mut_subcommands(without_what_goes_everywhere)
}

/// The subcommands by group, a line or two each.
fn groups(command: &Command) -> String {
    let names = command.get_subcommands().map(|subcommand| subcommand.get_name().len());
    let column = names.max().unwrap_or(0) + 4;
    let mut text = String::new();
    for (title, members) in GROUPS {
        text.push_str(&format!("\n{title}:\n"));
        for name in members {
            let Some(subcommand) = command.find_subcommand(name) else { continue };
            let about = subcommand.get_about().map(ToString::to_string).unwrap_or_default();
            let about = first_clause(&about);
            let mut line = format!("  {name:<width$}", width = column - 2);
            for word in about.split_whitespace() {
                if line.len() + word.len() >= WIDTH {
                    text.push_str(line.trim_end());
                    text.push('\n');
                    line = " ".repeat(column);
                }
                line.push_str(word);
                line.push(' ');
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

/// What stands before the first full stop, semicolon or colon: the list says what a command is for, its
/// own help the rest.
fn first_clause(about: &str) -> &str {
    let ends = [". ", "; ", ": "].iter().filter_map(|end| about.find(end));
    about.get(..ends.min().unwrap_or(about.len())).unwrap_or(about).trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subcommand_stands_in_one_group() {
        let mut grouped: Vec<&str> =
            GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        grouped.sort_unstable();
        let command = Arguments::command();
        let mut known: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        known.sort_unstable();
        assert_eq!(grouped, known);
    }

    #[test]
    fn what_goes_everywhere_stands_in_the_main_help_alone() {
        let mut command = command();
        assert!(command.render_long_help().to_string().contains("--trust-clock"));
        fn look(command: &mut Command) {
            for subcommand in command.get_subcommands_mut().filter(|it| it.get_name() != "help") {
                let help = subcommand.render_long_help().to_string();
                let options = help.lines().filter(|line| line.trim().starts_with("--trust-clock"));
                assert_eq!(options.count(), 0, "{help}");
                assert_eq!(help.matches(EVERYWHERE).count(), 1, "{help}");
                look(subcommand);
            }
        }
        look(&mut command);
    }

    #[test]
    fn what_the_units_of_systemd_run_is_understood() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/contrib/systemd");
        let mut understood = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let runs = text.lines().filter_map(|line| line.strip_prefix("ExecStart="));
            for line in runs.filter(|line| cfg!(feature = "ssh") || !line.contains("--ssh")) {
                let parsed = command().try_get_matches_from(line.split_whitespace());
                assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
                understood += 1;
            }
        }
        assert_eq!(understood, if cfg!(feature = "ssh") { 3 } else { 2 });
    }
}
