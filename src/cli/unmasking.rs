//! `--unmask` of a dry run: whoever passes it may be told what rules say of masked fields, once that is
//! recorded.

use super::entry::Entry;
use super::invocation::Invocation;
use super::output::Output;
use super::say::say;
use super::text::clean;
use domain::RuleId;
use door::operations::{About, KeepInClear};

/// Opens the workspace for a command that only reads where it is a dry run; one that looks behind masks
/// writes down that it does.
///
/// # Errors
/// When there is no workspace, another process holds it, or it is damaged.
pub fn open(invocation: &Invocation, dry_run: bool, unmask: bool) -> anyhow::Result<Entry> {
    if !dry_run || !unmask {
        return invocation.open_for(dry_run);
    }
    let entry = invocation.open()?;
    // Of those that are not sensitive nothing is masked; steward.toml, which says so, may be another user's.
    let fields = entry.ask(About {})?.fields;
    entry.ask(KeepInClear { fields })?;
    Ok(entry)
}

/// Says which rules a dry run left unjudged.
pub fn tell(unjudged: &[RuleId], output: &Output) {
    if unjudged.is_empty() || output.json {
        return;
    }
    let rules: Vec<&str> = unjudged.iter().map(RuleId::as_str).collect();
    say(&format!("not judged without --unmask: {}", clean(&rules.join(", "))));
}
