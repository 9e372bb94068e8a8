//! The same correction of many records: each a decision of its own, under one `B` id.

use std::collections::BTreeMap;

use crate::answers::preview::read_as;
use crate::core::Desk;
use crate::describe;
use crate::error::{Decided, DeskError, Stop};
use domain::{CustomerId, FieldName, RecordAddress, RecordId, RuleId, Sequence, Shown, Value};
use door::operations::{CorrectSome, ValuesOf};
use door::views::{CorrectedSome, GoldenChange, NeedsApproval, TypedValue};
use door::{Action, BulkOutcome, BulkResult, Refusal, Request};
use intake::harmonise;

/// What one correction would do.
struct Correction {
    summary: String,
    /// The golden value that changes at once.
    change: Option<GoldenChange>,
    typed: Vec<TypedValue>,
    /// Who has to approve it first.
    needs: Option<NeedsApproval>,
}

impl Desk {
    /// Judges or corrects a few records.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn correct_some(&mut self, asked: &CorrectSome) -> Decided<CorrectedSome> {
        self.must_not_be_a_guess(&asked.field)?;
        let outcome = BulkOutcome { bulk: asked.bulk, ..BulkOutcome::default() };
        let (golden, typed, needs) = (Vec::new(), Vec::new(), Vec::new());
        let mut done = CorrectedSome { outcome, golden, typed, needs };
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
            Ok(Correction { summary, change, typed, needs }) => {
                result.summary = summary;
                if let Some(needed) = needs {
                    done.needs_too(needed, 1);
                }
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
    ) -> Decided<Correction> {
        let facts = self.facts();
        let unknown = || Stop::from(Refusal::Unknown { subject: address.to_string() });
        let record: RecordId = facts.find(address)?.ok_or_else(unknown)?;
        let planned = self.planned(request, unjudged)?;
        let summary = describe::outcome(facts, &planned.outcome.commit)? + &planned.clause();
        let needs = planned.told();
        let foreseen = planned.outcome;
        let customer = facts.view.customer_of(record)?;
        let before = golden(facts, customer, &asked.field)?;
        let after =
            self.with_foreseen(&foreseen, |after| Ok(golden(after, customer, &asked.field)?))?;
        let change = (before != after && needs.is_none()).then(|| GoldenChange {
            customer,
            field: asked.field.clone(),
            before: before.map(Shown::from),
            after: after.map(Shown::from),
        });
        let typed = read_as(&request.action, &foreseen.commit.events);
        Ok(Correction { summary, change, typed, needs })
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
