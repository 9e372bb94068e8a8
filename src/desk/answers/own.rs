//! What one person decided lately: their own figures, which nobody else is shown.
//!
//! They are read from the decisions themselves whenever they are asked for and kept nowhere, so that a
//! replay gives the same ones, and what is erased is not in them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, ToSpan};

use crate::error::DeskError;
use crate::facts::Facts;
use crate::second;
use domain::{Decision, DecisionId, Verdict};
use door::views::OwnFigures;

/// Days that are looked back.
const DAYS: i64 = 30;
/// Decisions of anybody that are looked at, so that an answer comes in a moment.
const LOOKED_AT: usize = 4_000;
/// A longer pause, in seconds, is not work on the decision after it.
const LONGEST_WORK: i64 = 600;
/// From this match probability on, the model says that two are one.
const ONE: f64 = 0.5;

/// The figures of a person. What comes back as a second look is left out until it is answered: they would
/// tell what was said of it.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn own_figures(facts: Facts<'_>, actor: &str) -> Result<OwnFigures, DeskError> {
    let since = facts.now - (DAYS * 24).hours();
    let mut made: Vec<Made> = Vec::new();
    let mut number = facts.view.counters()?.decisions;
    let mut whole = true;
    for looked_at in 0.. {
        let Some(entry) = facts.view.decision(DecisionId(number))? else { break };
        let (at, by) = facts.byline(entry.place.sequence)?;
        if at < since {
            break;
        }
        if looked_at >= LOOKED_AT {
            whole = false;
            break;
        }
        if by == actor {
            let decision = facts.decision(DecisionId(number))?;
            made.push(Made { at, stands: entry.stands(), decision });
        }
        let Some(before) = number.checked_sub(1) else { break };
        number = before;
    }
    made.reverse();
    let mut withheld = BTreeSet::new();
    for entry in facts.view.pending_second_looks()? {
        let Some(decision) = entry.task.second_look_at() else { continue };
        // What others are asked about it tells nobody what they said themselves.
        if made.iter().any(|made| made.decision.id == decision)
            && second::asked(facts, &entry.task, actor) == actor
        {
            withheld.insert(decision);
        }
    }
    Ok(figures(&made, &withheld, whole))
}

/// One decision of the person.
struct Made {
    at: Timestamp,
    stands: bool,
    decision: Decision,
}

/// Counts decisions, the earliest first.
fn figures(made: &[Made], withheld: &BTreeSet<DecisionId>, whole: bool) -> OwnFigures {
    let mut figures = OwnFigures { days: DAYS.unsigned_abs(), whole, ..OwnFigures::default() };
    let mut verdicts: BTreeMap<Verdict, u64> = BTreeMap::new();
    let mut seconds: Vec<u64> = Vec::new();
    let mut last: Option<Timestamp> = None;
    // What the machine did under a grant is nobody's verdict, and a grant is not one on each of its joins.
    let by_hand =
        made.iter().filter(|made| made.decision.run.is_none() && made.decision.grant.is_none());
    let by_hand = by_hand.filter(|made| made.decision.verdict != Verdict::Comment);
    for Made { at, stands, decision } in by_hand {
        let took = last.map(|last| at.as_second() - last.as_second());
        let took = took.filter(|took| decision.bulk.is_none() && *took <= LONGEST_WORK);
        last = decision.bulk.is_none().then_some(*at);
        if decision.verdict == Verdict::Undo || withheld.contains(&decision.id) {
            continue;
        }
        seconds.extend(took.and_then(|took| u64::try_from(took).ok()));
        *verdicts.entry(decision.verdict).or_default() += 1;
        figures.undone += u64::from(!stands);
        if let Some(against) = against_the_model(decision) {
            figures.scored += 1;
            figures.against += u64::from(against);
        }
    }
    figures.verdicts = verdicts.into_iter().collect();
    figures.verdicts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    figures.seconds = median(seconds);
    figures
}

/// Whether a verdict on who is who is another than the model's at that time; none if it is no such verdict,
/// or the model said nothing.
fn against_the_model(decision: &Decision) -> Option<bool> {
    let is_one = decision.score? >= ONE;
    match decision.verdict {
        Verdict::Merge => Some(!is_one),
        Verdict::NotAMatch => Some(is_one),
        _ => None,
    }
}

/// The middle one, the lower of two.
fn median(mut seconds: Vec<u64>) -> Option<u64> {
    seconds.sort_unstable();
    seconds.get(seconds.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::BulkId;

    fn decided(id: u32, at: i64, verdict: Verdict, score: Option<f64>) -> Made {
        let text = format!(r#"{{"id":"D{id}","verdict":"merge","subjects":[]}}"#);
        let decision: Decision =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let decision = Decision { verdict, score, ..decision };
        Made { at: Timestamp::from_second(at).unwrap(), stands: true, decision }
    }

    #[test]
    fn a_verdict_is_against_the_model_on_the_other_side_of_a_half() {
        for (verdict, score, against) in [
            (Verdict::Merge, Some(0.97), Some(false)),
            (Verdict::Merge, Some(0.5), Some(false)),
            (Verdict::Merge, Some(0.49), Some(true)),
            (Verdict::Merge, None, None),
            (Verdict::NotAMatch, Some(0.97), Some(true)),
            (Verdict::NotAMatch, Some(0.5), Some(true)),
            (Verdict::NotAMatch, Some(0.1), Some(false)),
            (Verdict::NotAMatch, None, None),
            (Verdict::Defer, Some(0.97), None),
            (Verdict::Correct, None, None),
        ] {
            let found = against_the_model(&decided(1, 0, verdict, score).decision);
            assert_eq!(found, against, "{verdict:?} {score:?}");
        }
    }

    #[test]
    fn pauses_bulks_undos_and_what_is_asked_again_are_left_out() {
        let merge = |id, at| decided(id, at, Verdict::Merge, Some(0.9));
        let mut made =
            vec![merge(1, 0), merge(2, 10), merge(3, 40), merge(4, 5_000), merge(5, 5_020)];
        made[1].stands = false;
        made.push(decided(6, 5_025, Verdict::Undo, None));
        made.push(decided(7, 5_032, Verdict::NotAMatch, Some(0.9)));
        for id in [8, 9] {
            let mut bulk = merge(id, 5_040);
            bulk.decision.bulk = Some(BulkId(1));
            made.push(bulk);
        }
        made.push(merge(10, 5_045));
        let mut by_machine = merge(11, 5_046);
        by_machine.decision.run = Some(domain::MatchRunId(3));
        made.push(by_machine);
        let known = figures(&made, &BTreeSet::new(), true);
        assert_eq!(known.verdicts, [(Verdict::Merge, 8), (Verdict::NotAMatch, 1)]);
        // 10, 30, 20 and 7 seconds.
        assert_eq!((known.undone, known.scored, known.against), (1, 9, 1));
        assert_eq!(known.seconds, Some(10));
        let withheld = figures(&made, &BTreeSet::from([DecisionId(7)]), true);
        assert_eq!((withheld.verdicts, withheld.against), (vec![(Verdict::Merge, 8)], 0));
        assert_eq!(figures(&[], &BTreeSet::new(), true).decisions(), 0);
    }

    #[test]
    fn the_median_is_the_middle_one() {
        for (seconds, middle) in
            [(vec![], None), (vec![4], Some(4)), (vec![9, 1], Some(1)), (vec![9, 1, 5], Some(5))]
        {
            assert_eq!(median(seconds.clone()), middle, "{seconds:?}");
        }
    }
}
