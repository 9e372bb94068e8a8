//! Views of the queue: a filter, and an order if the view has one, under a name.

use std::collections::BTreeMap;

use super::QueueState;
use domain::{QueueOrder, TaskColumn};

/// A view that a person saved from the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnView {
    /// Its name.
    pub name: String,
    /// The filter, as typed; `None` means everything.
    pub filter: Option<String>,
    /// The order.
    pub order: QueueOrder,
}

impl OwnView {
    /// What it shows, in few words: `score < 0.7, order -age`.
    #[must_use]
    pub fn told(&self) -> String {
        told(self.filter.as_deref(), Some(self.order))
    }
}

/// What is written where a person's views are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViewChange {
    /// A view, over one of that name.
    Save(OwnView),
    /// Another name.
    Rename {
        /// The name it had.
        from: String,
        /// The name it gets.
        to: String,
    },
    /// A view is no longer kept.
    Delete(String),
}

impl ViewChange {
    /// Makes the change; none of that name is nothing to change.
    pub fn apply(&self, views: &mut Vec<OwnView>) {
        match self {
            ViewChange::Save(view) => {
                match views.iter_mut().find(|known| known.name == view.name) {
                    Some(known) => known.clone_from(view),
                    None => views.push(view.clone()),
                }
            }
            ViewChange::Rename { from, to } => {
                views
                    .iter_mut()
                    .filter(|known| known.name == *from)
                    .for_each(|it| it.name.clone_from(to));
            }
            ViewChange::Delete(name) => views.retain(|known| known.name != *name),
        }
    }
}

/// A view that can be gone to, whoever wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedView<'v> {
    /// Its name.
    pub name: &'v str,
    /// The filter; `None` means everything.
    pub filter: Option<&'v str>,
    /// The order; `None` leaves it as it is.
    pub order: Option<QueueOrder>,
}

impl NamedView<'_> {
    /// What it shows, in few words.
    #[must_use]
    pub fn told(&self) -> String {
        told(self.filter, self.order)
    }
}

fn told(filter: Option<&str>, order: Option<QueueOrder>) -> String {
    let filter = filter.unwrap_or("everything");
    match order.filter(|order| *order != QueueOrder::default()) {
        Some(order) => format!("{filter}, order {}", order.name()),
        None => filter.to_owned(),
    }
}

/// A person's own views, and how many tasks fit each view.
#[derive(Debug, Clone, Default)]
pub struct Views {
    /// Those saved from the screen, in the order in which they were.
    pub own: Vec<OwnView>,
    /// How many tasks fit a filter, as far as that is known.
    pub counts: BTreeMap<String, usize>,
    /// The generation of the queue that the counts were asked at, and how many filters were.
    pub asked: Option<(u64, usize)>,
}

impl QueueState {
    /// The views, those of `steward.toml` first.
    pub fn all_views(&self) -> impl Iterator<Item = NamedView<'_>> {
        let settings = self.views.iter().map(|(name, filter)| NamedView {
            name,
            filter: Some(filter),
            order: None,
        });
        let own = self.saved.own.iter().map(|view| NamedView {
            name: &view.name,
            filter: view.filter.as_deref(),
            order: Some(view.order),
        });
        settings.chain(own)
    }

    /// How many tasks a view shows, if that is known.
    #[must_use]
    pub fn count_of(&self, view: &NamedView<'_>) -> Option<usize> {
        self.saved.counts.get(view.filter?).copied()
    }

    /// Whether the queue shows this view now.
    #[must_use]
    pub fn is_in(&self, view: &NamedView<'_>) -> bool {
        self.filter.as_deref() == view.filter && view.order.is_none_or(|order| order == self.order)
    }
}

/// Why a filter may not be saved, if so: names of people are not put where no erasure reaches.
#[must_use]
pub fn not_to_be_saved(filter: &str) -> Option<String> {
    let subject = TaskColumn::Subject.name();
    let expression = TaskColumn::kept_expression(filter).ok()?;
    expression.names().contains(&subject).then(|| {
        format!("views are kept where no erasure reaches: take `{subject}` out of the filter first")
    })
}
