//! `steward card`: one customer on one page.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::code::Code;
use super::failure::Usage;
use super::invocation::Invocation;
use super::names;
use super::output::{Output, WholeFile};
use super::say::say;
use super::text::{Table, clean};
use desk::WayOut;
use desk::export::card_page;
use door::operations::Card;
use door::views::CardView;

/// Show a customer on one page: who it is, how to reach it, what it allows, its value, what it did last, what waits.
///
/// For whoever has the customer on the telephone. Values are masked as everywhere; -o card.html writes a page for a
/// browser that needs nothing else.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward card C17\n  steward card C17 -o card.html")]
pub struct Arguments {
    /// A customer (C17), or one of its records (crm:1042).
    #[arg(value_name = "ID")]
    id: String,
    /// Write a page for a browser.
    #[arg(long, conflicts_with = "json")]
    html: bool,
    /// NAME.html, readable only by its owner. Default: text on standard output.
    #[arg(short, long, value_name = "FILE", conflicts_with = "json")]
    output: Option<PathBuf>,
    /// Replace an existing file.
    #[arg(long, requires = "output")]
    force: bool,
    /// Show sensitive values unmasked; the ledger records that you looked.
    #[arg(long)]
    unmask: bool,
}

/// Shows it.
///
/// # Errors
/// When there is no such customer, the workspace cannot be read, or the file cannot be written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let file = arguments.output.as_deref().filter(|path| *path != Path::new("-"));
    if file.is_some_and(|path| !is_page(path)) {
        return Err(Usage::error("-o takes NAME.html"));
    }
    let judge = |path| invocation.output_file(path, arguments.force, WayOut::StandardOutput);
    let judged = file.map(judge).transpose()?;
    let entry = invocation.open_to_show(arguments.unmask)?;
    let customer = names::customer(&entry, &arguments.id)?;
    let view = entry.ask(Card { customer, unmask: arguments.unmask })?;
    match judged {
        Some(file) => {
            let shown = file.path().display().to_string();
            let mut whole = WholeFile::begin(file)?;
            whole.write_all(card_page(&view).as_bytes())?;
            whole.finish()?;
            say(&format!("the card of {} is in {}", view.customer.customer, clean(&shown)));
        }
        None if output.json => output.object(&view)?,
        None if arguments.html || arguments.output.is_some() => {
            output.line(card_page(&view).trim_end())?;
        }
        None => output.lines(&lines(&view))?,
    }
    Ok(Code::Done)
}

fn is_page(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    matches!(ending.as_str(), "html" | "htm")
}

fn lines(view: &CardView) -> Vec<String> {
    let from = view.customer.redirected_from;
    let from = from.map_or(String::new(), |from| format!(" ({from} redirects)"));
    let mut lines = vec![format!("{} {}{from}", view.customer.customer, clean(&view.name()))];
    let mut widths = Vec::new();
    for section in view.sections() {
        lines.push(section.title.to_owned());
        let mut table = Table::default();
        for line in &section.lines {
            let mark = if line.is_marked { "  (!)" } else { "" };
            table
                .row([format!("  {}", clean(&line.label)), format!("{}{mark}", clean(&line.text))]);
        }
        lines.extend(table.lines_after(&mut widths));
    }
    lines
}
