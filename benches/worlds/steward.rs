//! A steward who knows the truth and answers what is asked, task by task.
//!
//! They take the first task of the queue that waits, look at its customers side by side, and say which of
//! them are one. A customer that the machine has put together of several is taken for whoever has most of
//! its records: nobody is asked about those, and nobody mends them. At times they err: one customer of the
//! task goes where it does not belong.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::bail;
use domain::quality::Quality;
use domain::{CustomerId, QueueOrder, RecordId, TaskId, TaskKind};
use door::views::{Column, TaskView};
use door::{Action, NotDone, Request, Rest};
use matching::evaluate::Truth;
use sample::Dice;
use serde::Serialize;

use super::granting::{self, Granted};
use super::office::Office;
use super::set::Set;

/// How a steward works.
#[derive(Debug, Clone, Copy)]
pub struct Habits {
    /// Which task comes next.
    pub order: QueueOrder,
    /// How many answers of a thousand are wrong.
    pub errors: u32,
    /// After how many answers all is matched again.
    pub rematch_every: u32,
    /// After how many answers they go home.
    pub most: u32,
    /// What precision is promised of the merges that they grant; none where they grant nothing. They look at
    /// what is offered after each answer, give it, and answer first what is missing for more.
    pub grants: Option<f64>,
}

/// How good the customers are after so many answers.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Point {
    /// Answers given.
    pub answers: u32,
    /// The customers, counted as the pairs inside them.
    pub customers: Quality,
}

/// What came of a queue that was answered.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Curve {
    /// From no answer to the last.
    pub points: Vec<Point>,
    /// Answers by what they said.
    pub said: BTreeMap<&'static str, u32>,
    /// Answers that were refused; their tasks were passed over.
    pub refused: u32,
    /// Whether nothing is left to ask.
    pub whole: bool,
    /// Expected calibration error of the scores each time all was matched again, and at the end.
    pub calibration: Vec<(u32, f64)>,
    /// What was granted.
    pub granted: Option<Granted>,
}

impl Curve {
    /// The answers after which F1 first was so high.
    #[must_use]
    pub fn until(&self, f1: f64) -> Option<u32> {
        self.points.iter().find(|point| point.customers.f1 >= f1).map(|point| point.answers)
    }

    /// All answers.
    #[must_use]
    pub fn answers(&self) -> u32 {
        self.points.last().map_or(0, |point| point.answers)
    }

    /// The highest F1.
    #[must_use]
    pub fn best(&self) -> f64 {
        self.points.iter().map(|point| point.customers.f1).fold(0.0, f64::max)
    }

    /// F1 after so many answers; where there were fewer, after the last.
    #[must_use]
    pub fn at(&self, answers: u32) -> Option<f64> {
        let before = self.points.iter().rfind(|point| point.answers <= answers)?;
        Some(before.customers.f1)
    }
}

/// Answers that are always measured; between them, others.
pub const POINTS: [u32; 9] = [0, 25, 50, 100, 200, 400, 800, 1_600, 3_200];

/// So often an empty queue is matched again where something is to be looked at another day.
const DAYS_OF_WAITING: u32 = 3;

struct Steward<'a> {
    office: &'a Office,
    set: &'a Set,
    habits: Habits,
    dice: Dice,
    truth: Truth,
    records: HashMap<&'a str, RecordId>,
    passed_over: BTreeSet<TaskId>,
    curve: Curve,
}

/// Answers the queue of a matched office until it is empty and stays so.
///
/// # Errors
/// When the desk fails, or the set's truth does not name a record.
pub fn answer(office: &Office, set: &Set, habits: Habits) -> anyhow::Result<Curve> {
    let mut names: Vec<&str> = set.clusters.keys().map(String::as_str).collect();
    names.sort_unstable();
    let records: HashMap<&str, RecordId> = names.into_iter().zip((0..).map(RecordId)).collect();
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let truth = Truth::new(records.iter().map(|(address, record)| {
        let next = numbers.len() as u32;
        (*record, *numbers.entry(set.clusters[*address].as_str()).or_insert(next))
    }));
    let mut steward = Steward {
        office,
        set,
        habits,
        dice: Dice::new(0x0057_e1a2),
        truth,
        records,
        passed_over: BTreeSet::new(),
        curve: Curve::default(),
    };
    steward.work()?;
    Ok(steward.curve)
}

impl Steward<'_> {
    fn work(&mut self) -> anyhow::Result<()> {
        self.measure(0)?;
        if self.habits.grants.is_some() {
            self.curve.granted = Some(Granted::default());
        }
        let step = (self.waiting()?.len() as u32 / 100).clamp(1, 25);
        let (mut answers, mut matched, mut idle) = (0, 0, 0);
        while answers < self.habits.most {
            if self.habits.grants.is_some() && self.give(answers)? {
                continue;
            }
            let Some(task) = self.next()? else {
                if answers == matched && !(idle < DAYS_OF_WAITING && self.is_asked_later()?) {
                    self.curve.whole = true;
                    break;
                }
                idle += 1;
                matched = answers;
                self.rematch(answers)?;
                continue;
            };
            if !self.answer(task)? {
                continue;
            }
            answers += 1;
            idle = 0;
            if answers % self.habits.rematch_every == 0 {
                matched = answers;
                self.rematch(answers)?;
            } else if answers % step == 0 || POINTS.contains(&answers) {
                self.measure(answers)?;
            }
        }
        self.measure(answers)?;
        if let Some(granted) = &mut self.curve.granted {
            granted.look(&self.office.grants()?);
        }
        self.calibrate(answers)
    }

    /// Measures whether the probabilities of the last run mean what they say. `evaluate` tells it of a run
    /// without anybody's decisions, which is the same however much was answered.
    fn calibrate(&mut self, answers: u32) -> anyhow::Result<()> {
        let pairs = self.office.pairs()?;
        let record = |address: &String| self.records.get(address.as_str()).copied();
        let known = pairs.iter().filter_map(|(left, right, probability)| {
            Some((record(left)?, record(right)?, *probability))
        });
        let error = self.truth.of_pairs(known, &[]).reliability.error_of_doubtful;
        self.curve.calibration.push((answers, error));
        Ok(())
    }

    /// What to answer next. Who grants answers first what grants ask for: second looks, checks, and the samples of
    /// whichever stratum saves most for an answer.
    fn next(&self) -> anyhow::Result<Option<TaskId>> {
        if self.habits.grants.is_some() {
            for kind in [TaskKind::Second, TaskKind::Check] {
                if let Some(task) = self.tasks(kind)?.first() {
                    return Ok(Some(*task));
                }
            }
            let waiting = self.waiting()?;
            for census in granting::worth_answering(&self.office.grants()?) {
                let asked = self.office.grant(census)?.next;
                if let Some(task) = asked.into_iter().find(|task| waiting.contains(task)) {
                    return Ok(Some(task));
                }
            }
            return Ok(waiting.first().copied());
        }
        Ok(self.waiting()?.first().copied())
    }

    /// Whether a grant asks something again another day.
    fn is_asked_later(&self) -> anyhow::Result<bool> {
        if self.habits.grants.is_none() {
            return Ok(false);
        }
        Ok(self.office.grants()?.strata.iter().any(|stratum| stratum.second.later > 0))
    }

    /// Gives what is offered; tells whether something was.
    fn give(&mut self, answers: u32) -> anyhow::Result<bool> {
        let Some((census, joins)) = granting::offered(&self.office.grants()?) else {
            return Ok(false);
        };
        let before = self.office.customers()?;
        match self.office.give(census, joins) {
            Ok(_) => {}
            Err(NotDone::Refused(why)) => bail!("{census} was offered and refused: {why}"),
            Err(NotDone::Failed(failure)) => bail!("{census}: {}", failure.message),
        }
        let made = granting::made(&before, &self.office.customers()?, &self.set.clusters);
        let promised = self.office.grants()?;
        self.curve.granted.get_or_insert_default().add(made, &promised);
        self.measure(answers)?;
        Ok(true)
    }

    /// The duplicates that wait for a verdict, in the order of the habits.
    fn waiting(&self) -> anyhow::Result<Vec<TaskId>> {
        self.tasks(TaskKind::Duplicate)
    }

    fn tasks(&self, kind: TaskKind) -> anyhow::Result<Vec<TaskId>> {
        let listed = self.office.queue(kind, self.habits.order)?.listed;
        let waits = listed.into_iter().filter(|it| it.waits).map(|it| it.task);
        Ok(waits.filter(|task| !self.passed_over.contains(task)).collect())
    }

    fn rematch(&mut self, answers: u32) -> anyhow::Result<()> {
        if self.habits.grants.is_some() {
            // What is looked at twice comes back the next day.
            self.office.sleep();
        }
        let (outcome, _) = self.office.match_fully()?;
        if let Some(granted) = &mut self.curve.granted {
            granted.later += outcome.granted.iter().map(|run| run.made).sum::<u64>();
            granted.suspended += outcome.suspended.len() as u32;
        }
        self.calibrate(answers)?;
        self.measure(answers)
    }

    fn measure(&mut self, answers: u32) -> anyhow::Result<()> {
        let mut groups: HashMap<String, Vec<RecordId>> = HashMap::new();
        for (address, customer) in self.office.customers()? {
            if let Some(record) = self.records.get(address.as_str()) {
                groups.entry(customer).or_default().push(*record);
            }
        }
        let customers = self.truth.of_groups(groups.values().map(Vec::as_slice));
        self.curve.points.push(Point { answers, customers });
        Ok(())
    }

    /// Answers a task; tells whether it was one that could be answered.
    fn answer(&mut self, task: TaskId) -> anyhow::Result<bool> {
        let view = self.office.task(task)?;
        let mut groups = self.groups(&view)?;
        if self.dice.chance(self.habits.errors) {
            mistake(&mut groups, &mut self.dice);
        }
        let (said, action) = verdict(groups);
        match self.office.decide(Request::new(action).for_task(task, view.version)) {
            Ok(_) => {
                *self.curve.said.entry(said).or_default() += 1;
                Ok(true)
            }
            Err(NotDone::Refused(_)) => {
                self.curve.refused += 1;
                self.passed_over.insert(task);
                Ok(false)
            }
            Err(NotDone::Failed(failure)) => bail!("{task}: {}", failure.message),
        }
    }

    /// The customers of a task, those together that are one.
    fn groups(&self, view: &TaskView) -> anyhow::Result<Vec<Vec<CustomerId>>> {
        let mut groups: BTreeMap<&str, Vec<CustomerId>> = BTreeMap::new();
        for column in &view.columns {
            groups.entry(self.whose(column)?).or_default().push(column.customer);
        }
        Ok(groups.into_values().collect())
    }

    /// Who has most records of a customer.
    fn whose(&self, column: &Column) -> anyhow::Result<&str> {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for member in &column.members {
            if let Some(cluster) = self.set.clusters.get(&member.address.to_string()) {
                *counts.entry(cluster).or_default() += 1;
            }
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        let Some((cluster, _)) = most else {
            bail!("the truth of {} does not name a record of {}", self.set.name, column.customer);
        };
        Ok(cluster)
    }
}

/// One customer goes where it does not belong: out of its group, or into another.
fn mistake(groups: &mut Vec<Vec<CustomerId>>, dice: &mut Dice) {
    let from = dice.index(groups.len());
    let at = dice.index(groups[from].len());
    let customer = groups[from].remove(at);
    if !groups[from].is_empty() {
        return groups.push(vec![customer]);
    }
    groups.remove(from);
    let into = dice.index(groups.len());
    match groups.get_mut(into) {
        Some(group) => group.push(customer),
        None => groups.push(vec![customer]),
    }
}

/// What is said of customers that are one, all different, or some of them one.
fn verdict(groups: Vec<Vec<CustomerId>>) -> (&'static str, Action) {
    if groups.iter().all(|group| group.len() == 1) {
        return ("different", Action::NotAMatch { groups });
    }
    let said = if groups.len() == 1 { "one" } else { "some are one" };
    (said, Action::Merge { groups, into: None, picks: BTreeMap::new(), rest: Rest::Stay })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_moves_one_customer_and_loses_none() {
        let mut dice = Dice::new(2);
        for sizes in [&[2][..], &[1, 1], &[3], &[2, 1], &[1, 1, 1]] {
            for _ in 0..20 {
                let mut next = (0..).map(CustomerId);
                let right: Vec<Vec<CustomerId>> =
                    sizes.iter().map(|size| next.by_ref().take(*size).collect()).collect();
                let mut wrong = right.clone();
                mistake(&mut wrong, &mut dice);
                let sorted = |groups: &[Vec<CustomerId>]| {
                    let mut groups = groups.to_vec();
                    groups.iter_mut().for_each(|group| group.sort_unstable());
                    groups.sort_unstable();
                    groups
                };
                assert_ne!(sorted(&wrong), sorted(&right), "{sizes:?}");
                assert!(wrong.iter().all(|group| !group.is_empty()));
                assert_eq!(wrong.concat().len(), sizes.iter().sum::<usize>());
            }
        }
    }

    #[test]
    fn what_is_said_follows_from_the_groups() {
        let of = |sizes: &[u32]| {
            let mut next = (0..).map(CustomerId);
            let take = |size: &u32| next.by_ref().take(*size as usize).collect();
            verdict(sizes.iter().map(take).collect()).0
        };
        assert_eq!([of(&[1, 1]), of(&[2]), of(&[2, 1])], ["different", "one", "some are one"]);
    }
}
