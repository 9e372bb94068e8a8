//! Records on their way into the columns: read on any thread, as one buffer of texts.

use domain::{RecordId, Values};
use settings::Settings;

use super::layout::{Aspect, Layout, Shape};
use super::portrait::{Kind, Portrait};
use super::{hash, nearness};

/// Records read for the columns, their texts not yet interned.
#[derive(Default)]
pub struct ReadRecords {
    pub(super) records: Vec<ReadRecord>,
    /// The texts of all records, one behind the other, and where each ends.
    texts: String,
    ends: Vec<usize>,
}

/// What is known of a record beside its texts.
pub(super) struct ReadRecord {
    pub(super) record: RecordId,
    pub(super) kind: (Kind, u8),
    pub(super) near: u64,
    pub(super) content: u64,
}

impl ReadRecords {
    /// The texts of all records, one after the other.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.texts[start..*end])
    }
}

/// Reads records for columns, on any thread.
#[derive(Debug, Clone)]
pub struct RecordReader {
    layout: Layout,
    shape: Shape,
}

impl RecordReader {
    /// For records of a workspace with these settings.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self::of_layout(Layout::new(settings))
    }

    pub(super) fn of_layout(layout: Layout) -> Self {
        Self { shape: Shape::new(&layout), layout }
    }

    /// Reads a record, beside those `into` has.
    pub fn read(&self, record: RecordId, values: &Values, into: &mut ReadRecords) {
        let portrait = Portrait::new(&self.layout, &self.shape, values);
        let mut content = u64::from(portrait.bearer.0);
        let written = self.shape.slots(Aspect::Written);
        for (slot, text) in portrait.texts.iter().enumerate() {
            // Most names are in no other script: that says nothing of a record.
            if !text.is_empty() || !written.contains(&slot) {
                content = hash::text(content, text);
            }
            into.texts.push_str(text);
            into.ends.push(into.texts.len());
        }
        let kind = (portrait.kind, portrait.bearer.0);
        let near = nearness::of_record(&portrait, &self.shape);
        into.records.push(ReadRecord { record, kind, near, content });
    }
}
