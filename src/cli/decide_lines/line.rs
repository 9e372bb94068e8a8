//! One line of a file of verdicts: its columns or keys, and what they say.

use std::collections::BTreeMap;

use clap::ValueEnum;
use serde_json::Value;

use crate::cli::moment::deferral;
use crate::cli::verdict::{Details, Named, RestOf, Said, Verdict};

/// What a line may say.
const COLUMNS: [&str; 11] = [
    "task", "verdict", "members", "rest", "into", "reason", "note", "until", "to", "rule",
    "version",
];

/// The columns or keys of a line, in its order, with their values.
#[derive(Debug)]
pub struct Line(pub Vec<(String, Value)>);

impl Line {
    /// What it says.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn said(self) -> Result<Said, String> {
        let names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        must_be_columns(&names)?;
        let mut cells = Cells(self.0.into_iter().filter(|(_, value)| says(value)).collect());
        let task = cells.text("task")?.ok_or("`task` is missing")?;
        let verdict = cells.text("verdict")?.ok_or("`verdict` is missing")?;
        let verdict = Verdict::named(verdict.trim(), true)?;
        let rest = cells.text("rest")?.map(|text| RestOf::from_str(text.trim(), true)).transpose();
        let into = cells.text("into")?.map(|text| text.trim().parse()).transpose();
        let until = cells.text("until")?.map(|text| deferral(text.trim())).transpose();
        let details = Details {
            members: cells.members()?,
            rest: rest.map_err(|_| "`rest` is stay or not-a-match")?,
            into: into.map_err(|error: domain::ids::InvalidId| format!("`into`: {error}"))?,
            reason: cells.text("reason")?,
            note: cells.text("note")?,
            until: until.map_err(|error| format!("`until`: {error}"))?,
            to: cells.text("to")?,
            rule: cells.text("rule")?.into_iter().collect(),
            if_version: cells.version()?,
            named: Named::Columns,
            ..Details::default()
        };
        let task = task.trim().parse();
        let task = task.map_err(|error: domain::ids::InvalidId| format!("`task`: {error}"))?;
        details.must_fit(verdict).map_err(|error| error.to_string())?;
        Ok(Said { task, verdict, details })
    }
}

/// Whether names are columns, none of them twice.
///
/// # Errors
/// A sentence for the user.
pub fn must_be_columns(names: &[&str]) -> Result<(), String> {
    for (at, name) in names.iter().enumerate() {
        if !is_column(name) {
            return Err(format!("no column `{name}`: {}", COLUMNS.join(", ")));
        }
        if names[..at].contains(name) {
            return Err(format!("`{name}` appears twice"));
        }
    }
    Ok(())
}

/// Whether it is the name of a column.
pub fn is_column(name: &str) -> bool {
    COLUMNS.contains(&name)
}

/// Whether a value says anything.
fn says(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    }
}

/// What is there, by name.
struct Cells(BTreeMap<String, Value>);

impl Cells {
    fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(format!("`{name}` must be text")),
        }
    }

    /// `A,B`, or several lists: `A,B;C` or `["A,B", "C"]`.
    fn members(&mut self) -> Result<Vec<String>, String> {
        let text = |value| match value {
            Value::String(text) => Ok(text),
            _ => Err("`members` must be text, or a list of texts".to_owned()),
        };
        let lists = match self.0.remove("members") {
            None => Vec::new(),
            Some(Value::Array(lists)) => lists.into_iter().map(text).collect::<Result<_, _>>()?,
            Some(one) => text(one)?.split(';').map(str::to_owned).collect(),
        };
        Ok(lists.into_iter().filter(|list| !list.trim().is_empty()).collect())
    }

    /// A number, also where a file has only texts.
    fn version(&mut self) -> Result<Option<u64>, String> {
        let Some(value) = self.0.remove("version") else { return Ok(None) };
        let number = match &value {
            Value::String(text) => text.trim().parse().ok(),
            value => value.as_u64(),
        };
        number.map(Some).ok_or_else(|| "`version` must be a whole number".to_owned())
    }
}
