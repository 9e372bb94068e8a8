//! What must be true of every decision, whoever made it and whatever happened: read from the ledger, and from
//! nothing that the desk remembers.

use std::collections::{BTreeMap, BTreeSet};

use super::super::*;
use super::keeping::Keeping;
use crate::versions;
use domain::{Decision, Event, Sequence, Verdict};
use door::operations::DecideSome;
use door::views::QueueView;

/// A decision as the ledger has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Made {
    decision: DecisionId,
    sequence: Sequence,
    actor: String,
    task: Option<TaskId>,
    verdict: Verdict,
    /// Tasks and customers that its commit touches.
    tasks: BTreeSet<TaskId>,
    customers: BTreeSet<CustomerId>,
}

/// What the ledger said so far, and what people were told.
#[derive(Debug, Default)]
pub(super) struct Laws {
    /// Commits read.
    read: Sequence,
    made: BTreeMap<DecisionId, Made>,
    /// Decisions that somebody was told of.
    told: BTreeSet<DecisionId>,
    /// The last commit that touched them.
    tasks: BTreeMap<TaskId, Sequence>,
    customers: BTreeMap<CustomerId, Sequence>,
    about: BTreeMap<TaskId, Vec<CustomerId>>,
    /// Tasks on which something is left to decide.
    pending: BTreeSet<TaskId>,
    /// Views that were answered.
    answered: BTreeSet<(TaskId, Sequence)>,
    /// Whether somebody was erased since this was asked.
    erased: bool,
    /// Whether people have roles, and merges need approval.
    pub(super) is_governed: bool,
    /// Who had a hand in each proposal.
    proposed: BTreeMap<DecisionId, BTreeSet<String>>,
    /// What somebody else has approved, by decision.
    consented: BTreeSet<DecisionId>,
    pub(super) approved: u32,
    pub(super) refused: u32,
}

/// Who leads, and who decides, where there are roles.
const LEADS: [&str; 2] = ["kim", "sam"];
const STEWARDS: [&str; 2] = ["lee", "max"];

impl Laws {
    /// Reads what was committed; the decisions among it.
    pub(super) fn read(&mut self, desk: &Desk) -> Vec<Made> {
        let mut made = Vec::new();
        for commit in desk.reader.commits_from(Sequence(self.read.0 + 1)) {
            let commit = commit.expect("the ledger can be read");
            assert_eq!(commit.sequence.0, self.read.0 + 1);
            self.read = commit.sequence;
            let mut decision = None;
            let (mut tasks, mut customers) = (BTreeSet::new(), BTreeSet::new());
            for event in &commit.events {
                match event {
                    Event::TaskChanged(changed) => {
                        tasks.insert(changed.task);
                        self.about.insert(changed.task, changed.after.customers.clone());
                        match changed.after.state.is_pending() {
                            true => self.pending.insert(changed.task),
                            false => self.pending.remove(&changed.task),
                        };
                    }
                    Event::CustomerChanged(changed) => {
                        customers.insert(changed.customer);
                    }
                    Event::DecisionMade(it) => {
                        assert!(decision.is_none(), "a commit has one decision");
                        decision = Some(it.decision.clone());
                    }
                    Event::PersonErased(_) => self.erased = true,
                    Event::RefusedByRole(_) => self.refused += 1,
                    _ => {}
                }
            }
            let comments = decision.as_ref().is_some_and(|it| it.verdict == Verdict::Comment);
            if !comments {
                self.tasks.extend(tasks.iter().map(|task| (*task, commit.sequence)));
                self.customers.extend(customers.iter().map(|it| (*it, commit.sequence)));
            }
            if let Some(decision) = decision {
                if self.is_governed {
                    self.was_allowed(&decision, &commit.actor.person);
                }
                let it = Made {
                    decision: decision.id,
                    sequence: commit.sequence,
                    actor: commit.actor.person,
                    task: decision.task,
                    verdict: decision.verdict,
                    tasks,
                    customers,
                };
                assert!(self.made.insert(it.decision, it.clone()).is_none(), "{it:?} twice");
                made.push(it);
            }
        }
        made
    }

    /// Nobody does what their role may not; nothing that needs approval is done without, and nobody approves what
    /// they had a hand in.
    fn was_allowed(&mut self, decision: &Decision, actor: &str) {
        let (leads, decides) = (LEADS.contains(&actor), STEWARDS.contains(&actor));
        assert!(leads || decides, "{actor} may not decide: {decision:?}");
        if let Some(proposal) = &decision.proposal {
            let mut hands: BTreeSet<String> =
                proposal.authors.iter().map(|author| author.person.clone()).collect();
            hands.insert(actor.to_owned());
            self.proposed.insert(decision.id, hands);
        }
        let judges = matches!(decision.verdict, Verdict::Approve | Verdict::Reject);
        assert!(leads || !judges, "{actor} may not approve: {decision:?}");
        let taken_back = decision.reverses.iter().any(|it| self.consented.contains(it));
        let Some(approves) = decision.approves else {
            assert!(decision.verdict != Verdict::Merge, "{actor} merged alone: {decision:?}");
            assert!(!taken_back, "{actor} took back alone what was approved: {decision:?}");
            return;
        };
        assert!(leads, "{actor} may not approve: {decision:?}");
        let hands = &self.proposed[&approves];
        assert!(!hands.contains(actor), "{actor} approved their own: {decision:?}");
        self.consented.insert(decision.id);
        self.approved += 1;
    }

    /// Whether somebody was erased since this was asked.
    pub(super) fn take_erased(&mut self) -> bool {
        std::mem::take(&mut self.erased)
    }

    /// The last commit that a decision on a task must have seen.
    pub(super) fn version(&self, task: TaskId) -> Sequence {
        let own = self.tasks.get(&task).copied().unwrap_or_default();
        let about = self.about.get(&task).into_iter().flatten();
        about.filter_map(|it| self.customers.get(it).copied()).fold(own, Sequence::max)
    }

    /// Before somebody decides: the version that the task really has.
    pub(super) fn versions(&self, request: &Request) -> Option<Sequence> {
        request.task.map(|task| self.version(task))
    }

    /// Somebody asked for a decision, and was told this.
    pub(super) fn decided(
        &mut self,
        who: &Session,
        request: &Request,
        version: Option<Sequence>,
        told: &Outcome<Receipt>,
        (desk, keeping, now): (&Desk, &Keeping, Timestamp),
    ) {
        let made = self.read(desk);
        let receipt = match told {
            Ok(receipt) => receipt,
            Err(why) => {
                assert!(made.is_empty(), "refused and decided: {why:?}, {made:?}");
                return is_true_refusal(why, keeping, now);
            }
        };
        let [made] = &made[..] else { panic!("one decision each: {receipt:?}, {made:?}") };
        assert_eq!((made.decision, made.sequence), (receipt.decision, receipt.sequence));
        assert_eq!(made.actor, who.person, "whose it is");
        self.told.insert(made.decision);
        let comments = matches!(request.action, Action::Comment { .. });
        // What is approved answers the task that was proposed for, and not the one that asked for the approval.
        let approves = matches!(request.action, Action::Approve { .. });
        if let (Some(task), false) = (request.task, comments || approves) {
            assert_eq!((made.task, receipt.task), (Some(task), Some(task)));
            self.answers_once(task, request.seen, version);
        }
        if !matches!(request.action, Action::Comment { .. } | Action::Undo { .. }) {
            self.touches_nothing_held(made, &who.person, keeping, now);
        }
    }

    /// One decision for one view, and none for a view of before the last one.
    fn answers_once(&mut self, task: TaskId, seen: Option<Sequence>, version: Option<Sequence>) {
        let Some(seen) = seen else { return };
        assert!(
            version.is_none_or(|version| seen >= version),
            "{task} was seen at {seen}, and is at {version:?}"
        );
        assert!(self.answered.insert((task, seen)), "{task} at {seen} is decided twice");
    }

    /// What somebody else works on is neither settled nor changed.
    fn touches_nothing_held(&self, made: &Made, person: &str, keeping: &Keeping, now: Timestamp) {
        for task in keeping.others(person, now) {
            assert!(!made.tasks.contains(&task), "{made:?} settles {task}, which another claimed");
            // An import may have settled it meanwhile.
            if self.pending.contains(&task) {
                let mut about = self.about.get(&task).into_iter().flatten();
                let touched = about.find(|it| made.customers.contains(it));
                assert_eq!(
                    touched, None,
                    "{made:?} changes what {task} is about, which another claimed"
                );
            }
        }
    }

    /// Several were decided together.
    pub(super) fn decided_some(
        &mut self,
        who: &Session,
        tasks: &[(TaskId, Option<Sequence>)],
        versions: &[Sequence],
        told: &Outcome<<DecideSome as door::Operation>::Answer>,
        (desk, keeping, now): (&Desk, &Keeping, Timestamp),
    ) -> Vec<TaskId> {
        let made = self.read(desk);
        let Ok(outcome) = told else {
            assert!(made.is_empty(), "{told:?}, {made:?}");
            return Vec::new();
        };
        assert_eq!(outcome.failed, None);
        let told: Vec<DecisionId> = outcome.results.iter().filter_map(|it| it.decision).collect();
        assert_eq!(made.iter().map(|it| it.decision).collect::<Vec<_>>(), told);
        self.told.extend(told);
        for made in &made {
            let at =
                tasks.iter().position(|it| Some(it.0) == made.task).expect("a task of the bulk");
            assert_eq!(made.actor, who.person);
            self.answers_once(tasks[at].0, tasks[at].1, Some(versions[at]));
            self.touches_nothing_held(made, &who.person, keeping, now);
        }
        made.iter().filter_map(|it| it.task).collect()
    }

    /// A queue that somebody is told is the queue.
    pub(super) fn is_the_queue(view: &QueueView, desk: &Desk) {
        let facts = desk.facts();
        let pending = facts.view.pending_tasks().unwrap();
        let mut listed: Vec<TaskId> = view.listed.iter().map(|it| it.task).collect();
        let mut expected: Vec<TaskId> = pending.iter().map(|it| it.task.id).collect();
        listed.sort();
        expected.sort();
        assert_eq!(listed, expected, "the tasks of the queue");
        for row in &view.rows {
            let entry = facts.view.task(row.task).unwrap().expect("a task");
            let version = versions::of_task(facts, &entry.task).unwrap();
            assert_eq!(row.version, version, "the version of {}", row.task);
        }
    }

    /// The server came again: all that somebody was told is there, and of what was under way all or nothing.
    /// How many decisions there are that nobody was told of.
    pub(super) fn after_end(&mut self, desk: &Desk, under_way: Option<&str>) -> u32 {
        let unheard = self.read(desk);
        for made in &unheard {
            let by = Some(&*made.actor) == under_way;
            assert!(by, "{made:?} came from nowhere: {under_way:?} was under way");
        }
        let view = desk.facts().view;
        for decision in &self.told {
            let made = &self.made[decision];
            let entry = view.decision(*decision).unwrap();
            let entry = entry.unwrap_or_else(|| panic!("{made:?} was acknowledged and is lost"));
            assert_eq!((entry.place.sequence, entry.verdict), (made.sequence, made.verdict));
        }
        u32::try_from(unheard.len()).unwrap()
    }
}

/// A refusal for somebody's claim names somebody who has one.
fn is_true_refusal(why: &NotDone, keeping: &Keeping, now: Timestamp) {
    match why {
        NotDone::Refused(Refusal::ClaimedBy { holder }) => {
            assert!(keeping.holds(holder, now), "{holder} holds nothing");
        }
        NotDone::Refused(_) => {}
        NotDone::Failed(failure) => panic!("nothing went wrong, and yet: {failure}"),
    }
}
