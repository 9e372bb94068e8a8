//! A record made by hand: the row that its source would have delivered, and who is like it already.

use std::collections::BTreeMap;
use std::io::Cursor;

use super::columns_file::ColumnsFile;
use super::core::Desk;
use super::error::{Decided, DeskError, unknown};
use super::evidence;
use super::facts::{Facts, RecordFacts};
use super::jobs::matching;
use super::label::subject_label;
use super::masking::Masks;
use domain::{CustomerId, FieldName, RecordAddress, Value, Values};
use door::operations::{Create, Import, TextFile};
use door::views::{AlikeView, JobView};
use door::{Input, Refusal};
use intake::harmonise;
use settings::Source;

impl Desk {
    /// Starts the import of the one row that somebody typed.
    ///
    /// # Errors
    /// The refusal where there is such a record, or the source has no such field; when too many jobs
    /// wait.
    pub(crate) fn start_creating(&mut self, request: Create) -> Decided<JobView> {
        let Create { source, key, values, dry_run } = request;
        let settings = self.settings_to_read_with()?;
        let named = settings.source(source.as_str());
        let known = named.ok_or_else(|| DeskError::NotThere(no_source(&source)))?;
        let address = RecordAddress::new(&source, &key);
        if let Some(record) = self.facts().find(&address)? {
            let why = match self.facts().view.record_state(record)?.vanished {
                Some(how) if how.closed => format!(
                    "{address} was created before and is {how}: reopen it (steward reopen {address}), or pass \
                     another --key"
                ),
                _ => format!("there is already a record {address}"),
            };
            return Err(does_not_apply(why));
        }
        for (field, text) in &values {
            if settings.field(field.as_str()).is_none() {
                return Err(unknown(&format!("field {field}")));
            }
            if !known.map.iter().any(|(own, _)| own == field) {
                return Err(does_not_apply(format!(
                    "{source} has no column for {field}: add it to map in [sources.{source}]"
                )));
            }
            let today = self.facts().today();
            let read = harmonise::typed(&settings, field.as_str(), text, &Values::new(), today);
            if !read.is_some_and(|value| value.is_readable()) {
                let field_type = settings.field(field.as_str()).map(|it| it.field_type.name());
                let why = format!("this cannot be read as {}", field_type.unwrap_or_default());
                return Err(Refusal::InvalidValue { field: field.clone(), why }.into());
            }
        }
        let now = self.facts().now.to_string();
        let row = row(known, (&key, &now), &values);
        // No two share a name: what one of them left in quarantine is no business of another.
        let head = self.facts().view.counters()?.imports + 1;
        let import = Import {
            format: Some("csv".to_owned()),
            written: TextFile {
                encoding: Some("utf-8".to_owned()),
                delimiter: Some("comma".to_owned()),
                header_row: Some(1),
                ..TextFile::default()
            },
            dry_run,
            by_hand: true,
            ..Import::of(source, format!("by hand {head}"))
        };
        self.start_import(Input::file(Cursor::new(row.into_bytes())), import)
    }
}

/// The header and the row, as CSV.
fn row(source: &Source, (key, now): (&str, &str), values: &BTreeMap<FieldName, String>) -> String {
    let mut cells: Vec<(&str, &str)> = vec![(&source.key, key)];
    for (field, columns) in &source.map {
        let text = values.get(field).map_or("", String::as_str);
        for (at, column) in columns.iter().enumerate() {
            let text = if at == 0 { text } else { "" };
            match cells.iter_mut().find(|(known, _)| known == column) {
                Some((_, said)) if said.is_empty() => *said = text,
                Some(_) => {}
                None => cells.push((column, text)),
            }
        }
    }
    if let Some(updated) = source.updated.as_deref()
        && !cells.iter().any(|(known, _)| *known == updated)
    {
        cells.push((updated, now));
    }
    let line = |texts: Vec<&str>| {
        let quoted = texts.into_iter().map(|text| format!("\"{}\"", text.replace('"', "\"\"")));
        quoted.collect::<Vec<_>>().join(",") + "\n"
    };
    line(cells.iter().map(|(column, _)| *column).collect())
        + &line(cells.iter().map(|(_, text)| *text).collect())
}

fn no_source(source: &domain::SourceName) -> String {
    format!(
        "steward.toml has no source {source}: add [sources.{source}] with trust, key = \"id\" and a map of \
         the fields, as in map = {{ given_name = \"given_name\" }}"
    )
}

fn does_not_apply(why: impl Into<String>) -> super::error::Stop {
    Refusal::DoesNotApply { why: why.into() }.into()
}

/// Who a record with these values may be: whom matching would ask about or join it with, and which of
/// `customers` have one of the values. What is masked takes no part: by asking again and again, somebody could
/// read what was never shown to them.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn alike(
    facts: Facts<'_>,
    (file, masks): (&ColumnsFile, &Masks),
    typed: &BTreeMap<FieldName, String>,
    customers: &[CustomerId],
) -> Decided<Vec<AlikeView>> {
    let mut wanted: Vec<(&FieldName, Value)> = Vec::new();
    for (field, text) in typed.iter().filter(|(field, _)| !masks.hides(field)) {
        let name = field.as_str();
        let today = facts.today();
        let read = harmonise::typed(facts.settings, name, text, &Values::new(), today);
        wanted.extend(read.map(|value| (field, value)));
    }
    let mut new = Values::new();
    wanted.iter().for_each(|(field, value)| new.set((*field).clone(), value.clone()));
    let new = evidence::counted(facts.settings, new, facts.now);
    let model = facts.model()?;
    let mut likely: Vec<CustomerId> = Vec::new();
    for (record, _) in matching::alike(facts, file, &new)?.unwrap_or_default() {
        let customer = facts.view.customer_of(record)?;
        if !likely.contains(&customer) {
            likely.push(customer);
        }
    }
    let others = customers.iter().copied().filter(|customer| !likely.contains(customer));
    let mut found = Vec::new();
    for customer in likely.iter().copied().chain(others) {
        let Some(state) = facts.view.customer(customer)?.filter(|state| state.is_live()) else {
            continue;
        };
        let members = facts.members(&state)?;
        let (mut agrees, mut differs) = (Vec::new(), Vec::new());
        for (field, value) in &wanted {
            let said = members.iter().filter_map(|member| member.values.get(field.as_str()));
            let said: Vec<String> = said.map(|value| value.shown().to_lowercase()).collect();
            match said.contains(&value.shown().to_lowercase()) {
                true => agrees.push((*field).clone()),
                false if !said.is_empty() => differs.push((*field).clone()),
                false => {}
            }
        }
        let mut might_be_one = likely.contains(&customer);
        if model.is_none() {
            // Nothing tells yet what a name is worth; many share one.
            might_be_one = agrees.len() > 1;
        } else if !agrees.is_empty() {
            for member in &members {
                might_be_one = might_be_one || is_nearly(facts, &new, member)?;
            }
        }
        if might_be_one || !agrees.is_empty() {
            let subject = subject_label(facts, customer)?;
            found.push(AlikeView { customer, subject, agrees, differs, might_be_one });
        }
    }
    // Those that are equally like stay as they were found.
    found.sort_by_key(|view| std::cmp::Reverse((view.might_be_one, view.agrees.len())));
    Ok(found)
}

/// Whether matching would ask about a new record and this one, or join them.
fn is_nearly(facts: Facts<'_>, new: &Values, member: &RecordFacts) -> Decided<bool> {
    let Some(model) = facts.model()? else { return Ok(true) };
    let Facts { settings, fingerprinter, .. } = facts;
    let held = facts.evidence_of(member)?;
    let explained = ::matching::explain(&model, settings, fingerprinter, new, &held);
    Ok(explained.probability >= settings.matching.review)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_each_column_once_and_every_sign_as_it_was_typed() {
        let mut source = Source::named("manual".into());
        source.key = "id".to_owned();
        source.updated = Some("at".to_owned());
        let map = [("street", &["line1", "line2"][..]), ("note", &["note"]), ("city", &["line1"])];
        source.map = map
            .map(|(field, columns)| {
                (FieldName::new(field), columns.iter().map(|it| (*it).to_owned()).collect())
            })
            .to_vec();
        let values = [("street", "1 \"A\", St"), ("note", "=x\ny"), ("city", "Bath")];
        let values = values.map(|(field, text)| (FieldName::new(field), text.to_owned())).into();
        let row = row(&source, ("h-1", "2026-01-01T00:00:00Z"), &values);
        assert_eq!(
            row,
            "\"id\",\"line1\",\"line2\",\"note\",\"at\"\n\
             \"h-1\",\"1 \"\"A\"\", St\",\"\",\"=x\ny\",\"2026-01-01T00:00:00Z\"\n"
        );
    }
}
