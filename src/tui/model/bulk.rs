//! A bulk on its way: judged task by task, then confirmed with the count, then decided.

use super::Input;
use crate::model::Scroll;
use domain::{BulkId, DecisionId, ReasonCode, Sequence, TaskId};
use door::views::PatternCount;
use door::{BulkOutcome, BulkStep, BulkVerdict, Refusal};

/// Samples of what would be done.
pub const SAMPLES: usize = 3;
/// Tasks judged or decided in one question: a few milliseconds each.
const STEP: usize = 4;

/// How far a bulk has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Each task is asked what the verdict would do.
    Judging,
    /// The steward is asked for the count.
    Asking,
    /// Task by task is decided.
    Deciding,
    /// Nothing is left to do, or it was stopped.
    Done,
}

/// A verdict on many tasks.
#[derive(Debug, Clone)]
pub struct Bulk {
    /// Tells its answers from late ones.
    pub serial: u64,
    /// The verdict.
    pub verdict: BulkVerdict,
    /// A reason from the closed list.
    pub reason: Option<ReasonCode>,
    /// The tasks.
    pub tasks: Vec<TaskId>,
    /// How far it has come.
    pub phase: Phase,
    /// Tasks judged, or decided, so far.
    pub reached: usize,
    /// The tasks it would decide, with the version seen.
    pub ready: Vec<(TaskId, Sequence)>,
    /// The first of what would be done.
    pub samples: Vec<(TaskId, String)>,
    /// The tasks it would not decide, or did not, and why.
    pub refused: Vec<(TaskId, String)>,
    /// The count as typed.
    pub typed: Input,
    /// Its id, once something was decided.
    pub bulk: Option<BulkId>,
    /// What was decided.
    pub decided: Vec<DecisionId>,
    /// What failed.
    pub failed: Option<String>,
    /// First line shown of those refused.
    pub top: usize,
}

impl Bulk {
    /// A bulk that has judged nothing yet.
    #[must_use]
    pub fn new(serial: u64, verdict: BulkVerdict, tasks: Vec<TaskId>) -> Self {
        Self {
            serial,
            verdict,
            reason: None,
            tasks,
            phase: Phase::Judging,
            reached: 0,
            ready: Vec::new(),
            samples: Vec::new(),
            refused: Vec::new(),
            typed: Input::default(),
            bulk: None,
            decided: Vec::new(),
            failed: None,
            top: 0,
        }
    }

    /// The next few tasks to judge or decide; `None` means this phase has reached its end.
    #[must_use]
    pub fn step(&self) -> Option<BulkStep> {
        let rehearse = self.phase == Phase::Judging;
        let tasks: Vec<_> = if rehearse {
            let tasks = self.tasks.iter().skip(self.reached).take(STEP);
            tasks.map(|task| (*task, None)).collect()
        } else {
            let tasks = self.ready.iter().skip(self.reached).take(STEP);
            tasks.map(|(task, version)| (*task, Some(*version))).collect()
        };
        let wanted = matches!(self.phase, Phase::Judging | Phase::Deciding) && !tasks.is_empty();
        let left = self.ready.len().saturating_sub(self.reached + tasks.len()) as u64;
        wanted.then(|| BulkStep {
            verdict: self.verdict.clone(),
            reason: self.reason.clone(),
            note: None,
            tasks,
            bulk: self.bulk,
            left,
            rehearse,
        })
    }

    /// Takes in what came of a step. The reasons offered where one is demanded and none is given.
    pub fn take(&mut self, outcome: BulkOutcome) -> Option<Vec<ReasonCode>> {
        self.bulk = outcome.bulk;
        self.failed = outcome.failed;
        for result in outcome.results {
            self.reached += 1;
            let Some(task) = result.task else { continue };
            match (result.refusal, result.decision) {
                (
                    Some(
                        Refusal::ReasonRequired { offered, .. }
                        | Refusal::UnknownReason { offered, .. },
                    ),
                    _,
                ) if self.reason.is_none() && !offered.is_empty() => return Some(offered),
                (Some(refusal), _) => self.refused.push((task, refusal.to_string())),
                (None, Some(decision)) => self.decided.push(decision),
                (None, None) => {
                    self.ready.push((task, result.version));
                    if self.samples.len() < SAMPLES {
                        self.samples.push((task, result.summary));
                    }
                }
            }
        }
        let end = if self.phase == Phase::Judging { self.tasks.len() } else { self.ready.len() };
        if self.failed.is_some() {
            self.phase = Phase::Done;
        } else if self.reached >= end {
            self.phase = match self.phase {
                Phase::Judging if self.ready.is_empty() => Phase::Done,
                Phase::Judging => Phase::Asking,
                _ => Phase::Done,
            };
            self.reached = 0;
        }
        None
    }

    /// The count was typed: deciding begins. What was refused at judging stays listed.
    pub fn begin(&mut self) {
        self.phase = Phase::Deciding;
        self.reached = 0;
    }

    /// The refusals, the most frequent sentence first, each with how often and a task.
    #[must_use]
    pub fn reasons(&self) -> Vec<(usize, TaskId, &str)> {
        let mut counted: Vec<(usize, TaskId, &str)> = Vec::new();
        for (task, why) in &self.refused {
            match counted.iter_mut().find(|known| known.2 == why) {
                Some(known) => known.0 += 1,
                None => counted.push((1, *task, why)),
            }
        }
        counted.sort_by_key(|(count, task, _)| (std::cmp::Reverse(*count), *task));
        counted
    }
}

/// Tasks by pattern.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    /// Tells its answers from late ones.
    pub serial: u64,
    /// The patterns, most tasks first.
    pub patterns: Vec<PatternCount>,
    /// How much was read, of how much.
    pub prepared: (usize, usize),
    /// Whether the desk has answered once.
    pub answered: bool,
    /// Cursor.
    pub scroll: Scroll,
}

#[cfg(test)]
mod tests {
    use super::*;
    use door::BulkResult;

    fn judged(task: u32, refusal: Option<&str>) -> BulkResult {
        BulkResult {
            task: Some(TaskId(task)),
            version: Sequence(u64::from(task)),
            decision: None,
            summary: format!("would do {task}"),
            refusal: refusal.map(|why| Refusal::DoesNotApply { why: why.to_owned() }),
        }
    }

    #[test]
    fn a_bulk_is_judged_then_asked_for_then_decided_at_the_versions_seen() {
        let tasks = (1..=6).map(TaskId).collect();
        let mut bulk = Bulk::new(1, BulkVerdict::Merge, tasks);
        let step = bulk.step().unwrap();
        assert!(step.rehearse && step.tasks.len() == 4);
        let mut results: Vec<_> = (1..=3).map(|task| judged(task, None)).collect();
        results.push(judged(4, Some("it differs")));
        bulk.take(BulkOutcome { results, ..BulkOutcome::default() });
        assert_eq!(bulk.phase, Phase::Judging);
        let results = vec![judged(5, Some("it differs")), judged(6, None)];
        bulk.take(BulkOutcome { results, ..BulkOutcome::default() });
        assert_eq!((bulk.phase, bulk.ready.len(), bulk.samples.len()), (Phase::Asking, 4, 3));
        assert_eq!(bulk.reasons(), [(2, TaskId(4), "it differs")]);
        assert_eq!(bulk.step(), None, "nothing is decided before the count is typed");
        bulk.begin();
        let step = bulk.step().unwrap();
        assert!(!step.rehearse);
        assert_eq!(step.tasks[3], (TaskId(6), Some(Sequence(6))));
    }

    #[test]
    fn a_demanded_reason_is_asked_for_before_anything_is_counted() {
        let mut bulk = Bulk::new(1, BulkVerdict::NotAMatch, vec![TaskId(1)]);
        let offered: Vec<ReasonCode> = vec!["household".into()];
        let mut result = judged(1, None);
        result.refusal = Some(Refusal::ReasonRequired {
            verdict: domain::Verdict::NotAMatch,
            offered: offered.clone(),
        });
        let outcome = BulkOutcome { results: vec![result], ..BulkOutcome::default() };
        assert_eq!(bulk.take(outcome), Some(offered));
        assert!(bulk.refused.is_empty());
    }
}
