//! A customer: its members side by side with what survives of them, now or at a time.

use super::{compare, golden, lines};
use crate::model::{CustomerScreen, Model};
use crate::text::{self, counted};
use crate::theme::Role;
use crate::widgets::geometry::{Contents, Geometry};
use crate::widgets::grid::{Grid, GridColumn, GridGolden, Showing, head_lines};
use crate::widgets::{List, Painter};
use domain::{FieldName, Origin, RecordId};
use door::views::{CustomerView, MemberView};

/// Its list of fields, and the lines kept for the one under the cursor and the latest of the history.
#[must_use]
pub fn list(height: u16) -> List {
    let over = 2 + head_lines(height);
    List::new(over, 6.min(height.saturating_sub(over) / 2))
}

fn contents<'a>(screen: &CustomerScreen, view: &'a CustomerView) -> Contents<'a> {
    let columns = view.column.members.len();
    Contents { fields: &view.fields, columns, cursor: screen.column, marked: true }
}

/// How its grid stands on an area of that width.
#[must_use]
pub fn geometry(screen: &CustomerScreen, view: &CustomerView, columns: u16) -> Geometry {
    Geometry::of(columns, contents(screen, view))
}

/// Draws the customer.
pub fn draw(painter: &mut Painter<'_>, model: &Model, screen: &CustomerScreen) {
    let Some(view) = &screen.view else {
        painter.text(1, 0, painter.width(), &screen.customer.to_string(), Role::Title);
        painter.text(1, 2, painter.width(), "fetching the customer", Role::Dim);
        return;
    };
    title(painter, model, screen, view);
    let members = &view.column.members;
    let holders: Vec<Vec<RecordId>> = members.iter().map(|member| vec![member.record]).collect();
    let golden_of = |field: &domain::FieldName| {
        let Some(value) = view.column.golden.get(field.as_str()) else {
            return view.column.has_lost(field).then(golden::lost);
        };
        let flawed = golden::is_flawed(std::iter::once(&view.column), value);
        let winner = golden::winner(value, &holders);
        Some(GridGolden { text: value.text.to_string(), winner, flawed })
    };
    let all_rows: Vec<usize> = (0..view.fields.len()).collect();
    let room = usize::from(geometry(screen, view, painter.width()).wide.saturating_sub(2));
    let grid = Grid {
        fields: &view.fields,
        rows: &all_rows,
        window: list(painter.height()).window(&screen.scroll, all_rows.len(), painter.height()),
        columns: members.iter().enumerate().map(|(at, member)| column(at, member, room)).collect(),
        golden_head: ["golden".to_owned(), view.customer.to_string(), String::new()],
        golden: &golden_of,
        cursor: (screen.scroll.cursor, screen.column),
        showing: Showing { raw: screen.raw, all: true },
        marked: true,
        head: head_lines(painter.height()),
        refused: &|_| false,
    };
    grid.draw(painter, 2);
    let end = list(painter.height()).end(view.fields.len(), painter.height());
    under(painter, screen, view, end);
}

fn column(at: usize, member: &MemberView, room: usize) -> GridColumn<'_> {
    let head = [
        (at + 1).to_string(),
        member.address.to_string(),
        match (member.quarantined, member.vanished) {
            (Some(decision), _) => format!("quarantined {decision}"),
            (None, Some(vanished)) if vanished.closed => match vanished.decision {
                Some(decision) => format!("closed {decision}"),
                None => format!("closed {}", vanished.import),
            },
            (None, Some(vanished)) if vanished.is_undecided() => {
                format!("vanished {}", vanished.import)
            }
            _ => {
                let day = compare::day(member.updated);
                let told = format!("trust {}, {day}", member.trust);
                if text::width(&told) <= room { told } else { format!("{:<3} {day}", member.trust) }
            }
        },
    ];
    GridColumn { head, cells: &member.cells }
}

fn title(painter: &mut Painter<'_>, model: &Model, screen: &CustomerScreen, view: &CustomerView) {
    let right = painter.right(0, &format!("{} ", model.actor), Role::Dim);
    let records = counted(view.column.members.len(), "record", "records");
    let mut text = format!("{} customer  {records}", view.customer);
    if let Some(retired) = view.redirected_from {
        text += &format!("  ({retired} was merged into it)");
    } else if !view.retired.is_empty() {
        let retired: Vec<String> = view.retired.iter().map(ToString::to_string).collect();
        text += &format!("  merged into it: {}", retired.join(", "));
    }
    painter.text(1, 0, right.saturating_sub(2), &text, Role::Title);
    let zone = model.moment.as_ref().map(|moment| moment.wall.time_zone().clone());
    let when = match view.at {
        None => "as it is now".to_owned(),
        Some(at) => {
            let shown = zone.map_or_else(
                || at.to_string(),
                |zone| at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string(),
            );
            let what = view.revisions.iter().find(|revision| revision.at == at);
            format!("as of {shown}: {}", what.map_or("", |revision| &revision.what))
        }
    };
    let place = screen.revision().min(view.revisions.len());
    let steps = format!("[ ] {place} of {} changes  ", view.revisions.len());
    painter.text(
        1,
        1,
        painter.width(),
        &format!("{steps}{when}"),
        if view.at.is_some() { Role::Attention } else { Role::Dim },
    );
}

/// The fields that a person set by hand, each with the decision.
fn pins(view: &CustomerView) -> Vec<String> {
    let pinned = view.column.golden.values.iter().filter_map(|value| match value.origin {
        Origin::Pinned { decision, .. } => Some(format!("{} ({decision})", value.field)),
        Origin::Survived { .. } => None,
    });
    pinned.collect()
}

/// What waits for the customer, what is held, how it stands to what rests on consent, and what is pinned.
fn standing(view: &CustomerView) -> Vec<String> {
    let listed = |what: &str, of: Vec<String>| match of.is_empty() {
        true => None,
        false => Some(format!("{what}: {}", of.join(", "))),
    };
    let tasks = view.tasks.iter().map(ToString::to_string).collect();
    let (tasks, pins) = (listed("tasks", tasks), listed("pinned", pins(view)));
    tasks.into_iter().chain(governed(view)).chain(pins).collect()
}

/// Parts, as many on a line as there is room for.
fn side_by_side(parts: Vec<String>, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if text::width(line) + 3 + text::width(&part) <= width => {
                line.push_str("   ");
                line.push_str(&part);
            }
            _ => lines.push(part),
        }
    }
    lines
}

/// What is held, and how the customer stands to what rests on consent.
fn governed(view: &CustomerView) -> Vec<String> {
    let mut lines = Vec::new();
    let standing = view.holds.iter().filter(|hold| !hold.lapsed);
    let held: Vec<String> = standing
        .map(|hold| match hold.until {
            Some(until) => format!("{} until {until}", hold.decision),
            None => hold.decision.to_string(),
        })
        .collect();
    if !held.is_empty() {
        lines.push(format!("held by {}: cannot be erased", held.join(", ")));
    }
    let restricted: Vec<String> = view
        .restrictions
        .iter()
        .map(|it| match it.task {
            Some(task) => format!("{} ({task})", it.what),
            None => it.what.clone(),
        })
        .collect();
    if !restricted.is_empty() {
        lines.push(restricted.join(", "));
    }
    if !view.consent.rows.is_empty() {
        let rows = view.consent.rows.iter().map(|row| {
            let doubt = if row.contradicted == Some(true) { " (contradicted)" } else { "" };
            format!("{} {}{doubt}", row.about(), row.state)
        });
        lines.push(format!("consent: {}", rows.collect::<Vec<_>>().join("; ")));
    }
    if !view.consent.preferences.is_empty() {
        let rows = view.consent.preferences.iter().map(|row| {
            let doubt = if row.contradicted == Some(true) { " (contradicted)" } else { "" };
            format!("{} {}{doubt}", row.about(), row.told())
        });
        lines.push(format!("prefers: {}", rows.collect::<Vec<_>>().join("; ")));
    }
    if !view.measures.is_empty() {
        let rows = view.measures.iter().map(|measure| {
            let said = match (&measure.value, measure.masked) {
                (_, true) => "masked",
                (None, false) => "none",
                (Some(value), false) => value.as_str(),
            };
            let unit = measure.currency.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
            format!("{} {said}{unit}", measure.name)
        });
        lines.push(format!("measures: {}", rows.collect::<Vec<_>>().join("; ")));
    }
    if !view.segments.is_empty() {
        lines.push(format!("segments: {}", view.segments.join(", ")));
    }
    lines
}

/// `also: b@x.com (work); c@x.com`: what is kept beside the golden value of a field, or of the fields it survives with.
fn kept(view: &CustomerView, field: &FieldName) -> Option<String> {
    let golden = &view.column.golden;
    // Fields of one type have one list: it stands under the first of them.
    let kept = golden.kept.iter().filter(|it| it.of == *field || it.fields.contains(field));
    let texts: Vec<String> = kept
        .map(|kept| match &kept.kind {
            Some(kind) => format!("{} ({})", kept.text, kind.text),
            None => kept.text.to_string(),
        })
        .collect();
    (!texts.is_empty()).then(|| format!("also: {}", texts.join("; ")))
}

/// The field under the cursor with its lineage, violations, pins, tasks and the latest of the history.
fn under(painter: &mut Painter<'_>, screen: &CustomerScreen, view: &CustomerView, from: u16) {
    let mut y = from;
    let width = painter.width();
    if let Some(field) = view.fields.get(screen.scroll.cursor) {
        painter.rule(y, field.name.as_str());
        let value = view.column.golden.get(field.name.as_str());
        let text = value.map_or_else(
            || "(none)".to_owned(),
            |value| format!("{}  ({})", value.text, golden::lineage(value)),
        );
        painter.text(1, y + 1, width, &text, Role::Plain);
        y += 2;
        if let Some(also) = kept(view, &field.name) {
            painter.text(1, y, width, &also, Role::Plain);
            y += 1;
        }
        let about = view.consent.rows.iter().filter(|row| row.fields.contains(&field.name));
        for row in about {
            painter.text(1, y, width, &format!("{}: {}", row.about(), row.why), Role::Plain);
            y += 1;
        }
        let prefers = view.consent.preferences.iter().filter(|row| row.reads.contains(&field.name));
        for row in prefers {
            painter.text(1, y, width, &format!("{}: {}", row.about(), row.why), Role::Plain);
            y += 1;
        }
        if let Some(about) = field.about() {
            painter.text(1, y, width, &about, Role::Dim);
            y += 1;
        }
        for violation in view.violations.iter().filter(|found| found.field == field.name) {
            painter.text(1, y, width, &violation.message, Role::Bad);
            y += 1;
        }
    }
    for line in side_by_side(standing(view), usize::from(width).saturating_sub(2)) {
        painter.text(1, y, width, &line, Role::Attention);
        y += 1;
    }
    painter.rule(y, "history");
    let room = usize::from(painter.height().saturating_sub(y + 1));
    for (line, entry) in view.history.iter().take(room).enumerate() {
        let text = format!("{}  {:<10} {}", compare::day(entry.at), entry.actor, entry.what);
        painter.text(1, y + 1 + lines(line), width, &text, Role::Dim);
    }
}
