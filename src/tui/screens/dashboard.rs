//! The dashboard: what waits, how it goes down, who decides, what is wrong with the data, and what
//! other thresholds would make of the last run's groups.

use super::{imports, lines};
use crate::model::{Dashboard, Model, Overview, Shows};
use crate::theme::{Glyphs, Role};
use crate::widgets::{List, Painter, chart};
use door::views::{AGES, DashboardView, QualityView, WaitingView};

/// Kinds of tasks, of which there are five.
const KINDS: u16 = 5;
/// The title over the violations.
const VIOLATIONS: &str = "violations, now and after each import";
/// Lines that are always there: titles and rules, the burn-down, and what stands under the bars.
const FIXED: u16 = 13;
/// Lines of the burn-down, and of the two rules around it.
const WORK: u16 = 5;
/// The fewest and the most lines of the bars.
const BARS: (u16, u16) = (3, 24);
/// Where the right half begins at least.
const MIDDLE: u16 = 42;

/// Lines of the violations and of the bars, which take what those leave.
fn heights(view: &DashboardView, height: u16) -> (u16, u16) {
    let kinds = lines(view.waiting.len()).clamp(1, KINDS);
    let found = u16::from(view.recall.is_some());
    let left = height.saturating_sub(FIXED + kinds + found);
    let least = (left * 3 / 5).max(BARS.0).min(left);
    let rows = lines(view.quality.len()).max(1).min(left - least);
    (rows, (left - rows).min(BARS.1))
}

/// The list of violations: over it what waits and how it goes down, under it the scores.
#[must_use]
pub fn list(screen: &Overview, height: u16) -> List {
    let Shows::Dashboard(Some(shown)) = &screen.shows else { return List::new(0, height) };
    let (rows, _) = heights(&shown.view, height);
    let over = 2 + lines(shown.view.waiting.len()).clamp(1, KINDS) + WORK;
    List::new(over, height.saturating_sub(over + rows)).signed()
}

/// Draws the dashboard.
pub fn draw(painter: &mut Painter<'_>, model: &Model, screen: &Overview) {
    let told = imports::long_work(model).filter(|_| model.is_working());
    let told = told.map_or_else(String::new, |told| format!("{told}  "));
    let right = painter.right(0, &format!("{told}{} ", model.actor), Role::Dim);
    let Shows::Dashboard(Some(shown)) = &screen.shows else {
        painter.text(0, 0, right, "dashboard", Role::Title);
        painter.text(1, 2, painter.width(), "counting", Role::Dim);
        return;
    };
    let view = &shown.view;
    let waiting: u64 = view.waiting.iter().flat_map(|row| row.ages).sum();
    let title = format!("dashboard  {waiting} waiting, {:.1} h of work", hours(view, waiting));
    let beside = painter.text(0, 0, right.saturating_sub(1), &title, Role::Title);
    if !view.grants.is_empty() {
        let room = right.saturating_sub(1 + beside);
        let whole = format!("  grants: {}", view.grants.told());
        let fits = whole.chars().count() <= usize::from(room);
        let grants = if fits { whole } else { format!(" grants: {}", view.grants.short()) };
        painter.text(beside, 0, room, &grants, Role::Plain);
    }
    let mut y = waits(painter, &view.waiting);
    y = work(painter, view, y);
    let (rows, bars) = heights(view, painter.height());
    painter.rule(y, VIOLATIONS);
    if view.second.all.pairs > 0 {
        let all = &view.second.all;
        let whole = format!(" asked again: {} ", all.told(view.second.least));
        let fits = whole.chars().count() + VIOLATIONS.len() + 4 <= usize::from(painter.width());
        let short = || format!(" asked again: {} of {} the same ", all.same, all.pairs);
        let told = if fits { whole } else { short() };
        painter.right(y, &told, Role::Title);
    }
    y += 1;
    if view.quality.is_empty() && rows > 0 {
        let text = "No rule judges any record: [[rules]] in steward.toml.";
        painter.text(1, y, painter.width(), text, Role::Dim);
    }
    quality(painter, screen, &view.quality);
    y += rows;
    scores(painter, shown, y, bars);
    if let Some(recall) = &view.recall {
        painter.text(1, y + bars + 6, painter.width(), &recall.told(), Role::Plain);
    }
}

fn hours(view: &DashboardView, tasks: u64) -> f64 {
    tasks as f64 * view.pace.seconds / 3_600.0
}

fn waits(painter: &mut Painter<'_>, waiting: &[WaitingView]) -> u16 {
    let [_, near, week, month] = AGES;
    let head = format!(
        "{:<11}{:>9}{:>10}{:>10} |{:>8}{:>7}{:>7}{:>7}{:>7}",
        "",
        "open",
        "deferred",
        "escalated",
        "today",
        format!("{near}d"),
        format!("{week}d"),
        format!("{month}d"),
        "older"
    );
    painter.text(1, 1, painter.width(), &head, Role::Dim);
    for (line, row) in waiting.iter().take(KINDS.into()).enumerate() {
        let counts = format!(
            "{:<11}{:>9}{:>10}{:>10} |",
            row.kind.name(),
            row.open,
            row.deferred,
            row.escalated
        );
        let y = 2 + lines(line);
        let mut x = 1 + painter.text(1, y, painter.width(), &counts, Role::Plain);
        for (age, count) in row.ages.iter().enumerate() {
            let old = age >= AGES.len() - 1 && *count > 0;
            let role = if old { Role::Attention } else { Role::Plain };
            let wide = if age == 0 { 8 } else { 7 };
            x += painter.text(x, y, wide, &format!("{count:>0$}", usize::from(wide)), role);
        }
    }
    if waiting.is_empty() {
        painter.text(1, 2, painter.width(), "Nothing waits.", Role::Plain);
    }
    2 + lines(waiting.len()).clamp(1, KINDS)
}

fn work(painter: &mut Painter<'_>, view: &DashboardView, y: u16) -> u16 {
    painter.rule(y, "days, to today (UTC)");
    let half = (painter.width() / 2).max(MIDDLE);
    painter.text(half, y, painter.width(), " decisions, by hour to now ", Role::Title);
    let theme = painter.theme();
    let room = usize::from(half.saturating_sub(22));
    let today = view.days.last();
    for (line, (label, values, now)) in [
        ("waiting", view.days.iter().map(|day| day.waiting).collect::<Vec<_>>(), true),
        ("opened", view.days.iter().map(|day| day.opened).collect(), false),
        ("closed", view.days.iter().map(|day| day.closed).collect(), false),
    ]
    .into_iter()
    .enumerate()
    {
        let y = y + 1 + lines(line);
        painter.text(1, y, 8, label, Role::Dim);
        let count = values.last().copied().filter(|_| today.is_some()).unwrap_or_default();
        painter.text(9, y, 8, &format!("{count:>7}"), Role::Plain);
        let values: Vec<f64> = values.iter().map(|count| *count as f64).collect();
        let role = if now { Role::Attention } else { Role::Plain };
        painter.text(18, y, lines(room), &chart::sparkline(&values, room, theme), role);
    }
    let hours: Vec<f64> = view.hours.iter().map(|count| f64::from(*count)).collect();
    painter.text(half + 1, y + 1, 24, &chart::sparkline(&hours, 24, theme), Role::Good);
    let day: u32 = view.hours.iter().sum();
    painter.text(half + 26, y + 1, painter.width(), &format!("{day} in 24 h"), Role::Plain);
    for (line, person) in view.people.iter().take(2).enumerate() {
        let seconds =
            person.seconds.map_or_else(String::new, |seconds| format!(", {seconds} s each"));
        let text =
            format!("{}: {} today, {} in 7 days{seconds}", person.actor, person.today, person.week);
        painter.text(half + 1, y + 2 + lines(line), painter.width(), &text, Role::Plain);
    }
    if view.people.is_empty() {
        painter.text(half + 1, y + 2, painter.width(), "nobody decided in 7 days", Role::Dim);
    }
    y + 4
}

fn quality(painter: &mut Painter<'_>, screen: &Overview, rows: &[QualityView]) {
    let list = list(screen, painter.height());
    list.draw(painter, &screen.scroll, rows.len(), |line, at, _| {
        let row = &rows[at];
        line.text(2, 0, 13, row.dimension.name(), Role::Plain);
        let source = if row.source.is_empty() { "(unnamed)" } else { &row.source };
        line.text(16, 0, 14, source, Role::Plain);
        let role = if row.broken > 0 { Role::Bad } else { Role::Good };
        line.text(31, 0, 7, &format!("{:>6.2}%", 100.0 * row.share()), role);
        line.text(39, 0, 20, &format!("{} of {}", row.broken, row.judged), Role::Dim);
        let mut history = row.history.clone();
        history.push(row.share());
        let room = usize::from(line.width().saturating_sub(61));
        let spark = chart::sparkline(&history, room, line.theme());
        line.text(60, 0, lines(room), &spark, Role::Plain);
    });
}

fn scores(painter: &mut Painter<'_>, shown: &Dashboard, y: u16, bars: u16) {
    let Some(view) = &shown.view.scores else {
        painter.rule(y, "scores");
        let text = "No matching run has counted its scores yet: steward match.";
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
            "{:.0} s a decision: the mean of {count} in 30 days, no bulk, no pauses over 10 min",
            pace.seconds
        ),
        None => {
            format!(
                "{:.0} s a decision, assumed until 20 were made one after another",
                pace.seconds
            )
        }
    };
    painter.text(1, y + 1, painter.width(), &how, Role::Dim);
    let settings = format!("[matching]  auto = {auto:?}  review = {review:?}  then match");
    let lines = match (shown.wrong(), shown.is_tried()) {
        (Some(wrong), true) => format!("about {wrong:.1} joins wrong.  {settings}"),
        (None, true) => format!("steward.toml:  {settings}"),
        (Some(wrong), false) => format!(
            "as the last run grouped them; about {wrong:.1} joins wrong if probabilities hold"
        ),
        (None, false) => {
            "as the last run grouped them; what it held back stays with a person".to_owned()
        }
    };
    let role = if shown.is_tried() { Role::Key } else { Role::Dim };
    painter.text(1, y + 2, painter.width(), &lines, role);
}
