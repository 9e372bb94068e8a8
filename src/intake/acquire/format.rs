//! The one table of formats, and how a file is opened.

use std::sync::Arc;

use settings::Source;

use super::encoding::unread::{self, Unread};
use super::encoding::{self, Encoding, Hints, RowEncoding};
use super::error::AcquireError;
use super::input::Input;
use super::lines::Lines;
use super::marks::Marks;
use super::reader::{Options, Rows, Told, hints_of, told_by_all};
use super::row_stream::{self, StreamedRows, begins_with};
use super::{delimited, fixed, foreign, json_lines, spreadsheet, table_rows, vcard};

/// A format that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Delimited text; comma, semicolon, tab or pipe is found out.
    Csv,
    /// Text delimited by tabs.
    Tsv,
    /// One JSON object a line.
    JsonLines,
    /// A workbook of Excel, or of another in its format.
    Xlsx,
    /// A workbook in Excel's binary format.
    Xlsb,
    /// A workbook of Excel 97 to 2003.
    Xls,
    /// A spreadsheet of LibreOffice and others.
    Ods,
    /// Columns as data lakes keep them.
    Parquet,
    /// A database of SQLite.
    Sqlite,
    /// Cards of an address book.
    VCard,
    /// Text in which each column has its place.
    Fixed,
}

/// What is known about a format.
pub struct FormatEntry {
    /// The format.
    pub format: Format,
    /// Its name on the command line.
    pub name: &'static str,
    /// The file extensions it goes by, lower case.
    pub extensions: &'static [&'static str],
    /// How it is opened.
    pub(super) way: Way,
}

/// How a format is opened.
pub(super) enum Way {
    /// As lines of text.
    Text {
        /// Whether a file that begins like this is of the format; asked in the order of the table.
        recognises: fn(&str) -> bool,
        /// Starts reading.
        open: fn(Opening<'_>) -> Result<Box<dyn Rows + Send>, AcquireError>,
    },
    /// As bytes.
    Bytes {
        /// Whether the file is of the format; asked before any text is looked for.
        recognises: fn(&Input) -> std::io::Result<bool>,
        /// Starts reading.
        open: fn(BytesOpening<'_>) -> Result<Box<dyn Rows + Send>, AcquireError>,
    },
    /// By a crate beside this one, which not every build has: see [`super::beside`].
    Beside {
        /// How a file of the format begins.
        mark: &'static [u8],
        /// What it is called in a sentence.
        title: &'static str,
        /// The same without an article: what one of them is.
        noun: &'static str,
    },
}

/// What a format of text gets to start with.
#[derive(Clone, Copy)]
pub(super) struct Opening<'a> {
    /// What is read.
    pub input: &'a Input,
    /// What it is in.
    pub encoding: RowEncoding,
    /// The beginning of the file as text.
    pub sample: &'a str,
    /// What its bytes hold that leaves a question.
    pub marks: Marks,
    /// The settings of its source.
    pub source: &'a Source,
    /// The file's name, for messages.
    pub file: &'a str,
    /// What parts cells, where that is said.
    pub delimiter: Option<u8>,
    /// The line of the header, where that is said, counted from 1.
    pub header_row: Option<u64>,
    /// Where the list of records stands, where that is said.
    pub records: Option<&'a str>,
    /// The widths of its columns, where those are said.
    pub widths: Option<&'a [usize]>,
    /// What is known of its encoding besides its bytes.
    pub options: &'a Options,
}

impl Opening<'_> {
    /// What tips the scales where encodings are close.
    pub fn hints(&self) -> Hints {
        hints_of(self.options)
    }

    /// The lines of the file, from the first on.
    pub fn lines(&self) -> Lines {
        Lines::new(Box::new(self.input.from_the_beginning()), self.encoding, self.sample)
    }
}

/// What any other format gets to start with.
pub(super) struct BytesOpening<'a> {
    /// The file.
    pub input: Input,
    /// The settings of its source.
    pub source: &'a Source,
    /// How to read it.
    pub options: &'a Options,
}

const fn spreadsheet(
    format: Format,
    name: &'static str,
    extensions: &'static [&'static str],
    recognises: fn(&Input) -> std::io::Result<bool>,
) -> FormatEntry {
    FormatEntry {
        format,
        name,
        extensions,
        way: Way::Bytes { recognises, open: spreadsheet::open },
    }
}

/// Every format, in the order of the enum.
pub const FORMATS: [FormatEntry; 11] = [
    FormatEntry {
        format: Format::Csv,
        name: "csv",
        extensions: &["csv"],
        // What nothing else recognises.
        way: Way::Text { recognises: |_| false, open: delimited::open_any },
    },
    FormatEntry {
        format: Format::Tsv,
        name: "tsv",
        extensions: &["tsv", "tab"],
        // Without the extension, tabs are one of the delimiters that CSV finds out.
        way: Way::Text { recognises: |_| false, open: delimited::open_tabs },
    },
    FormatEntry {
        format: Format::JsonLines,
        name: "jsonl",
        extensions: &["jsonl", "ndjson", "json"],
        way: Way::Text { recognises: json_lines::recognises, open: json_lines::open },
    },
    // Whatever it calls itself, a workbook says what it is.
    spreadsheet(Format::Xlsx, "xlsx", &["xlsx", "xlsm"], |input| {
        Ok(spreadsheet::kind_of(input)?.is_some())
    }),
    spreadsheet(Format::Xlsb, "xlsb", &["xlsb"], |_| Ok(false)),
    spreadsheet(Format::Xls, "xls", &["xls"], |_| Ok(false)),
    spreadsheet(Format::Ods, "ods", &["ods"], |_| Ok(false)),
    FormatEntry {
        format: Format::Parquet,
        name: "parquet",
        extensions: &["parquet", "pq"],
        way: Way::Beside { mark: b"PAR1", title: "Parquet", noun: "Parquet file" },
    },
    FormatEntry {
        format: Format::Sqlite,
        name: "sqlite",
        extensions: &["sqlite", "sqlite3", "db"],
        way: Way::Beside {
            mark: b"SQLite format 3\0",
            title: "an SQLite database",
            noun: "SQLite database",
        },
    },
    FormatEntry {
        format: Format::VCard,
        name: "vcard",
        extensions: &["vcf", "vcard"],
        way: Way::Text { recognises: vcard::recognises, open: vcard::open },
    },
    FormatEntry {
        format: Format::Fixed,
        name: "fixed",
        extensions: &[],
        // Who says where columns stand says that it is this.
        way: Way::Text { recognises: |_| false, open: fixed::open },
    },
];

/// A file that is being read.
pub(super) struct Opened {
    /// Its rows.
    pub rows: Box<dyn Rows + Send>,
    /// The encoding of a text.
    pub encoding: Option<RowEncoding>,
    /// What it reads better in than in what it is said to be in.
    pub likelier: Option<Encoding>,
    /// Whether the text tells its encoding from others that are about as common.
    pub is_proof: bool,
    /// How it is read.
    pub description: String,
}

/// Starts reading a file, in the format that was said or that it is in.
pub(super) fn open(
    input: &Input,
    source: &Source,
    options: &Options,
) -> Result<Opened, AcquireError> {
    let unreadable = |cause| AcquireError::Unreadable { file: options.file.clone(), cause };
    let opening = || BytesOpening { input: input.from_the_beginning(), source, options };
    if row_stream::recognises(input).map_err(unreadable)? {
        return Ok(Opened::of_bytes(table_rows::open(
            Arc::new(StreamedRows),
            "stream of rows",
            opening(),
        )?));
    }
    if let Some(foreign::Foreign { what, way_out }) = foreign::of(input).map_err(unreadable)? {
        return Err(AcquireError::Foreign { file: options.file.clone(), what, way_out });
    }
    let entry = match options.format.map(Format::entry) {
        Some(entry) => Some(entry),
        None => recognised(input).map_err(unreadable)?,
    };
    if options.format.is_some()
        && entry.is_some_and(|entry| matches!(entry.way, Way::Text { .. }))
        && let Some(known) = recognised(input).map_err(unreadable)?
    {
        let title = match known.way {
            Way::Beside { title, .. } => title,
            _ => "an Excel or OpenDocument workbook",
        };
        return Err(AcquireError::KnownFormat { file: options.file.clone(), title });
    }
    if let Some(entry) = entry.filter(|entry| !matches!(entry.way, Way::Text { .. })) {
        check_flags(entry.format, options)?;
    }
    match entry {
        Some(FormatEntry { way: Way::Bytes { open, .. }, .. }) => {
            Ok(Opened::of_bytes(open(opening())?))
        }
        Some(FormatEntry { way: Way::Beside { mark, title, noun }, name, format, .. }) => {
            let file = options.file.clone();
            if !begins_with(input, mark).map_err(unreadable)? {
                return Err(AcquireError::OtherFormat { file, title });
            }
            let Some(reader) = options.readers.of(*format) else {
                return Err(AcquireError::NotBuilt { file, title, feature: name });
            };
            Ok(Opened::of_bytes(table_rows::open(Arc::clone(reader), noun, opening())?))
        }
        _ => open_text(input, source, options, entry),
    }
}

impl Opened {
    /// A file that is no text.
    fn of_bytes(rows: Box<dyn Rows + Send>) -> Opened {
        let description = rows.description().unwrap_or_default();
        Opened { rows, encoding: None, likelier: None, is_proof: false, description }
    }
}

/// The format that a file of bytes is in, if one is known.
fn recognised(input: &Input) -> std::io::Result<Option<&'static FormatEntry>> {
    for entry in &FORMATS {
        let is_it = match entry.way {
            Way::Text { .. } => false,
            Way::Bytes { recognises, .. } => recognises(input)?,
            Way::Beside { mark, .. } => begins_with(input, mark)?,
        };
        if is_it {
            return Ok(Some(entry));
        }
    }
    Ok(None)
}

fn open_text(
    input: &Input,
    source: &Source,
    options: &Options,
    said: Option<&'static FormatEntry>,
) -> Result<Opened, AcquireError> {
    let file = options.file.clone();
    let unreadable = |cause| AcquireError::Unreadable { file: file.clone(), cause };
    let mut beginning = input.from_the_beginning();
    let sample = encoding::read_sample(&mut beginning).map_err(unreadable)?;
    let binary = |what| AcquireError::Binary { file: file.clone(), what };
    if let Some(Unread { name, iconv }) = unread::of(&sample.bytes) {
        return Err(AcquireError::NotDecoded { file, encoding: name, iconv });
    }
    let marked = Encoding::of(&sample).map_err(binary)?;
    let Told { encoding, likelier, is_proof, marks } = told_by_all(input, marked, source, options)?;
    let text = encoding.of.read_beginning(&sample);
    if let Some(what) = markup(&text) {
        return Err(AcquireError::Markup { file, what });
    }
    if sample.is_whole && text.trim().is_empty() {
        return Err(AcquireError::Empty { file });
    }
    // Columns that the settings give places are no reason to cut what says that it is something else.
    let has_places = || {
        let says_other = Format::guess(&file, &text) != Format::Csv;
        !source.columns.is_empty() && !says_other && !fixed::is_delimited(&text, source)
    };
    let is_fixed = || options.widths.is_some() || has_places();
    let guessed = || if is_fixed() { Format::Fixed } else { Format::guess(&file, &text) };
    let entry = said.unwrap_or_else(|| guessed().entry());
    let Way::Text { open, .. } = entry.way else { return Err(AcquireError::NoWorkbook { file }) };
    check_flags(entry.format, options)?;
    let rows = open(Opening {
        input,
        encoding,
        sample: &text,
        marks,
        source,
        file: &file,
        delimiter: options.delimiter,
        header_row: options.header_row,
        records: options.records.as_deref(),
        widths: options.widths.as_deref(),
        options,
    })?;
    let parts = [Some(entry.name), Some(encoding.of.name()), rows.detail()];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    let description = rows.description().unwrap_or_else(|| parts.join(", "));
    Ok(Opened { rows, encoding: Some(encoding), likelier, is_proof, description })
}

/// What kind of markup begins like this: programs save it under the name of a workbook.
fn markup(text: &str) -> Option<&'static str> {
    let begins = |mark: &str| {
        let start = text.trim_start().get(..mark.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(mark))
    };
    if ["<!doctype html", "<html", "<table", "<head", "<body", "<meta"].into_iter().any(begins) {
        return Some("a web page (HTML)");
    }
    if begins("<?xml") {
        let is_workbook = text.contains("urn:schemas-microsoft-com:office:spreadsheet");
        return Some(if is_workbook { "an Excel 2003 XML workbook" } else { "XML" });
    }
    None
}

/// Refuses what was said of the file alone and means nothing to its format.
fn check_flags(format: Format, options: &Options) -> Result<(), AcquireError> {
    let does_apply = |flag: &str| match (flag, format) {
        ("--encoding", _) => matches!(FORMATS[format as usize].way, Way::Text { .. }),
        ("--delimiter", Format::Csv | Format::Tsv) => true,
        ("--records", Format::JsonLines) => true,
        ("--header-row", Format::Csv | Format::Tsv) => true,
        ("--header-row" | "--sheet", _) => {
            matches!(FORMATS[format as usize].way, Way::Bytes { .. })
        }
        _ => false,
    };
    match options.flags.iter().find(|flag| !does_apply(flag)) {
        Some(flag) => {
            let (file, format) = (options.file.clone(), format.name());
            Err(AcquireError::DoesNotApply { file, flag, format })
        }
        None => Ok(()),
    }
}

impl Format {
    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// The format of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Format> {
        FORMATS.iter().find(|entry| entry.name == name).map(|entry| entry.format)
    }

    /// The format of text that a file's extension tells, else the one its beginning looks like.
    pub(super) fn guess(file: &str, sample: &str) -> Format {
        let extension = file.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        let of_text = |entry: &&FormatEntry| matches!(entry.way, Way::Text { .. });
        let by_name = |entry: &&FormatEntry| {
            extension.as_deref().is_some_and(|it| entry.extensions.contains(&it))
        };
        let by_sight = |entry: &&FormatEntry| match entry.way {
            Way::Text { recognises, .. } => recognises(sample),
            Way::Bytes { .. } | Way::Beside { .. } => false,
        };
        let mut of_text = FORMATS.iter().filter(of_text);
        let found = of_text.clone().find(by_name).or_else(|| of_text.find(by_sight));
        found.map_or(Format::Csv, |entry| entry.format)
    }

    pub(super) fn entry(self) -> &'static FormatEntry {
        // The order is the enum's; a test holds that.
        &FORMATS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extension_first_then_content() {
        for (file, sample, expected) in [
            ("a.csv", "{}", Format::Csv),
            ("a.TSV", "a,b", Format::Tsv),
            ("a.ndjson", "a,b", Format::JsonLines),
            ("-", " \n{\"a\":1}", Format::JsonLines),
            ("export.txt", "[ {\"a\":1}", Format::JsonLines),
            ("export.txt", "[a];b", Format::Csv),
            ("-", "a\tb", Format::Csv),
            ("saved-as.xls", "a\tb", Format::Csv),
        ] {
            assert_eq!(Format::guess(file, sample), expected, "{file} {sample}");
        }
    }

    #[test]
    fn every_entry_is_found_by_its_format_and_name() {
        for entry in &FORMATS {
            assert_eq!(entry.format.name(), entry.name);
            assert_eq!(entry.format.entry().format, entry.format);
            assert_eq!(Format::from_name(entry.name), Some(entry.format));
        }
    }
}
