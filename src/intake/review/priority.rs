//! What comes next in the queue.

use domain::{TaskId, Urgency};

/// Where a task stands in "best next": smaller comes first. What presses, returned, due, then value at
/// stake, score, age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    can_wait: bool,
    urgency: Urgency,
    stake: i64,
    score: i64,
    opened: i64,
    task: TaskId,
}

impl Rank {
    /// Whether it is first in every order: a request of a person, or an approval, whose day has come.
    #[must_use]
    pub fn presses(&self) -> bool {
        !self.can_wait
    }
}

/// The rank of a task opened at a second of Unix time; `presses`: it is first in every order.
#[must_use]
pub fn rank(
    presses: bool,
    urgency: Urgency,
    stake: Option<f64>,
    score: Option<f64>,
    opened: i64,
    task: TaskId,
) -> Rank {
    // What differs by less than a millionth is the same to a person; the order must not depend on
    // more.
    let millionths = |number: Option<f64>| -((number.unwrap_or(0.0) * 1e6) as i64);
    Rank {
        can_wait: !presses,
        urgency,
        stake: millionths(stake),
        score: millionths(score),
        opened,
        task,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_back_is_first_then_stake_then_score_then_age() {
        let of = |urgency, stake, score, opened, task| {
            rank(task == 9, urgency, stake, score, opened, TaskId(task))
        };
        let expected = [
            of(Urgency::Due, None, None, 9, 9),
            of(Urgency::Returned, None, None, 9, 7),
            of(Urgency::Due, Some(1.0), None, 9, 6),
            of(Urgency::Open, Some(20.0), Some(0.5), 9, 5),
            of(Urgency::Open, Some(10.0), Some(0.9), 9, 4),
            of(Urgency::Open, Some(10.0), Some(0.8), 1, 3),
            of(Urgency::Open, Some(10.0), Some(0.8), 2, 1),
            of(Urgency::Escalated, Some(99.0), Some(0.9), 1, 2),
        ];
        assert!(expected.is_sorted(), "{expected:?}");
    }
}
