//! Handles that people gave records by correcting them: held from the correction's commit on, and never held once it is
//! undone.

use std::collections::{BTreeMap, BTreeSet};

use super::handles;
use super::keeping::Undone;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::event::RecordChanged;
use domain::{
    DecisionId, Event, FieldName, Fingerprint, RecordId, RecordState, Sequence, Values, Verdict,
};

/// What a record held since when, in order.
pub(super) type Spans = Vec<(Sequence, Vec<Fingerprint>)>;

/// Whether a change of a record's layers is one of its corrections.
pub(super) fn is_correction(changed: &RecordChanged) -> bool {
    changed.before.corrections != changed.after.corrections
}

impl Facts<'_> {
    /// What a record held since when, with what people corrected; empty where no correction of a handle stands or ever
    /// stood: then what was delivered says all.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn corrected_spans(
        &self,
        record: RecordId,
        undone: &Undone,
    ) -> Result<Spans, DeskError> {
        let chain = self.record_chain(record)?;
        let decisions = || chain.iter().filter_map(|link| link.decision.as_ref());
        let mut reversed: BTreeSet<DecisionId> = BTreeSet::new();
        // The latest first: an undo that is undone undoes nothing.
        for decision in decisions().filter(|it| it.verdict == Verdict::Undo) {
            if !reversed.contains(&decision.id) {
                reversed.extend(&decision.reverses);
            }
        }
        let said: BTreeMap<DecisionId, &Values> =
            decisions().map(|decision| (decision.id, &decision.values)).collect();
        let mut delivered: Option<&Values> = None;
        let mut corrected: BTreeMap<FieldName, DecisionId> = BTreeMap::new();
        let (mut spans, mut is_any) = (Spans::new(), false);
        for link in chain.iter().rev() {
            let by = link.decision.as_ref().map(|decision| decision.id);
            let stands = by.is_none_or(|by| !reversed.contains(&by));
            for event in &link.events {
                match event {
                    Event::RecordRevised(revised) if undone.leaves(revised) => {
                        delivered = Some(&revised.body.values);
                    }
                    Event::RecordChanged(changed) if stands && is_correction(changed) => {
                        take(&mut corrected, &changed.after, &reversed);
                        is_any |= !corrected.is_empty();
                    }
                    _ => continue,
                }
                let Some(delivered) = delivered else { continue };
                spans.push((link.sequence, self.held_of(delivered, &corrected, &said)));
            }
        }
        Ok(if is_any { spans } else { Spans::new() })
    }

    fn held_of(
        &self,
        delivered: &Values,
        corrected: &BTreeMap<FieldName, DecisionId>,
        said: &BTreeMap<DecisionId, &Values>,
    ) -> Vec<Fingerprint> {
        let mut held = Vec::new();
        for field in &self.settings.fields {
            let value = match corrected.get(&field.name) {
                Some(by) => said.get(by).and_then(|values| values.get(field.name.as_str())),
                None => delivered.get(field.name.as_str()),
            };
            let of = |text| handles::of(self.fingerprinter, field, text);
            held.extend(value.and_then(|value| value.standard()).and_then(of));
        }
        held
    }
}

/// Corrections after a change that stands, those of decisions that were undone left out: they leave what was before.
fn take(
    corrected: &mut BTreeMap<FieldName, DecisionId>,
    after: &RecordState,
    reversed: &BTreeSet<DecisionId>,
) {
    corrected.retain(|field, _| after.corrections.contains_key(field));
    for (field, correction) in &after.corrections {
        if !reversed.contains(&correction.decision) {
            corrected.insert(field.clone(), correction.decision);
        }
    }
}
