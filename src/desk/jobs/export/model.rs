//! The model of the last run as Splink settings: not rows, but recorded as every export is.

use std::io::Write;

use crate::core::Desk;
use crate::error::DeskError;
use crate::exported::Leaving;
use domain::Sequence;
use domain::hexadecimal::encode as hex;
use domain::printable::printable_json;
use door::operations::ExportModel;
use door::views::{ExportOutcome, ExportedModel};
use matching::splink::Dialect;
use matching::{Kind, splink};

/// The name of the data set in the ledger and on the command line.
pub const MODEL: &str = "model";

impl Desk {
    /// Records that the model of the last run is about to be exported, writes it to `out` as Splink
    /// settings, then records that it was. The outcome counts its comparisons. A model holds nothing
    /// of anybody: from a workspace that was opened only to be read it leaves unrecorded.
    ///
    /// # Errors
    /// When nothing was matched yet, or the run knew no record of that kind or other fields: nothing
    /// is recorded then. When the output cannot be written, or ledger or store fail.
    pub(crate) fn export_model(
        &mut self,
        request: &ExportModel,
        out: Option<Box<dyn Write + Send>>,
    ) -> Result<ExportedModel, DeskError> {
        let dialect = Dialect::ALL.into_iter().find(|known| known.name() == request.dialect);
        let dialect = dialect.ok_or_else(|| {
            let known = Dialect::ALL.map(Dialect::name).join(", ");
            DeskError::Usage(format!(
                "unknown dialect `{}`: expected one of {known}",
                request.dialect
            ))
        })?;
        let wanted = request.kind.as_deref().map(kind).transpose()?;
        let out = super::output(request.dry_run, out)?;
        let is_recorded = !request.dry_run && !self.is_reading_only();
        let facts = self.facts();
        let up_to = facts.view.head()?.map_or(Sequence::ZERO, |(sequence, _)| sequence);
        let model = facts.model()?.ok_or_else(super::pairs::nothing_matched)?;
        let known = splink::kinds(&model);
        let kind = wanted.or(known.first().copied()).unwrap_or(Kind::Person);
        let settings =
            splink::settings_json(&model, facts.settings, kind, dialect).ok_or_else(|| {
                let name = splink::kind_name(kind);
                DeskError::Usage(format!(
                    "the last run learned nothing about {name} records, or their fields have changed \
                     since: `steward match` learns them again"
                ))
            })?;
        let decisions = model.taught().find(|taught| taught.kind == kind);
        let decisions = decisions.map_or(0, |taught| taught.decisions);
        let comparisons = settings["comparisons"].as_array().map_or(0, Vec::len) as u64;
        let chain = hex(&self.reader.chain_at(up_to)?);
        let leaving = Leaving {
            dataset: MODEL,
            format: format!("splink, {}", dialect.name()),
            filter: splink::kind_name(kind).to_owned(),
            up_to,
            destination: request.destination.clone(),
        };
        let begun = is_recorded.then(|| self.begin_exports(&[leaving.begun()])).transpose()?;
        if let Some(mut out) = out {
            let json = serde_json::to_string_pretty(&settings)
                .map_err(|error| DeskError::Output(error.into()))?;
            writeln!(out, "{}", printable_json(&json))
                .and_then(|()| out.flush())
                .map_err(DeskError::Output)?;
        }
        if let Some(begun) = begun {
            self.end_exports(vec![leaving.ended(begun, comparisons)])?;
        }
        let kind = splink::kind_name(kind).to_owned();
        Ok(ExportedModel {
            kind,
            decisions,
            outcome: ExportOutcome {
                rows: comparisons,
                up_to,
                chain,
                columns: Vec::new(),
                damage: Vec::new(),
                masked: Vec::new(),
                used_for: None,
            },
        })
    }
}

fn kind(name: &str) -> Result<Kind, DeskError> {
    let known = [Kind::Person, Kind::Organisation];
    known.into_iter().find(|kind| splink::kind_name(*kind) == name).ok_or_else(|| {
        let known = known.map(splink::kind_name).join(", ");
        DeskError::Usage(format!("unknown kind `{name}`: expected one of {known}"))
    })
}
