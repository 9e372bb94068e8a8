//! Records that the machine merged before somebody came whom they fit as well, and who is not one with those that
//! they were merged with. Had all come together, the machine would have given them to neither.

use super::{Contradiction, latest_together};
use crate::error::DeskError;
use crate::facts::Facts;
use crate::jobs::Scorer;
use domain::{CustomerId, RecordId, Task, Values};
use intake::review;
use matching::Beside;

/// The same of a challenge, as its customers are now.
pub(super) fn of_task(
    scorer: &Scorer<'_>,
    task: &Task,
) -> Result<Option<Contradiction>, DeskError> {
    let view = scorer.facts.view;
    let Some(record) = task.record else { return Ok(None) };
    let own = view.customer_of(record)?;
    for customer in &task.customers {
        if let Some(rival) = view.follow(*customer)?.filter(|live| *live != own) {
            return merge_contested(scorer, record, rival);
        }
    }
    Ok(None)
}

/// Whether a record, which the machine merged, fits a customer as well that is not one with the others of its own.
pub(in super::super) fn merge_contested(
    scorer: &Scorer<'_>,
    record: RecordId,
    rival: CustomerId,
) -> Result<Option<Contradiction>, DeskError> {
    let facts = scorer.facts;
    if !facts.takes_part(record)? || latest_together(facts, record)?.is_some() {
        return Ok(None);
    }
    let own = facts.view.customer_of(record)?;
    let (others, rivals) = (evidence(facts, own)?, evidence(facts, rival)?);
    let Some((_, asked)) = others.iter().find(|(id, _)| *id == record) else { return Ok(None) };
    for (third, against) in &rivals {
        let to_rival = claim(scorer, (record, asked), (*third, against))?;
        for (with, values) in others.iter().filter(|(id, _)| *id != record) {
            let to_joined = claim(scorer, (record, asked), (*with, values))?;
            let (_, beside) = claim(scorer, (*with, values), (*third, against))?;
            if matching::is_torn(to_joined, to_rival, beside, facts.settings.matching) {
                let mut customers = vec![own, rival];
                customers.sort_unstable();
                let score = matching::score(
                    &scorer.model,
                    facts.settings,
                    facts.fingerprinter,
                    asked,
                    against,
                );
                return Ok(Some(Contradiction { customers, fields: Vec::new(), score }));
            }
        }
    }
    Ok(None)
}

/// What is compared of the records of a customer that take part.
fn evidence(facts: Facts<'_>, customer: CustomerId) -> Result<Vec<(RecordId, Values)>, DeskError> {
    let members = facts.view.customer(customer)?.map(|state| state.members).unwrap_or_default();
    let mut found = Vec::new();
    for record in members {
        if facts.takes_part(record)? {
            found.push((record, facts.evidence(record)?));
        }
    }
    Ok(found)
}

/// log2 of the odds that two records are one, and how they stand to each other, also by what people decided.
fn claim(
    scorer: &Scorer<'_>,
    (one, left): (RecordId, &Values),
    (other, right): (RecordId, &Values),
) -> Result<(f64, Beside), DeskError> {
    let Facts { settings, fingerprinter, .. } = scorer.facts;
    let explained = matching::explain(&scorer.model, settings, fingerprinter, left, right);
    let beside = match are_apart(scorer.facts, one, other)? {
        true => Beside::Two,
        false => explained.beside,
    };
    Ok((explained.match_weight, beside))
}

/// Whether a standing decision says that two records are different customers.
fn are_apart(facts: Facts<'_>, one: RecordId, other: RecordId) -> Result<bool, DeskError> {
    let decisions = facts.view.decisions_of(one)?;
    Ok(decisions.iter().any(|(_, entry)| {
        entry.stands()
            && review::apart::constrains(entry.verdict)
            && review::apart::apart(&entry.groups, &[one], &[other])
    }))
}
