//! How a census stands: what of it counts, how many of the rest are wrong at most, what to ask next.

use std::collections::HashMap;

use domain::grants::{Bounded, Census};
use domain::{CensusId, Fingerprint, TaskId};

use super::bound::most_wrong;
use super::looks::{Answer, JoinState, Look, looks};

/// A census with what people said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing<'a> {
    census: &'a Census,
    /// By place.
    open: Vec<Open>,
    looks: Vec<Look>,
    /// The joins nobody decided, and how many of them are wrong at most.
    pub rest: Bounded,
    /// The longest beginning of the order whose joins were all looked at, as far as that counts. What is
    /// answered beyond it counts once it reaches there.
    pub looked_at: u64,
    /// Joins that people said are two, wherever they lie.
    pub wrong: u64,
    /// Joins that people said are one, wherever they lie.
    pub right: u64,
}

/// A grant that makes less than so many joins for each that has to be answered first is in nobody's reach: it
/// would come when nearly all is answered.
const LEAST_SAVED: f64 = 0.25;

/// A join that has no answer.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Open {
    /// A grant would make it.
    waits: bool,
    /// It may be asked, now or when it is no longer put off.
    may_be_asked: bool,
    /// The task that asks.
    by: Option<TaskId>,
}

impl<'a> Standing<'a> {
    /// How a census stands; `states` are those of its joins, in its order.
    #[must_use]
    pub fn of(census: &'a Census, states: &[JoinState]) -> Self {
        debug_assert_eq!(census.joins.len(), states.len());
        let open = |state: &JoinState| {
            let is_unanswered = state.answers.is_empty();
            Open {
                waits: state.waits && is_unanswered,
                may_be_asked: (state.may_be_asked || state.is_put_off) && is_unanswered,
                by: state.asked_by,
            }
        };
        Self::from_looks(census, looks(census, states), states.iter().map(open).collect())
    }

    fn from_looks(census: &'a Census, looks: Vec<Look>, open: Vec<Open>) -> Self {
        let said = |answer| looks.iter().filter(|look| **look == Look::Said(answer)).count() as u64;
        let (right, wrong) = (said(Answer::Same), said(Answer::Different));
        let is_answered = |look: &Look| matches!(look, Look::Said(_));
        let looked_at = looks.iter().take_while(|look| is_answered(look)).count() as u64;
        let mut standing =
            Self { census, open, looks, rest: Bounded::default(), looked_at, wrong, right };
        let joins = standing.open.iter().filter(|it| it.waits).count() as u64;
        let wrong_at_most = standing.most_wrong().saturating_sub(wrong).min(joins);
        standing.rest = Bounded { joins, wrong_at_most };
        standing
    }

    /// How many of the whole census are wrong at most. What has no answer that counts is wrong.
    fn most_wrong(&self) -> u64 {
        let size = self.census.joins.len() as u64;
        let last = self.looks.iter().rposition(|look| *look == Look::Said(Answer::Same));
        let outcomes: Vec<bool> = self.looks[..last.map_or(0, |at| at + 1)]
            .iter()
            .map(|look| *look != Look::Said(Answer::Same))
            .collect();
        let narrow = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let known = narrow(self.wrong)..=narrow(size - self.right);
        u64::from(most_wrong(narrow(size), &outcomes, known, self.census.risk))
    }

    /// The census.
    #[must_use]
    pub fn census(&self) -> &'a Census {
        self.census
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> CensusId {
        self.census.id
    }

    /// The joins a grant would make, in the order of the census.
    pub fn waiting(&self) -> impl Iterator<Item = Fingerprint> + '_ {
        let places = self.census.joins.iter().zip(&self.open);
        places.filter(|(_, it)| it.waits).map(|(join, _)| *join)
    }

    /// Answers by place, `true` for wrong; what is missing is right. Up to the last that counts.
    pub(super) fn found(&self) -> Vec<bool> {
        let last = self.looks.iter().rposition(|look| matches!(look, Look::Said(_)));
        let counted = &self.looks[..last.map_or(0, |at| at + 1)];
        counted.iter().map(|look| *look == Look::Said(Answer::Different)).collect()
    }

    /// What to ask next, a join for each of at most so many tasks: first what is to be looked at again, then
    /// what has no answer, in the order of the census.
    #[must_use]
    pub fn next(&self, most: usize) -> Vec<Fingerprint> {
        let asked = self.asked();
        asked.iter().take(most).map(|places| self.census.joins[places[0]]).collect()
    }

    /// The places that each task answers, the next to be answered first.
    fn asked(&self) -> Vec<Vec<usize>> {
        let places = 0..self.looks.len();
        let again = places.clone().filter(|at| self.looks[*at] == Look::Again);
        let mut asked: Vec<Vec<usize>> = Vec::new();
        let mut of_task: HashMap<TaskId, usize> = HashMap::new();
        for at in again.chain(places.filter(|at| self.open[*at].may_be_asked)) {
            let next = asked.len();
            match self.open[at].by.map_or(next, |task| *of_task.entry(task).or_insert(next)) {
                known if known < next => asked[known].push(at),
                _ => asked.push(vec![at]),
            }
        }
        asked
    }

    /// The joins a grant would make once so many more tasks were answered without a fault.
    #[must_use]
    pub fn after(&self, answers: u64) -> Bounded {
        let asked = self.asked();
        let answers = usize::try_from(answers).unwrap_or(usize::MAX).min(asked.len());
        self.with_right(&asked[..answers]).rest
    }

    /// How many more answers without a fault, in the order of [`Standing::next`], make the rest one that
    /// is `carried`: `Some(0)` where it is, `None` where there are not so many joins, or next to nothing would
    /// be left to grant.
    pub(super) fn missing(&self, carried: impl Fn(Bounded) -> bool) -> Option<u64> {
        let asked = self.asked();
        let keeps = |more: usize| {
            let rest = self.with_right(&asked[..more]).rest;
            is_worth_it(rest, more) && carried(rest)
        };
        if keeps(0) {
            return Some(0);
        }
        // More answers help until few joins are left: the first step that reaches is halved. Where steps that
        // double miss what lies between, small ones look for it; of many joins less small, as each costs.
        let part = if self.open.len() <= 1000 { 64 } else { 8 };
        let (mut short, mut enough) = reaches(asked.len(), keeps, |step| step * 2)
            .or_else(|| reaches(asked.len(), keeps, |step| step + step.div_ceil(part)))?;
        while enough - short > 1 {
            let middle = short + (enough - short) / 2;
            *(if keeps(middle) { &mut enough } else { &mut short }) = middle;
        }
        Some(enough as u64)
    }

    /// The first place in the order whose answer is missing or does not count yet, while answers behind it
    /// wait for it; with how many those are.
    #[must_use]
    pub fn held_up(&self) -> Option<(usize, u64)> {
        let behind = (self.right + self.wrong).saturating_sub(self.looked_at);
        (behind > 0).then_some((usize::try_from(self.looked_at).ok()?, behind))
    }

    /// As it would stand if these places were answered and right.
    fn with_right(&self, answered: &[Vec<usize>]) -> Self {
        let (mut looks, mut open) = (self.looks.clone(), self.open.clone());
        for at in answered.iter().flatten() {
            looks[*at] = Look::Said(Answer::Same);
            (open[*at].waits, open[*at].may_be_asked) = (false, false);
        }
        Self::from_looks(self.census, looks, open)
    }
}

/// Whether so many answers are worth the grant that they lead to.
fn is_worth_it(rest: Bounded, answers: usize) -> bool {
    rest.joins > 0 && rest.joins as f64 >= LEAST_SAVED * answers as f64
}

/// The first step, of at most so many, at which it `keeps`, and the step before.
fn reaches(
    most: usize,
    keeps: impl Fn(usize) -> bool,
    longer: impl Fn(usize) -> usize,
) -> Option<(usize, usize)> {
    let (mut short, mut enough) = (0, 1.min(most));
    while !keeps(enough) {
        if enough >= most {
            return None;
        }
        (short, enough) = (enough, longer(enough).min(most));
    }
    Some((short, enough))
}

#[cfg(test)]
mod tests {
    use domain::grants::Autonomy;

    use super::super::testing::{answered, census};
    use super::*;

    #[test]
    fn sixty_of_sixty_are_about_ninety_four_per_cent() {
        let census = census(1274, 0.05);
        let standing = Standing::of(&census, &answered(1274, 60, &[]));
        assert_eq!((standing.looked_at, standing.right, standing.wrong), (60, 60, 0));
        assert_eq!(standing.rest.joins, 1214);
        assert_eq!(standing.rest.right_at_least(), Some(943));
        let missing = standing.missing(|rest| rest.keeps(Autonomy::default())).unwrap();
        let then = Standing::of(&census, &answered(1274, 60 + missing as usize, &[]));
        assert!(then.rest.keeps(Autonomy::default()));
        let just_less = Standing::of(&census, &answered(1274, 59 + missing as usize, &[]));
        assert!(!just_less.rest.keeps(Autonomy::default()));
        assert!((7..12).contains(&missing), "{missing}");
    }

    #[test]
    fn what_is_missing_is_found_wherever_it_lies() {
        let carried = |rest: Bounded| rest.keeps(Autonomy::default());
        for size in [90, 150, 260, 400, 635] {
            for wrong in [&[][..], &[3], &[3, 20], &[3, 20, 41]] {
                let census = census(size, 0.02);
                let standing = Standing::of(&census, &answered(size as usize, 50, wrong));
                let reached = (0..size - 50).any(|more| {
                    let rest = standing.after(more);
                    is_worth_it(rest, more as usize) && carried(rest)
                });
                let missing = standing.missing(carried);
                assert_eq!(missing.is_some(), reached, "{size} {wrong:?}");
                let then = missing.map(|more| standing.after(more));
                assert!(then.is_none_or(carried), "{size} {wrong:?}");
            }
        }
    }

    #[test]
    fn what_one_task_answers_together_is_one_answer() {
        let census = census(635, 0.02);
        let mut states = answered(635, 0, &[]);
        for (at, state) in states.iter_mut().enumerate() {
            state.asked_by = Some(TaskId((at / 5) as u32));
        }
        let standing = Standing::of(&census, &states);
        assert_eq!(standing.next(200).len(), 127);
        let carried = |rest: Bounded| rest.keeps(Autonomy::default());
        let missing = standing.missing(carried).unwrap();
        let answered = 5 * missing as usize;
        for (at, state) in states.iter_mut().enumerate() {
            if at < answered {
                *state = JoinState { answers: vec![Answer::Same], ..JoinState::default() };
            }
        }
        let then = Standing::of(&census, &states);
        assert_eq!(then.rest.joins as usize, 635 - answered);
        assert_eq!((carried(then.rest), then.rest), (true, standing.after(missing)));
    }

    #[test]
    fn an_answer_out_of_order_counts_when_the_order_reaches_it() {
        let census = census(500, 0.05);
        let in_order = Standing::of(&census, &answered(500, 80, &[]));
        let mut states = answered(500, 80, &[]);
        states[200].answers.push(Answer::Same);
        let beyond = Standing::of(&census, &states);
        assert_eq!(beyond.looked_at, 80);
        assert_eq!(beyond.rest.joins, in_order.rest.joins - 1);
        assert_eq!(beyond.rest.wrong_at_most, in_order.rest.wrong_at_most);
        // A gap stands as wrong until it is answered.
        states[5].answers.clear();
        let gap = Standing::of(&census, &states);
        assert_eq!(gap.looked_at, 5);
        assert_eq!((beyond.held_up(), gap.held_up()), (Some((80, 1)), Some((5, 75))));
        assert!(gap.rest.wrong_at_most > beyond.rest.wrong_at_most);
        assert_eq!(gap.next(1), [census.joins[80]], "put off: it is not asked");
        assert!(gap.waiting().all(|join| join != census.joins[5]), "nor merged");
        let carried = |rest: Bounded| rest.keeps(Autonomy::default());
        states[5].is_put_off = true;
        let put_off = Standing::of(&census, &states);
        assert!(put_off.missing(carried).is_some(), "its answer is still to come");
        states[5].is_put_off = false;
        states[5].may_be_asked = true;
        let gap = Standing::of(&census, &states);
        assert_eq!(gap.next(1), [census.joins[5]], "changed: it is asked before all others");
        assert!(gap.waiting().all(|join| join != census.joins[5]), "and not merged");
    }

    #[test]
    fn wrong_ones_seen_are_not_in_the_promise_about_the_rest() {
        let census = census(300, 0.05);
        let mut states = answered(300, 290, &[7, 9]);
        let standing = Standing::of(&census, &states);
        assert_eq!(standing.wrong, 2);
        assert_eq!(standing.rest.joins, 10);
        assert!(standing.rest.wrong_at_most < 10);
        states[7].answers.truncate(1);
        let unsettled = Standing::of(&census, &states);
        assert_eq!(unsettled.wrong, 1, "one is to be looked at again");
        assert!(unsettled.next(9).contains(&census.joins[7]));
        assert!(unsettled.rest.wrong_at_most >= standing.rest.wrong_at_most);
    }

    #[test]
    fn a_stratum_of_a_few_tasks_has_no_bound_worth_a_name() {
        let census = census(20, 0.05);
        let standing = Standing::of(&census, &answered(20, 5, &[]));
        assert!(standing.rest.right_at_least() < Some(600), "{:?}", standing.rest);
        let carried = |rest: Bounded| rest.keeps(Autonomy::default());
        assert_eq!(standing.missing(carried), None, "answer them all");
        let all = Standing::of(&census, &answered(20, 20, &[]));
        assert_eq!((all.rest.joins, all.rest.wrong_at_most), (0, 0));
        assert_eq!(all.missing(carried), None, "nothing is left to grant");
    }
}
