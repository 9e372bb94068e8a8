//! How the group of a task or a customer formed, under the model of the last run.

use super::comparison::Whole;
use super::explanation::no_model;
use crate::error::{Decided, unknown};
use crate::facts::{Facts, RecordFacts};
use crate::second::Question;
use domain::{CustomerId, Subject, TaskId, Values};
use door::Refusal;
use door::views::{FormationView, JoinView, LinkView, PartView};
use matching::Join;

/// Larger groups have too many pairs to be told.
const MOST_RECORDS: usize = 60;

pub(crate) fn formation(facts: Facts<'_>, subject: &Subject) -> Decided<FormationView> {
    let (parts, members) = match subject {
        Subject::Task(id) => of_task(facts, *id)?,
        Subject::Customer(id) => of_customer(facts, *id)?,
        other => {
            let why = format!(
                "{other} is not a group: name a task (T12), a customer (C17), or two records"
            );
            return Err(Refusal::DoesNotApply { why }.into());
        }
    };
    let (records, units): (Vec<&RecordFacts>, Vec<usize>) = members
        .iter()
        .enumerate()
        .flat_map(|(unit, members)| members.iter().map(move |member| (member, unit)))
        .unzip();
    if records.len() > MOST_RECORDS {
        let why = format!(
            "{subject} has {} records, more than {MOST_RECORDS}: explain two of them instead",
            records.len()
        );
        return Err(Refusal::DoesNotApply { why }.into());
    }
    let model = facts.model()?.ok_or_else(no_model)?;
    let values: Vec<Values> =
        records.iter().map(|record| facts.evidence_of(record)).collect::<Result<_, _>>()?;
    let values: Vec<&Values> = values.iter().collect();
    let Facts { settings, fingerprinter, .. } = facts;
    let formed = matching::formation(&model, settings, fingerprinter, &values, &units);
    let links: Vec<LinkView> = formed
        .links
        .into_iter()
        .map(|link| LinkView {
            left: records[link.left].body.address.clone(),
            right: records[link.right].body.address.clone(),
            probability: link.probability,
            match_weight: link.weight,
            blocking: link.blocking,
            looks_like: link.looks_like,
        })
        .collect();
    let join = |join: &Join| JoinView {
        left: join.left.iter().map(|unit| parts[*unit].name.clone()).collect(),
        right: join.right.iter().map(|unit| parts[*unit].name.clone()).collect(),
        mean: join.mean,
        best: links[join.best].clone(),
    };
    let joins: Vec<JoinView> = formed.joins.iter().map(join).collect();
    let weakest = joins.iter().min_by(|left, right| left.mean.total_cmp(&right.mean)).cloned();
    let review = settings.matching.review;
    Ok(FormationView { subject: subject.to_string(), parts, links, joins, weakest, review })
}

type Parts = (Vec<PartView>, Vec<Vec<RecordFacts>>);

/// The customers of a duplicate task.
fn of_task(facts: Facts<'_>, id: TaskId) -> Decided<Parts> {
    let entry = facts.view.task(id)?.ok_or_else(|| unknown(&id))?;
    if entry.task.state.is_pending()
        && let Some(question) = Question::asked_by(facts, &entry.task)?
    {
        // As it is asked: what they are by now would tell what was decided.
        return Ok(as_parts(question.wholes(facts)?));
    }
    let mut customers: Vec<CustomerId> = Vec::new();
    for customer in &entry.task.customers {
        if let Some(live) = facts.view.follow(*customer)?
            && !customers.contains(&live)
        {
            customers.push(live);
        }
    }
    let wholes: Vec<Whole> =
        customers.into_iter().map(|id| Whole::read(facts, id)).collect::<Decided<_>>()?;
    Ok(as_parts(wholes))
}

/// A part each.
fn as_parts(wholes: Vec<Whole>) -> Parts {
    let (mut parts, mut members) = (Vec::new(), Vec::new());
    for whole in wholes {
        let records = whole.members.iter().map(|it| it.body.address.clone()).collect();
        parts.push(PartView { name: whole.id.to_string(), records });
        members.push(whole.members);
    }
    (parts, members)
}

/// The records of a customer.
fn of_customer(facts: Facts<'_>, id: CustomerId) -> Decided<Parts> {
    let live = facts.view.follow(id)?.ok_or_else(|| unknown(&id))?;
    let whole = Whole::read(facts, live)?;
    let part = |record: &RecordFacts| PartView {
        name: record.body.address.to_string(),
        records: vec![record.body.address.clone()],
    };
    let parts = whole.members.iter().map(part).collect();
    Ok((parts, whole.members.into_iter().map(|member| vec![member]).collect()))
}
