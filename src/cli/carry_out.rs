//! Decisions: carried out, or (`--dry-run`) only foreseen.

use std::collections::BTreeMap;

use serde_json::json;

use super::code::Code;
use super::entry::Entry;
use super::output::Output;
use super::say::say;
use super::text::clean;
use door::operations::{Decide, Preview};
use door::{Receipt, Request};

/// Carries a request out and says what was done, or what would be.
///
/// # Errors
/// The refusal (of a foreseen one, too), or a failure.
pub fn carry_out(
    entry: &Entry,
    request: Request,
    dry_run: bool,
    output: &Output,
) -> anyhow::Result<Code> {
    if dry_run {
        return foresee(entry, request, output);
    }
    tell(&entry.ask(Decide { request })?, output)
}

/// Says what was done, and how it is taken back.
///
/// # Errors
/// When the output cannot be written.
pub fn tell(receipt: &Receipt, output: &Output) -> anyhow::Result<Code> {
    if output.json {
        output.object(receipt)?;
        return Ok(Code::Done);
    }
    output.line(&format!("{} {}", receipt.decision, clean(&receipt.summary)))?;
    for typed in &receipt.typed {
        output.line(&clean(&typed.sentence()))?;
    }
    for export in &receipt.exported_meanwhile {
        say(&format!("note: exported meanwhile, with what is now undone: {}", clean(export)));
    }
    say(&format!("take it back: steward undo {}", receipt.decision));
    Ok(Code::Done)
}

/// Says what would be done.
///
/// # Errors
/// The refusal, or a failure.
pub fn foresee(entry: &Entry, request: Request, output: &Output) -> anyhow::Result<Code> {
    let preview = entry.ask(Preview { request, unmask: false })?;
    if let Some(refusal) = preview.refusal {
        return Err(refusal.into());
    }
    if output.json {
        let golden: BTreeMap<_, _> = preview
            .golden
            .values
            .iter()
            .map(|value| (value.field.as_str(), value.text.as_str()))
            .collect();
        output.object(&json!({
            "dry_run": true,
            "effect": preview.effect,
            "customer": preview.customer,
            "golden": golden,
            "typed": preview.typed,
        }))?;
        return Ok(Code::Done);
    }
    output.line(&format!("would be: {}", clean(&preview.effect)))?;
    for typed in &preview.typed {
        output.line(&clean(&typed.sentence()))?;
    }
    say("nothing was written (--dry-run)");
    Ok(Code::Done)
}
