//! A dry run of a file that leaves masked fields out of account: whether a row would change a record, or be
//! one task more, would tell whether it guesses the masked value that is held.

use std::collections::{BTreeSet, VecDeque};

use super::prepare::PreparedRow;
use crate::core::Desk;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::guessing::without_masked_rules;
use domain::{FieldName, RecordBody, RuleId};
use settings::{Settings, Source};

/// What a dry run does not look at.
pub(super) struct Blind {
    /// The masked fields that the source delivers.
    pub(super) fields: BTreeSet<FieldName>,
    /// The columns that they are read from, which a record may keep beside them.
    columns: BTreeSet<String>,
    /// The settings without rules about masked fields.
    pub(super) settings: Settings,
    /// Those rules.
    pub(super) unjudged: Vec<RuleId>,
}

impl Blind {
    /// Whether any of the masked fields says who somebody is.
    pub(super) fn hides_who(&self, settings: &Settings) -> bool {
        let mut fields = self.fields.iter().filter_map(|name| settings.field(name.as_str()));
        fields.any(|field| matching::is_identifying(field.field_type))
    }

    /// For a dry run; none where nothing is masked, nobody is held, or it is recorded that somebody looks.
    ///
    /// # Errors
    /// When the store is damaged, or the ledger cannot be written.
    pub(super) fn of(
        desk: &mut Desk,
        settings: &Settings,
        source: &Source,
    ) -> Result<Option<Blind>, DeskError> {
        if desk.facts().view.counters()?.records == 0 {
            return Ok(None);
        }
        let masks = desk.masks();
        let (settings, unjudged) = without_masked_rules(settings, &masks);
        let masked = source.map.iter().filter(|(field, _)| masks.hides(field));
        let fields: BTreeSet<FieldName> = masked.clone().map(|(field, _)| field.clone()).collect();
        let columns = masked.flat_map(|(_, columns)| columns.clone()).collect();
        if fields.is_empty() && unjudged.is_empty() {
            return Ok(None);
        }
        let read = settings.fields.iter().map(|field| &field.name);
        let all: BTreeSet<FieldName> = read.filter(|field| masks.hides(field)).cloned().collect();
        if desk.looks_at(&all)? {
            return Ok(None);
        }
        Ok(Some(Blind { fields, columns, settings, unjudged }))
    }

    /// The facts without rules about masked fields.
    pub(super) fn facts<'f>(&'f self, facts: Facts<'f>) -> Facts<'f> {
        Facts { settings: &self.settings, ..facts }
    }

    /// The row that counts of all that have a record's key: nothing is written that it could replace.
    pub(super) fn last(&self, row: PreparedRow) -> (PreparedRow, u64) {
        let mut row = row;
        let mut later: VecDeque<PreparedRow> = std::mem::take(&mut row.later);
        let others = later.len() as u64;
        (later.pop_back().unwrap_or(row), others)
    }

    /// Has a row say of masked fields what its record says.
    pub(super) fn cover(&self, row: &mut PreparedRow, held: &RecordBody) {
        let body = &mut row.body;
        body.absent.retain(|(field, _)| !self.fields.contains(field));
        body.decimals.retain(|field| !self.fields.contains(field));
        body.unmapped.retain(|(column, _)| !self.columns.contains(column.as_str()));
        let absent = held.absent.iter().filter(|(field, _)| self.fields.contains(field));
        body.absent.extend(absent.cloned());
        let decimals = held.decimals.iter().filter(|field| self.fields.contains(*field));
        body.decimals.extend(decimals.cloned());
        let kept =
            held.unmapped.iter().filter(|(column, _)| self.columns.contains(column.as_str()));
        body.unmapped.extend(kept.cloned());
        for field in &self.fields {
            match held.values.get(field.as_str()) {
                Some(value) => body.values.set(field.clone(), value.clone()),
                None => {
                    body.values.remove(field.as_str());
                }
            }
        }
    }
}
