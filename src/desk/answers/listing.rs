//! Tasks for programs: all that fit, pending or not, a part at a time.

use std::collections::BTreeSet;

use super::queue::{context, fitting, offered, parse, subject};
use super::summary;
use super::task::reasons;
use crate::core::Desk;
use crate::error::{Decided, DeskError, Stop};
use crate::facts::{Facts, missing};
use crate::met::{self, Thing};
use crate::queue::{Context, Needs, Places, Row, TextId, Texts, read_ahead_of, sorted};
use crate::{describe, read_ahead, versions};
use domain::expression::{self, Expression};
use domain::{Sequence, Subject, TaskColumn, TaskId, TaskKind, TaskState, Until};
use door::TaskListing;
use door::views::{OrderBy, TaskLine, TaskPage, TaskRecords};
use store::TaskEntry;

/// Tasks that programs are told of at a time; few in tests, so that a small workspace has several parts.
const PART: usize = if cfg!(test) { 4 } else { 20_000 };

/// Every task, pending or (`finished`) not, as rows with what `needs` asks for, by id.
fn read_all(
    facts: Facts<'_>,
    finished: bool,
    needs: Needs,
) -> Result<(Vec<Row>, Texts), DeskError> {
    let mut texts = Texts::default();
    let mut rows = Vec::new();
    facts.view.each_task(&mut |entry| {
        if finished || entry.task.state.is_pending() {
            rows.push(Row::of(entry.task, &mut texts));
        }
        Ok(true)
    })?;
    for row in &mut rows {
        row.read_asks(facts)?;
    }
    needs.read_all(facts, &mut texts, &mut rows)?;
    Ok((rows, texts))
}

/// The tasks of a listing, in the order of `[queue] order`. It lies with the desk from one part to
/// the next, under the session that asked.
pub struct Listing {
    asked: TaskListing,
    /// The commit it is of.
    head: Sequence,
    /// By id.
    rows: Vec<Row>,
    texts: Texts,
    order: Vec<TaskId>,
}

impl Listing {
    fn begin(desk: &Desk, asked: TaskListing, head: Sequence) -> Decided<Listing> {
        let filter = parse(asked.filter.as_deref())?;
        let order = desk.settings().queue.order;
        let needs = Needs::of(filter.as_ref(), order, desk.settings());
        let (rows, texts) = read_all(desk.facts(), asked.finished, needs)?;
        if let Some(filter) = &filter {
            must_be_met(desk, filter, &rows, &texts)?;
        }
        let places = match order.by {
            OrderBy::Telling => {
                let refit = desk.queue.with(desk.facts(), |queue| queue.refit(desk.facts()))?;
                Some(Places::of(desk.facts(), rows.iter(), refit.as_deref())?)
            }
            _ => None,
        };
        let offered = offered(desk)?;
        let context = Context { places: places.as_ref(), ..context(desk, &texts, &offered) };
        let named = |row: &&Row| {
            asked.kind.is_none_or(|kind| row.kind == kind)
                && asked.state.as_deref().is_none_or(|state| context.state(row) == state)
        };
        let fitting = fitting(context, filter.as_ref(), rows.iter().filter(named));
        let shown = sorted(context, fitting, order);
        let order = shown.into_iter().map(|row| row.task).collect();
        Ok(Listing { asked, head, rows, texts, order })
    }

    fn place_of(&self, task: TaskId) -> Result<usize, DeskError> {
        let found = self.rows.binary_search_by_key(&task, |row| row.task);
        found.map_err(|_| missing(format!("task {task}")))
    }

    /// A part. It is read in the order of the tasks' ids, which is that of the store: in another
    /// order each of its pages would be read again and again.
    fn part(&mut self, desk: &Desk, part: usize) -> Result<TaskPage, DeskError> {
        let (facts, offered) = (desk.facts(), offered(desk)?);
        let begin = part.saturating_mul(PART).min(self.order.len());
        let end = self.order.len().min(begin + PART);
        let mut places: Vec<(usize, usize)> = Vec::with_capacity(end - begin);
        for (place, task) in self.order[begin..end].iter().enumerate() {
            places.push((place, self.place_of(*task)?));
        }
        // Rows stand in the order of their tasks.
        places.sort_unstable_by_key(|(_, at)| *at);
        let mut lines: Vec<(usize, TaskLine)> = Vec::with_capacity(places.len());
        let mut rest = places.as_slice();
        let whole = self.asked.whole;
        while !rest.is_empty() {
            let rows = rest.iter().map(|(_, at)| &self.rows[*at]);
            // Whom a task is about is told by all its customers.
            let count = read_ahead_of(facts, rows, true)?;
            let (now, later) = rest.split_at(count);
            for (place, at) in now {
                let row = &mut self.rows[*at];
                let task = row.task;
                let entry =
                    facts.view.task(task)?.ok_or_else(|| missing(format!("task {task}")))?;
                let summary = summary::of_task(facts, &entry.task)?;
                if whole {
                    // Named already, where it is named by its first customer.
                    let named = summary.as_ref().and_then(|summary| summary.names.first());
                    if let Some(name) = named.filter(|_| row.subject.is_none()) {
                        row.subject = Some(name.as_str().into());
                    }
                    // Both are of the best link, which is explained once.
                    let known = summary.as_ref().and_then(|summary| summary.pattern.as_deref());
                    let is_wanted = row.pattern.is_none() && row.has_pattern_of_records();
                    if let Some(known) = known.filter(|_| is_wanted) {
                        row.pattern = Some(self.texts.id(known));
                    }
                    Needs::ALL.read(facts, &mut self.texts, row)?;
                }
                let mut line = line(facts, context(desk, &self.texts, &offered), &entry, row)?;
                line.summary = summary;
                if whole {
                    line.of_records = Some(of_records(&self.texts, row, &line.name));
                }
                lines.push((*place, line));
            }
            rest = later;
        }
        read_ahead::let_go(facts);
        lines.sort_unstable_by_key(|(place, _)| *place);
        let lines = lines.into_iter().map(|(_, line)| line).collect();
        Ok(TaskPage { lines, more: end < self.order.len() })
    }
}

/// Refuses what neither `steward.toml` nor any task knows: a source, a rule, a reason, an id.
fn must_be_met(desk: &Desk, filter: &Expression, rows: &[Row], texts: &Texts) -> Decided<()> {
    let settings = desk.settings();
    let sources = settings.sources.iter().map(|source| source.name.as_str());
    let rules = settings.rules.iter().map(|rule| rule.id.as_str());
    let of_rows = |asked: fn(&Row) -> Option<TextId>| {
        let all = rows.iter().filter_map(asked).collect::<BTreeSet<_>>();
        all.into_iter().flat_map(|id| texts.get(id).split_whitespace()).collect::<Vec<_>>()
    };
    let met_sources = of_rows(|row| row.records.map(|records| records.sources));
    let met_rules = of_rows(|row| row.rules);
    let reasons = rows.iter().map(|row| row.reason).collect::<BTreeSet<_>>();
    let reasons = reasons.into_iter().map(|id| texts.get(id)).collect::<Vec<_>>();
    let wrong = |error: String| {
        // As what the command line finds wrong with a filter by itself.
        Stop::from(DeskError::Usage(format!("`{}` is not a filter: {error}", filter.text())))
    };
    for (column, thing) in [(TaskColumn::Id, Thing::Task), (TaskColumn::Customer, Thing::Customer)]
    {
        if let Some(why) = met::missing(desk.facts(), filter, (column.name(), thing))? {
            return Err(wrong(why));
        }
    }
    let known = [
        (TaskColumn::Reason, reasons),
        (TaskColumn::Source, sources.chain(met_sources).collect::<Vec<_>>()),
        (TaskColumn::Rule, rules.chain(met_rules).collect::<Vec<_>>()),
    ];
    for (column, mut words) in known {
        let mut seen = BTreeSet::new();
        words.retain(|word| seen.insert(*word));
        expression::must_be_known(filter, column.name(), &words)
            .map_err(|error| wrong(error.to_string()))?;
    }
    Ok(())
}

/// A part of a listing. Where something was committed since the part before, the listing is made
/// again.
pub(crate) fn part(desk: &mut Desk, asked: TaskListing, part: usize) -> Decided<TaskPage> {
    let session = desk.acting.id;
    let head = desk.reader.head().map(|head| head.sequence).unwrap_or_default();
    let kept = desk.sessions.listing(session).take();
    let mut listing = match kept.filter(|it| part > 0 && it.head == head && it.asked == asked) {
        Some(listing) => listing,
        None => Listing::begin(desk, asked, head)?,
    };
    let page = listing.part(desk, part)?;
    if page.more {
        *desk.sessions.listing(session) = Some(listing);
    }
    Ok(page)
}

/// The pending tasks for which an expression holds, in the order of `[queue] order`.
pub(crate) fn tasks_where(desk: &Desk, filter: String) -> Decided<Vec<TaskId>> {
    let asked = TaskListing { filter: Some(filter), ..TaskListing::default() };
    Ok(Listing::begin(desk, asked, Sequence::ZERO)?.order)
}

fn line(
    facts: Facts<'_>,
    context: Context<'_>,
    entry: &TaskEntry,
    row: &Row,
) -> Result<TaskLine, DeskError> {
    let task = &entry.task;
    let mut subjects = Vec::new();
    if let Some(record) = task.record {
        subjects.push(Subject::Record(facts.body(record)?.address));
    }
    subjects.extend(task.customers.iter().copied().map(Subject::Customer));
    Ok(TaskLine {
        id: task.id,
        kind: task.kind,
        state: context.state(row).to_owned(),
        version: versions::of_task_since(facts, task, entry.version)?,
        subjects,
        score: task.score,
        reason: match task.kind {
            // What was done for it is shown with it.
            TaskKind::Request => describe::reason(task),
            _ => reasons(facts, task)?.join("; "),
        },
        name: subject(facts, row)?,
        summary: None,
        opened: task.opened,
        due: match &row.state {
            _ if row.due.is_some() || row.asks.is_some() => context.due(row),
            TaskState::Deferred { until: Until::Time(until), .. } => Some(*until),
            TaskState::Open => context.due(row),
            _ => None,
        },
        stake: row.records.and_then(|records| records.stake),
        count: u64::from(row.count),
        age: context.age(row),
        to: row.asked().map(str::to_owned),
        assignee: context.assignee(row).map(str::to_owned),
        mine: context.is_mine(row),
        of_records: None,
    })
}

/// What was read of a row's records, under the names that filters use.
fn of_records(texts: &Texts, row: &Row, name: &str) -> TaskRecords {
    let list = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    TaskRecords {
        source: row.records.map_or_else(Vec::new, |it| list(texts.get(it.sources))),
        rule: row.rules.map_or_else(Vec::new, |rules| list(texts.get(rules))),
        customer: row.customers.iter().map(ToString::to_string).collect(),
        subject: name.to_owned(),
        pattern: row.pattern.map(|it| texts.get(it).to_owned()).filter(|it| !it.is_empty()),
    }
}
