//! What a customer has permitted.

use serde::{Deserialize, Serialize};

use super::RestrictionView;
use domain::preference::PreferenceKind;
use domain::{CustomerId, DecisionId, FieldName, RecordAddress, Shown};

/// How a customer stands to each purpose that rests on consent, and what its records say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentView {
    /// The customer; none where the view is part of its customer's.
    pub customer: Option<CustomerId>,
    /// One for each purpose and channel; a consent that no purpose names stands under its field.
    pub rows: Vec<ConsentRow>,
    /// What it prefers, by kind and channel.
    pub preferences: Vec<PreferenceRow>,
    /// What keeps its records from being used, whatever is permitted; empty where the view is part of its
    /// customer's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub restrictions: Vec<RestrictionView>,
}

/// What a customer prefers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreferenceRow {
    /// What it is about.
    pub kind: PreferenceKind,
    /// The channel it is about; none means every one.
    pub channel: Option<String>,
    /// What counts; none where nothing is said.
    pub value: Option<Shown>,
    /// Why, in a sentence.
    pub why: Shown,
    /// Whether its records say different things; none where that is not to be seen.
    pub contradicted: Option<bool>,
    /// What the records say, by record.
    pub statements: Vec<PreferenceStatement>,
    /// Every field it reads: who may not see one of them sees nothing that follows from it.
    pub reads: Vec<FieldName>,
}

impl PreferenceRow {
    /// What it is about: `frequency, email`.
    #[must_use]
    pub fn about(&self) -> String {
        match &self.channel {
            Some(channel) => format!("{}, {channel}", self.kind.name()),
            None => self.kind.name().to_owned(),
        }
    }

    /// What counts, or that nothing does.
    #[must_use]
    pub fn told(&self) -> &str {
        self.value.as_deref().unwrap_or("unknown")
    }
}

/// What one record says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreferenceStatement {
    /// The record.
    pub record: RecordAddress,
    /// The field.
    pub field: FieldName,
    /// What it says.
    pub value: Shown,
    /// When it was said, as the record dates it.
    pub at: Option<Shown>,
    /// The field that dates it.
    pub dated_by: Option<FieldName>,
    /// Whether it is the one that counts; none where that is not to be seen.
    pub counts: Option<bool>,
}

/// How a customer stands to one purpose on one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRow {
    /// The purpose; none where no purpose names the field.
    pub purpose: Option<String>,
    /// The fields that say it.
    pub fields: Vec<FieldName>,
    /// The channel; none means every one that no other row is about.
    pub channel: Option<String>,
    /// `granted`, `refused`, `withdrawn`, `expired` or `unknown`.
    pub state: Shown,
    /// Why, in a sentence.
    pub why: Shown,
    /// Whether its statements contradict each other; none where that is not to be seen.
    pub contradicted: Option<bool>,
    /// What the records say, by record.
    pub statements: Vec<ConsentStatement>,
    /// The decision that set the golden value of one of its fields by hand, whatever is said here.
    pub pinned: Option<DecisionId>,
    /// Every field it reads: who may not see one of them sees nothing that follows from it.
    pub reads: Vec<FieldName>,
}

impl ConsentRow {
    /// What it is about: `newsletter, email`.
    #[must_use]
    pub fn about(&self) -> String {
        let fields = || self.fields.iter().map(FieldName::as_str).collect::<Vec<_>>().join(", ");
        let about = self.purpose.clone().unwrap_or_else(fields);
        match &self.channel {
            Some(channel) => format!("{about}, {channel}"),
            None => about,
        }
    }
}

/// What one record says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentStatement {
    /// The record.
    pub record: RecordAddress,
    /// The field.
    pub field: FieldName,
    /// The channel it names; none means all.
    pub channel: Option<String>,
    /// `granted`, `refused` or `withdrawn`.
    pub said: Shown,
    /// When it was said, as the record dates it.
    pub at: Option<Shown>,
    /// The day at which it counts; none means earlier than any.
    pub counts_at: Option<Shown>,
    /// The last day on which it holds.
    pub until: Option<Shown>,
    /// What proves it.
    pub evidence: Option<Shown>,
    /// Whether it is the one that counts; none where that is not to be seen.
    pub counts: Option<bool>,
    /// The fields that date it, end it and prove it.
    pub named: ConsentNames,
}

/// The fields that go with a statement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentNames {
    /// What dates it.
    pub at: Option<FieldName>,
    /// What ends it.
    pub until: Option<FieldName>,
    /// What proves it.
    pub evidence: Option<FieldName>,
}
