//! What came of a training: agreement with the truth, and what was missed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::course::{Course, Question, Sign, states};
use crate::cli::entry::Entry;
use crate::cli::text::{clean, counted};
use domain::agreement::{Agreement, Kappa};
use domain::{Answer, CustomerId, DecisionId, RecordAddress, SecondLook, TaskId, TaskState};
use door::operations::{FindRecord, ShowDecision, ShowTask};

/// What came of a training.
#[derive(Debug, Serialize)]
pub struct TrainingResult {
    /// Tasks it asks.
    pub tasks: usize,
    /// Of them decided.
    pub decided: usize,
    /// Put off or asked of somebody: neither right nor wrong.
    pub set_aside: usize,
    /// Still to be decided.
    pub left: usize,
    /// Decided as the truth is.
    pub agreed: u64,
    /// Agreement beyond chance; none where all answers are the same one.
    pub kappa: Option<Kappa>,
    /// The median of the seconds between two decisions of one sitting.
    pub median_seconds: Option<f64>,
    /// What was decided otherwise.
    pub missed: Vec<Missed>,
}

/// A pair of customers about whom the truth is another.
#[derive(Debug, PartialEq, Serialize)]
pub struct Missed {
    /// The task.
    pub task: TaskId,
    /// A record of each.
    pub records: (RecordAddress, RecordAddress),
    /// Whether they are one person.
    pub is_one_person: bool,
    /// What told it; none where nothing that was compared speaks for the truth.
    pub told_by: Option<Sign>,
}

/// Two decisions further apart are of two sittings.
const PAUSE: f64 = 600.0;

impl TrainingResult {
    /// Counts it.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn of(course: &Course, entry: &Entry) -> anyhow::Result<Self> {
        let states = states(|asked| entry.ask(asked))?;
        let mut agreement = Agreement::default();
        let (mut missed, mut times) = (Vec::new(), Vec::new());
        let (mut decided, mut set_aside) = (0, 0);
        for question in &course.questions {
            match states.get(&question.task).map_or("settled", String::as_str) {
                "decided" => {}
                "open" | "due" | "answered" => continue,
                _ => {
                    set_aside += 1;
                    continue;
                }
            }
            decided += 1;
            times.extend(decided_at(question, entry)?);
            let answered = answered(question, entry)?;
            agreement.add(&as_looks(question, &answered));
            missed.extend(missed_in(question, &answered));
        }
        Ok(Self {
            tasks: course.questions.len(),
            decided,
            set_aside,
            left: course.questions.len() - decided - set_aside,
            agreed: agreement.same(),
            kappa: agreement.estimate(),
            median_seconds: median_pace(times),
            missed,
        })
    }

    /// As text.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!(
            "{} of {} decided, {} of them correctly",
            self.decided,
            counted(self.tasks as u64, "task", "tasks"),
            self.agreed
        )];
        if self.set_aside > 0 {
            lines.push(format!(
                "{} put off or escalated: counted neither right nor wrong",
                self.set_aside
            ));
        }
        match self.kappa {
            Some(Kappa { kappa, least, most }) => lines.push(format!(
                "kappa {kappa:.2} ({least:.2} to {most:.2}): 1 is full agreement, 0 what chance alone gives"
            )),
            None if self.decided > 0 => {
                lines.push("all answers were the same, so there is no kappa (agreement beyond chance)".to_owned());
            }
            None => {}
        }
        if let Some(seconds) = self.median_seconds {
            lines.push(format!("median time per decision: {seconds:.1} s"));
        }
        lines.extend((!self.missed.is_empty()).then(|| "missed:".to_owned()));
        lines.extend(self.missed.iter().map(Missed::line));
        lines
    }
}

impl Missed {
    fn line(&self) -> String {
        let (one, other) = (clean(&self.records.0.to_string()), clean(&self.records.1.to_string()));
        let truth = if self.is_one_person { "are one customer" } else { "are two customers" };
        let why = match &self.told_by {
            Some(sign) => {
                format!(
                    "{} gives it away: {} ({:+.1})",
                    clean(&sign.field),
                    clean(&sign.level),
                    sign.weight
                )
            }
            None => "no compared field gives it away".to_owned(),
        };
        format!("  {}: {one} and {other} {truth}; {why}", self.task)
    }
}

/// When it was decided.
fn decided_at(question: &Question, entry: &Entry) -> anyhow::Result<Option<Timestamp>> {
    let view = entry.ask(ShowTask { task: question.task, unmask: false })?;
    let decision: Option<DecisionId> = match view.task.map(|task| task.state) {
        Some(TaskState::Decided { decision }) => Some(decision),
        _ => None,
    };
    let Some(decision) = decision else { return Ok(None) };
    Ok(Some(entry.ask(ShowDecision { decision, unmask: false })?.entry.at))
}

/// The customers that its records are of now.
fn answered(question: &Question, entry: &Entry) -> anyhow::Result<Vec<CustomerId>> {
    let mut customers = Vec::new();
    for record in &question.records {
        customers.push(entry.ask(FindRecord { record: record.clone() })?.customer);
    }
    Ok(customers)
}

/// Which of some things are one, whatever they are called: by the place of the first equal one.
fn partition<T: PartialEq>(named: &[T]) -> Vec<usize> {
    let first = |name: &T| named.iter().position(|other| other == name).unwrap_or_default();
    named.iter().map(first).collect()
}

fn kind_of(partition: &[usize]) -> Answer {
    let distinct = partition.iter().enumerate().filter(|(at, first)| at == *first).count();
    match distinct {
        1 => Answer::Merge,
        count if count == partition.len() => Answer::NotAMatch,
        _ => Answer::InPart,
    }
}

/// Truth and verdict as two looks at one question.
fn as_looks(question: &Question, answered: &[CustomerId]) -> SecondLook {
    let (truth, said) = (partition(&question.people), partition(answered));
    SecondLook {
        of: DecisionId(0),
        first: kind_of(&truth),
        second: kind_of(&said),
        agrees: truth == said,
        groups: Vec::new(),
    }
}

fn missed_in(question: &Question, answered: &[CustomerId]) -> Vec<Missed> {
    let mut missed = Vec::new();
    let told: BTreeMap<(usize, usize), _> =
        // Of two columns the first pair is their best one.
        question.pairs.iter().rev().map(|pair| (pair.columns, pair)).collect();
    for right in 1..answered.len() {
        for left in 0..right {
            let is_one_person = question.people[left] == question.people[right];
            if is_one_person == (answered[left] == answered[right]) {
                continue;
            }
            let told = told.get(&(left, right));
            let sign =
                if is_one_person { told.map(|it| &it.same) } else { told.map(|it| &it.different) };
            // What gives it away is said of the records that it is true of.
            let of_columns = || (question.records[left].clone(), question.records[right].clone());
            let records = told.and_then(|told| told.records.clone()).unwrap_or_else(of_columns);
            missed.push(Missed {
                task: question.task,
                records,
                is_one_person,
                told_by: sign.cloned().flatten(),
            });
        }
    }
    missed
}

/// The median of the seconds between decisions that followed each other.
fn median_pace(mut times: Vec<Timestamp>) -> Option<f64> {
    times.sort();
    let between = times.windows(2).map(|two| two[1].duration_since(two[0]).as_secs_f64());
    let mut between: Vec<f64> = between.filter(|seconds| *seconds < PAUSE).collect();
    between.sort_by(f64::total_cmp);
    let middle = between.len() / 2;
    match between.len() {
        0 => None,
        count if count % 2 == 1 => Some(between[middle]),
        _ => Some(f64::midpoint(between[middle - 1], between[middle])),
    }
}

#[cfg(test)]
mod tests {
    use super::super::course::PairTold;
    use super::*;

    fn question(people: &[&str]) -> Question {
        let sign = |level: &str, weight| {
            Some(Sign { field: "phone".to_owned(), level: level.to_owned(), weight })
        };
        let pair = |columns| {
            let (same, different) = (sign("same", 6.4), sign("other", -2.0));
            PairTold { columns, records: None, same, different }
        };
        Question {
            task: TaskId(4),
            records: (0..people.len()).map(|at| format!("crm:{at}").parse().unwrap()).collect(),
            people: people.iter().map(|person| (*person).to_owned()).collect(),
            pairs: vec![pair((0, 1))],
        }
    }

    #[test]
    fn a_verdict_is_right_where_it_parts_the_customers_as_the_truth_does() {
        for (people, now, agrees, missed) in [
            (&["P1", "P1"][..], &[7, 7][..], true, 0),
            (&["P1", "P1"], &[7, 8], false, 1),
            (&["P1", "P2"], &[7, 8], true, 0),
            (&["P1", "P2"], &[7, 7], false, 1),
            (&["P1", "P2", "P1"], &[7, 9, 7], true, 0),
            (&["P1", "P2", "P1"], &[7, 7, 7], false, 2),
            (&["P1", "P2", "P1"], &[7, 7, 9], false, 2),
            (&["P1", "P2", "P3"], &[7, 8, 9], true, 0),
            (&["P1", "P1", "P1"], &[7, 7, 9], false, 2),
            (&["P1", "P1", "P2", "P2"], &[7, 7, 9, 9], true, 0),
        ] {
            let now: Vec<CustomerId> = now.iter().copied().map(CustomerId).collect();
            let question = question(people);
            assert_eq!(as_looks(&question, &now).agrees, agrees, "{people:?} {now:?}");
            assert_eq!(missed_in(&question, &now).len(), missed, "{people:?} {now:?}");
        }
    }

    #[test]
    fn what_was_missed_says_the_truth_and_what_told_it() {
        let line = |people: &[&str], now: &[u32]| {
            let now: Vec<CustomerId> = now.iter().copied().map(CustomerId).collect();
            missed_in(&question(people), &now).last().unwrap().line()
        };
        assert_eq!(
            line(&["P1", "P1"], &[7, 8]),
            "  T4: crm:0 and crm:1 are one customer; phone gives it away: same (+6.4)"
        );
        assert_eq!(
            line(&["P1", "P2"], &[7, 7]),
            "  T4: crm:0 and crm:1 are two customers; phone gives it away: other (-2.0)"
        );
        assert_eq!(
            line(&["P1", "P2", "P1"], &[7, 8, 9]),
            "  T4: crm:0 and crm:2 are one customer; no compared field gives it away"
        );
    }

    #[test]
    fn what_gives_it_away_is_said_of_the_records_that_it_is_true_of() {
        let mut question = question(&["P1", "P2"]);
        let told = ("crm:0".parse().unwrap(), "support:530".parse().unwrap());
        question.pairs[0].records = Some(told);
        // A second pair of the same customers, told after the best one.
        let mut weak = question.pairs[0].clone();
        weak.records = None;
        question.pairs.push(weak);
        let line = missed_in(&question, &[CustomerId(7), CustomerId(7)])[0].line();
        assert!(line.contains("crm:0 and support:530 are two customers"), "{line}");
    }

    #[test]
    fn the_pace_is_the_median_within_sittings() {
        let at = |seconds: &[i64]| {
            median_pace(seconds.iter().map(|it| Timestamp::from_second(*it).unwrap()).collect())
        };
        assert_eq!(at(&[]), None);
        assert_eq!(at(&[5]), None);
        assert_eq!(at(&[10, 4]), Some(6.0));
        assert_eq!(at(&[0, 4, 10]), Some(5.0));
        assert_eq!(at(&[0, 4, 10, 5000, 5009]), Some(6.0), "the night between them is no pace");
    }
}
