//! A random walk among deliveries that make somebody else of a record, decisions about them, and undos of both.
//!
//! Laws, after every step: which revision is in force follows from the layers alone; a question waits exactly where
//! nobody has said whose a record is; what is done and undone at once is as it was, and redone as it was done; and the
//! ledger replayed gives the same bytes. Beside it stands a consumer of the feed, which must come to what exports say.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner};

use super::feed::{self, Consumer};
use super::overview::verify;
use super::walk::same;
use super::*;
use domain::{Event, FieldName, ImportId, RecordId};
use door::DependantChoice;
use door::operations::Reread;

/// Three who have nothing in common.
const PEOPLE: [&str; 3] = [
    "Anna,Berger,anna@example.com,+12025550143,1980-02-03",
    "Marcus,Holloway,mh@example.com,+12025550199,1962-11-27",
    "Priya,Nair,pn@example.com,+12025550177,1991-06-30",
];
const TOWNS: [&str; 2] = ["Ware", "Luton"];
const RECORDS: [&str; 4] = ["crm:1", "crm:2", "shop:1", "shop:2"];

#[derive(Debug, Clone)]
enum Step {
    Comes(u8, u8, u8),
    Answer(u8, u8),
    Merge(u8, u8),
    Unmerge(u8),
    Fix(u8, u8),
    Quarantine(u8),
    Undo(u8, u8),
    Withdraw(u8),
    ThereAndBack(Box<Step>),
    Rebuild,
}

fn decision() -> impl Strategy<Value = Step> {
    let two = || (any::<u8>(), any::<u8>());
    prop_oneof![
        6 => two().prop_map(|(task, how)| Step::Answer(task, how)),
        2 => two().prop_map(|(left, right)| Step::Merge(left, right)),
        1 => any::<u8>().prop_map(Step::Unmerge),
        1 => two().prop_map(|(record, value)| Step::Fix(record, value)),
        1 => any::<u8>().prop_map(Step::Quarantine),
    ]
}

/// A step; of a walk that undoes imports, that too.
fn step(undoes_imports: bool) -> impl Strategy<Value = Step> {
    let three = (any::<u8>(), any::<u8>(), any::<u8>());
    let two = || (any::<u8>(), any::<u8>());
    prop_oneof![
        10 => three.prop_map(|(record, person, town)| Step::Comes(record, person, town)),
        6 => decision(),
        6 => decision().prop_map(|step| Step::ThereAndBack(Box::new(step))),
        4 => two().prop_map(|(decision, way)| Step::Undo(decision, way)),
        2 => any::<u8>().prop_map(move |number| match undoes_imports {
            true => Step::Withdraw(number),
            false => Step::Rebuild,
        }),
        1 => Just(Step::Rebuild),
    ]
}

fn row(record: &str, person: u8, town: u8) -> String {
    let (_, number) = record.split_once(':').unwrap();
    let of = |all: &[&'static str], number: u8| all[usize::from(number) % all.len()];
    format!("{number},{},,{},,,\n", of(&PEOPLE, person), of(&TOWNS, town))
}

struct Walk {
    test: TestDesk,
    consumer: Consumer,
}

impl Walk {
    fn begin(policy: &str) -> Walk {
        let more = format!("\n[policy]\noverlay = \"{policy}\"\n");
        let mut test = TestDesk::governed(Databases::default(), 1, &more);
        for (at, record) in (0u8..).zip(RECORDS) {
            let (source, _) = record.split_once(':').unwrap();
            test.import(source, &row(record, at, 0));
        }
        Walk { test, consumer: Consumer::default() }
    }

    fn customers(&mut self) -> Vec<CustomerId> {
        super::rematch::customers(&mut self.test)
    }

    fn request(&mut self, step: &Step) -> Option<Request> {
        Some(match step {
            Step::Answer(number, how) => {
                let tasks = self.test.pending(TaskKind::Overlay);
                let task = *tasks.get(usize::from(*number) % tasks.len().max(1))?;
                let mut request = Request::new(match how % 3 {
                    0 => Action::Accept,
                    1 => Action::Keep,
                    _ => Action::NotAMatch { groups: Vec::new() },
                });
                request.task = Some(task);
                request
            }
            Step::Merge(left, right) => {
                let all = self.customers();
                let of = |number: u8| all[usize::from(number) % all.len()];
                let groups = vec![vec![of(*left), of(*right)]];
                let (picks, rest) = (BTreeMap::new(), door::Rest::Stay);
                Request::new(Action::Merge { groups, into: None, picks, rest })
            }
            Step::Unmerge(number) => {
                let record = RECORDS[usize::from(*number) % RECORDS.len()];
                let customer = self.test.customer(record);
                Request::new(Action::Unmerge { customer, records: vec![record.parse().unwrap()] })
            }
            Step::Fix(number, value) => {
                let record = RECORDS[usize::from(*number) % RECORDS.len()].parse().unwrap();
                let values =
                    BTreeMap::from([(FieldName::new("city"), format!("Town{}", value % 3))]);
                let (chosen, cleared) = (BTreeMap::new(), Vec::new());
                Request::new(Action::Correct { record, values, chosen, cleared })
            }
            Step::Quarantine(number) => {
                let record = RECORDS[usize::from(*number) % RECORDS.len()].parse().unwrap();
                Request::new(Action::Quarantine { record })
            }
            _ => return None,
        })
    }

    fn carry_out(&mut self, request: Request) -> Result<Receipt, Refusal> {
        self.test.clock.advance(60);
        match self.test.decide(request) {
            Ok(receipt) => Ok(receipt),
            Err(NotDone::Refused(refusal)) => Err(refusal),
            other => panic!("{other:?}"),
        }
    }

    fn undo(&mut self, decision: DecisionId, way: u8) -> Result<DecisionId, Refusal> {
        let mut choices = BTreeMap::new();
        loop {
            let action = Action::Undo {
                decisions: vec![decision],
                with_dependents: way % 3 == 1,
                choices: choices.clone(),
            };
            match self.carry_out(Request::new(action)) {
                Ok(receipt) => return Ok(receipt.decision),
                Err(Refusal::DependedOn { on, .. }) if way % 3 == 2 => {
                    choices.extend(on.into_iter().map(|it| (it.decision, DependantChoice::Stay)));
                }
                Err(refusal) => return Err(refusal),
            }
        }
    }

    fn withdraw(&mut self, number: u8) {
        let imports = self.test.desk().facts().view.counters().unwrap().imports;
        // Never one of those that brought the records.
        let import = ImportId(5 + u32::from(number) % imports.saturating_sub(4).max(1));
        if import.0 > imports {
            return;
        }
        self.test.clock.advance(60);
        let request = Reread { undoes: Some(import), ..Reread::default() };
        let _ = testing::run_while(self.test.desk(), request, Streams::default(), |_| true);
    }

    fn sight(&mut self) -> (Vec<String>, Vec<String>) {
        (self.test.picture(), self.test.pending_picture())
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Comes(record, person, town) => {
                let record = RECORDS[usize::from(*record) % RECORDS.len()];
                let (source, _) = record.split_once(':').unwrap();
                self.test.import(source, &row(record, *person, *town));
            }
            Step::Undo(number, way) => {
                let made = self.test.desk().facts().view.counters().unwrap().decisions;
                if made > 0 {
                    let _ = self.undo(DecisionId(u32::from(*number) % made + 1), *way);
                }
            }
            Step::Withdraw(number) => self.withdraw(*number),
            Step::Rebuild => {
                let before = self.test.dump();
                self.test.rebuild();
                assert_eq!(self.test.dump(), before, "the ledger says the same");
            }
            Step::ThereAndBack(step) => self.there_and_back(step),
            decision => {
                if let Some(request) = self.request(decision) {
                    let _ = self.carry_out(request);
                }
            }
        }
        self.look();
    }

    fn there_and_back(&mut self, step: &Step) {
        let Some(request) = self.request(step) else { return };
        let before = self.sight();
        let Ok(done) = self.carry_out(request) else { return };
        let after = self.sight();
        self.look();
        let undo = self.undo(done.decision, 0).expect("what was just done can be undone");
        same(&self.sight(), &before, "undone at once");
        self.look();
        self.undo(undo, 0).expect("what was just undone can be redone");
        same(&self.sight(), &after, "redone at once");
    }

    /// What is in force, and what is asked, as the layers say.
    fn look(&mut self) {
        let pending = self.test.pending(TaskKind::Overlay);
        let facts = self.test.desk().facts();
        let mut asked = Vec::new();
        for record in RECORDS {
            let record = facts.find(&record.parse().unwrap()).unwrap().unwrap();
            let state = facts.view.record_state(record).unwrap();
            let (latest, number) = facts.view.latest(record).unwrap();
            let row = facts.view.record(record).unwrap();
            let in_force = facts.event(row.body).unwrap();
            let Event::RecordRevised(in_force) = in_force else { panic!("{in_force:?}") };
            assert_eq!(in_force.revision, u32::from(row.revision));
            match state.in_force() {
                Some(former) => {
                    assert_eq!(former.commit, row.body.sequence);
                    assert!(u32::from(number) > former.revision, "{state:?}");
                }
                None => assert_eq!((latest, number), (row.body, row.revision)),
            }
            if state.overlaid.is_some_and(|overlaid| overlaid.is_undecided()) {
                asked.push(record);
            }
            // Who is decided about is named by a decision that stands.
            let by = state.overlaid.and_then(|overlaid| overlaid.decision);
            let by = by.into_iter().chain(state.reused.map(|reused| reused.decision));
            for by in by {
                assert!(facts.view.decision(by).unwrap().unwrap().stands(), "{record:?} by {by}");
            }
        }
        let mut about: Vec<RecordId> = Vec::new();
        for task in pending {
            let task = facts.view.task(task).unwrap().unwrap().task;
            let record = task.record.unwrap();
            assert_eq!(task.customers, [facts.view.customer_of(record).unwrap()]);
            about.push(record);
        }
        about.sort_unstable();
        assert_eq!(about, asked, "a question for each");
        verify(&mut self.test);
    }
}

fn walk(policy: &str, steps: &[Step]) {
    let mut walk = Walk::begin(policy);
    for (taken, step) in steps.iter().enumerate() {
        walk.take(step);
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

fn walks(policy: &str, (times, length): (u32, usize), seed: u8, undoes_imports: bool) {
    let config = ProptestConfig {
        cases: times,
        failure_persistence: None,
        max_shrink_iters: 300,
        ..ProptestConfig::default()
    };
    let chance = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(config, chance);
    let steps = prop::collection::vec(step(undoes_imports), 1..2 * length);
    let walked = runner.run(&steps, |steps| {
        walk(policy, &steps);
        Ok::<(), TestCaseError>(())
    });
    if let Err(failure) = walked {
        panic!("{failure}");
    }
}

#[test]
fn what_is_held_back_keeps_every_law_when_imports_are_undone() {
    walks("hold", (6, 20), 3, true);
}

#[test]
fn what_is_held_back_keeps_every_law() {
    walks("hold", (6, 20), 3, false);
}

#[test]
fn what_is_asked_about_keeps_every_law() {
    walks("ask", (4, 20), 5, true);
}

#[test]
#[ignore = "takes minutes: by name"]
fn many_steps_among_overlays_keep_every_law() {
    for seed in 10..20 {
        walks("hold", (20, 40), seed, true);
        walks("ask", (20, 40), seed, true);
    }
}
