//! `steward sample`: made-up customers with the truth about them.

use std::cell::RefCell;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::rc::Rc;

use anyhow::Context;
use serde_json::json;

use super::failure::{Code, Usage, say};
use super::output::{Output, WholeFile};
use super::session::absolute;
use super::text::{clean, counted};
use crate::sample::{self, Plan};

/// Write made-up customers of three sources, with the truth about them, to try steward on.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward sample --customers 1300 --seed 1 -o sample")]
pub struct Arguments {
    /// How many real people and organisations; about half as many records again come of it.
    #[arg(long, value_name = "N", default_value_t = Plan::default().customers,
          value_parser = clap::value_parser!(u32).range(1..))]
    customers: u32,
    /// The same seed gives the same bytes.
    #[arg(long, value_name = "S", default_value_t = Plan::default().seed)]
    seed: u64,
    /// The folder to write into; made where it is absent.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Replace files of an earlier sample.
    #[arg(long)]
    force: bool,
    /// Say what would be written, but write nothing.
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
pub fn run(arguments: &Arguments, output: &Output) -> anyhow::Result<Code> {
    let plan = Plan { customers: arguments.customers, seed: arguments.seed };
    let folder = absolute(&arguments.output);
    let known = FILES.iter().find(|name| arguments.output.join(name).exists());
    if let (Some(name), false) = (known, arguments.force) {
        let message = format!("{folder} has a {name} already: take another folder, or --force");
        return Err(Usage::error(message));
    }
    let summary = if arguments.dry_run {
        sample::write(&plan, &mut |_| Ok(Box::new(io::sink())))?
    } else {
        write_whole(&plan, &arguments.output).with_context(|| format!("writing {folder}"))?
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
        say(&format!("next: cd {folder} && steward init"));
    }
    Ok(Code::Done)
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
fn write_whole(plan: &Plan, folder: &std::path::Path) -> io::Result<sample::Summary> {
    fs::create_dir_all(folder)?;
    let mut files: Vec<Shared> = Vec::new();
    let summary = sample::write(plan, &mut |name| {
        let file = Shared(Rc::new(RefCell::new(WholeFile::begin(&folder.join(name))?)));
        files.push(file.clone());
        Ok(Box::new(file))
    })?;
    for Shared(file) in files {
        let file = Rc::try_unwrap(file).map_err(|_| io::Error::other("a file is still open"))?;
        file.into_inner().finish()?;
    }
    Ok(summary)
}
