//! A line of a feed, in one of its formats. What is in it is the API that `docs/feed.md` describes.

use std::io::Write;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::told::{Parted, Told, Values};
use crate::error::DeskError;
use domain::{CustomerId, FieldName, Sequence};
use door::operations::FeedFormat;

/// The version of what is told: raised when a consumer could misunderstand it.
const VERSION: u32 = 1;

/// Something told, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The commit that did it.
    pub(super) commit: Sequence,
    /// When that was made.
    pub(super) at: Timestamp,
    /// Its place among what is told of the commit, from 0.
    pub(super) index: u32,
    /// What it tells.
    pub(super) told: Told,
    /// Whether more lines of this commit follow.
    pub(super) more: bool,
}

impl Line {
    /// Tells it from every other line of the workspace, whenever and however often it is told.
    fn id(&self) -> String {
        let (commit, name, customer) = (self.commit, self.told.name(), self.told.customer());
        match &self.told {
            Told::Withdrawn { field, .. } => format!("{commit}-{name}-{customer}-{field}"),
            _ => format!("{commit}-{name}-{customer}"),
        }
    }

    /// Appends the line, with its end.
    ///
    /// # Errors
    /// When it has no JSON form, which cannot be.
    pub(super) fn write(
        &self,
        (format, values): (FeedFormat, bool),
        workspace: &str,
        into: &mut Vec<u8>,
    ) -> Result<(), DeskError> {
        let (kind, data) = (self.told.name(), Data::of(&self.told, values));
        let (id, commit, time, more) = (self.id(), self.commit, self.at, self.more);
        let written = match format {
            FeedFormat::Jsonl => {
                let line = Flat { id, kind, commit, more, time, data };
                serde_json::to_writer(&mut *into, &line)
            }
            FeedFormat::Cloudevents => {
                let event = CloudEvent {
                    specversion: "1.0",
                    id,
                    source: format!("urn:steward:{workspace}"),
                    kind: format!("steward.{kind}.v{VERSION}"),
                    subject: self.told.customer(),
                    time,
                    datacontenttype: "application/json",
                    dataschema: format!("urn:steward:feed:{kind}:v{VERSION}"),
                    // Compared as text, it gives the order.
                    sequence: format!("{commit:020}.{:010}", self.index),
                    commit,
                    more,
                    data,
                };
                serde_json::to_writer(&mut *into, &event)
            }
        };
        written.map_err(|error| DeskError::Output(error.into()))?;
        Ok(into.write_all(b"\n")?)
    }
}

#[derive(Serialize)]
struct Flat<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    commit: Sequence,
    more: bool,
    time: Timestamp,
    #[serde(flatten)]
    data: Data<'a>,
}

#[derive(Serialize)]
struct CloudEvent<'a> {
    specversion: &'static str,
    id: String,
    source: String,
    #[serde(rename = "type")]
    kind: String,
    subject: CustomerId,
    time: Timestamp,
    datacontenttype: &'static str,
    dataschema: String,
    sequence: String,
    commit: Sequence,
    more: bool,
    data: Data<'a>,
}

/// What is told of a customer.
#[derive(Serialize)]
#[serde(untagged)]
enum Data<'a> {
    Merged {
        customer: CustomerId,
        retired: &'a [CustomerId],
    },
    Unmerged {
        customer: CustomerId,
        parted: &'a [Parted],
    },
    Redirected {
        customer: CustomerId,
        from: CustomerId,
        to: Option<CustomerId>,
    },
    Changed {
        customer: CustomerId,
        first: bool,
        fields: &'a [FieldName],
        #[serde(skip_serializing_if = "Option::is_none")]
        golden: Option<Texts<'a>>,
    },
    Withdrawn {
        customer: CustomerId,
        field: &'a FieldName,
    },
    Alone {
        customer: CustomerId,
    },
}

impl<'a> Data<'a> {
    fn of(told: &'a Told, values: bool) -> Data<'a> {
        match told {
            Told::Merged { customer, retired } => Data::Merged { customer: *customer, retired },
            Told::Unmerged { customer, parted } => Data::Unmerged { customer: *customer, parted },
            Told::Redirected { customer, from, to } => {
                Data::Redirected { customer: *customer, from: *from, to: *to }
            }
            Told::Changed { customer, fields, golden, first } => Data::Changed {
                customer: *customer,
                first: *first,
                fields,
                golden: values.then_some(Texts(golden)),
            },
            Told::Withdrawn { customer, field } => Data::Withdrawn { customer: *customer, field },
            Told::Closed { customer } | Told::Erased { customer } => {
                Data::Alone { customer: *customer }
            }
        }
    }
}

/// Values by field, in the order of the fields.
struct Texts<'a>(&'a Values);

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(field, text)| (field, text)))
    }
}
