//! Values that stand in another field of the first column: what is a mobile there is a phone here.
//!
//! Comparisons of telephone numbers and addresses look at all fields of their type, so a mark that looked at one
//! field alone would say that the very number that speaks for a match differs.

use domain::{FieldName, FieldType, Value, Values};
use door::views::{Cell, FieldView, Mark, Words};
use matching::{Likeness, Likenesses, Model};
use settings::Settings;

/// The types whose fields are compared crosswise, and what their comparison calls the same value: all that is
/// said of it once it is masked.
const CROSSWISE: [(FieldType, &str); 2] =
    [(FieldType::Phone, "same number"), (FieldType::Email, "same address")];

/// Which values of records are the first one's in another field.
#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    found: Vec<Found>,
}

/// A value that is the first one's in another field.
#[derive(Debug)]
struct Found {
    /// Places of the record and of the row.
    at: (usize, usize),
    /// In which field the first one has it.
    field: FieldName,
    /// What the comparison calls it.
    level: &'static str,
}

impl Elsewhere {
    /// Looks in all records for values of `first`.
    pub(super) fn new(
        settings: &Settings,
        model: Option<&Model>,
        rows: &[FieldView],
        first: &Values,
        others: &[&Values],
    ) -> Self {
        let mut found: Vec<Found> = Vec::new();
        for (of, level) in CROSSWISE {
            let fields = || rows.iter().enumerate().filter(move |(_, row)| row.field_type == of);
            for (row, field) in fields().map(|(row, it)| (row, &it.name)) {
                for there in fields().map(|(_, it)| &it.name).filter(|there| *there != field) {
                    let Some(theirs) = first.get(there.as_str()) else { continue };
                    // Each beside it as if both stood in one field.
                    let alone = |value: Option<&Value>| -> Values {
                        value.map(|value| (field.clone(), value.clone())).into_iter().collect()
                    };
                    let own: Vec<Values> =
                        others.iter().map(|it| alone(it.get(field.as_str()))).collect();
                    let compared: Vec<&Values> = own.iter().collect();
                    let likenesses = Likenesses::new(
                        settings,
                        model,
                        std::slice::from_ref(field),
                        &alone(Some(theirs)),
                        &compared,
                    );
                    let same = (0..others.len())
                        .filter(|at| likenesses.of(*at, 0) == Some(Likeness::Same))
                        .map(|at| Found { at: (at, row), field: there.clone(), level });
                    found.extend(same);
                }
            }
        }
        Self { found }
    }

    /// Says of the cells of a record which values are the first one's in another field. One that is the first one's
    /// in its own field needs no more.
    pub(super) fn tell(&self, record: usize, cells: &mut [Cell]) {
        for Found { at: (_, row), field, level } in self.found.iter().filter(|it| it.at.0 == record)
        {
            let Some(cell) = cells.get_mut(*row) else { continue };
            if matches!(cell.mark, Mark::Different | Mark::Similar | Mark::Added) {
                cell.mark = Mark::Equal;
                let level = (*level).to_owned();
                cell.words = Words { level, values: Some(field.to_string()) };
            }
        }
    }
}
