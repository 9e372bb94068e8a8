//! The waterfall of two records, under the model of the last run.

use super::{given, organisations};
use crate::error::{Decided, DeskError};
use crate::facts::{Facts, RecordFacts};
use crate::jobs::sides_of;
use crate::queue::of_steps;
use domain::{RecordAddress, RecordId};
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
pub(super) fn judged(
    facts: Facts<'_>,
    model: &Model,
    left: &RecordFacts,
    right: &RecordFacts,
) -> Result<(ExplanationView, Beside), DeskError> {
    let Facts { settings, fingerprinter, .. } = facts;
    let (one, other) = (facts.evidence_of(left)?, facts.evidence_of(right)?);
    let mut explained = matching::explain(model, settings, fingerprinter, &one, &other);
    for reasons in [&mut explained.lacks, &mut explained.unearned] {
        for (reason, called) in reasons.iter_mut().zip(&explained.lacking) {
            *reason = given::told(std::mem::take(reason), *called, &explained.steps);
        }
    }
    let pattern = of_steps(&explained);
    let mut steps: Vec<StepView> = explained
        .steps
        .into_iter()
        .map(|step| StepView {
            sensitive: step.fields.iter().any(|field| settings.masks(field.as_str())),
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
    let mut lacks = explained.lacks;
    // It says why only where something keeps them from being merged.
    if is_below || !lacks.is_empty() {
        lacks.splice(0..0, organisations::told_apart(settings, &one, &other));
    }
    let unmerged = Unmerged {
        kept_apart: kept_apart.clone(),
        lacks,
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
        let found = sides.iter().flatten().filter(|it| it.field == field);
        let mut why: Vec<&str> = found.map(|it| it.why.as_str()).collect();
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
            sensitive: settings.masks(field.as_str()),
            counts: false,
        });
    }
    Ok(steps)
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
}

/// Two records.
pub(super) type Two<'a> = (&'a RecordFacts, &'a RecordFacts);

/// How the records of two customers stand to each other.
pub(super) struct Closest<'a> {
    /// The two that are most alike.
    pub(super) best: Two<'a>,
    /// The two that are least alike.
    pub(super) least: Two<'a>,
    /// How all of them score.
    pub(super) crossed: Crossed,
}

impl<'a> Closest<'a> {
    /// Of two customers of one record each, whose score is told by the explanation alone.
    pub(super) fn only(two: Two<'a>) -> Closest<'a> {
        Closest { best: two, least: two, crossed: Crossed { pairs: 1, best: 0.0, least: 0.0 } }
    }
}

/// Scores every record of one customer with every one of the other; none where one has no records.
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
    let mut closest: Option<Closest<'a>> = None;
    for (one, values) in with_evidence(left)? {
        for (other, against) in &others {
            let score = matching::score(model, settings, fingerprinter, &values, against);
            let two = (one, *other);
            let found = closest.get_or_insert(Closest {
                best: two,
                least: two,
                crossed: Crossed { pairs: 0, best: score, least: score },
            });
            found.crossed.pairs += 1;
            if score > found.crossed.best {
                (found.best, found.crossed.best) = (two, score);
            }
            if score < found.crossed.least {
                (found.least, found.crossed.least) = (two, score);
            }
        }
    }
    Ok(closest)
}

/// A record of a customer and the other one of it that it is most like.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn beside_others<'a>(
    facts: Facts<'_>,
    model: &Model,
    members: &'a [RecordFacts],
    record: RecordId,
) -> Result<Option<Two<'a>>, DeskError> {
    let Some(at) = members.iter().position(|member| member.id == record) else { return Ok(None) };
    let (own, others) = (&members[at..=at], [&members[..at], &members[at + 1..]]);
    let mut best: Option<Closest<'a>> = None;
    for others in others {
        let found = closest_pair(facts, model, own, others)?;
        if let Some(found) = found
            && best.as_ref().is_none_or(|best| found.crossed.best > best.crossed.best)
        {
            best = Some(found);
        }
    }
    Ok(best.map(|best| (best.best.1, best.best.0)))
}
