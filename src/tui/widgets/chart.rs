//! Small charts made of characters: bars, sparklines, columns.

use ratatui::symbols::bar::NINE_LEVELS;

use crate::theme::{Glyphs, Theme};

/// Levels of a sparkline where there is no Unicode, lowest first.
const ASCII_LEVELS: [&str; 9] = [" ", ".", ":", "-", "=", "+", "*", "#", "@"];

/// The character of a level from 0 to 8.
fn level(theme: Theme, level: usize) -> &'static str {
    if theme.glyphs == Glyphs::Ascii {
        return ASCII_LEVELS[level.min(8)];
    }
    let set = NINE_LEVELS;
    [
        set.empty,
        set.one_eighth,
        set.one_quarter,
        set.three_eighths,
        set.half,
        set.five_eighths,
        set.three_quarters,
        set.seven_eighths,
        set.full,
    ][level.min(8)]
}

/// A part of a whole of that many steps; whatever is more than nothing is at least one.
#[must_use]
pub fn steps(value: f64, most: f64, steps: usize) -> usize {
    if value <= 0.0 || most <= 0.0 || !value.is_finite() {
        return 0;
    }
    // Between 0 and `steps`, so the cast neither wraps nor loses a sign.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let reached = ((value / most).min(1.0) * steps as f64).round() as usize;
    reached.max(1).min(steps)
}

/// So many points are a course; fewer are no more than their numbers.
const COURSE: usize = 3;

/// The latest values that fit, one column each, the highest of them full.
#[must_use]
pub fn sparkline(values: &[f64], columns: usize, theme: Theme) -> String {
    let shown = &values[values.len().saturating_sub(columns)..];
    sparkline_to(values, shown.iter().copied().fold(0.0, f64::max), columns, theme)
}

/// The same, where another value is full: series of one kind are of one scale.
#[must_use]
pub fn sparkline_to(values: &[f64], most: f64, columns: usize, theme: Theme) -> String {
    if values.len() < COURSE {
        return String::new();
    }
    let shown = &values[values.len().saturating_sub(columns)..];
    shown.iter().map(|value| level(theme, steps(*value, most, 8))).collect()
}

/// The lowest and the highest of the latest values that fit; `None` where no course is drawn.
#[must_use]
pub fn range(values: &[f64], columns: usize) -> Option<(f64, f64)> {
    let shown = &values[values.len().saturating_sub(columns)..];
    let range =
        (shown.iter().copied().fold(f64::MAX, f64::min), shown.iter().copied().fold(0.0, f64::max));
    (values.len() >= COURSE && columns > 0).then_some(range)
}

/// A horizontal bar of at most that many columns for a share of 0 to 1.
#[must_use]
pub fn bar(share: f64, columns: usize, theme: Theme) -> String {
    std::iter::repeat_n(theme.bar(), steps(share, 1.0, columns)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Colour;

    #[test]
    fn charts_scale_to_their_highest_value_and_hide_nothing() {
        let ascii = Theme { colour: Colour::None, glyphs: Glyphs::Ascii };
        let utf8 = Theme { glyphs: Glyphs::Utf8, ..ascii };
        assert_eq!(sparkline(&[0.0, 1.0, 50.0, 100.0], 9, ascii), " .=@");
        assert_eq!(sparkline(&[9.0, 0.0, 4.0, 8.0], 3, utf8), " ▄█");
        assert_eq!(sparkline(&[], 3, utf8), "");
        assert_eq!(sparkline(&[0.0, f64::NAN, 0.0], 3, ascii), "   ");
        assert_eq!(sparkline(&[7.0, 9.0], 3, ascii), "");
        assert_eq!(sparkline_to(&[1.0, 2.0, 4.0], 8.0, 3, utf8), "▁▂▄");
        assert_eq!(range(&[1.0, 9.0, 2.0, 4.0], 2), Some((2.0, 4.0)));
        assert_eq!(range(&[1.0, 2.0], 2), None);
        assert_eq!((bar(0.5, 4, ascii).as_str(), bar(0.001, 4, ascii).as_str()), ("##", "#"));
        assert_eq!(bar(0.0, 4, utf8), "");
    }
}
