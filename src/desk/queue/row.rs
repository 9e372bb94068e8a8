//! One task of the queue, in a hundred bytes.

use std::collections::HashMap;
use std::sync::Arc;

use compact_str::CompactString;
use jiff::civil::Date;

use crate::approvals::Asks;
use crate::describe;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{CustomerId, Task, TaskId, TaskKind, TaskReason, TaskState};
use matching::Link;

/// A text that many rows share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TextId(u32);

/// Texts that many rows share, each kept once.
#[derive(Default)]
pub(crate) struct Texts {
    list: Vec<Arc<str>>,
    places: HashMap<Arc<str>, TextId>,
}

impl Texts {
    pub(crate) fn id(&mut self, text: &str) -> TextId {
        if let Some(id) = self.places.get(text) {
            return *id;
        }
        let shared: Arc<str> = text.into();
        // More than four thousand million texts do not fit in memory.
        let id = TextId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(Arc::clone(&shared));
        self.places.insert(shared, id);
        id
    }

    pub(crate) fn get(&self, id: TextId) -> &str {
        self.list.get(id.0 as usize).map_or("", |text| text)
    }
}

/// What a filter, an order and a count need to know of a task.
pub(crate) struct Row {
    pub(crate) task: TaskId,
    pub(crate) kind: TaskKind,
    pub(crate) state: TaskState,
    pub(crate) customers: Box<[CustomerId]>,
    /// Customers, or violations of an invalid record.
    pub(crate) count: u32,
    pub(crate) score: Option<f64>,
    /// Second of Unix time.
    pub(crate) opened: i64,
    /// The rules an invalid record breaks.
    pub(crate) rules: Option<TextId>,
    pub(crate) reason: TextId,
    /// Read from the task's records when first asked for.
    pub(crate) records: Option<OfRecords>,
    /// The name of the first customer, read when first asked for.
    pub(crate) subject: Option<CompactString>,
    /// Judged from the records when first asked for; known at once for an invalid record, and for a
    /// second look, whose records may be one customer by now.
    pub(crate) pattern: Option<TextId>,
    /// The last day to answer a request.
    pub(crate) due: Option<Date>,
    /// The best link of a duplicate's customers, read when first asked for.
    pub(crate) link: Option<Link>,
    /// Who may approve it and until when, of what asks for an approval.
    pub(crate) asks: Option<Box<Asks>>,
}

/// What a task's records tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct OfRecords {
    pub(crate) sources: TextId,
    pub(crate) stake: Option<f64>,
}

impl Row {
    /// What the task itself tells.
    pub(crate) fn of(task: Task, texts: &mut Texts) -> Row {
        let rules = match &task.reason {
            TaskReason::Breaks { rules } => {
                let names: Vec<&str> = rules.iter().map(|rule| rule.as_str()).collect();
                Some((rules.len(), texts.id(&names.join(" "))))
            }
            _ => None,
        };
        let count = rules.map_or(task.customers.len(), |(count, _)| count);
        let reason = texts.id(&describe::reason(&task));
        let may_be_blind = task.kind.may_be_blind();
        Row {
            task: task.id,
            kind: task.kind,
            count: u32::try_from(count).unwrap_or(u32::MAX),
            score: task.score,
            opened: task.opened.as_second(),
            rules: rules.map(|(_, text)| text),
            pattern: (rules.is_some() || may_be_blind).then_some(reason),
            reason,
            records: None,
            subject: None,
            link: None,
            asks: None,
            due: match task.reason {
                TaskReason::Requested { due, .. } => Some(due),
                _ => None,
            },
            customers: task.customers.into_boxed_slice(),
            state: task.state,
        }
    }

    /// Reads what it asks, of what asks for an approval and waits.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn read_asks(&mut self, facts: Facts<'_>) -> Result<(), DeskError> {
        if self.kind == TaskKind::Approval
            && self.state.is_pending()
            && let Some(entry) = facts.view.task(self.task)?
        {
            self.asks = Asks::of(facts, &entry.task)?.map(Box::new);
        }
        Ok(())
    }

    /// Whom it was escalated to.
    pub(crate) fn asked(&self) -> Option<&str> {
        match &self.state {
            TaskState::Escalated { to, .. } | TaskState::Answered { to, .. } => Some(to),
            _ => None,
        }
    }

    /// Whether its records say what its pattern is.
    pub(crate) fn has_pattern_of_records(&self) -> bool {
        self.rules.is_none() && !self.kind.may_be_blind()
    }

    /// Whether it waits for its first verdict, of anyone.
    pub(crate) fn is_only_open(&self) -> bool {
        let comes_due = matches!(self.kind, TaskKind::Challenge | TaskKind::Request);
        self.state == TaskState::Open && !comes_due
    }
}
