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
    let title =
        format!("scores of {}{later}: {merged} groups merged, {asked} for a person", view.run);
    painter.rule(y, &title);
    let histogram = view.scores.histogram();
    let counts = || histogram.iter().map(|(one, other)| one + other);
    let most = counts().max().unwrap_or_default();
    let from = axis(painter, y, bars, most);
    let wide = column(painter, from, histogram.len());
    let scale = Scale { most: height_of(most), lines: drawn(bars) };
    for (at, (by_machine, by_person)) in histogram.iter().enumerate() {
        let count = by_machine + by_person;
        let whole = scale.of(count);
        // Both are there to be seen where both are there.
        let below = match (by_machine, by_person) {
            (_, 0) => 0,
            (0, _) => whole,
            _ => scale.of(*by_person).min(whole.max(2) - 1),
        };
        let x = from + lines(at) * wide;
        for line in 0..whole {
            let (glyph, role) =
                if line < below { (asked, Role::Attention) } else { (merged, Role::Good) };
            let columns = usize::from(wide.saturating_sub(1).max(1));
            let text: String = std::iter::repeat_n(glyph, columns).collect();
            painter.text(x, y + bars.saturating_sub(lines(line)), wide, &text, role);
        }
        let told = count.to_string();
        // The column after it has a number of its own.
        if count > 0 && lines(told.len()) < wide && lines(whole) < bars {
            painter.text(x, y + bars - lines(whole), wide, &told, Role::Dim);
        }
    }
    cursors(painter, shown, y + bars + 1, (from, wide));
    effect(painter, shown, y + bars + 3);
}

/// So that a few groups are seen beside many.
fn height_of(groups: u64) -> f64 {
    (groups as f64).ln_1p()
}

/// Lines that bars take: where there are some, one stays for the number over the highest.
fn drawn(bars: u16) -> u16 {
    if bars > 3 { bars - 1 } else { bars }
}

/// How high the columns are.
struct Scale {
    most: f64,
    lines: u16,
}

impl Scale {
    fn of(&self, groups: u64) -> usize {
        chart::steps(height_of(groups), self.most, self.lines.into())
    }
}

/// Columns of one bucket, the blank behind it included: all of them fill the width.
fn column(painter: &Painter<'_>, from: u16, buckets: usize) -> u16 {
    let room = painter.width().saturating_sub(from + 1);
    (room / lines(buckets).max(1)).max(1)
}

/// The axis at the left: 1, 10, 100 and so on, each at its height. Gives the column the bars begin at.
fn axis(painter: &mut Painter<'_>, y: u16, bars: u16, most: u64) -> u16 {
    let scale = Scale { most: height_of(most), lines: drawn(bars) };
    let wide = lines(most.to_string().len());
    let ascii = painter.theme().glyphs == Glyphs::Ascii;
    let (pane, tick) = (painter.theme().pane().to_string(), if ascii { "+" } else { "┤" });
    for line in 0..bars {
        painter.text(1 + wide, y + bars - line, 1, &pane, Role::Dim);
    }
    let powers = std::iter::successors(Some(1_u64), |power| power.checked_mul(10));
    let mut free = bars;
    // From the highest down, so that of two on one line the lower gives way.
    let powers: Vec<u64> = powers.take_while(|power| *power <= most).collect();
    for power in powers.into_iter().rev() {
        let line = lines(scale.of(power)).saturating_sub(1);
        if line < free {
            let label = format!("{power:>0$}", usize::from(wide));
            painter.text(1, y + bars - line, wide, &label, Role::Dim);
            painter.text(1 + wide, y + bars - line, 1, tick, Role::Dim);
            free = line;
        }
    }
    2 + wide
}

fn cursors(painter: &mut Painter<'_>, shown: &Dashboard, y: u16, (from, wide): (u16, u16)) {
    let Some(view) = &shown.view.scores else { return };
    let across: String =
        std::iter::repeat_n(painter.theme().rule(), view.scores.edges.len() * usize::from(wide))
            .collect();
    painter.text(from, y, painter.width(), &across, Role::Dim);
    let thresholds = shown.thresholds;
    let at = |bucket| from + lines(bucket) * wide;
    let (review, auto) = ("review", "auto");
    let fits = at(thresholds.auto) > at(thresholds.review) + lines(review.len())
        && at(thresholds.auto) + lines(auto.len()) < painter.width();
    for (bucket, name, moves) in [
        (thresholds.review, review, thresholds.moves_review),
        (thresholds.auto, auto, !thresholds.moves_review),
    ] {
        // On one place the one with the keys is seen.
        if moves || thresholds.review != thresholds.auto {
            let alone = thresholds.review == thresholds.auto
                && at(bucket) + lines(name.len()) < painter.width();
            let name = if fits || alone { name } else { &name[..1] };
            let columns = painter.text(at(bucket), y, painter.width(), name, Role::Title);
            if moves {
                painter.reverse(at(bucket), y, columns);
            }
        }
    }
    let mut free = 0;
    for (bucket, edge) in view.scores.edges.iter().enumerate() {
        let label = format!("{edge}");
        let label = label.strip_prefix('0').filter(|rest| !rest.is_empty()).unwrap_or(&label);
        let x = at(bucket);
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
