//! What of a data set leaves masked: it is for whoever exports, and their role may not see it unmasked.

use crate::export::{Cell, Column};
use domain::{FieldName, Shown};
use settings::{Field, Settings};

use super::kept::{self, KeptList};
use super::{Dataset, DatasetEntry, activities};

/// How the record of an export that leaves masked says so.
pub(in super::super) const MASKED_FOR: &str = "masked for ";

/// The columns of a data set that leave masked.
pub(super) struct MaskedColumns<'s> {
    settings: &'s Settings,
    /// By their place: of a field, or `None` where nobody knows of which.
    columns: Vec<(usize, Option<&'s Field>)>,
}

/// The fields that leave masked; none where no role closes any.
pub(super) fn closed(settings: &Settings) -> Vec<FieldName> {
    let acting = settings.acting.as_ref();
    acting.map(|acting| acting.closed.iter().cloned().collect()).unwrap_or_default()
}

/// Whether a data set can leave masked: in the others a value stands beside its field's name, or in a row as it
/// came.
pub(super) fn can_be_masked(entry: &DatasetEntry) -> bool {
    !matches!(
        entry.dataset,
        Dataset::Corrections | Dataset::Decisions | Dataset::Violations | Dataset::Quarantine
    )
}

impl<'s> MaskedColumns<'s> {
    pub(super) fn of(entry: &DatasetEntry, settings: &'s Settings, columns: &[Column]) -> Self {
        let closed = closed(settings);
        let kept = kept::lists(settings);
        let of_values = matches!(entry.dataset, Dataset::Records | Dataset::Golden);
        let acting = settings.acting.as_ref();
        let sees_sensitive = acting.is_none_or(|acting| acting.sees_properties);
        let field_of = |column: &Column| -> Option<Option<&'s Field>> {
            if entry.dataset == Dataset::Activities {
                let is_closed = |field: &FieldName| {
                    let is_sensitive =
                        || settings.field(field.as_str()).is_some_and(|field| field.sensitive);
                    closed.contains(field) || !sees_sensitive && is_sensitive()
                };
                let sees = (sees_sensitive, &is_closed as &dyn Fn(&FieldName) -> bool);
                return activities::is_masked(settings, &column.name, sees).then_some(None);
            }
            if closed.is_empty() || !of_values {
                return None;
            }
            if entry.dataset == Dataset::Records && column.nested {
                return Some(None);
            }
            // How many there are would tell whether records agree.
            let is_closed = |list: &KeptList<'_>| {
                list.names().any(|name| name == column.name)
                    && list.fields.iter().any(|field| closed.contains(field))
            };
            if entry.dataset == Dataset::Golden && kept.iter().any(is_closed) {
                return Some(None);
            }
            let name = column.name.strip_suffix("_raw");
            let named = settings.field(&column.name).or_else(|| settings.field(name?))?;
            closed.contains(&named.name).then_some(Some(named))
        };
        let found = columns.iter().enumerate();
        let columns = found.filter_map(|(at, column)| Some((at, field_of(column)?))).collect();
        MaskedColumns { settings, columns }
    }

    /// The row as it leaves.
    pub(super) fn mask(&self, cells: &mut [Cell]) {
        for (at, field) in &self.columns {
            let Some(cell) = cells.get_mut(*at) else { continue };
            *cell = match (field, &*cell) {
                (_, Cell::Absent) | (None, _) => Cell::Absent,
                (Some(field), cell) => {
                    let mut shown = Shown::from(cell.flat());
                    self.settings.mask(field, &mut shown);
                    Cell::text(shown)
                }
            };
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }
}

/// That it leaves masked, for the record: names of fields and nothing of their values.
pub(super) fn told(settings: &Settings, masked: &[FieldName]) -> Option<String> {
    let fields: Vec<&str> = masked.iter().map(FieldName::as_str).collect();
    let role = settings.acting_role();
    (!fields.is_empty()).then(|| format!("{MASKED_FOR}{role}: {}", fields.join(" ")))
}
