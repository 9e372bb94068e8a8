//! `steward verify`: every byte of the ledger read and judged, and the view compared with what the
//! ledger says.

use jiff::Timestamp;
use serde_json::json;

use super::code::Code;
use super::invocation::Invocation;
use super::moment;
use super::output::Output;
use super::progress::Bar;
use super::say::{say, say_cleared};
use super::text::{clean, counted};
use desk::{Desk, StoreVerdict, Verification, clear_up_private, hex, no_workspace};
use domain::Sequence;
use ledger::{LedgerError, VerifyReport};

/// Read the whole ledger and check that it is as written, and that the view agrees.
///
/// Exits with 0 when both were read and agree, 1 when something is wrong, and 4 when the
/// ledger is sound but the view could not be compared or does not exist yet.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  steward verify --expect $(cat hash-of-last-month)")]
pub struct Arguments {
    /// A hash that must be in the chain, such as the one an earlier verify printed.
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

/// Verifies the ledger and the view.
///
/// # Errors
/// When there is none, or a file cannot be opened; damage is told and ends with code 1.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let workspace = invocation.workspace();
    let environment = invocation.environment()?;
    if !workspace.exists() {
        return Err(no_workspace(&workspace, &environment).into());
    }
    let bar = Bar::new();
    say_cleared(&clear_up_private());
    let expect = arguments.expect.map(|Hash(bytes)| bytes);
    let found = Desk::verify(&workspace, &environment, expect, &mut |phase, done, total| {
        bar.at(phase, done, total);
    })?;
    bar.clear();
    if output.json {
        output.object(&to_json(&found))?;
    } else {
        tell(&found, invocation, output)?;
        tell_view(&found, output)?;
        for pending in &found.pending {
            say(&format!("note: {}", clean(pending)));
        }
    }
    Ok(match &found.view {
        _ if !found.is_sound() => Code::Failed,
        view if view.is_wrong() => Code::Failed,
        StoreVerdict::NotCompared { .. } | StoreVerdict::Absent => Code::Refused,
        _ => Code::Done,
    })
}

/// The view's verdict in a word, and what there is to say about it.
fn in_words(view: &StoreVerdict) -> (&'static str, String) {
    let more = match view {
        StoreVerdict::Same { entries, behind: 0, .. } => {
            format!("{} compared", counted(*entries, "entry", "entries"))
        }
        StoreVerdict::Same { behind, .. } => {
            let commits = counted(*behind, "commit", "commits");
            format!("{commits} behind; the next command brings it up to the ledger")
        }
        StoreVerdict::Absent => "the next command builds it".to_owned(),
        StoreVerdict::Wrong { what } => what.clone(),
        StoreVerdict::Denies { what, .. } => what.to_string(),
        StoreVerdict::NotCompared { reason } => reason.clone(),
    };
    (view.word(), more)
}

fn tell_view(found: &Verification, output: &Output) -> std::io::Result<()> {
    let (word, more) = in_words(&found.view);
    let more = clean(&more);
    match &found.view {
        StoreVerdict::Same { behind: 0, .. } => {
            output.line(&format!("  the view agrees with the ledger: {more}"))?;
        }
        StoreVerdict::Wrong { .. } => {
            say(&format!("error: the view is damaged: {more}"));
            // Where commits are lost it would refuse.
            if found.is_sound() {
                say("  to rebuild it from the ledger: steward rebuild");
            }
        }
        StoreVerdict::Denies { .. } => {
            say(&format!("error: {more}"));
            say(&format!("  {}", LedgerError::WAY_OUT));
        }
        StoreVerdict::Absent if found.is_denied() => say("note: there is no view"),
        StoreVerdict::Absent => say(&format!("note: there is no view yet; {more}")),
        StoreVerdict::NotCompared { .. } => say(&format!("error: the view was {word}: {more}")),
        _ => say(&format!("note: the view is {word}: {more}")),
    }
    Ok(())
}

fn to_json(found: &Verification) -> serde_json::Value {
    let report = &found.report;
    let (word, more) = in_words(&found.view);
    let damage: Vec<String> = report.damage.iter().map(ToString::to_string).collect();
    json!({
        "sound": found.is_sound(),
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
        "known": found.known.to_string(),
        "pending": found.pending,
        "held_by": found.holder,
    })
}

/// Since which commit the time is one that is still to come, and that time.
fn still_to_come(report: &VerifyReport) -> Option<(Sequence, Timestamp)> {
    let at = report.head.as_ref()?.at;
    report.since.filter(|_| at > Timestamp::now()).map(|since| (since, at))
}

fn tell(found: &Verification, invocation: &Invocation, output: &Output) -> std::io::Result<()> {
    let report = &found.report;
    let contents = format!(
        "{} with {}",
        counted(report.commits, "commit", "commits"),
        counted(report.events, "event", "events")
    );
    let erased = match report.redacted {
        0 => String::new(),
        erased => format!(", {erased} of them erased"),
    };
    let verdict = if found.is_sound() { "sound" } else { "not sound" };
    output.line(&format!("{verdict}: {contents}{erased}"))?;
    if let Some(head) = &report.head {
        output.line(&format!(
            "  commit {} of {}: {}",
            head.sequence,
            moment::shown(head.at),
            hex(&head.chain)
        ))?;
    }
    if let Some((since, at)) = still_to_come(report) {
        say(&format!(
            "warning: commit {since} is dated {at:.0}, in the future by this computer's clock \
             ({:.0}); every commit until then will carry that time",
            Timestamp::now()
        ));
    }
    match (&report.tail, &found.holder) {
        (Some(tail), Some(holder)) => {
            say(&format!("note: {tail}; {} is writing there", clean(holder)));
        }
        // The next command refuses to open it, and cuts nothing.
        (Some(tail), None) if !found.is_sound() => say(&format!("note: {tail}")),
        (Some(tail), None) => {
            say(&format!("note: {tail}; the next command that writes will cut them off"));
            say(&format!("  {}; whether there was a later one is unknown", found.known));
        }
        (None, _) => {}
    }
    if let Some(unread) = &found.known.unreadable {
        say(&format!("note: {}", clean(&unread.to_string())));
    }
    if let Some((what, version)) = &report.newer {
        say(&format!(
            "error: {} was written by steward {version}: use that version or a later one",
            clean(what)
        ));
    }
    for damage in &report.damage {
        say(&format!("error: {damage}"));
    }
    if !report.damage.is_empty() {
        if found.is_denied() {
            say(&format!("  {}", LedgerError::WAY_OUT));
        } else {
            say(&format!("  restore a backup of {}", clean(&invocation.folder())));
        }
        say("  to save all that can be read: steward export events -o events.jsonl");
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
