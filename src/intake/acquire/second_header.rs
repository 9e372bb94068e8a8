//! Rows within a table that name columns and hold no values: the header of another file that was put behind
//! this one, in whatever words and order, or a row that says of what type each column is.

use super::header::repeats_name;
use crate::headings::{self, Meaning};

/// What such a row says of the rows below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// Their columns are those of the header.
    Same,
    /// They are others, or in another order; the key's is that.
    Other { key: Option<usize> },
}

/// What programs call the types of columns, in small letters.
const TYPES: [&str; 34] = [
    "int",
    "integer",
    "bigint",
    "smallint",
    "tinyint",
    "int32",
    "int64",
    "serial",
    "varchar",
    "varchar2",
    "nvarchar",
    "char",
    "nchar",
    "text",
    "string",
    "str",
    "date",
    "datetime",
    "timestamp",
    "timestamptz",
    "time",
    "bool",
    "boolean",
    "float",
    "float64",
    "double",
    "real",
    "decimal",
    "numeric",
    "number",
    "uuid",
    "enum",
    "blob",
    "json",
];

/// The longest name of a column that is looked at.
const LONGEST: usize = 60;

/// Whether what stands in the key's place may be the name of a column: nearly all keys hold a digit, or are
/// addresses, so that nearly no row is looked at any further.
pub(super) fn may_be_name(key: &str) -> bool {
    let is_of_keys = |byte: u8| byte.is_ascii_digit() || byte == b'@';
    // What begins with a sign is told by that (`odd_keys`).
    let begins = key.trim_start().starts_with(char::is_alphabetic);
    begins && key.len() <= LONGEST && !key.bytes().any(is_of_keys)
}

/// What a row says that names columns, where `names` are those of the header and the key is in that
/// place; `None` where it is a row like others.
pub(super) fn read(cells: &[&str], names: &[&str], key: usize) -> Option<Naming> {
    let filled: Vec<(usize, &str)> = cells
        .iter()
        .map(|cell| cell.trim())
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty())
        .collect();
    let key_cell = cells.get(key)?.trim();
    if filled.len() < 2 || !may_be_name(key_cell) {
        return None;
    }
    if filled.iter().all(|(_, cell)| is_type(cell)) {
        return Some(Naming::Same);
    }
    let is_name = |cell: &str| {
        cell.len() <= LONGEST
            && (names.iter().any(|name| repeats_name(cell, name)) || headings::is_known(cell))
    };
    if !is_name(key_cell) {
        return None;
    }
    let known = filled.iter().filter(|(_, cell)| is_name(cell)).count();
    // Of a few columns all must be known: `Phone, Ann`.
    let are_names = known == filled.len()
        || known > 3 && known * 4 >= filled.len() * 3
        // What a key is called is nobody's key: `Customer number, Full name, Address for mail`.
        || headings::is_key(key_cell) && known > 1 && known * 3 >= filled.len() * 2;
    are_names.then(|| match filled.iter().all(|(at, cell)| may_stand_for(*at, cell, names)) {
        true => Naming::Same,
        false => Naming::Other { key: place_of_key(&filled, names, key) },
    })
}

/// Whether a cell may name the column in whose place it stands.
fn may_stand_for(at: usize, cell: &str, names: &[&str]) -> bool {
    let Some(name) = names.get(at) else { return false };
    if repeats_name(cell, name) {
        return true;
    }
    if names.iter().any(|name| repeats_name(cell, name)) {
        return false;
    }
    match (headings::read(cell), headings::read(name)) {
        (Some(cell), Some(name)) => alike(cell.meaning) == alike(name.meaning),
        _ => true,
    }
}

/// One meaning for those that one column may have in two programs.
fn alike(meaning: Meaning) -> Meaning {
    match meaning {
        Meaning::Name | Meaning::FullName => Meaning::FamilyName,
        Meaning::Mobile => Meaning::Phone,
        Meaning::Address => Meaning::Street,
        meaning => meaning,
    }
}

fn place_of_key(filled: &[(usize, &str)], names: &[&str], key: usize) -> Option<usize> {
    let name = names.get(key)?;
    let named = filled.iter().find(|(_, cell)| repeats_name(cell, name));
    named.or_else(|| filled.iter().find(|(_, cell)| headings::is_key(cell))).map(|(at, _)| *at)
}

/// `varchar(255)`, `(text)`, `[date]`.
fn is_type(cell: &str) -> bool {
    let cell = cell.trim_start_matches(['(', '[', '<']);
    let end = cell.find(['(', ')', ']', '>']).unwrap_or(cell.len());
    TYPES.iter().any(|name| name.eq_ignore_ascii_case(&cell[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["id", "first", "last", "phone"];

    #[test]
    fn a_row_that_names_columns_is_known_in_whatever_words() {
        let other = |key| Some(Naming::Other { key: Some(key) });
        for (row, expected) in [
            ("Customer ID,First name,Last name,Telephone", Some(Naming::Same)),
            ("id ,first,last,phone (home)", Some(Naming::Same)),
            ("Nr.,Vorname,Nachname,Telefon", Some(Naming::Same)),
            ("Kundennummer,Vorname,Name,Mobil", Some(Naming::Same)),
            ("int,varchar,varchar,varchar", Some(Naming::Same)),
            ("INTEGER,varchar(40),varchar(40),text", Some(Naming::Same)),
            ("number,(text),(text),[text]", Some(Naming::Same)),
            ("(number),(text),(text),(text)", None),
            ("id,last,first,phone", other(0)),
            ("last,first,id", other(2)),
            ("id,email,first,last", other(0)),
            ("Nachname,Vorname,Telefon,Kundennummer", other(3)),
            ("id,first,last,phone,email", other(0)),
            ("Region,Ben,Harker,", None),
            ("Customer number,First name,As on the card,Telephone", Some(Naming::Same)),
            ("Code,First,Lee,217", None),
            ("Phone,Ben", None),
            ("First,Last", other(9).and(Some(Naming::Other { key: None }))),
            ("ann,Ann,First,217", None),
            ("A-17,first,last,phone", None),
            ("id,,,", None),
            ("text,Ann,Lee,217", None),
        ] {
            let cells: Vec<&str> = row.split(',').collect();
            assert_eq!(read(&cells, &NAMES, 0), expected, "{row}");
        }
    }
}
