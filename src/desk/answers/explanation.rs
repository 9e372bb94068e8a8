//! The waterfall of two records, under the model of the last run.

use crate::error::Decided;
use crate::facts::{Facts, RecordFacts};
use domain::RecordAddress;
use door::Refusal;
use door::views::{ExplanationView, StepView};
use matching::Model;

pub(crate) fn explanation(
    facts: Facts<'_>,
    left: &RecordAddress,
    right: &RecordAddress,
) -> Decided<ExplanationView> {
    let find = |address: &RecordAddress| -> Decided<RecordFacts> {
        let Some(record) = facts.find(address)? else {
            return Err(facts.no_record(address)?.into());
        };
        Ok(facts.record(record)?)
    };
    let (left, right) = (find(left)?, find(right)?);
    let model = facts.model()?.ok_or_else(no_model)?;
    Ok(of_pair(facts, &model, &left, &right))
}

/// Before the first run there is nothing to explain by.
pub(super) fn no_model() -> Refusal {
    let why = "nothing was matched yet: `steward match` learns what agreement is worth";
    Refusal::DoesNotApply { why: why.to_owned() }
}

/// The waterfall of two records.
pub(super) fn of_pair(
    facts: Facts<'_>,
    model: &Model,
    left: &RecordFacts,
    right: &RecordFacts,
) -> ExplanationView {
    let Facts { settings, fingerprinter, .. } = facts;
    let explained = matching::explain(model, settings, fingerprinter, &left.values, &right.values);
    let mut steps: Vec<StepView> = explained
        .steps
        .into_iter()
        .map(|step| StepView {
            sensitive: step
                .fields
                .iter()
                .any(|field| settings.field(field.as_str()).is_some_and(|field| field.sensitive)),
            label: step.comparison,
            fields: step.fields.iter().map(ToString::to_string).collect(),
            left: step.left.into(),
            right: step.right.into(),
            level: step.level,
            weight: step.weight,
            note: step.note,
        })
        .collect();
    steps.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
    ExplanationView {
        left: left.body.address.clone(),
        right: right.body.address.clone(),
        probability: explained.probability,
        match_weight: explained.match_weight,
        prior: explained.prior_weight,
        steps,
        classes: explained.classes,
        blocking: explained.blocking,
        blocking_notes: explained.blocking_notes,
        unearned: explained.unearned,
    }
}

/// The best pair of records between two customers.
pub(super) fn best_pair(
    facts: Facts<'_>,
    model: &Model,
    left: &[RecordFacts],
    right: &[RecordFacts],
) -> Option<ExplanationView> {
    let (_, one, other) = closest_pair(facts, model, left, right)?;
    Some(of_pair(facts, model, one, other))
}

/// The same, not explained: the probability of a match and the two records.
pub(super) fn closest_pair<'a>(
    facts: Facts<'_>,
    model: &Model,
    left: &'a [RecordFacts],
    right: &'a [RecordFacts],
) -> Option<(f64, &'a RecordFacts, &'a RecordFacts)> {
    let Facts { settings, fingerprinter, .. } = facts;
    let mut best: Option<(f64, &'a RecordFacts, &'a RecordFacts)> = None;
    for one in left {
        for other in right {
            let score = matching::score(model, settings, fingerprinter, &one.values, &other.values);
            if best.is_none_or(|(known, _, _)| score > known) {
                best = Some((score, one, other));
            }
        }
    }
    best
}
