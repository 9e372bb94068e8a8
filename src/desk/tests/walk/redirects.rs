//! Many short sequences of merge, unmerge and undo in every way, each among a few customers of its own:
//! after each undo every retired id must lead to where most of its own records are, records are together
//! only as far as standing merges say so, and no id that ever held a record is lost.

use std::collections::{BTreeMap, BTreeSet};

use super::super::*;
use super::reference::check_redirect;
use domain::{Event, RecordId, Sequence, Standing, Verdict};
use door::DependantChoice;
use ledger::ports::randomness::{Randomness, SimulatedRandomness};

/// Records of a sequence.
const RECORDS: usize = 5;
/// Sequences in one workspace.
const TOGETHER: usize = 100;

struct Sequences {
    test: TestDesk,
    chance: SimulatedRandomness,
    own: BTreeMap<CustomerId, Vec<RecordId>>,
    read_up_to: Sequence,
}

impl Sequences {
    fn begin(seed: u64) -> Sequences {
        let mut test = TestDesk::new();
        let rows: String = (0..RECORDS * TOGETHER)
            .map(|n| format!("{n},Given{n},Family{n},g{n}@example.com,,,,,,,\n"))
            .collect();
        test.import("crm", &rows);
        let read_up_to = test.desk().facts().view.head().unwrap().unwrap().0;
        let chance = SimulatedRandomness::seeded(seed);
        Sequences { test, chance, own: BTreeMap::new(), read_up_to }
    }

    fn roll(&mut self, below: usize) -> usize {
        let mut bytes = [0; 8];
        self.chance.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % below as u64).unwrap()
    }

    /// A live customer among those of a sequence.
    fn pick(&mut self, records: &[String]) -> CustomerId {
        let record = records[self.roll(records.len())].clone();
        self.test.customer(&record)
    }

    fn asks(&mut self, action: Action) -> Result<DecisionId, Refusal> {
        self.test.clock.advance(60);
        match self.test.decide(Request::new(action)) {
            Ok(receipt) => Ok(receipt.decision),
            Err(NotDone::Refused(refusal)) => Err(refusal),
            other => panic!("{other:?}"),
        }
    }

    fn sequence(&mut self, number: usize) {
        let records: Vec<String> =
            (0..RECORDS).map(|n| format!("crm:{}", number * RECORDS + n)).collect();
        let mut made: Vec<DecisionId> = Vec::new();
        let own: Vec<CustomerId> = records.iter().map(|it| self.test.customer(it)).collect();
        let mut ids: BTreeSet<CustomerId> = own.iter().copied().collect();
        for _ in 0..4 + self.roll(6) {
            let done = match self.roll(8) {
                0..=2 => self.merge(&records),
                3 => {
                    let record = records[self.roll(RECORDS)].clone();
                    let customer = self.test.customer(&record);
                    let records = vec![record.parse().unwrap()];
                    self.asks(Action::Unmerge { customer, records }).ok()
                }
                _ if made.is_empty() => self.merge(&records),
                way => {
                    let decision = made[self.roll(made.len())];
                    self.undo(decision, way)
                }
            };
            made.extend(done);
            self.look(&mut ids);
            self.check_together(&made, &records, &own);
        }
    }

    /// Records are one customer only through merges that stand; of whom no standing decision speaks has
    /// the customer they came with.
    fn check_together(&self, made: &[DecisionId], records: &[String], own: &[CustomerId]) {
        let facts = self.test.desk.as_ref().unwrap().facts();
        let ids: Vec<RecordId> =
            records.iter().map(|it| facts.find(&it.parse().unwrap()).unwrap().unwrap()).collect();
        let mut named = BTreeSet::new();
        let mut component: Vec<usize> = (0..ids.len()).collect();
        for decision in made {
            let entry = facts.view.decision(*decision).unwrap().unwrap();
            if !entry.stands() || entry.verdict == Verdict::Undo {
                continue;
            }
            for group in &entry.groups {
                named.extend(group.records.iter().copied());
                if entry.verdict != Verdict::Merge {
                    continue;
                }
                let at = |id: &RecordId| ids.iter().position(|it| it == id).unwrap();
                let first = component[at(&group.records[0])];
                for record in &group.records {
                    let joined = component[at(record)];
                    component.iter_mut().filter(|it| **it == joined).for_each(|it| *it = first);
                }
            }
        }
        let now: Vec<CustomerId> =
            ids.iter().map(|id| facts.view.customer_of(*id).unwrap()).collect();
        for (at, id) in ids.iter().enumerate() {
            for other in 0..at {
                let are_one = now[at] == now[other];
                assert!(
                    !are_one || component[at] == component[other],
                    "{} and {} are one customer by no merge that stands, after {}",
                    records[other],
                    records[at],
                    self.told(made)
                );
            }
            if !named.contains(id) {
                assert_eq!(now[at], own[at], "{} after {}", records[at], self.told(made));
            }
        }
    }

    fn told(&self, made: &[DecisionId]) -> String {
        let facts = self.test.desk.as_ref().unwrap().facts();
        let told = made.iter().map(|id| {
            let entry = facts.view.decision(*id).unwrap().unwrap();
            let commit = facts.commit(entry.place.sequence).unwrap();
            let moves = commit.events.iter().filter_map(|event| match event {
                Event::CustomerChanged(it) => Some(format!(
                    " {} {:?}>{:?}",
                    it.customer,
                    it.before.as_ref().map(|it| &it.members),
                    it.after.members
                )),
                _ => None,
            });
            let moves: String = moves.collect();
            format!(
                "\n{id} {:?} {:?} by {:?}:{moves}",
                entry.verdict, entry.reverses, entry.undone_by
            )
        });
        told.collect()
    }

    fn merge(&mut self, records: &[String]) -> Option<DecisionId> {
        let (one, other) = (self.pick(records), self.pick(records));
        let into = [None, Some(one), Some(other)][self.roll(3)];
        let groups = vec![vec![one, other]];
        let picks = BTreeMap::new();
        self.asks(Action::Merge { groups, into, picks, rest: door::Rest::Stay }).ok()
    }

    fn undo(&mut self, decision: DecisionId, way: usize) -> Option<DecisionId> {
        let mut choices = BTreeMap::new();
        for _ in 0..5 {
            let choices_now = choices.clone();
            let action = Action::Undo {
                decisions: vec![decision],
                with_dependents: way == 4,
                choices: choices_now,
            };
            match self.asks(action) {
                Ok(done) => return Some(done),
                Err(Refusal::DependedOn { on, .. }) => {
                    for dependant in on {
                        let choice = match (way, self.roll(2)) {
                            (5, _) | (7, 0) => DependantChoice::Stay,
                            _ => DependantChoice::MoveBack,
                        };
                        choices.insert(dependant.decision, choice);
                    }
                }
                Err(_) => return None,
            }
        }
        None
    }

    /// Reads what happened since, and checks the law for every id of the sequence.
    fn look(&mut self, ids: &mut BTreeSet<CustomerId>) {
        let facts = self.test.desk.as_ref().unwrap().facts();
        let head = facts.view.head().unwrap().unwrap().0;
        while self.read_up_to < head {
            self.read_up_to = self.read_up_to.next();
            for event in facts.commit(self.read_up_to).unwrap().events {
                let Event::CustomerChanged(changed) = event else { continue };
                ids.insert(changed.customer);
                let before = changed.before.filter(|it| it.is_live() && !changed.after.is_live());
                if let Some(before) = before {
                    self.own.insert(changed.customer, before.members);
                }
            }
        }
        let mut standing: BTreeMap<CustomerId, Standing> = BTreeMap::new();
        let mut members: BTreeMap<CustomerId, BTreeSet<RecordId>> = BTreeMap::new();
        for id in ids.iter() {
            let state = facts.view.customer(*id).unwrap().unwrap();
            standing.insert(*id, state.standing);
            assert!(facts.view.follow(*id).unwrap().is_some(), "{id} is lost");
            if state.is_live() {
                members.insert(*id, state.members.into_iter().collect());
            }
        }
        for id in ids.iter() {
            check_redirect(*id, &standing, &members, &self.own);
        }
    }
}

fn sequences(workspaces: usize, each: usize, seed: u64) {
    for workspace in 0..workspaces {
        let mut sequences = Sequences::begin(seed + workspace as u64);
        (0..each).for_each(|number| sequences.sequence(number));
    }
}

#[test]
fn a_few_sequences_keep_the_law_of_redirects() {
    sequences(1, 40, 3);
}

#[test]
#[ignore = "takes minutes: by name"]
fn ten_thousand_sequences_keep_the_law_of_redirects() {
    sequences(10_000 / TOGETHER, TOGETHER, u64::from(super::seed()) * 1_000);
}

#[test]
fn what_moved_back_takes_the_ids_that_led_to_it_along() {
    let mut test = TestDesk::new();
    let rows: String =
        (1..=4).map(|n| format!("{n},Given{n},Family{n},g{n}@example.com,,,,,,,\n")).collect();
    test.import("crm", &rows);
    let [one, two, three, four] = [1, 2, 3, 4].map(|n| test.customer(&format!("crm:{n}")));
    let first = test.does(merge_request(&[&[one, two]]));
    let moved: Vec<DecisionId> =
        [three, four].map(|it| test.does(merge_request(&[&[one, it]])).decision).to_vec();
    let before = test.picture();
    let choices = moved.iter().map(|id| (*id, DependantChoice::MoveBack)).collect();
    let decisions = vec![first.decision];
    let undone =
        test.does(Request::new(Action::Undo { decisions, with_dependents: false, choices }));
    let picture = test.picture();
    for id in [three, four] {
        assert!(picture.contains(&format!("{id} -> {two}")), "{picture:?}");
    }
    test.undo(undone.decision);
    assert_eq!(test.picture(), before, "and redo takes them back");
}

#[test]
fn an_unmerge_leaves_a_retired_id_with_most_of_its_records() {
    let mut test = TestDesk::new();
    let rows: String =
        (1..=4).map(|n| format!("{n},Given{n},Family{n},g{n}@example.com,,,,,,,\n")).collect();
    test.import("crm", &rows);
    let [one, two, three, four] = [1, 2, 3, 4].map(|n| test.customer(&format!("crm:{n}")));
    test.does(merge_request(&[&[two, three, four]]));
    test.does(merge_request(&[&[one, two]]));
    // Two of the three records that `two` had leave: it leads to them from now on.
    let records = vec!["crm:3".parse().unwrap(), "crm:4".parse().unwrap()];
    test.does(Request::new(Action::Unmerge { customer: one, records }));
    let home = test.customer("crm:3");
    assert_eq!(home, three, "it has its former id again");
    assert_eq!(test.desk().facts().view.follow(two).unwrap(), Some(home));
}
