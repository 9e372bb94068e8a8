//! The queue.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use super::{comments, summary};
use crate::approvals::Approving;
use crate::core::Desk;
use crate::elusion::asked;
use crate::error::{Decided, DeskError, Stop};
use crate::facts::Facts;
use crate::queue::{Context, Needs, Queue, Row, Texts, records_of, sorted, stake, subject_of};
use crate::{read_ahead, versions};
use domain::expression::Expression;
use domain::{Task, TaskColumn, TaskId, TaskKind, TaskState, Until, Urgency, counted};
use door::Refusal;
use door::views::{
    ApprovalsLine, Listed, OrderBy, PatternCount, QueueChanges, QueueCounts, QueueNews, QueueOrder,
    QueueRow, QueueView, TaskSummary,
};

/// Rows that come with the queue itself: what the largest terminal shows at first.
const FIRST: usize = 60;
/// Tasks read in one slice of preparing: a few milliseconds.
const SLICE: usize = 40;
/// Pending tasks up to which those of a filter are counted for whoever only looks at the queue.
const COUNTABLE: usize = 100_000;
/// Tasks from which on their records are read together.
const TOGETHER: usize = 8;

/// The filter of a text, none for a blank one.
pub(super) fn parse(filter: Option<&str>) -> Decided<Option<Expression>> {
    let Some(text) = filter.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let parsed = TaskColumn::expression(text).map_err(|error| {
        Stop::from(Refusal::DoesNotApply { why: format!("`{text}` is not a filter: {error}") })
    });
    parsed.map(Some)
}

/// What the queue is for whoever asks.
pub(super) struct Offered<'a> {
    /// Second opinions that are asked of others, and what is hidden.
    elsewhere: BTreeSet<TaskId>,
    /// What would tell whoever asks what they are to say again.
    hidden: BTreeSet<TaskId>,
    /// Whoever asks, as somebody who may approve.
    approving: Option<Approving<'a>>,
}

/// For nobody in particular: nothing is asked of others.
pub(super) static NONE: Offered<'static> =
    Offered { elsewhere: BTreeSet::new(), hidden: BTreeSet::new(), approving: None };

/// The queue as it is for whoever the desk works for.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn offered(desk: &Desk) -> Result<Offered<'_>, DeskError> {
    let elsewhere = desk.asked_of_others()?;
    let hidden = desk.withheld()?.beside().collect();
    Ok(Offered { elsewhere, hidden, approving: Some(desk.approving()?) })
}

pub(super) fn context<'a>(
    desk: &'a Desk,
    texts: &'a Texts,
    offered: &'a Offered<'a>,
) -> Context<'a> {
    let (elsewhere, approving) = (&offered.elsewhere, offered.approving.as_ref());
    let (actor, now, settings) = (desk.actor(), desk.now(), &desk.settings().queue);
    let (claims, zone) = (&desk.claims, &desk.acting.zone);
    let warn = desk.settings().requests.warn;
    Context { texts, claims, actor, elsewhere, now, zone, settings, warn, approving, places: None }
}

/// The rows for which a filter holds.
pub(super) fn fitting<'q>(
    context: Context<'q>,
    filter: Option<&Expression>,
    rows: impl Iterator<Item = &'q Row>,
) -> std::vec::IntoIter<&'q Row> {
    let rows: Vec<&Row> = rows.filter(|row| context.offers(row)).collect();
    let fitting = match filter {
        None => rows,
        Some(filter) => rows.into_par_iter().filter(|row| context.holds(filter, row)).collect(),
    };
    fitting.into_iter()
}

fn with_queue<T>(desk: &Desk, ask: impl FnOnce(&mut Queue) -> Decided<T>) -> Decided<T> {
    desk.queue.with(desk.facts(), ask)
}

/// The queue in an order, with its first rows.
pub(crate) fn queue(desk: &Desk, filter: Option<&str>, order: QueueOrder) -> Decided<QueueView> {
    let filter = parse(filter)?;
    let settings = desk.settings();
    let needs = Needs::of(filter.as_ref(), order, settings);
    let bulk_max = settings.decisions.bulk_max;
    let offered = offered(desk)?;
    with_queue(desk, |queue| {
        let prepared = if queue.is_prepared(needs) {
            None
        } else {
            let (done, total) = queue.prepare(desk.facts(), needs, SLICE)?;
            (done < total).then_some((done, total))
        };
        let places = match order.by {
            OrderBy::Telling => Some(queue.places(desk.facts())?),
            _ => None,
        };
        let context =
            Context { places: places.as_deref(), ..context(desk, queue.texts(), &offered) };
        let shown = sorted(context, fitting(context, filter.as_ref(), queue.rows()), order);
        let first = &shown[..shown.len().min(FIRST)];
        Ok(QueueView {
            workspace: settings.workspace.name.clone(),
            actor: desk.actor().to_owned(),
            counts: counts(context, queue),
            rows: in_full_together(desk, queue, context, first)?,
            listed: shown.iter().map(|row| listed(context, row)).collect(),
            generation: queue.generation(),
            preparing: prepared,
            views: settings
                .queue
                .views
                .iter()
                .map(|view| (view.name.clone(), view.filter.text().to_owned()))
                .collect(),
            has_stake: settings.queue.stake.is_some(),
            bulk_max,
        })
    })
}

/// What changed since a generation, or the whole queue where that cannot be told.
pub(crate) fn changes(
    desk: &Desk,
    filter: Option<&str>,
    order: QueueOrder,
    since: u64,
) -> Decided<QueueNews> {
    let parsed = parse(filter)?;
    let offered = offered(desk)?;
    let changes = with_queue(desk, |queue| {
        let Some(tasks) = queue.changed_since(since) else { return Ok(None) };
        let context = context(desk, queue.texts(), &offered);
        let mut changes = QueueChanges {
            counts: counts(context, queue),
            generation: queue.generation(),
            ..QueueChanges::default()
        };
        for task in tasks {
            let fits = |row: &&Row| {
                context.offers(row)
                    && parsed.as_ref().is_none_or(|filter| context.holds(filter, row))
            };
            match queue.row(task).filter(fits) {
                Some(row) => changes.kept.push(in_full(desk, queue, context, row)?),
                None => changes.gone.push(task),
            }
        }
        Ok(Some(changes))
    })?;
    match changes {
        Some(changes) => Ok(QueueNews::Changed(changes)),
        None => Ok(QueueNews::Whole(queue(desk, filter, order)?)),
    }
}

/// Those of the tasks that are pending, in full.
pub(crate) fn rows(desk: &Desk, tasks: &[TaskId]) -> Decided<Vec<QueueRow>> {
    let offered = offered(desk)?;
    with_queue(desk, |queue| {
        let context = context(desk, queue.texts(), &offered);
        let rows = tasks.iter().filter_map(|task| queue.row(*task));
        let rows: Vec<&Row> = rows.filter(|row| !offered.hidden.contains(&row.task)).collect();
        Ok(in_full_together(desk, queue, context, &rows)?)
    })
}

/// Reads on in what a filter and an order ask for.
pub(crate) fn prepare(
    desk: &Desk,
    filter: Option<&str>,
    order: QueueOrder,
) -> Decided<(usize, usize)> {
    let needs = Needs::of(parse(filter)?.as_ref(), order, desk.settings());
    with_queue(desk, |queue| Ok(queue.prepare(desk.facts(), needs, SLICE)?))
}

/// How many tasks there are of each pattern, most first, as far as they are read.
pub(crate) fn patterns(
    desk: &Desk,
    filter: Option<&str>,
) -> Decided<(Vec<PatternCount>, (usize, usize))> {
    let filter = parse(filter)?;
    let order = QueueOrder { by: OrderBy::Pattern, reversed: false };
    let needs = Needs::of(filter.as_ref(), order, desk.settings());
    let offered = offered(desk)?;
    with_queue(desk, |queue| {
        let prepared = queue.prepare(desk.facts(), needs, SLICE)?;
        let context = context(desk, queue.texts(), &offered);
        let mut counted = HashMap::new();
        for row in queue.rows() {
            if let Some(pattern) = row.pattern
                && context.offers(row)
                && filter.as_ref().is_none_or(|filter| context.holds(filter, row))
            {
                *counted.entry((pattern, row.kind)).or_insert(0_usize) += 1;
            }
        }
        let patterns = counted.into_iter().map(|((pattern, kind), count)| PatternCount {
            pattern: queue.texts().get(pattern).to_owned(),
            kind,
            count,
        });
        let mut patterns: Vec<PatternCount> = patterns.collect();
        patterns.sort_by(|one, other| {
            other.count.cmp(&one.count).then_with(|| one.pattern.cmp(&other.pattern))
        });
        Ok((patterns, prepared))
    })
}

/// How many tasks fit each filter. What a filter is about is read a slice at a time; until all of it has
/// been, there is no count.
pub(crate) fn count_where(desk: &Desk, filters: &[String]) -> Decided<Vec<Option<usize>>> {
    let facts = desk.facts();
    let offered = offered(desk)?;
    with_queue(desk, |queue| {
        let mut counts = Vec::new();
        for text in filters {
            // One that is wrong keeps no other from being counted.
            let Ok(filter) = parse(Some(text)) else {
                counts.push(None);
                continue;
            };
            let needs = Needs::of(filter.as_ref(), QueueOrder::default(), desk.settings());
            if queue.rows().len() > COUNTABLE {
                counts.push(None);
                continue;
            }
            if !queue.is_prepared(needs) {
                queue.prepare(facts, needs, SLICE)?;
            }
            let context = context(desk, queue.texts(), &offered);
            let is_read = queue.is_prepared(needs);
            counts.push(is_read.then(|| fitting(context, filter.as_ref(), queue.rows()).len()));
        }
        Ok(counts)
    })
}

pub(super) fn subject(facts: Facts<'_>, row: &Row) -> Result<String, DeskError> {
    match &row.subject {
        Some(subject) => Ok(subject.to_string()),
        None => subject_of(facts, row),
    }
}

fn listed(context: Context<'_>, row: &Row) -> Listed {
    let holder = context.claims.holder(row.task, context.now);
    let free = holder.is_none_or(|holder| holder == context.actor);
    let alone = context.looking(row).is_empty();
    let waits = context.urgency(row).waits() || context.is_given(row);
    Listed { task: row.task, waits: free && alone && waits }
}

/// What a task is about in few words, as the queue tells it.
pub(crate) fn summary_of(desk: &Desk, task: &Task) -> Result<Option<TaskSummary>, DeskError> {
    let facts = desk.facts();
    desk.queue.with(facts, |queue| queue.summary(task.id, || summary::of_task(facts, task)))
}

/// Why a task stands in the queue where it does, beyond what it asks.
pub(crate) fn place(desk: &Desk, task: TaskId, order: QueueOrder) -> Decided<Vec<String>> {
    let facts = desk.facts();
    let mut lines = Vec::new();
    if asked(facts)?.contains(&task) {
        lines.push(
            "drawn at random to estimate how much is missed: nothing else would bring it up"
                .to_owned(),
        );
    }
    if order.by == OrderBy::Telling {
        let why = desk.queue.with(facts, |queue| {
            // Before all is read the order is not known.
            let is_known = queue.is_prepared(Needs::LINKS);
            let places = is_known.then(|| queue.places(facts)).transpose()?;
            Ok::<_, DeskError>(places.and_then(|places| places.why(task)))
        })?;
        lines.extend(why);
    }
    Ok(lines)
}

/// Tasks as lines of the queue; what they are about is read together.
fn in_full_together(
    desk: &Desk,
    queue: &Queue,
    context: Context<'_>,
    rows: &[&Row],
) -> Result<Vec<QueueRow>, DeskError> {
    let facts = desk.facts();
    let lines = || rows.iter().map(|row| in_full(desk, queue, context, row)).collect();
    // A few are read sooner one by one.
    if rows.len() < TOGETHER {
        return lines();
    }
    let (_, records) = records_of(facts, rows.iter().copied(), true)?;
    read_ahead::with_records(facts, records, lines)
}

/// A task as a line of the queue.
fn in_full(
    desk: &Desk,
    queue: &Queue,
    context: Context<'_>,
    row: &Row,
) -> Result<QueueRow, DeskError> {
    let facts = desk.facts();
    let opened = jiff::Timestamp::from_second(row.opened).unwrap_or_default();
    let claimed = context.claims.holder(row.task, context.now);
    let looking: Vec<String> = context.looking(row).into_iter().map(str::to_owned).collect();
    Ok(QueueRow {
        task: row.task,
        kind: row.kind,
        urgency: context.urgency(row),
        count: row.count as usize,
        score: row.score,
        stake: stake(facts, row)?,
        opened,
        summary: queue.summary(row.task, || match facts.view.task(row.task)? {
            Some(entry) => summary::of_task(facts, &entry.task),
            None => Ok(None),
        })?,
        subject: subject(facts, row)?,
        state: state(facts, context, row, (claimed, &looking))?,
        claimed: claimed.map(str::to_owned),
        looking,
        given: context.is_given(row),
        version: match facts.view.task(row.task)? {
            Some(entry) => versions::of_task(facts, &entry.task)?,
            None => Default::default(),
        },
    })
}

/// What is special about a task.
fn state(
    facts: Facts<'_>,
    context: Context<'_>,
    row: &Row,
    (claimed, looking): (Option<&str>, &[String]),
) -> Result<String, DeskError> {
    let today = context.day(context.now);
    let mut said = match &row.state {
        // Whatever it waits for, the last day counts.
        _ if row.due.is_some() => requested(context, row, &today),
        TaskState::Escalated { to, .. } if row.asks.is_some() => {
            let asks = format!("for {to} to approve");
            match context.due(row).map(|at| context.day(at)) {
                None => asks,
                Some(day) if day <= today => format!("{}, {asks}", due(&day, &today)),
                Some(day) => format!("due {day}, {asks}"),
            }
        }
        TaskState::Deferred { until: Until::Time(until), .. } => {
            let until = context.day(*until);
            match context.urgency(row) {
                Urgency::Due => due(&until, &today),
                _ => format!("deferred until {until}"),
            }
        }
        TaskState::Deferred { .. } => "deferred until data changes".to_owned(),
        TaskState::Escalated { to, .. } => format!("escalated to {to}"),
        // Whoever answered, who need not be whoever was asked.
        TaskState::Answered { decision, .. } => match facts.view.decision(*decision)? {
            Some(entry) => format!("answered by {}", facts.byline(entry.place.sequence)?.1),
            None => "answered".to_owned(),
        },
        TaskState::Open if context.urgency(row) == Urgency::Due => {
            context.due(row).map_or_else(String::new, |at| due(&context.day(at), &today))
        }
        TaskState::Open if row.kind == TaskKind::Duplicate => String::new(),
        TaskState::Open => context.texts.get(row.reason).to_owned(),
        other => other.name().to_owned(),
    };
    let there = match claimed {
        Some(holder) if holder == context.actor => Some("claimed by you".to_owned()),
        Some(holder) => Some(format!("claimed by {holder}")),
        None => door::views::looking(looking),
    };
    if let Some(there) = there {
        said = if said.is_empty() { there } else { format!("{there}; {said}") };
    }
    let comments = match row.kind.may_be_blind() {
        true => 0,
        false => match facts.view.task(row.task)? {
            Some(entry) => comments::count(facts, &entry.task.customers)?,
            None => 0,
        },
    };
    if comments > 0 {
        let comments = counted(comments as u64, "comment", "comments");
        said = if said.is_empty() { comments } else { format!("{said}; {comments}") };
    }
    Ok(said)
}

/// When a request is due, and what it waits for besides.
fn requested(context: Context<'_>, row: &Row, today: &str) -> String {
    let day = row.due.map(|day| day.to_string()).unwrap_or_default();
    let told = context.texts.get(row.reason);
    let what = told.split(' ').next().unwrap_or(told);
    let last = match day.as_str() < today {
        true => format!("OVERDUE {day}, {what}"),
        false if day == today => format!("due today, {what}"),
        false => format!("due {day}, {what}"),
    };
    match &row.state {
        TaskState::Open => last,
        TaskState::Escalated { to, .. } => format!("{last}; escalated to {to}"),
        other => format!("{last}; {}", other.name()),
    }
}

fn due(on: &str, today: &str) -> String {
    if on == today { "due today".to_owned() } else { format!("due since {on}") }
}

/// How many approvals wait, and how many of them for whoever asks.
pub(crate) fn approvals(desk: &Desk) -> Decided<ApprovalsLine> {
    let offered = offered(desk)?;
    with_queue(desk, |queue| {
        let context = context(desk, queue.texts(), &offered);
        let mut line = ApprovalsLine::default();
        for row in queue.other_rows().filter(|row| row.asks.is_some() && context.offers(row)) {
            line.waiting += 1;
            line.yours += u64::from(context.may_approve(row));
            line.due += u64::from(context.presses(row));
        }
        Ok(line)
    })
}

fn counts(context: Context<'_>, queue: &Queue) -> QueueCounts {
    let decided_today = queue.decided_today(context.actor);
    let mut counts = QueueCounts { decided_today, ..QueueCounts::default() };
    let claimed = context.claims.held_by(context.actor, context.now);
    counts.mine = claimed.filter(|task| queue.is_only_open(*task)).count()
        + queue.other_rows().filter(|row| context.is_mine(row)).count();
    if context.settings.due.is_empty() {
        counts.open = queue.only_open();
        let others = context.elsewhere.iter().filter(|task| queue.is_only_open(**task)).count();
        counts.open -= others.min(counts.open);
        count_urgencies(context, queue.other_rows(), &mut counts);
    } else {
        count_urgencies(context, queue.rows(), &mut counts);
    }
    counts
}

fn count_urgencies<'q>(
    context: Context<'_>,
    rows: impl Iterator<Item = &'q Row>,
    counts: &mut QueueCounts,
) {
    for row in rows.filter(|row| context.offers(row)) {
        if row.kind == TaskKind::Approval {
            counts.approvals += usize::from(context.may_approve(row));
            continue;
        }
        if matches!(row.state, TaskState::Proposed { .. }) {
            counts.proposed += 1;
            continue;
        }
        match context.urgency(row) {
            Urgency::Returned => {
                counts.open += 1;
                counts.back += 1;
            }
            Urgency::Open => counts.open += 1,
            Urgency::Due => counts.due += 1,
            Urgency::Answered => counts.answered += 1,
            Urgency::Deferred => counts.deferred += 1,
            Urgency::Escalated => counts.escalated += 1,
        }
    }
}
