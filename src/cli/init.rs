//! `steward init`: a workspace under a `steward.toml`, which is kept where it is there.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use serde_json::json;

use super::code::Code;
use super::invocation::{Invocation, absolute};
use super::keys::keep_a_copy;
use super::output::{Output, WholeFile};
use super::say::say;
use super::text::clean;
use desk::{
    Desk, DeskError, Environment, OutputFile, Workspace, judge_output_folder, judge_protection,
    must_not_be_lost, read_settings,
};
use ledger::keys::{Protection, WrapKind};

/// Make a workspace; a steward.toml that is there is kept, else a commented one is written.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward init customers --region DE")]
pub struct Arguments {
    /// The folder; without it the workspace of --workspace or STEWARD_WORKSPACE.
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// For a new steward.toml: the country whose forms of phones, addresses and dates are assumed.
    #[arg(long, value_name = "COUNTRY", default_value = "US")]
    region: String,
    /// Protect the keys with a passphrase, asked for twice, instead of a key file.
    #[arg(long)]
    passphrase: bool,
    /// Say what would be done, but write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Makes a workspace.
///
/// # Errors
/// When there is one, `steward.toml` is wrong, or the folder cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let (workspace, environment) = (invocation.workspace(), invocation.environment()?);
    judge_output_folder(workspace.folder(), None, &environment)?;
    must_not_be_lost(&workspace, &environment)?;
    if workspace.exists() {
        let folder = absolute(workspace.folder());
        return Err(DeskError::WorkspaceExists { folder }.into());
    }
    let protection =
        if arguments.passphrase { Protection::Passphrase } else { Protection::KeyFile };
    judge_protection(&workspace, &environment, protection)?;
    let kept = workspace.settings().symlink_metadata().is_ok();
    let mut protected = None;
    if arguments.dry_run {
        if kept {
            read_settings(&workspace)?;
        }
    } else {
        fs::create_dir_all(workspace.folder())
            .with_context(|| format!("making {}", workspace.folder().display()))?;
        if !kept {
            write_starter(&workspace, &environment, &arguments.region)?;
        }
        let desk = Desk::create_protected(workspace.clone(), environment, protection)?;
        protected = desk.protection();
    }
    tell(&workspace, kept, protected, output)?;
    Ok(Code::Done)
}

fn write_starter(
    workspace: &Workspace,
    environment: &Environment,
    region: &str,
) -> anyhow::Result<()> {
    let folder = absolute(workspace.folder());
    let name = folder.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("customers");
    let text = settings::starter(name, region);
    settings::parse(&text).map_err(DeskError::Settings)?;
    let mut file = WholeFile::begin(OutputFile::settings_of(workspace, environment))?;
    file.write_all(text.as_bytes())?;
    file.finish()
}

/// Says what was made, and how the keys are protected; nothing was made where that is none.
fn tell(
    workspace: &Workspace,
    kept: bool,
    protected: Option<WrapKind>,
    output: &Output,
) -> anyhow::Result<()> {
    let folder = absolute(workspace.folder());
    let dry_run = protected.is_none();
    let key_file = match &protected {
        Some(WrapKind::KeyFile(path)) => Some(absolute(path)),
        _ => None,
    };
    if output.json {
        output.object(&json!({
            "workspace": folder,
            "settings": if kept { "kept" } else { "written" },
            "dry_run": dry_run,
            "key_file": key_file,
        }))?;
        return Ok(());
    }
    let folder = clean(&folder);
    if dry_run {
        output.line(&format!("would make a workspace in {folder}"))?;
        say("nothing was written (--dry-run)");
        return Ok(());
    }
    output.line(&format!("made an encrypted workspace in {folder}"))?;
    match key_file {
        Some(path) => say(&keep_a_copy(&path)),
        None => say("it opens with your passphrase; without that nobody can read it, not even we"),
    }
    if kept {
        say("steward.toml was there and is kept");
        say("next: steward import FILE --source NAME");
    } else {
        say("next: name your sources and their columns in steward.toml, then: steward check");
    }
    Ok(())
}
