//! The queue as shown: the desk's rows in an order of the steward's, staying put while one works.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::{Scroll, TaskScreen};
use crate::desk::views::{QueueCounts, QueueRow, QueueView};
use crate::domain::TaskId;

/// How the queue is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As the desk says.
    #[default]
    BestNext,
    /// Most probable first.
    Score,
    /// Oldest first.
    Age,
    /// Kind by kind.
    Kind,
}

impl Order {
    /// The order after this one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Order::BestNext => Order::Score,
            Order::Score => Order::Age,
            Order::Age => Order::Kind,
            Order::Kind => Order::BestNext,
        }
    }

    /// Its name on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Order::BestNext => "best next",
            Order::Score => "score",
            Order::Age => "age",
            Order::Kind => "kind",
        }
    }

    fn compare(self, left: &QueueRow, right: &QueueRow) -> Ordering {
        match self {
            Order::BestNext => Ordering::Equal,
            Order::Score => right.score.unwrap_or(-1.0).total_cmp(&left.score.unwrap_or(-1.0)),
            Order::Age => left.opened.cmp(&right.opened),
            Order::Kind => left.kind.cmp(&right.kind),
        }
    }
}

/// The queue.
#[derive(Debug, Clone, Default)]
pub struct QueueState {
    /// Whether the desk has answered once.
    pub loaded: bool,
    /// `[workspace] name`.
    pub workspace: String,
    /// Counts over everything pending.
    pub counts: QueueCounts,
    /// The rows as shown.
    pub rows: Vec<QueueRow>,
    /// The desk's order.
    best_next: Vec<TaskId>,
    /// Tasks that are new since the rows were taken in.
    pub waiting: usize,
    /// The filter expression, as typed.
    pub filter: Option<String>,
    /// The order.
    pub order: Order,
    /// Cursor.
    pub scroll: Scroll,
    /// The task the cursor goes to with the next rows: an undo reopened it.
    pub wanted: Option<TaskId>,
    /// The task shown beside the queue on a wide terminal.
    pub beside: Option<Box<TaskScreen>>,
}

impl QueueState {
    /// How many tasks are shown.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row under the cursor.
    #[must_use]
    pub fn current(&self) -> Option<&QueueRow> {
        self.rows.get(self.scroll.cursor)
    }

    /// Where a task stands, from 0.
    #[must_use]
    pub fn place_of(&self, task: TaskId) -> Option<usize> {
        // The task asked about is nearly always the one under the cursor.
        if self.current().is_some_and(|row| row.task == task) {
            return Some(self.scroll.cursor);
        }
        self.rows.iter().position(|row| row.task == task)
    }

    /// Takes in the desk's rows and its order; the cursor stays on its task if it is still there.
    pub fn take_in(&mut self, view: QueueView) {
        let current = self.wanted.take().or_else(|| self.current().map(|row| row.task));
        self.remember(&view);
        self.rows = view.rows;
        self.waiting = 0;
        if self.order != Order::BestNext {
            self.sort();
        }
        let place = current.and_then(|task| self.rows.iter().position(|row| row.task == task));
        self.scroll.to(place.unwrap_or(self.scroll.cursor), self.rows.len());
    }

    /// Takes in what changed about the rows shown; they stay where they are, new ones wait.
    pub fn refresh(&mut self, view: QueueView) {
        self.remember(&view);
        let mut fresh: HashMap<TaskId, QueueRow> =
            view.rows.into_iter().map(|row| (row.task, row)).collect();
        let current = self.scroll.cursor;
        let mut gone_before = 0;
        let mut place = 0;
        self.rows.retain_mut(|row| {
            let kept = fresh.remove(&row.task);
            if kept.is_none() && place < current {
                gone_before += 1;
            }
            place += 1;
            kept.map(|new| *row = new).is_some()
        });
        self.waiting = fresh.len();
        self.scroll.to(current - gone_before, self.rows.len());
    }

    fn remember(&mut self, view: &QueueView) {
        self.loaded = true;
        self.workspace.clone_from(&view.workspace);
        self.counts = view.counts;
        self.best_next = view.rows.iter().map(|row| row.task).collect();
    }

    /// Sorts by the next order; the cursor goes to the top, where the next task now is.
    pub fn cycle_order(&mut self) {
        self.order = self.order.next();
        self.sort();
        self.scroll = Scroll::default();
    }

    fn sort(&mut self) {
        let places = self.best_next.iter().enumerate();
        let places: HashMap<TaskId, usize> = places.map(|(at, task)| (*task, at)).collect();
        let order = self.order;
        self.rows.sort_by(|left, right| {
            let place = |row: &QueueRow| places.get(&row.task).copied().unwrap_or(usize::MAX);
            order.compare(left, right).then_with(|| place(left).cmp(&place(right)))
        });
    }

    /// Takes a decided task out; the cursor is then on the one after it.
    pub fn remove(&mut self, task: TaskId) {
        if let Some(place) = self.place_of(task) {
            self.rows.remove(place);
            if place < self.scroll.cursor {
                self.scroll.cursor -= 1;
            }
            self.scroll.to(self.scroll.cursor, self.rows.len());
        }
    }

    /// The first task from `place` on that waits for a verdict now; from the top if none does.
    #[must_use]
    pub fn next_open(&self, place: usize, but: Option<TaskId>) -> Option<TaskId> {
        let (before, after) = self.rows.split_at(place.min(self.rows.len()));
        after
            .iter()
            .chain(before)
            .find(|row| waits(row) && Some(row.task) != but)
            .map(|row| row.task)
    }
}

/// Whether a task waits for a verdict now: not put off, not asked of someone.
fn waits(row: &QueueRow) -> bool {
    !row.state.starts_with("deferred") && !row.state.starts_with("escalated")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixtures;

    fn ids(queue: &QueueState) -> Vec<u32> {
        queue.rows.iter().map(|row| row.task.0).collect()
    }

    #[test]
    fn rows_stay_put_until_new_ones_are_taken_in() {
        let mut queue = QueueState::default();
        let mut view = fixtures::queue();
        queue.take_in(view.clone());
        queue.scroll.to(2, 5);
        let mut new = view.rows[0].clone();
        new.task = TaskId(99);
        view.rows.remove(0);
        view.rows.insert(0, new);
        view.rows[1].state = "escalated".to_owned();
        queue.refresh(view.clone());
        assert_eq!((ids(&queue), queue.waiting), (vec![12, 15, 31, 50], 1));
        assert_eq!(queue.current().map(|row| row.task), Some(TaskId(15)));
        assert_eq!(queue.next_open(0, None), Some(TaskId(15)), "T12 is asked of someone");
        queue.take_in(view);
        assert_eq!((ids(&queue), queue.waiting), (vec![99, 12, 15, 31, 50], 0));
        assert_eq!(queue.current().map(|row| row.task), Some(TaskId(15)));
    }

    #[test]
    fn every_order_ends_at_the_desks_own() {
        let mut queue = QueueState::default();
        queue.take_in(fixtures::queue());
        let desks = ids(&queue);
        for expected in [[12, 15, 50, 7, 31], [7, 12, 15, 31, 50], [12, 15, 50, 31, 7]] {
            queue.cycle_order();
            assert_eq!(ids(&queue), expected, "{}", queue.order.name());
        }
        queue.cycle_order();
        assert_eq!(ids(&queue), desks);
    }
}
