//! What of a record is compared with others: a value that breaks a rule of severity `error` by itself
//! says nothing about who somebody is.
//!
//! A value is judged as of the day on which its record was last touched, as the store judges it: the
//! same ledger gives the same evidence whenever it is read.

use jiff::Timestamp;

use super::error::DeskError;
use super::facts::{Facts, RecordFacts, day_of};
use domain::{FieldName, FieldType, RecordId, Value, Values, placeholder};
use intake::validate;
use settings::Settings;

impl<'a> Facts<'a> {
    /// The values of a record that count as evidence.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn evidence(&self, record: RecordId) -> Result<Values, DeskError> {
        Ok(counted(self.settings, self.values(record)?, self.touched_at(record)?))
    }

    /// The same, of a record that is read already.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn evidence_of(&self, record: &RecordFacts) -> Result<Values, DeskError> {
        Ok(counted(self.settings, record.values.clone(), self.touched_at(record.id)?))
    }

    /// The values of a record that no comparison counts, and why: they break a rule by themselves, or
    /// matching has nothing of them.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn not_counted(&self, record: &RecordFacts) -> Result<Vec<Uncounted>, DeskError> {
        let context = context(self.touched_at(record.id)?);
        let rules = validate::unsound(self.settings, &record.values, context);
        let mut found: Vec<Uncounted> = rules
            .map(|rule| Uncounted { field: rule.field.clone(), why: rule.message.clone() })
            .collect();
        for field in &self.settings.fields {
            let value = record.values.get(field.name.as_str());
            let Some(why) = value.and_then(|value| says_nothing(field.field_type, value)) else {
                continue;
            };
            // A rule says it better.
            if !found.iter().any(|it| it.field == field.name) {
                found.push(Uncounted { field: field.name.clone(), why: why.to_owned() });
            }
        }
        Ok(found)
    }

    fn touched_at(&self, record: RecordId) -> Result<Timestamp, DeskError> {
        self.time_of(self.view.record_version(record)?)
    }
}

/// A value that is no evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Uncounted {
    /// Its field.
    pub(crate) field: FieldName,
    /// Why not, in few words.
    pub(crate) why: String,
}

/// Why matching has nothing of a value, whatever the rules are. A postcode that does not fit its
/// record's country is compared all the same.
fn says_nothing(field_type: FieldType, value: &Value) -> Option<&'static str> {
    if placeholder::is_no_evidence(value.shown(), field_type) {
        return Some("a placeholder");
    }
    (!value.is_readable() && field_type != FieldType::Postcode).then_some("could not be read")
}

/// Those of a record's values that count, judged at a time.
pub(crate) fn counted(settings: &Settings, mut values: Values, at: Timestamp) -> Values {
    let broken: Vec<_> =
        validate::unsound(settings, &values, context(at)).map(|rule| rule.field.clone()).collect();
    for field in broken {
        values.remove(field.as_str());
    }
    values
}

/// What decides about evidence besides the values: whatever was made of them is of no use under other
/// settings.
pub(crate) fn recipe(settings: &Settings) -> String {
    let rules = settings.rules.iter().filter(|rule| validate::is_about_the_value(rule));
    rules.map(|rule| format!("{rule:?}\n")).collect()
}

fn context(at: Timestamp) -> validate::Context {
    validate::Context { today: day_of(at) }
}
