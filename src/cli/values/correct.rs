//! `steward values --correct`: all records that hold some values, each corrected by itself.

use std::collections::BTreeSet;

use serde_json::json;

use super::Arguments;
use crate::cli::code::Code;
use crate::cli::confirm::confirm;
use crate::cli::entry::Entry;
use crate::cli::failure::Usage;
use crate::cli::output::Output;
use crate::cli::progress::Watch;
use crate::cli::say::say;
use crate::cli::text::{clean, counted};
use crate::cli::unmasking;
use desk::jobs::Progress;
use domain::{ReasonCode, RecordAddress};
use door::operations::{CorrectSome, Holders};
use door::views::{CorrectedSome, GoldenChange, HoldersView};
use door::{BulkOutcome, BulkResult, Refusal};

/// Records judged or corrected in one question.
const STEP: usize = 16;
/// Golden values and records that are told of.
const SAMPLES: usize = 5;

/// Corrects them.
///
/// # Errors
/// When nobody confirms, everything is refused, or the workspace cannot be written.
pub fn run(
    entry: &Entry,
    arguments: &Arguments,
    to: &str,
    output: &Output,
) -> anyhow::Result<Code> {
    let mut from = arguments.correct.clone();
    from.retain(|value| value != to);
    from.dedup();
    if from.is_empty() {
        let why =
            format!("`{}` cannot be corrected to itself: name another value with --to", clean(to));
        return Err(Usage::error(why));
    }
    let holders = entry
        .ask(Holders { values: from.clone(), unmask: arguments.unmask || !arguments.dry_run })?;
    for (value, count) in from.iter().zip(&holders.of_each) {
        if *count == 0 {
            say(&format!("note: no record holds `{}`", clean(value)));
        }
    }
    if holders.records.is_empty() {
        say("no record holds these values: nothing was corrected");
        return Ok(Code::Done);
    }
    let bulk = Bulk { entry, arguments, from, to, watch: Watch::new()? };
    let judged = bulk.each(&holders.records, None)?;
    let ready = judged.outcome.results.iter().filter(|it| it.refusal.is_none()).count();
    if output.json {
        if arguments.dry_run {
            output.object(&object(&holders, &judged, true))?;
        }
    } else {
        foresee(&holders, &judged, ready, output)?;
    }
    if ready == 0 {
        return Err(all_refused(&judged.outcome).into());
    }
    if arguments.dry_run {
        unmasking::tell(&judged.outcome.unjudged, output);
        say("nothing was written (--dry-run)");
        return Ok(Code::Done);
    }
    if !arguments.yes {
        confirm(ready, ("record", "records"), "corrected", output)?;
    }
    let done = bulk.each(&holders.records, Some(&judged.outcome.results))?;
    report(&holders, &done, bulk.watch.cancelled(), output)
}

/// A bulk of corrections.
struct Bulk<'a> {
    entry: &'a Entry,
    arguments: &'a Arguments,
    from: Vec<String>,
    to: &'a str,
    watch: Watch,
}

impl Bulk<'_> {
    /// Judges each (`judged`: none), or corrects what was not refused then, until something fails or
    /// Ctrl-C is pressed.
    fn each(
        &self,
        records: &[RecordAddress],
        judged: Option<&[BulkResult]>,
    ) -> anyhow::Result<CorrectedSome> {
        let phase = if judged.is_none() { "checking each" } else { "correcting" };
        self.watch.phase(phase, Some(records.len() as u64));
        let (outcome, golden, typed) = (BulkOutcome::default(), Vec::new(), Vec::new());
        let mut done = CorrectedSome { outcome, golden, typed, needs: Vec::new() };
        let mut known = BTreeSet::new();
        for (at, some) in records.chunks(STEP).enumerate() {
            if self.watch.cancelled() || done.outcome.failed.is_some() {
                break;
            }
            let before = judged.map(|judged| &judged[at * STEP..]);
            let is_ready = |place: usize| {
                before.is_none_or(|it| it.get(place).is_some_and(|it| it.refusal.is_none()))
            };
            let ready = some.iter().enumerate().filter(|(place, _)| is_ready(*place));
            let ready: Vec<RecordAddress> = ready.map(|(_, address)| address.clone()).collect();
            let left = before.map_or(0, |it| ready_in(it.get(STEP..).unwrap_or_default()));
            let step = self.step(ready, done.outcome.bulk, left, judged.is_none());
            let mut came = self.entry.ask(step)?;
            let mut results = came.outcome.results.drain(..);
            for place in 0..some.len() {
                let result = match before.and_then(|it| it.get(place)) {
                    Some(refused) if refused.refusal.is_some() => Some(refused.clone()),
                    _ => results.next(),
                };
                done.outcome.results.extend(result);
            }
            drop(results);
            came.typed.retain(|value| !done.typed.contains(value));
            done.typed.append(&mut came.typed);
            done.golden.extend(came.golden.into_iter().filter(|it| known.insert(it.customer)));
            for (needed, many) in came.needs.drain(..) {
                done.needs_too(needed, many);
            }
            done.outcome.leaves_unjudged(came.outcome.unjudged);
            (done.outcome.bulk, done.outcome.failed) = (came.outcome.bulk, came.outcome.failed);
            self.watch.advance(some.len() as u64);
        }
        self.watch.clear();
        if let Some(failed) = done.outcome.failed.as_ref().filter(|_| done.outcome.bulk.is_none()) {
            anyhow::bail!("{failed}");
        }
        Ok(done)
    }

    fn step(
        &self,
        records: Vec<RecordAddress>,
        bulk: Option<domain::BulkId>,
        left: u64,
        rehearse: bool,
    ) -> CorrectSome {
        CorrectSome {
            field: self.arguments.field(),
            of: self.arguments.of(),
            from: self.from.clone(),
            to: self.to.to_owned(),
            records,
            reason: self.arguments.reason.as_deref().map(ReasonCode::new),
            note: self.arguments.note.clone(),
            bulk,
            left,
            rehearse,
        }
    }
}

/// How many of them were not refused.
fn ready_in(judged: &[BulkResult]) -> u64 {
    judged.iter().filter(|it| it.refusal.is_none()).count() as u64
}

fn foresee(
    holders: &HoldersView,
    judged: &CorrectedSome,
    ready: usize,
    output: &Output,
) -> anyhow::Result<()> {
    let records = counted(holders.records.len() as u64, "record", "records");
    let customers = counted(holders.customers, "customer", "customers");
    let mut lines = vec![format!("{records} of {customers} would be corrected")];
    if ready < holders.records.len() {
        lines = vec![format!("{ready} of {records} of {customers} would be corrected")];
    }
    if holders.corrected > 0 {
        let corrected = counted(holders.corrected, "record", "records");
        lines.push(format!("{corrected} already corrected by a person"));
    }
    if holders.pinned > 0 {
        let pinned = counted(holders.pinned, "customer", "customers");
        lines.push(format!("{pinned} with a pinned value, which stays"));
    }
    lines.extend(judged.typed.iter().map(|typed| clean(&typed.sentence())));
    for (needed, many) in &judged.needs {
        let records = counted(*many, "record", "records");
        lines.push(clean(&format!("{records} would only be proposed: {}", needed.sentence())));
    }
    let golden = judged.golden.len() as u64;
    lines.push(format!("{} would change", counted(golden, "golden value", "golden values")));
    lines.extend(judged.golden.iter().take(SAMPLES).map(change));
    if golden > SAMPLES as u64 {
        lines.push(format!("  and {} more", golden - SAMPLES as u64));
    }
    output.lines(&lines)?;
    tell_refused(&holders.records, &judged.outcome.results, "would be refused");
    Ok(())
}

fn change(change: &GoldenChange) -> String {
    let shown = |value: &Option<domain::Shown>| {
        value.as_ref().map_or_else(|| "no value".to_owned(), |value| clean(value))
    };
    format!("  {}: {} -> {}", change.customer, shown(&change.before), shown(&change.after))
}

/// The refusals by sentence, the most frequent first.
fn tell_refused(records: &[RecordAddress], results: &[BulkResult], what: &str) {
    let mut by_reason: Vec<(String, Vec<&RecordAddress>)> = Vec::new();
    for (record, result) in records.iter().zip(results) {
        let Some(refusal) = &result.refusal else { continue };
        let why = refusal.to_string();
        match by_reason.iter_mut().find(|known| known.0 == why) {
            Some(known) => known.1.push(record),
            None => by_reason.push((why, vec![record])),
        }
    }
    let count: usize = by_reason.iter().map(|(_, records)| records.len()).sum();
    if count == 0 {
        return;
    }
    say(&format!("{} {what}", counted(count as u64, "record", "records")));
    by_reason.sort_by_key(|(_, records)| std::cmp::Reverse(records.len()));
    for (why, records) in by_reason {
        let named: Vec<String> =
            records.iter().take(SAMPLES).map(|it| clean(&it.to_string())).collect();
        let more = match records.len().saturating_sub(SAMPLES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        say(&format!("  {}{more}: {}", named.join(", "), clean(&why)));
    }
}

fn all_refused(outcome: &BulkOutcome) -> Refusal {
    match outcome.results.iter().find_map(|result| result.refusal.clone()) {
        Some(only) if outcome.results.len() == 1 => only,
        _ => Refusal::DoesNotApply {
            why: format!(
                "all {} would be refused",
                counted(outcome.results.len() as u64, "record", "records")
            ),
        },
    }
}

fn object(holders: &HoldersView, done: &CorrectedSome, dry_run: bool) -> serde_json::Value {
    let results = holders.records.iter().zip(&done.outcome.results).map(|(record, result)| {
        let mut object = json!({ "record": record.to_string() });
        if let Some(decision) = result.decision {
            object["decision"] = decision.to_string().into();
        }
        if let Some(asks) = result.proposed {
            object["proposed"] = asks.to_string().into();
        }
        match &result.refusal {
            Some(refusal) => object["refused"] = refusal.to_string().into(),
            None => object["effect"] = result.summary.clone().into(),
        }
        object
    });
    let mut object = json!({
        "customers": holders.customers,
        "corrected_before": holders.corrected,
        "pinned": holders.pinned,
        "records": results.collect::<Vec<_>>(),
    });
    if dry_run {
        object["dry_run"] = true.into();
        object["golden"] = json!(done.golden);
        object["typed"] = json!(done.typed);
        let needs = done
            .needs
            .iter()
            .map(|(needed, many)| json!({ "by": needed.by, "rule": needed.rule, "records": many }));
        object["needs"] = needs.collect();
        object["unjudged"] = json!(done.outcome.unjudged);
    }
    if let Some(bulk) = done.outcome.bulk {
        object["bulk"] = bulk.to_string().into();
    }
    object
}

fn report(
    holders: &HoldersView,
    done: &CorrectedSome,
    stopped: bool,
    output: &Output,
) -> anyhow::Result<Code> {
    let outcome = &done.outcome;
    let done_of = |result: &&BulkResult| result.decision.is_some();
    let decided = outcome.results.iter().filter(done_of);
    let proposed = decided.filter(|result| result.proposed.is_some()).count();
    let count = outcome.results.iter().filter(done_of).count() - proposed;
    let told = match outcome.bulk {
        _ if output.json => output.object(&object(holders, done, false)),
        Some(bulk) => {
            let records = counted(count as u64, "record", "records");
            let skipped = outcome.results.len() - count - proposed;
            let proposed = match proposed {
                0 => String::new(),
                some => format!("{some} only proposed, "),
            };
            output.line(&format!("{bulk} {records} corrected, {proposed}{skipped} skipped"))
        }
        None => Ok(()),
    };
    tell_refused(&holders.records, &outcome.results, "skipped");
    if let Some(bulk) = outcome.bulk {
        say(&format!("to undo: steward undo {bulk}; to undo some: steward history {bulk}"));
    }
    if let Some(failed) = &outcome.failed {
        anyhow::bail!("{failed}; earlier corrections stand");
    }
    told?;
    if stopped {
        say("stopped; corrections already made stay");
        return Ok(Code::Failed);
    }
    if count + proposed == 0 {
        return Err(all_refused(outcome).into());
    }
    Ok(Code::Done)
}
