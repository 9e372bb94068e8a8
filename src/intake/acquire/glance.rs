//! A first pass over a file that looks at the values of a few columns and keeps nothing.

use std::io;

use super::reader::{Delivered, Row, Rows};
use super::repeats::KeyNotes;
use domain::FieldName;

/// What a first pass looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The fields whose values are shown.
    pub fields: Vec<FieldName>,
    /// Whether the time of change is shown as well.
    pub updated: bool,
}

impl Wanted {
    /// The place of a field among those.
    pub(super) fn place(&self, field: &FieldName) -> Option<usize> {
        self.fields.iter().position(|wanted| wanted == field)
    }

    /// Whether there is nothing to look at.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && !self.updated
    }
}

/// A value as it was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glance<'t> {
    /// The line where its row begins.
    pub line: u64,
    /// The place of its field among the wanted ones; `None` for a time of change.
    pub place: Option<usize>,
    /// The value.
    pub text: &'t str,
    /// Whether it was a number with decimals in the file: a point parts them, whatever others do.
    pub has_decimals: bool,
    /// Whether it was a yes or no in the file, and no text.
    pub is_boolean: bool,
}

/// Columns with the places of the values they hold; none where a value is made of several columns.
pub(super) type Glances = Option<Vec<(usize, Option<usize>)>>;

/// Shows the wanted values of the next row by reading it as a whole; `false` at the end.
pub(super) fn by_whole_row(
    rows: &mut (impl Rows + ?Sized),
    wanted: &Wanted,
    show: &mut dyn FnMut(Glance<'_>),
    keys: &mut KeyNotes,
) -> io::Result<bool> {
    let row = match rows.next_row()? {
        None => return Ok(false),
        Some(Delivered::Quarantined(_) | Delivered::Skipped(_)) => return Ok(true),
        Some(Delivered::Row(row)) => row,
    };
    show_row(&row, wanted, show, keys);
    Ok(true)
}

/// Notes the key of a row, and shows its wanted values.
pub(super) fn show_row(
    row: &Row,
    wanted: &Wanted,
    show: &mut dyn FnMut(Glance<'_>),
    keys: &mut KeyNotes,
) {
    keys.note_key(&row.key);
    for (field, text) in &row.fields {
        if let Some(place) = wanted.place(field) {
            let has_decimals = row.decimals.contains(field);
            let is_boolean = row.booleans.contains(field);
            show(Glance { line: row.line, place: Some(place), text, has_decimals, is_boolean });
        }
    }
    if let Some(text) = row.updated.as_deref().filter(|_| wanted.updated) {
        show(Glance { line: row.line, place: None, text, has_decimals: false, is_boolean: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::reader::tests::source;
    use crate::acquire::{Input, Options, Reader};

    /// Every value shown, as `line place text`.
    fn shown(file: &str, text: &str, map: &[(&str, &[&str])], wanted: &Wanted) -> Vec<String> {
        let source = source("id", Some("changed"), map);
        let options = Options { file: file.to_owned(), ..Options::default() };
        let input = Input::of(text.as_bytes().to_vec());
        let mut reader = Reader::open(input, &source, &options).unwrap();
        let mut shown = Vec::new();
        let mut show = |it: Glance<'_>| {
            let place = it.place.map_or("-".to_owned(), |place| place.to_string());
            shown.push(format!("{} {place} {}", it.line, it.text.trim()));
        };
        while reader.glance(wanted, &mut show).unwrap() {}
        // A blank cell is shown or not: it says nothing.
        shown.retain(|it| !it.ends_with(' '));
        shown.sort();
        shown
    }

    #[test]
    fn only_what_is_wanted_is_shown_whatever_the_format() {
        let fields = vec![FieldName::new("born"), FieldName::new("limit")];
        let wanted = Wanted { fields, updated: true };
        let map: &[(&str, &[&str])] = &[("limit", &["l"]), ("name", &["n"]), ("born", &["b"])];
        let csv = "id,n,b,changed,l\n1,Ann,3/4/1985,2026-01-02,\"1,5\"\n2,Bo,,,7\n3,ragged\n";
        let lines = "{\"id\":1,\"n\":\"Ann\",\"b\":\"3/4/1985\",\"changed\":\"2026-01-02\",\"l\":\"1,5\"}\n\
            {\"id\":2,\"n\":\"Bo\",\"l\":7}\n[3]\n";
        assert_eq!(
            shown("a.csv", csv, map, &wanted),
            ["2 - 2026-01-02", "2 0 3/4/1985", "2 1 1,5", "3 1 7"]
        );
        assert_eq!(
            shown("a.jsonl", lines, map, &wanted),
            ["1 - 2026-01-02", "1 0 3/4/1985", "1 1 1,5", "2 1 7"]
        );
    }

    #[test]
    fn what_several_columns_make_is_shown_as_it_is_read() {
        let wanted = Wanted { fields: vec![FieldName::new("born")], updated: false };
        let csv = "id,day,month,year,changed\n1,25,04,1985,x\n2,3,,1985,x\n";
        let map: &[(&str, &[&str])] = &[("born", &["day", "month", "year"])];
        assert_eq!(shown("a.csv", csv, map, &wanted), ["2 0 25 04 1985", "3 0 3 1985"]);
    }
}
