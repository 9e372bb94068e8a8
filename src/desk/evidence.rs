//! What of a record is compared with others: a value that breaks a rule of severity `error` by itself
//! says nothing about who somebody is.
//!
//! A value is judged as of the day on which its record was last touched, as the store judges it: the
//! same ledger gives the same evidence whenever it is read.

use jiff::Timestamp;

use super::error::DeskError;
use super::facts::{Facts, RecordFacts, day_of};
use domain::{RecordId, Values};
use intake::validate;
use settings::{Rule, Settings};

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

    /// The rules because of which values of a record do not count.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(crate) fn not_counted(&self, record: &'a RecordFacts) -> Result<Vec<&'a Rule>, DeskError> {
        let context = context(self.touched_at(record.id)?);
        Ok(validate::unsound(self.settings, &record.values, context).collect())
    }

    fn touched_at(&self, record: RecordId) -> Result<Timestamp, DeskError> {
        self.time_of(self.view.record_version(record)?)
    }
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
