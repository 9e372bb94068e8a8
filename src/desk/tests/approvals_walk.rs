//! Several people propose, edit, approve, reject, break the glass and undo, in any order, while rules, people and
//! data change beside them. A twin without rules does at once whatever comes into force, and is to look the same.
//!
//! `cargo test` tries a few orders; `tests/torture/README.md` says how to try a hundred thousand.

use std::collections::BTreeMap;

use super::approvals::{PEOPLE, RULES};
use super::bulk::pairs_of;
use super::*;
use domain::{Decision, Entrance, ReasonCode, TaskReason, TaskState, Verdict};
use door::operations::{Erase, ErasureRequest, ShowApproval};
use door::{DependantChoice, SessionId};

/// Chance that repeats itself.
struct Chance(u64);

impl Chance {
    fn below(&mut self, many: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % many.max(1)
    }
}

/// The settings that are in force in turn. What each asks of a merge and of a corrected email: a role, or nobody.
const SETTINGS_IN_TURN: [&str; 5] = ["rules", "none", "renamed", "promoted", "chiefs"];

fn settings_of(turn: usize) -> String {
    let (people, rules) = match SETTINGS_IN_TURN[turn] {
        "none" => (PEOPLE.to_owned(), String::new()),
        "renamed" => (PEOPLE.replace("[people.sam]", "[people.samuel]"), RULES.to_owned()),
        "promoted" => {
            let sam = "[people.sam]\nrole = \"steward\"";
            (PEOPLE.replace(sam, "[people.sam]\nrole = \"lead\""), RULES.to_owned())
        }
        "chiefs" => (PEOPLE.replace("lead", "chief"), RULES.replace("lead", "chief")),
        _ => (PEOPLE.to_owned(), RULES.to_owned()),
    };
    format!("{SETTINGS}{people}{rules}")
}

struct Walk {
    test: TestDesk,
    twin: TestDesk,
    chance: Chance,
    turn: usize,
    /// What each decision in force is called by the twin.
    twins: BTreeMap<DecisionId, DecisionId>,
    counted: BTreeMap<&'static str, usize>,
    told: Vec<String>,
}

/// Sam is Samuel where they are renamed.
const PEOPLE_AT_WORK: [&str; 4] = ["sam", "kim", "ada", "lee"];

impl Walk {
    fn new(seed: u64) -> Walk {
        let new = |more: &str| {
            let mut test = TestDesk::governed(Databases::InMemory, 1, more);
            pairs_of(&mut test);
            test
        };
        let chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let (test, twin) = (new(&format!("{PEOPLE}{RULES}")), new(PEOPLE));
        let (twins, counted, told) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        Walk { test, twin, chance, turn: 0, twins, counted, told }
    }

    /// Somebody at some door, now and then with a key of somebody else.
    fn somebody(&mut self) -> Session {
        let own = PEOPLE_AT_WORK[self.chance.below(PEOPLE_AT_WORK.len())];
        let key = match self.chance.below(8) {
            0 => PEOPLE_AT_WORK[self.chance.below(PEOPLE_AT_WORK.len())],
            _ => own,
        };
        let is_renamed = own == "sam" && SETTINGS_IN_TURN[self.turn] == "renamed";
        let name = if is_renamed { "samuel" } else { own };
        let local = Session::local(name, TimeZone::UTC);
        match self.chance.below(8) {
            0 => local,
            _ => Session {
                id: SessionId(7),
                entrance: Entrance::Ssh,
                key_fingerprint: Some(format!("SHA256:{key}")),
                ..local
            },
        }
    }

    fn decision(&mut self, id: DecisionId) -> Decision {
        self.test.desk().facts().decision(id).unwrap()
    }

    /// A request of some kind on something that is there.
    fn verdict(&mut self) -> Option<Request> {
        let tasks = self.test.pending(TaskKind::Duplicate);
        let at = self.chance.below(tasks.len());
        let of_task = tasks.get(at).copied();
        let kind = self.chance.below(6);
        let request = match kind {
            0..=2 => {
                let task = of_task?;
                let entry = self.test.desk().facts().view.task(task).unwrap()?;
                let customers = entry.task.customers;
                let apart: Vec<&[CustomerId]> = customers.chunks(1).collect();
                let request = match kind {
                    0 | 1 => merge_request(&[&customers]),
                    _ => apart_request(&apart),
                };
                Request { task: Some(task), ..request }
            }
            3 => {
                let ids = [1 + self.chance.below(6), 1 + self.chance.below(6)];
                let [one, other] = [format!("crm:{}", ids[0]), format!("shop:{}", ids[1])]
                    .map(|it| self.place(&it));
                merge_request(&[&[one?, other?]])
            }
            _ => {
                let record = format!("crm:{}", 1 + self.chance.below(6));
                self.place(&record)?;
                let (field, value) = match self.chance.below(2) {
                    0 => ("email", format!("a{}@example.com", self.chance.below(9))),
                    _ => ("city", format!("City{}", self.chance.below(9))),
                };
                fix_request(&record, field, &value)
            }
        };
        let glass = (self.chance.below(10) == 0).then(|| "cannot wait".to_owned());
        Some(Request { break_glass: glass, ..request })
    }

    /// The customer of a record, unless it was erased.
    fn place(&mut self, address: &str) -> Option<CustomerId> {
        let facts = self.test.desk().facts();
        let record = facts.find(&address.parse().unwrap()).unwrap()?;
        let row = facts.view.record(record).unwrap();
        (!row.erased).then_some(row.customer)
    }

    fn step(&mut self) {
        self.test.clock.advance(60);
        self.twin.clock.advance(60);
        match self.chance.below(20) {
            0..=7 => {
                if let Some(request) = self.verdict() {
                    self.decide(request);
                }
            }
            8..=13 => {
                let asks = self.test.pending(TaskKind::Approval);
                let at = self.chance.below(asks.len());
                let Some(task) = asks.get(at).copied() else { return };
                let who = self.somebody();
                let shown = self.test.desk().act(
                    &who,
                    ShowApproval { task, unmask: false },
                    Streams::default(),
                );
                let expect = match (self.chance.below(2), shown) {
                    (0, Ok(shown)) => shown.digest,
                    _ => None,
                };
                let (action, note) = match self.chance.below(5) {
                    0 => (Action::Reject, Some("no".to_owned())),
                    _ => (Action::Approve { expect }, None),
                };
                self.decide_as(&who, Request { task: Some(task), note, ..Request::new(action) });
            }
            14..=16 => {
                let many = self.test.desk().facts().view.counters().unwrap().decisions as usize;
                let Some(id) = (many > 0).then(|| 1 + self.chance.below(many)) else { return };
                let with = self.chance.below(2) == 0;
                let request = undo_request(DecisionId(u32::try_from(id).unwrap()), with);
                let glass = (self.chance.below(10) == 0).then(|| "cannot wait".to_owned());
                self.decide(Request { break_glass: glass, ..request });
            }
            17 => {
                self.turn = self.chance.below(SETTINGS_IN_TURN.len());
                let settings = settings_of(self.turn);
                if self.test.desk().settings.text != settings {
                    self.test.adopts(&settings);
                }
            }
            18 => {
                let (id, phone) = (1 + self.chance.below(6), self.chance.below(9));
                let row = format!(
                    "{id},Thom,Ash{id},,+1402555019{phone},1984-03-12,{id} Rose Lane,Omaha,,,2026-03-2{phone}\n"
                );
                for test in [&mut self.test, &mut self.twin] {
                    test.desk().work_for(&Session::local("sam", TimeZone::UTC));
                    let content = format!("{HEADER}{row}");
                    testing::import(test.desk(), import_of("shop"), content).unwrap();
                }
            }
            _ if self.chance.below(6) == 0 => {
                let record = format!("crm:{}", 1 + self.chance.below(6));
                let Some(customer) = self.place(&record) else { return };
                let reason = Some(ReasonCode::new("request"));
                for test in [&mut self.test, &mut self.twin] {
                    let request = ErasureRequest {
                        customer,
                        reason: reason.clone(),
                        note: None,
                        request: None,
                    };
                    test.ask(Erase { request }).unwrap();
                }
                *self.counted.entry("erased").or_default() += 1;
            }
            _ => {}
        }
    }

    fn decide(&mut self, request: Request) {
        let who = self.somebody();
        self.decide_as(&who, request);
    }

    /// Somebody decides; what comes into force is done by the twin as well.
    fn decide_as(&mut self, who: &Session, request: Request) {
        let before = self.test.picture();
        let told = format!("{} {:?} {request:?}", who.person, who.key_fingerprint);
        let asked = Decide { request: request.clone() };
        let done = self.test.desk().act(who, asked, Streams::default());
        let receipt = match done {
            Ok(receipt) => receipt,
            Err(NotDone::Refused(refusal)) => {
                self.told.push(format!("{told}: refused: {refusal}"));
                assert_eq!(self.test.picture(), before, "{:#?}", self.told);
                return;
            }
            Err(other) => panic!("{other:?}: {told}"),
        };
        self.told.push(format!("{told}: {} {}", receipt.decision, receipt.summary));
        let made = self.decision(receipt.decision);
        self.judge(who, &request, &made);
        if matches!(made.verdict, Verdict::Propose | Verdict::Reject | Verdict::Approve) {
            *self.counted.entry(made.verdict.name()).or_default() += 1;
            assert_eq!(self.test.picture(), before, "{:#?}", self.told);
            return;
        }
        let request = match made.approves {
            Some(proposal) => {
                *self.counted.entry("approved").or_default() += 1;
                let proposal = self.decision(proposal).proposal.unwrap();
                crate::approvals::request_of(&proposal).unwrap()
            }
            None => request,
        };
        self.follow(&made, request);
        assert_eq!(self.test.picture(), self.twin.picture(), "{:#?}", self.told);
    }

    /// The twin does it at once. It has no tasks of approvals and no proposals.
    fn follow(&mut self, made: &Decision, request: Request) {
        let mut request = Request { task: None, break_glass: None, ..request };
        if let Action::Undo { decisions, choices, .. } = &mut request.action {
            *decisions =
                made.reverses.iter().filter_map(|id| self.twins.get(id).copied()).collect();
            *choices = BTreeMap::<DecisionId, DependantChoice>::new();
            // What only proposals are undone of is nothing to the twin.
            if decisions.is_empty() {
                return;
            }
        }
        let receipt =
            self.twin.decide(request).unwrap_or_else(|why| panic!("{why:?} {:#?}", self.told));
        self.twins.insert(made.id, receipt.decision);
    }

    /// The laws of who decides what.
    fn judge(&mut self, who: &Session, request: &Request, made: &Decision) {
        let told = self.told.clone();
        if let Some(proposal) = made.approves {
            let authors = self.decision(proposal).proposal.unwrap().authors;
            for author in authors {
                assert_ne!(author.person, who.person, "{told:#?}");
                let key = who.key_fingerprint.as_ref();
                assert!(key.is_none_or(|key| !author.keys.contains(key)), "{told:#?}");
            }
            // Sam is Samuel.
            let proposer = self.decision(proposal).proposal.unwrap().authors;
            let is_sam = |name: &str| name == "sam" || name == "samuel";
            assert!(
                !(is_sam(&who.person) && proposer.iter().any(|it| is_sam(&it.person))),
                "{told:#?}"
            );
        }
        let has_rules = SETTINGS_IN_TURN[self.turn] != "none";
        let sets_email = made.values.get("email").is_some();
        let needs = match made.verdict {
            Verdict::Merge => has_rules,
            Verdict::Correct => has_rules && sets_email,
            Verdict::Undo => self.undoes_what_was_approved(made),
            _ => false,
        };
        let in_force = made.approves.is_some() || made.broken_glass.is_some();
        assert!(!needs || in_force, "{told:#?}");
        let glass = made.broken_glass.is_some();
        assert!(!glass || request.break_glass.is_some(), "{told:#?}");
    }

    fn undoes_what_was_approved(&mut self, undo: &Decision) -> bool {
        undo.reverses.iter().any(|id| self.decision(*id).approves.is_some())
    }

    /// What waits for an approval, and what the approval waits for, go together.
    fn is_sound(&mut self) {
        let told = self.told.clone();
        let facts = self.test.desk().facts();
        let tasks = facts.view.pending_tasks().unwrap();
        for entry in tasks {
            let task = entry.task;
            if let TaskState::Proposed { decision, approval, .. } = task.state {
                let asks = facts.view.task(approval).unwrap().unwrap().task;
                assert!(asks.state.is_pending(), "{} {told:#?}", task.id);
                assert_eq!(asks.reason, TaskReason::Approval { decision }, "{told:#?}");
            }
            let TaskReason::Approval { decision } = task.reason else { continue };
            let entry = facts.view.decision(decision).unwrap().unwrap();
            assert!(entry.stands(), "{} {told:#?}", task.id);
            let Some(answered) = entry.task else { continue };
            let answered = facts.view.task(answered).unwrap().unwrap().task;
            assert!(
                matches!(answered.state, TaskState::Proposed { decision: by, .. } if by == decision),
                "{} {:?} {told:#?}",
                task.id,
                answered.state
            );
        }
    }
}

fn walk(seed: u64, steps: usize, counted: &mut BTreeMap<&'static str, usize>) {
    let mut walk = Walk::new(seed);
    for _ in 0..steps {
        walk.step();
        walk.is_sound();
    }
    let dump = walk.test.dump();
    walk.test.rebuild();
    assert_eq!(walk.test.dump(), dump, "seed {seed}: {:#?}", walk.told);
    for (what, number) in walk.counted {
        *counted.entry(what).or_default() += number;
    }
}

#[test]
fn nobody_approves_their_own_and_what_is_approved_is_what_a_direct_verdict_is() {
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (first, many) = (number("STEWARD_SEED", 1), number("STEWARD_SEEDS", 2));
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in first..first + many {
        let run = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
            walk(seed, 40, &mut counted);
            counted
        }));
        let told = run.unwrap_or_else(|_| panic!("seed {seed}"));
        for (what, number) in told {
            *counted.entry(what).or_default() += number;
        }
    }
    // What never happens proves nothing.
    if many >= 12 {
        for what in ["propose", "reject", "approve", "approved", "erased"] {
            assert!(counted.contains_key(what), "{what}: {counted:?}");
        }
    }
}
