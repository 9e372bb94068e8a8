//! Handles that people gave records by correcting them: held from the correction's commit on, and never held once it is
//! undone.

use std::collections::{BTreeMap, BTreeSet};

use super::handles;
use super::in_force::{self, Brought};
use super::keeping::Undone;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::event::RecordChanged;
use domain::{
    DecisionId, Event, FieldName, Fingerprint, RecordId, RecordState, Sequence, Values, Verdict,
};

/// What a record held since when, in order.
pub(super) type Spans = Vec<(Sequence, Vec<Fingerprint>)>;

/// The fields that people corrected, each with the decision that did.
type Corrected = BTreeMap<FieldName, DecisionId>;

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
        // What was in force, and what was corrected, each with the commit since which it was.
        let mut delivered: Vec<(Sequence, Values)> = Vec::new();
        let mut corrections: Vec<(Sequence, Corrected)> = Vec::new();
        let mut corrected = Corrected::new();
        for link in chain.iter().rev() {
            let commit = self.ledger.commit_where(link.sequence, in_force::is_wanted)?;
            for brought in in_force::brought_by(self.ledger, commit)? {
                match brought {
                    Brought::Came(revised, is_delivered)
                        if revised.record == record && undone.leaves(&revised, is_delivered) =>
                    {
                        delivered.push((link.sequence, revised.body.values));
                    }
                    // What came since was never in force.
                    Brought::Back(of, to) if of == record => {
                        delivered.retain(|(since, _)| *since <= to);
                    }
                    _ => {}
                }
            }
            let by = link.decision.as_ref().map(|decision| decision.id);
            let stands = by.is_none_or(|by| !reversed.contains(&by));
            for event in link.events.iter().filter(|_| stands) {
                if let Event::RecordChanged(changed) = event
                    && is_correction(changed)
                {
                    take(&mut corrected, &changed.after, &reversed);
                    corrections.push((link.sequence, corrected.clone()));
                }
            }
        }
        let is_any = corrections.iter().any(|(_, it)| !it.is_empty());
        let since = delivered.iter().map(|it| it.0).chain(corrections.iter().map(|it| it.0));
        let since: BTreeSet<Sequence> = since.collect();
        let none = Corrected::new();
        let held = since.into_iter().filter_map(|since| {
            let (_, values) = delivered.iter().rfind(|(at, _)| *at <= since)?;
            let own = corrections.iter().rfind(|(at, _)| *at <= since).map_or(&none, |it| &it.1);
            Some((since, self.held_of(values, own, &said)))
        });
        let spans: Spans = held.collect();
        Ok(if is_any { spans } else { Spans::new() })
    }

    fn held_of(
        &self,
        delivered: &Values,
        corrected: &Corrected,
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
fn take(corrected: &mut Corrected, after: &RecordState, reversed: &BTreeSet<DecisionId>) {
    corrected.retain(|field, _| after.corrections.contains_key(field));
    for (field, correction) in &after.corrections {
        if !reversed.contains(&correction.decision) {
            corrected.insert(field.clone(), correction.decision);
        }
    }
}
