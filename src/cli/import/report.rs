//! What is told of an import, to people and to programs.

use std::io;

use serde_json::json;

use super::super::delivery;
use super::super::output::Output;
use super::super::say::say;
use super::super::text::{clean, counted};
use super::super::unmasking;
use domain::{FieldName, Place, QuarantineReason, Skipped, StreamName, TaskId};
use door::operations::Import;
use door::views::{ImportOutcome, NO_ROWS, PreviewRow, PreviewValue};

/// What programs are told of an import.
pub fn to_json(request: &Import, outcome: &ImportOutcome) -> serde_json::Value {
    let report = &outcome.report;
    let named = outcome.quarantined.iter();
    let named: Vec<_> =
        named.map(|(line, reason)| json!({ "line": line, "reason": reason })).collect();
    let mut object = json!({
        "import": outcome.import,
        "source": request.source,
        "stream": outcome.stream,
        "file": request.file,
        "format": outcome.format,
        "reading": outcome.reading,
        "assumed": outcome.reading.assumptions(outcome.place()),
        "remarks": outcome.reading.remarks(outcome.place()),
        "preview": outcome.preview,
        "dry_run": request.dry_run,
        "read": report.read,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "quarantined": report.quarantined,
        "suppressed": report.suppressed,
        "skipped": skipped_to_json(&report.skipped),
        "tasks": outcome.tasks,
        "challenges": outcome.challenges,
        "quarantined_by": outcome.quarantined_by,
        "first_quarantined": named,
        "troubles": outcome.troubles,
    });
    if outcome.stream.is_some() {
        object["unattached"] = json!(outcome.unattached);
        object["withdrawn"] = json!(outcome.withdrawn);
    }
    if request.dry_run {
        object["left_out"] = json!(outcome.left_out);
        object["unjudged"] = json!(outcome.unjudged);
    }
    if let (Some(fields), serde_json::Value::Object(more)) =
        (object.as_object_mut(), delivery::to_json(outcome))
    {
        fields.extend(more);
    }
    object
}

fn skipped_to_json(skipped: &Skipped) -> serde_json::Value {
    json!({
        "blank": skipped.blank,
        "repeated_headers": skipped.headers,
        "above_the_header": skipped.above,
        "below_the_table": skipped.below,
        "totals_in_the_table": skipped.totals,
        "repeated_rows": skipped.repeated,
        "rows_that_end_early": skipped.ended_early,
        "rows_of_kinds_left_out": skipped.left_out,
    })
}

/// Tells people of an import.
pub fn tell(request: &Import, outcome: &ImportOutcome, output: &Output) -> io::Result<()> {
    let report = &outcome.report;
    let file = clean(&request.file);
    let id = outcome.import.map_or(String::new(), |id| format!("{id}: "));
    let what = outcome.stream.as_ref().map_or(request.source.as_str(), StreamName::as_str);
    output.line(&format!("{id}{file} as {what} ({})", outcome.format))?;
    show(&outcome.preview, outcome.place(), output)?;
    output.line(&format!(
        "  {} read: {} new, {} changed, {} unchanged, {} quarantined",
        report.read, report.new, report.changed, report.unchanged, report.quarantined
    ))?;
    if outcome.has_no_rows() {
        output.line(&format!("  {NO_ROWS}"))?;
    }
    let skipped = report.skipped.to_string();
    if !skipped.is_empty() {
        output.line(&format!("  {skipped} skipped"))?;
    }
    if report.skipped.ended_early > 0 {
        let rows = counted(report.skipped.ended_early, "row ends early", "rows end early");
        output.line(&format!("  {rows}: missing cells are read as empty"))?;
    }
    if report.skipped.joined > 0 {
        let rows = counted(report.skipped.joined, "row", "rows");
        output.line(&format!("  {rows} joined with the first row of their record"))?;
    }
    for line in delivery::lines(outcome) {
        output.line(&format!("  {line}"))?;
    }
    if report.suppressed > 0 {
        let whose = match report.suppressed {
            1 => "it belongs to a person who was erased",
            _ => "they belong to people who were erased",
        };
        let rows = counted(report.suppressed, "row", "rows");
        output.line(&format!("  {rows} skipped: {whose}"))?;
    }
    if outcome.withdrawn > 0 {
        let gone = counted(outcome.withdrawn, "activity", "activities");
        output.line(&format!(
            "  {gone} withdrawn: not in the file any more, or of a kind left out"
        ))?;
    }
    if outcome.replaces_nothing {
        output.line("  nothing was withdrawn: rows in quarantine may be what is missing")?;
    }
    if let Some(line) = unattached(outcome) {
        output.line(&format!("  {line}"))?;
    }
    let assumed = outcome.reading.assumptions(outcome.place());
    if !assumed.is_empty() {
        output.line(&format!("  assumed: {}", clean(&assumed.join("; "))))?;
    }
    for remark in outcome.reading.remarks(outcome.place()) {
        say(&format!("  {}", clean(&remark)));
    }
    for troubled in &outcome.troubles {
        say(&format!("  {}", clean(&troubled.sentence(outcome.place()))));
    }
    for (line, reason) in &outcome.quarantined {
        let place = outcome.place();
        say(&format!("  quarantined: {place} {line}: {}", clean(reason)));
    }
    if report.quarantined > 1 {
        let kinds = outcome.quarantined_by.iter().map(|(kind, rows)| format!("{kind}: {rows}"));
        say(&format!("  quarantined by reason: {}", kinds.collect::<Vec<_>>().join("; ")));
    }
    if outcome.quarantined_by.contains_key(QuarantineReason::REPEATED_KEY) {
        let (what, table) = match &outcome.stream {
            Some(stream) => ("activity", format!("[streams.{stream}]")),
            None => ("record", format!("[sources.{}]", request.source)),
        };
        say(&format!(
            "  if rows with the same key are one {what}, join them: rows = \"several\" in {table}"
        ));
    }
    if report.quarantined > 0 {
        let more = report.quarantined - outcome.quarantined.len() as u64;
        // A dry run sets nothing aside that could be listed.
        let way_out = "to list, fix and import them again: steward export quarantine";
        match (more, request.dry_run) {
            (0, true) => {}
            (0, false) => say(&format!("  {way_out}")),
            (_, true) => say(&format!("  and {more} more")),
            (_, false) => say(&format!("  and {more} more; {way_out}")),
        }
    }
    delivery::tell(outcome, request.dry_run);
    if let Some(sentence) = contradicted(&outcome.challenges) {
        say(&sentence);
    }
    if outcome.tasks > 0 {
        let tasks = counted(outcome.tasks, "task", "tasks");
        say(&format!("{tasks} for invalid records: steward tasks --kind invalid"));
    }
    if !outcome.left_out.is_empty() {
        let fields: Vec<&str> = outcome.left_out.iter().map(FieldName::as_str).collect();
        let fields = clean(&fields.join(", "));
        let what = match request.dry_run {
            true => "masked fields are not counted without --unmask",
            false => "what you see masked is not counted",
        };
        say(&format!("{what}: {fields}"));
    }
    unmasking::tell(&outcome.unjudged, output);
    if outcome.unjudged_owners {
        say(
            "whether rows make another customer of a record was judged without masked fields: pass --unmask to judge all of it",
        );
    }
    if request.dry_run {
        say("nothing was written (--dry-run)");
    }
    Ok(())
}

/// `12 activities of orders belong to nobody yet: 10 unknown, 2 several`.
fn unattached(outcome: &ImportOutcome) -> Option<String> {
    let stream = outcome.stream.as_ref()?;
    let all: u64 = outcome.unattached.values().sum();
    if all == 0 {
        return None;
    }
    let reasons = outcome.unattached.iter().filter(|(_, count)| **count > 0);
    let reasons: Vec<String> =
        reasons.map(|(reason, count)| format!("{count} {}", clean(reason))).collect();
    let all = counted(all, "activity", "activities");
    let belong = if all.starts_with("1 ") { "belongs" } else { "belong" };
    Some(format!("{all} of {stream} {belong} to nobody yet: {}", reasons.join(", ")))
}

/// Decisions that the file contradicts are named up to so many.
const CHALLENGES: usize = 5;

/// `2 decisions are contradicted by new data (T5, T6)`.
pub fn contradicted(challenges: &[TaskId]) -> Option<String> {
    let mut named: Vec<String> =
        challenges.iter().take(CHALLENGES).map(ToString::to_string).collect();
    if challenges.len() > CHALLENGES {
        named.push(format!("and {} more", challenges.len() - CHALLENGES));
    }
    let decisions = counted(challenges.len() as u64, "decision is", "decisions are");
    let sentence = format!("{decisions} contradicted by new data ({})", named.join(", "));
    (!challenges.is_empty()).then_some(sentence)
}

/// Whether an import wrote anything that a matching run should look at.
pub fn has_news(request: &Import, outcome: &ImportOutcome) -> bool {
    let report = &outcome.report;
    !request.dry_run
        && outcome.stream.is_none()
        && report.new + report.changed + report.closed + report.returned > 0
}

/// The first rows as they would be read: what was delivered, and its standard form where that is
/// another.
fn show(rows: &[PreviewRow], place: Place, output: &Output) -> io::Result<()> {
    for row in rows {
        output.line(&format!("  {place} {}, key {}", row.line, clean(&row.key)))?;
        for PreviewValue { field, raw, standard } in &row.values {
            let raw = clean(raw.as_str());
            let read = match standard {
                None => " (cannot be read)".to_owned(),
                Some(standard) if clean(standard.as_str()) == raw => String::new(),
                Some(standard) => format!(" -> {}", clean(standard.as_str())),
            };
            output.line(&format!("    {field}: {raw}{read}"))?;
        }
    }
    Ok(())
}
