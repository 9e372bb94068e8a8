//! `--pick` and `--set`: golden values chosen on the way.

use std::collections::BTreeMap;

use super::entry::Entry;
use super::failure::Usage;
use super::names;
use domain::FieldName;
use door::Pick;
use door::operations::FindRecord;

/// `field=text`, split at the first `=`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The field.
    pub field: FieldName,
    /// What stands behind the sign; may be empty.
    pub text: String,
}

/// Reads `field=text`.
///
/// # Errors
/// A sentence for the user.
pub fn assignment(text: &str) -> Result<Assignment, String> {
    match text.split_once('=') {
        Some((field, text)) if !field.trim().is_empty() => {
            Ok(Assignment { field: FieldName::new(field.trim()), text: text.to_owned() })
        }
        _ => Err("expected field=value".to_owned()),
    }
}

/// The picks of `--pick field=source:key` (or `field=C17`) and `--set field=value`; an empty value
/// gives the field back to survivorship.
///
/// # Errors
/// When a field is chosen twice, or a record or customer is not there.
pub fn picks(
    entry: &Entry,
    taken: &[Assignment],
    typed: &[Assignment],
) -> anyhow::Result<BTreeMap<FieldName, Pick>> {
    let mut picks = BTreeMap::new();
    let mut choose = |field: &FieldName, pick: Pick| match picks.insert(field.clone(), pick) {
        None => Ok(()),
        Some(_) => Err(Usage::error(format!("{field} is chosen twice"))),
    };
    for Assignment { field, text } in taken {
        choose(field, from(entry, text)?)?;
    }
    for Assignment { field, text } in typed {
        let pick = if text.is_empty() { Pick::Survivorship } else { Pick::Typed(text.to_owned()) };
        choose(field, pick)?;
    }
    Ok(picks)
}

/// Values by field, each once.
///
/// # Errors
/// When a field is set twice.
pub fn values(typed: &[Assignment]) -> anyhow::Result<BTreeMap<FieldName, String>> {
    let mut values = BTreeMap::new();
    for Assignment { field, text } in typed {
        if values.insert(field.clone(), text.clone()).is_some() {
            return Err(Usage::error(format!("{field} is set twice")));
        }
    }
    Ok(values)
}

fn from(entry: &Entry, text: &str) -> anyhow::Result<Pick> {
    if let Ok(customer) = text.parse() {
        return Ok(Pick::FromCustomer(names::followed(entry, customer)?));
    }
    let record = names::record(entry, text)?;
    Ok(Pick::From(entry.ask(FindRecord { record })?.record))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_is_split_at_the_first_sign() {
        let read = assignment("note=a=b").unwrap();
        assert_eq!((read.field.as_str(), read.text.as_str()), ("note", "a=b"));
        assert_eq!(assignment("email=").unwrap().text, "");
        assert!(assignment("email").is_err());
        assert!(assignment("=x").is_err());
    }
}
