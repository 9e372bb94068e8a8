//! What the numbers of an import's rows count.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a format's description ends whose objects are counted, since several stand in one line.
pub const OBJECTS_COUNTED: &str = "objects counted";

/// What the number of a row counts: told by the format of its import, and asked wherever a sentence
/// names a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Lines of a text: a row is named by the one it begins in.
    #[default]
    Line,
    /// Rows of a table, in a workbook or a database.
    Row,
    /// Objects of a list that stands in one line.
    Object,
}

impl Place {
    /// What a format counts, by its description as `import_started` carries it: `xlsx, sheet Kunden`.
    #[must_use]
    pub fn of_format(format: &str) -> Place {
        const OF_ROWS: [&str; 8] =
            ["xlsx", "xlsb", "xls", "ods", "parquet", "sqlite", "postgresql", "reread"];
        let name = format.split([',', ';', ' ']).next().unwrap_or_default();
        match name {
            "json" if format.ends_with(OBJECTS_COUNTED) => Place::Object,
            name if OF_ROWS.contains(&name) => Place::Row,
            _ => Place::Line,
        }
    }

    /// What one is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Place::Line => "line",
            Place::Row => "row",
            Place::Object => "object",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_says_what_its_numbers_count() {
        for (format, expected) in [
            ("csv, UTF-8, comma", "line"),
            ("tsv, UTF-16LE", "line"),
            ("fixed, windows-1252", "line"),
            ("jsonl, UTF-8", "line"),
            // As old ledgers have it, and where objects stand in lines of their own.
            ("json, UTF-8", "line"),
            ("json, UTF-8, objects counted", "object"),
            ("vcard, UTF-8", "line"),
            ("xlsx, sheet row, line", "row"),
            ("ods, sheet a", "row"),
            ("parquet; lists, kept as JSON: tags", "row"),
            ("parquet", "row"),
            ("sqlite, table people; not read: pets", "row"),
            ("postgresql, table people", "row"),
            ("reread", "row"),
            ("", "line"),
        ] {
            assert_eq!(Place::of_format(format).name(), expected, "{format}");
        }
    }
}
