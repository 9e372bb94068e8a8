//! `[workspace]`.

use super::country;
use super::reader::{Findings, Table};

/// The workspace's name and home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Shown at the top of every screen.
    pub name: String,
    /// ISO 3166-1 alpha-2, upper case: the default country of phones and addresses, and whose
    /// customs order day and month where nothing else does. None: those must be told.
    pub region: Option<String>,
}

impl Workspace {
    pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> Option<Self> {
        table.only(&["name", "region"], findings);
        let name = table.required_text("name", findings);
        let region = match table.text("region", findings) {
            Some(region) => Some(country::read(region, findings)?),
            None => None,
        };
        Some(Self { name: name?.text.to_owned(), region })
    }
}
