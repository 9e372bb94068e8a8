//! How far people agree with themselves, from the second looks that were answered.

use std::collections::BTreeMap;

use crate::error::DeskError;
use crate::facts::Facts;
use domain::agreement::{Agreement, LEAST_PAIRS};
use door::views::{AgreementView, SecondLooksView};

/// The agreement of all answers that stand, by person and by reason. A first verdict that was taken back
/// since was given all the same.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn second_looks(facts: Facts<'_>) -> Result<SecondLooksView, DeskError> {
    let mut all = Agreement::default();
    let mut people: BTreeMap<String, Agreement> = BTreeMap::new();
    let mut reasons: BTreeMap<String, Agreement> = BTreeMap::new();
    for id in facts.view.second_looks()? {
        let Some(entry) = facts.view.decision(id)?.filter(|entry| entry.stands()) else { continue };
        let Some(look) = facts.decision(id)?.second else { continue };
        let (_, person) = facts.byline(entry.place.sequence)?;
        let reason = facts.decision(look.of)?.reason;
        let reason = reason.map_or_else(|| "-".to_owned(), |reason| reason.to_string());
        all.add(&look);
        people.entry(person).or_default().add(&look);
        reasons.entry(reason).or_default().add(&look);
    }
    let told = |counted: BTreeMap<String, Agreement>| {
        counted.into_iter().map(|(name, agreement)| view(name, &agreement)).collect()
    };
    Ok(SecondLooksView {
        least: LEAST_PAIRS,
        waiting: facts.view.pending_second_looks()?.len() as u64,
        all: view(String::new(), &all),
        people: told(people),
        reasons: told(reasons),
    })
}

fn view(name: String, agreement: &Agreement) -> AgreementView {
    let (pairs, same) = (agreement.pairs(), agreement.same());
    AgreementView { name, pairs, same, kappa: agreement.kappa() }
}
