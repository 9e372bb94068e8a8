//! Colours and glyphs: properties of a session, never of the process.

use ratatui::style::{Color, Modifier, Style};

/// How many colours the terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// None: bold, underline and reverse carry everything.
    None,
    /// The terminal's own sixteen.
    #[default]
    Sixteen,
    /// 256 or more.
    Full,
}

/// Which characters the interface itself draws with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// Lines and bars from Unicode.
    #[default]
    Utf8,
    /// ASCII only, data included.
    Ascii,
}

/// What a piece of text is, from which its look follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Plain,
    /// Labels, rules, what matters least.
    Dim,
    /// Titles and column heads.
    Title,
    /// The row or cell under the cursor.
    Cursor,
    /// The key in a hint.
    Key,
    /// Similar values.
    Similar,
    /// Different values, errors, refusals.
    Bad,
    /// What was done, weights for a match.
    Good,
    /// Warnings, what wants attention.
    Attention,
}

/// How things look in one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Theme {
    /// Colours.
    pub colour: Colour,
    /// Characters.
    pub glyphs: Glyphs,
}

impl Theme {
    /// The look of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        let plain = Style::default();
        let modified = match role {
            Role::Plain | Role::Similar | Role::Dim => plain,
            Role::Title | Role::Key | Role::Good => plain.add_modifier(Modifier::BOLD),
            Role::Cursor => plain.add_modifier(Modifier::REVERSED),
            Role::Bad | Role::Attention => plain.add_modifier(Modifier::BOLD),
        };
        match self.colour {
            Colour::None => modified,
            Colour::Sixteen => Self::painted(modified, role, Self::sixteen(role)),
            Colour::Full => Self::painted(modified, role, Self::full(role)),
        }
    }

    fn painted(style: Style, role: Role, colour: Option<Color>) -> Style {
        match colour {
            Some(colour) if role != Role::Cursor => style.fg(colour),
            _ => style,
        }
    }

    fn sixteen(role: Role) -> Option<Color> {
        match role {
            Role::Plain | Role::Title | Role::Cursor => None,
            Role::Dim => Some(Color::DarkGray),
            Role::Key => Some(Color::Cyan),
            Role::Similar | Role::Attention => Some(Color::Yellow),
            Role::Bad => Some(Color::Red),
            Role::Good => Some(Color::Green),
        }
    }

    /// Blue and orange instead of green and red: told apart by colour-blind eyes as well.
    fn full(role: Role) -> Option<Color> {
        match role {
            Role::Plain | Role::Title | Role::Cursor => None,
            Role::Dim => Some(Color::Indexed(245)),
            Role::Key => Some(Color::Indexed(80)),
            Role::Similar | Role::Attention => Some(Color::Indexed(179)),
            Role::Bad => Some(Color::Indexed(209)),
            Role::Good => Some(Color::Indexed(75)),
        }
    }

    /// The character of a horizontal rule.
    #[must_use]
    pub fn rule(&self) -> char {
        if self.glyphs == Glyphs::Ascii { '-' } else { '─' }
    }

    /// The character between panes.
    #[must_use]
    pub fn pane(&self) -> char {
        if self.glyphs == Glyphs::Ascii { '|' } else { '│' }
    }

    /// The character bars are made of.
    #[must_use]
    pub fn bar(&self) -> char {
        if self.glyphs == Glyphs::Ascii { '#' } else { '█' }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_no_role_has_one() {
        let theme = Theme { colour: Colour::None, glyphs: Glyphs::Ascii };
        for role in [
            Role::Plain,
            Role::Dim,
            Role::Title,
            Role::Cursor,
            Role::Key,
            Role::Similar,
            Role::Bad,
            Role::Good,
            Role::Attention,
        ] {
            let style = theme.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
    }
}
