//! `steward sample`: made-up customers with the truth about them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::rc::Rc;

use anyhow::Context;
use serde_json::json;

use super::code::Code;
use super::invocation::{Invocation, absolute};
use super::output::{Output, WholeFile};
use super::say::say;
use super::text::{clean, counted};
use desk::{DeskError, Environment, OutputFile, WayOut, judge_output_folder};
use sample::Plan;

/// Write invented customers of three sources, with the truth about them, to try steward with.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward sample --customers 1300 --seed 1 -o sample")]
pub struct Arguments {
    /// How many real people and organisations; this gives about half as many records again.
    #[arg(long, value_name = "N", default_value_t = Plan::default().customers,
          value_parser = clap::value_parser!(u32).range(1..))]
    customers: u32,
    /// The seed; the same seed gives the same bytes.
    #[arg(long, value_name = "S", default_value_t = Plan::default().seed)]
    seed: u64,
    /// The folder to write to; created if missing.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Replace files of an earlier sample.
    #[arg(long)]
    force: bool,
    /// Show what would be written; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// The files of a sample.
const FILES: [&str; 6] =
    ["crm.csv", "webshop.csv", "support.jsonl", "truth.csv", "planted.csv", "steward.toml"];

/// Writes a sample.
///
/// # Errors
/// When one of its files is there already, or the folder cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let plan = Plan { customers: arguments.customers, seed: arguments.seed };
    let folder = absolute(&arguments.output);
    let environment = invocation.environment()?;
    judge_output_folder(&arguments.output, None, &environment)?;
    if arguments.output.is_dir() {
        judged(arguments, &environment)?;
    }
    let summary = if arguments.dry_run {
        sample::write(&plan, &mut |_| Ok(Box::new(io::sink())))?
    } else {
        write_whole(&plan, arguments, &environment)?
    };
    if output.json {
        output.object(&json!({
            "folder": folder,
            "dry_run": arguments.dry_run,
            "customers": summary.customers,
            "records": summary.records(),
            "crm": summary.crm,
            "webshop": summary.webshop,
            "support": summary.support,
            "planted": summary.planted,
        }))?;
        return Ok(Code::Done);
    }
    output.line(&format!(
        "{} of {} ({} crm, {} webshop, {} support), {} of them invalid on purpose",
        counted(summary.records(), "record", "records"),
        counted(u64::from(summary.customers), "customer", "customers"),
        summary.crm,
        summary.webshop,
        summary.support,
        counted(summary.planted, "value", "values"),
    ))?;
    let folder = clean(&arguments.output.display().to_string());
    if arguments.dry_run {
        say("nothing was written (--dry-run)");
    } else {
        say(&format!(
            "next: steward init customers --from {folder}/crm.csv {folder}/webshop.csv \
             {folder}/support.jsonl"
        ));
    }
    Ok(Code::Done)
}

/// The sample's files, each judged: none is part of a workspace, nor there unless it may be replaced.
fn judged(
    arguments: &Arguments,
    environment: &Environment,
) -> Result<Vec<(&'static str, OutputFile)>, DeskError> {
    let judge = |name: &'static str| {
        let path = arguments.output.join(name);
        let guarded = (None, environment);
        let file = OutputFile::judge(&path, arguments.force, WayOut::AnotherFile, guarded)?;
        Ok((name, file))
    };
    FILES.into_iter().map(judge).collect()
}

/// A file that the generator holds while the list of all of them does too.
#[derive(Clone)]
struct Shared(Rc<RefCell<WholeFile>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}

/// Every file gets its name only when all of them are whole.
fn write_whole(
    plan: &Plan,
    arguments: &Arguments,
    environment: &Environment,
) -> anyhow::Result<sample::Summary> {
    let folder = &arguments.output;
    fs::create_dir_all(folder).with_context(|| format!("making {}", absolute(folder)))?;
    let mut begun = BTreeMap::new();
    for (name, file) in judged(arguments, environment)? {
        begun.insert(name, Shared(Rc::new(RefCell::new(WholeFile::begin(file)?))));
    }
    let summary = sample::write(plan, &mut |name| {
        let file = begun.get(name).ok_or_else(|| io::Error::other("an unknown file"))?;
        Ok(Box::new(file.clone()))
    })?;
    let files: Vec<Shared> = begun.into_values().collect();
    for Shared(file) in files {
        let file = Rc::try_unwrap(file).map_err(|_| io::Error::other("a file is still open"))?;
        file.into_inner().finish()?;
    }
    Ok(summary)
}
