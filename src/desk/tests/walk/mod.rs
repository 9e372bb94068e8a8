//! A random walk through everything that can be done, each step looked at by a naive reference.
//!
//! `cargo test` walks a hundred steps. Two thousand, and ten thousand sequences for the law of redirects
//! ([`redirects`]), are walked by name: see `tests/torture/README.md`.

mod redirects;
mod reference;

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner};

use self::reference::Reference;
use super::feed::{self, Consumer};
use super::*;
use domain::{TaskState, Until, Verdict};
use door::operations::LastDecision;
use door::{DependantChoice, Pick};

/// A thing to do, with numbers that are taken modulo what there is.
#[derive(Debug, Clone)]
enum Step {
    Comes(u8, u8),
    Changes(u8, u8),
    Reverts(u8),
    Match,
    Merge(u8, u8),
    Apart(u8, u8),
    AnswerGroup(u8, u8),
    Unmerge(u8),
    Fix(u8, u8),
    Pin(u8, u8),
    Mend(u8, u8),
    Challenge(u8, bool),
    Quarantine(u8),
    Wait(u8, u8),
    Undo(u8, u8),
    UndoLast,
    Redo,
    ThereAndBack(Box<Step>),
    Erase(u8),
    Reopen,
}

fn decision() -> impl Strategy<Value = Step> {
    let two = || (any::<u8>(), any::<u8>());
    prop_oneof![
        3 => two().prop_map(|(left, right)| Step::Merge(left, right)),
        2 => two().prop_map(|(left, right)| Step::Apart(left, right)),
        4 => two().prop_map(|(task, how)| Step::AnswerGroup(task, how)),
        3 => any::<u8>().prop_map(Step::Unmerge),
        3 => two().prop_map(|(record, value)| Step::Fix(record, value)),
        2 => two().prop_map(|(customer, value)| Step::Pin(customer, value)),
        3 => two().prop_map(|(task, how)| Step::Mend(task, how)),
        3 => (any::<u8>(), any::<bool>()).prop_map(|(task, new)| Step::Challenge(task, new)),
        2 => any::<u8>().prop_map(Step::Quarantine),
        4 => two().prop_map(|(task, how)| Step::Wait(task, how)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let two = || (any::<u8>(), any::<u8>());
    prop_oneof![
        2 => two().prop_map(|(record, variant)| Step::Comes(record, variant)),
        5 => two().prop_map(|(record, variant)| Step::Changes(record, variant)),
        4 => any::<u8>().prop_map(Step::Reverts),
        3 => Just(Step::Match),
        16 => decision(),
        10 => decision().prop_map(|step| Step::ThereAndBack(Box::new(step))),
        6 => two().prop_map(|(decision, way)| Step::Undo(decision, way)),
        3 => Just(Step::UndoLast),
        4 => Just(Step::Redo),
        1 => any::<u8>().prop_map(Step::Erase),
        1 => Just(Step::Reopen),
    ]
}

const PEOPLE: u8 = 12;

/// A person's row as some source has it, in one of several states of decay.
fn row(record: &str, variant: u8) -> String {
    let (_, number) = record.split_once(':').unwrap();
    let person = number.parse::<u32>().unwrap() % u32::from(PEOPLE);
    let person = u8::try_from(person).unwrap();
    // Some rows look like somebody else's.
    let person = if variant.is_multiple_of(5) { person } else { (person + variant % 3) % PEOPLE };
    let text = super::rematch::row(0, person, variant / 16);
    let mut cells: Vec<&str> = text.trim_end().split(',').collect();
    cells[0] = number;
    if variant % 7 == 3 {
        cells[3] = "no address";
    }
    let member = format!("M-7{}", variant % 4);
    if variant % 3 == 1 {
        cells[9] = &member;
    }
    cells.join(",") + "\n"
}

/// The test's own knowledge: what it did.
struct Walk {
    test: TestDesk,
    reference: Reference,
    /// The first row of each record, to come back to.
    first: BTreeMap<String, String>,
    /// The undos of decisions since anything else was decided.
    undone: Vec<DecisionId>,
    came: u32,
    /// Another system, which hears the feed now and then.
    consumer: Consumer,
}

impl Walk {
    fn begin() -> Walk {
        let mut test = TestDesk::new();
        let mut first = BTreeMap::new();
        for (source, decay) in [("crm", 0), ("shop", 16)] {
            let mut rows = String::new();
            for person in 0..PEOPLE {
                let record = format!("{source}:{person}");
                let text = row(&record, (person % 15) * decay / 16 * 16);
                rows.push_str(&text);
                first.insert(record, text);
            }
            test.import(source, &rows);
        }
        test.match_records();
        let reference = Reference::of(&mut test);
        Walk {
            test,
            reference,
            first,
            undone: Vec::new(),
            came: u32::from(PEOPLE),
            consumer: Consumer::default(),
        }
    }

    fn record(&self, number: u8) -> String {
        let records: Vec<&String> = self.first.keys().collect();
        records[usize::from(number) % records.len()].clone()
    }

    fn import(&mut self, record: &str, text: &str) {
        let (source, _) = record.split_once(':').unwrap();
        self.test.import(source, text);
    }

    fn customer(&mut self, number: u8) -> CustomerId {
        let ids = super::rematch::customers(&mut self.test);
        ids[usize::from(number) % ids.len()]
    }

    /// A pending task of some kinds, with its version.
    fn task(&mut self, kinds: &[TaskKind], number: u8) -> Option<domain::Task> {
        let entries = self.test.desk().facts().view.pending_tasks().unwrap();
        let tasks: Vec<_> = entries
            .into_iter()
            .map(|entry| entry.task)
            .filter(|it| kinds.contains(&it.kind))
            .collect();
        (!tasks.is_empty()).then(|| tasks[usize::from(number) % tasks.len()].clone())
    }

    /// The request of a step; none where there is nothing to do it to.
    fn request(&mut self, step: &Step) -> Option<Request> {
        let answer = |task: &domain::Task, action: Action| {
            let mut request = Request::new(action);
            request.task = Some(task.id);
            request
        };
        Some(match step {
            Step::Merge(left, right) => {
                merge_request(&[&[self.customer(*left), self.customer(*right)]])
            }
            Step::Apart(left, right) => {
                apart_request(&[&[self.customer(*left)], &[self.customer(*right)]])
            }
            Step::AnswerGroup(number, how) => {
                let task = self.task(&[TaskKind::Duplicate], *number)?;
                let ids = &task.customers;
                let pair = &ids[..ids.len().min(2)];
                let request = match how % 4 {
                    0 => merge_request(&[ids]),
                    1 => merge_request(&[pair]),
                    2 => apart_request(&[&ids[..1], &ids[1..]]),
                    _ => apart_request(&ids.iter().map(std::slice::from_ref).collect::<Vec<_>>()),
                };
                answer(&task, request.action)
            }
            Step::Unmerge(number) => {
                let customer = self.customer(*number);
                let facts = self.test.desk().facts();
                let members = facts.view.customer(customer).unwrap().unwrap().members;
                let leaving = members.get(usize::from(*number / 3) % members.len())?;
                let records = vec![facts.body(*leaving).unwrap().address];
                Request::new(Action::Unmerge { customer, records })
            }
            Step::Fix(number, value) => {
                let record = self.record(*number);
                let remove = value % 5 == 3;
                let (field, value) = value_of(*value);
                match remove {
                    true => clear_request(&record, field),
                    false => fix_request(&record, field, &value),
                }
            }
            Step::Pin(number, value) => {
                let customer = self.customer(*number);
                // A `unique` rule does not see what is only pinned.
                let (field, value) = value_of(if value % 4 == 1 { value / 2 * 2 } else { *value });
                let picks = [(field.into(), Pick::Typed(value))].into();
                Request::new(Action::Pin { customer, picks })
            }
            Step::Mend(number, how) => {
                let task = self.task(&[TaskKind::Invalid], *number)?;
                let facts = self.test.desk().facts();
                let record = facts.body(task.record.unwrap()).unwrap().address;
                let action = match how % 3 {
                    0 => Action::Waive { record, rules: Vec::new() },
                    1 => Action::Quarantine { record },
                    _ => {
                        let values = [("email".into(), format!("mended{how}@example.com"))].into();
                        Action::Correct {
                            record,
                            values,
                            chosen: BTreeMap::new(),
                            cleared: Vec::new(),
                        }
                    }
                };
                let reason = Some("checked".into());
                Request { reason, ..answer(&task, action) }
            }
            Step::Challenge(number, new) => {
                let task = self.task(&[TaskKind::Challenge], *number)?;
                answer(&task, if *new { Action::Accept } else { Action::Keep })
            }
            Step::Quarantine(number) => {
                let record = self.record(*number).parse().unwrap();
                Request::new(Action::Quarantine { record })
            }
            Step::Wait(number, how) => {
                let every = [TaskKind::Duplicate, TaskKind::Invalid, TaskKind::Challenge];
                let task = self.task(&every, *number)?;
                let tomorrow = self.test.desk().now() + jiff::SignedDuration::from_hours(24);
                let action = match (&task.state, how % 3) {
                    (TaskState::Escalated { .. }, 0 | 1) => Action::Answer,
                    (_, 0) => Action::Escalate { to: "kim".to_owned() },
                    (_, 1) => Action::Defer { until: Until::DataChanges },
                    _ => Action::Defer { until: Until::Time(tomorrow) },
                };
                Request { note: Some("said".to_owned()), ..answer(&task, action) }
            }
            _ => return None,
        })
    }

    /// Carries a request out where it is not refused.
    fn carry_out(&mut self, request: Request) -> Result<Receipt, Refusal> {
        self.test.clock.advance(60);
        let is_undo = matches!(request.action, Action::Undo { .. });
        match self.test.decide(request) {
            Ok(receipt) => {
                if !is_undo {
                    self.undone.clear();
                }
                Ok(receipt)
            }
            Err(NotDone::Refused(refusal)) => Err(refusal),
            other => panic!("{other:?}"),
        }
    }

    /// Undoes a decision in one of the ways.
    fn undo(&mut self, decision: DecisionId, way: u8) -> Option<DecisionId> {
        let mut choices = BTreeMap::new();
        for _ in 0..4 {
            let action = Action::Undo {
                decisions: vec![decision],
                with_dependents: way % 4 == 1,
                choices: choices.clone(),
            };
            match self.carry_out(Request::new(action)) {
                Ok(receipt) => {
                    self.note_undo(decision, receipt.decision);
                    return Some(receipt.decision);
                }
                Err(Refusal::DependedOn { on, .. }) => {
                    let choice = match way % 4 {
                        2 => DependantChoice::Stay,
                        3 => DependantChoice::MoveBack,
                        _ => return None,
                    };
                    choices.extend(on.into_iter().map(|it| (it.decision, choice)));
                }
                Err(_) => return None,
            }
        }
        None
    }

    /// Undos of decisions may be redone, not undos of undos.
    fn note_undo(&mut self, of: DecisionId, by: DecisionId) {
        let entry = self.test.desk().facts().view.decision(of).unwrap().unwrap();
        if entry.verdict != Verdict::Undo {
            self.undone.push(by);
        }
    }

    /// The last undo that stands, since anything else was decided; one whose redo was undone stands again.
    fn redone_next(&mut self) -> Option<DecisionId> {
        let view = self.test.desk().facts().view;
        let stands = |id: &&DecisionId| view.decision(**id).unwrap().unwrap().stands();
        self.undone.iter().rev().find(stands).copied()
    }

    /// What `u` takes back, or `Ctrl-r` brings back.
    fn last(&mut self, undone: bool) -> Option<DecisionId> {
        self.test.ask(LastDecision { undone }).unwrap().map(|last| last.decision)
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Comes(number, variant) => {
                self.came += 1;
                let source = if number % 2 == 0 { "crm" } else { "shop" };
                let record = format!(
                    "{source}:{}",
                    u32::from(PEOPLE) * self.came + u32::from(number % PEOPLE)
                );
                let text = row(&record, *variant);
                self.import(&record, &text);
                self.first.insert(record, text);
            }
            Step::Changes(number, variant) => {
                let record = self.record(*number);
                let text = row(&record, *variant);
                self.import(&record, &text);
            }
            Step::Reverts(number) => {
                let record = self.record(*number);
                let text = self.first[&record].clone();
                self.import(&record, &text);
            }
            Step::Match => {
                self.test.match_records();
            }
            Step::Undo(number, way) => {
                let made = self.test.desk().facts().view.counters().unwrap().decisions;
                if made > 0 {
                    let decision = DecisionId(u32::from(*number) % made + 1);
                    self.undo(decision, *way);
                }
            }
            Step::UndoLast => {
                if let Some(last) = self.last(false) {
                    self.undo(last, 0);
                }
            }
            Step::Redo => {
                let last = self.last(true);
                assert_eq!(last, self.redone_next(), "what is redone");
                if let Some(last) = last {
                    self.undo(last, 0);
                }
            }
            Step::ThereAndBack(step) => self.there_and_back(step),
            Step::Erase(number) => {
                let customer = self.customer(*number);
                let members = self.test.desk().facts().view.customer(customer).unwrap().unwrap();
                let facts = self.test.desk().facts();
                for record in members.members {
                    self.first.remove(&facts.body(record).unwrap().address.to_string());
                }
                self.test.erase(customer);
            }
            Step::Reopen => self.test.reopen(),
            decision => {
                if let Some(request) = self.request(decision) {
                    let _ = self.carry_out(request);
                }
            }
        }
        self.look();
    }

    fn look(&mut self) {
        self.reference.look(&mut self.test);
        self.reference.check(&mut self.test);
    }

    fn sight(&mut self) -> (Vec<String>, Vec<String>) {
        (self.test.picture(), self.test.pending_picture())
    }

    /// Do and undo is as before; redo is as after; and every law holds at each of these.
    fn there_and_back(&mut self, step: &Step) {
        let Some(request) = self.request(step) else { return };
        let before = self.sight();
        let Ok(done) = self.carry_out(request) else { return };
        let after = self.sight();
        self.look();
        let undo = self.undo(done.decision, 0).expect("what was just done can be undone");
        same(&self.sight(), &before, "undone at once");
        self.look();
        if self.undo(undo, 0).is_none() {
            let action = Action::Undo {
                decisions: vec![undo],
                with_dependents: false,
                choices: BTreeMap::new(),
            };
            let why = self.carry_out(Request::new(action));
            panic!("what was just undone can be redone: {why:?}");
        }
        same(&self.sight(), &after, "redone at once");
        self.look();
    }
}

/// Says only what differs.
pub(super) fn same(
    now: &(Vec<String>, Vec<String>),
    then: &(Vec<String>, Vec<String>),
    when: &str,
) {
    let lines = |sight: &(Vec<String>, Vec<String>)| -> std::collections::BTreeSet<String> {
        sight.0.iter().chain(&sight.1).cloned().collect()
    };
    let (mut now, then) = (lines(now), lines(then));
    // An id that was made meanwhile was perhaps exported, and leads on for ever.
    let id = |line: &String| line.split(' ').next().map(str::to_owned);
    now.retain(|line| !line.contains(" -> ") || then.iter().any(|it| id(it) == id(line)));
    let (more, less): (Vec<_>, Vec<_>) =
        (now.difference(&then).collect(), then.difference(&now).collect());
    assert!(more.is_empty() && less.is_empty(), "{when}: {more:#?} in the place of {less:#?}");
}

fn value_of(number: u8) -> (&'static str, String) {
    match number % 4 {
        0 => ("email", format!("p{}@example.com", number % PEOPLE)),
        1 => ("member_number", format!("M-7{}", number / 4 % 4)),
        2 => ("city", ["Salem", "Omaha", "Boulder"][usize::from(number / 4) % 3].to_owned()),
        _ => ("phone", format!("+12175550{:03}", number)),
    }
}

fn walk(steps: &[Step]) {
    let mut walk = Walk::begin();
    for (taken, step) in steps.iter().enumerate() {
        walk.take(step);
        // Away for a while, it goes on where it stopped.
        if taken % 7 == 5 {
            walk.consumer.catch_up(&mut walk.test);
        }
    }
    walk.consumer.catch_up(&mut walk.test);
    feed::keeps_its_laws(&mut walk.test, &walk.consumer);
    let before = walk.test.dump();
    walk.test.rebuild();
    assert_eq!(walk.test.dump(), before, "the ledger says the same");
}

/// Walks so many times so far; what fails is walked again with fewer steps.
fn walks(times: u32, length: usize, seed: u8) {
    let config = ProptestConfig {
        cases: times,
        failure_persistence: None,
        max_shrink_iters: 300,
        ..ProptestConfig::default()
    };
    let chance = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(config, chance);
    // About as many on the average; what fails is cut down to few.
    let steps = prop::collection::vec(step(), 1..2 * length);
    let walked = runner.run(&steps, |steps| {
        walk(&steps);
        Ok::<(), TestCaseError>(())
    });
    if let Err(failure) = walked {
        panic!("{failure}");
    }
}

/// Where chance begins by name: `STEWARD_SEED`.
fn seed() -> u8 {
    u8::try_from(from_environment("STEWARD_SEED", 1)).expect("STEWARD_SEED is 0 to 255")
}

fn from_environment(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is a number, not {text:?}")),
        Err(_) => otherwise,
    }
}

#[test]
fn a_hundred_steps_keep_every_law() {
    walks(4, 25, 7);
}

#[test]
#[ignore = "takes minutes: by name"]
fn two_thousand_steps_keep_every_law() {
    let steps = u32::try_from(from_environment("STEWARD_STEPS", 2_000)).unwrap();
    walks(steps.div_ceil(50), 50, seed());
}

#[test]
fn an_accepted_challenge_can_be_undone_and_redone_among_much_else() {
    use Step::*;
    let twice = |step| ThereAndBack(Box::new(step));
    walk(&[
        Changes(41, 7),
        Reverts(0),
        Quarantine(3),
        Match,
        twice(AnswerGroup(140, 8)),
        Undo(124, 83),
        twice(Wait(158, 148)),
        Merge(251, 202),
        AnswerGroup(44, 5),
        twice(Challenge(75, true)),
        twice(Unmerge(254)),
        twice(Merge(169, 218)),
        twice(Apart(209, 223)),
        Changes(243, 71),
        Reverts(113),
        UndoLast,
        Apart(76, 44),
        Undo(69, 85),
        Wait(88, 51),
        Match,
        Unmerge(61),
        Undo(193, 150),
        Apart(169, 111),
        twice(Challenge(106, true)),
    ]);
}

#[test]
fn an_undone_redo_can_be_redone() {
    let merge = Box::new(Step::Merge(24, 0));
    // Takes back the third decision, the redo.
    walk(&[Step::ThereAndBack(merge), Step::Undo(83, 0), Step::Redo]);
}
