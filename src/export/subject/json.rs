//! The report as one JSON object, indented.

use std::io;

use super::SubjectReport;

/// The whole text, with a line's end.
pub(super) fn text(report: &SubjectReport) -> io::Result<String> {
    let json = serde_json::to_string_pretty(report)?;
    let mut text = String::with_capacity(json.len() + 1);
    for character in json.chars() {
        match character {
            // JSON would leave these as they are, and a terminal might obey them. Outside of
            // strings there are none, so that the value stays the same.
            '\u{7f}'..='\u{9f}' => text.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => text.push(character),
        }
    }
    text.push('\n');
    Ok(text)
}
