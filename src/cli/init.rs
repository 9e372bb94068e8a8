//! `steward init`: a workspace under a `steward.toml`, which is kept where it is there.

mod proposing;
mod region;
mod report;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::code::Code;
use super::failure::Usage;
use super::invocation::{Invocation, absolute};
use super::output::{Output, WholeFile};
use super::query::DatabaseArguments;
use desk::{
    Desk, DeskError, Environment, OutputFile, Workspace, judge_output_folder, judge_protection,
    must_not_be_lost, read_settings,
};
use ledger::keys::{Protection, WrapKind};
use proposing::Proposed;
pub use proposing::columns;

/// Create a workspace; an existing steward.toml is kept, otherwise a commented one is written.
///
/// With --from, it is drafted from your files: sources, keys, fields, rules, each line with
/// its reason. It names columns, never their values.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward init customers --from crm.csv shop.xlsx\n  \
                  steward init --from crm.csv --dry-run\n  steward init customers --region DE")]
pub struct Arguments {
    /// The folder, before --from or after its files; default: the workspace of --workspace or STEWARD_WORKSPACE.
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Files to look at, in any format that import reads, or addresses of PostgreSQL databases, one per
    /// source.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    from: Vec<PathBuf>,
    #[command(flatten)]
    database: DatabaseArguments,
    /// For one fixed-width file: the width of each column in characters, such as 10,30,8.
    #[arg(long, value_name = "N,N", value_delimiter = ',', value_parser = super::import::width, requires = "from")]
    widths: Option<Vec<usize>>,
    /// For a new steward.toml: the country whose phone, address and date formats are assumed;
    /// default: found from the files, or asked for.
    #[arg(long, value_name = "COUNTRY")]
    region: Option<String>,
    /// Protect the keys with a passphrase (asked for twice) instead of a key file.
    #[arg(long)]
    passphrase: bool,
    /// Show what would be done; write nothing. With --from, print the steward.toml.
    #[arg(long)]
    dry_run: bool,
}

impl Arguments {
    /// The folder that is made a workspace, where one is named: also behind the files, if the last of them
    /// is a folder, or is none yet and has no ending as files have.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref().or_else(|| self.behind())
    }

    /// The files to look into.
    fn files(&self) -> &[PathBuf] {
        let files = self.from.len() - usize::from(self.behind().is_some());
        &self.from[..files]
    }

    fn behind(&self) -> Option<&Path> {
        let (last, before) = self.from.split_last()?;
        let is_new =
            !last.exists() && last.extension().is_none() && !DatabaseArguments::is_database(last);
        let is_folder = self.folder.is_none() && !before.is_empty() && (last.is_dir() || is_new);
        is_folder.then_some(last.as_path())
    }
}

/// What was made, or would be.
pub(super) struct Made {
    /// Whether a `steward.toml` was there.
    pub kept: bool,
    /// How the keys are protected; nothing was made where that is none.
    pub protected: Option<WrapKind>,
    /// What was proposed, where there were files to look into.
    pub proposed: Option<Proposed>,
    /// The region of a new file.
    pub region: Option<String>,
}

/// Makes a workspace.
///
/// # Errors
/// When there is one, `steward.toml` is wrong, a file cannot be used, or the folder cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let (workspace, environment) = (invocation.workspace(), invocation.environment()?);
    let kept = workspace.settings().symlink_metadata().is_ok();
    if !arguments.from.is_empty() && arguments.dry_run {
        // Nothing is made: what is there already is no hindrance.
        let proposed = proposing::propose(arguments, invocation, &environment)?;
        report::show(&proposed, output)?;
        return Ok(Code::Done);
    }
    judge_output_folder(workspace.folder(), None, &environment)?;
    must_not_be_lost(&workspace, &environment)?;
    if workspace.exists() {
        let folder = absolute(workspace.folder());
        return Err(DeskError::WorkspaceExists { folder }.into());
    }
    if kept && !arguments.from.is_empty() {
        return Err(Usage::error(
            "steward.toml exists and is never overwritten: see what --from would write with \
             --dry-run, or move the file away first",
        ));
    }
    let protection =
        if arguments.passphrase { Protection::Passphrase } else { Protection::KeyFile };
    judge_protection(&workspace, &environment, protection)?;
    let made = make(arguments, invocation, (&workspace, environment), (kept, protection))?;
    report::tell(&workspace, &made, invocation, output)?;
    Ok(Code::Done)
}

fn make(
    arguments: &Arguments,
    invocation: &Invocation,
    (workspace, environment): (&Workspace, Environment),
    (kept, protection): (bool, Protection),
) -> anyhow::Result<Made> {
    let mut made = Made { kept, protected: None, proposed: None, region: None };
    if arguments.dry_run {
        if kept {
            read_settings(workspace)?;
        }
        return Ok(made);
    }
    let text = if kept {
        None
    } else if arguments.from.is_empty() {
        made.region = region::of(arguments.region.as_deref(), invocation)?;
        let region = made.region.as_deref();
        Some(settings::starter(&name_of(workspace), region))
    } else {
        let proposed = proposing::propose(arguments, invocation, &environment)?;
        made.region = proposed.proposal.region.as_ref().map(|region| region.code.clone());
        let text = proposed.text.clone();
        made.proposed = Some(proposed);
        Some(text)
    };
    fs::create_dir_all(workspace.folder())
        .with_context(|| format!("making {}", workspace.folder().display()))?;
    if let Some(text) = text {
        settings::parse(&text).map_err(DeskError::Settings)?;
        let mut file = WholeFile::begin(OutputFile::settings_of(workspace, &environment))?;
        file.write_all(text.as_bytes())?;
        file.finish()?;
    }
    let desk = Desk::create_protected(workspace.clone(), environment, protection)?;
    made.protected = desk.protection();
    Ok(made)
}

/// A name for the workspace: that of its folder.
fn name_of(workspace: &Workspace) -> String {
    let folder = absolute(workspace.folder());
    let name = folder.rsplit('/').next().filter(|name| !name.is_empty());
    name.unwrap_or("customers").to_owned()
}
