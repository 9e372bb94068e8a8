//! The columns of all records as the last matching run read them, kept so that the next one reads
//! only what changed since; see [`derived_file`](super::derived_file).

use std::io;

use super::core::Desk;
use super::derived_file::kept::COLUMNS;
use super::derived_file::{DerivedFile, Origin};
use super::evidence;
use matching::{ColumnsBuilder, SnapshotReader};
use settings::Settings;

/// A workspace's file of columns.
pub(super) struct ColumnsFile(DerivedFile);

impl Desk {
    /// The file of columns, under the settings in force.
    pub(super) fn columns_file(&self) -> ColumnsFile {
        let recipe =
            format!("{}\n{}", matching::recipe(&self.settings), evidence::recipe(&self.settings));
        ColumnsFile(self.derived_file(COLUMNS, &recipe))
    }
}

impl ColumnsFile {
    /// The columns, and what they were read from; none where they cannot be used, whatever the
    /// reason: they can always be made again. `known` says whether the workspace has that origin.
    pub(super) fn read(
        &self,
        settings: &Settings,
        known: impl FnOnce(&Origin) -> bool,
    ) -> Option<(Origin, ColumnsBuilder)> {
        let mut reader = SnapshotReader::new(settings);
        let origin = self.0.read(known, &mut |piece| reader.take(piece))?;
        Some((origin, reader.finish()?))
    }

    /// Keeps columns for the next run.
    ///
    /// # Errors
    /// When the disk refuses; what was there before is there still.
    pub(super) fn write(&self, origin: Origin, columns: &ColumnsBuilder) -> io::Result<()> {
        self.0.write(origin, columns.pieces(), |put| columns.write(put))
    }
}
