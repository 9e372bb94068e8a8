//! Parquet: files of columns, as data lakes keep them.
//!
//! Lives here: [`ParquetReader`], which hands the rows of a file to `intake`. The library is used without
//! its `arrow` feature: rows are wanted, and Arrow took as long again to build (30 s against 54 s).
//!
//! Does not live here: what becomes of the rows.

mod cells;
mod content;
mod leaf;
mod lists;
mod read;

pub use read::ParquetReader;
