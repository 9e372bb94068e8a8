//! Bytes to rows with provenance.
//!
//! Lives here: the one table of formats ([`FORMATS`]), finding out encoding and delimiter, the
//! reading of each format, mapping columns to fields, and putting aside the rows that cannot
//! become records: whole, with line and reason.
//!
//! Does not live here: opening files (the caller hands in an [`Input`]), harmonising values, anything
//! about the store.
//!
//! Start with [`Reader`]. A new format is one file beside `delimited` and one row in [`FORMATS`]; one that
//! not every build needs is a crate that implements [`TableReader`].

mod beside;
mod broken;
mod cell;
mod cell_table;
mod columns;
mod deleted;
mod delimited;
mod dialect;
mod edges;
mod encoding;
mod error;
mod fixed;
mod foreign;
mod format;
mod glance;
mod gzip;
mod header;
mod input;
mod joining;
mod json;
mod json_columns;
mod json_leaves;
mod json_lines;
mod json_objects;
mod json_unmapped;
mod json_values;
mod keys;
mod lenient;
mod lines;
mod mapping;
mod marks;
mod merged;
mod object_names;
mod odd_cells;
mod odd_keys;
mod one_line;
mod pump;
mod quarantine;
mod reader;
mod repeats;
mod row_stream;
mod second_header;
mod serial;
mod splitter;
mod spreadsheet;
mod swallowed;
mod table;
mod table_rows;
mod told_columns;
mod transcoded;
mod unpack;
mod vcard;
mod walker;
mod writing;

pub use beside::{Readers, TableError, TableHead, TableReader, TakesTable};
pub use cell::{Cell, NoText};
pub use cell_table::CellRow;
pub use columns::Columns;
pub use deleted::{Existence, is_deleted, is_deletion_unclear, is_kind_unclear};
pub use error::{AcquireError, EncodingReading, MissingColumn};
pub use format::{FORMATS, Format, FormatEntry};
pub use glance::{Glance, Wanted};
pub use input::{Content, Input};
pub use json_columns::ByColumns;
pub use keys::{old_spellings, one_form, one_key, with_other_zeros, without_signs};
pub use merged::MergedKeys;
pub use pump::guarding;
pub use reader::{Delivered, Options, Reader, Row};
pub use repeats::{Judge, KeyNotes, RepeatedKeys, TimeOf};
pub use row_stream::RowStream;
pub use told_columns::ToldColumns;
pub use unpack::{Unpacked, unpack};

/// The longest row taken, in bytes.
pub const ROW_LIMIT: usize = 1 << 20;

/// The longest row that is kept in quarantine whole, in bytes.
pub const WHOLE_LIMIT: usize = 32 << 10;

/// The most that is kept in quarantine of a longer one, in bytes: enough to find it in its file by.
pub const KEPT_LIMIT: usize = 4096;

/// The most that is kept in quarantine of one file's rows, in bytes. Of the rows after that only
/// their beginnings are.
pub const QUARANTINE_LIMIT: usize = 64 << 20;

/// So many rows in quarantine, and hardly any other, and a file is not what it was taken for.
pub const HOPELESS: u64 = 10_000;

/// The most columns of a file, and of values in one JSON object.
pub const COLUMN_LIMIT: usize = 4096;
