//! What customers did, in one line each, for a comparison.

use std::collections::BTreeSet;

use crate::activities::{Found, Page};
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{CustomerId, StreamName};
use door::views::{ActivityLine, Column};
use settings::Settings;

/// The kinds that are counted.
const ORDER: &str = "purchase";
const TICKET: &str = "support";
/// The property that says what became of a ticket.
const STATUS: &str = "status";
/// Words for one that is done.
const DONE: [&str; 6] = ["closed", "solved", "resolved", "done", "archived", "deleted"];
/// Tickets that are looked at, the latest.
const TICKETS: usize = 200;

/// Tells it of each column, where any of their customers did anything.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn tell(facts: Facts<'_>, columns: &mut [Column]) -> Result<(), DeskError> {
    if facts.view.counters()?.activities.is_none() {
        return Ok(());
    }
    let clear = streams_with_status(facts.settings);
    let mut lines = Vec::with_capacity(columns.len());
    for column in columns.iter() {
        lines.push(line(facts, column.customer, &clear)?);
    }
    if lines.iter().any(|line| line.count > 0) {
        for (column, line) in columns.iter_mut().zip(lines) {
            column.activity = Some(line);
        }
    }
    Ok(())
}

/// The streams whose tickets say in clear what became of them.
fn streams_with_status(settings: &Settings) -> BTreeSet<&StreamName> {
    let is_masked = |name: &domain::FieldName| {
        settings.field(name.as_str()).is_some_and(|field| settings.is_masked(field))
    };
    let says = |stream: &&settings::Stream| {
        let mut properties = stream.properties.iter();
        properties.any(|it| it.name.as_str() == STATUS && !it.is_masked(false, is_masked))
    };
    settings.streams.iter().filter(says).map(|stream| &stream.name).collect()
}

fn line(
    facts: Facts<'_>,
    customer: CustomerId,
    clear: &BTreeSet<&StreamName>,
) -> Result<ActivityLine, DeskError> {
    let all = facts.activities_of(customer, Page { limit: usize::MAX, before: None })?;
    let is_ticket = |found: &&Found| found.kind.as_str() == TICKET && clear.contains(&found.stream);
    let tickets: Vec<_> = all.iter().filter(is_ticket).take(TICKETS).map(|it| it.place).collect();
    let mut open_tickets = None;
    for ticket in facts.activity_texts(&tickets)? {
        let status = ticket.properties.iter().find(|(name, _)| name == STATUS);
        if let Some((_, status)) = status {
            let status = status.trim().to_lowercase();
            *open_tickets.get_or_insert(0) += u64::from(!DONE.contains(&status.as_str()));
        }
    }
    Ok(ActivityLine {
        count: all.len() as u64,
        last: all.first().map(|found| (found.kind.clone(), found.at)),
        orders: all.iter().filter(|found| found.kind.as_str() == ORDER).count() as u64,
        open_tickets,
    })
}
