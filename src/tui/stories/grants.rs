//! Strata are looked at, and one is granted by typing how many joins wait.

use crate::story::Steward;

/// The page of grants.
pub fn shown(sam: &mut Steward) {
    sam.presses("g t").sees("grants: merges granted from a sample");
}

#[test]
fn a_stratum_is_granted_by_typing_the_number_that_waits() {
    let mut sam = Steward::at(110, 40);
    shown(&mut sam);
    sam.sees("promised: 95 % right, 95 % sure; granted: 1514 joins, at least 96 % right");
    sam.sees("S2 offered: organisations: name, street and phone agree; e-mail missing");
    sam.sees("ready to grant: 1214 joins, at least 95.3 % right");
    sam.presses("Enter").sees("type 1214 to merge the rest of S2").types("1213").presses("Enter");
    sam.sees("1214 joins wait: nothing was merged");
    assert!(sam.desk.grants.is_empty());
    sam.presses("Enter").types("1214").presses("Enter");
    sam.sees("S2 granted: 1212 customers merged away, 2 joins left to people");
    let portions: Vec<_> = sam.desk.grants.iter().map(|it| (it.joins, it.bulk.is_some())).collect();
    assert_eq!(portions, [(1214, false), (1214, true)], "a portion at a time, under one bulk");
}

#[test]
fn what_may_not_be_granted_says_why() {
    let mut sam = Steward::at(110, 40);
    shown(&mut sam);
    sam.sees("2 questions are asked again before their answers count (from 2026-10-10 on)");
    sam.sees("waiting: 540 joins, at least 89.8 % right");
    sam.sees("48 more error-free answers needed, 2 of them second looks from 2026-10-10 on");
    sam.presses("3j Enter").sees("steward grant show S3 names the tasks");
    sam.presses("6j Enter").sees("too few joins for the promise, even if all are right");
    sam.presses("3j Enter").sees("S1 is granted");
    sam.sees("later runs merged 41 joins on trust, 41 still in place");
    sam.sees("checks: 3 right, 0 wrong, 17 waiting");
    sam.presses("G Enter").sees("S5 is suspended").sees("suspended by D52");
    sam.presses("q").sees("T12");
}

#[test]
fn the_dashboard_tells_of_grants() {
    let mut sam = Steward::at(160, 40);
    sam.presses("g d");
    sam.sees("grants: 1 granted (1514 joins, at least 96 % right), 1 suspended, 3 strata open");
    let mut sam = Steward::at(80, 24);
    sam.presses("g d").sees("grants: 1, 1 suspended, 3 open ");
}
