//! What people typed, read by the rules of today.
//!
//! A correction or a pin keeps its text and the value it had when it was decided. That value stands as
//! long as its field's type and code list do; under others the text is read again, and where it cannot
//! be read it is unreadable, as a delivered one would be.

use std::collections::HashMap;
use std::sync::Arc;

use super::error::DeskError;
use super::facts::{Facts, RecordFacts, day_of, missing};
use domain::{DecisionId, Event, FieldName, Sequence, Value, Values};
use intake::harmonise;
use settings::Settings;

/// Since which commit fields have had the type and the code list they have.
pub(super) type Since = Arc<HashMap<FieldName, Sequence>>;

/// What a correction puts in a value's place.
pub(super) enum Laid {
    /// This value.
    Value(Value),
    /// Nothing: the value is removed.
    Nothing,
}

impl Facts<'_> {
    /// What a correction's decision put in the place of a field's value, read as of today; none where it says
    /// nothing of the field, as one that was erased.
    ///
    /// # Errors
    /// When the store or the ledger is damaged, or there is no such decision.
    pub(super) fn laid_by(
        &self,
        id: DecisionId,
        field: &FieldName,
        beside: &Values,
    ) -> Result<Option<Laid>, DeskError> {
        if self.decision(id)?.cleared.contains(field) {
            return Ok(Some(Laid::Nothing));
        }
        Ok(self.set_by(id, field, beside)?.map(Laid::Value))
    }

    /// The fields of a record whose value a person removed, with the decisions.
    ///
    /// # Errors
    /// When the ledger is damaged.
    pub(super) fn removed(
        &self,
        record: &RecordFacts,
    ) -> Result<Vec<(FieldName, DecisionId)>, DeskError> {
        let mut removed = Vec::new();
        for (field, layer) in &record.state.corrections {
            if self.decision(layer.decision)?.cleared.contains(field) {
                removed.push((field.clone(), layer.decision));
            }
        }
        Ok(removed)
    }

    /// The value that a decision set on a field, as it is read today beside the other values; none where
    /// it set none.
    ///
    /// # Errors
    /// When the store or the ledger is damaged, or there is no such decision.
    pub(super) fn set_by(
        &self,
        id: DecisionId,
        field: &FieldName,
        beside: &Values,
    ) -> Result<Option<Value>, DeskError> {
        let Some(value) = self.decision(id)?.values.get(field.as_str()).cloned() else {
            return Ok(None);
        };
        let entry = self.view.decision(id)?.ok_or_else(|| missing(format!("decision {id}")))?;
        let at = entry.place.sequence;
        // What the settings do not declare has no type to be read by.
        let since = self.defined_since()?.get(field).copied().unwrap_or_default();
        if at >= since {
            return Ok(Some(value));
        }
        let day = day_of(self.time_of(at)?);
        let read = harmonise::typed(self.settings, field.as_str(), value.raw(), beside, day);
        Ok(Some(read.unwrap_or_else(|| Value::unreadable(value.raw()))))
    }

    /// Since when each field has been what it is by the settings of these facts. Settings that are not
    /// adopted are younger than all that was decided.
    fn defined_since(&self) -> Result<Since, DeskError> {
        let newest = self.view.counters()?.settings.map(|place| place.sequence);
        if let Some(known) = self.caches.defined_since(&self.settings.text, newest) {
            return Ok(known);
        }
        let mut earlier = self.adopted_before(newest)?;
        if let Some(own) = earlier.iter().position(|(_, text)| *text == self.settings.text) {
            earlier.drain(..own);
        }
        let mut since: HashMap<FieldName, Sequence> = HashMap::new();
        let mut open: Vec<&FieldName> = self.settings.fields.iter().map(|it| &it.name).collect();
        since.extend(open.iter().map(|field| ((*field).clone(), Sequence(u64::MAX))));
        let last = earlier.len().saturating_sub(1);
        for (at, (by, text)) in earlier.iter().enumerate() {
            if open.is_empty() {
                break;
            }
            // Settings that this version does not read any more tell nothing of a change.
            let then = if *text == self.settings.text { None } else { settings::parse(text).ok() };
            open.retain(|field| then.as_ref().is_none_or(|then| same(self.settings, then, field)));
            // Nothing was decided before the first.
            let by = if at == last { Sequence(0) } else { *by };
            since.extend(open.iter().map(|field| ((*field).clone(), by)));
        }
        let since = Arc::new(since);
        self.caches.note_defined(&self.settings.text, newest, &since);
        Ok(since)
    }

    /// The settings that were adopted, the latest first.
    fn adopted_before(
        &self,
        newest: Option<Sequence>,
    ) -> Result<Vec<(Sequence, String)>, DeskError> {
        let (mut all, mut next) = (Vec::new(), newest);
        while let Some(by) = next {
            let commit = self.commit(by)?;
            let adopted = commit.events.into_iter().rev().find_map(|event| match event {
                Event::SettingsAdopted(adopted) => Some(adopted),
                _ => None,
            });
            let adopted = adopted.ok_or_else(|| missing("the adopted settings"))?;
            // Never forward, whatever a damaged ledger says.
            next = adopted.previous.filter(|previous| *previous < by);
            all.push((by, adopted.text));
        }
        Ok(all)
    }
}

/// Whether a field was what it is.
fn same(now: &Settings, then: &Settings, field: &FieldName) -> bool {
    let type_of = |settings: &Settings| settings.field(field.as_str()).map(|it| it.field_type);
    let list_of = |settings: &Settings| settings.code_list(field.as_str()).cloned();
    // A field that was not declared then had nothing decided about it.
    type_of(then).is_none() || type_of(now) == type_of(then) && list_of(now) == list_of(then)
}
