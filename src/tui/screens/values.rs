//! The distinct values of a field: those that are probably one first, then all, the most frequent first.

use super::lines;
use crate::keys::{everywhere, overview};
use crate::model::{Model, Overview, ValueLine, ValuesScreen};
use crate::text::counted;
use crate::theme::Role;
use crate::widgets::{Painter, chart};
use door::operations::ValuesOf;
use door::views::{ValueRow, ValuesView};

/// Lines above its list.
pub const OVER: u16 = 3;
/// Columns of a bar.
const BAR: u16 = 10;

/// How many values fit.
#[must_use]
pub fn rows_height(screen: &Overview, height: u16) -> u16 {
    lines(screen.len()).min(height.saturating_sub(OVER))
}

/// Draws the values.
pub fn draw(painter: &mut Painter<'_>, model: &Model, screen: &Overview, values: &ValuesScreen) {
    let right = painter.right(0, &format!("{} ", model.actor), Role::Dim);
    let kind = match values.of {
        ValuesOf::Standard => "",
        ValuesOf::Raw => " as delivered",
        ValuesOf::Golden => ", golden",
    };
    let title = format!("values of {}{kind}", values.field);
    let Some(view) = &values.view else {
        painter.text(0, 0, right, &title, Role::Title);
        let stopped = values.job.is_some() && !model.is_working();
        let said = match stopped {
            true => format!("not counted: {} counts again", model.key_for(&overview::RELOAD)),
            false => "counting".to_owned(),
        };
        painter.text(1, 2, painter.width(), &said, Role::Dim);
        return;
    };
    let title = format!("{title}  {}", numbers(view));
    painter.text(0, 0, right.saturating_sub(1), &title, Role::Title);
    let (said, role) = second_line(model, values, view);
    painter.text(1, 1, painter.width(), &said, role);
    if values.lines().is_empty() {
        let said = match values.filter.is_empty() {
            true => "No record has a value.".to_owned(),
            false => format!(
                "No value holds `{}`: {} and an empty text shows all.",
                values.filter,
                model.key_for(&overview::FILTER)
            ),
        };
        painter.text(1, 3, painter.width(), &said, Role::Plain);
        return;
    }
    let columns = Columns::of(painter.width());
    let who = if values.of == ValuesOf::Golden { "customers" } else { "records" };
    painter.text(4, 2, columns.value, "value", Role::Dim);
    painter.text(columns.count(), 2, 9, &format!("{who:>9}"), Role::Dim);
    painter.text(columns.sources(), 2, painter.width(), "by source", Role::Dim);
    let most = view.rows.first().map_or(1, |row| row.count);
    let height = rows_height(screen, painter.height());
    for (line, at) in screen.scroll.window(values.lines().len(), height.into()).enumerate() {
        let y = OVER + lines(line);
        let shown = values.lines()[at];
        match values.row(shown) {
            Some(row) => value(painter, y, row, values, &columns, most),
            None => head(painter, y, shown, view),
        }
        if at == screen.scroll.cursor {
            painter.text(0, y, 1, ">", Role::Title);
            painter.reverse(0, y, painter.width());
        }
    }
}

fn numbers(view: &ValuesView) -> String {
    let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let distinct = counted(whole(view.distinct), "value", "values");
    let of = match view.of {
        ValuesOf::Golden => counted(whole(view.counted), "customer", "customers"),
        _ => counted(whole(view.counted), "record", "records"),
    };
    format!("{distinct} in {of}, {} without", view.absent)
}

/// What is under way, else what limits the list.
fn second_line(model: &Model, values: &ValuesScreen, view: &ValuesView) -> (String, Role) {
    if let Some(correction) = &model.correction {
        let stops = model.key_for(&everywhere::CLOSE);
        return (format!("{}; {stops} stops", correction.progress()), Role::Attention);
    }
    if !values.counted {
        return ("counting again".to_owned(), Role::Attention);
    }
    let mut said = Vec::new();
    if !values.filter.is_empty() {
        said.push(format!("only with `{}`", values.filter));
    }
    if !values.marks.is_empty() {
        said.push(format!("{} marked", values.marks.len()));
    }
    if view.masked {
        said.push("masked: which are alike is not told".to_owned());
    }
    if view.compared > 0 && view.compared < view.distinct {
        said.push(format!("the first {} were compared", view.compared));
    }
    let listed = view.rows.len() as u64;
    if listed < view.distinct {
        said.push(format!("the {listed} most frequent are listed"));
    }
    (said.join("; "), Role::Attention)
}

/// Where the columns of a value stand.
struct Columns {
    value: u16,
}

impl Columns {
    fn of(width: u16) -> Self {
        Self { value: width.saturating_sub(50).clamp(20, 60) }
    }

    fn count(&self) -> u16 {
        5 + self.value
    }

    fn bar(&self) -> u16 {
        self.count() + 10
    }

    fn sources(&self) -> u16 {
        self.bar() + BAR + 1
    }
}

fn value(
    painter: &mut Painter<'_>,
    y: u16,
    row: &ValueRow,
    values: &ValuesScreen,
    columns: &Columns,
    most: u64,
) {
    let marked = row.value.clear().is_some_and(|value| values.marks.contains(value));
    painter.text(2, y, 1, if marked { "*" } else { " " }, Role::Key);
    let role = if row.unreadable > 0 { Role::Bad } else { Role::Plain };
    painter.text(4, y, columns.value, &row.value, role);
    painter.text(columns.count(), y, 9, &format!("{:>9}", row.count), Role::Plain);
    let share = row.count as f64 / most.max(1) as f64;
    let bar = chart::bar(share, BAR.into(), painter.theme());
    painter.text(columns.bar(), y, BAR, &bar, Role::Good);
    let sources: Vec<String> =
        row.sources.iter().map(|(source, count)| format!("{source} {count}")).collect();
    let sources = sources.join(", ");
    painter.text(columns.sources(), y, painter.width(), &sources, Role::Dim);
}

fn head(painter: &mut Painter<'_>, y: u16, line: ValueLine, view: &ValuesView) {
    let said = match line {
        ValueLine::Cluster(at) => view.clusters.get(at).map(|cluster| {
            format!("{}: {} values, {} times", cluster.why, cluster.rows.len(), cluster.count)
        }),
        _ => Some("all values, the most frequent first".to_owned()),
    };
    painter.text(2, y, painter.width(), &said.unwrap_or_default(), Role::Title);
}
