//! What must be so whatever was done, told by plain maps: naive on purpose, and without a word of the
//! code that is looked at. It knows what was delivered, what each decision said, and which stand.

use std::collections::{BTreeMap, BTreeSet};

use super::super::TestDesk;
use domain::event::Cause;
use domain::{
    CustomerId, Decision, DecisionId, Event, Golden, RecordAddress, RecordId, Sequence, Standing,
    Subject, Task, TaskId, TaskKind, TaskReason, TaskState, Verdict,
};

type Values = BTreeMap<String, String>;

/// A decision as it was recorded, with the values people saw then.
struct Said {
    decision: Decision,
    seen: BTreeMap<RecordId, Values>,
    delivered: BTreeMap<RecordId, Values>,
    /// The golden values of then, by customer.
    golden: BTreeMap<CustomerId, Values>,
    members: BTreeMap<CustomerId, BTreeSet<RecordId>>,
}

/// Everything people see, read after each step.
#[derive(Default)]
struct World {
    members: BTreeMap<CustomerId, BTreeSet<RecordId>>,
    standing: BTreeMap<CustomerId, Standing>,
    golden: BTreeMap<CustomerId, Values>,
    seen: BTreeMap<RecordId, Values>,
    delivered: BTreeMap<RecordId, Values>,
    addresses: BTreeMap<RecordId, RecordAddress>,
    tasks: Vec<Task>,
}

#[derive(Default)]
pub(super) struct Reference {
    world: World,
    said: BTreeMap<DecisionId, Said>,
    /// The records of each id when it was last retired.
    own: BTreeMap<CustomerId, Vec<RecordId>>,
    /// Who ended each task that is done: a decision, or the machine.
    closed_by_machine: BTreeMap<TaskId, bool>,
    read_up_to: u64,
}

fn texts(golden: &Golden) -> Values {
    golden.values.iter().map(|value| (value.field.to_string(), value.text.clone())).collect()
}

fn shown(values: &domain::Values) -> Values {
    values.iter().map(|(field, value)| (field.to_string(), value.shown().to_owned())).collect()
}

impl World {
    fn read(test: &mut TestDesk) -> World {
        let facts = test.desk().facts();
        let mut world = World::default();
        for number in 1..=facts.view.counters().unwrap().customers {
            let id = CustomerId(number);
            let Some(state) = facts.view.customer(id).unwrap() else { continue };
            world.standing.insert(id, state.standing);
            if !state.is_live() {
                assert!(state.members.is_empty() && state.pins.is_empty(), "{id} left {state:?}");
                continue;
            }
            let members = facts.members(&state).unwrap();
            world.golden.insert(id, texts(&facts.golden(&state, &members).unwrap()));
            for member in &members {
                world.delivered.insert(member.id, shown(&member.body.values));
                world.addresses.insert(member.id, member.body.address.clone());
                let mut seen = shown(&member.values);
                if !member.takes_part() {
                    seen.clear();
                }
                world.seen.insert(member.id, seen);
                assert_eq!(facts.view.customer_of(member.id).unwrap(), id);
            }
            world.members.insert(id, state.members.into_iter().collect());
        }
        world.tasks = facts.view.all_tasks().unwrap().into_iter().map(|entry| entry.task).collect();
        world
    }

    /// The live customer an id leads to; none where nobody is there.
    fn follow(&self, id: CustomerId) -> Option<CustomerId> {
        let mut at = id;
        for _ in 0..=self.standing.len() {
            match self.standing.get(&at)? {
                Standing::Live => return Some(at),
                Standing::Merged { into } => at = *into,
                Standing::Vacant | Standing::Erased => return None,
            }
        }
        panic!("{id} leads in a circle")
    }
}

/// A retired id leads to whoever holds most of the records it had when it was retired; the lower id
/// where two hold as many; nowhere where all of them were erased.
pub(super) fn check_redirect(
    id: CustomerId,
    standing: &BTreeMap<CustomerId, Standing>,
    members: &BTreeMap<CustomerId, BTreeSet<RecordId>>,
    own: &BTreeMap<CustomerId, Vec<RecordId>>,
) {
    if !matches!(standing.get(&id), Some(Standing::Merged { .. })) {
        return;
    }
    let own = own.get(&id).unwrap_or_else(|| panic!("{id} was never retired"));
    let held =
        |customer: &CustomerId| own.iter().filter(|it| members[customer].contains(it)).count();
    let most = members.keys().map(held).max().filter(|most| *most > 0);
    let expected = members.keys().find(|customer| Some(held(customer)) == most);
    let mut at = id;
    let mut steps = 0;
    while let Some(Standing::Merged { into }) = standing.get(&at) {
        at = *into;
        steps += 1;
        assert!(steps <= standing.len(), "{id} leads in a circle");
    }
    if let Some(expected) = expected {
        assert_eq!(at, *expected, "{id} had {own:?}, with {standing:?} and {members:?}");
    }
}

impl Reference {
    pub(super) fn of(test: &mut TestDesk) -> Reference {
        let mut reference = Reference::default();
        reference.look(test);
        reference
    }

    /// Reads what happened since the last look, and what there is now.
    pub(super) fn look(&mut self, test: &mut TestDesk) {
        let before = std::mem::take(&mut self.world);
        self.world = World::read(test);
        let facts = test.desk().facts();
        let head = facts.view.head().unwrap().unwrap().0;
        for sequence in self.read_up_to + 1..=head.0 {
            let commit = facts.commit(Sequence(sequence)).unwrap();
            let by_person = commit.events.iter().any(|it| matches!(it, Event::DecisionMade(_)));
            let is_undo = commit.events.iter().any(|event| {
                matches!(event, Event::DecisionMade(made) if made.decision.verdict == Verdict::Undo)
            });
            for event in &commit.events {
                match event {
                    Event::DecisionMade(made) => {
                        let said = Said {
                            decision: made.decision.clone(),
                            seen: self.world.seen.clone(),
                            delivered: self.world.delivered.clone(),
                            golden: before.golden.clone(),
                            members: before.members.clone(),
                        };
                        self.said.insert(made.decision.id, said);
                    }
                    Event::CustomerChanged(changed) => {
                        let was_live = changed.before.as_ref().filter(|it| it.is_live());
                        if let Some(was) = was_live.filter(|_| !changed.after.is_live()) {
                            self.own.insert(changed.customer, was.members.clone());
                        }
                        let by_machine = matches!(changed.cause, Cause::Match(_));
                        assert!(by_machine || by_person || changed.cause == Cause::Erasure);
                    }
                    Event::TaskChanged(changed) if !changed.after.state.is_pending() => {
                        let closed = self.closed_by_machine.entry(changed.task).or_default();
                        // A redo leaves it as it was closed before it was undone.
                        *closed = if is_undo { *closed } else { !by_person };
                    }
                    _ => {}
                }
            }
        }
        self.read_up_to = head.0;
    }

    /// The decisions that stand: each undo takes back what stood, or brings back what an undo took.
    fn standing(&self) -> BTreeSet<DecisionId> {
        fn turn(
            said: &BTreeMap<DecisionId, Said>,
            id: DecisionId,
            up: bool,
            set: &mut BTreeSet<DecisionId>,
        ) {
            if up {
                set.insert(id)
            } else {
                set.remove(&id)
            };
            for reversed in &said[&id].decision.reverses {
                turn(said, *reversed, !up, set);
            }
        }
        let mut standing = BTreeSet::new();
        for id in self.said.keys() {
            turn(&self.said, *id, true, &mut standing);
        }
        standing
    }

    /// Checks every law.
    pub(super) fn check(&self, test: &mut TestDesk) {
        let standing = self.standing();
        self.check_standing(test, &standing);
        self.check_redirects();
        self.check_layers(test, &standing);
        self.check_duplicates(test, &standing);
        self.check_invalid(&standing);
        self.check_challenges(&standing);
        self.check_waiting(&standing);
    }

    fn check_standing(&self, test: &mut TestDesk, standing: &BTreeSet<DecisionId>) {
        let view = test.desk().facts().view;
        for id in self.said.keys() {
            let stands = view.decision(*id).unwrap().unwrap().stands();
            assert_eq!(stands, standing.contains(id), "{id} stands");
        }
    }

    fn check_redirects(&self) {
        for id in self.world.standing.keys() {
            check_redirect(*id, &self.world.standing, &self.world.members, &self.own);
        }
    }

    /// What people put over records and customers is there exactly as long as its decision stands.
    fn check_layers(&self, test: &mut TestDesk, standing: &BTreeSet<DecisionId>) {
        let view = test.desk().facts().view;
        for (customer, members) in &self.world.members {
            for (field, pin) in view.customer(*customer).unwrap().unwrap().pins {
                assert!(standing.contains(&pin.decision), "{field} of {customer} by {pin:?}");
            }
            for record in members {
                let state = view.record_state(*record).unwrap();
                for (field, layer) in &state.corrections {
                    assert!(standing.contains(&layer.decision), "{field} of {record:?}");
                }
                for (rule, waiver) in &state.waivers {
                    assert!(standing.contains(&waiver.decision), "{rule} of {record:?}");
                }
                if let Some(by) = state.quarantined {
                    assert!(standing.contains(&by), "{record:?} is quarantined by {by}");
                }
            }
        }
    }

    /// Whether a standing decision put records of two customers apart.
    fn are_apart(
        &self,
        standing: &BTreeSet<DecisionId>,
        left: CustomerId,
        right: CustomerId,
    ) -> bool {
        let (left, right) = (&self.world.members[&left], &self.world.members[&right]);
        let says = |said: &&Said| {
            standing.contains(&said.decision.id) && said.decision.verdict != Verdict::Undo
        };
        self.said.values().filter(says).any(|said| {
            let groups = &said.decision.groups;
            groups.iter().enumerate().any(|(at, one)| {
                groups.iter().enumerate().any(|(other_at, other)| {
                    at != other_at
                        && one.records.iter().any(|it| left.contains(it))
                        && other.records.iter().any(|it| right.contains(it))
                })
            })
        })
    }

    fn has_undecided_pair(
        &self,
        standing: &BTreeSet<DecisionId>,
        customers: &BTreeSet<CustomerId>,
    ) -> bool {
        customers.iter().any(|one| {
            customers.iter().any(|other| one < other && !self.are_apart(standing, *one, *other))
        })
    }

    /// Of these customers those that are some now, and have a record that takes part.
    fn live(&self, test: &mut TestDesk, customers: &[CustomerId]) -> BTreeSet<CustomerId> {
        let facts = test.desk().facts();
        let takes_part = |customer: &CustomerId| {
            self.world.members[customer].iter().any(|record| facts.takes_part(*record).unwrap())
        };
        customers.iter().filter_map(|it| self.world.follow(*it)).filter(takes_part).collect()
    }

    fn check_duplicates(&self, test: &mut TestDesk, standing: &BTreeSet<DecisionId>) {
        let of_kind = |task: &&Task| task.kind == TaskKind::Duplicate;
        let (pending, done): (Vec<&Task>, Vec<&Task>) =
            self.world.tasks.iter().filter(of_kind).partition(|task| task.state.is_pending());
        for task in &pending {
            let live = self.live(test, &task.customers);
            assert!(live.iter().eq(&task.customers), "{} is about {:?}", task.id, task.customers);
            assert!(self.has_undecided_pair(standing, &live), "{} is decided", task.id);
        }
        for task in done.iter().filter(|task| self.closed_by_machine.get(&task.id) == Some(&false))
        {
            let live = self.live(test, &task.customers);
            let is_asked = pending.iter().any(|other| {
                other.customers.iter().copied().collect::<BTreeSet<_>>().is_superset(&live)
            });
            assert!(
                is_asked || !self.has_undecided_pair(standing, &live),
                "{:?} has {live:?} to decide again",
                task
            );
        }
    }

    /// The rules a customer breaks, by golden values alone, that no standing waiver lets it break.
    fn errors(&self, standing: &BTreeSet<DecisionId>, id: CustomerId) -> BTreeSet<&'static str> {
        let golden = &self.world.golden[&id];
        let mut errors = BTreeSet::new();
        if golden.get("email").is_some_and(|email| !email.contains('@')) {
            errors.insert("email-format");
        }
        let member = golden.get("member_number");
        let shares = |other: (&CustomerId, &Values)| {
            *other.0 != id && member.is_some() && other.1.get("member_number") == member
        };
        if self.world.golden.iter().any(shares) {
            errors.insert("member-unique");
        }
        errors.retain(|rule| !self.is_waived(standing, id, rule));
        errors
    }

    /// The latest standing waiver of a rule for each member counts, for the value it was given for.
    fn is_waived(&self, standing: &BTreeSet<DecisionId>, id: CustomerId, rule: &str) -> bool {
        let field = if rule == "email-format" { "email" } else { "member_number" };
        let now = self.world.golden[&id].get(field);
        self.world.members[&id].iter().any(|record| {
            let given = self.said.values().rev().find(|said| {
                standing.contains(&said.decision.id)
                    && said.decision.verdict == Verdict::Waive
                    && said.decision.rules.iter().any(|it| it.as_str() == rule)
                    && said.decision.subjects == [self.address(*record)]
            });
            given.is_some_and(|said| {
                let then = said.members.iter().find(|(_, members)| members.contains(record));
                then.is_some_and(|(customer, _)| said.golden[customer].get(field) == now)
            })
        })
    }

    fn address(&self, record: RecordId) -> Subject {
        Subject::Record(self.world.addresses[&record].clone())
    }

    fn check_invalid(&self, standing: &BTreeSet<DecisionId>) {
        let mut asked: BTreeMap<CustomerId, BTreeSet<String>> = BTreeMap::new();
        let mut records = BTreeSet::new();
        for task in &self.world.tasks {
            if task.kind != TaskKind::Invalid || !task.state.is_pending() {
                continue;
            }
            let record = task.record.unwrap();
            assert!(records.insert(record), "{record:?} has two tasks");
            let holder = self.world.members.iter().find(|(_, it)| it.contains(&record)).unwrap().0;
            assert_eq!(task.customers, [*holder], "{}", task.id);
            if let TaskReason::Breaks { rules } = &task.reason {
                asked.entry(*holder).or_default().extend(rules.iter().map(ToString::to_string));
            }
        }
        let mut expected: BTreeMap<CustomerId, BTreeSet<String>> = BTreeMap::new();
        for id in self.world.golden.keys() {
            let errors = self.errors(standing, *id);
            if !errors.is_empty() {
                expected.insert(*id, errors.into_iter().map(str::to_owned).collect());
            }
        }
        assert_eq!(asked, expected, "what is invalid is asked about");
    }

    fn check_challenges(&self, standing: &BTreeSet<DecisionId>) {
        for task in &self.world.tasks {
            if task.kind != TaskKind::Challenge || !task.state.is_pending() {
                continue;
            }
            let Some(decision) = task.reason.decision() else { continue };
            assert!(standing.contains(&decision), "{} is about {decision}, undone", task.id);
            let said = &self.said[&decision];
            match &task.reason {
                TaskReason::ValueContradicted { field, .. } => {
                    let record = task.record.unwrap();
                    // Who joined later was not seen: what it held before the import is what counts.
                    let was_seen = said.decision.key.iter().any(|seen| seen.record == record);
                    if said.decision.verdict == Verdict::Pin && !was_seen {
                        continue;
                    }
                    let Some(then) = said.delivered.get(&record) else { continue };
                    let now = &self.world.delivered[&record];
                    let (then, now) = (then.get(field.as_str()), now.get(field.as_str()));
                    assert_ne!(then, now, "{} asks about {field} as it was then", task.id);
                    let set = said.decision.values.get(field.as_str());
                    assert_ne!(set.map(|it| it.shown()), now.map(String::as_str), "{}", task.id);
                }
                _ => {
                    let mut records = said.decision.groups.iter().flat_map(|it| &it.records);
                    let changed = records.any(|it| said.seen.get(it) != self.world.seen.get(it));
                    assert!(changed, "{} asks though nothing changed since {decision}", task.id);
                }
            }
        }
    }

    /// A task is put off or asked of someone only as long as whoever did so did not take it back.
    fn check_waiting(&self, standing: &BTreeSet<DecisionId>) {
        for task in &self.world.tasks {
            match &task.state {
                TaskState::Deferred { decision, .. } | TaskState::Escalated { decision, .. } => {
                    assert!(standing.contains(decision), "{:?}", task);
                }
                TaskState::Answered { question, decision, .. } => {
                    assert!(standing.contains(question) && standing.contains(decision), "{task:?}");
                }
                _ => {}
            }
        }
    }
}
