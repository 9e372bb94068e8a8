//! `keep`: several values of a kind are kept beside the golden one, not that one alone.

use super::field::{Declared, is_declared};
use super::reader::{Entry, Findings, Table, integer, text};
use domain::FieldName;

/// That all values of a field survive, or of fields that survive together: one is preferred, the others are kept beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keep {
    /// How many of the others have columns of their own in exports, beside the one that lists them all.
    pub columns: u8,
    /// The field that says what kind of value it is: private, work.
    pub kind: Option<FieldName>,
    /// The field that says since when it holds.
    pub since: Option<FieldName>,
    /// The field that says whether it was verified.
    pub verified: Option<FieldName>,
}

/// The most columns.
const MOST_COLUMNS: i64 = 9;

impl Keep {
    /// The fields that it names.
    pub fn named(&self) -> impl Iterator<Item = &FieldName> {
        [&self.kind, &self.since, &self.verified].into_iter().flatten()
    }

    /// `keep = "all"`, `keep = "one"`, or `keep = { columns = 2, kind = "email_kind" }`.
    pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> Option<Keep> {
        let entry = table.get("keep")?;
        if !entry.is_table() {
            let said = text(entry, findings)?;
            if !matches!(said.text, "all" | "one") {
                let what = "must be \"all\", \"one\", or a table such as { columns = 2 }";
                findings.add(said.at, format!("`keep` {what}, not `{}`", said.text));
            }
            return (said.text == "all").then(Keep::default);
        }
        let own = Table::of(entry, format!("{} keep", table.title), findings)?;
        own.only(&["columns", "kind", "since", "verified"], findings);
        let field = |key: &str, findings: &mut Findings| {
            own.text(key, findings).map(|said| FieldName::new(said.text))
        };
        let columns = own.get("columns").and_then(|it| integer(it, 0..MOST_COLUMNS + 1, findings));
        Some(Keep {
            columns: columns.and_then(|it| u8::try_from(it).ok()).unwrap_or_default(),
            kind: field("kind", findings),
            since: field("since", findings),
            verified: field("verified", findings),
        })
    }

    /// Notes what it names and is not declared.
    pub(super) fn check(entry: Entry<'_>, fields: &[Declared<'_>], findings: &mut Findings) {
        let Some(table) = Table::of(entry, "keep", findings) else { return };
        for key in ["kind", "since", "verified"] {
            // Whether it is a text was judged when it was read.
            let Some(entry) = table.get(key) else { continue };
            if let Some(name) = entry.value.get_ref().as_str() {
                is_declared(entry.at, "keep", name, fields, findings);
            }
        }
    }
}
