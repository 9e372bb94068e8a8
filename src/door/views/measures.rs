//! Measures of a customer, and segments of customers.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use domain::{CustomerId, FieldName};

/// What measures say of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasuresView {
    /// The customer, live.
    pub customer: CustomerId,
    /// The id that was asked for, where it redirects here.
    pub redirected_from: Option<CustomerId>,
    /// The day of UTC as of which they hold.
    pub day: Date,
    /// By the settings.
    pub measures: Vec<MeasureView>,
    /// The segments it is in, but for those that tell of masked values.
    pub segments: Vec<String>,
}

/// What a measure says of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureView {
    /// Its name.
    pub name: FieldName,
    /// What it is, in words: `count of purchase, within 12 months`.
    pub words: String,
    /// What it is, as the settings describe it.
    pub description: Option<String>,
    /// What it says; none where the customer did nothing of the kind, or it is masked.
    pub value: Option<String>,
    /// The currency of a sum.
    pub currency: Option<String>,
    /// Activities that a sum leaves out, because they are in another currency or in none that is known.
    pub left_out: u64,
    /// Whether it is masked: it takes a property that is.
    pub masked: bool,
}

/// How many customers are in each segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentsView {
    /// The day of UTC as of which they hold.
    pub day: Date,
    /// How many customers have golden values.
    pub customers: u64,
    /// By the settings.
    pub segments: Vec<SegmentView>,
}

/// A segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentView {
    /// Its name.
    pub name: String,
    /// What holds of its members.
    #[serde(rename = "where")]
    pub when: String,
    /// What it is, as the settings describe it.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// How many are in it now; none where whoever asks may not know, because it asks for what is masked for them.
    pub count: Option<u64>,
    /// What was recorded of days before today, the earliest first.
    pub trend: Vec<(Date, u64)>,
}

impl SegmentView {
    /// How many more or fewer there are than on the last day before today of which that was recorded; with that day.
    #[must_use]
    pub fn since(&self) -> Option<(Date, i64)> {
        let (day, before) = self.trend.last()?;
        Some((*day, self.count?.cast_signed() - before.cast_signed()))
    }

    /// Its share of so many customers, 0 to 1; none of none.
    #[must_use]
    pub fn share(&self, customers: u64) -> Option<f64> {
        // Both are far under 2^53.
        (customers > 0).then_some(self.count? as f64 / customers as f64)
    }
}

/// Who is in a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentDetail {
    /// The segment.
    pub segment: SegmentView,
    /// How many customers have golden values.
    pub customers: u64,
    /// Another segment, and how many are in both.
    pub overlap: Option<(SegmentView, u64)>,
    /// The first members by id: of both, where an overlap is asked for.
    pub members: Vec<SegmentMember>,
    /// Of how many.
    pub of: u64,
    /// The masked field or measure that it asks for, so that its members are not listed.
    pub masked: Option<String>,
}

/// Somebody in a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentMember {
    /// The customer.
    pub customer: CustomerId,
    /// Who that is.
    pub name: String,
}
