//! Decided pairs teach the model, once there are enough.

use super::*;

/// The first `count` pairs of records that have nothing to do with each other.
fn strangers(count: u32) -> Vec<(RecordId, RecordId)> {
    (0..count).map(|number| (RecordId(number * 3), RecordId(number * 3 + 3))).collect()
}

fn expected_matches(outcome: &Outcome) -> f64 {
    outcome.model.kinds[0].expected[0]
}

#[test]
fn a_few_decisions_teach_nothing() {
    let columns = columns(&many(600));
    let none = matched(&columns, &Constraints::default(), &[]);
    let few = Constraints { cannot_link: strangers(49), ..Constraints::default() };
    assert_eq!(matched(&columns, &few, &[]).model, none.model);
}

#[test]
fn many_decisions_teach_what_people_said() {
    let columns = columns(&many(600));
    let none = matched(&columns, &Constraints::default(), &[]);
    // The true pairs, taken apart: whoever says so believes in fewer matches.
    let apart: Vec<_> =
        (0..60).map(|number| (RecordId(number * 3 + 1), RecordId(number * 3 + 2))).collect();
    let refused = Constraints { cannot_link: apart.clone(), ..Constraints::default() };
    let refused = expected_matches(&matched(&columns, &refused, &[]));
    assert!(refused < expected_matches(&none) - 20.0, "{refused} {}", expected_matches(&none));
    // Saying what the model knows already hardly moves it; decided pairs are not guessed again,
    // which moves it a little.
    let agreed = Constraints { must_link: apart, cannot_link: strangers(60) };
    let agreed = expected_matches(&matched(&columns, &agreed, &[]));
    assert!((agreed - expected_matches(&none)).abs() < 8.0, "{agreed}");
}

#[test]
fn a_pair_decided_twice_is_known_once() {
    let columns = columns(&many(600));
    let mut twice = strangers(30);
    twice.extend(strangers(30));
    let decided = Constraints { cannot_link: twice, ..Constraints::default() };
    let none = matched(&columns, &Constraints::default(), &[]);
    assert_eq!(matched(&columns, &decided, &[]).model, none.model, "thirty are too few");
}
