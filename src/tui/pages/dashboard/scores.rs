//! The scores of the last run's groups as columns, and what the thresholds make of them.

use super::Dashboard;
use crate::screens::lines;
use crate::theme::{Glyphs, Role};
use crate::widgets::{Painter, chart};

/// Draws them, on that many lines and those under them.
pub(super) fn draw(painter: &mut Painter<'_>, shown: &Dashboard, y: u16, bars: u16) {
    let Some(view) = &shown.view.scores else {
        painter.rule(y, "scores");
        let text = "No scores yet: run steward match.";
        painter.text(1, y + 1, painter.width(), text, Role::Dim);
        return;
    };
    let ascii = painter.theme().glyphs == Glyphs::Ascii;
    let (merged, asked) = (painter.theme().bar(), if ascii { 'o' } else { '▒' });
    let later = match view.later {
        Some(later) => format!(" ({later}: what changed)"),
        None => String::new(),
    };
    let title = format!(
        "scores of {}{later}, log heights: {merged} groups merged, {asked} for a person",
        view.run
    );
    painter.rule(y, &title);
    let histogram = view.scores.histogram();
    let wide = (painter.width().saturating_sub(2) / lines(histogram.len()).max(1)).clamp(1, 6);
    let most = histogram.iter().map(|(one, other)| height_of(one + other)).fold(0.0, f64::max);
    for (at, (by_machine, by_person)) in histogram.iter().enumerate() {
        let whole = chart::steps(height_of(by_machine + by_person), most, bars.into());
        // Both are there to be seen where both are there.
        let below = match (by_machine, by_person) {
            (_, 0) => 0,
            (0, _) => whole,
            _ => chart::steps(height_of(*by_person), most, bars.into()).min(whole.max(2) - 1),
        };
        let x = 1 + lines(at) * wide;
        for line in 0..whole {
            let (glyph, role) =
                if line < below { (asked, Role::Attention) } else { (merged, Role::Good) };
            let columns = usize::from(wide.saturating_sub(1).max(1));
            let text: String = std::iter::repeat_n(glyph, columns).collect();
            painter.text(x, y + bars.saturating_sub(lines(line)), wide, &text, role);
        }
    }
    cursors(painter, shown, y + bars + 1, wide);
    effect(painter, shown, y + bars + 3);
}

/// So that a few groups are seen beside many.
fn height_of(groups: u64) -> f64 {
    (groups as f64).ln_1p()
}

fn cursors(painter: &mut Painter<'_>, shown: &Dashboard, y: u16, wide: u16) {
    let Some(view) = &shown.view.scores else { return };
    let across: String =
        std::iter::repeat_n(painter.theme().rule(), view.scores.edges.len() * usize::from(wide))
            .collect();
    painter.text(1, y, painter.width(), &across, Role::Dim);
    let thresholds = shown.thresholds;
    for (at, name, moves) in [
        (thresholds.review, "R", thresholds.moves_review),
        (thresholds.auto, "A", !thresholds.moves_review),
    ] {
        // On one place the one with the keys is seen.
        if moves || thresholds.review != thresholds.auto {
            let x = 1 + lines(at) * wide;
            painter.text(x, y, 1, name, Role::Title);
            if moves {
                painter.reverse(x, y, 1);
            }
        }
    }
    let mut free = 0;
    for (at, edge) in view.scores.edges.iter().enumerate() {
        let label = format!("{edge}");
        let label = label.strip_prefix('0').filter(|rest| !rest.is_empty()).unwrap_or(&label);
        let x = 1 + lines(at) * wide;
        if x >= free {
            free = x + painter.text(x, y + 1, painter.width(), label, Role::Dim) + 1;
        }
    }
}

fn effect(painter: &mut Painter<'_>, shown: &Dashboard, y: u16) {
    let (Some(effect), Some((auto, review)), Some(hours)) =
        (shown.effect(), shown.probabilities(), shown.hours())
    else {
        return;
    };
    let in_force = if shown.is_tried() { "" } else { " (in force)" };
    let text = format!(
        "auto {auto}, review {review}{in_force}: {} merges, {} tasks, {} left alone; {hours:.1} h",
        effect.merges, effect.tasks, effect.left
    );
    painter.text(1, y, painter.width(), &text, Role::Title);
    let pace = shown.view.pace;
    let how = match pace.measured {
        Some(count) => format!(
            "{:.0} s per decision: mean of {count} in 30 days, no bulk, no pauses over 10 min",
            pace.seconds
        ),
        None => {
            format!("{:.0} s per decision, assumed until 20 are made in a row", pace.seconds)
        }
    };
    painter.text(1, y + 1, painter.width(), &how, Role::Dim);
    let settings = format!("[matching]  auto = {auto:?}  review = {review:?}  then match");
    let lines = match (shown.wrong(), shown.is_tried()) {
        (Some(wrong), true) => format!("about {wrong:.1} joins wrong.  {settings}"),
        (None, true) => format!("steward.toml:  {settings}"),
        (Some(wrong), false) => format!(
            "as grouped by the last run; about {wrong:.1} joins wrong if probabilities hold"
        ),
        (None, false) => {
            "as grouped by the last run; what it held back stays with people".to_owned()
        }
    };
    let role = if shown.is_tried() { Role::Key } else { Role::Dim };
    painter.text(1, y + 2, painter.width(), &lines, role);
}
