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
