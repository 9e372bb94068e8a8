//! The table of keys as documentation.

use std::fmt::Write;

use super::{Bound, Keymap};
use crate::context::Context;

/// The table as Markdown, one section a place: keys, name, what they do.
#[must_use]
pub fn key_table_markdown() -> String {
    markdown(&Keymap::default())
}

pub(super) fn markdown(map: &Keymap) -> String {
    let table = |text: &mut String, context: Context, rows: Vec<(&Bound, String)>| {
        let _ = writeln!(text, "| {} | | |\n|---|---|---|", context.name());
        for (bound, does) in rows {
            let keys: Vec<String> =
                bound.shown_keys().split(", ").map(|key| format!("`{key}`")).collect();
            let _ = writeln!(text, "| {} | {} | {does} |", keys.join(" "), bound.row.name);
        }
    };
    written(map, table)
}

/// The table as plain text for the man page: place, keys, name, what they do.
#[must_use]
pub fn key_table_plain() -> String {
    plain(&Keymap::default())
}

pub(super) fn plain(map: &Keymap) -> String {
    let table = |text: &mut String, context: Context, rows: Vec<(&Bound, String)>| {
        let _ = writeln!(text, "{}", context.name().to_uppercase());
        for (bound, does) in rows {
            let _ = writeln!(text, "  {:<18} {:<18} {does}", bound.shown_keys(), bound.row.name);
        }
    };
    written(map, table)
}

fn written(map: &Keymap, place: impl Fn(&mut String, Context, Vec<(&Bound, String)>)) -> String {
    let mut text = String::new();
    for context in Context::ALL {
        let own = map.of(context).filter(|bound| bound.contexts.contains(&context));
        place(&mut text, context, own.map(|bound| (bound, map.does(context, bound.row))).collect());
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
        let map = Keymap::default();
        for row in super::super::rows() {
            let does = map.does(row.contexts[0], row);
            assert!(markdown.contains(&does) && plain.contains(&does), "{}", row.name);
            assert!(markdown.contains(row.name) && plain.contains(row.name), "{}", row.name);
            assert!(plain.contains(&row.keys[0].to_string()), "{}", row.name);
            assert!(!does.contains(['{', '}']), "no row is called so: {does}");
        }
        assert!(markdown.contains("| `j` `Down` | move-down | row down; 5j: five |"));
    }
}
