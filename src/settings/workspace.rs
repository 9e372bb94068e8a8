//! `[workspace]`.

use super::country;
use super::reader::{Findings, Table};

/// The workspace's name and home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Shown at the top of every screen.
    pub name: String,
    /// ISO 3166-1 alpha-2, upper case: the default country of phones and addresses, and the order
    /// of day and month.
    pub region: String,
}

impl Workspace {
    pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> Option<Self> {
        table.only(&["name", "region"], findings);
        let name = table.required_text("name", findings);
        let region = table.required_text("region", findings)?;
        let Some(code) = country::code(region.text) else {
            let hint =
                if region.text.eq_ignore_ascii_case("uk") { " (the UK is `GB`)" } else { "" };
            findings.add(
                region.at,
                format!(
                    "region `{}` is no ISO 3166-1 alpha-2 country code such as `US`{hint}",
                    region.text
                ),
            );
            return None;
        };
        Some(Self { name: name?.text.to_owned(), region: code })
    }
}
