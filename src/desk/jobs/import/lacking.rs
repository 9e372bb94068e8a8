//! Columns that the settings map and no row of a file has: what is held there stays, if anything is; whoever
//! imports is told.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use door::views::Lacking;
use intake::acquire::Columns;
use settings::Source;

/// The mapped columns, and which of them came so far.
pub(super) struct Wanted {
    columns: Vec<(String, AtomicBool)>,
    /// Those of some row.
    example: OnceLock<Arc<Columns>>,
}

impl Wanted {
    /// The columns of a source, but for its key, without which there is no row.
    pub(super) fn of(source: &Source) -> Wanted {
        let mapped = source.map.iter().flat_map(|(_, columns)| columns);
        let mut columns: Vec<(String, AtomicBool)> = Vec::new();
        for column in mapped.chain(&source.updated).filter(|column| **column != source.key) {
            if !columns.iter().any(|(known, _)| known == column) {
                columns.push((column.clone(), AtomicBool::new(false)));
            }
        }
        Wanted { columns, example: OnceLock::new() }
    }

    /// Takes note of a row's columns.
    pub(super) fn came(&self, columns: &Arc<Columns>) {
        self.example.get_or_init(|| Arc::clone(columns));
        for (column, came) in &self.columns {
            if !came.load(Ordering::Relaxed) && columns.is_there(column) {
                came.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Those that no row had; none where no row came. `is_held` says whether some row's record was held.
    pub(super) fn lacking(&self, is_held: bool) -> Vec<Lacking> {
        let Some(example) = self.example.get() else { return Vec::new() };
        let is_wanted = |name: &String| self.columns.iter().any(|(column, _)| column == name);
        let lacking = self.columns.iter().filter(|(_, came)| !came.load(Ordering::Relaxed));
        lacking
            .map(|(column, _)| Lacking {
                column: column.clone(),
                nearest: example.nearest(column).filter(|name| !is_wanted(name)),
                is_held,
            })
            .collect()
    }
}
