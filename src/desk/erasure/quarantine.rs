//! Which quarantined rows are of a person. Such a row became no record, so nothing but its text
//! tells.
//!
//! A row is the person's when it holds, as whole words or cells, whatever the case:
//!
//! - the key of one of their records, where it is a row of a stream and names them by it;
//! - a key of one of their records, in a row of the same source; a key shorter than five characters
//!   needs a name or another value of the person beside it;
//! - one of their national ids or identifiers;
//! - one of their e-mail addresses or telephone numbers, unless it holds their family name with
//!   another given name: that is a relative who shares it;
//! - their given and family name, or full or organisation name, with their date of birth, street or
//!   postcode.
//!
//! A row that holds another customer's key and name is that customer's, whatever else it holds.

use std::collections::{BTreeMap, BTreeSet};

use super::person::Person;
use super::scrub;
use super::trail::Trail;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{
    Event, FieldType, Fingerprint, ImportId, QuarantinedPlace, RecordAddress, Sequence, SourceName,
    Value, Values,
};

/// A key this long is not met by chance.
const TELLING_KEY: usize = 5;
/// Digits that make a telephone number, without what comes before in other spellings.
const PHONE_DIGITS: usize = 7;

/// A quarantined row of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quarantined {
    /// Where it stood in its file.
    pub(super) at: QuarantinedPlace,
    /// What it is known by when it comes again.
    pub(super) known_by: Fingerprint,
}

/// The person's quarantined rows, by place, also those that became records later.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn rows_of(
    facts: Facts<'_>,
    person: &Person,
    trail: &Trail,
) -> Result<BTreeMap<(Sequence, u32), Quarantined>, DeskError> {
    let mut found = BTreeMap::new();
    let places = facts.view.ever_quarantined()?;
    if places.is_empty() {
        return Ok(found);
    }
    let sources = sources(facts)?;
    let marks = Marks::of(facts, person, trail);
    for place in places {
        let Event::RowQuarantined(quarantined) = facts.event(place)? else { continue };
        let Some(source) = sources.get(&quarantined.import) else { continue };
        let row = Row::of(&quarantined.row.text);
        let known_by = quarantined.row.fingerprint(source, facts.fingerprinter);
        // An earlier erasure, which this one repeats, has told already whose it is.
        let was_told = person.suppressed.contains(&known_by);
        // A row of a stream says by the source's key whose it is, whatever else it holds.
        let named = match quarantined.subject {
            Some(subject) => whose(facts, person, subject)?,
            None => None,
        };
        let is_told = || -> Result<bool, DeskError> {
            Ok(marks.tell(source, &row) && !is_of_another(facts, person, source, &row)?)
        };
        if was_told || named.map_or_else(is_told, Ok)? {
            let at = QuarantinedPlace { import: quarantined.import, line: quarantined.row.line };
            let at = Quarantined { at, known_by };
            found.insert((place.sequence, u32::from(place.index)), at);
        }
    }
    Ok(found)
}

/// Whether the record of that address is the person's; none where no record has it.
fn whose(
    facts: Facts<'_>,
    person: &Person,
    address: Fingerprint,
) -> Result<Option<bool>, DeskError> {
    if person.suppressed.contains(&address) {
        return Ok(Some(true));
    }
    Ok(facts.caches.record_of(facts.view, address)?.map(|_| false))
}

/// The source of every import.
fn sources(facts: Facts<'_>) -> Result<BTreeMap<ImportId, SourceName>, DeskError> {
    let mut sources = BTreeMap::new();
    for (import, entry) in facts.view.imports()? {
        if let Event::ImportStarted(started) = facts.event(entry.started)? {
            sources.insert(import, started.source);
        }
    }
    Ok(sources)
}

/// Whether the row holds the key and a name of a record that is not the person's.
fn is_of_another(
    facts: Facts<'_>,
    person: &Person,
    source: &SourceName,
    row: &Row,
) -> Result<bool, DeskError> {
    for cell in &row.cells {
        let Some(record) = facts.find(&RecordAddress::new(source, cell))? else { continue };
        if person.records.contains(&record) {
            continue;
        }
        let mut theirs = Marks::default();
        theirs.add(facts, &facts.body(record)?.values);
        let named = [&theirs.given, &theirs.family, &theirs.whole];
        if named.into_iter().any(|names| row.holds_any(names)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a person is recognised by, in lower case.
#[derive(Debug, Default, PartialEq, Eq)]
struct Marks {
    keys: BTreeSet<(SourceName, String)>,
    ids: BTreeSet<String>,
    mails: BTreeSet<String>,
    phones: BTreeSet<String>,
    given: BTreeSet<String>,
    family: BTreeSet<String>,
    /// Full names and names of organisations.
    whole: BTreeSet<String>,
    /// Dates of birth, streets, postcodes.
    details: BTreeSet<String>,
}

impl Marks {
    fn of(facts: Facts<'_>, person: &Person, trail: &Trail) -> Marks {
        let mut marks = Marks::default();
        for address in &person.addresses {
            marks.keys.insert((address.source.clone(), plain(&address.key)));
        }
        for revised in trail.revisions(person) {
            marks.add(facts, &revised.body.values);
        }
        for values in scrub::values_set_on(person, trail) {
            marks.add(facts, values);
        }
        marks
    }

    fn add(&mut self, facts: Facts<'_>, values: &Values) {
        for (name, value) in values.iter() {
            let Some(field) = facts.settings.field(name.as_str()) else { continue };
            self.add_value(field.field_type, value);
        }
    }

    fn add_value(&mut self, field_type: FieldType, value: &Value) {
        for text in [value.raw(), value.shown()] {
            let (kept, text) = match field_type {
                FieldType::NationalId | FieldType::Identifier => (&mut self.ids, plain(text)),
                FieldType::Email => (&mut self.mails, plain(text)),
                FieldType::Phone => (&mut self.phones, digits(text)),
                FieldType::GivenName => (&mut self.given, plain(text)),
                FieldType::FamilyName => (&mut self.family, plain(text)),
                FieldType::FullName | FieldType::OrganisationName => (&mut self.whole, plain(text)),
                FieldType::DateOfBirth
                | FieldType::Street
                | FieldType::Postcode
                | FieldType::Address => (&mut self.details, plain(text)),
                _ => continue,
            };
            let is_telling = field_type != FieldType::Phone || text.len() >= PHONE_DIGITS;
            if !text.is_empty() && is_telling {
                kept.insert(text);
            }
        }
    }

    /// Whether the row is the person's, as the rule at the top of this file says.
    fn tell(&self, source: &SourceName, row: &Row) -> bool {
        let (given, family) = (row.holds_any(&self.given), row.holds_any(&self.family));
        let whole = row.holds_any(&self.whole);
        let detail = row.holds_any(&self.details);
        let reached = row.holds_any(&self.mails) || row.holds_phone(&self.phones);
        let is_relative = family && !given && !self.given.is_empty();
        let keyed = self.keys.iter().any(|(of, key)| {
            let telling = key.chars().count() >= TELLING_KEY;
            let named = given || family || whole || reached || detail;
            of == source && (telling || named) && row.cells.iter().any(|cell| plain(cell) == *key)
        });
        keyed
            || row.holds_any(&self.ids)
            || (reached && !is_relative)
            || (((given && family) || whole) && detail)
    }
}

/// A row's text, ready to be searched.
struct Row {
    text: String,
    /// What stands between delimiters or quotes, as it is written.
    cells: Vec<String>,
}

impl Row {
    fn of(text: &str) -> Row {
        let is_delimiter = |it: char| matches!(it, ',' | ';' | '\t' | '|' | '"' | '\n' | '\r');
        let cells = text.split(is_delimiter).map(str::trim).filter(|cell| !cell.is_empty());
        // In a JSON object a number stands between a colon and a comma or brace.
        let bare = |cell: &str| cell.trim_matches([':', '{', '}', ' ', '[', ']']).to_owned();
        let mut cells: Vec<String> = cells.flat_map(|cell| [bare(cell), cell.to_owned()]).collect();
        cells.dedup();
        Row { text: plain(text), cells }
    }

    fn holds_any(&self, texts: &BTreeSet<String>) -> bool {
        texts.iter().any(|text| self.holds(text))
    }

    /// Whether the text stands in the row and is not a part of a longer word.
    fn holds(&self, text: &str) -> bool {
        let joins = |it: char| it.is_alphanumeric() || matches!(it, '@' | '_' | '-' | '+');
        let mut from = 0;
        while let Some(at) = self.text[from..].find(text) {
            let (start, end) = (from + at, from + at + text.len());
            let before = self.text[..start].chars().next_back();
            let mut after = self.text[end..].chars();
            // A dot joins what follows it (`example.com.au`), but a sentence may end with one.
            let next = match after.next() {
                Some('.') => after.next(),
                next => next,
            };
            if before.is_none_or(|it| !joins(it) && it != '.') && next.is_none_or(|it| !joins(it)) {
                return true;
            }
            from = end;
        }
        false
    }

    fn holds_phone(&self, phones: &BTreeSet<String>) -> bool {
        self.cells
            .iter()
            .map(|cell| digits(cell))
            .filter(|cell| cell.len() >= PHONE_DIGITS)
            .any(|cell| phones.iter().any(|phone| cell.ends_with(phone) || phone.ends_with(&cell)))
    }
}

/// In lower case, with single spaces.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks() -> Marks {
        let mut marks = Marks::default();
        marks.keys.insert((SourceName::new("crm"), "12".to_owned()));
        marks.keys.insert((SourceName::new("crm"), "k-9917".to_owned()));
        for (field_type, text) in [
            (FieldType::GivenName, "Ada"),
            (FieldType::FamilyName, "Okafor"),
            (FieldType::Email, "ada@example.com"),
            (FieldType::Phone, "+12175550104"),
            (FieldType::NationalId, "AB-12-34"),
            (FieldType::DateOfBirth, "1984-03-12"),
        ] {
            marks.add_value(field_type, &Value::as_delivered(text));
        }
        marks
    }

    #[test]
    fn a_row_is_the_persons_or_it_is_not() {
        for (row, expected) in [
            ("k-9917,x,y", true),
            ("12,x,y", false),
            ("12,Ada,y", true),
            ("99,AB-12-34", true),
            ("99,\"AB-12-345\"", false),
            ("99,,ADA@example.com,,", true),
            ("99,,joada@example.com", false),
            ("99,,x.ada@example.com", false),
            ("99,,ada@example.com.au", false),
            ("write to ada@example.com.", true),
            ("99,Bo,Okafor,ada@example.com", false),
            ("99,Ada,Okafor,ada@example.com", true),
            ("99,(217) 555-0104,x", true),
            ("99,555-0104,x", true),
            ("99,0104,x", false),
            ("99,Ada,Okafor,Salem", false),
            ("99,Ada,Okafor,1984-03-12", true),
            ("99,Adam,Okafor,1984-03-12", false),
            ("{\"id\": \"k-9917\", \"n\": 1}", true),
            ("{\"id\": 12, \"given\": \"ada\"}", true),
            ("", false),
        ] {
            assert_eq!(marks().tell(&SourceName::new("crm"), &Row::of(row)), expected, "{row}");
        }
        assert!(!marks().tell(&SourceName::new("shop"), &Row::of("k-9917,x,y")));
    }
}
