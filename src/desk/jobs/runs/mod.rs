//! Two matching runs beside one another: customers, tasks, weights and settings after the one and
//! after the other.
//!
//! Nothing is folded twice: the commits between the runs say what was before and what is after them
//! (`between`), and what none of them touched is the same in both. So the cost goes with what
//! happened, not with how many records there are. It all stands in the past, so that the desk
//! answers others meanwhile.

mod between;
mod groups;
mod tasks;

use super::Progress;
use super::apart::{Apart, Plan, Read};
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::facts::{Facts, missing};
use between::Between;
use domain::event::MatchFinished;
use domain::{Event, MatchRunId, Sequence};
use door::operations::CompareRuns;
use door::views::{
    First, JobKind, JobReport, JobView, RunTold, RunsDiff, SettingChanged, WeightMoved,
};
use matching::splink;

/// Most things of a kind that are named: the answer goes through the door in one piece.
const MOST_NAMED: usize = 10_000;

impl Desk {
    /// Starts to compare two runs, or when its turn comes.
    ///
    /// # Errors
    /// The refusal when too many jobs wait.
    pub(crate) fn start_comparing_runs(&mut self, asked: CompareRuns) -> Decided<JobView> {
        let steps = Apart::of(move |_| {
            Ok(Plan {
                read: Read::Again(Box::new(move |facts, progress| {
                    compare(facts, &asked, progress)
                })),
                finish: Box::new(|desk, found| {
                    Ok(JobReport::CompareRuns(Box::new(desk.withheld()?.runs(found))))
                }),
            })
        });
        self.begin_job(JobKind::CompareRuns, "comparing runs".to_owned(), Box::new(steps))
    }
}

/// A run, and the commit that says it ended.
struct Run {
    sequence: Sequence,
    finished: MatchFinished,
}

fn compare(
    facts: Facts<'_>,
    asked: &CompareRuns,
    progress: &dyn Progress,
) -> Result<RunsDiff, DeskError> {
    let (from, to) = chosen(facts, asked)?;
    let limit = asked.limit.min(MOST_NAMED);
    let between = Between::read(facts, from.sequence, to.sequence, progress)?;
    Ok(RunsDiff {
        groups: groups::told(facts, &between, limit)?,
        tasks: tasks::told(&between, limit),
        said: tasks::said(facts, &between)?,
        weights: weights(facts, &from, &to)?,
        settings: settings(facts, from.sequence, to.sequence)?,
        from: told(facts, &from)?,
        to: told(facts, &to)?,
        between: between.told,
    })
}

/// The two runs that are meant.
fn chosen(facts: Facts<'_>, asked: &CompareRuns) -> Result<(Run, Run), DeskError> {
    let usage = |why: String| Err(DeskError::Usage(why));
    let mut runs = Runs { facts, next: facts.view.counters()?.matched.map(|it| it.sequence) };
    let Some(newest) = runs.step()? else {
        return usage("nothing has been matched yet; next: steward match".to_owned());
    };
    let (last, newest_run) = (newest.finished.run, newest.finished.run);
    if let (Some(from), Some(to)) = (asked.from, asked.to)
        && from >= to
    {
        return usage(format!("{from} does not come before {to}: name the earlier run first"));
    }
    let unknown = |run: MatchRunId| format!("there is no run {run}: the newest is {last}");
    let to = match asked.to {
        None => newest,
        Some(run) => match runs.down_to(newest, run)? {
            Some(found) => found,
            None => return Err(DeskError::NotThere(unknown(run))),
        },
    };
    let from = match (asked.from, runs.step()?) {
        (Some(run), _) if run == newest_run => {
            return usage(format!(
                "{run} is the newest run: there is none after it to compare with"
            ));
        }
        (None, None) => {
            let to = to.finished.run;
            return usage(format!(
                "{to} is the first run: there is none before it to compare with"
            ));
        }
        (None, Some(before)) => before,
        (Some(run), before) => {
            match before.map(|it| runs.down_to(it, run)).transpose()?.flatten() {
                Some(found) => found,
                None => return Err(DeskError::NotThere(unknown(run))),
            }
        }
    };
    Ok((from, to))
}

/// Runs, latest first.
struct Runs<'a> {
    facts: Facts<'a>,
    next: Option<Sequence>,
}

impl Runs<'_> {
    fn step(&mut self) -> Result<Option<Run>, DeskError> {
        let Some(sequence) = self.next else { return Ok(None) };
        let finished = self.facts.run_ended_in(sequence)?;
        self.next = finished.previous.filter(|previous| *previous < sequence);
        Ok(Some(Run { sequence, finished }))
    }

    /// The run of that id, from one on.
    fn down_to(&mut self, from: Run, run: MatchRunId) -> Result<Option<Run>, DeskError> {
        let mut at = Some(from);
        while let Some(found) = at.take() {
            if found.finished.run <= run {
                return Ok(Some(found).filter(|found| found.finished.run == run));
            }
            at = self.step()?;
        }
        Ok(None)
    }
}

fn told(facts: Facts<'_>, run: &Run) -> Result<RunTold, DeskError> {
    let finished = &run.finished;
    Ok(RunTold {
        run: finished.run,
        at: facts.time_of(run.sequence)?,
        learned: finished.model_of.is_none(),
        records: finished.records,
        pairs: finished.pairs,
        merged: finished.merged,
        tasks: finished.tasks,
    })
}

/// Every level that moved: a model has some dozens.
fn weights(facts: Facts<'_>, from: &Run, to: &Run) -> Result<Vec<WeightMoved>, DeskError> {
    let learned = |run: &Run| run.finished.model_of.unwrap_or(run.sequence);
    let (one, other) = (learned(from), learned(to));
    if one == other {
        return Ok(Vec::new());
    }
    let (before, after) = (facts.model_learned_in(one)?, facts.model_learned_in(other)?);
    let moved = matching::moved(&before, &after).into_iter();
    Ok(moved
        .map(|it| WeightMoved {
            kind: splink::kind_name(it.kind).to_owned(),
            comparison: it.comparison.to_owned(),
            level: it.level.to_owned(),
            before: it.before,
            after: it.after,
            by: it.by(),
        })
        .collect())
}

fn settings(
    facts: Facts<'_>,
    from: Sequence,
    to: Sequence,
) -> Result<Vec<SettingChanged>, DeskError> {
    let (before, after) = (text_after(facts, from)?, text_after(facts, to)?);
    let changed = settings::changes(&before, &after).into_iter();
    Ok(changed
        .map(|it| SettingChanged { key: it.key, before: it.before, after: it.after })
        .collect())
}

/// The `steward.toml` that was in force after a commit.
fn text_after(facts: Facts<'_>, commit: Sequence) -> Result<String, DeskError> {
    let mut next = facts.view.counters()?.settings.map(|place| place.sequence);
    while let Some(sequence) = next {
        let events = facts.commit_where(sequence, |kind, _| kind == "settings_adopted")?.events;
        let adopted = events.into_iter().rev().find_map(|event| match event {
            Event::SettingsAdopted(adopted) => Some(adopted),
            _ => None,
        });
        let adopted = adopted.ok_or_else(|| missing("the adopted settings"))?;
        if sequence <= commit {
            return Ok(adopted.text);
        }
        next = adopted.previous.filter(|previous| *previous < sequence);
    }
    Ok(String::new())
}

/// All are counted, some are named.
fn first<T>(mut all: Vec<T>, limit: usize) -> First<T> {
    let count = all.len() as u64;
    all.truncate(limit);
    First { count, first: all }
}
