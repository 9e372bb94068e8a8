//! Models that count a person's values, by fingerprint.
//!
//! The last model goes on scoring, so it loses those counts only. Earlier ones are kept to explain
//! their runs; of those that count such a value all counts go, and what is left explains with
//! averages: a copy of every old model in every erasure would outgrow the ledger.

use std::collections::BTreeMap;

use super::person::Person;
use super::scrub;
use super::trail::Trail;
use crate::error::DeskError;
use crate::facts::{Facts, missing, step_back};
use domain::event::MatchFinished;
use domain::{Event, Sequence, Values};
use matching::Model;

/// The matching runs that must forget something, by place, and what is read instead.
pub(super) fn forgetful(
    facts: Facts<'_>,
    person: &Person,
    trail: &Trail,
) -> Result<BTreeMap<(Sequence, u32), Event>, DeskError> {
    let mut found = BTreeMap::new();
    let revisions = trail.revisions(person).map(|revised| &revised.body.values);
    let values: Vec<&Values> = revisions.chain(scrub::values_set_on(person, trail)).collect();
    let own = matching::frequency_fingerprints(facts.settings, facts.fingerprinter, values);
    let mut next = facts.view.counters()?.matched.map(|place| place.sequence);
    let mut is_last = true;
    while let Some(sequence) = next.take() {
        for (index, event) in (0..).zip(facts.commit(sequence)?.events) {
            let Event::MatchFinished(finished) = event else { continue };
            next = step_back(sequence, finished.previous)?;
            if finished.model_of.is_some() {
                continue;
            }
            let mut model: Model = serde_json::from_value(finished.model.clone())
                .map_err(|error| missing(format!("the model ({error})")))?;
            if matching::forget_frequencies(&mut model, &own, person.all_records().len()) {
                if !is_last {
                    model.forget_all_frequencies();
                }
                let model = serde_json::to_value(&model)
                    .map_err(|error| missing(format!("the model ({error})")))?;
                let forgetful = MatchFinished { model, ..finished };
                found.insert((sequence, index), forgetful.into());
            }
            is_last = false;
        }
    }
    Ok(found)
}
