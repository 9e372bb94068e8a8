//! `columns = ["id:10", "name:30"]`: the columns of files in which each has its place.

use super::reader::{Findings, Table, texts};

/// A column of a file in which columns have their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedColumn {
    /// Its name, as in the map.
    pub name: String,
    /// How many signs it takes.
    pub width: usize,
}

/// The widest column that makes sense.
const WIDEST: usize = 10_000;

/// The width that a text says.
#[must_use]
pub fn width(text: &str) -> Option<usize> {
    text.trim().parse().ok().filter(|width| (1..=WIDEST).contains(width))
}

pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> Vec<FixedColumn> {
    let Some(entry) = table.get("columns") else { return Vec::new() };
    let mut columns: Vec<FixedColumn> = Vec::new();
    for column in texts(entry, findings).unwrap_or_default() {
        let parts = column.text.rsplit_once(':');
        let said = parts.and_then(|(name, text)| Some((name.trim(), width(text)?)));
        let Some((name, width)) = said.filter(|(name, _)| !name.is_empty()) else {
            let message = format!(
                "`{}` should be a column's name and its width in characters, such as \"id:10\"",
                column.text
            );
            findings.add(entry.at, message);
            continue;
        };
        if columns.iter().any(|known| known.name == name) {
            findings.add(entry.at, format!("`columns` has `{name}` twice"));
        }
        columns.push(FixedColumn { name: name.to_owned(), width });
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(line: &str) -> Result<Vec<FixedColumn>, String> {
        let text = format!(
            "[workspace]\nname = \"a\"\nregion = \"US\"\n[fields.city]\ntype = \"city\"\n\
             [sources.crm]\nkey = \"id\"\nmap = {{ city = \"city\" }}\n{line}\n"
        );
        match crate::parse(&text) {
            Ok(settings) => Ok(settings.sources[0].columns.clone()),
            Err(findings) => Err(findings[0].message.clone()),
        }
    }

    #[test]
    fn columns_have_names_and_widths() {
        let column = |name: &str, width| FixedColumn { name: name.to_owned(), width };
        let read = source("columns = [\"id:10\", \"the city: 30\"]").unwrap();
        assert_eq!(read, [column("id", 10), column("the city", 30)]);
        assert_eq!(source(""), Ok(Vec::new()));
        for wrong in ["id", "id:0", ":3", "id:x", "id:99999"] {
            let message = source(&format!("columns = [\"{wrong}\"]")).unwrap_err();
            assert!(message.contains("such as \"id:10\""), "{message}");
        }
        let twice = source("columns = [\"id:1\", \"id:2\"]").unwrap_err();
        assert!(twice.contains("has `id` twice"), "{twice}");
    }
}
