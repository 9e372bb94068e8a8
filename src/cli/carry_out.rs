//! Decisions: carried out, or (`--dry-run`) only foreseen.

use std::collections::BTreeMap;

use serde_json::json;

use super::code::Code;
use super::entry::Entry;
use super::moment;
use super::output::Output;
use super::say::say;
use super::text::clean;
use super::unmasking;
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
    tell_all(std::slice::from_ref(receipt), output)
}

/// The same of several: how they are taken back is said once.
///
/// # Errors
/// When the output cannot be written.
pub fn tell_all(receipts: &[Receipt], output: &Output) -> anyhow::Result<Code> {
    for receipt in receipts {
        tell_one(receipt, output)?;
    }
    let decisions: Vec<String> = receipts.iter().map(|it| it.decision.to_string()).collect();
    if !output.json && !decisions.is_empty() {
        say(&format!("to undo: steward undo {}", decisions.join(" ")));
    }
    Ok(Code::Done)
}

fn tell_one(receipt: &Receipt, output: &Output) -> anyhow::Result<()> {
    if output.json {
        return Ok(output.object(receipt)?);
    }
    output.line(&format!(
        "{} {}",
        receipt.decision,
        clean(&moment::localised(&receipt.summary))
    ))?;
    for typed in &receipt.typed {
        output.line(&clean(&typed.sentence()))?;
    }
    if let Some(brought) = receipt.brought() {
        say(&brought);
    }
    for export in &receipt.exported_meanwhile {
        say(&format!("note: exports made before this undo still contain it: {}", clean(export)));
    }
    Ok(())
}

/// Says what would be done.
///
/// # Errors
/// The refusal, or a failure.
pub fn foresee(entry: &Entry, request: Request, output: &Output) -> anyhow::Result<Code> {
    foresee_part(entry, request, output)?;
    nothing_written(output);
    Ok(Code::Done)
}

/// Says that it was a dry run.
pub fn nothing_written(output: &Output) {
    if !output.json {
        say("nothing was written (--dry-run)");
    }
}

/// Says what would be done, as a part of several.
///
/// # Errors
/// The refusal, or a failure.
pub fn foresee_part(entry: &Entry, request: Request, output: &Output) -> anyhow::Result<()> {
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
            "unjudged": preview.unjudged,
        }))?;
        return Ok(());
    }
    output.line(&would_be(&preview.effect))?;
    for typed in &preview.typed {
        output.line(&clean(&typed.sentence()))?;
    }
    unmasking::tell(&preview.unjudged, output);
    Ok(())
}

/// What a dry run says of an effect; one that says it already says it once.
pub(super) fn would_be(effect: &str) -> String {
    let effect = clean(&moment::localised(effect));
    match effect.starts_with("would ") {
        true => effect.to_string(),
        false => format!("dry run: {effect}"),
    }
}
