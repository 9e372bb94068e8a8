//! The dashboard: what waits, how it goes down, who decides, what is wrong with the data, and what
//! other thresholds would make of the last run's groups.

mod scores;
mod thresholds;

pub use thresholds::{Dashboard, Thresholds};

use super::{Filled, Page, Work, waits};
use crate::context::Context;
use crate::model::{Model, Scroll};
use crate::question::{Answer, Question};
use crate::screens::lines;
use crate::text::width;
use crate::theme::{Role, Theme};
use crate::widgets::{List, Painter, chart};
use domain::Dimension;
use door::operations;
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
/// On a screen lower than that only what waits and the violations are shown.
const ALL: u16 = 18;
/// From this height on, the person's own figures have lines of their own.
const TALL: u16 = 28;
/// So many.
const OWN: u16 = 2;
/// Columns of what a course goes from and to.
const RANGE: u16 = 17;
/// Where the right half begins at least.
const MIDDLE: u16 = 42;

/// Lines of the violations and of the bars, which take what those leave.
fn heights(view: &DashboardView, height: u16) -> (u16, u16) {
    let kinds = lines(view.waiting.len()).clamp(1, KINDS);
    if height < ALL {
        let rows = height.saturating_sub(2 + kinds + 1);
        return (rows.min(lines(view.quality.len()).max(1)), 0);
    }
    let found = u16::from(view.recall.is_some());
    let own = if tells_own(view, height) { OWN } else { 0 };
    let left = height.saturating_sub(FIXED + kinds + found + own);
    let least = (left * 3 / 5).max(BARS.0).min(left);
    let rows = lines(view.quality.len()).max(1).min(left - least);
    (rows, (left - rows).min(BARS.1))
}

/// Whether the person's own figures have lines of their own.
fn tells_own(view: &DashboardView, height: u16) -> bool {
    height >= TALL && view.own.decisions() > 0
}

/// The state of the workspace in numbers.
#[derive(Debug, Clone, Default)]
pub struct DashboardPage {
    /// The numbers, once the desk has answered.
    pub shown: Option<Box<Dashboard>>,
}

impl Page for DashboardPage {
    fn context(&self) -> Context {
        Context::Dashboard
    }

    fn question(&self, _unmask: bool) -> Question {
        operations::Dashboard {}.into()
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        let Answer::Dashboard(view) = answer else { return Filled::Not };
        let tried = self.shown.as_ref().filter(|it| it.is_tried()).map(|it| it.thresholds);
        let mut fresh = Dashboard::new(view);
        let buckets = fresh.view.scores.as_ref().map_or(0, |it| it.scores.edges.len());
        // The same run again: what is being tried stays as it is.
        if let Some(tried) = tried.filter(|tried| tried.auto < buckets) {
            fresh.thresholds = tried;
        }
        self.shown = Some(Box::new(fresh));
        Filled::Shown
    }

    fn is_filled(&self) -> bool {
        self.shown.is_some()
    }

    fn work(&self) -> Work {
        Work::Told
    }

    fn rows(&self) -> usize {
        self.shown.as_ref().map_or(0, |it| it.view.quality.len())
    }

    /// The violations: over them what waits and how it goes down, under them the scores.
    fn list(&self, height: u16) -> List {
        let Some(shown) = &self.shown else { return List::new(0, height) };
        let (rows, _) = heights(&shown.view, height);
        let between = if height < ALL { 1 } else { WORK };
        let over = 2 + lines(shown.view.waiting.len()).clamp(1, KINDS) + between;
        List::new(over, height.saturating_sub(over + rows))
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        let right = right(painter, model);
        let Some(shown) = &self.shown else {
            painter.text(1, 0, right, "dashboard", Role::Title);
            return waits(painter, "counting");
        };
        let view = &shown.view;
        title(painter, view, right.saturating_sub(1));
        let mut y = waiting(painter, &view.waiting);
        let is_low = painter.height() < ALL;
        if !is_low {
            y = work(painter, view, y);
        }
        let (rows, bars) = heights(view, painter.height());
        violations(painter, view, y);
        y += 1;
        if view.quality.is_empty() && rows > 0 {
            let text = "No rules apply: add [[rules]] to steward.toml.";
            painter.text(1, y, painter.width(), text, Role::Dim);
        }
        let list = self.list(painter.height());
        list.draw(painter, scroll, view.quality.len(), |line, at, _| {
            quality(line, &view.quality[at], most(view, view.quality[at].dimension))
        });
        if is_low {
            return;
        }
        y += rows;
        scores::draw(painter, shown, y, bars);
        let mut y = y + bars + 6;
        if let Some(recall) = &view.recall {
            painter.text(1, y, painter.width(), &recall.told(), Role::Plain);
            y += 1;
        }
        if tells_own(view, painter.height()) {
            painter.text(1, y, painter.width(), &view.own.kinds(), Role::Plain);
            painter.text(1, y + 1, painter.width(), &view.own.fared(), Role::Plain);
        }
    }
}

/// Who looks at it, and what is under way; gives the column it starts at.
fn right(painter: &mut Painter<'_>, model: &Model) -> u16 {
    let told = model.long_work().filter(|_| model.is_working());
    let told = told.map_or_else(String::new, |told| format!("{told}  "));
    painter.right(0, &format!("{told}{} ", model.actor), Role::Dim)
}

fn title(painter: &mut Painter<'_>, view: &DashboardView, room: u16) {
    let waiting: u64 = view.waiting.iter().flat_map(|row| row.ages).sum();
    let title = format!("dashboard  {waiting} waiting, {:.1} h of work", hours(view, waiting));
    let beside = 1 + painter.text(1, 0, room.saturating_sub(1), &title, Role::Title);
    // The law waits for nobody.
    if let Some(due) = pressing(view) {
        painter.text(beside, 0, room.saturating_sub(beside), &format!("  {due}"), Role::Attention);
    } else if let Some(edit) = view.edit.in_short() {
        painter.text(beside, 0, room.saturating_sub(beside), &format!("  {edit}"), Role::Attention);
    } else if !view.grants.is_empty() {
        let room = room.saturating_sub(beside);
        let whole = format!("  grants: {}", view.grants.told());
        let fits = whole.chars().count() <= usize::from(room);
        let grants = if fits { whole } else { format!(" grants: {}", view.grants.short()) };
        painter.text(beside, 0, room, &grants, Role::Plain);
    }
}

/// What the day has come for, and what others wait for; none where that is nothing.
fn pressing(view: &DashboardView) -> Option<String> {
    let parts: Vec<String> =
        [view.requests.in_short(), view.approvals.in_short()].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// The rule over the violations, and how alike answers were that were asked for twice.
fn violations(painter: &mut Painter<'_>, view: &DashboardView, y: u16) {
    painter.rule(y, VIOLATIONS);
    let (again, between) = (&view.second.all, &view.second.between.all);
    let told = [("asked again", again), ("second opinions", between)];
    let told = || told.iter().filter(|(_, of)| of.pairs > 0);
    let whole = told().map(|(what, of)| format!("{what}: {}", of.told(view.second.least)));
    let whole = whole.collect::<Vec<_>>().join("; ");
    let short = told().map(|(what, of)| format!("{what}: {} of {} agree", of.same, of.pairs));
    let short = short.collect::<Vec<_>>().join("; ");
    if whole.is_empty() {
        return;
    }
    let room = usize::from(painter.width()).saturating_sub(VIOLATIONS.len() + 9);
    if let Some(told) = [whole, short].iter().find(|told| told.chars().count() <= room) {
        painter.titled_right(y, told);
    }
}

fn hours(view: &DashboardView, tasks: u64) -> f64 {
    tasks as f64 * view.pace.seconds / 3_600.0
}

fn waiting(painter: &mut Painter<'_>, waiting: &[WaitingView]) -> u16 {
    let [_, near, week, month] = AGES;
    let pane = painter.theme().pane();
    let head = format!(
        "{:<11}{:>9}{:>10}{:>10} {pane}{:>8}{:>7}{:>7}{:>7}{:>7}",
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
            "{:<11}{:>9}{:>10}{:>10} {pane}",
            row.kind.name(),
            row.open,
            row.deferred,
            row.escalated
        );
        let y = 2 + lines(line);
        let mut x = 1 + painter.text(1, y, painter.width(), &counts, Role::Plain);
        painter.text(1, y, 11, row.kind.name(), Theme::of_kind(row.kind));
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
    painter.part(half, y, painter.width(), 1).rule(0, "decisions, by hour to now");
    let theme = painter.theme();
    let room = usize::from(half.saturating_sub(20 + RANGE));
    let today = view.days.last();
    let latest = &view.days[view.days.len().saturating_sub(room)..];
    // What came and what went are of one scale.
    let moved = latest.iter().map(|day| day.opened.max(day.closed)).max().unwrap_or_default();
    let waited = latest.iter().map(|day| day.waiting).max().unwrap_or_default();
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
        let (role, most) = if now { (Role::Attention, waited) } else { (Role::Plain, moved) };
        let spark = chart::sparkline_to(&values, most as f64, room, theme);
        let end = 18 + painter.text(18, y, lines(room), &spark, role) + 1;
        if let Some((least, most)) = chart::range(&values, room) {
            let range = if least < most { format!("{least} to {most}") } else { most.to_string() };
            painter.text(end, y, half.saturating_sub(end), &range, Role::Dim);
        }
    }
    let hours: Vec<f64> = view.hours.iter().map(|count| f64::from(*count)).collect();
    painter.text(half + 1, y + 1, 24, &chart::sparkline(&hours, 24, theme), Role::Good);
    let day: u32 = view.hours.iter().sum();
    let most = view.hours.iter().max().filter(|most| **most > 0);
    let most = most.map_or_else(String::new, |most| format!(", most {most}"));
    let told = [format!("{day} in 24 h{most}"), format!("{day} in 24 h")];
    let room = painter.width().saturating_sub(half + 26);
    let told = told.iter().find(|told| told.len() <= usize::from(room)).unwrap_or(&told[1]);
    painter.text(half + 26, y + 1, room, told, Role::Plain);
    for (line, person) in view.people.iter().take(2).enumerate() {
        let seconds =
            person.seconds.map_or_else(String::new, |seconds| format!(", {seconds} s each"));
        let text = format!("{}: {} today, {} in 7 days", person.actor, person.today, person.week);
        let room = painter.width().saturating_sub(half + 1);
        // Half a word says less than nothing.
        let told = [format!("{text}{seconds}"), text];
        let told = told.iter().find(|it| width(it) <= usize::from(room)).unwrap_or(&told[1]);
        painter.text(half + 1, y + 2 + lines(line), room, told, Role::Plain);
    }
    // On a low screen one's own figures are worth more than how much a second person did.
    if view.own.decisions() > 0 && !tells_own(view, painter.height()) {
        let room = painter.width().saturating_sub(half + 1);
        let blank = " ".repeat(room.into());
        painter.text(half + 1, y + 3, room, &blank, Role::Plain);
        painter.text(half + 1, y + 3, room, &view.own.short(), Role::Plain);
    }
    if view.people.is_empty() {
        painter.text(half + 1, y + 2, painter.width(), "no decisions in 7 days", Role::Dim);
    }
    y + 4
}

/// The largest share that is drawn of a dimension: its series are of one scale.
fn most(view: &DashboardView, dimension: Dimension) -> f64 {
    let of_one = view.quality.iter().filter(|row| row.dimension == dimension);
    let shares = of_one.flat_map(|row| row.history.iter().copied().chain([row.share()]));
    shares.fold(0.0, f64::max)
}

/// How a share of violations looks: not one in a thousand as one in ten.
fn alarm(share: f64) -> Role {
    match share {
        0.05.. => Role::Bad,
        0.01.. => Role::Attention,
        _ if share > 0.0 => Role::Plain,
        _ => Role::Good,
    }
}

fn quality(line: &mut Painter<'_>, row: &QualityView, most: f64) {
    line.text(2, 0, 13, row.dimension.name(), Role::Plain);
    let source = if row.source.is_empty() { "(unnamed)" } else { &row.source };
    line.text(16, 0, 14, source, Role::Plain);
    line.text(31, 0, 7, &format!("{:>6.2}%", 100.0 * row.share()), alarm(row.share()));
    line.text(39, 0, 16, &format!("{} of {}", row.broken, row.judged), Role::Dim);
    let mut history = row.history.clone();
    history.push(row.share());
    let room = usize::from(line.width().saturating_sub(57 + RANGE));
    let spark = chart::sparkline_to(&history, most, room, line.theme());
    let end = 56 + line.text(56, 0, lines(room), &spark, Role::Plain) + 1;
    if let Some((least, most)) = chart::range(&history, room) {
        let [least, most] = [least, most].map(|share| format!("{:.2}", 100.0 * share));
        let range =
            if least == most { format!("{most} %") } else { format!("{least} to {most} %") };
        line.text(end, 0, line.width().saturating_sub(end), &range, Role::Dim);
    }
}
