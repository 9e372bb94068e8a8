//! Parquet: files of columns, as data lakes keep them.
//!
//! Lives here: [`ParquetReader`], which hands the rows of a file to `intake`, and [`ParquetWriter`], which
//! takes those of an export from `desk`. The library is used without
//! its `arrow` feature: rows are wanted, and Arrow took as long again to build (30 s against 54 s).
//!
//! Does not live here: what becomes of the rows, or where they come from.

mod cells;
mod content;
mod leaf;
mod lists;
mod read;
mod values;
mod write;

pub use read::ParquetReader;
pub use write::ParquetWriter;
