//! The one table of formats.

use settings::Source;

use super::encoding::RowEncoding;
use super::error::AcquireError;
use super::input::Input;
use super::lines::Lines;
use super::marks::Marks;
use super::reader::Rows;
use super::{delimited, json_lines};

/// A format that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Delimited text; comma, semicolon, tab or pipe is found out.
    Csv,
    /// Text delimited by tabs.
    Tsv,
    /// One JSON object a line.
    JsonLines,
}

/// What is known about a format.
pub struct FormatEntry {
    /// The format.
    pub format: Format,
    /// Its name on the command line.
    pub name: &'static str,
    /// The file extensions it goes by, lower case.
    pub extensions: &'static [&'static str],
    /// Whether a file that begins like this is of the format; asked in the order of the table.
    pub(super) recognises: fn(&str) -> bool,
    /// Starts reading.
    pub(super) open: fn(Opening<'_>) -> Result<Box<dyn Rows + Send>, AcquireError>,
}

/// What a format gets to start with.
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
}

impl Opening<'_> {
    /// The lines of the file, from the first on.
    pub fn lines(&self) -> Lines {
        Lines::new(Box::new(self.input.from_the_beginning()), self.encoding, self.sample)
    }
}

/// Every format.
pub const FORMATS: [FormatEntry; 3] = [
    FormatEntry {
        format: Format::JsonLines,
        name: "jsonl",
        extensions: &["jsonl", "ndjson", "json"],
        recognises: json_lines::recognises,
        open: json_lines::open,
    },
    FormatEntry {
        format: Format::Tsv,
        name: "tsv",
        extensions: &["tsv", "tab"],
        // Without the extension, tabs are one of the delimiters that CSV finds out.
        recognises: |_| false,
        open: delimited::open_tabs,
    },
    FormatEntry {
        format: Format::Csv,
        name: "csv",
        extensions: &["csv"],
        recognises: |_| true,
        open: delimited::open_any,
    },
];

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

    /// The format a file's extension tells, else the one its beginning looks like.
    pub(super) fn guess(file: &str, sample: &str) -> Format {
        let extension = file.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        FORMATS
            .iter()
            .find(|entry| extension.as_deref().is_some_and(|it| entry.extensions.contains(&it)))
            .or_else(|| FORMATS.iter().find(|entry| (entry.recognises)(sample)))
            .map_or(Format::Csv, |entry| entry.format)
    }

    pub(super) fn entry(self) -> &'static FormatEntry {
        let [json_lines, tabs, any] = &FORMATS;
        match self {
            Format::JsonLines => json_lines,
            Format::Tsv => tabs,
            Format::Csv => any,
        }
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
        ] {
            assert_eq!(Format::guess(file, sample), expected, "{file} {sample}");
        }
    }

    #[test]
    fn every_entry_is_found_by_its_format_and_name() {
        for entry in &FORMATS {
            assert_eq!(entry.format.name(), entry.name);
            assert_eq!(Format::from_name(entry.name), Some(entry.format));
        }
    }
}
