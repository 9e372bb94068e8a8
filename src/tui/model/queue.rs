//! The queue as shown: the desk's order, staying put while one works. Of most tasks only the id is
//! known here; rows are fetched around the cursor, sentences for the task under it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use super::{Scroll, TaskScreen, Views};
use domain::{Sequence, TaskId};
use door::views::{Listed, QueueChanges, QueueCounts, QueueOrder, QueueRow, QueueView};

/// Rows kept in memory at most.
const KEPT: usize = 2_000;
/// Of so many changes, each is looked for in the list by itself.
const FEW: usize = 16;

/// The queue.
#[derive(Debug, Clone, Default)]
pub struct QueueState {
    /// Whether the desk has answered once.
    pub loaded: bool,
    /// `[workspace] name`.
    pub workspace: String,
    /// Counts over everything pending.
    pub counts: QueueCounts,
    /// The tasks as shown.
    pub listed: Vec<Listed>,
    /// The rows that were fetched.
    pub known: HashMap<TaskId, QueueRow>,
    /// The rows that are on their way.
    pub asked: HashSet<TaskId>,
    /// Of those known, the rows that may say something old: they are asked for again, and shown until then.
    pub doubted: HashSet<TaskId>,
    /// Why the task under the cursor is here, and at which version that was asked.
    pub reasons: Option<Reasons>,
    /// What the desk counts changes from.
    pub generation: u64,
    /// Tasks that are new since the rows were taken in.
    pub new: BTreeSet<TaskId>,
    /// The filter expression, as typed.
    pub filter: Option<String>,
    /// The order.
    pub order: QueueOrder,
    /// How much was read of what filter and order ask for, while it is being read.
    pub preparing: Option<(usize, usize)>,
    /// Cursor.
    pub scroll: Scroll,
    /// The task the cursor goes to with the next rows: an undo reopened it.
    pub wanted: Option<TaskId>,
    /// The cursor goes to the top with the next rows.
    pub to_top: bool,
    /// The task shown beside the queue on a wide terminal.
    pub beside: Option<Box<TaskScreen>>,
    /// The tasks marked.
    pub marks: BTreeSet<TaskId>,
    /// The row where a range begins.
    pub range: Option<usize>,
    /// The tasks claimed by key: they stay claimed when their screen is left.
    pub claimed: BTreeSet<TaskId>,
    /// `[views]`: name and filter.
    pub views: Vec<(String, String)>,
    /// The person's own views, and how many tasks fit each view.
    pub saved: Views,
    /// Whether the settings say what is at stake.
    pub has_stake: bool,
    /// Tasks one bulk may decide at most.
    pub bulk_max: usize,
}

/// Why a task is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reasons {
    /// The task.
    pub task: TaskId,
    /// Its version when that was asked.
    pub version: Option<Sequence>,
    /// The order of the queue when that was asked.
    pub order: QueueOrder,
    /// The sentences, once the desk has answered.
    pub lines: Vec<String>,
}

impl QueueState {
    /// Whether any task is pending, whatever the filter.
    #[must_use]
    pub fn has_pending(&self) -> bool {
        let QueueCounts {
            open,
            mine,
            due,
            answered,
            back,
            deferred,
            escalated,
            proposed,
            approvals,
            ..
        } = self.counts;
        open + mine + due + answered + back + deferred + escalated + proposed + approvals > 0
    }

    /// How many tasks are shown.
    #[must_use]
    pub fn len(&self) -> usize {
        self.listed.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// The task under the cursor.
    #[must_use]
    pub fn current(&self) -> Option<TaskId> {
        self.listed.get(self.scroll.cursor).map(|listed| listed.task)
    }

    /// The row under the cursor, once it is known.
    #[must_use]
    pub fn current_row(&self) -> Option<&QueueRow> {
        self.known.get(&self.current()?)
    }

    /// Where a task stands, from 0.
    #[must_use]
    pub fn place_of(&self, task: TaskId) -> Option<usize> {
        // The task asked about is nearly always the one under the cursor.
        if self.current() == Some(task) {
            return Some(self.scroll.cursor);
        }
        self.listed.iter().position(|listed| listed.task == task)
    }

    /// Takes in the desk's tasks in its order; the cursor stays on its task if it is still there.
    pub fn take_in(&mut self, view: QueueView) {
        let kept = if std::mem::take(&mut self.to_top) { None } else { self.current() };
        let current = self.wanted.take().or(kept);
        let otherwise = current.map_or(0, |_| self.scroll.cursor);
        self.loaded = true;
        self.workspace = view.workspace;
        self.counts = view.counts;
        self.generation = view.generation;
        self.preparing = view.preparing;
        self.views = view.views;
        self.has_stake = view.has_stake;
        self.bulk_max = view.bulk_max;
        self.listed = view.listed;
        self.known = view.rows.into_iter().map(|row| (row.task, row)).collect();
        self.asked.clear();
        self.doubted.clear();
        self.new.clear();
        self.range = None;
        if !self.marks.is_empty() {
            let listed: HashSet<TaskId> = self.listed.iter().map(|listed| listed.task).collect();
            self.marks.retain(|task| listed.contains(task));
        }
        let place = current.and_then(|task| self.listed.iter().position(|it| it.task == task));
        self.scroll.to(place.unwrap_or(otherwise), self.listed.len());
    }

    /// Takes in a whole queue without moving anything: what is gone goes, what is new waits.
    pub fn refresh(&mut self, view: QueueView) {
        let now: HashMap<TaskId, bool> =
            view.listed.iter().map(|listed| (listed.task, listed.waits)).collect();
        let gone: Vec<TaskId> = self
            .listed
            .iter()
            .map(|listed| listed.task)
            .filter(|task| !now.contains_key(task))
            .collect();
        self.counts = view.counts;
        self.generation = view.generation;
        self.remove_all(&gone);
        let shown: HashSet<TaskId> = self.listed.iter().map(|listed| listed.task).collect();
        self.new = now.keys().filter(|task| !shown.contains(task)).copied().collect();
        for listed in &mut self.listed {
            listed.waits = now.get(&listed.task).copied().unwrap_or(listed.waits);
        }
        self.doubt();
        self.learn(view.rows);
    }

    /// What is known of the rows may be old. No row is blank for that.
    pub fn doubt(&mut self) {
        self.doubted = self.known.keys().copied().collect();
        self.asked.clear();
    }

    /// Takes in what changed; rows stay where they are, new ones wait.
    pub fn change(&mut self, changes: QueueChanges, actor: &str) {
        self.counts = changes.counts;
        self.generation = changes.generation;
        for task in &changes.gone {
            self.new.remove(task);
            self.known.remove(task);
            self.doubted.remove(task);
        }
        self.remove_all(&changes.gone);
        let places = (changes.kept.len() > FEW).then(|| {
            let listed = self.listed.iter().enumerate();
            listed.map(|(place, listed)| (listed.task, place)).collect::<HashMap<_, _>>()
        });
        for row in changes.kept {
            let place = match &places {
                Some(places) => places.get(&row.task).copied(),
                None => self.place_of(row.task),
            };
            match place {
                Some(place) => self.listed[place] = row.listed(actor),
                // An undo brought it back: it goes where the steward is.
                None if self.wanted == Some(row.task) => {
                    let cursor = self.scroll.cursor.min(self.listed.len());
                    self.listed.insert(cursor, row.listed(actor));
                    self.scroll.to(cursor, self.listed.len());
                }
                None => {
                    self.new.insert(row.task);
                }
            }
            self.doubted.remove(&row.task);
            self.known.insert(row.task, row);
        }
        self.wanted = None;
    }

    /// Takes rows in that were asked for.
    pub fn learn(&mut self, rows: Vec<QueueRow>) {
        for row in rows {
            self.asked.remove(&row.task);
            self.doubted.remove(&row.task);
            self.known.insert(row.task, row);
        }
    }

    /// Whether a row is known, and nothing makes it doubtful.
    fn is_known(&self, task: &TaskId) -> bool {
        self.known.contains_key(task) && !self.doubted.contains(task)
    }

    /// The tasks around the cursor that are neither known nor asked for, which now they are: first
    /// those on the screen. What is far away is forgotten.
    pub fn ask_around(&mut self, height: usize) -> Vec<Vec<TaskId>> {
        let shown = self.scroll.window(self.listed.len(), height);
        let first = shown.start.saturating_sub(height);
        let last = (shown.end + height).min(self.listed.len());
        let around: Vec<TaskId> =
            self.listed[first.min(last)..last].iter().map(|listed| listed.task).collect();
        if self.known.len() > KEPT {
            let near: HashSet<TaskId> = around.iter().copied().collect();
            self.known.retain(|task, _| near.contains(task));
            self.doubted.retain(|task| near.contains(task));
        }
        let is_shown = |task: &TaskId| self.is_known(task);
        let visible: Vec<TaskId> = self.listed[shown].iter().map(|listed| listed.task).collect();
        // Asked for a screen ahead of need, and then a whole screen at once.
        if visible.iter().all(is_shown) && !self.is_near_the_edge(&around) {
            return Vec::new();
        }
        let missing = [visible, around].map(|tasks| {
            let tasks = tasks.into_iter();
            let mut missing: Vec<TaskId> = tasks.filter(|task| !self.is_known(task)).collect();
            missing.retain(|task| self.asked.insert(*task));
            missing
        });
        missing.into_iter().filter(|tasks| !tasks.is_empty()).collect()
    }

    /// Whether a third of what lies around the screen is unknown.
    fn is_near_the_edge(&self, around: &[TaskId]) -> bool {
        let unknown = around.iter().filter(|task| !self.is_known(task)).count();
        unknown * 3 > around.len()
    }

    /// Takes a decided task out; the cursor is then on the one after it.
    pub fn remove(&mut self, task: TaskId) {
        self.remove_all(&[task]);
    }

    fn remove_all(&mut self, tasks: &[TaskId]) {
        if tasks.is_empty() {
            return;
        }
        self.marks.retain(|marked| !tasks.contains(marked));
        self.range = None;
        if tasks.len() <= FEW {
            for task in tasks {
                if let Some(place) = self.place_of(*task) {
                    self.listed.remove(place);
                    if place < self.scroll.cursor {
                        self.scroll.cursor -= 1;
                    }
                }
            }
        } else {
            let gone: HashSet<TaskId> = tasks.iter().copied().collect();
            let before = &self.listed[..self.scroll.cursor.min(self.listed.len())];
            let gone_before = before.iter().filter(|it| gone.contains(&it.task)).count();
            self.listed.retain(|listed| !gone.contains(&listed.task));
            self.scroll.cursor -= gone_before;
        }
        self.scroll.to(self.scroll.cursor, self.listed.len());
    }

    /// The first task from `place` on that waits for a verdict now; from the top if none does.
    #[must_use]
    pub fn next_open(&self, place: usize, but: Option<TaskId>) -> Option<TaskId> {
        let (before, after) = self.listed.split_at(place.min(self.listed.len()));
        after
            .iter()
            .chain(before)
            .find(|listed| listed.waits && Some(listed.task) != but)
            .map(|listed| listed.task)
    }

    /// The rows of the range that has begun, the cursor's included.
    #[must_use]
    pub fn ranged(&self) -> Option<Range<usize>> {
        let from = self.range?;
        let cursor = self.scroll.cursor;
        Some(from.min(cursor)..(from.max(cursor) + 1).min(self.listed.len()))
    }

    /// Marks the range that has begun, or marks the task under the cursor, or unmarks it.
    pub fn mark(&mut self) {
        if let Some(range) = self.ranged() {
            self.marks.extend(self.listed[range].iter().map(|listed| listed.task));
            self.range = None;
        } else if let Some(task) = self.current()
            && !self.marks.remove(&task)
        {
            self.marks.insert(task);
        }
    }

    /// The marked tasks in the order shown.
    #[must_use]
    pub fn marked(&self) -> Vec<TaskId> {
        let listed = self.listed.iter().map(|listed| listed.task);
        listed.filter(|task| self.marks.contains(task)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;
    use domain::Urgency;
    use door::views::QueueRow;

    fn ids(queue: &QueueState) -> Vec<u32> {
        queue.listed.iter().map(|listed| listed.task.0).collect()
    }

    fn changes(gone: &[u32], kept: Vec<QueueRow>) -> QueueChanges {
        let gone = gone.iter().copied().map(TaskId).collect();
        QueueChanges { gone, kept, generation: 8, ..QueueChanges::default() }
    }

    #[test]
    fn rows_stay_put_until_new_ones_are_taken_in() {
        let mut queue = QueueState::default();
        let view = fixtures::queue();
        queue.take_in(view.clone());
        queue.scroll.to(2, 5);
        let mut new = view.rows[0].clone();
        new.task = TaskId(99);
        let mut asked = view.rows[1].clone();
        asked.urgency = Urgency::Escalated;
        queue.change(changes(&[7], vec![new.clone(), asked]), "sam");
        assert_eq!((ids(&queue), queue.new.len()), (vec![12, 15, 31, 50], 1));
        assert_eq!(queue.current(), Some(TaskId(15)));
        assert_eq!(queue.next_open(0, None), Some(TaskId(15)), "T12 is asked of someone");
        queue.change(changes(&[99], Vec::new()), "sam");
        assert_eq!(queue.new.len(), 0, "it went before it was taken in");
        let mut view = fixtures::queue_of(vec![new], 1);
        view.listed.extend(queue.listed.clone());
        queue.take_in(view);
        assert_eq!((ids(&queue), queue.new.len()), (vec![99, 12, 15, 31, 50], 0));
        assert_eq!(queue.current(), Some(TaskId(15)));
    }

    #[test]
    fn a_whole_queue_taken_in_as_changes_moves_nothing() {
        let mut queue = QueueState::default();
        let view = fixtures::queue();
        queue.take_in(view.clone());
        queue.scroll.to(3, 5);
        let mut rows: Vec<QueueRow> =
            view.rows.into_iter().rev().filter(|row| row.task.0 != 7).collect();
        rows.push(QueueRow { task: TaskId(60), ..rows[0].clone() });
        queue.refresh(fixtures::queue_of(rows, 9));
        assert_eq!((ids(&queue), queue.current()), (vec![12, 15, 31, 50], Some(TaskId(31))));
        assert_eq!(queue.new.iter().map(|task| task.0).collect::<Vec<_>>(), [60]);
    }

    #[test]
    fn rows_are_asked_for_once_and_a_screen_ahead() {
        let listed = (1..=1_000).map(|id| Listed { task: TaskId(id), waits: true }).collect();
        let mut queue = QueueState { listed, ..QueueState::default() };
        let first = queue.ask_around(20);
        let of = |asked: &[Vec<TaskId>]| -> Vec<_> {
            asked.iter().map(|tasks| (tasks[0].0, tasks.len())).collect()
        };
        assert_eq!(of(&first), [(1, 20), (21, 20)], "what is on the screen comes first");
        assert!(queue.ask_around(20).is_empty(), "they are on their way");
        let row = fixtures::queue().rows[0].clone();
        let rows = |tasks: Vec<TaskId>| {
            tasks.into_iter().map(|task| QueueRow { task, ..row.clone() }).collect::<Vec<_>>()
        };
        queue.learn(rows(first.concat()));
        assert!(queue.ask_around(20).is_empty());
        queue.scroll.to(500, 1_000);
        assert_eq!(of(&queue.ask_around(20)), [(482, 20), (462, 40)]);
    }

    #[test]
    fn a_range_marks_every_row_of_it_and_what_goes_is_unmarked() {
        let mut queue = QueueState::default();
        queue.take_in(fixtures::queue());
        queue.mark();
        queue.scroll.to(2, 5);
        queue.range = Some(2);
        queue.scroll.to(4, 5);
        queue.mark();
        let marked = |queue: &QueueState| -> Vec<u32> {
            queue.marked().into_iter().map(|task| task.0).collect()
        };
        assert_eq!(marked(&queue), [7, 15, 31, 50]);
        queue.remove(TaskId(31));
        assert_eq!(marked(&queue), [7, 15, 50]);
    }
}
