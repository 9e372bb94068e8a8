//! Everything that can be said on the command line: the one definition from which parsing, help,
//! man page and completions come.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::{
    check, completions, decide, demo, explain, fix, history, import, init, man, matching, merge,
    not_a_match, rebuild, review, sample, show, tasks, undo, unmerge, verify,
};

/// A terminal workbench for data stewards: match, review, merge, undo.
#[derive(Debug, Parser)]
#[command(
    name = "steward",
    version,
    about,
    long_about = "A terminal workbench for data stewards: import customer records, find those that are the \
same person or company, decide what the machine cannot, with every decision in an append-only ledger.\n\n\
Without a subcommand it opens the review screen.",
    after_help = "Exit codes: 0 done, 1 failed, 2 usage, 3 done but with rejects under --strict, \
4 refused (policy, stale, held by another)."
)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What every subcommand understands.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// The workspace: the folder with steward.toml.
    #[arg(long, global = true, env = "STEWARD_WORKSPACE", value_name = "DIR", default_value = ".")]
    pub workspace: PathBuf,
    /// Print JSON: one object for one thing, JSON Lines for a list.
    #[arg(long, global = true)]
    pub json: bool,
    /// No colour; so does the variable NO_COLOR.
    #[arg(long, global = true)]
    pub no_color: bool,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    Demo(demo::Arguments),
    Sample(sample::Arguments),
    Init(init::Arguments),
    Check(check::Arguments),
    Import(import::Arguments),
    Match(matching::Arguments),
    Review(review::Arguments),
    Tasks(tasks::Arguments),
    Show(show::Arguments),
    Decide(decide::Arguments),
    Merge(merge::Arguments),
    NotAMatch(not_a_match::Arguments),
    Unmerge(unmerge::Arguments),
    Fix(fix::Arguments),
    Undo(undo::Arguments),
    History(history::Arguments),
    Explain(explain::Arguments),
    Verify(verify::Arguments),
    Rebuild(rebuild::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}
