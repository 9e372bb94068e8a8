//! `steward verify`: every byte of the ledger read and judged.

use serde_json::json;

use super::failure::{Code, say};
use super::output::Output;
use super::progress::Bar;
use super::session::Session;
use super::text::{clean, counted};
use crate::desk::{DeskError, hex};
use crate::ledger::{self, VerifyReport};
use crate::ports::cipher::NoCipher;
use crate::ports::files::SystemFiles;

/// Read the whole ledger and say whether it is as it was written.
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
    let bar = Bar::new();
    let report = ledger::verify(
        &SystemFiles,
        &workspace.hidden(),
        &NoCipher,
        &mut |done, total| bar.at("verifying", done, total),
        arguments.expect.map(|Hash(bytes)| bytes),
    )
    .map_err(DeskError::from)?;
    bar.clear();
    // A torn tail was confirmed to nobody; the next command that opens the workspace cuts it.
    let is_sound = report.damage.is_empty() && report.newer.is_none();
    if output.json {
        output.object(&to_json(&report, is_sound))?;
    } else {
        tell(&report, is_sound, session, output)?;
    }
    Ok(if is_sound { Code::Done } else { Code::Failed })
}

fn to_json(report: &VerifyReport, is_sound: bool) -> serde_json::Value {
    let damage: Vec<String> = report.damage.iter().map(ToString::to_string).collect();
    json!({
        "sound": is_sound,
        "commits": report.commits,
        "events": report.events,
        "erased": report.redacted,
        "head": report.head.as_ref().map(|head| head.sequence),
        "at": report.head.as_ref().map(|head| head.at),
        "hash": report.head.as_ref().map(|head| hex(&head.chain)),
        "damage": damage,
        "unfinished": report.tail.map(|tail| tail.to_string()),
        "written_by_newer": report.newer.as_ref().map(|(what, _)| what),
    })
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
