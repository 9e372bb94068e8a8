//! What decisions teach a match, from the ledger's present view.

use super::faults::kim;
use super::rematch::{PEOPLE, base, row};
use super::*;
use door::operations::{Explain, Extent, MatchStatus};
use door::views::{ExplanationView, MatchStatusView, TaughtView};

/// Each person once more, too decayed for the machine to merge, and each told to be somebody else.
fn refused() -> (TestDesk, Vec<DecisionId>) {
    let mut test = base(5);
    let rows: String = (0..PEOPLE).map(|person| row(100 + u32::from(person), person, 15)).collect();
    test.import("crm", &rows);
    test.match_records();
    let mut made = Vec::new();
    for person in 0..u32::from(PEOPLE) {
        let known = test.customer(&format!("crm:{person}"));
        let other = test.customer(&format!("crm:{}", 100 + person));
        assert_ne!(known, other);
        made.push(test.does(apart_request(&[&[known], &[other]])).decision);
    }
    (test, made)
}

fn status(test: &mut TestDesk) -> MatchStatusView {
    test.desk().act(&kim(), MatchStatus {}, Streams::default()).unwrap()
}

fn learned(test: &mut TestDesk) -> Option<TaughtView> {
    status(test).learned.pop()
}

fn explained(test: &mut TestDesk) -> ExplanationView {
    let (left, right) = ("crm:3".parse().unwrap(), "crm:103".parse().unwrap());
    let asked = Explain { left, right, unmask: false };
    test.desk().act(&kim(), asked, Streams::default()).unwrap()
}

#[test]
fn a_run_that_learns_is_taught_by_the_decisions_that_stand() {
    let (mut test, made) = refused();
    assert!(!test.match_to(Extent::Changed).learned, "fewer than 25 decisions bring no new model");
    assert_eq!(learned(&mut test), None);
    let before = explained(&mut test);
    assert!(test.match_to(Extent::Full).learned);
    let taught = learned(&mut test).unwrap();
    assert_eq!((taught.decisions, taught.same, taught.different), (24, 0, 24));
    let judged: u64 = taught.stated.iter().map(|band| band.joins).sum();
    assert_eq!(judged, 24, "each stated by what the others taught");
    for band in taught.before.iter().chain(&taught.stated) {
        assert!(band.least <= band.observed && band.observed <= band.most, "{band:?}");
        assert!(band.from <= band.stated && band.stated <= band.to, "{band:?}");
    }
    // A line of its own, and the odds are lower by as much.
    let after = explained(&mut test);
    let step = after.steps.iter().find(|step| step.label == matching::DECISIONS).unwrap();
    assert_eq!(step.level, "learned from 24 decisions");
    assert!(step.weight < 0.0 && after.probability < before.probability, "{after:?}");
    let sum: f64 = after.steps.iter().map(|step| step.weight).sum();
    assert!((after.prior + sum - after.match_weight).abs() < 1e-9);
    // What was taken back teaches nothing any more, and replay says the same.
    let told = status(&mut test);
    test.reopen();
    assert_eq!(status(&mut test), told);
    for decision in &made[..4] {
        test.undo(*decision);
    }
    test.match_to(Extent::Full);
    assert_eq!(learned(&mut test).unwrap().decisions, 20);
    test.undo(made[4]);
    test.match_to(Extent::Full);
    assert_eq!(learned(&mut test), None, "nineteen joins teach nothing");
}

#[test]
fn whoever_was_erased_teaches_nothing() {
    let (mut test, _) = refused();
    let customer = test.customer("crm:103");
    test.erase(customer);
    test.match_to(Extent::Full);
    assert_eq!(learned(&mut test).unwrap().decisions, 23);
}

#[test]
fn an_incremental_run_finds_what_a_full_one_finds_under_what_was_taught() {
    let (mut test, _) = refused();
    test.match_to(Extent::Full);
    assert!(learned(&mut test).is_some());
    test.import("shop", &row(500, 3, 1));
    assert!(!test.match_to(Extent::Changed).learned);
    let state = test.state();
    assert!(!test.match_to(Extent::Everything).learned);
    assert_eq!(test.state(), state);
}

#[test]
fn enough_new_decisions_bring_a_new_model_by_themselves() {
    let (mut test, _) = refused();
    let (one, other) = (test.customer("crm:1"), test.customer("crm:2"));
    test.does(apart_request(&[&[one], &[other]]));
    assert!(test.match_to(Extent::Changed).learned, "twenty-five came");
    assert!(!test.match_to(Extent::Changed).learned);
}
