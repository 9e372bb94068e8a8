//! The lessons of the demo: which tasks they are, which of them are done, and what is said beside them.
//!
//! Which are done is read from the tasks themselves, so that the demo goes on where one was.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Mutex;

use anyhow::Context;
use jiff::tz::TimeZone;

use crate::cli::ready_made::Teacher;
use desk::Desk;
use domain::{RecordAddress, Subject, TaskId, TaskKind, Urgency};
use door::operations::{FindRecord, ListTasks, ShowTask};
use door::views::{CoachLine, FoundRecord, QueueNews, QueueView, TaskLine, TaskView};
use door::{NotDone, Outcome, Receipt, Session, Streams, TaskListing};

const COACH: &str = include_str!("../../../sample-data/demo/coach.toml");

/// How to go on once all lessons are done, for the shell.
const GO_ON: [&str; 5] = [
    "all lessons are done; where to go from here:",
    "  steward train                            20 tasks with known answers: how often are you right?",
    "  steward init customers --from FILE...    a workspace of your own files",
    "  steward import FILE --source NAME        later files; then: steward match, steward review",
    "  README.md                                everything else, in the order you will need it",
];

/// Said beside a lesson's task whose verdict was given, and which waits for those who were left out.
const LEFT: &str =
    "This lesson is done. The task stays open for the customer left out; decide it like any other.";

/// The lines that teach, each with the task it belongs to.
pub struct Coach {
    lessons: Vec<Lesson>,
    /// Said beside the first task after them.
    end: String,
    known: Mutex<Known>,
}

/// What changes while somebody decides.
#[derive(Default)]
struct Known {
    /// Lessons that are decided, or asked of someone.
    done: BTreeSet<TaskId>,
    /// The task beside which the end is said.
    ended_at: Option<TaskId>,
}

struct Lesson {
    line: String,
    /// How many customers it is about, where its verdict leaves somebody out and the task goes on waiting.
    customers: Option<usize>,
    /// None where whoever plays with the demo has erased whom it was about.
    task: Option<TaskId>,
}

#[derive(serde::Deserialize)]
struct CoachFile {
    end: String,
    tasks: Vec<CoachEntry>,
}

#[derive(serde::Deserialize)]
struct CoachEntry {
    record: RecordAddress,
    kind: TaskKind,
    line: String,
    customers: Option<usize>,
}

impl Lesson {
    /// Whether its verdict was given and the task waits for those who were left out.
    fn is_partly_done(&self, view: &TaskView) -> bool {
        self.customers.is_some_and(|customers| view.columns.len() < customers)
    }
}

impl Coach {
    /// Finds the lessons in a demo.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(desk: &mut Desk) -> anyhow::Result<Coach> {
        let file: CoachFile = toml::from_str(COACH).context("reading the demo's coach lines")?;
        let who = Session::local(desk.actor(), TimeZone::system());
        let tasks = tasks(desk, &who)?;
        let (mut lessons, mut known) = (Vec::new(), Known::default());
        for CoachEntry { record, kind, line, customers } in file.tasks {
            let customer = match desk.act(&who, FindRecord { record }, Streams::default()) {
                Ok(FoundRecord { customer, .. }) => Some(Subject::Customer(customer)),
                Err(NotDone::Refused(_)) => None,
                Err(failed) => return Err(failed.into()),
            };
            // The oldest one: what one decides may raise others about the same customer.
            let of_lesson = |task: &&TaskLine| {
                task.kind == kind && customer.as_ref().is_some_and(|it| task.subjects.contains(it))
            };
            let task = tasks.iter().filter(of_lesson).min_by_key(|task| task.id);
            let task = task.map(|task| (task.id, is_done(&task.state)));
            let lesson = Lesson { line, customers, task: task.map(|(task, _)| task) };
            if let Some((task, done)) = task {
                let asked = ShowTask { task, unmask: false };
                let is_done = done
                    || customers.is_some()
                        && lesson.is_partly_done(&desk.act(&who, asked, Streams::default())?);
                known.done.extend(is_done.then_some(task));
            }
            lessons.push(lesson);
        }
        Ok(Coach { lessons, end: file.end, known: Mutex::new(known) })
    }

    /// The lesson to go on with: the first that is not done.
    pub fn next(&self) -> Option<TaskId> {
        let done = &self.known().done;
        self.lessons.iter().filter_map(|lesson| lesson.task).find(|task| !done.contains(task))
    }

    /// What is said to whoever leaves.
    pub fn farewell(&self) -> Vec<String> {
        let all = self.lessons.iter().filter(|lesson| lesson.task.is_some()).count();
        match self.known().done.len() {
            done if done >= all => GO_ON.map(str::to_owned).to_vec(),
            done => {
                vec![format!("{done} of {all} lessons done: steward demo continues with the next")]
            }
        }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn is_lesson(&self, task: TaskId) -> bool {
        self.lessons.iter().any(|lesson| lesson.task == Some(task))
    }

    fn leaves_out(&self, task: TaskId) -> bool {
        let mut lessons = self.lessons.iter();
        lessons.any(|lesson| lesson.task == Some(task) && lesson.customers.is_some())
    }

    fn put_first(&self, queue: &mut QueueView) {
        let known = self.known();
        queue.listed.sort_by_key(|listed| {
            let is_this = |lesson: &Lesson| lesson.task == Some(listed.task);
            let lesson = self.lessons.iter().position(is_this);
            lesson.filter(|_| !known.done.contains(&listed.task)).unwrap_or(usize::MAX)
        });
    }

    /// A lesson is done, or to be done again.
    fn hear(&self, task: TaskId, is_done: bool) {
        if self.is_lesson(task) {
            let done = &mut self.known().done;
            if is_done {
                done.insert(task)
            } else {
                done.remove(&task)
            };
        }
    }

    fn teach(&self, view: &mut TaskView) {
        let Some(task) = &view.task else { return };
        let lesson = self.lessons.iter().find(|lesson| lesson.task == Some(task.id));
        let is_left = lesson.is_some_and(|lesson| lesson.is_partly_done(view));
        if lesson.is_some() {
            self.hear(task.id, is_left || is_done(task.state.name()));
        }
        let line = match is_left {
            // What the lesson says of columns is no longer so.
            true => Some(LEFT.to_owned()),
            false => self.line(task.id, task.state.is_pending()),
        };
        view.coach = line.map(CoachLine);
    }

    fn line(&self, task: TaskId, is_pending: bool) -> Option<String> {
        let of = self.lessons.len();
        if let Some(at) = self.lessons.iter().position(|lesson| lesson.task == Some(task)) {
            return Some(format!("lesson {} of {of}: {}", at + 1, self.lessons[at].line));
        }
        // The task after the last lesson is fetched while that is still being decided.
        let mut known = self.known();
        let left = self.lessons.iter().filter_map(|lesson| lesson.task);
        let left = left.filter(|task| !known.done.contains(task)).count();
        if left > 1 || !is_pending {
            return None;
        }
        let here = *known.ended_at.get_or_insert(task) == task;
        here.then(|| self.end.clone())
    }
}

/// Whether a task in the state of that name has had its verdict, or was handed to somebody.
fn is_done(state: &str) -> bool {
    ["decided", "settled", "escalated"].contains(&state)
}

fn tasks(desk: &mut Desk, who: &Session) -> anyhow::Result<Vec<TaskLine>> {
    let listing = TaskListing { finished: true, ..TaskListing::default() };
    let mut tasks = Vec::new();
    for part in 0.. {
        let asked = ListTasks { listing: listing.clone(), part };
        let page = desk.act(who, asked, Streams::default())?;
        tasks.extend(page.lines);
        if !page.more {
            break;
        }
    }
    Ok(tasks)
}

impl Teacher for Coach {
    fn put_in_a_word(&self, answer: &mut (dyn Any + Send)) {
        if let Some(Ok(queue)) = answer.downcast_mut::<Outcome<QueueView>>() {
            self.put_first(queue);
        } else if let Some(Ok(news)) = answer.downcast_mut::<Outcome<QueueNews>>() {
            match news {
                QueueNews::Whole(queue) => self.put_first(queue),
                QueueNews::Changed(changes) => {
                    changes.gone.iter().for_each(|task| self.hear(*task, true));
                    for row in &changes.kept {
                        // That it waits says nothing of a lesson that leaves somebody out.
                        if !self.leaves_out(row.task) {
                            self.hear(row.task, row.urgency == Urgency::Escalated);
                        }
                    }
                }
            }
        } else if let Some(Ok(receipt)) = answer.downcast_mut::<Outcome<Receipt>>() {
            if let Some(task) = receipt.task {
                self.hear(task, true);
            }
        } else if let Some(Ok(view)) = answer.downcast_mut::<Outcome<TaskView>>() {
            self.teach(view);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::TaskState;

    fn coach(done: &[u32]) -> Coach {
        let lesson =
            |id| Lesson { line: format!("of {id}"), customers: None, task: Some(TaskId(id)) };
        let done = done.iter().copied().map(TaskId).collect();
        let known = Mutex::new(Known { done, ended_at: None });
        Coach { lessons: [7, 3, 5].map(lesson).into(), end: "the end".to_owned(), known }
    }

    #[test]
    fn the_lines_that_teach_name_keys_by_their_names() {
        let file: CoachFile = toml::from_str(COACH).unwrap();
        let keys = tui::Keymap::default();
        let contexts = |kind| match kind {
            TaskKind::Invalid => tui::context::Context::Fix,
            TaskKind::Challenge => tui::context::Context::Challenge,
            _ => tui::context::Context::Compare,
        };
        for CoachEntry { line, kind, .. } in file.tasks {
            let told = keys.told(contexts(kind), &line);
            assert!(told != line && !told.contains('{'), "{told}");
        }
        let told = keys.told(tui::context::Context::Compare, &file.end);
        assert!(!told.contains('{'), "{told}");
    }

    #[test]
    fn the_demo_goes_on_with_the_first_lesson_that_is_not_done() {
        for (done, next) in [
            (&[][..], Some(7)),
            (&[7], Some(3)),
            (&[3], Some(7)),
            (&[7, 3], Some(5)),
            (&[5, 3, 7], None),
        ] {
            let coach = coach(done);
            assert_eq!(coach.next(), next.map(TaskId), "{done:?}");
            let farewell = coach.farewell().join("\n");
            match next {
                Some(_) => {
                    let expected = format!("{} of 3 lessons done", done.len());
                    assert!(farewell.starts_with(&expected), "{farewell}");
                }
                None => assert!(farewell.contains("steward train"), "{farewell}"),
            }
        }
    }

    #[test]
    fn only_lessons_that_are_left_come_first() {
        use door::views::Listed;
        let listed = |id| Listed { task: TaskId(id), waits: true };
        let mut queue =
            QueueView { listed: [1, 3, 5, 7, 9].map(listed).into(), ..QueueView::default() };
        coach(&[7]).put_first(&mut queue);
        let order: Vec<u32> = queue.listed.iter().map(|listed| listed.task.0).collect();
        assert_eq!(order, [3, 5, 1, 7, 9]);
    }

    #[test]
    fn lessons_are_counted_and_the_end_is_said_once() {
        let coach = coach(&[7]);
        assert_eq!(coach.line(TaskId(3), true).unwrap(), "lesson 2 of 3: of 3");
        assert_eq!(coach.line(TaskId(9), true), None, "two are left");
        coach.hear(TaskId(3), true);
        assert_eq!(coach.line(TaskId(9), true).unwrap(), "the end");
        assert_eq!(coach.line(TaskId(8), true), None, "said already");
        assert_eq!(coach.line(TaskId(9), true).unwrap(), "the end", "looked at again");
        coach.hear(TaskId(3), false);
        assert_eq!(coach.next(), Some(TaskId(3)), "taken back");
    }

    #[test]
    fn the_states_of_a_lesson_that_is_done() {
        for (state, done) in [
            ("open", false),
            ("due", false),
            ("deferred", false),
            ("answered", false),
            ("escalated", true),
            ("decided", true),
            ("settled", true),
        ] {
            assert_eq!(is_done(state), done, "{state}");
        }
        assert!(is_done(TaskState::Settled.name()));
    }
}
