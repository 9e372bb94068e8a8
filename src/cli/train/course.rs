//! Which tasks a training asks, what the truth about them is, and the queue that shows these alone.

use std::any::Any;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::cli::entry::Entry;
use crate::cli::ready_made::Teacher;
use desk::Desk;
use domain::{RecordAddress, TaskId};
use door::operations::ListTasks;
use door::views::{CoachLine, QueueCounts, QueueNews, QueueView, TaskLine, TaskPage, TaskView};
use door::{Outcome, Receipt, Session, Streams, TaskListing};

/// A training: what is asked, and what is so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// Of the sample that its customers come from.
    pub seed: u64,
    /// How many tasks were asked for.
    pub wanted: u16,
    /// The tasks, in the order in which they are asked.
    pub questions: Vec<Question>,
}

/// One task, with the truth about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The task.
    pub task: TaskId,
    /// A record of each of its customers, in the order of its columns.
    pub records: Vec<RecordAddress>,
    /// Who each of them really is.
    pub people: Vec<String>,
    /// What tells each pair of them.
    pub pairs: Vec<PairTold>,
}

/// What tells whether two customers are one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairTold {
    /// Two columns, counted from 0, the first one smaller.
    pub columns: (usize, usize),
    /// The two records that are told, in that order: of customers of several it is their best pair.
    #[serde(default)]
    pub records: Option<(RecordAddress, RecordAddress)>,
    /// What speaks most for one person.
    pub same: Option<Sign>,
    /// What speaks most for two.
    pub different: Option<Sign>,
}

/// One comparison, without its values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sign {
    /// The field.
    pub field: String,
    /// How its values compare: `day and month swapped`.
    pub level: String,
    /// The weight, log2(m/u).
    pub weight: f64,
}

/// Its file, within the training's workspace.
const FILE: &str = "training.json";

/// Whether a folder is the workspace of a training.
pub fn is_training(folder: &Path) -> bool {
    folder.join(FILE).is_file()
}

impl Course {
    /// Reads the one of a training.
    ///
    /// # Errors
    /// When there is none.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(FILE);
        let reading =
            || format!("reading {}; steward train --reset creates it again", path.display());
        let text = fs::read(&path).with_context(reading)?;
        serde_json::from_slice(&text).with_context(reading)
    }

    /// Writes it into a workspace that is being made.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let path = folder.join(FILE);
        fs::write(&path, serde_json::to_vec(self)?)
            .with_context(|| format!("writing {}", path.display()))
    }

    /// The tasks that wait for a verdict.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn left(&self, entry: &Entry) -> anyhow::Result<Vec<TaskId>> {
        let states = states(|asked| entry.ask(asked))?;
        let waits = |task: &TaskId| states.get(task).is_some_and(|state| waits(state));
        Ok(self.questions.iter().map(|question| question.task).filter(waits).collect())
    }
}

/// Whether a verdict is still wanted of whoever trains.
fn waits(state: &str) -> bool {
    ["open", "due", "answered"].contains(&state)
}

/// The state of every task, finished or not.
///
/// # Errors
/// When they cannot be read.
pub fn states(
    mut ask: impl FnMut(ListTasks) -> anyhow::Result<TaskPage>,
) -> anyhow::Result<BTreeMap<TaskId, String>> {
    let listing = TaskListing { finished: true, ..TaskListing::default() };
    let mut states = BTreeMap::new();
    for part in 0.. {
        let page = ask(ListTasks { listing: listing.clone(), part })?;
        states.extend(page.lines.into_iter().map(|TaskLine { id, state, .. }| (id, state)));
        if !page.more {
            break;
        }
    }
    Ok(states)
}

/// The training's queue: its tasks alone, in its order.
pub struct Room {
    order: Vec<TaskId>,
    /// Those that wait.
    left: Mutex<Vec<TaskId>>,
}

/// Said beside the first task.
const BEGIN: &str = "Training: decide as you would decide your own. If you cannot tell, {defer} puts it off. \
    You see what was right when you leave.";
/// Said beside the last decision.
const END: &str = "leave to see the result";

impl Room {
    /// Of that course.
    ///
    /// # Errors
    /// When the desk fails.
    pub fn of(course: &Course, desk: &mut Desk) -> anyhow::Result<Self> {
        let who = Session::local(desk.actor(), TimeZone::system());
        let states = states(|asked| Ok(desk.act(&who, asked, Streams::default())?))?;
        let order: Vec<TaskId> = course.questions.iter().map(|question| question.task).collect();
        let waits = |task: &TaskId| states.get(task).is_some_and(|state| waits(state));
        let left = order.iter().copied().filter(waits).collect();
        Ok(Self { order, left: Mutex::new(left) })
    }

    /// The first that waits.
    pub fn next(&self) -> Option<TaskId> {
        self.left().first().copied()
    }

    fn left(&self) -> MutexGuard<'_, Vec<TaskId>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn place(&self, task: TaskId) -> Option<usize> {
        self.order.iter().position(|it| *it == task)
    }

    fn counts(&self, counts: QueueCounts) -> QueueCounts {
        let open = self.left().len();
        QueueCounts { open, decided_today: counts.decided_today, ..QueueCounts::default() }
    }

    fn show_alone(&self, queue: &mut QueueView) {
        queue.listed.retain(|listed| self.place(listed.task).is_some());
        queue.listed.sort_by_key(|listed| self.place(listed.task));
        queue.rows.retain(|row| self.place(row.task).is_some());
        queue.counts = self.counts(queue.counts);
    }

    fn hear(&self, task: TaskId, waits: bool) {
        if self.place(task).is_none() {
            return;
        }
        let mut left = self.left();
        left.retain(|it| *it != task);
        if waits {
            left.push(task);
            left.sort_by_key(|task| self.place(*task));
        }
    }
}

impl Teacher for Room {
    fn put_in_a_word(&self, answer: &mut (dyn Any + Send)) {
        if let Some(Ok(queue)) = answer.downcast_mut::<Outcome<QueueView>>() {
            self.show_alone(queue);
        } else if let Some(Ok(news)) = answer.downcast_mut::<Outcome<QueueNews>>() {
            match news {
                QueueNews::Whole(queue) => self.show_alone(queue),
                QueueNews::Changed(changes) => {
                    changes.gone.iter().for_each(|task| self.hear(*task, false));
                    changes.kept.retain(|row| self.place(row.task).is_some());
                    for row in &changes.kept {
                        self.hear(row.task, row.urgency.waits());
                    }
                    changes.counts = self.counts(changes.counts);
                }
            }
        } else if let Some(Ok(receipt)) = answer.downcast_mut::<Outcome<Receipt>>() {
            if let Some(task) = receipt.task {
                self.hear(task, false);
            }
            if self.left().is_empty() {
                receipt.summary = format!("{}; {END}", receipt.summary);
            }
        } else if let Some(Ok(view)) = answer.downcast_mut::<Outcome<TaskView>>() {
            let is_first = view.task.as_ref().is_some_and(|task| self.place(task.id) == Some(0));
            view.coach = is_first.then(|| CoachLine(BEGIN.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use door::views::Listed;

    fn room(left: &[u32]) -> Room {
        let order = [7, 3, 5].map(TaskId).into();
        Room { order, left: Mutex::new(left.iter().copied().map(TaskId).collect()) }
    }

    #[test]
    fn the_queue_shows_the_tasks_of_the_training_alone() {
        let listed = |id| Listed { task: TaskId(id), waits: true };
        let mut queue =
            QueueView { listed: [1, 3, 5, 7, 9].map(listed).into(), ..QueueView::default() };
        queue.counts.open = 243;
        room(&[7, 3, 5]).show_alone(&mut queue);
        let order: Vec<u32> = queue.listed.iter().map(|listed| listed.task.0).collect();
        assert_eq!((order, queue.counts.open), (vec![7, 3, 5], 3));
    }

    #[test]
    fn the_first_that_waits_comes_next_and_what_is_taken_back_waits_again() {
        let room = room(&[7, 3, 5]);
        room.hear(TaskId(7), false);
        room.hear(TaskId(1), true);
        assert_eq!((room.next(), room.left().len()), (Some(TaskId(3)), 2));
        room.hear(TaskId(7), true);
        assert_eq!(room.next(), Some(TaskId(7)));
    }

    #[test]
    fn which_states_wait() {
        for (state, expected) in [
            ("open", true),
            ("due", true),
            ("answered", true),
            ("deferred", false),
            ("escalated", false),
            ("decided", false),
            ("settled", false),
        ] {
            assert_eq!(waits(state), expected, "{state}");
        }
    }
}
