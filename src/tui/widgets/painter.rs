//! Text on an area: sanitised, cut to fit, never outside.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use crate::text::{clean, cut_with, width};
use crate::theme::{Role, Theme};

use super::joints::Lines;

/// Pieces of text with their roles, drawn one after the other.
pub type Line = Vec<(String, Role)>;

/// One piece of a line.
#[must_use]
pub fn piece(text: impl Into<String>, role: Role) -> (String, Role) {
    (text.into(), role)
}

/// Draws on one area of a buffer. Positions are relative to the area; what lies outside is dropped.
pub struct Painter<'a> {
    buffer: &'a mut Buffer,
    area: Rect,
    theme: Theme,
}

impl<'a> Painter<'a> {
    /// A painter for that part of the buffer which exists.
    pub fn new(buffer: &'a mut Buffer, area: Rect, theme: Theme) -> Self {
        let area = area.intersection(buffer.area);
        Self { buffer, area, theme }
    }

    /// The look of this session.
    #[must_use]
    pub fn theme(&self) -> Theme {
        self.theme
    }

    /// Columns of the area.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.area.width
    }

    /// Rows of the area.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.area.height
    }

    /// All of it, as a part of itself.
    #[must_use]
    pub fn whole(&self) -> Rect {
        Rect { x: 0, y: 0, width: self.area.width, height: self.area.height }
    }

    /// A painter for a part of this area.
    pub fn part(&mut self, x: u16, y: u16, width: u16, height: u16) -> Painter<'_> {
        let x = x.min(self.area.width);
        let y = y.min(self.area.height);
        let area = Rect {
            x: self.area.x + x,
            y: self.area.y + y,
            width: width.min(self.area.width - x),
            height: height.min(self.area.height - y),
        };
        Painter { buffer: &mut *self.buffer, area, theme: self.theme }
    }

    /// The same for a part given as a whole.
    pub fn part_at(&mut self, part: Rect) -> Painter<'_> {
        self.part(part.x, part.y, part.width, part.height)
    }

    /// Writes a text in at most `columns`; gives the columns used.
    pub fn text(&mut self, x: u16, y: u16, columns: u16, text: &str, role: Role) -> u16 {
        if x >= self.area.width || y >= self.area.height {
            return 0;
        }
        let columns = columns.min(self.area.width - x);
        let shown = cut_with(&clean(text, self.theme.glyphs), columns.into(), self.theme.glyphs);
        let style = self.theme.style(role);
        self.buffer.set_stringn(self.area.x + x, self.area.y + y, &shown, columns.into(), style);
        u16::try_from(width(&shown)).unwrap_or(columns)
    }

    /// Writes the pieces of a line; a piece that does not fit whole is cut.
    pub fn line(&mut self, x: u16, y: u16, columns: u16, line: &[(String, Role)]) {
        let mut used = 0;
        for (text, role) in line {
            if used >= columns {
                break;
            }
            used += self.text(x + used, y, columns - used, text, *role);
        }
    }

    /// Writes a text that ends at the right edge; gives the column it starts at.
    pub fn right(&mut self, y: u16, text: &str, role: Role) -> u16 {
        let wide = u16::try_from(width(&clean(text, self.theme.glyphs))).unwrap_or(u16::MAX);
        let x = self.area.width.saturating_sub(wide);
        self.text(x, y, self.area.width, text, role);
        x
    }

    /// A rule across the area with a title in it, a blank on each side of it. It joins the lines over
    /// and under it.
    pub fn rule(&mut self, y: u16, title: &str) {
        let rule = self.theme.rule().to_string();
        let across = rule.repeat(self.area.width.into());
        self.text(0, y, self.area.width, &across, Role::Dim);
        for x in 0..self.area.width {
            self.joint(x, y);
        }
        self.titled(y, title);
    }

    /// A title on a rule or on the edge of a box.
    fn titled(&mut self, y: u16, title: &str) {
        let title = title.trim();
        if !title.is_empty() && self.area.width > 4 {
            let room = self.area.width - 4;
            let end = 2 + self.text(2, y, room, title, Role::Title);
            self.text(1, y, 1, " ", Role::Plain);
            self.text(end, y, 1, " ", Role::Plain);
        }
    }

    /// A title at the right end of a rule; gives the column it begins at.
    pub fn titled_right(&mut self, y: u16, title: &str) -> u16 {
        let wide = u16::try_from(width(&clean(title, self.theme.glyphs))).unwrap_or(u16::MAX);
        let from = self.area.width.saturating_sub(wide.saturating_add(3));
        self.text(from, y, self.area.width - from, &format!(" {title} "), Role::Title);
        from
    }

    /// A vertical line down the area, which joins the rules at its sides.
    pub fn pane_line(&mut self, x: u16) {
        let pane = self.theme.pane().to_string();
        for y in 0..self.area.height {
            self.text(x, y, 1, &pane, Role::Dim);
            self.joint(x, y);
        }
    }

    /// Gives the cell of a line the character that joins it to the lines around it, in this area and
    /// beside it. No other cell is touched.
    fn joint(&mut self, x: u16, y: u16) {
        let (x, y) = (self.area.x + x, self.area.y + y);
        let line = |x: Option<u16>, y: Option<u16>| {
            let cell = self.buffer.cell((x?, y?))?;
            Lines::of(cell.symbol(), self.theme)
        };
        let Some(own) = line(Some(x), Some(y)) else { return };
        let around = Lines {
            up: line(Some(x), y.checked_sub(1)).is_some_and(|it| it.down),
            down: line(Some(x), y.checked_add(1)).is_some_and(|it| it.up),
            left: line(x.checked_sub(1), Some(y)).is_some_and(|it| it.right),
            right: line(x.checked_add(1), Some(y)).is_some_and(|it| it.left),
        };
        let joined = own.and(around).symbol(self.theme);
        if let Some(cell) = self.buffer.cell_mut((x, y)) {
            cell.set_symbol(joined);
        }
    }

    /// Marks cells as under the cursor: one look, whatever their colours were.
    pub fn reverse(&mut self, x: u16, y: u16, columns: u16) {
        let look = self.theme.style(Role::Cursor).fg(Color::Reset).bg(Color::Reset);
        for column in x..x.saturating_add(columns).min(self.area.width) {
            let at = (self.area.x + column, self.area.y + y);
            if y < self.area.height
                && let Some(cell) = self.buffer.cell_mut(at)
            {
                cell.set_style(look);
            }
        }
    }

    /// Makes what is written there stand out, whatever its role: with and without colour.
    pub fn emphasise(&mut self, x: u16, y: u16, columns: u16) {
        for column in x..x.saturating_add(columns).min(self.area.width) {
            let at = (self.area.x + column, self.area.y + y);
            if y < self.area.height
                && let Some(cell) = self.buffer.cell_mut(at)
            {
                cell.modifier.insert(Theme::EMPHASIS);
            }
        }
    }

    /// Draws a box around the area, and empties what is inside of it.
    pub fn boxed(&mut self, title: &str) {
        let (width, height) = (self.area.width, self.area.height);
        for y in 0..height {
            self.blank(y);
        }
        if width < 2 || height < 2 {
            return self.titled(0, title);
        }
        let (right, end) = (width - 1, height - 1);
        let mut put = |x, y, up, down, left, right| {
            let symbol = Lines { up, down, left, right }.symbol(self.theme);
            self.text(x, y, 1, symbol, Role::Dim);
        };
        for x in 1..right {
            put(x, 0, false, false, true, true);
            put(x, end, false, false, true, true);
        }
        for y in 1..end {
            put(0, y, true, true, false, false);
            put(right, y, true, true, false, false);
        }
        put(0, 0, false, true, false, true);
        put(right, 0, false, true, true, false);
        put(0, end, true, false, false, true);
        put(right, end, true, false, true, false);
        self.titled(0, title);
    }

    /// Makes what is there step back: it stays to be read, and nothing of it stands out.
    pub fn dim(&mut self) {
        let style = self.theme.behind();
        for y in self.area.top()..self.area.bottom() {
            for x in self.area.left()..self.area.right() {
                // A blank of a row in reverse video is as light as its letters.
                let is_seen = |cell: &&mut Cell| {
                    cell.symbol() != " " || cell.modifier.contains(Modifier::REVERSED)
                };
                if let Some(cell) = self.buffer.cell_mut((x, y)).filter(is_seen) {
                    cell.set_style(style);
                }
            }
        }
    }

    /// Empties a row.
    pub fn blank(&mut self, y: u16) {
        let columns = self.area.width;
        self.clear_row(y);
        self.text(0, y, columns, &" ".repeat(columns.into()), Role::Plain);
    }

    fn clear_row(&mut self, y: u16) {
        for x in 0..self.area.width {
            if let Some(cell) = self.buffer.cell_mut((self.area.x + x, self.area.y + y)) {
                cell.reset();
            }
        }
    }
}
