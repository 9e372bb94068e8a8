//! The log for those who mend steward: warnings with ids, never values. And what is said when
//! steward itself fails.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use etcetera::BaseStrategy;
use rustix::fs::OFlags;
use serde_json::json;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;

use super::say::say;
use ledger::ports::own;

/// The variable that sets the level: off, error, warn, info, debug. Unless it is set: warnings, that steward serve
/// started and stopped, who comes in over SSH, and who ended whose session.
const LEVEL: &str = "STEWARD_LOG";

/// Whether a thread of this process panicked and nobody answered that, be it the one that carries a
/// command out or not.
static FAILED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Whether steward itself has failed, and said so.
pub fn has_failed() -> bool {
    FAILED.load(Ordering::SeqCst)
}

/// What is raised once steward itself has failed.
pub fn failed() -> Arc<AtomicBool> {
    Arc::clone(&FAILED)
}

/// Begins the log and answers panics, which are told as JSON where that was asked for.
pub fn start(json: bool) {
    let level = std::env::var(LEVEL).ok().and_then(|text| text.parse::<LevelFilter>().ok());
    let targets = match level {
        Some(level) => Targets::new().with_default(level),
        None => {
            let told = [("ssh", LevelFilter::INFO), ("serve", LevelFilter::INFO)];
            Targets::new().with_default(LevelFilter::WARN).with_targets(told)
        }
    };
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(Mutex::new(Journal::default()))
        .finish()
        .with(targets);
    // Set once, at the start of the process.
    let _ = tracing::subscriber::set_global_default(subscriber);
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        if store::guarding() {
            tracing::warn!(place, "the store's library panicked; handled");
            return;
        }
        if intake::acquire::guarding() {
            tracing::warn!(place, "a library gave up on a damaged file; handled");
            return;
        }
        // The payload may hold a record's values; the place never does.
        if door::fault::is_answered() {
            tracing::error!(place, "an operation failed; the desk carries on");
            return;
        }
        tracing::error!(place, "steward failed");
        // What fails after that, here or on another thread, fails because of it.
        if !FAILED.swap(true, Ordering::SeqCst) {
            tell_fault(&place, json);
        }
    }));
}

/// Tells a fault of steward's own: where, what became of the work, and what to do.
fn tell_fault(place: &str, json: bool) {
    let what = format!("steward itself failed at {place}; your data and your command are fine");
    let kept = "confirmed work is kept; work under way may be half done: see `steward history`, then run it again";
    let log = path().map(|path| path.display().to_string());
    if json {
        say(&json!({ "error": what, "fault": place, "hint": kept, "log": log }).to_string());
        return;
    }
    say(&format!("error: {what}"));
    say(&format!("  {kept}"));
    let log = log.map_or(String::new(), |path| format!(" and what {path} says"));
    say(&format!("  if it fails again, please report that location{log}"));
}

/// Where the log stands: in the XDG state folder.
pub fn path() -> Option<PathBuf> {
    let folder = etcetera::base_strategy::choose_base_strategy().ok()?.state_dir()?;
    Some(folder.join("steward").join("steward.log"))
}

/// The log's file, made when there is something to write.
#[derive(Default)]
struct Journal(Option<File>);

impl Journal {
    fn file(&mut self) -> io::Result<&mut File> {
        let file = match self.0.take() {
            Some(file) => file,
            None => open()?,
        };
        Ok(self.0.insert(file))
    }
}

fn open() -> io::Result<File> {
    let path = path().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    // A log that is a link or a pipe is not used: it could block, or write somewhere else.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let mut options = OpenOptions::new();
    options.append(true).create(true).mode(0o600).custom_flags(flags.bits().cast_signed());
    let file = options.open(path)?;
    own::file(&file.metadata()?)?;
    Ok(file)
}

/// A log that cannot be written is no reason not to work.
impl Write for Journal {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Ok(file) = self.file() {
            let _ = file.write_all(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
