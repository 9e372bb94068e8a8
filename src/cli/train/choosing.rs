//! Makes the customers of a training, and chooses the tasks it asks.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;

use anyhow::Context;

use super::course::{Course, PairTold, Question, Sign};
use crate::cli::entry::Entry;
use crate::cli::ready_made::import;
use desk::{Desk, Environment, Workspace};
use domain::{RecordAddress, TaskId, TaskKind};
use door::TaskListing;
use door::operations::{ListTasks, ShowTask};
use door::views::{ExplanationView, StepView, TaskView};
use sample::Dice;

/// What was asked for.
pub struct Plan {
    /// How many tasks.
    pub tasks: u16,
    /// Of the sample.
    pub seed: u64,
}

/// Customers of a sample for each task that is wanted: somewhat more tasks come of them.
const CUSTOMERS_A_TASK: u32 = 32;
/// Of fewer a model learns little.
const FEWEST: u32 = 500;

/// The settings of the training's workspace.
pub fn settings() -> String {
    sample::STEWARD_TOML.replacen("\"sample customers\"", "\"training\"", 1)
}

/// Fills the workspace, and tells what the training asks.
///
/// # Errors
/// When it cannot be made.
pub fn fill(folder: &Path, environment: &Environment, plan: &Plan) -> anyhow::Result<Course> {
    let customers = (u32::from(plan.tasks) * CUSTOMERS_A_TASK).max(FEWEST);
    let mut files = made(&sample::Plan { customers, seed: plan.seed })?;
    let mut take = |name: &str| files.remove(name).unwrap_or_default();
    let truth = truth(&take("truth.csv"))?;
    let desk = Desk::create(Workspace::at(folder), environment.clone())?;
    let entry = import(
        desk,
        &[
            ("crm", "crm.csv", take("crm.csv")),
            ("webshop", "webshop.csv", take("webshop.csv")),
            ("support", "support.jsonl", take("support.jsonl")),
        ],
    )?;
    let mut questions = Vec::new();
    for task in duplicates(&entry)? {
        let view = entry.ask(ShowTask { task, unmask: false })?;
        questions.extend(question(task, &view, &truth));
    }
    let questions = chosen(questions, plan);
    anyhow::ensure!(!questions.is_empty(), "this seed gives no tasks: pass another --seed");
    Ok(Course { seed: plan.seed, wanted: plan.tasks, questions })
}

/// A file that is kept in memory.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The files of a sample.
fn made(plan: &sample::Plan) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut files: BTreeMap<String, Kept> = BTreeMap::new();
    sample::write(plan, &mut |name| {
        let file = Kept::default();
        files.insert(name.to_owned(), file.clone());
        Ok(Box::new(file))
    })?;
    Ok(files.into_iter().map(|(name, Kept(file))| (name, file.take())).collect())
}

/// Who each record is of.
fn truth(file: &[u8]) -> anyhow::Result<BTreeMap<RecordAddress, String>> {
    let mut truth = BTreeMap::new();
    for line in std::str::from_utf8(file)?.lines().skip(1) {
        let (record, person) = line.split_once(',').context("reading the truth")?;
        truth.insert(record.parse()?, person.to_owned());
    }
    Ok(truth)
}

fn duplicates(entry: &Entry) -> anyhow::Result<Vec<TaskId>> {
    let listing = TaskListing { kind: Some(TaskKind::Duplicate), ..TaskListing::default() };
    let mut tasks = Vec::new();
    for part in 0.. {
        let page = entry.ask(ListTasks { listing: listing.clone(), part })?;
        tasks.extend(page.lines.iter().map(|line| line.id));
        if !page.more {
            break;
        }
    }
    Ok(tasks)
}

/// A task as a question; none where the machine has put two people into one customer, so that no verdict
/// would be the truth.
fn question(
    task: TaskId,
    view: &TaskView,
    truth: &BTreeMap<RecordAddress, String>,
) -> Option<Question> {
    let (mut records, mut people) = (Vec::new(), Vec::new());
    for column in &view.columns {
        let first = column.members.first()?;
        let person = truth.get(&first.address)?;
        if column.members.iter().any(|member| truth.get(&member.address) != Some(person)) {
            return None;
        }
        records.push(first.address.clone());
        people.push(person.clone());
    }
    let of = |address: &RecordAddress| {
        let holds = |column: &door::views::Column| {
            column.members.iter().any(|member| member.address == *address)
        };
        view.columns.iter().position(holds)
    };
    let told = |pair: &ExplanationView| {
        let (left, right) = (of(&pair.left)?, of(&pair.right)?);
        let columns = (left.min(right), left.max(right));
        let records = match left <= right {
            true => (pair.left.clone(), pair.right.clone()),
            false => (pair.right.clone(), pair.left.clone()),
        };
        let (same, different) = (strongest(pair, 1.0), strongest(pair, -1.0));
        Some(PairTold { columns, records: Some(records), same, different })
    };
    let pairs = view.pairs.iter().filter_map(told).collect();
    (records.len() > 1).then_some(Question { task, records, people, pairs })
}

/// The comparison that speaks most for one person (`towards` 1) or for two (-1).
fn strongest(pair: &ExplanationView, towards: f64) -> Option<Sign> {
    let counts = |step: &&StepView| step.counts && step.weight * towards > 0.0;
    let by_weight = |one: &&StepView, other: &&StepView| {
        (one.weight * towards).total_cmp(&(other.weight * towards))
    };
    let step = pair.steps.iter().filter(counts).max_by(by_weight)?;
    let field = step.fields.first().unwrap_or(&step.label).clone();
    Some(Sign { field, level: step.level.clone(), weight: step.weight })
}

/// As many as are wanted, half of them with somebody to merge, so that no verdict is right by habit.
fn chosen(questions: Vec<Question>, plan: &Plan) -> Vec<Question> {
    let mut dice = Dice::new(plan.seed);
    let mut shuffle = |questions: &mut Vec<Question>| {
        for at in (1..questions.len()).rev() {
            questions.swap(at, dice.index(at + 1));
        }
    };
    let has_one = |question: &Question| {
        (1..question.people.len()).any(|at| question.people[..at].contains(&question.people[at]))
    };
    let (mut to_merge, mut to_part): (Vec<_>, Vec<_>) = questions.into_iter().partition(has_one);
    shuffle(&mut to_merge);
    shuffle(&mut to_part);
    let wanted = usize::from(plan.tasks);
    let parted = to_part.len().min((wanted / 2).max(wanted.saturating_sub(to_merge.len())));
    to_part.truncate(parted);
    to_merge.truncate(wanted - parted);
    let mut chosen = [to_merge, to_part].concat();
    shuffle(&mut chosen);
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(task: u32, people: &[&str]) -> Question {
        let record = |_| "crm:1".parse().unwrap();
        Question {
            task: TaskId(task),
            records: people.iter().map(record).collect(),
            people: people.iter().map(|person| (*person).to_owned()).collect(),
            pairs: Vec::new(),
        }
    }

    #[test]
    fn half_are_to_be_merged_where_there_are_enough_of_both() {
        for (one, two, tasks, merged, parted) in [
            (30, 30, 20, 10, 10),
            (30, 4, 20, 16, 4),
            (4, 30, 20, 4, 16),
            (3, 4, 20, 3, 4),
            (30, 30, 5, 3, 2),
            (0, 9, 4, 0, 4),
        ] {
            let same = (0..one).map(|task| asked(task, &["P1", "P2", "P1"]));
            let other = (100..100 + two).map(|task| asked(task, &["P1", "P2"]));
            let chosen = chosen(same.chain(other).collect(), &Plan { tasks, seed: 1 });
            let to_part = chosen.iter().filter(|question| question.task.0 >= 100).count();
            assert_eq!((chosen.len() - to_part, to_part), (merged, parted), "{one} {two} {tasks}");
        }
    }

    #[test]
    fn the_settings_are_those_of_the_sample_under_another_name() {
        let settings = settings();
        assert!(settings.contains("name = \"training\"") && settings.len() > 2000);
    }
}
