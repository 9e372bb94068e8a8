//! A reading in words: what an import assumed, and what does not fit it.

use std::fmt::Display;

use super::{Assumed, Basis, Earlier, GenderLetters, OddCells, OddRows, Reading, SameName};
use crate::{FieldName, Place};

/// The field under which the time of change is told.
const UPDATED: &str = "updated";

/// A convention of one column, ready to be told with those of others.
struct Told {
    field: String,
    value: String,
    basis: String,
    /// Whether nothing but custom decided.
    is_custom: bool,
}

impl Reading {
    /// What the file was assumed to be, in pieces: `windows-1252`, `semicolon`, `dates day-first
    /// (proved by line 14)`. `place`: what its rows are numbered by.
    #[must_use]
    pub fn assumptions(&self, place: Place) -> Vec<String> {
        let mut pieces = Vec::new();
        let encoding = self.encoding.iter().map(|it| with_basis(&it.value, &it.basis, place));
        pieces.extend(encoding);
        if let Some(OddRows { encoding, rows, line }) = &self.odd_rows {
            pieces.push(match rows {
                1 => format!("1 row in {encoding} ({place} {line})"),
                _ => format!("{rows} rows in {encoding} (the first in {place} {line})"),
            });
        }
        pieces.extend(self.delimiter.iter().map(|it| with_basis(&it.value, &it.basis, place)));
        if let Some(row) = &self.header_row {
            pieces.push(with_basis(&format!("header in row {}", row.value), &row.basis, place));
        }
        pieces.extend(one_or_each("dates", self.dates_told(place)));
        pieces.extend(one_or_each("numbers", self.numbers_told(place)));
        pieces.extend(one_or_each("genders", self.genders_told(place)));
        pieces.extend(self.absent.iter().map(|word| {
            with_basis(&format!("\"{}\" for empty cells", word.value), &word.basis, place)
        }));
        if let Some(zone) = &self.zone {
            pieces.push(format!("times without a zone in {zone}"));
        }
        pieces
    }

    /// What does not fit, a sentence each.
    #[must_use]
    pub fn remarks(&self, place: Place) -> Vec<String> {
        let mut remarks = Vec::new();
        if let Some((likelier, said)) = self.likelier_encoding.as_ref().zip(self.encoding.as_ref())
        {
            remarks.push(format!(
                "the text looks like {likelier} rather than the declared {}: check a few \
                 names in it",
                said.value
            ));
        }
        remarks.extend(self.encoding.as_ref().and_then(other_encoding));
        remarks.extend(self.same_names.iter().map(|SameName { read, unread }| {
            format!(
                "`{read}` and `{unread}` are two columns with one name: `{read}` is read, as steward.toml spells \
                 it; `{unread}` is kept but not read"
            )
        }));
        remarks.extend(self.odd_cells.iter().map(OddCells::remark));
        for (field, dates) in self.date_columns() {
            for order in dates.plain.iter().chain(&dates.dotted) {
                remark(&mut remarks, ("dates", field), order, place);
            }
        }
        let swapped = self.swapped_dates.iter();
        remarks.extend(swapped.filter_map(|(field, dates)| dates.remark(field, place)));
        for (field, style) in &self.numbers {
            remark(&mut remarks, ("numbers", field.as_str()), style, place);
        }
        remarks.extend(self.genders.iter().filter_map(open_letter));
        remarks
    }

    fn date_columns(&self) -> impl Iterator<Item = (&str, &super::DateReading)> {
        let fields = self.dates.iter().map(|(field, dates)| (field.as_str(), dates));
        fields.chain(self.updated.iter().map(|dates| (UPDATED, dates)))
    }

    fn dates_told(&self, place: Place) -> Vec<Told> {
        let mut told = Vec::new();
        for (field, dates) in self.date_columns() {
            told.extend(dates.plain.iter().map(|plain| tell(field, plain, place)));
            let is_told = |other: &Assumed<_>| {
                let is_it = |plain: &Assumed<_>| {
                    plain.value == other.value && plain.basis.is_custom() == other.basis.is_custom()
                };
                dates.plain.as_ref().is_some_and(is_it)
            };
            let dotted = dates.dotted.iter().filter(|dotted| !is_told(dotted));
            told.extend(dotted.map(|dotted| {
                let told = tell(field, dotted, place);
                match &dates.plain {
                    None => told,
                    Some(_) => Told { value: format!("{} with dots", told.value), ..told },
                }
            }));
        }
        told
    }

    fn numbers_told(&self, place: Place) -> Vec<Told> {
        self.numbers.iter().map(|(field, style)| tell(field.as_str(), style, place)).collect()
    }

    fn genders_told(&self, place: Place) -> Vec<Told> {
        let known = self.genders.iter().filter(|(_, letters)| letters.value.open().is_none());
        known.map(|(field, letters)| tell(field.as_str(), letters, place)).collect()
    }
}

/// That nothing tells what a letter stands for, and what helps.
fn open_letter((field, letters): (&FieldName, &Assumed<GenderLetters>)) -> Option<String> {
    let letter = letters.value.open()?;
    Some(format!(
        "{letter} in {field} may mean male or female, and nothing says which: it is left unread; add to \
         [codes.{field}] in steward.toml: {letter} = \"male\" or {letter} = \"female\""
    ))
}

/// That earlier files were in another encoding, as far as anything tells.
fn other_encoding(assumed: &Assumed<String>) -> Option<String> {
    let Earlier { value, import, .. } = assumed.earlier.as_ref()?;
    let now = &assumed.value;
    Some(format!(
        "the text is {now}, but import {import} was read as {value}, and neither was declared: check \
         a few names from both, and if those from {import} are wrong, import its file again with \
         --encoding {now}"
    ))
}

fn tell<T: Display>(field: &str, assumed: &Assumed<T>, place: Place) -> Told {
    let basis = reason(&assumed.basis, place);
    let is_custom = assumed.basis.is_custom();
    Told { field: field.to_owned(), value: assumed.value.to_string(), basis, is_custom }
}

/// All columns in one piece where they are of one value, and all or none of them by custom; else each by
/// its field.
fn one_or_each(what: &str, told: Vec<Told>) -> Vec<String> {
    let Some(first) = told.first() else { return Vec::new() };
    let is_same = |other: &Told| other.value == first.value && other.is_custom == first.is_custom;
    if told.iter().all(is_same) {
        return vec![format!("{what} {}{}", first.value, first.basis)];
    }
    told.iter()
        .map(|told| format!("{what} of {} {}{}", told.field, told.value, told.basis))
        .collect()
}

fn with_basis(value: &str, basis: &Basis, place: Place) -> String {
    format!("{value}{}", reason(basis, place))
}

fn reason(basis: &Basis, place: Place) -> String {
    match basis {
        Basis::Declared => " (declared)".to_owned(),
        Basis::Proved { line } => format!(" (proved by {place} {line})"),
        Basis::ProvedBeside { field, line } => {
            format!(" ({place} {line} proves it for {field})")
        }
        Basis::Recorded { import } => format!(" (as import {import} proved)"),
        Basis::Region { region, of_source: true } => format!(" (region {region} of the source)"),
        Basis::Region { region, of_source: false } => format!(" (region {region})"),
        Basis::Dots => " (usual with dots)".to_owned(),
        Basis::Detected => String::new(),
    }
}

fn remark<T: Display>(
    remarks: &mut Vec<String>,
    (what, field): (&str, &str),
    assumed: &Assumed<T>,
    place: Place,
) {
    if let Some(against) = &assumed.against {
        let (values, line) = (against.values, against.line);
        let text = if values == 1 {
            let one = what.trim_end_matches('s');
            format!(
                "1 of the {what} of {field} ({place} {line}) is not {}: that {one} is left unread",
                assumed.value
            )
        } else {
            format!(
                "{values} of the {what} of {field} (the first in {place} {line}) are not {}: they are \
                 left unread",
                assumed.value
            )
        };
        remarks.push(text);
    }
    if let Some(earlier) = &assumed.earlier {
        remarks.push(beside_earlier((what, field), assumed, earlier, place));
    }
}

/// That earlier files were read otherwise, and where only custom decided then, what helps.
fn beside_earlier<T: Display>(
    (what, field): (&str, &str),
    assumed: &Assumed<T>,
    earlier: &Earlier<T>,
    place: Place,
) -> String {
    let (now, then, import) = (&assumed.value, &earlier.value, earlier.import);
    let files = match earlier.unproved {
        0 => {
            return format!(
                "the {what} of {field} are now {now}; they were {then} in import {import}"
            );
        }
        1 => format!("import {import}"),
        several => format!("{several} imports (the latest {import})"),
    };
    let basis = reason(&assumed.basis, place);
    let contradicted = format!(
        "the {what} of {field} are {now}{basis}, but {files} read them as {then}, by convention alone"
    );
    if field == UPDATED {
        return format!("{contradicted}: import those files again after this one");
    }
    format!(
        "{contradicted}: once this file is imported, `steward reread` reads them again (look first with \
         --dry-run)"
    )
}

#[cfg(test)]
mod tests {
    use super::super::{Against, DateOrder, DateReading, NumberStyle};
    use super::*;
    use crate::{FieldName, ImportId};

    fn dates(order: DateOrder, basis: Basis) -> DateReading {
        DateReading { plain: Some(Assumed::of(order, basis)), dotted: None }
    }

    #[test]
    fn what_was_assumed_is_told_in_a_line() {
        let detected = |text: &str| Some(Assumed::of(text.to_owned(), Basis::Detected));
        let region = Basis::Region { region: "DE".to_owned(), of_source: false };
        let style = Assumed::of(NumberStyle::PointComma, region);
        let born = dates(DateOrder::DayFirst, Basis::Proved { line: 14 });
        let mut reading = Reading {
            encoding: detected("windows-1252"),
            delimiter: detected("semicolon"),
            dates: [(FieldName::new("born"), born)].into(),
            numbers: [(FieldName::new("limit"), style)].into(),
            ..Reading::default()
        };
        assert_eq!(
            reading.assumptions(Place::Line).join("; "),
            "windows-1252; semicolon; dates day-first (proved by line 14); numbers 1.234,56 \
             (region DE)"
        );
        assert!(reading.remarks(Place::Line).is_empty());
        reading.updated = Some(dates(DateOrder::MonthFirst, Basis::Declared));
        reading.zone = Some("Europe/Berlin".to_owned());
        assert_eq!(
            reading.assumptions(Place::Line)[2..].join("; "),
            "dates of born day-first (proved by line 14); dates of updated month-first \
             (declared); numbers 1.234,56 (region DE); times without a zone in Europe/Berlin"
        );
        assert!(reading.assumptions(Place::Row)[2].ends_with("(proved by row 14)"));
        assert!(Reading::default().assumptions(Place::Line).is_empty());
    }

    #[test]
    fn what_letters_of_genders_stand_for_is_told_or_asked() {
        let of = |letters, basis| Reading {
            genders: [(FieldName::new("sex"), Assumed::of(letters, basis))].into(),
            ..Reading::default()
        };
        let known = of(GenderLetters::HombreMujer, Basis::Proved { line: 3 });
        assert_eq!(known.assumptions(Place::Line), ["genders H/M (proved by line 3)"]);
        assert!(known.remarks(Place::Line).is_empty());
        let open = of(GenderLetters::OpenM, Basis::Detected);
        assert!(open.assumptions(Place::Line).is_empty());
        assert_eq!(
            open.remarks(Place::Line),
            [
                "M in sex may mean male or female, and nothing says which: it is left unread; add to \
              [codes.sex] in steward.toml: M = \"male\" or M = \"female\""
            ]
        );
        let json = serde_json::to_string(&open).unwrap();
        assert_eq!(serde_json::from_str::<Reading>(&json).unwrap(), open);
    }

    #[test]
    fn rows_in_another_encoding_are_counted_and_a_declared_one_is_doubted() {
        let mut reading = Reading {
            encoding: Some(Assumed::of("windows-1252".to_owned(), Basis::Declared)),
            odd_rows: Some(OddRows { encoding: "UTF-8".to_owned(), rows: 2, line: 9 }),
            likelier_encoding: Some("windows-1250".to_owned()),
            ..Reading::default()
        };
        assert_eq!(
            reading.assumptions(Place::Line),
            ["windows-1252 (declared)", "2 rows in UTF-8 (the first in line 9)"]
        );
        assert_eq!(
            reading.remarks(Place::Line),
            [
                "the text looks like windows-1250 rather than the declared windows-1252: check a few \
              names in it"
            ]
        );
        reading.odd_rows = Some(OddRows { encoding: "UTF-8".to_owned(), rows: 1, line: 9 });
        assert_eq!(reading.assumptions(Place::Line)[1], "1 row in UTF-8 (line 9)");
    }

    #[test]
    fn what_does_not_fit_is_remarked() {
        let mut order = Assumed::of(DateOrder::DayFirst, Basis::Declared);
        order.against = Some(Against { values: 3, line: 17 });
        order.earlier =
            Some(Earlier { value: DateOrder::MonthFirst, import: ImportId(3), unproved: 0 });
        let mut style = Assumed::of(NumberStyle::Point, Basis::Declared);
        style.against = Some(Against { values: 1, line: 4 });
        let reading = Reading {
            dates: [(FieldName::new("born"), DateReading { plain: Some(order), dotted: None })]
                .into(),
            numbers: [(FieldName::new("limit"), style)].into(),
            ..Reading::default()
        };
        assert_eq!(
            reading.remarks(Place::Line),
            [
                "3 of the dates of born (the first in line 17) are not day-first: they are left unread",
                "the dates of born are now day-first; they were month-first in import I3",
                "1 of the numbers of limit (line 4) is not 1234.56: that number is left unread",
            ]
        );
        let told = reading.remarks(Place::Row).join("; ");
        assert!(told.contains("the first in row 17") && told.contains("(row 4)"), "{told}");
    }

    #[test]
    fn what_custom_had_decided_and_a_file_contradicts_is_said_with_the_way_out() {
        let mut order = Assumed::of(DateOrder::DayFirst, Basis::Proved { line: 3 });
        order.earlier =
            Some(Earlier { value: DateOrder::MonthFirst, import: ImportId(1), unproved: 1 });
        let mut style = Assumed::of(NumberStyle::PointComma, Basis::Declared);
        style.earlier =
            Some(Earlier { value: NumberStyle::CommaPoint, import: ImportId(5), unproved: 3 });
        let mut encoding = Assumed::of("windows-1250".to_owned(), Basis::Detected);
        encoding.earlier =
            Some(Earlier { value: "windows-1252".to_owned(), import: ImportId(2), unproved: 1 });
        let born = DateReading { plain: Some(order.clone()), dotted: None };
        let reading = Reading {
            encoding: Some(encoding),
            dates: [(FieldName::new("born"), born.clone())].into(),
            updated: Some(born),
            numbers: [(FieldName::new("limit"), style)].into(),
            ..Reading::default()
        };
        assert_eq!(
            reading.remarks(Place::Line),
            [
                "the text is windows-1250, but import I2 was read as windows-1252, and neither was \
                 declared: check a few names from both, and if those from I2 are wrong, import its file \
                 again with --encoding windows-1250",
                "the dates of born are day-first (proved by line 3), but import I1 read them as \
                 month-first, by convention alone: once this file is imported, `steward reread` reads \
                 them again (look first with --dry-run)",
                "the dates of updated are day-first (proved by line 3), but import I1 read them as \
                 month-first, by convention alone: import those files again after this one",
                "the numbers of limit are 1.234,56 (declared), but 3 imports (the latest I5) read them as \
                 1,234.56, by convention alone: once this file is imported, `steward reread` reads them \
                 again (look first with --dry-run)",
            ]
        );
    }

    #[test]
    fn what_only_custom_tells_is_said_beside_what_is_proved() {
        let dots =
            |order| DateReading { plain: None, dotted: Some(Assumed::of(order, Basis::Dots)) };
        let mut reading = Reading {
            dates: [(FieldName::new("born"), dots(DateOrder::DayFirst))].into(),
            ..Reading::default()
        };
        assert_eq!(reading.assumptions(Place::Line), ["dates day-first (usual with dots)"]);
        let proved = dates(DateOrder::DayFirst, Basis::Proved { line: 14 });
        reading.dates.insert(FieldName::new("since"), proved);
        assert_eq!(
            reading.assumptions(Place::Line),
            [
                "dates of born day-first (usual with dots)",
                "dates of since day-first (proved by line 14)"
            ]
        );
        let region = Basis::Region { region: "GB".to_owned(), of_source: false };
        let both = DateReading {
            plain: Some(Assumed::of(DateOrder::DayFirst, region)),
            ..dots(DateOrder::DayFirst)
        };
        reading.dates = [(FieldName::new("born"), both)].into();
        assert_eq!(reading.assumptions(Place::Line), ["dates day-first (region GB)"]);
    }
}
