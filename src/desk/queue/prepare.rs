//! What must be read from records before a column can be asked for, a slice at a time.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::pattern::{best_link, pattern};
use super::row::{OfRecords, Row, Texts};
use crate::error::DeskError;
use crate::facts::Facts;
use crate::label::subject_label;
use crate::{read_ahead, second};
use domain::expression::Expression;
use domain::{CustomerId, RecordId, Task, TaskColumn, TaskId, TaskKind};
use door::views::{OrderBy, QueueOrder};
use settings::Settings;

/// What columns that are asked for need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Needs {
    /// Sources and value at stake.
    pub(crate) records: bool,
    /// Names of customers.
    pub(crate) subjects: bool,
    /// Patterns of links.
    pub(crate) patterns: bool,
    /// What duplicates teach.
    pub(crate) links: bool,
}

impl Needs {
    /// Whatever columns can be asked for.
    pub(crate) const ALL: Needs =
        Needs { records: true, subjects: true, patterns: true, links: false };
    /// What duplicates teach.
    pub(crate) const LINKS: Needs =
        Needs { records: false, subjects: false, patterns: false, links: true };

    /// Of a filter and an order under the settings.
    pub(crate) fn of(filter: Option<&Expression>, order: QueueOrder, settings: &Settings) -> Self {
        let mut needs = Needs::default();
        let names = filter.map(Expression::names).unwrap_or_default();
        for column in names.into_iter().filter_map(TaskColumn::named) {
            match column {
                TaskColumn::Stake | TaskColumn::Source => needs.records = true,
                TaskColumn::Subject => needs.subjects = true,
                TaskColumn::Pattern => needs.patterns = true,
                _ => {}
            }
        }
        // Whatever is asked for first, value at stake decides between equals.
        needs.records |= settings.queue.stake.is_some() || order.by == OrderBy::Source;
        needs.subjects |= order.by == OrderBy::Subject;
        needs.patterns |= order.by == OrderBy::Pattern;
        needs.links |= order.by == OrderBy::Telling;
        needs
    }

    /// Reads all of it for one row.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn read(
        self,
        facts: Facts<'_>,
        texts: &mut Texts,
        row: &mut Row,
    ) -> Result<(), DeskError> {
        if self.records {
            of_records(facts, texts, row)?;
        }
        if self.subjects {
            subject(facts, texts, row)?;
        }
        if self.patterns {
            of_pattern(facts, texts, row)?;
        }
        if self.links {
            of_link(facts, texts, row)?;
        }
        Ok(())
    }
}

/// Records in memory at a time.
const TOGETHER: usize = 30_000;

impl Needs {
    /// Reads all of it for many rows, the records of as many as fit in memory together.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn read_all(
        self,
        facts: Facts<'_>,
        texts: &mut Texts,
        rows: &mut [Row],
    ) -> Result<(), DeskError> {
        if self == Needs::default() {
            return Ok(());
        }
        let every = self.records || self.patterns || self.links;
        let mut rest = rows;
        while !rest.is_empty() {
            let count = read_ahead_of(facts, rest.iter(), every)?;
            let (now, later) = rest.split_at_mut(count);
            for row in now {
                self.read(facts, texts, row)?;
            }
            rest = later;
        }
        read_ahead::let_go(facts);
        Ok(())
    }
}

/// Reads ahead the records of the first of these rows, as many as fit in memory together; gives how
/// many rows those are, at least one where there is one.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn read_ahead_of<'r>(
    facts: Facts<'_>,
    rows: impl Iterator<Item = &'r Row>,
    every: bool,
) -> Result<usize, DeskError> {
    let (count, records) = records_of(facts, rows, every)?;
    read_ahead::records(facts, records)?;
    Ok(count)
}

/// The records of the first of these rows' first customers, or of `every` one of their customers, as
/// many as fit in memory together; and how many rows those are.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn records_of<'r>(
    facts: Facts<'_>,
    rows: impl Iterator<Item = &'r Row>,
    every: bool,
) -> Result<(usize, Vec<RecordId>), DeskError> {
    let mut records: Vec<RecordId> = Vec::new();
    let mut count = 0;
    for row in rows {
        for customer in row.customers.iter().take(if every { usize::MAX } else { 1 }) {
            let Some(live) = facts.view.follow(*customer)? else { continue };
            let state = facts.view.customer(live)?;
            records.extend(state.into_iter().flat_map(|state| state.members));
        }
        count += 1;
        if records.len() >= TOGETHER {
            break;
        }
    }
    Ok((count, records))
}

/// How far reading has come: each part up to a task, or all of it.
#[derive(Default)]
pub(super) struct ReadParts {
    records: Progress,
    subjects: Progress,
    patterns: Progress,
    links: Progress,
}

#[derive(Default)]
struct Progress {
    last: Option<TaskId>,
    done: usize,
    complete: bool,
}

impl Progress {
    fn has_begun(&self) -> bool {
        self.complete || self.last.is_some()
    }
}

/// Whether there is something to read of a row.
type Wanting = fn(&Row) -> bool;
type Part = fn(Facts<'_>, &mut Texts, &mut Row) -> Result<(), DeskError>;

impl ReadParts {
    pub(super) fn covers(&self, needs: Needs) -> bool {
        (!needs.records || self.records.complete)
            && (!needs.subjects || self.subjects.complete)
            && (!needs.patterns || self.patterns.complete)
            && (!needs.links || self.links.complete)
    }

    /// Reads the next rows; how many are ready, of how many, counted over what is needed.
    pub(super) fn prepare(
        &mut self,
        facts: Facts<'_>,
        (rows, texts): (&mut BTreeMap<TaskId, Row>, &mut Texts),
        needs: Needs,
        most: usize,
    ) -> Result<(usize, usize), DeskError> {
        let mut left = most;
        let (mut done, mut total) = (0, 0);
        // An invalid record's pattern is known at once.
        let parts: [(bool, &mut Progress, Wanting, Part); 4] = [
            (needs.records, &mut self.records, |_| true, of_records),
            (needs.subjects, &mut self.subjects, |_| true, subject),
            (needs.patterns, &mut self.patterns, |row| row.pattern.is_none(), of_pattern),
            (needs.links, &mut self.links, |row| row.kind == TaskKind::Duplicate, of_link),
        ];
        for (_, progress, is_read, read) in parts.into_iter().filter(|(needed, ..)| *needed) {
            let from = progress.last.map_or(Bound::Unbounded, Bound::Excluded);
            if !progress.complete {
                let next = rows.range((from, Bound::Unbounded)).map(|(_, row)| row);
                let next = next.filter(|row| is_read(row)).take(left);
                let (_, records) = records_of(facts, next, true)?;
                progress.complete = read_ahead::with_records(facts, records, || {
                    for (task, row) in rows.range_mut((from, Bound::Unbounded)) {
                        if is_read(row) {
                            if left == 0 {
                                return Ok(false);
                            }
                            read(facts, texts, row)?;
                            left -= 1;
                        }
                        progress.last = Some(*task);
                        progress.done += 1;
                    }
                    Ok(true)
                })?;
            }
            total += rows.len();
            done += if progress.complete { rows.len() } else { progress.done.min(rows.len()) };
        }
        Ok((done, total))
    }

    /// What was judged under another model is judged again once it is asked for.
    pub(super) fn forget_patterns(&mut self, rows: &mut BTreeMap<TaskId, Row>) {
        self.patterns = Progress::default();
        // An invalid record's is what it breaks.
        rows.values_mut()
            .filter(|row| row.has_pattern_of_records())
            .for_each(|row| row.pattern = None);
        self.links = Progress::default();
        rows.values_mut().for_each(|row| row.link = None);
    }

    /// Reads of a changed row what has been read of the others.
    pub(super) fn prepare_again(
        &self,
        facts: Facts<'_>,
        texts: &mut Texts,
        row: &mut Row,
    ) -> Result<(), DeskError> {
        let parts: [(&Progress, Part); 4] = [
            (&self.records, of_records),
            (&self.subjects, subject),
            (&self.patterns, of_pattern),
            (&self.links, of_link),
        ];
        for (progress, read) in parts {
            if progress.has_begun() {
                read(facts, texts, row)?;
            }
        }
        Ok(())
    }
}

fn subject(facts: Facts<'_>, _: &mut Texts, row: &mut Row) -> Result<(), DeskError> {
    if !row.customers.is_empty() {
        row.subject = Some(subject_of(facts, row)?.into());
    }
    Ok(())
}

/// The name of what a row is about.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn subject_of(facts: Facts<'_>, row: &Row) -> Result<String, DeskError> {
    match (row.kind, row.customers.first()) {
        (TaskKind::Second | TaskKind::Check, _) => match facts.view.task(row.task)? {
            Some(entry) => second::label(facts, &entry.task),
            None => Ok(String::new()),
        },
        (_, Some(customer)) => subject_label(facts, *customer),
        (_, None) => Ok(String::new()),
    }
}

/// The pattern of a task, whether it waits or not; none where none is known.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn pattern_of(facts: Facts<'_>, task: Task) -> Result<Option<String>, DeskError> {
    let mut texts = Texts::default();
    let mut row = Row::of(task, &mut texts);
    of_pattern(facts, &mut texts, &mut row)?;
    Ok(row.pattern.map(|pattern| texts.get(pattern).to_owned()))
}

fn of_pattern(facts: Facts<'_>, texts: &mut Texts, row: &mut Row) -> Result<(), DeskError> {
    if row.pattern.is_none()
        && let Some(model) = facts.model()?
    {
        row.pattern = pattern(facts, &model, &row.customers)?.map(|text| texts.id(&text));
    }
    Ok(())
}

fn of_link(facts: Facts<'_>, _: &mut Texts, row: &mut Row) -> Result<(), DeskError> {
    if row.kind == TaskKind::Duplicate
        && let Some(model) = facts.model()?
    {
        row.link = best_link(facts, &model, &row.customers)?;
    }
    Ok(())
}

fn of_records(facts: Facts<'_>, texts: &mut Texts, row: &mut Row) -> Result<(), DeskError> {
    let (mut sources, stake) = sources_and_stake(facts, &row.customers)?;
    let stake = stake.filter(|_| !row.kind.may_be_blind());
    sources.sort_unstable();
    row.records = Some(OfRecords { sources: texts.id(&sources.join(" ")), stake });
    Ok(())
}

/// The value at stake in a task, read already or not; none where no field is named.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn stake(facts: Facts<'_>, row: &Row) -> Result<Option<f64>, DeskError> {
    match &row.records {
        Some(records) => Ok(records.stake),
        None if facts.settings.queue.stake.is_none() => Ok(None),
        // Customers that may be one by now would be counted twice, or tell that they are.
        None if row.kind.may_be_blind() => Ok(None),
        None => Ok(sources_and_stake(facts, &row.customers)?.1),
    }
}

/// The sources of customers, and the value at stake with them.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn sources_and_stake(
    facts: Facts<'_>,
    customers: &[CustomerId],
) -> Result<(Vec<String>, Option<f64>), DeskError> {
    let mut sources: Vec<String> = Vec::new();
    let mut stake = None;
    for customer in customers {
        if let Some(highest) = of_customer(facts, *customer, &mut sources)? {
            stake = Some(stake.unwrap_or(0.0) + highest);
        }
    }
    Ok((sources, stake))
}

/// Notes a customer's sources; gives the highest value at stake among its records, or what the measure says.
fn of_customer(
    facts: Facts<'_>,
    customer: CustomerId,
    sources: &mut Vec<String>,
) -> Result<Option<f64>, DeskError> {
    let field = facts.settings.queue.stake.as_ref();
    let Some(live) = facts.view.follow(customer)? else { return Ok(None) };
    let members = facts.view.customer(live)?.map(|state| state.members).unwrap_or_default();
    let measures = &facts.settings.measures;
    let measured = field.and_then(|field| measures.iter().position(|it| it.name == *field));
    let field = field.filter(|_| measured.is_none());
    let mut highest: Option<f64> = match measured {
        Some(at) => {
            let told = facts.told_of(live)?.0.into_iter().nth(at).flatten();
            told.and_then(|told| told.to_string().parse().ok())
        }
        None => None,
    };
    for record in members {
        let body = facts.body(record)?;
        let source = body.address.source.as_str();
        if !sources.iter().any(|known| known == source) {
            sources.push(source.to_owned());
        }
        let Some(field) = field else { continue };
        let state = facts.view.record_state(record)?;
        let values = facts.corrected(body.values, &state)?;
        let value = values.get(field.as_str()).and_then(|value| value.shown().parse().ok());
        highest = highest.into_iter().chain(value).reduce(f64::max);
    }
    Ok(highest)
}
