//! `[queue]` and `[views]`: what is at stake in a task, how long a claim lasts, saved filters.

use std::time::Duration;

use super::field::Declared;
use super::nearest::hint;
use super::reader::{Findings, Table, integer, text};
use crate::domain::expression::Expression;
use crate::domain::{FieldName, FieldType, TaskColumn};

/// How the queue is worked.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueSettings {
    /// The number that tells what hangs on a customer: each customer counts with the highest value
    /// among its records, a task with the sum over its customers.
    pub stake: Option<FieldName>,
    /// How long a claim lasts after the last thing its holder did.
    pub claim: Duration,
    /// `[views]`, in the order of the file.
    pub views: Vec<SavedView>,
}

/// A filter with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedView {
    /// Its name.
    pub name: String,
    /// The filter, over columns of tasks.
    pub filter: Expression,
}

/// Minutes a claim lasts where `steward.toml` says nothing.
const CLAIM: u64 = 30;
/// The longest claim in minutes: a day.
const LONGEST_CLAIM: i64 = 24 * 60;

impl Default for QueueSettings {
    fn default() -> Self {
        Self { stake: None, claim: Duration::from_secs(CLAIM * 60), views: Vec::new() }
    }
}

impl QueueSettings {
    pub(super) fn read(
        table: &Table<'_>,
        fields: &[Declared<'_>],
        findings: &mut Findings,
    ) -> Self {
        table.only(&["stake", "claim"], findings);
        let mut settings = Self::default();
        if let Some(named) = table.text("stake", findings) {
            match fields.iter().find(|declared| declared.name == named.text) {
                None => {
                    let hint = hint(named.text, fields.iter().map(|declared| declared.name));
                    findings.add(named.at, format!("there is no field `{}`{hint}", named.text));
                }
                Some(Declared { field: Some(field), .. })
                    if field.field_type != FieldType::Number =>
                {
                    let (name, found) = (named.text, field.field_type.name());
                    findings.add(
                        named.at,
                        format!("`stake` adds numbers up; `{name}` is of type {found}"),
                    );
                }
                Some(_) => settings.stake = Some(FieldName::new(named.text)),
            }
        }
        let minutes = table
            .get("claim")
            .and_then(|entry| integer(entry, 1..LONGEST_CLAIM + 1, findings))
            .and_then(|minutes| u64::try_from(minutes).ok());
        if let Some(minutes) = minutes {
            settings.claim = Duration::from_secs(minutes * 60);
        }
        settings
    }
}

/// `[views]`: a name, and the filter it stands for.
pub(super) fn read_views(table: &Table<'_>, findings: &mut Findings) -> Vec<SavedView> {
    let mut views = Vec::new();
    for entry in &table.entries {
        let Some(filter) = text(*entry, findings) else { continue };
        match TaskColumn::expression(filter.text) {
            Ok(filter) => views.push(SavedView { name: entry.key.to_owned(), filter }),
            Err(error) => findings.add(filter.at, format!("the view `{}`: {error}", entry.key)),
        }
    }
    views
}
