//! The first rows of a file as they would be read.

use crate::masking::Masks;
use domain::RecordBody;
use door::views::{PreviewRow, PreviewValue};

/// How many are shown.
const SHOWN: usize = 10;

/// Rows to be shown, sensitive values masked.
pub(super) struct Preview {
    rows: Vec<PreviewRow>,
    masks: std::sync::Arc<Masks>,
}

impl Preview {
    /// None so far.
    pub(super) fn new(masks: std::sync::Arc<Masks>) -> Preview {
        Preview { rows: Vec::with_capacity(SHOWN), masks }
    }

    /// Shows a row, unless there are enough.
    pub(super) fn take(&mut self, body: &RecordBody) {
        if self.is_full() {
            return;
        }
        let values = body.values.iter().map(|(field, value)| PreviewValue {
            field: field.clone(),
            raw: value.raw().into(),
            standard: value.standard().map(Into::into),
        });
        let mut row = PreviewRow {
            line: body.line,
            key: body.address.key.to_string(),
            values: values.collect(),
        };
        self.masks.preview_row(&mut row);
        self.rows.push(row);
    }

    /// Whether there are enough.
    pub(super) fn is_full(&self) -> bool {
        self.rows.len() == SHOWN
    }

    /// The rows.
    pub(super) fn into_rows(self) -> Vec<PreviewRow> {
        self.rows
    }
}
