//! `steward decide`: a verdict on a task. On many tasks: `decide_many`.

use std::path::PathBuf;

use super::carry_out::carry_out;
use super::code::Code;
use super::decide_many;
use super::entry::Entry;
use super::failure::Usage;
use super::invocation::Invocation;
use super::output::Output;
use super::unmasking;
use super::verdict::{Details, Said, Verdict};
use domain::TaskId;
use domain::ids::InvalidId;
use door::Request;
use door::operations::ShowTask;

/// What each line of a file says for itself.
const OF_A_LINE: [&str; 15] = [
    "first",
    "second",
    "members",
    "rest",
    "into",
    "pick",
    "set",
    "clear",
    "reason",
    "note",
    "until",
    "to",
    "rule",
    "if_version",
    "break_glass",
];

/// Decide a task; any decision can be undone.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward decide T9 merge --members A,B --rest not-a-match\n  \
    steward decide T9 not-a-match --reason household\n  \
    steward decide T12 accept\n  steward decide T9 defer --until tomorrow\n  \
    steward decide --where 'kind = duplicate and score >= 0.98' merge --dry-run\n  \
    steward decide --where 'kind = invalid and rule = email-domain' correct --clear email --dry-run\n  \
    steward decide --from verdicts.csv --yes\n\n\
    A, B, ... are the customers of the task, in the order of `steward show T9`.\n\n\
    A bulk decides its tasks one by one under one B id: any that would be refused alone are skipped and\n\
    listed; undo one alone, or all with `undo B7`. A file for --from is CSV with a header, or\n\
    JSON Lines, with task, verdict and, where they apply, members, rest, into, reason, note, until, to,\n\
    rule, version; each task appears once. Or it labels pairs of records: id_l, id_r, label\n    \
    (match or not-a-match), and optionally reason and note, as written by `steward export labels`.")]
#[command(override_usage = "steward decide <TASK> <VERDICT> [OPTIONS]\n       \
    steward decide --where <EXPR> <VERDICT> [OPTIONS]\n       \
    steward decide --from <FILE> [OPTIONS]")]
pub struct Arguments {
    /// The task; with --where, the verdict goes here.
    #[arg(value_name = "TASK", required_unless_present = "from", value_parser = task_or_verdict)]
    first: Option<String>,
    /// The verdict: merge, not-a-match, accept, keep, defer, escalate, answer, waive,
    /// correct, quarantine, approve, reject.
    #[arg(value_name = "VERDICT", required_unless_present_any = ["filter", "from"])]
    second: Option<Verdict>,
    /// Decide every pending task that matches the expression (columns: `steward tasks --help`).
    #[arg(long = "where", value_name = "EXPR", value_parser = super::tasks::filter, conflicts_with = "from")]
    pub filter: Option<String>,
    /// Decide what each line of a file says, and nothing else; - reads standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = OF_A_LINE)]
    pub from: Option<PathBuf>,
    /// With --where or --from: do not ask for confirmation.
    #[arg(long)]
    pub yes: bool,
    /// With --where or --from: exit with code 3 if anything was skipped.
    #[arg(long)]
    pub strict: bool,
    #[command(flatten)]
    pub details: Details,
    /// Show what would happen, or why it would be refused; write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// With --dry-run: judge rules about masked fields as well; the ledger records that you looked.
    #[arg(long, requires = "dry_run")]
    pub unmask: bool,
}

/// What may stand first: a task, with --where a verdict.
fn task_or_verdict(text: &str) -> Result<String, String> {
    if Verdict::named(text, false).is_err() {
        text.parse::<TaskId>().map_err(|error| error.to_string())?;
    }
    Ok(text.to_owned())
}

impl Arguments {
    /// The verdict on every task of a filter.
    ///
    /// # Errors
    /// When a task is named beside it, it is none, or details do not go with it.
    pub fn verdict_on_many(&self) -> anyhow::Result<Verdict> {
        let (Some(name), None) = (&self.first, self.second) else {
            return Err(Usage::error(
                "with --where, give only the verdict: decide --where EXPR merge",
            ));
        };
        let verdict = Verdict::named(name, false).map_err(Usage::error)?;
        self.details.must_fit(verdict)?;
        Ok(verdict)
    }

    /// The verdict on one task.
    fn said(self) -> anyhow::Result<Said> {
        let say = "pass a verdict: steward decide T9 merge";
        let verdict = self.second.ok_or_else(|| Usage::error(say))?;
        let name = self.first.as_deref().unwrap_or_default().trim();
        let task = name.parse().map_err(|error: InvalidId| Usage::error(error.to_string()))?;
        self.details.must_fit(verdict)?;
        Ok(Said { task, verdict, details: self.details })
    }
}

/// Decides a task.
///
/// # Errors
/// When flags do not fit the verdict, it is refused, or the workspace cannot be written.
pub fn run(arguments: Arguments, invocation: &Invocation, output: &Output) -> anyhow::Result<Code> {
    if arguments.filter.is_some() || arguments.from.is_some() {
        return decide_many::run(&arguments, invocation, output);
    }
    let dry_run = arguments.dry_run;
    let unmask = arguments.unmask;
    let said = arguments.said()?;
    let entry = unmasking::open(invocation, dry_run, unmask)?;
    carry_out(&entry, request(&entry, &said)?, dry_run, output)
}

/// What is asked of the desk.
///
/// # Errors
/// When there is no such task, or it is no task for such a verdict.
pub fn request(entry: &Entry, said: &Said) -> anyhow::Result<Request> {
    let task = entry.ask(ShowTask { task: said.task, unmask: false })?;
    said.request(&task, &said.details.look_up(entry)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args as _, Command};

    /// What goes with a file.
    const BESIDE: [&str; 5] = ["from", "yes", "strict", "dry_run", "unmask"];

    #[test]
    fn beside_a_file_stands_nothing_that_its_lines_say() {
        let command = || Arguments::augment_args(Command::new("decide"));
        let command_line = command();
        let ids = command_line.get_arguments().map(|it| it.get_id().as_str());
        for id in ids.filter(|id| !BESIDE.contains(id) && *id != "filter") {
            assert!(OF_A_LINE.contains(&id), "--from would pass over {id}");
        }
        for beside in [
            &["T9"][..],
            &["T9", "merge"],
            &["--members", "A,B"],
            &["--rest", "stay"],
            &["--into", "C17"],
            &["--pick", "city=C17"],
            &["--set", "city=Omaha"],
            &["--clear", "city"],
            &["--reason", "household"],
            &["--note", "sure"],
            &["--until", "tomorrow"],
            &["--to", "kim"],
            &["--rule", "R1"],
            &["--if-version", "7"],
            &["--break-glass", "fire"],
            &["--where", "kind = duplicate"],
        ] {
            let words = ["decide", "--from", "a.csv"].iter().chain(beside);
            let error = command().try_get_matches_from(words).unwrap_err();
            assert_eq!(error.kind(), clap::error::ErrorKind::ArgumentConflict, "{beside:?}");
        }
        let words = ["decide", "--from", "a.csv", "--yes", "--strict", "--dry-run"];
        assert!(command().try_get_matches_from(words).is_ok());
    }
}
