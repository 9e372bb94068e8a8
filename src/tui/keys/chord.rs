//! Keys as plain values, and the names people read for them.

use std::fmt;

/// One press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character as typed, shift applied.
    Char(char),
    /// A letter with Ctrl.
    Ctrl(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
}

impl Key {
    /// The keys that have a name instead of a character.
    const NAMED: [Key; 15] = [
        Key::Char(' '),
        Key::Enter,
        Key::Esc,
        Key::Tab,
        Key::BackTab,
        Key::Backspace,
        Key::Delete,
        Key::Up,
        Key::Down,
        Key::Left,
        Key::Right,
        Key::PageUp,
        Key::PageDown,
        Key::Home,
        Key::End,
    ];

    /// Reads a key by the name people read for it: `m`, `Space`, `Ctrl-r`.
    ///
    /// # Errors
    /// One clause: why it can be no key, and what to take instead.
    pub fn parse(text: &str) -> Result<Key, String> {
        if let Some(key) = Key::NAMED.into_iter().find(|key| key.to_string() == text) {
            return Ok(key);
        }
        if text.starts_with("Alt-") || text.starts_with("M-") {
            return Err("Alt cannot be bound: many terminals send Esc for it".to_owned());
        }
        let mut characters = text.strip_prefix("Ctrl-").unwrap_or(text).chars();
        let (Some(character), None) = (characters.next(), characters.next()) else {
            let names: Vec<String> = Key::NAMED.iter().map(ToString::to_string).collect();
            return Err(format!(
                "`{text}` is not a key: one character, Ctrl- and a letter, or {}",
                names.join(", ")
            ));
        };
        let key = if text.starts_with("Ctrl-") {
            if !character.is_ascii_lowercase() {
                return Err(format!("`{text}` is not a key: Ctrl- works with a to z"));
            }
            Key::Ctrl(character)
        } else {
            Key::Char(character)
        };
        match key.reserved() {
            Some(why) => Err(format!("`{text}` cannot be bound: {why}")),
            None => Ok(key),
        }
    }

    /// Why the key belongs to the terminal or what runs around it; `None` means it may be bound.
    #[must_use]
    pub fn reserved(self) -> Option<&'static str> {
        Some(match self {
            Key::Char('~') => "SSH uses it as its escape",
            Key::Ctrl('s' | 'q') => "terminals use it to stop and start output",
            Key::Ctrl('a' | 'b') => "screen and tmux use it",
            Key::Ctrl('i') => "terminals send Tab for it: bind Tab",
            Key::Ctrl('j' | 'm') => "terminals send Enter for it: bind Enter",
            Key::Char(character) if character.is_control() => "it is a control character",
            _ => return None,
        })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Key::Char(' ') => "Space",
            Key::Char(character) => return write!(f, "{character}"),
            Key::Ctrl(letter) => return write!(f, "Ctrl-{letter}"),
            Key::Enter => "Enter",
            Key::Esc => "Esc",
            Key::Tab => "Tab",
            Key::BackTab => "S-Tab",
            Key::Backspace => "Backspace",
            Key::Delete => "Delete",
            Key::Up => "Up",
            Key::Down => "Down",
            Key::Left => "Left",
            Key::Right => "Right",
            Key::PageUp => "PageUp",
            Key::PageDown => "PageDown",
            Key::Home => "Home",
            Key::End => "End",
        };
        f.write_str(name)
    }
}

/// What is pressed for an action: one key, or one key after a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    /// The key before, `g`.
    pub prefix: Option<char>,
    /// The key.
    pub key: Key,
}

impl Chord {
    /// One key.
    #[must_use]
    pub const fn one(key: Key) -> Self {
        Self { prefix: None, key }
    }

    /// A character.
    #[must_use]
    pub const fn char(character: char) -> Self {
        Self::one(Key::Char(character))
    }

    /// A letter with Ctrl.
    #[must_use]
    pub const fn ctrl(letter: char) -> Self {
        Self::one(Key::Ctrl(letter))
    }

    /// Reads a chord as it is shown: `m`, `Ctrl-r`, or a prefix and a key, `gq` or `g q`.
    ///
    /// # Errors
    /// As [`Key::parse`].
    pub fn parse(text: &str) -> Result<Chord, String> {
        if let Some((prefix, key)) = text.split_once(' ') {
            return match (Key::parse(prefix)?, Key::parse(key.trim_start())?) {
                (Key::Char(prefix), key) if prefix != ' ' => {
                    Ok(Chord { prefix: Some(prefix), key })
                }
                _ => Err(format!("`{text}`: only a character can come before another key")),
            };
        }
        let read = Key::parse(text).map(Chord::one);
        let mut characters = text.chars();
        match (characters.next(), characters.next(), characters.next()) {
            // `gq`, as it is shown; but `Up` is a key, and `F5` somebody's function key.
            (Some(prefix), Some(key), None)
                if read.is_err() && prefix.is_alphabetic() && key.is_alphabetic() =>
            {
                Ok(Chord { prefix: Some(prefix), key: Key::Char(key) })
            }
            _ => read,
        }
    }

    /// `g`, then a character.
    #[must_use]
    pub const fn go(character: char) -> Self {
        Self { prefix: Some('g'), key: Key::Char(character) }
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(prefix) = self.prefix {
            write!(f, "{prefix}")?;
        }
        self.key.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_by_the_names_they_are_shown_with() {
        for (text, expected) in [
            ("m", Chord::char('m')),
            ("Space", Chord::char(' ')),
            ("Ctrl-r", Chord::ctrl('r')),
            ("S-Tab", Chord::one(Key::BackTab)),
            ("gq", Chord::go('q')),
            ("g q", Chord::go('q')),
            ("é", Chord::char('é')),
        ] {
            assert_eq!(Chord::parse(text), Ok(expected), "{text}");
            assert_eq!(Chord::parse(&expected.to_string()), Ok(expected), "{text}");
        }
        for (text, why) in [
            ("~", "SSH"),
            ("Ctrl-s", "cannot be bound"),
            ("Ctrl-q", "cannot be bound"),
            ("Ctrl-a", "cannot be bound"),
            ("Ctrl-b", "cannot be bound"),
            ("Ctrl-m", "bind Enter"),
            ("Alt-x", "Alt cannot be bound"),
            ("F5", "`F5` is not a key: one character"),
            ("Ctrl-R", "a to z"),
            ("", "is not a key"),
            ("Return", "is not a key"),
            ("Enter m", "only a character"),
        ] {
            let refused = Chord::parse(text).unwrap_err();
            assert!(refused.contains(why), "{text}: {refused}");
        }
    }
}
