//! Activities: all that count, in the order in which they were recorded, each with the customer whose it is now, the record
//! that led there, and what did: `key`, `handle`, or why nobody is led to (`nameless`, `unknown`, `several`). Which
//! handle it was is not told.
//!
//! A property that its stream calls sensitive is a column like the others, and empty for a role that never sees
//! what is sensitive. What the streams of `steward.toml` do not have any more is in `more`.

use super::walk::{Rows, Scope, address};
use crate::activities::Everybody;
use crate::error::DeskError;
use crate::export::{Cell, Column, Kind, columns as with_names_of_their_own, typed};
use crate::facts::Facts;
use activity::{Led, Owner, Owners};
use domain::event::ActivitiesRecorded;
use domain::{Activity, Event, FieldName};
use settings::{Property, Settings};

/// The columns that are always there.
const FIXED: [&str; 10] =
    ["stream", "key", "kind", "at", "amount", "currency", "customer", "record", "by", "import"];

pub(super) fn columns(facts: Facts<'_>) -> Result<Vec<Column>, DeskError> {
    let mut columns = typed(&FIXED, &[("at", Kind::Text), ("amount", Kind::Decimal)]);
    columns.extend(properties(facts.settings).map(|name| Column::new(name.to_owned())));
    columns.push(Column::new("more"));
    Ok(with_names_of_their_own(columns))
}

/// The names of properties, each once, in the order of the streams.
fn properties(settings: &Settings) -> impl Iterator<Item = &str> {
    let all: Vec<&Property> =
        settings.streams.iter().flat_map(|stream| &stream.properties).collect();
    let is_first = |place: usize| all[..place].iter().all(|it| it.name != all[place].name);
    let first: Vec<&str> =
        (0..all.len()).filter(|at| is_first(*at)).map(|at| all[at].name.as_str()).collect();
    first.into_iter()
}

/// Whether a column may hold what is masked for somebody who sees fields so: a property of any stream, a key that is made
/// of such a field, or what is of no stream any more.
pub(super) fn is_masked(
    settings: &Settings,
    column: &str,
    (sees_sensitive, is_masked): (bool, &dyn Fn(&FieldName) -> bool),
) -> bool {
    let names = columns_of(FIXED.len(), settings);
    let Some(place) = names.iter().position(|name| name == column) else { return false };
    if FIXED.get(place) == Some(&"key") {
        let mut streams = settings.streams.iter();
        return streams.any(|stream| {
            stream.key_is_sensitive && !sees_sensitive || stream.key_of.iter().any(is_masked)
        });
    }
    let Some(place) = place.checked_sub(FIXED.len()) else { return false };
    match properties(settings).nth(place) {
        Some(name) => {
            let mut all = settings.streams.iter().flat_map(|stream| &stream.properties);
            all.any(|own| own.name.as_str() == name && own.is_masked(sees_sensitive, is_masked))
        }
        None => !sees_sensitive || settings.fields.iter().any(|field| is_masked(&field.name)),
    }
}

/// The names under which they leave.
fn columns_of(fixed: usize, settings: &Settings) -> Vec<String> {
    let names = FIXED[..fixed].iter().copied().chain(properties(settings)).chain(["more"]);
    let named = with_names_of_their_own(names.map(Column::new));
    named.into_iter().map(|column| column.name).collect()
}

pub(super) fn write(scope: &Scope<'_>, rows: &mut Rows<'_>) -> Result<(), DeskError> {
    let facts = scope.facts;
    let log = facts.activities()?;
    let handles = facts.handles(&log)?;
    let everybody = Everybody::of(facts)?;
    let names: Vec<&str> = properties(facts.settings).collect();
    let mut walk = scope.walk(u64::from(log.recorded()));
    for (sequence, first) in log.commits() {
        if !scope.wants(|| Ok(sequence))? {
            continue;
        }
        let mut ordinal = first;
        for event in facts.ledger.commit(sequence)?.events {
            let Event::ActivitiesRecorded(event) = event else { continue };
            let owner = Owners::of(&event.subject, &handles, &everybody).at(sequence);
            for activity in &event.activities {
                walk.step()?;
                if log.counts(ordinal) {
                    rows.write(&cells(facts, &event, activity, owner, &names)?)?;
                }
                ordinal += 1;
            }
        }
    }
    Ok(())
}

fn cells(
    facts: Facts<'_>,
    event: &ActivitiesRecorded,
    activity: &Activity,
    owner: Owner,
    names: &[&str],
) -> Result<Vec<Cell>, DeskError> {
    let (customer, record, by) = match owner {
        Owner::Customer(customer, led) => {
            let by = match led {
                Led::Key(_) => "key",
                Led::Handle(..) => "handle",
            };
            (Cell::text(customer), Cell::text(address(facts, led.record())?), by)
        }
        Owner::Nobody(why) => (Cell::Absent, Cell::Absent, why.word()),
    };
    let currency = activity.money.and_then(|money| money.currency);
    let mut cells = vec![
        Cell::text(&event.stream),
        Cell::text(&activity.key),
        Cell::text(&activity.kind),
        Cell::text(activity.at),
        Cell::optional(activity.money.map(|money| money.amount_text())),
        Cell::optional(currency),
        customer,
        record,
        Cell::text(by),
        Cell::text(event.import),
    ];
    let value = |name: &str| activity.properties.iter().find(|(own, _)| own == name);
    cells.extend(names.iter().map(|name| Cell::optional(value(name).map(|(_, value)| value))));
    let others = activity.properties.iter().filter(|(name, _)| !names.contains(&name.as_str()));
    let others: Vec<(String, Cell)> =
        others.map(|(name, value)| (name.to_string(), Cell::text(value))).collect();
    cells.push(if others.is_empty() { Cell::Absent } else { Cell::Object(others) });
    Ok(cells)
}
