//! What `steward import` is told.

use std::path::PathBuf;

use super::super::delivery::DeliveryArguments;
use super::super::query::DatabaseArguments;
use domain::{DateOrder, NumberStyle};
use door::operations::{Import, TextFile};
use intake::acquire::{FORMATS, Format};

/// Import a file of one source; rows that cannot become records are put aside, whole.
///
/// Importing the same file again changes nothing; an interrupted import is completed by running it
/// again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward import crm.csv --source crm\n  \
    steward import shop.sqlite --source shop --table customers\n  \
    steward import postgresql://db.example/crm --source crm --query \"select * from customers\"")]
pub struct Arguments {
    /// The file, or the address of a PostgreSQL database, which psql asks; - reads standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The source, as in steward.toml.
    #[arg(long, value_name = "NAME", required_unless_present = "preset")]
    pub source: Option<String>,
    /// What is known of such files (see `steward preset list`); a source that steward.toml lacks is added to it.
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    #[command(flatten)]
    pub written: FileArguments,
    #[command(flatten)]
    pub database: DatabaseArguments,
    /// End with code 3 when a row was quarantined.
    #[arg(long)]
    pub strict: bool,
    /// Count, and show the first rows as they would be read, but write nothing.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub delivery: DeliveryArguments,
}

/// How a file is written, where that is said for it alone.
#[derive(Debug, Clone, clap::Args)]
pub struct FileArguments {
    /// csv, tsv, jsonl (any JSON), xlsx, xlsb, xls, ods, parquet, sqlite, vcard or fixed; found out where it is not
    /// said.
    #[arg(long, value_name = "F", value_parser = format)]
    pub format: Option<Format>,
    /// The encoding of a text file, such as windows-1250, cp850 or Shift_JIS; found out where it is not said.
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub encoding: Option<String>,
    /// What parts cells: one sign, or comma, semicolon, tab, pipe; found out where it is not said.
    #[arg(long, value_name = "SIGN", value_parser = delimiter)]
    pub delimiter: Option<String>,
    /// The line of the header, of a workbook its row, counted from 1; found out where it is not said.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub header_row: Option<u64>,
    /// The sheet of a workbook; the first in which something stands where it is not said.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Where in a JSON object the list of records stands, such as data.customers.
    #[arg(long, value_name = "PATH")]
    pub records: Option<String>,
    /// How many signs each column has, such as 10,30,8, where the header has the names at those places.
    #[arg(long, value_name = "N,N", value_delimiter = ',', value_parser = width)]
    pub widths: Option<Vec<usize>>,
    /// The order of its dates: day-first, month-first or year-first; else steward.toml says it, or the
    /// values prove it.
    #[arg(long, value_name = "ORDER", value_parser = order)]
    pub dates: Option<DateOrder>,
    /// How its numbers are written, by an example such as 1.234,56; else as for dates.
    #[arg(long, value_name = "EXAMPLE", value_parser = style)]
    pub numbers: Option<NumberStyle>,
}

impl FileArguments {
    /// Says so of a file that is to be imported.
    pub fn say(&self, request: &mut Import) {
        request.format = self.format.map(|format| format.name().to_owned());
        request.written = TextFile {
            encoding: self.encoding.clone(),
            delimiter: self.delimiter.clone(),
            header_row: self.header_row,
            sheet: self.sheet.clone(),
            records: self.records.clone(),
            widths: self.widths.clone(),
        };
        request.dates = self.dates;
        request.numbers = self.numbers;
    }
}

fn order(text: &str) -> Result<DateOrder, String> {
    let known = || DateOrder::ALL.map(DateOrder::name).join(", ");
    DateOrder::from_name(text).ok_or_else(|| format!("expected one of {}", known()))
}

fn style(text: &str) -> Result<NumberStyle, String> {
    let known = || NumberStyle::ALL.map(|style| format!("\"{style}\"")).join(", ");
    NumberStyle::from_example(text).ok_or_else(|| {
        format!("it does not show what parts thousands and decimals; write one of {}", known())
    })
}

/// A format by its name.
fn format(text: &str) -> Result<Format, String> {
    let names: Vec<&str> = FORMATS.iter().map(|entry| entry.name).collect();
    Format::from_name(text).ok_or_else(|| format!("expected one of {}", names.join(", ")))
}

/// The width of one column.
///
/// # Errors
/// When it is none.
pub fn width(text: &str) -> Result<usize, String> {
    settings::width(text)
        .ok_or_else(|| "expected the width of each column, such as 10,30".to_owned())
}

fn encoding(text: &str) -> Result<String, String> {
    let name = settings::encoding_name(text).map(str::to_owned);
    name.ok_or_else(|| settings::no_encoding(text))
}

fn delimiter(text: &str) -> Result<String, String> {
    let expected = "expected one sign that is no letter, digit or quote, or a name such as tab";
    settings::delimiter(text).map(|_| text.to_owned()).ok_or_else(|| expected.to_owned())
}
