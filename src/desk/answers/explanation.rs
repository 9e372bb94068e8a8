//! The waterfall of two records, under the model of the last run.

use crate::error::{Decided, DeskError};
use crate::facts::{Facts, RecordFacts};
use crate::jobs::sides_of;
use crate::queue::of_steps;
use domain::RecordAddress;
use door::Refusal;
use door::views::{Competing, ExplanationView, StepView, Unmerged};
use matching::{Beside, Model};
use settings::Settings;

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
    Ok(of_pair(facts, &model, &left, &right)?)
}

/// Before the first run there is nothing to explain by.
pub(super) fn no_model() -> Refusal {
    let why = "nothing has been matched yet: `steward match` learns what agreement is worth";
    Refusal::DoesNotApply { why: why.to_owned() }
}

/// The waterfall of two records.
pub(super) fn of_pair(
    facts: Facts<'_>,
    model: &Model,
    left: &RecordFacts,
    right: &RecordFacts,
) -> Result<ExplanationView, DeskError> {
    Ok(judged(facts, model, left, right)?.0)
}

/// The same, and how the two stand to each other, whatever they score.
fn judged(
    facts: Facts<'_>,
    model: &Model,
    left: &RecordFacts,
    right: &RecordFacts,
) -> Result<(ExplanationView, Beside), DeskError> {
    let Facts { settings, fingerprinter, .. } = facts;
    let (one, other) = (facts.evidence_of(left)?, facts.evidence_of(right)?);
    let explained = matching::explain(model, settings, fingerprinter, &one, &other);
    let pattern = of_steps(&explained);
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
            counts: true,
        })
        .collect();
    steps.extend(not_counted(facts, left, right)?);
    steps.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
    let kept_apart = never(settings, left, right).or(explained.apart.map(str::to_owned));
    let auto = settings.matching.auto;
    let is_below = explained.probability < auto && kept_apart.is_none();
    let unmerged = Unmerged {
        kept_apart: kept_apart.clone(),
        lacks: explained.lacks,
        below_auto: is_below.then_some((explained.probability, auto)),
        ..Unmerged::default()
    };
    let competing = explained.competing;
    let beside = if kept_apart.is_some() { Beside::Two } else { explained.beside };
    let view = ExplanationView {
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
        never: kept_apart,
        pattern,
        unmerged,
        competing: competing.map(|(class, probability)| Competing { class, probability }),
    };
    Ok((view, beside))
}

/// The rule that keeps two records apart, in words.
fn never(settings: &Settings, left: &RecordFacts, right: &RecordFacts) -> Option<String> {
    let by_hand = &settings.by_hand;
    let sides =
        |record: &RecordFacts| sides_of(by_hand, &record.body.address.source, &record.values);
    let [one, other] = by_hand.apart(sides(left), sides(right))?;
    Some(format!("steward.toml: {one} and {other} are never linked, except by people"))
}

/// A step for each compared field in which a record holds a value that is no evidence.
fn not_counted(
    facts: Facts<'_>,
    left: &RecordFacts,
    right: &RecordFacts,
) -> Result<Vec<StepView>, DeskError> {
    let settings = facts.settings;
    let sides = [facts.not_counted(left)?, facts.not_counted(right)?];
    let mut steps = Vec::new();
    for field in matching::compared_fields(settings) {
        let rules = sides.iter().flatten().filter(|rule| rule.field == field);
        let mut why: Vec<&str> = rules.map(|rule| rule.message.as_str()).collect();
        why.dedup();
        if why.is_empty() {
            continue;
        }
        let shown = |record: &RecordFacts| {
            record.values.get(field.as_str()).map(|value| value.shown().to_owned())
        };
        steps.push(StepView {
            label: field.as_str().replace('_', " "),
            fields: vec![field.to_string()],
            left: shown(left).unwrap_or_default().into(),
            right: shown(right).unwrap_or_default().into(),
            level: format!("not counted: {}", why.join("; ")),
            weight: 0.0,
            note: None,
            sensitive: settings.field(field.as_str()).is_some_and(|field| field.sensitive),
            counts: false,
        });
    }
    Ok(steps)
}

/// The best pair of records between two customers.
pub(super) fn best_pair(
    facts: Facts<'_>,
    model: &Model,
    left: &[RecordFacts],
    right: &[RecordFacts],
) -> Result<Option<(ExplanationView, Crossed)>, DeskError> {
    let Some((one, other, crossed)) = closest_pair(facts, model, left, right)? else {
        return Ok(None);
    };
    let (view, beside) = judged(facts, model, one, other)?;
    Ok(Some((view, Crossed { beside: Some(beside), ..crossed })))
}

/// How all pairs of records between two customers score.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Crossed {
    /// How many there are.
    pub(super) pairs: usize,
    /// Match probability of the most alike.
    pub(super) best: f64,
    /// Of the least alike.
    pub(super) least: f64,
    /// How the most alike stand to each other, where that was looked into.
    pub(super) beside: Option<Beside>,
}

/// The two records that are most alike, and how all of them score.
type Closest<'a> = (&'a RecordFacts, &'a RecordFacts, Crossed);

/// The same, not explained.
pub(super) fn closest_pair<'a>(
    facts: Facts<'_>,
    model: &Model,
    left: &'a [RecordFacts],
    right: &'a [RecordFacts],
) -> Result<Option<Closest<'a>>, DeskError> {
    let Facts { settings, fingerprinter, .. } = facts;
    let with_evidence = |records: &'a [RecordFacts]| {
        let read = |record| Ok((record, facts.evidence_of(record)?));
        records.iter().map(read).collect::<Result<Vec<_>, DeskError>>()
    };
    let others = with_evidence(right)?;
    let mut closest: Option<(&RecordFacts, &RecordFacts)> = None;
    let mut crossed = Crossed { least: 1.0, ..Crossed::default() };
    for (one, values) in with_evidence(left)? {
        for (other, against) in &others {
            let score = matching::score(model, settings, fingerprinter, &values, against);
            if closest.is_none() || score > crossed.best {
                closest = Some((one, *other));
                crossed.best = score;
            }
            crossed.pairs += 1;
            crossed.least = crossed.least.min(score);
        }
    }
    Ok(closest.map(|(one, other)| (one, other, crossed)))
}
