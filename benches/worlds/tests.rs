//! A small world from its seed to the last answer.

use domain::QueueOrder;

use crate::measure::{Figures, measure};
use crate::plan::Plan;
use crate::set::Set;
use crate::steward::Habits;

fn figures(errors: u32) -> Figures {
    figures_with(errors, None)
}

fn figures_with(errors: u32, grants: Option<f64>) -> Figures {
    let set = Set::of_world(Plan { records: 70, ..Plan::of(5, 100) }).unwrap();
    let order = QueueOrder::named("best-next").unwrap();
    let habits = Habits { order, errors, rematch_every: 8, most: 14, grants };
    measure(&set, Some(habits), None).unwrap()
}

#[test]
fn a_steward_who_does_not_err_makes_customers_better_answer_by_answer() {
    let found = figures(0);
    let curve = found.curve.clone().unwrap();
    let first = curve.points[0].customers.f1;
    let last = curve.points.last().unwrap().customers.f1;
    assert!(curve.answers() > 5 && last > first + 0.02, "{first} to {last}: {curve:?}");
    assert!(curve.points.is_sorted_by_key(|point| point.answers), "{curve:?}");
    assert_eq!(curve.refused, 0, "{curve:?}");
    assert_eq!(curve.said.values().sum::<u32>(), curve.answers());
    assert_eq!((curve.until(first), curve.at(0)), (Some(0), Some(first)));
    assert_eq!(curve.at(curve.answers() + 1), Some(last));
    assert!((0.0..=1.0).contains(&found.candidates) && found.tasks > 0, "{}", found.about);
    assert!(found.records >= 70 && found.true_pairs > 0, "{found:?}");
}

#[test]
fn answers_repeat_themselves_and_errors_make_them_worse() {
    let points = |errors| {
        let points = figures(errors).curve.unwrap().points;
        points.iter().map(|it| (it.answers, it.customers.f1.to_bits())).collect::<Vec<_>>()
    };
    let erring = points(600);
    assert_eq!(erring, points(600));
    let right = figures(0).curve.unwrap();
    let end = erring.last().map(|(_, bits)| f64::from_bits(*bits)).unwrap();
    assert!(end < right.at(u32::MAX).unwrap(), "{erring:?} and {right:?}");
}

#[test]
fn who_grants_has_the_machine_merge_and_keeps_the_promise() {
    // Half of the merges may be wrong: a world so small has no stratum for more.
    let set = Set::of_world(Plan { records: 200, ..Plan::of(9, 100) }).unwrap();
    let order = QueueOrder::named("best-next").unwrap();
    let habits = Habits { order, errors: 0, rematch_every: 30, most: 30, grants: Some(0.5) };
    let granting = measure(&set, Some(habits), None).unwrap().curve.unwrap();
    let granted = granting.granted.clone().unwrap();
    assert!(granted.grants > 0 && granted.joins > 0, "{granted:?} {granting:?}");
    assert!(granted.wrong <= granted.wrong_at_most && !granted.is_false, "{granted:?}");
    assert_eq!(granting.refused, 0);
    let figures = figures_with(0, None);
    assert!(figures.curve.unwrap().granted.is_none());
}
