//! What is shown of a file whose encoding is asked for: words of columns that are not sensitive.

use std::collections::BTreeSet;

use domain::FieldName;
use intake::acquire::{AcquireError, Delivered, EncodingReading, Input, Options, Reader, Row};
use settings::{Settings, Source};

/// Rows that are looked through for words.
const ROWS: usize = 10_000;
/// Words that are shown.
const WORDS: usize = 5;

/// What must not be shown of a source's files.
pub(super) struct Hidden {
    fields: BTreeSet<FieldName>,
    columns: BTreeSet<String>,
}

impl Hidden {
    /// The sensitive fields, and the columns that they are made of. The key is never shown.
    pub(super) fn of(settings: &Settings, source: &Source) -> Hidden {
        let sensitive = settings.fields.iter().filter(|field| settings.is_masked(field));
        let fields: BTreeSet<FieldName> = sensitive.map(|field| field.name.clone()).collect();
        let parts = source.map.iter().filter(|(field, _)| fields.contains(field));
        let columns = parts.flat_map(|(_, columns)| columns).cloned().collect();
        Hidden { fields, columns }
    }

    /// The words of a row that may be shown and hold more than ASCII.
    fn words(&self, row: &Row) -> String {
        let fields = row.fields.iter().filter(|(field, _)| !self.fields.contains(field));
        let columns = row.unmapped.iter().filter(|(column, _)| !self.columns.contains(&**column));
        let texts = fields.map(|(_, text)| text).chain(columns.map(|(_, text)| text));
        let parts = texts
            .flat_map(|text| text.split(|it: char| it.is_ascii() && !it.is_ascii_alphanumeric()));
        let words: Vec<&str> = parts.filter(|word| !word.is_ascii()).take(WORDS).collect();
        words.join(" ")
    }
}

/// The same refusal, with words from columns that are not sensitive: of the row in which the likeliest
/// encodings differ most; with none where no such row is found.
pub(super) fn without_sensitive(
    error: AcquireError,
    input: &Input,
    (source, hidden): (&Source, &Hidden),
    options: &Options,
) -> AcquireError {
    let AcquireError::UnsureEncoding { file, source_name, mut readings } = error else {
        return error;
    };
    let rows: Vec<Vec<String>> = readings
        .iter()
        .map(|reading| words_of_rows(input, (source, hidden), options, reading))
        .collect();
    let shortest = rows.iter().map(Vec::len).min().unwrap_or_default();
    let differing = |row: usize| rows.iter().map(|of| &of[row]).collect::<BTreeSet<_>>().len();
    // The first of several.
    let row = (0..shortest).rev().max_by_key(|row| differing(*row));
    let row = row.filter(|row| differing(*row) > 1);
    for (reading, of) in readings.iter_mut().zip(&rows) {
        reading.words = row.map(|row| of[row].clone()).unwrap_or_default();
    }
    AcquireError::UnsureEncoding { file, source_name, readings }
}

/// What may be shown of each row, as one encoding has it; nothing where the file cannot be read in it.
fn words_of_rows(
    input: &Input,
    (source, hidden): (&Source, &Hidden),
    options: &Options,
    reading: &EncodingReading,
) -> Vec<String> {
    let encoding = Some(reading.encoding.to_owned());
    let options = Options { encoding, ..options.clone() };
    let Ok(reader) = Reader::open(input.from_the_beginning(), source, &options) else {
        return Vec::new();
    };
    let rows = reader.take(ROWS).map_while(Result::ok).map(|delivered| match delivered {
        Delivered::Row(row) => hidden.words(&row),
        _ => String::new(),
    });
    rows.collect()
}
