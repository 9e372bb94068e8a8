//! Words with which a column says yes or no.

/// In small letters.
const YES: [&str; 12] =
    ["true", "yes", "y", "t", "1", "1.0", "x", "ja", "wahr", "oui", "vrai", "si"];

/// Likewise; the words for nothing are among them.
const NO: [&str; 24] = [
    "",
    "false",
    "no",
    "n",
    "f",
    "0",
    "0.0",
    "nein",
    "falsch",
    "non",
    "faux",
    "-",
    "--",
    "null",
    "(null)",
    "[null]",
    "<null>",
    "none",
    "nan",
    "nil",
    "n/a",
    "na",
    "undefined",
    "\\n",
];

/// What stands in a column that says yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// A yes.
    Yes,
    /// A no, or nothing.
    No,
    /// Neither of the two.
    Unclear,
}

impl Said {
    /// What a text says, whatever its case.
    pub(crate) fn by(text: &str) -> Said {
        let text = text.trim().to_lowercase();
        match text.as_str() {
            text if YES.contains(&text) => Said::Yes,
            text if NO.contains(&text) => Said::No,
            _ => Said::Unclear,
        }
    }
}
