//! `[survivorship]`: how each golden value is chosen.

use std::collections::BTreeMap;

use super::field::{Declared, is_declared, type_of};
use super::keep::Keep;
use super::nearest::hint;
use super::reader::{Entry, Findings, Table, texts};
use domain::{FieldName, FieldType};

/// The strategies of every field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survivorship {
    /// For fields not named below.
    pub default: Vec<Strategy>,
    /// For single fields.
    pub fields: BTreeMap<FieldName, Vec<Strategy>>,
    /// Fields that survive together, from one record.
    pub groups: Vec<FieldGroup>,
}

impl Default for Survivorship {
    fn default() -> Self {
        Self {
            default: vec![Strategy::Valid, Strategy::MostTrusted, Strategy::MostRecent],
            fields: BTreeMap::new(),
            groups: Vec::new(),
        }
    }
}

/// Fields that survive together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldGroup {
    /// The group's name: `address`.
    pub name: String,
    /// Its fields.
    pub fields: Vec<FieldName>,
    /// Its strategies.
    pub strategy: Vec<Strategy>,
    /// That the others survive as well, one preferred.
    pub keep: Option<Keep>,
}

/// One way to prefer values; each strategy breaks the ties of the one before, the lowest record
/// number the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// Valid values before values with an `error`.
    Valid,
    /// The source with the highest trust in the field.
    MostTrusted,
    /// The record its source changed last.
    MostRecent,
    /// The record its source changed first.
    Oldest,
    /// The value most members hold.
    MostFrequent,
    /// The longest text.
    Longest,
    /// The shortest text.
    Shortest,
    /// The record with most fields filled.
    MostComplete,
    /// Consent: a refusal before a permission, whenever each was said.
    Strictest,
    /// Consent: the statement that counts, by when each was said ([`domain::consent`]).
    Consent,
    /// The largest number or latest date.
    Maximum,
    /// The smallest number or earliest date.
    Minimum,
}

impl Strategy {
    /// Every strategy, in the order of the documentation.
    pub const ALL: [Strategy; 12] = [
        Strategy::Valid,
        Strategy::MostTrusted,
        Strategy::MostRecent,
        Strategy::Oldest,
        Strategy::MostFrequent,
        Strategy::Longest,
        Strategy::Shortest,
        Strategy::MostComplete,
        Strategy::Strictest,
        Strategy::Consent,
        Strategy::Maximum,
        Strategy::Minimum,
    ];

    /// The name in `steward.toml` and in lineage.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Strategy::Valid => "valid",
            Strategy::MostTrusted => "most_trusted",
            Strategy::MostRecent => "most_recent",
            Strategy::Oldest => "oldest",
            Strategy::MostFrequent => "most_frequent",
            Strategy::Longest => "longest",
            Strategy::Shortest => "shortest",
            Strategy::MostComplete => "most_complete",
            Strategy::Strictest => "strictest",
            Strategy::Consent => "consent",
            Strategy::Maximum => "maximum",
            Strategy::Minimum => "minimum",
        }
    }
}

impl Survivorship {
    /// A list belongs to a field, a table `{ fields, strategy }` to a group of them.
    pub(super) fn read(
        table: &Table<'_>,
        fields: &[Declared<'_>],
        findings: &mut Findings,
    ) -> Self {
        let mut survivorship = Self::default();
        if let Some(list) = table.get("default").and_then(|entry| strategies(entry, findings)) {
            survivorship.default = list;
        }
        for entry in table.entries.iter().filter(|entry| entry.key != "default") {
            if entry.value.get_ref().is_table() {
                survivorship.read_group(*entry, fields, findings);
                continue;
            }
            is_declared(entry.at, &table.title, entry.key, fields, findings);
            let Some(list) = strategies(*entry, findings) else { continue };
            for strategy in &list {
                fits_type(*entry, *strategy, fields, findings);
            }
            survivorship.fields.insert(FieldName::new(entry.key), list);
        }
        for group in &survivorship.groups {
            for field in &group.fields {
                let Some(entry) = table.get(field.as_str()) else { continue };
                if survivorship.fields.contains_key(field) {
                    let group = &group.name;
                    findings.add(
                        entry.at,
                        format!("`{field}` survives with the group `{group}`; it cannot have its own strategies"),
                    );
                }
            }
        }
        survivorship
    }

    fn read_group(&mut self, entry: Entry<'_>, fields: &[Declared<'_>], findings: &mut Findings) {
        let title = format!("the group `{}`", entry.key);
        let Some(table) = Table::of(entry, title, findings) else { return };
        table.only(&["fields", "strategy", "keep"], findings);
        if let Some(keep) = table.get("keep").filter(|keep| keep.is_table()) {
            Keep::check(keep, fields, findings);
        }
        let mut group = FieldGroup {
            name: entry.key.to_owned(),
            fields: Vec::new(),
            strategy: table
                .get("strategy")
                .and_then(|entry| strategies(entry, findings))
                .unwrap_or_else(|| self.default.clone()),
            keep: Keep::read(&table, findings),
        };
        let Some(names) = table.required("fields", findings).and_then(|e| texts(e, findings))
        else {
            return;
        };
        if names.len() < 2 {
            findings.add(table.at, format!("{} needs at least two fields", table.title));
        }
        for name in names {
            is_declared(name.at, &table.title, name.text, fields, findings);
            let field = FieldName::new(name.text);
            let taken = self.groups.iter().any(|other| other.fields.contains(&field));
            if taken || group.fields.contains(&field) {
                findings.add(name.at, format!("`{field}` is in two groups, or twice in one"));
            } else {
                group.fields.push(field);
            }
        }
        self.groups.push(group);
    }
}

fn strategies(entry: Entry<'_>, findings: &mut Findings) -> Option<Vec<Strategy>> {
    let names = texts(entry, findings)?;
    if names.is_empty() {
        findings.add(entry.at, format!("`{}` needs at least one strategy", entry.key));
    }
    let mut list = Vec::with_capacity(names.len());
    for name in names {
        match Strategy::ALL.into_iter().find(|strategy| strategy.name() == name.text) {
            Some(strategy) => list.push(strategy),
            None => {
                let hint = hint(name.text, Strategy::ALL.map(Strategy::name));
                findings.add(name.at, format!("unknown strategy `{}`{hint}", name.text));
            }
        }
    }
    Some(list).filter(|list| !list.is_empty())
}

/// Notes a strategy that could never tell two values of the field's type apart.
fn fits_type(
    entry: Entry<'_>,
    strategy: Strategy,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) {
    let Some(field_type) = type_of(entry.key, fields) else { return };
    let (fits, needs) = match strategy {
        Strategy::Strictest | Strategy::Consent => (field_type == FieldType::Consent, "consent"),
        Strategy::Maximum | Strategy::Minimum => (
            matches!(field_type, FieldType::Number | FieldType::Date | FieldType::DateOfBirth),
            "numbers and dates",
        ),
        _ => return,
    };
    if !fits {
        let (key, name) = (entry.key, strategy.name());
        findings.add(
            entry.at,
            format!("`{name}` works on {needs}; `{key}` has type {}", field_type.name()),
        );
    }
}
