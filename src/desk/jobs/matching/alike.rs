//! Who a record that is not there yet may be: what the next run would find for it.

use super::read::{self, Rows};
use crate::columns_file::ColumnsFile;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{RecordId, Values};
use matching::{Constraints, Request, Silent};

/// The records that one with these values may be one with, each with how probable that is; none where
/// nothing has been matched yet, or the next run would learn again.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn alike(
    facts: Facts<'_>,
    file: &ColumnsFile,
    values: &Values,
) -> Result<Option<Vec<(RecordId, f64)>>, DeskError> {
    let Some(model) = facts.model()? else { return Ok(None) };
    let rows = Rows::read(facts)?;
    let mut builder = read::read(facts, &rows, Some(file), None, &Silent)?;
    let new = RecordId(facts.view.counters()?.records);
    builder.push(new, values);
    if !matching::serves(&model, &builder) {
        return Ok(None);
    }
    let columns = builder.finish_under(&model, facts.fingerprinter);
    let request = Request {
        columns: &columns,
        constraints: &Constraints::default(),
        clusters: &[],
        thresholds: facts.settings.matching,
        fingerprinter: facts.fingerprinter,
        ladder: &[],
        carried: None,
    };
    Ok(Some(matching::alike(&request, &model, new)))
}
