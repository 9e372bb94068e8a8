//! Censuses for tests.

use domain::grants::{Census, Cut, Maker, Seed, Stratum};
use domain::{CensusId, Fingerprint, Kind, MatchRunId, Sequence};

use super::looks::{Answer, JoinState};

/// A census of so many joins with that risk.
pub(super) fn census(size: u64, risk: f64) -> Census {
    Census {
        id: CensusId(1),
        taking: 1,
        stratum: stratum(Maker::Nobody),
        model: MatchRunId(1),
        read_up_to: Sequence(1),
        seed: Seed([5; 32]),
        risk,
        joins: (0..size).map(Fingerprint).collect(),
    }
}

/// A stratum of persons.
pub(super) fn stratum(maker: Maker) -> Stratum {
    let cut = Cut::Weights { from: 0, below: None };
    Stratum { kind: Kind::Person, maker, two_people: false, cut }
}

/// So many joins of which the first were answered and the others wait. Those in `wrong` are
/// different, and as many others were looked at again.
pub(super) fn answered(size: usize, count: usize, wrong: &[usize]) -> Vec<JoinState> {
    let state = |at: usize| match at < count {
        false => JoinState::open(),
        true => {
            let answer = if wrong.contains(&at) { Answer::Different } else { Answer::Same };
            let looks = if wrong.is_empty() { 1 } else { 2 };
            JoinState { answers: vec![answer; looks], ..JoinState::default() }
        }
    };
    (0..size).map(state).collect()
}
