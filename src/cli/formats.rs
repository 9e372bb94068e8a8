//! The formats of crates that not every build has, as its features say.

use desk::Formats;

/// Those that this build reads and writes.
pub fn of_this_build() -> Formats {
    #[allow(unused_mut)]
    let mut formats = Formats::default();
    #[cfg(feature = "parquet")]
    {
        let reader = steward_parquet::ParquetReader;
        formats.readers = formats.readers.and(intake::acquire::Format::Parquet, reader);
        let writer = std::sync::Arc::new(steward_parquet::ParquetWriter);
        formats.writers.push((desk::export::Format::Parquet, writer));
    }
    #[cfg(feature = "sqlite")]
    {
        let reader = steward_sqlite::SqliteBytes;
        formats.readers = formats.readers.and(intake::acquire::Format::Sqlite, reader);
    }
    formats
}
