//! CSV: a header, and a row a line.

use csv::{Position, StringRecord};
use serde_json::Value;

use super::line::{Line, is_column, must_be_columns};
use super::{Numbered, Wrong, quotes};
use crate::cli::text::counted;

/// Its rows; none where nothing follows the header.
///
/// # Errors
/// When quotes or the header are wrong, or the first row that has other columns.
pub fn lines(text: &str) -> Result<Numbered<Line>, Wrong> {
    quotes::must_close(text)?;
    let mut reader = csv::ReaderBuilder::new();
    // What is wrong with the header or a row is said here, with its line.
    reader.has_headers(false).flexible(true).trim(csv::Trim::All);
    let mut reader = reader.from_reader(text.as_bytes());
    let mut rows: Numbered<StringRecord> = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| (line_of(text, error.position()), "not CSV".to_owned()))?;
        rows.push((line_of(text, row.position()), row));
    }
    if rows.len() < 2 {
        return Ok(Vec::new());
    }
    let (number, header) = rows.remove(0);
    let names: Vec<&str> = header.iter().collect();
    must_be_header(&names).map_err(|why| (number, why))?;
    rows.into_iter().map(|(number, row)| Ok((number, line(&names, &row, number)?))).collect()
}

fn must_be_header(names: &[&str]) -> Result<(), String> {
    if !names.iter().any(|name| is_column(name)) {
        return Err(no_header(names));
    }
    must_be_columns(names)?;
    match ["task", "verdict"].iter().find(|needed| !names.contains(needed)) {
        Some(needed) => Err(format!("the header has no column `{needed}`")),
        None => Ok(()),
    }
}

/// What is wrong with a first line that has none of the columns: other delimiters and capitals are seen.
fn no_header(names: &[&str]) -> String {
    let is_known = |name: &str| is_column(name) || super::pairs::is_column(name);
    let whole = names.join(",");
    let others = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")];
    let is_by =
        |sign: char| whole.contains(sign) && whole.split(sign).any(|it| is_known(it.trim()));
    if let Some((_, named)) = others.into_iter().find(|(sign, _)| is_by(*sign)) {
        return format!("columns are separated by commas, not by {named}");
    }
    let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    match names.iter().zip(&lower).find(|(_, lower)| is_known(lower)) {
        Some((name, lower)) => format!("column `{name}` is written `{lower}`"),
        None => "the first line must be a header with task and verdict, or id_l, id_r and label"
            .to_owned(),
    }
}

fn line(names: &[&str], row: &StringRecord, number: u64) -> Result<Line, Wrong> {
    if row.len() != names.len() {
        let values = counted(row.len() as u64, "value", "values");
        let columns = counted(names.len() as u64, "column", "columns");
        return Err((number, format!("{values}, but the header has {columns}")));
    }
    let cells = names.iter().zip(row).map(|(name, cell)| ((*name).to_owned(), cell.into()));
    Ok(Line(cells.collect::<Vec<(String, Value)>>()))
}

/// The line where a row begins, which is behind the empty lines that were passed over.
fn line_of(text: &str, position: Option<&Position>) -> u64 {
    let Some(position) = position else { return 1 };
    let place = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.get(place..).unwrap_or_default().chars();
    let passed = rest.take_while(|sign| matches!(sign, '\n' | '\r'));
    position.line() + passed.filter(|sign| *sign == '\n').count() as u64
}
