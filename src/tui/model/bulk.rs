//! A bulk on its way: judged task by task, then confirmed with the count, then decided.

use super::Input;
use crate::model::Scroll;
use domain::{BulkId, DecisionId, FieldName, ReasonCode, Sequence, TaskId};
use door::views::PatternCount;
use door::{BulkAbout, BulkOutcome, BulkStep, BulkVerdict, Refusal};

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
    /// Every task it would decide, in order.
    pub rows: Vec<BulkRow>,
    /// The tasks that are decided, with the version seen: those of the rows that were not left out.
    pub ready: Vec<(TaskId, Sequence)>,
    /// The tasks it would not decide, or did not, and why.
    pub refused: Vec<(TaskId, String)>,
    /// The count as typed.
    pub typed: Input,
    /// Its id, once something was decided.
    pub bulk: Option<BulkId>,
    /// What was decided.
    pub decided: Vec<DecisionId>,
    /// How many of these only propose it: somebody else approves them.
    pub proposed: usize,
    /// What failed.
    pub failed: Option<String>,
    /// Cursor over the rows, and after them over what is refused.
    pub scroll: Scroll,
}

/// A task that a bulk would decide.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkRow {
    /// The task.
    pub task: TaskId,
    /// Its version, as it was judged.
    pub version: Sequence,
    /// What would be done.
    pub summary: String,
    /// Whom it is about, and what differs.
    pub about: BulkAbout,
    /// Whether the steward leaves it out.
    pub left_out: bool,
}

impl BulkRow {
    /// What differs, what is much alike, what breaks a rule: `x email, street  ~ given_name`.
    #[must_use]
    pub fn fields(&self) -> String {
        let BulkAbout { differ, alike, broken, changes, .. } = &self.about;
        if !changes.is_empty() {
            // The title names the field, where it is one.
            let told = changes.iter().map(|(field, change)| match changes.len() {
                1 => change.clone(),
                _ => format!("{field} {change}"),
            });
            return told.collect::<Vec<_>>().join("; ");
        }
        let signed = [("x", differ), ("~", alike), ("!", broken)];
        let parts = signed.into_iter().filter(|(_, fields)| !fields.is_empty());
        // Where nothing differs that is worth a word, too: it may be what is wrong.
        let weak = self.about.weakest.is_some();
        if !weak && self.about.names.len() > 1 && signed.iter().all(|(_, fields)| fields.is_empty())
        {
            return "nothing differs".to_owned();
        }
        let parts = parts.map(|(sign, fields)| {
            let names: Vec<&str> = fields.iter().map(FieldName::as_str).collect();
            format!("{sign} {}", names.join(", "))
        });
        // First, since a narrow list cuts the end: alone it would be asked about.
        let weak = self.about.weakest.map(|it| format!("weakest link {}", domain::score(it)));
        let parts = weak.into_iter().chain(parts);
        parts.collect::<Vec<_>>().join("  ")
    }

    /// Why it starts left out: no value that would be changed breaks a rule.
    #[must_use]
    pub fn unbroken(&self) -> Option<String> {
        let BulkAbout { broken, changes, .. } = &self.about;
        let is_sound =
            !changes.is_empty() && changes.iter().all(|(field, _)| !broken.contains(field));
        let fields: Vec<&str> = changes.iter().map(|(field, _)| field.as_str()).collect();
        let verb = if fields.len() == 1 { "breaks" } else { "break" };
        is_sound.then(|| format!("{} {verb} no rule", fields.join(", ")))
    }

    /// Whom it is about.
    #[must_use]
    pub fn names(&self) -> String {
        let mut distinct: Vec<&str> = Vec::new();
        for name in &self.about.names {
            if !distinct.contains(&name.as_str()) {
                distinct.push(name);
            }
        }
        let names = match (distinct.as_slice(), self.about.names.len()) {
            ([only], several @ 2..) => format!("{only} ({several})"),
            _ => distinct.join(" / "),
        };
        match self.about.more {
            0 => names,
            more => format!("{names} +{more}"),
        }
    }
}

/// What stands in a line of a bulk's list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BulkLine<'a> {
    /// A task it would decide.
    Row(&'a BulkRow),
    /// How many it would not decide, or did not.
    Refused(usize),
    /// Why: how many tasks, the first of them.
    Why(usize, TaskId, &'a str),
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
            rows: Vec::new(),
            ready: Vec::new(),
            refused: Vec::new(),
            typed: Input::default(),
            bulk: None,
            decided: Vec::new(),
            proposed: 0,
            failed: None,
            scroll: Scroll::default(),
        }
    }

    /// What it does, in a few words: of a correction the field and the value.
    #[must_use]
    pub fn what(&self) -> String {
        let BulkVerdict::Correct { values, cleared } = &self.verdict else {
            return self.verdict.verdict().name().to_owned();
        };
        let set = values.iter().map(|(field, value)| format!("set {field} = {value}"));
        let removed = cleared.iter().map(|field| format!("remove {field}"));
        set.chain(removed).collect::<Vec<_>>().join(", ")
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
            break_glass: None,
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
                (None, Some(decision)) => {
                    self.decided.push(decision);
                    self.proposed += usize::from(result.proposed.is_some());
                }
                (None, None) => {
                    let (version, summary) = (result.version, result.summary);
                    let about = result.about.unwrap_or_default();
                    let mut row = BulkRow { task, version, summary, about, left_out: false };
                    row.left_out = row.unbroken().is_some();
                    self.rows.push(row);
                }
            }
        }
        let end = if self.phase == Phase::Judging { self.tasks.len() } else { self.ready.len() };
        if self.failed.is_some() {
            self.phase = Phase::Done;
        } else if self.reached >= end {
            self.phase = match self.phase {
                Phase::Judging if self.rows.is_empty() => Phase::Done,
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
        let kept = self.rows.iter().filter(|row| !row.left_out);
        self.ready = kept.map(|row| (row.task, row.version)).collect();
    }

    /// What it did, without the values that were typed: `set city, remove phone`.
    #[must_use]
    pub fn did(&self) -> String {
        let BulkVerdict::Correct { values, cleared } = &self.verdict else {
            return self.verdict.verdict().name().to_owned();
        };
        let set = values.keys().map(|field| format!("set {field}"));
        let removed = cleared.iter().map(|field| format!("removed {field}"));
        set.chain(removed).collect::<Vec<_>>().join(", ")
    }

    /// How many it decided and how many it only proposed: `2 decided, 3 proposed`.
    #[must_use]
    pub fn done(&self) -> String {
        door::told_done(self.decided.len(), self.proposed)
    }

    /// How many tasks it would decide: those that are not left out.
    #[must_use]
    pub fn count(&self) -> usize {
        self.rows.iter().filter(|row| !row.left_out).count()
    }

    /// How many lines its list has.
    #[must_use]
    pub fn length(&self) -> usize {
        let refused = self.reasons().len();
        self.rows.len() + refused + usize::from(refused > 0)
    }

    /// What stands in a line of its list: the tasks, then what is refused and why.
    #[must_use]
    pub fn line(&self, at: usize) -> Option<BulkLine<'_>> {
        if let Some(row) = self.rows.get(at) {
            return Some(BulkLine::Row(row));
        }
        match at - self.rows.len() {
            0 if !self.refused.is_empty() => Some(BulkLine::Refused(self.refused.len())),
            0 => None,
            later => {
                let (count, task, why) = *self.reasons().get(later - 1)?;
                Some(BulkLine::Why(count, task, why))
            }
        }
    }

    /// Leaves the task under the cursor out, or takes it in again; whether there is one.
    pub fn leave_out(&mut self) -> bool {
        let row = self.rows.get_mut(self.scroll.cursor);
        row.is_some_and(|row| {
            row.left_out = !row.left_out;
            true
        })
    }

    /// A task was decided by itself meanwhile: it is none of the bulk's any more.
    pub fn forget(&mut self, task: TaskId) {
        self.rows.retain(|row| row.task != task);
        self.tasks.retain(|it| *it != task);
    }

    /// The task under the cursor.
    #[must_use]
    pub fn task_under_cursor(&self) -> Option<TaskId> {
        match self.line(self.scroll.cursor)? {
            BulkLine::Row(row) => Some(row.task),
            BulkLine::Why(_, task, _) => Some(task),
            BulkLine::Refused(_) => None,
        }
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
            proposed: None,
            refusal: refusal.map(|why| Refusal::DoesNotApply { why: why.to_owned() }),
            about: None,
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
        assert_eq!((bulk.phase, bulk.rows.len(), bulk.count()), (Phase::Asking, 4, 4));
        assert_eq!(bulk.reasons(), [(2, TaskId(4), "it differs")]);
        assert_eq!(bulk.step(), None, "nothing is decided before the count is typed");
        // The second one is left out, then also the first, and that taken in again.
        for cursor in [1, 0, 0] {
            bulk.scroll.cursor = cursor;
            assert!(bulk.leave_out());
        }
        let lines: Vec<bool> =
            (0..bulk.length()).map(|at| matches!(bulk.line(at), Some(BulkLine::Row(_)))).collect();
        assert_eq!(lines, [true, true, true, true, false, false]);
        assert_eq!((bulk.count(), bulk.line(99)), (3, None));
        bulk.scroll.cursor = 5;
        assert!(!bulk.leave_out());
        assert_eq!(bulk.task_under_cursor(), Some(TaskId(4)), "the first that is refused so");
        bulk.begin();
        let step = bulk.step().unwrap();
        assert!(!step.rehearse);
        let tasks: Vec<u32> = step.tasks.iter().map(|(task, _)| task.0).collect();
        assert_eq!(tasks, [1, 3, 6]);
        assert_eq!(step.tasks[2], (TaskId(6), Some(Sequence(6))));
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
