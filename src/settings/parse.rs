//! From text to settings, with findings that name the line.

use super::Settings;

/// One thing wrong with a `steward.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong and what to do, in one sentence.
    pub message: String,
}

/// Reads a whole `steward.toml`.
///
/// # Errors
/// Everything that is wrong with it, in the order of lines.
pub fn parse(text: &str) -> Result<Settings, Vec<Finding>> {
    let _ = text;
    Err(Vec::new())
}
