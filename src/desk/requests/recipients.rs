//! Who received the person's data, as far as exports are recorded.

use std::collections::BTreeMap;

use crate::error::{DeskError, Stop};
use crate::facts::Facts;
use crate::jobs::{received_before_erasure, received_by_others};
use domain::{CustomerId, DecisionId, RequestStep, Sequence};
use door::views::{RecipientView, StepTakenView};

/// The exports until the request was closed, or the person was erased: whom to tell is known by commit, so that it
/// outlasts them.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn of(
    facts: Facts<'_>,
    customer: CustomerId,
    steps: &[StepTakenView],
    closed: Option<Sequence>,
) -> Result<Vec<RecipientView>, DeskError> {
    let held = match (facts.view.follow(customer)?, facts.view.erased_in(customer)?) {
        (None, Some(erased)) => received_before_erasure(facts, customer, erased)?,
        (None, None) => Vec::new(),
        (Some(_), _) => match received_by_others(facts, customer) {
            Ok(held) => held,
            Err(Stop::Failed(error)) => return Err(error),
            Err(_) => Vec::new(),
        },
    };
    let mut told: BTreeMap<Sequence, DecisionId> = BTreeMap::new();
    for taken in steps {
        if let Some(RequestStep::Told { exports, .. }) = &taken.step {
            told.extend(exports.iter().map(|export| (*export, taken.decision)));
        }
    }
    let held = held.into_iter().filter(|(it, _)| closed.is_none_or(|end| it.sequence <= end));
    Ok(held
        .map(|(recorded, certain)| RecipientView {
            export: recorded.sequence,
            at: recorded.at,
            by: recorded.by,
            dataset: recorded.exported.dataset,
            format: recorded.exported.format,
            destination: recorded.exported.destination,
            folder: recorded.folder,
            certain,
            told: told.get(&recorded.sequence).copied(),
        })
        .collect())
}
