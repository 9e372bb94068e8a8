//! How a census stands: what of it counts, how many of the rest are wrong at most, what to ask next.

use domain::grants::{Bounded, Census};
use domain::{CensusId, Fingerprint};

use super::bound::most_wrong;
use super::looks::{Answer, JoinState, Look, looks};

/// A census with what people said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing<'a> {
    census: &'a Census,
    /// By place: whether a grant would make it, and whether it may be asked.
    open: Vec<(bool, bool)>,
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

impl<'a> Standing<'a> {
    /// How a census stands; `states` are those of its joins, in its order.
    #[must_use]
    pub fn of(census: &'a Census, states: &[JoinState]) -> Self {
        debug_assert_eq!(census.joins.len(), states.len());
        let open = |state: &JoinState| {
            let is_unanswered = state.answers.is_empty();
            (state.waits && is_unanswered, state.may_be_asked && is_unanswered)
        };
        Self::from_looks(census, looks(census, states), states.iter().map(open).collect())
    }

    fn from_looks(census: &'a Census, looks: Vec<Look>, open: Vec<(bool, bool)>) -> Self {
        let said = |answer| looks.iter().filter(|look| **look == Look::Said(answer)).count() as u64;
        let (right, wrong) = (said(Answer::Same), said(Answer::Different));
        let is_answered = |look: &Look| matches!(look, Look::Said(_));
        let looked_at = looks.iter().take_while(|look| is_answered(look)).count() as u64;
        let mut standing =
            Self { census, open, looks, rest: Bounded::default(), looked_at, wrong, right };
        let joins = standing.open.iter().filter(|(waits, _)| *waits).count() as u64;
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
        places.filter(|(_, (waits, _))| *waits).map(|(join, _)| *join)
    }

    /// Answers by place, `true` for wrong; what is missing is right. Up to the last that counts.
    pub(super) fn found(&self) -> Vec<bool> {
        let last = self.looks.iter().rposition(|look| matches!(look, Look::Said(_)));
        let counted = &self.looks[..last.map_or(0, |at| at + 1)];
        counted.iter().map(|look| *look == Look::Said(Answer::Different)).collect()
    }

    /// What to ask next, at most so many: first what is to be looked at again, then what has no answer, in
    /// the order of the census.
    #[must_use]
    pub fn next(&self, most: usize) -> Vec<Fingerprint> {
        self.next_places().take(most).map(|at| self.census.joins[at]).collect()
    }

    fn next_places(&self) -> impl Iterator<Item = usize> + '_ {
        let places = 0..self.looks.len();
        let again = places.clone().filter(|at| self.looks[*at] == Look::Again);
        again.chain(places.filter(|at| self.open[*at].1))
    }

    /// How many more answers without a fault, in the order of [`Standing::next`], make the rest one that
    /// is `carried`: `Some(0)` where it is, `None` where there are not so many joins.
    pub(super) fn missing(&self, carried: impl Fn(Bounded) -> bool) -> Option<u64> {
        let keeps = |more: usize| {
            let rest = self.with_right(more).rest;
            rest.joins > 0 && carried(rest)
        };
        if keeps(0) {
            return Some(0);
        }
        // More answers help until few joins are left: the first step that reaches is halved. Where steps that
        // double miss what lies between, small ones look for it; of many joins less small, as each costs.
        let part = if self.open.len() <= 1000 { 64 } else { 8 };
        let (mut short, mut enough) = self
            .reaches(&keeps, |step| step * 2)
            .or_else(|| self.reaches(&keeps, |step| step + step.div_ceil(part)))?;
        while enough - short > 1 {
            let middle = short + (enough - short) / 2;
            *(if keeps(middle) { &mut enough } else { &mut short }) = middle;
        }
        Some(enough as u64)
    }

    /// The first step at which so many more answers reach it, and the step before.
    fn reaches(
        &self,
        keeps: impl Fn(usize) -> bool,
        longer: impl Fn(usize) -> usize,
    ) -> Option<(usize, usize)> {
        let unanswered = self.next_places().count();
        let (mut short, mut enough) = (0, 1.min(unanswered));
        while !keeps(enough) {
            if enough >= unanswered {
                return None;
            }
            (short, enough) = (enough, longer(enough).min(unanswered));
        }
        Some((short, enough))
    }

    /// The first place in the order whose answer is missing or does not count yet, while answers behind it
    /// wait for it; with how many those are.
    #[must_use]
    pub fn held_up(&self) -> Option<(usize, u64)> {
        let behind = (self.right + self.wrong).saturating_sub(self.looked_at);
        (behind > 0).then_some((usize::try_from(self.looked_at).ok()?, behind))
    }

    /// As it would stand if so many more were answered and right.
    fn with_right(&self, more: usize) -> Self {
        let (mut looks, mut open) = (self.looks.clone(), self.open.clone());
        for at in self.next_places().take(more) {
            (looks[at], open[at]) = (Look::Said(Answer::Same), (false, false));
        }
        Self::from_looks(self.census, looks, open)
    }
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
                let reached = (0..size as usize - 50).any(|more| {
                    let rest = standing.with_right(more).rest;
                    rest.joins > 0 && carried(rest)
                });
                let missing = standing.missing(carried);
                assert_eq!(missing.is_some(), reached, "{size} {wrong:?}");
                let then = missing.map(|more| standing.with_right(more as usize).rest);
                assert!(then.is_none_or(carried), "{size} {wrong:?}");
            }
        }
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
