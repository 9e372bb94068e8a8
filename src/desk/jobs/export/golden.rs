//! Golden records: each live customer with its survived values and those of its members that count, and in formats
//! that can hold it where each value came from. A customer whose every record is set aside has none
//! until one of them comes back.

use super::walk::{Rows, Scope};
use super::{kept, measures, purpose};
use crate::error::DeskError;
use crate::export::{Cell, Column};
use crate::facts::{Facts, RecordFacts};
use domain::{CustomerId, Golden, Origin, RecordId};
use settings::Purpose;

pub(super) fn columns(facts: Facts<'_>) -> Result<Vec<Column>, DeskError> {
    let fields = facts.settings.fields.iter().map(Column::of_field);
    let first = [Column::new("customer")].into_iter();
    let last = [Column::new("members"), Column::nested("lineage")];
    let kept = kept::lists(facts.settings).into_iter().flat_map(|list| list.columns());
    let measures = measures::columns(facts.settings);
    Ok(first.chain(fields).chain(last).chain(kept).chain(measures).collect())
}

/// Of an export for a purpose: who, and what is used for it. Where its values came from is not.
pub(super) fn columns_for(facts: Facts<'_>, purpose: &Purpose) -> Vec<Column> {
    let fields = purpose::fields(facts.settings, Some(purpose));
    let fields = fields.into_iter().map(Column::of_field);
    std::iter::once(Column::new("customer")).chain(fields).collect()
}

/// By customer id. Changed settings may change any golden value, so since then all of them count
/// as changed.
pub(super) fn write(scope: &Scope<'_>, rows: &mut Rows<'_>) -> Result<(), DeskError> {
    let facts = scope.facts;
    let counters = facts.view.counters()?;
    let adopted = counters.settings.map(|place| place.sequence).unwrap_or_default();
    let purpose = scope.used_for.as_ref().and_then(|it| it.purpose(facts.settings));
    let fields = purpose::fields(facts.settings, purpose);
    let kept = kept::lists(facts.settings);
    let told = measures::Told::of(scope)?;
    let mut walk = scope.walk(u64::from(counters.customers));
    for id in (1..=counters.customers).map(CustomerId) {
        walk.step()?;
        let Some(state) = scope.customer(id)?.filter(|state| state.is_live()) else {
            continue;
        };
        if !scope.is_golden(&state)?
            || !scope.wants(|| Ok(adopted.max(facts.view.customer_version(id)?)))?
        {
            continue;
        }
        let members = scope.members(&state)?;
        if let Some(used_for) = &scope.used_for
            && !used_for.may_use(facts, &state, &members)?
        {
            continue;
        }
        let golden = facts.golden(&state, &members)?;
        let mut cells = vec![Cell::text(id)];
        for field in &fields {
            cells.push(Cell::optional(golden.text(field.name.as_str())));
        }
        if scope.used_for.is_some() {
            rows.write(&cells)?;
            continue;
        }
        let counted = members.iter().filter(|member| member.takes_part());
        cells.push(Cell::list(counted.map(|member| &member.body.address)));
        cells.push(lineage(&golden, &members));
        cells.extend(kept.iter().flat_map(|list| list.cells(&golden)));
        cells.extend(told.iter().flat_map(|told| told.cells(id)));
        rows.write(&cells)?;
    }
    Ok(())
}

/// Of each value: the record it came from, and the strategy or the decision that chose it.
fn lineage(golden: &Golden, members: &[RecordFacts]) -> Cell {
    let address = |id: RecordId| {
        let member = members.iter().find(|member| member.id == id);
        Cell::optional(member.map(|member| &member.body.address))
    };
    let values = golden.values.iter().map(|value| {
        let origin = match &value.origin {
            Origin::Survived { record, strategy } => {
                vec![("record", address(*record)), ("strategy", Cell::text(strategy))]
            }
            Origin::Pinned { decision, record } => {
                let record = record.map_or(Cell::Absent, address);
                vec![("record", record), ("decision", Cell::text(decision))]
            }
        };
        let origin = origin.into_iter().map(|(name, cell)| (name.to_owned(), cell)).collect();
        (value.field.to_string(), Cell::Object(origin))
    });
    Cell::Object(values.collect())
}
