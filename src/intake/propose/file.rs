//! A look through a whole file.

use compact_str::CompactString;
use jiff::civil::Date;

use super::column::Column;
use crate::acquire::{AcquireError, Delivered, Input, Options, Reader};
use crate::headings;
use domain::{Place, SourceName};
use settings::Source;

/// A file with more columns than this is described by the first of them.
const MOST_COLUMNS: usize = 400;

/// What a look through a file tells.
#[derive(Debug, Clone)]
pub struct FileLook {
    /// How it was read: `csv, UTF-8, comma`.
    pub description: String,
    /// Its rows.
    pub rows: u64,
    /// Rows that no look could be taken at: they would be quarantined.
    pub aside: u64,
    /// The first of them, and why: `line 2: 4 fields where the header has 3`.
    pub first_aside: Option<String>,
    /// Rows above its header.
    pub above: u64,
    /// Rows that were taken for remarks below its table.
    pub below: u64,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
    /// Encodings that it may be in, the likeliest first, where that is not certain.
    pub encodings: Vec<&'static str>,
    /// Where its records stand within one JSON object.
    pub records: Option<String>,
    /// Where other lists of objects stand in it.
    pub other_lists: Vec<String>,
}

/// Looks through a whole file. `goes_on` is asked from time to time, and says no to stop.
///
/// # Errors
/// When the file cannot be used.
pub fn look(
    input: &Input,
    options: &Options,
    today: Date,
    goes_on: &mut dyn FnMut(u64) -> bool,
) -> Result<FileLook, AcquireError> {
    let unknown = Source::named(SourceName::new("NAME"));
    let mut options = options.clone();
    let (mut encodings, mut other_lists) = (Vec::new(), Vec::new());
    let reader = loop {
        match Reader::open(input.from_the_beginning(), &unknown, &options) {
            Ok(reader) => break reader,
            Err(AcquireError::UnsureEncoding { readings, .. })
                if options.encoding.is_none() && !readings.is_empty() =>
            {
                encodings = readings.iter().map(|reading| reading.encoding).collect();
                options.encoding = encodings.first().map(|name| (*name).to_owned());
            }
            Err(AcquireError::RecordsWithin { paths, .. }) if options.records.is_none() => {
                let mut paths = paths.into_iter();
                options.records = paths.next();
                other_lists = paths.collect();
            }
            Err(error) => return Err(error),
        }
    };
    let mut look = FileLook {
        description: reader.description().to_owned(),
        rows: 0,
        aside: 0,
        first_aside: None,
        above: 0,
        below: 0,
        columns: Vec::new(),
        encodings,
        records: options.records.clone(),
        other_lists,
    };
    let has_header = reader.header_line().is_some();
    let place = Place::of_format(reader.description());
    let mut names: Vec<CompactString> = Vec::new();
    for delivered in reader {
        match delivered? {
            Delivered::Row(row) => {
                look.take(&row.unmapped, today);
                if look.rows == 1 && has_header {
                    names = row.columns.names().map(CompactString::new).collect();
                }
            }
            Delivered::Quarantined(row) => {
                look.aside += 1;
                let told = || format!("{place} {}: {}", row.line, row.reason.told(place));
                look.first_aside.get_or_insert_with(told);
            }
            Delivered::Skipped(skipped) => {
                (look.above, look.below) = (skipped.above, skipped.below)
            }
        }
        if look.rows.is_multiple_of(256) && !goes_on(look.rows) {
            break;
        }
    }
    names.retain(|name| name != "\0");
    look.add_empty(names);
    if has_header && look.has_no_names() {
        return Err(AcquireError::NoHeader { file: options.file });
    }
    Ok(look)
}

impl FileLook {
    fn take(&mut self, cells: &[(CompactString, CompactString)], today: Date) {
        let mut after = 0;
        for (name, text) in cells {
            // Columns come in their order, so that the next is nearly always the one.
            let known = match self.columns.get(after) {
                Some(column) if column.name == *name => Some(after),
                _ => self.columns.iter().position(|column| column.name == *name),
            };
            let at = match known {
                Some(at) => at,
                None if self.columns.len() >= MOST_COLUMNS => continue,
                None => {
                    let at = after.min(self.columns.len());
                    self.columns.insert(at, Column::named(name.clone()));
                    at
                }
            };
            self.columns[at].take(self.rows, text, today);
            after = at + 1;
        }
        self.rows += 1;
    }

    /// Columns of the header in which nothing stands. Those that are empty in some rows only come with the
    /// first row that fills them, and so in their place.
    fn add_empty(&mut self, names: Vec<CompactString>) {
        for name in names {
            let is_known = self.columns.iter().any(|column| column.name == name);
            if !is_known && self.columns.len() < MOST_COLUMNS {
                self.columns.push(Column::named(name));
            }
        }
    }

    /// Whether the first row is data, by all appearances: nothing in it is what columns are called, and a
    /// number is.
    fn has_no_names(&self) -> bool {
        let names = || self.columns.iter().map(|column| column.name.as_str());
        let is_number = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
        !names().any(|name| headings::read(name).is_some()) && names().any(is_number)
    }
}
