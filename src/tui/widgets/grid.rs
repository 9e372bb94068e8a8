//! Values side by side: names, columns, and the golden column that shows who won.

use std::ops::Range;

use super::Painter;
use crate::text::{CUT, clean, cut, cut_to_difference};
use crate::theme::Role;
use domain::{FieldName, Shown};
use door::views::{Cell, FieldView, Mark};

/// Columns of the field names, cursor included.
pub const NAMES: u16 = 13;
/// The narrowest a column gets where columns page.
const NARROWEST: u16 = 17;
/// The narrowest it gets so that all columns are seen at once.
const SQUEEZED: u16 = 14;
/// Lines of the heads.
pub const HEAD: u16 = 3;

/// How values are shown.
#[derive(Debug, Clone, Copy)]
pub struct Showing {
    /// As delivered.
    pub raw: bool,
    /// Equal values written out.
    pub all: bool,
}

/// One column.
pub struct GridColumn<'a> {
    /// The lines over it.
    pub head: [String; HEAD as usize],
    /// Its cells, one a field.
    pub cells: &'a [Cell],
}

/// One golden value.
pub struct GridGolden {
    /// The text.
    pub text: String,
    /// Who won.
    pub winner: char,
}

/// A grid.
pub struct Grid<'a> {
    /// The fields, one a row of cells.
    pub fields: &'a [FieldView],
    /// The rows shown, as indexes into the fields.
    pub rows: &'a [usize],
    /// Which of the rows fit.
    pub window: Range<usize>,
    /// The columns.
    pub columns: Vec<GridColumn<'a>>,
    /// The lines over the golden column.
    pub golden_head: [String; HEAD as usize],
    /// The golden value of a field.
    pub golden: &'a dyn Fn(&FieldName) -> Option<GridGolden>,
    /// Row (a place among the rows) and column under the cursor.
    pub cursor: (usize, usize),
    /// How values are shown.
    pub showing: Showing,
}

/// The text of a cell as shown; `None` means absent.
#[must_use]
pub fn shown(cell: &Cell, showing: Showing) -> Option<&str> {
    let text =
        if showing.raw { cell.raw.as_ref().or(cell.text.as_ref()) } else { cell.text.as_ref() };
    text.map(Shown::as_str)
}

/// Which columns fit, and how wide each is.
#[must_use]
pub fn fitting(width: u16, columns: usize, cursor: usize) -> (Range<usize>, u16) {
    let body = width.saturating_sub(NAMES).saturating_add(1);
    let most = |narrowest: u16| usize::from((body / narrowest).saturating_sub(1).max(1));
    let all_fit = columns <= most(SQUEEZED);
    let shown = columns.clamp(1, if all_fit { columns.max(1) } else { most(NARROWEST) });
    let wide = body / (u16::try_from(shown).unwrap_or(1) + 1);
    let cursor = cursor.min(columns.saturating_sub(1));
    // Pages, not a sliding window: a column keeps its place while the cursor is on its page.
    let first = (cursor / shown * shown).min(columns.saturating_sub(shown));
    (first..(first + shown).min(columns), wide)
}

impl Grid<'_> {
    /// Draws heads and rows from line `top` of the area on.
    pub fn draw(&self, painter: &mut Painter<'_>, top: u16) {
        let (visible, wide) = fitting(painter.width(), self.columns.len(), self.cursor.1);
        self.heads(painter, top, &visible, wide);
        for (line, place) in self.window.clone().enumerate() {
            let y = top + HEAD + u16::try_from(line).unwrap_or(u16::MAX - HEAD - top);
            self.row(painter, y, place, &visible, wide);
        }
    }

    fn heads(&self, painter: &mut Painter<'_>, top: u16, visible: &Range<usize>, wide: u16) {
        let golden = golden_at(visible.len(), wide);
        let pane = painter.theme().pane().to_string();
        for line in 0..usize::from(HEAD) {
            let y = top + u16::try_from(line).unwrap_or(0);
            let role = if line == 0 { Role::Title } else { Role::Dim };
            for (place, column) in visible.clone().enumerate() {
                let x = NAMES + 1 + u16::try_from(place).unwrap_or(0) * wide;
                painter.text(x, y, wide.saturating_sub(2), &self.columns[column].head[line], role);
            }
            painter.text(golden, y, 1, &pane, Role::Dim);
            painter.text(golden + 1, y, painter.width(), &self.golden_head[line], role);
        }
        if visible.start > 0 || visible.end < self.columns.len() {
            let of = format!("{}-{} of {}", visible.start + 1, visible.end, self.columns.len());
            painter.text(1, top, NAMES - 1, &of, Role::Attention);
            painter.text(1, top + 1, NAMES - 1, "h l page", Role::Dim);
        }
    }

    fn row(
        &self,
        painter: &mut Painter<'_>,
        y: u16,
        place: usize,
        visible: &Range<usize>,
        wide: u16,
    ) {
        let Some((index, field)) =
            self.rows.get(place).and_then(|row| Some((*row, self.fields.get(*row)?)))
        else {
            return;
        };
        let current = place == self.cursor.0;
        painter.text(0, y, 1, if current { ">" } else { " " }, Role::Title);
        let role = if current { Role::Title } else { Role::Dim };
        painter.text(1, y, NAMES - 2, field.name.as_str(), role);
        let first = self.columns.first().and_then(|column| column.cells.get(index));
        for (line, column) in visible.clone().enumerate() {
            let x = NAMES + u16::try_from(line).unwrap_or(0) * wide;
            if let Some(cell) = self.columns[column].cells.get(index) {
                let lone = column == 0 && self.is_missing_here_only(index);
                let repeat = self.showing.all || visible.start > 0;
                self.cell(painter, (x, y, wide), cell, first, (lone, repeat));
            }
            if current && column == self.cursor.1 {
                painter.reverse(x + 2, y, wide.saturating_sub(3));
            }
        }
        self.golden_cell(painter, y, golden_at(visible.len(), wide), field, current);
    }

    /// The first column has no value and another one has.
    fn is_missing_here_only(&self, index: usize) -> bool {
        let has = |column: &GridColumn<'_>| {
            column.cells.get(index).is_some_and(|cell| cell.text.is_some())
        };
        self.columns.first().is_some_and(|first| !has(first)) && self.columns.iter().any(has)
    }

    fn cell(
        &self,
        painter: &mut Painter<'_>,
        (x, y, wide): (u16, u16, u16),
        cell: &Cell,
        first: Option<&Cell>,
        (lone, repeat): (bool, bool),
    ) {
        let (mark, role) = match cell.mark {
            Mark::None if lone => ("-", Role::Dim),
            Mark::None => (" ", Role::Plain),
            Mark::Equal => ("=", Role::Dim),
            Mark::Similar => ("~", Role::Similar),
            Mark::Different => ("x", Role::Bad),
            Mark::Added => ("+", Role::Similar),
            Mark::Missing => ("-", Role::Dim),
        };
        painter.text(x, y, 1, mark, role);
        let (flag, flagged) = match (cell.violations.is_empty(), cell.by_hand) {
            (false, _) => ("!", Role::Bad),
            (true, true) => ("*", Role::Attention),
            (true, false) => (" ", Role::Plain),
        };
        painter.text(x + 1, y, 1, flag, flagged);
        // A page without the first column would show nothing at all.
        if cell.mark == Mark::Equal && !repeat {
            return;
        }
        let Some(text) = shown(cell, self.showing) else { return };
        let columns = wide.saturating_sub(3);
        let glyphs = painter.theme().glyphs;
        let text = clean(text, glyphs);
        let other = first.filter(|_| matches!(cell.mark, Mark::Similar | Mark::Different));
        let other = other.and_then(|other| shown(other, self.showing)).unwrap_or_default();
        let text = if other.is_empty() {
            cut(&text, columns.into())
        } else {
            cut_to_difference(&text, &clean(other, glyphs), columns.into())
        };
        let value = match cell.mark {
            Mark::Different | Mark::Similar | Mark::Equal => role,
            _ => Role::Plain,
        };
        painter.text(x + 2, y, columns, &text, value);
    }

    fn golden_cell(
        &self,
        painter: &mut Painter<'_>,
        y: u16,
        x: u16,
        field: &FieldView,
        current: bool,
    ) {
        let pane = painter.theme().pane().to_string();
        painter.text(x, y, 1, &pane, Role::Dim);
        let wide = painter.width().saturating_sub(x + 3);
        if let Some(golden) = (self.golden)(&field.name) {
            // A value that is lost is no blank.
            let role = if golden.winner == '!' { Role::Bad } else { Role::Plain };
            painter.text(x + 1, y, wide, &golden.text, role);
            let winner = painter.width().saturating_sub(1);
            painter.text(winner, y, 1, &golden.winner.to_string(), Role::Attention);
        }
        if current && self.cursor.1 >= self.columns.len() {
            painter.reverse(x + 1, y, wide);
        }
    }
}

fn golden_at(shown: usize, wide: u16) -> u16 {
    NAMES + u16::try_from(shown).unwrap_or(0) * wide
}

/// What the marks mean, for help; a key shows what was cut as a whole.
#[must_use]
pub fn legend(whole: &str) -> Vec<String> {
    vec![
        "= equal to column 1   ~ similar   x different   + only here   - only in column 1"
            .to_owned(),
        format!("! breaks a rule   * set by hand   {CUT} cut: {whole} shows all of it"),
        "golden column: number of the winning column, s strategy, * typed, ! lost".to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_columns_fit_eighty_and_columns_page_only_where_they_must() {
        for (width, columns, cursor, shown, wide) in [
            (80, 3, 0, 0..3, 17),
            (80, 2, 0, 0..2, 22),
            (80, 5, 0, 0..3, 17),
            (80, 5, 3, 2..5, 17),
            (80, 5, 5, 2..5, 17),
            (80, 1, 0, 0..1, 34),
            // Squeezed, so that nothing is out of sight: beside the queue at 100 columns, too.
            (69, 3, 0, 0..3, 14),
            (89, 4, 0, 0..4, 15),
            (89, 5, 0, 0..3, 19),
            (10, 9, 4, 4..5, 0),
        ] {
            assert_eq!(fitting(width, columns, cursor), (shown, wide), "{width} {columns}");
        }
    }
}
