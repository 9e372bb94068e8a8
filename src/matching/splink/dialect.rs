//! What SQL calls things, by engine.

/// An SQL engine Splink runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// DuckDB.
    DuckDb,
    /// Spark, with the functions Splink registers there.
    Spark,
    /// Athena. It has no Jaro-Winkler: edit distance by length stands in for it.
    Athena,
}

impl Dialect {
    /// Every dialect, the usual one first.
    pub const ALL: [Dialect; 3] = [Dialect::DuckDb, Dialect::Spark, Dialect::Athena];

    /// As Splink and the command line call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Dialect::DuckDb => "duckdb",
            Dialect::Spark => "spark",
            Dialect::Athena => "athena",
        }
    }

    /// A column of one side: `"email_l"`.
    pub(crate) fn side(self, column: &str, side: char) -> String {
        self.quote(&format!("{column}_{side}"))
    }

    /// A column of a side's table: `l."email"`.
    pub(crate) fn of(self, side: char, column: &str) -> String {
        format!("{side}.{}", self.quote(column))
    }

    fn quote(self, name: &str) -> String {
        match self {
            Dialect::Spark => format!("`{}`", name.replace('`', "``")),
            Dialect::DuckDb | Dialect::Athena => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    /// Two texts are so many edits apart at most.
    pub(crate) fn edits(self, left: &str, right: &str, most: u8) -> String {
        let function = match self {
            Dialect::DuckDb | Dialect::Spark => "levenshtein",
            Dialect::Athena => "levenshtein_distance",
        };
        format!("{function}({left}, {right}) <= {most}")
    }

    /// Two texts are at least so alike, from 0 to 1.
    pub(crate) fn alike(self, left: &str, right: &str, least: f64) -> String {
        match self {
            Dialect::DuckDb => format!("jaro_winkler_similarity({left}, {right}) >= {least}"),
            Dialect::Spark => format!("jaro_winkler({left}, {right}) >= {least}"),
            Dialect::Athena => format!(
                "1.0 - cast(levenshtein_distance({left}, {right}) as double) \
                 / greatest(length({left}), length({right}), 1) >= {least}"
            ),
        }
    }

    /// Part of a text, counted from 1.
    pub(crate) fn part(self, text: &str, from: u8, length: u8) -> String {
        format!("substr({text}, {from}, {length})")
    }

    /// What stands before the first `at` (1) or after it (2).
    pub(crate) fn split(self, text: &str, at: &str, number: u8) -> String {
        format!("split_part({text}, '{at}', {number})")
    }
}
