//! Colours and glyphs: properties of a session, never of the process.
//!
//! Every theme is a table from roles to colours on the terminal's own background; a test holds each
//! to the contrast it promises, and the colour-blind one to being told apart.

use domain::{TaskKind, TaskState, Urgency};
use ratatui::style::{Color, Modifier, Style};

/// Which colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// `None` means bold, underline and reverse carry everything.
    None,
    /// The terminal's own sixteen.
    #[default]
    Sixteen,
    /// For a dark background, of 256.
    Full,
    /// For a light background, of 256.
    Light,
    /// Bright on dark, of 256, each at least seven times as bright as black.
    HighContrast,
    /// For a dark background, of 256, told apart without telling red from green.
    ColourBlind,
}

impl Colour {
    /// Every theme, in the order of the documentation.
    pub const ALL: [Colour; 6] = [
        Colour::Full,
        Colour::Light,
        Colour::Sixteen,
        Colour::HighContrast,
        Colour::ColourBlind,
        Colour::None,
    ];

    /// Its name in preferences and for `--theme`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Colour::None => "none",
            Colour::Sixteen => "sixteen",
            Colour::Full => "dark",
            Colour::Light => "light",
            Colour::HighContrast => "high-contrast",
            Colour::ColourBlind => "colour-blind",
        }
    }

    /// The theme of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Colour> {
        Colour::ALL.into_iter().find(|colour| colour.name() == name)
    }

    /// The colour of a role; `None` means the terminal's own.
    fn of(self, role: Role) -> Option<Color> {
        let index = match role {
            Role::Plain | Role::Title | Role::Cursor | Role::Differing => return None,
            Role::Dim => 0,
            Role::Key | Role::Hit | Role::Coach => 1,
            Role::Similar | Role::Attention => 2,
            Role::Bad => 3,
            Role::Good => 4,
        };
        let of_256 = match self {
            Colour::None => return None,
            Colour::Sixteen => {
                let named = [Color::DarkGray, Color::Cyan, Color::Yellow, Color::Red, Color::Green];
                return Some(named[index]);
            }
            Colour::Full => [245, 80, 179, 210, 114],
            Colour::Light => [241, 25, 94, 124, 22],
            Colour::HighContrast => [252, 51, 226, 216, 120],
            // Grey, white-blue, yellow, vermillion, blue: after Okabe and Ito's palette.
            Colour::ColourBlind => [245, 153, 227, 208, 75],
        };
        Some(Color::Indexed(of_256[index]))
    }
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
    /// What was searched for in what was found.
    Hit,
    /// What a teacher says beside a task.
    Coach,
    /// Similar values.
    Similar,
    /// Different values, errors, refusals.
    Bad,
    /// What was done, weights for a match.
    Good,
    /// Warnings, what wants attention.
    Attention,
    /// Where a value differs from the one it is compared with.
    Differing,
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
    /// What makes a part of a value stand out in every theme.
    pub const EMPHASIS: Modifier = Modifier::BOLD.union(Modifier::UNDERLINED);

    /// The look of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        let plain = Style::default();
        let modified = match role {
            Role::Plain | Role::Similar | Role::Dim | Role::Coach => plain,
            Role::Title | Role::Key | Role::Good => plain.add_modifier(Modifier::BOLD),
            Role::Cursor => plain.add_modifier(Modifier::REVERSED),
            Role::Bad | Role::Attention => plain.add_modifier(Modifier::BOLD),
            Role::Differing | Role::Hit => plain.add_modifier(Theme::EMPHASIS),
        };
        match self.colour.of(role) {
            Some(colour) => modified.fg(colour),
            None => modified,
        }
    }

    /// The look of a task's kind, the same wherever it is named.
    #[must_use]
    pub fn of_kind(kind: TaskKind) -> Role {
        match kind {
            TaskKind::Duplicate | TaskKind::Approval => Role::Plain,
            TaskKind::Invalid => Role::Bad,
            TaskKind::Challenge | TaskKind::Request | TaskKind::Overlay => Role::Attention,
            TaskKind::Vanished => Role::Similar,
            TaskKind::Second | TaskKind::Check => Role::Key,
        }
    }

    /// The look of how urgent a task is, the same wherever it is told.
    #[must_use]
    pub fn of_urgency(urgency: Urgency) -> Role {
        match urgency {
            Urgency::Returned | Urgency::Due | Urgency::Answered => Role::Attention,
            Urgency::Open => Role::Plain,
            Urgency::Escalated | Urgency::Deferred => Role::Dim,
        }
    }

    /// The look of a task's state, as of its urgency; what is decided is done.
    #[must_use]
    pub fn of_state(state: &TaskState) -> Role {
        match state {
            TaskState::Open => Role::Plain,
            TaskState::Deferred { .. } | TaskState::Escalated { .. } => Role::Dim,
            TaskState::Answered { .. } => Role::Attention,
            TaskState::Proposed { .. } => Role::Dim,
            _ => Role::Good,
        }
    }

    /// The look of what stands behind a layer: not bold, and in one colour. The terminal's own sixteen
    /// promise no grey that can be read.
    #[must_use]
    pub fn behind(&self) -> Style {
        let colour = match self.colour {
            Colour::None | Colour::Sixteen => Color::Reset,
            _ => self.colour.of(Role::Dim).unwrap_or(Color::Reset),
        };
        Style::default().fg(colour).remove_modifier(Theme::EMPHASIS)
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

    /// The character before what a teacher says.
    #[must_use]
    pub fn coach(&self) -> char {
        if self.glyphs == Glyphs::Ascii { '|' } else { '▌' }
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

    const ROLES: [Role; 12] = [
        Role::Plain,
        Role::Dim,
        Role::Title,
        Role::Cursor,
        Role::Key,
        Role::Hit,
        Role::Coach,
        Role::Similar,
        Role::Bad,
        Role::Good,
        Role::Attention,
        Role::Differing,
    ];

    /// Linear red, green and blue of one of the 256 colours, as terminals have them by default.
    fn linear(index: u8) -> [f64; 3] {
        let bytes = match index {
            232.. => [8 + 10 * (index - 232); 3],
            16.. => {
                let cube = index - 16;
                [cube / 36, cube / 6 % 6, cube % 6].map(|at| if at == 0 { 0 } else { 55 + at * 40 })
            }
            _ => unreachable!("themes of 256 colours leave the terminal's own sixteen alone"),
        };
        bytes.map(|byte| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// The contrast of two luminances (WCAG 2.2).
    fn contrast(one: f64, other: f64) -> f64 {
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn luminance([red, green, blue]: [f64; 3]) -> f64 {
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn of_256(colour: Colour, role: Role) -> Option<u8> {
        match (Theme { colour, glyphs: Glyphs::Utf8 }).style(role).fg {
            Some(Color::Indexed(index)) => Some(index),
            _ => None,
        }
    }

    #[test]
    fn without_colour_no_role_has_one() {
        let theme = Theme { colour: Colour::None, glyphs: Glyphs::Ascii };
        for role in ROLES {
            let style = theme.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
    }

    #[test]
    fn every_role_can_be_read_on_the_background_it_is_made_for() {
        for (colour, background, least) in [
            (Colour::Full, 0.0, 4.5),
            (Colour::Light, 1.0, 4.5),
            (Colour::HighContrast, 0.0, 7.0),
            (Colour::ColourBlind, 0.0, 4.5),
        ] {
            for role in ROLES {
                let Some(index) = of_256(colour, role) else { continue };
                let found = contrast(luminance(linear(index)), background);
                assert!(found >= least, "{role:?} of {}: {found:.1}", colour.name());
            }
        }
    }

    /// What a dichromat sees, in linear light (Viénot, Brettel and Mollon 1999): of protanopes and
    /// deuteranopes red and green are one number, blue is the other.
    fn seen(colour: [f64; 3], weights: [f64; 2]) -> (f64, f64) {
        (weights[0] * colour[0] + weights[1] * colour[1], colour[2])
    }

    #[test]
    fn without_telling_red_from_green_good_bad_and_similar_are_told_apart() {
        for weights in [[0.11238, 0.88762], [0.29275, 0.70725]] {
            let look = |role| of_256(Colour::ColourBlind, role).map(|it| seen(linear(it), weights));
            let looks: Vec<(f64, f64)> =
                [Role::Bad, Role::Good, Role::Similar].into_iter().filter_map(look).collect();
            assert_eq!(looks.len(), 3);
            for (at, one) in looks.iter().enumerate() {
                for other in &looks[at + 1..] {
                    let (bright, blue) = ((one.0 - other.0).abs(), (one.1 - other.1).abs());
                    assert!(bright.max(blue) > 0.2, "{one:?} and {other:?}");
                }
            }
        }
    }

    #[test]
    fn every_theme_is_found_by_its_name() {
        for colour in Colour::ALL {
            assert_eq!(Colour::from_name(colour.name()), Some(colour));
        }
        assert_eq!(Colour::from_name("pink"), None);
    }
}
