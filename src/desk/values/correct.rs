//! The same correction of many records: each a decision of its own, under one `B` id.

use std::collections::BTreeMap;

use crate::answers::preview::read_as;
use crate::core::Desk;
use crate::describe;
use crate::error::{Decided, DeskError, Stop};
use domain::{CustomerId, FieldName, RecordAddress, RecordId, RuleId, Sequence, Shown, Value};
use door::operations::{CorrectSome, ValuesOf};
use door::views::{CorrectedSome, GoldenChange, TypedValue};
use door::{Action, BulkOutcome, BulkResult, Refusal, Request};
use intake::harmonise;

impl Desk {
    /// Judges or corrects a few records.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn correct_some(&mut self, asked: &CorrectSome) -> Decided<CorrectedSome> {
        self.must_not_be_a_guess(&asked.field)?;
        let outcome = BulkOutcome { bulk: asked.bulk, ..BulkOutcome::default() };
        let mut done = CorrectedSome { outcome, golden: Vec::new(), typed: Vec::new() };
        let after = (0..asked.records.len() as u64).rev().map(|here| asked.left + here);
        for (address, left) in asked.records.iter().zip(after) {
            let request = self.correction(asked, address);
            let goes_on = match request {
                Ok(request) if asked.rehearse => {
                    let unjudged = self.unjudged(&request, false)?;
                    let goes_on = self.rehearse((asked, &unjudged), address, &request, &mut done);
                    done.outcome.leaves_unjudged(unjudged);
                    goes_on
                }
                other => self.bulk_one(None, other, (asked.rehearse, left), &mut done.outcome),
            };
            if !goes_on {
                break;
            }
        }
        Ok(done)
    }

    /// The request that corrects one of the records; refused where it holds another value by now.
    fn correction(&self, asked: &CorrectSome, address: &RecordAddress) -> Decided<Request> {
        let facts = self.facts();
        let unknown = || Stop::from(Refusal::Unknown { subject: address.to_string() });
        let record = facts.find(address)?.ok_or_else(unknown)?;
        let field = asked.field.as_str();
        let of = |action| {
            let (reason, note) = (asked.reason.clone(), asked.note.clone());
            Request { reason, note, ..Request::new(action) }
        };
        let refused = |why: String| Stop::from(Refusal::DoesNotApply { why });
        let values = facts.values(record)?;
        let held = match asked.of {
            ValuesOf::Raw => facts.body(record)?.values.get(field).map(|it| it.raw().to_owned()),
            _ => values.get(field).map(|it| it.shown().to_owned()),
        };
        if !held.is_some_and(|held| asked.from.contains(&held)) {
            return Err(refused(format!("{field} has changed since it was counted")));
        }
        if asked.to.trim().is_empty() {
            return Ok(of(Action::Correct {
                record: address.clone(),
                values: BTreeMap::new(),
                chosen: BTreeMap::new(),
                cleared: vec![asked.field.clone()],
            }));
        }
        let to = harmonise::typed(facts.settings, field, &asked.to, &values, facts.today());
        let to = to.as_ref().and_then(Value::standard);
        if to.is_some() && to == values.standard(field) {
            return Err(refused(format!("{field} already has that value")));
        }
        let action = Action::Correct {
            record: address.clone(),
            values: BTreeMap::from([(asked.field.clone(), asked.to.clone())]),
            chosen: BTreeMap::new(),
            cleared: Vec::new(),
        };
        Ok(of(action))
    }

    /// Says what one correction would do; whether the next one may follow.
    fn rehearse(
        &self,
        (asked, unjudged): (&CorrectSome, &[RuleId]),
        address: &RecordAddress,
        request: &Request,
        done: &mut CorrectedSome,
    ) -> bool {
        let mut result = BulkResult {
            task: None,
            version: Sequence::ZERO,
            decision: None,
            summary: String::new(),
            proposed: None,
            refusal: None,
            about: None,
        };
        match self.foreseen_correction((asked, unjudged), address, request) {
            Ok((summary, change, typed)) => {
                result.summary = summary;
                for value in typed {
                    if !done.typed.contains(&value) {
                        done.typed.push(value);
                    }
                }
                let is_known = |known: &GoldenChange| {
                    change.as_ref().is_some_and(|change| change.customer == known.customer)
                };
                if !done.golden.iter().any(is_known) {
                    done.golden.extend(change);
                }
            }
            Err(Stop::Refused(refusal)) => result.refusal = Some(refusal),
            Err(Stop::Failed(error)) => {
                done.outcome.failed = Some(error.to_string());
                return false;
            }
        }
        done.outcome.results.push(result);
        true
    }

    fn foreseen_correction(
        &self,
        (asked, unjudged): (&CorrectSome, &[RuleId]),
        address: &RecordAddress,
        request: &Request,
    ) -> Decided<(String, Option<GoldenChange>, Vec<TypedValue>)> {
        let facts = self.facts();
        let unknown = || Stop::from(Refusal::Unknown { subject: address.to_string() });
        let record: RecordId = facts.find(address)?.ok_or_else(unknown)?;
        let planned = self.planned(request, unjudged)?;
        let summary = describe::outcome(facts, &planned.outcome.commit)? + &planned.clause();
        let foreseen = planned.outcome;
        let customer = facts.view.customer_of(record)?;
        let before = golden(facts, customer, &asked.field)?;
        let after =
            self.with_foreseen(&foreseen, |after| Ok(golden(after, customer, &asked.field)?))?;
        let change = (before != after).then(|| GoldenChange {
            customer,
            field: asked.field.clone(),
            before: before.map(Shown::from),
            after: after.map(Shown::from),
        });
        Ok((summary, change, read_as(&request.action, &foreseen.commit.events)))
    }
}

fn golden(
    facts: crate::facts::Facts<'_>,
    customer: CustomerId,
    field: &FieldName,
) -> Result<Option<String>, DeskError> {
    let Some(state) = facts.view.customer(customer)? else { return Ok(None) };
    let golden = facts.golden(&state, &facts.members(&state)?)?;
    Ok(golden.text(field.as_str()).map(str::to_owned))
}
