//! How far people agree with themselves and with each other, from the second looks that were answered.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::DeskError;
use crate::facts::Facts;
use crate::second::who_decided;
use domain::SecondLook;
use domain::agreement::{Agreement, LEAST_PAIRS};
use door::views::{AgreementView, BetweenView, SecondLooksView};

type Counted = BTreeMap<String, Agreement>;

/// The agreement of all answers that stand, by person and by reason. A first verdict that was taken back
/// since was given all the same.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn second_looks(facts: Facts<'_>) -> Result<SecondLooksView, DeskError> {
    let mut own = Own::default();
    let mut between = Between::default();
    let mut given = BTreeSet::new();
    for id in facts.view.second_looks()? {
        let Some(entry) = facts.view.decision(id)? else { continue };
        // Whoever undoes an answer and gives it again has seen both verdicts: only the first was blind.
        let is_blind = entry.task.is_none_or(|task| given.insert(task));
        if !is_blind || !entry.stands() {
            continue;
        }
        let Some(look) = facts.decision(id)?.second else { continue };
        let (_, second) = facts.byline(entry.place.sequence)?;
        let first = who_decided(facts, look.of)?;
        let reason = facts.decision(look.of)?.reason;
        let reason = reason.map_or_else(|| "-".to_owned(), |reason| reason.to_string());
        match first == second {
            true => own.add(&look, second, reason),
            false => between.add(&look, (first, second), reason),
        }
    }
    Ok(SecondLooksView {
        least: LEAST_PAIRS,
        waiting: facts.view.pending_second_looks()?.len() as u64,
        all: view(String::new(), &own.all),
        people: told(own.people),
        reasons: told(own.reasons),
        between: between.view(),
    })
}

/// What people answered again themselves.
#[derive(Default)]
struct Own {
    all: Agreement,
    people: Counted,
    reasons: Counted,
}

impl Own {
    fn add(&mut self, look: &SecondLook, person: String, reason: String) {
        self.all.add(look);
        self.people.entry(person).or_default().add(look);
        self.reasons.entry(reason).or_default().add(look);
    }
}

/// What others answered.
#[derive(Default)]
struct Between {
    all: Agreement,
    pairs: Counted,
    people: Counted,
    reasons: Counted,
}

impl Between {
    fn add(&mut self, look: &SecondLook, (first, second): (String, String), reason: String) {
        self.all.add(look);
        self.reasons.entry(reason).or_default().add(look);
        // Of two people, the same one's answers always count as the first.
        let is_turned = first > second;
        let pair = match is_turned {
            true => self.pairs.entry(format!("{second}, {first}")),
            false => self.pairs.entry(format!("{first}, {second}")),
        };
        count(pair.or_default(), look, is_turned);
        count(self.people.entry(first).or_default(), look, false);
        count(self.people.entry(second).or_default(), look, true);
    }

    fn view(self) -> BetweenView {
        BetweenView {
            all: view(String::new(), &self.all),
            pairs: told(self.pairs),
            people: told(self.people),
            reasons: told(self.reasons),
        }
    }
}

fn count(agreement: &mut Agreement, look: &SecondLook, is_turned: bool) {
    match is_turned {
        true => agreement.add_turned(look),
        false => agreement.add(look),
    }
}

fn told(counted: Counted) -> Vec<AgreementView> {
    counted.into_iter().map(|(name, agreement)| view(name, &agreement)).collect()
}

fn view(name: String, agreement: &Agreement) -> AgreementView {
    let (pairs, same) = (agreement.pairs(), agreement.same());
    AgreementView { name, pairs, same, kappa: agreement.kappa() }
}
