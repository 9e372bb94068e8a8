//! Sorting: by what was asked, then best next.

use std::borrow::Cow;
use std::cmp::Ordering;

use rayon::prelude::*;

use super::columns::Context;
use super::row::Row;
use domain::TaskColumn;
use door::views::{OrderBy, QueueOrder};
use intake::review::priority;
use intake::review::priority::Rank;

/// What an order looks at first.
enum Lead<'a> {
    Number(f64),
    Text(Cow<'a, str>),
    /// No value: at the end, whichever way is sorted.
    None,
}

impl Lead<'_> {
    fn compare(&self, other: &Lead<'_>, reversed: bool) -> Ordering {
        let order = match (self, other) {
            (Lead::None, Lead::None) => return Ordering::Equal,
            (Lead::None, _) => return Ordering::Greater,
            (_, Lead::None) => return Ordering::Less,
            (Lead::Number(left), Lead::Number(right)) => left.total_cmp(right),
            (Lead::Text(left), Lead::Text(right)) => left.cmp(right),
            (Lead::Number(_), Lead::Text(_)) => Ordering::Less,
            (Lead::Text(_), Lead::Number(_)) => Ordering::Greater,
        };
        if reversed { order.reverse() } else { order }
    }
}

fn rank(context: Context<'_>, row: &Row) -> Rank {
    let stake = row.records.and_then(|records| records.stake);
    priority::rank(
        context.presses(row),
        context.urgency(row),
        stake,
        row.score,
        row.opened,
        row.task,
    )
}

/// Large scores, stakes and counts come first by themselves; everything else ascends.
fn lead<'a>(context: Context<'a>, by: OrderBy, row: &'a Row) -> Lead<'a> {
    let number = |number: Option<f64>| number.map_or(Lead::None, |number| Lead::Number(-number));
    let text = |column| context.value(column, row).map_or(Lead::None, Lead::Text);
    match by {
        OrderBy::BestNext => Lead::Number(0.0),
        OrderBy::Score => number(row.score),
        OrderBy::Stake => number(row.records.and_then(|records| records.stake)),
        OrderBy::Count => number(Some(f64::from(row.count))),
        // Oldest first; every second of our time fits.
        OrderBy::Age => Lead::Number(row.opened as f64),
        OrderBy::Kind => Lead::Number(f64::from(row.kind as u8)),
        OrderBy::State => Lead::Number(f64::from(context.urgency(row) as u8)),
        OrderBy::Source => text(TaskColumn::Source),
        OrderBy::Rule => text(TaskColumn::Rule),
        OrderBy::Assignee => text(TaskColumn::Assignee),
        OrderBy::Pattern => text(TaskColumn::Pattern),
        OrderBy::Subject => text(TaskColumn::Subject),
        OrderBy::Telling => Lead::Number(told(context, row)),
    }
}

/// What came back and what is due goes first, whatever it teaches; what is put off last.
fn told(context: Context<'_>, row: &Row) -> f64 {
    let place = context.places.and_then(|places| places.of_task(row.task)).unwrap_or(u32::MAX);
    f64::from(context.urgency(row) as u8) * (f64::from(u32::MAX) + 1.0) + f64::from(place)
}

/// The rows in an order: first what presses, whatever is asked for.
pub(crate) fn sorted<'a>(
    context: Context<'a>,
    rows: impl Iterator<Item = &'a Row>,
    order: QueueOrder,
) -> Vec<&'a Row> {
    if order.by == OrderBy::BestNext {
        let mut ranked: Vec<(Rank, &'a Row)> = rows.map(|row| (rank(context, row), row)).collect();
        ranked.par_sort_unstable_by_key(|(rank, _)| *rank);
        if order.reversed {
            ranked.reverse();
            // What presses is first whichever way round.
            ranked.sort_by_key(|(rank, _)| !rank.presses());
        }
        return ranked.into_iter().map(|(_, row)| row).collect();
    }
    let mut keyed: Vec<(Lead<'a>, Rank, &'a Row)> =
        rows.map(|row| (lead(context, order.by, row), rank(context, row), row)).collect();
    keyed.par_sort_unstable_by(|left, right| {
        let presses = right.1.presses().cmp(&left.1.presses());
        presses
            .then_with(|| left.0.compare(&right.0, order.reversed))
            .then_with(|| left.1.cmp(&right.1))
    });
    keyed.into_iter().map(|(_, _, row)| row).collect()
}
