//! Promises about granted merges, held against the truth of made-up workspaces: a small part of what
//! `cargo bench --bench coverage` does.

use domain::grants::Autonomy;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

#[path = "../../../benches/coverage/workspace.rs"]
mod workspace;

use workspace::{Became, World, live};

/// Workspaces in which every second person errs at times.
fn lived(runs: u64, laxer: f64) -> Vec<Became> {
    let promise = Autonomy::new(0.8, 0.95).unwrap();
    let world = World { strata: 2, largest: 800, errors: 0.0, promise, laxer };
    let live = |seed: u64| {
        let errors = if seed.is_multiple_of(2) { 0.0 } else { 0.02 };
        live(World { errors, ..world }, ChaCha8Rng::seed_from_u64(seed))
    };
    (0..runs).map(live).collect()
}

fn count(lived: &[Became], of: fn(&Became) -> bool) -> usize {
    lived.iter().filter(|it| of(it)).count()
}

#[test]
fn what_is_promised_is_seldom_false() {
    let lived = lived(40, 1.0);
    let granted = count(&lived, |it| it.grants > 0);
    assert!(granted >= 2, "promises were made: {granted}");
    assert!(count(&lived, |it| it.false_promise) <= 2);
    assert!(count(&lived, |it| it.false_bound) <= 2);
}

/// If the simulation could not tell a bound that is too bold, the test above would show nothing.
#[test]
fn a_risk_larger_than_told_shows() {
    let wrong = count(&lived(20, 40.0), |it| it.false_bound);
    assert!(wrong > 3, "{wrong}");
}
