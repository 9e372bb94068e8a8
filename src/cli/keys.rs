//! `steward keys`: how the workspace is encrypted, and another passphrase, key file or key.

use serde_json::json;

use super::code::Code;
use super::invocation::Invocation;
use super::output::Output;
use super::say::say;
use super::text::{clean, counted};
use desk::DeskError;
use door::operations::{ChangeKeys, ForeseeKeys, KeyChange, Keys};
use door::views::{HeldKeys, KeyProtection, KeysView};

/// Show how the workspace is encrypted, or change its passphrase, key file or key.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward keys passphrase\n  steward keys rotate --dry-run")]
pub struct Arguments {
    #[command(subcommand)]
    change: Option<Change>,
    /// Show what would be changed; change nothing.
    #[arg(long, global = true)]
    dry_run: bool,
}

/// What to change.
#[derive(Debug, Clone, Copy, clap::Subcommand)]
enum Change {
    /// Protect the keys with a passphrase, or change it; no data is rewritten.
    Passphrase,
    /// Protect the keys with a key file outside the workspace; no data is rewritten.
    File,
    /// Add a key to encrypt new data with; existing data stays under its key.
    Rotate,
}

impl From<Change> for KeyChange {
    fn from(change: Change) -> Self {
        match change {
            Change::Passphrase => KeyChange::Passphrase,
            Change::File => KeyChange::KeyFile,
            Change::Rotate => KeyChange::Rotate,
        }
    }
}

/// Shows or changes keys.
///
/// # Errors
/// When the workspace cannot be opened or is not encrypted, or the disk refuses.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    let entry = invocation.open_for(arguments.change.is_none())?;
    if matches!(arguments.change, Some(Change::Passphrase | Change::File)) {
        // A passphrase is asked for where the workspace is open, and never goes over a socket.
        entry.must_be_here()?;
    }
    let before = entry.ask(Keys {})?;
    let Some(change) = arguments.change else {
        show(&before, output)?;
        return Ok(Code::Done);
    };
    if arguments.dry_run {
        let view = entry.ask(ForeseeKeys { change: change.into() })?;
        return foresee(&view, change, output);
    }
    let view = entry.ask(ChangeKeys { change: change.into() })?;
    if output.json {
        output.object(&to_json(&view))?;
        return Ok(Code::Done);
    }
    tell(change, before.keys, held(&view)?, output)?;
    Ok(Code::Done)
}

/// The keys of a workspace that has some.
fn held(view: &KeysView) -> anyhow::Result<&HeldKeys> {
    Ok(view.keys.as_ref().ok_or(DeskError::NotEncrypted)?)
}

/// Says what was changed, and what follows from it.
fn tell(
    change: Change,
    before: Option<HeldKeys>,
    keys: &HeldKeys,
    output: &Output,
) -> anyhow::Result<()> {
    output.line(&match change {
        Change::Passphrase => "the keys are protected with the new passphrase".to_owned(),
        Change::File => "the keys are protected by the key file".to_owned(),
        Change::Rotate => format!("key {} encrypts new data", keys.current),
    })?;
    match (change, before.map(|it| it.protection), &keys.protection) {
        (Change::Passphrase, Some(KeyProtection::KeyFile(path)), _) => {
            let path = clean(&path);
            say(&format!("{path} no longer opens it; earlier backups still need it"));
        }
        (Change::File, _, KeyProtection::KeyFile(path)) => say(&keep_a_copy(path)),
        (Change::Rotate, ..) => {
            say("earlier data stays under its key; to re-encrypt it: steward rekey")
        }
        _ => {}
    }
    Ok(())
}

/// Says what a change would come to.
fn foresee(view: &KeysView, change: Change, output: &Output) -> anyhow::Result<Code> {
    let keys = held(view)?;
    let now = protection(keys);
    let (name, would) = match change {
        Change::Passphrase => {
            ("passphrase", format!("the keys protected with a new passphrase instead of the {now}"))
        }
        Change::File => ("file", format!("the keys protected by a key file instead of the {now}")),
        Change::Rotate => ("rotate", format!("key {} added, to encrypt new data", keys.next)),
    };
    if output.json {
        let mut object = to_json(view);
        object["dry_run"] = true.into();
        object["change"] = name.into();
        object["effect"] = would.into();
        output.object(&object)?;
        return Ok(Code::Done);
    }
    output.line(&format!("dry run: {would}"))?;
    say("nothing was written (--dry-run)");
    Ok(Code::Done)
}

fn protection(keys: &HeldKeys) -> String {
    match &keys.protection {
        KeyProtection::KeyFile(path) => format!("key file {}", clean(path)),
        KeyProtection::Passphrase => "passphrase".to_owned(),
    }
}

/// What everyone has to know who has a workspace with a key file.
pub fn keep_a_copy(path: &str) -> String {
    format!(
        "the key is in {}: keep a copy of that file elsewhere. Without it nobody can read this \
         workspace, not even us",
        clean(path)
    )
}

fn show(view: &KeysView, output: &Output) -> anyhow::Result<()> {
    if output.json {
        output.object(&to_json(view))?;
        return Ok(());
    }
    let Some(keys) = &view.keys else {
        output.line("not encrypted: this workspace predates encryption")?;
        return Ok(());
    };
    let protection = protection(keys);
    let mut lines = vec![format!("encrypted with XChaCha20-Poly1305, protected by: {protection}")];
    lines.extend(keys.keys.iter().map(|id| line_of(*id, keys, view)));
    output.lines(&lines)?;
    if keys.rekeying {
        say("note: steward rekey was interrupted; run it again");
    }
    Ok(())
}

fn line_of(id: u32, keys: &HeldKeys, view: &KeysView) -> String {
    let segments = view.segments.get(&id).copied().unwrap_or_default();
    let current = if id == keys.current { ", encrypts new data" } else { "" };
    format!("  key {id}: {}{current}", counted(segments, "segment", "segments"))
}

fn to_json(view: &KeysView) -> serde_json::Value {
    let Some(keys) = &view.keys else {
        return json!({ "encrypted": false, "segments": view.segments });
    };
    let (protection, key_file) = match &keys.protection {
        KeyProtection::KeyFile(path) => ("key-file", Some(path)),
        KeyProtection::Passphrase => ("passphrase", None),
    };
    let each = keys.keys.iter().map(|id| {
        json!({
            "id": id,
            "segments": view.segments.get(id).copied().unwrap_or_default(),
            "current": *id == keys.current,
        })
    });
    json!({
        "encrypted": true,
        "cipher": "XChaCha20-Poly1305",
        "protection": protection,
        "key_file": key_file,
        "keys": each.collect::<Vec<_>>(),
        "rekeying": keys.rekeying,
    })
}
