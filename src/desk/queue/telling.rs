//! The order `telling`: first what teaches matching most.
//!
//! A task's worth is what its answer teaches (`matching::Refit`), the merges it unlocks and the one it probably
//! makes, times what is at stake in it. What the second answer of one pattern teaches is less than the first, so that patterns
//! alternate. Every tenth place is that of the task that waits longest, and which places those are moves
//! on with every decision: whoever always answers the first task answers every tenth time the
//! oldest, and a task before which `n` wait is answered after `10 (n + 1)` decisions at the latest.
//!
//! The order follows from the ledger alone, not from the time of day.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::row::Row;
use super::unlocked::{Unlocks, unlocked};
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{TaskId, TaskState};
use matching::{Link, Refit, Worth};

/// Every so many places one is that of the task that waits longest.
const TURN: u64 = 10;
/// What a merge that an answer makes itself is worth, beside what it teaches (nats) and the merges it unlocks:
/// without it the order asks what is in doubt, where the answer is often "no", and customers become
/// right later than in the order `best-next` (`benches/README.md`).
const OWN: f64 = 5.0;
/// What is at stake counts at least and at most as so much of what is usual.
const STAKES: (f64, f64) = (0.1, 10.0);

/// The places of tasks in the order, and why each has its own.
#[derive(Default)]
pub(crate) struct Places(HashMap<TaskId, (u32, Why)>);

/// Why a task has its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Why {
    /// It is the turn of the one that waits longest.
    turn: bool,
    /// Tasks of its pattern that wait, itself among them; 0 where it teaches nothing.
    alike: usize,
    /// How many of those come before it.
    before: usize,
    /// The merges it brings nearer to a grant.
    unlocks: Option<Unlocks>,
}

impl Why {
    fn told(self) -> String {
        let Self { turn, alike, before, unlocks } = self;
        let teaches = match (alike, before) {
            (0, _) => "teaches matching nothing new: it is placed by age".to_owned(),
            (1, _) => "teaches matching: no other waiting task has its pattern".to_owned(),
            (_, 0) => {
                format!("teaches matching: it is the first of {alike} waiting with its pattern")
            }
            _ => format!(
                "teaches matching: {alike} are waiting with its pattern, {before} of them ahead of it"
            ),
        };
        match (turn, unlocks) {
            (true, _) => {
                "comes now because it has waited longest: every tenth place goes to the oldest task"
                    .to_owned()
            }
            (false, Some(Unlocks { census, merges, answers })) => {
                let after = match answers {
                    1 => "if the answer is yes,".to_owned(),
                    _ => format!("after {answers} answers without a no,"),
                };
                format!("{after} {census} can be granted ({merges} more merges); it {teaches}")
            }
            (false, None) => teaches,
        }
    }
}

impl Places {
    /// Of the open ones among these rows, whose links and stakes are read.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn of<'r>(
        facts: Facts<'_>,
        rows: impl Iterator<Item = &'r Row>,
        refit: Option<&Refit>,
    ) -> Result<Self, DeskError> {
        let open: Vec<&Row> = rows.filter(|row| row.state == TaskState::Open).collect();
        let decided = u64::from(facts.view.counters()?.decisions);
        let unlocked = unlocked(facts)?;
        let (worth, mut why) = worth(&open, refit, &unlocked);
        let ages: Vec<(i64, TaskId)> = open.iter().map(|row| (row.opened, row.task)).collect();
        let order = in_turn(&worth, &ages, decided);
        let places = (0..).zip(order).map(|(place, (at, turn))| {
            why[at].turn = turn;
            (open[at].task, (place, why[at]))
        });
        Ok(Self(places.collect()))
    }

    /// The place of a task, counted from 0; none where it is not open.
    pub(crate) fn of_task(&self, task: TaskId) -> Option<u32> {
        self.0.get(&task).map(|(place, _)| *place)
    }

    /// Why a task has its place, in a sentence; none where it is not open.
    pub(crate) fn why(&self, task: TaskId) -> Option<String> {
        self.0.get(&task).map(|(_, why)| why.told())
    }
}

/// What each row is worth, and why.
fn worth(
    rows: &[&Row],
    refit: Option<&Refit>,
    unlocked: &BTreeMap<TaskId, Unlocks>,
) -> (Vec<f64>, Vec<Why>) {
    let stakes = stakes(rows);
    let mut patterns: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        if let Some(link) = &row.link {
            patterns.entry(link.pattern()).or_default().push(at);
        }
    }
    let mut worth = vec![0.0; rows.len()];
    let mut why = vec![Why::default(); rows.len()];
    if let Some(refit) = refit {
        let mut asked: Vec<(&Link, usize)> = Vec::with_capacity(patterns.len());
        for places in patterns.values_mut() {
            // The one whose weight lies in the middle stands for its pattern.
            places.sort_by_key(|at| (rows[*at].link.as_ref().map(Link::weight), rows[*at].task));
            let middle = rows[places[places.len() / 2]].link.as_ref();
            asked.extend(middle.map(|link| (link, places.len())));
        }
        let taught: Vec<Worth> = refit.worth(&asked);
        for (places, taught) in patterns.values_mut().zip(taught) {
            places.sort_by(|one, other| {
                stakes[*other].total_cmp(&stakes[*one]).then_with(|| {
                    (rows[*one].opened, rows[*one].task)
                        .cmp(&(rows[*other].opened, rows[*other].task))
                })
            });
            for (before, at) in places.iter().enumerate() {
                worth[*at] = taught.after(before);
                why[*at] = Why { alike: places.len(), before, ..Why::default() };
            }
        }
    }
    for (at, row) in rows.iter().enumerate() {
        why[at].unlocks = unlocked.get(&row.task).copied();
        worth[at] += why[at].unlocks.map_or(0.0, Unlocks::worth);
        worth[at] += OWN * likely(row, refit);
        worth[at] *= stakes[at];
    }
    (worth, why)
}

/// How likely the answer is to make a join: by what decisions teach today, else by its score.
fn likely(row: &Row, refit: Option<&Refit>) -> f64 {
    let taught = refit.zip(row.link.as_ref()).map(|(refit, link)| refit.chance(link));
    taught.or(row.score).unwrap_or_default()
}

/// What is at stake in each row, beside what is usual; 1 where nothing tells.
fn stakes(rows: &[&Row]) -> Vec<f64> {
    let stake = |row: &&Row| row.records.and_then(|records| records.stake).filter(|it| *it > 0.0);
    let known: Vec<f64> = rows.iter().filter_map(stake).collect();
    let usual = known.iter().sum::<f64>() / known.len() as f64;
    let (least, most) = STAKES;
    let of = |row| stake(row).map_or(1.0, |stake| (stake / usual).clamp(least, most));
    rows.iter().map(of).collect()
}

/// Places of the most worth first, but every [`TURN`]th the oldest, which is said beside it; what is worth the
/// same by age.
fn in_turn(worth: &[f64], ages: &[(i64, TaskId)], decided: u64) -> Vec<(usize, bool)> {
    let mut by_age: Vec<usize> = (0..ages.len()).collect();
    by_age.sort_unstable_by_key(|at| ages[*at]);
    let mut by_worth = by_age.clone();
    // Millionths: what differs by less is the same on every machine.
    let rounded = |at: &usize| Reverse((worth[*at] * 1e6).round() as i64);
    by_worth.sort_by_key(rounded);
    let mut taken = vec![false; ages.len()];
    let (mut by_age, mut by_worth) = (by_age.into_iter(), by_worth.into_iter());
    let mut order = Vec::with_capacity(ages.len());
    for place in 0..ages.len() as u64 {
        let is_turn = (decided + place) % TURN == TURN - 1;
        let next = if is_turn { &mut by_age } else { &mut by_worth };
        let Some(at) = next.find(|at| !taken[*at]) else { break };
        taken[at] = true;
        order.push((at, is_turn));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_worth_comes_first_and_every_tenth_is_the_oldest() {
        let ages: Vec<(i64, TaskId)> = (0..30).map(|it| (i64::from(it), TaskId(it))).collect();
        let worth: Vec<f64> = (0..30).map(f64::from).collect();
        let order = |worth: &[f64], decided| -> Vec<usize> {
            in_turn(worth, &ages[..worth.len()], decided).into_iter().map(|(at, _)| at).collect()
        };
        let first = order(&worth, 0);
        assert_eq!(first[..11], [29, 28, 27, 26, 25, 24, 23, 22, 21, 0, 20]);
        assert_eq!(first[19], 1);
        assert_eq!(order(&worth, 9)[..2], [0, 29], "the turn moves on with decisions");
        assert_eq!(order(&[0.5; 4], 0), [0, 1, 2, 3], "equals by age");
        let turns = in_turn(&worth, &ages, 0).into_iter().map(|(_, turn)| turn);
        assert_eq!(turns.filter(|turn| *turn).count(), 3);
    }

    #[test]
    fn a_place_has_its_reason() {
        let why = Why { alike: 42, ..Why::default() };
        for (why, told) in [
            (why, "teaches matching: it is the first of 42 waiting with its pattern"),
            (
                Why { before: 3, ..why },
                "teaches matching: 42 are waiting with its pattern, 3 of them ahead of it",
            ),
            (
                Why { turn: true, ..why },
                "comes now because it has waited longest: every tenth place goes to the oldest task",
            ),
            (Why::default(), "teaches matching nothing new: it is placed by age"),
        ] {
            assert_eq!(why.told(), told);
        }
    }

    /// However much comes that teaches more, a task is answered after ten answers for each before it.
    #[test]
    fn nobody_waits_for_ever() {
        let ahead = 4;
        let mut waiting: Vec<(f64, (i64, TaskId))> =
            (0..=ahead).map(|it| (0.0, (i64::from(it), TaskId(it)))).collect();
        let last = TaskId(ahead);
        let bound = TURN * u64::from(ahead + 1);
        for decided in 0..=bound {
            let (worth, ages): (Vec<f64>, Vec<_>) = waiting.iter().copied().unzip();
            let first = in_turn(&worth, &ages, decided)[0].0;
            if waiting.remove(first).1.1 == last {
                return;
            }
            // Two more that teach come for each that is answered.
            for more in 0..2 {
                let id = 100 + 2 * decided as u32 + more;
                waiting.push((9.0, (i64::from(id), TaskId(id))));
            }
        }
        panic!("it starves");
    }
}
