//! Reading single keys out of a parsed TOML document, noting what is wrong and where.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Finding;
use super::nearest::hint;

/// A value of the document and where it stands.
pub(super) type Node<'doc> = Spanned<DeValue<'doc>>;

/// Collects findings under the lines they belong to.
pub(super) struct Findings {
    line_starts: Vec<usize>,
    list: Vec<Finding>,
}

impl Findings {
    pub(super) fn new(text: &str) -> Self {
        let line_starts =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { line_starts, list: Vec::new() }
    }

    /// Notes that something at this byte of the text is wrong.
    pub(super) fn add(&mut self, at: usize, message: impl Into<String>) {
        let line = self.line_starts.partition_point(|start| *start <= at);
        self.list.push(Finding { line, message: message.into() });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Everything found, in the order of lines.
    pub(super) fn into_sorted(mut self) -> Vec<Finding> {
        self.list.sort_by_key(|finding| finding.line);
        self.list.dedup();
        self.list
    }
}

/// One key of a table.
#[derive(Clone, Copy)]
pub(super) struct Entry<'doc> {
    /// The key.
    pub(super) key: &'doc str,
    /// Where the key stands, in bytes.
    pub(super) at: usize,
    /// Its value.
    pub(super) value: &'doc Node<'doc>,
}

impl Entry<'_> {
    pub(super) fn is_table(&self) -> bool {
        matches!(self.value.get_ref(), DeValue::Table(_))
    }
}

/// A text of the document and where it stands, in bytes.
#[derive(Clone, Copy)]
pub(super) struct Placed<'doc> {
    pub(super) at: usize,
    pub(super) text: &'doc str,
}

/// A table of the document, its keys in the order of the file.
pub(super) struct Table<'doc> {
    /// Where it begins, in bytes.
    pub(super) at: usize,
    /// What findings call it: `[sources.crm]`.
    pub(super) title: String,
    /// Its keys.
    pub(super) entries: Vec<Entry<'doc>>,
}

impl<'doc> Table<'doc> {
    pub(super) fn new(at: usize, title: impl Into<String>, table: &'doc DeTable<'doc>) -> Self {
        let mut entries: Vec<Entry<'doc>> = table
            .iter()
            .map(|(key, value)| Entry { key: key.get_ref(), at: key.span().start, value })
            .collect();
        entries.sort_by_key(|entry| entry.at);
        Self { at, title: title.into(), entries }
    }

    /// The table of an entry; anything else is a finding.
    pub(super) fn of(
        entry: Entry<'doc>,
        title: impl Into<String>,
        findings: &mut Findings,
    ) -> Option<Self> {
        match entry.value.get_ref() {
            DeValue::Table(table) => Some(Self::new(entry.at, title, table)),
            _ => wrong_type(entry, "a table", findings),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<Entry<'doc>> {
        self.entries.iter().find(|entry| entry.key == key).copied()
    }

    /// Every key but these is a finding.
    pub(super) fn only(&self, known: &[&str], findings: &mut Findings) {
        for entry in self.entries.iter().filter(|entry| !known.contains(&entry.key)) {
            let hint = hint(entry.key, known.iter().copied());
            findings.add(entry.at, format!("unknown key `{}` in {}{hint}", entry.key, self.title));
        }
    }

    /// The entry, whose absence is a finding.
    pub(super) fn required(&self, key: &str, findings: &mut Findings) -> Option<Entry<'doc>> {
        let entry = self.get(key);
        if entry.is_none() {
            findings.add(self.at, format!("{} needs `{key}`", self.title));
        }
        entry
    }

    /// A text that must be there and not blank.
    pub(super) fn required_text(&self, key: &str, findings: &mut Findings) -> Option<Placed<'doc>> {
        self.required(key, findings).and_then(|entry| text(entry, findings))
    }

    /// A text that may be there.
    pub(super) fn text(&self, key: &str, findings: &mut Findings) -> Option<Placed<'doc>> {
        self.get(key).and_then(|entry| text(entry, findings))
    }

    /// A list of texts, or one text, that may be there.
    pub(super) fn texts(&self, key: &str, findings: &mut Findings) -> Option<Vec<Placed<'doc>>> {
        self.get(key).and_then(|entry| texts(entry, findings))
    }

    /// A yes or no that may be there.
    pub(super) fn boolean(&self, key: &str, findings: &mut Findings) -> Option<bool> {
        let entry = self.get(key)?;
        match entry.value.get_ref() {
            DeValue::Boolean(boolean) => Some(*boolean),
            _ => wrong_type(entry, "true or false", findings),
        }
    }

    /// The tables of a list of tables (`[[rules]]`) that may be there.
    pub(super) fn tables(&self, key: &str, findings: &mut Findings) -> Vec<Table<'doc>> {
        let Some(entry) = self.get(key) else { return Vec::new() };
        let title = if self.title.is_empty() {
            format!("[[{key}]]")
        } else {
            format!("[[{}.{key}]]", self.title.trim_matches(['[', ']']))
        };
        let DeValue::Array(items) = entry.value.get_ref() else {
            return wrong_type(entry, &format!("a list, each written as {title}"), findings)
                .unwrap_or_default();
        };
        let mut tables = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::Table(table) => {
                    tables.push(Table::new(item.span().start, &title, table));
                }
                _ => findings.add(item.span().start, format!("should be a table, as {title}")),
            }
        }
        tables
    }
}

/// Notes that a value is not what its key needs.
pub(super) fn wrong_type<T>(
    entry: Entry<'_>,
    expected: &str,
    findings: &mut Findings,
) -> Option<T> {
    let found = found(entry.value);
    findings.add(entry.at, format!("`{}` should be {expected}, not {found}", entry.key));
    None
}

fn found(value: &Node<'_>) -> &'static str {
    match value.get_ref() {
        DeValue::String(text) if text.trim().is_empty() => "an empty text",
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// The text of an entry; blank ones are a finding.
pub(super) fn text<'doc>(entry: Entry<'doc>, findings: &mut Findings) -> Option<Placed<'doc>> {
    placed(entry.value).or_else(|| wrong_type(entry, "a text", findings))
}

fn placed<'doc>(value: &'doc Node<'doc>) -> Option<Placed<'doc>> {
    let text = value.get_ref().as_str().filter(|text| !text.trim().is_empty())?;
    Some(Placed { at: value.span().start, text })
}

/// The texts of an entry: a list of them, or one alone.
pub(super) fn texts<'doc>(
    entry: Entry<'doc>,
    findings: &mut Findings,
) -> Option<Vec<Placed<'doc>>> {
    let items: &[Node<'doc>] = match entry.value.get_ref() {
        DeValue::Array(items) => items,
        _ => return text(entry, findings).map(|placed| vec![placed]),
    };
    let texts: Option<Vec<Placed<'doc>>> = items.iter().map(placed).collect();
    texts.or_else(|| wrong_type(entry, "a list of texts", findings))
}

/// What an entry lists, each as an entry of its own, or itself.
pub(super) fn listed(entry: Entry<'_>) -> Vec<Entry<'_>> {
    match entry.value.get_ref() {
        DeValue::Array(items) => {
            items.iter().map(|item| Entry { at: item.span().start, value: item, ..entry }).collect()
        }
        _ => vec![entry],
    }
}

/// The number of an entry, whole or not.
pub(super) fn number(entry: Entry<'_>, findings: &mut Findings) -> Option<f64> {
    let number = match entry.value.get_ref() {
        DeValue::Float(float) => float.as_str().parse().ok(),
        // Every whole number a rule or threshold needs fits f64 exactly.
        DeValue::Integer(_) => integer_of(entry.value).map(|integer| integer as f64),
        _ => None,
    };
    number
        .filter(|number: &f64| number.is_finite())
        .or_else(|| wrong_type(entry, "a number", findings))
}

/// The whole number of an entry, within these bounds.
pub(super) fn integer(
    entry: Entry<'_>,
    bounds: Range<i64>,
    findings: &mut Findings,
) -> Option<i64> {
    let Some(integer) = integer_of(entry.value) else {
        return wrong_type(entry, "a whole number", findings);
    };
    if bounds.contains(&integer) {
        return Some(integer);
    }
    let (least, most) = (bounds.start, bounds.end - 1);
    findings.add(entry.at, format!("`{}` should be from {least} to {most}", entry.key));
    None
}

fn integer_of(value: &Node<'_>) -> Option<i64> {
    let integer = value.get_ref().as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// Notes a name that holds a colon or white space: it could not be written in an address.
pub(super) fn name_is_sound(at: usize, what: &str, name: &str, findings: &mut Findings) -> bool {
    let sound =
        !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == ':');
    if !sound {
        let name = name.escape_debug();
        findings.add(at, format!("{what} `{name}` must not contain colons or spaces"));
    }
    sound
}
