//! What a file is beside what its source delivered before: as it is said, and what is told of it.

use std::io::{self, BufRead, Write};

use serde_json::{Value, json};

use super::say::say;
use super::text::{clean, counted};
use domain::ImportReport;
use door::operations::Delivery;
use door::views::{HeldBack, ImportOutcome, WhyHeldBack};

/// How a file relates to what its source delivered before.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct DeliveryArguments {
    /// Also import rows that are older than the data held (by the source's `updated`).
    #[arg(long)]
    pub accept_older: bool,
    /// The file is everything its source has: records missing from it have vanished. They
    /// become one task per customer, or are closed, as `vanished` in steward.toml says.
    #[arg(long)]
    pub complete: bool,
    /// Accept the file, however many records have vanished or are deleted in the source.
    #[arg(long)]
    pub accept_vanished: bool,
    /// Accept the file, however many of its rows make another customer of a record.
    #[arg(long)]
    pub accept_rekeyed: bool,
}

impl DeliveryArguments {
    /// What is asked of the desk.
    pub fn delivery(self) -> Delivery {
        let DeliveryArguments { accept_older, complete, accept_vanished, accept_rekeyed } = self;
        Delivery { accept_older, complete, accept_vanished, accept_rekeyed }
    }
}

/// What programs are told, beside the counts of rows.
pub fn to_json(outcome: &ImportOutcome) -> Value {
    let report = &outcome.report;
    json!({
        "older": report.older,
        "dropped": outcome.dropped,
        "lacking": outcome.lacking.iter().map(|lacking| &lacking.column).collect::<Vec<_>>(),
        "returned": report.returned,
        "vanished": report.vanished,
        "deleted": report.deleted,
        "closed": report.closed,
        "vanished_tasks": outcome.vanished_tasks,
        "merged": report.merged,
        "merged_unknown": report.merged_unknown,
        "merged_tasks": outcome.merged_tasks,
        "overlaid": report.overlaid,
        "overlay_tasks": outcome.overlay_tasks,
        "joined_rows": report.skipped.joined,
        "records_whose_rows_differ": report.skipped.differing,
        "first_vanished": outcome.vanished,
        "held_back": outcome.held_back.map(|held| held.to_string()),
    })
}

/// What people are told, a line each.
pub fn lines(outcome: &ImportOutcome) -> Vec<String> {
    let report = &outcome.report;
    let mut lines = Vec::new();
    if report.older > 0 {
        let rows = match report.older {
            1 => "1 row is older than the data held: it changes".to_owned(),
            older => format!("{older} rows are older than the data held: they change"),
        };
        lines.push(format!("{rows} nothing (--accept-older imports such rows)"));
    }
    if report.returned > 0 {
        let records = counted(report.returned, "record", "records");
        lines.push(format!("{records} that had vanished came back"));
    }
    if report.vanished > 0 {
        let records = counted(report.vanished, "record", "records");
        lines.push(format!("{records} no longer in the source"));
    }
    if report.deleted > 0 {
        let records = counted(report.deleted, "record was", "records were");
        lines.push(format!("{records} deleted in the source"));
    }
    if report.closed > 0 {
        lines.push(format!("{} closed", counted(report.closed, "record", "records")));
    }
    if report.overlaid > 0 {
        let rows = counted(report.overlaid, "row makes", "rows make");
        lines.push(format!("{rows} another customer of a record"));
    }
    lines.extend(of_merges(report));
    lines
}

/// What is told of merges that were made in the source, and of records of several rows.
pub fn of_merges(report: &ImportReport) -> Vec<String> {
    let mut lines = Vec::new();
    if report.merged > 0 {
        let pairs = counted(report.merged, "pair of records was", "pairs of records were");
        lines.push(format!("{pairs} merged in the source: a person will decide"));
    }
    if report.merged_unknown > 0 {
        let merges = counted(report.merged_unknown, "merge", "merges");
        let record = "names a record not delivered yet: a person is asked when it arrives";
        let records = "name records not delivered yet: a person is asked when they arrive";
        let which = if report.merged_unknown == 1 { record } else { records };
        lines.push(format!("{merges} made in the source {which}"));
    }
    if report.skipped.differing > 0 {
        let records = counted(report.skipped.differing, "record has", "records have");
        lines.push(format!(
            "{records} rows that differ: the newest is used if the source dates its rows, otherwise \
             the first"
        ));
    }
    lines
}

/// Says which records vanished, which columns were not there, and what to do next.
pub fn tell(outcome: &ImportOutcome, dry_run: bool) {
    if !outcome.dropped.is_empty() {
        let columns = counted(outcome.dropped.len() as u64, "column", "columns");
        let names = clean(&outcome.dropped.join(", "));
        say(&format!("  {columns} dropped (unmapped = \"drop\"): {names}"));
    }
    for lacking in &outcome.lacking {
        say(&format!("  {}", clean(&lacking.sentence())));
    }
    name_vanished(outcome);
    if let Some(held) = outcome.held_back {
        let (gone, flags) = match held.why {
            WhyHeldBack::Deleted => ("was closed", "--accept-vanished"),
            _ => ("was marked as vanished", "--complete --accept-vanished"),
        };
        let what = if dry_run {
            let gone = gone.replace("was ", "be ");
            format!(
                "would be refused: {held}: the rows would be imported, but no record would {gone}"
            )
        } else {
            format!("refused: {held}: the rows were imported, but no record {gone}")
        };
        say(&what);
        say(&format!("  if the file is right, import it again with {flags}"));
    }
    if outcome.vanished_tasks > 0 {
        let tasks = counted(outcome.vanished_tasks, "task", "tasks");
        say(&format!("{tasks} for customers with vanished records: steward tasks --kind vanished"));
    }
    if outcome.merged_tasks > 0 {
        let tasks = counted(outcome.merged_tasks, "task", "tasks");
        say(&format!("{tasks} for merges made in the source: steward tasks --kind duplicate"));
    }
    if dry_run && outcome.is_rekeyed {
        say(
            "would be refused: so many rows make another customer of a record that the file seems to number its rows anew; check the key column, or pass --accept-rekeyed",
        );
    }
    if outcome.report.overlaid > 0 && outcome.overlay_tasks == 0 {
        // Of records about which it is asked already.
        say("their records are asked about already: steward tasks --kind overlay");
    } else if outcome.report.overlaid > 0 {
        let tasks = counted(outcome.overlay_tasks, "task", "tasks");
        let asks = if dry_run { "would ask" } else { "ask" };
        let asks = if outcome.overlay_tasks == 1 && !dry_run { "asks" } else { asks };
        say(&format!("{tasks} {asks} whose they are: steward tasks --kind overlay"));
    }
    if outcome.report.closed > 0 {
        say("closed records no longer count; to open one again: steward reopen SOURCE:KEY");
    }
}

/// Names the first records that are not in the file.
fn name_vanished(outcome: &ImportOutcome) {
    let gone = match outcome.held_back {
        Some(held) if held.why == WhyHeldBack::Deleted => return,
        Some(held) => held.vanished,
        None => outcome.report.vanished,
    };
    for address in outcome.vanished.iter().take(usize::try_from(gone).unwrap_or(usize::MAX)) {
        say(&format!("  not in the file: {}", clean(&address.to_string())));
    }
    let more = gone.saturating_sub(outcome.vanished.len() as u64);
    if more > 0 {
        say(&format!("  and {more} more"));
    }
}

/// Asks whether so much may vanish.
///
/// # Errors
/// When the terminal cannot be read.
pub fn confirms(outcome: &ImportOutcome, held: &HeldBack) -> io::Result<bool> {
    name_vanished(outcome);
    let mut err = io::stderr();
    let asked = match held.why {
        WhyHeldBack::Deleted => "Should they be closed",
        _ => "Have they vanished",
    };
    let _ = write!(err, "{held}. {asked}? Type {} if so: ", held.vanished);
    let _ = err.flush();
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    Ok(typed.trim() == held.vanished.to_string())
}
