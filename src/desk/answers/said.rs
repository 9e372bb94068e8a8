//! What people said of duplicate tasks, by the match probability each stated.
//!
//! Whoever decides is shown doubtful pairs, the likelier ones first: the decided tasks are no random
//! sample of anything. Within one band of probability it is chance and the order of the queue which
//! task was decided; between bands it is not. So each band is told by itself, with how many of its
//! tasks were decided, and over all bands each counts as often as it holds tasks, which weighs a
//! decision by the inverse of its chance of being shown. Bands in which nobody decided are left out
//! of that, and nothing is said of pairs that were never a task.

use crate::elusion::asked;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::quality::{BOUNDS, Stratum, interval, weighted};
use domain::{DecisionId, Task, TaskKind, TaskState, Verdict};
use door::views::{SaidBand, SaidView, Share};

/// Tasks by band: decided ones, with what was said, and others.
#[derive(Default)]
pub(crate) struct Said {
    bands: [Tally; BOUNDS.len()],
}

#[derive(Clone, Copy, Default)]
struct Tally {
    tasks: u64,
    decided: u64,
    same: u64,
    stated: f64,
}

impl Said {
    /// Counts a task under the probability it stated; `same` is what people said of it, if anything.
    pub(crate) fn count(&mut self, stated: f64, same: Option<bool>) {
        let band = &mut self.bands[band(stated)];
        band.tasks += 1;
        if let Some(same) = same {
            band.decided += 1;
            band.same += u64::from(same);
            band.stated += stated;
        }
    }

    /// As it is told.
    pub(crate) fn view(&self) -> SaidView {
        let filled = self.bands.iter().enumerate().rev().filter(|(_, band)| band.tasks > 0);
        let told = |(place, band): (usize, &Tally)| {
            let (least, most) = interval(band.same, band.decided);
            let decided = band.decided.max(1) as f64;
            SaidBand {
                from: BOUNDS[place],
                to: BOUNDS.get(place + 1).copied().unwrap_or(1.0),
                tasks: band.tasks,
                decided: band.decided,
                same: band.same,
                stated: band.stated / decided,
                observed: band.same as f64 / decided,
                least,
                most,
            }
        };
        SaidView { bands: filled.map(told).collect(), whole: self.share(|band| band.tasks) }
    }

    /// The share that is true where each band holds as many things as `all` says: of bands in which
    /// anybody decided.
    fn share(&self, all: impl Fn(&Tally) -> u64) -> Option<Share> {
        let strata = self.bands.map(|band| Stratum {
            all: all(&band),
            asked: band.decided,
            counted: band.same,
        });
        let of = strata.iter().filter(|it| it.asked > 0).map(|it| it.all).sum();
        let (share, (least, most)) = weighted(&strata)?;
        Some(Share { share, least, most, of })
    }

    /// The chance that a task is true by what people said of its like, half where they said nothing of
    /// those; by the probability it states before the first decision.
    pub(crate) fn expected(&self, stated: f64) -> f64 {
        let own = self.bands[band(stated)];
        match own.decided {
            0 if self.bands.iter().all(|band| band.decided == 0) => stated,
            0 => 0.5,
            decided => own.same as f64 / decided as f64,
        }
    }

    /// How many joins wait in tasks, each with the probability it states and the joins it makes at most:
    /// expected, at least (one a task that is true), at most (all of them). Of bands in which nobody
    /// decided all or none may be; before the first decision the probabilities are believed.
    pub(crate) fn joins(&self, tasks: impl Iterator<Item = (f64, u32)>) -> (f64, f64, f64) {
        let mut waiting = [(0.0, 0.0, 0.0); BOUNDS.len()];
        for (stated, joins) in tasks {
            let (tasks, all, expected) = &mut waiting[band(stated)];
            *tasks += 1.0;
            *all += f64::from(joins);
            *expected += f64::from(joins) * self.expected(stated);
        }
        let (mut whole, mut least, mut most) = (0.0, 0.0, 0.0);
        let (mut below, mut above) = (0.0, 0.0);
        for (band, (tasks, joins, expected)) in self.bands.iter().zip(waiting) {
            whole += expected;
            if band.decided == 0 {
                most += joins;
                continue;
            }
            let share = band.same as f64 / band.decided as f64;
            let (low, high) = interval(band.same, band.decided);
            least += tasks * share;
            most += joins * share;
            below += (tasks * (share - low)).powi(2);
            above += (joins * (high - share)).powi(2);
        }
        (whole, (least - f64::sqrt(below)).max(0.0), most + f64::sqrt(above))
    }

    /// How many of the tasks that wait are true: expected, at least, at most. Of bands in which nobody
    /// decided all or none may be; half of them are expected.
    pub(crate) fn waiting(&self) -> Option<(f64, f64, f64)> {
        let is_known = |band: &&Tally| band.decided > 0;
        if !self.bands.iter().any(|band| is_known(&band)) {
            return None;
        }
        let waits = |band: &Tally| (band.tasks - band.decided) as f64;
        let unknown: f64 = self.bands.iter().filter(|band| !is_known(band)).map(waits).sum();
        let (mut whole, mut below, mut above) = (0.0, 0.0, 0.0);
        for band in self.bands.iter().filter(is_known) {
            let share = band.same as f64 / band.decided as f64;
            let (least, most) = interval(band.same, band.decided);
            whole += waits(band) * share;
            below += (waits(band) * (share - least)).powi(2);
            above += (waits(band) * (most - share)).powi(2);
        }
        let all: f64 = self.bands.iter().map(waits).sum();
        let least = (whole - f64::sqrt(below)).max(0.0);
        let most = (whole + f64::sqrt(above) + unknown).min(all);
        Some((whole + unknown / 2.0, least, most))
    }
}

/// The band of a probability.
fn band(stated: f64) -> usize {
    BOUNDS.iter().rposition(|from| stated >= *from).unwrap_or(0)
}

/// What a decision that stands says of a task: whether it made any of its customers one; nothing
/// where it says nothing of that.
pub(crate) fn verdict(
    facts: Facts<'_>,
    task: &Task,
    decision: DecisionId,
) -> Result<Option<bool>, DeskError> {
    let Some(entry) = facts.view.decision(decision)? else { return Ok(None) };
    Ok(match entry.verdict {
        _ if !entry.stands() => None,
        Verdict::Merge => Some(entry.groups.len() < task.customers.len()),
        Verdict::NotAMatch => Some(false),
        _ => None,
    })
}

/// What people said of all tasks that ever were decided, beside those that wait now and that a run
/// proposed.
///
/// # Errors
/// When the store is damaged.
pub(crate) fn said(facts: Facts<'_>) -> Result<Said, DeskError> {
    let (mut said, mut decided) = (Said::default(), Vec::new());
    let sampled = asked(facts)?;
    facts.view.each_task(&mut |entry| {
        let task = entry.task;
        if let (TaskKind::Duplicate, Some(score)) = (task.kind, task.score) {
            match task.state {
                TaskState::Decided { decision } => decided.push((task, score, decision)),
                // What was drawn is a sample of what no task asks about.
                ref state if state.is_pending() && !sampled.contains(&task.id) => {
                    said.count(score, None);
                }
                _ => {}
            }
        }
        Ok(true)
    })?;
    for (task, score, decision) in decided {
        if let Some(same) = verdict(facts, &task, decision)? {
            said.count(score, Some(same));
        }
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(tasks: &[(f64, Option<bool>, usize)]) -> Said {
        let mut said = Said::default();
        for (stated, same, times) in tasks {
            (0..*times).for_each(|_| said.count(*stated, *same));
        }
        said
    }

    #[test]
    fn bands_that_were_shown_more_often_do_not_count_more() {
        let said = said(&[
            (0.97, Some(true), 18),
            (0.96, Some(false), 2),
            (0.65, Some(true), 1),
            (0.65, Some(false), 4),
            (0.65, None, 95),
            (0.55, None, 7),
        ]);
        let view = said.view();
        let bands: Vec<_> =
            view.bands.iter().map(|it| (it.from, it.tasks, it.decided, it.same)).collect();
        assert_eq!(bands, [(0.95, 20, 20, 18), (0.6, 100, 5, 1), (0.5, 7, 0, 0)]);
        assert!((view.bands[0].stated - 0.969).abs() < 1e-9);
        let whole = view.whole.unwrap();
        assert_eq!(whole.of, 120, "nothing is known of the band in which nobody decided");
        let share = (20.0 * 0.9 + 100.0 * 0.2) / 120.0;
        assert!((whole.share - share).abs() < 1e-9, "19 of 25 would be .76: {whole:?}");
        let (expected, least, most) = said.waiting().unwrap();
        assert!((expected - (95.0 * 0.2 + 3.5)).abs() < 1e-9);
        assert_eq!([0.61, 0.98, 0.55].map(|it| said.expected(it)), [0.2, 0.9, 0.5]);
        assert!(least < 19.0 && most > 19.0 + 7.0 && most < 102.0, "{least} {most}");
    }

    #[test]
    fn a_task_of_several_customers_may_hold_several_joins() {
        let known = said(&[(0.97, Some(true), 400)]);
        let waiting = [(0.97, 1), (0.96, 4), (0.7, 2)];
        let (expected, least, most) = known.joins(waiting.into_iter());
        assert!(
            (expected - 6.0).abs() < 1e-9,
            "all of the first two, half of the last: {expected}"
        );
        assert!(least > 1.9 && least <= 2.0, "one a task: {least}");
        assert!((most - 7.0).abs() < 0.1, "{most}");
        let unknown = Said::default().joins(waiting.into_iter());
        assert!(
            (unknown.0 - (0.97 + 4.0 * 0.96 + 1.4)).abs() < 1e-9 && unknown.1 == 0.0,
            "{unknown:?}"
        );
        assert!((unknown.2 - 7.0).abs() < 1e-9, "{unknown:?}");
    }

    #[test]
    fn where_nobody_decided_nothing_is_claimed() {
        let said = said(&[(0.7, None, 3)]);
        assert_eq!(said.view().whole, None);
        assert_eq!((said.waiting(), said.expected(0.7)), (None, 0.7));
        assert_eq!((said.view().bands[0].least, said.view().bands[0].most), (0.0, 1.0));
    }
}
