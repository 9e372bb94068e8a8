//! `[survivorship]`: how each golden value is chosen.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::field::{Declared, is_declared, type_of};
use super::keep::Keep;
use super::nearest::hint;
use super::reader::{Entry, Findings, Placed, Table, listed, text, texts};
use domain::expression::Expression;
use domain::{FieldName, FieldType};

/// The strategies of every field.
#[derive(Debug, Clone, PartialEq)]
pub struct Survivorship {
    /// For fields not named below.
    pub default: Vec<Step>,
    /// For single fields.
    pub fields: BTreeMap<FieldName, Vec<Step>>,
    /// Fields that survive together, from one record.
    pub groups: Vec<FieldGroup>,
}

impl Default for Survivorship {
    fn default() -> Self {
        Self {
            default: [Strategy::Valid, Strategy::MostTrusted, Strategy::MostRecent]
                .map(Step::of)
                .to_vec(),
            fields: BTreeMap::new(),
            groups: Vec::new(),
        }
    }
}

/// A strategy in its place, and of which values it is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The strategy.
    pub strategy: Strategy,
    /// What is asked of each value's record, of its fields and `source`: values of records of which it holds go before the
    /// others, and the strategy is asked among them; where it holds of none, the step is passed over. None: it is asked
    /// of all.
    pub when: Option<Expression>,
}

/// What `when` calls the source of a record.
pub const SOURCE_OF_RECORD: &str = "source";

impl Step {
    /// A strategy that is asked of all values.
    #[must_use]
    pub fn of(strategy: Strategy) -> Step {
        Step { strategy, when: None }
    }

    /// The step in words: `most_recent when source = shop`.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.when {
            Some(when) => format!("{} when {}", self.strategy.name(), when.text()),
            None => self.strategy.name().to_owned(),
        }
    }

    /// What lineage says where it decided. What `when` says of fields would tell what a record holds.
    #[must_use]
    pub fn in_lineage(&self) -> Cow<'static, str> {
        match &self.when {
            Some(when) if when.names() == [SOURCE_OF_RECORD] => Cow::Owned(self.words()),
            _ => Cow::Borrowed(self.strategy.name()),
        }
    }
}

impl PartialEq<Strategy> for Step {
    fn eq(&self, other: &Strategy) -> bool {
        self.when.is_none() && self.strategy == *other
    }
}

/// Fields that survive together.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldGroup {
    /// The group's name: `address`.
    pub name: String,
    /// Its fields.
    pub fields: Vec<FieldName>,
    /// Its strategies.
    pub strategy: Vec<Step>,
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
        if let Some(list) =
            table.get("default").and_then(|entry| strategies(entry, fields, findings))
        {
            survivorship.default = list;
        }
        for entry in table.entries.iter().filter(|entry| entry.key != "default") {
            if entry.value.get_ref().is_table() {
                survivorship.read_group(*entry, fields, findings);
                continue;
            }
            is_declared(entry.at, &table.title, entry.key, fields, findings);
            let Some(list) = strategies(*entry, fields, findings) else { continue };
            for step in &list {
                fits_type(*entry, step.strategy, fields, findings);
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
                .and_then(|entry| strategies(entry, fields, findings))
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

/// `["valid", { strategy = "most_recent", when = "source = shop" }, "most_trusted"]`.
fn strategies(
    entry: Entry<'_>,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Option<Vec<Step>> {
    let items = listed(entry);
    if items.is_empty() {
        findings.add(entry.at, format!("`{}` needs at least one strategy", entry.key));
    }
    let mut list = Vec::with_capacity(items.len());
    for item in items {
        if !item.is_table() {
            let Some(name) = text(item, findings) else { continue };
            list.extend(strategy(name, findings).map(Step::of));
            continue;
        }
        let Some(table) = Table::of(item, format!("a strategy of `{}`", entry.key), findings)
        else {
            continue;
        };
        table.only(&["strategy", "when"], findings);
        let name = table.required_text("strategy", findings);
        let when = table.required_text("when", findings);
        let when = when.and_then(|when| condition(when, fields, findings));
        let strategy = name.and_then(|name| strategy(name, findings));
        list.extend(strategy.zip(when).map(|(strategy, when)| Step { strategy, when: Some(when) }));
    }
    Some(list).filter(|list| !list.is_empty())
}

fn strategy(name: Placed<'_>, findings: &mut Findings) -> Option<Strategy> {
    let found = Strategy::ALL.into_iter().find(|strategy| strategy.name() == name.text);
    if found.is_none() {
        let hint = hint(name.text, Strategy::ALL.map(Strategy::name));
        findings.add(name.at, format!("unknown strategy `{}`{hint}", name.text));
    }
    found
}

fn condition(
    when: Placed<'_>,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Option<Expression> {
    match Expression::parse(when.text) {
        Ok(expression) => {
            let mut names = expression.names().into_iter().filter(|it| *it != SOURCE_OF_RECORD);
            let known = names.all(|name| is_declared(when.at, "`when`", name, fields, findings));
            known.then_some(expression)
        }
        Err(error) => {
            findings.add(when.at, format!("`when` cannot be read: {error}"));
            None
        }
    }
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
