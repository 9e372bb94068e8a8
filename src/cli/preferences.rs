//! One person's preferences, which belong to no workspace: keys, colours, glyphs, mouse.
//!
//! They stand in `steward/config.toml` in the XDG configuration folder (`~/.config`), and not in
//! `steward.toml`: that is governance, whose every change is adopted, recorded and judged again.

use std::collections::BTreeSet;
use std::path::PathBuf;

use etcetera::BaseStrategy;
use toml::de::{DeTable, DeValue};

use tui::{Colour, Glyphs, KeyFinding, Keymap, Rebinding};

/// What a person prefers.
#[derive(Debug, Clone, Default)]
pub struct Preferences {
    /// The file; none where the system names no folder for it.
    pub file: Option<PathBuf>,
    /// The keys in effect.
    pub keys: Keymap,
    /// The colours; `None` means what the terminal says it can show.
    pub colour: Option<Colour>,
    /// The glyphs; `None` means by the locale.
    pub glyphs: Option<Glyphs>,
    /// Whether the mouse is listened to. The terminal's own selection then needs Shift.
    pub mouse: bool,
    /// What is wrong with the file, by line. What is wrong is not in effect.
    pub findings: Vec<KeyFinding>,
}

/// Reads the file of whoever runs this.
#[must_use]
pub fn read() -> Preferences {
    let folder = etcetera::choose_base_strategy().ok().map(|strategy| strategy.config_dir());
    let file = folder.map(|folder| folder.join("steward").join("config.toml"));
    let text = match file.as_deref().map(std::fs::read_to_string) {
        Some(Ok(text)) => text,
        Some(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => {
            let message = format!("it cannot be read: {error}");
            let findings = vec![KeyFinding { line: 1, message }];
            return Preferences { file, findings, ..Preferences::default() };
        }
        _ => return Preferences { file, ..Preferences::default() },
    };
    Preferences { file, ..parse(&text) }
}

/// Reads preferences from a text.
fn parse(text: &str) -> Preferences {
    let mut reading = Reading { text, findings: Vec::new() };
    let mut preferences = Preferences::default();
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        reading.finds(
            error.span().map_or(0, |span| span.start),
            format!("not TOML: {}", error.message()),
        );
    }
    if !errors.is_empty() {
        preferences.findings = reading.findings;
        return preferences;
    }
    let mut rebindings = Vec::new();
    for (name, value) in document.get_ref() {
        let at = name.span().start;
        match (name.get_ref().as_ref(), value.get_ref()) {
            ("keys", DeValue::Table(table)) => reading.keys(None, table, &mut rebindings),
            ("theme", DeValue::Table(table)) => reading.theme(table, &mut preferences),
            ("keys" | "theme", _) => {
                reading.finds(at, format!("[{}] should be a table", name.get_ref()))
            }
            (other, _) => reading
                .finds(at, format!("unknown section [{other}]; known are [keys] and [theme]")),
        }
    }
    rebindings.sort_by_key(|rebinding: &Rebinding| rebinding.line);
    let (keys, findings) = Keymap::rebound(&rebindings);
    preferences.keys = keys;
    preferences.findings = reading.findings;
    preferences.findings.extend(findings);
    preferences.findings.sort_by_key(|finding| finding.line);
    preferences
}

struct Reading<'t> {
    text: &'t str,
    findings: Vec<KeyFinding>,
}

impl Reading<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
    }

    fn finds(&mut self, at: usize, message: impl Into<String>) {
        let line = self.line(at);
        self.findings.push(KeyFinding { line, message: message.into() });
    }

    /// `merge = "M"`, `undo = ["u", "Ctrl-x"]`, `[keys.compare] edit = "i"`; an empty list: no key.
    fn keys(&mut self, context: Option<&str>, table: &DeTable<'_>, into: &mut Vec<Rebinding>) {
        for (name, value) in table {
            let (at, name) = (name.span().start, name.get_ref().as_ref());
            let texts = match value.get_ref() {
                DeValue::Table(inner) if context.is_none() => {
                    self.keys(Some(name), inner, into);
                    continue;
                }
                DeValue::String(text) => Some(vec![text.to_string()]),
                DeValue::Array(items) => {
                    items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
                }
                _ => None,
            };
            match texts {
                Some(keys) => into.push(Rebinding {
                    line: self.line(at),
                    context: context.map(str::to_owned),
                    action: name.to_owned(),
                    keys,
                }),
                None => self.finds(at, format!("`{name}` should be a key, or a list of keys")),
            }
        }
    }

    fn theme(&mut self, table: &DeTable<'_>, into: &mut Preferences) {
        for (name, value) in table {
            let (at, text) = (name.span().start, value.get_ref().as_str());
            match (name.get_ref().as_ref(), value.get_ref()) {
                ("colours", _) => match text.and_then(Colour::from_name) {
                    Some(colour) => into.colour = Some(colour),
                    None => self.finds(at, format!("`colours` should be one of {}", colours())),
                },
                ("glyphs", _) => match text {
                    Some("utf-8") => into.glyphs = Some(Glyphs::Utf8),
                    Some("ascii") => into.glyphs = Some(Glyphs::Ascii),
                    _ => self.finds(at, "`glyphs` should be utf-8 or ascii"),
                },
                ("mouse", DeValue::Boolean(mouse)) => into.mouse = *mouse,
                ("mouse", _) => self.finds(at, "`mouse` should be true or false"),
                (other, _) => self.finds(
                    at,
                    format!(
                        "unknown key `{other}` in [theme]; known are colours, glyphs and mouse"
                    ),
                ),
            }
        }
    }
}

/// The names of the themes, comma between.
#[must_use]
pub fn colours() -> String {
    Colour::ALL.map(Colour::name).join(", ")
}

/// One line for the first screen, where something is wrong with the file.
#[must_use]
pub fn notice(preferences: &Preferences) -> Option<String> {
    let lines: BTreeSet<usize> = preferences.findings.iter().map(|finding| finding.line).collect();
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    (!lines.is_empty()).then(|| {
        let lines = lines.join(", ");
        format!("part of your config.toml is not in effect (line {lines}): steward check says why")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_theme_are_read() {
        let preferences = parse(
            "[keys]\nmerge = \"V\"\nundo = [\"Ctrl-x\"]\n[keys.compare]\nedit = \"i\"\n\
             [theme]\ncolours = \"high-contrast\"\nglyphs = \"ascii\"\nmouse = true\n",
        );
        assert_eq!(preferences.findings, []);
        assert_eq!(preferences.colour, Some(Colour::HighContrast));
        assert_eq!(preferences.glyphs, Some(Glyphs::Ascii));
        assert!(preferences.mouse && notice(&preferences).is_none());
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line() {
        for (text, line, why) in [
            ("[keys]\n\nmerge = 3\n", 3, "should be a key"),
            ("[keys]\nmerge = \"n\"\n", 2, "already bound to reject-match in compare"),
            ("[keys]\nmerge = \"~\"\n", 2, "cannot be bound"),
            ("[keys.queue]\nmurge = \"M\"\n", 2, "there is no action `murge`"),
            ("[theme]\ncolours = \"pink\"\n", 2, "dark, light, sixteen"),
            ("[theme]\nmouse = \"yes\"\n", 2, "true or false"),
            ("[theme]\nfont = 3\n", 2, "unknown key `font`"),
            ("[fields]\n", 1, "known are [keys] and [theme]"),
            ("[keys\n", 1, "not TOML"),
        ] {
            let preferences = parse(text);
            let [found] = &preferences.findings[..] else { panic!("{text}: {preferences:?}") };
            assert!(found.line == line && found.message.contains(why), "{text}: {found}");
            assert!(notice(&preferences).is_some_and(|notice| notice.contains("steward check")));
        }
    }
}
