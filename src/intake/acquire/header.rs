//! The header of a delimited file: its names, and whether they will do.

use std::collections::HashSet;

use compact_str::{CompactString, format_compact};

use domain::SameName;

use super::COLUMN_LIMIT;
use super::columns::nameless;
use super::error::AcquireError;
use super::mapping::{Mapping, plain_name};
use super::told_columns::{ToldColumns, looks_like_data};

/// A column's name without what nobody sees: single blanks, none around it.
pub(super) fn header_name(cell: &str) -> String {
    let is_unseen = |c: char| {
        c.is_control() && !c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}')
    };
    let seen: String = cell.chars().filter(|c| !is_unseen(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a cell is that name.
pub(super) fn is_name(cell: &str, name: &str) -> bool {
    let trimmed = cell.trim();
    let is_plain = || trimmed.bytes().all(|byte| byte > b' ' && byte < 0x7f);
    trimmed == name || (!is_plain() && header_name(cell) == name)
}

/// Whether a cell is that name, in whatever case.
pub(super) fn repeats_name(cell: &str, name: &str) -> bool {
    cell.trim().eq_ignore_ascii_case(name)
        || is_name(cell, name)
        || (!name.is_ascii() && header_name(cell).to_lowercase() == name.to_lowercase())
}

/// The names of columns: those without one get their number, those that stand there twice and are
/// read for nothing another name.
pub(super) fn columns_of(names: &[String], mapping: &Mapping) -> Vec<CompactString> {
    let mut columns: Vec<CompactString> = names
        .iter()
        .enumerate()
        .map(|(index, name)| match name.as_str() {
            "" => nameless(index as u64),
            name => CompactString::new(name),
        })
        .collect();
    mapping.settle_names(&mut columns);
    set_apart(&mut columns, mapping);
    columns
}

/// Gives columns that are called like one before them another name, unless they are read: then nobody knows
/// which is meant.
pub(super) fn set_apart(columns: &mut [CompactString], mapping: &Mapping) {
    let mut known = HashSet::new();
    for column in columns {
        if mapping.roles(column).is_none() {
            let mut nth = 1;
            let mut name = column.clone();
            while known.contains(&name) {
                nth += 1;
                name = format_compact!("{column} {nth}");
            }
            *column = name;
        }
        known.insert(column.clone());
    }
}

/// The columns that are read and have another beside them which is called the same but for case and
/// blanks: the spelling in the settings says which one is meant.
pub(super) fn same_names(columns: &[CompactString], mapping: &Mapping) -> Vec<SameName> {
    let is_named = |column: &CompactString| mapping.named().any(|name| column == name);
    let mut same = Vec::new();
    for read in columns.iter().filter(|column| is_named(column)) {
        let plain = plain_name(read);
        let others = columns.iter().filter(|other| plain_name(other) == plain && !is_named(other));
        same.extend(
            others.map(|unread| SameName { read: read.to_string(), unread: unread.to_string() }),
        );
    }
    same
}

/// Whether a table with these columns can be read, which its header calls `delivered`.
///
/// # Errors
/// When a column is missing or stands there twice, or these are no names.
pub(super) fn check_header(
    file: &str,
    (names, delivered): (&[CompactString], &[String]),
    mapping: &Mapping,
) -> Result<(), AcquireError> {
    let file = file.to_owned();
    if names.len() > COLUMN_LIMIT {
        return Err(AcquireError::TooManyColumns { file, found: names.len() });
    }
    let missing = mapping.missing(names);
    if mapping.count_known(names.iter().map(CompactString::as_str)) == 0
        && names.iter().any(looks_like_data)
    {
        return Err(AcquireError::NoHeader { file });
    }
    if !missing.is_empty() {
        return Err(AcquireError::MissingColumns {
            file,
            missing,
            columns: ToldColumns::of(names, delivered, mapping),
        });
    }
    let mut sorted: Vec<&str> = names.iter().map(CompactString::as_str).collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(AcquireError::RepeatedColumn { file, column: pair[0].to_owned() }),
        None => Ok(()),
    }
}

/// Columns as the header of their file calls them; those without a name as they are called here.
pub(super) fn as_delivered(columns: &[CompactString], delivered: &[String]) -> Vec<String> {
    let mut delivered = delivered.iter();
    let called = |column: &CompactString| {
        let name = delivered.next().filter(|name| !name.is_empty());
        name.cloned().unwrap_or_else(|| column.to_string())
    };
    columns.iter().map(called).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::reader::tests::source;

    #[test]
    fn names_lose_what_nobody_sees() {
        for (cell, name) in [
            (" first \u{a0} name ", "first name"),
            ("\u{feff}id\u{200b}", "id"),
            ("first\nname", "first name"),
            ("", ""),
        ] {
            assert_eq!(header_name(cell), name);
            assert!(is_name(cell, name) || cell.contains('\u{feff}'));
        }
        assert!(!is_name("id", "name"));
        for (cell, name) in
            [("ID", "id"), ("Last Name ", "last name"), ("STRASSE", "Strasse"), ("GRÖSSE", "Größe")]
        {
            let expected = name != "Größe";
            assert_eq!(repeats_name(cell, name), expected, "{cell} {name}");
        }
        assert!(repeats_name("ÉTAT", "état") && repeats_name("  id ", "ID"));
        assert!(!repeats_name("id", "name"));
    }

    #[test]
    fn a_name_that_stands_there_twice_matters_only_where_it_is_read() {
        let mapping = Mapping::of(&source("id", None, &[("city", &["town"])]));
        let names =
            |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let columns = columns_of(&names(&["id", "note", "TOWN", "note", "", "note 2"]), &mapping);
        assert_eq!(columns, ["id", "note", "town", "note 2", "column 5", "note 2 2"]);
        assert!(check_header("a.csv", (&columns, &[]), &mapping).is_ok());
        let columns = columns_of(&names(&["id", "town", "town"]), &mapping);
        let error = check_header("a.csv", (&columns, &[]), &mapping).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a.csv has the column `town` twice: rename one of them in the header"
        );
    }

    #[test]
    fn a_header_that_will_not_do_is_shown_as_it_was_delivered() {
        let mapping = Mapping::of(&source("key", None, &[("city", &["town"])]));
        let names = ["Town", "Note", ""].map(str::to_owned);
        let columns = columns_of(&names, &mapping);
        let error = check_header("a.csv", (&columns, &names), &mapping).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a.csv has no column `key`; its columns are: Town, Note, column 3"
        );
    }
}
