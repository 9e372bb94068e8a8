//! How far customers come on a journey: which steps they took one after the other, and where they stand today.
//!
//! A *run* begins with the first step, and goes on with each step that follows the one before, within the journey's
//! window from its beginning. The **furthest** step is the last of the longest run there ever was. The **current** one is
//! the last of the longest run whose window is still open, so that it goes back as time passes; without a window no
//! run ends, and both are the same. A run that begins later can reach whatever an earlier one still can, so the latest
//! beginning that reached a step is all that needs to be known of it: one pass, whatever the number of runs (the
//! way of `windowFunnel` in `ClickHouse`).

/// A journey as customers are walked along it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// How many steps it has, 32 at most.
    pub steps: usize,
    /// Whether a step has to be the very next activity.
    pub is_strict: bool,
    /// How long after the first step another may be, in microseconds.
    pub window: Option<i64>,
}

/// An activity as a journey sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// When, in microseconds since 1970 in UTC.
    pub at: i64,
    /// The day where it was, counted from 1970.
    pub day: i32,
    /// Whether nothing but the day is known.
    pub is_day: bool,
    /// The steps that it takes, a bit each.
    pub steps: u32,
}

/// How far somebody came. Steps are counted from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stage {
    /// The furthest step ever taken.
    pub furthest: Option<usize>,
    /// The furthest step of the runs that are still open.
    pub current: Option<usize>,
    /// When the current step was taken, in microseconds since 1970.
    pub since: Option<i64>,
    /// Of each step taken but the first: how long after the one before, in the run that reached it first.
    pub took: Vec<i64>,
}

/// A run that reached a step.
#[derive(Debug, Clone, Copy)]
struct Run {
    began: i64,
    last: i64,
}

impl Course {
    /// How far somebody came by what they did, as of a time. What was done at one time counts in the order given. What
    /// was done on a day of which something is known only to the day counts in the order of the steps: nobody knows
    /// better.
    #[must_use]
    pub fn walk(&self, moments: &mut [Moment], now: i64) -> Stage {
        put_in_order(moments);
        let mut stage = Stage::default();
        // Of each step, the run that began last of those that reached it.
        let mut reached: Vec<Option<Run>> = vec![None; self.steps];
        // The same of runs that the latest activity belongs to.
        let mut live: Vec<Option<Run>> = vec![None; self.steps];
        for moment in moments {
            let mut next = vec![None; if self.is_strict { self.steps } else { 0 }];
            // From the last step to the first: one activity takes one step of a run.
            for step in (0..self.steps).rev().filter(|step| moment.steps >> step & 1 == 1) {
                let before = match step {
                    0 => Some(Run { began: moment.at, last: moment.at }),
                    _ if self.is_strict => live[step - 1],
                    _ => reached[step - 1],
                };
                let Some(before) = before.filter(|run| self.is_open(*run, moment.at)) else {
                    continue;
                };
                let run = Run { began: before.began, last: moment.at.max(before.last) };
                if step > 0 && stage.took.len() < step {
                    stage.took.push(run.last - before.last);
                }
                if reached[step].is_none_or(|known| known.began < run.began) {
                    reached[step] = Some(run);
                }
                stage.furthest = stage.furthest.max(Some(step));
                if self.is_strict {
                    next[step] = Some(run);
                }
            }
            live = if self.is_strict { next } else { live };
        }
        let open = reached.iter().enumerate().rev();
        let current = open.filter_map(|(step, run)| Some((step, (*run)?)));
        let current = current.into_iter().find(|(_, run)| self.is_open(*run, now));
        stage.current = current.map(|(step, _)| step);
        stage.since = current.map(|(_, run)| run.last);
        stage
    }

    fn is_open(&self, run: Run, at: i64) -> bool {
        self.window.is_none_or(|window| at.saturating_sub(run.began) <= window)
    }
}

fn put_in_order(moments: &mut [Moment]) {
    if moments.iter().all(|moment| !moment.is_day) {
        return moments.sort_by_key(|moment| moment.at);
    }
    let mut vague: Vec<i32> = moments.iter().filter(|it| it.is_day).map(|it| it.day).collect();
    vague.sort_unstable();
    vague.dedup();
    moments.sort_by_key(|moment| {
        let is_vague = vague.binary_search(&moment.day).is_ok();
        let first = if is_vague { moment.steps.trailing_zeros() } else { 0 };
        (moment.day, first, moment.at)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000_000;
    const DAY: i64 = 24 * 60 * MINUTE;

    fn at(minute: i64, steps: u32) -> Moment {
        let at = minute * MINUTE;
        Moment { at, day: i32::try_from(at.div_euclid(DAY)).unwrap(), is_day: false, steps }
    }

    fn on(day: i32, steps: u32) -> Moment {
        Moment { at: i64::from(day) * DAY, day, is_day: true, steps }
    }

    fn course(steps: usize, is_strict: bool, window: Option<i64>) -> Course {
        Course { steps, is_strict, window: window.map(|minutes| minutes * MINUTE) }
    }

    fn stages(
        course: Course,
        mut moments: Vec<Moment>,
        now: i64,
    ) -> (Option<usize>, Option<usize>) {
        let stage = course.walk(&mut moments, now * MINUTE);
        (stage.furthest, stage.current)
    }

    #[test]
    fn steps_follow_each_other_within_the_window() {
        let (view, cart, order, other) = (1, 2, 4, 0);
        let loose = course(3, false, None);
        let strict = course(3, true, None);
        let hour = course(3, false, Some(60));
        for (course, moments, expected) in [
            (loose, vec![], (None, None)),
            (loose, vec![at(0, order)], (None, None)),
            (loose, vec![at(0, view), at(1, other), at(2, cart), at(3, order)], (Some(2), Some(2))),
            (loose, vec![at(3, view), at(1, cart), at(2, order)], (Some(0), Some(0))),
            (strict, vec![at(0, view), at(1, cart), at(2, order)], (Some(2), Some(2))),
            (
                strict,
                vec![at(0, view), at(1, cart), at(2, other), at(3, order)],
                (Some(1), Some(1)),
            ),
            (strict, vec![at(0, view), at(1, view), at(2, cart)], (Some(1), Some(1))),
            // Within an hour of the view: of the second view, not of the first.
            (hour, vec![at(0, view), at(50, cart), at(70, order)], (Some(1), None)),
            (hour, vec![at(0, view), at(30, view), at(50, cart), at(70, order)], (Some(2), None)),
            (hour, vec![at(0, view), at(5, cart), at(9, order), at(980, view)], (Some(2), Some(0))),
            // The first view is open no longer, the second is: it alone counts today.
            (hour, vec![at(930, view), at(935, cart), at(960, view)], (Some(1), Some(0))),
        ] {
            assert_eq!(stages(course, moments.clone(), 1000), expected, "{course:?} {moments:?}");
        }
    }

    #[test]
    fn what_is_known_to_the_day_counts_in_the_order_of_the_steps() {
        let loose = course(3, false, None);
        // A view at ten, and an order of that day; the file of orders knows no times.
        assert_eq!(stages(loose, vec![at(600, 1), at(610, 2), on(0, 4)], 9999), (Some(2), Some(2)));
        assert_eq!(stages(loose, vec![on(1, 1), at(600, 2), on(1, 4)], 9999), (Some(0), Some(0)));
        // Two orders are two steps, one is not.
        let twice = course(2, false, None);
        assert_eq!(stages(twice, vec![on(3, 3)], 9999).0, Some(0));
        assert_eq!(stages(twice, vec![on(3, 3), on(3, 3)], 9999).0, Some(1));
    }

    #[test]
    fn each_step_says_how_long_it_took() {
        let mut moments =
            vec![at(0, 1), at(7, 2), at(9, 2), at(30, 4), at(40, 1), at(41, 2), at(42, 4)];
        let stage = course(3, false, None).walk(&mut moments, 99 * MINUTE);
        assert_eq!(stage.took, [7 * MINUTE, 23 * MINUTE], "of what reached it first");
        assert_eq!(stage.since, Some(42 * MINUTE), "of what reached it last");
    }

    /// All runs there are, one by one.
    fn naive(course: Course, moments: &[Moment], now: i64) -> (Option<usize>, Option<usize>) {
        let (mut furthest, mut current) = (None, None);
        for (place, first) in moments.iter().enumerate().filter(|(_, it)| it.steps & 1 == 1) {
            let open = |at: i64| course.window.is_none_or(|window| at - first.at <= window);
            let mut step = 0;
            for moment in &moments[place + 1..] {
                let takes = step + 1 < course.steps && moment.steps >> (step + 1) & 1 == 1;
                if takes && open(moment.at) {
                    step += 1;
                } else if course.is_strict {
                    break;
                }
            }
            furthest = furthest.max(Some(step));
            if open(now) {
                current = current.max(Some(step));
            }
        }
        (furthest, current)
    }

    #[test]
    fn one_pass_finds_what_all_runs_come_to() {
        let mut state = 7_u64;
        let mut draw = move |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for round in 0..20_000 {
            let steps = 2 + draw(3);
            let window = (draw(3) > 0).then(|| i64::try_from(1 + draw(30)).unwrap());
            let course = course(usize::try_from(steps).unwrap(), draw(2) == 0, window);
            let mut minute = 0;
            let mut moments = Vec::new();
            for _ in 0..draw(12) {
                minute += i64::try_from(1 + draw(9)).unwrap();
                moments.push(at(minute, u32::try_from(draw(1 << steps)).unwrap()));
            }
            let now = minute + i64::try_from(draw(20)).unwrap();
            let expected = naive(course, &moments, now * MINUTE);
            assert_eq!(
                stages(course, moments.clone(), now),
                expected,
                "{round}: {course:?} {moments:?}"
            );
        }
    }
}
