//! What `steward import` is told.

use std::path::PathBuf;

use super::super::delivery::DeliveryArguments;
use super::super::query::DatabaseArguments;
use domain::{DateOrder, NumberStyle};
use door::operations::{Import, TextFile};
use intake::acquire::{FORMATS, Format};

/// Import a file from one source; rows that cannot become records are set aside whole.
///
/// Importing the same file again changes nothing; to complete an interrupted import, run it
/// again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward import crm.csv --source crm\n  \
    steward import orders.csv --stream orders\n  \
    steward import shop.sqlite --source shop --table customers\n  \
    steward import postgresql://db.example/crm --source crm --query \"select * from customers\"")]
pub struct Arguments {
    /// The file, or the address of a PostgreSQL database, queried with psql; - reads standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The source, as in steward.toml.
    #[arg(long, value_name = "NAME", required_unless_present_any = ["preset", "stream"])]
    pub source: Option<String>,
    /// The stream, as in steward.toml: rows are what customers did, not records.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["source", "preset"])]
    pub stream: Option<String>,
    /// The preset for such files (see `steward preset list`); a source missing from steward.toml is added.
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    #[command(flatten)]
    pub written: FileArguments,
    #[command(flatten)]
    pub database: DatabaseArguments,
    /// Exit with code 3 if any row was quarantined.
    #[arg(long)]
    pub strict: bool,
    /// Count rows, and show how the first would be read; write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// With --dry-run: count masked fields and judge their rules as well; the ledger records that you
    /// looked.
    #[arg(long, requires = "dry_run")]
    pub unmask: bool,
    #[command(flatten)]
    pub delivery: DeliveryArguments,
}

/// How this file is written.
#[derive(Debug, Clone, clap::Args)]
pub struct FileArguments {
    /// csv, tsv, jsonl (any JSON), xlsx, xlsb, xls, ods, parquet, sqlite, vcard or fixed; detected by
    /// default.
    #[arg(long, value_name = "F", value_parser = format)]
    pub format: Option<Format>,
    /// The encoding of a text file, such as windows-1250, cp850 or Shift_JIS; detected by default.
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub encoding: Option<String>,
    /// The delimiter: one character, or comma, semicolon, tab, pipe; detected by default.
    #[arg(long, value_name = "SIGN", value_parser = delimiter)]
    pub delimiter: Option<String>,
    /// The line of the header (in a workbook, its row), counted from 1; detected by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub header_row: Option<u64>,
    /// The sheet of a workbook; default: the first that is not empty.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Where the list of records is in a JSON object, such as data.customers.
    #[arg(long, value_name = "PATH")]
    pub records: Option<String>,
    /// The width of each column in characters, such as 10,30,8; the header has the names at those places.
    #[arg(long, value_name = "N,N", value_delimiter = ',', value_parser = width)]
    pub widths: Option<Vec<usize>>,
    /// The order of its dates: day-first, month-first or year-first; default: from steward.toml, or
    /// as the values prove.
    #[arg(long, value_name = "ORDER", value_parser = order)]
    pub dates: Option<DateOrder>,
    /// How its numbers are written, as an example such as 1.234,56; default: as for dates.
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
        format!("it does not show the thousands and decimal separators; write one of {}", known())
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
    let is_other = !text.is_ascii() && text.chars().count() == 1;
    let expected = match is_other {
        true => {
            "a delimiter is an ASCII character: replace it in the file first, for example with a tab"
        }
        false => {
            "expected one ASCII character other than a letter, digit or quote, or a name such as tab"
        }
    };
    settings::delimiter(text).map(|_| text.to_owned()).ok_or_else(|| expected.to_owned())
}
