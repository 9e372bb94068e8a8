//! The report as one JSON object, indented.

use std::io;

use super::SubjectReport;
use domain::printable::printable_json;

/// The whole text, with a line's end.
pub(super) fn text(report: &SubjectReport) -> io::Result<String> {
    let json = serde_json::to_string_pretty(report)?;
    Ok(format!("{}\n", printable_json(&json)))
}
