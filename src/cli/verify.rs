//! `steward verify`: every byte of the ledger read and judged, and the view compared with what the
//! ledger says.

use jiff::Timestamp;
use serde_json::json;

use super::failure::{Code, say};
use super::output::{Output, say_cleared};
use super::progress::Bar;
use super::session::Session;
use super::text::{clean, counted};
use crate::desk::{Desk, DeskError, StoreVerdict, clear_up_private, hex, reading_cipher};
use crate::domain::Sequence;
use crate::ledger::{self, VerifyReport};
use crate::ports::files::SystemFiles;

/// Read the whole ledger and say whether it is as it was written, and whether the view agrees.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward verify --expect $(cat hash-of-last-month)")]
pub struct Arguments {
    /// A hash that must stand in the chain, such as the one an earlier verify printed.
    #[arg(long, value_name = "HASH", value_parser = hash)]
    expect: Option<Hash>,
}

/// A chain hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hash([u8; 32]);

fn hash(text: &str) -> Result<Hash, String> {
    let wrong = || "expected 64 hexadecimal digits".to_owned();
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return Err(wrong());
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).map_err(|_| wrong())?;
    }
    Ok(Hash(bytes))
}

/// Verifies the ledger.
///
/// # Errors
/// When there is none, or a file cannot be opened; damage is told and ends with code 1.
pub fn run(arguments: &Arguments, session: &Session, output: &Output) -> anyhow::Result<Code> {
    let workspace = session.workspace();
    if !workspace.exists() {
        return Err(DeskError::NoWorkspace { folder: session.folder() }.into());
    }
    let cipher = reading_cipher(&workspace, &session.environment()?)?;
    let bar = Bar::new();
    let report = ledger::verify(
        &SystemFiles,
        &workspace.hidden(),
        &*cipher,
        &mut |done, total| bar.at("verifying", done, total),
        arguments.expect.map(|Hash(bytes)| bytes),
    )
    .map_err(DeskError::from)?;
    // A torn tail was confirmed to nobody; the next command that opens the workspace cuts it.
    let is_sound = report.damage.is_empty() && report.newer.is_none();
    let view = if is_sound {
        let environment = session.environment()?;
        say_cleared(&clear_up_private());
        Desk::compare_store(&workspace, &environment, &mut |done, total| {
            bar.at("comparing the view with the ledger", done, total);
        })?
    } else {
        StoreVerdict::NotCompared { reason: "the ledger is not sound".to_owned() }
    };
    bar.clear();
    if output.json {
        output.object(&to_json(&report, is_sound, &view))?;
    } else {
        tell(&report, is_sound, session, output)?;
        tell_view(&view, output)?;
    }
    Ok(if is_sound && !view.is_wrong() { Code::Done } else { Code::Failed })
}

/// The view's verdict in a word, and what there is to say about it.
fn in_words(view: &StoreVerdict) -> (&'static str, String) {
    match view {
        StoreVerdict::Same { entries, behind: 0 } => {
            ("same", format!("{} compared", counted(*entries, "entry", "entries")))
        }
        StoreVerdict::Same { behind, .. } => {
            let commits = counted(*behind, "commit", "commits");
            ("behind", format!("{commits} behind; the next command brings it up to the ledger"))
        }
        StoreVerdict::Absent => ("absent", "not there; the next command makes it".to_owned()),
        StoreVerdict::Wrong { what } => ("wrong", what.clone()),
        StoreVerdict::Ahead { sequence } => {
            ("ahead", format!("it has seen commit {sequence}, which the ledger has lost"))
        }
        StoreVerdict::NotCompared { reason } => ("not compared", reason.clone()),
    }
}

fn tell_view(view: &StoreVerdict, output: &Output) -> std::io::Result<()> {
    let (word, more) = in_words(view);
    let more = clean(&more);
    match view {
        StoreVerdict::Same { behind: 0, .. } => {
            output.line(&format!("  the view says what the ledger says: {more}"))?;
        }
        StoreVerdict::Wrong { .. } => {
            say(&format!("error: the view of the ledger is wrong: {more}"));
            say("  steward rebuild makes it anew; nothing is lost with it");
        }
        StoreVerdict::Ahead { .. } => {
            say(&format!("error: the view is ahead of the ledger: {more}"));
            say("  restore a backup of the workspace");
        }
        _ => say(&format!("note: the view is {word}: {more}")),
    }
    Ok(())
}

fn to_json(report: &VerifyReport, is_sound: bool, view: &StoreVerdict) -> serde_json::Value {
    let (word, more) = in_words(view);
    let damage: Vec<String> = report.damage.iter().map(ToString::to_string).collect();
    json!({
        "sound": is_sound,
        "commits": report.commits,
        "events": report.events,
        "erased": report.redacted,
        "head": report.head.as_ref().map(|head| head.sequence),
        "at": report.head.as_ref().map(|head| head.at),
        "hash": report.head.as_ref().map(|head| hex(&head.chain)),
        "still_to_come_since": still_to_come(report).map(|(since, _)| since),
        "damage": damage,
        "unfinished": report.tail.map(|tail| tail.to_string()),
        "written_by_newer": report.newer.as_ref().map(|(what, _)| what),
        "view": word,
        "view_is": more,
    })
}

/// Since which commit the time is one that is still to come, and that time.
fn still_to_come(report: &VerifyReport) -> Option<(Sequence, Timestamp)> {
    let at = report.head.as_ref()?.at;
    report.since.filter(|_| at > Timestamp::now()).map(|since| (since, at))
}

fn tell(
    report: &VerifyReport,
    is_sound: bool,
    session: &Session,
    output: &Output,
) -> std::io::Result<()> {
    let found = format!(
        "{} with {}",
        counted(report.commits, "commit", "commits"),
        counted(report.events, "event", "events")
    );
    let erased = match report.redacted {
        0 => String::new(),
        erased => format!(", {erased} of them erased"),
    };
    let verdict = if is_sound { "sound" } else { "not sound" };
    output.line(&format!("{verdict}: {found}{erased}"))?;
    if let Some(head) = &report.head {
        output.line(&format!(
            "  commit {} of {:.0}: {}",
            head.sequence,
            head.at,
            hex(&head.chain)
        ))?;
    }
    if let Some((since, at)) = still_to_come(report) {
        say(&format!(
            "warning: commit {since} is of {at:.0}, which is still to come by this computer's clock \
             ({:.0}); every commit until then carries that time",
            Timestamp::now()
        ));
    }
    if let Some(tail) = &report.tail {
        say(&format!("note: {tail}, confirmed to nobody; the next command cuts it"));
    }
    if let Some((what, version)) = &report.newer {
        say(&format!("error: {} was written by steward {version}: use that", clean(what)));
    }
    for damage in &report.damage {
        say(&format!("error: {damage}"));
    }
    if !report.damage.is_empty() {
        say(&format!("  restore a backup of {}", clean(&session.folder())));
        say("  all that can be read: steward export events -o events.jsonl");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_64_hexadecimal_digits() {
        assert_eq!(hash(&"0f".repeat(32)).unwrap(), Hash([15; 32]));
        for text in ["", "0f", &"zz".repeat(32), &"é".repeat(32)] {
            assert!(hash(text).is_err(), "{text}");
        }
    }
}
