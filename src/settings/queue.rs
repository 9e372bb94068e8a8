//! `[queue]` and `[views]`: how the queue is sorted, what is at stake in a task, when one is due, how
//! long a claim lasts, saved filters.

use std::collections::BTreeMap;
use std::time::Duration;

use super::field::Declared;
use super::measure::Measure;
use super::nearest::hint;
use super::reader::{Entry, Findings, Placed, Table, integer, text};
use domain::expression::Expression;
use domain::{FieldName, FieldType, OrderBy, QueueOrder, TaskColumn, TaskKind};

/// How the queue is worked.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueSettings {
    /// How the queue is sorted until a person sorts it otherwise.
    pub order: QueueOrder,
    /// Days after which an open task of a kind is due. Challenges stand before what is due anyway.
    pub due: BTreeMap<TaskKind, u32>,
    /// The number that tells what hangs on a customer: of a field, each customer counts with the highest value
    /// among its records; of a measure, with what it says. A task counts with the sum over its customers.
    pub stake: Option<FieldName>,
    /// How long a claim lasts after the last thing its holder did.
    pub claim: Duration,
    /// `[views]`, in the order of the file.
    pub views: Vec<SavedView>,
}

/// A filter with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedView {
    /// Its name.
    pub name: String,
    /// The filter, over columns of tasks.
    pub filter: Expression,
}

/// The longest time an open task may wait before it is due, in days: ten years.
const LONGEST_DUE: i64 = 3_650;
/// Kinds of tasks that come due: challenges come before what is due, whatever their age.
const COME_DUE: [TaskKind; 2] = [TaskKind::Duplicate, TaskKind::Invalid];
/// Minutes a claim lasts where `steward.toml` says nothing.
const CLAIM: u64 = 30;
/// The longest claim in minutes: a day.
const LONGEST_CLAIM: i64 = 24 * 60;

impl Default for QueueSettings {
    fn default() -> Self {
        Self {
            order: QueueOrder::default(),
            due: BTreeMap::new(),
            stake: None,
            claim: Duration::from_secs(CLAIM * 60),
            views: Vec::new(),
        }
    }
}

impl QueueSettings {
    pub(super) fn read(
        table: &Table<'_>,
        (fields, measures): (&[Declared<'_>], &[Measure]),
        findings: &mut Findings,
    ) -> Self {
        table.only(&["order", "stake", "claim", "due"], findings);
        let mut settings = Self::default();
        if let Some(named) = table.text("stake", findings) {
            let measure = measures.iter().find(|measure| measure.name.as_str() == named.text);
            match fields.iter().find(|declared| declared.name == named.text) {
                None if measure.is_some_and(|it| it.gives == FieldType::Number) => {
                    settings.stake = Some(FieldName::new(named.text));
                }
                None if measure.is_some() => {
                    let name = named.text;
                    let why = format!("`stake` adds up numbers; the measure `{name}` gives none");
                    findings.add(named.at, why);
                }
                None => {
                    let hint = hint(named.text, fields.iter().map(|declared| declared.name));
                    findings.add(named.at, format!("unknown field `{}`{hint}", named.text));
                }
                Some(Declared { field: Some(field), .. })
                    if field.field_type != FieldType::Number =>
                {
                    let (name, found) = (named.text, field.field_type.name());
                    findings.add(
                        named.at,
                        format!("`stake` adds up numbers; `{name}` has type {found}"),
                    );
                }
                // Everybody sees the order, and what stands beside each task.
                Some(Declared { field: Some(field), .. }) if field.sensitive => {
                    let name = named.text;
                    findings.add(
                        named.at,
                        format!(
                            "`{name}` is sensitive: `stake` must be another field, because everybody sees its order"
                        ),
                    );
                }
                Some(_) => settings.stake = Some(FieldName::new(named.text)),
            }
        }
        let minutes = table
            .get("claim")
            .and_then(|entry| integer(entry, 1..LONGEST_CLAIM + 1, findings))
            .and_then(|minutes| u64::try_from(minutes).ok());
        if let Some(minutes) = minutes {
            settings.claim = Duration::from_secs(minutes * 60);
        }
        settings.due = read_due(table, findings);
        if let Some(named) = table.text("order", findings) {
            settings.order = read_order(named, settings.stake.is_some(), findings);
        }
        settings
    }
}

/// `order`: the name of an order, `-` before it for the other way round.
fn read_order(named: Placed<'_>, has_stake: bool, findings: &mut Findings) -> QueueOrder {
    let Some(order) = QueueOrder::named(named.text) else {
        let hint = hint(named.text, OrderBy::ALL.iter().map(|(_, by)| by.key()));
        findings.add(named.at, format!("unknown order `{}`{hint}", named.text));
        return QueueOrder::default();
    };
    if order.by == OrderBy::Stake && !has_stake {
        let why = "`order` cannot be by stake unless `stake` names a field";
        findings.add(named.at, why.to_owned());
    }
    order
}

/// `due`: days for every kind of task, or a table of them by kind.
fn read_due(table: &Table<'_>, findings: &mut Findings) -> BTreeMap<TaskKind, u32> {
    let mut due = BTreeMap::new();
    let Some(entry) = table.get("due") else { return due };
    let mut note = |entry: Entry<'_>, kinds: &[TaskKind], findings: &mut Findings| {
        let days = integer(entry, 1..LONGEST_DUE + 1, findings);
        if let Some(days) = days.and_then(|days| u32::try_from(days).ok()) {
            due.extend(kinds.iter().map(|kind| (*kind, days)));
        }
    };
    if !entry.is_table() {
        note(entry, &COME_DUE, findings);
        return due;
    }
    let Some(by_kind) = Table::of(entry, "[queue.due]", findings) else { return due };
    by_kind.only(&COME_DUE.map(TaskKind::name), findings);
    for kind in COME_DUE {
        if let Some(entry) = by_kind.get(kind.name()) {
            note(entry, &[kind], findings);
        }
    }
    due
}

/// `[views]`: a name, and the filter it stands for.
pub(super) fn read_views(table: &Table<'_>, findings: &mut Findings) -> Vec<SavedView> {
    let mut views = Vec::new();
    for entry in &table.entries {
        let Some(filter) = text(*entry, findings) else { continue };
        match TaskColumn::kept_expression(filter.text) {
            Ok(filter) => views.push(SavedView { name: entry.key.to_owned(), filter }),
            Err(error) => findings.add(filter.at, format!("the view `{}`: {error}", entry.key)),
        }
    }
    views
}
