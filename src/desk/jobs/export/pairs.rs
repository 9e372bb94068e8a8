//! Candidate pairs: every pair of records that a blocking rule brings together, scored under the
//! model of the last run, with the level of each comparison in words.

use super::super::matching::columns as values;
use super::walk::{Rows, Scope};
use crate::error::DeskError;
use crate::export::{Cell, Column, Kind, typed};
use crate::facts::Facts;

pub(super) fn columns(facts: Facts<'_>) -> Result<Vec<Column>, DeskError> {
    let model = facts.model()?.ok_or_else(nothing_matched)?;
    let kinds = [("match_probability", Kind::Number), ("match_weight", Kind::Number)];
    let fixed = typed(&["id_l", "id_r", "match_probability", "match_weight"], &kinds);
    let names = matching::comparison_names(&model);
    let levels = names.into_iter().map(|name| Column::new(snake_case(name)));
    Ok(fixed.into_iter().chain(levels).collect())
}

/// By kind of record, then in the order of first import. A comparison whose value is missing on
/// a side, or that its kind of record does not have, has no level.
pub(super) fn write(scope: &Scope<'_>, rows: &mut Rows<'_>) -> Result<(), DeskError> {
    let facts = scope.facts;
    let model = facts.model()?.ok_or_else(nothing_matched)?;
    let names = matching::comparison_names(&model);
    let columns = values(facts, scope.progress)?;
    if !matching::fits(&model, &columns) {
        return Err(DeskError::Usage(
            "fields or kinds of record have changed since the last matching run: \
             `steward match` learns what agreement is worth now"
                .to_owned(),
        ));
    }
    let (fingerprinter, progress) = (facts.fingerprinter, scope.progress);
    matching::scored_pairs(&model, &columns, fingerprinter, progress, &mut |pair| {
        let mut cells = vec![
            Cell::Text(scope.address(pair.left)?),
            Cell::Text(scope.address(pair.right)?),
            Cell::Number(pair.probability),
            Cell::Number(pair.weight),
        ];
        cells.extend(names.iter().map(|name| {
            let level = pair.levels.iter().find(|(comparison, _)| comparison == name);
            Cell::optional(level.and_then(|(_, label)| *label))
        }));
        rows.write(&cells)
    })
}

/// Before the first run there is no model.
pub(super) fn nothing_matched() -> DeskError {
    DeskError::Usage(
        "nothing has been matched yet: `steward match` learns what agreement is worth".to_owned(),
    )
}

/// A comparison's name as a column's: `date of birth` is `date_of_birth`, `e-mail` is `email`.
fn snake_case(name: &str) -> String {
    name.replace('-', "").replace(' ', "_")
}
