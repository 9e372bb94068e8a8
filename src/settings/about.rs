//! What `[fields.*]` says of a field beyond its type: what it means, who answers for it, what it is used for, and
//! of a field of type consent which channel it is about and which other fields date, end and prove it.

use super::field::{Declared, is_declared, type_of};
use super::nearest::hint;
use super::reader::{Entry, Findings, Table};
use domain::{FieldName, FieldType};

/// What is said of a field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AboutField {
    /// What it means, in a sentence or two.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The names of the purposes it is used for.
    pub purpose: Vec<String>,
    /// Of a field of type consent, what goes with it.
    pub consent: ConsentFields,
}

/// The fields that go with a field of type consent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConsentFields {
    /// The channel it is about; none means all.
    pub channel: Option<String>,
    /// The date on which it was said.
    pub at: Option<FieldName>,
    /// The date until which it holds.
    pub until: Option<FieldName>,
    /// What proves it.
    pub evidence: Option<FieldName>,
}

impl ConsentFields {
    /// The fields that it names.
    pub fn named(&self) -> impl Iterator<Item = &FieldName> {
        [&self.at, &self.until, &self.evidence].into_iter().flatten()
    }
}

/// The keys of a field that are read here.
pub(super) const KEYS: [&str; 7] =
    ["description", "owner", "purpose", "channel", "at", "until", "evidence"];
/// Those that only a field of type consent has.
const OF_CONSENT: [&str; 4] = ["channel", "at", "until", "evidence"];

pub(super) fn read(
    table: &Table<'_>,
    field_type: FieldType,
    purposes: &[&str],
    findings: &mut Findings,
) -> AboutField {
    let text = |key: &str, findings: &mut Findings| {
        table.text(key, findings).map(|placed| placed.text.to_owned())
    };
    let mut purpose: Vec<String> = Vec::new();
    for named in table.texts("purpose", findings).unwrap_or_default() {
        if !purposes.contains(&named.text) {
            let hint = match purposes {
                [] => format!("; add [purposes.{}]", named.text),
                known => hint(named.text, known.iter().copied()),
            };
            findings.add(named.at, format!("unknown purpose `{}`{hint}", named.text));
        } else if !purpose.iter().any(|known| known == named.text) {
            purpose.push(named.text.to_owned());
        }
    }
    if field_type != FieldType::Consent {
        for entry in OF_CONSENT.iter().filter_map(|key| table.get(key)) {
            let (key, title, found) = (entry.key, &table.title, field_type.name());
            findings.add(
                entry.at,
                format!("`{key}` goes with a field of type consent; {title} has type {found}"),
            );
        }
    }
    let field = |key: &str, findings: &mut Findings| {
        table.text(key, findings).map(|placed| FieldName::new(placed.text))
    };
    AboutField {
        description: text("description", findings),
        owner: text("owner", findings),
        purpose,
        consent: ConsentFields {
            channel: text("channel", findings),
            at: field("at", findings),
            until: field("until", findings),
            evidence: field("evidence", findings),
        },
    }
}

/// Looks at the fields that a field of type consent names, once all are known.
pub(super) fn check(entry: Entry<'_>, fields: &[Declared<'_>], findings: &mut Findings) {
    if type_of(entry.key, fields) != Some(FieldType::Consent) {
        return;
    }
    let title = format!("[fields.{}]", entry.key);
    let Some(table) = Table::of(entry, title, findings) else { return };
    for key in ["at", "until", "evidence"] {
        // Whether it is a text was judged when it was read.
        let Some(named) = table.get(key).and_then(|entry| entry.value.get_ref().as_str()) else {
            continue;
        };
        let at = table.get(key).map_or(table.at, |entry| entry.at);
        if !is_declared(at, &table.title, named, fields, findings) || key == "evidence" {
            continue;
        }
        match type_of(named, fields) {
            None | Some(FieldType::Date) => {}
            Some(other) => {
                let found = other.name();
                findings.add(
                    at,
                    format!("`{key}` names a field of type date; `{named}` has type {found}"),
                );
            }
        }
    }
}
