//! `steward inbox`: files that others put into a folder are imported and moved away.
//!
//! A file is taken when it rests (`looking`), imported as `steward import` would, and moved with a
//! verdict (`moving`). Whatever kills the process in between, the file is still there: it is imported
//! again, which changes nothing.

mod looking;
mod moving;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::code::Code;
use super::delivery::DeliveryArguments;
use super::failure;
use super::failure::Usage;
use super::import::{self, FileArguments};
use super::interrupt;
use super::invocation::Invocation;
use super::output::Output;
use super::query::DatabaseArguments;
use super::say::say;
use super::text::clean;
use super::unmasking;
use desk::read_settings;
use domain::{SourceName, StreamName};
use door::operations::{About, Import};
use door::views::NO_ROWS;
use looking::{Found, Inbox, Looked};
use moving::End;

/// The step in which a watcher waits, so that Ctrl-C is heard.
const STEP: Duration = Duration::from_millis(200);

/// Import files placed in a folder, then move each to its done/ or failed/ folder.
///
/// A file is taken once its size and time are the same in two looks, or at once if a file of the same
/// name ending in .done is next to it. NAME.verdict.json is written with it and gives the result.
/// Files whose names begin with a dot or end with .tmp, .part, .partial or .filepart are left alone.
/// The log of a SQLite database (-wal, -shm, -journal) moves with it. A folder that is the workspace itself, or
/// holds steward's own files, is refused.
/// A file without a row, such as a header alone, goes to failed/.
/// A single JSON object, as a web form sends it, is fine too. The files in done/ and failed/
/// are personal data that steward no longer tracks: erasing a person does not reach them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward inbox /srv/drop --source crm\n  \
    steward inbox /srv/drop --source crm --complete --watch\n  \
    steward inbox /srv/orders --stream orders --watch")]
pub struct Arguments {
    /// The folder.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The source of the files, as in steward.toml.
    #[arg(long, value_name = "NAME", required_unless_present = "stream")]
    source: Option<String>,
    /// The stream of the files, as in steward.toml: rows are what customers did, not records.
    #[arg(long, value_name = "NAME", conflicts_with = "source")]
    stream: Option<String>,
    #[command(flatten)]
    written: FileArguments,
    #[command(flatten)]
    database: DatabaseArguments,
    #[command(flatten)]
    delivery: DeliveryArguments,
    /// Keep looking until Ctrl-C; without it, look once.
    #[arg(long)]
    watch: bool,
    /// Seconds between two looks.
    #[arg(long, value_name = "N", default_value_t = 30, requires = "watch", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    every: u64,
    /// Show which files would be taken and with what result; write and move nothing.
    #[arg(long, conflicts_with = "watch")]
    dry_run: bool,
    /// With --dry-run: count masked fields and judge their rules as well; the ledger records that you
    /// looked.
    #[arg(long, requires = "dry_run")]
    unmask: bool,
}

/// Looks into the folder, once or for as long as it is let.
///
/// # Errors
/// When the folder or the workspace cannot be used, or another process watches the folder.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let raised = interrupt::watch()?;
    // Before anything is written into it: the lock is.
    if arguments.folder.is_dir() {
        invocation.judge_inbox(&arguments.folder)?;
    }
    if let Some(source) = &arguments.source {
        must_be_known(source, invocation)?;
    }
    let inbox = Inbox::open(&arguments.folder, arguments.dry_run)?;
    let mut taking =
        Taking { arguments, invocation, output, inbox, told: BTreeSet::new(), has_news: false };
    let mut code = Code::Done;
    let mut told = None;
    loop {
        match taking.look(&raised) {
            Ok(one) => {
                code = worse(code, one);
                told = None;
            }
            // Whoever has the workspace will be done with it; that is said once, not at every look.
            Err(error) if arguments.watch && !raised.load(Ordering::Relaxed) => {
                let said = Some(failure::message(&error));
                if told != said {
                    failure::tell(&error, output.json, invocation);
                    told = said;
                }
            }
            Err(error) => return Err(error),
        }
        if !arguments.watch && taking.has_news && !output.json {
            say("next: steward match");
        }
        if !arguments.watch || !waits(Duration::from_secs(arguments.every), &raised) {
            return Ok(if arguments.watch { Code::Done } else { code });
        }
    }
}

/// A source that `steward.toml` does not have is refused before a file comes.
fn must_be_known(source: &str, invocation: &Invocation) -> anyhow::Result<()> {
    let workspace = invocation.workspace();
    // Where it is served, steward.toml may be another user's.
    let known = match invocation.attached()? {
        Some(entry) => entry.ask(About {})?.sources,
        None if !workspace.settings().exists() => return Ok(()),
        None => read_settings(&workspace)?.sources.into_iter().map(|source| source.name).collect(),
    };
    if known.iter().any(|known| known.as_str() == source) {
        return Ok(());
    }
    let known: Vec<&str> = known.iter().map(SourceName::as_str).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let why = format!("steward.toml has no source `{}`; it has {known}", clean(source));
    Err(Usage::error(why))
}

/// Waits that long; says whether it was let.
fn waits(wait: Duration, raised: &AtomicBool) -> bool {
    let mut left = wait;
    while !left.is_zero() && !raised.load(Ordering::Relaxed) {
        let step = left.min(STEP);
        std::thread::sleep(step);
        left -= step;
    }
    !raised.load(Ordering::Relaxed)
}

fn worse(one: Code, other: Code) -> Code {
    if other == Code::Done { one } else { other }
}

/// What one run takes from its folder.
struct Taking<'a> {
    arguments: &'a Arguments,
    invocation: &'a Invocation,
    output: &'a Output,
    inbox: Inbox,
    /// What was said to be no file.
    told: BTreeSet<String>,
    /// Whether anything came that a matching run should look at.
    has_news: bool,
}

impl Taking<'_> {
    /// Takes every file that rests.
    fn look(&mut self, raised: &AtomicBool) -> anyhow::Result<Code> {
        // Before each look: something may have come into the folder since.
        self.judge()?;
        let Looked { ready, waiting, no_files, no_longer } = self.inbox.look()?;
        for name in no_longer {
            if self.told.insert(name.clone()) {
                let name = clean(&name);
                say(&format!("{name} marks a file as complete, but there is no such file"));
            }
        }
        for name in no_files {
            // Said once, not at every look.
            if self.told.insert(name.clone()) {
                let name = clean(&name);
                say(&format!("{name} is a link or a folder and stays: only files are taken"));
            }
        }
        if !self.arguments.watch {
            for name in &waiting {
                let name = clean(name);
                say(&format!("{name} waits: it is taken if unchanged at the next look"));
            }
        }
        let mut code = Code::Done;
        for found in ready {
            if raised.load(Ordering::Relaxed) {
                break;
            }
            code = worse(code, self.take(&found)?);
        }
        Ok(code)
    }

    /// Nothing of steward's own is taken out of the folder, or gets into one of its own.
    fn judge(&self) -> anyhow::Result<()> {
        let folder = self.inbox.folder();
        self.invocation.judge_inbox(folder)?;
        for end in [End::Done, End::Failed] {
            self.invocation.judge_output_folder(&folder.join(end.name()))?;
        }
        Ok(())
    }

    /// Imports a file and moves it.
    fn take(&mut self, found: &Found) -> anyhow::Result<Code> {
        let arguments = self.arguments;
        let stream = arguments.stream.as_ref();
        // The desk knows whose stream it is.
        let source = arguments.source.as_ref().or(stream).cloned().unwrap_or_default();
        let mut request = Import::of(SourceName::new(&source), &found.name);
        request.stream = stream.map(StreamName::new);
        arguments.written.say(&mut request);
        request.dry_run = arguments.dry_run;
        request.delivery = arguments.delivery.delivery();
        let path = self.inbox.path(&found.name);
        let came = self.import(&path, &request);
        let (end, verdict) = match came {
            Ok(outcome) => {
                let report = outcome.report;
                let is_useless = report.quarantined > 0 && report.quarantined == report.read;
                let is_useless = is_useless || outcome.has_no_rows();
                let is_failed = outcome.held_back.is_some() || is_useless;
                let end = if is_failed { End::Failed } else { End::Done };
                self.has_news |= import::has_news(&request, &outcome);
                if !self.output.json {
                    import::tell(&request, &outcome, self.output)?;
                }
                let mut verdict = import::to_json(&request, &outcome);
                if outcome.has_no_rows() {
                    verdict["error"] = NO_ROWS.into();
                }
                (end, verdict)
            }
            // A file that can never be used must not keep the others waiting.
            Err(error) if failure::is_about_file(&error) || error.is::<failure::Usage>() => {
                let why = failure::message(&error);
                if !self.output.json {
                    say(&format!("error: {why}"));
                }
                let (source, file) = (&request.source, &request.file);
                (End::Failed, json!({ "source": source, "file": file, "error": why }))
            }
            Err(error) => return Err(error),
        };
        self.ends(found, end, verdict)
    }

    fn import(&self, path: &Path, request: &Import) -> anyhow::Result<door::views::ImportOutcome> {
        let input = self.arguments.database.open(path)?;
        let unmask = self.arguments.unmask;
        let entry = unmasking::open(self.invocation, request.dry_run, unmask)?;
        import::import(&entry, request, input)
    }

    fn ends(&mut self, found: &Found, end: End, mut verdict: Value) -> anyhow::Result<Code> {
        if let Some(fields) = verdict.as_object_mut() {
            fields.insert("verdict".to_owned(), end.name().into());
        }
        let name = clean(&found.name);
        if self.arguments.dry_run {
            say(&format!("{name} would be moved to {}/", end.name()));
        } else if self.inbox.is_as_found(found)? {
            let moved = moving::away(self.inbox.folder(), &found.name, end, &verdict)?;
            say(&format!("{name} is now in {}", clean(&moved)));
        } else {
            // Somebody wrote into it meanwhile: the next look sees to it.
            say(&format!("{name} changed while being read: it stays, and is read again"));
            return Ok(Code::Done);
        }
        if self.output.json {
            self.output.object(&verdict)?;
        }
        Ok(if end == End::Failed { Code::Failed } else { Code::Done })
    }
}
