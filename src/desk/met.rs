//! Names in a filter that nothing here has: an id beyond the last, a record or a source nobody delivered.
//! A filter that can never be met looks like an answer.

use std::collections::BTreeSet;

use super::error::{DeskError, Stop};
use super::facts::Facts;
use domain::Event;
use domain::expression::Expression;

/// What a name's values are the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thing {
    /// `T9`.
    Task,
    /// `C17`.
    Customer,
    /// `D31`.
    Decision,
    /// `crm:1001`.
    Record,
    /// `crm`.
    Source,
}

/// The first value that a name is asked to be equal to and that is none of what is here: what is wrong
/// with it.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn missing(
    facts: Facts<'_>,
    filter: &Expression,
    (name, thing): (&str, Thing),
) -> Result<Option<String>, DeskError> {
    let counters = facts.view.counters()?;
    for text in filter.equals(name) {
        let wrong = match thing {
            Thing::Task => beyond(text, counters.tasks),
            Thing::Customer => beyond(text, counters.customers),
            Thing::Decision => beyond(text, counters.decisions),
            Thing::Record => no_record(facts, name, text)?,
            Thing::Source => None,
        };
        if wrong.is_some() {
            return Ok(wrong);
        }
    }
    if thing != Thing::Source {
        return Ok(None);
    }
    let known = sources(facts)?;
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let wrong = domain::expression::must_be_known(filter, name, &known);
    Ok(wrong.err().map(|error| error.message))
}

/// That nothing goes by that id. What is not an id at all is told of elsewhere.
fn beyond(id: &str, last: u32) -> Option<String> {
    let number: u64 = id.get(1..)?.parse().ok()?;
    let is_there = number > 0 && number <= u64::from(last);
    (!is_there).then(|| format!("there is no {}", id.to_ascii_uppercase()))
}

fn no_record(facts: Facts<'_>, name: &str, text: &str) -> Result<Option<String>, DeskError> {
    // Whose subjects are customers, too.
    if text.starts_with(['C', 'c']) && text[1..].bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(beyond(text, facts.view.counters()?.customers));
    }
    let Ok(address) = text.parse() else {
        return Ok(Some(format!("`{name}` takes a record such as crm:1042, not `{text}`")));
    };
    match facts.named(&address) {
        Ok(_) => Ok(None),
        Err(Stop::Refused(refusal)) => Ok(Some(refusal.to_string())),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Those that `steward.toml` has, and those of which something was imported under an earlier one.
pub(super) fn sources(facts: Facts<'_>) -> Result<Vec<String>, DeskError> {
    let mut known: Vec<String> =
        facts.settings.sources.iter().map(|source| source.name.to_string()).collect();
    let mut others = BTreeSet::new();
    for (_, entry) in facts.view.imports()? {
        if let Event::ImportStarted(started) = facts.event(entry.started)? {
            others.insert(started.source.to_string());
        }
    }
    others.retain(|other| !known.contains(other));
    known.extend(others);
    Ok(known)
}
