//! OpenDocument spreadsheets, read event by event: however far apart their cells are, no more than a
//! row is held.

use std::borrow::Cow;
use std::io::{BufReader, Read};

use compact_str::CompactString;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::excel::of_iso;
use super::{COLUMNS, Chosen, OUTSIDE, ROWS, SheetError, SheetSink, Told, Wanted, archive};
use crate::acquire::cell::Cell;
use crate::acquire::cell_table::{CellRow, TableLook};
use crate::acquire::input::Input;
use crate::acquire::odd_cells::Merged;

/// What repeated cells may come to, in cells.
const REPEATED: u64 = 64 << 20;
/// How much of the manifest is looked at, in bytes.
const MANIFEST: u64 = 4 << 20;

const XML: SheetError = SheetError::Damaged("its XML cannot be read");
const TORN: SheetError = SheetError::Damaged("its XML ends too early");

/// Parts of a document in which cells stand that are none of its sheet's, or text that is no cell's.
const PASSED_OVER: [&str; 5] =
    ["table:tracked-changes", "office:annotation", "table:shapes", "office:forms", "draw:frame"];

/// Reads one sheet of a document.
pub(super) fn read(input: Input, wanted: &Wanted, sink: &mut SheetSink) -> Result<(), SheetError> {
    archive::check(&input)?;
    if is_encrypted(&input)? {
        return Err(SheetError::Encrypted);
    }
    let chosen = choose(&input, wanted)?;
    let sheet = chosen.0;
    sink.give(Told::Sheet(chosen.1), 0);
    walk(&input, &mut |at, _, row| {
        if at < sheet {
            return true;
        }
        let size = row.size();
        at == sheet && sink.give(Told::Row(row), size)
    })?;
    Ok(())
}

fn is_encrypted(input: &Input) -> Result<bool, SheetError> {
    let mut archive = open(input)?;
    let Ok(manifest) = archive.by_name("META-INF/manifest.xml") else { return Ok(false) };
    let mut text = Vec::new();
    manifest.take(MANIFEST).read_to_end(&mut text).map_err(super::excel::of_io)?;
    Ok(String::from_utf8_lossy(&text).contains("encryption-data"))
}

fn open(input: &Input) -> Result<ZipArchive<Input>, SheetError> {
    ZipArchive::new(input.from_the_beginning()).map_err(archive::of_archive)
}

/// The sheet that is wanted, or the first that holds the table, or in which something stands at least;
/// with its place.
fn choose(input: &Input, wanted: &Wanted) -> Result<(usize, Chosen), SheetError> {
    let mut filled: Vec<(usize, String, TableLook<'_>)> = Vec::new();
    let Seen { names, merged } = walk(input, &mut |at, name, row| {
        if filled.last().is_none_or(|(last, ..)| *last != at) {
            filled.push((at, name.to_owned(), TableLook::new(&wanted.mapping)));
        }
        if let Some((.., look)) = filled.last_mut() {
            look.take(&row);
        }
        true
    })?;
    let of_sheet = |at: usize| {
        merged.iter().filter(|(sheet, _)| *sheet == at).map(|(_, cell)| *cell).collect()
    };
    if let Some(wanted) = &wanted.sheet {
        let at = names.iter().position(|name| name == wanted);
        let alike = |name: &String| name.trim().eq_ignore_ascii_case(wanted.trim());
        return match at.or_else(|| names.iter().position(alike)) {
            Some(at) => {
                let name = names[at].clone();
                Ok((at, Chosen { name, others: Vec::new(), merged: of_sheet(at) }))
            }
            None => Err(SheetError::NoSheet(names)),
        };
    }
    if filled.is_empty() {
        return Err(SheetError::Empty);
    }
    let first = filled.iter().position(|(.., look)| look.is_table()).unwrap_or_default();
    let (at, name, _) = filled.remove(first);
    let others = filled.into_iter().map(|(_, name, _)| name).collect();
    Ok((at, Chosen { name, others, merged: of_sheet(at) }))
}

/// Takes a sheet's place and name and a row of it; false: that is enough.
type Take<'t> = &'t mut dyn FnMut(usize, &str, CellRow) -> bool;

/// What was come by on a walk.
struct Seen {
    /// The names of the sheets.
    names: Vec<String>,
    /// Cells that are merged downwards, each with the place of its sheet.
    merged: Vec<(usize, Merged)>,
}

/// Nobody merges more cells by hand.
const MOST_MERGED: usize = 1 << 16;

/// Hands out every row in which something stands.
fn walk(input: &Input, take: Take<'_>) -> Result<Seen, SheetError> {
    let mut archive = open(input)?;
    let content = archive.by_name("content.xml").map_err(archive::of_archive)?;
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(content));
    xml.config_mut().expand_empty_elements = true;
    let mut walk = Walk::of(take);
    let (mut buffer, mut depth) = (Vec::new(), 0_u32);
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| XML)? {
            Event::Start(start) => {
                depth += 1;
                walk.begin(&start)?;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                if !walk.end(end.name().as_ref())? {
                    break;
                }
            }
            Event::Text(text) => walk.text(&text.xml10_content()),
            Event::CData(text) => walk.text(&text.xml10_content()),
            Event::GeneralRef(name) => {
                let letter = name.resolve_char_ref().map_err(|_| XML)?;
                let known = quick_xml::escape::resolve_predefined_entity(&name);
                let letter = letter.map(|it| Cow::Owned(it.to_string()));
                walk.text(&letter.or(known.map(Cow::Borrowed)).ok_or(XML)?);
            }
            Event::Eof if depth > 0 => return Err(TORN),
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(Seen { names: walk.names, merged: walk.merged })
}

/// Where in a document one is.
struct Walk<'t> {
    take: Take<'t>,
    names: Vec<String>,
    merged: Vec<(usize, Merged)>,
    /// How deep in something that is passed over.
    passing: u32,
    in_sheet: bool,
    row: CellRow,
    rows: u64,
    column: u32,
    cell: Option<OdsCell>,
    in_paragraph: u32,
    repeated: u64,
}

/// A cell whose end has not come.
struct OdsCell {
    value: Option<Cell>,
    /// Whether a formula without a type of value stands in it.
    is_formula: bool,
    text: String,
    paragraphs: u32,
    columns: u32,
}

impl<'t> Walk<'t> {
    fn of(take: Take<'t>) -> Walk<'t> {
        Walk {
            take,
            names: Vec::new(),
            merged: Vec::new(),
            passing: 0,
            in_sheet: false,
            row: CellRow::default(),
            rows: 1,
            column: 0,
            cell: None,
            in_paragraph: 0,
            repeated: 0,
        }
    }

    fn begin(&mut self, start: &BytesStart<'_>) -> Result<(), SheetError> {
        let name = start.name();
        let name = name.as_ref();
        if self.passing > 0 || PASSED_OVER.contains(&name) {
            self.passing += 1;
            return Ok(());
        }
        match name {
            "table:table" => {
                self.names.push(attribute(start, "table:name")?.unwrap_or_default());
                self.in_sheet = true;
                self.row = CellRow { number: 1, cells: Vec::new() };
            }
            "table:table-row" => {
                self.rows = count(start, "table:number-rows-repeated")?;
                self.column = 0;
                self.row.cells.clear();
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let columns = count(start, "table:number-columns-repeated")?;
                let columns = u32::try_from(columns).unwrap_or(u32::MAX);
                let (text, paragraphs) = (String::new(), 0);
                let is_formula = attribute(start, "table:formula")?.is_some()
                    && attribute(start, "office:value-type")?.is_none();
                let value = value_of(start)?;
                self.note_merged(start)?;
                self.cell = Some(OdsCell { value, is_formula, text, paragraphs, columns });
            }
            "text:p" | "text:h" => {
                self.in_paragraph += 1;
                if let Some(cell) = &mut self.cell {
                    if cell.paragraphs > 0 {
                        cell.text.push('\n');
                    }
                    cell.paragraphs += 1;
                }
            }
            "text:s" => {
                let spaces = count(start, "text:c")?.min(1 << 15);
                self.text(&" ".repeat(spaces as usize));
            }
            "text:tab" => self.text("\t"),
            "text:line-break" => self.text("\n"),
            _ => {}
        }
        Ok(())
    }

    fn note_merged(&mut self, start: &BytesStart<'_>) -> Result<(), SheetError> {
        let rows = count(start, "table:number-rows-spanned")?;
        if rows > 1 && self.merged.len() < MOST_MERGED {
            let (row, column, below) = (self.row.number, self.column, rows - 1);
            let place = self.names.len().saturating_sub(1);
            self.merged.push((place, Merged { row, column, below }));
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.passing == 0
            && self.in_paragraph > 0
            && let Some(cell) = &mut self.cell
        {
            cell.text.push_str(text);
        }
    }

    /// False: nobody wants any more.
    fn end(&mut self, name: &str) -> Result<bool, SheetError> {
        if self.passing > 0 {
            self.passing -= 1;
            return Ok(true);
        }
        match name {
            "table:table" => self.in_sheet = false,
            "table:table-row" if self.in_sheet => return self.end_row(),
            "table:table-cell" | "table:covered-table-cell" => self.end_cell()?,
            "text:p" | "text:h" => self.in_paragraph = self.in_paragraph.saturating_sub(1),
            _ => {}
        }
        Ok(true)
    }

    fn end_cell(&mut self) -> Result<(), SheetError> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let value = match cell.value {
            Some(value) => value,
            None if cell.is_formula && cell.text.is_empty() => Cell::NotComputed,
            None => Cell::Text(CompactString::from(cell.text)),
        };
        let first = self.column;
        self.column = first.saturating_add(cell.columns).min(COLUMNS);
        if !value.is_empty() {
            if first >= COLUMNS {
                return Err(SheetError::Damaged(OUTSIDE));
            }
            self.spend(u64::from(self.column - first))?;
            self.row.cells.extend((first..self.column).map(|column| (column, value.clone())));
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<bool, SheetError> {
        let rows = self.rows.min((ROWS + 1).saturating_sub(self.row.number));
        let next = self.row.number + rows;
        if !self.row.cells.is_empty() {
            if self.row.number > ROWS {
                return Err(SheetError::Damaged(OUTSIDE));
            }
            self.spend((rows - rows.min(1)) * self.row.cells.len() as u64)?;
            let place = self.names.len().saturating_sub(1);
            let name = self.names.last().map_or("", String::as_str);
            for number in self.row.number..next {
                let row = CellRow { number, cells: self.row.cells.clone() };
                if !(self.take)(place, name, row) {
                    return Ok(false);
                }
            }
        }
        self.row.number = next;
        Ok(true)
    }

    fn spend(&mut self, cells: u64) -> Result<(), SheetError> {
        self.repeated += cells;
        if self.repeated > REPEATED { Err(SheetError::Swollen) } else { Ok(()) }
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, SheetError> {
    let Some(found) = start.try_get_attribute(name).map_err(|_| XML)? else { return Ok(None) };
    let value = found.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|_| XML)?;
    Ok(Some(value.into_owned()))
}

/// How often, at least once.
fn count(start: &BytesStart<'_>, name: &str) -> Result<u64, SheetError> {
    let Some(text) = attribute(start, name)? else { return Ok(1) };
    text.trim().parse().map(|count: u64| count.max(1)).map_err(|_| XML)
}

/// What a cell says of its value; none where its text is all there is.
fn value_of(start: &BytesStart<'_>) -> Result<Option<Cell>, SheetError> {
    // A formula that failed shows its text.
    if attribute(start, "calcext:value-type")?.as_deref() == Some("error") {
        return Ok(None);
    }
    let Some(kind) = attribute(start, "office:value-type")? else { return Ok(None) };
    let (name, read): (&str, fn(&str) -> Cell) = match kind.as_str() {
        "float" | "percentage" | "currency" => ("office:value", of_number),
        "date" => ("office:date-value", of_iso),
        "time" => ("office:time-value", of_time),
        "boolean" => ("office:boolean-value", |text| Cell::Bool(text == "true")),
        "string" => ("office:string-value", |text| Cell::Text(CompactString::new(text))),
        _ => return Ok(None),
    };
    Ok(attribute(start, name)?.map(|text| read(text.trim())))
}

fn of_number(text: &str) -> Cell {
    match text.parse::<f64>() {
        Ok(number) => Cell::Float(number),
        Err(_) => Cell::Text(CompactString::new(text)),
    }
}

/// `PT10H30M00S`: a time of day, or a longer span.
fn of_time(text: &str) -> Cell {
    let span = text.parse::<jiff::SignedDuration>().ok().map(|span| span.as_millis());
    match span.and_then(|span| i64::try_from(span).ok()) {
        Some(span) if (0..86_400_000).contains(&span) => {
            crate::acquire::serial::of_days(span as f64 / 86_400_000.0, false)
        }
        Some(span) => Cell::Span(span),
        None => Cell::Text(CompactString::new(text)),
    }
}
