//! Everything held on one person, for that person: the report of GDPR article 15 and of the right
//! to know of the CCPA.
//!
//! Lives here: the report as a plain value ([`SubjectReport`]), and one file a format that writes
//! it. Pure: a report in, text out.
//!
//! Does not live here: how the report is gathered, and what must be left out of it because it is
//! about other persons (`desk/jobs/subject`).
//!
//! Start with `report`.

mod html;
mod json;
mod report;

use std::io::{self, Write};

pub use report::{
    ActivityHeld, ConsentEntry, DecisionHeld, ExportHeld, GoldenHeld, MembershipChange, PinHeld,
    QuarantinedHeld, RecordHeld, RestrictionHeld, RevisedValue, RevisionHeld, SubjectReport,
    TaskChange, TaskHeld, UnmappedHeld, ValueHeld, ViolationHeld, WaiverHeld,
};

/// A format of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectFormat {
    /// One JSON object, for programs and for taking the data elsewhere.
    Json,
    /// One page that needs nothing else, for people, on screen and on paper.
    Html,
}

impl SubjectFormat {
    /// Both.
    pub const ALL: [SubjectFormat; 2] = [SubjectFormat::Json, SubjectFormat::Html];

    /// Its name, which is its file extension as well.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SubjectFormat::Json => "json",
            SubjectFormat::Html => "html",
        }
    }

    /// The format of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<SubjectFormat> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Writes a report.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn write(self, report: &SubjectReport, out: &mut dyn Write) -> io::Result<()> {
        let text = match self {
            SubjectFormat::Json => json::text(report)?,
            SubjectFormat::Html => html::text(report),
        };
        out.write_all(text.as_bytes())
    }
}

#[cfg(test)]
mod tests;
