//! Values side by side: names, columns, and the golden column that shows who won.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::Painter;
use super::geometry::{Contents, Geometry};
use crate::difference::differing;
use crate::text::{clean, cut_around, cut_sign, width};
use crate::theme::{Role, Theme};
use domain::{FieldName, Shown};
use door::views::{Cell, FieldView, Mark};

/// Lines of the heads, where there is room.
pub const HEAD: u16 = 3;
/// What stands where a value was removed by hand.
const REMOVED: &str = "removed";
/// Beside words a value is cut only where so many columns of it are left.
const LEAST: u16 = 12;

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
    /// Something is wrong with it, or it is no evidence.
    pub flawed: bool,
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
    /// Whether the first column has marks, too.
    pub marked: bool,
    /// How many lines of the heads there is room for.
    pub head: u16,
    /// Whether a rule that refuses the merge is about a field.
    pub refused: &'a dyn Fn(&FieldName) -> bool,
}

/// The text of a cell as shown; `None` means absent.
#[must_use]
pub fn shown(cell: &Cell, showing: Showing) -> Option<&Shown> {
    if showing.raw { cell.raw.as_ref().or(cell.text.as_ref()) } else { cell.text.as_ref() }
}

/// How many lines of the heads an area of that height has room for.
#[must_use]
pub fn head_lines(height: u16) -> u16 {
    match height {
        ..=12 => 1,
        13..=15 => 2,
        _ => HEAD,
    }
}

/// The places at which what is shown of a cell differs from what is shown of another, in graphemes of
/// the clean text. Nothing is told of what is masked.
#[must_use]
pub fn differs(cell: &Cell, other: &Cell, showing: Showing, theme: Theme) -> Vec<Range<usize>> {
    let text = |cell| shown(cell, showing).and_then(Shown::clear);
    let (Some(here), Some(there)) = (text(cell), text(other)) else { return Vec::new() };
    differing(&clean(here, theme.glyphs), &clean(there, theme.glyphs))
}

impl Grid<'_> {
    /// Draws heads and rows from line `top` of the area on.
    pub fn draw(&self, painter: &mut Painter<'_>, top: u16) {
        let geometry = Geometry::of(painter.width(), self.contents());
        self.heads(painter, top, &geometry);
        for (line, place) in self.window.clone().enumerate() {
            let y = (top + self.head).saturating_add(u16::try_from(line).unwrap_or(u16::MAX));
            self.row(painter, y, place, &geometry);
        }
    }

    fn contents(&self) -> Contents<'_> {
        let (fields, columns) = (self.fields, self.columns.len());
        Contents { fields, columns, cursor: self.cursor.1, marked: self.marked }
    }

    fn heads(&self, painter: &mut Painter<'_>, top: u16, geometry: &Geometry) {
        let pane = painter.theme().pane().to_string();
        for line in 0..self.head.min(HEAD) {
            let (at, y) = (usize::from(line), top + line);
            let role = if line == 0 { Role::Title } else { Role::Dim };
            for (place, column) in geometry.visible.iter().enumerate() {
                let (x, room) = geometry.value(place);
                let head = self.columns.get(*column).map_or("", |column| &column.head[at]);
                painter.text(x, y, room.saturating_add(1), head, role);
            }
            if let Some(golden) = geometry.golden {
                painter.text(golden, y, 1, &pane, Role::Dim);
                painter.text(golden + 1, y, painter.width(), &self.golden_head[at], role);
            }
        }
        if geometry.pages(self.columns.len()) {
            let room = geometry.names.saturating_sub(2);
            painter.text(1, top, room, &page(geometry, self.columns.len()), Role::Attention);
            if self.head > 1 {
                painter.text(1, top + 1, room, "h l page", Role::Dim);
            }
        } else if geometry.golden.is_none() {
            painter.text(1, top, geometry.names.saturating_sub(2), "l golden", Role::Dim);
        }
    }

    fn row(&self, painter: &mut Painter<'_>, y: u16, place: usize, geometry: &Geometry) {
        let Some((index, field)) =
            self.rows.get(place).and_then(|row| Some((*row, self.fields.get(*row)?)))
        else {
            return;
        };
        let current = place == self.cursor.0;
        painter.text(0, y, 1, if current { ">" } else { " " }, Role::Title);
        let role = if current { Role::Title } else { Role::Dim };
        painter.text(1, y, geometry.names.saturating_sub(2), field.name.as_str(), role);
        for (line, column) in geometry.visible.iter().enumerate() {
            let (x, room) = geometry.value(line);
            if let Some(cell) = self.columns[*column].cells.get(index) {
                self.marks(painter, (geometry, line, y), cell, *column == 0 && self.lacks(index));
                if !self.is_ditto(geometry, *column, index) {
                    let other = self.compared_with(*column, index);
                    self.value(painter, (x, y, room), cell, other);
                }
            }
            if current && *column == self.cursor.1 {
                painter.reverse(x, y, room);
            }
        }
        if let Some(golden) = geometry.golden {
            self.golden_cell(painter, y, golden, field, current);
        }
    }

    /// The first column has no value and another one has.
    fn lacks(&self, index: usize) -> bool {
        let has = |column: &GridColumn<'_>| {
            column.cells.get(index).is_some_and(|cell| cell.text.is_some())
        };
        self.columns.first().is_some_and(|first| !has(first)) && self.columns.iter().any(has)
    }

    /// Whether `=` stands for the value: it is seen in the first column, exactly as it is.
    fn is_ditto(&self, geometry: &Geometry, column: usize, index: usize) -> bool {
        let value = |column: usize| {
            self.columns[column].cells.get(index).and_then(|cell| shown(cell, self.showing))
        };
        let cell = self.columns[column].cells.get(index);
        column != 0
            && !self.showing.all
            && cell.is_some_and(|cell| cell.mark == Mark::Equal)
            && geometry.visible.first() == Some(&0)
            && value(0).is_some()
            && value(0) == value(column)
    }

    /// The cell that a cell is compared with: the first column's; of the first column that of the one
    /// under the cursor, else of the second.
    fn compared_with(&self, column: usize, index: usize) -> Option<&Cell> {
        let other = match (column, self.cursor.1) {
            (1.., _) => 0,
            (0, at) if at > 0 && at < self.columns.len() => at,
            _ => 1,
        };
        self.columns.get(other)?.cells.get(index)
    }

    fn marks(
        &self,
        painter: &mut Painter<'_>,
        (geometry, place, y): (&Geometry, usize, u16),
        cell: &Cell,
        lacks: bool,
    ) {
        let (x, _) = geometry.value(place);
        let (mark, role) = sign(cell.mark);
        if geometry.has_marks(place) {
            painter.text(x - 2, y, 1, mark, role);
        }
        if lacks && cell.mark == Mark::None && !cell.by_hand {
            painter.text(x, y, 1, "-", Role::Dim);
        }
        // The mark is that sign already.
        let is_told = cell.mark == Mark::NotCounted && geometry.has_marks(place);
        let is_refused = cell.text.is_some() && (self.refused)(&cell.field);
        let (flag, flagged) = match (!cell.is_flawed() && !is_refused, cell.by_hand) {
            (false, _) if is_told => (" ", Role::Plain),
            (false, _) => ("!", Role::Bad),
            (true, true) => ("*", Role::Attention),
            (true, false) => (" ", Role::Plain),
        };
        painter.text(x - 1, y, 1, flag, flagged);
    }

    /// A value with the words of its mark behind it. Of a masked one the words come first: they say
    /// more than stars.
    fn value(
        &self,
        painter: &mut Painter<'_>,
        (x, y, room): (u16, u16, u16),
        cell: &Cell,
        other: Option<&Cell>,
    ) {
        let theme = painter.theme();
        let Some(value) = shown(cell, self.showing) else {
            if cell.by_hand {
                painter.text(x, y, room, REMOVED, Role::Attention);
            }
            return;
        };
        // The sign of what was set by hand is none of the mask's.
        let gap = u16::from(value.is_masked() && cell.by_hand).min(room);
        let (x, room) = (x + gap, room - gap);
        let text = clean(value, theme.glyphs);
        let (_, role) = sign(cell.mark);
        let words = clean(cell.words.as_str(), theme.glyphs);
        let [wide, told] = [&text, &words].map(|it| u16::try_from(width(it)).unwrap_or(u16::MAX));
        let both_fit = wide.saturating_add(told).saturating_add(1) <= room;
        if value.is_masked() && told > 0 && !both_fit {
            painter.text(x, y, room, &words, role);
            return;
        }
        let beside = told > 0 && (both_fit || told.saturating_add(LEAST + 1) <= room);
        let columns = if beside { room - told - 1 } else { room };
        let there = other.and_then(|other| shown(other, self.showing)).and_then(Shown::clear);
        let there = there.filter(|_| !value.is_masked()).map(|text| clean(text, theme.glyphs));
        let spans = there.map(|there| differing(&text, &there)).unwrap_or_default();
        let from = spans.first().map_or(0, |span| span.start);
        let part = cut_around(&text, from, columns.into(), theme.glyphs);
        let value_role = match cell.mark {
            Mark::Different | Mark::Similar | Mark::Equal => role,
            _ => Role::Plain,
        };
        painter.text(x, y, columns, &part.text, value_role);
        if beside {
            painter.text(x + room - told, y, told, &words, Role::Dim);
        }
        let mut at = x + u16::try_from(part.lead).unwrap_or(u16::MAX);
        let graphemes = text.graphemes(true).enumerate().skip(part.skipped).take(part.shown);
        for (place, grapheme) in graphemes {
            let wide = u16::try_from(width(grapheme)).unwrap_or(0);
            if spans.iter().any(|span| span.contains(&place)) {
                painter.emphasise(at, y, wide);
            }
            at = at.saturating_add(wide);
        }
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
        // A blank on each side of the digit: many terminals crop what touches their edge.
        let wide = painter.width().saturating_sub(x + 4);
        if let Some(golden) = (self.golden)(&field.name) {
            // A value that is lost is no blank.
            let role = if golden.winner == '!' { Role::Bad } else { Role::Plain };
            let flag = u16::from(golden.flawed);
            if golden.flawed {
                painter.text(x + 1, y, wide, "!", Role::Bad);
            }
            painter.text(x + 1 + flag, y, wide.saturating_sub(flag), &golden.text, role);
            let winner = painter.width().saturating_sub(2);
            painter.text(winner, y, 1, &golden.winner.to_string(), Role::Attention);
        }
        if current && self.cursor.1 >= self.columns.len() {
            painter.reverse(x + 1, y, wide);
        }
    }
}

/// The sign of a mark, and its look.
#[must_use]
pub fn sign(mark: Mark) -> (&'static str, Role) {
    match mark {
        Mark::None => (" ", Role::Plain),
        Mark::Equal => ("=", Role::Dim),
        Mark::Similar => ("~", Role::Similar),
        Mark::Different => ("x", Role::Bad),
        Mark::Added => ("+", Role::Similar),
        Mark::Missing => ("-", Role::Dim),
        Mark::NotCounted => ("!", Role::Dim),
    }
}

/// Which columns are seen.
fn page(geometry: &Geometry, columns: usize) -> String {
    let numbers: Vec<usize> = geometry.visible.iter().map(|column| column + 1).collect();
    match numbers.as_slice() {
        [first, .., last] if last - first + 1 == numbers.len() => {
            format!("{first}-{last} of {columns}")
        }
        [.., last] => format!("{last} of {columns}"),
        [] => String::new(),
    }
}

/// What the marks mean, for help; a key shows what was cut as a whole.
#[must_use]
pub fn legend(whole: &str, theme: Theme) -> Vec<String> {
    let cut = cut_sign(theme.glyphs);
    vec![
        "= equal to column 1   ~ similar   x different   + only here   - only in column 1"
            .to_owned(),
        "! not counted: it breaks a rule, is a placeholder or unreadable: no evidence".to_owned(),
        "words beside a mark say how far; what differs inside a value is underlined".to_owned(),
        format!("! breaks a rule   * set by hand   {cut} cut: {whole} shows all of it"),
        "golden column: number of the winning column, s strategy, * typed, ! lost".to_owned(),
    ]
}
