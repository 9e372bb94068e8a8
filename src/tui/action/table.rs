//! The table of keys as documentation.

use std::fmt::Write;

use super::{Context, Keymap};

/// The table as Markdown, one section a place.
#[must_use]
pub fn key_table_markdown() -> String {
    let mut text = String::new();
    let map = Keymap::default();
    for context in Context::ALL {
        let _ = writeln!(text, "| {} | |\n|---|---|", context.name());
        for row in map.of(context).filter(|row| row.contexts.contains(&context)) {
            let keys: Vec<String> =
                row.shown_keys().split(", ").map(|key| format!("`{key}`")).collect();
            let _ = writeln!(text, "| {} | {} |", keys.join(" "), row.row.does);
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// The table as plain text for the man page: place, keys, what they do.
#[must_use]
pub fn key_table_plain() -> String {
    let mut text = String::new();
    let map = Keymap::default();
    for context in Context::ALL {
        let _ = writeln!(text, "{}", context.name().to_uppercase());
        for row in map.of(context).filter(|row| row.contexts.contains(&context)) {
            let _ = writeln!(text, "  {:<18} {}", row.shown_keys(), row.row.does);
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_stands_in_both_tables() {
        let (markdown, plain) = (key_table_markdown(), key_table_plain());
        for row in super::super::BINDINGS {
            assert!(markdown.contains(row.does) && plain.contains(row.does), "{}", row.name);
            assert!(plain.contains(&row.keys[0].to_string()), "{}", row.name);
        }
        assert!(markdown.contains("| `j` `Down` | row down; 5j: five |"));
    }
}
