//! What people said of the joins of a census, and when it counts.
//!
//! People err. A "no" costs a grant dearly and a "yes" that should have been a "no" undermines it, so
//! each "no" is looked at again before it counts, and beside it a "yes", drawn by the census' seed, so
//! that whoever looks again cannot tell which it was. Where the second look says something else, a
//! third decides. Until then the join counts as wrong.

use domain::grants::Census;
use domain::{Fingerprint, TaskId};

/// What a person said of a join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The two units are one: all records of both.
    Same,
    /// Some record of one is not the other's.
    Different,
}

/// A join of a census as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JoinState {
    /// What people said of it, in order. One that is put off, unsure or asked of somebody has no answer.
    pub answers: Vec<Answer>,
    /// Whether it waits: nobody decided about it or put it off, and both units are as they were when
    /// the census was taken. A grant makes no other joins. One that the machine made waits as long as
    /// it stands.
    pub waits: bool,
    /// Whether it may be asked: it waits, or a record of it was edited since.
    pub may_be_asked: bool,
    /// Whether its task was put off or is asked of somebody: its answer is still to come.
    pub is_put_off: bool,
    /// The task that asks about it, which may ask about others of the census too; none where nothing does, and
    /// where each join is asked by itself.
    pub asked_by: Option<TaskId>,
}

impl JoinState {
    /// As it is when the census is taken.
    #[must_use]
    pub fn open() -> Self {
        Self { waits: true, may_be_asked: true, ..Self::default() }
    }
}

/// What counts of a join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Nobody said anything that counts.
    None,
    /// It is to be looked at again before it counts.
    Again,
    /// People said so.
    Said(Answer),
}

/// What counts of each join of the census, in its order; `states` are in the same order.
#[must_use]
pub fn looks(census: &Census, states: &[JoinState]) -> Vec<Look> {
    let drawn = drawn(census, states);
    let look = |(at, state): (usize, &JoinState)| match *state.answers.as_slice() {
        [] => Look::None,
        [Answer::Same] if !drawn.contains(&at) => Look::Said(Answer::Same),
        [_] => Look::Again,
        [first, second] if first != second => Look::Again,
        [_, second] => Look::Said(second),
        [first, second, third, ..] => Look::Said(if first == second { first } else { third }),
    };
    states.iter().enumerate().map(look).collect()
}

/// The places of those that were said to be the same at first and are drawn to be looked at again: as
/// many as were said to be different, those before all others that were looked at again already.
fn drawn(census: &Census, states: &[JoinState]) -> Vec<usize> {
    let first =
        |answer| move |(_, state): &(usize, &JoinState)| state.answers.first() == Some(&answer);
    let refused = states.iter().enumerate().filter(first(Answer::Different)).count();
    if refused == 0 {
        return Vec::new();
    }
    let mut agreed: Vec<(bool, Fingerprint, usize)> = states
        .iter()
        .zip(&census.joins)
        .enumerate()
        .map(|(at, (state, join))| ((at, state), *join))
        .filter(|(place, _)| first(Answer::Same)(place))
        .map(|((at, state), join)| (state.answers.len() == 1, census.seed.again(join), at))
        .collect();
    agreed.sort_unstable();
    agreed.into_iter().take(refused).map(|(.., at)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::census;
    use super::*;
    use Answer::{Different, Same};

    fn states(answers: &[&[Answer]]) -> Vec<JoinState> {
        let state =
            |answers: &&[Answer]| JoinState { answers: answers.to_vec(), ..JoinState::default() };
        answers.iter().map(state).collect()
    }

    #[test]
    fn a_yes_counts_at_once_and_a_no_after_a_second_look() {
        let census = census(4, 0.05);
        let yes = states(&[&[Same], &[Same], &[], &[Same]]);
        let said = Look::Said(Same);
        assert_eq!(looks(&census, &yes), [said, said, Look::None, said]);
        let no = looks(&census, &states(&[&[Same], &[Different], &[], &[Same]]));
        assert_eq!(no[1], Look::Again);
        let again = no.iter().filter(|look| **look == Look::Again).count();
        assert_eq!(again, 2, "as many that were agreed to come again, not to give it away");
        let confirmed = states(&[&[Same, Same], &[Different, Different], &[], &[Same]]);
        assert_eq!(looks(&census, &confirmed), [said, Look::Said(Different), Look::None, said]);
    }

    #[test]
    fn where_two_looks_differ_the_third_decides() {
        let census = census(2, 0.05);
        for (answers, said) in [
            (&[Different, Same][..], None),
            (&[Different, Same, Same], Some(Same)),
            (&[Different, Same, Different], Some(Different)),
            (&[Same, Different, Different], Some(Different)),
            (&[Same, Same, Different], Some(Same)),
        ] {
            let look = looks(&census, &states(&[answers, &[]]))[0];
            assert_eq!(look, said.map_or(Look::Again, Look::Said), "{answers:?}");
        }
    }

    #[test]
    fn what_was_looked_at_again_stays_drawn() {
        let census = census(40, 0.05);
        let mut all = states(&[&[Same][..]; 40]);
        all[3] = JoinState { answers: vec![Different], ..JoinState::default() };
        let before = drawn(&census, &all);
        assert_eq!(before.len(), 1);
        // Another was looked at again meanwhile: it takes the place, and no second one is asked.
        let other = (0..40).find(|at| *at != 3 && !before.contains(at)).unwrap();
        all[other].answers.push(Same);
        assert_eq!(drawn(&census, &all), [other]);
    }
}
