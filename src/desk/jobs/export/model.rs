//! The model of the last run as Splink settings: not rows, but recorded as every export is.

use std::io::Write;

use super::ExportOutcome;
use crate::core::Desk;
use crate::error::DeskError;
use crate::exported::{Destination, Leaving};
use domain::Sequence;
use domain::hexadecimal::encode as hex;
use domain::printable::printable_json;
use matching::splink::Dialect;
use matching::{Kind, splink};

/// The name of the data set in the ledger and on the command line.
pub const MODEL: &str = "model";

/// Which model to export, and for what.
#[derive(Debug, Clone)]
pub struct ModelRequest {
    /// The kind of record; none: the only kind there is, else persons.
    pub kind: Option<Kind>,
    /// The SQL of its conditions.
    pub dialect: Dialect,
    /// Where it goes, for the record.
    pub destination: Destination,
    /// Write nothing, here or in the ledger.
    pub dry_run: bool,
}

impl Desk {
    /// Records that the model of the last run is about to be exported, writes it to `out` as Splink
    /// settings, then records that it was. The outcome counts its comparisons. Nothing is recorded
    /// in a workspace that was opened only to be read.
    ///
    /// # Errors
    /// When nothing was matched yet, or the run knew no record of that kind or other fields: nothing
    /// is recorded then. When the output cannot be written, or ledger or store fail.
    pub fn export_model(
        &mut self,
        request: &ModelRequest,
        out: &mut dyn Write,
    ) -> Result<(Kind, ExportOutcome), DeskError> {
        let is_recorded = !request.dry_run && !self.is_reading_only();
        if is_recorded {
            self.adopt_settings()?;
        }
        let facts = self.facts();
        let up_to = facts.view.head()?.map_or(Sequence::ZERO, |(sequence, _)| sequence);
        let model = facts.model()?.ok_or_else(super::pairs::nothing_matched)?;
        let known = splink::kinds(&model);
        let kind = request.kind.or(known.first().copied()).unwrap_or(Kind::Person);
        let settings = splink::settings_json(&model, facts.settings, kind, request.dialect)
            .ok_or_else(|| {
                let name = splink::kind_name(kind);
                DeskError::Usage(format!(
                    "the last run learned nothing of {name} records, or of other fields than there \
                     are now: `steward match` learns anew"
                ))
            })?;
        let comparisons = settings["comparisons"].as_array().map_or(0, Vec::len) as u64;
        let chain = hex(&self.reader.chain_at(up_to)?);
        let leaving = Leaving {
            dataset: MODEL,
            format: format!("splink, {}", request.dialect.name()),
            filter: splink::kind_name(kind).to_owned(),
            up_to,
            destination: &request.destination,
        };
        let begun = is_recorded.then(|| self.begin_exports(&[leaving.begun()])).transpose()?;
        if !request.dry_run {
            let json = serde_json::to_string_pretty(&settings)
                .map_err(|error| DeskError::Output(error.into()))?;
            writeln!(out, "{}", printable_json(&json))
                .and_then(|()| out.flush())
                .map_err(DeskError::Output)?;
        }
        if let Some(begun) = begun {
            self.end_exports(vec![leaving.ended(begun, comparisons)])?;
        }
        Ok((kind, ExportOutcome { rows: comparisons, up_to, chain }))
    }
}
